/* The commands of this program. A table that comes earlier has its keys first. */
#include "loop_internal.h"
#include "screens.h"

const struct lw_action_table *const lw_tui_tables[] = {
    /* clang-format off */
    &lw_actions_program,
    &lw_actions_entry_edit,
    &lw_actions_entry,
    &lw_actions_account,
    &lw_actions_fact,
    &lw_actions_form,
    &lw_actions_capture,
    &lw_actions_timeline,
    &lw_actions_search,
    &lw_actions_tasks,
    &lw_actions_registers,
    &lw_actions_threats,
    &lw_actions_lists,
    &lw_actions_same,
    &lw_actions_drafts,
    &lw_actions_history,
    &lw_actions_entry_acts,
    &lw_actions_split,
    &lw_actions_diary,
    &lw_actions_saved,
    &lw_actions_zoom,
    &lw_actions_lanes,
    &lw_actions_as_of,
    &lw_actions_common,
    /* clang-format on */
};
const size_t lw_tui_table_count = LW_COUNT_OF(lw_tui_tables);

enum lw_status lw_tui_manual(struct lw_buf *out)
{
    return lw_actions_manual(lw_tui_tables, lw_tui_table_count, out);
}
