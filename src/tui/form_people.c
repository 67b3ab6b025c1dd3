/* Who takes part: one a line, "role: name". */
#include "form.h"

#include <string.h>

static void trim(const char **text, size_t *len)
{
    while (*len > 0 && ((*text)[0] == ' ' || (*text)[0] == '\t')) {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && ((*text)[*len - 1] == ' ' || (*text)[*len - 1] == '\t'))
        (*len)--;
}

/* "alleged perpetrator" is what the role is called everywhere. */
static const char *find_role(const char *text, size_t len)
{
    static const char alleged[] = "alleged ";
    const char *role = lw_role_find(text, len);

    if (role == NULL && len > strlen(alleged) && memcmp(text, alleged, strlen(alleged)) == 0)
        role = lw_role_find(text + strlen(alleged), len - strlen(alleged));
    return role;
}

static void take_apart(const char *text, size_t len, struct lw_form_line *line)
{
    const char *colon = memchr(text, ':', len);

    *line = (struct lw_form_line){.role = "subject", .role_known = true};
    line->name = text;
    line->name_len = len;
    if (colon != NULL) {
        line->role_text = text;
        line->role_len = (size_t)(colon - text);
        trim(&line->role_text, &line->role_len);
        line->role = find_role(line->role_text, line->role_len);
        line->role_known = line->role != NULL;
        line->name = colon + 1;
        line->name_len = len - (size_t)(colon + 1 - text);
    }
    trim(&line->name, &line->name_len);
}

bool lw_form_next_line(const char *text, size_t len, size_t *at, struct lw_form_line *line)
{
    while (*at < len) {
        const char *start = text + *at;
        const char *end = memchr(start, '\n', len - *at);
        size_t used = end != NULL ? (size_t)(end - start) : len - *at;

        *at += used + (end != NULL);
        trim(&start, &used);
        if (used > 0) {
            take_apart(start, used, line);
            return true;
        }
    }
    return false;
}

/* ---- what is understood ---- */

static enum lw_form_tone tell_wrong(const struct lw_form_line *line, struct lw_buf *out)
{
    enum lw_status status;

    if (!line->role_known) {
        status = lw_buf_says(out, "no role is called \"");
        if (status == LW_OK)
            status =
                lw_buf_add(out, line->role_text, lw_utf8_fit(line->role_text, line->role_len, 30));
        if (status == LW_OK)
            status = lw_buf_says(out, "\"; write victim:, witness:, perpetrator:, lawyer: ...");
    } else {
        status = lw_buf_says(out, "a name is missing behind the role");
    }
    return status == LW_OK ? LW_FORM_WRONG : LW_FORM_SILENT;
}

static bool is_wrong(const struct lw_form_line *line)
{
    return !line->role_known || line->name_len == 0;
}

/* Of the line with the cursor; of another one where that is wrong. */
enum lw_form_tone lw_form_understand_people(struct lw_form *form, struct lw_buf *out)
{
    const char *text = lw_form_text(form, LW_FORM_PEOPLE_LINES);
    size_t len = lw_form_len(form, LW_FORM_PEOPLE_LINES);
    size_t cursor = form->field[LW_FORM_PEOPLE_LINES].text.editor.cursor;
    struct lw_form_line line;
    struct lw_form_line own = {.name = NULL};
    size_t at = 0;
    size_t from = 0;

    while (lw_form_next_line(text, len, &at, &line)) {
        if (is_wrong(&line))
            return tell_wrong(&line, out);
        if (cursor >= from && (own.name == NULL || cursor >= (size_t)(line.name - text)))
            own = line;
        from = at;
    }
    if (own.name == NULL)
        return LW_FORM_SILENT;
    if (lw_buf_addf(out, "%s: ", lw_role_label(own.role)) != LW_OK ||
        lw_buf_add(out, own.name, own.name_len) != LW_OK || lw_buf_adds(out, ", ") != LW_OK)
        return LW_FORM_SILENT;
    return lw_form_understand_name(form, LW_RECORD_PARTY, own.name, own.name_len, out);
}

/* ---- saving ---- */

struct wanted {
    uint8_t party[LW_RECORD_ID];
    const char *role;
    bool done;
};

struct people {
    struct lw_form *form;
    const uint8_t *entry;
    const char *why;
    struct wanted wanted[LW_FORM_MOST_PEOPLE];
    size_t count;
    bool kept[LW_FORM_MOST_PEOPLE]; /* of form->party */
};

/* A line that stands as it was loaded means who it meant, whatever others are called. */
static const struct lw_form_party *loaded(const struct lw_form *form,
                                          const struct lw_form_line *line)
{
    for (size_t i = 0; i < form->party_count; i++) {
        struct lw_form_line known;
        const struct lw_buf *text = &form->party[i].line;
        size_t at = 0;

        if (lw_form_next_line(lw_buf_text(text), text->len, &at, &known) &&
            known.role == line->role && known.name_len == line->name_len &&
            memcmp(known.name, line->name, line->name_len) == 0)
            return &form->party[i];
    }
    return NULL;
}

bool lw_form_person_named(const struct lw_form *form, struct lw_form_named *out)
{
    const char *text = lw_form_text(form, LW_FORM_PEOPLE_LINES);
    size_t len = lw_form_len(form, LW_FORM_PEOPLE_LINES);
    size_t cursor = form->field[LW_FORM_PEOPLE_LINES].text.editor.cursor;
    struct lw_form_line line = {.name = NULL};
    const struct lw_form_party *known;
    size_t at = cursor;

    while (at > 0 && text[at - 1] != '\n')
        at--;
    *out = (struct lw_form_named){.type = LW_RECORD_PARTY, .at = cursor};
    if (at == len || text[at] == '\n' || !lw_form_next_line(text, len, &at, &line))
        return true; /* a new one, in an empty line */
    out->at = (size_t)(line.name - text);
    out->len = line.name_len;
    known = loaded(form, &line);
    out->known = known != NULL;
    if (known != NULL)
        memcpy(out->id, known->party, LW_RECORD_ID);
    return line.role_known;
}

static bool is_wanted(const struct people *people, const struct wanted *next)
{
    for (size_t i = 0; i < people->count; i++) {
        if (people->wanted[i].role == next->role &&
            memcmp(people->wanted[i].party, next->party, LW_RECORD_ID) == 0)
            return true;
    }
    return false;
}

static enum lw_status read_lines(struct people *people, struct lw_error *err)
{
    struct lw_form *form = people->form;
    struct lw_form_line line;
    size_t at = 0;
    enum lw_status status = LW_OK;

    while (status == LW_OK &&
           lw_form_next_line(lw_form_text(form, LW_FORM_PEOPLE_LINES),
                             lw_form_len(form, LW_FORM_PEOPLE_LINES), &at, &line)) {
        const struct lw_form_party *known = loaded(form, &line);
        struct wanted next = {.role = line.role};

        if (people->count == LW_FORM_MOST_PEOPLE)
            return lw_fail(err, LW_TOO_LONG, "a form takes %d people; add the others later",
                           LW_FORM_MOST_PEOPLE);
        if (known != NULL)
            memcpy(next.party, known->party, LW_RECORD_ID);
        else
            status = lw_named_put(form->journal, LW_RECORD_PARTY, line.name, line.name_len,
                                  next.party, err);
        if (status == LW_OK && !is_wanted(people, &next))
            people->wanted[people->count++] = next;
    }
    return status;
}

static enum lw_status put_one(struct people *people, struct wanted *wanted,
                              const struct lw_form_party *over, struct lw_error *err)
{
    struct lw_journal *journal = people->form->journal;
    struct lw_record record;
    enum lw_status status = LW_OK;

    if (over != NULL) {
        status = lw_record_get(journal, LW_RECORD_PARTICIPATION, over->participation, &record, err);
        if (status != LW_OK)
            return status;
    } else {
        lw_record_init(&record, LW_RECORD_PARTICIPATION);
        status = lw_record_set_ref(&record, "entry", people->entry);
    }
    if (status == LW_OK)
        status = lw_record_set_ref(&record, "party", wanted->party);
    if (status == LW_OK)
        status = lw_record_set_text(&record, "role", wanted->role, strlen(wanted->role));
    if (status == LW_OK)
        status = lw_record_put(journal, &record, people->why, err);
    lw_record_clear(&record);
    wanted->done = status == LW_OK;
    return status;
}

enum sameness { SAME_ALL, SAME_PARTY, SAME_ROLE };

static bool same(const struct lw_form_party *party, const struct wanted *wanted, enum sameness how)
{
    bool is_party = memcmp(party->party, wanted->party, LW_RECORD_ID) == 0;
    bool is_role = party->role == wanted->role;

    return how == SAME_ALL ? is_party && is_role : how == SAME_PARTY ? is_party : is_role;
}

/* Who stands there as before first; then a role that was corrected, then a person that was. */
static enum lw_status match(struct people *people, enum sameness how, struct lw_error *err)
{
    struct lw_form *form = people->form;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < form->party_count; i++) {
        for (size_t j = 0; j < people->count && !people->kept[i] && status == LW_OK; j++) {
            if (people->wanted[j].done || !same(&form->party[i], &people->wanted[j], how))
                continue;
            people->kept[i] = true;
            people->wanted[j].done = true;
            if (how != SAME_ALL)
                status = put_one(people, &people->wanted[j], &form->party[i], err);
        }
    }
    return status;
}

static enum lw_status refuse_missing(struct people *people, struct lw_error *err)
{
    for (size_t i = 0; i < people->form->party_count; i++) {
        const struct lw_buf *line = &people->form->party[i].line;

        if (people->kept[i])
            continue;
        lw_fail(err, LW_REFUSED,
                "who is recorded stays recorded: put the line \"%.*s\" back; what is wrong with it "
                "belongs into the narrative",
                (int)lw_utf8_fit(lw_buf_text(line), line->len, 60), lw_buf_text(line));
        lw_form_mark(people->form, LW_FORM_PEOPLE_LINES, err->text);
        return LW_REFUSED;
    }
    return LW_OK;
}

/* Who comes along from an entry that is split stands in this one already. */
static enum lw_status leave_out_brought(struct people *people, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < people->count && status == LW_OK; i++) {
        struct wanted *wanted = &people->wanted[i];

        if (!wanted->done)
            status =
                lw_form_split_brings(people->form, wanted->party, wanted->role, &wanted->done, err);
    }
    return status;
}

enum lw_status lw_form_put_people(struct lw_form *form, const uint8_t entry[LW_RECORD_ID],
                                  const char *why, struct lw_error *err)
{
    struct people people = {.form = form, .entry = entry, .why = why};
    enum lw_status status = read_lines(&people, err);

    for (int how = SAME_ALL; how <= SAME_ROLE && status == LW_OK; how++)
        status = match(&people, (enum sameness)how, err);
    if (status == LW_OK)
        status = refuse_missing(&people, err);
    if (status == LW_OK)
        status = leave_out_brought(&people, err);
    for (size_t i = 0; i < people.count && status == LW_OK; i++) {
        if (!people.wanted[i].done)
            status = put_one(&people, &people.wanted[i], NULL, err);
    }
    return status;
}
