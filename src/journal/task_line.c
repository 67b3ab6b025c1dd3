/* A task as a line: "ask for the record; due: friday; for: Anna; entry: E17". */
#include "internal.h"

#include <string.h>

enum part_kind { PART_TEXT, PART_DUE, PART_ENTRY };

static const struct {
    const char *label[LW_LANGUAGES];
    const char *field;
    enum part_kind kind;
} parts[] = {
    {{"due", "срок"}, "due", PART_DUE},
    {{"for", "кому"}, "assignee", PART_TEXT},
    {{"entry", "запись"}, "entry", PART_ENTRY},
    {{"note", "примечание"}, "note", PART_TEXT},
};

static int find_part(const char *text, size_t len)
{
    for (size_t i = 0; i < LW_COUNT_OF(parts); i++) {
        for (int language = 0; language < LW_LANGUAGES; language++) {
            if (lw_words_equal(text, len, parts[i].label[language]))
                return (int)i;
        }
    }
    return -1;
}

static enum lw_status take_entry(struct lw_journal *journal, const char *text, size_t len,
                                 struct lw_record *task, struct lw_error *err)
{
    char ref[16] = "";
    struct lw_record entry;
    enum lw_status status;

    if (len >= sizeof ref)
        return lw_fail(err, LW_BAD_DATA, "entry: takes a reference, such as E17");
    memcpy(ref, text, len);
    status = lw_record_by_ref(journal, LW_RECORD_ENTRY, ref, &entry, err);
    if (status != LW_OK)
        return status;
    status = lw_record_set_ref(task, "entry", entry.id);
    lw_record_clear(&entry);
    return status;
}

static enum lw_status take_part(struct lw_journal *journal, const char *text, size_t len,
                                const struct lw_clock *clock, struct lw_record *task,
                                struct lw_error *err)
{
    const char *colon = memchr(text, ':', len);
    int part = colon != NULL ? find_part(text, (size_t)(colon - text)) : -1;
    struct lw_when due;
    enum lw_status status;

    if (len == 0)
        return LW_OK;
    if (part < 0)
        return lw_fail(err, LW_BAD_DATA,
                       "behind a semicolon stands one of due:, for:, entry:, note:");
    len -= (size_t)(colon + 1 - text);
    text = colon + 1;
    text_trim(&text, &len);
    if (len == 0)
        return LW_OK;
    if (lw_record_value(task, parts[part].field) != NULL)
        return lw_fail(err, LW_BAD_DATA, "%s: stands there twice", parts[part].label[LW_ENGLISH]);
    if (parts[part].kind == PART_ENTRY)
        return take_entry(journal, text, len, task, err);
    if (parts[part].kind == PART_TEXT)
        return lw_record_set_text(task, parts[part].field, text, len);
    status = lw_due_read(text, len, clock, &due, err);
    if (status != LW_OK)
        lw_error_prefix(err, "due");
    return status == LW_OK ? lw_record_set_text(task, "due", due.text, strlen(due.text)) : status;
}

enum lw_status lw_task_take(struct lw_journal *journal, const char *line, size_t len,
                            const struct lw_clock *clock, struct lw_record *task,
                            struct lw_error *err)
{
    bool first = true;
    enum lw_status status = LW_OK;

    if (!lw_utf8_valid(line, len, NULL))
        return lw_fail(err, LW_BAD_DATA, "the line is not UTF-8 text");
    while (status == LW_OK && (first || len > 0)) {
        const char *end = memchr(line, ';', len);
        size_t used = end != NULL ? (size_t)(end - line) : len;
        const char *text = line;
        size_t text_len = used;

        text_trim(&text, &text_len);
        if (first && text_len == 0)
            return lw_fail(err, LW_BAD_DATA, "say first what is to be done");
        status = first ? lw_record_set_text(task, "title", text, text_len)
                       : take_part(journal, text, text_len, clock, task, err);
        first = false;
        used += end != NULL;
        line += used;
        len -= used;
    }
    if (status != LW_OK && err != NULL && err->status == LW_OK)
        lw_fail(err, status, "%s", lw_status_message(status));
    return status;
}
