/* The questions of a kind: what is recorded of them, what is understood while it is typed, and what
 * is recorded then. An answer is a record of type FIELD, or ITEM for a list of items. */
#include "form.h"

#include <stdlib.h>
#include <string.h>

/* For an answer that no kind asks for. */
static const struct lw_question plain = {.type = LW_QUESTION_TEXT};

static const struct lw_question *question_of(const struct lw_form_own *own)
{
    return own->question != NULL ? own->question : &plain;
}

static bool is_items(const struct lw_form_own *own)
{
    return own->question != NULL && own->question->type == LW_QUESTION_ITEMS;
}

/* ---- what is recorded ---- */

static enum lw_status add_answer(struct lw_form *form, enum lw_form_field_id id,
                                 const struct lw_record *record, struct lw_error *err)
{
    struct lw_form_own *own = &form->own[id - LW_FORM_FIELDS];
    struct lw_form_answer *grown =
        own->answer_count < LW_FORM_MOST_ANSWERS
            ? realloc(own->answer, (own->answer_count + 1) * sizeof *grown)
            : NULL;
    struct lw_form_answer *answer;

    if (own->answer_count == LW_FORM_MOST_ANSWERS)
        return lw_fail(err, LW_TOO_LONG, "a field has more than %d answers: too many for a form",
                       LW_FORM_MOST_ANSWERS);
    if (grown == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory to open the form");
    own->answer = grown;
    answer = &grown[own->answer_count];
    *answer = (struct lw_form_answer){.line = LW_BUF_INIT};
    memcpy(answer->id, record->id, LW_RECORD_ID);
    own->answer_count++;
    if (record->type == LW_RECORD_ITEM)
        return lw_item_compose(form->journal, record, &answer->line, err);
    return lw_answer_compose(form->journal, question_of(own), record, &answer->line, err);
}

/* Several answers, or one of several lines, do not fit into one line. */
static enum lw_status show_answers(struct lw_form *form, enum lw_form_field_id id,
                                   struct lw_error *err)
{
    struct lw_form_own *own = &form->own[id - LW_FORM_FIELDS];
    bool whole = own->question != NULL && own->question->type == LW_QUESTION_LONG;
    struct lw_buf all = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < own->answer_count && status == LW_OK; i++) {
        const struct lw_buf *line = &own->answer[i].line;

        if (line->len > 0 && !(whole && all.len > 0))
            status = lw_buf_addf(&all, "%s%s", all.len > 0 ? "\n" : "", line->data);
    }
    if (status != LW_OK)
        status = lw_fail(err, status, "no memory to open the form");
    if (status == LW_OK && memchr(lw_buf_text(&all), '\n', all.len) != NULL && !own->info.lines) {
        own->info.lines = true;
        own->info.limit = LW_FORM_PEOPLE;
        lw_field_clear(&form->field[id].text);
        lw_form_field_init(form, id, &own->info);
    }
    if (status == LW_OK && all.len > 0)
        status = lw_form_set(form, id, all.data, all.len, err);
    lw_buf_free(&all);
    return status;
}

static enum lw_status note_field(void *context, const struct lw_record *record,
                                 struct lw_error *err)
{
    struct lw_form *form = context;
    const char *key = lw_record_text(record, "key");
    enum lw_form_field_id id;
    enum lw_status status = lw_form_own_field(form, key, strlen(key), &id, err);

    if (status != LW_OK)
        return status;
    if (id == LW_FORM_NONE)
        return lw_fail(err, LW_TOO_LONG, "the entry has more fields than a form can hold");
    if (is_items(lw_form_own_of(form, id)))
        return LW_OK; /* not answered so by this kind; the entry shows it */
    return add_answer(form, id, record, err);
}

struct item_search {
    struct lw_form *form;
    enum lw_form_field_id id;
};

static enum lw_status note_item(void *context, const struct lw_record *record, struct lw_error *err)
{
    struct item_search *search = context;
    const struct lw_form_own *own = lw_form_own_of(search->form, search->id);

    if (strcmp(lw_record_text(record, "kind"), own->question->item) != 0)
        return LW_OK;
    return add_answer(search->form, search->id, record, err);
}

static bool has_items(const struct lw_form *form, const char *item)
{
    for (size_t i = 0; i < LW_FORM_OWN; i++) {
        const struct lw_form_own *own = &form->own[i];

        if (own->key != NULL && is_items(own) && own->answer_count > 0 &&
            strcmp(own->question->item, item) == 0)
            return true;
    }
    return false;
}

enum lw_status lw_form_load_items(struct lw_form *form, enum lw_form_field_id id,
                                  struct lw_error *err)
{
    struct item_search search = {.form = form, .id = id};
    enum lw_status status;

    if (lw_form_filled(form, id) || has_items(form, lw_form_own_of(form, id)->question->item))
        return LW_OK;
    status = lw_record_each(form->journal, LW_RECORD_ITEM, "entry", form->record.id, note_item,
                            &search, err);
    return status == LW_OK ? show_answers(form, id, err) : status;
}

enum lw_status lw_form_load_answers(struct lw_form *form, struct lw_error *err)
{
    enum lw_status status = lw_record_each(form->journal, LW_RECORD_FIELD, "entry", form->record.id,
                                           note_field, form, err);

    for (int id = LW_FORM_FIELDS; id < LW_FORM_ALL && status == LW_OK; id++) {
        if (lw_form_has(form, id) && !is_items(lw_form_own_of(form, (enum lw_form_field_id)id)))
            status = show_answers(form, (enum lw_form_field_id)id, err);
    }
    return status == LW_OK ? lw_form_arrange(form, err) : status;
}

/* ---- what is understood ---- */

static enum lw_status judge(struct lw_form *form, const struct lw_form_own *own, const char *line,
                            size_t len, struct lw_answer *answer, struct lw_error *err)
{
    const struct lw_clock *clock = lw_tui_clock(form->view.tui);
    struct lw_record item;
    enum lw_status status;

    *answer = (struct lw_answer){.text = NULL};
    if (!is_items(own))
        return lw_answer_read(lw_journal_forms(form->journal), question_of(own), line, len, clock,
                              answer, err);
    lw_record_init(&item, LW_RECORD_ITEM);
    status = lw_item_take(NULL, line, len, clock, &item, err);
    lw_record_clear(&item);
    return status;
}

static enum lw_form_tone so(enum lw_form_tone tone, enum lw_status status)
{
    return status == LW_OK ? tone : LW_FORM_SILENT;
}

/* What stands there says itself, but for a date, a figure and a name. */
static enum lw_form_tone say_answer(struct lw_form *form, const struct lw_form_own *own,
                                    const struct lw_answer *answer, struct lw_buf *out)
{
    enum lw_language language = lw_forms_language(lw_journal_forms(form->journal));
    struct lw_when when;

    if (answer->named)
        return lw_form_understand_name(form, own->info.named, answer->text, strlen(answer->text),
                                       out);
    if (own->question == NULL || answer->text == NULL)
        return LW_FORM_SILENT;
    if (own->question->type == LW_QUESTION_DATE &&
        lw_when_parse(answer->text, strlen(answer->text), &when, NULL) == LW_OK)
        return so(LW_FORM_KNOWN, lw_when_say(&when, out));
    if (own->question->type != LW_QUESTION_COUNT || strcmp(answer->text, "unknown") == 0)
        return LW_FORM_SILENT;
    if (!answer->figure.has_min && !answer->figure.has_max)
        return so(LW_FORM_KNOWN, lw_buf_says(out, "as written; no number is counted"));
    return so(LW_FORM_KNOWN, lw_figure_write(language, &answer->figure, out) == LW_OK
                                 ? lw_buf_sayf(out, ", as written \"%s\"", answer->text)
                                 : LW_NO_MEMORY);
}

/* Of the line with the cursor; of another one where that is wrong. */
enum lw_form_tone lw_form_understand_own(struct lw_form *form, enum lw_form_field_id id,
                                         struct lw_buf *out)
{
    const struct lw_form_own *own = lw_form_own_of(form, id);
    const struct lw_form_field *field = &form->field[id];
    enum lw_form_tone tone = LW_FORM_SILENT;
    const char *line;
    size_t at = 0, from = 0, len;

    if (!lw_form_changed(form, id))
        return LW_FORM_SILENT;
    for (; lw_form_next_answer(field, &at, &line, &len); from = at) {
        struct lw_error err = {.status = LW_OK};
        struct lw_answer answer;
        enum lw_status status = judge(form, own, line, len, &answer, &err);
        bool here = field->text.editor.cursor >= from;

        if (status == LW_BAD_DATA) {
            lw_buf_clear(out);
            return so(LW_FORM_WRONG, lw_buf_adds(out, err.text));
        }
        if (status == LW_OK && here) {
            lw_buf_clear(out);
            tone = say_answer(form, own, &answer, out);
        }
        lw_answer_clear(&answer);
    }
    return tone;
}

/* ---- what is recorded then ---- */

struct line {
    const char *text;
    size_t len;
    bool done;
};

struct answers {
    struct lw_form *form;
    enum lw_form_field_id id;
    const struct lw_form_own *own;
    const uint8_t *entry;
    const char *why;
    struct line line[LW_FORM_MOST_ANSWERS];
    size_t count;
    bool kept[LW_FORM_MOST_ANSWERS];
};

static enum lw_status read_lines(struct answers *answers, struct lw_error *err)
{
    const struct lw_form_field *field = &answers->form->field[answers->id];
    struct line next = {.done = false};
    size_t at = 0;

    while (lw_form_next_answer(field, &at, &next.text, &next.len)) {
        if (answers->count == LW_FORM_MOST_ANSWERS)
            return lw_fail(err, LW_TOO_LONG, "the field %s has more than %d lines",
                           answers->own->info.label, LW_FORM_MOST_ANSWERS);
        answers->line[answers->count++] = next;
    }
    return LW_OK;
}

static enum lw_status fill(struct answers *answers, const struct line *line,
                           struct lw_record *record, struct lw_error *err)
{
    struct lw_journal *journal = answers->form->journal;
    const struct lw_clock *clock = lw_tui_clock(answers->form->view.tui);
    struct lw_answer answer = {.text = NULL};
    enum lw_status status;

    if (record->type == LW_RECORD_ITEM)
        return lw_item_take(journal, line->text, line->len, clock, record, err);
    status = line->text == NULL
                 ? LW_OK
                 : lw_answer_read(lw_journal_forms(journal), question_of(answers->own), line->text,
                                  line->len, clock, &answer, err);
    if (status == LW_OK)
        status = lw_answer_put(journal, question_of(answers->own), &answer, record, err);
    lw_answer_clear(&answer);
    return status;
}

static enum lw_status start(const struct answers *answers, struct lw_record *record)
{
    bool items = is_items(answers->own);
    const char *word = items ? answers->own->question->item : answers->own->key;
    enum lw_status status;

    lw_record_init(record, items ? LW_RECORD_ITEM : LW_RECORD_FIELD);
    status = lw_record_set_ref(record, "entry", answers->entry);
    return status == LW_OK ? lw_record_set_text(record, items ? "kind" : "key", word, strlen(word))
                           : status;
}

/* over: the answer that it takes the place of, or NULL. */
static enum lw_status put_line(struct answers *answers, const struct line *line,
                               const struct lw_form_answer *over, struct lw_error *err)
{
    struct lw_journal *journal = answers->form->journal;
    struct lw_record record;
    enum lw_status status;

    if (over != NULL) {
        status = lw_record_get(journal, is_items(answers->own) ? LW_RECORD_ITEM : LW_RECORD_FIELD,
                               over->id, &record, err);
        if (status != LW_OK)
            return status;
    } else {
        status = start(answers, &record);
    }
    if (status == LW_OK)
        status = fill(answers, line, &record, err);
    if (status == LW_OK)
        status = lw_record_put(journal, &record, answers->why, err);
    lw_record_clear(&record);
    return status;
}

/* What stands there as before is left alone. */
static void keep_equal(struct answers *answers)
{
    for (size_t i = 0; i < answers->own->answer_count; i++) {
        const struct lw_buf *was = &answers->own->answer[i].line;

        for (size_t j = 0; j < answers->count && !answers->kept[i]; j++) {
            struct line *line = &answers->line[j];

            if (line->done || line->len != was->len || was->len == 0 ||
                memcmp(line->text, was->data, was->len) != 0)
                continue;
            answers->kept[i] = true;
            line->done = true;
        }
    }
}

static struct line *next_line(struct answers *answers)
{
    for (size_t i = 0; i < answers->count; i++) {
        if (!answers->line[i].done)
            return &answers->line[i];
    }
    return NULL;
}

static enum lw_status refuse_missing(struct answers *answers, const struct lw_buf *line,
                                     struct lw_error *err)
{
    lw_fail(err, LW_REFUSED,
            "an item that is recorded stays recorded: put the line \"%.*s\" back; what is wrong "
            "with it belongs behind note:",
            (int)lw_utf8_fit(lw_buf_text(line), line->len, 60), lw_buf_text(line));
    lw_form_mark(answers->form, answers->id, err->text);
    return LW_REFUSED;
}

/* What was changed takes the place of what stood there; an answer that was taken back stays as a
 * record that says nothing, with its history. */
static enum lw_status put_changed(struct answers *answers, struct lw_error *err)
{
    static const struct line nothing = {.text = NULL};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < answers->own->answer_count && status == LW_OK; i++) {
        const struct lw_form_answer *was = &answers->own->answer[i];
        struct line *line = answers->kept[i] ? NULL : next_line(answers);

        if (answers->kept[i] || (line == NULL && was->line.len == 0))
            continue;
        if (line == NULL && is_items(answers->own))
            return refuse_missing(answers, &was->line, err);
        status = put_line(answers, line != NULL ? line : &nothing, was, err);
        if (line != NULL)
            line->done = true;
    }
    return status;
}

/* Of a long text only the first record is in the field. */
static void keep_hidden(struct answers *answers)
{
    bool whole = answers->own->question != NULL && answers->own->question->type == LW_QUESTION_LONG;
    bool first = true;

    for (size_t i = 0; i < answers->own->answer_count && whole; i++) {
        if (answers->own->answer[i].line.len > 0 && !first)
            answers->kept[i] = true;
        first = first && answers->own->answer[i].line.len == 0;
    }
}

static enum lw_status put_field(struct answers *answers, struct lw_error *err)
{
    struct line *line;
    enum lw_status status = read_lines(answers, err);

    keep_hidden(answers);
    keep_equal(answers);
    if (status == LW_OK)
        status = put_changed(answers, err);
    while (status == LW_OK && (line = next_line(answers)) != NULL) {
        status = put_line(answers, line, NULL, err);
        line->done = true;
    }
    return status;
}

enum lw_status lw_form_put_answers(struct lw_form *form, const uint8_t entry[LW_RECORD_ID],
                                   const char *why, struct lw_error *err)
{
    struct answers *answers;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < form->order_count && status == LW_OK; i++) {
        enum lw_form_field_id id = form->order[i];

        if (id < LW_FORM_FIELDS || !lw_form_changed(form, id))
            continue;
        answers = calloc(1, sizeof *answers);
        if (answers == NULL)
            return lw_fail(err, LW_NO_MEMORY, "out of memory");
        answers->form = form;
        answers->id = id;
        answers->own = lw_form_own_of(form, id);
        answers->entry = entry;
        answers->why = why;
        status = put_field(answers, err);
        free(answers);
    }
    return status;
}
