/* The prompt and the question. */
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
    if (prompt->recall != NULL)
        lw_recall_rewind(prompt->recall);
    lw_tui_offer(tui);
    tui->asking = true;
    tui->dirty = true;
    return LW_OK;
}

static void close_prompt(struct lw_tui *tui)
{
    tui->asking = false;
    lw_field_clear(&tui->field);
    lw_field_choices_clear(&tui->offered);
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

/* True for a key that goes through what is offered. */
static bool chooses(const struct lw_tui *tui, const struct lw_key *key, bool *backward)
{
    bool arrow = key->modifiers == 0 && (key->code == LW_KEY_UP || key->code == LW_KEY_DOWN);

    *backward = key->code == LW_KEY_BACKTAB || key->code == LW_KEY_UP;
    return key->code == LW_KEY_TAB || key->code == LW_KEY_BACKTAB ||
           (arrow && tui->prompt.completer != NULL);
}

/* True for an arrow that goes through what was given before: up from an empty line, and both from
 * what they brought. */
static bool recalls(const struct lw_tui *tui, const struct lw_key *key)
{
    const struct lw_recall *recall = tui->prompt.recall;
    const char *text = lw_buf_text(&tui->field.editor.text);

    if (recall == NULL || recall->count == 0 || key->modifiers != 0 || lw_tui_prompt_chooses(tui))
        return false;
    if (key->code == LW_KEY_UP)
        return text[0] == '\0' || lw_recall_stands(recall, text);
    return key->code == LW_KEY_DOWN && lw_recall_stands(recall, text);
}

static enum lw_status bring_back(struct lw_tui *tui, bool older, struct lw_error *err)
{
    const char *text = lw_recall_step(tui->prompt.recall, older);
    enum lw_status status = lw_editor_set_text(&tui->field.editor, text, strlen(text), err);

    if (status == LW_OK)
        lw_editor_set_cursor(&tui->field.editor, strlen(text));
    return status;
}

/* Names are in Latin letters, whatever the keyboard is set to; what stands behind one is not. */
static bool in_name(const struct lw_tui *tui, const struct lw_key *key)
{
    const struct lw_editor *editor = &tui->field.editor;

    return tui->prompt.row != NULL && key->code == LW_KEY_TEXT &&
           memchr(lw_buf_text(&editor->text), ' ', editor->cursor) == NULL;
}

static enum lw_status complete(struct lw_tui *tui, const struct lw_key *key, bool backward,
                               struct lw_error *err)
{
    enum lw_status status = LW_DONE;

    if (tui->prompt.row != NULL && tui->offered.count == 0)
        return LW_OK; /* which stands there */
    if (tui->prompt.row != NULL && key->code == LW_KEY_TAB)
        status = lw_field_begin(&tui->field, err);
    if (status != LW_DONE)
        return status;
    return lw_field_complete(&tui->field, backward, err);
}

static void edit_prompt(struct lw_tui *tui, const struct lw_key *key)
{
    struct lw_error err = {.status = LW_OK};
    uint64_t before = tui->field.editor.changes;
    struct lw_key latin = lw_key_latin(key);
    enum lw_status status;
    bool backward = false;
    bool used = false;

    if (recalls(tui, key))
        status = bring_back(tui, key->code == LW_KEY_UP, &err);
    else if (chooses(tui, key, &backward))
        status = complete(tui, key, backward, &err);
    else
        status = lw_typing_key(&tui->field.editor, in_name(tui, key) ? &latin : key, &used, &err);
    complain(tui, status, &err);
    if (tui->field.editor.changes == before)
        return;
    if (!lw_tui_prompt_chooses(tui))
        lw_tui_offer(tui);
    if (tui->prompt.changed != NULL)
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

bool lw_tui_prompt_chooses(const struct lw_tui *tui)
{
    return tui->field.choices.count > 0 && tui->field.choice_stamp == tui->field.editor.changes &&
           tui->field.choice_cursor == tui->field.editor.cursor;
}

static int rows_above(const struct lw_tui *tui)
{
    if (tui->prompt.row != NULL)
        return lw_tui_offer_rows(tui);
    return lw_tui_prompt_chooses(tui) && tui->field.choices.count > 1 ? 1 : 0;
}

static int draw_prompt(struct lw_tui *tui, const struct lw_area *area, bool draw)
{
    int above = rows_above(tui);
    struct lw_area part = lw_area_part(area, 0, 0, above, area->columns);
    struct lw_area line;
    int used;

    if (!draw)
        return above + 1;
    if (tui->prompt.row != NULL)
        lw_tui_offer_draw(tui, &part);
    else if (above > 0)
        draw_choices(tui, &part);
    used = lw_area_says(area, above, 0, LW_STYLE_STRONG, tui->prompt.label);
    line = lw_area_part(area, above, used, 1, area->columns - used);
    if (tui->prompt.row != NULL)
        line.columns -= lw_tui_offer_more(tui, &line, above);
    if (line.columns > 0)
        lw_field_draw(&tui->field, &line, LW_STYLE_PLAIN, true);
    return above + 1;
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
