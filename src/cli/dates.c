/* Dates as options of a command. */
#include "internal.h"

#include <string.h>

enum lw_status lw_option_when(struct lw_cli *cli, enum lw_option_id id, const char *name,
                              struct lw_when *out, const struct lw_when **given,
                              struct lw_error *err)
{
    const char *text = cli->option[id];
    struct lw_when_typed typed;
    enum lw_status status;

    *given = NULL;
    if (text == NULL)
        return LW_OK;
    status = lw_when_read(text, strlen(text), cli->clock, &typed, err);
    if (status == LW_OK && (!typed.has_when || typed.relation_count > 0))
        status = lw_fail(err, LW_BAD_DATA, "it takes a date, such as '2014-12-13 evening'");
    if (status != LW_OK) {
        lw_error_prefix(err, "%s", name);
        return status;
    }
    *out = typed.when;
    *given = out;
    return LW_OK;
}

enum lw_status lw_option_day(struct lw_cli *cli, const struct lw_journal *journal, int64_t *day,
                             struct lw_error *err)
{
    struct lw_when when;
    const struct lw_when *given;
    enum lw_status status = lw_option_when(cli, LW_OPT_ON, "--on", &when, &given, err);

    if (status != LW_OK)
        return status;
    if (given == NULL) {
        *day = journal != NULL ? lw_journal_day(journal) : 0;
        return LW_OK;
    }
    if (when.open || when.approximate || when.has_time || when.latest == LW_TIME_MAX ||
        when.earliest == LW_TIME_MIN || when.latest - when.earliest != 86400)
        return lw_fail(err, LW_BAD_DATA, "--on: it takes one day, such as 2014-12-31");
    *day = when.earliest / 86400 - (when.earliest % 86400 < 0);
    return LW_OK;
}
