/* Values of records in words, as a history shows them. */
#include "history.h"

#include <string.h>

/* Fields that are called by their own names. */
static const char *field_say(const char *name)
{
    static const char *const fields[] = {
        M_("a field", "incident"),    M_("a field", "kind"),
        M_("a field", "title"),       M_("a field", "narrative"),
        M_("a field", "status"),      M_("a field", "note"),
        M_("a field", "party"),       M_("a field", "role"),
        M_("a field", "source"),      M_("a field", "summary"),
        M_("a field", "when"),        M_("a field", "place"),
        M_("a field", "name"),        M_("a field", "quote"),
        M_("a field", "fact"),        M_("a field", "stance"),
        M_("a field", "text"),        M_("a field", "hedge"),
        M_("a field", "key"),         M_("a field", "description"),
        M_("a field", "class"),       M_("a field", "features"),
        M_("a field", "serial"),      M_("a field", "owner"),
        M_("a field", "manner"),      M_("a field", "receipt"),
        M_("a field", "value"),       M_("a field", "returned"),
        M_("a field", "translation"), M_("a field", "language"),
        M_("a field", "locator"),     M_("a field", "via"),
        M_("a field", "received"),    M_("a field", "credibility"),
        M_("a field", "entry"),       M_("a field", "account"),
        M_("a field", "author"),      M_("a field", "medium"),
        M_("a field", "date"),        M_("a field", "reference"),
        M_("a field", "url"),         M_("a field", "reliability"),
        M_("a field", "protected"),   M_("a field", "latitude"),
        M_("a field", "longitude"),   M_("a field", "precision"),
        M_("a field", "due"),         M_("a field", "assignee"),
        M_("a field", "done"),        M_("a field", "definition"),
        M_("a field", "removed"),     M_("a field", "degree"),
        M_("a field", "armed"),       M_("a field", "masked"),
        M_("a field", "noticed"),     M_("a field", "confidentiality"),
        M_("a field", "code"),        M_("a field", "script"),
        M_("a field", "from"),        M_("a field", "to"),
        M_("a field", "earlier"),     M_("a field", "later"),
    };

    for (size_t i = 0; i < LW_COUNT_OF(fields); i++) {
        if (strcmp(strchr(fields[i], LW_SAY_CONTEXT[0]) + 1, name) == 0)
            return lw_say(fields[i]);
    }
    return name;
}

const char *history_label(const struct history *history, const struct history_target *target,
                          const struct lw_field *field)
{
    static const struct {
        const char *name, *label;
    } labels[] = {
        {"ref", N_("reference")},
        {"when_text", N_("when, as written")},
        {"noticed_text", N_("noticed, as written")},
        {"place_text", N_("place, as written")},
        {"date_text", N_("date, as written")},
        {"owner_text", N_("owner, as written")},
        {"extent", N_("meant as")},
        {"duration_min", N_("lasted at least")},
        {"duration_max", N_("lasted at most")},
        {"duration_text", N_("lasted, as written")},
        {"parent", N_("part of")},
        {"recorded_at", N_("recorded")},
        {"recorded_by", N_("recorded by")},
        {"code_name", N_("code name")},
        {"count_min", N_("at least")},
        {"count_max", N_("at most")},
        {"count_text", N_("how many, as written")},
        {"min", N_("at least")},
        {"max", N_("at most")},
        {"end_state", N_("at the end")},
        {"received_how", N_("received by")},
        {"taken_by", N_("taken by")},
        {"receipt_number", N_("receipt number")},
        {"done_at", N_("done at")},
    };
    const struct lw_kind *kind;
    const struct lw_question *question;

    if (target->type == LW_RECORD_FIELD && strcmp(field->name, "text") == 0 &&
        target->kind != NULL) {
        const char *key = lw_record_text(&target->first, "key");

        kind = lw_forms_kind(lw_journal_forms(history->journal), target->kind);
        question = kind == NULL || key == NULL ? NULL : lw_kind_question(kind, key);
        if (question != NULL)
            return lw_label_say(lw_journal_forms(history->journal), &question->label);
    }
    for (size_t i = 0; i < LW_COUNT_OF(labels); i++) {
        if (strcmp(labels[i].name, field->name) == 0)
            return _(labels[i].label);
    }
    return field_say(field->name);
}

bool history_hides(const struct history_target *target, const struct lw_field *field)
{
    return target->hidden && lw_shown_tells(target->type, field->name);
}

/* The short name of what is referred to. */
static enum lw_status say_ref(const struct history *history, enum lw_record_type type,
                              const uint8_t *id, struct lw_buf *out)
{
    struct lw_record other;
    enum lw_status status = lw_record_get(history->journal, type, id, &other, NULL);

    if (status == LW_NOT_FOUND)
        return lw_buf_says(out, "a record that is not there");
    if (status != LW_OK)
        return lw_fail(history->err, status, "%s", lw_status_message(status));
    if (type == LW_RECORD_PARTY || type == LW_RECORD_PLACE || type == LW_RECORD_INCIDENT)
        status = lw_shown_name(history->journal, &other, out, history->err);
    else
        status = lw_record_called(history->journal, &other, out, history->err);
    lw_record_clear(&other);
    return status;
}

static enum lw_status say_when(const char *text, struct lw_buf *out)
{
    struct lw_when when;

    if (lw_when_parse(text, strlen(text), &when, NULL) == LW_OK)
        return lw_when_say(&when, out);
    return lw_buf_adds(out, text);
}

static enum lw_status say_text(const struct history *history, const struct history_target *target,
                               const struct lw_field *field, const char *text, struct lw_buf *out)
{
    const struct lw_forms *forms = lw_journal_forms(history->journal);
    const struct lw_kind *kind = NULL;
    const struct lw_question *question = NULL;
    const char *key;

    if (target->type == LW_RECORD_ENTRY && strcmp(field->name, "kind") == 0)
        return lw_buf_adds(out, lw_kind_label(forms, text));
    if (target->type != LW_RECORD_FIELD || strcmp(field->name, "text") != 0)
        return lw_buf_adds(out, text);
    key = lw_record_text(&target->first, "key");
    if (target->kind != NULL)
        kind = lw_forms_kind(forms, target->kind);
    if (kind != NULL && key != NULL)
        question = lw_kind_question(kind, key);
    if (question != NULL && question->type == LW_QUESTION_DATE)
        return say_when(text, out);
    return lw_buf_adds(out, lw_answer_word(forms, question, text));
}

static enum lw_status say_number(const struct lw_field *field, int64_t number, struct lw_buf *out)
{
    if (strncmp(field->name, "duration_", 9) == 0)
        return lw_buf_sayf(out, "%lld min", (long long)number);
    if (strcmp(field->name, "precision") == 0)
        return lw_buf_addf(out, "%lld m", (long long)number);
    return lw_buf_addf(out, "%lld", (long long)number);
}

enum lw_status history_value(const struct history *history, const struct lw_clock *clock,
                             const struct history_target *target, const struct lw_field *field,
                             const struct lw_value *value, struct lw_buf *out)
{
    if (!value->set)
        return LW_OK;
    if (history_hides(target, field))
        return lw_buf_says(out, "(protected)");
    switch (field->kind) {
    case LW_FIELD_TEXT:
        return say_text(history, target, field, value->text, out);
    case LW_FIELD_WHEN:
        return say_when(value->text, out);
    case LW_FIELD_WORD:
        if (target->type == LW_RECORD_PARTICIPATION && strcmp(field->name, "role") == 0)
            return lw_buf_adds(out, lw_role_label(value->text));
        return lw_buf_adds(out, lw_word_say(value->text));
    case LW_FIELD_INT:
        return say_number(field, value->number, out);
    case LW_FIELD_BOOL:
        return lw_buf_says(out, value->number != 0 ? "yes" : "no");
    case LW_FIELD_TIME:
        return lw_instant_say(clock, value->number, out);
    case LW_FIELD_REF:
        return say_ref(history, field->ref, value->bytes, out);
    default:
        return lw_value_json(field, value, out);
    }
}
