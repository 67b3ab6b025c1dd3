/* A terminal that is told in lines: no cursor is placed, and nothing but text is sent to one
 * that does not know more, so that a screen reader, a braille line, a teletype or a TERM that
 * nobody knows will do. */
#include "teller.h"
#include "terminal.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Of a size at which nothing stands beside anything else, and no view is too small. */
enum { LEAST_ROWS = 10, MOST_ROWS = 100, LEAST_COLUMNS = 40, MOST_COLUMNS = 99 };
enum { USUAL_ROWS = 24, USUAL_COLUMNS = 80 };

struct plain {
    struct lw_terminal base;
    struct termios before; /* how the terminal was */
    struct lw_teller teller;
    struct lw_buf out;
    char clearing[LW_TERMINAL_CLEARING]; /* what erases the screen */
    size_t clearing_len;                 /* 0: this terminal has nothing that does */
    bool left;
};

static int between(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

static void plain_size(struct lw_terminal *terminal, int *rows, int *columns)
{
    (void)terminal;
    lw_terminal_real_size(rows, columns);
    *rows = between(*rows > 0 ? *rows : USUAL_ROWS, LEAST_ROWS, MOST_ROWS);
    *columns = between(*columns > 0 ? *columns : USUAL_COLUMNS, LEAST_COLUMNS, MOST_COLUMNS);
}

static void send(struct plain *plain)
{
    lw_terminal_send(lw_buf_text(&plain->out));
    lw_buf_clear(&plain->out);
}

static void plain_show(struct lw_terminal *terminal, const struct lw_grid *grid)
{
    struct plain *plain = (struct plain *)terminal;

    if (plain->left)
        return;
    /* what there is no memory to tell is told with the next key, from the start */
    if (lw_teller_tell(&plain->teller, grid, &plain->out) != LW_OK)
        lw_buf_clear(&plain->out);
    send(plain);
}

static void plain_redraw(struct lw_terminal *terminal)
{
    lw_teller_forget(&((struct plain *)terminal)->teller);
}

/* What common terminals send is known without a description of this one. */
static size_t plain_sequences(struct lw_terminal *terminal, struct lw_key_sequence *out, size_t max)
{
    (void)terminal;
    (void)out;
    (void)max;
    return 0;
}

static void plain_bell(struct lw_terminal *terminal)
{
    (void)terminal;
    lw_terminal_send("\a");
}

/* Erased, or pushed out of sight where it cannot be. What scrolled off stays where the terminal
 * keeps it, unless it lets that be erased. */
static void erase(struct plain *plain)
{
    int rows = 0;
    int columns = 0;
    enum lw_status status = lw_fd_write(STDOUT_FILENO, plain->clearing, plain->clearing_len);

    lw_terminal_real_size(&rows, &columns);
    rows = rows > MOST_ROWS ? rows : MOST_ROWS; /* sizes can be wrong */
    for (int row = 0; row < rows && plain->clearing_len == 0 && status == LW_OK; row++)
        status = lw_fd_write(STDOUT_FILENO, "\r\n", 2);
}

static void plain_leave(struct lw_terminal *terminal)
{
    struct plain *plain = (struct plain *)terminal;

    if (plain->left)
        return;
    plain->left = true;
    lw_terminal_mark_pastes(terminal, false);
    erase(plain);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &plain->before);
    lw_teller_forget(&plain->teller);
    plain->teller.open = false;
}

static void plain_enter(struct lw_terminal *terminal)
{
    struct plain *plain = (struct plain *)terminal;

    plain->left = false;
    lw_terminal_modes_set();
    lw_terminal_mark_pastes(terminal, true);
}

static void plain_free(struct lw_terminal *terminal)
{
    struct plain *plain = (struct plain *)terminal;

    plain_leave(terminal);
    lw_teller_free(&plain->teller);
    lw_buf_free(&plain->out);
    lw_zero(plain, sizeof *plain);
    free(plain);
}

static const struct lw_terminal_ops operations = {
    .size = plain_size,
    .show = plain_show,
    .redraw = plain_redraw,
    .sequences = plain_sequences,
    .read = lw_terminal_read,
    .bell = plain_bell,
    .leave = plain_leave,
    .enter = plain_enter,
    .free = plain_free,
};

enum lw_status lw_terminal_plain(const struct lw_tui_options *options, struct lw_terminal **out,
                                 struct lw_error *err)
{
    struct plain *plain = calloc(1, sizeof *plain);

    if (plain == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the terminal");
    if (tcgetattr(STDIN_FILENO, &plain->before) != 0) {
        free(plain);
        return lw_fail_errno(err, LW_NO_TERMINAL, "the terminal does not answer");
    }
    plain->base = (struct lw_terminal){
        .ops = &operations,
        .fd = STDIN_FILENO,
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .plain = true,
    };
    plain->base.ascii = !plain->base.utf8 || options->borders == LW_BORDERS_ASCII;
    plain->clearing_len = lw_terminal_clearing(plain->clearing, sizeof plain->clearing);
    plain->base.pastes = plain->clearing_len > 0 && lw_terminal_marks_pastes();
    lw_terminal_watch_size();
    plain_enter(&plain->base);
    *out = &plain->base;
    return LW_OK;
}
