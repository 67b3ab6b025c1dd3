/* lapwing history */
#include "internal.h"

#include <string.h>

static enum lw_status print_line(void *context, const struct lw_history_line *line,
                                 struct lw_error *err)
{
    struct lw_out *out = context;
    size_t column = line->part == LW_HISTORY_HEAD ? 0 : line->part == LW_HISTORY_RECORD ? 2 : 4;

    (void)err;
    lw_out_spaces(out, column);
    lw_out_wrap(out, column, column + 2, line->text);
    return LW_OK;
}

static enum lw_status print_object(void *context, const struct lw_history_line *line,
                                   struct lw_error *err)
{
    struct lw_out *out = context;

    (void)err;
    lw_out_lines(out, line->text, line->len);
    lw_out_newline(out);
    return LW_OK;
}

/* "E11", "S1", or the 32 digits of an id of any type. */
static enum lw_status find_record(struct lw_journal *journal, const char *word,
                                  struct lw_record *out, struct lw_error *err)
{
    uint8_t id[LW_RECORD_ID];
    enum lw_status status;

    if (lw_hex_decode(word, strlen(word), id, LW_RECORD_ID)) {
        for (int type = 0; type < LW_RECORD_REVISION; type++) {
            status = lw_record_get(journal, (enum lw_record_type)type, id, out, err);
            if (status != LW_NOT_FOUND)
                return status;
        }
        return lw_fail(err, LW_NOT_FOUND, "there is no record with that id");
    }
    status = lw_record_by_ref(journal, LW_RECORD_ENTRY, word, out, err);
    if (status == LW_NOT_FOUND &&
        lw_record_by_ref(journal, LW_RECORD_SOURCE, word, out, NULL) == LW_OK)
        return LW_OK;
    return status;
}

static enum lw_status print_history(struct lw_cli *cli, struct lw_session *session,
                                    const struct lw_record *record, struct lw_error *err)
{
    if (cli->option[LW_OPT_JSON] != NULL)
        return lw_history_json(session->journal, record, print_object, &cli->out, err);
    return lw_history_say(session->journal, cli->clock, record, print_line, &cli->out, err);
}

enum lw_status lw_command_history(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_record record;
    enum lw_status status = lw_unlock(cli, NULL, false, &session, NULL, err);

    if (status == LW_OK)
        status = lw_store_read(session.store, err);
    if (status == LW_OK) {
        status = find_record(session.journal, cli->words[0], &record, err);
        if (status == LW_OK) {
            status = print_history(cli, &session, &record, err);
            lw_record_clear(&record);
        }
        lw_store_rollback(session.store);
    }
    lw_session_close(&session);
    return status;
}
