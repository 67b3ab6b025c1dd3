"""Kinds of entry as files: a team's own, on the screens and in the vault; broken files; none at all."""
import json
import os
import re
import shutil
import time

import harness
from harness import DURESS, PASS, ROOT, expect, same, sentence, true
from tmux import Tmux

tests, test = harness.collector()

# Every type of field, in this order.
TEAM = """\
# the team's own
[water_cut]
label = water cut
label.ru = отключение воды
words = нет воды, dry
first = when, place
check.1 = Who ordered it, and in writing?
check.1.ru = Кто распорядился и письменно ли?
[water_cut/street]
label = street
label.ru = улица
type = text
[water_cut/story]
label = story
label.ru = рассказ
type = long-text
[water_cut/houses]
label = houses
label.ru = домов
type = count
[water_cut/warned]
label = warned before
label.ru = предупредили
type = yes-no
[water_cut/since]
label = since
label.ru = с какого дня
type = date
[water_cut/way]
label = way
label.ru = способ
type = choice
choices = valve closed, pipe cut
choices.ru = закрыт вентиль, перерезана труба
[water_cut/ordered_by]
label = ordered by
label.ru = распорядился
type = party
many = yes
[water_cut/station]
label = pumping station
label.ru = насосная
type = place
[water_cut/damage]
label = damage
label.ru = повреждено
type = items
item = damaged
"""
BROKEN = "[ok]\nlabel = fine\nsize = 3\n[ok/x]\nlabel = x\n[Bad]\nlabel = bad\n"


def team_file(world, text, language=None):
    path = world.config("[vault]\nkdf = test\n" + ("[journal]\nlanguage = %s\n" % language
                                                   if language else ""))
    with open(os.path.join(os.path.dirname(path), "forms.ini"), "w", encoding="utf-8") as file:
        file.write(text)


def has(text, *words):
    for word in words:
        true(word in text, "%r is not in\n%s" % (word, text))


def records(world, name, **options):
    return json.loads(world.ok("export", **options).out).get(name, [])


class Form:
    """The program in a tmux of its own."""

    def __init__(self, world, columns=80, rows=40):
        self.tmux = Tmux(world, columns, rows)
        self.tmux.line("exec %s --vault %s" % (world.program(), world.vault))
        self.tmux.expect("Passphrase:")
        self.tmux.line(PASS)
        self.tmux.expect("saved")

    def go(self, label):
        for _ in range(60):
            shown = self.tmux.screen()
            if re.search("^> %s( |$)" % re.escape(label), shown, re.M):
                return
            self.tmux.key("Tab")
            before = time.monotonic()
            while self.tmux.screen() == shown and time.monotonic() < before + 1:
                time.sleep(0.01)
        raise AssertionError("%r is not there\n%s" % (label, self.tmux.screen()))

    def fill(self, label, text):
        self.go(label)
        lines = text.split("\n")
        for number, line in enumerate(lines):
            self.tmux.type(line)
            if number + 1 < len(lines):
                self.tmux.key("Enter")
        self.tmux.expect(lines[-1])


@test("a team's own kind with every type of field, entered in Russian, shown, exported, found")
def own_kind(world):
    team_file(world, TEAM, "ru")
    world.create()
    form = Form(world)
    try:
        form.tmux.key("n")
        form.tmux.expect("New entry")
        form.tmux.type("Дома без воды")
        form.fill("Kind", "Нет воды")
        form.tmux.expect("отключение воды")
        form.tmux.expect("Кто распорядился и письменно ли?")
        form.fill("When", "13 дек 2014 вечером")
        form.go("People")
        form.tmux.expect("Ctrl-N  жертва:")
        form.fill("People", "свидетель: Анна П.")
        form.fill("улица", "Ленина")
        form.fill("рассказ", "Сначала напор упал.\nПотом воды не стало.")
        form.fill("домов", "не менее 12")
        form.fill("предупредили", "нет, никого")
        form.fill("с какого дня", "12 дек 2014")
        form.tmux.expect("12 December 2014")
        form.fill("способ", "закрыт вентиль")
        form.fill("распорядился", "глава района\nнеизвестно")
        form.fill("насосная", "Станция № 4")
        form.fill("повреждено", "насос; 1; владелец: Водоканал")
        form.tmux.key("F2")
        form.tmux.expect("E01 saved")
        form.tmux.expect("отключение")  # cut to its column
    finally:
        form.tmux.close()
    shown = world.ok("show", "E01").out
    has(shown, "damaged: насос; 1; owner: Водоканал", "witness: Анна П.")
    for text in ("улица: Ленина", "Потом воды не стало.", "домов: at least 12",
                 "предупредили: нет (никого)", "с какого дня: 12 December 2014",
                 "способ: закрыт вентиль", "распорядился: глава района",
                 "распорядился: неизвестно", "насосная: Станция № 4"):
        has(shown, text)
    same([shown.index(word) for word in ("улица:", "рассказ:", "домов:", "насосная:")],
         sorted(shown.index(word) for word in ("улица:", "рассказ:", "домов:", "насосная:")))
    fields = {}
    for field in records(world, "fields"):
        fields.setdefault(field["key"], []).append(field)
    same(fields["warned"][0]["text"], "no", "recorded in the language of the records")
    same(fields["warned"][0]["note"], "никого")
    same(fields["way"][0]["text"], "valve closed")
    same(fields["houses"][0].get("min"), 12)
    true("max" not in fields["houses"][0] and "text" not in fields["houses"][0], fields["houses"])
    same(fields["since"][0]["text"], "2014-12-12")
    same([f.get("text") for f in fields["ordered_by"]], [None, "unknown"])
    same(sorted(p["name"] for p in records(world, "parties")), ["Анна П.", "Водоканал", "глава района"])
    for word in ("станция", "глава", "никого", "насос"):
        same([row["ref"] for row in world.ok("search", "--json", stdin=word).rows()], ["E01"], word)
    has(world.ok("timeline", "--kind", "dry").out, "отключение")
    world.clean_check()


@test("captured by any of its words; the same entry in English; changed by its form")
def captured(world):
    team_file(world, TEAM)
    world.create()
    has(world.log("13 dec 2014 #нет_воды @Grozny no water").out, "water cut")
    same(records(world, "entries")[0]["kind"], "water_cut")
    form = Form(world)
    try:
        form.tmux.key("e")
        form.tmux.expect("> Title")
        form.fill("houses", "several")
        form.tmux.expect("no number is counted")
        form.fill("warned before", "perhaps")
        form.tmux.key("F2")
        form.tmux.expect("! yes, no or unknown")
        for _ in range(len("perhaps")):
            form.tmux.key("BSpace")
        form.tmux.type("unknown")
        form.tmux.key("F2")
        form.tmux.expect("E01 saved")
    finally:
        form.tmux.close()
    shown = world.ok("show", "E01").out
    true("houses: several" in shown and "warned before: unknown" in shown, shown)


@test("forms check says file, line and reason; forms import takes all or nothing")
def check_and_import(world):
    good, bad = world.write("good.ini", TEAM), world.write("bad.ini", BROKEN)
    has(world.ok("forms", "check", good, vault=False, password=None).out,
        "1 kind of entry with 9 fields")
    result = sentence(world.run("forms", "check", bad, vault=False, password=None), 65, "3 mistakes")
    same(result.out.splitlines(), [
        "%s:3: this key is not known; a kind has label, words, huridocs, lists, first, and check.1 to"
        " check.16"
        % bad, "%s:4: a field needs a type" % bad,
        "%s:6: the name of a kind begins with a small Latin letter and has at most 31 of a-z, 0-9 and _"
        % bad])
    sentence(world.run("forms", "check", world.write("empty.ini", ""), vault=False, password=None), 65)
    sentence(world.run("forms", "check", "/nowhere", vault=False, password=None), 66)
    world.create()
    before = world.bytes()
    sentence(world.run("forms", "import", bad), 65, "nothing was taken")
    same(world.bytes(), before, "the vault was not even opened")
    has(world.ok("forms", "import", "--dry-run", good).out, "1 kind of entry added")
    same(records(world, "kinds"), [])
    has(world.ok("forms", "import", good).out, "1 kind of entry added")
    again = world.write("again.ini", "[water_cut]\nlabel = dry taps\n")
    has(world.ok("forms", "import", "-", stdin=world.bytes(again)).out,
        "0 kinds of entry added, 1 in place")
    same([kind["definition"] for kind in records(world, "kinds")],
         ["[water_cut]\nlabel = dry taps\n"])
    world.ok("forms", "import", good)
    listed = world.ok("forms", "list", "--json").rows()
    same(len(listed), 26)
    same([kind["name"] for kind in listed if kind["origin"] != "shipped"], ["water_cut"])
    same([kind["huridocs"] for kind in listed if kind["name"] in ("detention", "note")],
         ["4 03 01 02", None])
    shown = world.ok("forms", "show", "dry").out
    for text in ("water cut  (vault)", "valve closed, pipe cut", "Who ordered it"):
        true(text in shown, shown)
    sentence(world.run("forms", "show", "picnic"), 64)
    sentence(world.run("timeline", "--kind", "picnic"), 64)
    world.log("#dry no water in the street")
    world.clean_check()


@test("the vault's kinds go with an export, and count before a file's and the shipped ones")
def exported(world):
    world.create()
    world.ok("forms", "import", world.write("own.ini", TEAM + "[arson]\nlabel = set fire\n"))
    world.log("#arson a car", "#water_cut no water")
    first = os.path.join(world.folder, "all.json")
    world.ok("export", "-o", first)
    second = os.path.join(world.place, "second.vault")
    world.create(vault=second)
    world.ok("import", first, vault=second)
    same(world.ok("export", vault=second).out_bytes, world.bytes(first))
    for vault in (world.vault, second):
        shown = world.ok("timeline", vault=vault).out
        true("set fire" in shown and "water cut" in shown, shown)
        world.clean_check(vault=vault)
    team_file(world, "[water_cut]\nlabel = from the file\n[gas_cut]\nlabel = gas cut\n")
    origins = {kind["name"]: kind["origin"] for kind in world.ok("forms", "list", "--json").rows()}
    same([origins[name] for name in ("water_cut", "gas_cut", "arson", "search")],
         ["vault", "file", "vault", "shipped"])
    worse = json.loads(world.bytes(first))
    worse.pop("revisions")
    worse["kinds"][0]["definition"] += "shape = round\n"
    path = world.write("worse.json", json.dumps(worse))
    third = os.path.join(world.place, "third.vault")
    world.create(vault=third)
    sentence(world.run("import", path, vault=third), 65, "definition", "this key is not known")


@test("the diary has kinds of its own")
def diary(world):
    world.create(duress=DURESS)
    world.ok("decoy", "forms", "import", world.write("own.ini", "[walk]\nlabel = walk\n"))
    same([kind["name"] for kind in world.ok("decoy", "forms", "list", "--json").rows()
          if kind["origin"] == "vault"], ["walk"])
    same([kind["name"] for kind in world.ok("forms", "list", "--json").rows()
          if kind["origin"] == "vault"], [])
    world.ok("decoy", "log", stdin="#walk in the park\n")
    has(world.ok("decoy", "timeline").out, "walk")


@test("a broken file of a team is told by every command, and the rest works, on the screens too")
def broken(world):
    team_file(world, BROKEN)
    world.create()
    result = world.log("#ok something")
    for text in ("forms.ini:3: ", "forms.ini:4: a field needs a type", "forms.ini:6: "):
        true(text in result.err, result)
    true("E01  no date · fine · something" in result.out, result)
    form = Form(world, 80, 24)
    try:
        form.tmux.expect("forms.ini:3: this key is not known")
        form.tmux.expect("something")
    finally:
        form.tmux.close()


@test("without the shipped files: a sentence, entries keep their kinds, the vault's are there")
def none_shipped(world):
    world.create()
    world.ok("forms", "import", world.write("own.ini", TEAM))
    world.log("#arson the office", "#water_cut no water")
    alone = os.path.join(world.make("alone"), "lapwing-test")
    shutil.copy(world.program(), alone)
    result = world.ok("timeline", program=alone)
    true("searches are in no list: forms is not in" in result.err, result)
    true(re.search(r"E01 +arson +the office", result.out) and
         re.search(r"E02 +water cut +no water", result.out), result)
    result = expect(world.run("log", stdin="#threat a call\n", program=alone), 0)
    true("it is no kind of entry" in result.out + result.err or "#threat a call" in result.out, result)
    true("#threat a call" in world.ok("timeline").out.replace("\n", " "), "kept as text")
    same(world.ok("forms", "check", os.path.join(ROOT, "share", "forms", "work.ini"), vault=False,
                  password=None, program=alone).err, "")


if __name__ == "__main__":
    harness.main(tests)
