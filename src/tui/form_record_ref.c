/* Fields that refer to another record: by its name, an entry by its reference, an account by entry
 * and source. */
#include "complete.h"
#include "form_record.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ENTRIES = 8, MOST_ACCOUNTS = 40, MOST_TITLE = 60 };

bool lw_record_is_named(enum lw_record_type type)
{
    return type == LW_RECORD_PARTY || type == LW_RECORD_PLACE || type == LW_RECORD_SOURCE ||
           type == LW_RECORD_INCIDENT;
}

/* ---- accounts ---- */

struct accounts {
    const uint8_t *source; /* only of this one; or NULL */
    uint8_t id[MOST_ACCOUNTS][LW_RECORD_ID];
    size_t count;
};

static enum lw_status note_account(void *context, const struct lw_record *record,
                                   struct lw_error *err)
{
    struct accounts *accounts = context;
    const struct lw_value *source = lw_record_value(record, "source");

    (void)err;
    if (accounts->count < MOST_ACCOUNTS && source != NULL &&
        (accounts->source == NULL || memcmp(source->bytes, accounts->source, LW_RECORD_ID) == 0))
        memcpy(accounts->id[accounts->count++], record->id, LW_RECORD_ID);
    return LW_OK;
}

/* The next word of a text. */
static size_t next_word(const char **text, size_t *len, char word[32])
{
    size_t used = 0;

    while (*len > 0 && **text == ' ') {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && **text != ' ') {
        if (used < 31)
            word[used++] = **text;
        (*text)++;
        (*len)--;
    }
    word[used] = '\0';
    return used;
}

static enum lw_status id_of_ref(struct lw_journal *journal, enum lw_record_type type,
                                const char *ref, uint8_t id[LW_RECORD_ID], bool *found,
                                struct lw_error *err)
{
    struct lw_error why = {.status = LW_OK};
    struct lw_record record;
    enum lw_status status =
        ref[0] != '\0' ? lw_record_by_ref(journal, type, ref, &record, &why) : LW_NOT_FOUND;

    *found = status == LW_OK;
    if (status == LW_NOT_FOUND)
        return LW_OK;
    if (status != LW_OK) {
        if (err != NULL)
            *err = why;
        return status;
    }
    memcpy(id, record.id, LW_RECORD_ID);
    lw_record_clear(&record);
    return LW_OK;
}

static enum lw_status find_account(struct lw_journal *journal, const char *text, size_t len,
                                   uint8_t id[LW_RECORD_ID], bool *found, struct lw_error *err)
{
    uint8_t entry[LW_RECORD_ID];
    uint8_t source[LW_RECORD_ID];
    struct accounts accounts = {.source = source};
    char word[32];
    uint64_t number = 1;
    bool whole;
    enum lw_status status;

    next_word(&text, &len, word);
    status = id_of_ref(journal, LW_RECORD_ENTRY, word, entry, found, err);
    if (status != LW_OK || !*found)
        return status;
    next_word(&text, &len, word);
    status = id_of_ref(journal, LW_RECORD_SOURCE, word, source, found, err);
    if (status != LW_OK || !*found)
        return status;
    whole = next_word(&text, &len, word) == 0 ||
            (lw_parse_u64(word, strlen(word), MOST_ACCOUNTS, &number) && number > 0);
    *found = false;
    status =
        lw_record_each(journal, LW_RECORD_ACCOUNT, "entry", entry, note_account, &accounts, err);
    if (status != LW_OK || !whole || next_word(&text, &len, word) > 0 || number > accounts.count)
        return status;
    memcpy(id, accounts.id[number - 1], LW_RECORD_ID);
    *found = true;
    return LW_OK;
}

static enum lw_status name_account(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                   struct lw_buf *out, struct lw_error *err)
{
    struct lw_record account;
    struct lw_record entry = {.type = LW_RECORD_ENTRY};
    struct lw_record source = {.type = LW_RECORD_SOURCE};
    struct accounts accounts = {.count = 0};
    size_t at = 0;
    enum lw_status status = lw_record_get(journal, LW_RECORD_ACCOUNT, id, &account, err);

    if (status != LW_OK)
        return status;
    accounts.source = lw_record_value(&account, "source")->bytes;
    status = lw_record_get(journal, LW_RECORD_ENTRY, lw_record_value(&account, "entry")->bytes,
                           &entry, err);
    if (status == LW_OK)
        status = lw_record_get(journal, LW_RECORD_SOURCE, accounts.source, &source, err);
    if (status == LW_OK)
        status = lw_record_each(journal, LW_RECORD_ACCOUNT, "entry", entry.id, note_account,
                                &accounts, err);
    while (at < accounts.count && memcmp(accounts.id[at], id, LW_RECORD_ID) != 0)
        at++;
    if (status == LW_OK)
        status = lw_buf_addf(out, "%s %s", lw_record_text(&entry, "ref"),
                             lw_record_text(&source, "ref"));
    if (status == LW_OK && at > 0)
        status = lw_buf_addf(out, " %zu", at + 1);
    lw_record_clear(&source);
    lw_record_clear(&entry);
    lw_record_clear(&account);
    return status;
}

/* ---- any record ---- */

enum lw_status lw_record_find(struct lw_journal *journal, enum lw_record_type type,
                              const char *text, size_t len, uint8_t id[LW_RECORD_ID], bool *found,
                              struct lw_error *err)
{
    char word[32];

    *found = false;
    if (lw_record_is_named(type))
        return lw_named_find(journal, type, text, len, id, found, err);
    if (type == LW_RECORD_ACCOUNT)
        return find_account(journal, text, len, id, found, err);
    if (type != LW_RECORD_ENTRY)
        return lw_fail(err, LW_INTERNAL, "a record of that type is not referred to");
    next_word(&text, &len, word);
    if (len > 0 && strspn(text, " ") < len)
        return LW_OK;
    return id_of_ref(journal, type, word, id, found, err);
}

enum lw_status lw_record_name(struct lw_journal *journal, enum lw_record_type type,
                              const uint8_t id[LW_RECORD_ID], struct lw_buf *out,
                              struct lw_error *err)
{
    uint8_t found_id[LW_RECORD_ID];
    struct lw_record record;
    struct lw_buf name = LW_BUF_INIT;
    bool found = false;
    enum lw_status status;

    if (type == LW_RECORD_ACCOUNT)
        return name_account(journal, id, out, err);
    status = lw_same_get(journal, type, id, &record, err);
    if (status != LW_OK)
        return status;
    if (type == LW_RECORD_ENTRY)
        status = lw_buf_adds(&name, lw_record_text(&record, "ref"));
    else
        status = lw_shown_name(journal, &record, &name, err);
    if (status == LW_OK && type == LW_RECORD_SOURCE) /* its title may be another one's as well */
        status = lw_named_find(journal, type, lw_buf_text(&name), name.len, found_id, &found, err);
    if (status == LW_OK && type == LW_RECORD_SOURCE &&
        (!found || memcmp(found_id, record.id, LW_RECORD_ID) != 0))
        status = lw_buf_adds(out, lw_record_text(&record, "ref"));
    else if (status == LW_OK)
        status = lw_buf_add(out, lw_buf_text(&name), name.len);
    lw_buf_free(&name);
    lw_record_clear(&record);
    return status;
}

/* ---- what is understood ---- */

static enum lw_form_tone so(enum lw_form_tone tone, enum lw_status status)
{
    return status == LW_OK ? tone : LW_FORM_SILENT;
}

static enum lw_form_tone say_entry(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                   struct lw_buf *out)
{
    struct lw_record record;
    enum lw_status status = lw_record_get(journal, LW_RECORD_ENTRY, id, &record, NULL);

    if (status != LW_OK)
        return LW_FORM_SILENT;
    status = lw_buf_adds(out, lw_record_text(&record, "title"));
    lw_record_clear(&record);
    return so(LW_FORM_KNOWN, status);
}

static enum lw_form_tone say_account(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                     struct lw_buf *out)
{
    static const char *const texts[] = {"quote", "summary", "translation", "note"};
    struct lw_record account;
    const char *text = NULL;
    enum lw_status status = lw_record_get(journal, LW_RECORD_ACCOUNT, id, &account, NULL);

    if (status != LW_OK)
        return LW_FORM_SILENT;
    for (size_t i = 0; i < LW_COUNT_OF(texts) && text == NULL; i++)
        text = lw_record_text(&account, texts[i]);
    if (text == NULL)
        text = _("an account without words");
    status = lw_buf_add(out, text, lw_utf8_fit(text, strlen(text), 2 * MOST_TITLE));
    lw_record_clear(&account);
    return so(LW_FORM_KNOWN, status);
}

enum lw_form_tone lw_record_understand_ref(struct lw_form *form, const struct lw_field *field,
                                           enum lw_form_field_id id, struct lw_buf *out)
{
    const char *text = lw_form_text(form, id);
    size_t len = lw_form_len(form, id);
    const struct lw_value *kept = lw_record_value(&form->record, field->name);
    uint8_t found_id[LW_RECORD_ID];
    bool found = kept != NULL && !lw_form_changed(form, id);

    if (found)
        memcpy(found_id, kept->bytes, LW_RECORD_ID);
    if (lw_record_is_named(field->ref))
        return found ? LW_FORM_SILENT : lw_form_understand_name(form, field->ref, text, len, out);
    if (!found &&
        lw_record_find(form->journal, field->ref, text, len, found_id, &found, NULL) != LW_OK)
        return LW_FORM_SILENT;
    if (!found)
        return so(LW_FORM_WRONG,
                  field->ref == LW_RECORD_ENTRY
                      ? lw_buf_says(out, "there is no such entry; its reference, such as E11")
                      : lw_buf_says(out, "there is no such account; entry and source, such as "
                                         "E11 S1"));
    return field->ref == LW_RECORD_ENTRY ? say_entry(form->journal, found_id, out)
                                         : say_account(form->journal, found_id, out);
}

/* ---- completion ---- */

static enum lw_status offer_entry(void *context, const struct lw_row *row, struct lw_error *err)
{
    enum lw_status status = lw_field_offer(context, row->ref, strlen(row->ref));

    return status == LW_OK ? LW_OK : lw_fail(err, status, "no memory to complete this");
}

enum lw_status lw_record_complete_entry(struct lw_journal *journal, const char *typed, size_t len,
                                        struct lw_field_choices *choices, struct lw_error *err)
{
    uint8_t id[LW_RECORD_ID];
    bool found = false;
    bool more;
    enum lw_status status = lw_record_find(journal, LW_RECORD_ENTRY, typed, len, id, &found, err);

    if (status != LW_OK || found || strspn(typed, " ") >= len)
        return status;
    status = lw_search_some(journal, typed, len, MOST_ENTRIES, offer_entry, choices, &more, err);
    return status == LW_BAD_DATA ? LW_OK : status;
}

static enum lw_status complete_account(struct lw_journal *journal, const char *typed, size_t len,
                                       struct lw_field_choices *choices, struct lw_error *err)
{
    struct accounts *accounts = NULL;
    const char *rest = typed;
    size_t left = len;
    uint8_t entry[LW_RECORD_ID];
    char word[32] = "";
    bool found = false;
    enum lw_status status;

    next_word(&rest, &left, word);
    status = lw_record_find(journal, LW_RECORD_ENTRY, word, strlen(word), entry, &found, err);
    if (status != LW_OK)
        return status;
    if (!found)
        return lw_record_complete_entry(journal, typed, len, choices, err);
    accounts = calloc(1, sizeof *accounts);
    if (accounts == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory to complete this");
    status =
        lw_record_each(journal, LW_RECORD_ACCOUNT, "entry", entry, note_account, accounts, err);
    for (size_t i = 0; i < accounts->count && status == LW_OK; i++) {
        struct lw_buf name = LW_BUF_INIT;

        status = name_account(journal, accounts->id[i], &name, err);
        if (status == LW_OK && name.len >= len && memcmp(name.data, typed, len) == 0)
            status = lw_field_offer(choices, name.data, name.len);
        lw_buf_free(&name);
    }
    free(accounts);
    return status;
}

static enum lw_status complete_words(const struct lw_form *form, const struct lw_field *field,
                                     const char *typed, size_t len,
                                     struct lw_field_choices *choices, struct lw_error *err)
{
    static const struct lw_question question = {.type = LW_QUESTION_YES_NO};
    static const char *const answers[] = {"yes", "no", "unknown"};
    const struct lw_complete_form plain = {.before = ""};
    size_t count = field->kind == LW_FIELD_BOOL ? 2 : LW_COUNT_OF(answers);
    enum lw_status status = LW_OK;

    if (field->kind != LW_FIELD_BOOL && !lw_record_is_tri(field))
        return lw_form_words_complete(form, field, typed, len, choices, err);
    for (size_t i = 0; i < count && status == LW_OK; i++) {
        const char *word = lw_answer_word(lw_journal_forms(form->journal), &question, answers[i]);

        status = lw_complete_word(word, typed, len, &plain, choices, err);
    }
    return status;
}

/* What was claimed about the entry of the account that stands there. */
static enum lw_status complete_fact(const struct lw_form *form, const char *typed, size_t len,
                                    struct lw_field_choices *choices, struct lw_error *err)
{
    enum lw_form_field_id at = lw_record_field_id(form, "account");
    uint8_t id[LW_RECORD_ID];
    struct lw_record account;
    bool found = false;
    enum lw_status status = lw_record_find(form->journal, LW_RECORD_ACCOUNT, lw_form_text(form, at),
                                           lw_form_len(form, at), id, &found, err);

    if (status != LW_OK || !found)
        return status;
    status = lw_record_get(form->journal, LW_RECORD_ACCOUNT, id, &account, err);
    if (status != LW_OK)
        return status;
    status = lw_complete_facts(form->journal, lw_record_value(&account, "entry")->bytes, typed, len,
                               choices, err);
    lw_record_clear(&account);
    return status;
}

enum lw_status lw_record_complete(void *context, const char *before, size_t len,
                                  struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_complete_form plain = {.before = ""};
    const struct lw_form_field *own = context;
    struct lw_journal *journal = own->form->journal;
    const struct lw_field *field = lw_record_field(own->form, own->id);

    choices->from = 0;
    if (field == NULL)
        return LW_OK;
    if (field->kind == LW_FIELD_WORD || field->kind == LW_FIELD_BOOL)
        return complete_words(own->form, field, before, len, choices, err);
    if (own->form->record.type == LW_RECORD_CLAIM && strcmp(field->name, "fact") == 0)
        return complete_fact(own->form, before, len, choices, err);
    if (field->kind != LW_FIELD_REF)
        return LW_OK;
    if (field->ref == LW_RECORD_ENTRY)
        return lw_record_complete_entry(journal, before, len, choices, err);
    if (field->ref == LW_RECORD_ACCOUNT)
        return complete_account(journal, before, len, choices, err);
    return lw_complete_named(journal, field->ref, before, len, &plain, choices, err);
}
