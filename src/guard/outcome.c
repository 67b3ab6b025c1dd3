/* How a wipe goes, in words. What is not known is not said; what failed stands out, also without
 * colours. */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ALARM  "\033[1;37;41m"
#define NORMAL "\033[0m"

enum { PLAIN_STEP = 20 }; /* percent: each that is said is a line there */

/* Names of files stand in it, which may hold anything. */
static void keep_text(char *to, size_t size, const char *text)
{
    size_t at = 0;

    for (; text[at] != '\0' && at + 1 < size; at++)
        to[at] = (char)(text[at] >= ' ' && text[at] <= '~' ? text[at] : '?');
    to[at] = '\0';
}

void guard_outcome_take(struct guard_outcome *outcome, const struct lw_wipe_news *news)
{
    outcome->lost = false;
    switch (news->stage) {
    case LW_WIPE_FAILING:
        outcome->tries++;
        keep_text(outcome->why, sizeof(outcome->why), N_("the disk refuses to be written"));
        break;
    case LW_WIPE_SYNCED:
        outcome->synced = true;
        lw_wipe_say_keys(&news->report, &lw_clock_system, outcome->keys);
        break;
    case LW_WIPE_KEPT:
        outcome->kept = true;
        outcome->layered = news->report.layered;
        break;
    case LW_WIPE_HEADER:
        outcome->header_left = true;
        keep_text(outcome->header_why, sizeof(outcome->header_why), news->header_text);
        break;
    case LW_WIPE_PROGRESS:
        outcome->done = news->done;
        outcome->total = news->total;
        break;
    case LW_WIPE_ENDED:
        outcome->tries += !outcome->ended || !news->report.keys_gone;
        outcome->ended = true;
        outcome->kept = news->report.keys_gone;
        outcome->synced = outcome->kept;
        outcome->rest_gone = news->report.rest_gone;
        outcome->header_left = news->report.header_left;
        outcome->layered = news->report.layered;
        outcome->status = news->status;
        keep_text(outcome->why, sizeof(outcome->why), news->text);
        break;
    case LW_WIPE_ALSO:
        outcome->also_good += news->status == LW_OK;
        outcome->also_bad += news->status != LW_OK;
        if (news->status != LW_OK)
            keep_text(outcome->also_why, sizeof(outcome->also_why), news->text);
        break;
    case LW_WIPE_UNSEEN:
        outcome->unseen = true;
        break;
    default:
        break;
    }
}

struct lines {
    char *text;
    size_t size;
    size_t len;
};

static void LW_PRINTF(2, 3) add(struct lines *lines, const char *format, ...)
{
    va_list arguments;
    int len;

    va_start(arguments, format);
    len = vsnprintf(lines->text + lines->len, lines->size - lines->len, lw_say(format), arguments);
    va_end(arguments);
    if (len > 0)
        lines->len +=
            (size_t)len < lines->size - lines->len ? (size_t)len : lines->size - lines->len - 1;
}

static void say_keys(const struct guard_outcome *outcome, struct lines *lines)
{
    if (outcome->synced) {
        add(lines, "%s\r\n", outcome->keys);
        if (!outcome->kept)
            add(lines, "watching that they stay overwritten\r\n");
        return;
    }
    if (outcome->lost)
        add(lines, ALARM "%s" NORMAL "\r\n",
            _("THE KEYS ARE NOT DESTROYED: the wipe was ended by somebody; trying again"));
    else if (outcome->tries == 0)
        add(lines, "overwriting the keys\r\n");
    else {
        add(lines, ALARM "%s: %s" NORMAL "\r\n",
            outcome->status == LW_NO_INPUT ? _("NOTHING IS WIPED")
                                           : _("THE KEYS ARE NOT DESTROYED"),
            _(outcome->why));
        add(lines,
            lw_say_count("tried %u time, trying again\r\n", "tried %u times, trying again\r\n",
                         outcome->tries),
            outcome->tries);
    }
}

/* The stick is missing, or does not answer. What is on it opens what is left of the vault. */
static void say_header(const struct guard_outcome *outcome, const struct lw_emergency *orders,
                       struct lines *lines)
{
    add(lines, ALARM "%s: %s" NORMAL "\r\n", _("THE HEADER IS NOT DESTROYED"),
        _(outcome->header_why));
    if (outcome->rest_gone)
        add(lines, "The vault is gone. The header opens older copies of it: put the stick in, or "
                   "destroy it.\r\n");
    else if (orders->keys_only)
        add(lines, "With it and a passphrase the vault can be read still: only the keys were to be "
                   "wiped.\r\nPut the stick in, or destroy it.\r\n");
    else
        add(lines, "With it the vault can be read until the rest is overwritten. Put the stick in, "
                   "or destroy it.\r\n");
}

static void say_layers(const struct guard_outcome *outcome, struct lines *lines)
{
    if (outcome->kept && outcome->layered)
        add(lines, ALARM "%s" NORMAL ": %s\r\n", _("A LAYER BELOW MAY HOLD IT AS IT WAS"),
            _("this folder is an overlay, and a wipe reaches its top only."));
}

static void say_unseen(const struct guard_outcome *outcome, struct lines *lines)
{
    if (outcome->unseen)
        add(lines, ALARM "%s" NORMAL ": %s\r\n", _("OTHER PROGRAMS ARE NOT ENDED"),
            _(LW_WIPE_UNSEEN_WHY));
}

static void say_rest(const struct guard_outcome *outcome, const struct lw_emergency *orders,
                     struct lines *lines)
{
    unsigned percent = outcome->total > 0 ? (unsigned)(outcome->done * 100 / outcome->total) : 0;

    if (!outcome->kept && !outcome->header_left)
        return;
    if (outcome->rest_gone)
        add(lines, "the rest overwritten and removed\r\n");
    else if (orders->keys_only)
        add(lines, "the rest of the file is left%s\r\n",
            outcome->header_left ? "" : _("; it is noise now"));
    else if (outcome->ended)
        add(lines, ALARM "%s: %s" NORMAL "\r\n", _("the rest is not removed"), _(outcome->why));
    else if (outcome->total > 0)
        add(lines, "overwriting the rest: %u %%\r\n",
            percent - (outcome->plain ? percent % PLAIN_STEP : 0));
    else
        add(lines, "overwriting the rest\r\n");
}

static void say_also(const struct guard_outcome *outcome, const struct lw_emergency *orders,
                     struct lines *lines)
{
    if (orders->also_count == 0)
        return;
    add(lines, "other files wiped: %zu of %zu\r\n", outcome->also_good, orders->also_count);
    if (outcome->also_bad > 0)
        add(lines, ALARM "%s: %s" NORMAL "\r\n", _("NOT WIPED"), _(outcome->also_why));
}

void guard_outcome_say(const struct guard_outcome *outcome, const struct lw_emergency *orders,
                       char *text, size_t size)
{
    struct lines lines = {.text = text, .size = size};

    text[0] = '\0';
    if (orders->simulate)
        add(&lines, "SIMULATION: nothing is written. A wipe would say:\r\n\r\n");
    if (outcome->header_left && !outcome->kept)
        say_header(outcome, orders, &lines);
    else
        say_keys(outcome, &lines);
    say_layers(outcome, &lines);
    say_unseen(outcome, &lines);
    say_rest(outcome, orders, &lines);
    say_also(outcome, orders, &lines);
    if (outcome->kept || outcome->ended)
        add(&lines, "\r\nEnter leaves%s\r\n",
            outcome->kept && outcome->ended ? "" : _("; what is not finished goes on"));
}
