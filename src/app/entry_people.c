/* Who took part, and what was taken. */
#include "entry.h"

#include <string.h>

static enum lw_status say_participation(struct entry_say *say, const struct lw_record *record,
                                        struct lw_buf *out)
{
    const struct lw_record *r = record;
    enum lw_status status;

    status = lw_buf_addf(out, "%s: ", lw_role_label(lw_record_text(r, "role")));
    if (status == LW_OK) {
        status = entry_say_ref(say, r, "party", out);
        if (status != LW_OK)
            return status;
    }
    if (status == LW_OK)
        status = entry_say_part(out, " ", "(", lw_record_text(r, "hedge"), ")");
    if (status == LW_OK)
        status = entry_say_part(out, "; ", "", lw_record_text(r, "degree"), "");
    if (status == LW_OK)
        status = entry_say_count(r, "count_min", "count_max", "count_text", out);
    if (status == LW_OK)
        status = entry_say_part(out, "; ", _("armed: "), lw_record_text(r, "armed"), "");
    if (status == LW_OK)
        status = entry_say_part(out, "; ", _("masked: "), lw_record_text(r, "masked"), "");
    if (status == LW_OK)
        status = entry_say_part(out, "; ", _("in the end "), lw_record_text(r, "end_state"), "");
    if (status == LW_OK)
        status = entry_say_part(out, "; ", "", lw_record_text(r, "note"), "");
    return entry_checked(say, status);
}

static enum lw_status visit_participation(void *context, const struct lw_record *record,
                                          struct lw_error *err)
{
    struct entry_say *say = context;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = say_participation(say, record, &text);

    (void)err;
    say->record = record;
    if (status == LW_OK)
        status = entry_line(say, 2, text.data);
    say->record = NULL;
    lw_buf_free(&text);
    return status;
}

enum lw_status entry_say_people(struct entry_say *say)
{
    return lw_record_each(say->journal, LW_RECORD_PARTICIPATION, "entry", say->entry->id,
                          visit_participation, say, say->err);
}

/* ---- items -------------------------------------------------------------------------------------
 */

#define ITEM_KINDS 8

struct items {
    struct entry_say *say;
    struct {
        char kind[16];
        struct lw_tally tally;
    } total[ITEM_KINDS];
    size_t kinds;
};

static void add_total(struct items *items, const struct lw_record *record)
{
    const char *kind = lw_record_text(record, "kind");
    struct lw_figure figure = lw_figure_of(record, "count_min", "count_max");
    size_t at = 0;

    while (at < items->kinds && strcmp(items->total[at].kind, kind) != 0)
        at++;
    if (at == ITEM_KINDS || strlen(kind) >= sizeof(items->total[0].kind))
        return;
    if (at == items->kinds) {
        items->kinds++;
        memcpy(items->total[at].kind, kind, strlen(kind) + 1);
    }
    lw_tally_add(&items->total[at].tally, &figure);
}

static enum lw_status say_item(struct entry_say *say, const struct lw_record *r, struct lw_buf *out)
{
    static const char *const texts[][2] = {
        {"class", ""},
        {"features", ""},
        {"serial", N_("serial ")},
        {"manner", ""},
        {"receipt", N_("receipt: ")},
        {"receipt_number", N_("receipt number ")},
        {"value", N_("value ")},
        {"note", ""},
    };
    enum lw_status status = lw_buf_addf(out, "%s: %s", lw_word_say(lw_record_text(r, "kind")),
                                        lw_record_text(r, "description"));
    struct lw_buf name = LW_BUF_INIT;

    if (status == LW_OK)
        status = entry_say_count(r, "count_min", "count_max", "count_text", out);
    if (status == LW_OK && lw_record_value(r, "owner") != NULL) {
        status = entry_say_ref(say, r, "owner", &name);
        if (status == LW_OK)
            status = entry_say_part(out, "; ", _("owner: "), lw_buf_text(&name), "");
    }
    if (status == LW_OK)
        status = entry_say_part(out, "; ", _("owner: "), lw_record_text(r, "owner_text"), "");
    if (status == LW_OK && lw_record_value(r, "taken_by") != NULL) {
        lw_buf_clear(&name);
        status = entry_say_ref(say, r, "taken_by", &name);
        if (status == LW_OK)
            status = entry_say_part(out, "; ", _("taken by: "), lw_buf_text(&name), "");
    }
    for (size_t i = 0; i < LW_COUNT_OF(texts) && status == LW_OK; i++)
        status = entry_say_part(out, "; ", texts[i][1][0] == '\0' ? "" : _(texts[i][1]),
                                lw_record_text(r, texts[i][0]), "");
    if (status == LW_OK && lw_record_text(r, "returned") != NULL) {
        lw_buf_clear(&name);
        status = entry_say_when(r, "returned", &name);
        if (status == LW_OK)
            status = entry_say_part(out, "; ", _("returned "), lw_buf_text(&name), "");
    }
    lw_buf_free(&name);
    return entry_checked(say, status);
}

static enum lw_status visit_item(void *context, const struct lw_record *record,
                                 struct lw_error *err)
{
    struct items *items = context;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = say_item(items->say, record, &text);

    (void)err;
    items->say->record = record;
    if (status == LW_OK) {
        add_total(items, record);
        status = entry_line(items->say, 2, text.data);
    }
    items->say->record = NULL;
    lw_buf_free(&text);
    return status;
}

static enum lw_status say_total(struct items *items, size_t i, struct lw_buf *text)
{
    enum lw_status status;

    lw_buf_clear(text);
    status = lw_buf_sayf(text, "Total %s: ", lw_word_say(items->total[i].kind));
    return status == LW_OK ? lw_tally_say(&items->total[i].tally, text) : status;
}

enum lw_status entry_say_items(struct entry_say *say)
{
    struct items items = {.say = say};
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_record_each(say->journal, LW_RECORD_ITEM, "entry", say->entry->id,
                                           visit_item, &items, say->err);

    for (size_t i = 0; i < items.kinds && status == LW_OK; i++) {
        status = entry_checked(say, say_total(&items, i, &text));
        if (status == LW_OK)
            status = entry_line(say, 2, text.data);
    }
    lw_buf_free(&text);
    return status;
}
