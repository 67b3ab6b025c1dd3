"""A header on a stick: made, named, moved, pulled out, put back, wiped."""
import os
import subprocess

import harness
from harness import (DATA, DURESS, INPUT, IO, OTHER, PAGE, PASS, PRACTICE, USAGE, WRONG, Skip, expect,
                     same, sentence, strace, true, wait_until)
from ptyscreen import Screen, worker

tests, test = harness.collector()
HEAD = 3 * PAGE
PROMPT = "Passphrase:"


class Stick:
    """A file system of its own where that can be had, which it takes root for; else a folder."""

    def __init__(self, world, name):
        self.folder = os.path.join(world.folder, name)
        self.header = os.path.join(self.folder, "notes.bin")
        self.kept = {}
        self.mounted = False
        os.mkdir(self.folder, 0o700)
        self.put_in()

    def put_in(self):
        if os.geteuid() == 0:
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "none",
                                   self.folder], capture_output=True)
            self.mounted = done.returncode == 0
        if not self.mounted:
            os.makedirs(self.folder, exist_ok=True)
        for name, data in self.kept.items():
            with open(os.path.join(self.folder, name), "wb") as file:
                file.write(data)
            os.chmod(os.path.join(self.folder, name), 0o600)

    def pull(self):
        """Never by force: nothing may keep it busy."""
        self.kept = {}
        for name in os.listdir(self.folder):
            with open(os.path.join(self.folder, name), "rb") as file:
                self.kept[name] = file.read()
        if self.mounted:
            done = subprocess.run(["umount", self.folder], capture_output=True, text=True)
            true(done.returncode == 0, "the stick can be taken out: %s" % done.stderr)
            self.mounted = False
        else:
            for name in self.kept:
                os.unlink(os.path.join(self.folder, name))

    def read_only(self):
        if not self.mounted:
            raise Skip("only root can lock a stick against writing")
        subprocess.run(["mount", "-o", "remount,ro", self.folder], check=True)

    def names(self):
        return sorted(os.listdir(self.folder))

    def bytes(self):
        with open(self.header, "rb") as file:
            return file.read()

    def close(self):
        if self.mounted:
            subprocess.run(["umount", "-l", self.folder])


def with_sticks(count, body):
    """A test on so many sticks, which are taken out at its end."""
    def run(world):
        sticks = [Stick(world, "stick%d" % n) for n in range(count)]
        world.header = sticks[0].header
        try:
            return body(world, *sticks)
        finally:
            for stick in sticks:
                stick.close()
    return run


def on_sticks(count, name):
    def put(body):
        test(name)(with_sticks(count, body))
        return body
    return put


def config(world, stick, more=""):
    world.config("[vault]\nkdf = test\nfile = %s\nheader = %s\n%s" % (world.vault, stick.header, more))


def detached(world, stick, **options):
    config(world, stick)
    world.create(**options)
    world.log("13 dec 2014 office burned")


def holds_nothing(world, stick_bytes):
    """Pages 0 to 2 of the vault are noise, and none of them is the stick's."""
    data = world.bytes()[:HEAD]
    strings = {stick_bytes[n:n + 16] for n in range(0, HEAD, 16)}
    true(not any(data[n:n + 16] in strings for n in range(HEAD - 15)), "nothing of it in the vault")
    true(len(set(data)) > 200, "random bytes")


# ---- made and named ------------------------------------------------------------------------------


@on_sticks(1, "create: the header is a file of 12288 random bytes, the vault alone is noise")
def create(world, stick):
    result = world.create(duress=DURESS, vault=world.vault)
    same(stick.names(), [])
    os.unlink(world.vault)
    config(world, stick)
    result = world.create(duress=DURESS)
    true("Its header is " + stick.header in result.out, result)
    true("name it" not in result.out, "it is configured\n%s" % result)
    same(stick.names(), ["notes.bin"])
    data = stick.bytes()
    same(len(data), HEAD)
    same(os.stat(stick.header).st_mode & 0o777, 0o600)
    count = [data.count(bytes([n])) for n in range(256)]
    chi = sum((n - HEAD / 256) ** 2 / (HEAD / 256) for n in count)
    true(90 < chi < 500, "chi-square %.0f" % chi)
    holds_nothing(world, data)
    world.log("13 dec 2014 office burned")
    same(world.titles(), ["office burned"])
    sentence(world.run("timeline", "--header", ""), WRONG, "--header")
    same(world.beside(), ["v.vault"])


@on_sticks(2, "every command works with it, and each rewrite leaves one header and one vault")
def every(world, stick, other):
    config(world, stick)
    world.sample()
    world.ok("search", stdin="office\n")
    world.ok("show", "E11")
    world.ok("contradictions")
    world.clean_check()
    world.ok("resize", "5M")
    same((stick.names(), world.beside()), (["notes.bin"], ["v.vault"]))
    world.ok("passphrase", "add", new=OTHER)
    world.clean_check(password=OTHER)
    world.ok("passphrase", "change", password=OTHER, new=OTHER + " again")
    world.ok("passphrase", "duress", new=DURESS)
    world.ok("decoy", "log", stdin="bread\n")
    true("Duress passphrase: armed" in world.ok("passphrase", "list").out, "armed")
    count = len(world.timeline())
    world.ok("passphrase", "remove", password=[PASS, DURESS])
    same((stick.names(), world.beside()), (["notes.bin"], ["v.vault"]))
    holds_nothing(world, stick.bytes())
    same(len(world.timeline()), count)
    sentence(world.run("timeline", password=OTHER + " again"), WRONG, "header")
    world.clean_check()
    same(world.titles(password=DURESS), ["bread"])
    sentence(world.run("timeline"), WRONG, "header")


@on_sticks(2, "clear errors: no stick, another stick, wrong size, another vault's, locked against writing")
def errors(world, stick, other):
    detached(world, stick)
    stick.pull()
    before = world.bytes()
    for command in ("timeline", "log", "check", "header"):
        sentence(world.run(command), INPUT, stick.header, "put in the stick")
    true(world.bytes() == before, "the vault is as it was")
    stick.put_in()
    with open(other.header, "wb") as file:
        file.write(b"x" * PAGE)
    sentence(world.run("timeline", "--header", other.header), DATA, "12288")
    os.unlink(other.header)
    second = os.path.join(world.place, "second.vault")
    world.ok("create", "--header", other.header, "--size", "4M", "--kdf", "test", vault=second,
             password=None, new=PASS)
    sentence(world.run("timeline", "--header", other.header), DATA, "belong together")
    os.unlink(second)
    os.unlink(other.header)
    same(world.titles(), ["office burned"])
    stick.read_only()
    result = world.run("timeline")
    true(result.code != 0 and "locked against writing" in result.err, result)


@on_sticks(1, "the configured header counts for the configured vault only")
def another_vault(world, stick):
    detached(world, stick)
    second = os.path.join(world.place, "second.vault")
    world.create(vault=second)
    same(stick.names(), ["notes.bin"])
    same(world.timeline(vault=second), [])
    same(world.titles(vault=False), ["office burned"])


# ---- the first start -----------------------------------------------------------------------------

STICK = "In the vault or on a stick?"
ERASE = "\x15"


class FirstStart(Screen):
    def go(self, text, then):
        self.type(text)
        self.expect(then)

    def to_the_stick(self):
        self.expect("Lapwing keeps an incident log")
        self.go("\r", "Where shall the file be?")
        self.go("\r", STICK)
        self.go("s", "Put the stick in")

    def to_the_end(self):
        """From the size on."""
        self.go(ERASE + "4M\r", "Choose the passphrase")
        self.go(PASS + "\r", "Again:")
        self.go(PASS + "\r", "Set one now? (y, n)")
        self.go("n", "Write it? (y, n)")
        self.go("y", "0 entries")


def fill(stick):
    with open(os.path.join(stick.folder, "rest"), "wb", buffering=0) as file:
        try:
            while file.write(bytes(PAGE)):
                pass
        except OSError:
            pass


@on_sticks(1, "first start: a stick that is not in, locked, full; then the vault is made on it, and wiped")
def first(world, stick):
    made = os.path.join(world.home, "notes.vault")
    for columns, rows in ((80, 24), (40, 10)):
        world.config("[vault]\nkdf = test\n[emergency]\nsignal = yes\n")
        file = os.path.join(stick.folder, "заметки %d.bin" % columns)
        rest = os.path.join(stick.folder, "rest")
        screen = FirstStart(world, columns=columns, rows=rows)
        try:
            screen.to_the_stick()
            screen.go(os.path.join(stick.folder, "away", "x") + "\r", "Is the stick in?")
            screen.go(ERASE + world.folder + "\r", "This exists already")
            screen.type(ERASE + file)
            if stick.mounted:
                stick.read_only()
                screen.go("\r", "locked against writing")
                subprocess.run(["mount", "-o", "remount,rw", stick.folder], check=True)
                fill(stick)
                os.truncate(rest, os.stat(rest).st_size - PAGE)  # what would do for a part of it
                screen.go("\r", "The stick is full")
                os.unlink(rest)
                screen.go("\r", "Size:")
            else:
                screen.go("\r", "Same device as the vault")
                screen.go("\r", "Size:")
            screen.to_the_end()
            same(stick.names(), [os.path.basename(file)])
            with open(os.path.join(world.home, ".config", "lapwing", "lapwing.ini"), encoding="utf-8") as ini:
                true(ini.read().endswith('[vault]\nfile = "%s"\nheader = "%s"\n' % (made, file)), "lines")
            with open(made, "rb") as vault, open(file, "rb") as head:
                pages = head.read()
                true(vault.read(16) != pages[:16] and len(pages) == HEAD, "the header is on the stick alone")
            screen.go("\x1c", PROMPT)
            screen.go(PASS + "\r", "0 entries")
            os.kill(screen.pid, 12)
            screen.expect("keys overwritten and synced", seconds=30)
            wait_until(lambda: stick.names() == [] and not os.path.exists(made), 20, "both gone")
        finally:
            screen.close()


@on_sticks(1, "first start: a stick that fails while the vault is made costs nothing that was typed")
def first_failed(world, stick):
    if not stick.mounted:
        raise Skip("without root nothing is mounted")
    world.config("[vault]\nkdf = test\n")
    file = os.path.join(stick.folder, "заметки.bin")
    screen = FirstStart(world)
    try:
        screen.to_the_stick()
        screen.go(file + "\r", "Size:")
        screen.go(ERASE + "4M\r", "Choose the passphrase")
        screen.go(PASS + "\r", "Again:")
        screen.go(PASS + "\r", "Set one now? (y, n)")
        fill(stick)
        screen.go("n", "its disk is full")
        same(os.listdir(world.home), [".config"])
        os.unlink(os.path.join(stick.folder, "rest"))
        screen.go("\r", "Size: 4M")
        screen.go("\r", "Write it? (y, n)")
        screen.go("\r", "0 entries")
        same(stick.names(), ["заметки.bin"])
    finally:
        screen.close()


# ---- moving --------------------------------------------------------------------------------------


@on_sticks(2, "header move: to a stick, to another, back; the old place holds random bytes or nothing")
def move(world, stick, other):
    world.create(duress=DURESS)
    world.log("13 dec 2014 office burned")
    inside = world.bytes()[:HEAD]
    result = world.ok("header", "move", stick.header)
    true("name it with --header" in result.out and "flash" in result.out, result)
    same(stick.bytes()[:16], inside[:16])
    holds_nothing(world, inside)
    holds_nothing(world, stick.bytes())
    sentence(world.run("timeline"), WRONG)
    same(world.ok("timeline", "--json", "--header", stick.header).refs(), ["E01"])
    world.ok("header", "move", other.header, "--header", stick.header)
    same((stick.names(), other.names()), ([], ["notes.bin"]))
    result = world.run("header", "move", other.header, "--header", other.header)
    true(result.code != 0 and "already" in result.err, result)
    true(other.header in world.ok("header", "--header", other.header, password=None).out, "it says where")
    result = world.ok("header", "move", "--into-vault", "--header", other.header)
    same(other.names(), [])
    same(world.titles(), ["office burned"])
    same(world.titles(password=DURESS), [])
    sentence(world.run("header", "move"), USAGE)
    sentence(world.run("header", "move", stick.header, "--into-vault"), USAGE)


@on_sticks(1, "a wrong passphrase, a full stick, a name that is taken: nothing is moved")
def not_moved(world, stick):
    world.create()
    before = world.bytes()
    sentence(world.run("header", "move", stick.header, password=OTHER), WRONG)
    same(world.bytes() == before, True)
    with open(stick.header, "wb") as file:
        file.write(b"somebody's")
    true("exists" in world.run("header", "move", stick.header).err, "told")
    same(stick.bytes(), b"somebody's")
    os.unlink(stick.header)
    if stick.mounted:
        fill(stick)
        true(world.run("header", "move", stick.header).code != 0, "no room")
        same(stick.names(), ["rest"])
    same(world.timeline(), [])


@on_sticks(2, "backup: the copy needs the stick, or a copy of the header that is made with it")
def backup(world, stick, other):
    detached(world, stick)
    copy = os.path.join(world.place, "copy.bin")
    result = world.ok("backup", copy)
    true("header is not copied" in result.out, result)
    same(world.ok("timeline", "--json", "--header", stick.header, vault=copy).refs(), ["E01"])
    os.unlink(copy)
    world.ok("backup", copy, other.header)
    same(other.names(), ["notes.bin"])
    stick.pull()
    same(world.ok("timeline", "--json", "--header", other.header, vault=copy).refs(), ["E01"])


# ---- unlocking: one is like the other ----------------------------------------------------------


def shape(calls, world):
    """Calls on the vault and its header up to the second synced writing of the latter."""
    found, written = [], 0
    for call in calls:
        on_header, on_vault = "notes.bin" in call.args, "v.vault" in call.args
        if not (on_header or on_vault):
            continue
        args = call.args.split(", ") if call.name in ("pread64", "pwritev2") else []
        where = args[-1] if call.name == "pread64" else args[-2] if args else ""
        found.append((call.name, "header" if on_header else "vault", where, call.result.split("<")[0]
                      if call.name not in ("openat", "open") else ""))
        written += call.name == "pwritev2" and on_header
        if written == 2:
            return found
    raise AssertionError("two header copies were not written")


@on_sticks(3, "duress, ordinary and single: the same calls on vault and stick up to the second copy")
def same_calls(world, stick, second, third):
    single = os.path.join(world.place, "single")
    os.mkdir(single)
    shapes = []
    for target, password, duress in ((stick, PASS, DURESS), (second, DURESS, DURESS),
                                     (third, PASS, None)):
        config(world, target)
        world.create(duress=duress)
        _, calls = strace(world, "timeline", password=password, calls="%file,%desc,fcntl")
        shapes.append([c for c in shape(calls, world)])
        os.unlink(world.vault)
    names = [[(a, b, d) for a, b, _, d in s if a != "fcntl"] for s in shapes]
    firsts = [[(a, b) for a, b, _, _ in s] for s in shapes]
    same(firsts[0], firsts[1], "duress like ordinary")
    same(firsts[0], firsts[2], "single like ordinary")
    same(names[0], names[1], "and their results")


@on_sticks(1, "the duress passphrase leaves no real slot on the stick")
def duress(world, stick):
    detached(world, stick, duress=DURESS)
    same(world.titles(password=DURESS), [])
    sentence(world.run("timeline"), WRONG)
    same(stick.names(), ["notes.bin"])


# ---- a stick in the pocket ------------------------------------------------------------------------


def opened(world):
    screen = Screen(world, "--vault", world.vault)
    screen.expect(PROMPT)
    screen.type(PASS + "\r")
    screen.expect("office burned")
    return screen


@on_sticks(1, "pulled while open: it can be taken out, is said and stays said, and saving goes on")
def pulled(world, stick):
    detached(world, stick)
    screen = opened(world)
    try:
        old = worker(screen.pid)
        stick.pull()
        screen.expect("The stick with the header is out", seconds=10)
        screen.type("j")
        screen.expect("HEADER OUT", seconds=10)
        screen.type(":log\r")
        screen.pump(0.5)
        screen.type("14 dec 2014 police searched the flat\r")
        screen.pump(1)
        screen.type("\r")
        screen.expect("saved", seconds=10)
        same(worker(screen.pid), old, "the session lives")
        screen.type("\x1c")
        screen.expect(PROMPT, seconds=10)
        screen.type(PASS + "\r")
        screen.expect("It cannot be opened now", seconds=20)
        stick.put_in()
        screen.pump(2)
        screen.type(PASS + "\r")
        screen.expect("police searched the flat", seconds=20)
        true("HEADER OUT" not in screen.grid.screen(), screen.grid.screen())
    finally:
        screen.close()
    same(world.titles(), ["office burned", "police searched the flat"])


@on_sticks(1, "pulled and put back while open: a session that may not read it any more locks")
def back(world, stick):
    if not stick.mounted:
        raise Skip("without root a stick cannot become another file system")
    detached(world, stick)
    screen = opened(world)
    try:
        stick.pull()
        screen.expect("HEADER OUT", seconds=10)
        stick.put_in()
        screen.expect(PROMPT, seconds=10)
        screen.type(PASS + "\r")
        screen.expect("office burned", seconds=20)
    finally:
        screen.close()


@on_sticks(1, "duress on the stick while a session is open there: that session ends")
def lost(world, stick):
    detached(world, stick, duress=DURESS)
    screen = opened(world)
    try:
        world.ok("timeline", password=DURESS)
        screen.expect(PROMPT, seconds=10)
    finally:
        screen.close()


@on_sticks(1, "started without the stick: said at once, before a passphrase is asked for")
def started_without(world, stick):
    detached(world, stick)
    stick.pull()
    screen = Screen(world, "--vault", world.vault)
    try:
        screen.expect("cannot be opened: put", seconds=20)
        screen.wait(20)
        same(screen.code, INPUT)
    finally:
        screen.close()


@on_sticks(1, "pulled while log reads: every line is saved")
def pulled_log(world, stick):
    detached(world, stick)
    process = world.start("log")
    out = harness.Drain(process.stdout)
    process.stdin.write(b"14 dec 2014 one\n")
    process.stdin.flush()
    wait_until(lambda: len(out.lines()) == 1, 20, "the first line")
    stick.pull()
    process.stdin.write(b"15 dec 2014 two\n16 dec 2014 three\n")
    process.stdin.flush()
    wait_until(lambda: len(out.lines()) == 3, 20, "the others")
    process.stdin.close()
    same(process.wait(20), 0)
    stick.put_in()
    same(world.titles(), ["office burned", "one", "two", "three"])


# ---- wiping ----------------------------------------------------------------------------------------


@on_sticks(1, "wipe: vault and header, both gone")
def wipe(world, stick):
    detached(world, stick)
    before = stick.bytes()
    result = world.ok("wipe", "--simulate", password=None)
    true("would be told: keys overwritten" in result.out, result)
    same(stick.bytes(), before)
    with open(stick.header, "rb") as file:  # the inode stays with us
        os.link(stick.header, os.path.join(stick.folder, "twin"))
        result = world.ok("wipe", "--now", password=None)
        data = file.read()
    strings = {before[n:n + 16] for n in range(0, HEAD, 16)}
    true(not any(data[n:n + 16] in strings for n in range(0, len(data), 16)), "overwritten")
    same((stick.names(), world.beside()), (["twin"], []))


@on_sticks(1, "wipe --keys-only: the files stay, the header is other random bytes")
def keys_only(world, stick):
    detached(world, stick)
    before, vault = stick.bytes(), world.bytes()
    world.ok("wipe", "--now", "--keys-only", password=None)
    after = stick.bytes()
    same(len(after), HEAD)
    true(all(before[n:n + 16] != after[n:n + 16] for n in range(0, HEAD, 16)), "all of it")
    now = world.bytes()
    true(now[:7 * PAGE] != vault[:7 * PAGE] and now[7 * PAGE:] == vault[7 * PAGE:], "pages 0 to 6")
    sentence(world.run("timeline"), WRONG)


@on_sticks(1, "wipe without the stick: it is said, the whole vault is overwritten, the exit code tells")
def wipe_without(world, stick):
    detached(world, stick)
    stick.pull()
    result = expect(world.run("wipe", "--now", "--keys-only", password=None), IO)
    true("keys overwritten" not in result.out and "noise" not in result.out, result)
    true("THE HEADER IS NOT DESTROYED" in result.err and "NOT DESTROYED: with the header" in result.err,
         result)
    same(world.beside(), ["v.vault"])
    result = expect(world.run("wipe", "--now", password=None), IO)
    true("keys overwritten" not in result.out, result)
    true("the rest overwritten and removed" in result.out, result)
    true("its header is left" in result.err, result)
    same(world.beside(), [])


@on_sticks(1, "wipe by SIGUSR2: stick and vault; without the stick it is said until it is put in")
def supervised(world, stick):
    config(world, stick, "[emergency]\nsignal = yes\n")
    for out in (False, True):
        world.create()
        world.log("13 dec 2014 office burned")
        screen = opened(world)
        try:
            if out:
                stick.pull()
            os.kill(screen.pid, 12)
            if out:
                screen.expect("THE HEADER IS NOT DESTROYED", seconds=20)
                screen.expect("The vault is gone", seconds=30)
                stick.put_in()
            screen.expect("keys overwritten and synced", seconds=30)
            screen.expect("the rest overwritten and removed", seconds=30)
            wait_until(lambda: stick.names() == [] and world.beside() == [], 20, "both gone")
            screen.type("\r")
            screen.wait(20)
            same(screen.code, 0)
        finally:
            screen.close()


# ---- the doctor -------------------------------------------------------------------------------------


@on_sticks(1, "doctor: says where the header is, and that it is on the same device")
def doctor(world, stick):
    detached(world, stick)
    result = world.run("doctor", "--json", password=None)
    rows = [row for row in result.rows() if row["topic"] == "header"]
    same(len(rows), 1)
    if stick.mounted:
        same(rows[0]["level"], "fine")
        near = os.path.join(world.place, "near")
        world.ok("header", "move", near)
        rows = [row for row in world.run("doctor", "--json", "--header", near, password=None).rows()
                if row["topic"] == "header"]
    same(rows[0]["level"], "weak")
    true("same device" in rows[0]["what"], rows)
    rows = world.run("doctor", "--json", "--header", "/nowhere/h", password=None).rows()
    rows = [row for row in rows if row["topic"] == "header"]
    same([row["level"] for row in rows], ["note"])


if __name__ == "__main__":
    harness.main(tests)
