"""lapwing merge: two records that are one, on the command line, and parted again."""
import json
import os
import re

import harness
from harness import (CREATE, DATA, DURESS, INPUT, PASS, TERMINAL, USAGE, WRONG, Terminal, expect, same,
                     sentence, true)

tests, test = harness.collector()
SECRET = "Zaira"


def number(n):
    return "%032x" % n


def person(n, name, **more):
    return dict({"id": number(n), "kind": "individual", "name": name}, **more)


DATA_OF = {
    "lapwing": "journal", "version": 1,
    "incidents": [{"id": number(1), "title": "Arson", "status": "open"},
                  {"id": number(2), "title": "Поджог", "status": "open"}],
    "places": [{"id": number(3), "name": "Grozny"}, {"id": number(4), "name": "Грозный"}],
    "parties": [person(5, "Babinets"), person(6, "Сергей Б."), person(7, "Ivan"), person(8, "ivan"),
                person(9, SECRET + " Khan", protected=True, code_name="Witness 3"),
                person(10, SECRET + " Second", protected=True), person(11, "A nurse")],
    "names": [{"id": number(12), "party": number(6), "text": "Serezha", "kind": "alias"}],
    "sources": [{"id": number(13), "ref": "S1", "title": "Letter"},
                {"id": number(14), "ref": "S2", "title": "Письмо"},
                {"id": number(15), "ref": "S3", "title": SECRET + "'s notebook", "protected": True}],
    "entries": [{"id": number(20), "ref": "E01", "title": "detained", "when": "2014-12-13",
                 "status": "draft"},
                {"id": number(21), "ref": "E02", "title": "questioned", "when": "2014-12-14",
                 "status": "draft"}],
    "participations": [{"id": number(30 + n), "entry": number(entry), "party": number(party),
                        "role": "victim"}
                       for n, (entry, party) in enumerate(((20, 5), (21, 6), (21, 7), (20, 9)))],
}


def fill(world, **options):
    world.ok("import", "-", stdin=json.dumps(DATA_OF), **options)


def merge(world, kind, *lines, words=("--yes",), **options):
    return world.run("merge", kind, *words, stdin="".join(line + "\n" for line in lines), **options)


def same_as(world, **options):
    """Whom every record says to be the same as, by the numbers of their ids."""
    data = json.loads(world.ok("export", **options).out)
    return {int(record["id"], 16): int(record["same_as"], 16)
            for array in ("incidents", "places", "parties", "sources")
            for record in data.get(array, []) if "same_as" in record}


@test("two of every list become one by names on standard input, and two again; the journal tells it")
def merged(world):
    world.create()
    fill(world)
    for kind, goes, stays, ids in (("people", "serezha", "BABINETS", (6, 5)),
                                   ("places", " грозный", "Grozny\r", (4, 3)),
                                   ("sources", "s2", "letter", (14, 13)),
                                   ("incidents", number(2), number(1), (2, 1))):
        result = expect(merge(world, kind, goes, stays), 0)
        true("is the same as" in result.out and "They are one now" in result.out, result)
        same(same_as(world).get(ids[0]), ids[1])
        true("same" in world.ok("history", number(ids[0])).out, "in its history")
    for words in ((), ("--as-of", "2999-01-01")):
        out = world.ok("show", "E02", *words).out
        true("victim: Babinets" in out and "Сергей" not in out, out)
    out = world.ok("timeline", "--json", "--filter-from", "-", stdin="name:Serezha\n")
    same(out.refs(), ["E01", "E02"], "found as one")
    exported = world.ok("export").out
    twin = os.path.join(world.folder, "twin")
    world.create(vault=twin)
    world.ok("import", "-", stdin=exported, vault=twin)
    same(world.ok("export", vault=twin).out, exported)
    # by id, by the name of what stays, where only one can be meant, and by reference
    for kind, name, left in (("people", number(6), {4: 3, 14: 13, 2: 1}), ("places", "Grozny", {14: 13, 2: 1}),
                             ("sources", "S2", {2: 1}), ("incidents", "поджог", {})):
        result = expect(merge(world, kind, name, words=("--undo", "--yes")), 0)
        true("no longer the same" in result.out and "They are two again" in result.out, result)
        same(same_as(world), left)
    true("victim: Сергей Б." in world.ok("show", "E02").out, "under its own name again")
    sentence(merge(world, "people", "Babinets", words=("--undo", "--yes")), INPUT, "nothing was said")
    world.clean_check()


@test("three become one: whichever is meant by the second name, the last one's stays; one is taken out")
def three(world):
    world.create()
    fill(world)
    expect(merge(world, "people", "Babinets", "Ivan's", words=("--yes",)), INPUT)
    expect(merge(world, "people", number(6), number(5)), 0)
    result = expect(merge(world, "people", number(7), number(6)), 0)
    true("Ivan (1 entry) is the same as Babinets (2 entries)" in " ".join(result.out.split()), result)
    same(same_as(world), {6: 5, 7: 5})
    sentence(merge(world, "people", number(5), number(6)), WRONG, "one person or group already")
    sentence(merge(world, "people", number(6), number(8)), WRONG, "--undo")
    result = sentence(merge(world, "people", "Babinets", words=("--undo", "--yes")), DATA, "several", "id")
    same([line.split(None, 1) for line in result.out.splitlines() if line],
         [[number(6), "Сергей Б."], [number(7), "Ivan"]])
    same(same_as(world), {6: 5, 7: 5}, "nothing was done")
    expect(merge(world, "people", "сергей б.", words=("--undo", "--yes")), 0)
    same(same_as(world), {7: 5})
    world.clean_check()


@test("what cannot be meant is refused with a sentence, and nothing is changed")
def refused(world):
    world.create()
    fill(world)
    before = world.ok("export").out
    for lines, code, words in (
            (("Nobody", "Babinets"), INPUT, ("Nobody", "no person")),
            (("Babinets", "Nobody"), INPUT, ("Nobody",)),
            (("Babinets", "babinets"), WRONG, ("already",)),
            (("Сергей Б.", "serezha"), WRONG, ("already",)),
            (("Ivan", "Babinets"), DATA, ("several", "id")),
            (("Babinets", "IVAN"), DATA, ("several", "id")),
            (("Babinets",), DATA, ("ended",)), ((), DATA, ("ended",)), (("", "Babinets"), DATA, ("missing",)),
            (("x" * 1025, "Babinets"), DATA, ("1024",)), ((number(99), "Babinets"), INPUT, ("id",)),
            ((number(3), "Babinets"), INPUT, ("id",))):  # a place
        sentence(merge(world, "people", *lines), code, *words)
    result = merge(world, "people", "ivan", "Babinets")
    same([line.split(None, 1) for line in result.out.splitlines() if line],
         [[number(7), "Ivan (1 entry)"], [number(8), "ivan (0 entries)"]])
    sentence(world.run("merge", "people", "--yes", stdin=b"\xff\xfe\nBabinets\n"), DATA, "UTF-8")
    sentence(merge(world, "people", "Babinets", "A nurse", words=()), TERMINAL, "terminal", "--yes")
    for words in (("--yes", "--as-of", "today"), ("--yes", "Zarema"), ("--into", "Zarema")):
        result = sentence(merge(world, "people", "Babinets", "A nurse", words=words), USAGE)
        true("Zarema" not in result.out + result.err, result)
    sentence(merge(world, "persons", "Babinets", "A nurse"), USAGE, "places")
    sentence(world.run("merge", stdin="Babinets\nA nurse\n"), USAGE)
    same(world.ok("export").out, before)
    os.chmod(world.vault, 0o400)
    sentence(merge(world, "people", "Babinets", "A nurse", prefix=world.user()), CREATE, "writing")
    os.chmod(world.vault, 0o600)
    same(world.ok("export").out, before)


@test("a protected name is neither shown nor confirmed: it is refused as one that nobody has")
def protected(world):
    world.create()
    fill(world)

    def hidden(result):
        true(SECRET not in result.out + result.err.replace(typed, ""), result)
        return result
    for kind, typed, other in (("people", SECRET + " Khan", "Babinets"),
                               ("people", SECRET + " Second", "Babinets"),
                               ("sources", SECRET + "'s notebook", "Letter")):
        unknown = "Q" + typed[1:]
        for lines in ((typed, other), (other, typed)):
            result = hidden(merge(world, kind, *lines))
            wanted = merge(world, kind, *[unknown if line is typed else line for line in lines])
            same((result.code, result.out, result.err.replace(typed, unknown)),
                 (wanted.code, wanted.out, wanted.err))
            same(result.code, INPUT)
    typed = "-"
    stand_in = re.search("protected person [0-9]+", hidden(
        merge(world, "people", number(10), "Babinets", words=())).out).group()
    result = hidden(merge(world, "people", "witness 3", "A nurse"))
    true("Witness 3 (1 entry) is the same as" in result.out, result)
    hidden(expect(merge(world, "people", stand_in, number(11)), 0))
    same(same_as(world), {9: 11, 10: 11})
    # whom they are the same as is protected with them
    wanted = sentence(merge(world, "people", "a nobody", "Babinets"), INPUT).err
    same(merge(world, "people", "a nurse", "Babinets").err.replace("nurse", "nobody"), wanted)
    result = hidden(sentence(merge(world, "people", number(11), words=("--undo", "--yes")), DATA))
    true(number(9) + "  Witness 3" in result.out and number(10) + "  " + stand_in in result.out, result)
    hidden(expect(merge(world, "people", "Witness 3", words=("--undo", "--yes")), 0))
    result = hidden(expect(merge(world, "people", stand_in, words=("--undo", "--yes")), 0))
    same(same_as(world), {})
    expect(merge(world, "people", SECRET + " Khan", SECRET + " Second", words=("--yes", "--reveal")), 0)
    same(same_as(world), {9: 10})
    world.clean_check()


@test("under the duress passphrase names of the other journal are refused as by any vault")
def duress(world):
    single = os.path.join(world.place, "s.vault")
    world.create(vault=single, password=DURESS)
    world.create(duress=DURESS)
    fill(world)
    world.ok("decoy", "log", stdin="4 nov 2026 +witness:Anna dinner\n5 nov 2026 +witness:Аня tea\n")
    result = merge(world, "people", "Babinets", "Ivan", words=())
    sentence(result, DATA)
    expect(world.run("decoy", "merge", "people", "--yes", stdin="Babinets\nAnna\n"), INPUT)
    expect(world.run("decoy", "merge", "people", "--yes", stdin="Аня\nAnna\n"), 0)
    same(same_as(world), {}, "the ordinary journal is left alone")
    for words, lines in ((("--yes",), ("Babinets", "Сергей Б.")), (("--undo", "--yes"), ("Babinets",)),
                         (("--yes",), (number(5), number(6)))):
        results = [merge(world, "people", *lines, words=words, vault=vault, password=DURESS)
                   for vault in (True, single)]
        same((results[0].code, results[0].out, results[0].err), (results[1].code, results[1].out, results[1].err))
        sentence(results[0], INPUT)
    expect(merge(world, "people", "Anna", words=("--undo", "--yes"), password=DURESS), 0)
    same(same_as(world, password=DURESS), {})


def asked(world, *words):
    terminal = Terminal(world, "merge", "people", *words)
    terminal.expect("Passphrase: ")
    terminal.type(PASS + "\n")
    return terminal


@test("on a terminal names and a word are asked for; anything but the word leaves it")
def prompts(world):
    world.create()
    fill(world)
    for word, code in (("no", harness.BUSY), ("merge", 0)):
        terminal = asked(world)
        terminal.expect("The name that goes: ")
        terminal.type("Сергей Б.\r")
        terminal.expect("The name that stays: ")
        terminal.type("Babinets\r")
        terminal.expect("Сергей Б. (1 entry) is the same as Babinets (1 entry)")
        terminal.expect("Type merge to go on: ")
        terminal.type(word + "\r")
        same(terminal.end(), code)
        true((b"They are one now" if code == 0 else b"nothing was done") in terminal.seen, terminal.seen)
        same(same_as(world), {} if code else {6: 5})
    terminal = asked(world)
    terminal.expect("The name that goes: ")
    terminal.type("\x04")
    same(terminal.end(), harness.BUSY)
    for word, code in (("merge", harness.BUSY), ("part", 0)):
        terminal = asked(world, "--undo")
        terminal.expect("To be taken out again: ")
        terminal.type("Babinets\r")
        terminal.expect("Сергей Б. is no longer the same as Babinets")
        terminal.expect("Type part to go on: ")
        terminal.type(word + "\r")
        same(terminal.end(), code)
        same(same_as(world), {6: 5} if code else {})
    world.clean_check()


if __name__ == "__main__":
    harness.main(tests)
