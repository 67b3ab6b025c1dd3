/* A date typed in canonical form, inside whatever else was typed. */
#include "when_typed.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_digits(struct lw_slice text, size_t at, size_t count)
{
    if (text.len < at + count)
        return false;
    for (size_t i = at; i < at + count; i++) {
        if (!is_digit(text.at[i]))
            return false;
    }
    return true;
}

/* Does canonical text begin so, and say more than a number? */
static bool begins(struct lw_slice text)
{
    size_t at = 0;
    if (text.len > 0 && (text.at[0] == '[' || text.at[0] == '/' || text.at[0] == 'Y'))
        return true;
    if (text.len > 2 && memcmp(text.at, "../", 3) == 0)
        return true;
    if (text.len > 0 && strchr("~?%", text.at[0]) != NULL && text.at[0] != '\0')
        at++;
    if (text.len > at && text.at[at] == '-')
        at++;
    return has_digits(text, at, 2) && text.len >= at + 4;
}

/* As far as characters of canonical text go, without a comma or dots that belong to the sentence.
 */
static size_t chunk_length(struct lw_slice text)
{
    size_t len = 0;
    bool set = text.len > 0 && text.at[0] == '[';
    while (len < text.len && len < LW_WHEN_TEXT - 1) {
        char c = text.at[len];
        if (c == '\0' || (!is_digit(c) && strchr("XY~?%./,[]-", c) == NULL))
            break;
        if (c == ',' && !set)
            break;
        if (c == '.' && !set && len > 0 && text.at[len - 1] != '/' && text.at[len - 1] != '.')
            break;
        len++;
        if (c == ']')
            break;
    }
    return len;
}

static bool is_plain_day(const char *text, size_t len)
{
    struct lw_slice slice = {text, len};
    return len == 10 && has_digits(slice, 0, 4) && text[4] == '-' && has_digits(slice, 5, 2) &&
           text[7] == '-' && has_digits(slice, 8, 2);
}

static bool only_years(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (!is_digit(text[i]) && text[i] != '/')
            return false;
    }
    return true;
}

/* Inside a sentence "1234-12" is rather a number of something. */
static bool is_plausible(const struct lw_when *when)
{
    int64_t low = lw_date_to_days(1800, 1, 1) * LW_WHEN_DAY_SEC;
    int64_t high = lw_date_to_days(2200, 1, 1) * LW_WHEN_DAY_SEC;
    bool begin = when->earliest == LW_TIME_MIN || (when->earliest >= low && when->earliest < high);
    bool end = when->latest == LW_TIME_MAX || (when->latest > low && when->latest <= high);
    return begin && end;
}

/* The index after the token that ends with this byte. */
static size_t index_after(struct lw_typer *typer, size_t index, size_t byte)
{
    while (lw_typer_token(typer, index)->end < byte &&
           lw_typer_token(typer, index)->kind != LW_TOKEN_END)
        index++;
    const struct lw_token *token = lw_typer_token(typer, index);
    if (token->kind == LW_TOKEN_END || token->end != byte)
        return 0;
    return lw_typer_is_boundary(typer, index + 1) ? index + 1 : 0;
}

static bool all_days(const char *text, size_t len)
{
    struct lw_when_parts parts;
    if (lw_when_read_parts(text, len, &parts, NULL) != LW_OK)
        return false;
    for (size_t i = 0; i < parts.count; i++) {
        bool stated =
            parts.form != LW_FORM_INTERVAL || (i == 0 ? parts.begin : parts.end) == LW_END_STATED;
        if (stated && parts.date[i].unit != LW_UNIT_DAY)
            return false;
    }
    return true;
}

/* "2014-12-13", also where there is no such day: then the whole is refused with the reason. */
static size_t read_plain_day(struct lw_typer *typer, size_t index, struct lw_slice text,
                             struct lw_typed_date *out)
{
    uint64_t year = 0;
    uint64_t month = 0;
    uint64_t day = 0;
    if (text.len < 10 || !is_plain_day(text.at, 10) || (text.len > 10 && text.at[10] == '/') ||
        !lw_parse_u64(text.at, 4, 9999, &year) || !lw_parse_u64(text.at + 5, 2, 99, &month) ||
        !lw_parse_u64(text.at + 8, 2, 99, &day))
        return 0;
    bool plausible = year >= 1800 && year < 2200;
    size_t next = index_after(typer, index, lw_typer_token(typer, index)->at + 10);
    if (next == 0 || lw_typer_is_joint(typer, next, '-') || (!plausible && !typer->alone))
        return 0;
    *out = (struct lw_typed_date){.has_year = true,
                                  .year = (int64_t)year,
                                  .month = (unsigned)month,
                                  .day = (unsigned)day,
                                  .weekday = -1,
                                  .strength = LW_FIRM};
    if (month == 0 || month > 12 || day == 0) {
        memcpy(out->text, text.at, 10);
        out->days = true;
    }
    return next;
}

static size_t read_chunk(struct lw_typer *typer, size_t index, const char *chunk, size_t len,
                         struct lw_typed_date *out)
{
    struct lw_when when;
    size_t next = index_after(typer, index, lw_typer_token(typer, index)->at + len);
    if (next == 0 || lw_when_parse(chunk, len, &when, NULL) != LW_OK ||
        (!typer->alone && !is_plausible(&when)))
        return 0;
    *out = (struct lw_typed_date){.weekday = -1, .strength = LW_FIRM};
    memcpy(out->text, chunk, len);
    out->composed = when.interval;
    out->days = all_days(chunk, len);
    if (only_years(chunk, len))
        out->strength = LW_WEAK;
    return next;
}

size_t lw_typed_canonical_read(struct lw_typer *typer, size_t index, struct lw_typed_date *out)
{
    size_t at = lw_typer_token(typer, index)->at;
    struct lw_slice text = {typer->text.at + at, typer->text.len - at};
    if (!begins(text))
        return 0;
    size_t len = chunk_length(text);
    for (; len >= 4; len--) {
        bool mark = strchr(".,/-?", text.at[len - 1]) != NULL;
        bool plain = is_plain_day(text.at, len);
        bool year = (len == 4 || len == 5) && has_digits(text, 0, 4);
        size_t next = plain || year ? 0 : read_chunk(typer, index, text.at, len, out);
        if (next != 0)
            return next;
        if (!mark)
            break;
    }
    return read_plain_day(typer, index, text, out);
}
