#!/usr/bin/env python3
"""kill -9: at random moments of every command that writes and of the program, and at every call of a save.

usage: tests/torture/kill.py BUILD SEED short|long FOLDER     (the contract stands in tests/torture/run)

After each kill: no process, lock or second file is left, the vault opens, `check` finds nothing, what was
acknowledged is there and at most the one save under way besides, and the next save works.

A save is `lapwing log` with one line, killed before each of its system calls: the n-th of every name. A
long round does every tenth of them, from seed % 10 on, so that ten rounds in a row do them all; a short one
draws a few. Both do the calls that matter most, of all commands. Where there is no tracer this part is left
out, and calls= is 0.

In long rounds of even seeds the header is in a file apart; a short round has a smaller part with one.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zlib

from kill_commands import COMMANDS, LINES, WAIT, Log, Stage
import harness
from harness import PASS, same, wait_until
from ptyscreen import Screen, gone, worker

SLICES = 10
TOLD = ("renameat2", "rename", "unlink", "fsync", "fdatasync", "ftruncate", "fallocate", "pwritev2")


# ---- at random moments ---------------------------------------------------------------------------


def usual(stage, name):
    """Seconds that the command takes here, not killed; also that it works at all."""
    stage.restore()
    command = COMMANDS[name](stage)
    begin = time.monotonic()
    code = command.end(stage, command.start(stage))
    spent = time.monotonic() - begin
    same(code, 0, "%s, not killed: %s" % (name, command.err.data))
    command.judge(stage, code)
    return spent


def kill_command(stage, name, seconds):
    command = COMMANDS[name](stage)
    process = command.start(stage)
    time.sleep(stage.chance.uniform(0, 1.05) * seconds)
    process.kill()
    code = command.end(stage, process)
    command.judge(stage, code)
    return code == -signal.SIGKILL


def kill_one_of_two(stage, seconds):
    """Two writers at once; the other one goes on as if nothing had been."""
    victim, other = Log(stage, LINES), Log(stage, LINES)
    other.lines = [line.replace("turn", "other") for line in other.lines]
    other.stdin = other.stdin.replace("turn", "other")
    running = victim.start(stage), other.start(stage)
    time.sleep(stage.chance.uniform(0, 1.5) * seconds)
    running[0].kill()
    codes = victim.end(stage, running[0]), other.end(stage, running[1])
    same(codes[1], 0, "the other writer: %s" % other.err.data)
    same(other.told(), LINES, "the other writer's answers")
    told = victim.told()
    stage.sound(stage.known + other.lines + victim.lines[:told], victim.lines[told:told + 1])
    return codes[0] == -signal.SIGKILL


def kill_program(stage, whom):
    """The worker or the supervisor of the program on a terminal, around a save in a form."""
    world, saved = stage.world, []
    screen = Screen(world, "--vault", world.vault)
    try:
        screen.expect("Passphrase:", seconds=WAIT)
        screen.type(PASS + "\r")
        screen.expect(" saved", seconds=WAIT)
        for n in range(stage.chance.randrange(1, 4)):
            title = "turn %d, form %d" % (stage.turn, n)
            screen.type("n")
            screen.expect("New entry", seconds=WAIT)
            screen.type(title)
            screen.expect(title, seconds=WAIT)
            before = shown_refs(screen)
            screen.type("\x13")
            saved.append(title)
            if n == 0 or stage.chance.random() < 0.5:
                screen.until(lambda: shown_refs(screen) - before, WAIT, "saved")
            else:
                break
        screen.pump(stage.chance.uniform(0, 0.03))
        told = len(saved) if shown_refs(screen) - before else len(saved) - 1
        pid = screen.pid if whom == "supervisor" else worker(screen.pid)
        inner = worker(screen.pid)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: gone(inner), WAIT, "the worker is gone")
        wait_until(lambda: not stage.locks(), WAIT, "no lock stays")
        if whom == "worker":
            screen.expect_only("Passphrase:", seconds=WAIT)
    finally:
        screen.close()
    stage.sound(stage.known + saved[:told], saved[told:])
    return True


def shown_refs(screen):
    return set(re.findall(r"(E\d+) saved", screen.grid.screen()))


def kill_review(stage):
    """`lapwing review`, wherever it is: it changes nothing."""
    screen = Screen(stage.world, "--vault", stage.world.vault, "review")
    try:
        screen.expect("Passphrase:", seconds=WAIT)
        screen.type(PASS + "\r")
        screen.pump(stage.chance.uniform(0, 0.3))
        os.kill(screen.pid, signal.SIGKILL)
        screen.wait(WAIT)
    finally:
        screen.close()
    stage.sound(stage.known)
    return True


def moments(stage, quota, report):
    """Every kind in turn, until so many were killed."""
    times = {name: report.turn(stage, name + ", not killed", lambda: usual(stage, name)) or 0.1
             for name in COMMANDS}
    kinds = [(name, lambda name=name: kill_command(stage, name, times[name])) for name in COMMANDS]
    kinds += [("log", kinds[0][1]), ("import", kinds[1][1]), ("remove", kinds[6][1])]
    kinds += [("two writers", lambda: kill_one_of_two(stage, times["log"])),
              ("the worker", lambda: kill_program(stage, "worker")),
              ("the supervisor", lambda: kill_program(stage, "supervisor")),
              ("review", lambda: kill_review(stage))]
    killed = turns = 0
    while killed < quota and turns < 20 * quota:
        name, kind = kinds[turns % len(kinds)]
        # now and then on top of what kills have left; passphrases must be the first ones
        if len(stage.known) > 400 or name not in ("log", "two writers") or stage.chance.random() < 0.2:
            stage.restore()
        killed += report.turn(stage, name, kind)
        if name not in ("log", "two writers"):
            stage.restore()
        turns += 1
    return killed


# ---- at each call ----------------------------------------------------------------------------------


def killing(call, number):
    """In front of a command: the number-th call of that name is not made any more."""
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call,
            "-e", "inject=%s:signal=KILL:when=%d" % (call, number)]


def count_calls(stage, command):
    """name: how often; {} where this machine traces nothing."""
    path = os.path.join(stage.world.folder, "calls")
    if shutil.which("strace") is None:
        return {}
    stage.restore()
    process = command.start(stage, ["strace", "-f", "-qq", "-e", "raw=all", "-o", path])
    code = command.end(stage, process)
    if code != 0 or not os.path.exists(path):
        return {}
    found = {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for name in re.findall(r"^\d+ +(\w+)\(", file.read(), re.M):
            found[name] = found.get(name, 0) + 1
    os.unlink(path)
    return found


def kill_at(stage, make, call, number):
    stage.restore()
    command = make(stage)
    code = command.end(stage, command.start(stage, killing(call, number)))
    if code not in (0, -signal.SIGKILL):
        raise AssertionError("code %s: %s" % (code, command.err.data[-300:]))
    command.judge(stage, code)
    return code == -signal.SIGKILL


def spread(count, most, last=None):
    """At most so many of 1 to count, the same distance from each other; or of the last ones."""
    first = max(1, count - last + 1) if last else 1
    step = max(1, -(-(count - first + 1) // most))
    return range(count, first - 1, -step)


def chosen_calls(stage, short):
    """(command, how it is made, calls, number) of what matters most, then of the slice or sample."""
    def make_one(stage):
        return Log(stage, 1)

    counts = count_calls(stage, make_one(stage))
    if not counts:
        return []
    some = 4 if short else 30
    chosen = [("log", make_one, name, n) for name in ("fdatasync", "write", "pwritev2")
              for n in range(1, counts.get(name, 0) + 1)]
    chosen += [("log", make_one, "pwrite64", n) for n in spread(counts["pwrite64"], 2 * some, 40)]
    chosen += [("log", make_one, "fcntl", n) for n in spread(counts["fcntl"], some)]
    for name in ("import", "change", "add", "resize", "duress", "remove"):
        calls = count_calls(stage, COMMANDS[name](stage))
        for call in TOLD:
            most = 12 if call == "fdatasync" and name == "import" else 2 if short else 6
            chosen += [(name, COMMANDS[name], call, n) for n in spread(calls.get(call, 0), most)]
    # their number varies with the pages drawn
    every = [("log", make_one, name, n) for name, count in sorted(counts.items())
             for n in range(1, count + 1 + (count // 20 if count > 20 else 0))]
    if short:
        chosen += stage.chance.sample(every, min(len(every), 20))
    else:
        chosen += [one for one in every if (zlib.crc32(one[2].encode()) + one[3]) % SLICES == stage.slice]
    return chosen


class Report:
    def __init__(self, seed):
        self.seed, self.bad = seed, 0

    def turn(self, stage, name, run):
        """What run returns; 0 where something was wrong."""
        stage.turn += 1
        try:
            return run()
        except (AssertionError, OSError, ValueError, subprocess.TimeoutExpired) as error:
            self.bad += 1
            text = " | ".join(str(error).splitlines())
            print("bad: seed %d, turn %d, %s: %s" % (self.seed, stage.turn, name, text[:1500]), flush=True)
            if self.bad >= 10:
                raise SystemExit(self.end(0, 0)) from error
            for path in stage.world.beside():
                if path != "v.vault":
                    os.unlink(os.path.join(stage.world.place, path))
            stage.restore()
            return 0

    def end(self, kills, calls):
        print("figures kills=%d calls=%d bad=%d" % (kills, calls, self.bad), flush=True)
        return 1 if self.bad else 0


def part(build, seed, folder, report, short, detached):
    """Kills at random moments, and at calls, of a vault with its header in it or apart."""
    stage = Stage(build, seed, folder, detached)
    stage.slice = seed % SLICES
    small = short and detached
    calls = 0
    try:
        chosen = chosen_calls(stage, short)
        if not chosen:
            print("note: no calls are traced on this machine")
        if small:  # those of the commands that write the header
            chosen = [one for one in chosen if one[0] in ("change", "resize", "remove")]
        for name, make, call, number in chosen:
            what = "%s%s, before call %d of %s" % (name, ", header apart" if detached else "", number, call)
            calls += report.turn(stage, what, lambda: kill_at(stage, make, call, number))
        stage.restore()
        kills = moments(stage, 6 if small else 22 if short else 100, report)
    finally:
        stage.world.close()
    return kills, calls


def main():
    build, seed, size, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
    short = size == "short"
    report = Report(seed)
    parts = [False, True] if short else [seed % 2 == 0]
    kills = calls = 0
    for detached in parts:
        done = part(build, seed, folder, report, short, detached)
        kills, calls = kills + done[0], calls + done[1]
    for name in harness.STRANGE:
        report.bad += 1
        print("bad: seed %d: %s appeared beside the vault" % (seed, name))
    sys.exit(report.end(kills, calls))


if __name__ == "__main__":
    main()
