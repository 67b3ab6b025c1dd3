"""Filters against a slow evaluation of what was exported; the journal as it was known."""
import json
import random
import re

import harness
from harness import DATA, same, sentence, true

tests, test = harness.collector()

# Each name as the record has it, and other spellings of it.
PEOPLE = [("Сергей Бабинец", ["Babinets", "Babinec", "бабинец"]),
          ("Anna Petrova", ["Петрова", "Anna", "petrova"]),
          ("Igor Kalyapin", ["Каляпин", "Kaliapin", "Kalyapin"])]
PLACES = [("Чечня", None, ["Chechnya", "Čečnja"]), ("Grozny", 0, ["Грозный", "Grozny"]),
          ("Press House", 1, ["Press"]), ("Moscow", None, ["Moskow", "moscow"])]
WORDS = ["lamp", "river", "stone", "cloud", "window"]
KINDS = ["arson", "threat", "search"]
DAYS = ["2014-12-%02d" % day for day in range(10, 17)]


def identity(kind, number):
    return "%02x%030x" % (kind, number + 1)


def make_journal(rng, count):
    """Records without revisions, as an export has them."""
    maybe = lambda value, chance=0.5: value if rng.random() < chance else None
    data = {"lapwing": "journal", "version": 1, "incidents": [{"id": identity(1, i), "title": "case %s" % word, "status": "open"}
                          for i, word in enumerate(["red", "blue"])],
            "parties": [{"id": identity(2, i), "kind": "individual", "name": name}
                        for i, (name, _) in enumerate(PEOPLE)],
            "places": [dict([("id", identity(3, i)), ("name", name)] +
                            ([("parent", identity(3, above))] if above is not None else []))
                       for i, (name, above, _) in enumerate(PLACES)],
            "sources": [{"id": identity(4, i), "ref": "S%d" % (i + 1), "title": "letter %d" % i}
                        for i in range(2)],
            "entries": [], "fields": [], "participations": [], "accounts": [], "claims": [],
            "items": [], "links": [], "tasks": []}
    for n in range(count):
        entry = {"id": identity(5, n), "ref": "E%02d" % (n + 1),
                 "incident": maybe(identity(1, rng.randrange(2))),
                 "kind": maybe(rng.choice(KINDS), 0.8),
                 "title": " ".join(rng.sample(WORDS, 2)),
                 "narrative": maybe(" ".join(rng.sample(WORDS, 3))),
                 "hedge": maybe(rng.choice(["apparent", "alleged"]), 0.3),
                 "when": maybe(rng.choice(DAYS), 0.8),
                 "place": maybe(identity(3, rng.randrange(len(PLACES))), 0.7),
                 "status": rng.choice(["draft", "sealed"]),
                 "confidentiality": maybe(rng.choice(["open", "internal", "restricted"]))}
        data["entries"].append({k: v for k, v in entry.items() if v is not None})
        if rng.random() < 0.6:
            data["participations"].append(
                {"id": identity(6, n), "entry": entry["id"],
                 "party": identity(2, rng.randrange(len(PEOPLE))),
                 "role": rng.choice(["victim", "witness"])})
        if rng.random() < 0.4:
            item = {"id": identity(7, n), "entry": entry["id"],
                    "kind": rng.choice(["seized", "destroyed"]),
                    "description": rng.choice(["camera", "laptop"])}
            if rng.random() < 0.4:
                item["owner"] = identity(2, rng.randrange(len(PEOPLE)))
            data["items"].append(item)
        if rng.random() < 0.4:
            data["fields"].append({"id": identity(8, n), "entry": entry["id"], "key": "warrant",
                                   "text": rng.choice(["yes", "no", "unknown"])})
        texts = []
        for i in range(2):
            if rng.random() < 0.5:
                account = identity(9 + i, n)
                data["accounts"].append({"id": account, "entry": entry["id"],
                                         "source": identity(4, i), "quote": "so it was"})
                texts.append(rng.choice(["one", "two"]))
                data["claims"].append({"id": identity(11 + i, n), "account": account,
                                       "fact": "number", "text": texts[-1], "stance": "asserted",
                                       "status": "open"})
        if rng.random() < 0.3:
            data["tasks"].append({"id": identity(13, n), "entry": entry["id"], "title": "call",
                                  "due": rng.choice(["2015-01-01", "2999-01-01"]),
                                  "done": rng.random() < 0.5})
    return data


class Slow:
    """Looks at every record again for every question."""

    def __init__(self, data):
        self.data = data

    def of(self, array, entry, field="entry"):
        return [r for r in self.data.get(array, []) if r.get(field) == entry["id"]]

    def inside(self, place, wanted):
        above = {p["id"]: p.get("parent") for p in self.data["places"]}
        while place is not None:
            if place == wanted:
                return True
            place = above[place]
        return False

    def person(self, number, entry):
        party = identity(2, number)
        return any(r["party"] == party for r in self.of("participations", entry)) or \
            any(r.get("owner") == party for r in self.of("items", entry))

    def contradiction(self, entry):
        accounts = {r["id"] for r in self.of("accounts", entry)}
        return len({c["text"] for c in self.data["claims"] if c["account"] in accounts}) > 1

    def words(self, entry):
        return (entry["title"] + "\n" + entry.get("narrative", "")).split()

    def overdue(self, entry):
        return any(not t.get("done") and t["due"] < "2026" for t in self.of("tasks", entry))

    def incomplete(self, entry):
        return not ("kind" in entry and "when" in entry and "place" in entry and
                    self.of("accounts", entry))


def draw_term(rng, slow):
    """A condition as it is written, and what it means."""
    kind, day = rng.choice(KINDS), rng.choice(DAYS)
    person, place = rng.randrange(len(PEOPLE)), rng.randrange(len(PLACES))
    source, word = rng.randrange(2), rng.choice(WORDS)
    state = rng.choice(["open", "internal", "restricted"])
    item, answer = rng.choice(["seized", "destroyed"]), rng.choice(["yes", "no", "unknown"])
    role = rng.choice(["victim", "witness"])
    pair = rng.sample(WORDS, 2)
    return rng.choice([
        ("kind:%s" % kind, lambda e: e.get("kind") == kind),
        ("%s:%s" % (rng.choice(["person", "человек"]), rng.choice(PEOPLE[person][1])),
         lambda e: slow.person(person, e)),
        ("%s:%s" % (role, rng.choice(PEOPLE[person][1])),
         lambda e: any(r["party"] == identity(2, person) and r["role"] == role
                       for r in slow.of("participations", e))),
        ("%s:%s" % (rng.choice(["place", "место"]), rng.choice(PLACES[place][2])),
         lambda e: slow.inside(e.get("place"), identity(3, place))),
        ("source:S%d" % (source + 1),
         lambda e: any(r["source"] == identity(4, source) for r in slow.of("accounts", e))),
        ('incident:"case red"', lambda e: e.get("incident") == identity(1, 0)),
        ("status:draft", lambda e: e["status"] == "draft"),
        ("is:sealed", lambda e: e["status"] == "sealed"),
        ("confidentiality:%s" % state, lambda e: e.get("confidentiality") == state),
        ("since:%s" % day, lambda e: "when" not in e or e["when"] >= day),
        ("until:%s" % day, lambda e: "when" not in e or e["when"] <= day),
        ("hedge:apparent", lambda e: e.get("hedge") == "apparent"),
        ("has:hedge", lambda e: "hedge" in e),
        ("no:date", lambda e: "when" not in e),
        ("no:kind", lambda e: "kind" not in e),
        ("has:account", lambda e: bool(slow.of("accounts", e))),
        ("has:contradiction", slow.contradiction),
        ("has:person", lambda e: bool(slow.of("participations", e))),
        ("has:task", lambda e: bool(slow.of("tasks", e))),
        ("has:text", lambda e: "narrative" in e),
        ("is:overdue", slow.overdue),
        ("is:incomplete", slow.incomplete),
        ("item:%s" % item, lambda e: any(r["kind"] == item for r in slow.of("items", e))),
        ("item:laptop", lambda e: any(r["description"] == "laptop" for r in slow.of("items", e))),
        ("warrant:%s" % answer, lambda e: any(r["text"] == answer for r in slow.of("fields", e))),
        (word[:rng.randrange(3, 7)], lambda e: word in slow.words(e)),
        ('"%s %s"' % tuple(pair),
         lambda e: re.search(r"(^|\s)%s\s+%s(\s|$)" % tuple(pair),
                             e["title"] + "\n" + e.get("narrative", "")) is not None),
    ])


def draw(rng, slow, depth):
    """A filter as it is written, how strong it binds, and what it means."""
    how = rng.random() if depth > 0 else 1
    if how < 0.2:
        text, strength, means = draw(rng, slow, depth - 1)
        return "-" + ("(%s)" % text if strength < 2 else text), 2, lambda e: not means(e)
    if how < 0.65:
        joined = rng.choice([" ", " ", " or ", " и "])
        strength = 0 if joined == " or " else 1
        parts = [draw(rng, slow, depth - 1) for _ in range(rng.randrange(2, 4))]
        text = joined.join("(%s)" % part[0] if part[1] < strength or rng.random() < 0.1 else part[0]
                           for part in parts)
        join = any if strength == 0 else all
        return text, strength, lambda e: join(part[2](e) for part in parts)
    text, means = draw_term(rng, slow)
    return text, 2, means


def compare(world, seed, filters):
    rng = random.Random(seed)
    world.ok("import", world.write("journal.json", json.dumps(make_journal(rng, 30), separators=(",", ":"))))
    slow = Slow(json.loads(world.ok("export").out))
    some = 0
    for _ in range(filters):
        text, _, means = draw(rng, slow, 3)
        want = sorted(e["ref"] for e in slow.data["entries"] if means(e))
        have = sorted(r["ref"] for r in world.timeline("--filter-from", "-", stdin=text))
        same(have, want, "seed %d: %s" % (seed, text))
        some += 0 < len(want) < 30
    true(some > filters / 2, "filters that tell entries apart: %d" % some)


@test("random filters over a random journal give what a slow evaluation of the export gives")
def slowly(world):
    world.create(size="8M")
    compare(world, 1, 60)


@test("and over another one")
def slowly_again(world):
    world.create(size="8M")
    compare(world, 2, 60)


@test("options and the language are met together; errors name the character")
def together(world):
    world.sample()
    refs = lambda *args, **more: [r["ref"] for r in world.timeline(*args, **more)]
    same(refs("--kind", "arson", "--filter-from", "-", stdin="-office"), [])
    same(refs("--since", "2014-12-14", "--filter-from", "-", stdin="person:Бабинец warrant:no"),
         refs("--filter-from", "-", stdin="since:2014-12-14 person:Babinets warrant:no"))
    same(refs("--filter-from", "-", stdin="kind:arson\nkind:seizure\n"), ["E11", "E17"])
    said = world.ok("timeline", "--filter-from", "-", stdin='when:"2014-12-13 evening"').out
    true("STATED FOR 13 December 2014, evening" in said and "MAY OVERLAP IT" in said, said)
    sentence(world.run("timeline", "--filter-from", "-", stdin="kind:arsn"), DATA, "character 6",
             "did you mean arson?")
    sentence(world.run("timeline", "--filter-from", "-", stdin="office\nkind:arsn"), DATA,
             "line 2, character 6")


@test("filters are saved, used, renamed and removed by name, and travel with the export")
def saved(world):
    world.sample()
    world.ok("filter", "save", "fires", stdin="kind:arson\n")
    world.ok("filter", "save", "men", stdin="person:Бабинец")
    same(world.ok("filter", "show", "FIRES").out, "kind:arson\n")
    same([r["name"] for r in world.ok("filter", "list", "--json").rows()], ["fires", "men"])
    same([r["ref"] for r in world.timeline("--filter", "fires")], ["E11"])
    sentence(world.run("filter", "save", "bad", stdin="kind:arsn"), DATA, "character 6")
    sentence(world.run("filter", "rename", "fires", "men"), 73)
    world.ok("filter", "rename", "fires", "burned")
    sentence(world.run("timeline", "--filter", "fires"), 66, "fires")
    same([r["ref"] for r in world.timeline("--filter", "burned", "--until", "2014-12-12")], [])
    sentence(world.run("timeline", "--filter", "men", "--filter-from", "-"), 64)
    second = world.place + "/second.vault"
    world.create(vault=second)
    world.ok("import", world.write("all.json", world.ok("export").out_bytes), vault=second)
    same(world.ok("filter", "list", vault=second).out, world.ok("filter", "list").out)
    world.ok("filter", "remove", "burned")
    same([r["name"] for r in world.ok("filter", "list", "--json").rows()], ["men"])
    sentence(world.run("filter", "show", "burned"), 66)
    world.clean_check()


@test("as known before anything was recorded, and tomorrow; the first line says so, nothing is written")
def as_of(world):
    world.sample()
    before = world.ok("export").out
    early = world.ok("timeline", "--as-of", "2014-12-15").out
    true(early.startswith("As known at the end of 15 December 2014 (UTC"), early)
    true("E11" not in early, early)
    later = world.ok("timeline", "--as-of", "2999-01-01").out
    true(later.startswith("As known at the end of 1 January 2999 (UTC"), later)
    same(later.split("\n", 2)[2], world.ok("timeline").out)
    rows = world.ok("timeline", "--as-of", "2999-01-01", "--json").out.splitlines()
    first = json.loads(rows[0])
    same((first["taken_back"], first["uncertain"]), (0, 0))
    same("\n".join(rows[1:]) + "\n", world.ok("timeline", "--json").out)
    same(world.ok("show", "E11", "--as-of", "2999-01-01").out.split("\n", 2)[2],
         world.ok("show", "E11").out)
    same(world.ok("contradictions", "--as-of", "2999-01-01").out.split("\n", 2)[2],
         world.ok("contradictions").out)
    same(world.ok("search", "--as-of", "2999-01-01", stdin="Бабинец").out.split("\n", 2)[2],
         world.ok("search", stdin="Babinets").out)
    sentence(world.run("show", "E11", "--as-of", "2014-12-15"), 66)
    sentence(world.run("timeline", "--as-of", "2014-12-15~"), DATA, "--as-of")
    sentence(world.run("timeline", "--as-of", "sometime"), DATA, "--as-of")
    same(world.ok("export").out, before)
    world.clean_check()


if __name__ == "__main__":
    harness.main(tests)
