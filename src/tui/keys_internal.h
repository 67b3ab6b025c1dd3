/* What the files of the key decoder share. */
#ifndef LW_TUI_KEYS_INTERNAL_H
#define LW_TUI_KEYS_INTERNAL_H

#include "keys.h"

#define LW_ESC         '\x1B'
#define LW_REPLACEMENT "\xEF\xBF\xBD"

enum {
    LW_KEYS_PASTE_LEAST = 4096,   /* always there, so that a paste goes on without memory */
    LW_KEYS_PASTE_MOST = 4 << 20, /* bytes of one piece */
    LW_KEYS_SEQUENCE_MOST = 64    /* bytes; a longer one is swallowed as it comes */
};

enum lw_keys_mode {
    LW_MODE_KEYS,
    LW_MODE_SWALLOW, /* inside a sequence that means nothing here */
    LW_MODE_PASTE
};

enum lw_keys_found { LW_FOUND_NONE, LW_FOUND_PART, LW_FOUND_KEY };

struct lw_keys {
    struct lw_key_sequence learned[160];
    size_t learned_count;
    char in[4096]; /* bytes not yet decoded, from the beginning */
    size_t len;
    int64_t fed_ms;
    enum lw_keys_mode mode;
    bool string;    /* while swallowing: up to ST or BEL, not up to a final byte */
    bool after_esc; /* the last key was an ESC alone, come at esc_ms */
    int64_t esc_ms;
    bool in_late; /* what is there is the rest of a sequence, without its ESC */
    struct lw_buf paste;
    bool paste_cr;   /* the last character was a carriage return */
    bool paste_told; /* the text was handed out */
    size_t replaced;
    bool ended, told_end;
};

/* Drops count bytes from the beginning. */
void lw_keys_take(struct lw_keys *keys, size_t count);
bool lw_keys_silent(const struct lw_keys *keys, int64_t now_ms, int limit_ms);
/* The character at bytes (len > 0). NONE: used bytes are no UTF-8. */
enum lw_keys_found lw_keys_character(const char *bytes, size_t len, size_t *used, uint32_t *point);
/* The key of a control character or DEL. */
void lw_keys_control(unsigned char byte, struct lw_key *out);

/* What begins with ESC, or with what follows it where in_late. True: bytes were taken; *out stays
 * NONE where they changed the mode only. False: more bytes are needed. */
bool lw_keys_sequence(struct lw_keys *keys, int64_t now_ms, struct lw_key *out);
/* Goes on in LW_MODE_SWALLOW; *out becomes UNKNOWN where it is over. */
void lw_keys_swallow(struct lw_keys *keys, int64_t now_ms, struct lw_key *out);
/* Only ESC, once or twice: it may be the key. */
bool lw_keys_is_bare_esc(const struct lw_keys *keys);

/* Goes on in LW_MODE_PASTE; true where *out is a piece of it. */
bool lw_keys_paste(struct lw_keys *keys, int64_t now_ms, struct lw_key *out);
/* The piece that was handed out is no longer needed. */
void lw_keys_paste_told(struct lw_keys *keys);

/* Looks at the parameters and the last byte of ESC [ or ESC O; code NONE: means nothing here. */
void lw_keys_csi(const char *bytes, size_t len, struct lw_key *out);
void lw_keys_ss3(const char *bytes, size_t len, struct lw_key *out);

#endif
