/* The quick log of threats: message after message, each saved with one key; how the last one came,
 * from whom and for whom stays for the next. */
#include "threat_view.h"
#include "complete.h"
#include "typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct lw_view_ops operations;

static const struct {
    const char *label, *key;
    size_t limit;
    bool kept; /* for the next message */
} fields[LW_THREAT_FIELDS] = {
    [LW_THREAT_CHANNEL] = {M_("a threat", "channel"), "threat.channel", 200, true},
    [LW_THREAT_SENDER] = {M_("a threat", "from"), "threat.sender", 400, true},
    [LW_THREAT_TO] = {M_("a threat", "to"), "threat.to", 1000, true},
    [LW_THREAT_WORDS] = {M_("a threat", "exact words"), "threat.words", 65536, false},
    [LW_THREAT_DEATH] = {M_("a threat", "death threat"), "threat.death", 400, false},
    [LW_THREAT_WHEN] = {M_("a threat", "when"), "threat.when", 200, false},
};

static struct lw_threat_view *threat_of(struct lw_view *view)
{
    return (struct lw_threat_view *)view;
}

const char *lw_threat_label(enum lw_threat_field field)
{
    return _(fields[field].label);
}

const char *lw_threat_text(const struct lw_threat_view *threat, enum lw_threat_field field)
{
    return lw_buf_text(&threat->field[field].editor.text);
}

static bool is_blank(const struct lw_threat_view *threat, enum lw_threat_field field)
{
    const char *text = lw_threat_text(threat, field);

    return text[strspn(text, " \t\n")] == '\0';
}

/* Changes of the fields that stay. */
static uint64_t kept_changes(const struct lw_threat_view *threat)
{
    uint64_t changes = 0;

    for (int i = 0; i < LW_THREAT_FIELDS; i++)
        changes += fields[i].kept ? threat->field[i].editor.changes : 0;
    return changes;
}

bool lw_threat_blank(const struct lw_threat_view *threat)
{
    bool blank = true;

    for (int i = 0; i < LW_THREAT_FIELDS && blank; i++)
        blank = is_blank(threat, (enum lw_threat_field)i) ||
                (fields[i].kept && kept_changes(threat) == threat->kept);
    return blank;
}

/* ---- the draft ---- */

/* The words first: by them it is known again in the list of drafts. */
static enum lw_status compose(void *context, struct lw_buf *state, bool *worth)
{
    static const enum lw_threat_field order[] = {LW_THREAT_WORDS,  LW_THREAT_CHANNEL,
                                                 LW_THREAT_SENDER, LW_THREAT_TO,
                                                 LW_THREAT_DEATH,  LW_THREAT_WHEN};
    const struct lw_threat_view *threat = context;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < LW_COUNT_OF(order) && status == LW_OK; i++) {
        const struct lw_buf *text = &threat->field[order[i]].editor.text;

        status = lw_flat_text(state, fields[order[i]].key, lw_buf_text(text), text->len);
    }
    if (status == LW_OK)
        status = lw_flat_number(state, "threat.focus", (int64_t)threat->focus);
    if (status == LW_OK)
        status = lw_flat_number(state, "threat.since", threat->since_ms);
    *worth = !lw_threat_blank(threat);
    return status == LW_OK ? lw_flat_end(state) : status;
}

static enum lw_status take(void *context, const char *key, const char *text, size_t len,
                           int64_t number, struct lw_error *err)
{
    struct lw_threat_view *threat = context;

    for (int i = 0; i < LW_THREAT_FIELDS && text != NULL; i++) {
        struct lw_editor *editor = &threat->field[i].editor;
        enum lw_status status;

        if (strcmp(key, fields[i].key) != 0)
            continue;
        status = lw_editor_set_text(editor, text, len, err);
        if (status == LW_OK)
            lw_editor_set_cursor(editor, editor->text.len);
        return status;
    }
    if (text == NULL && strcmp(key, "threat.focus") == 0 && number >= 0 &&
        number < LW_THREAT_FIELDS)
        threat->focus = (enum lw_threat_field)number;
    if (text == NULL && strcmp(key, "threat.since") == 0 && number > 0)
        threat->since_ms = number;
    return LW_OK;
}

/* ---- saving ---- */

static void stop_waiting(struct lw_threat_view *threat)
{
    threat->waiting = false;
    lw_tui_notice(threat->view.tui, "");
}

static void wait_for_writer(struct lw_threat_view *threat)
{
    struct lw_tui *tui = threat->view.tui;
    char notice[48];

    if (!threat->waiting)
        lw_autosave_time(tui, lw_clock_now(lw_tui_clock(tui)), threat->waiting_since);
    threat->waiting = true;
    threat->waiting_retry_ms = lw_tui_steady_ms(tui) + LW_AUTOSAVE_RETRY_MS;
    snprintf(notice, sizeof notice, _("saving waits since %s"), threat->waiting_since);
    lw_tui_notice(tui, notice);
}

static enum lw_status write(struct lw_threat_view *threat, char ref[16], struct lw_error *err)
{
    struct lw_journal *journal = lw_screen_journal(threat->view.tui);
    const struct lw_threat typed = {
        .channel = lw_threat_text(threat, LW_THREAT_CHANNEL),
        .sender = lw_threat_text(threat, LW_THREAT_SENDER),
        .to = lw_threat_text(threat, LW_THREAT_TO),
        .words = lw_threat_text(threat, LW_THREAT_WORDS),
        .death = lw_threat_text(threat, LW_THREAT_DEATH),
        .when = lw_threat_text(threat, LW_THREAT_WHEN),
        .at_ms =
            threat->since_ms != 0 ? threat->since_ms : lw_clock_now(lw_tui_clock(threat->view.tui)),
    };
    enum lw_status status;

    lw_store_set_patience(lw_journal_store(journal), LW_AUTOSAVE_PATIENCE_MS);
    status = lw_journal_begin(journal, err);
    if (status != LW_OK)
        return status;
    status = lw_threat_log(journal, &typed, ref, err);
    if (status == LW_OK)
        status = lw_autosave_remove(&threat->autosave, err);
    if (status == LW_OK)
        status = lw_journal_commit(journal, err);
    if (status != LW_OK)
        lw_journal_rollback(journal);
    return status;
}

/* Ready for the next one. */
static void next_message(struct lw_threat_view *threat)
{
    struct lw_buf key = LW_BUF_INIT;

    for (int i = 0; i < LW_THREAT_FIELDS; i++) {
        if (!fields[i].kept)
            lw_editor_clear(&threat->field[i].editor);
    }
    threat->focus = LW_THREAT_WORDS;
    threat->since_ms = 0;
    threat->kept = kept_changes(threat);
    threat->saved++;
    lw_autosave_done(&threat->autosave);
    lw_tui_changed(threat->view.tui);
    lw_tui_say(threat->view.tui, "%s saved; the next one, or %s", threat->last,
               lw_tui_key(threat->view.tui, LW_IN_THREAT, "back", &key));
    lw_buf_free(&key);
}

static enum lw_status try_save(struct lw_threat_view *threat, struct lw_error *err)
{
    char ref[16];
    enum lw_status status = write(threat, ref, err);

    if (status == LW_BUSY) {
        wait_for_writer(threat);
        return LW_OK;
    }
    if (threat->waiting)
        stop_waiting(threat);
    if (status != LW_OK) {
        lw_error_prefix(err, "not saved");
        return status;
    }
    memcpy(threat->last, ref, sizeof ref);
    next_message(threat);
    return LW_OK;
}

/* ---- keys ---- */

static void changed(struct lw_threat_view *threat)
{
    if (threat->since_ms == 0)
        threat->since_ms = lw_clock_now(lw_tui_clock(threat->view.tui));
    lw_autosave_touch(&threat->autosave);
    if (threat->waiting) {
        stop_waiting(threat);
        lw_tui_say(threat->view.tui, "not saved yet, since you go on typing");
    }
}

static bool threat_key(struct lw_view *view, const struct lw_key *key)
{
    struct lw_threat_view *threat = threat_of(view);
    struct lw_editor *editor = &threat->field[threat->focus].editor;
    struct lw_error err = {.status = LW_OK};
    uint64_t before = editor->changes;
    bool used = false;

    if (key->code == LW_KEY_ENTER && key->modifiers == 0)
        return false; /* a command; Alt-Enter begins a line */
    if (lw_typing_key(editor, key, &used, &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    if (editor->changes != before)
        changed(threat);
    return used;
}

static bool threat_move(struct lw_view *view, enum lw_move move)
{
    struct lw_threat_view *threat = threat_of(view);

    if (move == LW_MOVE_DOWN && threat->focus + 1 < LW_THREAT_FIELDS)
        threat->focus = (enum lw_threat_field)(threat->focus + 1);
    else if (move == LW_MOVE_UP && threat->focus > 0)
        threat->focus = (enum lw_threat_field)(threat->focus - 1);
    else
        return false;
    return true;
}

static bool threat_editing(struct lw_view *view)
{
    (void)view;
    return true;
}

static int threat_tick(struct lw_view *view)
{
    struct lw_threat_view *threat = threat_of(view);
    struct lw_error err = {.status = LW_OK};
    int wait;

    if (threat->waiting && lw_tui_steady_ms(view->tui) >= threat->waiting_retry_ms &&
        try_save(threat, &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    wait = lw_autosave_tick(&threat->autosave);
    if (threat->waiting && (wait < 0 || wait > LW_AUTOSAVE_RETRY_MS))
        wait = LW_AUTOSAVE_RETRY_MS;
    return wait;
}

/* ---- leaving ---- */

static enum lw_status threat_save(struct lw_view *view, struct lw_error *err)
{
    return lw_autosave_now(&threat_of(view)->autosave, LW_AUTOSAVE_LEAVING_MS, err);
}

static enum lw_status leave(struct lw_threat_view *threat, struct lw_error *err)
{
    struct lw_tui *tui = threat->view.tui;
    bool blank = lw_threat_blank(threat);
    unsigned saved = threat->saved;
    enum lw_status status = lw_tui_close(tui, &threat->view, err);

    if (status == LW_OK && threat->waiting)
        stop_waiting(threat);
    if (status == LW_OK && !blank)
        lw_drafts_say_kept(tui);
    else if (status == LW_OK && saved > 0)
        lw_tui_say(tui, lw_say_count("%u threat logged", "%u threats logged", saved), saved);
    return status;
}

static bool threat_back(struct lw_view *view)
{
    struct lw_error err = {.status = LW_OK};

    if (leave(threat_of(view), &err) != LW_OK)
        lw_tui_complain(view->tui, &err);
    return true;
}

static enum lw_status cancel_answer(struct lw_tui *tui, void *context, char letter,
                                    struct lw_error *err)
{
    struct lw_threat_view *threat = context;
    enum lw_status status;

    if (letter == 'k')
        return leave(threat, err);
    if (letter != 'd')
        return LW_OK;
    lw_store_set_patience(lw_journal_store(lw_screen_journal(tui)), LW_AUTOSAVE_LEAVING_MS);
    status = lw_autosave_remove(&threat->autosave, err);
    if (status != LW_OK) {
        lw_error_prefix(err, "it cannot be dropped now");
        return status;
    }
    if (threat->waiting)
        stop_waiting(threat);
    lw_autosave_done(&threat->autosave);
    lw_tui_drop(tui, &threat->view);
    lw_tui_say(tui, "dropped");
    return LW_OK;
}

static enum lw_status cancel(struct lw_tui *tui, struct lw_view *view, const char *argument,
                             struct lw_error *err)
{
    struct lw_threat_view *threat = threat_of(view);

    (void)argument;
    if (lw_threat_blank(threat))
        return leave(threat, err);
    return lw_tui_choose(tui, _("drop it, or keep it unfinished?"), "dk", cancel_answer, threat,
                         err);
}

static void threat_close(struct lw_view *view)
{
    struct lw_threat_view *threat = threat_of(view);

    for (int i = 0; i < LW_THREAT_FIELDS; i++)
        lw_field_clear(&threat->field[i]);
    free(threat);
}

/* ---- the first line ---- */

static enum lw_status threat_title(struct lw_view *view, struct lw_buf *out)
{
    const struct lw_threat_view *threat = threat_of(view);
    enum lw_status status = lw_buf_says(out, "Log threats");

    if (status == LW_OK && threat->saved > 0)
        status = lw_buf_sayf(out, " · %u saved", threat->saved);
    return status;
}

static enum lw_status threat_status(struct lw_view *view, struct lw_buf *out)
{
    return lw_buf_adds(out, lw_autosave_say(&threat_of(view)->autosave));
}

static const struct lw_view_ops operations = {
    .context = LW_IN_THREAT,
    .help = "One message after another: {threat-enter} goes to the next field, and behind the "
            "exact words it "
            "saves. Channel, sender and whom it is meant for stay for the next one; the time is "
            "that of the first key, unless another is typed. Alt-Enter begins a line in the words.",
    .draw = lw_threat_draw,
    .close = threat_close,
    .title = threat_title,
    .status = threat_status,
    .editing = threat_editing,
    .key = threat_key,
    .move = threat_move,
    .back = threat_back,
    .tick = threat_tick,
    .save = threat_save,
};

/* ---- opening ---- */

/* For whom: people as they are called, behind the last semicolon. */
static enum lw_status complete_people(void *journal, const char *before, size_t len,
                                      struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_complete_form plain = {.before = ""};
    size_t start = len;

    while (start > 0 && before[start - 1] != ';')
        start--;
    while (start < len && before[start] == ' ')
        start++;
    choices->from = start;
    return lw_complete_named(journal, LW_RECORD_PARTY, before + start, len - start, &plain, choices,
                             err);
}

/* The usual channels, and nothing of what others said. */
static enum lw_status complete_channel(void *journal, const char *before, size_t len,
                                       struct lw_field_choices *choices, struct lw_error *err)
{
    static const char *const words[LW_LANGUAGES][6] = {
        {"call", "text message", "messenger", "e-mail", "in person", "on the wall"},
        {"звонок", "СМС", "мессенджер", "письмо", "лично", "надпись"},
    };
    const struct lw_complete_form plain = {.before = ""};
    enum lw_language language = lw_forms_language(lw_journal_forms(journal));
    enum lw_status status = LW_OK;

    choices->from = 0;
    for (size_t i = 0; i < LW_COUNT_OF(words[0]) && status == LW_OK; i++)
        status = lw_complete_word(words[language][i], before, len, &plain, choices, err);
    return status;
}

static struct lw_threat_view *make(struct lw_tui *tui)
{
    struct lw_threat_view *threat = calloc(1, sizeof *threat);
    struct lw_journal *journal = lw_screen_journal(tui);

    if (threat == NULL)
        return NULL;
    threat->view.ops = &operations;
    threat->view.tui = tui;
    for (int i = 0; i < LW_THREAT_FIELDS; i++)
        lw_field_init(&threat->field[i], fields[i].limit,
                      i == LW_THREAT_TO        ? complete_people
                      : i == LW_THREAT_CHANNEL ? complete_channel
                                               : NULL,
                      journal);
    lw_editor_init(&threat->field[LW_THREAT_WORDS].editor, fields[LW_THREAT_WORDS].limit, false);
    lw_autosave_init(&threat->autosave, tui, "threat", compose, threat);
    return threat;
}

enum lw_status lw_threat_show(struct lw_tui *tui, struct lw_error *err)
{
    struct lw_threat_view *threat;

    if (lw_tui_is_read_only(tui))
        return lw_fail(err, LW_READ_ONLY, "this session only reads");
    threat = make(tui);
    if (threat == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for a threat");
    lw_tui_push(tui, &threat->view);
    return LW_OK;
}

enum lw_status lw_threat_open_draft(struct lw_tui *tui, const struct lw_draft *draft,
                                    struct lw_error *err)
{
    struct lw_threat_view *threat = make(tui);
    enum lw_status status;

    if (threat == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for a threat");
    status = lw_flat_read(draft->state, draft->state_len, take, threat, err);
    if (status != LW_OK) {
        lw_error_prefix(err, "the unfinished threat cannot be read");
        threat_close(&threat->view);
        return status;
    }
    lw_autosave_resume(&threat->autosave, draft);
    lw_tui_push(tui, &threat->view);
    return LW_OK;
}

const struct lw_draft *lw_threat_draft(const struct lw_view *view)
{
    const struct lw_threat_view *threat = (const struct lw_threat_view *)view;

    return view->ops == &operations && threat->autosave.stored ? &threat->autosave.draft : NULL;
}

/* ---- commands ---- */

static enum lw_status show(struct lw_tui *tui, struct lw_view *view, const char *argument,
                           struct lw_error *err)
{
    (void)view;
    (void)argument;
    return lw_threat_show(tui, err);
}

static enum lw_status save_message(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                   struct lw_error *err)
{
    struct lw_threat_view *threat = threat_of(view);

    (void)tui;
    (void)argument;
    if (lw_threat_blank(threat)) { /* not the same once more */
        lw_tui_say(tui, "there is nothing new to save");
        return LW_OK;
    }
    return try_save(threat, err);
}

static enum lw_status enter(struct lw_tui *tui, struct lw_view *view, const char *argument,
                            struct lw_error *err)
{
    struct lw_threat_view *threat = threat_of(view);

    if (threat->focus >= LW_THREAT_WORDS)
        return save_message(tui, view, argument, err);
    threat->focus = (enum lw_threat_field)(threat->focus + 1);
    return LW_OK;
}

static enum lw_status next_field(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                 struct lw_error *err)
{
    struct lw_threat_view *threat = threat_of(view);

    (void)tui;
    (void)argument;
    (void)err;
    threat->focus = (enum lw_threat_field)((threat->focus + 1) % LW_THREAT_FIELDS);
    return LW_OK;
}

static enum lw_status previous_field(struct lw_tui *tui, struct lw_view *view, const char *argument,
                                     struct lw_error *err)
{
    struct lw_threat_view *threat = threat_of(view);

    (void)tui;
    (void)argument;
    (void)err;
    threat->focus =
        (enum lw_threat_field)((threat->focus + LW_THREAT_FIELDS - 1) % LW_THREAT_FIELDS);
    return LW_OK;
}

static enum lw_status complete(struct lw_tui *tui, struct lw_view *view, const char *argument,
                               struct lw_error *err)
{
    struct lw_threat_view *threat = threat_of(view);
    struct lw_text_field *field = &threat->field[threat->focus];
    uint64_t before = field->editor.changes;
    enum lw_status status;

    (void)tui;
    (void)argument;
    if (field->completer == NULL)
        return LW_OK;
    status = lw_field_complete(field, false, err);
    if (field->editor.changes != before)
        changed(threat);
    return status;
}

#define FROM                                                                                       \
    (LW_IN_TIMELINE | LW_IN_ENTRY | LW_IN_LIST | LW_IN_REGISTER | LW_IN_TASKS | LW_IN_SEARCH |     \
     LW_IN_FORM | LW_IN_CAPTURE | LW_IN_VAULT | LW_IN_ACCOUNT | LW_IN_FACT | LW_IN_HISTORY)

static const struct lw_action list[] = {
    {"log-threats", "w F6", FROM, "log threats, message after message, from anywhere", NULL,
     LW_ACTION_WRITES, show},
    {"threat-enter", "Enter", LW_IN_THREAT, "to the next field; behind the words it saves", NULL,
     LW_ACTION_WRITES, enter},
    {"threat-save", "F2 Ctrl-S", LW_IN_THREAT, "save it, and type the next one", "save",
     LW_ACTION_WRITES | LW_ACTION_ESSENTIAL, save_message},
    {"threat-next", "Tab", LW_IN_THREAT, "to the next field", "next", 0, next_field},
    {"threat-previous", "Shift-Tab", LW_IN_THREAT, "to the field before", NULL, 0, previous_field},
    {"threat-complete", "Ctrl-N F4", LW_IN_THREAT, "put the next channel or name that is offered",
     NULL, 0, complete},
    {"threat-cancel", "Ctrl-G", LW_IN_THREAT, "leave; asks whether to drop what was typed",
     "cancel", 0, cancel},
};

const struct lw_action_table lw_actions_threats = {list, LW_COUNT_OF(list)};
