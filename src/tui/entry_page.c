/* What there is to say of one entry, line by line, in memory. */
#include "entry_view.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct lw_journal *journal;
    const struct lw_record *entry;
    struct lw_entry_page *page;
    struct lw_entry_text line; /* as the next one is added */
    struct lw_buf said;        /* facts that are in, each ended by a newline */
    const char *fact;          /* that is looked for */
    bool compared;             /* the contradictions are in */
};

static void clear_line(struct lw_entry_text *line)
{
    lw_text_free(line->label);
    lw_text_free(line->text);
    lw_text_free(line->fact);
    *line = (struct lw_entry_text){.section = ""};
}

void lw_entry_page_clear(struct lw_entry_page *page)
{
    for (size_t i = 0; i < page->lines; i++)
        clear_line(&page->line[i]);
    free(page->line);
    free(page->piece);
    *page = (struct lw_entry_page){.width = 0};
}

/* A record may be said in several lines, and in several places. */
static bool starts_here(const struct lw_entry_page *page, const struct lw_entry_text *line)
{
    const struct lw_entry_text *before = page->lines > 0 ? &page->line[page->lines - 1] : NULL;

    if (line->leads || line->fact != NULL)
        return true;
    return line->hangs &&
           (before == NULL || !before->hangs || memcmp(before->id, line->id, LW_RECORD_ID) != 0);
}

enum lw_status lw_entry_page_add(struct lw_entry_page *page, const struct lw_entry_text *said,
                                 const char *label, const char *text, struct lw_error *err)
{
    struct lw_entry_text line = *said;

    if (page->lines == page->line_cap) {
        size_t cap = page->line_cap == 0 ? 64 : page->line_cap * 2;
        struct lw_entry_text *grown = realloc(page->line, cap * sizeof *grown);

        if (grown == NULL)
            return lw_fail(err, LW_NO_MEMORY, "no memory for the entry");
        page->line = grown;
        page->line_cap = cap;
    }
    line.text = lw_clean_copy(text, strlen(text), true);
    line.label = label != NULL ? lw_clean_copy(label, strlen(label), false) : NULL;
    line.fact = said->fact != NULL ? lw_text_copy(said->fact, strlen(said->fact)) : NULL;
    line.stop = starts_here(page, &line);
    if (line.text == NULL || (label != NULL && line.label == NULL) ||
        (said->fact != NULL && line.fact == NULL)) {
        clear_line(&line);
        return lw_fail(err, LW_NO_MEMORY, "no memory for the entry");
    }
    page->line[page->lines++] = line;
    return LW_OK;
}

/* ---- what is said about one fact ---------------------------------------------------------------
 */

/* "S2: "50,000-strong"", "S1: silent"; with the entry where it is another one. */
static enum lw_status say_voice(const struct lw_voice *voice, const char *here, struct lw_buf *out)
{
    bool silent = strcmp(voice->stance, "silent") == 0;
    enum lw_status status = LW_OK;

    if (strcmp(voice->ref, here) != 0)
        status = lw_buf_addf(out, "%s ", voice->ref);
    if (status == LW_OK)
        status = lw_buf_adds(out, voice->source != NULL ? voice->source : "no source");
    if (status == LW_OK && voice->via != NULL)
        status = lw_buf_sayf(out, " via %s", voice->via);
    if (status == LW_OK && strcmp(voice->stance, "denied") == 0)
        status = lw_buf_says(out, " denies");
    if (status == LW_OK && silent)
        status = lw_buf_says(out, ": silent");
    if (status == LW_OK && voice->wording != NULL)
        status = lw_buf_addf(out, "%s%s", silent ? "; " : ": ", voice->wording);
    if (status == LW_OK && strcmp(voice->status, "open") != 0)
        status = lw_buf_addf(out, " [%s]", voice->status);
    if (status == LW_OK && voice->claim != NULL && voice->note != NULL)
        status = lw_buf_addf(out, " (%s)", voice->note);
    return status;
}

static enum lw_status add_voice(struct reading *reading, const struct lw_voice *voice,
                                struct lw_error *err)
{
    struct lw_entry_text *line = &reading->line;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = say_voice(voice, lw_record_text(reading->entry, "ref"), &text);

    line->voice++;
    line->hangs = voice->claim != NULL;
    if (line->hangs) {
        line->type = LW_RECORD_CLAIM;
        memcpy(line->id, voice->claim, LW_RECORD_ID);
    }
    if (status == LW_OK)
        status = lw_entry_page_add(reading->page, line, NULL, lw_buf_text(&text), err);
    line->hangs = false;
    lw_buf_free(&text);
    return status;
}

/* The heading of a fact; its voices come below. */
static enum lw_status add_fact(struct reading *reading, const char *section, const char *fact,
                               bool differs, struct lw_error *err)
{
    struct lw_buf text = LW_BUF_INIT, own = LW_BUF_INIT;
    struct lw_entry_text line = {.section = section, .indent = 2, .differs = differs};
    enum lw_status status =
        lw_buf_addf(&text, "%s %s", differs ? "≠" : "–", fact != NULL ? fact : "?");

    if (status == LW_OK && fact != NULL)
        status = lw_buf_adds(&own, fact);
    if (status == LW_OK && fact != NULL)
        status = lw_buf_addf(&reading->said, "%s\n", fact);
    line.fact = own.data;
    if (status == LW_OK)
        status = lw_entry_page_add(reading->page, &line, NULL, text.data, err);
    lw_buf_free(&text);
    lw_buf_free(&own);
    reading->line = (struct lw_entry_text){.section = section, .indent = 4};
    return status;
}

/* What was given up about a fact stands behind what counts. */
static enum lw_status add_given_up(void *context, const struct lw_fact *fact, struct lw_error *err)
{
    struct reading *reading = context;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < fact->voice_count && status == LW_OK; i++) {
        if (strcmp(fact->fact, reading->fact) == 0 && !fact->voices[i].live)
            status = add_voice(reading, &fact->voices[i], err);
    }
    return status;
}

static enum lw_status visit_contradiction(void *context, const struct lw_contradiction *found,
                                          struct lw_error *err)
{
    struct reading *reading = context;
    enum lw_status status = add_fact(reading, _("Contradictions"), found->fact, true, err);

    for (size_t i = 0; i < found->voice_count && status == LW_OK; i++)
        status = add_voice(reading, &found->voices[i], err);
    reading->fact = found->fact;
    if (status == LW_OK && found->fact != NULL)
        status = lw_facts_of(reading->journal, reading->entry->id, add_given_up, reading, err);
    return status;
}

static bool is_said(const struct reading *reading, const char *fact)
{
    const char *line = lw_buf_text(&reading->said);
    size_t len = strlen(fact);

    while (*line != '\0') {
        size_t end = strcspn(line, "\n");

        if (end == len && memcmp(line, fact, len) == 0)
            return true;
        line += end + 1;
    }
    return false;
}

/* Several accounts speak of it, or something was given up. */
static bool is_shared(const struct lw_fact *fact)
{
    for (size_t i = 0; i < fact->voice_count; i++) {
        if (!fact->voices[i].live ||
            memcmp(fact->voices[i].account, fact->voices[0].account, LW_RECORD_ID) != 0)
            return true;
    }
    return false;
}

/* Where several say the same, or what they differed on was settled. */
static enum lw_status visit_fact(void *context, const struct lw_fact *fact, struct lw_error *err)
{
    struct reading *reading = context;
    enum lw_status status;

    if (!is_shared(fact) || is_said(reading, fact->fact))
        return LW_OK;
    status = add_fact(reading, _("Agreed or settled"), fact->fact, false, err);
    for (size_t i = 0; i < fact->voice_count && status == LW_OK; i++) {
        if (fact->voices[i].live)
            status = add_voice(reading, &fact->voices[i], err);
    }
    reading->fact = fact->fact;
    return status == LW_OK ? add_given_up(reading, fact, err) : status;
}

static enum lw_status compare(struct reading *reading, struct lw_error *err)
{
    enum lw_status status;

    if (reading->compared)
        return LW_OK;
    reading->compared = true;
    status = lw_contradictions_of(reading->journal, reading->entry->id, visit_contradiction,
                                  reading, err);
    if (status == LW_OK)
        status = lw_facts_of(reading->journal, reading->entry->id, visit_fact, reading, err);
    lw_buf_free(&reading->said);
    return status;
}

/* ---- all --------------------------------------------------------------------------------------
 */

/* What the record holds, beside what it means. */
static enum lw_status add_entered(struct reading *reading, struct lw_error *err)
{
    const struct lw_entry_text line = {.section = "", .part = LW_ENTRY_FACT};
    const char *when = lw_record_text(reading->entry, "when");

    return when == NULL ? LW_OK
                        : lw_entry_page_add(reading->page, &line, _("As entered"), when, err);
}

static enum lw_status visit_line(void *context, const struct lw_entry_line *said,
                                 struct lw_error *err)
{
    struct reading *reading = context;
    struct lw_entry_text line = {
        .section = lw_entry_heading(said->part),
        .part = said->part,
        .indent = said->indent,
        .account = said->account,
        .differs = said->differs,
        .leads = said->to != NULL,
        .hangs = said->record != NULL,
    };
    enum lw_status status = LW_OK;

    if (said->to != NULL)
        memcpy(line.to, said->to, LW_RECORD_ID);
    if (said->record != NULL) {
        line.type = said->record->type;
        memcpy(line.id, said->record->id, LW_RECORD_ID);
    }
    if (said->part > LW_ENTRY_ACCOUNTS)
        status = compare(reading, err);
    if (status == LW_OK)
        status = lw_entry_page_add(reading->page, &line, said->label, said->text, err);
    if (status == LW_OK && said->part == LW_ENTRY_FACT && strcmp(said->label, "When") == 0)
        status = add_entered(reading, err);
    return status;
}

enum lw_status lw_entry_page_read(struct lw_journal *journal, const struct lw_clock *clock,
                                  const struct lw_record *entry, struct lw_entry_page *page,
                                  struct lw_error *err)
{
    struct lw_entry_page read = {.width = 0};
    struct reading reading = {.journal = journal, .entry = entry, .page = &read};
    enum lw_status status = lw_entry_say(journal, clock, entry, visit_line, &reading, err);

    if (status == LW_OK)
        status = compare(&reading, err);
    if (status != LW_OK) {
        lw_entry_page_clear(&read);
        return status;
    }
    lw_entry_page_clear(page);
    *page = read;
    return LW_OK;
}

static char *make_title(const struct lw_record *entry)
{
    const char *hedge = lw_record_text(entry, "hedge");
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status =
        lw_buf_addf(&text, "%s  %s", lw_record_text(entry, "ref"), lw_record_text(entry, "title"));
    char *copy;

    if (status == LW_OK && hedge != NULL)
        status = lw_buf_addf(&text, " (%s)", hedge);
    copy = status == LW_OK ? lw_text_copy(lw_buf_text(&text), text.len) : NULL;
    lw_buf_free(&text);
    return copy;
}

enum lw_status lw_entry_page_load(struct lw_journal *journal, const struct lw_clock *clock,
                                  const uint8_t id[LW_RECORD_ID], struct lw_entry_page *page,
                                  char **title, struct lw_error *err)
{
    struct lw_record entry;
    char *made = NULL;
    enum lw_status status = lw_store_read(lw_journal_store(journal), err);

    if (status != LW_OK)
        return status;
    status = lw_record_get(journal, LW_RECORD_ENTRY, id, &entry, err);
    if (status == LW_OK) {
        made = title != NULL ? make_title(&entry) : NULL;
        status = title != NULL && made == NULL
                     ? lw_fail(err, LW_NO_MEMORY, "no memory for the entry")
                     : lw_entry_page_read(journal, clock, &entry, page, err);
        lw_record_clear(&entry);
    }
    lw_store_rollback(lw_journal_store(journal));
    if (status == LW_OK && title != NULL)
        *title = made;
    else
        lw_text_free(made);
    return status;
}
