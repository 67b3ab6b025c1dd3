/* The history of an entry, with everything that hangs on it, in words. */
#include "app.h"
#include "journal_fixture.h"

static enum lw_status add_line(void *context, const struct lw_history_line *line,
                               struct lw_error *err)
{
    static const char *const indent[] = {"", "  ", "    "};
    struct lw_buf *out = context;

    (void)err;
    for (size_t i = 0; i < line->marks; i++) {
        const struct lw_history_mark *mark = &line->mark[i];

        assert_true(mark->at + mark->len <= line->len);
        assert_memory_equal(line->text + mark->at, mark->added ? "{+" : "[-", 2);
        assert_memory_equal(line->text + mark->at + mark->len - 2, mark->added ? "+}" : "-]", 2);
    }
    assert_int_equal(lw_buf_addf(out, "%s%s\n", indent[line->part], line->text), LW_OK);
    return LW_OK;
}

static void says(struct fixture *fixture, const char *ref, const char *expected)
{
    struct lw_buf text = LW_BUF_INIT;
    struct lw_record record;
    struct lw_error err = {0};

    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, ref, &record, &err),
                     LW_OK);
    if (lw_history_say(fixture->journal, &fixture_clock, &record, add_line, &text, &err) != LW_OK)
        fail_msg("%s", err.text);
    assert_string_equal(lw_buf_text(&text), expected);
    lw_buf_free(&text);
    lw_record_clear(&record);
}

static void change(struct fixture *fixture, enum lw_record_type type, const uint8_t *id,
                   const char *field, const void *value, const char *why)
{
    struct lw_record record;
    struct lw_error err = {0};

    assert_int_equal(lw_record_get(fixture->journal, type, id, &record, &err), LW_OK);
    if (value == NULL)
        record.value[lw_field_find(type, field)].set = false;
    else
        fixture_set(&record, field, value);
    assert_int_equal(lw_journal_begin(fixture->journal, &err), LW_OK);
    assert_int_equal(lw_record_put(fixture->journal, &record, why, &err), LW_OK);
    assert_int_equal(lw_journal_commit(fixture->journal, &err), LW_OK);
    lw_record_clear(&record);
}

static void test_entry(void **state)
{
    struct fixture *fixture = *state;
    uint8_t entry[LW_RECORD_ID], place[LW_RECORD_ID], source[LW_RECORD_ID], account[LW_RECORD_ID];
    uint8_t claim[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PLACE, place, "name", "Грозный", (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, source, "ref", "S1", "title", "letter", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E11", "title", "Офис сгорел", "kind",
                 "arson", "when", "2014-12-13", "status", "draft", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, account, "entry", entry, "source", source, "quote",
                 "in the evening", (char *)NULL);
    fixture_make(fixture, LW_RECORD_CLAIM, claim, "account", account, "fact", "time", "text",
                 "evening", "stance", "asserted", "status", "open", (char *)NULL);
    fixture_entry(fixture, NULL, "E12", NULL, "another one");
    change(fixture, LW_RECORD_ENTRY, entry, "title", "Офис в городе сгорел", "found out");
    change(fixture, LW_RECORD_ENTRY, entry, "when", "2014-12-13 evening", NULL);
    change(fixture, LW_RECORD_ENTRY, entry, "place", place, NULL);
    change(fixture, LW_RECORD_ACCOUNT, account, "quote", NULL, "was a paraphrase");
    change(fixture, LW_RECORD_CLAIM, claim, "status", "superseded", NULL);
    says(fixture, "E11",
         "2014-12-16 12:00 +03:00  by tester\n"
         "  new: E11 \"Офис в городе сгорел\"\n"
         "    kind: arson\n"
         "    title: Офис сгорел\n"
         "    when: 13 December 2014\n"
         "    status: draft\n"
         "  new: account of S1 in E11\n"
         "    source: S1 \"letter\"\n"
         "    quote: in the evening\n"
         "  new: claim \"time\" of S1 in E11\n"
         "    text: evening\n"
         "    stance: asserted\n"
         "    status: open\n"
         "2014-12-16 12:00 +03:00  by tester: found out\n"
         "  changed: E11 \"Офис в городе сгорел\"\n"
         "    title: Офис {+в городе +}сгорел\n"
         "2014-12-16 12:00 +03:00  by tester\n"
         "  changed: E11 \"Офис в городе сгорел\"\n"
         "    when: [-13 December 2014-] {+13 December 2014, evening+}\n"
         "  changed: E11 \"Офис в городе сгорел\"\n"
         "    place: {+Грозный+}\n"
         "2014-12-16 12:00 +03:00  by tester: was a paraphrase\n"
         "  changed: account of S1 in E11\n"
         "    quote: [-in the evening-]\n"
         "2014-12-16 12:00 +03:00  by tester\n"
         "  changed: claim \"time\" of S1 in E11\n"
         "    status: [-open-] {+superseded+}\n");
}

/* Of a long text that stays only the edges beside what was changed are shown. */
static void test_long_text(void **state)
{
    struct fixture *fixture = *state;
    struct lw_buf before = LW_BUF_INIT, after = LW_BUF_INIT, text = LW_BUF_INIT;
    uint8_t entry[LW_RECORD_ID];
    struct lw_record record;

    for (int i = 0; i < 100; i++) {
        assert_int_equal(lw_buf_addf(&before, "слово%d ", i), LW_OK);
        assert_int_equal(lw_buf_addf(&after, i == 50 ? "другое " : "слово%d ", i), LW_OK);
    }
    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E01", "title", "x", "status", "draft",
                 "narrative", before.data, (char *)NULL);
    change(fixture, LW_RECORD_ENTRY, entry, "narrative", after.data, NULL);
    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_ENTRY, entry, &record, NULL), LW_OK);
    assert_int_equal(
        lw_history_say(fixture->journal, &fixture_clock, &record, add_line, &text, NULL), LW_OK);
    assert_non_null(strstr(text.data, before.data)); /* as it was first: whole */
    assert_non_null(strstr(text.data, "narrative: … слово4"));
    assert_non_null(strstr(text.data, "слово49 [-слово50-]{+другое+} слово51 "));
    assert_non_null(strstr(text.data, " …\n"));
    lw_record_clear(&record);
    lw_buf_free(&before);
    lw_buf_free(&after);
    lw_buf_free(&text);
}

/* A journal that was tampered with is shown all the same, and says so. */
static void test_tampered(void **state)
{
    struct fixture *fixture = *state;
    uint8_t entry[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_ENTRY, entry, "ref", "E01", "title", "x", "status", "draft",
                 (char *)NULL);
    change(fixture, LW_RECORD_ENTRY, entry, "title", "y", NULL);
    assert_int_equal(
        lw_store_exec(fixture->store,
                      "UPDATE revision SET changes = '{\"title\":[' WHERE sequence = 2", NULL),
        LW_OK);
    says(fixture, "E01",
         "2014-12-16 12:00 +03:00  by tester\n"
         "  new: E01 \"y\"\n"
         "    what it said first cannot be told: its revisions do not agree\n"
         "  changed: E01 \"y\"\n"
         "    what was changed cannot be read; lapwing check tells more\n");
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_JOURNAL(test_entry),
        IN_JOURNAL(test_long_text),
        IN_JOURNAL(test_tampered),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
