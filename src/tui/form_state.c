/* The form as its draft keeps it: what differs from the record, every cursor, and the focus. */
#include "form.h"

#include <string.h>

#define CURSOR ".cursor"

static enum lw_status add_field(const struct lw_form *form, enum lw_form_field_id id,
                                struct lw_buf *state)
{
    const char *key = form->field[id].info->key;
    size_t cursor = form->field[id].text.editor.cursor;
    struct lw_buf name = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (lw_form_changed(form, id))
        status = lw_flat_text(state, key, lw_form_text(form, id), lw_form_len(form, id));
    if (status == LW_OK && cursor > 0)
        status = lw_buf_addf(&name, "%s" CURSOR, key);
    if (status == LW_OK && cursor > 0)
        status = lw_flat_number(state, name.data, (int64_t)cursor);
    lw_buf_free(&name);
    return status;
}

enum lw_status lw_form_compose(void *context, struct lw_buf *state, bool *worth)
{
    const struct lw_form *form = context;
    const char *focus = form->field[form->focus].info->key;
    enum lw_form_field_id subject = form->ops->subject(form);
    enum lw_status status = lw_flat_text(state, "focus", focus, strlen(focus));

    if (status == LW_OK && lw_form_filled(form, subject))
        status = lw_flat_text(state, LW_FORM_ABOUT, lw_form_text(form, subject),
                              lw_form_len(form, subject));

    for (int id = 0; id < LW_FORM_ALL && status == LW_OK; id++) {
        if (lw_form_has(form, id))
            status = add_field(form, (enum lw_form_field_id)id, state);
    }
    if (status == LW_OK && form->ops->compose != NULL)
        status = form->ops->compose(form, state);
    *worth = lw_form_typed_in(form);
    return status == LW_OK ? lw_flat_end(state) : status;
}

/* ---- back ---- */

struct restore {
    struct lw_form *form;
    struct lw_buf focus;
    size_t cursor[LW_FORM_ALL];
    bool set[LW_FORM_ALL];
};

static int field_of(const struct lw_form *form, const char *key, size_t len)
{
    for (int id = 0; id < LW_FORM_ALL; id++) {
        const char *own = lw_form_has(form, id) ? form->field[id].info->key : "";

        if (strlen(own) == len && memcmp(own, key, len) == 0)
            return id;
    }
    return -1;
}

static enum lw_status set_text(struct lw_form *form, enum lw_form_field_id id, const char *text,
                               size_t len, struct lw_error *err)
{
    enum lw_status status = lw_editor_set_text(&form->field[id].text.editor, text, len, err);

    return status == LW_OK && id == form->ops->arranges ? form->ops->arrange(form, err) : status;
}

/* A question that the kind did not ask, or asks no more, gets its place back with its text. */
enum lw_status lw_form_take_own(struct lw_form *form, const char *key, const char *text, size_t len,
                                struct lw_error *err)
{
    enum lw_form_field_id own;
    enum lw_status status;

    if (strncmp(key, LW_FORM_OWN_KEY, strlen(LW_FORM_OWN_KEY)) != 0)
        return LW_OK;
    key += strlen(LW_FORM_OWN_KEY);
    status = lw_form_own_field(form, key, strlen(key), &own, err);
    return status == LW_OK && own != LW_FORM_NONE ? set_text(form, own, text, len, err) : status;
}

static enum lw_status take_text(struct lw_form *form, const char *key, const char *text, size_t len,
                                struct lw_error *err)
{
    int id = field_of(form, key, strlen(key));

    if (id >= 0)
        return set_text(form, (enum lw_form_field_id)id, text, len, err);
    return form->ops->take != NULL ? form->ops->take(form, key, text, len, err) : LW_OK;
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
        lw_buf_clear(&restore->focus);
        return lw_buf_add(&restore->focus, text, len);
    }
    if (text != NULL)
        return take_text(restore->form, key, text, len, err);
    if (key_len <= ending || strcmp(key + key_len - ending, CURSOR) != 0)
        return LW_OK;
    id = field_of(restore->form, key, key_len - ending);
    if (id >= 0 && number >= 0) {
        restore->cursor[id] = (size_t)number;
        restore->set[id] = true;
    }
    return LW_OK;
}

static void go_back(struct restore *restore)
{
    struct lw_form *form = restore->form;
    int focus = field_of(form, lw_buf_text(&restore->focus), restore->focus.len);

    for (int id = 0; id < LW_FORM_ALL; id++) {
        if (restore->set[id] && lw_form_has(form, id))
            lw_editor_set_cursor(&form->field[id].text.editor, restore->cursor[id]);
    }
    if (focus >= 0)
        form->focus = (enum lw_form_field_id)focus;
    if (!lw_form_shows(form, form->focus))
        form->focus = form->order[0];
}

enum lw_status lw_form_restore(struct lw_form *form, const char *state, size_t len,
                               struct lw_error *err)
{
    struct restore restore = {.form = form};
    enum lw_status status = lw_flat_read(state, len, take, &restore, err);

    if (status == LW_OK && form->ops->arrange != NULL)
        status = form->ops->arrange(form, err);
    if (status == LW_OK)
        go_back(&restore);
    else
        lw_error_prefix(err, "the unfinished form cannot be read");
    lw_buf_free(&restore.focus);
    return status;
}
