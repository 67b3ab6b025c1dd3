/*
 * What is searched and filtered for: any text is a search or a clear refusal, never an error of the
 * database; what stands in an entry is found, by a filter of the same words too; names and
 * references in any spelling.
 */
#include "fuzz_journal.h"

#include <ctype.h>
#include <strings.h>

static struct fuzz_journal journal;

static enum lw_status add_row(void *context, const struct lw_row *row, struct lw_error *err)
{
    (void)err;
    return lw_buf_addf(context, "%s ", row->ref);
}

static void log_line(const char *line)
{
    struct lw_capture capture;
    char ref[16];

    MUST(lw_capture_parse(line, strlen(line), NULL, &fuzz_clock, &capture, NULL) == LW_OK);
    MUST(lw_journal_log(journal.journal, &capture, ref, NULL) == LW_OK);
    lw_capture_clear(&capture);
}

static void start(void)
{
    fuzz_journal_open(&journal);
    log_line("13 dec 2014 evening @Grozny #arson +victim:JMG office burned");
    log_line("14 dec 2014 @Grozny #detention +victim:\"Sergei Babinets\" two men were held");
    log_line("\xD0\xB2\xD1\x87\xD0\xB5\xD1\x80\xD0\xB0 @\"Press House\" "
             "\xD1\x8F\xD0\xB9\xD1\x86\xD0\xB0");
    log_line("2009~ a NEAR \"b\" OR c* AND NOT d");
}

static void must_be_clear(enum lw_status status, const struct lw_error *err)
{
    MUST(status == LW_OK || status == LW_BAD_DATA || status == LW_TOO_LONG ||
         status == LW_NOT_FOUND);
    MUST(status == LW_OK ||
         (err->text[0] != '\0' && lw_utf8_valid(err->text, strlen(err->text), NULL)));
}

/* ---- what must be found ---- */

static bool begins_with(const char *word, size_t word_len, const char *text, size_t len, bool whole)
{
    return (whole ? word_len == len : word_len >= len) && strncasecmp(word, text, len) == 0;
}

/* Is there a word in the words of an entry that is the text, or begins with it? */
static bool has_word(const char *words, const char *text, size_t len, bool whole)
{
    while (*words != '\0') {
        size_t word = strcspn(words, " ");

        if (begins_with(words, word, text, len, whole))
            return true;
        words += word + (words[word] != '\0');
    }
    return false;
}

/* All words are whole but the last one. Only plain letters and digits are read here. */
static bool must_find(const char *words, const char *text, size_t len)
{
    size_t count = 0;

    for (size_t at = 0, end; at < len; at = end + 1, count++) {
        for (end = at; end < len && text[end] != ' '; end++) {
            if (!isascii(text[end]) || !isalnum((unsigned char)text[end]))
                return false;
        }
        if (end == at || !has_word(words, text + at, end - at, end < len))
            return false;
    }
    return count > 0 && text[len - 1] != ' ';
}

static void must_be_found(const char *text, size_t len, const struct lw_buf *rows)
{
    static const struct {
        const char *ref, *words;
    } entries[] = {{"E01 ", "grozny jmg office burned"},
                   {"E02 ", "grozny sergei babinets two men were held"},
                   {"E03 ", "press house"},
                   {"E04 ", "a near b or c and not d"}};

    for (size_t i = 0; i < LW_COUNT_OF(entries); i++)
        MUST(!must_find(entries[i].words, text, len) ||
             strstr(lw_buf_text(rows), entries[i].ref) != NULL);
}

static void by_words(const char *text, size_t len)
{
    struct lw_filter filter = {.text = text, .text_len = len};
    struct lw_buf each = LW_BUF_INIT, some = LW_BUF_INIT, filtered = LW_BUF_INIT;
    struct lw_error err = {0}, other = {0};
    bool more = true;
    enum lw_status status = lw_search_each(journal.journal, text, len, add_row, &each, &err);

    must_be_clear(status, &err);
    MUST(lw_timeline_each(journal.journal, &filter, add_row, &filtered, &other) == status);
    MUST(each.len == filtered.len &&
         memcmp(lw_buf_text(&each), lw_buf_text(&filtered), each.len) == 0);
    MUST(lw_search_some(journal.journal, text, len, 100, add_row, &some, &more, &other) == status);
    MUST(each.len == some.len && memcmp(lw_buf_text(&each), lw_buf_text(&some), each.len) == 0);
    MUST(status != LW_OK || !more);
    if (len > 0 && len <= 1024)
        must_be_found(text, len, &each);
    lw_buf_free(&each);
    lw_buf_free(&some);
    lw_buf_free(&filtered);
}

static void by_name(const char *text, size_t len)
{
    static const enum lw_record_type types[] = {LW_RECORD_PARTY, LW_RECORD_PLACE, LW_RECORD_SOURCE,
                                                LW_RECORD_INCIDENT};
    const char *names[] = {text};
    struct lw_filter filter = {.names = names, .name_count = 1};
    struct lw_buf rows = LW_BUF_INIT;
    struct lw_record record;
    struct lw_error err = {0};
    uint8_t id[LW_RECORD_ID];
    enum lw_status status;
    bool found;

    for (size_t i = 0; i < LW_COUNT_OF(types); i++)
        must_be_clear(lw_named_find(journal.journal, types[i], text, len, id, &found, &err), &err);
    must_be_clear(lw_timeline_each(journal.journal, &filter, add_row, &rows, &err), &err);
    status = lw_record_by_ref(journal.journal, LW_RECORD_ENTRY, text, &record, &err);
    must_be_clear(status, &err);
    if (status == LW_OK)
        lw_record_clear(&record);
    filter = (struct lw_filter){.ref = text, .kind = text, .status = text};
    must_be_clear(lw_timeline_each(journal.journal, &filter, add_row, &rows, &err), &err);
    lw_buf_free(&rows);
}

static void by_date(const char *text, size_t len)
{
    struct lw_when_typed typed;
    struct lw_buf rows = LW_BUF_INIT;

    if (lw_when_read(text, len, &fuzz_clock, &typed, NULL) != LW_OK || !typed.has_when)
        return;
    for (int i = 0; i < 3; i++) {
        const struct lw_filter filter = {.since = i == 0 ? &typed.when : NULL,
                                         .until = i == 1 ? &typed.when : NULL,
                                         .when = i == 2 ? &typed.when : NULL};

        MUST(lw_timeline_each(journal.journal, &filter, add_row, &rows, NULL) == LW_OK);
    }
    lw_buf_free(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text;

    if (journal.store == NULL)
        start();
    by_words((const char *)data, size);
    if (memchr(data, '\0', size) != NULL || !lw_utf8_valid((const char *)data, size, NULL))
        return 0;
    text = lw_text_copy((const char *)data, size);
    MUST(text != NULL);
    by_name(text, size);
    by_date(text, size);
    lw_text_free(text);
    return 0;
}
