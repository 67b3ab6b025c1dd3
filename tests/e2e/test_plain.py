"""The program in lines, on terminals that place no cursor: what is typed, what is told, what a lock leaves."""
import os
import re
import time

import harness
from harness import PASS, TERMINAL, same, true, wait_until
from ptyscreen import Screen

tests, test = harness.collector()
CHORD = "\x1c"
SECRET = "two men in grey jackets at the gate"


class Lines(Screen):
    """Everything that ever came, as bytes; what is expected is expected behind what was found last."""

    def __init__(self, world, *args, **options):
        self.came, self.found = b"", 0
        super().__init__(world, *args, **options)

    def take(self, data):
        self.came += data
        self.grid.feed(data)

    def told(self, text, seconds=20):
        """Waits for it; what came before it since the last time."""
        wanted = text.encode()
        self.raw = self.came
        self.until(lambda: wanted in self.came[self.found:], seconds, text)
        at = self.came.index(wanted, self.found)
        before, self.found = self.came[self.found:at], at + len(wanted)
        return before.decode()

    def answer(self, keys, text, seconds=20):
        self.type(keys)
        return self.told(text, seconds)


def harmless(data):
    """Nothing but text and ends of lines."""
    found = re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]", data)
    true(found is None, "%r was sent" % (found and data[max(0, found.start() - 80):found.end() + 20]))


def opened(world, *words, **options):
    world.create()
    screen = Lines(world, *words, "--vault", world.vault, **options)
    screen.told("Passphrase:")
    screen.answer(PASS + "\r", " saved")
    screen.told("no entries yet")
    return screen


def left(screen):
    screen.type("Q")
    while screen.pump(0.1):
        pass
    screen.wait(20)
    same(screen.code, 0)


@test("TERM=dumb: an entry is typed, saved and read back in lines; no sequence is sent, no passphrase told")
def dumb(world):
    screen = opened(world, "--plain", term="dumb")
    try:
        screen.answer("n", "> Title  ")
        for letter in SECRET:
            screen.type(letter)
            screen.pump(0.02)
        same(screen.told(SECRET), "", "what is typed is echoed, letter by letter")
        screen.answer("\x7f", "\r\n> Title  " + SECRET[:-1])
        screen.answer("\x1b[D", "\r\n> Title  " + SECRET[:-2] + "|t")
        screen.answer("\x1b[F", "\r\n> Title  " + SECRET[:-1])
        screen.answer("e", "e")
        screen.answer("\t\t", "> When  ")
        screen.answer("13 dec 2014 evening\t", "13 December 2014, evening")
        screen.told("> As worded  ")
        screen.answer("\x13", "E01 saved")
        screen.answer("\r", "E01  " + SECRET)
        screen.told("13 December 2014, evening")
        same([row["title"] for row in world.timeline()], [SECRET])
        left(screen)
        harmless(screen.came)
        true(b"*" not in screen.came, "nor is it counted out")
        true(PASS.encode() not in screen.came, "the passphrase is not told")
        for word in PASS.split():
            true(word.encode() not in screen.came, "nor a word of it")
    finally:
        screen.close()


@test("a pasted text stays in its field, where the terminal marks what is pasted")
def pasted(world):
    screen = opened(world, "--plain", term="xterm")
    try:
        true(b"\x1b[?2004h" in screen.came, "it is asked to")
        screen.answer("n", "> Title  ")
        screen.answer("\x1b[200~" + SECRET + "\r\nQ" + "\x1b[201~", SECRET + " Q")
        screen.answer("\x13", "E01 saved")
        same([row["title"] for row in world.timeline()], [SECRET + " Q"])
        left(screen)
        true(screen.came.rindex(b"\x1b[?2004l") > screen.came.rindex(b"\x1b[?2004h"), "and to no longer")
    finally:
        screen.close()


@test("each key is answered by what is new: a step by its row, nothing by nothing, Ctrl-L by everything")
def steps(world):
    world.create()
    for number in (1, 2, 3):
        world.log("1%d dec 2014 thing number %d" % (number, number))
    screen = Lines(world, "review", "--plain", "--vault", world.vault, term="dumb")
    try:
        screen.told("Passphrase:")
        screen.answer(PASS + "\r", "Last opened")
        screen.pump(0.3)
        screen.answer("g", "> ?  –  thing number 1  open")
        before = len(screen.came)
        screen.answer("j", "> ?  –  thing number 2  open")
        same(screen.came[before:], "\r\n> ?  –  thing number 2  open".encode())
        before = len(screen.came)
        screen.type("G")
        screen.told("> ?  –  thing number 3  open")
        screen.type("j")
        screen.pump(0.5)
        same(screen.came[before:], "\r\n> ?  –  thing number 3  open".encode())
        screen.answer("\x0c", "thing number 1")
        screen.told("> ?  –  thing number 3  open")
        left(screen)
        harmless(screen.came)
    finally:
        screen.close()


@test("a lock pushes out of sight what a dumb terminal shows, and erases one that can be erased")
def locked(world):
    world.create()
    world.log("17 dec 2014 " + SECRET)
    for term in ("dumb", "xterm"):
        screen = Lines(world, "--plain", "--vault", world.vault, term=term)
        try:
            screen.told("Passphrase:")
            screen.answer(PASS + "\r", SECRET)
            true(SECRET in screen.grid.screen(), "it is on the screen\n" + screen.grid.screen())
            screen.answer(CHORD, "Passphrase:")
            same(screen.grid.screen().strip(), "Passphrase:", term)
            same(SECRET in screen.grid.text(), term == "dumb", "what scrolled by")
            screen.answer("wrong\r", "Not right", 60)
            screen.answer(PASS + "\r", SECRET, 60)
            left(screen)
            same(screen.grid.screen().strip(), "", term)
            if term == "dumb":
                harmless(screen.came)
        finally:
            screen.close()


@test("where names are hidden again what stands above is pushed out of sight")
def hidden(world):
    world.create()
    world.log("13 dec 2014 thing number 1")
    screen = Lines(world, "review", "--plain", "--vault", world.vault, term="dumb")
    try:
        screen.told("Passphrase:")
        screen.answer(PASS + "\r", "Last opened")
        screen.answer("R", "NAMES SHOWN")
        before = len(screen.came)
        screen.answer("R", "thing number 1")
        true(b"\r\n" * 24 in screen.came[before:], screen.came[before:])
        left(screen)
        harmless(screen.came)
    finally:
        screen.close()


@test("a countdown is told second by second, and stopped by a key; on a dumb terminal without a sequence")
def countdown(world):
    world.config("[program]\nplain = yes\n[vault]\nkdf = test\n"
                 "[emergency]\nhold = yes\ncountdown = 3\n")
    screen = opened(world, term="dumb")
    try:
        screen.type(CHORD)
        screen.pump(0.25)
        end = time.monotonic() + 20
        while b"Wiping in 3 s" not in screen.came:
            screen.type(CHORD)
            screen.pump(1 / 30)
            true(time.monotonic() < end, "it counts\n" + screen.grid.screen())
        screen.told("Wiping in 3 s. Any key stops it.")
        same(screen.told("Wiping in 2 s. Any key stops it.").strip(), "")
        screen.answer("x", "Stopped. Nothing was wiped.")
        screen.told("Passphrase:")
        harmless(screen.came)
        world.timeline()
    finally:
        screen.close()


@test("a wipe is told in lines, each once")
def wiped(world):
    world.config("[program]\nplain = yes\n[vault]\nkdf = test\n"
                 "[emergency]\nhold = yes\ncountdown = 0\n")
    screen = opened(world, term="dumb")
    try:
        for _ in range(3):
            screen.type(CHORD)
            screen.pump(0.4)
        screen.told("keys overwritten and synced")
        screen.told("Enter leaves")
        wait_until(lambda: world.beside() == [], 60, "the vault is removed")
        screen.pump(0.5)
        same(screen.came.count(b"keys overwritten and synced"), 1)
        same(screen.came.count(b"the rest overwritten and removed"), 1)
        harmless(screen.came)
        screen.type("\r")
        while screen.pump(0.1):
            pass
        screen.wait(20)
        same(screen.code, 0)
    finally:
        screen.close()


@test("what fails in a wipe stands out by its words: no colour is sent")
def failed(world):
    world.config("[program]\nplain = yes\n[vault]\nkdf = test\n[emergency]\nhold = yes\ncountdown = 0\n"
                 "also = %s\n" % os.path.join(world.folder, "none"))
    screen = opened(world, term="dumb")
    try:
        for _ in range(3):
            screen.type(CHORD)
            screen.pump(0.4)
        screen.told("NOT WIPED: ")
        screen.told("Enter leaves")
        harmless(screen.came)
    finally:
        screen.close()


@test("the first start in lines, on a small terminal: each page whole, a passphrase judged and not counted")
def first_start(world):
    world.config("[program]\nplain = yes\n[vault]\nkdf = test\n")
    screen = Lines(world, "--vault", world.vault, term="dumb", columns=40, rows=10)
    try:
        screen.told("lapwing-safety tells more")
        screen.told("stays where the terminal")
        screen.told("Enter next  Esc leave")
        screen.answer("\r", world.vault[-12:])
        screen.answer("\r", "In the vault or on a stick? (v, s)")
        screen.answer("\r", "Size: 64M")
        screen.answer("\x7f" * 3, "Size: 6")
        screen.answer("4M\r", "Passphrase:")
        for letter in PASS:
            screen.type(letter)
            screen.pump(0.01)
        screen.told("good; six words are better")
        screen.answer("\r", "Again:")
        screen.answer(PASS + "\r", "Set one now? (y, n)", 30)
        screen.answer("\r", "100 %", 60)
        screen.told("Write it? (y, n)", 60)
        screen.answer("\r", "no entries yet", 60)
        left(screen)
        harmless(screen.came)
        true(b"bits" not in screen.came and b"PgDn" not in screen.came, "whole, and not counted")
        for word in PASS.split():
            true(word.encode() not in screen.came, "nothing of the passphrase is told")
    finally:
        screen.close()


@test("what cannot be drawn names --plain as the way out, and a line that drops keeps what was typed")
def otherwise(world):
    world.create()
    for term in ("dumb", "nonsense", ""):
        screen = Lines(world, "--vault", world.vault, term=term)
        try:
            screen.told("--plain")
            screen.wait(20)
            same(screen.code, TERMINAL)
        finally:
            screen.close()
    screen = Lines(world, "--plain", "--vault", world.vault, term="nonsense")
    try:
        screen.told("Passphrase:")
        screen.answer(PASS + "\r", "no entries yet")
        screen.answer("n", "> Title  ")
        screen.answer("long\t" + "\t" * 7, "> Narrative  ")
        for _ in range(50):
            screen.type("words of a very long paste " * 74)
            screen.pump(0.01)
        screen.answer("the end", "the end", 60)
        screen.hang_up()
        harmless(screen.came)
    finally:
        screen.close()
    screen = Lines(world, "--plain", "--vault", world.vault, term="dumb")
    try:
        screen.told("Passphrase:")
        screen.answer(PASS + "\r", "open? (y/n)")
        screen.answer("y", "words of a very long paste")
    finally:
        screen.close()


if __name__ == "__main__":
    harness.main(tests)
