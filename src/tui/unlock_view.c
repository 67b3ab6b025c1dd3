/* The prompt: what a stranger sees. It says neither what this is nor which file is meant. */
#include "gate.h"

#include <string.h>

enum lw_status lw_gate_end_status(enum lw_gate_end end, struct lw_error *err)
{
    switch (end) {
    case LW_GATE_LEAVE:
        return LW_DONE;
    case LW_GATE_GONE:
        return lw_fail(err, LW_NO_TERMINAL, "the terminal is gone");
    case LW_GATE_LOCK:
        return lw_fail(err, LW_STALE, "the machine was suspended");
    default:
        return LW_OK;
    }
}

static const char *neutral_sentence(enum lw_status status)
{
    switch (status) {
    case LW_WRONG_PASSPHRASE:
        return _("Not right");
    case LW_BUSY:
        return _("Busy; try again in a moment");
    case LW_NO_MEMORY:
        return _("Not enough free memory; close other programs and try again");
    default:
        return _("It cannot be opened now");
    }
}

/* Whether trying again can help. */
static bool may_try_again(enum lw_status status)
{
    return status == LW_WRONG_PASSPHRASE || status == LW_BUSY || status == LW_NO_MEMORY;
}

struct unlock {
    struct lw_gate *gate;
    struct lw_gate_page page;
    struct lw_session_setup setup;
    bool frank;
};

static enum lw_status try_open(struct unlock *unlock, struct lw_session *session,
                               struct lw_error *err)
{
    struct lw_gate_page *page = &unlock->page;
    struct lw_error why = {.status = LW_OK};
    enum lw_status status;

    page->busy = true;
    lw_gate_show(unlock->gate, page);
    status = lw_session_open(&unlock->setup, page->pass, session, &why);
    page->busy = false;
    lw_passphrase_clear(page->pass);
    if (status == LW_OK)
        return LW_OK;
    if (status == LW_WRONG_PASSPHRASE && unlock->gate->hooks->wrong != NULL)
        unlock->gate->hooks->wrong(unlock->gate->hooks->context);
    if (unlock->frank && !may_try_again(status)) {
        if (err != NULL)
            *err = why;
        return status;
    }
    (void)lw_fail(&page->message, status, "%s", neutral_sentence(status));
    return LW_WRONG_PASSPHRASE;
}

/* The first unlocking may have its passphrase waiting; a second one finds the end of the pipe. */
static enum lw_status try_given(struct unlock *unlock, int fd, struct lw_session *session,
                                struct lw_error *err)
{
    if (fd < 0 || lw_passphrase_read(unlock->page.pass, fd, NULL, NULL) != LW_OK ||
        lw_passphrase_len(unlock->page.pass) == 0) {
        lw_passphrase_clear(unlock->page.pass);
        return LW_WRONG_PASSPHRASE;
    }
    return try_open(unlock, session, err);
}

enum lw_status lw_gate_unlock(struct lw_gate *gate, const struct lw_program_request *request,
                              bool frank, struct lw_session *session, struct lw_error *err)
{
    struct unlock unlock = {
        .gate = gate,
        .frank = frank,
        .page = {.label = "Passphrase: ", .input = LW_GATE_PASSPHRASE},
        .setup = {.path = request->vault,
                  .header = request->header,
                  .profile = request->profile,
                  .read_only = request->read_only,
                  .clock = request->clock,
                  .author = request->config->author,
                  .forms = request->forms},
    };
    enum lw_status status;

    unlock.page.pass = lw_passphrase_new();
    if (unlock.page.pass == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory could be locked for the passphrase");
    status = try_given(&unlock, request->passphrase_fd, session, err);
    while (status == LW_WRONG_PASSPHRASE) {
        enum lw_gate_end end = lw_gate_ask(gate, &unlock.page);

        if (end == LW_GATE_BACK ||
            (end == LW_GATE_ENTER && lw_passphrase_len(unlock.page.pass) == 0))
            lw_passphrase_clear(unlock.page.pass);
        else if (end == LW_GATE_ENTER)
            status = try_open(&unlock, session, err);
        else
            status = lw_gate_end_status(end, err);
    }
    lw_passphrase_free(unlock.page.pass);
    return status;
}
