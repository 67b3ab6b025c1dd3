/* The decoder: text, control characters, and what is left when bytes stop coming. Sequences are in
 * keys_sequence.c, pasted text in keys_paste.c. */
#include "keys_internal.h"

#include <stdlib.h>
#include <string.h>

enum lw_status lw_keys_new(struct lw_keys **out)
{
    struct lw_keys *keys = calloc(1, sizeof *keys);

    if (keys == NULL || lw_buf_reserve(&keys->paste, LW_KEYS_PASTE_LEAST) != LW_OK) {
        free(keys);
        return LW_NO_MEMORY;
    }
    *out = keys;
    return LW_OK;
}

void lw_keys_free(struct lw_keys *keys)
{
    if (keys == NULL)
        return;
    lw_buf_free(&keys->paste);
    lw_zero(keys, sizeof *keys);
    free(keys);
}

/* ESC and one more byte is a key on a VT52; the beginnings of the common ones are none. */
void lw_keys_learn(struct lw_keys *keys, const struct lw_key_sequence *sequence)
{
    size_t len = strnlen(sequence->bytes, sizeof sequence->bytes);

    if (keys->learned_count == LW_COUNT_OF(keys->learned) || len == sizeof sequence->bytes ||
        len < 2 || sequence->bytes[0] != LW_ESC || sequence->bytes[1] == LW_ESC)
        return;
    if (len == 2 && (sequence->bytes[1] == '[' || sequence->bytes[1] == 'O'))
        return;
    keys->learned[keys->learned_count++] = *sequence;
}

size_t lw_keys_room(const struct lw_keys *keys)
{
    return keys->ended ? 0 : sizeof keys->in - keys->len;
}

size_t lw_keys_feed(struct lw_keys *keys, const void *bytes, size_t len, int64_t now_ms)
{
    if (len > lw_keys_room(keys))
        len = lw_keys_room(keys);
    if (len == 0)
        return 0;
    memcpy(keys->in + keys->len, bytes, len);
    keys->len += len;
    keys->fed_ms = now_ms;
    return len;
}

void lw_keys_end(struct lw_keys *keys)
{
    keys->ended = true;
}

void lw_keys_take(struct lw_keys *keys, size_t count)
{
    memmove(keys->in, keys->in + count, keys->len - count);
    keys->len -= count;
    lw_zero(keys->in + keys->len, count);
}

bool lw_keys_silent(const struct lw_keys *keys, int64_t now_ms, int limit_ms)
{
    return keys->ended || now_ms - keys->fed_ms >= limit_ms;
}

static void key_make(struct lw_key *key, enum lw_key_code code, unsigned modifiers)
{
    memset(key, 0, sizeof *key);
    key->code = code;
    key->modifiers = modifiers;
}

static void key_make_text(struct lw_key *key, const char *bytes, size_t len, uint32_t point)
{
    key_make(key, LW_KEY_TEXT, 0);
    key->point = point;
    memcpy(key->utf8, bytes, len);
}

/* How many bytes a character takes that begins so; 1 for what begins none. */
static size_t wanted_bytes(unsigned char first)
{
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    return first >= 0xF0 && first <= 0xF4 ? 4 : 1;
}

enum lw_keys_found lw_keys_character(const char *bytes, size_t len, size_t *used, uint32_t *point)
{
    size_t wanted = wanted_bytes((unsigned char)bytes[0]);
    size_t good = 1;

    while (good < len && good < wanted && ((unsigned char)bytes[good] & 0xC0) == 0x80)
        good++;
    if (good == len && good < wanted)
        return LW_FOUND_PART;
    if (good == wanted && lw_utf8_valid(bytes, wanted, NULL)) {
        *used = lw_utf8_next(bytes, wanted, point);
        return LW_FOUND_KEY;
    }
    *used = good < wanted ? good : 1; /* the byte after a broken character begins anew */
    return LW_FOUND_NONE;
}

void lw_keys_control(unsigned char byte, struct lw_key *out)
{
    switch (byte) {
    case '\r':
    case '\n':
        key_make(out, LW_KEY_ENTER, 0);
        return;
    case '\t':
        key_make(out, LW_KEY_TAB, 0);
        return;
    case 0x08:
    case 0x7F:
        key_make(out, LW_KEY_BACKSPACE, 0);
        return;
    case 0:
        key_make(out, LW_KEY_TEXT, LW_MOD_CTRL);
        out->point = ' ';
        return;
    default:
        key_make(out, LW_KEY_TEXT, LW_MOD_CTRL);
        out->point = byte <= 26 ? byte + 'a' - 1u : byte + '@' + 0u;
    }
}

/* One character of text at the beginning of what is there; false while it may be a part. */
static bool next_text(struct lw_keys *keys, int64_t now_ms, struct lw_key *out)
{
    uint32_t point = 0;
    size_t used = 1;

    switch (lw_keys_character(keys->in, keys->len, &used, &point)) {
    case LW_FOUND_PART:
        if (!lw_keys_silent(keys, now_ms, LW_KEYS_CUT_MS))
            return false;
        used = keys->len;
        key_make_text(out, LW_REPLACEMENT, 3, 0xFFFD);
        break;
    case LW_FOUND_KEY:
        if (point >= 0x80 && point < 0xA0) /* a control character in two bytes */
            key_make(out, LW_KEY_UNKNOWN, 0);
        else
            key_make_text(out, keys->in, used, point);
        break;
    default:
        key_make_text(out, LW_REPLACEMENT, 3, 0xFFFD);
    }
    lw_keys_take(keys, used);
    return true;
}

/* True where these bytes go on with a sequence whose ESC was taken for the key. */
static bool is_late(struct lw_keys *keys)
{
    bool late = keys->after_esc && keys->fed_ms - keys->esc_ms <= LW_KEYS_LATE_MS &&
                (keys->in[0] == '[' || keys->in[0] == 'O');

    keys->after_esc = false;
    keys->in_late = late;
    return late;
}

static bool next_key(struct lw_keys *keys, int64_t now_ms, struct lw_key *out)
{
    unsigned char first = (unsigned char)keys->in[0];

    if (keys->in_late || is_late(keys) || first == LW_ESC)
        return lw_keys_sequence(keys, now_ms, out);
    if (first < 0x20 || first == 0x7F) {
        lw_keys_control(first, out);
        lw_keys_take(keys, 1);
        return true;
    }
    return next_text(keys, now_ms, out);
}

bool lw_keys_next(struct lw_keys *keys, int64_t now_ms, struct lw_key *out)
{
    if (keys->paste_told)
        lw_keys_paste_told(keys);
    key_make(out, LW_KEY_NONE, 0);
    for (;;) {
        enum lw_keys_mode before = keys->mode;

        if (keys->mode == LW_MODE_PASTE) {
            if (lw_keys_paste(keys, now_ms, out))
                return true;
        } else if (keys->mode == LW_MODE_SWALLOW) {
            lw_keys_swallow(keys, now_ms, out);
        } else if (keys->len > 0 && next_key(keys, now_ms, out) && out->code != LW_KEY_NONE) {
            return true;
        }
        if (out->code != LW_KEY_NONE)
            return true;
        if (keys->mode == before) /* else the rest is to be read in another way */
            break;
    }
    if (!keys->ended || keys->told_end || keys->len > 0)
        return false;
    keys->told_end = true;
    key_make(out, LW_KEY_GONE, 0);
    return true;
}

bool lw_keys_in_paste(const struct lw_keys *keys)
{
    return keys->mode == LW_MODE_PASTE;
}

int lw_keys_wait(const struct lw_keys *keys, int64_t now_ms)
{
    int64_t limit;
    int64_t left;

    if (keys->ended)
        return keys->told_end ? -1 : 0;
    if (keys->mode == LW_MODE_PASTE && keys->len + keys->paste.len > 0)
        limit = keys->len > 0 && keys->in[0] != LW_ESC ? LW_KEYS_CUT_MS : LW_KEYS_PASTE_MS;
    else if (keys->mode == LW_MODE_SWALLOW)
        limit = LW_KEYS_CUT_MS;
    else if (keys->len == 0)
        return -1;
    else
        limit = lw_keys_is_bare_esc(keys) ? LW_KEYS_ESC_MS : LW_KEYS_CUT_MS;
    left = limit - (now_ms - keys->fed_ms);
    return left > 0 ? (int)left : 0;
}
