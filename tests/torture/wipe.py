#!/usr/bin/env python3
"""The wipe, killed before each of its system calls, and in states that it must not mind.

usage: tests/torture/wipe.py BUILD SEED short|long FOLDER [PART]   (the contract stands in tests/torture/run)

PART: the name of a state, or "calls".

Ways to it: `lapwing wipe --now`, SIGUSR2 and the lock key of the running program. Killed anywhere:
nothing was claimed before it was true; once it was told that the keys are gone, no passphrase opens the
file, and the next start ends it; else the vault is whole or it opens with no passphrase, and the next wipe
ends it. A long round does every tenth call, from seed % 10 on, so that ten rounds in a row do them all.

States: the worker stopped; in a long query; the supervisor stopped; a writer of the header between
its two copies; a full disk; a disk that may only be read; one that does not answer, with other files on it,
and with the path led there; somebody with a lease on the file; no process to be had, no descriptor; a
terminal and a pipe that nobody reads; the terminal gone, signals. Done, or reported as not done.

What needs root (tracing, mounting) is left out elsewhere, and said.
"""

import fcntl
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness  # noqa: E402
import wipe_calls as calls  # noqa: E402
from harness import CREATE, DURESS, IO, PAGE, PASS, WRONG, Drain, same, true, wait_until  # noqa: E402
from kill_commands import journal  # noqa: E402
from ptyscreen import Screen, children, gone, worker  # noqa: E402

SLICES = 10
KEYS = 7 * PAGE
TOLD = "keys overwritten and synced"
PROMPT = "Passphrase:"
CHORD = "\x1c"
WAIT = 60
APART = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")  # sees no other process


class Skip(Exception):
    """Not on this machine."""


class Stage:
    def __init__(self, build, seed, folder):
        self.world = harness.World(build, folder)
        self.seed = seed
        self.chance = random.Random(seed)
        self.bad = self.kills = self.calls = self.states = 0
        self.arm()
        self.world.create(duress=DURESS)
        self.world.log("17 dec 2014 21:00 something at the gate")
        self.image = self.world.bytes()
        self.mounts = []

    def arm(self, *lines):
        self.world.config("[vault]\nkdf = test\n[emergency]\nsignal = yes\nhold = yes\ncountdown = 0\n" +
                          "".join(line + "\n" for line in lines))

    def restore(self):
        world = self.world
        for name in world.beside():
            path = os.path.join(world.place, name)
            if os.path.isdir(path) and not os.path.islink(path):
                os.rmdir(path)
            else:
                os.unlink(path)
        with open(world.vault, "wb") as file:
            file.write(self.image)

    def turn(self, name, run):
        self.restore()
        try:
            return run()
        except Skip as reason:
            print("skip: %s: %s" % (name, reason), flush=True)
            return 0
        except (AssertionError, OSError, ValueError, calls.Gone, subprocess.TimeoutExpired) as error:
            self.bad += 1
            print("bad: seed %d, %s: %s" % (self.seed, name, " | ".join(str(error).splitlines())[:1500]),
                  flush=True)
            if self.bad >= 10:
                sys.exit(self.end())
            return 0
        finally:
            self.unmount()

    def end(self):
        self.world.close()
        print("figures kills=%d calls=%d states=%d bad=%d" % (self.kills, self.calls, self.states, self.bad),
              flush=True)
        return 1 if self.bad else 0

    # -- the vault --

    def keys_gone(self, path=None, before=None):
        """No 16 bytes of what made it open are left."""
        data, before = self.world.bytes(path)[:KEYS], before or self.image
        kept = [at for at in range(0, len(data), 16) if data[at:at + 16] == before[at:at + 16]]
        true(not kept, "the keys stand, from byte %s on" % kept[:1])

    def opens_never(self):
        if os.path.exists(self.world.vault):
            for password in (PASS, DURESS):
                code = self.world.run("timeline", password=password).code
                true(code == WRONG, "opened with code %d" % code)

    def all_gone(self, seconds=WAIT):
        wait_until(lambda: self.world.beside() == [], seconds, "the vault is removed")

    def judge(self, told, before_write):
        """After a kill. before_write: nothing was written yet."""
        world = self.world
        names = world.beside()
        true(set(names) <= {"v.vault", "v.vault.wiped"} and len(names) < 2, names)
        if told:
            for name in names:
                self.keys_gone(os.path.join(world.place, name))
            world.run("timeline")  # the next start
            same(world.beside(), [], "the next start ends it")
            return
        if before_write:
            same(world.bytes() == self.image, True, "untouched before the first write")
        if names == ["v.vault"] and world.bytes()[:KEYS] == self.image[:KEYS]:
            if self.chance.random() < 0.2:
                same(len(world.titles()), 1, "the vault is whole")
        elif names == ["v.vault"] and self.chance.random() < 0.2:
            self.keys_gone()  # one write does it
            self.opens_never()
        result = world.run("wipe", "--now", password=None)
        true(result.code in (0, harness.INPUT), result)
        same(world.beside(), [], "the next wipe ends it")

    # -- the program --

    def screen(self, unlocked=True, **options):
        screen = Screen(self.world, "--vault", self.world.vault, **options)
        screen.expect(PROMPT)
        if unlocked:
            screen.type(PASS + "\r")
            screen.expect(" saved", "No entries", seconds=WAIT)
        return screen

    # -- disks --

    def mount(self, megabytes=24):
        if os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
            raise Skip("only root can mount a disk of its own")
        number = len(self.mounts)
        image = os.path.join(self.world.folder, "disk%d" % number)
        place = os.path.join(self.world.folder, "mnt%d" % number)
        with open(image, "wb") as file:
            file.truncate(megabytes << 20)
        subprocess.run(("mkfs.ext4", "-q", "-m", "0", image), check=True, capture_output=True)
        os.mkdir(place)
        done = subprocess.run(("mount", "-o", "loop", image, place), capture_output=True, text=True)
        if done.returncode != 0:
            os.rmdir(place)
            raise Skip("no loop mounts here: %s" % done.stderr.strip())
        self.mounts.append((place, image))
        return place

    def unmount(self):
        while self.mounts:
            place, image = self.mounts.pop()
            subprocess.run(("fsfreeze", "-u", place), capture_output=True)
            wait_until(lambda: subprocess.run(("umount", place), capture_output=True).returncode == 0, WAIT,
                       "the disk is not used any more")
            os.rmdir(place)
            os.unlink(image)

    def vault_on(self, place):
        """The vault stands there for a time."""
        path = os.path.join(place, "v.vault")
        with open(path, "wb") as file:
            file.write(self.image)
        return path


def wiper_of(screen):
    for pid in children(screen.pid):
        with open("/proc/%d/comm" % pid, encoding="utf-8") as file:
            if file.read().strip() == "lapwing-wipe":
                return pid
    return None


def close(screen):
    """With whatever wipes for it."""
    found = children(screen.pid) if screen.code is None else []
    screen.close()
    for pid in found:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        wait_until(lambda: gone(pid), WAIT, "its end")


# ---- at each call -----------------------------------------------------------------------------------


class Command:
    """lapwing wipe --now, traced."""

    def begin(self, stage):
        self.process = stage.world.start("wipe", "--now", password=None, preexec=calls.be_traced)
        self.out, self.err = Drain(self.process.stdout), Drain(self.process.stderr)
        calls.start(self.process.pid)
        return self.process.pid

    def told(self, stage):
        self.process.returncode = 0  # waited for by the tracer
        self.out.join()
        self.err.join()
        stage.world.running.remove(self.process)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        return TOLD.encode() in self.out.data


class Program:
    """The process that wipes for the program, killed together with its supervisor, which draws its news."""

    def __init__(self, chord):
        self.chord = chord

    def act(self):
        if self.chord:
            self.screen.type(CHORD)
            time.sleep(0.2)
            self.screen.type(CHORD)
            time.sleep(0.2)
            self.screen.type(CHORD)
        else:
            os.kill(self.screen.pid, signal.SIGUSR2)

    def begin(self, stage):
        self.screen = stage.screen(unlocked=False)
        if self.chord:  # a new worker starts between presses, and is no wiper
            self.screen.type(CHORD)
            time.sleep(0.2)
            self.screen.type(CHORD)
            self.screen.pump(0.3)
            return calls.child_of(self.screen.pid, lambda: self.screen.type(CHORD))
        return calls.child_of(self.screen.pid, self.act)

    def told(self, stage):
        self.screen.pump(0.1)
        claimed = "Enter leaves" in self.screen.grid.screen()  # that they stay so
        true(not claimed or TOLD in self.screen.grid.screen(), self.screen.grid.screen())
        close(self.screen)
        return claimed


def count_calls(stage, way):
    """The names of all calls of a wipe, in order."""
    names = []
    pid = way.begin(stage)

    def note(_, name):
        names.append(name)
        return False

    try:
        calls.run_to(pid, note)
    except calls.Gone:
        pass
    true(way.told(stage), "a wipe that is not killed is told")
    same(stage.world.beside(), [], "and done")
    return names


class Point:
    """The number-th call; or the number-th of a name, or the one after that. Their number in all varies, with
    the processes that there are and with how often it looked."""

    def __init__(self, number, name=None, after=False):
        self.number, self.name, self.after = number, name, after
        self.seen, self.written, self.passed = 0, False, False

    def __str__(self):
        if self.name is None:
            return "call %d" % self.number
        return "%scall %d of %s" % ("the one after " * self.after, self.number, self.name)

    def reached(self, count, name):
        self.seen += name == self.name
        there = self.name is not None and name == self.name and self.seen == self.number
        if self.passed or there and not self.after or self.name is None and count >= self.number:
            return True
        self.passed = there
        self.written = self.written or name == "pwritev2"
        return False


def kill_at(stage, way, point):
    pid = way.begin(stage)

    try:
        calls.run_to(pid, point.reached)
    except calls.Gone:
        way.told(stage)
        return 0
    if isinstance(way, Program):
        os.kill(way.screen.pid, signal.SIGSTOP)  # else it starts another one
        way.screen.pump(0.02)
    os.kill(pid, signal.SIGKILL)
    try:
        while True:
            calls.wait(pid)
    except (calls.Gone, ChildProcessError):
        pass
    told = way.told(stage)
    stage.judge(told, not point.written)
    return 1


def chosen(stage, names, short, most):
    """Points at and after each change of the file, and some of the others."""
    matter = ("pwritev2", "renameat2", "ftruncate", "fallocate", "unlink", "fsync", "fdatasync", "write")
    near = [(n, name, after) for name in matter for n in range(1, min(names.count(name), 4) + 1)
            for after in (False, True)]
    if not short:
        some = [n for n in range(1, len(names) + 1) if n % SLICES == stage.seed % SLICES]
        # nearly all of them are the same round of the watch
        watch = [n for n in some if names[n - 1] in ("pread64", "nanosleep")]
        some = sorted(set(some) - set(watch) | set(watch[::max(1, len(watch) // 10)]))
        return [Point(*one) for one in near] + [Point(n) for n in some]
    fixed = [(1, "pwritev2", True), (1, "renameat2", True)]
    if most:
        fixed += [(1, "pwritev2", False), (1, "renameat2", False)]
    rest = [one for one in near if one not in fixed]
    return [Point(*one) for one in fixed + stage.chance.sample(rest, min(len(rest), most))] + [
        Point(stage.chance.randrange(1, len(names) + 1))]


def all_calls(stage, short):
    reason = calls.why_not()
    if reason:
        print("skip: killed at every system call: %s" % reason, flush=True)
        return
    ways = [("wipe --now", Command, 4), ("SIGUSR2", lambda: Program(False), 0),
            ("the lock key", lambda: Program(True), 0)]
    for name, make, most in ways:
        names = []
        stage.turn(name, lambda: names.extend(count_calls(stage, make())))
        if not names:
            continue
        stage.calls += len(names)
        for point in chosen(stage, names, short, most):
            what = "%s, before %s" % (name, point)
            stage.kills += stage.turn(what, lambda: kill_at(stage, make(), point))


# ---- states -----------------------------------------------------------------------------------------


def by_signal(stage, prepare, unlocked=True):
    screen = stage.screen(unlocked)
    try:
        old = worker(screen.pid)
        prepare(screen)
        os.kill(screen.pid, signal.SIGUSR2)
        screen.expect("the rest overwritten and removed", seconds=WAIT)
        true(TOLD in screen.grid.screen() and gone(old), screen.grid.screen())
        stage.all_gone()
    finally:
        close(screen)
    return 1


def worker_stopped(stage):
    return by_signal(stage, lambda screen: os.kill(worker(screen.pid), signal.SIGSTOP))


def long_query(stage):
    """At some moment of a search, and in a list that somebody reads no further."""
    stage.world.ok("import", "-", stdin=journal(2000, "L", "text at the gate"))
    image = stage.world.bytes()

    def search(screen):
        screen.type("/")
        screen.type("text gate")
        time.sleep(stage.chance.uniform(0, 0.05))

    by_signal(stage, search)
    with open(stage.world.vault, "wb") as file:
        file.write(image)
    return half_read_list(stage)


def waiting_bytes(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


def half_read_list(stage):
    world = stage.world
    lister = world.start("timeline", "--json")
    wait_until(lambda: waiting_bytes(lister.stdout) > 49152, WAIT, "its pipe is full")
    result = world.ok("wipe", "--now", password=None)
    true(TOLD in result.out, result)
    same(world.beside(), [])
    true(lister.wait(WAIT) != 0, "it is ended")
    return 1


def supervisor_stopped(stage):
    world, screen = stage.world, stage.screen()
    try:
        old = worker(screen.pid)
        os.kill(screen.pid, signal.SIGSTOP)
        result = world.ok("wipe", "--now", password=None)
        true(TOLD in result.out and gone(old), result)
        same(world.beside(), [])
        screen.expect("Enter leaves", seconds=WAIT)  # it was told to go on
    finally:
        close(screen)
    return 1


def header_writer(stage):
    """The second copy of the header is written in the middle of the watch by one whom the wipe cannot see, and so
    not end; by one that goes on, sees that the vault is wiped and takes it back, and by one that is killed
    there."""
    reason = calls.why_not()
    if reason:
        raise Skip(reason)
    for last in (calls.let_go, calls.kill_after):
        stage.restore()
        write_header(stage, last)
    return 1


def write_header(stage, last):
    world = stage.world
    process = world.start("timeline", preexec=calls.be_traced)
    outs = Drain(process.stdout), Drain(process.stderr)
    calls.start(process.pid)
    seen = []

    def second(_, name):
        seen.extend([name] * (name == "pwritev2"))
        return len(seen) == 2

    calls.run_to(process.pid, second)
    copy = calls.first_piece(process.pid)
    wipe = world.start("wipe", "--now", "--keys-only", password=None, prefix=APART)
    told = Drain(wipe.stdout)
    wait_until(lambda: world.bytes()[:PAGE] != stage.image[:PAGE], WAIT, "the first overwriting")
    time.sleep(stage.chance.uniform(0.1, 1))
    last(process.pid)
    if last is calls.let_go:
        process.wait(WAIT)
    process.returncode = process.returncode or 0  # waited for by the tracer
    same(wipe.wait(WAIT), 0, "the wipe")
    told.join()
    true(TOLD.encode() in told.data, told.data)
    stage.keys_gone()
    true(copy[:64] not in world.bytes(), "the copy stands")
    stage.opens_never()
    del outs


def full_disk(stage):
    world, place = stage.world, stage.mount()
    vault = stage.vault_on(place)
    with open(os.path.join(place, "filler"), "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    result = world.ok("wipe", "--now", vault=vault, password=None)
    true(TOLD in result.out and not os.path.exists(vault), result)
    return 1


def read_only(stage):
    """Said, tried again, and done when it can be."""
    world, place = stage.world, stage.mount()
    vault = stage.vault_on(place)
    subprocess.run(("mount", "-o", "remount,ro", place), check=True)
    result = world.run("wipe", "--now", vault=vault, password=None)
    true(result.code in (CREATE, IO), result)
    true("THE KEYS ARE NOT DESTROYED" in result.err and TOLD not in result.out, result)
    same(world.bytes(vault) == stage.image, True)
    screen = Screen(world, "--vault", vault)
    try:
        screen.expect(PROMPT)
        os.kill(screen.pid, signal.SIGUSR2)
        screen.expect("THE KEYS ARE NOT DESTROYED", seconds=WAIT)
        true(TOLD not in screen.grid.screen() and world.bytes(vault) == stage.image, screen.grid.screen())
        subprocess.run(("mount", "-o", "remount,rw", place), check=True)
        screen.expect("the rest overwritten and removed", seconds=WAIT)
        true(not os.path.exists(vault), "removed")
    finally:
        close(screen)
    return 1


def freeze(place):
    if shutil.which("fsfreeze") is None:
        raise Skip("fsfreeze is not installed")
    subprocess.run(("fsfreeze", "-f", place), check=True)


def other_disk_stalls(stage):
    """Another file on a disk that does not answer; others of every odd kind."""
    world, place = stage.world, stage.mount()
    folder = world.folder
    stuck = os.path.join(place, "note")
    good, fifo = os.path.join(folder, "note"), os.path.join(folder, "fifo")
    for path in (stuck, good):
        with open(path, "wb") as file:
            file.write(b"a name\n" * 9000)
    os.mkfifo(fifo)
    also = [stuck, fifo, "/dev/full", "/dev/tty", world.tmp, os.path.join(folder, "none"), good]
    stage.arm(*("also = " + path for path in also))
    freeze(place)
    screen = stage.screen(unlocked=False)
    try:
        os.kill(screen.pid, signal.SIGUSR2)
        screen.expect("the rest overwritten and removed", seconds=WAIT)
        stage.all_gone()
        screen.expect("other files wiped: 1 of %d" % len(also), seconds=WAIT)
        screen.expect("NOT WIPED")
        subprocess.run(("fsfreeze", "-u", place), check=True)
        wait_until(lambda: not os.path.exists(stuck), WAIT, "it is tried on")
    finally:
        subprocess.run(("fsfreeze", "-u", place), capture_output=True)
        close(screen)
        stage.arm()
        os.unlink(fifo)
    return 1


def path_stalls(stage):
    """The path leads to a disk that does not answer, after the vault was opened."""
    world, place = stage.world, stage.mount()
    elsewhere = stage.vault_on(place)
    moved = os.path.join(world.place, "moved")
    screen = stage.screen()
    try:
        os.rename(world.vault, moved)
        os.symlink(elsewhere, world.vault)
        freeze(place)
        before = world.bytes(moved)  # unlocking wrote the header
        os.kill(screen.pid, signal.SIGUSR2)
        wait_until(lambda: world.bytes(moved)[:PAGE] != before[:PAGE], 5, "what is held is wiped at once")
        stage.keys_gone(moved, before)
        screen.pump(1)
        true(TOLD not in screen.grid.screen(), "nothing is claimed: %s" % screen.grid.screen())
    finally:
        subprocess.run(("fsfreeze", "-u", place), capture_output=True)
        close(screen)
    return 1


def path_is_no_file(stage):
    """What the path leads to now cannot be opened, and what is held is another file: never told as done."""
    world, screen = stage.world, stage.screen()
    moved = os.path.join(world.place, "moved")
    try:
        os.rename(world.vault, moved)
        os.mkdir(world.vault)
        before, at = world.bytes(moved), len(screen.raw)
        os.kill(screen.pid, signal.SIGUSR2)
        screen.expect("THE KEYS ARE NOT DESTROYED", seconds=WAIT)
        screen.pump(3)
        true(at < 20000 and TOLD.encode() not in screen.raw, "told: %r" % screen.raw[-1500:])
        stage.keys_gone(moved, before)
        os.rmdir(world.vault)
        screen.expect("the rest overwritten and removed", seconds=WAIT)
    finally:
        close(screen)
    return 1


def leased(stage):
    """As by a file server, which gives it up when the kernel asks."""
    world = stage.world
    file = os.open(world.vault, os.O_RDONLY)
    asked = []
    before = signal.signal(signal.SIGIO, lambda *_: asked.append(time.monotonic()))
    try:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        process = world.start("wipe", "--now", password=None)
        told = Drain(process.stdout), Drain(process.stderr)
        wait_until(lambda: asked, WAIT, "the kernel asks")
        time.sleep(0.5)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        same(process.wait(WAIT), 0, "the wipe")
        same(world.beside(), [])
        del told
    finally:
        signal.signal(signal.SIGIO, before)
        os.close(file)
    return 1


def limited(stage, what, least):
    """An ordinary user's supervisor, limited after its start, and then no more."""
    world = stage.world
    prefix = world.user()
    if not prefix or shutil.which("prlimit") is None:
        raise Skip("only root can limit what runs as somebody else, with prlimit")

    def limit(text):
        subprocess.run(prefix + ("prlimit", "--pid", str(screen.pid), "--%s=%s" % (what, text)), check=True)

    screen = Screen(world, *prefix[1:], world.program(), "--vault", world.vault,
                    program=shutil.which(prefix[0]))
    try:
        screen.expect(PROMPT)
        limit("%d:" % least)
        os.kill(screen.pid, signal.SIGUSR2)
        yield screen
        limit("1000:")
        yield screen
    finally:
        close(screen)
        for top, folders, files in os.walk(world.folder):
            for path in [top] + [os.path.join(top, name) for name in folders + files]:
                os.chown(path, 0, 0, follow_symlinks=False)


def no_process(stage):
    steps = limited(stage, "nproc", 1)
    screen = next(steps)
    try:
        screen.expect("no process can be started", seconds=WAIT)
        true(TOLD in screen.grid.screen(), screen.grid.screen())
        stage.keys_gone()
        next(steps)
        screen.expect("the rest overwritten and removed", seconds=WAIT)
        stage.all_gone()
    finally:
        steps.close()
    return 1


def no_descriptor(stage):
    steps = limited(stage, "nofile", 3)
    next(steps)
    try:
        wait_until(lambda: not os.path.exists(stage.world.vault) or
                   stage.world.bytes()[:KEYS] != stage.image[:KEYS], WAIT, "the keys")
    finally:
        steps.close()
    return 1


def fill(fd):
    """What nobody reads takes nothing more."""
    os.set_blocking(fd, False)
    try:
        while True:
            os.write(fd, b"#" * 4096)
    except BlockingIOError:
        pass
    try:
        while True:
            os.write(fd, b"#")
    except BlockingIOError:
        pass
    os.set_blocking(fd, True)


def output_stalls(stage):
    """lapwing wipe --now on a terminal, and on a pipe, that takes nothing."""
    world = stage.world
    for pair in (os.openpty, os.pipe):
        stage.restore()
        first, second = pair()
        if pair is os.openpty:
            settings = termios.tcgetattr(second)
            settings[1] &= ~termios.OPOST
            termios.tcsetattr(second, termios.TCSANOW, settings)
        fill(second)
        process = world.start("wipe", "--now", password=None, stdout=second, stderr=second)
        try:
            stage.all_gone(30)
        finally:
            process.kill()
            process.wait()
            os.close(first)
            os.close(second)
    return 1


def terminal_stalls(stage):
    screen = stage.screen()
    try:
        screen.type("?" * 2000)
        time.sleep(0.5)
        os.kill(screen.pid, signal.SIGUSR2)
        stage.all_gone()
    finally:
        close(screen)
    return 1


def command_is_left(stage):
    """Every way to end lapwing wipe --now but SIGKILL, in its first second; then its terminal is gone."""
    world = stage.world
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, None):
        stage.restore()
        screen = Screen(world, "--vault", world.vault, "wipe", "--now")
        try:
            wait_until(lambda: world.bytes()[:KEYS] != stage.image[:KEYS], WAIT, "the first overwriting")
            if number is None:
                os.close(screen.fd)
                screen.fd = -1
            else:
                os.kill(screen.pid, number)
            wait_until(lambda: world.beside() == [], WAIT, "it goes on after %s" % number)
        finally:
            screen.close()
    return 1


STATES = (worker_stopped, long_query, supervisor_stopped, header_writer, full_disk, read_only,
          other_disk_stalls, path_stalls, path_is_no_file, leased, no_process, no_descriptor, output_stalls,
          terminal_stalls, command_is_left)


def main():
    build, seed, size, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
    only = sys.argv[5:]
    stage = Stage(build, seed, folder)
    os.chmod(folder, 0o711)  # for who is not root
    for state in STATES:
        if not only or state.__name__ in only:
            stage.states += stage.turn(state.__name__, lambda: state(stage))
    if not only or "calls" in only:
        all_calls(stage, size == "short")
    sys.exit(stage.end())


if __name__ == "__main__":
    main()
