"""Accounts and claims from the screens: two sources of one entry, marked word by word, and what differs."""
import json
import os
import signal
import time

import harness
from harness import PASS, same, true
from tmux import Tmux

tests, test = harness.collector()


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


def unlock(world, screen):
    screen.line("%s --vault %s" % (world.program(), world.vault))
    screen.expect("Passphrase:")
    screen.line(PASS)
    screen.expect("Timeline", seconds=20)


def entry(screen, title):
    screen.type("n")
    screen.expect("New entry")
    screen.type(title)
    screen.key("F2")
    screen.expect("E01 saved")
    screen.key("Enter")
    screen.expect("E01  –")


def account(screen, source, quote):
    """From the entry: a new account, and its words open."""
    screen.type("aa")
    screen.expect("New account")
    screen.type(source)
    screen.key("Tab")
    screen.type(quote)
    screen.key("F2")
    screen.expect("account saved")
    screen.key("Enter")
    screen.expect("v mark")


def claim(screen, words, fact, said):
    """Marks so many words from where the cursor stands, which then stands behind them."""
    screen.type("v" + "w" * words)
    screen.expect("marking")
    screen.key("Enter")
    screen.expect("fact:")
    screen.type(fact)
    screen.key("Enter")
    screen.expect(said)


def found(world):
    """The sheet: fact -> {source: (stance, wording)}"""
    sheet = {}
    for row in world.ok("contradictions", "--json").rows():
        same(row["ref"], "E01")
        sheet[row["fact"]] = {voice["source"]: (voice["stance"], voice.get("wording"))
                              for voice in row["voices"]}
    return sheet


def records(world, array):
    return json.loads(world.ok("export").out)[array]


@on_tmux("two accounts of a clash, entered by quoting and marking: three contradictions by themselves")
def english(world, screen):
    world.create()
    unlock(world, screen)
    entry(screen, "Armed clash in Grozny")
    account(screen, "Joint letter",
            "14 policemen, at least one civilian and 11 attackers were killed")
    claim(screen, 2, "police killed", "claim saved; counted: 14")
    claim(screen, 4, "civilians killed", "claim saved; counted: at least 1")
    screen.type("w")
    claim(screen, 2, "insurgents killed", "claim saved; counted: 11")
    screen.key("Escape")
    screen.expect("> S01")
    same(found(world), {}, "one source differs from nobody")
    account(screen, "Editorial", "14 law-enforcement officers and all insurgents were killed")
    claim(screen, 4, "police killed", "claim saved; ≠ S01: 14 policemen; counted: 14")
    screen.type("w")
    claim(screen, 2, "insurgents killed", "claim saved; ≠ S01: 11 attackers")
    true("civilians killed" not in found(world), "silence is nobody's guess")
    screen.type("m")
    screen.expect("silent about:")
    screen.type("civ")
    screen.key("Tab")
    screen.expect("silent about: civilians killed")
    screen.key("Enter")
    screen.expect("claim saved; ≠ S01: at least one civilian")
    sheet = found(world)
    same(sheet, {
        "police killed": {"S01": ("asserted", "14 policemen"),
                          "S02": ("asserted", "14 law-enforcement officers")},
        "civilians killed": {"S01": ("asserted", "at least one civilian"), "S02": ("silent", None)},
        "insurgents killed": {"S01": ("asserted", "11 attackers"),
                              "S02": ("asserted", "all insurgents")}})
    # adjudicated with a note: it counts no more, and is there
    screen.key("Tab")
    screen.expect("e edit")
    screen.key("Enter")
    screen.expect("they differ")
    screen.key("Up", "Up", "Up")
    screen.type("u")
    screen.expect("> Note")
    screen.type("the editorial came later")
    screen.key("F2")
    screen.expect("note: the editorial came later")
    screen.type("q")
    screen.type("q")
    screen.type("Q")
    screen.expect("shell>")
    gone = [one for one in records(world, "claims") if one["status"] == "superseded"]
    same([one["note"] for one in gone], ["the editorial came later"])
    same(len(records(world, "claims")), 6, "none is gone")
    true(gone[0]["fact"] not in found(world), "it counts no more")
    same(len(found(world)), 2)
    shown = world.ok("show", "E01").out
    true("[superseded] (the editorial came later)" in " ".join(shown.split()), shown)
    world.clean_check()


@on_tmux("the same in Russian, at 40x10", 40, 10)
def russian(world, screen):
    world.create()
    unlock(world, screen)
    entry(screen, "Бой в Грозном")
    account(screen, "Письмо", "Убиты 14 милиционеров, не менее двух мирных жителей, 11 боевиков")
    screen.type("w")
    claim(screen, 2, "убито милиционеров", "claim saved; counted: 14")
    claim(screen, 5, "убито мирных жителей", "claim saved; counted")
    claim(screen, 2, "убито боевиков", "claim saved; counted: 11")
    screen.key("Escape")
    screen.expect("Accounts")
    account(screen, "Передача", "14 сотрудников полиции и все боевики")
    claim(screen, 3, "убито милиционеров", "claim saved; ≠ S01: 14 милиционеров")
    screen.type("w")
    claim(screen, 2, "убито боевиков", "claim saved; ≠ S01: 11 боевиков")
    screen.type("m")
    screen.expect("silent about:")
    screen.type("убито мирных жителей")
    screen.key("Enter")
    screen.expect("claim saved; ≠ S01")
    same(found(world), {
        "убито милиционеров": {"S01": ("asserted", "14 милиционеров"),
                               "S02": ("asserted", "14 сотрудников полиции")},
        "убито мирных жителей": {"S01": ("asserted", "не менее двух мирных жителей"),
                                 "S02": ("silent", None)},
        "убито боевиков": {"S01": ("asserted", "11 боевиков"), "S02": ("asserted", "все боевики")}})
    counted = {one["fact"]: (one.get("min"), one.get("max")) for one in records(world, "claims")
               if one.get("text", "").startswith(("14 милиц", "не менее", "11"))}
    same(counted, {"убито милиционеров": (14, 14), "убито мирных жителей": (2, None),
                   "убито боевиков": (11, 11)})
    world.clean_check()


def kill(world):
    """Every process of the vault, at once."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if world.vault.encode() in words and os.path.basename(words[0]).startswith(b"lapwing"):
            os.kill(int(pid), signal.SIGKILL)


@on_tmux("kill -9 while the fact is typed: the marked words and what was typed come back")
def killed(world, screen):
    world.create()
    unlock(world, screen)
    entry(screen, "Clash")
    account(screen, "Letter", "14 policemen were killed")
    screen.type("vww")
    screen.key("Enter")
    screen.expect("fact:")
    screen.type("police kil")
    time.sleep(2.2)  # at most two seconds of typing are lost
    kill(world)
    screen.expect("shell>")
    screen.type("stty sane; clear")  # the terminal is left as it was
    screen.key("C-j")
    screen.expect_only("shell>")  # else Enter comes before it is one
    screen.line("%s --vault %s" % (world.program(), world.vault))
    screen.expect("Passphrase:")
    screen.line(PASS)
    screen.expect("1 unfinished form", seconds=20)
    screen.type("y")
    screen.expect("fact: police kil")
    screen.type("led")
    screen.key("Enter")
    screen.expect("claim saved; counted: 14")
    same([(one["fact"], one["text"]) for one in records(world, "claims")],
         [("police killed", "14 policemen")])


if __name__ == "__main__":
    harness.main(tests)
