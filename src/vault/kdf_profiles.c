/* What a guess at a passphrase costs. Nothing else stands here: the test binary replaces this file.
 */
#include "vault.h"

const struct lw_kdf_profile lw_kdf_profiles[] = {
    {"standard", 3, (size_t)256 << 20},
    {"lite", 10, (size_t)64 << 20},
};
const size_t lw_kdf_profile_count = LW_COUNT_OF(lw_kdf_profiles);
