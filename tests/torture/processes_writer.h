/* Writers: every transaction counts itself in three places, and changes rows of its writer's own.
 */
#ifndef LW_TORTURE_PROCESSES_WRITER_H
#define LW_TORTURE_PROCESSES_WRITER_H

#include "processes_world.h"

#define PATIENCE_MS 2000
#define GRACE_MS    20000

struct writer {
    int me;
    struct lw_store *store;
    int64_t base;               /* rows that stay */
    unsigned bulk;              /* rows added or deleted at once; 0: a few */
    int64_t added, added_bytes; /* by the transaction under way */
    struct lw_error err;
};

static const char *writer_sql(const struct writer *writer, const char *const sql[WRITERS])
{
    return sql[writer->me];
}

static enum lw_status put_item(struct writer *writer, int64_t id, int64_t version)
{
    static const char *const sql[] = {"INSERT OR REPLACE INTO item0 VALUES(?, ?, ?)",
                                      "INSERT OR REPLACE INTO item1 VALUES(?, ?, ?)"};
    uint8_t data[ITEM_MOST];
    size_t len = item_length(writer->me, id, version);
    struct lw_stmt *stmt;
    enum lw_status status = prepare(writer->store, writer_sql(writer, sql), &stmt, &writer->err);

    if (status != LW_OK)
        return status;
    item_fill(writer->me, id, version, data, len);
    lw_stmt_bind_int(stmt, 1, id);
    lw_stmt_bind_int(stmt, 2, version);
    lw_stmt_bind_blob(stmt, 3, data, len);
    writer->added_bytes += (int64_t)len;
    writer->added++;
    return lw_stmt_run(stmt, &writer->err);
}

/* *version is -1 where there is no such row. */
static enum lw_status find_item(struct writer *writer, int64_t id, int64_t *version)
{
    static const char *const sql[] = {"SELECT version FROM item0 WHERE id=?",
                                      "SELECT version FROM item1 WHERE id=?"};
    struct lw_stmt *stmt;
    enum lw_status status = prepare(writer->store, writer_sql(writer, sql), &stmt, &writer->err);

    *version = -1;
    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, id);
    if ((status = lw_stmt_step(stmt, &writer->err)) == LW_OK) {
        *version = lw_stmt_int(stmt, 0);
        lw_stmt_reset(stmt);
    }
    return status == LW_DONE ? LW_OK : status;
}

static enum lw_status change_item(struct writer *writer, int64_t id)
{
    int64_t version;
    enum lw_status status = find_item(writer, id, &version);

    if (status != LW_OK || version < 0)
        return status;
    writer->added--;
    writer->added_bytes -= (int64_t)item_length(writer->me, id, version);
    return put_item(writer, id, version + 1);
}

static enum lw_status delete_item(struct writer *writer, int64_t id)
{
    static const char *const sql[] = {"DELETE FROM item0 WHERE id=?",
                                      "DELETE FROM item1 WHERE id=?"};
    struct lw_stmt *stmt;
    int64_t version;
    enum lw_status status = find_item(writer, id, &version);

    if (status != LW_OK || version < 0)
        return status;
    status = prepare(writer->store, writer_sql(writer, sql), &stmt, &writer->err);
    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, id);
    writer->added--;
    writer->added_bytes -= (int64_t)item_length(writer->me, id, version);
    return lw_stmt_run(stmt, &writer->err);
}

static enum lw_status newest_item(struct writer *writer, int64_t *id)
{
    static const char *const sql[] = {"SELECT max(id) FROM item0", "SELECT max(id) FROM item1"};

    *id = 0;
    return number(writer->store, writer_sql(writer, sql), id, &writer->err);
}

static enum lw_status add_items(struct writer *writer, unsigned count)
{
    int64_t newest;
    enum lw_status status = newest_item(writer, &newest);

    while (status == LW_OK && count-- > 0)
        status = put_item(writer, ++newest, 0);
    return status;
}

/* The newest, but none of those that stay. */
static enum lw_status delete_newest(struct writer *writer, unsigned count)
{
    int64_t newest = 0;
    enum lw_status status = newest_item(writer, &newest);

    for (; status == LW_OK && count > 0 && newest > writer->base; count--)
        status = delete_item(writer, newest--);
    return status;
}

/* ---- one transaction ---- */

enum work { WORK_LIGHT, WORK_ADD, WORK_DELETE, WORK_ANY };

static enum lw_status do_work(struct writer *writer, enum work work, uint64_t turn)
{
    switch (work) {
    case WORK_LIGHT:
        return change_item(writer, 1 + (int64_t)(turn % WINDOW));
    case WORK_ADD:
        return add_items(writer, writer->bulk ? writer->bulk : 1 + choose(4));
    case WORK_DELETE:
        return delete_newest(writer, writer->bulk ? writer->bulk : 3 + choose(6));
    case WORK_ANY:
        break;
    }
    if (choose(20) == 0)
        return lw_store_exec(writer->store, "PRAGMA incremental_vacuum(5)", &writer->err);
    return change_item(writer, 1 + choose((uint32_t)writer->base));
}

static enum lw_status count_it(struct writer *writer)
{
    char sql[256];

    snprintf(sql, sizeof sql,
             "UPDATE one SET total=total+1; UPDATE two SET total=total+1; "
             "UPDATE tally SET commits=commits+1, count=count+%lld, bytes=bytes+%lld WHERE w=%d",
             (long long)writer->added, (long long)writer->added_bytes, writer->me);
    return lw_store_exec(writer->store, sql, &writer->err);
}

/* Somebody else must have had the lock while this one waited for it, or have it now. */
static void judge_busy(const struct writer *writer, uint64_t other_turns)
{
    int other = 1 - writer->me;
    int64_t until = now_ms() + GRACE_MS; /* it may have got it, and not have told yet */

    while (now_ms() < until) {
        if (shared->turns[other] != other_turns || (shared->turns[other] & 1) != 0)
            return;
        pause_ms(5);
    }
    bad("writer %d was refused for %d ms while nobody wrote: %s", writer->me, PATIENCE_MS,
        writer->err.text);
}

/* Reads first and writes then: refused where somebody else has saved meanwhile. */
static enum lw_status begin_late(struct writer *writer)
{
    int64_t value = 0;
    enum lw_status status = lw_store_read(writer->store, &writer->err);

    if (status == LW_OK)
        status = number(writer->store, "SELECT total FROM one", &value, &writer->err);
    pause_ms(choose(4));
    if (status == LW_OK)
        status = lw_store_exec(writer->store, "UPDATE one SET total=total", &writer->err);
    if (status == LW_BUSY)
        lw_store_rollback(writer->store);
    return status;
}

static enum lw_status begin_work(struct writer *writer)
{
    uint64_t other_turns = shared->turns[1 - writer->me];
    bool late = shared->phase != PHASE_GROW && choose(4) == 0;
    enum lw_status status = late ? begin_late(writer) : lw_store_begin(writer->store, &writer->err);

    if (status == LW_BUSY && !late)
        judge_busy(writer, other_turns);
    if (status == LW_OK)
        shared->turns[writer->me]++;
    return status;
}

static void note_commit(const struct writer *writer)
{
    int64_t now = now_ms(), gap = shared->last_ms > 0 ? now - shared->last_ms : 0;

    shared->acked[writer->me] = (uint64_t)shared->begun[writer->me];
    shared->last_ms = now;
    if (gap > shared->longest_ms)
        shared->longest_ms = gap;
    if (shared->full[writer->me] > 0)
        shared->after_full[writer->me]++;
}

static enum lw_status transact(struct writer *writer, enum work work)
{
    enum lw_status status = begin_work(writer);

    writer->added = writer->added_bytes = 0;
    if (status == LW_OK) {
        status = do_work(writer, work, shared->acked[writer->me]);
        if (status == LW_OK)
            status = count_it(writer);
        if (status == LW_OK) {
            shared->begun[writer->me] = shared->acked[writer->me] + 1;
            status = lw_store_commit(writer->store, &writer->err);
        }
        if (status == LW_OK)
            note_commit(writer);
        else
            shared->begun[writer->me] = (uint64_t)shared->acked[writer->me];
    }
    lw_store_rollback(writer->store);
    if (shared->turns[writer->me] & 1)
        shared->turns[writer->me]++;
    return status;
}

/* ---- the life of a writer ---- */

static enum work choose_work(enum phase phase, bool was_full)
{
    if (phase == PHASE_LIGHT)
        return WORK_LIGHT;
    if (was_full)
        return WORK_DELETE;
    if (phase == PHASE_GROW)
        return choose(4) == 0 ? WORK_LIGHT : WORK_ADD;
    return choose(3) == 0 ? WORK_ADD : choose(6) == 0 ? WORK_DELETE : WORK_ANY;
}

static void judge(struct writer *writer, enum phase phase, enum lw_status status)
{
    if (status == LW_BUSY)
        return;
    if (status != LW_FULL)
        bad("writer %d: %s", writer->me, writer->err.text);
    else if (strstr(writer->err.text, "full") == NULL || strstr(writer->err.text, "resize") == NULL)
        bad("writer %d is told of a full vault so: %s", writer->me, writer->err.text);
    else if (phase == PHASE_LIGHT && shared->phase == PHASE_LIGHT)
        bad("writer %d is told that the vault is full while it only writes the same pages again",
            writer->me);
}

/* What a killed one has asked for is there or not; from here on it is known which. */
static void settle_count(struct writer *writer)
{
    char sql[64];
    int64_t commits = -1;
    uint64_t begun = shared->begun[writer->me], acked = shared->acked[writer->me];

    snprintf(sql, sizeof sql, "SELECT commits FROM tally WHERE w=%d", writer->me);
    if (number(writer->store, sql, &commits, &writer->err) != LW_OK)
        bad("writer %d: %s", writer->me, writer->err.text);
    else if (commits != (int64_t)acked && commits != (int64_t)begun)
        bad("writer %d finds %lld commits; %llu were answered, %llu asked for", writer->me,
            (long long)commits, (unsigned long long)acked, (unsigned long long)begun);
    else
        shared->acked[writer->me] = shared->begun[writer->me] = (uint64_t)commits;
}

static void run_writer(int me, int64_t base)
{
    struct lw_vault *vault;
    struct writer writer = {.me = me, .base = base, .store = open_all(&vault, LW_LANE_WRITE)};
    bool was_full = false;
    enum phase phase;

    lw_store_set_patience(writer.store, PATIENCE_MS);
    settle_count(&writer);
    while ((phase = (enum phase)shared->phase) != PHASE_OVER && shared->bad == 0) {
        enum lw_status status = transact(&writer, choose_work(phase, was_full));
        if (status != LW_OK)
            judge(&writer, phase, status);
        if (status == LW_FULL) {
            shared->full[me]++;
            if (was_full && transact(&writer, WORK_LIGHT) == LW_FULL)
                pause_ms(10); /* old snapshots hold what was deleted */
        }
        was_full = status == LW_FULL;
        if (choose(50) == 0)
            lw_store_stir(writer.store);
    }
    close_all(writer.store, vault);
}

#endif
