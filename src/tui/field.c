/* One line: the window that follows the cursor, and completion. */
#include "editor_internal.h"

#include <stdlib.h>
#include <string.h>

void lw_field_init(struct lw_text_field *field, size_t limit, lw_field_completer *completer,
                   void *context)
{
    *field = (struct lw_text_field){.completer = completer, .context = context};
    lw_editor_init(&field->editor, limit, true);
}

void lw_field_choices_clear(struct lw_field_choices *choices)
{
    for (size_t i = 0; i < choices->count; i++)
        lw_text_free(choices->list[i]);
    free(choices->list);
    *choices = (struct lw_field_choices){0};
}

void lw_field_clear(struct lw_text_field *field)
{
    if (!field)
        return;
    lw_field_choices_clear(&field->choices);
    lw_buf_free(&field->word);
    lw_editor_clear(&field->editor);
    field->left = 0;
    field->chosen = 0;
}

/* ---- the window --------------------------------------------------------------------------- */

/* Columns from one byte to another, or limit + 1 as soon as there are more; *end is how far it got.
 */
static unsigned columns_until(const struct lw_editor *editor, size_t at, size_t to, unsigned limit,
                              size_t *end)
{
    const char *text = lw_buf_text(&editor->text);
    unsigned columns = 0;

    *end = at;
    for (unsigned i = 0; at < to; i++) {
        unsigned wide;

        at += lw_utf8_cluster(text + at, editor->text.len - at, &wide);
        columns += wide;
        if (columns > limit || i == LW_EDITOR_CLUSTERS)
            return limit + 1;
        *end = at;
    }
    return columns;
}

/* The first byte of the clusters before the cursor that take at most so many columns. */
static size_t back_from(const struct lw_editor *editor, size_t at, unsigned columns)
{
    const char *text = lw_buf_text(&editor->text);
    size_t len = editor->text.len;

    for (unsigned i = 0; at > 0 && i < LW_EDITOR_CLUSTERS / 2; i++) {
        size_t before = lw_utf8_floor(text, len, at - 1);
        unsigned wide;

        (void)lw_utf8_cluster(text + before, len - before, &wide);
        if (wide > columns)
            break;
        columns -= wide;
        at = before;
    }
    return at;
}

/* A jump of some columns, not one a key: fewer bytes to the terminal. */
static size_t place_left(const struct lw_text_field *field, unsigned room)
{
    const struct lw_editor *editor = &field->editor;
    size_t left = lw_utf8_floor(lw_buf_text(&editor->text), editor->text.len, field->left);
    size_t end;

    if (columns_until(editor, 0, editor->text.len, room, &end) <= room)
        return 0;
    if (left > 0 && editor->cursor <= left)
        return back_from(editor, editor->cursor, room / 3);
    if (columns_until(editor, left, editor->cursor, room, &end) > room)
        return back_from(editor, editor->cursor, room - room / 3);
    return left;
}

void lw_field_layout(struct lw_text_field *field, unsigned width, struct lw_field_view *view)
{
    const struct lw_editor *editor = &field->editor;
    unsigned room = width > 0 ? width - 1 : 0; /* the last column is for the cursor at the end */
    size_t end;

    field->left = place_left(field, room);
    view->start = field->left;
    (void)columns_until(editor, field->left, editor->text.len, width, &view->end);
    view->column = columns_until(editor, field->left, editor->cursor, room, &end);
    if (view->column > room)
        view->column = room;
    view->before = view->start > 0;
    view->after = view->end < editor->text.len;
}

/* ---- completion --------------------------------------------------------------------------- */

enum lw_status lw_field_offer(struct lw_field_choices *choices, const char *text, size_t len)
{
    char *copy;

    if (!lw_utf8_valid(text, len, NULL))
        return LW_BAD_DATA;
    if (choices->count == choices->cap) {
        size_t cap = choices->cap > 0 ? 2 * choices->cap : 8;
        char **list = realloc(choices->list, cap * sizeof(*list)); /* pointers, no text */

        if (!list)
            return LW_NO_MEMORY;
        choices->list = list;
        choices->cap = cap;
    }
    copy = lw_text_copy(text, len);
    if (!copy)
        return LW_NO_MEMORY;
    choices->list[choices->count++] = copy;
    return LW_OK;
}

static size_t word_start(const struct lw_editor *editor)
{
    const char *text = lw_buf_text(&editor->text);
    size_t at = editor->cursor;

    while (at > 0) {
        size_t before = lw_utf8_floor(text, editor->text.len, at - 1);
        uint32_t point = 0;

        (void)lw_utf8_next(text + before, editor->text.len - before, &point);
        if (!lw_utf8_is_word(point))
            break;
        at = before;
    }
    return at;
}

static bool is_border(const struct lw_editor *editor, size_t at)
{
    return lw_utf8_floor(lw_buf_text(&editor->text), editor->text.len, at) == at;
}

static enum lw_status collect(const struct lw_text_field *field, struct lw_field_choices *choices,
                              struct lw_buf *word, struct lw_error *err)
{
    const struct lw_editor *editor = &field->editor;
    const char *text = lw_buf_text(&editor->text);
    enum lw_status status;

    choices->from = word_start(editor);
    if (!field->completer)
        return lw_fail(err, LW_NOT_FOUND, "Nothing is offered here");
    status = field->completer(field->context, text, editor->cursor, choices, err);
    if (status != LW_OK)
        return status;
    if (choices->count == 0)
        return lw_fail(err, LW_NOT_FOUND, "Nothing known begins like that");
    if (choices->from > editor->cursor || !is_border(editor, choices->from))
        return lw_fail(err, LW_INTERNAL, "A completion does not fit into the text");
    status = lw_buf_add(word, text + choices->from, editor->cursor - choices->from);
    return status == LW_OK ? status : lw_fail(err, status, "Not enough memory to complete");
}

enum lw_status lw_field_offered(const struct lw_text_field *field, struct lw_field_choices *choices)
{
    struct lw_buf word = LW_BUF_INIT;
    enum lw_status status = collect(field, choices, &word, NULL);

    lw_buf_free(&word);
    return status;
}

/* True while nothing was typed or moved since the last choice. */
static bool goes_on(const struct lw_text_field *field)
{
    return field->choices.count > 0 && field->choice_stamp == field->editor.changes &&
           field->choice_cursor == field->editor.cursor && field->editor.past.run == LW_RUN_CHOICE;
}

static enum lw_status start(struct lw_text_field *field, struct lw_error *err)
{
    struct lw_field_choices choices = {0};
    struct lw_buf word = LW_BUF_INIT;
    enum lw_status status = collect(field, &choices, &word, err);

    if (status != LW_OK) {
        lw_field_choices_clear(&choices);
        lw_buf_free(&word);
        return status;
    }
    lw_field_choices_clear(&field->choices);
    lw_buf_free(&field->word);
    field->choices = choices;
    field->word = word;
    field->chosen = choices.count;
    field->placed = word.len;
    field->editor.past.run = LW_RUN_NONE;
    return LW_OK;
}

/* Exactly what the last choice put there gives way, even where the cursor went beyond it since its
 * end joined with what follows. */
static enum lw_status put(struct lw_text_field *field, size_t chosen, struct lw_error *err)
{
    struct lw_editor *editor = &field->editor;
    const char *text = lw_buf_text(&field->word);
    size_t len = field->word.len;
    enum lw_status status;

    if (chosen < field->choices.count) {
        text = field->choices.list[chosen];
        len = strlen(text);
    }
    status = lw_editor_replace(editor, field->choices.from, field->placed, text, len, LW_RUN_CHOICE,
                               err);
    if (status != LW_OK)
        return status;
    field->chosen = chosen;
    field->placed = len;
    field->choice_stamp = editor->changes;
    field->choice_cursor = editor->cursor;
    return LW_OK;
}

/* Bytes that all of it begins with, up to a border. */
static size_t alike(const struct lw_field_choices *choices)
{
    const char *first = choices->list[0];
    size_t len = strlen(first);

    for (size_t i = 1; i < choices->count; i++) {
        size_t same = 0;

        while (same < len && choices->list[i][same] == first[same])
            same++;
        len = same;
    }
    return lw_utf8_floor(first, strlen(first), len);
}

enum lw_status lw_field_begin(struct lw_text_field *field, struct lw_error *err)
{
    const char *word;
    size_t len;
    enum lw_status status;

    if (goes_on(field))
        return LW_DONE;
    status = start(field, err);
    if (status != LW_OK)
        return status;
    if (field->choices.list == NULL)
        return LW_DONE; /* cannot be: start refuses where nothing is offered */
    word = lw_buf_text(&field->word);
    len = alike(&field->choices);
    if (len <= field->word.len || memcmp(field->choices.list[0], word, field->word.len) != 0)
        return LW_DONE;
    return lw_editor_replace(&field->editor, field->choices.from, field->word.len,
                             field->choices.list[0], len, LW_RUN_CHOICE, err);
}

enum lw_status lw_field_complete(struct lw_text_field *field, bool backward, struct lw_error *err)
{
    enum lw_status status = LW_OK;
    size_t places;

    field->editor.paste = (struct lw_editor_paste){0};
    if (!goes_on(field))
        status = start(field, err);
    if (status != LW_OK)
        return status;
    places = field->choices.count + 1;
    return put(field, (field->chosen + (backward ? places - 1 : 1)) % places, err);
}
