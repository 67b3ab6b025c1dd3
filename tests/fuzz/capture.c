/*
 * Captured lines: what is understood is well formed and in bounds, blanks between words mean
 * nothing, nothing that was typed is lost, and what was understood is what is saved.
 */
#include "forms_fixture.h"
#include "fuzz_journal.h"

enum { BEFORE = 3 }; /* entries that are there: E01, E02, E03 */

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
    MUST(lw_capture_say(capture, forms_fixture(), &said) == LW_OK &&
         strstr(said.data, capture->title) != NULL);
    MUST(lw_utf8_valid(said.data, said.len, NULL) && strpbrk(said.data, "\n\r\t") == NULL);
    lw_buf_free(&said);
}

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void must_mark_the_same(const struct lw_capture *a, const struct lw_capture *b)
{
    MUST(a->when.has_when == b->when.has_when);
    MUST(!a->when.has_when || strcmp(a->when.when.text, b->when.when.text) == 0);
    MUST(a->when.relation_count == b->when.relation_count);
    for (size_t i = 0; i < a->when.relation_count; i++)
        MUST(a->when.relation[i].after == b->when.relation[i].after &&
             strcmp(a->when.relation[i].ref, b->when.relation[i].ref) == 0);
    MUST(a->kind == b->kind && same(a->place, b->place));
    MUST(a->party_count == b->party_count);
    for (size_t i = 0; i < a->party_count; i++)
        MUST(same(a->party[i].role, b->party[i].role) && same(a->party[i].name, b->party[i].name));
}

static void must_be_same(const struct lw_capture *a, const struct lw_capture *b)
{
    must_mark_the_same(a, b);
    MUST(same(a->title, b->title) && same(a->narrative, b->narrative));
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
    MUST(lw_capture_parse(wide.data, wide.len, forms_fixture(), &fuzz_clock, &other, NULL) ==
         LW_OK);
    must_be_same(capture, &other);
    lw_capture_clear(&other);
    lw_buf_free(&wide);
}

static const char *text_of(const struct lw_capture *capture)
{
    return capture->narrative != NULL ? capture->narrative : capture->title;
}

/* The text is what was typed, in that order; all of it where nothing else was understood. */
static void nothing_is_lost(const char *line, size_t len, const struct lw_capture *capture)
{
    const struct lw_when_typed *when = &capture->when;
    bool plain = !when->has_when && when->relation_count == 0 && capture->kind == NULL &&
                 capture->place == NULL && capture->party_count == 0;
    const char *text = text_of(capture);
    size_t blank;

    for (size_t i = 0; i < len; i += blank + (blank == 0)) {
        blank = lw_utf8_blank(line + i, len - i);
        text += lw_utf8_blank(text, strnlen(text, 3));
        if (blank == 0 && line[i] == *text)
            text++;
        else
            MUST(blank > 0 || !plain);
    }
    MUST(*text == '\0');
}

/* A question mark is a doubt: in a word, a name or the date, but never gone. */
static void no_doubt_is_lost(const char *line, size_t len, const struct lw_capture *capture)
{
    const struct lw_when_typed *when = &capture->when;
    bool kept = strchr(text_of(capture), '?') != NULL ||
                (when->has_when && strchr(when->when.text, '?') != NULL) ||
                (capture->place != NULL && strchr(capture->place, '?') != NULL);

    for (size_t i = 0; i < capture->party_count; i++)
        kept = kept || strchr(capture->party[i].name, '?') != NULL;
    MUST(kept || memchr(line, '?', len) == NULL);
}

/* One more word at the end is one more word of the text and changes nothing else. */
static void with_a_word(const char *line, size_t len, const struct lw_capture *capture,
                        const struct lw_error *refused)
{
    struct lw_buf longer = LW_BUF_INIT, wanted = LW_BUF_INIT;
    struct lw_capture other;
    struct lw_error err = {0};

    MUST(lw_buf_add(&longer, line, len) == LW_OK && lw_buf_adds(&longer, " zq") == LW_OK);
    if (capture == NULL && strcmp(refused->text, "say in a few words what happened") != 0) {
        MUST(lw_capture_parse(longer.data, longer.len, forms_fixture(), &fuzz_clock, &other,
                              &err) != LW_OK);
        MUST(strcmp(err.text, refused->text) == 0);
    } else {
        MUST(lw_capture_parse(longer.data, longer.len, forms_fixture(), &fuzz_clock, &other,
                              &err) == LW_OK);
        if (capture != NULL)
            MUST(lw_buf_addf(&wanted, "%s ", text_of(capture)) == LW_OK);
        MUST(lw_buf_adds(&wanted, "zq") == LW_OK);
        MUST(strcmp(text_of(&other), wanted.data) == 0);
        if (capture != NULL)
            must_mark_the_same(capture, &other);
        lw_capture_clear(&other);
    }
    lw_buf_free(&longer);
    lw_buf_free(&wanted);
}

static bool is_named(enum lw_record_type type, const struct lw_value *value, const char *name)
{
    uint8_t id[LW_RECORD_ID];
    bool found;

    MUST(lw_named_find(journal.journal, type, name, strlen(name), id, &found, NULL) == LW_OK);
    return found && value != NULL && memcmp(value->bytes, id, LW_RECORD_ID) == 0;
}

/* Which parties of the captured line take part by a participation of its entry? */
struct parts {
    const struct lw_capture *capture;
    bool there[LW_CAPTURE_MARKS];
    size_t count;
};

static enum lw_status find_party(void *context, const struct lw_record *record,
                                 struct lw_error *err)
{
    struct parts *parts = context;
    const struct lw_value *party = lw_record_value(record, "party");
    size_t known = 0;

    (void)err;
    parts->count++;
    for (size_t i = 0; i < parts->capture->party_count; i++) {
        if (strcmp(lw_record_text(record, "role"), parts->capture->party[i].role) == 0 &&
            is_named(LW_RECORD_PARTY, party, parts->capture->party[i].name)) {
            parts->there[i] = true;
            known++;
        }
    }
    MUST(known > 0);
    return LW_OK;
}

static void must_be_saved(const struct lw_capture *capture, const char *ref)
{
    struct parts parts = {.capture = capture};
    const struct lw_value *place;
    struct lw_record record;
    uint64_t orders = 0;

    MUST(lw_record_by_ref(journal.journal, LW_RECORD_ENTRY, ref, &record, NULL) == LW_OK);
    MUST(lw_record_validate(&record, NULL) == LW_OK);
    MUST(same(lw_record_text(&record, "title"), capture->title));
    MUST(same(lw_record_text(&record, "narrative"), capture->narrative));
    MUST(same(lw_record_text(&record, "kind"), capture->kind));
    MUST(same(lw_record_text(&record, "when"),
              capture->when.has_when ? capture->when.when.text : NULL));
    place = lw_record_value(&record, "place");
    MUST(capture->place == NULL ? place == NULL : is_named(LW_RECORD_PLACE, place, capture->place));
    MUST(lw_record_each(journal.journal, LW_RECORD_PARTICIPATION, "entry", record.id, find_party,
                        &parts, NULL) == LW_OK);
    for (size_t i = 0; i < capture->party_count; i++)
        MUST(parts.there[i]);
    MUST(parts.count <= capture->party_count);
    MUST(lw_record_count(journal.journal, LW_RECORD_PRECEDENCE, &orders, NULL) == LW_OK);
    MUST(orders <= capture->when.relation_count &&
         (orders > 0) == (capture->when.relation_count > 0));
    lw_record_clear(&record);
}

static void save(const struct lw_capture *capture)
{
    struct lw_error err = {0};
    enum lw_status status;
    char ref[16];

    MUST(lw_journal_begin(journal.journal, NULL) == LW_OK);
    status = lw_journal_log(journal.journal, capture, ref, &err);
    MUST(status == LW_OK || (capture->when.relation_count > 0 && err.text[0] != '\0'));
    if (status == LW_OK) {
        must_be_saved(capture, ref);
        status = lw_journal_settle(journal.journal, &err);
        MUST(status == LW_OK || (capture->when.relation_count > 1 && err.text[0] != '\0'));
    }
    lw_journal_rollback(journal.journal);
}

static void start(void)
{
    struct lw_capture capture;
    char ref[16];

    fuzz_journal_open(&journal);
    for (int i = 0; i < BEFORE; i++) {
        MUST(lw_capture_parse("there", 5, NULL, &fuzz_clock, &capture, NULL) == LW_OK);
        MUST(lw_journal_log(journal.journal, &capture, ref, NULL) == LW_OK);
        lw_capture_clear(&capture);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *line = (const char *)data;
    struct lw_capture capture;
    struct lw_error err = {0};
    enum lw_status status;

    if (journal.store == NULL)
        start();
    seeded_init(&seeded_program, 2, "program");
    status = lw_capture_parse(line, size, forms_fixture(), &fuzz_clock, &capture, &err);
    if (status != LW_OK) {
        MUST((status == LW_BAD_DATA || status == LW_TOO_LONG) && err.text[0] != '\0');
        MUST(lw_utf8_valid(err.text, strlen(err.text), NULL));
        if (lw_utf8_valid(line, size, NULL) && size < LW_CAPTURE_MAX / 2)
            with_a_word(line, size, NULL, &err);
        return 0;
    }
    judge(&capture);
    with_blanks(line, size, &capture);
    nothing_is_lost(line, size, &capture);
    no_doubt_is_lost(line, size, &capture);
    with_a_word(line, size, &capture, NULL);
    save(&capture);
    lw_capture_clear(&capture);
    return 0;
}
