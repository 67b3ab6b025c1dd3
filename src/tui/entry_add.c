/* What can be added to an entry: a list with a letter for each. */
#include "entry_view.h"
#include "list.h"

#include <stdlib.h>
#include <string.h>

struct choice {
    char letter;
    enum lw_record_type type;
    const char *name, *text;
};

static const struct choice choices[] = {
    {'a', LW_RECORD_ACCOUNT, N_("account"), N_("what a source says of it")},
    {'c', LW_RECORD_CLAIM, N_("claim"), N_("what an account claims, in other words")},
    {'p', LW_RECORD_PARTICIPATION, N_("person"), N_("or group: who took part, and how")},
    {'i', LW_RECORD_ITEM, N_("item"), N_("seized, destroyed, returned ...")},
    {'f', LW_RECORD_FIELD, N_("field"), N_("an answer that its kind does not ask")},
    {'l', LW_RECORD_LINK, N_("link"), N_("causes, follows, contradicts another")},
    {'o', LW_RECORD_PRECEDENCE, N_("order"), N_("before another entry, or after it")},
    {'t', LW_RECORD_TASK, N_("task"), N_("what is to be done about it")},
};

enum { NAME_AT = 3 };

struct menu {
    struct lw_view view;
    struct lw_list list;
    uint8_t entry[LW_RECORD_ID];
    uint8_t account[LW_RECORD_ID]; /* that a claim is of, where there is one */
    bool has_account;
};

static struct menu *menu_of(struct lw_view *view)
{
    return (struct menu *)view;
}

/* ---- drawing ---- */

static size_t count_rows(void *context)
{
    (void)context;
    return LW_COUNT_OF(choices);
}

/* Behind the longest name, in whichever language. */
static int text_at(void)
{
    size_t widest = 0;

    for (size_t i = 0; i < LW_COUNT_OF(choices); i++) {
        const char *name = _(choices[i].name);
        size_t columns = lw_utf8_columns(name, strlen(name));

        widest = columns > widest ? columns : widest;
    }
    return NAME_AT + (int)widest + 2;
}

static int draw_row(void *context, size_t row, const struct lw_area *area)
{
    const struct choice *choice = &choices[row];
    int at = text_at();

    (void)context;
    lw_area_putf(area, 0, 0, LW_STYLE_HINT, "%c", choice->letter);
    lw_area_says(area, 0, NAME_AT, LW_STYLE_PLAIN, choice->name);
    lw_area_put_cut(area, 0, at, area->columns - at, LW_STYLE_DIM, _(choice->text),
                    strlen(_(choice->text)));
    return 1;
}

static void menu_draw(struct lw_view *view, const struct lw_area *area)
{
    lw_list_draw(&menu_of(view)->list, area, "");
}

static void menu_close(struct lw_view *view)
{
    free(view);
}

static enum lw_status menu_title(struct lw_view *view, struct lw_buf *out)
{
    (void)view;
    return lw_buf_says(out, "Add to the entry");
}

/* ---- choosing ---- */

static const char *own_field(enum lw_record_type type)
{
    switch (type) {
    case LW_RECORD_CLAIM:
        return "account";
    case LW_RECORD_LINK:
        return "from";
    case LW_RECORD_PRECEDENCE:
        return "later";
    default:
        return "entry";
    }
}

static enum lw_status choose(struct menu *menu, const struct choice *choice, struct lw_error *err)
{
    struct lw_tui *tui = menu->view.tui;
    bool claim = choice->type == LW_RECORD_CLAIM;
    struct lw_record preset;
    enum lw_status status;

    if (claim && !menu->has_account)
        return lw_fail(err, LW_REFUSED, "add an account first: a claim is always somebody's");
    lw_record_init(&preset, choice->type);
    status =
        lw_record_set_ref(&preset, own_field(choice->type), claim ? menu->account : menu->entry);
    if (status == LW_OK)
        status = lw_tui_close(tui, &menu->view, err);
    if (status == LW_OK)
        status = lw_record_form_show(tui, choice->type, NULL, &preset, err);
    lw_record_clear(&preset);
    return status;
}

static enum lw_status menu_open(struct lw_view *view, struct lw_error *err)
{
    size_t at;

    return lw_list_selected(&menu_of(view)->list, &at) ? choose(menu_of(view), &choices[at], err)
                                                       : LW_OK;
}

static bool menu_move(struct lw_view *view, enum lw_move move)
{
    return lw_list_move(&menu_of(view)->list, move);
}

/* Letters choose, so they are no commands here. */
static bool menu_editing(struct lw_view *view)
{
    (void)view;
    return true;
}

static bool menu_key(struct lw_view *view, const struct lw_key *key)
{
    struct lw_key latin = lw_key_latin(key);
    struct lw_error err = {.status = LW_OK};

    if (latin.code != LW_KEY_TEXT || latin.modifiers != 0)
        return false;
    for (size_t i = 0; i < LW_COUNT_OF(choices); i++) {
        if (latin.point != (uint32_t)(unsigned char)choices[i].letter)
            continue;
        if (choose(menu_of(view), &choices[i], &err) != LW_OK)
            lw_tui_complain(view->tui, &err);
        return true;
    }
    return false;
}

static const struct lw_view_ops operations = {
    .context = LW_IN_CHOOSER,
    .help = "What can be added to the entry: press its letter, or go to it and press {open}.",
    .draw = menu_draw,
    .close = menu_close,
    .title = menu_title,
    .editing = menu_editing,
    .key = menu_key,
    .move = menu_move,
    .open = menu_open,
};

/* ---- whose claim ---- */

static enum lw_status note_account(void *context, const struct lw_record *account,
                                   struct lw_error *err)
{
    struct menu *menu = context;

    (void)err;
    memcpy(menu->account, account->id, LW_RECORD_ID);
    menu->has_account = true;
    return LW_OK;
}

/* Of the account that the cursor is in, else of the last one. */
static enum lw_status find_account(struct menu *menu, const struct lw_entry_view *entry,
                                   struct lw_error *err)
{
    const struct lw_entry_text *line = lw_entry_cursor(entry);
    struct lw_journal *journal = lw_screen_journal(menu->view.tui);
    struct lw_record claim;
    enum lw_status status =
        lw_record_each(journal, LW_RECORD_ACCOUNT, "entry", menu->entry, note_account, menu, err);

    if (status != LW_OK || line == NULL || !line->hangs)
        return status;
    if (line->type == LW_RECORD_ACCOUNT)
        memcpy(menu->account, line->id, LW_RECORD_ID);
    if (line->type != LW_RECORD_CLAIM)
        return LW_OK;
    status = lw_record_get(journal, LW_RECORD_CLAIM, line->id, &claim, err);
    if (status == LW_OK)
        memcpy(menu->account, lw_record_value(&claim, "account")->bytes, LW_RECORD_ID);
    if (status == LW_OK)
        lw_record_clear(&claim);
    return status;
}

enum lw_status lw_entry_add(struct lw_entry_view *self, struct lw_error *err)
{
    struct menu *menu = calloc(1, sizeof *menu);
    enum lw_status status;

    if (menu == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the list");
    menu->view.ops = &operations;
    menu->view.tui = self->view.tui;
    menu->list.source =
        (struct lw_list_source){.count = count_rows, .draw = draw_row, .context = menu};
    memcpy(menu->entry, self->id, LW_RECORD_ID);
    status = find_account(menu, self, err);
    if (status != LW_OK) {
        free(menu);
        return status;
    }
    self->adding = true;
    lw_tui_push(self->view.tui, &menu->view);
    return LW_OK;
}
