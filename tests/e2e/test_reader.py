"""The second reader, made from lapwing-vault(5) alone, against vaults that the program made.

The database that it takes out is put back into the words of lapwing-json(5) here, by what that page
says and by what SQLite tells of the schema, and has to give the very bytes of "export". So a change of
the format that the program makes on both of its sides is noticed.
"""
import collections
import datetime
import hashlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import unicodedata

import harness
from harness import DURESS, OTHER, PAGE, PASS, PRACTICE, same, true

SYSTEM = "/usr/bin/python3"
READER = os.path.join(harness.ROOT, "tests", "reader", "lapwing_reader.py")
NEEDED = "import nacl.bindings, sqlite3; sqlite3.Connection.deserialize"


def usable_python():
    """The python3 found first may be one without Debian's packages; then the system's is taken."""
    for path in (sys.executable, SYSTEM):
        run = subprocess.run([path, "-c", NEEDED], capture_output=True, check=False)
        if run.returncode == 0:
            return path
    print("1..1\nnot ok 1 - the second reader needs python3-nacl and Python 3.11, neither %s nor %s has "
          "them" % (sys.executable, SYSTEM))
    sys.exit(1)


if usable_python() != sys.executable and __name__ == "__main__":
    os.execv(SYSTEM, [SYSTEM, "-B"] + sys.argv)

sys.path.insert(0, os.path.dirname(READER))
import lapwing_reader as reader  # noqa: E402  (needs the right Python)

tests, test = harness.collector()
THIRD = "bramble cushion falcon trumpet"
RUSSIAN = "Обыск в офисе на Петровке: «вскрыли дверь», изъяли 3 ноутбука"

# ---- the journal as lapwing-json(5) has it -------------------------------------------------------

# array, type of record, fields in their order
RECORDS = [line.split(maxsplit=2) for line in """\
incidents incident title summary status same_as
parties party kind name code_name protected note same_as
names name party text script language kind
places place name kind parent latitude longitude precision note same_as
sources source ref author medium title date date_text reference url language reliability protected note \
same_as
kinds kind name definition
filters filter name text removed
entries entry ref incident parent kind title narrative hedge when when_text extent duration_min duration_max \
duration_text noticed noticed_text place place_text status confidentiality recorded_at recorded_by
fields field entry key text min max note party place
participations participation entry party role degree hedge count_min count_max count_text armed masked \
end_state note
accounts account entry source quote translation language summary locator via received received_how \
credibility note
claims claim account fact text min max stance status note
items item entry kind description class features serial owner owner_text taken_by count_min count_max \
count_text manner receipt receipt_number value returned note
links link from to kind fact hedge account note
precedences precedence earlier later kind text account
tasks task entry title due assignee done done_at note
revisions revision journal sequence record record_id action changes state at by why previous hash frozen \
moved
""".splitlines()]
INSTANTS = {"recorded_at", "done_at", "at"}
TRUTHS = {"protected", "done", "removed"}
# what is computed from the records, and what is no record
COMPUTED = {"n", "id", "folded", "ref_number", "earliest", "latest", "grain", "day", "position", "amended"}
BESIDE = {"journal", "session", "draft", "span", "bookmark"}
# what is escaped: all that would do harm on a terminal
HARMFUL = re.compile("[\"\\\\\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb"
                     "\U000e0000-\U000e007f]")


def escape(match):
    char = match.group()
    if char in '"\\':
        return "\\" + char
    units = char.encode("utf-16-be")
    return "".join("\\u" + units[i:i + 2].hex() for i in range(0, len(units), 2))


def shortest(value):
    """A number with the fewest of 15, 16 or 17 digits that read back."""
    if value == 0:
        return "0"
    return next(text for text in ("%.*g" % (digits, value) for digits in (15, 16, 17))
                if float(text) == value)


def written(name, value):
    """One value of a column, as the canonical form writes it."""
    if isinstance(value, bytes):
        return '"%s"' % value.hex()
    if isinstance(value, str):
        return '"%s"' % HARMFUL.sub(escape, value)
    if isinstance(value, float):
        return shortest(value)
    if name in TRUTHS:
        return "true" if value else "false"
    if name in INSTANTS:
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=value)
        return '"%s"' % (moment.isoformat(timespec="milliseconds") + "Z")
    return str(value)


def canonical(fields):
    """(name, value) of what is stated."""
    return "{%s}" % ",".join('"%s":%s' % (name, written(name, value)) for name, value in fields
                             if value is not None)


def blake(text):
    return hashlib.blake2b(text.encode(), digest_size=32).digest()


class Journal:
    """The records of a database: rows[array] = [(id, line of the export)]."""

    def __init__(self, data):
        self.db = sqlite3.connect(":memory:")
        self.db.deserialize(data)
        same(self.db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        self.known_tables()
        self.ids = {table: dict(self.db.execute('SELECT n, id FROM "%s"' % table))
                    for _, table, _ in RECORDS}
        self.rows = {array: self.read(table, fields.split()) for array, table, fields in RECORDS}

    def known_tables(self):
        """No table holds records that the export does not have."""
        sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        found = {name for name, in self.db.execute(sql) if not name.startswith("entry_search")}
        same(sorted(found), sorted({table for _, table, _ in RECORDS} | BESIDE))

    def read(self, table, fields):
        columns = {row[1] for row in self.db.execute('PRAGMA table_info("%s")' % table)}
        same(sorted(columns - COMPUTED), sorted(fields), "columns of %s" % table)
        refers = {row[3]: row[2] for row in self.db.execute('PRAGMA foreign_key_list("%s")' % table)}
        listed = ", ".join('"%s"' % name for name in ["id"] + fields)
        rows = []
        for row in self.db.execute('SELECT %s FROM "%s" ORDER BY id' % (listed, table)):
            values = [self.ids[refers[name]][value] if name in refers and value is not None else value
                      for name, value in zip(["id"] + fields, row)]
            rows.append((row[0], canonical(zip(["id"] + fields, values))))
        return rows

    def export(self):
        parts = ['{"lapwing":"journal","version":1']
        for array, _, _ in RECORDS:
            if self.rows[array]:
                lines = ",\n".join(line for _, line in self.rows[array])
                parts.append(',\n"%s":[\n%s\n]' % (array, lines))
        return ("".join(parts) + "}\n").encode()

    def titles(self):
        return sorted(title for title, in self.db.execute("SELECT title FROM entry"))

    def check_chains(self):
        """Computes every chain of revisions and the state of every record again."""
        hashes, last = {}, {}
        for _, line in self.rows["revisions"]:
            revision = json.loads(line)
            shown = revision.pop("hash")
            same(blake(re.sub(r',"hash":"[0-9a-f]{64}"', "", line)).hex(), shown, line)
            hashes[revision["journal"], revision["sequence"]] = revision["previous"], shown
            last[revision["record"], revision["record_id"]] = revision["state"]  # in the order of ids
        for (journal, sequence), (previous, _) in hashes.items():
            before = hashes[journal, sequence - 1][1] if sequence > 1 else "0" * 64
            same(previous, before, "revision %d" % sequence)
        states = {(table, id.hex()): blake(line).hex()
                  for array, table, _ in RECORDS[:-1] for id, line in self.rows[array]}
        same(last, states, "states")


# ---- reading -----------------------------------------------------------------------------------


Seen = collections.namedtuple("Seen", "slot copies lane root used waiting lists told fell data journal")


def look(path, password=PASS, lane=None, profiles=("test",), header=None):
    """Reads a vault wholly; whatever no writer may write is an error here."""
    with reader.Vault(path, password, profiles, header) as vault:
        shown = vault.lane(lane)
        used = shown.survey()
        data = b"".join(shown.database())
        same(shown.untidy, [])
        true(vault.slot.tidy, "unused places of the header are zero")
        shown.close()
        return Seen(vault.slot, vault.copies, shown.lane, shown.root, used, len(shown.waiting),
                    len(shown.list_entries), shown.told, shown.fell_back, data, Journal(data))


def equal(world, path=None, password=PASS, profiles=("test",), **options):
    """What the reader finds is what the program exports. What the reader saw."""
    path = path or world.vault
    seen = look(path, password, profiles=profiles)
    same(seen.told, [])
    copy = os.path.join(world.folder, "export.vault")
    shutil.copy(path, copy)  # so that a duress passphrase destroys nothing but this
    same(seen.journal.export(), world.ok("export", vault=copy, password=password, **options).out_bytes)
    seen.journal.check_chains()
    os.unlink(copy)
    return seen


def refused(kind, path, password=PASS, profiles=("test",)):
    """The text of the error that reading has to end with."""
    try:
        look(path, password, profiles=profiles)
    except kind as error:
        return str(error)
    raise AssertionError("the reader accepted it")


def fails(path, *passwords):
    for password in passwords:
        same(refused(reader.WrongPassphrase, path, password), "wrong passphrase")


def page_of(data, page):
    return data[page * PAGE:(page + 1) * PAGE]


def with_page(world, data, page, content):
    return world.write("changed.vault", data[:page * PAGE] + content + data[(page + 1) * PAGE:])


def flipped(page, at):
    return page[:at] + bytes([page[at] ^ 1 << at % 8]) + page[at + 1:]


def root_page(seen, back=0):
    return 3 + 2 * seen.lane + (seen.root.generation - back) % 2


# ---- records -------------------------------------------------------------------------------------

HARD_TEXT = "a\"b\\c \t\n\u200f\u2028 \U000e0001 \U0001f525 «ё» \u0435\u0308"


def hard_records():
    """Records with every kind of value, and a chain of revisions made here, from the page."""
    one, two, party, task = ("%032x" % n for n in (0xA1, 0xA2, 0xA3, 0xA4))
    journal = "%032x" % 0xA5
    doc = {
        "places": [{"id": one, "name": HARD_TEXT, "latitude": 43.3180560001, "longitude": -0.1},
                   {"id": two, "name": "ноль", "parent": one, "latitude": 0, "longitude": 1e-7,
                    "precision": 9007199254740992}],
        "parties": [{"id": party, "kind": "individual", "name": "Анна Петрова", "protected": True}],
        "tasks": [{"id": task, "title": "Позвонить", "due": "2026-03-05", "done": False,
                   "done_at": "0001-01-01T00:00:00.001Z"},
                  {"id": party, "title": "x", "done": True, "done_at": "2026-03-05T09:00:00Z"}],
    }
    text = '{"id":"%s","kind":"group","name":"%s"}'
    doc["parties"].append({"id": one, "kind": "group", "name": "после"})
    states = [blake(text % (one, name)).hex() for name in ("до", "после")]
    doc["revisions"], previous = [], "0" * 64
    for n, action in enumerate(("create", "change")):
        fields = [("id", "%032x" % (0xB0 + n)), ("journal", journal), ("sequence", n + 1),
                  ("record", "party"), ("record_id", one), ("action", action),
                  ("changes", '{"name":["до","после"]}' if n else None), ("state", states[n]),
                  ("at", 1772700000000 + n), ("why", "\u202eпочему"), ("previous", previous)]
        revision = json.loads(canonical(fields))
        revision["hash"] = previous = blake(canonical(fields)).hex()
        doc["revisions"].append(revision)
    return json.dumps(dict(lapwing="journal", version=1, **doc))


# ---- tests -------------------------------------------------------------------------------------


@test("the values to test with that the page gives")
def values(world):
    salt, text = bytes(range(16)), "heron tussock lantern ferry"
    vault_id = reader.blake(salt)
    same(vault_id.hex(), "c7cb5d1a1a214f1d833a21fe6c7b2420e417c2f220784cbe90072975131bc367")
    wanted = {
        "standard": ("012ef2cefc4ecc919507985a03c9d3faee44c763de8f0c88a89314122aeabce5",
                     "a27b6cca5d7443bb30e900cd3970f6bd2262741a8e8040cbf95966480fe507e4",
                     "c1c9edc54174eaca6758acd78ebdb288c37e5c6f2c05f93396ca51efa73c0a00"),
        "lite": ("30293a8e1cb6d2c44d49a398b1acd365409ad9d25af670d96e2f31046e22652d",
                 "687c092ae2ee74c4f17d116c48dd4f29c9ae430fc413a504313b595b7a1d3c28"),
    }
    for profile, values in wanted.items():
        master = reader.master_key(text, salt, profile)
        keys = reader.slot_keys(master)
        have = [value.hex() for value in (master, keys[0], keys[7])]
        same(have[:len(values)], list(values), profile)
    same(reader.lock_offsets(vault_id), (1220030980667068107, 2366152829736441573))
    keys = reader.LaneKeys(bytes(range(32)))
    same(keys.page.hex(), "6d85cc5d8b0e46b245491d12004eb2f0975432b90ed9a55f63787766f018a077")
    same(keys.root.hex(), "499db3685d27e10ecfb8663647c841b6ef71aea8e0f3b570292556b3cc28a381")
    same(keys.pin_offset(0), 4934174587585977295)


@test("one passphrase: import, entries, hard texts, a resize, a changed passphrase, a revoked one")
def single(world):
    world.create()
    empty = equal(world)
    same(empty.slot.lanes, [empty.lane])
    world.ok("import", PRACTICE)
    equal(world)
    world.log("quiet evening", RUSSIAN, *("entry %d" % n for n in range(40)))
    world.ok("import", world.write("hard.json", hard_records()))
    seen = equal(world)
    true(RUSSIAN in seen.journal.titles(), "Russian text as it was typed")
    true("�" not in seen.journal.export().decode(), "nothing is replaced")
    generation = seen.slot.generation
    world.timeline()
    same(look(world.vault).slot.generation, (generation + 1) % (1 << 48), "an unlock counts")
    for size in ("6M", "5M"):
        world.ok("resize", size)
        equal(world)
    world.ok("passphrase", "add", new=OTHER)
    rings = [look(world.vault, password).slot.ring for password in (PASS, OTHER)]
    same([e for e in rings[0] if e[0]], [e for e in rings[1] if e[0]], "both know both")
    world.ok("passphrase", "change", password=OTHER, new=THIRD)
    same(equal(world).data, equal(world, password=THIRD).data)
    fails(world.vault, OTHER)
    salt = world.bytes()[:16]
    world.ok("passphrase", "remove")
    fails(world.vault, THIRD)
    seen = equal(world)
    true(world.bytes()[:16] != salt and seen.copies == [0, 1], "written anew")
    return "%d records" % sum(map(len, seen.journal.rows.values()))


@test("with a duress passphrase: both lanes, each by itself; the duress passphrase knows but its own")
def both_lanes(world):
    world.create(duress=DURESS)
    world.ok("import", PRACTICE)
    world.log(RUSSIAN)
    world.ok("resize", "5M")
    own = equal(world)
    trap = equal(world, password=DURESS)
    same(own.slot.lanes, [0, 1])
    same(trap.slot.lanes, [1 - own.lane])
    same((len(own.journal.titles()), trap.journal.titles()), (23, []))
    same(look(world.vault, lane=trap.lane).data, trap.data, "both passphrases see the same lane")
    real = {key for known, _, key in own.slot.ring if known} | {own.slot.keys[own.lane]}
    same(len(real), 3)
    same(trap.slot.keys[trap.lane], own.slot.keys[trap.lane])
    same([n for n, entry in enumerate(trap.slot.ring) if entry[0]], [trap.slot.number])
    unknown = {key for known, _, key in trap.slot.ring if not known}
    true(len(unknown) == 7 and not unknown & real, "unknown entries are noise")
    true(trap.slot.keys[own.lane] not in real, "so is the key of the other lane")
    with reader.Vault(world.vault, DURESS, ("test",)) as vault:
        try:
            vault.lane(own.lane)
            raise AssertionError("a lane that is not known was opened")
        except reader.WrongPassphrase:
            pass
    world.log("a quiet day", password=DURESS)
    fails(world.vault, PASS)
    used = equal(world, password=DURESS)
    same((used.journal.titles(), used.slot.lanes), (["a quiet day"], [trap.lane]))


@test("a detached header: created, moved out and back, rewritten; the vault alone opens nothing")
def detached(world):
    header = os.path.join(world.make("stick"), "h")
    world.create()
    world.ok("import", PRACTICE)
    before = look(world.vault)
    world.ok("header", "move", header)
    fails(world.vault, PASS)
    seen = look(world.vault, header=header)
    same(seen.data == before.data, False, "the session rows differ")
    same(seen.journal.titles(), before.journal.titles())
    same((seen.copies, os.stat(header).st_size), ([0, 1], reader.DETACHED))
    world.ok("resize", "5M", "--header", header)
    world.ok("passphrase", "duress", "--header", header, new=DURESS)
    both = look(world.vault, header=header)
    same((both.slot.lanes, both.journal.titles()), ([0, 1], before.journal.titles()))
    trap = look(world.vault, DURESS, header=header)
    same((trap.slot.lanes, trap.journal.titles()), ([1 - both.lane], []))
    world.ok("passphrase", "remove", "--header", header)
    new = look(world.vault, header=header)
    true(set(new.slot.keys) & set(both.slot.keys) == set(), "new keys")
    world.ok("header", "move", "--into-vault", "--header", header)
    same(equal(world).journal.titles(), before.journal.titles())
    world.ok("create", "--header", header, "--size", "4M", "--kdf", "test", vault=world.vault + "2",
             password=None, new=PASS)
    same(look(world.vault + "2", header=header).journal.titles(), [])


@test("the shipped program, profile lite: the reader finds the profile by itself")
def shipped(world):
    world.config("")
    world.ok("create", "--size", "4M", "--kdf", "lite", password=None, new=PASS, shipped=True)
    world.ok("import", PRACTICE, shipped=True)
    equal(world, profiles=reader.USUAL, shipped=True)
    refused(reader.WrongPassphrase, world.vault, profiles=("standard",))


@test("a large journal: a second level of nodes, list pages, commits that list no page")
def large(world):
    chance = random.Random(7)

    def names(count):
        return [{"id": "%032x" % chance.getrandbits(128), "party": "%032x" % 1, "text": "имя %d" % n,
                 "kind": "alias"} for n in range(count)]

    def put(**arrays):
        world.ok("import", world.write("l.json", json.dumps(dict(lapwing="journal", version=1, **arrays))))

    long = "много слов " * 480000
    world.create(size="96M")
    put(parties=[{"id": "%032x" % n, "kind": "unknown", "name": "n", "note": long} for n in range(1, 7)],
        names=names(16000))
    seen = equal(world)
    same(seen.root.height, 2)
    with reader.Vault(world.vault, PASS, ("test",)) as vault:
        lane = vault.lane()  # its pin keeps what waits on the list
        put(names=names(2500))  # all over the indexes
        seen = equal(world)
        lane.close()
    true(seen.lists, "waiting pages that the root has no room for")
    return "%d payloads, %d list pages, %d waiting pages" % (seen.root.payloads, seen.lists, seen.waiting)


@test("a wrong passphrase is refused; composed or decomposed is one; nothing is ever written")
def passphrases(world):
    world.create(password="caf\u00e9 гранит Ёлка маяк")
    before, stat = world.bytes(), os.stat(world.vault)
    for form in ("NFC", "NFD"):
        look(world.vault, unicodedata.normalize(form, "caf\u00e9 гранит Ёлка маяк"))
    fails(world.vault, PASS, "cafe гранит Ёлка маяк", "caf\u00e9 гранит Ёлка маяк ")
    refused(reader.WrongPassphrase, world.vault, "x" * 1025)
    after = os.stat(world.vault)
    same((world.bytes(), after.st_mtime_ns, after.st_ctime_ns),
         (before, stat.st_mtime_ns, stat.st_ctime_ns))


@test("the command: what it prints, the database on standard output, its codes")
def command(world):
    world.create(duress=DURESS)
    world.ok("import", PRACTICE)

    def run(*args, stdin=PASS):
        done = subprocess.run([sys.executable, "-B", READER, *args], input=stdin.encode() + b"\n",
                              capture_output=True, check=False)
        return done.returncode, done.stdout, done.stderr.decode()

    seen = look(world.vault)
    code, out, err = run(world.vault, "--profile", "test")
    same((code, err), (0, ""))
    for line in ("slot: %d" % seen.slot.number, "lanes known: 0 1", "lane: %d" % seen.lane,
                 "header generation: %d" % seen.slot.generation, "payloads: %d" % seen.root.payloads,
                 "root generation: %d" % seen.root.generation, "waiting pages: %d" % seen.waiting,
                 "listed pages: %d, whole" % seen.root.listed_count):
        true(line in out.decode().splitlines(), "%r in %r" % (line, out))
    code, data, err = run(world.vault, "--profile", "test", "--database", "-")
    same((code, data), (0, seen.data))
    true("slot: " in err, err)
    code, data, err = run(world.vault, "--profile", "test", "--lane", str(1 - seen.lane), "--database", "-")
    same((code, data), (0, look(world.vault, DURESS).data))
    same(run(world.vault, "--profile", "test", stdin=OTHER)[0], 77)
    same(run(world.vault, "--profile", "test", "--lane", str(seen.lane), stdin=DURESS)[0], 77)
    same(run(world.vault, "--nonsense")[0], 64)
    same(run(world.write("short", b"x" * PAGE), "--profile", "test")[0], 65)


@test("a flipped bit in a data page or a node is named with its place; so is a page moved or put back")
def damage(world):
    world.sample()
    old, old_seen = world.bytes(), look(world.vault)
    for n in range(4):
        world.log(*("more %d %d" % (n, m) for m in range(5)))
    data, seen = world.bytes(), look(world.vault)
    place = {what: page for page, what in seen.used.items()}
    old_place = {what: page for page, what in old_seen.used.items()}
    firm = [(what, page) for what, page in place.items()
            if what[0] == 0 and page not in seen.root.listed]
    for (_, index), page in firm[:10]:
        named = "page %d of the file, data page %d: " % (page, index)
        for at, why in ((0, "authenticate"), (4055, "authenticate"), (4060, "authenticate"),
                        (4095, "its tag")):
            text = refused(reader.Damage, with_page(world, data, page, flipped(page_of(data, page), at)))
            true(named in text and why in text, text)
    returned = 0
    for what, page in firm:
        if what in old_place and old_place[what] != page:
            older = page_of(old, old_place[what])
            text = refused(reader.Damage, with_page(world, data, page, older))
            true("page %d of the file" % page in text and "another page of this lane" in text and
                 "level 0, index %d" % what[1] in text, text)
            returned += 1
    true(returned, "an old page was put back")
    (_, one), (other, two) = firm[0], firm[1]
    text = refused(reader.Damage, with_page(world, data, one, page_of(data, two)))
    true("another page of this lane stands here (level 0, index %d," % other[1] in text, text)
    world.ok("resize", "5M")  # the new root lists no page, so its nodes do not make it fall back
    data, seen = world.bytes(), look(world.vault)
    node = next(page for page, what in seen.used.items() if what == (1, 0))
    for at in (9, 4090):
        text = refused(reader.Damage, with_page(world, data, node, flipped(page_of(data, node), at)))
        true("page %d of the file, node of level 1 0: " % node in text, text)
    return "%d old pages put back" % returned


def killed_after(world, line):
    """Logs a line and kills the process once it answered: the newest commit is that of the line."""
    process = world.start("log")
    harness.feed(process, line.encode() + b"\n")
    true(process.stdout.readline(), "answered")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


@test("a torn newest root, a torn or older listed page: the root before, as the program shows it too")
def fallback(world):
    world.sample()
    killed_after(world, "the one before")
    old, old_seen = world.bytes(), look(world.vault)
    killed_after(world, "the newest")
    data, seen = world.bytes(), look(world.vault)
    true("the newest" in seen.journal.titles(), "it is there")
    torn = page_of(data, root_page(seen))[:2048] + os.urandom(2048)
    path = with_page(world, data, root_page(seen), torn)
    before = look(path)
    same((before.root.generation, before.fell), (seen.root.generation - 1, ""))
    true("cannot be read" in before.told[0], before.told)
    true("the newest" not in before.journal.titles(), "it is not there any more")
    true("the one before" in before.journal.titles(), "but the one before it")
    listed = [page for page in seen.root.listed if page in seen.used]
    stale = {what: page for page, what in old_seen.used.items()}
    for page in listed:
        for at in (7, 4070, 4085):
            path = with_page(world, data, page, flipped(page_of(data, page), at))
            again = look(path)
            same((again.root.generation, again.data), (before.root.generation, before.data))
            true("page %d, listed by root generation %d" % (page, seen.root.generation) in again.fell,
                 again.fell)
        former = page_of(old, stale.get(seen.used[page], page))
        if former != page_of(data, page) and seen.used[page] in stale:
            again = look(with_page(world, data, page, former))
            same(again.data, before.data)
            true("are not those" in again.fell, again.fell)
    result = world.ok("export", vault=path)
    same(result.out_bytes, before.journal.export(), "the program falls back to the same")
    return "%d listed pages" % len(listed)


@test("roots: both torn, or not one commit apart, are errors; moved ones do not count; an older one does")
def roots(world):
    world.sample()
    killed_after(world, "one")
    early = world.bytes()
    killed_after(world, "two")
    world.log("three")
    killed_after(world, "four")
    data, seen = world.bytes(), look(world.vault)
    new, other = root_page(seen), root_page(seen, 1)
    noise = bytearray(data)
    for page in (new, other):
        noise[page * PAGE:(page + 1) * PAGE] = flipped(page_of(data, page), 50)
    true("no root can be read" in refused(reader.Damage, world.write("c.vault", bytes(noise))), "both")
    moved = look(with_page(world, data, new, page_of(data, other)))
    same(moved.root.generation, seen.root.generation - 1, "a root counts on its own place only")
    listed = seen.root.listed[0]
    path = with_page(world, data, listed, flipped(page_of(data, listed), 1))
    path = with_page(world, world.bytes(path), other, page_of(early, other))
    text = refused(reader.Damage, path)
    true("the other root is not the one before" in text, text)
    older = data[:new * PAGE] + page_of(early, new) + data[(new + 1) * PAGE:]
    same(look(world.write("d.vault", older)).root.generation, seen.root.generation - 1,
         "one commit earlier, as the page admits")


@test("header: either copy is enough; slots do not move between copies; a wiped vault opens nothing")
def header(world):
    world.sample()
    data = world.bytes()
    good = look(world.vault)
    same(good.copies, [0, 1])
    for copy in (0, 1):
        for content in (os.urandom(PAGE), page_of(data, 2 - copy)):
            seen = look(with_page(world, data, 1 + copy, content))
            same((seen.copies, seen.data), ([1 - copy], good.data))
    path = with_page(world, data, 1, os.urandom(PAGE))
    fails(with_page(world, world.bytes(path), 2, os.urandom(PAGE)), PASS)
    fails(with_page(world, data, 0, flipped(page_of(data, 0), 15)), PASS)
    rest = look(with_page(world, data, 0, page_of(data, 0)[:16] + os.urandom(PAGE - 16)))
    same(rest.data, good.data, "the rest of page 0 is noise")
    world.ok("wipe", "--now", "--keys-only", password=None)
    fails(world.vault, PASS)


@test("while the reader holds its pin, what it reads stays, however much the program writes")
def pinned(world):
    world.sample()
    good = world.ok("export").out_bytes
    with reader.Vault(world.vault, PASS, ("test",)) as vault:
        lane = vault.lane()
        for n in range(6):
            world.log(*("later %d %d %s" % (n, m, "text " * 50) for m in range(10)))
        pages = set(lane.survey())
        same(Journal(b"".join(lane.database())).export(), good)
        lane.close()
    waiting = pages - set(equal(world).used)
    before = world.bytes()
    world.log("one", "two", "three")
    after = world.bytes()
    kept = [page for page in waiting if page_of(before, page) == page_of(after, page)]
    true(waiting and not kept, "without the pin they are overwritten, but these: %s" % kept)
    return "%d pages were kept for it" % len(waiting)


if __name__ == "__main__":
    harness.main(tests)
