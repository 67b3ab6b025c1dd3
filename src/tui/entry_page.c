/* What there is to say of one entry, line by line, in memory. */
#include "entry_view.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct lw_journal *journal;
    const struct lw_record *entry;
    struct lw_entry_page *page;
    bool compared; /* the contradictions are in */
};

static void clear_line(struct lw_entry_text *line)
{
    lw_text_free(line->label);
    lw_text_free(line->text);
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

static enum lw_status add_line(struct lw_entry_page *page, const struct lw_entry_text *said,
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
    if (line.text == NULL || (label != NULL && line.label == NULL)) {
        clear_line(&line);
        return lw_fail(err, LW_NO_MEMORY, "no memory for the entry");
    }
    page->line[page->lines++] = line;
    return LW_OK;
}

/* ---- contradictions ---------------------------------------------------------------------------
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
        status = lw_buf_addf(out, " via %s", voice->via);
    if (status == LW_OK && strcmp(voice->stance, "denied") == 0)
        status = lw_buf_adds(out, " denies");
    if (status == LW_OK && silent)
        status = lw_buf_adds(out, ": silent");
    if (status == LW_OK && voice->wording != NULL)
        status = lw_buf_addf(out, "%s%s", silent ? "; " : ": ", voice->wording);
    if (status == LW_OK && strcmp(voice->status, "open") != 0)
        status = lw_buf_addf(out, " [%s]", voice->status);
    return status;
}

static enum lw_status visit_contradiction(void *context, const struct lw_contradiction *found,
                                          struct lw_error *err)
{
    struct reading *reading = context;
    struct lw_entry_text line = {.section = "Contradictions", .indent = 2, .differs = true};
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_buf_addf(&text, "≠ %s", found->fact != NULL ? found->fact : "?");

    if (status == LW_OK)
        status = add_line(reading->page, &line, NULL, text.data, err);
    line.indent = 4;
    line.differs = false;
    for (size_t i = 0; i < found->voice_count && status == LW_OK; i++) {
        lw_buf_clear(&text);
        status = say_voice(&found->voices[i], found->ref, &text);
        if (status == LW_OK)
            status = add_line(reading->page, &line, NULL, lw_buf_text(&text), err);
    }
    lw_buf_free(&text);
    return status;
}

static enum lw_status compare(struct reading *reading, struct lw_error *err)
{
    if (reading->compared)
        return LW_OK;
    reading->compared = true;
    return lw_contradictions_of(reading->journal, reading->entry->id, visit_contradiction, reading,
                                err);
}

/* ---- all --------------------------------------------------------------------------------------
 */

/* What the record holds, beside what it means. */
static enum lw_status add_entered(struct reading *reading, struct lw_error *err)
{
    const struct lw_entry_text line = {.section = "", .part = LW_ENTRY_FACT};
    const char *when = lw_record_text(reading->entry, "when");

    return when == NULL ? LW_OK : add_line(reading->page, &line, "As entered", when, err);
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
    };
    enum lw_status status = LW_OK;

    if (said->to != NULL)
        memcpy(line.to, said->to, LW_RECORD_ID);
    if (said->part > LW_ENTRY_ACCOUNTS)
        status = compare(reading, err);
    if (status == LW_OK)
        status = add_line(reading->page, &line, said->label, said->text, err);
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
