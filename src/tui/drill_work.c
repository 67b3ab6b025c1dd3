/* The workers of a drill: a page, the making of the vault, an exercise, the proofs. */
#include "drill.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void)
{
    return lw_ticks_us(CLOCK_MONOTONIC);
}

/* ---- pages ---------------------------------------------------------------------------------- */

struct stage {
    struct lw_program_hooks hooks;
    struct lw_terminal *terminal;
    struct lw_gate gate;
};

static enum lw_status stage_open(struct stage *stage, const struct drill *drill,
                                 struct lw_activity *activity, struct lw_error *err)
{
    const struct lw_config *config = drill->request->config;
    const struct lw_tui_options options = {
        .borders = config->ascii ? LW_BORDERS_ASCII : LW_BORDERS_LOCALE,
        .colours = config->no_colours ? LW_COLOURS_NONE : LW_COLOURS_TERMINAL,
        .plain = config->plain,
    };
    enum lw_status status;

    stage->hooks = lw_program_hooks_of(activity, NULL);
    status = lw_terminal_open(&options, &stage->terminal, err);
    if (status != LW_OK)
        return status;
    status = lw_gate_open(&stage->gate, stage->terminal, &stage->hooks, err);
    if (status != LW_OK)
        lw_terminal_free(stage->terminal);
    return status;
}

static void stage_close(struct stage *stage)
{
    lw_gate_close(&stage->gate);
    lw_terminal_free(stage->terminal);
}

/* 0, a letter, or the exit code of what went wrong. */
static int ask(struct drill *drill, struct lw_activity *activity)
{
    const char *body[DRILL_PARAGRAPHS];
    struct lw_gate_page page = {.title = "Drill, with a practice vault",
                                .body = body,
                                .body_count = drill->text.count,
                                .paged = true,
                                .letters = drill->text.letters,
                                .hint = drill->text.hint};
    struct lw_error err = {.status = LW_OK};
    struct stage stage;
    enum lw_gate_end end;

    for (size_t i = 0; i < drill->text.count; i++)
        body[i] = drill->text.paragraph[i];
    if (stage_open(&stage, drill, activity, &err) != LW_OK)
        return lw_status_exit_code(LW_NO_TERMINAL);
    do {
        end = lw_gate_ask(&stage.gate, &page);
    } while (end == LW_GATE_BACK);
    stage_close(&stage);
    switch (end) {
    case LW_GATE_ENTER:
        return 0;
    case LW_GATE_LETTER:
        return page.letter;
    case LW_GATE_LEAVE:
        return 'q';
    case LW_GATE_LOCK:
        return LW_WORKER_LOCK;
    default:
        return lw_status_exit_code(LW_NO_TERMINAL);
    }
}

/* ---- making and proving --------------------------------------------------------------------- */

struct making {
    struct stage *stage;
    int64_t shown_us;
};

static const char *const making_body[] = {"The practice vault is being made: filled with random "
                                          "bytes, a sample chronology and a small diary."};

static bool show_making(void *context, uint64_t done, uint64_t total)
{
    struct making *making = context;
    struct lw_gate_page page = {.title = "Drill, with a practice vault",
                                .body = making_body,
                                .body_count = LW_COUNT_OF(making_body),
                                .bar = true};

    if (done < total && now_us() - making->shown_us < 100000)
        return true;
    making->shown_us = now_us();
    page.percent = total > 0 ? (int)(done * 100 / total) : 0;
    lw_gate_show(&making->stage->gate, &page);
    return true;
}

static enum lw_status make_vault(struct drill *drill, struct stage *stage, struct lw_error *err)
{
    struct drill_shared *shared = drill->shared;
    struct making making = {.stage = stage};
    const struct lw_progress progress = {.step = show_making, .context = &making};
    enum lw_status status;

    (void)show_making(&making, 0, 1);
    (void)unlink(drill->fresh); /* of a worker that was locked meanwhile */
    status = lw_drill_make(drill->fresh, shared->profile, drill->request->clock, &progress,
                           shared->mark, err);
    if (status == LW_NO_MEMORY && lw_kdf_profile_find("lite") >= 0 &&
        shared->profile != lw_kdf_profile_find("lite")) {
        shared->profile = lw_kdf_profile_find("lite");
        (void)unlink(drill->fresh);
        status = lw_drill_make(drill->fresh, shared->profile, drill->request->clock, &progress,
                               shared->mark, err);
    }
    return status;
}

static int make(struct drill *drill, struct lw_activity *activity)
{
    struct drill_shared *shared = drill->shared;
    struct lw_error err = {.status = LW_OK};
    struct stage stage;

    shared->made = drill->start(&err);
    if (shared->made == LW_OK)
        shared->made = stage_open(&stage, drill, activity, &err);
    if (shared->made == LW_OK) {
        shared->made = make_vault(drill, &stage, &err);
        stage_close(&stage);
    }
    (void)snprintf(shared->why, sizeof shared->why, "%s", err.text);
    return 0;
}

static int prove(struct drill *drill, struct lw_activity *activity)
{
    static const char *const body[] = {
        "Now the passphrases are tried on what is left. This takes some seconds."};
    const struct lw_gate_page page = {.title = "Drill, with a practice vault",
                                      .body = body,
                                      .body_count = LW_COUNT_OF(body),
                                      .label = "Trying ",
                                      .busy = true};
    struct lw_error err = {.status = LW_OK};
    struct stage stage;

    if (drill->start(&err) != LW_OK || stage_open(&stage, drill, activity, &err) != LW_OK)
        return lw_status_exit_code(LW_NO_TERMINAL);
    lw_gate_show(&stage.gate, &page);
    drill_prove(drill);
    stage_close(&stage);
    return 0;
}

/* ---- an exercise: the program as it is ------------------------------------------------------ */

struct opened {
    struct drill_shared *shared;
    struct lw_activity *activity;
    int maps;
};

static void on_key(void *context)
{
    const struct opened *opened = context;

    if (!opened->shared->opened)
        opened->shared->key_us = now_us();
    lw_activity_key(opened->activity);
}

static void on_rest(void *context)
{
    const struct opened *opened = context;

    lw_activity_rest(opened->activity);
}

static void on_opened(void *context)
{
    const struct opened *opened = context;
    struct drill_shared *shared = opened->shared;

    shared->open_us = shared->key_us > 0 ? now_us() - shared->key_us : 0;
    shared->opened = true;
    lw_activity_opened(opened->activity);
}

/* The program asks this before it draws, and a few times a second: the second time the journal has
 * been read and shown. */
static bool on_suspended(void *context)
{
    const struct opened *opened = context;
    struct drill_shared *shared = opened->shared;

    if (shared->opened && !shared->looked && ++shared->asked >= 2)
        shared->looked = lw_memory_count(opened->maps, shared->mark, LW_DRILL_MARK - 1,
                                         &shared->copies) == LW_OK;
    return lw_activity_suspended(opened->activity);
}

/* The ordinary passphrase, for the exercises that do not ask for it. */
static int waiting_passphrase(void)
{
    static const char line[] = LW_DRILL_ORDINARY "\n";
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    (void)!write(ends[1], line, sizeof line - 1);
    close(ends[1]);
    return ends[0];
}

static int open_program(struct drill *drill, struct lw_activity *activity)
{
    struct opened opened = {.shared = drill->shared,
                            .activity = activity,
                            .maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)};
    const struct lw_program_hooks hooks = {.key = on_key,
                                           .rest = on_rest,
                                           .opened = on_opened,
                                           .suspended = on_suspended,
                                           .context = &opened,
                                           .memory = &drill->shared->memory};
    struct lw_program_request request = *drill->request;
    struct lw_error err = {.status = LW_OK};
    bool lock = false;
    bool asks = drill->step == DRILL_UNLOCK || drill->step == DRILL_DURESS;
    enum lw_status status = drill->start(&err);

    request.vault = drill->path;
    request.profile = drill->shared->profile;
    request.read_only = false;
    request.warnings = NULL;
    request.passphrase_fd = asks ? -1 : waiting_passphrase();
    drill->shared->opened = false;
    drill->shared->key_us = 0;
    drill->shared->asked = 0;
    if (status == LW_OK)
        status = lw_program_run(&request, &hooks, &lock, &err);
    return lock ? LW_WORKER_LOCK : status == LW_NO_TERMINAL ? lw_status_exit_code(status) : 0;
}

static int exercise(struct drill *drill, struct lw_activity *activity)
{
    bool again = drill->shared->starts++ > 0;
    bool wipes =
        drill->step == DRILL_STOP || drill->step == DRILL_WIPE || drill->step == DRILL_LINE;

    if (again && (drill->step == DRILL_LOCK || drill->seen.stopped || drill->seen.wiping))
        return 0;
    if (again && wipes) {
        int answer;

        drill_say_locked(drill);
        answer = ask(drill, activity);
        if (answer != 0)
            return answer == 'q' ? 0 : answer;
    }
    return open_program(drill, activity);
}

int drill_work(void *context, struct lw_activity *activity)
{
    struct drill *drill = context;

    switch (drill->doing) {
    case DRILL_MAKE:
        return make(drill, activity);
    case DRILL_EXERCISE:
        return exercise(drill, activity);
    case DRILL_PROVE:
        return prove(drill, activity);
    default:
        return ask(drill, activity);
    }
}
