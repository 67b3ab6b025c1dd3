/* What could stand where something is being typed: names in any spelling, kinds, roles. */
#ifndef LW_TUI_COMPLETE_H
#define LW_TUI_COMPLETE_H

#include "editor.h"
#include "journal.h"

enum { LW_COMPLETE_MOST = 40 };

/* What is put before a name that is offered, and whether one of several words is quoted. */
struct lw_complete_form {
    const char *before;
    bool quoted;
};

/* Offers each record of that type once, by the first spelling in which a word begins so; those that
 * begin so themselves first. */
enum lw_status lw_complete_named(struct lw_journal *journal, enum lw_record_type type,
                                 const char *typed, size_t len, const struct lw_complete_form *form,
                                 struct lw_field_choices *choices,
                                 struct lw_error *err) LW_MUST_USE;
/* Appends " (or Бабинец?)" where a known name is that one in other letters. */
enum lw_status lw_complete_alike(struct lw_journal *journal, enum lw_record_type type,
                                 const char *name, size_t len, struct lw_buf *out) LW_MUST_USE;
/* The same as lw_complete_named of one text. */
enum lw_status lw_complete_word(const char *word, const char *typed, size_t len,
                                const struct lw_complete_form *form,
                                struct lw_field_choices *choices, struct lw_error *err) LW_MUST_USE;
/* Words for roles and kinds, as they are written: "armed clash" with labels, else "armed_clash". */
enum lw_status lw_complete_kinds(const struct lw_forms *forms, const char *typed, size_t len, bool labels,
                                 const struct lw_complete_form *form,
                                 struct lw_field_choices *choices,
                                 struct lw_error *err) LW_MUST_USE;
enum lw_status lw_complete_roles(const struct lw_forms *forms, const char *typed, size_t len,
                                 const struct lw_complete_form *form,
                                 struct lw_field_choices *choices,
                                 struct lw_error *err) LW_MUST_USE;
/* Facts that were claimed about that entry, then what its kind asks. */
enum lw_status lw_complete_facts(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                                 const char *typed, size_t len, struct lw_field_choices *choices,
                                 struct lw_error *err) LW_MUST_USE;
/* The completer of a captured line, for lw_field_init; its context is the journal. */
enum lw_status lw_complete_capture(void *journal, const char *before, size_t len,
                                   struct lw_field_choices *choices,
                                   struct lw_error *err) LW_MUST_USE;
/* What can come next in a filter: keys, and the values of a key. */
enum lw_status lw_complete_filter(struct lw_journal *journal, const char *before, size_t len,
                                  struct lw_field_choices *choices,
                                  struct lw_error *err) LW_MUST_USE;

#endif
