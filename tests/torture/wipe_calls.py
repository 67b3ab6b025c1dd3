"""Stops or kills a process before a system call of it, the number-th in all, through ptrace.

Only for x86-64 and as root: the program hides from its own user.
"""

import ctypes
import os
import platform
import signal
import struct
import time

TRACEME, CONT, SETOPTIONS, GETREGS, SYSCALL, SEIZE, DETACH = 0, 7, 0x4200, 12, 24, 0x4206, 17
SYSGOOD, FORK, VFORK, CLONE, EXITKILL = 1, 2, 4, 8, 1 << 20
EVENT_FORKS = (1, 2, 3)
EVENT_STOP = 128
RSI, ORIG_RAX, REGISTERS = 13, 15, 27
NAMES = {0: "read", 1: "write", 17: "pread64", 18: "pwrite64", 35: "nanosleep", 74: "fsync", 75: "fdatasync",
         77: "ftruncate", 87: "unlink", 257: "openat", 285: "fallocate", 316: "renameat2", 328: "pwritev2"}

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
libc.ptrace.restype = ctypes.c_long


def why_not():
    """Why nothing can be traced here, or None."""
    if os.geteuid() != 0:
        return "only root may trace a program that hides from its own user"
    if platform.machine() != "x86_64":
        return "registers are read as on x86-64"
    return None


def ptrace(what, pid, address=None, data=None):
    if libc.ptrace(what, pid, address, data) < 0:
        error = ctypes.get_errno()
        if error == 3:  # it is gone
            raise ProcessLookupError(pid)
        raise OSError(error, "ptrace %d" % what)


def be_traced():
    """In the child, before it becomes the program."""
    ptrace(TRACEME, 0)


class Gone(Exception):
    """It ended before that call."""


def wait(pid):
    """How it stopped: (signal, event); Gone where it ended."""
    _, status = os.waitpid(pid, 0x40000000)  # __WALL
    if not os.WIFSTOPPED(status):
        raise Gone(status)
    return os.WSTOPSIG(status), status >> 16


def registers_of(pid):
    registers = (ctypes.c_ulonglong * REGISTERS)()
    ptrace(GETREGS, pid, None, ctypes.addressof(registers))
    return registers


def call_of(pid):
    number = registers_of(pid)[ORIG_RAX]
    return NAMES.get(number, str(number))


def first_piece(pid):
    """What a process that stands before writev, pwritev or pwritev2 is about to write, of its first piece."""
    with open("/proc/%d/mem" % pid, "rb", buffering=0) as memory:
        start, length = struct.unpack("QQ", os.pread(memory.fileno(), 16, registers_of(pid)[RSI]))
        return os.pread(memory.fileno(), length, start)


def run_to(pid, stop):
    """From a stop on, call by call, until stop(number, name) says so before one of them; the name. It stays
    stopped there."""
    number, entering, give = 0, True, 0
    while True:
        ptrace(SYSCALL, pid, None, give)
        how, event = wait(pid)
        give = 0
        if how == signal.SIGTRAP | 0x80:
            if entering:
                number += 1
                name = call_of(pid)
                if stop(number, name):
                    return name
            entering = not entering
        elif event == 0 and how not in (signal.SIGTRAP, signal.SIGSTOP):
            give = how


def start(pid):
    """Takes hold of a child that called be_traced() and stands at its first moment as the program."""
    wait(pid)
    ptrace(SETOPTIONS, pid, None, SYSGOOD | EXITKILL)


def let_go(pid):
    ptrace(DETACH, pid)


def kill_after(pid):
    """The call before which it stands is made, and nothing more."""
    ptrace(SYSCALL, pid)
    wait(pid)
    os.kill(pid, signal.SIGKILL)
    try:
        while True:
            wait(pid)
    except Gone:
        pass


def child_of(pid, act, seconds=20):
    """Calls act and takes hold of the next process that pid starts; pid itself goes on freely."""
    ptrace(SEIZE, pid, None, SYSGOOD | FORK | VFORK | CLONE | EXITKILL)
    act()
    child = None
    end = time.monotonic() + seconds
    while child is None:
        if time.monotonic() > end:
            raise AssertionError("no process was started")
        found, status = os.waitpid(pid, 0x40000000 | os.WNOHANG)
        if found == 0:
            time.sleep(0.0005)
            continue
        if not os.WIFSTOPPED(status):
            raise Gone(status)
        if status >> 16 in EVENT_FORKS:
            message = ctypes.c_ulong()
            ptrace(0x4201, pid, None, ctypes.addressof(message))
            child = message.value
            ptrace(DETACH, pid)
        else:
            ptrace(CONT, pid, None, 0 if status >> 16 else os.WSTOPSIG(status))
    wait(child)
    ptrace(SETOPTIONS, child, None, SYSGOOD | EXITKILL)
    return child
