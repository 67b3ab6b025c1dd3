/* Shared by the files of app only. */
#ifndef LW_APP_INTERNAL_H
#define LW_APP_INTERNAL_H

#include "app.h"

/* Opens store and journal on the own lane of session->vault, or on the diary's where session->decoy
 * says so; what is open stays to be closed. */
enum lw_status lw_session_attach(struct lw_session *session, const char *author,
                                 enum lw_lane_mode mode, struct lw_error *err) LW_MUST_USE;
/* Closes journal and stores and leaves the vault open. */
void lw_session_detach(struct lw_session *session);
/* REFUSED, with what is told wherever the diary is wanted and none is known. */
enum lw_status lw_session_no_diary(struct lw_error *err);

/* $TMPDIR or /tmp. */
const char *lw_temporary(void);

/* ---- values of lapwing.ini (config_value.c) ---- */

bool config_is_path(const char *value);
bool config_is_kdf(const char *value);
bool config_is_language(const char *value);
bool config_is_idle(const char *value);
bool config_is_chord(const char *value);
bool config_is_colours(const char *value);
bool config_is_borders(const char *value);
bool config_is_mask(const char *value);
bool config_is_yes_or_no(const char *value);
bool config_is_countdown(const char *value);
bool config_is_tries(const char *value);
bool config_is_dead_man(const char *value);
bool config_is_usb(const char *value);
/* Milliseconds, or -1. */
int64_t config_idle(const char *value);
int64_t config_dead_man(const char *value);
/* A number, or -1. */
int config_countdown(const char *value);
int config_tries(const char *value);
/* The control character, or -1. */
int config_chord(const char *value);

#endif
