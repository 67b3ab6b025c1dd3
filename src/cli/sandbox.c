/* A one-shot command gives up what it does not need, and can be found by a lock. */
#include "guard.h"
#include "internal.h"

/* Not into the output of a script, which would be told the same every time. */
static void say_gaps(struct lw_cli *cli, unsigned gaps)
{
    for (unsigned gap = 1; gap <= LW_GAP_LAST && cli->errs.terminal; gap <<= 1) {
        if (gaps & gap)
            lw_out_line(&cli->errs, "%s", lw_gap_say(gap));
    }
    lw_out_flush(&cli->errs);
}

void lw_cli_close(struct lw_cli *cli, const char *vault)
{
    const char *header = cli->header.len > 0 ? cli->header.data : NULL;
    const char *const files[] = {vault, header, cli->makes, cli->makes_too};
    unsigned gaps = 0;

    if (!cli->closed) {
        lw_guard_once(LW_GUARD_NAME);
        gaps |= lw_sandbox_calls();
    }
    cli->closed = true;
    if (vault != NULL)
        gaps |= lw_sandbox_files(files, LW_COUNT_OF(files));
    say_gaps(cli, gaps);
}
