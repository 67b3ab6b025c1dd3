/* The header: writes torn by power cuts, and every interleaving of two that write it. */
#include "header_pairs.h"
#include "header_torn.h"

int main(int argc, char **argv)
{
    char path[512];
    uint64_t seed;
    bool large;

    if (argc != 4)
        return 2;
    seed = strtoull(argv[1], NULL, 10);
    large = strcmp(argv[2], "long") == 0;
    seeded_start(seed);
    (void)snprintf(path, sizeof path, "%s/torn", argv[3]);
    torn_campaign(path, large ? 4200 : 3000);
    (void)snprintf(path, sizeof path, "%s/pairs", argv[3]);
    pairs_campaign(path, seed, large);
    printf("figures torn=%llu nested=%llu states=%llu ends=%llu schedules=%.0f whole=%llu "
           "sampled=%llu "
           "late=%llu neither=%llu bad=%llu\n",
           (unsigned long long)torn.cuts, (unsigned long long)torn.nested,
           (unsigned long long)pair.states, (unsigned long long)pair.ends, pair.schedules,
           (unsigned long long)pair.whole, (unsigned long long)pair.sampled,
           (unsigned long long)pair.late, (unsigned long long)pair.neither,
           (unsigned long long)(torn.bad + pair.bad));
    return torn.bad + pair.bad != 0;
}
