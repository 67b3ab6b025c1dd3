/* The form of a record: what its files share. The form of an entry is made of several records; that
 * of any other one is generated from the table of record types (form_record.h). */
#ifndef LW_TUI_FORM_H
#define LW_TUI_FORM_H

#include "autosave.h"

enum {
    LW_FORM_LINE = 4096,       /* bytes of a one-line field */
    LW_FORM_TEXT = 256 * 1024, /* of a longer one */
    LW_FORM_PEOPLE = 16 * 1024,
    LW_FORM_MOST_PEOPLE = 64,
    LW_FORM_OWN = 96,           /* questions of kinds that a form can hold at once */
    LW_FORM_MOST_ANSWERS = 256, /* recorded for one of them */
    LW_FORM_SAID = 48
};

enum lw_form_field_id {
    LW_FORM_TITLE,
    LW_FORM_KIND,
    LW_FORM_WHEN,
    LW_FORM_WHEN_TEXT,
    LW_FORM_EXTENT,
    LW_FORM_PLACE,
    LW_FORM_HEDGE,
    LW_FORM_PEOPLE_LINES,
    LW_FORM_NARRATIVE,
    LW_FORM_SOURCE,
    LW_FORM_QUOTE,
    LW_FORM_LOCATOR,
    LW_FORM_VIA,
    LW_FORM_CONFIDENTIALITY,
    LW_FORM_INCIDENT,
    LW_FORM_PARENT,
    LW_FORM_DURATION,
    LW_FORM_NOTICED,
    LW_FORM_NOTICED_TEXT,
    LW_FORM_PLACE_TEXT,
    LW_FORM_WHY,
    LW_FORM_REMAINS, /* only where an entry is split: what it keeps of its narrative */
    LW_FORM_FIELDS, /* that every form has; from here on the questions of its kind */
    LW_FORM_ALL = LW_FORM_FIELDS + LW_FORM_OWN,
    LW_FORM_NONE = LW_FORM_ALL
};

struct lw_form_info {
    const char *key;   /* of the draft; the record's field where `record` is ENTRY or ACCOUNT */
    const char *label; /* at most 10 columns, but for questions */
    const char *hint;  /* what belongs there */
    bool lines;
    size_t limit;
    enum lw_record_type record; /* that it is a plain field of; LW_RECORD_TYPE_COUNT: none */
    enum lw_record_type named;  /* whose names it takes; LW_RECORD_TYPE_COUNT: none */
    bool group;                 /* a blank row stands above it, where there is room */
    bool said;                  /* what is understood is shown without the focus too */
};
extern const struct lw_form_info lw_form_infos[LW_FORM_FIELDS];

struct lw_form;
struct lw_form_name;
struct lw_form_split;

enum lw_form_tone {
    LW_FORM_SILENT,
    LW_FORM_KNOWN,
    LW_FORM_NEW,  /* it is made in the same save */
    LW_FORM_WRONG /* as it stands it cannot be saved */
};

struct lw_form_field {
    struct lw_text_field text;
    struct lw_buf base;     /* what the record says */
    struct lw_error wrong;  /* found when it was to be saved */
    uint64_t wrong_changes; /* editor.changes then: it counts until it is changed */
    uint64_t given;         /* editor.changes when a command put its text there; 0: none did */
    struct lw_form *form;
    enum lw_form_field_id id;
    const struct lw_form_info *info;
};

/* One answer that is recorded already. */
struct lw_form_answer {
    uint8_t id[LW_RECORD_ID];
    struct lw_buf line;
};

/* A question of a kind. It stays in the form when the kind changes, with what was typed. */
struct lw_form_own {
    char *key; /* NULL: the place is free */
    struct lw_buf draft_key;
    const struct lw_question *question; /* NULL: no kind asks this, its answers are plain text */
    bool asked;                         /* by the kind that is chosen */
    struct lw_form_info info;
    struct lw_form_answer *answer;
    size_t answer_count;
};

/* One who takes part already. */
struct lw_form_party {
    uint8_t participation[LW_RECORD_ID];
    uint8_t party[LW_RECORD_ID];
    const char *role; /* static */
    struct lw_buf line;
};

/* Where in the text of the focused field another record is named. */
struct lw_form_named {
    enum lw_record_type type;
    size_t at, len;
    bool known; /* the record is this one, whatever others are called */
    uint8_t id[LW_RECORD_ID];
};

/* What the form of an entry and that of another record do differently. */
struct lw_form_ops {
    /* As lw_form_understand, of a field that is filled. */
    enum lw_form_tone (*understand)(struct lw_form *form, enum lw_form_field_id id,
                                    struct lw_buf *out);
    lw_field_completer *complete; /* its context is the struct lw_form_field */
    /* Marks what only shows when the whole is looked at. */
    void (*check)(struct lw_form *form);
    /* The records, inside a transaction; said receives what was saved: "E23". */
    enum lw_status (*write)(struct lw_form *form, char said[LW_FORM_SAID], struct lw_error *err);
    /* The order of its fields, which may depend on what is typed in one of them; or NULL. */
    enum lw_status (*arrange)(struct lw_form *form, struct lw_error *err);
    enum lw_form_field_id arranges; /* that field; LW_FORM_NONE */
    /* What else a draft has to hold, and a text of a draft that is of no field; or NULL. */
    enum lw_status (*compose)(const struct lw_form *form, struct lw_buf *state);
    enum lw_status (*take)(struct lw_form *form, const char *key, const char *text, size_t len,
                           struct lw_error *err);
    enum lw_status (*title)(const struct lw_form *form, struct lw_buf *out);
    /* The field whose text says what it is about, for a list of drafts. */
    enum lw_form_field_id (*subject)(const struct lw_form *form);
    /* At the cursor; false where no record is named there. */
    bool (*named)(const struct lw_form *form, struct lw_form_named *out);
    void (*clear)(struct lw_form *form); /* or NULL */
};

struct lw_form {
    struct lw_view view;
    const struct lw_form_ops *ops;
    struct lw_journal *journal;
    struct lw_form_field field[LW_FORM_ALL];
    struct lw_form_own own[LW_FORM_OWN];
    const struct lw_kind *kind;               /* whose questions are shown; NULL: none */
    enum lw_form_field_id order[LW_FORM_ALL]; /* of what is shown, from above */
    size_t order_count;
    enum lw_form_field_id focus;
    int top;  /* the first row in sight */
    int page; /* rows in sight, as last drawn */
    struct lw_autosave autosave;

    bool editing; /* a record that is there */
    bool sealed;
    struct lw_record
        record; /* an entry, or whatever the form is of: as it was when that was opened */
    struct lw_form_party party[LW_FORM_MOST_PEOPLE];
    size_t party_count;
    unsigned account_count;
    struct lw_record account;  /* the first one, where there is one */
    bool overwrite;            /* it was said that the record was changed meanwhile */
    struct lw_form_name *name; /* other names of a party, owned */
    size_t name_count;
    struct lw_form_split *split; /* of form_split.c, owned; NULL: no entry is split */
    struct lw_form *outer; /* the form below, that it was opened from; NULL: from elsewhere */
    struct lw_form_named outer_named;

    bool waiting; /* for another writer, to be saved as it is */
    int64_t waiting_retry_ms;
    char waiting_since[8];
};

static inline const char *lw_form_text(const struct lw_form *form, enum lw_form_field_id id)
{
    return lw_buf_text(&form->field[id].text.editor.text);
}
static inline size_t lw_form_len(const struct lw_form *form, enum lw_form_field_id id)
{
    return form->field[id].text.editor.text.len;
}
/* Something but blanks stands there. */
bool lw_form_filled(const struct lw_form *form, enum lw_form_field_id id);
bool lw_form_changed(const struct lw_form *form, enum lw_form_field_id id);
/* Any field. */
bool lw_form_touched(const struct lw_form *form);
/* The same, but that what a command put there counts for nothing: there is something to be kept. */
bool lw_form_typed_in(const struct lw_form *form);
bool lw_form_shows(const struct lw_form *form, enum lw_form_field_id id);
/* Where it stands from above; order_count where it does not. */
size_t lw_form_place(const struct lw_form *form, enum lw_form_field_id id);
/* A field that exists. */
static inline bool lw_form_has(const struct lw_form *form, int id)
{
    return form->field[id].info != NULL;
}
static inline const struct lw_form_own *lw_form_own_of(const struct lw_form *form,
                                                       enum lw_form_field_id id)
{
    return id < LW_FORM_FIELDS ? NULL : &form->own[id - LW_FORM_FIELDS];
}

/* ---- form_words.c: words that stand for themselves in a record ---- */

/* One as it is read and typed here: in the language of the program, a role in that of the forms;
 * static. */
const char *lw_form_word_say(const struct lw_form *form, const struct lw_field *field,
                             const char *word);
/* The one that is meant, typed so or as it is recorded; static, or NULL. */
const char *lw_form_word_find(const struct lw_field *field, const char *text, size_t len);
/* Appends "one of a, b" for an error. */
enum lw_status lw_form_words_list(const struct lw_form *form, const struct lw_field *field,
                                  struct lw_buf *out) LW_MUST_USE;
enum lw_status lw_form_words_complete(const struct lw_form *form, const struct lw_field *field,
                                      const char *typed, size_t len,
                                      struct lw_field_choices *choices,
                                      struct lw_error *err) LW_MUST_USE;

/* ---- form_fields.c: the table, completion, what is understood ---- */

/* Appends a sentence about what stands in the field. */
enum lw_form_tone lw_form_understand(struct lw_form *form, enum lw_form_field_id id,
                                     struct lw_buf *out);
/* The same of one name. */
enum lw_form_tone lw_form_understand_name(struct lw_form *form, enum lw_record_type type,
                                          const char *text, size_t len, struct lw_buf *out);
/* That of EXTENT or CONFIDENTIALITY in the record. */
const struct lw_field *lw_form_word_field(enum lw_form_field_id id);
/* Completer of every field; its context is the struct lw_form_field. */
enum lw_status lw_form_complete(void *field, const char *before, size_t len,
                                struct lw_field_choices *choices, struct lw_error *err) LW_MUST_USE;

/* The kind that is written there, as it is recorded; NULL where none is called that. */
const char *lw_form_kind_name(const struct lw_form *form);
/* In front of the key of a question, in a draft. */
#define LW_FORM_OWN_KEY "own."
/* Makes an empty field of that info. */
void lw_form_field_init(struct lw_form *form, enum lw_form_field_id id,
                        const struct lw_form_info *info);

/* ---- form_own.c: the questions of a kind, as fields ---- */

/* Shows what the kind that is written there asks, in its order; a text that is no kind changes
 * nothing. What was typed stays. */
enum lw_status lw_form_arrange(struct lw_form *form, struct lw_error *err) LW_MUST_USE;
/* The field of a question, made where it is not there; LW_FORM_NONE where the form is full. */
enum lw_status lw_form_own_field(struct lw_form *form, const char *key, size_t len,
                                 enum lw_form_field_id *id, struct lw_error *err) LW_MUST_USE;
void lw_form_own_clear(struct lw_form_own *own);
/* The next line that is not blank from *at on; false at the end. */
bool lw_form_next_answer(const struct lw_form_field *field, size_t *at, const char **line,
                         size_t *len);

/* ---- form_answers.c: what is recorded of them ---- */

/* Fills the questions from the records of the entry. */
enum lw_status lw_form_load_answers(struct lw_form *form, struct lw_error *err) LW_MUST_USE;
/* Items of an entry that are not in a field yet. */
enum lw_status lw_form_load_items(struct lw_form *form, enum lw_form_field_id id,
                                  struct lw_error *err) LW_MUST_USE;
/* Sets text and base of a field. */
enum lw_status lw_form_set(struct lw_form *form, enum lw_form_field_id id, const char *text,
                           size_t len, struct lw_error *err) LW_MUST_USE;
enum lw_form_tone lw_form_understand_own(struct lw_form *form, enum lw_form_field_id id,
                                         struct lw_buf *out);
/* Takes part in a transaction. */
enum lw_status lw_form_put_answers(struct lw_form *form, const uint8_t entry[LW_RECORD_ID],
                                   const char *why, struct lw_error *err) LW_MUST_USE;

/* ---- form_duration.c: "at least 2 h", "30-90 min", words, or both ---- */

/* Sets the three fields of a duration. BAD_DATA with what would be right. */
enum lw_status lw_form_take_duration(const char *text, size_t len, struct lw_record *entry,
                                     struct lw_error *err) LW_MUST_USE;
/* What would be typed for them. */
enum lw_status lw_form_compose_duration(enum lw_language language, const struct lw_record *entry,
                                        struct lw_buf *out) LW_MUST_USE;
enum lw_form_tone lw_form_understand_duration(struct lw_form *form, struct lw_buf *out);

/* ---- form_people.c: "role: name" ---- */

struct lw_form_line {
    const char *role; /* static */
    bool role_known;
    const char *role_text;
    size_t role_len;
    const char *name;
    size_t name_len;
};
/* The next line that is not blank from *at on; false at the end. A line without role is a
 * subject's.
 */
bool lw_form_next_line(const char *text, size_t len, size_t *at, struct lw_form_line *line);
enum lw_form_tone lw_form_understand_people(struct lw_form *form, struct lw_buf *out);
/* Takes part in a transaction. */
enum lw_status lw_form_put_people(struct lw_form *form, const uint8_t entry[LW_RECORD_ID],
                                  const char *why, struct lw_error *err) LW_MUST_USE;

/* The person of the line with the cursor. */
bool lw_form_person_named(const struct lw_form *form, struct lw_form_named *out);

/* ---- form_inner.c: the form of a record that is named in another form ---- */

/* As ops->named, for an entry. */
bool lw_form_entry_named(const struct lw_form *form, struct lw_form_named *out);
/* Opens the record that is named at the cursor on top; a new one where nobody is called that. */
enum lw_status lw_form_open_named(struct lw_form *form, struct lw_error *err) LW_MUST_USE;
/* The inner form was saved: its record's name goes where it was opened from. */
void lw_form_name_saved(struct lw_form *inner);
/* Blanks around it are no part of what is named. */
void lw_form_named_trim(const char *text, struct lw_form_named *named);

/* ---- form_load.c ---- */

/* Puts a text there as if it were typed, but that it is not worth a draft by itself. */
enum lw_status lw_form_give(struct lw_form *form, enum lw_form_field_id id, const char *text,
                            size_t len, struct lw_error *err) LW_MUST_USE;
/* The same of the name of a record. */
enum lw_status lw_form_give_name(struct lw_form *form, enum lw_form_field_id id,
                                 enum lw_record_type type, const uint8_t record[LW_RECORD_ID],
                                 struct lw_error *err) LW_MUST_USE;

/* Fills it from an entry of the journal. */
enum lw_status lw_form_load(struct lw_form *form, const uint8_t id[LW_RECORD_ID],
                            struct lw_error *err) LW_MUST_USE;

/* ---- form_state.c: the draft ---- */

#define LW_FORM_ABOUT "about" /* member of it: what it is about */

enum lw_status lw_form_compose(void *form, struct lw_buf *state, bool *worth) LW_MUST_USE;
/* Over what is loaded. */
enum lw_status lw_form_restore(struct lw_form *form, const char *state, size_t len,
                               struct lw_error *err) LW_MUST_USE;

/* ---- form_save.c ---- */

/* Says at a field what is wrong with it, until it is changed. */
void lw_form_mark(struct lw_form *form, enum lw_form_field_id id, const char *text);
/* The first field that is marked, or LW_FORM_NONE. */
enum lw_form_field_id lw_form_wrong(const struct lw_form *form);
/* Marks what is wrong; the first field that is, or LW_FORM_NONE. */
enum lw_form_field_id lw_form_check(struct lw_form *form);
/* Writes it all, and takes the draft away, in one transaction; said receives "E23". */
enum lw_status lw_form_write(struct lw_form *form, char said[LW_FORM_SAID],
                             struct lw_error *err) LW_MUST_USE;
/* Reads the record that is edited anew; STALE, once, where it is no longer what was opened. */
enum lw_status lw_form_reread(struct lw_form *form, struct lw_record *record,
                              struct lw_error *err) LW_MUST_USE;
extern const struct lw_form_ops lw_form_entry;
enum lw_form_tone lw_form_understand_entry(struct lw_form *form, enum lw_form_field_id id,
                                           struct lw_buf *out);
enum lw_status lw_form_take_own(struct lw_form *form, const char *key, const char *text, size_t len,
                                struct lw_error *err) LW_MUST_USE;

/* ---- form_end.c ---- */

/* Saves it and closes it; where another process writes it waits for that. */
enum lw_status lw_form_save(struct lw_form *form, struct lw_error *err) LW_MUST_USE;
/* Once more what waits. */
enum lw_status lw_form_try(struct lw_form *form, struct lw_error *err) LW_MUST_USE;
void lw_form_stop_waiting(struct lw_form *form);
/* Closes it; what was typed stays as a draft. */
enum lw_status lw_form_leave(struct lw_form *form, struct lw_error *err) LW_MUST_USE;
/* Asks before it drops anything. */
enum lw_status lw_form_cancel(struct lw_form *form, struct lw_error *err) LW_MUST_USE;

/* ---- form_split.c: the form of the entry that another one is split into ---- */

#define LW_SPLIT_DRAFT "split" /* the form of its drafts, whose entry is the one that is split */

/* Opens it with these parts to go to the new entry, where it was left unfinished with all that was
 * typed. */
enum lw_status lw_split_show(struct lw_tui *tui, const uint8_t entry[LW_RECORD_ID],
                             const struct lw_part *part, size_t count,
                             struct lw_error *err) LW_MUST_USE;
enum lw_status lw_split_open_draft(struct lw_tui *tui, const struct lw_draft *draft,
                                   struct lw_error *err) LW_MUST_USE;
/* A split that was left unfinished. */
struct lw_split_kept {
    bool found;
    int64_t updated_ms;
    struct lw_part *part; /* what was chosen, to be freed */
    size_t count;
};
enum lw_status lw_split_kept(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                             struct lw_split_kept *out, struct lw_error *err) LW_MUST_USE;
/* An entry is split, and parts of it are to go. */
bool lw_form_split_chosen(const struct lw_form *form);
/* Whether an entry is split, and one of the parts that are to go is that person, under whichever of
 * their records, in that role. */
enum lw_status lw_form_split_brings(const struct lw_form *form, const uint8_t party[LW_RECORD_ID],
                                    const char *role, bool *brings,
                                    struct lw_error *err) LW_MUST_USE;
/* It was saved, and is off the stack: shows the new entry. */
void lw_form_split_saved(struct lw_form *form, const char *said);

/* ---- form_draw.c ---- */

void lw_form_draw(struct lw_view *view, const struct lw_area *area);

/* ---- form_record_table.c ---- */

/* What people call a record of that type: "person or group". */
const char *lw_form_called(enum lw_record_type type);

/* ---- form_view.c ---- */

void lw_form_focus(struct lw_form *form, enum lw_form_field_id id);
/* The text of the focused field was changed. */
void lw_form_typed(struct lw_form *form);
/* An empty form, over a record of that type. NULL: no memory. */
struct lw_form *lw_form_make(struct lw_tui *tui, const struct lw_form_ops *ops,
                             enum lw_record_type type);
void lw_form_close(struct lw_view *view);
/* Goes on with a draft, and shows the form; closes it on error. */
enum lw_status lw_form_resume(struct lw_form *form, const struct lw_draft *draft,
                              struct lw_error *err) LW_MUST_USE;
extern const struct lw_view_ops lw_form_record_view, lw_form_split_view;
/* The form of a new entry that is part of that one, in the same incident. */
enum lw_status lw_form_show_part(struct lw_tui *tui, const uint8_t entry[LW_RECORD_ID],
                                 struct lw_error *err) LW_MUST_USE;
/* Opens a draft; texts of it are not kept. */
enum lw_status lw_form_open_draft(struct lw_tui *tui, const struct lw_draft *draft,
                                  struct lw_error *err) LW_MUST_USE;
/* The draft that an open form or capture holds, or NULL. */
const struct lw_draft *lw_form_draft(const struct lw_view *view);

#endif
