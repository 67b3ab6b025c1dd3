/* The workloads, and the prepared vaults that they start from. */
#ifndef LW_TEST_FAULTS_WORK_H
#define LW_TEST_FAULTS_WORK_H

#include "faults_inject.h"
#include "faults_state.h"
#include "seeded.h"

#define OWNER  "owner words of the vault"
#define MEMBER "second member of the office"
#define DURESS "nothing like those others"
#define FRESH  "entirely new passphrase here"

#define SIZE     LW_VAULT_MIN
#define SIZE_NEW (LW_VAULT_MIN + ((uint64_t)1 << 20))

enum image_kind {
    IMAGE_EMPTY,
    IMAGE_PLAIN,  /* some entries, drafts, a second member */
    IMAGE_ARMED,  /* the same with a duress passphrase */
    IMAGE_LISTED, /* much waits to be freed: the list goes beyond the root */
    IMAGE_STICK,  /* as IMAGE_PLAIN, with the header on a stick */
    IMAGE_STICK_ARMED,
    IMAGE_STICK_CUT, /* arming was cut off: the header that knows of it stands beside the old one */
    IMAGES,
    NO_IMAGE
};

/* What a workload may leave behind, and how it is looked at. */
enum work_kind {
    WORK_READS,   /* changes nothing; what it tells is compared */
    WORK_JOURNAL, /* all or nothing, by its answer */
    WORK_OPENS,   /* arms before the vault is open */
    WORK_HEADER,  /* passphrases of an open session */
    WORK_REWRITE, /* another file takes the name */
    WORK_CREATE,
    WORK_BACKUP,
    WORK_MOVE, /* of the header */
    WORK_WIPE
};

struct trial {
    const struct work *work;
    char folder[128], path[160], backup[160];
    char stick[2][160]; /* files that stand for a header on a stick */
    char fresh[160];    /* what a rewrite puts beside the first */
    const char *header; /* where the header stands now: one of those, or NULL: in the vault */
    struct lw_session session;
    bool open;          /* the session */
    struct lw_buf told; /* by a workload that reads */
    struct lw_wipe_report report;
};

struct work {
    const char *name;
    enum work_kind kind;
    enum image_kind image;
    enum lw_status (*run)(struct trial *trial, struct lw_error *err);
    const char *pass; /* NULL: the owner's */
    bool bulk;        /* too many allocations to try each: a share of them, chosen by the seed */
};

/* ---- clock and sessions ---- */

static int64_t fixed_ms = INT64_C(1418720400000);

static int64_t fixed_now(void *context)
{
    (void)context;
    return fixed_ms;
}

static int fixed_offset(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return 180;
}

static const struct lw_clock fixed_clock = {fixed_now, fixed_offset, NULL};

static struct lw_session_setup setup_of(const char *path, const char *header)
{
    return (struct lw_session_setup){.path = path,
                                     .header = header,
                                     .profile = cheap(),
                                     .writes = true,
                                     .clock = &fixed_clock,
                                     .author = "tester"};
}

static enum lw_status session_open(const char *path, const char *header,
                                   const struct lw_passphrase *pass, struct lw_session *session,
                                   struct lw_error *err)
{
    const struct lw_session_setup setup = setup_of(path, header);

    return lw_session_open(&setup, pass, session, err);
}

static enum lw_status log_line(struct lw_session *session, const char *line, struct lw_error *err)
{
    struct lw_capture capture;
    char ref[16];
    enum lw_status status = lw_capture_parse(line, strlen(line), NULL, &fixed_clock, &capture, err);

    if (status != LW_OK)
        return status;
    status = lw_journal_log(session->journal, &capture, ref, err);
    lw_capture_clear(&capture);
    return status;
}

/* ---- workloads: passphrases are made before anything is armed ---- */

static struct lw_passphrase *pass_owner, *pass_member, *pass_duress, *pass_fresh;
static struct lw_buf sample, sample_part; /* JSON */

static enum lw_status run_create(struct trial *trial, struct lw_error *err)
{
    const struct lw_passphrase *const kept[] = {pass_owner};
    const struct lw_build_plan plan = {SIZE, cheap(), false, kept, 1, NULL, trial->header};
    const struct lw_session_setup setup = setup_of(trial->path, trial->header);
    enum lw_status status = lw_session_create(&setup, &plan, NULL, &trial->session, err);

    trial->open = status == LW_OK;
    return status;
}

static enum lw_status run_create_stick(struct trial *trial, struct lw_error *err)
{
    trial->header = trial->stick[0];
    return run_create(trial, err);
}

static enum lw_status run_open(struct trial *trial, struct lw_error *err)
{
    const struct lw_passphrase *pass = trial->work->pass != NULL ? pass_duress : pass_owner;
    enum lw_status status = session_open(trial->path, trial->header, pass, &trial->session, err);

    trial->open = status == LW_OK;
    return status;
}

static enum lw_status run_capture(struct trial *trial, struct lw_error *err)
{
    return log_line(&trial->session,
                    "13 dec 2014 evening @Shatoy #arson +victim:JMG the car burned", err);
}

static enum lw_status put_change(struct lw_journal *journal, struct lw_error *err)
{
    struct lw_record record;
    enum lw_status status = lw_record_by_ref(journal, LW_RECORD_ENTRY, "E03", &record, err);

    if (status != LW_OK)
        return status;
    status = lw_record_set_text(&record, "title", "told otherwise", 14);
    if (status != LW_OK)
        lw_fail(err, status, "out of memory");
    if (status == LW_OK)
        status = lw_record_put(journal, &record, "corrected", err);
    lw_record_clear(&record);
    return status;
}

static enum lw_status run_change(struct trial *trial, struct lw_error *err)
{
    struct lw_journal *journal = trial->session.journal;
    enum lw_status status = lw_journal_begin(journal, err);

    if (status != LW_OK)
        return status;
    status = put_change(journal, err);
    if (status == LW_OK)
        return lw_journal_commit(journal, err);
    lw_journal_rollback(journal);
    return status;
}

static enum lw_status import(struct trial *trial, const struct lw_buf *json, struct lw_error *err)
{
    struct lw_import_report report;

    return lw_import_json(trial->session.journal, json->data, json->len, false, &report, err);
}

static enum lw_status run_import(struct trial *trial, struct lw_error *err)
{
    return import(trial, &sample_part, err);
}

static enum lw_status run_import_all(struct trial *trial, struct lw_error *err)
{
    return import(trial, &sample, err);
}

static enum lw_status run_export(struct trial *trial, struct lw_error *err)
{
    return journal_text(trial->session.journal, &trial->told, err);
}

static enum lw_status keep_sheet(void *context, const struct lw_contradiction *sheet,
                                 struct lw_error *err)
{
    enum lw_status status = lw_buf_addf(context, "sheet %s %s\n", sheet->ref, sheet->fact);

    return status == LW_OK ? status : lw_fail(err, status, "out of memory");
}

static enum lw_status run_reads(struct trial *trial, struct lw_error *err)
{
    struct lw_journal *journal = trial->session.journal;
    bool more;
    enum lw_status status =
        lw_timeline_page(journal, NULL, LW_PAGE_FROM, NULL, 8, keep_row, &trial->told, &more, err);

    if (status == LW_OK)
        status = lw_search_each(journal, "office", 6, keep_row, &trial->told, err);
    if (status == LW_OK)
        status = lw_contradictions_each(journal, keep_sheet, &trial->told, err);
    return status;
}

struct draft_ids {
    struct lw_draft draft[8];
    size_t count;
};

static enum lw_status note_draft(void *context, const struct lw_draft *draft, struct lw_error *err)
{
    struct draft_ids *ids = context;

    (void)err;
    if (ids->count < LW_COUNT_OF(ids->draft)) {
        ids->draft[ids->count] = *draft;
        ids->draft[ids->count].state = NULL;
        ids->draft[ids->count++].form = NULL;
    }
    return LW_OK;
}

/* All drafts but the last written one go, and the pages with them. */
static enum lw_status run_delete(struct trial *trial, struct lw_error *err)
{
    struct lw_journal *journal = trial->session.journal;
    struct draft_ids ids = {.count = 0};
    enum lw_status status = lw_draft_each(journal, note_draft, &ids, err);

    if (status == LW_OK)
        status = lw_journal_begin(journal, err);
    if (status != LW_OK)
        return status;
    for (size_t i = 1; i < ids.count && status == LW_OK; i++)
        status = lw_draft_remove(journal, &ids.draft[i], err);
    if (status == LW_OK)
        status = lw_store_exec(trial->session.store, "PRAGMA incremental_vacuum", err);
    if (status == LW_OK)
        return lw_journal_commit(journal, err);
    lw_journal_rollback(journal);
    return status;
}

static enum lw_status run_vacuum(struct trial *trial, struct lw_error *err)
{
    return lw_store_exec(trial->session.store, "VACUUM", err);
}

static enum lw_status run_add(struct trial *trial, struct lw_error *err)
{
    return lw_vault_passphrase_add(trial->session.vault, pass_fresh, err);
}

static enum lw_status run_repass(struct trial *trial, struct lw_error *err)
{
    return lw_vault_passphrase_change(trial->session.vault, pass_fresh, err);
}

static enum lw_status rewrite(struct trial *trial, uint64_t bytes, bool new_salt,
                              const struct lw_passphrase *duress, struct lw_error *err)
{
    const struct lw_passphrase *const kept[] = {pass_owner};
    const struct lw_build_plan plan = {bytes, cheap(), new_salt, kept, 1, duress, NULL};

    return lw_session_rewrite(&trial->session, &plan, NULL, err);
}

static enum lw_status run_resize(struct trial *trial, struct lw_error *err)
{
    return rewrite(trial, SIZE_NEW, false, NULL, err);
}

static enum lw_status run_arm(struct trial *trial, struct lw_error *err)
{
    return rewrite(trial, SIZE, false, pass_duress, err);
}

static enum lw_status run_revoke(struct trial *trial, struct lw_error *err)
{
    return rewrite(trial, SIZE, true, NULL, err);
}

static enum lw_status run_backup(struct trial *trial, struct lw_error *err)
{
    return lw_session_backup(&trial->session, trial->backup, NULL, err);
}

static enum lw_status run_copy(struct trial *trial, struct lw_error *err)
{
    return lw_vault_header_copy(trial->session.vault, trial->backup, err);
}

static const char *move_target(const struct trial *trial)
{
    return trial->header == NULL ? trial->stick[0] : trial->stick[1];
}

static enum lw_status run_place(struct trial *trial, struct lw_error *err)
{
    static const char text[] = "filter kind:arson\n";

    return lw_session_set_bookmark(&trial->session, text, sizeof text - 1, err);
}

/* Out of the vault, or from one stick to another. */
static enum lw_status run_move(struct trial *trial, struct lw_error *err)
{
    return lw_session_header_move(&trial->session, move_target(trial), err);
}

static enum lw_status run_move_in(struct trial *trial, struct lw_error *err)
{
    return lw_session_header_move(&trial->session, NULL, err);
}

/* Tells nothing, whatever happens. */
static enum lw_status run_stir(struct trial *trial, struct lw_error *err)
{
    (void)err;
    lw_session_stir(&trial->session);
    return LW_OK;
}

static enum lw_status run_wipe(struct trial *trial, struct lw_error *err)
{
    return lw_vault_wipe(trial->path, false, NULL, &trial->report, err);
}

static const struct work works[] = {
    {"create", WORK_CREATE, NO_IMAGE, run_create, NULL, false},
    {"open", WORK_OPENS, IMAGE_PLAIN, run_open, NULL, false},
    {"open with a decoy", WORK_OPENS, IMAGE_ARMED, run_open, NULL, false},
    {"open under duress", WORK_OPENS, IMAGE_ARMED, run_open, DURESS, false},
    {"capture", WORK_JOURNAL, IMAGE_PLAIN, run_capture, NULL, false},
    {"capture with a decoy", WORK_JOURNAL, IMAGE_ARMED, run_capture, NULL, false},
    {"capture after much was freed", WORK_JOURNAL, IMAGE_LISTED, run_capture, NULL, false},
    {"change", WORK_JOURNAL, IMAGE_PLAIN, run_change, NULL, false},
    {"import", WORK_JOURNAL, IMAGE_PLAIN, run_import, NULL, false},
    {"import of everything", WORK_JOURNAL, IMAGE_EMPTY, run_import_all, NULL, true},
    {"export", WORK_READS, IMAGE_PLAIN, run_export, NULL, false},
    {"timeline and search", WORK_READS, IMAGE_PLAIN, run_reads, NULL, false},
    {"deletion", WORK_JOURNAL, IMAGE_PLAIN, run_delete, NULL, false},
    {"vacuum", WORK_JOURNAL, IMAGE_PLAIN, run_vacuum, NULL, false},
    {"vacuum of much", WORK_JOURNAL, IMAGE_LISTED, run_vacuum, NULL, false},
    {"passphrase added", WORK_HEADER, IMAGE_PLAIN, run_add, NULL, false},
    {"passphrase changed", WORK_HEADER, IMAGE_ARMED, run_repass, NULL, false},
    {"resize", WORK_REWRITE, IMAGE_ARMED, run_resize, NULL, false},
    {"arming", WORK_REWRITE, IMAGE_PLAIN, run_arm, NULL, true},
    {"revoking", WORK_REWRITE, IMAGE_PLAIN, run_revoke, NULL, false},
    {"backup", WORK_BACKUP, IMAGE_PLAIN, run_backup, NULL, false},
    {"stir", WORK_READS, IMAGE_ARMED, run_stir, NULL, false},
    {"wipe", WORK_WIPE, IMAGE_PLAIN, run_wipe, NULL, false},
    {"create on a stick", WORK_CREATE, NO_IMAGE, run_create_stick, NULL, true},
    {"open by a stick", WORK_OPENS, IMAGE_STICK, run_open, NULL, false},
    {"open by a stick with a decoy", WORK_OPENS, IMAGE_STICK_ARMED, run_open, NULL, false},
    {"open by a stick under duress", WORK_OPENS, IMAGE_STICK_ARMED, run_open, DURESS, false},
    {"open after a cut by a stick", WORK_OPENS, IMAGE_STICK_CUT, run_open, NULL, false},
    {"capture beside a stick", WORK_JOURNAL, IMAGE_STICK, run_capture, NULL, false},
    {"passphrase added on a stick", WORK_HEADER, IMAGE_STICK, run_add, NULL, false},
    {"passphrase changed on a stick", WORK_HEADER, IMAGE_STICK_ARMED, run_repass, NULL, false},
    {"resize with a stick", WORK_REWRITE, IMAGE_STICK_ARMED, run_resize, NULL, false},
    {"arming with a stick", WORK_REWRITE, IMAGE_STICK, run_arm, NULL, true},
    {"revoking with a stick", WORK_REWRITE, IMAGE_STICK, run_revoke, NULL, false},
    {"backup without the stick", WORK_BACKUP, IMAGE_STICK, run_backup, NULL, false},
    {"copy of the header", WORK_BACKUP, IMAGE_STICK, run_copy, NULL, false},
    {"move out of the vault", WORK_MOVE, IMAGE_PLAIN, run_move, NULL, false},
    {"move to another stick", WORK_MOVE, IMAGE_STICK, run_move, NULL, false},
    {"move into the vault", WORK_MOVE, IMAGE_STICK, run_move_in, NULL, false},
    {"place of a review", WORK_READS, IMAGE_ARMED, run_place, NULL, false},
};
#define WORKS LW_COUNT_OF(works)
#define OPEN_DECOY 2 /* of works */

/* ---- prepared vaults ---- */

static struct prepared {
    struct image vault, head, fresh; /* head: where it is on a stick */
} images[IMAGES];

static void prepared_put(struct trial *trial, enum image_kind kind)
{
    const struct prepared *image = &images[kind];

    trial->header = image->head.len > 0 ? trial->stick[0] : NULL;
    image_put(trial->path, &image->vault);
    if (trial->header != NULL)
        image_put(trial->header, &image->head);
    if (image->fresh.len > 0)
        image_put(trial->fresh, &image->fresh);
}

static void put_drafts(struct lw_session *session)
{
    for (int i = 0; i < 4; i++) {
        struct lw_draft draft = {.form = "entry"};
        struct lw_error err;
        char *state = malloc(30000);
        must(state != NULL);
        memset(state, 'a' + i, 30000);
        draft.state = state;
        draft.state_len = 30000;
        fixed_ms += 1000;
        must(lw_draft_put(session->journal, &draft, &err) == LW_OK);
        free(state);
    }
}

static void put_lines(struct lw_session *session)
{
    static const char *const lines[] = {
        "13 dec 2014 evening @Grozny #arson +victim:JMG the office burned",
        "14 dec 2014 #search @Grozny the office was searched",
        "about 2009 a first threat was received",
        "11 dec 2014 eggs were thrown at a press conference @Moscow +victim:\"Igor K.\"",
        "16 dec 2014 ~13:00 a lawyer came to the office after E01",
        "5 or 6 dec 2014 houses of relatives burned @Chechnya",
    };
    struct lw_error err;

    for (size_t i = 0; i < LW_COUNT_OF(lines); i++)
        must(log_line(session, lines[i], &err) == LW_OK);
}

static void session_at(struct trial *trial, enum image_kind image)
{
    struct lw_error err;

    prepared_put(trial, image);
    must(session_open(trial->path, trial->header, pass_owner, &trial->session, &err) == LW_OK);
}

static void image_keep(struct trial *trial, enum image_kind image)
{
    lw_session_close(&trial->session);
    image_take(trial->path, &images[image].vault);
    if (trial->header != NULL)
        image_take(trial->header, &images[image].head);
    if (exists(trial->fresh))
        image_take(trial->fresh, &images[image].fresh);
    each_file(trial->folder, remove_file, trial->folder);
    fixed_ms += 3600000;
}

/* The practice journal, and a small one of our own, as JSON. */
static void make_samples(void)
{
    struct lw_session session = {.clock = &fixed_clock};
    const struct lw_journal_setup setup = {.clock = &fixed_clock};
    const struct lw_sink sink = {keep_text, &sample_part};
    struct lw_error err;
    int fd = open("share/practice/chronology-2014.json", O_RDONLY | O_CLOEXEC);

    must(fd >= 0 && lw_fd_read_all(fd, (size_t)1 << 20, &sample) == LW_OK);
    close(fd);
    must(lw_store_open_memory(&session.store, &err) == LW_OK);
    must(lw_journal_open(session.store, &setup, &session.journal, &err) == LW_OK);
    must(log_line(&session, "1 may 2015 #arson @Grozny +victim:JMG a bus burned", &err) == LW_OK);
    must(log_line(&session, "2 may 2015 the bus was towed away after E01", &err) == LW_OK);
    must(lw_export_json(session.journal, false, &sink, &err) == LW_OK);
    lw_journal_close(session.journal);
    lw_store_close(session.store);
    /* references that no prepared vault has */
    for (char *at = sample_part.data; (at = strstr(at, "\"E0")) != NULL;)
        at[2] = '7';
}

/* Between the exchange of the vault and its header. */
static void arm_until_cut(struct trial *trial)
{
    struct lw_error err = {0};
    bool cut = false;

    for (long n = 0; !cut; n++) {
        session_at(trial, IMAGE_STICK);
        inject_arm(WRITE_EIO_ON, n); /* the old one stays as it was */
        must(run_arm(trial, &err) != LW_OK);
        inject_disarm();
        cut = strstr(err.text, "but its header is still") != NULL;
        if (!cut)
            lw_session_close(&trial->session);
    }
}

static void make_images(struct trial *trial)
{
    struct lw_error err = {0};

    must(run_create(trial, &err) == LW_OK);
    image_keep(trial, IMAGE_EMPTY);

    session_at(trial, IMAGE_EMPTY);
    put_lines(&trial->session);
    put_drafts(&trial->session);
    must(lw_vault_passphrase_add(trial->session.vault, pass_member, &err) == LW_OK);
    image_keep(trial, IMAGE_PLAIN);

    session_at(trial, IMAGE_PLAIN);
    must(run_arm(trial, &err) == LW_OK);
    image_keep(trial, IMAGE_ARMED);

    session_at(trial, IMAGE_EMPTY);
    must(run_import_all(trial, &err) == LW_OK);
    must(lw_store_exec(trial->session.store, "DELETE FROM session WHERE n < 0; VACUUM", &err) ==
         LW_OK);
    image_keep(trial, IMAGE_LISTED);

    session_at(trial, IMAGE_PLAIN);
    must(run_move(trial, &err) == LW_OK);
    trial->header = trial->stick[0];
    image_keep(trial, IMAGE_STICK);

    session_at(trial, IMAGE_STICK);
    must(run_arm(trial, &err) == LW_OK);
    image_keep(trial, IMAGE_STICK_ARMED);

    arm_until_cut(trial);
    image_keep(trial, IMAGE_STICK_CUT);
    trial->open = false;
}

#endif
