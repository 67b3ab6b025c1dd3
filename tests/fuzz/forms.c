/*
 * Files of forms: any bytes give kinds and warnings. Warnings name their lines in order; a kind
 * that came through is written and read back as the same; what counts in a file counts in the same
 * file with another kind at its end; and a text that a vault might keep is read as what it says or
 * not at all.
 */
#include "app.h"
#include "fuzz.h"

#define MORE "zz_fuzz_more"

struct told {
    unsigned last, count;
};

static void tell(void *context, const char *text)
{
    struct told *told = context;
    unsigned line = 0;

    MUST(lw_utf8_valid(text, strlen(text), NULL) && strchr(text, '\n') == NULL);
    MUST(sscanf(text, "f.ini:%u: ", &line) == 1 && line >= told->last);
    MUST(strlen(text) > strlen("f.ini:1: "));
    told->last = line;
    told->count++;
}

static struct lw_forms *parse(const char *text, size_t len, struct told *told)
{
    struct lw_forms *forms = lw_forms_new(NULL, LW_RUSSIAN);
    struct lw_error err = {.status = LW_OK};

    *told = (struct told){.count = 0};
    MUST(forms != NULL);
    MUST(lw_forms_parse("f.ini", text, len, LW_KIND_TEAM, tell, told, forms, &err) == LW_OK);
    return forms;
}

/* The words of a kind lead to it, or to one that shares them. */
static void judge_words(const struct lw_forms *forms, const struct lw_kind *kind)
{
    const char *label = lw_label_say(forms, &kind->label);

    MUST(lw_kind_find(forms, kind->name, strlen(kind->name)) == kind->name);
    MUST(label != NULL && lw_kind_find(forms, label, strlen(label)) != NULL);
    for (size_t i = 0; i < kind->word_count; i++)
        MUST(lw_kind_find(forms, kind->word[i], strlen(kind->word[i])) != NULL);
}

static void judge_question(const struct lw_question *question)
{
    MUST(question->type < LW_QUESTION_TYPE_COUNT && question->label.in[LW_ENGLISH] != NULL);
    MUST((question->type == LW_QUESTION_ITEMS) == (question->item != NULL));
    MUST((question->type == LW_QUESTION_CHOICE) == (question->choice_count[LW_ENGLISH] >= 2));
    MUST(question->choice_count[LW_RUSSIAN] == 0 ||
         question->choice_count[LW_RUSSIAN] == question->choice_count[LW_ENGLISH]);
    for (size_t i = 0; i < question->choice_count[LW_ENGLISH]; i++) {
        struct lw_error err = {.status = LW_OK};
        struct lw_answer answer;
        const char *word = question->choice[LW_ENGLISH][i];

        MUST(lw_answer_read(NULL, question, word, strlen(word), &lw_clock_system, &answer, &err) ==
             LW_OK);
        MUST(answer.text != NULL && strcmp(answer.text, word) == 0);
        lw_answer_clear(&answer);
    }
}

static void judge_kind(const struct lw_forms *forms, const struct lw_kind *kind)
{
    struct lw_buf text = LW_BUF_INIT, again = LW_BUF_INIT;
    struct lw_error err = {.status = LW_OK};
    struct lw_kind *copy = NULL;

    MUST(kind->origin == LW_KIND_TEAM && kind->label.in[LW_ENGLISH] != NULL);
    judge_words(forms, kind);
    for (size_t i = 0; i < kind->question_count; i++)
        judge_question(&kind->question[i]);
    MUST(lw_kind_write(kind, &text) == LW_OK);
    MUST(lw_kind_read(text.data, text.len, &copy, &err) == LW_OK);
    MUST(lw_kind_write(copy, &again) == LW_OK && strcmp(text.data, again.data) == 0);
    lw_kind_free(copy);
    lw_buf_free(&text);
    lw_buf_free(&again);
}

static void same_kind(const struct lw_kind *a, const struct lw_kind *b)
{
    struct lw_buf x = LW_BUF_INIT, y = LW_BUF_INIT;

    MUST(b != NULL && lw_kind_write(a, &x) == LW_OK && lw_kind_write(b, &y) == LW_OK);
    MUST(strcmp(x.data, y.data) == 0);
    lw_buf_free(&x);
    lw_buf_free(&y);
}

static void with_more(const char *text, size_t size, const struct lw_forms *forms)
{
    struct lw_buf longer = LW_BUF_INIT;
    struct lw_forms *other;
    struct told told;

    if (lw_forms_kind(forms, MORE) != NULL || memmem(text, size, MORE, strlen(MORE)) != NULL)
        return;
    MUST(lw_buf_add(&longer, text, size) == LW_OK);
    MUST(lw_buf_adds(&longer, "\n[" MORE "]\nlabel = zz fuzz more\n") == LW_OK);
    other = parse(longer.data, longer.len, &told);
    MUST(lw_forms_count(other) == lw_forms_count(forms) + 1);
    MUST(lw_forms_kind(other, MORE) != NULL);
    for (size_t i = 0; i < lw_forms_count(forms); i++)
        same_kind(lw_forms_at(forms, i), lw_forms_kind(other, lw_forms_at(forms, i)->name));
    lw_forms_free(other);
    lw_buf_free(&longer);
}

/* The same bytes as what a vault keeps: no longer text comes out than went in, and it stays itself.
 */
static void as_kept(const char *text, size_t size)
{
    struct lw_buf written = LW_BUF_INIT;
    struct lw_error err = {.status = LW_OK};
    struct lw_kind *kind = NULL;
    struct lw_kind *again = NULL;
    enum lw_status status = lw_kind_read(text, size, &kind, &err);

    MUST(status == LW_OK || (status == LW_BAD_DATA && err.text[0] != '\0'));
    if (status != LW_OK)
        return;
    MUST(lw_kind_write(kind, &written) == LW_OK);
    MUST(lw_kind_read(written.data, written.len, &again, &err) == LW_OK);
    same_kind(kind, again);
    lw_kind_free(kind);
    lw_kind_free(again);
    lw_buf_free(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct told told;
    struct lw_forms *forms = parse(text, size, &told);

    for (size_t i = 0; i < lw_forms_count(forms); i++)
        judge_kind(forms, lw_forms_at(forms, i));
    if (lw_forms_count(forms) < 255)
        with_more(text, size, forms);
    as_kept(text, size);
    lw_forms_free(forms);
    return 0;
}
