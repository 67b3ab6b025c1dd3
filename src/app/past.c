/* A session that shows the journal as it was known, and back to what it is. */
#include "app.h"
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is put back later. */
struct lw_past {
    struct lw_store *store;
    struct lw_journal *journal;
    struct lw_buf said; /* "the end of 15 December 2014 (UTC+03:00)" */
    struct lw_past_report report;
};

static void past_free(struct lw_past *past)
{
    if (past == NULL)
        return;
    lw_buf_free(&past->said);
    free(past);
}

enum lw_status lw_session_past(struct lw_session *session, const char *day, size_t len,
                               struct lw_error *err)
{
    const struct lw_journal_setup setup = {.clock = session->clock, .forms = session->forms};
    struct lw_past *past = calloc(1, sizeof(*past));
    struct lw_store *store = NULL;
    struct lw_journal *journal = NULL;
    int64_t until_ms = 0;
    enum lw_status status;

    if (past == NULL)
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    status = lw_past_moment(day, len, session->clock, &until_ms, &past->said, err);
    if (status != LW_OK) {
        past_free(past);
        return status;
    }
    lw_session_present(session);
    status =
        lw_journal_past(session->journal, &setup, until_ms, &store, &journal, &past->report, err);
    if (status != LW_OK) {
        past_free(past);
        return status;
    }
    past->store = session->store;
    past->journal = session->journal;
    lw_journal_hide_as(journal, session->journal);
    session->store = store;
    session->journal = journal;
    session->past = past;
    return LW_OK;
}

void lw_session_present(struct lw_session *session)
{
    if (session->past == NULL)
        return;
    lw_journal_close(session->journal);
    lw_store_close(session->store);
    session->store = session->past->store;
    session->journal = session->past->journal;
    past_free(session->past);
    session->past = NULL;
}

const char *lw_session_past_said(const struct lw_session *session)
{
    return session->past == NULL ? NULL : lw_buf_text(&session->past->said);
}

const struct lw_past_report *lw_session_past_report(const struct lw_session *session)
{
    return session->past == NULL ? NULL : &session->past->report;
}
