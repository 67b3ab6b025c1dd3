/* lapwing import */
#include "input.h"
#include "internal.h"

static void print_report(struct lw_cli *cli, const struct lw_import_report *report, bool dry_run)
{
    uint64_t added = 0, unchanged = 0;

    for (int i = 0; i < LW_RECORD_TYPE_COUNT; i++) {
        if (report->added[i] + report->unchanged[i] == 0)
            continue;
        added += report->added[i];
        unchanged += report->unchanged[i];
        lw_out_line(&cli->out, "%-16s %8llu new %8llu there already", lw_record_infos[i].array,
                    (unsigned long long)report->added[i], (unsigned long long)report->unchanged[i]);
    }
    if (dry_run) {
        lw_out_line(&cli->out, "%llu records would be added; nothing was changed",
                    (unsigned long long)added);
    } else if (added == 0) {
        lw_out_line(&cli->out, "Nothing is new; nothing was changed");
    } else {
        lw_out_line(&cli->out, "%llu records added, %llu were there already",
                    (unsigned long long)added, (unsigned long long)unchanged);
    }
}

enum lw_status lw_command_import(struct lw_cli *cli, struct lw_error *err)
{
    bool dry_run = cli->option[LW_OPT_DRY_RUN] != NULL;
    struct lw_session session = {.vault = NULL};
    struct lw_import_report report = {.added = {0}};
    struct lw_buf data = LW_BUF_INIT;
    enum lw_status status = lw_input_read(cli->words[0], LW_IMPORT_MAX, &data, err);

    if (status == LW_OK && data.len == 0)
        status = lw_fail(err, LW_BAD_DATA, "the file to import is empty");
    if (status == LW_OK)
        status = lw_unlock(cli, NULL, true, &session, NULL, err);
    if (status == LW_OK) {
        status =
            lw_import_json(session.journal, lw_buf_text(&data), data.len, dry_run, &report, err);
    }
    if (status == LW_OK)
        print_report(cli, &report, dry_run);
    lw_session_close(&session);
    lw_buf_free(&data);
    return status;
}
