/* What goes over the line: the timeline of the practice chronology on the real terminal, byte by
 * byte. */
#include "view_stage.h"

#include <fcntl.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define END "\x1F" /* no terminal's sequence holds it */

/* A terminal in the place of standard input and output. */
struct line {
    struct view_stage *stage;
    struct lw_terminal *terminal;
    int master, in, out; /* in, out: what stood there */
    struct lw_buf sent;  /* by the last act */
};

/* Takes what was sent until now. */
static size_t take(struct line *line)
{
    char block[1024];

    lw_buf_clear(&line->sent);
    assert_int_equal(write(STDOUT_FILENO, END, 1), 1);
    while (line->sent.len == 0 || line->sent.data[line->sent.len - 1] != END[0]) {
        ssize_t got = read(line->master, block, sizeof block);

        assert_true(got > 0);
        assert_int_equal(lw_buf_add(&line->sent, block, (size_t)got), LW_OK);
    }
    line->sent.data[--line->sent.len] = '\0';
    return line->sent.len;
}

static void open_pty(struct line *line)
{
    const struct winsize size = {.ws_row = 24, .ws_col = 80};
    int slave;

    line->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(line->master >= 0);
    assert_int_equal(grantpt(line->master), 0);
    assert_int_equal(unlockpt(line->master), 0);
    slave = open(ptsname(line->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(slave >= 0);
    assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
    fflush(stdout);
    line->in = dup(STDIN_FILENO);
    line->out = dup(STDOUT_FILENO);
    assert_int_equal(dup2(slave, STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(dup2(slave, STDOUT_FILENO), STDOUT_FILENO);
    close(slave);
}

static struct line line_on(const char *term)
{
    static const struct lw_tui_options options = {.borders = LW_BORDERS_LOCALE};
    struct line line = {.stage = view_stage_new(STAGE_PRACTICE, 24, 80)};
    struct lw_error err = {0};

    setenv("TERM", term, 1);
    open_pty(&line);
    assert_int_equal(lw_terminal_curses(&options, &line.terminal, &err), LW_OK);
    take(&line);
    return line;
}

static void hang_up(struct line *line)
{
    lw_terminal_free(line->terminal);
    take(line);
    fflush(stdout);
    dup2(line->in, STDIN_FILENO);
    dup2(line->out, STDOUT_FILENO);
    close(line->in);
    close(line->out);
    close(line->master);
    lw_buf_free(&line->sent);
    view_stage_free(line->stage);
}

/* Bytes for what the screen is now. */
static size_t show(struct line *line)
{
    line->terminal->ops->show(line->terminal, lw_tui_grid(line->stage->tui));
    return take(line);
}

/* Bytes for a key, before the selection has rested. */
static size_t press(struct line *line, const char *name)
{
    struct lw_key key;

    assert_true(lw_key_parse(name, strlen(name), &key));
    lw_tui_press(line->stage->tui, &key);
    lw_tui_turn(line->stage->tui);
    return show(line);
}

/* From rest, at that end of the list. */
static void start(struct line *line, const char *keys)
{
    view_stage_keys(line->stage, keys);
    show(line);
}

static int by_size(const void *a, const void *b)
{
    const size_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

enum { STEPS = 8 }; /* so many from an end need not scroll */

/* Of one step, the higher median. */
static size_t step(struct line *line, const char *from, const char *key)
{
    size_t sizes[STEPS];

    start(line, from);
    for (size_t i = 0; i < STEPS; i++)
        sizes[i] = press(line, key);
    qsort(sizes, STEPS, sizeof *sizes, by_size);
    return sizes[STEPS / 2];
}

struct figures {
    size_t first, down, up, page, still;
};

/* From one pty after the other, so that a failure is told where people read. */
static struct figures measure(const char *term)
{
    struct line line = line_on(term);
    struct figures figures;

    lw_tui_say(line.stage->tui, "Last opened 2026-11-29 15:26 +00:00"); /* as after unlocking */
    lw_tui_turn(line.stage->tui);
    figures.first = show(&line);
    figures.down = step(&line, "g", "Down");
    figures.up = step(&line, "G", "Up");
    start(&line, "g");
    figures.page = press(&line, "PgDn");
    figures.still = show(&line);
    hang_up(&line);
    return figures;
}

/* What tests/bench/bytes.py shows, where no clock decides what belongs to a key. */
static void a_key_is_a_few_dozen_bytes(void **state)
{
    static const char *const terms[] = {"xterm-256color", "tmux-256color", "screen-256color",
                                        "linux", "xterm"};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(terms); i++) {
        struct figures figures = measure(terms[i]);

        if (figures.first > 2100 || figures.down > 40 || figures.up > 40 || figures.page > 1100 ||
            figures.still > 0)
            fail_msg("%s: the first screen %zu, down %zu, up %zu, a page %zu, nothing new %zu",
                     terms[i], figures.first, figures.down, figures.up, figures.page,
                     figures.still);
    }
}

static bool has(const struct line *line, const char *text)
{
    return strstr(lw_buf_text(&line->sent), text) != NULL;
}

static void words_of_one_style_are_drawn_in_one_piece(void **state)
{
    struct line line = line_on("xterm-256color");
    bool hints, source, sign;

    (void)state;
    show(&line);
    hints = has(&line, "e edit  f filter  / search");
    source = has(&line, "– S2 joint letter");
    sign = has(&line, "to JMG     2 sources ≠\r");
    hang_up(&line);
    assert_true(hints);
    assert_true(source);
    assert_true(sign);
}

/* The letters of text, and that a row down is no more than that, are set wherever all is drawn
 * anew. */
static void what_others_left_is_mended_by_a_redraw(void **state)
{
    struct line line = line_on("xterm-256color");
    bool opened = has(&line, "\x1B(B"), shown, redrawn, entered;

    (void)state;
    show(&line);
    shown = has(&line, "\x1B(B");
    line.terminal->ops->redraw(line.terminal);
    show(&line);
    redrawn = strncmp(lw_buf_text(&line.sent), "\x1B(B\x1B[m\x1B[r\x1B[20l", 14) == 0 &&
              has(&line, "2 sources");
    line.terminal->ops->leave(line.terminal);
    take(&line);
    line.terminal->ops->enter(line.terminal);
    take(&line);
    entered = has(&line, "\x1B(B");
    hang_up(&line);
    assert_true(opened);
    assert_false(shown);
    assert_true(redrawn);
    assert_true(entered);
}

/* The next row is two bytes, not an address. */
static void rows_below_each_other_need_no_address(void **state)
{
    struct line line = line_on("xterm-256color");
    bool below;

    (void)state;
    show(&line);
    below = has(&line, "demands\r\vThe letter itself");
    hang_up(&line);
    assert_true(below);
}

/* One that has to wait after each is left as it is described. */
static void a_terminal_of_another_kind_is_left_alone(void **state)
{
    struct line line = line_on("vt100");
    bool bold, plain, down;

    (void)state;
    show(&line);
    bold = has(&line, "\x1B[0;1m\017");
    plain = has(&line, "\x1B[m\017");
    down = has(&line, "\v");
    hang_up(&line);
    assert_true(bold);
    assert_true(plain);
    assert_false(down);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_a_few_dozen_bytes),
        cmocka_unit_test(words_of_one_style_are_drawn_in_one_piece),
        cmocka_unit_test(what_others_left_is_mended_by_a_redraw),
        cmocka_unit_test(rows_below_each_other_need_no_address),
        cmocka_unit_test(a_terminal_of_another_kind_is_left_alone),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
