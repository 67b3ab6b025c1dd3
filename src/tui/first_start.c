/* The first start: from nothing to a vault, one question a page, in plain words. */
#include "first_start.h"
#include "guard.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum lw_gate_end start_ask(struct start *start, struct lw_gate_page *page)
{
    enum lw_gate_end end;

    page->title = START_TITLE;
    page->message = start->message;
    start->message.text[0] = '\0';
    end = lw_gate_ask(start->gate, page);
    return end;
}

/* ---- what it is --------------------------------------------------------------------------- */

static enum lw_gate_end ask_nothing(struct start *start)
{
    struct lw_gate_page page = {.label = "Press Enter "};

    return lw_gate_ask(start->gate, &page);
}

static enum lw_gate_end welcome(struct start *start)
{
    int chord = start->request->config->chord;
    char lock_key[160];
    const char *const body[] = {
        "Lapwing keeps an incident log in one encrypted file, the vault: what happened, when as "
        "far as that is known, and what each source says.",
        "Without the passphrase the file is noise. Nobody can reset a passphrase: if it is lost, "
        "so is the log.",
        "What it cannot do: a weak passphrase is found by trying. A machine that runs unlocked, "
        "or is only suspended, is not protected. Whoever copied the disk before opens that copy "
        "with the passphrase of that day. Traces outside the file remain: this program, the "
        "history of the shell, file dates, backups.",
        lock_key,
        "No independent audit has been made. man lapwing-safety tells more, in plain words; "
        "lapwing "
        "drill practises lock and wipe with you, on a vault that is thrown away.",
        "You have chosen lines: what was told stays where the terminal, a screen reader or a "
        "braille device keeps it. The lock key erases only what the terminal can erase.",
    };
    bool plain = start->gate->grid.plain;
    struct lw_gate_page page = {
        .body = body, .body_count = LW_COUNT_OF(body) - !plain, .hint = "Enter next  Esc leave"};
    enum lw_gate_end end;

    (void)snprintf(
        lock_key, sizeof lock_key,
        _("Ctrl-%c clears the screen at once and asks for the passphrase again, wherever "
          "you are."),
        (chord >= 0 ? chord : LW_CHORD_DEFAULT) ^ 0x40);
    end = start_ask(start, &page);
    return end == LW_GATE_BACK ? LW_GATE_LEAVE : end;
}

/* ---- making it ---------------------------------------------------------------------------- */

static const char *const fill_body[] = {
    "The file is filled with random bytes, so that used and unused parts look alike."};

static bool show_progress(void *context, uint64_t done, uint64_t total)
{
    struct start *start = context;
    struct lw_gate_page page = {
        .title = START_TITLE, .body = fill_body, .body_count = LW_COUNT_OF(fill_body), .bar = true};
    int64_t now = lw_clock_now(start->request->clock);

    if (done < total && now >= start->shown_ms && now - start->shown_ms < 100)
        return true;
    start->shown_ms = now;
    page.percent = total > 0 ? (int)(done * 100 / total) : 0;
    lw_gate_show(start->gate, &page);
    return true;
}

const char *start_header_path(const struct start *start)
{
    return start->apart && start->header.len > 0 ? start->header.data : NULL;
}

static struct lw_session_setup session_setup(const struct start *start)
{
    return (struct lw_session_setup){.path = start->path.data,
                                     .header = start_header_path(start),
                                     .profile = start->request->profile,
                                     .clock = start->request->clock,
                                     .author = start->request->config->author,
                                     .forms = start->request->forms};
}

/* For the next run, after a lock, which is asked for nothing but the passphrase. */
static void remember_made(struct start *start)
{
    struct lw_program_memory *memory = start->gate->hooks->memory;

    if (memory == NULL)
        return;
    if (start->path.len < sizeof memory->vault)
        memcpy(memory->vault, start->path.data, start->path.len + 1);
    if (start_header_path(start) != NULL && start->header.len < sizeof memory->header)
        memcpy(memory->header, start->header.data, start->header.len + 1);
    memory->stage = LW_STAGE_THERE;
}

static enum lw_status create(struct start *start, struct lw_error *err)
{
    const struct lw_progress progress = {.step = show_progress, .context = start};
    const struct lw_passphrase *kept[1] = {start->pass};
    const struct lw_session_setup setup = session_setup(start);
    const struct lw_build_plan plan = {
        .bytes = start->bytes,
        .profile = start->request->profile,
        .kept = kept,
        .kept_count = 1,
        .duress = lw_passphrase_len(start->duress) > 0 ? start->duress : NULL,
        .header = start_header_path(start),
    };

    (void)show_progress(start, 0, 1);
    return lw_session_create(&setup, &plan, &progress, NULL, err);
}

/* What goes wrong is told on the page that asks for the place, and the passphrases stay typed.
 * Where the vault is there all the same, because its stick was taken out in the last moment, that
 * ends it: the sentence says how to go on. */
static enum lw_gate_end make(struct start *start)
{
    const char *header = start_header_path(start);
    struct lw_error err = {.status = LW_OK};

    if (create(start, &err) == LW_OK) {
        lw_passphrase_clear(start->duress);
        remember_made(start);
        return LW_GATE_ENTER;
    }
    if (err.status != LW_EXISTS && access(start->path.data, F_OK) == 0) {
        *start->err = err;
        start->status = err.status;
        return LW_GATE_LEAVE;
    }
    start->message = err;
    start->words_kept = true;
    start->header_failed = header != NULL && strstr(err.text, header) != NULL;
    return LW_GATE_BACK;
}

/* As every later start does it, so that the vault's own record of sessions is the same. */
static enum lw_gate_end open_it(struct start *start)
{
    const struct lw_session_setup setup = session_setup(start);
    struct lw_gate_page page = {.title = START_TITLE, .label = "Opening it ", .busy = true};

    lw_gate_show(start->gate, &page);
    start->status = lw_session_open(&setup, start->pass, start->session, start->err);
    lw_passphrase_clear(start->pass);
    return LW_GATE_ENTER;
}

/* ---- the steps ---------------------------------------------------------------------------- */

static start_step *const steps[] = {
    welcome,      start_where, start_header,   start_size, start_passphrase,
    start_duress, make,        start_remember, open_it,
};

enum { STEP_WHERE = 1, STEP_HEADER };

static size_t step_back(const struct start *start, size_t at)
{
    if (steps[at] != make)
        return at - 1;
    return start->header_failed ? STEP_HEADER : STEP_WHERE;
}

static void walk(struct start *start)
{
    size_t at = 0;

    while (at < LW_COUNT_OF(steps)) {
        enum lw_gate_end end = steps[at](start);

        if (end == LW_GATE_ENTER || end == LW_GATE_LETTER) {
            at++;
        } else if (end == LW_GATE_BACK) {
            at = step_back(start, at);
        } else {
            if (start->status == LW_OK)
                start->status = lw_gate_end_status(end, start->err);
            return;
        }
    }
}

static enum lw_status preset(struct start *start, struct lw_error *err)
{
    const char *path = start->request->vault != NULL ? start->request->vault : "~/notes.vault";
    enum lw_status status = lw_editor_set_text(&start->where.editor, path, strlen(path), err);

    if (status == LW_OK)
        status = lw_editor_set_text(&start->size.editor, "64M", 3, err);
    if (status != LW_OK)
        return status;
    lw_editor_set_cursor(&start->where.editor, strlen(path));
    lw_editor_set_cursor(&start->size.editor, 3);
    if (start->request->header != NULL) {
        size_t len = strlen(start->request->header);

        start->apart = true;
        status = lw_editor_set_text(&start->stick.editor, start->request->header, len, err);
        if (status != LW_OK)
            return status;
        lw_editor_set_cursor(&start->stick.editor, len);
    }
    start->pass = lw_passphrase_new();
    start->duress = lw_passphrase_new();
    start->again = lw_passphrase_new();
    if (start->pass == NULL || start->duress == NULL || start->again == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory could be locked for the passphrase");
    return LW_OK;
}

enum lw_status lw_gate_first_start(struct lw_gate *gate, const struct lw_program_request *request,
                                   bool frank, struct lw_session *session, struct lw_error *err)
{
    struct start start = {.gate = gate, .request = request, .session = session, .err = err};
    enum lw_gate_end end = LW_GATE_ENTER;

    lw_field_init(&start.where, START_PATH_BYTES, NULL, NULL);
    lw_field_init(&start.stick, START_PATH_BYTES, NULL, NULL);
    lw_field_init(&start.size, START_SIZE_BYTES, NULL, NULL);
    start.status = preset(&start, err);
    if (start.status == LW_OK && !frank) {
        do {
            end = ask_nothing(&start);
        } while (end == LW_GATE_BACK);
        start.status = lw_gate_end_status(end, err);
    }
    if (start.status == LW_OK)
        walk(&start);
    lw_passphrase_free(start.pass);
    lw_passphrase_free(start.duress);
    lw_passphrase_free(start.again);
    lw_field_clear(&start.where);
    lw_field_clear(&start.stick);
    lw_field_clear(&start.size);
    lw_buf_free(&start.path);
    lw_buf_free(&start.header);
    return start.status;
}
