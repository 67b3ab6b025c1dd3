/* The prompt, the question, and the prompt for commands. */
#include "loop_internal.h"
#include "typing.h"

#include <string.h>

enum { PROMPT_BYTES = 4096 };

static void complain(struct lw_tui *tui, enum lw_status status, struct lw_error *err)
{
    if (status == LW_OK)
        return;
    if (err->status == LW_OK)
        err->status = status;
    lw_tui_complain(tui, err);
}

/* ---- the prompt -------------------------------------------------------------------------------
 */

enum lw_status lw_tui_ask(struct lw_tui *tui, const struct lw_prompt *prompt, const char *text,
                          struct lw_error *err)
{
    enum lw_status status;

    if (tui->asking || tui->question.open)
        return lw_fail(err, LW_BUSY, "the last question is not answered yet");
    lw_field_init(&tui->field, PROMPT_BYTES, prompt->completer, prompt->context);
    status = lw_editor_set_text(&tui->field.editor, text, strlen(text), err);
    if (status == LW_OK && text[0] != '\0')
        lw_editor_set_cursor(&tui->field.editor, strlen(text));
    if (status != LW_OK) {
        lw_field_clear(&tui->field);
        return status;
    }
    tui->prompt = *prompt;
    tui->asking = true;
    tui->dirty = true;
    return LW_OK;
}

static void close_prompt(struct lw_tui *tui)
{
    tui->asking = false;
    lw_field_clear(&tui->field);
}

static void cancel_prompt(struct lw_tui *tui)
{
    close_prompt(tui);
    if (tui->prompt.cancelled != NULL)
        tui->prompt.cancelled(tui, tui->prompt.context);
}

/* The text is taken out first: what is done with it may ask again. */
static void finish_prompt(struct lw_tui *tui)
{
    struct lw_prompt prompt = tui->prompt;
    struct lw_error err = {.status = LW_OK};
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = lw_editor_text(&tui->field.editor, &text);

    if (status == LW_OK) {
        close_prompt(tui);
        status = prompt.done(tui, prompt.context, lw_buf_text(&text), text.len, &err);
    }
    complain(tui, status, &err);
    lw_buf_free(&text);
}

static void edit_prompt(struct lw_tui *tui, const struct lw_key *key)
{
    struct lw_error err = {.status = LW_OK};
    uint64_t before = tui->field.editor.changes;
    enum lw_status status;
    bool used = false;

    if (key->code == LW_KEY_TAB || key->code == LW_KEY_BACKTAB)
        status = lw_field_complete(&tui->field, key->code == LW_KEY_BACKTAB, &err);
    else
        status = lw_typing_key(&tui->field.editor, key, &used, &err);
    complain(tui, status, &err);
    if (tui->field.editor.changes != before && tui->prompt.changed != NULL)
        tui->prompt.changed(tui, tui->prompt.context, lw_buf_text(&tui->field.editor.text),
                            tui->field.editor.text.len);
}

static bool cancels(const struct lw_key *key)
{
    return key->code == LW_KEY_ESC ||
           (key->code == LW_KEY_TEXT && key->modifiers == LW_MOD_CTRL && key->point == 'g');
}

static void prompt_key(struct lw_tui *tui, const struct lw_key *key)
{
    if (cancels(key))
        cancel_prompt(tui);
    else if (key->code == LW_KEY_ENTER)
        finish_prompt(tui);
    else
        edit_prompt(tui, key);
}

/* What Tab goes through stands above the prompt. */
static void draw_choices(struct lw_tui *tui, const struct lw_area *area)
{
    const struct lw_field_choices *choices = &tui->field.choices;
    size_t first = tui->field.chosen < choices->count ? tui->field.chosen : 0;
    int at = 0;

    for (size_t i = first; i < choices->count && at < area->columns; i++)
        at += 2 + lw_area_put_cut(area, 0, at, area->columns - at,
                                  i == tui->field.chosen ? LW_STYLE_MARK : LW_STYLE_DIM,
                                  choices->list[i], strlen(choices->list[i]));
}

static bool chooses(const struct lw_tui *tui)
{
    return tui->field.choices.count > 1 && tui->field.choice_stamp == tui->field.editor.changes &&
           tui->field.choice_cursor == tui->field.editor.cursor;
}

static int draw_prompt(struct lw_tui *tui, const struct lw_area *area, bool draw)
{
    int rows = chooses(tui) ? 2 : 1;
    struct lw_area line;
    int used;

    if (!draw)
        return rows;
    if (rows > 1)
        draw_choices(tui, area);
    used = lw_area_puts(area, rows - 1, 0, LW_STYLE_STRONG, tui->prompt.label);
    line = lw_area_part(area, rows - 1, used, 1, area->columns - used);
    if (line.columns > 0)
        lw_field_draw(&tui->field, &line, LW_STYLE_PLAIN, true);
    return rows;
}

/* ---- the question -----------------------------------------------------------------------------
 */

enum lw_status lw_tui_choose(struct lw_tui *tui, const char *question, const char *letters,
                             lw_answer_function *answer, void *context, struct lw_error *err)
{
    if (tui->asking || tui->question.open)
        return lw_fail(err, LW_BUSY, "the last question is not answered yet");
    lw_buf_clear(&tui->question.text);
    if (lw_buf_addf(&tui->question.text, "%s (%c", question, letters[0]) != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "no memory for a question");
    for (const char *letter = letters + 1; letters[0] != '\0' && *letter != '\0'; letter++) {
        if (lw_buf_addf(&tui->question.text, "/%c", *letter) != LW_OK)
            return lw_fail(err, LW_NO_MEMORY, "no memory for a question");
    }
    if (lw_buf_adds(&tui->question.text, ") ") != LW_OK)
        return lw_fail(err, LW_NO_MEMORY, "no memory for a question");
    tui->question.letters = letters;
    tui->question.answer = answer;
    tui->question.context = context;
    tui->question.open = true;
    tui->dirty = true;
    return LW_OK;
}

static void question_key(struct lw_tui *tui, const struct lw_key *key)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_key latin = lw_key_latin(key);
    char letter = '\0';

    if (!cancels(key)) {
        if (latin.code != LW_KEY_TEXT || latin.modifiers != 0 || latin.point >= 0x80 ||
            latin.point == 0 || strchr(tui->question.letters, (int)latin.point) == NULL)
            return;
        letter = (char)latin.point;
    }
    tui->question.open = false;
    complain(tui, tui->question.answer(tui, tui->question.context, letter, &err), &err);
}

static int draw_question(struct lw_tui *tui, const struct lw_area *area, bool draw)
{
    int used;

    if (!draw)
        return 1;
    used = lw_area_put_cut(area, 0, 0, area->columns, LW_STYLE_STRONG,
                           lw_buf_text(&tui->question.text), tui->question.text.len);
    lw_area_cursor(area, 0, used);
    return 1;
}

/* ---- both -------------------------------------------------------------------------------------
 */

bool lw_tui_prompt_key(struct lw_tui *tui, const struct lw_key *key)
{
    if (tui->question.open)
        question_key(tui, key);
    else if (tui->asking)
        prompt_key(tui, key);
    else
        return false;
    return true;
}

int lw_tui_prompt_draw(struct lw_tui *tui, const struct lw_area *area, bool draw)
{
    if (tui->question.open)
        return draw_question(tui, area, draw);
    return tui->asking ? draw_prompt(tui, area, draw) : 0;
}

void lw_tui_prompt_end(struct lw_tui *tui)
{
    if (tui->asking)
        cancel_prompt(tui);
    tui->question.open = false;
}

/* ---- commands by name -------------------------------------------------------------------------
 */

static unsigned context_of(const struct lw_tui *tui)
{
    return tui->top != NULL ? tui->top->ops->context : 0;
}

static enum lw_status command_done(struct lw_tui *tui, void *context, const char *text, size_t len,
                                   struct lw_error *err)
{
    size_t name_len = strcspn(text, " ");
    const struct lw_action *action;
    const char *argument = text + name_len;
    bool several = false;

    (void)context;
    (void)len;
    argument += strspn(argument, " ");
    if (name_len == 0)
        return LW_OK;
    action = lw_keymap_named(tui->keymap, context_of(tui), text, name_len, &several);
    if (action == NULL)
        return lw_fail(err, LW_USAGE,
                       several ? "several commands begin with \"%.*s\"; Tab shows them"
                               : "there is no command \"%.*s\" here",
                       (int)(name_len < 60 ? name_len : 60), text);
    if (argument[0] != '\0' && (action->flags & LW_ACTION_ARGUMENT) == 0)
        return lw_fail(err, LW_USAGE, "\"%s\" takes nothing behind its name", action->name);
    lw_tui_run_action(tui, action, argument);
    return LW_OK;
}

static enum lw_status command_complete(void *context, const char *before, size_t len,
                                       struct lw_field_choices *choices, struct lw_error *err)
{
    const struct lw_tui *tui = context;
    const struct lw_action *action;

    if (memchr(before, ' ', len) != NULL)
        return LW_OK;
    choices->from = 0;
    for (size_t i = 0; (action = lw_keymap_each(tui->keymap, context_of(tui), i)) != NULL; i++) {
        if (strncmp(action->name, before, len) == 0 &&
            lw_field_offer(choices, action->name, strlen(action->name)) != LW_OK)
            return lw_fail(err, LW_NO_MEMORY, "no memory for the names");
    }
    return LW_OK;
}

enum lw_status lw_tui_ask_command(struct lw_tui *tui, struct lw_error *err)
{
    const struct lw_prompt prompt = {
        .label = ":",
        .done = command_done,
        .completer = command_complete,
        .context = tui,
    };

    return lw_tui_ask(tui, &prompt, "", err);
}
