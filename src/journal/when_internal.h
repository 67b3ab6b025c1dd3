/*
 * What the files of `when` share: the parts of a canonical text, between reading it, computing its
 * bounds and saying it.
 */
#ifndef LW_WHEN_INTERNAL_H
#define LW_WHEN_INTERNAL_H

#include "journal.h"

#define LW_WHEN_DATES   32 /* more than the shortest years that fit in LW_WHEN_TEXT */
#define LW_WHEN_DAY_SEC INT64_C(86400)

/* How finely a date is stated; "XX" states nothing. */
enum lw_when_unit {
    LW_UNIT_DAY,
    LW_UNIT_MONTH,
    LW_UNIT_SEASON,
    LW_UNIT_YEAR,
    LW_UNIT_DECADE,
    LW_UNIT_CENTURY
};

/* What a qualifier is about. */
enum lw_when_scope { LW_SCOPE_WHOLE, LW_SCOPE_YEAR, LW_SCOPE_MONTH, LW_SCOPE_DAY };

struct lw_when_date {
    int64_t year;   /* the first one of a decade or century */
    unsigned month; /* 1-12, or 21-24 for seasons; 0: not stated */
    unsigned day;   /* 0: not stated */
    enum lw_when_unit unit;
    bool some_month; /* "XX" written */
    bool some_day;
    char qualifier; /* '~', '?', '%' or 0 */
    enum lw_when_scope scope;
    int64_t first, last;      /* days since 1970 as written: [first, last) */
    int64_t earliest, latest; /* the same, widened by the qualifier */
};

enum lw_when_form { LW_FORM_SINGLE, LW_FORM_INTERVAL, LW_FORM_SET };
enum lw_when_end { LW_END_STATED, LW_END_OPEN, LW_END_UNKNOWN };
enum lw_when_clock_kind { LW_CLOCK_NONE, LW_CLOCK_PART, LW_CLOCK_TIME, LW_CLOCK_RANGE };

/* A time of day, in minutes since midnight; of a part of day both bounds, of a time from == to. */
struct lw_when_clock {
    enum lw_when_clock_kind kind;
    unsigned part; /* index into lw_when_parts_of_day */
    int from, to;
    bool about_from, about_to;
};

struct lw_when_parts {
    enum lw_when_form form;
    size_t count;
    struct lw_when_date date[LW_WHEN_DATES]; /* of an interval: [0] begin, [1] end, where stated */
    bool run[LW_WHEN_DATES];                 /* of a set: date[i]..date[i + 1] */
    enum lw_when_end begin, end;             /* of an interval */
    struct lw_when_clock clock;
    bool has_offset;
    int offset_minutes;
};

struct lw_slice {
    const char *at;
    size_t len;
};

/* The whole text, for sentences about it. */
struct lw_when_reader {
    struct lw_slice whole;
    struct lw_error *err;
};

struct lw_part_of_day {
    const char *name;
    int from, to; /* minutes, [from, to) */
};
#define LW_PARTS_OF_DAY 4
extern const struct lw_part_of_day lw_when_parts_of_day[LW_PARTS_OF_DAY];

/* "December": alone, behind a day or a word such as "from", as a title, and as "Dec". */
enum lw_month_form { LW_MONTH_ALONE, LW_MONTH_OF, LW_MONTH_TITLE, LW_MONTH_SHORT, LW_MONTH_FORMS };
const char *lw_when_month_name(unsigned month, enum lw_month_form form);

/* BAD_DATA with "<the text as far as it can be shown>: <sentence>". */
enum lw_status lw_when_refuse(const struct lw_when_reader *reader, const char *format, ...)
    LW_PRINTF(2, 3);
/* Text for a sentence: at most 60 bytes, nothing unprintable. */
void lw_when_quote(struct lw_slice text, char out[80]);

/* One EDTF date without blanks, slashes or brackets; bounds filled. */
enum lw_status lw_when_read_date(const struct lw_when_reader *reader, struct lw_slice text,
                                 struct lw_when_date *out) LW_MUST_USE;
/* "13:00", "~13:00", "13:00..14:30", "evening". */
enum lw_status lw_when_read_clock(const struct lw_when_reader *reader, struct lw_slice text,
                                  struct lw_when_clock *out) LW_MUST_USE;
/* "+03:00". */
enum lw_status lw_when_read_offset(const struct lw_when_reader *reader, struct lw_slice text,
                                   int *minutes) LW_MUST_USE;
/* The whole of a canonical text. */
enum lw_status lw_when_read_parts(const char *text, size_t len, struct lw_when_parts *out,
                                  struct lw_error *err) LW_MUST_USE;

/* Fills first, last, earliest and latest from the rest. */
void lw_when_date_bounds(struct lw_when_date *date);
/* Fills everything of out but its text; BAD_DATA where it would end before it begins. */
enum lw_status lw_when_span(const struct lw_when_reader *reader, const struct lw_when_parts *parts,
                            struct lw_when *out) LW_MUST_USE;

#endif
