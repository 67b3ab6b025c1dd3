/* Forms on a terminal that is none: still clocks, a journal in memory or in a bare vault, another
 * writer. */
#ifndef LW_TEST_FORM_STAGE_H
#define LW_TEST_FORM_STAGE_H

#include "tui/screens.h"

#include "bare_vault.h"
#include "fake_terminal.h"
#include "golden.h"
#include "journal_fixture.h"

enum { STAGE_PAGES = 2048 };

struct stage {
    struct lw_vault *vault; /* NULL: in memory */
    struct fixture fixture;
    struct lw_session session;
    struct lw_program_state program;
    struct fake_terminal *terminal;
    struct lw_tui *tui;
    int64_t steady_ms;
    int64_t wall_ms;
};

static inline int64_t stage_steady(void *context)
{
    return ((struct stage *)context)->steady_ms;
}

static inline int64_t stage_now(void *context)
{
    return ((struct stage *)context)->wall_ms;
}

/* ---- an empty view below, as the timeline is ---- */

static inline void stage_ground_draw(struct lw_view *view, const struct lw_area *area)
{
    (void)view;
    lw_area_puts(area, 0, 0, LW_STYLE_PLAIN, "(timeline)");
}

static inline void stage_ground_close(struct lw_view *view)
{
    free(view);
}

static inline bool stage_is_ground(const struct stage *stage)
{
    return lw_tui_top(stage->tui)->ops->context == LW_IN_TIMELINE;
}

/* ---- opening ---- */

static inline void stage_open_store(struct stage *stage)
{
    struct lw_error err = {0};
    static struct lw_clock clock;
    struct lw_journal_setup setup = {.clock = &clock, .author = "tester", .forms = forms_fixture()};

    clock = (struct lw_clock){stage_now, fixture_offset, stage};
    if ((stage->vault != NULL
             ? lw_store_open(stage->vault, 0, LW_LANE_WRITE, &stage->fixture.store, &err)
             : lw_store_open_memory(&stage->fixture.store, &err)) != LW_OK ||
        lw_journal_open(stage->fixture.store, &setup, &stage->fixture.journal, &err) != LW_OK)
        fail_msg("%s", err.text);
    stage->session = (struct lw_session){
        .store = stage->fixture.store, .journal = stage->fixture.journal, .clock = setup.clock};
    stage->program = (struct lw_program_state){.session = &stage->session};
}

static inline void stage_open_tui(struct stage *stage, int rows, int columns)
{
    static const struct lw_action_table *const tables[] = {&lw_actions_form,   &lw_actions_capture,
                                                           &lw_actions_drafts, &lw_actions_threats,
                                                           &lw_actions_split,  &lw_actions_common};
    static const struct lw_view_ops ground = {
        .context = LW_IN_TIMELINE, .draw = stage_ground_draw, .close = stage_ground_close};
    const struct lw_tui_options options = {0};
    const struct lw_tui_hooks hooks = {
        .clock = stage->session.clock, .steady_ms = stage_steady, .wake_fd = -1, .context = stage};
    struct lw_view *view = calloc(1, sizeof *view);
    struct lw_error err = {0};

    assert_non_null(view);
    stage->terminal = fake_terminal_new(rows, columns);
    if (lw_tui_make(&options, &hooks, &stage->terminal->base, tables, LW_COUNT_OF(tables),
                    &stage->tui, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_tui_set_program(stage->tui, &stage->program);
    view->ops = &ground;
    lw_tui_push(stage->tui, view);
    lw_tui_turn(stage->tui);
}

static inline struct stage *stage_new(bool vault, int rows, int columns)
{
    struct stage *stage = calloc(1, sizeof *stage);

    assert_non_null(stage);
    stage->wall_ms = FIXTURE_NOW;
    stage->steady_ms = 1000;
    if (vault)
        stage->vault = bare_vault_new(STAGE_PAGES, false);
    stage_open_store(stage);
    stage_open_tui(stage, rows, columns);
    return stage;
}

/* As kill -9 does: nothing is saved. */
static inline void stage_kill(struct stage *stage)
{
    lw_tui_end(stage->tui);
    stage->tui = NULL;
    lw_journal_close(stage->fixture.journal);
    lw_store_close(stage->fixture.store);
}

static inline void stage_restart(struct stage *stage, int rows, int columns)
{
    stage_kill(stage);
    stage_open_store(stage);
    stage_open_tui(stage, rows, columns);
}

static inline void stage_free(struct stage *stage)
{
    stage_kill(stage);
    if (stage->vault != NULL)
        bare_vault_free(stage->vault);
    free(stage);
}

/* ---- playing ---- */

static inline void stage_press(struct stage *stage, const char *name)
{
    struct lw_key key;

    if (!lw_key_parse(name, strlen(name), &key))
        fail_msg("no key is called %s", name);
    lw_tui_press(stage->tui, &key);
    lw_tui_turn(stage->tui);
}

/* Text, letter by letter as bytes; a newline is Enter. */
static inline void stage_type(struct stage *stage, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        char byte = *at == '\n' ? '\r' : *at;

        fake_type(stage->terminal, &byte, 1);
    }
    lw_tui_turn(stage->tui);
}

static inline void stage_paste(struct stage *stage, const char *text, size_t len)
{
    struct lw_key key = {.code = LW_KEY_PASTE, .paste = text, .paste_len = len};

    lw_tui_press(stage->tui, &key);
    lw_tui_turn(stage->tui);
}

/* Time passes, turn by turn as the loop would wait. */
static inline void stage_pass(struct stage *stage, int64_t ms)
{
    int64_t end = stage->steady_ms + ms;

    while (stage->steady_ms < end) {
        int wait = lw_tui_wait(stage->tui);
        int64_t step = wait > 0 ? wait : 1;

        if (wait < 0 || step > end - stage->steady_ms)
            step = end - stage->steady_ms;
        stage->steady_ms += step;
        stage->wall_ms += step;
        lw_tui_turn(stage->tui);
    }
}

/* ---- looking ---- */

static inline bool stage_sees(struct stage *stage, const char *text)
{
    struct lw_buf dump = LW_BUF_INIT;
    bool seen;

    lw_tui_turn(stage->tui);
    assert_int_equal(lw_grid_dump(lw_tui_grid(stage->tui), false, &dump), LW_OK);
    seen = strstr(dump.data, text) != NULL;
    lw_buf_free(&dump);
    return seen;
}

static inline void stage_expect(struct stage *stage, const char *text)
{
    struct lw_buf dump = LW_BUF_INIT;

    if (stage_sees(stage, text))
        return;
    assert_int_equal(lw_grid_dump(lw_tui_grid(stage->tui), false, &dump), LW_OK);
    fail_msg("\"%s\" is not to be seen:\n%s", text, dump.data);
}

static inline void stage_expect_not(struct stage *stage, const char *text)
{
    if (stage_sees(stage, text))
        fail_msg("\"%s\" is to be seen", text);
}

static inline void stage_golden(struct stage *stage, const char *name)
{
    lw_tui_turn(stage->tui);
    golden_check(lw_tui_grid(stage->tui), name);
}

/* ---- the journal ---- */

static inline enum lw_status stage_count_draft(void *context, const struct lw_draft *draft,
                                               struct lw_error *err)
{
    (void)draft;
    (void)err;
    ++*(size_t *)context;
    return LW_OK;
}

static inline size_t stage_drafts(struct stage *stage)
{
    struct lw_error err = {0};
    size_t count = 0;

    assert_int_equal(lw_draft_each(stage->fixture.journal, stage_count_draft, &count, &err), LW_OK);
    return count;
}

static inline uint64_t stage_records(struct stage *stage, enum lw_record_type type)
{
    struct lw_error err = {0};
    uint64_t count = 0;

    assert_int_equal(lw_record_count(stage->fixture.journal, type, &count, &err), LW_OK);
    return count;
}

static inline void stage_expect_text(struct stage *stage, const char *ref, const char *field,
                                     const char *expected)
{
    struct lw_record record;
    struct lw_error err = {0};
    const char *text;

    if (lw_record_by_ref(stage->fixture.journal, LW_RECORD_ENTRY, ref, &record, &err) != LW_OK)
        fail_msg("%s", err.text);
    text = lw_record_text(&record, field);
    if (expected == NULL)
        assert_null(text);
    else if (text == NULL)
        fail_msg("%s of %s is not stated", field, ref);
    else
        assert_string_equal(text, expected);
    lw_record_clear(&record);
}

/* Another process in the middle of its transaction, in a stage with a vault. */
static inline struct lw_store *stage_other_writer(struct stage *stage)
{
    struct lw_store *store;
    struct lw_error err = {0};

    if (lw_store_open(stage->vault, 0, LW_LANE_WRITE, &store, &err) != LW_OK ||
        lw_store_begin(store, &err) != LW_OK)
        fail_msg("%s", err.text);
    return store;
}

static inline void stage_other_ends(struct lw_store *store)
{
    lw_store_rollback(store);
    lw_store_close(store);
}

/* Goes to a field by its label, from any other. */
static inline void stage_go(struct stage *stage, const char *label)
{
    char filled[32], empty[32];

    snprintf(filled, sizeof filled, "> %s ", label);
    snprintf(empty, sizeof empty, "> %s\n", label);
    for (int i = 0; i < 40 && !stage_sees(stage, filled) && !stage_sees(stage, empty); i++)
        stage_press(stage, "Tab");
    assert_true(stage_sees(stage, filled) || stage_sees(stage, empty));
}

#endif
