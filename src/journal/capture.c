/* One-line capture: marks (@place, #kind, +role:Name) and one date are picked out of a line, in any
 * order; everything else stays text, and what looked like a mark without being one is noted. */
#include "journal.h"

#include <string.h>

#define TITLE_MAX 200

struct parser {
    const char *line;
    size_t len;
    size_t at;
    const struct lw_forms *forms;
    const struct lw_clock *clock;
    struct lw_capture *out;
    struct lw_buf text; /* what is left so far, blanks folded */
    unsigned unclosed;  /* bit for each pair of quotes: no closing one follows any more */
};

static const struct {
    const char *open;
    const char *close;
} quotes[] = {{"\"", "\""}, {"\xe2\x80\x9c", "\xe2\x80\x9d"}, {"\xc2\xab", "\xc2\xbb"}};

/* Or the end of the line. */
static bool is_blank(const struct parser *p, size_t at)
{
    return at == p->len || lw_utf8_blank(p->line + at, p->len - at) > 0;
}

/* A question mark is none: it is a doubt, which is not dropped. */
static bool is_separator(char c)
{
    return c != '\0' && strchr(",;:.!", c) != NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Quoted text at `at`: its bytes without the quotes, and where it ends after the closing one. */
static bool read_quoted(struct parser *p, size_t at, size_t *start, size_t *stop, size_t *end)
{
    for (size_t i = 0; i < LW_COUNT_OF(quotes); i++) {
        size_t open = strlen(quotes[i].open);
        const char *close;

        if (p->len - at < open || memcmp(p->line + at, quotes[i].open, open) != 0 ||
            (p->unclosed & 1u << i) != 0)
            continue;
        close = memmem(p->line + at + open, p->len - at - open, quotes[i].close,
                       strlen(quotes[i].close));
        if (close == NULL) {
            p->unclosed |=
                1u << i; /* so that a line full of them is not searched again and again */
            continue;
        }
        *start = at + open;
        *stop = (size_t)(close - p->line);
        *end = *stop + strlen(quotes[i].close);
        return true;
    }
    return false;
}

static bool is_quote(const struct parser *p, size_t at)
{
    for (size_t i = 0; i < LW_COUNT_OF(quotes); i++) {
        size_t open = strlen(quotes[i].open);

        if (p->len - at >= open && memcmp(p->line + at, quotes[i].open, open) == 0)
            return true;
    }
    return false;
}

/* End of the word at `at`; quoted text with its blanks is one word. */
static size_t word_end(struct parser *p, size_t at)
{
    size_t start = at, first, stop, end;

    while (!is_blank(p, at)) {
        /* a straight quote opens only at the beginning: 5" is a length */
        bool may_open = p->line[at] != '"' || at == start || p->line[at - 1] == '(';

        if (may_open && read_quoted(p, at, &first, &stop, &end))
            at = end;
        else
            at++;
    }
    return at;
}

/* How many bytes of blanks there are at the beginning. */
static size_t blanks(const char *text, size_t len)
{
    size_t at = 0, one;

    while ((one = lw_utf8_blank(text + at, len - at)) > 0)
        at += one;
    return at;
}

/* What parts words: a blank, or the one that stood there where that does not break, so that "5 000"
 * stays together on the screen and in print. */
static const char *blank_before(const char *text, size_t at)
{
    static const char *const kept[] = {"\xC2\xA0", "\xE2\x80\xAF"};

    for (size_t i = 0; i < LW_COUNT_OF(kept); i++) {
        size_t len = strlen(kept[i]);

        if (at >= len && memcmp(text + at - len, kept[i], len) == 0)
            return kept[i];
    }
    return " ";
}

/* Appends bytes with runs of blanks as one, without blanks at either end; in a name each is a
 * space. */
static enum lw_status add_folded(struct lw_buf *out, const char *text, size_t len, bool name)
{
    enum lw_status status = LW_OK;
    size_t at = 0;
    bool first = true;

    while (status == LW_OK) {
        size_t start;

        at += blanks(text + at, len - at);
        if (at == len)
            break;
        for (start = at; at < len && lw_utf8_blank(text + at, len - at) == 0; at++)
            ;
        if (!first)
            status = lw_buf_adds(out, name ? " " : blank_before(text, start));
        if (status == LW_OK)
            status = lw_buf_add(out, text + start, at - start);
        first = false;
    }
    return status;
}

static enum lw_status take_text(struct parser *p, size_t end)
{
    enum lw_status status = LW_OK;

    if (p->text.len > 0)
        status = lw_buf_adds(&p->text, blank_before(p->line, p->at));
    if (status == LW_OK)
        status = add_folded(&p->text, p->line + p->at, end - p->at, false);
    p->at = end;
    return status;
}

/* A comma or full stop that only set off what was taken goes with it. */
static void drop_separator(struct parser *p)
{
    size_t at = p->at;

    while (at < p->len && is_separator(p->line[at]))
        at++;
    if (is_blank(p, at))
        p->at = at;
}

static enum lw_status keep_with_note(struct parser *p, size_t end, const char *why)
{
    enum lw_status status = lw_buf_sayf(&p->out->notes, "%.*s is kept as text: %s\n",
                                        (int)(end - p->at), p->line + p->at, _(why));

    return status == LW_OK ? take_text(p, end) : status;
}

/* ---- marks --------------------------------------------------------------------------------- */

static const char doubted[] = N_("a mark cannot hold a doubt");

struct name {
    struct lw_buf text;
    size_t end; /* of the mark in the line */
};

/* Before the separators at the end of a word; whether there is a question mark among them. */
static size_t before_separators(const struct parser *p, size_t start, size_t stop, bool *doubt)
{
    *doubt = false;
    while (stop > start && (is_separator(p->line[stop - 1]) || p->line[stop - 1] == '?'))
        *doubt = p->line[--stop] == '?' || *doubt;
    return stop;
}

/* The name of a mark between quotes; with a question mark behind them up to the end of the word. */
static enum lw_status read_quoted_name(struct parser *p, size_t start, size_t stop,
                                       struct name *name, const char **why)
{
    size_t at = name->end;
    enum lw_status status = add_folded(&name->text, p->line + start, stop - start, true);

    while (at < p->len && is_separator(p->line[at]))
        at++;
    if (status == LW_OK && name->text.len == 0) {
        *why = _("there is no name between the quotes");
    } else if (at < p->len && p->line[at] == '?') {
        *why = doubted;
        name->end = word_end(p, at);
    }
    return status;
}

/* The name of a mark, plain or quoted; *why says what is wrong with it where it is none. */
static enum lw_status read_name(struct parser *p, size_t at, struct name *name, const char **why)
{
    size_t start = at, stop;
    bool doubt;

    *why = NULL;
    if (read_quoted(p, at, &start, &stop, &name->end))
        return read_quoted_name(p, start, stop, name, why);
    name->end = word_end(p, at);
    if (at < p->len && is_quote(p, at)) {
        *why = _("the closing quote is missing");
        return LW_OK;
    }
    stop = before_separators(p, at, name->end, &doubt);
    if (stop == at || doubt) {
        *why = stop == at ? N_("a name is missing") : doubted;
        return LW_OK;
    }
    return add_folded(&name->text, p->line + at, stop - at, true);
}

static enum lw_status take_place(struct parser *p)
{
    struct name name = {.text = LW_BUF_INIT};
    const char *why;
    enum lw_status status;

    if (is_blank(p, p->at + 1))
        return take_text(p, p->at + 1);
    status = read_name(p, p->at + 1, &name, &why);
    if (status == LW_OK && why == NULL && p->out->place != NULL)
        why = N_("an entry has one place");
    if (status == LW_OK && why != NULL) {
        status = keep_with_note(p, name.end, why);
    } else if (status == LW_OK) {
        p->out->place = lw_text_copy(name.text.data, name.text.len);
        status = p->out->place != NULL ? LW_OK : LW_NO_MEMORY;
        p->at = name.end;
        drop_separator(p);
    }
    lw_buf_free(&name.text);
    return status;
}

static enum lw_status take_kind(struct parser *p)
{
    size_t start = p->at + 1;
    size_t end = word_end(p, start);
    bool doubt;
    size_t stop = before_separators(p, start, end, &doubt);
    const char *kind;

    if (stop == start || is_digit(p->line[start])) /* "#", "#1" */
        return take_text(p, end);
    kind = lw_kind_find(p->forms, p->line + start, stop - start);
    if (kind == NULL || doubt)
        return keep_with_note(p, end, kind == NULL ? N_("it is no kind of entry") : doubted);
    if (p->out->kind != NULL && p->out->kind != kind)
        return keep_with_note(p, end, N_("an entry has one kind"));
    p->out->kind = kind;
    p->at = end;
    return LW_OK;
}

static bool has_party(const struct lw_capture *out, const char *role, const struct lw_buf *name)
{
    for (size_t i = 0; i < out->party_count; i++) {
        if (out->party[i].role == role && strcmp(out->party[i].name, lw_buf_text(name)) == 0)
            return true;
    }
    return false;
}

static enum lw_status add_party(struct lw_capture *out, const char *role, const struct lw_buf *name)
{
    char *copy;

    if (has_party(out, role, name))
        return LW_OK;
    copy = lw_text_copy(name->data, name->len);
    if (copy == NULL)
        return LW_NO_MEMORY;
    out->party[out->party_count].role = role;
    out->party[out->party_count].name = copy;
    out->party_count++;
    return LW_OK;
}

/* Of a role, which may be written in any script. */
static bool is_role_char(const struct parser *p, size_t at)
{
    unsigned char c = (unsigned char)p->line[at];

    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
           (c >= 0x80 && !is_blank(p, at) && !is_quote(p, at));
}

static enum lw_status take_party(struct parser *p)
{
    struct name name = {.text = LW_BUF_INIT};
    size_t start = p->at + 1, colon = start;
    const char *role, *why;
    enum lw_status status;

    while (colon < p->len && is_role_char(p, colon))
        colon++;
    role = lw_role_find(p->line + start, colon - start);
    if (colon == start || colon == p->len || p->line[colon] != ':') {
        size_t end = word_end(p, p->at);

        return role != NULL ? keep_with_note(p, end, N_("a role is written +role:Name"))
                            : take_text(p, end);
    }
    status = read_name(p, colon + 1, &name, &why);
    if (role == NULL)
        why = N_("it is no role");
    else if (why == NULL && p->out->party_count == LW_CAPTURE_MARKS &&
             !has_party(p->out, role, &name.text))
        why = N_("a line has room for sixteen names");
    if (status == LW_OK && why != NULL) {
        status = keep_with_note(p, name.end, why);
    } else if (status == LW_OK) {
        status = add_party(p->out, role, &name.text);
        p->at = name.end;
        drop_separator(p);
    }
    lw_buf_free(&name.text);
    return status;
}

/* ---- date ---------------------------------------------------------------------------------- */

/* Bytes of the date phrase at `at`. A bare time ("21:20 shots") is one only where the line begins.
 */
static size_t scan_phrase(const struct parser *p, size_t at, struct lw_when_typed *typed,
                          struct lw_error *err)
{
    const char *here = p->line + at;
    size_t left = p->len - at;
    size_t taken = lw_when_scan(here, left, false, p->clock, typed, err);

    if (taken > 0 || left == 0 || p->text.len > 0 || (*here != '~' && !is_digit(*here)))
        return taken;
    taken = lw_when_scan(here, left, true, p->clock, typed, err);
    return memchr(here, ':', taken) != NULL ? taken : 0;
}

/* As scan_phrase, brackets around it included; *whole is false where the bracket holds more than
 * the date: then all of it is text. */
static size_t scan_when(const struct parser *p, struct lw_when_typed *typed, bool *whole,
                        struct lw_error *err)
{
    size_t taken = scan_phrase(p, p->at, typed, err);
    size_t end;

    *whole = true;
    if (taken > 0 || p->line[p->at] != '(')
        return taken;
    taken = scan_phrase(p, p->at + 1, typed, err);
    if (taken == 0)
        return 0;
    end = p->at + 1 + taken;
    *whole = end < p->len && p->line[end] == ')';
    return *whole ? taken + 2 : taken + 1;
}

static bool add_relations(struct lw_when_typed *when, const struct lw_when_typed *more)
{
    if (when->relation_count + more->relation_count > LW_WHEN_REFS)
        return false;
    for (size_t i = 0; i < more->relation_count; i++)
        when->relation[when->relation_count++] = more->relation[i];
    return true;
}

/* One date, and any number of "after E09" beside it; a second date is part of the story. */
static enum lw_status take_when(struct parser *p, bool *taken, struct lw_error *err)
{
    struct lw_when_typed typed = {0};
    struct lw_when_typed *when = &p->out->when;
    struct lw_error why = {0};
    bool whole, impossible;
    size_t bytes = scan_when(p, &typed, &whole, &why);

    *taken = bytes > 0;
    if (bytes == 0)
        return LW_OK;
    impossible = !typed.has_when && typed.relation_count == 0;
    if (!whole || (when->has_when && (typed.has_when || impossible)))
        return take_text(p, word_end(p, p->at + bytes));
    if (impossible)
        return lw_fail(err, LW_BAD_DATA, "%s",
                       why.text[0] != '\0' ? why.text : _("the date is not understood"));
    if (!add_relations(when, &typed))
        return take_text(p, word_end(p, p->at + bytes));
    if (typed.has_when) {
        when->has_when = true;
        when->when = typed.when;
    }
    p->at += bytes;
    drop_separator(p);
    return LW_OK;
}

/* ---- the line ------------------------------------------------------------------------------ */

static enum lw_status take_word(struct parser *p, struct lw_error *err)
{
    enum lw_status status;
    bool taken;

    switch (p->line[p->at]) {
    case '@':
        return take_place(p);
    case '#':
        return take_kind(p);
    case '+':
        return take_party(p);
    default:
        break;
    }
    status = take_when(p, &taken, err);
    return status != LW_OK || taken ? status : take_text(p, word_end(p, p->at));
}

/* Length of the title: whole, or cut at the end of a word (of a character in one endless word). */
static size_t title_length(const struct lw_buf *text)
{
    size_t cut = TITLE_MAX;

    if (text->len <= TITLE_MAX)
        return text->len;
    while (cut > 0 && text->data[cut] != ' ')
        cut--;
    if (cut > 0)
        return cut;
    for (cut = TITLE_MAX; ((unsigned char)text->data[cut] & 0xc0) == 0x80; cut--)
        ;
    return cut;
}

static enum lw_status set_title(struct lw_capture *out, const struct lw_buf *text)
{
    size_t len = title_length(text);

    out->title = lw_text_copy(text->data, len);
    if (out->title == NULL)
        return LW_NO_MEMORY;
    if (len < text->len) {
        out->narrative = lw_text_copy(text->data, text->len);
        if (out->narrative == NULL)
            return LW_NO_MEMORY;
    }
    return LW_OK;
}

static enum lw_status parse_line(struct parser *p, struct lw_error *err)
{
    enum lw_status status = LW_OK;

    while (status == LW_OK) {
        p->at += blanks(p->line + p->at, p->len - p->at);
        if (p->at == p->len)
            break;
        status = take_word(p, err);
    }
    if (status == LW_OK && p->text.len == 0)
        return lw_fail(err, LW_BAD_DATA, "say in a few words what happened");
    if (status == LW_OK)
        status = set_title(p->out, &p->text);
    return status == LW_NO_MEMORY ? lw_fail(err, status, "out of memory") : status;
}

static enum lw_status check_line(const char *line, size_t len, struct lw_error *err)
{
    size_t bad;

    if (len > LW_CAPTURE_MAX)
        return lw_fail(err, LW_TOO_LONG, "a line holds at most %d bytes, this one has %zu",
                       LW_CAPTURE_MAX, len);
    if (lw_utf8_valid(line, len, &bad))
        return LW_OK;
    if (line[bad] == '\0')
        return lw_fail(err, LW_BAD_DATA, "the line holds a NUL at byte %zu, remove it", bad + 1);
    return lw_fail(err, LW_BAD_DATA, "the line is no UTF-8 text from byte %zu on", bad + 1);
}

enum lw_status lw_capture_parse(const char *line, size_t len, const struct lw_forms *forms,
                                const struct lw_clock *clock, struct lw_capture *out,
                                struct lw_error *err)
{
    struct lw_capture capture = {.notes = LW_BUF_INIT};
    struct parser p = {
        .line = line, .forms = forms, .clock = clock, .out = &capture, .text = LW_BUF_INIT};
    enum lw_status status;

    if (len > 0 && line[len - 1] == '\n')
        len--;
    if (len > 0 && line[len - 1] == '\r')
        len--;
    p.len = len;
    status = check_line(line, len, err);
    if (status == LW_OK)
        status = parse_line(&p, err);
    lw_buf_free(&p.text);
    if (status != LW_OK) {
        lw_capture_clear(&capture);
        return status;
    }
    *out = capture;
    return LW_OK;
}

void lw_capture_clear(struct lw_capture *capture)
{
    if (capture == NULL)
        return;
    for (size_t i = 0; i < capture->party_count; i++)
        lw_text_free(capture->party[i].name);
    lw_text_free(capture->place);
    lw_text_free(capture->title);
    lw_text_free(capture->narrative);
    lw_buf_free(&capture->notes);
    lw_zero(capture, sizeof(*capture));
}
