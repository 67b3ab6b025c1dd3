"""The duress passphrase and the others: what opens what, and what can be seen of it."""
import os
import re
import shutil

import harness
from harness import (DURESS, MIB, OTHER, PASS, PRACTICE, TERMINAL, WRONG, expect, same, sentence,
                     strace, true)

tests, test = harness.collector()
THIRD = "bramble cushion falcon trumpet"

# Of one length, since a passphrase is read byte by byte.
REAL = "granite lantern meadow sparrow"
TRAP = "harvest voyager pillow cluster"


def opens(world, password, titles):
    same(sorted(world.titles(password=password)), sorted(titles))


def fails(world, *passwords):
    for password in passwords:
        sentence(world.run("timeline", password=password), WRONG)


@test("one use of the duress passphrase: an ordinary journal answers, every other passphrase fails")
def duress(world):
    world.create()
    world.log("what really happened")
    world.ok("passphrase", "add", new=OTHER)
    copy = os.path.join(world.folder, "copy.vault")
    result = world.ok("passphrase", "duress", new=DURESS)
    true("Armed" in result.out, result)
    same(world.beside(), ["v.vault"])
    same(os.stat(world.vault).st_size, 4 * MIB)
    for password in (PASS, OTHER):
        opens(world, password, ["what really happened"])
        check = world.clean_check(password=password)
        true("passphrases: 2" in check.out and "armed" in check.out and
             "not armed" not in check.out, check)
    world.ok("backup", copy)
    opens(world, DURESS, [])
    fails(world, PASS, OTHER)
    world.log("a quiet day", "nothing new", password=DURESS)
    opens(world, DURESS, ["a quiet day", "nothing new"])
    check = world.clean_check(password=DURESS)
    true("passphrases: 1" in check.out and "not armed" in check.out, check)
    fails(world, PASS, OTHER)
    same(os.stat(world.vault).st_size, 4 * MIB)
    for password in (PASS, OTHER):  # as the manual says: a copy taken before still opens
        same(world.titles(vault=copy, password=password), ["what really happened"])


@test("any command is a use: search, check, export, a wrong line of log")
def any_command(world):
    world.create(duress=DURESS)
    world.log("what really happened")
    armed = world.bytes()
    for args, stdin, code in ((("search",), "really", 0), (("check",), "", 0), (("export",), "", 0),
                              (("show", "E01"), "", harness.INPUT),
                              (("log",), "31 feb 2014 x", harness.DATA),
                              (("passphrase", "add"), "", TERMINAL)):
        with open(world.vault, "wb") as file:
            file.write(armed)
        result = expect(world.run(*args, stdin=stdin, password=DURESS), code)
        true("really happened" not in result.out + result.err, result)
        fails(world, PASS)
    with open(world.vault, "wb") as file:
        file.write(armed)
    sentence(world.run("timeline", password=DURESS + "x"), WRONG)
    same(world.bytes(), armed, "nearly is nothing")
    opens(world, PASS, ["what really happened"])


def shape(text):
    """What is printed, without the numbers."""
    return re.sub(r"[0-9A-Fa-f]{12,}|\d+", "#", text)


@test("afterwards nothing tells the vault from one that never had a second passphrase")
def afterwards(world):
    single = os.path.join(world.place, "s.vault")
    world.create(vault=single, password=DURESS)
    world.create(duress=DURESS)
    world.ok("import", PRACTICE)
    world.log("what really happened")
    steps = [(("timeline",), "", 0), (("log",), "one\ntwo\n", 0), (("timeline", "--json"), "", 0),
             (("timeline",), "", 0), (("show", "E01"), "", 0), (("search",), "one", 0),
             (("contradictions",), "", 0), (("check",), "", 0), (("export",), "", 0),
             (("log",), "31 feb 2014 x\n", harness.DATA), (("show", "E09"), "", harness.INPUT)]
    for args, stdin, code in steps:
        results = [world.run(*args, vault=vault, stdin=stdin, password=DURESS)
                   for vault in (True, single)]
        for result in results:
            expect(result, code)
        same(shape(results[0].out), shape(results[1].out), args)
        same(shape(results[0].err).replace("s.vault", "v.vault"),
             shape(results[1].err).replace("s.vault", "v.vault"), args)
    for password in (PASS, OTHER):
        results = [world.run("timeline", vault=v, password=password) for v in (True, single)]
        for result in results:
            sentence(result, WRONG)
        same(results[0].err.replace("v.vault", "s.vault"), results[1].err)
    stats = [os.stat(v) for v in (world.vault, single)]
    for name in ("st_size", "st_mode", "st_nlink", "st_blocks"):
        same(getattr(stats[0], name), getattr(stats[1], name), name)


def chi_square(data):
    expected = len(data) / 256
    return sum((data.count(bytes([n])) - expected) ** 2 / expected for n in range(256))


@test("every MiB of a vault looks random: single, armed, and after duress")
def random_looking(world):
    values = []
    vaults = {"single": None, "armed": DURESS}
    for name, trap in vaults.items():
        path = os.path.join(world.place, name)
        world.create(vault=path, duress=trap)
        world.ok("import", PRACTICE, vault=path)
        for n in range(20):
            world.log("entry %d" % n, vault=path)
    used = os.path.join(world.place, "used")
    shutil.copy(os.path.join(world.place, "armed"), used)
    world.log("a quiet day", vault=used, password=DURESS)
    for name in ("single", "armed", "used"):
        data = world.bytes(os.path.join(world.place, name))
        parts = [data[:harness.PAGE]] + [data[n * harness.PAGE:(n + 2) * harness.PAGE]
                                         for n in (1, 3, 5)]
        parts += [data[at:at + MIB] for at in range(0, len(data), MIB)]
        for part in parts:
            value = chi_square(part)  # 255 on average, a deviation of 22.6
            true(130 < value < 420, "%s: chi-square %.1f" % (name, value))
            values.append(value)
        stat = os.stat(os.path.join(world.place, name))
        true(stat.st_blocks * 512 >= stat.st_size, "no hole shows what was never written")
    return "chi-square from %.0f to %.0f" % (min(values), max(values))


def normal(call):
    """Addresses, contents of buffers, process ids and times go; names, descriptors, flags, lengths
    and results stay. Of a lock the offset goes, which is drawn from the vault's salt."""
    text = re.sub(r'"(?:[^"\\]|\\.)*"(\.\.\.)?', lambda m: m.group(0)
                  if m.group(0).startswith('"/') and "\\" not in m.group(0) else '"data"',
                  str(call))
    text = re.sub(r"0x[0-9a-f]{5,}", "ADDRESS", text)
    text = re.sub(r"l_start=\d{10,}", "l_start=LOCK", text)
    text = re.sub(r"pipe:\[\d+\]", "pipe", text)
    text = re.sub(r"/proc/\d+", "/proc/PID", text)
    text = re.sub(r"\b(st_ino|st_mtime|st_mtime_nsec|st_ctime|st_ctime_nsec|st_atime|"
                  r"st_atime_nsec|tv_sec|tv_nsec)=\d+", r"\1=N", text)
    if call.name in ("getpid", "gettid", "set_tid_address", "clone", "clone3", "execve"):
        text = call.name
    if call.name == "prlimit64":
        text = re.sub(r"\d{5,}", "N", text)
    return text


def until_second_sync(calls, vault):
    """The calls of an unlock, from the start to the end of the second header copy's sync."""
    writes = [n for n, call in enumerate(calls) if call.name == "pwritev2" and vault in call.args
              and "RWF_DSYNC" in call.args]
    if len(writes) < 2:
        raise AssertionError("two synced writes of the header: %s" %
                             [str(call) for call in calls if call.name.startswith("pwrite")][:5])
    offsets = [re.search(r"\], 1, (\d+)", calls[n].args).group(1) for n in writes[:2]]
    same(offsets, ["8192", "4096"], "copy B, then copy A")
    before = [c for c in calls[:writes[1]] if vault in c.args and c.name.startswith("pwrite")]
    same(len(before), 1, "nothing else was written")
    return [normal(call) for call in calls[:writes[1] + 1]]


@test("the same system calls up to the header's second sync, whichever passphrase it is")
def same_calls(world):
    source = {}
    for name, trap in (("single", None), ("armed", TRAP)):
        source[name] = os.path.join(world.place, name)
        world.create(vault=source[name], password=REAL, duress=trap)
        world.ok("import", PRACTICE, vault=source[name], password=REAL)
    source["after"] = os.path.join(world.place, "after")
    shutil.copy(source["armed"], source["after"])
    world.timeline(vault=source["after"], password=TRAP)
    runs = [("single", REAL), ("armed", REAL), ("armed", TRAP), ("after", TRAP), ("single", REAL)]
    found = []
    for name, password in runs:  # always under one name, in a folder of its own
        folder = os.path.join(world.folder, "look")
        os.mkdir(folder)
        path = os.path.join(folder, "v.vault")
        shutil.copy(source[name], path)
        result, calls = strace(world, "timeline", vault=path, password=password)
        expect(result, 0)
        same("JMG" in result.out, password == REAL, "the journal that belongs to it")
        found.append(until_second_sync(calls, path))
        shutil.rmtree(folder)
    for (name, password), calls in zip(runs[1:], found[1:]):
        what = "%s with %s" % (name, "the real one" if password == REAL else "duress")
        for n, (one, other) in enumerate(zip(found[0], calls)):
            same(other, one, "%s differs from single at call %d" % (what, n))
        same(len(calls), len(found[0]), "%s: number of calls" % what)
    return "%d calls each; left out: addresses, contents, process ids, times, offsets of locks" % \
        len(found[0])


@test("passphrase add and change: both open; then the old one does not")
def add_and_change(world):
    world.sample()
    world.ok("passphrase", "add", new=OTHER)
    rows = world.timeline()
    same(world.timeline(password=OTHER), rows)
    result = world.ok("passphrase", "change", password=OTHER, new=THIRD)
    true("copy" in result.out, "it says that copies still open\n%s" % result)
    fails(world, OTHER)
    same(world.timeline(password=THIRD), rows)
    same(world.timeline(), rows)
    for n in range(6):  # eight slots
        world.ok("passphrase", "add", new="another passphrase number %d" % n)
    sentence(world.run("passphrase", "add", new="one more than there is room"), WRONG)
    same(world.timeline(password="another passphrase number 3"), rows)
    true("passphrases: 8" in world.clean_check().out, "eight")
    same(world.beside(), ["v.vault"])


@test("passphrases are one whether composed or decomposed, and may be Cyrillic")
def unicode_(world):
    world.create(password="caf\u00e9 гранит Ёлка маяк")
    world.log("x", password="cafe\u0301 гранит Е\u0308лка маяк")
    fails(world, "cafe гранит Ёлка маяк", "caf\u00e9 гранит ёлка маяк")


@test("passphrase remove: only those that are typed stay, with new keys")
def remove(world):
    world.sample()
    rows = world.timeline()
    for password in (OTHER, THIRD):
        world.ok("passphrase", "add", new=password)
    before = world.bytes()
    copy = os.path.join(world.folder, "copy.vault")
    world.ok("backup", copy)
    world.ok("passphrase", "remove", password=[PASS, THIRD])
    fails(world, OTHER)
    for password in (PASS, THIRD):
        same(world.timeline(password=password), rows)
    same(world.beside(), ["v.vault"])
    after = world.bytes()
    true(after[:16] != before[:16], "a new salt")
    old = {before[n:n + 16] for n in range(0, len(before), 16)}
    true(not any(after[n:n + 16] in old for n in range(0, len(after), 16)), "nothing is the same")
    same(world.timeline(vault=copy, password=OTHER), rows, "an old copy still opens")
    sentence(world.run("passphrase", "remove", password=[PASS, OTHER]), WRONG)
    same(world.timeline(password=THIRD), rows, "nothing changed")
    world.ok("passphrase", "remove")
    fails(world, THIRD)
    world.clean_check()


@test("passphrase remove and the duress passphrase: it stays where it is typed, else it goes")
def remove_duress(world):
    world.create(duress=DURESS)
    world.log("what really happened")
    plain = world.bytes()
    world.ok("passphrase", "remove", password=[PASS, DURESS])
    true("duress passphrase: armed" in world.clean_check().out, "it stays")
    opens(world, DURESS, [])
    fails(world, PASS)
    with open(world.vault, "wb") as file:
        file.write(plain)
    world.ok("passphrase", "remove")
    true("not armed" in world.clean_check().out, "it is gone")
    fails(world, DURESS)
    opens(world, PASS, ["what really happened"])


@test("resize keeps everything, with a duress passphrase armed too, and its journal")
def resize(world):
    world.create(duress=DURESS)
    world.ok("import", PRACTICE)
    world.ok("passphrase", "add", new=OTHER)
    rows = world.timeline()
    for size in ("7M", "4M", "12M"):
        world.ok("resize", size)
        same(world.timeline(), rows)
        same(world.timeline(password=OTHER), rows)
        true("duress passphrase: armed" in world.clean_check().out, "armed")
        same(world.beside(), ["v.vault"])
    opens(world, DURESS, [])
    fails(world, PASS, OTHER)
    world.log("a quiet day", password=DURESS)
    world.ok("resize", "5M", password=DURESS)
    opens(world, DURESS, ["a quiet day"])
    same(os.stat(world.vault).st_size, 5 * MIB)
    fails(world, PASS)


@test("duress can be replaced: the old one opens nothing, the real ones stay")
def replaced(world):
    world.create(duress=DURESS)
    world.log("what really happened")
    world.ok("passphrase", "duress", new=THIRD)
    armed = world.bytes()
    fails(world, DURESS)
    same(world.bytes(), armed)
    opens(world, PASS, ["what really happened"])
    opens(world, THIRD, [])
    fails(world, PASS)


@test("a duress passphrase that is the same, already known or too close is refused")
def refused(world):
    world.create()
    world.ok("passphrase", "add", new=OTHER)
    world.log("what really happened")
    before_size = os.stat(world.vault).st_size
    for new in (PASS, OTHER, PASS.upper(), PASS + "s", PASS[:-2], "granite window bottle flower",
                "Granite Lantern Meadow Sparrow", PASS[1:], PASS + " " + DURESS):
        sentence(world.run("passphrase", "duress", new=new), WRONG)
        fresh = os.path.join(world.place, "fresh")
        if new != OTHER:
            sentence(world.run("create", "--duress", "--size", "4M", "--kdf", "test", vault=fresh,
                               password=None, new=[PASS, new]), WRONG, "close")
            true(not os.path.exists(fresh) and not os.path.exists(fresh + ".new"), "nothing is made")
    sentence(world.run("passphrase", "duress", new=DURESS, password=OTHER + "x"), WRONG)
    true("not armed" in world.clean_check().out, "nothing was armed")
    same(os.stat(world.vault).st_size, before_size)
    opens(world, OTHER, ["what really happened"])
    opens(world, PASS, ["what really happened"])


@test("the shipped program with its two derivations: duress, wrong passphrase, both profiles")
def shipped(world):
    world.config("")
    for profile in ("standard", "lite"):
        vault = os.path.join(world.place, profile)
        options = dict(vault=vault, shipped=True)
        made = world.run("create", "--size", "4M", "--kdf", profile, "--duress", password=None,
                         new=[PASS, DURESS], **options)
        if made.code == WRONG and "file system" in made.err:
            raise harness.Skip(made.err.strip()[:200])
        expect(made, 0)
        world.log("what really happened", **options)
        sentence(world.run("timeline", password=OTHER, **options), WRONG)
        same(world.titles(password=DURESS, **options), [])
        sentence(world.run("timeline", **options), WRONG)
    sentence(world.run("create", "--kdf", "test", vault=os.path.join(world.place, "x"), shipped=True,
                       password=None, new=PASS), harness.USAGE)
    world.config("[vault]\nkdf = test\n")
    result = world.run("timeline", "--json", vault=vault, shipped=True, password=DURESS)
    expect(result, 0)
    true("kdf must be standard or lite" in result.err, result)


if __name__ == "__main__":
    harness.main(tests)
