/* How a form ends: saved, left as a draft, dropped. */
#include "account_view.h"
#include "form_record.h"

#include <stdio.h>
#include <string.h>

void lw_form_stop_waiting(struct lw_form *form)
{
    form->waiting = false;
    lw_tui_notice(form->view.tui, "");
}

static enum lw_status refuse(struct lw_form *form, struct lw_error *err)
{
    enum lw_form_field_id first = lw_form_wrong(form);
    unsigned others = 0;

    for (size_t i = lw_form_place(form, first) + 1; i < form->order_count; i++)
        others += form->field[form->order[i]].wrong.status != LW_OK;
    lw_form_focus(form, first);
    if (others == 0)
        return lw_fail(err, LW_BAD_DATA, "not saved: correct the field %s",
                       _(form->field[first].info->label));
    return lw_fail(err, LW_BAD_DATA, "not saved: correct the field %s and %u more",
                   _(form->field[first].info->label), others);
}

/* Of a claim, with whom it differs; of an account, what to do with it next. */
static void tell(const struct lw_form *form, const char *said)
{
    struct lw_tui *tui = form->view.tui;
    enum lw_form_field_id judged =
        form->record.type == LW_RECORD_CLAIM ? lw_record_field_id(form, "status") : LW_FORM_NONE;
    struct lw_buf key = LW_BUF_INIT;

    if (form->record.type == LW_RECORD_CLAIM && form->editing && judged != LW_FORM_NONE &&
        lw_form_changed(form, judged))
        lw_tui_say(tui, "saved: %s", lw_form_text(form, judged));
    else if (form->record.type == LW_RECORD_CLAIM)
        lw_claim_say(tui, form->record.id);
    else if (form->record.type == LW_RECORD_ACCOUNT && !form->editing)
        lw_tui_say(tui, "%s saved; %s on it marks its words and claims them", said,
                   lw_tui_key(tui, LW_IN_ENTRY, "open", &key));
    else
        lw_tui_say(tui, "%s saved", said);
    lw_buf_free(&key);
}

static void saved(struct lw_form *form, const char *said)
{
    struct lw_tui *tui = form->view.tui;

    lw_autosave_done(&form->autosave);
    lw_tui_drop(tui, &form->view);
    lw_tui_changed(tui);
    if (form->split != NULL) {
        lw_form_split_saved(form, said);
        return;
    }
    tell(form, said);
    lw_records_saved(form->view.below, form->record.type, form->record.id);
    lw_form_name_saved(form);
}

static void wait_for_writer(struct lw_form *form)
{
    struct lw_tui *tui = form->view.tui;
    char notice[48];

    if (!form->waiting)
        lw_autosave_time(tui, lw_clock_now(lw_tui_clock(tui)), form->waiting_since);
    form->waiting = true;
    form->waiting_retry_ms = lw_tui_steady_ms(tui) + LW_AUTOSAVE_RETRY_MS;
    snprintf(notice, sizeof notice, _("saving waits since %s"), form->waiting_since);
    lw_tui_notice(tui, notice);
}

/* It was sealed while the form was open: the reason is asked for now. */
static void demand_reason(struct lw_form *form)
{
    struct lw_error ignored;

    bool frozen = false;

    if (form->ops != &lw_form_entry || !form->editing || form->sealed ||
        lw_record_frozen(form->journal, &form->record, &frozen, &ignored) != LW_OK || !frozen)
        return;
    form->sealed = true;
    if (lw_form_arrange(form, &ignored) == LW_OK)
        lw_form_focus(form, LW_FORM_WHY);
}

enum lw_status lw_form_try(struct lw_form *form, struct lw_error *err)
{
    char said[LW_FORM_SAID];
    enum lw_status status = lw_form_write(form, said, err);

    if (status == LW_BUSY) {
        wait_for_writer(form);
        return LW_OK;
    }
    if (form->waiting)
        lw_form_stop_waiting(form);
    if (status == LW_REFUSED)
        demand_reason(form);
    if (status == LW_OK)
        saved(form, said);
    else if (lw_form_wrong(form) != LW_FORM_NONE)
        refuse(form, err);
    else if (status != LW_STALE)
        lw_error_prefix(err, "not saved");
    return status;
}

enum lw_status lw_form_save(struct lw_form *form, struct lw_error *err)
{
    struct lw_tui *tui = form->view.tui;

    if (form->editing && !lw_form_touched(form)) {
        lw_tui_say(tui, "nothing was changed");
        return lw_tui_close(tui, &form->view, err);
    }
    if (lw_form_check(form) != LW_FORM_NONE)
        return refuse(form, err);
    return lw_form_try(form, err);
}

/* ---- leaving ---- */

enum lw_status lw_form_leave(struct lw_form *form, struct lw_error *err)
{
    struct lw_tui *tui = form->view.tui;
    bool kept = lw_form_typed_in(form);
    enum lw_status status = lw_tui_close(tui, &form->view, err);

    if (status == LW_OK && form->waiting)
        lw_form_stop_waiting(form);
    if (status == LW_OK && kept)
        lw_drafts_say_kept(tui);
    return status;
}

static enum lw_status cancel_answer(struct lw_tui *tui, void *context, char letter,
                                    struct lw_error *err)
{
    struct lw_form *form = context;
    enum lw_status status;

    if (letter == 'k')
        return lw_form_leave(form, err);
    if (letter != 'd')
        return LW_OK;
    lw_store_set_patience(lw_journal_store(form->journal), LW_AUTOSAVE_LEAVING_MS);
    status = lw_autosave_remove(&form->autosave, err);
    if (status != LW_OK) {
        lw_error_prefix(err, "it cannot be dropped now");
        return status;
    }
    if (form->waiting)
        lw_form_stop_waiting(form);
    lw_autosave_done(&form->autosave);
    lw_tui_drop(tui, &form->view);
    lw_tui_say(tui, "dropped");
    return LW_OK;
}

enum lw_status lw_form_cancel(struct lw_form *form, struct lw_error *err)
{
    if (!lw_form_typed_in(form))
        return lw_form_leave(form, err);
    return lw_tui_choose(form->view.tui, _("drop it, or keep it unfinished?"), "dk", cancel_answer,
                         form, err);
}
