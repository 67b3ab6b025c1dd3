/* What a record must be before it is written. */
#include "internal.h"

#include <math.h>
#include <string.h>

#define INT_LARGEST INT64_C(9007199254740992) /* 2^53: what every JSON reader keeps exactly */
#define TIME_FIRST  INT64_C(-62167219200000)  /* 0000-01-01T00:00:00.000Z */
#define TIME_LAST   INT64_C(253402300799999)  /* 9999-12-31T23:59:59.999Z */
#define REF_LONGEST 15

static enum lw_status bad(const struct lw_record *record, const char *field, const char *what,
                          struct lw_error *err)
{
    char label[RECORD_LABEL];

    record_label(record, label);
    return lw_fail(err, LW_BAD_DATA, "%s, field \"%s\": %s", label, field, what);
}

static enum lw_status check_text(const struct lw_record *record, const struct lw_field *field,
                                 const char *text, struct lw_error *err)
{
    if (text[0] == '\0')
        return bad(record, field->name, "is empty; leave it out where nothing is stated", err);
    if (!lw_utf8_valid(text, strlen(text), NULL))
        return bad(record, field->name, "is not well-formed UTF-8", err);
    return LW_OK;
}

static enum lw_status check_word(const struct lw_record *record, const struct lw_field *field,
                                 const char *text, struct lw_error *err)
{
    struct lw_buf known = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    for (size_t i = 0; field->words[i] != NULL; i++) {
        if (strcmp(field->words[i], text) == 0)
            return LW_OK;
    }
    for (size_t i = 0; field->words[i] != NULL && status == LW_OK; i++)
        status = lw_buf_addf(&known, "%s%s", i == 0 ? _("must be one of ") : ", ", field->words[i]);
    if (status == LW_OK)
        status = bad(record, field->name, lw_buf_text(&known), err);
    lw_buf_free(&known);
    return status;
}

static enum lw_status check_when(const struct lw_record *record, const struct lw_field *field,
                                 const char *text, struct lw_error *err)
{
    struct lw_when when;
    char label[RECORD_LABEL];
    enum lw_status status = check_text(record, field, text, err);

    if (status != LW_OK)
        return status;
    status = lw_when_parse(text, strlen(text), &when, err);
    if (status != LW_OK && err != NULL) {
        record_label(record, label);
        lw_error_prefix(err, "%s, field \"%s\"", label, field->name);
    }
    return status;
}

static enum lw_status check_value(const struct lw_record *record, const struct lw_field *field,
                                  const struct lw_value *value, struct lw_error *err)
{
    switch (field->kind) {
    case LW_FIELD_TEXT:
        return check_text(record, field, value->text, err);
    case LW_FIELD_WORD:
        return check_word(record, field, value->text, err);
    case LW_FIELD_WHEN:
        return check_when(record, field, value->text, err);
    case LW_FIELD_INT:
        if (value->number < 0 || value->number > INT_LARGEST)
            return bad(record, field->name, "must be from 0 to 9007199254740992", err);
        return LW_OK;
    case LW_FIELD_REAL:
        if (!isfinite(value->real))
            return bad(record, field->name, "must be a finite number", err);
        return LW_OK;
    case LW_FIELD_BOOL:
        if (value->number != 0 && value->number != 1)
            return bad(record, field->name, "must be true or false", err);
        return LW_OK;
    case LW_FIELD_TIME:
        if (value->number < TIME_FIRST || value->number > TIME_LAST)
            return bad(record, field->name, "must lie in the years 0000 to 9999", err);
        return LW_OK;
    case LW_FIELD_REF:
    case LW_FIELD_HASH:
    case LW_FIELD_ID:
        return LW_OK;
    }
    return LW_INTERNAL;
}

static enum lw_status check_fields(const struct lw_record *record, struct lw_error *err)
{
    const struct lw_record_info *info = &lw_record_infos[record->type];

    for (size_t i = 0; i < info->field_count; i++) {
        const struct lw_field *field = &info->fields[i];
        enum lw_status status = LW_OK;

        if (record->value[i].set)
            status = check_value(record, field, &record->value[i], err);
        else if (field->required)
            status = bad(record, field->name, "is missing and must be stated", err);
        if (status != LW_OK)
            return status;
    }
    return LW_OK;
}

static enum lw_status check_ranges(const struct lw_record *record, struct lw_error *err)
{
    static const char *const pairs[][2] = {
        {"min", "max"}, {"count_min", "count_max"}, {"duration_min", "duration_max"}};

    for (size_t i = 0; i < LW_COUNT_OF(pairs); i++) {
        const struct lw_value *min = lw_record_value(record, pairs[i][0]);
        const struct lw_value *max = lw_record_value(record, pairs[i][1]);

        if (min != NULL && max != NULL && min->number > max->number)
            return bad(record, pairs[i][0], "is greater than the maximum beside it", err);
    }
    return LW_OK;
}

/* People say it, other records and "after E09" cite it. */
static enum lw_status check_ref(const struct lw_record *record, struct lw_error *err)
{
    const char *ref = lw_record_text(record, "ref");
    size_t len = ref == NULL ? 0 : strlen(ref);

    if (ref == NULL)
        return LW_OK;
    if (len > REF_LONGEST)
        return bad(record, "ref", "is longer than 15 characters", err);
    for (size_t i = 0; i < len; i++) {
        bool letter = (ref[i] >= 'A' && ref[i] <= 'Z') || (ref[i] >= 'a' && ref[i] <= 'z');
        bool digit = ref[i] >= '0' && ref[i] <= '9';

        if (!letter && (i == 0 || (!digit && strchr("-_.", ref[i]) == NULL)))
            return bad(record, "ref",
                       "must be a Latin letter, then letters, digits, hyphens, dots (E11)", err);
    }
    return LW_OK;
}

static enum lw_status check_place(const struct lw_record *record, struct lw_error *err)
{
    const struct lw_value *latitude = lw_record_value(record, "latitude");
    const struct lw_value *longitude = lw_record_value(record, "longitude");

    if ((latitude == NULL) != (longitude == NULL))
        return bad(record, latitude == NULL ? "latitude" : "longitude",
                   "is missing beside the other coordinate", err);
    if (latitude != NULL && (latitude->real < -90 || latitude->real > 90))
        return bad(record, "latitude", "must be from -90 to 90 degrees", err);
    if (longitude != NULL && (longitude->real < -180 || longitude->real > 180))
        return bad(record, "longitude", "must be from -180 to 180 degrees", err);
    return LW_OK;
}

static enum lw_status check_pair(const struct lw_record *record, const char *one, const char *other,
                                 struct lw_error *err)
{
    const struct lw_value *a = lw_record_value(record, one);
    const struct lw_value *b = lw_record_value(record, other);

    if (a != NULL && b != NULL && memcmp(a->bytes, b->bytes, LW_RECORD_ID) == 0)
        return bad(record, other, "is the same entry on both sides", err);
    return LW_OK;
}

static enum lw_status check_parent(const struct lw_record *record, struct lw_error *err)
{
    const struct lw_value *parent = lw_record_value(record, "parent");

    if (parent != NULL && memcmp(parent->bytes, record->id, LW_RECORD_ID) == 0)
        return bad(record, "parent", "is the record itself", err);
    return LW_OK;
}

static enum lw_status check_same(const struct lw_record *record, struct lw_error *err)
{
    const struct lw_value *same = lw_record_value(record, "same_as");

    if (same != NULL && memcmp(same->bytes, record->id, LW_RECORD_ID) == 0)
        return bad(record, "same_as", "is the record itself", err);
    return LW_OK;
}

static enum lw_status check_account(const struct lw_record *record, struct lw_error *err)
{
    const struct lw_value *credibility = lw_record_value(record, "credibility");

    if (credibility != NULL && (credibility->number < 1 || credibility->number > 6))
        return bad(record, "credibility", "must be from 1 to 6; leave it out where not assessed",
                   err);
    return LW_OK;
}

static enum lw_status check_revision(const struct lw_record *record, struct lw_error *err)
{
    const char *table = lw_record_text(record, "record");
    int type = lw_record_type_by_table(table);
    bool create = strcmp(lw_record_text(record, "action"), "create") == 0;

    if (type < 0 || type == LW_RECORD_REVISION)
        return bad(record, "record", "is not the name of a record type (entry, claim ...)", err);
    if (lw_record_value(record, "sequence")->number < 1)
        return bad(record, "sequence", "counts from 1", err);
    if (create == (lw_record_text(record, "changes") != NULL))
        return bad(record, "changes", "belongs to the action \"change\" and to no other", err);
    return LW_OK;
}

/* What a program cannot read must not get into a vault as if it could. */
static enum lw_status check_kind(const struct lw_record *record, struct lw_error *err)
{
    const char *text = lw_record_text(record, "definition");
    struct lw_error why = {.status = LW_OK};
    struct lw_kind *kind;
    bool same;
    enum lw_status status = lw_kind_read(text, strlen(text), &kind, &why);

    if (status == LW_BAD_DATA)
        return bad(record, "definition", why.text, err);
    if (status != LW_OK)
        return lw_fail(err, status, "%s", why.text);
    same = strcmp(kind->name, lw_record_text(record, "name")) == 0;
    lw_kind_free(kind);
    return same ? LW_OK : bad(record, "name", "is another one than in its definition", err);
}

enum lw_status lw_record_validate(const struct lw_record *record, struct lw_error *err)
{
    enum lw_status status = check_fields(record, err);

    if (status == LW_OK)
        status = check_ranges(record, err);
    if (status != LW_OK)
        return status;
    status = check_same(record, err);
    if (status != LW_OK)
        return status;
    switch (record->type) {
    case LW_RECORD_ENTRY:
        status = check_ref(record, err);
        return status == LW_OK ? check_parent(record, err) : status;
    case LW_RECORD_SOURCE:
        return check_ref(record, err);
    case LW_RECORD_KIND:
        return check_kind(record, err);
    case LW_RECORD_PLACE:
        status = check_place(record, err);
        return status == LW_OK ? check_parent(record, err) : status;
    case LW_RECORD_ACCOUNT:
        return check_account(record, err);
    case LW_RECORD_LINK:
        return check_pair(record, "from", "to", err);
    case LW_RECORD_PRECEDENCE:
        return check_pair(record, "earlier", "later", err);
    case LW_RECORD_REVISION:
        return check_revision(record, err);
    default:
        return LW_OK;
    }
}
