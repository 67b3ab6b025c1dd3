/* The other triggers: identities of devices under reordered, repeated, lost and foreign news; the
 * dead-man timer under clock jumps and suspends. No wipe that nobody meant. */
#include "guard/trigger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the paired device ---------------------------------------------------------------------- */

#define PLACES 6

static char folder[64];
static const struct lw_usb paired = {
    .set = true, .vendor = 0x0781, .product = 0x5581, .serial = "4C53"};

static void put_line(const char *device, const char *name, const char *text)
{
    char path[160];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s/%s", folder, device, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%s\n", text);
    fclose(file);
}

static void plug(const char *device, const char *vendor, const char *product, const char *serial)
{
    char path[160];

    snprintf(path, sizeof path, "%s/%s", folder, device);
    assert_int_equal(mkdir(path, 0700), 0);
    put_line(device, "idVendor", vendor);
    put_line(device, "idProduct", product);
    if (serial != NULL)
        put_line(device, "serial", serial);
}

static void unplug(const char *device)
{
    static const char *const names[] = {"idVendor", "idProduct", "serial"};
    char path[160];

    for (size_t i = 0; i < LW_COUNT_OF(names); i++) {
        snprintf(path, sizeof path, "%s/%s/%s", folder, device, names[i]);
        (void)unlink(path);
    }
    snprintf(path, sizeof path, "%s/%s", folder, device);
    assert_int_equal(rmdir(path), 0);
}

static int folder_setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/lw-usb-XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int folder_teardown(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void identities_as_they_are_written(void **state)
{
    static const char *const bad[] = {
        "",          "0781",       "0781:558",       "0781:5581:", "0781-5581",
        "078g:5581", "0781:55812", "0781:5581 4C53", "0x781:5581", "0781 :5581:4C"};
    struct lw_usb usb;
    char text[LW_USB_TEXT + 32];

    (void)state;
    assert_true(lw_usb_parse("0781:5581", &usb));
    assert_true(usb.set && usb.vendor == 0x781 && usb.product == 0x5581);
    assert_string_equal(usb.serial, "");
    assert_true(lw_usb_parse("ABCD:ef01:a:b c", &usb));
    assert_int_equal(usb.vendor, 0xabcd);
    assert_string_equal(usb.serial, "a:b c");
    for (size_t i = 0; i < LW_COUNT_OF(bad); i++)
        assert_false(lw_usb_parse(bad[i], &usb));
    memset(text, 'x', sizeof text);
    memcpy(text, "0781:5581:", 10);
    text[10 + LW_USB_TEXT] = '\0';
    assert_false(lw_usb_parse(text, &usb));
}

static void only_the_identity_counts(void **state)
{
    const struct lw_usb any = {.set = true, .vendor = 0x0781, .product = 0x5581};

    (void)state;
    assert_int_equal(guard_usb_look(&paired, "/nowhere"), GUARD_UNKNOWN);
    assert_int_equal(guard_usb_look(&paired, folder), GUARD_ABSENT);
    plug("1-1", "0781", "5581", "4C54");
    plug("1-2", "0781", "5580", "4C53");
    plug("1-3", "0781", "5581", NULL);
    assert_int_equal(guard_usb_look(&paired, folder), GUARD_ABSENT);
    assert_int_equal(guard_usb_look(&any, folder), GUARD_PRESENT);
    plug("2-1", "0781", "5581", "4C53");
    assert_int_equal(guard_usb_look(&paired, folder), GUARD_PRESENT);
    unplug("1-1");
    unplug("1-2");
    unplug("1-3");
    unplug("2-1");
}

/* What a kernel sends and what it never would. */
static void foreign_bytes(void **state)
{
    static const char good[] = "remove@/devices/usb1/1-2\0ACTION=remove\0SUBSYSTEM=usb\0SEQNUM=5";
    char bytes[300];

    (void)state;
    assert_true(guard_usb_concerns(good, sizeof good));
    for (size_t len = 0; len < sizeof good; len++) {
        char *exact = malloc(len + 1); /* so that a sanitizer sees one byte too many */

        assert_non_null(exact);
        memcpy(exact, good, len);
        (void)guard_usb_concerns(exact, len);
        free(exact);
    }
    assert_false(guard_usb_concerns("SUBSYSTEM=usbmon", 17));
    assert_false(guard_usb_concerns("SUBSYSTEM=usb", 13)); /* not ended */
    assert_false(guard_usb_concerns("x\0SUBSYSTEM=net", 16));
    srand(7);
    for (int round = 0; round < 20000; round++) {
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)(rand() % 5 == 0 ? 0 : rand());
        assert_false(guard_usb_concerns(bytes, sizeof bytes));
    }
}

/* Ten thousand changes of what is plugged in where, news of them late, doubled and lost, suspends
 * between them; the paired device is in one of two places all the time, or away for less than the
 * grace. */
static void reordered_news_never_wipe(void **state)
{
    static const char *const places[PLACES] = {"1-1", "1-2", "1-1.4", "2-1", "2-2", "3-1"};
    bool there[PLACES] = {false};
    struct guard_pairing pairing;
    int64_t now = 0, suspended = 0;
    int home = 4, locks = 0;

    (void)state;
    srand(11);
    guard_pairing_start(&pairing, 0);
    plug(places[home], "0781", "5581", "4C53");
    assert_int_equal(guard_pairing_look(&pairing, guard_usb_look(&paired, folder), now, 0), 0);
    for (int event = 0; event < 10000; event++) {
        int place = rand() % 4;
        int looks = rand() % 3;

        if (there[place])
            unplug(places[place]);
        else
            plug(places[place], "0781", rand() % 2 ? "5581" : "5580", rand() % 2 ? "4C54" : NULL);
        there[place] = !there[place];
        if (rand() % 10 == 0) { /* plugged in elsewhere, seen away for a moment */
            unplug(places[home]);
            if (rand() % 2 == 0)
                locks += guard_pairing_look(&pairing, guard_usb_look(&paired, folder), now,
                                            suspended) == GUARD_LOCK;
            home = home == 4 ? 5 : 4;
            now += rand() % GUARD_USB_GRACE_MS;
            plug(places[home], "0781", "5581", "4C53");
        }
        if (rand() % 20 == 0) {
            suspended += rand() % 100000;
            now += rand() % 100000;
        }
        for (int i = 0; i < looks; i++) {
            now += rand() % 700;
            assert_int_not_equal(
                guard_pairing_look(&pairing, guard_usb_look(&paired, folder), now, suspended),
                GUARD_WIPE);
        }
    }
    assert_true(locks > 100);
    for (int i = 0; i < PLACES; i++) {
        if (there[i] || i == home)
            unplug(places[i]);
    }
}

static void a_device_never_seen_cannot_wipe(void **state)
{
    struct guard_pairing pairing;

    (void)state;
    guard_pairing_start(&pairing, 0);
    for (int64_t now = 0; now < 1000000; now += 1000)
        assert_int_equal(
            guard_pairing_look(&pairing, now % 3000 ? GUARD_ABSENT : GUARD_UNKNOWN, now, now / 50),
            GUARD_NOTHING);
}

static void taken_away_it_locks_and_then_wipes_once(void **state)
{
    struct guard_pairing pairing;
    int wipes = 0;

    (void)state;
    guard_pairing_start(&pairing, 0);
    assert_int_equal(guard_pairing_look(&pairing, GUARD_PRESENT, 0, 0), GUARD_NOTHING);
    assert_int_equal(guard_pairing_look(&pairing, GUARD_ABSENT, 1000, 0), GUARD_LOCK);
    assert_int_equal(guard_pairing_due(&pairing, 1000), 1000 + GUARD_USB_GONE_MS);
    assert_int_equal(guard_pairing_due(&pairing, 1450), 1000 + GUARD_USB_GRACE_MS);
    assert_int_equal(guard_pairing_look(&pairing, GUARD_ABSENT, 1499, 0), GUARD_NOTHING);
    assert_int_equal(guard_pairing_look(&pairing, GUARD_UNKNOWN, 1600, 0), GUARD_NOTHING);
    for (int64_t now = 1700; now < 100000; now += 100)
        wipes += guard_pairing_look(&pairing, GUARD_ABSENT, now, 0) == GUARD_WIPE;
    assert_int_equal(wipes, 1);
    assert_int_equal(guard_pairing_look(&pairing, GUARD_PRESENT, 100000, 0), GUARD_NOTHING);
    assert_int_equal(guard_pairing_look(&pairing, GUARD_ABSENT, 100001, 0), GUARD_LOCK);
}

/* After a resume devices are found again one by one; what was pulled while the machine slept is
 * not. */
static void a_resume_is_waited_for(void **state)
{
    struct guard_pairing pairing;

    (void)state;
    guard_pairing_start(&pairing, 500);
    (void)guard_pairing_look(&pairing, GUARD_PRESENT, 0, 500);
    assert_int_equal(guard_pairing_look(&pairing, GUARD_ABSENT, 60000, 60500), GUARD_LOCK);
    assert_int_equal(guard_pairing_look(&pairing, GUARD_ABSENT, 69999, 60500), GUARD_NOTHING);
    assert_int_equal(guard_pairing_look(&pairing, GUARD_PRESENT, 69999, 60500), GUARD_NOTHING);
    assert_int_equal(guard_pairing_look(&pairing, GUARD_ABSENT, 69999, 60500), GUARD_LOCK);
    assert_int_equal(guard_pairing_look(&pairing, GUARD_ABSENT, 70500, 60500), GUARD_WIPE);
}

/* ---- the dead-man timer --------------------------------------------------------------------- */

static void never_before_the_vault_was_opened(void **state)
{
    struct guard_dead_man dead_man = {.period_ms = 1000};

    (void)state;
    for (int64_t now = 0; now < 1000000; now += 500) {
        guard_dead_man_key(&dead_man, now);
        assert_false(guard_dead_man_expired(&dead_man, now));
        assert_int_equal(guard_dead_man_due(&dead_man), -1);
    }
}

static void keys_at_the_prompt_do_not_count(void **state)
{
    struct guard_dead_man dead_man = {.period_ms = 1000};

    (void)state;
    guard_dead_man_opened(&dead_man, 5000);
    guard_dead_man_key(&dead_man, 5600);
    assert_int_equal(guard_dead_man_due(&dead_man), 6600);
    guard_dead_man_locked(&dead_man);
    guard_dead_man_key(&dead_man, 6500);
    assert_false(guard_dead_man_expired(&dead_man, 6599));
    assert_true(guard_dead_man_expired(&dead_man, 6600));
    assert_false(guard_dead_man_expired(&dead_man, 7000)); /* once */
    guard_dead_man_opened(&dead_man, 8000);
    assert_false(guard_dead_man_expired(&dead_man, 8999));
    assert_true(guard_dead_man_expired(&dead_man, 9000));
}

static void off_it_never_expires(void **state)
{
    struct guard_dead_man dead_man = {.period_ms = 0};

    (void)state;
    guard_dead_man_opened(&dead_man, 0);
    assert_int_equal(guard_dead_man_due(&dead_man), -1);
    assert_false(guard_dead_man_expired(&dead_man, INT64_MAX));
}

/* Keys in any order of arrival, a clock that is read late; sleep counts as time. */
static void never_before_its_time(void **state)
{
    (void)state;
    srand(13);
    for (int round = 0; round < 10000; round++) {
        struct guard_dead_man dead_man = {.period_ms = 1 + rand() % 100000};
        int64_t now = rand(), newest = now;

        guard_dead_man_opened(&dead_man, now);
        for (int i = 0; i < 20; i++) {
            int64_t key = now - rand() % 1000 + rand() % 3000;

            if (key > now)
                now = key;
            guard_dead_man_key(&dead_man, key);
            if (key > newest)
                newest = key;
            assert_int_equal(guard_dead_man_due(&dead_man), newest + dead_man.period_ms);
        }
        assert_false(guard_dead_man_expired(&dead_man, newest + dead_man.period_ms - 1));
        assert_true(guard_dead_man_expired(&dead_man, newest + dead_man.period_ms));
    }
}

#define with_folder(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identities_as_they_are_written),
        with_folder(only_the_identity_counts),
        cmocka_unit_test(foreign_bytes),
        with_folder(reordered_news_never_wipe),
        cmocka_unit_test(a_device_never_seen_cannot_wipe),
        cmocka_unit_test(taken_away_it_locks_and_then_wipes_once),
        cmocka_unit_test(a_resume_is_waited_for),
        cmocka_unit_test(never_before_the_vault_was_opened),
        cmocka_unit_test(keys_at_the_prompt_do_not_count),
        cmocka_unit_test(off_it_never_expires),
        cmocka_unit_test(never_before_its_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
