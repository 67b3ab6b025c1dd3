"""Bad input and bad disks: one sentence, its exit code, nothing lost and nothing wrong shown."""
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess

import harness
from harness import (CREATE, DATA, INPUT, IO, MIB, OTHER, PAGE, PASS, PRACTICE, WRONG, expect, same,
                     sentence, true)

tests, test = harness.collector()


def put(path, data):
    with open(path, "r+b") as file:
        file.write(data)
        file.truncate(len(data))


def flip(data, *offsets):
    data = bytearray(data)
    for at in offsets:
        data[at] ^= 1 << at % 8
    return bytes(data)


@test("a truncated vault is told, at whatever length")
def truncated(world):
    world.sample(size="8M")
    good = world.ok("export").out
    data = world.bytes()
    for length in (0, 1, PAGE, 7 * PAGE, MIB, 4 * MIB - PAGE, 5 * MIB + 1, 8 * MIB - 1):
        put(world.vault, data[:length])
        sentence(world.run("timeline"), DATA, "vault")
        same(world.bytes(), data[:length], "nothing was written")
    for length in (4 * MIB, 6 * MIB, 8 * MIB - PAGE):  # a length that a vault can have
        put(world.vault, data[:length])
        result = world.run("export")
        true(result.code == DATA or result.code == 0 and result.out == good, result)
        if result.code == DATA:
            true("damaged" in result.err or "altered" in result.err, result)
    put(world.vault, data)
    same(world.ok("export").out, good)


@test("header: one copy damaged is healed, both are a wrong passphrase")
def header(world):
    world.sample()
    rows = world.timeline()
    world.ok("passphrase", "add", new=OTHER)
    for turn in range(6):
        copy = 1 + turn % 2
        data = world.bytes()
        put(world.vault, data[:copy * PAGE] + os.urandom(PAGE) + data[(copy + 1) * PAGE:])
        same(world.timeline(password=(PASS, OTHER)[turn % 2]), rows, "copy %d" % copy)
    data = world.bytes()
    put(world.vault, flip(data, *range(PAGE, 3 * PAGE, 100)))
    broken = world.bytes()
    sentence(world.run("timeline"), WRONG)
    same(world.bytes(), broken, "nothing was written")
    put(world.vault, flip(data, 3))  # the salt
    sentence(world.run("timeline"), WRONG)
    put(world.vault, data)
    world.clean_check()


def root_pages(world):
    """The two root pages of the lane that is used, and the file."""
    before = world.bytes()
    world.log("more")  # several commits, so both change
    data = world.bytes()
    new = [n for n in (3, 4, 5, 6) if data[n * PAGE:][:PAGE] != before[n * PAGE:][:PAGE]]
    same(len(new), 2, "the roots of one lane change: %s" % new)
    return new, data


@test("roots: one unreadable costs nothing that is not in it alone; both are 65")
def roots(world):
    world.create()
    world.log(*("entry %d" % n for n in range(5)))
    (one, other), data = root_pages(world)
    titles = world.titles()
    put(world.vault, data)
    for page in (one, other):
        put(world.vault, flip(data, page * PAGE + 100))
        result = expect(world.run("timeline", "--json"), 0)
        true(set(row["title"] for row in result.rows()) <= set(titles), result)
        true(len(result.rows()) >= len(titles) - 1, result)
        world.clean_check()
    put(world.vault, flip(data, one * PAGE + 9, other * PAGE + 9))
    result = sentence(world.run("timeline"), DATA, "damaged")
    same(result.out, "")
    put(world.vault, data)
    world.clean_check()


@test("falling back to the state before is told at unlock")
def fell_back(world):
    world.create()
    world.log("entry")
    pages, data = root_pages(world)
    told = []
    for page in pages:
        put(world.vault, flip(data, page * PAGE + 100))
        told.append("could not be read" in expect(world.run("timeline"), 0).err)
    same(told, [True, True], "an unreadable root is said")


def judge(world, good, what):
    """What is printed is right or is cut off by an error; check agrees. True where it is damaged."""
    result = world.run("export")
    lines, right = result.out.splitlines(), good.splitlines()
    if result.code == 0:
        true(lines == right, "%s: wrong data\n%s" % (what, result))
        return False
    expect(result, DATA)
    true(lines == right[:len(lines)], "%s: wrong data before the error\n%s" % (what, result))
    told = result.err.splitlines()[-1]
    true("damaged" in told or "altered" in told, "%s: it names damage\n%s" % (what, result))
    check = world.run("check")
    expect(check, DATA)
    true("BAD" in check.out or "damaged" in check.err or "altered" in check.err, check)
    return True


@test("flipped bytes in the pool: an error that names damage, never wrong data")
def pool(world):
    world.sample()
    world.log(*("entry %d %s" % (n, "text " * 100) for n in range(100)))
    good = world.ok("export").out
    data = world.bytes()
    pages = len(data) // PAGE
    chance = random.Random()
    damaged = 0
    for n in range(120):
        page = chance.randrange(7, pages)
        put(world.vault, flip(data, page * PAGE + chance.randrange(PAGE)))
        damaged += judge(world, good, "page %d" % page)
    for part in range(4):  # whole stretches
        start = 7 * PAGE + part * (len(data) - 7 * PAGE) // 4
        put(world.vault, data[:start] + os.urandom(64 * PAGE) + data[start + 64 * PAGE:])
        damaged += judge(world, good, "stretch %d" % part)
    put(world.vault, data)
    same(world.ok("export").out, good)
    world.clean_check()
    true(3 <= damaged < 124, "%d of 124 hit something" % damaged)  # 4 stretches all but always do
    return "%d of 124 hit a live page" % damaged


@test("pages of an older state put back, pages exchanged: found, never mixed into the journal")
def stale(world):
    world.sample()
    old = world.bytes()
    world.log(*("later %d %s" % (n, "text " * 300) for n in range(200)))
    good = world.ok("export").out
    data = world.bytes()
    differ = [at for at in range(7 * PAGE, len(data), PAGE)
              if data[at:at + PAGE] != old[at:at + PAGE]]
    chance = random.Random()
    damaged = 0
    for at in chance.sample(differ, min(80, len(differ))):
        put(world.vault, data[:at] + old[at:at + PAGE] + data[at + PAGE:])
        damaged += judge(world, good, "stale page at %d" % at)
    for _ in range(20):
        one, two = sorted(chance.sample(differ, 2))
        mixed = bytearray(data)
        mixed[one:one + PAGE], mixed[two:two + PAGE] = data[two:two + PAGE], data[one:one + PAGE]
        put(world.vault, bytes(mixed))
        damaged += judge(world, good, "pages %d and %d exchanged" % (one, two))
    true(damaged > 2, "%d were found" % damaged)
    return "%d of 100 hit a live page" % damaged


@test("what is no vault: a text, random bytes, an empty file, a folder; nothing is written to it")
def no_vault(world):
    for name, data, code in (("empty", b"", DATA), ("text", b"Not a vault at all\n" * 9000, DATA),
                             ("pages", b"\0" * (4 * MIB), WRONG),
                             ("noise", os.urandom(4 * MIB), WRONG),
                             ("picture", b"\x89PNG\r\n" + os.urandom(4 * MIB - 6), WRONG)):
        path = world.write(name, data)
        sentence(world.run("timeline", vault=path), code, "vault")
        same(world.bytes(path), data, name)
    sentence(world.run("timeline", vault=world.place), DATA, "folder")
    same(world.beside(), [])


@test("files beside the vault that are ours in name only are left alone")
def not_ours(world):
    world.create()
    for suffix in (".new", ".wiped"):
        path = world.vault + suffix
        with open(path, "wb") as file:
            file.write(b"somebody's own notes, not random at all\n" * 4096)
        before = world.bytes(path)
        world.timeline()
        same(world.bytes(path), before)
    # then a rewrite cannot go on, and says why
    result = world.run("resize", "5M")
    sentence(result, CREATE, ".new")
    same(world.bytes(world.vault + ".new"), before)
    world.timeline()


@test("a link to the vault: the vault behind it is read, written and rewritten")
def link(world):
    world.create()
    real = os.path.join(world.folder, "elsewhere")
    shutil.move(world.vault, real)
    os.symlink(real, world.vault)
    world.log("through the link")
    world.ok("resize", "5M")
    true(os.path.islink(world.vault), "still a link")
    same(os.stat(real).st_size, 5 * MIB)
    same(world.titles(vault=real), ["through the link"])
    same(world.beside(), ["v.vault"])


@test("a wrong passphrase writes nothing at all")
def wrong_writes_nothing(world):
    world.sample()
    before, stat = world.bytes(), os.stat(world.vault)
    for args, stdin in ((("timeline",), ""), (("log",), "x"), (("check",), ""),
                        (("resize", "5M"), ""), (("import", PRACTICE), ""),
                        (("passphrase", "remove"), "")):
        sentence(world.run(*args, stdin=stdin, password=OTHER), WRONG)
    same(world.bytes(), before)
    after = os.stat(world.vault)
    same((after.st_mtime_ns, after.st_ctime_ns, after.st_ino),
         (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino))
    same(world.beside(), ["v.vault"])


# ---- rights and room -------------------------------------------------------------------------


@test("a read-only file, an unreadable one, a read-only folder, for an ordinary user")
def read_only(world):
    world.sample()
    prefix = world.user()
    before = world.bytes()
    os.chmod(world.vault, 0o400)
    sentence(world.run("timeline", prefix=prefix), CREATE, "writing")
    os.chmod(world.vault, 0)
    sentence(world.run("timeline", prefix=prefix), INPUT)
    os.chmod(world.vault, 0o600)
    same(world.bytes(), before)
    os.chmod(world.place, 0o500)
    try:
        # nothing has to stand beside the vault, so these work
        same(len(world.timeline(prefix=prefix)), 22)
        world.log("in a read-only folder", prefix=prefix)
        for args, options in ((("resize", "5M"), {}), (("passphrase", "duress"), {"new": OTHER}),
                              (("passphrase", "remove"), {}),
                              (("backup", world.vault + ".copy"), {}),
                              (("export", "-o", os.path.join(world.place, "x.json")), {})):
            sentence(world.run(*args, prefix=prefix, **options), CREATE)
        sentence(world.run("create", "--size", "4M", vault=os.path.join(world.place, "b"),
                           password=None, new=PASS, prefix=prefix), CREATE)
        same(world.beside(), ["v.vault"])
        same(len(world.timeline(prefix=prefix)), 23)
        world.clean_check(prefix=prefix)
    finally:
        os.chmod(world.place, 0o700)


class Mount:
    """Something mounted for the length of a test, where that is permitted."""

    def __init__(self, *args, where):
        made = subprocess.run(["mount", *args, where], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise harness.Skip("mounting is not permitted: " + made.stderr.strip())
        self.where = where

    def __enter__(self):
        return self.where

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.where], check=False)


@test("a read-only file system: reading is refused too, since unlocking writes; nothing is lost")
def read_only_mount(world):
    if os.geteuid() != 0:
        raise harness.Skip("needs root")
    world.sample()
    copy = os.path.join(world.folder, "copy.json")
    before = world.bytes()
    with Mount("--bind", world.place, where=world.place):
        if subprocess.run(["mount", "-o", "remount,ro,bind", world.place], check=False,
                          capture_output=True).returncode != 0:
            raise harness.Skip("remounting is not permitted")
        for args in (("timeline",), ("export", "-o", copy), ("log",), ("resize", "5M")):
            sentence(world.run(*args, stdin="x"), CREATE)
        sentence(world.run("create", "--size", "4M", vault=os.path.join(world.place, "b"),
                           password=None, new=PASS), CREATE)
        wipe = world.run("wipe", "--now", password=None)
        true(wipe.code in (IO, CREATE) and "NOT DESTROYED" in wipe.err, wipe)
    same(world.bytes(), before)
    true(not os.path.exists(copy), "no half export")
    same(len(world.timeline()), 22)


def full_disk_cases(world, place, run):
    """A vault of 4 MiB in place, which has no room for another one."""
    vault = os.path.join(place, "v.vault")
    before = None
    for args, options in ((("create", "--size", "16M", "--kdf", "test"),
                           dict(vault=os.path.join(place, "b"), password=None, new=PASS)),
                          (("resize", "16M"), {}), (("passphrase", "duress"), {"new": OTHER}),
                          (("passphrase", "remove"), {}),
                          (("backup", os.path.join(place, "copy")), {})):
        options = dict(dict(vault=vault), **options)
        result = run(*args, **options)
        sentence(result, IO)
        names = sorted(os.listdir(place))
        same([n for n in names if n != "filler"], ["v.vault"], "left behind by %s" % (args,))
        before = before or world.timeline(vault=vault)
        same(world.timeline(vault=vault), before, "after %s" % (args,))
    # the vault has its room already
    for n in range(5):
        same(run("log", stdin="on a full disk %d\n" % n, vault=vault).code, 0)
    world.clean_check(vault=vault)
    same(len(world.timeline(vault=vault)), len(before) + 5)


@test("a full disk: 74, nothing half left behind, and logging goes on")
def full_disk(world):
    small = world.make("small")
    if os.geteuid() != 0:
        raise harness.Skip("needs root to mount a small file system; the next test stands in")
    with Mount("-t", "tmpfs", "-o", "size=6m", "none", where=small):
        vault = os.path.join(small, "v.vault")
        world.create(vault=vault)
        world.ok("import", PRACTICE, vault=vault)
        with open(os.path.join(small, "filler"), "wb", buffering=0) as file:
            try:
                while file.write(b"x" * PAGE):
                    pass
            except OSError:
                pass
        out = os.path.join(small, "out.json")
        sentence(world.run("export", "-o", out, vault=vault), IO)
        true(not os.path.exists(out), "no half export")
        full_disk_cases(world, small, world.run)


@test("a limit on the size of files in place of a full disk")
def limited(world):
    world.sample()

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 * MIB, 4 * MIB))

    for args, options in ((("resize", "16M"), {}),
                          (("create", "--size", "16M", "--kdf", "test"),
                           dict(vault=os.path.join(world.place, "b"), password=None, new=PASS))):
        result = world.run(*args, preexec=limit, **options)
        true(result.code in (IO, CREATE), result)
        same(world.beside(), ["v.vault"])
    same(len(world.timeline()), 22)
    world.ok("log", stdin="x\n", preexec=limit)

    def little():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))

    out = os.path.join(world.folder, "out.json")
    result = world.run("export", "-o", out, preexec=little)
    true(result.code == IO, result)
    true(not os.path.exists(out), "no half export")
    same(len(world.timeline()), 23)
    world.clean_check()


# ---- text --------------------------------------------------------------------------------------


@test("a broken line of the configuration is told with its place; the others count")
def broken_ini(world):
    world.sample()
    for text, line in (("[vault\nfile = /nowhere\n", 1), ("[vault]\nkdf = test\nthis is no pair\n", 3),
                       ("[vault]\nkdf = fast\n", 2), ("[vault]\nkdf = test\nfile = v.vault\n", 3),
                       ("kdf = test\n", 1), ("[vault]\nkdf = test\nsize = 5\n", 3),
                       ("[vault]\nkdf = test\nkdf = lite\n", 3), ("[nonsense]\nx = 1\n", 1),
                       ("[vault]\nkdf = test\nfile = \"/a\"b\"\n", 3),
                       (b"[vault]\nkdf = test\n\xff\xfe = 1\n", 3),
                       ("[vault]\nkdf = test\nfile = " + "x" * 5000 + "\n", 3),
                       ("[vault]\nkdf = test\nfile = /a # not a comment\n", 3)):
        path = world.config(text)
        result = world.run("timeline", "--json")
        expect(result, 0)
        same(len(result.rows()), 22)
        # nothing under a key without a section counts either, but is told once
        same(result.err.splitlines()[0].startswith("lapwing: %s:%d: " % (path, line)), True,
             result.err)
        true(result.err.count("\n") <= 2, result.err)
    world.config("[vault]\nkdf = test\ngarbage\nfile = %s\n" % world.vault)
    same(len(world.timeline(vault=False)), 22, "the line after the broken one counts")
    world.config(os.urandom(2000))
    expect(world.run("timeline", "--json"), 0)
    world.config(b"\n" * 2 * MIB)
    sentence(world.run("timeline"), harness.CONFIG)


@test("JSON cut off at any point: always 65, and nothing is taken")
def cut_json(world):
    world.create()
    world.log("there before")
    before = world.ok("export").out
    with open(PRACTICE, "rb") as file:
        data = file.read()
    chance = random.Random()
    cuts = set(range(1, 60)) | {len(data) - n for n in range(2, 12)}
    cuts |= {m.start() for m in re.finditer(rb"\],\n", data)}
    cuts |= {m.end() for m in re.finditer(rb"\],\n", data)}
    cuts |= {chance.randrange(len(data)) for _ in range(120)}
    for cut in sorted(cuts):
        result = world.run("import", "-", stdin=data[:cut])
        sentence(result, DATA)
    same(world.ok("export").out, before)
    return "%d cuts" % len(cuts)


@test("JSON with one thing wrong: refused with its place, wholly")
def wrong_json(world):
    world.create()
    before = world.ok("export").out
    with open(PRACTICE, encoding="utf-8") as file:
        text = file.read()
    data = json.loads(text)

    def refused(changed, *words):
        raw = changed if isinstance(changed, (bytes, str)) else json.dumps(changed)
        sentence(world.run("import", "-", stdin=raw), DATA, *words)

    def altered(array, index, **members):
        copy = json.loads(text)
        copy[array][index].update(members)
        return copy

    refused(altered("entries", 10, when="2014-02-30"), "E11", "when")
    refused(altered("entries", 10, when="2014-13-01"), "E11")
    refused(altered("entries", 10, when="yesterday"), "E11")
    refused(altered("entries", 10, when=20141213), "E11", "when")
    refused(altered("entries", 10, title=None), "E11", "title")
    refused(altered("entries", 10, title=""), "E11", "title")
    refused(altered("entries", 10, place="f" * 32), "E11", "place")
    refused(altered("entries", 10, id="short"), "entries")
    refused(altered("entries", 10, colour="red"), "E11", "colour")
    refused(altered("entries", 10, status="finished"), "E11", "status")
    refused(altered("items", 1, count_min=3, count_max=2), "items")
    refused(altered("items", 1, count_min=-1), "items")
    refused(altered("items", 1, count_min=1.5), "items")
    refused(altered("claims", 0, account="0" * 32), "claims")
    refused(altered("links", 0, kind="loves"), "links")
    refused(dict(data, surprise=[]), "surprise")
    refused(dict(data, version=2), "version")
    refused(dict(data, entries={}), "entries")
    refused(dict(data, entries=data["entries"] + data["entries"][:1]), "entries")
    refused(text.replace('"title":', '"title":"twice","title":', 1))
    refused(text.replace("JMG", "JM\x01G", 1))
    refused(text.encode().replace(b"JMG", b"JM\xffG", 1))
    refused(text + "{}")
    refused("[" * 5000)
    sentence(world.run("import", "-", stdin=text.replace(
        '"JMG office burned"', '"%s"' % ("x" * (9 << 20)), 1)), IO, "full")
    same(world.ok("export").out, before)


@test("dates that cannot be are refused where they are typed")
def dates(world):
    world.create()
    bad = ["31 feb 2014 x", "2014-02-30 x", "2014-13-01 x", "32 dec 2014 x", "29.02.2015 x"]
    result = expect(world.run("log", stdin="\n".join(bad)), DATA)
    same(result.out, "", "none is logged")
    for number in range(1, len(bad) + 1):
        true("line %d: " % number in result.err, "line %d\n%s" % (number, result))
    for when in ("2014-02-30", "31.02.2014", "2014-00-01", "2014-12-13 25:00", "[2014-12-01",
                 "2014-12-16/2014-12-04", "unknown", "201u"):
        sentence(world.run("timeline", "--when", when), DATA, "--when")
    same(world.timeline(), [])


@test("a line of 1 MiB, bytes that are no UTF-8, NUL: told by number, the others are saved")
def lines(world):
    world.create()
    text = b"".join((b"first\n", b"x" * MIB + b"\n", b"third\n", b"not \xff UTF-8\n", b"fifth\n",
                     b"a NUL \0 in it\n", b"overlong \xc0\xaf\n", b"surrogate \xed\xa0\x80\n",
                     b"cut \xe2\x82\n", b"\xf4\x90\x80\x80 beyond\n", b"last"))
    result = expect(world.run("log", stdin=text), DATA)
    for number in (2, 4, 6, 7, 8, 9, 10):
        true("line %d: " % number in result.err, "line %d\n%s" % (number, result))
    same(sorted(world.titles()), ["fifth", "first", "last", "third"])
    result = world.run("log", stdin=b"y" * MIB)
    expect(result, DATA)
    same(len(world.titles()), 4)
    sentence(world.run("search", stdin=b"z" * MIB), DATA)
    world.clean_check()


@test("nobody reads the output: the program ends quietly and nothing is lost")
def closed_pipe(world):
    world.sample()
    for args in (("timeline",), ("export",), ("contradictions",), ("log",)):
        read, write = os.pipe()
        os.close(read)
        process = world.start(*args, stdout=write)
        os.close(write)
        _, err = process.communicate(b"one\ntwo\n", 30)
        true(process.returncode >= 0, "%s was killed by a signal %d" % (args, process.returncode))
        true(b"Broken pipe" not in err or process.returncode == IO, err)
    titles = world.titles()
    true("one" in titles and "two" in titles, "the entries are saved all the same")
    world.clean_check()


@test("standard descriptors that are closed are not taken by the vault")
def closed_standard(world):
    world.create()
    before = os.stat(world.vault).st_size
    shell = "exec \"$0\" \"$@\" %s"
    for closing in ("1>&-", "2>&-", "0<&-", "0<&- 1>&- 2>&-"):
        world.run("timeline", prefix=("sh", "-c", shell % closing))
        world.run("nonsense", prefix=("sh", "-c", shell % closing))
    same(os.stat(world.vault).st_size, before)
    world.clean_check()


if __name__ == "__main__":
    harness.main(tests)
