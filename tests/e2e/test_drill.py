"""The drill: lock, unlock, stop, wipe, duress on a vault that is thrown away; and nothing else is touched."""
import os
import re
import shlex
import shutil
import signal
import stat
import time

import harness
from harness import PASS, ROOT, TERMINAL, same, sentence, true, wait_until
from ptyscreen import Screen, children, gone, worker
from test_review import Server
from tmux import Tmux

tests, test = harness.collector()
CHORD = "\x1c"
ORDINARY, DURESS = "green door", "old garden"
PROMPT = "Passphrase:"
STEPS = ("lock.", "unlock.", "stop a wipe.", "wipe.", "the duress passphrase.", "if you want: this line.")
MORE = "Enter more"


class Drill(Screen):
    """One drill; pages are read to their end, as words in one line."""

    def __init__(self, world, *lines, columns=80, rows=24, program=None):
        if not os.path.exists(os.path.join(ROOT, "share", "practice")):
            raise harness.Skip("share/ is not beside the build folder")
        world.config("[vault]\nkdf = test\n" + "".join(line + "\n" for line in lines))
        self.world = world
        super().__init__(world, "drill", columns=columns, rows=rows, program=program)

    def pump(self, seconds=0.0):
        """Also sees what appears in its folder, as long as that is there."""
        end = time.monotonic() + seconds
        while super().pump(min(0.05, max(0, end - time.monotonic()))):
            self.world.watched.collect()
            if time.monotonic() >= end:
                return True
        return False

    def words(self):
        return " ".join(self.grid.screen().split())

    def on(self, text, seconds=30):
        """Until that stands on the screen, however it is broken into rows."""
        self.until(lambda: text in self.words(), seconds, text)

    def read(self, text):
        """The page that begins with that, whole; the next key answers it."""
        self.on(text)
        self.pump(0.05)
        pages = [self.words()]
        while MORE in self.words():
            before = self.words()
            self.type(" ")
            self.until(lambda: self.words() != before, 10, "the rest of the page")
            self.pump(0.05)
            pages.append(self.words())
        # what can be pressed stands on every page, in the middle of a sentence that is broken there
        return " ".join([page.partition(" " + MORE)[0] for page in pages[:-1]] + pages[-1:])

    def welcome(self):
        text = self.read("Here you lock")
        self.type("\r")
        return text

    def step(self, number, key="\r"):
        text = self.read("Step %d of 6" % number)
        self.type(key)
        return text

    def skip_to(self, number):
        self.welcome()
        for at in range(1, number):
            self.step(at, "s")

    def result(self, text, key="\r"):
        read = self.read(text)
        true("r repeat" in read, read)
        self.type(key)
        return read

    def opened(self):
        self.on(" entries")
        self.pump(0.8)  # drawn, and polled once

    def chord(self, times=1, pause=0.35):
        for _ in range(times):
            self.type(CHORD)
            self.pump(pause)

    def hold(self, until, seconds=20):
        start = time.monotonic()
        self.type(CHORD)
        self.pump(0.25)
        while until not in self.words():
            true(time.monotonic() - start < seconds, "held, and not %s on\n%s" % (
                until, self.grid.screen()))
            self.type(CHORD)
            self.pump(0.033)

    def unlock(self, words):
        self.on(PROMPT)
        self.type(words + "\r")
        self.on(" entries")
        self.pump(0.4)
        self.type("Q")

    def wiped(self):
        """Until the supervisor says that it is over."""
        self.on("Enter leaves")
        self.until(lambda: "the rest overwritten and removed" in self.words() or
                   "the rest of the file is left" in self.words(), 30, "the rest")
        self.pump(0.3)
        self.type("\r")

    def finish(self, code=0):
        while self.pump(0.05):
            pass
        self.wait(20)
        same(self.code, code)
        true("practice vault is removed" in self.words() or code != 0, self.grid.screen())
        same(left(self.world), [], "what is left of the drill")


def left(world):
    return sorted(os.listdir(world.tmp))


def folder(world):
    found = [name for name in left(world) if name.startswith("lapwing-drill-")]
    same(len(found), 1, left(world))
    return os.path.join(world.tmp, found[0])


# ---- one step after the other ----------------------------------------------------------------


def lock(drill):
    drill.step(1)
    drill.opened()
    old = worker(drill.pid)
    drill.chord()
    drill.on("Locked in")
    true(gone(old), "the process that knew is gone")
    text = drill.result("Locked in")
    true("Process %d knew" % old in text, text)
    for words in ("does not exist any more", "it is not there.", "Nor does it stand in the file"):
        true(words in text, text)
    copies = re.search(r"stood (\d+) times? in the memory", text)
    true(copies and int(copies.group(1)) > 0, "the search finds it where it is\n%s" % text)
    return text


def unlock(drill):
    drill.step(2)
    drill.expect_only(PROMPT)
    drill.unlock(ORDINARY)
    return drill.result("after Enter")


def stop(drill, seconds=5):
    drill.step(3)
    drill.opened()
    drill.hold("Wiping in %d s" % seconds)
    drill.type(" ")
    drill.on("Stopped. Nothing was wiped.")
    text = drill.result("The key was seen as")
    return text


def wipe(drill, counts=True):
    drill.step(4)
    drill.opened()
    drill.chord(3)
    if counts:
        drill.on("Any key stops it.")
    drill.wiped()
    drill.on("Wiped. The keys were overwritten", seconds=60)
    text = drill.result("Wiped. The keys were overwritten")
    for words in ("0 of 7 are the same", "there is no file", "it opens nothing",
                  "a whole copy from before still opens"):
        true(words in text, text)
    true("SHOULD NOT" not in text, text)
    return text


def duress(drill):
    drill.step(5)
    drill.expect_only(PROMPT)
    drill.unlock(DURESS)
    drill.on("The diary opened", seconds=60)
    text = drill.result("The diary opened")
    for words in ("it opens nothing any more", "still opens the diary",
                  "a whole copy from before still opens"):
        true(words in text, text)
    return text


def line(drill):
    drill.step(6)
    drill.opened()
    drill.hold("Any key stops it.")
    drill.type(" ")
    text = drill.result("On this line holding works")
    true(re.search(r"\d+ presses arrived, one every \d+ ms", text), text)
    return text


def whole(world, columns, rows):
    drill = Drill(world, "[emergency]", "countdown = 1", columns=columns, rows=rows)
    try:
        drill.welcome()
        where = folder(world)
        same(stat.S_IMODE(os.stat(where).st_mode), 0o700)
        lock(drill)
        unlock(drill)
        stop(drill, 1)
        wipe(drill)
        duress(drill)
        line(drill)
        text = drill.read("The process that knew is gone")
        for words in ("Lock:", "Unlock:", "Wipe stopped", "0 of 7 pages the same",
                      "Duress: diary open after", "This line: holding works", "man lapwing-safety"):
            true(words in text, "%r at the end\n%s" % (words, text))
        true("NOT PROVED" not in text, text)
        drill.type("\r")
        drill.finish()
        true(os.path.basename(where) in drill.words().replace(" ", ""), drill.grid.screen())
    finally:
        drill.close()


@test("the whole way at 80x24: every step is done, measured and proved; the practice vault is gone")
def at_80(world):
    whole(world, 80, 24)


@test("the whole way at 40x10")
def at_40(world):
    whole(world, 40, 10)


@test("left by q at each step and at each result: nothing is left")
def left_by_q(world):
    for number in range(0, 7):
        drill = Drill(world)
        try:
            if number == 0:
                drill.read("Here you lock")
            else:
                drill.skip_to(number)
                drill.read("Step %d of 6" % number)
            drill.type("q")
            drill.finish()
        finally:
            drill.close()
    drill = Drill(world)
    try:
        drill.welcome()
        drill.step(1)
        drill.opened()
        drill.chord()
        drill.result("Locked in", "q")
        drill.read("The process that knew is gone")
        drill.type("q")
        drill.finish()
    finally:
        drill.close()


@test("every step skipped: it ends, and claims nothing")
def skipped(world):
    drill = Drill(world)
    try:
        drill.skip_to(7)
        drill.finish()
        for words in ("Lock:", "Wipe", "Duress:"):
            true(words not in drill.words(), drill.grid.text())
    finally:
        drill.close()


@test("a step that did not succeed is said to be so, and can be repeated")
def repeated(world):
    drill = Drill(world, "[emergency]", "countdown = 1")
    try:
        drill.welcome()
        drill.step(1)
        drill.opened()
        drill.type("Q")
        drill.result("You left with another key", "r")
        drill.opened()
        drill.chord()
        drill.result("Locked in", "r")
        drill.opened()
        drill.chord()
        drill.result("Locked in")
        drill.step(2, "s")
        drill.step(3)  # only locked
        drill.opened()
        drill.chord()
        drill.read("Locked. Once is only a lock.")
        drill.type("q")
        drill.result("No wipe began. The lock key arrived 1 time", "r")
        drill.opened()  # run through
        drill.chord(3)
        drill.wiped()
        drill.on("You let it run to its end", seconds=60)
        drill.result("You let it run to its end", "r")
        drill.opened()
        drill.chord()
        drill.read("Locked. Once is only a lock.")
        drill.type("\r")
        drill.opened()
        drill.chord(3)
        drill.on("Any key stops it.")
        drill.type(" ")
        drill.result("The key was seen as pressed three times")
        drill.step(4)
        drill.opened()
        drill.chord(3)
        drill.on("Any key stops it.")
        drill.type(" ")
        drill.result("You stopped it: nothing was wiped", "q")
        text = drill.read("The process that knew is gone")
        true("Wipe: keys" not in text, "what was not done is not in the table\n%s" % text)
        drill.type("\r")
        drill.finish()
    finally:
        drill.close()


@test("a wrong passphrase is told as at any prompt; the ordinary one where duress is meant is told")
def mistyped(world):
    drill = Drill(world)
    try:
        drill.skip_to(2)
        drill.step(2)
        drill.expect_only(PROMPT)
        drill.type("green dor\r")
        drill.on("Not right")
        drill.unlock(ORDINARY)
        drill.result("after Enter")
        drill.step(3, "s")
        drill.step(4, "s")
        drill.step(5)
        drill.unlock(ORDINARY)
        drill.on("You typed the ordinary passphrase", seconds=60)
        drill.result("You typed the ordinary passphrase", "r")
        drill.unlock(DURESS)
        drill.on("The diary opened", seconds=60)
        drill.result("The diary opened", "q")
        drill.read("Duress: diary open")
        drill.type("\r")
        drill.finish()
    finally:
        drill.close()


@test("the lock key while a page is read only shows it again; locked by somebody else is not the key")
def locked_pages(world):
    drill = Drill(world)
    try:
        drill.read("Here you lock")
        drill.chord(2)
        drill.welcome()
        drill.read("Step 1 of 6")
        drill.chord()
        drill.step(1)
        drill.opened()
        world.ok("lock", vault=False, password=None)
        drill.result("It was locked, but not by your lock key", "q")
        drill.finish()
    finally:
        drill.close()


# ---- as it is configured -----------------------------------------------------------------------


@test("what is said of the real vault is what is configured: not armed, armed, at once, simulated")
def told(world):
    for lines, words in (((), "only locks: the wipe is not armed there"),
                         (("hold = yes",), "holding Ctrl-\\ wipes, after a countdown of 5 s"),
                         (("hold = yes", "countdown = 0"), "armed, without a countdown"),
                         (("hold = yes", "simulate = yes"), "on your real vault a wipe would write")):
        drill = Drill(world, "[emergency]", *lines)
        try:
            text = drill.read("Here you lock")
            true(words in text.replace("/ ", ""), text)
            true(os.path.basename(folder(world)) in text.replace(" ", ""), text)
            drill.type("q")
            drill.finish()
        finally:
            drill.close()


@test("another lock key: the drill names it and takes it, and the usual one does nothing")
def another_chord(world):
    drill = Drill(world, "[program]", "chord = ctrl-x")
    try:
        true("Your lock key is Ctrl-X" in drill.welcome(), drill.grid.screen())
        drill.step(1)
        drill.opened()
        drill.type(CHORD)
        drill.pump(0.5)
        true(" entries" in drill.words(), drill.grid.screen())
        drill.type("\x18")
        drill.result("Locked in", "q")
        drill.read("The process that knew is gone")
        drill.type("\r")
        drill.finish()
    finally:
        drill.close()


@test("countdown 0: there is nothing to stop, and holding wipes at once; simulate does not hold it back")
def at_once(world):
    drill = Drill(world, "[emergency]", "hold = yes", "countdown = 0", "simulate = yes")
    try:
        drill.skip_to(3)
        text = drill.read("Step 3 of 6")
        true("Your countdown is 0" in text, text)
        drill.type("s")
        text = wipe(drill, counts=False)
        true("after the key was seen as held" in text, text)
        drill.read("Step 5")
        drill.type("q")
        drill.read("Wipe: keys")
        drill.type("\r")
        drill.finish()
    finally:
        drill.close()


@test("keys_only: the file is left as configured, and the right passphrase is tried on it")
def keys_only(world):
    drill = Drill(world, "[emergency]", "hold = yes", "countdown = 1", "keys_only = yes")
    try:
        drill.skip_to(4)
        drill.step(4)
        drill.opened()
        drill.chord(3)
        drill.wiped()
        drill.on("Wiped. The keys", seconds=60)
        text = drill.result("Wiped. The keys", "q")
        for words in ("0 of 7 are the same", "The file is still there",
                      "tried on what is left: it opens nothing"):
            true(words in text.replace("/ ", ""), text)
        drill.read("Wipe: keys")
        drill.type("\r")
        drill.finish()
    finally:
        drill.close()


# ---- nothing else is touched -------------------------------------------------------------------


@test("another open Lapwing, armed, and other files that the configuration wipes survive every step")
def others_survive(world):
    also = os.path.join(world.make("also"), "file")
    with open(also, "wb") as file:
        file.write(b"not for a drill" * 100)
    lines = ("[emergency]", "hold = yes", "signal = yes", "countdown = 1", "also = " + also)
    world.config("[vault]\nkdf = test\n" + "".join(line + "\n" for line in lines))
    world.create(duress="velvet orchard pebble compass")
    world.log("17 dec 2014 21:00 something at the gate")
    real = Screen(world, "--vault", world.vault)
    drill = None
    try:
        real.expect(PROMPT)
        real.type(PASS + "\r")
        real.expect(" saved")
        known = worker(real.pid)

        def untouched(what):
            true(worker(real.pid) == known and not gone(known), "%s: its session lives" % what)
            with open(also, "rb") as file:
                same(file.read(), b"not for a drill" * 100, what)

        drill = Drill(world, *lines)
        drill.welcome()
        for number, do in enumerate((lock, unlock, lambda drill: stop(drill, 1), wipe, duress, line)):
            do(drill)
            untouched(STEPS[number])
        drill.read("Lock:")
        drill.type("\r")
        drill.finish()
        untouched("the end")
        real.type("j")
        real.pump(0.3)
        true("something at the gate" in real.grid.screen(), real.grid.screen())
        real.type("Q")
        real.pump(1)
        same(world.titles(), ["something at the gate"])
        world.clean_check()
    finally:
        if drill is not None:
            drill.close()
        real.close()


@test("two drills at once: the wipe of one leaves the other, and its folder, alone")
def two_drills(world):
    one = Drill(world, "[emergency]", "countdown = 1")
    other = None
    try:
        one.welcome()
        one.step(1)
        one.opened()
        known = worker(one.pid)
        first = folder(world)
        other = Drill(world, "[emergency]", "countdown = 1")
        other.skip_to(4)
        wipe(other)
        other.step(5, "q")
        other.read("Wipe: keys")
        other.type("\r")
        while other.pump(0.05):
            pass
        other.wait(20)
        same(other.code, 0)
        true(worker(one.pid) == known and not gone(known), "the other one's session lives")
        same(folder(world), first)
        one.chord()
        one.result("Locked in", "q")
        one.read("Lock:")
        one.type("\r")
        one.finish()
    finally:
        one.close()
        if other is not None:
            other.close()


# ---- cut off -----------------------------------------------------------------------------------


def everybody(pid):
    found = [pid]
    for child in children(pid):
        found += everybody(child)
    return found


@test("killed at a page, with the vault open, in the countdown, in the wipe: the next drill removes what is left")
def killed(world):
    def at_page(drill):
        drill.read("Step 1 of 6")

    def when_open(drill):
        drill.step(1)
        drill.opened()

    def counting(drill):
        drill.step(1, "s")
        drill.step(2, "s")
        drill.step(3, "s")
        drill.step(4)
        drill.opened()
        drill.chord(3)
        drill.on("Any key stops it.")

    def wiping(drill):
        counting(drill)
        drill.on("keys overwritten and synced")

    for cut in (at_page, when_open, counting, wiping):
        drill = Drill(world, "[emergency]", "countdown = 2")
        try:
            drill.welcome()
            cut(drill)
            all_of_it = everybody(drill.pid)
            drill.close()
            for pid in all_of_it[1:]:
                wait_until(lambda: gone(pid), 20, "what it started ends by itself")
            where = folder(world)
            same(stat.S_IMODE(os.stat(where).st_mode), 0o700)
            true(all(name.endswith((".vault", ".wiped")) for name in os.listdir(where)),
                 os.listdir(where))
            again = Drill(world)
            try:
                again.read("Here you lock")
                true(folder(world) != where, "the one that was left is removed")
                again.type("q")
                again.finish()
            finally:
                again.close()
        finally:
            drill.close()


@test("told to end, or the line goes: it removes what it made")
def told_to_end(world):
    for how in ("term", "term open", "line", "line open"):
        drill = Drill(world)
        try:
            drill.welcome()
            if "open" in how:
                drill.step(1)
                drill.opened()
            else:
                drill.read("Step 1 of 6")
            if "term" in how:
                os.kill(drill.pid, signal.SIGTERM)
                while drill.pump(0.05):
                    pass
                drill.wait(20)
                same(drill.code, 128 + signal.SIGTERM)
            else:
                drill.hang_up()
            same(left(world), [], how)
        finally:
            drill.close()


@test("a folder of that name that is not a drill's is left alone")
def strangers(world):
    kept = os.path.join(world.tmp, "lapwing-drill-open")
    os.mkdir(kept)
    os.chmod(kept, 0o755)  # a drill's is for its owner alone
    link = os.path.join(world.tmp, "lapwing-drill-link")
    os.symlink(world.home, link)
    before = sorted(os.listdir(world.home))
    drill = Drill(world)
    try:
        drill.read("Here you lock")
        true(os.path.isdir(kept) and os.path.islink(link), left(world))
        same(sorted(os.listdir(world.home)), before)
        drill.type("q")
        while drill.pump(0.05):
            pass
        drill.wait(20)
        same(left(world), ["lapwing-drill-link", "lapwing-drill-open"])
    finally:
        drill.close()


# ---- over a line ---------------------------------------------------------------------------------


@test("over a real sshd, in a tmux: the lock key arrives, held or pressed; what it says fits the line")
def over_ssh(world):
    world.config("[vault]\nkdf = test\n[emergency]\ncountdown = 2\n")
    server = Server(world)
    tmux = None
    try:
        tmux = Tmux(world)
        command = server.command("user", "TMPDIR=%s %s drill" % (world.tmp, world.program()),
                                 flags=("-t",))
        tmux.line(shlex.join(command) + "; echo left $?")
        tmux.expect("Here you lock")
        world.watched.collect()
        while MORE in tmux.screen():
            tmux.key("Enter")
            time.sleep(0.3)
        tmux.key("Enter")
        tmux.expect("Step 1", seconds=60)
        tmux.key("Enter")
        tmux.expect(" entries", seconds=30)
        time.sleep(1)
        tmux.key("C-\\")
        tmux.expect("Locked in")
        tmux.expect("it is not there.")
        tmux.key("Enter")
        for number in (2, 3, 4, 5):
            tmux.expect("Step %d" % number)
            tmux.key("s")
        tmux.expect("Step 6")
        tmux.key("Enter")
        tmux.expect(" entries", seconds=30)
        start = time.monotonic()
        while "Any key stops it." not in tmux.screen():
            true(time.monotonic() - start < 30, tmux.screen())
            tmux.key("C-\\")
        tmux.key("Space")
        tmux.expect("On this line")
        tmux.key("Enter")
        tmux.expect("This line:")
        tmux.key("Enter")
        tmux.expect("left 0")
        same(left(world), [])
    finally:
        if tmux is not None:
            tmux.close()
        server.close()


# ---- where it cannot be --------------------------------------------------------------------------


@test("without a terminal it is 69 with one sentence, and nothing is made; arguments are 64")
def no_terminal(world):
    world.config("[vault]\nkdf = test\n")
    sentence(world.run("drill", vault=False, password=None), TERMINAL, "terminal")
    sentence(world.run("drill", "more", vault=False, password=None), harness.USAGE)
    same(left(world), [])


@test("without its sample, or where the folder cannot be made, it says so and leaves nothing")
def cannot_make(world):
    alone = os.path.join(world.make("alone"), "lapwing")
    shutil.copy(world.program(), alone)
    drill = Drill(world, program=alone)
    try:
        drill.welcome()
        drill.on("chronology-2014.json is not in")
        drill.finish(harness.INPUT)
    finally:
        drill.close()
    world.env["TMPDIR"] = "/nowhere/at/all"
    drill = Drill(world)
    try:
        drill.on("/nowhere/at/all")
        drill.finish(harness.CREATE)
    finally:
        drill.close()


if __name__ == "__main__":
    harness.main(tests)
