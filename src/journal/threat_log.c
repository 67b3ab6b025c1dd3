/* A threat as it is typed into the quick log: the entry, its answers, whom it is meant for. */
#include "internal.h"

#include <stdio.h>
#include <string.h>

enum { TITLE_COLUMNS = 120 };

static const struct lw_question text_question = {.type = LW_QUESTION_TEXT};
static const struct lw_question yes_question = {.type = LW_QUESTION_YES_NO};

static bool is_blank(const char *text)
{
    return text == NULL || text[strspn(text, " \t\r\n")] == '\0';
}

/* "text message, +7 928 000: we know where you live": enough to know it again in the timeline. */
static enum lw_status say_title(const struct lw_threat *threat, struct lw_buf *out)
{
    const char *const head[] = {threat->channel, threat->sender};
    struct lw_buf whole = LW_BUF_INIT, clean = LW_BUF_INIT;
    size_t take, next = 0;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(head) && status == LW_OK; i++) {
        if (!is_blank(head[i]))
            status = lw_buf_addf(&whole, "%s%s", whole.len > 0 ? ", " : "", head[i]);
    }
    if (status == LW_OK && !is_blank(threat->words))
        status = lw_buf_addf(&whole, "%s%s", whole.len > 0 ? ": " : "", threat->words);
    if (status == LW_OK)
        status = lw_text_clean(lw_buf_text(&whole), whole.len, false, &clean);
    if (status == LW_OK) {
        const char *text = lw_buf_text(&clean);
        size_t len = clean.len;

        text_trim(&text, &len);
        take = lw_utf8_break(text, len, TITLE_COLUMNS, &next);
        status = lw_buf_add(out, text, take);
        if (status == LW_OK && next < len)
            status = lw_buf_adds(out, " …");
    }
    lw_buf_free(&whole);
    lw_buf_free(&clean);
    return status;
}

/* The minute of a clock, with the offset that it has there. */
static enum lw_status say_now(const struct lw_clock *clock, int64_t at_ms, struct lw_buf *out)
{
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_instant_say(clock, at_ms, &text);

    if (status == LW_OK)
        status = lw_buf_add(out, text.data, text.len);
    lw_buf_free(&text);
    return status;
}

static enum lw_status read_when(const struct lw_journal *journal, const struct lw_threat *threat,
                                struct lw_when *out, struct lw_error *err)
{
    struct lw_when_typed typed;
    struct lw_buf now = LW_BUF_INIT;
    enum lw_status status;

    if (is_blank(threat->when)) {
        status = say_now(journal->clock, threat->at_ms, &now);
        status = status == LW_OK ? lw_when_parse(lw_buf_text(&now), now.len, out, err)
                                 : lw_fail(err, status, "out of memory");
        lw_buf_free(&now);
        return status;
    }
    status = lw_when_read(threat->when, strlen(threat->when), journal->clock, &typed, err);
    if (status == LW_OK && (!typed.has_when || typed.relation_count > 0))
        status =
            lw_fail(err, LW_BAD_DATA, "a time stands here, such as 21:20 or yesterday evening");
    if (status == LW_OK)
        *out = typed.when;
    else
        lw_error_prefix(err, "when");
    return status;
}

/* ---- records ----------------------------------------------------------------------------------
 */

static enum lw_status put_entry(struct lw_journal *journal, const struct lw_threat *threat,
                                uint8_t id[LW_RECORD_ID], char ref[16], struct lw_error *err)
{
    struct lw_buf title = LW_BUF_INIT;
    struct lw_record entry;
    struct lw_when when;
    enum lw_status status = read_when(journal, threat, &when, err);

    if (status != LW_OK)
        return status;
    lw_record_init(&entry, LW_RECORD_ENTRY);
    lw_journal_new_id(journal, entry.id);
    memcpy(id, entry.id, LW_RECORD_ID);
    status = say_title(threat, &title);
    if (status == LW_OK)
        status = lw_record_set_text(&entry, "title", lw_buf_text(&title), title.len);
    if (status == LW_OK)
        status = lw_record_set_text(&entry, "kind", "threat", strlen("threat"));
    if (status == LW_OK)
        status = lw_record_set_text(&entry, "when", when.text, strlen(when.text));
    if (status == LW_OK)
        status = lw_record_set_text(&entry, "status", "draft", strlen("draft"));
    if (status == LW_OK)
        status = lw_record_set_number(&entry, "recorded_at", lw_clock_now(journal->clock));
    if (status == LW_OK && journal->author != NULL)
        status =
            lw_record_set_text(&entry, "recorded_by", journal->author, strlen(journal->author));
    status = status == LW_OK ? lw_record_put(journal, &entry, NULL, err)
                             : lw_fail(err, status, "%s", lw_status_message(status));
    if (status == LW_OK)
        snprintf(ref, 16, "%s", lw_record_text(&entry, "ref"));
    lw_buf_free(&title);
    lw_record_clear(&entry);
    return status;
}

static enum lw_status put_answer(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                                 const char *key, const struct lw_question *question,
                                 const char *text, struct lw_error *err)
{
    struct lw_answer answer = {.text = NULL};
    struct lw_record field;
    enum lw_status status;

    if (is_blank(text))
        return LW_OK;
    lw_record_init(&field, LW_RECORD_FIELD);
    status =
        lw_answer_read(journal->forms, question, text, strlen(text), journal->clock, &answer, err);
    if (status == LW_OK)
        status = lw_answer_put(journal, question, &answer, &field, err);
    if (status == LW_OK)
        status = lw_record_set_text(&field, "key", key, strlen(key));
    if (status == LW_OK)
        status = lw_record_set_ref(&field, "entry", entry);
    if (status == LW_OK)
        status = lw_record_put(journal, &field, NULL, err);
    lw_answer_clear(&answer);
    lw_record_clear(&field);
    return status;
}

static enum lw_status put_party(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                                const char *name, size_t len, struct lw_error *err)
{
    struct lw_record record;
    uint8_t party[LW_RECORD_ID];
    enum lw_status status = lw_named_put(journal, LW_RECORD_PARTY, name, len, party, err);

    if (status != LW_OK)
        return status;
    lw_record_init(&record, LW_RECORD_PARTICIPATION);
    status = lw_record_set_ref(&record, "entry", entry);
    if (status == LW_OK)
        status = lw_record_set_ref(&record, "party", party);
    if (status == LW_OK)
        status = lw_record_set_text(&record, "role", "victim", strlen("victim"));
    if (status == LW_OK)
        status = lw_record_put(journal, &record, NULL, err);
    lw_record_clear(&record);
    return status;
}

/* Names are separated by semicolons, since a comma may be part of one. */
static enum lw_status put_parties(struct lw_journal *journal, const uint8_t entry[LW_RECORD_ID],
                                  const char *names, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (const char *at = names; at != NULL && *at != '\0' && status == LW_OK;) {
        size_t used = strcspn(at, ";");
        const char *name = at;
        size_t len = used;

        text_trim(&name, &len);
        if (len > 0)
            status = put_party(journal, entry, name, len, err);
        at += used + (at[used] == ';');
    }
    return status;
}

static enum lw_status log_all(struct lw_journal *journal, const struct lw_threat *threat,
                              char ref[16], struct lw_error *err)
{
    uint8_t entry[LW_RECORD_ID];
    enum lw_status status = put_entry(journal, threat, entry, ref, err);

    if (status == LW_OK)
        status = put_answer(journal, entry, "channel", &text_question, threat->channel, err);
    if (status == LW_OK)
        status = put_answer(journal, entry, "sender", &text_question, threat->sender, err);
    if (status == LW_OK)
        status = put_answer(journal, entry, "exact_words", &text_question, threat->words, err);
    if (status == LW_OK) {
        status = put_answer(journal, entry, "death_threat", &yes_question, threat->death, err);
        if (status == LW_BAD_DATA)
            lw_error_prefix(err, "death threat");
    }
    return status == LW_OK ? put_parties(journal, entry, threat->to, err) : status;
}

enum lw_status lw_threat_log(struct lw_journal *journal, const struct lw_threat *threat,
                             char ref[16], struct lw_error *err)
{
    bool own = !journal->writing;
    enum lw_status status;

    if (is_blank(threat->words) && is_blank(threat->channel) && is_blank(threat->sender))
        return lw_fail(err, LW_BAD_DATA, "type what was said, or at least how it came");
    status = own ? lw_journal_begin(journal, err) : LW_OK;
    if (status != LW_OK)
        return status;
    status = log_all(journal, threat, ref, err);
    if (status == LW_OK && own)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK && err != NULL && err->status == LW_OK)
        lw_fail(err, status, "%s", lw_status_message(status));
    if (status != LW_OK && own)
        lw_journal_rollback(journal);
    return status;
}
