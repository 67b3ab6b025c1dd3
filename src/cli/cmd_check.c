/* lapwing check */
#include "internal.h"

enum { FINDINGS_SHOWN = 100 };

struct check {
    struct lw_cli *cli;
    struct lw_session *session;
    unsigned bad;    /* things that are wrong */
    char first[480]; /* the first one, for the error */
};

static void complain(struct check *check, const char *what, const char *detail)
{
    struct lw_error text;

    lw_out_line(&check->cli->out, "%s: BAD: %s", what, detail);
    if (check->bad++ == 0) {
        lw_fail(&text, LW_DAMAGED, "%s: %s", what, detail);
        for (size_t i = 0; i < sizeof(check->first) - 1 && text.text[i] != '\0'; i++)
            check->first[i] = text.text[i];
    }
}

static enum lw_status check_pages(struct check *check, struct lw_lane *lane, const char *what,
                                  struct lw_error *err)
{
    struct lw_lane_check report;
    struct lw_meter meter;
    enum lw_status status;

    lw_meter_start(&meter, check->cli, what);
    status = lw_lane_check(lane, &meter.progress, &report);
    lw_meter_end(&meter);
    if (status != LW_OK)
        return lw_fail(err, status, "%s", lw_lane_error(lane));
    if (report.bad > 0) {
        complain(check, what, report.first_bad);
        lw_out_line(&check->cli->out, "%s: %llu of %llu bad", what, (unsigned long long)report.bad,
                    (unsigned long long)report.pages);
    } else {
        lw_out_line(&check->cli->out, "%s: %llu read, all authentic", what,
                    (unsigned long long)report.pages);
    }
    if (lw_lane_fell_back(lane))
        complain(check, what, _("the newest state is not readable, the one before is shown"));
    return LW_OK;
}

static void print_space(struct check *check, struct lw_lane *lane)
{
    uint64_t pool, used;

    lw_out_line(&check->cli->out, "generation: %llu", (unsigned long long)lw_lane_generation(lane));
    if (lw_lane_space(lane, &pool, &used) != LW_OK || pool == 0)
        return;
    lw_out_line(&check->cli->out, "space: %llu of %llu pages used (%llu %%)",
                (unsigned long long)used, (unsigned long long)pool,
                (unsigned long long)(used * 100 / pool));
}

static enum lw_status check_lane(struct check *check, unsigned number, struct lw_error *err)
{
    bool own = number == lw_vault_own_lane(check->session->vault);
    const char *what = own ? _("pages") : _("pages of the duress diary");
    struct lw_lane *lane = NULL;
    enum lw_status status = lw_lane_open(check->session->vault, number, LW_LANE_READ, &lane, err);

    if (status != LW_OK)
        return status;
    status = lw_lane_snapshot(lane);
    if (status == LW_DAMAGED) {
        complain(check, what, lw_lane_error(lane));
        status = LW_OK;
    } else if (status != LW_OK) {
        status = lw_fail(err, status, "%s", lw_lane_error(lane));
    } else {
        status = check_pages(check, lane, what, err);
        if (status == LW_OK && own)
            print_space(check, lane);
        lw_lane_release(lane);
    }
    lw_lane_close(lane);
    return status;
}

/* A failure that is a finding of the check, not of the checking. */
static bool is_finding(enum lw_status status)
{
    return status == LW_DAMAGED || status == LW_BAD_DATA;
}

static enum lw_status check_store(struct check *check, struct lw_store *store, const char *what,
                                  struct lw_error *err)
{
    struct lw_error found = {.status = LW_OK};
    uint64_t bad = 0;
    enum lw_status status = lw_store_integrity(store, &bad, &found);

    if (status != LW_OK && !is_finding(status)) {
        *err = found;
        return status;
    }
    if (status != LW_OK || bad > 0)
        complain(check, what, found.text);
    else
        lw_out_line(&check->cli->out, "%s: sound", what);
    return LW_OK;
}

/* What is wrong with a journal, as it is found. */
struct findings {
    struct check *check;
    const char *what;
    uint64_t told;
    bool kind[LW_FINDINGS];
};

static enum lw_status tell_finding(void *context, enum lw_finding found, const char *text,
                                   struct lw_error *err)
{
    struct findings *findings = context;

    (void)err;
    findings->kind[found] = true;
    if (findings->told++ < FINDINGS_SHOWN)
        complain(findings->check, findings->what, text);
    return LW_OK;
}

/* A line that does not count as another thing that is wrong. */
static void tell_what_to_do(const struct findings *findings)
{
    struct lw_out *out = &findings->check->cli->out;

    if (findings->told > FINDINGS_SHOWN)
        lw_out_line(out, "%s: and %llu more", findings->what,
                    (unsigned long long)(findings->told - FINDINGS_SHOWN));
    lw_out_line(out, "What to do: leave the vault as it is and keep a copy of it (lapwing backup). "
                     "Its pages are authentic, so whoever did this had a passphrase, or Lapwing "
                     "is at fault.");
    for (int found = 0; found < LW_FINDINGS; found++) {
        if (findings->kind[found])
            lw_out_line(out, "%s", lw_finding_advice((enum lw_finding)found));
    }
}

static enum lw_status check_chain(struct check *check, struct lw_journal *journal, const char *what,
                                  struct lw_error *err)
{
    struct findings findings = {.check = check, .what = what};
    struct lw_journal_check report;
    struct lw_error found = {.status = LW_OK};
    enum lw_status status =
        lw_journal_check_each(journal, tell_finding, &findings, &report, &found);

    if (status != LW_OK && !is_finding(status)) {
        *err = found;
        return status;
    }
    if (status != LW_OK) {
        complain(check, what, found.text);
    } else if (report.bad > 0) {
        tell_what_to_do(&findings);
    } else {
        lw_out_line(&check->cli->out,
                    "%s: %llu records and %llu revisions agree, no chain is broken", what,
                    (unsigned long long)report.records, (unsigned long long)report.revisions);
    }
    return LW_OK;
}

static enum lw_status check_diary(struct check *check, struct lw_error *err)
{
    const struct lw_journal_setup setup = {.clock = check->cli->clock};
    struct lw_journal *journal = NULL;
    enum lw_status status =
        check_store(check, check->session->rows, _("database of the duress diary"), err);

    if (status == LW_OK)
        status = lw_journal_open(check->session->rows, &setup, &journal, err);
    if (status == LW_OK)
        lw_journal_reveal(journal, check->cli->option[LW_OPT_REVEAL] != NULL);
    if (status == LW_OK)
        status = check_chain(check, journal, _("duress diary"), err);
    lw_journal_close(journal);
    return status;
}

static enum lw_status run_checks(struct check *check, struct lw_error *err)
{
    struct lw_session *session = check->session;
    unsigned own = lw_vault_own_lane(session->vault);
    enum lw_status status = check_lane(check, own, err);

    if (status == LW_OK && lw_vault_knows_lane(session->vault, 1 - own))
        status = check_lane(check, 1 - own, err);
    if (status == LW_OK)
        status = check_store(check, session->store, _("database"), err);
    if (status == LW_OK && session->rows != NULL && session->rows != session->store)
        status = check_diary(check, err);
    if (status == LW_OK)
        status = check_chain(check, session->journal, _("journal"), err);
    if (status == LW_OK) {
        lw_out_line(&check->cli->out, "passphrases: %u", lw_vault_passphrases(session->vault));
        lw_out_line(&check->cli->out, "duress passphrase: %s",
                    lw_vault_duress_armed(session->vault) ? _("armed") : _("not armed"));
    }
    return status;
}

enum lw_status lw_command_check(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct check check = {.cli = cli, .session = &session};
    enum lw_status status = lw_unlock(cli, NULL, false, &session, NULL, err);

    if (status == LW_OK)
        status = run_checks(&check, err);
    if (status == LW_OK && check.bad > 0)
        status = lw_fail(err, LW_DAMAGED, "the vault is damaged or altered: %s", check.first);
    else if (status == LW_OK)
        lw_out_line(&cli->out, "Nothing is wrong");
    lw_session_close(&session);
    return status;
}
