/* Numbers as text and as little-endian bytes. */
#include "base.h"

#include <string.h>

bool lw_parse_u64(const char *text, size_t len, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;

    if (len == 0)
        return false;
    for (size_t i = 0; i < len; i++) {
        uint64_t digit;

        if (text[i] < '0' || text[i] > '9')
            return false;
        digit = (uint64_t)(text[i] - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (value > max)
        return false;
    *out = value;
    return true;
}

static unsigned unit_shift(char unit)
{
    switch (unit) {
    case 'K':
        return 10;
    case 'M':
        return 20;
    case 'G':
        return 30;
    default:
        return 0;
    }
}

bool lw_parse_size(const char *text, uint64_t *bytes)
{
    size_t len = strlen(text);
    unsigned shift = len > 0 ? unit_shift(text[len - 1]) : 0;
    uint64_t value;

    if (!lw_parse_u64(text, shift > 0 ? len - 1 : len, UINT64_MAX >> shift, &value))
        return false;
    *bytes = value << shift;
    return true;
}

void lw_hex_encode(const uint8_t *data, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[data[i] >> 4];
        out[2 * i + 1] = digits[data[i] & 15];
    }
    out[2 * len] = '\0';
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

bool lw_hex_decode(const char *text, size_t text_len, uint8_t *out, size_t len)
{
    if (text_len % 2 != 0 || text_len / 2 != len)
        return false;
    for (size_t i = 0; i < text_len; i++) {
        if (hex_value(text[i]) < 0)
            return false;
    }
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(hex_value(text[2 * i]) * 16 + hex_value(text[2 * i + 1]));
    return true;
}

static void put_bytes(uint8_t *at, uint64_t value, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get_bytes(const uint8_t *at, unsigned count)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < count; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

void lw_put_u16(uint8_t *at, uint16_t value)
{
    put_bytes(at, value, 2);
}

void lw_put_u32(uint8_t *at, uint32_t value)
{
    put_bytes(at, value, 4);
}

void lw_put_u40(uint8_t *at, uint64_t value)
{
    put_bytes(at, value, 5);
}

void lw_put_u48(uint8_t *at, uint64_t value)
{
    put_bytes(at, value, 6);
}

void lw_put_u64(uint8_t *at, uint64_t value)
{
    put_bytes(at, value, 8);
}

uint16_t lw_get_u16(const uint8_t *at)
{
    return (uint16_t)get_bytes(at, 2);
}

uint32_t lw_get_u32(const uint8_t *at)
{
    return (uint32_t)get_bytes(at, 4);
}

uint64_t lw_get_u40(const uint8_t *at)
{
    return get_bytes(at, 5);
}

uint64_t lw_get_u48(const uint8_t *at)
{
    return get_bytes(at, 6);
}

uint64_t lw_get_u64(const uint8_t *at)
{
    return get_bytes(at, 8);
}
