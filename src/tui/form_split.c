/* The form of the entry that another one is split into: a new entry that begins with what the old
 * one says, the parts that go to it, and what the old one keeps of its narrative. */
#include "form_record.h"
#include "journal_views.h"

#include <stdlib.h>
#include <string.h>

#define PARTS "split.parts" /* member of a draft: "account ID", one a line */

struct lw_form_split {
    struct lw_record from; /* the entry that is split, as it was when the form was opened */
    struct lw_part *part;
    size_t count;
};

static const struct lw_form_info why_info = {.key = "why",
                                             .label = "Why",
                                             .hint = "why is it split? both keep the reason",
                                             .limit = LW_FORM_LINE,
                                             .record = LW_RECORD_TYPE_COUNT,
                                             .named = LW_RECORD_TYPE_COUNT};

static enum lw_status no_memory(struct lw_error *err)
{
    return lw_fail(err, LW_NO_MEMORY, "no memory to split it; nothing was changed");
}

bool lw_form_split_chosen(const struct lw_form *form)
{
    return form->split != NULL && form->split->count > 0;
}

/* ---- parts ---- */

static enum lw_status set_parts(struct lw_form *form, const struct lw_part *part, size_t count,
                                struct lw_error *err)
{
    struct lw_part *own = calloc(count + 1, sizeof *own);

    if (own == NULL)
        return no_memory(err);
    if (count > 0)
        memcpy(own, part, count * sizeof *own);
    free(form->split->part);
    form->split->part = own;
    form->split->count = count;
    return LW_OK;
}

static enum lw_status compose(const struct lw_form *form, struct lw_buf *state)
{
    const struct lw_form_split *split = form->split;
    struct lw_buf lines = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < split->count && status == LW_OK; i++) {
        char id[2 * LW_RECORD_ID + 1];

        lw_hex_encode(split->part[i].id, LW_RECORD_ID, id);
        status = lw_buf_addf(&lines, "%s %s\n", lw_record_infos[split->part[i].type].table, id);
    }
    if (status == LW_OK && lines.len > 0)
        status = lw_flat_text(state, PARTS, lines.data, lines.len);
    lw_buf_free(&lines);
    return status;
}

/* False where that is no line of a part. */
static bool read_part(const char *line, size_t len, struct lw_part *out)
{
    size_t table = len - (size_t)2 * LW_RECORD_ID - 1;
    char name[32];
    int type;

    if (len < (size_t)2 * LW_RECORD_ID + 2 || table >= sizeof name || line[table] != ' ')
        return false;
    memcpy(name, line, table);
    name[table] = '\0';
    type = lw_record_type_by_table(name);
    if (type < 0 ||
        !lw_hex_decode(line + table + 1, (size_t)2 * LW_RECORD_ID, out->id, LW_RECORD_ID))
        return false;
    out->type = (enum lw_record_type)type;
    return true;
}

static enum lw_status read_parts(const char *text, struct lw_part **part, size_t *count,
                                 struct lw_error *err)
{
    size_t lines = 0;
    struct lw_part *list;

    for (const char *at = text; *at != '\0'; at++)
        lines += *at == '\n';
    list = calloc(lines + 1, sizeof *list);
    if (list == NULL)
        return no_memory(err);
    *count = 0;
    for (const char *at = text; lines > 0; lines--, at += strcspn(at, "\n") + 1)
        *count += read_part(at, strcspn(at, "\n"), &list[*count]);
    *part = list;
    return LW_OK;
}

static enum lw_status take(struct lw_form *form, const char *key, const char *text, size_t len,
                           struct lw_error *err)
{
    struct lw_part *part = NULL;
    size_t count = 0;
    enum lw_status status;

    if (strcmp(key, PARTS) != 0)
        return lw_form_take_own(form, key, text, len, err);
    status = read_parts(text, &part, &count, err);
    if (status == LW_OK)
        status = set_parts(form, part, count, err);
    free(part);
    return status;
}

/* ---- people who come along ---- */

static enum lw_status is_one(struct lw_journal *journal, const uint8_t a[LW_RECORD_ID],
                             const uint8_t b[LW_RECORD_ID], bool *one, struct lw_error *err)
{
    uint8_t root_a[LW_RECORD_ID], root_b[LW_RECORD_ID];
    enum lw_status status = lw_same_root(journal, LW_RECORD_PARTY, a, root_a, err);

    if (status == LW_OK)
        status = lw_same_root(journal, LW_RECORD_PARTY, b, root_b, err);
    if (status == LW_OK)
        *one = memcmp(root_a, root_b, LW_RECORD_ID) == 0;
    return status;
}

/* One that is not there any more is complained of when it is to move. */
static enum lw_status brings_part(struct lw_journal *journal, const struct lw_part *part,
                                  const uint8_t party[LW_RECORD_ID], const char *role, bool *brings,
                                  struct lw_error *err)
{
    struct lw_record record;
    enum lw_status status = lw_record_get(journal, part->type, part->id, &record, err);

    if (status != LW_OK)
        return status == LW_NOT_FOUND ? LW_OK : status;
    if (strcmp(lw_record_text(&record, "role"), role) == 0)
        status = is_one(journal, lw_record_value(&record, "party")->bytes, party, brings, err);
    lw_record_clear(&record);
    return status;
}

enum lw_status lw_form_split_brings(const struct lw_form *form, const uint8_t party[LW_RECORD_ID],
                                    const char *role, bool *brings, struct lw_error *err)
{
    const struct lw_form_split *split = form->split;
    enum lw_status status = LW_OK;

    *brings = false;
    for (size_t i = 0; split != NULL && i < split->count && status == LW_OK && !*brings; i++) {
        if (split->part[i].type == LW_RECORD_PARTICIPATION)
            status = brings_part(form->journal, &split->part[i], party, role, brings, err);
    }
    return status;
}

/* ---- saving ---- */

static void check(struct lw_form *form)
{
    lw_form_entry.check(form);
    if (!lw_form_filled(form, LW_FORM_WHY))
        lw_form_mark(form, LW_FORM_WHY, "say why it is split; both entries keep the reason");
}

/* What the old one keeps of its narrative. */
static enum lw_status put_remains(struct lw_form *form, struct lw_record *from,
                                  struct lw_error *err)
{
    const char *text = lw_form_text(form, LW_FORM_REMAINS);
    size_t len = lw_form_len(form, LW_FORM_REMAINS);

    if (!lw_form_changed(form, LW_FORM_REMAINS))
        return LW_OK;
    while (len > 0 && strchr(" \t\n", text[len - 1]) != NULL)
        len--;
    if (lw_record_set_text(from, "narrative", len > 0 ? text : NULL, len) != LW_OK)
        return no_memory(err);
    return lw_record_put(form->journal, from, lw_form_text(form, LW_FORM_WHY), err);
}

/* Once it is said that the old entry is no longer what was opened; then it is split as it is. */
static enum lw_status reread(struct lw_form *form, struct lw_record *from, struct lw_error *err)
{
    enum lw_status status =
        lw_record_get(form->journal, LW_RECORD_ENTRY, form->split->from.id, from, err);

    if (status != LW_OK || form->overwrite || lw_record_difference(from, &form->split->from) < 0)
        return status;
    lw_record_clear(from);
    form->overwrite = true;
    return lw_fail(err, LW_STALE,
                   "%s was changed by somebody else since this form was opened; save again to "
                   "split it as it is now",
                   lw_record_text(&form->split->from, "ref"));
}

static enum lw_status write(struct lw_form *form, char said[LW_FORM_SAID], struct lw_error *err)
{
    const struct lw_form_split *split = form->split;
    struct lw_record from;
    enum lw_status status = reread(form, &from, err);

    if (status != LW_OK)
        return status;
    status = lw_form_entry.write(form, said, err);
    if (status == LW_OK)
        status = put_remains(form, &from, err);
    if (status == LW_OK)
        status = lw_entry_split(form->journal, from.id, form->record.id, split->part, split->count,
                                lw_form_text(form, LW_FORM_WHY), err);
    lw_record_clear(&from);
    return status;
}

/* The list of parts has done its work; the new entry is shown. */
void lw_form_split_saved(struct lw_form *form, const char *said)
{
    struct lw_tui *tui = form->view.tui;
    struct lw_view *top = lw_tui_top(tui);
    struct lw_error err = {.status = LW_OK};

    if (top != NULL && top->ops->context == LW_IN_SPLIT)
        lw_tui_drop(tui, top);
    lw_tui_say(tui, "%s saved, split from %s", said, lw_record_text(&form->split->from, "ref"));
    if (lw_entry_show(tui, form->record.id, &err) != LW_OK)
        lw_tui_complain(tui, &err);
}

/* ---- opening ---- */

static enum lw_status title(const struct lw_form *form, struct lw_buf *out)
{
    size_t count = form->split->count;

    if (count == 0)
        return lw_buf_sayf(out, "Split %s: nothing goes",
                           lw_record_text(&form->split->from, "ref"));
    return lw_buf_addf(out,
                       lw_say_count("Split %s: %zu part goes", "Split %s: %zu parts go", count),
                       lw_record_text(&form->split->from, "ref"), count);
}

static enum lw_form_field_id subject(const struct lw_form *form)
{
    (void)form;
    return LW_FORM_TITLE;
}

static void clear(struct lw_form *form)
{
    if (form->split == NULL)
        return;
    lw_record_clear(&form->split->from);
    free(form->split->part);
    free(form->split);
    form->split = NULL;
}

static const struct lw_form_ops split_ops = {
    .subject = subject,
    .understand = lw_form_understand_entry,
    .complete = lw_form_complete,
    .check = check,
    .write = write,
    .arrange = lw_form_arrange,
    .arranges = LW_FORM_KIND,
    .compose = compose,
    .take = take,
    .title = title,
    .named = lw_form_entry_named,
    .clear = clear,
};

static enum lw_status give_text(struct lw_form *form, enum lw_form_field_id id,
                                struct lw_error *err)
{
    const char *text = lw_record_text(&form->split->from, lw_form_infos[id].key);

    if (text == NULL)
        return LW_OK;
    if (id == LW_FORM_KIND)
        text = lw_kind_label(lw_journal_forms(form->journal), text);
    return lw_form_give(form, id, text, strlen(text), err);
}

static enum lw_status give_named(struct lw_form *form, enum lw_form_field_id id,
                                 struct lw_error *err)
{
    const struct lw_value *value = lw_record_value(&form->split->from, lw_form_infos[id].key);

    return value == NULL ? LW_OK
                         : lw_form_give_name(form, id, lw_form_infos[id].named, value->bytes, err);
}

/* What the new entry begins with. A draft says it itself. */
static enum lw_status give(struct lw_form *form, struct lw_error *err)
{
    static const enum lw_form_field_id texts[] = {LW_FORM_KIND, LW_FORM_WHEN, LW_FORM_HEDGE,
                                                  LW_FORM_CONFIDENTIALITY, LW_FORM_NARRATIVE};
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(texts) && status == LW_OK; i++)
        status = give_text(form, texts[i], err);
    if (status == LW_OK)
        status = give_named(form, LW_FORM_PLACE, err);
    return status == LW_OK ? give_named(form, LW_FORM_INCIDENT, err) : status;
}

static enum lw_status load(struct lw_form *form, const uint8_t entry[LW_RECORD_ID],
                           struct lw_error *err)
{
    struct lw_form_split *split = calloc(1, sizeof *split);
    const char *narrative;
    enum lw_status status;

    if (split == NULL)
        return no_memory(err);
    lw_record_init(&split->from, LW_RECORD_ENTRY);
    form->split = split;
    status = lw_record_get(form->journal, LW_RECORD_ENTRY, entry, &split->from, err);
    if (status != LW_OK) {
        lw_record_init(&split->from, LW_RECORD_ENTRY);
        return status;
    }
    narrative = lw_record_text(&split->from, "narrative");
    return narrative == NULL
               ? LW_OK
               : lw_form_set(form, LW_FORM_REMAINS, narrative, strlen(narrative), err);
}

static enum lw_status make(struct lw_tui *tui, const uint8_t entry[LW_RECORD_ID],
                           struct lw_form **out, struct lw_error *err)
{
    struct lw_form *form = lw_form_make(tui, &split_ops, LW_RECORD_ENTRY);
    enum lw_status status;

    if (form == NULL) {
        lw_fail(err, LW_NO_MEMORY, "no memory to open the form");
        return LW_NO_MEMORY;
    }
    form->view.ops = &lw_form_split_view;
    form->autosave.draft.form = LW_SPLIT_DRAFT;
    form->autosave.draft.has_entry = true;
    memcpy(form->autosave.draft.entry, entry, LW_RECORD_ID);
    for (int field = 0; field < LW_FORM_FIELDS; field++)
        lw_form_field_init(form, (enum lw_form_field_id)field,
                           field == LW_FORM_WHY ? &why_info : &lw_form_infos[field]);
    status = load(form, entry, err);
    if (status != LW_OK) {
        lw_form_close(&form->view);
        return status;
    }
    *out = form;
    return LW_OK;
}

enum lw_status lw_split_open_draft(struct lw_tui *tui, const struct lw_draft *draft,
                                   struct lw_error *err)
{
    struct lw_form *form;
    enum lw_status status = make(tui, draft->entry, &form, err);

    return status == LW_OK ? lw_form_resume(form, draft, err) : status;
}

/* ---- a split that was left unfinished ---- */

struct looking {
    const uint8_t *entry;
    struct lw_tui *tui; /* to open it there; NULL: its parts are read */
    struct lw_split_kept kept;
};

static enum lw_status keep_parts(void *context, const char *key, const char *text, size_t len,
                                 int64_t number, struct lw_error *err)
{
    struct lw_split_kept *kept = context;

    (void)len;
    (void)number;
    if (text == NULL || strcmp(key, PARTS) != 0 || kept->part != NULL)
        return LW_OK;
    return read_parts(text, &kept->part, &kept->count, err);
}

static enum lw_status look(void *context, const struct lw_draft *draft, struct lw_error *err)
{
    struct looking *looking = context;

    if (looking->kept.found || strcmp(draft->form, LW_SPLIT_DRAFT) != 0 || !draft->has_entry ||
        memcmp(draft->entry, looking->entry, LW_RECORD_ID) != 0)
        return LW_OK;
    looking->kept.found = true;
    looking->kept.updated_ms = draft->updated_ms;
    if (looking->tui != NULL)
        return lw_split_open_draft(looking->tui, draft, err);
    return lw_flat_read(draft->state, draft->state_len, keep_parts, &looking->kept, err);
}

enum lw_status lw_split_kept(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                             struct lw_split_kept *out, struct lw_error *err)
{
    struct looking looking = {.entry = entry};
    enum lw_status status = lw_draft_each(journal, look, &looking, err);

    if (status != LW_OK) {
        free(looking.kept.part);
        return status;
    }
    *out = looking.kept;
    return LW_OK;
}

static enum lw_status show_new(struct lw_tui *tui, const uint8_t entry[LW_RECORD_ID],
                               struct lw_error *err)
{
    struct lw_form *form;
    enum lw_status status = make(tui, entry, &form, err);

    if (status != LW_OK)
        return status;
    status = give(form, err);
    if (status == LW_OK)
        status = lw_form_arrange(form, err);
    if (status == LW_OK)
        lw_tui_push(tui, &form->view);
    else
        lw_form_close(&form->view);
    return status;
}

enum lw_status lw_split_show(struct lw_tui *tui, const uint8_t entry[LW_RECORD_ID],
                             const struct lw_part *part, size_t count, struct lw_error *err)
{
    struct looking looking = {.entry = entry, .tui = tui};
    struct lw_form *form;
    enum lw_status status;

    if (lw_tui_is_read_only(tui))
        return lw_fail(err, LW_READ_ONLY, "this session only reads");
    status = lw_draft_each(lw_screen_journal(tui), look, &looking, err);
    if (status == LW_OK && !looking.kept.found)
        status = show_new(tui, entry, err);
    if (status != LW_OK)
        return status;
    form = (struct lw_form *)lw_tui_top(tui);
    status = set_parts(form, part, count, err);
    if (status != LW_OK)
        lw_tui_drop(tui, &form->view); /* nothing was typed, or the draft is kept as it was */
    else if (count > 0 || form->autosave.stored)
        lw_autosave_touch(&form->autosave);
    return status;
}
