/* The capture prompt: type, see what was understood, save with one more key. */
#include "internal.h"

#include <string.h>
#include <unistd.h>

struct prompt {
    struct lw_cli *cli;
    struct lw_session *session;
    struct lw_tty tty;
    struct lw_buf text;
    enum lw_status status; /* why the prompt ends, and err says */
    struct lw_error *err;
};

enum choice { SAVE, EDIT, DROP, LEAVE };

static enum choice ask_choice(struct prompt *prompt)
{
    struct lw_tty *tty = &prompt->tty;
    enum choice choice = LEAVE;
    bool chosen = false;

    prompt->status = lw_tty_begin(tty, prompt->err);
    if (prompt->status != LW_OK)
        return LEAVE;
    lw_out_text(&tty->out, _("Enter saves, e edits again, x drops it "));
    while (!chosen) {
        int key = lw_tty_key(tty, -1);

        chosen = true;
        if (key == '\n' || key == '\r')
            choice = SAVE;
        else if (key == 'e' || key == 'E')
            choice = EDIT;
        else if (key == 'x' || key == 'X')
            choice = DROP;
        else if (key == LW_KEY_SIGNAL && lw_tty_signal() == SIGINT)
            choice = LEAVE;
        else if (key == LW_KEY_SIGNAL || key == LW_KEY_END)
            choice = SAVE; /* the line went away: what was typed must not */
        else
            chosen = key == 0x04;
    }
    lw_out_newline(&tty->out);
    lw_tty_end(tty);
    return choice;
}

static const struct lw_forms *forms_of(const struct prompt *prompt)
{
    return lw_journal_forms(prompt->session->journal);
}

static enum lw_status show_understood(struct prompt *prompt, const struct lw_capture *capture)
{
    struct lw_out *out = &prompt->tty.out;
    struct lw_buf said = LW_BUF_INIT;
    enum lw_status status = lw_capture_say(capture, forms_of(prompt), &said);

    if (status == LW_OK) {
        lw_out_spaces(out, 2);
        lw_out_wrap(out, 2, 2, lw_buf_text(&said));
        if (capture->notes.len > 0) {
            lw_out_spaces(out, 2);
            lw_out_wrap(out, 2, 2, capture->notes.data);
        }
    }
    lw_buf_free(&said);
    return status;
}

static enum lw_status save(struct prompt *prompt, const struct lw_capture *capture,
                           struct lw_error *why)
{
    struct lw_cli *cli = prompt->cli;
    struct lw_buf said = LW_BUF_INIT;
    char ref[16];
    enum lw_status status = lw_journal_log(prompt->session->journal, capture, ref, why);

    if (status != LW_OK)
        return status;
    lw_out_line(&prompt->tty.out, "%s saved", ref);
    if (!cli->out.terminal && lw_capture_say(capture, forms_of(prompt), &said) == LW_OK) {
        lw_out_line(&cli->out, "%s  %s", ref, lw_buf_text(&said));
        lw_out_flush(&cli->out);
    }
    lw_buf_free(&said);
    return LW_OK;
}

/* True where another line is to be typed; the text stays where it is to be edited. */
static bool handle(struct prompt *prompt, bool ask)
{
    struct lw_error why = {.status = LW_OK};
    struct lw_capture capture;
    enum lw_status status;
    enum choice choice = SAVE;

    status = lw_capture_parse(prompt->text.data, prompt->text.len, forms_of(prompt),
                              prompt->cli->clock, &capture, &why);
    if (status != LW_OK) {
        lw_out_line(&prompt->tty.out, "Not saved: %s", why.text);
        return true;
    }
    if (ask) {
        status = show_understood(prompt, &capture);
        choice = ask_choice(prompt);
    }
    if (status == LW_OK && choice == SAVE) {
        status = save(prompt, &capture, &why);
        if (status == LW_OK)
            lw_buf_clear(&prompt->text);
        else
            lw_out_line(&prompt->tty.out, "Not saved: %s", why.text);
    } else if (choice == DROP) {
        lw_buf_clear(&prompt->text);
    }
    lw_capture_clear(&capture);
    if (status == LW_REVOKED || status == LW_DAMAGED) {
        prompt->status = status;
        *prompt->err = why;
    }
    return choice != LEAVE && prompt->status == LW_OK && lw_tty_signal() == 0;
}

static bool is_blank(const struct lw_buf *text)
{
    return strspn(lw_buf_text(text), " ") == text->len;
}

static void run(struct prompt *prompt)
{
    bool go_on = true;

    while (go_on) {
        enum lw_line_end end =
            lw_line_read(&prompt->tty, "> ", LW_CAPTURE_MAX, &prompt->text, prompt->err);

        lw_session_touch(prompt->session);
        switch (end) {
        case LW_LINE_ENTER:
            if (is_blank(&prompt->text))
                lw_buf_clear(&prompt->text);
            else
                go_on = handle(prompt, true);
            break;
        case LW_LINE_GONE:
            if (!is_blank(&prompt->text))
                handle(prompt, false);
            go_on = false;
            break;
        case LW_LINE_END:
            go_on = false;
            break;
        case LW_LINE_FAILED:
            prompt->status = prompt->err->status;
            go_on = false;
            break;
        }
    }
}

enum lw_status lw_capture_prompt(struct lw_cli *cli, struct lw_session *session,
                                 struct lw_error *err)
{
    struct prompt prompt = {.cli = cli, .session = session, .err = err};
    enum lw_status status;

    lw_out_flush(&cli->out);
    lw_out_flush(&cli->errs);
    status = lw_tty_open(&prompt.tty, _("entries"), err);
    if (status != LW_OK)
        return status;
    lw_out_line(&prompt.tty.out, "One line is one entry. Ctrl-D on an empty line ends.");
    run(&prompt);
    lw_tty_close(&prompt.tty);
    lw_buf_free(&prompt.text);
    return prompt.status;
}
