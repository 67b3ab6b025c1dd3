/* The screens of the program: what they share, and how one opens another. Every lw_..._show pushes a
 * view; on error nothing was pushed. */
#ifndef LW_TUI_SCREENS_H
#define LW_TUI_SCREENS_H

#include "loop.h"

/* What lw_tui_program(tui) is. Owned by whoever runs the program (program.c). */
struct lw_program_state {
    struct lw_session *session; /* unlocked; NULL before. Its journal is where views read and write */
    bool read_only;             /* `lapwing review`: nothing in a view may write */
    const struct lw_config *config; /* never NULL */
    const struct lw_program_hooks *hooks; /* NULL in tests */
    int64_t stir_ms; /* when to overwrite a few free pages next */
    bool lock;       /* it ends in order to be locked */
};

static inline struct lw_program_state *lw_screen_state(const struct lw_tui *tui)
{
    return (struct lw_program_state *)lw_tui_program(tui);
}
/* The journal of the session. */
static inline struct lw_journal *lw_screen_journal(const struct lw_tui *tui)
{
    return lw_screen_state(tui)->session->journal;
}

/* Ends the program so that it is locked. */
void lw_program_lock(struct lw_tui *tui);
extern const struct lw_action_table lw_actions_program;
extern const struct lw_action_table lw_actions_diary;
extern const struct lw_action_table lw_actions_as_of;
/* From the journal of the past to the present one; nothing where it is that. */
enum lw_status lw_as_of_back(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;

/* ---- timeline, entry, lists, search ------------------------------------------------------- */

extern const struct lw_action_table lw_actions_timeline;
extern const struct lw_action_table lw_actions_saved;
extern const struct lw_action_table lw_actions_zoom;
extern const struct lw_action_table lw_actions_lanes;
extern const struct lw_action_table lw_actions_entry;
extern const struct lw_action_table lw_actions_entry_edit;
extern const struct lw_action_table lw_actions_account;
extern const struct lw_action_table lw_actions_fact;
extern const struct lw_action_table lw_actions_search;
extern const struct lw_action_table lw_actions_lists;
extern const struct lw_action_table lw_actions_registers;
extern const struct lw_action_table lw_actions_tasks;
extern const struct lw_action_table lw_actions_same;

/* The first screen after unlocking. */
enum lw_status lw_timeline_show(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;
/* One entry with everything about it. */
enum lw_status lw_entry_show(struct lw_tui *tui, const uint8_t id[LW_RECORD_ID],
                             struct lw_error *err) LW_MUST_USE;
/* What one account says: its words, to be marked and claimed. */
enum lw_status lw_account_show(struct lw_tui *tui, const uint8_t account[LW_RECORD_ID],
                               struct lw_error *err) LW_MUST_USE;
/* All that is claimed about one fact of an entry, account by account; claim NULL, or the one to
 * start at. */
enum lw_status lw_fact_show(struct lw_tui *tui, const uint8_t entry[LW_RECORD_ID],
                            const char *fact, const uint8_t *claim,
                            struct lw_error *err) LW_MUST_USE;
/* Search as you type. */
enum lw_status lw_search_show(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;
/* PARTY, PLACE, SOURCE or INCIDENT as a list. */
enum lw_status lw_records_show(struct lw_tui *tui, enum lw_record_type type,
                               struct lw_error *err) LW_MUST_USE;

extern const struct lw_action_table lw_actions_entry_acts;
extern const struct lw_action_table lw_actions_split;
extern const struct lw_action_table lw_actions_history;
/* Who wrote what of a record, and of what hangs on it, when and why. */
enum lw_status lw_history_show(struct lw_tui *tui, enum lw_record_type type,
                               const uint8_t id[LW_RECORD_ID], struct lw_error *err) LW_MUST_USE;
/* A record was made or changed from that view: where it is a list of such, it is selected there. */
void lw_records_saved(struct lw_view *view, enum lw_record_type type,
                      const uint8_t id[LW_RECORD_ID]);
/* What a view lists; false where it is no list of people, places, sources or incidents. */
bool lw_records_type(const struct lw_view *view, enum lw_record_type *type);

/* What is to be done, as a list. */
enum lw_status lw_tasks_show(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;

/* What is selected in, or shown by, a view of the four: an entry, or in a list a person, place,
 * source or incident. False where nothing is, and for other views. */
bool lw_screen_selected(const struct lw_view *view, enum lw_record_type *type,
                        uint8_t id[LW_RECORD_ID]);

/* ---- capture, form, drafts ------------------------------------------------------------------ */

extern const struct lw_action_table lw_actions_capture;
extern const struct lw_action_table lw_actions_form;
extern const struct lw_action_table lw_actions_drafts;
extern const struct lw_action_table lw_actions_threats;

/* One line, from anywhere. */
enum lw_status lw_capture_show(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;
/* The quick log of threats, from anywhere. */
enum lw_status lw_threat_show(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;
/* The form of a record; id NULL: a new one. */
enum lw_status lw_form_show(struct lw_tui *tui, enum lw_record_type type,
                            const uint8_t *id, struct lw_error *err) LW_MUST_USE;
/* The same of any record but an entry, a revision or a kind: generated from its type. preset (may be
 * NULL, is copied): what a new one starts with, such as the entry that it belongs to; dropped with
 * the form where nothing is typed. */
enum lw_status lw_record_form_show(struct lw_tui *tui, enum lw_record_type type, const uint8_t *id,
                                   const struct lw_record *preset,
                                   struct lw_error *err) LW_MUST_USE;
/* The unfinished forms: one is opened at once, of several one is chosen. */
enum lw_status lw_drafts_show(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;
/* After unlocking, on top of the timeline: asks whether to open what was being typed when a session
 * ended ("1 unfinished form"), and opens it as it was. Does nothing where there is nothing, or in a
 * read-only session. */
enum lw_status lw_drafts_reopen(struct lw_tui *tui, struct lw_error *err) LW_MUST_USE;

#endif
