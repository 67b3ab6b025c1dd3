"""What was typed into a form and not saved: there after kill -9 and hang-up, but for two seconds."""
import os
import random
import re
import signal
import threading
import time

import harness
from harness import PASS, same, true, wait_until
from ptyscreen import Screen, gone, worker
from tmux import Tmux

tests, test = harness.collector()
KILLS = int(os.environ.get("LW_KILLS", "100"))
SESSIONS = 6  # side by side; each of them mostly waits for the next key
KEY = 0.05
SAFE = 2.0
TABS = 8  # from the title to the narrative


class Typed:
    """Keys one after the other, and when."""

    def __init__(self, text, title="", tabs=0):
        self.title, self.text = title, text
        self.keys = list(title) + ["\t"] * tabs + list(text)
        self.times = []
        self.end = 0.0

    def must(self):
        """How many keys are older than what may be missing."""
        return sum(1 for moment in self.times if moment < self.end - SAFE)

    def missing(self, kept):
        """Seconds of typing that are not there."""
        return max(0.0, self.end - self.times[kept]) if kept < len(self.times) else 0.0


def words(mark, count=60):
    return mark + " ".join("w%03d" % number for number in range(1, count))


def common(one, other):
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    return at


def type_for(put, typed, seconds, chance):
    """About 20 keys a second, until then; put types one and returns at the time of the next."""
    start = time.monotonic()
    for key in typed.keys:
        left = start + seconds - time.monotonic()
        if left <= 0:
            break
        typed.times.append(time.monotonic())
        put(key, min(left, KEY * chance.uniform(0.7, 1.3)))
    typed.end = time.monotonic()


def compare(typed, title, narrative):
    """Every part is a prefix of what was typed, and nothing is between them. Longest missing."""
    first = typed[0]
    same(title, first.title[:len(title)].rstrip(), "the title is what was typed first")
    whole, worst = narrative, 0.0
    for part in typed:
        kept = common(narrative, part.text)
        narrative = narrative[kept:]
        if part.text[kept:kept + 1] == " " and not narrative:
            kept += 1  # a blank at the end is not kept in an entry
        if part is first and (kept or title == first.title):
            kept += len(part.keys) - len(part.text)
        elif part is first:
            kept = len(title) + (first.title[len(title):len(title) + 1] == " ")
        kept = min(kept, len(part.times))
        missing = part.missing(kept)
        worst = max(worst, missing)
        true(kept >= part.must(), "part %d: %d of %d keys kept, %.2f s of typing missing\n%r\n%r" % (
            typed.index(part), kept, len(part.times), missing, title, whole))
    same(narrative, "", "something that nobody typed")
    return worst


class Session:
    """One vault; forms begun, interrupted, opened again, saved."""

    def __init__(self, build, seed):
        self.world = harness.World(build)
        self.chance = random.Random(seed)
        self.kills, self.forms, self.lost, self.again = 0, 0, 0, 0
        self.worst = 0.0
        self.screen = None
        self.typed = []

    def start(self):
        self.screen = Screen(self.world, "--vault", self.world.vault)
        self.screen.expect("Passphrase:")

    def unlock(self):
        """True where an unfinished form is offered."""
        self.screen.type(PASS + "\r")
        self.screen.expect(" saved")
        self.screen.pump(0.05)
        return "1 unfinished form" in self.screen.grid.screen()

    def put(self, key, seconds):
        self.screen.type(key)
        self.screen.pump(seconds)

    def begin(self):
        self.forms += 1
        self.screen.type("n")
        self.screen.expect("New entry")
        self.typed = [Typed(words(""), "Entry %03d" % self.forms, TABS)]

    def go_on(self):
        self.again += 1
        self.typed.append(Typed(words(chr(64 + len(self.typed)), 40)))

    def interrupt(self):
        """Kill -9; the neutral prompt comes by itself."""
        os.kill(worker(self.screen.pid), signal.SIGKILL)
        self.screen.expect_only("Passphrase:")

    def turn(self):
        """One interruption. It ends with no form open, or with one in which typing goes on."""
        if not self.typed:
            self.begin()
        part = self.typed[-1]
        type_for(self.put, part, self.chance.uniform(0.1, 5.0), self.chance)
        self.interrupt()
        self.kills += 1
        if not self.unlock():
            same([one.must() for one in self.typed], [0], "the draft is there")
            self.lost += 1
            self.worst = max(self.worst, part.missing(0))
            self.typed = []
            return
        self.screen.type("y")
        self.screen.expect("New entry")
        self.screen.pump(0.05)
        in_text = re.search("^> Narrative +w", self.screen.grid.screen(), re.M)
        if in_text and len(self.typed) < 4 and self.chance.random() < 0.5:
            self.go_on()
        else:
            self.save()

    def save(self):
        self.screen.type("\x13")
        self.screen.until(lambda: re.search(r"E\d+ saved", self.screen.grid.screen()), 10, "saved")
        ref = re.search(r"(E\d+) saved", self.screen.grid.screen()).group(1)
        entry = self.world.ok("show", "--json", ref).rows()[0]["entry"]
        self.worst = max(self.worst, compare(self.typed, entry["title"], entry.get("narrative") or ""))
        self.typed = []

    def run(self, times):
        self.world.create()
        self.start()
        true(not self.unlock(), "nothing is offered in a new vault")
        for _ in range(times):
            self.turn()
        if self.typed:
            self.typed.pop()
            self.save()
        same(len(self.world.timeline()), self.forms - self.lost, "every form became one entry")
        self.world.clean_check()

    def close(self):
        if self.screen is not None:
            self.screen.close()
        self.world.close()


def side_by_side(sessions, run):
    """Runs them all; the first failure counts."""
    failed = []

    def one(session, number):
        try:
            run(session, number)
        except BaseException as error:  # shown by the one who waits
            failed.append(error)
    threads = [threading.Thread(target=one, args=(session, number), daemon=True)
               for number, session in enumerate(sessions)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        for session in sessions:
            session.close()
    if failed:
        raise failed[0]


@test("kill -9 at random moments of typing: a prefix is there, at most two seconds missing")
def kills(world):
    seed = random.randrange(1 << 30)
    sessions = [Session(world.build, seed + number) for number in range(SESSIONS)]
    try:
        side_by_side(sessions, lambda session, number: session.run(
            KILLS // SESSIONS + (number < KILLS % SESSIONS)))
    except AssertionError as error:
        raise AssertionError("seed %d: %s" % (seed, error)) from error
    total = sum(session.kills for session in sessions)
    same(total, KILLS)
    true(sum(session.again for session in sessions) > 0, "some were continued")
    return "%d kills, %d forms, at most %.2f s missing" % (
        total, sum(session.forms for session in sessions), max(session.worst for session in sessions))


class Dropped(Session):
    """The line goes away instead, and the program is started again."""

    def interrupt(self):
        old = worker(self.screen.pid)
        self.screen.hang_up()
        true(gone(old), "the worker is gone with its supervisor")
        self.start()


@test("the terminal is closed in the middle of typing: at most two seconds missing")
def hang_up(world):
    sessions = [Dropped(world.build, random.randrange(1 << 30)) for _ in range(4)]
    side_by_side(sessions, lambda session, number: session.run(3))
    worst = max(session.worst for session in sessions)
    true(worst < 0.7, "the worker has the time to save: %.2f s missing" % worst)
    return "at most %.2f s missing" % worst


@test("the tmux server is killed in the middle of typing: at most two seconds missing")
def tmux_killed(world):
    world.create()
    chance, worst = random.Random(), 0.0
    for turn in range(3):
        screen = Tmux(world)
        try:
            worst = max(worst, in_tmux(world, screen, turn, chance))
        finally:
            screen.close()
    same(len(world.timeline()), 3)
    return "at most %.2f s missing" % worst


def programs(world):
    """Those of this world's vault."""
    found = []
    for pid in os.listdir("/proc"):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as file:
                if world.vault.encode() in file.read().split(b"\0"):
                    found.append(int(pid))
        except (OSError, ValueError):
            pass
    return found


def in_tmux(world, screen, turn, chance):
    typed = Typed(words("", 90), "Line %d" % turn, TABS)
    command = "%s --vault %s" % (world.program(), world.vault)
    screen.line(command)
    screen.expect("Passphrase:")
    screen.line(PASS)
    screen.expect(" saved")
    screen.type("n")
    screen.expect("New entry")

    def put(key, seconds):
        screen.key("Tab") if key == "\t" else screen.type(key)
        time.sleep(max(0.0, typed.times[-1] + seconds - time.monotonic()))
    type_for(put, typed, chance.uniform(3, 5), chance)
    screen.call("kill-server")
    wait_until(lambda: not programs(world), 2, "no Lapwing is left")
    screen = Tmux(world)
    try:
        screen.line(command)
        screen.expect("Passphrase:")
        screen.line(PASS)
        screen.expect("1 unfinished form")
        screen.type("y")
        screen.expect("New entry")
        screen.key("C-s")
        wait_until(lambda: re.search(r"E\d+ saved", screen.screen()), 10, "saved")
        ref = re.search(r"(E\d+) saved", screen.screen()).group(1)
    finally:
        screen.close()
    entry = world.ok("show", "--json", ref).rows()[0]["entry"]
    return compare([typed], entry["title"], entry.get("narrative") or "")


if __name__ == "__main__":
    harness.main(tests)
