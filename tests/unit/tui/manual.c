/* The keys in man/lapwing.1 are those that the program binds. With --write the page is brought up
 * to date instead; both are to be run in the folder above man. */
#include "tui.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PAGE  "man/lapwing.1"
#define BEGIN ".\\\" keys: written by tests/unit/tui/manual.c\n"
#define END   ".\\\" end of keys\n"

static bool read_page(struct lw_buf *out)
{
    int fd = open(PAGE, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && lw_fd_read_all(fd, (size_t)1 << 20, out) == LW_OK;

    if (fd >= 0)
        close(fd);
    return done;
}

/* Where the keys begin and end; false where the marks are not there. */
static bool find_keys(const struct lw_buf *page, size_t *from, size_t *to)
{
    const char *begin = strstr(lw_buf_text(page), BEGIN);
    const char *end = begin != NULL ? strstr(begin, END) : NULL;

    if (end == NULL)
        return false;
    *from = (size_t)(begin - page->data) + strlen(BEGIN);
    *to = (size_t)(end - page->data);
    return true;
}

static void page_has_the_keys(void **state)
{
    struct lw_buf page = LW_BUF_INIT;
    struct lw_buf keys = LW_BUF_INIT;
    size_t from = 0;
    size_t to = 0;

    (void)state;
    assert_true(read_page(&page));
    assert_true(find_keys(&page, &from, &to));
    assert_int_equal(lw_tui_manual(&keys), LW_OK);
    if (to - from != keys.len || memcmp(page.data + from, keys.data, keys.len) != 0)
        fail_msg("the keys in " PAGE " are not those of the program: run this test with --write");
    lw_buf_free(&page);
    lw_buf_free(&keys);
}

static int write_keys(void)
{
    struct lw_buf page = LW_BUF_INIT;
    struct lw_buf keys = LW_BUF_INIT;
    size_t from = 0;
    size_t to = 0;
    FILE *file;

    if (!read_page(&page) || !find_keys(&page, &from, &to) || lw_tui_manual(&keys) != LW_OK)
        return 1;
    file = fopen(PAGE, "w");
    if (file == NULL)
        return 1;
    (void)fwrite(page.data, 1, from, file);
    (void)fwrite(keys.data, 1, keys.len, file);
    (void)fwrite(page.data + to, 1, page.len - to, file);
    lw_buf_free(&page);
    lw_buf_free(&keys);
    return fclose(file) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_has_the_keys),
    };

    if (argc == 2 && strcmp(argv[1], "--write") == 0)
        return write_keys();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
