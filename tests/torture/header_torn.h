/*
 * Power cuts while a header is written: histories of unlocks and changes, nearly each of which is
 * cut in one of its writes. What a cut leaves of a page is any mixture of its sectors, or ends at
 * any byte. Whoever must be able to open the vault is asked after each cut.
 */
#ifndef LW_TEST_HEADER_TORN_H
#define LW_TEST_HEADER_TORN_H

#include "cheap_vault.h"
#include "io_hooks.h"
#include "seeded.h"

#include <stdarg.h>

#define SECTOR  512
#define SECTORS (LW_PAGE / SECTOR)
#define TEXTS   40 /* passphrases of one history */
/* Cuts in a row, without a run that reaches its end between them. Where one of them cut a change,
 * or a duress unlock, which sees its own slot only, no order of writing would save everybody from a
 * third one. */
#define CUTS_MAX       4
#define CUTS_MAX_MIXED 2

enum member { OWNER, SECOND, DECOY, ADDED, MEMBERS };

static const char *const member_name[MEMBERS] = {"owner", "second", "decoy", "added"};

struct torn {
    const char *path;
    int fd;
    uint8_t id[LW_ID], salt[LW_SALT];
    uint8_t base[LW_HEADER];
    uint8_t header[LW_HEADER]; /* as it is on the disk */
    struct slot_keys *keys[TEXTS];
    struct keyring *ring;

    /* the history */
    unsigned texts;
    enum member whose[TEXTS];
    bool dead[TEXTS];     /* must not open any more */
    unsigned open[TEXTS]; /* copies that it opens now */
    bool needed[MEMBERS]; /* at least one of the passphrases must open */
    char story[400];

    /* the cut */
    int writes_left; /* whole ones before it; -1: no cut */
    bool off;

    uint64_t cuts, histories, nested, bad;
};

static struct torn torn;

static void text_name(unsigned text, char out[16])
{
    (void)snprintf(out, 16, "word %u", text);
}

/* What a cut leaves of a page that was being written over old. */
static void tear(uint8_t page[LW_PAGE], const uint8_t *fresh)
{
    size_t at = 1 + choose(LW_PAGE - 1);
    unsigned kind = choose(4);

    if (kind == 0)
        at = SECTOR * choose(SECTORS + 1);
    if (kind <= 1)
        memcpy(page, fresh, at);
    else if (kind == 2)
        memcpy(page + at, fresh + at, LW_PAGE - at);
    for (size_t i = 0; kind == 3 && i < SECTORS; i++)
        if (choose(2) == 0)
            memcpy(page + i * SECTOR, fresh + i * SECTOR, SECTOR);
}

static bool cut_write(const struct io_call *call, ssize_t *result)
{
    uint8_t page[LW_PAGE];

    if (call->kind != IO_WRITE_SYNCED && call->kind != IO_WRITE && call->kind != IO_SYNC)
        return false;
    if (!torn.off && (call->kind == IO_SYNC || torn.writes_left != 0)) {
        torn.writes_left -= call->kind != IO_SYNC && torn.writes_left > 0;
        return false;
    }
    if (!torn.off) {
        torn.off = true;
        must_be(call->len == LW_PAGE);
        must(lw_file_read_at(call->fd, page, LW_PAGE, call->offset));
        tear(page, call->data);
        must(lw_file_write_at(call->fd, page, LW_PAGE, call->offset));
    }
    errno = EIO;
    *result = -1;
    return true;
}

/* ---- what is on the disk ---- */

static void look(void)
{
    must(lw_file_read_at(torn.fd, torn.header, LW_HEADER, (off_t)PAGE_HEADER_A * LW_PAGE));
    for (unsigned i = 0; i < torn.texts; i++)
        torn.open[i] = copies_opened(torn.header, torn.id, torn.keys[i], torn.ring);
}

static void torn_bad(const char *what, const char *whom)
{
    torn.bad++;
    if (torn.bad <= 20)
        printf("bad: torn, history %llu: %s: %s:%s\n", (unsigned long long)torn.histories, whom,
               what, torn.story);
}

/* A passphrase that opens for that member, or -1. */
static int opener(enum member member)
{
    for (unsigned i = torn.texts; i-- > 0;)
        if (torn.whose[i] == member && torn.open[i] != 0)
            return (int)i;
    return -1;
}

static void judge_torn(void)
{
    look();
    for (unsigned i = 0; i < torn.texts; i++)
        if (torn.dead[i] && torn.open[i] != 0)
            torn_bad("a passphrase that was destroyed opens", member_name[torn.whose[i]]);
    for (unsigned member = 0; member < MEMBERS; member++)
        if (torn.needed[member] && opener(member) < 0)
            torn_bad("no passphrase opens any more", member_name[member]);
}

/* A run reached its end: both copies say the same, and each member has one passphrase or none. */
static void settle(enum member by)
{
    bool real = by != DECOY;

    look();
    for (unsigned i = 0; i < torn.texts; i++) {
        if (torn.open[i] != 0 && torn.open[i] != BOTH_COPIES)
            torn_bad("opens one copy only after a run that was not cut",
                     member_name[torn.whose[i]]);
        torn.dead[i] = torn.open[i] == 0;
        if (!real && torn.whose[i] != DECOY && torn.open[i] != 0)
            torn_bad("opens after a duress unlock", member_name[torn.whose[i]]);
    }
    for (unsigned member = 0; member < MEMBERS; member++)
        torn.needed[member] = real ? opener(member) >= 0 : member == DECOY;
    if (real && (opener(OWNER) < 0 || opener(SECOND) < 0 || opener(DECOY) < 0))
        torn_bad("an unlock of the real lane lost somebody", member_name[by]);
}

/* ---- one run ---- */

enum action { UNLOCK, CHANGE, ADD };

static unsigned new_text(enum member member)
{
    must_be(torn.texts < TEXTS);
    torn.whose[torn.texts] = member;
    torn.dead[torn.texts] = false;
    torn.open[torn.texts] = 0;
    return torn.texts++;
}

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
    size_t len = strlen(torn.story);
    va_list list;

    va_start(list, format);
    (void)vsnprintf(torn.story + len, sizeof torn.story - len, format, list);
    va_end(list);
}

/* Cut in its write number `writes`, or not at all with -1. */
static enum lw_status run_cut(enum action action, struct lw_vault *session, const char *text,
                              int writes, struct lw_vault **out)
{
    struct lw_passphrase *pass = phrase(text);
    struct lw_error err = {LW_OK, ""};
    enum lw_status status;

    torn.writes_left = writes;
    torn.off = false;
    io_hooks.before = cut_write;
    if (action == UNLOCK)
        status = lw_vault_open(torn.path, pass, lw_kdf_profile_find("test"), out, &err);
    else if (action == CHANGE)
        status = lw_vault_passphrase_change(session, pass, &err);
    else
        status = lw_vault_passphrase_add(session, pass, &err);
    io_hooks.before = NULL;
    lw_passphrase_free(pass);
    if (status != LW_OK && err.text[0] == '\0')
        torn_bad("an error without a sentence", text);
    return status;
}

/* Returns true where the run reached its end. */
static bool unlock_cut(enum member by, int writes, struct lw_vault **session)
{
    struct lw_vault *vault = NULL;
    int text = opener(by);
    char name[16];
    enum lw_status status;

    text_name((unsigned)text, name);
    tell(" %s unlocks, cut %d;", member_name[by], writes);
    if (by == DECOY) /* not acknowledged yet: the others may be gone or not */
        torn.needed[OWNER] = torn.needed[SECOND] = torn.needed[ADDED] = false;
    status = run_cut(UNLOCK, NULL, name, writes, &vault);
    if ((status == LW_OK) == torn.off)
        torn_bad(lw_status_name(status), "an unlock ended with");
    if (status == LW_OK)
        settle(by);
    if (session != NULL)
        *session = vault;
    else
        lw_vault_close(vault);
    return status == LW_OK;
}

/* A session that was unlocked wholly changes or adds a passphrase. */
static bool change_cut(enum action action, enum member by, int writes)
{
    struct lw_vault *session = NULL;
    enum member whose = action == CHANGE ? by : ADDED;
    enum lw_status status;
    char name[16];
    unsigned text;
    int before;

    if (!unlock_cut(by, -1, &session))
        return false;
    before = opener(by);
    text = new_text(whose);
    text_name(text, name);
    tell(" %s %s, cut %d;", member_name[by], action == CHANGE ? "changes" : "adds", writes);
    if (whose == ADDED)
        torn.needed[ADDED] = opener(ADDED) >= 0;
    status = run_cut(action, session, name, writes, NULL);
    if ((status == LW_OK) == torn.off)
        torn_bad(lw_status_name(status), "a change ended with");
    if (status == LW_OK) {
        settle(by);
        if (torn.open[text] != BOTH_COPIES)
            torn_bad("does not open after it was acknowledged", member_name[whose]);
        if (action == CHANGE && torn.open[before] != 0)
            torn_bad("the old passphrase opens after a change", member_name[by]);
    }
    lw_vault_close(session);
    return status == LW_OK;
}

/* ---- histories ---- */

static enum member draw_member(void)
{
    static const enum member often[] = {OWNER, OWNER, OWNER, SECOND, SECOND, ADDED, DECOY};
    enum member member;

    do
        member = often[choose((uint32_t)LW_COUNT_OF(often))];
    while (opener(member) < 0 && opener(DECOY) >= 0);
    return member;
}

static void begin_history(void)
{
    torn.histories++;
    torn.story[0] = '\0';
    torn.texts = 0;
    memset(torn.needed, 0, sizeof torn.needed);
    for (unsigned member = OWNER; member <= DECOY; member++) {
        (void)new_text(member);
        torn.needed[member] = true;
    }
    must(lw_file_write_at(torn.fd, torn.base, LW_HEADER, (off_t)PAGE_HEADER_A * LW_PAGE));
    look();
}

static void one_history(void)
{
    unsigned row = 0, runs = 3 + choose(6);
    uint64_t bad = torn.bad;
    bool mixed = false;

    begin_history();
    for (unsigned i = 0; i < runs && torn.bad == bad; i++) {
        enum member by = draw_member();
        unsigned kind = row == 0 ? choose(3) : 0;
        mixed = (mixed && row > 0) || kind != 0 || by == DECOY;
        unsigned most = mixed ? CUTS_MAX_MIXED : CUTS_MAX;
        int writes = row >= most || choose(8) == 0 ? -1 : (int)choose(2);
        bool add = kind == 2 && by != DECOY && opener(ADDED) < 0;
        bool whole =
            kind == 0 ? unlock_cut(by, writes, NULL) : change_cut(add ? ADD : CHANGE, by, writes);

        torn.cuts += !whole;
        torn.nested += !whole && row > 0;
        row = whole ? 0 : row + 1;
        judge_torn();
    }
    if (torn.bad == bad && row > 0) {
        (void)unlock_cut(draw_member(), -1, NULL);
        judge_torn();
    }
}

static void torn_campaign(const char *path, uint64_t cuts)
{
    struct lw_vault *vault;
    char name[MEMBERS][16];

    for (unsigned i = 0; i < MEMBERS; i++)
        text_name(i, name[i]);
    vault = cheap_vault(path, name[OWNER], name[SECOND], name[DECOY]);
    torn.path = path;
    torn.fd = vault->fd;
    torn.ring = keyring_new();
    memcpy(torn.id, vault->id, LW_ID);
    memcpy(torn.salt, vault->salt, LW_SALT);
    for (unsigned i = 0; i < TEXTS; i++) {
        char text[16];

        text_name(i, text);
        torn.keys[i] = cheap_keys(text, torn.salt);
    }
    must(lw_file_read_at(torn.fd, torn.base, LW_HEADER, (off_t)PAGE_HEADER_A * LW_PAGE));
    while (torn.cuts < cuts && torn.bad < 20)
        one_history();
    for (unsigned i = 0; i < TEXTS; i++)
        slot_keys_free(torn.keys[i]);
    keyring_free(torn.ring);
    lw_vault_close(vault);
}

#endif
