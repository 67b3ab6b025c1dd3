/*
 * Dates: canonical ones stay what they are, typed ones become canonical ones wherever they stand,
 * spans are in order; days and minutes against a plain reading of the same.
 */
#include "fuzz_journal.h"

static void must_be_same(const struct lw_when *a, const struct lw_when *b)
{
    MUST(strcmp(a->text, b->text) == 0);
    MUST(a->earliest == b->earliest && a->latest == b->latest);
    MUST(a->has_time == b->has_time && a->has_offset == b->has_offset);
    MUST(a->offset_minutes == b->offset_minutes && a->interval == b->interval);
    MUST(a->open == b->open && a->approximate == b->approximate);
}

/* What must hold for every date. */
static void judge(const struct lw_when *when)
{
    struct lw_buf said = LW_BUF_INIT;
    struct lw_when again;

    MUST(memchr(when->text, '\0', sizeof when->text) != NULL);
    MUST(when->earliest < when->latest);
    MUST(when->open || (when->earliest > LW_TIME_MIN && when->latest < LW_TIME_MAX));
    MUST(when->has_offset ? when->has_time : when->offset_minutes == 0);
    MUST(when->offset_minutes > -24 * 60 && when->offset_minutes < 24 * 60);
    MUST(lw_when_parse(when->text, strlen(when->text), &again, NULL) == LW_OK);
    must_be_same(when, &again);
    MUST(lw_when_within(when, when) && lw_when_overlaps(when, when));
    MUST(lw_when_say(when, &said) == LW_OK && said.len > 0);
    MUST(lw_utf8_valid(said.data, said.len, NULL));
    lw_buf_free(&said);
}

static void judge_typed(const struct lw_when_typed *typed)
{
    MUST(typed->has_when || typed->relation_count > 0);
    MUST(typed->relation_count <= LW_WHEN_REFS);
    if (typed->has_when)
        judge(&typed->when);
    for (size_t i = 0; i < typed->relation_count; i++)
        MUST(memchr(typed->relation[i].ref, '\0', sizeof typed->relation[i].ref) != NULL &&
             typed->relation[i].ref[0] != '\0');
}

static void must_be_typed_same(const struct lw_when_typed *a, const struct lw_when_typed *b)
{
    MUST(a->has_when == b->has_when && a->relation_count == b->relation_count);
    if (a->has_when)
        must_be_same(&a->when, &b->when);
    for (size_t i = 0; i < a->relation_count; i++)
        MUST(a->relation[i].after == b->relation[i].after &&
             strcmp(a->relation[i].ref, b->relation[i].ref) == 0);
}

/* What is found at the beginning of a line; another word behind the line changes nothing. */
static void found(const char *text, size_t len, bool alone)
{
    struct lw_when_typed found = {0}, other = {0};
    struct lw_error err = {0}, why = {0};
    struct lw_buf longer = LW_BUF_INIT;
    size_t taken = lw_when_scan(text, len, alone, &fuzz_clock, &found, &err);

    MUST(taken <= len);
    if (taken > 0 && (found.has_when || found.relation_count > 0))
        judge_typed(&found);
    else if (taken > 0)
        MUST(err.text[0] != '\0');
    MUST(lw_buf_add(&longer, text, len) == LW_OK && lw_buf_adds(&longer, " zq") == LW_OK);
    MUST(lw_when_scan(longer.data, longer.len, alone, &fuzz_clock, &other, &why) == taken);
    if (taken > 0)
        must_be_typed_same(&found, &other);
    MUST(strcmp(err.text, why.text) == 0);
    lw_buf_free(&longer);
}

/* Typing what is canonical says the same. */
static void typed(const char *text, size_t len)
{
    struct lw_when_typed read = {0}, back = {0};
    struct lw_error err = {0};
    enum lw_status status = lw_when_read(text, len, &fuzz_clock, &read, &err);

    MUST(status == LW_OK || (status == LW_BAD_DATA && err.text[0] != '\0'));
    if (status == LW_OK) {
        judge_typed(&read);
        if (read.has_when) {
            MUST(lw_when_read(read.when.text, strlen(read.when.text), &fuzz_clock, &back, NULL) ==
                 LW_OK);
            MUST(back.has_when && back.relation_count == 0);
            must_be_same(&read.when, &back.when);
        }
    }
    found(text, len, false);
    found(text, len, true);
}

/* A number at the places of a pattern that are '0'; the other characters must be there. */
static bool fits(const char *text, size_t len, const char *pattern, unsigned number[5])
{
    size_t count = 0;

    if (len != strlen(pattern))
        return false;
    for (size_t i = 0; i < len; i++) {
        bool digit = pattern[i] == '0';

        if (digit && (i == 0 || pattern[i - 1] != '0'))
            number[count++] = 0;
        if (digit ? text[i] < '0' || text[i] > '9' : text[i] != pattern[i])
            return false;
        if (digit)
            number[count - 1] = number[count - 1] * 10 + (unsigned)(text[i] - '0');
    }
    return true;
}

/* Days from 1970 to a day of the years from 0 on; false where there is none. */
static bool plain_day(const unsigned number[3], int64_t *out)
{
    static const unsigned length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year = number[0], before = year - 1;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    if (number[1] < 1 || number[1] > 12 || number[2] < 1 ||
        number[2] > length[number[1] - 1] + (leap && number[1] == 2))
        return false;
    *out = year * 365 + number[2] - 1 - 719528;
    if (year > 0)
        *out += before / 4 - before / 100 + before / 400 + 1;
    for (unsigned i = 1; i < number[1]; i++)
        *out += length[i - 1] + (leap && i == 2);
    return true;
}

/* One day, or one minute of it, against a plain reading of the same. */
static void plainly(const char *text, size_t len, const struct lw_when *read)
{
    unsigned number[5];
    bool day = fits(text, len, "0000-00-00", number);
    bool minute = fits(text, len, "0000-00-00 00:00", number);
    int64_t days, from;

    if (!day && !minute)
        return;
    if (!plain_day(number, &days) || (minute && (number[3] > 23 || number[4] > 59))) {
        MUST(read == NULL);
        return;
    }
    from = days * 86400 + (minute ? number[3] * 3600 + number[4] * 60 : 0);
    MUST(read != NULL && read->earliest == from && read->latest == from + (minute ? 60 : 86400));
    MUST(read->has_time == minute && !read->approximate && !read->interval);
}

static bool strict(const char *text, size_t len, struct lw_when *out)
{
    struct lw_error err = {0};
    enum lw_status status = lw_when_parse(text, len, out, &err);

    MUST(status == LW_OK || (status == LW_BAD_DATA && err.text[0] != '\0'));
    plainly(text, len, status == LW_OK ? out : NULL);
    if (status != LW_OK)
        return false;
    MUST(strlen(out->text) == len && memcmp(out->text, text, len) == 0);
    judge(out);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *second = size > 0 ? memchr(text, '\n', size) : NULL;
    size_t len = second != NULL ? (size_t)(second - text) : size;
    struct lw_when a, b;
    bool one = strict(text, len, &a);

    typed(text, len);
    if (second == NULL)
        return 0;
    second++;
    len = size - len - 1;
    typed(second, len);
    if (!strict(second, len, &b) || !one)
        return 0;
    MUST(lw_when_overlaps(&a, &b) == lw_when_overlaps(&b, &a));
    MUST(!lw_when_within(&a, &b) || lw_when_overlaps(&a, &b));
    return 0;
}
