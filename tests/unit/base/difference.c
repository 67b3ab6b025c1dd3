/* The words in which two texts differ. */
#include "base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct told {
    struct lw_buf marked, before, after;
};

static enum lw_status tell(void *context, const struct lw_piece *piece)
{
    static const char *const open[] = {"", "[-", "{+"};
    static const char *const close[] = {"", "-]", "+}"};
    struct told *told = context;

    assert_true(piece->len > 0);
    assert_int_equal(lw_buf_adds(&told->marked, open[piece->kind]), LW_OK);
    assert_int_equal(lw_buf_add(&told->marked, piece->text, piece->len), LW_OK);
    assert_int_equal(lw_buf_adds(&told->marked, close[piece->kind]), LW_OK);
    if (piece->kind != LW_PIECE_ADDED)
        assert_int_equal(lw_buf_add(&told->before, piece->text, piece->len), LW_OK);
    if (piece->kind != LW_PIECE_REMOVED)
        assert_int_equal(lw_buf_add(&told->after, piece->text, piece->len), LW_OK);
    return LW_OK;
}

/* Whatever is told, both texts can be put together from it. */
static void differs(const char *before, const char *after, const char *marked)
{
    struct told told = {LW_BUF_INIT, LW_BUF_INIT, LW_BUF_INIT};

    assert_int_equal(lw_text_difference(before, after, tell, &told), LW_OK);
    assert_string_equal(lw_buf_text(&told.before), before);
    assert_string_equal(lw_buf_text(&told.after), after);
    if (marked != NULL)
        assert_string_equal(lw_buf_text(&told.marked), marked);
    lw_buf_free(&told.marked);
    lw_buf_free(&told.before);
    lw_buf_free(&told.after);
}

static void test_words(void **state)
{
    (void)state;
    differs("", "", "");
    differs("", "office burned", "{+office burned+}");
    differs("office burned", "", "[-office burned-]");
    differs("office burned", "office burned", "office burned");
    differs("office burned", "office burned down", "office burned{+ down+}");
    differs("the office burned", "office burned", "[-the -]office burned");
    differs("two armed men came", "three masked men came",
            "[-two armed-]{+three masked+} men came");
    differs("a b c d e", "a X c Y e", "a [-b-]{+X+} c [-d-]{+Y+} e");
    differs("x y", "x new y", "x {+new +}y");
    differs("came at 21:20, alone", "came at 21:40, alone", "came at 21:[-20-]{+40+}, alone");
}

static void test_scripts(void **state)
{
    (void)state;
    differs("Офис сгорел вечером", "Офис, видимо, сгорел ночью",
            "Офис{+,+} {+видимо, +}сгорел [-вечером-]{+ночью+}");
    /* a letter of two code points, a family of one cluster, wide letters */
    differs("и\xcc\x86од 1", "йод 1", NULL);
    differs("👨‍👩‍👧 ушла", "👨‍👩‍👦 ушла", NULL);
    differs("火事があった", "火事はなかった", NULL);
    differs("line one\nline two\n", "line one\n\nline 2\n",
            "line one[-\n-]{+\n\n+}line [-two-]{+2+}\n");
}

/* A change on every word, and more than the shortest way is looked for. */
static void test_long(void **state)
{
    struct lw_buf a = LW_BUF_INIT, b = LW_BUF_INIT;

    (void)state;
    for (int i = 0; i < 4000; i++) {
        assert_int_equal(lw_buf_addf(&a, "слово%d ", i), LW_OK);
        assert_int_equal(lw_buf_addf(&b, i % 40 == 7 ? "другое%d " : "слово%d ", i), LW_OK);
    }
    differs(a.data, b.data, NULL);
    lw_buf_clear(&b);
    for (int i = 0; i < 4000; i++)
        assert_int_equal(lw_buf_addf(&b, "word%d ", i), LW_OK);
    differs(a.data, b.data, NULL);
    lw_buf_free(&a);
    lw_buf_free(&b);
}

static void test_random(void **state)
{
    static const char *const word[] = {"a", "b ", " ", "ц", ", ", "\n", "long", "é", "👍"};
    unsigned seed = 1;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct lw_buf text[2] = {LW_BUF_INIT, LW_BUF_INIT};

        for (int side = 0; side < 2; side++) {
            for (int count = rand_r(&seed) % 12; count > 0; count--)
                assert_int_equal(
                    lw_buf_adds(&text[side], word[rand_r(&seed) % (int)LW_COUNT_OF(word)]), LW_OK);
        }
        differs(lw_buf_text(&text[0]), lw_buf_text(&text[1]), NULL);
        lw_buf_free(&text[0]);
        lw_buf_free(&text[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_scripts),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
