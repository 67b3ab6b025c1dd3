/* The steps of the first start. */
#ifndef LW_TUI_FIRST_START_H
#define LW_TUI_FIRST_START_H

#include "gate.h"

#define START_PATH_BYTES 4000
#define START_SIZE_BYTES 16
#define START_TITLE      "A new vault"

struct start {
    struct lw_gate *gate;
    const struct lw_program_request *request;
    struct lw_text_field where, stick, size;
    struct lw_buf path;   /* absolute */
    bool apart;           /* the header is to be on a stick */
    struct lw_buf header; /* absolute; empty: in the vault */
    bool words_kept;      /* making it failed, and the passphrases stay */
    bool header_failed;   /* because of the header's file */
    uint64_t bytes;
    struct lw_passphrase *pass, *duress, *again;
    struct lw_error message; /* for the next page */
    int64_t shown_ms;
    struct lw_session *session;
    struct lw_error *err;
    enum lw_status status; /* of what ended it */
};

/* One page with its question. ENTER and LETTER go on, BACK goes one step back. */
typedef enum lw_gate_end start_step(struct start *start);

/* Shows the page, with the message that waits for it. */
enum lw_gate_end start_ask(struct start *start, struct lw_gate_page *page);

/* The header's path as it is given on: NULL for one in the vault. */
const char *start_header_path(const struct start *start);

/* first_start_place.c */
start_step start_where, start_size;
/* What was typed, as a path from / on. */
enum lw_status start_path(const struct lw_text_field *field, struct lw_buf *out,
                          struct lw_error *err) LW_MUST_USE;
/* Up to the last slash. */
enum lw_status start_folder(const struct lw_buf *path, struct lw_buf *out,
                            struct lw_error *err) LW_MUST_USE;
/* Whether there is a file of this name, or one cannot be called so. */
enum lw_status start_new_name(const struct lw_buf *path, struct lw_error *err) LW_MUST_USE;
/* first_start_header.c */
start_step start_header;
/* first_start_config.c */
start_step start_remember;
/* first_start_words.c */
start_step start_passphrase, start_duress;

#endif
