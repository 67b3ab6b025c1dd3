/* What else wipes: time without a key, wrong passphrases, a device that is gone. Pure: events and
 * time in, an answer out; and the little that asks the machine. Times are of CLOCK_BOOTTIME. */
#ifndef LW_GUARD_TRIGGER_H
#define LW_GUARD_TRIGGER_H

#include "emergency.h"

/* ---- the dead-man timer -------------------------------------------------------------------- */

/* Runs from the first time that the vault was opened, and from every key since then that was
 * pressed while it was open. A prompt counts for nothing: anybody can type there, or nobody was
 * ever here. */
struct guard_dead_man {
    int64_t period_ms; /* 0: off */
    int64_t key_ms;
    bool runs;
    bool open;
};

void guard_dead_man_opened(struct guard_dead_man *dead_man, int64_t now_ms);
void guard_dead_man_key(struct guard_dead_man *dead_man, int64_t now_ms);
void guard_dead_man_locked(struct guard_dead_man *dead_man);
/* -1: never */
int64_t guard_dead_man_due(const struct guard_dead_man *dead_man);
/* True once; then not before it is opened again. */
bool guard_dead_man_expired(struct guard_dead_man *dead_man, int64_t now_ms);

/* ---- the paired device ---------------------------------------------------------------------- */

#define GUARD_USB_GRACE_MS 500 /* a device that is reset comes back within it */
#define GUARD_USB_RESUME_MS                                                                        \
    10000                      /* after the machine was suspended devices come back one by one     \
                                */
#define GUARD_USB_LOOK_MS 1000 /* looked for so often without news */
#define GUARD_USB_GONE_MS 100  /* and so often while it is gone */

enum guard_seen { GUARD_UNKNOWN, GUARD_ABSENT, GUARD_PRESENT };
enum guard_answer { GUARD_NOTHING, GUARD_LOCK, GUARD_WIPE };

/* Only whether a device of that identity is there counts: not which of two, not where, and not in
 * which order news of it came. */
struct guard_pairing {
    bool seen; /* present at some time since the start */
    bool gone;
    int64_t gone_ms;
    int64_t resumed_ms; /* -1: was not suspended */
    int64_t suspended_ms;
};

void guard_pairing_start(struct guard_pairing *pairing, int64_t suspended_ms);
/* To be told at every look, with how long the machine was suspended so far. LOCK and WIPE once for
 * every removal. */
enum guard_answer guard_pairing_look(struct guard_pairing *pairing, enum guard_seen seen,
                                     int64_t now_ms, int64_t suspended_ms);
/* When to look again without news. */
int64_t guard_pairing_due(const struct guard_pairing *pairing, int64_t now_ms);

/* Looks through /sys/bus/usb/devices, or another folder like it. */
enum guard_seen guard_usb_look(const struct lw_usb *usb, const char *folder);
/* News of the kernel about devices; -1: none to be had, looking is enough. */
int guard_usb_listen(void);
/* Takes all that is there; true where some of it is about a USB device. */
bool guard_usb_news(int fd);
/* One message as the kernel sends it: "remove@/devices/...", then KEY=VALUE, all ended by NUL. */
bool guard_usb_concerns(const char *message, size_t len);

#endif
