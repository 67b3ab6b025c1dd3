/* One entry in words: every record that belongs to it, in order, with what each line leads to. */
#include "app.h"
#include "journal_fixture.h"

#include <stdio.h>

static const char *part_name(enum lw_entry_part part)
{
    static const char *const names[] = {"ref", "title", "fact", "narrative"};

    return part < LW_COUNT_OF(names) ? names[part] : lw_entry_heading(part);
}

/* "People 2: text", with "#1" for an account, "!" where it differs, ">" where it leads on. */
static enum lw_status write_down(void *context, const struct lw_entry_line *line,
                                 struct lw_error *err)
{
    struct lw_buf *out = context;
    enum lw_status status = lw_buf_adds(out, part_name(line->part));

    (void)err;
    if (status == LW_OK && line->indent > 0)
        status = lw_buf_addf(out, " %u", line->indent);
    if (status == LW_OK && line->account > 0)
        status = lw_buf_addf(out, " #%u", line->account);
    if (status == LW_OK)
        status =
            lw_buf_addf(out, "%s%s: ", line->differs ? " !" : "", line->to != NULL ? " >" : "");
    if (status == LW_OK && line->label != NULL)
        status = lw_buf_addf(out, "%s = ", line->label);
    return status == LW_OK ? lw_buf_addf(out, "%s\n", line->text) : status;
}

static void say(struct fixture *fixture, const char *ref, struct lw_buf *text)
{
    struct lw_record entry;
    struct lw_error err = {0};

    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, ref, &entry, &err), LW_OK);
    if (lw_entry_say(fixture->journal, &fixture_clock, &entry, write_down, text, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_record_clear(&entry);
}

static void an_entry_of_one_line(void **state)
{
    struct fixture *fixture = *state;
    struct lw_buf text = LW_BUF_INIT;

    fixture_entry(fixture, NULL, "E01", NULL, "a line");
    say(fixture, "E01", &text);
    assert_string_equal(text.data, "ref: E01  –\n"
                                   "title: a line\n"
                                   "fact: When = not stated\n"
                                   "fact: Status = draft\n"
                                   "Still open 2: a kind, a date, a source\n"
                                   "Revisions 2: 2014-12-16 12:00 +03:00  create by tester\n");
    lw_buf_free(&text);
}

static void make_all(struct fixture *fixture)
{
    uint8_t incident[LW_RECORD_ID], party[LW_RECORD_ID], town[LW_RECORD_ID], office[LW_RECORD_ID];
    uint8_t source[2][LW_RECORD_ID], account[2][LW_RECORD_ID], entry[LW_RECORD_ID];
    uint8_t whole[LW_RECORD_ID], part[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_INCIDENT, incident, "title", "case", "status", "open",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTY, party, "kind", "individual", "name", "A. B.",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, town, "name", "Grozny", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, office, "name", "office", "note", "2nd floor", "parent",
                 town, (char *)NULL);
    for (int i = 0; i < 2; i++)
        fixture_make(fixture, LW_RECORD_SOURCE, source[i], "ref", i == 0 ? "S1" : "S2", "title",
                     "letter", "author", "somebody", "reliability", "B", (char *)NULL);
    fixture_entry(fixture, whole, "E01", "2014-12-13", "the whole");
    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E02", "title", "fire", "kind", "arson",
                 "hedge", "apparent", "status", "sealed", "confidentiality", "internal", "when",
                 "2014-12-13 evening", "when_text", "soon after", "extent", "within",
                 "duration_min", "60", "duration_max", "90", "duration_text", "a while", "noticed",
                 "2014-12-14", "place", office, "place_text", "there", "incident", incident,
                 "parent", whole, "narrative", "It burned.", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, part, "ref", "E03", "title", "a part", "status", "draft",
                 "parent", entry, (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", entry, "party", party, "role",
                 "victim", "hedge", "implied", "degree", "owner", "count_min", "2", "armed", "no",
                 (char *)NULL);
    for (int i = 0; i < 2; i++) {
        fixture_make(fixture, LW_RECORD_ACCOUNT, account[i], "entry", entry, "source", source[i],
                     "quote", i == 0 ? "it burned" : "es brannte", "translation",
                     i == 0 ? "-" : "it burned", "locator", "page 2", "via", "media", "credibility",
                     "2", (char *)NULL);
        fixture_make(fixture, LW_RECORD_CLAIM, NULL, "account", account[i], "fact", "time", "text",
                     i == 0 ? "evening" : "night", "stance", "asserted", "status", "open",
                     (char *)NULL);
        fixture_make(fixture, LW_RECORD_ITEM, NULL, "entry", entry, "kind", "destroyed",
                     "description", "desk", "count_min", i == 0 ? "1" : "2", "count_max",
                     i == 0 ? "1" : "3", (char *)NULL);
    }
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", entry, "key", "warrant", "text", "no",
                 "min", "1", (char *)NULL);
    fixture_make(fixture, LW_RECORD_LINK, NULL, "from", part, "to", entry, "kind", "causes",
                 "hedge", "perhaps", (char *)NULL);
    fixture_make(fixture, LW_RECORD_LINK, NULL, "from", entry, "to", part, "kind", "contradicts",
                 "fact", "who", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PRECEDENCE, NULL, "earlier", entry, "later", part, "kind",
                 "not_after", "text", "then", (char *)NULL);
}

static void all_that_belongs_to_it(void **state)
{
    struct fixture *fixture = *state;
    struct lw_buf text = LW_BUF_INIT;

    make_all(fixture);
    say(fixture, "E02", &text);
    assert_string_equal(
        text.data, "ref: E02  arson\n"
                   "title: fire (apparent)\n"
                   "fact: When = 13 December 2014, evening (\"soon after\"), some time within\n"
                   "fact: Lasted = a while; at least 1 h, at most 90 min\n"
                   "fact: Noticed = 14 December 2014\n"
                   "fact: Where = office (2nd floor), Grozny; \"there\"\n"
                   "fact: Incident = case\n"
                   "fact >: Part of = E01 the whole\n"
                   "fact: Status = sealed 2014-12-16 12:00 +03:00 by tester; ± changed after "
                   "sealing, internal\n"
                   "narrative: It burned.\n"
                   "People 2: victim: A. B. (implied); owner; at least 2; armed: no\n"
                   "Accounts 2 #1: S1  somebody: letter, reliability B\n"
                   "Accounts 4 #1: \"it burned\"\n"
                   "Accounts 4 #1: translation: -\n"
                   "Accounts 4 #1: page 2; via media; credibility 2\n"
                   "Accounts 6 #1 !: ≠ time: \"evening\"\n"
                   "Accounts 2 #2: S2  somebody: letter, reliability B\n"
                   "Accounts 4 #2: \"es brannte\"\n"
                   "Accounts 4 #2: translation: it burned\n"
                   "Accounts 4 #2: page 2; via media; credibility 2\n"
                   "Accounts 6 #2 !: ≠ time: \"night\"\n"
                   "Accounts 2: ≠ here the accounts differ, or one is silent\n"
                   "Items 2: destroyed: desk; 1\n"
                   "Items 2: destroyed: desk; 2 to 3\n"
                   "Items 2: Total destroyed: 3 to 4 items, of which 1 exactly counted\n"
                   "Fields 2: warrant: no; at least 1\n"
                   "Links 2 >: contains E03 a part\n"
                   "Links 2 ! >: ≠ contradicts E03 a part; about who\n"
                   "Links 2 >: caused by E03 a part (perhaps)\n"
                   "Order 2 >: not after E03 a part (\"then\")\n"
                   "Still open 2: unanswered: how it was set, fire service came, fire report, "
                   "injured\n"
                   "Still open 2: ? What shows that it was set: place, smell, remains, witnesses, "
                   "cameras?\n"
                   "Still open 2: ? When was the fire service called, and when did it come?\n"
                   "Still open 2: ? Is there a fire report, and what does it name as the cause?\n"
                   "Revisions 2: 2014-12-16 12:00 +03:00  create by tester\n"
                   "Revisions 2: 2014-12-16 12:00 +03:00  seal by tester\n");
    lw_buf_free(&text);
}

static enum lw_status stop(void *context, const struct lw_entry_line *line, struct lw_error *err)
{
    if (--*(int *)context > 0)
        return LW_OK;
    return lw_fail(err, LW_CANCELLED, "enough of %s", line->text);
}

/* Wherever a visitor stops, nothing more comes and its error is the one that counts. */
static void a_visitor_can_stop_anywhere(void **state)
{
    struct fixture *fixture = *state;
    struct lw_record entry;
    struct lw_error err = {0};

    make_all(fixture);
    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, "E02", &entry, &err),
                     LW_OK);
    for (int at = 1; at <= 31; at++) {
        int left = at;

        assert_int_equal(lw_entry_say(fixture->journal, &fixture_clock, &entry, stop, &left, &err),
                         LW_CANCELLED);
        assert_int_equal(left, 0);
        assert_non_null(strstr(err.text, "enough of "));
    }
    lw_record_clear(&entry);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_entry_of_one_line),
        TEST(all_that_belongs_to_it),
        TEST(a_visitor_can_stop_anywhere),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
