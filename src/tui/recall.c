/* Lines given before at a prompt, as long as the program is unlocked. */
#include "recall.h"

#include <string.h>

static void drop(struct lw_recall *recall, size_t at)
{
    lw_text_free(recall->line[at]);
    recall->count--;
    memmove(&recall->line[at], &recall->line[at + 1], (recall->count - at) * sizeof *recall->line);
}

void lw_recall_add(struct lw_recall *recall, const char *text, size_t len)
{
    char *copy = lw_text_copy(text, len);

    if (copy == NULL)
        return;
    for (size_t i = 0; i < recall->count; i++) {
        if (strcmp(recall->line[i], copy) == 0)
            drop(recall, i);
    }
    if (recall->count == LW_RECALL_LINES)
        drop(recall, 0);
    recall->line[recall->count++] = copy;
    lw_recall_rewind(recall);
}

void lw_recall_rewind(struct lw_recall *recall)
{
    recall->at = recall->count;
}

bool lw_recall_stands(const struct lw_recall *recall, const char *text)
{
    return recall->at < recall->count && strcmp(recall->line[recall->at], text) == 0;
}

const char *lw_recall_step(struct lw_recall *recall, bool older)
{
    if (older && recall->at > 0)
        recall->at--;
    if (!older && recall->at < recall->count)
        recall->at++;
    return recall->at < recall->count ? recall->line[recall->at] : "";
}

void lw_recall_clear(struct lw_recall *recall)
{
    for (size_t i = 0; i < recall->count; i++)
        lw_text_free(recall->line[i]);
    *recall = (struct lw_recall){.count = 0};
}
