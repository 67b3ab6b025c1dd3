/* The small loop before there is a journal: pages of plain text that ask for one thing each. A
 * passphrase is read byte by byte into locked memory and passes through no other buffer. */
#ifndef LW_TUI_GATE_H
#define LW_TUI_GATE_H

#include "editor.h"
#include "terminal.h"
#include "tui.h"

enum lw_gate_input {
    LW_GATE_NOTHING, /* Enter, Esc and the page's letters */
    LW_GATE_TEXT,    /* page->field */
    LW_GATE_PASSPHRASE
};

/* Texts must stay; members may be NULL. */
struct lw_gate_page {
    const char *title;
    const char *const *body; /* paragraphs */
    size_t body_count;
    const char *label;
    enum lw_gate_input input;
    const char *letters; /* small ones */
    struct lw_text_field *field;
    struct lw_passphrase *pass;
    bool paged;    /* Enter and Space lead on to what is below before they answer */
    bool strength; /* is told while it is typed */
    bool busy;     /* a sign stands where the input was */
    int percent;   /* of a bar, with bar */
    bool bar;
    struct lw_error message; /* under the input until the next key */
    const char *hint;        /* the keys */
    char letter;             /* that was answered */
};

enum lw_gate_end {
    LW_GATE_ENTER,
    LW_GATE_LETTER,
    LW_GATE_BACK,  /* Esc */
    LW_GATE_LEAVE, /* Ctrl-C, or Ctrl-D where nothing is typed */
    LW_GATE_GONE,  /* the terminal */
    LW_GATE_LOCK   /* the machine was suspended, or a stick came or went */
};

struct lw_gate {
    struct lw_terminal *terminal;
    const struct lw_program_hooks *hooks;
    bool mask; /* a sign is shown for each character of a passphrase */
    int signs;
    struct lw_grid grid;
    struct lw_keys *keys;
    /* The folder of a detached header when the files were closed, which a stick that is put in
     * later changes: a new process can open it then. NULL: none. */
    const char *header;
    bool header_there;
    uint64_t header_device, header_inode;
    int top;       /* rows that are scrolled off the body */
    int body_rows; /* in sight, and */
    int body_all;  /* of the whole body, as last drawn */
    /* of the escape sequence that is being swallowed */
    unsigned sequence;
    unsigned number;
    bool pasting;
};

/* terminal stays the caller's. */
enum lw_status lw_gate_open(struct lw_gate *gate, struct lw_terminal *terminal,
                            const struct lw_program_hooks *hooks, struct lw_error *err) LW_MUST_USE;
void lw_gate_close(struct lw_gate *gate);
/* From now on a stick that comes, goes or is changed ends an empty prompt as LOCK. header must
 * stay. */
void lw_gate_watch_header(struct lw_gate *gate, const char *header);
/* Draws the page without asking. */
void lw_gate_show(struct lw_gate *gate, const struct lw_gate_page *page);
/* Draws and waits until it is answered. */
enum lw_gate_end lw_gate_ask(struct lw_gate *gate, struct lw_gate_page *page);

/* ---- unlock_view.c, first_start.c: each opens the session ----
 *
 * DONE: the person left; NO_TERMINAL: it is gone; STALE: the machine was suspended. */

/* Asks for the passphrase until it opens the vault. `frank` tells errors by their sentences and
 * ends with them; else nothing is told that a stranger may not know. */
enum lw_status lw_gate_unlock(struct lw_gate *gate, const struct lw_program_request *request,
                              bool frank, struct lw_session *session,
                              struct lw_error *err) LW_MUST_USE;
/* Makes the vault step by step. `frank` as above: else it begins with a page that tells nothing. */
enum lw_status lw_gate_first_start(struct lw_gate *gate, const struct lw_program_request *request,
                                   bool frank, struct lw_session *session,
                                   struct lw_error *err) LW_MUST_USE;
enum lw_status lw_gate_end_status(enum lw_gate_end end, struct lw_error *err) LW_MUST_USE;

/* ---- gate_page.c ---- */

void lw_gate_draw(struct lw_gate *gate, const struct lw_gate_page *page,
                  const struct lw_area *area);
/* "5 words, about 64 bits: good". Never the text. */
enum { LW_GATE_STRENGTH = 320 };
void lw_gate_strength(const struct lw_passphrase *pass, char out[LW_GATE_STRENGTH]);

#endif
