/* What a drill says before and after each step. Only what was done is said. */
#include "drill.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define GO   "Enter begin  s skip  q leave"
#define NEXT "Enter next  r repeat  q leave"
#define TIME 32

static void clear(struct drill *drill, const char *hint, const char *letters)
{
    drill->text.count = 0;
    drill->text.hint = hint;
    drill->text.letters = letters;
}

static void LW_PRINTF(2, 3) say(struct drill *drill, const char *format, ...)
{
    va_list arguments;

    if (drill->text.count == DRILL_PARAGRAPHS)
        return;
    va_start(arguments, format);
    (void)vsnprintf(drill->text.paragraph[drill->text.count++], DRILL_ROOM, lw_say(format),
                    arguments);
    va_end(arguments);
}

/* "4 ms", "1.2 s"; rounded up, so that nothing is said to be quicker than it was. */
static const char *time_of(int64_t us, char text[TIME])
{
    int64_t ms = (us + 999) / 1000;

    if (ms < 1000)
        (void)snprintf(text, TIME, _("%lld ms"), (long long)(ms > 0 ? ms : 1));
    else
        (void)snprintf(text, TIME, _("%lld.%lld s"), (long long)((ms + 99) / 1000),
                       (long long)((ms + 99) / 100 % 10));
    return text;
}

/* ---- before --------------------------------------------------------------------------------- */

static void say_armed(struct drill *drill)
{
    const struct lw_config *config = drill->request->config;
    const struct lw_emergency *armed = &config->emergency;

    if (!armed->hold)
        say(drill,
            "On your real vault, holding %s only locks: the wipe is not armed there. This drill "
            "arms it for the practice vault. To arm it on the real one, write hold = yes under "
            "[emergency] in %.200s, or type :arm-wipe in the open program.",
            drill->chord, config->name != NULL ? config->name : _("lapwing.ini"));
    else if (armed->simulate)
        say(drill,
            "Careful: your configuration says simulate, so on your real vault a wipe would write "
            "nothing. In this drill the practice vault is wiped in earnest.");
    else if (armed->countdown_s > 0)
        say(drill,
            "On your real vault it is armed: holding %s wipes, after a countdown of %d s. It is "
            "the same here.",
            drill->chord, armed->countdown_s);
    else
        say(drill,
            "On your real vault it is armed, without a countdown: holding %s wipes at once. It "
            "is the same here.",
            drill->chord);
}

void drill_say_welcome(struct drill *drill)
{
    clear(drill, "Enter begin  q leave", "q");
    say(drill, "Here you lock and wipe a vault, and use a duress passphrase, with the keys that "
               "you would use at the door. The vault is for practice. Your real one is neither "
               "opened nor touched.");
    say(drill,
        "Your lock key is %s: hold Ctrl and press the other key. Try it with the "
        "keyboard layout that you have on every day, such as the Russian one.",
        drill->chord);
    say(drill, "Two passphrases are for practice only. The ordinary one: " LW_DRILL_ORDINARY
               " - and the duress one: " LW_DRILL_DURESS);
    say_armed(drill);
    say(drill,
        "The practice vault stands in %.300s and is removed at the end. If the drill is cut off, "
        "the next drill removes it.",
        drill->place.folder);
}

static void say_hold(struct drill *drill)
{
    say(drill,
        "The list opens by itself. Hold %s down for more than a second - or, if that does not "
        "work on your line, press it three times, not too fast.",
        drill->chord);
}

static void say_stop(struct drill *drill)
{
    int seconds = drill->request->config->emergency.countdown_s;

    if (seconds == 0) {
        say(drill, "Step 3 of 6: stop a wipe. Your countdown is 0, so there is nothing to stop: "
                   "the wipe begins as soon as the key is held. Press s to go on.");
        drill->text.hint = "s skip  q leave";
        return;
    }
    say(drill, "Step 3 of 6: stop a wipe.");
    say_hold(drill);
    say(drill,
        "The screen is cleared and counts down from %d s. Now press another key, such as Space. "
        "Nothing is wiped then.",
        seconds);
}

static void say_wipe(struct drill *drill)
{
    bool counts = drill->request->config->emergency.countdown_s > 0;

    say(drill, "Step 4 of 6: wipe. The same once more, and now to the end.");
    say_hold(drill);
    say(drill,
        "%s The keys are destroyed first, and the screen says so. Then %s. Read what it "
        "says, and press Enter.",
        counts ? _("Let it count down, and touch nothing.") : _("There is no countdown."),
        drill->request->config->emergency.keys_only
            ? _("it is watched for two seconds that they stay so")
            : _("all the rest goes, in about two seconds"));
}

void drill_say_step(struct drill *drill)
{
    clear(drill, GO, "sq");
    switch (drill->step) {
    case DRILL_LOCK:
        say(drill, "Step 1 of 6: lock.");
        say(drill,
            "A list of what happened opens by itself. When you see it, press %s once. That is all "
            "you do at the door, on any screen, whatever the program does just then.",
            drill->chord);
        break;
    case DRILL_UNLOCK:
        say(drill, "Step 2 of 6: unlock.");
        say(drill, "After a lock there is only a prompt. It does not say what it belongs to, and "
                   "shows nothing of what you type.");
        say(drill, "Type " LW_DRILL_ORDINARY " and press Enter. Wait: each guess costs everybody "
                   "that time. Look round in the list, then press Q, a capital.");
        break;
    case DRILL_STOP:
        say_stop(drill);
        break;
    case DRILL_WIPE:
        say_wipe(drill);
        break;
    case DRILL_DURESS:
        say(drill, "Step 5 of 6: the duress passphrase.");
        say(drill,
            "You see a prompt, as a stranger would who stands beside you. Type " LW_DRILL_DURESS
            " and press Enter. A diary opens in place of the journal. Look "
            "round, then press Q, a capital.");
        say(drill, "Never try this on your real vault: it makes every other passphrase useless, "
                   "for good.");
        break;
    default:
        say(drill, "Step 6 of 6, if you want: this line.");
        say(drill, "Over ssh or in tmux a key that you hold may arrive otherwise. Here nothing is "
                   "written at all.");
        say(drill,
            "Hold %s for two seconds. When it counts down, let go and press Space. If it does not "
            "count down, press Q.",
            drill->chord);
    }
}

void drill_say_locked(struct drill *drill)
{
    clear(drill, "Enter open it again  q stop", "q");
    say(drill,
        "Locked. Once is only a lock. For the wipe hold %s down for more than a second, or press "
        "it three times, not too fast. You can do it here and now, or open the list again.",
        drill->chord);
}

/* ---- after ---------------------------------------------------------------------------------- */

static void reach(struct drill *drill, int64_t first_us, int64_t second_us, bool proved)
{
    struct drill_reached *reached = &drill->reached[drill->step];

    reached->us[0] = first_us;
    reached->us[1] = second_us;
    reached->proved = proved;
}

static bool not_done(struct drill *drill, const char *why)
{
    say(drill, "%s", why);
    say(drill, "Press r to try again. Nothing was lost: every try gets a fresh practice vault.");
    return false;
}

/* True where the search found the line while it was there, and finds it nowhere now. */
static bool say_memory(struct drill *drill)
{
    const struct drill_found *found = &drill->found;
    const struct drill_shared *shared = drill->shared;
    bool control = shared->looked && shared->copies > 0;

    if (control)
        say(drill,
            lw_say_count(
                "The last line of the list, three words drawn by chance, stood %zu time in "
                "the memory of that process.",
                "The last line of the list, three words drawn by chance, stood %zu times "
                "in the memory of that process.",
                shared->copies),
            shared->copies);
    else
        say(drill, "The memory of that process could not be searched while it was open, as when "
                   "the key comes at once. Repeat the step, and wait a second.");
    if (!found->searched)
        say(drill, "The memory of the process that is left could not be searched.");
    else if (found->copies > 0)
        say(drill,
            "THIS SHOULD NOT BE: the last line of the list stands %zu times in the memory of the "
            "process that is left.",
            found->copies);
    else if (control)
        say(drill,
            "The process that is left searched all memory that it can write to for this "
            "line: it is not there.%s",
            found->in_file == 0 ? _(" Nor does it stand in the file in clear.") : "");
    if (found->in_file > 0)
        say(drill, "THIS SHOULD NOT BE: the last line of the list stands in the file in clear.");
    return control && found->searched && found->copies == 0 && found->in_file == 0;
}

static bool say_lock(struct drill *drill)
{
    const struct drill_seen *seen = &drill->seen;
    const struct drill_found *found = &drill->found;
    char took[TIME];
    bool proved;

    if (!seen->locked)
        return not_done(drill, "You left with another key: the lock key did not arrive.");
    if (!seen->by_key)
        return not_done(drill, "It was locked, but not by your lock key.");
    say(drill,
        "Locked in %s: from the key to the end of the program and a clear screen, as measured in "
        "this computer. Over a line, the way of the key comes on top.",
        time_of(seen->lock_us, took));
    say(drill,
        found->gone ? "Process %d knew the passphrase and the text. It does not exist any more: "
                      "the system was asked."
                    : "THIS SHOULD NOT BE: process %d, which knew the text, is still there.",
        seen->worker);
    proved = say_memory(drill) && found->gone;
    say(drill, "Not proved: the memory chips can hold what was in use until it is used again or "
               "the power is off. What stood in the window may be kept by a program that records "
               "it.");
    if (drill->request->config->plain)
        say(drill, "Nor can it be seen from here whether this terminal still has the lines that it "
                   "was told: scroll back and look.");
    reach(drill, seen->lock_us, 0, proved);
    return true;
}

static bool say_unlock(struct drill *drill)
{
    const struct drill_shared *shared = drill->shared;
    char took[TIME];

    if (!shared->opened)
        return not_done(drill, "It was not opened.");
    say(drill, "Open, %s after Enter.", time_of(shared->open_us, took));
    say(drill,
        "This vault has the profile %s, as your configuration chooses for a new one. A wrong "
        "passphrase takes longer, since the other profiles are tried too.",
        lw_kdf_profiles[shared->profile].name);
    say(drill, "Whoever looks at the prompt learns no more than you saw. On the real vault look at "
               "the line Last opened: if that was not you, somebody else did.");
    reach(drill, shared->open_us, 0, true);
    return true;
}

static void say_how_held(struct drill *drill)
{
    const struct drill_seen *seen = &drill->seen;
    char took[TIME], gap[TIME];

    if (seen->held && seen->presses > 2)
        say(drill,
            "The key was seen as held %s after it went down. %u presses arrived, one every %s "
            "once it repeated.",
            time_of(seen->hold_us, took), seen->presses,
            time_of((seen->press_us[2] - seen->press_us[1]) / (seen->presses - 2), gap));
    else if (!seen->held)
        say(drill, "The key was seen as pressed three times, %s after the first press.",
            time_of(seen->hold_us, took));
}

static bool say_not_counted(struct drill *drill)
{
    unsigned presses = drill->seen.presses;
    char text[400];

    (void)snprintf(text, sizeof text,
                   lw_say_count("No wipe began. The lock key arrived %u time; it must be held for "
                                "more than a second, or pressed three times within two seconds.",
                                "No wipe began. The lock key arrived %u times; it must be held for "
                                "more than a second, or pressed three times within two seconds.",
                                presses),
                   presses);
    return not_done(drill, text);
}

static bool say_stopped(struct drill *drill)
{
    const struct drill_seen *seen = &drill->seen;

    if (!seen->counted)
        return say_not_counted(drill);
    if (!seen->stopped) {
        say(drill, "You let it run to its end: the practice vault was wiped. On a real vault "
                   "there is no way back.");
        return not_done(drill, "To stop it, press another key while it counts.");
    }
    say(drill, "Stopped. Nothing was wiped.");
    say_how_held(drill);
    reach(drill, seen->hold_us, 0, true);
    return true;
}

static bool say_keys(struct drill *drill)
{
    const struct drill_seen *seen = &drill->seen;
    const struct drill_found *found = &drill->found;
    char keys[TIME], whole[TIME];

    if (!seen->synced) {
        say(drill, "THE KEYS WERE NOT DESTROYED, or it was not told. A wipe that says nothing else "
                   "has not happened.");
        return false;
    }
    say(drill,
        "Wiped. The keys were overwritten and written to the disk %s after the %s. Everything took "
        "%s, with two seconds of watching that they stay so. More than this vault's %d MiB takes "
        "longer, the keys do not.",
        time_of(seen->report.keys_us, keys),
        drill->request->config->emergency.countdown_s > 0 ? _("end of the countdown")
                                                          : _("key was seen as held"),
        seen->ended ? time_of(seen->report.total_us, whole) : _("longer than you waited"),
        (int)(LW_DRILL_BYTES >> 20));
    if (!seen->have_before || !seen->have_after) {
        say(drill, "The pages with the keys could not be read back to be compared.");
        return false;
    }
    say(drill,
        "The seven pages with the keys were read back and compared with those before: %u of 7 are "
        "the same. The file is %s.",
        found->pages_same, found->file_gone ? _("gone") : _("still there"));
    return found->pages_same == 0;
}

static bool say_tried(struct drill *drill)
{
    const struct drill_shared *shared = drill->shared;
    bool left = shared->on_left == LW_NO_INPUT || shared->on_left == LW_WRONG_PASSPHRASE ||
                shared->on_left == LW_NOT_VAULT;
    bool mixed = shared->on_mixed == LW_WRONG_PASSPHRASE;

    if (!shared->proved) {
        say(drill, "The passphrase could not be tried on what is left.");
        return false;
    }
    say(drill, "The right passphrase was tried on what is left: %s.",
        shared->on_left == LW_NO_INPUT           ? _("there is no file")
        : shared->on_left == LW_WRONG_PASSPHRASE ? _("it opens nothing")
        : shared->on_left == LW_OK               ? _("IT STILL OPENS, which should not be")
                                                 : lw_status_message(shared->on_left));
    say(drill,
        "And with the keys as they are now, put before a copy of all the rest from before: %s.",
        mixed                       ? _("it opens nothing")
        : shared->on_mixed == LW_OK ? _("IT OPENS, which should not be")
                                    : _("that could not be tried"));
    return left && mixed;
}

/* Else that nothing opens might have another reason. */
static bool say_whole(struct drill *drill)
{
    if (!drill->shared->proved)
        return false;
    if (drill->shared->on_whole == LW_OK) {
        say(drill, "But a whole copy from before still opens with the ordinary passphrase: the "
                   "drill kept one and tried it. What somebody copied earlier, no wipe and no "
                   "duress passphrase reaches.");
        return true;
    }
    say(drill,
        "A whole copy from before does not open either (%s), so that nothing opens proves "
        "little.",
        lw_status_message(drill->shared->on_whole));
    return false;
}

static bool say_wiped(struct drill *drill)
{
    const struct drill_seen *seen = &drill->seen;
    bool proved;

    if (seen->stopped)
        return not_done(drill, "You stopped it: nothing was wiped.");
    if (!seen->wiping)
        return say_not_counted(drill);
    proved = say_keys(drill);
    proved = say_tried(drill) && proved;
    proved = say_whole(drill) && proved;
    say(drill, "Not proved: what cells of an SSD or a stick keep inside. The passphrase still "
               "protects that, unless it is given.");
    say_how_held(drill);
    reach(drill, seen->report.keys_us, seen->ended ? seen->report.total_us : 0, proved);
    return seen->synced;
}

static bool say_duress(struct drill *drill)
{
    const struct drill_shared *shared = drill->shared;
    const struct drill_reached *unlock = &drill->reached[DRILL_UNLOCK];
    char took[TIME], other[TIME];
    bool proved = shared->on_left == LW_WRONG_PASSPHRASE && shared->again == LW_OK;

    if (!shared->opened || !shared->proved)
        return not_done(drill, "It was not opened.");
    if (shared->on_left == LW_OK)
        return not_done(drill, "You typed the ordinary passphrase: the journal opened, and it "
                               "opens again. The duress one is: " LW_DRILL_DURESS);
    say(drill, "The diary opened %s after Enter.", time_of(shared->open_us, took));
    if (unlock->done)
        say(drill,
            "The journal took %s before. Both is the same work; such times differ from one try to "
            "the next.",
            time_of(unlock->us[0], other));
    say(drill,
        "Then the ordinary passphrase was tried on both copies of the keys in the file: %s. "
        "The duress passphrase %s.",
        shared->on_left == LW_WRONG_PASSPHRASE ? _("it opens nothing any more")
                                               : lw_status_message(shared->on_left),
        shared->again == LW_OK ? _("still opens the diary") : _("opens nothing either"));
    proved = say_whole(drill) && proved;
    say(drill, "Not proved: that whoever stands beside you believes the diary. Everybody can know "
               "that Lapwing has this. Keep your diary fresh.");
    reach(drill, shared->open_us, 0, proved);
    return true;
}

static bool say_line(struct drill *drill)
{
    const struct drill_seen *seen = &drill->seen;

    if (seen->counted && seen->held) {
        say(drill, "On this line holding works.");
        say_how_held(drill);
    } else if (seen->counted) {
        say(drill, "On this line the key arrives as single presses, and three of them work.");
        say_how_held(drill);
    } else if (seen->presses == 0) {
        return not_done(drill, "The lock key did not arrive at all. Another program may take it: "
                               "choose another one, chord under [program] in lapwing.ini.");
    } else {
        return say_not_counted(drill);
    }
    reach(drill, seen->hold_us, seen->held, true);
    return true;
}

bool drill_say_result(struct drill *drill)
{
    clear(drill, NEXT, "rq");
    switch (drill->step) {
    case DRILL_LOCK:
        return say_lock(drill);
    case DRILL_UNLOCK:
        return say_unlock(drill);
    case DRILL_STOP:
        return say_stopped(drill);
    case DRILL_WIPE:
        return say_wiped(drill);
    case DRILL_DURESS:
        return say_duress(drill);
    default:
        return say_line(drill);
    }
}

/* ---- at the end ----------------------------------------------------------------------------- */

static const char *proof_of(const struct drill_reached *reached, const char *proof)
{
    return reached->proved ? proof : "NOT PROVED";
}

void drill_say_end(struct drill *drill)
{
    const struct drill_reached *at = drill->reached;
    char one[TIME], two[TIME];

    clear(drill, "Enter leave", "q");
    if (at[DRILL_LOCK].done)
        say(drill, "Lock: %s. %s.", time_of(at[DRILL_LOCK].us[0], one),
            proof_of(&at[DRILL_LOCK], _("The process that knew is gone, and the one that is left "
                                        "does not know the line")));
    if (at[DRILL_UNLOCK].done)
        say(drill, "Unlock: %s.", time_of(at[DRILL_UNLOCK].us[0], one));
    if (at[DRILL_STOP].done)
        say(drill, "Wipe stopped in its countdown; key seen after %s.",
            time_of(at[DRILL_STOP].us[0], one));
    if (at[DRILL_WIPE].done)
        say(drill, "Wipe: keys %s, all of it %s. %s.", time_of(at[DRILL_WIPE].us[0], one),
            at[DRILL_WIPE].us[1] > 0 ? time_of(at[DRILL_WIPE].us[1], two) : _("not awaited"),
            proof_of(&at[DRILL_WIPE],
                     _("0 of 7 pages the same; the right passphrase opens nothing")));
    if (at[DRILL_DURESS].done)
        say(drill, "Duress: diary open after %s. %s.", time_of(at[DRILL_DURESS].us[0], one),
            proof_of(&at[DRILL_DURESS], _("The ordinary passphrase opens nothing any more")));
    if (at[DRILL_LINE].done)
        say(drill, "This line: %s works, seen after %s.",
            at[DRILL_LINE].us[1] ? _("holding") : _("pressing three times"),
            time_of(at[DRILL_LINE].us[0], one));
    say(drill, "All of this holds for this computer, this terminal and now. Copies made before, "
               "memory chips until the power is off, and flash cells are beyond it: man "
               "lapwing-safety.");
    say(drill, "Enter removes the practice vault and ends the drill.");
}
