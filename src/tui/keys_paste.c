/* Bracketed paste: text between ESC [200~ and ESC [201~. Nothing in it is a key. */
#include "keys_internal.h"

#include <string.h>

#define TERMINATOR "\x1B[201~"

enum step { STEP_ON, STEP_WAIT, STEP_END, STEP_FULL };

static bool add(struct lw_keys *keys, const char *text, size_t len)
{
    return keys->paste.len + len <= LW_KEYS_PASTE_MOST &&
           lw_buf_add(&keys->paste, text, len) == LW_OK;
}

static enum step add_replacement(struct lw_keys *keys, size_t *at, size_t used)
{
    if (!add(keys, LW_REPLACEMENT, 3))
        return STEP_FULL;
    keys->replaced += used;
    keys->paste_cr = false;
    *at += used;
    return STEP_ON;
}

static enum step step_esc(struct lw_keys *keys, int64_t now_ms, size_t *at)
{
    size_t left = keys->len - *at;
    size_t whole = strlen(TERMINATOR);
    bool silent = lw_keys_silent(keys, now_ms, LW_KEYS_PASTE_MS);

    if (memcmp(keys->in + *at, TERMINATOR, left < whole ? left : whole) != 0)
        return add_replacement(keys, at, 1);
    if (left < whole && !silent)
        return STEP_WAIT;
    if (left < whole && left > 1)
        return add_replacement(keys, at, 1);
    if (left == 1) { /* somebody presses Esc, since the end was lost */
        keys->after_esc = true;
        keys->esc_ms = now_ms;
    }
    *at += left < whole ? left : whole;
    return STEP_END;
}

/* Terminals send a carriage return for each new line of a paste. */
static enum step step_newline(struct lw_keys *keys, size_t *at)
{
    bool cr = keys->in[*at] == '\r';

    if ((cr || !keys->paste_cr) && !add(keys, "\n", 1))
        return STEP_FULL;
    keys->paste_cr = cr;
    (*at)++;
    return STEP_ON;
}

static enum step step_text(struct lw_keys *keys, int64_t now_ms, size_t *at)
{
    uint32_t point = 0;
    size_t used = 1;

    switch (lw_keys_character(keys->in + *at, keys->len - *at, &used, &point)) {
    case LW_FOUND_PART:
        if (!lw_keys_silent(keys, now_ms, LW_KEYS_CUT_MS))
            return STEP_WAIT;
        return add_replacement(keys, at, keys->len - *at);
    case LW_FOUND_NONE:
        return add_replacement(keys, at, used);
    default:
        if (!add(keys, keys->in + *at, used))
            return STEP_FULL;
        keys->paste_cr = false;
        *at += used;
        return STEP_ON;
    }
}

static enum step step_any(struct lw_keys *keys, int64_t now_ms, size_t *at)
{
    unsigned char c = (unsigned char)keys->in[*at];

    if (c == (unsigned char)LW_ESC)
        return step_esc(keys, now_ms, at);
    if (c == '\r' || c == '\n')
        return step_newline(keys, at);
    if ((c < 0x20 && c != '\t') || c == 0x7F)
        return add_replacement(keys, at, 1);
    return step_text(keys, now_ms, at);
}

static bool give(struct lw_keys *keys, bool more, struct lw_key *out)
{
    out->code = LW_KEY_PASTE;
    out->paste = lw_buf_text(&keys->paste);
    out->paste_len = keys->paste.len;
    out->more = more;
    out->replaced = keys->replaced;
    keys->replaced = 0;
    keys->paste_told = true;
    if (!more) {
        keys->mode = LW_MODE_KEYS;
        keys->paste_cr = false;
    }
    return true;
}

bool lw_keys_paste(struct lw_keys *keys, int64_t now_ms, struct lw_key *out)
{
    enum step step = STEP_ON;
    size_t at = 0;

    while (at < keys->len && step == STEP_ON)
        step = step_any(keys, now_ms, &at);
    lw_keys_take(keys, at);
    if (step == STEP_END || (keys->ended && keys->len == 0))
        return give(keys, false, out);
    if (step == STEP_FULL)
        return give(keys, true, out);
    if (keys->paste.len > 0 && lw_keys_silent(keys, now_ms, LW_KEYS_PASTE_MS))
        return give(keys, true, out);
    return false;
}

void lw_keys_paste_told(struct lw_keys *keys)
{
    struct lw_buf small = LW_BUF_INIT;

    keys->paste_told = false;
    lw_buf_clear(&keys->paste);
    if (keys->paste.cap > 16 * (size_t)LW_KEYS_PASTE_LEAST &&
        lw_buf_reserve(&small, LW_KEYS_PASTE_LEAST) == LW_OK) {
        lw_buf_free(&keys->paste);
        keys->paste = small;
    }
}
