/* The real terminal. The one file that knows curses: it places cells and sends the difference; keys
 * are read past it as bytes, so that none stays in a buffer of its own. */
#include "terminal.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termcap.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

enum { PAIR_ALARM = 1, PAIR_DIM = 2 };
enum { GAP = 2 }; /* columns between words of one style, such as those of the hints */

/* Signals that newterm takes although they are none of its business. */
static const int kept_signals[] = {SIGINT, SIGTERM, SIGTSTP};

struct look {
    attr_t attributes;
    short pair;
};

struct screen {
    struct lw_terminal base;
    SCREEN *handle;
    struct termios before; /* how the terminal was */
    struct look looks[LW_STYLE_COUNT];
    cchar_t row[LW_GRID_MAX + 2];
    char reset[16]; /* ends all attributes, sets what is left out below; empty: ncurses does */
    bool left;
};

/* ---- cells ------------------------------------------------------------------------------------
 */

/* The code points of a cell that can stand in one place: one that takes columns, then marks. What
 * joins or changes the width of its neighbours stays out. Returns their number. */
static size_t cell_points(const struct lw_cell *cell, wchar_t points[CCHARW_MAX])
{
    size_t count = 0;
    size_t at = 0;

    while (at < cell->len && count < CCHARW_MAX) {
        uint32_t point = 0;
        int wide;

        at += lw_utf8_next(cell->text + at, cell->len - at, &point);
        wide = wcwidth((wchar_t)point);
        if (count == 0 && wide == 0)
            points[count++] = L' '; /* a mark alone stands on a blank */
        if (count > 0 && (wide != 0 || point == 0x200D || (point >= 0xFE00 && point <= 0xFE0F)))
            continue;
        points[count++] = (wchar_t)point;
    }
    return count;
}

static int points_width(const wchar_t *points, size_t count)
{
    return count > 0 ? wcwidth(points[0]) : -1;
}

static void place(cchar_t *out, const wchar_t *points, size_t count, const struct look *look)
{
    wchar_t text[CCHARW_MAX + 1] = {0};

    for (size_t i = 0; i < count; i++)
        text[i] = points[i];
    setcchar(out, text, look->attributes, look->pair, NULL);
}

/* A flag is two letters that some terminals draw in two columns and some in four. */
static bool place_flag(const struct lw_cell *cell, cchar_t *out, const struct look *look)
{
    for (size_t i = 0, at = 0; i < 2; i++) {
        uint32_t point = 0;
        wchar_t letter;

        at += lw_utf8_next(cell->text + at, cell->len - at, &point);
        if (cell->columns != 2 || point < 0x1F1E6 || point > 0x1F1FF)
            return false;
        letter = (wchar_t)(L'A' + (wchar_t)(point - 0x1F1E6));
        place(out + i, &letter, 1, look);
    }
    return true;
}

/* Writes the cell as one or two places that together take its columns; returns how many. */
static int place_cell(struct screen *screen, const struct lw_cell *cell, enum lw_style style,
                      cchar_t *out)
{
    const struct look *look = &screen->looks[style];
    const wchar_t unknown = screen->base.utf8 ? (wchar_t)0xFFFD : L'?';
    wchar_t points[CCHARW_MAX];
    size_t count = 1;

    points[0] = L' ';
    if (cell->len > 0) {
        if (place_flag(cell, out, look))
            return 2;
        count = cell_points(cell, points);
    }
    if (points_width(points, count) < 1 || points_width(points, count) > cell->columns) {
        points[0] = unknown;
        count = 1;
    }
    place(out, points, count, look);
    if (points_width(points, count) == cell->columns)
        return 1;
    points[0] = L' ';
    place(out + 1, points, 1, look);
    return 2;
}

static bool is_blank(const struct lw_cell *cell)
{
    return cell->len == 0 && cell->columns == 1;
}

/* The next cell to that side that is no blank, or NULL; counts the blanks before it, up to GAP. */
static const struct lw_cell *beside(const struct lw_grid *grid, int row, int column, int by,
                                    int *blanks)
{
    const struct lw_cell *cell = lw_grid_cell(grid, row, column += by);

    while (cell != NULL && is_blank(cell) && *blanks <= GAP) {
        cell = lw_grid_cell(grid, row, column += by);
        (*blanks)++;
    }
    return cell;
}

/* Words of one style are drawn with the gap between them: it looks the same, and the style need not
 * end and begin again. */
static enum lw_style style_at(const struct screen *screen, const struct lw_grid *grid, int row,
                              int column)
{
    const struct lw_cell *cell = lw_grid_cell(grid, row, column);
    const struct lw_cell *left, *right;
    int blanks = 1;

    if (!is_blank(cell) || cell->style != LW_STYLE_PLAIN)
        return (enum lw_style)cell->style;
    left = beside(grid, row, column, -1, &blanks);
    right = beside(grid, row, column, 1, &blanks);
    if (left == NULL || right == NULL || blanks > GAP || left->style != right->style ||
        (screen->looks[left->style].attributes & A_UNDERLINE) != 0)
        return LW_STYLE_PLAIN;
    return (enum lw_style)left->style;
}

static void paint(struct screen *screen, const struct lw_grid *grid)
{
    for (int row = 0; row < grid->rows; row++) {
        int count = 0;

        for (int column = 0; column < grid->columns; column++) {
            const struct lw_cell *cell = lw_grid_cell(grid, row, column);

            if (cell->columns > 0)
                count += place_cell(screen, cell, style_at(screen, grid, row, column),
                                    &screen->row[count]);
        }
        mvadd_wchnstr(row, 0, screen->row, count);
    }
    lw_zero(screen->row, sizeof screen->row);
}

/* ---- operations -------------------------------------------------------------------------------
 */

static void screen_size(struct lw_terminal *terminal, int *rows, int *columns)
{
    (void)terminal;
    lw_terminal_real_size(rows, columns);
    if (*rows == 0 || *columns == 0) {
        *rows = LINES;
        *columns = COLS;
    }
    *rows = *rows < 1 ? 1 : *rows > LW_GRID_MAX ? LW_GRID_MAX : *rows;
    *columns = *columns < 1 ? 1 : *columns > LW_GRID_MAX ? LW_GRID_MAX : *columns;
}

static void screen_show(struct lw_terminal *terminal, const struct lw_grid *grid)
{
    struct screen *screen = (struct screen *)terminal;

    if (screen->left)
        return;
    if (grid->rows != getmaxy(stdscr) || grid->columns != getmaxx(stdscr)) {
        resizeterm(grid->rows, grid->columns);
        lw_terminal_send(screen->reset);
        clearok(curscr, TRUE); /* who knows what the terminal made of its lines */
    }
    paint(screen, grid);
    move(grid->cursor_row, grid->cursor_column);
    refresh();
}

static void screen_redraw(struct lw_terminal *terminal)
{
    lw_terminal_send(((struct screen *)terminal)->reset);
    clearok(curscr, TRUE);
}

static void screen_bell(struct lw_terminal *terminal)
{
    (void)terminal;
    beep();
}

/* Erased first: not every terminal has an alternate screen, and one that has keeps it. */
static void screen_leave(struct lw_terminal *terminal)
{
    struct screen *screen = (struct screen *)terminal;

    if (screen->left)
        return;
    screen->left = true;
    erase();
    move(0, 0);
    refresh();
    lw_terminal_mark_pastes(&screen->base, false);
    endwin();
    tcsetattr(STDIN_FILENO, TCSADRAIN, &screen->before);
}

static void screen_enter(struct lw_terminal *terminal)
{
    struct screen *screen = (struct screen *)terminal;

    if (!screen->left)
        return;
    screen->left = false;
    reset_prog_mode();
    lw_terminal_send(screen->reset);
    clearok(curscr, TRUE);
    refresh();
    lw_terminal_mark_pastes(&screen->base, true);
}

static void screen_free(struct lw_terminal *terminal)
{
    struct screen *screen = (struct screen *)terminal;

    screen_leave(terminal);
    delscreen(screen->handle);
    lw_zero(screen, sizeof *screen);
    free(screen);
}

/* ---- keys of this terminal --------------------------------------------------------------------
 */

struct capability {
    const char *name;
    enum lw_key_code code;
    unsigned modifiers;
};

static const struct capability capabilities[] = {
    {"kcuu1", LW_KEY_UP, 0},
    {"kcud1", LW_KEY_DOWN, 0},
    {"kcub1", LW_KEY_LEFT, 0},
    {"kcuf1", LW_KEY_RIGHT, 0},
    {"khome", LW_KEY_HOME, 0},
    {"kend", LW_KEY_END, 0},
    {"kpp", LW_KEY_PAGE_UP, 0},
    {"knp", LW_KEY_PAGE_DOWN, 0},
    {"kdch1", LW_KEY_DELETE, 0},
    {"kich1", LW_KEY_INSERT, 0},
    {"kcbt", LW_KEY_BACKTAB, 0},
    {"kent", LW_KEY_ENTER, 0},
    {"kbs", LW_KEY_BACKSPACE, 0},
    {"kf1", LW_KEY_F1, 0},
    {"kf2", LW_KEY_F1 + 1, 0},
    {"kf3", LW_KEY_F1 + 2, 0},
    {"kf4", LW_KEY_F1 + 3, 0},
    {"kf5", LW_KEY_F1 + 4, 0},
    {"kf6", LW_KEY_F1 + 5, 0},
    {"kf7", LW_KEY_F1 + 6, 0},
    {"kf8", LW_KEY_F1 + 7, 0},
    {"kf9", LW_KEY_F1 + 8, 0},
    {"kf10", LW_KEY_F1 + 9, 0},
    {"kf11", LW_KEY_F1 + 10, 0},
    {"kf12", LW_KEY_F1 + 11, 0},
    {"kri", LW_KEY_UP, LW_MOD_SHIFT},
    {"kind", LW_KEY_DOWN, LW_MOD_SHIFT},
    {"kLFT", LW_KEY_LEFT, LW_MOD_SHIFT},
    {"kRIT", LW_KEY_RIGHT, LW_MOD_SHIFT},
    {"kUP5", LW_KEY_UP, LW_MOD_CTRL},
    {"kDN5", LW_KEY_DOWN, LW_MOD_CTRL},
    {"kLFT5", LW_KEY_LEFT, LW_MOD_CTRL},
    {"kRIT5", LW_KEY_RIGHT, LW_MOD_CTRL},
    {"kHOM5", LW_KEY_HOME, LW_MOD_CTRL},
    {"kEND5", LW_KEY_END, LW_MOD_CTRL},
    {"kUP3", LW_KEY_UP, LW_MOD_ALT},
    {"kDN3", LW_KEY_DOWN, LW_MOD_ALT},
    {"kLFT3", LW_KEY_LEFT, LW_MOD_ALT},
    {"kRIT3", LW_KEY_RIGHT, LW_MOD_ALT},
};

static const char *capability_text(const char *name)
{
    const char *text = tigetstr(name);

    return text == NULL || text == (const char *)-1 ? NULL : text;
}

static size_t screen_sequences(struct lw_terminal *terminal, struct lw_key_sequence *out,
                               size_t max)
{
    size_t count = 0;

    (void)terminal;
    for (size_t i = 0; i < LW_COUNT_OF(capabilities); i++) {
        const char *text = capability_text(capabilities[i].name);

        if (text == NULL || strlen(text) >= sizeof out->bytes)
            continue;
        if (count < max) {
            memset(&out[count], 0, sizeof out[count]);
            memcpy(out[count].bytes, text, strlen(text));
            out[count].code = capabilities[i].code;
            out[count].modifiers = capabilities[i].modifiers;
        }
        count++;
    }
    return count;
}

/* ---- opening ----------------------------------------------------------------------------------
 */

static const struct lw_terminal_ops operations = {
    .size = screen_size,
    .show = screen_show,
    .redraw = screen_redraw,
    .sequences = screen_sequences,
    .read = lw_terminal_read,
    .bell = screen_bell,
    .leave = screen_leave,
    .enter = screen_enter,
    .free = screen_free,
};

/* Faint, which is seen on any background and takes half the bytes of a grey; a grey where a
 * terminal has no faint. */
static void looks_set(struct screen *screen, enum lw_colours wanted)
{
    struct look *looks = screen->looks;
    struct look dim = {A_DIM, 0};

    looks[LW_STYLE_TITLE].attributes = A_BOLD;
    looks[LW_STYLE_STRONG].attributes = A_BOLD;
    looks[LW_STYLE_MARK].attributes = A_BOLD;
    looks[LW_STYLE_ALARM].attributes = A_BOLD;
    looks[LW_STYLE_FIELD].attributes = A_UNDERLINE;
    if (wanted != LW_COLOURS_NONE && has_colors() && start_color() == OK &&
        use_default_colors() == OK && COLORS >= 8) {
        init_pair(PAIR_ALARM, COLOR_RED, -1);
        looks[LW_STYLE_ALARM].pair = PAIR_ALARM;
        if (COLORS >= 16 && capability_text("dim") == NULL) {
            init_pair(PAIR_DIM, COLORS >= 256 ? 244 : 8, -1);
            dim = (struct look){A_NORMAL, PAIR_DIM};
        }
    }
    looks[LW_STYLE_DIM] = dim;
    looks[LW_STYLE_HINT] = dim;
    looks[LW_STYLE_STATUS] = dim;
}

/* ---- fewer bytes ------------------------------------------------------------------------------
 */

/* How terminals after ECMA-48 end all attributes. Most descriptions go back to the letters of text
 * with it, which nothing here leaves. */
static const char *const resets[] = {"\x1B(B\x1B[m", "\x1B[m\x1B(B", "\x1B[m\017", "\x1B[0m\017",
                                     "\x1B[0m"};

/* Bold, faint, underlined, reversed: all that stands in looks_set, and what a cursor may be. */
static const char attributes[] = "\x1B[%?%p6%t;1%;%?%p5%t;2%;%?%p2%t;4%;%?%p1%p3%|%t;7%;m";

/* Attributes without those letters, and without a 0 where nothing means it: 3 bytes for 6 and 5 for
 * 9, several times a key. ncurses has no call for it, but reads at each use what tigetstr shows; it
 * is only made shorter in its place. What is left out is sent whenever all is drawn anew. */
static void attributes_shorten(struct screen *screen)
{
    char *reset = tigetstr("sgr0");
    char *set = tigetstr("sgr");
    bool known = false;

    if (reset == NULL || reset == (char *)-1 || set == NULL || set == (char *)-1)
        return;
    for (size_t i = 0; i < LW_COUNT_OF(resets) && !known; i++)
        known = strcmp(reset, resets[i]) == 0;
    if (!known || capability_text("dim") == NULL || strstr(set, "%p6%t;1%;") == NULL ||
        strlen(set) < sizeof attributes)
        return;
    memcpy(screen->reset, reset, strlen(reset) + 1);
    memcpy(reset, "\x1B[m", sizeof "\x1B[m");
    memcpy(set, attributes, sizeof attributes);
}

/* One row down in one byte, the start of the next row in two. ncurses takes no line feed for it,
 * which an output mode of the line could make two characters, but an address of 4 to 8 bytes. To
 * terminals after ECMA-48 a vertical tab is the same, and to the line it is nothing. It must go
 * straight down, not to the first column, and not scroll at the end of what ncurses took for the
 * screen (24 rows) or another program scrolled: that is set with the letters of text. */
static void down_shorten(struct screen *screen)
{
    static const char straight[] = "\x1B[r\x1B[20l";
    char *down = tigetstr("cud1");
    size_t len = strlen(screen->reset);

    if (len == 0 || len + sizeof straight > sizeof screen->reset || down == NULL ||
        down == (char *)-1 || strcmp(down, "\n") != 0)
        return;
    memcpy(screen->reset + len, straight, sizeof straight);
    down[0] = '\v';
}

/* The size is ours to ask for and to cut: ncurses asks at newterm unless the environment names it,
 * and in the midst of a refresh where the signal of a new size is its own, and keeps the number in
 * a short, so 65,535 rows are -1 there and end in a fault. It takes the signal only where nobody
 * has it. */
static SCREEN *newterm_sized(void)
{
    SCREEN *handle;

    lw_terminal_watch_size();
    setenv("LINES", "24", 1);
    setenv("COLUMNS", "80", 1);
    handle = newterm(NULL, stdout, stdin);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    return handle;
}

static SCREEN *newterm_quietly(void)
{
    struct sigaction before[LW_COUNT_OF(kept_signals)];
    SCREEN *handle;

    for (size_t i = 0; i < LW_COUNT_OF(kept_signals); i++)
        sigaction(kept_signals[i], NULL, &before[i]);
    handle = newterm_sized();
    for (size_t i = 0; i < LW_COUNT_OF(kept_signals); i++)
        sigaction(kept_signals[i], &before[i], NULL);
    return handle;
}

static enum lw_status unknown_terminal(struct lw_error *err)
{
    const char *name = getenv("TERM");
    struct lw_buf clean = LW_BUF_INIT;
    enum lw_status status;

    if (name == NULL || name[0] == '\0')
        return lw_fail(
            err, LW_NO_TERMINAL,
            "TERM is not set, so no screen can be drawn; set it, for example to xterm or "
            "vt100, or take --plain, which needs no screen");
    status = lw_text_clean(name, strnlen(name, 40), false, &clean);
    if (status == LW_OK)
        status = lw_fail(err, LW_NO_TERMINAL,
                         "the terminal type \"%s\" (TERM) is not known here or cannot place its "
                         "cursor; try another one, for example TERM=xterm, or take --plain, which "
                         "prints lines on any terminal",
                         lw_buf_text(&clean));
    lw_buf_free(&clean);
    return status;
}

/* Alternate screens and bracketed pastes came to terminals together. */
bool lw_terminal_marks_pastes(void)
{
    const char *alternate = capability_text("smcup");

    return alternate != NULL && strncmp(alternate, "\x1B[?", 3) == 0;
}

static void screen_start(struct screen *screen, const struct lw_tui_options *options)
{
    screen->base.ops = &operations;
    screen->base.fd = STDIN_FILENO;
    screen->base.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    screen->base.ascii = !screen->base.utf8 || options->borders == LW_BORDERS_ASCII;
    screen->base.pastes = lw_terminal_marks_pastes();
    nonl();
    lw_terminal_modes_set();
    def_prog_mode();
    attributes_shorten(screen);
    down_shorten(screen);
    typeahead(-1); /* what is typed ahead must not hold up what is drawn */
    idlok(stdscr, TRUE);
    looks_set(screen, options->colours);
    refresh();
    lw_terminal_send(screen->reset);
    lw_terminal_mark_pastes(&screen->base, true);
}

enum lw_status lw_terminal_curses(const struct lw_tui_options *options, struct lw_terminal **out,
                                  struct lw_error *err)
{
    struct screen *screen;

    screen = calloc(1, sizeof *screen);
    if (screen == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the screen");
    if (tcgetattr(STDIN_FILENO, &screen->before) != 0) {
        free(screen);
        return lw_fail_errno(err, LW_NO_TERMINAL, "the terminal does not answer");
    }
    screen->handle = newterm_quietly();
    if (screen->handle == NULL || capability_text("cup") == NULL) {
        if (screen->handle != NULL) {
            endwin();
            delscreen(screen->handle);
        }
        free(screen);
        return unknown_terminal(err);
    }
    screen_start(screen, options);
    *out = &screen->base;
    return LW_OK;
}

/* A delay stands in it as "$<50/>", for terminals that were slow. */
static size_t copy_undelayed(const char *text, char *out, size_t size)
{
    size_t len = 0;

    while (*text != '\0' && len < size) {
        const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;

        if (end != NULL)
            text = end + 1;
        else
            out[len++] = *text++;
    }
    return *text == '\0' ? len : 0;
}

size_t lw_terminal_clearing(char *out, size_t size)
{
    const char *name = getenv("TERM");
    const char *clear, *scrolled;
    size_t len = 0;

    if (name == NULL || tgetent(NULL, name) != 1)
        return 0;
    clear = tgetstr("cl", NULL);
    scrolled = tgetstr("E3", NULL); /* what scrolled off, where that can be reached */
    if (clear != NULL)
        len = copy_undelayed(clear, out, size);
    if (len > 0 && scrolled != NULL)
        len += copy_undelayed(scrolled, out + len, size - len);
    return len;
}
