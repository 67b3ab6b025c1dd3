/*
 * What the files of typed dates share: tokens of a line, made as far as they are looked at, and the
 * rules of the grammar. A rule takes the index of a token and returns the index after what it took,
 * 0 where it does not apply.
 */
#ifndef LW_WHEN_TYPED_H
#define LW_WHEN_TYPED_H

#include "when_internal.h"

#define LW_TOKENS      64 /* a phrase is never longer */
#define LW_TYPED_DATES 8  /* "5 or 6 or 7 dec" */

enum lw_token_kind { LW_TOKEN_END, LW_TOKEN_NUMBER, LW_TOKEN_WORD, LW_TOKEN_MARK };
#define LW_MARK_DOTS 0x2026U /* ".." and the ellipsis */

/* What a word can be; one word can be several things ("до": until, to, before). */
enum lw_word_class {
    LW_WORD_MONTH = 1U << 0,   /* value 1-12 */
    LW_WORD_SEASON = 1U << 1,  /* value 21-24 */
    LW_WORD_WEEKDAY = 1U << 2, /* value 0 (Monday) - 6 */
    LW_WORD_PART = 1U << 3,    /* index into lw_when_parts_of_day */
    LW_WORD_DAY = 1U << 4,     /* days from today */
    LW_WORD_ABOUT = 1U << 5,
    LW_WORD_OR = 1U << 6,
    LW_WORD_AND = 1U << 7,
    LW_WORD_TO = 1U << 8,
    LW_WORD_FROM = 1U << 9,
    LW_WORD_SINCE = 1U << 10,
    LW_WORD_UNTIL = 1U << 11,
    LW_WORD_BETWEEN = 1U << 12,
    LW_WORD_AT = 1U << 13, /* at, on, in, the */
    LW_WORD_OF = 1U << 14, /* between a time and its date, a day and its month */
    LW_WORD_AFTER = 1U << 15,
    LW_WORD_BEFORE = 1U << 16,
    LW_WORD_LAST = 1U << 17,
    LW_WORD_THIS = 1U << 18,
    LW_WORD_YEAR = 1U << 19,    /* "2014 г." */
    LW_WORD_ORDINAL = 1U << 20, /* "13th", "13-го" */
    LW_WORD_HALF = 1U << 21,    /* am 0, pm 12 */
    LW_WORD_UTC = 1U << 22,
    LW_WORD_ZONE = 1U << 23,
    LW_WORD_SHORT = 1U << 24,    /* an abbreviation, which may have a full stop */
    LW_WORD_VERB = 1U << 25,     /* "may", "march": a month only where the rest is clear */
    LW_WORD_AUXILIARY = 1U << 26 /* what follows the verb "may" */
};

struct lw_token {
    enum lw_token_kind kind;
    size_t at, end; /* bytes */
    bool glued;     /* no blank before it */
    uint64_t number;
    unsigned digits;
    uint32_t mark;
    unsigned classes;
    int value;
};

struct lw_typer {
    struct lw_slice text;
    bool alone; /* the phrase is all that was typed: weak dates count too */
    bool whole; /* nothing else may follow: attach what does not fit, so that it is refused */
    int64_t today;
    int64_t now; /* seconds, wall clock */
    struct lw_error *err;
    bool impossible; /* err says why */
    size_t count;
    struct lw_token token[LW_TOKENS + 1];
};

/* How much it takes to believe a date inside a sentence. */
enum lw_strength {
    LW_WEAK,      /* bare year or month: not believed */
    LW_WITH_TIME, /* bare weekday, "13.12": believed with a time of day */
    LW_FIRM
};

struct lw_typed_date {
    char text[LW_WHEN_TEXT]; /* canonical, where it was typed so; else "" */
    bool composed;           /* text is an interval or a set */
    bool days;               /* text is made of complete days */
    bool has_year;
    int64_t year;
    unsigned month, day; /* 0: not typed */
    bool month_first;    /* "dec 4", after which "-16" is a day */
    int weekday;         /* -1: not typed */
    char qualifier;
    enum lw_strength strength;
};

/* Dates of a phrase as canonical text. */
struct lw_typed_span {
    char text[LW_WHEN_TEXT];
    bool days; /* a time of day can follow */
    enum lw_strength strength;
};

/* when_words.c */
void lw_when_word_find(const char *text, size_t len, struct lw_token *token);

/* when_tokens.c */
void lw_typer_init(struct lw_typer *typer, struct lw_slice text, const struct lw_clock *clock,
                   struct lw_error *err);
const struct lw_token *lw_typer_token(struct lw_typer *typer, size_t index);
bool lw_typer_is_word(struct lw_typer *typer, size_t index, unsigned classes);
bool lw_typer_is_mark(struct lw_typer *typer, size_t index, uint32_t mark);
/* A mark without a blank before it, and something without a blank behind it. */
bool lw_typer_is_joint(struct lw_typer *typer, size_t index, uint32_t mark);
bool lw_typer_is_number(struct lw_typer *typer, size_t index, unsigned most_digits);
/* The words end here; not inside "today's" or "13dec5". */
bool lw_typer_is_boundary(struct lw_typer *typer, size_t index);

/* when_typed_date.c: one date. */
size_t lw_typed_date_read(struct lw_typer *typer, size_t index, struct lw_typed_date *out);
/* A day number without its month. */
size_t lw_typed_day_read(struct lw_typer *typer, size_t index, struct lw_typed_date *out);

/* when_typed_canonical.c, when_typed_numeric.c: parts of it. */
size_t lw_typed_canonical_read(struct lw_typer *typer, size_t index, struct lw_typed_date *out);
size_t lw_typed_numeric_read(struct lw_typer *typer, size_t index, struct lw_typed_date *out);
size_t lw_typed_year_read(struct lw_typer *typer, size_t index, int64_t *year);

/* when_typed_span.c: one or several dates. */
size_t lw_typed_span_read(struct lw_typer *typer, size_t index, struct lw_typed_span *out);

/* when_typed_clock.c: time of day and offset as canonical text. Without a date before it only a
 * time that can be is one. */
size_t lw_typed_clock_read(struct lw_typer *typer, size_t index, bool after_date,
                           char out[LW_WHEN_TEXT]);

#endif
