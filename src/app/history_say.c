/* A history in lines: who, when, why; which record; what was changed, word by word. */
#include "history.h"

#include <stdlib.h>
#include <string.h>

enum {
    SAME_WHOLE = 160, /* bytes of an unchanged stretch that are shown whole */
    SAME_EDGE = 60,   /* bytes of a longer one beside a change */
    TOGETHER_MS = 2000
};

struct history_say {
    struct history *history;
    const struct lw_clock *clock;
    lw_history_visitor *visit;
    void *context;
    struct lw_buf line;
    struct lw_history_mark *mark;
    size_t marks, mark_cap;
    /* of the revision before */
    bool any;
    uint8_t journal[LW_RECORD_ID];
    int64_t at;
    struct lw_buf by_and_why;
};

/* ---- one line ---- */

static enum lw_status hand_out(struct history_say *say, enum lw_history_part part)
{
    const struct lw_history_line line = {.part = part,
                                         .text = lw_buf_text(&say->line),
                                         .len = say->line.len,
                                         .mark = say->mark,
                                         .marks = say->marks};
    enum lw_status status = say->visit(say->context, &line, say->history->err);

    lw_buf_clear(&say->line);
    say->marks = 0;
    return status;
}

/* "[-text-]" or "{+text+}", and where it stands. */
static enum lw_status add_marked(struct history_say *say, const char *text, size_t len, bool added)
{
    size_t from = say->line.len;
    enum lw_status status = lw_buf_adds(&say->line, added ? "{+" : "[-");

    if (status == LW_OK)
        status = lw_buf_add(&say->line, text, len);
    if (status == LW_OK)
        status = lw_buf_adds(&say->line, added ? "+}" : "-]");
    if (status == LW_OK && say->marks == say->mark_cap) {
        size_t cap = say->mark_cap == 0 ? 16 : 2 * say->mark_cap;
        struct lw_history_mark *grown = realloc(say->mark, cap * sizeof *grown);

        if (grown == NULL)
            return LW_NO_MEMORY;
        say->mark = grown;
        say->mark_cap = cap;
    }
    if (status == LW_OK)
        say->mark[say->marks++] =
            (struct lw_history_mark){.at = from, .len = say->line.len - from, .added = added};
    return status;
}

/* ---- texts ---- */

/* Back to the end of a word at or before `at`, forward to the beginning of one at or after it. */
static size_t word_end(const char *text, size_t len, size_t at)
{
    size_t end = lw_utf8_floor(text, len, at);
    size_t blank = end;

    while (blank > 0 && text[blank - 1] != ' ' && end - blank < SAME_EDGE)
        blank--;
    return blank > 0 && text[blank - 1] == ' ' ? blank - 1 : end;
}

static size_t word_start(const char *text, size_t len, size_t at)
{
    size_t start = lw_utf8_floor(text, len, at);
    size_t blank = start;

    while (blank < len && text[blank] != ' ' && blank - start < SAME_EDGE)
        blank++;
    return blank < len && text[blank] == ' ' ? blank + 1 : start;
}

struct pieces {
    struct history_say *say;
    bool first;
};

/* A long stretch that stayed is cut: what it says stands with the revision that wrote it. */
static enum lw_status add_same(struct pieces *pieces, const struct lw_piece *piece)
{
    struct lw_buf *line = &pieces->say->line;
    bool last = piece->text[piece->len] == '\0';
    size_t head = pieces->first ? 0 : word_end(piece->text, piece->len, SAME_EDGE);
    size_t tail = last ? piece->len : word_start(piece->text, piece->len, piece->len - SAME_EDGE);
    enum lw_status status;

    if (piece->len <= SAME_WHOLE || tail <= head)
        return lw_buf_add(line, piece->text, piece->len);
    status = lw_buf_add(line, piece->text, head);
    if (status == LW_OK)
        status = lw_buf_adds(line, head == 0 ? "… " : last ? " …" : " … ");
    return status == LW_OK ? lw_buf_add(line, piece->text + tail, piece->len - tail) : status;
}

static enum lw_status add_piece(void *context, const struct lw_piece *piece)
{
    struct pieces *pieces = context;
    enum lw_status status;

    if (piece->kind == LW_PIECE_SAME)
        status = add_same(pieces, piece);
    else
        status = add_marked(pieces->say, piece->text, piece->len, piece->kind == LW_PIECE_ADDED);
    pieces->first = false;
    return status;
}

/* ---- one field ---- */

static enum lw_status add_label(struct history_say *say, const struct history_target *target,
                                const struct lw_field *field)
{
    return lw_buf_addf(&say->line, "%s: ", history_label(say->history, target, field));
}

static enum lw_status add_value(struct history_say *say, const struct history_target *target,
                                const struct lw_field *field, const struct lw_value *value,
                                bool added)
{
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = history_value(say->history, say->clock, target, field, value, &text);

    if (status == LW_OK && text.len > 0)
        status = add_marked(say, text.data, text.len, added);
    lw_buf_free(&text);
    return status;
}

struct changed {
    struct history_say *say;
    const struct history_target *target;
};

static enum lw_status say_change(void *context, const struct lw_change *change,
                                 struct lw_error *err)
{
    struct changed *changed = context;
    struct history_say *say = changed->say;
    bool texts = change->field->kind == LW_FIELD_TEXT && change->before.set && change->after.set &&
                 changed->target->type != LW_RECORD_FIELD &&
                 strcmp(change->field->name, "kind") != 0 &&
                 !history_hides(changed->target, change->field);
    struct pieces pieces = {.say = say, .first = true};
    enum lw_status status = add_label(say, changed->target, change->field);

    (void)err;
    if (status == LW_OK && texts) {
        status = lw_text_difference(change->before.text, change->after.text, add_piece, &pieces);
    } else if (status == LW_OK) {
        status = add_value(say, changed->target, change->field, &change->before, false);
        if (status == LW_OK && change->before.set && change->after.set)
            status = lw_buf_addc(&say->line, ' ');
        if (status == LW_OK)
            status = add_value(say, changed->target, change->field, &change->after, true);
    }
    return status == LW_OK ? hand_out(say, LW_HISTORY_CHANGE) : status;
}

/* Said by what the record is called. */
static bool is_named(enum lw_record_type type, const char *field)
{
    static const struct {
        enum lw_record_type type;
        const char *field;
    } named[] = {
        {LW_RECORD_FIELD, "entry"},
        {LW_RECORD_FIELD, "key"},
        {LW_RECORD_PARTICIPATION, "entry"},
        {LW_RECORD_ACCOUNT, "entry"},
        {LW_RECORD_CLAIM, "account"},
        {LW_RECORD_CLAIM, "fact"},
        {LW_RECORD_ITEM, "entry"},
        {LW_RECORD_LINK, "from"},
        {LW_RECORD_LINK, "to"},
        {LW_RECORD_PRECEDENCE, "earlier"},
        {LW_RECORD_PRECEDENCE, "later"},
        {LW_RECORD_TASK, "entry"},
        {LW_RECORD_NAME, "party"},
        {LW_RECORD_ENTRY, "ref"},
        {LW_RECORD_SOURCE, "ref"},
    };

    for (size_t i = 0; i < LW_COUNT_OF(named); i++) {
        if (named[i].type == type && strcmp(named[i].field, field) == 0)
            return true;
    }
    return false;
}

/* What a record said when it was made. What it hangs on is said by its name. */
static enum lw_status say_first(struct history_say *say, const struct history_target *target)
{
    const struct lw_record_info *info = &lw_record_infos[target->type];
    enum lw_status status = LW_OK;

    if (!target->known) {
        status = lw_buf_says(&say->line,
                             "what it said first cannot be told: its revisions do not agree");
        return status == LW_OK ? hand_out(say, LW_HISTORY_CHANGE) : status;
    }
    for (size_t i = 0; i < info->field_count && status == LW_OK; i++) {
        const struct lw_field *field = &info->fields[i];

        if (!target->first.value[i].set || is_named(target->type, field->name))
            continue;
        status = add_label(say, target, field);
        if (status == LW_OK)
            status = history_value(say->history, say->clock, target, field, &target->first.value[i],
                                   &say->line);
        if (status == LW_OK)
            status = hand_out(say, LW_HISTORY_CHANGE);
    }
    return status;
}

/* ---- one revision ---- */

/* Revisions of one save have one head. */
static enum lw_status say_head(struct history_say *say, const struct lw_record *revision)
{
    const uint8_t *journal = lw_record_value(revision, "journal")->bytes;
    int64_t at = lw_record_value(revision, "at")->number;
    const char *by = lw_record_text(revision, "by");
    const char *why = lw_record_text(revision, "why");
    struct lw_buf tail = LW_BUF_INIT;
    bool same;
    enum lw_status status =
        lw_buf_addf(&tail, "%s%s%s%s", by == NULL ? "" : _("  by "), by == NULL ? "" : by,
                    why == NULL ? "" : ": ", why == NULL ? "" : why);

    if (status != LW_OK)
        return status;
    same = say->any && memcmp(say->journal, journal, LW_RECORD_ID) == 0 && at >= say->at &&
           at - say->at <= TOGETHER_MS &&
           strcmp(lw_buf_text(&say->by_and_why), lw_buf_text(&tail)) == 0;
    say->any = true;
    say->at = at;
    memcpy(say->journal, journal, LW_RECORD_ID);
    if (!same) {
        status = lw_instant_say(say->clock, at, &say->line);
        if (status == LW_OK)
            status = lw_buf_adds(&say->line, lw_buf_text(&tail));
        if (status == LW_OK)
            status = hand_out(say, LW_HISTORY_HEAD);
        lw_buf_free(&say->by_and_why);
        say->by_and_why = tail;
        return status;
    }
    lw_buf_free(&tail);
    return LW_OK;
}

/* Into which entry: every line of "moved" ends with its id. */
static enum lw_status say_split(struct history_say *say, const struct lw_record *revision)
{
    const char *moved = lw_record_text(revision, "moved");
    size_t len = moved == NULL ? 0 : strcspn(moved, "\n");
    const size_t hex = (size_t)2 * LW_RECORD_ID;
    uint8_t id[LW_RECORD_ID];
    struct lw_record entry;
    enum lw_status status;

    if (len < hex || !lw_hex_decode(moved + len - hex, hex, id, LW_RECORD_ID))
        return LW_OK;
    status = lw_record_get(say->history->journal, LW_RECORD_ENTRY, id, &entry, say->history->err);
    if (status != LW_OK)
        return status == LW_NOT_FOUND ? LW_OK : status;
    status = lw_buf_sayf(&say->line, "; %s is new", lw_record_text(&entry, "ref"));
    lw_record_clear(&entry);
    return status;
}

static enum lw_status say_revision(struct history_say *say, const struct history_event *event,
                                   const struct lw_record *revision)
{
    const struct history_target *target = &say->history->target[event->target];
    bool first = strcmp(lw_record_text(revision, "action"), "create") == 0;
    struct changed changed = {.say = say, .target = target};
    enum lw_status status = say_head(say, revision);

    if (status == LW_OK)
        status = lw_buf_addf(&say->line, "%s %s",
                             lw_record_text(revision, "frozen") != NULL  ? _("sealed:")
                             : lw_record_text(revision, "moved") != NULL ? _("split:")
                             : first                                     ? _("new:")
                                                                         : _("changed:"),
                             target->called);
    if (status == LW_OK)
        status = say_split(say, revision);
    if (status == LW_OK)
        status = hand_out(say, LW_HISTORY_RECORD);
    if (status != LW_OK)
        return status;
    if (first)
        return say_first(say, target);
    status = lw_changes_each(target->type, lw_record_text(revision, "changes"), say_change,
                             &changed, say->history->err);
    if (status != LW_BAD_DATA)
        return status;
    lw_buf_clear(&say->line);
    say->marks = 0;
    status = lw_buf_says(&say->line, "what was changed cannot be read; lapwing check tells more");
    return status == LW_OK ? hand_out(say, LW_HISTORY_CHANGE) : status;
}

static enum lw_status say_all(struct history_say *say)
{
    struct history *history = say->history;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < history->events && status == LW_OK; i++) {
        struct lw_record revision;

        status = lw_record_get(history->journal, LW_RECORD_REVISION, history->event[i].id,
                               &revision, history->err);
        if (status != LW_OK)
            return status;
        status = say_revision(say, &history->event[i], &revision);
        lw_record_clear(&revision);
    }
    return status == LW_NO_MEMORY ? lw_fail(history->err, status, "out of memory") : status;
}

enum lw_status lw_history_say(struct lw_journal *journal, const struct lw_clock *clock,
                              const struct lw_record *record, lw_history_visitor *visit,
                              void *context, struct lw_error *err)
{
    struct history history;
    struct history_say say = {
        .history = &history, .clock = clock, .visit = visit, .context = context};
    enum lw_status status = history_begin(journal, record, &history, err);

    if (status == LW_OK)
        status = say_all(&say);
    lw_buf_free(&say.line);
    lw_buf_free(&say.by_and_why);
    free(say.mark);
    history_end(&history);
    return status;
}

/* ---- as data ---- */

static enum lw_status revision_json(const struct history_target *target,
                                    const struct lw_record *revision, struct lw_buf *out)
{
    const char *changes = lw_record_text(revision, "changes");
    bool first = strcmp(lw_record_text(revision, "action"), "create") == 0;
    enum lw_status status = lw_buf_adds(out, "{\"called\":");

    if (status == LW_OK)
        status = lw_json_string(target->called, strlen(target->called), out);
    if (status == LW_OK)
        status = lw_buf_adds(out, ",\"revision\":");
    if (status == LW_OK)
        status = lw_record_json(revision, out);
    if (status == LW_OK && changes != NULL)
        status = lw_buf_addf(out, ",\"changes\":%s", changes);
    if (status == LW_OK && first && target->known) {
        status = lw_buf_adds(out, ",\"first\":");
        if (status == LW_OK)
            status = lw_record_json(&target->first, out);
    }
    return status == LW_OK ? lw_buf_addc(out, '}') : status;
}

enum lw_status lw_history_json(struct lw_journal *journal, const struct lw_record *record,
                               lw_history_visitor *visit, void *context, struct lw_error *err)
{
    struct history history;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = history_begin(journal, record, &history, err);

    for (size_t i = 0; i < history.events && status == LW_OK; i++) {
        struct lw_record revision;

        status = lw_record_get(journal, LW_RECORD_REVISION, history.event[i].id, &revision, err);
        if (status != LW_OK)
            break;
        lw_buf_clear(&text);
        status = revision_json(&history.target[history.event[i].target], &revision, &text);
        lw_record_clear(&revision);
        if (status == LW_OK) {
            const struct lw_history_line line = {
                .part = LW_HISTORY_CHANGE, .text = lw_buf_text(&text), .len = text.len};

            status = visit(context, &line, err);
        }
    }
    lw_buf_free(&text);
    history_end(&history);
    return status == LW_NO_MEMORY ? lw_fail(err, status, "out of memory") : status;
}
