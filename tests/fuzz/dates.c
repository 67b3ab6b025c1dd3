/* Dates: canonical ones stay what they are, typed ones become canonical ones, spans are in order.
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

/* Typing what is canonical says the same; so does the whole of what was found in a line. */
static void typed(const char *text, size_t len)
{
    struct lw_when_typed read = {0}, found = {0};
    struct lw_error err = {0};
    enum lw_status status = lw_when_read(text, len, &fuzz_clock, &read, &err);

    MUST(status == LW_OK || (status == LW_BAD_DATA && err.text[0] != '\0'));
    if (status == LW_OK) {
        judge_typed(&read);
        if (read.has_when) {
            MUST(lw_when_read(read.when.text, strlen(read.when.text), &fuzz_clock, &found, NULL) ==
                 LW_OK);
            MUST(found.has_when && found.relation_count == 0);
            must_be_same(&read.when, &found.when);
        }
    }
    for (int alone = 0; alone < 2; alone++) {
        size_t taken;

        err = (struct lw_error){0};
        memset(&found, 0, sizeof found);
        taken = lw_when_scan(text, len, alone != 0, &fuzz_clock, &found, &err);
        MUST(taken <= len);
        if (taken > 0 && (found.has_when || found.relation_count > 0))
            judge_typed(&found);
        else if (taken > 0)
            MUST(err.text[0] != '\0');
    }
}

static bool strict(const char *text, size_t len, struct lw_when *out)
{
    struct lw_error err = {0};
    enum lw_status status = lw_when_parse(text, len, out, &err);

    MUST(status == LW_OK || (status == LW_BAD_DATA && err.text[0] != '\0'));
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
