/* What the common sequences mean: xterm and its kin, Linux, rxvt, the VT series. */
#include "keys_internal.h"

#include <string.h>

struct meaning {
    unsigned number; /* of ESC [ number ~, or the final letter */
    enum lw_key_code code;
};

static const struct meaning by_number[] = {
    {1, LW_KEY_HOME},    {2, LW_KEY_INSERT},    {3, LW_KEY_DELETE},   {4, LW_KEY_END},
    {5, LW_KEY_PAGE_UP}, {6, LW_KEY_PAGE_DOWN}, {7, LW_KEY_HOME},     {8, LW_KEY_END},
    {11, LW_KEY_F1},     {12, LW_KEY_F1 + 1},   {13, LW_KEY_F1 + 2},  {14, LW_KEY_F1 + 3},
    {15, LW_KEY_F1 + 4}, {17, LW_KEY_F1 + 5},   {18, LW_KEY_F1 + 6},  {19, LW_KEY_F1 + 7},
    {20, LW_KEY_F1 + 8}, {21, LW_KEY_F1 + 9},   {23, LW_KEY_F1 + 10}, {24, LW_KEY_F1 + 11},
};

static const struct meaning by_letter[] = {
    {'A', LW_KEY_UP},     {'B', LW_KEY_DOWN},   {'C', LW_KEY_RIGHT},   {'D', LW_KEY_LEFT},
    {'F', LW_KEY_END},    {'H', LW_KEY_HOME},   {'P', LW_KEY_F1},      {'Q', LW_KEY_F1 + 1},
    {'R', LW_KEY_F1 + 2}, {'S', LW_KEY_F1 + 3}, {'Z', LW_KEY_BACKTAB},
};

static enum lw_key_code look_up(const struct meaning *list, size_t count, unsigned number)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].number == number)
            return list[i].code;
    }
    return LW_KEY_NONE;
}

/* xterm counts from 1: Shift 1, Alt 2, Ctrl 4, Meta 8. */
static unsigned modifiers_of(unsigned number)
{
    unsigned bits = number > 0 ? number - 1 : 0;

    if ((bits & 8) != 0)
        bits |= LW_MOD_ALT;
    return bits & (LW_MOD_SHIFT | LW_MOD_ALT | LW_MOD_CTRL);
}

/* Numbers between semicolons; false where there is anything else before the last byte, or too many.
 */
static bool parameters(const char *bytes, size_t len, unsigned numbers[3], size_t *count)
{
    size_t at = 0;

    memset(numbers, 0, 3 * sizeof *numbers);
    *count = len > 0 ? 1 : 0;
    for (; at < len; at++) {
        if (bytes[at] == ';') {
            if (++*count > 3)
                return false;
        } else if (bytes[at] >= '0' && bytes[at] <= '9' && numbers[*count - 1] < 1000000) {
            numbers[*count - 1] = numbers[*count - 1] * 10 + (unsigned)(bytes[at] - '0');
        } else {
            return false;
        }
    }
    return true;
}

/* A key told by its code point, as some terminals do for chords. */
static void by_point(unsigned point, unsigned modifiers, struct lw_key *out)
{
    unsigned bits = modifiers_of(modifiers);

    if (point == 27)
        out->code = LW_KEY_ESC;
    else if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return;
    else if (point < 0x20 || point == 0x7F)
        lw_keys_control((unsigned char)point, out);
    else if (point < 0x7F || point >= 0xA0)
        out->code = LW_KEY_TEXT;
    if (out->code == LW_KEY_TEXT && out->point == 0)
        out->point = point;
    if (out->code == LW_KEY_TAB && (bits & LW_MOD_SHIFT) != 0)
        out->code = LW_KEY_BACKTAB;
    else
        out->modifiers |= bits;
    if (out->code == LW_KEY_TEXT && (bits & LW_MOD_CTRL) != 0 && out->point >= 'A' &&
        out->point <= 'Z')
        out->point += 'a' - 'A';
    if (out->code == LW_KEY_TEXT && (out->modifiers & (LW_MOD_ALT | LW_MOD_CTRL)) == 0)
        out->code = LW_KEY_NONE; /* plain letters come as text; this one would have no text */
}

/* rxvt: ESC [ 7 ~ with another last byte. */
static bool rxvt_modifiers(char last, unsigned *modifiers)
{
    switch (last) {
    case '$':
        *modifiers = LW_MOD_SHIFT;
        return true;
    case '^':
        *modifiers = LW_MOD_CTRL;
        return true;
    case '@':
        *modifiers = LW_MOD_SHIFT | LW_MOD_CTRL;
        return true;
    default:
        return false;
    }
}

void lw_keys_csi(const char *bytes, size_t len, struct lw_key *out)
{
    char last = bytes[len - 1];
    unsigned number[3];
    size_t count = 0;

    if (len == 2 && bytes[0] == '[' && last >= 'A' && last <= 'E') { /* Linux */
        out->code = (enum lw_key_code)(LW_KEY_F1 + (last - 'A'));
        return;
    }
    if (!parameters(bytes, len - 1, number, &count))
        return;
    if (last == 'u' && count >= 1) {
        by_point(number[0], number[1], out);
    } else if (last == '~' && number[0] == 27 && count == 3) {
        by_point(number[2], number[1], out);
    } else if (last == '~' && count <= 2) {
        out->code = look_up(by_number, LW_COUNT_OF(by_number), number[0]);
        out->modifiers = modifiers_of(number[1]);
    } else if (rxvt_modifiers(last, &out->modifiers) && count == 1) {
        out->code = look_up(by_number, LW_COUNT_OF(by_number), number[0]);
    } else if (last >= 'a' && last <= 'd' && count == 0) { /* rxvt */
        out->code = look_up(by_letter, 4, (unsigned)(last - 'a' + 'A'));
        out->modifiers = LW_MOD_SHIFT;
    } else if (count <= 2 && number[0] <= 1) {
        out->code = look_up(by_letter, LW_COUNT_OF(by_letter), (unsigned char)last);
        out->modifiers = out->code == LW_KEY_BACKTAB ? 0 : modifiers_of(number[1]);
    }
}

/* The keypad in its application mode. */
static void keypad(char last, struct lw_key *out)
{
    static const char from[] = "XjklmnopqrstuvwxyIM";
    static const char to[] = "=*+,-./0123456789\t\r";
    const char *at = memchr(from, last, sizeof from - 1);

    if (at == NULL)
        return;
    if (last == 'I' || last == 'M') {
        lw_keys_control((unsigned char)to[at - from], out);
        return;
    }
    out->code = LW_KEY_TEXT;
    out->point = (unsigned char)to[at - from];
    out->utf8[0] = to[at - from];
}

void lw_keys_ss3(const char *bytes, size_t len, struct lw_key *out)
{
    char last = bytes[len - 1];
    unsigned number[3];
    size_t count = 0;

    if (!parameters(bytes, len - 1, number, &count))
        return;
    if (last >= 'a' && last <= 'd' && count == 0) { /* rxvt */
        out->code = look_up(by_letter, 4, (unsigned)(last - 'a' + 'A'));
        out->modifiers = LW_MOD_CTRL;
        return;
    }
    out->code = look_up(by_letter, LW_COUNT_OF(by_letter), (unsigned char)last);
    if (out->code != LW_KEY_NONE) /* "O5A" and "O1;5A" */
        out->modifiers = modifiers_of(count == 2 ? number[1] : number[0]);
    else if (count == 0)
        keypad(last, out);
}
