"""The memory of running programs, as root sees it."""
import os
import re

from harness import Skip

BIGGEST = 1 << 30


class Needles:
    """Words in the encodings in which they could lie there."""

    def __init__(self, *words):
        codes = ("utf-8", "utf-16-le", "utf-32-le")
        plain = {word.encode(code) for word in words for code in codes}
        self.plain = sorted(plain)
        # in the cells of curses: attributes, five characters, a colour
        self.cells = [re.compile(b"\0{16}.{8}".join(re.escape(letter.encode("utf-32-le"))
                                                    for letter in word), re.S) for word in words]

    def count(self, data):
        return (sum(data.count(word) for word in self.plain) +
                sum(len(cells.findall(data)) for cells in self.cells))


def programs(*paths):
    """Ids of the processes that run one of these files."""
    real = {os.path.realpath(path) for path in paths}
    found = []
    for pid in os.listdir("/proc"):
        if pid.isdigit():
            try:
                if os.readlink("/proc/%s/exe" % pid).replace(" (deleted)", "") in real:
                    found.append(int(pid))
            except OSError:
                pass
    return found


def pieces(pid):
    """What is mapped, also where its owner may not read it at the moment."""
    with open("/proc/%d/maps" % pid, encoding="utf-8", errors="replace") as maps:
        lines = maps.read().splitlines()
    with open("/proc/%d/mem" % pid, "rb", buffering=0) as memory:
        for line in lines:
            start, end = (int(word, 16) for word in line.split(" ", 1)[0].split("-"))
            if "[v" in line or end - start > BIGGEST:
                continue
            try:
                yield os.pread(memory.fileno(), end - start, start)
            except (OSError, OverflowError):
                pass


def count(pids, needles):
    """How often they are found; a process that is gone has nothing."""
    found = 0
    for pid in pids:
        try:
            for data in pieces(pid):
                found += needles.count(data)
        except OSError:
            pass
    return found


def demand_root():
    if os.geteuid() != 0:
        raise Skip("only root sees the memory of the program")
