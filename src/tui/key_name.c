/* Keys as values: their text, their names, and their places on a Russian layout. */
#include "keys.h"

#include <string.h>
#include <strings.h>

bool lw_key_is_text(const struct lw_key *key)
{
    return key->code == LW_KEY_PASTE ||
           (key->code == LW_KEY_TEXT && (key->modifiers & (LW_MOD_ALT | LW_MOD_CTRL)) == 0);
}

const char *lw_key_text(const struct lw_key *key, size_t *len)
{
    if (!lw_key_is_text(key))
        return NULL;
    *len = key->code == LW_KEY_PASTE ? key->paste_len : strlen(key->utf8);
    return key->code == LW_KEY_PASTE ? key->paste : key->utf8;
}

bool lw_key_same(const struct lw_key *a, const struct lw_key *b)
{
    return a->code == b->code && a->modifiers == b->modifiers &&
           (a->code != LW_KEY_TEXT || a->point == b->point);
}

/* ---- the Russian layout -----------------------------------------------------------------------
 */

struct place {
    uint16_t small, capital; /* Cyrillic */
    char plain, shifted;     /* Latin */
};

static const struct place places[] = {
    {0x0439, 0x0419, 'q', 'Q'}, {0x0446, 0x0426, 'w', 'W'},  {0x0443, 0x0423, 'e', 'E'},
    {0x043A, 0x041A, 'r', 'R'}, {0x0435, 0x0415, 't', 'T'},  {0x043D, 0x041D, 'y', 'Y'},
    {0x0433, 0x0413, 'u', 'U'}, {0x0448, 0x0428, 'i', 'I'},  {0x0449, 0x0429, 'o', 'O'},
    {0x0437, 0x0417, 'p', 'P'}, {0x0445, 0x0425, '[', '{'},  {0x044A, 0x042A, ']', '}'},
    {0x0444, 0x0424, 'a', 'A'}, {0x044B, 0x042B, 's', 'S'},  {0x0432, 0x0412, 'd', 'D'},
    {0x0430, 0x0410, 'f', 'F'}, {0x043F, 0x041F, 'g', 'G'},  {0x0440, 0x0420, 'h', 'H'},
    {0x043E, 0x041E, 'j', 'J'}, {0x043B, 0x041B, 'k', 'K'},  {0x0434, 0x0414, 'l', 'L'},
    {0x0436, 0x0416, ';', ':'}, {0x044D, 0x042D, '\'', '"'}, {0x044F, 0x042F, 'z', 'Z'},
    {0x0447, 0x0427, 'x', 'X'}, {0x0441, 0x0421, 'c', 'C'},  {0x043C, 0x041C, 'v', 'V'},
    {0x0438, 0x0418, 'b', 'B'}, {0x0442, 0x0422, 'n', 'N'},  {0x044C, 0x042C, 'm', 'M'},
    {0x0431, 0x0411, ',', '<'}, {0x044E, 0x042E, '.', '>'},  {0x0451, 0x0401, '`', '~'},
};

static uint32_t latin_of(uint32_t point)
{
    for (size_t i = 0; i < LW_COUNT_OF(places); i++) {
        if (places[i].small == point)
            return (unsigned char)places[i].plain;
        if (places[i].capital == point)
            return (unsigned char)places[i].shifted;
    }
    return point == 0x2116 ? '#' : point; /* the number sign is on Shift-3 */
}

struct lw_key lw_key_latin(const struct lw_key *key)
{
    struct lw_key latin = *key;
    uint32_t point = key->code == LW_KEY_TEXT ? latin_of(key->point) : 0;

    if (key->code != LW_KEY_TEXT || point == key->point)
        return latin;
    latin.point = point;
    if (latin.utf8[0] != '\0') {
        memset(latin.utf8, 0, sizeof latin.utf8);
        latin.utf8[0] = (char)point;
    }
    return latin;
}

/* ---- names ------------------------------------------------------------------------------------
 */

struct name {
    const char *text; /* the first one of a key is how it is shown */
    enum lw_key_code code;
    uint32_t point;
};

static const struct name names[] = {
    {"Enter", LW_KEY_ENTER, 0},     {"Return", LW_KEY_ENTER, 0},
    {"Tab", LW_KEY_TAB, 0},         {"Shift-Tab", LW_KEY_BACKTAB, 0},
    {"Backtab", LW_KEY_BACKTAB, 0}, {"Esc", LW_KEY_ESC, 0},
    {"Escape", LW_KEY_ESC, 0},      {"Backspace", LW_KEY_BACKSPACE, 0},
    {"Del", LW_KEY_DELETE, 0},      {"Delete", LW_KEY_DELETE, 0},
    {"Ins", LW_KEY_INSERT, 0},      {"Insert", LW_KEY_INSERT, 0},
    {"Up", LW_KEY_UP, 0},           {"Down", LW_KEY_DOWN, 0},
    {"Left", LW_KEY_LEFT, 0},       {"Right", LW_KEY_RIGHT, 0},
    {"Home", LW_KEY_HOME, 0},       {"End", LW_KEY_END, 0},
    {"PgUp", LW_KEY_PAGE_UP, 0},    {"PageUp", LW_KEY_PAGE_UP, 0},
    {"PgDn", LW_KEY_PAGE_DOWN, 0},  {"PageDown", LW_KEY_PAGE_DOWN, 0},
    {"F1", LW_KEY_F1, 0},           {"F2", LW_KEY_F1 + 1, 0},
    {"F3", LW_KEY_F1 + 2, 0},       {"F4", LW_KEY_F1 + 3, 0},
    {"F5", LW_KEY_F1 + 4, 0},       {"F6", LW_KEY_F1 + 5, 0},
    {"F7", LW_KEY_F1 + 6, 0},       {"F8", LW_KEY_F1 + 7, 0},
    {"F9", LW_KEY_F1 + 8, 0},       {"F10", LW_KEY_F1 + 9, 0},
    {"F11", LW_KEY_F1 + 10, 0},     {"F12", LW_KEY_F1 + 11, 0},
    {"Space", LW_KEY_TEXT, ' '},
};

struct modifier {
    const char *text;
    unsigned bit;
};

static const struct modifier modifiers[] = {
    {"Ctrl-", LW_MOD_CTRL}, {"C-", LW_MOD_CTRL},      {"Alt-", LW_MOD_ALT},
    {"M-", LW_MOD_ALT},     {"Shift-", LW_MOD_SHIFT},
};

static const char *name_of(const struct lw_key *key)
{
    for (size_t i = 0; i < LW_COUNT_OF(names); i++) {
        if (names[i].code == key->code &&
            (key->code != LW_KEY_TEXT || names[i].point == key->point))
            return names[i].text;
    }
    return NULL;
}

static enum lw_status add_point(uint32_t point, bool capital, struct lw_buf *out)
{
    char bytes[4] = {0};

    if (capital && point >= 'a' && point <= 'z')
        point -= 'a' - 'A';
    if (point < 0x80)
        return lw_buf_addc(out, (char)point);
    if (point < 0x800) {
        bytes[0] = (char)(0xC0 | (point >> 6));
        bytes[1] = (char)(0x80 | (point & 0x3F));
        return lw_buf_add(out, bytes, 2);
    }
    return lw_buf_addf(out, "U+%04X", (unsigned)point);
}

enum lw_status lw_key_name(const struct lw_key *key, struct lw_buf *out)
{
    const char *name = name_of(key);
    enum lw_status status = LW_OK;

    if (name == NULL && key->code != LW_KEY_TEXT)
        return LW_USAGE;
    if ((key->modifiers & LW_MOD_CTRL) != 0)
        status = lw_buf_adds(out, "Ctrl-");
    if (status == LW_OK && (key->modifiers & LW_MOD_ALT) != 0)
        status = lw_buf_adds(out, "Alt-");
    if (status == LW_OK && (key->modifiers & LW_MOD_SHIFT) != 0)
        status = lw_buf_adds(out, "Shift-");
    if (status != LW_OK)
        return status;
    if (name != NULL)
        return lw_buf_adds(out, name);
    return add_point(key->point, (key->modifiers & LW_MOD_CTRL) != 0, out);
}

static bool parse_named(const char *name, size_t len, struct lw_key *out)
{
    for (size_t i = 0; i < LW_COUNT_OF(names); i++) {
        if (strlen(names[i].text) == len && strncasecmp(names[i].text, name, len) == 0) {
            out->code = names[i].code;
            out->point = names[i].point;
            return true;
        }
    }
    return false;
}

/* The bit of a modifier that name begins with, 0 for none. */
static unsigned parse_modifier(const char *name, size_t len, size_t *used)
{
    for (size_t i = 0; i < LW_COUNT_OF(modifiers); i++) {
        *used = strlen(modifiers[i].text);
        if (len > *used && strncasecmp(modifiers[i].text, name, *used) == 0)
            return modifiers[i].bit;
    }
    return 0;
}

static bool parse_letter(const char *name, size_t len, struct lw_key *out)
{
    if (!lw_utf8_valid(name, len, NULL) || lw_utf8_next(name, len, &out->point) != len)
        return false;
    if (out->point <= ' ' || lw_text_is_unprintable(out->point))
        return false;
    out->code = LW_KEY_TEXT;
    return true;
}

/* What the keyboard cannot send as such: Shift on a letter is the capital, Ctrl on these is another
 * key, Ctrl-\ belongs to the chord. */
static bool can_be_typed(const struct lw_key *key)
{
    if (key->code != LW_KEY_TEXT)
        return true;
    if ((key->modifiers & LW_MOD_SHIFT) != 0)
        return false;
    if ((key->modifiers & LW_MOD_CTRL) == 0)
        return true;
    if (key->point == ' ' || key->point == ']' || key->point == '^' || key->point == '_')
        return true;
    return key->point >= 'a' && key->point <= 'z' && strchr("hijm", (int)key->point) == NULL;
}

bool lw_key_parse(const char *name, size_t len, struct lw_key *out)
{
    struct lw_key key = {0};

    while (!parse_named(name, len, &key)) { /* "Shift-Tab" is a name as a whole */
        size_t used = 0;
        unsigned bit = parse_modifier(name, len, &used);

        if (bit == 0) {
            if (!parse_letter(name, len, &key))
                return false;
            break;
        }
        key.modifiers |= bit;
        name += used;
        len -= used;
    }
    if ((key.modifiers & LW_MOD_CTRL) != 0 && key.code == LW_KEY_TEXT && key.point >= 'A' &&
        key.point <= 'Z')
        key.point += 'a' - 'A';
    if (!can_be_typed(&key))
        return false;
    if (key.code == LW_KEY_TEXT && key.modifiers == 0) {
        if (key.point == ' ')
            key.utf8[0] = ' '; /* the name is a word */
        else
            memcpy(key.utf8, name, len);
    }
    *out = key;
    return true;
}
