/* Numbers, sizes, hexadecimal digits and instants as text: against a plain reading of the same. */
#include "base.h"
#include "fuzz.h"

__extension__ typedef unsigned __int128 wide;

static bool plain_u64(const char *text, size_t len, uint64_t max, uint64_t *out)
{
    wide value = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || value > max)
            return false;
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    *out = (uint64_t)value;
    return len > 0 && value <= max;
}

static void number(const char *text, size_t len, uint64_t max)
{
    uint64_t got = 7, wanted = 7;
    bool good = lw_parse_u64(text, len, max, &got);

    MUST(good == plain_u64(text, len, max, &wanted));
    MUST(got == (good ? wanted : 7));
}

static void size_text(const char *text)
{
    static const char units[] = "KMG";
    size_t len = strlen(text);
    const char *unit = len > 0 ? strchr(units, text[len - 1]) : NULL;
    unsigned shift = unit != NULL ? 10 * (unsigned)(unit - units + 1) : 0;
    uint64_t got = 7, wanted = 7;
    bool good = lw_parse_size(text, &got);

    MUST(good == plain_u64(text, len - (unit != NULL), UINT64_MAX >> shift, &wanted));
    MUST(got == (good ? wanted << shift : 7));
}

static void hex(const char *text, size_t len)
{
    uint8_t bytes[64];
    char back[2 * sizeof bytes + 1];
    bool good = len % 2 == 0;

    for (size_t i = 0; i < len; i++)
        good = good && strchr("0123456789abcdefABCDEF", text[i]) != NULL && text[i] != '\0';
    if (len > 2 * sizeof bytes)
        return;
    MUST(lw_hex_decode(text, len, bytes, len / 2) == good);
    MUST(!lw_hex_decode(text, len, bytes, len / 2 + 1));
    if (!good)
        return;
    lw_hex_encode(bytes, len / 2, back);
    MUST(strlen(back) == len);
    for (size_t i = 0; i < len; i++)
        MUST(back[i] == (text[i] >= 'A' && text[i] <= 'F' ? text[i] + 'a' - 'A' : text[i]));
}

static void instant(int64_t ms)
{
    int64_t back = 0, year = 0;
    unsigned month = 0, day = 0;
    char text[32];

    lw_time_format(ms, text);
    MUST(lw_time_parse(text, strlen(text), &back) && back == ms);
    lw_date_from_days(ms, &year, &month, &day);
    MUST(month >= 1 && month <= 12 && day >= 1 && day <= lw_date_month_length(year, month));
    if (year > -INT64_C(20000000000000000) && year < INT64_C(20000000000000000))
        MUST(lw_date_to_days(year, month, day) == ms);
}

/* There is one way to write an instant; its milliseconds may be left out where there are none. */
static void must_be_written_so(const char *text, size_t len, int64_t ms)
{
    char plain[32];
    size_t seconds;

    lw_time_format(ms, plain);
    seconds = strlen(plain) - strlen(".000Z");
    MUST(len > seconds && memcmp(text, plain, seconds) == 0);
    text += seconds;
    len -= seconds;
    MUST((len == 5 && memcmp(text, plain + seconds, len) == 0) ||
         (len == 1 && *text == 'Z' && ms % 1000 == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    char text[200] = "";
    int64_t ms;

    instant((int64_t)fuzz_number(&in, 8));
    memcpy(text, data, size < sizeof text ? size : sizeof text - 1);
    size = size < sizeof text ? size : sizeof text - 1;
    number(text, size, UINT64_MAX);
    number(text, size, 65536);
    size_text(text);
    hex(text, size);
    if (lw_time_parse(text, size, &ms)) {
        instant(ms);
        must_be_written_so(text, size, ms);
    }
    return 0;
}
