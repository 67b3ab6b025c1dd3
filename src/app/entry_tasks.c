/* What is still to be done about an entry, and what was. */
#include "entry.h"

#include <string.h>

static enum lw_status say_task(const struct lw_record *task, struct lw_buf *out)
{
    const struct lw_value *done = lw_record_value(task, "done");
    struct lw_buf due = LW_BUF_INIT;
    enum lw_status status = lw_buf_adds(out, lw_record_text(task, "title"));

    if (status == LW_OK)
        status = entry_say_when(task, "due", &due);
    if (status == LW_OK && due.len > 0)
        status = entry_say_part(out, "; ", _("due "), due.data, "");
    if (status == LW_OK)
        status = entry_say_part(out, "; ", _("for "), lw_record_text(task, "assignee"), "");
    if (status == LW_OK && done != NULL && done->number != 0)
        status = lw_buf_says(out, "; done");
    if (status == LW_OK)
        status = entry_say_part(out, "; ", "", lw_record_text(task, "note"), "");
    lw_buf_free(&due);
    return status;
}

static enum lw_status visit_task(void *context, const struct lw_record *task, struct lw_error *err)
{
    struct entry_say *say = context;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = say_task(task, &text);

    (void)err;
    say->record = task;
    if (status == LW_OK)
        status = entry_line(say, 2, text.data);
    say->record = NULL;
    lw_buf_free(&text);
    return entry_checked(say, status);
}

enum lw_status entry_say_tasks(struct entry_say *say)
{
    return lw_record_each(say->journal, LW_RECORD_TASK, "entry", say->entry->id, visit_task, say,
                          say->err);
}
