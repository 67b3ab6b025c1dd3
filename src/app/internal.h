/* Shared by the files of app only. */
#ifndef LW_APP_INTERNAL_H
#define LW_APP_INTERNAL_H

#include "app.h"

/* Opens store and journal on the own lane of session->vault; what is open stays to be closed. */
enum lw_status lw_session_attach(struct lw_session *session, const char *author,
                                 struct lw_error *err) LW_MUST_USE;
/* Closes journal and stores and leaves the vault open. */
void lw_session_detach(struct lw_session *session);

#endif
