/*
 * The key decoder: bytes that come one after another within a sequence's time give the same keys as
 * bytes that come at once; nothing is left in it when there was silence; text that is typed or
 * pasted arrives as it is; names of keys read back.
 */
#include "tui/keys.h"
#include "fuzz.h"

struct told {
    struct lw_buf text;    /* one line a key; pieces of one paste are joined */
    struct lw_buf written; /* what an editor would get */
    bool in_paste;
    size_t count;
};

/* What a configuration can name is named so that it is read back; other names mean no other key. */
static void must_have_name(const struct lw_key *key, bool was_read)
{
    struct lw_buf name = LW_BUF_INIT;
    struct lw_key back;

    if (lw_key_name(key, &name) == LW_OK) {
        MUST(lw_utf8_valid(name.data, name.len, NULL));
        if (lw_key_parse(name.data, name.len, &back))
            MUST(lw_key_same(key, &back));
        else
            MUST(!was_read || key->point >= 0x800);
    }
    lw_buf_free(&name);
}

static void tell(struct told *told, const struct lw_key *key)
{
    size_t len = 0;
    const char *text = lw_key_text(key, &len);

    told->count++;
    MUST(key->code != LW_KEY_NONE);
    MUST(text == NULL || lw_utf8_valid(text, len, NULL));
    MUST(text == NULL || lw_buf_add(&told->written, text, len) == LW_OK);
    if (key->code == LW_KEY_PASTE) {
        if (!told->in_paste)
            MUST(lw_buf_adds(&told->text, "paste ") == LW_OK);
        for (size_t i = 0; i < key->paste_len; i++)
            MUST((unsigned char)key->paste[i] >= 0x20 || strchr("\n\t", key->paste[i]) != NULL);
        MUST(lw_buf_add(&told->text, key->paste, key->paste_len) == LW_OK);
        told->in_paste = key->more;
    } else {
        MUST(!told->in_paste);
        MUST(lw_buf_addf(&told->text, "key %d %u %u", (int)key->code, key->modifiers,
                         (unsigned)key->point) == LW_OK);
        must_have_name(key, false);
    }
    if (!told->in_paste)
        MUST(lw_buf_addc(&told->text, '\n') == LW_OK);
}

static void take(struct lw_keys *keys, int64_t now, struct told *told)
{
    struct lw_key key;

    while (lw_keys_next(keys, now, &key))
        tell(told, &key);
}

static struct lw_keys *make(void)
{
    static const struct lw_key_sequence learned[] = {{"\x1B[99~", LW_KEY_HOME, 0},
                                                     {"\x1BOZ9", LW_KEY_END, LW_MOD_SHIFT}};
    struct lw_keys *keys;

    MUST(lw_keys_new(&keys) == LW_OK);
    for (size_t i = 0; i < LW_COUNT_OF(learned); i++)
        lw_keys_learn(keys, &learned[i]);
    return keys;
}

/* Pieces as long as the bytes of `cut` say, with gaps that mean nothing. */
static void decode(const uint8_t *data, size_t size, struct fuzz_input cut, struct told *told)
{
    struct lw_keys *keys = make();
    int64_t now = 1000;

    while (size > 0) {
        size_t piece = cut.left > 0 ? (size_t)fuzz_number(&cut, 1) % 16 + 1 : 200;
        size_t fed = lw_keys_feed(keys, data, piece < size ? piece : size, now);

        MUST(fed > 0);
        data += fed;
        size -= fed;
        take(keys, now, told);
        now += piece < 200 ? (int64_t)(piece * 6) % LW_KEYS_ESC_MS : 0;
    }
    lw_keys_end(keys);
    take(keys, now, told);
    MUST(lw_keys_wait(keys, now) == -1);
    lw_keys_free(keys);
}

/* With silence after each piece: however it is cut, nothing waits for ever. */
static void decode_slowly(const uint8_t *data, size_t size, struct fuzz_input cut)
{
    struct told told = {.text = LW_BUF_INIT};
    struct lw_keys *keys = make();
    int64_t now = 1000;

    while (size > 0) {
        size_t piece = (size_t)fuzz_number(&cut, 1) % 16 + 1;
        size_t fed = lw_keys_feed(keys, data, piece < size ? piece : size, now);
        int wait;

        MUST(fed > 0);
        data += fed;
        size -= fed;
        take(keys, now, &told);
        for (int i = 0; i < 4 && (wait = lw_keys_wait(keys, now)) >= 0; i++) {
            MUST(wait <= LW_KEYS_PASTE_MS);
            now += wait > 0 ? wait : 1;
            take(keys, now, &told);
        }
        MUST(lw_keys_wait(keys, now) == -1);
        MUST(lw_keys_room(keys) == 4096);
        now += 10;
    }
    lw_keys_free(keys);
    lw_buf_free(&told.text);
    lw_buf_free(&told.written);
}

static bool is_plain_text(const uint8_t *data, size_t size)
{
    uint32_t point;

    if (!lw_utf8_valid((const char *)data, size, NULL))
        return false;
    for (size_t at = 0; at < size;) {
        at += lw_utf8_next((const char *)data + at, size - at, &point);
        if ((point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7F && point < 0xA0))
            return false;
    }
    return true;
}

static void must_be_written(const struct told *told, const uint8_t *data, size_t size)
{
    MUST(told->written.len == size && memcmp(lw_buf_text(&told->written), data, size) == 0);
}

/* Newline and tab are keys of their own where they are typed, and text where they are pasted. */
static void text_arrives(const uint8_t *data, size_t size, const struct told *typed)
{
    struct told pasted = {.text = LW_BUF_INIT};
    struct lw_buf bytes = LW_BUF_INIT;

    if (!is_plain_text(data, size))
        return;
    if (size == 0 || (memchr(data, '\n', size) == NULL && memchr(data, '\t', size) == NULL))
        must_be_written(typed, data, size);
    MUST(lw_buf_adds(&bytes, "\x1B[200~") == LW_OK);
    MUST(lw_buf_add(&bytes, (const char *)data, size) == LW_OK);
    MUST(lw_buf_adds(&bytes, "\x1B[201~") == LW_OK);
    decode((const uint8_t *)bytes.data, bytes.len, (struct fuzz_input){NULL, 0}, &pasted);
    must_be_written(&pasted, data, size);
    lw_buf_free(&bytes);
    lw_buf_free(&pasted.text);
    lw_buf_free(&pasted.written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct told once = {.text = LW_BUF_INIT}, parts = {.text = LW_BUF_INIT};
    size_t cuts = size > 0 ? data[0] % 64 : 0;
    struct lw_key key;

    if (size < 1 + cuts)
        return 0;
    struct fuzz_input cut = {data + 1, cuts};
    data += 1 + cuts;
    size -= 1 + cuts;
    decode(data, size, (struct fuzz_input){NULL, 0}, &once);
    decode(data, size, cut, &parts);
    if (once.text.len != parts.text.len ||
        memcmp(once.text.data, parts.text.data, once.text.len) != 0)
        fprintf(stderr, "at once:\n%sin parts:\n%s", once.text.data, parts.text.data);
    MUST(once.text.len == parts.text.len &&
         memcmp(once.text.data, parts.text.data, once.text.len) == 0);
    MUST(once.count <= size + 1);
    decode_slowly(data, size, cut);
    text_arrives(data, size, &once);
    if (lw_key_parse((const char *)data, size, &key))
        must_have_name(&key, true);
    MUST(once.written.len == parts.written.len &&
         memcmp(lw_buf_text(&once.written), lw_buf_text(&parts.written), once.written.len) == 0);
    lw_buf_free(&once.text);
    lw_buf_free(&once.written);
    lw_buf_free(&parts.text);
    lw_buf_free(&parts.written);
    return 0;
}
