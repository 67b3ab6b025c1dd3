/* The program: gate, then the screens over an open session, then an orderly end. */
#include "bookmark.h"
#include "gate.h"
#include "guard.h"
#include "loop_internal.h"
#include "screens.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POLL_MS        300
#define STIR_LEAST_MS  4000
#define STIR_SPREAD_MS 20000 /* so about four times a minute */

/* ---- what the loop calls ------------------------------------------------------------------ */

struct running {
    struct lw_program_state state;
    struct lw_session session;
    struct lw_tui *tui;
    const char **bindings;
    size_t binding_count;
    struct lw_buf warnings; /* the first ones, in one line */
    size_t warning_count;
    unsigned gaps; /* of the sandbox */
    bool header_missing;
    struct lw_bookmark bookmark;
    char corner[16];
};

static bool suspended(const struct running *running)
{
    const struct lw_program_hooks *hooks = running->state.hooks;

    return hooks->suspended != NULL && hooks->suspended(hooks->context);
}

static void on_activity(void *context)
{
    struct running *running = context;

    if (suspended(running))
        lw_program_lock(running->tui);
    else if (running->state.hooks->key != NULL)
        running->state.hooks->key(running->state.hooks->context);
}

static void stir(struct running *running)
{
    int64_t now = lw_tui_steady_ms(running->tui);

    if (running->state.stir_ms != 0 && now < running->state.stir_ms)
        return;
    if (running->state.stir_ms != 0)
        lw_session_stir(&running->session);
    running->state.stir_ms = now + STIR_LEAST_MS + lw_random_below(STIR_SPREAD_MS);
}

/* A header's stick that was pulled out, which may be what it is for. */
static void look_for_header(struct running *running)
{
    bool missing = lw_vault_header_missing(running->session.vault);

    if (missing && !running->header_missing)
        lw_tui_say(running->tui,
                   "The stick with the header is out (%s). What you type is saved as before. As "
                   "long as it is out, a wipe or another passphrase elsewhere is not noticed "
                   "here, and once locked the vault opens only with the stick.",
                   lw_vault_header(running->session.vault));
    running->header_missing = missing;
    lw_tui_warn(running->tui, missing ? " HEADER OUT " : NULL);
}

static enum lw_status poll_vault(void *context, bool *changed, struct lw_error *err)
{
    struct running *running = context;
    enum lw_status status;

    if (suspended(running)) {
        lw_program_lock(running->tui);
        return LW_OK;
    }
    status = lw_session_watch(&running->session, changed, err);
    if (status == LW_REVOKED || status == LW_STALE) {
        lw_program_lock(running->tui);
        return LW_OK;
    }
    if (status != LW_OK)
        return status;
    look_for_header(running);
    lw_session_touch(&running->session);
    stir(running);
    lw_bookmark_look(&running->bookmark, running->tui);
    return LW_OK;
}

/* ---- configuration ------------------------------------------------------------------------ */

/* The screen has a few rows for it; the number of those that are not shown stands at the end. */
static void add_warning(struct running *running, const char *text, size_t len)
{
    running->warning_count++;
    if (running->warning_count <= 2 &&
        lw_buf_addf(&running->warnings, "%.*s. ", (int)len, text) != LW_OK)
        lw_buf_clear(&running->warnings);
}

struct judged {
    struct running *running;
    const struct lw_config *config;
};

static void judge_warning(void *context, size_t index, const char *text)
{
    const struct judged *judged = context;
    const struct lw_config *config = judged->config;
    struct lw_buf line = LW_BUF_INIT;

    if (lw_buf_addf(&line, "%s:%u: %s", config->name, config->bindings[index].line, text) == LW_OK)
        add_warning(judged->running, line.data, line.len);
    lw_buf_free(&line);
}

static unsigned char chord_of(const struct lw_config *config)
{
    return (unsigned char)(config->chord >= 0 ? config->chord : LW_CHORD_DEFAULT);
}

/* The screens judge them once more; only here their lines are known. */
static enum lw_status take_bindings(struct running *running, const struct lw_config *config)
{
    struct judged judged = {running, config};
    struct lw_bindings bindings = {.count = config->binding_count, .chord = chord_of(config)};
    struct lw_keymap *keymap = NULL;
    enum lw_status status;

    running->bindings = calloc(config->binding_count + 1, sizeof *running->bindings);
    if (running->bindings == NULL)
        return LW_NO_MEMORY;
    for (size_t i = 0; i < config->binding_count; i++)
        running->bindings[i] = config->bindings[i].text;
    running->binding_count = config->binding_count;
    bindings.list = running->bindings;
    status = lw_keymap_new(lw_tui_tables, lw_tui_table_count, &bindings, judge_warning, &judged,
                           &keymap);
    if (status == LW_OK)
        lw_keymap_free(keymap);
    return status;
}

static enum lw_status take_warnings(struct running *running,
                                    const struct lw_program_request *request)
{
    const char *at = request->warnings;
    const char *end;
    enum lw_status status;

    for (; at != NULL && (end = strchr(at, '\n')) != NULL; at = end + 1)
        add_warning(running, at, (size_t)(end - at));
    status = take_bindings(running, request->config);
    if (status == LW_OK && running->warning_count > 2)
        status = lw_buf_sayf(&running->warnings, "%zu more. ", running->warning_count - 2);
    return status;
}

static struct lw_tui_options options_of(struct running *running,
                                        const struct lw_program_request *request)
{
    const struct lw_config *config = request->config;
    unsigned char chord = chord_of(config);

    (void)snprintf(running->corner, sizeof running->corner, _("^%c lock"), chord ^ 0x40);
    return (struct lw_tui_options){
        .borders = config->ascii ? LW_BORDERS_ASCII : LW_BORDERS_LOCALE,
        .colours = config->no_colours ? LW_COLOURS_NONE : LW_COLOURS_TERMINAL,
        .plain = config->plain,
        .bindings = running->bindings,
        .binding_count = running->binding_count,
        .chord = chord,
        .corner = running->corner,
    };
}

/* ---- the sandbox -------------------------------------------------------------------------- */

/* The terminal's description, the time zone and the locale are read by now. */
static void close_files(struct running *running, const char *vault, const char *header)
{
    const char *const files[] = {vault, header};

    running->gaps |= lw_sandbox_files(files, LW_COUNT_OF(files));
}

static enum lw_status say_gaps(struct running *running, struct lw_buf *text)
{
    struct lw_program_memory *memory = running->state.hooks->memory;
    enum lw_status status = LW_OK;

    if (memory != NULL && memory->gaps_told)
        return LW_OK;
    for (unsigned gap = 1; gap <= LW_GAP_LAST && status == LW_OK; gap <<= 1) {
        if (running->gaps & gap)
            status = lw_buf_addf(text, "%s. ", lw_gap_say(gap));
    }
    if (memory != NULL)
        memory->gaps_told = true;
    return status;
}

/* ---- after unlocking ---------------------------------------------------------------------- */

/* What whoever sits there should know of this vault, until the next key. */
static enum lw_status greet(struct running *running, const struct lw_program_request *request,
                            bool fresh, int64_t since_ms)
{
    const struct lw_session *session = &running->session;
    struct lw_buf text = LW_BUF_INIT;
    enum lw_status status = LW_OK;

    if (session->fell_back)
        status = lw_buf_says(&text, "The newest state of the vault could not be read, the one "
                                    "before is shown: it was cut off, damaged or altered. ");
    if (status == LW_OK && !session->recorded && session->unrecorded.status != LW_OK)
        status = lw_buf_sayf(&text, "This session is not recorded in the vault: %s. ",
                             session->unrecorded.text);
    if (status == LW_OK && lw_journal_forms_trouble(session->journal)[0] != '\0')
        status = lw_buf_addf(&text, "%s. ", lw_journal_forms_trouble(session->journal));
    if (status == LW_OK)
        status = say_gaps(running, &text);
    if (status == LW_OK)
        status = lw_buf_add(&text, lw_buf_text(&running->warnings), running->warnings.len);
    if (status == LW_OK && request->read_only)
        status = lw_buf_says(&text, "Review: nothing can be written. ");
    if (status == LW_OK && since_ms != 0) {
        status = lw_buf_says(&text, "Back where you were at ");
        if (status == LW_OK)
            status = lw_instant_say(request->clock, since_ms, &text);
        if (status == LW_OK)
            status = lw_buf_adds(&text, ". ");
    }
    if (status == LW_OK && session->had_before && !fresh) {
        status = lw_buf_says(&text, "Last opened ");
        if (status == LW_OK)
            status = lw_instant_say(request->clock, session->before.opened_ms, &text);
    }
    if (status == LW_OK && text.len > 0)
        lw_tui_say(running->tui, "%s", text.data);
    lw_buf_free(&text);
    return status;
}

static enum lw_status show_screens(struct running *running,
                                   const struct lw_program_request *request,
                                   struct lw_terminal *terminal, bool fresh, struct lw_error *err)
{
    struct lw_tui_options options = options_of(running, request);
    const struct lw_tui_hooks hooks = {
        .clock = request->clock,
        .on_activity = on_activity,
        .wake_fd = -1,
        .poll = poll_vault,
        .poll_ms = POLL_MS,
        .context = running,
    };
    enum lw_status status = lw_tui_make(&options, &hooks, terminal, lw_tui_tables,
                                        lw_tui_table_count, &running->tui, err);
    int64_t since_ms = 0;

    if (status != LW_OK)
        return status;
    lw_tui_set_program(running->tui, &running->state);
    if (request->read_only)
        lw_tui_read_only(running->tui);
    status = lw_timeline_show(running->tui, err);
    if (status == LW_OK)
        since_ms = lw_bookmark_return(&running->bookmark, running->tui);
    if (status == LW_OK && !request->read_only)
        status = lw_drafts_reopen(running->tui, err);
    if (status == LW_OK && greet(running, request, fresh, since_ms) != LW_OK)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (status == LW_OK)
        status = lw_tui_run(running->tui, err);
    if (status == LW_OK || status == LW_NO_TERMINAL)
        lw_bookmark_end(&running->bookmark, running->tui, status == LW_OK);
    lw_tui_end(running->tui);
    return status;
}

/* ---- from the start ----------------------------------------------------------------------- */

static bool is_missing(const char *path)
{
    return path == NULL || (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR));
}

/* At the first prompt it is told that the stick is not in; later ones tell nothing. */
static enum lw_status check_header(const struct lw_program_request *request, struct lw_error *err)
{
    struct lw_header_look look;
    enum lw_status status = lw_header_look(request->vault, request->header, &look, err);

    return look.unfinished ? LW_OK : status;
}

/* Whatever opens the session. */
static enum lw_status pass_gate(struct running *running, const struct lw_program_request *request,
                                struct lw_terminal *terminal, bool *fresh, struct lw_error *err)
{
    struct lw_program_memory only = {.stage = LW_STAGE_NONE};
    struct lw_program_memory *memory =
        running->state.hooks->memory != NULL ? running->state.hooks->memory : &only;
    struct lw_program_request now = *request;
    bool frank = memory->stage == LW_STAGE_NONE;
    struct lw_gate gate;
    enum lw_status status;

    if (memory->vault[0] != '\0') {
        now.vault = memory->vault;
        now.header = memory->header[0] != '\0' ? memory->header : NULL;
    }
    if (now.vault != NULL)
        lw_vault_finish_leftovers(now.vault);
    *fresh = !now.read_only && memory->stage != LW_STAGE_THERE && is_missing(now.vault);
    if (!*fresh && frank && now.header != NULL) {
        status = check_header(&now, err);
        if (status != LW_OK)
            return status;
    }
    running->gaps = lw_sandbox_calls();
    if (!*fresh)
        close_files(running, now.vault, now.header);
    status = lw_gate_open(&gate, terminal, running->state.hooks, err);
    if (status != LW_OK)
        return status;
    gate.mask = now.config->mask && !terminal->plain; /* lines would keep how many */
    if (!*fresh)
        lw_gate_watch_header(&gate, now.header);
    memory->stage = *fresh ? LW_STAGE_MAKING : LW_STAGE_THERE;
    if (*fresh)
        status = lw_gate_first_start(&gate, &now, frank, &running->session, err);
    else
        status = lw_gate_unlock(&gate, &now, frank, &running->session, err);
    lw_gate_close(&gate);
    /* where the first one goes is only known now, and its path may have been written down */
    if (*fresh && status == LW_OK)
        close_files(running, lw_vault_path(running->session.vault),
                    lw_vault_header(running->session.vault));
    return status;
}

enum lw_status lw_program_run(const struct lw_program_request *request,
                              const struct lw_program_hooks *hooks, bool *lock,
                              struct lw_error *err)
{
    struct running running = {
        .state = {.read_only = request->read_only, .config = request->config, .hooks = hooks}};
    struct lw_tui_options options;
    struct lw_terminal *terminal = NULL;
    bool fresh = false;
    enum lw_status status = take_warnings(&running, request);

    *lock = false;
    if (status != LW_OK) {
        status = lw_fail(err, status, "out of memory");
        goto done;
    }
    options = options_of(&running, request);
    status = lw_terminal_open(&options, &terminal, err);
    if (status != LW_OK)
        goto done;
    status = pass_gate(&running, request, terminal, &fresh, err);
    if (status == LW_OK && hooks->opened != NULL)
        hooks->opened(hooks->context);
    if (status == LW_OK) {
        running.state.session = &running.session;
        if (request->read_only)
            running.bookmark.session = &running.session;
        status = show_screens(&running, request, terminal, fresh, err);
    } else {
        lw_terminal_free(terminal);
    }
    *lock = running.state.lock || status == LW_STALE;
    if (status == LW_DONE || *lock)
        status = LW_OK;
    lw_session_close(&running.session);
done:
    free(running.bindings);
    lw_bookmark_clear(&running.bookmark);
    lw_buf_free(&running.warnings);
    return status;
}
