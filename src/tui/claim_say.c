/* What is said when a claim was saved: at once, with whom it differs. */
#include "account_view.h"

#include <string.h>

static enum lw_status say_other(void *context, const struct lw_voice *voice, struct lw_error *err)
{
    struct lw_buf *out = context;
    bool silent = strcmp(voice->stance, "silent") == 0;
    enum lw_status status;

    (void)err;
    if (out->len > 160)
        return LW_OK; /* the entry shows them all */
    status = lw_buf_addf(out, "%s%s", out->len > 0 ? ", " : "",
                         voice->source != NULL ? voice->source : _("no source"));
    if (status == LW_OK && strcmp(voice->stance, "denied") == 0)
        status = lw_buf_says(out, " denies");
    if (status == LW_OK && (silent || voice->wording != NULL))
        status = lw_buf_addf(out, ": %s", silent ? _("silent") : voice->wording);
    return status;
}

static enum lw_status say_figure(const struct lw_record *claim, enum lw_language language,
                                 struct lw_buf *out)
{
    const struct lw_figure figure = lw_figure_of(claim, "min", "max");

    if (!figure.has_min && !figure.has_max)
        return LW_OK;
    if (lw_buf_says(out, "; counted: ") != LW_OK)
        return LW_NO_MEMORY;
    return lw_figure_write(language, &figure, out);
}

/* "claim saved; ≠ S1: all insurgents; counted: 11" */
static enum lw_status compose(struct lw_journal *journal, const struct lw_record *claim,
                              struct lw_buf *out)
{
    struct lw_buf others = LW_BUF_INIT;
    enum lw_status status = lw_claim_against(journal, claim->id, say_other, &others, NULL);

    if (status == LW_OK)
        status = lw_buf_says(out, "claim saved");
    if (status == LW_OK && others.len > 0)
        status = lw_buf_addf(out, "; ≠ %s", others.data);
    if (status == LW_OK)
        status = say_figure(claim, lw_forms_language(lw_journal_forms(journal)), out);
    lw_buf_free(&others);
    return status;
}

void lw_claim_say(struct lw_tui *tui, const uint8_t claim[LW_RECORD_ID])
{
    struct lw_journal *journal = lw_screen_journal(tui);
    struct lw_buf text = LW_BUF_INIT;
    struct lw_record record;

    if (lw_record_get(journal, LW_RECORD_CLAIM, claim, &record, NULL) != LW_OK)
        return;
    if (compose(journal, &record, &text) == LW_OK)
        lw_tui_say(tui, "%s", lw_buf_text(&text));
    lw_buf_free(&text);
    lw_record_clear(&record);
}
