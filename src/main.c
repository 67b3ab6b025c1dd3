/* Locale, limits, libraries, dispatch. */
#include "cli.h"
#include "guard.h"

#include <locale.h>
#include <signal.h>

int main(int argc, char **argv)
{
    struct lw_error err = {.status = LW_OK};
    enum lw_status status = lw_guard_process(&err);

    if (status == LW_OK) {
        setlocale(LC_CTYPE, "");
        signal(SIGPIPE, SIG_IGN); /* a closed pipe is an answer of write() */
        status = lw_crypto_start();
    }
    if (status == LW_OK)
        status = lw_store_start();
    if (status != LW_OK) {
        if (err.status == LW_OK)
            lw_fail(&err, status, "the libraries cannot be started");
        lw_cli_complain(&err);
        return lw_status_exit_code(status);
    }
    return lw_cli_main(argc, argv);
}
