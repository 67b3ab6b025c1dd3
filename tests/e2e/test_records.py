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
    screen.expect("entries", seconds=20)


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


if __name__ == "__main__":
    harness.main(tests)
