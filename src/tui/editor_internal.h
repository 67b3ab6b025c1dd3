/* What the files of the editor share among themselves. */
#ifndef LW_TUI_EDITOR_INTERNAL_H
#define LW_TUI_EDITOR_INTERNAL_H

#include "editor.h"

#define LW_EDITOR_CLUSTERS 1024 /* in a row, and in the window of a field: some take no column */

/* ---- text (editor_text.c) ----------------------------------------------------------------- */

/* Appends text well-formed, each byte that is no UTF-8 as U+FFFD and counted. */
enum lw_status lw_editor_take(const char *text, size_t len, struct lw_buf *out,
                              size_t *replaced) LW_MUST_USE;
/* In place: a carriage return on its own becomes a newline. */
void lw_editor_returns(struct lw_buf *text);
/* In place: each newline, however written, becomes one blank. */
void lw_editor_one_line(struct lw_buf *text);
/* Exchanges removed bytes at a place for others; room for them is reserved already. */
void lw_editor_splice(struct lw_buf *text, size_t at, size_t removed, const char *with, size_t len);

/* ---- undo (editor_past.c) ----------------------------------------------------------------- */

/* Notes the change that is about to be made, joined with the last one where run allows. */
enum lw_status lw_editor_note(struct lw_editor *editor, size_t at, size_t removed, const char *text,
                              size_t len, enum lw_editor_run run) LW_MUST_USE;
/* Takes the last step back for good: it cannot be redone. For a step that removed nothing. */
void lw_editor_take_back(struct lw_editor *editor);
void lw_editor_past_free(struct lw_editor_past *past);

/* ---- rows (editor_rows.c) ----------------------------------------------------------------- */

/* Told before the text changes: keeps what stays true. */
void lw_editor_rows_change(struct lw_editor *editor, size_t at, size_t removed);
void lw_editor_rows_reset(struct lw_editor_rows *rows);
void lw_editor_rows_free(struct lw_editor_rows *rows);
/* Lays out until that row and its end are known, or the text ends; *row is the last one where there
 * are fewer. */
enum lw_status lw_editor_rows_reach(struct lw_editor *editor, size_t *row) LW_MUST_USE;
/* The row that holds that byte. */
enum lw_status lw_editor_rows_find(struct lw_editor *editor, size_t at, size_t *row) LW_MUST_USE;
/* True for the last row of the text, once it is known to be. */
bool lw_editor_rows_last(const struct lw_editor *editor, size_t row);
/* Start of a row that was reached. */
size_t lw_editor_rows_start(const struct lw_editor *editor, size_t row);

/* ---- cursor (editor_move.c) --------------------------------------------------------------- */

/* Where a step leads from the cursor. */
enum lw_status lw_editor_target(struct lw_editor *editor, enum lw_editor_step step,
                                size_t *target) LW_MUST_USE;
/* Column of a byte in its row. */
unsigned lw_editor_column(const struct lw_editor *editor, size_t row, size_t at);

#endif
