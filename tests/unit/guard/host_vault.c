/* What stands around a vault: who can reach it, copies of it, traces. */
#include "fake_host.h"

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

static void permissions(void **state)
{
    (void)state;
    expect_fine(&fake, "permissions", "only you");
    set_mode(&fake, VAULT, 0640);
    expect_weak(&fake, "permissions", "copy");
    set_mode(&fake, VAULT, 0602);
    expect_weak(&fake, "permissions", "destroy");
    set_mode(&fake, VAULT, 0600);
    fake.host.answers.user++;
    expect_note(&fake, "permissions", "another user");
}

static void folders(void **state)
{
    (void)state;
    expect_fine(&fake, "folder", "only you");
    set_mode(&fake, "/home/u/papers", 0755);
    expect_note(&fake, "folder", "name");
    set_mode(&fake, "/home/u/papers", 0770);
    expect_note(&fake, "folder", "name"); /* a group of one's own */
    fake.host.answers.group++;
    expect_weak(&fake, "folder", "another file");
    set_mode(&fake, "/home/u/papers", 0700);
    set_mode(&fake, "/home", 01777);
    expect_fine(&fake, "folder", "only you");
    set_mode(&fake, "/home", 0777);
    expect_weak(&fake, "folder", "another file");
}

static void other_names(void **state)
{
    char from[512], to[512];

    (void)state;
    expect_fine(&fake, "other names", "none");
    fake_path(&fake, VAULT, from);
    fake_path(&fake, "/home/u/papers/twin", to);
    assert_int_equal(link(from, to), 0);
    expect_note(&fake, "other names", "1 more");
    expect_fine(&fake, "copies beside", "none"); /* the same file, no copy */
}

static void copies_beside(void **state)
{
    (void)state;
    put(&fake, "/home/u/papers/letter", "short");
    expect_fine(&fake, "copies beside", "none");
    put(&fake, "/home/u/papers/old", "sixteen bytes too");
    expect_fine(&fake, "copies beside", "none");
    put(&fake, "/home/u/papers/old", "sixteen bytes...");
    expect_weak(&fake, "copies beside", "1 of the same size");
    drop(&fake, "/home/u/papers/old");
    put(&fake, "/home/u/papers/diary (copy).vault", "other");
    put(&fake, "/home/u/papers/.diary.vault.swp", "other");
    expect_note(&fake, "copies beside", "2 whose name");
    put(&fake, "/home/u/papers/diary.vault.wiped", "sixteen bytes...");
    expect_note(&fake, "leftovers", "1 of a rewrite");
    examine(&fake);
    assert_null(find(&fake, "copies beside", "same size"));
    assert_null(find(&fake, "trash", ""));
    put(&fake, "/home/u/.local/share/Trash/files/diary.vault", "");
    expect_weak(&fake, "trash", "name");
}

static void snapshots(void **state)
{
    (void)state;
    expect_fine(&fake, "snapshots", "no sign");
    put(&fake, "/home/.snapshots/1/info.xml", "");
    expect_weak(&fake, "snapshots", "kept in /home;");
    put(&fake, "/sys/block/dm-4/dm/name", "vg-home--snap-cow\n");
    expect_weak(&fake, "snapshots", "LVM");
}

static void synced_by_a_mark(const char *mark, const char *by)
{
    put(&fake, mark, "");
    expect_weak(&fake, "synced folder", by);
    drop(&fake, mark);
    expect_fine(&fake, "synced folder", "no sign");
}

static void synced_folders(void **state)
{
    (void)state;
    expect_fine(&fake, "synced folder", "no sign");
    synced_by_a_mark("/home/u/papers/.stfolder", "Syncthing");
    synced_by_a_mark("/home/u/.dropbox.cache", "Dropbox");
    synced_by_a_mark("/home/u/papers/.git", "git");
    synced_by_a_mark("/home/u/._sync_0a1b.db", "Nextcloud");
    put(&fake, "/home/u/OneDrive/x.vault", "");
    fake.host.vault = "/home/u/OneDrive/x.vault";
    expect_weak(&fake, "synced folder", "OneDrive");
}

static void synced_by_configuration(void **state)
{
    (void)state;
    put(&fake, "/home/u/.config/syncthing/config.xml",
        "<folder id=\"a\" path=\"/home/u/music\"/>\n<folder path=\"/home/u/paper\"/>\n");
    expect_fine(&fake, "synced folder", "no sign");
    put(&fake, "/home/u/.config/syncthing/config.xml",
        "<folder path=\"/home/u/music\"/>\n<folder path=\"/home/u/papers/\"/>\n");
    expect_weak(&fake, "synced folder", "Syncthing");
    drop(&fake, "/home/u/.config/syncthing/config.xml");
    put(&fake, "/home/u/.config/Nextcloud/nextcloud.cfg", "[A]\n0\\localPath=/home/u/\n");
    expect_weak(&fake, "synced folder", "Nextcloud");
    drop(&fake, "/home/u/.config/Nextcloud/nextcloud.cfg");
    put(&fake, "/home/u/.dropbox/info.json", "{\"personal\": {\"path\": \"/home/u/papers\"}}");
    expect_weak(&fake, "synced folder", "Dropbox");
}

static void backups(void **state)
{
    (void)state;
    expect_fine(&fake, "backups", "no sign");
    put(&fake, "/etc/rsnapshot.conf", "");
    expect_weak(&fake, "backups", "rsnapshot:");
    put(&fake, "/home/u/.config/borg/keys", "");
    put(&fake, "/etc/borgmatic/config.yaml", "");
    put(&fake, "/home/u/.cache/restic/x", "");
    expect_weak(&fake, "backups", "rsnapshot, borg, restic:");
    drop(&fake, "/etc/rsnapshot.conf");
    put(&fake, "/etc/timeshift/timeshift.json", "");
    expect_weak(&fake, "backups", "borg, restic, Timeshift:");
}

static void lengthen(const struct fake_host *on, const char *path, off_t len)
{
    char full[512];

    fake_path(on, path, full);
    assert_int_equal(truncate(full, len), 0);
}

static void histories(void **state)
{
    char folder[512];

    (void)state;
    expect_fine(&fake, "shell history", "none");
    put(&fake, "/home/u/.bash_history", "ls\ncd /\nvi diary.txt\n");
    expect_note(&fake, "shell history", "is kept");
    drop(&fake, "/home/u/.bash_history");
    fake_folders(&fake, "/home/u/.bash_history/");
    expect_fine(&fake, "shell history", "none"); /* a folder keeps nothing */
    put(&fake, "/home/u/.zsh_history", "");
    lengthen(&fake, "/home/u/.zsh_history", (off_t)40 << 20);
    expect_note(&fake, "shell history", "cannot be told");
    drop(&fake, "/home/u/.zsh_history");
    fake_path(&fake, "/home/u/.bash_history", folder);
    assert_int_equal(rmdir(folder), 0);
    put(&fake, "/home/u/.bash_history", "ls\nlapwing log\ncp a diary.vault\nlapwing lapwing");
    expect_weak(&fake, "shell history", ": 3");
    fake_setenv("HISTFILE", "/home/u/.bash_history");
    expect_weak(&fake, "shell history", ": 3"); /* not twice */
    put(&fake, "/home/u/.local/share/fish/fish_history", "- cmd: lapwing check\n");
    expect_weak(&fake, "shell history", ": 4");
    for (size_t i = 0; i < fake.count; i++)
        assert_null(strstr(fake.found[i].what, "cp a"));
    put(&fake, "/home/u/.local/share/recently-used.xbel", "<bookmark href=\"file:///x\"/>");
    examine(&fake);
    assert_null(find(&fake, "recent files", ""));
    put(&fake, "/home/u/.local/share/recently-used.xbel", "<bookmark href=\"diary.vault\"/>");
    expect_weak(&fake, "recent files", "names the vault");
}

/* As a crash leaves it: zeros, and more lines behind them. */
static void a_history_with_zeros(void **state)
{
    char path[512];
    FILE *file;

    (void)state;
    put(&fake, "/home/u/.bash_history", "ls\n");
    lengthen(&fake, "/home/u/.bash_history", 4096);
    expect_note(&fake, "shell history", "nothing in it");
    fake_path(&fake, "/home/u/.bash_history", path);
    file = fopen(path, "a");
    assert_non_null(file);
    assert_true(fputs("lapwing log\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    expect_weak(&fake, "shell history", ": 1");
}

static void recordings(void **state)
{
    (void)state;
    expect_fine(&fake, "recording", "no sign");
    put(&fake, "/proc/7/status", "Name:\tbash\nPPid:\t5\n");
    put(&fake, "/proc/5/status", "Name:\tscript\nPPid:\t1\n");
    expect_weak(&fake, "recording", "script");
    put(&fake, "/proc/5/status", "Name:\tscripted\nPPid:\t1\n");
    expect_fine(&fake, "recording", "no sign");
    drop(&fake, "/proc/5/status");
    expect_note(&fake, "recording", "cannot be told");
}

static void multiplexers(void **state)
{
    (void)state;
    examine(&fake);
    assert_null(find(&fake, "tmux", ""));
    assert_null(find(&fake, "screen", ""));
    fake_setenv("TMUX", "/tmp/tmux-1000/default,1,0");
    put(&fake, "/home/u/.tmux.conf", "# set -g @plugin 'tmux-logging'\n");
    expect_note(&fake, "tmux", "keeps what commands print");
    put(&fake, "/home/u/.tmux.conf", "bind P pipe-pane -o 'cat >>log'\n");
    expect_weak(&fake, "tmux", "to files");
    fake_setenv("STY", "1.pts");
    expect_note(&fake, "screen", "keeps what commands print");
    put(&fake, "/home/u/.screenrc", "deflog on\n");
    expect_weak(&fake, "screen", "to files");
}

static void terminals(void **state)
{
    (void)state;
    expect_fine(&fake, "scrollback", "no terminal");
    fake_environment[1][1] = "xterm-256color";
    expect_note(&fake, "scrollback", "may keep");
    assert_null(find(&fake, "ssh", ""));
    fake_setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22");
    expect_note(&fake, "ssh", "every key");
}

static void places(void **state)
{
    (void)state;
    put_link(&fake, "/home/u/shortcut", "papers/diary.vault");
    fake.host.vault = "/home/u/shortcut";
    set_mode(&fake, VAULT, 0644);
    expect_weak(&fake, "permissions", "copy"); /* the file, not the link */
    fake.host.vault = "/home/u/papers/new.vault";
    expect_note(&fake, "vault", "not there yet");
    assert_non_null(find(&fake, "file system", "ext4"));
    assert_null(find(&fake, "permissions", ""));
    fake.host.vault = "/home/u/papers";
    expect_note(&fake, "vault", "is no file");
    fake.host.vault = "/home/nobody/x.vault";
    expect_note(&fake, "vault", "its folder");
    fake.host.vault = "/x.vault";
    expect_note(&fake, "vault", "not there yet");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(permissions),
        TEST(folders),
        TEST(other_names),
        TEST(copies_beside),
        TEST(snapshots),
        TEST(synced_folders),
        TEST(synced_by_configuration),
        TEST(backups),
        TEST(histories),
        TEST(a_history_with_zeros),
        TEST(recordings),
        TEST(multiplexers),
        TEST(terminals),
        TEST(places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
