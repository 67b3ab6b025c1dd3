/* Screens told in lines: what is said of each, what is not said twice, and that nothing is sent
 * that moves a cursor. */
#include "tui/teller.h"
#include "tui/loop_internal.h"

#include "built_catalogue.h"
#include "view_stage.h"

struct telling {
    struct lw_grid grid;
    struct lw_teller teller;
    struct lw_buf out;
};

static struct telling *begin(int rows, int columns)
{
    struct telling *telling = calloc(1, sizeof *telling);

    assert_non_null(telling);
    telling->grid.plain = true;
    assert_int_equal(lw_grid_resize(&telling->grid, rows, columns), LW_OK);
    telling->grid.scene = 1;
    return telling;
}

static void end(struct telling *telling)
{
    lw_teller_free(&telling->teller);
    lw_grid_free(&telling->grid);
    lw_buf_free(&telling->out);
    free(telling);
}

static void put(struct telling *telling, int row, int column, enum lw_style style, const char *text)
{
    struct lw_area whole = lw_area_whole(&telling->grid);

    lw_area_puts(&whole, row, column, style, text);
}

static void focus(struct telling *telling, int row, int column)
{
    struct lw_area whole = lw_area_whole(&telling->grid);

    lw_area_cursor(&whole, row, column);
}

/* As after a key. */
static void expect(struct telling *telling, const char *text)
{
    telling->grid.keys++;
    lw_buf_clear(&telling->out);
    assert_int_equal(lw_teller_tell(&telling->teller, &telling->grid, &telling->out), LW_OK);
    assert_string_equal(lw_buf_text(&telling->out), text);
}

/* ---- a list -----------------------------------------------------------------------------------
 */

/* Five rows of a longer list between a title and hints. */
static void draw_list(struct telling *telling, int top, int selected)
{
    static const char *const names[] = {"fire",   "search", "threat",  "seizure", "fire",
                                        "arrest", "trial",  "release", "appeal",  "letter"};
    struct lw_area whole = lw_area_whole(&telling->grid);

    lw_grid_erase(&telling->grid);
    put(telling, 0, 0, LW_STYLE_TITLE, "Entries");
    put(telling, 0, 30, LW_STYLE_STATUS, "10 of them");
    for (int row = 0; row < 5; row++)
        put(telling, 1 + row, 2, LW_STYLE_PLAIN, names[top + row]);
    lw_area_fill(&whole, 6, 0, whole.columns, LW_STYLE_DIM, LW_SIGN_RULE);
    put(telling, 7, 0, LW_STYLE_HINT, "n new  ? help");
    put(telling, 1 + selected - top, 0, LW_STYLE_MARK, "> ");
    focus(telling, 1 + selected - top, 0);
    telling->grid.foot = 7;
}

static void a_screen_is_told_from_top_to_bottom_and_where_one_is(void **state)
{
    struct telling *telling = begin(8, 40);

    (void)state;
    draw_list(telling, 0, 1);
    expect(telling, "Entries  10 of them\r\nfire\r\n> search\r\nthreat\r\nseizure\r\nfire\r\n"
                    "n new  ? help\r\n> search");
    expect(telling, "");
    lw_teller_forget(&telling->teller);
    expect(telling, "\r\nEntries  10 of them\r\nfire\r\n> search\r\nthreat\r\nseizure\r\nfire\r\n"
                    "n new  ? help\r\n> search");
    end(telling);
}

static void a_step_tells_the_row_it_leads_to_and_no_other(void **state)
{
    struct telling *telling = begin(8, 40);

    (void)state;
    draw_list(telling, 0, 1);
    expect(telling, "Entries  10 of them\r\nfire\r\n> search\r\nthreat\r\nseizure\r\nfire\r\n"
                    "n new  ? help\r\n> search");
    draw_list(telling, 0, 2);
    expect(telling, "\r\n> threat");
    draw_list(telling, 0, 4);
    expect(telling, "\r\n> fire");
    draw_list(telling, 0, 0); /* which reads the same, and is another one */
    expect(telling, "\r\n> fire");
    draw_list(telling, 1, 5); /* one that comes into sight */
    expect(telling, "\r\n> arrest");
    draw_list(telling, 5, 9);
    expect(telling, "\r\ntrial\r\nrelease\r\nappeal\r\n> letter");
    end(telling);
}

static void a_message_is_told_and_the_keys_below_it_are_not_told_again(void **state)
{
    struct telling *telling = begin(8, 40);
    struct lw_area whole = lw_area_whole(&telling->grid);

    (void)state;
    draw_list(telling, 0, 1);
    expect(telling, "Entries  10 of them\r\nfire\r\n> search\r\nthreat\r\nseizure\r\nfire\r\n"
                    "n new  ? help\r\n> search");
    lw_area_blank(&whole, 7, 0, 40, LW_STYLE_PLAIN);
    put(telling, 7, 0, LW_STYLE_STRONG, "saved");
    expect(telling, "\r\nsaved");
    draw_list(telling, 0, 2);
    expect(telling, "\r\n> threat");
    end(telling);
}

static void how_things_stand_is_told_alone_or_with_a_page(void **state)
{
    struct telling *telling = begin(8, 40);

    (void)state;
    draw_list(telling, 0, 0);
    expect(telling, "Entries  10 of them\r\n> fire\r\nsearch\r\nthreat\r\nseizure\r\nfire\r\n"
                    "n new  ? help\r\n> fire");
    put(telling, 0, 30, LW_STYLE_STATUS, "11 of them");
    expect(telling, "\r\n11 of them");
    draw_list(telling, 0, 1);
    put(telling, 0, 30, LW_STYLE_STATUS, "12 of them");
    expect(telling, "\r\n> search");
    draw_list(telling, 5, 6);
    put(telling, 0, 30, LW_STYLE_STATUS, "13 of them");
    expect(telling, "\r\n13 of them\r\narrest\r\nrelease\r\nappeal\r\nletter\r\n> trial");
    end(telling);
}

/* What lay under another screen is known: which it is, what is said on it, where one is. */
static void a_screen_that_is_there_again_is_told_in_short(void **state)
{
    struct telling *telling = begin(8, 40);

    (void)state;
    draw_list(telling, 0, 1);
    expect(telling, "Entries  10 of them\r\nfire\r\n> search\r\nthreat\r\nseizure\r\nfire\r\n"
                    "n new  ? help\r\n> search");
    lw_grid_erase(&telling->grid);
    telling->grid.scene = 2;
    put(telling, 0, 0, LW_STYLE_TITLE, "One");
    put(telling, 1, 0, LW_STYLE_PLAIN, "fire");
    expect(telling, "\r\nOne\r\nfire");
    telling->grid.scene = 1;
    draw_list(telling, 0, 1);
    put(telling, 7, 0, LW_STYLE_STRONG, "it is kept   ");
    expect(telling, "\r\nEntries  10 of them\r\nit is kept\r\n> search");
    end(telling);
}

static void what_a_prompt_covers_is_not_told_again(void **state)
{
    struct telling *telling = begin(8, 40);
    struct lw_area whole = lw_area_whole(&telling->grid);
    struct lw_area line = lw_area_part(&whole, 7, 1, 1, 39);

    (void)state;
    draw_list(telling, 0, 1);
    expect(telling, "Entries  10 of them\r\nfire\r\n> search\r\nthreat\r\nseizure\r\nfire\r\n"
                    "n new  ? help\r\n> search");
    for (int row = 4; row < 8; row++)
        lw_area_blank(&whole, row, 0, 40, LW_STYLE_PLAIN);
    put(telling, 5, 2, LW_STYLE_DIM, "quit  leaves");
    put(telling, 7, 0, LW_STYLE_STRONG, ":");
    lw_area_cursor(&line, 0, 0);
    lw_area_text(&line);
    telling->grid.foot = 4;
    expect(telling, "\r\nquit  leaves\r\n:");
    draw_list(telling, 0, 1);
    expect(telling, "\r\n> search");
    end(telling);
}

/* What is selected may take several rows: those below it that are indented by more. */
static void draw_items(struct telling *telling, int selected)
{
    lw_grid_erase(&telling->grid);
    put(telling, 0, 0, LW_STYLE_TITLE, "One");
    put(telling, 1, 2, LW_STYLE_PLAIN, "causes E03, which has");
    put(telling, 2, 4, LW_STYLE_PLAIN, "a long title");
    put(telling, 3, 2, LW_STYLE_PLAIN, "after E01");
    put(telling, 4, 4, LW_STYLE_PLAIN, "as a source says");
    if (selected > 0) {
        put(telling, selected, 0, LW_STYLE_MARK, ">");
        focus(telling, selected, 0);
    }
}

static void a_selection_of_several_rows_is_told_with_all_of_them(void **state)
{
    struct telling *telling = begin(8, 40);

    (void)state;
    draw_items(telling, 0);
    expect(telling,
           "One\r\ncauses E03, which has\r\na long title\r\nafter E01\r\nas a source says");
    draw_items(telling, 1);
    expect(telling, "\r\n> causes E03, which has\r\na long title");
    draw_items(telling, 3);
    expect(telling, "\r\n> after E01\r\nas a source says");
    end(telling);
}

static void of_another_size_the_same_is_no_news(void **state)
{
    struct telling *telling = begin(8, 40);

    (void)state;
    draw_list(telling, 0, 1);
    expect(telling, "Entries  10 of them\r\nfire\r\n> search\r\nthreat\r\nseizure\r\nfire\r\n"
                    "n new  ? help\r\n> search");
    assert_int_equal(lw_grid_resize(&telling->grid, 9, 60), LW_OK);
    draw_list(telling, 2, 3);
    expect(telling, "\r\n> seizure");
    draw_list(telling, 2, 2);
    expect(telling, "\r\n> threat");
    end(telling);
}

/* ---- a text -----------------------------------------------------------------------------------
 */

static struct lw_area field_of(struct telling *telling, int row, int rows, int columns)
{
    struct lw_area whole = lw_area_whole(&telling->grid);

    return lw_area_part(&whole, row, 10, rows, columns);
}

/* Two fields, each with a note below it; the cursor is in the one with that number, behind that
 * column. */
static void draw_form(struct telling *telling, const char *const text[2], int at, int column)
{
    lw_grid_erase(&telling->grid);
    put(telling, 0, 0, LW_STYLE_TITLE, "Form");
    for (int i = 0; i < 2; i++) {
        struct lw_area field = field_of(telling, 1 + 2 * i, 1, 20);
        char note[40];

        put(telling, 1 + 2 * i, 2, LW_STYLE_PLAIN, i == 0 ? "Title" : "When");
        lw_area_blank(&field, 0, 0, 20, LW_STYLE_FIELD);
        lw_area_puts(&field, 0, 0, LW_STYLE_FIELD, text[i]);
        snprintf(note, sizeof note, "%zu letters", strlen(text[i]));
        if (text[i][0] != '\0')
            put(telling, 2 + 2 * i, 10, LW_STYLE_DIM, note);
        if (i == at) {
            put(telling, 1 + 2 * i, 0, LW_STYLE_MARK, ">");
            lw_area_cursor(&field, 0, column);
            lw_area_text(&field);
        }
    }
    telling->grid.foot = 7;
}

static void form(struct telling *telling, const char *title, const char *when, int at, int column,
                 const char *told)
{
    const char *const text[2] = {title, when};

    draw_form(telling, text, at, column);
    expect(telling, told);
}

static void what_is_typed_is_echoed_and_nothing_else(void **state)
{
    struct telling *telling = begin(8, 40);

    (void)state;
    form(telling, "", "", 0, 0, "Form\r\n> Title\r\nWhen\r\n> Title  ");
    form(telling, "a", "", 0, 1, "a");
    form(telling, "a ", "", 0, 2, " ");
    form(telling, "a fire", "", 0, 6, "fire");
    form(telling, "a fir", "", 0, 5, "\r\n> Title  a fir"); /* erased */
    form(telling, "a fire", "", 0, 6, "e");
    form(telling, "a fire", "", 0, 2, "\r\n> Title  a |fire");               /* moved */
    form(telling, "a big fire", "", 0, 6, "\r\nbig ");                       /* put in the midst */
    form(telling, "a bigger fire", "", 0, 9, "\r\n> Title  a bigger |fire"); /* and replaced */
    form(telling, "a bigger fire", "", 0, 13, "\r\n> Title  a bigger fire");
    form(telling, "a bigger fire", "", 1, 0,
         "\r\n13 letters\r\n> When  "); /* now what is made of it */
    form(telling, "a bigger fire", "", 0, 13, "\r\n> Title  a bigger fire");
    end(telling);
}

/* A draw that no key made: a draft is kept, something is counted. */
static void what_comes_by_itself_waits_while_one_types(void **state)
{
    static const char *const text[2] = {"ab", ""};
    struct telling *telling = begin(8, 40);

    (void)state;
    form(telling, "a", "", 0, 1, "Form\r\n> Title  a\r\n1 letters\r\nWhen\r\n> Title  a");
    draw_form(telling, text, 0, 2);
    expect(telling, "b");
    put(telling, 0, 30, LW_STYLE_STATUS, "kept");
    telling->grid.keys--;
    expect(telling, "");
    put(telling, 7, 0, LW_STYLE_ALARM, "! the disk is full");
    telling->grid.keys--;
    expect(telling, "\r\n! the disk is full\r\n> Title  ab");
    telling->grid.keys--;
    expect(telling, "");
    expect(telling, "\r\n2 letters\r\n> Title  ab"); /* a key that changes nothing asks for it */
    end(telling);
}

/* A text over several rows is echoed as one, whichever way it is broken or scrolled. */
static void draw_text(struct telling *telling, const char *const row[3], int at, int column)
{
    struct lw_area field = field_of(telling, 1, 3, 13);

    lw_grid_erase(&telling->grid);
    put(telling, 0, 0, LW_STYLE_TITLE, "Form");
    put(telling, 1, 2, LW_STYLE_PLAIN, "Words");
    put(telling, 1, 0, LW_STYLE_MARK, ">");
    for (int i = 0; i < 3; i++) {
        lw_area_blank(&field, i, 0, 13, LW_STYLE_FIELD);
        lw_area_puts(&field, i, 0, LW_STYLE_FIELD, row[i]);
    }
    lw_area_cursor(&field, at, column);
    lw_area_text(&field);
}

static void text(struct telling *telling, const char *first, const char *second, const char *third,
                 int at, int column, const char *told)
{
    const char *const row[3] = {first, second, third};

    draw_text(telling, row, at, column);
    expect(telling, told);
}

static void a_text_that_wraps_and_scrolls_goes_on(void **state)
{
    struct telling *telling = begin(8, 40);

    (void)state;
    text(telling, "they came at", "", "", 0, 12, "Form\r\n> Words  they came at");
    text(telling, "they came", "at n", "", 1, 4, " n");
    text(telling, "they came", "at night", "", 1, 8, "ight");
    text(telling, "they came", "at night", "", 2, 0, "\r\n"); /* the key that ends a line */
    text(telling, "they came", "at night", "all masked", 2, 10, "all masked");
    text(telling, "at night", "all masked", "men", 2, 3, " men");
    text(telling, "at night", "all masked", "men", 1, 4, "\r\nall |masked");
    end(telling);
}

static void a_mark_in_a_text_is_told(void **state)
{
    static const char *const row[3] = {"they came at", "", ""};
    struct telling *telling = begin(8, 40);
    struct lw_area field = field_of(telling, 1, 3, 13);

    (void)state;
    draw_text(telling, row, 0, 0);
    expect(telling, "Form\r\n> Words  |they came at");
    draw_text(telling, row, 0, 4);
    lw_area_style(&field, 0, 0, 4, LW_STYLE_MARK);
    expect(telling, "\r\n> Words  [they]| came at");
    end(telling);
}

/* ---- signs ------------------------------------------------------------------------------------
 */

static void signs_become_words_and_ornaments_nothing(void **state)
{
    struct telling *telling = begin(8, 60);
    struct lw_area whole = lw_area_whole(&telling->grid);

    (void)state;
    lw_grid_erase(&telling->grid);
    put(telling, 0, 0, LW_STYLE_TITLE, "One");
    put(telling, 1, 2, LW_STYLE_PLAIN, "fire");
    put(telling, 1, 30, LW_STYLE_STRONG, lw_grid_sign(&telling->grid, LW_SIGN_DIFFERS));
    put(telling, 2, 2, LW_STYLE_PLAIN, "a≠b");
    put(telling, 2, 30, LW_STYLE_DIM, lw_grid_sign(&telling->grid, LW_SIGN_AMENDED));
    put(telling, 3, 30, LW_STYLE_DIM, lw_grid_sign(&telling->grid, LW_SIGN_OPEN));
    lw_area_fill(&whole, 4, 0, 60, LW_STYLE_DIM, LW_SIGN_RULE);
    lw_area_fill(&whole, 5, 0, 60, LW_STYLE_DIM, LW_SIGN_LEVEL_5);
    lw_area_fill(&whole, 6, 20, 1, LW_STYLE_DIM, LW_SIGN_BAR);
    put(telling, 6, 0, LW_STYLE_PLAIN, "left");
    put(telling, 6, 22, LW_STYLE_PLAIN, "right");
    expect(telling, "One\r\nfire  contradicted\r\na≠b  amended\r\nopen\r\nleft  right");
    end(telling);
}

/* ---- whatever is on a screen ------------------------------------------------------------------
 */

static uint32_t drawn = 1;

static int draw(int below)
{
    drawn = drawn * 1664525u + 1013904223u;
    return (int)((drawn >> 8) % (uint32_t)below);
}

static void scrawl(struct telling *telling)
{
    static const char *const pieces[] = {"\x1B[2J",
                                         "\x9B",
                                         "\a\b",
                                         "\t\r\n",
                                         "≠",
                                         "…",
                                         ">",
                                         "│",
                                         "e\xCC\x81",
                                         "漢字",
                                         "\xE2\x80\xAE",
                                         "👩‍👩‍👧",
                                         "word",
                                         "  "};
    struct lw_area whole = lw_area_whole(&telling->grid), part;

    if (draw(3) > 0)
        lw_grid_erase(&telling->grid);
    for (int i = draw(20); i > 0; i--)
        put(telling, draw(whole.rows), draw(whole.columns), (enum lw_style)draw(LW_STYLE_COUNT),
            pieces[draw((int)LW_COUNT_OF(pieces))]);
    focus(telling, draw(whole.rows), draw(whole.columns));
    part = lw_area_part(&whole, draw(whole.rows), draw(whole.columns), draw(4), draw(20));
    telling->grid.text_rows = 0;
    if (draw(2) == 0 && part.rows > 0 && part.columns > 0) {
        lw_area_cursor(&part, draw(part.rows), draw(part.columns));
        lw_area_text(&part);
    }
    telling->grid.foot = draw(whole.rows + 1);
    telling->grid.scene = (unsigned)(1 + draw(3));
    telling->grid.keys += (unsigned)draw(2);
}

static void assert_harmless(const struct lw_buf *out)
{
    const char *text = lw_buf_text(out);

    assert_true(lw_utf8_valid(text, out->len, NULL));
    for (size_t at = 0; at < out->len;) {
        uint32_t point = 0;

        if (text[at] == '\r' && text[at + 1] == '\n') {
            at += 2;
            continue;
        }
        at += lw_utf8_next(text + at, out->len - at, &point);
        if (lw_text_is_unprintable(point))
            fail_msg("U+%04X is sent to the terminal", (unsigned)point);
    }
}

static void nothing_is_ever_sent_but_text_and_ends_of_lines(void **state)
{
    struct telling *telling = begin(9, 30);

    (void)state;
    for (int i = 0; i < 20000; i++) {
        if (draw(200) == 0)
            assert_int_equal(lw_grid_resize(&telling->grid, 1 + draw(30), 1 + draw(90)), LW_OK);
        scrawl(telling);
        lw_buf_clear(&telling->out);
        assert_int_equal(lw_teller_tell(&telling->teller, &telling->grid, &telling->out), LW_OK);
        assert_harmless(&telling->out);
        lw_buf_clear(&telling->out);
        telling->grid.keys++;
        assert_int_equal(lw_teller_tell(&telling->teller, &telling->grid, &telling->out), LW_OK);
        lw_buf_clear(&telling->out); /* what waited while one typed came with that key */
        telling->grid.keys++;
        assert_int_equal(lw_teller_tell(&telling->teller, &telling->grid, &telling->out), LW_OK);
        assert_int_equal(telling->out.len, 0);
    }
    end(telling);
}

/* ---- the views as they are told ---------------------------------------------------------------
 */

struct transcript {
    struct view_stage *stage;
    struct lw_teller teller;
    struct lw_buf text;
};

static void listen(struct transcript *transcript)
{
    struct lw_buf *text = &transcript->text;
    struct lw_buf out = LW_BUF_INIT;

    assert_int_equal(lw_teller_tell(&transcript->teller, lw_tui_grid(transcript->stage->tui), &out),
                     LW_OK);
    assert_harmless(&out);
    for (size_t i = 0; i < out.len; i++) {
        if (out.data[i] != '\r')
            assert_int_equal(lw_buf_addc(text, out.data[i]), LW_OK);
    }
    lw_buf_free(&out);
}

/* Words between blanks are keys; one that begins with ' is typed, with _ for a blank. */
static void play(struct transcript *transcript, const char *names)
{
    size_t len;

    for (; *names != '\0'; names += len + strspn(names + len, " ")) {
        len = strcspn(names, " ");
        assert_int_equal(lw_buf_addf(&transcript->text, "\n[%.*s]", (int)len, names), LW_OK);
        if (names[0] == '\'') {
            for (size_t i = 1; i < len; i++) {
                fake_type(transcript->stage->terminal, names[i] == '_' ? " " : names + i, 1);
                if (((unsigned char)names[i + 1] & 0xC0) == 0x80)
                    continue;
                lw_tui_turn(transcript->stage->tui);
                listen(transcript);
            }
        } else {
            struct lw_key key;

            assert_true(lw_key_parse(names, len, &key));
            transcript->stage->tui->grid.keys++;
            lw_tui_press(transcript->stage->tui, &key);
            lw_tui_turn(transcript->stage->tui);
            listen(transcript);
        }
        view_stage_rest(transcript->stage);
        listen(transcript);
    }
}

static void golden(enum view_stage_fill fill, int rows, int columns, const char *keys,
                   const char *name)
{
    const char *how = getenv("LW_GOLDEN");
    struct transcript transcript = {.stage = NULL};
    char path[256];

    view_stage_plain = true;
    transcript.stage = view_stage_with(fill, lw_tui_tables, lw_tui_table_count, rows, columns);
    listen(&transcript);
    play(&transcript, keys);
    assert_int_equal(lw_buf_addc(&transcript.text, '\n'), LW_OK);
    snprintf(path, sizeof path, "tests/golden/plain-%s-%d.txt", name, columns);
    if (how != NULL && strcmp(how, "write") == 0)
        golden_write(path, &transcript.text);
    else
        golden_compare(path, &transcript.text);
    view_stage_free(transcript.stage);
    lw_teller_free(&transcript.teller);
    lw_buf_free(&transcript.text);
    view_stage_plain = false;
}

static void the_views_are_told_as_in_their_goldens(void **state)
{
    static const char timeline[] = "g Down Down PgDn v Enter Down Tab Esc Esc H Esc ?";
    static const char form[] = "n 'A_fire Tab Tab '13_dec_evening Backspace Left 'x Tab F2 Esc D";
    static const char others[] = "z Up + z Down Left z p Down Esc t Esc i Esc s Esc 3 Esc 4 Esc";
    static const char sources[] = "g Down Enter Tab Tab Enter Down v Right Esc Esc Esc";
    static const char asked[] =
        "/ 'babi Down Tab Down Enter Esc Esc : 'fi Esc f 'kind:arson Enter F";

    (void)state;
    golden(STAGE_PRACTICE, 24, 80, timeline, "timeline");
    golden(STAGE_PRACTICE, 10, 40, timeline, "timeline");
    golden(STAGE_RUSSIAN, 24, 80, timeline, "russian");
    golden(STAGE_RUSSIAN, 10, 40, timeline, "russian");
    golden(STAGE_PRACTICE, 24, 80, form, "form");
    golden(STAGE_PRACTICE, 24, 80, others, "others");
    golden(STAGE_PRACTICE, 24, 80, sources, "sources");
    golden(STAGE_PRACTICE, 24, 80, asked, "asked");
}

static void they_are_told_in_russian(void **state)
{
    static const char keys[] = "g Down Enter Tab Esc Esc n 'Пожар Tab Tab '13_дек Tab F2 z";
    struct lw_buf data = LW_BUF_INIT;

    (void)state;
    use_catalogue(&data);
    golden(STAGE_PRACTICE, 24, 80, keys, "ru");
    golden(STAGE_RUSSIAN, 10, 40, keys, "ru");
    lw_catalogue_drop();
    lw_buf_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_screen_is_told_from_top_to_bottom_and_where_one_is),
        cmocka_unit_test(a_step_tells_the_row_it_leads_to_and_no_other),
        cmocka_unit_test(a_message_is_told_and_the_keys_below_it_are_not_told_again),
        cmocka_unit_test(how_things_stand_is_told_alone_or_with_a_page),
        cmocka_unit_test(a_screen_that_is_there_again_is_told_in_short),
        cmocka_unit_test(what_a_prompt_covers_is_not_told_again),
        cmocka_unit_test(a_selection_of_several_rows_is_told_with_all_of_them),
        cmocka_unit_test(of_another_size_the_same_is_no_news),
        cmocka_unit_test(what_is_typed_is_echoed_and_nothing_else),
        cmocka_unit_test(what_comes_by_itself_waits_while_one_types),
        cmocka_unit_test(a_text_that_wraps_and_scrolls_goes_on),
        cmocka_unit_test(a_mark_in_a_text_is_told),
        cmocka_unit_test(signs_become_words_and_ornaments_nothing),
        cmocka_unit_test(nothing_is_ever_sent_but_text_and_ends_of_lines),
        cmocka_unit_test(the_views_are_told_as_in_their_goldens),
        cmocka_unit_test(they_are_told_in_russian),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
