/*
 * The lock key repeats while it is held, first after 200 to 1000 ms, then 10 to 50 times a second;
 * a finger presses it seven times a second at most. So presses closer than GUARD_REPEAT_MS are an
 * auto-repeat, which began with the press before the first two close ones.
 *
 * What a line kept back and delivers at once is one press: how long it took is not known, and not
 * guessed. A hold counts from arrival to arrival, so it is seen later over such a line, never
 * earlier. Three lumps of repeats, far enough apart, cannot be told from three presses.
 */
#include "chord.h"

static void add_tap(struct guard_chord *chord, int64_t at_ms)
{
    if (chord->tap_count == GUARD_TAPS) {
        for (unsigned i = 1; i < GUARD_TAPS; i++)
            chord->taps[i - 1] = chord->taps[i];
        chord->tap_count--;
    }
    chord->taps[chord->tap_count++] = at_ms;
}

/* The newest press was the first repeat of the one before it, if a finger did that one and it is
 * not too long ago. */
static void begin_repeating(struct guard_chord *chord)
{
    bool delayed = chord->tap_count > 1 && chord->taps[chord->tap_count - 2] == chord->before &&
                   chord->last - chord->before <= GUARD_DELAY_MS;

    chord->repeating = true;
    chord->hold = delayed ? chord->before : chord->last;
    chord->repeats = delayed ? 2 : 1;
    if (delayed)
        chord->tap_count--;
}

/* Shorter than the delay after which a second press would begin to repeat, so that two holds are
 * not one. */
static int64_t longest_gap(const struct guard_chord *chord)
{
    int64_t gap = GUARD_PAUSE_MS + 2 * chord->quickest;

    return gap > GUARD_REPEAT_MS ? gap : GUARD_REPEAT_MS;
}

bool guard_chord_press(struct guard_chord *chord, int64_t from_ms, int64_t at_ms)
{
    int64_t gap = (from_ms > chord->last ? from_ms : chord->last) - chord->last;

    if (!chord->any) {
        chord->any = true;
        chord->last = chord->before = at_ms;
        add_tap(chord, at_ms);
        return false;
    }
    if (at_ms - chord->last < GUARD_LUMP_MS)
        return false;
    if (chord->repeating && gap <= longest_gap(chord)) {
        chord->repeats++;
        if (at_ms - chord->last < chord->quickest)
            chord->quickest = at_ms - chord->last;
    } else if (!chord->repeating && gap < GUARD_REPEAT_MS) {
        begin_repeating(chord);
        chord->quickest = at_ms - chord->last;
    } else {
        chord->repeating = false;
        add_tap(chord, at_ms);
    }
    chord->before = chord->last;
    chord->last = at_ms;
    return chord->repeating && chord->repeats >= GUARD_REPEATS &&
           at_ms - chord->hold >= GUARD_HOLD_MS;
}

int64_t guard_chord_due(const struct guard_chord *chord)
{
    if (chord->repeating || chord->tap_count < GUARD_TAPS ||
        chord->taps[GUARD_TAPS - 1] - chord->taps[0] > GUARD_TAPS_MS)
        return -1;
    return chord->last + GUARD_REPEAT_MS;
}

bool guard_chord_tapped(const struct guard_chord *chord, int64_t now_ms)
{
    int64_t due = guard_chord_due(chord);

    return due >= 0 && now_ms >= due;
}

bool guard_chord_is_down(const struct guard_chord *chord, int64_t now_ms)
{
    return chord->any && now_ms - chord->last < GUARD_REPEAT_MS;
}

void guard_chord_forget(struct guard_chord *chord)
{
    *chord = (struct guard_chord){.any = false};
}
