/* Values of lapwing.ini that are not taken as they stand. */
#include "guard.h"
#include "internal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define MINUTE_MS    INT64_C(60000)
#define IDLE_MAX     (1440 * MINUTE_MS)
#define DEAD_MAN_MAX (400 * 1440 * MINUTE_MS)

bool config_is_path(const char *value)
{
    return value[0] == '/' || strncmp(value, "~/", 2) == 0;
}

bool config_is_kdf(const char *value)
{
    return lw_kdf_profile_find(value) >= 0;
}

bool config_is_language(const char *value)
{
    return strcmp(value, "en") == 0 || strcmp(value, "ru") == 0;
}

int64_t config_idle(const char *value)
{
    size_t len = strlen(value);
    char unit = len > 0 ? value[len - 1] : '\0';
    int64_t unit_ms = unit == 's' ? 1000 : MINUTE_MS;
    uint64_t count;

    if (unit == 's' || unit == 'm')
        len--;
    if (!lw_parse_u64(value, len, IDLE_MAX / 1000, &count) || (int64_t)count > IDLE_MAX / unit_ms)
        return -1;
    return (int64_t)count * unit_ms;
}

bool config_is_idle(const char *value)
{
    return config_idle(value) >= 0;
}

/* "^\" or "Ctrl-\". */
int config_chord(const char *value)
{
    const char *key = value;
    unsigned char chord;

    if (key[0] == '^')
        key += 1;
    else if (strncasecmp(key, "Ctrl-", 5) == 0)
        key += 5;
    else
        return -1;
    if (key[0] == '\0' || key[1] != '\0' || toupper((unsigned char)key[0]) < '@' ||
        toupper((unsigned char)key[0]) > '_')
        return -1;
    chord = (unsigned char)(toupper((unsigned char)key[0]) - '@');
    return lw_chord_valid(chord) ? chord : -1;
}

bool config_is_chord(const char *value)
{
    return config_chord(value) >= 0;
}

bool config_is_colours(const char *value)
{
    return strcmp(value, "terminal") == 0 || strcmp(value, "none") == 0;
}

bool config_is_borders(const char *value)
{
    return strcmp(value, "locale") == 0 || strcmp(value, "ascii") == 0;
}

bool config_is_mask(const char *value)
{
    return strcmp(value, "none") == 0 || strcmp(value, "sign") == 0;
}

bool config_is_yes_or_no(const char *value)
{
    return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
}

static int number_to(const char *value, uint64_t most)
{
    uint64_t number;

    return lw_parse_u64(value, strlen(value), most, &number) ? (int)number : -1;
}

int config_countdown(const char *value)
{
    return number_to(value, LW_COUNTDOWN_MAX);
}

bool config_is_countdown(const char *value)
{
    return config_countdown(value) >= 0;
}

int config_tries(const char *value)
{
    return number_to(value, 1000);
}

bool config_is_tries(const char *value)
{
    return config_tries(value) >= 0;
}

/* Without a unit it would be taken for another one some day. */
int64_t config_dead_man(const char *value)
{
    static const struct {
        char letter;
        int64_t ms;
    } units[] = {{'s', 1000}, {'m', MINUTE_MS}, {'h', 60 * MINUTE_MS}, {'d', 1440 * MINUTE_MS}};
    size_t len = strlen(value);
    uint64_t count;

    if (strcmp(value, "0") == 0)
        return 0;
    for (size_t i = 0; i < LW_COUNT_OF(units) && len > 1; i++) {
        if (value[len - 1] != units[i].letter ||
            !lw_parse_u64(value, len - 1, (uint64_t)(DEAD_MAN_MAX / units[i].ms), &count))
            continue;
        if ((int64_t)count * units[i].ms >= MINUTE_MS)
            return (int64_t)count * units[i].ms;
    }
    return -1;
}

bool config_is_dead_man(const char *value)
{
    return config_dead_man(value) >= 0;
}

bool config_is_usb(const char *value)
{
    struct lw_usb usb;

    return lw_usb_parse(value, &usb);
}
