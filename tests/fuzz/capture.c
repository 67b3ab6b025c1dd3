/*
 * Captured lines: what is understood is well formed and in bounds, blanks between words mean
 * nothing, nothing that was typed is lost, and what was understood can be saved.
 */
#include "fuzz_journal.h"

static struct fuzz_journal journal;

static void judge_text(const char *text, bool needed)
{
    MUST(text != NULL || !needed);
    if (text == NULL)
        return;
    MUST(text[0] != '\0' && text[0] != ' ' && text[strlen(text) - 1] != ' ');
    MUST(lw_utf8_valid(text, strlen(text), NULL) && strpbrk(text, "\n\r\t") == NULL);
}

static void judge(const struct lw_capture *capture)
{
    struct lw_buf said = LW_BUF_INIT;

    judge_text(capture->title, true);
    judge_text(capture->narrative, false);
    judge_text(capture->place, false);
    MUST(strlen(capture->title) <= 200 && capture->party_count <= LW_CAPTURE_MARKS);
    if (capture->narrative != NULL)
        MUST(strncmp(capture->narrative, capture->title, strlen(capture->title)) == 0);
    for (size_t i = 0; i < capture->party_count; i++) {
        judge_text(capture->party[i].name, true);
        MUST(lw_role_find(capture->party[i].role, strlen(capture->party[i].role)) != NULL);
    }
    MUST(lw_capture_say(capture, &said) == LW_OK && strstr(said.data, capture->title) != NULL);
    MUST(lw_utf8_valid(said.data, said.len, NULL) && strpbrk(said.data, "\n\r\t") == NULL);
    lw_buf_free(&said);
}

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void must_be_same(const struct lw_capture *a, const struct lw_capture *b)
{
    MUST(a->when.has_when == b->when.has_when);
    MUST(a->when.relation_count == b->when.relation_count);
    MUST(!a->when.has_when || strcmp(a->when.when.text, b->when.when.text) == 0);
    MUST(a->kind == b->kind && same(a->place, b->place));
    MUST(same(a->title, b->title) && same(a->narrative, b->narrative));
    MUST(a->party_count == b->party_count);
    for (size_t i = 0; i < a->party_count; i++)
        MUST(same(a->party[i].role, b->party[i].role) && same(a->party[i].name, b->party[i].name));
}

/* The same line with each blank doubled, and blanks around it. */
static void with_blanks(const char *line, size_t len, const struct lw_capture *capture)
{
    struct lw_buf wide = LW_BUF_INIT;
    struct lw_capture other;

    MUST(lw_buf_addc(&wide, ' ') == LW_OK);
    for (size_t i = 0; i < len; i++) {
        MUST(lw_buf_addc(&wide, line[i]) == LW_OK);
        if (line[i] == ' ')
            MUST(lw_buf_addc(&wide, ' ') == LW_OK);
    }
    MUST(lw_buf_adds(&wide, " \r\n") == LW_OK);
    MUST(lw_capture_parse(wide.data, wide.len, &fuzz_clock, &other, NULL) == LW_OK);
    must_be_same(capture, &other);
    lw_capture_clear(&other);
    lw_buf_free(&wide);
}

static void save(const struct lw_capture *capture)
{
    struct lw_record record;
    struct lw_error err = {0};
    enum lw_status status;
    char ref[16];

    MUST(lw_journal_begin(journal.journal, NULL) == LW_OK);
    status = lw_journal_log(journal.journal, capture, ref, &err);
    MUST(status == LW_OK || (capture->when.relation_count > 0 && err.text[0] != '\0'));
    if (status == LW_OK) {
        MUST(lw_record_by_ref(journal.journal, LW_RECORD_ENTRY, ref, &record, NULL) == LW_OK);
        MUST(strcmp(lw_record_text(&record, "title"), capture->title) == 0);
        MUST(same(lw_record_text(&record, "when"),
                  capture->when.has_when ? capture->when.when.text : NULL));
        MUST(lw_record_validate(&record, NULL) == LW_OK);
        lw_record_clear(&record);
        MUST(lw_journal_settle(journal.journal, &err) == LW_OK);
    }
    lw_journal_rollback(journal.journal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *line = (const char *)data;
    struct lw_capture capture;
    struct lw_error err = {0};
    enum lw_status status;

    if (journal.store == NULL)
        fuzz_journal_open(&journal);
    seeded_init(&seeded_program, 2, "program");
    status = lw_capture_parse(line, size, &fuzz_clock, &capture, &err);
    if (status != LW_OK) {
        MUST((status == LW_BAD_DATA || status == LW_TOO_LONG) && err.text[0] != '\0');
        MUST(lw_utf8_valid(err.text, strlen(err.text), NULL));
        return 0;
    }
    judge(&capture);
    with_blanks(line, size, &capture);
    save(&capture);
    lw_capture_clear(&capture);
    return 0;
}
