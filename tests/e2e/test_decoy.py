"""The diary of the duress passphrase, kept up from the ordinary session."""
import importlib.util
import json
import os
import re
import shutil
import sqlite3
import sys
import threading

import harness
from harness import (DATA, DURESS, INPUT, OTHER, PASS, PRACTICE, USAGE, WRONG, Drain, expect, feed, same,
                     sentence, true, wait_until)
from test_duress import REAL, THIRD, TRAP, until_second_sync
from tmux import Tmux

SYSTEM = "/usr/bin/python3"
if __name__ == "__main__" and importlib.util.find_spec("nacl") is None and sys.executable != SYSTEM:
    os.execv(SYSTEM, [SYSTEM, "-B"] + sys.argv)  # the second reader needs Debian's packages
import test_reader  # noqa: E402

tests, test = harness.collector()
DIARY = ["4 nov 2026 dentist at ten", "6 nov 2026 the roof leaks again", "called @Grandmother"]
TRUTH = ["13 dec 2014 evening @Grozny #arson +victim:Zarema the office burned", "what Zarema saw"]
SECRET = re.compile(r"Zarema|Grozny|burned|arson|saw")


def look(world, **options):
    """What the second reader sees in a lane, without unlocking anything."""
    return test_reader.look(options.pop("vault", world.vault), **options)


def write_both(world):
    world.create(duress=DURESS)
    world.config("[vault]\nkdf = test\n[journal]\nauthor = Anna\n")
    world.log(*TRUTH)
    world.ok("decoy", "log", stdin="".join(line + "\n" for line in DIARY))


def sessions(data):
    """Rows of the sessions in a database: opened, seen."""
    base = sqlite3.connect(":memory:")
    base.deserialize(data)
    rows = base.execute("SELECT opened, seen FROM session ORDER BY n").fetchall()
    base.close()
    return rows


def titles(world, *words, **options):
    return [row["title"] for row in world.ok(*words, "timeline", "--json", **options).rows()]


@test("what was written from the ordinary session is what the duress passphrase opens, and no more")
def kept_up(world):
    write_both(world)
    shown = world.ok("decoy", "timeline", "--json").out
    export = world.ok("decoy", "export").out
    same(sorted(titles(world, "decoy")), ["called", "dentist at ten", "the roof leaks again"])
    same(sorted(world.titles()), ["the office burned", "what Zarema saw"])
    copy = os.path.join(world.place, "copy")
    world.ok("backup", copy)
    before = look(world, password=DURESS)
    same(world.ok("timeline", "--json", vault=copy, password=DURESS).out, shown)
    same(world.ok("export", vault=copy, password=DURESS).out, export)
    sentence(world.run("timeline", vault=copy), WRONG)
    world.clean_check(vault=copy, password=DURESS)
    true(not SECRET.search(export), "nothing of the other journal in what is exported")
    true(not SECRET.search(before.data.decode("latin-1")), "nor in the database")
    rows = sessions(before.data)  # the making, two logs, five of reading
    same(len(rows), 8)
    true(all(opened <= seen for opened, seen in rows), rows)
    entries = json.loads(export)["entries"]
    same({entry["recorded_by"] for entry in entries}, {"Anna"})
    true(all(entry.get("recorded_at") for entry in entries), entries)
    revisions = json.loads(export)["revisions"]
    same({revision["by"] for revision in revisions}, {"Anna"})
    same([entry["ref"] for entry in entries], ["E01", "E02", "E03"])


@test("no id, no chain and no hash stands in both journals")
def not_linked(world):
    write_both(world)
    found = []
    for words in ((), ("decoy",)):
        text = world.ok(*words, "export").out
        found.append({word for word in re.findall(r"[0-9a-f]{32,64}", text)} -
                     {"0" * 64})  # before the first revision
    true(len(found[0]) > 10 and len(found[1]) > 10, found)
    same(found[0] & found[1], set())


@test("writing the diary leaves the ordinary journal as it was, to the byte")
def untouched(world):
    write_both(world)
    before, export = look(world), world.ok("export").out
    world.ok("decoy", "log", stdin="one more day\nand another\n")
    more = {"lapwing": "journal", "version": 1, "entries": [
        {"id": "%032x" % 9, "ref": "E90", "title": "taken over", "status": "draft"}]}
    world.ok("decoy", "import", "-", stdin=json.dumps(more))
    after = look(world)
    same(after.data, before.data, "the ordinary lane")
    same((after.root.generation, after.used), (before.root.generation, before.used))
    same(world.ok("export").out, export)
    check = world.clean_check()
    true("duress diary: " in check.out, check)
    diary = look(world, password=DURESS).data
    world.log("and now this one")
    same(len(sessions(look(world, password=DURESS).data)), len(sessions(diary)) + 1)
    same(len(titles(world, "decoy")), len(DIARY) + 3)
    same(len(world.titles()), len(TRUTH) + 1)
    world.ok("resize", "6M")
    same(len(titles(world, "decoy")), len(DIARY) + 3, "after a rewrite")
    world.ok("passphrase", "duress", new=OTHER)
    same(len(titles(world, "decoy")), len(DIARY) + 3, "after another duress passphrase")
    world.clean_check()


@test("every command of the journal does on the diary what it does on a journal")
def all_commands(world):
    world.create(duress=DURESS)
    plain = os.path.join(world.place, "plain")
    world.create(vault=plain)
    single = dict(vault=plain)
    written = world.write("d.json", "{}")
    os.unlink(written)
    steps = [(("import", PRACTICE, "--dry-run"), ""), (("import", PRACTICE), ""),
             (("timeline",), ""), (("timeline", "--csv", "--kind", "arson"), ""),
             (("show", "E11"), ""), (("show", "E11", "--json"), ""), (("search",), "Babinets"),
             (("search", "--json"), "Babinets"), (("contradictions",), ""),
             (("seizures",), ""), (("threats", "--json"), ""), (("interventions", "--csv"), ""),
             (("export", "--csv", "entries"), ""), (("show", "E99"), ""), (("search",), ""),
             (("log",), "31 feb 2014 x\n"), (("timeline", "--since", "nonsense"), "")]
    for args, stdin in steps:
        results = [world.run("decoy", *args, stdin=stdin), world.run(*args, stdin=stdin, **single)]
        numbers = [re.sub(r"[0-9a-f]{32,}|[0-9T:.-]{20,}Z", "#", result.out) for result in results]
        same((results[0].code, numbers[0]), (results[1].code, numbers[1]), args)
        same(results[0].err, results[1].err, args)
    world.ok("decoy", "export", "-o", written)
    with open(written, encoding="utf-8") as file:
        same(len(json.load(file)["entries"]), 22)
    same(world.titles(), [], "all of it in the diary")


# With what must not be told apart: the same words, whatever the vault is.
WAYS = [(("decoy", "timeline"), ""), (("decoy", "timeline", "--json"), ""),
        (("decoy", "show", "E01"), ""), (("decoy", "log"), "a line\nanother\n"), (("decoy", "log"), ""),
        (("decoy", "search"), "roof"), (("decoy", "search"), ""), (("decoy", "contradictions"), ""),
        (("decoy", "seizures"), ""), (("decoy", "threats", "--json"), ""),
        (("decoy", "import", PRACTICE), ""), (("decoy", "import", "nowhere.json"), ""),
        (("decoy", "export"), ""), (("decoy", "export", "-o", "given"), ""),
        (("decoy", "check"), ""), (("decoy", "passphrase"), ""), (("passphrase", "list"), ""),
        (("decoy", "timeline", "--since", "nonsense"), "")]


@test("after the duress passphrase every answer is that of a vault that never had one, to the byte")
def told_apart(world):
    source = {}
    for name, trap in (("single", None), ("armed", DURESS)):
        source[name] = os.path.join(world.place, name)
        world.create(vault=source[name], password=PASS if trap else DURESS, duress=trap)
    world.log(*TRUTH, vault=source["armed"])
    world.ok("decoy", "log", stdin="a quiet day\n", vault=source["armed"])
    world.ok("log", stdin="a quiet day\n", vault=source["single"], password=DURESS)
    # the passphrase is used by that very command, and a second time
    for args, stdin in WAYS:
        results = []
        for name in ("single", "armed"):
            shutil.copy(source[name], world.vault)
            results.append([world.run(*args, stdin=stdin, password=DURESS) for _ in range(2)])
            true(not os.path.exists(os.path.join(world.folder, "given")), "no file is made")
        for one, other in zip(*results):
            same(re.sub(r"\d\d:\d\d", "#", other.out), re.sub(r"\d\d:\d\d", "#", one.out), args)
            same((other.code, other.err), (one.code, one.err), args)
        if args[:2] in (("decoy", "timeline"), ("decoy", "log")) and "nonsense" not in args:
            sentence(results[0][0], WRONG, "lapwing passphrase duress")
        same(titles(world, password=DURESS), ["a quiet day"], "nothing was written")
    sentence(world.run("timeline"), WRONG)


@test("a refused use of the diary is a session like any other: one row, in either vault")
def refused_row(world):
    counts = []
    for trap in (None, DURESS):
        vault = os.path.join(world.place, "armed" if trap else "single")
        world.create(vault=vault, password=PASS if trap else DURESS, duress=trap)
        before = len(sessions(look(world, vault=vault, password=DURESS).data))
        expect(world.run("decoy", "timeline", vault=vault, password=DURESS), WRONG)
        counts.append(len(sessions(look(world, vault=vault, password=DURESS).data)) - before)
    same(counts, [1, 1])


@test("the same system calls up to the header's second sync, with the diary asked for or not")
def same_calls(world):
    source = {}
    for name, trap in (("single", None), ("armed", TRAP)):
        source[name] = os.path.join(world.place, name)
        world.create(vault=source[name], password=REAL, duress=trap)
    found = []
    for name, password in (("single", REAL), ("armed", TRAP), ("armed", REAL)):
        folder = os.path.join(world.folder, "look")
        os.mkdir(folder)
        path = os.path.join(folder, "v.vault")
        shutil.copy(source[name], path)
        result, calls = harness.strace(world, "decoy", "timeline", vault=path, password=password)
        expect(result, 0 if (name, password) == ("armed", REAL) else WRONG)
        found.append(until_second_sync(calls, path))
        shutil.rmtree(folder)
    for calls in found[1:]:
        for n, (one, other) in enumerate(zip(found[0], calls)):
            same(other, one, "call %d" % n)
        same(len(calls), len(found[0]))


@test("decoy stands right before a command of the journal; text is no argument there either")
def usage(world):
    world.create(duress=DURESS)
    before = world.bytes()
    for args in (("decoy",), ("decoy", "check"), ("decoy", "wipe", "--now"), ("decoy", "decoy"),
                 ("decoy", "passphrase", "add"), ("decoy", "backup", "x"), ("decoy", "decoy", "log"),
                 ("decoy", "--json", "timeline")):
        sentence(world.run(*args, password=None), USAGE)
    for command in ("log", "search"):
        for args in (("Zarema names the driver",), ("--", "Zarema"), ("--Zarema",), ("-m", "Zarema")):
            result = sentence(world.run("decoy", command, *args, stdin="x"), USAGE)
            true("Zarema" not in result.out + result.err, result)
    sentence(world.run("log", "decoy", stdin="x"), USAGE)
    same(world.bytes(), before, "nothing was opened")
    expect(world.run("decoy", "log", stdin="31 feb 2014 x\n"), DATA)
    expect(world.run("decoy", "show", "E01"), INPUT)


@test("both are written at once by several processes; each line is where it belongs")
def at_once(world):
    world.create(duress=DURESS)
    process = world.start("log")  # an ordinary session that stays open
    out = Drain(process.stdout)
    process.stdin.write(b"truth first\n")
    process.stdin.flush()
    wait_until(lambda: len(out.lines()) == 1, 30, "the first answer")
    results = []

    def write(words, name):
        lines = "".join("%s %d\n" % (name, n) for n in range(15))
        results.append(world.run(*words, "log", stdin=lines))

    threads = [threading.Thread(target=write, args=args) for args in (
        (("decoy",), "diary one"), (("decoy",), "diary two"), ((), "truth two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        expect(result, 0)
    process.stdin.write(b"truth last\n")
    process.stdin.close()
    same(process.wait(60), 0)
    out.join()
    same(sorted(world.titles()), sorted(["truth first", "truth last"] + ["truth two %d" % n
                                                                        for n in range(15)]))
    same(sorted(titles(world, "decoy")), sorted("diary %s %d" % (name, n) for n in range(15)
                                                for name in ("one", "two")))
    world.clean_check()


@test("passphrase list: whether it is armed and how fresh the diary is; who has the duress one sees none")
def freshness(world):
    world.create()
    result = world.ok("passphrase", "list").out
    true("Passphrases of this journal: 1\nDuress passphrase: not armed\nJournal: empty\n" == result, result)
    world.ok("passphrase", "add", new=OTHER)
    armed = world.ok("passphrase", "duress", new=DURESS).out
    true("Armed" in armed and "empty" in armed, armed)
    world.log(*TRUTH)
    result = world.ok("passphrase", "list", password=OTHER).out
    true("journal: 2\nDuress passphrase: armed\n" in result, result)
    true(re.search(r"^Journal: 2 entries, the last one recorded 20\d\d-\d\d-\d\d ", result, re.M), result)
    true("Diary of the duress passphrase: empty\n" in result and "convinces few" in result, result)
    old = {"lapwing": "journal", "version": 1, "entries": [
        {"id": "%032x" % 7, "ref": "E01", "title": "long ago", "status": "draft",
         "recorded_at": "2020-05-04T10:00:00.000Z"}]}
    world.ok("decoy", "import", "-", stdin=json.dumps(old))
    result = " ".join(world.ok("passphrase", "list").out.split())
    true("passphrase: 1 entry, the last one recorded 2020-05-04 10:00 +00:00" in result, result)
    true("nothing recent" in result and "lapwing decoy log" in result, result)
    world.ok("decoy", "log", stdin="a quiet day\n")
    result = world.ok("passphrase", "list").out
    true("Diary of the duress passphrase: 2 entries" in result and "recent" not in result, result)
    true("stays" in world.ok("passphrase", "duress", new=TRAP).out, "replaced")
    result = world.ok("passphrase", "list", password=TRAP).out
    true(result.startswith("Passphrases of this journal: 1\nDuress passphrase: not armed\nJournal: 2 e"),
         result)
    same(len(result.splitlines()), 3, result)


REFUSED = {"zfs": 0x2FC12FC1, "bcachefs": 0xCA451A4E, "f2fs": 0xF2F52010, "overlay": 0x794C7630,
           "nfs": 0x6969, "smb": 0xFE534D42, "cifs": 0xFF534D42, "9p": 0x01021997, "ceph": 0x00C36400,
           "fuse": 0x65735546}
FINE = {"ext4": 0xEF53, "tmpfs": 0x01021994, "xfs": 0x58465342, "btrfs": 0x9123683E}


@test("no duress passphrase on a file system that keeps older states, or is not of this machine")
def file_systems(world):
    world.create()
    before = os.stat(world.vault).st_ino
    fresh = os.path.join(world.place, "fresh")
    make = ("create", "--duress", "--size", "4M", "--kdf", "test")
    for name, number in REFUSED.items():
        env = dict(world.env, LAPWING_TEST_DISK="%x" % number)
        for result in (world.run("passphrase", "duress", new=DURESS, env=env),
                       world.run(*make, vault=fresh, password=None, new=[PASS, DURESS], env=env)):
            sentence(result, WRONG, "file system %s: " % name, "ext4")
        true(not os.path.exists(fresh), "nothing is made")
        world.ok("create", "--size", "4M", "--kdf", "test", vault=fresh, password=None, new=PASS, env=env)
        os.unlink(fresh)
    same(os.stat(world.vault).st_ino, before, "nothing was rewritten")
    for number in FINE.values():
        env = dict(world.env, LAPWING_TEST_DISK="%x" % number)
        world.ok(*make, vault=fresh, password=None, new=[PASS, DURESS], env=env)
        os.unlink(fresh)


@test("in the program :diary leads to the diary and back, and the first line says where one is")
def in_program(world):
    write_both(world)
    screen = Tmux(world, 80, 24)
    try:
        screen.line("%s --vault %s" % (world.program(), world.vault))
        screen.expect("Passphrase:")
        screen.line(PASS)
        screen.expect("the office burned", seconds=20)
        true("DIARY" not in screen.screen(), "the ordinary journal")
        screen.type("n")  # a form that is left unfinished
        screen.expect("Title")
        screen.type("half of the truth")
        screen.key("Escape")
        screen.expect("kept unfinished")
        screen.key("Enter")  # from inside an entry
        screen.expect("Recorded")
        screen.line(":people")
        screen.expect("People")
        screen.line(":diary")
        screen.expect("the roof leaks again")
        screen.type(":")
        screen.key("Up")  # no command of the other journal: the last one in the list
        wait_until(lambda: re.search(r"\n:\w", screen.screen()), 10, "a command")
        true("\n:people" not in screen.screen(), screen.screen())
        screen.key("Escape")
        shown = screen.screen()
        true(shown.startswith("DURESS DIARY"), shown)
        true(not SECRET.search(shown) and "unfinished" not in shown, shown)
        screen.key("Escape")  # nothing of the other journal lies below
        screen.expect("leaves the program")
        shown = screen.screen()
        true(shown.startswith("DURESS DIARY") and not SECRET.search(shown), shown)
        screen.key("c")
        screen.type("written on the screen")
        screen.key("Enter")
        screen.key("Enter")
        screen.expect("E04 saved")
        true(screen.screen().startswith("DURESS DIARY"), screen.screen())
        screen.key("Escape")
        screen.expect("4 entries")
        screen.line(":diary")
        screen.expect("1 unfinished form")
        shown = screen.screen()
        true("the office burned" in shown and "DIARY" not in shown and "roof" not in shown, shown)
        screen.key("n")
        screen.key("Q")
        screen.expect("shell>")
    finally:
        screen.close()
    same(len(titles(world, "decoy")), 4)
    same(len(world.titles()), len(TRUTH))
    true("half of" not in look(world, password=DURESS).data.decode("latin-1"), "the form is not there")
    world.clean_check()


@test("in the program :diary says the same after duress as in a vault that never had one")
def in_program_after(world):
    single = os.path.join(world.place, "s.vault")
    world.create(duress=DURESS)
    world.create(vault=single, password=DURESS)
    shown = []
    screen = Tmux(world, 80, 24)
    try:
        for vault in (single, world.vault):
            screen.line("%s --vault %s" % (world.program(), vault))
            screen.expect("Passphrase:")
            screen.line(DURESS)
            screen.expect("0 entries", seconds=20)
            screen.line(":diary")
            screen.expect("no duress passphrase")
            shown.append(screen.screen())
            screen.key("Q")
            screen.expect("shell>")
    finally:
        screen.close()
    same(shown[1], shown[0])


@test("afterwards each copy of the header alone opens with the duress passphrase, and with no other")
def each_copy(world):
    others = (PASS, OTHER, THIRD)
    world.create(duress=DURESS)
    world.log(*TRUTH)
    for new in others[1:]:
        world.ok("passphrase", "add", new=new)
    single = os.path.join(world.place, "single")
    armed, page = world.bytes(), harness.PAGE

    def opened(image):
        """Who opens copy A, copy B: the other one is noise."""
        found = []
        for at in (1, 2):
            with open(single, "wb") as file:
                file.write(image[:(3 - at) * page] + os.urandom(page) + image[(4 - at) * page:])
            found.append([])
            for password in others + (DURESS,):
                try:
                    test_reader.reader.Vault(single, password, ("test",)).close()
                    found[-1].append(password)
                except test_reader.reader.WrongPassphrase:
                    pass
        return found

    same(opened(armed), [list(others) + [DURESS]] * 2, "before")
    for command in (("timeline",), ("passphrase", "list"), ("check",)):
        with open(world.vault, "wb") as file:
            file.write(armed)
        world.ok(*command, password=DURESS)
        same(opened(world.bytes()), [[DURESS]] * 2, command)
        shutil.copy(world.vault, single)
        same(world.titles(vault=single, password=DURESS), [])
    sentence(world.run("timeline", vault=single, password=OTHER), WRONG)


@test("afterwards every open session of every passphrase is gone, the screens and the prompts")
def sessions_die(world):
    world.create(duress=DURESS)
    world.log(*TRUTH)
    for new in (OTHER, THIRD):
        world.ok("passphrase", "add", new=new)
    screen = Tmux(world, 100, 60)
    try:
        opened = ((PASS, ""), (OTHER, ""), (THIRD, "review"))
        for _ in opened[1:]:
            screen.split()
        screen.prompt(1)  # a new pane stands before the older ones
        for pane, (password, words) in enumerate(opened):
            screen.line("%s --vault %s %s" % (world.program(), world.vault, words), pane)
            screen.expect("Passphrase:", pane)
            screen.line(password, pane)
            screen.expect("burned", pane)
        writer = world.start("log", password=THIRD)  # one that waits for a line
        out, err = Drain(writer.stdout), Drain(writer.stderr)
        feed(writer, b"before\n")
        wait_until(lambda: len(out.lines()) == 1, 30, "the first answer")
        world.ok("timeline", password=DURESS)
        spent = max(screen.expect_only("Passphrase:", pane) for pane in range(len(opened)))
        true(spent < 10, "the screens close by themselves")
        feed(writer, b"after\n")
        writer.stdin.close()
        true(writer.wait(30) != 0, "nothing more is written")
        err.join()
        same(len(out.lines()), 1, err.data)
        for pane, (password, words) in enumerate(opened):
            screen.line(password, pane)
            screen.expect("Not right", pane)
            screen.line(DURESS, pane)
            screen.expect("0 entries", pane)
            screen.type("Q", pane)
            screen.expect("shell>", pane)
    finally:
        screen.close()
    world.clean_check(password=DURESS)
    return "the last screen closed %.1f s after the command had ended" % spent


if __name__ == "__main__":
    harness.main(tests)
