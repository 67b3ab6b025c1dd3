/* Never more than two seconds of typing are missing, and where they are, it is said. */
#include "form_stage.h"

#include <stdio.h>

static struct stage *open_form(bool vault)
{
    struct stage *stage = stage_new(vault, 24, 80);

    stage_press(stage, "n");
    return stage;
}

struct found {
    struct lw_buf state;
};

static enum lw_status keep_state(void *context, const struct lw_draft *draft, struct lw_error *err)
{
    struct found *found = context;

    (void)err;
    lw_buf_clear(&found->state);
    return lw_buf_add(&found->state, draft->state, draft->state_len);
}

/* The one draft of the vault holds that text. */
static bool vault_has(struct stage *stage, const char *text)
{
    struct found found = {0};
    struct lw_error err = {0};
    bool has;

    assert_int_equal(lw_draft_each(stage->fixture.journal, keep_state, &found, &err), LW_OK);
    has = strstr(lw_buf_text(&found.state), text) != NULL;
    lw_buf_free(&found.state);
    return has;
}

static void what_was_typed_is_safe_after_two_seconds(void **state)
{
    struct stage *stage = open_form(false);

    (void)state;
    stage_type(stage, "Office burned");
    stage_expect(stage, "not kept yet");
    assert_int_equal(stage_drafts(stage), 0);
    stage_pass(stage, 2000);
    assert_true(vault_has(stage, "Office burned"));
    stage_expect(stage, "typing kept");
    stage_free(stage);
}

static void also_while_typing_goes_on(void **state)
{
    struct stage *stage = open_form(false);

    (void)state;
    for (int i = 0; i < 40; i++) {
        char word[24];
        struct lw_buf late = LW_BUF_INIT;

        snprintf(word, sizeof word, "w%02d ", i);
        stage_type(stage, word);
        stage_pass(stage, 250);
        if (i < 8)
            continue;
        assert_int_equal(lw_buf_addf(&late, "w%02d ", i - 7), LW_OK); /* two seconds ago */
        assert_true(vault_has(stage, late.data));
        lw_buf_free(&late);
    }
    assert_int_equal(stage_drafts(stage), 1);
    stage_free(stage);
}

static void idle_asks_for_nothing(void **state)
{
    struct stage *stage = open_form(false);
    int shows;

    (void)state;
    stage_type(stage, "Office burned");
    stage_pass(stage, 2000);
    shows = stage->terminal->shows;
    assert_int_equal(lw_tui_wait(stage->tui), -1);
    stage_pass(stage, 60000);
    assert_int_equal(stage->terminal->shows, shows);
    stage_free(stage);
}

static void a_moved_cursor_is_kept_too(void **state)
{
    struct stage *stage = open_form(true);

    (void)state;
    stage_type(stage, "Office burned");
    stage_pass(stage, 2000);
    stage_press(stage, "Home");
    stage_pass(stage, 2000);
    stage_restart(stage, 24, 80);
    stage_press(stage, "D");
    stage_type(stage, "X");
    stage_expect(stage, "XOffice burned");
    stage_free(stage);
}

/* ---- killed ---- */

static void a_kill_loses_two_seconds_at_most(void **state)
{
    (void)state;
    for (int kill = 1; kill < 24; kill += 3) {
        struct stage *stage = open_form(true);
        char late[40];

        for (int i = 0; i < kill; i++) {
            char word[40];

            snprintf(word, sizeof word, "слово%02d ", i);
            stage_type(stage, word);
            if (i % 5 == 4)
                stage_press(stage, "Tab");
            stage_pass(stage, 400);
        }
        stage_restart(stage, 24, 80);
        snprintf(late, sizeof late, "слово%02d ", kill - 6);
        if (kill > 6)
            assert_true(vault_has(stage, late));
        stage_free(stage);
    }
}

static void the_form_comes_back_as_it_was(void **state)
{
    struct stage *stage = open_form(true);
    struct lw_error err = {0};

    (void)state;
    stage_type(stage, "Обыск и\xCC\x86");
    for (int i = 0; i < 8; i++)
        stage_press(stage, "Tab");
    stage_type(stage, "Первая строка\nвторая");
    stage_press(stage, "Left");
    stage_press(stage, "Left");
    stage_pass(stage, 2000);
    stage_golden(stage, "draft-before-80x24");
    stage_restart(stage, 24, 80);
    assert_int_equal(lw_drafts_reopen(stage->tui, &err), LW_OK);
    stage_expect(stage, "1 unfinished form (12:00): open? (y/n)");
    stage_press(stage, "y");
    stage_golden(stage, "draft-before-80x24"); /* the very same screen, cursor included */
    stage_press(stage, "F2");
    stage_expect_text(stage, "E01", "narrative", "Первая строка\nвторая");
    stage_expect_text(stage, "E01", "title", "Обыск и\xCC\x86");
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void a_captured_line_comes_back_too(void **state)
{
    struct stage *stage = stage_new(true, 24, 80);
    struct lw_error err = {0};

    (void)state;
    stage_press(stage, "c");
    stage_type(stage, "звонок @Грозный");
    stage_pass(stage, 2000);
    stage_restart(stage, 10, 40);
    assert_int_equal(lw_drafts_reopen(stage->tui, &err), LW_OK);
    stage_golden(stage, "drafts-asked-40x10");
    stage_press(stage, "n");
    assert_true(stage_is_ground(stage));
    assert_int_equal(stage_drafts(stage), 1);
    stage_press(stage, "D");
    stage_expect(stage, "звонок @Грозный");
    stage_press(stage, "Enter");
    stage_press(stage, "Enter");
    assert_int_equal(stage_drafts(stage), 0);
    assert_int_equal(lw_drafts_reopen(stage->tui, &err), LW_OK);
    stage_expect_not(stage, "unfinished");
    stage_free(stage);
}

static void several_are_listed(void **state)
{
    struct stage *stage = open_form(true);
    struct lw_error err = {0};

    (void)state;
    stage_type(stage, "The first one");
    stage_press(stage, "Esc");
    stage_pass(stage, 60000);
    stage_press(stage, "c");
    stage_type(stage, "звонок вечером");
    stage_press(stage, "Esc");
    stage_restart(stage, 24, 80);
    assert_int_equal(lw_drafts_reopen(stage->tui, &err), LW_OK);
    stage_expect(stage, "2 unfinished forms (12:01)");
    stage_press(stage, "y");
    stage_golden(stage, "drafts-list-80x24");
    stage_press(stage, "Down");
    stage_press(stage, "Enter");
    stage_expect(stage, "The first one");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_FORM);
    stage_press(stage, "Esc");
    assert_true(stage_is_ground(stage));
    assert_int_equal(stage_drafts(stage), 2);
    stage_free(stage);
}

static void a_draft_that_is_open_is_not_offered(void **state)
{
    struct stage *stage = open_form(false);
    struct lw_error err = {0};

    (void)state;
    stage_type(stage, "The first one");
    stage_pass(stage, 2000);
    assert_int_equal(lw_drafts_show(stage->tui, &err), LW_OK);
    stage_expect(stage, "there are no unfinished forms");
    stage_free(stage);
}

/* A draft that cannot be read stays where it is. */
static void a_draft_of_nonsense_is_told(void **state)
{
    struct stage *stage = stage_new(false, 24, 80);
    struct lw_draft bad = {.form = "entry", .state = "no JSON", .state_len = 7};
    struct lw_draft newer = {.form = "map", .state = "{}", .state_len = 2};
    struct lw_error err = {0};

    (void)state;
    assert_int_equal(lw_draft_put(stage->fixture.journal, &bad, &err), LW_OK);
    stage_press(stage, "D");
    stage_expect(stage, "the unfinished form cannot be read");
    assert_true(stage_is_ground(stage));
    assert_int_equal(lw_draft_put(stage->fixture.journal, &newer, &err), LW_OK);
    stage_press(stage, "D");
    stage_press(stage, "Enter");
    stage_expect(stage, "of a newer Lapwing");
    assert_int_equal(stage_drafts(stage), 2);
    stage_free(stage);
}

/* ---- another writer ---- */

static void a_draft_waits_for_another_writer_without_holding_up_keys(void **state)
{
    struct stage *stage = open_form(true);
    struct lw_store *other = stage_other_writer(stage);

    (void)state;
    stage_type(stage, "Office");
    stage_pass(stage, 2000);
    stage_expect(stage, "saving waits since 12:00");
    stage_type(stage, " burned");
    stage_expect(stage, "Office burned");
    stage_pass(stage, 120000);
    stage_expect(stage, "saving waits since 12:00");
    stage_golden(stage, "autosave-waits-80x24");
    stage_other_ends(other);
    stage_pass(stage, 1100);
    stage_expect_not(stage, "saving waits");
    assert_true(vault_has(stage, "Office burned"));
    stage_free(stage);
}

static void an_entry_waits_and_is_saved_by_itself(void **state)
{
    struct stage *stage = open_form(true);
    struct lw_store *other = stage_other_writer(stage);

    (void)state;
    stage_type(stage, "Office burned");
    stage_press(stage, "F2");
    stage_expect(stage, "saving waits since 12:00");
    stage_pass(stage, 5000);
    stage_expect(stage, "Office burned");
    stage_other_ends(other);
    stage_pass(stage, 1100);
    assert_true(stage_is_ground(stage));
    stage_expect(stage, "E01 saved");
    stage_expect_not(stage, "saving waits");
    assert_int_equal(stage_drafts(stage), 0);
    stage_free(stage);
}

static void typing_on_takes_the_save_back(void **state)
{
    struct stage *stage = open_form(true);
    struct lw_store *other = stage_other_writer(stage);

    (void)state;
    stage_type(stage, "Office burned");
    stage_press(stage, "F2");
    stage_type(stage, " ");
    stage_expect(stage, "not saved yet, since you go on typing");
    stage_type(stage, "do");
    stage_other_ends(other);
    stage_pass(stage, 5000);
    assert_int_equal(stage_records(stage, LW_RECORD_ENTRY), 0);
    assert_true(vault_has(stage, "Office burned do"));
    stage_free(stage);
}

static void leaving_waits_a_moment_and_then_stays(void **state)
{
    struct stage *stage = open_form(true);
    struct lw_store *other = stage_other_writer(stage);

    (void)state;
    stage_type(stage, "Office burned");
    stage_press(stage, "Esc");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_FORM);
    stage_expect(stage, "Office burned");
    stage_expect(stage, "another process is writing");
    stage_other_ends(other);
    stage_press(stage, "Esc");
    assert_true(stage_is_ground(stage));
    assert_int_equal(stage_drafts(stage), 1);
    stage_free(stage);
}

/* As another process does that went on with the same draft. */
static void go_on_elsewhere(struct stage *stage)
{
    struct lw_store *store;
    struct lw_error err = {0};

    assert_int_equal(lw_store_open(stage->vault, 0, LW_LANE_WRITE, &store, &err), LW_OK);
    assert_int_equal(lw_store_exec(store, "UPDATE draft SET stamp = stamp + 1", &err), LW_OK);
    lw_store_close(store);
}

static void of_two_sessions_with_one_draft_both_are_kept(void **state)
{
    struct stage *stage = open_form(true);

    (void)state;
    stage_type(stage, "mine");
    stage_pass(stage, 2000);
    go_on_elsewhere(stage);
    stage_type(stage, " and more");
    stage_pass(stage, 2000);
    assert_int_equal(stage_drafts(stage), 2);
    stage_press(stage, "F2");
    assert_int_equal(stage_drafts(stage), 1);
    stage_free(stage);
}

/* ---- no room ---- */

static int64_t pages_used(struct stage *stage)
{
    struct lw_stmt *stmt;
    struct lw_error err = {0};
    int64_t pages;

    assert_int_equal(lw_store_prepare(stage->fixture.store, "PRAGMA page_count", &stmt, &err),
                     LW_OK);
    assert_int_equal(lw_stmt_step(stmt, &err), LW_OK);
    pages = lw_stmt_int(stmt, 0);
    lw_stmt_reset(stmt);
    return pages;
}

/* From now on the store may have that many pages more than it has. */
static void limit(struct stage *stage, int64_t more)
{
    char sql[64];
    struct lw_error err = {0};

    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld",
             (long long)(pages_used(stage) + more));
    assert_int_equal(lw_store_exec(stage->fixture.store, sql, &err), LW_OK);
}

static void a_full_vault_is_told_and_the_text_kept(void **state)
{
    struct stage *stage = open_form(true);
    size_t len = 100 * 1024;
    char *text = malloc(len);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', len);
    limit(stage, 4);
    stage_type(stage, "Office burned");
    for (int i = 0; i < 8; i++)
        stage_press(stage, "Tab");
    stage_paste(stage, text, len);
    stage_pass(stage, 2000);
    stage_expect(stage, "NOT SAVED since 12:00");
    stage_expect(stage, "what you type is kept in memory only");
    stage_golden(stage, "autosave-full-80x24");
    stage_type(stage, "END");
    stage_expect(stage, "NOT SAVED since 12:00");
    stage_press(stage, "Esc");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_FORM);
    stage_press(stage, "F2");
    stage_expect(stage, "not saved");
    assert_int_equal(lw_tui_top(stage->tui)->ops->context, LW_IN_FORM);
    limit(stage, 1000); /* room was made */
    stage_pass(stage, 2100);
    stage_expect_not(stage, "NOT SAVED");
    assert_true(vault_has(stage, "xEND"));
    stage_press(stage, "F2");
    assert_true(stage_is_ground(stage));
    stage_expect(stage, "E01 saved");
    free(text);
    stage_free(stage);
}

static void a_hang_up_saves_at_once(void **state)
{
    struct stage *stage = open_form(true);
    struct lw_key gone = {.code = LW_KEY_GONE};

    (void)state;
    stage_type(stage, "typed in the last second");
    lw_tui_press(stage->tui, &gone);
    stage_restart(stage, 24, 80);
    assert_true(vault_has(stage, "typed in the last second"));
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_typed_is_safe_after_two_seconds),
        cmocka_unit_test(also_while_typing_goes_on),
        cmocka_unit_test(idle_asks_for_nothing),
        cmocka_unit_test(a_moved_cursor_is_kept_too),
        cmocka_unit_test(a_kill_loses_two_seconds_at_most),
        cmocka_unit_test(the_form_comes_back_as_it_was),
        cmocka_unit_test(a_captured_line_comes_back_too),
        cmocka_unit_test(several_are_listed),
        cmocka_unit_test(a_draft_that_is_open_is_not_offered),
        cmocka_unit_test(a_draft_of_nonsense_is_told),
        cmocka_unit_test(a_draft_waits_for_another_writer_without_holding_up_keys),
        cmocka_unit_test(an_entry_waits_and_is_saved_by_itself),
        cmocka_unit_test(typing_on_takes_the_save_back),
        cmocka_unit_test(leaving_waits_a_moment_and_then_stays),
        cmocka_unit_test(of_two_sessions_with_one_draft_both_are_kept),
        cmocka_unit_test(a_full_vault_is_told_and_the_text_kept),
        cmocka_unit_test(a_hang_up_saves_at_once),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
