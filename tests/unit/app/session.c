/* The session: made, opened, recorded once, rewritten with a decoy. */
#include "app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int64_t tick;

static int64_t held_now(void *context)
{
    (void)context;
    return 1700000000000 + tick;
}

static int no_offset(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return 0;
}

static const struct lw_clock held = {.now_ms = held_now, .offset_minutes = no_offset};

struct place {
    struct lw_buf folder, path;
    struct lw_session_setup setup;
    struct lw_passphrase *pass, *duress;
};

static struct lw_passphrase *make_pass(const char *text)
{
    struct lw_passphrase *pass = lw_passphrase_new();

    assert_non_null(pass);
    for (; *text != '\0'; text++)
        assert_true(lw_passphrase_push(pass, (uint8_t)*text));
    return pass;
}

static int set_up(void **state)
{
    static struct place place;
    const struct lw_passphrase *kept[1];
    struct lw_build_plan plan = {.bytes = LW_VAULT_MIN, .kept = kept, .kept_count = 1};
    struct lw_error err = {.status = LW_OK};

    place = (struct place){.pass = make_pass("river lamp horse staple"),
                           .duress = make_pass("grandma's cookie jar")};
    kept[0] = place.pass;
    assert_int_equal(lw_folder_make("lapwing-test-", &place.folder, &err), LW_OK);
    assert_int_equal(lw_buf_addf(&place.path, "%s/a.vault", place.folder.data), LW_OK);
    plan.profile = lw_kdf_profile_find("test");
    place.setup = (struct lw_session_setup){
        .path = place.path.data, .profile = plan.profile, .writes = true, .clock = &held};
    tick = 0;
    assert_int_equal(lw_session_create(&place.setup, &plan, NULL, NULL, &err), LW_OK);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    unlink(place->path.data);
    assert_int_equal(rmdir(place->folder.data), 0); /* nothing was left beside the vault */
    lw_passphrase_free(place->pass);
    lw_passphrase_free(place->duress);
    lw_buf_free(&place->path);
    lw_buf_free(&place->folder);
    return 0;
}

static int64_t count_by(struct lw_store *store, const char *sql)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_stmt *stmt;
    int64_t count;

    assert_int_equal(lw_store_prepare(store, sql, &stmt, &err), LW_OK);
    assert_int_equal(lw_stmt_step(stmt, &err), LW_OK);
    count = lw_stmt_int(stmt, 0);
    lw_stmt_reset(stmt);
    return count;
}

static int64_t count_rows(struct lw_store *store)
{
    return count_by(store, "SELECT count(*) FROM session");
}

static void every_opening_is_one_row(void **state)
{
    struct place *place = *state;
    struct lw_error err = {.status = LW_OK};
    struct lw_session session = {.vault = NULL};

    for (int64_t i = 1; i <= 3; i++) {
        tick = i * 3600000;
        assert_int_equal(lw_session_open(&place->setup, place->pass, &session, &err), LW_OK);
        assert_true(session.recorded);
        assert_ptr_equal(session.rows, session.store);
        assert_true(session.had_before);
        assert_true(session.before.opened_ms == 1700000000000 + (i - 1) * 3600000);
        assert_true(count_rows(session.store) == i + 1);
        lw_session_close(&session);
        assert_null(session.vault);
    }
}

static void wrong_passphrase_leaves_nothing_open(void **state)
{
    struct place *place = *state;
    struct lw_error err = {.status = LW_OK};
    struct lw_session session = {.vault = NULL};

    assert_int_equal(lw_session_open(&place->setup, place->duress, &session, &err),
                     LW_WRONG_PASSPHRASE);
    assert_null(session.vault);
    assert_null(session.store);
    lw_session_close(&session);
    lw_session_close(NULL);
}

static void arm(struct place *place)
{
    struct lw_error err = {.status = LW_OK};
    struct lw_session session = {.vault = NULL};
    struct lw_build_plan plan = {.bytes = LW_VAULT_MIN, .duress = place->duress};

    assert_int_equal(lw_session_open(&place->setup, place->pass, &session, &err), LW_OK);
    plan.profile = lw_vault_profile(session.vault);
    assert_int_equal(lw_session_rewrite(&session, &plan, NULL, &err), LW_OK);
    lw_session_close(&session);
}

static void armed_sessions_are_recorded_in_the_decoy(void **state)
{
    struct place *place = *state;
    struct lw_error err = {.status = LW_OK};
    struct lw_session session = {.vault = NULL};

    arm(place);
    assert_int_equal(lw_session_open(&place->setup, place->pass, &session, &err), LW_OK);
    assert_true(lw_vault_duress_armed(session.vault));
    assert_ptr_not_equal(session.rows, session.store);
    assert_true(count_rows(session.rows) == 2);  /* its first one, and this */
    assert_true(count_rows(session.store) == 2); /* of the making, and of the arming */
    lw_session_close(&session);

    assert_int_equal(lw_session_open(&place->setup, place->duress, &session, &err), LW_OK);
    assert_false(lw_vault_duress_armed(session.vault));
    assert_ptr_equal(session.rows, session.store);
    assert_true(count_rows(session.store) == 3);
    lw_session_close(&session);
    assert_int_equal(lw_session_open(&place->setup, place->pass, &session, &err),
                     LW_WRONG_PASSPHRASE);
}

static int64_t count_entries(struct lw_session *session)
{
    uint64_t count = 0;
    struct lw_error err = {.status = LW_OK};

    assert_int_equal(lw_record_count(session->journal, LW_RECORD_ENTRY, &count, &err), LW_OK);
    return (int64_t)count;
}

static void log_line(struct lw_session *session, const char *line)
{
    struct lw_capture capture;
    struct lw_error err = {.status = LW_OK};
    char ref[16];

    assert_int_equal(lw_capture_parse(line, strlen(line), NULL, &held, &capture, &err), LW_OK);
    assert_int_equal(lw_journal_log(session->journal, &capture, ref, &err), LW_OK);
    lw_capture_clear(&capture);
}

static void diary_is_opened_in_place_of_the_journal(void **state)
{
    struct place *place = *state;
    struct lw_error err = {.status = LW_OK};
    struct lw_session session = {.vault = NULL};
    struct lw_session_setup setup = place->setup;

    arm(place);
    for (int read_only = 0; read_only < 2; read_only++) {
        setup.decoy = true;
        setup.read_only = read_only != 0;
        assert_int_equal(lw_session_open(&setup, place->pass, &session, &err), LW_OK);
        assert_true(session.decoy);
        assert_true(session.recorded);
        assert_true((session.rows == session.store) == (read_only == 0));
        assert_true(count_rows(session.store) == 2 + read_only);
        if (read_only == 0)
            log_line(&session, "a quiet day");
        assert_true(count_entries(&session) == 1);
        lw_session_close(&session);
    }
    assert_int_equal(lw_session_open(&place->setup, place->pass, &session, &err), LW_OK);
    assert_false(session.decoy);
    assert_true(count_entries(&session) == 0);
    assert_true(count_rows(session.store) == 2);
    lw_session_close(&session);
}

/* The passphrase is right and the session is recorded, as in any vault. */
static void no_diary_is_said_after_the_row(void **state)
{
    struct place *place = *state;
    struct lw_error err = {.status = LW_OK}, first;
    struct lw_session session = {.vault = NULL};
    struct lw_session_setup setup = place->setup;

    setup.decoy = true;
    assert_int_equal(lw_session_open(&setup, place->pass, &session, &err), LW_REFUSED);
    assert_null(session.vault);
    assert_int_equal(err.status, LW_REFUSED);
    assert_non_null(strstr(err.text, "passphrase duress"));
    first = err;
    assert_int_equal(lw_session_open(&place->setup, place->pass, &session, &err), LW_OK);
    assert_true(count_rows(session.store) == 3);
    assert_int_equal(lw_session_turn(&session, NULL, false, &err), LW_REFUSED);
    assert_string_equal(err.text, first.text);
    assert_false(session.decoy);
    assert_true(count_entries(&session) == 0);
    lw_session_close(&session);

    arm(place);
    assert_int_equal(lw_session_open(&setup, place->duress, &session, &err), LW_REFUSED);
    assert_string_equal(err.text, first.text);
    assert_int_equal(lw_session_open(&place->setup, place->duress, &session, &err), LW_OK);
    assert_true(count_rows(session.store) == 3);
    lw_session_close(&session);
}

static void turning_leads_there_and_back(void **state)
{
    struct place *place = *state;
    struct lw_error err = {.status = LW_OK};
    struct lw_session session = {.vault = NULL};
    struct lw_session_setup setup = place->setup;
    struct lw_freshness journal, diary;
    bool changed;

    arm(place);
    for (int decoy = 0; decoy < 2; decoy++) {
        setup.decoy = decoy != 0;
        assert_int_equal(lw_session_open(&setup, place->pass, &session, &err), LW_OK);
        for (int i = 0; i < 4; i++) {
            log_line(&session, session.decoy ? "a quiet day" : "what happened");
            tick += 1000;
            assert_int_equal(lw_session_turn(&session, "Anna", false, &err), LW_OK);
            assert_true(session.decoy == ((i + 1 + decoy) % 2 == 1));
            assert_string_equal(lw_journal_author(session.journal), "Anna");
            assert_int_equal(lw_session_watch(&session, &changed, &err), LW_OK);
        }
        assert_int_equal(lw_session_freshness(&session, &journal, &diary, &err), LW_OK);
        assert_true(journal.entries == 2 + 2 * (uint64_t)decoy && diary.entries == journal.entries);
        assert_true(diary.recorded_ms == journal.recorded_ms + (decoy ? -1000 : 1000));
        tick += 60000;
        lw_session_touch(&session);
        assert_true(session.recorded);
        lw_session_close(&session);
    }
    assert_int_equal(lw_session_open(&place->setup, place->pass, &session, &err), LW_OK);
    assert_true(count_rows(session.rows) == 4); /* arming, two sessions, this one */
    lw_session_close(&session);
}

static void review_turns_without_writing(void **state)
{
    struct place *place = *state;
    struct lw_error err = {.status = LW_OK};
    struct lw_session session = {.vault = NULL};
    struct lw_session_setup setup = place->setup;
    struct lw_capture capture;
    char ref[16];

    arm(place);
    setup.read_only = true;
    setup.writes = false;
    assert_int_equal(lw_session_open(&setup, place->pass, &session, &err), LW_OK);
    assert_int_equal(lw_capture_parse("x", 1, NULL, &held, &capture, &err), LW_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(lw_session_turn(&session, NULL, true, &err), LW_OK);
        assert_int_equal(lw_journal_log(session.journal, &capture, ref, &err), LW_READ_ONLY);
        assert_true(count_entries(&session) == 0);
    }
    lw_capture_clear(&capture);
    lw_session_close(&session);
}

static void assert_place(struct lw_session *session, const char *wanted)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_error err = {.status = LW_OK};
    int64_t at_ms = 0;
    enum lw_status status = lw_session_bookmark(session, &at_ms, &text, &err);

    assert_int_equal(status, wanted == NULL ? LW_NOT_FOUND : LW_OK);
    assert_string_equal(lw_buf_text(&text), wanted == NULL ? "" : wanted);
    lw_buf_free(&text);
}

static enum lw_status put_place(struct lw_session *session, const char *text)
{
    return lw_session_set_bookmark(session, text, strlen(text), NULL);
}

static int64_t count_places(struct lw_session *session)
{
    return count_by(session->store, "SELECT count(*) FROM bookmark");
}

/* Through a lane of its own: that of a review stays one that nothing can write to. */
static void where_a_review_was_left_is_kept(void **state)
{
    struct place *place = *state;
    struct lw_error err = {.status = LW_OK};
    struct lw_session session = {.vault = NULL};
    struct lw_session_setup setup = place->setup;

    setup.read_only = true;
    assert_int_equal(lw_session_open(&setup, place->pass, &session, &err), LW_OK);
    assert_place(&session, NULL);
    assert_int_equal(put_place(&session, "entry 1"), LW_OK);
    assert_int_equal(put_place(&session, "entry 2"), LW_OK);
    assert_int_equal(lw_store_exec(session.store, "DELETE FROM bookmark", &err), LW_READ_ONLY);
    assert_place(&session, "entry 2");
    assert_true(count_places(&session) == 1);
    tick += INT64_C(13) * 3600 * 1000;
    assert_place(&session, NULL);
    tick -= INT64_C(14) * 3600 * 1000; /* the clock is set back */
    assert_place(&session, NULL);
    tick += INT64_C(2) * 3600 * 1000;
    assert_place(&session, "entry 2");
    assert_int_equal(put_place(&session, ""), LW_OK); /* who leaves */
    assert_place(&session, NULL);
    assert_true(count_places(&session) == 0);
    lw_session_close(&session);
}

/* Such as when the vault is wiped under a review: what was opened goes on to be closed. */
static void a_place_that_cannot_be_kept_harms_nothing(void **state)
{
    struct place *place = *state;
    struct lw_error err = {.status = LW_OK};
    struct lw_session session = {.vault = NULL};
    struct lw_session_setup setup = place->setup;
    struct lw_wipe_report report;

    setup.read_only = true;
    assert_int_equal(lw_session_open(&setup, place->pass, &session, &err), LW_OK);
    assert_true(count_places(&session) == 0);
    assert_int_equal(lw_vault_wipe(setup.path, true, NULL, &report, &err), LW_OK);
    assert_int_not_equal(put_place(&session, "entry 1"), LW_OK);
    assert_non_null(session.store);
    lw_session_close(&session);
}

/* In the diary it would tell whoever is given that of the slot of another journal. */
static void nothing_of_it_stands_in_the_diary(void **state)
{
    struct place *place = *state;
    struct lw_error err = {.status = LW_OK};
    struct lw_session session = {.vault = NULL};
    struct lw_session_setup setup = place->setup;

    arm(place);
    setup.read_only = true;
    assert_int_equal(lw_session_open(&setup, place->pass, &session, &err), LW_OK);
    assert_int_equal(put_place(&session, "entry 1"), LW_OK);
    assert_int_equal(lw_session_turn(&session, NULL, true, &err), LW_OK);
    assert_int_equal(put_place(&session, "entry 2"), LW_NOT_FOUND);
    assert_place(&session, NULL);
    assert_int_equal(lw_session_turn(&session, NULL, true, &err), LW_OK);
    assert_place(&session, "entry 1");
    lw_session_close(&session);

    assert_int_equal(lw_session_open(&setup, place->duress, &session, &err), LW_OK);
    assert_true(count_places(&session) == 0);
    assert_int_equal(put_place(&session, "entry 3"), LW_OK);
    assert_place(&session, "entry 3");
    lw_session_close(&session);
}

static void stale_after_two_weeks(void **state)
{
    const int64_t now = 1700000000000, day = 86400000;
    struct lw_freshness diary = {.entries = 1, .recorded_ms = now};

    (void)state;
    assert_false(lw_diary_is_stale(&diary, now));
    assert_false(lw_diary_is_stale(&diary, now + 14 * day));
    assert_true(lw_diary_is_stale(&diary, now + 14 * day + 1));
    assert_false(lw_diary_is_stale(&diary, now - day));
    diary.recorded_ms = LW_TIME_MIN;
    assert_true(lw_diary_is_stale(&diary, now));
}

/* A reader is not held up by a writer; a writer is, and says so. */
static void reader_goes_on_behind_a_writer(void **state)
{
    struct place *place = *state;
    struct lw_error err = {.status = LW_OK};
    struct lw_session writer = {.vault = NULL}, reader = {.vault = NULL};
    struct lw_session_setup setup = place->setup;

    assert_int_equal(lw_session_open(&place->setup, place->pass, &writer, &err), LW_OK);
    assert_int_equal(lw_store_begin(writer.store, &err), LW_OK);
    setup.writes = false;
    assert_int_equal(lw_session_open(&setup, place->pass, &reader, &err), LW_OK);
    assert_false(reader.recorded);
    assert_int_equal(reader.unrecorded.status, LW_BUSY);
    assert_true(count_rows(reader.store) == 2);
    lw_session_close(&reader);
    lw_store_rollback(writer.store);
    lw_session_close(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_opening_is_one_row, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_passphrase_leaves_nothing_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(armed_sessions_are_recorded_in_the_decoy, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(reader_goes_on_behind_a_writer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(diary_is_opened_in_place_of_the_journal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_diary_is_said_after_the_row, set_up, tear_down),
        cmocka_unit_test_setup_teardown(turning_leads_there_and_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(review_turns_without_writing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(where_a_review_was_left_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_place_that_cannot_be_kept_harms_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(nothing_of_it_stands_in_the_diary, set_up, tear_down),
        cmocka_unit_test(stale_after_two_weeks),
    };

    if (lw_crypto_start() != LW_OK || lw_store_start() != LW_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
