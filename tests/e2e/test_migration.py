"""A vault as the first program made it: opened, brought up to date, or left as it was, never between."""
import hashlib
import os
import random
import signal
import struct

import harness
from harness import PAGE, same, true

tests, test = harness.collector()
PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vaults", "first-slice.pages")
EXPORT = "737c74c498195d5d7076369d90f78a041c102ecb7b2363505e67267caf0ba518"  # what it exported then
SIZE = 4 << 20
WRITES = ("pwrite64", "pwritev", "pwritev2", "fdatasync", "fsync")


def old_vault():
    """The bytes of the vault; what was never a page of it is noise of today."""
    data = bytearray(os.urandom(SIZE))
    with open(PAGES, "rb") as file:
        kept = file.read()
    for at in range(0, len(kept), 4 + PAGE):
        page = struct.unpack_from("<I", kept, at)[0]
        data[page * PAGE:(page + 1) * PAGE] = kept[at + 4:at + 4 + PAGE]
    return bytes(data)


def put(world, data):
    with open(world.vault, "wb") as file:
        file.write(data)
    os.chmod(world.vault, 0o600)


def is_whole(world, what):
    """Everything that was in it, and nothing wrong."""
    out = world.ok("export").out_bytes
    same(hashlib.sha256(out).hexdigest(), EXPORT, what)
    world.clean_check()


@test("it opens, is brought up to date, and exports the same bytes as then")
def opens(world):
    put(world, old_vault())
    is_whole(world, "as exported by the program that made it")
    same(len(world.timeline()), 24)
    true("Офис сгорел" in world.ok("history", "E23").out, "its history")
    true("sealed" in world.ok("show", "E11").out, "what was sealed is sealed")
    world.log("one more line")
    same(len(world.timeline()), 25)
    world.ok("seal", "E23", "--yes")
    world.clean_check()


def count_calls(world, data):
    """How often the first opening makes each call."""
    put(world, data)
    result, found = harness.strace(world, "timeline", calls=",".join(WRITES))
    same(result.code, 0, result)
    count = {}
    for call in found:
        count[call.name] = count.get(call.name, 0) + 1
    return count


def broken(world, data, call, number, how):
    """The number-th such call does not work, or is the last thing that happens."""
    put(world, data)
    result = world.run("timeline", "--json", prefix=(
        "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e",
        "inject=%s:%s:when=%d%s" % (call, how, number, "" if "KILL" in how else "+")))
    what = "%s, call %d of %s" % (how, number, call)
    if "KILL" in how:
        true(result.code in (0, -signal.SIGKILL, 137), "%s: %s" % (what, result))
    elif result.code == 0:
        same(len(result.rows()), 24, what)
    else:
        # forms are read through a memory file, which the same call writes: each says so, and is left out
        said = [line for line in result.err.splitlines() if "share/forms/" not in line]
        true(len(said) == 1 and said[0].startswith("lapwing: "),
             "%s: one sentence: %s" % (what, result))
    is_whole(world, what)


def chosen(count, most):
    """All of them, or so many drawn by chance with the first and the last."""
    numbers = list(range(1, count + 1))
    if count <= most:
        return numbers
    return sorted({1, count} | set(random.sample(numbers, most - 2)))


@test("a first opening that is killed at any write or sync leaves the old vault or the new one")
def killed(world):
    data, total = old_vault(), 0
    for call, count in sorted(count_calls(world, data).items()):
        for number in chosen(count, 40):
            broken(world, data, call, number, "signal=KILL")
            total += 1
    true(total >= 8, "so many calls: %d" % total)
    return "%d calls" % total


@test("a first opening on a disk that fails or is full says so, and leaves the old vault or the new one")
def failing(world):
    data, total = old_vault(), 0
    for call, count in sorted(count_calls(world, data).items()):
        for number in chosen(count, 12):
            for error in ("EIO", "ENOSPC"):
                broken(world, data, call, number, "error=" + error)
                total += 1
    true(total >= 16, "so many calls: %d" % total)
    return "%d calls" % total


if __name__ == "__main__":
    harness.main(tests)
