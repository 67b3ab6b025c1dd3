"""doctor: what on this machine weakens which promise; and what README and the safety page speak of."""
import json
import os
import re
import resource
import shutil
import subprocess

import harness
from harness import PASS, ROOT, USAGE, Skip, same, sentence, true

tests, test = harness.collector()
LEVELS = ("fine", "note", "weak")
PROMISES = ["memory", "at_rest", "wipe", "copies", "traces", "program"]
OFTEN = ("swap", "hibernation", "suspend", "core dumps", "memory lock", "other programs", "clock",
         "virtual machine", "shell history", "recording", "scrollback", "time zone", "backups")


def doctor(world, *args, code=None, **options):
    options.setdefault("password", None)
    result = world.run("doctor", *args, **options)
    true(result.code in ((0, 1) if code is None else (code,)), result)
    same(result.err, "")
    return result


def found(world, *args, **options):
    """Findings by topic; the exit code agrees with them."""
    result = doctor(world, "--json", *args, **options)
    rows = result.rows()
    for row in rows:
        same(list(row), ["level", "promise", "topic", "what", "todo"])
        true(row["level"] in LEVELS and row["promise"] in PROMISES, row)
        true(row["what"] and (row["todo"] is None or row["todo"]), row)
        true(row["level"] != "weak" or row["todo"], "what to do about it: %s" % row)
    order = [PROMISES.index(row["promise"]) for row in rows]
    same(order, sorted(order))
    same(result.code, 1 if any(row["level"] == "weak" for row in rows) else 0)
    return {row["topic"]: row for row in rows}


@test("doctor on this machine: every topic, two lines of 80 columns, a summary, the exit code")
def here(world):
    world.create()
    rows = found(world)
    for topic in OFTEN + ("file system", "permissions", "folder", "other names", "copies beside"):
        true(topic in rows, "%s is looked at: %s" % (topic, sorted(rows)))
    same(rows["permissions"]["level"], "fine")
    text = doctor(world)
    for columns in (40, 80):
        shown = doctor(world, env=dict(world.env, COLUMNS=str(columns)))
        wide = [line for line in shown.out.splitlines() if len(line) > columns]
        same(wide, [], "wider than %d" % columns)
    levels = [row["level"] for row in rows.values()]
    lines = text.out.splitlines()
    summary = re.search(r"^(\d+) weak, (\d+) to note, (\d+) fine$", text.out, re.M)
    true(summary, text)
    shown = [sum(line.startswith(level + "  ") for line in lines) for level in LEVELS]
    same([int(n) for n in summary.groups()], shown[::-1])
    true(sum(shown) >= len(levels), "as many as in JSON")
    same(text.code, 1 if shown[2] else 0)


@test("doctor is told of a vault in memory, with other names, copies and open permissions")
def in_memory(world):
    if not os.path.ismount("/dev/shm") or not os.access("/dev/shm", os.W_OK):
        raise Skip("no tmpfs at /dev/shm")
    folder = os.path.join("/dev/shm", os.path.basename(world.folder))
    os.mkdir(folder, 0o700)
    try:
        vault = os.path.join(folder, "v.vault")
        world.create(vault=vault)
        rows = found(world, vault=vault)
        true("in memory" in rows["disk"]["what"] and rows["disk"]["level"] == "weak", rows["disk"])
        same(rows["file system"]["level"], "fine")
        same((rows["other names"]["level"], rows["copies beside"]["level"]), ("fine", "fine"))
        os.link(vault, os.path.join(folder, "twin"))
        shutil.copy(vault, os.path.join(folder, "other"))
        os.mkdir(os.path.join(folder, ".git"))
        os.chmod(vault, 0o644)
        rows = found(world, vault=vault, code=1)
        same(rows["other names"]["level"], "note")
        for topic in ("copies beside", "permissions", "synced folder"):
            same(rows[topic]["level"], "weak", topic)
    finally:
        shutil.rmtree(folder)


@test("doctor asks for nothing and changes nothing, and no process is started")
def reads_only(world):
    world.create()
    world.write("home/.bash_history", "lapwing --vault secret-name log\n")
    before, info = world.bytes(), os.stat(world.vault)
    names = sorted(os.walk(world.folder))
    if os.geteuid() == 0 and shutil.which("strace"):
        result, calls = harness.strace(world, "doctor", password=None)
        true(result.code in (0, 1), result)
        opened = [call for call in calls if call.name in ("open", "openat", "creat") and
                  re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND", call.args)]
        true(all('"/dev/null"' in call.args for call in opened), [str(call) for call in opened])
        bad = [str(call) for call in calls if re.match(
            r"(rename|unlink|rmdir|mkdir|link|symlink|chmod|chown|fchmod|fchown|truncate|ftruncate|"
            r"utime|mount|socket|fork|vfork|clone|kill|setxattr)", call.name)]
        same(bad, [])
    result = doctor(world, stdin="")
    true("lines that name Lapwing or the vault: 1" in result.out, result)
    true("secret-name" not in result.out, "lines of the history are not shown")
    same(sorted(os.walk(world.folder)), names)
    after = os.stat(world.vault)
    same((after.st_mtime_ns, after.st_atime_ns, after.st_ctime_ns, after.st_size),
         (info.st_mtime_ns, info.st_atime_ns, info.st_ctime_ns, info.st_size))
    true(world.bytes() == before, "the vault is as it was")


@test("doctor without a vault, for one that is not there yet, for what is none; as another user")
def odd_places(world):
    rows = found(world, vault=False)
    true("none is named" in rows["vault"]["what"] and "file system" not in rows, rows["vault"])
    rows = found(world, os.path.join(world.place, "later"), vault=False)
    true("not there yet" in rows["vault"]["what"] and "file system" in rows, rows["vault"])
    rows = found(world, "vaults/later", vault=False)
    true("not there yet" in rows["vault"]["what"], "a relative name")
    rows = found(world, "/nowhere/at/all", vault=False)
    true("its folder" in rows["vault"]["what"], rows["vault"])
    rows = found(world, world.place, vault=False)
    true("is no file" in rows["vault"]["what"], rows["vault"])
    os.mkfifo(os.path.join(world.place, "pipe"))
    rows = found(world, os.path.join(world.place, "pipe"), vault=False)
    true("is no file" in rows["vault"]["what"], rows["vault"])
    sentence(world.run("doctor", "a", "b", vault=False, password=None), USAGE)
    sentence(world.run("doctor", "a", password=None), USAGE, "named twice")
    world.create()

    def little():
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (64 << 10, 64 << 10))

    rows = found(world, prefix=world.user(), preexec=little)
    same(rows["permissions"]["level"], "fine")
    true(rows["memory lock"]["what"].startswith("64 KiB of"), rows["memory lock"])


@test("doctor sees tmux, ssh, and that the terminal is recorded")
def recorded(world):
    world.create()
    env = dict(world.env, TMUX="/nowhere/tmux,1,0", SSH_CONNECTION="192.0.2.1 1 192.0.2.2 22")
    rows = found(world, env=env)
    same((rows["tmux"]["level"], rows["ssh"]["level"]), ("note", "note"))
    rows = found(world)
    true("tmux" not in rows and "ssh" not in rows, sorted(rows))
    if shutil.which("script") is None:
        raise Skip("script(1) is not installed")
    out = os.path.join(world.tmp, "typescript")
    command = "%s --vault %s doctor --json" % (world.program(), world.vault)
    made = subprocess.run(["script", "-q", "-c", command, out], env=world.env, timeout=60,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    rows = [json.loads(line) for line in made.stdout.decode().splitlines() if line.startswith("{")]
    rows = {row["topic"]: row for row in rows}
    same(rows["recording"]["level"], "weak")


@test("the wipe of the shipped udev example needs no environment; the rule itself does nothing")
def udev_example(world):
    with open(os.path.join(ROOT, "share/udev/lapwing-wipe.rules"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    same([line for line in lines if line and not line.startswith("#")], [])
    rule = [line for line in lines if line.startswith("#ACTION")]
    same(len(rule), 1)
    command = re.search(r'RUN\+="([^"]+)"$', rule[0]).group(1).split()
    same((command[0], command[1], command[2]), ("/usr/local/bin/lapwing", "--vault", "/PATH/OF/VAULT"))
    world.create()
    made = subprocess.run([world.program(True), "--vault", world.vault] + command[3:], env={},
                          stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
    same(made.returncode, 0, made.stderr)
    true(made.stdout.startswith(b"keys overwritten and synced"), made.stdout)
    sentence(world.run("timeline"), harness.WRONG)


@test("the shipped unit locks before sleep, as systemd reads it")
def unit(world):
    path = os.path.join(ROOT, "share/systemd/lapwing-lock@.service")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    command = re.search(r"^ExecStart=/usr/local/bin/lapwing (.*)$", text, re.M).group(1)
    true("lock every open Lapwing" in world.ok("help", *command.split(), vault=False,
                                                password=None).out, command)
    true("\nBefore=sleep.target\n" in text and "\nWantedBy=sleep.target\n" in text, "before sleep")
    if shutil.which("systemd-analyze") is None:
        raise Skip("systemd-analyze is not installed")
    text = text.replace("/usr/local/bin/lapwing", world.program(True))
    text = re.sub("^Documentation=.*\n", "", text, flags=re.M)  # the page is not installed here
    copy = world.write("lapwing-lock@root.service", text)
    made = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True,
                          check=False, timeout=60)
    if "lapwing" not in made.stderr and made.returncode != 0:
        raise Skip("systemd-analyze cannot work here: %s" % made.stderr.strip()[:100])
    same((made.returncode, made.stderr.count("lapwing-lock")), (0, 0), made.stderr)


@test("make install puts the unit, the rule and the page in place, with the program's own path")
def installed(world):
    if shutil.which("make") is None:
        raise Skip("make is needed")
    stage = world.make("stage")
    made = subprocess.run(["make", "-s", "-C", ROOT, "BUILD=" + world.build, "PREFIX=/opt/lw",
                           "DESTDIR=" + stage, "-o", os.path.join(world.build, "lapwing"), "install"],
                          capture_output=True, text=True, check=False)
    same(made.returncode, 0, made.stderr)
    top = os.path.join(stage, "opt/lw/share")
    for name in ("systemd/lapwing-lock@.service", "udev/lapwing-wipe.rules"):
        with open(os.path.join(top, "lapwing", name), encoding="utf-8") as file:
            text = file.read()
        true("=/opt/lw/bin/lapwing " in text.replace('"', "") and "/usr/local" not in text, text)
    true(os.path.exists(os.path.join(top, "man/man7/lapwing-safety.7")), "the page")
    etc = [name for name in os.listdir(stage) if name != "opt"]
    same(etc, [], "nothing is made active")


@test("README and the safety page speak of commands that there are, and name those that matter")
def promises(world):
    text = world.ok("help", vault=False, password=None).out
    help_lines = re.findall(r"^  (\w+(?: \w+)?)", text.split("\n\n")[2], re.M)
    commands = {line.split()[0] for line in help_lines}
    pairs = {line for line in help_lines if line.startswith("passphrase ")}
    true({"lock", "wipe", "doctor"} <= commands and len(pairs) >= 4, text)
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        readme = file.read()
    with open(os.path.join(ROOT, "man/lapwing-safety.7"), encoding="utf-8") as file:
        page = file.read()
    spoken = re.findall(r"build/lapwing ((?:passphrase )?[a-z]+)", readme)
    spoken += re.findall(r"^\.Ic lapwing ((?:passphrase )?[a-z]+)", page, re.M)
    true(len(spoken) > 20, spoken)
    for words in spoken:
        true(words in pairs or words.split()[0] in commands - {"passphrase"}, "there is no %s" % words)
    for words in ("lock", "wipe", "doctor", "practice", "backup", "passphrase duress"):
        true(words in spoken, "%s is not spoken of" % words)
        for where, name in ((readme, "README"), (page, "the page")):
            true("lapwing " + words in where, "%s is not in %s" % (words, name))
    for text, name in ((readme, "README"), (page, "the page")):
        true("audit has been made" in text, "no audit: %s" % name)
        true(not re.search(r"\bmilitary\b|\bunbreakable\b|\bsecure\b", text), "boasting: %s" % name)


@test("create and the first start lead to the safety page, which fits a terminal of 40 columns")
def safety_page(world):
    terminal = harness.Terminal(world, "create", "--size", "4M", "--kdf", "test")
    terminal.expect("assphrase: ")
    terminal.type(PASS + "\r")
    terminal.expect("gain: ")
    terminal.type(PASS + "\r")
    terminal.expect("man lapwing-safety")
    same(terminal.end(), 0)
    if shutil.which("mandoc") is None:
        raise Skip("mandoc is not installed")
    page = os.path.join(ROOT, "man/lapwing-safety.7")
    made = subprocess.run(["mandoc", "-Tutf8", "-O", "width=40", page], capture_output=True,
                          text=True, check=True)
    plain = re.sub(".\b", "", made.stdout)
    same([line for line in plain.splitlines() if len(line) > 40], [])
    for words in ("AT THE DOOR", "LAW AND RISK", "No independent audit"):
        true(words in plain, words)


if __name__ == "__main__":
    harness.main(tests)
