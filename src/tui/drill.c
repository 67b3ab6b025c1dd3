/* The drill, from its first page to the last: who conducts it. */
#include "drill.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define LINE_COUNTDOWN   5
#define WIPE_PATIENCE_MS 5000

/* Between two supervisors nothing is shown that is typed, and no signal ends the drill: the next
 * supervisor reads it. */
struct quiet {
    struct termios before;
    bool known;
    sigset_t mask;
};

static void begin_quiet(struct quiet *quiet)
{
    static const int kept[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
    sigset_t block;
    struct termios now;

    sigemptyset(&block);
    for (size_t i = 0; i < LW_COUNT_OF(kept); i++)
        sigaddset(&block, kept[i]);
    (void)sigprocmask(SIG_BLOCK, &block, &quiet->mask);
    quiet->known = tcgetattr(STDIN_FILENO, &quiet->before) == 0;
    now = quiet->before;
    now.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
    if (quiet->known)
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &now);
}

static void end_quiet(const struct quiet *quiet)
{
    const struct timespec none = {0, 0};
    sigset_t chord;

    if (quiet->known) {
        (void)tcflush(STDIN_FILENO, TCIFLUSH);
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &quiet->before);
    }
    /* a lock key too many must not end whoever comes after */
    sigemptyset(&chord);
    sigaddset(&chord, SIGQUIT);
    while (sigtimedwait(&chord, NULL, &none) > 0)
        continue;
    (void)sigprocmask(SIG_SETMASK, &quiet->mask, NULL);
}

/* ---- one worker after the other ------------------------------------------------------------- */

/* Armed for the practice vault alone: nothing of the configuration that wipes by itself, and none
 * of the other files that it names. */
static struct lw_emergency orders_of(const struct drill *drill)
{
    const struct lw_emergency *armed = &drill->request->config->emergency;
    struct lw_emergency orders = {.hold = false};

    if (drill->doing != DRILL_EXERCISE || drill->step == DRILL_LOCK ||
        drill->step == DRILL_UNLOCK || drill->step == DRILL_DURESS)
        return orders;
    orders.hold = true;
    orders.keys_only = armed->keys_only;
    orders.simulate = drill->step == DRILL_LINE;
    orders.countdown_s = drill->step == DRILL_LINE ? LINE_COUNTDOWN : armed->countdown_s;
    return orders;
}

/* *code: of the worker, or what ended the drill. */
static enum lw_status supervise(struct drill *drill, enum drill_doing doing, int *code,
                                struct lw_error *err)
{
    const struct lw_config *config = drill->request->config;
    struct lw_emergency orders;
    struct lw_supervisor setup = {
        .name = LW_GUARD_NAME,
        .chord = config->chord >= 0 ? (unsigned char)config->chord : 0,
        .emergency = &orders,
        .vault = drill->path,
        .apart = true,
        .plain = config->plain,
        .unerasable = config->plain && !lw_tui_erases(),
        .told = drill_told,
        .told_context = drill,
    };
    enum lw_status status;

    drill->doing = doing;
    orders = orders_of(drill);
    *code = 0;
    status = lw_supervise(&setup, drill_work, drill, code, err);
    if (status == LW_OK && *code > 128) {
        drill->signal = *code;
        return LW_CANCELLED;
    }
    return status;
}

static enum lw_status show(struct drill *drill, int *code, struct lw_error *err)
{
    return supervise(drill, DRILL_PAGE, code, err);
}

/* ---- one step ------------------------------------------------------------------------------- */

static enum lw_status take_fresh_copy(struct drill *drill, struct lw_error *err)
{
    if (drill->path[0] != '\0')
        (void)unlink(drill->path);
    (void)snprintf(drill->path, sizeof drill->path, "%s/practice%u.vault", drill->place.folder,
                   ++drill->copies);
    return lw_drill_copy(drill->fresh, drill->path, NULL, err);
}

static void forget(struct drill *drill)
{
    struct drill_shared *shared = drill->shared;
    bool gaps_told = shared->memory.gaps_told;
    bool neutral = drill->step == DRILL_UNLOCK || drill->step == DRILL_DURESS;

    memset(&drill->seen, 0, sizeof drill->seen);
    memset(&drill->found, 0, sizeof drill->found);
    shared->starts = shared->asked = 0;
    shared->opened = shared->looked = shared->proved = false;
    shared->key_us = shared->open_us = 0;
    shared->copies = 0;
    memset(&shared->memory, 0, sizeof shared->memory);
    shared->memory.gaps_told = gaps_told;
    shared->memory.stage = neutral ? LW_STAGE_THERE : LW_STAGE_NONE;
}

static enum lw_status exercise(struct drill *drill, int *code, struct lw_error *err)
{
    enum lw_status status = take_fresh_copy(drill, err);

    forget(drill);
    if (status == LW_OK)
        status = supervise(drill, DRILL_EXERCISE, code, err);
    if (status == LW_OK && ((drill->step == DRILL_DURESS && drill->shared->opened) ||
                            (drill->step != DRILL_LINE && drill->seen.wiping)))
        status = supervise(drill, DRILL_PROVE, code, err);
    if (status == LW_OK)
        drill_find(drill);
    return status;
}

/* LW_DONE: left. */
static enum lw_status walk_step(struct drill *drill, struct lw_error *err)
{
    for (;;) {
        int code;
        enum lw_status status;

        drill_say_step(drill);
        status = show(drill, &code, err);
        if (status != LW_OK || code == 's')
            return status;
        if (code == 'q')
            return LW_DONE;
        if (code != 0)
            return lw_fail(err, LW_NO_TERMINAL, "the terminal is gone");
        do {
            status = exercise(drill, &code, err);
            if (status != LW_OK)
                return status;
            if (drill_say_result(drill))
                drill->reached[drill->step].done = true;
            status = show(drill, &code, err);
        } while (status == LW_OK && code == 'r');
        if (status != LW_OK || code == 0)
            return status;
        return code == 'q' ? LW_DONE : lw_fail(err, LW_NO_TERMINAL, "the terminal is gone");
    }
}

static bool any_done(const struct drill *drill)
{
    for (size_t i = 0; i < DRILL_STEPS; i++) {
        if (drill->reached[i].done)
            return true;
    }
    return false;
}

static enum lw_status make(struct drill *drill, struct lw_error *err)
{
    int code;
    enum lw_status status;

    (void)snprintf(drill->fresh, sizeof drill->fresh, "%s/fresh.vault", drill->place.folder);
    drill->shared->made = LW_INTERNAL;
    status = supervise(drill, DRILL_MAKE, &code, err);
    if (status == LW_OK && drill->shared->made != LW_OK)
        status = lw_fail(err, drill->shared->made, "%s", drill->shared->why);
    return status;
}

static enum lw_status walk(struct drill *drill, struct lw_error *err)
{
    int code;
    enum lw_status status;

    drill_say_welcome(drill);
    status = show(drill, &code, err);
    if (status == LW_OK && code == 'q')
        return LW_OK;
    if (status == LW_OK)
        status = make(drill, err);
    for (int i = 0; i < DRILL_STEPS && status == LW_OK; i++) {
        drill->step = (enum drill_step)i;
        status = walk_step(drill, err);
    }
    if (status == LW_DONE)
        status = LW_OK;
    if (status == LW_OK && any_done(drill)) {
        drill_say_end(drill);
        status = show(drill, &code, err);
    }
    return status;
}

/* ---- as a whole ----------------------------------------------------------------------------- */

/* A wipe that goes on is given time to end. */
static void wait_for_wipes(void)
{
    const struct timespec moment = {.tv_nsec = 20000000};

    for (int i = 0; i < WIPE_PATIENCE_MS / 20 && waitpid(-1, NULL, WNOHANG) >= 0; i++)
        (void)nanosleep(&moment, NULL);
}

static void name_chord(struct drill *drill)
{
    int chord = drill->request->config->chord;

    if (chord < 0)
        chord = LW_CHORD_DEFAULT;
    (void)snprintf(drill->chord, sizeof drill->chord, "Ctrl-%c", chord ^ 0x40);
}

enum lw_status lw_drill_run(const struct lw_program_request *request,
                            enum lw_status (*start)(struct lw_error *err), struct lw_drill_end *end,
                            struct lw_error *err)
{
    struct drill drill = {.request = request, .start = start, .place = {.held = -1}};
    struct quiet quiet;
    enum lw_status status;

    *end = (struct lw_drill_end){.code = 0};
    drill.shared =
        mmap(NULL, sizeof *drill.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (drill.shared == MAP_FAILED)
        return lw_fail_errno(err, LW_NO_MEMORY, "no memory");
    drill.shared->profile = request->profile;
    name_chord(&drill);
    begin_quiet(&quiet);
    status = lw_drill_place_make(&drill.place, err);
    if (status == LW_OK) {
        memcpy(end->folder, drill.place.folder, sizeof end->folder);
        status = walk(&drill, err);
        end->code = drill.signal;
        if (drill.signal != 0)
            status = LW_OK;
        wait_for_wipes();
        end->left = !lw_drill_place_end(&drill.place);
    }
    end_quiet(&quiet);
    munmap(drill.shared, sizeof *drill.shared);
    return status;
}
