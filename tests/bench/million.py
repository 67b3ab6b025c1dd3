"""How long the views wait for a journal, by its size: two journals of generate.h, side by side. Shown,
not judged: times of a machine say little, the ratio travels better.

usage: million.py BUILD [LARGE [SMALL]]     (100,000 and 10,000 entries)
"""
import os
import shutil
import subprocess
import sys
import tempfile

MEASURES = (
    ("unlock", "opening, cheap key derivation"),
    ("first_screen", "first screen"),
    ("page", "one page down"),
    ("jump", "jump to a date"),
    ("ruler", "ruler of ten years by month"),
    ("lanes_turn", "lanes by person, one turn"),
    ("lanes", "the same, all counted"),
    ("search_at_once", "each next key of a search, at once"),
    ("search_ready", "making it ready, one turn"),
    ("search", "each next key of a search then"),
    ("person_at_once", "filter by person, at once"),
    ("names_ready", "making it ready, one turn"),
    ("person", "filter by person, first screen"),
    ("person_page", "the same, one page down"),
    ("person_count_turn", "the same, counting, one turn"),
    ("person_count", "the same, all counted"),
    ("combined", "filter combined, first screen"),
    ("combined_page", "the same, one page down"),
    ("combined_count_turn", "the same, counting, one turn"),
    ("combined_count", "the same, all counted"),
)


def measure(program, folder, entries):
    vault = os.path.join(folder, f"{entries}.vault")
    subprocess.run([program, "make", vault, str(entries)], stderr=subprocess.DEVNULL, check=True)
    done = subprocess.run([program, "measure", vault], stdout=subprocess.PIPE, check=True, text=True)
    os.unlink(vault)
    return {name: (float(middle), float(most))
            for name, middle, most in map(str.split, done.stdout.splitlines())}


def main():
    build = os.path.abspath(sys.argv[1])
    large = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    small = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
    program = os.path.join(build, "bench", "million")
    folder = tempfile.mkdtemp(prefix="million-", dir=build)
    try:
        few = measure(program, folder, small)
        many = measure(program, folder, large)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\nmilliseconds with {small} and with {large} entries: median and 99 of 100, and how many "
          "times as long\n")
    print(f"{'':<34}{'few':>9}{'p99':>9}{'many':>9}{'p99':>9}{'ratio':>8}{'p99':>8}")
    for name, label in MEASURES:
        (a, b), (c, d) = few[name], many[name]
        print(f"{label:<34}{a / 1000:>9.2f}{b / 1000:>9.2f}{c / 1000:>9.2f}{d / 1000:>9.2f}"
              f"{c / max(a, 1):>8.2f}{d / max(b, 1):>8.2f}")
    print(f"most memory, MiB{'':<18}{few['memory'][0] / 1024:>9.1f}{'':>9}"
          f"{many['memory'][0] / 1024:>9.1f}{'':>9}{many['memory'][0] / few['memory'][0]:>8.2f}")


if __name__ == "__main__":
    main()
