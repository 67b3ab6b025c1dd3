/* The Russian catalogue of this build. */
#ifndef LW_TEST_BUILT_CATALOGUE_H
#define LW_TEST_BUILT_CATALOGUE_H

#include "base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* It stands two folders above this program. data must stay until lw_catalogue_drop. */
static inline void use_catalogue(struct lw_buf *data)
{
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 64);
    char block[4096];
    FILE *file;
    size_t got;

    assert_true(len > 0);
    path[len] = '\0';
    for (int i = 0; i < 3; i++)
        *strrchr(path, '/') = '\0';
    strcat(path, "/locale/ru/LC_MESSAGES/lapwing.mo");
    file = fopen(path, "r");
    if (file == NULL)
        fail_msg("%s is not there", path);
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        assert_int_equal(lw_buf_add(data, block, got), LW_OK);
    fclose(file);
    assert_int_equal(lw_catalogue_use(data->data, data->len), LW_OK);
}

#endif
