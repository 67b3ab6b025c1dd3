"""The program on a terminal: first start, lock, unlock, review, and what must not be seen."""
import os
import re
import shutil
import signal

import harness
from harness import CONFIG, INPUT, PASS, TERMINAL, USAGE, same, sentence, true, wait_until
from tmux import Tmux

tests, test = harness.collector()
WORDS = PASS


def on_tmux(name, columns=80, rows=24):
    def put(function):
        def run(world):
            screen = Tmux(world, columns, rows)
            try:
                return function(world, screen)
            finally:
                screen.close()
        return test(name)(run)
    return put


def unlock(world, screen, pane=0, words="", seconds=20):
    screen.line("%s --vault %s %s" % (world.program(), world.vault, words), pane)
    screen.expect("Passphrase:", pane)
    screen.line(PASS, pane)
    screen.expect("saved" if words != "review" else "Review", pane, seconds)


def processes(name):
    """Ids of the processes of that name."""
    found = []
    for pid in os.listdir("/proc"):
        try:
            with open("/proc/%s/comm" % pid, encoding="utf-8") as file:
                if file.read().strip() == name:
                    found.append(int(pid))
        except (OSError, ValueError):
            pass
    return found


def parent(pid):
    with open("/proc/%d/stat" % pid, encoding="utf-8") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def workers(screen):
    """Those that run in this tmux."""
    top = int(screen.call("display-message", "-p", "#{pid}"))

    def inside(pid):
        while pid > 1 and pid != top:
            pid = parent(pid)
        return pid == top
    found = []
    for pid in processes("lapwing-work"):
        try:
            if inside(pid):
                found.append(pid)
        except OSError:
            pass
    return found


def first_start(world, screen):
    world.config("[vault]\nkdf = test\n")
    screen.line(world.program() + "; echo code $?")
    screen.expect("Lapwing keeps an incident log")
    screen.key("Enter")
    screen.expect("File: ~/notes.vault")
    screen.key("Enter")
    screen.expect("In the vault or on a stick?")
    screen.key("Enter")
    screen.expect("Size: 64M")
    screen.key("C-u")
    screen.line("4M")
    screen.expect("Choose the")
    screen.type(WORDS)
    screen.expect("4 words, about 51 bits: good")
    screen.key("Enter")
    screen.expect("Again:")
    screen.line(WORDS)
    screen.expect("Set one now? (y, n)")
    screen.key("n")
    screen.expect("Write it? (y, n)")
    screen.key("y")
    screen.expect("0 entries")
    true(WORDS not in screen.screen(scrolled=True), "no passphrase on the screen")
    same(os.stat(os.path.join(world.home, "notes.vault")).st_mode & 0o777, 0o600)


def to_first_entry(world, screen):
    before = re.sub(r"\s", "", world_settings(screen))
    first_start(world, screen)
    screen.key("c")
    screen.type("14 dec 2014 first thing noted")
    screen.key("Enter")
    screen.key("Enter")
    screen.expect("first thing noted")
    screen.key("Escape")
    screen.key("Q")
    screen.expect("code 0")
    true("first thing" not in screen.screen(), "nothing is left on the screen")
    world.vault = os.path.join(world.home, "notes.vault")
    same(world.titles(), ["first thing noted"])
    with open(os.path.join(world.home, ".config", "lapwing", "lapwing.ini"), encoding="utf-8") as ini:
        same(ini.read(), '[vault]\nkdf = test\n\n[vault]\nfile = "%s"\n' % world.vault)
    same(re.sub(r"\s", "", world_settings(screen)), before)


def world_settings(screen):
    """What the terminal is set to, by its own shell."""
    path = os.path.join(screen.world.folder, "settings")
    screen.line("clear; stty -g >%s; clear" % path)
    screen.expect_only("shell>")
    with open(path, encoding="utf-8") as file:
        return file.read()


@on_tmux("from nothing to the first entry, 80x24; the terminal is as before")
def start_large(world, screen):
    to_first_entry(world, screen)


@on_tmux("from nothing to the first entry, 40x10", 40, 10)
def start_small(world, screen):
    to_first_entry(world, screen)


@on_tmux("the lock key: a neutral prompt within a second, also with the worker stopped")
def lock(world, screen):
    world.sample()
    world.config('[vault]\nfile = "%s"\nkdf = test\n' % world.vault)
    screen.line(world.program())
    screen.expect("Passphrase:")
    true(world.vault not in screen.screen(), "no name of a file")
    for stopped in (False, True):
        screen.line(PASS)
        screen.expect("saved", seconds=20)
        old = workers(screen)
        same(len(old), 1)
        if stopped:
            os.kill(old[0], signal.SIGSTOP)
        screen.key("C-\\")
        spent = screen.expect_only("Passphrase:", seconds=3)
        true(spent < 1, "%.2f s" % spent)
        true(old[0] not in workers(screen), "the worker is gone")
    screen.line("not this")
    screen.expect("Not right")
    screen.line(PASS)
    screen.expect("saved", seconds=20)
    os.kill(workers(screen)[0], signal.SIGKILL)
    screen.expect_only("Passphrase:", seconds=3)
    screen.key("C-d")
    screen.expect("shell>")


@on_tmux("lapwing lock, an idle time and :lock end at the same prompt")
def other_locks(world, screen):
    world.create()
    world.config('[vault]\nkdf = test\n[program]\nidle = 2s\nchord = ^]\n')
    unlock(world, screen)
    screen.expect_only("Passphrase:", seconds=5)
    world.config('[vault]\nkdf = test\n[program]\nchord = ^]\n')
    screen.key("C-c")
    screen.expect("shell>")
    unlock(world, screen)
    screen.key("C-]")
    screen.expect_only("Passphrase:", seconds=3)
    screen.line(PASS)
    screen.expect("saved", seconds=20)
    same(world.run("lock", vault=False, password=None).code, 0)
    screen.expect_only("Passphrase:", seconds=3)
    screen.line(PASS)
    screen.expect("saved", seconds=20)
    screen.line(":lock")
    screen.expect_only("Passphrase:", seconds=3)


@on_tmux("a review shows what is logged within a second, and has no way to write", 80, 40)
def review(world, screen):
    world.create()
    world.log("13 dec 2014 the first one")
    pane = screen.split()
    unlock(world, screen)
    unlock(world, screen, pane, "review")
    world.log("14 dec 2014 the second one")
    for at in (0, pane):
        spent = screen.expect("the second one", at, 5)
        true(spent < 1, "%.2f s in pane %d" % (spent, at))
    size = len(world.bytes())
    for key in "nce":
        screen.type(key, pane)
    screen.type(":new", pane)
    screen.key("Enter", pane=pane)
    screen.expect("the second one", pane)
    screen.key("Escape", pane=pane)
    screen.type("Q", pane)
    screen.expect("shell>", pane)
    same(world.titles(), ["the first one", "the second one"])
    same(len(world.bytes()), size)
    world.clean_check()


@on_tmux("a vault that is wiped, moved or replaced locks within two seconds and tells nothing")
def taken_away(world, screen):
    world.create()
    copy = os.path.join(world.folder, "copy")
    unlock(world, screen)
    os.rename(world.vault, copy)
    screen.expect_only("Passphrase:", seconds=2.5)
    screen.line(PASS)
    screen.expect("It cannot be opened now")
    true(world.vault not in screen.screen(scrolled=True), "no name")
    shutil.copy(copy, world.vault)
    screen.line(PASS)
    screen.expect("saved", seconds=20)
    world.ok("wipe", "--now", password=None)
    screen.expect_only("Passphrase:", seconds=4)
    screen.line(PASS)
    screen.expect("It cannot be opened now")
    true(not os.path.exists(world.vault), "nothing is made in its place")


@on_tmux("every unlock has its row, reviews too; free pages change while nobody types")
def rows(world, screen):
    world.create()
    unlock(world, screen)
    before = world.bytes()
    head = 3 * harness.PAGE
    wait_until(lambda: world.bytes()[head:] != before[head:], 60, "a page is overwritten")
    after = world.bytes()
    same(after[:head], before[:head])
    pages = [at for at in range(head, len(after), harness.PAGE)
             if after[at:at + harness.PAGE] != before[at:at + harness.PAGE]]
    true(1 <= len(pages) <= 8 and min(pages) >= 7 * harness.PAGE, "pages of the pool: %s" % pages)
    world.clean_check()


@on_tmux("wrong lines of the configuration are told on the screen; the others count")
def warnings(world, screen):
    world.create()
    path = world.config("[vault]\nkdf = test\n[keys]\nnonsense = x\nquit = F10\n[program]\nidle = x\n")
    unlock(world, screen)
    shown = screen.screen().replace("\n", "")
    for line in (4, 7):
        true("%s:%d:" % (path, line) in shown, "line %d\n%s" % (line, screen.screen()))
    screen.key("F10")
    screen.expect("shell>")


@on_tmux("keys of the configuration: on the last line, in the help, in forms and on a Russian layout")
def keys(world, screen):
    world.create()
    path = world.config("[vault]\nkdf = test\n[keys]\nnew = Ins F7\nhelp = ? F8\nsearch = \u044a\n"
                        "help = F9\nsave = s\nopen = Q\nlast = Ctrl-\\\n")
    unlock(world, screen)
    shown = screen.screen().replace("\n", "")
    true("%s:7:" % path in shown and "%s:8:" % path in shown and "2 more" in shown, shown)
    screen.key("Down")
    screen.expect("Ins new")
    screen.expect("] search")
    screen.type("?")
    screen.expect("\nIns F7              new ")
    screen.type("?")  # what opens it closes it
    screen.expect("Ins new")
    screen.type("\u044a")
    screen.expect("Search")
    screen.key("Escape")
    screen.expect("Ins new")
    screen.key("F7")
    screen.expect("F8 help")
    screen.expect("F2 save")
    screen.type("s?")
    screen.expect("s?")
    screen.key("F8")
    screen.expect("F2 Ctrl-S           save ")
    screen.key("C-\\")  # the lock key is what it was
    screen.expect("Passphrase:")
    true("save" not in screen.screen(), screen.screen())


@on_tmux("commands by name: offered as they are typed, on a Russian layout, in forms", 40, 10)
def commands(world, screen):
    world.create()
    screen.line("%s --vault %s" % (world.program(), world.vault))
    screen.expect("Passphrase:")
    screen.line(PASS)
    screen.expect("c log")
    screen.type("\u0416\u0437\u0444")  # ":pa"
    screen.expect("  page-up        PgUp   one page up\n:pa")
    screen.key("Tab")
    screen.expect("\n:page-\n")
    screen.key("Tab")
    screen.expect("> page-down      PgDn   one page down\n")
    screen.key("Down")
    screen.expect("> page-up        PgUp   one page up\n:page-up")
    screen.key("Escape")
    screen.expect("c log")
    screen.type(":new")
    screen.expect("\n:new")
    screen.key("Enter")
    screen.expect("Title")
    screen.type(":")
    screen.key("F9")
    screen.expect("\n:  ")
    screen.type("ca")
    screen.expect("\n:ca")
    screen.expect("cancel")
    screen.key("Escape")
    screen.expect("F2 save")


@on_tmux("what cannot show it: a sentence and 69")
def impossible(world, screen):
    world.create()
    for env, word in (("TERM=nonsense", "nonsense"), ("TERM=", "TERM"), ("LC_ALL=C", "UTF-8")):
        screen.line("clear; %s %s %s; echo %s code $?" % (env, world.program(), world.vault, word))
        screen.expect("%s code 69" % word)  # not what the one before left on the screen
        true(word in screen.screen().replace(word + " code", ""), "%s\n%s" % (env, screen.screen()))
    sentence(world.run(world.vault, vault=False, password=None), TERMINAL, "terminal")
    sentence(world.run("review", world.vault, vault=False, password=None), TERMINAL, "terminal")
    sentence(world.run("nofile", vault=False, password=None), USAGE, "nofile")
    screen.line("clear; %s review /nowhere/at/all; echo code $?" % world.program())
    screen.expect("code %d" % INPUT)
    screen.line("clear; %s --config /nowhere; echo code $?" % world.program())
    screen.expect("code %d" % CONFIG)


@on_tmux("make run's command on a terminal: the passphrase, then the vault, then a neutral prompt")
def practice(world, screen):
    world.config("[vault]\nkdf = test\n")
    program = world.program()
    if not os.path.exists(os.path.join(world.build, "..", "share", "practice")):
        top = world.make("tree")
        os.mkdir(os.path.join(top, "build"))
        os.symlink(os.path.join(harness.ROOT, "share"), os.path.join(top, "share"))
        program = os.path.join(top, "build", "lapwing-test")
        shutil.copy(world.program(), program)
    screen.line("%s practice --kdf test; echo code $?" % program)
    screen.expect("Enter opens the vault")
    words = re.search(r"^Passphrase: +(.*?)\s*$", screen.screen(), re.M).group(1)
    screen.key("Enter")
    screen.expect("22 entries", seconds=20)
    screen.key("Q")
    screen.expect("code 0")
    true(words in screen.screen(), "the passphrase still stands there")
    screen.line("clear; printf '\\033[3J'")
    screen.expect_only("shell>")
    screen.line("%s practice --kdf test; echo code $?" % program)
    screen.expect("Enter opens the vault")
    words = re.search(r"^Passphrase: +(.*?)\s*$", screen.screen(), re.M).group(1)
    screen.key("Enter")
    screen.expect("22 entries", seconds=20)
    screen.key("C-\\")
    screen.expect_only("Passphrase:", seconds=3)
    screen.line(words)
    screen.expect("22 entries", seconds=20)


if __name__ == "__main__":
    harness.main(tests)
