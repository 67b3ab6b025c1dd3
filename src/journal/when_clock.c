/* The time of day and the offset that stand after an EDTF date. */
#include "when_internal.h"

#include <string.h>

const struct lw_part_of_day lw_when_parts_of_day[LW_PARTS_OF_DAY] = {
    {N_("night"), 0, 6 * 60},
    {N_("morning"), 6 * 60, 12 * 60},
    {N_("afternoon"), 12 * 60, 18 * 60},
    {N_("evening"), 18 * 60, 24 * 60},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "13:00": exactly five characters, the numbers not yet judged. */
static bool has_clock_shape(struct lw_slice text)
{
    return text.len == 5 && is_digit(text.at[0]) && is_digit(text.at[1]) && text.at[2] == ':' &&
           is_digit(text.at[3]) && is_digit(text.at[4]);
}

static int pair(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

static enum lw_status refuse_shape(const struct lw_when_reader *reader, struct lw_slice text)
{
    char shown[80];
    if (text.len > 0 && text.at[text.len - 1] == 'Z')
        return lw_when_refuse(reader, "write +00:00 in place of Z, after a blank");
    if (text.len == 4 && text.at[1] == ':' && is_digit(text.at[0]))
        return lw_when_refuse(reader, "hours have two digits, as in 09:05");
    if (text.len > 5 && has_clock_shape((struct lw_slice){text.at, 5})) {
        if (text.at[5] == ':')
            return lw_when_refuse(reader, "times go to the minute, as in 13:00");
        return lw_when_refuse(reader, "after the minutes comes a blank, then the offset as in "
                                      "13:00 +03:00");
    }
    lw_when_quote(text, shown);
    return lw_when_refuse(reader,
                          "\"%s\" is no time of day: write 13:00, ~13:00, 13:00..14:30, night, "
                          "morning, afternoon or evening",
                          shown);
}

static enum lw_status read_minutes(const struct lw_when_reader *reader, struct lw_slice text,
                                   int *minutes, bool *about)
{
    bool tilde = text.len > 0 && text.at[0] == '~';
    if (tilde) {
        text.at++;
        text.len--;
    }
    if (!has_clock_shape(text))
        return refuse_shape(reader, text);
    int hour = pair(text.at);
    int minute = pair(text.at + 3);
    if (hour == 24 && minute == 0)
        return lw_when_refuse(reader, "in place of 24:00 write 23:59, or 00:00 of the next day");
    if (hour > 23 || minute > 59)
        return lw_when_refuse(reader, "times go from 00:00 to 23:59");
    *minutes = hour * 60 + minute;
    *about = tilde;
    return LW_OK;
}

static bool find_part(struct lw_slice text, struct lw_when_clock *out)
{
    for (unsigned i = 0; i < LW_PARTS_OF_DAY; i++) {
        const struct lw_part_of_day *part = &lw_when_parts_of_day[i];
        if (strlen(part->name) == text.len && memcmp(part->name, text.at, text.len) == 0) {
            *out = (struct lw_when_clock){
                .kind = LW_CLOCK_PART, .part = i, .from = part->from, .to = part->to};
            return true;
        }
    }
    return false;
}

enum lw_status lw_when_read_clock(const struct lw_when_reader *reader, struct lw_slice text,
                                  struct lw_when_clock *out)
{
    struct lw_when_clock clock = {.kind = LW_CLOCK_TIME};
    if (find_part(text, out))
        return LW_OK;
    if (text.len > 1 && text.at[0] == '~' &&
        find_part((struct lw_slice){text.at + 1, text.len - 1}, &clock))
        return lw_when_refuse(reader, "a part of the day is wide enough without ~");
    const char *dots = text.len > 2 ? memmem(text.at, text.len, "..", 2) : NULL;
    struct lw_slice from = text;
    if (dots != NULL)
        from.len = (size_t)(dots - text.at);
    enum lw_status status = read_minutes(reader, from, &clock.from, &clock.about_from);
    if (status != LW_OK)
        return status;
    clock.to = clock.from;
    clock.about_to = clock.about_from;
    if (dots != NULL) {
        struct lw_slice to = {dots + 2, text.len - from.len - 2};
        clock.kind = LW_CLOCK_RANGE;
        status = read_minutes(reader, to, &clock.to, &clock.about_to);
        if (status != LW_OK)
            return status;
    }
    *out = clock;
    return LW_OK;
}

static bool is_word(struct lw_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80))
            return false;
    }
    return text.len > 0;
}

enum lw_status lw_when_read_offset(const struct lw_when_reader *reader, struct lw_slice text,
                                   int *minutes)
{
    if (text.len == 1 && text.at[0] == 'Z')
        return lw_when_refuse(reader, "write +00:00 in place of Z");
    if (is_word(text)) {
        char shown[80];
        lw_when_quote(text, shown);
        return lw_when_refuse(reader,
                              "names of time zones change their meaning; in place of %s write the "
                              "offset as a number, as in +03:00 (Moscow was +04:00 until 26 "
                              "October 2014)",
                              shown);
    }
    if (text.len != 6 || (text.at[0] != '+' && text.at[0] != '-') ||
        !has_clock_shape((struct lw_slice){text.at + 1, 5}))
        return lw_when_refuse(reader, "an offset is a sign, hours and minutes, as in +03:00");
    int value = pair(text.at + 1) * 60 + pair(text.at + 4);
    if (pair(text.at + 4) > 59 || value > 14 * 60)
        return lw_when_refuse(reader, "offsets go from -14:00 to +14:00");
    if (value == 0 && text.at[0] == '-')
        return lw_when_refuse(reader, "write +00:00 in place of -00:00");
    *minutes = text.at[0] == '-' ? -value : value;
    return LW_OK;
}
