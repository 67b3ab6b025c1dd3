/* Where somebody was, kept in the vault beside the journal that it is of. */
#include "app.h"
#include "internal.h"

enum { PATIENCE_MS = 200, PATIENCE_WRITING_MS = 10000 };

/* What stands in the diary must not tell of the slots of another journal. */
static bool has_one(const struct lw_session *session)
{
    return !session->decoy && session->past == NULL && session->store != NULL;
}

static struct lw_bookmark_key key_of(const struct lw_session *session, bool read_only)
{
    return (struct lw_bookmark_key){lw_vault_own_slot(session->vault), read_only};
}

enum lw_status lw_session_bookmark(struct lw_session *session, bool read_only, int64_t *at_ms,
                                   struct lw_buf *text, struct lw_error *err)
{
    if (!has_one(session))
        return LW_NOT_FOUND;
    return lw_store_bookmark_get(session->store, key_of(session, read_only), at_ms, text, err);
}

enum lw_status lw_session_set_bookmark(struct lw_session *session, bool read_only, const char *text,
                                       size_t len, struct lw_error *err)
{
    struct lw_store *store = session->store;
    enum lw_status status = LW_OK;

    if (!has_one(session))
        return LW_OK;
    if (read_only)
        status = lw_store_open(session->vault, lw_vault_own_lane(session->vault), LW_LANE_WRITE,
                               &store, err);
    if (status == LW_OK) {
        lw_store_set_patience(store, PATIENCE_MS);
        status = lw_store_bookmark_put(store, key_of(session, read_only),
                                       lw_clock_now(session->clock), text, len, err);
        lw_store_set_patience(store, PATIENCE_WRITING_MS);
    }
    if (read_only)
        lw_store_close(store);
    return status;
}
