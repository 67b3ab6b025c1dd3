/* A journal in memory with a clock that stands still, and records made in one line. */
#ifndef LW_TEST_JOURNAL_FIXTURE_H
#define LW_TEST_JOURNAL_FIXTURE_H

#include "forms_fixture.h"
#include "journal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    struct lw_store *store;
    struct lw_journal *journal;
};

/* 16 December 2014, 12:00 in Moscow */
#define FIXTURE_NOW INT64_C(1418720400000)

static int64_t fixture_now(void *context)
{
    (void)context;
    return FIXTURE_NOW;
}

static int fixture_offset(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return 180;
}

static const struct lw_clock fixture_clock = {fixture_now, fixture_offset, NULL};

/* Setup of the group: once for the process. */
static inline int fixture_start(void **state)
{
    (void)state;
    return lw_store_start() == LW_OK ? 0 : -1;
}

static inline int fixture_open(void **state)
{
    const struct lw_journal_setup setup = {
        .clock = &fixture_clock, .author = "tester", .forms = forms_fixture()};
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct lw_error err = {0};

    assert_non_null(fixture);
    assert_int_equal(lw_store_open_memory(&fixture->store, &err), LW_OK);
    assert_int_equal(lw_journal_open(fixture->store, &setup, &fixture->journal, &err), LW_OK);
    *state = fixture;
    return 0;
}

/* Another journal on that vault; the caller closes both. */
static inline struct lw_journal *fixture_open_in(struct lw_vault *vault,
                                                struct lw_store **store)
{
    const struct lw_journal_setup setup = {.clock = &fixture_clock, .forms = forms_fixture()};
    struct lw_journal *journal = NULL;
    struct lw_error err = {0};

    assert_int_equal(lw_store_open(vault, 0, LW_LANE_WRITE, store, &err), LW_OK);
    assert_int_equal(lw_journal_open(*store, &setup, &journal, &err), LW_OK);
    return journal;
}

static inline int fixture_close(void **state)
{
    struct fixture *fixture = *state;

    lw_journal_close(fixture->journal);
    lw_store_close(fixture->store);
    free(fixture);
    return 0;
}

static inline void fixture_set(struct lw_record *record, const char *field, const void *value)
{
    int at = lw_field_find(record->type, field);
    enum lw_status status;

    assert_true(at >= 0);
    switch (lw_record_infos[record->type].fields[at].kind) {
    case LW_FIELD_REF:
        status = lw_record_set_ref(record, field, value);
        break;
    case LW_FIELD_INT:
    case LW_FIELD_BOOL:
        status = lw_record_set_number(record, field, strtoll(value, NULL, 10));
        break;
    default:
        status = lw_record_set_text(record, field, value, strlen(value));
        break;
    }
    assert_int_equal(status, LW_OK);
}

/* Puts one record: pairs of field name and value (text, digits, or the 16 bytes of an id), NULL. */
static inline void fixture_make(struct fixture *fixture, enum lw_record_type type,
                                uint8_t id[LW_RECORD_ID], ...)
{
    struct lw_record record;
    struct lw_error err = {0};
    enum lw_status status;
    const char *field;
    bool frozen = false;
    va_list pairs;

    lw_record_init(&record, type);
    lw_journal_new_id(fixture->journal, record.id);
    va_start(pairs, id);
    while ((field = va_arg(pairs, const char *)) != NULL)
        fixture_set(&record, field, va_arg(pairs, const void *));
    va_end(pairs);
    assert_int_equal(lw_record_frozen(fixture->journal, &record, &frozen, &err), LW_OK);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    status = lw_record_put(fixture->journal, &record, frozen ? "it came later" : NULL, &err);
    if (status == LW_OK)
        status = lw_journal_commit(fixture->journal, &err);
    if (status != LW_OK)
        fail_msg("%s: %s", lw_record_infos[type].table, err.text);
    if (id != NULL)
        memcpy(id, record.id, LW_RECORD_ID);
    lw_record_clear(&record);
}

/* A draft entry; when NULL: not stated. */
static inline void fixture_entry(struct fixture *fixture, uint8_t id[LW_RECORD_ID], const char *ref,
                                 const char *when, const char *title)
{
    if (when != NULL)
        fixture_make(fixture, LW_RECORD_ENTRY, id, "ref", ref, "title", title, "status", "draft",
                     "when", when, (char *)NULL);
    else
        fixture_make(fixture, LW_RECORD_ENTRY, id, "ref", ref, "title", title, "status", "draft",
                     (char *)NULL);
}

/* ---- what a timeline gives, as one line ---- */

struct fixture_list {
    struct lw_buf text;
    const char *sources_of; /* where set, the row of that ref is looked at */
    unsigned sources;
    bool contradicted;
};

/* "E01 ~E02 >E03 !": "~" may overlap, ">" stated to come after the row before, "!" contradicted */
static inline enum lw_status fixture_list_row(void *context, const struct lw_row *row,
                                              struct lw_error *err)
{
    struct fixture_list *list = context;

    (void)err;
    if (list->sources_of != NULL && strcmp(row->ref, list->sources_of) == 0) {
        list->sources = row->sources;
        list->contradicted = row->contradicted;
    }
    return lw_buf_addf(&list->text, "%s%s%s%s", list->text.len > 0 ? " " : "",
                       row->match == LW_MATCH_MAY_OVERLAP ? "~" : "",
                       row->after_previous ? ">" : "", row->ref);
}

#endif
