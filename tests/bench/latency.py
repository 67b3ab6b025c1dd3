"""How long one waits: from the start to the prompt, from a key to the cell that it changes in a form that holds
200 KiB of text, and from a save in the field to a review of it over sshd on loopback; and how many bytes that
review is sent while nothing changes. Beside the start stands what this machine takes to start a shell on a
terminal. Shown, not judged.

usage: latency.py BUILD [SECONDS]     SECONDS: how long the review is listened to (20)
"""
import os
import select
import shutil
import statistics
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness  # noqa: E402
import test_review as review  # noqa: E402
from ptyscreen import Screen  # noqa: E402

STARTS, KEYS, SAVES = 40, 200, 12  # so many find room below the list
PASTE = "\033[200~%s\033[201~"
TERM = "xterm-256color"


def tell(what, seconds, asked, unit=1000):
    seconds = sorted(seconds)
    worst = seconds[min(len(seconds) - 1, len(seconds) * 99 // 100)]
    print("%-58s %8.1f %8.1f   %s" % (what, statistics.median(seconds) * unit, worst * unit, asked),
          flush=True)


def open_vault(world, *args, **options):
    screen = Screen(world, "--vault", world.vault, *args, term=TERM, **options)
    screen.expect("Passphrase:")
    screen.type(harness.PASS + "\r")
    screen.expect("saved", "read-only")
    return screen


# ---- the start --------------------------------------------------------------------------------------


def first_bytes(world, program, *args):
    """Seconds until something is drawn."""
    begin = time.monotonic()
    screen = Screen(world, *args, program=program, term=TERM)
    try:
        screen.until(lambda: screen.grid.screen().strip(), 10, "anything")
        return time.monotonic() - begin
    finally:
        screen.close()


def starts(world):
    prompts, shells = [], []
    for _ in range(STARTS):
        prompts.append(first_bytes(world, None, "--vault", world.vault))
        shells.append(first_bytes(world, "/bin/sh", "-c", "echo x; sleep 1"))
    tell("start to prompt", prompts, "<= 30")
    tell("  a shell that says one letter", shells, "")


# ---- a key in a long form ---------------------------------------------------------------------------


def answer(screen, key):
    """Seconds until the first bytes that a key brings; those that follow are read as well."""
    begin = time.monotonic()
    screen.type(key)
    if not select.select([screen.fd], [], [], 5)[0]:
        raise AssertionError("no answer to a key")
    took = time.monotonic() - begin
    screen.pump(0.02)
    return took


def long_form(world):
    screen = open_vault(world)
    try:
        screen.type("n")
        screen.expect("New entry")
        screen.type("a long one" + "\t" * 8)
        line = "Строка %05d, 日本, e\u0301 and words of Latin letters to the end.\r"
        text = "".join(line % number for number in range(2900))
        harness.true(len(text.encode()) >= 200 << 10, len(text.encode()))
        os.set_blocking(screen.fd, True)
        for at in range(0, len(text), 1000):
            screen.type(PASTE % text[at:at + 1000])
            screen.pump(0.02)
        screen.pump(1)
        typed = [answer(screen, letter) for letter in "слово за словом " * (KEYS // 16)]
        for _ in range(40):  # into the middle
            screen.type("\033[5~")
            screen.pump(0.02)
        screen.pump(1)
        inside = [answer(screen, letter) for letter in "слово за словом " * (KEYS // 16)]
    finally:
        screen.close()
    tell("a key in a form with 200 KiB of text, at its end", typed, "<= 5")
    tell("  40 pages above it", inside, "<= 5")


# ---- a review over sshd -----------------------------------------------------------------------------


def reviewed(world, seconds):
    server = review.Server(world)
    far = None
    try:
        line = server.command("user", world.program(), "--vault", world.vault, "review", flags=("-tt",))
        far = Screen(world, *line[1:], term=TERM, program=shutil.which("ssh"))
        far.expect("Passphrase:")
        far.type(harness.PASS + "\r")
        far.expect("read-only")
        took = []
        for number in range(SAVES):
            text = "saved as number %d" % number
            world.log("1 feb 2015 " + text)
            took.append(far.until(lambda: text in far.grid.screen(), 10, text))
            time.sleep(0.13 * number % 1)
        tell("a save in the field to a review over sshd", took, "<= 1000")
        far.pump(3)
        far.raw = b""
        far.pump(seconds)
        print("%-58s %8d %8s   %s" % ("bytes to it in %g s without a change" % seconds, len(far.raw), "", "0"))
    except harness.Skip as reason:
        print("no review over sshd: %s" % reason)
    finally:
        if far is not None:
            far.close()
        server.close()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    world = harness.World(sys.argv[1])
    try:
        world.sample()
        print("%-58s %8s %8s   %s" % ("Waiting, ms", "median", "p99", "asked"))
        starts(world)
        long_form(world)
        reviewed(world, float(sys.argv[2]) if len(sys.argv) > 2 else 20.0)
    finally:
        world.close()


if __name__ == "__main__":
    main()
