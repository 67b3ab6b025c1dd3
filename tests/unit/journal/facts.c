/* Facts: every voice about one, given up or not; whom a claim differs from; the figure of a
 * wording. */
#include "journal_fixture.h"

#include <stdio.h>

struct pair {
    uint8_t entry[LW_RECORD_ID];
    uint8_t account[2][LW_RECORD_ID];
};

static void make_pair(struct fixture *fixture, struct pair *pair)
{
    uint8_t source[LW_RECORD_ID];

    fixture_entry(fixture, pair->entry, "E02", "2014-12-04", "clash");
    for (int i = 0; i < 2; i++) {
        fixture_make(fixture, LW_RECORD_SOURCE, source, "ref", i == 0 ? "S1" : "S2", "title",
                     "a text", (char *)NULL);
        fixture_make(fixture, LW_RECORD_ACCOUNT, pair->account[i], "entry", pair->entry, "source",
                     source, "quote", "14 policemen and all insurgents were killed", (char *)NULL);
    }
}

static void claim(struct fixture *fixture, uint8_t id[LW_RECORD_ID], const uint8_t *of,
                  const char *fact, const char *stance, const char *text)
{
    fixture_make(fixture, LW_RECORD_CLAIM, id, "account", of, "fact", fact, "stance", stance,
                 "status", "open", text != NULL ? "text" : (char *)NULL, text, (char *)NULL);
}

static void change(struct fixture *fixture, enum lw_record_type type, const uint8_t *id,
                   const char *field, const char *value)
{
    struct lw_record record;
    struct lw_error err = {0};

    assert_int_equal(lw_record_get(fixture->journal, type, id, &record, &err), LW_OK);
    fixture_set(&record, field, value);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &record, NULL, &err), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, &err), LW_OK);
    lw_record_clear(&record);
}

static enum lw_status write_fact(void *context, const struct lw_fact *fact, struct lw_error *err)
{
    struct lw_buf *out = context;

    (void)err;
    assert_int_equal(lw_buf_addf(out, "%s%s:", fact->differs ? "≠" : "", fact->fact), LW_OK);
    for (size_t i = 0; i < fact->voice_count; i++) {
        const struct lw_voice *voice = &fact->voices[i];

        assert_non_null(voice->claim);
        assert_non_null(voice->account);
        assert_int_equal(lw_buf_addf(out, " [%s %s %s %s%s]", voice->source, voice->stance,
                                     voice->wording != NULL ? voice->wording : "-", voice->status,
                                     voice->live ? "" : " gone"),
                         LW_OK);
    }
    return lw_buf_addc(out, '\n');
}

static void expect_facts(struct fixture *fixture, const uint8_t *entry, const char *expected)
{
    struct lw_buf out = LW_BUF_INIT;
    struct lw_error err = {0};

    assert_int_equal(lw_facts_of(fixture->journal, entry, write_fact, &out, &err), LW_OK);
    assert_string_equal(lw_buf_text(&out), expected);
    lw_buf_free(&out);
}

static enum lw_status write_voice(void *context, const struct lw_voice *voice, struct lw_error *err)
{
    (void)err;
    return lw_buf_addf(context, "[%s %s]", voice->source,
                       voice->wording != NULL ? voice->wording : voice->stance);
}

static void expect_against(struct fixture *fixture, const uint8_t *claim_id, const char *expected)
{
    struct lw_buf out = LW_BUF_INIT;
    struct lw_error err = {0};

    assert_int_equal(lw_claim_against(fixture->journal, claim_id, write_voice, &out, &err), LW_OK);
    assert_string_equal(lw_buf_text(&out), expected);
    lw_buf_free(&out);
}

static size_t contradictions(struct fixture *fixture)
{
    struct lw_error err = {0};
    struct lw_filter filter = {.ref = "E02"};
    struct fixture_list list = {.sources_of = "E02"};

    assert_int_equal(lw_timeline_each(fixture->journal, &filter, fixture_list_row, &list, &err),
                     LW_OK);
    lw_buf_free(&list.text);
    return list.contradicted;
}

static void what_is_given_up_stays_among_the_voices(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;
    uint8_t first[LW_RECORD_ID], second[LW_RECORD_ID];

    make_pair(fixture, &pair);
    claim(fixture, first, pair.account[0], "police killed", "asserted", "14 policemen");
    claim(fixture, second, pair.account[1], "Police killed", "asserted", "15 policemen");
    expect_facts(
        fixture, pair.entry,
        "≠police killed: [S1 asserted 14 policemen open] [S2 asserted 15 policemen open]\n");
    expect_against(fixture, second, "[S1 14 policemen]");
    assert_int_equal(contradictions(fixture), 1);
    change(fixture, LW_RECORD_CLAIM, first, "status", "superseded");
    expect_facts(fixture, pair.entry,
                 "police killed: [S1 asserted 14 policemen superseded gone] "
                 "[S2 asserted 15 policemen open]\n");
    expect_against(fixture, second, "");
    expect_against(fixture, first, ""); /* it says nothing any more */
    assert_int_equal(contradictions(fixture), 0);
    change(fixture, LW_RECORD_CLAIM, first, "status", "conflict");
    assert_int_equal(contradictions(fixture), 1);
    change(fixture, LW_RECORD_CLAIM, second, "status", "withdrawn");
    assert_int_equal(contradictions(fixture), 0);
}

/* That the other account says nothing about it is no silence until somebody says so. */
static void silence_is_recorded_by_a_person(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;
    uint8_t id[LW_RECORD_ID];

    make_pair(fixture, &pair);
    claim(fixture, NULL, pair.account[0], "police killed", "asserted", "14 policemen");
    claim(fixture, id, pair.account[1], "civilians killed", "asserted", "at least one civilian");
    expect_facts(fixture, pair.entry,
                 "police killed: [S1 asserted 14 policemen open]\n"
                 "civilians killed: [S2 asserted at least one civilian open]\n");
    expect_against(fixture, id, "");
    assert_int_equal(contradictions(fixture), 0);
    claim(fixture, NULL, pair.account[0], "civilians killed", "silent", NULL);
    expect_against(fixture, id, "[S1 silent]");
    assert_int_equal(contradictions(fixture), 1);
}

static void a_claim_stays_where_its_quote_changes(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;

    make_pair(fixture, &pair);
    claim(fixture, NULL, pair.account[0], "police killed", "asserted", "14 policemen");
    change(fixture, LW_RECORD_ACCOUNT, pair.account[0], "quote", "nothing of the kind");
    expect_facts(fixture, pair.entry, "police killed: [S1 asserted 14 policemen open]\n");
}

static void an_account_may_say_several_things(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;
    uint8_t id[LW_RECORD_ID];

    make_pair(fixture, &pair);
    claim(fixture, NULL, pair.account[0], "demand", "asserted", "investigate");
    claim(fixture, NULL, pair.account[0], "demand", "asserted", "protect");
    claim(fixture, id, pair.account[1], "demand", "asserted", "protect");
    expect_against(fixture, id, "");
    claim(fixture, id, pair.account[1], "demand", "asserted", "release");
    expect_against(fixture, id, "[S1 investigate][S1 protect]");
}

/* ---- figures ---- */

static void expect_figure(const char *text, const char *expected)
{
    struct lw_figure figure = {.has_min = false};
    char said[64] = "none";

    if (lw_figure_find(text, strlen(text), &fixture_clock, &figure)) {
        char min[24] = "", max[24] = "";

        if (figure.has_min)
            snprintf(min, sizeof min, "%lld", (long long)figure.min);
        if (figure.has_max)
            snprintf(max, sizeof max, "%lld", (long long)figure.max);
        snprintf(said, sizeof said, "%s..%s", min, max);
    }
    if (strcmp(said, expected) != 0)
        fail_msg("%s: %s, not %s", text, said, expected);
}

static void a_figure_is_read_from_its_wording(void **state)
{
    (void)state;
    expect_figure("14 policemen", "14..14");
    expect_figure("14 law-enforcement officers", "14..14");
    expect_figure("the 14 policemen", "14..14");
    expect_figure("at least one civilian", "1..");
    expect_figure("50,000-strong", "50000..50000");
    expect_figure("two or three men", "2..3");
    expect_figure("4-6 homes", "4..6");
    expect_figure("more than 10 men", "11..");
    expect_figure("fewer than ten", "..9");
    expect_figure("up to 20", "..20");
    expect_figure("не менее двух человек", "2..");
    expect_figure("Четырнадцать", "none");
    expect_figure("14 сотрудников милиции", "14..14");
    expect_figure("трое мужчин", "3..3");
    expect_figure("до 20 человек", "..20");
}

/* A bound that nobody meant is worse than none. */
static void what_is_no_figure_is_left_alone(void **state)
{
    static const char *const texts[] = {
        "",
        "all insurgents",
        "several houses",
        "about 50 lawyers",
        "Article 286 of the Criminal Code",
        "5 December",
        "up to 5 December",
        "до 5 декабря",
        "13.12.2014",
        "21:20",
        "1.5 hours",
        "50% of them",
        "14th of them",
        "14-year-old boy",
        "14-летний подросток",
        "three to two",
        "two men threw, the two and a third accused",
        "11 attackers and 14 policemen",
        "99999999999999999999 men",
        "\xff\xfe",
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(texts); i++)
        expect_figure(texts[i], "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_given_up_stays_among_the_voices, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(silence_is_recorded_by_a_person, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(a_claim_stays_where_its_quote_changes, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(an_account_may_say_several_things, fixture_open,
                                        fixture_close),
        cmocka_unit_test(a_figure_is_read_from_its_wording),
        cmocka_unit_test(what_is_no_figure_is_left_alone),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
