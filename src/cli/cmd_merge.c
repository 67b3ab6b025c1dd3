/* lapwing merge: two people, places, sources or incidents that turn out to be one, and parted again
 */
#include "internal.h"
#include "lines.h"

#include <string.h>
#include <unistd.h>

enum { NAME_MOST = 1024, COUNTED = 999 };

/* What the lists are called, and how one of them is spoken of. */
static const struct {
    const char *list, *one;
    enum lw_record_type type;
} kinds[] = {{"people", "person or group", LW_RECORD_PARTY},
             {"places", "place", LW_RECORD_PLACE},
             {"sources", "source", LW_RECORD_SOURCE},
             {"incidents", "incident", LW_RECORD_INCIDENT}};

struct merge {
    struct lw_cli *cli;
    struct lw_journal *journal;
    enum lw_record_type type;
    const char *one;
    bool asks;
    struct lw_lines lines; /* where it does not ask */
    struct lw_buf name;    /* as typed last */
};

/* ---- names ------------------------------------------------------------------------------------
 */

static enum lw_status ask_name(struct merge *merge, const char *prompt, struct lw_error *err)
{
    struct lw_tty tty;
    enum lw_line_end end;
    enum lw_status status;

    lw_out_flush(&merge->cli->errs);
    status = lw_tty_open(&tty, _("the name"), err);
    if (status != LW_OK)
        return status;
    end = lw_line_read(&tty, prompt, NAME_MOST, &merge->name, err);
    lw_tty_close(&tty);
    if (end == LW_LINE_FAILED)
        return err->status;
    return end == LW_LINE_ENTER ? LW_OK : lw_fail(err, LW_CANCELLED, "cancelled");
}

static enum lw_status read_name(struct merge *merge, struct lw_error *err)
{
    enum lw_status status = lw_lines_next(&merge->lines);
    struct lw_buf *line = &merge->lines.line;

    if (status == LW_DONE)
        return lw_fail(err, LW_BAD_DATA, "standard input ended before a name came");
    if (status != LW_OK)
        return lw_fail(err, status,
                       status == LW_TOO_LONG ? "a name is longer than %d bytes"
                                             : "standard input cannot be read",
                       NAME_MOST);
    if (!lw_utf8_valid(lw_buf_text(line), line->len, NULL))
        return lw_fail(err, LW_BAD_DATA, "a name is not well-formed UTF-8");
    while (line->len > 0 && strchr(" \t\r", line->data[line->len - 1]) != NULL)
        line->data[--line->len] = '\0';
    return lw_buf_add(&merge->name, lw_buf_text(line), line->len) == LW_OK
               ? LW_OK
               : lw_fail(err, LW_NO_MEMORY, "out of memory");
}

static enum lw_status count_entries(struct merge *merge, const struct lw_record *record,
                                    size_t *count, struct lw_error *err)
{
    struct lw_filter filter = {.tree = NULL};

    switch (merge->type) {
    case LW_RECORD_PARTY:
        filter.party = record->id;
        break;
    case LW_RECORD_PLACE:
        filter.place = record->id;
        break;
    case LW_RECORD_SOURCE:
        filter.source = record->id;
        break;
    default:
        filter.incident = record->id;
        break;
    }
    return lw_timeline_count(merge->journal, &filter, COUNTED + 1, count, err);
}

/* "Sergei Babinets (9 entries)"; of who is protected no more than lists tell. */
static enum lw_status say_record(struct merge *merge, const struct lw_record *record,
                                 struct lw_buf *out, struct lw_error *err)
{
    size_t count = 0;
    enum lw_status status = lw_shown_name(merge->journal, record, out, err);

    if (status == LW_OK)
        status = count_entries(merge, record, &count, err);
    if (status != LW_OK)
        return status;
    status = lw_buf_addf(out, lw_say_count(" (%zu%s entry)", " (%zu%s entries)", count),
                         count > COUNTED ? (size_t)COUNTED : count, count > COUNTED ? "+" : "");
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

/* One of several that a name may mean, so that its id can be taken from there. */
static enum lw_status list_one(struct merge *merge, const struct lw_record *record, bool counted,
                               struct lw_error *err)
{
    char id[2 * LW_RECORD_ID + 1];
    struct lw_buf line = LW_BUF_INIT;
    enum lw_status status;

    lw_hex_encode(record->id, LW_RECORD_ID, id);
    status = lw_buf_addf(&line, "%s  ", id);
    if (status != LW_OK)
        lw_fail(err, status, "out of memory");
    else
        status = counted ? say_record(merge, record, &line, err)
                         : lw_shown_name(merge->journal, record, &line, err);
    if (status == LW_OK)
        lw_out_line(&merge->cli->out, "%s", line.data);
    lw_buf_free(&line);
    return status;
}

/* Those that are one have their entries together: each is not counted. */
static enum lw_status list_all(struct merge *merge, const struct lw_buf *ids, bool counted,
                               struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (size_t at = 0; at < ids->len && status == LW_OK; at += LW_RECORD_ID) {
        struct lw_record record;

        status = lw_record_get(merge->journal, merge->type, (const uint8_t *)ids->data + at,
                               &record, err);
        if (status != LW_OK)
            return status;
        status = list_one(merge, &record, counted, err);
        lw_record_clear(&record);
    }
    return status;
}

static enum lw_status cannot_tell(struct merge *merge, const struct lw_buf *ids, bool counted,
                                  const char *what, struct lw_error *err)
{
    enum lw_status status = list_all(merge, ids, counted, err);

    lw_out_flush(&merge->cli->out);
    return status == LW_OK
               ? lw_fail(err, LW_BAD_DATA, "%s; give the id of one, as they are listed", what)
               : status;
}

static enum lw_status take_named(struct merge *merge, struct lw_record *out, struct lw_error *err)
{
    struct lw_buf ids = LW_BUF_INIT;
    enum lw_status status = lw_named_all(merge->journal, merge->type, lw_buf_text(&merge->name),
                                         merge->name.len, &ids, err);

    if (status == LW_OK && ids.len == 0)
        status = lw_fail(err, LW_NOT_FOUND, "no %s goes by that name: %s", merge->one,
                         lw_buf_text(&merge->name));
    else if (status == LW_OK && ids.len > LW_RECORD_ID)
        status = cannot_tell(merge, &ids, true, _("several go by that name"), err);
    if (status == LW_OK)
        status = lw_record_get(merge->journal, merge->type, (const uint8_t *)ids.data, out, err);
    lw_buf_free(&ids);
    return status;
}

/* A name in any spelling, a reference, or the 32 digits of an id: the record that stands for it. */
static enum lw_status take_record(struct merge *merge, const char *prompt, struct lw_record *out,
                                  struct lw_error *err)
{
    uint8_t id[LW_RECORD_ID];
    enum lw_status status;

    lw_buf_clear(&merge->name);
    status = merge->asks ? ask_name(merge, prompt, err) : read_name(merge, err);
    if (status != LW_OK)
        return status;
    if (merge->name.len == 0)
        return lw_fail(err, LW_BAD_DATA, "a name is missing");
    if (lw_hex_decode(merge->name.data, merge->name.len, id, LW_RECORD_ID))
        return lw_record_get(merge->journal, merge->type, id, out, err);
    return take_named(merge, out, err);
}

/* What will happen, before it is asked whether it shall. */
static enum lw_status agree(struct merge *merge, const char *said, const char *word,
                            struct lw_error *err)
{
    lw_out_wrap(&merge->cli->out, 0, 2, said);
    lw_out_flush(&merge->cli->out);
    if (merge->cli->option[LW_OPT_YES] != NULL)
        return LW_OK;
    return lw_ask_word(merge->cli, word, "--yes", err);
}

static enum lw_status put(struct merge *merge, const uint8_t *id, const uint8_t *other,
                          struct lw_error *err)
{
    enum lw_status status = lw_journal_begin(merge->journal, err);

    if (status != LW_OK)
        return status;
    status = lw_same_put(merge->journal, merge->type, id, other, NULL, err);
    if (status == LW_OK)
        status = lw_journal_commit(merge->journal, err);
    if (status != LW_OK)
        lw_journal_rollback(merge->journal);
    return status;
}

/* ---- merging ----------------------------------------------------------------------------------
 */

static enum lw_status join(struct merge *merge, const struct lw_record *goes,
                           const struct lw_record *stays, struct lw_error *err)
{
    struct lw_buf said = LW_BUF_INIT;
    enum lw_status status;

    if (memcmp(goes->id, stays->id, LW_RECORD_ID) == 0)
        return lw_fail(err, LW_REFUSED, "both are one %s already; nothing was done", merge->one);
    if (lw_record_value(goes, "same_as") != NULL)
        return lw_fail(err, LW_REFUSED,
                       "the first was said to be the same as another; --undo takes it out first");
    status = say_record(merge, goes, &said, err);
    if (status == LW_OK && lw_buf_says(&said, " is the same as ") != LW_OK)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (status == LW_OK)
        status = say_record(merge, stays, &said, err);
    if (status == LW_OK &&
        lw_buf_says(&said, "; both are listed, counted and found as one, by the second name. "
                           "Nothing is removed, and --undo parts them.") != LW_OK)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (status == LW_OK)
        status = agree(merge, said.data, "merge", err);
    if (status == LW_OK)
        status = put(merge, goes->id, stays->id, err);
    if (status == LW_OK)
        lw_out_line(&merge->cli->out, "They are one now");
    lw_buf_free(&said);
    return status;
}

/* Whoever is meant by the second, the name that stays is that of the last of those that are one. */
static enum lw_status take_two(struct merge *merge, struct lw_error *err)
{
    uint8_t root[LW_RECORD_ID];
    struct lw_record goes, stays;
    enum lw_status status = take_record(merge, _("The name that goes: "), &goes, err);

    if (status != LW_OK)
        return status;
    status = take_record(merge, _("The name that stays: "), &stays, err);
    if (status == LW_OK) {
        status = lw_same_root(merge->journal, merge->type, stays.id, root, err);
        lw_record_clear(&stays);
    }
    if (status == LW_OK)
        status = lw_record_get(merge->journal, merge->type, root, &stays, err);
    if (status == LW_OK) {
        status = join(merge, &goes, &stays, err);
        lw_record_clear(&stays);
    }
    lw_record_clear(&goes);
    return status;
}

/* ---- parting ----------------------------------------------------------------------------------
 */

/* The records that say of themselves that they are the same as one. */
struct parts {
    struct merge *merge;
    const uint8_t *root;
    struct lw_buf wanted;     /* folded, as typed */
    struct lw_buf all, named; /* ids; named: of those that go by what was typed */
};

static bool is_typed(struct parts *parts, const char *text)
{
    struct lw_buf folded = LW_BUF_INIT;
    bool same = text != NULL && lw_utf8_fold(text, strlen(text), &folded) == LW_OK &&
                strcmp(lw_buf_text(&folded), lw_buf_text(&parts->wanted)) == 0;

    lw_buf_free(&folded);
    return same;
}

/* By what is shown of it, which is no more than lists tell, or its reference or code name. */
static enum lw_status is_named(struct parts *parts, const struct lw_record *part, bool *named,
                               struct lw_error *err)
{
    static const char *const fields[] = {"ref", "code_name"};
    struct lw_buf shown = LW_BUF_INIT;
    enum lw_status status = lw_shown_name(parts->merge->journal, part, &shown, err);

    *named = status == LW_OK && is_typed(parts, lw_buf_text(&shown));
    for (size_t i = 0; i < LW_COUNT_OF(fields) && !*named; i++)
        *named = lw_field_find(part->type, fields[i]) >= 0 &&
                 is_typed(parts, lw_record_text(part, fields[i]));
    lw_buf_free(&shown);
    return status;
}

static enum lw_status note_part(void *context, const struct lw_record *part, struct lw_error *err)
{
    struct parts *parts = context;
    uint8_t root[LW_RECORD_ID];
    const char *id = (const char *)part->id;
    bool named;
    enum lw_status status;

    if (lw_record_value(part, "same_as") == NULL)
        return LW_OK;
    status = lw_same_root(parts->merge->journal, part->type, part->id, root, err);
    if (status != LW_OK || memcmp(root, parts->root, LW_RECORD_ID) != 0)
        return status;
    status = is_named(parts, part, &named, err);
    if (status != LW_OK)
        return status;
    if (lw_buf_add(&parts->all, id, LW_RECORD_ID) != LW_OK ||
        (named && lw_buf_add(&parts->named, id, LW_RECORD_ID) != LW_OK))
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    return LW_OK;
}

/* A record that is the same as another is meant itself where its id is given. */
static enum lw_status find_part(struct merge *merge, const struct lw_record *record,
                                uint8_t id[LW_RECORD_ID], struct lw_error *err)
{
    struct parts parts = {.merge = merge, .root = record->id};
    const struct lw_buf *found;
    enum lw_status status;

    memcpy(id, record->id, LW_RECORD_ID);
    if (lw_record_value(record, "same_as") != NULL)
        return LW_OK;
    status = lw_utf8_fold(lw_buf_text(&merge->name), merge->name.len, &parts.wanted);
    if (status != LW_OK)
        lw_fail(err, status, "the name cannot be compared");
    else
        status = lw_record_each(merge->journal, merge->type, NULL, NULL, note_part, &parts, err);
    found = parts.named.len > 0 ? &parts.named : &parts.all;
    if (status == LW_OK && found->len == 0)
        status =
            lw_fail(err, LW_NOT_FOUND, "nothing was said to be the same as this %s", merge->one);
    else if (status == LW_OK && found->len > LW_RECORD_ID)
        status = cannot_tell(merge, found, false, _("several are the same as it"), err);
    if (status == LW_OK)
        memcpy(id, found->data, LW_RECORD_ID);
    lw_buf_free(&parts.wanted);
    lw_buf_free(&parts.all);
    lw_buf_free(&parts.named);
    return status;
}

static enum lw_status part(struct merge *merge, const uint8_t *id, struct lw_error *err)
{
    struct lw_buf said = LW_BUF_INIT;
    struct lw_record record, other;
    enum lw_status status = lw_record_get(merge->journal, merge->type, id, &record, err);

    if (status != LW_OK)
        return status;
    status = lw_record_get(merge->journal, merge->type, lw_record_value(&record, "same_as")->bytes,
                           &other, err);
    if (status == LW_OK) {
        status = lw_shown_name(merge->journal, &record, &said, err);
        if (status == LW_OK && lw_buf_says(&said, " is no longer the same as ") != LW_OK)
            status = lw_fail(err, LW_NO_MEMORY, "out of memory");
        if (status == LW_OK)
            status = lw_shown_name(merge->journal, &other, &said, err);
        lw_record_clear(&other);
    }
    if (status == LW_OK)
        status = agree(merge, lw_buf_text(&said), "part", err);
    if (status == LW_OK)
        status = put(merge, id, NULL, err);
    if (status == LW_OK)
        lw_out_line(&merge->cli->out, "They are two again");
    lw_buf_free(&said);
    lw_record_clear(&record);
    return status;
}

static enum lw_status take_apart(struct merge *merge, struct lw_error *err)
{
    struct lw_record record;
    uint8_t id[LW_RECORD_ID];
    enum lw_status status = take_record(merge, _("To be taken out again: "), &record, err);

    if (status != LW_OK)
        return status;
    status = find_part(merge, &record, id, err);
    lw_record_clear(&record);
    return status == LW_OK ? part(merge, id, err) : status;
}

/* ---- the command ------------------------------------------------------------------------------
 */

enum lw_status lw_command_merge(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct merge merge = {.cli = cli, .asks = isatty(STDIN_FILENO) == 1};
    size_t at = 0;
    enum lw_status status;

    while (at < LW_COUNT_OF(kinds) && strcmp(kinds[at].list, cli->words[0]) != 0)
        at++;
    if (at == LW_COUNT_OF(kinds))
        return lw_fail(err, LW_USAGE,
                       "\"merge\" takes people, places, sources or incidents; names are asked for "
                       "at a prompt or read from standard input");
    merge.type = kinds[at].type;
    merge.one = kinds[at].one;
    lw_lines_start(&merge.lines, STDIN_FILENO, NAME_MOST);
    status = lw_unlock(cli, NULL, true, &session, NULL, err);
    merge.journal = session.journal;
    if (status == LW_OK)
        status = cli->option[LW_OPT_UNDO] != NULL ? take_apart(&merge, err) : take_two(&merge, err);
    lw_session_close(&session);
    lw_lines_free(&merge.lines);
    lw_buf_free(&merge.name);
    return status;
}
