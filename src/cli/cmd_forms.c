/* lapwing forms check, import, list, show: kinds of entry as files and in the vault. */
#include "input.h"
#include "internal.h"

#include <string.h>

#define NAME_COLUMNS  24
#define LABEL_COLUMNS 30
#define TYPE_COLUMNS  12

static const char *const origins[] = {
    [LW_KIND_SHIPPED] = "shipped", [LW_KIND_TEAM] = "file", [LW_KIND_VAULT] = "vault"};

/* ---- one file ---- */

struct file {
    struct lw_cli *cli;
    struct lw_forms *forms;
    unsigned wrong;
};

static void tell(void *context, const char *text)
{
    struct file *file = context;

    file->wrong++;
    lw_out_line(&file->cli->out, "%s", text);
}

/* Reads the file that the command names, and tells what is wrong with it. */
static enum lw_status read_file(struct lw_cli *cli, struct file *file, struct lw_error *err)
{
    const char *path = cli->words[0];
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_input_read(path, LW_FORMS_MAX, &text, err);

    *file = (struct file){.cli = cli};
    if (status == LW_OK && (file->forms = lw_forms_new(NULL, LW_ENGLISH)) == NULL)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (status == LW_OK)
        status =
            lw_forms_parse(strcmp(path, "-") == 0 ? _("standard input") : path, lw_buf_text(&text),
                           text.len, LW_KIND_VAULT, tell, file, file->forms, err);
    lw_buf_free(&text);
    if (status == LW_OK && file->wrong > 0)
        return lw_fail(
            err, LW_BAD_DATA,
            lw_say_count("the file has %u mistake", "the file has %u mistakes", file->wrong),
            file->wrong);
    if (status == LW_OK && lw_forms_count(file->forms) == 0)
        return lw_fail(err, LW_BAD_DATA, "there is no kind of entry in it");
    return status;
}

static void print_count(struct lw_cli *cli, const struct lw_forms *forms)
{
    size_t fields = 0;

    for (size_t i = 0; i < lw_forms_count(forms); i++)
        fields += lw_forms_at(forms, i)->question_count;
    lw_out_line(&cli->out,
                lw_say_count("%zu kind of entry with %zu fields of their own; nothing is wrong",
                             "%zu kinds of entry with %zu fields of their own; nothing is wrong",
                             lw_forms_count(forms)),
                lw_forms_count(forms), fields);
}

enum lw_status lw_command_forms_check(struct lw_cli *cli, struct lw_error *err)
{
    struct file file;
    enum lw_status status = read_file(cli, &file, err);

    if (status == LW_OK)
        print_count(cli, file.forms);
    lw_forms_free(file.forms);
    return status;
}

/* ---- into the vault ---- */

struct kept {
    size_t added;
    size_t kept;
};

static enum lw_status keep_all(struct lw_journal *journal, const struct lw_forms *forms,
                               bool dry_run, struct kept *kept, struct lw_error *err)
{
    enum lw_status status = lw_journal_begin(journal, err);

    for (size_t i = 0; i < lw_forms_count(forms) && status == LW_OK; i++) {
        bool added;

        status = lw_journal_keep_kind(journal, lw_forms_at(forms, i), &added, err);
        kept->added += status == LW_OK && added;
        kept->kept += status == LW_OK && !added;
    }
    if (status == LW_OK && !dry_run)
        return lw_journal_commit(journal, err);
    lw_journal_rollback(journal);
    return status;
}

enum lw_status lw_command_forms_import(struct lw_cli *cli, struct lw_error *err)
{
    bool dry_run = cli->option[LW_OPT_DRY_RUN] != NULL;
    struct lw_session session = {.vault = NULL};
    struct kept kept = {0};
    struct file file;
    enum lw_status status = read_file(cli, &file, err);

    if (status == LW_BAD_DATA)
        lw_error_prefix(err, "nothing was taken");
    if (status == LW_OK)
        status = lw_unlock(cli, NULL, true, &session, NULL, err);
    if (status == LW_OK)
        status = keep_all(session.journal, file.forms, dry_run, &kept, err);
    if (status == LW_OK)
        lw_out_line(
            &cli->out,
            lw_say_count("%zu kind of entry added, %zu in place of those of the same name%s",
                         "%zu kinds of entry added, %zu in place of those of the same "
                         "name%s",
                         kept.added),
            kept.added, kept.kept, dry_run ? _("; nothing was changed") : "");
    lw_session_close(&session);
    lw_forms_free(file.forms);
    return status;
}

/* ---- what there is ---- */

/* "text" and blanks up to the column. */
static enum lw_status add_column(struct lw_buf *out, const char *text, size_t columns)
{
    size_t used = lw_utf8_columns(text, strlen(text));
    enum lw_status status = lw_buf_adds(out, text);

    for (size_t i = used; i < columns && status == LW_OK; i++)
        status = lw_buf_addc(out, ' ');
    return status == LW_OK ? lw_buf_adds(out, "  ") : status;
}

static enum lw_status say_kind(const struct lw_forms *forms, const struct lw_kind *kind,
                               struct lw_buf *out)
{
    enum lw_status status = add_column(out, kind->name, NAME_COLUMNS);

    if (status == LW_OK)
        status = add_column(out, lw_label_say(forms, &kind->label), LABEL_COLUMNS);
    return status == LW_OK ? lw_buf_adds(out, origins[kind->origin]) : status;
}

static enum lw_status add_label(struct lw_buf *out, const char *name, const struct lw_label *label)
{
    static const char *const endings[LW_LANGUAGES] = {"", "_ru"};
    struct lw_buf member = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    for (int language = 0; language < LW_LANGUAGES && status == LW_OK; language++) {
        lw_buf_clear(&member);
        if (label->in[language] == NULL)
            continue;
        status = lw_buf_addf(&member, "%s%s", name, endings[language]);
        if (status == LW_OK)
            status = lw_json_member(out, member.data, label->in[language]);
    }
    lw_buf_free(&member);
    return status;
}

static enum lw_status question_json(const struct lw_question *question, struct lw_buf *out)
{
    enum lw_status status = lw_json_member(out, "key", question->key);

    if (status == LW_OK)
        status = lw_json_member(out, "type", lw_question_type_words[question->type]);
    if (status == LW_OK)
        status = lw_json_raw(out, "many", question->many ? "true" : "false");
    if (status == LW_OK)
        status = add_label(out, "label", &question->label);
    return status;
}

static enum lw_status lists_json(const struct lw_kind *kind, struct lw_buf *out)
{
    enum lw_status status = lw_json_raw(out, "lists", "[");
    bool first = true;

    for (int i = 0; i < LW_KIND_LIST_COUNT && status == LW_OK; i++) {
        if ((kind->lists & 1u << i) == 0)
            continue;
        status = lw_buf_addf(out, "%s\"%s\"", first ? "" : ",", lw_kind_list_words[i]);
        first = false;
    }
    return status == LW_OK ? lw_buf_addc(out, ']') : status;
}

static enum lw_status kind_json(const struct lw_kind *kind, struct lw_buf *out)
{
    enum lw_status status = lw_buf_addc(out, '{');

    if (status == LW_OK)
        status = lw_json_member(out, "name", kind->name);
    if (status == LW_OK)
        status = add_label(out, "label", &kind->label);
    if (status == LW_OK)
        status = lw_json_member(out, "huridocs", kind->huridocs);
    if (status == LW_OK)
        status = lists_json(kind, out);
    if (status == LW_OK)
        status = lw_json_member(out, "origin", origins[kind->origin]);
    if (status == LW_OK)
        status = lw_json_raw(out, "fields", "[");
    for (size_t i = 0; i < kind->question_count && status == LW_OK; i++) {
        status = lw_buf_adds(out, i > 0 ? ",{" : "{");
        if (status == LW_OK)
            status = question_json(&kind->question[i], out);
        if (status == LW_OK)
            status = lw_buf_addc(out, '}');
    }
    return status == LW_OK ? lw_buf_adds(out, "]}\n") : status;
}

static enum lw_status print_list(struct lw_cli *cli, const struct lw_forms *forms,
                                 struct lw_error *err)
{
    bool json = cli->option[LW_OPT_JSON] != NULL;
    struct lw_buf line = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < lw_forms_count(forms) && status == LW_OK; i++) {
        const struct lw_kind *kind = lw_forms_at(forms, i);

        lw_buf_clear(&line);
        status = json ? kind_json(kind, &line) : say_kind(forms, kind, &line);
        if (status == LW_OK && json)
            lw_out_lines(&cli->out, line.data, line.len);
        else if (status == LW_OK)
            lw_out_line(&cli->out, "%s", line.data);
    }
    lw_buf_free(&line);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

enum lw_status lw_command_forms_list(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    enum lw_status status = lw_unlock(cli, NULL, false, &session, NULL, err);

    if (status == LW_OK)
        status = print_list(cli, lw_journal_forms(session.journal), err);
    lw_session_close(&session);
    return status;
}

/* ---- one kind ---- */

static enum lw_status print_question(struct lw_cli *cli, const struct lw_forms *forms,
                                     const struct lw_question *question)
{
    struct lw_buf line = LW_BUF_INIT;
    const char *hint = lw_label_say(forms, &question->hint);
    enum lw_status status = add_column(&line, question->key, NAME_COLUMNS - 2);

    if (status == LW_OK)
        status = add_column(&line, lw_question_type_words[question->type], TYPE_COLUMNS);
    if (status == LW_OK)
        status = lw_buf_addf(&line, "%s%s", lw_label_say(forms, &question->label),
                             question->many ? _(", several") : "");
    for (size_t i = 0; i < question->choice_count[LW_ENGLISH] && status == LW_OK; i++)
        status = lw_buf_addf(&line, "%s%s", i == 0 ? ": " : ", ",
                             lw_choice_label(forms, question, question->choice[LW_ENGLISH][i]));
    if (status == LW_OK && hint != NULL)
        status = lw_buf_addf(&line, " (%s)", hint);
    if (status == LW_OK) {
        lw_out_spaces(&cli->out, 2);
        lw_out_wrap(&cli->out, 2, NAME_COLUMNS + TYPE_COLUMNS + 4, line.data);
    }
    lw_buf_free(&line);
    return status;
}

static enum lw_status print_head(struct lw_cli *cli, const struct lw_forms *forms,
                                 const struct lw_kind *kind)
{
    struct lw_buf line = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    lw_out_line(&cli->out, "%s  %s  (%s)", kind->name, lw_label_say(forms, &kind->label),
                origins[kind->origin]);
    if (kind->huridocs != NULL)
        lw_out_line(&cli->out, "HURIDOCS: %s", kind->huridocs);
    for (int i = 0; i < LW_KIND_LIST_COUNT && status == LW_OK; i++) {
        if ((kind->lists & 1u << i) != 0)
            status = lw_buf_addf(&line, "%s%s", line.len == 0 ? _("In the list of: ") : ", ",
                                 lw_kind_list_words[i]);
    }
    if (status == LW_OK && line.len > 0)
        lw_out_wrap(&cli->out, 0, 2, line.data);
    lw_buf_clear(&line);
    for (size_t i = 0; i < kind->word_count && status == LW_OK; i++)
        status = lw_buf_addf(&line, "%s%s", i == 0 ? _("Also found as: ") : ", ", kind->word[i]);
    if (status == LW_OK && line.len > 0)
        lw_out_wrap(&cli->out, 0, 2, line.data);
    lw_buf_clear(&line);
    for (size_t i = 0; i < kind->first_count && status == LW_OK; i++)
        status = lw_buf_addf(&line, "%s%s", i == 0 ? _("Shown first: ") : ", ",
                             lw_common_fields[kind->first[i]]);
    if (status == LW_OK && line.len > 0)
        lw_out_wrap(&cli->out, 0, 2, line.data);
    lw_buf_free(&line);
    return status;
}

static enum lw_status print_kind(struct lw_cli *cli, const struct lw_forms *forms,
                                 struct lw_error *err)
{
    const char *word = cli->words[0];
    const char *name = lw_kind_find(forms, word, strlen(word));
    const struct lw_kind *kind = name != NULL ? lw_forms_kind(forms, name) : NULL;
    enum lw_status status;

    if (kind == NULL)
        return lw_fail(err, LW_USAGE, "no kind of entry has that name");
    status = print_head(cli, forms, kind);
    if (kind->question_count > 0)
        lw_out_line(&cli->out, "Fields");
    for (size_t i = 0; i < kind->question_count && status == LW_OK; i++)
        status = print_question(cli, forms, &kind->question[i]);
    if (kind->check_count > 0)
        lw_out_line(&cli->out, "A lawyer will ask");
    for (size_t i = 0; i < kind->check_count; i++) {
        lw_out_spaces(&cli->out, 2);
        lw_out_wrap(&cli->out, 2, 4, lw_label_say(forms, &kind->check[i]));
    }
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

enum lw_status lw_command_forms_show(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    enum lw_status status = lw_unlock(cli, NULL, false, &session, NULL, err);

    if (status == LW_OK)
        status = print_kind(cli, lw_journal_forms(session.journal), err);
    lw_session_close(&session);
    return status;
}
