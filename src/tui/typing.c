/* The keys of every editor and field. */
#include "typing.h"

enum deed { DEED_MOVE, DEED_ERASE, DEED_UNDO, DEED_REDO };

struct row {
    enum lw_key_code code;
    uint32_t point;
    unsigned modifiers;
    enum deed deed;
    enum lw_editor_step step;
};

static const struct row rows[] = {
    {LW_KEY_LEFT, 0, 0, DEED_MOVE, LW_STEP_LEFT},
    {LW_KEY_RIGHT, 0, 0, DEED_MOVE, LW_STEP_RIGHT},
    {LW_KEY_LEFT, 0, LW_MOD_CTRL, DEED_MOVE, LW_STEP_WORD_LEFT},
    {LW_KEY_RIGHT, 0, LW_MOD_CTRL, DEED_MOVE, LW_STEP_WORD_RIGHT},
    {LW_KEY_LEFT, 0, LW_MOD_ALT, DEED_MOVE, LW_STEP_WORD_LEFT},
    {LW_KEY_RIGHT, 0, LW_MOD_ALT, DEED_MOVE, LW_STEP_WORD_RIGHT},
    {LW_KEY_TEXT, 'b', LW_MOD_ALT, DEED_MOVE, LW_STEP_WORD_LEFT},
    {LW_KEY_TEXT, 'f', LW_MOD_ALT, DEED_MOVE, LW_STEP_WORD_RIGHT},
    {LW_KEY_UP, 0, 0, DEED_MOVE, LW_STEP_UP},
    {LW_KEY_DOWN, 0, 0, DEED_MOVE, LW_STEP_DOWN},
    {LW_KEY_PAGE_UP, 0, 0, DEED_MOVE, LW_STEP_PAGE_UP},
    {LW_KEY_PAGE_DOWN, 0, 0, DEED_MOVE, LW_STEP_PAGE_DOWN},
    {LW_KEY_HOME, 0, 0, DEED_MOVE, LW_STEP_HOME},
    {LW_KEY_END, 0, 0, DEED_MOVE, LW_STEP_END},
    {LW_KEY_TEXT, 'a', LW_MOD_CTRL, DEED_MOVE, LW_STEP_HOME},
    {LW_KEY_TEXT, 'e', LW_MOD_CTRL, DEED_MOVE, LW_STEP_END},
    {LW_KEY_HOME, 0, LW_MOD_CTRL, DEED_MOVE, LW_STEP_TEXT_START},
    {LW_KEY_END, 0, LW_MOD_CTRL, DEED_MOVE, LW_STEP_TEXT_END},
    {LW_KEY_BACKSPACE, 0, 0, DEED_ERASE, LW_STEP_LEFT},
    {LW_KEY_BACKSPACE, 0, LW_MOD_ALT, DEED_ERASE, LW_STEP_WORD_LEFT},
    {LW_KEY_TEXT, 'w', LW_MOD_CTRL, DEED_ERASE, LW_STEP_WORD_LEFT},
    {LW_KEY_DELETE, 0, 0, DEED_ERASE, LW_STEP_RIGHT},
    {LW_KEY_TEXT, 'd', LW_MOD_CTRL, DEED_ERASE, LW_STEP_RIGHT},
    {LW_KEY_DELETE, 0, LW_MOD_CTRL, DEED_ERASE, LW_STEP_WORD_RIGHT},
    {LW_KEY_TEXT, 'd', LW_MOD_ALT, DEED_ERASE, LW_STEP_WORD_RIGHT},
    {LW_KEY_TEXT, 'u', LW_MOD_CTRL, DEED_ERASE, LW_STEP_LINE_START},
    {LW_KEY_TEXT, 'k', LW_MOD_CTRL, DEED_ERASE, LW_STEP_LINE_END},
    {LW_KEY_TEXT, 'z', LW_MOD_CTRL, DEED_UNDO, LW_STEP_LEFT},
    {LW_KEY_TEXT, '_', LW_MOD_CTRL, DEED_UNDO, LW_STEP_LEFT},
    {LW_KEY_TEXT, 'y', LW_MOD_CTRL, DEED_REDO, LW_STEP_LEFT},
};

static const struct row *row_of(const struct lw_key *key)
{
    struct lw_key latin = lw_key_latin(key);

    for (size_t i = 0; i < LW_COUNT_OF(rows); i++) {
        if (rows[i].code == latin.code && rows[i].modifiers == latin.modifiers &&
            (latin.code != LW_KEY_TEXT || rows[i].point == latin.point))
            return &rows[i];
    }
    return NULL;
}

static bool is_vertical(enum lw_editor_step step)
{
    return step == LW_STEP_UP || step == LW_STEP_DOWN || step == LW_STEP_PAGE_UP ||
           step == LW_STEP_PAGE_DOWN;
}

static enum lw_status do_deed(struct lw_editor *editor, const struct row *row, struct lw_error *err)
{
    switch (row->deed) {
    case DEED_MOVE:
        return lw_editor_move(editor, row->step, err);
    case DEED_ERASE:
        return lw_editor_erase(editor, row->step, err);
    case DEED_UNDO:
        return lw_editor_undo(editor, err);
    default:
        return lw_editor_redo(editor, err);
    }
}

static enum lw_status write_text(struct lw_editor *editor, const struct lw_key *key,
                                 struct lw_error *err)
{
    size_t len = 0;
    const char *text = lw_key_text(key, &len);

    if (key->code == LW_KEY_PASTE)
        return lw_editor_paste(editor, text, len, key->more, err);
    return lw_editor_type(editor, text, len, err);
}

enum lw_status lw_typing_key(struct lw_editor *editor, const struct lw_key *key, bool *used,
                             struct lw_error *err)
{
    const struct row *row;
    enum lw_status status;

    *used = true;
    if (lw_key_is_text(key))
        return write_text(editor, key, err);
    if (key->code == LW_KEY_ENTER && !editor->one_line)
        return lw_editor_type(editor, "\n", 1, err);
    row = row_of(key);
    if (row == NULL || (editor->one_line && is_vertical(row->step))) {
        *used = false;
        return LW_OK;
    }
    status = do_deed(editor, row, err);
    if (status == LW_DONE && row->deed == DEED_MOVE && is_vertical(row->step))
        *used = false;
    return status == LW_DONE ? LW_OK : status;
}

bool lw_typing_takes(const struct lw_key *key)
{
    return lw_key_is_text(key) || key->code == LW_KEY_ENTER || row_of(key) != NULL;
}
