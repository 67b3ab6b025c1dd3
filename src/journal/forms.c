/* All kinds of entry that are known, and how one is found by what people write. */
#include "forms.h"

#include <stdlib.h>
#include <string.h>

/* A kind with all that it is found by, folded, each ended by a newline. */
struct known {
    const struct lw_kind *kind;
    struct lw_kind *own; /* NULL: it belongs to the forms below */
    struct lw_buf names;
};

struct lw_forms {
    enum lw_language language;
    struct known *list;
    size_t count;
};

enum lw_language lw_language_of(const char *locale)
{
    bool russian = strncmp(locale, "ru", 2) == 0 &&
                   (locale[2] == '\0' || locale[2] == '_' || locale[2] == '.' || locale[2] == '@');

    return russian ? LW_RUSSIAN : LW_ENGLISH;
}

/* ---- comparing ---- */

enum lw_status lw_kind_fold(const char *text, size_t len, struct lw_buf *out)
{
    size_t before = out->len;
    enum lw_status status;

    if (memchr(text, '\0', len) != NULL)
        return LW_BAD_DATA;
    status = lw_utf8_fold(text, len, out);
    for (size_t i = before; status == LW_OK && i < out->len; i++) {
        if (out->data[i] == '-' || out->data[i] == ' ')
            out->data[i] = '_';
    }
    return status;
}

bool lw_words_equal(const char *text, size_t len, const char *word)
{
    struct lw_buf a = LW_BUF_INIT, b = LW_BUF_INIT;
    bool same = lw_kind_fold(text, len, &a) == LW_OK &&
                lw_kind_fold(word, strlen(word), &b) == LW_OK && a.len > 0 &&
                strcmp(a.data, lw_buf_text(&b)) == 0;

    lw_buf_free(&a);
    lw_buf_free(&b);
    return same;
}

static enum lw_status add_name(struct known *known, const char *text)
{
    enum lw_status status = text == NULL ? LW_OK : lw_kind_fold(text, strlen(text), &known->names);

    return status == LW_OK && text != NULL ? lw_buf_addc(&known->names, '\n') : status;
}

static enum lw_status add_names(struct known *known)
{
    const struct lw_kind *kind = known->kind;
    enum lw_status status = add_name(known, kind->name);

    for (int language = 0; language < LW_LANGUAGES && status == LW_OK; language++)
        status = add_name(known, kind->label.in[language]);
    for (size_t i = 0; i < kind->word_count && status == LW_OK; i++)
        status = add_name(known, kind->word[i]);
    return status;
}

/* Which of its names, from 0; SIZE_MAX: none. */
static size_t rank_of(const struct known *known, const char *folded, size_t len)
{
    const char *at = lw_buf_text(&known->names);
    const char *end;

    for (size_t rank = 0; (end = strchr(at, '\n')) != NULL; at = end + 1, rank++) {
        if ((size_t)(end - at) == len && memcmp(at, folded, len) == 0)
            return rank;
    }
    return SIZE_MAX;
}

/* ---- the list ---- */

static enum lw_status append(struct lw_forms *forms, const struct lw_kind *kind,
                             struct lw_kind *own)
{
    struct known *grown = realloc(forms->list, (forms->count + 1) * sizeof *grown);
    struct known *known;
    enum lw_status status;

    if (grown == NULL)
        return LW_NO_MEMORY;
    forms->list = grown;
    known = &grown[forms->count];
    *known = (struct known){.kind = kind, .own = own};
    status = add_names(known);
    if (status != LW_OK) {
        lw_buf_free(&known->names);
        return status;
    }
    forms->count++;
    return LW_OK;
}

struct lw_forms *lw_forms_new(const struct lw_forms *below, enum lw_language language)
{
    struct lw_forms *forms = calloc(1, sizeof *forms);

    if (forms == NULL)
        return NULL;
    forms->language = language;
    for (size_t i = 0; below != NULL && i < below->count; i++) {
        if (append(forms, below->list[i].kind, NULL) != LW_OK) {
            lw_forms_free(forms);
            return NULL;
        }
    }
    return forms;
}

void lw_forms_free(struct lw_forms *forms)
{
    if (forms == NULL)
        return;
    for (size_t i = 0; i < forms->count; i++) {
        lw_kind_free(forms->list[i].own);
        lw_buf_free(&forms->list[i].names);
    }
    free(forms->list);
    free(forms);
}

static struct known *find_name(const struct lw_forms *forms, const char *name)
{
    for (size_t i = 0; forms != NULL && i < forms->count; i++) {
        if (strcmp(forms->list[i].kind->name, name) == 0)
            return &forms->list[i];
    }
    return NULL;
}

enum lw_status lw_forms_put(struct lw_forms *forms, struct lw_kind *kind, struct lw_error *err)
{
    struct known *there = find_name(forms, kind->name);
    struct known fresh = {.kind = kind, .own = kind};
    unsigned lists = there != NULL ? there->kind->lists : 0;
    enum lw_status status = LW_OK;

    if (there == NULL) {
        status = append(forms, kind, kind);
    } else {
        status = add_names(&fresh);
        if (status == LW_OK) {
            /* or a team's threat of its own would take every threat out of the list of threats */
            if (!kind->states_lists)
                kind->lists = lists;
            lw_kind_free(there->own);
            lw_buf_free(&there->names);
            *there = fresh;
        } else {
            lw_buf_free(&fresh.names);
        }
    }
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

enum lw_status lw_forms_join(struct lw_forms *into, struct lw_forms *from, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < from->count && status == LW_OK; i++) {
        status = lw_forms_put(into, from->list[i].own, err);
        if (status == LW_OK)
            from->list[i].own = NULL;
    }
    lw_forms_free(from);
    return status;
}

enum lw_language lw_forms_language(const struct lw_forms *forms)
{
    return forms != NULL ? forms->language : LW_ENGLISH;
}

size_t lw_forms_count(const struct lw_forms *forms)
{
    return forms != NULL ? forms->count : 0;
}

const struct lw_kind *lw_forms_at(const struct lw_forms *forms, size_t at)
{
    return forms->list[at].kind;
}

const struct lw_kind *lw_forms_kind(const struct lw_forms *forms, const char *name)
{
    const struct known *known = find_name(forms, name);

    return known != NULL ? known->kind : NULL;
}

/* ---- words ---- */

const char *lw_label_say(const struct lw_forms *forms, const struct lw_label *label)
{
    const char *text = label->in[lw_forms_language(forms)];

    for (int language = 0; language < LW_LANGUAGES && text == NULL; language++)
        text = label->in[language];
    return text;
}

const char *lw_choice_label(const struct lw_forms *forms, const struct lw_question *question,
                            const char *word)
{
    enum lw_language language = lw_forms_language(forms);

    for (size_t i = 0; i < question->choice_count[language]; i++) {
        if (strcmp(question->choice[LW_ENGLISH][i], word) == 0)
            return question->choice[language][i];
    }
    return word;
}

/* Its own name leads to a kind before the words of another do; of two that share a word the one
 * that was put later is meant, so that a team's file comes before what is shipped. */
const char *lw_kind_find(const struct lw_forms *forms, const char *text, size_t len)
{
    struct lw_buf folded = LW_BUF_INIT;
    const struct known *found = NULL;

    if (len > 0 && lw_kind_fold(text, len, &folded) == LW_OK && folded.len > 0) {
        for (size_t i = 0; forms != NULL && i < forms->count; i++) {
            const struct known *known = &forms->list[i];
            size_t rank = rank_of(known, folded.data, folded.len);
            bool later = found == NULL || known->kind->origin >= found->kind->origin;

            if (rank == 0) {
                found = known;
                break;
            }
            if (rank != SIZE_MAX && later)
                found = known;
        }
    }
    lw_buf_free(&folded);
    return found != NULL ? found->kind->name : NULL;
}

const char *lw_kind_label(const struct lw_forms *forms, const char *name)
{
    const struct known *known = find_name(forms, name);

    return known != NULL ? lw_label_say(forms, &known->kind->label) : name;
}
