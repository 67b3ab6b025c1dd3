/* NFC and the folded form. */
#include "base/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef enum lw_status form_function(const char *text, size_t len, struct lw_buf *out);

static void check(form_function *form, const char *text, const char *wanted)
{
    struct lw_buf out = LW_BUF_INIT;

    assert_int_equal(form(text, strlen(text), &out), LW_OK);
    assert_string_equal(lw_buf_text(&out), wanted);
    lw_buf_free(&out);
}

static void nfc_composes(void **state)
{
    (void)state;
    check(lw_utf8_nfc, "", "");
    check(lw_utf8_nfc, "plain", "plain");
    check(lw_utf8_nfc, "e\xCC\x81", "é");
    check(lw_utf8_nfc, "é", "é");
    check(lw_utf8_nfc, "Серге\xD0\xB8\xCC\x86", "Сергей");
    check(lw_utf8_nfc, "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "한");
    check(lw_utf8_nfc, "\xE2\x84\xAB", "\xC3\x85");                 /* angstrom sign */
    check(lw_utf8_nfc, "\xEF\xAC\x81", "\xEF\xAC\x81");             /* ligature stays */
    check(lw_utf8_nfc, "s\xCC\x87\xCC\xA3", "\xE1\xB9\xA9");        /* marks out of order */
    check(lw_utf8_nfc, "\xE0\xA5\x98", "\xE0\xA4\x95\xE0\xA4\xBC"); /* composition exclusion */
    check(lw_utf8_nfc, "a\xCC\x81\xCC\x81", "\xC3\xA1\xCC\x81");    /* same class: order kept */
    check(lw_utf8_nfc, "\xEA\xB0\xB8\xE1\x86\xA7", "\xEA\xB0\xB8\xE1\x86\xA7"); /* U+11A7 stays */
    check(lw_utf8_nfc, "\xCC\x81\x61", "\xCC\x81\x61"); /* mark without a letter */
}

static void bad_text_leaves_the_buffer(void **state)
{
    struct lw_buf out = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_buf_adds(&out, "before"), LW_OK);
    assert_int_equal(lw_utf8_nfc("abc\xFF", 4, &out), LW_BAD_DATA);
    assert_int_equal(lw_utf8_fold("abc\xFF", 4, &out), LW_BAD_DATA);
    assert_int_equal(lw_utf8_nfc("a\0b", 3, &out), LW_BAD_DATA);
    assert_string_equal(lw_buf_text(&out), "before");
    assert_int_equal(lw_utf8_nfc("e\xCC\x81", 3, &out), LW_OK);
    assert_int_equal(lw_utf8_fold("É", 2, &out), LW_OK);
    assert_string_equal(lw_buf_text(&out), "beforeée");
    lw_buf_free(&out);
}

static void fold_compares_names(void **state)
{
    (void)state;
    check(lw_utf8_fold, "", "");
    check(lw_utf8_fold, "   ", "");
    check(lw_utf8_fold, "  Sergey \t\n Babinets ", "sergey babinets");
    check(lw_utf8_fold, "СЕРГЕЙ БАБИНЕЦ", "сергеи бабинец");
    check(lw_utf8_fold, "Сергей\xC2\xA0Бабинец", "сергеи бабинец"); /* no-break space */
    check(lw_utf8_fold, "Ёлка", "елка");
    check(lw_utf8_fold, "Straße", "strasse");
    check(lw_utf8_fold, "ＡＢＣ", "abc");
    check(lw_utf8_fold, "ﬁn", "fin");
    check(lw_utf8_fold, "İ", "i");
    check(lw_utf8_fold, "ΣΊΣΥΦΟΣ", "σισυφοσ");
    check(lw_utf8_fold, "Σίσυφος", "σισυφοσ");
    check(lw_utf8_fold, "co\xC2\xADop", "coop");                 /* soft hyphen */
    check(lw_utf8_fold, "\xE3\x80\x80中 文", "中 文");           /* ideographic blank */
    check(lw_utf8_fold, "\xE1\xBE\x80", "\xCE\xB1");             /* alpha with iota subscript */
    check(lw_utf8_fold, "\xCE\xB1\xCC\x93\xCD\x85", "\xCE\xB1"); /* the same, decomposed */
}

/* Both forms applied again change nothing; both spellings of a letter fold alike. */
static void forms_are_stable_for_every_code_point(void **state)
{
    struct lw_buf in = LW_BUF_INIT, nfc = LW_BUF_INIT, fold = LW_BUF_INIT, twice = LW_BUF_INIT;

    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        if (c == 0xD800)
            c = 0xE000;
        if (c == 0x40000) /* nothing but unassigned ones up to the tags */
            c = 0xE0000;
        lw_buf_clear(&in);
        lw_buf_clear(&nfc);
        lw_buf_clear(&fold);
        assert_int_equal(lw_utf8_add(&in, c), LW_OK);
        assert_int_equal(lw_utf8_nfc(in.data, in.len, &nfc), LW_OK);
        lw_buf_clear(&twice);
        assert_int_equal(lw_utf8_nfc(nfc.data, nfc.len, &twice), LW_OK);
        if (strcmp(lw_buf_text(&nfc), lw_buf_text(&twice)) != 0)
            fail_msg("NFC of U+%04X", (unsigned)c);
        assert_int_equal(lw_utf8_fold(in.data, in.len, &fold), LW_OK);
        lw_buf_clear(&twice);
        assert_int_equal(lw_utf8_fold(lw_buf_text(&fold), fold.len, &twice), LW_OK);
        if (strcmp(lw_buf_text(&fold), lw_buf_text(&twice)) != 0)
            fail_msg("fold of U+%04X", (unsigned)c);
        lw_buf_clear(&twice);
        assert_int_equal(lw_utf8_fold(nfc.data, nfc.len, &twice), LW_OK);
        if (strcmp(lw_buf_text(&fold), lw_buf_text(&twice)) != 0)
            fail_msg("fold of NFC of U+%04X", (unsigned)c);
    }
    lw_buf_free(&in);
    lw_buf_free(&nfc);
    lw_buf_free(&fold);
    lw_buf_free(&twice);
}

/* One letter with half a million marks in the worst order: linear, or this test takes hours. */
static void many_marks_on_one_letter(void **state)
{
    struct lw_buf in = LW_BUF_INIT, out = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_buf_addc(&in, 'q'), LW_OK);
    for (int i = 0; i < 250000; i++)
        assert_int_equal(lw_buf_adds(&in, "\xCC\x81\xCC\xA3"), LW_OK); /* class 230, then 220 */
    assert_int_equal(lw_utf8_nfc(in.data, in.len, &out), LW_OK);
    assert_int_equal(out.len, in.len);
    assert_memory_equal(out.data, "q\xCC\xA3\xCC\xA3", 5);
    assert_memory_equal(out.data + out.len - 4, "\xCC\x81\xCC\x81", 4);
    lw_buf_free(&in);
    lw_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nfc_composes),
        cmocka_unit_test(bad_text_leaves_the_buffer),
        cmocka_unit_test(fold_compares_names),
        cmocka_unit_test(forms_are_stable_for_every_code_point),
        cmocka_unit_test(many_marks_on_one_letter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
