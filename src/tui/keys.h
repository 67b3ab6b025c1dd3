/* From bytes to keys. Time is handed in; nothing here reads or waits. */
#ifndef LW_TUI_KEYS_H
#define LW_TUI_KEYS_H

#include "base.h"

enum lw_key_code {
    LW_KEY_NONE,
    LW_KEY_TEXT,  /* point; with LW_MOD_CTRL or LW_MOD_ALT a chord, which is not text */
    LW_KEY_PASTE, /* paste; newlines are '\n' */
    LW_KEY_ENTER,
    LW_KEY_TAB,
    LW_KEY_BACKTAB,
    LW_KEY_ESC,
    LW_KEY_BACKSPACE,
    LW_KEY_DELETE,
    LW_KEY_INSERT,
    LW_KEY_UP,
    LW_KEY_DOWN,
    LW_KEY_LEFT,
    LW_KEY_RIGHT,
    LW_KEY_HOME,
    LW_KEY_END,
    LW_KEY_PAGE_UP,
    LW_KEY_PAGE_DOWN,
    LW_KEY_F1, /* F2 is LW_KEY_F1 + 1, and so on */
    LW_KEY_F12 = LW_KEY_F1 + 11,
    LW_KEY_UNKNOWN, /* a sequence that means nothing here, or was cut short; swallowed whole */
    LW_KEY_GONE     /* end of input: the terminal is gone. Nothing comes after it */
};

enum { LW_MOD_SHIFT = 1, LW_MOD_ALT = 2, LW_MOD_CTRL = 4 };

struct lw_key {
    enum lw_key_code code;
    unsigned modifiers;
    uint32_t point; /* of LW_KEY_TEXT; small letter with LW_MOD_CTRL */
    char utf8[5];   /* of LW_KEY_TEXT without chord: point as terminated text */
    const char
        *paste; /* of LW_KEY_PASTE: well-formed UTF-8; valid until lw_keys_next is called again */
    size_t paste_len;
    bool more;       /* of LW_KEY_PASTE: further pieces of the same paste follow */
    size_t replaced; /* bytes of the paste that were no text: each is a U+FFFD now */
};

/* What the key writes into an editor: text of TEXT and PASTE; NULL for other keys and chords. */
const char *lw_key_text(const struct lw_key *key, size_t *len);
/* True for a key that writes into an editor. */
bool lw_key_is_text(const struct lw_key *key);
/* code and modifiers (and point) are the same. */
bool lw_key_same(const struct lw_key *a, const struct lw_key *b);
/* The key on the Latin layout where a Cyrillic letter of the Russian one was typed; other keys as
 * they are. For keys that are commands; never in editors. */
struct lw_key lw_key_latin(const struct lw_key *key);
/* "Ctrl-S", "Shift-Tab", "F2", "PgUp", "Space", "g". NO_MEMORY, or USAGE for a key without name. */
enum lw_status lw_key_name(const struct lw_key *key, struct lw_buf *out) LW_MUST_USE;
/* Reads such a name, letters of key names in either case. False where it is none. */
bool lw_key_parse(const char *name, size_t len, struct lw_key *out);

/* ---- the decoder ------------------------------------------------------------------------------
 */

enum {
    LW_KEYS_ESC_MS = 100,  /* after that an ESC alone is the key */
    LW_KEYS_LATE_MS = 400, /* so long after it the rest of a sequence is still known as one */
    LW_KEYS_CUT_MS = 500,  /* silence inside a sequence or a character: it was cut short */
    LW_KEYS_PASTE_MS =
        1000 /* silence inside a paste: what came is handed out, the rest may follow */
};

/* A sequence of this terminal, beginning with ESC. */
struct lw_key_sequence {
    char bytes[16]; /* terminated */
    enum lw_key_code code;
    unsigned modifiers;
};

struct lw_keys;

enum lw_status lw_keys_new(struct lw_keys **out) LW_MUST_USE;
/* Zeroes and frees. NULL does nothing. */
void lw_keys_free(struct lw_keys *keys);
/* Goes before the common sequences. What is not ESC and more is not taken, nor what is too many. */
void lw_keys_learn(struct lw_keys *keys, const struct lw_key_sequence *sequence);
/* Room for bytes: some hundreds at least after lw_keys_next returned false. */
size_t lw_keys_room(const struct lw_keys *keys);
/* Takes bytes that came at now_ms, at most lw_keys_room; returns how many. */
size_t lw_keys_feed(struct lw_keys *keys, const void *bytes, size_t len, int64_t now_ms);
/* No bytes will come any more: what is left is decided at once, then LW_KEY_GONE. */
void lw_keys_end(struct lw_keys *keys);
/* The next key, if there is one at now_ms. To be called until false, after lw_keys_feed and after
 * lw_keys_wait has passed without bytes. Bytes that have come must be fed before: they may complete
 * what would be cut short else. */
bool lw_keys_next(struct lw_keys *keys, int64_t now_ms, struct lw_key *out);
/* Milliseconds after which lw_keys_next is to be called though no byte came; -1: never. */
int lw_keys_wait(const struct lw_keys *keys, int64_t now_ms);
/* A paste has begun and not ended. A lone ESC and a second of silence end it too. */
bool lw_keys_in_paste(const struct lw_keys *keys);

#endif
