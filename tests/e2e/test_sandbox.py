"""What every process gives up before it reads a passphrase, and hosts that do not let it."""
import os
import platform
import re
import shutil
import sys

import harness
from harness import PASS, PRACTICE, Terminal, expect, same, strace, true
from tmux import Tmux

tests, test = harness.collector()

# ---- hosts that lack something -----------------------------------------------------------------

NUMBERS = {"x86_64": {"prctl": 157, "mlock": 149, "mlock2": 325, "landlock": 444, "restrict": 446,
                      "pwritev2": 328, "renameat2": 316, "fcntl": 72, "memfd": 319, "pidfd": 434,
                      "signalfd": 289, "timerfd": 283, "inotify": 294, "fallocate": 285},
           "aarch64": {"prctl": 167, "mlock": 228, "mlock2": 284, "landlock": 444, "restrict": 446,
                       "pwritev2": 287, "renameat2": 276, "fcntl": 25, "memfd": 279, "pidfd": 434,
                       "signalfd": 74, "timerfd": 85, "inotify": 26, "fallocate": 47}}
EPERM, ENOMEM, EINVAL, ENOSYS, EOPNOTSUPP = 1, 12, 22, 38, 95
SECCOMP, DEATHSIG, DUMPABLE, PRIVILEGES = 22, 1, 4, 38  # PR_SET_...
OFD_LOCKS = (36, 37, 38)  # commands of fcntl
FILES, CALLS, MEMORY = "has no Landlock", "has no seccomp", "locks too little memory"
WRITES = "has no synced writes"

# A program that takes system calls away from itself and becomes another one.
LACKING = """#!%s -BISs
import ctypes, os, struct, sys
steps = []
for call, argument, index, error in %r:
    steps.append((0x20, 0, 0, 0))  # the number
    if argument is None:
        steps.append((0x15, 0, 1, call))
    else:
        steps.append((0x15, 0, 3, call))
        steps.append((0x20, 0, 0, 16 + 8 * index))
        steps.append((0x15, 0, 1, argument))
    steps.append((0x06, 0, 0, 0x50000 | error))
steps.append((0x06, 0, 0, 0x7fff0000))
code = b"".join(struct.pack("HBBI", *step) for step in steps)
room = ctypes.create_string_buffer(code)
program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(room))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0):
    sys.exit("no filter: %%d" %% ctypes.get_errno())
os.execv(%r, [%r] + sys.argv[1:])
"""

HOSTS = {
    "no Landlock": ([("landlock", None, ENOSYS)], [FILES]),
    "Landlock off": ([("landlock", None, EOPNOTSUPP)], [FILES]),
    "Landlock denied": ([("restrict", None, EPERM)], [FILES]),
    "seccomp denied": ([("prctl", SECCOMP, EPERM)], [CALLS]),
    "no seccomp": ([("prctl", SECCOMP, EINVAL)], [CALLS]),
    "no synced writes": ([("pwritev2", None, EOPNOTSUPP)], [WRITES]),
    "an old kernel": ([("pwritev2", None, ENOSYS), ("fallocate", None, EOPNOTSUPP),
                       ("inotify", None, ENOSYS)], [WRITES]),
    "no locked memory": ([("mlock", None, ENOMEM), ("mlock2", None, ENOMEM)], [MEMORY]),
    "nothing": ([("landlock", None, ENOSYS), ("prctl", SECCOMP, EPERM), ("mlock", None, EPERM),
                 ("mlock2", None, EPERM), ("pwritev2", None, ENOSYS)],
                [FILES, CALLS, MEMORY, WRITES]),
}


def lacking(world, name, denied=None, gaps=None):
    """Path of the program on that host, and the gaps that it must tell. Denied: call, argument (None:
    any), error and, where it is not the first one, which argument."""
    numbers = NUMBERS.get(platform.machine())
    if numbers is None:
        raise harness.Skip("the numbers of this machine's calls are not known here")
    if denied is None:
        denied, gaps = HOSTS[name]
    rules = [(numbers[call], argument, rest[1] if rest[1:] else 0, rest[0])
             for call, argument, *rest in denied]
    program = world.program()
    path = world.write("on-" + name.replace(" ", "-"),
                       LACKING % (os.path.realpath(sys.executable), rules, program, program))
    os.chmod(path, 0o755)
    return path, gaps


def offers_all(world):
    """On a host that lacks something itself, other warnings would come too."""
    terminal = Terminal(world, "timeline")
    text = terminal.expect("Passphrase:").decode()
    terminal.type(PASS + "\n")
    same(terminal.end(), 0)
    return "This host" not in text


def told(text, gaps, what):
    plain = re.sub(r"\s+", " ", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", " ", text))
    for gap in (FILES, CALLS, MEMORY, WRITES):
        same(plain.count(gap), 1 if gap in gaps else 0, "%s: %r in %r" % (what, gap, plain))


@test("a host without Landlock, seccomp or locked memory: told once, and everything works")
def hosts(world):
    world.sample()
    if not offers_all(world):
        raise harness.Skip("this host lacks something itself")
    for number, name in enumerate(HOSTS):
        program, gaps = lacking(world, name)
        terminal = Terminal(world, "log", program=program)
        before = terminal.expect("Passphrase:").decode()
        told(before, gaps, name)
        terminal.type(PASS + "\n")
        terminal.expect("> ")
        terminal.type("written on a host with %s\r" % name)
        terminal.expect("Enter saves")
        terminal.type("\r")
        terminal.expect("E%d" % (23 + number))
        terminal.type("\x04")
        same(terminal.end(), 0, "%s: %r" % (name, terminal.seen))
        true("This host" not in terminal.seen.decode(), "%s: once" % name)
        expect(world.run("export", "-o", os.path.join(world.folder, "out" + name), program=program), 0)
        result = expect(world.run("check", program=program), 0)
        same(result.err, "", "%s: nothing in the output of a script" % name)
        same(world.beside(), ["v.vault"])
    same(len([t for t in world.titles() if "written on a host" in t]), len(HOSTS), "all are there")


@test("without locked memory for an ordinary user: told, and the vault opens")
def memory_limit(world):
    if shutil.which("prlimit") is None:
        raise harness.Skip("prlimit is needed")
    user = world.user()
    prefix = ("prlimit", "--memlock=0") + user
    world.create(prefix=prefix)
    world.log("one line", prefix=prefix)
    same(world.titles(prefix=prefix), ["one line"])
    program = world.write("limited", "#!/bin/sh\nexec %s %s \"$@\"\n" % (
        " ".join(prefix), world.program()))
    os.chmod(program, 0o755)
    terminal = Terminal(world, "timeline", program=program)
    told(terminal.expect("Passphrase:").decode(), [MEMORY], "as told to")
    terminal.type(PASS + "\n")
    same(terminal.end(), 0, terminal.seen)


@test("the screens tell after unlocking what is missing, and after a lock not again")
def screens(world):
    world.sample()
    if not offers_all(world):
        raise harness.Skip("this host lacks something itself")
    screen = Tmux(world)
    try:
        for name in ("no Landlock", "seccomp denied", "no synced writes", "nothing"):
            program, gaps = lacking(world, name)
            screen.line("clear; %s --vault %s" % (program, world.vault))
            screen.expect("Passphrase:")
            true("host" not in screen.screen(), "a stranger reads nothing: %s" % screen.screen())
            screen.line(PASS)
            screen.expect("+00:00")
            told(screen.screen(), gaps, name)
            screen.key("C-\\")
            screen.expect_only("Passphrase:")
            screen.line(PASS)
            screen.expect("+00:00")
            told(screen.screen(), [], name + ", the second time")
            screen.type("Q")
            screen.expect("shell>")
    finally:
        screen.close()


# What cannot be done without: denied calls, the sentence that says so, and what must work all the same.
NEEDED = {
    "no file locks": ([("fcntl", command, EINVAL, 1) for command in OFD_LOCKS],
                      "cannot be locked on this file system", ("wipe",)),
    "no exchange": ([("renameat2", 2, EINVAL, 4)], "cannot exchange two files at once",
                    ("log", "timeline", "wipe")),
    "not hidden": ([("prctl", DUMPABLE, EPERM)], "this process cannot be hidden", ("wipe",)),
    "more privileges": ([("prctl", PRIVILEGES, EINVAL)], "privileges cannot be given up", ("wipe",)),
    "no memory files": ([("memfd", None, ENOSYS)], "cannot be read into memory", ("wipe",)),
}
# What only the screens need.
SCREENS = {
    "not tied": ([("prctl", DEATHSIG, EINVAL)], "outlive the one that locks it"),
    "no signals": ([("signalfd", None, ENOSYS)], "signals cannot be received"),
    "no timers": ([("timerfd", None, ENOSYS)], "the idle lock cannot be set"),
    "nobody watched": ([("pidfd", None, ENOSYS)], "a process cannot be watched"),
}


@test("a host without what cannot be done without: one clear sentence, nothing left; a wipe goes on")
def needed(world):
    world.sample()
    before = world.bytes()
    for name, (denied, words, works) in NEEDED.items():
        program, _ = lacking(world, name, denied)
        fresh = os.path.join(world.place, "fresh")
        for args, options in ((("log",), dict(stdin="a line\n")), (("timeline",), {}),
                              (("resize", "5M"), {}), (("wipe", "--now"), dict(password=None))):
            with open(world.vault, "wb") as file:
                file.write(before)
            result = world.run(*args, program=program, **options)
            if args[0] in works:
                same((result.code, result.err), (0, ""), "%s: %s" % (name, args))
            else:
                harness.sentence(result, result.code, words)
                true(result.code != 0, "%s: %s" % (name, args))
                same(world.beside(), ["v.vault"], "%s: %s" % (name, args))
        same(world.beside(), [], "%s: wiped" % name)
        if "log" not in works:
            result = world.run("create", "--size", "4M", "--kdf", "test", vault=fresh, password=None,
                               new=PASS, program=program)
            harness.sentence(result, result.code, words)
            same((result.code != 0, world.beside()), (True, []), "%s: nothing is made" % name)


@test("the screens on a host without what they need: one clear sentence on the terminal")
def screens_needed(world):
    world.sample()
    before = world.bytes()
    for name, (denied, words) in SCREENS.items():
        program, _ = lacking(world, name, denied)
        terminal = Terminal(world, program=program)
        same(terminal.end() != 0, True, name)
        text = re.sub(r"\s+", " ", terminal.seen.decode())
        same((text.count(words), text.count("lapwing: ")), (1, 1), "%s: %r" % (name, text))
        true("Passphrase" not in text, "%s: nothing is asked" % name)
        expect(world.run("timeline", program=program), 0)
        with open(world.vault, "wb") as file:
            file.write(before)


@test("without /proc: a configuration is refused in a sentence; without one everything works")
def without_proc(world):
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        raise harness.Skip("root and unshare are needed")
    prefix = ("unshare", "-m", "/bin/sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "x")
    probe = harness.subprocess.run(prefix + ("true",), capture_output=True, check=False)
    if probe.returncode != 0:
        raise harness.Skip("/proc cannot be covered here")
    world.create()
    for args in (("timeline",), ("log",)):
        harness.sentence(world.run(*args, prefix=prefix), harness.CONFIG, "/proc must be there")
    os.unlink(world.config(""))
    world.log("one line", prefix=prefix)
    world.ok("passphrase", "duress", new=harness.DURESS, prefix=prefix)
    same(world.titles(prefix=prefix), ["one line"])
    world.ok("wipe", "--now", password=None, prefix=prefix)
    same(world.beside(), [])


# ---- the order of things -----------------------------------------------------------------------

def closing(calls, process):
    """The calls of one process, and where among them the two halves closed."""
    mine = [call for call in calls if call.process == process]
    filters = [n for n, call in enumerate(mine) if call.name == "prctl" and
               "PR_SET_SECCOMP" in call.args and call.result == "0"]
    files = [n for n, call in enumerate(mine)
             if call.name == "landlock_restrict_self" and call.result == "0"]
    true(filters, "%s closes the calls" % process)
    true(files, "%s closes the files" % process)
    return mine, max(filters), min(files)


def refused(calls):
    """What the sandbox answered; a terminal that is none and memory that is short are no matter."""
    return [str(call) for call in calls if call.error in ("EPERM", "EACCES", "ENOSYS") and
            call.name not in ("mlock", "mlock2")]


def before_it(calls, texts):
    """The first call that reads the passphrase."""
    for n, call in enumerate(calls):
        if call.name == "read" and re.search(texts, call.args):
            return n
    raise AssertionError("the passphrase was never read")


def filters_of(pid):
    """How many filters lie over the calls of a process."""
    with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as file:
        found = re.search(r"^Seccomp_filters:\s+(\d+)$", file.read(), re.M)
    if not found:
        raise harness.Skip("this kernel does not tell")
    return int(found.group(1))


@test("at the prompt, before anything is typed, whoever will know has one filter more")
def at_the_prompt(world):
    world.create()
    here = filters_of(os.getpid())
    terminal = Terminal(world, "timeline")
    terminal.expect("Passphrase:")
    same(filters_of(terminal.pid), here + 2, "a command")
    terminal.type("\x03")
    terminal.end()
    terminal = Terminal(world)
    terminal.expect("Passphrase:")
    with open("/proc/%d/task/%d/children" % (terminal.pid, terminal.pid), encoding="ascii") as file:
        workers = [int(pid) for pid in file.read().split()]
    same(len(workers), 1, "one worker")
    same(filters_of(terminal.pid), here + 1, "the supervisor")
    same(filters_of(workers[0]), here + 2, "the worker")
    terminal.type("\x03")
    terminal.end()


@test("every command that reads a passphrase closes the sandbox first, and is refused nothing then")
def one_shot(world):
    world.create()
    out = os.path.join(world.folder, "out")
    os.mkdir(out)
    first = dict(password=PASS)
    runs = [
        (("import", PRACTICE), {}), (("log",), dict(stdin="13 dec 2014 a line\n")),
        (("timeline",), {}), (("timeline", "--json"), {}), (("timeline", "--csv"), {}),
        (("timeline", "--filter-from", "-"), dict(stdin="JMG")), (("show", "E11"), {}),
        (("search",), dict(stdin="office")), (("contradictions",), {}), (("check",), {}),
        (("export",), {}), (("export", "-o", os.path.join(out, "a.json")), {}),
        (("export", "--csv", "entries", "-o", "here.csv"), {}),
        (("backup", os.path.join(out, "b.vault")), {}), (("backup", "c.vault"), {}),
        (("resize", "5M"), {}), (("passphrase", "add"), dict(new=harness.OTHER)),
        (("passphrase", "duress"), dict(new=harness.DURESS)),
        (("passphrase", "remove"), dict(password=[PASS, harness.DURESS])),
        (("practice", "--kdf", "test"), dict(vault=False)),
        (("create", "--size", "4M", "--kdf", "test"),
         dict(vault=os.path.join(out, "d.vault"), password=None, new=PASS)),
    ]
    for args, options in runs:
        result, calls = strace(world, *args, **dict(first, **options))
        expect(result, 0)
        mine, filters, files = closing(calls, calls[0].process)
        read = before_it(mine, r'^[1-9][0-9]*<pipe:[^>]*>, "[^"]')
        true(filters < read, "%s: calls are closed before the passphrase is read" % (args,))
        true(files < read or args[0] == "practice", "%s: files too" % (args,))
        same(refused(mine[files:]), [], "%s: refused" % (args,))
    same(sorted(os.listdir(out)), ["a.json", "b.vault", "d.vault"])
    return "%d commands" % len(runs)


@test("the worker of the screens closes it before it reads a key, and is refused nothing then")
def worker(world):
    world.sample()
    if shutil.which("strace") is None or os.geteuid() != 0:
        raise harness.Skip("strace and root are needed")
    trace = os.path.join(world.folder, "calls")
    screen = Tmux(world)
    try:
        screen.line("strace -f -y -o %s %s --vault %s" % (trace, world.program(), world.vault))
        screen.expect("Passphrase:")
        screen.line(PASS)
        screen.expect("+00:00")
        for keys in ("Down", "Enter", "q", "n"):  # a row, its page, a form
            screen.key(keys)
        screen.expect("Kind")
        screen.type("x")
        screen.key("Escape")
        screen.key("C-\\")
        screen.expect_only("Passphrase:")
        screen.key("C-c")
        screen.expect("shell>")
    finally:
        screen.close()
    calls = harness.read_calls(trace)
    true(calls, "strace sees something")
    supervisor = calls[0].process
    workers = sorted({call.process for call in calls} - {supervisor})
    same(len(workers), 2, "one before the lock and one after it")
    for process in workers:
        mine, filters, files = closing(calls, process)
        read = before_it(mine, r'^[0-9]+</dev/(pts|tty)[^>]*>, "')
        true(max(filters, files) < read, "both before the first key")
        same(refused(mine[files:]), [], "refused")
    mine = [call for call in calls if call.process == supervisor]
    true(any(call.name == "prctl" and "PR_SET_SECCOMP" in call.args and call.result == "0"
             for call in mine), "the supervisor has its filter")


@test("a first start closes the calls before the passphrase and the files when the vault is there")
def first_start(world):
    if shutil.which("strace") is None or os.geteuid() != 0:
        raise harness.Skip("strace and root are needed")
    trace = os.path.join(world.folder, "calls")
    screen = Tmux(world)
    try:
        screen.line("strace -f -y -o %s %s" % (trace, world.program()))
        screen.expect("Lapwing keeps an incident log")
        screen.key("Enter")
        screen.expect("File: ~/notes.vault")
        screen.key("Enter")
        screen.expect("In the vault or on a stick?")
        screen.key("Enter")
        screen.expect("Size:")
        screen.key("C-u")
        screen.line("4M")
        screen.expect("Passphrase:")
        screen.line(PASS)
        screen.expect("again")
        screen.line(PASS)
        screen.expect("(y, n)")
        screen.type("n")
        screen.expect("Write it?")
        screen.type("y")
        screen.expect("saved")
        screen.key("C-\\")
        screen.expect_only("Passphrase:")
        screen.key("C-c")
        screen.expect("shell>")
    finally:
        screen.close()
    calls = harness.read_calls(trace)
    first = [call.process for call in calls if "landlock_restrict_self" == call.name][0]
    mine, filters, files = closing(calls, first)
    true(filters < before_it(mine, r'^[0-9]+</dev/(pts|tty)[^>]*>, "'), "before the first key")
    made = [n for n, call in enumerate(mine) if call.name == "renameat2" and call.result == "0"]
    true(made and made[0] < files, "after the vault is there")
    same(refused(mine[filters:]), [], "refused")


if __name__ == "__main__":
    harness.main(tests)
