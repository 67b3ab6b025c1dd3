/* Where a review was left, kept in the vault beside the journal that it is of. */
#include "app.h"
#include "internal.h"

#define PATIENCE_MS 200
#define LASTS_MS    (INT64_C(12) * 3600 * 1000)

/* What stands in the diary must not tell of the slots of another journal. */
static bool has_one(const struct lw_session *session)
{
    return !session->decoy && session->past == NULL && session->store != NULL;
}

enum lw_status lw_session_bookmark(struct lw_session *session, int64_t *at_ms, struct lw_buf *text,
                                   struct lw_error *err)
{
    int64_t now = lw_clock_now(session->clock);
    enum lw_status status;

    if (!has_one(session))
        return LW_NOT_FOUND;
    status = lw_store_bookmark_get(session->store, lw_vault_own_slot(session->vault),
                                   now - LASTS_MS, at_ms, text, err);
    if (status != LW_OK || *at_ms <= now)
        return status;
    lw_buf_clear(text); /* the clock was set back: how old it is cannot be told */
    return LW_NOT_FOUND;
}

enum lw_status lw_session_set_bookmark(struct lw_session *session, const char *text, size_t len,
                                       struct lw_error *err)
{
    struct lw_store *store = NULL;
    int64_t now = lw_clock_now(session->clock);
    enum lw_status status;

    if (!has_one(session))
        return LW_NOT_FOUND;
    status = lw_store_open(session->vault, lw_vault_own_lane(session->vault), LW_LANE_WRITE, &store,
                           err);
    if (status == LW_OK) {
        lw_store_set_patience(store, PATIENCE_MS);
        status = lw_store_bookmark_put(store, lw_vault_own_slot(session->vault), now - LASTS_MS,
                                       now, text, len, err);
    }
    lw_store_close(store);
    return status;
}
