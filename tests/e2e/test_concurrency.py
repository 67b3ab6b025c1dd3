"""Several processes on one vault at once."""
import json
import os
import re
import signal
import subprocess
import threading
import time

import harness
from harness import (BUSY, CREATE, DATA, DURESS, IO, OTHER, PASS, PRACTICE, WRONG, Drain, expect, same,
                     sentence, true, wait_until)

tests, test = harness.collector()
EACH = 500


def prefix_of(titles, writer, least):
    """A reader sees the first lines of each writer, never fewer than before, and no gap."""
    numbers = sorted(int(t.split()[1]) for t in titles if t.startswith(writer + " "))
    same(numbers, list(range(len(numbers))), "lines of %s that a reader sees" % writer)
    true(len(numbers) >= least, "%s went back from %d to %d" % (writer, least, len(numbers)))
    return len(numbers)


def read_all(world, round_):
    """The titles as one reading command shows them."""
    if round_ % 3 < 2:
        return [row["title"] for row in world.timeline()]
    data = json.loads(world.ok("export").out)
    entries, chain = data.get("entries", []), data.get("revisions", [])
    same(len(chain), len(entries), "one snapshot: every entry has its revision and no more")
    same({r["record_id"] for r in chain}, {e["id"] for e in entries})
    for before, after in zip(chain, chain[1:]):
        same(after["previous"], before["hash"], "the chain")
    return [entry["title"] for entry in entries]


@test("two writers log 500 lines each while a third process reads: nothing lost, nothing torn")
def two_writers(world):
    world.create(size="16M")
    writers = {}
    for name in ("left", "right"):
        process = world.start("log")
        lines = "".join("%s %d\n" % (name, i) for i in range(EACH))
        feed = threading.Thread(target=lambda p=process, t=lines: (p.stdin.write(t.encode()),
                                                                   p.stdin.close()))
        writers[name] = (process, Drain(process.stdout), Drain(process.stderr), feed)
        feed.start()
    seen = {"left": 0, "right": 0}
    reads = middle = 0
    while any(process.poll() is None for process, *_ in writers.values()):
        # what was acknowledged before the reading began must be seen by it
        least = {n: max(seen[n], len(out.lines())) for n, (_, out, _, _) in writers.items()}
        titles = read_all(world, reads)
        seen = {name: prefix_of(titles, name, least[name]) for name in seen}
        same(len(titles), sum(seen.values()), "no other entries")
        reads += 1
        middle += 0 < sum(seen.values()) < 2 * EACH
    refs = []
    for name, (process, out, err, feed) in writers.items():
        feed.join()
        out.join()
        err.join()
        expect(harness.Result(process.command, process.returncode, out.data, err.data), 0)
        same(err.data, b"")
        same(len(out.lines()), EACH)
        refs += [line.split()[0] for line in out.lines()]
    same(len(set(refs)), 2 * EACH, "no reference was given twice")
    titles = world.titles()
    same(sorted(titles), sorted("%s %d" % (n, i) for n in writers for i in range(EACH)))
    true(middle >= 3, "only %d of %d reads fell between the first line and the last" %
         (middle, reads))
    world.clean_check()
    return "%d reads, %d of them in the middle" % (reads, middle)


@test("many short commands at once: unlocking never disturbs another")
def many_commands(world):
    world.create(size="8M")
    world.ok("passphrase", "add", new=OTHER)
    errors = []

    def loop(number):
        try:
            for i in range(12):
                password = (PASS, OTHER)[(number + i) % 2]
                if number % 2:
                    world.ok("log", stdin="from %d, %d\n" % (number, i), password=password)
                else:
                    world.timeline(password=password)
        except AssertionError as error:
            errors.append(str(error))

    threads = [threading.Thread(target=loop, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    true(not errors, "\n".join(errors[:3]))
    same(len(world.titles()), 3 * 12)
    world.clean_check()
    world.clean_check(password=OTHER)


@test("a writer stopped in the middle: others get 75 within their patience, reading goes on")
def stopped(world):
    world.create(size="8M")
    world.log("before")
    writer = harness.hold_lock(world)
    begin = time.monotonic()
    waiting = [world.start(*args, stdin=subprocess.PIPE)
               for args in (("log",), ("import", PRACTICE), ("resize", "9M"))]
    # readers meanwhile: each ends, and shows what was saved
    for args in (("timeline", "--json"), ("export",), ("contradictions",), ("show", "E01"),
                 ("check",)):
        start = time.monotonic()
        result = world.ok(*args)
        true(time.monotonic() - start < 8, "%s took %.1f s" % (args, time.monotonic() - start))
        true(args[0] not in ("timeline", "export") or "before" in result.out, result)
        true("not recorded" in result.err, "it says that it left no row\n%s" % result)
    for process in waiting:
        out, err = process.communicate(b"lost?\n" if process is waiting[0] else b"", 60)
        sentence(harness.Result(process.command, process.returncode, out, err), BUSY)
    spent = time.monotonic() - begin
    true(spent < 45, "they waited %.1f s" % spent)
    same(world.beside(), ["v.vault"])
    os.kill(writer.pid, signal.SIGCONT)
    wait_until(lambda: len(world.titles()) > 2, 20, "the writer goes on")
    writer.kill()
    writer.wait()
    world.log("after")
    titles = world.titles()
    true("before" in titles and "after" in titles, titles[:5])
    true("lost?" not in titles, "what was refused is not there")
    world.clean_check()
    return "others gave up within %.1f s" % spent


@test("a reader stopped for long costs the others nothing but pages")
def stopped_reader(world):
    world.create(size="8M")
    world.ok("import", PRACTICE)
    read, write = os.pipe()  # nobody reads: the exporter stops in the middle with its snapshot
    big = "".join("entry %d %s\n" % (i, "x" * 3000) for i in range(200))
    world.ok("log", stdin=big)
    reader = world.start("export", stdout=write)
    os.close(write)
    first = os.read(read, 100)
    true(first.startswith(b'{"lapwing"'), first)
    for i in range(30):
        world.log("meanwhile %d" % i)
    data = first
    while True:
        piece = os.read(read, 1 << 20)
        if not piece:
            break
        data += piece
    os.close(read)
    same(reader.wait(20), 0)
    titles = [entry["title"] for entry in json.loads(data)["entries"]]
    true(not any(t.startswith("meanwhile") for t in titles), "it was one snapshot")
    same(sum(t.startswith("meanwhile") for t in world.titles()), 30)
    world.clean_check()


@test("a vault that is full says so: 74, what was acknowledged stays")
def full(world):
    world.create(size="4M")
    result = world.run("log", stdin=("y" * 8000 + "\n") * 1000)
    sentence(result, IO)
    saved = len(re.findall(r"^E\d+ ", result.out, re.M))
    true(50 < saved < 600, "%d entries" % saved)
    same(len(world.timeline()), saved)
    world.ok("export")
    world.clean_check()
    world.ok("resize", "8M")
    same(len(world.log("there is room again").out.splitlines()), 1)
    same(len(world.timeline()), saved + 1)
    world.clean_check()


@test("a vault rewritten under an open session: what is answered is in it, the rest is told")
def rewritten(world):
    for args, options in ((("resize", "6M"), {}), (("passphrase", "remove"), {}),
                          (("passphrase", "duress"), {"new": DURESS})):
        if os.path.exists(world.vault):
            os.unlink(world.vault)
        world.create()
        process = world.start("log")
        out = Drain(process.stdout)
        process.stdin.write(b"before\n")
        process.stdin.flush()
        wait_until(lambda: len(out.lines()) == 1, 10, "the first answer")
        world.ok(*args, **options)
        try:
            process.stdin.write(b"after\n")
            process.stdin.close()
        except BrokenPipeError:
            pass
        err = process.stderr.read().decode()
        code = process.wait(30)
        out.join()
        titles = world.titles()
        for line in out.lines():
            true(line.split("· ")[1] in titles, "%s: %r was answered: %s" % (args, line, titles))
        if len(out.lines()) < 2:
            true(code in (DATA, BUSY, WRONG) and "not logged" in err, "%s: %d %s" % (args, code, err))
        same(world.beside(), ["v.vault"])
        world.clean_check()


@test("after a duress unlock an open real session can write nothing, and says so")
def revoked(world):
    world.create(duress=DURESS)
    process = world.start("log")
    out = Drain(process.stdout)
    process.stdin.write(b"before\n")
    process.stdin.flush()
    wait_until(lambda: len(out.lines()) == 1, 10, "the first answer")
    same(world.timeline(password=DURESS), [])
    process.stdin.write(b"after\n")
    process.stdin.close()
    err = process.stderr.read().decode()
    same(process.wait(30), WRONG, err)
    out.join()
    same(len(out.lines()), 1)
    true("not logged" in err, err)
    sentence(world.run("timeline"), WRONG)
    world.clean_check(password=DURESS)


def at_once(world, *commands):
    """Starts commands together; their results."""
    processes = [world.start(*args, **options) for args, options in commands]
    results = []
    for process in processes:
        out, err = process.communicate(b"", 60)
        results.append(harness.Result(process.command, process.returncode, out, err))
    return results


@test("two that make the same vault, or rewrite it, at once: each succeeds or says why; one vault")
def rewriting_at_once(world):
    make = (("create", "--size", "4M", "--kdf", "test"), dict(password=None))
    for _ in range(6):
        results = at_once(world, (make[0], dict(make[1], new=PASS)), (make[0], dict(make[1], new=OTHER)))
        same(sorted(r.code for r in results)[0], 0, "one of them is made: %s" % results[0])
        for result in results:
            true(result.code in (0, CREATE, BUSY), result)
        winner = PASS if results[0].code == 0 else OTHER
        same(world.timeline(password=winner), [])
        same(world.beside(), ["v.vault"])
        os.unlink(world.vault)
    world.sample()
    rows = world.timeline()
    for turn in range(6):
        results = at_once(world, (("resize", "5M"), {}), (("resize", "6M"), {}),
                          (("passphrase", "remove"), {}), (("timeline", "--json"), {}))
        true(any(r.code == 0 for r in results[:3]), "\n".join(map(str, results)))
        for result in results:  # who holds the old file meanwhile is told that it was replaced
            true(result.code in (0, BUSY, WRONG) or result.code == DATA and "replaced" in result.err,
                 result)
        true(results[3].code or results[3].rows() == rows, results[3])
        same(world.timeline(), rows)
        same(world.beside(), ["v.vault"])
    world.clean_check()


if __name__ == "__main__":
    harness.main(tests)
