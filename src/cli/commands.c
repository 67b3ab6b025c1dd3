/* The table of commands: it drives dispatch, help and usage errors. */
#include "internal.h"

#include <string.h>

#define OPTIONS(list) .options = (list), .option_count = LW_COUNT_OF(list)
#define JSON                                                                                       \
    {                                                                                              \
        LW_OPT_JSON, "json", 0, NULL, N_("one JSON object a line")                                 \
    }
#define KDF                                                                                        \
    {                                                                                              \
        LW_OPT_KDF, "kdf", 0, "PROFILE",                                                           \
            N_("standard (256 MiB of memory a guess) or lite (64 MiB)")                            \
    }
#define NO_TEXT                                                                                    \
    "no text is taken as an argument, because arguments are seen by others and kept in "           \
    "histories; type it at the prompt or give it on standard input"

#define AS_OF                                                                                      \
    {                                                                                              \
        LW_OPT_AS_OF, "as-of", 0, "DAY", N_("the journal as it was known at the end of that day")  \
    }

static const struct lw_option create_options[] = {
    {LW_OPT_SIZE, "size", 0, "SIZE", "4M to 64G, 64M if not given; it never grows by itself"},
    KDF,
    {LW_OPT_DURESS, "duress", 0, NULL, "asks for a duress passphrase too"},
};
#define ENTRY_OPTIONS                                                                              \
    {LW_OPT_KIND, "kind", 0, "KIND", N_("entries of one kind, such as arson")},                    \
        {LW_OPT_REF, "ref", 0, "REF", N_("one entry, such as E11")},                               \
        {LW_OPT_FILTER_FROM, "filter-from", 0, "FILE",                                             \
         N_("entries that pass the filter in FILE, lapwing-filter(7); - is standard input")},      \
    {                                                                                              \
        LW_OPT_FILTER, "filter", 0, "NAME",                                                        \
            N_("entries that pass the filter saved under that name")                               \
    }
#define LIST_OPTIONS                                                                               \
    {LW_OPT_SINCE, "since", 0, "WHEN", N_("entries that may be at or after it")},                  \
        {LW_OPT_UNTIL, "until", 0, "WHEN", N_("entries that may be at or before it")},             \
        {LW_OPT_WHEN, "when", 0, "WHEN",                                                           \
         N_("what is stated for it and, apart, what may overlap it")},                             \
        ENTRY_OPTIONS, AS_OF, JSON,                                                                \
    {                                                                                              \
        LW_OPT_CSV, "csv", 0, NULL, "comma-separated values, a header line first"                  \
    }
static const struct lw_option list_options[] = {LIST_OPTIONS};
static const struct lw_option timeline_options[] = {
    LIST_OPTIONS,
    {LW_OPT_RULER, "ruler", 0, "SCALE",
     "how many entries there are by years, months, days or hours, or by what fits"},
    {LW_OPT_LANES, "lanes", 0, "WHAT",
     "the same with a line for each person, place, kind or source"},
};
static const struct lw_option open_options[] = {
    {LW_OPT_ON, "on", 0, "DAY",
     "days are counted to the end of it; that of --as-of, else today, if not given"},
    LIST_OPTIONS,
};
#define REGISTER(command, list, text, long_text)                                                   \
    {                                                                                              \
        .name = (command), .arguments = "", .help = (text), .more = (long_text), OPTIONS(list),    \
        .journal = true, .kinds = true, .run = lw_command_register                                 \
    }
static const struct lw_option tasks_options[] = {
    {LW_OPT_ALL, "all", 0, NULL, "done ones too"},
    {LW_OPT_ON, "on", 0, "DAY",
     "overdue as of that day; that of --as-of, else today, if not given"},
    ENTRY_OPTIONS,
    AS_OF,
    JSON,
    {LW_OPT_CSV, "csv", 0, NULL, "comma-separated values, a header line first"},
};
static const struct lw_option json_only[] = {JSON};
static const struct lw_option reading_options[] = {AS_OF, JSON};
static const struct lw_option seal_options[] = {
    {LW_OPT_YES, "yes", 0, NULL, "do not ask"},
};
static const struct lw_option merge_options[] = {
    {LW_OPT_UNDO, "undo", 0, NULL, "take one out again that was said to be the same"},
    {LW_OPT_YES, "yes", 0, NULL, "do not ask"},
};
static const struct lw_option import_options[] = {
    {LW_OPT_DRY_RUN, "dry-run", 0, NULL, "show what would be added and change nothing"},
};
static const struct lw_option export_options[] = {
    {LW_OPT_OUTPUT, "output", 'o', "FILE", "a new file instead of standard output"},
    {LW_OPT_CSV, "csv", 0, "TYPE", "one type of record as comma-separated values"},
};
static const struct lw_option wipe_options[] = {
    {LW_OPT_NOW, "now", 0, NULL, "do not ask"},
    {LW_OPT_KEYS_ONLY, "keys-only", 0, NULL, "leave the rest of the file, which is noise then"},
    {LW_OPT_SIMULATE, "simulate", 0, NULL, "everything but the writing; tells what would happen"},
};
static const struct lw_option header_options[] = {
    {LW_OPT_INTO_VAULT, "into-vault", 0, NULL, "back into the vault itself"},
};
static const struct lw_option practice_options[] = {KDF};

const struct lw_command lw_commands[] = {
    {
        .name = "",
        .arguments = "[VAULT]",
        .help = "open the vault on this terminal",
        .more = "Where there is no vault yet, it is made step by step.",
        .max_words = 1,
        .alone = true,
        .kinds = true,
        .run = lw_command_program,
    },
    {
        .name = "review",
        .arguments = "[VAULT]",
        .help = "the same without any way to write, such as over SSH",
        .more =
            "What others write appears within a second. That the vault was opened is recorded in "
            "it, as by every command.",
        .max_words = 1,
        .alone = true,
        .kinds = true,
        .run = lw_command_review,
    },
    {
        .name = "create",
        .arguments = "[FILE]",
        .help = "make a vault",
        .more =
            "The file is filled with random bytes at once and keeps its size. The passphrase is "
            "asked twice; four words are the least, six are better. A duress passphrase opens "
            "a diary of its own, and using it once makes every other passphrase useless for "
            "good.",
        OPTIONS(create_options),
        .max_words = 1,
        .run = lw_command_create,
    },
    {
        .name = "log",
        .arguments = "",
        .help = "write entries, one line each, at a prompt or from standard input",
        .more = "A line such as: 13 dec 2014 evening @Grozny #arson +victim:JMG office burned\n"
                "Everything is optional but some text. From standard input every line is saved at "
                "once and answered with its reference when it is safe; lines that are not "
                "understood are named with their number, the others are saved all the same.",
        .refusal = "\"log\": " NO_TEXT,
        .journal = true,
        .kinds = true,
        .run = lw_command_log,
    },
    {
        .name = "timeline",
        .arguments = "",
        .help = "print what happened, in order",
        .more = "WHEN is a date as the journal knows it (2014-12-13, '2014-12-13 evening', "
                "2014-12) or as people type it (13 dec, yesterday evening). SCALE is years, "
                "months, days, hours, "
                "or fit: the finest, down to days, that is short enough to read. WHAT is person, "
                "place, "
                "kind or source. What is printed leaves the vault in clear.",
        OPTIONS(timeline_options),
        .journal = true,
        .kinds = true,
        .run = lw_command_timeline,
    },
    {
        .name = "show",
        .arguments = "REF",
        .help = "print one entry with everything about it",
        OPTIONS(reading_options),
        .min_words = 1,
        .max_words = 1,
        .journal = true,
        .kinds = true,
        .run = lw_command_show,
    },
    {
        .name = "history",
        .arguments = "REF",
        .help = "print who wrote what of an entry or a source, when and why",
        .more = "With everything that hangs on it, the oldest first: [-what was taken out-] "
                "{+what was put in+}. REF is the reference of an entry or a source, such as E11 or "
                "S1, or the id of any record, 32 digits, as an export has it.",
        OPTIONS(json_only),
        .min_words = 1,
        .max_words = 1,
        .journal = true,
        .kinds = true,
        .run = lw_command_history,
    },
    {
        .name = "seal",
        .arguments = "REF",
        .help = "freeze an entry with its accounts, claims, people, items and answers",
        .more = "From then on each of them is changed only with a reason, which is kept with the "
                "change, and the entry says that it was changed after sealing. It is not undone.",
        OPTIONS(seal_options),
        .min_words = 1,
        .max_words = 1,
        .journal = true,
        .kinds = true,
        .run = lw_command_seal,
    },
    {
        .name = "merge",
        .arguments = "people|places|sources|incidents",
        .help = "say that two records of that list are one, or take it back",
        .more = "Two names are asked for at a prompt, or read as two lines of standard input: the "
                "one that goes, then the one whose name stays. A name in any spelling, a reference "
                "such as S1 or the id of a record will do; with --undo it is the one to be taken "
                "out. Who is protected goes by code name or number, by name only with --reveal. "
                "What will happen is said before it is asked whether it shall.",
        OPTIONS(merge_options),
        .min_words = 1,
        .max_words = 1,
        .journal = true,
        .kinds = true,
        .run = lw_command_merge,
    },
    {
        .name = "search",
        .arguments = "",
        .help = "find entries by words, asked at a prompt or read from standard input",
        .more = "Every word must occur: in titles, texts, quotes, names of people and places, "
                "items, claims; in Latin or Cyrillic letters. The last word may be the beginning "
                "of one.",
        OPTIONS(reading_options),
        .refusal = "\"search\": " NO_TEXT,
        .journal = true,
        .kinds = true,
        .run = lw_command_search,
    },
    {
        .name = "contradictions",
        .arguments = "",
        .help = "print what sources say differently, or are silent about",
        OPTIONS(reading_options),
        .journal = true,
        .kinds = true,
        .run = lw_command_contradictions,
    },
    REGISTER(
        "seizures", list_options, "print what was seized, with totals",
        "Item by item under the entry that names it, with the smallest and the greatest number, "
        "the words of the source, and what is recorded of the procedure: of this entry and of "
        "the others that are part of the same. A total is never more exact than its items: "
        "\"at least 10 items, of which 5 exactly counted\". CSV and JSON have a line for each "
        "item, without totals."),
    REGISTER("items", list_options,
             "the same of all items: seized, destroyed, damaged, returned, lost, found", NULL),
    REGISTER("threats", list_options,
             "print the threats, and how many by channel and by whom they are meant for",
             "A threat that came by two channels counts under each of them."),
    REGISTER(
        "interventions", open_options, "print letters and appeals, and how long each is open",
        "Days are counted from the date of the entry to the reply that is recorded, else to the "
        "end of DAY; where the date is not exact, they are the fewest and the most. A reply is "
        "an answer to that question of the form other than \"none\", an entry that is linked as "
        "reply to it, or the status answered or closed. Overdue is what waits beyond the last "
        "day of \"reply due\"; where none is recorded, nothing is."),
    REGISTER("detentions", list_options, "print who was held, where, from when until when", NULL),
    REGISTER("searches", list_options,
             "print searches of rooms, people and cars, and how they were done", NULL),
    {
        .name = "tasks add",
        .arguments = "",
        .help = "new tasks, one line each, at a prompt or from standard input",
        .more = "A line such as: ask for the record; due: friday; for: Anna; entry: E17; note: by "
                "phone\nOnly what is to be done is demanded. A weekday is the next one, a date "
                "without a year the next such date. Each is answered with its number when it is "
                "safe.",
        .refusal = "\"tasks add\": " NO_TEXT,
        .journal = true,
        .kinds = true,
        .run = lw_command_tasks_add,
    },
    {
        .name = "tasks done",
        .arguments = "NUMBER...",
        .help = "these tasks are done; kept with the time",
        .min_words = 1,
        .max_words = 100,
        .journal = true,
        .run = lw_command_tasks_done,
    },
    {
        .name = "tasks undone",
        .arguments = "NUMBER...",
        .help = "they are open again",
        .min_words = 1,
        .max_words = 100,
        .journal = true,
        .run = lw_command_tasks_undone,
    },
    {
        .name = "tasks",
        .arguments = "",
        .help = "print what is to be done, overdue first",
        .more = "The number before a task is what \"tasks done\" takes; it holds in this vault, "
                "also when it is resized, but not in another one. With KIND, REF or a filter only "
                "tasks of the entries that pass are printed, and none that is of no entry.",
        OPTIONS(tasks_options),
        .journal = true,
        .kinds = true,
        .run = lw_command_tasks,
    },
    {
        .name = "import",
        .arguments = "FILE",
        .help = "take records from a JSON file (- is standard input), all or none",
        .more = "What is there already and equal is left alone; anything that is not understood is "
                "named, and then nothing is taken.",
        OPTIONS(import_options),
        .min_words = 1,
        .max_words = 1,
        .journal = true,
        .kinds = true,
        .run = lw_command_import,
    },
    {
        .name = "export",
        .arguments = "",
        .help = "give out everything as JSON, or one type of record as CSV",
        .more =
            "What is exported leaves the vault in clear. A file must be new; it is readable for "
            "you alone and removed again if it cannot be finished.",
        OPTIONS(export_options),
        .journal = true,
        .kinds = true,
        .run = lw_command_export,
    },
    {
        .name = "filter list",
        .arguments = "",
        .help = "print the filters that were saved, with their names",
        OPTIONS(json_only),
        .journal = true,
        .kinds = true,
        .run = lw_command_filter_list,
    },
    {
        .name = "filter show",
        .arguments = "NAME",
        .help = "print one of them",
        .min_words = 1,
        .max_words = 1,
        .journal = true,
        .kinds = true,
        .run = lw_command_filter_show,
    },
    {
        .name = "filter save",
        .arguments = "NAME",
        .help = "save a filter, asked at a prompt or read from standard input",
        .more = "lapwing-filter(7) tells how it is written. It replaces one of the same name. A "
                "name on the command line is seen by others and kept in histories, so it must "
                "tell nothing.",
        .min_words = 1,
        .max_words = 1,
        .journal = true,
        .kinds = true,
        .run = lw_command_filter_save,
    },
    {
        .name = "filter rename",
        .arguments = "NAME NEW",
        .help = "give a saved filter another name",
        .min_words = 2,
        .max_words = 2,
        .journal = true,
        .kinds = true,
        .run = lw_command_filter_rename,
    },
    {
        .name = "filter remove",
        .arguments = "NAME",
        .help = "remove a saved filter; its revisions stay",
        .min_words = 1,
        .max_words = 1,
        .journal = true,
        .kinds = true,
        .run = lw_command_filter_remove,
    },
    {
        .name = "forms check",
        .arguments = "FILE",
        .help = "say what is wrong with a file of forms, line by line",
        .more = "Needs no vault. lapwing-forms(5) says how such a file is written.",
        .min_words = 1,
        .max_words = 1,
        .alone = true,
        .run = lw_command_forms_check,
    },
    {
        .name = "forms import",
        .arguments = "FILE",
        .help = "take the kinds of entry of a file into the vault, all or none",
        .more = "They count from the next unlocking, before those of the same name that are "
                "shipped or stand in a file. An export takes them along.",
        OPTIONS(import_options),
        .min_words = 1,
        .max_words = 1,
        .journal = true,
        .kinds = true,
        .run = lw_command_forms_import,
    },
    {
        .name = "forms list",
        .arguments = "",
        .help = "print the kinds of entry, and where each comes from",
        OPTIONS(json_only),
        .journal = true,
        .kinds = true,
        .run = lw_command_forms_list,
    },
    {
        .name = "forms show",
        .arguments = "KIND",
        .help = "print what one kind of entry asks, and its checklist",
        .min_words = 1,
        .max_words = 1,
        .journal = true,
        .kinds = true,
        .run = lw_command_forms_show,
    },
    {
        .name = "backup",
        .arguments = "FILE [HEADER]",
        .help = "copy the vault, encrypted as it is, to a new file",
        .more =
            "A copy opens with the passphrases of today and outlives a wipe of the vault. Where "
            "the header is on a stick, the copy needs that stick, or HEADER, a new file to "
            "which the header is copied as well.",
        .min_words = 1,
        .max_words = 2,
        .run = lw_command_backup,
    },
    {
        .name = "resize",
        .arguments = "SIZE",
        .help = "give the vault another size, such as 256M or 1G",
        .min_words = 1,
        .max_words = 1,
        .run = lw_command_resize,
    },
    {
        .name = "passphrase add",
        .arguments = "",
        .help = "another passphrase for the same journal",
        .run = lw_command_passphrase_add,
    },
    {
        .name = "passphrase change",
        .arguments = "",
        .help = "replace the passphrase that is typed by a new one",
        .more = "A copy of the vault that was taken before still opens with the old passphrase. If "
                "that one is known to somebody, use \"passphrase remove\" as well.",
        .run = lw_command_passphrase_change,
    },
    {
        .name = "passphrase remove",
        .arguments = "",
        .help = "new keys for the vault; only the passphrases that are typed now stay",
        .more = "The passphrase that opens the vault stays. Every other one that is to stay, the "
                "duress passphrase included, is asked for; an empty line ends. With "
                "--passphrase-fd they are the lines after the first. All others lose their slot.",
        .run = lw_command_passphrase_remove,
    },
    {
        .name = "passphrase duress",
        .arguments = "",
        .help = "set or replace the duress passphrase",
        .more = "It opens a diary of its own, and the first use of it makes every other passphrase "
                "useless for good. It does not help against somebody who has a copy of the vault "
                "and an ordinary passphrase. The diary starts empty; \"lapwing help decoy\" tells "
                "how to fill it.",
        .run = lw_command_passphrase_duress,
    },
    {
        .name = "passphrase list",
        .arguments = "",
        .help = "print how many passphrases there are, and how fresh the diary is",
        .run = lw_command_passphrase_list,
    },
    {
        .name = LW_DECOY_WORD,
        .arguments = "COMMAND",
        .help =
            "log, timeline, show, search, lists, import, export, forms and the like on the diary "
            "that the duress passphrase opens",
        .more = "The ordinary passphrase is asked for. The word stands right before the command, "
                "and what the command takes comes after it. It is kept in the history of the shell "
                "and says there that such a diary is kept; :diary in the program leaves nothing "
                "there.",
        .min_words = 1,
        .max_words = 1,
        .refusal =
            "\"" LW_DECOY_WORD "\" stands right before a command that reads or writes entries, "
            "such as log, timeline, show, search, contradictions, import, export or forms",
        .run = lw_command_decoy,
    },
    {
        .name = "header move",
        .arguments = "FILE",
        .help = "put the header of the vault, without which it is noise, on a stick or card",
        .more = "The passphrase is asked for, to see that what was copied opens the vault before "
                "the old place is overwritten. FILE must be new; it has 12288 bytes and looks "
                "random. From then on it is named with --header, or as header under [vault] in "
                "lapwing.ini. Moved again, it goes from one stick to another, and with "
                "--into-vault back. If this is cut off, give the same command again. On flash "
                "memory old cells may keep what was overwritten.",
        OPTIONS(header_options),
        .max_words = 1,
        .run = lw_command_header_move,
    },
    {
        .name = "header",
        .arguments = "",
        .help = "print where the header of the vault is",
        .more = "Asks for no passphrase and changes nothing.",
        .run = lw_command_header,
    },
    {
        .name = "check",
        .arguments = "",
        .help = "read and verify every page, the database and every chain of revisions",
        .run = lw_command_check,
    },
    {
        .name = "doctor",
        .arguments = "[FILE]",
        .help = "what on this machine weakens which promise, and what to do; only reads",
        .more = "Asks for no passphrase and changes nothing. Looks at swap, sleep, the disk, the "
                "file system, snapshots, synced folders, backups, histories and the terminal; FILE "
                "need not be there yet. The exit code is 1 where something is weak.",
        OPTIONS(json_only),
        .max_words = 1,
        .alone = true,
        .run = lw_command_doctor,
    },
    {
        .name = "lock",
        .arguments = "",
        .help = "lock every open Lapwing of yours, as its lock key does; needs no passphrase",
        .alone = true,
        .run = lw_command_lock,
    },
    {
        .name = "wipe",
        .arguments = "",
        .help = "destroy the vault: first its keys, then the rest; needs no passphrase",
        .more = "Whoever has a vault open is locked, and wipes too where that is armed. The other "
                "files that the configuration names are wiped with it. Copies, images and backups "
                "of the vault are not reached.",
        OPTIONS(wipe_options),
        .run = lw_command_wipe,
    },
    {
        .name = "practice",
        .arguments = "",
        .help = "a vault to try things with, filled with a sample chronology",
        .more =
            "It is made in a new folder for temporary files, with a passphrase that is printed, "
            "and "
            "opened if there is a terminal; else its timeline is printed. Remove the folder when "
            "you are done.",
        OPTIONS(practice_options),
        .alone = true,
        .kinds = true,
        .run = lw_command_practice,
    },
    {
        .name = "drill",
        .arguments = "",
        .help = "practise lock, wipe and duress on a vault that is thrown away",
        .more = "On this terminal, with your lock key and your countdown. Every step can be "
                "repeated or skipped; the times are shown, and what was proved. Your real vault is "
                "not touched. It needs a terminal.",
        OPTIONS(practice_options),
        .alone = true,
        .kinds = true,
        .run = lw_command_drill,
    },
    {
        .name = "help",
        .arguments = "[COMMAND]",
        .help = "print the commands, or what one of them takes",
        .max_words = 2,
        .run = lw_command_help,
    },
};
const size_t lw_command_count = LW_COUNT_OF(lw_commands);

/* True where name is "FIRST SECOND". */
static bool is_pair(const char *name, const char *first, const char *second)
{
    size_t len = strlen(first);

    return second != NULL && strncmp(name, first, len) == 0 && name[len] == ' ' &&
           strcmp(name + len + 1, second) == 0;
}

const struct lw_command *lw_command_find(const char *first, const char *second, size_t *words)
{
    for (size_t i = 0; i < lw_command_count; i++) {
        const struct lw_command *command = &lw_commands[i];

        if (strcmp(command->name, first) == 0 || is_pair(command->name, first, second)) {
            *words = first[0] == '\0' ? 0 : is_pair(command->name, first, second) ? 2 : 1;
            return command;
        }
    }
    return NULL;
}

bool lw_command_is_group(const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i < lw_command_count; i++) {
        if (strncmp(lw_commands[i].name, word, len) == 0 && lw_commands[i].name[len] == ' ' &&
            len > 0)
            return true;
    }
    return false;
}
