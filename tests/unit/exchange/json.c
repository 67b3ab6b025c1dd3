/* The journal as JSON, out and in; as CSV, out. */
#include "exchange.h"
#include "journal_fixture.h"

#include <stdio.h>

/* ---- helpers ---- */

static enum lw_status gather(void *context, const char *data, size_t len, struct lw_error *err)
{
    (void)err;
    return lw_buf_add(context, data, len);
}

static struct lw_buf exported(struct fixture *fixture, bool revisions)
{
    struct lw_buf out = LW_BUF_INIT;
    const struct lw_sink sink = {gather, &out};
    struct lw_error err = {0};

    if (lw_export_json(fixture->journal, revisions, &sink, &err) != LW_OK)
        fail_msg("%s", err.text);
    return out;
}

static void export_is(struct fixture *fixture, bool revisions, const char *expected)
{
    struct lw_buf out = exported(fixture, revisions);

    assert_string_equal(lw_buf_text(&out), expected);
    lw_buf_free(&out);
}

static struct lw_import_report import(struct fixture *fixture, const char *text)
{
    struct lw_import_report report;
    struct lw_error err = {0};

    memset(&report, 0xff, sizeof(report));
    if (lw_import_json(fixture->journal, text, strlen(text), false, &report, &err) != LW_OK)
        fail_msg("%s", err.text);
    return report;
}

static void refused(struct fixture *fixture, const char *text, size_t len, const char *part)
{
    struct lw_import_report report = {{77}, {77}};
    struct lw_error err = {0};
    struct lw_buf before = exported(fixture, true);

    assert_int_equal(lw_import_json(fixture->journal, text, len, false, &report, &err),
                     LW_BAD_DATA);
    assert_int_equal(err.status, LW_BAD_DATA);
    if (strstr(err.text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, err.text);
    assert_null(strchr(err.text, '\n'));
    assert_int_equal(report.added[0], 77);
    export_is(fixture, true, lw_buf_text(&before));
    lw_buf_free(&before);
}

static struct fixture *another(void)
{
    void *state;

    fixture_open(&state);
    return state;
}

static void drop(struct fixture *fixture)
{
    void *state = fixture;

    fixture_close(&state);
}

#define HEAD    "{\"lapwing\":\"journal\",\"version\":1"
#define ID(two) "000000000000000000000000000000" two

/* Every type but revisions, forward and backward references, arrays in no order, spread lines. */
static const char
    sample[] = HEAD ",\n"
                    "\"kinds\":[{\"id\":\"" ID(
                        "d1") "\",\"name\":\"water_cut\",\"definition\":"
                              "\"[water_cut]\\nlabel = water cut\\n\"}],\n"
"\"filters\":[{\"id\":\"" ID("f1") "\",\"name\":\"weekly\",\"text\":\"-office\"}],\n"
                              "\"accounts\":[{\"source\":\"" ID("51") "\",\"entry\":\"" ID("e2") "\",\"id\":\"" ID(
                                  "a1") "\","
                                        "\"quote\":\"“at least one” armed\",\"credibility\":2}],\n"
                                        "\"entries\":[\n"
                                        " {\"id\":\"" ID(
                                            "e1") "\",\"ref\":\"E09\",\"title\":\"attempted "
                                                  "break-in\",\n"
                                                  "  \"parent\":\"" ID(
                                                      "e3") "\",\"status\":\"sealed\",\"when\":"
                                                            "\"2014-12-13\",\n"
                                                            "  "
                                                            "\"recorded_at\":\"2014-12-16T09:00:"
                                                            "00Z\"},\n"
                                                            " {\"id\":\"" ID(
                                                                "e2") "\",\"title\":\"staff "
                                                                      "evacuate\",\"status\":"
                                                                      "\"draft\",\n"
                                                                      "  \"place\":\"" ID("b1") "\""
                                                                                                ","
                                                                                                "\""
                                                                                                "pa"
                                                                                                "re"
                                                                                                "nt"
                                                                                                "\""
                                                                                                ":"
                                                                                                "\"" ID("e1") "\"},\n"
                                                                                                              " {\"id\":\"" ID("e3") "\",\"ref\":\"E01\",\"title\":\"context\",\"status\":\"draft\",\n"
                                                                                                                                     "  \"incident\":\"" ID("1c") "\",\"when\":\"2009~/..\",\"confidentiality\":\"internal\"}],\n"
                                                                                                                                                                  "\"precedences\":[{\"id\":\"" ID("f1") "\",\"earlier\":\"" ID("e1") "\",\"later\":\"" ID("e2") "\",\"kind\":\"not_after\",\"account\":\"" ID("a1") "\"}],\n"
                                                                                                                                                                                                                                                                                                                     "\"places\":[{\"id\":\"" ID("b1") "\",\"name\":\"office\",\"parent\":\"" ID("b2") "\"},\n"
                                                                                                                                                                                                                                                                                                                                                                                                       " {\"id\":\"" ID(
                                                                                                                                                                                                                                                                                                                                                                                                           "b2") "\",\"name\":\"Grozny\",\"latitude\":43.31,\"longitude\":45.7,"
                                                                                                                                                                                                                                                                                                                                                                                                                 "\"precision\":0}],\n"
                                                                                                                                                                                                                                                                                                                                                                                                                 "\"parties\":[{\"id\":\"" ID(
                                                                                                                                                                                                                                                                                                                                                                                                                     "d1") "\",\"kind\":\"group\",\"name\":\"JMG\","
                                                                                                                                                                                                                                                                                                                                                                                                                           "\"protected\":false}],\n"
                                                                                                                                                                                                                                                                                                                                                                                                                           "\"names\":[{\"id\":\"" ID(
                                                                                                                                                                                                                                                                                                                                                                                                                               "d2") "\",\"party\":\"" ID("d1") "\",\"text\":\"Сводная группа\","
                                                                                                                                                                                                                                                                                                                                                                                                                                                                "\"script\":\"Cyrl\",\"kind\":\"legal\"}],\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                "\"sources\":[{\"id\":\"" ID(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "51") "\",\"title\":\"letter\"}],\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                          "\"incidents\":[{\"id\":\"" ID(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                              "1C") "\",\"title\":\"Grozny\",\"status\":\"open\"}],\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "\"claims\":[{\"id\":\"" ID("c1") "\",\"account\":\"" ID("a1") "\",\"fact\":\"armed\","
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   "\"min\":1,\"stance\":\"asserted\",\"status\":\"open\"}],\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   "\"items\":[{\"id\":\"" ID("71") "\",\"entry\":\"" ID("e2") "\",\"kind\":\"seized\","
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                               "\"description\":\"a \\u202e b\",\"owner\":\"" ID(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   "d1") "\"}],\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         "\"fields\":[{\"id\":\"" ID("72") "\",\"entry\":\"" ID("e2") "\",\"key\":\"demand\"}],\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                      "\"participations\":[{\"id\":\"" ID("73") "\",\"entry\":\"" ID("e2") "\",\"party\":\"" ID(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          "d1") "\",\"role\":\"victim\"}],\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                "\"links\":[{\"id\":\"" ID("74") "\",\"from\":\"" ID("e1") "\",\"to\":\"" ID(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "e2") "\",\"kind\":\"causes\"}],\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          "\"tasks\":[{\"id\":\"" ID(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              "75") "\",\"title\":\"call\",\"done\":true}]\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "}";

/* ---- there and back ---- */

static void test_empty(void **state)
{
    struct fixture *fixture = *state;
    struct lw_import_report report = import(fixture, HEAD "}");

    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++)
        assert_int_equal(report.added[type] + report.unchanged[type], 0);
    export_is(fixture, true, HEAD "}\n");
}

static void test_canonical(void **state)
{
    struct fixture *fixture = *state;

    import(fixture,
           HEAD ",\"parties\":[{\"name\":\"B\",\"id\":\"" ID(
               "02") "\",\"kind\":\"group\"},\n"
                     "{\"id\":\"" ID(
                         "01") "\",\"kind\":\"unit\",\"name\":\"A\"}], \"incidents\" : []}");
    export_is(fixture, false,
              HEAD ",\n\"parties\":[\n"
                   "{\"id\":\"" ID("01") "\",\"kind\":\"unit\",\"name\":\"A\"},\n"
                                         "{\"id\":\"" ID(
                                             "02") "\",\"kind\":\"group\",\"name\":\"B\"}\n]}\n");
}

static void test_round_trip(void **state)
{
    struct fixture *fixture = *state;
    struct fixture *second = another();
    struct lw_import_report report = import(fixture, sample);
    struct lw_buf first = exported(fixture, true);
    struct lw_journal_check check;

    for (int type = 0; type < LW_RECORD_REVISION; type++)
        assert_true(report.added[type] >= 1);
    assert_int_equal(report.added[LW_RECORD_ENTRY], 3);
    report = import(second, lw_buf_text(&first));
    assert_int_equal(report.added[LW_RECORD_ENTRY], 3);
    assert_int_equal(report.added[LW_RECORD_REVISION], 20);
    export_is(second, true, lw_buf_text(&first));
    assert_int_equal(lw_journal_check(second->journal, &check, NULL), LW_OK);
    assert_int_equal(check.bad, 0);
    assert_int_equal(check.records, 19);
    lw_buf_free(&first);
    first = exported(fixture, false);
    export_is(second, false, lw_buf_text(&first));
    assert_null(strstr(lw_buf_text(&first), "revisions"));
    lw_buf_free(&first);
    drop(second);
}

static int64_t changed_rows(struct fixture *fixture)
{
    struct lw_stmt *stmt;
    int64_t rows;

    assert_int_equal(lw_store_prepare(fixture->store, "SELECT total_changes()", &stmt, NULL),
                     LW_OK);
    assert_int_equal(lw_stmt_step(stmt, NULL), LW_OK);
    rows = lw_stmt_int(stmt, 0);
    lw_stmt_reset(stmt);
    return rows;
}

static void test_twice(void **state)
{
    struct fixture *fixture = *state;
    struct lw_import_report report = import(fixture, sample);
    struct lw_buf before = exported(fixture, true);
    int64_t rows = changed_rows(fixture);

    report = import(fixture, sample);
    assert_int_equal(report.unchanged[LW_RECORD_ENTRY], 3);
    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++)
        assert_int_equal(report.added[type], 0);
    report = import(fixture, lw_buf_text(&before));
    assert_int_equal(report.unchanged[LW_RECORD_REVISION], 20);
    for (int type = 0; type < LW_RECORD_TYPE_COUNT; type++)
        assert_int_equal(report.added[type], 0);
    assert_int_equal(changed_rows(fixture), rows);
    export_is(fixture, true, lw_buf_text(&before));
    lw_buf_free(&before);
}

/* A newer export of the same journal brings what is new, its chain goes on. */
static void test_newer(void **state)
{
    struct fixture *fixture = *state;
    struct fixture *second = another();
    struct lw_buf file;
    struct lw_import_report report;

    import(fixture, sample);
    file = exported(fixture, true);
    import(second, lw_buf_text(&file));
    lw_buf_free(&file);
    fixture_entry(fixture, NULL, "E50", "2014-12-14", "search");
    file = exported(fixture, true);
    report = import(second, lw_buf_text(&file));
    assert_int_equal(report.added[LW_RECORD_ENTRY], 1);
    assert_int_equal(report.added[LW_RECORD_REVISION], 1);
    export_is(second, true, lw_buf_text(&file));
    lw_buf_free(&file);
    drop(second);
}

static void test_dry_run(void **state)
{
    struct fixture *fixture = *state;
    struct lw_import_report report;
    struct lw_error err = {0};
    static const char circle[] = HEAD ",\"entries\":[{\"id\":\"" ID(
        "e1") "\",\"title\":\"a\",\"status\":\"draft\"},"
              "{\"id\":\"" ID(
                  "e2") "\",\"title\":\"b\",\"status\":\"draft\"}],"
                        "\"precedences\":[{\"id\":\"" ID("f1") "\",\"earlier\":\"" ID(
                            "e1") "\",\"later\":\"" ID("e2") "\",\"kind\":\"before\"},{\"id\":"
                                                             "\"" ID(
                                                                 "f2") "\",\"earlier\":"
                                                                       "\"" ID(
                                                                           "e2") "\","
                                                                                 "\"lat"
                                                                                 "er\":"
                                                                                 "\"" ID(
                                                                                     "e1") "\","
                                                                                           "\"kind"
                                                                                           "\":"
                                                                                           "\"befor"
                                                                                           "e\"}]}";

    assert_int_equal(lw_import_json(fixture->journal, sample, strlen(sample), true, &report, &err),
                     LW_OK);
    assert_int_equal(report.added[LW_RECORD_ENTRY], 3);
    export_is(fixture, true, HEAD "}\n");
    assert_int_equal(lw_import_json(fixture->journal, circle, strlen(circle), true, &report, &err),
                     LW_BAD_DATA);
    assert_non_null(strstr(err.text, "E01 and E02 are each said to be before"));
    refused(fixture, circle, strlen(circle), "E01 and E02 are each said to be before");
}

static void test_bom(void **state)
{
    struct fixture *fixture = *state;

    import(fixture, "\xEF\xBB\xBF" HEAD "}");
    refused(fixture, "\xEF\xBB\xBF", 3, "empty");
}

/* ---- references that are counted up ---- */

static const char *ref_of(struct fixture *fixture, uint8_t last, char ref[16])
{
    uint8_t id[LW_RECORD_ID] = {0};
    struct lw_record record;

    id[15] = last;
    assert_int_equal(lw_record_get(fixture->journal, LW_RECORD_ENTRY, id, &record, NULL), LW_OK);
    snprintf(ref, 16, "%s", lw_record_text(&record, "ref"));
    lw_record_clear(&record);
    return ref;
}

static void test_counted_up(void **state)
{
    struct fixture *fixture = *state;
    char ref[16];

    /* the first has none, and a child with one stands before the parent without */
    import(fixture, HEAD
           ",\"entries\":["
           "{\"id\":\"" ID(
               "e1") "\",\"title\":\"a\",\"status\":\"draft\"},"
                     "{\"id\":\"" ID(
                         "e2") "\",\"ref\":\"E01\",\"title\":\"b\","
                               "\"status\":\"draft\",\"parent\":\"" ID(
                                   "e3") "\"},"
                                         "{\"id\":\"" ID(
                                             "e3") "\",\"title\":\"c\",\"status\":\"draft\"}]}");
    assert_string_equal(ref_of(fixture, 0xe1, ref), "E02");
    assert_string_equal(ref_of(fixture, 0xe2, ref), "E01");
    assert_string_equal(ref_of(fixture, 0xe3, ref), "E03");
}

/* ---- what is refused ---- */

static void test_not_json(void **state)
{
    static const struct {
        const char *text, *part;
    } bad[] = {
        {"", "the file is empty"},
        {"[]", "not a journal of Lapwing"},
        {"{}", "not a journal of Lapwing"},
        {"{\"lapwing\":\"diary\",\"version\":1}", "not a journal of Lapwing"},
        {"{\"lapwing\":\"journal\"}", "\"version\" must be the number 1"},
        {"{\"lapwing\":\"journal\",\"version\":\"1\"}", "\"version\" must be the number 1"},
        {"{\"lapwing\":\"journal\",\"version\":2}", "version 2"},
        {HEAD ",\"entries\":[", "line 1, column 44: the file ends in the middle"},
        {HEAD ",\n\"entries\":[}]}", "line 2, column 12: this is not JSON"},
        {HEAD ",\"version\":1}", "line 1, column 42: a member is there twice"},
        {HEAD "} x", "something stands behind the end"},
        {HEAD ",\"entries\":[{\"title\":\"a\xff\"}]}", "this is not UTF-8"},
        {HEAD ",\"entries\":[{\"title\":\"a\\u0000\"}]}", "NUL"},
        {HEAD ",\"entrys\":[]}", "the member \"entrys\" is not known"},
        {HEAD ",\"entries\":{}}", "\"entries\" must be a list"},
    };

    for (size_t i = 0; i < LW_COUNT_OF(bad); i++)
        refused(*state, bad[i].text, strlen(bad[i].text), bad[i].part);
    refused(*state, HEAD "}\0", strlen(HEAD) + 2, "line 1");
}

/* The sample cut at any byte is refused, and nothing of it is there. */
static void test_cut(void **state)
{
    for (size_t len = 1; len < strlen(sample); len += 7)
        refused(*state, sample, len, "line ");
}

#define ENTRY(members) HEAD ",\"entries\":[{" members "}]}"
#define GOOD           "\"id\":\"" ID("e1") "\",\"ref\":\"E11\",\"title\":\"x\",\"status\":\"draft\""

static void test_bad_records(void **state)
{
    static const struct {
        const char *text, *part;
    } bad[] = {
        {HEAD ",\"entries\":[7]}", "entries[0]: must be an object"},
        {ENTRY("\"title\":\"x\""), "entries[0]: has no \"id\""},
        {ENTRY("\"id\":7"), "entries[0]: field \"id\": must be 32 hexadecimal digits"},
        {ENTRY("\"id\":\"e1\",\"ref\":\"E11\""), "entries[0] (E11): field \"id\": must be 32"},
        {ENTRY(GOOD ",\"colour\":1"), "entries[0] (E11): field \"colour\": is not known"},
        {ENTRY(GOOD ",\"hedge\":null"), "entries[0] (E11): field \"hedge\": is null"},
        {ENTRY(GOOD ",\"hedge\":7"), "entries[0] (E11): field \"hedge\": must be a text"},
        {ENTRY(GOOD ",\"hedge\":\"\""), "entries[0]: entry E11, field \"hedge\": is empty"},
        {ENTRY(GOOD ",\"when\":\"2014-13-01\""), "entries[0]: entry E11, field \"when\": "},
        {ENTRY(GOOD ",\"duration_min\":1.5"), "field \"duration_min\": must be a whole number"},
        {ENTRY(GOOD ",\"duration_min\":\"1\""), "field \"duration_min\": must be a whole number"},
        {ENTRY(GOOD ",\"duration_min\":-1"), "field \"duration_min\": must be from 0"},
        {ENTRY(GOOD ",\"duration_min\":99999999999999999999"), "this number is too large"},
        {ENTRY(GOOD ",\"recorded_at\":\"2014-12-16\""), "must be an instant"},
        {ENTRY(GOOD ",\"recorded_at\":1418720400"), "must be an instant"},
        {ENTRY(GOOD ",\"place\":\"Grozny\""), "field \"place\": must be the id of a record"},
        {ENTRY(GOOD ",\"place\":\"" ID("b1") "\""),
         "entries[0]: entry E11, field \"place\": refers to a record (place) that is not there"},
        {ENTRY(GOOD ",\"parent\":\"" ID("e9") "\""), "field \"parent\": refers to a record"},
        {ENTRY(GOOD ",\"parent\":\"" ID("e1") "\""), "field \"parent\": leads back"},
        {ENTRY("\"id\":\"" ID("e1") "\",\"ref\":\"E11\",\"status\":\"draft\""),
         "entry E11, field \"title\": is missing"},
        {ENTRY("\"id\":\"" ID("e1") "\",\"title\":\"x\",\"status\":\"open\""),
         "field \"status\": must be one of draft, sealed"},
        {ENTRY(GOOD "},{" GOOD), "entries[1] (E11): field \"id\": is the one of entries[0] too"},
        {ENTRY(GOOD "},{\"id\":\"" ID("e2") "\",\"ref\":\"e11\",\"title\":\"y\","
                                            "\"status\":\"draft\""),
         "entries[1]: entry e11, field \"ref\": is given to another entry"},
        {ENTRY(GOOD ",\"parent\":\"" ID("e2") "\"},{\"id\":\"" ID(
             "e2") "\",\"title\":\"y\","
                   "\"status\":\"draft\",\"parent\":\"" ID("e1") "\""),
         "field \"parent\": leads back"},
        {HEAD ",\"parties\":[{\"id\":\"" ID("d1") "\",\"kind\":\"group\",\"name\":\"x\","
                                                  "\"protected\":1}]}",
         "parties[0]: field \"protected\": must be true or false"},
        {HEAD ",\"places\":[{\"id\":\"" ID("b1") "\",\"name\":\"x\",\"latitude\":\"43\"}]}",
         "places[0]: field \"latitude\": must be a number"},
    };

    for (size_t i = 0; i < LW_COUNT_OF(bad); i++)
        refused(*state, bad[i].text, strlen(bad[i].text), bad[i].part);
}

static void test_other_content(void **state)
{
    static const char other[] = ENTRY(
        "\"id\":\"" ID("e3") "\",\"ref\":\"E01\",\"title\":\"something else\",\"status\":\"draft\","
                             "\"incident\":\"" ID(
                                 "1c") "\",\"when\":\"2009~/..\",\"confidentiality\":\"internal\"");
    static const char less[] =
        ENTRY("\"id\":\"" ID("e3") "\",\"ref\":\"E01\",\"title\":\"context\",\"status\":\"draft\","
                                   "\"incident\":\"" ID("1c") "\",\"when\":\"2009~/..\"");

    import(*state, sample);
    refused(*state, other, strlen(other),
            "entries[0] (E01): field \"title\": the record is there already");
    refused(*state, less, strlen(less),
            "entries[0] (E01): field \"confidentiality\": the record is there already");
}

/* ---- chains ---- */

/* Replaces every `from` by `to` of the same or another length. */
static struct lw_buf replaced(const char *text, const char *from, const char *to)
{
    struct lw_buf out = LW_BUF_INIT;
    const char *at;

    assert_non_null(strstr(text, from));
    while ((at = strstr(text, from)) != NULL) {
        assert_int_equal(lw_buf_add(&out, text, (size_t)(at - text)), LW_OK);
        assert_int_equal(lw_buf_adds(&out, to), LW_OK);
        text = at + strlen(from);
    }
    assert_int_equal(lw_buf_adds(&out, text), LW_OK);
    return out;
}

static void altered_is_refused(const char *text, const char *from, const char *to, const char *part)
{
    struct fixture *second = another();
    struct lw_buf file = replaced(text, from, to);

    refused(second, file.data, file.len, part);
    lw_buf_free(&file);
    drop(second);
}

/* The export without the line that holds `part`. */
static struct lw_buf without_line(const char *text, const char *part)
{
    struct lw_buf out = LW_BUF_INIT;
    const char *at = strstr(text, part);
    const char *start = at;

    assert_non_null(at);
    while (start[-1] != '\n')
        start--;
    at = strchr(at, '\n') + 1;
    assert_int_equal(lw_buf_add(&out, text, (size_t)(start - text)), LW_OK);
    assert_int_equal(lw_buf_adds(&out, at), LW_OK);
    return out;
}

static void test_broken_chains(void **state)
{
    struct fixture *fixture = *state;
    struct fixture *second = another();
    struct lw_buf file;
    struct lw_buf cut;

    import(fixture, sample);
    file = exported(fixture, true);
    altered_is_refused(file.data, "attempted break-in", "break-in",
                       "entries[0] (E09): is not what its last revision says");
    altered_is_refused(file.data, "\"by\":\"tester\"", "\"by\":\"nobody\"", "hash does not match");
    altered_is_refused(file.data, "\"sequence\":3,", "\"sequence\":30,", "hash does not match");
    altered_is_refused(file.data, "\"tasks\":[\n", "\"tasks\":[],\"claims\":[\n", "is there twice");
    cut = without_line(file.data, "\"sequence\":3,");
    refused(second, cut.data, cut.len, "revision 3 of journal ");
    refused(second, cut.data, cut.len, ".. is missing");
    lw_buf_free(&cut);
    cut = without_line(file.data, "\"sequence\":1,");
    refused(second, cut.data, cut.len, "revision 1 of journal ");
    lw_buf_free(&cut);
    cut = without_line(file.data, "\"ref\":\"E09\"");
    refused(second, cut.data, cut.len, "its record is not in the file");
    lw_buf_free(&cut);
    lw_buf_free(&file);
    drop(second);
}

/* Two copies of one journal that were both written to do not go together. */
static void test_went_apart(void **state)
{
    struct fixture *fixture = *state;
    struct fixture *second = another();
    struct lw_buf file;
    struct lw_buf whole;

    import(fixture, sample);
    file = exported(fixture, true);
    import(second, file.data);
    lw_buf_free(&file);
    assert_int_equal(lw_store_exec(second->store,
                                   "INSERT INTO journal(id) SELECT journal FROM revision LIMIT 1",
                                   NULL),
                     LW_OK);
    fixture_entry(fixture, NULL, "E60", NULL, "here");
    fixture_entry(second, NULL, "E61", NULL, "there");
    whole = exported(fixture, true);
    refused(second, whole.data, whole.len, "another one is there already");
    lw_buf_free(&whole);
    drop(second);
}

/* Journals of two laptops: each keeps its chain, and both are whole. */
static void test_merge(void **state)
{
    struct fixture *fixture = *state;
    struct fixture *second = another();
    struct lw_journal_check check;
    struct lw_buf file;

    import(fixture, sample);
    fixture_entry(second, NULL, "K01", "2014-12-14", "elsewhere");
    file = exported(fixture, true);
    import(second, file.data);
    lw_buf_free(&file);
    fixture_entry(second, NULL, "K02", "2014-12-15", "later");
    assert_int_equal(lw_journal_check(second->journal, &check, NULL), LW_OK);
    assert_string_equal(check.first_bad, "");
    assert_int_equal(check.revisions, 22);
    file = exported(second, true);
    import(fixture, file.data);
    export_is(fixture, true, file.data);
    lw_buf_free(&file);
    drop(second);
}

/* What was sealed here is not changed by a file that gives no reason. */
static void test_sealed(void **state)
{
    struct fixture *fixture = *state;
    struct fixture *second = another();
    struct lw_buf file;
    uint8_t entry[LW_RECORD_ID];

    fixture_entry(fixture, entry, "E01", "2014-12-13", "fire");
    assert_int_equal(lw_entry_seal(fixture->journal, entry, NULL), LW_OK);
    file = exported(fixture, true);
    import(second, file.data);
    lw_buf_free(&file);
    assert_int_equal(lw_store_exec(fixture->store, "UPDATE entry SET status = 'draft'", NULL),
                     LW_OK);
    fixture_make(fixture, LW_RECORD_FIELD, NULL, "entry", entry, "key", "warrant", "text", "no",
                 (char *)NULL);
    assert_int_equal(lw_store_exec(fixture->store, "UPDATE entry SET status = 'sealed'", NULL),
                     LW_OK);
    file = exported(fixture, true);
    refused(second, file.data, file.len, "E01 is sealed here, and a change of it that the file");
    lw_buf_free(&file);
    drop(second);
}

/* ---- output ---- */

static enum lw_status no_room(void *context, const char *data, size_t len, struct lw_error *err)
{
    (void)context;
    (void)data;
    (void)len;
    return lw_fail(err, LW_FULL, "no room");
}

static void test_sink_fails(void **state)
{
    struct fixture *fixture = *state;
    const struct lw_sink sink = {no_room, NULL};
    struct lw_error err = {0};

    import(fixture, sample);
    assert_int_equal(lw_export_json(fixture->journal, true, &sink, &err), LW_FULL);
    assert_string_equal(err.text, "no room");
    assert_false(lw_store_in_transaction(fixture->store));
    assert_int_equal(lw_export_csv(fixture->journal, LW_RECORD_ENTRY, &sink, &err), LW_FULL);
}

static void test_csv(void **state)
{
    struct fixture *fixture = *state;
    struct lw_buf out = LW_BUF_INIT;
    const struct lw_sink sink = {gather, &out};

    import(fixture,
           HEAD ",\"parties\":[{\"id\":\"" ID(
               "01") "\",\"kind\":\"unit\",\"name\":"
                     "\"two men, \\\"one\\\" armed\",\"protected\":true}],"
                     "\"places\":[{\"id\":\"" ID("02") "\",\"name\":\"x\",\"latitude\":43.25,"
                                                       "\"longitude\":-45.5,\"precision\":10}]}");
    assert_int_equal(lw_export_csv(fixture->journal, LW_RECORD_PARTY, &sink, NULL), LW_OK);
    assert_string_equal(out.data, "id,kind,name,code_name,protected,note,same_as\r\n" ID(
                                      "01") ",unit,protected person 1,,true,,\r\n");
    lw_buf_clear(&out);
    lw_journal_reveal(fixture->journal, true);
    assert_int_equal(lw_export_csv(fixture->journal, LW_RECORD_PARTY, &sink, NULL), LW_OK);
    assert_string_equal(out.data, "id,kind,name,code_name,protected,note,same_as\r\n" ID(
                                      "01") ",unit,"
                                            "\"two men, \"\"one\"\" armed\",,true,,\r\n");
    lw_buf_clear(&out);
    assert_int_equal(lw_export_csv(fixture->journal, LW_RECORD_PLACE, &sink, NULL), LW_OK);
    assert_string_equal(out.data, "id,name,kind,parent,latitude,longitude,precision,note,same_as\r\n" ID(
                                      "02") ",x,,,43.25,-45.5,10,,\r\n");
    lw_buf_clear(&out);
    assert_int_equal(lw_export_csv(fixture->journal, LW_RECORD_TASK, &sink, NULL), LW_OK);
    assert_string_equal(out.data, "id,entry,title,due,assignee,done,done_at,note\r\n");
    lw_buf_free(&out);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_JOURNAL(test_empty),         IN_JOURNAL(test_canonical),
        IN_JOURNAL(test_round_trip),    IN_JOURNAL(test_twice),
        IN_JOURNAL(test_newer),         IN_JOURNAL(test_dry_run),
        IN_JOURNAL(test_bom),           IN_JOURNAL(test_counted_up),
        IN_JOURNAL(test_not_json),      IN_JOURNAL(test_cut),
        IN_JOURNAL(test_bad_records),   IN_JOURNAL(test_other_content),
        IN_JOURNAL(test_broken_chains), IN_JOURNAL(test_went_apart),
        IN_JOURNAL(test_merge),         IN_JOURNAL(test_sealed),
        IN_JOURNAL(test_sink_fails),    IN_JOURNAL(test_csv),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
