/*
 * host: what on this machine weakens which promise. Only reads: no passphrase, no key, nothing is
 * written. What cannot be read is a finding ("cannot be told"), never an error.
 */
#ifndef LW_HOST_H
#define LW_HOST_H

#include "base.h"

enum lw_host_level {
    LW_HOST_FINE,
    LW_HOST_NOTE, /* to be known, or cannot be told */
    LW_HOST_WEAK, /* a promise is less than it sounds */
};

/* What a finding is about, in the order in which findings come. */
enum lw_host_promise {
    LW_HOST_MEMORY,
    LW_HOST_AT_REST,
    LW_HOST_WIPE,
    LW_HOST_COPIES,
    LW_HOST_TRACES,
    LW_HOST_PROGRAM,
    LW_HOST_PROMISES
};

/* Texts live as long as the call that hands them out. */
struct lw_host_finding {
    enum lw_host_promise promise;
    enum lw_host_level level;
    const char *topic; /* "swap" */
    const char *what;  /* what is there and what that means */
    const char *todo;  /* what to do; "" where nothing */
};

typedef enum lw_status lw_host_visitor(void *context, const struct lw_host_finding *finding,
                                       struct lw_error *err);

/* What the kernel says of itself when asked, in place of files. */
struct lw_host_answers {
    int landlock;            /* version; 0: not there */
    bool seccomp;            /* filters of system calls */
    bool synced_writes;      /* pwritev2 with RWF_DSYNC, tried on /dev/null */
    bool file_locks;         /* of open file descriptions, asked on the vault */
    bool file_locks_known;   /* there was a file to ask on */
    bool ignores_lock_limit; /* may lock memory without limit */
    uint64_t lock_limit;     /* bytes that may be locked; UINT64_MAX: no limit */
    unsigned file_flags;     /* FS_IOC_GETFLAGS of the vault; 0 where it has none */
    uint32_t user, group;
};

struct lw_host {
    const char *root;  /* everything is read below it; "" for this machine */
    const char *vault; /* NULL: none is named */
    const char *header; /* where it is detached to; NULL: in it */
    const char *(*environment)(const char *name);
    const struct lw_clock *clock;
    struct lw_host_answers answers;
};

/* Bytes of locked memory that an open vault takes. */
#define LW_HOST_LOCKED (UINT64_C(7) << 20)

/* Asks the kernel; vault may be NULL or a file that is not there. Nothing is written to it. */
void lw_host_ask(const char *vault, struct lw_host_answers *out);
/* Calls visit for every finding, until one call fails. */
enum lw_status lw_host_examine(const struct lw_host *host, lw_host_visitor *visit, void *context,
                               struct lw_error *err) LW_MUST_USE;
/* "memory", and the promise as a heading. Static. */
const char *lw_host_promise_name(enum lw_host_promise promise);
const char *lw_host_promise_say(enum lw_host_promise promise);
/* "fine", "note" or "weak". Static. */
const char *lw_host_level_name(enum lw_host_level level);

#endif
