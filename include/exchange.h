/*
 * exchange: the journal as lossless JSON, in and out; CSV out. Format: man/lapwing-json.5.
 * jansson is used here and nowhere else, for reading only.
 */
#ifndef LW_EXCHANGE_H
#define LW_EXCHANGE_H

#include "journal.h"

/* Where output goes, piece by piece, so that nothing has to be held whole. */
struct lw_sink {
    enum lw_status (*write)(void *context, const char *data, size_t len, struct lw_error *err);
    void *context;
};

/* Everything, from one snapshot: canonical, one record a line, so that equal journals give equal
 * bytes. revisions false leaves the chains out. */
enum lw_status lw_export_json(struct lw_journal *journal, bool revisions,
                              const struct lw_sink *sink, struct lw_error *err) LW_MUST_USE;
/* The records of one type as CSV (RFC 4180), a header line first. */
enum lw_status lw_export_csv(struct lw_journal *journal, enum lw_record_type type,
                             const struct lw_sink *sink, struct lw_error *err) LW_MUST_USE;

#define LW_IMPORT_MAX (UINT64_C(1) << 30) /* bytes of a file */

struct lw_import_report {
    uint64_t added[LW_RECORD_TYPE_COUNT];
    uint64_t unchanged[LW_RECORD_TYPE_COUNT];
};

/* Reads a whole file and applies it wholly or not at all, in one transaction; dry_run does the same
 * and rolls back. A record that is there already and equal is left alone. BAD_DATA, with record and
 * field (or line and column): what it does not understand - unknown members, wrong types, records
 * that refer to nothing, a record that is there with other content, a broken chain of revisions. */
enum lw_status lw_import_json(struct lw_journal *journal, const char *data, size_t len, bool dry_run,
                              struct lw_import_report *report, struct lw_error *err) LW_MUST_USE;

/* ---- the journal as it was known (past.c) -------------------------------------------------------- */

struct lw_past_report {
    uint64_t records;    /* that were there */
    uint64_t taken_back; /* revisions that are later */
    uint64_t bad;        /* records that are not what their revisions say; first_bad names one */
    char first_bad[240];
};

/* A journal in memory, which cannot be written to, with every record as its revisions say that it was
 * just before that moment: the changes that are later are taken back, and each record is compared with
 * the state that its last revision of that time has noted. A revision counts by the time that stands
 * in it, also an imported one: when the journal that wrote it learned what it says. Nothing is written
 * but to memory that is zeroed when it is given back. The store is to be closed after the journal. */
enum lw_status lw_journal_past(struct lw_journal *journal, const struct lw_journal_setup *setup,
                               int64_t until_ms, struct lw_store **store, struct lw_journal **out,
                               struct lw_past_report *report, struct lw_error *err) LW_MUST_USE;
/* The end of the day (or hour, month) that is typed, by the clock of the place unless an offset is
 * stated; appends "the end of 15 December 2014 (UTC+03:00)". BAD_DATA where it is none. */
enum lw_status lw_past_moment(const char *text, size_t len, const struct lw_clock *clock,
                              int64_t *until_ms, struct lw_buf *said,
                              struct lw_error *err) LW_MUST_USE;

/* ---- flat objects (flat.c): what a form keeps of itself in a draft ----------------------------- */

/* Appends one member to an object that starts with its first member, and closes it. */
enum lw_status lw_flat_text(struct lw_buf *out, const char *key, const char *text,
                            size_t len) LW_MUST_USE;
enum lw_status lw_flat_number(struct lw_buf *out, const char *key, int64_t number) LW_MUST_USE;
enum lw_status lw_flat_end(struct lw_buf *out) LW_MUST_USE;
/* Calls visit for every member, in their order; text is NULL for a number. BAD_DATA where it is no
 * object of texts and whole numbers. */
typedef enum lw_status lw_flat_visitor(void *context, const char *key, const char *text, size_t len,
                                       int64_t number, struct lw_error *err);
enum lw_status lw_flat_read(const char *data, size_t len, lw_flat_visitor *visit, void *context,
                            struct lw_error *err) LW_MUST_USE;

#endif
