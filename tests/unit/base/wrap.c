/* Lines of a width out of running text. */
#include "base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *text, size_t columns, size_t taken, size_t after)
{
    size_t next = 99;

    assert_int_equal(lw_utf8_break(text, strlen(text), columns, &next), taken);
    assert_int_equal(next, after);
}

static void breaks_are_at_blanks(void **state)
{
    (void)state;
    check("one two", 7, 7, 7);
    check("one two", 6, 3, 4);
    check("one two", 3, 3, 4);
    check("a  b", 3, 1, 3);
    check("", 10, 0, 0);
}

static void long_words_are_broken_at_clusters(void **state)
{
    (void)state;
    check("onetwo", 4, 4, 4);
    check("漢字", 1, 3, 3);
    check("漢字", 0, 3, 3);
    check("漢字", 3, 3, 3);
    check("e\xCC\x81tude", 1, 3, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breaks_are_at_blanks),
        cmocka_unit_test(long_words_are_broken_at_clusters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
