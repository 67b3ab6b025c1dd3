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

#endif
