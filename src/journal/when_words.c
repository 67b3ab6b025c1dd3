/* The words of typed dates, English and Russian. */
#include "when_typed.h"

#include <string.h>

#define LONGEST 40 /* bytes, above those of every word below */

/* Short names keep the table readable. */
enum {
    MONTH = LW_WORD_MONTH,
    SEASON = LW_WORD_SEASON,
    WEEKDAY = LW_WORD_WEEKDAY,
    PART = LW_WORD_PART,
    DAY = LW_WORD_DAY,
    ABOUT = LW_WORD_ABOUT,
    OR = LW_WORD_OR,
    AND = LW_WORD_AND,
    TO = LW_WORD_TO,
    FROM = LW_WORD_FROM,
    SINCE = LW_WORD_SINCE,
    UNTIL = LW_WORD_UNTIL,
    BETWEEN = LW_WORD_BETWEEN,
    AT = LW_WORD_AT,
    OF = LW_WORD_OF,
    AFTER = LW_WORD_AFTER,
    BEFORE = LW_WORD_BEFORE,
    LAST = LW_WORD_LAST,
    THIS = LW_WORD_THIS,
    YEAR = LW_WORD_YEAR,
    ORDINAL = LW_WORD_ORDINAL,
    HALF = LW_WORD_HALF,
    UTC = LW_WORD_UTC,
    ZONE = LW_WORD_ZONE,
    SHORT = LW_WORD_SHORT,
    VERB = LW_WORD_VERB,
    AUXILIARY = LW_WORD_AUXILIARY
};

struct word {
    const char *text; /* as `fold` leaves it: small letters, и for й, е for ё */
    unsigned classes;
    int value;
};

static const struct word words[] = {
    {"january", MONTH, 1},
    {"jan", MONTH | SHORT, 1},
    {"february", MONTH, 2},
    {"feb", MONTH | SHORT, 2},
    {"march", MONTH | VERB, 3},
    {"mar", MONTH | SHORT | VERB, 3},
    {"april", MONTH, 4},
    {"apr", MONTH | SHORT, 4},
    {"may", MONTH | VERB, 5},
    {"june", MONTH, 6},
    {"jun", MONTH | SHORT, 6},
    {"july", MONTH, 7},
    {"jul", MONTH | SHORT, 7},
    {"august", MONTH, 8},
    {"aug", MONTH | SHORT, 8},
    {"september", MONTH, 9},
    {"sep", MONTH | SHORT, 9},
    {"sept", MONTH | SHORT, 9},
    {"october", MONTH, 10},
    {"oct", MONTH | SHORT, 10},
    {"november", MONTH, 11},
    {"nov", MONTH | SHORT, 11},
    {"december", MONTH, 12},
    {"dec", MONTH | SHORT, 12},
    {"январь", MONTH, 1},
    {"января", MONTH, 1},
    {"январе", MONTH, 1},
    {"янв", MONTH | SHORT, 1},
    {"февраль", MONTH, 2},
    {"февраля", MONTH, 2},
    {"феврале", MONTH, 2},
    {"фев", MONTH | SHORT, 2},
    {"февр", MONTH | SHORT, 2},
    {"март", MONTH, 3},
    {"марта", MONTH, 3},
    {"марте", MONTH, 3},
    {"мар", MONTH | SHORT, 3},
    {"апрель", MONTH, 4},
    {"апреля", MONTH, 4},
    {"апреле", MONTH, 4},
    {"апр", MONTH | SHORT, 4},
    {"маи", MONTH, 5},
    {"мая", MONTH, 5},
    {"мае", MONTH, 5},
    {"июнь", MONTH, 6},
    {"июня", MONTH, 6},
    {"июне", MONTH, 6},
    {"июн", MONTH | SHORT, 6},
    {"июль", MONTH, 7},
    {"июля", MONTH, 7},
    {"июле", MONTH, 7},
    {"июл", MONTH | SHORT, 7},
    {"август", MONTH, 8},
    {"августа", MONTH, 8},
    {"августе", MONTH, 8},
    {"авг", MONTH | SHORT, 8},
    {"сентябрь", MONTH, 9},
    {"сентября", MONTH, 9},
    {"сентябре", MONTH, 9},
    {"сен", MONTH | SHORT, 9},
    {"сент", MONTH | SHORT, 9},
    {"октябрь", MONTH, 10},
    {"октября", MONTH, 10},
    {"октябре", MONTH, 10},
    {"окт", MONTH | SHORT, 10},
    {"ноябрь", MONTH, 11},
    {"ноября", MONTH, 11},
    {"ноябре", MONTH, 11},
    {"ноя", MONTH | SHORT, 11},
    {"нояб", MONTH | SHORT, 11},
    {"декабрь", MONTH, 12},
    {"декабря", MONTH, 12},
    {"декабре", MONTH, 12},
    {"дек", MONTH | SHORT, 12},
    {"spring", SEASON, 21},
    {"весна", SEASON, 21},
    {"веснои", SEASON, 21},
    {"весны", SEASON, 21},
    {"весну", SEASON, 21},
    {"summer", SEASON, 22},
    {"лето", SEASON, 22},
    {"летом", SEASON, 22},
    {"лета", SEASON, 22},
    {"autumn", SEASON, 23},
    {"fall", SEASON, 23},
    {"осень", SEASON, 23},
    {"осенью", SEASON, 23},
    {"осени", SEASON, 23},
    {"winter", SEASON, 24},
    {"зима", SEASON, 24},
    {"зимои", SEASON, 24},
    {"зимы", SEASON, 24},
    {"зиму", SEASON, 24},
    {"monday", WEEKDAY, 0},
    {"понедельник", WEEKDAY, 0},
    {"понедельника", WEEKDAY, 0},
    {"mon", WEEKDAY | SHORT, 0},
    {"пн", WEEKDAY | SHORT, 0},
    {"tuesday", WEEKDAY, 1},
    {"вторник", WEEKDAY, 1},
    {"вторника", WEEKDAY, 1},
    {"tue", WEEKDAY | SHORT, 1},
    {"tues", WEEKDAY | SHORT, 1},
    {"вт", WEEKDAY | SHORT, 1},
    {"wednesday", WEEKDAY, 2},
    {"среда", WEEKDAY, 2},
    {"среду", WEEKDAY, 2},
    {"среды", WEEKDAY, 2},
    {"wed", WEEKDAY | SHORT, 2},
    {"ср", WEEKDAY | SHORT, 2},
    {"thursday", WEEKDAY, 3},
    {"четверг", WEEKDAY, 3},
    {"четверга", WEEKDAY, 3},
    {"thu", WEEKDAY | SHORT, 3},
    {"thur", WEEKDAY | SHORT, 3},
    {"thurs", WEEKDAY | SHORT, 3},
    {"чт", WEEKDAY | SHORT, 3},
    {"friday", WEEKDAY, 4},
    {"пятница", WEEKDAY, 4},
    {"пятницу", WEEKDAY, 4},
    {"пятницы", WEEKDAY, 4},
    {"fri", WEEKDAY | SHORT, 4},
    {"пт", WEEKDAY | SHORT, 4},
    {"saturday", WEEKDAY, 5},
    {"суббота", WEEKDAY, 5},
    {"субботу", WEEKDAY, 5},
    {"субботы", WEEKDAY, 5},
    {"sat", WEEKDAY | SHORT, 5},
    {"сб", WEEKDAY | SHORT, 5},
    {"sunday", WEEKDAY, 6},
    {"воскресенье", WEEKDAY, 6},
    {"воскресенья", WEEKDAY, 6},
    {"sun", WEEKDAY | SHORT, 6},
    {"вс", WEEKDAY | SHORT, 6},
    {"night", PART, 0},
    {"ночь", PART, 0},
    {"ночью", PART, 0},
    {"morning", PART, 1},
    {"утро", PART, 1},
    {"утром", PART, 1},
    {"afternoon", PART, 2},
    {"днем", PART, 2},
    {"evening", PART, 3},
    {"вечер", PART, 3},
    {"вечером", PART, 3},
    {"today", DAY, 0},
    {"yesterday", DAY, -1},
    {"tomorrow", DAY, 1},
    {"сегодня", DAY, 0},
    {"вчера", DAY, -1},
    {"позавчера", DAY, -2},
    {"завтра", DAY, 1},
    {"about", ABOUT, 0},
    {"around", ABOUT, 0},
    {"approximately", ABOUT, 0},
    {"approx", ABOUT, 0},
    {"circa", ABOUT, 0},
    {"ca", ABOUT, 0},
    {"около", ABOUT, 0},
    {"примерно", ABOUT, 0},
    {"приблизительно", ABOUT, 0},
    {"or", OR, 0},
    {"или", OR, 0},
    {"and", AND, 0},
    {"и", AND, 0},
    {"to", TO, 0},
    {"through", TO, 0},
    {"по", TO, 0},
    {"till", TO | UNTIL, 0},
    {"until", TO | UNTIL, 0},
    {"до", TO | UNTIL | BEFORE, 0},
    {"from", FROM | SINCE, 0},
    {"с", FROM | SINCE, 0},
    {"со", FROM | SINCE, 0},
    {"since", FROM | SINCE, 0},
    {"between", BETWEEN, 0},
    {"между", BETWEEN, 0},
    {"at", AT, 0},
    {"in", AT, 0},
    {"the", AT, 0},
    {"в", AT, 0},
    {"во", AT, 0},
    {"on", AT | OF, 0},
    {"of", OF, 0},
    {"на", OF, 0},
    {"after", AFTER, 0},
    {"после", AFTER, 0},
    {"before", BEFORE, 0},
    {"перед", BEFORE, 0},
    {"last", LAST, 0},
    {"прошлыи", LAST, 0},
    {"прошлую", LAST, 0},
    {"прошлое", LAST, 0},
    {"прошлого", LAST, 0},
    {"прошлои", LAST, 0},
    {"this", THIS, 0},
    {"год", YEAR, 0},
    {"года", YEAR, 0},
    {"году", YEAR, 0},
    {"г", YEAR | SHORT, 0},
    {"st", ORDINAL, 0},
    {"nd", ORDINAL, 0},
    {"rd", ORDINAL, 0},
    {"th", ORDINAL, 0},
    {"го", ORDINAL, 0},
    {"ого", ORDINAL, 0},
    {"е", ORDINAL, 0},
    {"utc", UTC, 0},
    {"gmt", UTC, 0},
    {"msk", ZONE, 0},
    {"мск", ZONE, 0},
    {"cet", ZONE, 0},
    {"cest", ZONE, 0},
    {"eet", ZONE, 0},
    {"eest", ZONE, 0},
    {"bst", ZONE, 0},
    {"est", ZONE, 0},
    {"edt", ZONE, 0},
    {"cst", ZONE, 0},
    {"cdt", ZONE, 0},
    {"mst", ZONE, 0},
    {"mdt", ZONE, 0},
    {"pst", ZONE, 0},
    {"pdt", ZONE, 0},
    {"ist", ZONE, 0},
    {"z", ZONE, 0},
    {"be", AUXILIARY, 0},
    {"have", AUXILIARY, 0},
    {"not", AUXILIARY, 0},
    {"also", AUXILIARY, 0},
    {"still", AUXILIARY, 0},
    {"never", AUXILIARY, 0},
    {"soon", AUXILIARY, 0},
    {"even", AUXILIARY, 0},
    {"well", AUXILIARY, 0},
    {"only", AUXILIARY, 0},
    {"yet", AUXILIARY, 0},
    {"get", AUXILIARY, 0},
    {"go", AUXILIARY, 0},
    {"come", AUXILIARY, 0},
    {"am", HALF, 0},
    {"pm", HALF, 12},
};

/* Small letters of Latin and Cyrillic; 0 drops a combining accent. */
static uint32_t fold(uint32_t codepoint)
{
    if ((codepoint >= 'A' && codepoint <= 'Z') || (codepoint >= 0x410 && codepoint <= 0x42F))
        codepoint += 0x20;
    if (codepoint == 0x401 || codepoint == 0x451)
        return 0x435;
    if (codepoint == 0x439)
        return 0x438;
    return codepoint >= 0x300 && codepoint <= 0x36F ? 0 : codepoint;
}

/* False where it is longer than any word, or has letters of other scripts. */
static bool fold_word(const char *text, size_t len, char out[LONGEST])
{
    size_t used = 0;
    size_t at = 0;
    while (at < len) {
        uint32_t codepoint = 0;
        size_t bytes = lw_utf8_next(text + at, len - at, &codepoint);
        if (bytes == 0 || codepoint > 0x7FF || used + 3 > LONGEST)
            return false;
        at += bytes;
        codepoint = fold(codepoint);
        if (codepoint >= 0x80) {
            out[used++] = (char)(0xC0 | (codepoint >> 6));
            out[used++] = (char)(0x80 | (codepoint & 0x3F));
        } else if (codepoint != 0) {
            out[used++] = (char)codepoint;
        }
    }
    out[used] = '\0';
    return true;
}

void lw_when_word_find(const char *text, size_t len, struct lw_token *token)
{
    char folded[LONGEST];
    if (!fold_word(text, len, folded))
        return;
    for (size_t i = 0; i < LW_COUNT_OF(words); i++) {
        if (strcmp(words[i].text, folded) == 0) {
            token->classes = words[i].classes;
            token->value = words[i].value;
            return;
        }
    }
}
