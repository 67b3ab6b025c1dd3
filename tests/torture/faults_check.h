/* What is asked after a fault: of the answer, of the session that met it, of the file. */
#ifndef LW_TEST_FAULTS_CHECK_H
#define LW_TEST_FAULTS_CHECK_H

#include "faults_work.h"

#define FIRST_LINE  "the first line after a fault"
#define SECOND_LINE "the second line after a fault"

static struct expectation {
    struct lw_buf before, after, told;
    long count[FAULTS];
} expected[WORKS];

struct outcome {
    enum fault fault;
    enum lw_status status;
    struct lw_error err;
    bool unsure;       /* the session said that it is of no more use */
    bool other_lane;   /* the vault is looked at by its owner, the session was the decoy's */
    struct lw_buf now; /* what the session showed last; empty: any of before and after will do */
};

/* The file that the header stands in. */
static const char *header_file(const struct trial *trial)
{
    return trial->header != NULL ? trial->header : trial->path;
}

/* ---- the answer ---- */

static bool status_fits(enum fault fault, enum lw_status status, const char *text)
{
    unsigned hits = fault_infos[fault].hits;

    if (fault == WRITE_SHORT || fault == LOCKED_ON || fault == NO_FAULT)
        return false;
    if (hits == HIT_MEMORY)
        return status == LW_NO_MEMORY;
    if (status == LW_FULL)
        return fault_infos[fault].number == ENOSPC;
    if (status == LW_CANNOT_CREATE || status == LW_NO_INPUT)
        return (hits & (HIT_NAME | HIT_OPEN)) != 0 || strstr(text, "put its stick in") != NULL;
    if (status == LW_READ_ONLY)
        return fault_infos[fault].number == EACCES;
    return status == LW_IO;
}

static void check_answer(const struct outcome *outcome)
{
    const char *text = outcome->err.text;
    size_t len = strlen(text);

    if (outcome->status == LW_OK)
        return;
    if (!status_fits(outcome->fault, outcome->status, text))
        tell_bad("told %s: %s", lw_status_name(outcome->status), text);
    if (outcome->err.status != outcome->status)
        tell_bad("returned %s, but the error says %s", lw_status_name(outcome->status),
                 lw_status_name(outcome->err.status));
    if (len < 10 || text[len - 1] == '.' || strchr(text, '\n') != NULL)
        tell_bad("no sentence: \"%s\"", text);
}

/* ---- looking ---- */

static bool show(struct lw_session *session, struct lw_buf *out, const char *who)
{
    struct lw_error err = {0};

    lw_buf_clear(out);
    if (journal_text(session->journal, out, &err) != LW_OK) {
        tell_bad("%s cannot read: %s", who, err.text);
        return false;
    }
    number_ids(out);
    return true;
}

static void check_lane(struct lw_vault *vault, unsigned number)
{
    struct lw_lane *lane;
    struct lw_lane_check report;
    struct lw_error err = {0};

    if (lw_lane_open(vault, number, LW_LANE_READ, &lane, &err) != LW_OK) {
        tell_bad("lane %u does not open: %s", number, err.text);
        return;
    }
    if (lw_lane_check(lane, NULL, &report) != LW_OK)
        tell_bad("lane %u: %s", number, lw_lane_error(lane));
    else if (report.bad > 0)
        tell_bad("lane %u: %s", number, report.first_bad);
    lw_lane_close(lane);
}

static void check_inside(struct lw_session *session)
{
    struct lw_journal_check report;
    struct lw_error err = {0};
    uint64_t wrong = 0;

    if (lw_store_integrity(session->store, &wrong, &err) != LW_OK || wrong > 0)
        tell_bad("integrity: %s", err.text);
    if (lw_journal_check(session->journal, &report, &err) != LW_OK)
        tell_bad("the chains cannot be read: %s", err.text);
    else if (report.bad > 0)
        tell_bad("the chains: %s", report.first_bad);
    for (unsigned lane = 0; lane < LW_LANES; lane++) {
        if (lw_vault_knows_lane(session->vault, lane))
            check_lane(session->vault, lane);
    }
}

/* One more save, which then is there. */
static bool save(struct lw_session *session, const char *line, struct lw_buf *now,
                 struct lw_error *err)
{
    enum lw_status status = log_line(session, line, err);

    if (status != LW_OK)
        return false;
    if (show(session, now, "after one more save the session") &&
        strstr(lw_buf_text(now), line) == NULL)
        tell_bad("one more save is not there");
    return true;
}

/* ---- the session that met the fault ---- */

/* Where it failed, what was told until then is the beginning of it; a cut id is not compared. */
static void check_told(struct trial *trial, const struct outcome *outcome)
{
    const struct lw_buf *stored = &expected[trial->work - works].told;
    size_t len;

    number_ids(&trial->told);
    len = trial->told.len > 64 ? trial->told.len - 64 : 0;
    if (outcome->status == LW_OK
            ? !same_text(&trial->told, stored)
            : len > stored->len || memcmp(lw_buf_text(&trial->told), lw_buf_text(stored), len) != 0)
        tell_bad("after %s: what it read is not what is stored", lw_status_name(outcome->status));
}

/* The session of a failed call shows the state before it; of one that said OK, the new one. */
static void check_session(struct trial *trial, struct outcome *outcome)
{
    const struct expectation *expects = &expected[trial->work - works];
    const struct lw_buf *wanted = outcome->status == LW_OK ? &expects->after : &expects->before;
    struct lw_error err = {0};
    struct lw_buf shown = LW_BUF_INIT;

    if (show(&trial->session, &shown, "the session") && !same_text(&shown, wanted))
        tell_bad("after %s the session shows %s", lw_status_name(outcome->status),
                 same_text(&shown, &expects->after) ? "the new state" : "something else");
    lw_buf_free(&shown);
    if (save(&trial->session, FIRST_LINE, &outcome->now, &err))
        return;
    lw_buf_clear(&outcome->now);
    outcome->unsure = true;
    if (err.status == LW_REVOKED && trial->work->kind == WORK_HEADER &&
        !opens(header_file(trial), OWNER))
        return;
    if (strstr(err.text, "open the vault again") == NULL ||
        (fault_infos[outcome->fault].hits & (HIT_WRITE | HIT_SYNC)) == 0)
        tell_bad("the session does not save any more: %s", err.text);
}

/* ---- the file ---- */

static bool shows_expected(const struct trial *trial, const struct outcome *outcome,
                           const struct lw_buf *shown)
{
    const struct expectation *expects = &expected[trial->work - works];

    if (outcome->other_lane)
        return same_text(shown, &expected[OPEN_DECOY].before);
    if (outcome->now.len > 0)
        return same_text(shown, &outcome->now);
    if (same_text(shown, &expects->after))
        return outcome->status == LW_OK || outcome->unsure || fault_infos[outcome->fault].keeps ||
               trial->work->kind != WORK_JOURNAL || same_text(&expects->before, &expects->after);
    return outcome->status != LW_OK && same_text(shown, &expects->before);
}

static void check_opened(const struct trial *trial, const struct outcome *outcome,
                         struct lw_session *session)
{
    struct lw_buf shown = LW_BUF_INIT;
    struct lw_error err = {0};

    if (show(session, &shown, "the vault") && !shows_expected(trial, outcome, &shown))
        tell_bad("after %s (%s) the vault shows %s", lw_status_name(outcome->status),
                 outcome->err.text,
                 same_text(&shown, &expected[trial->work - works].before)  ? "the old state"
                 : same_text(&shown, &expected[trial->work - works].after) ? "the new state"
                                                                           : "something else");
    check_inside(session);
    if (!save(session, SECOND_LINE, &shown, &err))
        tell_bad("the vault takes no more saves: %s", err.text);
    lw_buf_free(&shown);
}

static void check_vault(const struct trial *trial, const struct outcome *outcome, const char *path,
                        const struct lw_passphrase *pass)
{
    struct lw_session session;
    struct lw_error err = {0};

    fixed_ms += 86400000;
    if (session_open(path, trial->header, pass, &session, &err) != LW_OK) {
        tell_bad("after %s (%s) %s does not open: %s", lw_status_name(outcome->status),
                 outcome->err.text, path, err.text);
        return;
    }
    check_opened(trial, outcome, &session);
    lw_session_close(&session);
}

static bool is_armed(enum image_kind image)
{
    return image == IMAGE_ARMED || image == IMAGE_STICK_ARMED || image == IMAGE_STICK_CUT;
}

/* Who must be able to open it, and who must not; returns who is to do it now. */
static const struct lw_passphrase *check_passphrases(const struct trial *trial,
                                                     struct outcome *outcome)
{
    const char *path = header_file(trial);
    bool done = outcome->status == LW_OK;
    bool owner = opens(path, OWNER), fresh = opens(path, FRESH);
    bool member = opens(path, MEMBER), duress = opens(path, DURESS);

    if (trial->work->run == run_open && trial->work->pass != NULL) {
        if (done && (owner || member))
            tell_bad("a passphrase still opens after an unlock under duress");
        if (!duress)
            tell_bad("the duress passphrase no longer opens");
        outcome->other_lane = owner && !done;
        return outcome->other_lane ? pass_owner : pass_duress;
    }
    if (trial->work->run == run_repass) {
        if (done ? owner || !fresh : !owner && !fresh)
            tell_bad("after %s the old passphrase %s, the new one %s",
                     lw_status_name(outcome->status), owner ? "opens" : "does not open",
                     fresh ? "opens" : "does not open");
        if (!done && fresh && strstr(outcome->err.text, "new") == NULL)
            tell_bad("the new passphrase opens, which is not said: %s", outcome->err.text);
        return owner ? pass_owner : pass_fresh;
    }
    if (!owner)
        tell_bad("the owner's passphrase no longer opens");
    if (trial->work->run == run_add && done && !fresh)
        tell_bad("the added passphrase does not open");
    if (trial->work->run == run_arm ? done && !duress
                                    : is_armed(trial->work->image) && !duress)
        tell_bad("the duress passphrase does not open");
    if (trial->work->run == run_revoke && done && member)
        tell_bad("a revoked passphrase still opens");
    if (trial->work->image != IMAGE_EMPTY && trial->work->image != IMAGE_LISTED &&
        trial->work->run != run_revoke && !member)
        tell_bad("the member's passphrase no longer opens");
    return pass_owner;
}

/* A rewrite that failed says whether the new file took the name. */
static void check_rewritten(const struct trial *trial, const struct outcome *outcome)
{
    const char *text = outcome->err.text;
    bool told = outcome->status == LW_OK || strstr(text, "the new vault is in place") != NULL ||
                strstr(text, "the vault is in place, but its header") != NULL ||
                strstr(text, "the old file of") != NULL;
    const char *header = header_file(trial);
    bool fresh = trial->work->run == run_arm ? opens(header, DURESS) : !opens(header, MEMBER);
    struct stat info;

    if (trial->work->run == run_resize) {
        must(stat(trial->path, &info) == 0);
        fresh = (uint64_t)info.st_size == SIZE_NEW;
        if (!fresh && (uint64_t)info.st_size != SIZE)
            tell_bad("the vault has %lld bytes", (long long)info.st_size);
    }
    if (fresh != told)
        tell_bad("after %s the %s file is in place: %s", lw_status_name(outcome->status),
                 fresh ? "new" : "old", outcome->err.text);
}

/* What may be there: names; NULL: nothing. */
struct leftover {
    const char *backup, *header, *old_header;
    const char *begun; /* also as NAME.new */
};

static bool is_called(const char *path, const char *name)
{
    return path != NULL && strcmp(strrchr(path, '/') + 1, name) == 0;
}

static bool is_begun(const char *path, const char *name)
{
    size_t len = path != NULL ? strlen(strrchr(path, '/') + 1) : 0;

    return path != NULL && strncmp(strrchr(path, '/') + 1, name, len) == 0 &&
           (name[len] == '\0' || strcmp(name + len, ".new") == 0);
}

static void check_name(void *context, const char *name)
{
    const struct leftover *may = context;

    if (strcmp(name, "vault") != 0 && !is_called(may->backup, name) &&
        !is_called(may->header, name) && !is_called(may->old_header, name) &&
        !is_begun(may->begun, name))
        tell_bad("%s is left over", name);
}

/* The move is done as far as the new place goes, and this is said. */
static bool leaves_old_header(const struct outcome *outcome)
{
    return strstr(outcome->err.text, "the old one is not overwritten") != NULL;
}

/* A rewrite that was cut off between the vault and its header is finished by the next unlock. */
static void settle(const struct trial *trial)
{
    struct lw_session session;
    struct lw_error err = {0};

    if (session_open(trial->path, trial->header, pass_owner, &session, &err) == LW_OK)
        lw_session_close(&session);
    else
        tell_bad("the owner's passphrase no longer opens: %s", err.text);
}

/* A move that failed says whether the header is in the new place; the old one opens nothing after
 * one that did not, nor after the next unlock by the new one. Then trial->header is where it is. */
static void check_moved(struct trial *trial, const struct outcome *outcome)
{
    const char *from = trial->header;
    const char *to = trial->work->run == run_move_in ? NULL : move_target(trial);
    bool done = outcome->status == LW_OK;
    bool told = done || leaves_old_header(outcome);
    bool old = opens(header_file(trial), OWNER);

    if (done && old)
        tell_bad("the header is moved, and the old place opens the vault");
    if (!told && !old)
        tell_bad("no move is told of, and the old place does not open: %s", outcome->err.text);
    trial->header = told ? to : from;
    if (!opens(header_file(trial), OWNER))
        tell_bad("%s does not open the vault", header_file(trial));
}

/* Given again, the move ends, and leaves one place that opens. What a disk that went on failing did
 * not let it remove is in its way. */
static void move_again(struct trial *trial, enum fault fault)
{
    const char *from = trial->header;
    const char *to = trial->work->run == run_move_in ? NULL : move_target(trial);
    struct lw_error err = {0};

    if (session_open(trial->path, trial->header, pass_owner, &trial->session, &err) != LW_OK) {
        tell_bad("before the move is given again: %s", err.text);
        return;
    }
    if (lw_session_header_move(&trial->session, to, &err) != LW_OK) {
        if (err.status != LW_EXISTS || !fault_infos[fault].on)
            tell_bad("given again, the move fails: %s", err.text);
    } else {
        if (opens(from != NULL ? from : trial->path, OWNER))
            tell_bad("given again, the move leaves the old place");
        trial->header = to;
    }
    lw_session_close(&trial->session);
}

static void check_wiped(struct trial *trial, const struct outcome *outcome)
{
    const struct lw_wipe_report *report = &trial->report;
    struct lw_wipe_report again;
    struct lw_error err = {0};
    char wiped[200];

    (void)snprintf(wiped, sizeof wiped, "%s.wiped", trial->path);
    if (report->keys_gone && (opens(trial->path, OWNER) || opens(wiped, OWNER)))
        tell_bad("the keys are said to be gone and are not");
    if (outcome->status == LW_OK &&
        (!report->keys_gone || !report->rest_gone || exists(trial->path) || exists(wiped)))
        tell_bad("a wipe that said OK left something");
    if (exists(trial->path) && lw_vault_wipe(trial->path, false, NULL, &again, &err) != LW_OK)
        tell_bad("a second wipe fails: %s", err.text);
    lw_vault_finish_leftovers(trial->path);
    if (exists(trial->path) || exists(wiped))
        tell_bad("a second wipe leaves something");
}

/* Where it failed there is nothing, or a vault that opens; then it can be made. */
static void check_created(struct trial *trial, const struct outcome *outcome)
{
    struct lw_error err = {0};

    if (!exists(trial->path)) {
        if (outcome->status == LW_OK)
            tell_bad("the new vault is not there");
        if (trial->work->run(trial, &err) != LW_OK) {
            /* what a disk that went on failing did not let it remove is in the way, and named */
            if (err.status != LW_EXISTS || !fault_infos[outcome->fault].on)
                tell_bad("after %s no vault can be created: %s", outcome->err.text, err.text);
            return;
        }
        lw_session_close(&trial->session);
    }
    check_vault(trial, outcome, trial->path, pass_owner);
}

static void check_copied(const struct trial *trial, const struct outcome *outcome,
                         const struct lw_passphrase *pass)
{
    struct outcome copied = {.status = LW_OK, .fault = outcome->fault};

    if (outcome->status != LW_OK)
        return;
    if (trial->work->run != run_copy)
        check_vault(trial, &copied, trial->backup, pass);
    else if (!opens(trial->backup, OWNER))
        tell_bad("the copy of the header does not open");
}

static void check_kept(struct trial *trial, struct outcome *outcome)
{
    const struct lw_passphrase *pass;

    if (trial->work->image == IMAGE_STICK_CUT ||
        (trial->work->kind == WORK_REWRITE && trial->header != NULL))
        settle(trial);
    if (trial->work->kind == WORK_MOVE)
        check_moved(trial, outcome);
    pass = check_passphrases(trial, outcome);
    if (trial->work->kind == WORK_REWRITE)
        check_rewritten(trial, outcome);
    if (trial->work->kind == WORK_BACKUP)
        check_copied(trial, outcome, pass);
    check_vault(trial, outcome, trial->path, pass);
    if (trial->work->kind == WORK_MOVE && outcome->status != LW_OK && !leaves_old_header(outcome))
        move_again(trial, outcome->fault);
    if (trial->header != NULL && opens(trial->path, OWNER))
        tell_bad("the header is on a stick, and the vault opens without it");
}

static void check_disk(struct trial *trial, struct outcome *outcome)
{
    bool names_fail = (fault_infos[outcome->fault].hits & HIT_NAME) != 0;
    struct leftover may = {NULL, NULL, NULL, NULL};

    if (trial->work->kind == WORK_BACKUP && (outcome->status == LW_OK || names_fail))
        may.backup = trial->backup;
    if (trial->work->kind == WORK_MOVE && leaves_old_header(outcome))
        may.old_header = trial->header;
    if (trial->work->run == run_move && fault_infos[outcome->fault].on)
        may.begun = move_target(trial);
    if (trial->work->run == run_create_stick && fault_infos[outcome->fault].on)
        may.begun = trial->stick[0];

    if (trial->work->kind == WORK_WIPE)
        check_wiped(trial, outcome);
    else if (trial->work->kind == WORK_CREATE)
        check_created(trial, outcome);
    else
        check_kept(trial, outcome);
    may.header = trial->header;
    each_file(trial->folder, check_name, &may);
}

#endif
