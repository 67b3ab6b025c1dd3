/*
 * The canonical text of a `when`, read strictly. The date is EDTF (ISO 8601-2) Levels 0 and 1, and
 * of Level 2 a qualifier before one component and one-of-a-set; the time of day is our own
 * addition.
 *
 * A time stands only after complete days: one day, an interval whose stated ends are days, a set of
 * days. On an interval it bounds both ends: from the time on the first day to the time on the last.
 */
#include "when_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void lw_when_quote(struct lw_slice text, char out[80])
{
    static const size_t longest = 60;
    size_t used = 0;
    size_t at = 0;
    bool valid = lw_utf8_valid(text.at, text.len, NULL);
    while (at < text.len) {
        uint32_t codepoint = (unsigned char)text.at[at];
        size_t bytes = valid ? lw_utf8_next(text.at + at, text.len - at, &codepoint) : 1;
        if (bytes == 0 || used + bytes > longest)
            break;
        if ((!valid && codepoint >= 0x80) || lw_text_is_unprintable(codepoint)) {
            out[used++] = '?';
        } else {
            memcpy(out + used, text.at + at, bytes);
            used += bytes;
        }
        at += bytes;
    }
    memcpy(out + used, at < text.len ? "..." : "", at < text.len ? 4 : 1);
}

enum lw_status lw_when_refuse(const struct lw_when_reader *reader, const char *format, ...)
{
    char shown[80];
    char sentence[640];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(sentence, sizeof sentence, lw_say(format), args);
    va_end(args);
    if (written < 0)
        sentence[0] = '\0';
    lw_when_quote(reader->whole, shown);
    return lw_fail(reader->err, LW_BAD_DATA, "%s: %s", shown, sentence);
}

static bool contains(struct lw_slice text, const char *part)
{
    return text.len > 0 && memmem(text.at, text.len, part, strlen(part)) != NULL;
}

/* Forms of earlier drafts, and of everyday typing, that deserve a sentence of their own. */
static enum lw_status refuse_other_forms(const struct lw_when_reader *reader, struct lw_slice date)
{
    if (contains(date, "unknown"))
        return lw_when_refuse(reader,
                              "an end that is not known is left empty, as in 2014-12-13/ or "
                              "/2014-12-13");
    if (contains(date, "open"))
        return lw_when_refuse(reader, "an open end is written .., as in 2014-12-13/..");
    if (contains(date, "uuuu"))
        return lw_when_refuse(reader, "leave the date out where nothing is known; single unknown "
                                      "digits are written X, as in 201X or 2014-12-XX");
    if (contains(date, "u") || contains(date, "x"))
        return lw_when_refuse(reader, "an unknown digit is written X, as in 201X or 2014-12-XX");
    if (contains(date, "y"))
        return lw_when_refuse(reader, "a year of more than four digits begins with a capital Y");
    if (contains(date, "{") || contains(date, "}"))
        return lw_when_refuse(reader, "make one entry for each date, or write an interval as in "
                                      "2014-12-04/2014-12-16");
    if (contains(date, "(") || contains(date, ")"))
        return lw_when_refuse(reader, "a qualifier stands before the part that it is about, as in "
                                      "2014-12-~13, without parentheses");
    if (contains(date, "."))
        return lw_when_refuse(reader, "year, month and day are joined by -, as in 2014-12-13");
    return LW_OK;
}

static enum lw_status read_date(const struct lw_when_reader *reader, struct lw_slice text,
                                struct lw_when_date *out)
{
    enum lw_status status = refuse_other_forms(reader, text);
    return status == LW_OK ? lw_when_read_date(reader, text, out) : status;
}

static enum lw_status read_end(const struct lw_when_reader *reader, struct lw_slice text,
                               enum lw_when_end *end, struct lw_when_date *date)
{
    if (text.len == 0)
        *end = LW_END_UNKNOWN;
    else if (text.len == 2 && memcmp(text.at, "..", 2) == 0)
        *end = LW_END_OPEN;
    else {
        *end = LW_END_STATED;
        return read_date(reader, text, date);
    }
    return LW_OK;
}

static enum lw_status read_interval(const struct lw_when_reader *reader, struct lw_slice text,
                                    const char *slash, struct lw_when_parts *out)
{
    struct lw_slice begin = {text.at, (size_t)(slash - text.at)};
    struct lw_slice end = {slash + 1, text.len - begin.len - 1};
    if (memchr(end.at, '/', end.len) != NULL)
        return lw_when_refuse(reader, "an interval has one slash; a date is written 2014-12-13");
    out->form = LW_FORM_INTERVAL;
    out->count = 2;
    enum lw_status status = read_end(reader, begin, &out->begin, &out->date[0]);
    if (status == LW_OK)
        status = read_end(reader, end, &out->end, &out->date[1]);
    if (status != LW_OK)
        return status;
    bool stated_begin = out->begin == LW_END_STATED;
    bool stated_end = out->end == LW_END_STATED;
    if (!stated_begin && !stated_end)
        return lw_when_refuse(reader, "state at least one end of the interval, or leave the date "
                                      "out");
    if (stated_begin && stated_end && out->date[0].first >= out->date[1].last)
        return lw_when_refuse(reader, "the end lies before the beginning");
    return LW_OK;
}

/* One member of a set: a date, or two joined by "..". */
static enum lw_status read_member(const struct lw_when_reader *reader, struct lw_slice text,
                                  struct lw_when_parts *out)
{
    const char *dots = text.len > 2 ? memmem(text.at, text.len, "..", 2) : NULL;
    size_t need = dots != NULL ? 2 : 1;
    if (out->count + need > LW_WHEN_DATES)
        return lw_when_refuse(reader, "a set holds at most %d dates", LW_WHEN_DATES);
    struct lw_when_date *date = &out->date[out->count];
    if (dots == NULL) {
        out->count++;
        return read_date(reader, text, date);
    }
    struct lw_slice from = {text.at, (size_t)(dots - text.at)};
    struct lw_slice to = {dots + 2, text.len - from.len - 2};
    if (from.len == 0 || to.len == 0)
        return lw_when_refuse(reader, "in a set both ends are stated; an open end is an interval, "
                                      "as in 2014-12-13/..");
    enum lw_status status = read_date(reader, from, date);
    if (status == LW_OK)
        status = read_date(reader, to, date + 1);
    if (status != LW_OK)
        return status;
    if (date[0].first >= date[1].last)
        return lw_when_refuse(reader, "the end lies before the beginning");
    out->run[out->count] = true;
    out->count += 2;
    return LW_OK;
}

static enum lw_status read_set(const struct lw_when_reader *reader, struct lw_slice text,
                               struct lw_when_parts *out)
{
    if (text.len < 3 || text.at[text.len - 1] != ']')
        return lw_when_refuse(reader, "a set ends with ], as in [2014-12-05,2014-12-06]");
    struct lw_slice rest = {text.at + 1, text.len - 2};
    out->form = LW_FORM_SET;
    for (;;) {
        const char *comma = memchr(rest.at, ',', rest.len);
        struct lw_slice member = {rest.at, comma != NULL ? (size_t)(comma - rest.at) : rest.len};
        if (member.len == 0)
            return lw_when_refuse(reader, "a date is missing beside a comma");
        enum lw_status status = read_member(reader, member, out);
        if (status != LW_OK)
            return status;
        if (comma == NULL)
            break;
        rest.at = comma + 1;
        rest.len -= member.len + 1;
    }
    if (out->count < 2)
        return lw_when_refuse(reader, "one date needs no brackets");
    return LW_OK;
}

static enum lw_status read_dates(const struct lw_when_reader *reader, struct lw_slice text,
                                 struct lw_when_parts *out)
{
    const char *slash = memchr(text.at, '/', text.len);
    if (text.at[0] == '[')
        return read_set(reader, text, out);
    if (slash != NULL)
        return read_interval(reader, text, slash, out);
    out->form = LW_FORM_SINGLE;
    out->count = 1;
    return read_date(reader, text, &out->date[0]);
}

static bool is_days(const struct lw_when_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        bool stated = parts->form != LW_FORM_INTERVAL ||
                      (i == 0 ? parts->begin : parts->end) == LW_END_STATED;
        if (stated && parts->date[i].unit != LW_UNIT_DAY)
            return false;
    }
    return true;
}

/* What stands after the first blank: a time, then perhaps an offset. */
static enum lw_status read_rest(const struct lw_when_reader *reader, struct lw_slice text,
                                struct lw_when_parts *out)
{
    const char *blank = memchr(text.at, ' ', text.len);
    struct lw_slice clock = {text.at, blank != NULL ? (size_t)(blank - text.at) : text.len};
    if (clock.len == 0 || (blank != NULL && clock.len + 1 == text.len))
        return lw_when_refuse(reader, "one blank stands between date, time and offset, none at the "
                                      "end");
    if (clock.at[0] == '+' || clock.at[0] == '-')
        return lw_when_refuse(reader, "an offset needs a time before it, as in 2014-12-13 13:00 "
                                      "+03:00");
    enum lw_status status = lw_when_read_clock(reader, clock, &out->clock);
    if (status != LW_OK)
        return status;
    if (!is_days(out))
        return lw_when_refuse(reader, "a time of day needs complete days, as in 2014-12-13 13:00");
    if (blank == NULL)
        return LW_OK;
    struct lw_slice offset = {blank + 1, text.len - clock.len - 1};
    out->has_offset = true;
    return lw_when_read_offset(reader, offset, &out->offset_minutes);
}

static enum lw_status read_whole(const struct lw_when_reader *reader, struct lw_when_parts *out)
{
    struct lw_slice text = reader->whole;
    if (text.len == 0)
        return lw_fail(reader->err, LW_BAD_DATA,
                       "the date is empty; leave it out where nothing is known");
    if (text.len >= LW_WHEN_TEXT)
        return lw_when_refuse(reader, "a date has at most %d characters", LW_WHEN_TEXT - 1);
    const char *blank = memchr(text.at, ' ', text.len);
    struct lw_slice dates = {text.at, blank != NULL ? (size_t)(blank - text.at) : text.len};
    if (dates.len == 0)
        return lw_when_refuse(reader, "no blank stands before the date");
    enum lw_status status = read_dates(reader, dates, out);
    if (status != LW_OK || blank == NULL)
        return status;
    return read_rest(reader, (struct lw_slice){blank + 1, text.len - dates.len - 1}, out);
}

enum lw_status lw_when_read_parts(const char *text, size_t len, struct lw_when_parts *out,
                                  struct lw_error *err)
{
    struct lw_when_reader reader = {{text, len}, err};
    struct lw_when_parts parts = {0};
    enum lw_status status = read_whole(&reader, &parts);
    if (status == LW_OK)
        *out = parts;
    return status;
}

enum lw_status lw_when_parse(const char *text, size_t len, struct lw_when *out,
                             struct lw_error *err)
{
    struct lw_when_reader reader = {{text, len}, err};
    struct lw_when_parts parts = {0};
    struct lw_when when = {0};
    enum lw_status status = read_whole(&reader, &parts);
    if (status == LW_OK)
        status = lw_when_span(&reader, &parts, &when);
    if (status != LW_OK)
        return status;
    memcpy(when.text, text, len);
    *out = when;
    return LW_OK;
}
