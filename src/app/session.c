/* An unlocked vault with everything that hangs on it, opened and closed in one place. */
#include "app.h"
#include "internal.h"

#include <string.h>

#define PATIENCE_READING 3000  /* milliseconds that a reading command waits to be recorded */
#define PATIENCE_WRITING 10000 /* as lw_store's own */
#define PATIENCE_TOUCH   200
#define TOUCH_EVERY      60000

/* The store that keeps the session row. The decoy's journal keeps every session, so that its rows,
 * the header's generations and the file's date do not contradict each other. */
static enum lw_status open_rows(struct lw_session *session, struct lw_error *err)
{
    if (!lw_vault_duress_armed(session->vault)) {
        session->rows = session->store;
        return LW_OK;
    }
    return lw_store_open(session->vault, 1 - lw_vault_own_lane(session->vault), LW_LANE_WRITE,
                         &session->rows, err);
}

static enum lw_status record(struct lw_session *session, bool writes, struct lw_error *err)
{
    int64_t now = lw_clock_now(session->clock);
    enum lw_status status = open_rows(session, err);

    if (status != LW_OK)
        return status;
    lw_store_set_patience(session->rows, writes ? PATIENCE_WRITING : PATIENCE_READING);
    status =
        lw_store_session_begin(session->rows, now, &session->before, &session->had_before, err);
    lw_store_set_patience(session->rows, PATIENCE_WRITING);
    if (status == LW_OK) {
        session->recorded = true;
        session->touched_ms = now;
    }
    return status;
}

/* Whether a session goes on although its row could not be written: text must get out of a full or
 * partly damaged vault, and a reader must not be held up by a long import. */
static bool goes_on(enum lw_status status, bool writes)
{
    switch (status) {
    case LW_BUSY:
    case LW_STALE:
    case LW_READ_ONLY:
        return !writes;
    case LW_FULL:
    case LW_DAMAGED:
        return true;
    default:
        return false;
    }
}

enum lw_status lw_session_attach(struct lw_session *session, const char *author,
                                 struct lw_error *err)
{
    const struct lw_journal_setup setup = {.clock = session->clock, .author = author};
    enum lw_status status;

    status = lw_store_open(session->vault, lw_vault_own_lane(session->vault), LW_LANE_WRITE,
                           &session->store, err);
    if (status == LW_OK)
        status = lw_journal_open(session->store, &setup, &session->journal, err);
    return status;
}

enum lw_status lw_session_open(const struct lw_session_setup *setup,
                               const struct lw_passphrase *pass, struct lw_session *out,
                               struct lw_error *err)
{
    struct lw_session session = {.clock = setup->clock};
    struct lw_error why = {.status = LW_OK};
    enum lw_status status = lw_vault_open(setup->path, pass, setup->profile, &session.vault, err);

    if (status == LW_OK)
        status = lw_session_attach(&session, setup->author, err);
    if (status != LW_OK)
        goto failed;

    /* before this session's own commit replaces the unreadable root */
    session.fell_back = lw_lane_fell_back(lw_store_lane(session.store));
    status = record(&session, setup->writes, &why);
    if (status != LW_OK && goes_on(status, setup->writes)) {
        session.unrecorded = why;
    } else if (status != LW_OK) {
        if (err != NULL)
            *err = why;
        goto failed;
    }
    *out = session;
    return LW_OK;

failed:
    lw_session_close(&session);
    return status;
}

static void touch(struct lw_session *session)
{
    int64_t now = lw_clock_now(session->clock);

    lw_store_set_patience(session->rows, PATIENCE_TOUCH);
    if (lw_store_session_touch(session->rows, now, NULL) == LW_OK)
        session->touched_ms = now;
    lw_store_set_patience(session->rows, PATIENCE_WRITING);
}

void lw_session_touch(struct lw_session *session)
{
    if (session->recorded && lw_clock_now(session->clock) - session->touched_ms >= TOUCH_EVERY)
        touch(session);
}

void lw_session_detach(struct lw_session *session)
{
    if (session->recorded)
        touch(session);
    session->recorded = false;
    lw_journal_close(session->journal);
    session->journal = NULL;
    if (session->rows != session->store)
        lw_store_close(session->rows);
    session->rows = NULL;
    lw_store_close(session->store);
    session->store = NULL;
}

void lw_session_close(struct lw_session *session)
{
    if (session == NULL)
        return;
    lw_session_detach(session);
    lw_vault_close(session->vault);
    lw_zero(session, sizeof(*session));
}
