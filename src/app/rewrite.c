/* New files: a vault that is made, and one that is rewritten. */
#include "internal.h"

#include <time.h>

#define PATIENCE_STEPS 100 /* of a tenth of a second: how long a rewrite waits for a writer */

static void nap(void)
{
    const struct timespec tenth = {.tv_sec = 0, .tv_nsec = 100000000};

    nanosleep(&tenth, NULL);
}

/* Schema and first session row of one lane of a file that nobody else has open yet. */
static enum lw_status first_row(struct lw_vault *vault, unsigned lane, const struct lw_clock *clock,
                                struct lw_error *err)
{
    struct lw_store *store = NULL;
    struct lw_session_row before;
    bool had;
    enum lw_status status = lw_store_open(vault, lane, LW_LANE_WRITE, &store, err);

    if (status == LW_OK)
        status = lw_store_session_begin(store, lw_clock_now(clock), &before, &had, err);
    lw_store_close(store);
    return status;
}

static enum lw_status first_rows(struct lw_vault *vault, const struct lw_clock *clock,
                                 struct lw_error *err)
{
    for (unsigned lane = 0; lane < LW_LANES; lane++) {
        if (!lw_vault_knows_lane(vault, lane))
            continue;
        enum lw_status status = first_row(vault, lane, clock, err);
        if (status != LW_OK)
            return status;
    }
    return LW_OK;
}

enum lw_status lw_session_create(const struct lw_session_setup *setup,
                                 const struct lw_build_plan *plan,
                                 const struct lw_progress *progress, struct lw_session *out,
                                 struct lw_error *err)
{
    struct lw_session session = {.clock = setup->clock, .forms = setup->forms};
    struct lw_build *build = NULL;
    enum lw_status status = lw_build_create(setup->path, plan, progress, &build, err);

    if (status != LW_OK)
        return status;
    status = first_rows(lw_build_vault(build), setup->clock, err);
    if (status != LW_OK) {
        lw_build_abandon(build);
        return status;
    }
    status = lw_build_publish(build, out == NULL ? NULL : &session.vault, err);
    if (status != LW_OK || out == NULL)
        return status;

    status = lw_session_attach(&session, setup->author, LW_LANE_WRITE, err);
    if (status == LW_OK)
        *out = session;
    else
        lw_session_close(&session);
    return status;
}

enum lw_status lw_session_rewrite(struct lw_session *session, const struct lw_build_plan *plan,
                                  const struct lw_progress *progress, struct lw_error *err)
{
    struct lw_build *build = NULL;
    enum lw_status status = LW_BUSY;

    lw_session_detach(session);
    for (int i = 0; status == LW_BUSY && i < PATIENCE_STEPS; i++) {
        if (i > 0)
            nap();
        status = lw_build_rewrite(session->vault, plan, progress, &build, err);
    }
    if (status != LW_OK)
        return status;
    if (plan->duress != NULL) {
        status = first_row(lw_build_vault(build), 1 - lw_vault_own_lane(session->vault),
                           session->clock, err);
    }
    if (status != LW_OK) {
        lw_build_abandon(build);
        return status;
    }
    return lw_build_publish(build, NULL, err);
}

enum lw_status lw_session_header_move(struct lw_session *session, const char *to,
                                      struct lw_error *err)
{
    enum lw_status status = LW_BUSY;

    lw_session_detach(session);
    for (int i = 0; status == LW_BUSY && i < PATIENCE_STEPS; i++) {
        if (i > 0)
            nap();
        status = lw_vault_header_move(session->vault, to, err);
    }
    return status;
}

enum lw_status lw_session_backup(struct lw_session *session, const char *to,
                                 const struct lw_progress *progress, struct lw_error *err)
{
    enum lw_status status = LW_BUSY;

    for (int i = 0; status == LW_BUSY && i < PATIENCE_STEPS; i++) {
        if (i > 0)
            nap();
        status = lw_vault_backup(session->vault, to, progress, err);
    }
    return status;
}
