/*
 * Filters: any text is understood or refused with the place where it is wrong; what is understood
 * gives entries and no error of the database, and it and its contrary give every entry once.
 */
#include "fuzz_journal.h"

enum { ENTRIES = 4 };

static struct fuzz_journal journal;

static enum lw_status count_row(void *context, const struct lw_row *row, struct lw_error *err)
{
    size_t *count = context;

    (void)err;
    MUST(row->ref[0] == 'E' && row->ref[2] > '0' && row->ref[2] <= '0' + ENTRIES);
    count[row->ref[2] - '1']++;
    return LW_OK;
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

static void pass(const struct lw_filter_tree *tree, size_t count[ENTRIES])
{
    const struct lw_filter filter = {.tree = tree};
    struct lw_error err = {.status = LW_OK};

    MUST(lw_timeline_each(journal.journal, &filter, count_row, count, &err) == LW_OK);
}

static void must_be_told(const struct lw_error *err, enum lw_status status, size_t at, size_t len)
{
    MUST(status == LW_BAD_DATA || status == LW_TOO_LONG);
    MUST(at <= len);
    MUST(status == LW_TOO_LONG || strncmp(err->text, "character ", 10) == 0 ||
         strncmp(err->text, "line ", 5) == 0);
    MUST(lw_utf8_valid(err->text, strlen(err->text), NULL));
}

/* "-(text)", on one line. */
static void contrary(const char *text, size_t len, size_t count[ENTRIES])
{
    struct lw_buf other = LW_BUF_INIT;
    struct lw_filter_tree *tree = NULL;

    MUST(lw_buf_adds(&other, "-(") == LW_OK && lw_buf_add(&other, text, len) == LW_OK &&
         lw_buf_adds(&other, ")") == LW_OK);
    if (memchr(text, '\n', len) == NULL &&
        lw_filter_read(journal.journal, other.data, other.len, &tree, NULL, NULL) == LW_OK) {
        pass(tree, count);
        for (size_t i = 0; i < ENTRIES; i++)
            MUST(count[i] == 1);
    }
    lw_filter_free(tree);
    lw_buf_free(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct lw_filter_tree *tree = NULL;
    struct lw_error err = {.status = LW_OK};
    size_t count[ENTRIES] = {0};
    size_t at = SIZE_MAX;
    enum lw_status status;

    if (journal.store == NULL)
        start();
    status = lw_filter_read(journal.journal, text, size, &tree, &at, &err);
    if (status != LW_OK) {
        MUST(tree == NULL);
        must_be_told(&err, status, at, size);
        return 0;
    }
    pass(tree, count);
    if (tree != NULL)
        contrary(text, size, count);
    for (size_t i = 0; i < ENTRIES; i++)
        MUST(count[i] <= 1);
    lw_filter_free(tree);
    return 0;
}
