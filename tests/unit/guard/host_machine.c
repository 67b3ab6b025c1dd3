/* What the machine weakens: each finding where it is weak, where it is fine, where it cannot be
 * told. */
#include "fake_host.h"

#include <linux/fs.h>

static struct fake_host fake;

static int start(void **state)
{
    (void)state;
    fake_start(&fake);
    return 0;
}

static int end(void **state)
{
    (void)state;
    fake_end(&fake);
    return 0;
}

static void a_good_host_is_fine(void **state)
{
    (void)state;
    examine(&fake);
    for (size_t i = 0; i < fake.count; i++) {
        if (fake.found[i].level != LW_HOST_FINE)
            fail_msg("%s: %s", fake.found[i].topic, fake.found[i].what);
    }
    assert_true(fake.count > 20);
}

static void an_empty_host_cannot_be_told(void **state)
{
    static const char *const silent[] = {"swap",      "hibernation", "suspend",    "core dumps",
                                         "recording", "system disk", "file system"};

    (void)state;
    fake_end(&fake);
    assert_int_equal(mkdir(fake.root, 0700), 0);
    fake.host.vault = "/gone/x.vault";
    examine(&fake);
    assert_non_null(find(&fake, "vault", "its folder"));
    put(&fake, "/home/u/x", "");
    fake.host.vault = "/home/u/x";
    examine(&fake);
    set_date(&fake, "/home/u/x", 0);
    for (size_t i = 0; i < LW_COUNT_OF(silent); i++)
        expect_note(&fake, silent[i], "cannot be told");
    for (size_t i = 0; i < fake.count; i++)
        assert_int_not_equal(fake.found[i].level, LW_HOST_WEAK);
}

static void swaps(void **state)
{
    (void)state;
    expect_fine(&fake, "swap", "none");
    put(&fake, "/proc/swaps",
        "Filename Type Size Used Priority\n/dev/dm-1 partition 9 0 -2\n"
        "/dev/dm-2 partition 9 0 -3\n");
    put(&fake, "/sys/class/block/dm-1/dm/uuid", "CRYPT-PLAIN-swap\n");
    put(&fake, "/sys/class/block/dm-2/dm/uuid", "LVM-0123\n");
    put(&fake, "/sys/class/block/dm-2/slaves/sda3", "");
    expect_fine(&fake, "swap", "/dev/dm-1 is encrypted");
    expect_fine(&fake, "swap", "/dev/dm-2 is encrypted"); /* a volume on an encrypted partition */
    put(&fake, "/sys/class/block/dm-2/slaves/sdb1", "");
    expect_note(&fake, "swap", "/dev/dm-2");
    put(&fake, "/sys/class/block/sdb1/size", "9\n");
    expect_weak(&fake, "swap", "/dev/dm-2 is in clear");
}

static void swap_that_only_looks_encrypted(void **state)
{
    (void)state;
    put(&fake, "/proc/swaps", "Filename Type\n/dev/dm-1 partition 9 0 -2\n");
    put(&fake, "/sys/class/block/dm-1/dm/uuid", "CRYPT-VERITY-0123\n");
    expect_weak(&fake, "swap", "/dev/dm-1 is in clear");
    put(&fake, "/sys/class/block/dm-1/dm/uuid", "CRYPT-INTEGRITY-0123\n");
    expect_weak(&fake, "swap", "/dev/dm-1 is in clear");
}

static void swap_files_and_zram(void **state)
{
    (void)state;
    put(&fake, "/proc/swaps", "Filename Type\n/home/swap\\040file file 9 0 -2\n");
    expect_fine(&fake, "swap", "/home/swap file is encrypted");
    drop(&fake, "/sys/devices/sda/sda3/dm/uuid");
    expect_weak(&fake, "swap", "/home/swap file is in clear");
    put(&fake, "/proc/swaps", "Filename Type\n/dev/zram0 partition 9 0 100\n");
    expect_fine(&fake, "swap", "zram0 is memory");
    put(&fake, "/sys/block/zram0/backing_dev", "none\n");
    expect_fine(&fake, "swap", "zram0 is memory");
    put(&fake, "/sys/block/zram0/backing_dev", "/dev/sda3\n");
    expect_weak(&fake, "swap", "/dev/sda3 is in clear");
}

static void hibernation(void **state)
{
    (void)state;
    put(&fake, "/sys/power/state", "freeze mem disk\n");
    expect_fine(&fake, "hibernation", "no swap on a disk");
    put(&fake, "/proc/swaps", "Filename Type\n/dev/sda3 partition 9 0 -2\n");
    expect_note(&fake, "hibernation", "encrypted if the swap is");
    put(&fake, "/sys/power/disk", "[disabled]\n");
    expect_fine(&fake, "hibernation", "does not do it");
    put(&fake, "/sys/power/disk", "[platform] shutdown\n");
    drop(&fake, "/sys/devices/sda/sda3/dm/uuid");
    expect_weak(&fake, "hibernation", "in clear");
    put_link(&fake, "/etc/systemd/system/hibernate.target", "/dev/null");
    expect_fine(&fake, "hibernation", "masked");
    put(&fake, "/proc/swaps", "Filename Type\n");
    drop(&fake, "/etc/systemd/system/hibernate.target");
    put(&fake, "/sys/power/resume", "8:5\n");
    expect_note(&fake, "hibernation", "a disk");
}

static void suspend(void **state)
{
    (void)state;
    expect_fine(&fake, "suspend", "does not do it");
    put(&fake, "/sys/power/state", "freeze mem\n");
    expect_note(&fake, "suspend", "keeps all that was open");
    put_link(&fake, "/etc/systemd/system/sleep.target.wants/lapwing-lock@u.service", "/x");
    expect_note(&fake, "suspend", "Lapwing is locked before");
}

static void core_dumps(void **state)
{
    (void)state;
    expect_fine(&fake, "core dumps", "none");
    put(&fake, "/proc/7/limits", "Max core file size   unlimited   unlimited bytes\n");
    expect_note(&fake, "core dumps", "go to a file");
    put(&fake, "/proc/sys/kernel/core_pattern", "|/usr/lib/systemd/systemd-coredump %P\n");
    expect_note(&fake, "core dumps", "systemd-coredump");
    put(&fake, "/proc/sys/kernel/core_pattern", "|/bin/false\n");
    expect_fine(&fake, "core dumps", "thrown away");
}

static void locked_memory(void **state)
{
    (void)state;
    fake.host.answers.lock_limit = LW_HOST_LOCKED;
    expect_fine(&fake, "memory lock", "kept out of swap");
    fake.host.answers.lock_limit = LW_HOST_LOCKED - 1;
    expect_note(&fake, "memory lock", "7167 KiB of the 7168");
    put(&fake, "/proc/swaps", "Filename Type\n/dev/sdb1 partition 9 0 -2\n");
    put(&fake, "/sys/class/block/sdb1/size", "9\n");
    expect_weak(&fake, "memory lock", "7167 KiB");
    fake.host.answers.ignores_lock_limit = true;
    expect_fine(&fake, "memory lock", "kept out of swap");
}

static void who_looks_in(void **state)
{
    (void)state;
    expect_fine(&fake, "other programs", "cannot look");
    put(&fake, "/proc/sys/kernel/yama/ptrace_scope", "0\n");
    expect_note(&fake, "other programs", "may look");
    drop(&fake, "/proc/sys/kernel/yama/ptrace_scope");
    expect_note(&fake, "other programs", "may look");
    put(&fake, "/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu hypervisor aes\nbugs: none\n");
    expect_note(&fake, "virtual machine", "whoever runs it");
    put(&fake, "/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu\nbugs: no hypervisor\n");
    expect_fine(&fake, "virtual machine", "no sign");
    put(&fake, "/sys/class/dmi/id/product_name", "VirtualBox\n");
    expect_note(&fake, "virtual machine", "whoever runs it");
    put(&fake, "/.dockerenv", "");
    expect_note(&fake, "container", "its host");
}

static void disks(void **state)
{
    (void)state;
    expect_fine(&fake, "disk", "/dev/sda3 is encrypted");
    expect_fine(&fake, "system disk", "/dev/mapper/root is encrypted");
    drop(&fake, "/sys/devices/sda/sda3/dm/uuid");
    expect_weak(&fake, "disk", "/dev/sda3 is not encrypted");
    fake.host.answers.file_flags = FS_ENCRYPT_FL;
    expect_fine(&fake, "disk", "its folder is encrypted");
    put(&fake, "/sys/dev/block/253:0/dm/uuid", "LVM-0123\n");
    expect_weak(&fake, "system disk", "not encrypted");
    fake.host.answers.file_flags = 0;
    drop(&fake, "/sys/dev/block/8:3");
    drop(&fake, "/sys/class/block/sda3");
    expect_note(&fake, "disk", "cannot be told");
}

/* A file on the encrypted home that is mounted somewhere else. */
static void disks_in_files(void **state)
{
    (void)state;
    put(&fake, "/mnt/x.vault", "");
    put(&fake, "/proc/self/mountinfo",
        "20 1 253:0 / / rw - ext4 /dev/mapper/root rw\n21 20 8:3 / /home rw - ext4 /dev/sda3 rw\n"
        "22 20 7:0 / /mnt rw - ext4 /dev/loop0 rw\n");
    put(&fake, "/sys/dev/block/7:0/loop/backing_file", "/home/image\n");
    fake.host.vault = "/mnt/x.vault";
    expect_fine(&fake, "disk", "/dev/loop0 is encrypted");
    drop(&fake, "/sys/devices/sda/sda3/dm/uuid");
    expect_weak(&fake, "disk", "/dev/loop0 is not encrypted");
}

static void file_systems(void **state)
{
    static const struct {
        const char *type, *options, *words;
        enum lw_host_level level;
    } cases[] = {
        {"ext4", "", "overwrites in place", LW_HOST_FINE},
        {"xfs", "", "overwrites in place", LW_HOST_FINE},
        {"vfat", "", "overwrites in place", LW_HOST_FINE},
        {"ext4", ",data=journal", "its journal", LW_HOST_WEAK},
        {"ext4", ",data=ordered", "in place", LW_HOST_FINE},
        {"btrfs", "", "writes elsewhere", LW_HOST_WEAK},
        {"zfs", "", "writes elsewhere", LW_HOST_WEAK},
        {"bcachefs", "", "writes elsewhere", LW_HOST_WEAK},
        {"f2fs", "", "writes elsewhere", LW_HOST_WEAK},
        {"overlay", "", "a copy below", LW_HOST_WEAK},
        {"nfs4", "", "another machine", LW_HOST_WEAK},
        {"cifs", "", "another machine", LW_HOST_WEAK},
        {"fuse.sshfs", "", "another machine", LW_HOST_WEAK},
        {"fuse.vmhgfs-fuse", "", "another machine", LW_HOST_WEAK},
        {"fuse.gocryptfs", "", "cannot be told", LW_HOST_NOTE},
        {"tmpfs", "", "memory", LW_HOST_FINE},
    };

    (void)state;
    for (size_t i = 0; i < LW_COUNT_OF(cases); i++) {
        put_mounts(&fake, cases[i].type, cases[i].options);
        expect_found(&fake, "file system", cases[i].level, cases[i].words);
    }
    expect_weak(&fake, "disk", "it is lost"); /* tmpfs, the last one */
    expect_fine(&fake, "rewriting", "tmpfs");
    put_mounts(&fake, "btrfs", "");
    fake.host.answers.file_flags = FS_NOCOW_FL;
    expect_note(&fake, "file system", "but for snapshots");
    put_mounts(&fake, "bcachefs", "");
    expect_weak(&fake, "file system", "writes elsewhere");
    put_mounts(&fake, "exfat", "");
    expect_note(&fake, "rewriting", "may not exchange");
}

/* The later mount on a place covers the earlier, and /homework is not below /home. */
static void mounts_are_told_apart(void **state)
{
    (void)state;
    put(&fake, "/proc/self/mountinfo",
        "20 1 253:0 / / rw - ext4 /dev/mapper/root rw\n21 20 8:3 / /home rw - ext4 /dev/sda3 rw\n"
        "22 20 8:4 / /home rw - btrfs /dev/sda4 rw\nbroken line\n\n");
    expect_weak(&fake, "file system", "btrfs");
    put(&fake, "/homework/x.vault", "");
    fake.host.vault = "/homework/x.vault";
    expect_fine(&fake, "file system", "ext4");
}

static void media(void **state)
{
    (void)state;
    expect_fine(&fake, "medium", "magnetic");
    put(&fake, "/sys/devices/sda/queue/rotational", "0\n");
    expect_note(&fake, "medium", "flash");
    expect_note(&fake, "discard", "later");
    put_mounts(&fake, "ext4", ",discard");
    expect_fine(&fake, "discard", "at once");
    put_mounts(&fake, "ext4", ",nodiscard");
    expect_note(&fake, "discard", "later");
    put_mounts(&fake, "ext4", ",discard");
    put(&fake, "/sys/devices/sda/queue/discard_max_bytes", "0\n");
    expect_note(&fake, "discard", "is not told");
    drop(&fake, "/sys/devices/sda/sda3/dm/uuid");
    expect_weak(&fake, "medium", "flash");
    put(&fake, "/sys/devices/sda/queue/rotational", "1\n");
    put(&fake, "/sys/hypervisor/type", "xen\n");
    expect_note(&fake, "medium", "a virtual disk");
}

static void kernels(void **state)
{
    (void)state;
    expect_fine(&fake, "fences", "Landlock 3");
    fake.host.answers.landlock = 0;
    expect_note(&fake, "fences", "Landlock is");
    fake.host.answers.seccomp = false;
    expect_note(&fake, "fences", "Landlock and seccomp are");
    fake.host.answers.landlock = 1;
    expect_note(&fake, "fences", "seccomp is");
    fake.host.answers.synced_writes = false;
    expect_note(&fake, "synced writes", "not there");
    fake.host.answers.file_locks = false;
    expect_weak(&fake, "locks", "none");
    fake.host.answers.file_locks_known = false;
    examine(&fake);
    assert_null(find(&fake, "locks", ""));
}

static int64_t wrong_now(void *context)
{
    return *(const int64_t *)context;
}

static void clocks(void **state)
{
    int64_t now = 0;
    const struct lw_clock wrong = {
        .now_ms = wrong_now, .offset_minutes = fake_offset, .context = &now};

    (void)state;
    set_date(&fake, VAULT, fake_now(NULL) / 1000 + 90000);
    expect_weak(&fake, "clock", "behind the date");
    set_date(&fake, VAULT, fake_now(NULL) / 1000 + 80000);
    expect_fine(&fake, "clock", "plausible");
    fake.host.clock = &wrong;
    expect_weak(&fake, "clock", "by years");
    now = INT64_C(9000000000000);
    expect_weak(&fake, "clock", "by years");
}

static void zones(void **state)
{
    (void)state;
    expect_fine(&fake, "time zone", "UTC-03:30");
    drop(&fake, "/etc/localtime");
    expect_note(&fake, "time zone", "none is set");
    fake_setenv("TZ", "Europe/Nowhere");
    expect_weak(&fake, "time zone", "not known");
    put(&fake, "/usr/share/zoneinfo/Europe/Nowhere", "TZif");
    expect_fine(&fake, "time zone", "UTC-03:30");
}

static void no_vault_is_named(void **state)
{
    (void)state;
    fake.host.vault = NULL;
    expect_note(&fake, "vault", "none is named");
    assert_null(find(&fake, "file system", ""));
    assert_null(find(&fake, "permissions", ""));
    assert_non_null(find(&fake, "swap", "none"));
}

static enum lw_status refuse(void *context, const struct lw_host_finding *finding,
                             struct lw_error *err)
{
    (void)finding;
    ++*(int *)context;
    return lw_fail(err, LW_FULL, "no more");
}

static void a_visitor_that_fails_ends_it(void **state)
{
    struct lw_error err = {.status = LW_OK};
    int count = 0;

    (void)state;
    assert_int_equal(lw_host_examine(&fake.host, refuse, &count, &err), LW_FULL);
    assert_int_equal(count, 1);
    assert_string_equal(err.text, "no more");
}

static void asking_writes_nothing(void **state)
{
    struct lw_host_answers answers;
    struct stat before, after;
    char path[512];

    (void)state;
    fake_path(&fake, VAULT, path);
    assert_int_equal(stat(path, &before), 0);
    lw_host_ask(path, &answers);
    assert_int_equal(stat(path, &after), 0);
    assert_memory_equal(&before, &after, sizeof(before));
    assert_true(answers.file_locks_known && answers.file_locks);
    assert_int_equal(answers.user, geteuid());
    lw_host_ask(NULL, &answers);
    assert_false(answers.file_locks_known);
    lw_host_ask("/dev/null", &answers);
    assert_false(answers.file_locks_known);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_good_host_is_fine),
        TEST(an_empty_host_cannot_be_told),
        TEST(swaps),
        TEST(swap_that_only_looks_encrypted),
        TEST(swap_files_and_zram),
        TEST(hibernation),
        TEST(suspend),
        TEST(core_dumps),
        TEST(locked_memory),
        TEST(who_looks_in),
        TEST(disks),
        TEST(disks_in_files),
        TEST(file_systems),
        TEST(mounts_are_told_apart),
        TEST(media),
        TEST(kernels),
        TEST(clocks),
        TEST(zones),
        TEST(no_vault_is_named),
        TEST(a_visitor_that_fails_ends_it),
        TEST(asking_writes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
