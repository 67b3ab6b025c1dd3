#!/usr/bin/env python3
"""Looks for plaintext and passphrases in the whole image of a disk on which Lapwing was used.

usage: tests/torture/image.py BUILD SEED short|long FOLDER     (the contract stands in tests/torture/run)

A disk of its own (ext4 in a file, ordered journal) holds the vault, the home folder and /tmp. Every command
is used on it, with the records coming through pipes or from elsewhere and exports going elsewhere; then a
session of the program on a terminal: a captured line, a form, a draft, a search, a hold of the lock key,
processes killed; then the wipe. The disk is unmounted before the wipe and after it, and all of it, the
journal of the file system and what was freed included, is searched for canaries and passphrases as UTF-8,
UTF-16, hexadecimal and base64. At the end a file with one canary in each encoding is written and removed: it must be
found, or the search would prove nothing. A long round uses the program in a random order, several times.
"""

import os
import random
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness  # noqa: E402
from encodings_of import forms  # noqa: E402
from harness import PRACTICE, expect, same, true, wait_until  # noqa: E402
from ptyscreen import Screen, gone, worker  # noqa: E402

WORDS = "canarybird quartzite meridian lighthouse"
SECOND = "ptarmigan obsidian juniper cascade"
TRAP = "dromedary pavement umbrella nutmeg"
CYRILLIC = "канарейка маяк гранит полынья"
TEXT = "Canarytext-7261 свидетельница"
NAME = "Zyablikova-5519"
PLACE = "Verkhnyaya-9035"
FORM, LINE, DRAFT, SOUGHT = "Formcanary-3317", "Capturecanary-8842", "Draftcanary-6096", "Soughtcanary-1248"
DIARY = "Diarycanary-4471"
CANARIES = (WORDS, SECOND, TRAP, CYRILLIC, "Canarytext-7261", "свидетельница", NAME, PLACE, FORM, LINE,
            DRAFT, SOUGHT, DIARY)
CONTROL = "Controlcanary-9950"
MEGABYTES = 96
BLOCK = 4096
WAIT = 60
PROMPT = "Passphrase:"


def mount_or_reason(image, place):
    if os.geteuid() != 0 or not shutil.which("mkfs.ext4") or not shutil.which("unshare"):
        return "only root can mount a disk of its own (mkfs.ext4, unshare)"
    with open(image, "wb") as file:
        file.truncate(MEGABYTES << 20)
    subprocess.run(("mkfs.ext4", "-q", "-m", "0", "-E", "lazy_itable_init=0", image), check=True,
                   capture_output=True)
    return mount(image, place)


def mount(image, place):
    done = subprocess.run(("mount", "-o", "loop,data=ordered", image, place), capture_output=True, text=True)
    return None if done.returncode == 0 else "no loop mounts here: " + done.stderr.strip()


def unmount(*places):
    for place in places:
        wait_until(lambda: subprocess.run(("umount", place), capture_output=True).returncode == 0, WAIT,
                   "%s is not used any more" % place)


def stretches(path):
    """What is not zero on the disk, as long pieces."""
    with open(path, "rb") as file:
        piece, empty = [], bytes(BLOCK)
        while True:
            block = file.read(BLOCK)
            if block and block != empty:
                piece.append(block)
                continue
            if piece:
                yield b"".join(piece)
                piece = []
            if not block:
                return


def found_on(image, words):
    """[(word, encoding)] of all that is on the disk."""
    found = set()
    data = b"\0".join(stretches(image))
    for word in words:
        found.update((word, name) for name, form in forms(word) if form in data)
    return sorted(found)


# ---- what is done --------------------------------------------------------------------------------


def captured(n):
    return "13 dec 2014 @%s #arson +victim:%s %s %d\n" % (PLACE, NAME, TEXT, n)


def journal():
    return ('{"lapwing":"journal","version":1,"parties":[{"id":"%032d","kind":"individual","name":"%s"}]}' % (
        1, NAME))


def writing(world, aside):
    """Commands that write, all with the first passphrase; aside is a folder on another disk."""
    def do(*args, code=0, **options):
        options.setdefault("password", WORDS)
        expect(world.run(*args, **options), code)

    brought = os.path.join(aside, "brought.json")
    with open(brought, "w", encoding="utf-8") as file:
        file.write(journal())
    do("import", PRACTICE)
    do("import", brought)
    do("import", "--dry-run", brought)
    do("import", "-", stdin='{"lapwing": "%s"' % TEXT, code=harness.DATA)
    do("log", stdin="".join(captured(n) for n in range(30)))
    do("log", stdin=captured(99) + "31 feb 2014 %s\n" % TEXT, code=harness.DATA)
    do("export", "-o", os.path.join(aside, "journal.json"))
    do("passphrase", "add", new=SECOND)
    do("log", stdin=captured(3), password=SECOND)
    do("passphrase", "change", password=SECOND, new=CYRILLIC)
    do("backup", os.path.join(world.place, "backup.vault"))
    do("resize", "6M")
    do("passphrase", "duress", new=TRAP)
    do("decoy", "log", stdin="a quiet day, %s\n" % DIARY)
    do("passphrase", "remove", password=[WORDS, TRAP])


def reading(world):
    """Commands that read, some of them with input that must not stay anywhere."""
    for args, stdin in ((("timeline",), ""), (("timeline", "--json", "--filter-from", "-"), NAME),
                        (("timeline", "--csv", "--when", "13 dec 2014 evening"), ""), (("show", "E23"), ""),
                        (("show", "E23", "--json"), ""), (("search",), SOUGHT), (("search",), TEXT),
                        (("contradictions",), ""), (("export",), ""), (("check",), ""),
                        (("passphrase", "list"), ""), (("decoy", "timeline"), "")):
        expect(world.run(*args, stdin=stdin, password=WORDS), 0)
    world.run("doctor", password=None)
    world.ok("practice", "--kdf", "test", vault=False, password=WORDS)
    world.run("timeline", password=SECOND + " " + TEXT)  # a wrong one


class Session:
    """The program on a terminal."""

    def __init__(self, world, chance):
        self.world, self.chance = world, chance
        self.screen = Screen(world, "--vault", world.vault)

    def unlock(self):
        self.screen.expect_only(PROMPT, WAIT)
        self.screen.type(WORDS + "\r")
        self.screen.expect(" saved", seconds=WAIT)
        if self.screen.expect("unfinished form", "Last opened", seconds=WAIT) == "unfinished form":
            self.leave("unfinished form")

    def gone(self, text):
        self.screen.until(lambda: text not in self.screen.grid.screen(), WAIT, "no %r" % text)
        self.screen.pump(0.1)

    def leave(self, text):
        """By Esc, which is another key where it is read together with the next one."""
        self.screen.type("\x1b")
        self.screen.pump(0.5)
        if text in self.screen.grid.screen():  # the first one emptied the line
            self.screen.type("\x1b")
        self.gone(text)

    def capture(self):
        self.screen.type("c")
        self.screen.expect("Log one line")
        self.screen.type("14 dec 2014 %s at the gate" % LINE)
        self.screen.expect(LINE)
        self.screen.type("\r")
        self.screen.pump(0.3)
        self.screen.type("\r")
        self.gone("Log one line")

    def form(self):
        self.screen.type("n")
        self.screen.expect("New entry")
        self.screen.type("%s %d" % (FORM, self.chance.randrange(1000)))
        self.screen.expect(FORM)
        self.screen.type("\x13")
        self.gone("New entry")

    def draft(self):
        """A form that is not saved, and long enough open for a draft."""
        self.screen.type("n")
        self.screen.expect("New entry")
        self.screen.type("%s %d" % (DRAFT, self.chance.randrange(1000)))
        self.screen.expect(DRAFT)
        self.screen.pump(2.5)

    def search(self):
        self.screen.type("/")
        self.screen.expect("Search:")
        self.screen.type(SOUGHT)
        self.screen.pump(0.5)
        self.leave("Search:")

    def lock(self):
        old = worker(self.screen.pid)
        self.screen.type("\x1c")
        wait_until(lambda: gone(old), WAIT, "it is locked")
        self.screen.pump(0.3)

    def half_typed(self):
        """Only part of a passphrase, and it is locked."""
        self.lock()
        self.screen.expect_only(PROMPT, WAIT)
        self.screen.type(WORDS[:-3])
        self.screen.pump(0.3)
        self.lock()

    def kill(self):
        os.kill(worker(self.screen.pid), signal.SIGKILL)
        self.screen.pump(0.3)

    def kill_all(self):
        inner = worker(self.screen.pid)
        os.kill(self.screen.pid, signal.SIGKILL)
        self.screen.wait(WAIT)
        self.screen.close()
        wait_until(lambda: gone(inner), WAIT, "nobody is left")
        self.screen = Screen(self.world, "--vault", self.world.vault)

    def run(self, short):
        try:
            rounds = [(self.capture, self.form, self.search, self.draft, self.lock), (self.half_typed,),
                      (self.draft, self.kill), (self.search, self.draft, self.kill_all)]
            if not short:
                more = [[self.chance.choice((self.capture, self.search)), self.draft,
                         self.chance.choice((self.lock, self.kill, self.kill_all))] for _ in range(12)]
                self.chance.shuffle(rounds)
                rounds += more
            for steps in rounds:
                self.unlock()
                for step in steps:
                    step()
            self.unlock()
            self.screen.type("Q")
            for _ in range(WAIT):
                if not self.screen.pump(1):
                    break
            self.screen.wait(WAIT)
        finally:
            self.screen.close()


# ---- a round -------------------------------------------------------------------------------------


def use(build, place, aside, chance, short):
    """The world is left on the disk; its path."""
    world = harness.World(build, place)
    world.create(password=WORDS)
    writing(world, aside)
    reading(world)
    Session(world, chance).run(short)
    world.clean_check(password=WORDS)
    titles = " ".join(world.titles(password=WORDS))
    for canary in (LINE, FORM):
        true(canary in titles, "%s was saved, so it can be on the disk" % canary)
    return world


def search(image, when, words=CANARIES):
    found = found_on(image, words)
    for word, name in found:
        print("bad: %s: %r is on the disk as %s" % (when, word, name), flush=True)
    return len(found)


def control(image, place):
    """A file that was removed is found."""
    same(mount(image, place), None)
    path = os.path.join(place, "control")
    with open(path, "wb") as file:
        for name, form in forms(CONTROL):
            file.write(os.urandom(700) + form)
        file.flush()
        os.fsync(file.fileno())
    os.unlink(path)
    unmount(place)
    have = found_on(image, (CONTROL,))
    same(have, sorted({(CONTROL, name) for name, _ in forms(CONTROL)}), "what the search finds")
    return len(have)


def round_of(build, seed, short, folder):
    image, place, aside = (os.path.join(folder, name) for name in ("disk", "mnt", "aside"))
    os.mkdir(place)
    os.mkdir(aside)
    reason = mount_or_reason(image, place)
    if reason:
        print("skip: the image of a disk: %s" % reason)
        return 0, 0, 0
    tmp = os.path.join(place, "tmp")
    os.mkdir(tmp, 0o1777)
    bound = not (os.path.realpath(build) + "/").startswith("/tmp/") and not folder.startswith("/tmp/")
    if bound:  # this process has mounts of its own
        subprocess.run(("mount", "--bind", tmp, "/tmp"), check=True)
    world = use(build, place, aside, random.Random(seed), short)
    below = ["/tmp"] if bound else []
    unmount(*below, place)
    bad = search(image, "after use")
    same(mount(image, place), None)
    world.ok("wipe", "--now", password=None)
    same(world.beside(), ["backup.vault"])
    unmount(place)
    bad += search(image, "after the wipe")
    strange, _ = world.watched.close()
    harness.STRANGE.extend(strange)
    seen = control(image, place)
    return bad, sum(len(piece) for piece in stretches(image)) >> 20, seen


def main():
    if os.geteuid() == 0 and "LW_OWN_MOUNTS" not in os.environ and shutil.which("unshare"):
        os.environ["LW_OWN_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, "-B",
                              *sys.argv])
    build, seed, size, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
    try:
        bad, searched, seen = round_of(os.path.abspath(build), seed, size == "short", folder)
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        print("bad: seed %d: %s" % (seed, " | ".join(str(error).splitlines())[:1500]))
        bad, searched, seen = 1, 0, 0
    for name in harness.STRANGE:
        bad += 1
        print("bad: seed %d: %s appeared beside the vault" % (seed, name))
    print("figures bad=%d mebibytes=%d encodings=%d" % (bad, searched, seen))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
