/* Sequences: where they end, and when they were cut short. A sequence is swallowed whole whatever
 * it means; its letters are never keys. */
#include "keys_internal.h"

#include <string.h>

static bool is_final(char c)
{
    return c >= 0x40 && c <= 0x7E;
}

static bool is_parameter(char c)
{
    return c >= 0x20 && c <= 0x3F;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ESC [ with what may follow; *used are the bytes from '[' on, of a broken one those before the
 * byte that breaks it. */
static enum lw_keys_found csi_end(const char *body, size_t len, size_t *used)
{
    size_t at = 1;

    if (len > 1 && (body[1] == '[' || body[1] == 'M')) { /* Linux F1-F5; a mouse of old */
        *used = body[1] == '[' ? 3 : 5;
        return len < *used ? LW_FOUND_PART : LW_FOUND_KEY;
    }
    while (at < len && is_digit(body[at]))
        at++;
    if (at > 1 && at < len && body[at] == '$') { /* rxvt: Shift and a key, with no other end */
        *used = at + 1;
        return LW_FOUND_KEY;
    }
    while (at < len && is_parameter(body[at]))
        at++;
    *used = at;
    if (at == len)
        return LW_FOUND_PART;
    if (!is_final(body[at]))
        return LW_FOUND_NONE;
    *used = at + 1;
    return LW_FOUND_KEY;
}

static enum lw_keys_found ss3_end(const char *body, size_t len, size_t *used)
{
    size_t at = 1;

    while (at < len && (is_digit(body[at]) || body[at] == ';'))
        at++;
    *used = at;
    if (at == len)
        return LW_FOUND_PART;
    if (!is_final(body[at]))
        return LW_FOUND_NONE;
    *used = at + 1;
    return LW_FOUND_KEY;
}

/* A learned sequence at the beginning, or the beginning of one. */
static enum lw_keys_found learned_end(const struct lw_keys *keys, size_t *used, struct lw_key *out)
{
    enum lw_keys_found found = LW_FOUND_NONE;

    for (size_t i = 0; i < keys->learned_count; i++) {
        const struct lw_key_sequence *sequence = &keys->learned[i];
        size_t len = strlen(sequence->bytes);

        if (len <= keys->len && memcmp(sequence->bytes, keys->in, len) == 0) {
            *used = len;
            out->code = sequence->code;
            out->modifiers = sequence->modifiers;
            return LW_FOUND_KEY;
        }
        if (len > keys->len && memcmp(sequence->bytes, keys->in, keys->len) == 0)
            found = LW_FOUND_PART;
    }
    return found;
}

bool lw_keys_is_bare_esc(const struct lw_keys *keys)
{
    if (keys->in_late || keys->len == 0 || keys->len > 2 || keys->in[0] != LW_ESC)
        return false;
    return keys->len == 1 || keys->in[1] == LW_ESC;
}

static bool give_esc(struct lw_keys *keys, struct lw_key *out)
{
    out->code = LW_KEY_ESC;
    keys->after_esc = true;
    keys->esc_ms = keys->fed_ms;
    lw_keys_take(keys, 1);
    return true;
}

static bool give_unknown(struct lw_keys *keys, size_t used, struct lw_key *out)
{
    memset(out, 0, sizeof *out);
    out->code = LW_KEY_UNKNOWN;
    keys->in_late = false;
    lw_keys_take(keys, used);
    return true;
}

/* How many bytes are looked at for its end, however many have come. */
static size_t looked_at(const struct lw_keys *keys)
{
    return keys->len <= LW_KEYS_SEQUENCE_MOST ? keys->len : LW_KEYS_SEQUENCE_MOST + 1;
}

/* All that was looked at belongs to a sequence without an end. */
static bool wait_for_more(struct lw_keys *keys, int64_t now_ms, struct lw_key *out)
{
    if (keys->len > LW_KEYS_SEQUENCE_MOST) {
        lw_keys_take(keys, looked_at(keys));
        keys->in_late = false;
        keys->mode = LW_MODE_SWALLOW;
        keys->string = false;
        return true;
    }
    if (!lw_keys_silent(keys, now_ms, LW_KEYS_CUT_MS))
        return false;
    return give_unknown(keys, keys->len, out);
}

static bool begins_paste(const char *body, size_t used)
{
    return used == 5 && memcmp(body, "[200~", 5) == 0;
}

/* ESC [ or ESC O, from body on; skip are the bytes before it. */
static bool take_sequence(struct lw_keys *keys, size_t skip, int64_t now_ms, struct lw_key *out)
{
    const char *body = keys->in + skip;
    size_t len = looked_at(keys) - skip;
    size_t used = 0;
    bool csi = body[0] == '[';
    enum lw_keys_found found = csi ? csi_end(body, len, &used) : ss3_end(body, len, &used);

    if (found == LW_FOUND_PART)
        return wait_for_more(keys, now_ms, out);
    if (found == LW_FOUND_NONE)
        return give_unknown(keys, skip + used, out);
    if (begins_paste(body, used)) {
        keys->mode = LW_MODE_PASTE;
        keys->in_late = false;
        lw_keys_take(keys, skip + used);
        return true;
    }
    if (csi)
        lw_keys_csi(body + 1, used - 1, out);
    else
        lw_keys_ss3(body + 1, used - 1, out);
    if (keys->in_late || out->code == LW_KEY_NONE)
        return give_unknown(keys, skip + used, out);
    if (skip == 2)
        out->modifiers |= LW_MOD_ALT;
    lw_keys_take(keys, skip + used);
    return true;
}

/* ESC and a character. */
static bool take_alt(struct lw_keys *keys, int64_t now_ms, struct lw_key *out)
{
    unsigned char byte = (unsigned char)keys->in[1];
    uint32_t point = 0;
    size_t used = 1;

    if (byte < 0x20 || byte == 0x7F) {
        lw_keys_control(byte, out);
    } else {
        switch (lw_keys_character(keys->in + 1, keys->len - 1, &used, &point)) {
        case LW_FOUND_PART:
            return wait_for_more(keys, now_ms, out);
        case LW_FOUND_NONE:
            return give_unknown(keys, 1 + used, out);
        default:
            out->code = LW_KEY_TEXT;
            out->point = point;
        }
    }
    out->modifiers |= LW_MOD_ALT;
    lw_keys_take(keys, 1 + used);
    return true;
}

static bool begins_string(char c)
{
    return c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X';
}

bool lw_keys_sequence(struct lw_keys *keys, int64_t now_ms, struct lw_key *out)
{
    size_t used = 0;
    enum lw_keys_found found;

    if (keys->in_late)
        return take_sequence(keys, 0, now_ms, out);
    if (lw_keys_is_bare_esc(keys))
        return lw_keys_silent(keys, now_ms, LW_KEYS_ESC_MS) && give_esc(keys, out);
    found = learned_end(keys, &used, out);
    if (found == LW_FOUND_KEY) {
        lw_keys_take(keys, used);
        return true;
    }
    if (found == LW_FOUND_PART && !lw_keys_silent(keys, now_ms, LW_KEYS_CUT_MS))
        return false;
    if (keys->in[1] == LW_ESC)
        return keys->in[2] == '[' || keys->in[2] == 'O' ? take_sequence(keys, 2, now_ms, out)
                                                        : give_esc(keys, out);
    if (keys->in[1] == '[' || keys->in[1] == 'O')
        return take_sequence(keys, 1, now_ms, out);
    if (begins_string(keys->in[1])) {
        lw_keys_take(keys, 2);
        keys->mode = LW_MODE_SWALLOW;
        keys->string = true;
        return true;
    }
    return take_alt(keys, now_ms, out);
}

/* The first byte that no longer belongs to what is swallowed; *over where it has ended there. */
static size_t swallow_end(const struct lw_keys *keys, bool *over)
{
    size_t at = 0;

    *over = true;
    for (; at < keys->len; at++) {
        char c = keys->in[at];

        if (!keys->string && is_final(c))
            return at + 1;
        if (!keys->string && !is_parameter(c))
            return at;
        if (keys->string && (c == '\a' || c == 0x18 || c == 0x1A))
            return at + 1;
        if (keys->string && c == LW_ESC) {
            if (at + 1 == keys->len)
                break; /* a backslash would end it */
            return keys->in[at + 1] == '\\' ? at + 2 : at;
        }
    }
    *over = false;
    return at;
}

void lw_keys_swallow(struct lw_keys *keys, int64_t now_ms, struct lw_key *out)
{
    bool over = false;
    size_t used = swallow_end(keys, &over);

    if (!over && lw_keys_silent(keys, now_ms, LW_KEYS_CUT_MS))
        over = true;
    lw_keys_take(keys, used);
    if (!over)
        return;
    keys->mode = LW_MODE_KEYS;
    out->code = LW_KEY_UNKNOWN;
}
