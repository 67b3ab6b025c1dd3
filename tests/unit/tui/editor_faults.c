/* Editor and field without memory, what they leave behind in memory, and how long a key takes. */
#include "failing_malloc.h"
#include "tui/editor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#define CANARY "KALYAPIN7f3a"
#define LONG   ((size_t)200 << 10)

static const char words[] = "дом " CANARY " 中文 e\u0301\n";

/* ---- the n-th allocation fails ------------------------------------------------------------ */

struct scene {
    struct lw_text_field field;
    struct lw_editor *editor;
    struct lw_editor_view view;
};

static enum lw_status offer(void *context, const char *before, size_t len,
                            struct lw_field_choices *choices, struct lw_error *err)
{
    enum lw_status status = lw_field_offer(choices, CANARY " one", strlen(CANARY " one"));

    (void)context;
    (void)before;
    (void)len;
    (void)err;
    for (int i = 0; i < 12 && status == LW_OK; i++)
        status = lw_field_offer(choices, CANARY " two", strlen(CANARY " two"));
    return status;
}

static enum lw_status act(struct scene *scene, int number, struct lw_error *err)
{
    struct lw_editor *editor = scene->editor;
    char big[3000];

    switch (number) {
    case 0:
        return lw_editor_type(editor, words, strlen(words), err);
    case 1:
        memset(big, 'p', sizeof(big));
        return lw_editor_paste(editor, big, sizeof(big), false, err);
    case 2:
        return lw_editor_layout(editor, 10, 20, &scene->view, err);
    case 3:
        return lw_editor_erase(editor, LW_STEP_WORD_LEFT, err);
    case 4:
        return lw_editor_undo(editor, err);
    case 5:
        return lw_editor_move(editor, LW_STEP_UP, err);
    case 6:
        return lw_editor_type(editor, "x", 1, err);
    case 7:
        return lw_field_complete(&scene->field, false, err);
    case 8:
        return lw_field_complete(&scene->field, false, err);
    case 9:
        return lw_editor_erase(editor, LW_STEP_LEFT, err);
    case 10:
        return lw_editor_undo(editor, err);
    case 11:
        return lw_editor_redo(editor, err);
    case 12:
        return lw_editor_erase(editor, LW_STEP_TEXT_START, err);
    default:
        return lw_editor_set_text(editor, words, strlen(words), err);
    }
}
#define ACTS 14

/* One action with the n-th allocation failing: either it worked, or nothing has changed, and after
 * that it works. True while there was an allocation to fail. */
static bool try_act(struct scene *scene, int number, long n)
{
    struct lw_editor *editor = scene->editor;
    char *before = lw_text_copy(lw_buf_text(&editor->text), editor->text.len);
    size_t cursor = editor->cursor;
    size_t done = editor->past.done;
    uint64_t changes = editor->changes;
    struct lw_error err;
    enum lw_status status;

    assert_non_null(before);
    fm.until_failure = n;
    status = act(scene, number, &err);
    fm.until_failure = LONG_MAX;
    if (status != LW_OK && status != LW_DONE) {
        assert_int_equal(status, LW_NO_MEMORY);
        assert_string_equal(lw_buf_text(&editor->text), before);
        assert_int_equal(editor->cursor, cursor);
        assert_int_equal(editor->past.done, done);
        assert_true(editor->changes == changes);
        assert_true(editor->past.bytes <= editor->past.budget);
        if (number != 7 && number != 8) /* the completer has no sentence here */
            assert_non_null(strstr(err.text, "memory"));
        lw_text_free(before);
        return true;
    }
    lw_text_free(before);
    return false;
}

static void lost_allocations_lose_nothing(void **state)
{
    unsigned failures = 0;

    (void)state;
    for (int round = 0; round < 2; round++) {
        struct scene scene;

        lw_field_init(&scene.field, 0, offer, NULL);
        scene.editor = &scene.field.editor;
        scene.editor->one_line = round == 1;
        for (int number = 0; number < ACTS; number++) {
            long n = 0;

            while (try_act(&scene, number, n)) {
                n++;
                failures++;
            }
        }
        lw_field_clear(&scene.field);
    }
    assert_true(failures > 20);
}

/* From one moment on nothing is left: a long session of keys, then all that was taken is there. */
static void without_memory_text_stays_whole(void **state)
{
    (void)state;
    for (long n = 0; n < 60; n++) {
        struct lw_editor editor;
        struct lw_buf model = LW_BUF_INIT;
        struct lw_editor_view view;

        assert_int_equal(lw_buf_reserve(&model, 4096), LW_OK);
        lw_editor_init(&editor, 0, false);
        fm.until_failure = n;
        for (int i = 0; i < 300; i++) {
            const char *key = i % 7 == 6 ? "\n" : i % 3 ? "й" : "word ";
            enum lw_status status = lw_editor_type(&editor, key, strlen(key), NULL);

            if (status == LW_OK) {
                fm.until_failure = LONG_MAX;
                assert_int_equal(lw_buf_adds(&model, key), LW_OK);
                fm.until_failure = n > i ? n - i : 0;
            } else {
                assert_int_equal(status, LW_NO_MEMORY);
            }
            status = lw_editor_layout(&editor, 10, 5, &view, NULL);
            assert_true(status == LW_OK || status == LW_NO_MEMORY);
        }
        fm.until_failure = LONG_MAX;
        assert_string_equal(lw_buf_text(&editor.text), lw_buf_text(&model));
        assert_int_equal(lw_editor_layout(&editor, 10, 5, &view, NULL), LW_OK);
        lw_editor_clear(&editor);
        lw_buf_free(&model);
    }
}

/* A paste in pieces that runs out of memory on the way is taken back as a whole. */
static void half_a_paste_is_taken_back(void **state)
{
    (void)state;
    for (long n = 0; n < 40; n++) {
        struct lw_editor editor;
        enum lw_status status = LW_OK;
        bool failed = false;

        lw_editor_init(&editor, 0, false);
        assert_int_equal(lw_editor_type(&editor, "before", 6, NULL), LW_OK);
        fm.until_failure = n;
        for (int i = 0; i < 8; i++) {
            status = lw_editor_paste(&editor, words, strlen(words), i < 7, NULL);
            failed = failed || status != LW_OK;
            assert_true(!failed || status != LW_OK);
        }
        fm.until_failure = LONG_MAX;
        if (failed)
            assert_string_equal(lw_buf_text(&editor.text), "before");
        else
            assert_int_equal(editor.text.len, 6 + 8 * strlen(words));
        assert_int_equal(lw_editor_paste(&editor, "!", 1, false, NULL), LW_OK);
        lw_editor_clear(&editor);
    }
}

/* ---- memory that is given up -------------------------------------------------------------- */

static void given_up_memory_is_zero(void **state)
{
    struct scene scene;
    char copy[] = "x" CANARY;
    char *volatile probe; /* else a compiler leaves out what nobody reads */

    (void)state;
    fm.canary = CANARY;
    fm.found = 0;
    probe = malloc(sizeof(copy));
    assert_non_null(probe);
    memcpy(probe, copy, sizeof(copy));
    free(probe);
    assert_int_equal(fm.found, 1); /* the search itself works */
    fm.found = 0;
    lw_field_init(&scene.field, 4096, offer, NULL);
    scene.editor = &scene.field.editor;
    scene.editor->one_line = false;
    for (int i = 0; i < 2000; i++) {
        enum lw_status status = act(&scene, (i * 7 + i / 13) % (i % 50 ? ACTS - 1 : ACTS), NULL);

        assert_true(status == LW_OK || status == LW_DONE || status == LW_TOO_LONG);
        if (i % 97 == 0)
            status = lw_editor_paste(scene.editor, words, strlen(words), i % 2, NULL);
        assert_true(status == LW_OK || status == LW_DONE || status == LW_TOO_LONG);
    }
    lw_field_clear(&scene.field);
    fm.canary = NULL;
    assert_int_equal(fm.found, 0);
}

static void erased_text_is_not_left_in_the_buffer(void **state)
{
    struct lw_editor editor;

    (void)state;
    lw_editor_init(&editor, 0, false);
    assert_int_equal(lw_editor_type(&editor, words, strlen(words), NULL), LW_OK);
    assert_int_equal(lw_editor_erase(&editor, LW_STEP_TEXT_START, NULL), LW_OK);
    for (size_t i = 0; i < strlen(words); i++)
        assert_int_equal(editor.text.data[i], 0);
    lw_editor_clear(&editor);
    assert_null(editor.text.data);
}

/* ---- how long a key takes (printed only) --------------------------------------------------- */

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void time_keys(struct lw_editor *editor, const char *name, const char *where)
{
    struct lw_editor_view view;
    double worst = 0;
    double sum = 0;

    for (int i = 0; i < 200; i++) {
        double start = now_ms();
        double took;

        assert_int_equal(lw_editor_type(editor, i % 6 ? "ж" : " ", i % 6 ? 2 : 1, NULL), LW_OK);
        assert_int_equal(lw_editor_layout(editor, 80, 24, &view, NULL), LW_OK);
        took = now_ms() - start;
        sum += took;
        worst = took > worst ? took : worst;
    }
    print_message("%-22s %-7s key to rows: mean %.3f ms, worst %.3f ms\n", name, where, sum / 200,
                  worst);
}

static void time_text(const char *name, const char *piece)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_editor editor;
    struct lw_editor_view view;
    double start;

    while (text.len < LONG)
        assert_int_equal(lw_buf_adds(&text, piece), LW_OK);
    lw_editor_init(&editor, 0, false);
    assert_int_equal(lw_editor_set_text(&editor, text.data, text.len, NULL), LW_OK);
    time_keys(&editor, name, "start");
    assert_int_equal(lw_editor_move(&editor, LW_STEP_TEXT_END, NULL), LW_OK);
    start = now_ms();
    assert_int_equal(lw_editor_layout(&editor, 80, 24, &view, NULL), LW_OK);
    print_message("%-22s all of it: %.3f ms\n", name, now_ms() - start);
    time_keys(&editor, name, "end");
    lw_editor_set_cursor(&editor, editor.text.len / 2);
    time_keys(&editor, name, "middle");
    start = now_ms();
    assert_int_equal(lw_editor_move(&editor, LW_STEP_WORD_LEFT, NULL), LW_OK);
    assert_int_equal(lw_editor_erase(&editor, LW_STEP_LINE_END, NULL), LW_OK);
    assert_int_equal(lw_editor_layout(&editor, 80, 24, &view, NULL), LW_OK);
    print_message("%-22s word left, kill line: %.3f ms\n", name, now_ms() - start);
    lw_editor_clear(&editor);
    lw_buf_free(&text);
}

static void time_field(const char *name, const char *piece)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_text_field field;
    struct lw_field_view view;
    double start;

    while (text.len < LONG)
        assert_int_equal(lw_buf_adds(&text, piece), LW_OK);
    lw_field_init(&field, 0, NULL, NULL);
    assert_int_equal(lw_editor_set_text(&field.editor, text.data, text.len, NULL), LW_OK);
    lw_editor_set_cursor(&field.editor, text.len);
    start = now_ms();
    for (int i = 0; i < 200; i++) {
        assert_int_equal(lw_editor_type(&field.editor, "ж", 2, NULL), LW_OK);
        lw_field_layout(&field, 80, &view);
    }
    print_message("field: %-15s end     key to rows: mean %.3f ms\n", name,
                  (now_ms() - start) / 200);
    lw_field_clear(&field);
    lw_buf_free(&text);
}

static void time_of_a_key(void **state)
{
    (void)state;
    time_text("lines", "В доме было тихо, и никто не вышел.\n");
    time_text("one line, words", "В доме было тихо, и никто не вышел. ");
    time_text("one line, no blank", "abcdefghij");
    time_text("one line, CJK", "中文");
    time_text("one line, accents", "e\u0301");
    time_text("one line, families", "👨\u200D👩\u200D👧\u200D👦");
    time_text("one line, invisible", "\u200B");
    time_text("newlines only", "\n");
    time_field("words", "В доме было тихо. ");
    time_field("accents", "e\u0301");
    time_field("invisible", "\u200B");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_allocations_lose_nothing),
        cmocka_unit_test(without_memory_text_stays_whole),
        cmocka_unit_test(half_a_paste_is_taken_back),
        cmocka_unit_test(given_up_memory_is_zero),
        cmocka_unit_test(erased_text_is_not_left_in_the_buffer),
        cmocka_unit_test(time_of_a_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
