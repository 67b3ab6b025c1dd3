/* Two records that turn out to be one: one is marked, then the other chosen; and taken back. */
#include "autosave.h"
#include "records.h"

#include <stdlib.h>
#include <string.h>

static struct lw_records *records_of(struct lw_view *view)
{
    return (struct lw_records *)view;
}

void lw_records_unmark(struct lw_records *self)
{
    if (self->mark == NULL)
        return;
    lw_text_free(self->mark->name);
    free(self->mark);
    self->mark = NULL;
    lw_tui_redraw(self->view.tui);
}

/* ---- writing it ---- */

static enum lw_status write(struct lw_tui *tui, enum lw_record_type type, const uint8_t *id,
                            const uint8_t *other, struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(tui);
    enum lw_status status;

    lw_store_set_patience(lw_journal_store(journal), LW_AUTOSAVE_LEAVING_MS);
    status = lw_journal_begin(journal, err);
    if (status != LW_OK)
        return status;
    status = lw_same_put(journal, type, id, other, NULL, err);
    if (status == LW_OK)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK) {
        lw_journal_rollback(journal);
        return status;
    }
    lw_tui_changed(tui);
    return LW_OK;
}

static enum lw_status merge_answer(struct lw_tui *tui, void *context, char letter,
                                   struct lw_error *err)
{
    struct lw_records *self = context;
    enum lw_status status;

    if (letter != 'y' || self->mark == NULL)
        return LW_OK;
    status = write(tui, self->type, self->mark->id, self->mark->into, err);
    if (status != LW_OK)
        return status;
    lw_tui_say(tui, "they are one now; :unmerge takes it back");
    lw_records_saved(&self->view, self->type, self->mark->into);
    lw_records_unmark(self);
    return LW_OK;
}

/* As much of a name as fits into so many columns. */
static enum lw_status add_cut(struct lw_buf *out, const char *name, int room)
{
    size_t len = strlen(name);
    enum lw_status status;

    if ((int)lw_utf8_columns(name, len) <= room)
        return lw_buf_adds(out, name);
    status = room > 1 ? lw_buf_add(out, name, lw_utf8_fit(name, len, (size_t)room - 1)) : LW_OK;
    return status == LW_OK ? lw_buf_adds(out, "…") : status;
}

/* Both with their entries, on one line of any screen. */
static enum lw_status compose(struct lw_records *self, const struct lw_record_row *marked,
                              const struct lw_record_row *row, struct lw_buf *out)
{
    static const char answers[] = " (y/n)";
    int columns = lw_tui_grid(self->view.tui)->columns;
    bool wide = columns >= 60;
    const char *between = wide ? " is the same as " : " = ";
    struct lw_buf counts[2] = {LW_BUF_INIT, LW_BUF_INIT};
    int wide_name = (int)lw_utf8_columns(row->name, strlen(row->name));
    int room, first;
    enum lw_status status = lw_records_say_count(self, marked, wide, &counts[0]);

    if (status == LW_OK)
        status = lw_records_say_count(self, row, wide, &counts[1]);
    room = columns - (int)(counts[0].len + counts[1].len + strlen(between) + strlen(answers)) - 7;
    first = room / 2 > room - wide_name ? room / 2 : room - wide_name;
    if (status == LW_OK)
        status = add_cut(out, self->mark->name, first);
    if (status == LW_OK)
        status = lw_buf_addf(out, " (%s)%s", lw_buf_text(&counts[0]), between);
    if (status == LW_OK)
        status = add_cut(out, row->name, room - room / 2 > wide_name ? wide_name : room - room / 2);
    if (status == LW_OK)
        status = lw_buf_addf(out, " (%s)?", lw_buf_text(&counts[1]));
    lw_buf_free(&counts[0]);
    lw_buf_free(&counts[1]);
    return status;
}

static enum lw_status ask(struct lw_records *self, const struct lw_record_row *row,
                          struct lw_error *err)
{
    struct lw_record_row marked = {.entries = 0};
    struct lw_buf question = LW_BUF_INIT;
    enum lw_status status;

    memcpy(marked.id, self->mark->id, LW_RECORD_ID);
    memcpy(self->mark->into, row->id, LW_RECORD_ID);
    status = compose(self, &marked, row, &question);
    if (status == LW_OK)
        status = lw_tui_choose(self->view.tui, question.data, "yn", merge_answer, self, err);
    else
        status = lw_fail(err, status, "no memory to ask");
    lw_buf_free(&question);
    return status;
}

static enum lw_status mark(struct lw_records *self, const struct lw_record_row *row,
                           struct lw_error *err)
{
    struct lw_buf key = LW_BUF_INIT;

    self->mark = calloc(1, sizeof *self->mark);
    if (self->mark != NULL)
        self->mark->name = lw_text_copy(row->name, strlen(row->name));
    if (self->mark == NULL || self->mark->name == NULL) {
        free(self->mark);
        self->mark = NULL;
        return lw_fail(err, LW_NO_MEMORY, "no memory to mark it");
    }
    memcpy(self->mark->id, row->id, LW_RECORD_ID);
    lw_tui_say(self->view.tui, "marked; now %s on the one that it is the same as, whose name stays",
               lw_tui_key(self->view.tui, LW_IN_LIST, "merge", &key));
    lw_buf_free(&key);
    return LW_OK;
}

static enum lw_status merge(struct lw_tui *tui, struct lw_view *view, const char *argument,
                            struct lw_error *err)
{
    struct lw_records *self = records_of(view);
    const struct lw_record_row *row = lw_records_row(view);

    (void)tui;
    (void)argument;
    if (row == NULL)
        return LW_OK;
    if (self->mark == NULL)
        return mark(self, row, err);
    if (memcmp(self->mark->id, row->id, LW_RECORD_ID) == 0) {
        lw_records_unmark(self);
        return LW_OK;
    }
    return ask(self, row, err);
}

/* ---- taking it back ---- */

/* The records that say of themselves that they are the same as one, from the last on. */
struct parts {
    struct lw_tui *tui;
    enum lw_record_type type;
    uint8_t root[LW_RECORD_ID];
    uint8_t (*id)[LW_RECORD_ID];
    size_t count, at;
};

static void free_parts(struct parts *parts)
{
    free(parts->id);
    free(parts);
}

static enum lw_status note_part(void *context, const struct lw_record *record, struct lw_error *err)
{
    struct parts *parts = context;
    uint8_t(*grown)[LW_RECORD_ID];
    uint8_t root[LW_RECORD_ID];
    enum lw_status status;

    if (lw_record_value(record, "same_as") == NULL)
        return LW_OK;
    status = lw_same_root(lw_screen_journal(parts->tui), parts->type, record->id, root, err);
    if (status != LW_OK || memcmp(root, parts->root, LW_RECORD_ID) != 0)
        return status;
    grown = realloc(parts->id, (parts->count + 1) * sizeof *grown);
    if (grown == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory to take it back");
    parts->id = grown;
    memcpy(parts->id[parts->count++], record->id, LW_RECORD_ID);
    return LW_OK;
}

static enum lw_status ask_part(struct parts *parts, struct lw_error *err);

static enum lw_status part_answer(struct lw_tui *tui, void *context, char letter,
                                  struct lw_error *err)
{
    struct parts *parts = context;
    enum lw_status status = LW_OK;

    if (letter == 'n' && parts->at + 1 < parts->count) {
        parts->at++;
        return ask_part(parts, err);
    }
    if (letter == 'y') {
        status = write(tui, parts->type, parts->id[parts->at], NULL, err);
        if (status == LW_OK)
            lw_tui_say(tui, "they are two again");
    }
    free_parts(parts);
    return status;
}

/* Its own name: with the names hidden, of who is protected no more than the number among several.
 */
static enum lw_status say_part(struct parts *parts, struct lw_buf *out, struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(parts->tui);
    struct lw_record record;
    enum lw_status status = lw_record_get(journal, parts->type, parts->id[parts->at], &record, err);

    if (status != LW_OK)
        return status;
    status = lw_buf_says(out, "take ");
    if (status == LW_OK)
        status = lw_shown_name(journal, &record, out, err);
    if (status == LW_OK)
        status = lw_buf_sayf(out, " out again (%zu of %zu)?", parts->at + 1, parts->count);
    lw_record_clear(&record);
    return status;
}

/* It owns the parts from here on. */
static enum lw_status ask_part(struct parts *parts, struct lw_error *err)
{
    struct lw_buf question = LW_BUF_INIT;
    enum lw_status status = say_part(parts, &question, err);

    if (status == LW_OK)
        status = lw_tui_choose(parts->tui, question.data, "yn", part_answer, parts, err);
    lw_buf_free(&question);
    if (status != LW_OK)
        free_parts(parts);
    return status;
}

static enum lw_status unmerge(struct lw_tui *tui, struct lw_view *view, const char *argument,
                              struct lw_error *err)
{
    struct lw_records *self = records_of(view);
    const struct lw_record_row *row = lw_records_row(view);
    struct parts *parts;
    enum lw_status status;

    (void)argument;
    if (row == NULL)
        return LW_OK;
    parts = calloc(1, sizeof *parts);
    if (parts == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory to take it back");
    parts->tui = tui;
    parts->type = self->type;
    memcpy(parts->root, row->id, LW_RECORD_ID);
    status = lw_record_each(lw_screen_journal(tui), self->type, NULL, NULL, note_part, parts, err);
    if (status == LW_OK && parts->count > 0)
        return ask_part(parts, err);
    free_parts(parts);
    if (status == LW_OK)
        lw_tui_say(tui, "no other record is the same as this one");
    return status;
}

static const struct lw_action list[] = {
    {"merge", "m", LW_IN_LIST, "mark one; on another one: both are the same", NULL,
     LW_ACTION_WRITES, merge},
    {"unmerge", "", LW_IN_LIST, "take out again what was said to be the same as this one", NULL,
     LW_ACTION_WRITES, unmerge},
};

const struct lw_action_table lw_actions_same = {list, LW_COUNT_OF(list)};
