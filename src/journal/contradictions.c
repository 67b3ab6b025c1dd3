/* The sheet of contradictions: facts on which the accounts of an entry differ, and entries that are
 * linked as contradicting each other. */
#include "view.h"

#include <stdlib.h>
#include <string.h>

/* An entry with all that is said about it. */
struct subject {
    int64_t n;
    char *ref, *kind, *title, *hedge, *when;
    struct said_list claims;
    struct said_list quotes;
};

struct contradiction_link {
    int64_t other; /* the entry at the other end */
    uint8_t id[LW_RECORD_ID];
    char *fact, *fact_folded; /* NULL: not stated */
    bool drop;                /* said already, or given up by its sources */
    struct subject subject;   /* the other entry */
};

struct link_list {
    struct contradiction_link *item;
    size_t count;
    size_t cap;
};

/* One contradiction on its way out; texts belong to subjects and links. */
struct finding {
    uint8_t order[LW_RECORD_ID];
    const char *fact;
    struct lw_voice *voice;
    size_t count;
};

struct sheet {
    bool alone; /* only this entry is asked for: no other one tells of its links */
    struct subject subject;
    struct link_list links;
    struct finding *finding;
    size_t count;
    size_t cap;
};

/* ---- loading ------------------------------------------------------------------------------- */

static void subject_free(struct subject *subject)
{
    lw_text_free(subject->ref);
    lw_text_free(subject->kind);
    lw_text_free(subject->title);
    lw_text_free(subject->hedge);
    lw_text_free(subject->when);
    said_list_free(&subject->claims);
    said_list_free(&subject->quotes);
    *subject = (struct subject){0};
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

static enum lw_status load_entry(struct lw_journal *journal, struct subject *subject,
                                 struct lw_error *err)
{
    char **const texts[] = {&subject->ref, &subject->kind, &subject->title, &subject->hedge,
                            &subject->when};
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(
        lw_journal_store(journal),
        "SELECT ref, kind, title, hedge, \"when\" FROM entry WHERE n = ?1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, subject->n);
    status = lw_stmt_step(stmt, err);
    if (status != LW_OK)
        return status == LW_DONE ? lw_fail(err, LW_NOT_FOUND, "an entry is missing") : status;
    for (size_t i = 0; status == LW_OK && i < LW_COUNT_OF(texts); i++)
        status = copy_column(stmt, (int)i, texts[i]);
    lw_stmt_reset(stmt);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

static enum lw_status subject_load(struct lw_journal *journal, int64_t n, struct subject *out,
                                   struct lw_error *err)
{
    struct subject subject = {.n = n};
    enum lw_status status = load_entry(journal, &subject, err);

    if (status == LW_OK)
        status = claims_load(journal, n, &subject.claims, err);
    if (status == LW_OK)
        status = quotes_load(journal, n, &subject.quotes, err);
    if (status == LW_OK)
        *out = subject;
    else
        subject_free(&subject);
    return status;
}

static void link_list_free(struct link_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        lw_text_free(list->item[i].fact);
        lw_text_free(list->item[i].fact_folded);
        subject_free(&list->item[i].subject);
    }
    free(list->item);
    *list = (struct link_list){0};
}

static enum lw_status add_link(struct link_list *list, struct lw_stmt *stmt)
{
    struct contradiction_link *link;
    size_t len = 0;
    const void *id;
    enum lw_status status;

    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 4 : list->cap * 2;
        struct contradiction_link *grown = realloc(list->item, cap * sizeof(*grown));

        if (grown == NULL)
            return LW_NO_MEMORY;
        list->item = grown;
        list->cap = cap;
    }
    link = &list->item[list->count++];
    *link = (struct contradiction_link){.other = lw_stmt_int(stmt, 0)};
    id = lw_stmt_blob(stmt, 1, &len);
    if (id != NULL && len == LW_RECORD_ID)
        memcpy(link->id, id, LW_RECORD_ID);
    status = copy_column(stmt, 2, &link->fact);
    return status == LW_OK ? fold_copy(link->fact, &link->fact_folded) : status;
}

/* Links of kind contradicts at either end of an entry, without the entries at the other end. */
static enum lw_status links_load(struct lw_journal *journal, int64_t n, struct link_list *out,
                                 struct lw_error *err)
{
    static const char sql[] =
        "SELECT CASE WHEN \"from\" = ?1 THEN \"to\" ELSE \"from\" END, id, fact FROM link"
        " WHERE (\"from\" = ?1 OR \"to\" = ?1) AND kind = 'contradicts' AND \"from\" <> \"to\""
        " ORDER BY id";
    struct link_list list = {0};
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(lw_journal_store(journal), sql, &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_int(stmt, 1, n);
    while ((status = lw_stmt_step(stmt, err)) == LW_OK) {
        status = add_link(&list, stmt);
        if (status != LW_OK) {
            lw_stmt_reset(stmt);
            lw_fail(err, status, "links cannot be compared: %s", lw_status_message(status));
            break;
        }
    }
    if (status != LW_DONE) {
        link_list_free(&list);
        return status;
    }
    *out = list;
    return LW_OK;
}

/* A link stands until every claim about its fact on one of its sides is given up. */
static bool link_stands(const struct contradiction_link *link, const struct said_list *near,
                        const struct said_list *far)
{
    return link->fact_folded == NULL ||
           (claims_stand(near, link->fact_folded) && claims_stand(far, link->fact_folded));
}

/* ---- one entry: is it contradicted? -------------------------------------------------------- */

static bool any_differ(const struct said_list *claims)
{
    for (size_t i = 0; i < claims->count; i++) {
        if (claims_first(claims, i) && claims_differ(claims, claims->item[i].fact_folded))
            return true;
    }
    return false;
}

enum lw_status entry_contradicted(struct lw_journal *journal, int64_t entry, bool *out,
                                  struct lw_error *err)
{
    struct said_list claims = {0};
    struct link_list links = {0};
    bool found = false;
    enum lw_status status = claims_load(journal, entry, &claims, err);

    if (status == LW_OK)
        found = any_differ(&claims);
    if (status == LW_OK && !found)
        status = links_load(journal, entry, &links, err);
    for (size_t i = 0; status == LW_OK && !found && i < links.count; i++) {
        struct said_list far = {0};

        status = claims_load(journal, links.item[i].other, &far, err);
        if (status == LW_OK)
            found = link_stands(&links.item[i], &claims, &far);
        said_list_free(&far);
    }
    said_list_free(&claims);
    link_list_free(&links);
    if (status == LW_OK)
        *out = found;
    return status;
}

/* ---- findings ------------------------------------------------------------------------------ */

static bool is_about(const struct said *said, const char *fact_folded)
{
    return said->live && strcmp(said->fact_folded, fact_folded) == 0;
}

/* Adds the live claims of one entry about a fact; tells the first of them in *first. */
static size_t add_claims(const struct subject *subject, const char *fact_folded,
                         struct finding *finding, const struct said **first)
{
    size_t added = 0;

    for (size_t i = 0; fact_folded != NULL && i < subject->claims.count; i++) {
        const struct said *said = &subject->claims.item[i];

        if (!is_about(said, fact_folded))
            continue;
        if (added++ == 0)
            *first = said;
        finding->voice[finding->count++] = said_voice(subject->ref, said);
    }
    return added;
}

/* One side of a link: its claims about the fact; else what its sources say; else its title. */
static void add_side(const struct subject *subject, const char *fact_folded,
                     struct finding *finding, const struct said **first)
{
    if (add_claims(subject, fact_folded, finding, first) > 0)
        return;
    for (size_t i = 0; i < subject->quotes.count; i++)
        finding->voice[finding->count++] = said_voice(subject->ref, &subject->quotes.item[i]);
    if (subject->quotes.count == 0)
        finding->voice[finding->count++] = (struct lw_voice){
            .ref = subject->ref, .stance = "asserted", .wording = subject->title, .status = "open"};
}

static enum lw_status new_finding(struct sheet *sheet, size_t voices, struct finding **out)
{
    struct finding *finding;

    if (sheet->count == sheet->cap) {
        size_t cap = sheet->cap == 0 ? 8 : sheet->cap * 2;
        struct finding *grown = realloc(sheet->finding, cap * sizeof(*grown));

        if (grown == NULL)
            return LW_NO_MEMORY;
        sheet->finding = grown;
        sheet->cap = cap;
    }
    finding = &sheet->finding[sheet->count];
    *finding = (struct finding){.voice = calloc(voices, sizeof(*finding->voice))};
    if (finding->voice == NULL)
        return LW_NO_MEMORY;
    sheet->count++;
    *out = finding;
    return LW_OK;
}

/* A fact that a link is about is printed once, with the voices of both entries. */
static bool is_linked(const struct link_list *links, const char *fact_folded)
{
    for (size_t i = 0; i < links->count; i++) {
        const struct contradiction_link *link = &links->item[i];

        if (!link->drop && link->fact_folded != NULL && strcmp(link->fact_folded, fact_folded) == 0)
            return true;
    }
    return false;
}

static enum lw_status find_in_claims(struct sheet *sheet)
{
    const struct said_list *claims = &sheet->subject.claims;
    enum lw_status status = LW_OK;

    for (size_t i = 0; status == LW_OK && i < claims->count; i++) {
        const struct said *first = &claims->item[i];
        struct finding *finding;

        if (!claims_first(claims, i) || is_linked(&sheet->links, first->fact_folded) ||
            !claims_differ(claims, first->fact_folded))
            continue;
        status = new_finding(sheet, claims->count, &finding);
        if (status != LW_OK)
            break;
        add_claims(&sheet->subject, first->fact_folded, finding, &first);
        finding->fact = first->fact;
        memcpy(finding->order, first->id, LW_RECORD_ID);
    }
    return status;
}

static enum lw_status find_in_links(struct sheet *sheet)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; status == LW_OK && i < sheet->links.count; i++) {
        struct contradiction_link *link = &sheet->links.item[i];
        const struct subject *near = &sheet->subject, *far = &link->subject;
        const struct said *first = NULL, *second = NULL;
        struct finding *finding;

        if (link->drop || (!sheet->alone && ref_compare(near->ref, far->ref) > 0))
            continue;
        status = new_finding(sheet,
                             near->claims.count + near->quotes.count + far->claims.count +
                                 far->quotes.count + 2,
                             &finding);
        if (status != LW_OK)
            break;
        add_side(near, link->fact_folded, finding, &first);
        add_side(far, link->fact_folded, finding, &second);
        finding->fact = link->fact != NULL ? link->fact : far->title;
        memcpy(finding->order, first != NULL ? first->id : link->id, LW_RECORD_ID);
    }
    return status;
}

/* Drops links that no longer stand, and doubles ("A contradicts B" and "B contradicts A"). */
static void sift_links(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->links.count; i++) {
        struct contradiction_link *link = &sheet->links.item[i];

        link->drop = !link_stands(link, &sheet->subject.claims, &link->subject.claims);
        for (size_t k = 0; k < i && !link->drop; k++) {
            const struct contradiction_link *other = &sheet->links.item[k];
            const char *a = link->fact_folded, *b = other->fact_folded;

            link->drop = link->other == other->other &&
                         (a == NULL || b == NULL ? a == b : strcmp(a, b) == 0);
        }
    }
}

/* ---- the sheet ----------------------------------------------------------------------------- */

static void sheet_free(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++)
        free(sheet->finding[i].voice);
    free(sheet->finding);
    link_list_free(&sheet->links);
    subject_free(&sheet->subject);
}

static enum lw_status sheet_load(struct lw_journal *journal, int64_t n, struct sheet *sheet,
                                 struct lw_error *err)
{
    enum lw_status status = subject_load(journal, n, &sheet->subject, err);

    if (status == LW_OK)
        status = links_load(journal, n, &sheet->links, err);
    for (size_t i = 0; status == LW_OK && i < sheet->links.count; i++)
        status =
            subject_load(journal, sheet->links.item[i].other, &sheet->links.item[i].subject, err);
    if (status != LW_OK)
        return status;
    sift_links(sheet);
    status = find_in_claims(sheet);
    if (status == LW_OK)
        status = find_in_links(sheet);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

static int compare_findings(const void *a, const void *b)
{
    const struct finding *left = a, *right = b;

    return memcmp(left->order, right->order, LW_RECORD_ID);
}

static enum lw_status visit_entry(struct lw_journal *journal, int64_t n, bool alone,
                                  unsigned *number, lw_contradiction_visitor *visit, void *context,
                                  struct lw_error *err)
{
    struct sheet sheet = {.alone = alone};
    const char *label = NULL;
    enum lw_status status = sheet_load(journal, n, &sheet, err);

    if (status == LW_OK && sheet.count > 1)
        qsort(sheet.finding, sheet.count, sizeof(*sheet.finding), compare_findings);
    if (status == LW_OK && sheet.subject.kind != NULL)
        label = lw_kind_label(lw_journal_forms(journal), sheet.subject.kind);
    for (size_t i = 0; status == LW_OK && i < sheet.count; i++) {
        const struct lw_contradiction contradiction = {.number = ++*number,
                                                       .ref = sheet.subject.ref,
                                                       .kind = sheet.subject.kind,
                                                       .kind_label = label,
                                                       .title = sheet.subject.title,
                                                       .hedge = sheet.subject.hedge,
                                                       .when = sheet.subject.when,
                                                       .fact = sheet.finding[i].fact,
                                                       .voices = sheet.finding[i].voice,
                                                       .voice_count = sheet.finding[i].count};

        status = visit(context, &contradiction, err);
    }
    sheet_free(&sheet);
    return status;
}

/* Entries that may have one, in the order of their references. */
static enum lw_status list_entries(struct lw_journal *journal, struct key_list *out,
                                   struct lw_error *err)
{
    static const char sql[] =
        "SELECT n FROM entry WHERE n IN (SELECT a.entry FROM claim c JOIN account a"
        " ON a.n = c.account) OR n IN (SELECT \"from\" FROM link WHERE kind = 'contradicts')"
        " OR n IN (SELECT \"to\" FROM link WHERE kind = 'contradicts')"
        " ORDER BY ref_number IS NULL, ref_number, ref";
    struct lw_stmt *stmt;
    enum lw_status status = lw_store_prepare(lw_journal_store(journal), sql, &stmt, err);

    return status == LW_OK ? key_list_add_rows(out, stmt, err) : status;
}

enum lw_status lw_contradictions_each(struct lw_journal *journal, lw_contradiction_visitor *visit,
                                      void *context, struct lw_error *err)
{
    struct key_list entries = {0};
    unsigned number = 0;
    bool own;
    enum lw_status status = snapshot_begin(journal, &own, err);

    if (status != LW_OK)
        return status;
    status = list_entries(journal, &entries, err);
    for (size_t i = 0; status == LW_OK && i < entries.count; i++)
        status = visit_entry(journal, entries.key[i], false, &number, visit, context, err);
    snapshot_end(journal, own);
    key_list_free(&entries);
    return status;
}

enum lw_status lw_contradictions_of(struct lw_journal *journal, const uint8_t id[LW_RECORD_ID],
                                    lw_contradiction_visitor *visit, void *context,
                                    struct lw_error *err)
{
    unsigned number = 0;
    int64_t n;
    bool own;
    enum lw_status status = snapshot_begin(journal, &own, err);

    if (status != LW_OK)
        return status;
    status = record_key(journal, LW_RECORD_ENTRY, id, &n, err);
    if (status == LW_NOT_FOUND)
        status = lw_fail(err, status, "this entry is not there");
    if (status == LW_OK)
        status = visit_entry(journal, n, true, &number, visit, context, err);
    snapshot_end(journal, own);
    return status;
}
