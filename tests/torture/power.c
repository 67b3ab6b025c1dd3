/*
 * Power cuts: what real workloads do to the disk is recorded; then the power fails at every place
 * of it, with everything, nothing, some or parts of what was not synced on the disk, and what is
 * left is opened. It must show exactly what was acknowledged last, or what was being saved, and
 * take one more save. A tenth of the cuts falls into the recovery from another one.
 *
 * usage: power SEED short|long FOLDER
 */
#include "power_lane.h"
#include "power_work.h"

#include <limits.h>

int main(int argc, char **argv)
{
    char folder[PATH_MAX], work_folder[DISK_PATH], crash[DISK_PATH], again[DISK_PATH];

    if (argc != 4 || !realpath(argv[3], folder) || strlen(folder) >= DISK_PATH - 8)
        return 2;
    world.seed = strtoull(argv[1], NULL, 10);
    world.size = argv[2];
    seeded_start(world.seed);
    if (lw_crypto_start() != LW_OK)
        return 2;
    world.state = calloc(STATES_MAX, LW_HASH);
    (void)snprintf(work_folder, sizeof work_folder, "%s/work", folder);
    (void)snprintf(crash, sizeof crash, "%s/crash", folder);
    (void)snprintf(again, sizeof again, "%s/again", folder);
    if (!world.state || mkdir(work_folder, 0700) != 0)
        return 2;
    crash_start(&world.crash, crash, 4096);
    crash_start(&world.again, again, 4096);
    recording.wrote = world_wrote;
    recorded_install();
    full_prepare();
    bool is_long = strcmp(world.size, "long") == 0;
    for (unsigned i = 0; i < (is_long ? 12u : 4u) && world.bad < BAD_ENOUGH; i++) {
        world.states = 0;
        bare_history(work_folder, 60, is_long ? 600 : 200);
        world.states = 0;
        full_history(work_folder, 8, is_long ? 300 : 120);
    }
    if (world.bad < BAD_ENOUGH)
        new_history(work_folder, is_long ? 300 : 100);
    printf("figures cuts=%lu nested=%lu old=%lu new=%lu snapshots=%lu detached=%lu moved=%lu "
           "bad=%lu\n",
           world.cuts, world.nested, world.old_seen, world.new_seen, world.held, world.detached,
           world.moved_seen, world.bad);
    return world.bad > 0;
}
