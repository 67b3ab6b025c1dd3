/*
 * cli: the command line. One table of commands drives dispatch, help and usage errors; all that is
 * printed goes through one writer that cleans it.
 */
#ifndef LW_CLI_H
#define LW_CLI_H

#include "app.h"

/* Runs the command that the arguments name and prints its error, if any; returns the exit code. A
 * signal that ended a prompt is delivered again after everything is closed. */
int lw_cli_main(int argc, char **argv);

/* Prints one sentence as an error of this program, for what fails before lw_cli_main. */
void lw_cli_complain(const struct lw_error *err);

#endif
