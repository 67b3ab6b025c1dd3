"""The program in Russian: who gets it, from where, what stays English, and that nothing is left untranslated."""
import os
import re
import shutil
import subprocess

import harness
from harness import PASS, same, strace, true
from test_zoom import journal as zoom_journal
from tmux import Tmux

tests, test = harness.collector()
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUSSIAN = "нет"  # in "такой команды нет"


def said(world, **locale):
    """What "lapwing help nonsense" says in that locale, which need not be there."""
    env = {key: value for key, value in world.env.items() if key not in ("LANG", "LC_ALL")}
    done = subprocess.run([world.program(), "help", "nonsense"], env=dict(env, **locale), capture_output=True)
    same(done.returncode, 64)
    return done.stderr.decode()


@test("Russian is for who asks for it on a terminal with UTF-8, generated or not")
def locales(world):
    for locale in (dict(LANG="ru_RU.UTF-8"), dict(LC_ALL="ru_RU.utf8"), dict(LANG="C.UTF-8", LC_MESSAGES="ru_RU.UTF-8"),
                   dict(LANG="C.UTF-8", LANGUAGE="fr:ru:en"), dict(LANG="en_US.UTF-8", LANGUAGE="ru_RU")):
        true(RUSSIAN in said(world, **locale), locale)
    for locale in (dict(), dict(LANG="C.UTF-8"), dict(LANG="ru_RU.KOI8-R"), dict(LANG="ru_RU"), dict(LANG="rus.UTF-8"),
                   dict(LANG="ru_RU.UTF-8", LC_ALL="C.UTF-8"), dict(LANG="ru_RU.UTF-8", LANGUAGE="en"),
                   dict(LC_ALL="C", LANGUAGE="ru")):
        true("there is no such command" in said(world, **locale), locale)


@test("the catalogue comes from beside the program, and from nowhere that others can write to")
def place(world):
    folder = world.make("installed")
    program = os.path.join(folder, "bin", "lapwing")
    catalogue = os.path.join(folder, "share", "locale", "ru", "LC_MESSAGES", "lapwing.mo")
    for path, of in ((program, world.program()),
                     (catalogue, os.path.join(world.build, "locale/ru/LC_MESSAGES/lapwing.mo"))):
        os.makedirs(os.path.dirname(path))
        shutil.copy(of, path)
    other = world.make("other")
    shutil.copytree(os.path.join(world.build, "locale", "ru"), os.path.join(other, "ru"))
    env = dict(world.env, LANG="ru_RU.UTF-8", TEXTDOMAINDIR=other, LOCPATH=other, NLSPATH=other + "/%N")
    del env["LC_ALL"]

    def russian():
        done = subprocess.run([program, "help", "nonsense"], env=env, capture_output=True, cwd=other)
        same(done.returncode, 64)
        return RUSSIAN in done.stderr.decode()

    true(russian(), "as installed")
    os.chmod(catalogue, 0o666)
    true(not russian(), "one that everybody can write")
    os.chmod(catalogue, 0o644)
    with open(catalogue, "r+b") as file:
        file.truncate(5000)
    true(not russian(), "one that is cut")
    os.remove(catalogue)
    os.symlink(os.path.join(other, "ru/LC_MESSAGES/lapwing.mo"), catalogue)
    true(not russian(), "a link elsewhere")
    os.remove(catalogue)
    true(not russian(), "none")


@test("who is protected is found by what stands for the name, in Russian and in English")
def protected(world):
    world.create()
    world.ok("import", "-", stdin=zoom_journal([("2014-12-13", "threat", ["*Коваленко", "Анна"])]))
    env = dict(world.env, LC_ALL="ru_RU.UTF-8")
    lanes = world.ok("timeline", "--lanes", "person", env=env).out
    true("Коваленко" not in lanes, lanes)
    shown = re.search("лицо под защитой [0-9]+", lanes).group()
    for name in (shown, shown.upper(), shown.replace("лицо под защитой", "protected person")):
        found = world.ok("merge", "people", "--yes", stdin=name + "\nАнна\n", env=env).out
        true("Коваленко" not in found, found)
        world.ok("merge", "people", "--undo", "--yes", stdin=name + "\n", env=env)


@test("no file is opened for the language once the first fence is up")
def before_the_fence(world):
    world.create()
    result, calls = strace(world, "timeline", env=dict(world.env, LC_ALL="ru_RU.UTF-8"))
    true("Записей нет" in result.err + result.out, result)
    text = "\n".join(str(call) for call in calls)
    true("lapwing.mo" in text and ("seccomp" in text or "prctl" in text), text[:2000])
    true(text.rindex("lapwing.mo") < text.index("SECCOMP"), "the catalogue is read first")


@test("what programs read, and what was recorded, is the same in every language")
def machine(world):
    world.create()
    world.ok("log", stdin="13 dec 2014 evening @Timeline #arson saved")
    env = dict(world.env, LC_ALL="ru_RU.UTF-8")
    other = harness.World(world.build)
    try:
        other.config("[vault]\nkdf = test\n[journal]\nlanguage = en\n")  # of kinds and their choices
        other.create()
        other.ok("import", harness.PRACTICE)
        for args in (("seizures", "--json"), ("detentions", "--csv"), ("interventions", "--json", "--on", "2015-01-31"),
                     ("threats", "--json"), ("contradictions", "--json"), ("show", "E17", "--json")):
            same(other.ok(*args, env=dict(other.env, LC_ALL="ru_RU.UTF-8")).out, other.ok(*args).out, args)
    finally:
        other.close()
    for args in (("timeline", "--json"), ("timeline", "--csv"), ("export",), ("show", "E01", "--json"),
                 ("history", "E01", "--json"), ("tasks", "--json")):
        same(world.ok(*args, env=env).out, world.ok(*args).out, args)
    text = world.ok("timeline", env=env).out
    true("Сб 13 декабря 2014" in text and "вечер" in text and "saved" in text, text)
    true("Timeline" in world.ok("show", "E01", env=env).out, "a place that is called like a text of ours")


@test("the whole way on a terminal: unlock, timeline, help")
def terminal(world):
    world.create()
    world.ok("log", stdin="13 dec 2014 evening #arson burned")
    world.env["LC_ALL"] = "C.UTF-8"
    screen = Tmux(world)
    try:
        screen.line("LC_ALL= LANG=ru_RU.UTF-8 %s --vault %s" % (world.program(), world.vault))
        screen.expect("Пароль:")
        screen.line(PASS)
        screen.expect("Сб 13 декабря 2014")
        screen.type("?")
        screen.expect("Справка (")
        screen.key("Escape")
        screen.expect("f фильтр")
        screen.expect("Декабрь 2014")
        screen.type("Q")
        screen.expect("shell>")
    finally:
        screen.close()


@test("complete: every text that is said is in ru.po, and a hole in it is told")
def complete(world):
    check = [os.path.join(ROOT, "share/po/update"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True)
    same(done.returncode, 0, done.stdout[-3000:])
    copy = world.make("copy")
    shutil.copytree(os.path.join(ROOT, "share", "po"), os.path.join(copy, "share", "po"))
    for name in ("src", "include"):
        os.symlink(os.path.join(ROOT, name), os.path.join(copy, name))
    path = os.path.join(copy, "share", "po", "ru.po")
    whole = open(path, encoding="utf-8").read()
    for old, new, told in (('msgstr "запись"', 'msgstr ""', "not translated"),
                           ('msgid "saved: %s"\nmsgstr "сохранено: %s"', 'msgid "saved: %s"\nmsgstr "сохранено: %d"',
                            "other arguments"),
                           ('msgid "entry"\n', 'msgid "entrance"\n', "missing")):
        same(whole.count(old) > 0, True, old)
        with open(path, "w", encoding="utf-8") as file:
            file.write(whole.replace(old, new, 1))
        done = subprocess.run([os.path.join(copy, "share/po/update"), "--check"], capture_output=True, text=True)
        true(done.returncode == 1 and told in done.stdout, (told, done.stdout))


if __name__ == "__main__":
    harness.main(tests)
