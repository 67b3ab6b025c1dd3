/* Whether the chord was held, or pressed three times. Pure: time and presses in, an answer out. */
#ifndef LW_GUARD_CHORD_H
#define LW_GUARD_CHORD_H

#include "base.h"

#define GUARD_HOLD_MS   1000 /* held for so long */
#define GUARD_TAPS      3    /* or pressed so often */
#define GUARD_TAPS_MS   2000 /* within so long */
#define GUARD_LUMP_MS   8    /* what arrives within it says no more than one press does */
#define GUARD_REPEAT_MS 130  /* no finger is faster; auto-repeat is, at ten a second and more */
#define GUARD_PAUSE_MS  100  /* an auto-repeat that pauses for that and twice its gap has ended */
#define GUARD_DELAY_MS  1100 /* before it begins, at most */
#define GUARD_REPEATS   4    /* that must have been seen, at different moments */

struct guard_chord {
    bool any;
    int64_t last;   /* when the newest press came */
    int64_t before; /* and the one before it */
    bool repeating; /* the newest is an auto-repeat */
    int64_t hold;   /* then: when the key went down */
    unsigned repeats;
    int64_t quickest;         /* gap between two of them */
    int64_t taps[GUARD_TAPS]; /* presses by a finger, the newest last */
    unsigned tap_count;
};

/* A press that came at some time from from_ms to at_ms: both are the same unless nobody looked for
 * a while. Times never go back. True where the key is held. */
bool guard_chord_press(struct guard_chord *chord, int64_t from_ms, int64_t at_ms);
/* True where it was pressed three times: once nothing more came that would make the last press an
 * auto-repeat. */
bool guard_chord_tapped(const struct guard_chord *chord, int64_t now_ms);
/* When to ask that; -1: not before another press. */
int64_t guard_chord_due(const struct guard_chord *chord);
/* True where another repeat may still come: nothing should be started now. */
bool guard_chord_is_down(const struct guard_chord *chord, int64_t now_ms);
void guard_chord_forget(struct guard_chord *chord);

#endif
