/* The form as its draft keeps it: what differs from the record, every cursor, and the focus. */
#include "form.h"

#include <stdio.h>
#include <string.h>

#define CURSOR ".cursor"

static enum lw_status add_field(const struct lw_form *form, enum lw_form_field_id id,
                                struct lw_buf *state)
{
    const char *key = lw_form_infos[id].key;
    size_t cursor = form->field[id].text.editor.cursor;
    char name[48];
    enum lw_status status = LW_OK;

    if (lw_form_changed(form, id))
        status = lw_flat_text(state, key, lw_form_text(form, id), lw_form_len(form, id));
    snprintf(name, sizeof name, "%s" CURSOR, key);
    if (status == LW_OK && cursor > 0)
        status = lw_flat_number(state, name, (int64_t)cursor);
    return status;
}

enum lw_status lw_form_compose(void *context, struct lw_buf *state, bool *worth)
{
    const struct lw_form *form = context;
    const char *focus = lw_form_infos[form->focus].key;
    enum lw_status status = lw_flat_text(state, "focus", focus, strlen(focus));

    for (int id = 0; id < LW_FORM_FIELDS && status == LW_OK; id++)
        status = add_field(form, (enum lw_form_field_id)id, state);
    *worth = lw_form_touched(form);
    return status == LW_OK ? lw_flat_end(state) : status;
}

/* ---- back ---- */

struct restore {
    struct lw_form *form;
    size_t cursor[LW_FORM_FIELDS];
    bool set[LW_FORM_FIELDS];
};

static int field_of(const char *key, size_t len)
{
    for (int id = 0; id < LW_FORM_FIELDS; id++) {
        if (strlen(lw_form_infos[id].key) == len && memcmp(lw_form_infos[id].key, key, len) == 0)
            return id;
    }
    return -1;
}

/* Members of a later version are passed over. */
static enum lw_status take(void *context, const char *key, const char *text, size_t len,
                           int64_t number, struct lw_error *err)
{
    struct restore *restore = context;
    size_t key_len = strlen(key);
    const size_t ending = strlen(CURSOR);
    int id;

    if (text != NULL && strcmp(key, "focus") == 0) {
        id = field_of(text, len);
        if (id >= 0)
            restore->form->focus = (enum lw_form_field_id)id;
        return LW_OK;
    }
    if (text != NULL) {
        id = field_of(key, key_len);
        return id < 0 ? LW_OK
                      : lw_editor_set_text(&restore->form->field[id].text.editor, text, len, err);
    }
    if (key_len <= ending || strcmp(key + key_len - ending, CURSOR) != 0)
        return LW_OK;
    id = field_of(key, key_len - ending);
    if (id >= 0 && number >= 0) {
        restore->cursor[id] = (size_t)number;
        restore->set[id] = true;
    }
    return LW_OK;
}

enum lw_status lw_form_restore(struct lw_form *form, const char *state, size_t len,
                               struct lw_error *err)
{
    struct restore restore = {.form = form};
    enum lw_status status = lw_flat_read(state, len, take, &restore, err);

    if (status != LW_OK) {
        lw_error_prefix(err, "the unfinished form cannot be read");
        return status;
    }
    for (int id = 0; id < LW_FORM_FIELDS; id++) {
        if (restore.set[id])
            lw_editor_set_cursor(&form->field[id].text.editor, restore.cursor[id]);
    }
    if (!lw_form_shows(form, form->focus))
        form->focus = LW_FORM_TITLE;
    return LW_OK;
}
