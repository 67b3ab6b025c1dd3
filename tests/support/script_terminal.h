/* A terminal for what asks by itself: it gives a script byte by byte and keeps pictures of the
 * screen. In a script KEEP keeps a picture, and QUIET is a moment in which nothing is typed. At its
 * end the terminal is gone. */
#ifndef LW_TEST_SCRIPT_TERMINAL_H
#define LW_TEST_SCRIPT_TERMINAL_H

#include "tui/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define KEEP  "\x01"
#define QUIET "\x02"

#define PICTURES_MAX 32

struct script_terminal {
    struct lw_terminal base;
    int rows, columns;
    const char *at;
    struct lw_buf shown; /* the screen now */
    struct lw_buf all;   /* everything that was ever on it */
    struct lw_buf picture[PICTURES_MAX];
    size_t count;
    /* what the hooks were told */
    unsigned keys, rests;
    bool suspended;
    struct lw_program_memory memory;
};

static inline struct script_terminal *script_of(struct lw_terminal *terminal)
{
    return (struct script_terminal *)terminal;
}

static inline void script_size(struct lw_terminal *terminal, int *rows, int *columns)
{
    *rows = script_of(terminal)->rows;
    *columns = script_of(terminal)->columns;
}

static inline void script_show(struct lw_terminal *terminal, const struct lw_grid *grid)
{
    struct script_terminal *script = script_of(terminal);

    assert_true(grid->cursor_row >= 0 && grid->cursor_row < grid->rows);
    assert_true(grid->cursor_column >= 0 && grid->cursor_column < grid->columns);
    lw_buf_clear(&script->shown);
    assert_int_equal(lw_grid_dump(grid, false, &script->shown), LW_OK);
    assert_int_equal(lw_buf_add(&script->all, script->shown.data, script->shown.len), LW_OK);
}

static inline void script_nothing(struct lw_terminal *terminal)
{
    (void)terminal;
}

static inline size_t script_sequences(struct lw_terminal *terminal, struct lw_key_sequence *out,
                                      size_t max)
{
    (void)terminal;
    (void)out;
    (void)max;
    return 0;
}

static inline ssize_t script_read(struct lw_terminal *terminal, void *bytes, size_t size)
{
    struct script_terminal *script = script_of(terminal);
    const struct timespec quiet = {.tv_nsec = 150000000};

    assert_int_equal(size, 1); /* nothing is read that somebody else is meant to get */
    for (; *script->at == KEEP[0]; script->at++) {
        assert_true(script->count < PICTURES_MAX);
        assert_int_equal(lw_buf_adds(&script->picture[script->count++], script->shown.data), LW_OK);
    }
    if (*script->at == '\0')
        return -1;
    if (*script->at == QUIET[0]) {
        script->at++;
        nanosleep(&quiet, NULL);
        return 0;
    }
    memcpy(bytes, script->at++, 1);
    return 1;
}

static inline void script_init(struct script_terminal *script, int rows, int columns,
                               const char *text)
{
    static const struct lw_terminal_ops operations = {
        .size = script_size,
        .show = script_show,
        .redraw = script_nothing,
        .sequences = script_sequences,
        .read = script_read,
        .bell = script_nothing,
        .leave = script_nothing,
        .enter = script_nothing,
        .free = script_nothing,
    };

    *script = (struct script_terminal){
        .base = {.ops = &operations, .fd = -1, .utf8 = true},
        .rows = rows,
        .columns = columns,
        .at = text,
    };
}

static inline void script_clear(struct script_terminal *script)
{
    lw_buf_free(&script->shown);
    lw_buf_free(&script->all);
    for (size_t i = 0; i < script->count; i++)
        lw_buf_free(&script->picture[i]);
}

/* What a picture shows, without its first line. */
static inline const char *script_picture(const struct script_terminal *script, size_t index)
{
    assert_true(index < script->count);
    return strchr(script->picture[index].data, '\n') + 1;
}

static inline void assert_shows(const struct script_terminal *script, size_t index,
                                const char *text)
{
    if (strstr(script_picture(script, index), text) == NULL)
        fail_msg("\"%s\" is not in picture %zu:\n%s", text, index, script_picture(script, index));
}

static inline void assert_never_shown(const struct script_terminal *script, const char *text)
{
    if (strstr(lw_buf_text(&script->all), text) != NULL)
        fail_msg("\"%s\" was on the screen", text);
}

static inline void script_key(void *context)
{
    ((struct script_terminal *)context)->keys++;
}

static inline void script_rest(void *context)
{
    ((struct script_terminal *)context)->rests++;
}

static inline bool script_suspended(void *context)
{
    return ((struct script_terminal *)context)->suspended;
}

static inline struct lw_program_hooks script_hooks(struct script_terminal *script)
{
    return (struct lw_program_hooks){.key = script_key,
                                     .rest = script_rest,
                                     .suspended = script_suspended,
                                     .context = script,
                                     .memory = &script->memory};
}

#endif
