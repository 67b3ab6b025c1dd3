/* What a kind asks beyond the common, other entries, order and history. */
#include "entry.h"

#include <string.h>

/* Fields of one key, or those that the kind does not ask. */
struct fields {
    struct entry_say *say;
    const struct lw_kind *kind;         /* or NULL */
    const struct lw_question *question; /* NULL: the others */
};

static bool is_empty(const struct lw_record *field)
{
    static const char *const values[] = {"text", "min", "max", "note", "party", "place"};

    for (size_t i = 0; i < LW_COUNT_OF(values); i++) {
        if (lw_record_value(field, values[i]) != NULL)
            return false;
    }
    return true; /* it was taken back */
}

/* "warrant: no", "addressees: prosecutor general", "reply due: 16 January 2015" */
static enum lw_status say_value(const struct fields *fields, const struct lw_record *field,
                                struct lw_buf *text)
{
    const struct lw_forms *forms = lw_journal_forms(fields->say->journal);
    const struct lw_question *question = fields->question;
    const char *value = lw_record_text(field, "text");
    struct lw_when when;
    enum lw_status status = lw_answer_name(fields->say->journal, field, text, fields->say->err);

    if (status != LW_OK || value == NULL)
        return status;
    if (question != NULL && question->type == LW_QUESTION_DATE &&
        lw_when_parse(value, strlen(value), &when, NULL) == LW_OK)
        return lw_when_say(&when, text);
    return lw_buf_adds(text, lw_answer_word(forms, question, value));
}

static enum lw_status say_field(const struct fields *fields, const struct lw_record *field,
                                struct lw_buf *text)
{
    const struct lw_forms *forms = lw_journal_forms(fields->say->journal);
    const struct lw_question *question = fields->question;
    const char *label =
        question != NULL ? lw_label_say(forms, &question->label) : lw_record_text(field, "key");
    struct lw_buf count = LW_BUF_INIT;
    enum lw_status status = lw_buf_addf(text, "%s: ", label);
    size_t before = text->len;

    if (status == LW_OK)
        status = say_value(fields, field, text);
    /* The text is said already: only the figures are wanted here. */
    if (status == LW_OK)
        status = entry_say_count(field, "min", "max", "", &count);
    if (status == LW_OK && count.len > 0)
        status = lw_buf_addf(text, "%s%s", text->len == before ? "" : "; ", count.data);
    if (status == LW_OK)
        status = entry_say_part(text, " ", "(", lw_record_text(field, "note"), ")");
    lw_buf_free(&count);
    return status;
}

static enum lw_status visit_field(void *context, const struct lw_record *field,
                                  struct lw_error *err)
{
    struct fields *fields = context;
    const char *key = lw_record_text(field, "key");
    const struct lw_question *question =
        fields->kind != NULL ? lw_kind_question(fields->kind, key) : NULL;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status;

    (void)err;
    if (question != fields->question || is_empty(field))
        return LW_OK;
    status = say_field(fields, field, &text);
    fields->say->record = field;
    if (status == LW_OK)
        status = entry_line(fields->say, 2, text.data);
    fields->say->record = NULL;
    lw_buf_free(&text);
    return entry_checked(fields->say, status);
}

/* In the order of the form, then what the kind does not ask. */
enum lw_status entry_say_fields(struct entry_say *say)
{
    const char *kind = lw_record_text(say->entry, "kind");
    struct fields fields = {.say = say};
    size_t count;
    enum lw_status status = LW_OK;

    if (kind != NULL)
        fields.kind = lw_forms_kind(lw_journal_forms(say->journal), kind);
    count = fields.kind != NULL ? fields.kind->question_count : 0;
    for (size_t i = 0; i <= count && status == LW_OK; i++) {
        fields.question = i < count ? &fields.kind->question[i] : NULL;
        status = lw_record_each(say->journal, LW_RECORD_FIELD, "entry", say->entry->id, visit_field,
                                &fields, say->err);
    }
    return status;
}

/* How a link reads from either end. */
static const char *link_label(const char *kind, bool from_here)
{
    static const char *const labels[][3] = {
        {"causes", N_("causes"), N_("caused by")},
        {"follows", N_("follows"), N_("followed by")},
        {"part_of", N_("part of"), N_("contains")},
        {"parallel", N_("parallel to"), N_("parallel to")},
        {"contradicts", N_("≠ contradicts"), N_("≠ contradicted by")},
        {"same_as", N_("same as"), N_("same as")},
        {"reply_to", N_("replies to"), N_("answered by")},
    };

    for (size_t i = 0; i < LW_COUNT_OF(labels); i++) {
        if (strcmp(labels[i][0], kind) == 0)
            return _(labels[i][from_here ? 1 : 2]);
    }
    return kind;
}

static const uint8_t *other_entry(const struct lw_record *record, const char *field)
{
    const struct lw_value *value = lw_record_value(record, field);

    return value == NULL ? NULL : value->bytes;
}

/* The account that says so: "; S2 says so". */
static enum lw_status say_rests(struct entry_say *say, const struct lw_record *record,
                                struct lw_buf *out)
{
    const struct lw_value *id = lw_record_value(record, "account");
    struct lw_record account, source;
    enum lw_status status;

    if (id == NULL)
        return LW_OK;
    status = lw_record_get(say->journal, LW_RECORD_ACCOUNT, id->bytes, &account, say->err);
    if (status != LW_OK)
        return status;
    status = lw_record_get(say->journal, LW_RECORD_SOURCE,
                           lw_record_value(&account, "source")->bytes, &source, say->err);
    lw_record_clear(&account);
    if (status != LW_OK)
        return status;
    status = lw_buf_sayf(out, "; %s says so", lw_record_text(&source, "ref"));
    lw_record_clear(&source);
    return status;
}

static enum lw_status say_link(struct entry_say *say, const struct lw_record *link, bool from_here)
{
    const char *kind = lw_record_text(link, "kind");
    const char *there = from_here ? "to" : "from";
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_buf_addf(&text, "%s ", link_label(kind, from_here));

    if (status == LW_OK)
        status = entry_say_ref(say, link, there, &text);
    if (status == LW_OK)
        status = entry_say_part(&text, " ", "(", lw_record_text(link, "hedge"), ")");
    if (status == LW_OK)
        status = entry_say_part(&text, "; ", _("about "), lw_record_text(link, "fact"), "");
    if (status == LW_OK)
        status = entry_say_part(&text, "; ", "", lw_record_text(link, "note"), "");
    if (status == LW_OK)
        status = say_rests(say, link, &text);
    say->to = other_entry(link, there);
    say->record = link;
    say->differs = strcmp(kind, "contradicts") == 0;
    if (status == LW_OK)
        status = entry_line(say, 2, text.data);
    say->to = NULL;
    say->record = NULL;
    say->differs = false;
    lw_buf_free(&text);
    return entry_checked(say, status);
}

static enum lw_status visit_link_out(void *context, const struct lw_record *link,
                                     struct lw_error *err)
{
    (void)err;
    return say_link(context, link, true);
}

static enum lw_status visit_link_in(void *context, const struct lw_record *link,
                                    struct lw_error *err)
{
    (void)err;
    return say_link(context, link, false);
}

static enum lw_status visit_part(void *context, const struct lw_record *entry, struct lw_error *err)
{
    struct entry_say *say = context;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_buf_says(&text, "contains ");

    if (status == LW_OK)
        status = entry_say_record(say, entry, &text);
    (void)err;
    say->to = entry->id;
    if (status == LW_OK)
        status = entry_line(say, 2, text.data);
    say->to = NULL;
    lw_buf_free(&text);
    return entry_checked(say, status);
}

enum lw_status entry_say_links(struct entry_say *say)
{
    const uint8_t *id = say->entry->id;
    enum lw_status status =
        lw_record_each(say->journal, LW_RECORD_ENTRY, "parent", id, visit_part, say, say->err);

    if (status == LW_OK)
        status =
            lw_record_each(say->journal, LW_RECORD_LINK, "from", id, visit_link_out, say, say->err);
    if (status == LW_OK)
        status =
            lw_record_each(say->journal, LW_RECORD_LINK, "to", id, visit_link_in, say, say->err);
    return status;
}

static enum lw_status say_precedence(struct entry_say *say, const struct lw_record *order,
                                     bool earlier_here)
{
    bool strict = strcmp(lw_record_text(order, "kind"), "before") == 0;
    const char *there = earlier_here ? "later" : "earlier";
    const char *label = earlier_here ? (strict ? _("before") : _("not after"))
                                     : (strict ? _("after") : _("not before"));
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_buf_addf(&text, "%s ", label);

    if (status == LW_OK)
        status = entry_say_ref(say, order, there, &text);
    if (status == LW_OK)
        status = entry_say_part(&text, " ", "(\"", lw_record_text(order, "text"), "\")");
    if (status == LW_OK)
        status = say_rests(say, order, &text);
    say->to = other_entry(order, there);
    say->record = order;
    if (status == LW_OK)
        status = entry_line(say, 2, text.data);
    say->to = NULL;
    say->record = NULL;
    lw_buf_free(&text);
    return entry_checked(say, status);
}

static enum lw_status visit_earlier(void *context, const struct lw_record *order,
                                    struct lw_error *err)
{
    (void)err;
    return say_precedence(context, order, true);
}

static enum lw_status visit_later(void *context, const struct lw_record *order,
                                  struct lw_error *err)
{
    (void)err;
    return say_precedence(context, order, false);
}

enum lw_status entry_say_order(struct entry_say *say)
{
    const uint8_t *id = say->entry->id;
    enum lw_status status =
        lw_record_each(say->journal, LW_RECORD_PRECEDENCE, "later", id, visit_later, say, say->err);

    if (status == LW_OK)
        status = lw_record_each(say->journal, LW_RECORD_PRECEDENCE, "earlier", id, visit_earlier,
                                say, say->err);
    return status;
}

/* "a kind, a date, a source" */
static enum lw_status say_missing(const struct lw_open *open, struct lw_buf *out)
{
    const struct {
        unsigned bit;
        const char *word;
    } words[] = {{LW_OPEN_KIND, _("a kind")},
                 {LW_OPEN_WHEN, _("a date")},
                 {LW_OPEN_SOURCE, _("a source")},
                 {LW_OPEN_CAPTURED, _("to be completed: it is a captured line")}};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(words) && status == LW_OK; i++) {
        if ((open->what & words[i].bit) != 0)
            status = lw_buf_addf(out, "%s%s", out->len > 0 ? ", " : "", words[i].word);
    }
    return status;
}

/* "unanswered: warrant, protocol copy" */
static enum lw_status say_unanswered(const struct lw_forms *forms, const struct lw_open *open,
                                     struct lw_buf *out)
{
    size_t told = 0;
    enum lw_status status = open->questions > 0 ? lw_buf_says(out, "unanswered: ") : LW_OK;

    for (size_t i = 0; i < LW_KIND_ASKS && status == LW_OK; i++) {
        if (open->unanswered[i])
            status = lw_buf_addf(out, "%s%s", told++ > 0 ? ", " : "",
                                 lw_label_say(forms, &open->kind->question[i].label));
    }
    return status;
}

/* What a lawyer will ask is told while something is open: what is settled needs no reminder. */
static enum lw_status say_checks(struct entry_say *say, struct lw_buf *text)
{
    const struct lw_forms *forms = lw_journal_forms(say->journal);
    const char *name = lw_record_text(say->entry, "kind");
    const struct lw_kind *kind = name == NULL ? NULL : lw_forms_kind(forms, name);
    enum lw_status status = LW_OK;

    for (size_t i = 0; kind != NULL && i < kind->check_count && status == LW_OK; i++) {
        lw_buf_clear(text);
        status = lw_buf_addf(text, "? %s", lw_label_say(forms, &kind->check[i]));
        if (status == LW_OK)
            status = entry_line(say, 2, text->data);
    }
    return status;
}

enum lw_status entry_say_open(struct entry_say *say)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_open open;
    enum lw_status status = lw_entry_open(say->journal, say->entry, &open, say->err);

    if (status == LW_OK)
        status = say_missing(&open, &text);
    if (status == LW_OK)
        status = entry_line(say, 2, lw_buf_text(&text));
    lw_buf_clear(&text);
    if (status == LW_OK)
        status = say_unanswered(lw_journal_forms(say->journal), &open, &text);
    if (status == LW_OK)
        status = entry_line(say, 2, lw_buf_text(&text));
    if (status == LW_OK && open.what != 0)
        status = say_checks(say, &text);
    lw_buf_free(&text);
    return entry_checked(say, status);
}

/* Which fields; their texts stand in the history. */
static enum lw_status add_changed(void *context, const struct lw_change *change,
                                  struct lw_error *err)
{
    struct lw_buf *names = context;

    (void)err;
    return lw_buf_addf(names, "%s%s", names->len > 0 ? ", " : "", change->field->name);
}

static enum lw_status visit_revision(void *context, const struct lw_record *revision,
                                     struct lw_error *err)
{
    struct entry_say *say = context;
    const struct lw_value *at = lw_record_value(revision, "at");
    struct lw_buf text = LW_BUF_INIT;
    struct lw_buf names = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    (void)err;
    if (at != NULL)
        status = lw_instant_say(say->clock, at->number, &text);
    if (status == LW_OK && lw_record_text(revision, "frozen") != NULL)
        status = lw_buf_says(&text, "  seal");
    else if (status == LW_OK && lw_record_text(revision, "moved") != NULL)
        status = lw_buf_says(&text, "  split");
    else if (status == LW_OK)
        status = entry_say_part(&text, "  ", "", lw_record_text(revision, "action"), "");
    if (status == LW_OK)
        status = entry_say_part(&text, " ", _("by "), lw_record_text(revision, "by"), "");
    if (status == LW_OK)
        status = entry_say_part(&text, ": ", "", lw_record_text(revision, "why"), "");
    if (status == LW_OK)
        status = lw_changes_each(LW_RECORD_ENTRY, lw_record_text(revision, "changes"), add_changed,
                                 &names, NULL);
    if (status == LW_BAD_DATA) /* the check tells */
        status = LW_OK;
    if (status == LW_OK && names.len > 0)
        status = entry_say_part(&text, " ", "(", names.data, ")");
    if (status == LW_OK)
        status = entry_line(say, 2, lw_buf_text(&text));
    lw_buf_free(&names);
    lw_buf_free(&text);
    return entry_checked(say, status);
}

enum lw_status entry_say_revisions(struct entry_say *say)
{
    return lw_revisions_each(say->journal, LW_RECORD_ENTRY, say->entry->id, visit_revision, say,
                             say->err);
}
