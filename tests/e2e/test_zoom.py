"""The timeline as a ruler and in lanes, on the command line."""
import json
import os

import harness
from harness import INPUT, PASS, USAGE, golden, same, sentence, true
from tmux import Tmux

tests, test = harness.collector()


def journal(entries):
    """Entries are (date or None, kind, names of people); who begins with * is protected."""
    names = sorted({name for _, _, people in entries for name in people})
    text = {"lapwing": "journal", "version": 1, "parties": [], "entries": [], "participations": []}
    for at, name in enumerate(names):
        party = {"id": "02%030d" % at, "kind": "individual", "name": name.lstrip("*")}
        if name.startswith("*"):
            party["protected"] = True
        text["parties"].append(party)
    for at, (when, kind, people) in enumerate(entries):
        entry = {"id": "06%030d" % at, "ref": "E%02d" % (at + 1), "kind": kind, "title": "что-то",
                 "status": "draft"}
        if when is not None:
            entry["when"] = when
        text["entries"].append(entry)
        for of, name in enumerate(people):
            text["participations"].append({"id": "08%026d%04d" % (at, of), "entry": entry["id"],
                                           "party": "02%030d" % names.index(name), "role": "witness"})
    return json.dumps(text)


def rows(result):
    """The lines between the first blank one and the next."""
    return result.out.split("\n\n")[1].splitlines()


@test("ruler and lanes of the practice chronology, as they are kept")
def kept(world):
    world.sample()
    for columns in ("80", "40"):
        env = dict(world.env, COLUMNS=columns)
        for name, *args in (("ruler", "--ruler", "fit"), ("lanes-person", "--lanes", "person"),
                            ("lanes-place", "--lanes", "place", "--ruler", "days"),
                            ("ruler-hours", "--ruler", "hours", "--since", "2014-12-12")):
            text = world.ok("timeline", *args, env=env).out
            golden("timeline-%s-%s" % (name, columns), text)
            true(max(len(line) for line in text.splitlines()) <= int(columns), "%s fits" % name)
    now = world.ok("timeline", "--ruler", "fit").out
    same(world.ok("timeline", "--ruler", "fit", "--as-of", "2999-01-02").out.split("\n", 2)[2], now)
    true("22 entries" in now, now)
    early = world.run("timeline", "--lanes", "kind", "--as-of", "2014-12-15")
    true("No entries" in early.err and "arson" not in early.out, early)


@test("what is not dated finely is never drawn as if it were, and names in Russian keep the columns")
def uncertain(world):
    world.create()
    dates = ["2014-12-13 18:05", "2014-12-13", "2014-12", "2014-12-12/2014-12-14", "2014-12-15~", "2014-12-11/..",
             None]
    path = os.path.join(world.folder, "uncertain.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(journal([(when, "threat", ["Ольга Иванова", "*Kovalenko"] if at < 3 else ["Анна"])
                            for at, when in enumerate(dates)]))
    world.ok("import", path)
    ruler = world.ok("timeline", "--ruler", "days", "--since", "2014-12-11", "--until", "2014-12-16")
    same(rows(ruler), ["  Thu 11 December 2014     0 ~2  ~~",
                       "  Fri 12 December 2014     0 ~3  ~~~",
                       "  Sat 13 December 2014     2 ~3  ##~~~",
                       "  Sun 14 December 2014     0 ~4  ~~~~",
                       "  Mon 15 December 2014     0 ~3  ~~~",
                       "  Tue 16 December 2014     0 ~3  ~~~"])
    true("Only since 11 December 2014 · until 16 December 2014\n"
         "7 entries: 2 within one day, 4 over several or not dated so finely, 1 without a\n  date\n" in ruler.out,
         ruler.out)
    lanes = world.ok("timeline", "--lanes", "person", "--ruler", "days")
    same(rows(lanes)[1:], ["Анна                       4  ~", "protected person 1         3  2",
                           "Ольга Иванова              3  2"])
    true("\nWithout a date: Анна 1\n" in lanes.out and "Kovalenko" not in lanes.out, lanes.out)
    lanes = world.ok("timeline", "--lanes", "person", "--reveal")
    true("\nKovalenko                  3" in lanes.out, lanes.out)
    hours = world.ok("timeline", "--ruler", "hours", "--when", "2014-12-13")
    true("  Sat 13 December 2014, 18:00     1 ~4  #~~~~" in rows(hours), hours.out)
    true("Only what is or may be of 13 December 2014\n" in hours.out, hours.out)


@test("filters narrow what is counted, long rulers are drawn in turns, and what cannot be is said")
def filtered(world):
    world.create()
    path = os.path.join(world.folder, "many.json")
    entries = [("%d-%02d-05" % (2009 + at // 12, at % 12 + 1), "arson" if at % 3 else "threat",
                ["Ivan"] if at % 2 else []) for at in range(70)] + [("2012-07", "threat", ["Olga"])] * 90
    with open(path, "w", encoding="utf-8") as file:
        file.write(journal(entries))
    world.ok("import", path)
    text = world.ok("timeline", "--ruler", "years").out
    true("\n  2012    102  ###" in text and "A sign stands for up to 2 of them." in text.replace("\n", " "), text)
    text = world.ok("timeline", "--ruler", "months", "--filter-from", "-", stdin="person:Olga").out
    true("Only person:Olga\n90 entries: 90 within one month\n\n  July 2012         90  ###" in text, text)
    text = world.ok("timeline", "--lanes", "kind", "--ruler", "months", "--kind", "arson").out
    same([line.split()[:2] for line in text.splitlines() if line.startswith("arson")], [["arson", "46"]] * 2)
    same("".join(line.split()[2] for line in text.splitlines() if line.startswith("arson")), "11." * 22 + "11")
    text = world.ok("timeline", "--lanes", "person", "--since", "2012-07-01", "--until", "2012-07-31").out
    true("\nOlga                      90  ~\n" in text, text)
    true("Only since 1 July 2012 · until 31 July 2012\n91 entries: 1 within one day, 90 over" in text, text)
    for args, words in ((("--ruler", "week"), "years, months, days, hours or fit"),
                        (("--lanes", "who"), "person, place, kind or source"),
                        (("--ruler", "fit", "--json"), "--json"), (("--lanes", "kind", "--csv"), "--csv"),
                        (("--lanes", "kind", "--ruler", "hours"), "coarser")):
        sentence(world.run("timeline", *args), USAGE, words)
    sentence(world.run("timeline", "--ruler", "fit", "--ref", "E999"), INPUT, "E999")
    result = world.ok("timeline", "--ruler", "fit", "--since", "2020")
    true(result.out == "" and "No entries" in result.err, result)


@test("the ruler on the screen follows what is written elsewhere, and leads back to the list")
def screen(world):
    world.sample()
    tmux = Tmux(world, columns=40, rows=10)
    try:
        tmux.line("%s --vault %s" % (world.program(), world.vault))
        tmux.expect("Passphrase:")
        tmux.line(PASS)
        tmux.expect("22 entries")
        tmux.key("z")
        tmux.expect("> 2014  19 ~3  ####")
        tmux.key("+", "+", "Home", "End", "Up", "Up", "Up")
        tmux.expect("> 13 December 2014   4 ~5  ####~~~~~")
        world.log("2014-12-13; звонок с угрозами")
        tmux.expect("> 13 December 2014   5 ~5  #####~~~~~")
        tmux.key("Enter")
        tmux.expect("> ?           Demonstration")
        tmux.key("Q")
    finally:
        tmux.close()


if __name__ == "__main__":
    harness.main(tests)
