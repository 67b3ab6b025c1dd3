/* The capture of one line: what its files share, and who opens drafts. */
#ifndef LW_TUI_CAPTURE_VIEW_H
#define LW_TUI_CAPTURE_VIEW_H

#include "autosave.h"

struct lw_capture_view {
    struct lw_view view;
    struct lw_text_field line;
    struct lw_autosave autosave;
    bool confirming; /* Enter was pressed; once more saves */
    struct lw_error wrong;
    uint64_t wrong_changes;
    bool waiting; /* for another writer */
    int64_t waiting_retry_ms;
    char waiting_since[8];
};

/* Nothing but blanks. */
bool lw_capture_blank(const struct lw_capture_view *capture);
/* The kinds of entry of its journal. */
const struct lw_forms *lw_capture_forms(const struct lw_capture_view *capture);
/* What is understood of it now. */
enum lw_status lw_capture_read(const struct lw_capture_view *capture, struct lw_capture *out,
                               struct lw_error *err) LW_MUST_USE;
void lw_capture_draw(struct lw_view *view, const struct lw_area *area);

/* Opens a draft; texts of it are not kept. */
enum lw_status lw_capture_open_draft(struct lw_tui *tui, const struct lw_draft *draft,
                                     struct lw_error *err) LW_MUST_USE;
/* The draft that it holds, or NULL; also for views of another kind. */
const struct lw_draft *lw_capture_draft(const struct lw_view *view);

#endif
