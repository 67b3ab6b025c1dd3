/* The shipped profiles and a cheap one, for tests only: linked in place of src/vault/kdf_profiles.c. */
#include "vault.h"

const struct lw_kdf_profile lw_kdf_profiles[] = {
    {"standard", 3, (size_t)256 << 20},
    {"lite", 10, (size_t)64 << 20},
    {"test", 1, (size_t)8 << 10},
};
const size_t lw_kdf_profile_count = LW_COUNT_OF(lw_kdf_profiles);
