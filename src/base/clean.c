/* Text on its way out: to a terminal, as JSON, as CSV. */
#include "internal.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

struct range {
    uint32_t first;
    uint32_t last;
};

/* In ascending order. Surrogates have no UTF-8 form; a caller with code points may still ask. */
static const struct range unprintable[] = {
    {0x0000, 0x001F},   /* C0 */
    {0x007F, 0x009F},   /* DEL, C1 */
    {0x061C, 0x061C},   /* Arabic letter mark */
    {0x200E, 0x200F},   /* direction marks */
    {0x2028, 0x202E},   /* line and paragraph separator, embeddings and overrides */
    {0x2066, 0x2069},   /* isolates */
    {0xD800, 0xDFFF},   /* surrogates */
    {0xFFF9, 0xFFFB},   /* interlinear annotation */
    {0xE0000, 0xE007F}, /* tags */
    {0x110000, UINT32_MAX},
};

bool lw_text_is_unprintable(uint32_t codepoint)
{
    if (codepoint >= 0x20 && codepoint < 0x7F)
        return false;
    for (size_t i = 0; i < LW_COUNT_OF(unprintable); i++) {
        if (codepoint <= unprintable[i].last)
            return codepoint >= unprintable[i].first;
    }
    return false;
}

/* ---- terminal ----------------------------------------------------------------------------- */

static const char *clean_form(uint32_t codepoint, bool multiline)
{
    if (codepoint == '\n')
        return multiline ? "\n" : " ";
    if (codepoint == '\t')
        return multiline ? "\t" : " ";
    return REPLACEMENT;
}

enum lw_status lw_text_clean(const char *text, size_t len, bool multiline, struct lw_buf *out)
{
    size_t before = out->len;
    enum lw_status status = LW_OK;
    size_t start = 0; /* of the harmless run that is not yet copied */
    size_t at = 0;

    while (at < len && status == LW_OK) {
        uint32_t codepoint = UINT32_MAX;
        size_t used = lw_utf8_decode(text + at, len - at, &codepoint);

        if (lw_text_is_unprintable(codepoint)) {
            status = lw_buf_add(out, text + start, at - start);
            if (status == LW_OK)
                status = lw_buf_adds(out, clean_form(codepoint, multiline));
            start = at + (used > 0 ? used : 1);
        }
        at += used > 0 ? used : 1;
    }
    if (status == LW_OK && start < len)
        status = lw_buf_add(out, text + start, len - start);
    if (status != LW_OK)
        lw_buf_truncate(out, before);
    return status;
}

/* ---- JSON --------------------------------------------------------------------------------- */

static enum lw_status json_escape(uint32_t codepoint, struct lw_buf *out)
{
    if (codepoint == '"')
        return lw_buf_adds(out, "\\\"");
    if (codepoint == '\\')
        return lw_buf_adds(out, "\\\\");
    if (codepoint < 0x10000)
        return lw_buf_addf(out, "\\u%04x", (unsigned)codepoint);
    codepoint -= 0x10000;
    return lw_buf_addf(out, "\\u%04x\\u%04x", 0xD800u | (unsigned)(codepoint >> 10),
                       0xDC00u | (unsigned)(codepoint & 0x3FF));
}

static enum lw_status json_inner(const char *text, size_t len, struct lw_buf *out)
{
    enum lw_status status;
    size_t start = 0;
    size_t at = 0;

    while (at < len) {
        uint32_t codepoint;
        size_t used = lw_utf8_decode(text + at, len - at, &codepoint);

        if (used == 0)
            return LW_BAD_DATA;
        if (codepoint == '"' || codepoint == '\\' || lw_text_is_unprintable(codepoint)) {
            status = lw_buf_add(out, text + start, at - start);
            if (status == LW_OK)
                status = json_escape(codepoint, out);
            if (status != LW_OK)
                return status;
            start = at + used;
        }
        at += used;
    }
    return start < len ? lw_buf_add(out, text + start, len - start) : LW_OK;
}

enum lw_status lw_json_string(const char *text, size_t len, struct lw_buf *out)
{
    size_t before = out->len;
    enum lw_status status = lw_buf_addc(out, '"');

    if (status == LW_OK)
        status = json_inner(text, len, out);
    if (status == LW_OK)
        status = lw_buf_addc(out, '"');
    if (status != LW_OK)
        lw_buf_truncate(out, before);
    return status;
}

/* ---- CSV ---------------------------------------------------------------------------------- */

/* Outer blanks are quoted too: RFC 4180 keeps them, many readers do not. */
static bool csv_needs_quotes(const char *text, size_t len)
{
    if (len == 0)
        return false;
    if (text[0] == ' ' || text[len - 1] == ' ')
        return true;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"' || text[i] == ',' || text[i] == '\r' || text[i] == '\n')
            return true;
    }
    return false;
}

static enum lw_status csv_quoted(const char *text, size_t len, struct lw_buf *out)
{
    enum lw_status status = lw_buf_addc(out, '"');

    for (size_t i = 0; i < len && status == LW_OK; i++) {
        if (text[i] == '"')
            status = lw_buf_addc(out, '"');
        if (status == LW_OK)
            status = lw_buf_addc(out, text[i]);
    }
    return status == LW_OK ? lw_buf_addc(out, '"') : status;
}

enum lw_status lw_csv_cell(const char *text, size_t len, struct lw_buf *out)
{
    size_t before = out->len;
    enum lw_status status;

    if (!csv_needs_quotes(text, len))
        return lw_buf_add(out, text, len);
    status = csv_quoted(text, len, out);
    if (status != LW_OK)
        lw_buf_truncate(out, before);
    return status;
}
