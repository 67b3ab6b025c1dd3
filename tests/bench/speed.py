"""What the vault costs: Lapwing against SQLite on the same library, and against SQLCipher where it is
installed. The engines run in turns in one run; every figure is the median of the rounds, every ratio the
median of the ratios within a round. Times of a machine say little, the ratios travel better. Shown, not
judged: a line ends with what was asked for, where something was.

usage: speed.py BUILD [ROUNDS [ENTRIES]]     (5 rounds, 100,000 entries)
"""
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

MEASURES = (  # name, what it is, asked for: ratio to wal, ratio to rollback
    ("save_p50", "one entry saved, median", 1.6, 0.5),
    ("save_p99", "one entry saved, 99 of 100", None, None),
    ("import", "import in one transaction", 1.25, None),
    ("first_page", "first timeline page after unlock", 2.6, None),
    ("page_p50", "a page of the timeline", None, None),
    ("scan", "full scan, cache of 512 KiB", 1.5, None),
    ("scan_cold", "the same, nothing in memory", 2.0, None),
    ("delete", "deleting a third of the revisions", None, None),
    ("vacuum", "VACUUM", 2.5, None),
    ("memory", "most memory until then (KiB)", None, None),
)
SIZES = ((4 << 20, "4 MiB"), (64 << 20, "64 MiB"), (1 << 30, "1 GiB"), (16 << 30, "16 GiB"))


def run(program, engine, folder, *numbers):
    """The measures of one run: name to a list, since saves are measured twice."""
    done = subprocess.run([program, engine, folder, *map(str, numbers)], stdout=subprocess.PIPE,
                          check=True, text=True)
    found = {}
    for line in done.stdout.splitlines():
        name, value = line.split()
        found.setdefault(name, []).append(float(value))
    return {name: values[-1] for name, values in found.items()}


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}"


def ratio(rounds, name, engine):
    return statistics.median(r["lapwing"][name] / r[engine][name] for r in rounds)


def show_engines(build, folder, count, entries):
    engines = [("wal", "speed"), ("lapwing", "speed"), ("rollback", "speed")]
    cipher = os.path.join(build, "bench", "speed-sqlcipher")
    if os.path.exists(cipher):
        engines.append(("sqlcipher", "speed-sqlcipher"))
    rounds = []
    for _ in range(count):
        rounds.append({engine: run(os.path.join(build, "bench", program), engine, folder, entries)
                       for engine, program in engines})
    others = [engine for engine, _ in engines if engine != "lapwing"]
    print(f"{count} rounds, {entries} entries; milliseconds of Lapwing, and how many times as long as\n")
    print(f"{'':<36}{'Lapwing':>10}" + "".join(f"{engine:>11}" for engine in others))
    for name, label, wal, rollback in MEASURES:
        unit = 1 if name == "memory" else 1000
        value = statistics.median(r["lapwing"][name] for r in rounds) / unit
        asked = [f"{limit} x {engine}" for limit, engine in ((wal, "wal"), (rollback, "rollback"))
                 if limit]
        print(f"{label:<36}{value:>10.2f}"
              + "".join(f"{ratio(rounds, name, engine):>11.2f}" for engine in others)
              + ("   asked: " + ", ".join(asked) if asked else ""), flush=True)


def show_sizes(build, folder, count):
    program = os.path.join(build, "bench", "speed")
    free = shutil.disk_usage(folder).free
    sizes = [(size, name) for size, name in SIZES if size * 2 < free]
    rounds = [{size: run(program, "lapwing", folder, 0, size) for size, _ in sizes}
              for _ in range(count)]
    first = sizes[0][0]
    print("\nby the size of the vault file, with the same 2,000 entries; opened with nothing in memory\n")
    print(f"{'':<10}{'save, ms':>10}{'ratio':>8}{'unlock, ms':>12}{'first page, ms':>16}")
    for size, name in sizes:
        save, unlock, page = (statistics.median(r[size][key] for r in rounds) / 1000
                              for key in ("save_p50", "unlock", "unlocked_page"))
        times = statistics.median(r[size]["save_p50"] / r[first]["save_p50"] for r in rounds)
        print(f"{name:<10}{save:>10.2f}{times:>8.2f}{unlock:>12.2f}{page:>16.2f}", flush=True)


def main():
    build = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    entries = int(sys.argv[3]) if len(sys.argv) > 3 else 100_000
    folder = tempfile.mkdtemp(prefix="speed-", dir=build)
    try:
        print(machine())
        show_engines(build, folder, count, entries)
        show_sizes(build, folder, min(count, 3))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
