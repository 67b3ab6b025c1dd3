/* The passphrases of a new vault. */
#include "first_start.h"

#define BITS_GOOD 50

static enum lw_gate_end ask_one(struct start *start, const char *const *body, size_t count,
                                const char *label, struct lw_passphrase *pass, bool strength)
{
    struct lw_gate_page page = {.body = body,
                                .body_count = count,
                                .label = label,
                                .input = LW_GATE_PASSPHRASE,
                                .pass = pass,
                                .strength = strength,
                                .hint = "Enter next  Ctrl-U erase  Esc back"};
    enum lw_gate_end end;

    lw_passphrase_clear(pass);
    do {
        end = start_ask(start, &page);
        if (end == LW_GATE_ENTER && lw_passphrase_len(pass) == 0)
            (void)lw_fail(&start->message, LW_USAGE, "It cannot be empty");
    } while (end == LW_GATE_ENTER && lw_passphrase_len(pass) == 0);
    return end;
}

/* Until the same was typed twice; BACK from the second time leads to the first. */
static enum lw_gate_end ask_twice(struct start *start, const char *const *body, size_t count,
                                  const char *label, struct lw_passphrase *pass)
{
    static const char *const again[] = {
        "The same again, so that a slip of the finger does not shut you out."};

    for (;;) {
        enum lw_gate_end end = ask_one(start, body, count, label, pass, true);

        if (end != LW_GATE_ENTER)
            return end;
        if (lw_passphrase_bits(pass) < BITS_GOOD)
            (void)lw_fail(&start->message, LW_USAGE,
                          "This one is weak: it can be found by trying. Esc goes back for another");
        end = ask_one(start, again, LW_COUNT_OF(again), "Again: ", start->again, false);
        if (end == LW_GATE_ENTER && lw_passphrase_equal(pass, start->again)) {
            lw_passphrase_clear(start->again);
            return end;
        }
        lw_passphrase_clear(start->again);
        if (end == LW_GATE_ENTER)
            (void)lw_fail(&start->message, LW_USAGE, "The two differed; once more");
        else if (end != LW_GATE_BACK)
            return end;
    }
}

enum lw_gate_end start_passphrase(struct start *start)
{
    static const char *const body[] = {
        "Choose the passphrase. Four words drawn by chance are the least, six are better; a "
        "sentence from a book or a song is found by trying.",
        "Nothing is shown while you type but how strong it is.",
    };

    if (start->words_kept)
        return LW_GATE_ENTER;
    return ask_twice(start, body, LW_COUNT_OF(body), "Passphrase: ", start->pass);
}

static enum lw_gate_end ask_duress_words(struct start *start)
{
    static const char *const body[] = {
        "The duress passphrase. It must not be close to the other one: no word in common, no "
        "common beginning.",
    };

    for (;;) {
        enum lw_gate_end end =
            ask_twice(start, body, LW_COUNT_OF(body), "Duress passphrase: ", start->duress);

        if (end != LW_GATE_ENTER || !lw_passphrase_too_close(start->pass, start->duress))
            return end;
        (void)lw_fail(&start->message, LW_REFUSED, "Too close to the other one; take other words");
    }
}

static enum lw_status check_disks(const struct start *start, struct lw_error *err)
{
    const char *header = start_header_path(start);
    enum lw_status status = lw_duress_disk_check(lw_buf_text(&start->path), err);

    return status == LW_OK && header != NULL ? lw_duress_disk_check(header, err) : status;
}

/* The places may be other ones by now. */
static bool keeps_duress(struct start *start)
{
    return start->words_kept &&
           (lw_passphrase_len(start->duress) == 0 || check_disks(start, &start->message) == LW_OK);
}

enum lw_gate_end start_duress(struct start *start)
{
    static const char later[] = "It can be set later as well (lapwing passphrase duress).";
    const char *body[LW_DURESS_PARAGRAPHS + 1];
    struct lw_gate_page page = {.body = body,
                                .body_count = LW_COUNT_OF(body),
                                .label = "Set one now? (y, n) ",
                                .letters = "yn",
                                .hint = "y yes  n or Enter no  Esc back"};

    if (keeps_duress(start))
        return LW_GATE_ENTER;
    for (size_t i = 0; i < LW_DURESS_PARAGRAPHS; i++)
        body[i] = lw_duress_words[i];
    body[LW_DURESS_PARAGRAPHS] = later;
    for (;;) {
        enum lw_gate_end end = start_ask(start, &page);

        lw_passphrase_clear(start->duress);
        if (end != LW_GATE_LETTER || page.letter != 'y')
            return end;
        if (check_disks(start, &start->message) != LW_OK)
            continue;
        end = ask_duress_words(start);
        if (end != LW_GATE_BACK)
            return end;
        lw_passphrase_clear(start->duress);
    }
}
