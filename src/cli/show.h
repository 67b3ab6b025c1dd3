/* One entry with everything about it. */
#ifndef LW_CLI_SHOW_H
#define LW_CLI_SHOW_H

#include "internal.h"

struct lw_show {
    struct lw_out *out;
    struct lw_journal *journal;
    const struct lw_clock *clock;
    const struct lw_record *entry;
    struct lw_buf differing; /* facts on which its accounts differ, each ended by a newline */
    bool began;              /* the current section's heading is printed */
};

/* Prints everything. */
enum lw_status lw_show_print(struct lw_show *show, struct lw_error *err) LW_MUST_USE;
/* One JSON object on one line: ref, when, kind, title, and every record that belongs to it. */
enum lw_status lw_show_json(struct lw_show *show, struct lw_buf *out,
                            struct lw_error *err) LW_MUST_USE;

/* Sections, in files of their own; each prints nothing where there is nothing. */
enum lw_status lw_show_people(struct lw_show *show, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_show_accounts(struct lw_show *show, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_show_items(struct lw_show *show, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_show_fields(struct lw_show *show, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_show_links(struct lw_show *show, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_show_order(struct lw_show *show, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_show_revisions(struct lw_show *show, struct lw_error *err) LW_MUST_USE;

/* A section's heading, once. */
void lw_show_section(struct lw_show *show, const char *heading);
/* "label   text", wrapped; nothing for NULL or "". */
void lw_show_line(struct lw_show *show, const char *label, const char *text);
/* A paragraph at an indent. */
void lw_show_text(struct lw_show *show, size_t indent, const char *text);
/* Appends `separator` where out holds something, and then prefix, text and suffix; nothing for
 * NULL. */
enum lw_status lw_say_part(struct lw_buf *out, const char *separator, const char *prefix,
                           const char *text, const char *suffix) LW_MUST_USE;
/* "4", "2 to 3", "at least 1", and as written: "at least 2, as written \"laptop computers\"". */
enum lw_status lw_say_count(const struct lw_record *record, const char *min, const char *max,
                            const char *text, struct lw_buf *out) LW_MUST_USE;
/* A `when` field in words; as stored where it cannot be read. */
enum lw_status lw_say_when(const struct lw_record *record, const char *field,
                           struct lw_buf *out) LW_MUST_USE;
/* What names a record that others refer to: "E11 JMG office burned (apparent)". */
enum lw_status lw_say_record(const struct lw_record *record, struct lw_buf *out) LW_MUST_USE;
/* The same of the party, source or entry that a field refers to. */
enum lw_status lw_say_ref(struct lw_show *show, const struct lw_record *record, const char *field,
                          struct lw_buf *out, struct lw_error *err) LW_MUST_USE;

#endif
