/* One entry of a register, or one item, put together from the records that belong to it. */
#include "register.h"

#include <stdlib.h>
#include <string.h>

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "out of memory");
}

/* ---- parts ------------------------------------------------------------------------------------
 */

/* "By" may be known from a role and from an answer: once is enough. */
static bool is_there(const struct lw_sheet_part *part, const char *text, const char *note)
{
    for (size_t i = 0; i < part->count; i++) {
        const char *other = part->value[i].note;

        if (strcmp(part->value[i].text, text) == 0 &&
            (note == NULL || (other != NULL && strcmp(note, other) == 0)))
            return true;
    }
    return false;
}

enum lw_status part_add(struct lw_sheet_part *part, const char *text, const char *note)
{
    struct lw_sheet_value *grown;
    struct lw_sheet_value value = {.text = NULL};

    if (text == NULL || text[0] == '\0' || is_there(part, text, note))
        return LW_OK;
    grown = realloc(part->value, (part->count + 1) * sizeof *grown); /* pointers only */
    if (grown == NULL)
        return LW_NO_MEMORY;
    part->value = grown;
    value.text = lw_text_copy(text, strlen(text));
    value.note = note != NULL ? lw_text_copy(note, strlen(note)) : NULL;
    if (value.text == NULL || (note != NULL && value.note == NULL)) {
        lw_text_free(value.text);
        lw_text_free(value.note);
        return LW_NO_MEMORY;
    }
    part->value[part->count++] = value;
    return LW_OK;
}

static const char *label_of(struct lw_journal *journal, const char *kind,
                            const struct part_source *source)
{
    const struct lw_forms *forms = lw_journal_forms(journal);
    const struct lw_kind *known = kind != NULL ? lw_forms_kind(forms, kind) : NULL;
    bool asked = known != NULL && source->field[0] != NULL && source->role[0] == NULL;
    const struct lw_question *question = asked ? lw_kind_question(known, source->field[0]) : NULL;
    const char *label = question != NULL ? lw_label_say(forms, &question->label) : NULL;

    return label != NULL ? label : _(source->label);
}

void sheet_start(struct lw_journal *journal, enum lw_register which, const char *kind,
                 struct lw_sheet *sheet)
{
    const struct register_info *info = &register_infos[which];

    sheet->which = which;
    sheet->part_count = info->count;
    for (size_t i = 0; i < info->count; i++)
        sheet->part[i] = (struct lw_sheet_part){.name = info->source[i].name,
                                                .label = label_of(journal, kind, &info->source[i])};
}

void sheet_clear(struct lw_sheet *sheet)
{
    for (size_t i = 0; i < sheet->part_count; i++) {
        for (size_t k = 0; k < sheet->part[i].count; k++) {
            lw_text_free(sheet->part[i].value[k].text);
            lw_text_free(sheet->part[i].value[k].note);
        }
        free(sheet->part[i].value);
    }
    sheet->part_count = 0;
}

/* ---- answers ----------------------------------------------------------------------------------
 */

struct filling {
    struct lw_journal *journal;
    struct lw_sheet *sheet;
    const struct lw_kind *kind; /* of the entry, or NULL */
    struct lw_tally taken;
};

static enum lw_status say_when(const char *text, struct lw_buf *out)
{
    struct lw_when when;

    if (lw_when_parse(text, strlen(text), &when, NULL) == LW_OK)
        return lw_when_say(&when, out);
    return lw_buf_adds(out, text);
}

enum lw_status sheet_say_field(struct lw_journal *journal, const struct lw_question *question,
                               const struct lw_record *field, struct lw_buf *out,
                               struct lw_error *err)
{
    const struct lw_forms *forms = lw_journal_forms(journal);
    struct lw_figure figure = lw_figure_of(field, "min", "max");
    const char *text = lw_record_text(field, "text");
    enum lw_status status = lw_answer_name(journal, field, out, err);

    if (status != LW_OK)
        return status;
    if (out->len == 0)
        status = lw_figure_write(lw_forms_language(forms), &figure, out);
    if (status == LW_OK && text != NULL && out->len > 0)
        status = lw_buf_addf(out, ", \"%s\"", text);
    else if (status == LW_OK && text != NULL && question != NULL &&
             question->type == LW_QUESTION_DATE)
        status = say_when(text, out);
    else if (status == LW_OK && text != NULL)
        status = lw_buf_adds(out, lw_answer_word(forms, question, text));
    return status == LW_OK ? LW_OK : no_memory(err);
}

static bool is_of(const char *const *list, size_t count, const char *word)
{
    for (size_t i = 0; i < count && list[i] != NULL; i++) {
        if (strcmp(list[i], word) == 0)
            return true;
    }
    return false;
}

static enum lw_status visit_field(void *context, const struct lw_record *field,
                                  struct lw_error *err)
{
    struct filling *filling = context;
    const struct part_source *source = register_infos[filling->sheet->which].source;
    const char *key = lw_record_text(field, "key");
    const struct lw_question *question =
        filling->kind != NULL ? lw_kind_question(filling->kind, key) : NULL;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < filling->sheet->part_count && status == LW_OK; i++) {
        struct lw_buf text = LW_BUF_INIT;

        if (!is_of(source[i].field, LW_COUNT_OF(source[i].field), key))
            continue;
        status = sheet_say_field(filling->journal, question, field, &text, err);
        if (status == LW_OK && part_add(&filling->sheet->part[i], lw_buf_text(&text),
                                        lw_record_text(field, "note")) != LW_OK)
            status = no_memory(err);
        lw_buf_free(&text);
    }
    return status;
}

/* ---- people -----------------------------------------------------------------------------------
 */

static enum lw_status say_party(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                struct lw_buf *out, struct lw_error *err)
{
    struct lw_record party;
    enum lw_status status = lw_same_get(journal, LW_RECORD_PARTY, id, &party, err);

    if (status != LW_OK)
        return status;
    status = lw_shown_name(journal, &party, out, err);
    lw_record_clear(&party);
    return status;
}

/* Everything that qualifies somebody's part: a hedge is never lost on the way to a list. */
static enum lw_status say_beside(const struct lw_record *participation, struct lw_buf *out)
{
    static const char *const fields[] = {"hedge", "degree", "count_text", "end_state", "note"};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(fields) && status == LW_OK; i++) {
        const char *text = lw_record_text(participation, fields[i]);

        if (text != NULL)
            status = lw_buf_addf(out, "%s%s", out->len > 0 ? "; " : "", text);
    }
    return status;
}

static enum lw_status add_party(struct filling *filling, struct lw_sheet_part *part,
                                const struct lw_record *participation, struct lw_error *err)
{
    struct lw_buf name = LW_BUF_INIT, beside = LW_BUF_INIT;
    enum lw_status status =
        say_party(filling->journal, lw_record_value(participation, "party")->bytes, &name, err);

    if (status == LW_OK && say_beside(participation, &beside) != LW_OK)
        status = no_memory(err);
    if (status == LW_OK &&
        part_add(part, lw_buf_text(&name), beside.len > 0 ? beside.data : NULL) != LW_OK)
        status = no_memory(err);
    lw_buf_free(&name);
    lw_buf_free(&beside);
    return status;
}

static enum lw_status visit_participation(void *context, const struct lw_record *participation,
                                          struct lw_error *err)
{
    struct filling *filling = context;
    const struct part_source *source = register_infos[filling->sheet->which].source;
    const char *role = lw_record_text(participation, "role");
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < filling->sheet->part_count && status == LW_OK; i++) {
        if (is_of(source[i].role, LW_COUNT_OF(source[i].role), role))
            status = add_party(filling, &filling->sheet->part[i], participation, err);
    }
    return status;
}

/* ---- accounts, duration, items ----------------------------------------------------------------
 */

static struct lw_sheet_part *part_from(const struct filling *filling, int from)
{
    const struct part_source *source = register_infos[filling->sheet->which].source;

    for (size_t i = 0; i < filling->sheet->part_count; i++) {
        if ((int)source[i].from == from)
            return &filling->sheet->part[i];
    }
    return NULL;
}

static enum lw_status visit_account(void *context, const struct lw_record *account,
                                    struct lw_error *err)
{
    struct filling *filling = context;
    const char *via = lw_record_text(account, "via");
    struct lw_buf note = LW_BUF_INIT;
    struct lw_record source;
    enum lw_status status = lw_same_get(filling->journal, LW_RECORD_SOURCE,
                                        lw_record_value(account, "source")->bytes, &source, err);

    if (status != LW_OK)
        return status;
    if (via != NULL)
        status = lw_buf_sayf(&note, "via %s", via);
    if (status == LW_OK)
        status = part_add(part_from(filling, PART_ACCOUNTS), lw_record_text(&source, "ref"),
                          via != NULL ? note.data : NULL);
    lw_buf_free(&note);
    lw_record_clear(&source);
    return status == LW_OK ? LW_OK : no_memory(err);
}

static enum lw_status fill_duration(struct filling *filling, struct lw_error *err)
{
    struct lw_sheet_part *part = part_from(filling, PART_DURATION);
    struct lw_buf text = LW_BUF_INIT;
    struct lw_record entry;
    struct lw_figure minutes;
    enum lw_status status;

    if (part == NULL)
        return LW_OK;
    status = lw_record_get(filling->journal, LW_RECORD_ENTRY, filling->sheet->row->id, &entry, err);
    if (status != LW_OK)
        return status;
    minutes = lw_figure_of(&entry, "duration_min", "duration_max");
    status = part_add(part, lw_record_text(&entry, "duration_text"), NULL);
    if (status == LW_OK && (minutes.has_min || minutes.has_max)) {
        status = lw_figure_write(lw_say_russian() ? LW_RUSSIAN : LW_ENGLISH, &minutes, &text);
        if (status == LW_OK)
            status = lw_buf_says(&text, " min");
        if (status == LW_OK)
            status = part_add(part, lw_buf_text(&text), NULL);
    }
    lw_buf_free(&text);
    lw_record_clear(&entry);
    return status == LW_OK ? LW_OK : no_memory(err);
}

static enum lw_status visit_taken(void *context, const struct lw_record *item, struct lw_error *err)
{
    struct filling *filling = context;
    struct lw_figure figure = lw_figure_of(item, "count_min", "count_max");

    (void)err;
    if (strcmp(lw_record_text(item, "kind"), "seized") == 0)
        lw_tally_add(&filling->taken, &figure);
    return LW_OK;
}

static enum lw_status fill_taken(struct filling *filling, struct lw_error *err)
{
    struct lw_sheet_part *part = part_from(filling, PART_TAKEN);
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status;

    if (part == NULL)
        return LW_OK;
    status = lw_record_each(filling->journal, LW_RECORD_ITEM, "entry", filling->sheet->row->id,
                            visit_taken, filling, err);
    if (status == LW_OK && filling->taken.lines > 0 &&
        (lw_tally_say(&filling->taken, &text) != LW_OK ||
         part_add(part, lw_buf_text(&text), NULL) != LW_OK))
        status = no_memory(err);
    lw_buf_free(&text);
    return status;
}

/* ---- one item ---------------------------------------------------------------------------------
 */

static enum lw_status say_item_field(struct filling *filling, const struct lw_record *item,
                                     const char *name, struct lw_buf *out, struct lw_error *err)
{
    int at = lw_field_find(LW_RECORD_ITEM, name);
    const struct lw_value *value = lw_record_value(item, name);
    enum lw_status status;

    if (value == NULL)
        return LW_OK;
    switch (lw_record_infos[LW_RECORD_ITEM].fields[at].kind) {
    case LW_FIELD_REF:
        return say_party(filling->journal, value->bytes, out, err);
    case LW_FIELD_WHEN:
        status = say_when(value->text, out);
        break;
    default:
        status = lw_buf_adds(out, value->text);
        break;
    }
    return status == LW_OK ? LW_OK : no_memory(err);
}

static enum lw_status say_item_part(struct filling *filling, const struct part_source *source,
                                    const struct lw_record *item, struct lw_buf *out,
                                    struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (source->from == PART_COUNT) {
        status = lw_figure_write(lw_say_russian() ? LW_RUSSIAN : LW_ENGLISH,
                                 &filling->sheet->figure, out);
        return status == LW_OK ? LW_OK : no_memory(err);
    }
    if (source->from == PART_OWNER) {
        status = say_item_field(filling, item, "owner", out, err);
        if (status == LW_OK && out->len == 0)
            status = say_item_field(filling, item, "owner_text", out, err);
        return status;
    }
    return source->item != NULL ? say_item_field(filling, item, source->item, out, err) : LW_OK;
}

static enum lw_status fill_item(struct filling *filling, const struct lw_record *item,
                                struct lw_error *err)
{
    const struct part_source *source = register_infos[LW_REGISTER_ITEMS].source;
    enum lw_status status = LW_OK;

    filling->sheet->figure = lw_figure_of(item, "count_min", "count_max");
    for (size_t i = 0; i < filling->sheet->part_count && status == LW_OK; i++) {
        struct lw_buf text = LW_BUF_INIT;

        status = say_item_part(filling, &source[i], item, &text, err);
        if (status == LW_OK &&
            part_add(&filling->sheet->part[i], lw_buf_text(&text), NULL) != LW_OK)
            status = no_memory(err);
        lw_buf_free(&text);
    }
    return status;
}

/* ---- all of it --------------------------------------------------------------------------------
 */

static enum lw_status fill_entry(struct filling *filling, struct lw_error *err)
{
    struct lw_journal *journal = filling->journal;
    const uint8_t *id = filling->sheet->row->id;
    struct lw_sheet_part *place = part_from(filling, PART_PLACE);
    enum lw_status status =
        lw_record_each(journal, LW_RECORD_FIELD, "entry", id, visit_field, filling, err);

    if (status == LW_OK)
        status = lw_record_each(journal, LW_RECORD_PARTICIPATION, "entry", id, visit_participation,
                                filling, err);
    if (status == LW_OK && part_from(filling, PART_ACCOUNTS) != NULL)
        status =
            lw_record_each(journal, LW_RECORD_ACCOUNT, "entry", id, visit_account, filling, err);
    if (status == LW_OK && place != NULL && place->count == 0 &&
        part_add(place, filling->sheet->row->place, NULL) != LW_OK)
        status = no_memory(err);
    if (status == LW_OK)
        status = fill_duration(filling, err);
    return status == LW_OK ? fill_taken(filling, err) : status;
}

static enum lw_status fill_open(struct filling *filling, struct lw_error *err)
{
    struct lw_sheet *sheet = filling->sheet;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = days_open_load(filling->journal, sheet->row, sheet->open.day,
                                           &sheet->open, part_from(filling, PART_REPLIES), err);

    if (status == LW_OK &&
        (lw_days_open_say(&sheet->open, &text) != LW_OK ||
         part_add(part_from(filling, PART_OPEN), lw_buf_text(&text), NULL) != LW_OK))
        status = no_memory(err);
    lw_buf_free(&text);
    return status;
}

enum lw_status sheet_fill(struct lw_journal *journal, struct lw_sheet *sheet,
                          const struct lw_record *item, struct lw_error *err)
{
    struct filling filling = {.journal = journal, .sheet = sheet};
    struct lw_sheet_part *defects = part_from(&filling, PART_DEFECTS);
    enum lw_status status;

    if (sheet->row->kind != NULL)
        filling.kind = lw_forms_kind(lw_journal_forms(journal), sheet->row->kind);
    status = item != NULL ? fill_item(&filling, item, err) : fill_entry(&filling, err);
    if (status == LW_OK && defects != NULL)
        status =
            defects_add(journal, sheet->row->id, defects, part_from(&filling, PART_REASONS), err);
    if (status == LW_OK && sheet->which == LW_REGISTER_INTERVENTIONS)
        status = fill_open(&filling, err);
    return status;
}
