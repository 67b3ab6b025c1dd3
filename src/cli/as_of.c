/* The journal as it was known: --as-of. */
#include "internal.h"

#include <string.h>

enum lw_status lw_as_of_check(const struct lw_cli *cli, struct lw_error *err)
{
    const char *day = cli->option[LW_OPT_AS_OF];
    struct lw_buf said = LW_BUF_INIT;
    int64_t until_ms;
    enum lw_status status;

    if (day == NULL)
        return LW_OK;
    status = lw_past_moment(day, strlen(day), cli->clock, &until_ms, &said, err);
    if (status != LW_OK)
        lw_error_prefix(err, "--as-of");
    lw_buf_free(&said);
    return status;
}

/* One object a line, as the others; with CSV the lines are only rows, and it stands beside them. */
static void say(struct lw_cli *cli, const char *said, const struct lw_past_report *report)
{
    unsigned long long later = report->taken_back;

    if (cli->option[LW_OPT_JSON] != NULL)
        lw_out_line(&cli->out, "{\"as_of\":\"%s\",\"taken_back\":%llu,\"uncertain\":%llu}", said,
                    later, (unsigned long long)report->bad);
    else
        lw_out_line(cli->option[LW_OPT_CSV] != NULL ? &cli->errs : &cli->out,
                    "As known at %s; %llu later changes are taken back", said, later);
    if (report->bad > 0)
        lw_out_line(&cli->errs, "lapwing: %llu records are not certain; the first: %s",
                    (unsigned long long)report->bad, report->first_bad);
}

enum lw_status lw_as_of_begin(struct lw_cli *cli, struct lw_session *session, struct lw_error *err)
{
    const char *day = cli->option[LW_OPT_AS_OF];
    enum lw_status status;

    if (day == NULL)
        return LW_OK;
    status = lw_session_past(session, day, strlen(day), err);
    if (status != LW_OK)
        return status;
    say(cli, lw_session_past_said(session), lw_session_past_report(session));
    if (cli->option[LW_OPT_JSON] == NULL && cli->option[LW_OPT_CSV] == NULL)
        lw_out_newline(&cli->out);
    return LW_OK;
}
