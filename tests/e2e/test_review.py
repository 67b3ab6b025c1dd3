"""Over a real sshd on loopback: the review live, without a way to write, and gone with its line."""
import os
import re
import shutil
import signal
import socket
import subprocess
import time

import harness
from harness import PASS, TERMINAL, Skip, expect, same, sentence, true, wait_until
from tmux import Tmux

tests, test = harness.collector()
SSHD = "/usr/sbin/sshd"
RUN = "/run/sshd"  # sshd wants it, empty

CONFIG = """\
ListenAddress 127.0.0.1
Port %(port)d
HostKey %(folder)s/host
PidFile none
AuthorizedKeysFile %(folder)s/authorized
AllowUsers root
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PrintMotd no
PrintLastLog no
LoginGraceTime 20
SetEnv LC_ALL=C.UTF-8 TZ=UTC HOME=%(home)s
"""


class Server:
    """An sshd of our own, with a host key and two user keys made for it."""

    def __init__(self, world):
        if not os.access(SSHD, os.X_OK) or shutil.which("ssh-keygen") is None:
            raise Skip("sshd is not installed")
        if os.geteuid() != 0:
            raise Skip("only root can start a private sshd here")
        self.folder = world.make("sshd")
        self.made_run = not os.path.isdir(RUN)
        if self.made_run:
            os.mkdir(RUN, 0o755)
        for name in ("host", "user", "forced"):
            subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f",
                            self.path(name)), check=True, stdin=subprocess.DEVNULL)
        self.allow("%s\n" % self.public("user"))
        self.port = free_port()
        with open(self.path("config"), "w", encoding="utf-8") as file:
            file.write(CONFIG % {"port": self.port, "folder": self.folder, "home": world.home})
        with open(self.path("known"), "w", encoding="utf-8") as file:
            file.write("[127.0.0.1]:%d %s\n" % (self.port, self.public("host")))
        with open(self.path("log"), "wb") as log:
            self.process = subprocess.Popen((SSHD, "-D", "-e", "-f", self.path("config")),
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_until(self.answers, 10, "sshd answers")
            probe = subprocess.run(self.command("user", "true"), env=world.env, text=True,
                                   capture_output=True, timeout=30)
            if probe.returncode != 0:
                raise Skip("no login through sshd here: %s" % probe.stderr.strip()[:200])
        except (AssertionError, Skip, subprocess.TimeoutExpired):
            self.close()
            raise

    def path(self, name):
        return os.path.join(self.folder, name)

    def public(self, name):
        with open(self.path(name) + ".pub", encoding="utf-8") as file:
            return file.read().strip()

    def allow(self, text):
        with open(self.path("authorized"), "w", encoding="utf-8") as file:
            file.write(text)

    def answers(self):
        if self.process.poll() is not None:
            with open(self.path("log"), encoding="utf-8", errors="replace") as file:
                raise Skip("sshd does not start here: %s" % file.read().strip()[:200])
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def command(self, key, *words, flags=()):
        return ["ssh", *flags, "-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes",
                "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=10", "-o", "UserKnownHostsFile=" +
                self.path("known"), "-o", "StrictHostKeyChecking=yes", "-i", self.path(key), "-p",
                str(self.port), "root@127.0.0.1", *words]

    def close(self):
        """Also what it started for each line, which does not end with it."""
        below = [pid for pid in everybody() if parent(pid) == self.process.pid]
        self.process.terminate()
        self.process.wait()
        for pid in below:
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
        if self.made_run:
            shutil.rmtree(RUN, ignore_errors=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# ---- processes ---------------------------------------------------------------------------------


def everybody():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def read(pid, name):
    try:
        with open("/proc/%d/%s" % (pid, name), "rb") as file:
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def parent(pid):
    rest = read(pid, "stat").rpartition(")")[2].split()
    return int(rest[1]) if rest else 0


def with_vault(world):
    """What runs for this vault, but no ssh: (id, name)."""
    found = [(pid, read(pid, "comm").strip()) for pid in everybody()
             if world.vault in read(pid, "cmdline")]
    return sorted(one for one in found if one[1] != "ssh")


def client(world):
    found = [pid for pid in everybody() if read(pid, "comm").strip() == "ssh" and
             world.vault in read(pid, "cmdline")]
    same(len(found), 1)
    return found[0]


# ---- the tests ---------------------------------------------------------------------------------


def over_ssh(name, rows=24):
    """A vault with one entry, a server, a terminal."""
    def put(function):
        def run(world):
            server = Server(world)
            screen = None
            try:
                world.create()
                world.log("13 dec 2014 the first one")
                screen = Tmux(world, 80, rows)
                return function(world, screen, server)
            finally:
                if screen is not None:
                    screen.close()
                server.close()
        return test(name)(run)
    return put


def start(screen, server, *words, key="user", pane=0):
    screen.line("clear; " + " ".join(server.command(key, *words, flags=("-tt",))) +
                "; echo code $?", pane)
    screen.expect("Passphrase:", pane)
    screen.line(PASS, pane)


def review(world, screen, server, pane=0):
    start(screen, server, world.program(), "review", world.vault, pane=pane)
    screen.expect("Review", pane)
    screen.expect("the first one", pane)


def again(world, screen):
    """A fresh shell: an ssh that was killed leaves its terminal as it was."""
    screen.call("respawn-pane", "-k", "-t", "a:0.0", "-c", world.folder, "/bin/sh")
    screen.prompt(0)


def both_show(screen, text, panes):
    """Seconds until each of the panes shows it."""
    since = time.monotonic()
    spent = {}
    while len(spent) < len(panes):
        for pane in panes:
            if pane not in spent and text in screen.screen(pane):
                spent[pane] = time.monotonic() - since
        true(time.monotonic() - since < 5, "%r in %s\n%s" % (
            text, list(spent), "\n".join(screen.screen(pane) for pane in panes)))
    return [spent[pane] for pane in panes]


@over_ssh("what lapwing log writes is in a local timeline and in a review over ssh in time", 50)
def live(world, screen, server):
    far = screen.split()
    screen.line("%s --vault %s" % (world.program(), world.vault))
    screen.expect("Passphrase:")
    screen.line(PASS)
    screen.expect("1 entry")
    review(world, screen, server, far)
    local, remote = [], []
    for number in range(5):
        text = "logged as number %d" % number
        world.log("14 dec 2014 " + text)
        here, there = both_show(screen, text, (0, far))
        local.append(here)
        remote.append(there)
        time.sleep(0.13 * number)  # at another moment of the second
    true(max(local + remote) < 1.5, "local %s, over ssh %s" % (local, remote))
    return "seconds after its exit, local: %s; over ssh: %s" % tuple(
        ", ".join("%.2f" % one for one in many) for many in (local, remote))


@over_ssh("a review has no way to write: no key, no command")
def no_way(world, screen, server):
    before = world.ok("export").out
    size = len(world.bytes())
    review(world, screen, server)
    for key in "nceuxd":
        screen.type(key)
    screen.key("F3")
    screen.key("Enter")
    for key in "nce":
        screen.type(key)
    screen.key("F3")
    screen.key("F2")
    screen.key("Escape")
    for name in ("new", "log", "edit", "drafts", "save", "capture", "import", "create"):
        screen.type(":" + name)
        screen.expect(":" + name)
        screen.key("Enter")
        screen.key("Escape")
        screen.expect("read-only")
    for word in ("form", "New entry", "Title  "):
        true(word not in screen.screen(), "no form\n%s" % screen.screen())
    screen.type("n")
    screen.expect("n does nothing here")
    screen.type("Q")
    screen.expect("code 0")
    same(world.ok("export").out, before)
    same(len(world.bytes()), size)
    world.clean_check()


@over_ssh("the lock key over ssh leaves a prompt, and the review opens again")
def lock(world, screen, server):
    review(world, screen, server)
    screen.key("C-\\")
    spent = screen.expect_only("Passphrase:", seconds=3)
    true(spent < 1, "%.2f s" % spent)
    true("lapwing-work" in [name for _, name in with_vault(world)], "the one that asks")
    screen.line(PASS)
    screen.expect("the first one")
    screen.key("C-\\")
    screen.expect_only("Passphrase:", seconds=3)
    screen.key("C-d")
    screen.expect("code")
    same(with_vault(world), [])


@over_ssh("a line that drops leaves nobody behind, and the next review opens")
def dropped(world, screen, server):
    spent = []
    for where in ("timeline", "entry", "prompt"):
        review(world, screen, server)
        if where == "entry":
            screen.key("Enter")
        elif where == "prompt":
            screen.key("C-\\")
            screen.expect_only("Passphrase:", seconds=3)
        names = [name for _, name in with_vault(world)]
        true("lapwing-work" in names and len(names) >= 2, names)
        os.kill(client(world), signal.SIGKILL)
        since = time.monotonic()
        try:
            wait_until(lambda: not with_vault(world), 3, "everybody ends")
        except AssertionError as late:
            raise AssertionError("%s: %s left in %s" % (late, with_vault(world), where)) from None
        spent.append(time.monotonic() - since)
        again(world, screen)
    world.clean_check()
    return "seconds: " + ", ".join("%.2f" % one for one in spent)


@over_ssh("what was typed into a form over a line that drops is there again")
def draft(world, screen, server):
    start(screen, server, world.program(), world.vault)
    screen.expect("1 entry")
    screen.key("n")
    screen.expect("New entry")
    screen.type("typed over a line that dropped")
    screen.expect("typing kept", seconds=2)
    os.kill(client(world), signal.SIGKILL)
    wait_until(lambda: not with_vault(world), 3, "everybody ends")
    again(world, screen)
    start(screen, server, world.program(), world.vault)
    screen.expect("open? (y/n)")
    screen.type("y")
    screen.expect("typed over a line that dropped")


@over_ssh("after a line that dropped one passphrase leads back to the same place, and so does a lock", 20)
def same_place(world, screen, server):
    world.log("12 dec 2014 #threat a man at the gate")
    for number in range(1, 31):
        world.log("%d jan 2015 #search visit number %d" % (number, number))
    start(screen, server, world.program(), "review", world.vault)
    screen.expect("visit number 30")
    screen.type("f")
    screen.type("kind:threat or kind:search")
    screen.key("Enter")
    screen.expect("Only kind:threat")
    screen.type("g")
    screen.expect("> ")
    screen.key("Down")
    screen.key("Enter")
    screen.expect("visit number 1")
    os.kill(client(world), signal.SIGKILL)
    wait_until(lambda: not with_vault(world), 3, "everybody ends")
    again(world, screen)
    start(screen, server, world.program(), "review", world.vault)
    screen.expect("Back where you were")
    screen.expect("visit number 1")
    screen.key("Escape")
    screen.expect("Only kind:threat or kind:search")
    true(re.search(r"^ *> .*visit number 1 ", screen.screen(), re.M), screen.screen())
    screen.key("C-\\")
    screen.expect_only("Passphrase:", seconds=3)
    screen.line(PASS)
    screen.expect("Back where you were")  # as the line left it: it was locked at once
    screen.expect("visit number 1")
    screen.type("Q")  # who leaves begins anew
    screen.expect("code 0")
    start(screen, server, world.program(), "review", world.vault)
    screen.expect("visit number 30")
    true("Only" not in screen.screen() and "Back" not in screen.screen(), screen.screen())


@over_ssh("a key with a forced command gets the review, and nothing else")
def forced(world, screen, server):
    server.allow('restrict,pty,command="%s review %s" %s\n' % (
        world.program(), world.vault, server.public("forced")))
    for words in ((), ("cat", world.vault), (world.program(), "--vault", world.vault, "log")):
        start(screen, server, *words, key="forced")
        screen.expect("Review")
        screen.expect("the first one")
        screen.type(":new")
        screen.key("Enter")
        screen.key("Escape")
        screen.type("Q")
        screen.expect("code 0")
    done = subprocess.run(server.command("forced", "cat", world.vault), env=world.env,
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=30)
    sentence(harness.Result(["ssh"], done.returncode, done.stdout, done.stderr), TERMINAL,
             "terminal")
    same(done.stdout, b"")
    done = subprocess.run(server.command("user", "true"), env=world.env, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=30)
    expect(harness.Result(["ssh"], done.returncode, done.stdout, done.stderr), 255)
    same(world.titles(), ["the first one"])


@over_ssh("a wrong passphrase over ssh tells nothing, and end of input leaves")
def wrong(world, screen, server):
    start(screen, server, world.program(), "review", world.vault)
    screen.expect("Review")
    screen.key("C-\\")
    screen.expect_only("Passphrase:", seconds=3)
    screen.line("not the words")
    screen.expect("Not right")
    true(re.search(r"vault|[Ll]apwing", screen.screen(scrolled=True)) is None, screen.screen())
    screen.key("C-d")
    screen.expect("code")
    same(with_vault(world), [])


if __name__ == "__main__":
    harness.main(tests)
