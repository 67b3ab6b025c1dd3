/*
 * What a vault shows, as text that can be compared: ids and hashes are numbered in the order in
 * which they come, since each run draws others. And what stands in a file without unlocking it.
 */
#ifndef LW_TEST_FAULTS_STATE_H
#define LW_TEST_FAULTS_STATE_H

#include "app/internal.h"
#include "vault/keys.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what went wrong ---- */

static struct {
    char where[160];
    unsigned long count;
} bad;

LW_PRINTF(1, 2)
static void tell_bad(const char *format, ...)
{
    va_list list;

    bad.count++;
    printf("bad: %s: ", bad.where);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n");
}

/* For what is no fault of the code under test. */
#define must(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("%s: line %d: not %s\n", bad.where, __LINE__, #condition);                      \
            exit(2);                                                                               \
        }                                                                                          \
    } while (0)

/* ---- the journal as text ---- */

static enum lw_status keep_text(void *context, const char *data, size_t len, struct lw_error *err)
{
    enum lw_status status = lw_buf_add(context, data, len);

    return status == LW_OK ? status : lw_fail(err, status, "out of memory");
}

static enum lw_status keep_draft(void *context, const struct lw_draft *draft, struct lw_error *err)
{
    uint8_t hash[LW_HASH];
    char text[2 * LW_HASH + 1];
    enum lw_status status;

    lw_hash256(draft->state, draft->state_len, hash);
    lw_hex_encode(hash, 8, text);
    status = lw_buf_addf(context, "draft %s %zu %s\n", draft->form, draft->state_len, text);
    return status == LW_OK ? status : lw_fail(err, status, "out of memory");
}

/* Rows of the timeline and of a search. */
static enum lw_status keep_row(void *context, const struct lw_row *row, struct lw_error *err)
{
    enum lw_status status = lw_buf_addf(context, "row %s %s %s\n", row->ref, row->title,
                                        row->when != NULL ? row->when : "-");

    return status == LW_OK ? status : lw_fail(err, status, "out of memory");
}

static enum lw_status journal_text(struct lw_journal *journal, struct lw_buf *out,
                                   struct lw_error *err)
{
    const struct lw_sink sink = {keep_text, out};
    enum lw_status status = lw_export_json(journal, true, &sink, err);

    if (status == LW_OK)
        status = lw_draft_each(journal, keep_draft, out, err);
    return status;
}

/* ---- numbered ids ---- */

#define NUMBERED 8192 /* power of two, more than twice the ids of any journal here */

struct numbering {
    uint64_t key[NUMBERED];
    unsigned number[NUMBERED];
    unsigned count;
};

static unsigned number_of(struct numbering *numbering, const char *digits)
{
    uint64_t key = 14695981039346656037u;

    for (int i = 0; i < 32; i++)
        key = (key ^ (uint8_t)digits[i]) * 1099511628211u;
    size_t at = (size_t)(key >> 20) % NUMBERED;
    while (numbering->number[at] != 0 && numbering->key[at] != key)
        at = (at + 1) % NUMBERED;
    if (numbering->number[at] == 0) {
        must(numbering->count < NUMBERED / 2);
        numbering->key[at] = key;
        numbering->number[at] = ++numbering->count;
    }
    return numbering->number[at];
}

static size_t hex_run(const char *text)
{
    size_t len = 0;

    while (len <= 64 && isxdigit((unsigned char)text[len]) != 0)
        len++;
    return len;
}

/* In place: what comes out is never longer. */
static void number_ids(struct lw_buf *text)
{
    static struct numbering numbering;
    char *from = text->data, *to = text->data;

    memset(&numbering, 0, sizeof numbering);
    while (from != NULL && *from != '\0') {
        size_t run = hex_run(from);
        if (run == 32)
            to += sprintf(to, "<%u>", number_of(&numbering, from));
        else if (run == 64)
            *to++ = '#';
        else if (run > 0)
            to = (char *)memmove(to, from, run) + run;
        else
            *to++ = *from++;
        from += run;
    }
    if (to != NULL) {
        *to = '\0';
        text->len = (size_t)(to - text->data);
    }
}

static bool same_text(const struct lw_buf *a, const struct lw_buf *b)
{
    return a->len == b->len && memcmp(lw_buf_text(a), lw_buf_text(b), a->len) == 0;
}

/* ---- passphrases and files ---- */

static int cheap(void)
{
    return lw_kdf_profile_find("test");
}

static struct lw_passphrase *passphrase(const char *text)
{
    struct lw_passphrase *pass = lw_passphrase_new();

    must(pass != NULL);
    for (; *text != '\0'; text++)
        must(lw_passphrase_push(pass, (uint8_t)*text));
    return pass;
}

/* Does it open a slot of the header in this file? Without unlocking, and without the costly
 * profiles. */
static bool opens(const char *path, const char *text)
{
    uint8_t head[LW_PAGE + LW_HEADER], id[LW_ID];
    struct lw_passphrase *pass;
    struct slot_keys *keys;
    struct keyring *found;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool opened;

    if (fd < 0)
        return false;
    opened = lw_file_read_at(fd, head, sizeof head, 0) == LW_OK;
    close(fd);
    if (!opened)
        return false;
    pass = passphrase(text);
    keys = slot_keys_new();
    found = keyring_new();
    must(keys != NULL && found != NULL);
    vault_id(head, id);
    must(kdf_derive(cheap(), pass, head, keys, NULL) == LW_OK);
    opened = keyring_find(head + LW_PAGE, id, keys, BOTH_COPIES, found) == LW_OK;
    keyring_free(found);
    slot_keys_free(keys);
    lw_passphrase_free(pass);
    return opened;
}

struct image {
    uint8_t *data;
    size_t len;
};

static void image_take(const char *path, struct image *image)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    must(fd >= 0 && fstat(fd, &info) == 0);
    free(image->data);
    image->len = (size_t)info.st_size;
    image->data = malloc(image->len);
    must(image->data != NULL && lw_file_read_at(fd, image->data, image->len, 0) == LW_OK);
    close(fd);
}

static void image_put(const char *path, const struct image *image)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    must(fd >= 0 && lw_file_write_at(fd, image->data, image->len, 0) == LW_OK);
    close(fd);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Calls visit with the name of every file of the folder. */
static void each_file(const char *folder, void (*visit)(void *context, const char *name),
                      void *context)
{
    DIR *listing = opendir(folder);
    struct dirent *item;

    must(listing != NULL);
    while ((item = readdir(listing)) != NULL) {
        if (item->d_name[0] != '.')
            visit(context, item->d_name);
    }
    closedir(listing);
}

static void remove_file(void *context, const char *name)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", (const char *)context, name);
    must(unlink(path) == 0);
}

static int lowest_fd(void)
{
    int fd = dup(STDOUT_FILENO);

    must(fd >= 0);
    close(fd);
    return fd;
}

#endif
