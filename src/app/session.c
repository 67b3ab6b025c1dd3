/* An unlocked vault with everything that hangs on it, opened and closed in one place. */
#include "app.h"
#include "internal.h"

#include <string.h>

#define PATIENCE_READING 3000  /* milliseconds that a reading command waits to be recorded */
#define PATIENCE_WRITING 10000 /* as lw_store's own */
#define PATIENCE_TOUCH   200
#define TOUCH_EVERY      60000
#define RETRY_EVERY      5000

static unsigned lane_of(const struct lw_session *session, bool decoy)
{
    unsigned own = lw_vault_own_lane(session->vault);

    return decoy ? 1 - own : own;
}

/* The store that keeps the session row. The decoy's journal keeps every session, so that its rows,
 * the header's generations and the file's date do not contradict each other. */
static enum lw_status open_rows(struct lw_session *session, bool read_only, struct lw_error *err)
{
    bool armed = lw_vault_duress_armed(session->vault);

    if (armed == session->decoy && !read_only) {
        session->rows = session->store;
        return LW_OK;
    }
    return lw_store_open(session->vault, lane_of(session, armed), LW_LANE_WRITE, &session->rows,
                         err);
}

/* To be asked before a commit of this session replaces the root that was not readable. */
static void note_fall_back(struct lw_session *session, struct lw_store *store)
{
    if (store != NULL && lw_lane_fell_back(lw_store_lane(store)))
        session->fell_back = true;
}

static enum lw_status begin_row(struct lw_session *session, int patience_ms, struct lw_error *err)
{
    int64_t now = lw_clock_now(session->clock);
    enum lw_status status;

    lw_store_set_patience(session->rows, patience_ms);
    status =
        lw_store_session_begin(session->rows, now, &session->before, &session->had_before, err);
    lw_store_set_patience(session->rows, PATIENCE_WRITING);
    if (status == LW_OK)
        session->recorded = true;
    session->touched_ms = now;
    return status;
}

static enum lw_status record(struct lw_session *session, const struct lw_session_setup *setup,
                             struct lw_error *err)
{
    enum lw_status status = open_rows(session, setup->read_only, err);

    if (status != LW_OK)
        return status;
    if (!lw_vault_duress_armed(session->vault))
        note_fall_back(session, session->rows);
    return begin_row(session, setup->writes ? PATIENCE_WRITING : PATIENCE_READING, err);
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
                                 enum lw_lane_mode mode, struct lw_error *err)
{
    const struct lw_journal_setup setup = {
        .clock = session->clock, .author = author, .forms = session->forms};
    enum lw_status status;

    status =
        lw_store_open(session->vault, lane_of(session, session->decoy), mode, &session->store, err);
    if (status == LW_OK)
        status = lw_journal_open(session->store, &setup, &session->journal, err);
    if (status == LW_OK)
        note_fall_back(session, session->store);
    return status;
}

enum lw_status lw_session_open(const struct lw_session_setup *setup,
                               const struct lw_passphrase *pass, struct lw_session *out,
                               struct lw_error *err)
{
    struct lw_session session = {.clock = setup->clock, .forms = setup->forms};
    struct lw_error why = {.status = LW_OK};
    enum lw_status status =
        lw_vault_open_with(setup->path, setup->header, pass, setup->profile, &session.vault, err);

    session.decoy = status == LW_OK && setup->decoy && lw_vault_duress_armed(session.vault);
    /* For reading only the row comes first: it brings an older schema up to date. */
    if (status == LW_OK && !setup->read_only)
        status = lw_session_attach(&session, setup->author, LW_LANE_WRITE, err);
    if (status != LW_OK)
        goto failed;

    status = record(&session, setup, &why);
    if (status != LW_OK && goes_on(status, setup->writes)) {
        session.unrecorded = why;
    } else if (status != LW_OK) {
        if (err != NULL)
            *err = why;
        goto failed;
    }
    if (setup->decoy && !session.decoy) {
        status = lw_session_no_diary(err);
        goto failed;
    }
    if (setup->read_only) {
        status = lw_session_attach(&session, setup->author, LW_LANE_READ, err);
        if (status != LW_OK)
            goto failed;
    }
    *out = session;
    return LW_OK;

failed:
    lw_session_close(&session);
    return status;
}

static enum lw_lane_mode mode_of(bool read_only)
{
    return read_only ? LW_LANE_READ : LW_LANE_WRITE;
}

enum lw_status lw_session_turn(struct lw_session *session, const char *author, bool read_only,
                               struct lw_error *err)
{
    struct lw_session other;
    enum lw_status status;

    lw_session_present(session);
    other = *session;
    if (!lw_vault_duress_armed(session->vault))
        return lw_session_no_diary(err);
    other.store = NULL;
    other.journal = NULL;
    other.decoy = !session->decoy;
    other.fell_back = false;
    status = lw_session_attach(&other, author, mode_of(read_only), err);
    if (status != LW_OK) {
        lw_store_close(other.store);
        return status;
    }
    lw_journal_close(session->journal);
    if (session->rows != session->store)
        lw_store_close(session->store);
    *session = other;
    return LW_OK;
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
    int64_t since = lw_clock_now(session->clock) - session->touched_ms;

    if (session->recorded && since >= TOUCH_EVERY)
        touch(session);
    else if (!session->recorded && session->unrecorded.status == LW_BUSY && session->rows != NULL &&
             since >= RETRY_EVERY)
        (void)begin_row(session, PATIENCE_TOUCH, NULL);
}

void lw_session_stir(struct lw_session *session)
{
    if (session->rows != NULL)
        lw_store_stir(session->rows);
}

enum lw_status lw_session_watch(struct lw_session *session, bool *changed, struct lw_error *err)
{
    enum lw_status status = lw_vault_watch(session->vault, err);

    *changed = false;
    return status == LW_OK ? lw_store_changed(session->store, changed, err) : status;
}

void lw_session_detach(struct lw_session *session)
{
    lw_session_present(session);
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
