"""Twenty tasks of a reviewer over a bad line: a real sshd on loopback, through a pipe of so many bytes a second.

The same keys go to a program without a line in between; what stands on the screen there must stand on the far one
too, cell by cell, before the next task begins. So a stray key or a garbled cell leaves its task undone.

usage: drive.py BUILD [BYTES_A_SECOND [DELAY_MS]]     (1024, and 600 each way)
"""
import os
import queue
import re
import shutil
import socket
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness  # noqa: E402
import test_review as review  # noqa: E402
from ptyscreen import Screen  # noqa: E402

PIECE = 48
QUIET = 0.4  # seconds without a byte: all is drawn, where nothing holds it up
PATIENCE = 120
TERM = "xterm-256color"
TIMES = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")

TASKS = (
    ("unlock", harness.PASS + "\r"),
    ("a page up", "\033[5~"),
    ("the first entry", "g"),
    ("three entries on", "jjj"),
    ("open it", "\r"),
    ("a page down in it", "\033[6~"),
    ("the next entry", "]"),
    ("back to the list", "q"),
    ("search as one types", "/babinets"),
    ("open a hit", "\r"),
    ("back to the list", "qq"),
    ("filter by kind", "fkind:threat\r"),
    ("all entries again", "F"),
    ("the ruler", "z"),
    ("the lanes", "z"),
    ("the list again", "z"),
    ("what was seized", "1"),
    ("people", "qp"),
    ("help", "q?"),
    ("the last entry", "qG"),
)


# ---- the pipe ---------------------------------------------------------------------------------------


def carry(read, write, rate, delay):
    """One direction, until its end."""
    pieces = queue.Queue()

    def deliver():
        while True:
            due, data = pieces.get()
            time.sleep(max(0, due - time.monotonic()))
            if not data:
                return
            write(data)

    thread = threading.Thread(target=deliver)
    thread.start()
    free = time.monotonic()
    while data := read(65536):
        for at in range(0, len(data), PIECE):
            piece = data[at:at + PIECE]
            free = max(free, time.monotonic()) + len(piece) / rate
            pieces.put((free + delay, piece))
    pieces.put((free + delay, b""))
    thread.join()


def pipe(host, port, rate, delay):
    """A ProxyCommand of ssh."""
    with socket.create_connection((host, port)) as line:
        def out(data):
            os.write(1, data)

        back = threading.Thread(target=carry, args=(line.recv, out, rate, delay), daemon=True)
        back.start()
        carry(lambda most: os.read(0, most), line.sendall, rate, delay)
        line.shutdown(socket.SHUT_WR)
        back.join(10)


# ---- the drive --------------------------------------------------------------------------------------


def shown(screen):
    """What stands on it, but for the time of the last opening."""
    return TIMES.sub("TIME", screen.grid.screen())


def settle(screen):
    before = None
    while before != screen.grid.screen():
        before = screen.grid.screen()
        screen.pump(QUIET)


def drive(near, far):
    """Seconds of each task that was done; stops at one that was not."""
    took = []
    for name, keys in TASKS:
        near.type(keys)
        settle(near)
        wanted = shown(near)
        far.type(keys)
        try:
            took.append(far.until(lambda: shown(far) == wanted, PATIENCE, name))
        except AssertionError:
            print("not done: %s; wanted\n%s\nbut there stands\n%s" % (name, wanted, shown(far)))
            break
        print("%-24s %5.1f s" % (name, took[-1]), flush=True)
    return took


def run(build, rate, delay_ms):
    world = harness.World(build)
    review.CONFIG = review.CONFIG.replace("LoginGraceTime 20", "LoginGraceTime 120")
    server = screens = None
    try:
        world.sample()
        world.ok("timeline")  # so that both are told when it was opened before
        server = review.Server(world)
        proxy = "%s -B %s --pipe %%h %%p %d %d" % (sys.executable, os.path.abspath(__file__), rate, delay_ms)
        line = server.command("user", world.program(), "--vault", world.vault, "review",
                              flags=("-tt", "-o", "ProxyCommand=" + proxy, "-o", "ConnectTimeout=120"))
        near = Screen(world, "--vault", world.vault, "review", term=TERM)
        far = Screen(world, *line[1:], term=TERM, program=shutil.which("ssh"))
        screens = near, far
        near.expect("Passphrase:")
        login = far.until(lambda: "Passphrase:" in shown(far), PATIENCE, "the prompt")
        print("over %d bytes a second and %d ms each way; the prompt after %.1f s" % (rate, delay_ms, login))
        took = drive(near, far)
        print("%d of %d tasks done, each screen cell by cell; %.0f s, at most %.1f s for one" % (
            len(took), len(TASKS), sum(took), max(took, default=0)))
        return len(took) == len(TASKS)
    except harness.Skip as reason:
        print("no drive over a bad line: %s" % reason)
        return True
    finally:
        for screen in screens or ():
            screen.close()
        if server is not None:
            server.close()
        world.close()


def main():
    if sys.argv[1] == "--pipe":
        pipe(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]) / 1000)
        return
    rate = int(sys.argv[2]) if len(sys.argv) > 2 else 1024
    delay = int(sys.argv[3]) if len(sys.argv) > 3 else 600
    sys.exit(0 if run(sys.argv[1], rate, delay) else 1)


if __name__ == "__main__":
    main()
