/* lapwing show */
#include "show.h"

static enum lw_status print_entry(struct lw_cli *cli, struct lw_session *session,
                                  const struct lw_record *entry, struct lw_error *err)
{
    struct lw_show show = {
        .out = &cli->out,
        .journal = session->journal,
        .clock = cli->clock,
        .entry = entry,
    };
    struct lw_buf line = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (cli->option[LW_OPT_JSON] != NULL) {
        status = lw_show_json(&show, &line, err);
        if (status == LW_OK)
            lw_out_lines(&cli->out, line.data, line.len);
    } else {
        status = lw_show_print(&show, err);
    }
    lw_buf_free(&line);
    return status;
}

enum lw_status lw_command_show(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_record entry;
    enum lw_status status = lw_unlock(cli, NULL, false, &session, NULL, err);

    /* One snapshot, so that what belongs together is of one moment. */
    if (status == LW_OK)
        status = lw_store_read(session.store, err);
    if (status == LW_OK) {
        status = lw_record_by_ref(session.journal, LW_RECORD_ENTRY, cli->words[0], &entry, err);
        if (status == LW_OK) {
            status = print_entry(cli, &session, &entry, err);
            lw_record_clear(&entry);
        }
        lw_store_rollback(session.store);
    }
    lw_session_close(&session);
    return status;
}
