"""The chronology of December 2014 typed through the screens, record by record: what is exported then is
what an import of the same chronology gives, but for ids, times of recording and revisions."""
import json
import time

import harness
from harness import PASS, PRACTICE, same, true
from tmux import Tmux

tests, test = harness.collector()
NEW = {  # how a form is headed, by the array of the record
    "incidents": "incident", "places": "place", "parties": "person or group", "sources": "source",
    "entries": "entry", "accounts": "account", "claims": "claim", "participations": "participation",
    "fields": "answer", "items": "item", "links": "link", "precedences": "order",
}
ADD = {"accounts": "a", "claims": "c", "participations": "p", "items": "i", "fields": "f", "links": "l",
       "precedences": "o"}
# The fields of each form from above: label, and what of the record stands there.
FORMS = {
    "incidents": (("Title", "title"), ("Status", "status"), ("Summary", "summary")),
    "places": (("Name", "name"), ("Kind", "kind"), ("Lies in", "parent"), ("Latitude", "latitude"),
               ("Longitude", "longitude"), ("Precision", "precision"), ("Note", "note")),
    "parties": (("Name", "name"), ("Kind", "kind"), ("Also", "names"), ("Code name", "code_name"),
                ("Protected", "protected"), ("Note", "note")),
    "sources": (("Title", "title"), ("Author", "author"), ("Medium", "medium"), ("Date", "date"),
                ("As worded", "date_text"), ("Index no.", "reference"), ("Address", "url"),
                ("Language", "language"), ("Reliable", "reliability"), ("Protected", "protected"),
                ("Number", "ref"), ("Note", "note")),
    "accounts": (("Entry", "entry"), ("Source", "source"), ("Quote", "quote"),
                 ("Translated", "translation"), ("Language", "language"), ("Summary", "summary"),
                 ("Page", "locator"), ("Via", "via"), ("Received", "received"),
                 ("How", "received_how"), ("Credible", "credibility"), ("Note", "note")),
    "claims": (("Account", "account"), ("Fact", "fact"), ("Stance", "stance"), ("As written", "text"),
               ("Figure", ("min", "max")), ("Status", "status"), ("Note", "note")),
    "participations": (("Entry", "entry"), ("Who", "party"), ("Role", "role"), ("Degree", "degree"),
                       ("Hedge", "hedge"), ("How many", ("count_min", "count_max")),
                       ("As written", "count_text"), ("Armed", "armed"), ("Masked", "masked"),
                       ("At the end", "end_state"), ("Note", "note")),
    "fields": (("Entry", "entry"), ("Question", "key"), ("Answer", "text"), ("Figure", ("min", "max")),
               ("Who", "party"), ("Where", "place"), ("Note", "note")),
    "items": (("Entry", "entry"), ("What of it", "kind"), ("Item", "description"),
              ("How many", ("count_min", "count_max")), ("As written", "count_text"),
              ("Class", "class"), ("Features", "features"), ("Serial no.", "serial"),
              ("Owner", "owner"), ("Owner text", "owner_text"), ("Taken by", "taken_by"),
              ("Manner", "manner"), ("Receipt", "receipt"), ("Its number", "receipt_number"),
              ("Value", "value"), ("Returned", "returned"), ("Note", "note")),
    "links": (("Entry", "from"), ("Relation", "kind"), ("To entry", "to"), ("About", "fact"),
              ("Hedge", "hedge"), ("Rests on", "account"), ("Note", "note")),
    "precedences": (("Earlier", "earlier"), ("Order", "kind"), ("Later", "later"),
                    ("As worded", "text"), ("Rests on", "account")),
}
# Of the form of an entry, whose questions depend on its kind: Tab leads from field to field.
ENTRY = {"Title": "title", "Kind": "kind", "When": "when", "As worded": "when_text",
         "Extent": "extent", "Lasted": "duration_text", "Noticed": "noticed",
         "Noticed as": "noticed_text", "Place": "place", "Named as": "place_text", "Hedge": "hedge",
         "Narrative": "narrative", "Access": "confidentiality", "Incident": "incident",
         "Part of": "parent"}


class Sample:
    """The chronology, and how its records are called on the screens."""

    def __init__(self):
        with open(PRACTICE, encoding="utf-8") as file:
            self.data = json.load(file)
        self.called = {}
        for array, key in (("incidents", "title"), ("places", "name"), ("parties", "name"),
                           ("sources", "ref"), ("entries", "ref")):
            self.called.update((record["id"], record[key]) for record in self.data[array])
        for account in self.data["accounts"]:
            self.called[account["id"]] = "%s %s" % (self.called[account["entry"]],
                                                    self.called[account["source"]])

    def names(self, party):
        return ["%(text)s; %(script)s; %(language)s; %(kind)s" % name for name in self.data["names"]
                if name["party"] == party["id"]]

    def typed(self, record, field):
        """What is typed for a field; None: nothing."""
        if isinstance(field, tuple):
            return figure(*(record.get(name) for name in field))
        if field == "names":
            return "\n".join(self.names(record)) or None
        value = record.get(field)
        return self.called.get(value, value)

    def of(self, array, field, ref):
        """Records that belong to the entry of that reference."""
        ids = {record["id"] for record in self.data["entries"] if record["ref"] == ref}
        if field == "account":
            ids = {record["id"] for record in self.data["accounts"] if record["entry"] in ids}
        return [record for record in self.data[array] if record[field] in ids]


def figure(least, most):
    if least is None and most is None:
        return None
    if most is None:
        return "at least %d" % least
    if least is None:
        return "at most %d" % most
    return str(least) if least == most else "%d-%d" % (least, most)


class Typist:
    """Somebody who types, and waits for each screen."""

    def __init__(self, world):
        self.screen = Tmux(world, 80, 24)
        self.screen.line("%s --vault %s" % (world.program(), world.vault))
        self.screen.expect("Passphrase:")
        self.screen.line(PASS)
        self.screen.expect("entries", seconds=30)

    def press(self, *keys):
        """Keys by name, text as ("text",), all at once."""
        words = []
        for key in keys:
            words += ["send-keys", "-t", "a:0.0"] + (["-l", "--", key[0]] if isinstance(key, tuple)
                                                     else [key]) + [";"]
        self.screen.call(*words[:-1])

    def first_line(self):
        return self.screen.screen().split("\n")[0]

    def until_headed(self, text, there=True, seconds=20):
        end = time.monotonic() + seconds
        while self.first_line().startswith(text) != there:
            true(time.monotonic() < end, "%r is %s the heading of\n%s" % (
                text, "not" if there else "still", self.screen.screen()))
            time.sleep(0.01)

    def focused(self):
        rows = [row for row in self.screen.screen().split("\n")[1:] if row.startswith("> ")]
        return rows[0][2:13].strip() if rows else ""

    def until_focused(self, label):
        end = time.monotonic() + 20
        while self.focused() != label:
            true(time.monotonic() < end, "%r is the field\n%s" % (label, self.screen.screen()))
            time.sleep(0.01)

    def put(self, text):
        """Instead of what stands in the field; a line break is the key Enter."""
        keys = ["C-u"]
        for number, line in enumerate(text.split("\n")):
            keys += (["Enter"] if number else []) + [(line,)]
        self.press(*keys)

    def form(self, sample, array, record):
        """Fills the open form of a new record and saves it."""
        heading = "New " + NEW[array]
        self.until_headed(heading)
        above = [label for label, _ in FORMS[array]].index(self.focused())  # what is given
        for _ in range(above):
            self.press("BTab")
        for label, field in FORMS[array]:
            text = sample.typed(record, field)
            if text is not None:
                self.until_focused(label)
                self.put(str(text))
            self.press("Tab")
        self.press("F2")
        self.until_headed(heading, there=False)

    def entry(self, sample, record):
        """The same for an entry, whose kind says what is asked."""
        self.until_headed("New entry")
        left = {label: sample.typed(record, field) for label, field in ENTRY.items()}
        left = {label: text for label, text in left.items() if text is not None}
        for _ in range(60):
            label = self.focused()
            if label in left:
                self.put(str(left.pop(label)))
            if not left:
                break
            self.press("Tab")
            end = time.monotonic() + 1
            while self.focused() == label and time.monotonic() < end:
                time.sleep(0.01)
        same(left, {}, "fields that the form has not")
        self.press("F2")
        self.screen.expect("%s saved" % record["ref"])

    def list_of(self, sample, key, array):
        self.press(key)
        for record in sample.data[array]:
            self.press("n")
            self.form(sample, array, record)
        self.press("q")
        self.screen.expect("entries")

    def walk(self, refs, do):
        """Every entry once, along the timeline as it stands then; do(ref) is called on its screen."""
        left = set(refs)
        while left:
            self.press("g", "Enter")
            self.until_headed("E")
            at = None
            while True:
                ref = self.first_line()[:3]
                if ref == at:
                    break  # the last one
                at = ref
                if ref in left:
                    do(ref)
                    left.remove(ref)
                self.press("]")
                end = time.monotonic() + 5
                while self.first_line()[:3] == at and time.monotonic() < end:
                    if "this is the last one" in self.screen.screen():
                        break
                    time.sleep(0.01)
            self.leave()

    def leave(self):
        """From an entry: the cursor leaves it first."""
        while self.first_line().startswith("E"):
            self.press("q")
            time.sleep(0.2)
        self.screen.expect("entries")

    def add(self, sample, array, field, ref):
        for record in sample.of(array, field, ref):
            self.press("a")
            self.until_headed("Add to the entry")
            self.press((ADD[array],))
            self.form(sample, array, record)
            self.until_headed(ref)


def named(data):
    """The records without ids and times, each reference by what it leads to; without revisions."""
    sample = Sample.__new__(Sample)
    sample.data = data
    names = {record["id"]: record.get("name") or record.get("ref") or record.get("title")
             for array in ("incidents", "parties", "places", "sources", "entries")
             for record in data[array]}
    for account in data["accounts"]:
        names[account["id"]] = "%s %s" % (names[account["entry"]], names[account["source"]])
    out = {}
    for array, records in data.items():
        if isinstance(records, list) and array != "revisions":
            out[array] = sorted(
                json.dumps({key: names.get(value, value) if isinstance(value, str) else value
                            for key, value in record.items()
                            if key not in ("id", "recorded_at", "recorded_by")},
                           sort_keys=True, ensure_ascii=False) for record in records)
    return out


@test("the whole chronology typed through the screens is what an import of it gives", limit=1200)
def typed(world):
    sample = Sample()
    world.create()
    typist = Typist(world)
    try:
        for key, array in (("i", "incidents"), ("o", "places"), ("p", "parties"), ("s", "sources")):
            typist.list_of(sample, key, array)
        for record in sample.data["entries"]:
            typist.press("n")
            typist.entry(sample, record)
        refs = [record["ref"] for record in sample.data["entries"]]

        def what_hangs_on_it(ref):
            for array in ("accounts", "participations", "fields", "items"):
                typist.add(sample, array, "entry", ref)
            typist.add(sample, "claims", "account", ref)

        def what_leads_on(ref):
            typist.add(sample, "links", "from", ref)
            typist.add(sample, "precedences", "later", ref)

        typist.walk(refs, what_hangs_on_it)
        def seal(ref):
            typist.press("S")
            typist.screen.expect("seal %s?" % ref)
            typist.press("y")
            typist.screen.expect("%s sealed" % ref)

        typist.walk(refs, what_leads_on)
        typist.walk(refs, seal)
        typist.press("Q")
        typist.screen.expect("shell>")
    finally:
        typist.screen.close()
    have, want = named(json.loads(world.ok("export").out)), named(sample.data)
    for array, records in want.items():
        missing = [record for record in records if record not in have[array]]
        other = [record for record in have[array] if record not in records]
        same((other, missing), ([], []), array)
        same(len(have[array]), len(records), array)
    world.clean_check()


harness.main(tests)
