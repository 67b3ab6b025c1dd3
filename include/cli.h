/*
 * cli: the command line. One table of commands drives dispatch, help and usage errors; all that is
 * printed goes through one writer that cleans it.
 */
#ifndef LW_CLI_H
#define LW_CLI_H

#include "app.h"

/* What the commands need of the rest of the program. */
struct lw_program {
    /* Starts the libraries that secrets pass through; called at most once in a process, before
     * there is a secret. */
    enum lw_status (*start)(struct lw_error *err);
    /* Runs the screens under their supervisor, in a process that start was not called in. *code is
     * what this process is to end with. */
    enum lw_status (*run)(const struct lw_program_request *request, int *code,
                          struct lw_error *err);
    /* The drill, in the same way. */
    enum lw_status (*drill)(const struct lw_program_request *request, struct lw_drill_end *end,
                            struct lw_error *err);
    /* Why this process could not be closed to others; NULL: it is. Then only what knows no secret
     * runs: a wipe, a lock, help. */
    const struct lw_error *exposed;
};

/* Runs the command that the arguments name and prints its error, if any; returns the exit code. A
 * signal that ended a prompt is delivered again after everything is closed. */
int lw_cli_main(int argc, char **argv, const struct lw_program *program);

/* Prints one sentence as an error of this program, for what fails outside of lw_cli_main. */
void lw_cli_complain(const struct lw_error *err);

#endif
