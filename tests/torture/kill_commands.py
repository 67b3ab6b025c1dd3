"""The commands that are killed, and what must be so afterwards."""

import os
import random
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness  # noqa: E402
from harness import DURESS, OTHER, PASS, WRONG, Drain, expect, same, true, wait_until  # noqa: E402
from ptyscreen import gone  # noqa: E402

FRESH = "saffron bracket holiday turnip"
LINES = 30  # of a log that is killed at random
RECORDS = 500  # of an import
WAIT = 60  # seconds, for what has no right to last


def journal(count, mark, title):
    """A journal with that many entries."""
    lines = ['{"id":"%08x%024x","ref":"%s%d","kind":"note","title":"%s %d, %s","when":"2014-12-%02d",'
             '"status":"draft"}' % (ord(mark), n + 1, mark, n + 1, title, n, "text " * (n % 40), n % 28 + 1)
             for n in range(count)]
    return '{"lapwing":"journal","version":1,\n"entries":[\n%s\n]}\n' % ",\n".join(lines)


class Stage:
    """A vault in which much is killed, and what must be in it; its header in it or in a folder apart."""

    def __init__(self, build, seed, folder, detached=False):
        self.world = harness.World(build, folder)
        self.chance = random.Random(seed)
        self.turn = 0
        world = self.world
        self.header = os.path.join(world.make("stick"), "notes.bin") if detached else None
        if detached:
            world.config("[vault]\nkdf = test\nfile = %s\nheader = %s\n" % (world.vault, self.header))
        world.create()
        world.ok("import", "-", stdin=journal(40, "B", "base"))
        world.ok("passphrase", "add", new=OTHER)
        self.big = world.write("big.json", journal(RECORDS, "X", "imported"))
        self.image = world.bytes()
        self.head = world.bytes(self.header) if detached else None
        self.known = self.base = sorted(world.titles())

    def restore(self):
        with open(self.world.vault, "wb") as file:
            file.write(self.image)
        for name in self.stick():
            os.unlink(os.path.join(os.path.dirname(self.header), name))
        if self.header is not None:
            with open(self.header, "wb") as file:
                file.write(self.head)
            os.chmod(self.header, 0o600)
        self.known = self.base

    def stick(self):
        return sorted(os.listdir(os.path.dirname(self.header))) if self.header is not None else []

    def afford(self):
        """A wrong passphrase is tried with the slow profiles too, which takes seconds."""
        return self.chance.random() < 0.06

    def vault_processes(self):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/cmdline" % pid, "rb") as file:
                    if self.world.vault.encode() in file.read().split(b"\0") and not gone(int(pid)):
                        found.append(int(pid))
            except OSError:
                pass
        return found

    def locks(self):
        info = os.stat(self.world.vault)
        name = "%02x:%02x:%d" % (os.major(info.st_dev), os.minor(info.st_dev), info.st_ino)
        with open("/proc/locks", encoding="ascii") as file:
            return [line for line in file if name in line.split()]

    def sound(self, least, also=(), password=PASS):
        """least must be there; of also the first few, in order, may be. Returns how many were."""
        world = self.world
        wait_until(lambda: not self.vault_processes(), WAIT, "no process is left")
        same(self.locks(), [], "no lock stays")
        have = sorted(world.titles(password=password))
        same(world.beside(), ["v.vault"], "no second file after the next start")
        same(self.stick(), ["notes.bin"] if self.header is not None else [], "nor a second header")
        choices = [sorted(least + list(also[:n])) for n in range(len(also) + 1)]
        true(have in choices, "neither what was acknowledged nor that and the save under way: missing %r, "
             "too much %r" % ([t for t in least if t not in have][:5],
                              [t for t in have if t not in least and t not in also][:5]))
        self.known = have
        world.clean_check(password=password)
        line = "after turn %d" % self.turn
        world.log(line, password=password)
        if self.chance.random() < 0.2:  # else the next turn sees it
            same(sorted(world.titles(password=password)), sorted(have + [line]), "the next save")
        self.known = sorted(have + [line])
        return choices.index(have)


# ---- commands: how they are started, and what must be so when they were killed ---------------------


class Command:
    def __init__(self, *args, new=None, stdin="", **options):
        self.args, self.new, self.stdin, self.options = args, new, stdin, options

    def start(self, stage, prefix=()):
        process = stage.world.start(*self.args, new=self.new, prefix=prefix, **self.options)
        self.out, self.err = Drain(process.stdout), Drain(process.stderr)
        try:
            process.stdin.write(self.stdin.encode())  # a pipe takes it whole
            process.stdin.close()
        except BrokenPipeError:  # killed already
            pass
        return process

    def end(self, stage, process):
        """The exit code; its output is read to the end."""
        code = process.wait(WAIT)
        self.out.join()
        self.err.join()
        stage.world.running.remove(process)
        process.stdout.close()
        process.stderr.close()
        return code

    def opens(self, stage, password):
        """Whether that passphrase opens the vault, to what must be in it."""
        result = stage.world.run("timeline", "--json", password=password)
        if result.code == WRONG:
            return False
        expect(result, 0)
        same(sorted(row["title"] for row in result.rows()), stage.known)
        return True


class Log(Command):
    def __init__(self, stage, lines):
        self.lines = ["turn %d, line %d" % (stage.turn, n) for n in range(lines)]
        super().__init__("log", stdin="".join(line + "\n" for line in self.lines))

    def told(self):
        told = [line.split("·", 1)[1].strip() for line in self.out.lines()]
        same(told, self.lines[:len(told)], "what it answered")
        return len(told)

    def judge(self, stage, code):
        told = self.told()
        true(code != 0 or told == len(self.lines), "it ended well with %d answers" % told)
        stage.sound(stage.known + self.lines[:told], self.lines[told:told + 1])


class Import(Command):
    def __init__(self, stage):
        super().__init__("import", stage.big)
        with open(stage.big, encoding="utf-8") as file:
            self.titles = re.findall(r'"title":"([^"]*)"', file.read())

    def judge(self, stage, code):
        there = "imported" in " ".join(stage.world.titles())
        told = code == 0 or b"records added" in self.out.data
        true(there or not told, "it was acknowledged, and is not there")
        stage.sound(sorted(stage.known + self.titles) if there else stage.known)


class Change(Command):
    def __init__(self, stage):
        super().__init__("passphrase", "change", new=FRESH)

    def judge(self, stage, code):
        right, wrong = (FRESH, PASS) if code == 0 else (PASS, FRESH)
        if not self.opens(stage, right):
            true(code != 0, "it was acknowledged, and does not open")
            right, wrong = wrong, right
        stage.sound(stage.known, password=right)
        true(not stage.afford() or not self.opens(stage, wrong), "the old one and the new one open")


class Add(Command):
    def __init__(self, stage):
        super().__init__("passphrase", "add", new=FRESH)

    def judge(self, stage, code):
        true(self.opens(stage, OTHER), "the others open as before")
        if code == 0 or stage.afford():
            true(self.opens(stage, FRESH) or code != 0, "it was acknowledged, and does not open")
        stage.sound(stage.known)


class Resize(Command):
    def __init__(self, stage):
        super().__init__("resize", "4100K")

    def judge(self, stage, code):
        stage.sound(stage.known)
        size = os.stat(stage.world.vault).st_size
        true(size == 4100 << 10 or size == 4 << 20 and code != 0, "size %d after code %d" % (size, code))


class Arm(Command):
    def __init__(self, stage):
        super().__init__("passphrase", "duress", new=DURESS)

    def judge(self, stage, code):
        stage.sound(stage.known)
        if code != 0 and not stage.afford():
            return
        copy = os.path.join(stage.world.folder, "copy")  # an unlock with it would destroy the rest
        shutil.copyfile(stage.world.vault, copy)
        words = []
        if stage.header is not None:
            words = ["--header", copy + ".header"]
            shutil.copyfile(stage.header, words[1])
        result = stage.world.run("timeline", "--json", *words, vault=copy, password=DURESS)
        true(result.code == 0 or result.code == WRONG and code != 0, result)
        same(result.out, "", "the decoy is empty")
        for name in [copy] + words[1:]:
            os.unlink(name)


class Remove(Command):
    def __init__(self, stage):
        super().__init__("passphrase", "remove")

    def judge(self, stage, code):
        stage.sound(stage.known)
        if code == 0 and stage.afford():
            true(not self.opens(stage, OTHER), "it was acknowledged, and the other opens")


COMMANDS = {"log": lambda stage: Log(stage, LINES), "import": Import, "change": Change, "add": Add,
            "resize": Resize, "duress": Arm, "remove": Remove}
