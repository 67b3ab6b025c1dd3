/* The loop: bytes, keys, commands, timers, and a draw at the end of the turn. */
#include "loop_internal.h"

#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { READS_A_TURN = 64 }; /* so that a long paste does not keep the screen waiting */

/* ---- making -----------------------------------------------------------------------------------
 */

static void keymap_warning(void *context, size_t index, const char *text)
{
    struct lw_tui *tui = context;

    (void)index;
    if (tui->message.len == 0) /* the first one; the others count no less, but stand nowhere */
        lw_tui_say(tui, "%s", text);
}

static void learn_sequences(struct lw_tui *tui)
{
    struct lw_key_sequence list[64];
    size_t count = tui->terminal->ops->sequences(tui->terminal, list, LW_COUNT_OF(list));

    for (size_t i = 0; i < count && i < LW_COUNT_OF(list); i++)
        lw_keys_learn(tui->keys, &list[i]);
}

enum lw_status lw_tui_make(const struct lw_tui_options *options, const struct lw_tui_hooks *hooks,
                           struct lw_terminal *terminal,
                           const struct lw_action_table *const *tables, size_t table_count,
                           struct lw_tui **out, struct lw_error *err)
{
    const struct lw_bindings bindings = {options->bindings, options->binding_count, options->chord};
    struct lw_tui *tui = calloc(1, sizeof *tui);
    enum lw_status status = LW_NO_MEMORY;

    if (tui == NULL) {
        lw_terminal_free(terminal);
        return lw_fail(err, LW_NO_MEMORY, "no memory for the screen");
    }
    tui->options = *options;
    tui->hooks = *hooks;
    tui->terminal = terminal;
    tui->grid.ascii = terminal->ascii;
    tui->grid.plain = terminal->plain;
    tui->polled_ms = lw_tui_steady_ms(tui);
    tui->tick_ms = INT64_MAX;
    tui->dirty = true;
    status = lw_keys_new(&tui->keys);
    if (status == LW_OK)
        status = lw_keymap_new(tables, table_count, &bindings, keymap_warning, tui, &tui->keymap);
    if (status == LW_OK)
        status = lw_grid_resize(&tui->grid, 1, 1);
    if (status != LW_OK) {
        lw_tui_end(tui);
        return lw_fail(err, status, "no memory for the screen");
    }
    learn_sequences(tui);
    if (!terminal->utf8)
        lw_tui_say(tui,
                   "the locale has no UTF-8: letters beyond ASCII are shown as ?, and saved as "
                   "they are; set LC_ALL=C.UTF-8 to see them");
    *out = tui;
    return LW_OK;
}

static void close_views(struct lw_view **list)
{
    while (*list != NULL) {
        struct lw_view *view = *list;

        *list = view->below;
        view->ops->close(view);
    }
}

void lw_tui_end(struct lw_tui *tui)
{
    enum lw_status saved;

    if (tui == NULL)
        return;
    lw_tui_prompt_end(tui);
    saved = lw_tui_save(tui, NULL);
    (void)saved; /* who had to know was told by lw_tui_save before */
    close_views(&tui->top);
    close_views(&tui->closing);
    lw_terminal_free(tui->terminal);
    lw_keymap_free(tui->keymap);
    lw_keys_free(tui->keys);
    lw_grid_free(&tui->grid);
    lw_buf_free(&tui->message);
    lw_buf_free(&tui->notice);
    lw_buf_free(&tui->question.text);
    lw_tui_forget(tui);
    free(tui);
}

/* ---- what views ask for -----------------------------------------------------------------------
 */

void lw_tui_push(struct lw_tui *tui, struct lw_view *view)
{
    view->tui = tui;
    lw_tui_renewed(view);
    view->below = tui->top;
    tui->top = view;
    tui->dirty = true;
}

struct lw_view *lw_tui_top(const struct lw_tui *tui)
{
    return tui->top;
}

static bool is_on_stack(const struct lw_tui *tui, const struct lw_view *view)
{
    const struct lw_view *at = tui->top;

    while (at != NULL && at != view)
        at = at->below;
    return at != NULL;
}

enum lw_status lw_tui_close(struct lw_tui *tui, struct lw_view *view, struct lw_error *err)
{
    if (!is_on_stack(tui, view))
        return LW_OK;
    for (struct lw_view *at = tui->top;; at = at->below) {
        enum lw_status status = at->ops->save != NULL ? at->ops->save(at, err) : LW_OK;

        if (status != LW_OK)
            return status;
        if (at == view)
            break;
    }
    lw_tui_drop(tui, view);
    return LW_OK;
}

static struct lw_view *take_top(struct lw_tui *tui)
{
    struct lw_view *top = tui->top;

    tui->top = top->below;
    top->below = tui->closing;
    tui->closing = top;
    return top;
}

void lw_tui_clear(struct lw_tui *tui)
{
    while (tui->top != NULL)
        take_top(tui);
    if (tui->terminal->plain) { /* there nothing is drawn over what was told */
        tui->terminal->ops->leave(tui->terminal);
        tui->terminal->ops->enter(tui->terminal);
    }
    tui->dirty = true;
}

void lw_tui_drop(struct lw_tui *tui, struct lw_view *view)
{
    bool last = false;

    if (!is_on_stack(tui, view))
        return;
    while (!last)
        last = take_top(tui) == view;
    tui->dirty = true;
    if (tui->top == NULL)
        lw_tui_quit(tui, LW_OK);
}

enum lw_status lw_tui_save(struct lw_tui *tui, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (struct lw_view *view = tui->top; view != NULL; view = view->below) {
        if (view->ops->save != NULL) {
            enum lw_status one = view->ops->save(view, status == LW_OK ? err : NULL);

            status = status == LW_OK ? one : status;
        }
    }
    return status;
}

void lw_tui_quit(struct lw_tui *tui, enum lw_status status)
{
    if (!tui->over)
        tui->status = status;
    tui->over = true;
}

void lw_tui_redraw(struct lw_tui *tui)
{
    tui->dirty = true;
}

void lw_tui_renewed(struct lw_view *view)
{
    view->scene = ++view->tui->terminal->scenes;
}

void lw_tui_repaint(struct lw_tui *tui)
{
    tui->dirty = true;
    tui->terminal->ops->redraw(tui->terminal);
}

void lw_tui_changed(struct lw_tui *tui)
{
    for (struct lw_view *view = tui->top; view != NULL; view = view->below)
        view->stale = true;
    tui->dirty = true;
}

void lw_tui_say(struct lw_tui *tui, const char *format, ...)
{
    char text[1280];
    va_list list;

    va_start(list, format);
    (void)vsnprintf(text, sizeof text, lw_say(format), list); /* what is too long is cut */
    va_end(list);
    lw_buf_clear(&tui->message);
    if (lw_buf_adds(&tui->message, text) != LW_OK)
        lw_buf_clear(&tui->message);
    lw_zero(text, sizeof text);
    tui->message_is_alarm = false;
    tui->dirty = true;
}

void lw_tui_complain(struct lw_tui *tui, const struct lw_error *err)
{
    lw_tui_say(tui, "! %s", err->text[0] != '\0' ? err->text : lw_status_message(err->status));
    tui->message_is_alarm = true;
}

void lw_tui_notice(struct lw_tui *tui, const char *text)
{
    if (strcmp(lw_buf_text(&tui->notice), text) == 0)
        return;
    lw_buf_clear(&tui->notice);
    if (lw_buf_adds(&tui->notice, text) != LW_OK)
        lw_buf_clear(&tui->notice);
    tui->dirty = true;
}

void lw_tui_mark(struct lw_tui *tui, const char *text)
{
    tui->mark = text;
    tui->dirty = true;
}

void lw_tui_as_of(struct lw_tui *tui, const char *text)
{
    tui->as_of = text;
    tui->dirty = true;
}

void lw_tui_warn(struct lw_tui *tui, const char *text)
{
    tui->dirty = tui->dirty || tui->warning != text;
    tui->warning = text;
}

void lw_tui_flag(struct lw_tui *tui, const char *text)
{
    tui->dirty = tui->dirty || tui->flag != text;
    tui->flag = text;
}

void lw_tui_bell(struct lw_tui *tui)
{
    tui->terminal->ops->bell(tui->terminal);
}

int64_t lw_tui_steady_ms(const struct lw_tui *tui)
{
    return tui->hooks.steady_ms != NULL ? tui->hooks.steady_ms(tui->hooks.context)
                                        : lw_ticks_ms(CLOCK_MONOTONIC);
}

bool lw_tui_waits(const struct lw_tui *tui)
{
    struct pollfd wait = {.fd = tui->terminal->fd, .events = POLLIN};

    return wait.fd >= 0 && poll(&wait, 1, 0) > 0;
}

const struct lw_clock *lw_tui_clock(const struct lw_tui *tui)
{
    return tui->hooks.clock != NULL ? tui->hooks.clock : &lw_clock_system;
}

const struct lw_keymap *lw_tui_keymap(const struct lw_tui *tui)
{
    return tui->keymap;
}

void *lw_tui_program(const struct lw_tui *tui)
{
    return tui->program;
}

void lw_tui_set_program(struct lw_tui *tui, void *program)
{
    tui->program = program;
}

void lw_tui_set_read_only(struct lw_tui *tui, bool read_only)
{
    tui->read_only = read_only;
    lw_keymap_read_only(tui->keymap, read_only);
}

void lw_tui_read_only(struct lw_tui *tui)
{
    lw_tui_set_read_only(tui, true);
}

bool lw_tui_is_read_only(const struct lw_tui *tui)
{
    return tui->read_only;
}

const struct lw_grid *lw_tui_grid(const struct lw_tui *tui)
{
    return &tui->grid;
}

/* ---- one turn ---------------------------------------------------------------------------------
 */

static void follow_size(struct lw_tui *tui)
{
    int rows = 1;
    int columns = 1;

    tui->terminal->ops->size(tui->terminal, &rows, &columns);
    if (rows == tui->grid.rows && columns == tui->grid.columns)
        return;
    if (lw_grid_resize(&tui->grid, rows, columns) == LW_OK)
        tui->dirty = true;
}

static void take_keys(struct lw_tui *tui)
{
    struct lw_key key;

    while (!tui->over && lw_keys_next(tui->keys, lw_tui_steady_ms(tui), &key)) {
        tui->grid.keys++;
        lw_tui_press(tui, &key);
        close_views(&tui->closing);
    }
    lw_zero(&key, sizeof key);
}

static void take_bytes(struct lw_tui *tui)
{
    char bytes[512];

    for (int i = 0; i < READS_A_TURN && !tui->over; i++) {
        size_t room = lw_keys_room(tui->keys);
        ssize_t got = 0;

        if (room > 0)
            got = tui->terminal->ops->read(tui->terminal, bytes,
                                           room < sizeof bytes ? room : sizeof bytes);
        if (got < 0)
            lw_keys_end(tui->keys);
        if (got > 0)
            lw_keys_feed(tui->keys, bytes, (size_t)got, lw_tui_steady_ms(tui));
        take_keys(tui);
        if (got <= 0)
            break;
    }
    lw_zero(bytes, sizeof bytes);
}

static int poll_every(const struct lw_tui *tui)
{
    return tui->hooks.poll_ms > 0 ? tui->hooks.poll_ms : LW_TUI_POLL_MS;
}

static void look_for_changes(struct lw_tui *tui)
{
    struct lw_error err = {.status = LW_OK};
    int64_t now = lw_tui_steady_ms(tui);
    bool changed = false;

    if (tui->hooks.poll == NULL || now - tui->polled_ms < poll_every(tui))
        return;
    tui->polled_ms = now;
    if (tui->hooks.poll(tui->hooks.context, &changed, &err) != LW_OK)
        lw_tui_complain(tui, &err);
    else if (changed)
        lw_tui_changed(tui);
}

static void wake(struct lw_tui *tui)
{
    struct pollfd wait = {.fd = tui->hooks.wake_fd, .events = POLLIN};

    if (tui->hooks.on_wake != NULL && wait.fd >= 0 && poll(&wait, 1, 0) > 0)
        tui->hooks.on_wake(tui->hooks.context);
}

static void tick(struct lw_tui *tui)
{
    tui->tick_ms = INT64_MAX;
    for (struct lw_view *view = tui->top; view != NULL && !tui->over; view = view->below) {
        int wait = view->ops->tick != NULL ? view->ops->tick(view) : -1;
        int64_t then = lw_tui_steady_ms(tui) + wait;

        if (wait >= 0 && then < tui->tick_ms)
            tui->tick_ms = then;
    }
}

static void show(struct lw_tui *tui)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_view *top = tui->top;

    if (!tui->dirty || top == NULL)
        return;
    if (top->stale) {
        top->stale = false;
        if (top->ops->refresh != NULL && top->ops->refresh(top, &err) != LW_OK)
            lw_tui_complain(tui, &err);
        tui->tick_ms = lw_tui_steady_ms(tui); /* it may have begun to count */
    }
    tui->dirty = false;
    lw_tui_draw(tui);
    tui->terminal->ops->show(tui->terminal, &tui->grid);
}

bool lw_tui_turn(struct lw_tui *tui)
{
    follow_size(tui);
    take_bytes(tui);
    if (!tui->over)
        wake(tui);
    if (!tui->over)
        look_for_changes(tui);
    tick(tui);
    close_views(&tui->closing);
    if (tui->top == NULL)
        lw_tui_quit(tui, LW_OK);
    if (!tui->over)
        show(tui);
    close_views(&tui->closing);
    return !tui->over;
}

int lw_tui_wait(const struct lw_tui *tui)
{
    int64_t now = lw_tui_steady_ms(tui);
    int64_t wait = INT64_MAX;
    int keys = lw_keys_wait(tui->keys, now);

    if (keys >= 0)
        wait = keys;
    if (tui->tick_ms != INT64_MAX && tui->tick_ms - now < wait)
        wait = tui->tick_ms - now;
    if (tui->hooks.poll != NULL && tui->polled_ms + poll_every(tui) - now < wait)
        wait = tui->polled_ms + poll_every(tui) - now;
    if (tui->dirty)
        wait = 0;
    if (wait == INT64_MAX)
        return -1;
    return wait < 0 ? 0 : wait > INT_MAX ? INT_MAX : (int)wait;
}

enum lw_status lw_tui_run(struct lw_tui *tui, struct lw_error *err)
{
    while (lw_tui_turn(tui)) {
        struct pollfd wait[2] = {
            {.fd = tui->terminal->fd, .events = POLLIN},
            {.fd = tui->hooks.on_wake != NULL ? tui->hooks.wake_fd : -1, .events = POLLIN},
        };

        /* a signal ends the wait: the size may be another one */
        poll(wait, LW_COUNT_OF(wait), lw_tui_wait(tui));
    }
    if (tui->status != LW_OK && err != NULL && err->status == LW_OK)
        return lw_fail(err, tui->status,
                       tui->status == LW_NO_TERMINAL ? "the terminal is gone"
                                                     : "the screen was "
                                                       "ended");
    return tui->status;
}
