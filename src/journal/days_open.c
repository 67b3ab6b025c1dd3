/* For how long an intervention has waited for a reply, as of the end of a day. Nothing is counted
 * more exactly than the dates are: between two of them lie the fewest days and the most. */
#include "register.h"

#include "order.h"

#include <string.h>

/* A reply that says that there is none. Only these words in full: "no grounds" is a reply. */
static const char *const no_reply[] = {
    "none",     "none recorded", "no",         "no reply", "no answer",  "no reply recorded",
    "not yet",  "none yet",      "unknown",    "нет",      "ответа нет", "нет ответа",
    "пока нет", "неизвестно",    "не получен",
};

int64_t lw_clock_day(const struct lw_clock *clock)
{
    int64_t now = lw_clock_now(clock) / 1000;

    return order_day_of(now + (int64_t)lw_clock_offset(clock, now) * 60);
}

static int64_t first_of(const struct lw_when *when)
{
    return when->earliest == LW_TIME_MIN ? LW_TIME_MIN : order_day_of(when->earliest);
}

static int64_t last_of(const struct lw_when *when)
{
    return when->latest == LW_TIME_MAX ? LW_TIME_MAX : order_day_of(when->latest - 1);
}

bool lw_days_between(const struct lw_when *from, int64_t first_day, int64_t last_day,
                     int64_t *least, int64_t *most)
{
    int64_t first = first_of(from), last = last_of(from);

    *least = last >= first_day ? 0 : first_day - last;
    if (first == LW_TIME_MIN || last_day == LW_TIME_MAX)
        return false;
    *most = last_day <= first ? 0 : last_day - first;
    return true;
}

struct opening {
    struct lw_journal *journal;
    struct lw_days_open *open;
    struct lw_sheet_part *replies;
    bool has_sent, has_reply, answered, has_due;
    struct lw_when sent;
    int64_t reply_first, reply_last; /* days of the first reply that is dated */
    int64_t due;                     /* its last day */
    const char *state;               /* static, or NULL */
};

static bool says_none(const char *text)
{
    for (size_t i = 0; i < LW_COUNT_OF(no_reply); i++) {
        if (lw_words_equal(text, strlen(text), no_reply[i]))
            return true;
    }
    return false;
}

static enum lw_status visit_field(void *context, const struct lw_record *field,
                                  struct lw_error *err)
{
    static const char *const states[] = {"prepared", "sent", "answered", "closed"};
    struct opening *opening = context;
    const char *key = lw_record_text(field, "key");
    const char *text = lw_record_text(field, "text");
    struct lw_when due;

    (void)err;
    if (text == NULL)
        return LW_OK;
    if (strcmp(key, "reply") == 0 && !says_none(text))
        opening->answered = true;
    for (size_t i = 0; strcmp(key, "state") == 0 && i < LW_COUNT_OF(states); i++) {
        if (strcmp(text, states[i]) == 0)
            opening->state = states[i];
    }
    if (strcmp(key, "reply_due") == 0 && lw_when_parse(text, strlen(text), &due, NULL) == LW_OK &&
        due.latest != LW_TIME_MAX) {
        opening->has_due = true;
        opening->due = last_of(&due);
    }
    return LW_OK;
}

/* ---- entries that reply to it -----------------------------------------------------------------
 */

static enum lw_status find_received(void *context, const struct lw_record *field,
                                    struct lw_error *err)
{
    struct lw_when *when = context;
    const char *text = lw_record_text(field, "text");
    struct lw_when read;

    (void)err;
    if (text != NULL && strcmp(lw_record_text(field, "key"), "received") == 0 &&
        lw_when_parse(text, strlen(text), &read, NULL) == LW_OK)
        *when = read;
    return LW_OK;
}

/* A reply came when it was received, else on its own date. */
static enum lw_status read_reply(struct opening *opening, const struct lw_record *reply,
                                 struct lw_when *when, struct lw_error *err)
{
    const char *text = lw_record_text(reply, "when");

    *when = (struct lw_when){.earliest = LW_TIME_MIN, .latest = LW_TIME_MAX};
    if (text != NULL && lw_when_parse(text, strlen(text), when, NULL) != LW_OK)
        *when = (struct lw_when){.earliest = LW_TIME_MIN, .latest = LW_TIME_MAX};
    return lw_record_each(opening->journal, LW_RECORD_FIELD, "entry", reply->id, find_received,
                          when, err);
}

static enum lw_status take_reply(struct opening *opening, const struct lw_record *reply,
                                 struct lw_error *err)
{
    struct lw_buf said = LW_BUF_INIT, date = LW_BUF_INIT;
    struct lw_when when;
    enum lw_status status = read_reply(opening, reply, &when, err);

    if (status != LW_OK)
        return status;
    if (first_of(&when) == LW_TIME_MIN || first_of(&when) <= opening->open->day) {
        bool dated = first_of(&when) != LW_TIME_MIN;

        opening->answered = true;
        if (dated && (!opening->has_reply || first_of(&when) < opening->reply_first)) {
            opening->has_reply = true;
            opening->reply_first = first_of(&when);
            opening->reply_last = last_of(&when);
        }
    }
    status =
        lw_buf_addf(&said, "%s %s", lw_record_text(reply, "ref"), lw_record_text(reply, "title"));
    if (status == LW_OK && when.text[0] != '\0')
        status = lw_when_say(&when, &date);
    if (status == LW_OK && opening->replies != NULL)
        status = part_add(opening->replies, said.data, date.len > 0 ? date.data : NULL);
    lw_buf_free(&said);
    lw_buf_free(&date);
    return status == LW_OK ? LW_OK : lw_fail(err, status, "out of memory");
}

static enum lw_status visit_link(void *context, const struct lw_record *link, struct lw_error *err)
{
    struct opening *opening = context;
    struct lw_record reply;
    enum lw_status status;

    if (strcmp(lw_record_text(link, "kind"), "reply_to") != 0)
        return LW_OK;
    status = lw_record_get(opening->journal, LW_RECORD_ENTRY, lw_record_value(link, "from")->bytes,
                           &reply, err);
    if (status != LW_OK)
        return status;
    status = take_reply(opening, &reply, err);
    lw_record_clear(&reply);
    return status;
}

/* ---- counting ---------------------------------------------------------------------------------
 */

static bool is_state(const struct opening *opening, const char *state)
{
    return opening->state != NULL && strcmp(opening->state, state) == 0;
}

static enum lw_open_state judge(const struct opening *opening)
{
    if (is_state(opening, "closed"))
        return LW_OPEN_CLOSED;
    if (opening->answered || is_state(opening, "answered"))
        return LW_OPEN_ANSWERED;
    if (is_state(opening, "prepared"))
        return LW_OPEN_PREPARED;
    if (opening->has_sent && first_of(&opening->sent) != LW_TIME_MIN &&
        first_of(&opening->sent) > opening->open->day)
        return LW_OPEN_LATER;
    return LW_OPEN_WAITING;
}

static void count(struct opening *opening)
{
    struct lw_days_open *open = opening->open;
    int64_t first, last;

    open->state = judge(opening);
    first =
        open->state == LW_OPEN_ANSWERED && opening->has_reply ? opening->reply_first : open->day;
    last = open->state == LW_OPEN_ANSWERED && opening->has_reply ? opening->reply_last : open->day;
    open->has_days = opening->has_sent && (open->state == LW_OPEN_WAITING ||
                                           (open->state == LW_OPEN_ANSWERED && opening->has_reply));
    if (open->has_days)
        open->has_most = lw_days_between(&opening->sent, first, last, &open->least, &open->most);
    if (open->state == LW_OPEN_WAITING && opening->has_due && open->day > opening->due) {
        open->overdue = true;
        open->overdue_days = open->day - opening->due;
    }
}

enum lw_status days_open_load(struct lw_journal *journal, const struct lw_row *row, int64_t day,
                              struct lw_days_open *out, struct lw_sheet_part *replies,
                              struct lw_error *err)
{
    struct opening opening = {.journal = journal, .open = out, .replies = replies};
    enum lw_status status;

    *out = (struct lw_days_open){.day = day};
    opening.has_sent = row->when != NULL &&
                       lw_when_parse(row->when, strlen(row->when), &opening.sent, NULL) == LW_OK;
    status = lw_record_each(journal, LW_RECORD_FIELD, "entry", row->id, visit_field, &opening, err);
    if (status == LW_OK)
        status = lw_record_each(journal, LW_RECORD_LINK, "to", row->id, visit_link, &opening, err);
    if (status == LW_OK)
        count(&opening);
    return status;
}

/* ---- in words ---------------------------------------------------------------------------------
 */

static enum lw_status say_days(const struct lw_days_open *open, struct lw_buf *out)
{
    long long least = (long long)open->least, most = (long long)open->most;

    if (!open->has_most)
        return lw_buf_addf(
            out, lw_say_count("at least %lld day", "at least %lld days", (uint64_t)open->least),
            least);
    if (least == most)
        return lw_buf_addf(out, lw_say_count("%lld day", "%lld days", (uint64_t)open->most), most);
    if (least == 0)
        return lw_buf_addf(
            out, lw_say_count("at most %lld day", "at most %lld days", (uint64_t)open->most), most);
    return lw_buf_sayf(out, "%lld to %lld days", least, most);
}

enum lw_status lw_days_open_say(const struct lw_days_open *open, struct lw_buf *out)
{
    static const char *const words[] = {
        [LW_OPEN_PREPARED] = N_("not sent yet"), [LW_OPEN_LATER] = N_("sent later"),
        [LW_OPEN_WAITING] = N_("open "),         [LW_OPEN_ANSWERED] = N_("answered"),
        [LW_OPEN_CLOSED] = N_("closed"),
    };
    enum lw_status status = lw_buf_says(out, words[open->state]);

    if (status == LW_OK && open->state == LW_OPEN_WAITING)
        status = open->has_days ? say_days(open, out)
                                : lw_buf_says(out, "for an unknown time: it is not dated");
    else if (status == LW_OK && open->has_days && open->state == LW_OPEN_ANSWERED) {
        status = lw_buf_says(out, " after ");
        if (status == LW_OK)
            status = say_days(open, out);
    }
    if (status == LW_OK && open->overdue)
        status = lw_buf_addf(out,
                             lw_say_count(", overdue by %lld day", ", overdue by %lld days",
                                          (uint64_t)open->overdue_days),
                             (long long)open->overdue_days);
    return status;
}

enum lw_status lw_date_say(int64_t day, struct lw_buf *out)
{
    struct lw_buf all = LW_BUF_INIT;
    enum lw_status status = lw_day_say(day, &all);

    if (status == LW_OK) /* without the weekday */
        status = lw_buf_adds(out, strchr(all.data, ' ') + 1);
    lw_buf_free(&all);
    return status;
}
