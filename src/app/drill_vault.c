/* The vault of a drill: made, copied, tried. */
#include "app.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAMPLE "practice/chronology-2014.json"
#define DIARY  "practice/diary.json"
#define LIMIT  (UINT64_C(1) << 20)
#define CHUNK  65536

static struct lw_passphrase *passphrase_of(const char *text)
{
    struct lw_passphrase *pass = lw_passphrase_new();

    for (; pass != NULL && *text != '\0'; text++)
        (void)lw_passphrase_push(pass, (uint8_t)*text);
    return pass;
}

static enum lw_status read_shared(const char *name, struct lw_buf *data, struct lw_error *err)
{
    struct lw_buf path = LW_BUF_INIT;
    enum lw_status status = lw_share_find(name, &path, err);
    int fd = -1;

    if (status == LW_OK) {
        fd = open(path.data, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || lw_fd_read_all(fd, LIMIT, data) != LW_OK)
            status = lw_fail_errno(err, LW_NO_INPUT, "%s cannot be read", path.data);
    }
    if (fd >= 0)
        close(fd);
    lw_buf_free(&path);
    return status;
}

/* ---- what stands in it -------------------------------------------------------------------- */

/* Twenty-three letters and a NUL, drawn by chance: three words of our own making. */
static void make_mark(char mark[LW_DRILL_MARK])
{
    static const char first[] = "bdfghjklmnprstvwz";
    static const char second[] = "aeiou";

    for (int i = 0; i < LW_DRILL_MARK - 1; i++) {
        if (i % 8 == 7)
            mark[i] = ' ';
        else
            mark[i] = i % 2 == 0 ? first[lw_random_below(sizeof first - 1)]
                                 : second[lw_random_below(sizeof second - 1)];
    }
    mark[LW_DRILL_MARK - 1] = '\0';
}

/* As an entry that stands on the first screen. */
static enum lw_status log_mark(struct lw_session *session, const struct lw_clock *clock,
                               const char *mark, struct lw_error *err)
{
    char line[128];
    char ref[16];
    struct lw_capture capture;
    enum lw_status status;

    (void)snprintf(line, sizeof line, "16 dec 2014 %s (a line of the drill)", mark);
    status = lw_capture_parse(line, strlen(line), NULL, clock, &capture, err);
    lw_zero(line, sizeof line);
    if (status != LW_OK)
        return status;
    status = lw_journal_log(session->journal, &capture, ref, err);
    lw_capture_clear(&capture);
    return status;
}

static enum lw_status fill(struct lw_session *session, const struct lw_clock *clock,
                           const struct lw_buf *sample, const struct lw_buf *diary,
                           const char *mark, struct lw_error *err)
{
    struct lw_import_report report;
    enum lw_status status =
        lw_import_json(session->journal, lw_buf_text(sample), sample->len, false, &report, err);

    if (status == LW_OK)
        status = log_mark(session, clock, mark, err);
    if (status == LW_OK)
        status = lw_session_turn(session, NULL, false, err);
    if (status == LW_OK)
        status =
            lw_import_json(session->journal, lw_buf_text(diary), diary->len, false, &report, err);
    return status;
}

enum lw_status lw_drill_make(const char *path, int profile, const struct lw_clock *clock,
                             const struct lw_progress *progress, uint8_t mark[LW_DRILL_MARK],
                             struct lw_error *err)
{
    struct lw_passphrase *pass = passphrase_of(LW_DRILL_ORDINARY);
    struct lw_passphrase *duress = passphrase_of(LW_DRILL_DURESS);
    const struct lw_passphrase *kept[1] = {pass};
    const struct lw_session_setup setup = {.path = path, .profile = profile, .clock = clock};
    const struct lw_build_plan plan = {.bytes = LW_DRILL_BYTES,
                                       .profile = profile,
                                       .kept = kept,
                                       .kept_count = 1,
                                       .duress = duress};
    struct lw_session session = {.vault = NULL};
    struct lw_buf sample = LW_BUF_INIT;
    struct lw_buf diary = LW_BUF_INIT;
    char text[LW_DRILL_MARK];
    enum lw_status status = LW_OK;

    if (pass == NULL || duress == NULL)
        status = lw_fail(err, LW_NO_MEMORY, "no memory could be locked for the passphrase");
    if (status == LW_OK)
        status = read_shared(SAMPLE, &sample, err);
    if (status == LW_OK)
        status = read_shared(DIARY, &diary, err);
    if (status == LW_OK)
        status = lw_session_create(&setup, &plan, progress, &session, err);
    make_mark(text);
    if (status == LW_OK)
        status = fill(&session, clock, &sample, &diary, text, err);
    for (size_t i = 0; i < LW_DRILL_MARK; i++)
        mark[i] = (uint8_t) ~(uint8_t)text[i];
    lw_zero(text, sizeof text);
    lw_session_close(&session);
    lw_buf_free(&sample);
    lw_buf_free(&diary);
    lw_passphrase_free(pass);
    lw_passphrase_free(duress);
    return status;
}

/* ---- copies ------------------------------------------------------------------------------- */

static enum lw_status copy_bytes(int from, int to, const uint8_t *keys)
{
    uint8_t chunk[CHUNK];
    off_t at = 0;
    enum lw_status status = LW_OK;
    ssize_t got;

    while (status == LW_OK && (got = pread(from, chunk, sizeof chunk, at)) > 0) {
        status = lw_file_write_at(to, chunk, (size_t)got, at);
        at += got;
    }
    if (status == LW_OK && keys != NULL)
        status = lw_file_write_at(to, keys, LW_DRILL_KEYS, 0);
    if (status == LW_OK && (at == 0 || fdatasync(to) != 0))
        status = LW_IO;
    return status;
}

enum lw_status lw_drill_copy(const char *from, const char *to, const uint8_t *keys,
                             struct lw_error *err)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = in < 0 ? -1 : open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    enum lw_status status = LW_OK;

    if (in < 0 || out < 0 || copy_bytes(in, out, keys) != LW_OK)
        status = lw_fail_errno(err, LW_IO, "the practice vault cannot be copied to %s", to);
    if (out >= 0)
        close(out);
    if (in >= 0)
        close(in);
    return status;
}

enum lw_status lw_drill_try(const char *path, int profile, const char *passphrase,
                            struct lw_error *err)
{
    struct lw_passphrase *pass = passphrase_of(passphrase);
    struct lw_vault *vault = NULL;
    enum lw_status status;

    if (pass == NULL)
        return lw_fail(err, LW_NO_MEMORY, "no memory could be locked for the passphrase");
    status = lw_vault_open(path, pass, profile, &vault, err);
    lw_vault_close(vault);
    lw_passphrase_free(pass);
    return status;
}
