/* Text: strict UTF-8, clusters, columns, lines, forms, and what goes to a terminal, JSON and CSV.
 */
#include "exchange.h"
#include "fuzz.h"

enum { MOST = 400 };

static size_t plain_character(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char first, last, low, high; /* of the second byte */
        size_t len;
    } row[] = {
        {0x01, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};

    for (size_t i = 0; i < LW_COUNT_OF(row); i++) {
        if (at[0] < row[i].first || at[0] > row[i].last || left < row[i].len)
            continue;
        if (row[i].len > 1 && (at[1] < row[i].low || at[1] > row[i].high))
            return 0;
        for (size_t j = 2; j < row[i].len; j++) {
            if ((at[j] & 0xC0) != 0x80)
                return 0;
        }
        return row[i].len;
    }
    return 0;
}

static bool plain_valid(const char *text, size_t len, size_t *bad)
{
    for (*bad = 0; *bad < len;) {
        size_t used = plain_character((const unsigned char *)text + *bad, len - *bad);

        if (used == 0)
            return false;
        *bad += used;
    }
    return true;
}

static void clusters(const char *text, size_t len)
{
    size_t at = 0, columns = 0;

    while (at < len) {
        unsigned wide = 9;
        size_t used = lw_utf8_cluster(text + at, len - at, &wide);

        MUST(used > 0 && used <= len - at && wide <= 2);
        MUST(lw_utf8_valid(text + at, used, NULL));
        for (size_t i = at; i < at + used; i++)
            MUST(lw_utf8_floor(text, len, i) == at);
        at += used;
        columns += wide;
    }
    MUST(columns == lw_utf8_columns(text, len));
    MUST(lw_utf8_floor(text, len, len) == len);
}

static void lines(const char *text, size_t len, size_t columns)
{
    size_t at = 0, next = 0;
    size_t fit = lw_utf8_fit(text, len, columns);

    MUST(fit <= len && lw_utf8_columns(text, fit) <= columns);
    MUST(lw_utf8_floor(text, len, fit) == fit);
    while (at < len) {
        size_t end = lw_utf8_break(text + at, len - at, columns, &next);

        MUST(next > 0 && next <= len - at && end <= next);
        MUST(lw_utf8_columns(text + at, end) <= (columns > 2 ? columns : 2));
        for (size_t i = end; i < next; i++)
            MUST(text[at + i] == ' '); /* nothing but blanks is left out */
        at += next;
    }
}

static void forms(const char *text, size_t len)
{
    struct lw_buf nfc = LW_BUF_INIT, fold = LW_BUF_INIT, again = LW_BUF_INIT;

    MUST(lw_utf8_nfc(text, len, &nfc) == LW_OK && lw_utf8_fold(text, len, &fold) == LW_OK);
    MUST(lw_utf8_valid(nfc.data, nfc.len, NULL) && lw_utf8_valid(fold.data, fold.len, NULL));
    MUST(lw_utf8_nfc(lw_buf_text(&nfc), nfc.len, &again) == LW_OK);
    MUST(again.len == nfc.len && memcmp(lw_buf_text(&again), lw_buf_text(&nfc), nfc.len) == 0);
    lw_buf_clear(&again);
    MUST(lw_utf8_fold(lw_buf_text(&nfc), nfc.len, &again) == LW_OK);
    MUST(again.len == fold.len && memcmp(lw_buf_text(&again), lw_buf_text(&fold), fold.len) == 0);
    lw_buf_free(&nfc);
    lw_buf_free(&fold);
    lw_buf_free(&again);
}

static void clean(const char *text, size_t len, bool multiline)
{
    struct lw_buf once = LW_BUF_INIT, twice = LW_BUF_INIT;
    uint32_t point;

    MUST(lw_text_clean(text, len, multiline, &once) == LW_OK);
    MUST(lw_utf8_valid(once.data, once.len, NULL));
    for (size_t at = 0; at < once.len;) {
        at += lw_utf8_next(once.data + at, once.len - at, &point);
        MUST(!lw_text_is_unprintable(point) || (multiline && (point == '\n' || point == '\t')));
        MUST(point >= 0x20 || multiline);
    }
    MUST(lw_text_clean(lw_buf_text(&once), once.len, multiline, &twice) == LW_OK);
    MUST(twice.len == once.len && memcmp(lw_buf_text(&twice), lw_buf_text(&once), once.len) == 0);
    lw_buf_free(&once);
    lw_buf_free(&twice);
}

static enum lw_status must_be_text(void *context, const char *key, const char *text, size_t len,
                                   int64_t number, struct lw_error *err)
{
    const struct lw_buf *wanted = context;

    (void)key;
    (void)number;
    (void)err;
    MUST(text != NULL && len == wanted->len && memcmp(text, lw_buf_text(wanted), len) == 0);
    return LW_OK;
}

static void as_json(const char *text, size_t len)
{
    struct lw_buf object = LW_BUF_INIT, wanted = LW_BUF_INIT;

    MUST(lw_buf_add(&wanted, text, len) == LW_OK);
    MUST(lw_flat_text(&object, "t", text, len) == LW_OK && lw_flat_end(&object) == LW_OK);
    MUST(lw_flat_read(object.data, object.len, must_be_text, &wanted, NULL) == LW_OK);
    lw_buf_free(&object);
    lw_buf_free(&wanted);
}

static void as_csv(const char *text, size_t len)
{
    struct lw_buf cell = LW_BUF_INIT, back = LW_BUF_INIT;
    size_t at = 0;
    bool quoted;

    MUST(lw_csv_cell(text, len, &cell) == LW_OK);
    quoted = cell.len > 0 && cell.data[0] == '"';
    for (at = quoted; at + quoted < cell.len; at++) {
        if (quoted && cell.data[at] == '"')
            MUST(++at + 1 < cell.len && cell.data[at] == '"');
        else if (!quoted)
            MUST(strchr("\",\r\n", cell.data[at]) == NULL);
        MUST(lw_buf_addc(&back, cell.data[at]) == LW_OK);
    }
    MUST(!quoted || (cell.len >= 2 && cell.data[cell.len - 1] == '"'));
    MUST(back.len == len && memcmp(lw_buf_text(&back), text, len) == 0);
    lw_buf_free(&cell);
    lw_buf_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data + (size > 0);
    size_t columns = size > 0 ? data[0] % 90 : 0;
    size_t len = size > 0 ? size - 1 : 0, bad = 0, wanted;
    bool good;

    if (len > MOST)
        len = MOST;
    good = plain_valid(text, len, &wanted);
    MUST(lw_utf8_valid(text, len, &bad) == good && (good || bad == wanted));
    clean(text, len, true);
    clean(text, len, false);
    if (!good) {
        struct lw_buf none = LW_BUF_INIT;

        MUST(lw_utf8_nfc(text, len, &none) == LW_BAD_DATA && none.len == 0);
        MUST(lw_utf8_fold(text, len, &none) == LW_BAD_DATA && none.len == 0);
        if (text[wanted] != '\0') /* JSON can say a NUL */
            MUST(lw_json_string(text, len, &none) == LW_BAD_DATA && none.len == 0);
        lw_buf_free(&none);
        len = wanted; /* the part before it is text */
    }
    clusters(text, len);
    lines(text, len, columns);
    forms(text, len);
    as_json(text, len);
    as_csv(text, len);
    return 0;
}
