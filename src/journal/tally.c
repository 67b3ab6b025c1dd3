/* Totals: sums of figures that are no more exact than what they are made of, and counts by what is
 * recorded. */
#include "register.h"

#include <stdlib.h>
#include <string.h>

/* ---- figures ----------------------------------------------------------------------------------
 */

void lw_tally_add(struct lw_tally *tally, const struct lw_figure *figure)
{
    bool exact = figure->has_min && figure->has_max && figure->min == figure->max;

    tally->lines++;
    tally->uncounted += !figure->has_min && !figure->has_max;
    tally->least += figure->has_min ? (uint64_t)figure->min : 0;
    tally->most += figure->has_max ? (uint64_t)figure->max : 0;
    tally->exact += exact ? (uint64_t)figure->min : 0;
    tally->open = tally->open || !figure->has_max;
}

static enum lw_status say_exact(uint64_t exact, struct lw_buf *out)
{
    if (exact == 0)
        return lw_buf_says(out, ", of which none exactly counted");
    return lw_buf_sayf(out, ", of which %llu exactly counted", (unsigned long long)exact);
}

static enum lw_status say_number(const struct lw_tally *tally, struct lw_buf *out)
{
    unsigned long long least = tally->least, most = tally->most;
    enum lw_status status;

    if (!tally->open && least == most)
        return lw_buf_addf(
            out, lw_say_count("%llu item, exactly counted", "%llu items, exactly counted", least),
            least);
    if (!tally->open)
        status = lw_buf_sayf(out, "%llu to %llu items", least, most);
    else
        status = lw_buf_addf(out, lw_say_count("at least %llu item", "at least %llu items", least),
                             least);
    return status == LW_OK ? say_exact(tally->exact, out) : status;
}

enum lw_status lw_tally_say(const struct lw_tally *tally, struct lw_buf *out)
{
    bool counted = tally->lines > tally->uncounted;
    enum lw_status status = counted ? say_number(tally, out) : LW_OK;

    if (status == LW_OK && tally->uncounted > 0)
        status = lw_buf_addf(out,
                             lw_say_count("%s%llu line without a number",
                                          "%s%llu lines without a number", tally->uncounted),
                             counted ? "; " : "", (unsigned long long)tally->uncounted);
    return status;
}

/* ---- groups -----------------------------------------------------------------------------------
 */

/* What a group counts by: a fate, or a part of a list. */
static const char *group_say(const char *group)
{
    static const char *const parts[] = {
        M_("counted by", "channel"), M_("counted by", "to"),      M_("counted by", "who"),
        M_("counted by", "release"), M_("counted by", "warrant"), M_("counted by", "class"),
        M_("counted by", "owner"),
    };

    for (size_t i = 0; i < LW_COUNT_OF(parts); i++) {
        if (strcmp(strchr(parts[i], LW_SAY_CONTEXT[0]) + 1, group) == 0)
            return lw_say(parts[i]);
    }
    return lw_word_say(group);
}

static bool is_total(const struct lw_total *total, const char *group, const char *name)
{
    return strcmp(total->group, group) == 0 &&
           (name == NULL ? total->name == NULL
                         : total->name != NULL && strcmp(total->name, name) == 0);
}

static enum lw_status find(struct lw_totals *totals, const char *group, const char *name,
                           struct lw_total **out)
{
    struct lw_total total = {.group = NULL};

    for (size_t i = 0; i < totals->count; i++) {
        if (is_total(&totals->total[i], group, name)) {
            *out = &totals->total[i];
            return LW_OK;
        }
    }
    if (totals->count == totals->cap) {
        size_t cap = totals->cap == 0 ? 16 : totals->cap * 2;
        struct lw_total *grown = realloc(totals->total, cap * sizeof *grown);

        if (grown == NULL)
            return LW_NO_MEMORY;
        totals->total = grown;
        totals->cap = cap;
    }
    total.group = lw_text_copy(group, strlen(group));
    total.name = name != NULL ? lw_text_copy(name, strlen(name)) : NULL;
    if (total.group == NULL || (name != NULL && total.name == NULL)) {
        lw_text_free(total.group);
        lw_text_free(total.name);
        return LW_NO_MEMORY;
    }
    *out = &totals->total[totals->count++];
    **out = total;
    return LW_OK;
}

static enum lw_status add_figure(struct lw_totals *totals, const char *group, const char *name,
                                 const struct lw_figure *figure)
{
    struct lw_total *total;
    enum lw_status status = find(totals, group, name, &total);

    if (status == LW_OK)
        lw_tally_add(&total->tally, figure);
    return status;
}

static const char *first_value(const struct lw_sheet *sheet, const char *part)
{
    const struct lw_sheet_part *found = lw_sheet_part(sheet, part);

    return found != NULL && found->count > 0 ? found->value[0].text : NULL;
}

/* "seized", and in it by class and by owner. */
static enum lw_status add_item(struct lw_totals *totals, const struct lw_sheet *sheet)
{
    static const char *const by[] = {"class", "owner"};
    const char *fate = first_value(sheet, "fate");
    enum lw_status status = add_figure(totals, fate, NULL, &sheet->figure);

    for (size_t i = 0; i < LW_COUNT_OF(by) && status == LW_OK; i++) {
        const char *name = first_value(sheet, by[i]);
        struct lw_buf text = LW_BUF_INIT;

        status = lw_buf_addf(&text, "%s: %s", group_say(by[i]),
                             name != NULL ? part_say(by[i], name) : _("not recorded"));
        if (status == LW_OK && (name != NULL || strcmp(by[i], "owner") == 0))
            status = add_figure(totals, fate, text.data, &sheet->figure);
        lw_buf_free(&text);
    }
    return status;
}

/* An entry counts once under each thing that it says: two calls and a letter are two channels. */
static enum lw_status add_part(struct lw_totals *totals, const struct lw_sheet *sheet,
                               const char *name)
{
    static const struct lw_figure one = {true, true, 1, 1};
    const struct lw_sheet_part *part = lw_sheet_part(sheet, name);
    enum lw_status status = LW_OK;

    for (size_t i = 0; part != NULL && i < part->count && status == LW_OK; i++) {
        bool before = false;

        for (size_t k = 0; k < i && !before; k++)
            before = strcmp(part->value[k].text, part->value[i].text) == 0;
        if (!before)
            status = add_figure(totals, name, part->value[i].text, &one);
    }
    if (part != NULL && part->count == 0 && status == LW_OK)
        status = add_figure(totals, name, _("not recorded"), &one);
    return status;
}

static const char *const counted[LW_REGISTER_COUNT][2] = {
    [LW_REGISTER_THREATS] = {"channel", "to"},
    [LW_REGISTER_INTERVENTIONS] = {"to"},
    [LW_REGISTER_DETENTIONS] = {"who", "release"},
    [LW_REGISTER_SEARCHES] = {"warrant"},
};

enum lw_status lw_totals_add(struct lw_totals *totals, const struct lw_sheet *sheet)
{
    const char *death = first_value(sheet, "death_threat");
    enum lw_status status = LW_OK;

    totals->sheets++;
    if (sheet->which == LW_REGISTER_ITEMS)
        return add_item(totals, sheet);
    if (sheet->which == LW_REGISTER_INTERVENTIONS) {
        totals->state[sheet->open.state]++;
        totals->overdue += sheet->open.overdue;
        totals->day = sheet->open.day;
    }
    totals->death += death != NULL && (strcmp(death, "yes") == 0 || strcmp(death, "да") == 0);
    for (size_t i = 0; i < 2 && counted[sheet->which][i] != NULL && status == LW_OK; i++)
        status = add_part(totals, sheet, counted[sheet->which][i]);
    return status;
}

/* ---- in words ---------------------------------------------------------------------------------
 */

static enum lw_status say_items(const struct lw_totals *totals, lw_total_visitor *visit,
                                void *context)
{
    struct lw_buf line = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < totals->count && status == LW_OK; i++) {
        const struct lw_total *all = &totals->total[i];

        if (all->name != NULL)
            continue;
        for (size_t k = i; k < totals->count && status == LW_OK; k++) {
            const struct lw_total *total = &totals->total[k];

            if (strcmp(total->group, all->group) != 0)
                continue;
            lw_buf_clear(&line);
            status = lw_buf_addf(&line, "%s: ", k == i ? group_say(total->group) : total->name);
            if (status == LW_OK)
                status = lw_tally_say(&total->tally, &line);
            if (status == LW_OK && k == i)
                text_capital(&line);
            if (status == LW_OK)
                status = visit(context, line.data, k == i ? 0 : 1);
        }
    }
    lw_buf_free(&line);
    return status;
}

/* "12 threats" */
static enum lw_status say_sheets(enum lw_register which, uint64_t count, struct lw_buf *out)
{
    unsigned long long many = count;

    switch (which) {
    case LW_REGISTER_THREATS:
        return lw_buf_addf(out, lw_say_count("%llu threat", "%llu threats", count), many);
    case LW_REGISTER_INTERVENTIONS:
        return lw_buf_addf(out, lw_say_count("%llu intervention", "%llu interventions", count),
                           many);
    case LW_REGISTER_DETENTIONS:
        return lw_buf_addf(out, lw_say_count("%llu detention", "%llu detentions", count), many);
    default:
        return lw_buf_addf(out, lw_say_count("%llu search", "%llu searches", count), many);
    }
}

static enum lw_status say_first(const struct lw_totals *totals, enum lw_register which,
                                struct lw_buf *out)
{
    static const char *const states[] = {
        [LW_OPEN_PREPARED] = N_("not sent yet"),
        [LW_OPEN_LATER] = N_("sent later"),
        [LW_OPEN_WAITING] = (M_("a letter", "open")),
        [LW_OPEN_ANSWERED] = N_("answered"),
        [LW_OPEN_CLOSED] = N_("closed"),
    };
    enum lw_status status = say_sheets(which, totals->sheets, out);

    if (status == LW_OK && which == LW_REGISTER_THREATS)
        status = lw_buf_addf(out,
                             lw_say_count(", %llu recorded as death threat",
                                          ", %llu recorded as death threats", totals->death),
                             (unsigned long long)totals->death);
    for (int i = LW_OPEN_CLOSED; which == LW_REGISTER_INTERVENTIONS && i >= 0 && status == LW_OK;
         i--) {
        if (totals->state[i] > 0 || i == LW_OPEN_WAITING)
            status =
                lw_buf_addf(out, ", %llu %s", (unsigned long long)totals->state[i], _(states[i]));
    }
    if (status == LW_OK && which == LW_REGISTER_INTERVENTIONS && totals->sheets > 0) {
        status = lw_buf_sayf(out, ", %llu overdue, on ", (unsigned long long)totals->overdue);
        if (status == LW_OK)
            status = lw_date_say(totals->day, out);
    }
    return status;
}

/* "By channel: call 2, text message 1" */
static enum lw_status say_group(const struct lw_totals *totals, const char *group,
                                struct lw_buf *out)
{
    enum lw_status status = lw_buf_addf(out, "%s: ", group_say(group));
    bool first = true;

    for (size_t i = 0; i < totals->count && status == LW_OK; i++) {
        const struct lw_total *total = &totals->total[i];

        if (strcmp(total->group, group) != 0)
            continue;
        status = lw_buf_addf(out, "%s%s %llu", first ? "" : ", ", total->name,
                             (unsigned long long)total->tally.lines);
        first = false;
    }
    return status;
}

enum lw_status lw_totals_say(const struct lw_totals *totals, enum lw_register which,
                             lw_total_visitor *visit, void *context)
{
    struct lw_buf line = LW_BUF_INIT;
    enum lw_status status;

    if (which == LW_REGISTER_ITEMS)
        return say_items(totals, visit, context);
    status = say_first(totals, which, &line);
    if (status == LW_OK)
        status = visit(context, line.data, 0);
    for (size_t i = 0; i < 2 && counted[which][i] != NULL && totals->sheets > 0 && status == LW_OK;
         i++) {
        lw_buf_clear(&line);
        status = say_group(totals, counted[which][i], &line);
        if (status == LW_OK)
            status = visit(context, line.data, 1);
    }
    lw_buf_free(&line);
    return status;
}

void lw_totals_free(struct lw_totals *totals)
{
    for (size_t i = 0; i < totals->count; i++) {
        lw_text_free(totals->total[i].group);
        lw_text_free(totals->total[i].name);
    }
    free(totals->total);
    *totals = (struct lw_totals){.total = NULL};
}
