"""Sticks and vaults on block devices of their own: FAT, exFAT and ext4 in files, mounted by loop.

A stick is a device that is cut off in the middle: each call that changes it is stopped at in turn, and the
device as it is at that moment, once also with the sectors of the last write torn, is what the next start
finds. FAT has no journal, no owners and no exchange of names that is whole after a cut.
"""
import os
import random
import re
import shutil
import signal
import subprocess
import time

import harness
from harness import IO, OTHER, PAGE, PASS, WRONG, Skip, expect, same, sentence, true, wait_until
from ptyscreen import Screen
from test_header import HEAD, Stick, config, detached, fill, holds_nothing

tests, test = harness.collector()
SECTOR = 512
KINDS = {
    "vfat": ("mkfs.vfat", ("mkfs.vfat", "-n", "CARD"), 4, ("fsck.vfat", "-n")),
    "exfat": ("mkfs.exfat", ("mkfs.exfat", "-n", "CARD"), 4, ("fsck.exfat", "-n")),
    "ext4": ("mkfs.ext4", ("mkfs.ext4", "-q", "-m", "0"), 8, ("e2fsck", "-fn")),
}
CHANGES = "pwritev2,pwrite64,write,fsync,fdatasync,rename,renameat2,unlink,ftruncate,fallocate"


class Disk(Stick):
    """A stick that keeps what it has in an image."""

    def __init__(self, world, name, kind, megabytes=None):
        tool, make, usual, self.fsck = KINDS[kind]
        self.kind, self.lazy, self.locked = kind, False, False
        if os.geteuid() != 0:
            raise Skip("only root mounts a disk")
        if shutil.which(tool) is None:
            raise Skip("%s is not installed" % tool)
        self.image = os.path.join(world.folder, name + ".img")
        with open(self.image, "wb") as file:
            file.truncate((megabytes or usual) << 20)
        subprocess.run((*make, self.image), check=True, capture_output=True)
        super().__init__(world, name)

    def put_in(self):
        done = subprocess.run(("mount", "-t", self.kind, "-o", "loop" + (",ro" if self.locked else ""),
                               self.image, self.folder), capture_output=True, text=True)
        if done.returncode != 0:
            raise Skip("this kernel mounts no %s by loop: %s" % (self.kind, done.stderr.strip()[:120]))
        self.mounted = True

    def pull(self):
        done = subprocess.run(["umount", self.folder], capture_output=True, text=True)
        true(done.returncode == 0, "the stick can be taken out: %s" % done.stderr)
        self.mounted = False

    def names(self):
        return [name for name in super().names() if name != "lost+found"]

    def device(self):
        with open("/proc/self/mountinfo", encoding="utf-8") as file:
            found = [line.split(" - ")[1].split()[1] for line in file if line.split()[4] == self.folder]
        return found[-1]

    def contents(self):
        """All that the device was given so far."""
        with open(self.image, "rb") as file:
            return file.read()

    def becomes(self, contents):
        """Another start: what the device held at some moment."""
        if self.mounted:
            subprocess.run(["umount", "-l", self.folder])
            self.mounted = False
        os.unlink(self.image)
        with open(self.image, "wb") as file:
            file.write(contents)
        self.put_in()

    def fail(self):
        """From now on nothing can be read from it or written to it."""
        device = self.device()
        os.truncate(self.image, 1024)
        subprocess.run(["losetup", "-c", device], check=True)

    def clean(self):
        """After it was taken out in order, nothing is wrong with it."""
        self.pull()
        if shutil.which(self.fsck[0]):
            done = subprocess.run((*self.fsck, self.image), capture_output=True, text=True)
            same(done.returncode, 0, done.stdout + done.stderr)
        self.put_in()


def on_disks(count, name):
    """A test on so many sticks of each kind."""
    def put(body):
        for kind in KINDS:
            def run(world, kind=kind):
                sticks = []
                try:
                    for number in range(count):
                        sticks.append(Disk(world, "stick%d" % number, kind))
                    world.header = sticks[0].header
                    return body(world, *sticks)
                finally:
                    for stick in sticks:
                        stick.close()
            test("%s: %s" % (kind, name))(run)
        return body
    return put


# ---- a whole life --------------------------------------------------------------------------------


@on_disks(2, "a header's life: each step leaves one whole file, and a disk with nothing wrong")
def life(world, stick, other):
    detached(world, stick)
    same(os.stat(stick.header).st_size, HEAD)
    holds_nothing(world, stick.bytes())
    world.ok("passphrase", "add", new=OTHER)
    world.ok("passphrase", "change", password=OTHER, new=OTHER + " again")
    world.ok("resize", "5M")
    world.ok("passphrase", "duress", new=harness.DURESS)
    world.ok("passphrase", "remove", password=[PASS, harness.DURESS])
    same((stick.names(), world.beside()), (["notes.bin"], ["v.vault"]))
    sentence(world.run("timeline", password=OTHER + " again"), WRONG)
    world.clean_check()
    stick.clean()
    world.ok("header", "move", other.header)
    same((stick.names(), other.names()), ([], ["notes.bin"]))
    stick.clean()
    config(world, other)
    copy = os.path.join(world.place, "copy.bin")
    world.ok("backup", copy, stick.header)
    same(world.ok("timeline", "--json", "--header", stick.header, vault=copy).refs(), ["E01"])
    os.unlink(copy)
    os.unlink(stick.header)
    world.ok("header", "move", "--into-vault")
    same(other.names(), [])
    config(world, stick)
    world.ok("header", "move", stick.header, "--header", "")
    same(world.titles(password=harness.DURESS), [])
    sentence(world.run("timeline"), WRONG)
    result = world.ok("wipe", "--now", password=None)
    true("keys overwritten and synced" in result.out, result)
    same((stick.names(), world.beside()), ([], []))
    stick.clean()


@on_disks(2, "a full stick and one that is locked against writing: said, and nothing is lost")
def refused(world, stick, other):
    detached(world, stick)
    fill(stick)
    expect(world.run("resize", "5M"), IO)
    same(world.titles(), ["office burned"])
    fill(other)
    true("full" in world.run("header", "move", other.header).err, "told")
    same((other.names(), stick.names(), world.beside()), (["rest"], ["notes.bin", "rest"], ["v.vault"]))
    world.ok("passphrase", "change", new=OTHER)
    stick.pull()
    stick.locked = True
    stick.put_in()
    true("locked against writing" in world.run("timeline", password=OTHER).err, "told")
    result = world.run("wipe", "--now", "--keys-only", password=None)
    true(result.code != 0 and "NOT DESTROYED" in result.out + result.err, result)
    stick.pull()
    stick.locked = False
    stick.put_in()
    same(os.stat(stick.header).st_size, HEAD)


# ---- cut off -------------------------------------------------------------------------------------


class Stepped:
    """A command that is stopped at each call by which it changes the stick."""

    def __init__(self, world, *args, at=(), **options):
        self.log = os.path.join(world.folder, "steps")
        if os.path.exists(self.log):
            os.unlink(self.log)
        prefix = ["strace", "-f", "-qq", "-o", self.log, "-e", "trace=" + CHANGES,
                  "-e", "inject=%s:signal=STOP" % CHANGES]
        for path in at:
            prefix += ["-P", path]
        self.process = world.start(*args, prefix=prefix, **options)
        self.world, self.seen = world, 0

    def stops(self):
        """(pid of the next one that stands still), or None at the end."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with open(self.log, encoding="utf-8", errors="replace") as file:
                    found = re.findall(r"^(\d+) +--- stopped by SIGSTOP", file.read(), re.M)
            except OSError:
                found = []
            if len(found) > self.seen:
                self.seen += 1
                return int(found[self.seen - 1])
            if self.process.poll() is not None:
                return None
            time.sleep(0.002)
        raise AssertionError("neither a stop nor an end")

    def end(self):
        out, err = self.process.communicate(timeout=60)
        self.world.running.remove(self.process)
        return harness.Result(self.process.command, self.process.returncode, out, err)


def places(*sticks):
    found = []
    for stick in sticks:
        found += [stick.header, stick.header + ".new", stick.folder]
    return found


def vaults(world):
    return {name: world.bytes(os.path.join(world.place, name)) for name in world.beside()}


def put_vaults(world, kept):
    for name in world.beside():
        os.unlink(os.path.join(world.place, name))
    for name, data in kept.items():
        with open(os.path.join(world.place, name), "wb") as file:
            file.write(data)
        os.chmod(os.path.join(world.place, name), 0o600)


def torn(chance, before, after):
    """The sectors of the last write, each as it was or as it is to be."""
    out = bytearray(before)
    for at in range(0, len(after), SECTOR):
        if before[at:at + SECTOR] != after[at:at + SECTOR] and chance.random() < 0.5:
            out[at:at + SECTOR] = after[at:at + SECTOR]
    return bytes(out)


def moments(world, sticks, *args, **options):
    """[(contents of each stick, vault and what is beside it)] at each step, after its last one too."""
    if shutil.which("strace") is None:
        raise Skip("strace is not installed")
    found = [([stick.contents() for stick in sticks], vaults(world))]
    stepped = Stepped(world, *args, at=places(*sticks), **options)
    while True:
        pid = stepped.stops()
        if pid is None:
            break
        found.append(([stick.contents() for stick in sticks], vaults(world)))
        os.kill(pid, signal.SIGCONT)
    expect(stepped.end(), 0)
    true(len(found) > 3, "it was stopped (%d)" % len(found))
    return found


def each_cut(world, sticks, found, look):
    """look(step) on each of these moments, and on each with the last write torn."""
    chance = random.Random(len(found))
    for step, (now, kept) in enumerate(found):
        states = [now]
        if step > 0 and now != found[step - 1][0]:
            states.append([torn(chance, a, b) for a, b in zip(found[step - 1][0], now)])
        for state in states:
            try:
                for stick, contents in zip(sticks, state):
                    stick.becomes(contents)
            except Skip as error:
                true(state is not now, error)
                continue  # its file system cannot stand what was torn
            put_vaults(world, kept)  # what it was changed to before that call
            try:
                look()
            except AssertionError as error:
                raise AssertionError("step %d of %d%s: %s" % (
                    step, len(found) - 1, "" if state is now else ", torn", error)) from error


def opens(world, password, header=None):
    words = ("--header", header) if header is not None else ()
    result = world.run("timeline", "--json", *words, password=password)
    if result.code == 0:
        same([row["title"] for row in result.rows()], ["office burned"])
    return result.code == 0


@on_disks(1, "cut off, or torn, at each step of a change of the passphrase: the old or the new one opens")
def cut_change(world, stick):
    detached(world, stick)
    found = moments(world, [stick], "passphrase", "change", new=OTHER)

    def look():  # the one that opened the last state first: a wrong one is tried slowly
        if not opens(world, words[0]):
            words.reverse()
            true(opens(world, words[0]), "one of them opens")
        same(stick.names(), ["notes.bin"])

    words = [PASS, OTHER]
    each_cut(world, [stick], found, look)


@on_disks(1, "cut off, or torn, at each step of a rewrite: it opens, and one header and one vault are left")
def cut_rewrite(world, stick):
    detached(world, stick)
    found = moments(world, [stick], "passphrase", "remove", password=[PASS])

    def look():
        had = {name: os.stat(os.path.join(stick.folder, name)).st_size for name in stick.names()}
        true(opens(world, PASS), "it opens: %s, %s, %s" % (
            had, stick.names(), world.run("timeline", "--json").err))
        same((stick.names(), world.beside()), (["notes.bin"], ["v.vault"]))
    each_cut(world, [stick], found, look)


@on_disks(2, "cut off, or torn, at each step of a move: one of the two sticks opens, and the move goes on")
def cut_move(world, stick, other):
    detached(world, stick)
    found = moments(world, [stick, other], "header", "move", other.header)

    def look():
        if opens(world, PASS):
            result = world.run("header", "move", other.header)
            if result.code != 0:  # what is not whole is left alone, and said
                true("is in the way" in result.err or os.stat(other.header).st_size == 0, result)
                for name in other.names():
                    os.unlink(os.path.join(other.folder, name))
                result = world.run("header", "move", other.header)
            expect(result, 0)
        true(opens(world, PASS, other.header), "it is there")
        true(not os.path.exists(stick.header) or not opens(world, PASS, stick.header), "and not here")
    each_cut(world, [stick, other], found, look)


@test("move: the file on the stick is synced under its name before the old place is overwritten")
def synced_under_its_name(world):
    world.create()
    target = os.path.join(world.make("stick"), "notes.bin")
    _, calls = harness.strace(world, "header", "move", target,
                              calls="renameat2,rename,fsync,fdatasync,pwritev2,pwrite64")
    names = ["%s %s" % (call.name, call.args) for call in calls]
    renamed = next(n for n, text in enumerate(names) if text.startswith("rename") and target in text)
    old = next(n for n, text in enumerate(names) if n > renamed and "write" in text and "v.vault" in text)
    between = [text for text in names[renamed:old] if text.startswith("fsync")]
    true(any("notes.bin>" in text for text in between), "the file: %s" % between)
    true(any("stick>" in text for text in between), "the folder: %s" % between)


@on_disks(1, "a stick that stops answering in a rewrite: said, and with it back in the vault opens")
def fails(world, stick):
    detached(world, stick)
    before, vault = stick.contents(), vaults(world)
    count = len(moments(world, [stick], "passphrase", "remove", password=[PASS])) - 1
    for step in range(1, count + 1):
        stick.becomes(before)
        put_vaults(world, vault)
        stepped = Stepped(world, "passphrase", "remove", at=places(stick), password=[PASS])
        kept = None
        for number in range(1, count + 20):
            pid = stepped.stops()
            if pid is None:
                break
            if number == step:
                kept = stick.contents()
                stick.fail()
            os.kill(pid, signal.SIGCONT)
        result = stepped.end()
        true(kept is not None, "step %d" % step)
        stick.becomes(kept)
        if result.code != 0:
            true(result.err.startswith("lapwing: ") and len(result.err.splitlines()) == 1, result)
        true(opens(world, PASS), "step %d of %d, then\n%s" % (step, count, result))
        same((stick.names(), world.beside()), (["notes.bin"], ["v.vault"]))


# ---- a vault on such a disk ----------------------------------------------------------------------


def on_kinds(name):
    def put(body):
        for kind in KINDS:
            def run(world, kind=kind):
                disk = Disk(world, "disk", kind, 24)
                try:
                    world.place = disk.folder
                    world.vault = os.path.join(disk.folder, "v.vault")
                    return body(world, disk)
                finally:
                    disk.close()
            test("%s: %s" % (kind, name))(run)
        return body
    return put


def listed(world):
    return [name for name in world.beside() if name != "lost+found"]


@on_kinds("a vault on it: made, used, rewritten or told why not, wiped")
def vault(world, disk):
    world.create()
    world.log("13 dec 2014 office burned")
    world.ok("passphrase", "add", new=OTHER)
    result = world.run("resize", "5M")
    true((result.code == 0) == (disk.kind == "ext4"), result)
    true(result.code == 0 or "cannot exchange two files" in result.err, result)
    same(listed(world), ["v.vault"])
    same(world.titles(password=OTHER), ["office burned"])
    disk.clean()
    world.clean_check()
    screen = [row for row in world.run("doctor", "--json", password=None).rows()
              if row["topic"] == "file system"]
    true(screen and screen[0]["level"] in ("fine", "note"), screen)
    world.ok("wipe", "--now", password=None)
    same(listed(world), [])
    disk.clean()


# ---- an overlay ----------------------------------------------------------------------------------


class Overlay:
    def __init__(self, world):
        if os.geteuid() != 0:
            raise Skip("only root mounts an overlay")
        base = world.make("layers")
        done = subprocess.run(["mount", "-t", "tmpfs", "none", base], capture_output=True, text=True)
        true(done.returncode == 0, done.stderr)
        self.base = base
        self.lower, self.upper, self.work = (os.path.join(base, name) for name in ("lower", "upper", "work"))
        for folder in (self.lower, self.upper, self.work):
            os.mkdir(folder, 0o700)
        self.folder = None

    def put(self, folder):
        done = subprocess.run(["mount", "-t", "overlay", "-o", "lowerdir=%s,upperdir=%s,workdir=%s" % (
            self.lower, self.upper, self.work), "none", folder], capture_output=True, text=True)
        if done.returncode != 0:
            raise Skip("this kernel mounts no overlay: " + done.stderr.strip()[:120])
        self.folder = folder

    def close(self):
        for folder in (self.folder, self.base):
            if folder is not None:
                subprocess.run(["umount", "-l", folder])


@test("overlay: what lies in a layer below outlives a wipe, which says so; the doctor names it")
def overlay(world):
    layers = Overlay(world)
    below = os.path.join(layers.lower, "v.vault")
    try:
        world.create(vault=below)
        world.log("13 dec 2014 office burned", vault=below)
        layers.put(world.place)
        rows = [row for row in world.run("doctor", "--json", password=None).rows()
                if row["topic"] == "file system"]
        true(rows and rows[0]["level"] == "weak" and "overlay" in rows[0]["what"], rows)
        config_signal = "[vault]\nkdf = test\nfile = %s\n[emergency]\nsignal = yes\n" % world.vault
        world.config(config_signal)
        screen = Screen(world, "--vault", world.vault)
        try:
            screen.expect("Passphrase:")
            os.kill(screen.pid, signal.SIGUSR2)
            screen.expect("A LAYER BELOW MAY HOLD IT AS IT WAS", seconds=30)
            screen.expect("the rest overwritten and removed", seconds=30)
        finally:
            screen.close()
        same(world.beside(), [])
        same(world.titles(vault=below), ["office burned"])
        subprocess.run(["umount", world.place], check=True)
        shutil.rmtree(layers.upper)
        shutil.rmtree(layers.work)
        os.mkdir(layers.upper)
        os.mkdir(layers.work)
        layers.put(world.place)
        result = world.ok("wipe", "--now", password=None)
        true("A LAYER BELOW MAY HOLD IT AS IT WAS" in result.err, result)
        same(world.beside(), [])
    finally:
        layers.close()


@test("no overlay: a wipe says nothing of layers")
def no_overlay(world):
    world.create()
    result = world.ok("wipe", "--now", password=None)
    true("LAYER" not in result.err + result.out, result)


if __name__ == "__main__":
    harness.main(tests)
