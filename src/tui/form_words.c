/* Words that stand for themselves in a record ("seized"): what a form shows and takes for them. */
#include "complete.h"
#include "form.h"

#include <string.h>

static bool is_role(const struct lw_field *field)
{
    return strcmp(field->name, "role") == 0;
}

static const struct lw_forms *forms_of(const struct lw_form *form)
{
    return lw_journal_forms(form->journal);
}

const char *lw_form_word_say(const struct lw_form *form, const struct lw_field *field,
                             const char *word)
{
    return is_role(field) ? lw_role_word(word, lw_forms_language(forms_of(form)))
                          : lw_word_say(word);
}

const char *lw_form_word_find(const struct lw_field *field, const char *text, size_t len)
{
    for (size_t i = 0; field->words[i] != NULL; i++) {
        if (lw_words_equal(text, len, field->words[i]) ||
            lw_words_equal(text, len, lw_word_say(field->words[i])))
            return field->words[i];
    }
    return is_role(field) ? lw_role_find(text, len) : NULL;
}

enum lw_status lw_form_words_list(const struct lw_form *form, const struct lw_field *field,
                                  struct lw_buf *out)
{
    enum lw_status status = lw_buf_says(out, "one of ");

    for (size_t i = 0; field->words[i] != NULL && status == LW_OK; i++)
        status = lw_buf_addf(out, "%s%s", i > 0 ? ", " : "",
                             lw_form_word_say(form, field, field->words[i]));
    return status == LW_OK && !field->required ? lw_buf_says(out, ", or empty") : status;
}

enum lw_status lw_form_words_complete(const struct lw_form *form, const struct lw_field *field,
                                      const char *typed, size_t len,
                                      struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_complete_form plain = {.before = ""};
    enum lw_status status = LW_OK;

    if (is_role(field))
        return lw_complete_roles(forms_of(form), typed, len, &plain, choices, err);
    for (size_t i = 0; field->words[i] != NULL && status == LW_OK; i++) {
        const char *said = lw_form_word_say(form, field, field->words[i]);

        status = lw_complete_word(said, typed, len, &plain, choices, err);
        /* as it is recorded once a letter of that is typed */
        if (status == LW_OK && len > 0 && !lw_words_equal(said, strlen(said), field->words[i]))
            status = lw_complete_word(field->words[i], typed, len, &plain, choices, err);
    }
    return status;
}
