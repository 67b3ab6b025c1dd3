/* A typed time of day: "evening", "at 21:20", "~21:20 +03:00", "from 13:00 to 14:30", "9:30 pm". */
#include "when_typed.h"

#include <stdio.h>
#include <string.h>

struct minutes {
    unsigned hour, minute;
    bool about;
};

/* "9:30 pm" and "9 pm" to the 24 hours of the day. */
static size_t take_half(struct lw_typer *typer, size_t index, struct minutes *out)
{
    if (!lw_typer_is_word(typer, index, LW_WORD_HALF) || out->hour < 1 || out->hour > 12)
        return index;
    out->hour = out->hour % 12 + (unsigned)lw_typer_token(typer, index)->value;
    return index + 1;
}

static size_t read_minutes(struct lw_typer *typer, size_t index, struct minutes *out)
{
    bool about =
        lw_typer_is_mark(typer, index, '~') || lw_typer_is_word(typer, index, LW_WORD_ABOUT);
    size_t at = about ? index + 1 : index;
    if (about && lw_typer_is_word(typer, at, LW_WORD_AT))
        at++;
    if (!lw_typer_is_number(typer, at, 2))
        return 0;
    *out = (struct minutes){.hour = (unsigned)lw_typer_token(typer, at)->number, .about = about};
    size_t next = at + 1;
    const struct lw_token *minute = lw_typer_token(typer, at + 2);
    if (lw_typer_is_joint(typer, next, ':') && lw_typer_is_number(typer, at + 2, 2)) {
        if (minute->digits != 2 || lw_typer_is_joint(typer, at + 3, ':'))
            return 0;
        out->minute = (unsigned)minute->number;
        return take_half(typer, at + 3, out);
    }
    size_t half = take_half(typer, next, out);
    return half > next ? half : 0;
}

static bool can_be(const struct minutes *time)
{
    return time->hour < 24 && time->minute < 60;
}

/* "+03:00", "+0300", "+3"; false where it is no offset. */
static size_t read_hours(struct lw_typer *typer, size_t index, unsigned *hour, unsigned *minute)
{
    const struct lw_token *token = lw_typer_token(typer, index);
    if (token->kind != LW_TOKEN_NUMBER || !token->glued || token->digits == 3 || token->digits > 4)
        return 0;
    *hour = (unsigned)token->number;
    *minute = 0;
    if (token->digits == 4) {
        *hour = (unsigned)token->number / 100;
        *minute = (unsigned)token->number % 100;
    } else if (lw_typer_is_joint(typer, index + 1, ':') &&
               lw_typer_token(typer, index + 2)->digits == 2) {
        *minute = (unsigned)lw_typer_token(typer, index + 2)->number;
        return index + 3;
    }
    return index + 1;
}

static size_t read_signed(struct lw_typer *typer, size_t index, char *out, size_t size)
{
    unsigned hour = 0;
    unsigned minute = 0;
    bool plus = lw_typer_is_mark(typer, index, '+');
    if (!plus && !lw_typer_is_mark(typer, index, '-'))
        return 0;
    size_t next = read_hours(typer, index + 1, &hour, &minute);
    if (next == 0 || !lw_typer_is_boundary(typer, next))
        return 0;
    (void)snprintf(out, size, " %c%02u:%02u", plus ? '+' : '-', hour, minute);
    return next;
}

/* A name of a zone is copied, so that the canonical grammar says what is wrong with it. */
static size_t read_zone(struct lw_typer *typer, size_t index, char *out, size_t size)
{
    const struct lw_token *token = lw_typer_token(typer, index);
    size_t len = token->end - token->at;
    bool letter = len == 1;
    if (!lw_typer_is_word(typer, index, LW_WORD_ZONE) || (letter && !token->glued))
        return 0;
    (void)snprintf(out, size, " %.*s", (int)len, typer->text.at + token->at);
    return index + 1;
}

static size_t read_offset(struct lw_typer *typer, size_t index, char *out, size_t size)
{
    size_t next = 0;
    if (lw_typer_is_word(typer, index, LW_WORD_UTC)) {
        next = read_signed(typer, index + 1, out, size);
        if (next == 0 && lw_typer_is_boundary(typer, index + 1)) {
            (void)snprintf(out, size, " +00:00");
            next = index + 1;
        }
        return next;
    }
    /* "13:00 -03:00" is an offset; "13:00 - 14:00" and "13:00-14:00" are not. */
    if (lw_typer_is_mark(typer, index, '+') || !lw_typer_token(typer, index)->glued)
        next = read_signed(typer, index, out, size);
    return next != 0 ? next : read_zone(typer, index, out, size);
}

static bool is_joint(struct lw_typer *typer, size_t index, bool between)
{
    bool dash = lw_typer_is_mark(typer, index, '-');
    bool sign =
        dash && !lw_typer_token(typer, index)->glued && lw_typer_token(typer, index + 1)->glued;
    if (dash)
        return !sign;
    return lw_typer_is_mark(typer, index, LW_MARK_DOTS) ||
           lw_typer_is_word(typer, index, between ? LW_WORD_AND : LW_WORD_TO);
}

static size_t read_range(struct lw_typer *typer, size_t index, bool after_date,
                         char out[LW_WHEN_TEXT])
{
    struct minutes from = {0};
    struct minutes to = {0};
    bool between = lw_typer_is_word(typer, index, LW_WORD_BETWEEN);
    bool prefixed = between || lw_typer_is_word(typer, index, LW_WORD_FROM);
    size_t next = read_minutes(typer, prefixed ? index + 1 : index, &from);
    if (next == 0)
        return 0;
    size_t end = is_joint(typer, next, between) ? read_minutes(typer, next + 1, &to) : 0;
    bool range = end != 0;
    if ((prefixed && !range) || (!after_date && !(can_be(&from) && can_be(&to))))
        return 0;
    int used =
        snprintf(out, LW_WHEN_TEXT, "%s%02u:%02u", from.about ? "~" : "", from.hour, from.minute);
    if (range && used > 0)
        (void)snprintf(out + used, LW_WHEN_TEXT - (size_t)used, "..%s%02u:%02u",
                       to.about ? "~" : "", to.hour, to.minute);
    return range ? end : next;
}

size_t lw_typed_clock_read(struct lw_typer *typer, size_t index, bool after_date,
                           char out[LW_WHEN_TEXT])
{
    char text[LW_WHEN_TEXT] = "";
    for (int i = 0; i < 2 && lw_typer_is_word(typer, index, LW_WORD_AT); i++)
        index++;
    size_t next = 0;
    if (lw_typer_is_word(typer, index, LW_WORD_PART)) {
        int part = lw_typer_token(typer, index)->value;
        (void)snprintf(text, sizeof text, "%s", lw_when_parts_of_day[part].name);
        next = index + 1;
    } else {
        next = read_range(typer, index, after_date, text);
    }
    if (next == 0)
        return 0;
    size_t used = strlen(text);
    size_t offset = read_offset(typer, next, text + used, sizeof text - used);
    if (offset != 0)
        next = offset;
    if (!lw_typer_is_boundary(typer, next))
        return 0;
    memcpy(out, text, sizeof text);
    return next;
}
