/* The editor of one line on a terminal: keys in, one row drawn. */
#include "line.h"

#include <stdio.h>
#include <string.h>

#define ESCAPE_MS 100

/* What follows "ESC [" up to its final byte. */
static int read_sequence(struct lw_tty *tty)
{
    static const struct {
        const char *text;
        int key;
    } known[] = {
        {"D", LW_LINE_LEFT},     {"C", LW_LINE_RIGHT},        {"H", LW_LINE_HOME},
        {"F", LW_LINE_END_KEY},  {"1~", LW_LINE_HOME},        {"7~", LW_LINE_HOME},
        {"4~", LW_LINE_END_KEY}, {"8~", LW_LINE_END_KEY},     {"3~", LW_LINE_DELETE},
        {"200~", LW_LINE_PASTE}, {"201~", LW_LINE_PASTE_END},
    };
    char text[16];
    size_t len = 0;

    for (;;) {
        int key = lw_tty_key(tty, ESCAPE_MS);

        if (key == LW_KEY_NONE || len == sizeof(text) - 1)
            return LW_LINE_UNKNOWN;
        if (key < 0)
            return key;
        text[len++] = (char)key;
        if (key >= 0x40 && key <= 0x7E)
            break;
    }
    text[len] = '\0';
    for (size_t i = 0; i < LW_COUNT_OF(known); i++) {
        if (strcmp(known[i].text, text) == 0)
            return known[i].key;
    }
    return LW_LINE_UNKNOWN;
}

/* A byte, an enum lw_line_key, or below zero what lw_tty_key says. */
static int read_key(struct lw_tty *tty)
{
    int key = lw_tty_key(tty, -1);

    if (key != 0x1B)
        return key;
    key = lw_tty_key(tty, ESCAPE_MS);
    if (key == '[' || key == 'O')
        return read_sequence(tty);
    return key == LW_KEY_NONE || key >= 0 ? LW_LINE_UNKNOWN : key;
}

static void draw(struct lw_tty *tty, const char *prompt, const struct lw_line *line)
{
    size_t prompt_columns = lw_utf8_columns(prompt, strlen(prompt));
    size_t from, len, at;
    char move[32];

    lw_line_window(line, tty->out.columns - prompt_columns - 1, &from, &len, &at);
    lw_out_control(&tty->out, "\r");
    lw_out_text(&tty->out, prompt);
    lw_out_bytes(&tty->out, lw_buf_text(&line->text) + from, len);
    lw_out_control(&tty->out, "\033[K\r");
    snprintf(move, sizeof(move), "\033[%zuC", prompt_columns + at);
    lw_out_control(&tty->out, move);
}

static enum lw_line_end edit(struct lw_tty *tty, const char *prompt, struct lw_line *line)
{
    bool pasting = false;

    for (;;) {
        draw(tty, prompt, line);
        int key = read_key(tty);

        switch (key) {
        case LW_KEY_SIGNAL:
            return lw_tty_signal() == SIGINT || lw_tty_signal() == SIGQUIT ? LW_LINE_END
                                                                           : LW_LINE_GONE;
        case LW_KEY_END:
            return LW_LINE_GONE;
        case LW_KEY_REDRAW:
            lw_out_control(&tty->out, "\033[?2004h");
            continue;
        case LW_LINE_PASTE:
        case LW_LINE_PASTE_END:
            pasting = key == LW_LINE_PASTE;
            continue;
        default:
            break;
        }
        if (pasting && (key == '\n' || key == '\r'))
            key = ' ';
        switch (lw_line_press(line, key)) {
        case LW_LINE_SUBMIT:
            return LW_LINE_ENTER;
        case LW_LINE_CLOSE:
            return LW_LINE_END;
        case LW_LINE_REFUSED:
            lw_out_control(&tty->out, "\a");
            break;
        case LW_LINE_CHANGED:
            break;
        }
    }
}

enum lw_line_end lw_line_read(struct lw_tty *tty, const char *prompt, size_t limit,
                              struct lw_buf *text, struct lw_error *err)
{
    struct lw_line line = {.text = *text, .cursor = text->len, .limit = limit};
    enum lw_line_end end;

    if (lw_tty_begin(tty, err) != LW_OK)
        return LW_LINE_FAILED;
    lw_out_control(&tty->out, "\033[?2004h");
    end = edit(tty, prompt, &line);
    *text = line.text;
    lw_out_control(&tty->out, "\033[?2004l\r\n");
    lw_tty_end(tty);
    return end;
}
