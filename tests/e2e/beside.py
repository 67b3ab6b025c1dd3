"""What appears beside a vault: every folder in which a test has one is watched through inotify.

Allowed are the vault, NAME.new and NAME.wiped, what the test itself makes (seen by an audit hook of Python),
and what stands as a path in the arguments of a program that it starts. Anything else is strange, even if it
is gone a moment later.
"""
import ctypes
import os
import struct
import sys

CREATE, TO, OVERFLOW, IS_FOLDER = 0x100, 0x80, 0x4000, 0x40000000
MAKING = {"os.rename": 2, "os.link": 2, "os.symlink": 2, "os.mkdir": 1}  # their paths
made = set()  # by the test itself
asked = set()  # of programs, argument by argument


def ask(words, cwd=None):
    """What stands in the arguments of a program may be written by it."""
    for word in words:
        word = os.fsdecode(word)
        asked.add(word)
        if cwd is not None:
            asked.add(os.path.normpath(os.path.join(os.fsdecode(cwd), word)))


def audit(event, values):
    if event == "open":
        path, _, flags = values
        if isinstance(path, (str, bytes)) and isinstance(flags, int) and flags & os.O_CREAT:
            made.add(os.path.abspath(os.fsdecode(path)))
    elif event in MAKING:
        for path in values[:MAKING[event]]:
            if isinstance(path, (str, bytes)):
                made.add(os.path.abspath(os.fsdecode(path)))
    elif event == "subprocess.Popen":
        _, words, cwd, _ = values
        ask([words] if isinstance(words, (str, bytes)) else words, cwd)


sys.addaudithook(audit)


class Beside:
    """The folders of one world."""

    def __init__(self):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.fd < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self.folders, self.vaults, self.parents = {}, set(), set()
        self.appeared, self.strange = [], []

    def folder(self, path):
        if path in self.folders.values() or not os.path.isdir(path):
            return False
        number = self.libc.inotify_add_watch(self.fd, os.fsencode(path), CREATE | TO)
        if number >= 0:  # else it went at this moment
            self.folders[number] = path
        return number >= 0

    def vault(self, path, cwd):
        """A program is given that vault."""
        path = os.path.normpath(os.path.join(cwd, path))
        for name in {path, os.path.realpath(path)}:
            self.vaults.add(name)
            self.folder(os.path.dirname(name))
        self.collect()

    def children(self, path, *names):
        """Each folder that comes to be there may have vaults of those names."""
        self.parents.add((path, names))
        self.folder(path)

    def arrive(self, path):
        self.appeared.append(path)
        vault = path.removesuffix(".new").removesuffix(".wiped")
        if vault in self.vaults or path in made or any(vault in word for word in asked):
            return
        for parent, names in self.parents:
            if os.path.dirname(path) == parent:
                self.vaults.update(os.path.join(path, name) for name in names)
                if self.folder(path):
                    for there in os.listdir(path):
                        self.arrive(os.path.join(path, there))
                    return
        self.strange.append(path)

    def collect(self):
        """Names that appeared since the last call; judged at once, while what was asked is known."""
        while True:
            try:
                data = os.read(self.fd, 65536)
            except BlockingIOError:
                return
            at = 0
            while at < len(data):
                number, mask, _, length = struct.unpack_from("iIII", data, at)
                name = os.fsdecode(data[at + 16:at + 16 + length].rstrip(b"\0"))
                at += 16 + length
                if mask & OVERFLOW:
                    self.strange.append("(more than the kernel remembers)")
                elif mask & (CREATE | TO) and number in self.folders:
                    self.arrive(os.path.join(self.folders[number], name))

    def close(self):
        """What was strange, each once, and all that appeared; nothing the second time."""
        if self.fd < 0:
            return [], []
        self.collect()
        os.close(self.fd)
        self.fd = -1
        return sorted(set(self.strange)), self.appeared
