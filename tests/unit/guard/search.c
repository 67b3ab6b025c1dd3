/* A text in this process's own memory: found wherever it was put, and not by looking for it. */
#include "guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LEN 23

static uint8_t inverted[LEN]; /* never in clear by itself */
static char in_data[64];
static int maps;

static int draw(void **state)
{
    (void)state;
    maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    assert_true(maps >= 0);
    lw_random(inverted, LEN);
    return 0;
}

static void put(volatile char *to)
{
    for (size_t i = 0; i < LEN; i++)
        to[i] = (char)(inverted[i] ^ 0xff);
}

static void take(volatile char *from)
{
    for (size_t i = 0; i < LEN; i++)
        from[i] = 0;
}

static size_t count(void)
{
    size_t found = 99;

    assert_int_equal(lw_memory_count(maps, inverted, LEN, &found), LW_OK);
    return found;
}

static void is_not_there_by_itself(void **state)
{
    (void)state;
    assert_int_equal(count(), 0);
    assert_int_equal(count(), 0);
}

static void is_found_wherever_it_is(void **state)
{
    char on_stack[64];
    char *on_heap = malloc(64);
    char *mapped = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *const places[] = {
        on_stack, on_heap, mapped, mapped + (1 << 20) - LEN, in_data, mapped + 4096 - LEN / 2};

    (void)state;
    assert_non_null(on_heap);
    assert_ptr_not_equal(mapped, MAP_FAILED);
    for (size_t i = 0; i < LW_COUNT_OF(places); i++) {
        put(places[i]);
        assert_int_equal(count(), 1);
        take(places[i]);
        assert_int_equal(count(), 0);
    }
    for (size_t i = 0; i < LW_COUNT_OF(places); i++)
        put(places[i]);
    assert_int_equal(count(), LW_COUNT_OF(places));
    for (size_t i = 0; i < LW_COUNT_OF(places); i++)
        take(places[i]);
    free(on_heap);
    munmap(mapped, 1 << 20);
}

/* What cannot be read, and what lies beside a page that may not be, is passed over. */
static void forbidden_pages_are_no_crash(void **state)
{
    char *mapped = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)state;
    assert_ptr_not_equal(mapped, MAP_FAILED);
    put(mapped + 4096 - LEN);
    put(mapped + 4096);
    assert_int_equal(mprotect(mapped + 4096, 4096, PROT_NONE), 0);
    assert_int_equal(count(), 1);
    assert_int_equal(mprotect(mapped + 4096, 4096, PROT_READ | PROT_WRITE), 0);
    assert_int_equal(count(), 2);
    munmap(mapped, 3 * 4096);
}

static void a_list_that_cannot_be_read_is_a_status(void **state)
{
    size_t found = 7;
    int empty = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)state;
    assert_int_equal(lw_memory_count(-1, inverted, LEN, &found), LW_NO_INPUT);
    assert_int_equal(lw_memory_count(empty, inverted, LEN, &found), LW_NO_INPUT);
    assert_int_equal(found, 7);
    close(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_not_there_by_itself),
        cmocka_unit_test(is_found_wherever_it_is),
        cmocka_unit_test(forbidden_pages_are_no_crash),
        cmocka_unit_test(a_list_that_cannot_be_read_is_a_status),
    };

    return cmocka_run_group_tests(tests, draw, NULL);
}
