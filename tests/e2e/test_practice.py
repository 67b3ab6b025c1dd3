"""The main job: a practice vault with the chronology, its timeline printed."""
import os
import re
import shutil
import subprocess

import harness
from harness import ROOT, USAGE, Terminal, expect, same, sentence, true

tests, test = harness.collector()
BARE = dict(vault=False, password=None)


def told(result):
    """The path and the passphrase that are printed."""
    expect(result, 0)
    path = re.search(r"^Practice vault: (/\S+)$", result.out, re.M)
    words = re.search(r"^Passphrase: +((?:\S+ ){3,}\S+)$", result.out, re.M)
    true(path and words, "where, and the passphrase\n%s" % result)
    return path.group(1), words.group(1)


def shows_chronology(text):
    refs = re.findall(r"\bE\d\d\b", text)
    same(sorted(set(refs)), ["E%02d" % n for n in range(1, 23)])
    for words in ("Sat 13 December 2014", "JMG office burned (apparent)", "2 sources  ≠", "evening"):
        true(words in text, "%r in the timeline" % words)


def tree(world):
    """The program with share/ beside its folder, as the build folder has it in the source tree."""
    if os.path.exists(os.path.join(world.build, "..", "share", "practice")):
        return world.program(True), world.program()
    top = world.make("tree")
    os.mkdir(os.path.join(top, "build"))
    os.symlink(os.path.join(ROOT, "share"), os.path.join(top, "share"))
    made = []
    for name in (world.program(True), world.program()):
        made.append(os.path.join(top, "build", os.path.basename(name)))
        shutil.copy(name, made[-1])
    return made


@test("without a terminal it prints the timeline, where the vault is and its passphrase; exit 0")
def plain(world):
    program = tree(world)[0]
    world.config("")
    result = world.ok("practice", program=program, **BARE)
    shows_chronology(result.out)
    same(result.err, "")
    path, words = told(result)
    true(path.startswith(world.tmp + "/"), "in TMPDIR: %s" % path)
    same(os.stat(path).st_mode & 0o777, 0o600)
    same(len(world.timeline(vault=path, password=words, program=program)), 22)
    world.ok("log", vault=path, password=words, program=program, stdin="one more line\n")
    world.clean_check(vault=path, password=words, program=program)
    again, other = told(world.run("practice", program=program, **BARE))
    true(again != path and other != words, "a new one each time")


@test("it works from another folder, with a plain locale, without HOME and TMPDIR")
def elsewhere(world):
    program = tree(world)[1]
    for cwd, env in (("/", world.env), (world.home, {"PATH": "/usr/bin:/bin", "TMPDIR": world.tmp}),
                     (world.tmp, dict(world.env, LC_ALL="C", LANG="C")),
                     ("/", dict(world.env, COLUMNS="200"))):
        result = world.ok("practice", "--kdf", "test", program=program, cwd=cwd, env=env, **BARE)
        if env.get("LC_ALL") != "C" or "≠" in result.out:
            true("E11" in result.out and "apparent" in result.out, result)
        path = told(result)[0]
        true(os.path.exists(path), path)
    relative = os.path.relpath(program, world.tmp)
    world.ok("practice", "--kdf", "test", program=relative, cwd=world.tmp, **BARE)
    link = os.path.join(world.home, "lw")
    os.symlink(program, link)
    world.ok("practice", "--kdf", "test", program=link, **BARE)


@test("its text fits the columns asked for")
def columns(world):
    program = tree(world)[1]
    for width in (40, 80, 120):
        env = dict(world.env, COLUMNS=str(width))
        result = world.ok("practice", "--kdf", "test", program=program, env=env, **BARE)
        timeline = result.out.split("\n\n", 1)[1]
        long = [line for line in timeline.splitlines() if len(line) > width]
        same(long, [], "wider than %d" % width)


@test("make install puts the program, the sample and the pages in place; it runs from there")
def installed(world):
    if shutil.which("make") is None:
        raise harness.Skip("make is needed")
    stage = world.make("stage")
    command = ["make", "-s", "-C", ROOT, "BUILD=" + world.build, "PREFIX=/usr", "DESTDIR=" + stage]
    made = subprocess.run(command + ["-o", os.path.join(world.build, "lapwing"), "install"],
                          capture_output=True, text=True, check=False)
    same(made.returncode, 0, made.stderr)
    binary = os.path.join(stage, "usr", "bin", "lapwing")
    same(os.stat(binary).st_mode & 0o777, 0o755)
    same(sorted(os.listdir(os.path.join(stage, "usr"))), ["bin", "share"])
    true(not os.path.exists(os.path.join(stage, "usr", "bin", "lapwing-test")), "no test program")
    for page in os.listdir(os.path.join(ROOT, "man")):
        section = page.rpartition(".")[2]
        true(os.path.exists(os.path.join(stage, "usr/share/man/man" + section, page)), page)
    world.config("")
    result = world.ok("practice", program=binary, cwd="/", **BARE)
    shows_chronology(result.out)
    true("kind of entry" not in result.err, "the kinds are there\n%s" % result)
    made = subprocess.run(command + ["uninstall"], capture_output=True, text=True, check=False)
    same(made.returncode, 0, made.stderr)
    left = [name for _, _, names in os.walk(stage) for name in names]
    same(left, [], "uninstall leaves nothing")


@test("without its sample it says what is missing, and leaves no vault behind")
def no_sample(world):
    alone = os.path.join(world.make("alone"), "lapwing")
    shutil.copy(world.program(), alone)
    result = world.run("practice", "--kdf", "test", program=alone, **BARE)
    true(result.code in (harness.INPUT, harness.CONFIG), result)
    true("chronology-2014.json" in result.err, result)
    same(os.listdir(world.tmp), [], "nothing is left in the temporary folder")


@test("an impossible temporary folder is 73; arguments are 64")
def bad(world):
    program = tree(world)[1]
    env = dict(world.env, TMPDIR="/nowhere/at/all")
    sentence(world.run("practice", "--kdf", "test", program=program, env=env, **BARE),
             harness.CREATE, "/nowhere/at/all")
    sentence(world.run("practice", "more", program=program, **BARE), USAGE)
    sentence(world.run("practice", "--kdf", "none", program=program, **BARE), USAGE)


@test("on a terminal Ctrl-C before the vault is opened ends it")
def terminal(world):
    program = tree(world)[1]
    screen = Terminal(world, "practice", "--kdf", "test", vault=False, program=program)
    screen.expect("Practice vault: ")
    screen.expect("Enter opens the vault")
    screen.type("\x03")
    true(screen.end() != 0, "an interrupted command does not end with 0")


if __name__ == "__main__":
    harness.main(tests)
