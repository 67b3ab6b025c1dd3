/* What the files of the registers share. */
#ifndef LW_JOURNAL_REGISTER_H
#define LW_JOURNAL_REGISTER_H

#include "view.h"

/* Where the values of a part come from; more than one may be set. */
struct part_source {
    const char *name;     /* of the part */
    const char *label;    /* where no question has one */
    const char *field[2]; /* keys of answers */
    const char *role[3];  /* of those who took part */
    const char *item;     /* field of an item */
    enum {
        PART_PLAIN,
        PART_ACCOUNTS,
        PART_REPLIES,
        PART_OPEN,
        PART_DURATION,
        PART_TAKEN,
        PART_DEFECTS,
        PART_REASONS,
        PART_COUNT,
        PART_OWNER,
        PART_PLACE
    } from;
};

struct register_info {
    const char *name;
    int list; /* whose kinds of entry, enum lw_kind_list; -1: whatever has items */
    const struct part_source *source;
    size_t count;
};
extern const struct register_info register_infos[LW_REGISTER_COUNT];

/* Appends a value; texts are copied, an empty one or one that is there already with the same note
 * is left out. */
enum lw_status part_add(struct lw_sheet_part *part, const char *text, const char *note) LW_MUST_USE;

/* A value of the part with that name as people read it: words that are recorded are said. */
const char *part_say(const char *part, const char *value);

/* Fills the parts that belong to the entry of the row. item: of which item, or NULL. */
enum lw_status sheet_fill(struct lw_journal *journal, struct lw_sheet *sheet,
                          const struct lw_record *item, struct lw_error *err) LW_MUST_USE;
void sheet_start(struct lw_journal *journal, enum lw_register which, const char *kind,
                 struct lw_sheet *sheet);
void sheet_clear(struct lw_sheet *sheet);
/* What an answer says, as people read it. question may be NULL. */
enum lw_status sheet_say_field(struct lw_journal *journal, const struct lw_question *question,
                               const struct lw_record *field, struct lw_buf *out,
                               struct lw_error *err) LW_MUST_USE;

/* What answers of the entry, and of the entries that are part of the same, say of the procedure. */
enum lw_status defects_add(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                           struct lw_sheet_part *defects, struct lw_sheet_part *reasons,
                           struct lw_error *err) LW_MUST_USE;

/* Of an intervention, by its row, answers and the entries that reply to it; replies (may be NULL)
 * receives these. */
enum lw_status days_open_load(struct lw_journal *journal, const struct lw_row *row, int64_t day,
                              struct lw_days_open *out, struct lw_sheet_part *replies,
                              struct lw_error *err) LW_MUST_USE;

#endif
