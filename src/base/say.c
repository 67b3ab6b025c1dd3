/* What the program says, in the language of whoever reads it: a compiled catalogue of gettext, a
 * .mo file, in memory. It is read once, before anything is given up, since glibc's own reader looks
 * for its files where the environment says, opens them late, and translates nothing where the
 * locale is not there. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC   0x950412DEu
#define HEADER  28
#define MOST    65536
#define FORMS   3  /* of a Russian plural: 1 запись, 2 записи, 5 записей */
#define MOST_OF 16 /* conversions in one text */

struct pair {
    const char *text; /* what the source says, with its context */
    const char *form[FORMS];
    size_t forms; /* 1, or FORMS where it is counted */
};

/* Set before anything else runs, and never again. */
static struct {
    struct pair *list; /* by text, ascending */
    size_t count;
} catalogue;

/* ---- conversions ------------------------------------------------------------------------------
 */

/* What a conversion takes: its letter and its length modifier. */
struct taken {
    char letter, length;
};

static char length_of(const char **at)
{
    static const char letters[] = "hlLjzt";
    char length = '\0';

    while (**at != '\0' && strchr(letters, **at) != NULL) {
        length = (char)(length == **at ? *(*at) - 32 : **at); /* "ll" is 'L', "hh" is 'H' */
        (*at)++;
    }
    return length;
}

/* "2$" of "%2$s"; 0 where there is none. */
static size_t place_of(const char **at)
{
    size_t digits = strspn(*at, "0123456789");
    size_t place = digits > 0 && digits < 3 && (*at)[digits] == '$' ? strtoul(*at, NULL, 10) : 0;

    if (place > 0)
        *at += digits + 1;
    return place;
}

/* One conversion, behind its %. */
static bool read_conversion(const char **at, struct taken list[MOST_OF], size_t *count,
                            size_t *placed)
{
    size_t place = place_of(at);
    struct taken taken;

    *at += strspn(*at, "-+ #0'");
    for (int part = 0; part < 2; part++) {
        if (**at == '*' && (place > 0 || *count == MOST_OF))
            return false;
        if (**at == '*') {
            list[(*count)++] = (struct taken){'*', '\0'};
            (*at)++;
        } else
            *at += strspn(*at, "0123456789");
        if (part == 0 && **at != '.')
            break;
        *at += part == 0;
    }
    taken.length = length_of(at);
    taken.letter = **at == 'i' ? 'd' : **at;
    if (taken.letter == '\0' || strchr("duoxXcspfge", taken.letter) == NULL)
        return false;
    (*at)++;
    if (place == 0 && *placed == 0 && *count < MOST_OF) {
        list[(*count)++] = taken;
        return true;
    }
    if (place == 0 || place > MOST_OF || *count > 0 || list[place - 1].letter != '\0')
        return false; /* all of them have a place, each its own */
    list[place - 1] = taken;
    ++*placed;
    return true;
}

/* What a format takes, in the order of its arguments; false for what is no format. */
static bool read_format(const char *text, struct taken list[MOST_OF], size_t *count)
{
    size_t placed = 0;

    memset(list, 0, MOST_OF * sizeof *list);
    *count = 0;
    while ((text = strchr(text, '%')) != NULL) {
        text++;
        if (*text == '%')
            text++;
        else if (!read_conversion(&text, list, count, &placed))
            return false;
    }
    for (size_t i = 0; i < placed; i++) {
        if (list[i].letter == '\0')
            return false;
    }
    *count += placed;
    return true;
}

bool lw_say_takes_same(const char *text, const char *other)
{
    struct taken a[MOST_OF], b[MOST_OF];
    size_t a_count, b_count;

    if (!read_format(text, a, &a_count))
        return strchr(text, '%') != NULL; /* so no one gives it arguments */
    return read_format(other, b, &b_count) && a_count == b_count && memcmp(a, b, sizeof a) == 0;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

/* The index-th text of the table at that offset, and the bytes before its NUL; NULL where it is not
 * wholly there. */
static const char *text_at(const char *data, size_t len, size_t table, size_t index, size_t *bytes)
{
    const uint8_t *row = (const uint8_t *)data + table + 8 * index;
    size_t size = lw_get_u32(row), offset = lw_get_u32(row + 4);

    if (offset >= len || size >= len - offset || data[offset + size] != '\0')
        return NULL;
    *bytes = size;
    return data + offset;
}

/* A translation counts if it is there, well-formed, and takes what the text takes. */
static bool read_pair(struct pair *pair, const char *text, size_t len, const char *said,
                      size_t said_len)
{
    size_t one = strlen(text);
    const char *end = said + said_len;

    *pair = (struct pair){.text = text};
    while (pair->forms < FORMS && said <= end) {
        size_t size = strlen(said);

        if (size == 0 || !lw_utf8_valid(said, size, NULL) || !lw_say_takes_same(text, said) ||
            (one < len && !lw_say_takes_same(text + one + 1, said)))
            return false;
        pair->form[pair->forms++] = said;
        said += size + 1;
    }
    return said == end + 1 && pair->forms == (one < len ? FORMS : 1);
}

static bool is_table(size_t len, size_t offset, size_t count)
{
    return offset <= len && count <= (len - offset) / 8;
}

enum lw_status lw_catalogue_use(const char *data, size_t len)
{
    const uint8_t *head = (const uint8_t *)data;
    size_t count, texts, said, used = 0;
    struct pair *list;

    if (catalogue.list != NULL || len < HEADER || lw_get_u32(head) != MAGIC)
        return LW_BAD_DATA;
    count = lw_get_u32(head + 8);
    texts = lw_get_u32(head + 12);
    said = lw_get_u32(head + 16);
    if (lw_get_u32(head + 4) >> 16 != 0 || count == 0 || count > MOST ||
        !is_table(len, texts, count) || !is_table(len, said, count))
        return LW_BAD_DATA;
    list = calloc(count, sizeof *list);
    if (list == NULL)
        return LW_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        size_t a_len = 0, b_len = 0;
        const char *a = text_at(data, len, texts, i, &a_len);
        const char *b = text_at(data, len, said, i, &b_len);

        if (a == NULL || b == NULL || (used > 0 && strcmp(list[used - 1].text, a) >= 0)) {
            free(list);
            return LW_BAD_DATA;
        }
        used += a_len > 0 && read_pair(&list[used], a, a_len, b, b_len);
    }
    catalogue.list = list;
    catalogue.count = used;
    return LW_OK;
}

void lw_catalogue_drop(void)
{
    free(catalogue.list);
    catalogue.list = NULL;
    catalogue.count = 0;
}

/* ---- looking up -------------------------------------------------------------------------------
 */

static int by_text(const void *text, const void *pair)
{
    return strcmp(text, ((const struct pair *)pair)->text);
}

static const struct pair *find(const char *text)
{
    if (catalogue.count == 0)
        return NULL;
    return bsearch(text, catalogue.list, catalogue.count, sizeof *catalogue.list, by_text);
}

bool lw_say_russian(void)
{
    return catalogue.count > 0;
}

const char *lw_say(const char *text)
{
    const struct pair *pair = find(text);

    if (pair == NULL || pair->forms != 1) {
        const char *context = strchr(text, LW_SAY_CONTEXT[0]);

        return context != NULL ? context + 1 : text;
    }
    return pair->form[0];
}

const char *lw_say_count(const char *one, const char *many, uint64_t count)
{
    const struct pair *pair = find(one);
    uint64_t last = count % 10, two = count % 100;

    if (pair == NULL || pair->forms != FORMS)
        return count == 1 ? one : many;
    if (last == 1 && two != 11)
        return pair->form[0];
    return pair->form[last >= 2 && last <= 4 && (two < 12 || two > 14) ? 1 : 2];
}
