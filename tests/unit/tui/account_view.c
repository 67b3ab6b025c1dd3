/* From the words of an account to claims, and what the team holds of them: on the screens. */
#include "view_stage.h"

static void open_entry(struct view_stage *stage, const char *ref)
{
    struct lw_record entry;
    struct lw_error err = {0};

    assert_int_equal(lw_record_by_ref(stage->fixture->journal, LW_RECORD_ENTRY, ref, &entry, &err),
                     LW_OK);
    /* as drafts: what sealing asks has a test of its own */
    assert_int_equal(lw_store_exec(stage->fixture->store,
                                   "UPDATE entry SET status = 'draft', amended = NULL", &err),
                     LW_OK);
    if (lw_entry_show(stage->tui, entry.id, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_record_clear(&entry);
    lw_tui_turn(stage->tui);
}

/* The account of that source of E02 in the practice chronology. */
static struct view_stage *with_account(int source, int rows, int columns)
{
    struct view_stage *stage = view_stage_new(STAGE_PRACTICE, rows, columns);
    uint8_t id[LW_RECORD_ID] = {0x09};
    struct lw_error err = {0};

    id[14] = 0x02;
    id[15] = (uint8_t)source;
    open_entry(stage, "E02");
    if (lw_account_show(stage->tui, id, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_tui_turn(stage->tui);
    return stage;
}

struct found {
    struct lw_journal *journal;
    const char *fact;
    struct lw_record *claim;
    size_t count;
};

static enum lw_status look(void *context, const struct lw_record *claim, struct lw_error *err)
{
    struct found *found = context;

    if (strcmp(lw_record_text(claim, "fact"), found->fact) != 0)
        return LW_OK;
    if (found->count++ > 0)
        lw_record_clear(found->claim);
    return lw_record_get(found->journal, LW_RECORD_CLAIM, claim->id, found->claim, err);
}

/* The last claim about that fact; how many there are. */
static size_t claim_of(struct view_stage *stage, const char *fact, struct lw_record *out)
{
    struct found found = {.journal = stage->fixture->journal, .fact = fact, .claim = out};
    struct lw_error err = {0};

    if (lw_record_each(found.journal, LW_RECORD_CLAIM, NULL, NULL, look, &found, &err) != LW_OK)
        fail_msg("%s", err.text);
    return found.count;
}

static void expect_claim(struct view_stage *stage, const char *fact, const char *text, int64_t min,
                         int64_t max, const char *stance)
{
    struct lw_record claim;
    const struct lw_value *low, *high;

    if (claim_of(stage, fact, &claim) != 1)
        fail_msg("no claim about %s, or several", fact);
    low = lw_record_value(&claim, "min");
    high = lw_record_value(&claim, "max");
    if (text != NULL)
        assert_string_equal(lw_record_text(&claim, "text"), text);
    else
        assert_null(lw_record_text(&claim, "text"));
    assert_int_equal(low != NULL ? low->number : -1, min);
    assert_int_equal(high != NULL ? high->number : -1, max);
    assert_string_equal(lw_record_text(&claim, "stance"), stance);
    assert_string_equal(lw_record_text(&claim, "status"), "open");
    lw_record_clear(&claim);
}

static void marked_words_become_a_claim(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    view_stage_expect(stage, "14 law-enforcement officers");
    view_stage_keys(stage, "v w w w w Enter");
    view_stage_type(stage, "officers dead\r");
    expect_claim(stage, "officers dead", "14 law-enforcement officers", 14, 14, "asserted");
    view_stage_expect(stage, "counted: 14");
    view_stage_expect(stage, "– officers dead: 14, as written \"14 law-enforcement officers\"");
    view_stage_free(stage);
}

/* What is sealed gets a claim only with a reason, which is asked for once. */
static void a_sealed_entry_asks_for_a_reason(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);
    struct lw_record claim;

    (void)state;
    assert_int_equal(
        lw_store_exec(stage->fixture->store, "UPDATE entry SET status = 'sealed'", NULL), LW_OK);
    view_stage_keys(stage, "v w w w w Enter");
    view_stage_expect(stage, "the entry is sealed; why the claim?");
    view_stage_type(stage, " \r");
    view_stage_expect(stage, "it gets a claim only with a reason");
    view_stage_keys(stage, "Enter");
    view_stage_type(stage, "read again\r");
    view_stage_expect(stage, "fact:");
    view_stage_type(stage, "officers dead\r");
    assert_int_equal(claim_of(stage, "officers dead", &claim), 1);
    lw_record_clear(&claim);
    view_stage_keys(stage, "v w Enter");
    view_stage_expect(stage, "fact:");
    view_stage_free(stage);
}

/* From the end to the beginning, without the blank that lies at the edge. */
static void words_are_marked_in_either_direction(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    view_stage_keys(stage, "w w w w w w w v b b Enter");
    view_stage_type(stage, "who\r");
    expect_claim(stage, "who", "all insurgents", -1, -1, "asserted");
    view_stage_free(stage);
}

/* What parts it from the words behind is none of its own. */
static void a_comma_at_its_end_is_not_marked(void **state)
{
    struct view_stage *stage = with_account(2, 24, 80);

    (void)state;
    view_stage_expect(stage, "14 policemen, at least one civilian and 11 attackers killed.");
    view_stage_keys(stage, "v w w Enter");
    view_stage_type(stage, "first\r");
    expect_claim(stage, "first", "14 policemen", 14, 14, "asserted");
    view_stage_keys(stage, "G v b b Enter");
    view_stage_type(stage, "last\r");
    expect_claim(stage, "last", "attackers killed", -1, -1, "asserted");
    view_stage_free(stage);
}

static void nothing_is_claimed_without_a_mark(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    view_stage_keys(stage, "Enter");
    view_stage_expect(stage, "mark the words first");
    view_stage_keys(stage, "d");
    view_stage_expect(stage, "mark the words first");
    view_stage_keys(stage, "v w Esc Enter");
    view_stage_expect(stage, "mark the words first");
    view_stage_free(stage);
}

static void facts_of_the_entry_are_offered_first(void **state)
{
    struct view_stage *stage = with_account(2, 24, 80);

    (void)state;
    view_stage_keys(stage, "v w w Enter");
    view_stage_type(stage, "civ");
    view_stage_keys(stage, "Tab");
    view_stage_expect(stage, "civilians killed  civilians among them");
    view_stage_golden(stage, "account-fact-80x24");
    view_stage_free(stage);
}

/* At once, and with whom. */
static void a_difference_is_said_at_once(void **state)
{
    struct view_stage *stage = with_account(2, 24, 80);

    (void)state;
    view_stage_keys(stage, "v w w Enter");
    view_stage_type(stage, "building burned\r");
    view_stage_expect(stage, "≠ S1: Press House");
    view_stage_keys(stage, "m");
    view_stage_type(stage, "something else\r");
    expect_claim(stage, "something else", NULL, -1, -1, "silent");
    view_stage_expect_not(stage, "≠ S1: ");
    view_stage_free(stage);
}

static void what_was_typed_is_kept_while_it_is_asked(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    view_stage_keys(stage, "v w w w w Enter");
    view_stage_type(stage, "half a fa");
    view_stage_keys(stage, "Esc");
    view_stage_expect(stage, "marking");
    view_stage_expect(stage, "kept unfinished, not saved yet");
    view_stage_keys(stage, "Enter");
    view_stage_expect(stage, "fact: half a fa");
    view_stage_type(stage, "ct\r");
    expect_claim(stage, "half a fact", "14 law-enforcement officers", 14, 14, "asserted");
    view_stage_free(stage);
}

/* ---- Russian, and wide letters ---- */

static void add_account(struct view_stage *stage, const char *quote, uint8_t id[LW_RECORD_ID])
{
    struct lw_record entry;
    uint8_t source[LW_RECORD_ID];
    struct lw_error err = {0};

    assert_int_equal(
        lw_record_by_ref(stage->fixture->journal, LW_RECORD_ENTRY, "E02", &entry, &err), LW_OK);
    fixture_make(stage->fixture, LW_RECORD_SOURCE, source, "ref", "S9", "title", "Письмо",
                 (char *)NULL);
    fixture_make(stage->fixture, LW_RECORD_ACCOUNT, id, "entry", entry.id, "source", source,
                 "quote", quote, (char *)NULL);
    lw_record_clear(&entry);
}

static void russian_and_wide_words_are_marked_whole(void **state)
{
    struct view_stage *stage = view_stage_new(STAGE_RUSSIAN, 10, 40);
    uint8_t id[LW_RECORD_ID];
    struct lw_error err = {0};

    (void)state;
    add_account(stage, "Не менее двух человек убито; 漢字 и и\xcc\x86од.", id);
    assert_int_equal(lw_account_show(stage->tui, id, &err), LW_OK);
    lw_tui_turn(stage->tui);
    view_stage_keys(stage, "v w w w w");
    view_stage_golden(stage, "account-russian-40x10");
    view_stage_keys(stage, "Enter");
    view_stage_type(stage, "убито людей\r");
    expect_claim(stage, "убито людей", "Не менее двух человек", 2, -1, "asserted");
    view_stage_keys(stage, "w v Right Right Enter");
    view_stage_type(stage, "знаки\r");
    expect_claim(stage, "знаки", "漢字", -1, -1, "asserted");
    view_stage_keys(stage, "w w v Right Enter");
    view_stage_type(stage, "буква\r");
    expect_claim(stage, "буква", "и\xcc\x86", -1, -1, "asserted");
    view_stage_free(stage);
}

/* ---- the fact ---- */

static enum lw_status count_draft(void *context, const struct lw_draft *draft, struct lw_error *err)
{
    (void)draft;
    (void)err;
    ++*(int *)context;
    return LW_OK;
}

static int drafts(struct view_stage *stage)
{
    int count = 0;

    assert_int_equal(lw_draft_each(stage->fixture->journal, count_draft, &count, NULL), LW_OK);
    return count;
}

static void go_to_fact(struct view_stage *stage, const char *keys)
{
    view_stage_keys(stage, "Tab");
    view_stage_keys(stage, keys);
    view_stage_keys(stage, "Enter");
}

static void a_claim_is_judged_with_a_note_and_never_goes(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    go_to_fact(stage, "Down");
    view_stage_expect(stage, "≠ they differ");
    view_stage_expect(stage, "11 attackers");
    view_stage_keys(stage, "u");
    view_stage_expect(stage, "Status      superseded");
    view_stage_expect(stage, "> Note");
    view_stage_type(stage, "counted later");
    view_stage_golden(stage, "fact-judged-80x24");
    view_stage_keys(stage, "F2");
    view_stage_expect(stage, "saved: superseded");
    view_stage_expect(stage, "status: superseded");
    view_stage_expect(stage, "note: counted later");
    view_stage_expect(stage, "all insurgents");
    view_stage_expect_not(stage, "they differ");
    view_stage_golden(stage, "fact-superseded-80x24");
    view_stage_keys(stage, "r");
    view_stage_keys(stage, "F2");
    view_stage_expect(stage, "they differ");
    view_stage_expect(stage, "note: counted later");
    view_stage_keys(stage, "x Esc"); /* nothing was typed: nothing is kept */
    view_stage_expect_not(stage, "kept unfinished");
    view_stage_expect_not(stage, "conflict\n");
    assert_int_equal(drafts(stage), 0);
    view_stage_keys(stage, "Down w F2");
    view_stage_expect(stage, "status: withdrawn");
    view_stage_keys(stage, "q q q");
    view_stage_keys(stage, "q");
    open_entry(stage, "E02");
    view_stage_keys(stage, "PgDn PgDn");
    view_stage_expect(stage, "Agreed or settled");
    view_stage_expect(stage, "S2: 11 attackers [withdrawn]");
    view_stage_free(stage);
}

/* Long enough for what is typed to be kept; then no view is asked any more, and it is opened again.
 */
static void killed(struct view_stage *stage)
{
    struct lw_error err = {0};

    stage->steady_ms += 1500;
    lw_tui_turn(stage->tui);
    assert_int_equal(drafts(stage), 1);
    view_stage_keys(stage, "Esc"); /* a prompt goes with no view; nothing is left to be kept */
    lw_tui_clear(stage->tui);
    if (lw_drafts_show(stage->tui, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_tui_turn(stage->tui);
}

static enum lw_status count_reason(void *context, const struct lw_record *revision,
                                   struct lw_error *err)
{
    struct {
        const char *why;
        int count;
    } *seen = context;
    const char *why = lw_record_text(revision, "why");

    (void)err;
    seen->count += why != NULL && strcmp(why, seen->why) == 0;
    return LW_OK;
}

/* How many revisions have that reason. */
static int reasons(struct view_stage *stage, const char *why)
{
    struct {
        const char *why;
        int count;
    } seen = {why, 0};

    assert_int_equal(lw_record_each(stage->fixture->journal, LW_RECORD_REVISION, NULL, NULL,
                                    count_reason, &seen, NULL),
                     LW_OK);
    return seen.count;
}

/* Left with Esc, taken away by a kill, or by another key of the fact: it is there again. */
static void a_note_is_kept_while_it_is_typed(void **state)
{
    struct view_stage *stage = with_account(1, 10, 40);

    (void)state;
    go_to_fact(stage, "Down");
    view_stage_keys(stage, "a");
    view_stage_type(stage, "сверено по ");
    view_stage_golden(stage, "fact-note-40x10");
    killed(stage);
    view_stage_expect(stage, "сверено по");
    view_stage_type(stage, "спискам");
    view_stage_keys(stage, "Esc");
    lw_tui_turn(stage->tui);
    assert_int_equal(drafts(stage), 1);
    view_stage_free(stage);
}

static void another_judgement_goes_on_with_the_note(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    go_to_fact(stage, "Down");
    view_stage_keys(stage, "a");
    view_stage_type(stage, "half a no");
    view_stage_keys(stage, "Esc");
    view_stage_expect(stage, "kept unfinished");
    assert_int_equal(drafts(stage), 1);
    view_stage_keys(stage, "w");
    view_stage_expect(stage, "Status      withdrawn");
    view_stage_type(stage, "te");
    view_stage_keys(stage, "F2");
    view_stage_expect(stage, "status: withdrawn");
    view_stage_expect(stage, "note: half a note");
    assert_int_equal(drafts(stage), 0);
    view_stage_free(stage);
}

/* So is the reason for a claim of what is sealed, before the fact is asked for and after. */
static void a_reason_is_kept_while_it_is_typed(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);
    struct lw_record claim;

    (void)state;
    assert_int_equal(
        lw_store_exec(stage->fixture->store, "UPDATE entry SET status = 'sealed'", NULL), LW_OK);
    view_stage_keys(stage, "v w w w w Enter");
    view_stage_type(stage, "read a");
    killed(stage);
    view_stage_expect(stage, "why the claim? read a");
    view_stage_type(stage, "gain\r");
    view_stage_type(stage, "officers d");
    killed(stage);
    view_stage_expect(stage, "fact: officers d");
    view_stage_type(stage, "ead\r");
    assert_int_equal(claim_of(stage, "officers dead", &claim), 1);
    assert_string_equal(lw_record_text(&claim, "text"), "14 law-enforcement officers");
    lw_record_clear(&claim);
    assert_int_equal(reasons(stage, "read again"), 1);
    assert_int_equal(drafts(stage), 0);
    view_stage_free(stage);
}

/* The note is the reason; where none is typed the form asks for one. */
static void a_sealed_claim_is_judged_with_its_note(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    assert_int_equal(
        lw_store_exec(stage->fixture->store, "UPDATE entry SET status = 'sealed'", NULL), LW_OK);
    go_to_fact(stage, "Down");
    view_stage_keys(stage, "w F2");
    view_stage_expect(stage, "not saved: correct the field Why");
    view_stage_keys(stage, "Shift-Tab");
    view_stage_type(stage, "it called us back");
    view_stage_keys(stage, "F2");
    view_stage_expect(stage, "status: withdrawn");
    assert_int_equal(reasons(stage, "it called us back"), 1);
    view_stage_free(stage);
}

static void silence_of_a_sealed_entry_gets_a_reason(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    assert_int_equal(
        lw_store_exec(stage->fixture->store, "UPDATE entry SET status = 'sealed'", NULL), LW_OK);
    go_to_fact(stage, "Down Down Down");
    view_stage_keys(stage, "Down m");
    view_stage_expect(stage, "> Why");
    view_stage_type(stage, "read again");
    view_stage_keys(stage, "F2");
    view_stage_expect(stage, "silent: it does not mention this");
    assert_int_equal(drafts(stage), 0);
    view_stage_free(stage);
}

static void silence_is_recorded_only_where_nothing_is_claimed(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    go_to_fact(stage, "Down Down Down");
    view_stage_expect(stage, "E02  building burned");
    view_stage_expect(stage, "nothing is recorded about it");
    view_stage_expect_not(stage, "they differ");
    view_stage_keys(stage, "m");
    view_stage_expect(stage, "a claim of this account is recorded already");
    view_stage_keys(stage, "Down m");
    view_stage_expect(stage, "silent: it does not mention this");
    view_stage_expect(stage, "they differ");
    view_stage_expect(stage, "saved; ≠ S1: Press House");
    view_stage_free(stage);
}

static void a_later_account_supersedes_when_it_is_told_to(void **state)
{
    struct view_stage *stage = with_account(2, 24, 80);
    struct lw_record claim;
    struct lw_error err = {0};
    uint8_t id[LW_RECORD_ID] = {0x10};

    (void)state;
    id[13] = 0x02;
    id[14] = 0x02;
    id[15] = 0x01;
    go_to_fact(stage, "Down");
    view_stage_keys(stage, "q u");
    view_stage_expect(stage, "superseded: 1 earlier claim; kept");
    assert_int_equal(lw_record_get(stage->fixture->journal, LW_RECORD_CLAIM, id, &claim, &err),
                     LW_OK);
    assert_string_equal(lw_record_text(&claim, "status"), "superseded");
    assert_string_equal(lw_record_text(&claim, "text"), "all insurgents");
    lw_record_clear(&claim);
    view_stage_keys(stage, "u");
    view_stage_expect(stage, "no earlier account says otherwise");
    view_stage_free(stage);
}

/* The other way round nothing is offered. */
static void an_earlier_account_supersedes_nothing(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    go_to_fact(stage, "Down");
    view_stage_keys(stage, "q u");
    view_stage_expect(stage, "no earlier account says otherwise");
    view_stage_free(stage);
}

static void facts_follow_each_other(void **state)
{
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    go_to_fact(stage, "");
    view_stage_expect(stage, "E02  civilians killed");
    view_stage_keys(stage, "[");
    view_stage_expect(stage, "this is the first fact");
    view_stage_keys(stage, "] ]");
    view_stage_expect(stage, "E02  police killed");
    view_stage_keys(stage, "Left");
    view_stage_expect(stage, "E02  insurgents killed");
    view_stage_keys(stage, "Right Right Right");
    view_stage_expect(stage, "this is the last fact");
    view_stage_free(stage);
}

static void it_stands_beside_where_there_is_room(void **state)
{
    struct view_stage *stage = with_account(1, 24, 110);

    (void)state;
    view_stage_keys(stage, "v w w w");
    view_stage_golden(stage, "account-110x24");
    view_stage_keys(stage, "Esc");
    go_to_fact(stage, "");
    view_stage_golden(stage, "fact-110x24");
    view_stage_free(stage);
}

static void any_size_is_stood(void **state)
{
    static const int sizes[][2] = {{1, 1},    {5, 20},  {10, 40},  {12, 100},
                                   {24, 200}, {200, 7}, {90, 300}, {24, 80}};
    struct view_stage *stage = with_account(1, 24, 80);

    (void)state;
    for (int deep = 0; deep < 2; deep++) {
        for (size_t i = 0; i < LW_COUNT_OF(sizes); i++) {
            view_stage_resize(stage, sizes[i][0], sizes[i][1]);
            view_stage_keys(stage, "Down PgDn G g v w PgUp Up Tab Down Tab Esc");
        }
        if (deep == 0)
            go_to_fact(stage, "Down");
    }
    view_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marked_words_become_a_claim),
        cmocka_unit_test(a_sealed_entry_asks_for_a_reason),
        cmocka_unit_test(words_are_marked_in_either_direction),
        cmocka_unit_test(a_comma_at_its_end_is_not_marked),
        cmocka_unit_test(nothing_is_claimed_without_a_mark),
        cmocka_unit_test(facts_of_the_entry_are_offered_first),
        cmocka_unit_test(a_difference_is_said_at_once),
        cmocka_unit_test(what_was_typed_is_kept_while_it_is_asked),
        cmocka_unit_test(russian_and_wide_words_are_marked_whole),
        cmocka_unit_test(a_claim_is_judged_with_a_note_and_never_goes),
        cmocka_unit_test(a_note_is_kept_while_it_is_typed),
        cmocka_unit_test(another_judgement_goes_on_with_the_note),
        cmocka_unit_test(a_reason_is_kept_while_it_is_typed),
        cmocka_unit_test(a_sealed_claim_is_judged_with_its_note),
        cmocka_unit_test(silence_of_a_sealed_entry_gets_a_reason),
        cmocka_unit_test(silence_is_recorded_only_where_nothing_is_claimed),
        cmocka_unit_test(a_later_account_supersedes_when_it_is_told_to),
        cmocka_unit_test(an_earlier_account_supersedes_nothing),
        cmocka_unit_test(facts_follow_each_other),
        cmocka_unit_test(it_stands_beside_where_there_is_room),
        cmocka_unit_test(any_size_is_stood),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
