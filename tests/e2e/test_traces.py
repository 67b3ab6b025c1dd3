"""What a session leaves behind: nothing in clear, no file beside the vault, no pattern in it."""
import array
import base64
import os
import re
import subprocess
import sys
import time
import unicodedata

import harness
from harness import PRACTICE, Drain, Watch, expect, same, strace, true

tests, test = harness.collector()

WORDS = "canarybird quartzite meridian lighthouse"
CYRILLIC = "канарейка маяк гранит полынья"
FOURTH = "ptarmigan obsidian juniper cascade"
TRAP = "dromedary pavement umbrella nutmeg"
TEXT = "Canarytext-7261 свидетельница Канарейкина"
NAME = "Witnessname Zyablikova-5519"
PLACE = "Placename-Verkhnyaya-9035"
CANARIES = [WORDS, CYRILLIC, FOURTH, TRAP, "Canarytext-7261", "свидетельница", "Канарейкина",
            "Zyablikova-5519", "Verkhnyaya-9035"]


def forms(text):
    """The bytes under which a text could lie in a file."""
    found = set()
    for form in ("NFC", "NFD"):
        plain = unicodedata.normalize(form, text)
        for data in (plain.encode(), plain.encode("utf-16-le"), plain.encode("utf-16-be"),
                     plain.upper().encode(), plain.lower().encode()):
            found.add(data)
            found.add(data.hex().encode())
            found.add(data.hex().upper().encode())
            for skip in range(3):  # base64 at its three alignments, without the ends
                found.add(base64.b64encode(b"\0" * skip + data)[4:-4])
        found.add(plain.encode("unicode_escape"))
        found.add(plain.encode()[::-1])
    words = text.split()
    if len(words) > 1:  # a long part of it is as bad
        found.update(" ".join(words[i:i + 2]).encode() for i in range(len(words) - 1))
    return [form for form in found if len(form) >= 8]


NEEDLES = [(canary, form) for canary in CANARIES for form in forms(canary)]
BEFORE = {}  # what a file held when it was searched last


def found_in(data):
    return [form for _, form in NEEDLES if form in data]


def changed(path):
    """The pages that are new since the last search, with their neighbours."""
    with open(path, "rb") as file:
        data = file.read()
    old = BEFORE.get(path, b"")
    BEFORE[path] = data
    page = harness.PAGE
    new = [n for n in range(0, len(data), page) if data[n:n + page] != old[n:n + page]]
    near = sorted({at for n in new for at in (n - page, n, n + page) if 0 <= at < len(data)})
    return b"".join(data[n:n + page] for n in near)


def search(path):
    found = found_in(changed(path))
    true(not found, "%s holds %r" % (path, found))


def search_everywhere(world, but=()):
    """Names and contents of all files of the world."""
    files = 0
    for top, folders, names in os.walk(world.folder):
        for name in folders + names:
            true(not found_in(os.fsencode(name)), "a name: %s/%s" % (top, name))
        for name in names:
            path = os.path.join(top, name)
            if path not in but:
                search(path)
                files += 1
    return files


def capture(n):
    return "13 dec 2014 @%s #arson +victim:%s %s %d\n" % (PLACE, NAME.split()[1], TEXT, n)


def journal():
    return ('{"lapwing":"journal","version":1,"parties":[{"id":"%032d","kind":"individual",'
            '"name":"%s"}]}' % (1, NAME))


def session(world, after):
    """Every command; calls after(words, result, changes), changes says whether a new file came."""
    out = os.path.join(world.folder, "given-out")
    os.mkdir(out)

    def do(*args, rewrites=False, code=0, **options):
        after(args, expect(world.run(*args, **options), code), rewrites)

    first = dict(password=WORDS)
    do("create", "--size", "4M", "--kdf", "test", password=None, new=WORDS, rewrites=True)
    do("import", PRACTICE, **first)
    do("log", stdin="".join(capture(n) for n in range(20)), **first)
    do("log", stdin=capture(99) + "31 feb 2014 %s\n" % TEXT, code=harness.DATA, **first)
    do("import", "-", stdin=journal(), **first)
    do("import", "--dry-run", PRACTICE, **first)
    do("import", "-", stdin='{"lapwing": "%s"' % TEXT, code=harness.DATA, **first)
    do("timeline", **first)
    do("timeline", "--json", "--filter-from", "-", stdin=NAME, **first)
    do("timeline", "--csv", "--when", "13 dec 2014 evening", **first)
    do("show", "E23", **first)
    do("show", "E23", "--json", **first)
    do("search", stdin=TEXT, **first)
    do("contradictions", **first)
    do("seizures", **first)
    do("threats", "--json", **first)
    do("interventions", **first)
    do("tasks", "add", stdin="%s; for: %s; due: tomorrow\n" % (TEXT, NAME), **first)
    do("tasks", "--all", **first)
    do("export", **first)
    do("export", "-o", os.path.join(out, "journal.json"), **first)
    do("passphrase", "add", new=CYRILLIC, **first)
    do("log", stdin=capture(3), password=CYRILLIC)
    do("passphrase", "change", password=CYRILLIC, new=FOURTH)
    do("backup", os.path.join(out, "backup.vault"), password=FOURTH)
    do("resize", "5M", rewrites=True, **first)
    do("passphrase", "duress", new=TRAP, rewrites=True, **first)
    do("log", stdin=capture(4), **first)
    do("passphrase", "remove", password=[WORDS, TRAP], rewrites=True)
    do("check", **first)
    do("timeline", password=FOURTH, code=harness.WRONG)
    do("practice", "--kdf", "test", vault=False, password=WORDS)
    do("log", stdin=capture(5), password=TRAP)
    do("timeline", password=TRAP)
    do("check", password=TRAP)
    search(os.path.join(out, "backup.vault"))
    os.unlink(os.path.join(out, "journal.json"))


@test("a session of every command: no canary in any file, no file beside the vault, one size")
def every_command(world):
    watch = Watch(world.place)
    sizes = {"create": 4 << 20, "resize": 5 << 20}
    now = [None]
    steps = []

    def after(args, result, rewrites):
        events = watch.events()
        steps.append(args[0])
        names = {name for _, name in events}
        if rewrites:
            true(names <= {"v.vault", "v.vault.new"}, "%s: %s" % (args, events))
            true(("new", "v.vault.new") in events, "%s built a new file: %s" % (args, events))
        else:
            same(events, [], "%s touched the folder" % (args,))
        same(world.beside(), ["v.vault"], "after %s" % (args,))
        now[0] = sizes.get(args[0], now[0])
        same(os.stat(world.vault).st_size, now[0], "size after %s" % (args,))
        search(world.vault)
        for word in (WORDS, CYRILLIC, FOURTH, TRAP):
            true(word not in result.out + result.err, "a passphrase is printed\n%s" % result)

    session(world, after)
    watch.close()
    files = search_everywhere(world)
    same(sorted(os.listdir(world.home)), [".config"])
    same(os.listdir(os.path.join(world.home, ".config", "lapwing")), ["lapwing.ini"])
    practice = os.listdir(world.tmp)
    same(len(practice), 1, "only the practice vault: %s" % practice)
    same(os.listdir(os.path.join(world.tmp, practice[0])), ["practice.vault"])
    same(os.stat(os.path.join(world.tmp, practice[0])).st_mode & 0o777, 0o700)
    commands = {"create", "log", "timeline", "show", "search", "contradictions", "seizures", "threats",
                "interventions", "tasks", "import", "export", "backup",
                "resize", "passphrase", "check", "practice"}
    same(set(steps), commands)
    return "%d commands, %d files searched, %d forms" % (len(steps), files, len(NEEDLES))


@test("the search for canaries finds what it is to find")
def finds(world):
    for canary in CANARIES:
        for data in (canary.encode(), canary.encode("utf-16-le"), canary.encode().hex().encode(),
                     base64.b64encode(b"x" + canary.encode() + b"yz")):
            path = world.write("leak", os.urandom(5000) + data + os.urandom(3000))
            try:
                search_everywhere(world)
            except AssertionError:
                continue
            raise AssertionError("%r was not found" % data)
    os.unlink(path)


@test("kill -9 in the middle of resize: nothing in clear, and the next command clears it away")
def killed_rewrite(world):
    world.create(password=WORDS, size="8M")
    world.log(*(capture(n).strip() for n in range(200)), password=WORDS)
    seen = 0
    for attempt in range(30):
        process = world.start("resize", "%dM" % (16 + attempt), password=WORDS)
        outs = Drain(process.stdout), Drain(process.stderr)
        harness.wait_until(lambda: "v.vault.new" in world.beside() or process.poll() is not None,
                           20, "the new file")
        time.sleep(0.002 * attempt)
        process.kill()
        process.wait()
        for out in outs:
            out.join()
        seen += "v.vault.new" in world.beside()
        search_everywhere(world)
        same(len(world.timeline(password=WORDS)), 200)
        same(world.beside(), ["v.vault"])
        if seen == 4:
            return "%d tries" % (attempt + 1)
    raise AssertionError("NAME.new was never left behind")


def repeats(data):
    """Offsets of a 16-byte string that occurs twice, at whatever offsets; None where none does."""
    windows = array.array("Q")
    for shift in range(8):
        end = shift + (len(data) - shift) // 8 * 8
        part = array.array("Q")
        part.frombytes(data[shift:end])
        windows.extend(part)
    seen = set()
    twice = {word for word in windows if word in seen or seen.add(word)}
    del seen
    for word in twice:  # eight bytes the same by chance are no finding yet
        key, places, at = word.to_bytes(8, sys.byteorder), [], -1
        while (at := data.find(key, at + 1)) >= 0:
            places.append(at)
        strings = {}
        for at in places:
            for start in range(max(0, at - 8), at + 1):
                string = data[start:start + 16]
                if len(string) == 16 and strings.setdefault(string, start) != start:
                    return strings[string], start
    return None


@test("no 16-byte string occurs twice in the vault, at any offset")
def no_repeats(world):
    noise = os.urandom(1 << 20)
    same(repeats(noise), None)
    true(repeats(noise + b"!" + noise[5001:5017] + noise[:99]) is not None, "the test can fail")
    world.create(password=WORDS, duress=TRAP)
    world.ok("import", PRACTICE, password=WORDS)
    world.log(*(capture(n).strip() for n in range(50)), password=WORDS)
    world.ok("passphrase", "add", password=WORDS, new=FOURTH)
    found = repeats(world.bytes())
    same(found, None, "before the duress passphrase is used")
    world.log("an ordinary day", password=TRAP)
    same(repeats(world.bytes()), None, "after it")


@test("passphrases stand in no argument and no environment, and nobody can look into the process")
def processes(world):
    world.create(password=WORDS)
    process = world.start("log", password=WORDS)
    process.stdin.write(capture(1).encode())
    process.stdin.flush()
    true(process.stdout.readline().startswith(b"E01"), "it runs and is unlocked")
    folder = "/proc/%d/" % process.pid
    for name in ("cmdline", "environ", "comm"):
        try:
            search(folder + name)
        except PermissionError:
            pass
    with open(folder + "status", encoding="ascii") as file:
        status = file.read()
    true(re.search(r"^NoNewPrivs:\s+1$", status, re.M), "no new privileges")
    with open(folder + "limits", encoding="ascii") as file:
        true(re.search(r"^Max core file size\s+0\s+0 ", file.read(), re.M), "no core dump")
    expect(harness.Result(["log"], *ended(process)), 0)


def ended(process):
    out, err = process.communicate(b"", 20)
    return process.returncode, out, err


@test("as an ordinary user: everything works, and others of that user cannot read the process")
def ordinary_user(world):
    prefix = world.user()
    world.create(password=WORDS, prefix=prefix)
    world.ok("import", PRACTICE, password=WORDS, prefix=prefix)
    world.log(capture(1).strip(), password=WORDS, prefix=prefix)
    same(len(world.timeline(password=WORDS, prefix=prefix)), 23)
    world.ok("passphrase", "duress", password=WORDS, new=TRAP, prefix=prefix)
    world.ok("resize", "6M", password=WORDS, prefix=prefix)
    world.clean_check(password=WORDS, prefix=prefix)
    process = world.start("log", password=WORDS, prefix=prefix)
    process.stdin.write(capture(2).encode())
    process.stdin.flush()
    true(process.stdout.readline().startswith(b"E"), "it runs")
    for name in ("environ", "mem", "maps", "fd/0"):
        look = subprocess.run(list(prefix) + ["head", "-c", "1", "/proc/%d/%s" % (process.pid, name)],
                              capture_output=True, check=False)
        true(look.returncode != 0, "%s of the process can be read" % name)
    expect(harness.Result(["log"], *ended(process)), 0)


WRITES = {"write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "copy_file_range",
          "splice", "ftruncate", "truncate", "fallocate"}


@test("log and timeline open no file to create it and write to the vault and stdio alone")
def system_calls(world):
    world.create(password=WORDS)
    for args, stdin in ((("log",), capture(1) * 3), (("timeline",), ""), (("timeline", "--json"), ""),
                        (("search",), NAME), (("export",), ""), (("check",), "")):
        result, calls = strace(world, *args, calls="%file,%desc,memfd_create", stdin=stdin,
                               password=WORDS)
        expect(result, 0)
        wrote = set()
        for call in calls:
            true("O_CREAT" not in call.args and call.name not in (
                "creat", "mkdir", "mkdirat", "mknod", "symlink", "link", "rename", "renameat2",
                "unlink", "unlinkat"), "%s: %s" % (args, call))
            if call.name in WRITES:
                fd, _, path = call.args.split(",")[0].partition("<")
                path = path.rstrip(">")
                probe = path == "/dev/null" and '"\\0"' in call.args  # does the host sync writes?
                allowed = fd in ("1", "2") or path == world.vault or probe or \
                    path.startswith("/memfd:lapwing.ini")  # the configuration, never a record
                true(allowed, "%s: %s" % (args, call))
                wrote.add(path)
            true(call.name not in ("ftruncate", "truncate", "fallocate") or
                 world.vault not in call.args, "the size: %s" % call)
        true(world.vault in wrote, "%s: the vault's header was written: %s" % (args, wrote))


if __name__ == "__main__":
    harness.main(tests)
