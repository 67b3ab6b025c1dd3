/* The filter language: from what is typed to a tree; every error says where, and what would be
 * right. */
#include "filter_tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct lw_journal *journal;
    const char *text;
    size_t len;
    size_t at;     /* what is read next */
    size_t wrong;  /* where the error is */
    size_t nested; /* in so many parentheses */
    struct lw_filter_tree *tree;
    struct lw_error *err;
};

/* ---- the tree ---------------------------------------------------------------------------------
 */

static enum lw_status add_node(struct lw_filter_tree *tree, struct filter_node node, size_t *out)
{
    if (tree->node_count == NODES_MAX)
        return LW_TOO_LONG;
    *out = tree->node_count;
    tree->node[tree->node_count++] = node;
    return LW_OK;
}

enum lw_status tree_term(struct lw_filter_tree *tree, enum term_kind kind, const char *text,
                         size_t len, size_t *node)
{
    struct filter_term *term = &tree->term[tree->term_count];

    if (tree->term_count == TERMS_MAX)
        return LW_TOO_LONG;
    *term = (struct filter_term){.kind = kind};
    if (text != NULL) {
        term->text = lw_text_copy(text, len);
        if (term->text == NULL)
            return LW_NO_MEMORY;
    }
    return add_node(tree, (struct filter_node){.kind = NODE_TERM, .a = tree->term_count++}, node);
}

enum lw_status tree_join(struct lw_filter_tree *tree, enum node_kind kind, size_t a, size_t b,
                         size_t *node)
{
    return add_node(tree, (struct filter_node){.kind = kind, .a = a, .b = b}, node);
}

void lw_filter_free(struct lw_filter_tree *tree)
{
    for (size_t i = 0; tree != NULL && i < tree->term_count; i++) {
        lw_text_free(tree->term[i].text);
        lw_text_free(tree->term[i].key);
    }
    if (tree != NULL)
        lw_zero(tree, sizeof(*tree));
    free(tree);
}

static const struct lw_when *find_when(const struct lw_filter_tree *tree, size_t at, size_t *count)
{
    const struct filter_node *node = &tree->node[at];
    const struct lw_when *a, *b;

    if (node->kind == NODE_TERM) {
        bool is = tree->term[node->a].kind == TERM_WHEN;

        *count += is;
        return is ? &tree->term[node->a].when : NULL;
    }
    if (node->kind != NODE_AND)
        return NULL;
    a = find_when(tree, node->a, count);
    b = find_when(tree, node->b, count);
    return a != NULL ? a : b;
}

const struct lw_when *lw_filter_when(const struct lw_filter_tree *tree)
{
    size_t count = 0;
    const struct lw_when *when =
        tree == NULL || tree->node_count == 0 ? NULL : find_when(tree, tree->root, &count);

    return count == 1 ? when : NULL;
}

/* ---- errors -----------------------------------------------------------------------------------
 */

/* "character 3", or "line 2, character 3" */
static void say_place(const struct reader *reader, size_t at, char out[64])
{
    size_t line = 1, count = 1;
    uint32_t point;

    for (size_t i = 0, used; i < at; i += used, count++) {
        used = lw_utf8_next(reader->text + i, reader->len - i, &point);
        if (used == 0)
            break;
        if (point == '\n') {
            line++;
            count = 0;
        }
    }
    if (line > 1)
        snprintf(out, 64, _("line %zu, character %zu"), line, count);
    else
        snprintf(out, 64, _("character %zu"), count);
}

static enum lw_status wrong(struct reader *reader, size_t at, const char *format, ...)
    LW_PRINTF(3, 4);

static enum lw_status wrong(struct reader *reader, size_t at, const char *format, ...)
{
    char sentence[300], place[64];
    va_list list;

    va_start(list, format);
    vsnprintf(sentence, sizeof(sentence), lw_say(format), list);
    va_end(list);
    say_place(reader, at, place);
    reader->wrong = at;
    return lw_fail(reader->err, LW_BAD_DATA, "%s: %.*s", place,
                   (int)lw_utf8_floor(sentence, strlen(sentence), strlen(sentence)), sentence);
}

/* What came of a step that has no words of its own. */
static enum lw_status told(struct reader *reader, size_t at, enum lw_status status)
{
    if (status == LW_TOO_LONG)
        return wrong(reader, at, "too many conditions; at most %d", TERMS_MAX);
    if (status != LW_OK)
        return lw_fail(reader->err, status, "the filter cannot be read: %s",
                       lw_status_message(status));
    return LW_OK;
}

/* The beginning of a text, for an error. */
static int shown(const char *text, size_t len)
{
    return (int)lw_utf8_fit(text, len, 40);
}

/* ---- pieces -----------------------------------------------------------------------------------
 */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Outside of parentheses the end of a line is an "or". */
static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->len && is_blank(reader->text[reader->at]) &&
           (reader->nested > 0 || reader->text[reader->at] != '\n'))
        reader->at++;
}

static bool at_end(const struct reader *reader)
{
    return reader->at == reader->len || reader->text[reader->at] == ')' ||
           (reader->nested == 0 && reader->text[reader->at] == '\n');
}

static const struct {
    const char *open, *close;
} quotes[] = {{"\"", "\""}, {"\u00ab", "\u00bb"}, {"\u201c", "\u201d"}, {"\u201e", "\u201c"}};

static int quote_at(const struct reader *reader, size_t at)
{
    for (size_t i = 0; i < LW_COUNT_OF(quotes); i++) {
        size_t len = strlen(quotes[i].open);

        if (len <= reader->len - at && memcmp(reader->text + at, quotes[i].open, len) == 0)
            return (int)i;
    }
    return -1;
}

static const char *find_piece(const char *text, size_t len, const char *piece)
{
    size_t piece_len = strlen(piece);

    for (size_t i = 0; i + piece_len <= len; i++) {
        if (memcmp(text + i, piece, piece_len) == 0)
            return text + i;
    }
    return NULL;
}

/* What stands in quotes at reader->at. */
static enum lw_status take_quoted(struct reader *reader, int quote, const char **text, size_t *len)
{
    size_t start = reader->at;
    const char *from = reader->text + start + strlen(quotes[quote].open);
    const char *end =
        find_piece(from, (size_t)(reader->text + reader->len - from), quotes[quote].close);

    if (end == NULL)
        return wrong(reader, start, "these quotes are not closed; %s closes them",
                     quotes[quote].close);
    *text = from;
    *len = (size_t)(end - from);
    reader->at = (size_t)(end - reader->text) + strlen(quotes[quote].close);
    return LW_OK;
}

/* Up to a blank, a parenthesis or quotes. */
static size_t bare_len(const struct reader *reader, size_t at)
{
    size_t end = at;

    while (end < reader->len && !is_blank(reader->text[end]) && reader->text[end] != '(' &&
           reader->text[end] != ')' && quote_at(reader, end) < 0)
        end++;
    return end - at;
}

/* Bytes of the key that stands here, without its colon; 0: none. */
static size_t key_len(const struct reader *reader, size_t at)
{
    size_t end = at, used;
    uint32_t point;

    for (; end < reader->len; end += used) {
        used = lw_utf8_next(reader->text + end, reader->len - end, &point);
        if (used == 0 || (!lw_utf8_is_word(point) && point != '-'))
            break;
        if (end == at && point < 0x80 && (point < 'A' || point == '_'))
            return 0;
    }
    return end < reader->len && reader->text[end] == ':' ? end - at : 0;
}

/* ---- values -----------------------------------------------------------------------------------
 */

struct pair {
    size_t at; /* of the key */
    const char *key;
    size_t key_len;
    size_t value_at;
    const char *value;
    size_t len;
};

static enum lw_status add_term(struct reader *reader, const struct pair *pair, enum term_kind kind,
                               const char *text, size_t len, size_t *node)
{
    enum lw_status status = told(reader, pair->at, tree_term(reader->tree, kind, text, len, node));

    if (status == LW_OK)
        reader->tree->term[reader->tree->term_count - 1].at = pair->at;
    return status;
}

static struct filter_term *last_term(struct reader *reader)
{
    return &reader->tree->term[reader->tree->term_count - 1];
}

static enum lw_status take_fixed(struct reader *reader, const struct pair *pair,
                                 enum filter_value value, int *means)
{
    struct lw_buf words = LW_BUF_INIT;
    enum lw_language language = lw_forms_language(reader->journal->forms);
    enum lw_status status;

    *means = filter_word_find(value, pair->value, pair->len);
    if (*means >= 0)
        return LW_OK;
    status = told(reader, pair->value_at, filter_say_words(value, language, &words));
    if (status == LW_OK)
        status = wrong(reader, pair->value_at, "%.*s: takes %s", (int)pair->key_len, pair->key,
                       lw_buf_text(&words));
    lw_buf_free(&words);
    return status;
}

static enum lw_status kind_is_used(struct lw_journal *journal, const char *kind, size_t len,
                                   bool *used, struct lw_error *err)
{
    struct lw_stmt *stmt;
    enum lw_status status =
        lw_store_prepare(journal->store, "SELECT 1 FROM entry WHERE kind = ?1 LIMIT 1", &stmt, err);

    if (status != LW_OK)
        return status;
    lw_stmt_bind_text(stmt, 1, kind, len);
    status = lw_stmt_step(stmt, err);
    *used = status == LW_OK;
    if (status == LW_OK)
        lw_stmt_reset(stmt);
    return status == LW_DONE ? LW_OK : status;
}

/* A kind that is known, or one that an entry has although nobody knows it. */
static enum lw_status read_kind(struct reader *reader, const struct pair *pair, size_t *node)
{
    const struct lw_forms *forms = reader->journal->forms;
    const char *kind = lw_kind_find(forms, pair->value, pair->len);
    struct lw_buf other = LW_BUF_INIT;
    bool used = false;
    enum lw_status status;

    if (kind != NULL)
        return add_term(reader, pair, TERM_KIND, kind, strlen(kind), node);
    status = kind_is_used(reader->journal, pair->value, pair->len, &used, reader->err);
    if (status != LW_OK)
        return status;
    if (used)
        return add_term(reader, pair, TERM_KIND, pair->value, pair->len, node);
    status =
        told(reader, pair->value_at, filter_suggest_kind(forms, pair->value, pair->len, &other));
    if (status == LW_OK)
        status = wrong(reader, pair->value_at, "no kind of entry is called \"%.*s\"%s",
                       shown(pair->value, pair->len), pair->value, lw_buf_text(&other));
    lw_buf_free(&other);
    return status;
}

/* A name that nobody has is a typing error more often than a question. */
static enum lw_status read_name(struct reader *reader, const struct pair *pair, enum term_kind kind,
                                size_t *node)
{
    static const struct {
        unsigned classes;
        const char *what;
    } of[] = {
        [TERM_INCIDENT] = {1U << CLASS_INCIDENT, N_("incident")},
        [TERM_PARTY] = {1U << CLASS_PARTY, N_("person or group")},
        [TERM_PLACE] = {1U << CLASS_PLACE, N_("place")},
        [TERM_SOURCE] = {1U << CLASS_SOURCE, N_("source")},
        [TERM_NAME] = {1U << CLASS_PARTY | 1U << CLASS_PLACE | 1U << CLASS_SOURCE,
                       N_("person, place or source")},
        [TERM_ROLE] = {1U << CLASS_PARTY, N_("person or group")},
    };
    struct key_list found[CLASS_COUNT];
    bool any = false;
    enum lw_status status = add_term(reader, pair, kind, pair->value, pair->len, node);

    if (status != LW_OK)
        return status;
    status = names_find(reader->journal, of[kind].classes, last_term(reader)->text, found, &any,
                        reader->err);
    for (int class = 0; class < CLASS_COUNT; class ++)
        key_list_free(&found[class]);
    if (status == LW_OK && !any)
        status = wrong(reader, pair->value_at, "no %s is called \"%.*s\", in any spelling",
                       _(of[kind].what), shown(pair->value, pair->len), pair->value);
    return status;
}

static enum lw_status read_date(struct reader *reader, const struct pair *pair, enum term_kind kind,
                                size_t *node)
{
    struct lw_when_typed typed;
    struct lw_error why = {.status = LW_OK};
    enum lw_status status =
        lw_when_read(pair->value, pair->len, reader->journal->clock, &typed, &why);

    if (status == LW_OK && (!typed.has_when || typed.relation_count > 0))
        status = lw_fail(&why, LW_BAD_DATA, "it takes a date, such as \"2014-12-13 evening\"");
    if (status == LW_NO_MEMORY)
        return told(reader, pair->value_at, status);
    if (status != LW_OK)
        return wrong(reader, pair->value_at, "%.*s: %s", (int)pair->key_len, pair->key, why.text);
    status = add_term(reader, pair, kind, typed.when.text, strlen(typed.when.text), node);
    if (status == LW_OK)
        last_term(reader)->when = typed.when;
    return status;
}

static enum lw_status read_ref(struct reader *reader, const struct pair *pair, size_t *node)
{
    struct lw_record entry;
    struct lw_error why = {.status = LW_OK};
    enum lw_status status = add_term(reader, pair, TERM_REF, pair->value, pair->len, node);

    if (status != LW_OK)
        return status;
    status =
        lw_record_by_ref(reader->journal, LW_RECORD_ENTRY, last_term(reader)->text, &entry, &why);
    if (status == LW_OK) {
        lw_record_clear(&entry);
        return LW_OK;
    }
    if (status == LW_NOT_FOUND || status == LW_BAD_DATA)
        return wrong(reader, pair->value_at, "no entry has the reference \"%.*s\"",
                     shown(pair->value, pair->len), pair->value);
    return lw_fail(reader->err, status, "%s", why.text);
}

static bool has_letters(const char *text, size_t len)
{
    size_t at = 0, size;

    return lw_spelling_word(text, len, &at, &size);
}

static enum lw_status read_words(struct reader *reader, const struct pair *pair,
                                 enum term_kind kind, size_t *node)
{
    struct lw_error why = {.status = LW_OK};

    if (!has_letters(pair->value, pair->len))
        return wrong(reader, pair->value_at, "this has no letter or digit to look for");
    if (search_check(pair->value, pair->len, &why) != LW_OK)
        return wrong(reader, pair->value_at, "%s", why.text);
    return add_term(reader, pair, kind, pair->value, pair->len, node);
}

static enum lw_status read_item(struct reader *reader, const struct pair *pair, size_t *node)
{
    int field = lw_field_find(LW_RECORD_ITEM, "kind");
    int means = filter_word_find(VALUE_ITEM, pair->value, pair->len);
    const char *word;

    if (means < 0)
        return read_words(reader, pair, TERM_ITEM_WORDS, node);
    word = lw_record_infos[LW_RECORD_ITEM].fields[field].words[means];
    return add_term(reader, pair, TERM_ITEM, word, strlen(word), node);
}

static enum lw_status read_confidentiality(struct reader *reader, const struct pair *pair,
                                           size_t *node)
{
    int field = lw_field_find(LW_RECORD_ENTRY, "confidentiality"), means;
    const char *word;
    enum lw_status status = take_fixed(reader, pair, VALUE_CONFIDENTIALITY, &means);

    if (status != LW_OK)
        return status;
    word = lw_record_infos[LW_RECORD_ENTRY].fields[field].words[means];
    return add_term(reader, pair, TERM_CONFIDENTIALITY, word, strlen(word), node);
}

static enum lw_status read_state(struct reader *reader, const struct pair *pair,
                                 enum filter_value value, size_t *node)
{
    int means;
    enum lw_status status = take_fixed(reader, pair, value, &means);

    if (status == LW_OK)
        status = add_term(reader, pair, (enum term_kind)means, NULL, 0, node);
    if (status == LW_OK && value == VALUE_NO)
        status = told(reader, pair->at, tree_join(reader->tree, NODE_NOT, *node, 0, node));
    return status;
}

/* ---- answers and roles ------------------------------------------------------------------------
 */

/* The recorded word for a fixed answer; *free: some question with that key takes any text. */
static enum lw_status read_fixed_answer(struct reader *reader, const struct pair *pair,
                                        const char *key, struct lw_buf *word, bool *free_text,
                                        struct lw_error *why)
{
    const struct lw_forms *forms = reader->journal->forms;
    enum lw_status status = LW_OK;

    for (size_t i = 0; i < lw_forms_count(forms) && status == LW_OK && word->len == 0; i++) {
        const struct lw_question *question = lw_kind_question(lw_forms_at(forms, i), key);
        struct lw_answer answer = {.text = NULL};

        if (question == NULL)
            continue;
        if (question->type != LW_QUESTION_YES_NO && question->type != LW_QUESTION_CHOICE) {
            *free_text = true;
            continue;
        }
        status = lw_answer_read(forms, question, pair->value, pair->len, reader->journal->clock,
                                &answer, why);
        if (status == LW_OK && answer.text != NULL)
            status = lw_buf_adds(word, answer.text);
        else if (status == LW_BAD_DATA)
            status = LW_OK;
        lw_answer_clear(&answer);
    }
    return status;
}

static enum lw_status read_answer(struct reader *reader, const struct pair *pair, const char *key,
                                  size_t *node)
{
    struct lw_buf word = LW_BUF_INIT;
    struct lw_error why = {.status = LW_OK};
    bool free_text = false;
    enum lw_status status =
        told(reader, pair->value_at, read_fixed_answer(reader, pair, key, &word, &free_text, &why));

    if (status == LW_OK && word.len > 0)
        status = add_term(reader, pair, TERM_ANSWER, word.data, word.len, node);
    else if (status == LW_OK && free_text)
        status = read_words(reader, pair, TERM_ANSWER_WORDS, node);
    else if (status == LW_OK)
        status = wrong(reader, pair->value_at, "%s: %s", key, why.text);
    lw_buf_free(&word);
    if (status != LW_OK)
        return status;
    last_term(reader)->key = lw_text_copy(key, strlen(key));
    return told(reader, pair->at, last_term(reader)->key == NULL ? LW_NO_MEMORY : LW_OK);
}

/* The key of a question of any kind of entry that is called so; NULL: none. */
static const char *find_question(const struct lw_forms *forms, const char *text, size_t len)
{
    for (size_t i = 0; i < lw_forms_count(forms); i++) {
        const struct lw_kind *kind = lw_forms_at(forms, i);

        for (size_t k = 0; k < kind->question_count; k++) {
            if (lw_words_equal(text, len, kind->question[k].key))
                return kind->question[k].key;
        }
    }
    return NULL;
}

static enum lw_status read_role(struct reader *reader, const struct pair *pair, const char *role,
                                size_t *node)
{
    enum lw_status status = read_name(reader, pair, TERM_ROLE, node);

    if (status != LW_OK)
        return status;
    last_term(reader)->key = lw_text_copy(role, strlen(role));
    return told(reader, pair->at, last_term(reader)->key == NULL ? LW_NO_MEMORY : LW_OK);
}

/* "lawyer" is a role, and what some kinds ask for: either is meant. */
static enum lw_status read_other(struct reader *reader, const struct pair *pair, size_t *node)
{
    const struct lw_forms *forms = reader->journal->forms;
    const char *role = lw_role_find(pair->key, pair->key_len);
    const char *question = find_question(forms, pair->key, pair->key_len);
    struct lw_buf other = LW_BUF_INIT;
    size_t second;
    enum lw_status status;

    if (role != NULL && question == NULL)
        return read_role(reader, pair, role, node);
    if (question != NULL) {
        status = read_answer(reader, pair, question, node);
        if (status != LW_OK || role == NULL)
            return status;
        if (read_role(reader, pair, role, &second) != LW_OK)
            return reader->err != NULL && reader->err->status == LW_NO_MEMORY ? LW_NO_MEMORY
                                                                              : LW_OK;
        return told(reader, pair->at, tree_join(reader->tree, NODE_OR, *node, second, node));
    }
    status = told(reader, pair->at, filter_suggest_key(forms, pair->key, pair->key_len, &other));
    if (status == LW_OK)
        status = wrong(reader, pair->at,
                       "no key is called \"%.*s\"%s; in quotes, \"%.*s:...\", it is looked for",
                       shown(pair->key, pair->key_len), pair->key, lw_buf_text(&other),
                       shown(pair->key, pair->key_len), pair->key);
    lw_buf_free(&other);
    return status;
}

static enum lw_status read_pair(struct reader *reader, const struct pair *pair, size_t *node)
{
    switch (filter_key_find(pair->key, pair->key_len)) {
    case VALUE_KIND:
        return read_kind(reader, pair, node);
    case VALUE_PARTY:
        return read_name(reader, pair, TERM_PARTY, node);
    case VALUE_PLACE:
        return read_name(reader, pair, TERM_PLACE, node);
    case VALUE_SOURCE:
        return read_name(reader, pair, TERM_SOURCE, node);
    case VALUE_INCIDENT:
        return read_name(reader, pair, TERM_INCIDENT, node);
    case VALUE_NAME:
        return read_name(reader, pair, TERM_NAME, node);
    case VALUE_REF:
        return read_ref(reader, pair, node);
    case VALUE_STATUS:
        return read_state(reader, pair, VALUE_STATUS, node);
    case VALUE_CONFIDENTIALITY:
        return read_confidentiality(reader, pair, node);
    case VALUE_SINCE:
        return read_date(reader, pair, TERM_SINCE, node);
    case VALUE_UNTIL:
        return read_date(reader, pair, TERM_UNTIL, node);
    case VALUE_WHEN:
        return read_date(reader, pair, TERM_WHEN, node);
    case VALUE_HEDGE:
        return read_words(reader, pair, TERM_HEDGE, node);
    case VALUE_ITEM:
        return read_item(reader, pair, node);
    case VALUE_HAS:
        return read_state(reader, pair, VALUE_HAS, node);
    case VALUE_NO:
        return read_state(reader, pair, VALUE_NO, node);
    case VALUE_IS:
        return read_state(reader, pair, VALUE_IS, node);
    default:
        return read_other(reader, pair, node);
    }
}

/* ---- terms ------------------------------------------------------------------------------------
 */

static enum lw_status take_value(struct reader *reader, struct pair *pair)
{
    int quote = reader->at < reader->len ? quote_at(reader, reader->at) : -1;
    enum lw_status status = LW_OK;

    pair->value_at = reader->at;
    if (quote >= 0) {
        status = take_quoted(reader, quote, &pair->value, &pair->len);
    } else {
        pair->value = reader->text + reader->at;
        pair->len = bare_len(reader, reader->at);
        reader->at += pair->len;
    }
    if (status == LW_OK && pair->len == 0)
        status = wrong(reader, pair->value_at,
                       "a value must stand right behind %.*s:, with blanks in it in quotes",
                       shown(pair->key, pair->key_len), pair->key);
    return status;
}

/* word, "phrase", key:value, key:"value of words" */
static enum lw_status read_term(struct reader *reader, size_t *node)
{
    struct pair pair = {.at = reader->at, .value_at = reader->at};
    int quote = quote_at(reader, reader->at);
    enum lw_status status;

    if (quote >= 0) {
        status = take_quoted(reader, quote, &pair.value, &pair.len);
        return status == LW_OK ? read_words(reader, &pair, TERM_PHRASE, node) : status;
    }
    pair.key_len = key_len(reader, reader->at);
    if (pair.key_len > 0) {
        pair.key = reader->text + reader->at;
        reader->at += pair.key_len + 1;
        status = take_value(reader, &pair);
        return status == LW_OK ? read_pair(reader, &pair, node) : status;
    }
    pair.value = reader->text + reader->at;
    pair.len = bare_len(reader, reader->at);
    reader->at += pair.len;
    return read_words(reader, &pair, TERM_WORD, node);
}

enum operator{ OPERATOR_NONE, OPERATOR_OR, OPERATOR_AND, OPERATOR_NOT, OPERATOR_UNCLEAR };

/* What the word here means. "not" in small letters may be meant as a word: it is asked for. */
static enum operator operator_at(const struct reader *reader, size_t *len)
{
    static const struct {
        const char *word;
        enum operator means;
        bool exact;
    } words[] = {
        {"or", OPERATOR_OR, false},       {"или", OPERATOR_OR, false},
        {"and", OPERATOR_AND, false},     {"и", OPERATOR_AND, false},
        {"NOT", OPERATOR_NOT, true},      {"НЕ", OPERATOR_NOT, true},
        {"not", OPERATOR_UNCLEAR, false}, {"не", OPERATOR_UNCLEAR, false},
    };
    const char *text = reader->text + reader->at;

    *len = bare_len(reader, reader->at);
    for (size_t i = 0; i < LW_COUNT_OF(words) && *len > 0; i++) {
        if (words[i].exact ? *len == strlen(words[i].word) && memcmp(text, words[i].word, *len) == 0
                           : lw_words_equal(text, *len, words[i].word))
            return words[i].means;
    }
    return OPERATOR_NONE;
}

static enum lw_status read_or(struct reader *reader, size_t *node);

static enum lw_status read_nested(struct reader *reader, size_t *node)
{
    size_t open = reader->at++;
    enum lw_status status;

    if (reader->nested == DEPTH_MAX)
        return wrong(reader, open, "too many parentheses inside each other; at most %d", DEPTH_MAX);
    reader->nested++;
    status = read_or(reader, node);
    skip_blanks(reader);
    if (status == LW_OK && (reader->at == reader->len || reader->text[reader->at] != ')'))
        status = wrong(reader, open, "this parenthesis is not closed");
    reader->at++;
    reader->nested--;
    return status;
}

static enum lw_status read_denied(struct reader *reader, size_t used, size_t *node);

static enum lw_status read_one(struct reader *reader, size_t *node)
{
    size_t len = 0;

    skip_blanks(reader);
    if (at_end(reader))
        return wrong(reader, reader->at, "a condition is missing here");
    if (reader->text[reader->at] == '(')
        return read_nested(reader, node);
    if (reader->text[reader->at] == '-')
        return read_denied(reader, 1, node);
    switch (operator_at(reader, &len)) {
    case OPERATOR_OR:
    case OPERATOR_AND:
        return wrong(reader, reader->at,
                     "a condition is missing before \"%.*s\"; in quotes it is a word", (int)len,
                     reader->text + reader->at);
    case OPERATOR_NOT:
        return read_denied(reader, len, node);
    case OPERATOR_UNCLEAR:
        return wrong(reader, reader->at,
                     "\"%.*s\" can mean two things: a hyphen before a word leaves out what has it; "
                     "in quotes it is a word",
                     (int)len, reader->text + reader->at);
    default:
        return read_term(reader, node);
    }
}

static enum lw_status read_denied(struct reader *reader, size_t used, size_t *node)
{
    size_t at = reader->at;
    enum lw_status status = LW_OK;

    if (reader->nested >= DEPTH_MAX)
        return wrong(reader, at, "too many conditions inside each other; at most %d", DEPTH_MAX);
    reader->at += used;
    if (used == 1 && (reader->at == reader->len || is_blank(reader->text[reader->at])))
        return wrong(reader, at, "what is to be left out must follow the hyphen at once");
    reader->nested++;
    status = read_one(reader, node);
    reader->nested--;
    return status == LW_OK ? told(reader, at, tree_join(reader->tree, NODE_NOT, *node, 0, node))
                           : status;
}

static enum lw_status read_and(struct reader *reader, size_t *node)
{
    enum lw_status status = read_one(reader, node);

    while (status == LW_OK) {
        enum operator operator;
        size_t len = 0, at, other = 0;

        skip_blanks(reader);
        operator= at_end(reader) ? OPERATOR_OR : operator_at(reader, &len);
        if (operator== OPERATOR_OR)
            break;
        at = reader->at;
        if (operator== OPERATOR_AND)
            reader->at += len;
        status = read_one(reader, &other);
        if (status == LW_OK)
            status = told(reader, at, tree_join(reader->tree, NODE_AND, *node, other, node));
    }
    return status;
}

static enum lw_status read_or(struct reader *reader, size_t *node)
{
    enum lw_status status = read_and(reader, node);

    while (status == LW_OK) {
        size_t len = 0, at, other = 0;

        skip_blanks(reader);
        if (at_end(reader) || operator_at(reader, &len) != OPERATOR_OR)
            break;
        at = reader->at;
        reader->at += len;
        status = read_and(reader, &other);
        if (status == LW_OK)
            status = told(reader, at, tree_join(reader->tree, NODE_OR, *node, other, node));
    }
    return status;
}

/* Lines are alternatives; empty ones do not count. */
static enum lw_status read_lines(struct reader *reader, bool *any)
{
    enum lw_status status = LW_OK;

    while (status == LW_OK) {
        size_t node = 0, at;

        while (reader->at < reader->len && is_blank(reader->text[reader->at]))
            reader->at++;
        at = reader->at;
        if (at == reader->len)
            break;
        status = read_or(reader, &node);
        if (status == LW_OK && reader->at < reader->len && reader->text[reader->at] == ')')
            status = wrong(reader, reader->at, "no parenthesis was opened for this one");
        if (status == LW_OK && *any)
            status =
                told(reader, at, tree_join(reader->tree, NODE_OR, reader->tree->root, node, &node));
        if (status == LW_OK) {
            reader->tree->root = node;
            *any = true;
        }
    }
    return status;
}

/* What names mean is then kept for whoever uses the filter. */
static enum lw_status read_in_snapshot(struct reader *reader, bool *any)
{
    bool own;
    enum lw_status status = snapshot_begin(reader->journal, &own, reader->err);

    if (status != LW_OK)
        return status;
    status = read_lines(reader, any);
    snapshot_end(reader->journal, own);
    return status;
}

enum lw_status lw_filter_read(struct lw_journal *journal, const char *text, size_t len,
                              struct lw_filter_tree **out, size_t *at, struct lw_error *err)
{
    struct lw_error own = {.status = LW_OK};
    struct reader reader = {.journal = journal, .text = text, .len = len, .err = &own};
    size_t bad = 0;
    bool any = false;
    enum lw_status status;

    if (!lw_utf8_valid(text, len, &bad)) {
        status = wrong(&reader, 0, "the filter is not UTF-8 text, at byte %zu", bad + 1);
        reader.wrong = bad;
    } else if (len > FILTER_MAX) {
        status = lw_fail(&own, LW_TOO_LONG, "the filter is longer than %d bytes", FILTER_MAX);
        reader.wrong = FILTER_MAX;
    } else {
        reader.tree = calloc(1, sizeof(*reader.tree));
        status = reader.tree != NULL ? read_in_snapshot(&reader, &any) : LW_NO_MEMORY;
        if (reader.tree == NULL)
            lw_fail(&own, status, "out of memory");
    }
    if (status == LW_OK && any) {
        *out = reader.tree;
        return LW_OK;
    }
    lw_filter_free(reader.tree);
    if (status == LW_OK) {
        *out = NULL;
        return LW_OK;
    }
    if (at != NULL)
        *at = reader.wrong;
    if (err != NULL)
        *err = own;
    return status;
}
