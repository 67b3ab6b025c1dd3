"""What the end-to-end tests share: a clean world, runs of the program, TAP.

Every test function gets a World of its own: a temporary folder with HOME, TMPDIR and a place for
vaults, a clean environment, and a configuration that takes the cheap key derivation first. Nothing of
the machine's own home is seen by the program. Passphrases go through pipes.
"""

import ctypes
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

from beside import Beside, ask

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PRACTICE = os.path.join(ROOT, "share", "practice", "chronology-2014.json")
PAGE = 4096
MIB = 1 << 20
PASS = "granite lantern meadow sparrow"
OTHER = "copper whistle harbour thistle"
DURESS = "velvet orchard pebble compass"
DRILLS = ["%s.vault" % name for name in (  # what a drill makes in its folder
    "fresh", "mixed", "whole", *("practice%d" % number for number in range(1, 20)))]
LIMIT = 240  # seconds for one test that does not ask for more
APPEARED = []  # every name that appeared in the folder of a vault, in all worlds so far
STRANGE = []  # those that have no business there; they turn the test red

USAGE, DATA, INPUT, TERMINAL = 64, 65, 66, 69
CREATE, IO, BUSY, WRONG, CONFIG = 73, 74, 75, 77, 78


class Skip(Exception):
    """This machine cannot show it; the reason is printed."""


# ---- runs ------------------------------------------------------------------------------------


class Result:
    def __init__(self, args, code, out, err):
        self.args = args
        self.code = code
        self.out_bytes = out
        self.err_bytes = err
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")

    def rows(self):
        """One JSON object a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def refs(self):
        return [row["ref"] for row in self.rows()]

    def __str__(self):
        return "%s: exit %s\nout: %s\nerr: %s" % (
            " ".join(self.args), self.code, self.out[-1500:], self.err[-1500:])


def expect(result, code):
    if result.code != code:
        raise AssertionError("expected exit %d\n%s" % (code, result))
    return result


def same(have, want, what=""):
    if have == want:
        return
    at = 0
    if isinstance(have, (str, bytes)) and isinstance(want, type(have)):
        pairs = enumerate(zip(have, want))
        at = next((n for n, (a, b) in pairs if a != b), min(len(have), len(want)))
        at = max(0, at - 100)  # long texts: where they begin to differ
    raise AssertionError("%s%s\nhave: %.1000r\nwant: %.1000r" % (
        what, " (from %d)" % at if at else "", have[at:] if at else have, want[at:] if at else want))


def golden(name, text):
    """REGOLD=1 writes it anew; look at the difference before it is kept."""
    path = os.path.join(ROOT, "tests", "golden", name + ".txt")
    if os.environ.get("REGOLD"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    with open(path, encoding="utf-8") as file:
        same(text, file.read(), name)


def true(value, what):
    if not value:
        raise AssertionError(str(what))


def sentence(result, code, *words):
    """A failure: its code, and one clear sentence (for wrong usage a hint after it) on stderr."""
    expect(result, code)
    lines = result.err.splitlines()
    hints = [line for line in lines if line.startswith('"lapwing help')]
    lines = [line for line in lines if line not in hints]
    true(len(hints) == (1 if code == USAGE else 0), "a hint where usage is wrong\n%s" % result)
    true(len(lines) == 1, "one line on stderr\n%s" % result)
    true(lines[0].startswith("lapwing: "), "it says who speaks\n%s" % result)
    text = lines[0][len("lapwing: "):]
    true(15 <= len(text) <= 600 and " " in text, "a sentence\n%s" % result)
    true(not text.endswith("."), "no full stop\n%s" % result)
    for word in words:
        true(word in text, "it says %r\n%s" % (word, result))
    return result


def pipe_with(text):
    """The reading end of a pipe that holds text, or a list of lines."""
    if isinstance(text, (list, tuple)):
        text = "".join(line + "\n" for line in text)
    elif isinstance(text, str):
        text += "\n"
    data = text if isinstance(text, bytes) else text.encode()
    read, write = os.pipe()
    os.write(write, data)
    os.close(write)
    return read


class World:
    """A temporary folder in which the program runs."""

    def __init__(self, build, parent=None):
        self.build = os.path.abspath(build)
        self.folder = tempfile.mkdtemp(prefix="lw-e2e-", dir=parent)
        self.home = self.make("home")
        self.tmp = self.make("tmp")
        self.place = self.make("vaults")
        self.vault = os.path.join(self.place, "v.vault")
        self.env = {
            "PATH": "/usr/bin:/bin",
            "HOME": self.home,
            "TMPDIR": self.tmp,
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm",
            "TZ": "UTC",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):  # for a build with sanitizers
            if name in os.environ:
                self.env[name] = os.environ[name]
        self.config("[vault]\nkdf = test\n")
        self.running = []
        self.watched = Beside()
        self.watched.vault(self.vault, self.folder)
        self.watched.children(self.tmp, "practice.vault", *DRILLS)

    def make(self, name):
        path = os.path.join(self.folder, name)
        os.mkdir(path, 0o700)
        return path

    def config(self, text):
        folder = os.path.join(self.home, ".config", "lapwing")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "lapwing.ini")
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    def write(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return path

    def close(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
        strange, appeared = self.watched.close()
        STRANGE.extend(strange)
        APPEARED.extend(appeared)
        shutil.rmtree(self.folder, ignore_errors=True)

    def program(self, shipped=False):
        return os.path.join(self.build, "lapwing" if shipped else "lapwing-test")

    def start(self, *args, vault=True, password=PASS, new=None, stdin=subprocess.PIPE, prefix=(),
              shipped=False, env=None, cwd=None, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
              preexec=None, program=None):
        """Starts a command; passphrases (None: none) come through pipes."""
        command = list(prefix) + [program or self.program(shipped)]
        fds = []
        if vault:
            vault = self.vault if vault is True else vault
            command += ["--vault", vault]
            self.watched.vault(vault, cwd or self.folder)
        words = 2 if args[:1] in (("passphrase",), ("decoy",), ("forms",), ("filter",)) else 1
        words += args[:1] == ("tasks",) and args[1:2] in (("add",), ("done",), ("undone",))
        words += args[:2] in (("decoy", "forms"), ("header", "move"))
        words += args[:2] == ("decoy", "tasks") and args[2:3] in (("add",), ("done",), ("undone",))
        command += args[:words]
        if password is not None:
            fds.append(pipe_with(password))
            command += ["--passphrase-fd", str(fds[-1])]
        if new is not None:
            fds.append(pipe_with(new))
            command += ["--new-passphrase-fd", str(fds[-1])]
        command += args[words:]
        try:
            process = subprocess.Popen(
                command, stdin=stdin, stdout=stdout, stderr=stderr, pass_fds=fds,
                env=env or self.env, cwd=cwd or self.folder, start_new_session=True,
                preexec_fn=preexec)
        finally:
            for fd in fds:
                os.close(fd)
        process.command = [os.path.basename(command[len(prefix)])] + command[len(prefix) + 1:]
        self.running.append(process)
        return process

    def run(self, *args, stdin=b"", timeout=120, **options):
        data = stdin.encode() if isinstance(stdin, str) else stdin
        process = self.start(*args, **options)
        try:
            out, err = process.communicate(data, timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise AssertionError("%s did not end in %d s" % (" ".join(process.command), timeout))
        finally:
            self.running.remove(process)
            self.watched.collect()
        return Result(process.command, process.returncode, out or b"", err or b"")

    def ok(self, *args, **options):
        return expect(self.run(*args, **options), 0)

    def create(self, vault=True, size="4M", password=PASS, duress=None, **options):
        words = ["--size", size]
        if duress is not None:
            words.append("--duress")
            password = [password, duress]
        if not options.get("shipped"):
            words += ["--kdf", "test"]
        return self.ok("create", *words, vault=vault, password=None, new=password, **options)

    def sample(self, **options):
        """A new vault with the chronology in it."""
        self.create(**options)
        self.ok("import", PRACTICE)

    def log(self, *lines, **options):
        return self.ok("log", stdin="".join(line + "\n" for line in lines), **options)

    def timeline(self, *args, **options):
        return self.ok("timeline", "--json", *args, **options).rows()

    def titles(self, **options):
        return [row["title"] for row in self.timeline(**options)]

    def clean_check(self, **options):
        result = self.ok("check", **options)
        true(result.out.rstrip().endswith("Nothing is wrong"), "check is clean\n%s" % result)
        return result

    def bytes(self, path=None):
        with open(path or self.vault, "rb") as file:
            return file.read()

    def beside(self):
        return sorted(os.listdir(self.place))

    def user(self):
        """Prefix that makes a command run as an ordinary user, for whom the world is opened."""
        if os.geteuid() != 0:
            return ()
        if shutil.which("setpriv") is None:
            raise Skip("setpriv is needed to leave root")
        for top, folders, files in os.walk(self.folder):
            for path in [top] + [os.path.join(top, name) for name in folders + files]:
                os.chown(path, 65534, 65534, follow_symlinks=False)
        return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("%s: not within %.1f s" % (what, seconds))
        time.sleep(0.01)


# ---- stopped processes ---------------------------------------------------------------------------


def feed(process, text):
    try:
        process.stdin.write(text)
        process.stdin.flush()
    except (BrokenPipeError, ValueError):
        pass


def state(process):
    with open("/proc/%d/stat" % process.pid, encoding="ascii", errors="replace") as file:
        return file.read().rpartition(")")[2].split()[0]


def hold_lock(world, password=PASS):
    """A process stopped while it holds the writer's lock, found through /proc/locks."""
    process = world.start("log", password=password)
    Drain(process.stdout)
    Drain(process.stderr)
    text = b"".join(b"held %d\n" % i for i in range(200000))
    threading.Thread(target=feed, args=(process, text), daemon=True).start()
    inode = os.stat(world.vault).st_ino

    def holds():
        with open("/proc/locks", encoding="ascii") as file:
            locks = [line.split() for line in file]
        return any(l[1] == "OFDLCK" and l[3] == "WRITE" and l[5].endswith(":%d" % inode) and
                   2 << 60 <= int(l[6]) < (2 << 60) + (1 << 56) for l in locks if len(l) > 6)

    end = time.monotonic() + 30
    while time.monotonic() < end:
        os.kill(process.pid, signal.SIGSTOP)
        wait_until(lambda: state(process) == "T", 5, "stopping")
        if holds():
            return process
        os.kill(process.pid, signal.SIGCONT)
        time.sleep(0.003)
    raise Skip("the writer was never caught with its lock")


class Terminal:
    """A command on a terminal of its own, where something can be typed."""

    def __init__(self, world, *args, vault=True, shipped=False, env=None, program=None):
        command = [program or world.program(shipped)]
        if vault:
            command += ["--vault", world.vault]
        command += args
        ask(command, world.folder)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(world.folder)
                os.execve(command[0], command, env or world.env)
            finally:
                os._exit(127)
        self.command = command
        self.seen = b""
        self.code = None

    def expect(self, text, seconds=20):
        text = text.encode()
        end = time.monotonic() + seconds
        while text not in self.seen:
            if not self.more(end):
                raise AssertionError("%r did not appear; seen: %r" % (text, self.seen[-1500:]))
        at = self.seen.index(text) + len(text)
        before, self.seen = self.seen[:at], self.seen[at:]
        return before

    def more(self, end):
        ready = select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # EIO: the other side is closed
            return False
        self.seen += data
        return bool(data)

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self, seconds=20):
        """Waits for the exit and returns its code; what was still printed stands in seen."""
        end = time.monotonic() + seconds
        while self.more(end):
            pass
        while self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                raise AssertionError("it did not end; seen: %r" % self.seen[-1500:])
            else:
                time.sleep(0.01)
        os.close(self.fd)
        return self.code


# ---- watching ----------------------------------------------------------------------------------


class Watch:
    """The names that appear in and disappear from a folder, through inotify."""

    CREATE, DELETE, FROM, TO = 0x100, 0x200, 0x40, 0x80

    def __init__(self, folder):
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        mask = self.CREATE | self.DELETE | self.FROM | self.TO
        if self.fd < 0 or libc.inotify_add_watch(self.fd, os.fsencode(folder), mask) < 0:
            raise OSError(ctypes.get_errno(), "inotify")

    def events(self):
        """(word, name) in order, since the last call."""
        words = {self.CREATE: "new", self.DELETE: "gone", self.FROM: "from", self.TO: "to"}
        found = []
        while True:
            try:
                data = os.read(self.fd, 65536)
            except BlockingIOError:
                return found
            at = 0
            while at < len(data):
                _, mask, _, length = struct.unpack_from("iIII", data, at)
                name = data[at + 16:at + 16 + length].rstrip(b"\0").decode()
                found.append((words.get(mask & 0xFFF, hex(mask)), name))
                at += 16 + length

    def close(self):
        os.close(self.fd)


# One system call of strace -f -o: process, name, arguments, result. Unfinished ones are joined.
CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += +(\S+)(.*)$")


class Call:
    def __init__(self, process, name, args, result, error):
        self.process, self.name, self.args, self.result = process, name, args, result
        self.error = error.split()[0] if result == "-1" and error else ""

    def __str__(self):
        return "%s(%s) = %s" % (self.name, self.args, self.result)


def read_calls(path):
    """The calls in a file that strace -f -o wrote."""
    found, waiting = [], {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            line = line.rstrip("\n")
            process = line.split(" ", 1)[0]
            if line.endswith("<unfinished ...>"):
                waiting[process] = line[:-len("<unfinished ...>")]
                continue
            resumed = re.match(r"^\d+ +<\.\.\. \w+ resumed>(.*)$", line)
            if resumed:
                line = waiting.pop(process, "") + resumed.group(1)
            call = CALL.match(line)
            if call:
                found.append(Call(*call.groups()))
    return found


def strace(world, *args, calls="all", **options):
    """Runs a command under strace; its result and its system calls."""
    if shutil.which("strace") is None:
        raise Skip("strace is not installed")
    if os.geteuid() != 0:
        raise Skip("the program hides its memory from its own user, so only root sees its calls")
    path = os.path.join(world.folder, "strace.out")
    result = world.run(*args, prefix=("strace", "-f", "-y", "-s", "64", "-e", "trace=" + calls, "-o",
                                      path), **options)
    found = read_calls(path)
    os.unlink(path)
    if not found:
        raise Skip("strace sees nothing here: %s" % result.err.strip()[:200])
    return result, found


# ---- TAP ---------------------------------------------------------------------------------------


class Late(Exception):
    pass


def late(number, frame):
    raise Late("it takes too long")


def say(kind, number, name, text=""):
    print("%s %d - %s" % (kind, number, name))
    for line in text.splitlines():
        print("# " + line)
    sys.stdout.flush()


def one(number, name, test, build):
    world = World(build)
    signal.alarm(getattr(test, "limit", LIMIT))
    start = time.monotonic()
    STRANGE.clear()
    try:
        note = test(world) or ""
        world.close()
        same(STRANGE, [], "what appeared beside a vault")
        spent = time.monotonic() - start
        say("ok", number, name, "; ".join([note] * bool(note) + ["%.0f s" % spent] * (spent > 3)))
        return True
    except Skip as reason:
        say("ok", number, name + " # SKIP " + str(reason))
        return True
    except (Exception, Late) as error:  # a bug in a test is a failure too
        known = isinstance(error, (AssertionError, Late))
        say("not ok", number, name, str(error) if known else traceback.format_exc())
        if known:
            where = traceback.extract_tb(error.__traceback__)
            for frame in [f for f in where if "test_" in f.filename]:
                print("# at %s:%d: %s" % (os.path.basename(frame.filename), frame.lineno, frame.line))
        return False
    finally:
        signal.alarm(0)
        world.close()


def main(tests):
    """tests: (name, function of a World). One argument, the build folder; then names to choose."""
    if len(sys.argv) < 2:
        sys.exit("usage: %s BUILD [WORD...]" % sys.argv[0])
    words = sys.argv[2:]
    chosen = [t for t in tests if not words or any(word in t[0] for word in words)]
    signal.signal(signal.SIGALRM, late)
    print("1..%d" % len(chosen))
    good = [one(number + 1, name, test, sys.argv[1]) for number, (name, test) in enumerate(chosen)]
    print("# %d names appeared in folders of vaults" % len(APPEARED))
    sys.exit(0 if all(good) else 1)


def collector():
    """A list and a decorator that puts tests into it under a name; limit: seconds, for a long one."""
    tests = []

    def test(name, limit=LIMIT):
        def put(function):
            function.limit = limit
            tests.append((name, function))
            return function
        return put

    return tests, test


class Drain(threading.Thread):
    """Reads a pipe to its end, so that its writer never waits."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream, self.data = stream, b""
        self.start()

    def run(self):
        while True:
            piece = os.read(self.stream.fileno(), 65536)
            if not piece:
                return
            self.data += piece

    def lines(self):
        """The whole lines so far."""
        return self.data[:self.data.rfind(b"\n") + 1].decode().splitlines()
