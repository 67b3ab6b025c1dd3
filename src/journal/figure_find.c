/* The figure with which a wording begins. It would rather find none than one that was not meant:
 * what is found is recorded as a bound, and a person may not look again. */
#include "internal.h"

#include <string.h>

#define MOST_COUNT UINT64_C(9007199254740992) /* as for every number of a record */

/* Words as lw_utf8_fold leaves them: small letters, и for й, е for ё. */
static const struct {
    const char *word;
    uint64_t number;
} number_words[] = {
    {"one", 1},         {"two", 2},         {"three", 3},        {"four", 4},
    {"five", 5},        {"six", 6},         {"seven", 7},        {"eight", 8},
    {"nine", 9},        {"ten", 10},        {"eleven", 11},      {"twelve", 12},
    {"both", 2},        {"один", 1},        {"одна", 1},         {"одно", 1},
    {"одного", 1},      {"однои", 1},       {"одну", 1},         {"одним", 1},
    {"два", 2},         {"две", 2},         {"двух", 2},         {"двое", 2},
    {"двоих", 2},       {"двумя", 2},       {"оба", 2},          {"обе", 2},
    {"обоих", 2},       {"три", 3},         {"трех", 3},         {"трое", 3},
    {"троих", 3},       {"четыре", 4},      {"четырех", 4},      {"четверо", 4},
    {"четверых", 4},    {"пять", 5},        {"пяти", 5},         {"пятеро", 5},
    {"пятерых", 5},     {"шесть", 6},       {"шести", 6},        {"шестеро", 6},
    {"семь", 7},        {"семи", 7},        {"семеро", 7},       {"восемь", 8},
    {"восьми", 8},      {"девять", 9},      {"девяти", 9},       {"десять", 10},
    {"десяти", 10},     {"десятеро", 10},   {"одиннадцать", 11}, {"одиннадцати", 11},
    {"двенадцать", 12}, {"двенадцати", 12},
};

enum bound { EXACTLY, LEAST, MORE, MOST, FEWER };

static const struct {
    const char *words; /* with the blank behind them */
    enum bound bound;
} bound_words[] = {
    {"the ", EXACTLY},
    {"all ", EXACTLY},
    {"все ", EXACTLY},
    {"at least ", LEAST},
    {"no fewer than ", LEAST},
    {"no less than ", LEAST},
    {"не менее ", LEAST},
    {"не менее чем ", LEAST},
    {"не меньше ", LEAST},
    {"как минимум ", LEAST},
    {"минимум ", LEAST},
    {"по меньшеи мере ", LEAST},
    {"по краинеи мере ", LEAST},
    {"more than ", MORE},
    {"over ", MORE},
    {"более ", MORE},
    {"более чем ", MORE},
    {"больше ", MORE},
    {"свыше ", MORE},
    {"at most ", MOST},
    {"no more than ", MOST},
    {"up to ", MOST},
    {"не более ", MOST},
    {"не больше ", MOST},
    {"до ", MOST},
    {"fewer than ", FEWER},
    {"less than ", FEWER},
    {"менее ", FEWER},
    {"меньше ", FEWER},
};

static const char *const range_words[] = {"-", "–", "..", " to ", " or ", " или "};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letters and digits, whatever the script: every byte of a character beyond ASCII but for the
 * dashes and quotation marks, of which the first byte is 0xe2. */
static bool goes_on(const char *at)
{
    unsigned char c = (unsigned char)*at;

    return is_digit(*at) || (c >= 'a' && c <= 'z') || c == '_' || (c >= 0x80 && c != 0xe2);
}

/* "50,000", "50 000", "14": bytes, 0 for none; a part of something longer is none. */
static size_t take_digits(const char *text, uint64_t *number)
{
    char digits[20];
    size_t used = 0, count = 0;

    while (is_digit(text[used]) && count < sizeof digits - 1) {
        digits[count++] = text[used++];
        if ((text[used] == ',' || text[used] == ' ') && is_digit(text[used + 1]) &&
            is_digit(text[used + 2]) && is_digit(text[used + 3]) && !is_digit(text[used + 4]))
            used++;
    }
    return lw_parse_u64(digits, count, MOST_COUNT, number) ? used : 0;
}

static size_t take_word(const char *text, uint64_t *number)
{
    for (size_t i = 0; i < LW_COUNT_OF(number_words); i++) {
        size_t len = strlen(number_words[i].word);

        if (strncmp(text, number_words[i].word, len) == 0 && !goes_on(text + len)) {
            *number = number_words[i].number;
            return len;
        }
    }
    return 0;
}

static size_t take_number(const char *text, uint64_t *number)
{
    return is_digit(text[0]) ? take_digits(text, number) : take_word(text, number);
}

/* The longest of the words that bound a number. */
static size_t take_bound(const char *text, enum bound *bound)
{
    size_t longest = 0;

    *bound = EXACTLY;
    for (size_t i = 0; i < LW_COUNT_OF(bound_words); i++) {
        size_t len = strlen(bound_words[i].words);

        if (len > longest && strncmp(text, bound_words[i].words, len) == 0) {
            longest = len;
            *bound = bound_words[i].bound;
        }
    }
    return longest;
}

/* "two or three", "4-6": what follows the first number; 0 where it is none of a range. */
static size_t take_second(const char *text, uint64_t *number)
{
    for (size_t i = 0; i < LW_COUNT_OF(range_words); i++) {
        size_t len = strlen(range_words[i]);
        size_t used;

        if (strncmp(text, range_words[i], len) != 0)
            continue;
        used = take_number(text + len, number);
        if (used > 0)
            return len + used;
    }
    return 0;
}

/* Behind the number a word of its own may stand, but no other number, and nothing that makes it a
 * part of something: 14th, 14-year-old, 1.5, 21:20, 50%. */
static bool ends_well(const char *text)
{
    static const char strong[] = "-strong";
    uint64_t number;

    if (strncmp(text, strong, strlen(strong)) == 0)
        text += strlen(strong);
    if (goes_on(text) || text[0] == '%' || text[0] == '-' || text[0] == '/' ||
        (text[0] != '\0' && text[0] != ' ' && is_digit(text[1])))
        return false;
    for (bool start = true; *text != '\0'; text++) {
        if (is_digit(*text) || (start && take_word(text, &number) > 0))
            return false;
        start = !goes_on(text);
    }
    return true;
}

static void set_bounds(struct lw_figure *out, enum bound bound, uint64_t number)
{
    int64_t value = (int64_t)number;

    *out =
        (struct lw_figure){.has_min = bound <= MORE, .has_max = bound == EXACTLY || bound >= MOST};
    if (out->has_min)
        out->min = bound == MORE ? value + 1 : value;
    if (out->has_max)
        out->max = bound == FEWER ? value - 1 : value;
}

static bool find(const char *text, struct lw_figure *out)
{
    enum bound bound;
    uint64_t first, second;
    size_t used = take_bound(text, &bound);
    size_t taken = take_number(text + used, &first);

    if (taken == 0 || (bound == FEWER && first == 0))
        return false;
    used += taken;
    taken = take_second(text + used, &second);
    if (!ends_well(text + used + taken) || (taken > 0 && (bound != EXACTLY || second < first)))
        return false;
    set_bounds(out, bound, first);
    if (taken > 0)
        out->max = (int64_t)second;
    return true;
}

/* "5 December", "13.12.2014", "21:20": also behind "up to". */
static bool is_date(const char *text, size_t len, const struct lw_clock *clock)
{
    size_t at = 0;
    struct lw_when_typed typed;

    while (at < len && !is_digit(text[at]))
        at++;
    return at < len && lw_when_scan(text + at, len - at, true, clock, &typed, NULL) > 0;
}

bool lw_figure_find(const char *text, size_t len, const struct lw_clock *clock,
                    struct lw_figure *out)
{
    struct lw_buf folded = LW_BUF_INIT;
    bool found = !is_date(text, len, clock) && lw_utf8_fold(text, len, &folded) == LW_OK &&
                 find(lw_buf_text(&folded), out);

    lw_buf_free(&folded);
    return found;
}
