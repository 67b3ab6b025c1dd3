/* The contents of the lanes, from one vault file to another. */
#include "build.h"

#include <string.h>

enum { BATCH = 65536, TELL_EVERY = 256 }; /* payloads */

static bool stage_step(void *context, uint64_t done, uint64_t total)
{
    const struct stage *stage = context;

    (void)total;
    if (stage->progress == NULL || stage->progress->step == NULL)
        return true;
    return stage->progress->step(stage->progress->context, stage->base + done, stage->total);
}

struct lw_progress stage_progress(struct stage *stage)
{
    struct lw_progress progress = {stage_step, stage};

    return progress;
}

static enum lw_status explain(enum lw_status status, const struct lw_lane *lane,
                              const struct lw_vault *vault, struct lw_error *err)
{
    const char *found = lw_lane_error(lane);

    return lw_fail(err, status, "copying the contents of %s failed: %s", vault->path,
                   found[0] != '\0' ? found : lw_status_message(status));
}

static enum lw_status open_snapshot(struct lw_vault *vault, unsigned number, enum lw_lane_mode mode,
                                    struct lw_lane **out, struct lw_error *err)
{
    struct lw_lane *lane;
    enum lw_status status = lw_lane_open(vault, number, mode, &lane, err);

    if (status != LW_OK)
        return status;
    status = lw_lane_snapshot(lane);
    if (status == LW_OK && mode == LW_LANE_WRITE)
        status = lw_lane_reserve(lane);
    if (status != LW_OK) {
        explain(status, lane, vault, err);
        lw_lane_close(lane);
        return status;
    }
    *out = lane;
    return LW_OK;
}

static bool is_copied(const struct lw_vault *old, const struct keyring *next, unsigned lane)
{
    return old != NULL && keyring_knows_lane(old->ring, lane) && keyring_knows_lane(next, lane);
}

enum lw_status copy_count(struct lw_vault *old, const struct keyring *next,
                          struct contents *contents, struct lw_error *err)
{
    struct contents found = {0};

    for (unsigned i = 0; i < LW_LANES; i++) {
        struct lw_lane *lane;
        enum lw_status status;

        if (!is_copied(old, next, i))
            continue;
        status = open_snapshot(old, i, LW_LANE_READ, &lane, err);
        if (status == LW_DAMAGED && i != old->ring->own_lane) {
            if (memcmp(next->lane_key[i], old->ring->lane_key[i], LW_KEY) == 0)
                return lw_fail(err, status,
                               "the journal of the duress passphrase is damaged: set a duress "
                               "passphrase anew first, which starts that journal afresh");
            found.lost[i] = true;
            continue;
        }
        if (status != LW_OK)
            return status;
        found.payloads += lw_lane_pages(lane);
        found.generation[i] = lw_lane_generation(lane);
        lw_lane_close(lane);
    }
    *contents = found;
    return LW_OK;
}

enum lw_status copy_fits(uint64_t payloads, uint64_t bytes, const char *path, struct lw_error *err)
{
    /* One node for 160 payloads and a little above; a tenth and 64 pages to go on writing. */
    uint64_t nodes = payloads / 100 + 8;
    uint64_t needed = LW_FIXED_PAGES + payloads + nodes + (payloads + nodes) / 10 + 64;

    if (needed * LW_PAGE <= bytes)
        return LW_OK;
    return lw_fail(err, LW_FULL,
                   "what is in %s needs %llu MiB, more than the new size: choose a larger one",
                   path, (unsigned long long)((needed * LW_PAGE + 0xFFFFF) >> 20));
}

/* Both lanes are ready; commits now and then so that no transaction grows without limit. */
static enum lw_status copy_payloads(struct lw_lane *from, struct lw_lane *to, uint8_t *payload,
                                    struct stage *stage)
{
    struct lw_progress progress = stage_progress(stage);
    uint32_t count = lw_lane_pages(from);

    for (uint32_t i = 0; i < count; i++) {
        enum lw_status status = lw_lane_read(from, i, payload);

        if (status == LW_OK)
            status = lw_lane_write(to, i, payload);
        if (status == LW_OK && i % BATCH == BATCH - 1)
            status = lw_lane_commit(to);
        if (status != LW_OK)
            return status;
        if (i % TELL_EVERY == 0 && !progress.step(stage, (uint64_t)i * LW_PAGE, 0))
            return LW_CANCELLED;
    }
    stage->base += (uint64_t)count * LW_PAGE;
    return count > 0 ? lw_lane_commit(to) : LW_OK;
}

static enum lw_status copy_lane(struct lw_vault *old, struct lw_vault *fresh, unsigned number,
                                struct stage *stage, struct lw_error *err)
{
    struct lw_lane *from, *to;
    uint8_t *payload;
    enum lw_status status = open_snapshot(old, number, LW_LANE_READ, &from, err);

    if (status != LW_OK)
        return status;
    payload = sodium_malloc(LW_PAYLOAD);
    status = payload != NULL ? LW_OK : lw_fail(err, LW_NO_MEMORY, "out of memory for a page");
    if (status == LW_OK)
        status = open_snapshot(fresh, number, LW_LANE_WRITE, &to, err);
    if (status != LW_OK)
        goto done;
    status = copy_payloads(from, to, payload, stage);
    if (status == LW_CANCELLED)
        lw_fail(err, status, "cancelled, %s is as it was", old->path);
    else if (status != LW_OK)
        explain(status, lw_lane_error(from)[0] != '\0' ? from : to, old, err);
    lw_lane_close(to);
done:
    sodium_free(payload);
    lw_lane_close(from);
    return status;
}

enum lw_status copy_lanes(struct lw_vault *old, struct lw_vault *fresh,
                          const struct contents *contents, struct stage *stage,
                          struct lw_error *err)
{
    enum lw_status status = LW_OK;

    /* All roots first: a writer looks at every lane that it knows. */
    for (unsigned i = 0; status == LW_OK && i < LW_LANES; i++) {
        if (!keyring_knows_lane(fresh->ring, i))
            continue;
        status = lane_format(fresh, i, contents->generation[i] + 1);
        if (status != LW_OK)
            lw_fail_errno(err, status, "cannot write %s", fresh->path);
    }
    for (unsigned i = 0; status == LW_OK && i < LW_LANES; i++)
        if (is_copied(old, fresh->ring, i) && !contents->lost[i])
            status = copy_lane(old, fresh, i, stage, err);
    return status;
}
