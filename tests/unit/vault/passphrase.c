/* Typing, reading and judging a passphrase; the keys that come of it. */
#include "vault_fixture.h"

static void pop_takes_whole_characters(void **state)
{
    struct lw_passphrase *pass = passphrase("aж€😀");

    (void)state;
    assert_int_equal(lw_passphrase_len(pass), 1 + 2 + 3 + 4);
    lw_passphrase_pop(pass);
    assert_int_equal(lw_passphrase_len(pass), 6);
    lw_passphrase_pop(pass);
    assert_int_equal(lw_passphrase_len(pass), 3);
    lw_passphrase_pop(pass);
    assert_int_equal(lw_passphrase_len(pass), 1);
    lw_passphrase_pop(pass);
    lw_passphrase_pop(pass);
    assert_int_equal(lw_passphrase_len(pass), 0);
    lw_passphrase_free(pass);
    lw_passphrase_free(NULL);
}

static void equality_needs_length_and_bytes(void **state)
{
    struct lw_passphrase *a = passphrase("correct horse"), *b = passphrase("correct horsf");

    (void)state;
    assert_false(lw_passphrase_equal(a, b));
    lw_passphrase_pop(b);
    assert_false(lw_passphrase_equal(a, b));
    lw_passphrase_push(b, 'e');
    assert_true(lw_passphrase_equal(a, b));
    lw_passphrase_push(b, 0); /* differs by its length alone */
    assert_false(lw_passphrase_equal(a, b));
    lw_passphrase_clear(a);
    lw_passphrase_clear(b);
    assert_true(lw_passphrase_equal(a, b));
    lw_passphrase_free(a);
    lw_passphrase_free(b);
}

static void full_is_full(void **state)
{
    struct lw_passphrase *pass = lw_passphrase_new();

    (void)state;
    for (int i = 0; i < LW_PASSPHRASE_MAX; i++)
        assert_true(lw_passphrase_push(pass, 'x'));
    assert_false(lw_passphrase_push(pass, 'x'));
    assert_int_equal(lw_passphrase_len(pass), LW_PASSPHRASE_MAX);
    lw_passphrase_free(pass);
}

static int pipe_with(const char *text, size_t len)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, len), (ssize_t)len);
    close(ends[1]);
    return ends[0];
}

static void reading_takes_one_line_and_not_a_byte_more(void **state)
{
    int fd = pipe_with("first line\nrest", 15);
    struct lw_passphrase *pass = lw_passphrase_new(), *wanted = passphrase("first line");
    bool ended = true;
    char next;

    (void)state;
    assert_ok(lw_passphrase_read(pass, fd, &ended, NULL));
    assert_false(ended);
    assert_true(lw_passphrase_equal(pass, wanted));
    assert_int_equal(read(fd, &next, 1), 1);
    assert_int_equal(next, 'r');
    lw_passphrase_clear(pass);
    assert_ok(lw_passphrase_read(pass, fd, &ended, NULL));
    assert_true(ended);
    assert_int_equal(lw_passphrase_len(pass), 3);
    close(fd);
    lw_passphrase_free(pass);
    lw_passphrase_free(wanted);
}

static void a_line_may_be_as_long_as_the_limit_but_not_longer(void **state)
{
    char text[LW_PASSPHRASE_MAX + 2];
    struct lw_passphrase *pass = lw_passphrase_new();
    struct lw_error err;
    int fd;

    (void)state;
    memset(text, 'y', sizeof text);
    text[LW_PASSPHRASE_MAX] = '\n';
    fd = pipe_with(text, sizeof text);
    assert_ok(lw_passphrase_read(pass, fd, NULL, &err));
    assert_int_equal(lw_passphrase_len(pass), LW_PASSPHRASE_MAX);
    close(fd);
    text[LW_PASSPHRASE_MAX] = 'y';
    fd = pipe_with(text, sizeof text);
    lw_passphrase_clear(pass);
    assert_int_equal(lw_passphrase_read(pass, fd, NULL, &err), LW_TOO_LONG);
    close(fd);
    lw_passphrase_clear(pass);
    assert_int_equal(lw_passphrase_read(pass, -1, NULL, &err), LW_IO);
    lw_passphrase_free(pass);
}

static unsigned words(const char *text)
{
    struct lw_passphrase *pass = passphrase(text);
    unsigned count = lw_passphrase_words(pass);

    lw_passphrase_free(pass);
    return count;
}

static unsigned bits(const char *text)
{
    struct lw_passphrase *pass = passphrase(text);
    unsigned count = lw_passphrase_bits(pass);

    lw_passphrase_free(pass);
    return count;
}

static void words_are_counted_between_blanks_hyphens_dots(void **state)
{
    (void)state;
    assert_int_equal(words(""), 0);
    assert_int_equal(words(" .-"), 0);
    assert_int_equal(words("one"), 1);
    assert_int_equal(words("one two-three.four\tfive "), 5);
    assert_int_equal(words("чибис летит над полем"), 4);
}

static void strength_counts_different_words_else_characters(void **state)
{
    (void)state;
    assert_int_equal(bits(""), 0);
    assert_int_equal(bits("anvil moss quartz tunnel"), 51);
    assert_int_equal(bits("anvil moss quartz tunnel ferry opal"), 77);
    assert_true(bits("anvil anvil anvil anvil anvil anvil") < 60);
    assert_true(bits("чибис летит полем вечером") >= 51);
    assert_true(bits("aaaaaaaaaaaaaaaa") <= 2);
    assert_true(bits("12345678") <= 2);
    assert_true(bits("password") < 20);
    assert_true(bits("vT7#qP2!mZ9x") > bits("vtaqpbmzx"));
    assert_true(bits("\xff\xfe\xfd") < 20); /* not UTF-8 */
}

static bool close_pair(const char *left, const char *right)
{
    struct lw_passphrase *a = passphrase(left), *b = passphrase(right);
    bool close = lw_passphrase_too_close(a, b);

    assert_int_equal(close, lw_passphrase_too_close(b, a));
    lw_passphrase_free(a);
    lw_passphrase_free(b);
    return close;
}

static void likeness_is_found(void **state)
{
    (void)state;
    assert_true(close_pair("Anvil Moss", "anvil moss"));
    assert_true(close_pair("rivet", "rivers"));        /* edit distance 2 */
    assert_true(close_pair("abcdefgh", "abcdexyz"));   /* 3 */
    assert_false(close_pair("abcdefgh", "abcdwxyz"));  /* 4 */
    assert_true(close_pair("moss", "xx moss garden")); /* within */
    assert_true(close_pair("anvil pole gate", "fern quay ANVIL"));
    assert_true(close_pair("ЧИБИС над полем", "где живёт чибис"));
    assert_false(close_pair("anvil the gate", "fern the quay")); /* three letters only */
    assert_true(close_pair("", "whatever it is"));
    assert_false(close_pair("anvil pole gate moss", "fern quay tunnel opal"));
}

static void other_letters_are_noticed(void **state)
{
    struct lw_passphrase *plain = passphrase("plain ascii 12"), *other = passphrase("plaiñ");

    (void)state;
    assert_false(lw_passphrase_has_non_ascii(plain));
    assert_true(lw_passphrase_has_non_ascii(other));
    lw_passphrase_free(plain);
    lw_passphrase_free(other);
}

static enum lw_status derive(const char *text, uint8_t salt, struct slot_keys *keys)
{
    uint8_t bytes[LW_SALT] = {salt};
    struct lw_passphrase *pass = passphrase(text);
    enum lw_status status = kdf_derive(cheap(), pass, bytes, keys, NULL);

    lw_passphrase_free(pass);
    return status;
}

static void composed_and_decomposed_give_one_key(void **state)
{
    struct slot_keys *a = slot_keys_new(), *b = slot_keys_new();

    (void)state;
    assert_ok(derive("caf\xC3\xA9", 1, a));
    assert_ok(derive("cafe\xCC\x81", 1, b));
    assert_memory_equal(a, b, sizeof *a);
    assert_ok(derive("caf\xC3\xA9", 2, b));
    assert_memory_not_equal(a, b, sizeof *a);
    assert_ok(derive("cafe", 1, b));
    assert_memory_not_equal(a, b, sizeof *a);
    for (unsigned i = 1; i < LW_SLOTS; i++)
        assert_memory_not_equal(a->key[0], a->key[i], LW_KEY);
    slot_keys_free(a);
    slot_keys_free(b);
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    struct slot_keys *keys = slot_keys_new();
    struct lw_passphrase *pass = passphrase("with");
    uint8_t salt[LW_SALT] = {0};
    struct lw_error err = {LW_OK, ""};

    (void)state;
    assert_int_equal(derive("caf\xE9", 1, keys), LW_BAD_DATA);
    assert_int_equal(derive("\xED\xA0\x80", 1, keys), LW_BAD_DATA);
    lw_passphrase_push(pass, 0);
    assert_int_equal(kdf_derive(cheap(), pass, salt, keys, &err), LW_BAD_DATA);
    assert_int_equal(err.status, LW_BAD_DATA);
    lw_passphrase_free(pass);
    slot_keys_free(keys);
}

static void profiles_have_names(void **state)
{
    (void)state;
    assert_int_equal(lw_kdf_profile_find("standard"), 0);
    assert_int_equal(lw_kdf_profile_find("lite"), 1);
    assert_int_equal(lw_kdf_profile_find("none such"), -1);
    assert_int_equal(lw_kdf_profiles[0].memory, 256 << 20);
    assert_int_equal(lw_kdf_profiles[0].passes, 3);
    assert_int_equal(lw_kdf_profiles[1].memory, 64 << 20);
    assert_int_equal(lw_kdf_profiles[1].passes, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pop_takes_whole_characters),
        cmocka_unit_test(equality_needs_length_and_bytes),
        cmocka_unit_test(full_is_full),
        cmocka_unit_test(reading_takes_one_line_and_not_a_byte_more),
        cmocka_unit_test(a_line_may_be_as_long_as_the_limit_but_not_longer),
        cmocka_unit_test(words_are_counted_between_blanks_hyphens_dots),
        cmocka_unit_test(strength_counts_different_words_else_characters),
        cmocka_unit_test(likeness_is_found),
        cmocka_unit_test(other_letters_are_noticed),
        cmocka_unit_test(composed_and_decomposed_give_one_key),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
        cmocka_unit_test(profiles_have_names),
    };

    if (lw_crypto_start() != LW_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
