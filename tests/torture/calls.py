#!/usr/bin/env python3
"""The system calls of an unlock, up to the second sync of the header: the same, in the same order and with
the same arguments and results, for the ordinary passphrase of a vault with a duress passphrase, for that
duress passphrase, and for the only passphrase of a vault that never had another one?

Every run is a command drawn by chance, on a vault drawn by chance from several of each kind, always under
one name. What is left out: addresses, contents of buffers, process ids, times, and the offsets of locks,
which come from the vault's salt (see normal() in tests/e2e/test_duress.py).

usage: tests/torture/calls.py BUILD SEED short|long FOLDER
"""

import os
import random
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

import harness  # noqa: E402
from test_duress import REAL, TRAP, until_second_sync  # noqa: E402

OTHER = "bramble cushion falcon trumpe"
KINDS = (("single", REAL), ("armed", REAL), ("armed", TRAP))
SHORT_ROUNDS, LONG_ROUNDS, VAULTS = 4, 25, 3
COMMANDS = ((("timeline",), ""), (("log",), "a line\n"), (("check",), ""), (("export",), ""),
            (("passphrase", "list"), ""), (("search",), "line\n"), (("decoy", "timeline"), ""))


def make(world, name, number, chance):
    """A vault with some past: passphrases, lines, unlocks."""
    path = os.path.join(world.place, "%s-%d" % (name, number))
    world.create(vault=path, password=REAL, duress=TRAP if name == "armed" else None)
    if number > 0:
        world.log(*["line %d" % n for n in range(chance.randrange(1, 40))], vault=path, password=REAL)
    if number > 1:
        world.ok("passphrase", "add", vault=path, password=REAL, new=OTHER)
    return path


def run(world, source, command, password):
    folder = os.path.join(world.folder, "look")
    os.mkdir(folder)
    path = os.path.join(folder, "v.vault")
    shutil.copy(source, path)
    args, stdin = command
    _, calls = harness.strace(world, *args, stdin=stdin, vault=path, password=password)
    found = until_second_sync(calls, path)
    shutil.rmtree(folder)
    return found


def differ(first, other):
    """None where they are the same, else where and how they are not."""
    for number, (one, two) in enumerate(zip(first, other)):
        if one != two:
            return "call %d: %s, and %s" % (number, one, two)
    return None if len(first) == len(other) else "%d calls, and %d" % (len(first), len(other))


def campaign(world, chance, rounds):
    runs = compared = bad = 0
    vaults = {name: [make(world, name, number, chance) for number in range(VAULTS)]
              for name in ("single", "armed")}
    for _ in range(rounds):
        command = chance.choice(COMMANDS)
        order = list(KINDS)
        chance.shuffle(order)
        found = []
        for name, password in order:
            found.append(run(world, chance.choice(vaults[name]), command, password))
            runs += 1
        compared += len(found[0])
        for kind, calls in zip(order[1:], found[1:]):
            how = differ(found[0], calls)
            if how:
                bad += 1
                print("bad: %s: %s differs from %s at %s" % (" ".join(command[0]), kind, order[0], how))
    return runs, compared, bad


def main():
    build, seed, size, folder = sys.argv[1:]
    world = harness.World(build, parent=folder)
    try:
        rounds = LONG_ROUNDS if size == "long" else SHORT_ROUNDS
        runs, compared, bad = campaign(world, random.Random(int(seed)), rounds)
    except harness.Skip as reason:
        print("not here: %s" % reason)
        runs = compared = bad = 0
    finally:
        world.close()
    print("figures runs=%d calls=%d bad=%d" % (runs, compared, bad))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
