/* Numbers as text and as bytes. */
#include "base.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void decimal_bounds(void **state)
{
    uint64_t value = 5;

    (void)state;
    assert_true(lw_parse_u64("0", 1, 0, &value));
    assert_int_equal(value, 0);
    assert_true(lw_parse_u64("007", 3, 7, &value));
    assert_int_equal(value, 7);
    assert_true(lw_parse_u64("18446744073709551615", 20, UINT64_MAX, &value));
    assert_true(value == UINT64_MAX);
    assert_true(lw_parse_u64("12x", 2, 99, &value));
    assert_int_equal(value, 12);
}

static void decimal_refusals(void **state)
{
    static const char *const bad[] = {"",
                                      " 1",
                                      "1 ",
                                      "+1",
                                      "-1",
                                      "0x1",
                                      "1e3",
                                      "1.0",
                                      "١",
                                      "18446744073709551616",
                                      "18446744073709551620",
                                      "99999999999999999999999",
                                      "1\n"};
    uint64_t value = 5;

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(bad); i++)
        assert_false(lw_parse_u64(bad[i], strlen(bad[i]), UINT64_MAX, &value));
    assert_false(lw_parse_u64("8", 1, 7, &value));
    assert_false(lw_parse_u64("1\0", 2, 7, &value));
    assert_int_equal(value, 5);
}

static void decimal_round_trip_at_powers(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        for (uint64_t near = 0; near < 3; near++) {
            uint64_t wanted = ((uint64_t)1 << bit) - 1 + near;
            uint64_t value;
            char text[24];
            int len = snprintf(text, sizeof(text), "%" PRIu64, wanted);

            assert_true(lw_parse_u64(text, (size_t)len, wanted, &value));
            assert_true(value == wanted);
            if (wanted > 0)
                assert_false(lw_parse_u64(text, (size_t)len, wanted - 1, &value));
        }
    }
}

static void sizes(void **state)
{
    static const char *const bad[] = {"",
                                      "M",
                                      "-1M",
                                      "1T",
                                      "64 M",
                                      "64MB",
                                      "1.5G",
                                      "MM",
                                      "64Mx",
                                      "17179869184G",
                                      "18014398509481984K"};
    uint64_t bytes = 5;

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(bad); i++)
        assert_false(lw_parse_size(bad[i], &bytes));
    assert_int_equal(bytes, 5);
    assert_true(lw_parse_size("4194304", &bytes));
    assert_int_equal(bytes, 4194304);
    assert_true(lw_parse_size("64M", &bytes));
    assert_int_equal(bytes, 64 << 20);
    assert_true(lw_parse_size("3K", &bytes));
    assert_int_equal(bytes, 3072);
    assert_true(lw_parse_size("17179869183G", &bytes));
    assert_true(bytes == UINT64_C(17179869183) << 30);
    assert_true(lw_parse_size("0", &bytes));
    assert_int_equal(bytes, 0);
}

static void hex_both_ways(void **state)
{
    static const char sample[] = "00017f80abcdefff";
    uint8_t data[8];
    uint8_t untouched[2] = {1, 2};
    char text[17];

    (void)state;
    assert_true(lw_hex_decode(sample, 16, data, 8));
    assert_memory_equal(data, "\x00\x01\x7F\x80\xAB\xCD\xEF\xFF", 8);
    lw_hex_encode(data, 8, text);
    assert_string_equal(text, sample);
    assert_true(lw_hex_decode("AbCd", 4, data, 2));
    assert_memory_equal(data, "\xAB\xCD", 2);
    assert_true(lw_hex_decode("", 0, data, 0));
    lw_hex_encode(data, 0, text);
    assert_string_equal(text, "");
    assert_false(lw_hex_decode("abc", 3, untouched, 2));
    assert_false(lw_hex_decode("abc", 3, untouched, 1));
    assert_false(lw_hex_decode("abcdef", 6, untouched, 2));
    assert_false(lw_hex_decode("ab", 2, untouched, 2));
    assert_false(lw_hex_decode("abcg", 4, untouched, 2));
    assert_false(lw_hex_decode("ab:d", 4, untouched, 2));
    assert_false(lw_hex_decode("ab@d", 4, untouched, 2));
    assert_memory_equal(untouched, "\1\2", 2);
}

static void little_endian_layout(void **state)
{
    uint8_t at[9];

    (void)state;
    memset(at, 0xEE, sizeof(at));
    lw_put_u16(at, 0x0102);
    assert_memory_equal(at, "\x02\x01\xEE", 3);
    lw_put_u32(at, 0x01020304);
    assert_memory_equal(at, "\x04\x03\x02\x01\xEE", 5);
    lw_put_u40(at, UINT64_C(0xAA0102030405));
    assert_memory_equal(at, "\x05\x04\x03\x02\x01\xEE", 6);
    lw_put_u48(at, UINT64_C(0xAA010203040506));
    assert_memory_equal(at, "\x06\x05\x04\x03\x02\x01\xEE", 7);
    lw_put_u64(at, UINT64_C(0x0102030405060708));
    assert_memory_equal(at, "\x08\x07\x06\x05\x04\x03\x02\x01\xEE", 9);
}

static void little_endian_round_trip(void **state)
{
    uint8_t room[16];
    uint64_t value = UINT64_C(0x9E3779B97F4A7C15);

    (void)state;
    for (int i = 0; i < 1000; i++) {
        uint8_t *at = room + i % 8; /* any alignment */

        value = value * UINT64_C(6364136223846793005) + 1442695040888963407u;
        lw_put_u16(at, (uint16_t)value);
        assert_int_equal(lw_get_u16(at), (uint16_t)value);
        lw_put_u32(at, (uint32_t)value);
        assert_int_equal(lw_get_u32(at), (uint32_t)value);
        lw_put_u40(at, value);
        assert_true(lw_get_u40(at) == (value & UINT64_C(0xFFFFFFFFFF)));
        lw_put_u48(at, value);
        assert_true(lw_get_u48(at) == (value & UINT64_C(0xFFFFFFFFFFFF)));
        lw_put_u64(at, value);
        assert_true(lw_get_u64(at) == value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal_bounds),
        cmocka_unit_test(decimal_refusals),
        cmocka_unit_test(decimal_round_trip_at_powers),
        cmocka_unit_test(sizes),
        cmocka_unit_test(hex_both_ways),
        cmocka_unit_test(little_endian_layout),
        cmocka_unit_test(little_endian_round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
