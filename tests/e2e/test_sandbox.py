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

NUMBERS = {"x86_64": {"prctl": 157, "mlock": 149, "mlock2": 325, "landlock": 444, "restrict": 446},
           "aarch64": {"prctl": 167, "mlock": 228, "mlock2": 284, "landlock": 444, "restrict": 446}}
ENOSYS, EPERM, ENOMEM = 38, 1, 12
SECCOMP = 22  # PR_SET_SECCOMP
FILES, CALLS, MEMORY = "has no Landlock", "has no seccomp", "locks too little memory"

# A program that takes system calls away from itself and becomes another one.
LACKING = """#!%s -BISs
import ctypes, os, struct, sys
steps = []
for call, first, error in %r:
    steps.append((0x20, 0, 0, 0))  # the number
    if first is None:
        steps.append((0x15, 0, 1, call))
    else:
        steps.append((0x15, 0, 3, call))
        steps.append((0x20, 0, 0, 16))  # the first argument
        steps.append((0x15, 0, 1, first))
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
    "Landlock off": ([("landlock", None, 95)], [FILES]),
    "Landlock denied": ([("restrict", None, EPERM)], [FILES]),
    "seccomp denied": ([("prctl", SECCOMP, EPERM)], [CALLS]),
    "no seccomp": ([("prctl", SECCOMP, 22)], [CALLS]),
    "no locked memory": ([("mlock", None, ENOMEM), ("mlock2", None, ENOMEM)], [MEMORY]),
    "nothing": ([("landlock", None, ENOSYS), ("prctl", SECCOMP, EPERM), ("mlock", None, EPERM),
                 ("mlock2", None, EPERM)], [FILES, CALLS, MEMORY]),
}


def lacking(world, name):
    """Path of the program on that host, and the gaps that it must tell."""
    numbers = NUMBERS.get(platform.machine())
    if numbers is None:
        raise harness.Skip("the numbers of this machine's calls are not known here")
    denied, gaps = HOSTS[name]
    rules = [(numbers[call], first, error) for call, first, error in denied]
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
    for gap in (FILES, CALLS, MEMORY):
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
        for name in ("no Landlock", "seccomp denied", "nothing"):
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
