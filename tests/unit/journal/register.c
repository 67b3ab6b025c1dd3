/* Registers: what is in them, what is counted and how exactly, what is said of the procedure. */
#include "journal_fixture.h"

#include <stdio.h>

static const struct lw_figure none = {false, false, 0, 0};
static const struct lw_figure four = {true, true, 4, 4};
static const struct lw_figure one = {true, true, 1, 1};
static const struct lw_figure two_or_more = {true, false, 2, 0};
static const struct lw_figure two_to_three = {true, true, 2, 3};
static const struct lw_figure at_most_five = {false, true, 0, 5};

/* ---- totals ---- */

static void expect_tally(const char *expected, size_t count, const struct lw_figure *const *figure)
{
    struct lw_tally tally = {0};
    struct lw_buf text = LW_BUF_INIT;

    for (size_t i = 0; i < count; i++)
        lw_tally_add(&tally, figure[i]);
    assert_int_equal(lw_tally_say(&tally, &text), LW_OK);
    assert_string_equal(lw_buf_text(&text), expected);
    lw_buf_free(&text);
}
#define EXPECT_TALLY(expected, ...)                                                                \
    do {                                                                                           \
        const struct lw_figure *const list[] = {__VA_ARGS__};                                      \
        expect_tally((expected), LW_COUNT_OF(list), list);                                         \
    } while (0)

static void a_total_is_no_more_exact_than_its_items(void **state)
{
    (void)state;
    EXPECT_TALLY("5 items, exactly counted", &four, &one);
    EXPECT_TALLY("1 item, exactly counted", &one);
    EXPECT_TALLY("at least 7 items, of which 5 exactly counted", &four, &two_or_more, &one);
    EXPECT_TALLY("at least 2 items, of which none exactly counted", &two_or_more);
    EXPECT_TALLY("6 to 7 items, of which 4 exactly counted", &four, &two_to_three);
    EXPECT_TALLY("at least 8 items, of which 4 exactly counted", &four, &two_to_three,
                 &two_or_more);
    EXPECT_TALLY("4 to 9 items, of which 4 exactly counted", &four, &at_most_five);
    EXPECT_TALLY("at least 4 items, of which 4 exactly counted; 1 line without a number", &four,
                 &none);
    EXPECT_TALLY("2 lines without a number", &none, &none);
}

/* ---- a register as text ---- */

struct list {
    struct lw_buf text;
    struct lw_totals totals;
    const char *part[4];
};

static enum lw_status write_down(void *context, const struct lw_sheet *sheet, struct lw_error *err)
{
    struct list *list = context;
    enum lw_status status = lw_buf_addf(&list->text, "%s", sheet->row->ref);

    (void)err;
    for (size_t i = 0; i < LW_COUNT_OF(list->part) && list->part[i] != NULL; i++) {
        const struct lw_sheet_part *part = lw_sheet_part(sheet, list->part[i]);

        assert_non_null(part);
        if (status == LW_OK && part->count > 0)
            status = lw_buf_addf(&list->text, " %s=", part->name);
        if (status == LW_OK)
            status = lw_sheet_part_say(part, "; ", &list->text);
    }
    if (status == LW_OK)
        status = lw_totals_add(&list->totals, sheet);
    return status == LW_OK ? lw_buf_adds(&list->text, "\n") : status;
}

static enum lw_status write_total(void *context, const char *line, unsigned indent)
{
    struct list *list = context;

    return lw_buf_addf(&list->text, "%s%s\n", indent > 0 ? "  " : "", line);
}

static void expect(struct fixture *fixture, enum lw_register which,
                   const struct lw_register_query *query, struct list list, const char *expected)
{
    struct lw_error err = {0};

    if (lw_register_each(fixture->journal, which, query, write_down, &list, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_int_equal(lw_totals_say(&list.totals, which, write_total, &list), LW_OK);
    assert_string_equal(lw_buf_text(&list.text), expected);
    assert_false(lw_store_in_transaction(fixture->store));
    lw_totals_free(&list.totals);
    lw_buf_free(&list.text);
}

static int64_t day_of(const char *text)
{
    struct lw_when when;

    assert_int_equal(lw_when_parse(text, strlen(text), &when, NULL), LW_OK);
    return when.earliest / 86400;
}

static void make_entry(struct fixture *fixture, uint8_t id[LW_RECORD_ID], const char *ref,
                       const char *kind, const char *when)
{
    if (when != NULL)
        fixture_make(fixture, LW_RECORD_ENTRY, id, "ref", ref, "title", "-", "status", "draft",
                     "kind", kind, "when", when, (char *)NULL);
    else
        fixture_make(fixture, LW_RECORD_ENTRY, id, "ref", ref, "title", "-", "status", "draft",
                     "kind", kind, (char *)NULL);
}

static void answer(struct fixture *fixture, const uint8_t *entry, const char *key, const char *text)
{
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", entry, "key", key, "text", text,
                 (char *)NULL);
}

static void link_to(struct fixture *fixture, const uint8_t *from, const char *kind,
                    const uint8_t *to)
{
    fixture_make(fixture, LW_RECORD_LINK, NULL, "from", from, "to", to, "kind", kind, (char *)NULL);
}

/* ---- items ---- */

static void items_are_summed_by_fate_class_and_owner(void **state)
{
    struct fixture *fixture = *state;
    uint8_t later[LW_RECORD_ID], first[LW_RECORD_ID], owner[LW_RECORD_ID];
    struct lw_register_query query = {.day = 0};
    const struct list list = {.part = {"fate", "count", "owner", "class"}};

    make_entry(fixture, later, "E01", "seizure", "2014-12-15");
    make_entry(fixture, first, "E02", "fire", "2014-12-13");
    fixture_make(fixture, LW_RECORD_PARTY, owner, "kind", "organisation", "name", "JMG",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", later, "kind", "seized", "description",
                 "phones", "count_min", "2", "owner_text", "two men", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", later, "kind", "seized", "description",
                 "cameras", "class", "camera", "count_min", "4", "count_max", "4", "owner", owner,
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", first, "kind", "destroyed", "description",
                 "desks", (char *)NULL);
    expect(fixture, LW_REGISTER_ITEMS, &query, list,
           "E02 fate=destroyed\n"
           "E01 fate=seized count=at least 2 owner=two men\n"
           "E01 fate=seized count=4 owner=JMG class=camera\n"
           "Destroyed: 1 line without a number\n"
           "  owner: not recorded: 1 line without a number\n"
           "Seized: at least 6 items, of which 4 exactly counted\n"
           "  owner: two men: at least 2 items, of which none exactly counted\n"
           "  class: camera: 4 items, exactly counted\n"
           "  owner: JMG: 4 items, exactly counted\n");
    query.fate = "destroyed";
    expect(fixture, LW_REGISTER_ITEMS, &query, list,
           "E02 fate=destroyed\nDestroyed: 1 line without a number\n"
           "  owner: not recorded: 1 line without a number\n");
}

static void since_and_until_leave_out_other_days(void **state)
{
    struct fixture *fixture = *state;
    struct lw_when day;
    struct lw_filter filter = {.since = &day};
    struct lw_register_query query = {.filter = &filter};
    const struct list list = {.part = {NULL}};

    make_entry(fixture, NULL, "E01", "threat", "2014-12-15");
    make_entry(fixture, NULL, "E02", "threat", "2014-12-13");
    make_entry(fixture, NULL, "E03", "threat", NULL);
    make_entry(fixture, NULL, "E04", "arson", "2014-12-15");
    assert_int_equal(lw_when_parse("2014-12-14", 10, &day, NULL), LW_OK);
    expect(fixture, LW_REGISTER_THREATS, &query, list,
           "E01\nE03\n2 threats, 0 recorded as death threats\n  channel: not recorded 2\n"
           "  to: not recorded 2\n");
    filter = (struct lw_filter){.until = &day};
    expect(fixture, LW_REGISTER_THREATS, &query, list,
           "E02\nE03\n2 threats, 0 recorded as death threats\n  channel: not recorded 2\n"
           "  to: not recorded 2\n");
}

static void a_filter_says_which_entries_count(void **state)
{
    struct fixture *fixture = *state;
    static const char text[] = "channel:sms or threat";
    uint8_t id[LW_RECORD_ID];
    struct lw_filter filter = {.tree = NULL};
    const struct lw_register_query query = {.filter = &filter};
    const struct list list = {.part = {"channel"}};
    struct lw_filter_tree *tree;

    make_entry(fixture, id, "E01", "threat", "2014-12-15");
    answer(fixture, id, "channel", "call");
    make_entry(fixture, id, "E02", "threat", "2014-12-13");
    answer(fixture, id, "channel", "sms");
    make_entry(fixture, id, "E03", "arson", "2014-12-14");
    answer(fixture, id, "channel", "sms");
    assert_int_equal(lw_filter_read(fixture->journal, text, strlen(text), &tree, NULL, NULL),
                     LW_OK);
    filter.tree = tree;
    expect(fixture, LW_REGISTER_THREATS, &query, list,
           "E02 channel=sms\n1 threat, 0 recorded as death threats\n  channel: sms 1\n"
           "  to: not recorded 1\n");
    lw_filter_free(tree);
}

static enum lw_status write_match(void *context, const struct lw_sheet *sheet, struct lw_error *err)
{
    (void)err;
    return lw_buf_addf(context, "%s %s\n", sheet->row->ref,
                       sheet->row->match == LW_MATCH_STATED ? "stated" : "may overlap");
}

static void what_is_stated_for_a_time_and_what_may_overlap_it_are_told_apart(void **state)
{
    struct fixture *fixture = *state;
    struct lw_when when;
    const struct lw_filter filter = {.when = &when};
    const struct lw_register_query query = {.filter = &filter};
    struct lw_buf text = LW_BUF_INIT;

    make_entry(fixture, NULL, "E01", "threat", "2014-12-13 evening");
    make_entry(fixture, NULL, "E02", "threat", "2014-12");
    make_entry(fixture, NULL, "E03", "threat", "2014-12-15");
    make_entry(fixture, NULL, "E04", "threat", NULL);
    assert_int_equal(lw_when_parse("2014-12-13", 10, &when, NULL), LW_OK);
    assert_int_equal(
        lw_register_each(fixture->journal, LW_REGISTER_THREATS, &query, write_match, &text, NULL),
        LW_OK);
    assert_non_null(strstr(text.data, "E01 stated\n"));
    assert_non_null(strstr(text.data, "E02 may overlap\n"));
    assert_null(strstr(text.data, "E03"));
    assert_non_null(strstr(text.data, "E04 may overlap\n"));
    lw_buf_free(&text);
}

/* ---- the procedure ---- */

static void only_what_is_recorded_is_a_defect(void **state)
{
    struct fixture *fixture = *state;
    uint8_t search[LW_RECORD_ID], seizure[LW_RECORD_ID], counsel[LW_RECORD_ID];
    uint8_t other[LW_RECORD_ID];
    const struct lw_register_query query = {.day = 0};
    const struct list list = {.part = {"defects", "stated_reason"}};

    make_entry(fixture, search, "E01", "search", "2014-12-14");
    make_entry(fixture, seizure, "E02", "seizure", "2014-12-14");
    make_entry(fixture, counsel, "E03", "denial_of_counsel", "2014-12-14");
    make_entry(fixture, other, "E04", "search", "2014-12-14");
    fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", seizure, "kind", "seized", "description",
                 "phone", (char *)NULL);
    expect(fixture, LW_REGISTER_ITEMS, &query, list,
           "E02\nSeized: 1 line without a number\n"
           "  owner: not recorded: 1 line without a number\n");
    answer(fixture, search, "warrant", "no");
    answer(fixture, search, "stated_reason", "a beard");
    answer(fixture, seizure, "documents_given", "unknown");
    answer(fixture, seizure, "sealed", "yes");
    answer(fixture, counsel, "lawyer_admitted", "no");
    answer(fixture, other, "names_shown", "no");
    link_to(fixture, seizure, "part_of", search);
    link_to(fixture, counsel, "part_of", search);
    link_to(fixture, seizure, "parallel", other); /* at the same time, but elsewhere */
    expect(fixture, LW_REGISTER_ITEMS, &query, list,
           "E02 defects=no warrant (E01); lawyer not admitted (E03) stated_reason=a beard (E01)\n"
           "Seized: 1 line without a number\n"
           "  owner: not recorded: 1 line without a number\n");
}

/* ---- days open ---- */

static void expect_open(struct fixture *fixture, const char *day, const char *expected)
{
    const struct lw_register_query query = {.day = day_of(day)};
    struct list list = {.part = {"open"}};
    struct lw_error err = {0};

    if (lw_register_each(fixture->journal, LW_REGISTER_INTERVENTIONS, &query, write_down, &list,
                         &err) != LW_OK)
        fail_msg("%s", err.text);
    if (strcmp(lw_buf_text(&list.text), expected) != 0)
        fail_msg("on %s: %s", day, lw_buf_text(&list.text));
    lw_totals_free(&list.totals);
    lw_buf_free(&list.text);
}

static void days_are_counted_to_the_day_asked_for(void **state)
{
    struct fixture *fixture = *state;
    uint8_t id[LW_RECORD_ID];

    make_entry(fixture, id, "E01", "intervention", "2014-12-16");
    answer(fixture, id, "reply", "none recorded");
    answer(fixture, id, "reply_due", "2014-12-30");
    expect_open(fixture, "2014-12-15", "E01 open=sent later\n");
    expect_open(fixture, "2014-12-16", "E01 open=open 0 days\n");
    expect_open(fixture, "2014-12-17", "E01 open=open 1 day\n");
    expect_open(fixture, "2014-12-30", "E01 open=open 14 days\n");
    expect_open(fixture, "2014-12-31", "E01 open=open 15 days, overdue by 1 day\n");
    expect_open(fixture, "2015-01-05", "E01 open=open 20 days, overdue by 6 days\n");
}

static void inexact_dates_give_the_fewest_days_and_the_most(void **state)
{
    struct fixture *fixture = *state;
    uint8_t id[LW_RECORD_ID];

    make_entry(fixture, NULL, "E01", "intervention", "2014-12-XX");
    make_entry(fixture, NULL, "E02", "intervention", "2014-12-13/..");
    make_entry(fixture, NULL, "E03", "intervention", "../2014-12-09");
    make_entry(fixture, NULL, "E04", "intervention", NULL);
    make_entry(fixture, id, "E05", "intervention", "2014-12-16");
    answer(fixture, id, "reply_due", "2015-01"); /* its last day counts */
    expect_open(fixture, "2015-01-31",
                "E01 open=open 31 to 61 days\n"
                "E03 open=open at least 53 days\n"
                "E02 open=open at most 49 days\n"
                "E05 open=open 46 days\n"
                "E04 open=open for an unknown time: it is not dated\n");
}

static void a_reply_ends_it_from_the_day_that_it_came(void **state)
{
    struct fixture *fixture = *state;
    uint8_t sent[LW_RECORD_ID], reply[LW_RECORD_ID];

    make_entry(fixture, sent, "E01", "intervention", "2014-12-16");
    make_entry(fixture, reply, "E02", "reply", "2014-12-20");
    link_to(fixture, reply, "reply_to", sent);
    expect_open(fixture, "2014-12-19", "E01 open=open 3 days\n");
    expect_open(fixture, "2014-12-20", "E01 open=answered after 4 days\n");
    expect_open(fixture, "2015-12-20", "E01 open=answered after 4 days\n");
    answer(fixture, reply, "received", "2014-12-22"); /* it is dated two days before */
    expect_open(fixture, "2014-12-21", "E01 open=open 5 days\n");
    expect_open(fixture, "2014-12-31", "E01 open=answered after 6 days\n");
}

static void what_is_said_of_it_ends_it_too(void **state)
{
    static const char *const said[][3] = {
        {"reply", "none", "open 15 days"},
        {"reply", "нет", "open 15 days"},
        {"reply", "no grounds were found", "answered"},
        {"state", "sent", "open 15 days"},
        {"state", "prepared", "not sent yet"},
        {"state", "answered", "answered"},
        {"state", "closed", "closed"},
    };

    for (size_t i = 0; i < LW_COUNT_OF(said); i++) {
        void *own = NULL;
        uint8_t id[LW_RECORD_ID];
        char expected[64];

        fixture_open(&own);
        make_entry(own, id, "E01", "intervention", "2014-12-16");
        answer(own, id, said[i][0], said[i][1]);
        snprintf(expected, sizeof expected, "E01 open=%s\n", said[i][2]);
        expect_open(own, "2014-12-31", expected);
        fixture_close(&own);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_total_is_no_more_exact_than_its_items),
#define WITH(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
        WITH(items_are_summed_by_fate_class_and_owner),
        WITH(since_and_until_leave_out_other_days),
        WITH(a_filter_says_which_entries_count),
        WITH(what_is_stated_for_a_time_and_what_may_overlap_it_are_told_apart),
        WITH(only_what_is_recorded_is_a_defect),
        WITH(days_are_counted_to_the_day_asked_for),
        WITH(inexact_dates_give_the_fewest_days_and_the_most),
        WITH(a_reply_ends_it_from_the_day_that_it_came),
        WITH(what_is_said_of_it_ends_it_too),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
