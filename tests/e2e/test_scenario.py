"""The chronology of December 2014, in and out and as the journal tells it."""
import json
import os
import re

import harness
from harness import DATA, PASS, PRACTICE, expect, same, sentence, true

tests, test = harness.collector()
DETAINED = ["E13", "E14", "E15", "E16", "E17", "E18"]

# From the scenario, by hand: entry, and words of each side that must both be printed.
CONTRADICTIONS = {
    1: ("E02", "at least one", "silent"),
    2: ("E02", "11", "all"),
    3: ("E02", "14 policemen", "14 law-enforcement officers"),
    4: ("E03", "5 December", "undated"),
    5: ("E04", "apparently", "nobody named"),
    6: ("E04", "no place", "surrounding villages"),
    7: ("E05", "criminal investigation authorities", "prosecutor general"),
    8: ("E05", "silent", "Article 286"),
    9: ("E07", "two men threw", "number silent"),
    10: ("E09", "apartment", "offices"),
    11: ("E09", "at least one armed", "silent"),
    12: ("E11", "evening", "soon after"),
    13: ("E12", "smashed", "silent"),
    14: ("E13", "forced entry", "owned"),
    15: ("E14", "members", "two lawyers"),
    16: ("E16", "detained for several hours", "deny"),
}


def contents(world):
    """The export without the chains, as data."""
    data = json.loads(world.ok("export").out)
    data.pop("revisions", None)
    return data


def flat(text):
    return re.sub(r"\s+", " ", text)


@test("import, export, import into a new vault, export: byte-equal")
def round_trip(world):
    world.sample()
    first = os.path.join(world.folder, "first.json")
    world.ok("export", "-o", first)
    second = os.path.join(world.place, "second.vault")
    world.create(vault=second)
    world.ok("import", first, vault=second)
    same(world.ok("export", vault=second).out_bytes, world.bytes(first))
    same(world.ok("export").out_bytes, world.bytes(first), "and printed the same")
    true(b'"revisions"' in world.bytes(first), "the chains are in it")
    world.clean_check(vault=second)


@test("exported without revisions it is the practice file, byte for byte")
def equals_practice(world):
    world.sample()
    lines = world.ok("export").out_bytes.decode().split("\n")
    at = lines.index('"revisions":[')
    true(lines[-2:] == ["]}", ""], "revisions come last")
    true(lines[at - 1] == "],", lines[at - 1])
    rest = "\n".join(lines[:at - 1] + ["]}", ""])
    with open(PRACTICE, "rb") as file:
        same(rest.encode(), file.read())


@test("importing twice changes nothing, and says so")
def twice(world):
    world.sample()
    before = world.ok("export").out_bytes
    again = world.ok("import", PRACTICE)
    true("nothing was changed" in again.out, again)
    same(world.ok("export").out_bytes, before)
    exported = world.write("full.json", before)
    true("nothing was changed" in world.ok("import", exported).out, "with its revisions too")
    same(world.ok("export").out_bytes, before)


@test("a dry run tells what it would do and changes nothing")
def dry_run(world):
    world.create()
    before = world.ok("export").out_bytes
    result = world.ok("import", "--dry-run", PRACTICE)
    true(re.search(r"^entries +22 new", result.out, re.M), result)
    true("nothing was changed" in result.out, result)
    same(world.ok("export").out_bytes, before)
    same(world.timeline(), [])
    real = world.ok("import", PRACTICE)
    same(real.out.splitlines()[:-1], result.out.splitlines()[:-1], "it said the same")
    with open(PRACTICE, encoding="utf-8") as file:
        bad = file.read().replace('"kind":"arson"', '"kind":7')
    sentence(world.run("import", "--dry-run", world.write("bad.json", bad)), DATA, "entries")


@test("an altered record is refused by name, wholly")
def altered(world):
    world.sample()
    before = world.ok("export").out_bytes
    with open(PRACTICE, encoding="utf-8") as file:
        text = file.read()
    for old, new, words in (
            ('"title":"JMG office burned"', '"title":"JMG office not burned"', ("E11",)),
            ('"hedge":"apparent"', '"hedge":"certain"', ("E11",)),
            ('"ref":"E11"', '"ref":"E12"', ("entries",)),
            ('"title":"JMG office burned"', '"titel":"JMG office burned"', ("E11", "titel")),
            ('"when":"2014-12-13 evening"', '"when":"2014-13-13"', ("E11", "when"))):
        true(text.count(old) == 1, "the practice file has %s once" % old)
        path = world.write("altered.json", text.replace(old, new))
        sentence(world.run("import", path), DATA, *words)
        same(world.ok("export").out_bytes, before)


@test("13 and 14 December in the order of the scenario")
def order(world):
    world.sample()
    for refs in ([row["ref"] for row in world.timeline()],
                 re.findall(r"^ {2}.{0,14}\b(E\d\d)\b", world.ok("timeline").out, re.M)):
        same(sorted(refs), ["E%02d" % n for n in range(1, 23)])
        chain = ["E08", "E09", "E10", "E11", "E12"] + DETAINED + ["E19"]
        same([ref for ref in refs if ref in chain], chain)
        at = refs.index
        true(at("E01") < at("E02") < at("E03") < at("E05") < at("E06") < at("E07") < at("E08"), refs)
        true(at("E19") < at("E22"), refs)


@test("--when '2014-12-13 evening': E11 is stated, eight others may overlap it")
def when(world):
    world.sample()
    rows = world.timeline("--when", "2014-12-13 evening")
    stated = [row["ref"] for row in rows if row["match"] == "stated"]
    overlap = [row["ref"] for row in rows if row["match"] == "may_overlap"]
    same(stated, ["E11"])
    same(sorted(overlap), ["E01", "E04", "E08", "E09", "E10", "E12", "E20", "E21"])
    same(len(rows), 9)
    text = world.ok("timeline", "--when", "2014-12-13 evening").out
    first, second = text.split("MAY OVERLAP", 1)
    same(re.findall(r"\bE\d\d\b", first), ["E11"])
    same(sorted(re.findall(r"\bE\d\d\b", second)), sorted(overlap))
    same(world.ok("timeline", "--when", "13.12.2014 evening").out, text, "typed as people do")


@test("every spelling of a name finds E13 to E18")
def searches(world):
    world.sample()
    for name in ("Babinets", "Sergey", "Бабинец", "Sergei", "Dmitriyev", "babinets", "БАБИНЕЦ",
                 "Сергей", "Sergey Babinets", "Dimitriev", "Dmitriev", "Дмитриев"):
        same(sorted(world.ok("search", "--json", stdin=name + "\n").refs()), DETAINED, name)
        same(sorted(re.findall(r"\bE\d\d\b", world.ok("search", stdin=name).out)), DETAINED, name)
    names = sorted(r["ref"] for r in world.timeline("--filter-from", world.write("n", "Сергей\n")))
    same(names, DETAINED, "--filter-from")


@test("hedges stand in every output: apparent with E11, apparently by with E04")
def hedges(world):
    world.sample()
    row = {row["ref"]: row for row in world.timeline()}["E11"]
    same(row["hedge"], "apparent")
    for args in (("timeline",), ("timeline", "--when", "2014-12-13 evening"),
                 ("timeline", "--ref", "E11"), ("show", "E11"), ("show", "E11", "--json"),
                 ("timeline", "--csv"), ("export",), ("export", "--csv", "entries")):
        text = world.ok(*args).out
        true("apparent" in text.replace("apparently", ""), "apparent in %s" % (args,))
    true("(apparent)" in flat(world.ok("search", stdin="burned\n").out), "search")
    true("apparently by" in flat(world.ok("show", "E04").out), "E04")
    true("alleged" in flat(world.ok("show", "E04").out), "the link from E03 is alleged")
    for args in (("show", "E04", "--json"), ("export",), ("export", "--csv", "participations")):
        true("apparently by" in world.ok(*args).out, "apparently by in %s" % (args,))


@test("an arson that is only apparent is so among the contradictions and links too")
def hedges_elsewhere(world):
    world.sample()
    for block in re.split(r"\n(?=C\d+ )", world.ok("contradictions").out):
        if block.startswith("C12 "):
            true("apparent" in block, "C12 in text\n%s" % block)
    row = world.ok("contradictions", "--json").rows()[11]
    true(row["ref"] == "E11" and "apparent" in json.dumps(row), "C12 as JSON: %s" % row)
    links = [line for line in world.ok("show", "E10").out.splitlines() if "E11" in line]
    true(links and all("apparent" in line for line in links), "E10's order: %s" % links)


@test("exactly the sixteen contradictions print, each with both wordings")
def contradictions(world):
    world.sample()
    text = world.ok("contradictions").out
    blocks = re.split(r"\n(?=C\d+ )", "\n" + text)[1:]
    same(len(blocks), 16)
    rows = world.ok("contradictions", "--json").rows()
    same(len(rows), 16)
    for number, (ref, one, other) in CONTRADICTIONS.items():
        block = flat(blocks[number - 1])
        true(block.startswith("C%d %s " % (number, ref)), block)
        row = rows[number - 1]
        same((row["number"], row["ref"]), (number, ref))
        true(len(row["voices"]) >= 2, row)
        raw = json.dumps(row, ensure_ascii=False)
        for word in (one, other):
            true(word in block, "%r in %s" % (word, block))
            true(word in raw, "%r in %s" % (word, raw))
    sides = {voice["ref"]: voice for voice in rows[15]["voices"]}
    same(sides["E19"]["stance"], "denied")
    same(sides["E19"]["via"], "Russian media")
    true("E19" in blocks[15], blocks[15])


@test("the seizure: at least 10 items, of which 5 exactly counted")
def seizure(world):
    world.sample()
    text = flat(world.ok("show", "E17").out)
    true("at least 10 items, of which 5 exactly counted" in text, text)
    for words in ("their mobile phones", "car webcam", "four cameras", "laptop computers",
                  "other JMG equipment"):
        true(words in text, "%r as written" % words)
    items = [i for i in contents(world)["items"]
             if i["entry"] == "06000000000000000000000000000017"]
    have = sorted((i.get("count_min"), i.get("count_max")) for i in items if i.get("count_max") is not None)
    same(have, [(1, 1), (4, 4)], "only two are counted exactly")
    same(sum(i.get("count_min", 0) for i in items), 10)


@test("unknown stays unknown: no date, no count, no place is made up")
def unknown(world):
    world.create()
    world.log("they came back")
    row = world.timeline()[0]
    for name in ("when", "place", "hedge", "when_text", "duration_text"):
        same(row[name], None, name)
    entry = contents(world)["entries"][0]
    for name in ("when", "place", "hedge", "narrative"):
        true(name not in entry, "%s in %s" % (name, entry))
    true("recorded" in world.ok("show", "E01").out.lower(), "when it was recorded is known")


@test("text of every script comes back as it was typed")
def scripts(world):
    world.create()
    texts = ["Сергея увезли в отдел", "нохчийн мотт: цӀа дагийна", "كتابة عربية", "日本語の記録",
             "e\u0301 is kept as it is", "👩‍👩‍👧 family", "tab\there", "a “quoted” word – and \\ /"]
    world.log(*texts)
    exported = sorted(entry["title"] for entry in contents(world)["entries"])
    want = sorted(text.replace("\t", " ") for text in texts)
    same(exported, want)
    same(sorted(world.titles()), exported)
    expect(world.run("search", "--json", stdin="цӀа"), 0)
    same(len(world.ok("search", "--json", stdin="дагийна").refs()), 1)
    true(PASS not in world.ok("export").out, "no passphrase in what is exported")


if __name__ == "__main__":
    harness.main(tests)
