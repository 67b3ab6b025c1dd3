/*
 * Vaults with a past, as samples: made, used in sessions of random length and kind through the
 * calls that the program itself makes, left in order or killed.
 *
 * What happens in the lane that a sample shows (the only one of a single user, the decoy's else) is
 * drawn in the same way for all kinds; a hidden lane only adds its own saves in between. So
 * whatever tells the kinds apart was told by the vault.
 */
#ifndef LW_TORTURE_RANDOMNESS_MAKE_H
#define LW_TORTURE_RANDOMNESS_MAKE_H

#include "app.h"
#include "vault/files.h"
#include "vault/keys.h"
#include "vault/lane.h"

#include "io_hooks.h"
#include "seeded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum kind { SINGLE, DECOY, DURESS, WIPED, KINDS };
enum { SAMPLE_BYTES = 4 << 20, SAMPLE_PAGES = SAMPLE_BYTES / LW_PAGE, MINUTE = 60000 };

struct sample {
    enum kind kind;
    bool hidden;   /* it has a second lane, known or not any more */
    bool torn;     /* something was killed within a commit of the lane that it shows */
    unsigned rows; /* session rows that must stand in that lane */
    char path[256];
};

static unsigned faults; /* lines "bad: " so far */

static void bad(const struct sample *sample, const char *format, ...) LW_PRINTF(2, 3);

static void bad(const struct sample *sample, const char *format, ...)
{
    static const char *const names[KINDS] = {"single", "decoy", "duress", "wiped"};
    va_list list;

    if (faults++ >= 20)
        return;
    printf("bad: ");
    if (sample)
        printf("%s (%s): ", sample->path, names[sample->kind]);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n");
}

static void must(enum lw_status status, const struct lw_error *err, const char *what)
{
    if (status == LW_OK)
        return;
    printf("%s: %s: %s\n", what, lw_status_name(status), err->text);
    exit(2);
}

/* ---- time that passes at once ---- */

static int64_t skipped_ns;
static int64_t wall_ms = INT64_C(1418720400000);

int nanosleep(const struct timespec *pause, struct timespec *left)
{
    (void)left;
    skipped_ns += (int64_t)pause->tv_sec * 1000000000 + pause->tv_nsec;
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    long result = syscall(SYS_clock_gettime, clock, out);

    if (result == 0 && clock == CLOCK_MONOTONIC) {
        int64_t ns = out->tv_nsec + skipped_ns;
        out->tv_sec += ns / 1000000000;
        out->tv_nsec = ns % 1000000000;
    }
    return (int)result;
}

static int64_t told_ms(void *context)
{
    (void)context;
    return wall_ms;
}

static int told_offset(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return 180;
}

static const struct lw_clock told_clock = {told_ms, told_offset, NULL};

/* ---- a process that is killed: nothing that it does afterwards reaches the file ---- */

static struct {
    bool dead;
    bool counting;
    unsigned writes_left;
} process;

static bool before_call(const struct io_call *call, ssize_t *result)
{
    bool writes = call->kind == IO_WRITE || call->kind == IO_WRITE_SYNCED;

    if (call->kind == IO_SYNC) { /* nobody cuts the power here */
        *result = 0;
        return true;
    }
    if (process.counting && writes && process.writes_left-- == 0) {
        process.dead = true;
        process.counting = false;
    }
    if (!writes)
        return false;
    *result =
        process.dead ? (ssize_t)call->len : pwrite(call->fd, call->data, call->len, call->offset);
    return true;
}

/* ---- records ---- */

struct lane_ids {
    uint8_t id[256][LW_RECORD_ID];
    unsigned count;
};

static void some_words(char *out, size_t len)
{
    size_t word = 0;

    for (size_t i = 0; i < len; i++) {
        bool ends = word > 2 && choose(6) == 0 && i + 1 < len && i > 0;
        out[i] = ends ? ' ' : (char)('a' + choose(26));
        word = ends ? 0 : word + 1;
    }
    out[len] = '\0';
}

static enum lw_status fill_entry(struct lw_journal *journal, struct lw_record *entry, size_t most,
                                 struct lw_error *err)
{
    char words[4096];
    enum lw_status status;

    some_words(words, 8 + choose(30));
    status = lw_record_set_text(entry, "title", words, strlen(words));
    some_words(words, 20 + choose((uint32_t)most));
    if (status == LW_OK)
        status = lw_record_set_text(entry, "narrative", words, strlen(words));
    if (status == LW_OK)
        status = lw_record_set_text(entry, "status", "draft", 5);
    if (status == LW_OK)
        status = lw_record_put(journal, entry, NULL, err);
    return status;
}

static enum lw_status put_entry(struct lw_journal *journal, struct lane_ids *ids, bool again,
                                size_t most, struct lw_error *err)
{
    struct lw_record entry;
    enum lw_status status = LW_NOT_FOUND;
    unsigned at = ids->count;

    if (again && ids->count > 0) {
        at = choose(ids->count);
        status = lw_record_get(journal, LW_RECORD_ENTRY, ids->id[at], &entry, err);
    }
    if (status == LW_NOT_FOUND) { /* a new one, or one that was never committed */
        lw_record_init(&entry, LW_RECORD_ENTRY);
        status = LW_OK;
        lw_journal_new_id(journal, entry.id);
    }
    if (status == LW_OK)
        status = fill_entry(journal, &entry, most, err);
    if (status == LW_OK && at < LW_COUNT_OF(ids->id)) {
        memcpy(ids->id[at], entry.id, LW_RECORD_ID);
        ids->count += at == ids->count;
    }
    lw_record_clear(&entry);
    return status;
}

static void put_entries(struct lw_journal *journal, struct lane_ids *ids, unsigned count,
                        size_t most)
{
    struct lw_error err = {0};
    enum lw_status status = lw_journal_begin(journal, &err);

    for (unsigned i = 0; i < count && status == LW_OK; i++)
        status = put_entry(journal, ids, count == 1 && choose(3) == 0, most, &err);
    if (choose(8) == 0 && status == LW_OK)
        lw_journal_rollback(journal);
    else if (status == LW_OK)
        status = lw_journal_commit(journal, &err);
    if (!process.dead && status != LW_FULL) /* a small vault may be, and refuses */
        must(status, &err, "an entry");
    lw_journal_rollback(journal);
}

/* Typed, kept, given up. */
static void put_draft(struct lw_journal *journal)
{
    char words[1024];
    struct lw_draft draft = {.form = "entry", .state = words};
    struct lw_error err = {0};
    enum lw_status status;

    some_words(words, 40 + choose(900));
    draft.state_len = strlen(words);
    status = lw_draft_put(journal, &draft, &err);
    if (status == LW_OK && choose(3) > 0)
        status = lw_draft_remove(journal, &draft, &err);
    if (!process.dead && status != LW_FULL)
        must(status, &err, "a draft");
}

static void save_one(struct lw_journal *journal, struct lane_ids *ids)
{
    if (choose(4) == 0)
        put_draft(journal);
    else
        put_entries(journal, ids, 1, 2400);
}

/* ---- sessions ---- */

struct past {
    struct sample *sample;
    struct lw_passphrase *owner, *duress;
    struct lane_ids shown, hidden;
    bool armed;
};

static struct lw_session_setup setup_of(const struct past *past)
{
    struct lw_session_setup setup = {.path = past->sample->path,
                                     .profile = lw_kdf_profile_find("test"),
                                     .writes = true,
                                     .clock = &told_clock,
                                     .author = "tester"};

    return setup;
}

static void save_shown(struct lw_session *session, struct past *past)
{
    const struct lw_journal_setup setup = {.clock = &told_clock, .author = "tester"};
    struct lw_journal *journal = session->journal;
    struct lw_error err = {0};

    if (session->rows != session->store)
        must(lw_journal_open(session->rows, &setup, &journal, &err), &err, "the decoy's journal");
    save_one(journal, &past->shown);
    if (journal != session->journal)
        lw_journal_close(journal);
}

/* One minute: stirred about four times, some things saved, the row refreshed. */
static void live_a_minute(struct lw_session *session, struct past *past, bool by_duress)
{
    unsigned stirs = 2 + choose(4), shown = choose(3) == 0 ? 1 + choose(2) : 0;
    unsigned hidden = past->armed && !by_duress ? choose(4) : 0;

    while (stirs + shown + hidden > 0) {
        uint32_t next = choose(stirs + shown + hidden);
        if (next < stirs) {
            lw_session_stir(session);
            stirs--;
        } else if (next < stirs + shown) {
            save_shown(session, past);
            shown--;
        } else {
            save_one(session->journal, &past->hidden);
            hidden--;
        }
    }
    wall_ms += MINUTE + choose(900);
    lw_session_touch(session);
}

enum ending { IN_ORDER, KILLED, KILLED_REFRESHING, KILLED_HIDDEN };

static enum ending choose_ending(void)
{
    uint32_t chosen = choose(40);

    if (chosen < 24)
        return IN_ORDER;
    return chosen < 34 ? KILLED : chosen < 35 ? KILLED_REFRESHING : KILLED_HIDDEN;
}

static void end_session(struct lw_session *session, struct past *past, bool by_duress,
                        enum ending ending)
{
    if (ending != IN_ORDER) {
        process.counting = ending != KILLED;
        process.writes_left = choose(8);
        process.dead = ending == KILLED;
    }
    if (ending == KILLED_REFRESHING) {
        past->sample->torn = true;
        wall_ms += MINUTE;
        lw_session_touch(session);
    } else if (ending == KILLED_HIDDEN && past->armed && !by_duress) {
        save_one(session->journal, &past->hidden);
    }
    process.counting = false;
    process.dead = ending != IN_ORDER;
    lw_session_close(session);
    process.dead = false;
    wall_ms += MINUTE * (1 + choose(3000));
}

static void live_a_session(struct past *past, bool by_duress)
{
    struct lw_session_setup setup = setup_of(past);
    struct lw_session session = {0};
    struct lw_error err = {0};
    unsigned minutes = choose(4);

    setup.read_only = choose(8) == 0;
    must(lw_session_open(&setup, by_duress ? past->duress : past->owner, &session, &err), &err,
         "a session");
    past->sample->rows++;
    if (setup.read_only) {
        end_session(&session, past, true, choose(2) == 0 ? IN_ORDER : KILLED);
        return;
    }
    for (unsigned i = 0; i < minutes; i++)
        live_a_minute(&session, past, by_duress);
    end_session(&session, past, by_duress, choose_ending());
}

/* ---- samples ---- */

static struct lw_passphrase *words_of(const char *text)
{
    struct lw_passphrase *pass = lw_passphrase_new();

    if (!pass)
        exit(2);
    for (; *text; text++)
        (void)lw_passphrase_push(pass, (uint8_t)*text);
    return pass;
}

static struct lw_build_plan plan_of(const struct lw_passphrase *const *owner,
                                    const struct lw_passphrase *duress)
{
    struct lw_build_plan plan = {.bytes = SAMPLE_BYTES,
                                 .profile = lw_kdf_profile_find("test"),
                                 .kept = owner,
                                 .kept_count = 1,
                                 .duress = duress};

    return plan;
}

/* What was there before the decoy was armed; the rewrite begins its lane anew. */
static void arm_later(struct past *past)
{
    struct lw_session_setup setup = setup_of(past);
    struct lw_build_plan plan = plan_of(NULL, past->duress);
    struct lw_session session = {0};
    struct lw_error err = {0};

    plan.kept_count = 0;
    must(lw_session_open(&setup, past->owner, &session, &err), &err, "a session before arming");
    put_entries(session.journal, &past->hidden, 1 + choose(20), 2400);
    must(lw_session_rewrite(&session, &plan, NULL, &err), &err, "arming");
    lw_session_close(&session);
}

static void write_hidden(struct past *past)
{
    struct lw_session_setup setup = setup_of(past);
    struct lw_session session = {0};
    struct lw_error err = {0};

    must(lw_session_open(&setup, past->owner, &session, &err), &err, "a session of writing");
    past->sample->rows++;
    for (unsigned parts = past->sample->hidden ? 1 + choose(3) : 0; parts > 0; parts--)
        put_entries(session.journal, &past->hidden, 5 + choose(30), 3600);
    end_session(&session, past, true, IN_ORDER);
}

static void begin_past(struct past *past)
{
    const struct lw_passphrase *const owner[] = {past->owner};
    bool later = past->sample->hidden && choose(2) == 0;
    struct lw_build_plan plan =
        plan_of(owner, past->sample->hidden && !later ? past->duress : NULL);
    struct lw_session_setup setup = setup_of(past);
    struct lw_error err = {0};

    must(lw_session_create(&setup, &plan, NULL, NULL, &err), &err, "a new vault");
    if (later)
        arm_later(past);
    past->sample->rows = 1;
    past->armed = past->sample->hidden;
    write_hidden(past);
}

static void make_sample(struct sample *sample, enum kind kind, const char *folder, unsigned number)
{
    struct past past = {.sample = sample};
    unsigned sessions = 1 + choose(4);
    struct lw_error err = {0};
    struct lw_wipe_report report;

    *sample = (struct sample){.kind = kind, .hidden = kind == DECOY || kind == DURESS};
    if (kind == WIPED)
        sample->hidden = choose(2) == 0;
    (void)snprintf(sample->path, sizeof sample->path, "%s/vault-%u", folder, number);
    past.owner = words_of("heron tussock lantern ferry");
    past.duress = words_of("meadow copper violin sugar");
    begin_past(&past);
    for (unsigned i = 0; i < sessions; i++)
        live_a_session(&past, false);
    for (unsigned i = 1 + choose(2); i > 0; i--)
        live_a_session(&past, kind == DURESS);
    if (kind == WIPED)
        must(lw_vault_wipe(sample->path, true, NULL, &report, &err), &err, "a wipe");
    lw_passphrase_free(past.owner);
    lw_passphrase_free(past.duress);
}

#endif
