/* Contradictions: what counts as a difference, whose words are printed, in which order. */
#include "journal_fixture.h"

/* ---- records ------------------------------------------------------------------------------- */

static void source(struct fixture *fixture, uint8_t id[LW_RECORD_ID], const char *ref)
{
    fixture_make(fixture, LW_RECORD_SOURCE, id, "ref", ref, "title", "a text", (char *)NULL);
}

static void account(struct fixture *fixture, uint8_t id[LW_RECORD_ID], const uint8_t *entry,
                    const uint8_t *from, const char *quote)
{
    fixture_make(fixture, LW_RECORD_ACCOUNT, id, "entry", entry, "source", from, "quote", quote,
                 (char *)NULL);
}

/* text, min and max may be NULL */
static void claim(struct fixture *fixture, const uint8_t *of, const char *fact, const char *stance,
                  const char *text, const char *min, const char *max)
{
    const char *pair[6] = {NULL};
    size_t at = 0;

    if (text != NULL) {
        pair[at++] = "text";
        pair[at++] = text;
    }
    if (min != NULL) {
        pair[at++] = "min";
        pair[at++] = min;
    }
    if (max != NULL) {
        pair[at++] = "max";
        pair[at++] = max;
    }
    fixture_make(fixture, LW_RECORD_CLAIM, NULL, "account", of, "fact", fact, "stance", stance,
                 "status", "open", pair[0], pair[1], pair[2], pair[3], pair[4], pair[5],
                 (char *)NULL);
}

/* One entry with accounts of two sources. */
struct pair {
    uint8_t entry[LW_RECORD_ID];
    uint8_t source[2][LW_RECORD_ID];
    uint8_t account[2][LW_RECORD_ID];
};

static void make_pair(struct fixture *fixture, struct pair *pair)
{
    fixture_entry(fixture, pair->entry, "E02", "2014-12-04", "clash");
    for (int i = 0; i < 2; i++) {
        source(fixture, pair->source[i], i == 0 ? "S1" : "S2");
        account(fixture, pair->account[i], pair->entry, pair->source[i],
                i == 0 ? "first words" : "second words");
    }
}

/* ---- what comes out, as text --------------------------------------------------------------- */

static enum lw_status write_down(void *context, const struct lw_contradiction *contradiction,
                                 struct lw_error *err)
{
    struct lw_buf *out = context;
    enum lw_status status = lw_buf_addf(out, "%u %s %s:", contradiction->number, contradiction->ref,
                                        contradiction->fact);

    (void)err;
    for (size_t i = 0; status == LW_OK && i < contradiction->voice_count; i++) {
        const struct lw_voice *voice = &contradiction->voices[i];

        status = lw_buf_addf(
            out, " [%s %s%s%s %s %s]", voice->ref, voice->source != NULL ? voice->source : "-",
            voice->via != NULL ? " via " : "", voice->via != NULL ? voice->via : "", voice->stance,
            voice->wording != NULL ? voice->wording : "-");
    }
    return status == LW_OK ? lw_buf_addc(out, '\n') : status;
}

static void expect(struct fixture *fixture, const char *expected)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_error err = {0};

    if (lw_contradictions_each(fixture->journal, write_down, &text, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_string_equal(lw_buf_text(&text), expected);
    assert_false(lw_store_in_transaction(fixture->store));
    lw_buf_free(&text);
}

static bool is_marked(struct fixture *fixture, const char *ref)
{
    struct fixture_list list = {.text = LW_BUF_INIT, .sources_of = ref};
    struct lw_error err = {0};

    assert_int_equal(lw_timeline_each(fixture->journal, NULL, fixture_list_row, &list, &err),
                     LW_OK);
    lw_buf_free(&list.text);
    return list.contradicted;
}

/* ---- claims -------------------------------------------------------------------------------- */

static void nothing_recorded_nothing_contradicts(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;

    expect(fixture, "");
    make_pair(fixture, &pair);
    claim(fixture, pair.account[0], "killed", "asserted", "all", NULL, NULL);
    expect(fixture, ""); /* what the other does not mention is not a silence */
    assert_false(is_marked(fixture, "E02"));
}

static void wording_differs(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;

    make_pair(fixture, &pair);
    claim(fixture, pair.account[0], "attackers killed", "asserted", "all", NULL, NULL);
    claim(fixture, pair.account[1], "attackers  Killed", "asserted", "11", NULL, NULL);
    expect(fixture, "1 E02 attackers killed: [E02 S1 asserted all] [E02 S2 asserted 11]\n");
    assert_true(is_marked(fixture, "E02"));
}

static void case_and_blanks_are_no_difference(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;

    make_pair(fixture, &pair);
    claim(fixture, pair.account[0], "who", "asserted", "Unknown  men", NULL, NULL);
    claim(fixture, pair.account[1], "who", "asserted", "unknown men ", NULL, NULL);
    expect(fixture, "");
}

static void figures_differ(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;

    make_pair(fixture, &pair);
    claim(fixture, pair.account[0], "a", "asserted", NULL, "1", NULL);
    claim(fixture, pair.account[1], "a", "asserted", NULL, "1", "1");
    claim(fixture, pair.account[0], "b", "asserted", NULL, "2", "5");
    claim(fixture, pair.account[1], "b", "asserted", NULL, NULL, "5");
    claim(fixture, pair.account[0], "c", "asserted", "several", "2", NULL);
    claim(fixture, pair.account[1], "c", "asserted", "several", "3", NULL);
    claim(fixture, pair.account[0], "d", "asserted", "14", "14", "14");
    claim(fixture, pair.account[1], "d", "asserted", NULL, "14", "14");
    claim(fixture, pair.account[0], "e", "asserted", NULL, "0", NULL);
    claim(fixture, pair.account[1], "e", "asserted", "none", NULL, NULL);
    expect(fixture, "1 E02 a: [E02 S1 asserted at least 1] [E02 S2 asserted 1]\n"
                    "2 E02 b: [E02 S1 asserted 2 to 5] [E02 S2 asserted at most 5]\n"
                    "3 E02 c: [E02 S1 asserted several] [E02 S2 asserted several]\n"
                    "4 E02 e: [E02 S1 asserted at least 0] [E02 S2 asserted none]\n");
}

static void silence_and_denial_differ(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;

    make_pair(fixture, &pair);
    claim(fixture, pair.account[0], "civilians", "silent", NULL, NULL, NULL);
    claim(fixture, pair.account[1], "civilians", "asserted", "at least one", "1", NULL);
    claim(fixture, pair.account[0], "armed", "denied", NULL, NULL, NULL);
    claim(fixture, pair.account[1], "armed", "asserted", NULL, NULL, NULL);
    claim(fixture, pair.account[0], "place", "silent", "not a word", NULL, NULL);
    claim(fixture, pair.account[1], "place", "silent", NULL, NULL, NULL);
    expect(fixture, "1 E02 civilians: [E02 S1 silent -] [E02 S2 asserted at least one]\n"
                    "2 E02 armed: [E02 S1 denied first words] [E02 S2 asserted second words]\n");
}

static void one_account_may_say_several_things(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;

    make_pair(fixture, &pair);
    claim(fixture, pair.account[0], "demand", "asserted", "investigate", NULL, NULL);
    claim(fixture, pair.account[0], "demand", "asserted", "protect", NULL, NULL);
    expect(fixture, "");
    claim(fixture, pair.account[1], "demand", "asserted", "protect", NULL, NULL);
    expect(fixture, "1 E02 demand: [E02 S1 asserted investigate] [E02 S1 asserted protect]"
                    " [E02 S2 asserted protect]\n");
    claim(fixture, pair.account[1], "demand", "asserted", "Investigate", NULL, NULL);
    expect(fixture, "");
}

static void given_up_claims_do_not_count(void **state)
{
    static const char *const given_up[] = {"superseded", "withdrawn"};
    struct fixture *fixture = *state;
    struct pair pair;

    make_pair(fixture, &pair);
    claim(fixture, pair.account[0], "hour", "asserted", "evening", NULL, NULL);
    for (size_t i = 0; i < LW_COUNT_OF(given_up); i++)
        fixture_make(fixture, LW_RECORD_CLAIM, NULL, "account", pair.account[1], "fact", "hour",
                     "text", "morning", "stance", "asserted", "status", given_up[i], (char *)NULL);
    expect(fixture, "");
    assert_false(is_marked(fixture, "E02"));
    fixture_make(fixture, LW_RECORD_CLAIM, NULL, "account", pair.account[1], "fact", "hour", "text",
                 "noon", "stance", "asserted", "status", "accepted", (char *)NULL);
    expect(fixture, "1 E02 hour: [E02 S1 asserted evening] [E02 S2 asserted noon]\n");
}

static void one_source_over_two_chains(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;
    uint8_t via[LW_RECORD_ID];

    make_pair(fixture, &pair);
    fixture_make(fixture, LW_RECORD_ACCOUNT, via, "entry", pair.entry, "source", pair.source[1],
                 "via", "media: officials", (char *)NULL);
    claim(fixture, pair.account[1], "held", "asserted", "for hours", NULL, NULL);
    claim(fixture, via, "held", "denied", "not held", NULL, NULL);
    expect(fixture, "1 E02 held: [E02 S2 asserted for hours]"
                    " [E02 S2 via media: officials denied not held]\n");
}

static void order_is_by_reference_then_claim(void **state)
{
    static const char *const refs[] = {"E100", "E9", "Annex"};
    struct fixture *fixture = *state;
    uint8_t from[2][LW_RECORD_ID], entry[LW_RECORD_ID], of[LW_RECORD_ID];

    source(fixture, from[0], "S1");
    source(fixture, from[1], "S2");
    for (size_t i = 0; i < LW_COUNT_OF(refs); i++) {
        fixture_entry(fixture, entry, refs[i], NULL, "t");
        for (int k = 0; k < 2; k++) {
            account(fixture, of, entry, from[k], "q");
            claim(fixture, of, "z", "asserted", k == 0 ? "a" : "b", NULL, NULL);
            claim(fixture, of, "y", "asserted", k == 0 ? "a" : "b", NULL, NULL);
        }
    }
    expect(fixture, "1 E9 z: [E9 S1 asserted a] [E9 S2 asserted b]\n"
                    "2 E9 y: [E9 S1 asserted a] [E9 S2 asserted b]\n"
                    "3 E100 z: [E100 S1 asserted a] [E100 S2 asserted b]\n"
                    "4 E100 y: [E100 S1 asserted a] [E100 S2 asserted b]\n"
                    "5 Annex z: [Annex S1 asserted a] [Annex S2 asserted b]\n"
                    "6 Annex y: [Annex S1 asserted a] [Annex S2 asserted b]\n");
}

/* ---- links --------------------------------------------------------------------------------- */

static void link_them(struct fixture *fixture, const uint8_t *from, const uint8_t *to,
                      const char *fact)
{
    fixture_make(fixture, LW_RECORD_LINK, NULL, "from", from, "to", to, "kind", "contradicts",
                 fact != NULL ? "fact" : NULL, fact, (char *)NULL);
}

/* E16, told by both sources, and E19, told by S2 through the media. */
struct denial {
    struct pair pair;
    uint8_t entry[LW_RECORD_ID];
    uint8_t account[LW_RECORD_ID];
};

static void make_denial(struct fixture *fixture, struct denial *denial)
{
    make_pair(fixture, &denial->pair);
    fixture_entry(fixture, denial->entry, "E19", "2014-12-15", "officials deny it");
    fixture_make(fixture, LW_RECORD_ACCOUNT, denial->account, "entry", denial->entry, "source",
                 denial->pair.source[1], "via", "media", "quote", "nobody was held", (char *)NULL);
}

static void a_link_gives_the_claims_of_both_sides(void **state)
{
    struct fixture *fixture = *state;
    struct denial denial;

    make_denial(fixture, &denial);
    claim(fixture, denial.pair.account[0], "detention", "asserted", "several hours", NULL, NULL);
    claim(fixture, denial.pair.account[1], "detention", "asserted", "several hours", NULL, NULL);
    claim(fixture, denial.account, "detention", "denied", NULL, NULL, NULL);
    expect(fixture, "");
    link_them(fixture, denial.entry, denial.pair.entry, "detention");
    expect(fixture,
           "1 E02 detention: [E02 S1 asserted several hours] [E02 S2 asserted several hours]"
           " [E19 S2 via media denied nobody was held]\n");
    assert_true(is_marked(fixture, "E02"));
    assert_true(is_marked(fixture, "E19"));
    /* said the other way round as well, it is the same one */
    link_them(fixture, denial.pair.entry, denial.entry, "Detention");
    expect(fixture,
           "1 E02 detention: [E02 S1 asserted several hours] [E02 S2 asserted several hours]"
           " [E19 S2 via media denied nobody was held]\n");
}

static void expect_of(struct fixture *fixture, const uint8_t *entry, const char *expected)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_error err = {0};

    if (lw_contradictions_of(fixture->journal, entry, write_down, &text, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_string_equal(lw_buf_text(&text), expected);
    assert_false(lw_store_in_transaction(fixture->store));
    lw_buf_free(&text);
}

/* Asked for one entry, a link counts from either end, and what others have does not. */
static void one_entry_has_its_own(void **state)
{
    struct fixture *fixture = *state;
    struct denial denial;
    uint8_t other[LW_RECORD_ID], none[LW_RECORD_ID] = {7};
    struct lw_buf text = LW_BUF_INIT;
    struct lw_error err = {0};

    make_denial(fixture, &denial);
    fixture_entry(fixture, other, "E03", "2014-12-15", "other");
    claim(fixture, denial.pair.account[0], "place", "asserted", "here", NULL, NULL);
    claim(fixture, denial.pair.account[1], "place", "asserted", "there", NULL, NULL);
    claim(fixture, denial.account, "detention", "denied", NULL, NULL, NULL);
    link_them(fixture, denial.pair.entry, denial.entry, "detention");
    expect_of(fixture, denial.pair.entry,
              "1 E02 place: [E02 S1 asserted here] [E02 S2 asserted there]\n"
              "2 E02 detention: [E02 S1 asserted first words] [E02 S2 asserted second words]"
              " [E19 S2 via media denied nobody was held]\n");
    expect_of(fixture, denial.entry,
              "1 E19 detention: [E19 S2 via media denied nobody was held]"
              " [E02 S1 asserted first words] [E02 S2 asserted second words]\n");
    expect_of(fixture, other, "");
    assert_int_equal(lw_contradictions_of(fixture->journal, none, write_down, &text, &err),
                     LW_NOT_FOUND);
    assert_true(err.text[0] != '\0');
    assert_false(lw_store_in_transaction(fixture->store));
}

static void a_link_falls_back_on_the_words(void **state)
{
    struct fixture *fixture = *state;
    struct denial denial;
    uint8_t bare[LW_RECORD_ID];

    make_denial(fixture, &denial);
    fixture_entry(fixture, bare, "E20", NULL, "nothing happened");
    link_them(fixture, denial.pair.entry, denial.entry, NULL);
    link_them(fixture, denial.entry, bare, "the whole");
    expect(fixture, "1 E02 officials deny it: [E02 S1 asserted first words]"
                    " [E02 S2 asserted second words] [E19 S2 via media asserted nobody was held]\n"
                    "2 E19 the whole: [E19 S2 via media asserted nobody was held]"
                    " [E20 - asserted nothing happened]\n");
}

static void a_linked_fact_is_printed_once(void **state)
{
    struct fixture *fixture = *state;
    struct denial denial;

    make_denial(fixture, &denial);
    claim(fixture, denial.pair.account[0], "length", "asserted", "two hours", NULL, NULL);
    claim(fixture, denial.pair.account[1], "length", "asserted", "five hours", NULL, NULL);
    link_them(fixture, denial.pair.entry, denial.entry, "length");
    expect(fixture, "1 E02 length: [E02 S1 asserted two hours] [E02 S2 asserted five hours]"
                    " [E19 S2 via media asserted nobody was held]\n");
}

static void a_link_ends_where_one_side_gave_it_up(void **state)
{
    struct fixture *fixture = *state;
    struct denial denial;

    make_denial(fixture, &denial);
    claim(fixture, denial.pair.account[0], "detention", "asserted", "hours", NULL, NULL);
    fixture_make(fixture, LW_RECORD_CLAIM, NULL, "account", denial.account, "fact", "detention",
                 "stance", "denied", "status", "withdrawn", (char *)NULL);
    link_them(fixture, denial.entry, denial.pair.entry, "detention");
    expect(fixture, "");
    assert_false(is_marked(fixture, "E02"));
    assert_false(is_marked(fixture, "E19"));
}

static void other_links_contradict_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct denial denial;

    make_denial(fixture, &denial);
    fixture_make(fixture, LW_RECORD_LINK, NULL, "from", denial.entry, "to", denial.pair.entry,
                 "kind", "reply_to", (char *)NULL);
    expect(fixture, "");
    assert_false(is_marked(fixture, "E02"));
}

/* ---- the visit ----------------------------------------------------------------------------- */

static enum lw_status stop(void *context, const struct lw_contradiction *contradiction,
                           struct lw_error *err)
{
    ++*(int *)context;
    assert_string_equal(contradiction->title, "clash");
    assert_string_equal(contradiction->when, "2014-12-04");
    assert_null(contradiction->kind);
    assert_string_equal(contradiction->voices[0].status, "open");
    assert_null(contradiction->voices[0].note);
    return lw_fail(err, LW_CANCELLED, "enough");
}

static void a_visitor_can_stop(void **state)
{
    struct fixture *fixture = *state;
    struct pair pair;
    struct lw_error err = {0};
    int count = 0;

    make_pair(fixture, &pair);
    for (int i = 0; i < 2; i++) {
        claim(fixture, pair.account[i], "a", "asserted", i == 0 ? "x" : "y", NULL, NULL);
        claim(fixture, pair.account[i], "b", "asserted", i == 0 ? "x" : "y", NULL, NULL);
    }
    assert_int_equal(lw_contradictions_each(fixture->journal, stop, &count, &err), LW_CANCELLED);
    assert_string_equal(err.text, "enough");
    assert_int_equal(count, 1);
}

#define JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOURNAL(nothing_recorded_nothing_contradicts),
        JOURNAL(wording_differs),
        JOURNAL(case_and_blanks_are_no_difference),
        JOURNAL(figures_differ),
        JOURNAL(silence_and_denial_differ),
        JOURNAL(one_account_may_say_several_things),
        JOURNAL(given_up_claims_do_not_count),
        JOURNAL(one_source_over_two_chains),
        JOURNAL(order_is_by_reference_then_claim),
        JOURNAL(a_link_gives_the_claims_of_both_sides),
        JOURNAL(one_entry_has_its_own),
        JOURNAL(a_link_falls_back_on_the_words),
        JOURNAL(a_linked_fact_is_printed_once),
        JOURNAL(a_link_ends_where_one_side_gave_it_up),
        JOURNAL(other_links_contradict_nothing),
        JOURNAL(a_visitor_can_stop),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
