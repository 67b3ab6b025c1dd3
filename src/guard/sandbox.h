/* The two halves of the sandbox. */
#ifndef LW_GUARD_SANDBOX_H
#define LW_GUARD_SANDBOX_H

#include "guard.h"

/* ---- sandbox_files.c: Landlock ------------------------------------------------------------ */

/* False where the host does not let it; nothing is restricted then. */
bool sandbox_files(const char *const *files, size_t count);

/* ---- sandbox_calls.c: seccomp ------------------------------------------------------------- */

/* A filter for every process of the program, or the one for those that know. False where the host
 * does not let it, or the machine's calls are not known here. */
bool sandbox_calls(bool knows);

/* ---- sandbox.c ------------------------------------------------------------------------------ */

/* Whether the kernel syncs a single write by itself (RWF_DSYNC), tried on /dev/null. */
bool guard_syncs_writes(void);

#endif
