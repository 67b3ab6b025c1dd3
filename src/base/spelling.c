/*
 * One name, many spellings: keys that are equal where a word was carried from Cyrillic to Latin
 * letters by one convention or another.
 *
 * Cyrillic letters become Latin ones, and Latin text is read the way each convention writes it:
 * BGN/PCGN 1947 (Dmitriyev, Groznyy), ICAO Doc 9303 as in Russian passports (Dmitriev, Iurii), ISO
 * 9 = GOST 7.79 system A (Ûrij, Ŝukin), GOST 7.79 system B (Yurij, Maxmud, Czoj), the scientific
 * one of GOST 16876 and ISO/R 9 (Jurij, Babinec, Kadyrov, Machačkala), and what the press prints in
 * English, French, German and Polish (Poutine, Kadyrow, Jelzin, Szojgu). What they write
 * differently is then made equal: the ways of и, й, ы; ё and ie beside е; doubled consonants; the
 * soft sign, which is dropped.
 *
 * Some letters are read differently by different conventions: ch in Machmud and in Chubais. Such a
 * word has several keys; what it is looked for by has too, and one in common is enough. Keys are
 * written so that the key of a key is itself: where it is equal to the word, the word will do.
 *
 * Not read: German s for з, sch for ж; c for ц before a, o, u where neither a mark nor a j in the
 * word, nor -cov, tells that it is one; Ukrainian г as h; names that are translated (Peter, Пётр).
 */
#include "internal.h"

#include <string.h>
#include <utf8proc.h>

enum {
    POINTS_MAX = 48, /* of one word; a longer one has no key */
    LETTERS_MAX = 4 * POINTS_MAX + 8,
    PASSES_MAX = 8,
};

struct letters {
    char text[LETTERS_MAX];
    size_t len;
};

struct rule {
    const char *from, *to;
};

#define MARKED "M" /* behind the word: it has letters that are not on a plain keyboard */

/* One way to read Latin letters. Longer pieces stand before the shorter ones that they begin with.
 */
struct reading {
    const char *const *signs; /* the reading is only tried for words that have one of them */
    const struct rule *rules;
};

/* Where no rule has a letter, it stays. "c" by itself is decided by what follows it. */
static const struct rule main_rules[] = {
    {"schtsch", "sh"}, {"shch", "sh"},  {"shC", "sh"}, {"tsch", "ch"}, {"tch", "ch"},
    {"sch", "sh"},     {"shh", "sh"},   {"sh", "sh"},  {"zh", "zh"},   {"kh", "h"},
    {"ch", "ch"},      {"C", "ch"},     {"ts", "ts"},  {"tz", "ts"},   {"cz", "ts"},
    {"ck", "k"},       {"cov", "tsov"}, {"cv", "tsv"}, {"ph", "f"},    {"ou", "u"},
    {"qu", "kv"},      {"q", "k"},      {"x", "ks"},   {"w", "v"},     {"y", "i"},
    {"j", "i"},        {NULL, NULL},
};
static const struct rule ch_rules[] = {{"ch", "h"}, {NULL, NULL}};
static const struct rule scientific_rules[] = {
    {"ch", "h"}, {"ck", "k"}, {"cz", "ts"}, {"c", "ts"}, {NULL, NULL}};
static const struct rule system_b_rules[] = {{"x", "h"}, {NULL, NULL}};
static const struct rule german_rules[] = {
    {"schtsch", "sh"}, {"dsch", "dzh"}, {"tsch", "ch"}, {"sch", "sh"}, {"ch", "h"},
    {"tz", "ts"},      {"zh", "zh"},    {"z", "ts"},    {NULL, NULL},
};
static const struct rule french_rules[] = {
    {"chtch", "sh"}, {"tch", "ch"}, {"ch", "sh"},  {"dj", "dzh"},
    {"j", "zh"},     {"gue", "ge"}, {"gui", "gi"}, {NULL, NULL},
};
static const struct rule english_rules[] = {{"dj", "dzh"}, {"j", "dzh"}, {NULL, NULL}};
static const struct rule polish_rules[] = {
    {"szcz", "sh"}, {"sz", "sh"}, {"cz", "ch"}, {"rz", "zh"}, {"ch", "h"}, {NULL, NULL},
};

#define SIGNS(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
static const struct reading readings[] = {
    {SIGNS(""), NULL},
    {SIGNS("ch"), ch_rules},
    {SIGNS(MARKED, "C", "j"), scientific_rules},
    {SIGNS("x"), system_b_rules},
    {SIGNS("z"), german_rules},
    {SIGNS("ch", "j", "gue", "gui"), french_rules},
    {SIGNS("j"), english_rules},
    {SIGNS("sz", "cz"), polish_rules},
};

/* ---- from any letter to Latin ones ---------------------------------------------------------- */

static const char *const cyrillic[] = {
    /* U+0430 on */
    "a",
    "b",
    "v",
    "g",
    "d",
    "e",
    "zh",
    "z",
    "i",
    "i",
    "k",
    "l",
    "m",
    "n",
    "o",
    "p",
    "r",
    "s",
    "t",
    "u",
    "f",
    "h",
    "ts",
    "ch",
    "sh",
    "sh",
    "",
    "i",
    "",
    "e",
    "iu",
    "ia",
    /* U+0450 on */
    "ie",
    "io",
    "d",
    "g",
    "ie",
    "z",
    "i",
    "i",
    "i",
    "li",
    "ni",
    "ch",
    "k",
    "i",
    "u",
    "dzh",
};

/* Letters that are not merely a Latin letter with a mark, or whose mark counts. */
static const struct {
    uint32_t point;
    const char *to;
} others[] = {
    {0x27, ""},    {0x60, ""},   {0xB4, ""},   {0x2B9, ""},   {0x2BA, ""},   {0x2BC, ""},
    {0x2BE, ""},   {0x2BF, ""},  {0x2018, ""}, {0x2019, ""},  {0x2032, ""},  {0x2033, ""},
    {0x4CF, ""},   {0x200D, ""}, {0xE2, "ia"}, {0xFB, "iu"},  {0x15D, "sh"}, {0x161, "sh"},
    {0x15F, "sh"}, {0x10D, "C"}, {0x107, "C"}, {0x17E, "zh"}, {0x17C, "zh"}, {0x142, "l"},
    {0x111, "d"},  {0xF8, "o"},  {0xE6, "e"},  {0x153, "e"},  {0x131, "i"},  {0x463, "e"},
    {0x473, "f"},  {0x475, "i"}, {0x491, "g"}, {0x493, "g"},  {0x49B, "k"},  {0x4A3, "n"},
    {0x4AF, "u"},  {0x4B1, "u"}, {0x4BB, "h"}, {0x4D9, "a"},  {0x4E9, "o"},
};

static bool is_cyrillic(uint32_t point)
{
    return point >= 0x400 && point <= 0x52F;
}

/* NULL: nothing is known of it. */
static const char *latin_of(uint32_t point)
{
    if (point >= 0x430 && point < 0x430 + LW_COUNT_OF(cyrillic))
        return cyrillic[point - 0x430];
    for (size_t i = 0; i < LW_COUNT_OF(others); i++) {
        if (others[i].point == point)
            return others[i].to;
    }
    return NULL;
}

static void add_text(struct letters *out, const char *text)
{
    size_t len = strlen(text);

    if (out->len + len < sizeof(out->text)) {
        memcpy(out->text + out->len, text, len);
        out->len += len;
    }
}

/* What is left without marks; several letters for a ligature. False where that is no Latin. */
static bool add_bare(struct letters *out, uint32_t point)
{
    utf8proc_int32_t bare[32];
    int boundary = UTF8PROC_BOUNDCLASS_START;
    utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)point, bare, (utf8proc_ssize_t)LW_COUNT_OF(bare),
                                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK |
                                    UTF8PROC_IGNORE | UTF8PROC_CASEFOLD,
                                &boundary);

    if (count < 0 || count > (utf8proc_ssize_t)LW_COUNT_OF(bare))
        return false;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        const char *known = bare[i] >= 0x80 ? latin_of((uint32_t)bare[i]) : NULL;
        char letter[2] = {(char)bare[i], '\0'};

        if (known == NULL && (bare[i] >= 0x80 || bare[i] < '0'))
            return false;
        add_text(out, known != NULL ? known : letter);
    }
    return true;
}

/* False where the word has no key: other letters, none, or too many of them. */
static bool to_latin(const char *word, size_t len, struct letters *out, bool *latin)
{
    size_t points = 0, letters = 0;
    bool marked = false;

    out->len = 0;
    *latin = false;
    for (size_t at = 0, used; at < len; at += used) {
        const char *known;
        uint32_t point;

        used = lw_utf8_next(word + at, len - at, &point);
        if (used == 0 || ++points > POINTS_MAX)
            return false;
        if (point >= 0x80)
            point = (uint32_t)utf8proc_tolower((utf8proc_int32_t)point);
        else if (point >= 'A' && point <= 'Z')
            point += 'a' - 'A';
        if ((point >= 'a' && point <= 'z') || (point >= '0' && point <= '9')) {
            if (out->len + 1 == sizeof(out->text))
                return false;
            out->text[out->len++] = (char)point;
            letters += point >= 'a';
            *latin = *latin || point >= 'a';
            continue;
        }
        known = latin_of(point);
        if (known != NULL)
            add_text(out, known);
        else if (!add_bare(out, point))
            return false;
        if (point < '0' || point > '9')
            letters++;
        if (!is_cyrillic(point) && (known == NULL || known[0] != '\0')) {
            *latin = true;
            marked = marked || point >= 0x80;
        }
    }
    out->text[out->len] = '\0';
    if (marked && out->len + sizeof(MARKED) <= sizeof(out->text))
        memcpy(out->text + out->len, MARKED, sizeof(MARKED));
    return letters > 0 && out->len > 0;
}

/* ---- what conventions write differently ------------------------------------------------------ */

static bool is_at(const struct letters *in, size_t at, const char *piece)
{
    size_t len = strlen(piece);

    return len <= in->len - at && memcmp(in->text + at, piece, len) == 0;
}

static const struct rule *find_rule(const struct rule *rules, const struct letters *in, size_t at)
{
    for (; rules != NULL && rules->from != NULL; rules++) {
        if (rules->from[0] == in->text[at] && is_at(in, at, rules->from))
            return rules;
    }
    return NULL;
}

/* Babinec, but Victor. */
static const char *read_c(const struct letters *in, size_t at)
{
    return at + 1 == in->len || strchr("eiyj", in->text[at + 1]) != NULL ? "ts" : "k";
}

static void read_letters(const struct letters *in, const struct rule *rules, struct letters *out)
{
    out->len = 0;
    for (size_t at = 0; at < in->len;) {
        const struct rule *rule = find_rule(rules, in, at);
        char letter[2] = {in->text[at], '\0'};

        if (rule == NULL)
            rule = find_rule(main_rules, in, at);
        if (rule != NULL)
            add_text(out, rule->to);
        else
            add_text(out, letter[0] == 'c' ? read_c(in, at) : letter);
        at += rule != NULL ? strlen(rule->from) : 1;
    }
}

static bool ends_with(const struct letters *word, const char *end)
{
    size_t len = strlen(end);

    return word->len >= len && memcmp(word->text + word->len - len, end, len) == 0;
}

/* Romanoff; Alexander. */
static void even_end(struct letters *word)
{
    if (word->len > 4 && (ends_with(word, "of") || ends_with(word, "ef")))
        word->text[word->len - 1] = 'v';
    if (ends_with(word, "sander")) {
        word->text[word->len - 2] = 'r';
        word->len--;
    }
}

/* Letters one after the other: doubled ones once (but aa, oo, uu); ie and io as e; o behind sh, ch
 * and zh too, where it may be ё. */
static void even_letters(struct letters *word)
{
    size_t to = 0;

    for (size_t at = 0; at < word->len; at++) {
        char c = word->text[at];

        if (c == 'o' && to > 1 && word->text[to - 1] == 'h' &&
            strchr("scz", word->text[to - 2]) != NULL)
            c = 'e';
        if (to > 0 && word->text[to - 1] == 'i' && (c == 'e' || c == 'o')) {
            c = 'e';
            to--;
        }
        if (to > 0 && word->text[to - 1] == c && strchr("aou0123456789", c) == NULL)
            continue;
        word->text[to++] = c;
    }
    word->len = to;
}

/* Reads until nothing changes any more; only the first time by those rules. */
static void make_key(const struct letters *in, const struct rule *rules, struct letters *out)
{
    struct letters before = *in;

    for (int pass = 0; pass < PASSES_MAX; pass++) {
        read_letters(&before, pass == 0 ? rules : NULL, out);
        even_letters(out);
        even_end(out);
        if (out->len == before.len && memcmp(out->text, before.text, out->len) == 0)
            break;
        before = *out;
    }
    out->text[out->len] = '\0';
    lw_zero(&before, sizeof(before));
}

static bool has_sign(const struct letters *word, const char *const *signs)
{
    for (; *signs != NULL; signs++) {
        if (strstr(word->text, *signs) != NULL)
            return true;
    }
    return false;
}

/* Is it among the words of text, which are separated by blanks? */
static bool is_among(const char *text, const struct letters *word)
{
    for (const char *at = text; *at != '\0';) {
        size_t len = strcspn(at, " ");

        if (len == word->len && memcmp(at, word->text, len) == 0)
            return true;
        at += len + (at[len] != '\0');
    }
    return false;
}

static enum lw_status add_keys(const struct letters *word, bool latin, struct lw_buf *out)
{
    size_t start = out->len, count = latin ? LW_COUNT_OF(readings) : 1;
    struct letters key;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < count && status == LW_OK; i++) {
        if (!has_sign(word, readings[i].signs))
            continue;
        make_key(word, readings[i].rules, &key);
        if (key.len == 0 || is_among(lw_buf_text(out) + start, &key))
            continue;
        if (out->len > start)
            status = lw_buf_addc(out, ' ');
        if (status == LW_OK)
            status = lw_buf_add(out, key.text, key.len);
    }
    lw_zero(&key, sizeof(key));
    if (status != LW_OK)
        lw_buf_truncate(out, start);
    return status;
}

static bool is_plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] >= 0x80 || text[i] == '\0')
            return false;
    }
    return true;
}

/* Of a word in NFC. */
static enum lw_status keys_of(const char *word, size_t len, struct lw_buf *out)
{
    struct letters letters;
    bool latin;
    enum lw_status status = LW_OK;

    /* one or two Latin letters are as good as their key */
    if (to_latin(word, len, &letters, &latin) && (!latin || letters.len > 2))
        status = add_keys(&letters, latin, out);
    lw_zero(&letters, sizeof(letters));
    return status;
}

enum lw_status lw_spelling_keys(const char *word, size_t len, struct lw_buf *out)
{
    struct lw_buf normal = LW_BUF_INIT;
    enum lw_status status;

    if (is_plain(word, len))
        return keys_of(word, len, out);
    status = lw_utf8_nfc(word, len, &normal);
    if (status == LW_OK)
        status = keys_of(lw_buf_text(&normal), normal.len, out);
    lw_buf_free(&normal);
    return status;
}
