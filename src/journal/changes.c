/* What a revision says was changed, read again: {"title":["before","after"]}. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* On its way through the text; what lw_value_json writes is understood, and nothing else. */
struct reader {
    const char *at;
    bool bad;
};

static bool take(struct reader *reader, char c)
{
    if (*reader->at != c)
        return false;
    reader->at++;
    return true;
}

static void must(struct reader *reader, char c)
{
    if (!take(reader, c))
        reader->bad = true;
}

/* ---- strings ---- */

static uint32_t take_hex(struct reader *reader)
{
    uint8_t bytes[2];

    if (strnlen(reader->at, 4) < 4 || !lw_hex_decode(reader->at, 4, bytes, 2)) {
        reader->bad = true;
        return 0;
    }
    reader->at += 4;
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

static enum lw_status add_codepoint(uint32_t c, struct lw_buf *out)
{
    char utf8[4];
    size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

    if (len == 1) {
        utf8[0] = (char)c;
    } else {
        for (size_t i = len; i-- > 1; c >>= 6)
            utf8[i] = (char)(0x80 | (c & 0x3f));
        utf8[0] = (char)(lead[len] | c);
    }
    return lw_buf_add(out, utf8, len);
}

/* Behind "\u"; two of them make one character beyond U+FFFF. */
static enum lw_status take_unicode(struct reader *reader, struct lw_buf *out)
{
    uint32_t c = take_hex(reader);

    if (c >= 0xd800 && c < 0xdc00 && !reader->bad) {
        must(reader, '\\');
        if (!reader->bad)
            must(reader, 'u');
        uint32_t low = reader->bad ? 0 : take_hex(reader);
        if (low < 0xdc00 || low > 0xdfff)
            reader->bad = true;
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    if (c == 0 || (c >= 0xd800 && c < 0xe000))
        reader->bad = true;
    return reader->bad ? LW_OK : add_codepoint(c, out);
}

static enum lw_status take_escape(struct reader *reader, struct lw_buf *out)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    const char *found = *reader->at == '\0' ? NULL : strchr(from, *reader->at);

    if (found == NULL) {
        must(reader, 'u');
        return reader->bad ? LW_OK : take_unicode(reader, out);
    }
    reader->at++;
    return lw_buf_addc(out, to[found - from]);
}

static enum lw_status take_string(struct reader *reader, struct lw_buf *out)
{
    enum lw_status status = LW_OK;

    lw_buf_clear(out);
    must(reader, '"');
    while (!reader->bad && status == LW_OK && !take(reader, '"')) {
        if (*reader->at == '\0')
            reader->bad = true;
        else if (take(reader, '\\'))
            status = take_escape(reader, out);
        else
            status = lw_buf_addc(out, *reader->at++);
    }
    return status;
}

/* ---- values ---- */

static void take_word(struct reader *reader, const char *word)
{
    size_t len = strlen(word);

    if (strncmp(reader->at, word, len) == 0)
        reader->at += len;
    else
        reader->bad = true;
}

static void take_int(struct reader *reader, struct lw_value *value)
{
    size_t len = strspn(reader->at, "0123456789");
    uint64_t number;

    if (!lw_parse_u64(reader->at, len, INT64_MAX, &number)) {
        reader->bad = true;
        return;
    }
    reader->at += len;
    value->number = (int64_t)number;
}

/* The text as it was written, in the locale's own form for strtod. */
static void take_real(struct reader *reader, struct lw_value *value)
{
    char text[40];
    size_t len = strspn(reader->at, "+-.0123456789eE");
    char *point, *end;

    if (len == 0 || len >= sizeof text) {
        reader->bad = true;
        return;
    }
    memcpy(text, reader->at, len);
    text[len] = '\0';
    value->real = strtod(text, &end);
    point = strchr(text, '.');
    if (*end != '\0' && point != NULL) {
        *point = ',';
        value->real = strtod(text, &end);
    }
    if (*end != '\0')
        reader->bad = true;
    reader->at += len;
}

static enum lw_status take_text(struct reader *reader, const struct lw_field *field,
                                struct lw_value *value, struct lw_buf *text)
{
    enum lw_status status = take_string(reader, text);
    size_t bytes = field->kind == LW_FIELD_HASH ? LW_HASH : LW_RECORD_ID;

    if (status != LW_OK || reader->bad)
        return status;
    switch (field->kind) {
    case LW_FIELD_TIME:
        reader->bad = !lw_time_parse(lw_buf_text(text), text->len, &value->number);
        return LW_OK;
    case LW_FIELD_REF:
    case LW_FIELD_ID:
    case LW_FIELD_HASH:
        reader->bad = !lw_hex_decode(lw_buf_text(text), text->len, value->bytes, bytes);
        return LW_OK;
    default:
        value->text = lw_text_copy(lw_buf_text(text), text->len);
        return value->text == NULL ? LW_NO_MEMORY : LW_OK;
    }
}

static enum lw_status take_value(struct reader *reader, const struct lw_field *field,
                                 struct lw_value *value, struct lw_buf *text)
{
    enum lw_status status = LW_OK;

    if (*reader->at == 'n') {
        take_word(reader, "null");
        return LW_OK;
    }
    value->set = true;
    switch (field->kind) {
    case LW_FIELD_INT:
        take_int(reader, value);
        break;
    case LW_FIELD_REAL:
        take_real(reader, value);
        break;
    case LW_FIELD_BOOL:
        value->number = *reader->at == 't';
        take_word(reader, value->number != 0 ? "true" : "false");
        break;
    default:
        status = take_text(reader, field, value, text);
        break;
    }
    return status;
}

/* ---- all of it ---- */

static enum lw_status take_change(struct reader *reader, enum lw_record_type type,
                                  struct lw_change *change, struct lw_buf *text)
{
    enum lw_status status = take_string(reader, text);
    int at = status == LW_OK && !reader->bad ? lw_field_find(type, lw_buf_text(text)) : -1;

    if (at < 0) {
        reader->bad = true;
        return status;
    }
    change->at = (size_t)at;
    change->field = &lw_record_infos[type].fields[at];
    must(reader, ':');
    must(reader, '[');
    if (!reader->bad)
        status = take_value(reader, change->field, &change->before, text);
    must(reader, ',');
    if (status == LW_OK && !reader->bad)
        status = take_value(reader, change->field, &change->after, text);
    must(reader, ']');
    return status;
}

static void change_clear(struct lw_change *change)
{
    lw_text_free(change->before.text);
    lw_text_free(change->after.text);
}

static enum lw_status changes_each(struct reader *reader, enum lw_record_type type,
                                   lw_change_visitor *visit, void *context, struct lw_error *err)
{
    struct lw_buf text = LW_BUF_INIT;
    bool first = true;
    enum lw_status status = LW_OK;

    must(reader, '{');
    while (status == LW_OK && !reader->bad && !take(reader, '}')) {
        struct lw_change change = {.at = 0};

        if (!first)
            must(reader, ',');
        first = false;
        if (!reader->bad)
            status = take_change(reader, type, &change, &text);
        if (status == LW_NO_MEMORY)
            lw_fail(err, status, "out of memory");
        else if (status == LW_OK && !reader->bad)
            status = visit(context, &change, err);
        change_clear(&change);
    }
    lw_buf_free(&text);
    return status;
}

enum lw_status lw_changes_each(enum lw_record_type type, const char *changes,
                               lw_change_visitor *visit, void *context, struct lw_error *err)
{
    struct reader reader = {.at = changes};
    enum lw_status status;

    if (changes == NULL)
        return LW_OK;
    status = changes_each(&reader, type, visit, context, err);
    if (status == LW_OK && (reader.bad || *reader.at != '\0'))
        status = lw_fail(err, LW_BAD_DATA, "what a revision says was changed cannot be read");
    return status;
}

static enum lw_status put_back(void *context, const struct lw_change *change, struct lw_error *err)
{
    struct lw_record *record = context;
    struct lw_value *value = &record->value[change->at];
    char *text = NULL;

    if (change->before.text != NULL) {
        text = lw_text_copy(change->before.text, strlen(change->before.text));
        if (text == NULL)
            return lw_fail(err, LW_NO_MEMORY, "out of memory");
    }
    lw_text_free(value->text);
    *value = change->before;
    value->text = text;
    return LW_OK;
}

enum lw_status lw_record_undo(struct lw_record *record, const char *changes, struct lw_error *err)
{
    return lw_changes_each(record->type, changes, put_back, record, err);
}

enum lw_status lw_record_copy(const struct lw_record *record, struct lw_record *out)
{
    struct lw_record copy = *record;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_FIELDS_MAX; i++) {
        const char *text = record->value[i].text;

        copy.value[i].text =
            text == NULL || status != LW_OK ? NULL : lw_text_copy(text, strlen(text));
        if (text != NULL && copy.value[i].text == NULL)
            status = LW_NO_MEMORY;
    }
    if (status == LW_OK)
        *out = copy;
    else
        lw_record_clear(&copy);
    return status;
}
