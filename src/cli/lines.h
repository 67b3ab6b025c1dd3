/* Lines from a descriptor, of a limited length, each as soon as it is there. */
#ifndef LW_CLI_LINES_H
#define LW_CLI_LINES_H

#include "base.h"

struct lw_lines {
    int fd;
    size_t limit;
    uint64_t number; /* of the line given last, from 1 */
    bool ended;
    struct lw_buf waiting; /* read and not given yet */
    size_t at;             /* where it goes on in there */
    struct lw_buf line;
};

void lw_lines_start(struct lw_lines *lines, int fd, size_t limit);
/* OK: lines->line holds the next one, without its newline; DONE: no more; TOO_LONG: one was skipped
 * to its newline; IO, NO_MEMORY. The last line counts without a newline too. */
enum lw_status lw_lines_next(struct lw_lines *lines) LW_MUST_USE;
void lw_lines_free(struct lw_lines *lines);

#endif
