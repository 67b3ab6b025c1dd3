/* One record in memory. */
#include "internal.h"

#include <stdio.h>
#include <string.h>

void lw_record_init(struct lw_record *record, enum lw_record_type type)
{
    memset(record, 0, sizeof(*record));
    record->type = type;
}

void lw_record_clear(struct lw_record *record)
{
    enum lw_record_type type = record->type;

    for (size_t i = 0; i < LW_FIELDS_MAX; i++)
        lw_text_free(record->value[i].text);
    lw_zero(record, sizeof(*record));
    record->type = type;
}

static bool kind_holds_text(enum lw_field_kind kind)
{
    return kind == LW_FIELD_TEXT || kind == LW_FIELD_WORD || kind == LW_FIELD_WHEN;
}

static bool kind_holds_number(enum lw_field_kind kind)
{
    return kind == LW_FIELD_INT || kind == LW_FIELD_BOOL || kind == LW_FIELD_TIME;
}

static struct lw_value *find(struct lw_record *record, const char *field, enum lw_field_kind *kind)
{
    int at = lw_field_find(record->type, field);

    if (at < 0)
        return NULL;
    *kind = lw_record_infos[record->type].fields[at].kind;
    return &record->value[at];
}

enum lw_status lw_record_set_text(struct lw_record *record, const char *field, const char *text,
                                  size_t len)
{
    enum lw_field_kind kind;
    struct lw_value *value = find(record, field, &kind);
    char *copy = NULL;

    if (value == NULL || !kind_holds_text(kind))
        return LW_INTERNAL;
    if (text != NULL) {
        if (memchr(text, '\0', len) != NULL)
            return LW_BAD_DATA;
        copy = lw_text_copy(text, len);
        if (copy == NULL)
            return LW_NO_MEMORY;
    }
    lw_text_free(value->text);
    value->text = copy;
    value->set = copy != NULL;
    return LW_OK;
}

enum lw_status lw_record_set_number(struct lw_record *record, const char *field, int64_t number)
{
    enum lw_field_kind kind;
    struct lw_value *value = find(record, field, &kind);

    if (value == NULL || !kind_holds_number(kind))
        return LW_INTERNAL;
    value->number = number;
    value->set = true;
    return LW_OK;
}

enum lw_status lw_record_set_ref(struct lw_record *record, const char *field,
                                 const uint8_t id[LW_RECORD_ID])
{
    enum lw_field_kind kind;
    struct lw_value *value = find(record, field, &kind);

    if (value == NULL || (kind != LW_FIELD_REF && kind != LW_FIELD_ID))
        return LW_INTERNAL;
    memcpy(value->bytes, id, LW_RECORD_ID);
    value->set = true;
    return LW_OK;
}

const struct lw_value *lw_record_value(const struct lw_record *record, const char *field)
{
    int at = lw_field_find(record->type, field);

    return at >= 0 && record->value[at].set ? &record->value[at] : NULL;
}

const char *lw_record_text(const struct lw_record *record, const char *field)
{
    const struct lw_value *value = lw_record_value(record, field);

    return value == NULL ? NULL : value->text;
}

bool value_equal(const struct lw_field *field, const struct lw_value *a, const struct lw_value *b)
{
    if (!a->set || !b->set)
        return a->set == b->set;
    switch (field->kind) {
    case LW_FIELD_TEXT:
    case LW_FIELD_WORD:
    case LW_FIELD_WHEN:
        return strcmp(a->text, b->text) == 0;
    case LW_FIELD_INT:
    case LW_FIELD_BOOL:
    case LW_FIELD_TIME:
        return a->number == b->number;
    case LW_FIELD_REAL:
        return !(a->real < b->real) && !(a->real > b->real);
    case LW_FIELD_REF:
    case LW_FIELD_ID:
        return memcmp(a->bytes, b->bytes, LW_RECORD_ID) == 0;
    case LW_FIELD_HASH:
        return memcmp(a->bytes, b->bytes, LW_HASH) == 0;
    }
    return false;
}

int lw_record_difference(const struct lw_record *a, const struct lw_record *b)
{
    const struct lw_record_info *info = &lw_record_infos[a->type];

    for (size_t i = 0; i < info->field_count; i++) {
        if (!value_equal(&info->fields[i], &a->value[i], &b->value[i]))
            return (int)i;
    }
    return -1;
}

void record_label(const struct lw_record *record, char label[RECORD_LABEL])
{
    const char *ref = lw_record_text(record, "ref");
    char hex[2 * LW_RECORD_ID + 1];

    if (ref != NULL && strlen(ref) < 16 && lw_utf8_valid(ref, strlen(ref), NULL)) {
        snprintf(label, RECORD_LABEL, "%s %s", lw_record_infos[record->type].table, ref);
        return;
    }
    lw_hex_encode(record->id, LW_RECORD_ID, hex);
    snprintf(label, RECORD_LABEL, "%s %s", lw_record_infos[record->type].table, hex);
}

int64_t record_ref_number(enum lw_record_type type, const char *ref)
{
    size_t len = strlen(ref);
    uint64_t number;
    char upper;

    if (type != LW_RECORD_ENTRY && type != LW_RECORD_SOURCE)
        return -1;
    upper = type == LW_RECORD_ENTRY ? 'E' : 'S';
    if ((ref[0] != upper && ref[0] != upper - 'A' + 'a') || len > 10)
        return -1;
    return lw_parse_u64(ref + 1, len - 1, 999999999, &number) ? (int64_t)number : -1;
}

/* One run of digits at *a and *b, by value; both move behind it. */
static int compare_digits(const char **a, const char **b)
{
    size_t len_a;
    size_t len_b;
    int order;

    *a += strspn(*a, "0");
    *b += strspn(*b, "0");
    len_a = strspn(*a, "0123456789");
    len_b = strspn(*b, "0123456789");
    if (len_a != len_b)
        return len_a < len_b ? -1 : 1;
    order = strncmp(*a, *b, len_a);
    *a += len_a;
    *b += len_b;
    return order;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

int ref_compare(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        int order;

        if (is_digit(*a) && is_digit(*b)) {
            order = compare_digits(&a, &b);
        } else {
            order = lower(*a) - lower(*b);
            a++;
            b++;
        }
        if (order != 0)
            return order;
    }
    return (*a != '\0') - (*b != '\0');
}
