"""wipe: first the keys, then the rest; it waits for nobody."""
import os
import re
import shutil
import signal
import threading
import time

import harness
from harness import (BUSY, DURESS, INPUT, IO, MIB, PAGE, PASS, TERMINAL, USAGE, WRONG, Drain, Terminal,
                     expect, same, sentence, true)

tests, test = harness.collector()
KEYS = 7 * PAGE


def wiped(world, result):
    expect(result, 0)
    first, second = result.out.splitlines()
    true(re.fullmatch(r"keys overwritten and synced \d\d:\d\d:\d\d, \d+ ms", first), result)
    true("the rest overwritten and removed" in second, result)
    same(result.err, "")
    same(world.beside(), [])


@test("wipe --now: keys gone, file gone, folder empty; no passphrase is asked for")
def now(world):
    world.sample(duress=DURESS)
    start = time.monotonic()
    wiped(world, world.run("wipe", "--now", password=None))
    true(time.monotonic() - start < 20, "it took %.1f s" % (time.monotonic() - start))
    sentence(world.run("timeline"), INPUT)


@test("wipe --now overwrites what stands on the disk, not the name alone")
def overwritten(world):
    world.sample()
    before = world.bytes()
    with open(world.vault, "rb") as file:  # the inode stays with us
        twin = os.path.join(world.folder, "twin")
        os.link(world.vault, twin)
        expect(world.run("wipe", "--now", password=None), 0)
        data = file.read()
    live = {before[n:n + PAGE] for n in range(0, len(before), PAGE)}
    true(not any(data[n:n + PAGE] in live for n in range(0, len(data), PAGE)),
         "pages of it are still there")


@test("wipe --keys-only: the file stays, pages 0 to 6 are new, no passphrase opens it")
def keys_only(world):
    world.sample(duress=DURESS)
    before = world.bytes()
    result = world.ok("wipe", "--now", "--keys-only", password=None)
    true(result.out.startswith("keys overwritten and synced"), result)
    after = world.bytes()
    same(len(after), len(before))
    for page in range(7):
        at = page * PAGE
        same([after[n] == before[n] for n in range(at, at + PAGE)].count(True) < 60, True,
             "page %d" % page)
    true(after[KEYS:] == before[KEYS:], "the rest is left")
    for password in (PASS, DURESS):
        sentence(world.run("timeline", password=password), WRONG)
    same(world.beside(), ["v.vault"])


@test("wipe while another is stopped with the writer's lock: it waits for nobody")
def stopped(world):
    world.create(size="8M")
    world.log("secret")
    writer = harness.hold_lock(world)
    start = time.monotonic()
    expect(world.run("wipe", "--now", "--keys-only", password=None), 0)
    spent = time.monotonic() - start
    true(spent < 8, "it waited for somebody: %.1f s" % spent)
    os.kill(writer.pid, signal.SIGCONT)
    true(writer.wait(30) != 0, "the writer ends with an error")
    sentence(world.run("timeline"), WRONG)
    wiped(world, world.run("wipe", "--now", password=None))


@test("wipe while others unlock all the time: none of them brings the keys back")
def racing(world):
    world.create(size="8M")
    world.log("secret")
    seen = []

    def unlock():
        while not seen or seen[-1] == 0:
            seen.append(world.run("timeline").code)

    threads = [threading.Thread(target=unlock) for _ in range(3)]
    for thread in threads:
        thread.start()
    harness.wait_until(lambda: len(seen) > 10, 20, "unlocks")
    before = len(seen)
    expect(world.run("wipe", "--now", "--keys-only", password=None), 0)
    for thread in threads:
        thread.join()
    true(set(seen) <= {0, WRONG, harness.DATA, BUSY, -signal.SIGKILL}, set(seen))
    sentence(world.run("timeline"), WRONG)
    return "%d unlocks before, %d of %d after it had begun were good" % (
        before, seen[before:].count(0), len(seen) - before)


@test("wipe under an open session of a command: it is ended, and nothing of the file comes back")
def open_session(world):
    world.create()
    process = world.start("log")
    out = Drain(process.stdout)
    process.stdin.write(b"secret\n")
    process.stdin.flush()
    harness.wait_until(lambda: len(out.lines()) == 1, 10, "an answer")
    wiped(world, world.run("wipe", "--now", password=None))
    same(process.wait(10), -signal.SIGKILL)
    out.join()
    same(len(out.lines()), 1)
    same(world.beside(), [])


@test("where other programs cannot be looked for, wipe says so and wipes; lock says it too")
def unseen(world):
    if os.geteuid() != 0:
        raise harness.Skip("needs root to mount")
    world.create()
    world.log("secret")
    blind = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh")
    sentence(world.run("lock", password=None, prefix=blind), INPUT)
    result = expect(world.run("wipe", "--now", password=None, prefix=blind), 0)
    true("keys overwritten and synced" in result.out, result)
    true("OTHER PROGRAMS ARE NOT ENDED" in result.err and "power off" in result.err, result)
    same(world.beside(), [])


@test("a wipe killed in the middle is finished by the next start")
def killed(world):
    world.create(size="128M")
    world.log("secret")
    whole = world.bytes()
    outcomes = []
    for delay in (0.01, 0.15, 2.05, 2.1, 2.2):
        with open(world.vault, "wb") as file:
            file.write(whole)
        process = world.start("wipe", "--now", password=None)
        outs = Drain(process.stdout), Drain(process.stderr)
        time.sleep(delay)
        process.kill()
        process.wait()
        for out in outs:
            out.join()
        names = world.beside()
        if names == ["v.vault"]:
            intact = world.bytes()[:KEYS] == whole[:KEYS]
            true(delay < 0.1 or not intact, "after %.2f s the keys stand" % delay)
            if not intact:
                sentence(world.run("timeline"), WRONG)
            outcomes.append("keys" if not intact else "nothing")
        else:
            true(names in ([], ["v.vault.wiped"]), names)
            true(b"keys overwritten" in outs[0].data, "it told that the keys are gone")
            sentence(world.run("timeline"), INPUT)
            same(world.beside(), [], "the rest is finished")
            outcomes.append("rest" if names else "all")
    true("rest" in outcomes and "keys" in outcomes, outcomes)
    return " ".join(outcomes)


@test("a wipe that was interrupted is finished by create and by wipe as well")
def finished_by_others(world):
    for args, options in ((("create", "--size", "4M", "--kdf", "test"), {"new": PASS}),
                          (("wipe", "--now"), {})):
        with open(world.vault + ".wiped", "wb") as file:
            file.write(os.urandom(4 * MIB))
        world.run(*args, password=None, **options)
        true("v.vault.wiped" not in world.beside(), "%s left it" % (args,))


@test("a rewrite that was cut off is wiped too")
def with_new(world):
    world.create()
    shutil.copy(world.vault, world.vault + ".new")
    wiped(world, world.run("wipe", "--now", password=None))


@test("the typed word: wipe wipes; anything else, an empty line or Ctrl-C does nothing")
def typed_word(world):
    world.sample()
    before = world.bytes()
    for answer in ("no\r", "Wipe\r", "wipe it\r", "\r", "\x04", "\x03"):
        terminal = Terminal(world, "wipe")
        terminal.expect("Type wipe to go on: ")
        terminal.type(answer)
        code = terminal.end()
        true(code in (BUSY, -signal.SIGINT), "%r: %d %r" % (answer, code, terminal.seen))
        same(world.bytes(), before, "after %r" % answer)
    sentence_without_terminal(world)
    same(world.bytes(), before)
    terminal = Terminal(world, "wipe")
    terminal.expect("Type wipe to go on: ")
    terminal.type("wipe\r")
    same(terminal.end(), 0)
    true(b"keys overwritten" in terminal.seen, terminal.seen)
    same(world.beside(), [])


def sentence_without_terminal(world):
    result = expect(world.run("wipe", password=None, stdin="wipe\n"), TERMINAL)
    true("--now" in result.err, result)


@test("wipe of what is not there is 66, of a folder 74; a broken configuration stops no wipe")
def bad(world):
    sentence(world.run("wipe", "--now", vault="/nowhere/v", password=None), INPUT)
    sentence(world.run("wipe", "--now", vault=world.place, password=None), IO)
    sentence(world.run("wipe", "--now", vault=False, password=None), USAGE)
    sentence(world.run("wipe", "--now", "v.vault", vault=False, password=None), USAGE)
    world.create()
    sentence(world.run("timeline", "--config", "/nowhere", password=None), harness.CONFIG)
    wiped(world, world.run("wipe", "--now", "--config", "/nowhere", password=None))
    # a damaged vault, a short file, one that is no vault: all the same
    for data in (os.urandom(5000), b"text\n" * 9000):
        with open(world.vault, "wb") as file:
            file.write(data)
        expect(world.run("wipe", "--now", password=None), 0)
        same(world.beside(), [])


@test("a file without the right to write, of an ordinary user, is wiped all the same")
def no_right(world):
    world.create()
    prefix = world.user()
    os.chmod(world.vault, 0o400)
    wiped(world, world.run("wipe", "--now", password=None, prefix=prefix))


if __name__ == "__main__":
    harness.main(tests)
