/* The editor against a plain model: random operations on texts of every sort, the same text, cursor
 * and rows after each of them, and the way back to the first text. */
#include "tui/editor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MODEL_BYTES 8192
#define ROUNDS      400
#define OPERATIONS  250

static uint32_t seed = 2463534242u;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return (seed >> 3) % below;
}

static const char *const pieces[] = {
    "a",
    "b",
    "word ",
    " ",
    "  ",
    "\t",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "Б",
    "й",
    "и\u0306",
    "дом ",
    "\u0301",
    "\u0308",
    "中",
    "文字",
    "\u3000",
    "한",
    "\u1112\u1161\u11AB",
    "👨\u200D👩\u200D👧",
    "👍\U0001F3FD",
    "\U0001F1E9",
    "\U0001F1EA",
    "\u200D",
    "\u200B",
    "\u202E",
    "क्षि ",
    "\u0600",
    "©\uFE0F",
    "abcdefghijklmnopqrstuvwxyz",
};

/* ---- the model ---------------------------------------------------------------------------- */

struct model {
    char text[MODEL_BYTES];
    size_t len;
    size_t cursor;
    size_t border[MODEL_BYTES + 1]; /* of clusters, the end among them */
    size_t borders;
};

static void model_borders(struct model *model)
{
    size_t at = 0;

    model->borders = 0;
    while (at < model->len) {
        model->border[model->borders++] = at;
        at += lw_utf8_cluster(model->text + at, model->len - at, NULL);
    }
    model->border[model->borders++] = model->len;
}

/* Index of the first border at or after a byte. */
static size_t model_index(const struct model *model, size_t at)
{
    size_t i = 0;

    while (model->border[i] < at)
        i++;
    return i;
}

static void model_replace(struct model *model, size_t at, size_t removed, const char *text,
                          size_t len)
{
    char rest[MODEL_BYTES];
    size_t rest_len = model->len - at - removed;

    memcpy(rest, model->text + at + removed, rest_len);
    memcpy(model->text + at, text, len);
    memcpy(model->text + at + len, rest, rest_len);
    model->len = at + len + rest_len;
    model_borders(model);
    model->cursor = model->border[model_index(model, at + len)];
}

/* ---- rows, laid out from the start each time ---------------------------------------------- */

struct model_row {
    size_t start;
    size_t end;
};

static bool ends_line(const struct model *model, size_t cluster)
{
    size_t end = model->border[cluster + 1];

    return model->text[end - 1] == '\n';
}

static bool is_blank(const struct model *model, size_t cluster)
{
    size_t len = model->border[cluster + 1] - model->border[cluster];
    const char *text = model->text + model->border[cluster];

    return (len == 1 && (*text == ' ' || *text == '\t')) ||
           (len == 3 && memcmp(text, "\u3000", 3) == 0);
}

static unsigned columns_at(const struct model *model, size_t cluster, unsigned column)
{
    const char *text = model->text + model->border[cluster];

    if (ends_line(model, cluster))
        return 0;
    if (*text == '\t' && is_blank(model, cluster))
        return LW_EDITOR_TAB - column % LW_EDITOR_TAB;
    return (unsigned)lw_utf8_columns(text, model->border[cluster + 1] - model->border[cluster]);
}

/* May a row end between this cluster and the one before? */
static bool may_part(const struct model *model, size_t cluster)
{
    return is_blank(model, cluster - 1) || columns_at(model, cluster - 1, 0) == 2 ||
           (columns_at(model, cluster, 0) == 2 && !is_blank(model, cluster));
}

/* First cluster of the row after the one that starts with that cluster; *more: there is one. */
static size_t model_row_end(const struct model *model, size_t first, unsigned room, bool *more)
{
    size_t count = model->borders - 1;
    unsigned column = 0;
    size_t i = first;

    *more = true;
    for (; i < count; i++) {
        unsigned wide = columns_at(model, i, column);

        if (ends_line(model, i))
            return i + 1;
        if (is_blank(model, i) && column < room && column + wide > room)
            wide = room - column;
        if (column + wide > room && i > first)
            break;
        column += wide;
    }
    if (i == count) {
        *more = false;
        return count;
    }
    if (is_blank(model, i))
        return i + 1;
    for (size_t part = i; part > first; part--) {
        if (may_part(model, part))
            return part;
    }
    return i;
}

static size_t model_rows(const struct model *model, unsigned width, struct model_row *rows)
{
    unsigned room = width > 1 ? width - 1 : 1;
    size_t count = 0;
    size_t first = 0;
    bool more = true;

    while (more) {
        size_t next = model_row_end(model, first, room, &more);

        rows[count].start = model->border[first];
        rows[count++].end = model->border[next];
        first = next;
    }
    return count;
}

/* ---- steps -------------------------------------------------------------------------------- */

static bool in_word(const struct model *model, size_t at)
{
    uint32_t point = 0;

    (void)lw_utf8_next(model->text + at, model->len - at, &point);
    return lw_utf8_is_word(point);
}

static size_t floor_border(const struct model *model, size_t at)
{
    size_t i = model_index(model, at);

    return model->border[i] == at ? at : model->border[i - 1];
}

static size_t model_word_left(const struct model *model)
{
    size_t at = model->cursor;
    size_t before = at;
    bool word = false;

    while (at > 0) {
        before = at;
        do {
            before--;
        } while (((unsigned char)model->text[before] & 0xC0) == 0x80);
        if (word && !in_word(model, before))
            break;
        word = in_word(model, before);
        at = before;
    }
    return floor_border(model, at);
}

static size_t model_word_right(const struct model *model)
{
    size_t at = model->cursor;

    while (at < model->len && in_word(model, at)) {
        do {
            at++;
        } while (at < model->len && ((unsigned char)model->text[at] & 0xC0) == 0x80);
    }
    while (at < model->len && !in_word(model, at)) {
        do {
            at++;
        } while (at < model->len && ((unsigned char)model->text[at] & 0xC0) == 0x80);
    }
    at = floor_border(model, at);
    if (at <= model->cursor && model->cursor < model->len)
        at = model->border[model_index(model, model->cursor) + 1];
    return at;
}

static size_t model_target(const struct model *model, enum lw_editor_step step)
{
    size_t i = model_index(model, model->cursor);

    switch (step) {
    case LW_STEP_LEFT:
        return i > 0 ? model->border[i - 1] : 0;
    case LW_STEP_RIGHT:
        return i + 1 < model->borders ? model->border[i + 1] : model->len;
    case LW_STEP_WORD_LEFT:
        return model_word_left(model);
    case LW_STEP_WORD_RIGHT:
        return model_word_right(model);
    case LW_STEP_LINE_START:
        while (i > 0 && !ends_line(model, i - 1))
            i--;
        return model->border[i];
    case LW_STEP_LINE_END:
        while (i + 1 < model->borders && !ends_line(model, i))
            i++;
        return model->border[i];
    case LW_STEP_TEXT_START:
        return 0;
    default:
        return model->len;
    }
}

/* ---- both together ------------------------------------------------------------------------ */

struct pair {
    struct lw_editor editor;
    struct model model;
    struct lw_buf snapshot[OPERATIONS + 2]; /* the text after so many steps of undo's list */
    size_t width;
};

static void remember(struct pair *pair)
{
    struct lw_buf *shot = &pair->snapshot[pair->editor.past.done];

    lw_buf_clear(shot);
    assert_int_equal(lw_buf_add(shot, pair->model.text, pair->model.len), LW_OK);
}

static void same_text(const struct pair *pair)
{
    assert_int_equal(pair->editor.text.len, pair->model.len);
    assert_memory_equal(lw_buf_text(&pair->editor.text), pair->model.text, pair->model.len);
    assert_int_equal(pair->editor.cursor, pair->model.cursor);
    assert_true(lw_utf8_valid(pair->model.text, pair->model.len, NULL));
}

static void row_fits(const struct pair *pair, const struct model_row *row, unsigned width)
{
    size_t at = row->start;
    size_t clusters = 0;
    unsigned columns = 0;
    unsigned last = 0;
    bool blank = false;

    while (at < row->end) {
        size_t index = model_index(&pair->model, at);

        at += lw_editor_cluster(pair->model.text, pair->model.len, at, columns, &last);
        assert_true(at <= row->end);
        blank = is_blank(&pair->model, index);
        if (columns < width && last > width - columns && blank)
            last = width - columns; /* a tab at the edge */
        columns += last;
        clusters += last > 0;
    }
    if (blank && clusters > 1) { /* it may hang over */
        columns -= last;
        clusters--;
    }
    assert_true(columns <= width || clusters <= 1);
}

static void same_rows(struct pair *pair, bool all)
{
    static struct model_row rows[MODEL_BYTES + 1];
    size_t count = model_rows(&pair->model, (unsigned)pair->width, rows);
    unsigned height = all ? MODEL_BYTES + 1 : 1 + any(12);
    struct lw_editor_view view;

    assert_int_equal(lw_editor_layout(&pair->editor, (unsigned)pair->width, height, &view, NULL),
                     LW_OK);
    assert_true(view.count >= 1 && view.count <= height && view.row < view.count);
    assert_true(view.column < pair->width);
    assert_int_equal(view.above, view.first > 0);
    assert_int_equal(view.below, view.first + view.count < count);
    if (all)
        assert_int_equal(view.count, count);
    for (size_t i = 0; i < view.count; i++) {
        struct model_row row;

        lw_editor_row(&pair->editor, view.first + i, &row.start, &row.end);
        assert_int_equal(row.start, rows[view.first + i].start);
        assert_int_equal(row.end, rows[view.first + i].end);
        row_fits(pair, &row, (unsigned)pair->width);
        if (i == view.row)
            assert_in_range(pair->model.cursor, row.start, row.end);
    }
    assert_int_equal(rows[0].start, 0);
    assert_int_equal(rows[count - 1].end, pair->model.len);
    for (size_t i = 1; i < count; i++)
        assert_int_equal(rows[i].start, rows[i - 1].end);
}

static size_t random_text(char *out, unsigned most)
{
    size_t len = 0;

    for (unsigned i = any(most) + 1; i > 0; i--) {
        const char *piece = pieces[any((uint32_t)LW_COUNT_OF(pieces))];

        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return len;
}

static void do_type(struct pair *pair)
{
    char text[256];
    size_t len = random_text(text, 2);

    assert_int_equal(lw_editor_type(&pair->editor, text, len, NULL), LW_OK);
    model_replace(&pair->model, pair->model.cursor, 0, text, len);
    remember(pair);
}

static void do_paste(struct pair *pair)
{
    char text[2048];
    size_t len = random_text(text, any(4) == 0 ? 40 : 6);

    assert_int_equal(lw_editor_paste(&pair->editor, text, len, false, NULL), LW_OK);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\r' && (i + 1 == len || text[i + 1] != '\n'))
            text[i] = '\n';
    }
    model_replace(&pair->model, pair->model.cursor, 0, text, len);
    remember(pair);
}

static void do_erase(struct pair *pair)
{
    enum lw_editor_step step = any(3) ? any(4) : LW_STEP_LINE_START + any(2);
    size_t at = pair->model.cursor;
    size_t target = model_target(&pair->model, step);

    if (step == LW_STEP_LINE_END && target == at)
        target = model_target(&pair->model, LW_STEP_RIGHT);
    assert_int_equal(lw_editor_erase(&pair->editor, step, NULL), target == at ? LW_DONE : LW_OK);
    if (target < at)
        model_replace(&pair->model, target, at - target, "", 0);
    else if (target > at)
        model_replace(&pair->model, at, target - at, "", 0);
    if (target != at)
        remember(pair);
}

static void do_move(struct pair *pair)
{
    static const enum lw_editor_step steps[] = {
        LW_STEP_LEFT,       LW_STEP_RIGHT,    LW_STEP_WORD_LEFT,  LW_STEP_WORD_RIGHT,
        LW_STEP_LINE_START, LW_STEP_LINE_END, LW_STEP_TEXT_START, LW_STEP_TEXT_END,
    };
    enum lw_editor_step step = steps[any((uint32_t)LW_COUNT_OF(steps))];
    size_t target = model_target(&pair->model, step);

    assert_int_equal(lw_editor_move(&pair->editor, step, NULL),
                     target == pair->model.cursor ? LW_DONE : LW_OK);
    pair->model.cursor = target;
}

/* Up and down: the row is the one above or below, the column as near as it gets. */
static void do_vertical(struct pair *pair)
{
    static struct model_row rows[MODEL_BYTES + 1];
    size_t count = model_rows(&pair->model, (unsigned)pair->width, rows);
    bool down = any(2) == 0;
    size_t row = 0;
    size_t to;

    if (pair->editor.width != pair->width)
        same_rows(pair, true);
    while (row + 1 < count && rows[row + 1].start <= pair->model.cursor)
        row++;
    to = down ? (row + 1 < count ? row + 1 : row) : (row > 0 ? row - 1 : row);
    assert_int_equal(lw_editor_move(&pair->editor, down ? LW_STEP_DOWN : LW_STEP_UP, NULL),
                     to == row ? LW_DONE : LW_OK);
    pair->model.cursor = pair->editor.cursor;
    assert_true(pair->model.border[model_index(&pair->model, pair->model.cursor)] ==
                pair->model.cursor);
    assert_true(pair->model.cursor >= rows[to].start);
    assert_true(to + 1 == count || pair->model.cursor < rows[to + 1].start);
    assert_true(to + 1 < count || pair->model.cursor <= pair->model.len);
}

static void take_over(struct pair *pair)
{
    const struct lw_buf *shot = &pair->snapshot[pair->editor.past.done];

    memcpy(pair->model.text, lw_buf_text(shot), shot->len);
    pair->model.len = shot->len;
    pair->model.cursor = pair->editor.cursor;
    model_borders(&pair->model);
    assert_true(floor_border(&pair->model, pair->model.cursor) == pair->model.cursor);
}

static void do_undo(struct pair *pair)
{
    size_t done = pair->editor.past.done;

    assert_int_equal(lw_editor_undo(&pair->editor, NULL), done > 0 ? LW_OK : LW_DONE);
    take_over(pair);
}

static void do_redo(struct pair *pair)
{
    bool can = pair->editor.past.done < pair->editor.past.count;

    assert_int_equal(lw_editor_redo(&pair->editor, NULL), can ? LW_OK : LW_DONE);
    take_over(pair);
}

static void operate(struct pair *pair)
{
    switch (any(12)) {
    case 0:
        do_paste(pair);
        break;
    case 1:
    case 2:
    case 3:
        do_type(pair);
        break;
    case 4:
    case 5:
        do_erase(pair);
        break;
    case 6:
        do_undo(pair);
        break;
    case 7:
        do_redo(pair);
        break;
    case 8:
    case 9:
        do_vertical(pair);
        break;
    default:
        do_move(pair);
    }
    same_text(pair);
}

static void back_and_forth(struct pair *pair)
{
    size_t count = pair->editor.past.count;

    while (lw_editor_undo(&pair->editor, NULL) == LW_OK) {
        take_over(pair);
        same_text(pair);
    }
    assert_int_equal(pair->editor.past.done, 0);
    while (lw_editor_redo(&pair->editor, NULL) == LW_OK) {
        take_over(pair);
        same_text(pair);
    }
    assert_int_equal(pair->editor.past.done, count);
    same_rows(pair, true);
}

static void random_operations_agree(void **state)
{
    static struct pair pair;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char first[2048];
        size_t len = random_text(first, 40);
        unsigned every = 1 + any(6);

        lw_editor_init(&pair.editor, 0, false);
        assert_int_equal(lw_editor_set_text(&pair.editor, first, len, NULL), LW_OK);
        pair.model.len = 0;
        pair.model.cursor = 0;
        model_replace(&pair.model, 0, 0, first, len);
        pair.model.cursor = 0;
        pair.width = 1 + any(30);
        remember(&pair);
        for (unsigned i = 0; i < OPERATIONS && pair.model.len < MODEL_BYTES - 2048; i++) {
            operate(&pair);
            if (any(40) == 0)
                pair.width = 1 + any(30);
            if (any(every) == 0)
                same_rows(&pair, any(4) == 0);
        }
        same_rows(&pair, true);
        back_and_forth(&pair);
        lw_editor_clear(&pair.editor);
        for (size_t i = 0; i < LW_COUNT_OF(pair.snapshot); i++)
            lw_buf_free(&pair.snapshot[i]);
    }
}

/* Whatever bytes come in, by whichever way: well-formed text is inside, and whole. */
static void random_bytes_stay_well_formed(void **state)
{
    struct lw_editor editor;

    (void)state;
    lw_editor_init(&editor, 4096, false);
    for (int round = 0; round < 20000; round++) {
        char bytes[48];
        size_t len = any(sizeof(bytes));
        size_t before = editor.text.len;
        size_t replaced = editor.replaced;
        struct lw_editor_view view;
        enum lw_status status;

        for (size_t i = 0; i < len; i++)
            bytes[i] = any(3) ? (char)any(256) : "a\n\xD0\xB9 "[any(5)];
        status = any(2) ? lw_editor_type(&editor, bytes, len, NULL)
                        : lw_editor_paste(&editor, bytes, len, any(5) == 0, NULL);
        assert_true(status == LW_OK || status == LW_TOO_LONG);
        if (status == LW_OK) /* none lost: each foreign byte became three (a \r\n may lose one) */
            assert_in_range(editor.text.len + 1, before + len + 2 * (editor.replaced - replaced),
                            before + len + 2 * (editor.replaced - replaced) + 1);
        assert_true(lw_utf8_valid(lw_buf_text(&editor.text), editor.text.len, NULL));
        status = lw_editor_move(&editor, any(14), NULL);
        assert_true(status == LW_OK || status == LW_DONE);
        status = any(3) ? LW_OK : lw_editor_erase(&editor, any(14), NULL);
        assert_true(status == LW_OK || status == LW_DONE);
        assert_int_equal(lw_editor_layout(&editor, 1 + any(20), 1 + any(9), &view, NULL), LW_OK);
    }
    lw_editor_clear(&editor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_agree),
        cmocka_unit_test(random_bytes_stay_well_formed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
