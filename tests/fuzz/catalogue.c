/* Catalogues of gettext: whatever the bytes are, what is said takes the arguments that it is given.
 */
#include "base.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const texts[] = {"saved", "%s of %d", "%zu entry", "month\004May"};
    char *copy = malloc(size > 0 ? size : 1);

    MUST(copy != NULL);
    memcpy(copy, data, size);
    if (lw_catalogue_use(copy, size) == LW_OK) {
        for (size_t i = 0; i < LW_COUNT_OF(texts); i++)
            MUST(lw_say_takes_same(texts[i], lw_say(texts[i])));
        for (unsigned count = 0; count < 120; count++)
            MUST(lw_say_takes_same("%zu entry", lw_say_count("%zu entry", "%zu entries", count)));
    }
    lw_catalogue_drop();
    free(copy);
    return 0;
}
