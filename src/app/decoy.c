/* The diary that the duress passphrase opens, as its owner sees it. */
#include "internal.h"

#define DAY_MS     INT64_C(86400000)
#define STALE_DAYS 14

const char *const lw_duress_words[LW_DURESS_PARAGRAPHS] = {
    "A duress passphrase is for the case that you are forced to open the vault. It opens a diary "
    "of "
    "its own. The first time it is used, by whatever command, every other passphrase becomes "
    "useless, for good.",
    "It protects from one look at the vault as it is now. It does not help against an older copy "
    "of the disk together with an ordinary passphrase, against several copies over time, or other "
    "traces on this machine. Nobody can prove that there is nothing else.",
    "The diary starts empty, and an empty one convinces few people. Fill it with private notes "
    "that could be all you have, a few each week: in the program with :diary, or with \"lapwing "
    "decoy log\", which leaves a trace in the history of the shell. \"lapwing passphrase list\" "
    "tells how fresh it is.",
};

enum lw_status lw_session_no_diary(struct lw_error *err)
{
    return lw_fail(err, LW_REFUSED,
                   "this journal has no duress passphrase, and so no diary; \"lapwing passphrase "
                   "duress\" sets one");
}

static enum lw_status read_freshness(struct lw_store *store, struct lw_freshness *out,
                                     struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(store, "SELECT count(*), max(recorded_at) FROM entry", &stmt, err);

    if (status == LW_OK)
        status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status;
    out->entries = (uint64_t)lw_stmt_int(stmt, 0);
    out->recorded_ms = lw_stmt_is_null(stmt, 1) ? LW_TIME_MIN : lw_stmt_int(stmt, 1);
    lw_stmt_reset(stmt);
    return LW_OK;
}

static enum lw_status read_lane(struct lw_session *session, bool decoy, struct lw_freshness *out,
                                struct lw_error *err)
{
    unsigned own = lw_vault_own_lane(session->vault);
    struct lw_store *store = NULL;
    enum lw_status status;

    if (decoy == session->decoy)
        return read_freshness(session->store, out, err);
    status = lw_store_open(session->vault, decoy ? 1 - own : own, LW_LANE_READ, &store, err);
    if (status == LW_OK)
        status = read_freshness(store, out, err);
    lw_store_close(store);
    return status;
}

enum lw_status lw_session_freshness(struct lw_session *session, struct lw_freshness *journal,
                                    struct lw_freshness *diary, struct lw_error *err)
{
    enum lw_status status = read_lane(session, false, journal, err);

    *diary = (struct lw_freshness){.recorded_ms = LW_TIME_MIN};
    if (status == LW_OK && lw_vault_duress_armed(session->vault))
        status = read_lane(session, true, diary, err);
    return status;
}

bool lw_diary_is_stale(const struct lw_freshness *diary, int64_t now_ms)
{
    return diary->recorded_ms == LW_TIME_MIN || diary->recorded_ms < now_ms - STALE_DAYS * DAY_MS;
}
