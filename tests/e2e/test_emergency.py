"""The wipe by the supervisor: held key, three presses, triggers. It asks nobody and waits for nobody."""
import os
import re
import signal
import time

import harness
from harness import DURESS, PAGE, PASS, WRONG, Drain, Skip, same, sentence, true, wait_until
from ptyscreen import Screen, children, gone, worker
from tmux import Tmux

tests, test = harness.collector()
KEYS = 7 * PAGE
PROMPT = "Passphrase:"
DONE = re.compile(r"keys overwritten and synced \d\d:\d\d:\d\d, \d+ ms")
CHORD = "\x1c"


def armed(world, *lines, size="4M"):
    world.config("[vault]\nkdf = test\n[emergency]\n" + "".join(line + "\n" for line in lines))
    world.create(size=size, duress=DURESS)
    world.log("17 dec 2014 21:00 something at the gate")
    return world.bytes()


def opened(world, **options):
    screen = Screen(world, "--vault", world.vault, **options)
    screen.expect(PROMPT)
    screen.type(PASS + "\r")
    screen.expect(" saved")
    return screen


def hold(screen, seconds=1.5, delay=0.25, rate=30, until=None):
    """As a keyboard does it, at the pace at which this machine lets us."""
    start = time.monotonic()
    screen.type(CHORD)
    screen.pump(delay)
    while time.monotonic() - start < seconds:
        screen.type(CHORD)
        screen.pump(1 / rate)
        if until is not None and until():
            return


def shows(screen, text):
    return lambda: text in screen.grid.screen()


def press(screen, times, pause=0.4):
    for _ in range(times):
        screen.type(CHORD)
        screen.pump(pause)


def keys_differ(world, before, path=None):
    after = world.bytes(path)[:KEYS]
    for at in range(0, min(KEYS, len(after)), 16):
        true(after[at:at + 16] != before[at:at + 16], "the keys stand from byte %d" % at)


def all_gone(world):
    wait_until(lambda: world.beside() == [], 60, "the vault is removed")


def ended(screen):
    """The outcome stands until Enter, which ends the program."""
    screen.expect("Enter leaves")
    true(DONE.search(screen.grid.screen()), screen.grid.screen())
    screen.type("\r")
    while screen.pump(0.1):
        pass
    screen.wait(20)
    same(screen.code, 0)
    same(screen.grid.text().strip(), "")


def left_alone(world, before):
    same(world.bytes()[:KEYS] == before[:KEYS] or world.titles() != [], True, "the vault opens")
    world.titles()


@test("held for more than a second, with a countdown: wiped, shown as what it is, ended by Enter")
def held(world):
    before = armed(world, "hold = yes", "countdown = 1")
    screen = opened(world)
    old = worker(screen.pid)
    try:
        hold(screen, 20, until=shows(screen, "Wiping in 1 s. Any key stops it."))
        true(gone(old), "it is locked first")
        true(world.bytes()[:PAGE] == before[:PAGE], "nothing is written before the countdown ends")
        screen.expect("the rest overwritten and removed", seconds=30)
        all_gone(world)
        ended(screen)
    finally:
        screen.close()


@test("three presses with a countdown of 0, in tmux: wiped at once")
def taps(world):
    before = armed(world, "hold = yes", "countdown = 0", "keys_only = yes")
    tmux = Tmux(world)
    try:
        tmux.line("%s --vault %s; echo left $?" % (world.program(), world.vault))
        tmux.expect(PROMPT)
        tmux.line(PASS)
        tmux.expect(" saved")
        for _ in range(3):
            tmux.key("C-\\")
            time.sleep(0.3)
        tmux.expect("keys overwritten and synced")
        tmux.expect("the rest of the file is left; it is noise now")
        keys_differ(world, before)
        same(world.bytes()[KEYS:] == before[KEYS:] or len(world.bytes()) == len(before), True)
        tmux.expect("Enter leaves")
        tmux.key("Enter")
        tmux.expect("left 0")
        for password in (PASS, DURESS):
            sentence(world.run("timeline", password=password), WRONG)
    finally:
        tmux.close()


@test("two presses, and a short hold: only locked")
def fewer(world):
    armed(world, "hold = yes", "countdown = 0")
    screen = opened(world)
    try:
        press(screen, 2, 0.5)
        screen.pump(1)
        screen.expect_only(PROMPT)
        screen.pump(2)
        screen.type(PASS + "\r")
        screen.expect(" saved")
        hold(screen, 0.6)
        screen.expect_only(PROMPT)
        screen.type(PASS + "\r")
        screen.expect(" saved")
    finally:
        screen.close()


@test("any other key stops the countdown, and it says so; nothing was written")
def stopped_by_a_key(world):
    before = armed(world, "hold = yes", "countdown = 30")
    screen = opened(world)
    try:
        press(screen, 3)
        screen.expect("Any key stops it.")
        before = world.bytes()
        screen.type("x")
        screen.expect("Stopped. Nothing was wiped.")
        screen.expect_only(PROMPT)
        same(world.bytes() == before, True, "the vault as it was")
        screen.type(PASS + "\r")
        screen.expect(" saved")
    finally:
        screen.close()


@test("not armed: held and pressed as often as one likes, it stays a lock")
def unarmed(world):
    armed(world, "countdown = 0")
    screen = opened(world)
    try:
        hold(screen, 2.5)
        screen.expect_only(PROMPT)
        press(screen, 4, 0.3)
        os.kill(screen.pid, signal.SIGUSR2)
        screen.pump(1)
        screen.expect_only(PROMPT)
        screen.type(PASS + "\r")
        screen.expect(" saved")
    finally:
        screen.close()


@test("armed by a typed word for this run alone")
def typed(world):
    armed(world, "countdown = 0")
    screen = opened(world)
    try:
        screen.type(":arm-wipe\r")
        screen.expect("Armed until the program ends")
        press(screen, 3)
        screen.expect("the rest overwritten and removed", seconds=30)
        all_gone(world)
        ended(screen)
    finally:
        screen.close()


def by_signal(world, prepare, **options):
    """SIGUSR2 while the worker is in a state of its own."""
    before = armed(world, "signal = yes", "keys_only = yes")
    screen = opened(world, **options)
    try:
        prepare(screen)
        old = worker(screen.pid)
        os.kill(screen.pid, signal.SIGUSR2)
        wait_until(lambda: world.bytes()[:KEYS] != before[:KEYS], 20, "the keys are overwritten")
        wait_until(lambda: old is None or gone(old), 20, "the worker is gone")
        screen.expect("Enter leaves", seconds=30)
        keys_differ(world, before)
        ended(screen)
    finally:
        screen.close()


@test("SIGUSR2: wiped; no passphrase opens it")
def by_usr2(world):
    by_signal(world, lambda screen: None)
    for password in (PASS, DURESS):
        sentence(world.run("timeline", password=password), WRONG)


@test("SIGUSR2 while the worker is stopped")
def worker_stopped(world):
    by_signal(world, lambda screen: os.kill(worker(screen.pid), signal.SIGSTOP))


@test("SIGUSR2 at the prompt, and while a passphrase is tried")
def at_the_prompt(world):
    def lock(screen):
        screen.type(CHORD)
        screen.expect_only(PROMPT)
        screen.type(PASS + "\r")

    by_signal(world, lock)


@test("a terminal that does not read holds nothing up")
def stalled(world):
    before = armed(world, "signal = yes")
    screen = opened(world)
    try:
        screen.type("?" * 2000)  # redraws that nobody reads
        time.sleep(1)
        os.kill(screen.pid, signal.SIGUSR2)
        wait_until(lambda: world.beside() == [], 60, "wiped though nobody reads")
        true(len(before) > 0, "there was one")
    finally:
        screen.close()


@test("the terminal is gone in the middle of a countdown: wiped, nobody is left")
def hung_up(world):
    before = armed(world, "hold = yes", "countdown = 60", "keys_only = yes")
    screen = opened(world)
    press(screen, 3)
    screen.expect("Any key stops it.")
    screen.hang_up()
    wait_until(lambda: world.bytes()[:KEYS] != before[:KEYS], 20, "wiped without a terminal")
    time.sleep(3)
    keys_differ(world, before)


@test("wrong passphrases in a row: the configured number wipes, one less and a right one do not")
def wrong(world):
    armed(world, "tries = 3")
    screen = Screen(world, "--vault", world.vault)
    try:
        screen.expect(PROMPT)
        for _ in range(2):
            screen.type("no\r")
            screen.expect("Not right")
            screen.type("x")
            screen.pump(0.3)
            screen.type("\x7f")
            screen.type(CHORD)  # a lock does not start it anew
            screen.expect_only(PROMPT)
        screen.type(PASS + "\r")
        screen.expect(" saved")
        screen.type(CHORD)
        screen.expect_only(PROMPT)
        for count in range(3):
            true(os.path.exists(world.vault), "after %d" % count)
            screen.type("no\r")
            if count < 2:
                screen.expect("Not right")
                screen.type(CHORD)
                screen.expect_only(PROMPT)
        screen.expect("the rest overwritten and removed", seconds=30)
        all_gone(world)
    finally:
        screen.close()


@test("simulation: everything but the writing, then the prompt")
def simulated(world):
    armed(world, "hold = yes", "countdown = 0", "simulate = yes")
    screen = opened(world)
    try:
        press(screen, 3)
        screen.expect("SIMULATION")
        screen.expect("Enter leaves", seconds=30)
        true(DONE.search(screen.grid.screen()), screen.grid.screen())
        same(world.beside(), ["v.vault"])
        screen.type("\r")
        screen.expect_only(PROMPT)
        screen.type(PASS + "\r")
        screen.expect(" saved")
    finally:
        screen.close()
    before = world.bytes()
    result = world.ok("wipe", "--simulate", password=None)
    true("Simulation" in result.out and DONE.search(result.out), result)
    same(world.bytes() == before, True, "nothing was written")
    world.titles()


@test("lapwing wipe ends other workers, and wipes with armed ones; another vault is only locked")
def reached(world):
    armed(world, "signal = yes")
    other = os.path.join(world.place, "other.vault")
    world.create(vault=other)
    first = opened(world)
    second = Screen(world, "--vault", other)
    try:
        second.expect(PROMPT)
        second.type(PASS + "\r")
        second.expect(" saved")
        workers = [worker(first.pid), worker(second.pid)]
        result = world.ok("wipe", "--now", password=None)
        true(DONE.search(result.out), result)
        wait_until(lambda: all(gone(one) for one in workers), 20, "the workers are gone")
        first.expect("Enter leaves", seconds=30)
        true(DONE.search(first.grid.screen()), first.grid.screen())
        wait_until(lambda: world.beside() == ["other.vault"], 30, "only the one that was meant")
        second.expect_only(PROMPT)
        second.type(PASS + "\r")
        second.expect(" saved")
    finally:
        first.close()
        second.close()


@test("other files of the configuration go too; one that is not there is named")
def also(world):
    note = world.write("note", "a name and an address\n" * 5000)
    armed(world, "signal = yes", "also = " + note, "also = " + os.path.join(world.folder, "none"))
    screen = opened(world)
    try:
        os.kill(screen.pid, signal.SIGUSR2)
        screen.expect("other files wiped: 1 of 2", seconds=30)
        screen.expect("NOT WIPED")
        all_gone(world)
        true(not os.path.exists(note) and not os.path.exists(note + ".wiped"), "the other file")
    finally:
        screen.close()
    world.write("note", "again\n")
    world.create(duress=DURESS)
    result = world.run("wipe", "--now", password=None)
    same(result.code, harness.IO)
    true("IS NOT WIPED" in result.err and not os.path.exists(note), result)


@test("a file that cannot be written: said in capitals, retried, and done as soon as it can be")
def refused(world):
    armed(world, "signal = yes")
    if os.geteuid() != 0:
        raise Skip("only root can make a file immutable")
    screen = Screen(world, "--vault", world.vault)
    moved = world.vault + ".away"
    try:
        screen.expect(PROMPT)
        screen.type(CHORD)
        os.rename(world.vault, moved)
        os.mkdir(world.vault)  # nothing that could be wiped
        screen.pump(0.5)
        os.kill(screen.pid, signal.SIGUSR2)
        screen.expect("THE KEYS ARE NOT DESTROYED", seconds=30)
        screen.expect("trying again")
        os.rmdir(world.vault)
        os.rename(moved, world.vault)
        screen.expect("the rest overwritten and removed", seconds=30)
        all_gone(world)
    finally:
        screen.close()


@test("a file that was renamed is reached through the descriptor that is held")
def renamed(world):
    before = armed(world, "signal = yes", "keys_only = yes")
    moved = os.path.join(world.place, "moved")
    screen = opened(world)
    try:
        os.rename(world.vault, moved)
        os.kill(screen.pid, signal.SIGUSR2)
        screen.expect("Enter leaves", seconds=30)
        true(DONE.search(screen.grid.screen()), screen.grid.screen())
        keys_differ(world, before, moved)
    finally:
        screen.close()


@test("a missing file is said to be missing")
def missing(world):
    armed(world, "signal = yes")
    screen = Screen(world, "--vault", world.vault)
    try:
        screen.expect(PROMPT)
        # neither the path nor what is held leads to a vault
        with open(world.vault, "r+b") as file:
            os.unlink(world.vault)
            true(file.fileno() >= 0, "open")
        os.kill(screen.pid, signal.SIGUSR2)
        screen.expect("keys overwritten and synced", seconds=30)  # what is held
    finally:
        screen.close()


def wiper_of(screen):
    for pid in children(screen.pid):
        with open("/proc/%d/comm" % pid, encoding="utf-8") as file:
            if file.read().strip() == "lapwing-wipe":
                return pid
    return None


@test("the process that wipes is killed: it is said and started again")
def wiper_killed(world):
    armed(world, "signal = yes", size="64M")
    screen = opened(world)
    try:
        os.kill(screen.pid, signal.SIGUSR2)
        wait_until(lambda: wiper_of(screen) is not None, 20, "a process that wipes")
        os.kill(wiper_of(screen), signal.SIGKILL)
        screen.expect("the rest overwritten and removed", seconds=60)
        all_gone(world)
    finally:
        screen.close()


@test("all killed at any moment after the keys: the next start finishes it")
def killed(world):
    whole = armed(world, "signal = yes", size="64M")
    outcomes = []
    for delay in (2.02, 2.06, 2.1, 2.15, 2.3):
        with open(world.vault, "wb") as file:
            file.write(whole)
        screen = Screen(world, "--vault", world.vault)
        try:
            screen.expect(PROMPT)
            os.kill(screen.pid, signal.SIGUSR2)
            screen.pump(delay)
            victim = wiper_of(screen)
            os.kill(screen.pid, signal.SIGKILL)
            if victim is not None:
                os.kill(victim, signal.SIGKILL)
                wait_until(lambda: gone(victim), 10, "its end")
        finally:
            screen.close()
        names = world.beside()
        outcomes.append(" ".join(names) or "nothing")
        if os.path.exists(world.vault):
            true(world.bytes()[:KEYS] != whole[:KEYS], "the keys stand")
            sentence(world.run("timeline"), WRONG)
            continue
        again = Screen(world, "--vault", world.vault)
        try:
            wait_until(lambda: world.beside() == [], 30, "the next start finishes it")
        finally:
            again.close()
    return ", ".join(outcomes)


if __name__ == "__main__":
    harness.main(tests)
