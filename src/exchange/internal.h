/* What the files of the exchange layer share. */
#ifndef LW_EXCHANGE_INTERNAL_H
#define LW_EXCHANGE_INTERNAL_H

#include "exchange.h"

#include <jansson.h>

/* ---- writing (pieces.c) ---- */

/* Gathers small pieces for a sink. */
struct pieces {
    const struct lw_sink *sink;
    struct lw_buf buf;
};

/* Hands on what was gathered where it is enough; status is that of the last append to buf. */
enum lw_status pieces_flow(struct pieces *pieces, enum lw_status status,
                           struct lw_error *err) LW_MUST_USE;
/* Hands on the rest. */
enum lw_status pieces_end(struct pieces *pieces, struct lw_error *err) LW_MUST_USE;

/* ---- reading ---- */

/* A record of the file by its id. */
struct import_item {
    uint8_t id[LW_RECORD_ID];
    uint32_t index; /* in the array of the file */
};

enum import_state { IMPORT_WAITING, IMPORT_OPEN, IMPORT_DONE };

/* One array of the file. */
struct import_array {
    json_t *list; /* NULL: not in the file; borrowed */
    uint32_t count;
    struct import_item *item; /* sorted by id */
    uint8_t *state;           /* by index, enum import_state */
};

/* What of a revision decides about chains and records. */
struct import_revision {
    uint8_t id[LW_RECORD_ID];
    uint8_t journal[LW_RECORD_ID];
    uint8_t record_id[LW_RECORD_ID];
    uint8_t state[LW_HASH];
    uint8_t previous[LW_HASH];
    uint8_t hash[LW_HASH];
    int64_t sequence;
    uint32_t index;
    enum lw_record_type type; /* of its record */
};

struct importer {
    struct lw_journal *journal;
    struct import_array array[LW_RECORD_TYPE_COUNT];
    struct import_revision *revision; /* sorted by record, then by id */
    uint32_t revision_count;
    struct lw_import_report report;
    struct lw_error *err;
};

/* Parses a text; the result is released with json_decref. (import_text.c) */
enum lw_status import_parse(const char *data, size_t len, json_t **out,
                            struct lw_error *err) LW_MUST_USE;
/* Finds the arrays of the object and indexes their records by id. (import_text.c) */
enum lw_status import_index(struct importer *importer, json_t *root) LW_MUST_USE;
/* The item with that id, or NULL. */
const struct import_item *import_find(const struct import_array *array,
                                      const uint8_t id[LW_RECORD_ID]);

/* Makes a record of a JSON object; the caller clears it. (import_record.c) */
enum lw_status import_record(struct importer *importer, enum lw_record_type type, uint32_t index,
                             struct lw_record *out) LW_MUST_USE;
/* NULL, or what the value must be; *memory where there was none. (import_record.c) */
const char *import_value(const struct lw_field *field, json_t *json, struct lw_value *value,
                         bool *memory);
/* "entries[3] (E11): " and what is wrong. */
enum lw_status import_fail(struct importer *importer, enum lw_record_type type, uint32_t index,
                           const char *format, ...) LW_PRINTF(4, 5);
/* Puts "entries[3]: " before a sentence that names the record itself. */
void import_prefix(struct importer *importer, enum lw_record_type type, uint32_t index);

/* Verifies the chains of the file by themselves. (import_revisions.c) */
enum lw_status import_chains(struct importer *importer) LW_MUST_USE;
/* The last revision of a record in the file, or NULL. */
const struct import_revision *import_last_revision(const struct importer *importer,
                                                   enum lw_record_type type,
                                                   const uint8_t id[LW_RECORD_ID]);

#endif
