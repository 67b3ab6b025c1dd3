/* What the files that say an entry share. */
#ifndef LW_APP_ENTRY_H
#define LW_APP_ENTRY_H

#include "app.h"

/* On its way through an entry. */
struct entry_say {
    struct lw_journal *journal;
    const struct lw_clock *clock;
    const struct lw_record *entry;
    lw_entry_visitor *visit;
    void *context;
    struct lw_error *err;
    struct lw_buf differing; /* facts on which its accounts differ, each ended by a newline */

    /* of the next line */
    enum lw_entry_part part;
    unsigned account;
    bool differs;
    const uint8_t *to;
    const struct lw_record *record;
};

/* Parts, in files of their own; each says nothing where there is nothing. */
enum lw_status entry_say_head(struct entry_say *say) LW_MUST_USE;
enum lw_status entry_say_people(struct entry_say *say) LW_MUST_USE;
enum lw_status entry_say_accounts(struct entry_say *say) LW_MUST_USE;
enum lw_status entry_say_items(struct entry_say *say) LW_MUST_USE;
enum lw_status entry_say_fields(struct entry_say *say) LW_MUST_USE;
enum lw_status entry_say_links(struct entry_say *say) LW_MUST_USE;
enum lw_status entry_say_order(struct entry_say *say) LW_MUST_USE;
enum lw_status entry_say_tasks(struct entry_say *say) LW_MUST_USE;
enum lw_status entry_say_open(struct entry_say *say) LW_MUST_USE;
enum lw_status entry_say_revisions(struct entry_say *say) LW_MUST_USE;

/* Hands out one line of the part; nothing for NULL or "". */
enum lw_status entry_line(struct entry_say *say, unsigned indent, const char *text) LW_MUST_USE;
/* The status, with a sentence where memory is out. */
enum lw_status entry_checked(struct entry_say *say, enum lw_status status) LW_MUST_USE;
/* Appends `separator` where out holds something, and then prefix, text and suffix; nothing for
 * NULL. */
enum lw_status entry_say_part(struct lw_buf *out, const char *separator, const char *prefix,
                              const char *text, const char *suffix) LW_MUST_USE;
/* "4", "2 to 3", "at least 1", and as written: "at least 2, as written \"laptop computers\"". */
enum lw_status entry_say_count(const struct lw_record *record, const char *min, const char *max,
                               const char *text, struct lw_buf *out) LW_MUST_USE;
/* A `when` field in words; as stored where it cannot be read. */
enum lw_status entry_say_when(const struct lw_record *record, const char *field,
                              struct lw_buf *out) LW_MUST_USE;
/* What names a record that others refer to: "E11 JMG office burned (apparent)". */
enum lw_status entry_say_record(struct entry_say *say, const struct lw_record *record,
                                struct lw_buf *out) LW_MUST_USE;
/* The same of the party, source or entry that a field refers to. */
enum lw_status entry_say_ref(struct entry_say *say, const struct lw_record *record,
                             const char *field, struct lw_buf *out) LW_MUST_USE;

#endif
