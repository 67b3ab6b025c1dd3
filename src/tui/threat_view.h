/* The quick log of threats: what its files share, and who opens drafts. */
#ifndef LW_TUI_THREAT_VIEW_H
#define LW_TUI_THREAT_VIEW_H

#include "autosave.h"

enum lw_threat_field {
    LW_THREAT_CHANNEL,
    LW_THREAT_SENDER,
    LW_THREAT_TO,
    LW_THREAT_WORDS,
    LW_THREAT_DEATH,
    LW_THREAT_WHEN,
    LW_THREAT_FIELDS
};

struct lw_threat_view {
    struct lw_view view;
    struct lw_text_field field[LW_THREAT_FIELDS];
    enum lw_threat_field focus;
    struct lw_autosave autosave;
    int64_t since_ms; /* wall: of the first key of this message; 0: none yet */
    uint64_t kept;    /* changes of what is kept, when the last one was saved */
    unsigned saved;   /* since it was opened */
    char last[16];    /* reference of the last one */
    bool waiting;     /* for another writer */
    int64_t waiting_retry_ms;
    char waiting_since[8];
};

/* The label, and the key under which a draft has it; static. */
const char *lw_threat_label(enum lw_threat_field field);
const char *lw_threat_text(const struct lw_threat_view *threat, enum lw_threat_field field);
/* Nothing was typed since the last one was saved. */
bool lw_threat_blank(const struct lw_threat_view *threat);
void lw_threat_draw(struct lw_view *view, const struct lw_area *area);

/* Opens a draft; texts of it are not kept. */
enum lw_status lw_threat_open_draft(struct lw_tui *tui, const struct lw_draft *draft,
                                    struct lw_error *err) LW_MUST_USE;
/* The draft that it holds, or NULL; also for views of another kind. */
const struct lw_draft *lw_threat_draft(const struct lw_view *view);

#endif
