/* What the commands share. */
#ifndef LW_CLI_INTERNAL_H
#define LW_CLI_INTERNAL_H

#include "app.h"
#include "cli.h"
#include "line.h"
#include "out.h"
#include "tty.h"

/* ---- options and commands (options.c, commands.c, help.c) ------------------------------------ */

enum lw_option_id {
    LW_OPT_VAULT,
    LW_OPT_HEADER,
    LW_OPT_CONFIG,
    LW_OPT_PASSPHRASE_FD,
    LW_OPT_NEW_PASSPHRASE_FD,
    LW_OPT_REVEAL,
    LW_OPT_PLAIN,
    LW_OPT_HELP,
    LW_OPT_VERSION,
    LW_OPT_SIZE,
    LW_OPT_KDF,
    LW_OPT_DURESS,
    LW_OPT_SINCE,
    LW_OPT_UNTIL,
    LW_OPT_WHEN,
    LW_OPT_KIND,
    LW_OPT_REF,
    LW_OPT_FILTER_FROM,
    LW_OPT_FILTER,
    LW_OPT_AS_OF,
    LW_OPT_JSON,
    LW_OPT_CSV,
    LW_OPT_DRY_RUN,
    LW_OPT_OUTPUT,
    LW_OPT_NOW,
    LW_OPT_YES,
    LW_OPT_KEYS_ONLY,
    LW_OPT_SIMULATE,
    LW_OPT_INTO_VAULT,
    LW_OPT_ON,
    LW_OPT_ALL,
    LW_OPT_RULER,
    LW_OPT_LANES,
    LW_OPT_UNDO,
    LW_OPT_COUNT
};

#define LW_DECOY_WORD "decoy"

struct lw_option {
    enum lw_option_id id;
    const char *name;
    char letter;          /* 0: none */
    const char *argument; /* NULL: takes none */
    const char *help;
};

struct lw_cli;

struct lw_command {
    const char *name;      /* "passphrase add"; "" for the bare program */
    const char *arguments; /* "FILE", or "" */
    const char *help;      /* one line */
    const char *more;      /* paragraphs for `lapwing help COMMAND`, or NULL */
    const struct lw_option *options;
    size_t option_count;
    size_t min_words, max_words;
    const char *refusal; /* instead of "too many arguments": why none is taken */
    bool alone;          /* no secret gets into this process: run() starts no library */
    bool journal;        /* "decoy" may stand before it: the same on the diary */
    bool kinds;          /* it needs the kinds of entry, which are files outside the vault */
    enum lw_status (*run)(struct lw_cli *cli, struct lw_error *err);
};

struct lw_cli {
    const struct lw_command *command;
    const char *option[LW_OPT_COUNT]; /* NULL: not given; "" for one without argument */
    char **words;                     /* arguments of the command; owned array, texts of argv */
    size_t word_count;
    bool decoy;        /* the command is meant for the diary of the duress passphrase */
    bool closed;       /* lw_cli_close was called */
    const char *makes; /* a file that the command makes after unlocking, or NULL */
    const char *makes_too;
    struct lw_buf header;                 /* of the vault that is meant; empty: in it */
    int passphrase_fd, new_passphrase_fd; /* -1: the terminal */
    struct lw_out out;                    /* standard output */
    struct lw_out errs;                   /* standard error */
    struct lw_config config;
    struct lw_buf warnings; /* about it and the forms, one a line */
    struct lw_forms *forms; /* those outside the vault; NULL: not read */
    const struct lw_clock *clock;
    const struct lw_program *program;
    int code; /* to end with where nothing failed */
};

extern const struct lw_option lw_common_options[];
extern const size_t lw_common_option_count;
#define LW_OPTIONS_MAX 24 /* that a command has, with those that all have */
extern const struct lw_command lw_commands[];
extern const size_t lw_command_count;

/* The command of that name, or NULL; the second word counts for "passphrase add". *words is how
 * many belong to the name. */
const struct lw_command *lw_command_find(const char *first, const char *second, size_t *words);
/* True for "passphrase": the first word of several commands. */
bool lw_command_is_group(const char *word);
/* Fills command, options and words. USAGE with a sentence. */
enum lw_status lw_cli_parse(struct lw_cli *cli, int argc, char **argv,
                            struct lw_error *err) LW_MUST_USE;
void lw_help_all(struct lw_out *out);
void lw_help_command(struct lw_out *out, const struct lw_command *command);
/* Every command whose name begins with that word. */
void lw_help_group(struct lw_out *out, const char *word);

/* ---- asking (ask.c, unlock.c) ------------------------------------------------------------------
 */

/* Opens the terminal without echo. It stays so until lw_tty_close, also while a key is derived:
 * what is typed ahead must not be shown. */
enum lw_status lw_ask_begin(struct lw_tty *tty, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_ask_on(struct lw_tty *tty, const char *prompt, struct lw_passphrase *pass,
                         struct lw_error *err) LW_MUST_USE;
/* A passphrase that exists: from fd (one line of it), or from the terminal behind `prompt`. With
 * fd, *ended (may be NULL) tells that the input ended before a line came: the passphrase is empty.
 */
enum lw_status lw_ask_passphrase(struct lw_cli *cli, int fd, const char *prompt,
                                 struct lw_passphrase **out, bool *ended,
                                 struct lw_error *err) LW_MUST_USE;
/* A new one: on the terminal twice, with its strength in words; empty is refused. `what` names it:
 * "passphrase", "duress passphrase". */
enum lw_status lw_ask_new_passphrase(struct lw_cli *cli, int fd, const char *what,
                                     struct lw_passphrase **out, struct lw_error *err) LW_MUST_USE;
/* Waits for Enter on the terminal; CANCELLED where it is left otherwise. */
enum lw_status lw_ask_enter(struct lw_cli *cli, const char *prompt,
                            struct lw_error *err) LW_MUST_USE;
/* Asks for one word on the terminal; CANCELLED where another is typed. unasked: the option by which
 * the command does not ask, told where there is no terminal; NULL where there is none. */
enum lw_status lw_ask_word(struct lw_cli *cli, const char *word, const char *unasked,
                           struct lw_error *err) LW_MUST_USE;

/* Tells on a terminal what a duress passphrase does and does not. */
void lw_duress_explain(struct lw_cli *cli);
/* Asks for one that is not close to the ordinary passphrase; REFUSED else. */
enum lw_status lw_duress_ask(struct lw_cli *cli, int fd, const struct lw_passphrase *ordinary,
                             struct lw_passphrase **out, struct lw_error *err) LW_MUST_USE;

/* Takes away what a process with secrets does not need, before it reads a passphrase: all files but
 * those in the folders of vault, its header and what cli makes, the network, other programs. vault
 * NULL: the files are left, for a second call. What this host does not let it take away is said on
 * a terminal. */
void lw_cli_close(struct lw_cli *cli, const char *vault);

/* The vault that is meant: --vault, else positional (or NULL), else the configured one. Fills
 * cli->header: --header ("": in the vault), else the configured one where the vault is that too. */
enum lw_status lw_vault_where(struct lw_cli *cli, const char *positional, struct lw_buf *out,
                              struct lw_error *err) LW_MUST_USE;
/* How a vault with a detached header is named from now on, and what that means. */
void lw_header_say(struct lw_cli *cli, const char *vault);
/* Before a passphrase is asked for: whether the header, where it is detached, can be read. */
enum lw_status lw_header_check(struct lw_cli *cli, const char *vault,
                               struct lw_error *err) LW_MUST_USE;
/* Index of --kdf, else the configured, else 0. */
enum lw_status lw_kdf_wanted(struct lw_cli *cli, int *profile, struct lw_error *err) LW_MUST_USE;
/* --size or an argument as bytes of a vault. */
enum lw_status lw_size_wanted(const char *text, uint64_t *bytes, struct lw_error *err) LW_MUST_USE;
/* Where --as-of is given (as_of.c): refuses what is no day; puts the journal of that moment in
 * place of the present one, and says so in the first line of the output. */
enum lw_status lw_as_of_check(const struct lw_cli *cli, struct lw_error *err) LW_MUST_USE;
enum lw_status lw_as_of_begin(struct lw_cli *cli, struct lw_session *session,
                              struct lw_error *err) LW_MUST_USE;
/* Asks for the passphrase and opens. pass (may be NULL) receives it, for commands that need it. */
enum lw_status lw_unlock(struct lw_cli *cli, const char *positional, bool writes,
                         struct lw_session *session, struct lw_passphrase **pass,
                         struct lw_error *err) LW_MUST_USE;

/* ---- dates as options (dates.c) ----------------------------------------------------------------
 */

/* *given is out, or NULL where the option is not there. BAD_DATA names it. */
enum lw_status lw_option_when(struct lw_cli *cli, enum lw_option_id id, const char *name,
                              struct lw_when *out, const struct lw_when **given,
                              struct lw_error *err) LW_MUST_USE;
/* --on as a day since 1970-01-01, else that of the journal: today, or the day of --as-of. With
 * journal NULL it is only looked whether it can be read, before anything is asked. */
enum lw_status lw_option_day(struct lw_cli *cli, const struct lw_journal *journal, int64_t *day,
                             struct lw_error *err) LW_MUST_USE;

/* ---- which entries are meant (filter_options.c)
 * ---------------------------------------------------- */

struct lw_filter_options {
    struct lw_filter filter; /* points into what follows */
    struct lw_when since, until, when;
    struct lw_buf text; /* as it is written, lapwing-filter(7) */
    struct lw_filter_tree *tree;
};
/* Start with zeros. First what can be judged, or read, before the vault is open; then what names
 * its people, places, kinds and entries. Errors name the option. */
enum lw_status lw_filter_options_take(struct lw_cli *cli, struct lw_filter_options *out,
                                      struct lw_error *err) LW_MUST_USE;
enum lw_status lw_filter_options_read(struct lw_cli *cli, struct lw_journal *journal,
                                      struct lw_filter_options *options,
                                      struct lw_error *err) LW_MUST_USE;
void lw_filter_options_free(struct lw_filter_options *options);
/* Is anything left out? */
bool lw_filter_options_any(const struct lw_filter_options *options);
/* The moment asked about, or NULL. */
const struct lw_when *lw_filter_options_when(const struct lw_filter_options *options);
/* "since 13 December 2014 · kind:threat channel:sms", on one line; the moment of --when stands in
 * headings. */
enum lw_status lw_filter_options_say(const struct lw_filter_options *options,
                                     struct lw_buf *out) LW_MUST_USE;
/* What is stated for the moment asked about and what may overlap it are different things: each has
 * a heading of its own. print tells whether it printed any. */
typedef enum lw_status lw_group_printer(void *context, enum lw_match match, bool *any,
                                        struct lw_error *err);
enum lw_status lw_filter_groups_print(struct lw_cli *cli, const struct lw_filter_options *options,
                                      lw_group_printer *print, void *context,
                                      struct lw_error *err) LW_MUST_USE;

/* ---- entries by date (zoom.c, zoom_lanes.c)
 * ------------------------------------------------------
 */

struct lw_zoom {
    bool on; /* --ruler or --lanes is given */
    bool lanes;
    bool fit; /* the scale is to be found */
    enum lw_scale scale;
    enum lw_lanes_by by;
};
/* What --ruler and --lanes say. USAGE with a sentence. */
enum lw_status lw_zoom_take(const struct lw_cli *cli, struct lw_zoom *out,
                            struct lw_error *err) LW_MUST_USE;
enum lw_status lw_zoom_print(struct lw_cli *cli, struct lw_journal *journal,
                             const struct lw_zoom *zoom, const struct lw_filter_options *options,
                             struct lw_error *err) LW_MUST_USE;
/* The lanes alone, count bars from first on. */
enum lw_status lw_zoom_lanes_print(struct lw_cli *cli, struct lw_journal *journal,
                                   const struct lw_zoom *zoom, const struct lw_filter *filter,
                                   int64_t first, size_t count, struct lw_error *err) LW_MUST_USE;
/* The columns that are left for the cells of lanes. */
size_t lw_zoom_lanes_cells(const struct lw_out *out);

/* ---- printing (progress.c, row.c, row_data.c) ---------------------------------------------------
 */

struct lw_meter {
    struct lw_progress progress;
    struct lw_out *out;
    const char *what;
    const struct lw_clock *clock;
    int64_t started_ms, shown_ms;
};
/* Shows "what  35 %" on standard error while something long goes on, if that is a terminal. */
void lw_meter_start(struct lw_meter *meter, struct lw_cli *cli, const char *what);
void lw_meter_end(struct lw_meter *meter);

/* Prints rows of the timeline as text; days become headings. Zero it at the start. */
struct lw_rows {
    struct lw_out *out;
    struct lw_buf heading;
    uint64_t count;
};
enum lw_status lw_rows_print(struct lw_rows *rows, const struct lw_row *row,
                             struct lw_error *err) LW_MUST_USE;
void lw_rows_free(struct lw_rows *rows);
/* ,"name":"text" or ,"name":null; without the comma where out is empty or ends in { or [. */
enum lw_status lw_json_member(struct lw_buf *out, const char *name, const char *text) LW_MUST_USE;
enum lw_status lw_json_raw(struct lw_buf *out, const char *name, const char *value) LW_MUST_USE;
/* "stated", "may_overlap" */
const char *lw_match_word(enum lw_match match);
/* One object without newline; match only where with_match. */
enum lw_status lw_row_json(const struct lw_row *row, bool with_match,
                           struct lw_buf *out) LW_MUST_USE;
enum lw_status lw_row_csv_header(struct lw_buf *out) LW_MUST_USE;
enum lw_status lw_row_csv(const struct lw_row *row, struct lw_buf *out) LW_MUST_USE;

/* Visitor that prints rows one by one, as text or JSON; context is a struct lw_row_printer. */
struct lw_row_printer {
    struct lw_cli *cli;
    struct lw_rows rows;
    struct lw_buf line;
    bool json, csv;
    bool with_match;
    bool only_match; /* print only those of `match` */
    enum lw_match match;
    uint64_t count;
};
enum lw_status lw_row_printer_visit(void *context, const struct lw_row *row, struct lw_error *err);
void lw_row_printer_free(struct lw_row_printer *printer);

/* ---- commands -----------------------------------------------------------------------------------
 */

enum lw_status lw_command_program(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_review(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_lock(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_help(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_create(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_log(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_timeline(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_show(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_history(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_merge(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_seal(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_search(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_contradictions(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_register(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_tasks(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_tasks_add(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_tasks_done(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_tasks_undone(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_import(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_export(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_backup(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_resize(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_drill(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_practice(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_passphrase_add(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_passphrase_change(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_passphrase_remove(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_passphrase_duress(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_passphrase_list(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_decoy(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_header(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_header_move(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_filter_list(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_filter_show(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_filter_save(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_filter_rename(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_filter_remove(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_forms_check(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_forms_import(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_forms_list(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_forms_show(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_check(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_doctor(struct lw_cli *cli, struct lw_error *err);
enum lw_status lw_command_wipe(struct lw_cli *cli, struct lw_error *err);

/* Whether the screens can be shown; NO_TERMINAL says why not. */
enum lw_status lw_screens_possible(struct lw_cli *cli, struct lw_error *err) LW_MUST_USE;
/* Shows them; passphrase_fd as in struct lw_program_request. */
enum lw_status lw_screens_run(struct lw_cli *cli, const char *vault, bool read_only,
                              int passphrase_fd, struct lw_error *err) LW_MUST_USE;
/* The capture prompt on the terminal until it is left. */
enum lw_status lw_capture_prompt(struct lw_cli *cli, struct lw_session *session,
                                 struct lw_error *err) LW_MUST_USE;
/* The whole timeline as text. */
enum lw_status lw_timeline_print(struct lw_cli *cli, struct lw_journal *journal,
                                 struct lw_error *err) LW_MUST_USE;

#endif
