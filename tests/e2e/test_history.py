"""Sealing and history: what is frozen, what a later change needs, and what was ever said."""
import json
import os
import time

import harness
import tmux
from harness import PASS, USAGE, same, sentence, true

tests, test = harness.collector()
REFUSED = 77
LINE = "13 дек 2014 вечером @Грозный #arson +victim:JMG Офис сгорел"


class Screen:
    def __init__(self, world, columns=80, rows=24):
        self.tmux = tmux.Tmux(world, columns, rows)
        self.tmux.line("%s --vault %s" % (os.path.abspath(world.program()), world.vault))
        self.tmux.expect("assphrase")
        self.tmux.line(PASS)

    def keys(self, *names):
        for name in names:
            self.tmux.key(name)
            time.sleep(0.05)

    def expect(self, *texts):
        for text in texts:
            self.tmux.expect(text)


@test("seal freezes an entry; a change needs a reason, shows, and stands in the history")
def seal(world):
    world.create()
    world.log(LINE, "another one")
    sentence(world.run("seal", "E01", stdin=b"no\n"), 69, "terminal")
    out = world.ok("seal", "E01", "--yes").out
    same(out, "E01 sealed, with 1 record that hangs on it\n")
    sentence(world.run("seal", "E01", "--yes"), REFUSED, "sealed already")
    sentence(world.run("seal", "E77", "--yes"), 66)
    sentence(world.run("seal", password=None), USAGE)
    shown = world.ok("show", "E01").out
    true("Status      sealed 20" in shown and "changed after" not in shown, shown)
    screen = Screen(world)
    screen.expect("Офис сгорел", "another one")
    screen.keys("Home")
    while "> " not in [line for line in screen.tmux.screen().splitlines() if "Офис" in line][0]:
        screen.keys("Down")
    screen.keys("e")
    screen.expect("E01, sealed")
    screen.keys("End")
    screen.tmux.type(", видимо поджог")
    screen.keys("F2")
    screen.expect("not saved: correct the field Why")
    screen.tmux.type("позвонил свидетель")
    screen.keys("F2")
    screen.expect("E01 saved", "±")
    screen.keys("Enter")
    screen.expect("changed after sealing")
    screen.keys("H")
    screen.expect("позвонил свидетель", "title: Офис сгорел{+, видимо поджог+}", "sealed: E01")
    screen.keys("q", "q", "Q")
    screen.expect("shell>")
    screen.tmux.call("kill-server")
    row = [json.loads(line) for line in world.ok("timeline", "--json").out.splitlines()]
    same([(r["ref"], r["amended"]) for r in row if r["ref"] == "E01"], [("E01", True)])
    lines = [json.loads(line) for line in world.ok("history", "E01", "--json").out.splitlines()]
    same([line["revision"]["action"] for line in lines], ["create", "create", "change", "change",
                                                           "change"])
    same(lines[-1]["revision"]["why"], "позвонил свидетель")
    same(lines[-1]["changes"]["title"], ["Офис сгорел", "Офис сгорел, видимо поджог"])
    same(len(lines[3]["revision"]["frozen"].splitlines()), 2)
    same(lines[0]["first"]["title"], "Офис сгорел")
    world.clean_check()


@test("sealed on the screen, where another session seals while a form is open the reason is asked for")
def seal_screen(world):
    world.create()
    world.log(LINE)
    screen = Screen(world)
    screen.expect("Офис сгорел")
    screen.keys("Enter", "e")
    screen.expect("F2 save")
    screen.keys("End")
    screen.tmux.type("!")
    world.ok("seal", "E01", "--yes")
    screen.keys("F2")
    screen.expect("changed by somebody else")
    screen.keys("F2")
    screen.expect("E01 is sealed", "Why")
    screen.tmux.type("typed before")
    screen.keys("F2")
    screen.expect("E01 saved", "changed after sealing")
    screen.keys("q")
    world.log("third", "fourth")
    screen.expect("third")
    screen.keys("G", "S")
    screen.expect("later changes need a reason")
    screen.keys("y")
    screen.expect("sealed")
    screen.keys("S")
    screen.expect("is sealed already")
    screen.tmux.call("kill-server")
    world.clean_check()


@test("import into a sealed entry keeps the rule; older data is taken as ever")
def imported(world):
    world.sample()
    true("changed after" not in world.ok("show", "E11").out, "what came sealed is sealed as it came")
    data = json.loads(world.ok("export").out)
    entry = next(e for e in data["entries"] if e["ref"] == "E11")
    account = dict(id="77" * 16, entry=entry["id"], source=data["sources"][0]["id"], quote="later")
    world.write("more.json", json.dumps({"lapwing": "journal", "version": 1,
                                         "accounts": [account]}).encode())
    world.ok("import", "more.json")
    true("changed after sealing" in world.ok("show", "E11").out, "one more account shows")
    true("E11" in world.ok("history", "E11").out and "import" in world.ok("history", "E11").out, "")
    other = os.path.join(world.folder, "other.vault")
    whole = world.ok("export").out_bytes
    world.create(vault=other)
    world.write("whole.json", whole)
    world.ok("import", "whole.json", vault=other)
    same(world.ok("export", vault=other).out_bytes, whole)
    true("changed after sealing" in world.ok("show", "E11", vault=other).out, "it shows there too")
    true("changed after" not in world.ok("show", "E13", vault=other).out, "and nowhere else")
    world.clean_check()


@test("an entry is split, gets a part, and changes its date: nothing of what was said is lost")
def later(world):
    world.sample()
    before = json.loads(world.ok("export").out)
    world.log("13 dec 2014 evening @Grozny #arson +victim:JMG fire and later a search")
    data = json.loads(world.ok("export").out)
    entry = next(e for e in data["entries"] if e["ref"] == "E23")
    source = data["sources"][0]["id"]
    more = [dict(id=c * 32, entry=entry["id"], source=source, quote=q)
            for c, q in (("a", "the fire"), ("b", "the search"))]
    claim = dict(id="c" * 32, account="b" * 32, fact="warrant", text="none", stance="asserted",
                 status="open")
    world.write("more.json", json.dumps({"lapwing": "journal", "version": 1, "accounts": more,
                                         "claims": [claim]}).encode())
    world.ok("import", "more.json")
    screen = Screen(world)
    screen.expect("fire and later a search")
    screen.keys("Home")
    while not any(line.startswith(">") and "fire and later" in line
                  for line in screen.tmux.screen().splitlines()):
        screen.keys("Down")
    screen.keys("Enter")
    screen.expect("E23  arson")
    screen.keys("X")
    screen.expect("Split E23", "[ ] account of S1 in E23: the fire", "[ ]   claim")
    screen.keys("Down", "Enter")
    screen.expect("[x] account of S1 in E23: the search", "[x]   claim")
    screen.keys("F2")
    screen.expect("Split E23: 2 parts go", "arson", "Grozny")
    screen.tmux.type("search of the flat")
    screen.keys("Escape")  # goes back to the parts, and keeps what was typed
    screen.expect("kept unfinished", "[x] account of S1 in E23: the search")
    screen.keys("F2")
    screen.expect("Split E23: 2 parts go", "search of the flat")
    screen.keys("Tab")
    screen.expect("> Why")
    screen.tmux.type("two events")
    screen.keys("F2")
    screen.expect("E24 saved, split from E23", "E24  arson")
    screen.keys("P")
    screen.expect("New entry", "> Title")
    screen.tmux.type("the safe was opened")
    screen.keys("F2")
    screen.expect("E25 saved", "E24  arson")
    screen.keys("Escape")
    screen.expect("E23  arson")
    screen.keys("X")
    screen.expect("Split E23", "[ ] account of S1 in E23: the fire")
    screen.keys("F2")
    screen.expect("Split E23: nothing goes", "> Title")
    screen.tmux.type("a third event")
    screen.keys("Tab")
    screen.expect("> Why")
    screen.tmux.type("told apart by phone")
    screen.keys("F2")
    screen.expect("E26 saved, split from E23")
    screen.tmux.call("kill-server")
    shown = world.ok("show", "E24").out
    for text in ("the search", "warrant", "parallel to E23", "split from E23", "contains E25"):
        true(text in shown, (text, shown))
    true("Part of     E24 search of the flat" in world.ok("show", "E25").out, "its parent")
    shown = world.ok("show", "E23").out
    for text in ("the fire", "parallel to E24", "split"):
        true(text in shown, (text, shown))
    true("the search" not in shown, shown)
    for ref in ("E23", "E24"):
        told = world.ok("history", ref).out
        for text in ("the search", "two events", 'entry: [-E23 "fire and later a search"-]'):
            true(text in told, (ref, text, told))
    told = world.ok("history", "E23").out
    for text in ('split: E23 "fire and later a search"; E24 is new', "told apart by phone",
                 'split: E23 "fire and later a search"; E26 is new'):
        true(text in told, (text, told))
    true("told apart by phone" in world.ok("history", "E26").out, "so does the new one")
    after = json.loads(world.ok("export").out)
    for name, records in before.items():
        if isinstance(records, list) and name != "revisions":
            for record in records:
                true(record in after[name], "%s of before is as it was: %s" % (name, record))
    same(len(after["accounts"]), len(data["accounts"]) + 2)
    world.clean_check()


if __name__ == "__main__":
    harness.main(tests)
