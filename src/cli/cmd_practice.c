/* lapwing practice: a vault to try things with. */
#include "input.h"
#include "internal.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAMPLE         "practice/chronology-2014.json"
#define PATH_ROOM      4096
#define PRACTICE_BYTES (UINT64_C(16) << 20)
#define WORDS          4
#define SYLLABLES      3

/* Four words of our own making, 76 bits: easy to type, drawn by chance. */
static enum lw_status make_words(struct lw_buf *out)
{
    static const char first[] = "bdfghjklmnprstvwz";
    static const char second[] = "aeiou";

    for (int word = 0; word < WORDS; word++) {
        enum lw_status status = word == 0 ? LW_OK : lw_buf_addc(out, ' ');

        for (int i = 0; i < SYLLABLES && status == LW_OK; i++) {
            status = lw_buf_addc(out, first[lw_random_below(sizeof(first) - 1)]);
            if (status == LW_OK)
                status = lw_buf_addc(out, second[lw_random_below(sizeof(second) - 1)]);
        }
        if (status != LW_OK)
            return status;
    }
    return LW_OK;
}

/* The chosen passphrase (then words stays empty), or a generated one. */
static enum lw_status take_passphrase(struct lw_cli *cli, struct lw_buf *words,
                                      struct lw_passphrase **out, struct lw_error *err)
{
    struct lw_passphrase *pass;

    if (cli->passphrase_fd >= 0)
        return lw_ask_new_passphrase(cli, cli->passphrase_fd, _("passphrase"), out, err);
    pass = lw_passphrase_new();
    if (pass == NULL || make_words(words) != LW_OK) {
        lw_passphrase_free(pass);
        return lw_fail(err, LW_NO_MEMORY, "out of memory");
    }
    for (size_t i = 0; i < words->len; i++)
        (void)lw_passphrase_push(pass, (uint8_t)words->data[i]);
    *out = pass;
    return LW_OK;
}

static enum lw_status make_vault(struct lw_cli *cli, const char *path, int profile,
                                 const struct lw_passphrase *pass, struct lw_session *session,
                                 struct lw_error *err)
{
    const struct lw_passphrase *kept[1] = {pass};
    const struct lw_session_setup setup = {
        .path = path,
        .profile = profile,
        .clock = cli->clock,
        .author = cli->config.author,
        .forms = cli->forms,
    };
    const struct lw_build_plan plan = {
        .bytes = PRACTICE_BYTES,
        .profile = profile,
        .kept = kept,
        .kept_count = 1,
    };

    return lw_session_create(&setup, &plan, NULL, session, err);
}

static enum lw_status read_sample(struct lw_buf *data, struct lw_error *err)
{
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = lw_share_find(SAMPLE, &path, err);

    if (status == LW_OK)
        status = lw_input_read(path.data, LW_IMPORT_MAX, data, err);
    lw_buf_free(&path);
    return status;
}

static void introduce(struct lw_cli *cli, const char *path, const struct lw_buf *words)
{
    lw_out_line(&cli->out, "Practice vault: %s", path);
    if (words->len > 0)
        lw_out_line(&cli->out, "Passphrase:     %s", words->data);
    lw_out_line(&cli->out, "Open it again with: lapwing %s", path);
    lw_out_newline(&cli->out);
    lw_out_flush(&cli->out);
}

/* Makes and fills the vault and says where it is. The session stays open; words are empty where
 * the passphrase was given. */
static enum lw_status make_practice(struct lw_cli *cli, struct lw_buf *path,
                                    struct lw_passphrase **pass, struct lw_buf *words,
                                    struct lw_session *session, struct lw_error *err)
{
    struct lw_import_report report;
    struct lw_buf folder = LW_BUF_INIT;
    struct lw_buf sample = LW_BUF_INIT;
    int profile;
    enum lw_status status = lw_kdf_wanted(cli, &profile, err);

    if (status == LW_OK)
        status = read_sample(&sample, err); /* before anything is made */
    lw_cli_close(cli, NULL);
    if (status == LW_OK)
        status = take_passphrase(cli, words, pass, err);
    if (status == LW_OK)
        status = lw_folder_make("lapwing-", &folder, err);
    if (status == LW_OK && lw_buf_addf(path, "%s/practice.vault", folder.data) != LW_OK)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (status == LW_OK)
        status = make_vault(cli, path->data, profile, *pass, session, err);
    if (status != LW_OK && folder.len > 0)
        rmdir(folder.data);
    if (status == LW_OK) {
        lw_cli_close(cli, path->data); /* not before: a folder that stays empty is removed */
        introduce(cli, path->data, words);
        status =
            lw_import_json(session->journal, lw_buf_text(&sample), sample.len, false, &report, err);
    }
    lw_buf_free(&sample);
    lw_buf_free(&folder);
    return status;
}

/* ---- without a terminal ---- */

static enum lw_status practise_printed(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_passphrase *pass = NULL;
    struct lw_buf path = LW_BUF_INIT;
    struct lw_buf words = LW_BUF_INIT;
    enum lw_status status = cli->program->start(err);

    if (status == LW_OK)
        status = make_practice(cli, &path, &pass, &words, &session, err);
    if (status == LW_OK)
        status = lw_timeline_print(cli, session.journal, err);
    lw_session_close(&session);
    lw_passphrase_free(pass);
    lw_buf_free(&words);
    lw_buf_free(&path);
    return status;
}

/* ---- on a terminal ---- */

enum { TOLD, SECRET, PIPES };

/* The vault is made in a process of its own, since the one that will supervise the screens must
 * never have known a passphrase or a text. It tells the path; the passphrase waits in a pipe for
 * whoever unlocks first. */
static enum lw_status make_told(struct lw_cli *cli, const int fds[PIPES], struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_passphrase *pass = NULL;
    struct lw_buf path = LW_BUF_INIT;
    struct lw_buf words = LW_BUF_INIT;
    enum lw_status status = cli->program->start(err);

    if (status == LW_OK)
        status = make_practice(cli, &path, &pass, &words, &session, err);
    if (status == LW_OK && words.len > 0 &&
        (lw_buf_addc(&words, '\n') != LW_OK ||
         lw_fd_write(fds[SECRET], words.data, words.len) != LW_OK))
        status = lw_fail(err, LW_INTERNAL, "the passphrase cannot be handed on");
    lw_session_close(&session);
    lw_passphrase_free(pass);
    if (status == LW_OK && lw_fd_write(fds[TOLD], path.data, path.len) != LW_OK)
        status = lw_fail(err, LW_INTERNAL, "the path cannot be handed on");
    lw_buf_free(&words);
    lw_buf_free(&path);
    return status;
}

static _Noreturn void be_maker(struct lw_cli *cli, const int fds[PIPES])
{
    struct lw_error err = {.status = LW_OK};
    enum lw_status status = make_told(cli, fds, &err);

    lw_out_flush(&cli->out);
    if (status != LW_OK && lw_tty_signal() == 0)
        lw_cli_complain(&err);
    lw_tty_deliver();
    _exit(lw_status_exit_code(status));
}

/* *code is the maker's where it failed; it has said why then. */
static enum lw_status wait_for_maker(pid_t maker, int told, struct lw_buf *path, int *code,
                                     struct lw_error *err)
{
    int how = 0;

    if (lw_fd_read_all(told, PATH_ROOM, path) != LW_OK || waitpid(maker, &how, 0) != maker)
        return lw_fail(err, LW_INTERNAL, "the practice vault cannot be made");
    if (WIFSIGNALED(how))
        return lw_fail(err, LW_CANCELLED, "cancelled");
    *code = WEXITSTATUS(how);
    return LW_OK;
}

/* *passphrase_fd, to be closed by the caller, is where the passphrase waits. */
static enum lw_status make_apart(struct lw_cli *cli, struct lw_buf *path, int *passphrase_fd,
                                 struct lw_error *err)
{
    int told[2], secret[2];
    enum lw_status status;
    pid_t maker;

    if (pipe2(told, O_CLOEXEC) != 0)
        return lw_fail_errno(err, LW_INTERNAL, "no process can be started");
    if (pipe2(secret, O_CLOEXEC) != 0) {
        close(told[0]);
        close(told[1]);
        return lw_fail_errno(err, LW_INTERNAL, "no process can be started");
    }
    lw_out_flush(&cli->out);
    maker = fork();
    if (maker == 0) {
        const int fds[PIPES] = {told[1], secret[1]};

        be_maker(cli, fds);
    }
    close(told[1]);
    close(secret[1]);
    status = maker < 0 ? lw_fail_errno(err, LW_NO_MEMORY, "no process can be started")
                       : wait_for_maker(maker, told[0], path, &cli->code, err);
    close(told[0]);
    *passphrase_fd = secret[0];
    return status;
}

static enum lw_status practise_shown(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_buf path = LW_BUF_INIT;
    int passphrase_fd = -1;
    enum lw_status status;

    lw_out_line(&cli->out, "Making a practice vault, a few seconds");
    status = make_apart(cli, &path, &passphrase_fd, err);
    if (status == LW_OK && cli->code == 0) {
        lw_out_wrap(
            &cli->out, 0, 0,
            _("Note the passphrase now: the lock key clears this screen, and then it is asked "
              "for."));
        status = lw_ask_enter(cli, _("Enter opens the vault "), err);
        if (status == LW_OK)
            status = lw_screens_run(cli, path.data, false, passphrase_fd, err);
    }
    if (passphrase_fd >= 0)
        close(passphrase_fd);
    lw_buf_free(&path);
    return status;
}

enum lw_status lw_command_practice(struct lw_cli *cli, struct lw_error *err)
{
    enum lw_status status;

    if (!cli->out.terminal || isatty(STDIN_FILENO) != 1)
        return practise_printed(cli, err);
    status = lw_screens_possible(cli, err);
    return status == LW_OK ? practise_shown(cli, err) : status;
}
