/* What sessions write: lines, forms, imports, deletions, rows; each by the code of its layer. */
#ifndef LW_POWER_WRITE_H
#define LW_POWER_WRITE_H

#include "power_vault.h"

static unsigned lines_written; /* so that no two are the same */

static enum lw_status log_line(struct lw_session *session, struct lw_error *err)
{
    static const char *const kinds[] = {"arson", "threat", "search"};
    struct lw_capture capture;
    char line[160], ref[16];

    (void)snprintf(line, sizeof line, "%u dec 2014 @Grozny #%s +victim:N%u office %u burned",
                   1 + choose(15), kinds[choose(3)], choose(9), lines_written++);
    enum lw_status status = lw_capture_parse(line, strlen(line), NULL, &full.clock, &capture, err);
    if (status == LW_OK) {
        status = lw_journal_log(session->journal, &capture, ref, err);
        lw_capture_clear(&capture);
    }
    return status;
}

/* A form: kept while it is filled, then saved. */
static enum lw_status fill_form(struct lw_session *session, struct lw_error *err)
{
    struct lw_journal *journal = session->journal;
    struct lw_draft draft = {.form = "entry"};
    struct lw_record record;
    char state[3000];
    enum lw_status status = LW_OK;

    memset(state, 'a' + (int)choose(26), sizeof state);
    draft.state = state;
    for (unsigned i = 0; i < 2 && status == LW_OK; i++) {
        draft.state_len = 100 + choose(2800);
        status = lw_draft_put(journal, &draft, err);
        if (status == LW_OK)
            acknowledge();
    }
    lw_record_init(&record, LW_RECORD_ENTRY);
    if (status == LW_OK && (status = lw_record_set_text(&record, "title", state, 60)) == LW_OK &&
        (status = lw_record_set_text(&record, "status", "draft", 5)) == LW_OK &&
        (status = lw_journal_begin(journal, err)) == LW_OK) {
        status = lw_record_put(journal, &record, NULL, err);
        if (status == LW_OK)
            status = lw_draft_remove(journal, &draft, err);
        if (status == LW_OK)
            status = lw_journal_commit(journal, err);
        else
            lw_journal_rollback(journal);
    }
    lw_record_clear(&record);
    return status;
}

static enum lw_status change_entry(struct lw_session *session, struct lw_error *err)
{
    struct lw_record record;
    char title[40];
    enum lw_status status =
        lw_record_by_ref(session->journal, LW_RECORD_ENTRY, "E01", &record, err);

    if (status == LW_NOT_FOUND)
        return log_line(session, err);
    if (status != LW_OK)
        return status;
    (void)snprintf(title, sizeof title, "seen again %u", lines_written++);
    status = lw_record_set_text(&record, "title", title, strlen(title));
    if (status == LW_OK && (status = lw_journal_begin(session->journal, err)) == LW_OK) {
        status = lw_record_put(session->journal, &record, "heard again", err);
        if (status == LW_OK)
            status = lw_journal_commit(session->journal, err);
        else
            lw_journal_rollback(session->journal);
    }
    lw_record_clear(&record);
    return status;
}

static enum lw_status import_all(struct lw_session *session, struct lw_error *err)
{
    struct lw_import_report report;

    return lw_import_json(session->journal, full.library.data, full.library.len, false, &report,
                          err);
}

static enum lw_status delete_much(struct lw_session *session, struct lw_error *err)
{
    static const char *const after[] = {"PRAGMA incremental_vacuum", "PRAGMA incremental_vacuum(3)",
                                        "VACUUM"};
    char text[30000];
    struct lw_draft draft = {.form = "capture", .state = text};

    memset(text, 'x', sizeof text);
    draft.state_len = 8000 + choose(sizeof text - 8000);
    enum lw_status status = lw_draft_put(session->journal, &draft, err);
    if (status == LW_OK) {
        acknowledge();
        status = lw_draft_remove(session->journal, &draft, err);
    }
    if (status == LW_OK) {
        acknowledge();
        status = lw_store_exec(session->store, after[choose(3)], err);
    }
    return status;
}

static enum lw_status touch_row(struct lw_session *session, struct lw_error *err)
{
    (void)err;
    full.now_ms += 61000;
    lw_session_touch(session);
    lw_session_stir(session);
    return LW_OK;
}

typedef enum lw_status writer(struct lw_session *session, struct lw_error *err);
static writer *const writers[] = {log_line,   log_line,    fill_form, change_entry,
                                  import_all, delete_much, touch_row};

#endif
