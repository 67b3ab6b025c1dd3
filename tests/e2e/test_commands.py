"""Every command once with good input and with its main bad inputs: exit codes, one clear sentence."""
import os
import re
import signal
import socket
import termios
import time

import harness
from harness import (CONFIG, CREATE, DATA, INPUT, IO, OTHER, PASS, PRACTICE, TERMINAL,
                     USAGE, WRONG, expect, same, sentence, true, wait_until)

tests, test = harness.collector()
COMMANDS = ["create", "log", "timeline", "show", "history", "search", "contradictions", "import", "export",
            "backup", "resize", "passphrase add", "passphrase change", "passphrase remove",
            "passphrase duress", "passphrase list", "decoy", "check", "lock", "review", "wipe", "practice"]
COMMANDS += ["seizures", "items", "threats", "interventions", "detentions", "searches", "tasks add",
             "tasks done", "tasks undone", "tasks", "merge"]
SECRET = "Eyewitness Zarema names the driver"


@test("help and version go to standard output and need no vault")
def help_(world):
    bare = dict(vault=False, password=None)
    for args in (("--help",), ("-h",), ("help",)):
        out = world.ok(*args, **bare)
        same(out.err, "")
        for command in COMMANDS:
            true(re.search(r"^  %s\b" % command, out.out, re.M), "%s is in the help" % command)
    for command in COMMANDS:
        words = command.split()
        first = world.ok("help", *words, **bare).out
        true(first.startswith("lapwing %s [OPTIONS]" % command), first)
        same(world.ok(*words, "--help", **bare).out, first)
        true("--vault FILE" in first and "--passphrase-fd N" in first, first)
    true("passphrase duress" in world.ok("help", "passphrase", **bare).out, "the group")
    version = world.ok("--version", **bare)
    true(re.fullmatch(r"lapwing \d+\.\d+\.\d+\n", version.out), version)
    same(world.ok("timeline", "--version", **bare).out, version.out)
    sentence(world.run("help", "nonsense", **bare), USAGE)


@test("a command line that makes no sense is 64 with a sentence and a hint")
def usage(world):
    world.create()
    before = world.bytes()
    for args in (("timline",), ("timeline", "more"), ("timeline", "--nonsense"), ("timeline", "-x"),
                 ("timeline", "--since"), ("show",), ("show", "E01", "E02"), ("import",),
                 ("backup",), ("resize",), ("resize", "3M"), ("resize", "65G"), ("resize", "much"),
                 ("passphrase",), ("passphrase", "lose"), ("create", "--size", "1M"),
                 ("create", "--size", "-4M"), ("create", "--kdf", "none"),
                 ("timeline", "--json", "--csv"),
                 ("export", "--csv", "secrets"), ("--nonsense",)):
        sentence(world.run(*args, password=None), USAGE)
    sentence(world.run("timeline", "--passphrase-fd", "three", password=None), USAGE)
    sentence(world.run("timeline", vault=False, password=None), USAGE, "--vault")
    sentence(world.run("timeline", vault="", password=None), USAGE)
    same(world.bytes(), before, "nothing was opened")


@test("record text in an argument is refused and not repeated")
def text_argument(world):
    world.create()
    before = world.bytes()
    for command in ("log", "search"):
        for args in ((SECRET,), SECRET.split(), ("--", SECRET), ("--text", SECRET),
                     ("--" + SECRET,), ("-m", SECRET)):
            result = sentence(world.run(command, *args, stdin="something"), USAGE)
            for word in ("Zarema", "driver"):
                true(word not in result.out + result.err, "it is not repeated\n%s" % result)
    same(world.bytes(), before, "nothing was saved")


@test("-- ends the options and - is standard input or output")
def dashes(world):
    world.create()
    with open(PRACTICE, "rb") as file:
        data = file.read()
    world.ok("import", "-", stdin=data)
    printed = world.ok("export").out_bytes
    same(world.ok("export", "-o", "-").out_bytes, printed)
    true(not os.path.exists(os.path.join(world.folder, "-")), "no file of that name")
    world.write("--odd.json", data)
    world.ok("import", "--", "--odd.json")
    sentence(world.run("import", "--odd.json"), USAGE)
    same(world.ok("timeline", "--json", "--filter-from", "-", stdin="Babinets\n").refs(),
         ["E13", "E14", "E15", "E16", "E17", "E18"])
    world.ok("show", "--", "E11")
    # a vault that has the name of a command
    os.rename(world.vault, os.path.join(world.place, "log"))
    sentence(world.run("--", "log", vault=False, password=None, cwd=world.place), TERMINAL)


@test("create: a new file of exactly that size for this user only, with any size and profile")
def create(world):
    result = world.create(size="5M")
    same(os.stat(world.vault).st_size, 5 << 20)
    same(os.stat(world.vault).st_mode & 0o777, 0o600)
    true(world.vault in result.out, result)
    same(world.beside(), ["v.vault"])
    for size, bytes_ in (("4M", 4 << 20), ("4096K", 4 << 20), ("0.5G", None)):
        path = os.path.join(world.place, size)
        result = world.run("create", "--size", size, "--kdf", "test", vault=path, password=None,
                           new=PASS)
        if bytes_ is None:
            sentence(result, USAGE)
        else:
            same(os.stat(path).st_size, bytes_)
    plain = os.path.join(world.place, "usual")
    world.ok("create", plain, vault=False, password=None, new=PASS)  # --kdf test is configured
    same(os.stat(plain).st_size, 64 << 20, "64 MiB if not said")
    world.timeline(vault=plain)


@test("create: what is there is never touched; a place that is none is 73")
def create_bad(world):
    world.create()
    before = world.bytes()
    kdf = ("--size", "4M", "--kdf", "test")
    new = dict(password=None, new=PASS)
    sentence(world.run("create", *kdf, **new), CREATE, "exists")
    same(world.bytes(), before)
    sentence(world.run("create", *kdf, vault=world.place, **new), CREATE)
    os.symlink("nowhere", os.path.join(world.place, "link"))
    sentence(world.run("create", *kdf, vault=os.path.join(world.place, "link"), **new), CREATE)
    sentence(world.run("create", *kdf, vault="/nowhere/v", **new), CREATE)
    sentence(world.run("create", "/elsewhere", *kdf, **new), USAGE, "twice")
    sentence(world.run("create", *kdf, vault=os.path.join(world.place, "n"), password=None),
             TERMINAL, "--new-passphrase-fd")
    sentence(world.run("create", *kdf, vault=os.path.join(world.place, "n"), password=None,
                       new=b""), INPUT)
    sentence(world.run("create", *kdf, vault=os.path.join(world.place, "n"), password=None,
                       new=""), DATA)
    sentence(world.run("create", *kdf, vault=os.path.join(world.place, "n"), password=None,
                       new="x" * 2000), DATA)
    sentence(world.run("create", *kdf, vault=os.path.join(world.place, "n"), password=None,
                       new=b"granite lantern meadow sparrow \xff\n"), DATA, "UTF-8")
    same(world.beside(), ["link", "v.vault"], "no leftovers")
    weak = world.run("create", *kdf, vault=os.path.join(world.place, "weak"), password=None,
                     new="abc")
    expect(weak, 0)
    true("weak" in weak.err, weak)


@test("log: every kind of line is saved, answered with its reference and understood")
def log(world):
    world.create()
    lines = ["13 dec 2014 evening @Grozny #arson +victim:JMG office burned, apparent arson",
             "only text, nothing else", "  spaces around  ", "",
             "2014-12-14 #search Сотрудники вошли в квартиру", "after E01 they came back",
             "no end of line"]
    result = world.ok("log", stdin="\r\n".join(lines))
    refs = [line.split()[0] for line in result.out.splitlines() if re.match(r"E\d+ ", line)]
    same(refs, ["E01", "E02", "E03", "E04", "E05", "E06"])
    rows = {row["ref"]: row for row in world.timeline()}
    same(rows["E01"]["when"], "2014-12-13 evening")
    same(rows["E01"]["kind"], "arson")
    same(rows["E01"]["place"], "Grozny")
    true("office burned" in rows["E01"]["title"], rows["E01"])
    same((rows["E02"]["when"], rows["E02"]["title"]), (None, "only text, nothing else"))
    same(rows["E04"]["title"], "Сотрудники вошли в квартиру")
    true("JMG" in world.ok("show", "E01").out, "the victim")
    order = [row["ref"] for row in world.timeline()]
    true(order.index("E01") < order.index("E05"), order)


@test("log: lines that are not understood are named with their number, the others are kept")
def log_bad(world):
    world.create()
    result = world.run("log", stdin="first\n31 feb 2014 #arson impossible\nthird\n#nosuchkind x\n")
    expect(result, DATA)
    true("line 2: " in result.err and "February" in result.err, result)
    true("1 of 4 lines" in result.err, result)
    same(sorted(world.titles()), ["#nosuchkind x", "first", "third"], "what is no kind is text")


@test("timeline: filters, JSON, CSV")
def timeline(world):
    world.sample()
    rows = world.timeline()
    same(len(rows), 22)
    for row in rows:
        true({"ref", "when", "kind", "title"} <= set(row), row)
    same([r["ref"] for r in world.timeline("--kind", "arson")], ["E11"])
    same([r["ref"] for r in world.timeline("--ref", "E09")], ["E09"])
    until = [r["ref"] for r in world.timeline("--until", "2014-12-04")]
    true({"E01", "E02", "E04"} <= set(until) and "E22" not in until, until)
    since = [r["ref"] for r in world.timeline("--since", "16 dec 2014")]
    true("E22" in since and "E02" not in since and "E01" in since, since)
    csv = world.ok("timeline", "--csv").out_bytes
    lines = csv.decode().split("\r\n")
    true(lines[0].startswith("ref,when,kind,title"), lines[0])
    same(len(lines), 24)
    true("E22" in world.ok("timeline").out, "the text")
    for words in (("--when", "2014-12-33"), ("--since", "tomorrowish"), ("--until", "2014u"),
                  ("--when", "")):
        sentence(world.run("timeline", *words), DATA)
    sentence(world.run("timeline", "--ref", "E99"), INPUT, "E99")
    sentence(world.run("timeline", "--filter-from", "/nowhere"), INPUT)
    sentence(world.run("timeline", "--filter-from", "-", stdin="\n\n"), DATA)
    sentence(world.run("timeline", "--filter-from", "-", stdin=b"\xff\n"), DATA)
    same(world.timeline("--filter-from", "-", stdin="xyzzy\n"), [])
    sentence(world.run("timeline", "--filter-from", "-", stdin="name:Nobody\n"), DATA)
    sentence(world.run("timeline", "--filter-from", "-", stdin="office (burned"), DATA)


@test("show: everything about one entry; a reference that is not there is 66")
def show(world):
    world.sample()
    text = world.ok("show", "E16").out
    for word in ("E16", "detention", "Babinets", "several hours"):
        true(word in text, word)
    row = world.ok("show", "E16", "--json").rows()
    same(len(row), 1)
    true({"ref", "when", "kind", "title"} <= set(row[0]) and row[0]["ref"] == "E16", row)
    same(world.ok("show", "e16").out, text, "small letters too")
    sentence(world.run("show", "E99"), INPUT, "E99")
    sentence(world.run("show", "sixteen"), INPUT)


@test("search: words from standard input; nothing found is no error, no words are")
def search(world):
    world.sample()
    same(world.ok("search", "--json", stdin="webcam\n").refs(), ["E17"])
    same(world.ok("search", "--json", stdin="WEBC").refs(), ["E17"], "the beginning of a word")
    nothing = world.ok("search", stdin="xylophone")
    same(nothing.out, "")
    same(world.ok("search", "--json", stdin="xylophone").out, "")
    for text in ('"', "a OR", "NEAR(", "title:", "*", "-", "'; DROP TABLE entry; --", "x AND y)"):
        result = world.run("search", stdin=text + "\n")
        true(result.code in (0, DATA), "%r breaks it\n%s" % (text, result))
        true("syntax" not in result.err and "fts5" not in result.err.lower(), result)
    same(world.ok("search", "--json", stdin="phones OR webcam\n").refs(), [], "OR is a word")
    sentence(world.run("search", stdin=""), DATA)
    sentence(world.run("search", stdin=b"\xff\xfe\n"), DATA)
    sentence(world.run("search", stdin="x" * 5000), DATA)


@test("import, export: bad files are 65 or 66, a file that is there is 73")
def exchange(world):
    world.sample()
    sentence(world.run("import", "/nowhere.json"), INPUT, "/nowhere.json")
    sentence(world.run("import", world.place), INPUT)
    sentence(world.run("import", "-"), DATA)
    for text in ("no json", "[]", "{}", '{"lapwing":"journal","version":99}',
                 '{"lapwing":"journal","version":1,"surprise":[]}'):
        sentence(world.run("import", "-", stdin=text), DATA)
    out = os.path.join(world.folder, "out.json")
    world.ok("export", "-o", out)
    same(os.stat(out).st_mode & 0o777, 0o600)
    before = world.bytes(out)
    sentence(world.run("export", "-o", out), CREATE, "exists")
    same(world.bytes(out), before)
    sentence(world.run("export", "--output", "/nowhere/x"), CREATE)
    csv = world.ok("export", "--csv", "items").out
    true("car webcam" in csv and csv.count("\r\n") == 7, csv)
    sentence(world.run("export", stdout=open("/dev/full", "wb")), IO)
    sentence(world.run("timeline", "--json", stdout=open("/dev/full", "wb")), IO)


@test("backup: a copy that opens; never over a file")
def backup(world):
    world.sample()
    copy = os.path.join(world.folder, "copy.vault")
    result = world.ok("backup", copy)
    true("outlives" in result.out, result)
    same(os.stat(copy).st_mode & 0o777, 0o600)
    same(os.stat(copy).st_size, os.stat(world.vault).st_size)
    same(world.timeline(vault=copy), world.timeline())
    before = world.bytes(copy)
    sentence(world.run("backup", copy), CREATE)
    sentence(world.run("backup", world.vault), CREATE)
    sentence(world.run("backup", "/nowhere/copy"), CREATE)
    same(world.bytes(copy), before)
    world.clean_check(vault=copy)
    same(world.beside(), ["v.vault"])


@test("resize: bigger and smaller, too small is 74 and changes nothing")
def resize(world):
    world.sample()
    rows = world.timeline()
    for size, bytes_ in (("9M", 9 << 20), ("4M", 4 << 20)):
        world.ok("resize", size)
        same(os.stat(world.vault).st_size, bytes_)
        same(world.timeline(), rows)
        same(world.beside(), ["v.vault"])
    world.ok("resize", "16M")
    world.ok("log", stdin=("x" * 8000 + "\n") * 700)
    before = world.timeline()
    sentence(world.run("resize", "4M"), IO)
    same(os.stat(world.vault).st_size, 16 << 20)
    same(world.timeline(), before)
    same(world.beside(), ["v.vault"])
    world.clean_check()


@test("contradictions, check, practice: as asked for")
def others(world):
    world.create()
    same(world.ok("contradictions", "--json").out, "")
    world.clean_check()
    world.ok("import", PRACTICE)
    rows = world.ok("contradictions", "--json").rows()
    same([row["number"] for row in rows], list(range(1, 17)))
    for row in rows:
        true({"ref", "when", "kind", "title"} <= set(row), row)
    world.clean_check()


@test("wrong passphrase is 77; without terminal and descriptor 69; an empty or closed descriptor 66")
def passphrases(world):
    world.create()
    before = world.bytes()
    sentence(world.run("timeline", password=OTHER), WRONG, "passphrase")
    sentence(world.run("log", password=PASS + "x", stdin="lost\n"), WRONG)
    sentence(world.run("timeline", password=None), TERMINAL, "--passphrase-fd")
    sentence(world.run("timeline", password=b""), INPUT)
    sentence(world.run("timeline", "--passphrase-fd", "77", password=None), USAGE, "77")
    sentence(world.run("timeline", "--passphrase-fd", "x", password=None), USAGE)
    same(world.bytes(), before, "nothing was written")
    world.timeline(password=PASS.encode())  # no newline at the end
    for name in ("LAPWING_PASSPHRASE", "PASSPHRASE", "LAPWING_PASS"):
        env = dict(world.env, **{name: PASS})
        sentence(world.run("timeline", password=None, env=env), TERMINAL)


@test("a vault that is not there is 66, one that is none is 65")
def no_vault(world):
    sentence(world.run("timeline", vault="/nowhere/v.vault"), INPUT, "/nowhere/v.vault")
    sentence(world.run("timeline", vault=world.place), DATA)
    sentence(world.run("timeline", vault="/dev/null"), DATA)
    fifo = os.path.join(world.place, "fifo")
    os.mkfifo(fifo)
    sentence(world.run("timeline", vault=fifo, timeout=20), DATA)
    door = socket.socket(socket.AF_UNIX)
    door.bind(os.path.join(world.place, "socket"))
    result = world.run("timeline", vault=os.path.join(world.place, "socket"))
    true(result.code in (DATA, INPUT), result)
    door.close()
    true(os.path.exists(fifo), "it is still there")


@test("the bare program needs a terminal, and says so before it asks for anything")
def bare(world):
    world.create()
    sentence(world.run(password=None), TERMINAL, "terminal")
    sentence(world.run(world.vault, vault=False, password=None), TERMINAL)


@test("the configuration names the vault; --config of a file that cannot be read is 78")
def config(world):
    world.sample()
    world.config("[vault]\nkdf = test\nfile = %s\n[journal]\nauthor = Rosa\n" % world.vault)
    same(len(world.timeline(vault=False)), 22)
    world.ok("log", vault=False, stdin="by somebody\n")
    true("Rosa" in world.ok("show", "E23", vault=False).out + world.ok("export", vault=False).out,
         "the author")
    same(world.timeline("--vault", world.vault, vault=False), world.timeline(), "after the command")
    os.rename(world.vault, os.path.join(world.home, "v"))
    world.config("[vault]\nkdf = test\nfile = ~/v\n")
    same(len(world.timeline(vault=False)), 23)
    sentence(world.run("timeline", "--config", "/nowhere.ini", password=None), CONFIG)
    sentence(world.run("timeline", "--config", world.place, password=None), CONFIG)
    other = world.write("other.ini", "[vault]\nkdf = test\nfile = /nowhere/v\n")
    sentence(world.run("timeline", "--config", other, vault=False), INPUT, "/nowhere/v")
    env = {k: v for k, v in world.env.items() if k != "HOME"}
    tilde = world.write("tilde.ini", "[vault]\nkdf = test\nfile = ~/v\n")
    sentence(world.run("timeline", "--config", tilde, vault=False, env=env), CONFIG, "HOME")


@test("what is printed is cleaned of control and direction characters, everywhere")
def cleaned(world):
    world.create()
    evil = "red\x1b[31m \u202eevil\u202c \u2066x\u2069 bell\x07 \x9b2J end"
    world.write("evil.json", "")
    result = world.run("log", stdin=evil + "\n")
    outputs = [result]
    record = ('{"lapwing":"journal","version":1,"entries":[{"id":"%032d","ref":"E77",'
              '"kind":"note","title":"t\\u202eitle","narrative":"a\\u001b[2Jb\\u2067c",'
              '"status":"draft"}]}')
    world.run("import", "-", stdin=record % 77)
    for args in (("timeline",), ("timeline", "--json"), ("timeline", "--csv"), ("show", "E01"),
                 ("show", "E77"), ("show", "E77", "--json"), ("export",), ("check",),
                 ("show", evil), ("timeline", "--when", evil), ("timeline", "--kind", evil),
                 ("import", evil), ("export", "-o", "/nowhere/" + evil), (evil,),
                 ("timeline", "--" + evil)):
        outputs.append(world.run(*args))
    outputs.append(world.run("search", stdin=evil))
    outputs.append(world.run("timeline", vault="/nowhere/" + evil))
    for out in outputs:
        for text in (out.out_bytes, out.err_bytes):
            text = text.decode("utf-8")
            bad = [c for c in text if (c < " " and c not in "\n") or "\x7f" <= c < "\xa0" or
                   c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"]
            bad = [c for c in bad if not (c == "\r" and "\r\n" in text)]
            true(not bad, "%r in %s" % (bad, out))


@test("a session on a terminal: passphrase unseen, capture, saved at the end of the line")
def on_terminal(world):
    world.create()
    terminal = harness.Terminal(world, "log")
    terminal.expect("Passphrase: ")
    terminal.type(PASS + "\n")
    seen = terminal.expect("> ")
    true(PASS.encode() not in seen, "it is not shown")
    terminal.type("13 dec 2014 evening #arson typed by hand\r")
    terminal.expect("Enter saves")
    terminal.type("\r")
    terminal.expect("E01 saved")
    terminal.type("\x04")
    same(terminal.end(), 0)
    same([(r["title"], r["when"]) for r in world.timeline()],
         [("typed by hand", "2014-12-13 evening")])
    terminal = harness.Terminal(world, "timeline")
    for _ in range(3):
        terminal.expect("Passphrase: ")
        terminal.type("not this one\n")
    same(terminal.end(40), WRONG)


@test("a line that was typed is saved when the terminal goes away")
def hang_up(world):
    world.create()
    terminal = harness.Terminal(world, "log")
    terminal.expect("Passphrase: ")
    terminal.type(PASS + "\n")
    terminal.expect("> ")
    terminal.type("typed but not sent")
    terminal.expect("not sent")
    os.close(terminal.fd)
    os.waitpid(terminal.pid, 0)
    same(world.titles(), ["typed but not sent"])


@test("a prompt that nobody uses ends: what was typed is saved, and a passphrase is asked for no longer")
def idle(world):
    world.create()
    world.config("[vault]\nkdf = test\n[program]\nidle = 2s\n")
    terminal = harness.Terminal(world, "log")
    before = termios.tcgetattr(terminal.fd)
    terminal.expect("Passphrase: ")
    terminal.type(PASS + "\n")
    terminal.expect("> ")
    for letter in "typed but not sent":  # each key begins it anew
        terminal.type(letter)
        time.sleep(0.15)
    terminal.expect("Ended: no key for too long", seconds=10)
    wait_until(lambda: termios.tcgetattr(terminal.fd) == before, 5, "the terminal is as it was")
    same(terminal.end(), -signal.SIGTERM)
    same(world.titles(), ["typed but not sent"])
    terminal = harness.Terminal(world, "timeline")
    terminal.expect("Passphrase: ")
    terminal.type(PASS[:3])
    terminal.expect("Ended: no key for too long", seconds=10)
    same(terminal.end(), -signal.SIGTERM)


@test("lapwing lock ends a command: what was typed is saved, the terminal is as it was")
def locked_from_outside(world):
    world.create()
    terminal = harness.Terminal(world, "log")
    before = termios.tcgetattr(terminal.fd)
    terminal.expect("Passphrase: ")
    terminal.type(PASS + "\n")
    terminal.expect("> ")
    terminal.type("typed but not sent")
    terminal.expect("not sent")
    true(termios.tcgetattr(terminal.fd) != before, "it takes keys one by one")
    same(world.ok("lock", password=None).out, "1 command is ended\n")
    same(termios.tcgetattr(terminal.fd), before)
    true(terminal.end() != 0, "it says that it was ended")
    same(world.titles(), ["typed but not sent"])
    lister = world.start("timeline")  # which has no terminal, and nobody reads it
    same(lister.wait(20), 0)
    same(world.ok("lock", password=None).out, "Nothing was open\n")


@test("passphrase add, change, duress on bad input: 77, 65, 69, nothing changed")
def passphrase_bad(world):
    world.create()
    sentence(world.run("passphrase", "add", password=OTHER, new=PASS), WRONG)
    for what in ("add", "change"):
        sentence(world.run("passphrase", what, new=PASS), WRONG, "already")
        sentence(world.run("passphrase", what, new=""), DATA)
        sentence(world.run("passphrase", what, new=b""), INPUT)
        sentence(world.run("passphrase", what), TERMINAL)
    sentence(world.run("passphrase", "remove", password=[PASS, OTHER]), WRONG)
    sentence(world.run("passphrase", "duress", new=PASS + "s"), WRONG, "close")
    sentence(world.run("passphrase", "duress"), TERMINAL)
    same(world.ok("check").out.count("passphrases: 1"), 1)


if __name__ == "__main__":
    harness.main(tests)
