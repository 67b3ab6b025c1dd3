/* Passphrases and words that are asked for. */
#include "internal.h"

#include <stdio.h>
#include <string.h>

/* Reads keys into locked memory until Enter. */
static enum lw_status type_passphrase(struct lw_tty *tty, const char *prompt,
                                      struct lw_passphrase *pass, struct lw_error *err)
{
    lw_out_text(&tty->out, prompt);
    for (;;) {
        int key = lw_tty_key(tty, -1);

        switch (key) {
        case LW_KEY_SIGNAL:
        case LW_KEY_END:
            return lw_fail(err, LW_CANCELLED, "cancelled");
        case 0x04:
            if (lw_passphrase_len(pass) == 0)
                return lw_fail(err, LW_CANCELLED, "cancelled");
            break;
        case LW_KEY_REDRAW:
            lw_out_text(&tty->out, prompt);
            lw_passphrase_clear(pass);
            break;
        case 0x15:
            lw_passphrase_clear(pass);
            break;
        case '\b':
        case 0x7F:
            lw_passphrase_pop(pass);
            break;
        case '\n':
        case '\r':
            return LW_OK;
        default:
            if (key >= 0x20 && !lw_passphrase_push(pass, (uint8_t)key))
                return lw_fail(err, LW_TOO_LONG, "a passphrase has at most %d bytes",
                               LW_PASSPHRASE_MAX);
        }
    }
}

enum lw_status lw_ask_on(struct lw_tty *tty, const char *prompt, struct lw_passphrase *pass,
                         struct lw_error *err)
{
    enum lw_status status;

    if (!tty->begun)
        return lw_fail(err, LW_INTERNAL, "the terminal would show the passphrase");
    lw_passphrase_clear(pass);
    status = type_passphrase(tty, prompt, pass, err);
    lw_out_control(&tty->out, "\r\n");
    if (status == LW_OK && lw_passphrase_has_non_ascii(pass)) {
        lw_out_line(&tty->out, "Some letters were not ASCII; another keyboard layout may be on.");
    }
    lw_out_flush(&tty->out);
    return status;
}

enum lw_status lw_ask_begin(struct lw_tty *tty, struct lw_error *err)
{
    enum lw_status status = lw_tty_open(
        tty, _("the passphrase; --passphrase-fd and --new-passphrase-fd take it from elsewhere"),
        err);

    if (status != LW_OK)
        return status;
    status = lw_tty_begin(tty, err);
    if (status != LW_OK)
        lw_tty_close(tty);
    return status;
}

static enum lw_status read_from(int fd, struct lw_passphrase *pass, bool *ended,
                                struct lw_error *err)
{
    bool no_newline = false;
    enum lw_status status = lw_passphrase_read(pass, fd, &no_newline, err);

    if (status != LW_OK)
        return status;
    if (no_newline && lw_passphrase_len(pass) == 0 && ended == NULL)
        return lw_fail(err, LW_NO_INPUT, "descriptor %d holds no further passphrase", fd);
    if (ended != NULL)
        *ended = no_newline && lw_passphrase_len(pass) == 0;
    return LW_OK;
}

enum lw_status lw_ask_passphrase(struct lw_cli *cli, int fd, const char *prompt,
                                 struct lw_passphrase **out, bool *ended, struct lw_error *err)
{
    struct lw_passphrase *pass = lw_passphrase_new();
    struct lw_tty tty;
    enum lw_status status;

    lw_out_flush(&cli->out);
    lw_out_flush(&cli->errs);
    if (pass == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory could be locked for the passphrase");
    if (fd >= 0) {
        status = read_from(fd, pass, ended, err);
    } else {
        status = lw_ask_begin(&tty, err);
        if (status == LW_OK) {
            status = lw_ask_on(&tty, prompt, pass, err);
            lw_tty_close(&tty);
        }
        if (ended != NULL)
            *ended = false;
    }
    if (status == LW_OK)
        *out = pass;
    else
        lw_passphrase_free(pass);
    return status;
}

static const char *judge(const struct lw_passphrase *pass)
{
    unsigned words = lw_passphrase_words(pass);
    unsigned bits = lw_passphrase_bits(pass);

    if (bits >= 75)
        return _("strong");
    if (bits >= 50)
        return words >= 4 ? _("good; six words are better") : _("good");
    return bits >= 30 ? _("weak: take at least four words drawn by chance, six are better")
                      : _("very weak: anybody who tries will find it; take at least four words "
                          "drawn by chance");
}

/* Tells the strength where the person is, and weakness in any case. */
static void tell_strength(struct lw_cli *cli, struct lw_out *out, const char *what,
                          const struct lw_passphrase *pass)
{
    struct lw_buf text = LW_BUF_INIT;

    if (out == NULL && lw_passphrase_bits(pass) >= 50)
        return;
    if (out == NULL)
        out = &cli->errs;
    if (lw_buf_sayf(&text, "This %s is %s", what, judge(pass)) == LW_OK)
        lw_out_wrap(out, 0, 0, text.data);
    lw_buf_free(&text);
    lw_out_flush(out);
}

/* One try on the terminal; OK with *same false where the two differ or nothing was typed. */
static enum lw_status type_twice(struct lw_cli *cli, struct lw_tty *tty, const char *what,
                                 struct lw_passphrase *pass, struct lw_passphrase *again,
                                 bool *same, struct lw_error *err)
{
    struct lw_buf prompt = LW_BUF_INIT;
    enum lw_status status = lw_buf_sayf(&prompt, "New %s: ", what);

    *same = false;
    if (status == LW_OK)
        status = lw_ask_on(tty, prompt.data, pass, err);
    if (status != LW_OK)
        goto done;
    if (lw_passphrase_len(pass) == 0) {
        lw_out_line(&tty->out, "It cannot be empty");
        goto done;
    }
    tell_strength(cli, &tty->out, what, pass);
    status = lw_ask_on(tty, _("The same again: "), again, err);
    if (status == LW_OK) {
        *same = lw_passphrase_equal(pass, again);
        if (!*same)
            lw_out_line(&tty->out, "The two differ; once more");
    }
done:
    lw_buf_free(&prompt);
    return status;
}

static enum lw_status new_on_terminal(struct lw_cli *cli, const char *what,
                                      struct lw_passphrase *pass, struct lw_error *err)
{
    struct lw_passphrase *again = lw_passphrase_new();
    struct lw_tty tty;
    enum lw_status status;
    bool same = false;

    if (again == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory could be locked for the passphrase");
    status = lw_ask_begin(&tty, err);
    if (status == LW_OK) {
        while (status == LW_OK && !same)
            status = type_twice(cli, &tty, what, pass, again, &same, err);
        lw_tty_close(&tty);
    }
    lw_passphrase_free(again);
    return status;
}

static enum lw_status new_from_fd(struct lw_cli *cli, int fd, const char *what,
                                  struct lw_passphrase *pass, struct lw_error *err)
{
    enum lw_status status = read_from(fd, pass, NULL, err);

    if (status != LW_OK)
        return status;
    if (lw_passphrase_len(pass) == 0)
        return lw_fail(err, LW_BAD_DATA, "the %s on descriptor %d is empty", what, fd);
    tell_strength(cli, NULL, what, pass);
    return LW_OK;
}

enum lw_status lw_ask_new_passphrase(struct lw_cli *cli, int fd, const char *what,
                                     struct lw_passphrase **out, struct lw_error *err)
{
    struct lw_passphrase *pass = lw_passphrase_new();
    enum lw_status status;

    lw_out_flush(&cli->out);
    lw_out_flush(&cli->errs);
    if (pass == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory could be locked for the passphrase");
    if (fd >= 0)
        status = new_from_fd(cli, fd, what, pass, err);
    else
        status = new_on_terminal(cli, what, pass, err);
    if (status == LW_OK)
        *out = pass;
    else
        lw_passphrase_free(pass);
    return status;
}

enum lw_status lw_ask_enter(struct lw_cli *cli, const char *prompt, struct lw_error *err)
{
    struct lw_tty tty;
    enum lw_status status;
    int key;

    lw_out_flush(&cli->out);
    status = lw_ask_begin(&tty, err);
    if (status != LW_OK)
        return status;
    lw_out_text(&tty.out, prompt);
    do {
        key = lw_tty_key(&tty, -1);
    } while (key == LW_KEY_REDRAW || (key >= 0 && key != '\n' && key != '\r' && key != 0x04));
    lw_out_control(&tty.out, "\r\n");
    lw_tty_close(&tty);
    if (key != '\n' && key != '\r')
        return lw_fail(err, LW_CANCELLED, "cancelled");
    return LW_OK;
}

enum lw_status lw_ask_word(struct lw_cli *cli, const char *word, const char *unasked,
                           struct lw_error *err)
{
    struct lw_buf text = LW_BUF_INIT;
    char prompt[80];
    struct lw_tty tty;
    enum lw_line_end end;
    enum lw_status status;

    lw_out_flush(&cli->out);
    lw_out_flush(&cli->errs);
    status = lw_tty_open(&tty, _("a word that confirms this"), err);
    if (status != LW_OK && unasked != NULL)
        return lw_fail(err, status, "there is no terminal to confirm this; %s does not ask",
                       unasked);
    if (status != LW_OK)
        return status;
    (void)snprintf(prompt, sizeof prompt, _("Type %s to go on: "), word);
    end = lw_line_read(&tty, prompt, 64, &text, err);
    if (end == LW_LINE_FAILED)
        status = err != NULL ? err->status : LW_NO_TERMINAL;
    else if (end != LW_LINE_ENTER || strcmp(lw_buf_text(&text), word) != 0)
        status = lw_fail(err, LW_CANCELLED, "\"%s\" was not typed; nothing was done", word);
    lw_tty_close(&tty);
    lw_buf_free(&text);
    return status;
}
