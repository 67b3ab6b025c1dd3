/* A terminal that is none: it keeps the last grid, and what is typed on it stands in a buffer. */
#ifndef LW_TEST_FAKE_TERMINAL_H
#define LW_TEST_FAKE_TERMINAL_H

#include "tui/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fake_terminal {
    struct lw_terminal base;
    int rows, columns;
    struct lw_buf typed; /* bytes not yet read */
    size_t at;
    bool gone;
    int shows, redraws, bells;
    bool *freed;
};

static inline struct fake_terminal *fake_of(struct lw_terminal *terminal)
{
    return (struct fake_terminal *)terminal;
}

static inline void fake_size(struct lw_terminal *terminal, int *rows, int *columns)
{
    *rows = fake_of(terminal)->rows;
    *columns = fake_of(terminal)->columns;
}

static inline void fake_show(struct lw_terminal *terminal, const struct lw_grid *grid)
{
    struct fake_terminal *fake = fake_of(terminal);

    assert_true(grid->cursor_row >= 0 && grid->cursor_row < grid->rows);
    assert_true(grid->cursor_column >= 0 && grid->cursor_column < grid->columns);
    fake->shows++;
}

static inline void fake_redraw(struct lw_terminal *terminal)
{
    fake_of(terminal)->redraws++;
}

static inline size_t fake_sequences(struct lw_terminal *terminal, struct lw_key_sequence *out,
                                    size_t max)
{
    static const struct lw_key_sequence own = {"\x1BZq", LW_KEY_F1 + 8, 0};

    (void)terminal;
    if (max > 0)
        out[0] = own;
    return 1;
}

static inline ssize_t fake_read(struct lw_terminal *terminal, void *bytes, size_t size)
{
    struct fake_terminal *fake = fake_of(terminal);
    size_t left = fake->typed.len - fake->at;

    if (left == 0)
        return fake->gone ? -1 : 0;
    if (left > size)
        left = size;
    memcpy(bytes, fake->typed.data + fake->at, left);
    fake->at += left;
    return (ssize_t)left;
}

static inline void fake_bell(struct lw_terminal *terminal)
{
    fake_of(terminal)->bells++;
}

static inline void fake_nothing(struct lw_terminal *terminal)
{
    (void)terminal;
}

static inline void fake_free(struct lw_terminal *terminal)
{
    struct fake_terminal *fake = fake_of(terminal);

    if (fake->freed != NULL)
        *fake->freed = true;
    lw_buf_free(&fake->typed);
    free(fake);
}

static inline struct fake_terminal *fake_terminal_new(int rows, int columns)
{
    static const struct lw_terminal_ops operations = {
        .size = fake_size,
        .show = fake_show,
        .redraw = fake_redraw,
        .sequences = fake_sequences,
        .read = fake_read,
        .bell = fake_bell,
        .leave = fake_nothing,
        .enter = fake_nothing,
        .free = fake_free,
    };
    struct fake_terminal *fake = calloc(1, sizeof *fake);

    assert_non_null(fake);
    fake->base.ops = &operations;
    fake->base.fd = -1;
    fake->base.utf8 = true;
    fake->rows = rows;
    fake->columns = columns;
    return fake;
}

/* Puts bytes where the next turn of the loop reads them. */
static inline void fake_type(struct fake_terminal *fake, const void *bytes, size_t len)
{
    assert_int_equal(lw_buf_add(&fake->typed, bytes, len), LW_OK);
}

/* The rows of a grid, without the first line of a dump. */
static inline void assert_rows(const struct lw_grid *grid, const char *expected)
{
    struct lw_buf dump = LW_BUF_INIT;
    const char *rows;

    assert_int_equal(lw_grid_dump(grid, false, &dump), LW_OK);
    rows = strchr(dump.data, '\n');
    assert_non_null(rows);
    assert_string_equal(rows + 1, expected);
    lw_buf_free(&dump);
}

#endif
