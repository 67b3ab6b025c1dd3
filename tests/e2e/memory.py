"""The memory of running programs, as root sees it."""
import os
import re

from encodings_of import forms
from harness import Skip

BIGGEST = 1 << 30


class Needles:
    """Words in the encodings in which they could lie there."""

    def __init__(self, *words):
        codes = ("utf-8", "utf-16-le", "utf-32-le")
        plain = {word.encode(code) for word in words for code in codes}
        self.plain = sorted(plain)
        # longer to look for: UTF-16 the other way round, hexadecimal, base64
        self.coded = sorted({form for word in words for _, form in forms(word)} - plain)
        # in the cells of curses: attributes, five characters, a colour
        self.cells = [re.compile(b"\0{16}.{8}".join(re.escape(letter.encode("utf-32-le"))
                                                    for letter in word), re.S) for word in words]

    def count(self, pieces, coded=False):
        """How often they stand in what take() took."""
        words = self.plain + self.coded * coded
        return (sum(data.count(word) for data in pieces for word in words) +
                sum(len(cells.findall(data)) for data in pieces for cells in self.cells))


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


def without_zeros(data):
    """Pages in which there is something; what was beside each other stays so."""
    page, empty = 4096, bytes(4096)
    found, at = [], 0
    while at < len(data):
        end = at
        while end < len(data) and data[end:end + page] != empty:
            end += page
        if end > at:
            found.append(data[at:end])
        at = end + page
    return found


def take(pids):
    """All of their memory at this moment; a process that is gone has none."""
    taken = []
    for pid in pids:
        try:
            taken.extend(pieces(pid))
        except OSError:
            pass
    return [part for data in taken for part in without_zeros(data)]


def count(pids, needles):
    """How often they are found there now."""
    return needles.count(take(pids))


def demand_root():
    if os.geteuid() != 0:
        raise Skip("only root sees the memory of the program")
