"""Bad terminals and bad input: a clear sentence, and nothing that was typed is lost."""
import fcntl
import json
import os
import re
import select
import shutil
import signal
import struct
import termios
import time

import harness
import ptyscreen
from harness import CREATE, OTHER, PASS, TERMINAL, Terminal, same, true, wait_until
from tmux import Tmux

tests, test = harness.collector()
PASTE = "\033[200~%s\033[201~"


class Screen(Terminal):
    """The program on a pty of its own, with a size and a TERM; what it draws is bytes here."""

    def __init__(self, world, term="xterm-256color", rows=24, columns=80):
        self.world = world
        super().__init__(world, env=dict(world.env, TERM=term, LINES="", COLUMNS=""))
        self.size(rows, columns)

    def size(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def more(self, end):
        try:
            return super().more(end)
        except ValueError:  # closed
            return False

    def unlock(self, shown="saved"):
        self.expect("Passphrase:")
        self.press(PASS + "\r")
        self.expect(shown)
        self.settle()

    def press(self, data):
        """Everything, however long; what it draws meanwhile is read."""
        data = data if isinstance(data, bytes) else data.encode()
        end = time.monotonic() + 30
        os.set_blocking(self.fd, False)
        while data:
            ready = select.select([self.fd], [self.fd], [], max(0, end - time.monotonic()))
            if not ready[0] and not ready[1]:
                raise AssertionError("it does not read; seen: %r" % self.seen[-1500:])
            if ready[0]:
                true(self.more(end), "it ended; seen: %r" % self.seen[-1500:])
            elif ready[1]:
                data = data[os.write(self.fd, data[:4096]):]
        os.set_blocking(self.fd, True)

    def settle(self, seconds=0.3):
        """Reads until it has been quiet for so long; what came."""
        while self.more(time.monotonic() + seconds):
            pass
        text, self.seen = self.seen, b""
        return text

    def shows(self, text, seconds=5):
        """Draws it anew until the text is there: what changes else is sent in scraps."""
        end = time.monotonic() + seconds
        while True:
            self.press("\014")
            drawn = self.settle(0.1)
            if text.encode() in drawn:
                return
            true(time.monotonic() < end, "%r is not on it; drawn: %r" % (text, drawn[-3000:]))

    def new_form(self):
        self.press("n")
        self.shows("New entry")

    def save(self):
        self.press("\033OQ")
        self.expect(" saved")

    def leave(self):
        self.press("Q")
        same(self.end(), 0)


def on_pty(name):
    """An empty vault, a screen on it that is unlocked."""
    def put(function):
        def run(world):
            world.create()
            screen = Screen(world)
            try:
                screen.unlock()
                return function(world, screen)
            finally:
                finish(screen)
        return test(name)(run)
    return put


def finish(screen):
    if screen.code is not None:
        return
    for pid in family(screen):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    try:
        os.waitpid(screen.pid, 0)
    except ChildProcessError:
        pass


def family(screen):
    """The supervisor and its worker, as far as they live."""
    found = []
    for name in os.listdir("/proc"):
        try:
            with open("/proc/%s/stat" % name, encoding="utf-8") as file:
                text = file.read()
        except (OSError, UnicodeError):
            continue
        pid, (state, up) = int(text.split()[0]), text.rpartition(")")[2].split()[:2]
        if state != "Z" and screen.pid in (pid, int(up)):
            found.append(pid)
    return found


def on_tmux(name, columns=80, rows=24):
    def put(function):
        def run(world):
            screen = Tmux(world, columns, rows)
            try:
                return function(world, screen)
            finally:
                screen.close()
        return test(name)(run)
    return put


def narrative(world):
    """Of the only entry."""
    row = world.timeline()[0]
    return json.loads(world.ok("show", "--json", row["ref"]).out)["entry"]["narrative"]


def told(text):
    """Drawn text without its sequences, for sentences that stand in one piece."""
    text = re.sub(rb"\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>])", b" ", text)
    return re.sub(r"\s+", " ", text.decode("utf-8", "replace"))


# ---- what it starts on -------------------------------------------------------------------------


@on_tmux("terminals that cannot show it: a sentence, 69, and the terminal as it was")
def impossible(world, screen):
    world.create()
    cases = (("TERM=nonsense", "nonsense"), ("TERM=dumb", "dumb"), ("TERM=", "TERM"),
             ("env -u TERM", "TERM"), ("LC_ALL=C", "UTF-8"), ("LC_ALL=POSIX", "UTF-8"))
    for words in ("", "review "):
        for env, word in cases:
            screen.line("clear")
            screen.expect_only("shell>")
            screen.line("clear; %s %s %s%s; echo code $?" % (env, world.program(), words,
                                                             world.vault))
            screen.expect("code %d" % TERMINAL)
            shown = re.sub(r"\n", "", screen.screen().replace("shell>", ""))
            text = shown.partition("code")[0].strip()
            true(text.startswith("lapwing: ") and word in text and len(text) > 30,
                 "%s\n%s" % (env, screen.screen()))
            true("Passphrase" not in text, "nobody is asked in vain\n%s" % screen.screen())
    for end in ("</dev/null", "| cat", "</dev/null >/dev/null 2>err; cat err; false"):
        screen.line("clear")
        screen.expect_only("shell>")
        screen.line("clear; %s %s %s; echo code $?" % (world.program(), world.vault, end))
        screen.expect("\ncode")
        true("lapwing: " in screen.screen() and "terminal" in screen.screen(), screen.screen())
    screen.line("clear; echo still here")
    screen.expect("still here\n")


@on_tmux("too small to begin: a sentence with the size")
def small(world, screen):
    world.create()
    for columns, rows in ((19, 24), (80, 4), (1, 1)):
        screen.line("clear; stty columns %d rows %d; %s %s 2>err; echo $? >code" % (
            columns, rows, world.program(), world.vault))
        path = os.path.join(world.folder, "code")
        wait_until(lambda: os.path.exists(path) and os.path.getsize(path) > 0, 10, "it ends")
        with open(path, encoding="ascii") as file:
            same(int(file.read()), TERMINAL)
        os.unlink(path)
        with open(os.path.join(world.folder, "err"), encoding="utf-8") as file:
            true("%d columns and %d rows" % (columns, rows) in file.read(), "its size")
        screen.line("stty columns 80 rows 24; clear")


@on_tmux("TERM linux, vt100, screen, xterm and others: screens, arrows, nothing left at the end")
def kinds(world, screen):
    world.create()
    world.log("13 dec 2014 the first one", "14 dec 2014 the second one")
    for term in ("linux", "vt100", "vt220", "screen", "xterm", "tmux-256color"):
        screen.line("clear; TERM=%s %s %s; echo code $?" % (term, world.program(), world.vault))
        screen.expect("Passphrase:")
        screen.line(PASS)
        screen.expect("2 entries")
        screen.expect("the second one")
        for key, row in (("Home", "first"), ("Down", "second"), ("Up", "first"), ("j", "second")):
            screen.key(key)
            wait_until(lambda: re.search(r"^>.*the %s one" % row, screen.screen(), re.M), 5,
                       "%s selects on %s\n%s" % (key, term, screen.screen()))
        screen.key("Enter")
        screen.expect("E02")
        screen.key("Escape")
        screen.expect("2 entries")
        screen.type("n")
        screen.expect("New entry")
        screen.type("ёлка")
        screen.expect("ёлка")
        screen.key("C-g")
        screen.expect("(d/k)")
        screen.type("d")
        screen.expect("dropped")
        screen.type("Q")
        screen.expect("code 0")
        true(re.search("first|second|E0", screen.screen()) is None,
             "nothing stays on %s\n%s" % (term, screen.screen()))


# ---- sizes -------------------------------------------------------------------------------------


@on_tmux("20x5, 1x1 and back, resized while typing: nothing typed is lost")
def resized(world, screen):
    world.sample()
    screen.call("resize-window", "-t", "a", "-x", "20", "-y", "5")
    screen.line("clear; %s %s; echo code $?" % (world.program(), world.vault))
    screen.expect("Pass")
    screen.line(PASS)
    screen.expect("too small: 20x5")
    screen.type("n")
    typed = ""
    for number, size in enumerate(((20, 5), (1, 1), (80, 24), (3, 2), (200, 60), (1, 40), (80, 1),
                                   (40, 10), (2, 2), (80, 24))):
        screen.call("resize-window", "-t", "a", "-x", str(size[0]), "-y", str(size[1]))
        for letter in "ab%d" % number:
            screen.type(letter)
            typed += letter
    screen.expect(typed)
    screen.expect("New entry")
    screen.key("F2")
    screen.expect("E23 saved")
    for size in ((1, 1), (20, 5), (1, 24), (80, 24)):
        screen.call("resize-window", "-t", "a", "-x", str(size[0]), "-y", str(size[1]))
        for key in ("G", "k", "Enter", "?", "Escape", "/", "x", "Escape", "Escape"):
            screen.key(key)
        screen.key("C-l")
    screen.expect("23 entries")
    screen.type("Q")
    screen.expect("code 0")
    true(typed in world.titles(), "it is an entry")


@on_pty("sizes of 0, 1 and 1000 between keys, on the pty itself")
def sizes(world, screen):
    screen.new_form()
    typed = ""
    for rows, columns in ((1, 1), (0, 0), (1000, 1000), (2, 1000), (1000, 1), (5, 20),
                          (65535, 65535), (1000, 1000), (65535, 65535), (1, 80), (24, 80)):
        screen.size(rows, columns)
        for letter in "xy":
            screen.press(letter)
            typed += letter
            screen.settle(0.05)
    screen.save()
    screen.leave()
    same(world.titles(), [typed])


@test("a terminal that says 0x0 or 65535x65535 from the start")
def odd_from_the_start(world):
    world.create()
    for rows, columns in ((0, 0), (65535, 65535)):
        screen = Screen(world, rows=rows, columns=columns)
        try:
            screen.unlock()
            screen.size(24, 80)
            screen.settle()
            screen.new_form()
            screen.press("x")
            screen.save()
            screen.leave()
        finally:
            finish(screen)
    same(world.titles(), ["x", "x"])


# ---- bytes -------------------------------------------------------------------------------------

UP, DOWN, LEFT, F2, DELETE, F10 = "\033OA", "\033[B", "\033[D", "\033OQ", "\033[3~", "\033[21~"


@on_pty("sequences that come in pieces, up to 300 ms apart, are one key or none")
def pieces(world, screen):
    def slowly(sequence, seconds, first=0.05):
        for number, letter in enumerate(sequence):
            screen.press(letter)
            time.sleep(first if number == 0 else seconds)
    for sequence in (UP, DOWN, F10, F2, "\033[1;5D", DELETE):  # the letters in them are commands
        slowly(sequence, 0.3)
    screen.settle(0.6)
    true(len(family(screen)) == 2, "it runs")
    screen.new_form()
    screen.press("ac")
    slowly(LEFT, 0.3)
    screen.press("bX")
    slowly(LEFT, 0.15)
    slowly(DELETE, 0.3)
    screen.press("!")
    screen.settle()
    screen.save()
    for seconds in (0.3, 0.15):  # Esc alone, and the rest behind it: never letters or commands
        screen.new_form()
        screen.press("late")
        slowly(DELETE, 0.02, first=seconds)
        screen.settle(0.6)
        slowly(F2, 0.02, first=seconds)
        screen.settle(0.6)
        true(len(family(screen)) == 2, "it runs")
        screen.press("\033")
        screen.settle(0.3)
    screen.leave()
    same(world.titles(), ["ab!c"])
    after = Screen(world)
    try:
        after.unlock("2 unfinished forms")  # Esc left them, and nothing is lost
        after.press("y")
        after.shows("late")
        drawn = told(after.seen + after.settle())
        true("late[" not in drawn and "lateO" not in drawn, drawn)
        after.press("\033")
        after.settle()
        after.leave()
    finally:
        finish(after)


@on_pty("1 MiB pasted into a narrative is refused with a sentence; 200 KiB are taken to the byte")
def paste(world, screen):
    screen.new_form()
    screen.press("the title" + "\t" * 8 + "typed before ")
    screen.expect("before")
    lines = "".join("line %06d of what was pasted\r" % i for i in range(40000))
    screen.press(PASTE % lines[:1 << 20])
    screen.expect("too long", seconds=20)
    text = told(screen.settle(0.5))
    true("nothing was pasted" in text or "room for" in text, text)
    fits = "".join("Строка %05d, 日本, e\u0301.\r" % i for i in range(6000))
    true(180 << 10 < len(fits.encode()) < 256 << 10, len(fits.encode()))
    screen.press(PASTE % fits)
    screen.settle(0.5)
    screen.press("typed after")
    screen.shows("typing kept")
    screen.save()
    screen.leave()
    same(world.titles(), ["the title"])
    want = "typed before " + fits.replace("\r", "\n") + "typed after"
    same(narrative(world), want)


@on_pty("a paste into the timeline, a prompt or one line presses no key")
def paste_elsewhere(world, screen):
    screen.press(PASTE % "Q\rnce:quit\r")
    screen.expect("no field here")
    screen.new_form()
    screen.press(PASTE % "one\rtwo\033OQ\x03")
    screen.settle()
    true(len(family(screen)) == 2, "it runs")
    screen.save()
    screen.leave()
    same(len(world.titles()), 1)
    true(world.titles()[0].startswith("one two"), world.titles())


@on_pty("bytes that are no UTF-8 become one sign each, or none; the text around them stays")
def no_text(world, screen):
    screen.new_form()
    screen.press(b"before \xff\xfe\xc0\xaf\xed\xa0\x80\xf5 after")
    screen.settle(0.7)
    screen.press(b" cut \xd0")
    screen.settle(0.7)
    screen.press(b"on \xe2\x82")
    screen.settle(0.7)
    screen.press(b"end")
    screen.settle(0.1)
    screen.press("\0\x02".encode())
    screen.settle(0.7)
    screen.save()
    screen.leave()
    title = world.titles()[0]
    for word in ("before ", " after", " cut ", "on ", "end"):
        true(word in title, ascii(title))
    true(set(title) <= set("before after cut on end\ufffd"), ascii(title))
    world.clean_check()


# ---- the end of input --------------------------------------------------------------------------


@test("the terminal is closed at the prompt, in the timeline, in a form: all end, the form is kept")
def closed(world):
    world.create()
    for where in ("prompt", "timeline", "form"):
        screen = Screen(world)
        try:
            if where == "prompt":
                screen.expect("Passphrase:")
            else:
                screen.unlock()
            if where == "form":
                screen.new_form()
                screen.press("typed and then hung up")
                screen.shows("typing kept", seconds=2)
            same(len(family(screen)), 2)
            os.close(screen.fd)
            wait_until(lambda: not family(screen), 3, "everybody ends (%s)" % where)
        finally:
            finish(screen)
    screen = Screen(world)
    try:
        screen.expect("Passphrase:")
        screen.press(PASS + "\r")
        screen.expect("unfinished form")
        screen.press("y")
        screen.shows("typed and then hung up")
        screen.save()
        screen.leave()
    finally:
        finish(screen)
    same(world.titles(), ["typed and then hung up"])
    world.clean_check()


# ---- the file ----------------------------------------------------------------------------------


@on_tmux("the vault is removed, replaced or cut under a form: locked in 2 s, with a sentence")
def taken_away(world, screen):
    world.create()
    other = os.path.join(world.folder, "other")
    world.create(vault=other, password=OTHER)
    copy = os.path.join(world.folder, "copy")
    keep = os.path.join(world.folder, "keep")

    def remove():
        os.unlink(world.vault)

    def replace():
        shutil.copy(other, copy)
        os.rename(copy, world.vault)

    def folder():
        os.unlink(world.vault)
        os.mkdir(world.vault)

    def cut():
        os.truncate(world.vault, 0)
    for number, change in enumerate((remove, replace, folder, cut)):
        if os.path.isdir(world.vault):
            os.rmdir(world.vault)
        if number > 0:
            shutil.copy(keep, copy)
            os.rename(copy, world.vault)
        screen.line("clear; %s %s; echo code $?" % (world.program(), world.vault))
        screen.expect("Passphrase:")
        screen.line(PASS)
        if number > 0:
            screen.expect("unfinished form")
            screen.type("y")
        else:
            screen.expect("saved")
            screen.type("n")
        screen.expect("New entry")
        screen.type("text %d" % number)
        screen.expect("text %d" % number)  # until then it says what is kept of an older draft
        screen.expect("typing kept", seconds=3)
        shutil.copy(world.vault, keep)
        change()
        spent = screen.expect_only("Passphrase:", seconds=2.5)
        true(spent < 2, "%s: %.2f s" % (change.__name__, spent))
        screen.line(PASS)
        screen.expect("Not right" if change is replace else "It cannot be opened now")
        true(world.vault not in screen.screen(scrolled=True), "no name")
        screen.key("C-d")
        screen.expect("code")
    os.rename(keep, world.vault)
    screen.line("clear; %s %s" % (world.program(), world.vault))
    screen.expect("Passphrase:")
    screen.line(PASS)
    screen.expect("unfinished form")
    screen.type("y")
    for number in range(4):
        screen.expect("text %d" % number)


def fill(world):
    """Until not even a short line goes in."""
    for size in (60000, 8000, 1000, 10):
        for _ in range(200):
            if world.run("log", stdin="x" * size + "\n").code != 0:
                break


@on_tmux("a vault that is full while somebody types: said on the screen, and the text stays")
def full(world, screen):
    world.create()
    fill(world)
    count = len(world.titles())
    screen.line("clear; %s %s; echo code $?" % (world.program(), world.vault))
    screen.expect("Passphrase:")
    screen.line(PASS)
    screen.expect("saved")
    screen.type("n")
    screen.expect("New entry")
    words = "what was typed into a full vault "
    long = words + "x" * 100000
    screen.key(*["Tab"] * 8)
    path = world.write("long", long)
    screen.call("load-buffer", path)
    screen.call("paste-buffer", "-p", "-t", "a:0.0")
    screen.expect("NOT SAVED since", seconds=10)
    screen.expect("in memory only")
    screen.expect("full")
    screen.key("C-Home")
    screen.expect("what was typed into a full")
    screen.key("F1")
    screen.expect("Help (Esc")
    screen.key("Escape")
    screen.key("Tab")
    screen.key("BTab")
    screen.expect("NOT SAVED since")
    screen.key("Escape")
    screen.expect("memory")
    screen.expect("New entry")
    screen.key("F2")
    screen.expect("not saved")
    screen.key("C-u")
    screen.expect("NOT SAVED since")
    screen.key("C-g")
    screen.expect("(d/k)")
    screen.type("d")
    screen.expect("dropped")
    screen.type("Q")
    screen.expect("code 0")
    same(len(world.titles()), count)
    world.clean_check()


@on_tmux("a vault that may only be read: a sentence that says so, and nothing is changed")
def read_only(world, screen):
    world.create()
    world.log("the first one")
    before = world.bytes()
    prefix = " ".join(world.user())
    os.chmod(world.vault, 0o444)
    for words in ("", "review "):
        screen.line("clear; %s %s %s%s; echo code $?" % (prefix, world.program(), words,
                                                        world.vault))
        screen.expect("Passphrase:")
        screen.line(PASS)
        screen.expect("code %d" % CREATE)
        shown = screen.screen().replace("\n", "")
        true("for writing" in shown and "Permission denied" in shown, screen.screen())
        true("first one" not in shown, screen.screen())
    true(world.bytes() == before, "not a byte")


CLEARED = re.compile(rb"\x1b\[H\x1b\[2?J")


class Drawn(ptyscreen.Screen):
    """What stood on the screen each time that it was about to be cleared."""

    def __init__(self, world, term, columns, rows):
        super().__init__(world, "--vault", world.vault, term=term, columns=columns, rows=rows)
        self.held, self.stood = b"", []

    def take(self, data):
        self.held += data
        while found := CLEARED.search(self.held):
            self.grid.feed(self.held[:found.start()])
            self.stood.append(self.grid.screen())
            self.grid.feed(found.group())
            self.held = self.held[found.end():]
        if b"\x1b[H" not in self.held[-6:]:
            super().take(self.held)
            self.held = b""

    def resize(self, columns, rows):
        """As on a terminal that goes on scrolling only what scrolled before."""
        bottom = self.grid.bottom
        self.grid = ptyscreen.Grid(columns, rows)
        self.grid.bottom = min(bottom, rows - 1)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def top(self, text):
        """Waits until the first line is about that: the last thing to follow a selection."""
        self.until(lambda: self.grid.screen().startswith(text), 10, text)

    def redraw(self):
        """What stood there before, step by step."""
        count = len(self.stood)
        self.type("\014")
        self.until(lambda: len(self.stood) > count, 10, "a redraw")
        return self.stood[count]


@test("step by step or redrawn, the screen is the same, after another size too")
def same_screen(world):
    world.sample()
    world.log("16 dec 2014 later: обыск в офисе, изъяли всё")
    for term, sizes in (("xterm-256color", ((60, 12), (100, 31), (80, 24))), ("screen-256color", ((81, 25),)),
                        ("linux", ((80, 26),))):
        screen = Drawn(world, term, *sizes[0])
        try:
            screen.expect("Passphrase:")
            screen.type(PASS + "\r")
            screen.top("December 2014")
            for size in sizes:
                if size != sizes[0]:
                    screen.resize(*size)
                for key, text in (("g", "From about"), ("\033[6~", "December"), ("G\033[5~g", "From about"),
                                  ("jjj", "December")):
                    screen.type(key)
                    screen.top(text)
                    before = screen.redraw()
                    same(before, screen.redraw())
        finally:
            screen.close()


if __name__ == "__main__":
    harness.main(tests)
