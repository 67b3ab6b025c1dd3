/* Words of the journal: kinds of entry and roles, with the labels that people read. */
#include "journal.h"

#include <string.h>

#define WORD_MAX 32

/* identifier, English label */
#define KIND_TABLE(X)                                                                              \
    X("armed_clash", "armed clash")                                                                \
    X("killing", "killing")                                                                        \
    X("disappearance", "disappearance")                                                            \
    X("detention", "detention")                                                                    \
    X("search", "search")                                                                          \
    X("body_search", "body search")                                                                \
    X("vehicle_search", "vehicle search")                                                          \
    X("break_in", "break-in")                                                                      \
    X("seizure", "seizure")                                                                        \
    X("destruction", "destruction of property")                                                    \
    X("arson", "arson")                                                                            \
    X("assault", "assault")                                                                        \
    X("threat", "threat")                                                                          \
    X("accusation", "public accusation")                                                           \
    X("announcement", "announcement")                                                              \
    X("demonstration", "demonstration")                                                            \
    X("denial_of_counsel", "denial of counsel")                                                    \
    X("official_denial", "official denial")                                                        \
    X("collective_punishment", "collective punishment")                                            \
    X("intervention", "intervention")                                                              \
    X("reply", "reply")                                                                            \
    X("own_measure", "own measure")                                                                \
    X("statement", "statement")                                                                    \
    X("context", "context")                                                                        \
    X("note", "note")

#define KIND_NAME(id, label) id,
const char *const lw_kinds[] = {KIND_TABLE(KIND_NAME) NULL};

#define KIND_LABEL(id, label) label,
static const char *const kind_labels[] = {KIND_TABLE(KIND_LABEL)};

static const struct {
    const char *word;
    const char *kind;
} synonyms[] = {
    {"clash", "armed_clash"},
    {"fighting", "armed_clash"},
    {"murder", "killing"},
    {"missing", "disappearance"},
    {"abduction", "disappearance"},
    {"arrest", "detention"},
    {"house_search", "search"},
    {"raid", "search"},
    {"car_search", "vehicle_search"},
    {"burglary", "break_in"},
    {"breakin", "break_in"},
    {"confiscation", "seizure"},
    {"destruction_of_property", "destruction"},
    {"damage", "destruction"},
    {"fire", "arson"},
    {"attack", "assault"},
    {"beating", "assault"},
    {"threats", "threat"},
    {"public_accusation", "accusation"},
    {"protest", "demonstration"},
    {"rally", "demonstration"},
    {"denial", "official_denial"},
    {"appeal", "intervention"},
    {"complaint", "intervention"},
    {"letter", "intervention"},
    {"answer", "reply"},
    {"measure", "own_measure"},
};

/* Lower case, with '_' for '-' and blank. False where it cannot be a word of ours. */
static bool normalise(const char *text, size_t len, char out[WORD_MAX])
{
    if (len == 0 || len >= WORD_MAX)
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (c == '\0')
            return false;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        else if (c == '-' || c == ' ')
            c = '_';
        out[i] = c;
    }
    out[len] = '\0';
    return true;
}

static const char *find_word(const char *const *words, const char *word)
{
    for (; *words != NULL; words++) {
        if (strcmp(*words, word) == 0)
            return *words;
    }
    return NULL;
}

const char *lw_kind_find(const char *text, size_t len)
{
    char word[WORD_MAX];
    const char *kind;

    if (!normalise(text, len, word))
        return NULL;
    kind = find_word(lw_kinds, word);
    for (size_t i = 0; kind == NULL && i < LW_COUNT_OF(synonyms); i++) {
        if (strcmp(synonyms[i].word, word) == 0)
            kind = find_word(lw_kinds, synonyms[i].kind);
    }
    return kind;
}

/* A kind that a team added elsewhere has no label here: its own word is shown. */
const char *lw_kind_label(const char *kind)
{
    for (size_t i = 0; i < LW_COUNT_OF(kind_labels); i++) {
        if (strcmp(lw_kinds[i], kind) == 0)
            return kind_labels[i];
    }
    return kind;
}

const char *lw_role_find(const char *text, size_t len)
{
    const struct lw_record_info *info = &lw_record_infos[LW_RECORD_PARTICIPATION];
    int at = lw_field_find(LW_RECORD_PARTICIPATION, "role");
    char word[WORD_MAX];

    if (at < 0 || !normalise(text, len, word))
        return NULL;
    return find_word(info->fields[at].words, word);
}

const char *lw_role_label(const char *role)
{
    /* Who did it is what somebody says: no output of ours drops that. */
    if (strcmp(role, "perpetrator") == 0)
        return "alleged perpetrator";
    return role;
}
