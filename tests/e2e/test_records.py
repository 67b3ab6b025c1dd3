"""People, places, sources and incidents on the screens: made inside a form, changed, never lost."""
import json
import os
import signal

import harness
from harness import PASS, same, true, wait_until
from tmux import Tmux
from test_program import workers

tests, test = harness.collector()


def on_tmux(name, columns=80, rows=24):
    def put(function):
        def run(world):
            world.create()
            screen = Tmux(world, columns, rows)
            try:
                return function(world, screen)
            finally:
                screen.close()
        return test("%s, %dx%d" % (name, columns, rows))(run)
    return put


def at_each_size(name):
    def put(function):
        for columns, rows in ((80, 24), (40, 10)):
            on_tmux(name, columns, rows)(function)
        return function
    return put


def unlock(world, screen):
    screen.line("%s --vault %s" % (world.program(), world.vault))
    screen.expect("Passphrase:")
    screen.line(PASS)
    screen.expect("entr", seconds=20)


def go(screen, label):
    """Tab by Tab to a field."""
    for _ in range(40):
        if any(row.startswith("> " + label) for row in screen.screen().split("\n")):
            return
        screen.key("Tab")
        screen.expect(">")
    raise AssertionError("no field %s:\n%s" % (label, screen.screen()))


def fill(screen, label, text):
    go(screen, label)
    screen.type(text)
    screen.expect(text[-5:])


def leave(screen):
    screen.key("Q")
    screen.expect("shell>")


def exported(world):
    return json.loads(world.ok("export").out)


def of_name(records, name):
    return [record for record in records if record["name"] == name][0]


@at_each_size("a person is made inside the form of an entry, with names in two scripts")
def inside(world, screen):
    unlock(world, screen)
    screen.key("n")
    screen.expect("New entry")
    fill(screen, "Title", "Обыск в квартире")
    fill(screen, "People", "witness: Ivan")
    screen.key("F5")
    screen.expect("New person or group")
    screen.expect("Ivan")
    fill(screen, "Also", "Иван Петров; Cyrl; ru; legal")
    screen.key("F2")
    screen.expect("witness: Ivan")
    screen.key("F2")
    screen.expect("E01 saved")
    leave(screen)
    data = exported(world)
    same([party["name"] for party in data["parties"]], ["Ivan"])
    same([(name["text"], name["script"], name["language"], name["kind"]) for name in data["names"]],
         [("Иван Петров", "Cyrl", "ru", "legal")])
    same(len(data["participations"]), 1)
    world.clean_check()


@at_each_size("killed while the inner form is open: both come back")
def killed(world, screen):
    unlock(world, screen)
    screen.key("n")
    fill(screen, "Title", "Обыск в квартире")
    fill(screen, "Place", "Грозный")
    screen.key("F5")
    screen.expect("New place")
    fill(screen, "Kind", "город")
    screen.expect("typing kept", seconds=10)
    for pid in workers(screen):
        os.kill(pid, signal.SIGKILL)
    screen.expect("Passphrase:")
    screen.line(PASS)
    screen.expect("2 unfinished forms", seconds=20)
    screen.key("y")
    screen.expect("place    Грозный")
    screen.expect("entry    Обыск в квартире")
    while not any(row.startswith("> ") and "place" in row
                  for row in screen.screen().split("\n")):
        screen.key("Down")
    screen.key("Enter")
    screen.expect("город")
    screen.key("F2")
    screen.expect("place saved")
    screen.key("D")
    screen.expect("Обыск в квартире")
    go(screen, "Place")
    screen.expect("Грозный")
    screen.key("F2")
    screen.expect("E01 saved")
    leave(screen)
    data = exported(world)
    same([(place["name"], place["kind"]) for place in data["places"]], [("Грозный", "город")])
    same(data["entries"][0]["place"], data["places"][0]["id"])
    world.clean_check()


@at_each_size("locked while the inner form is open: both come back")
def locked(world, screen):
    unlock(world, screen)
    screen.key("n")
    fill(screen, "Title", "Обыск в квартире")
    fill(screen, "Source", "Новая газета")
    screen.key("F5")
    screen.expect("New source")
    fill(screen, "Author", "Милашина")
    screen.expect("typing kept", seconds=10)
    screen.key("C-\\")
    screen.expect_only("Passphrase:")
    screen.line(PASS)
    screen.expect("2 unfinished forms", seconds=20)
    screen.key("y")
    screen.expect("source   Новая газета")
    screen.expect("entry    Обыск в квартире")


@on_tmux("a list makes and changes its records, each change a revision with its reason")
def lists(world, screen):
    unlock(world, screen)
    screen.key("i")
    screen.expect("none yet")
    screen.key("n")
    screen.expect("New incident")
    fill(screen, "Title", "Декабрь 2014")
    screen.key("F2")
    screen.expect("incident saved")
    screen.expect("> Декабрь 2014")
    screen.key("e")
    fill(screen, "Summary", "Поджог и обыски")
    fill(screen, "Why", "после звонка")
    screen.key("F2")
    screen.expect("incident saved")
    leave(screen)
    data = exported(world)
    same(data["incidents"][0]["summary"], "Поджог и обыски")
    same([revision.get("why") for revision in data["revisions"]], [None, "после звонка"])
    world.clean_check()


@at_each_size("two people turn out to be one, and two again; the export carries it")
def merged(world, screen):
    world.log("13 dec 2014 +victim:Babinets detained", "14 dec 2014 +victim:\"Сергей Б.\" questioned")
    unlock(world, screen)
    screen.key("p")
    screen.expect("Babinets")
    if not screen.screen().count("> Сергей"):
        screen.key("End")
    screen.expect("> Сергей Б.")
    screen.key("m")
    screen.expect("marked")
    screen.key("Home")
    screen.expect("> Babinets")
    screen.key("m")
    screen.expect("Babinets (1")
    screen.key("y")
    screen.expect("they are one now")
    screen.key("Enter")
    screen.expect("detained")
    screen.expect("questioned")
    screen.key("q")
    screen.expect("People")
    leave(screen)
    data = exported(world)
    wanted = of_name(data["parties"], "Babinets")["id"]
    same(of_name(data["parties"], "Сергей Б.").get("same_as"), wanted)
    world.clean_check()
    world.write("twin.json", world.ok("export").out.encode())
    twin = os.path.join(world.folder, "twin")
    world.create(vault=twin)
    world.ok("import", os.path.join(world.folder, "twin.json"), vault=twin)
    same(world.ok("export", vault=twin).out, world.ok("export").out)
    unlock(world, screen)
    screen.key("p")
    screen.expect("> Babinets")
    screen.type(":unmerge")
    screen.key("Enter")
    screen.expect("out again")
    screen.key("y")
    screen.expect("they are two again")
    leave(screen)
    true(all("same_as" not in party for party in exported(world)["parties"]), "both stand alone")
    world.clean_check()


SECRET = "Zaira"
SECRET_SOURCE = "Notebook of"
PEOPLE = {
    "lapwing": "journal", "version": 1,
    "parties": [{"id": "%032x" % 1, "kind": "individual", "name": SECRET + " Khan",
                 "code_name": "Witness 3", "protected": True, "note": SECRET + " is a nurse"},
                {"id": "%032x" % 2, "kind": "individual", "name": SECRET + " Second",
                 "protected": True}],
    "names": [{"id": "%032x" % 3, "party": "%032x" % 1, "text": SECRET + "-alias", "kind": "alias"}],
    "sources": [{"id": "%032x" % 4, "ref": "S1", "title": SECRET_SOURCE + " a nurse",
                 "author": SECRET, "url": SECRET, "reference": SECRET, "note": SECRET,
                 "protected": True}],
    "entries": [{"id": "%032x" % 5, "ref": "E01", "title": "Patients were taken", "kind": "search",
                 "when": "2014-12-13", "status": "draft"}],
    "fields": [{"id": "%032x" % 6, "entry": "%032x" % 5, "key": "ordered_by", "party": "%032x" % 1}],
    "participations": [{"id": "%032x" % 7, "entry": "%032x" % 5, "party": "%032x" % 1,
                        "role": "witness"},
                       {"id": "%032x" % 8, "entry": "%032x" % 5, "party": "%032x" % 2,
                        "role": "victim"}],
    "accounts": [{"id": "%032x" % 9, "entry": "%032x" % 5, "source": "%032x" % 4,
                  "quote": "they came at six"},
                 {"id": "%032x" % 10, "entry": "%032x" % 5, "source": "%032x" % 4,
                  "quote": "they came at seven"}],
    "claims": [{"id": "%032x" % 11, "account": "%032x" % 9, "fact": "hour", "text": "six",
                "stance": "asserted", "status": "open"},
               {"id": "%032x" % 12, "account": "%032x" % 10, "fact": "hour", "text": "seven",
                "stance": "asserted", "status": "open"}],
    "items": [{"id": "%032x" % 13, "entry": "%032x" % 5, "kind": "seized", "description": "files",
               "owner": "%032x" % 1, "taken_by": "%032x" % 2}],
}
PRINTS = ([["timeline"], ["timeline", "--json"], ["timeline", "--csv"], ["show", "E01"],
           ["show", "E01", "--json"], ["contradictions"], ["contradictions", "--json"], ["check"],
           ["history", "E01"], ["history", "S1"], ["history", "%032x" % 1], ["history", "%032x" % 3]]
          + [["export", "--csv", table] for table in
             ("party", "name", "source", "participation", "account", "item", "field", "revision")]
          + [[name] + words for name in ("seizures", "items", "threats", "interventions", "detentions", "searches", "tasks",
                                         "people", "sources")
             for words in ([], ["--json"], ["--csv"])])


def with_secrets(world):
    path = os.path.join(world.folder, "people.json")
    world.write("people.json", json.dumps(PEOPLE, separators=(",", ":")).encode())
    world.ok("import", path)


@test("no command prints the name of somebody who is protected, unless asked")
def protected(world):
    world.create()
    with_secrets(world)
    shown = 0
    for words in PRINTS:
        result = world.run(*words)
        if result.code == harness.USAGE:
            continue  # a command that is not there
        same(result.code, 0, " ".join(words))
        shown += 1
        for secret in (SECRET, SECRET_SOURCE):
            true(secret not in result.out + result.err, "%s prints %s:\n%s" %
                 (" ".join(words), secret, result.out))
    true(shown >= 19, "commands that were tried: %d" % shown)
    out = world.ok("show", "E01").out
    true("Witness 3" in out and "protected person " in out and "protected source" in out, out)
    out = world.ok("show", "E01", "--reveal").out
    true(SECRET + " Khan" in out and SECRET_SOURCE in out, out)
    true(SECRET in world.ok("--reveal", "export", "--csv", "party").out, "asked for")
    same(exported(world)["parties"][0]["name"], SECRET + " Khan")
    for words in (["show", "E01"], ["show", "E01", "--json"]):
        result = world.run(*words, "--as-of", "today")
        if result.code != harness.USAGE:
            true(SECRET not in result.out and "Witness 3" in result.out, result.out)
    for text in (SECRET + " Khan", SECRET + "-alias"):
        result = world.ok("search", stdin=text)
        true("E01" in result.out, "found by the real name")


@at_each_size("no screen shows the name of somebody who is protected, until it is asked for")
def hidden(world, screen):
    with_secrets(world)
    unlock(world, screen)

    def nothing():
        true(SECRET not in screen.screen() and SECRET_SOURCE not in screen.screen(),
             screen.screen())
    screen.expect("Patients")
    for key, text in (("p", "Witness 3"), ("s", "protected source")):
        screen.key(key)
        screen.expect(text)
        nothing()
        screen.key("e")
        screen.expect("protected: the form")
        nothing()
        screen.key("Escape")
    screen.key("Enter")
    screen.expect("search")
    seen = ""
    for _ in range(8):
        nothing()
        seen += screen.screen()
        screen.key("PageDown")
    screen.expect("Revised" if "Revised" in screen.screen() else "E01")
    for text in ("Witness 3", "protected person ", "protected source"):
        true(text in seen, seen)
    screen.key("e")
    go(screen, "People")
    screen.expect("Witness 3")
    nothing()
    screen.key("C-End")
    screen.key("Enter")
    screen.type("lawyer: Zai")
    screen.expect("new person")
    true(not any("Ctrl-N" in row and "Witness" in row for row in screen.screen().split("\n")),
         "offered letter by letter:\n" + screen.screen())
    screen.key("C-g")
    screen.expect("drop it")
    screen.key("d")
    screen.expect("dropped")
    screen.key("Escape")
    screen.key("R")
    screen.expect("NAMES SHOWN")
    screen.key("p")
    screen.expect(SECRET + " Khan")
    screen.key("C-\\")
    screen.expect_only("Passphrase:")
    screen.line(PASS)
    screen.expect("Patients", seconds=20)
    true("NAMES SHOWN" not in screen.screen(), "hidden again")
    screen.key("p")
    screen.expect("Witness 3")
    nothing()


if __name__ == "__main__":
    harness.main(tests)
