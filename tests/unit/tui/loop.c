/* Keys in, grid out: the loop, the stack of views, prompt, messages, help, timers. */
#include "tui/loop.h"
#include "fake_terminal.h"
#include "tui/list.h"
#include "tui/recall.h"

#include <stdio.h>
#include <unistd.h>

/* ---- a program with two kinds of views ---------------------------------------------------------
 */

struct program {
    struct lw_tui *tui;
    struct fake_terminal *fake;
    int64_t now;
    int activity, hangups, polls, wakes;
    bool changed, poll_fails;
    int wake[2];
    bool freed;
    struct lw_buf log; /* what happened to the views */
    enum lw_status save_with;
};

struct plain {
    struct lw_view view;
    struct program *program;
    const char *name;
    struct lw_list list;
    size_t rows;
    bool editing, deaf; /* deaf: takes no key */
    struct lw_buf text;
    int tick_wait;
};

static void note(struct program *program, const char *what)
{
    if (program->log.len > 0)
        assert_int_equal(lw_buf_addc(&program->log, ' '), LW_OK);
    assert_int_equal(lw_buf_adds(&program->log, what), LW_OK);
}

static void assert_log(struct program *program, const char *expected)
{
    assert_string_equal(lw_buf_text(&program->log), expected);
    lw_buf_clear(&program->log);
}

static size_t rows_count(void *context)
{
    return ((struct plain *)context)->rows;
}

static int rows_draw(void *context, size_t row, const struct lw_area *area)
{
    (void)context;
    return lw_area_putf(area, 0, 0, LW_STYLE_PLAIN, "row %zu", row + 1);
}

static void plain_draw(struct lw_view *view, const struct lw_area *area)
{
    struct plain *plain = (struct plain *)view;

    if (plain->editing) {
        int used = lw_area_puts(area, 0, 0, LW_STYLE_FIELD, lw_buf_text(&plain->text));

        lw_area_cursor(area, 0, used);
        return;
    }
    lw_list_draw(&plain->list, area, "no rows");
}

static void plain_close(struct lw_view *view)
{
    struct plain *plain = (struct plain *)view;

    note(plain->program, "closed");
    lw_buf_free(&plain->text);
    free(plain);
}

static enum lw_status plain_title(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_adds(out, ((struct plain *)view)->name);
}

static enum lw_status plain_status(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_addf(out, "%zu rows", ((struct plain *)view)->rows);
}

static bool plain_editing(struct lw_view *view)
{
    return ((struct plain *)view)->editing;
}

static bool plain_key(struct lw_view *view, const struct lw_key *key)
{
    struct plain *plain = (struct plain *)view;
    size_t len = 0;
    const char *text = lw_key_text(key, &len);

    if (!plain->editing || plain->deaf || text == NULL)
        return false;
    assert_int_equal(lw_buf_add(&plain->text, text, len), LW_OK);
    return true;
}

static bool plain_move(struct lw_view *view, enum lw_move move)
{
    return lw_list_move(&((struct plain *)view)->list, move);
}

static struct plain *push(struct program *program, const char *name, size_t rows, bool editing);

static enum lw_status plain_open(struct lw_view *view, struct lw_error *err)
{
    struct plain *plain = (struct plain *)view;
    size_t row = 0;

    if (!lw_list_selected(&plain->list, &row))
        return lw_fail(err, LW_NOT_FOUND, "there is nothing to open");
    push(plain->program, "Below", row, false);
    return LW_OK;
}

static enum lw_status plain_refresh(struct lw_view *view, struct lw_error *err)
{
    struct plain *plain = (struct plain *)view;

    note(plain->program, "refreshed");
    if (plain->rows == 0)
        return lw_fail(err, LW_DAMAGED, "the rows cannot be read");
    plain->rows++;
    return LW_OK;
}

static int plain_tick(struct lw_view *view)
{
    return ((struct plain *)view)->tick_wait;
}

static enum lw_status plain_save(struct lw_view *view, struct lw_error *err)
{
    struct plain *plain = (struct plain *)view;

    note(plain->program, "saved");
    if (plain->program->save_with != LW_OK)
        return lw_fail(err, plain->program->save_with, "the draft cannot be saved: no space left");
    return LW_OK;
}

static const struct lw_view_ops plain_ops = {
    .context = LW_IN_LIST,
    .help = "Rows, one below the other. They mean nothing at all, and there is nothing to be done "
            "about them.",
    .draw = plain_draw,
    .close = plain_close,
    .title = plain_title,
    .status = plain_status,
    .editing = plain_editing,
    .key = plain_key,
    .move = plain_move,
    .open = plain_open,
    .refresh = plain_refresh,
    .tick = plain_tick,
    .save = plain_save,
};

static struct plain *push(struct program *program, const char *name, size_t rows, bool editing)
{
    struct plain *plain = calloc(1, sizeof *plain);

    assert_non_null(plain);
    plain->view.ops = &plain_ops;
    plain->program = program;
    plain->name = name;
    plain->rows = rows;
    plain->editing = editing;
    plain->tick_wait = -1;
    plain->list.source =
        (struct lw_list_source){.count = rows_count, .draw = rows_draw, .context = plain};
    lw_tui_push(program->tui, &plain->view);
    return plain;
}

/* ---- commands of it ---------------------------------------------------------------------------
 */

static enum lw_status answered(struct lw_tui *tui, void *context, char letter, struct lw_error *err)
{
    (void)context;
    (void)err;
    lw_tui_say(tui, "answer: %c", letter != '\0' ? letter : '-');
    return LW_OK;
}

static enum lw_status ask(struct lw_tui *tui, struct lw_view *view, const char *argument,
                          struct lw_error *err)
{
    (void)view;
    (void)argument;
    return lw_tui_choose(tui, "Really?", "yn", answered, NULL, err);
}

static enum lw_status do_fail(struct lw_tui *tui, struct lw_view *view, const char *argument,
                              struct lw_error *err)
{
    (void)tui;
    (void)view;
    return lw_fail(err, LW_BUSY,
                   "another process has been writing for %s seconds and goes on, so "
                   "that nothing can be saved at the moment; try again",
                   argument[0] != '\0' ? argument : "some");
}

static void searched(struct lw_tui *tui, void *context, const char *text, size_t len)
{
    char notice[32];

    (void)context;
    snprintf(notice, sizeof notice, "%zu:%s", len, text);
    lw_tui_notice(tui, notice);
}

static enum lw_status search_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                  struct lw_error *err)
{
    (void)context;
    (void)err;
    lw_tui_say(tui, "found %.*s", (int)len, text);
    return LW_OK;
}

static void search_cancelled(struct lw_tui *tui, void *context)
{
    (void)context;
    lw_tui_notice(tui, "");
}

static enum lw_status search(struct lw_tui *tui, struct lw_view *view, const char *argument,
                             struct lw_error *err)
{
    static const struct lw_prompt prompt = {
        .label = "search: ",
        .changed = searched,
        .done = search_done,
        .cancelled = search_cancelled,
    };

    (void)view;
    return lw_tui_ask(tui, &prompt, argument, err);
}

static const struct lw_action own[] = {
    {"ask", "a", LW_IN_LIST, "ask something", "ask", 0, ask},
    {"fail", "x", LW_IN_LIST, "do what cannot be done", NULL, LW_ACTION_ARGUMENT, do_fail},
    {"search", "/", LW_IN_LIST, "search as you type", "search", LW_ACTION_ARGUMENT, search},
};
static const struct lw_action_table own_table = {own, LW_COUNT_OF(own)};
static const struct lw_action_table *const tables[] = {&own_table, &lw_actions_common};

static const struct lw_action grave[] = {
    {"grave", "", LW_IN_LIST, "what must be typed", NULL, 0, ask},
};
static const struct lw_action_table grave_table = {grave, LW_COUNT_OF(grave)};
static const struct lw_action_table *const tables_with_grave[] = {&own_table, &lw_actions_common,
                                                                  &grave_table};

/* ---- hooks ------------------------------------------------------------------------------------
 */

static int64_t steady(void *context)
{
    return ((struct program *)context)->now;
}

static void activity(void *context)
{
    ((struct program *)context)->activity++;
}

static void hangup(void *context)
{
    struct program *program = context;

    program->hangups++;
    note(program, "hangup");
}

static enum lw_status poll_changes(void *context, bool *changed, struct lw_error *err)
{
    struct program *program = context;

    program->polls++;
    *changed = program->changed;
    program->changed = false;
    if (program->poll_fails)
        return lw_fail(err, LW_IO, "the vault is gone");
    return LW_OK;
}

static void on_wake(void *context)
{
    struct program *program = context;
    char byte;

    assert_int_equal(read(program->wake[0], &byte, 1), 1);
    program->wakes++;
}

static struct program *start_on(int rows, int columns, const char *const *bindings, size_t count,
                                const struct lw_action_table *const *list, size_t list_count)
{
    struct program *program = calloc(1, sizeof *program);
    const struct lw_tui_options options = {
        .bindings = bindings, .binding_count = count, .corner = "^\\ lock"};
    struct lw_tui_hooks hooks = {
        .steady_ms = steady,
        .on_activity = activity,
        .on_hangup = hangup,
        .on_wake = on_wake,
        .poll = poll_changes,
        .context = program,
    };

    assert_non_null(program);
    program->now = 1000;
    program->fake = fake_terminal_new(rows, columns);
    program->fake->freed = &program->freed;
    assert_int_equal(pipe(program->wake), 0);
    hooks.wake_fd = program->wake[0];
    assert_int_equal(
        lw_tui_make(&options, &hooks, &program->fake->base, list, list_count, &program->tui, NULL),
        LW_OK);
    return program;
}

static struct program *start_with(int rows, int columns, const char *const *bindings, size_t count)
{
    return start_on(rows, columns, bindings, count, tables, LW_COUNT_OF(tables));
}

static struct program *start(int rows, int columns)
{
    struct program *program = start_with(rows, columns, NULL, 0);

    push(program, "Rows", 7, false);
    assert_true(lw_tui_turn(program->tui));
    return program;
}

static void stop(struct program *program)
{
    lw_tui_end(program->tui);
    assert_true(program->freed);
    close(program->wake[0]);
    close(program->wake[1]);
    lw_buf_free(&program->log);
    free(program);
}

/* Types and takes turns until nothing more is waited for but the polling. */
static bool press(struct program *program, const char *bytes)
{
    bool on;

    fake_type(program->fake, bytes, strlen(bytes));
    on = lw_tui_turn(program->tui);
    program->now += 101;
    return on && lw_tui_turn(program->tui);
}

static void assert_screen(struct program *program, const char *expected)
{
    assert_rows(lw_tui_grid(program->tui), expected);
}

static void assert_row(struct program *program, int row, const char *expected)
{
    const struct lw_grid *grid = lw_tui_grid(program->tui);
    struct lw_buf dump = LW_BUF_INIT;
    const char *at;
    size_t len;

    assert_int_equal(lw_grid_dump(grid, false, &dump), LW_OK);
    at = dump.data;
    for (int i = -1; i < (row < 0 ? grid->rows + row : row); i++)
        at = strchr(at, '\n') + 1;
    len = strcspn(at, "\n");
    dump.data[(size_t)(at - dump.data) + len] = '\0';
    assert_string_equal(at, expected);
    lw_buf_free(&dump);
}

/* ---- tests ------------------------------------------------------------------------------------
 */

static void first_screen(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_screen(program, "Rows                              7 rows\n"
                           "> row 1\n"
                           "  row 2\n"
                           "  row 3\n"
                           "  row 4\n"
                           "  row 5\n"
                           "  row 6\n"
                           "  row 7\n"
                           "\n"
                           "a ask  / search  ? help          ^\\ lock\n");
    stop(program);
}

static void keys_reach_commands(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_true(press(program, "j\x1B[B"));
    assert_row(program, 3, "> row 3");
    assert_true(press(program, "л")); /* k on a Russian layout */
    assert_row(program, 2, "> row 2");
    assert_true(press(program, "G\r"));
    assert_row(program, 0, "Below                             6 rows");
    assert_true(press(program, "\x1B"));
    assert_row(program, 0, "Rows                              7 rows");
    assert_row(program, 7, "> row 7");
    assert_log(program, "saved closed");
    assert_int_equal(program->activity, 6);
    stop(program);
}

/* Nothing is drawn or sent where nothing happened. */
static void idle_shows_nothing(void **state)
{
    struct program *program = start(24, 80);
    int shows = program->fake->shows;

    (void)state;
    for (int i = 0; i < 100; i++) {
        program->now += 100;
        assert_true(lw_tui_turn(program->tui));
    }
    assert_int_equal(program->fake->shows, shows);
    assert_int_equal(program->polls, 25);
    assert_int_equal(program->activity, 0);
    stop(program);
}

static void changes_of_others(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    push(program, "On top", 3, false);
    program->changed = true;
    program->now += 399;
    assert_true(lw_tui_turn(program->tui));
    assert_log(program, "");
    assert_int_equal(lw_tui_wait(program->tui), 1);
    program->now += 1;
    assert_true(lw_tui_turn(program->tui));
    assert_log(program, "refreshed"); /* the one that is seen */
    assert_row(program, 0, "On top                            4 rows");
    assert_true(press(program, "q"));
    assert_log(program, "saved closed refreshed");
    assert_row(program, 0, "Rows                              8 rows");
    program->poll_fails = true;
    program->now += 400;
    assert_true(lw_tui_turn(program->tui));
    assert_row(program, -1, "! the vault is gone");
    stop(program);
}

static void a_refresh_that_fails_is_said(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    push(program, "Empty", 0, false);
    lw_tui_changed(program->tui);
    assert_true(lw_tui_turn(program->tui));
    assert_row(program, 1, "  no rows");
    assert_row(program, -1, "! the rows cannot be read");
    assert_true(press(program, "\r"));
    assert_row(program, -1, "! there is nothing to open");
    stop(program);
}

static void messages(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_true(press(program, "x"));
    assert_screen(program, "Rows                              7 rows\n"
                           "> row 1\n"
                           "  row 2\n"
                           "  row 3\n"
                           "  row 4\n"
                           "  row 5\n"
                           "! another process has been writing for\n"
                           "some seconds and goes on, so that\n"
                           "nothing can be saved at the moment; try\n"
                           "again\n");
    assert_true(press(program, "z"));
    assert_row(program, -1, "z does nothing here; ? shows the keys");
    assert_true(press(program, "\x1B[25~"));
    assert_row(program, -1, "this key is not known here");
    assert_true(press(program, "\x1B[200~qq\x1B[201~"));
    assert_row(program, -1, "there is no field here to paste into");
    assert_true(press(program, "j"));
    assert_row(program, -1, "a ask  / search  ? help          ^\\ lock");
    stop(program);
}

static void stepping_back_from_the_first(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_true(press(program, "q\x1B"));
    assert_row(program, -1, "Q leaves the program");
    assert_false(press(program, "Q"));
    assert_log(program, "saved");
    assert_int_equal(lw_tui_run(program->tui, NULL), LW_OK);
    stop(program);
}

static void what_cannot_be_saved_is_kept(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    push(program, "Draft", 2, false);
    program->save_with = LW_FULL;
    assert_true(press(program, "q"));
    assert_row(program, 0, "Draft                             2 rows");
    assert_row(program, -2, "! the draft cannot be saved: no space");
    assert_true(press(program, "Q"));
    assert_row(program, -2, "! the draft cannot be saved: no space");
    assert_log(program, "saved saved saved");
    program->save_with = LW_OK;
    assert_true(press(program, "q"));
    assert_log(program, "saved closed");
    stop(program);
}

static void letters_are_text_in_editors(void **state)
{
    struct program *program = start(10, 40);
    struct plain *plain = push(program, "Form", 0, true);

    (void)state;
    assert_true(press(program, "qQj/ж?"));
    assert_true(press(program, "\x1B[200~q\rQ\xFF\x1B[201~"));
    assert_string_equal(lw_buf_text(&plain->text), "qQj/ж?q\nQ\xEF\xBF\xBD");
    assert_row(program, -2, "1 bytes of the paste were no text; each");
    assert_row(program, -1, "stands as \xEF\xBF\xBD");
    assert_true(press(program, "\x0C"));
    assert_int_equal(program->fake->redraws, 1);
    assert_true(press(program, "\x1BOP"));
    assert_row(program, 0, "Help (Esc goes back)       8 of 31 lines");
    assert_true(press(program, "\x1B\x1B"));
    assert_log(program, "saved closed");
    stop(program);
}

/* Also where the editor has no use for it: a letter typed in a form must never close it. */
static void text_is_never_a_command(void **state)
{
    struct program *program = start(10, 40);
    struct plain *plain = push(program, "Form", 0, true);

    (void)state;
    plain->deaf = true;
    assert_true(press(program, "qQa:?й\x1B[200~q\x1B[201~"));
    assert_row(program, 0, "Form                              0 rows");
    assert_row(program, -1, "F1 help                          ^\\ lock");
    assert_log(program, "");
    assert_true(press(program, "\x13"));
    assert_row(program, -2, "Ctrl-S does nothing here; F1 shows the");
    stop(program);
}

static void a_message_stands_above_the_prompt(void **state)
{
    struct program *program = start(10, 40);
    struct lw_buf paste = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_buf_adds(&paste, "/\x1B[200~"), LW_OK);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(lw_buf_addc(&paste, 'x'), LW_OK);
    assert_int_equal(lw_buf_adds(&paste, "\x1B[201~"), LW_OK);
    assert_true(press(program, paste.data));
    assert_row(program, -1, "search:");
    assert_true(strstr(lw_buf_text(&program->log), "closed") == NULL);
    {
        const struct lw_grid *grid = lw_tui_grid(program->tui);
        int row = grid->rows - 2;

        while (row > 0 && lw_grid_cell(grid, row, 0)->style == LW_STYLE_ALARM)
            row--;
        assert_true(row < grid->rows - 2);
        assert_int_equal(lw_grid_cell(grid, row + 1, 0)->text[0], '!');
        assert_int_equal(grid->cursor_row, grid->rows - 1);
    }
    assert_true(press(program, "y"));
    assert_row(program, -2, "");
    assert_row(program, -1, "search: y");
    lw_buf_free(&paste);
    stop(program);
}

static void commands_by_name(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_true(press(program, ":"));
    assert_row(program, -1, ":                                14 more");
    assert_int_equal(lw_tui_grid(program->tui)->cursor_row, 9);
    assert_int_equal(lw_tui_grid(program->tui)->cursor_column, 1);
    assert_true(press(program, "las\r"));
    assert_row(program, 7, "> row 7");
    assert_true(press(program, ":fail 12\r"));
    assert_row(program, -2, "12 seconds and goes on, so that nothing");
    assert_true(press(program, ":page\r"));
    assert_row(program, -2, "! several commands begin with \"page\";");
    assert_true(press(program, ":nonsense\r"));
    assert_row(program, -1, "! there is no command \"nonsense\" here");
    assert_true(press(program, ":up 3\r"));
    assert_row(program, -1, "! \"up\" takes nothing behind its name");
    assert_true(press(program, ":\r"));
    assert_row(program, -1, "a ask  / search  ? help          ^\\ lock");
    assert_true(press(program, ":up\x1B"));
    assert_row(program, 7, "> row 7");
    assert_row(program, -1, "a ask  / search  ? help          ^\\ lock");
    assert_true(press(program, ":first\x07"));
    assert_row(program, 7, "> row 7");
    stop(program);
}

#define UP   "\x1B[A"
#define DOWN "\x1B[B"

static void commands_are_brought_back(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_true(press(program, ":" UP)); /* none yet: the last one in the list */
    assert_row(program, -1, ":up");
    assert_true(press(program, "\x1B"));
    assert_true(press(program, ":last\r"));
    assert_true(press(program, ":fail 12\r"));
    assert_true(press(program, ":secret by mistake\r"));
    assert_true(press(program, ":" UP));
    assert_row(program, -2, "  fail           x      do what cannot …");
    assert_row(program, -1, ":fail 12");
    assert_true(press(program, UP));
    assert_row(program, -1, ":last");
    assert_true(press(program, UP)); /* that is all */
    assert_row(program, -1, ":last");
    assert_true(press(program, DOWN "3"));
    assert_row(program, -1, ":fail 123");
    assert_true(press(program, UP)); /* changed: it goes through the list */
    assert_row(program, -1, ":fail 123");
    assert_true(press(program, "\r:" UP));
    assert_row(program, -1, ":fail 123");
    assert_true(press(program, UP UP DOWN DOWN DOWN)); /* behind the newest: empty */
    assert_row(program, -1, ":                                14 more");
    assert_true(press(program, UP UP "\r"));
    assert_row(program, -2, "12 seconds and goes on, so that nothing");
    assert_true(press(program, ":" UP)); /* once, as the newest */
    assert_row(program, -1, ":fail 12");
    assert_true(press(program, UP));
    assert_row(program, -1, ":fail 123");
    assert_true(press(program, UP));
    assert_row(program, -1, ":last");
    assert_true(press(program, "\x1B"));
    assert_true(press(program, "/" UP)); /* no other prompt */
    assert_row(program, -1, "search:");
    stop(program);
}

/* Else arrow and Enter, pressed by mistake, would do what has no key on purpose. */
static void a_command_without_a_key_is_not_brought_back(void **state)
{
    struct program *program =
        start_on(10, 40, NULL, 0, tables_with_grave, LW_COUNT_OF(tables_with_grave));

    (void)state;
    push(program, "Rows", 7, false);
    assert_true(press(program, ":last\r:grave\r"));
    assert_true(press(program, "n"));
    assert_true(press(program, ":" UP));
    assert_row(program, -1, ":last");
    stop(program);
}

static void only_the_newest_commands_are_kept(void **state)
{
    struct lw_recall recall = {.count = 0};
    char text[16];

    (void)state;
    for (int i = 0; i < LW_RECALL_LINES + 2; i++)
        lw_recall_add(&recall, text, (size_t)snprintf(text, sizeof text, "go %d", i));
    assert_int_equal(recall.count, LW_RECALL_LINES);
    for (int i = 0; i < 2 * LW_RECALL_LINES; i++)
        lw_recall_step(&recall, true);
    assert_true(lw_recall_stands(&recall, "go 2"));
    lw_recall_clear(&recall);
    assert_string_equal(lw_recall_step(&recall, true), "");
}

static void commands_are_completed(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_true(press(program, ":sea\t"));
    assert_row(program, -1, ":search");
    assert_true(press(program, "\x1B"));
    assert_true(press(program, ":pa\t")); /* as far as both begin */
    assert_row(program, -3, "  page-down      PgDn   one page down");
    assert_row(program, -2, "  page-up        PgUp   one page up");
    assert_row(program, -1, ":page-");
    assert_true(press(program, "\t"));
    assert_row(program, -3, "> page-down      PgDn   one page down");
    assert_row(program, -1, ":page-down");
    assert_true(press(program, "\t"));
    assert_row(program, -2, "> page-up        PgUp   one page up");
    assert_row(program, -1, ":page-up");
    assert_true(press(program, "\x1B[Z"));
    assert_row(program, -1, ":page-down");
    assert_true(press(program, "\x1B[B\x1B[B")); /* the arrows: what was typed is one of them */
    assert_row(program, -1, ":page-");
    assert_true(press(program, "\x1B[A\r"));
    assert_row(program, -1, "a ask  / search  ? help          ^\\ lock");
    assert_true(press(program, ":zz\t"));
    assert_row(program, -2, "  nothing here begins like that");
    assert_row(program, -1, ":zz");
    stop(program);
}

/* The same number of rows, whatever is typed, so that the view above stays where it is. */
static void commands_are_offered(void **state)
{
    struct program *program = start(10, 80);

    (void)state;
    assert_true(press(program, "G:"));
    assert_screen(
        program,
        "Rows                                                                      7 rows\n"
        "  row 3\n"
        "  row 4\n"
        "  row 5\n"
        "  row 6\n"
        "> row 7\n"
        "  ask             a           ask something\n"
        "  back            Esc q       one step back; what was typed is kept\n"
        "  command         : F9        call a command by its name\n"
        ":                                                                        14 more\n");
    assert_true(press(program, "f"));
    assert_screen(
        program,
        "Rows                                                                      7 rows\n"
        "  row 3\n"
        "  row 4\n"
        "  row 5\n"
        "  row 6\n"
        "> row 7\n"
        "\n"
        "  fail            x           do what cannot be done\n"
        "  first           Home g      to the first line\n"
        ":f\n");
    assert_int_equal(lw_tui_grid(program->tui)->cursor_row, 9);
    assert_int_equal(lw_tui_grid(program->tui)->cursor_column, 2);
    assert_true(press(program, "ail 5"));
    assert_row(program, -2, "  fail            x           do what cannot be done");
    assert_true(press(program, "\t"));
    assert_row(program, -3, "! Nothing known begins like that");
    assert_row(program, -2, "  fail            x           do what cannot be done");
    assert_row(program, -1, ":fail 5");
    assert_true(press(program, "\x1B"));
    assert_true(press(program, ":\x1B[A"));
    assert_row(program, -2, "> up              Up k        one line up");
    assert_row(program, -1, ":up");
    stop(program);
}

/* Names are in Latin letters; what stands behind one is as it is typed. */
static void commands_on_a_russian_layout(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_true(press(program, "Жыуф"));
    assert_row(program, -1, ":sea");
    assert_row(program, -2, "  search         /      search as you t…");
    assert_true(press(program, "\t жук"));
    assert_row(program, -1, ":search жук");
    assert_true(press(program, "\r"));
    assert_row(program, -1, "search: жук");
    stop(program);
}

/* Where letters are text another key opens it, and commands without a key there can be called. */
static void commands_from_an_editor(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    push(program, "Form", 0, true);
    assert_true(press(program, "\x1B[20~last"));
    assert_row(program, -2, "  last           End    to the last line");
    assert_row(program, -1, ":last");
    assert_true(press(program, "\x1B"));
    assert_row(program, -1, "F1 help                          ^\\ lock");
    stop(program);
}

static void prompts(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_true(press(program, "/ж"));
    assert_row(program, 0, "Rows                        2:ж · 7 rows");
    assert_row(program, -1, "search: ж");
    assert_true(press(program, "2\x7F"));
    assert_row(program, 0, "Rows                        2:ж · 7 rows");
    assert_true(press(program, "\x1B[200~a\rb\x1B[201~")); /* a pasted newline submits nothing */
    assert_row(program, -1, "search: жa b");
    assert_true(press(program, "\r"));
    assert_row(program, -1, "found жa b");
    assert_true(press(program, ":search old\r"));
    assert_row(program, -1, "search: old");
    assert_true(press(program, "\x01"
                               "x\x1B"));
    assert_row(program, 0, "Rows                              7 rows");
    stop(program);
}

static void questions(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_true(press(program, "a"));
    assert_row(program, -1, "Really? (y/n)");
    assert_int_equal(lw_tui_grid(program->tui)->cursor_column, 14);
    assert_true(press(program, "qj\r"));
    assert_row(program, -1, "Really? (y/n)");
    assert_true(press(program, "y"));
    assert_row(program, -1, "answer: y");
    assert_true(press(program, "aт")); /* n on a Russian layout */
    assert_row(program, -1, "answer: n");
    assert_true(press(program, "a\x1B"));
    assert_row(program, -1, "answer: -");
    stop(program);
}

static void help(void **state)
{
    struct program *program = start(24, 80);

    (void)state;
    assert_true(press(program, "?"));
    assert_screen(
        program,
        "Help (Esc goes back)\n"
        "Rows, one below the other. They mean nothing at all, and there is nothing to be\n"
        "done about them.\n"
        "\n"
        "a                   ask           ask something\n"
        "x                   fail          do what cannot be done\n"
        "/                   search        search as you type\n"
        "Up k                up            one line up\n"
        "Down j              down          one line down\n"
        "Left h              left          to the left\n"
        "Right l             right         to the right\n"
        "PgUp Ctrl-B         page-up       one page up\n"
        "PgDn Ctrl-F         page-down     one page down\n"
        "Home g              first         to the first line\n"
        "End G               last          to the last line\n"
        "Enter               open          open what is selected\n"
        "Esc q Ctrl-G        back          one step back; what was typed is kept\n"
        "? F1                help          every key of this screen\n"
        ": F9                command       call a command by its name\n"
        "Ctrl-L              redraw        draw the whole screen again\n"
        "Q                   quit          save and leave\n"
        "\n"
        "\n"
        "                                                                         ^\\ lock\n");
    assert_true(press(program, "q"));
    assert_row(program, 1, "> row 1");
    assert_true(press(program, "??")); /* what opens it closes it */
    assert_row(program, 1, "> row 1");
    stop(program);
}

static void help_scrolls(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_true(press(program, "?"));
    assert_screen(program, "Help (Esc goes back)       8 of 39 lines\n"
                           "Rows, one below the other. They mean\n"
                           "nothing at all, and there is nothing to\n"
                           "be done about them.\n"
                           "\n"
                           "a                   ask\n"
                           "    ask something\n"
                           "x                   fail\n"
                           "    do what cannot be done\n"
                           "                                 ^\\ lock\n");
    assert_true(press(program, "jj"));
    assert_row(program, 1, "be done about them.");
    assert_true(press(program, "k"));
    assert_row(program, 1, "nothing at all, and there is nothing to");
    assert_true(press(program, "G"));
    assert_row(program, 8, "    save and leave");
    assert_true(press(program, "j\x1B[6~"));
    assert_row(program, 8, "    save and leave");
    assert_true(press(program, "\x1B[5~g"));
    assert_row(program, 1, "Rows, one below the other. They mean");
    stop(program);
}

static void sizes(void **state)
{
    struct program *program = start(24, 80);
    static const int list[][2] = {{1, 1},   {5, 20},  {10, 39}, {9, 200}, {10, 40},
                                  {1, 500}, {500, 1}, {2, 2},   {24, 80}};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(list); i++) {
        program->fake->rows = list[i][0];
        program->fake->columns = list[i][1];
        assert_true(press(program, "jk?q:x\x1B/x\x1B"
                                   "ax\x1Bx"));
        assert_int_equal(lw_tui_grid(program->tui)->rows, list[i][0]);
        assert_int_equal(lw_tui_grid(program->tui)->columns, list[i][1]);
        if (list[i][0] == 5)
            assert_screen(program, "too small: 20x5, nee\n\n\n\n\n");
        if (list[i][0] == 1 && list[i][1] == 1)
            assert_screen(program, "t\n");
        if (list[i][0] == 9)
            assert_row(program, 0, "too small: 200x9, needs 40x10");
    }
    assert_row(program, 1, "> row 1");
    stop(program);
}

static void hang_up(void **state)
{
    static const char *const before[] = {"", "\x1B", "/text", "a", "\x1B[200~paste"};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(before); i++) {
        struct program *program = start(10, 40);
        struct lw_error err = {.status = LW_OK};

        push(program, "Form", 0, true);
        program->save_with = i % 2 == 0 ? LW_OK : LW_FULL;
        fake_type(program->fake, before[i], strlen(before[i]));
        program->fake->gone = true;
        assert_false(lw_tui_turn(program->tui));
        assert_int_equal(program->hangups, 1);
        assert_string_equal(program->log.data + program->log.len - 18, "saved saved hangup");
        assert_false(lw_tui_turn(program->tui));
        assert_int_equal(program->hangups, 1);
        assert_int_equal(lw_tui_run(program->tui, &err), LW_NO_TERMINAL);
        assert_string_equal(err.text, "the terminal is gone");
        stop(program);
    }
}

/* What was typed before the line dropped is in the view when it saves. */
static void hang_up_takes_what_was_typed(void **state)
{
    struct program *program = start(10, 40);
    struct plain *plain = push(program, "Form", 0, true);
    struct lw_buf text = LW_BUF_INIT;

    (void)state;
    for (int i = 0; i < 5000; i++)
        assert_int_equal(lw_buf_adds(&text, "слово "), LW_OK);
    fake_type(program->fake, text.data, text.len);
    program->fake->gone = true;
    while (lw_tui_turn(program->tui))
        ;
    assert_int_equal(plain->text.len, text.len);
    assert_memory_equal(plain->text.data, text.data, text.len);
    assert_int_equal(program->hangups, 1);
    lw_buf_free(&text);
    stop(program);
}

static void split_sequences_are_no_commands(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    fake_type(program->fake, "\x1B[", 2);
    assert_true(lw_tui_turn(program->tui));
    assert_in_range(lw_tui_wait(program->tui), 300, 500);
    program->now += 300;
    assert_true(lw_tui_turn(program->tui));
    fake_type(program->fake, "B", 1);
    assert_true(lw_tui_turn(program->tui));
    assert_row(program, 2, "> row 2");
    assert_int_equal(program->activity, 1);
    stop(program);
}

static void timers_and_wakes(void **state)
{
    struct program *program = start(10, 40);
    struct plain *plain = push(program, "Form", 1, true);

    (void)state;
    assert_true(lw_tui_turn(program->tui));
    assert_int_equal(lw_tui_wait(program->tui), 400);
    plain->tick_wait = 250;
    push(program, "Above", 1, false); /* the form below goes on saving */
    assert_true(lw_tui_turn(program->tui));
    assert_int_equal(lw_tui_wait(program->tui), 250);
    program->now += 240;
    assert_int_equal(lw_tui_wait(program->tui), 10);
    assert_int_equal(write(program->wake[1], "x", 1), 1);
    assert_true(lw_tui_turn(program->tui));
    assert_int_equal(program->wakes, 1);
    assert_true(lw_tui_turn(program->tui));
    assert_int_equal(program->wakes, 1);
    stop(program);
}

static void warnings_at_the_start(void **state)
{
    static const char *const bindings[] = {"sarch=s", "ask=A"};
    struct program *program = start_with(10, 40, bindings, 2);

    (void)state;
    push(program, "Rows", 1, false);
    assert_true(lw_tui_turn(program->tui));
    assert_row(program, -2, "there is no command \"sarch\", so this");
    assert_true(press(program, "A"));
    assert_row(program, -1, "Really? (y/n)");
    stop(program);
}

/* What is said of keys names those that do it, and the command where none does. */
static void keys_in_sentences(void **state)
{
    static const char *const bindings[] = {"ask=%", "help=? F7", "fail=x F8"};
    struct program *program = start_with(10, 40, bindings, 3);
    struct lw_buf text = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_tui_with_keys(program->tui, LW_IN_LIST,
                                      "{ask} asks, {help} helps, {none} does nothing", &text),
                     LW_OK);
    assert_string_equal(lw_buf_text(&text), "% asks, ? helps, :none does nothing");
    lw_buf_clear(&text);
    assert_int_equal(lw_tui_with_keys(program->tui, LW_IN_FORM, "{help} {quit} {", &text), LW_OK);
    assert_string_equal(lw_buf_text(&text), "F7 :quit :");
    lw_buf_clear(&text);
    assert_string_equal(lw_tui_key(program->tui, LW_IN_LIST, "ask", &text), "%");
    lw_buf_free(&text);
    stop(program);
}

static void read_only(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    assert_false(lw_tui_is_read_only(program->tui));
    lw_tui_read_only(program->tui);
    assert_true(lw_tui_is_read_only(program->tui));
    assert_true(press(program, "j"));
    assert_row(program, 2, "> row 2");
    stop(program);
}

static void the_last_view_ends_it(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    push(program, "On top", 1, false);
    lw_tui_drop(program->tui, lw_tui_top(program->tui)->below);
    assert_null(lw_tui_top(program->tui));
    assert_false(lw_tui_turn(program->tui));
    assert_log(program, "closed closed");
    stop(program);
}

static void all_views_may_make_room_for_another(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    push(program, "On top", 1, false);
    lw_tui_clear(program->tui);
    assert_null(lw_tui_top(program->tui));
    push(program, "Another", 2, false);
    assert_null(lw_tui_top(program->tui)->below);
    assert_true(lw_tui_turn(program->tui));
    assert_row(program, 0, "Another                           2 rows");
    assert_log(program, "closed closed");
    stop(program);
}

/* Before every title, and never in the place of what stands at the right. */
static void a_mark_stands_on_the_first_line(void **state)
{
    struct program *program = start(10, 40);

    (void)state;
    lw_tui_mark(program->tui, "ELSEWHERE");
    assert_true(lw_tui_turn(program->tui));
    assert_row(program, 0, "ELSEWHERE  Rows                   7 rows");
    push(program, "A title that is too long for it", 1, false);
    assert_true(lw_tui_turn(program->tui));
    assert_row(program, 0, "ELSEWHERE  A title that is too …  1 rows");
    lw_tui_mark(program->tui, NULL);
    assert_true(lw_tui_turn(program->tui));
    assert_row(program, 0, "A title that is too long for it   1 rows");
    stop(program);
}

/* The loop itself, on a descriptor: what comes through a pipe is done when it comes. */
static void runs_on_a_descriptor(void **state)
{
    struct program *program = start(10, 40);
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    program->fake->base.fd = ends[0];
    fake_type(program->fake, "jjQ", 3);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_int_equal(lw_tui_run(program->tui, NULL), LW_OK);
    assert_int_equal(program->activity, 3);
    close(ends[0]);
    close(ends[1]);
    stop(program);
}

static void learned_sequences(void **state)
{
    static const char *const bindings[] = {"ask=F9"};
    struct program *program = start_with(10, 40, bindings, 1);

    (void)state;
    push(program, "Rows", 1, false);
    assert_true(press(program, "\x1BZq"));
    assert_row(program, -1, "Really? (y/n)");
    stop(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_screen),
        cmocka_unit_test(keys_reach_commands),
        cmocka_unit_test(idle_shows_nothing),
        cmocka_unit_test(changes_of_others),
        cmocka_unit_test(a_refresh_that_fails_is_said),
        cmocka_unit_test(messages),
        cmocka_unit_test(stepping_back_from_the_first),
        cmocka_unit_test(what_cannot_be_saved_is_kept),
        cmocka_unit_test(letters_are_text_in_editors),
        cmocka_unit_test(text_is_never_a_command),
        cmocka_unit_test(a_message_stands_above_the_prompt),
        cmocka_unit_test(commands_by_name),
        cmocka_unit_test(commands_are_brought_back),
        cmocka_unit_test(a_command_without_a_key_is_not_brought_back),
        cmocka_unit_test(only_the_newest_commands_are_kept),
        cmocka_unit_test(commands_are_completed),
        cmocka_unit_test(commands_are_offered),
        cmocka_unit_test(commands_on_a_russian_layout),
        cmocka_unit_test(commands_from_an_editor),
        cmocka_unit_test(prompts),
        cmocka_unit_test(questions),
        cmocka_unit_test(help),
        cmocka_unit_test(help_scrolls),
        cmocka_unit_test(sizes),
        cmocka_unit_test(hang_up),
        cmocka_unit_test(hang_up_takes_what_was_typed),
        cmocka_unit_test(split_sequences_are_no_commands),
        cmocka_unit_test(timers_and_wakes),
        cmocka_unit_test(warnings_at_the_start),
        cmocka_unit_test(keys_in_sentences),
        cmocka_unit_test(read_only),
        cmocka_unit_test(the_last_view_ends_it),
        cmocka_unit_test(all_views_may_make_room_for_another),
        cmocka_unit_test(a_mark_stands_on_the_first_line),
        cmocka_unit_test(runs_on_a_descriptor),
        cmocka_unit_test(learned_sequences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
