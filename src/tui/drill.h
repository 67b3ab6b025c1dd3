/* The drill. One process conducts it: it supervises, measures and compares, and never has the vault
 * open. What is shown, opened or tried happens in workers, one after the other, each forked with
 * what the conductor knows by then; what they find out stands in memory that both share. */
#ifndef LW_TUI_DRILL_H
#define LW_TUI_DRILL_H

#include "gate.h"
#include "guard.h"

enum drill_step {
    DRILL_LOCK,
    DRILL_UNLOCK,
    DRILL_STOP,
    DRILL_WIPE,
    DRILL_DURESS,
    DRILL_LINE,
    DRILL_STEPS
};

/* What the supervisor told during one exercise. */
struct drill_seen {
    bool locked, by_key;
    int worker; /* that was locked last */
    int64_t lock_us;
    unsigned presses; /* of the lock key */
    int64_t press_us[3]; /* the first, the second, the last */
    bool counted, held;
    int64_t hold_us;
    bool stopped;
    bool wiping;
    bool synced, kept, ended;
    struct lw_wipe_report report;
    bool have_before, have_after;
    uint8_t before[LW_DRILL_KEYS];
    uint8_t after[LW_DRILL_KEYS];
};

/* What workers find out; shared with them. */
struct drill_shared {
    enum lw_status made;
    char why[1024];
    uint8_t mark[LW_DRILL_MARK]; /* inverted */
    struct lw_program_memory memory;
    int profile;     /* of the vault that was made */
    unsigned starts; /* of this exercise */
    bool opened;
    int64_t key_us;  /* when the last key came */
    int64_t open_us; /* from that key to the open vault; 0: no key was pressed */
    unsigned asked;  /* how often the open program was about to draw */
    bool looked;     /* and then copies is how often the mark stood in its memory */
    size_t copies;
    bool proved; /* the rest is known */
    enum lw_status on_left;  /* the ordinary passphrase on what is left */
    enum lw_status on_mixed; /* on the keys as they are now with the rest from before */
    enum lw_status on_whole; /* on a copy from before */
    enum lw_status again;    /* the duress passphrase on what is left */
};

/* What the conductor finds out by itself after an exercise. */
struct drill_found {
    bool gone;           /* the process that was locked does not exist any more */
    bool searched;       /* the conductor's own memory */
    size_t copies;       /* of the mark there */
    size_t in_file;      /* of the mark in the vault's file */
    unsigned pages_same; /* of the seven */
    bool file_gone;
};

struct drill_reached {
    bool done;
    int64_t us[2];
    bool proved;
};

enum drill_doing { DRILL_PAGE, DRILL_MAKE, DRILL_EXERCISE, DRILL_PROVE };

#define DRILL_PARAGRAPHS 9
#define DRILL_ROOM       960
struct drill_text {
    char paragraph[DRILL_PARAGRAPHS][DRILL_ROOM];
    size_t count;
    const char *hint;
    const char *letters;
};

struct drill {
    const struct lw_program_request *request;
    enum lw_status (*start)(struct lw_error *err);
    struct drill_shared *shared;
    struct lw_drill_place place;
    char fresh[4200]; /* the vault as it was made, and never opened */
    char path[4200];  /* the copy of this exercise */
    char chord[16];  /* the lock key as people write it */
    unsigned copies;
    int signal; /* 128 + what ended the drill; 0: nothing did */
    enum drill_doing doing;
    enum drill_step step;
    struct drill_text text;
    struct drill_seen seen;
    struct drill_found found;
    struct drill_reached reached[DRILL_STEPS];
};

/* ---- drill_words.c: each fills drill->text ---- */

void drill_say_welcome(struct drill *drill);
void drill_say_step(struct drill *drill);
/* How the exercise went; true where its step is done. */
bool drill_say_result(struct drill *drill);
void drill_say_locked(struct drill *drill);
void drill_say_end(struct drill *drill);

/* ---- drill_work.c ---- */

/* The worker; its exit code is 0 or the letter that was pressed. */
int drill_work(void *context, struct lw_activity *activity);

/* ---- drill_prove.c ---- */

/* In the supervisor. */
void drill_told(void *context, const struct lw_guard_told *told);
/* In the conductor, after an exercise. */
void drill_find(struct drill *drill);
/* In a worker: tries passphrases. */
void drill_prove(struct drill *drill);

#endif
