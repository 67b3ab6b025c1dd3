/* Roles in which somebody takes part, with the labels that people read; blanks around words. */
#include "internal.h"

#include <string.h>

#define WORD_MAX 32

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

/* What a role is called in Russian, the first one where one is offered. */
static const struct {
    const char *role;
    const char *words[6];
} russian[] = {
    {"victim", {"жертва", "потерпевший", "потерпевшая", "пострадавший", "пострадавшая"}},
    {"perpetrator", {"исполнитель", "предполагаемый исполнитель", "нападавший"}},
    {"witness", {"свидетель", "свидетельница", "очевидец"}},
    {"source", {"источник"}},
    {"addressee", {"адресат"}},
    {"intervenor", {"заявитель", "обратившийся"}},
    {"lawyer", {"адвокат", "юрист", "защитник"}},
    {"owner", {"владелец", "собственник"}},
    {"organiser", {"организатор"}},
    {"bystander", {"прохожий", "посторонний"}},
    {"subject", {"лицо"}},
    {"actor", {"участник", "участница"}},
};

static const char *find_russian(const char *text, size_t len)
{
    for (size_t i = 0; i < LW_COUNT_OF(russian); i++) {
        for (size_t j = 0; russian[i].words[j] != NULL; j++) {
            if (lw_words_equal(text, len, russian[i].words[j]))
                return russian[i].role;
        }
    }
    return NULL;
}

const char *lw_role_word(const char *role, enum lw_language language)
{
    for (size_t i = 0; i < LW_COUNT_OF(russian); i++) {
        if (language == LW_RUSSIAN && strcmp(russian[i].role, role) == 0)
            return russian[i].words[0];
    }
    return role;
}

const char *lw_role_find(const char *text, size_t len)
{
    const struct lw_record_info *info = &lw_record_infos[LW_RECORD_PARTICIPATION];
    int at = lw_field_find(LW_RECORD_PARTICIPATION, "role");
    char word[WORD_MAX];
    const char *role = NULL;

    if (at >= 0 && normalise(text, len, word))
        role = find_word(info->fields[at].words, word);
    if (role == NULL && at >= 0 && len > 0 && (role = find_russian(text, len)) != NULL)
        role = find_word(info->fields[at].words, role);
    return role;
}

const char *lw_role_label(const char *role)
{
    /* Who did it is what somebody says: no output of ours drops that. */
    if (strcmp(role, "perpetrator") == 0)
        return _("alleged perpetrator");
    return lw_role_word(role, lw_say_russian() ? LW_RUSSIAN : LW_ENGLISH);
}

/* In a record a "_" stands for each blank. */
static bool is_recorded(const char *word, const char *said)
{
    while (*word != '\0' && (*word == *said || (*word == '_' && *said == ' '))) {
        word++;
        said++;
    }
    return *word == *said;
}

const char *lw_word_say(const char *word)
{
    static const char *const words[] = {
        M_("a recorded word", "draft"),
        M_("a recorded word", "sealed"),
        M_("a recorded word", "open"),
        M_("a recorded word", "closed"),
        M_("a recorded word", "internal"),
        M_("a recorded word", "restricted"),
        M_("a recorded word", "individual"),
        M_("a recorded word", "group"),
        M_("a recorded word", "organisation"),
        M_("a recorded word", "unit"),
        M_("a recorded word", "unknown"),
        M_("a recorded word", "asserted"),
        M_("a recorded word", "denied"),
        M_("a recorded word", "silent"),
        M_("a recorded word", "accepted"),
        M_("a recorded word", "conflict"),
        M_("a recorded word", "superseded"),
        M_("a recorded word", "withdrawn"),
        M_("a recorded word", "seized"),
        M_("a recorded word", "destroyed"),
        M_("a recorded word", "damaged"),
        M_("a recorded word", "returned"),
        M_("a recorded word", "lost"),
        M_("a recorded word", "found"),
        M_("a recorded word", "voluntary"),
        M_("a recorded word", "forced"),
        M_("a recorded word", "yes"),
        M_("a recorded word", "no"),
        M_("a recorded word", "legal"),
        M_("a recorded word", "alias"),
        M_("a recorded word", "transliteration"),
        M_("a recorded word", "short"),
        M_("a recorded word", "other"),
        M_("a recorded word", "throughout"),
        M_("a recorded word", "within"),
        M_("a recorded word", "repeated"),
        M_("a recorded word", "ongoing"),
        M_("a recorded word", "repeated ongoing"),
        M_("a recorded word", "causes"),
        M_("a recorded word", "follows"),
        M_("a recorded word", "part of"),
        M_("a recorded word", "parallel"),
        M_("a recorded word", "contradicts"),
        M_("a recorded word", "same as"),
        M_("a recorded word", "reply to"),
        M_("a recorded word", "before"),
        M_("a recorded word", "not after"),
        M_("a recorded word", "create"),
        M_("a recorded word", "change"),
    };

    for (size_t i = 0; i < LW_COUNT_OF(words); i++) {
        if (is_recorded(word, strchr(words[i], LW_SAY_CONTEXT[0]) + 1))
            return lw_say(words[i]);
    }
    return word;
}

void text_capital(struct lw_buf *out)
{
    unsigned char *at = (unsigned char *)out->data;

    if (out->len > 0 && at[0] >= 'a' && at[0] <= 'z')
        at[0] = (unsigned char)(at[0] - 'a' + 'A');
    else if (out->len > 1 && at[0] == 0xD0 && at[1] >= 0xB0)
        at[1] = (unsigned char)(at[1] - 0x20);
    else if (out->len > 1 && at[0] == 0xD1 && at[1] >= 0x80 && at[1] < 0x90) {
        at[0] = 0xD0;
        at[1] = (unsigned char)(at[1] + 0x20);
    }
}

void text_trim(const char **text, size_t *len)
{
    while (*len > 0 && ((*text)[0] == ' ' || (*text)[0] == '\t')) {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && strchr(" \t\n", (*text)[*len - 1]) != NULL)
        (*len)--;
}
