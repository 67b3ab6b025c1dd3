"""The lock key: in a second a neutral prompt, and nothing known in the memory of any process."""
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time

import harness
import memory
from encodings_of import forms
from harness import PASS, Skip, same, true, wait_until
from ptyscreen import Screen, gone, worker
from tmux import Tmux

tests, test = harness.collector()
CANARIES = ("Quetzalmarrow", "Зимородковый")
KNOWN = memory.Needles(*CANARIES)
SECRET = memory.Needles(PASS)
PROMPT = "Passphrase:"
EVERY = 5  # locks are looked at in all encodings, which takes a second or two
TERMS = ("xterm", "linux", "vt100", "screen-256color", "tmux-256color")


class OnTmux:
    """A pane, asked the same as a pty."""

    def __init__(self, tmux):
        self.tmux = tmux

    def type(self, text):
        if text == "\x1c":
            self.tmux.key("C-\\")
        elif text.endswith("\r"):
            self.tmux.line(text[:-1])
        else:
            self.tmux.type(text)

    def expect(self, text):
        self.tmux.expect(text, seconds=20)

    def expect_only(self, text, seconds):
        self.tmux.expect_only(text, seconds=seconds)


class Watch:
    """Locks again and again, and keeps the longest times."""

    def __init__(self, world, known=KNOWN, secret=SECRET, program=None):
        self.world, self.known, self.secret = world, known, secret
        self.program = program or world.program()
        self.root = os.geteuid() == 0
        self.prompt = self.clean = 0.0
        self.locks = 0

    def pids(self):
        return memory.programs(self.program) if self.root else by_name(self.program)

    def worker(self):
        found = [pid for pid in self.pids() if name(pid) == "lapwing-work"]
        same(len(found), 1, "one worker")
        return found[0]

    def found(self, needles):
        return memory.count(self.pids(), needles) if self.root else 0

    def before(self):
        old = self.worker()
        if self.root:
            true(self.found(self.known) > 0, "the scan sees what is on the screen")
        return old

    def after(self, start, old, prompt=None):
        """From the moment of the key."""
        if prompt is not None:
            prompt()
            spent = time.monotonic() - start
            self.prompt = max(self.prompt, spent)
            true(spent < 1, "%.2f s to the prompt" % spent)
        while True:
            data = memory.take(self.pids()) if self.root else []
            spent = time.monotonic() - start  # searching takes longer
            coded = self.locks % EVERY == 0
            left = self.known.count(data, coded) + self.secret.count(data, coded)
            if left == 0 and gone(old):
                break
            true(spent < 1, "after %.2f s found %d times, worker %sgone" % (
                spent, left, "" if gone(old) else "not "))
        true(spent < 1, "%.2f s to a clean memory" % spent)
        self.clean = max(self.clean, spent)
        self.locks += 1

    def lock(self, screen, stopped=False):
        old = self.before()
        if stopped:
            os.kill(old, signal.SIGSTOP)
        start = time.monotonic()
        screen.type("\x1c")
        self.after(start, old, lambda: screen.expect_only(PROMPT, 3))

    def say(self):
        return "%d locks, prompt in %.2f s, clean in %.2f s%s" % (
            self.locks, self.prompt, self.clean, "" if self.root else "; memory only as root")


def name(pid):
    try:
        with open("/proc/%d/comm" % pid, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


def by_name(program):
    """As good as its own user can tell."""
    found = []
    for pid in os.listdir("/proc"):
        if pid.isdigit() and name(int(pid)).startswith("lapwing-"):
            try:
                with open("/proc/%s/cmdline" % pid, "rb") as file:
                    word = os.fsdecode(file.read().split(b"\0")[0])
            except OSError:
                continue
            if word and os.path.realpath(program).endswith(word):
                found.append(int(pid))
    return found


def prepare(world):
    """A vault in which there is something, and a program that is told from others by its file."""
    copy = world.make("bin")
    shutil.copy2(world.program(), copy)
    world.build = copy
    world.sample()
    world.log("17 dec 2014 21:00 %s at the gate" % CANARIES[0],
              "17 dec 2014 22:00 %s too" % CANARIES[1])


def unlock(screen, words=PASS):
    screen.type(words + "\r")
    screen.expect(" saved")


def repeat(watch, screen, plain, stopped):
    turns = [False] * plain + [True] * stopped
    random.shuffle(turns)
    for turn in turns:
        unlock(screen)
        watch.lock(screen, turn)


def on_pty(world, term, plain, stopped):
    prepare(world)
    watch = Watch(world)
    screen = Screen(world, "--vault", world.vault, term=term)
    try:
        screen.expect(PROMPT)
        repeat(watch, screen, plain, stopped)
    finally:
        screen.close()
    return watch.say()


@test("in tmux, 30 times plain and 15 times with the worker stopped")
def lock_tmux(world):
    prepare(world)
    watch = Watch(world)
    tmux = Tmux(world)
    try:
        tmux.line("%s --vault %s" % (world.program(), world.vault))
        tmux.expect(PROMPT)
        repeat(watch, OnTmux(tmux), 30, 15)
    finally:
        tmux.close()
    return watch.say()


@test("on a bare terminal, 20 times plain and 11 times stopped")
def lock_pty(world):
    return on_pty(world, "xterm", 20, 11)


@test("without an alternate screen (linux), 10 times plain and 2 times stopped")
def lock_linux(world):
    return on_pty(world, "linux", 10, 2)


@test("without an alternate screen (vt100), 10 times plain and 2 times stopped")
def lock_vt100(world):
    return on_pty(world, "vt100", 10, 2)


@test("a passphrase half typed, and one being tried: gone with the lock key")
def lock_gate(world):
    prepare(world)
    watch = Watch(world)
    screen = Screen(world, "--vault", world.vault)
    try:
        screen.expect(PROMPT)
        for turn in range(10):
            old = watch.worker()
            screen.type(PASS + "\r" * (turn % 2))
            screen.pump(0.2 if turn % 2 == 0 else random.uniform(0, 0.05))
            if watch.root and turn % 2 == 0:
                true(watch.found(SECRET) > 0, "the scan sees the passphrase")
            start = time.monotonic()
            screen.type("\x1c")
            watch.after(start, old, lambda: screen.expect_only(PROMPT, 3))
    finally:
        screen.close()
    return watch.say()


@test("the scan sees a word in the memory of a process in every encoding")
def scan_sees(world):
    memory.demand_root()
    for word in CANARIES + (PASS,):
        for name, form in forms(word):
            needles = memory.Needles(word)
            process = subprocess.Popen(("cat",), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            try:
                process.stdin.write(b"-" * 100 + form + b"-" * 100)
                process.stdin.flush()
                process.stdout.read(len(form))
                true(needles.count(memory.take([process.pid]), True) > 0, "%s as %s" % (word, name))
            finally:
                process.kill()
                process.communicate()


@test("a wipe: nothing known in the memory of any process within a second, the one that wipes included")
def wiped_memory(world):
    prepare(world)
    world.config("[vault]\nkdf = test\n[emergency]\nsignal = yes\n")
    watch = Watch(world)
    screen = Screen(world, "--vault", world.vault)
    try:
        screen.expect(PROMPT)
        unlock(screen)
        old = watch.before()
        start = time.monotonic()
        os.kill(screen.pid, signal.SIGUSR2)
        watch.after(start, old)
        screen.expect("the rest overwritten and removed", seconds=30)
        same(watch.known.count(memory.take(watch.pids()), True), 0)
    finally:
        screen.close()
    return watch.say()


# ---- what the terminal shows -------------------------------------------------------------------


def shown(text):
    return [word for word in CANARIES if word in text]


def to_the_end(screen):
    while screen.pump(0.05):
        pass
    screen.wait(10)


def by_key(screen):
    screen.type("\x1c")
    screen.expect_only(PROMPT, 3)


def by_quitting(screen):
    screen.type("Q")
    to_the_end(screen)


def by_signal(number):
    def end(screen):
        os.kill(screen.pid, number)
        to_the_end(screen)
    return end


def by_killing_the_worker(screen):
    os.kill(worker(screen.pid), signal.SIGKILL)
    screen.expect_only(PROMPT, 3)


def by_lock_command(screen):
    screen.type(":lock\r")
    screen.expect_only(PROMPT, 3)


def by_wiping(screen):
    os.kill(screen.pid, signal.SIGUSR2)
    screen.expect("Enter leaves", seconds=30)
    same(shown(screen.grid.text()), [], "while it is wiped")
    screen.type("\r")
    to_the_end(screen)


ENDS = (("the lock key", by_key), ("Q", by_quitting), ("SIGHUP", by_signal(signal.SIGHUP)),
        ("SIGTERM", by_signal(signal.SIGTERM)), ("the worker killed", by_killing_the_worker),
        (":lock", by_lock_command), ("a wipe", by_wiping))


@test("nothing is left on any terminal, nor in what scrolled off it, however the program ends")
def terminals(world):
    prepare(world)
    world.config("[vault]\nkdf = test\n[emergency]\nsignal = yes\nkeys_only = yes\n")
    whole, missing = world.bytes(), []
    for term in TERMS:
        if subprocess.run(("infocmp", term), capture_output=True).returncode != 0:
            missing.append(term)
            continue
        for name, end in ENDS:
            with open(world.vault, "wb") as file:
                file.write(whole)
            screen = Screen(world, "--vault", world.vault, term=term)
            try:
                screen.expect(PROMPT)
                unlock(screen)
                screen.until(lambda: shown(screen.grid.text()), 10, "something to be left")
                screen.type("G")
                screen.pump(0.1)
                end(screen)
                left = shown(screen.grid.text())
                same(left, [], "%s, after %s" % (term, name))
            finally:
                screen.close()
                wait_until(lambda: not by_name(world.program()), 10, "nobody is left")
    return "%d terminals, %d ends%s" % (
        len(TERMS) - len(missing), len(ENDS), "; not described here: " + " ".join(missing) if missing else "")


# ---- through other programs ----------------------------------------------------------------------


def copy_object(source, target):
    """With its time; what it depends on is told for its new place."""
    shutil.copy2(source, target)
    if source.endswith(".d"):
        with open(source, encoding="utf-8") as file:
            text = re.sub(r"^\S*/obj/", "build/obj/", file.read(), flags=re.M)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
    return target


def tree(world):
    """A copy in which make finds everything built."""
    top = world.make("tree")
    build = os.path.join(top, "build")
    os.mkdir(build)
    for entry in ("Makefile", "include", "src", "share"):
        os.symlink(os.path.join(harness.ROOT, entry), os.path.join(top, entry))
    for entry in os.listdir(world.build):
        path = os.path.join(world.build, entry)
        if entry == "obj":
            shutil.copytree(path, os.path.join(build, entry), copy_function=copy_object)
        elif entry == "lapwing" or entry.endswith(".a"):
            shutil.copy2(path, build)
    return top


@test("through make run, plain and stopped")
def lock_make(world):
    world.config("")
    top = tree(world)
    known = memory.Needles("Babinets")
    tmux = Tmux(world)
    try:
        tmux.line("make -s -C %s BUILD=build run" % top)
        tmux.expect("Enter opens the vault", seconds=120)
        words = tmux.screen().split(PROMPT)[1].split("\n")[0].strip()
        watch = Watch(world, known, memory.Needles(words), os.path.join(top, "build", "lapwing"))
        screen = OnTmux(tmux)
        tmux.key("Enter")
        for turn in range(4):
            screen.expect(" saved")
            watch.lock(screen, turn % 2 == 1)
            screen.type(words + "\r")
        screen.expect(" saved")
        tmux.type("Q")
        tmux.expect("shell>")
    finally:
        tmux.close()
    return watch.say()


class Sshd:
    """A server of its own on loopback, for root alone."""

    def __init__(self, world):
        if os.geteuid() != 0:
            raise Skip("only root can start a private sshd")
        for path in ("/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/ssh-keygen"):
            if not os.path.exists(path):
                raise Skip("%s is missing" % path)
        self.made = not os.path.isdir("/run/sshd")
        self.folder = world.make("sshd")
        self.log = os.path.join(self.folder, "log")
        for key in ("host", "user"):
            subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path(key)),
                           check=True, stdin=subprocess.DEVNULL)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        with open(self.path("config"), "w", encoding="ascii") as file:
            file.write("Port %d\nListenAddress 127.0.0.1\nHostKey %s\nAuthorizedKeysFile %s\n"
                       "PidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n"
                       "PasswordAuthentication no\nPrintMotd no\nPrintLastLog no\n" % (
                           self.port, self.path("host"), self.path("user.pub")))
        if self.made:
            os.mkdir("/run/sshd", 0o755)
        self.process = subprocess.Popen(
            ("/usr/sbin/sshd", "-D", "-f", self.path("config"), "-E", self.log),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(self.answers, 10, "sshd answers")
            self.try_login()
        except BaseException:
            self.close()
            raise

    def path(self, entry):
        return os.path.join(self.folder, entry)

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def command(self, *options):
        return ("ssh", "-F", "none", "-p", str(self.port), "-i", self.path("user"), "-q",
                "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes",
                "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                *options, "root@127.0.0.1")

    def try_login(self):
        done = subprocess.run(self.command() + ("true",), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=30)
        if done.returncode != 0:
            with open(self.log, encoding="utf-8", errors="replace") as file:
                raise Skip("no login through sshd here: %s" % file.read().strip()[-200:])

    def close(self):
        self.process.kill()
        self.process.wait()
        if self.made:
            try:
                os.rmdir("/run/sshd")
            except OSError:
                pass


def script(world, entry, text):
    path = world.write(entry, "#!/bin/sh\n" + text)
    os.chmod(path, 0o700)
    return path


def over_ssh(world, remote, turns=6):
    watch = Watch(world)
    sshd = Sshd(world)
    tmux = None
    try:
        tmux = Tmux(world)
        tmux.line(" ".join(sshd.command("-t")) + " " + remote)
        tmux.expect(PROMPT)
        screen = OnTmux(tmux)
        repeat(watch, screen, turns // 2, turns - turns // 2)
        return watch, tmux, sshd
    except BaseException:
        if tmux is not None:
            tmux.close()
        sshd.close()
        raise


def remote_program(world):
    words = " ".join("%s='%s'" % item for item in world.env.items() if item[0] != "TERM")
    return script(world, "remote", "exec env %s %s --vault %s\n" % (
        words, world.program(), world.vault))


@test("through ssh -t, plain and stopped; the line cut: nobody is left")
def lock_ssh(world):
    prepare(world)
    watch, tmux, sshd = over_ssh(world, remote_program(world))
    try:
        unlock(OnTmux(tmux))
        old = watch.before()
        start = time.monotonic()
        tmux.call("kill-server")
        watch.after(start, old)
        wait_until(lambda: not watch.pids(), 2, "nobody is left")
    finally:
        tmux.close()
        sshd.close()
    return watch.say()


@test("through ssh with tmux inside, plain and stopped")
def lock_ssh_tmux(world):
    prepare(world)
    inner = os.path.join(world.folder, "inner")
    config = world.write("inner.conf", "set -g status off\n")
    remote = script(world, "remote-tmux", "LC_ALL=C.UTF-8 exec tmux -S %s -f %s new-session %s\n" % (
        inner, config, remote_program(world)))
    try:
        watch, tmux, sshd = over_ssh(world, remote)
        tmux.close()
        sshd.close()
    finally:
        subprocess.run(("tmux", "-S", inner, "kill-server"), capture_output=True)
    return watch.say()


# ---- terminals that stall ------------------------------------------------------------------------


def is_writing(pid):
    """True for one that waits for its terminal to take something."""
    with open("/proc/%d/syscall" % pid, encoding="ascii") as file:
        words = file.read().split()
    return words[:2] == ["1", "0x1"]  # write(1, ...


def stall(world, screen, watch):
    """Makes it draw more than the terminal takes."""
    end = time.monotonic() + 20
    while not is_writing(watch.worker()):
        true(time.monotonic() < end, "it waits for its terminal")
        screen.type("\x0c")
        time.sleep(0.002)


@test("a terminal that nobody reads: the worker is gone within a second")
def stalled_pty(world):
    memory.demand_root()
    prepare(world)
    watch = Watch(world)
    screen = Screen(world, "--vault", world.vault)
    try:
        screen.expect(PROMPT)
        for turn in range(5):
            unlock(screen)
            old = watch.before()
            stall(world, screen, watch)
            if turn % 2:
                os.kill(old, signal.SIGSTOP)
            start = time.monotonic()
            screen.type("\x1c")
            watch.after(start, old)
            screen.expect_only(PROMPT)
    finally:
        screen.close()
    return watch.say()


@test("a tmux client and a tmux server that are stopped: the worker is gone within a second")
def stalled_tmux(world):
    prepare(world)
    watch = Watch(world)
    tmux = Tmux(world)
    client = Screen(world, "-S", tmux.socket, "attach", program=shutil.which("tmux"))
    try:
        tmux.line("%s --vault %s" % (world.program(), world.vault))
        tmux.expect(PROMPT)
        screen = OnTmux(tmux)
        unlock(screen)
        os.kill(client.pid, signal.SIGSTOP)
        for stopped in (False, True):
            watch.lock(screen, stopped)
            unlock(screen)
        os.kill(client.pid, signal.SIGCONT)
        server = int(tmux.call("display-message", "-p", "#{pid}"))
        old = watch.before()
        os.kill(server, signal.SIGSTOP)
        try:
            start = time.monotonic()
            same(world.run("lock", vault=False, password=None).code, 0)
            watch.after(start, old)
        finally:
            os.kill(server, signal.SIGCONT)
        tmux.expect_only(PROMPT, seconds=3)
    finally:
        client.close()
        tmux.close()
    return watch.say()


if __name__ == "__main__":
    harness.main(tests)
