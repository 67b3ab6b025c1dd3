"""A private tmux: panes of a known size, keys in, what they show out."""
import itertools
import os
import shutil
import subprocess
import time

from harness import Skip


class Tmux:
    """One server of its own, gone at the end. Pane 0 is there from the start. The socket's name is
    not used again: a server that is ending would still answer under it."""

    count_of_servers = itertools.count()

    def __init__(self, world, columns=80, rows=24):
        if shutil.which("tmux") is None:
            raise Skip("tmux is not installed")
        self.world = world
        self.socket = os.path.join(world.folder, "tmux%d" % next(self.count_of_servers))
        self.env = dict(world.env, TERM="screen-256color")
        self.call("-f", "/dev/null", "new-session", "-d", "-s", "a", "-x", str(columns), "-y",
                  str(rows), "-c", world.folder, "/bin/sh")
        self.count = 1
        self.prompt(0)

    def prompt(self, pane):
        self.line("PS1='shell> '; clear", pane)
        self.expect_only("shell>", pane)

    def call(self, *words):
        done = subprocess.run(("tmux", "-S", self.socket) + words, env=self.env, text=True,
                              capture_output=True, cwd=self.world.folder)
        if done.returncode != 0:
            raise AssertionError("tmux %s: %s" % (" ".join(words), done.stderr))
        return done.stdout

    def split(self):
        """Another shell below; returns its number."""
        self.call("split-window", "-v", "-t", "a:0.0", "-c", self.world.folder, "/bin/sh")
        self.count += 1
        self.prompt(self.count - 1)
        return self.count - 1

    def screen(self, pane=0, scrolled=False):
        return self.call("capture-pane", "-p", "-t", "a:0.%d" % pane,
                         *(("-S", "-") if scrolled else ()))

    def type(self, text, pane=0):
        self.call("send-keys", "-t", "a:0.%d" % pane, "-l", "--", text)

    def key(self, *names, pane=0):
        self.call("send-keys", "-t", "a:0.%d" % pane, *names)
        if names[-1] == "Escape":
            time.sleep(0.3)  # else what comes next is typed with Alt

    def line(self, text, pane=0):
        self.type(text, pane)
        self.key("Enter", pane=pane)

    def expect(self, text, pane=0, seconds=15):
        """Seconds until the text is on the screen."""
        start = time.monotonic()
        while True:
            shown = self.screen(pane)
            spent = time.monotonic() - start
            if text in shown:
                return spent
            if spent > seconds:
                raise AssertionError("%r did not appear on\n%s" % (text, shown))
            time.sleep(0.02)

    def expect_only(self, text, pane=0, seconds=15):
        """Seconds until there is nothing else on the screen, nor in what scrolled off it."""
        start = time.monotonic()
        while True:
            shown = self.screen(pane, scrolled=True)
            spent = time.monotonic() - start
            if shown.strip() == text:
                return spent
            if spent > seconds:
                raise AssertionError("not only %r on\n%s" % (text, shown))
            time.sleep(0.02)

    def close(self):
        subprocess.run(("tmux", "-S", self.socket, "kill-server"), env=self.env,
                       capture_output=True)
