"""How long the keys phase of a wipe takes: as the program tells it, from the end of the countdown (of 0 here)
until the keys are synced, which includes starting the process that wipes; and as it is seen from outside,
from the signal until that line is drawn. Under load: two processes that write beside the vault and sync each
MiB, or for the heavy load each 32 MiB, and one that only computes. Beside it, at the same moments, what the
disk alone takes for one synced write of as many bytes, with nothing of this program: under the heavy load the
disk alone may need as long as was asked for. Every round gets the first pages of the vault back. Loads and
sizes take turns, so that all see the same disk. Where this is root, the program runs as an ordinary user, who
may not go before others. Shown, not judged; asked for: p99 below 50 ms, a ratio of the sizes below 1.5.

usage: wipe.py BUILD [ROUNDS [FOLDER [RESULTS]]]

1,000 rounds of each size and load. RESULTS is a file to which each round is appended, and from which the figures of
all rounds are taken, so that a long measurement can be made in parts.
"""
import contextlib
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))
import harness  # noqa: E402
from ptyscreen import Screen, children, gone  # noqa: E402

KEYS = 7 * harness.PAGE
TURN = 25  # rounds under one load before the other one
SIZES = {"64M": "64 MiB", "2G": "2 GiB"}
LINE = re.compile(rb"synced \d\d:\d\d:\d\d, (\d+) ms")
LOADS = {"load": 1, "heavy load": 32}  # MiB between two syncs
LOAD = """
import os, sys
fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
block = os.urandom(1 << 20)
while True:
    for n in range(int(sys.argv[2])):
        os.pwrite(fd, block, n << 20)
    os.fdatasync(fd)
"""


def end(screen):
    victims = children(screen.pid)
    os.kill(screen.pid, signal.SIGKILL)
    for pid in victims:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    screen.close()
    while not all(gone(pid) for pid in victims):
        time.sleep(0.001)


def write_once(path, data):
    """One synced write, by nobody in particular; milliseconds."""
    fd = os.open(path, os.O_RDWR)
    try:
        start = time.monotonic()
        os.pwritev(fd, [data], 0, os.RWF_DSYNC)
        return (time.monotonic() - start) * 1000
    finally:
        os.close(fd)


def one(world, vault, keys):
    """Milliseconds until shown, as told, and of the disk alone."""
    alone = write_once(vault, keys)  # the keys are back
    screen = Screen(world, *world.prefix[1:], world.program(), "--vault", vault,
                    program=world.prefix[0])
    try:
        screen.expect("Passphrase:")
        start = time.monotonic()
        os.kill(screen.pid, signal.SIGUSR2)
        screen.until(lambda: LINE.search(screen.raw), 60, "keys synced")
        spent = (time.monotonic() - start) * 1000
        return spent, int(LINE.search(screen.raw).group(1)), alone
    finally:
        end(screen)


@contextlib.contextmanager
def loaded(folder, mib):
    load = [subprocess.Popen((sys.executable, "-c", LOAD, os.path.join(folder, "load%d" % n), str(mib)))
            for n in range(2)]
    load.append(subprocess.Popen((sys.executable, "-c", "while True: pass")))
    try:
        yield
    finally:
        for process in load:
            process.kill()
            process.wait()


def measure(build, folder, rounds, results):
    world = harness.World(build, folder)
    world.config("[vault]\nkdf = test\n[emergency]\nsignal = yes\nkeys_only = yes\n")
    vaults = []
    for size in SIZES:
        vault = os.path.join(world.place, size)
        world.create(vault=vault, size=size)
        with open(vault, "rb") as file:
            vaults.append((size, vault, file.read(KEYS)))
    world.prefix = world.user() or ("/usr/bin/env",)
    if world.prefix[0] == "setpriv":
        world.prefix = (shutil.which("setpriv"),) + world.prefix[1:]
    try:
        for start in range(0, rounds, TURN):
            for load, mib in LOADS.items():
                with loaded(world.folder, mib):
                    for _ in range(start, min(start + TURN, rounds)):
                        for size, vault, keys in vaults:
                            print(load.replace(" ", "_"), size, *one(world, vault, keys),
                                  file=results, flush=True)
    finally:
        world.close()


def p99(values):
    return sorted(values)[min(len(values) - 1, len(values) * 99 // 100)]


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    folder = sys.argv[3] if len(sys.argv) > 3 else None
    with open(sys.argv[4], "a+", encoding="ascii") if len(sys.argv) > 4 else \
            tempfile.TemporaryFile("w+") as results:
        measure(sys.argv[1], folder, rounds, results)
        results.seek(0)
        lines = [line.split() for line in results]
    print("milliseconds: median, p99, longest\n%-23s %6s  %-18s %-21s %s" % (
        "", "rounds", "keys synced", "until shown", "the disk alone"))
    for load in LOADS:
        found = {}
        for size, name in SIZES.items():
            seen, told, alone = zip(*([float(word) for word in line[2:]] for line in lines
                                      if line[:2] == [load.replace(" ", "_"), size]))
            found[size] = p99(told)
            print("%-8s %-14s %6d  %5.0f %5.0f %5.0f  %6.1f %6.1f %6.1f  %6.1f %6.1f %6.1f" % (
                name, load, len(told), *(f(values) for values in (told, seen, alone)
                                         for f in (statistics.median, p99, max))))
        print("         p99 2 GiB / 64 MiB: %.2f" % (found["2G"] / found["64M"]))


main()
