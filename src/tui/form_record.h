/* The form of any record but an entry: what its files share. Its fields come from the table of
 * record types; the field with the number i is the i-th line of the table of asks. */
#ifndef LW_TUI_FORM_RECORD_H
#define LW_TUI_FORM_RECORD_H

#include "form.h"

/* ---- form_record_table.c ---- */

/* One field of the form. */
struct lw_record_ask {
    struct lw_form_info
        info;        /* its key is the field of the record; "names" and "why" are of none */
    const char *max; /* NULL, or: key and this one are the two ends of a figure */
};
/* Of a type that has a form; NULL and 0 else. In the order in which they stand, "why" last. */
const struct lw_record_ask *lw_record_asks(enum lw_record_type type, size_t *count);
/* Sets words that have to be known and usually are the same. */
enum lw_status lw_record_defaults(struct lw_record *record) LW_MUST_USE;
/* At most 8 letters, for lists of drafts. */
const char *lw_form_called_short(enum lw_record_type type);

/* ---- form_record_value.c ---- */

/* The field of the record, NULL for "names" and "why". */
const struct lw_field *lw_record_field(const struct lw_form *form, enum lw_form_field_id id);
/* Sets what is typed there. BAD_DATA with what would be right; it is not marked. Inside a
 * transaction, since what it names may have to be made. */
enum lw_status lw_record_take(struct lw_form *form, enum lw_form_field_id id,
                              struct lw_record *record, struct lw_error *err) LW_MUST_USE;
/* What would be typed for it. */
enum lw_status lw_record_compose(struct lw_form *form, enum lw_form_field_id id,
                                 const struct lw_record *record, struct lw_buf *out,
                                 struct lw_error *err) LW_MUST_USE;
enum lw_form_tone lw_record_understand(struct lw_form *form, enum lw_form_field_id id,
                                       struct lw_buf *out);
/* yes, no and unknown are said in these words. */
bool lw_record_is_tri(const struct lw_field *field);

/* ---- form_record_ref.c: what refers to another record ---- */

/* People, places, sources and incidents are found by any name, and made; other records are not. */
bool lw_record_is_named(enum lw_record_type type);
/* The record of that name; entries by "E11", accounts by "E11 S1" or, of several from one source,
 * "E11 S1 2". */
enum lw_status lw_record_find(struct lw_journal *journal, enum lw_record_type type,
                              const char *text, size_t len, uint8_t id[LW_RECORD_ID], bool *found,
                              struct lw_error *err) LW_MUST_USE;
/* By which it is found. */
enum lw_status lw_record_name(struct lw_journal *journal, enum lw_record_type type,
                              const uint8_t id[LW_RECORD_ID], struct lw_buf *out,
                              struct lw_error *err) LW_MUST_USE;
enum lw_form_tone lw_record_understand_ref(struct lw_form *form, const struct lw_field *field,
                                           enum lw_form_field_id id, struct lw_buf *out);
/* References of entries with these words. */
enum lw_status lw_record_complete_entry(struct lw_journal *journal, const char *typed, size_t len,
                                        struct lw_field_choices *choices,
                                        struct lw_error *err) LW_MUST_USE;
enum lw_status lw_record_complete(void *field, const char *before, size_t len,
                                  struct lw_field_choices *choices,
                                  struct lw_error *err) LW_MUST_USE;

/* ---- form_names.c: other names of a party, one a line ---- */

enum lw_status lw_record_load_names(struct lw_form *form, enum lw_form_field_id id,
                                    struct lw_error *err) LW_MUST_USE;
enum lw_form_tone lw_record_understand_names(struct lw_form *form, enum lw_form_field_id id,
                                             struct lw_buf *out);
/* Takes part in a transaction. */
enum lw_status lw_record_put_names(struct lw_form *form, enum lw_form_field_id id,
                                   const uint8_t party[LW_RECORD_ID], const char *why,
                                   struct lw_error *err) LW_MUST_USE;
void lw_record_clear_names(struct lw_form *form);

/* ---- form_record.c ---- */

extern const struct lw_form_ops lw_form_record;
/* The field of that key, or LW_FORM_NONE. */
enum lw_form_field_id lw_record_field_id(const struct lw_form *form, const char *key);
/* Goes to the field of that key in the form that was just shown. */
void lw_record_form_ask(struct lw_tui *tui, const char *key);
/* The form of a claim that is there, or its change that was left unfinished, with that status
 * (NULL: as it is) and the cursor in its note. */
enum lw_status lw_record_form_judge(struct lw_tui *tui, const uint8_t claim[LW_RECORD_ID],
                                    const char *status, struct lw_error *err) LW_MUST_USE;
/* Opens a draft; texts of it are not kept. */
enum lw_status lw_record_form_open_draft(struct lw_tui *tui, enum lw_record_type type,
                                         const struct lw_draft *draft,
                                         struct lw_error *err) LW_MUST_USE;

#endif
