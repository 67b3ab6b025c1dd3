"""kill -9 at random moments: what was acknowledged is there, an import is there wholly or not."""
import os
import random
import signal
import time

import harness
from harness import DURESS, OTHER, PASS, PRACTICE, WRONG, Drain, same, true

tests, test = harness.collector()
TIMES = 100


def kill_after(process, seconds):
    """True where it was really killed, not at its end already."""
    time.sleep(seconds)
    process.kill()
    return process.wait() == -signal.SIGKILL


def duration(world, *args, **options):
    start = time.monotonic()
    world.ok(*args, **options)
    return time.monotonic() - start


@test("kill -9 in the middle of an import, 100 times: all of it or nothing")
def kill_import(world):
    # bigger than the sample, so that it is a commit of the large sort; the sample comes in turn
    big = world.write("big.json", made_journal(1500))
    world.create(size="8M")
    empty = world.bytes()
    usual = {}
    for path in (PRACTICE, big):
        usual[path] = duration(world, "import", path)
        restore(world, empty)
    counts = {PRACTICE: 22, big: 1500}
    killed = whole = none = 0
    chance = random.Random()
    for turn in range(TIMES):
        path = (big, PRACTICE)[turn % 4 == 3]
        process = world.start("import", path)
        out = Drain(process.stdout)
        killed += kill_after(process, chance.uniform(0.2, 1.1) * usual[path])
        out.join()
        have = len(world.timeline())
        true(have in (0, counts[path]), "turn %d: %d entries of %d" % (turn, have, counts[path]))
        true(b"records added" not in out.data or have, "it was acknowledged, and is not there")
        if have:
            whole += 1
            if turn % 5 == 0:
                world.clean_check()
            restore(world, empty)
        else:
            none += 1
    world.clean_check()
    world.ok("import", big)
    same(len(world.timeline()), 1500)
    world.clean_check()
    same(world.beside(), ["v.vault"])
    true(killed >= TIMES // 3, "only %d were killed before their end" % killed)
    true(none >= 10, "only %d had nothing" % none)
    return "%d killed; %d whole, %d not at all" % (killed, whole, none)


def made_journal(entries):
    """A journal with that many entries; written here, not exported."""
    lines = ['{"id":"%032x","ref":"X%d","kind":"note","title":"entry %d, %s","when":"2014-12-%02d",'
             '"status":"draft"}' % (n + 1, n + 1, n, "text " * (n % 40), n % 28 + 1)
             for n in range(entries)]
    return '{"lapwing":"journal","version":1,\n"entries":[\n%s\n]}\n' % ",\n".join(lines)


@test("kill -9 in the middle of a log, 100 times: every answered line is there")
def kill_log(world):
    world.create(size="8M")
    answered, sent, more = [], 0, 0
    chance = random.Random()
    text = "".join("turn %%d, line %d\n" % n for n in range(400))
    start = time.monotonic()
    world.log("the first")
    usual = time.monotonic() - start
    for turn in range(TIMES):
        process = world.start("log")
        out = Drain(process.stdout)
        feed = text.replace("%d", str(turn)).encode()
        process.stdin.write(feed)  # 8 KiB: the pipe takes it whole
        process.stdin.flush()
        sent += 1
        if turn % 3 == 0:
            kill_after(process, chance.uniform(0, 3 * usual))
        else:
            want = chance.randrange(1, 12)
            harness.wait_until(lambda: len(out.lines()) >= want, 20, "answers")
            kill_after(process, chance.uniform(0, 0.004))
        out.join()
        acknowledged = [line.split("·", 1)[1].strip() for line in out.lines() if "·" in line]
        answered += acknowledged
        if turn % 10 == 9:
            have = set(world.titles())
            missing = [line for line in answered if line not in have]
            true(not missing, "turn %d: %d answered lines are missing: %s" %
                 (turn, len(missing), missing[:5]))
    titles = world.titles()
    true(len(titles) == len(set(titles)), "no line is there twice")
    for turn in range(TIMES):  # a turn's lines are a prefix of what was typed, one more at most
        mine = [int(t.rsplit(" ", 1)[1]) for t in titles if t.startswith("turn %d, " % turn)]
        same(sorted(mine), list(range(len(mine))), "turn %d" % turn)
        told = sum(line.startswith("turn %d, " % turn) for line in answered)
        true(told <= len(mine) <= told + 1, "turn %d: %d told, %d there" % (turn, told, len(mine)))
        more += len(mine) - told
    true(len(answered) >= 2 * TIMES, "only %d lines were answered" % len(answered))
    world.clean_check()
    same(world.beside(), ["v.vault"])
    return "%d lines answered; %d saved but not answered yet" % (len(answered), more)


def restore(world, data):
    with open(world.vault, "wb") as file:
        file.write(data)


@test("kill -9 in the middle of resize, add, change, remove, duress: the vault or its successor")
def kill_rewrite(world):
    world.sample()
    rows = world.timeline()
    plain = world.bytes()
    chance = random.Random()
    commands = [(("resize", "6M"), None, PASS), (("passphrase", "add"), OTHER, PASS),
                (("passphrase", "change"), OTHER, PASS), (("passphrase", "duress"), DURESS, PASS),
                (("passphrase", "remove"), None, PASS)]
    left = 0
    for args, new, password in commands:
        restore(world, plain)
        usual = duration(world, *args, new=new, password=password)
        for _ in range(8):
            restore(world, plain)
            process = world.start(*args, new=new, password=password)
            outs = Drain(process.stdout), Drain(process.stderr)
            kill_after(process, chance.uniform(0.1, 1.0) * usual)
            for out in outs:
                out.join()
            left += "v.vault.new" in world.beside()
            result = world.run("timeline", "--json")
            if result.code == WRONG and args[-1] == "change":
                result = world.run("timeline", "--json", password=OTHER)
            harness.expect(result, 0)
            same(result.rows(), rows)
            same(world.beside(), ["v.vault"], "what the killed one left is gone")
            true(os.stat(world.vault).st_size in (4 << 20, 6 << 20), "one size or the other")
            if args[-1] != "change":
                world.clean_check()
    return "%d times a NAME.new was left and cleared away" % left


@test("kill -9 in the middle of create: no vault, or one that opens")
def kill_create(world):
    chance = random.Random()
    start = time.monotonic()
    world.create(size="8M")
    usual = time.monotonic() - start
    made = 0
    for _ in range(20):
        os.unlink(world.vault)
        process = world.start("create", "--size", "8M", "--kdf", "test", password=None, new=PASS)
        outs = Drain(process.stdout), Drain(process.stderr)
        kill_after(process, chance.uniform(0, 1.0) * usual)
        for out in outs:
            out.join()
        if os.path.exists(world.vault):
            made += 1
        else:
            true(b"is made" not in outs[0].data, "it was acknowledged")
            world.create(size="8M")
        same(world.timeline(), [])
        same(world.beside(), ["v.vault"])
    return "%d of 20 were there already" % made


@test("kill -9 in the middle of backup and export: the vault is as it was, no half file is taken for one")
def kill_copies(world):
    world.sample()
    copy = os.path.join(world.folder, "copy")
    rows = world.timeline()
    usual = duration(world, "backup", copy)
    chance = random.Random()
    for turn in range(12):
        for name in os.listdir(world.folder):
            if name.startswith("copy"):
                os.unlink(os.path.join(world.folder, name))
        process = world.start("backup", copy)
        outs = Drain(process.stdout), Drain(process.stderr)
        kill_after(process, chance.uniform(0.1, 1.0) * usual)
        for out in outs:
            out.join()
        same(world.timeline(), rows)
        if b"Copied" in outs[0].data:
            same(world.timeline(vault=copy), rows)
    world.clean_check()
    same(world.beside(), ["v.vault"])


if __name__ == "__main__":
    harness.main(tests)
