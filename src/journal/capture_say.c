/* What was understood of a captured line, in one line for the person who typed it. */
#include "journal.h"

#define DOT " \xc2\xb7 "

static enum lw_status say_when(const struct lw_when_typed *when, struct lw_buf *out)
{
    enum lw_status status = LW_OK;

    if (!when->has_when && when->relation_count == 0)
        return lw_buf_says(out, "no date");
    if (when->has_when)
        status = lw_when_say(&when->when, out);
    for (size_t i = 0; status == LW_OK && i < when->relation_count; i++) {
        bool first = i == 0 && !when->has_when;

        status =
            lw_buf_addf(out, "%s%s %s", first ? "" : ", ",
                        when->relation[i].after ? _("after") : _("before"), when->relation[i].ref);
    }
    return status;
}

enum lw_status lw_capture_say(const struct lw_capture *capture, const struct lw_forms *forms,
                              struct lw_buf *out)
{
    struct lw_buf line = LW_BUF_INIT;
    enum lw_status status = say_when(&capture->when, &line);

    if (status == LW_OK && capture->kind != NULL)
        status = lw_buf_addf(&line, DOT "%s", lw_kind_label(forms, capture->kind));
    if (status == LW_OK && capture->place != NULL)
        status = lw_buf_addf(&line, DOT "%s", capture->place);
    for (size_t i = 0; status == LW_OK && i < capture->party_count; i++)
        status = lw_buf_addf(&line, DOT "%s: %s", lw_role_label(capture->party[i].role),
                             capture->party[i].name);
    if (status == LW_OK)
        status = lw_buf_addf(&line, DOT "%s", capture->title);
    if (status == LW_OK)
        status = lw_buf_add(out, line.data, line.len);
    lw_buf_free(&line);
    return status;
}
