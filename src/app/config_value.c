/* Values of lapwing.ini that are not taken as they stand. */
#include "guard.h"
#include "internal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define MINUTE_MS INT64_C(60000)
#define IDLE_MAX  (1440 * MINUTE_MS)

bool config_is_path(const char *value)
{
    return value[0] == '/' || strncmp(value, "~/", 2) == 0;
}

bool config_is_kdf(const char *value)
{
    return lw_kdf_profile_find(value) >= 0;
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
