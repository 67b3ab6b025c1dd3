/* The views of the journal on a terminal that is none, over the practice chronology in memory. */
#ifndef LW_TEST_VIEW_STAGE_H
#define LW_TEST_VIEW_STAGE_H

#include "tui/screens.h"

#include "exchange.h"
#include "fake_terminal.h"
#include "golden.h"
#include "journal_fixture.h"

#include <stdio.h>

struct view_stage {
    struct fixture *fixture;
    struct lw_session session;
    struct lw_program_state program;
    struct fake_terminal *terminal;
    struct lw_tui *tui;
    int64_t steady_ms;
};

/* Set it before a stage is made: its terminal tells lines. */
static bool view_stage_plain;

static inline int64_t view_stage_steady(void *context)
{
    return ((struct view_stage *)context)->steady_ms;
}

static inline void view_stage_import(struct view_stage *stage)
{
    FILE *file = fopen("share/practice/chronology-2014.json", "r");
    struct lw_buf text = LW_BUF_INIT;
    struct lw_import_report report;
    struct lw_error err = {0};
    char block[4096];
    size_t got;

    if (file == NULL)
        fail_msg("the practice chronology is not there; start in the top folder");
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        assert_int_equal(lw_buf_add(&text, block, got), LW_OK);
    fclose(file);
    if (lw_import_json(stage->fixture->journal, text.data, text.len, false, &report, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_buf_free(&text);
}

/* In Russian, with letters that combine, and a title longer than any screen. */
static inline void view_stage_russian(struct view_stage *stage)
{
    uint8_t person[LW_RECORD_ID], town[LW_RECORD_ID], source[LW_RECORD_ID], first[LW_RECORD_ID],
        second[LW_RECORD_ID];
    struct fixture *fixture = stage->fixture;

    fixture_make(fixture, LW_RECORD_PARTY, person, "kind", "individual", "name", "Сергей Бабинец",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_PLACE, town, "name", "Грозный", (char *)NULL);
    fixture_make(fixture, LW_RECORD_SOURCE, source, "ref", "S1", "title", "Новая газета", "date",
                 "2014-12-15", "reliability", "B", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, first, "ref", "E01", "title",
                 "Сгорел офис Сводной мобильной группы правозащитников в центре города, "
                 "пострадавших нет",
                 "hedge", "предположительно поджог", "status", "draft", "kind", "arson", "when",
                 "2014-12-13 evening", "place", town, "narrative",
                 "Вечером 13 декабря загорелся офис. Пожарные приехали через сорок минут.\n"
                 "Свидетель: «Дверь была открыта».",
                 (char *)NULL);
    fixture_make(fixture, LW_RECORD_ACCOUNT, NULL, "entry", first, "source", source, "quote",
                 "офис был полностью уничтожен огнём", "translation",
                 "the office was completely destroyed by fire", "language", "ru", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PARTICIPATION, NULL, "entry", first, "party", person, "role",
                 "witness", (char *)NULL);
    fixture_make(fixture, LW_RECORD_ENTRY, second, "ref", "E02", "title",
                 "Обыск в квартире, изъяты телефоны и ноутбуки", "status", "draft", "kind",
                 "search", "when", "2014-12-14", "duration_text", "несколько часов", (char *)NULL);
    fixture_make(fixture, LW_RECORD_PRECEDENCE, NULL, "earlier", first, "later", second, "kind",
                 "before", (char *)NULL);
    fixture_entry(fixture, NULL, "E03", NULL, "Звонок с угрозами, номер не определён");
    fixture_entry(fixture, NULL, "E04", "2014-12-14/2014-12-17", "Наблюдение за домом 漢字");
}

static inline void view_stage_begin(struct view_stage *stage,
                                    const struct lw_action_table *const *tables, size_t count,
                                    int rows, int columns)
{
    static const struct lw_tui_options options = {.borders = LW_BORDERS_LOCALE};
    const struct lw_tui_hooks hooks = {
        .clock = &fixture_clock, .steady_ms = view_stage_steady, .wake_fd = -1, .context = stage};
    struct lw_error err = {0};

    stage->steady_ms = 1000;
    stage->session = (struct lw_session){.store = stage->fixture->store,
                                         .journal = stage->fixture->journal,
                                         .clock = &fixture_clock,
                                         .forms = forms_fixture()};
    stage->program = (struct lw_program_state){.session = &stage->session};
    stage->terminal = fake_terminal_new(rows, columns);
    stage->terminal->base.plain = view_stage_plain;
    if (lw_tui_make(&options, &hooks, &stage->terminal->base, tables, count, &stage->tui, &err) !=
        LW_OK)
        fail_msg("%s", err.text);
    lw_tui_set_program(stage->tui, &stage->program);
}

enum view_stage_fill { STAGE_EMPTY, STAGE_PRACTICE, STAGE_RUSSIAN };

/* With the keys of those tables, and the timeline open. */
static inline struct view_stage *view_stage_with(enum view_stage_fill fill,
                                                 const struct lw_action_table *const *tables,
                                                 size_t count, int rows, int columns)
{
    struct view_stage *stage = calloc(1, sizeof *stage);
    struct lw_error err = {0};
    void *state = NULL;

    assert_non_null(stage);
    fixture_open(&state);
    stage->fixture = state;
    if (fill == STAGE_PRACTICE)
        view_stage_import(stage);
    if (fill == STAGE_RUSSIAN)
        view_stage_russian(stage);
    view_stage_begin(stage, tables, count, rows, columns);
    if (lw_timeline_show(stage->tui, &err) != LW_OK)
        fail_msg("%s", err.text);
    lw_tui_turn(stage->tui);
    return stage;
}

static inline struct view_stage *view_stage_new(enum view_stage_fill fill, int rows, int columns)
{
    static const struct lw_action_table *const tables[] = {
        &lw_actions_timeline, &lw_actions_entry_edit, &lw_actions_entry, &lw_actions_account,
        &lw_actions_fact,     &lw_actions_search,     &lw_actions_lists, &lw_actions_same,
        &lw_actions_form,     &lw_actions_saved,      &lw_actions_as_of, &lw_actions_common,
    };

    return view_stage_with(fill, tables, LW_COUNT_OF(tables), rows, columns);
}

static inline void view_stage_free(struct view_stage *stage)
{
    void *state = stage->fixture;

    lw_tui_end(stage->tui);
    lw_session_present(&stage->session);
    fixture_close(&state);
    free(stage);
}

/* Long enough for what waits for a resting selection. */
static inline void view_stage_rest(struct view_stage *stage)
{
    stage->steady_ms += 200;
    lw_tui_turn(stage->tui);
}

/* Keys by their names, blanks between: "Down Down Enter". */
static inline void view_stage_keys(struct view_stage *stage, const char *names)
{
    size_t len;

    for (; *names != '\0'; names += len + strspn(names + len, " ")) {
        struct lw_key key;

        len = strcspn(names, " ");
        if (!lw_key_parse(names, len, &key))
            fail_msg("no key is called %.*s", (int)len, names);
        lw_tui_press(stage->tui, &key);
        lw_tui_turn(stage->tui);
    }
    view_stage_rest(stage);
}

/* Text as bytes of the terminal. */
static inline void view_stage_type(struct view_stage *stage, const char *text)
{
    fake_type(stage->terminal, text, strlen(text));
    lw_tui_turn(stage->tui);
    view_stage_rest(stage);
}

static inline void view_stage_resize(struct view_stage *stage, int rows, int columns)
{
    stage->terminal->rows = rows;
    stage->terminal->columns = columns;
    lw_tui_turn(stage->tui);
}

/* As after another process wrote. */
static inline void view_stage_changed(struct view_stage *stage)
{
    lw_tui_changed(stage->tui);
    lw_tui_turn(stage->tui);
}

static inline bool view_stage_sees(struct view_stage *stage, const char *text)
{
    struct lw_buf dump = LW_BUF_INIT;
    bool seen;

    lw_tui_turn(stage->tui);
    assert_int_equal(lw_grid_dump(lw_tui_grid(stage->tui), false, &dump), LW_OK);
    seen = strstr(dump.data, text) != NULL;
    lw_buf_free(&dump);
    return seen;
}

static inline void view_stage_expect(struct view_stage *stage, const char *text)
{
    struct lw_buf dump = LW_BUF_INIT;

    if (view_stage_sees(stage, text))
        return;
    assert_int_equal(lw_grid_dump(lw_tui_grid(stage->tui), false, &dump), LW_OK);
    fail_msg("\"%s\" is not to be seen:\n%s", text, dump.data);
}

static inline void view_stage_expect_not(struct view_stage *stage, const char *text)
{
    if (view_stage_sees(stage, text))
        fail_msg("\"%s\" is to be seen", text);
}

/* The reference of what is selected or shown. */
static inline void view_stage_expect_selected(struct view_stage *stage, const char *ref)
{
    enum lw_record_type type = LW_RECORD_REVISION;
    uint8_t id[LW_RECORD_ID];
    struct lw_record record;
    struct lw_error err = {0};

    if (!lw_screen_selected(lw_tui_top(stage->tui), &type, id))
        fail_msg("nothing is selected, not %s", ref);
    assert_int_equal(type, LW_RECORD_ENTRY);
    assert_int_equal(lw_record_get(stage->fixture->journal, type, id, &record, &err), LW_OK);
    assert_string_equal(lw_record_text(&record, "ref"), ref);
    lw_record_clear(&record);
}

static inline void view_stage_golden(struct view_stage *stage, const char *name)
{
    lw_tui_turn(stage->tui);
    golden_check(lw_tui_grid(stage->tui), name);
}

/* Under PREFIX-NAME-COLUMNSxROWS, of the terminal's size; the stage ends. */
static inline void view_stage_golden_end(struct view_stage *stage, const char *prefix,
                                         const char *name)
{
    char file[64];

    snprintf(file, sizeof file, "%s-%s-%dx%d", prefix, name, stage->terminal->columns,
             stage->terminal->rows);
    view_stage_golden(stage, file);
    view_stage_free(stage);
}

#endif
