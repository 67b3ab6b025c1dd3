/* What a process gives up before it learns anything, and what this host does not let it give up. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

/* About what keys, a passphrase and the text that SQLite holds need. */
#define PROBE_BYTES ((size_t)7 << 20)

static bool memory_locks(void)
{
    void *probe =
        mmap(NULL, PROBE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool locks;

    if (probe == MAP_FAILED)
        return false;
    locks = mlock2(probe, PROBE_BYTES, MLOCK_ONFAULT) == 0; /* counted, but no page is made */
    munmap(probe, PROBE_BYTES);
    return locks;
}

bool guard_syncs_writes(void)
{
    char byte = 0;
    struct iovec piece = {.iov_base = &byte, .iov_len = 1};
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bool taken;

    if (fd < 0)
        return true; /* nothing is known then */
    do
        taken = pwritev2(fd, &piece, 1, 0, RWF_DSYNC) == 1;
    while (!taken && errno == EINTR);
    close(fd);
    return taken;
}

unsigned lw_sandbox_all(void)
{
    return sandbox_calls(false) ? 0 : LW_GAP_CALLS;
}

unsigned lw_sandbox_calls(void)
{
    unsigned gaps = memory_locks() ? 0 : LW_GAP_MEMORY;

    if (!guard_syncs_writes())
        gaps |= LW_GAP_WRITES;
    return sandbox_calls(true) ? gaps : gaps | LW_GAP_CALLS;
}

unsigned lw_sandbox_files(const char *const *files, size_t count)
{
    return sandbox_files(files, count) ? 0 : LW_GAP_FILES;
}

const char *lw_gap_say(unsigned gap)
{
    switch (gap) {
    case LW_GAP_FILES:
        return _("This host has no Landlock: a fault in Lapwing could reach your other files");
    case LW_GAP_CALLS:
        return _("This host has no seccomp: a fault in Lapwing could reach the network and other "
                 "programs");
    case LW_GAP_MEMORY:
        return _("This host locks too little memory: keys and text could be swapped to the disk");
    case LW_GAP_WRITES:
        return _(
            "This host has no synced writes: a wipe may wait until what other programs wrote is "
            "on the disk");
    default:
        return "";
    }
}
