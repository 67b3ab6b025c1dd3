"""The lists: seizures, threats, interventions, detentions, searches; and tasks."""
import csv
import io
import json
import re

import harness
from harness import DATA, PASS, USAGE, expect, golden, same, sentence, true
from tmux import Tmux

tests, test = harness.collector()


@test("lists of the practice chronology, as they are kept")
def lists(world):
    world.sample()
    for name, *args in (("seizures",), ("items",), ("threats",), ("detentions",), ("searches",),
                        ("interventions", "--on", "2014-12-31")):
        text = world.ok(name, *args).out
        golden("register-" + name, text)
        true(max(len(line) for line in text.splitlines()) <= 80, "%s fits 80 columns" % name)
    narrow = dict(world.env, COLUMNS="40")
    for name, *args in (("seizures",), ("interventions", "--on", "2014-12-31")):
        text = world.ok(name, *args, env=narrow).out
        golden("register-%s-40" % name, text)
        true(max(len(line) for line in text.splitlines()) <= 40, "%s fits 40 columns" % name)
    for file, env in (("contradictions", world.env), ("contradictions-40", narrow)):
        golden(file, world.ok("contradictions", env=env).out)


@test("the seizure: at least 10 items, of which 5 exactly counted, and only recorded defects")
def seizure(world):
    world.sample()
    text = world.ok("seizures").out
    true("\nSeized: at least 10 items, of which 5 exactly counted\n" in text, text)
    flat = re.sub(r"\s+", " ", text)
    true("no warrant (E13); no documents for the seizure (E17); lawyer not admitted (E18)" in flat, text)
    true("stated reason Babinets's beard (E13" in flat, text)
    for never in ("no copy of the record", "did not name themselves", "no specialist"):
        true(never not in text, "%s is said nowhere\n%s" % (never, text))
    rows = world.ok("seizures", "--json").rows()
    same([(row["count_min"], row["count_max"]) for row in rows],
         [(2, None), (1, 1), (4, 4), (2, None), (1, None)])
    table = list(csv.DictReader(io.StringIO(world.ok("seizures", "--csv").out)))
    same([row["count_max"] for row in table], ["", "1", "4", "", ""])
    same(table[0]["defects"],
         "no warrant (E13); no documents for the seizure (E17); lawyer not admitted (E18)")


@test("days open follow the day that is asked for, and the days that are filtered")
def days_open(world):
    world.sample()

    def days(*args):
        rows = world.ok("interventions", "--json", *args).rows()
        return {row["ref"]: (row["days_min"], row["days_max"]) for row in rows}

    same(days("--on", "2014-12-16"), {"E05": (7, 7), "E21": (0, 3), "E22": (0, 0)})
    same(days("--on", "17 dec 2014"), {"E05": (8, 8), "E21": (0, 4), "E22": (1, 1)})
    same(days("--on", "2014-12-10"), {"E05": (1, 1), "E21": (None, None), "E22": (None, None)})
    same(sorted(days("--on", "2014-12-31", "--since", "2014-12-15")), ["E21", "E22"])
    same(sorted(days("--on", "2014-12-31", "--until", "2014-12-10")), ["E05"])
    for wrong in ("2014-12", "2014-12-13/2014-12-14", "2014-12-13~", "2014-12-13 evening", "soon"):
        sentence(world.run("interventions", "--on", wrong), DATA, "--on")
    sentence(world.run("threats", "--since", "nonsense"), DATA, "--since")
    sentence(world.run("threats", "--json", "--csv"), USAGE)


@test("a filter says which entries a list is of, and stands beside its totals")
def filtered(world):
    world.sample()
    text = world.ok("searches", "--filter-from", "-", stdin="warrant:no\n").out
    true(text.endswith("\nOnly warrant:no\n1 search\n  warrant: no 1\n"), text)
    same(world.ok("searches", "--json", "--filter-from", "-", stdin="warrant:no").refs(), ["E13"])
    text = world.ok("items", "--since", "2014-12-14", "--kind", "seizure").out
    true("\nOnly since 14 December 2014 · kind:seizure\nSeized: at least 10 items" in text, text)
    text = world.ok("interventions", "--on", "2014-12-31", "--ref", "E05").out
    true("\nOnly ref:E05\n1 intervention, 1 open" in text, text)
    world.ok("filter", "save", "letters", stdin="kind:intervention -addressee:president")
    same(world.ok("interventions", "--json", "--filter", "letters").refs(), ["E05", "E21"])
    result = world.ok("threats", "--filter", "letters")
    true(result.out == "" and "No threats pass the filter" in result.err, result)
    sentence(world.run("threats", "--filter", "nobody"), harness.INPUT, "nobody")
    sentence(world.run("threats", "--ref", "E99"), harness.INPUT, "E99")
    sentence(world.run("searches", "--filter-from", "-", stdin="warant:no"), DATA, "--filter-from", "warrant")
    sentence(world.run("threats", "--filter", "letters", "--filter-from", "-", stdin="x"), USAGE)


@test("what is stated for a time and what may overlap it are listed and counted apart")
def at_a_time(world):
    world.sample()
    text = world.ok("interventions", "--when", "2014-12-16", "--on", "2014-12-31").out
    stated, rest = text.split("MAY OVERLAP IT")
    true(stated.startswith("STATED FOR 16 December 2014\n\nE22 "), text)
    true("E21" not in stated and "\n1 intervention, 1 open" in stated, text)
    true("E21" in rest and "E22" not in rest and "\n1 intervention, 1 open" in rest, text)
    rows = world.ok("interventions", "--when", "2014-12-16", "--json").rows()
    same({row["ref"]: row["match"] for row in rows}, {"E21": "may_overlap", "E22": "stated"})
    true("MAY OVERLAP IT\n\n  nothing\n" in world.ok("searches", "--when", "2014-12-14").out, "said")


@test("a list as it was known on a day counts to that day")
def known(world):
    world.sample()
    world.ok("tasks", "add", stdin="call; due: 2014-12-20; entry: E17\nwrite\n")
    for name in ("seizures", "threats", "interventions", "tasks"):
        result = world.ok(name, "--as-of", "2014-12-15")
        true(result.out.startswith("As known at the end of 15 December 2014"), result)
        same(len(result.out.strip().splitlines()), 1)
        later = world.ok(name, "--as-of", "2999-01-02", "--on", "2014-12-31").out if name in (
            "interventions", "tasks") else world.ok(name, "--as-of", "2999-01-02").out
        now = world.ok(name, "--on", "2014-12-31") if name in ("interventions", "tasks") else world.ok(name)
        same(later.split("\n", 2)[2], now.out, name)
    rows = world.ok("interventions", "--as-of", "2014-12-16", "--json").rows()
    same([sorted(row) for row in rows], [["as_of", "taken_back", "uncertain"]])
    rows = world.ok("interventions", "--as-of", "2999-01-02", "--json").rows()
    days = {row["ref"]: row["days_min"] for row in rows[1:]}
    same(days["E22"], world.ok("interventions", "--on", "2999-01-02", "--json").rows()[-1]["days_min"])
    true("overdue by" in world.ok("tasks", "--as-of", "2999-01-02").out, "as of then")
    sentence(world.run("threats", "--as-of", "sometime"), DATA, "--as-of")


OWN = """[phone_threat]
label = phone threat
lists = threats

[phone_threat/channel]
label = device
type = text

[phone_threat/exact_words]
label = they said
type = long-text

[threat]
label = threat
"""


@test("a team's own kind stands in a list with what it asks under the same names")
def own_kind(world):
    world.sample()
    before = world.ok("threats", "--json").refs()
    world.ok("forms", "import", world.write("own.ini", OWN))
    world.log("14 dec 2014 #phone_threat +victim:\"Igor Kalyapin\" a call at night")
    entry = [e for e in json.loads(world.ok("export").out)["entries"] if e.get("kind") == "phone_threat"][0]
    answers = [{"id": "%032x" % (n + 1), "entry": entry["id"], "key": key, "text": text}
               for n, (key, text) in enumerate([("channel", "call"), ("exact_words", "we know where you live")])]
    world.ok("import", world.write("answers.json", json.dumps(
        {"lapwing": "journal", "version": 1, "fields": answers})))
    rows = world.ok("threats", "--json").rows()
    same(sorted(row["ref"] for row in rows), sorted(before + [entry["ref"]]),
         "the vault's own threat does not take the others out")
    row = [row for row in rows if row["ref"] == entry["ref"]][0]
    same([row[part][0]["text"] for part in ("channel", "exact_words", "to")],
         ["call", "we know where you live", "Igor Kalyapin"])
    text = world.ok("threats").out
    true("they said" in text and "device" in text and "\n2 threats" in text, text)
    true("In the list of: threats\n" in world.ok("forms", "show", "phone_threat").out, "told")
    true("In the list of: threats\n" in world.ok("forms", "show", "threat").out, "told of the own one")
    kinds = {k["name"]: k["definition"] for k in json.loads(world.ok("export").out)["kinds"]}
    true("\nlists = threats\n" in kinds["phone_threat"] and "lists" not in kinds["threat"], kinds)
    result = world.run("forms", "check", world.write("bad.ini", "[a]\nlabel = a\nlists = items\n"),
                       vault=False, password=None)
    true("bad.ini:3: lists must be threats" in result.out, result)
    world.clean_check()


@test("an empty journal has empty lists, and the diary has its own")
def empty(world):
    world.create(duress=harness.DURESS)
    world.ok("import", harness.PRACTICE)
    for name in ("seizures", "items", "threats", "interventions", "detentions", "searches"):
        result = world.ok("decoy", name)
        same(result.out, "")
        true("No %s are recorded" % name in result.err, result)
        same(world.ok("decoy", name, "--json").out, "")
        true(world.ok(name).out != "", "the journal's own")
    world.ok("decoy", "log", stdin="13 dec 2014 #threat a strange call\n")
    same(world.ok("decoy", "threats", "--json").refs(), ["E01"])
    same(world.ok("threats", "--json").refs(), ["E20"])


TASKS = """ask the investigator for a copy of the record; due: 2014-12-20; for: Babinets; entry: E17
send the complaint; due: 2014-12-31; entry: E22; note: by registered mail
ask neighbours for recordings of their cameras
photograph the door; due: 2015-01-15; for: Анна
"""


@test("tasks: added from standard input, overdue first, done and open again")
def tasks_done(world):
    world.sample()
    same(world.ok("tasks", "add", stdin=TASKS).out, "task 1\ntask 2\ntask 3\ntask 4\n")
    golden("tasks", world.ok("tasks", "--on", "2014-12-31").out)
    golden("tasks-40", world.ok("tasks", "--on", "2014-12-31", env=dict(world.env, COLUMNS="40")).out)
    rows = world.ok("tasks", "--json", "--on", "2015-02-01").rows()
    same([(row["number"], row["state"], row["overdue_days"]) for row in rows],
         [(1, "overdue", 43), (2, "overdue", 32), (4, "overdue", 17), (3, "undated", 0)])
    same(world.ok("tasks", "done", "2", "1").out, "task 2 done\ntask 1 done\n")
    same(world.ok("tasks", "done", "1").out, "task 1 done already\n")
    same([row["number"] for row in world.ok("tasks", "--json").rows()], [4, 3])
    rows = world.ok("tasks", "--json", "--all").rows()
    same([row["number"] for row in rows], [4, 3, 1, 2])
    true(rows[2]["state"] == "done" and rows[2]["done_at"], rows[2])
    same(world.ok("tasks", "undone", "2").out, "task 2 open\n")
    same(sorted(row["number"] for row in world.ok("tasks", "--json").rows()), [2, 3, 4])
    table = list(csv.DictReader(io.StringIO(world.ok("tasks", "--csv", "--all").out)))
    same(len(table), 4)
    world.ok("resize", "5M")
    same(sorted(row["number"] for row in world.ok("tasks", "--json").rows()), [2, 3, 4])
    world.clean_check()


@test("tasks of the entries that pass, and none that is of no entry")
def tasks_filtered(world):
    world.sample()
    world.ok("tasks", "add", stdin=TASKS)
    same([row["number"] for row in world.ok("tasks", "--json", "--kind", "seizure").rows()], [1])
    same([row["number"] for row in world.ok("tasks", "--json", "--ref", "E22").rows()], [2])
    text = world.ok("tasks", "--on", "2014-12-31", "--filter-from", "-", stdin="-kind:seizure").out
    true(text.endswith("\nOnly of entries: -kind:seizure\n1 open: 1 task due today\n"), text)
    result = world.ok("tasks", "--kind", "arson")
    true(result.out == "" and "No open tasks pass the filter" in result.err, result)


@test("tasks: what is wrong is said, what is right is saved, nothing stands in an argument")
def tasks_wrong(world):
    world.create()
    result = expect(world.run("tasks", "add", stdin="one\ntwo; due: 31 feb 2015\nthree; entry: E99\nfour\n"),
                    DATA)
    same(result.out, "task 1\ntask 2\n")
    true("line 2: due: " in result.err and "line 3: " in result.err, result)
    same([row["title"] for row in world.ok("tasks", "--json").rows()], ["one", "four"])
    sentence(world.run("tasks", "add", "call", "Anna", stdin="x\n"), USAGE, "argument")
    sentence(world.run("tasks", "done", "Anna"), USAGE, "number")
    sentence(world.run("tasks", "done", "7"), harness.INPUT, "task 7")
    sentence(world.run("tasks", "--on", "2014"), DATA, "--on")


@test("tasks: the diary has its own, and a session that only reads adds none")
def tasks_diary(world):
    world.create(duress=harness.DURESS)
    world.ok("tasks", "add", stdin="send the complaint; due: 2014-12-31\n")
    result = world.ok("decoy", "tasks")
    true(result.out == "" and "No tasks are open" in result.err, result)
    world.ok("decoy", "tasks", "add", stdin="buy milk\n")
    same([row["title"] for row in world.ok("decoy", "tasks", "--json").rows()], ["buy milk"])
    same([row["title"] for row in world.ok("tasks", "--json").rows()], ["send the complaint"])


@test("what is due is told after unlocking, never before, and w logs a threat")
def on_screen(world):
    world.sample()
    world.ok("tasks", "add", stdin="send the complaint; due: 2014-12-31\n")
    tmux = Tmux(world)
    try:
        tmux.line("%s --vault %s" % (world.program(), world.vault))
        tmux.expect("Passphrase:")
        true("overdue" not in tmux.screen() and "task" not in tmux.screen(), tmux.screen())
        tmux.line(PASS)
        tmux.expect("1 task overdue · 22 entries")
        tmux.key("w")
        for text in ("call", "no number", "Igor Kalyapin", "we know where you live"):
            tmux.line(text)
        tmux.expect("E23 saved")
        tmux.key("Escape")
        tmux.key("t", "x", "Escape")
        tmux.expect("saved")
        true("overdue" not in tmux.screen(), tmux.screen())
        tmux.key("Q")
    finally:
        tmux.close()
    rows = world.ok("threats", "--json", "--since", "2020").rows()
    same([[value["text"] for value in rows[-1][part]] for part in ("channel", "sender", "to", "exact_words")],
         [["call"], ["no number"], ["Igor Kalyapin"], ["we know where you live"]])
    world.clean_check()


if __name__ == "__main__":
    harness.main(tests)
