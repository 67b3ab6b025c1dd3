/* The loop on the real terminal, with the commands of this program. */
#include "loop_internal.h"

enum lw_status lw_tui_begin(const struct lw_tui_options *options, const struct lw_tui_hooks *hooks,
                            struct lw_tui **out, struct lw_error *err)
{
    struct lw_terminal *terminal = NULL;
    enum lw_status status = lw_terminal_open(options, &terminal, err);

    if (status != LW_OK)
        return status;
    return lw_tui_make(options, hooks, terminal, lw_tui_tables, lw_tui_table_count, out, err);
}
