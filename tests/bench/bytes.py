"""How many bytes the program sends to its terminal for a key, and for none.

Shown, not judged: every line ends with what was asked for, where something was. A key's bytes are
those that come until the line has been quiet for a moment; the figure is the median over many keys.
They are also told apart by the row that they are for: the list, or the entry shown below it. "Held"
is the key thirty times a second, all bytes divided by the keys.

usage: bytes.py BUILD [SECONDS]     SECONDS: how long to listen while nobody types (5)
"""
import fcntl
import os
import re
import select
import signal
import statistics
import struct
import sys
import termios
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness  # noqa: E402

ROWS, COLUMNS = 24, 80
BELOW = 20  # the first row of the entry below the list, counted from 1
STEPS = 20
STILL = 8  # so many from the first or last entry the list need not scroll
HELD = 1 / 30
TERMS = ("xterm-256color", "tmux-256color")
QUIET = 0.12
KEYS = (("Down", "\033OB", "g"), ("Up", "\033OA", "G"))
PAGES = (("Page down", "\033[6~", "g", "<= 1100"), ("Page up", "\033[5~", "G", ""))
MOVE = re.compile(rb"\x1b\[(\d*)(?:;\d*)?([Hd])|\x1b\[(\d*)([AB])|([\n\v])|(\x1bM)|[^\x1b\n\v]+|\x1b")


class Line(harness.Terminal):
    """The program on a pty of the size that is measured."""

    def __init__(self, world, term):
        super().__init__(world, env=dict(world.env, TERM=term))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def quiet(self, seconds=QUIET):
        """What comes until nothing has come for so long."""
        text = b""
        while select.select([self.fd], [], [], seconds)[0]:
            text += os.read(self.fd, 65536)
        return text

    def press(self, keys):
        self.type(keys)
        return self.quiet()

    def held(self, keys, count):
        """Bytes a key while it repeats."""
        text = b""
        for _ in range(count):
            self.type(keys)
            end = time.monotonic() + HELD
            while select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                text += os.read(self.fd, 65536)
        return len(text + self.quiet(0.5)) / count

    def listen(self, seconds):
        end = time.monotonic() + seconds
        text = b""
        while select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
            text += os.read(self.fd, 65536)
        return len(text)

    def kill(self):
        if self.code is None:
            os.kill(self.pid, signal.SIGTERM)
            os.waitpid(self.pid, 0)
            os.close(self.fd)


def below(text, row):
    """How many of the bytes are for the entry below, from a cursor in that row; and its row."""
    count = 0
    for found in MOVE.finditer(text):
        place, how, by, way, newline, back = found.groups()
        if how:
            row = int(place or 1)
        elif way:
            row += int(by or 1) * (-1 if way == b"A" else 1)
        elif newline:
            row += 1
        elif back:
            row -= 1
        count += len(found.group(0)) if row >= BELOW else 0
    return count, row


def steps(line, keys, start):
    """All bytes, those for the list and those for the entry below, one figure a key."""
    line.press(start)
    line.press("\014")  # drawn whole, so that the cursor's row is told
    all_, list_, below_ = [], [], []
    row = 1
    for _ in range(STEPS):
        text = line.press(keys)
        down, row = below(text, row)
        all_.append(len(text))
        below_.append(down)
        list_.append(len(text) - down)
    return all_, list_, below_


def measure(world, term, listen):
    """(what, figures, what is asked) in the order of the table."""
    line = Line(world, term)
    try:
        line.expect("Passphrase:")
        line.quiet()
        line.seen = b""
        line.type(harness.PASS + "\r")
        first = len(line.expect("saved")) + len(line.seen) + len(line.quiet(0.5))
        yield "first screen after unlock", [first], "<= 2100"
        line.press("j")  # and the greeting is gone
        for what, keys, start in KEYS:
            all_, list_, below_ = steps(line, keys, start)
            yield what + ", one step", all_[:STILL], "<= 40"
            yield "  the list of it", list_[:STILL], ""
            yield "  the entry below it", below_[:STILL], ""
            yield what + ", it may scroll", all_[STILL:], ""
            yield "  the list of it", list_[STILL:], ""
            line.press(start)
            rested = [len(line.press(keys) + line.quiet(0.4)) for _ in range(STILL)]
            yield what + ", and half a second", rested, ""
            line.press(start)
            line.quiet(0.4)
            yield what + " held, a step", [line.held(keys, STEPS)], ""
        for what, keys, start, asked in PAGES:
            figures, rested = [], []
            for _ in range(5):
                line.press(start)
                line.quiet(0.4)
                figures.append(len(line.press(keys)))
                rested.append(figures[-1] + len(line.quiet(0.4)))
            yield what, figures, asked
            yield what + ", and half a second", rested, ""
        line.quiet(1)
        line.seen = b""
        yield "nobody types for %g s" % listen, [line.listen(listen)], "0"
        line.type("Q")
        line.end()
    finally:
        line.kill()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    listen = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    world = harness.World(sys.argv[1])
    try:
        world.sample()
        form = "%-16s %-28s %7s %7s %7s   %s"
        print("Bytes to the terminal, %dx%d, the sample chronology" % (COLUMNS, ROWS))
        print(form % ("TERM", "", "median", "least", "most", "asked"))
        for term in TERMS:
            for what, figures, asked in measure(world, term, listen):
                figures = [round(one) for one in figures]
                print((form % (term, what, "%g" % statistics.median(figures), min(figures),
                               max(figures), asked)).rstrip(), flush=True)
    finally:
        world.close()


if __name__ == "__main__":
    main()
