#!/usr/bin/env python3
"""kill -9 at random moments of forms that are being filled, and around their saving.

usage: tests/torture/forms.py BUILD SEED short|long FOLDER    (the contract stands in tests/torture/run)

A session fills one form on a terminal, as a person would: an entry that is new, one that is there, sealed or split; an
account, a claim, an item, a task, a person, a place, a source, an incident; marked words of an account and the
fact that they claim; a message in the quick log of threats. The worker, the supervisor or both are killed
while it types, or right after the key that saves. Afterwards the form is there unfinished with all that was
typed but for the last two seconds, or the record is there with every field of it, and never both or a part of
each: where it was not saved the journal is to the byte what it was. `check` finds nothing. What the draft
holds is read by saving it.

figures: sessions; saved, those that were saved before the kill took them; offered, those that came back
unfinished; missing, the most typing that was lost, in milliseconds.
"""

import json
import os
import random
import re
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness  # noqa: E402
from harness import PASS, same, true, wait_until  # noqa: E402
from ptyscreen import Screen, gone, worker  # noqa: E402

WAIT = 60  # seconds, for what has no right to last
SAFE = 2.0  # seconds of typing that may be missing
KEY = 0.03
AT_ONCE = 5
WORDS = "офис burned вечером, свидетель saw two men «у двери» before 21:20 the fire и дым".split()


class Form:
    """keys lead to it from the timeline; head is said where it is open. fields: (label, member of the record),
    a label of None: there is but one field. chosen: (label, word), what has to be chosen besides. ref: of the
    entry that it changes. fixed: what else the record must hold."""

    def __init__(self, name, keys, head, array, fields, ref=None, chosen=(), save="\x13", **fixed):
        self.name, self.keys, self.head, self.array = name, keys, head, array
        self.fields, self.ref, self.chosen, self.save, self.fixed = fields, ref, chosen, save, fixed


ENTRY = [("Title", "title"), ("Hedge", "hedge"), ("Narrative", "narrative")]
QUOTE = "four policemen were killed in the evening"
FORMS = [
    Form("new entry", "n", "New entry", "entries", ENTRY),
    Form("threat", "w", "Log threats", "entries", [
        ("channel", "channel"), ("from", "sender"), ("exact words", "exact_words")], kind="threat"),
    Form("marked words", "G\rj\rvww\r", "fact:", "claims", [(None, "fact")], save="\r",
         text="four policemen", min=4, max=4, stance="asserted", status="open"),
    Form("entry", "Ge", "E02", "entries", ENTRY, "E02"),
    Form("account", "G\raa", "New account", "accounts", [
        ("Source", "source"), ("Quote", "quote"), ("Summary", "summary")]),
    Form("claim", "G\rac", "New claim", "claims", [
        ("Fact", "fact"), ("As written", "text"), ("Note", "note")], stance="asserted"),
    Form("judged claim", "G\rjj\ra", "> Note", "claims", [("Note", "note")], fact="cause",
         text="policemen", status="accepted"),
    Form("split entry", "G\rX\x13", "Split E02", "entries", ENTRY + [("Why", None)], kind="note"),
    Form("sealed entry", "ge", "E01, sealed", "entries", ENTRY + [("Why", None)], "E01"),
    Form("item", "G\rai", "New item", "items", [
        ("Item", "description"), ("Features", "features"), ("Note", "note")],
        chosen=[("What of it", "seized")], kind="seized"),
    Form("task", "tn", "New task", "tasks", [("Task", "title"), ("For", "assignee"), ("Note", "note")]),
    Form("person", "pn", "New person", "parties", [("Name", "name"), ("Code name", "code_name"),
                                                   ("Note", "note")]),
    Form("place", "on", "New place", "places", [("Name", "name"), ("Note", "note")]),
    Form("source", "sn", "New source", "sources", [("Title", "title"), ("Note", "note")]),
    Form("incident", "in", "New incident", "incidents", [("Title", "title"), ("Summary", "summary")]),
]

def text_of(chance):
    return " ".join(chance.choice(WORDS) for _ in range(chance.randrange(2, 14)))


class Session:
    def __init__(self, build, folder, seed):
        self.chance = random.Random(seed)
        self.world = harness.World(build, folder)
        self.form = FORMS[seed % len(FORMS)]
        self.screen = None
        self.now = self.whole = self.before = None  # the journal; records as they were
        self.typed = {}  # member: text that was typed into it
        self.times = []  # of every key, in order
        self.missing = 0.0
        self.saved = self.offered = False

    # ---- the vault ----

    def prepare(self):
        self.world.create()
        self.world.log("2014-12-13 #note one entry", "2014-12-14 #note another one")
        entry = json.loads(self.world.ok("export").out)["entries"][1]
        source, account, claim = (kind + "0" * 29 + "1" for kind in ("05", "09", "10"))
        self.world.ok("import", "-", stdin=json.dumps({
            "lapwing": "journal", "version": 1, "entries": [entry],
            "sources": [{"id": source, "ref": "S1", "title": "a letter"}],
            "accounts": [{"id": account, "entry": entry["id"], "source": source, "quote": QUOTE}],
            "claims": [{"id": claim, "account": account, "fact": "cause", "text": "policemen",
                        "stance": "asserted", "status": "open"}]}))
        self.world.ok("seal", "E01", "--yes")
        self.whole = json.loads(self.world.ok("export").out)
        self.before = self.records(self.whole)

    def records(self, data):
        return {record["id"]: record for record in data.get(self.form.array, [])}

    def value(self, record, member):
        """What the journal says there, in words."""
        if member == "source":
            sources = {source["id"]: source["title"] for source in self.now["sources"]}
            return sources[record["source"]]
        if self.form.name == "threat":
            answers = {answer["key"]: answer["text"] for answer in self.now.get("fields", [])
                       if answer["entry"] == record["id"]}
            return answers.get(member, "")
        return record.get(member, "")

    # ---- the screen ----

    def unlock(self):
        self.screen = Screen(self.world, "--vault", self.world.vault)
        self.screen.expect("Passphrase:", seconds=WAIT)
        self.screen.type(PASS + "\r")
        self.screen.expect(" saved", seconds=WAIT)
        self.screen.pump(0.1)
        return "unfinished form" in self.screen.grid.screen()

    def open(self):
        for key in self.form.keys:
            before = self.screen.grid.screen()
            self.screen.type(key)
            self.screen.pump(0.05)
            if key not in "gGw" or len(self.form.keys) == 1:
                self.screen.until(lambda: self.screen.grid.screen() != before, WAIT, "the key %r" % key)
        self.screen.expect(self.form.head, seconds=WAIT)
        self.screen.pump(0.05)

    def go_to(self, label):
        for _ in range(60 if label else 0):
            if any(line.startswith("> " + label) for line in self.screen.grid.screen().splitlines()):
                return
            self.screen.type("\t")
            self.screen.pump(0.02)
        true(label is None, "no field %s on\n%s" % (label, self.screen.grid.screen()))

    def choose(self):
        """Over what may stand there, so that it can be done again."""
        for label, word in self.form.chosen:
            self.go_to(label)
            self.screen.type("\x05\x15" + word)
            self.screen.until(lambda: "  " + word in self.screen.grid.screen(), WAIT, word)

    # ---- what is done ----

    def fill(self, until):
        """Types until that moment; True where all of it was typed."""
        for label, member in self.form.fields:
            self.go_to(label)
            if self.form.ref and member == "title":
                self.screen.type("\x1b[F")
                self.screen.pump(0.02)
            for key in text_of(self.chance):
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self.screen.type(key)
                self.times.append(time.monotonic())
                self.typed[member] = self.typed.get(member, "") + key
                self.screen.pump(min(left, KEY * self.chance.uniform(0.3, 1.7)))
        return True

    def kill(self):
        self.end = time.monotonic()
        inner = worker(self.screen.pid)
        victims = self.chance.choice([[inner], [inner], [self.screen.pid], [self.screen.pid],
                                      [self.screen.pid, inner], [inner, self.screen.pid]])
        for pid in victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:  # it went with the other one
                true(pid != victims[0], "who is to be killed is there")
        wait_until(lambda: gone(inner), WAIT, "the worker is gone")
        self.screen.close()

    # ---- what must be so ----

    def changed(self):
        """The record that the form made or changed; None where the whole journal is as it was."""
        self.now = json.loads(self.world.ok("export").out)
        now = self.records(self.now)
        other = [record for key, record in now.items() if self.before.get(key) != record]
        true(len(other) <= 1, "one record at most: %s" % other)
        if not other:
            same(self.now, self.whole, "nothing of it is in the journal")
            return None
        for member, word in self.form.fixed.items():
            same(other[0].get(member), word, member)
        return other[0]

    def base(self, member):
        if not self.form.ref:
            return ""
        record = next(r for r in self.before.values() if r["ref"] == self.form.ref)
        return record.get(member, "")

    def kept(self, record):
        """How many of the keys, in their order, the record holds; nothing else may be in it."""
        count, whole = 0, True
        for _, member in self.form.fields:
            text = self.typed.get(member, "")
            if member is None:  # the reason stands in the revision
                continue
            have = self.value(record, member) if record else self.base(member)
            true(have.startswith(self.base(member).rstrip()), "%s: %r" % (member, have))
            have = have[len(self.base(member)):]
            true(text.startswith(have), "%s is not what was typed: %r, %r" % (member, have, text))
            true(whole or not have, "%s is there, and what was typed before it is not" % member)
            part = len(have) + (text[len(have):len(have) + 1] == " ")  # a blank at the end goes
            whole = whole and part == len(text)
            count += part
        return count

    def count(self):
        return sum(len(text) for member, text in self.typed.items() if member is not None)

    def judge(self, record):
        kept = self.kept(record)
        due = sum(1 for moment in self.times[:self.count()] if moment < self.end - SAFE)
        if kept < self.count():
            self.missing = self.end - self.times[kept]
        true(kept >= due, "%s: %d of %d keys kept, %.2f s of typing missing" % (
            self.form.name, kept, self.count(), self.missing))

    def last_line(self):
        return self.screen.grid.screen().splitlines()[-1].rstrip()

    def finish(self):
        """Saves what was offered."""
        self.screen.type("y")
        self.screen.expect(self.form.head, seconds=WAIT)
        self.screen.pump(0.1)
        self.choose()
        asked = ("Why", None) in self.form.fields
        if asked and not self.typed.get(None):
            self.go_to("Why")
            self.screen.type("killed")
        elif asked:
            self.go_to("Why")
            self.screen.type(" .")
        self.screen.type(self.form.save)
        self.screen.until(lambda: re.search(r"\bsaved\b|not saved", self.last_line()), WAIT, "saved")
        true("not saved" not in self.last_line(), self.screen.grid.screen())
        self.screen.close()

    def run(self):
        self.prepare()
        true(not self.unlock(), "nothing is offered in a new vault")
        self.open()
        whole = self.fill(time.monotonic() + self.chance.uniform(0.2, 8.0))
        if whole:
            self.choose()
            self.screen.type(self.form.save)
            time.sleep(self.chance.uniform(0, 0.06))
        self.kill()
        self.saved = self.changed() is not None
        self.offered = self.unlock()
        true(not (self.saved and self.offered), "saved, and offered as unfinished")
        if self.saved:
            true(whole, "saved before it was told to")
            same(self.kept(self.changed()), self.count(), "every field of what was saved")
            self.screen.close()
        elif self.offered:
            self.finish()
            self.judge(self.changed())
            true(not self.unlock(), "what was finished is offered no more")
            self.screen.close()
        else:
            self.judge(None)
            self.screen.close()
        self.world.clean_check()

    def close(self):
        if self.screen is not None:
            self.screen.close()
        self.world.close()


class Round:
    def __init__(self, build, folder, seeds):
        self.build, self.folder, self.seeds = build, folder, list(seeds)
        self.lock = threading.Lock()
        self.done, self.bad = [], 0

    def one(self):
        while True:
            with self.lock:
                if not self.seeds:
                    return
                seed = self.seeds.pop()
            session = Session(self.build, self.folder, seed)
            try:
                session.run()
                with self.lock:
                    self.done.append(session)
            except Exception as error:  # told, and the others go on
                with self.lock:
                    self.bad += 1
                    print("bad: session %d (%s): %s" % (
                        seed, session.form.name, str(error).replace("\n", "\nbad:   ")), flush=True)
            finally:
                session.close()

    def run(self):
        threads = [threading.Thread(target=self.one) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def main():
    build, seed, size, folder = sys.argv[1:]
    count = len(FORMS) if size == "short" else 4 * len(FORMS)
    turn = Round(build, folder, range(int(seed) * 1000, int(seed) * 1000 + count))
    turn.run()
    for name in harness.STRANGE:
        turn.bad += 1
        print("bad: seed %s: %s appeared beside the vault" % (seed, name))
    missing = max((session.missing for session in turn.done), default=0.0)
    print("figures sessions=%d saved=%d offered=%d missing=%d bad=%d" % (
        len(turn.done), sum(session.saved for session in turn.done),
        sum(session.offered for session in turn.done), int(1000 * missing), turn.bad))
    sys.exit(1 if turn.bad else 0)


if __name__ == "__main__":
    main()
