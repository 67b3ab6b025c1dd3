/* Bytes to keys: sequences whole, split and cut; text; pastes; and random bytes. */
#include "tui/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PASTE_ON  "\x1B[200~"
#define PASTE_OFF "\x1B[201~"

struct typist {
    struct lw_keys *keys;
    int64_t now;
    struct lw_buf told; /* names of the keys that came, with blanks between */
};

static struct typist typist_new(void)
{
    struct typist typist = {NULL, 1000000, LW_BUF_INIT};

    assert_int_equal(lw_keys_new(&typist.keys), LW_OK);
    return typist;
}

static void typist_free(struct typist *typist)
{
    lw_keys_free(typist->keys);
    lw_buf_free(&typist->told);
}

static void tell(struct typist *typist, const struct lw_key *key)
{
    struct lw_buf *told = &typist->told;

    if (told->len > 0)
        assert_int_equal(lw_buf_addc(told, ' '), LW_OK);
    switch (key->code) {
    case LW_KEY_UNKNOWN:
        assert_int_equal(lw_buf_adds(told, "unknown"), LW_OK);
        break;
    case LW_KEY_GONE:
        assert_int_equal(lw_buf_adds(told, "gone"), LW_OK);
        break;
    case LW_KEY_PASTE:
        assert_true(lw_utf8_valid(key->paste, key->paste_len, NULL));
        assert_int_equal(lw_buf_addf(told, "paste(%s)%s", key->paste, key->more ? "+" : ""), LW_OK);
        break;
    default:
        assert_int_equal(lw_key_name(key, told), LW_OK);
    }
}

static void drain(struct typist *typist)
{
    struct lw_key key;

    while (lw_keys_next(typist->keys, typist->now, &key))
        tell(typist, &key);
}

/* Bytes that come after a pause, in which the loop wakes up as lw_keys_wait says. */
static void type_after(struct typist *typist, int pause_ms, const void *bytes, size_t len)
{
    int64_t then = typist->now + pause_ms;
    const char *at = bytes;

    for (;;) {
        int wait = lw_keys_wait(typist->keys, typist->now);

        if (wait < 0 || typist->now + wait >= then)
            break;
        typist->now += wait;
        drain(typist);
    }
    typist->now = then;
    while (len > 0) {
        size_t fed = lw_keys_feed(typist->keys, at, len, typist->now);

        assert_true(fed > 0);
        at += fed;
        len -= fed;
        drain(typist);
    }
}

static void type(struct typist *typist, const char *text)
{
    type_after(typist, 1000, text, strlen(text));
}

static void assert_told(struct typist *typist, const char *expected)
{
    type_after(typist, 5000, "", 0);
    assert_string_equal(lw_buf_text(&typist->told), expected);
    assert_int_equal(lw_keys_wait(typist->keys, typist->now), -1);
    lw_buf_clear(&typist->told);
}

struct sequence {
    const char *bytes;
    const char *name;
};

static const struct sequence sequences[] = {
    {"\x1B[A", "Up"},
    {"\x1B[B", "Down"},
    {"\x1B[C", "Right"},
    {"\x1B[D", "Left"},
    {"\x1BOA", "Up"},
    {"\x1BOB", "Down"},
    {"\x1BOC", "Right"},
    {"\x1BOD", "Left"},
    {"\x1B[H", "Home"},
    {"\x1B[F", "End"},
    {"\x1BOH", "Home"},
    {"\x1BOF", "End"},
    {"\x1B[1~", "Home"},
    {"\x1B[2~", "Ins"},
    {"\x1B[3~", "Del"},
    {"\x1B[4~", "End"},
    {"\x1B[5~", "PgUp"},
    {"\x1B[6~", "PgDn"},
    {"\x1B[7~", "Home"},
    {"\x1B[8~", "End"},
    {"\x1BOP", "F1"},
    {"\x1BOQ", "F2"},
    {"\x1BOR", "F3"},
    {"\x1BOS", "F4"},
    {"\x1B[11~", "F1"},
    {"\x1B[15~", "F5"},
    {"\x1B[17~", "F6"},
    {"\x1B[21~", "F10"},
    {"\x1B[23~", "F11"},
    {"\x1B[24~", "F12"},
    {"\x1B[[A", "F1"},
    {"\x1B[[E", "F5"},
    {"\x1B[Z", "Shift-Tab"},
    {"\x1B[1;5A", "Ctrl-Up"},
    {"\x1B[1;2D", "Shift-Left"},
    {"\x1B[1;3C", "Alt-Right"},
    {"\x1B[1;6F", "Ctrl-Shift-End"},
    {"\x1B[3;5~", "Ctrl-Del"},
    {"\x1B[15;2~", "Shift-F5"},
    {"\x1BO5A", "Ctrl-Up"},
    {"\x1BO1;2P", "Shift-F1"},
    {"\x1B[1;9A", "Alt-Up"},
    {"\x1B\x1B[A", "Alt-Up"},
    {"\x1B[a", "Shift-Up"},
    {"\x1BOd", "Ctrl-Left"},
    {"\x1B[7$", "Shift-Home"},
    {"\x1B[3^", "Ctrl-Del"},
    {"\x1B[8@", "Ctrl-Shift-End"},
    {"\x1B[97;5u", "Ctrl-A"},
    {"\x1B[27;3;120~", "Alt-x"},
    {"\x1B[27;2;9~", "Shift-Tab"},
    {"\x1BOM", "Enter"},
    {"\x1BOj", "*"},
    {"\x1BZq", "F9"},          /* learned */
    {"\x1B[25~", "unknown"},   /* F13 */
    {"\x1B[I", "unknown"},     /* focus */
    {"\x1B[?1;2c", "unknown"}, /* an answer */
    {"\x1B[12;40R", "unknown"},
    {"\x1B[>0;276;0c", "unknown"},
    {"\x1B[<0;12;7M", "unknown"}, /* mouse */
    {"\x1B[M !!", "unknown"},
    {"\x1B[?2026;2$y", "unknown"},
    {"\x1B]11;rgb:0000/0000/0000\x07", "unknown"},
    {"\x1B]11;rgb:qqqq/0000/0000\x1B\\", "unknown"},
    {"\x1BP1+r524742=38\x1B\\", "unknown"},
    {"\x1B_Gi=1;OK\x1B\\", "unknown"},
    {"\x1B[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25;26;27;28m", "unknown"},
    {"\x1B[201~", "unknown"}, /* the end of no paste */
    {"\x1B[0u", "unknown"},
    {"\x1B[4294967295u", "unknown"},
    {"\x1B[1114112;5u", "unknown"},
    {"\x1B[~", "unknown"},
    {"\x1B[99999999999~", "unknown"},
};

static void learn(struct lw_keys *keys)
{
    static const struct lw_key_sequence list[] = {
        {"\x1BZq", LW_KEY_F1 + 8, 0}, {"\x1B", LW_KEY_F1, 0}, /* these four must not be taken */
        {"\x1B[", LW_KEY_F1, 0},                              /* */
        {"\x1BO", LW_KEY_F1, 0},                              /* */
        {"q", LW_KEY_BACKSPACE, 0},                           /* */
    };

    for (size_t i = 0; i < LW_COUNT_OF(list); i++)
        lw_keys_learn(keys, &list[i]);
}

static void whole_sequences(void **state)
{
    struct typist typist = typist_new();

    (void)state;
    learn(typist.keys);
    for (size_t i = 0; i < LW_COUNT_OF(sequences); i++) {
        type(&typist, sequences[i].bytes);
        assert_told(&typist, sequences[i].name);
        type(&typist, "q");
        type_after(&typist, 0, sequences[i].bytes, strlen(sequences[i].bytes));
        type_after(&typist, 0, "j", 1);
        {
            char expected[64];

            snprintf(expected, sizeof expected, "q %s j", sequences[i].name);
            assert_told(&typist, expected);
        }
    }
    typist_free(&typist);
}

/* Byte by byte with a pause that is short enough for an ESC to be no key. */
static void slow_sequences(void **state)
{
    struct typist typist = typist_new();

    (void)state;
    learn(typist.keys);
    for (size_t i = 0; i < LW_COUNT_OF(sequences); i++) {
        for (size_t j = 0; sequences[i].bytes[j] != '\0'; j++)
            type_after(&typist, 90, sequences[i].bytes + j, 1);
        assert_told(&typist, sequences[i].name);
    }
    typist_free(&typist);
}

static bool only_esc_and_unknown(const char *told)
{
    while (*told != '\0') {
        size_t len = strcspn(told, " ");

        if (strncmp(told, "Esc", len) != 0 && strncmp(told, "unknown", len) != 0)
            return false;
        told += len;
        told += strspn(told, " ");
    }
    return true;
}

/* 300 ms in any one place: after the ESC it has become a key, but the rest never does. */
static void split_sequences(void **state)
{
    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(sequences); i++) {
        const char *bytes = sequences[i].bytes;

        for (size_t cut = 1; bytes[cut] != '\0'; cut++) {
            struct typist typist = typist_new();
            bool csi = bytes[1] == '[' || bytes[1] == 'O';

            learn(typist.keys);
            type_after(&typist, 1000, bytes, cut);
            type_after(&typist, 300, bytes + cut, strlen(bytes + cut));
            type_after(&typist, 2000, "", 0);
            if (bytes[cut - 1] != '\x1B')
                assert_string_equal(lw_buf_text(&typist.told), sequences[i].name);
            else if (csi && cut == 1)
                assert_true(only_esc_and_unknown(lw_buf_text(&typist.told)));
            typist_free(&typist);
        }
    }
}

/* Longer than any key: it goes, up to what ends it, however its bytes come. */
static void endless_sequences_are_swallowed(void **state)
{
    static const struct {
        const char *begin, *end, *told;
    } cases[] = {{"\x1BO", "(44", "unknown"},
                 {"\x1BO", "Ab", "unknown b"},
                 {"\x1B[", "$x", "unknown"},
                 {"\x1B[", "Ab", "unknown b"},
                 {"\x1B\x1B[", "\rb", "unknown Enter b"}};
    static const size_t pieces[] = {1, 7, 64, 66, 4000};
    char digits[81], bytes[100];

    (void)state;
    memset(digits, '4', 80);
    digits[80] = '\0';
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        int len = snprintf(bytes, sizeof bytes, "%s%s%s", cases[i].begin, digits, cases[i].end);

        for (size_t j = 0; j < LW_COUNT_OF(pieces); j++) {
            struct typist typist = typist_new();

            for (size_t at = 0; at < (size_t)len; at += pieces[j])
                type_after(&typist, 1, bytes + at,
                           (size_t)len - at < pieces[j] ? (size_t)len - at : pieces[j]);
            assert_told(&typist, cases[i].told);
            typist_free(&typist);
        }
    }
}

static void cut_sequences_are_swallowed(void **state)
{
    static const char *const cut[] = {"\x1B[", "\x1BO",   "\x1B[1", "\x1B[1;5", "\x1B]11;rgb:",
                                      "\x1BP", "\x1B[M ", "\x1B[[", "\x1B[200", "\x1B\xD0"};
    struct typist typist = typist_new();

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cut); i++) {
        type(&typist, cut[i]);
        type(&typist, "j");
        assert_told(&typist, "unknown j");
        type(&typist, cut[i]);
        type_after(&typist, 50, "\x1B[A", 3);
        type_after(&typist, 5000, "", 0);
        /* a cut sequence takes nothing of the next one with it, but for a mouse's own bytes */
        if (strcmp(cut[i], "\x1B[M ") != 0 && strcmp(cut[i], "\x1B[[") != 0)
            assert_string_equal(lw_buf_text(&typist.told), "unknown Up");
        lw_buf_clear(&typist.told);
    }
    typist_free(&typist);
}

static void escape_alone(void **state)
{
    struct typist typist = typist_new();
    struct lw_key key;

    (void)state;
    assert_int_equal(lw_keys_feed(typist.keys, "\x1B", 1, typist.now), 1);
    assert_false(lw_keys_next(typist.keys, typist.now, &key));
    assert_int_equal(lw_keys_wait(typist.keys, typist.now), LW_KEYS_ESC_MS);
    assert_false(lw_keys_next(typist.keys, typist.now + LW_KEYS_ESC_MS - 1, &key));
    assert_true(lw_keys_next(typist.keys, typist.now + LW_KEYS_ESC_MS, &key));
    assert_int_equal(key.code, LW_KEY_ESC);
    type(&typist, "\x1B");
    type(&typist, "\x1B\x1B");
    type(&typist, "[x");
    assert_told(&typist, "Esc Esc Esc [ x"); /* late enough to be letters again */
    type(&typist, "\x1B");
    type_after(&typist, 200, "j", 1);
    type_after(&typist, 50, "[", 1);
    assert_told(&typist, "Esc j [");
    type(&typist, "\x1B\x1B"
                  "x");
    assert_told(&typist, "Esc Alt-x");
    typist_free(&typist);
}

/* The loop was busy: what was late to be read was not late to come. */
static void bytes_before_timeouts(void **state)
{
    struct typist typist = typist_new();

    (void)state;
    lw_keys_feed(typist.keys, "\x1B", 1, typist.now);
    drain(&typist);
    typist.now += 800;
    lw_keys_feed(typist.keys, "[A", 2, typist.now);
    drain(&typist);
    assert_told(&typist, "Up");
    typist_free(&typist);
}

static void text_and_controls(void **state)
{
    struct typist typist = typist_new();

    (void)state;
    type(&typist, "aЖ中👨 ~");
    assert_told(&typist, "a Ж U+4E2D U+1F468 Space ~");
    type(&typist, "\r\n\t\x7F\x08\x01\x13\x1A");
    assert_told(&typist, "Enter Enter Tab Backspace Backspace Ctrl-A Ctrl-S Ctrl-Z");
    type_after(&typist, 9, "\0\x1D\x1F", 3);
    assert_told(&typist, "Ctrl-Space Ctrl-] Ctrl-_");
    type(&typist, "\x1Bx\x1B\r\x1B\x7F\x1Bж");
    assert_told(&typist, "Alt-x Alt-Enter Alt-Backspace Alt-ж");
    typist_free(&typist);
}

static void characters_in_two_reads(void **state)
{
    static const char text[] = "ж中👨";
    struct typist typist = typist_new();

    (void)state;
    for (size_t i = 0; i + 1 < sizeof text; i++)
        type_after(&typist, 300, text + i, 1);
    assert_told(&typist, "ж U+4E2D U+1F468");
    typist_free(&typist);
}

static void bad_bytes(void **state)
{
    struct typist typist = typist_new();

    (void)state;
    type(&typist, "a\xFF"
                  "b\xC3(\xE4\xB8z\xED\xA0\x80\xC0\x80");
    assert_told(&typist, "a U+FFFD b U+FFFD ( U+FFFD z U+FFFD U+FFFD U+FFFD U+FFFD U+FFFD");
    type(&typist, "\xE4\xB8"); /* never completed */
    assert_told(&typist, "U+FFFD");
    type(&typist, "\xC2\x9B"
                  "A"); /* a control character in UTF-8 is no text, and no sequence */
    assert_told(&typist, "unknown A");
    typist_free(&typist);
}

static void pastes(void **state)
{
    struct typist typist = typist_new();

    (void)state;
    type(&typist, "q" PASTE_ON "one\rtwo\r\nthree\n\tq" PASTE_OFF "q");
    assert_told(&typist, "q paste(one\ntwo\nthree\n\tq) q");
    type(&typist, PASTE_ON PASTE_OFF);
    assert_told(&typist, "paste()");
    type(&typist, PASTE_ON "\x1B[A\x1B[20x\x01\xFFж" PASTE_ON PASTE_OFF "j");
    assert_told(&typist, "paste(\xEF\xBF\xBD[A\xEF\xBF\xBD[20x\xEF\xBF\xBD\xEF\xBF\xBDж"
                         "\xEF\xBF\xBD[200~) j");
    type(&typist, "\x1B");
    type_after(&typist, 300, "[200~ddq", 8); /* the ESC was a key, the text must be none */
    type_after(&typist, 300, PASTE_OFF, 6);
    assert_told(&typist, "Esc paste(ddq)");
    typist_free(&typist);
}

static void split_pastes(void **state)
{
    static const char bytes[] = PASTE_ON "ж\r\nz" PASTE_OFF "j";

    (void)state;
    for (size_t cut = 2; cut + 1 < sizeof bytes; cut++) {
        struct typist typist = typist_new();

        type_after(&typist, 0, bytes, cut);
        type_after(&typist, 300, bytes + cut, sizeof bytes - 1 - cut);
        assert_told(&typist, "paste(ж\nz) j");
        typist_free(&typist);
    }
}

static void stalled_pastes(void **state)
{
    struct typist typist = typist_new();

    (void)state;
    type(&typist, PASTE_ON "dd");
    type_after(&typist, 3000, "q\xD0", 2);
    assert_true(lw_keys_in_paste(typist.keys));
    type_after(&typist, 3000, "Q" PASTE_OFF "j", 8);
    assert_told(&typist, "paste(dd)+ paste(q\xEF\xBF\xBD)+ paste(Q) j");
    type_after(&typist, 3000, PASTE_ON "dd", 8); /* its end was lost */
    type_after(&typist, 3000, "q", 1);
    type_after(&typist, 3000, "\x1B", 1);
    type_after(&typist, 3000, "j", 1);
    assert_told(&typist, "paste(dd)+ paste(q)+ paste() j");
    assert_false(lw_keys_in_paste(typist.keys));
    typist_free(&typist);
}

/* Megabytes, and more than one piece holds. */
static void large_pastes(void **state)
{
    static const size_t sizes[] = {1 << 20, (4 << 20) + 12345};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(sizes); i++) {
        struct lw_keys *keys = NULL;
        struct lw_buf bytes = LW_BUF_INIT;
        struct lw_buf got = LW_BUF_INIT;
        size_t at = 0;
        bool ended = false;

        assert_int_equal(lw_keys_new(&keys), LW_OK);
        assert_int_equal(lw_buf_adds(&bytes, PASTE_ON), LW_OK);
        while (bytes.len < sizes[i])
            assert_int_equal(lw_buf_addf(&bytes, "строка %zu\n", bytes.len), LW_OK);
        assert_int_equal(lw_buf_adds(&bytes, PASTE_OFF), LW_OK);
        while (at < bytes.len) {
            struct lw_key key;

            at +=
                lw_keys_feed(keys, bytes.data + at, bytes.len - at < 999 ? bytes.len - at : 999, 0);
            while (lw_keys_next(keys, 0, &key)) {
                assert_int_equal(key.code, LW_KEY_PASTE);
                assert_int_equal(key.replaced, 0);
                assert_false(ended);
                ended = !key.more;
                assert_int_equal(lw_buf_add(&got, key.paste, key.paste_len), LW_OK);
            }
        }
        assert_true(ended);
        assert_int_equal(got.len, bytes.len - 12);
        assert_memory_equal(got.data, bytes.data + 6, got.len);
        lw_buf_free(&bytes);
        lw_buf_free(&got);
        lw_keys_free(keys);
    }
}

static void the_end(void **state)
{
    static const struct sequence ends[] = {
        {"", "gone"},
        {"a", "a gone"},
        {"\x1B", "Esc gone"},
        {"\x1B[1", "unknown gone"},
        {"\xD0", "U+FFFD gone"},
        {PASTE_ON "text", "paste(text) gone"},
        {PASTE_ON "text\x1B", "paste(text) gone"},
        {PASTE_ON "text\x1B[20", "paste(text\xEF\xBF\xBD[20) gone"},
        {PASTE_ON "\xE4\xB8", "paste(\xEF\xBF\xBD) gone"},
        {"\x1B]text", "unknown gone"},
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(ends); i++) {
        struct typist typist = typist_new();

        type(&typist, ends[i].bytes);
        lw_keys_end(typist.keys);
        drain(&typist);
        drain(&typist);
        assert_int_equal(lw_keys_room(typist.keys), 0);
        assert_int_equal(lw_keys_feed(typist.keys, "q", 1, typist.now), 0);
        assert_told(&typist, ends[i].name);
        typist_free(&typist);
    }
}

/* ---- random bytes -----------------------------------------------------------------------------
 */

static uint32_t seed;

static uint32_t roll(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* Anything in any pieces at any time: no crash, text that is text, and it always comes to rest. */
static void random_bytes(void **state)
{
    static const char likely[] = "\x1B\x1B[[OP];:0123456789~ABCDMm<?>$u\\\x07\r\n\t qj\xD0\x96\xFF";

    (void)state;
    for (uint32_t run = 1; run < 8000; run++) {
        struct typist typist = typist_new();

        seed = run * 2654435761u;
        if (run % 7 == 0)
            learn(typist.keys);
        for (int i = 0; i < 40; i++) {
            char bytes[64];
            size_t len = 1 + roll(roll(4) == 0 ? sizeof bytes : 4);

            for (size_t j = 0; j < len; j++)
                bytes[j] = roll(3) == 0 ? (char)roll(256) : likely[roll(sizeof likely - 1)];
            if (roll(50) == 0)
                memcpy(bytes, PASTE_ON, len = 6);
            type_after(&typist, (int)roll(700), bytes, len);
        }
        if (roll(2) == 0) {
            lw_keys_end(typist.keys);
            drain(&typist);
        }
        type_after(&typist, 5000, "", 0);
        assert_true(lw_utf8_valid(lw_buf_text(&typist.told), typist.told.len, NULL));
        assert_true(lw_keys_in_paste(typist.keys) || lw_keys_wait(typist.keys, typist.now) == -1);
        typist_free(&typist);
    }
}

/* Sequences of every form in any pieces, up to 300 ms apart: never a letter, never a move. */
static void random_sequences_are_no_letters(void **state)
{
    (void)state;
    for (uint32_t run = 1; run < 20000; run++) {
        struct typist typist = typist_new();
        char bytes[40] = "\x1B";
        size_t len = 1;

        seed = run * 7919u;
        bytes[len++] = roll(3) == 0 ? 'O' : '[';
        if (bytes[1] == '[' && roll(3) == 0)
            bytes[len++] = "?<>="[roll(4)];
        for (uint32_t i = roll(16); i > 0; i--)
            bytes[len++] = bytes[1] == '[' && bytes[2] == '?' ? (char)(0x20 + roll(0x20))
                                                              : "0123456789;"[roll(11)];
        do
            bytes[len] = (char)(0x40 + roll(0x3F));
        while (len == 2 && (bytes[len] == '[' || bytes[len] == 'M')); /* those have more bytes */
        len++;
        if (bytes[1] == '[' && memcmp(bytes, PASTE_ON, 6) != 0) {
            bool esc = false;

            for (size_t at = 0; at < len;) {
                size_t piece = 1 + roll((uint32_t)(len - at));

                type_after(&typist, at == 0 ? 1000 : (int)roll(301), bytes + at, piece);
                esc = esc || strstr(lw_buf_text(&typist.told), "Esc") != NULL;
                at += piece;
            }
            type_after(&typist, 5000, "", 0);
            if (esc)
                assert_string_equal(lw_buf_text(&typist.told), "Esc unknown");
            else
                assert_null(strchr(lw_buf_text(&typist.told), ' ')); /* one key */
            if (strlen(lw_buf_text(&typist.told)) == 1)
                fail_msg("a letter came out of a sequence: %s", bytes + 1);
        }
        typist_free(&typist);
    }
}

/* ---- names ------------------------------------------------------------------------------------
 */

static void names_both_ways(void **state)
{
    static const char *const names[] = {"g",          "G",
                                        "?",          "F1",
                                        "F12",        "Ctrl-S",
                                        "Alt-x",      "PgUp",
                                        "Space",      "Enter",
                                        "Esc",        "Shift-Tab",
                                        "Home",       "Ctrl-Up",
                                        "Ctrl-]",     "ж",
                                        "Ctrl-Space", "Shift-F3",
                                        "Backspace",  "-",
                                        "Alt--",      "Ctrl-Alt-Left"};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(names); i++) {
        struct lw_buf name = LW_BUF_INIT;
        struct lw_key key;

        assert_true(lw_key_parse(names[i], strlen(names[i]), &key));
        assert_int_equal(lw_key_name(&key, &name), LW_OK);
        assert_string_equal(lw_buf_text(&name), names[i]);
        lw_buf_free(&name);
    }
}

static void names_that_are_none(void **state)
{
    static const char *const names[] = {"",        "F13",    "Ctrl-",        "Ctrl-I",  "Ctrl-m",
                                        "Ctrl-\\", "Ctrl-1", "qq",           "Shift-a", "\x1B",
                                        "\xFF",    "Ctrl-ж", "\xE2\x80\xAE", "Hyper-x", " ",
                                        "C-h",     "Ctrl-j"};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(names); i++) {
        struct lw_key key;

        if (lw_key_parse(names[i], strlen(names[i]), &key))
            fail_msg("taken for a key: %s", names[i]);
    }
}

static void other_spellings(void **state)
{
    struct lw_key a;
    struct lw_key b;

    (void)state;
    assert_true(lw_key_parse("ctrl-S", 6, &a) && lw_key_parse("C-s", 3, &b) && lw_key_same(&a, &b));
    assert_true(lw_key_parse("pageup", 6, &a) && lw_key_parse("PgUp", 4, &b) &&
                lw_key_same(&a, &b));
    assert_true(lw_key_parse("M-x", 3, &a) && lw_key_parse("M-X", 3, &b) && !lw_key_same(&a, &b));
}

static void russian_layout(void **state)
{
    static const char russian[] =
        "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ№";
    static const char latin[] =
        "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~#";
    struct lw_key key = {.code = LW_KEY_TEXT};
    size_t at = 0;

    (void)state;
    for (size_t i = 0; latin[i] != '\0'; i++) {
        struct lw_key other;

        at += lw_utf8_next(russian + at, sizeof russian - 1 - at, &key.point);
        other = lw_key_latin(&key);
        assert_int_equal(other.point, latin[i]);
    }
    assert_int_equal(at, sizeof russian - 1);
    key.point = 'q';
    assert_int_equal(lw_key_latin(&key).point, 'q');
    key.point = 0x4E2D;
    assert_int_equal(lw_key_latin(&key).point, 0x4E2D);
}

static void what_writes(void **state)
{
    struct lw_key key = {.code = LW_KEY_TEXT, .point = 'a', .utf8 = "a"};
    size_t len = 0;

    (void)state;
    assert_string_equal(lw_key_text(&key, &len), "a");
    assert_int_equal(len, 1);
    key.modifiers = LW_MOD_ALT;
    assert_null(lw_key_text(&key, &len));
    key = (struct lw_key){.code = LW_KEY_ENTER};
    assert_null(lw_key_text(&key, &len));
    key = (struct lw_key){.code = LW_KEY_PASTE, .paste = "two", .paste_len = 3};
    assert_ptr_equal(lw_key_text(&key, &len), key.paste);
    assert_int_equal(len, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_sequences),
        cmocka_unit_test(slow_sequences),
        cmocka_unit_test(split_sequences),
        cmocka_unit_test(cut_sequences_are_swallowed),
        cmocka_unit_test(endless_sequences_are_swallowed),
        cmocka_unit_test(escape_alone),
        cmocka_unit_test(bytes_before_timeouts),
        cmocka_unit_test(text_and_controls),
        cmocka_unit_test(characters_in_two_reads),
        cmocka_unit_test(bad_bytes),
        cmocka_unit_test(pastes),
        cmocka_unit_test(split_pastes),
        cmocka_unit_test(stalled_pastes),
        cmocka_unit_test(large_pastes),
        cmocka_unit_test(the_end),
        cmocka_unit_test(random_bytes),
        cmocka_unit_test(random_sequences_are_no_letters),
        cmocka_unit_test(names_both_ways),
        cmocka_unit_test(names_that_are_none),
        cmocka_unit_test(other_spellings),
        cmocka_unit_test(russian_layout),
        cmocka_unit_test(what_writes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
