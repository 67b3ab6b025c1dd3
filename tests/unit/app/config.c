/* lapwing.ini: what counts, what is warned about, what is refused. */
#include "app.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct warnings {
    unsigned count;
    char text[2048]; /* each ended by a newline */
};

static void note(void *context, const char *text)
{
    struct warnings *warnings = context;
    size_t used = strlen(warnings->text);

    warnings->count++;
    snprintf(warnings->text + used, sizeof(warnings->text) - used, "%s\n", text);
}

static enum lw_status parse(const char *text, struct lw_config *config, struct warnings *warnings)
{
    struct lw_error err = {.status = LW_OK};

    *warnings = (struct warnings){.count = 0};
    lw_config_init(config);
    return lw_config_parse("test.ini", text, strlen(text), note, warnings, config, &err);
}

static void good_file_counts_whole(void **state)
{
    struct lw_config config;
    struct warnings warnings;

    (void)state;
    assert_int_equal(parse("# a comment\n"
                           "; another\n"
                           "\n"
                           "[vault]\n"
                           "file = /srv/log.vault\n"
                           "  kdf=lite\r\n"
                           "[Journal]\n"
                           "AUTHOR = \"A. B.; #1\"\n",
                           &config, &warnings),
                     LW_OK);
    assert_int_equal(warnings.count, 0);
    assert_string_equal(config.vault, "/srv/log.vault");
    assert_int_equal(config.kdf, 1);
    assert_string_equal(config.author, "A. B.; #1");
    lw_config_clear(&config);
    assert_null(config.vault);
    assert_int_equal(config.kdf, -1);
}

static void empty_file_is_no_configuration(void **state)
{
    struct lw_config config;
    struct warnings warnings;

    (void)state;
    assert_int_equal(parse("", &config, &warnings), LW_OK);
    assert_int_equal(warnings.count, 0);
    assert_null(config.vault);
    assert_null(config.author);
    assert_int_equal(config.kdf, -1);
    lw_config_clear(&config);
}

/* iniparser alone would lose the whole file. */
static void one_bad_line_loses_itself_only(void **state)
{
    struct lw_config config;
    struct warnings warnings;

    (void)state;
    assert_int_equal(parse("[vault]\nthis is nothing\nfile = /a/b\n", &config, &warnings), LW_OK);
    assert_int_equal(warnings.count, 1);
    assert_non_null(strstr(warnings.text, "test.ini:2: "));
    assert_string_equal(config.vault, "/a/b");
    lw_config_clear(&config);
}

static void mark_in_front_is_no_text(void **state)
{
    struct lw_config config;
    struct warnings warnings;

    (void)state;
    assert_int_equal(parse("\xEF\xBB\xBF[vault]\nfile = /a/b\n", &config, &warnings), LW_OK);
    assert_int_equal(warnings.count, 0);
    assert_string_equal(config.vault, "/a/b");
    lw_config_clear(&config);
}

static void every_wrong_line_is_named(void **state)
{
    static const char *const lines[] = {
        "[vault",
        "[]",
        "[vault]\nfile",
        "[vault]\nfile =",
        "[vault]\nfile = relative",
        "[vault]\nkdf = fast",
        "[vault]\nkdf = LITE",
        "[vault]\nsize = 64M",
        "[nonsense]",
        "file = /before/any/section",
        "[vault]\nfile = /a#b",
        "[vault]\nfile = /a ; note",
        "[vault]\nfile = \"/a",
        "[vault]\nfile = '/a'",
        "[vault]\nfile = /a\\",
        "[vault]\nfile = \" /a\"",
        "[vault]\nfile = \"\"",
        "[vault]\nfile = /\xff",
        "[vault]\n= /a",
        "[vault]\nexchange = here",
        "[program]\nidle = -1",
        "[program]\nidle = 1441",
        "[program]\nidle = 5h",
        "[program]\nidle = 99999999999999999999s",
        "[program]\nidle = m",
        "[program]\nchord = x",
        "[program]\nchord = ^",
        "[program]\nchord = ^[",
        "[program]\nchord = ^M",
        "[program]\nchord = ^\\\\",
        "[program]\nchord = Ctrl-1",
        "[program]\ncolours = red",
        "[program]\nborders = double",
        "[program]\nmask = yes",
        "[program]\nplain = lines",
        "[program]\nlines = yes",
        "[keys]\nNew = n",
        "[keys]\n= n",
        "[keys]\nnew =",
        "[keys]\nnew",
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(lines); i++) {
        struct lw_config config;
        struct warnings warnings;

        assert_int_equal(parse(lines[i], &config, &warnings), LW_OK);
        if (warnings.count != 1)
            fail_msg("\"%s\": %u warnings", lines[i], warnings.count);
        assert_null(config.vault);
        assert_null(config.exchange);
        assert_int_equal(config.kdf, -1);
        assert_int_equal(config.idle_ms, -1);
        assert_int_equal(config.chord, -1);
        assert_false(config.no_colours || config.ascii || config.mask || config.plain);
        assert_int_equal(config.binding_count, 0);
        lw_config_clear(&config);
    }
}

static void program_is_configured(void **state)
{
    static const struct {
        const char *idle;
        int64_t ms;
    } idles[] = {{"5", 300000}, {"5m", 300000}, {"90s", 90000}, {"0", 0}, {"1440m", 86400000}};
    static const struct {
        const char *chord;
        int character;
    } chords[] = {{"^\\", 0x1c},    {"Ctrl-\\", 0x1c}, {"\"^]\"", 0x1d},
                  {"ctrl-x", 0x18}, {"^X", 0x18},      {"^_", 0x1f}};
    struct lw_config config;
    struct warnings warnings;
    char text[128];

    (void)state;
    assert_int_equal(parse("[vault]\nexchange = /srv/out\n[program]\ncolours = none\n"
                           "borders = ascii\nmask = sign\nplain = yes\n",
                           &config, &warnings),
                     LW_OK);
    assert_int_equal(warnings.count, 0);
    assert_string_equal(config.exchange, "/srv/out");
    assert_string_equal(config.name, "test.ini");
    assert_true(config.no_colours && config.ascii && config.mask && config.plain);
    lw_config_clear(&config);
    assert_int_equal(
        parse("[program]\ncolours = terminal\nborders = locale\nmask = none\nplain = no\n", &config,
              &warnings),
        LW_OK);
    assert_int_equal(warnings.count, 0);
    assert_false(config.no_colours || config.ascii || config.mask || config.plain);
    lw_config_clear(&config);
    for (size_t i = 0; i < LW_COUNT_OF(idles); i++) {
        snprintf(text, sizeof(text), "[program]\nidle = %s\n", idles[i].idle);
        assert_int_equal(parse(text, &config, &warnings), LW_OK);
        assert_int_equal(warnings.count, 0);
        assert_int_equal(config.idle_ms, idles[i].ms);
        lw_config_clear(&config);
    }
    for (size_t i = 0; i < LW_COUNT_OF(chords); i++) {
        snprintf(text, sizeof(text), "[program]\nchord = %s\n", chords[i].chord);
        assert_int_equal(parse(text, &config, &warnings), LW_OK);
        if (warnings.count != 0)
            fail_msg("%s", warnings.text);
        assert_int_equal(config.chord, chords[i].character);
        lw_config_clear(&config);
    }
}

/* Whether there is such a command is for the screens to say, with the number of the line. */
static void keys_are_kept_with_their_lines(void **state)
{
    struct lw_config config;
    struct warnings warnings;

    (void)state;
    assert_int_equal(
        parse("[keys]\nnew = n F3\n\nlast = \"; #\"\nnew = \\\nfirst = =\n", &config, &warnings),
        LW_OK);
    assert_int_equal(warnings.count, 0);
    assert_int_equal(config.binding_count, 4);
    assert_string_equal(config.bindings[0].text, "new=n F3");
    assert_int_equal(config.bindings[0].line, 2);
    assert_string_equal(config.bindings[1].text, "last=; #");
    assert_int_equal(config.bindings[1].line, 4);
    assert_string_equal(config.bindings[2].text, "new=\\");
    assert_string_equal(config.bindings[3].text, "first==");
    lw_config_clear(&config);
    assert_int_equal(config.binding_count, 0);
}

static void vault_is_added_and_nothing_else_changes(void **state)
{
    struct lw_buf folder = LW_BUF_INIT, name = LW_BUF_INIT;
    struct lw_error err = {.status = LW_OK};
    struct lw_config config;
    struct stat info;
    FILE *file;

    (void)state;
    assert_int_equal(lw_crypto_start(), LW_OK);
    assert_int_equal(lw_folder_make("lapwing-test-", &folder, &err), LW_OK);
    assert_int_equal(lw_buf_addf(&name, "%s/a/b.ini", folder.data), LW_OK);
    assert_int_equal(lw_config_add_vault(name.data, "/srv/it is; #1", NULL, &err), LW_OK);
    assert_int_equal(stat(name.data, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(lw_config_read(name.data, NULL, NULL, &config, &err), LW_OK);
    assert_string_equal(config.vault, "/srv/it is; #1");
    assert_string_equal(config.name, name.data);
    lw_config_clear(&config);

    file = fopen(name.data, "w");
    assert_non_null(file);
    fputs("[journal]\nauthor = me", file); /* no newline at its end */
    fclose(file);
    assert_int_equal(lw_config_add_vault(name.data, "/srv/x", NULL, &err), LW_OK);
    assert_int_equal(lw_config_read(name.data, NULL, NULL, &config, &err), LW_OK);
    assert_string_equal(config.vault, "/srv/x");
    assert_string_equal(config.author, "me");
    lw_config_clear(&config);

    assert_int_equal(lw_config_add_vault(name.data, "/a\"b", NULL, &err), LW_BAD_DATA);
    assert_int_equal(lw_config_add_vault(name.data, "relative", NULL, &err), LW_BAD_DATA);
    assert_int_equal(lw_config_add_vault("/proc/none/at/all.ini", "/srv/x", NULL, &err),
                     LW_CANNOT_CREATE);
    unlink(name.data);
    *strrchr(name.data, '/') = '\0';
    rmdir(name.data);
    assert_int_equal(rmdir(folder.data), 0);
    lw_buf_free(&name);
    lw_buf_free(&folder);
}

static void unknown_section_is_said_once(void **state)
{
    struct lw_config config;
    struct warnings warnings;

    (void)state;
    assert_int_equal(parse("[colours]\na = 1\nb = 2\n[vault]\nfile = /x\n", &config, &warnings),
                     LW_OK);
    assert_int_equal(warnings.count, 1);
    assert_string_equal(config.vault, "/x");
    lw_config_clear(&config);
}

static void first_of_two_counts(void **state)
{
    struct lw_config config;
    struct warnings warnings;

    (void)state;
    assert_int_equal(parse("[vault]\nfile = /one\nfile = /two\n", &config, &warnings), LW_OK);
    assert_int_equal(warnings.count, 1);
    assert_string_equal(config.vault, "/one");
    lw_config_clear(&config);
}

static void long_line_and_nul_are_wrong(void **state)
{
    struct lw_config config;
    struct warnings warnings = {.count = 0};
    struct lw_buf text = LW_BUF_INIT;

    (void)state;
    lw_config_init(&config);
    assert_int_equal(lw_buf_adds(&text, "[vault]\nfile = /"), LW_OK);
    for (int i = 0; i < 2000; i++)
        assert_int_equal(lw_buf_addc(&text, 'x'), LW_OK);
    assert_int_equal(lw_buf_add(&text, "\nfile = /a\0b\nkdf = lite", 23), LW_OK);
    assert_int_equal(lw_config_parse("t", text.data, text.len, note, &warnings, &config, NULL),
                     LW_OK);
    assert_int_equal(warnings.count, 2);
    assert_null(config.vault);
    assert_int_equal(config.kdf, 1);
    lw_config_clear(&config);
    lw_buf_free(&text);
}

static void home_is_expanded(void **state)
{
    struct lw_config config;
    struct warnings warnings;
    struct lw_buf path = LW_BUF_INIT;

    (void)state;
    setenv("HOME", "/home/somebody", 1);
    assert_int_equal(parse("[vault]\nfile = ~/log.vault\n", &config, &warnings), LW_OK);
    assert_string_equal(config.vault, "/home/somebody/log.vault");
    lw_config_clear(&config);
    unsetenv("HOME");
    assert_int_equal(lw_path_expand("~/x", &path, NULL), LW_CONFIG);
    assert_int_equal(lw_path_expand("~x/y", &path, NULL), LW_OK);
    assert_string_equal(path.data, "~x/y");
    lw_buf_free(&path);
}

static void unreadable_file_is_an_error_only_when_named(void **state)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_config config;

    (void)state;
    lw_config_init(&config);
    assert_int_equal(lw_config_read("/nonexistent/lapwing.ini", NULL, NULL, &config, &err),
                     LW_CONFIG);
    assert_int_equal(err.status, LW_CONFIG);
    assert_int_equal(lw_config_read("/", NULL, NULL, &config, &err), LW_CONFIG);
    assert_int_equal(err.status, LW_CONFIG);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    assert_int_equal(lw_config_read(NULL, NULL, NULL, &config, &err), LW_OK);
    assert_null(config.vault);
    assert_string_equal(config.name, "/nonexistent/lapwing/lapwing.ini");
    lw_config_clear(&config);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("HOME");
    assert_int_equal(lw_config_read(NULL, NULL, NULL, &config, &err), LW_OK);
}

static void usual_places_are_found(void **state)
{
    struct lw_buf folder = LW_BUF_INIT, name = LW_BUF_INIT;
    struct lw_error err = {.status = LW_OK};
    struct lw_config config;
    struct stat info;
    FILE *file;

    (void)state;
    assert_int_equal(lw_crypto_start(), LW_OK);
    assert_int_equal(lw_folder_make("lapwing-test-", &folder, &err), LW_OK);
    assert_int_equal(stat(folder.data, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(lw_buf_addf(&name, "%s/lapwing", folder.data), LW_OK);
    assert_int_equal(mkdir(name.data, 0700), 0);
    assert_int_equal(lw_buf_adds(&name, "/lapwing.ini"), LW_OK);
    file = fopen(name.data, "w");
    assert_non_null(file);
    fputs("[journal]\nauthor = me", file);
    fclose(file);

    setenv("XDG_CONFIG_HOME", folder.data, 1);
    assert_int_equal(lw_config_read(NULL, NULL, NULL, &config, &err), LW_OK);
    assert_string_equal(config.author, "me");
    lw_config_clear(&config);
    unsetenv("XDG_CONFIG_HOME");

    unlink(name.data);
    *strrchr(name.data, '/') = '\0';
    rmdir(name.data);
    rmdir(folder.data);
    lw_buf_free(&name);
    lw_buf_free(&folder);
}

static void shared_files_are_looked_for_beside_the_program(void **state)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_buf path = LW_BUF_INIT;

    (void)state;
    assert_int_equal(lw_share_find("no/such/file", &path, &err), LW_NOT_FOUND);
    assert_non_null(strstr(err.text, "share/lapwing"));
    assert_int_equal(path.len, 0);
}

static void emergency_is_off_until_it_is_armed(void **state)
{
    struct lw_config config;
    struct warnings warnings;

    (void)state;
    assert_int_equal(parse("[emergency]\n", &config, &warnings), LW_OK);
    assert_int_equal(warnings.count, 0);
    assert_false(config.emergency.hold || config.emergency.signal || config.emergency.simulate ||
                 config.emergency.keys_only || config.emergency.usb.set);
    assert_int_equal(config.emergency.tries, 0);
    assert_int_equal(config.emergency.dead_man_ms, 0);
    assert_int_equal(config.emergency.also_count, 0);
    assert_int_equal(config.emergency.countdown_s, LW_COUNTDOWN);
    lw_config_clear(&config);
}

static void emergency_is_armed(void **state)
{
    struct lw_config config;
    struct warnings warnings;

    (void)state;
    setenv("HOME", "/home/h", 1);
    assert_int_equal(parse("[emergency]\nhold = yes\ncountdown = 0\nsignal = yes\ntries = 10\n"
                           "dead_man = 36h\nusb = 0781:5581:4C53\nsimulate = yes\n"
                           "keys_only = yes\nalso = ~/a\nalso = /b\n",
                           &config, &warnings),
                     LW_OK);
    assert_int_equal(warnings.count, 0);
    assert_true(config.emergency.hold && config.emergency.signal && config.emergency.simulate &&
                config.emergency.keys_only);
    assert_int_equal(config.emergency.countdown_s, 0);
    assert_int_equal(config.emergency.tries, 10);
    assert_int_equal(config.emergency.dead_man_ms, INT64_C(36) * 3600 * 1000);
    assert_true(config.emergency.usb.set && config.emergency.usb.product == 0x5581);
    assert_string_equal(config.emergency.usb.serial, "4C53");
    assert_int_equal(config.emergency.also_count, 2);
    assert_string_equal(config.emergency.also[0], "/home/h/a");
    assert_string_equal(config.emergency.also[1], "/b");
    lw_config_clear(&config);
    assert_int_equal(config.emergency.also_count, 0);
}

/* What is not understood arms nothing. */
static void emergency_misspelt_stays_off(void **state)
{
    static const char *const lines[] = {"hold = true",    "hold = Yes",       "signal = 1",
                                        "countdown = 61", "countdown = -1",   "countdown = 5s",
                                        "tries = 1001",   "tries = -1",       "tries = many",
                                        "dead_man = 12",  "dead_man = 59s",   "dead_man = 401d",
                                        "dead_man = h",   "dead_man = 1.5h",  "dead_man = 0h",
                                        "usb = 781:5581", "usb = any",        "also = relative",
                                        "wipe = yes",     "simulate = maybe", "keys-only = yes"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct lw_config config;
        struct warnings warnings;
        char text[128];

        snprintf(text, sizeof(text), "[emergency]\n%s\n", lines[i]);
        assert_int_equal(parse(text, &config, &warnings), LW_OK);
        if (warnings.count != 1)
            fail_msg("%s", lines[i]);
        assert_false(config.emergency.hold || config.emergency.signal || config.emergency.usb.set);
        assert_int_equal(config.emergency.tries, 0);
        assert_int_equal(config.emergency.dead_man_ms, 0);
        assert_int_equal(config.emergency.countdown_s, LW_COUNTDOWN);
        assert_int_equal(config.emergency.also_count, 0);
        lw_config_clear(&config);
    }
}

static void no_more_files_than_fit(void **state)
{
    struct lw_config config;
    struct warnings warnings;
    char text[1024] = "[emergency]\n";

    (void)state;
    for (int i = 0; i < LW_ALSO_MAX + 2; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "also = /%d\n", i);
    assert_int_equal(parse(text, &config, &warnings), LW_OK);
    assert_int_equal(warnings.count, 2);
    assert_int_equal(config.emergency.also_count, LW_ALSO_MAX);
    lw_config_clear(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_file_counts_whole),
        cmocka_unit_test(empty_file_is_no_configuration),
        cmocka_unit_test(one_bad_line_loses_itself_only),
        cmocka_unit_test(mark_in_front_is_no_text),
        cmocka_unit_test(every_wrong_line_is_named),
        cmocka_unit_test(program_is_configured),
        cmocka_unit_test(keys_are_kept_with_their_lines),
        cmocka_unit_test(vault_is_added_and_nothing_else_changes),
        cmocka_unit_test(unknown_section_is_said_once),
        cmocka_unit_test(first_of_two_counts),
        cmocka_unit_test(long_line_and_nul_are_wrong),
        cmocka_unit_test(home_is_expanded),
        cmocka_unit_test(emergency_is_off_until_it_is_armed),
        cmocka_unit_test(emergency_is_armed),
        cmocka_unit_test(emergency_misspelt_stays_off),
        cmocka_unit_test(no_more_files_than_fit),
        cmocka_unit_test(unreadable_file_is_an_error_only_when_named),
        cmocka_unit_test(usual_places_are_found),
        cmocka_unit_test(shared_files_are_looked_for_beside_the_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
