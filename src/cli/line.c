/* The editor of one line: state and keys, without a terminal. */
#include "line.h"

#include <string.h>

static bool continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static size_t step_left(const struct lw_line *line, size_t at)
{
    const char *text = lw_buf_text(&line->text);

    if (at > 0)
        at--;
    while (at > 0 && continues(text[at]))
        at--;
    return at;
}

static size_t step_right(const struct lw_line *line, size_t at)
{
    const char *text = lw_buf_text(&line->text);

    if (at < line->text.len)
        at++;
    while (at < line->text.len && continues(text[at]))
        at++;
    return at;
}

static void cut(struct lw_line *line, size_t from, size_t to)
{
    char *data = line->text.data;

    if (from == to)
        return;
    memmove(data + from, data + to, line->text.len - to + 1);
    lw_zero(data + line->text.len - (to - from) + 1, to - from);
    line->text.len -= to - from;
    line->cursor = from;
}

static enum lw_line_event insert(struct lw_line *line, const void *data, size_t len)
{
    size_t tail = line->text.len - line->cursor;
    char *at;

    if (line->text.len + len > line->limit || lw_buf_add(&line->text, data, len) != LW_OK)
        return LW_LINE_REFUSED;
    at = line->text.data + line->cursor;
    memmove(at + len, at, tail);
    memcpy(at, data, len);
    line->cursor += len;
    return LW_LINE_CHANGED;
}

static void cut_word(struct lw_line *line)
{
    const char *text = lw_buf_text(&line->text);
    size_t from = line->cursor;

    while (from > 0 && text[from - 1] == ' ')
        from--;
    while (from > 0 && text[from - 1] != ' ')
        from--;
    cut(line, from, line->cursor);
}

static unsigned sequence_length(unsigned char lead)
{
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/* A byte of a character beyond ASCII; it is inserted when it is whole and well-formed. */
static enum lw_line_event take_part(struct lw_line *line, unsigned char byte)
{
    if (line->part_len == 0) {
        line->part_need = sequence_length(byte);
        if (line->part_need == 0)
            return LW_LINE_REFUSED;
    } else if (!continues((char)byte)) {
        line->part_len = 0;
        return LW_LINE_REFUSED;
    }
    line->part[line->part_len++] = byte;
    if (line->part_len < line->part_need)
        return LW_LINE_CHANGED;
    line->part_len = 0;
    if (!lw_utf8_valid((const char *)line->part, line->part_need, NULL))
        return LW_LINE_REFUSED;
    return insert(line, line->part, line->part_need);
}

static enum lw_line_event press_control(struct lw_line *line, int key)
{
    switch (key) {
    case '\n':
    case '\r':
        return LW_LINE_SUBMIT;
    case 0x04: /* Ctrl-D */
        if (line->text.len == 0)
            return LW_LINE_CLOSE;
        cut(line, line->cursor, step_right(line, line->cursor));
        return LW_LINE_CHANGED;
    case '\b':
    case 0x7F:
        cut(line, step_left(line, line->cursor), line->cursor);
        return LW_LINE_CHANGED;
    case 0x01:
        line->cursor = 0;
        return LW_LINE_CHANGED;
    case 0x05:
        line->cursor = line->text.len;
        return LW_LINE_CHANGED;
    case 0x0B:
        cut(line, line->cursor, line->text.len);
        return LW_LINE_CHANGED;
    case 0x15:
        cut(line, 0, line->cursor);
        return LW_LINE_CHANGED;
    case 0x17:
        cut_word(line);
        return LW_LINE_CHANGED;
    case '\t':
        return insert(line, " ", 1);
    case 0x0C: /* Ctrl-L: draw again */
        return LW_LINE_CHANGED;
    default:
        return LW_LINE_REFUSED;
    }
}

enum lw_line_event lw_line_press(struct lw_line *line, int key)
{
    char byte = (char)key;

    switch (key) {
    case LW_LINE_LEFT:
        line->cursor = step_left(line, line->cursor);
        return LW_LINE_CHANGED;
    case LW_LINE_RIGHT:
        line->cursor = step_right(line, line->cursor);
        return LW_LINE_CHANGED;
    case LW_LINE_HOME:
        line->cursor = 0;
        return LW_LINE_CHANGED;
    case LW_LINE_END_KEY:
        line->cursor = line->text.len;
        return LW_LINE_CHANGED;
    case LW_LINE_DELETE:
        cut(line, line->cursor, step_right(line, line->cursor));
        return LW_LINE_CHANGED;
    default:
        break;
    }
    if (key < 0 || key > 255)
        return LW_LINE_REFUSED;
    if (key >= 0x80)
        return take_part(line, (unsigned char)key);
    line->part_len = 0;
    if (key < 0x20 || key == 0x7F)
        return press_control(line, key);
    return insert(line, &byte, 1);
}

void lw_line_window(const struct lw_line *line, size_t columns, size_t *from, size_t *len,
                    size_t *at)
{
    const char *text = lw_buf_text(&line->text);
    size_t start = line->cursor;

    /* Back from the cursor as far as the room allows: the same work for a long line as a short one.
     */
    *at = 0;
    while (start > 0) {
        size_t before = step_left(line, start);
        size_t width = lw_utf8_columns(text + before, line->cursor - before);

        if (width + 1 > columns)
            break;
        *at = width;
        start = before;
    }
    *from = start;
    *len = lw_utf8_fit(text + start, line->text.len - start, columns);
    if (*len < line->cursor - start)
        *len = line->cursor - start;
}
