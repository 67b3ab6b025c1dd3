"""The duress passphrase typed at every prompt that asks for a passphrase of the vault."""
import importlib.util
import os
import re
import sys

import harness
from harness import DURESS, OTHER, PASS, PRACTICE, WRONG, Terminal, expect, same, sentence, true
from tmux import Tmux

SYSTEM = "/usr/bin/python3"
if __name__ == "__main__" and importlib.util.find_spec("nacl") is None and sys.executable != SYSTEM:
    os.execv(SYSTEM, [SYSTEM, "-B"] + sys.argv)  # the second reader needs Debian's packages
from test_reader import reader  # noqa: E402

tests, test = harness.collector()
THIRD = "bramble cushion falcon trumpet"
QUIET = "a quiet day"
TRUTH = "what really happened"
END = "\x04"


def both(world):
    """Bytes of two vaults that show the same journal to the duress passphrase: one in which it is the
    duress passphrase, one that never had another passphrase."""
    images = {}
    world.create(duress=DURESS)
    world.log(TRUTH)
    world.ok("decoy", "log", stdin=QUIET + "\n")
    images["armed"] = world.bytes()
    os.unlink(world.vault)
    world.create(password=DURESS)
    world.log(QUIET, password=DURESS)
    images["single"] = world.bytes()
    return images


def put(world, image):
    with open(world.vault, "wb") as file:
        file.write(image)


def talk(world, args, script):
    """What a command shows on a terminal, without numbers, and its exit code."""
    terminal = Terminal(world, *args)
    shown = b""
    for prompt, answer in script:
        shown += terminal.expect(prompt)
        terminal.type(answer if answer == END else answer + "\n")
    code = terminal.end()
    text = re.sub(r"[0-9A-Fa-f]{12,}|\d+", "#", (shown + terminal.seen).decode())
    return re.sub(r"(\r?[^\r\n]*#%[^\r\n]*)+", "", text), code


def gone(world, what):
    """The second reader tries all sixteen slots at once."""
    try:
        reader.Vault(world.vault, PASS, ("test",)).close()
    except reader.WrongPassphrase:
        return
    raise AssertionError("after %s the ordinary passphrase still opens it" % (what,))


NEW = [("passphrase: ", OTHER), ("again: ", OTHER)]
COMMANDS = [
    (("log",), [("> ", END)]), (("timeline",), []), (("timeline", "--json"), []), (("show", "E01"), []),
    (("search",), [(": ", "quiet")]), (("contradictions",), []), (("seizures",), []),
    (("tasks", "add"), [("Task: ", "call Anna; due: friday")]), (("tasks",), []),
    (("tasks", "done", "1"), []),
    (("import", PRACTICE, "--dry-run"), []),
    (("import", PRACTICE), []), (("export",), []), (("check",), []), (("backup", "copy"), []),
    (("resize", "5M"), []), (("passphrase", "list"), []), (("passphrase", "add"), NEW),
    (("passphrase", "change"), NEW),
    (("passphrase", "remove"), [("no more): ", ""), ("to go on: ", "remove")]),
    (("passphrase", "duress"), [("again: ", DURESS)] + NEW), (("decoy", "timeline"), []),
    (("decoy", "log"), []), (("decoy", "search"), []), (("decoy", "export"), []),
]


@test("at the prompt of every command it is what it is at any other, and the terminal shows no more")
def commands(world):
    images = both(world)
    for args, script in COMMANDS:
        shown = {}
        for name, image in images.items():
            put(world, image)
            copy = os.path.join(world.folder, "copy")
            if os.path.exists(copy):
                os.unlink(copy)
            shown[name] = talk(world, args, [("Passphrase: ", DURESS)] + script)
            true(TRUTH not in shown[name][0], shown[name])
        same(shown["armed"], shown["single"], " ".join(args))
        put(world, images["armed"])
        talk(world, args, [("Passphrase: ", DURESS)] + script)
        gone(world, args)
    return "%d commands" % len(COMMANDS)


@test("it may be the third try, and nearly is nothing")
def tries(world):
    images = both(world)
    put(world, images["armed"])
    text, code = talk(world, ("timeline",), [("Passphrase: ", DURESS + "x")] * 2 +
                      [("Passphrase: ", DURESS)])
    true(code == 0 and QUIET in text, text)
    gone(world, "a third try")
    put(world, images["armed"])
    talk(world, ("timeline",), [("Passphrase: ", DURESS + "x"), ("Passphrase: ", END)])
    same(world.titles(), [TRUTH])


def on_screen(world, words, before):
    """What the screens show after it was typed: the program, or a review; at first, or after a lock
    of a session that the ordinary passphrase had opened."""
    screen = Tmux(world)
    try:
        screen.line("clear; %s --vault %s %s" % (world.program(), world.vault, words))
        screen.expect("Passphrase:")
        if before:
            screen.line(before)
            screen.expect("+00:00")
            screen.key("C-\\")
            screen.expect_only("Passphrase:")
        screen.line(DURESS)
        screen.expect("+00:00")
        shown = screen.screen()
        screen.key("Enter")
        screen.expect("Recorded")
        shown += screen.screen()
        screen.type("Q")
        screen.expect("shell>")
    finally:
        screen.close()
    true(QUIET in shown and TRUTH not in shown, shown)
    return re.sub(r" *#+ *", "#", re.sub(r"\d+", "#", shown))


@test("at the prompt of the screens and of the review, at the first one and after a lock")
def screens(world):
    images = both(world)
    for words in ("", "review"):
        for locked in (False, True):
            shown = {}
            for name, image in images.items():
                put(world, image)
                opens = (PASS if name == "armed" else DURESS) if locked else None
                shown[name] = on_screen(world, words, opens)
                if name == "armed":
                    gone(world, (words, locked))
            same(shown["armed"], shown["single"], (words, locked))


@test("where a passphrase is only compared it destroys nothing: kept, refused, or not the one asked for")
def compared(world):
    images = both(world)

    def stays(what):
        same(world.titles(), [TRUTH], what)
        check = world.clean_check()
        true("duress passphrase: armed" in check.out, "%s: %s" % (what, check))

    put(world, images["armed"])
    for args in (("passphrase", "add"), ("passphrase", "change"), ("passphrase", "duress")):
        again = [("again: ", PASS)] if args[1] == "duress" else []
        text, code = talk(world, args, [("Passphrase: ", PASS)] + again +
                          [("passphrase: ", DURESS), ("again: ", DURESS)])
        true(code == WRONG and "opens the vault already" in text, "%s: %s" % (args, text))
        stays(args)
    wrong = talk(world, ("passphrase", "duress"), [("Passphrase: ", PASS), ("again: ", DURESS + "x")])
    typed = talk(world, ("passphrase", "duress"), [("Passphrase: ", PASS), ("again: ", DURESS)])
    same(typed, wrong, "as a wrong one")
    same(typed[1], WRONG)
    stays("again")
    text, code = talk(world, ("passphrase", "remove"),
                      [("Passphrase: ", PASS), ("no more): ", DURESS), ("no more): ", ""),
                       ("to go on: ", "remove")])
    same(code, 0, text)
    stays("remove")
    same(world.titles(password=DURESS), [QUIET])
    sentence(world.run("timeline"), WRONG)
    fresh = os.path.join(world.place, "fresh")
    expect(world.run("create", "--duress", "--size", "4M", "--kdf", "test", vault=fresh, password=None,
                     new=[PASS, PASS]), WRONG)


if __name__ == "__main__":
    harness.main(tests)
