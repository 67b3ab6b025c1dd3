/* lapwing practice: a vault to try things with. */
#include "input.h"
#include "internal.h"

#include <unistd.h>

#define SAMPLE         "practice/chronology-2014.json"
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
        return lw_ask_new_passphrase(cli, cli->passphrase_fd, "passphrase", out, err);
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

static enum lw_status practise(struct lw_cli *cli, struct lw_session *session,
                               const struct lw_buf *sample, struct lw_error *err)
{
    struct lw_import_report report;
    enum lw_status status =
        lw_import_json(session->journal, lw_buf_text(sample), sample->len, false, &report, err);

    if (status == LW_OK)
        status = lw_timeline_print(cli, session->journal, err);
    if (status == LW_OK && cli->out.terminal && isatty(STDIN_FILENO) == 1) {
        lw_out_newline(&cli->out);
        status = lw_capture_prompt(cli, session, err);
    }
    return status;
}

enum lw_status lw_command_practice(struct lw_cli *cli, struct lw_error *err)
{
    struct lw_session session = {.vault = NULL};
    struct lw_passphrase *pass = NULL;
    struct lw_buf folder = LW_BUF_INIT;
    struct lw_buf path = LW_BUF_INIT;
    struct lw_buf words = LW_BUF_INIT;
    struct lw_buf sample = LW_BUF_INIT;
    int profile;
    enum lw_status status = lw_kdf_wanted(cli, &profile, err);

    if (status == LW_OK)
        status = read_sample(&sample, err); /* before anything is made */
    if (status == LW_OK)
        status = take_passphrase(cli, &words, &pass, err);
    if (status == LW_OK)
        status = lw_folder_make("lapwing-", &folder, err);
    if (status == LW_OK && lw_buf_addf(&path, "%s/practice.vault", folder.data) != LW_OK)
        status = lw_fail(err, LW_NO_MEMORY, "out of memory");
    if (status == LW_OK)
        status = make_vault(cli, path.data, profile, pass, &session, err);
    if (status != LW_OK && folder.len > 0)
        rmdir(folder.data);
    lw_passphrase_free(pass);
    if (status == LW_OK) {
        introduce(cli, path.data, &words);
        status = practise(cli, &session, &sample, err);
    }
    lw_session_close(&session);
    lw_buf_free(&sample);
    lw_buf_free(&words);
    lw_buf_free(&path);
    lw_buf_free(&folder);
    return status;
}
