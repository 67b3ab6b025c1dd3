/* What the files of the check share. */
#ifndef LW_JOURNAL_CHECK_H
#define LW_JOURNAL_CHECK_H

#include "internal.h"

enum { CHECK_GAPS = 64, CHECK_BENT = 64 };

/* Numbers of a chain at which no revision stands. */
struct check_gap {
    uint8_t chain[LW_RECORD_ID];
    int64_t first, last;
    uint8_t before[LW_RECORD_ID], after[LW_RECORD_ID]; /* ids of the revisions around it */
    bool told;                                         /* by the record that lacks them */
};

/* A revision whose hash does not match. */
struct check_bent {
    uint8_t id[LW_RECORD_ID];
    uint8_t chain[LW_RECORD_ID];
    int64_t sequence;
};

struct check {
    struct lw_journal *journal;
    struct lw_journal_check report;
    lw_check_visitor *visit; /* or NULL */
    void *context;
    struct lw_error *err;
    /* the chain that is being followed */
    uint8_t chain[LW_RECORD_ID];
    uint8_t hash[LW_HASH];    /* of the revision before */
    uint8_t id[LW_RECORD_ID]; /* its id */
    int64_t sequence;         /* its number, 0: none */
    bool bent;                /* its hash did not match */

    struct check_gap gap[CHECK_GAPS];
    size_t gap_count;
    struct check_bent bend[CHECK_BENT];
    size_t bend_count;
};

/* ---- check.c ---- */

/* Counts and hands out what is wrong; frees the text. */
enum lw_status check_tell(struct check *check, enum lw_finding found, struct lw_buf *what,
                          enum lw_status status) LW_MUST_USE;
/* E02 "announcement", revision 2 of 2014-12-16 12:00 +03:00 (title) */
enum lw_status check_say_revision(struct check *check, const struct lw_record *revision,
                                  struct lw_buf *out) LW_MUST_USE;
/* "revision 2 of 2014-12-16 12:00 +03:00 (title)" */
enum lw_status check_say_number(struct check *check, const struct lw_record *revision,
                                struct lw_buf *out) LW_MUST_USE;

/* Calls visit for the revisions that `where` lets through, SQL after the FROM in which they are t. */
typedef enum lw_status check_visit(struct check *check, const struct lw_record *revision);
enum lw_status check_each_revision(struct check *check, const char *where,
                                   check_visit *visit) LW_MUST_USE;

/* ---- check_chain.c ---- */

/* Every chain, link by link; what is missing in them is kept in check->gap. */
enum lw_status check_chains(struct check *check) LW_MUST_USE;
/* Tells the gaps that no record told. */
enum lw_status check_tell_gaps(struct check *check) LW_MUST_USE;

/* ---- check_record.c ---- */

/* Every record of a type against its revisions, and those that are gone. */
enum lw_status check_records(struct check *check, enum lw_record_type type) LW_MUST_USE;

/* ---- check_seal.c ---- */

/* Changes of what was sealed that have no reason. */
enum lw_status check_seals(struct check *check) LW_MUST_USE;

#endif
