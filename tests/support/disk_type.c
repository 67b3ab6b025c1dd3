/* Takes the place of src/app/disk_type.c in the test binary: the file system is an ordinary one,
 * whatever the tests run on, or the one whose number stands in LAPWING_TEST_DISK. */
#include "app.h"

#include <stdlib.h>

enum lw_status lw_disk_type(const char *path, uint64_t *type)
{
    const char *text = getenv("LAPWING_TEST_DISK");

    (void)path;
    *type = text != NULL ? strtoull(text, NULL, 16) : 0xEF53;
    return LW_OK;
}
