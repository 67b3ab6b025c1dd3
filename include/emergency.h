/*
 * emergency: what wipes, and the wipe as a whole. It needs no key, no passphrase, no worker, no
 * lock and no terminal, and knows no secret. A part of guard.
 */
#ifndef LW_EMERGENCY_H
#define LW_EMERGENCY_H

#include "vault.h"

/* ---- what is armed ------------------------------------------------------------------------ */

#define LW_ALSO_MAX      16
#define LW_USB_TEXT      128
#define LW_COUNTDOWN     5 /* seconds, where none is configured */
#define LW_COUNTDOWN_MAX 60

/* A paired device, by what it says of itself; never by where it is plugged in. */
struct lw_usb {
    bool set;
    uint16_t vendor;
    uint16_t product;
    char serial[LW_USB_TEXT]; /* "": any */
};

/* Everything is off in {0}. */
struct lw_emergency {
    bool hold;           /* the chord, held for a second or pressed three times, wipes */
    int countdown_s;     /* after the chord; 0: none */
    bool signal;         /* SIGUSR2 wipes */
    unsigned tries;      /* so many wrong passphrases in a row wipe; 0: never */
    int64_t dead_man_ms; /* no key in an open vault for so long wipes; 0: never */
    struct lw_usb usb;   /* its removal wipes */
    bool simulate;       /* everything but the writing */
    bool keys_only;
    char *also[LW_ALSO_MAX]; /* other files that are wiped; owned by whoever filled it */
    size_t also_count;
};

/* "0781:5581" or "0781:5581:SERIAL"; false where it is neither. */
bool lw_usb_parse(const char *text, struct lw_usb *out);

/* ---- the wipe ----------------------------------------------------------------------------- */

enum lw_wipe_stage {
    LW_WIPE_FAILING,  /* the keys could not be overwritten at the first try; it goes on */
    LW_WIPE_SYNCED,   /* the keys are overwritten and synced */
    LW_WIPE_KEPT,     /* and stayed so for two seconds */
    LW_WIPE_HEADER,   /* a detached header cannot be overwritten, now or at all: header_text */
    LW_WIPE_PROGRESS, /* of the rest: done, total */
    LW_WIPE_ENDED,    /* with the vault: status, text */
    LW_WIPE_ALSO,     /* one of the other files: which, status, text */
    LW_WIPE_UNSEEN,   /* other programs that know something cannot be looked for */
    LW_WIPE_STAGES
};

/* Why it is UNSEEN, and what to do. */
#define LW_WIPE_UNSEEN_WHY                                                                         \
    N_("the list of processes (/proc) cannot be read; who has the vault open knows it still: end " \
       "it, or power off")

struct lw_wipe_news {
    enum lw_wipe_stage stage;
    enum lw_status status;
    size_t which;
    uint64_t done;
    uint64_t total;
    struct lw_wipe_report report;
    char text[256]; /* why not */
    char header_text[256];
};

struct lw_wipe_orders {
    const char *name;   /* of the supervisors; NULL: nobody else is looked for */
    bool reach;         /* the other supervisors are told too, by SIGUSR2 */
    const char *path;   /* NULL: only what is held */
    int held;           /* as in struct lw_wipe_plan */
    const char *header; /* where that vault's is detached to; NULL: it is in it */
    bool header_alone;  /* the vault is wiped already */
    bool keys_only;
    bool simulate;
    int64_t begun_us;
    char *const *also;
    size_t also_count;
    bool (*step)(void *context); /* false: stop overwriting the rest; or NULL */
    void (*tell)(void *context, const struct lw_wipe_news *news);
    void *context;
};

/* The keys; then, while it is seen to that they stay overwritten, the workers of other instances
 * and the other files, each by a process of its own; then the rest. A detached header is wiped at
 * the same time as the keys, by a process of its own too, since its stick may not answer: SYNCED
 * and KEPT are of both, and so is keys_gone. Without it the vault's own part is done as ordered,
 * rest included, and the status is IO with header_left. Everything is told as it happens, how it
 * ended too. */
enum lw_status lw_wipe_all(const struct lw_wipe_orders *orders, struct lw_wipe_report *report,
                           struct lw_error *err) LW_MUST_USE;

/* What SIGUSR2 carries, so that nobody wipes another vault than the one that was meant. 0: there is
 * no such file. */
uint64_t lw_wipe_mark(int fd);

#endif
