/* Ten thousand random date strings: an error says where and what, and what is understood reads back
 * the same. LW_SEED chooses others; a failure prints the seed and the text. */
#include "journal_fixture.h"

#include <stdio.h>

enum { STRINGS = 10000, WORDS = 6 };

static const char *const pieces[] = {
    "13",         "dec",         "2014",
    "31",         "feb",         "0",
    "99",         "13.12.2014",  "2014-12-13",
    "2014-12-XX", "2014-13-01",  "21:20",
    "~21:20",     "25:61",       "13:00..14:30",
    "evening",    "night",       "morning",
    "yesterday",  "today",       "tomorrow",
    "monday",     "since",       "until",
    "about",      "between",     "and",
    "or",         "..",          "/",
    "-",          "–",           "~",
    "?",          "%",           "[",
    "]",          ",",           "after",
    "before",     "E09",         "E",
    "not",        "early",       "late",
    "mid",        "spring",      "winter",
    "2014~",      "201X",        "XXXX",
    "u",          "unknown",     "open",
    "+03:00",     "MSK",         "дек",
    "декабря",    "13 дек",      "вчера",
    "вечером",    "сегодня",     "после",
    "до",         "с",           "по",
    "около",      "между",       "и",
    "утром",      "понедельник", "год",
    "г.",         "в",           "4-16",
    "1/2/3",      "12/13",       "99999999999999999999",
    "-1",         "№",           "13th",
    "of",         "in",          "on",
    "at",         "the",         "noon",
    "midnight",   "3pm",         "12h",
    "\t",         "é",           "👍",
    "0x10",
};

struct chance {
    uint64_t state;
};

static unsigned draw(struct chance *chance, size_t below)
{
    chance->state = chance->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((chance->state >> 33) % below);
}

/* Words of dates in any order, with and without blanks; one of them cut, doubled or with a byte of
 * anything in it. */
static void make(struct chance *chance, struct lw_buf *out)
{
    unsigned count = 1 + draw(chance, WORDS);

    lw_buf_clear(out);
    for (unsigned i = 0; i < count; i++) {
        const char *piece = pieces[draw(chance, LW_COUNT_OF(pieces))];
        size_t len = strlen(piece);

        if (draw(chance, 12) == 0)
            len = draw(chance, len + 1);
        assert_int_equal(lw_buf_add(out, piece, len), LW_OK);
        if (draw(chance, 5) != 0)
            assert_int_equal(lw_buf_addc(out, ' '), LW_OK);
        if (draw(chance, 40) == 0)
            assert_int_equal(lw_buf_addc(out, (char)(1 + draw(chance, 255))), LW_OK);
    }
}

static void must(bool so, uint64_t seed, const char *text, const char *what, const char *more)
{
    if (!so)
        fail_msg("LW_SEED=%llu, \"%s\": %s: %s", (unsigned long long)seed, text, what, more);
}

/* The canonical text, typed or read strictly, is the same date. */
static void reads_back(uint64_t seed, const char *text, const struct lw_when *when)
{
    struct lw_when_typed typed;
    struct lw_when again;
    struct lw_buf said = LW_BUF_INIT;
    size_t len = strlen(when->text);

    must(lw_when_parse(when->text, len, &again, NULL) == LW_OK, seed, text, "not read strictly",
         when->text);
    must(strcmp(again.text, when->text) == 0 && again.earliest == when->earliest &&
             again.latest == when->latest,
         seed, text, "read strictly as another one", again.text);
    must(lw_when_read(when->text, len, &fixture_clock, &typed, NULL) == LW_OK && typed.has_when &&
             typed.relation_count == 0,
         seed, text, "not understood when typed", when->text);
    must(strcmp(typed.when.text, when->text) == 0 && typed.when.earliest == when->earliest &&
             typed.when.latest == when->latest,
         seed, text, "typed it is another one", typed.when.text);
    assert_int_equal(lw_when_say(when, &said), LW_OK);
    must(said.len > 0 && lw_utf8_valid(said.data, said.len, NULL), seed, text, "not said",
         lw_buf_text(&said));
    lw_buf_free(&said);
}

/* A sentence that names a place in the text (by what stands there, in quotes or in front of a
 * colon, or by its number), and is more than that. */
static void says_where_and_what(uint64_t seed, const char *text, const struct lw_error *err)
{
    const char *first = text + strspn(text, " \t");
    size_t begin = strcspn(first, " \t");
    bool where = strchr(err->text, '"') != NULL || strpbrk(err->text, "0123456789") != NULL ||
                 strstr(err->text, "UTF-8") != NULL || begin == 0 ||
                 strncmp(err->text, first, begin) == 0;

    must(err->status == LW_BAD_DATA, seed, text, "another status", err->text);
    must(strlen(err->text) >= 12, seed, text, "says nothing", err->text);
    must(where, seed, text, "does not say where", err->text);
    must(lw_utf8_valid(err->text, strlen(err->text), NULL), seed, text, "is no text", "");
}

static void test_random(void **state)
{
    const char *given = getenv("LW_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 20141213;
    struct chance chance = {seed};
    struct lw_buf text = LW_BUF_INIT;
    unsigned understood = 0;

    (void)state;
    for (int i = 0; i < STRINGS; i++) {
        struct lw_when_typed typed;
        struct lw_error err = {0};
        enum lw_status status;

        make(&chance, &text);
        status = lw_when_read(lw_buf_text(&text), text.len, &fixture_clock, &typed, &err);
        if (status != LW_OK) {
            says_where_and_what(seed, lw_buf_text(&text), &err);
            continue;
        }
        understood++;
        if (typed.has_when)
            reads_back(seed, lw_buf_text(&text), &typed.when);
        else
            must(typed.relation_count > 0, seed, lw_buf_text(&text), "understood as nothing", "");
    }
    lw_buf_free(&text);
    print_message("%u of %d understood\n", understood, STRINGS);
    assert_true(understood >= 300); /* else the words are too wild to test anything */
    assert_true(understood <= STRINGS - 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
