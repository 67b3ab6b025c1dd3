/* Screens kept as readable files under tests/golden/. With LW_GOLDEN=write in the environment they
 * are written instead of compared: look at what changed before it is kept. */
#ifndef LW_TEST_GOLDEN_H
#define LW_TEST_GOLDEN_H

#include "tui/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline void golden_write(const char *path, const struct lw_buf *dump)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(dump->data, 1, dump->len, file), dump->len);
    assert_int_equal(fclose(file), 0);
}

static inline void golden_compare(const char *path, const struct lw_buf *dump)
{
    struct lw_buf kept = LW_BUF_INIT;
    FILE *file = fopen(path, "r");
    char block[4096];
    size_t got;

    if (file == NULL)
        fail_msg("%s is not there; LW_GOLDEN=write makes it", path);
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        assert_int_equal(lw_buf_add(&kept, block, got), LW_OK);
    fclose(file);
    if (strcmp(lw_buf_text(&kept), lw_buf_text(dump)) != 0)
        fail_msg("%s is another screen:\n%s", path, lw_buf_text(dump));
    lw_buf_free(&kept);
}

/* name without folder and ending, such as "form-new-80x24". */
static inline void golden_check(const struct lw_grid *grid, const char *name)
{
    const char *how = getenv("LW_GOLDEN");
    struct lw_buf dump = LW_BUF_INIT;
    char path[256];

    snprintf(path, sizeof path, "tests/golden/%s.txt", name);
    assert_int_equal(lw_grid_dump(grid, true, &dump), LW_OK);
    if (how != NULL && strcmp(how, "write") == 0)
        golden_write(path, &dump);
    else
        golden_compare(path, &dump);
    lw_buf_free(&dump);
}

#endif
