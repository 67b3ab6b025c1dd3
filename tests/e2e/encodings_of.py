"""The bytes under which a text could lie somewhere: in memory, in a file, on a disk."""
import base64
import unicodedata


def plain_forms(text):
    """[(name, bytes)] of the text itself."""
    found = []
    for form in {unicodedata.normalize(name, text) for name in ("NFC", "NFD")}:
        found += [("UTF-8", form.encode()), ("UTF-16", form.encode("utf-16-le")),
                  ("UTF-16", form.encode("utf-16-be")), ("UTF-32", form.encode("utf-32-le"))]
    return found


def forms(text):
    """[(name, bytes)]: those, and each of the first three as hexadecimal and as base64, wherever in a longer
    text it stands: at all three places of a group, without the ends, which depend on the neighbours."""
    found = plain_forms(text)
    for name, data in plain_forms(text):
        if name == "UTF-32":
            continue
        found += [("hex", data.hex().encode()), ("hex", data.hex().upper().encode())]
        for skip in range(3):
            length = (len(data) + skip) // 3 * 3 - skip
            coded = base64.b64encode(bytes(skip) + data[:length])
            found += [("base64", coded[4 if skip else 0:]),
                      ("base64", coded[4 if skip else 0:].translate(bytes.maketrans(b"+/", b"-_")))]
    return sorted({(name, data) for name, data in found})
