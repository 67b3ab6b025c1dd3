/* What sources say about one entry: claims grouped by fact, and where they differ. */
#include "view.h"

#include <stdlib.h>
#include <string.h>

/* ---- loading ------------------------------------------------------------------------------- */

static void said_free(struct said *said)
{
    char *const texts[] = {said->fact,    said->fact_folded, said->text, said->text_folded,
                           said->wording, said->source,      said->via,  said->stance,
                           said->status,  said->note};

    for (size_t i = 0; i < LW_COUNT_OF(texts); i++)
        lw_text_free(texts[i]);
}

void said_list_free(struct said_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        said_free(&list->item[i]);
    free(list->item);
    *list = (struct said_list){0};
}

enum lw_status fold_copy(const char *text, char **out)
{
    struct lw_buf folded = LW_BUF_INIT;
    enum lw_status status;

    *out = NULL;
    if (text == NULL)
        return LW_OK;
    status = lw_utf8_fold(text, strlen(text), &folded);
    if (status == LW_OK && (*out = lw_text_copy(lw_buf_text(&folded), folded.len)) == NULL)
        status = LW_NO_MEMORY;
    lw_buf_free(&folded);
    return status;
}

static enum lw_status copy_column(struct lw_stmt *stmt, int column, char **out)
{
    size_t len = 0;
    const char *text = lw_stmt_text(stmt, column, &len);

    if (text == NULL)
        return LW_OK;
    *out = lw_text_copy(text, len);
    return *out != NULL ? LW_OK : LW_NO_MEMORY;
}

static enum lw_status say_figures(const struct said *said, struct lw_buf *out)
{
    if (said->has_min && said->has_max && said->min == said->max)
        return lw_buf_addf(out, "%lld", (long long)said->min);
    if (said->has_min && said->has_max)
        return lw_buf_sayf(out, "%lld to %lld", (long long)said->min, (long long)said->max);
    if (said->has_min)
        return lw_buf_sayf(out, "at least %lld", (long long)said->min);
    return lw_buf_sayf(out, "at most %lld", (long long)said->max);
}

/* The value as written; else its figures; else the words of the account. Silence has none. */
static enum lw_status set_wording(struct said *said, struct lw_stmt *stmt, int quote)
{
    struct lw_buf figures = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (strcmp(said->stance, "silent") == 0)
        return LW_OK;
    if (said->text == NULL && !said->has_min && !said->has_max)
        return copy_column(stmt, quote, &said->wording);
    if (said->text == NULL)
        status = say_figures(said, &figures);
    if (status == LW_OK) {
        const char *text = said->text != NULL ? said->text : lw_buf_text(&figures);

        said->wording = lw_text_copy(text, strlen(text));
        status = said->wording != NULL ? LW_OK : LW_NO_MEMORY;
    }
    lw_buf_free(&figures);
    return status;
}

/* Places of the columns in both statements below. */
enum {
    COLUMN_ID,
    COLUMN_ACCOUNT,
    COLUMN_ACCOUNT_ID,
    COLUMN_SOURCE,
    COLUMN_VIA,
    COLUMN_QUOTE,
    COLUMN_STANCE,
    COLUMN_STATUS,
    COLUMN_NOTE,
    COLUMN_FACT,
    COLUMN_TEXT,
    COLUMN_MIN,
    COLUMN_MAX
};

static enum lw_status fill(struct said *said, struct lw_stmt *stmt)
{
    const struct {
        int column;
        char **text;
    } copies[] = {
        {COLUMN_SOURCE, &said->source}, {COLUMN_VIA, &said->via},   {COLUMN_STANCE, &said->stance},
        {COLUMN_STATUS, &said->status}, {COLUMN_NOTE, &said->note}, {COLUMN_FACT, &said->fact},
        {COLUMN_TEXT, &said->text},
    };
    enum lw_status status = LW_OK;
    size_t len = 0;
    const void *id = lw_stmt_blob(stmt, COLUMN_ID, &len);

    if (id != NULL && len == LW_RECORD_ID)
        memcpy(said->id, id, LW_RECORD_ID);
    id = lw_stmt_blob(stmt, COLUMN_ACCOUNT_ID, &len);
    if (id != NULL && len == LW_RECORD_ID)
        memcpy(said->account_id, id, LW_RECORD_ID);
    said->account = lw_stmt_int(stmt, COLUMN_ACCOUNT);
    said->has_min = !lw_stmt_is_null(stmt, COLUMN_MIN);
    said->has_max = !lw_stmt_is_null(stmt, COLUMN_MAX);
    said->min = lw_stmt_int(stmt, COLUMN_MIN);
    said->max = lw_stmt_int(stmt, COLUMN_MAX);
    for (size_t i = 0; status == LW_OK && i < LW_COUNT_OF(copies); i++)
        status = copy_column(stmt, copies[i].column, copies[i].text);
    if (status == LW_OK && (said->stance == NULL || said->status == NULL))
        status = LW_NO_MEMORY; /* both are NOT NULL: only memory can be missing */
    if (status != LW_OK)
        return status;
    said->live = strcmp(said->status, "superseded") != 0 && strcmp(said->status, "withdrawn") != 0;
    status = set_wording(said, stmt, COLUMN_QUOTE);
    if (status == LW_OK)
        status = fold_copy(said->fact, &said->fact_folded);
    return status == LW_OK ? fold_copy(said->text, &said->text_folded) : status;
}

static enum lw_status add_said(struct said_list *list, struct lw_stmt *stmt)
{
    struct said said = {0};
    enum lw_status status;

    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 8 : list->cap * 2;
        struct said *grown = realloc(list->item, cap * sizeof(*grown));

        if (grown == NULL)
            return LW_NO_MEMORY;
        list->item = grown;
        list->cap = cap;
    }
    status = fill(&said, stmt);
    if (status == LW_OK)
        list->item[list->count++] = said;
    else
        said_free(&said);
    return status;
}

static enum lw_status load(struct lw_journal *journal, const char *sql, int64_t entry,
                           struct said_list *out, struct lw_error *err)
{
    struct said_list list = {0};
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(lw_journal_store(journal), sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, entry);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = add_said(&list, stmt);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            said_list_free(&list);
            return lw_fail(err, status, "what sources say cannot be compared: %s",
                           lw_status_message(status));
        }
    }
    if (status != LW_DONE) {
        said_list_free(&list);
        return status;
    }
    *out = list;
    return LW_OK;
}

#define ACCOUNT_COLUMNS                                                                            \
    "a.n, a.id, " SAME_LAST("source", "s", "ref") ", a.via, coalesce(a.quote, a.translation,"      \
                                                  " a.summary)"

enum lw_status claims_load(struct lw_journal *journal, int64_t entry, struct said_list *out,
                           struct lw_error *err)
{
    return load(journal,
                "SELECT c.id, " ACCOUNT_COLUMNS ", c.stance, c.status, c.note, c.fact, c.\"text\","
                " c.min, c.max FROM account a JOIN claim c ON c.account = a.n"
                " JOIN source s ON s.n = a.source WHERE a.entry = ?1 ORDER BY c.id",
                entry, out, err);
}

enum lw_status quotes_load(struct lw_journal *journal, int64_t entry, struct said_list *out,
                           struct lw_error *err)
{
    return load(journal,
                "SELECT a.id, " ACCOUNT_COLUMNS ", 'asserted', 'open', a.note, NULL, NULL, NULL,"
                " NULL FROM account a JOIN source s ON s.n = a.source WHERE a.entry = ?1"
                " ORDER BY a.id",
                entry, out, err);
}

/* ---- comparing ----------------------------------------------------------------------------- */

static bool same_fact(const struct said *said, const char *fact_folded)
{
    return strcmp(said->fact_folded, fact_folded) == 0;
}

/* Whether one thing is said. Wording and figures count where both claims state them; claims that
 * state nothing in common are the same only where neither states anything. */
static bool same_value(const struct said *a, const struct said *b)
{
    bool a_counts = a->has_min || a->has_max;
    bool b_counts = b->has_min || b->has_max;
    bool both_text = a->text != NULL && b->text != NULL;

    if (strcmp(a->stance, b->stance) != 0)
        return false;
    if (strcmp(a->stance, "silent") == 0)
        return true;
    if (both_text && strcmp(a->text_folded, b->text_folded) != 0)
        return false;
    if (a_counts && b_counts)
        return a->has_min == b->has_min && a->has_max == b->has_max &&
               (!a->has_min || a->min == b->min) && (!a->has_max || a->max == b->max);
    return both_text || (!a_counts && !b_counts && a->text == NULL && b->text == NULL);
}

/* Does an account say this too? It may say several things about one fact (five demands). */
struct lw_voice said_voice(const char *ref, const struct said *said)
{
    return (struct lw_voice){
        .ref = ref,
        .source = said->source,
        .via = said->via,
        .stance = said->stance,
        .wording = said->wording,
        .status = said->status,
        .note = said->note,
        .claim = said->fact != NULL ? said->id : NULL,
        .account = said->account_id,
        .figure = {said->has_min, said->has_max, said->min, said->max},
        .live = said->live,
    };
}

bool claims_agree(const struct said_list *claims, int64_t account, const struct said *said)
{
    for (size_t i = 0; i < claims->count; i++) {
        const struct said *other = &claims->item[i];

        if (other->live && other->account == account && same_fact(other, said->fact_folded) &&
            same_value(said, other))
            return true;
    }
    return false;
}

bool claims_differ(const struct said_list *claims, const char *fact_folded)
{
    for (size_t i = 0; i < claims->count; i++) {
        const struct said *said = &claims->item[i];

        if (!said->live || !same_fact(said, fact_folded))
            continue;
        for (size_t k = 0; k < claims->count; k++) {
            const struct said *other = &claims->item[k];

            if (other->live && other->account != said->account && same_fact(other, fact_folded) &&
                !claims_agree(claims, other->account, said))
                return true;
        }
    }
    return false;
}

bool claims_first(const struct said_list *claims, size_t i)
{
    if (!claims->item[i].live)
        return false;
    for (size_t k = 0; k < i; k++) {
        if (claims->item[k].live && same_fact(&claims->item[k], claims->item[i].fact_folded))
            return false;
    }
    return true;
}

bool claims_stand(const struct said_list *claims, const char *fact_folded)
{
    bool claimed = false;

    for (size_t i = 0; i < claims->count; i++) {
        if (!same_fact(&claims->item[i], fact_folded))
            continue;
        if (claims->item[i].live)
            return true;
        claimed = true;
    }
    return !claimed;
}
