/* A typed line as numbers, words and marks. */
#include "when_typed.h"

static bool is_letter(uint32_t codepoint)
{
    if (codepoint < 0x80)
        return (codepoint >= 'A' && codepoint <= 'Z') || (codepoint >= 'a' && codepoint <= 'z');
    bool punctuation = codepoint < 0xC0 || (codepoint >= 0x2000 && codepoint <= 0x206F) ||
                       (codepoint >= 0x3000 && codepoint <= 0x303F);
    return !punctuation;
}

/* Dashes and minus signs are one mark. */
static uint32_t plain_mark(uint32_t codepoint)
{
    if ((codepoint >= 0x2010 && codepoint <= 0x2015) || codepoint == 0x2212)
        return '-';
    return codepoint == 0x2019 ? '\'' : codepoint;
}

static void take_number(const struct lw_typer *typer, struct lw_token *token)
{
    const char *text = typer->text.at;
    size_t at = token->at;
    while (at < typer->text.len && text[at] >= '0' && text[at] <= '9')
        at++;
    token->kind = LW_TOKEN_NUMBER;
    token->end = at;
    token->digits = (unsigned)(at - token->at);
    if (!lw_parse_u64(text + token->at, at - token->at, UINT32_MAX, &token->number))
        token->number = UINT32_MAX;
}

static void take_word(const struct lw_typer *typer, struct lw_token *token)
{
    size_t at = token->at;
    while (at < typer->text.len) {
        uint32_t codepoint = 0;
        size_t bytes = lw_utf8_next(typer->text.at + at, typer->text.len - at, &codepoint);
        if (bytes == 0 || !is_letter(codepoint))
            break;
        at += bytes;
    }
    token->kind = LW_TOKEN_WORD;
    token->end = at;
    lw_when_word_find(typer->text.at + token->at, at - token->at, token);
}

static void take_mark(const struct lw_typer *typer, struct lw_token *token, uint32_t codepoint,
                      size_t bytes)
{
    const char *text = typer->text.at;
    token->kind = LW_TOKEN_MARK;
    token->mark = plain_mark(codepoint);
    token->end = token->at + bytes;
    if (codepoint == '.' && token->end < typer->text.len && text[token->end] == '.') {
        token->mark = LW_MARK_DOTS;
        token->end++;
    }
}

static struct lw_token next_token(const struct lw_typer *typer, size_t at)
{
    struct lw_token token = {.kind = LW_TOKEN_END, .glued = true};
    size_t blank;
    while ((blank = lw_utf8_blank(typer->text.at + at, typer->text.len - at)) > 0) {
        at += blank;
        token.glued = false;
    }
    token.at = token.end = at;
    uint32_t codepoint = 0;
    size_t bytes = lw_utf8_next(typer->text.at + at, typer->text.len - at, &codepoint);
    if (bytes == 0)
        return token;
    if (codepoint >= '0' && codepoint <= '9')
        take_number(typer, &token);
    else if (is_letter(codepoint))
        take_word(typer, &token);
    else
        take_mark(typer, &token, codepoint, bytes);
    return token;
}

const struct lw_token *lw_typer_token(struct lw_typer *typer, size_t index)
{
    static const struct lw_token none = {.kind = LW_TOKEN_END};
    if (index >= LW_TOKENS)
        return &none;
    while (typer->count <= index) {
        size_t at = typer->count > 0 ? typer->token[typer->count - 1].end : 0;
        typer->token[typer->count] = next_token(typer, at);
        typer->count++;
    }
    return &typer->token[index];
}

bool lw_typer_is_word(struct lw_typer *typer, size_t index, unsigned classes)
{
    const struct lw_token *token = lw_typer_token(typer, index);
    return token->kind == LW_TOKEN_WORD && (token->classes & classes) != 0;
}

bool lw_typer_is_mark(struct lw_typer *typer, size_t index, uint32_t mark)
{
    const struct lw_token *token = lw_typer_token(typer, index);
    return token->kind == LW_TOKEN_MARK && token->mark == mark;
}

bool lw_typer_is_joint(struct lw_typer *typer, size_t index, uint32_t mark)
{
    const struct lw_token *behind = lw_typer_token(typer, index + 1);
    return lw_typer_is_mark(typer, index, mark) && lw_typer_token(typer, index)->glued &&
           behind->glued && behind->kind != LW_TOKEN_END;
}

bool lw_typer_is_number(struct lw_typer *typer, size_t index, unsigned most_digits)
{
    const struct lw_token *token = lw_typer_token(typer, index);
    return token->kind == LW_TOKEN_NUMBER && token->digits <= most_digits;
}

bool lw_typer_is_boundary(struct lw_typer *typer, size_t index)
{
    const struct lw_token *token = lw_typer_token(typer, index);
    if (!token->glued || token->kind == LW_TOKEN_END)
        return true;
    if (token->kind == LW_TOKEN_MARK)
        return token->mark != '\'' && token->mark != '_' && token->mark != '@';
    return index > 0 && lw_typer_token(typer, index - 1)->kind == LW_TOKEN_MARK;
}

static int64_t floor_days(int64_t seconds)
{
    int64_t days = seconds / LW_WHEN_DAY_SEC;
    return seconds % LW_WHEN_DAY_SEC < 0 ? days - 1 : days;
}

void lw_typer_init(struct lw_typer *typer, struct lw_slice text, const struct lw_clock *clock,
                   struct lw_error *err)
{
    int64_t unix_sec = lw_clock_now(clock) / 1000;
    *typer = (struct lw_typer){.text = text, .err = err};
    typer->now = unix_sec + (int64_t)lw_clock_offset(clock, unix_sec) * 60;
    typer->today = floor_days(typer->now);
}
