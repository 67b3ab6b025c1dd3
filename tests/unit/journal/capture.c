/* One-line capture: what is picked out of a line, what stays text, and what is saved. */
#include "journal_fixture.h"

#define PARSE(text) parse(text, sizeof(text) - 1)

static struct lw_capture parse(const char *line, size_t len)
{
    struct lw_capture capture;
    struct lw_error err = {0};
    enum lw_status status =
        lw_capture_parse(line, len, forms_fixture(), &fixture_clock, &capture, &err);

    if (status != LW_OK)
        fail_msg("%s: %s", line, err.text);
    return capture;
}

static void refuses(const char *line, size_t len, enum lw_status expected, const char *part)
{
    struct lw_capture capture;
    struct lw_error err = {0};

    memset(&capture, 0x5a, sizeof(capture));
    assert_int_equal(lw_capture_parse(line, len, forms_fixture(), &fixture_clock, &capture, &err),
                     expected);
    assert_int_equal(err.status, expected);
    if (strstr(err.text, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, part);
    assert_int_equal(((const unsigned char *)&capture)[0], 0x5a); /* nothing written */
}

/* Title of a line that holds no mark and no date; notes or not. */
static void stays_text(const char *line, const char *title, bool noted)
{
    struct lw_capture capture = parse(line, strlen(line));

    assert_string_equal(capture.title, title);
    assert_false(capture.when.has_when);
    assert_int_equal(capture.when.relation_count, 0);
    assert_null(capture.kind);
    assert_null(capture.place);
    assert_int_equal(capture.party_count, 0);
    if (noted != (capture.notes.len > 0))
        fail_msg("%s: notes \"%s\"", line, lw_buf_text(&capture.notes));
    lw_capture_clear(&capture);
}

/* ---- understood ---- */

static void the_line_of_the_manual(void **state)
{
    struct lw_capture capture =
        PARSE("13 dec 2014 evening @Grozny #arson +victim:JMG office burned\n");
    struct lw_buf said = LW_BUF_INIT;

    (void)state;
    assert_true(capture.when.has_when);
    assert_string_equal(capture.when.when.text, "2014-12-13 evening");
    assert_string_equal(capture.kind, "arson");
    assert_string_equal(capture.place, "Grozny");
    assert_int_equal(capture.party_count, 1);
    assert_string_equal(capture.party[0].role, "victim");
    assert_string_equal(capture.party[0].name, "JMG");
    assert_string_equal(capture.title, "office burned");
    assert_null(capture.narrative);
    assert_int_equal(capture.notes.len, 0);
    assert_int_equal(lw_capture_say(&capture, forms_fixture(), &said), LW_OK);
    assert_string_equal(said.data,
                        "13 December 2014, evening \xc2\xb7 arson \xc2\xb7 Grozny \xc2\xb7 "
                        "victim: JMG \xc2\xb7 office burned");
    lw_buf_free(&said);
    lw_capture_clear(&capture);
}

/* As Russian typography sets them: they part words, and stay in the text. */
static void blanks_that_do_not_break(void **state)
{
    struct lw_capture capture =
        PARSE("\xC2\xA0"
              "14\xC2\xA0ноября 2014\xE2\x80\xAFг. @Грозный\xC2\xA0#arson\xE2\x80\xAF"
              "+victim:\"Сергей\xC2\xA0Б.\" взяли 5\xC2\xA0"
              "000\xE2\x80\xAFрублей\xC2\xA0 и \xC2\xAB"
              "100\xC2\xA0 \xC2\xA0$\xC2\xBB ушли\xC2\xA0");

    (void)state;
    assert_string_equal(capture.when.when.text, "2014-11-14");
    assert_string_equal(capture.place, "Грозный");
    assert_string_equal(capture.kind, "arson");
    assert_int_equal(capture.party_count, 1);
    assert_string_equal(capture.party[0].name, "Сергей Б.");
    assert_string_equal(capture.title, "взяли 5\xC2\xA0"
                                       "000\xE2\x80\xAFрублей и \xC2\xAB"
                                       "100\xC2\xA0$\xC2\xBB ушли");
    assert_int_equal(capture.notes.len, 0);
    lw_capture_clear(&capture);
    refuses("\xC2\xA0\xE2\x80\xAF", 5, LW_BAD_DATA, "what happened");
}

static void order_is_free(void **state)
{
    struct lw_capture capture =
        PARSE("office  burned, #Arson +Victim:JMG @Grozny, 2014-12-13 evening.");

    (void)state;
    assert_string_equal(capture.when.when.text, "2014-12-13 evening");
    assert_string_equal(capture.kind, "arson");
    assert_string_equal(capture.place, "Grozny");
    assert_string_equal(capture.party[0].role, "victim");
    assert_string_equal(capture.title, "office burned,");
    lw_capture_clear(&capture);
}

static void names_with_blanks_are_quoted(void **state)
{
    struct lw_capture capture = PARSE("@\"Press House\" +victim:\"Igor  Kalyapin\", +actor:\xc2\xab"
                                      "\xd0\x98\xd0\xb3\xd0\xbe\xd1\x80\xd1\x8c\xc2\xbb seen");

    (void)state;
    assert_string_equal(capture.place, "Press House");
    assert_int_equal(capture.party_count, 2);
    assert_string_equal(capture.party[0].name, "Igor Kalyapin");
    assert_string_equal(capture.party[1].name, "\xd0\x98\xd0\xb3\xd0\xbe\xd1\x80\xd1\x8c");
    assert_string_equal(capture.title, "seen");
    lw_capture_clear(&capture);
}

static void text_alone_is_valid(void **state)
{
    (void)state;
    stays_text("police car outside", "police car outside", false);
    stays_text("14 policemen at the door", "14 policemen at the door", false);
}

static void relations_stand_beside_a_date(void **state)
{
    struct lw_capture capture = PARSE("staff leave after E09 13 dec 2014 before e11");
    struct lw_buf said = LW_BUF_INIT;

    (void)state;
    assert_string_equal(capture.when.when.text, "2014-12-13");
    assert_int_equal(capture.when.relation_count, 2);
    assert_true(capture.when.relation[0].after);
    assert_string_equal(capture.when.relation[0].ref, "E09");
    assert_false(capture.when.relation[1].after);
    assert_string_equal(capture.title, "staff leave");
    assert_int_equal(lw_capture_say(&capture, forms_fixture(), &said), LW_OK);
    assert_non_null(strstr(said.data, "13 December 2014, after E09, before "));
    lw_buf_free(&said);
    lw_capture_clear(&capture);
}

static void a_date_may_stand_in_brackets(void **state)
{
    struct lw_capture capture = PARSE("office (13 dec 2014) burned (14 dec 2014)");

    (void)state;
    assert_string_equal(capture.when.when.text, "2014-12-13");
    assert_string_equal(capture.title, "office burned (14 dec 2014)");
    lw_capture_clear(&capture);
    stays_text("office (13 dec 2014, flat 5) burned", "office (13 dec 2014, flat 5) burned", false);
    stays_text("burned (13 dec 2014", "burned (13 dec 2014", false);
    stays_text("burned (", "burned (", false);
}

static void only_the_first_date_is_taken(void **state)
{
    struct lw_capture capture = PARSE("13 dec 2014 he was told: come on 15 dec 2014, alone");

    (void)state;
    assert_string_equal(capture.when.when.text, "2014-12-13");
    assert_string_equal(capture.title, "he was told: come on 15 dec 2014, alone");
    lw_capture_clear(&capture);
}

static void quoted_words_are_kept_as_they_are(void **state)
{
    (void)state;
    stays_text("\"we come 13 dec 2014 to @Grozny #arson\" he said",
               "\"we come 13 dec 2014 to @Grozny #arson\" he said", false);
    stays_text("he wrote \xe2\x80\x9cuntil 13 dec 2014\xe2\x80\x9d, twice",
               "he wrote \xe2\x80\x9cuntil 13 dec 2014\xe2\x80\x9d, twice", false);
}

static void an_open_quote_hides_nothing(void **state)
{
    struct lw_capture capture = PARSE("he said \"go home 13 dec 2014");

    (void)state;
    assert_string_equal(capture.when.when.text, "2014-12-13");
    assert_string_equal(capture.title, "he said \"go home");
    lw_capture_clear(&capture);
}

static void a_clock_time_begins_a_line(void **state)
{
    struct lw_capture capture = PARSE("~21:20 shots near the office");

    (void)state;
    assert_string_equal(capture.when.when.text, "2014-12-15 ~21:20");
    assert_string_equal(capture.title, "shots near the office");
    lw_capture_clear(&capture);
    capture = PARSE("shots near the office 13 dec 21:20:");
    assert_string_equal(capture.when.when.text, "2014-12-13 21:20");
    assert_string_equal(capture.title, "shots near the office");
    lw_capture_clear(&capture);
    stays_text("2014 was a bad year", "2014 was a bad year", false);
    stays_text("the score was 21:20 then", "the score was 21:20 then", false);
}

/* ---- kept as text ---- */

static void what_is_no_mark_stays_text(void **state)
{
    (void)state;
    stays_text("@ write a@b.c", "@ write a@b.c", false);
    stays_text("flat #1 and # and #2a", "flat #1 and # and #2a", false);
    stays_text("called +7 928 000 and +more", "called +7 928 000 and +more", false);
    stays_text("2+victim:JMG", "2+victim:JMG", false);
    stays_text("двое +«Анна: жива»", "двое +«Анна: жива»", false);
    stays_text("двое +ещё\u00a0один: нет", "двое +ещё\u00a0один: нет", false);
}

static void roles_are_written_in_russian_too(void **state)
{
    struct lw_capture capture =
        PARSE("вчера +Потерпевший:\"Анна П.\" +свидетель:Бабинец +lawyer:N. увели");

    (void)state;
    assert_int_equal(capture.party_count, 3);
    assert_string_equal(capture.party[0].role, "victim");
    assert_string_equal(capture.party[0].name, "Анна П.");
    assert_string_equal(capture.party[1].role, "witness");
    assert_string_equal(capture.party[2].role, "lawyer");
    assert_string_equal(capture.title, "увели");
    lw_capture_clear(&capture);
}

static void a_doubt_is_kept(void **state)
{
    struct lw_capture capture = PARSE("13 dec evening? shots");

    (void)state;
    assert_string_equal(capture.when.when.text, "2014-12-13 evening");
    assert_string_equal(capture.title, "? shots");
    lw_capture_clear(&capture);
    capture = PARSE("13 dec? shots");
    assert_string_equal(capture.when.when.text, "2014-12-13?");
    assert_string_equal(capture.title, "shots");
    lw_capture_clear(&capture);
    stays_text("@Grozny? shots", "@Grozny? shots", true);
    stays_text("#arson?! in town", "#arson?! in town", true);
    stays_text("+perpetrator:Ivanov? left", "+perpetrator:Ivanov? left", true);
    stays_text("+victim:\"J M\"? left", "+victim:\"J M\"? left", true);
    stays_text("+victim:\"J M\",? left", "+victim:\"J M\",? left", true);
    capture = PARSE("@\"Who's there?\" shots");
    assert_string_equal(capture.place, "Who's there?");
    assert_string_equal(capture.title, "shots");
    lw_capture_clear(&capture);
}

static void what_looks_like_a_mark_is_noted(void **state)
{
    (void)state;
    stays_text("#foo happened", "#foo happened", true);
    stays_text("+hero:JMG helped", "+hero:JMG helped", true);
    stays_text("+hero:\"J M\" helped", "+hero:\"J M\" helped", true);
    stays_text("+герой:Бабинец помог", "+герой:Бабинец помог", true);
    stays_text("+victim left", "+victim left", true);
    stays_text("+victim: left", "+victim: left", true);
    stays_text("@\"Press House burned", "@\"Press House burned", true);
    stays_text("@\"\" burned", "@\"\" burned", true);
    stays_text("@, burned", "@, burned", true);
}

static void a_second_place_or_kind_stays_text(void **state)
{
    struct lw_capture capture = PARSE("@Grozny @Moscow #arson #threat #arson went on");

    (void)state;
    assert_string_equal(capture.place, "Grozny");
    assert_string_equal(capture.kind, "arson");
    assert_string_equal(capture.title, "@Moscow #threat went on");
    assert_string_equal(capture.notes.data, "@Moscow is kept as text: an entry has one place\n"
                                            "#threat is kept as text: an entry has one kind\n");
    lw_capture_clear(&capture);
}

static void there_is_room_for_sixteen_names(void **state)
{
    struct lw_buf line = LW_BUF_INIT;
    struct lw_capture capture;

    (void)state;
    for (int i = 0; i < LW_CAPTURE_MARKS + 1; i++)
        assert_int_equal(lw_buf_addf(&line, "+victim:N%d +victim:N%d ", i, i), LW_OK);
    assert_int_equal(lw_buf_adds(&line, "held"), LW_OK);
    capture = parse(line.data, line.len);
    assert_int_equal(capture.party_count, LW_CAPTURE_MARKS);
    assert_string_equal(capture.title, "+victim:N16 +victim:N16 held");
    assert_non_null(strstr(capture.notes.data, "sixteen"));
    lw_capture_clear(&capture);
    lw_buf_free(&line);
}

static void control_characters_are_data(void **state)
{
    (void)state;
    stays_text("a \x1b[31mred\x07 line\r\n", "a \x1b[31mred\x07 line", false);
    stays_text("\t tabs \t and\nlines  ", "tabs and lines", false);
}

/* ---- length ---- */

static void a_long_line_is_cut_at_a_word(void **state)
{
    char line[601];
    struct lw_capture capture;

    (void)state;
    for (size_t i = 0; i < 600; i++)
        line[i] = i % 6 == 5 ? ' ' : 'x';
    line[600] = '\0';
    capture = parse(line, 600);
    assert_int_equal(strlen(capture.title), 197);
    assert_int_equal(strlen(capture.narrative), 599);
    assert_memory_equal(capture.title, capture.narrative, 197);
    lw_capture_clear(&capture);
    line[200] = '\0'; /* 200 bytes exactly */
    capture = parse(line, 200);
    assert_int_equal(strlen(capture.title), 200);
    assert_null(capture.narrative);
    lw_capture_clear(&capture);
}

static void an_endless_word_is_cut_between_characters(void **state)
{
    struct lw_buf line = LW_BUF_INIT;
    struct lw_capture capture;

    (void)state;
    assert_int_equal(lw_buf_adds(&line, "x"), LW_OK);
    for (int i = 0; i < 150; i++)
        assert_int_equal(lw_buf_adds(&line, "\xd1\x8f"), LW_OK);
    capture = parse(line.data, line.len);
    assert_int_equal(strlen(capture.title), 199);
    assert_true(lw_utf8_valid(capture.title, 199, NULL));
    assert_string_equal(capture.narrative, line.data);
    lw_capture_clear(&capture);
    lw_buf_free(&line);
}

static void many_marks_and_quotes_are_quick(void **state)
{
    static const char *const pieces[] = {"@",   "# ",   "\xe2\x80\x9c", "\" ",
                                         "(\"", "+a: ", "13 dec "};
    struct lw_error err = {0};

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(pieces); i++) {
        struct lw_buf line = LW_BUF_INIT;
        struct lw_capture capture;

        assert_int_equal(lw_buf_adds(&line, "x "), LW_OK);
        while (line.len + strlen(pieces[i]) < LW_CAPTURE_MAX)
            assert_int_equal(lw_buf_adds(&line, pieces[i]), LW_OK);
        assert_int_equal(
            lw_capture_parse(line.data, line.len, forms_fixture(), &fixture_clock, &capture, &err),
            LW_OK);
        lw_capture_clear(&capture);
        lw_buf_free(&line);
    }
}

/* ---- refused ---- */

static void a_line_must_say_something(void **state)
{
    (void)state;
    refuses("", 0, LW_BAD_DATA, "say in a few words what happened");
    refuses("\r\n", 2, LW_BAD_DATA, "say in a few words what happened");
    refuses(" \t ", 3, LW_BAD_DATA, "say in a few words what happened");
    refuses("13 dec 2014 @Grozny #arson +victim:JMG", 38, LW_BAD_DATA, "what happened");
}

static void bad_bytes_are_refused(void **state)
{
    (void)state;
    refuses("a\0b", 3, LW_BAD_DATA, "NUL at byte 2");
    refuses("ab\xff", 3, LW_BAD_DATA, "UTF-8");
    refuses("ab\xd0", 3, LW_BAD_DATA, "UTF-8");
}

static void a_date_that_cannot_be_is_refused(void **state)
{
    struct lw_capture capture;

    (void)state;
    refuses("31 feb 2014 office burned", 25, LW_BAD_DATA, "");
    refuses("office burned 2014-02-30", 24, LW_BAD_DATA, "");
    /* behind a good one it is part of the story */
    capture = PARSE("13 dec 2014 papers dated 31 feb 2014 found");
    assert_string_equal(capture.title, "papers dated 31 feb 2014 found");
    lw_capture_clear(&capture);
}

static void a_line_beyond_the_limit_is_refused(void **state)
{
    char *line = malloc(LW_CAPTURE_MAX + 1);
    struct lw_capture capture;

    (void)state;
    assert_non_null(line);
    memset(line, 'x', LW_CAPTURE_MAX + 1);
    refuses(line, LW_CAPTURE_MAX + 1, LW_TOO_LONG, "at most 65536 bytes");
    line[LW_CAPTURE_MAX] = '\n'; /* does not count */
    capture = parse(line, LW_CAPTURE_MAX + 1);
    assert_int_equal(strlen(capture.narrative), LW_CAPTURE_MAX);
    lw_capture_clear(&capture);
    free(line);
}

static void clearing_twice_is_harmless(void **state)
{
    struct lw_capture capture = PARSE("@Grozny burned");

    (void)state;
    lw_capture_clear(&capture);
    lw_capture_clear(&capture);
    lw_capture_clear(NULL);
}

/* ---- saved ---- */

static enum lw_status log_line(struct fixture *fixture, const char *line, char ref[16],
                               struct lw_error *err)
{
    struct lw_capture capture = parse(line, strlen(line));
    enum lw_status status = lw_journal_log(fixture->journal, &capture, ref, err);

    lw_capture_clear(&capture);
    return status;
}

static void logs(struct fixture *fixture, const char *line, const char *expected)
{
    struct lw_error err = {0};
    char ref[16] = "";

    if (log_line(fixture, line, ref, &err) != LW_OK)
        fail_msg("%s: %s", line, err.text);
    assert_string_equal(ref, expected);
}

static uint64_t count(struct fixture *fixture, enum lw_record_type type)
{
    struct lw_error err = {0};
    uint64_t found = 0;

    assert_int_equal(lw_record_count(fixture->journal, type, &found, &err), LW_OK);
    return found;
}

static void a_line_becomes_a_draft(void **state)
{
    struct fixture *fixture = *state;
    struct lw_record entry;
    struct lw_error err = {0};

    logs(fixture, "13 dec 2014 evening @Grozny #arson +victim:JMG office burned", "E01");
    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, "E01", &entry, &err),
                     LW_OK);
    assert_string_equal(lw_record_text(&entry, "title"), "office burned");
    assert_string_equal(lw_record_text(&entry, "kind"), "arson");
    assert_string_equal(lw_record_text(&entry, "when"), "2014-12-13 evening");
    assert_string_equal(lw_record_text(&entry, "status"), "draft");
    assert_string_equal(lw_record_text(&entry, "recorded_by"), "tester");
    assert_int_equal(lw_record_value(&entry, "recorded_at")->number, FIXTURE_NOW);
    assert_non_null(lw_record_value(&entry, "place"));
    assert_null(lw_record_text(&entry, "narrative"));
    lw_record_clear(&entry);
    assert_int_equal(count(fixture, LW_RECORD_PARTICIPATION), 1);
    assert_int_equal(count(fixture, LW_RECORD_PLACE), 1);
    assert_int_equal(count(fixture, LW_RECORD_PARTY), 1);
}

static void text_alone_is_logged_without_a_date(void **state)
{
    struct fixture *fixture = *state;
    struct lw_record entry;
    struct lw_error err = {0};

    logs(fixture, "police car outside", "E01");
    assert_int_equal(lw_record_by_ref(fixture->journal, LW_RECORD_ENTRY, "e01", &entry, &err),
                     LW_OK);
    assert_null(lw_record_value(&entry, "when"));
    assert_null(lw_record_value(&entry, "kind"));
    assert_null(lw_record_value(&entry, "place"));
    assert_int_equal(lw_record_value(&entry, "recorded_at")->number, FIXTURE_NOW);
    lw_record_clear(&entry);
}

static void every_spelling_finds_the_same_records(void **state)
{
    struct fixture *fixture = *state;
    uint8_t party[LW_RECORD_ID];

    fixture_make(fixture, LW_RECORD_PARTY, party, "kind", "individual", "name", "Sergei Babinets",
                 "code_name", "Heron", (char *)NULL);
    fixture_make(
        fixture, LW_RECORD_NAME, NULL, "party", party, "text",
        "\xd0\xa1\xd0\xb5\xd1\x80\xd0\xb3\xd0\xb5\xd0\xb9 \xd0\x91\xd0\xb0\xd0\xb1\xd0\xb8\xd0"
        "\xbd\xd0\xb5\xd1\x86",
        "kind", "legal", (char *)NULL);
    logs(fixture, "@Grozny +victim:\"sergei  BABINETS\" held", "E01");
    logs(fixture,
         "@GROZNY +victim:\"\xd1\x81\xd0\xb5\xd1\x80\xd0\xb3\xd0\xb5\xd0\xb9 "
         "\xd0\xb1\xd0\xb0\xd0\xb1\xd0"
         "\xb8\xd0\xbd\xd0\xb5\xd1\x86\" +victim:heron freed",
         "E02");
    assert_int_equal(count(fixture, LW_RECORD_PARTY), 1);
    assert_int_equal(count(fixture, LW_RECORD_PLACE), 1);
    assert_int_equal(count(fixture, LW_RECORD_PARTICIPATION), 2);
    logs(fixture, "+victim:Babinets +witness:Babinets seen", "E03"); /* a new one, not guessed */
    assert_int_equal(count(fixture, LW_RECORD_PARTY), 2);
    assert_int_equal(count(fixture, LW_RECORD_PARTICIPATION), 4);
}

static void a_relation_orders_the_entry(void **state)
{
    struct fixture *fixture = *state;
    struct fixture_list list = {.text = LW_BUF_INIT};
    struct lw_error err = {0};

    logs(fixture, "13 dec 2014 first", "E01");
    logs(fixture, "13 dec 2014 third", "E02");
    logs(fixture, "13 dec 2014 after E01 before E02 second", "E03");
    assert_int_equal(count(fixture, LW_RECORD_PRECEDENCE), 2);
    assert_int_equal(lw_timeline_each(fixture->journal, NULL, fixture_list_row, &list, &err),
                     LW_OK);
    assert_string_equal(lw_buf_text(&list.text), "E01 >E03 >E02");
    lw_buf_free(&list.text);
}

static void an_unknown_reference_saves_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct lw_error err = {0};
    char ref[16] = "kept";

    assert_int_equal(log_line(fixture, "@Grozny +victim:JMG burned after E99", ref, &err),
                     LW_NOT_FOUND);
    assert_non_null(strstr(err.text, "E99"));
    assert_string_equal(ref, "kept");
    assert_int_equal(count(fixture, LW_RECORD_ENTRY), 0);
    assert_int_equal(count(fixture, LW_RECORD_PARTY), 0);
    assert_int_equal(count(fixture, LW_RECORD_PLACE), 0);
    assert_int_equal(count(fixture, LW_RECORD_REVISION), 0);
    logs(fixture, "burned", "E01"); /* and the journal goes on */
}

#define SAVED(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_of_the_manual),
        cmocka_unit_test(blanks_that_do_not_break),
        cmocka_unit_test(order_is_free),
        cmocka_unit_test(names_with_blanks_are_quoted),
        cmocka_unit_test(text_alone_is_valid),
        cmocka_unit_test(relations_stand_beside_a_date),
        cmocka_unit_test(a_date_may_stand_in_brackets),
        cmocka_unit_test(only_the_first_date_is_taken),
        cmocka_unit_test(quoted_words_are_kept_as_they_are),
        cmocka_unit_test(an_open_quote_hides_nothing),
        cmocka_unit_test(a_clock_time_begins_a_line),
        cmocka_unit_test(what_is_no_mark_stays_text),
        cmocka_unit_test(roles_are_written_in_russian_too),
        cmocka_unit_test(a_doubt_is_kept),
        cmocka_unit_test(what_looks_like_a_mark_is_noted),
        cmocka_unit_test(a_second_place_or_kind_stays_text),
        cmocka_unit_test(there_is_room_for_sixteen_names),
        cmocka_unit_test(control_characters_are_data),
        cmocka_unit_test(a_long_line_is_cut_at_a_word),
        cmocka_unit_test(an_endless_word_is_cut_between_characters),
        cmocka_unit_test(many_marks_and_quotes_are_quick),
        cmocka_unit_test(a_line_must_say_something),
        cmocka_unit_test(bad_bytes_are_refused),
        cmocka_unit_test(a_date_that_cannot_be_is_refused),
        cmocka_unit_test(a_line_beyond_the_limit_is_refused),
        cmocka_unit_test(clearing_twice_is_harmless),
        SAVED(a_line_becomes_a_draft),
        SAVED(text_alone_is_logged_without_a_date),
        SAVED(every_spelling_finds_the_same_records),
        SAVED(a_relation_orders_the_entry),
        SAVED(an_unknown_reference_saves_nothing),
    };

    return cmocka_run_group_tests(tests, fixture_start, NULL);
}
