/* Which entries are meant: --since, --until, --when, --kind, --ref, --filter-from, --filter. */
#include "input.h"
#include "internal.h"

#include <string.h>

#define FILTER_MAX ((size_t)1 << 16)

/* ---- taking -----------------------------------------------------------------------------------
 */

enum lw_status lw_filter_options_take(struct lw_cli *cli, struct lw_filter_options *out,
                                      struct lw_error *err)
{
    struct lw_filter *filter = &out->filter;
    enum lw_status status;

    if (cli->option[LW_OPT_FILTER] != NULL && cli->option[LW_OPT_FILTER_FROM] != NULL)
        return lw_fail(err, LW_USAGE, "--filter and --filter-from cannot be given together");
    filter->ref = cli->option[LW_OPT_REF];
    status = lw_option_when(cli, LW_OPT_SINCE, "--since", &out->since, &filter->since, err);
    if (status == LW_OK)
        status = lw_option_when(cli, LW_OPT_UNTIL, "--until", &out->until, &filter->until, err);
    if (status == LW_OK)
        status = lw_option_when(cli, LW_OPT_WHEN, "--when", &out->when, &filter->when, err);
    if (status == LW_OK && cli->option[LW_OPT_FILTER_FROM] != NULL)
        status = lw_input_read(cli->option[LW_OPT_FILTER_FROM], FILTER_MAX, &out->text, err);
    return status;
}

/* What is written is read when the vault is open: it names people, places and kinds of the vault.
 */
static enum lw_status read_text(struct lw_cli *cli, struct lw_journal *journal,
                                struct lw_filter_options *options, struct lw_error *err)
{
    const char *name = cli->option[LW_OPT_FILTER];
    enum lw_status status = LW_OK;

    if (name == NULL && cli->option[LW_OPT_FILTER_FROM] == NULL)
        return LW_OK;
    if (name != NULL)
        status = lw_saved_find(journal, name, strlen(name), &options->text, err);
    if (status != LW_OK)
        return status;
    status = lw_filter_read(journal, lw_buf_text(&options->text), options->text.len, &options->tree,
                            NULL, err);
    if (status == LW_OK && options->tree == NULL)
        return lw_fail(err, LW_BAD_DATA, "--filter-from gave no filter");
    if (status != LW_OK)
        lw_error_prefix(err, "%s", name != NULL ? "--filter" : "--filter-from");
    options->filter.tree = options->tree;
    return status;
}

/* A kind may be one that only the vault knows, and an entry may have one that nobody does. */
static enum lw_status read_kind(struct lw_cli *cli, struct lw_journal *journal,
                                struct lw_filter *filter, struct lw_error *err)
{
    const char *kind = cli->option[LW_OPT_KIND];
    size_t count = 0;
    enum lw_status status;

    if (kind == NULL)
        return LW_OK;
    filter->kind = lw_kind_find(lw_journal_forms(journal), kind, strlen(kind));
    if (filter->kind != NULL)
        return LW_OK;
    filter->kind = kind;
    status = lw_timeline_count(journal, &(struct lw_filter){.kind = kind}, 1, &count, err);
    if (status == LW_OK && count == 0)
        return lw_fail(err, LW_USAGE, "--kind: no kind of entry has that name");
    return status;
}

static enum lw_status check_ref(struct lw_journal *journal, const char *ref, struct lw_error *err)
{
    struct lw_record entry;
    enum lw_status status;

    if (ref == NULL)
        return LW_OK;
    status = lw_record_by_ref(journal, LW_RECORD_ENTRY, ref, &entry, err);
    if (status == LW_OK)
        lw_record_clear(&entry);
    return status;
}

enum lw_status lw_filter_options_read(struct lw_cli *cli, struct lw_journal *journal,
                                      struct lw_filter_options *options, struct lw_error *err)
{
    enum lw_status status = read_kind(cli, journal, &options->filter, err);

    if (status == LW_OK)
        status = read_text(cli, journal, options, err);
    return status == LW_OK ? check_ref(journal, options->filter.ref, err) : status;
}

void lw_filter_options_free(struct lw_filter_options *options)
{
    lw_buf_free(&options->text);
    lw_filter_free(options->tree);
}

/* ---- telling ----------------------------------------------------------------------------------
 */

bool lw_filter_options_any(const struct lw_filter_options *options)
{
    const struct lw_filter *filter = &options->filter;

    return filter->tree != NULL || filter->since != NULL || filter->until != NULL ||
           filter->when != NULL || filter->kind != NULL || filter->ref != NULL;
}

const struct lw_when *lw_filter_options_when(const struct lw_filter_options *options)
{
    const struct lw_filter *filter = &options->filter;

    return filter->when != NULL ? filter->when : lw_filter_when(filter->tree);
}

static enum lw_status separate(struct lw_buf *out, size_t start)
{
    return out->len > start ? lw_buf_adds(out, " · ") : LW_OK;
}

static enum lw_status say_when(const char *word, const struct lw_when *when, size_t start,
                               struct lw_buf *out)
{
    enum lw_status status;

    if (when == NULL)
        return LW_OK;
    status = separate(out, start);
    if (status == LW_OK)
        status = lw_buf_addf(out, "%s ", word);
    return status == LW_OK ? lw_when_say(when, out) : status;
}

/* Lines are alternatives, and so "or" between them says the same on one line. */
static enum lw_status say_text(const struct lw_buf *text, struct lw_buf *out)
{
    const char *line = lw_buf_text(text);
    bool first = true;
    enum lw_status status = LW_OK;

    while (*line != '\0' && status == LW_OK) {
        const char *at = line + strspn(line, " \t\r");
        size_t len = strcspn(at, "\n");

        line = at + len + (at[len] == '\n');
        while (len > 0 && strchr(" \t\r", at[len - 1]) != NULL)
            len--;
        if (len == 0)
            continue;
        status = lw_buf_addf(out, "%s%.*s", first ? "" : _(" or "), (int)len, at);
        first = false;
    }
    return status;
}

static enum lw_status say_word(const char *key, const char *word, size_t start, struct lw_buf *out)
{
    enum lw_status status = word == NULL ? LW_OK : separate(out, start);

    return status == LW_OK && word != NULL ? lw_buf_addf(out, "%s:%s", key, word) : status;
}

enum lw_status lw_filter_options_say(const struct lw_filter_options *options, struct lw_buf *out)
{
    const struct lw_filter *filter = &options->filter;
    size_t start = out->len;
    enum lw_status status = say_when("since", filter->since, start, out);

    if (status == LW_OK)
        status = say_when("until", filter->until, start, out);
    if (status == LW_OK)
        status = say_word("kind", filter->kind, start, out);
    if (status == LW_OK)
        status = say_word("ref", filter->ref, start, out);
    if (status == LW_OK && filter->tree != NULL)
        status = separate(out, start);
    return status == LW_OK && filter->tree != NULL ? say_text(&options->text, out) : status;
}

static enum lw_status print_group(struct lw_cli *cli, enum lw_match match, const char *heading,
                                  lw_group_printer *print, void *context, struct lw_error *err)
{
    bool any = false;
    enum lw_status status;

    lw_out_line(&cli->out, "%s", heading);
    lw_out_newline(&cli->out);
    status = print(context, match, &any, err);
    if (status == LW_OK && !any)
        lw_out_line(&cli->out, "  nothing");
    return status;
}

enum lw_status lw_filter_groups_print(struct lw_cli *cli, const struct lw_filter_options *options,
                                      lw_group_printer *print, void *context, struct lw_error *err)
{
    struct lw_buf heading = LW_BUF_INIT;
    enum lw_status status = lw_buf_says(&heading, "STATED FOR ");

    if (status == LW_OK)
        status = lw_when_say(lw_filter_options_when(options), &heading);
    if (status != LW_OK)
        status = lw_fail(err, status, "out of memory");
    else
        status = print_group(cli, LW_MATCH_STATED, heading.data, print, context, err);
    lw_buf_free(&heading);
    if (status != LW_OK)
        return status;
    lw_out_newline(&cli->out);
    return print_group(cli, LW_MATCH_MAY_OVERLAP, _("MAY OVERLAP IT"), print, context, err);
}
