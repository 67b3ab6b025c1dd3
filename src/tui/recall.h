/* Lines given before at a prompt, to be given again. */
#ifndef LW_TUI_RECALL_H
#define LW_TUI_RECALL_H

#include "base.h"

enum { LW_RECALL_LINES = 30 };

/* Start with {0}. They are in this process's memory and nowhere else. */
struct lw_recall {
    char *line[LW_RECALL_LINES]; /* the newest last, none of them twice */
    size_t count;
    size_t at; /* the one that stands at the prompt; count: none */
};

/* Adds a copy as the newest, for which the oldest may go; without memory it is not kept. */
void lw_recall_add(struct lw_recall *recall, const char *text, size_t len);
/* None stands at the prompt. */
void lw_recall_rewind(struct lw_recall *recall);
/* Is that text the one that stands at the prompt? */
bool lw_recall_stands(const struct lw_recall *recall, const char *text);
/* The one before it, or the one after it, behind which an empty line comes; at an end the same. */
const char *lw_recall_step(struct lw_recall *recall, bool older);
/* Zeroes and frees them. */
void lw_recall_clear(struct lw_recall *recall);

#endif
