/* The rows of a list of people, places, sources or incidents, in memory. */
#include "records.h"

#include <stdlib.h>
#include <string.h>

/* ---- rows -------------------------------------------------------------------------------------
 */

static void clear_row(struct lw_record_row *row)
{
    lw_text_free(row->name);
    lw_text_free(row->folded);
    lw_text_free(row->detail);
    lw_text_free(row->secret);
    *row = (struct lw_record_row){.entries = 0};
}

static void clear_rows(struct lw_records *self)
{
    for (size_t i = 0; i < self->count; i++)
        clear_row(&self->row[i]);
    self->count = 0;
    self->shown_count = 0;
    self->more = false;
}

static enum lw_status say_name(struct lw_journal *journal, const struct lw_record *record,
                               struct lw_buf *out, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    if (record->type == LW_RECORD_SOURCE)
        status = lw_buf_addf(out, "%s  ", lw_record_text(record, "ref"));
    return status == LW_OK ? lw_shown_name(journal, record, out, err) : status;
}

/* What is known of it at once: for a source its author. Spellings are looked up when it is seen. */
static enum lw_status say_known(const struct lw_record *record, struct lw_buf *out)
{
    static const char *const fields[LW_RECORD_TYPE_COUNT] = {
        [LW_RECORD_PARTY] = "code_name",
        [LW_RECORD_PLACE] = "kind",
        [LW_RECORD_SOURCE] = "author",
        [LW_RECORD_INCIDENT] = "status",
    };
    const char *text = lw_record_text(record, fields[record->type]);

    if (text != NULL && record->type == LW_RECORD_INCIDENT)
        text = lw_word_say(text);
    return text != NULL ? lw_buf_adds(out, text) : LW_OK;
}

static enum lw_status make_row(struct lw_journal *journal, const struct lw_record *record,
                               struct lw_record_row *row, struct lw_error *err)
{
    struct lw_buf name = LW_BUF_INIT, known = LW_BUF_INIT, folded = LW_BUF_INIT;
    enum lw_status status = say_name(journal, record, &name, err);

    memcpy(row->id, record->id, LW_RECORD_ID);
    if (status == LW_OK)
        status = lw_shown_is_hidden(journal, record, &row->hidden, err);
    if (status == LW_OK && !(row->hidden && record->type == LW_RECORD_SOURCE))
        status = say_known(record, &known);
    if (status == LW_OK)
        status = lw_utf8_fold(lw_buf_text(&name), name.len, &folded);
    if (status == LW_OK) {
        row->name = lw_clean_copy(lw_buf_text(&name), name.len, false);
        row->folded = lw_text_copy(lw_buf_text(&folded), folded.len);
        if (record->type != LW_RECORD_PARTY)
            row->detail = lw_clean_copy(lw_buf_text(&known), known.len, false);
        if (row->name == NULL || row->folded == NULL ||
            (record->type != LW_RECORD_PARTY && row->detail == NULL))
            status = LW_NO_MEMORY;
    }
    lw_buf_free(&name);
    lw_buf_free(&known);
    lw_buf_free(&folded);
    return status;
}

static enum lw_status make_room(struct lw_records *self)
{
    size_t cap = self->cap == 0 ? 64 : self->cap * 2;
    struct lw_record_row *rows;
    size_t *shown;

    if (self->count < self->cap)
        return LW_OK;
    rows = realloc(self->row, cap * sizeof *rows);
    if (rows == NULL)
        return LW_NO_MEMORY;
    self->row = rows;
    shown = realloc(self->shown, cap * sizeof *shown);
    if (shown == NULL)
        return LW_NO_MEMORY;
    self->shown = shown;
    self->cap = cap;
    return LW_OK;
}

static enum lw_status visit_record(void *context, const struct lw_record *record,
                                   struct lw_error *err)
{
    struct lw_records *self = context;
    struct lw_record_row row = {.entries = 0};
    enum lw_status status;

    if (lw_record_value(record, "same_as") != NULL)
        return LW_OK; /* add_same() */
    if (self->count == LW_RECORDS_MOST) {
        self->more = true;
        return lw_fail(err, LW_CANCELLED, "enough");
    }
    status = make_room(self);
    if (status == LW_OK)
        status = make_row(lw_screen_journal(self->view.tui), record, &row, err);
    if (status != LW_OK) {
        clear_row(&row);
        return lw_fail(err, status, "no memory for the list");
    }
    self->row[self->count++] = row;
    return LW_OK;
}

/* Numbers in references count as numbers: S2 before S10. */
static int compare_rows(const void *a, const void *b)
{
    const struct lw_record_row *x = a, *y = b;
    int order = strverscmp(x->folded, y->folded);

    return order != 0 ? order : memcmp(x->id, y->id, LW_RECORD_ID);
}

/* Typed from the first letter to the last: else a name could be found out letter by letter. */
static bool has_secret(const struct lw_records *self, const struct lw_record_row *row)
{
    const char *at = row->secret;

    while (at != NULL && (at = strstr(at, self->words.data)) != NULL) {
        bool starts = at == row->secret || at[-1] == '\n';

        at += self->words.len;
        if (starts && (*at == '\0' || *at == '\n'))
            return true;
    }
    return false;
}

void lw_records_show_matching(struct lw_records *self)
{
    self->shown_count = 0;
    for (size_t i = 0; i < self->count; i++) {
        if (self->words.len == 0 || strstr(self->row[i].folded, self->words.data) != NULL ||
            has_secret(self, &self->row[i]))
            self->shown[self->shown_count++] = i;
    }
    lw_list_settle(&self->list);
}

/* ---- spellings ---------------------------------------------------------------------------------
 */

/* Other spellings of people: they are searched through, and stand beside the name. */
struct spelling {
    struct lw_records *self;
    size_t *by_id; /* rows in order of id */
    bool all;      /* every spelling is shown, not only looked through */
    bool any_same;
};

static enum lw_status add_line(char **to, const char *line)
{
    struct lw_buf joined = LW_BUF_INIT;
    enum lw_status status =
        lw_buf_addf(&joined, "%s%s%s", *to != NULL ? *to : "", *to != NULL ? "\n" : "", line);
    char *copy = status == LW_OK ? lw_text_copy(lw_buf_text(&joined), joined.len) : NULL;

    lw_buf_free(&joined);
    if (copy == NULL)
        return LW_NO_MEMORY;
    lw_text_free(*to);
    *to = copy;
    return LW_OK;
}

/* It stands there already: as the name, behind the reference of a source, among the spellings. */
static bool is_said(const struct lw_record_row *row, const char *text, size_t len)
{
    const char *at = row->name;
    size_t whole = strlen(at);

    if (whole >= len && strcmp(at + whole - len, text) == 0 &&
        (whole == len || (whole > len + 2 && memcmp(at + whole - len - 2, "  ", 2) == 0)))
        return true;
    if (strncmp(at, text, len) == 0 && at[len] == ' ' && at[len + 1] == ' ')
        return true;
    for (at = row->detail; at != NULL && (at = strstr(at, text)) != NULL; at += len > 0 ? len : 1) {
        bool starts = at == row->detail || at[-1] == ' ';

        if (starts && (at[len] == '\0' || strncmp(at + len, " · ", strlen(" · ")) == 0))
            return true;
    }
    return false;
}

static int compare_ids(const void *a, const void *b, void *context)
{
    const struct lw_record_row *rows = context;

    return memcmp(rows[*(const size_t *)a].id, rows[*(const size_t *)b].id, LW_RECORD_ID);
}

static struct lw_record_row *find_row(struct spelling *spelling, const uint8_t id[LW_RECORD_ID])
{
    size_t low = 0, high = spelling->self->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct lw_record_row *row = &spelling->self->row[spelling->by_id[middle]];
        int order = memcmp(row->id, id, LW_RECORD_ID);

        if (order == 0)
            return row;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static enum lw_status add_text(char **to, const char *separator, const char *text)
{
    struct lw_buf joined = LW_BUF_INIT;
    enum lw_status status = LW_OK;
    char *copy;

    if (*to != NULL && **to != '\0')
        status = lw_buf_addf(&joined, "%s%s", *to, separator);
    if (status == LW_OK)
        status = lw_buf_adds(&joined, text);
    copy = status == LW_OK ? lw_clean_copy(lw_buf_text(&joined), joined.len, false) : NULL;
    lw_buf_free(&joined);
    if (copy == NULL)
        return LW_NO_MEMORY;
    lw_text_free(*to);
    *to = copy;
    return LW_OK;
}

/* As visited by lw_named_each: what several records of one are called comes to the last of them. */
static enum lw_status visit_spelling(void *context, const uint8_t id[LW_RECORD_ID],
                                     const char *text, size_t len, struct lw_error *err)
{
    struct spelling *spelling = context;
    struct lw_record_row *row = find_row(spelling, id);
    struct lw_buf folded = LW_BUF_INIT;
    enum lw_status status;

    if (row == NULL || (!row->hidden && (!spelling->all || is_said(row, text, len))))
        return LW_OK;
    status = lw_utf8_fold(text, len, &folded);
    if (status == LW_OK && row->hidden) {
        status = add_line(&row->secret, lw_buf_text(&folded));
    } else if (status == LW_OK) {
        status = add_text(&row->folded, " / ", lw_buf_text(&folded));
        if (status == LW_OK)
            status = add_text(&row->detail, " · ", text);
    }
    lw_buf_free(&folded);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "no memory for the list");
}

static enum lw_status count_same(void *context, const struct lw_record *record,
                                 struct lw_error *err)
{
    struct spelling *spelling = context;
    struct lw_record_row *row;
    uint8_t root[LW_RECORD_ID];
    enum lw_status status;

    if (lw_record_value(record, "same_as") == NULL)
        return LW_OK;
    spelling->any_same = true;
    status = lw_same_root(lw_screen_journal(spelling->self->view.tui), record->type, record->id,
                          root, err);
    row = status == LW_OK ? find_row(spelling, root) : NULL;
    if (row != NULL)
        row->same++;
    return status;
}

static bool any_hidden(const struct lw_records *self)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->row[i].hidden)
            return true;
    }
    return false;
}

static enum lw_status add_spellings(struct lw_records *self, struct lw_journal *journal,
                                    struct lw_error *err)
{
    struct spelling spelling = {.self = self};
    enum lw_status status;

    if (self->count == 0)
        return LW_OK;
    spelling.by_id = calloc(self->count, sizeof *spelling.by_id);
    if (spelling.by_id == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the list");
    for (size_t i = 0; i < self->count; i++)
        spelling.by_id[i] = i;
    qsort_r(spelling.by_id, self->count, sizeof *spelling.by_id, compare_ids, self->row);
    status = lw_record_each(journal, self->type, NULL, NULL, count_same, &spelling, err);
    spelling.all = self->type == LW_RECORD_PARTY || spelling.any_same;
    if (status == LW_OK && (spelling.all || any_hidden(self)))
        status = lw_named_each(journal, self->type, visit_spelling, &spelling, err);
    free(spelling.by_id);
    return status;
}

enum lw_status lw_records_load(struct lw_records *self, struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(self->view.tui);
    enum lw_status status;

    clear_rows(self);
    status = lw_record_each(journal, self->type, NULL, NULL, visit_record, self, err);
    if (status == LW_CANCELLED && self->more)
        status = LW_OK;
    if (status == LW_OK) {
        if (self->count > 1)
            qsort(self->row, self->count, sizeof *self->row, compare_rows);
        status = add_spellings(self, journal, err);
    }
    lw_records_show_matching(self);
    return status;
}

void lw_records_clear(struct lw_records *self)
{
    clear_rows(self);
    free(self->row);
    free(self->shown);
    lw_buf_free(&self->words);
    lw_buf_free(&self->typed_before);
    lw_buf_free(&self->typed);
}
