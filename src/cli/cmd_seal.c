/* lapwing seal */
#include "internal.h"

#include <string.h>

static enum lw_status ask(struct lw_cli *cli, const struct lw_record *entry, struct lw_error *err)
{
    if (cli->option[LW_OPT_YES] != NULL)
        return LW_OK;
    lw_out_line(&cli->out, "%s  %s", lw_record_text(entry, "ref"), lw_record_text(entry, "title"));
    lw_out_line(&cli->out,
                "Sealed, it and what hangs on it are changed only with a reason. This is "
                "not undone.");
    lw_out_flush(&cli->out);
    return lw_ask_word(cli, "seal", "--yes", err);
}

static enum lw_status say(struct lw_cli *cli, struct lw_session *session, const uint8_t *id,
                          struct lw_error *err)
{
    struct lw_record entry;
    struct lw_seal seal;
    struct lw_buf by = LW_BUF_INIT;
    enum lw_status status = lw_record_get(session->journal, LW_RECORD_ENTRY, id, &entry, err);

    if (status != LW_OK)
        return status;
    status = lw_seal_read(session->journal, &entry, &seal, &by, err);
    if (status == LW_OK)
        lw_out_line(&cli->out,
                    lw_say_count("%s sealed, with %zu record that hangs on it",
                                 "%s sealed, with %zu records that hang on it", seal.records),
                    lw_record_text(&entry, "ref"), seal.records);
    lw_buf_free(&by);
    lw_record_clear(&entry);
    return status;
}

enum lw_status lw_command_seal(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_record entry;
    enum lw_status status = lw_unlock(cli, NULL, true, &session, NULL, err);

    if (status == LW_OK) {
        status = lw_record_by_ref(session.journal, LW_RECORD_ENTRY, cli->words[0], &entry, err);
        if (status == LW_OK) {
            if (strcmp(lw_record_text(&entry, "status"), "sealed") == 0)
                status =
                    lw_fail(err, LW_REFUSED, "%s is sealed already", lw_record_text(&entry, "ref"));
            if (status == LW_OK)
                status = ask(cli, &entry, err);
            if (status == LW_OK)
                status = lw_entry_seal(session.journal, entry.id, err);
            if (status == LW_OK)
                status = say(cli, &session, entry.id, err);
            lw_record_clear(&entry);
        }
    }
    lw_session_close(&session);
    return status;
}
