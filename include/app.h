/*
 * app: what every front end needs. Configuration, where things stand, and the session that owns
 * every handle of an unlocked vault. iniparser is used here and nowhere else.
 */
#ifndef LW_APP_H
#define LW_APP_H

#include "emergency.h"
#include "exchange.h"

#define LW_VERSION "0.1.0"

/* ---- configuration (config.c) ---------------------------------------- */

/* "new=n F3" and the line that it stands on. Whether there is such a command, and such keys, is not
 * known here. */
struct lw_config_binding {
    char *text;
    unsigned line;
};

/* lapwing.ini(5). NULL or -1: not configured. */
struct lw_config {
    char *name;      /* as warnings call the file: the one that was read, or would be; owned */
    char *vault;     /* [vault] file, with "~/" expanded; owned */
    char *header;    /* [vault] header, of that vault, with "~/" expanded; owned; NULL: in it */
    int kdf;         /* [vault] kdf, index of the profile */
    char *exchange;  /* [vault] exchange, a folder, with "~/" expanded; owned */
    char *author;    /* [journal] author; owned */
    int language;    /* [journal] language, an enum lw_language */
    int64_t idle_ms; /* [program] idle; 0: never */
    int chord;       /* [program] chord, a control character */
    bool no_colours; /* [program] colours = none */
    bool ascii;      /* [program] borders = ascii */
    bool plain;      /* [program] plain = yes, or --plain: lines instead of screens */
    bool mask;       /* [program] mask = sign: something is shown for each character */
    struct lw_emergency emergency;      /* [emergency]; its texts owned */
    struct lw_config_binding *bindings; /* [keys], in their order; owned */
    size_t binding_count;
};

/* Told once for every line that does not count: "FILE:LINE: reason". */
typedef void lw_config_warning(void *context, const char *text);

void lw_config_init(struct lw_config *config);
/* Frees the texts; NULL does nothing. */
void lw_config_clear(struct lw_config *config);
/* Takes the text of a configuration file; name is what warnings call it. A line that is wrong is
 * warned about and does not count, the others do. warn may be NULL. */
enum lw_status lw_config_parse(const char *name, const char *text, size_t len,
                               lw_config_warning *warn, void *context, struct lw_config *out,
                               struct lw_error *err) LW_MUST_USE;
/* Reads path (CONFIG where that cannot be); with NULL the usual place, which need not exist:
 * $XDG_CONFIG_HOME/lapwing/lapwing.ini, else ~/.config/lapwing/lapwing.ini. */
enum lw_status lw_config_read(const char *path, lw_config_warning *warn, void *context,
                              struct lw_config *out, struct lw_error *err) LW_MUST_USE;
/* Whether that path can stand in a configuration. */
bool lw_config_can_hold(const char *path);
/* Adds "[vault] file", and "header" where it is not NULL, to the configuration `name`, which is
 * made with its folder, for its owner alone, where it is missing; what stands in it stays as it is.
 */
enum lw_status lw_config_add_vault(const char *name, const char *vault, const char *header,
                                   struct lw_error *err) LW_MUST_USE;

/* ---- places (place.c) ---------------------------------------- */

/* Appends path with a leading "~/" replaced by $HOME. CONFIG where there is no home. */
enum lw_status lw_path_expand(const char *path, struct lw_buf *out,
                              struct lw_error *err) LW_MUST_USE;
/* Finds a file of share/ by its name below it: beside the installed program, or in the tree that it
 * was built in. NOT_FOUND names both places. */
enum lw_status lw_share_find(const char *name, struct lw_buf *out,
                             struct lw_error *err) LW_MUST_USE;
/* Makes a new folder for this user only, under $TMPDIR or /tmp, with a name that was not there. */
enum lw_status lw_folder_make(const char *prefix, struct lw_buf *out,
                              struct lw_error *err) LW_MUST_USE;

/* ---- kinds of entry (forms.c, forms_read.c) ---------------------------------------- */

#define LW_FORMS_MAX ((size_t)1 << 20) /* bytes of a file */

/* Takes the kinds of one file, lapwing-forms(5), in place of those of the same name. name is what
 * warnings call it: one for every line, field or kind that does not count, "FILE:LINE: reason"; the
 * rest counts. warn may be NULL. */
enum lw_status lw_forms_parse(const char *name, const char *text, size_t len,
                              enum lw_kind_origin origin, lw_config_warning *warn, void *context,
                              struct lw_forms *into, struct lw_error *err) LW_MUST_USE;
/* What is shipped, and on top of it forms.ini beside the configuration, where it is there; in the
 * configured language, else that of the environment. What cannot be read is warned about. */
enum lw_status lw_forms_load(const struct lw_config *config, lw_config_warning *warn,
                             void *context, struct lw_forms **out,
                             struct lw_error *err) LW_MUST_USE;

/* ---- the language (language.c) ---------------------------------------- */

/* That of the environment: LANGUAGE, LC_ALL, LC_MESSAGES, LANG. */
enum lw_language lw_language_environment(void);
/* Sets LC_CTYPE, and where the environment asks for Russian on a terminal with UTF-8 reads the
 * catalogue that stands with the program. Once, first of all; no file is opened for it afterwards.
 */
void lw_language_start(void);

/* ---- the session (session.c, rewrite.c) ---------------------------------------- */

struct lw_session_setup {
    const char *path;
    const char *header; /* where it is detached to; NULL: in the vault */
    int profile;        /* tried first, or the one of a new vault */
    bool writes;        /* a command that cannot go on unrecorded behind another writer */
    /* The journal on a lane that nothing can write to. The session row is written all the same. */
    bool read_only;
    bool decoy; /* the diary of the duress passphrase in place of the own journal */
    const struct lw_clock *clock;
    const char *author; /* or NULL */
    const struct lw_forms *forms; /* must stay; or NULL */
};

/* An unlocked vault with one lane open. Start with {0}; members are read-only outside. */
struct lw_past;

struct lw_session {
    struct lw_vault *vault;
    struct lw_store *store; /* of the lane that is open; NULL after lw_session_rewrite */
    struct lw_journal *journal;
    struct lw_store *rows; /* where the session row stands: store, or one on the decoy's lane */
    struct lw_past *past; /* store and journal are of the past, and this keeps the present ones */
    const struct lw_clock *clock;
    const struct lw_forms *forms; /* without those of the vault, which the journal has too */
    bool decoy;                 /* store and journal are of the diary, not of the own lane */
    bool fell_back;             /* the newest state was not readable, the one before is shown */
    bool recorded;              /* the session row is written */
    struct lw_error unrecorded; /* why not, where it is not and should be */
    bool had_before;
    struct lw_session_row before; /* the session before this one */
    int64_t touched_ms;
};

/* Unlocks, opens the own lane's journal, or the diary, and writes the session row: in the decoy's
 * lane where one is armed, else in the own. BUSY where a writing command waited in vain for another
 * writer; a reading one goes on with recorded false. REFUSED where the diary is wanted and this
 * passphrase knows none: that is told after the row is written, as by any session. */
enum lw_status lw_session_open(const struct lw_session_setup *setup,
                               const struct lw_passphrase *pass, struct lw_session *out,
                               struct lw_error *err) LW_MUST_USE;
/* Makes a new vault; every lane of it gets the schema and its first session row. out may be NULL:
 * the vault is closed. */
enum lw_status lw_session_create(const struct lw_session_setup *setup,
                                 const struct lw_build_plan *plan,
                                 const struct lw_progress *progress, struct lw_session *out,
                                 struct lw_error *err) LW_MUST_USE;
/* Rewrites the vault (resize, arm duress, revoke); a new decoy lane gets its first session row.
 * Waits some seconds for another writer, then BUSY. The journal is closed by it in any case. */
enum lw_status lw_session_rewrite(struct lw_session *session, const struct lw_build_plan *plan,
                                  const struct lw_progress *progress,
                                  struct lw_error *err) LW_MUST_USE;
/* Copies the vault to a new file; waits some seconds for another writer. */
enum lw_status lw_session_backup(struct lw_session *session, const char *to,
                                 const struct lw_progress *progress,
                                 struct lw_error *err) LW_MUST_USE;
/* Moves the header to a new file, NULL: into the vault; waits some seconds for another writer. The
 * journal is closed by it in any case. */
enum lw_status lw_session_header_move(struct lw_session *session, const char *to,
                                      struct lw_error *err) LW_MUST_USE;
/* From the own journal to the diary of the duress passphrase, and back. Whatever reads or writes
 * the journal must be closed before. On error (REFUSED: no diary is known) the one before stays
 * open. */
enum lw_status lw_session_turn(struct lw_session *session, const char *author, bool read_only,
                               struct lw_error *err) LW_MUST_USE;
/* Shows the journal as it was known at the end of a day that is typed, lw_past_moment: store and
 * journal are others then, and nothing can be written. Whatever reads the journal must be closed
 * before. On error the journal is as before, or the present one. */
enum lw_status lw_session_past(struct lw_session *session, const char *day, size_t len,
                               struct lw_error *err) LW_MUST_USE;
/* Back to the present; nothing where it is the present. */
void lw_session_present(struct lw_session *session);
/* "the end of 15 December 2014 (UTC+03:00)", and what came of it; NULL in the present. */
const char *lw_session_past_said(const struct lw_session *session);
const struct lw_past_report *lw_session_past_report(const struct lw_session *session);
/* Refreshes "last seen" where a minute has passed since, or writes the row that could not be
 * written behind another writer. Never an error: it only records. */
void lw_session_touch(struct lw_session *session);
/* Overwrites a few free pages, as every session does now and then; see lw_lane_stir. */
void lw_session_stir(struct lw_session *session);
/* For polling: *changed where another process wrote to the journal since the last call. REVOKED
 * and STALE: the vault is no longer this session's, see lw_vault_watch; who holds it must end. */
enum lw_status lw_session_watch(struct lw_session *session, bool *changed,
                                struct lw_error *err) LW_MUST_USE;
/* Refreshes "last seen", closes everything, zeroes the keys. NULL and {0} do nothing. */
void lw_session_close(struct lw_session *session);

/* ---- the duress passphrase and its diary (decoy.c, disk.c) ---------------------------------------- */

/* Where the last review with this passphrase was left, some hours ago at most: text of the screens'
 * own, and when. NOT_FOUND: nowhere; so it is for the diary that is kept up from an ordinary session,
 * in which it would tell of the slot of another journal, and for the past. */
enum lw_status lw_session_bookmark(struct lw_session *session, int64_t *at_ms, struct lw_buf *text,
                                   struct lw_error *err) LW_MUST_USE;
/* Keeps it, "" for nowhere, through a lane of its own, which is closed again: the session's stays one
 * that nothing can write to. NOT_FOUND as above. Does not wait for another writer: BUSY. */
enum lw_status lw_session_set_bookmark(struct lw_session *session, const char *text, size_t len,
                                       struct lw_error *err) LW_MUST_USE;

/* How much a journal holds, and how fresh it is. */
struct lw_freshness {
    uint64_t entries;
    int64_t recorded_ms; /* of the entry that was recorded last; LW_TIME_MIN: none */
};
/* Of the own journal, and of the diary where one is known, which lw_vault_duress_armed tells. */
enum lw_status lw_session_freshness(struct lw_session *session, struct lw_freshness *journal,
                                    struct lw_freshness *diary, struct lw_error *err) LW_MUST_USE;
/* A diary that is much older than its file, which is as new as the last session, or empty. */
bool lw_diary_is_stale(const struct lw_freshness *diary, int64_t now_ms);
/* What setting a duress passphrase is to say: what it protects from and what not, and how the diary
 * is kept. Paragraphs; static. */
#define LW_DURESS_PARAGRAPHS 3
extern const char *const lw_duress_words[LW_DURESS_PARAGRAPHS];

/* REFUSED where a duress passphrase would not hide anything on the file system that holds, or would
 * hold, that file: it keeps older states, or somebody else does. */
enum lw_status lw_duress_disk_check(const char *path, struct lw_error *err) LW_MUST_USE;
/* The f_type of statfs(2) for a file or, where it is not there yet, its folder; replaced in the
 * test binary. */
enum lw_status lw_disk_type(const char *path, uint64_t *type) LW_MUST_USE;

/* ---- the drill (drill_place.c, drill_vault.c) ---------------------------------------- */

/* They protect nothing, and are shown on the screen. */
#define LW_DRILL_ORDINARY "green door"
#define LW_DRILL_DURESS   "old garden"
#define LW_DRILL_MARK     24
#define LW_DRILL_BYTES    (UINT64_C(8) << 20)
#define LW_DRILL_KEYS     (7 * LW_PAGE) /* what a wipe destroys first */

/* A folder for what is thrown away. While it is held, no other drill takes it for a leftover. */
struct lw_drill_place {
    char folder[4096]; /* "": none */
    int held;          /* the folder; -1: none */
};

/* Removes what drills that were cut off have left, then makes a folder for this user only. */
enum lw_status lw_drill_place_make(struct lw_drill_place *place, struct lw_error *err) LW_MUST_USE;
/* Removes it with all files in it; false where something is left. */
bool lw_drill_place_end(struct lw_drill_place *place);

/* Makes a vault with both passphrases, the sample chronology, a diary, and a line in the journal
 * that stands nowhere else: mark is its text with every bit inverted. */
enum lw_status lw_drill_make(const char *path, int profile, const struct lw_clock *clock,
                             const struct lw_progress *progress, uint8_t mark[LW_DRILL_MARK],
                             struct lw_error *err) LW_MUST_USE;
/* A new file with the bytes of another one; its first bytes from `keys`, unless that is NULL. */
enum lw_status lw_drill_copy(const char *from, const char *to, const uint8_t *keys,
                             struct lw_error *err) LW_MUST_USE;
/* What unlocking with that passphrase comes to: OK, WRONG_PASSPHRASE, NO_INPUT, ... */
enum lw_status lw_drill_try(const char *path, int profile, const char *passphrase,
                            struct lw_error *err) LW_MUST_USE;

/* ---- the program ---------------------------------------- */

/* What is asked of the screens, by a command and answered by them; the two do not know each other.
 */
struct lw_program_request {
    const char *vault;  /* NULL: none is named or configured */
    const char *header; /* where it is detached to; NULL: in the vault */
    int profile;        /* tried first, or the one of a new vault */
    bool read_only;     /* a review */
    int passphrase_fd;  /* the first unlocking reads its passphrase there; -1: it is asked for */
    const struct lw_config *config;
    const char *warnings; /* about the configuration, one a line */
    const struct lw_clock *clock;
    const struct lw_forms *forms;
};

/* How a drill ended. */
struct lw_drill_end {
    int code; /* to end with where nothing failed: 0, or 128 + a signal */
    char folder[4096]; /* where the practice vault stood; "": none was made */
    bool left;         /* something of it could not be removed */
};

/* ---- history (revisions.c, history_*.c) ---------------------------------------- */

/* Calls visit for every revision of one record, the oldest first. */
enum lw_status lw_revisions_each(struct lw_journal *journal, enum lw_record_type type,
                                 const uint8_t id[LW_RECORD_ID], lw_record_visitor *visit,
                                 void *context, struct lw_error *err) LW_MUST_USE;

/* Texts of a line are valid during the visit only. */
enum lw_history_part {
    LW_HISTORY_HEAD,   /* "2014-12-16 12:00 +03:00  by AB: reason"; of all that one save wrote */
    LW_HISTORY_RECORD, /* "changed: E11 "JMG office burned"" */
    LW_HISTORY_CHANGE  /* "title: office [-burned-] {+destroyed+}", or what a new record said */
};
/* A stretch of a line, with its brackets, that was taken out or put in. */
struct lw_history_mark {
    size_t at, len;
    bool added;
};
struct lw_history_line {
    enum lw_history_part part;
    const char *text; /* newlines of long texts stay */
    size_t len;
    const struct lw_history_mark *mark;
    size_t marks;
};
typedef enum lw_status lw_history_visitor(void *context, const struct lw_history_line *line,
                                          struct lw_error *err);
/* Everything that was ever said in a record and in what hangs on it (an entry's accounts, claims,
 * people, items, answers, links), the oldest first. */
enum lw_status lw_history_say(struct lw_journal *journal, const struct lw_clock *clock,
                              const struct lw_record *record, lw_history_visitor *visit,
                              void *context, struct lw_error *err) LW_MUST_USE;
/* The same as JSON objects, one for each revision, without marks. */
enum lw_status lw_history_json(struct lw_journal *journal, const struct lw_record *record,
                               lw_history_visitor *visit, void *context,
                               struct lw_error *err) LW_MUST_USE;

/* ---- one entry in words (entry_*.c) ---------------------------------------- */

/* In this order; from PEOPLE on each has a heading. */
enum lw_entry_part {
    LW_ENTRY_REF,   /* "E11  arson" */
    LW_ENTRY_TITLE, /* with its hedge */
    LW_ENTRY_FACT,  /* has a label: "When" */
    LW_ENTRY_NARRATIVE,
    LW_ENTRY_PEOPLE,
    LW_ENTRY_ACCOUNTS,
    LW_ENTRY_ITEMS,
    LW_ENTRY_FIELDS,
    LW_ENTRY_LINKS,
    LW_ENTRY_ORDER,
    LW_ENTRY_TASKS,
    LW_ENTRY_OPEN, /* what is still open, and the checklist of its kind */
    LW_ENTRY_REVISIONS
};

/* Texts are valid during the visit only. */
struct lw_entry_line {
    enum lw_entry_part part;
    const char *label; /* NULL but for facts */
    const char *text;
    unsigned indent;   /* columns: 2 what a part lists, 4 and 6 what belongs to the line before */
    unsigned account;  /* 1.. for the lines of one account; 0: none, or of all of them */
    bool differs;      /* here the accounts differ, or one is silent; text says so too */
    const uint8_t *to; /* id of the other entry that it names, or NULL */
    const struct lw_record *record; /* that hangs on the entry and is said here, or NULL */
};
typedef enum lw_status lw_entry_visitor(void *context, const struct lw_entry_line *line,
                                        struct lw_error *err);
/* "Accounts"; "" for a part without heading. Static. */
const char *lw_entry_heading(enum lw_entry_part part);
/* Everything about one entry, from its head to its revisions, line by line. */
enum lw_status lw_entry_say(struct lw_journal *journal, const struct lw_clock *clock,
                            const struct lw_record *entry, lw_entry_visitor *visit, void *context,
                            struct lw_error *err) LW_MUST_USE;
/* "S2  author: title, reliability B": the source of an account. */
enum lw_status lw_source_say(struct lw_journal *journal, const struct lw_record *account,
                             struct lw_buf *out, struct lw_error *err) LW_MUST_USE;

#endif
