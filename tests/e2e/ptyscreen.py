"""A terminal of our own around a program: a pty, and just enough of a screen to read what it draws."""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

CSI = re.compile(r"\x1b\[([?>=!]?)([0-9;]*)([@-~])")
CUT = re.compile(r"\x1b[^\x18\x1a\x1b]*[\x18\x1a]")  # CAN and SUB end a sequence that was begun
OTHER = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()*+#%].|\x1b[^\[\]()*+#%]", re.S)


class Grid:
    """What stands on the screen, on the alternate one, and what scrolled off."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.rest = ""
        self.scrolled = []
        self.lines, self.away = self.blank(), None
        self.row = self.column = 0
        self.top, self.bottom = 0, rows - 1
        self.insert = False

    def blank(self):
        return [[" "] * self.columns for _ in range(self.rows)]

    def text(self):
        """The screen, and all that could be brought back to it."""
        lines = self.scrolled + self.lines + (self.away or [])
        return "\n".join("".join(line).rstrip() for line in lines)

    def screen(self):
        return "\n".join("".join(line).rstrip() for line in self.lines)

    def feed(self, data):
        text, at = self.rest + self.decode(data), 0
        self.rest = ""
        while at < len(text):
            if text[at] != "\x1b":
                self.plain(text[at])
                at += 1
                continue
            found = CSI.match(text, at)
            if found:
                self.control(*found.groups())
            elif found := OTHER.match(text, at):
                self.escape(found.group())
            else:
                found = CUT.match(text, at)
                if not found:  # not whole yet
                    self.rest = text[at:]
                    return
            at = found.end()

    def plain(self, letter):
        if letter == "\r":
            self.column = 0
        elif letter in "\n\v":
            self.down()
        elif letter == "\b":
            self.column = max(0, min(self.column, self.columns - 1) - 1)
        elif letter == "\t":
            self.column = min(self.columns - 1, self.column // 8 * 8 + 8)
        elif letter >= " " and letter != "\x7f":
            if self.column >= self.columns:
                self.column = 0
                self.down()
            line = self.lines[self.row]
            if self.insert:
                line.insert(self.column, letter)
                line.pop()
            line[self.column] = letter
            self.column += 1

    def down(self):
        if self.row == self.bottom:
            self.scroll(1)
        elif self.row < self.rows - 1:
            self.row += 1

    def scroll(self, count, top=None):
        top = self.top if top is None else top
        for _ in range(min(abs(count), self.rows)):
            if count > 0:
                gone = self.lines.pop(top)
                self.lines.insert(self.bottom, [" "] * self.columns)
                if top == 0 and self.away is None:
                    self.scrolled.append(gone)
            else:
                self.lines.pop(self.bottom)
                self.lines.insert(top, [" "] * self.columns)

    def escape(self, text):
        if text == "\x1bM":
            if self.row == self.top:
                self.scroll(-1)
            else:
                self.row = max(0, self.row - 1)
        elif text in ("\x1bD", "\x1bE"):
            self.column = 0 if text == "\x1bE" else self.column
            self.down()

    def erase(self, start, end):
        for at in range(start, end):
            self.lines[at // self.columns][at % self.columns] = " "

    def control(self, mark, words, end):
        numbers = [int(word or 0) for word in words.split(";")]
        first = numbers[0]
        count = max(1, first)
        column = min(self.column, self.columns - 1)
        here = self.row * self.columns + column
        line = self.lines[self.row]
        if mark:
            if mark == "?" and 1049 in numbers:
                self.alternate(end == "h")
        elif end in "Hf":
            self.row = min(self.rows, count) - 1
            self.column = min(self.columns, max(1, (numbers + [1])[1])) - 1
        elif end == "J":
            if first == 3:
                self.scrolled = []
            else:
                self.erase(here if first == 0 else 0,
                           here + 1 if first == 1 else self.rows * self.columns)
        elif end == "K":
            begin = self.row * self.columns
            self.erase(here if first == 0 else begin, here + 1 if first == 1 else begin + self.columns)
        elif end == "X":
            line[column:column + count] = [" "] * len(line[column:column + count])
        elif end == "P":
            del line[column:column + count]
            line += [" "] * (self.columns - len(line))
        elif end == "@":
            line[column:column] = [" "] * count
            del line[self.columns:]
        elif end in "LM":
            self.scroll(count if end == "M" else -count, self.row)
        elif end in "ST":
            self.scroll(count if end == "S" else -count)
        elif end in "AB":
            self.row = max(0, min(self.rows - 1, self.row + (count if end == "B" else -count)))
        elif end in "CD":
            self.column = max(0, min(self.columns - 1, column + (count if end == "C" else -count)))
        elif end in "G`":
            self.column = min(self.columns, count) - 1
        elif end == "d":
            self.row = min(self.rows, count) - 1
        elif end == "b":
            for _ in range(count):
                self.plain(line[self.column - 1])
        elif end == "r":
            self.top = count - 1
            self.bottom = (numbers[1] if len(numbers) > 1 and numbers[1] else self.rows) - 1
            self.row = self.column = 0
        elif end in "hl" and first == 4:
            self.insert = end == "h"

    def alternate(self, on):
        if on and self.away is None:
            self.away, self.lines = self.lines, self.blank()
        elif not on and self.away is not None:
            self.lines, self.away = self.away, None


class Screen:
    """A program on a pty; keys in, a grid out."""

    def __init__(self, world, *args, term="xterm", columns=80, rows=24, program=None):
        command = [program or world.program()] + list(args)
        self.grid = Grid(columns, rows)
        self.code = None
        self.raw = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                os.chdir(world.folder)
                os.closerange(3, 1024)  # other terminals of this process: else they never hang up
                os.execve(command[0], command, dict(world.env, TERM=term))
            finally:
                os._exit(127)

    def pump(self, seconds=0.0):
        """Draws what comes within that time; False where the other side is closed."""
        end = time.monotonic() + seconds
        while True:
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                return True
            try:
                data = os.read(self.fd, 65536)
            except OSError:  # EIO: nobody is there any more
                data = b""
            if not data:
                return False
            self.take(data)
            if time.monotonic() > end:
                return True

    def take(self, data):
        self.raw = (self.raw + data)[-20000:]
        self.grid.feed(data)

    def type(self, text):
        os.write(self.fd, text.encode())

    def until(self, condition, seconds, what):
        """Seconds until it is so."""
        start = time.monotonic()
        while True:
            alive = self.pump(0.005)
            spent = time.monotonic() - start
            if condition():
                return spent
            if spent > seconds or not alive:
                raise AssertionError("%s: not on\n%s\nlast bytes %r" % (
                    what, self.grid.text(), self.raw[-300:]))

    def expect(self, *texts, seconds=20):
        """Which of the texts came."""
        self.until(lambda: any(text in self.grid.screen() for text in texts), seconds, texts)
        return next(text for text in texts if text in self.grid.screen())

    def expect_only(self, text, seconds=20):
        return self.until(lambda: self.grid.text().strip() == text, seconds, "only %r" % text)

    def hang_up(self):
        """As when the line drops; waits for its end."""
        os.close(self.fd)
        self.fd = -1
        self.wait(5)

    def wait(self, seconds):
        end = time.monotonic() + seconds
        while self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise AssertionError("it did not end in %.1f s" % seconds)
            else:
                time.sleep(0.005)

    def close(self):
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.code = -signal.SIGKILL
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def worker(supervisor):
    """The one that knows; None where there is none now."""
    try:
        found = children(supervisor)
    except OSError:
        return None
    return found[0] if found else None


def gone(pid):
    """True for one that runs no more, reaped or not."""
    try:
        with open("/proc/%d/stat" % pid, encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True
