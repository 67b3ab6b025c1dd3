/*
 * Typed text: a multi-line editor and a one-line field, as models that know no terminal.
 *
 * Text is kept as it was typed or pasted, byte for byte: never normalised, cut or folded. A step is
 * a grapheme cluster, so the cursor never stands between a letter and its accent. Texts are laid
 * out as far as somebody asks, and after a change only where something changed.
 */
#ifndef LW_TUI_EDITOR_H
#define LW_TUI_EDITOR_H

#include "grid.h"

#define LW_EDITOR_LIMIT   ((size_t)4 << 20)  /* bytes of a long text where nothing else is said */
#define LW_EDITOR_LARGEST ((size_t)64 << 20) /* no limit may be above this */
#define LW_EDITOR_UNDO    4096               /* steps that are kept at most */
#define LW_EDITOR_TAB     8

/* Where a cursor goes, and how far an erasing reaches. Home and End take the row that is seen first
 * and, where the cursor stands there already, the line. */
enum lw_editor_step {
    LW_STEP_LEFT,
    LW_STEP_RIGHT,
    LW_STEP_WORD_LEFT,
    LW_STEP_WORD_RIGHT,
    LW_STEP_HOME,
    LW_STEP_END,
    LW_STEP_LINE_START,
    LW_STEP_LINE_END,
    LW_STEP_UP,
    LW_STEP_DOWN,
    LW_STEP_PAGE_UP,
    LW_STEP_PAGE_DOWN,
    LW_STEP_TEXT_START,
    LW_STEP_TEXT_END,
};

/* What a change may be joined with into one step of undo. */
enum lw_editor_run {
    LW_RUN_NONE,
    LW_RUN_TYPE,
    LW_RUN_PASTE,
    LW_RUN_BACKSPACE,
    LW_RUN_DELETE,
    LW_RUN_CHOICE
};

/* One step of undo: removed stood at that place, inserted stands there. */
struct lw_editor_change {
    size_t at;
    struct lw_buf removed;
    struct lw_buf inserted;
    size_t cursor_before;
    size_t cursor_after;
};

struct lw_editor_past {
    struct lw_editor_change *list;
    size_t count;
    size_t cap;
    size_t done;            /* list[done..count) can be redone */
    size_t bytes;           /* that the steps hold */
    size_t budget;          /* the oldest go beyond it, the last one stays */
    enum lw_editor_run run; /* that the last step is open for */
};

/* Where rows start. The first ones from the start of the text; the last ones, known from before a
 * change, from its end, so that they hold whatever is typed before them. */
struct lw_editor_rows {
    uint32_t *list; /* head, a gap, tail */
    size_t cap;
    size_t head;
    size_t tail;
    bool joined; /* the tail follows the head: every row is known */
};

/* How a paste that comes in pieces stands. */
struct lw_editor_paste {
    bool open;       /* pieces of it are in the text */
    bool refused;    /* what is still to come of it does not count */
    bool after_cr;   /* the last piece ended with one */
    size_t at;       /* where the next piece goes */
    size_t replaced; /* counted before it */
};

/* Members are read-only outside; every change goes through the functions. */
struct lw_editor {
    struct lw_buf text;
    size_t cursor; /* byte offset, on a border between clusters */
    size_t limit;
    bool one_line;
    uint64_t changes; /* counts every change of the text: compare, and save where it moved on */
    size_t replaced;  /* bytes that were no UTF-8 and became U+FFFD since the text was set */
    unsigned width;   /* of the window it was last laid out for */
    unsigned height;
    size_t top; /* row that the window starts with */
    bool has_goal;
    unsigned goal; /* column that up and down keep to */
    struct lw_editor_rows rows;
    struct lw_editor_past past;
    struct lw_editor_paste paste;
};

/* A window of the text. Rows are counted from the start of the text. */
struct lw_editor_view {
    size_t first;    /* row */
    unsigned count;  /* rows to draw, at most the height */
    unsigned row;    /* of the cursor in the window */
    unsigned column; /* of the cursor, always inside the width */
    bool above;      /* there is text above the window */
    bool below;
};

/* Allocates nothing. limit in bytes, at most LW_EDITOR_LARGEST (0: LW_EDITOR_LIMIT). */
void lw_editor_init(struct lw_editor *editor, size_t limit, bool one_line);
/* Zeroes and frees all it holds; it is as after init, with an empty text. NULL does nothing. */
void lw_editor_clear(struct lw_editor *editor);

/* Takes text as it is (only bytes that are no UTF-8, and NUL, become U+FFFD, one each, counted in
 * replaced); the cursor goes to its start, undo starts afresh. A text above the limit is taken too,
 * since it was written before; it can then only get shorter. On error the old text stays. */
enum lw_status lw_editor_set_text(struct lw_editor *editor, const char *text, size_t len,
                                  struct lw_error *err) LW_MUST_USE;
/* Appends the text. */
enum lw_status lw_editor_text(const struct lw_editor *editor, struct lw_buf *out) LW_MUST_USE;
/* Puts the cursor on the border at or before that byte. */
void lw_editor_set_cursor(struct lw_editor *editor, size_t cursor);

/* The next functions return TOO_LONG beyond the limit and NO_MEMORY, both with a sentence for the
 * status line; then nothing has changed. */

/* Text from the keyboard, whole code points; what is typed in one go is undone in one go. */
enum lw_status lw_editor_type(struct lw_editor *editor, const char *text, size_t len,
                              struct lw_error *err) LW_MUST_USE;
/* A paste, as one piece or several (more: others follow), one step of undo. All of it or nothing:
 * where a piece does not fit, what came before it is taken back, and the rest is refused too. Any
 * other key ends it.
 * Terminals send a newline in it as a carriage return: one that no line feed follows becomes a
 * newline. One line only: newlines become blanks. */
enum lw_status lw_editor_paste(struct lw_editor *editor, const char *text, size_t len, bool more,
                               struct lw_error *err) LW_MUST_USE;
/* Removes what lies between the cursor and where that step would lead: LEFT is backspace, RIGHT is
 * delete, LINE_END kills to the end of the line, or the newline where the cursor is at the end.
 * DONE where there is nothing. */
enum lw_status lw_editor_erase(struct lw_editor *editor, enum lw_editor_step step,
                               struct lw_error *err) LW_MUST_USE;
/* DONE where there is nothing to undo or redo. */
enum lw_status lw_editor_undo(struct lw_editor *editor, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_editor_redo(struct lw_editor *editor, struct lw_error *err) LW_MUST_USE;
/* Moves the cursor. DONE where it is there already (so that a form can go to the next field). */
enum lw_status lw_editor_move(struct lw_editor *editor, enum lw_editor_step step,
                              struct lw_error *err) LW_MUST_USE;
/* Replaces removed bytes at a border, the base of all of the above; text is well-formed. */
enum lw_status lw_editor_replace(struct lw_editor *editor, size_t at, size_t removed,
                                 const char *text, size_t len, enum lw_editor_run run,
                                 struct lw_error *err) LW_MUST_USE;

/* Lays out and scrolls so that the cursor is in the window (both sizes at least 1). On NO_MEMORY
 * the text is whole, only the view is missing. */
enum lw_status lw_editor_layout(struct lw_editor *editor, unsigned width, unsigned height,
                                struct lw_editor_view *view, struct lw_error *err) LW_MUST_USE;
/* Bytes of a row of the last view. They cover the text exactly once; a blank that did not fit is in
 * the row before, a newline ends its row, and neither is drawn. */
void lw_editor_row(const struct lw_editor *editor, size_t row, size_t *start, size_t *end);
/* One cluster at text[at] that starts in that column of its row: returns its bytes; *columns is
 * what it takes there (a tab reaches to the next stop, a newline takes none). */
size_t lw_editor_cluster(const char *text, size_t len, size_t at, unsigned column,
                         unsigned *columns);

/* Lays out for the area, draws the rows in that style and, where it has the focus, puts the cursor.
 */
enum lw_status lw_editor_draw(struct lw_editor *editor, const struct lw_area *area,
                              enum lw_style style, bool focus, struct lw_error *err) LW_MUST_USE;
/* After it was drawn into that area: the style of the bytes from..to, as far as they are in sight. */
void lw_editor_mark(struct lw_editor *editor, const struct lw_area *area, size_t from, size_t to,
                    enum lw_style style);

/* ---- one line ----------------------------------------------------------------------------- */

/* What a completer fills. */
struct lw_field_choices {
    size_t from; /* where the text to replace starts; preset with the start of the word */
    char **list; /* owned */
    size_t count;
    size_t cap;
};

/* Given the text before the cursor, offers what could stand in the place of its end, best first. It
 * may move choices->from, to a border. */
typedef enum lw_status lw_field_completer(void *context, const char *before, size_t len,
                                          struct lw_field_choices *choices, struct lw_error *err);

/* Typing, moving, erasing and undo work on the editor inside. (struct lw_field is the journal's.)
 */
struct lw_text_field {
    struct lw_editor editor;
    size_t left; /* first byte of the window */
    lw_field_completer *completer;
    void *context;
    struct lw_field_choices choices;
    struct lw_buf word;    /* what was typed where a choice stands now */
    size_t chosen;         /* choices.count: the typed word */
    size_t placed;         /* bytes of what stands there now */
    uint64_t choice_stamp; /* editor.changes and cursor that the last choice left */
    size_t choice_cursor;
};

struct lw_field_view {
    size_t start; /* bytes to draw; each cluster takes what lw_utf8_columns says */
    size_t end;
    unsigned column; /* of the cursor, always inside the width */
    bool before;     /* there is text left of the window */
    bool after;
};

/* Allocates nothing; completer may be NULL. */
void lw_field_init(struct lw_text_field *field, size_t limit, lw_field_completer *completer,
                   void *context);
void lw_field_clear(struct lw_text_field *field);
/* Appends a copy to what is offered. BAD_DATA where it is no UTF-8. */
enum lw_status lw_field_offer(struct lw_field_choices *choices, const char *text,
                              size_t len) LW_MUST_USE;
/* Frees what is offered, and leaves none. */
void lw_field_choices_clear(struct lw_field_choices *choices);
/* Goes as far as all that is offered begins alike, where all of it begins with the word; DONE where
 * that is no further, or something else stands there since a choice was put. */
enum lw_status lw_field_begin(struct lw_text_field *field, struct lw_error *err) LW_MUST_USE;
/* What could stand at the cursor now; choices begin as {0} and are to be freed, on error too.
 * NOT_FOUND where nothing is offered. */
enum lw_status lw_field_offered(const struct lw_text_field *field,
                                struct lw_field_choices *choices) LW_MUST_USE;
/* Puts the next (or the one before) of what is offered in the place of the word, then the word
 * itself again; all of it is one step of undo. NOT_FOUND where nothing is offered. */
enum lw_status lw_field_complete(struct lw_text_field *field, bool backward,
                                 struct lw_error *err) LW_MUST_USE;
/* Scrolls so that the cursor is in the window (width at least 1). */
void lw_field_layout(struct lw_text_field *field, unsigned width, struct lw_field_view *view);
/* Lays out and draws into the first row of the area; puts the cursor where it has the focus. */
void lw_field_draw(struct lw_text_field *field, const struct lw_area *area, enum lw_style style,
                   bool focus);

#endif
