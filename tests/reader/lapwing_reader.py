#!/usr/bin/python3
"""A second reader of vaults, written from the manual page lapwing-vault(5) alone.

It shares nothing with the program, so that a change of the format which the program makes on both
sides, and would never notice by itself, is noticed here. It opens the file for reading only, and takes
the shared lock of a generation while it reads one.

usage: lapwing_reader.py VAULT [--header FILE] [--profile NAME] [--lane N] [--database -]

The passphrase is the first line of standard input. What was found goes to standard output; with
--database - the SQLite database goes there, and what was found to standard error.
Ends with 0, 64 (usage), 65 (damaged), 69 (a package is missing) or 77 (wrong passphrase).
"""
import argparse
import fcntl
import hashlib
import os
import struct
import sys
import time
import unicodedata

try:
    from nacl import bindings
    from nacl.exceptions import CryptoError
except ImportError:
    sys.stderr.write("lapwing_reader: %s has no package nacl; on Debian install python3-nacl and use "
                     "/usr/bin/python3\n" % sys.executable)
    sys.exit(69)

PAGE, PAYLOAD, RESERVED, HEAD = 4096, 4040, 56, 16
POOL = 7  # the first page of the pool
SMALLEST, LARGEST = 4 << 20, 64 << 30
DETACHED = 3 * PAGE  # pages 0 to 2 in a file of their own
FORMAT = 1
SLOT_KEY, POOL_PAGE, ROOT_PAGE = 0x4B, 1, 2  # the purposes in associated data
LIST, ROOT = 0xFE, 0xFF  # levels beside 0 (data) and 1 to 3 (node)
SLOTS, SLOT, KEYRING_ENTRY = 8, 504, 34
ENTRY, WAITING = 25, 15
ROOT_ENTRIES, NODE_ENTRIES = 80, 160
MOST_LISTED, MOST_WAITING, MOST_IN_LIST = 96, 105, 267
# name: passes, bytes of memory. The test programs' own profile is only taken where it is named.
PROFILES = {"standard": (3, 268435456), "lite": (10, 67108864), "test": (1, 8192)}
USUAL = ("standard", "lite")
MOST_STARTS = 50  # how often a reader begins again because somebody commits


class WrongPassphrase(Exception):
    """No slot opened."""


class Damage(Exception):
    """Something in the file is not as it has to be; the text names the place."""


# ---- functions and keys ------------------------------------------------------------------------


def blake(message, size=32, key=b""):
    return hashlib.blake2b(message, digest_size=size, key=key).digest()


def kdf(key, context, number, length):
    return hashlib.blake2b(b"", digest_size=length, key=key, salt=struct.pack("<QQ", number, 0),
                           person=context + bytes(8)).digest()


def decrypt(sealed, data, nonce, key):
    """The plain text, or None where it does not authenticate."""
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, data, nonce, key)
    except CryptoError:
        return None


def master_key(passphrase, salt, profile):
    if len(passphrase.encode()) > 1024:
        raise WrongPassphrase("a passphrase has at most 1024 bytes")
    text = unicodedata.normalize("NFC", passphrase).encode()
    passes, memory = PROFILES[profile]
    return bindings.crypto_pwhash_alg(32, text, salt, passes, memory,
                                      bindings.crypto_pwhash_ALG_ARGON2ID13)


def slot_keys(master):
    return [kdf(master, b"LWslots1", s + 1, 32) for s in range(SLOTS)]


class LaneKeys:
    def __init__(self, key):
        self.page = kdf(key, b"lwlane01", 1, 32)
        self.root = kdf(key, b"lwlane01", 2, 32)
        self.pin = kdf(key, b"lwlane01", 3, 16)

    def pin_offset(self, generation):
        return (1 << 62) + number(self.pin[:8]) % (1 << 60) + generation


def lock_offsets(vault_id):
    """Where the locks of the header and of the writer are."""
    d = blake(vault_id, 16, b"lapwing locks")
    return (1 << 60) + number(d[:8]) % (1 << 56), (1 << 61) + number(d[8:]) % (1 << 56)


def number(data):
    return int.from_bytes(data, "little")


# ---- structures --------------------------------------------------------------------------------


class Slot:
    """The payload of a slot, if it counts."""

    def __init__(self, plain, place, opened_with):
        self.number, self.lane = plain[1], plain[2]
        self.generation = number(plain[4:10])
        self.keys = [plain[10:42], plain[42:74]]
        ring = [plain[74 + i * KEYRING_ENTRY:][:KEYRING_ENTRY] for i in range(SLOTS)]
        self.ring = [(entry[0], entry[1], entry[2:]) for entry in ring]
        self.counts = (
            plain[0] == FORMAT and self.number == place and self.lane <= 1
            and all(known <= 1 and lane <= 1 for known, lane, _ in self.ring)
            and self.ring[place] == (1, self.lane, opened_with))
        self.lanes = sorted({lane for known, lane, _ in self.ring if known})
        self.tidy = (plain[3] == 0 and not any(plain[346:])
                     and all(known or lane == 0 for known, lane, _ in self.ring))


class Entry:
    """Names a page of the pool."""

    def __init__(self, data):
        self.page, self.birth, self.tag = number(data[:4]), number(data[4:9]), data[9:25]
        self.tidy = self.page != 0 or not any(data)


def entries(data, count):
    return [Entry(data[i * ENTRY:][:ENTRY]) for i in range(count)]


class Waiting:
    def __init__(self, data):
        self.page, self.birth, self.death = number(data[:4]), number(data[4:9]), number(data[9:14])
        self.overwritten = data[14]


def waiting_pages(data, count):
    return [Waiting(data[i * WAITING:][:WAITING]) for i in range(count)]


class Head:
    def __init__(self, plain):
        self.level, self.zero, self.index, self.commit = struct.unpack_from("<BBII", plain)
        self.birth = number(plain[10:16])

    def __str__(self):
        return "level %d, index %d, birth %d" % (self.level, self.index, self.birth)


class Root:
    """A root that decrypted; bad says why it is none all the same."""

    def __init__(self, plain, which, pages):
        head, body = Head(plain), plain[HEAD:]
        (self.generation, self.payloads, self.height, zero, self.listed_count, self.waiting_count,
         self.list_pages) = struct.unpack_from("<QIBBHII", body)
        self.hash = body[24:56]
        self.entries = entries(body[56:], ROOT_ENTRIES)
        self.list = Entry(body[2440:2465])
        self.bad = self.judge(head, which)
        if self.bad:
            return
        every = struct.unpack_from("<96I", body, 2056)
        self.listed = list(every[:self.listed_count])
        self.waiting = waiting_pages(body[2465:], self.waiting_count)
        self.tidy = (head.zero == 0 and zero == 0 and not any(every[self.listed_count:])
                     and not any(body[2465 + WAITING * self.waiting_count:])
                     and all(entry.tidy for entry in self.entries + [self.list]))
        named = [e.page for e in self.entries + [self.list] if e.page] + self.listed
        named += [w.page for w in self.waiting]
        if not all(POOL <= page < pages for page in named):
            self.bad = "an entry leads outside the pool"

    def judge(self, head, which):
        if head.level != ROOT or head.index != 0:
            return "its head is not that of a root (%s)" % head
        if head.birth != self.generation or self.generation % 2 != which:
            return "its generation does not belong here (%d, %s)" % (self.generation, head)
        if not 1 <= self.height <= 3:
            return "height %d" % self.height
        if self.listed_count > MOST_LISTED or self.waiting_count > MOST_WAITING:
            return "%d listed, %d waiting pages" % (self.listed_count, self.waiting_count)
        if self.payloads > ROOT_ENTRIES * NODE_ENTRIES ** self.height:
            return "%d payloads are too many for height %d" % (self.payloads, self.height)
        return ""


# ---- the file ----------------------------------------------------------------------------------


class Vault:
    """A vault opened by a passphrase: its slot, and the lanes that this slot knows."""

    def __init__(self, path, passphrase, profiles=USUAL, header=None):
        self.path = path
        self.fd = self.header = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if header is not None:
                self.header = os.open(header, os.O_RDONLY | os.O_CLOEXEC)
                if os.fstat(self.header).st_size != DETACHED:
                    raise Damage("a detached header has %d bytes" % DETACHED)
            size = os.fstat(self.fd).st_size
            if size % PAGE or not SMALLEST <= size <= LARGEST:
                raise Damage("%d bytes are not the size of a vault" % size)
            self.pages = size // PAGE
            self.unlock(passphrase, profiles)
        except BaseException:
            self.close()
            raise

    def close(self):
        if self.header != self.fd:
            os.close(self.header)
        os.close(self.fd)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def raw(self, page):
        data = os.pread(self.header if page < 3 else self.fd, PAGE, page * PAGE)
        if len(data) != PAGE:
            raise Damage("page %d of the file cannot be read" % page)
        return data

    def unlock(self, passphrase, profiles):
        self.salt = self.raw(0)[:16]
        self.id = blake(self.salt)
        for self.profile in profiles:
            keys = slot_keys(master_key(passphrase, self.salt, self.profile))
            if self.raw(0)[:16] != self.salt:
                raise Damage("the vault was wiped or made anew meanwhile")
            found = self.open_slots(keys)
            if found:
                self.copies = sorted(copy for copy, _ in found)
                self.slot = max((slot for _, slot in found), key=lambda slot: slot.generation)
                return
        raise WrongPassphrase("wrong passphrase")

    def open_slots(self, keys):
        """(copy, slot) of all that count."""
        found = []
        for copy in range(2):
            data = self.raw(1 + copy)
            for s, key in enumerate(keys):
                part = data[SLOT * s:SLOT * (s + 1)]
                plain = decrypt(part[24:], self.id + bytes([FORMAT, SLOT_KEY, copy, s]), part[:24], key)
                slot = plain and Slot(plain, s, key)
                if slot and slot.counts:
                    found.append((copy, slot))
        return found

    def lane(self, lane=None):
        lane = self.slot.lane if lane is None else lane
        if lane not in self.slot.lanes:
            raise WrongPassphrase("lane %s is not known to this passphrase" % lane)
        return Lane(self, lane, LaneKeys(self.slot.keys[lane]))

    def open_page(self, raw, purpose, lane, which, key):
        return decrypt(raw[:4056] + raw[4080:], self.id + bytes([FORMAT, purpose, lane, which]),
                       raw[4056:4080], key)

    def lock(self, offset, kind):
        """A lock of one byte; l_pid is 0, as locks of open file descriptions want it."""
        fcntl.fcntl(self.fd, fcntl.F_OFD_SETLK,
                    struct.pack("@hhqqi0q", kind, os.SEEK_SET, offset, 1, 0))


# ---- a lane ------------------------------------------------------------------------------------


class Lane:
    """A journal as one root names it, pinned until it is closed.

    fell_back: why not the newest root is shown, or "". told: what the user is to know. untidy: what a
    reader may pass over, but no writer may write.
    """

    def __init__(self, vault, lane, keys):
        self.vault, self.lane, self.keys = vault, lane, keys
        self.pinned = None
        self.nodes = {}
        for _ in range(MOST_STARTS):
            self.told, self.untidy, self.fell_back = [], [], ""
            if self.choose():
                break
            self.close()
        else:
            raise Damage("lane %d: its roots never rest" % lane)
        self.waiting, self.list_entries = self.read_lists()

    def close(self):
        if self.pinned is not None:
            self.vault.lock(self.keys.pin_offset(self.pinned), fcntl.F_UNLCK)
            self.pinned = None

    def pin(self, generation):
        """The new pin is there before the old one goes."""
        self.vault.lock(self.keys.pin_offset(generation), fcntl.F_RDLCK)
        self.close()
        self.pinned = generation

    # -- roots

    def raw_roots(self):
        return [self.vault.raw(3 + 2 * self.lane + which) for which in range(2)]

    def read_root(self, which):
        """(bytes, root or None, why not). It may just be being written, so it is read again."""
        for turn in range(4):
            if turn:
                time.sleep(0.001)
            raw = self.vault.raw(3 + 2 * self.lane + which)
            plain = self.vault.open_page(raw, ROOT_PAGE, self.lane, which, self.keys.root)
            root = plain and Root(plain, which, self.vault.pages)
            if root and not root.bad:
                return raw, root, ""
        return raw, None, root.bad if root else "it does not authenticate"

    def choose(self):
        """Takes the root that is to be believed; False where the roots changed meanwhile."""
        read = [self.read_root(which) for which in range(2)]
        seen = [raw for raw, _, _ in read]
        roots = [root for _, root, _ in read]
        if roots == [None, None]:
            raise Damage("lane %d: no root can be read (%s; %s)" % (self.lane, read[0][2], read[1][2]))
        for which, (_, root, why) in enumerate(read):
            if root is None:
                self.told.append("root %d of lane %d cannot be read: %s" % (which, self.lane, why))
        newest = max((r for r in roots if r), key=lambda r: r.generation)
        self.pin(newest.generation)
        if self.raw_roots() != seen:
            return False
        why = self.doubt(newest)
        if not why:
            self.root = newest
            return True
        if self.raw_roots() != seen:
            return False
        return self.fall_back(roots, newest, why, seen)

    def fall_back(self, roots, newest, why, seen):
        other = roots[1 - newest.generation % 2]
        if other is None or other.generation != newest.generation - 1:
            raise Damage("lane %d: %s, and the other root is not the one before" % (self.lane, why))
        self.pin(other.generation)
        self.root, self.fell_back = other, why
        self.told.append("lane %d: %s; generation %d is shown" % (self.lane, why, other.generation))
        return self.raw_roots() == seen

    def doubt(self, root):
        """Why a root is not to be believed, or ""."""
        tags = []
        for page in root.listed:
            raw = self.vault.raw(page)
            if self.vault.open_page(raw, POOL_PAGE, self.lane, 0, self.keys.page) is None:
                return "page %d, listed by root generation %d, does not authenticate" % (
                    page, root.generation)
            tags.append(raw[4080:])
        if blake(b"".join(tags)) != root.hash:
            return "the pages listed by root generation %d are not those it was written with" % (
                root.generation)
        return ""

    # -- pages

    def page(self, entry, level, index):
        """The payload of the page that an entry names."""
        what = {0: "data page", LIST: "list page"}.get(level, "node of level %d" % level)
        where = "lane %d, page %d of the file, %s %d: " % (self.lane, entry.page, what, index)
        if not POOL <= entry.page < self.vault.pages:
            raise Damage(where + "it is outside the pool")
        raw = self.vault.raw(entry.page)
        plain = self.vault.open_page(raw, POOL_PAGE, self.lane, 0, self.keys.page)
        head = plain and Head(plain)
        if raw[4080:] != entry.tag:
            raise Damage(where + ("another page of this lane stands here (%s, not birth %d)" % (
                head, entry.birth) if head else "its tag is not the one it was written with"))
        if head is None:
            raise Damage(where + "it does not authenticate")
        if (head.level, head.index, head.birth) != (level, index, entry.birth):
            raise Damage(where + "its head is another one (%s)" % head)
        if head.zero:
            self.untidy.append(where + "byte 1 of its head is not zero")
        return plain[HEAD:]

    def node(self, entry, level, index):
        key = level, index
        if key not in self.nodes:
            body = self.page(entry, level, index)
            self.nodes[key] = entries(body, NODE_ENTRIES)
            if any(body[4000:]) or not all(e.tidy for e in self.nodes[key]):
                self.untidy.append("node %d of level %d: unused places are not zero" % (index, level))
        return self.nodes[key]

    def read_lists(self):
        """All waiting pages, and the entries of the list pages."""
        waiting, found, entry = list(self.root.waiting), [], self.root.list
        while entry.page:
            if len(found) == self.root.list_pages:
                raise Damage("lane %d: there are more list pages than the root says" % self.lane)
            body = self.page(entry, LIST, len(found))
            found.append(entry)
            count = number(body[25:27])
            if count > MOST_IN_LIST:
                raise Damage("lane %d: list page %d has %d places" % (self.lane, len(found) - 1, count))
            waiting += waiting_pages(body[27:], count)
            entry = Entry(body[:ENTRY])
            if any(body[27 + WAITING * count:]) or not entry.tidy:
                self.untidy.append("list page %d: unused places are not zero" % (len(found) - 1))
        if len(found) != self.root.list_pages:
            raise Damage("lane %d: %d list pages, not %d" % (self.lane, len(found), self.root.list_pages))
        return waiting, found

    # -- the tree

    def payload(self, p):
        entry, level = self.root.entries[p // NODE_ENTRIES ** self.root.height], self.root.height
        while entry.page and level:
            node = self.node(entry, level, p // NODE_ENTRIES ** level)
            level -= 1
            entry = node[p // NODE_ENTRIES ** level % NODE_ENTRIES]
        return self.page(entry, 0, p) if entry.page else bytes(PAYLOAD)

    def database(self):
        """The SQLite file, a page at a time."""
        for p in range(self.root.payloads):
            data = self.payload(p) + bytes(RESERVED)
            if p == 0 and (data[16:18], data[20]) != (b"\x10\0", RESERVED):
                raise Damage("lane %d: data page 0 is not the first page of such a database" % self.lane)
            yield data

    def survey(self):
        """Everything the root names: {page: (level, index)}. Fills untidy."""
        used = {}

        def take(entry, level, index):
            if entry.page in used:
                raise Damage("lane %d: page %d is named twice" % (self.lane, entry.page))
            used[entry.page] = level, index
            if entry.birth > self.root.generation:
                self.untidy.append("page %d is younger than its root" % entry.page)

        def down(entry, level, index):
            if not entry.page:
                return
            take(entry, level, index)
            if level == 0:
                self.page(entry, 0, index)
                if index >= self.root.payloads:
                    self.untidy.append("payload %d is behind the last one" % index)
                return
            below = self.node(entry, level, index)
            if not any(e.page for e in below):
                self.untidy.append("node %d of level %d names nothing" % (index, level))
            for j, child in enumerate(below):
                down(child, level - 1, NODE_ENTRIES * index + j)

        for k, entry in enumerate(self.root.entries):
            down(entry, self.root.height, k)
        for index, entry in enumerate(self.list_entries):
            take(entry, LIST, index)
        self.survey_waiting(used)
        return used

    def survey_waiting(self, used):
        pages = [w.page for w in self.waiting]
        if len(set(pages)) != len(pages) or set(pages) & set(used):
            self.untidy.append("a waiting page is named twice")
        for w in self.waiting:
            if not (POOL <= w.page < self.vault.pages and w.overwritten <= 1
                    and w.birth < w.death <= self.root.generation):
                self.untidy.append("waiting page %d: birth %d, death %d, flag %d" % (
                    w.page, w.birth, w.death, w.overwritten))


# ---- the command -------------------------------------------------------------------------------


def describe(vault, lane):
    """Lines about what was found."""
    slot, root = vault.slot, lane.root
    yield "profile: " + vault.profile
    yield "slot: %d" % slot.number
    yield "lane of the slot: %d" % slot.lane
    yield "lanes known: " + " ".join(str(n) for n in slot.lanes)
    yield "header generation: %d" % slot.generation
    yield "header copies: " + " ".join("AB"[copy] for copy in vault.copies)
    yield "lane: %d" % lane.lane
    yield "root generation: %d" % root.generation
    yield "height: %d" % root.height
    yield "payloads: %d" % root.payloads
    yield "listed pages: %d, %s" % (
        root.listed_count, "fell back to the older root" if lane.fell_back else "whole")
    yield "list pages: %d" % root.list_pages
    yield "waiting pages: %d" % len(lane.waiting)
    for line in lane.told:
        yield "attention: " + line


def read_passphrase():
    line = sys.stdin.buffer.readline().rstrip(b"\n")
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise WrongPassphrase("the passphrase is not UTF-8") from None


def show(args):
    profiles = (args.profile,) if args.profile else USUAL
    with Vault(args.vault, read_passphrase(), profiles, args.header) as vault:
        lane = vault.lane(args.lane)
        to = sys.stderr if args.database else sys.stdout
        for line in describe(vault, lane):
            print(line, file=to)
        used = lane.survey()
        levels = [level for level, _ in used.values()]
        print("pages in use: %d, of them data %d" % (len(levels), levels.count(0)), file=to)
        for line in lane.untidy:
            print("untidy: " + line, file=to)
        if args.database:
            for data in lane.database():
                sys.stdout.buffer.write(data)


def main():
    parser = argparse.ArgumentParser(prog="lapwing_reader.py", allow_abbrev=False)
    parser.add_argument("vault", metavar="VAULT")
    parser.add_argument("--header", metavar="FILE")
    parser.add_argument("--profile", choices=sorted(PROFILES))
    parser.add_argument("--lane", type=int, choices=(0, 1))
    parser.add_argument("--database", choices=("-",))
    try:
        args = parser.parse_args()
    except SystemExit as end:
        return 64 if end.code else 0
    try:
        show(args)
        return 0
    except WrongPassphrase as error:
        code, text = 77, error
    except (Damage, OSError) as error:
        code, text = 65, error
    sys.stdout.flush()
    print("lapwing_reader: %s" % text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
