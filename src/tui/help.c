/* The help of a screen, from the table that binds its keys. */
#include "loop_internal.h"

#include <stdlib.h>
#include <string.h>

enum { WIDE = 70, KEYS_WIDE = 20, NAME_WIDE = 14 };

struct help {
    struct lw_view view;
    unsigned context; /* of the screen it is about */
    bool editing;     /* that screen takes letters as text */
    const char *about;
    struct lw_buf text; /* its lines, as last laid out */
    int lines, rows, top;
};

static struct help *help_of(struct lw_view *view)
{
    return (struct help *)view;
}

enum lw_status lw_tui_add_padded(struct lw_buf *out, const char *text, size_t wide)
{
    size_t used = lw_utf8_columns(text, strlen(text));
    enum lw_status status = lw_buf_adds(out, text);

    do {
        if (status == LW_OK)
            status = lw_buf_addc(out, ' ');
    } while (status == LW_OK && ++used < wide);
    return status;
}

/* Text in lines of that width, each behind indent blanks; the first goes on where the line stands.
 */
static enum lw_status add_wrapped(struct lw_buf *out, const char *text, size_t width, size_t indent)
{
    size_t len = strlen(text);
    enum lw_status status = LW_OK;
    size_t room = width > indent + 10 ? width - indent : 10;

    while (len > 0 && status == LW_OK) {
        size_t fit = lw_utf8_fit(text, len, room);
        size_t end = fit;

        while (fit < len && end > 0 && text[end] != ' ')
            end--;
        if (end == 0 || fit == len)
            end = fit;
        status = lw_buf_add(out, text, end);
        while (end < len && text[end] == ' ')
            end++;
        text += end;
        len -= end;
        if (status == LW_OK)
            status = lw_buf_addc(out, '\n');
        for (size_t i = 0; i < indent && len > 0 && status == LW_OK; i++)
            status = lw_buf_addc(out, ' ');
    }
    return status;
}

static enum lw_status add_action(struct help *help, const struct lw_action *action, size_t width)
{
    struct lw_buf keys = LW_BUF_INIT;
    const struct lw_keymap *keymap = lw_tui_keymap(help->view.tui);
    enum lw_status status = help->editing
                                ? lw_keymap_keys_editing(keymap, help->context, action, 0, &keys)
                                : lw_keymap_keys(keymap, help->context, action, 0, &keys);

    if (status == LW_OK && help->editing && keys.len == 0) {
        lw_buf_free(&keys); /* cannot be called from there */
        return LW_OK;
    }
    if (status == LW_OK)
        status = lw_tui_add_padded(&help->text, lw_buf_text(&keys), KEYS_WIDE);
    if (status == LW_OK)
        status = width >= WIDE ? lw_tui_add_padded(&help->text, action->name, NAME_WIDE)
                               : lw_buf_adds(&help->text, action->name);
    if (status == LW_OK && width < WIDE)
        status = lw_buf_adds(&help->text, "\n    ");
    if (status == LW_OK)
        status = add_wrapped(&help->text, _(action->help), width,
                             width >= WIDE ? KEYS_WIDE + NAME_WIDE : 4);
    lw_buf_free(&keys);
    return status;
}

static enum lw_status lay_out(struct help *help, size_t width)
{
    const struct lw_action *action;
    enum lw_status status = LW_OK;

    lw_buf_clear(&help->text);
    if (help->about != NULL) {
        struct lw_buf about = LW_BUF_INIT;

        status = lw_tui_with_keys(help->view.tui, help->context, _(help->about), &about);
        if (status == LW_OK)
            status = add_wrapped(&help->text, lw_buf_text(&about), width, 0);
        lw_buf_free(&about);
        if (status == LW_OK)
            status = lw_buf_addc(&help->text, '\n');
    }
    for (size_t i = 0; status == LW_OK; i++) {
        action = lw_keymap_each(lw_tui_keymap(help->view.tui), help->context, i);
        if (action == NULL)
            break;
        status = add_action(help, action, width);
    }
    return status;
}

static void keep_in_range(struct help *help)
{
    if (help->top > help->lines - help->rows)
        help->top = help->lines - help->rows;
    if (help->top < 0)
        help->top = 0;
}

static void help_draw(struct lw_view *view, const struct lw_area *area)
{
    struct help *help = help_of(view);
    const char *line;

    if (lay_out(help, (size_t)area->columns) != LW_OK)
        return;
    help->rows = area->rows;
    help->lines = 0;
    line = lw_buf_text(&help->text);
    for (const char *at = line; (at = strchr(at, '\n')) != NULL; at++)
        help->lines++;
    keep_in_range(help);
    for (int i = 0; i < help->lines && i - help->top < area->rows; i++) {
        size_t len = strcspn(line, "\n");

        if (i >= help->top)
            lw_area_put(area, i - help->top, 0, area->columns, LW_STYLE_PLAIN, line, len);
        line += len + 1;
    }
    lw_area_cursor(area, 0, 0);
}

static bool help_move(struct lw_view *view, enum lw_move move)
{
    struct help *help = help_of(view);
    int before = help->top;
    int page = help->rows > 1 ? help->rows - 1 : 1;

    switch (move) {
    case LW_MOVE_UP:
        help->top--;
        break;
    case LW_MOVE_DOWN:
        help->top++;
        break;
    case LW_MOVE_PAGE_UP:
        help->top -= page;
        break;
    case LW_MOVE_PAGE_DOWN:
        help->top += page;
        break;
    case LW_MOVE_FIRST:
        help->top = 0;
        break;
    case LW_MOVE_LAST:
        help->top = help->lines;
        break;
    default:
        return false;
    }
    keep_in_range(help);
    return help->top != before;
}

/* With the way out in it. */
static enum lw_status help_title(struct lw_view *view, struct lw_buf *out)
{
    const struct lw_keymap *keymap = lw_tui_keymap(view->tui);
    const struct lw_action *back = lw_keymap_named(keymap, LW_IN_HELP, "back", 4, NULL);
    struct lw_buf keys = LW_BUF_INIT;
    enum lw_status status = lw_buf_says(out, "Help");

    if (status == LW_OK && back != NULL)
        status = lw_keymap_keys(keymap, LW_IN_HELP, back, 1, &keys);
    if (status == LW_OK && keys.len > 0)
        status = lw_buf_sayf(out, " (%s goes back)", keys.data);
    lw_buf_free(&keys);
    return status;
}

static enum lw_status help_status(struct lw_view *view, struct lw_buf *out)
{
    const struct help *help = help_of(view);
    int last = help->top + help->rows < help->lines ? help->top + help->rows : help->lines;

    if (help->lines <= help->rows)
        return LW_OK;
    return lw_buf_sayf(out, "%d of %d lines", last, help->lines);
}

/* A key that opens it closes it. */
static bool help_key(struct lw_view *view, const struct lw_key *key)
{
    const struct lw_action *action =
        lw_keymap_find(lw_tui_keymap(view->tui), help_of(view)->context, key);
    bool closes = action != NULL && strcmp(action->name, "help") == 0;

    if (closes)
        lw_tui_drop(view->tui, view);
    return closes;
}

static void help_close(struct lw_view *view)
{
    lw_buf_free(&help_of(view)->text);
    free(view);
}

static const struct lw_view_ops operations = {
    .context = LW_IN_HELP,
    .draw = help_draw,
    .close = help_close,
    .title = help_title,
    .status = help_status,
    .key = help_key,
    .move = help_move,
};

enum lw_status lw_tui_help(struct lw_tui *tui, struct lw_error *err)
{
    const struct lw_view *top = lw_tui_top(tui);
    struct help *help = calloc(1, sizeof *help);

    if (help == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory for the help");
    help->view.ops = &operations;
    if (top != NULL) {
        help->context = top->ops->context;
        help->editing = lw_tui_is_editing(tui);
        help->about = top->ops->help == NULL ? NULL : _(top->ops->help);
    }
    lw_tui_push(tui, &help->view);
    return LW_OK;
}
