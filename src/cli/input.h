/* Whole files that are read before anything else happens. */
#ifndef LW_CLI_INPUT_H
#define LW_CLI_INPUT_H

#include "base.h"

/* Appends a file, or standard input for "-". NO_INPUT, TOO_LONG, NO_MEMORY. */
enum lw_status lw_input_read(const char *path, size_t limit, struct lw_buf *out,
                             struct lw_error *err) LW_MUST_USE;

#endif
