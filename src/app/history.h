/* What the files of a history share. */
#ifndef LW_APP_HISTORY_H
#define LW_APP_HISTORY_H

#include "app.h"

/* A record whose revisions belong to the history. */
struct history_target {
    enum lw_record_type type;
    uint8_t id[LW_RECORD_ID];
    struct lw_record first; /* as it was when it was made */
    bool known;             /* first is that; else its revisions do not agree */
    bool hidden;            /* who it is, is not to be shown */
    char *called;           /* what people call it; owned */
    char *kind;             /* FIELD: the kind of its entry, or NULL; owned */
};

struct history_event {
    uint8_t id[LW_RECORD_ID]; /* of the revision */
    size_t target;
};

struct history {
    struct lw_journal *journal;
    struct lw_error *err;
    struct history_target *target;
    size_t targets, target_cap;
    struct history_event *event; /* in the order in which they came */
    size_t events, event_cap;
};

/* ---- history.c ---- */

/* Finds what hangs on the record, and all revisions; history_end frees it in any case. */
enum lw_status history_begin(struct lw_journal *journal, const struct lw_record *record,
                             struct history *out, struct lw_error *err) LW_MUST_USE;
void history_end(struct history *history);

/* ---- history_value.c ---- */

/* "when, as written"; for answers what their kind calls them. */
const char *history_label(const struct history *history, const struct history_target *target,
                          const struct lw_field *field);
/* A value that tells who somebody is whose name is not to be shown. */
bool history_hides(const struct history_target *target, const struct lw_field *field);
/* A value in words: dates, names of what is referred to; nothing where it is not set. */
enum lw_status history_value(const struct history *history, const struct lw_clock *clock,
                             const struct history_target *target, const struct lw_field *field,
                             const struct lw_value *value, struct lw_buf *out) LW_MUST_USE;

#endif
