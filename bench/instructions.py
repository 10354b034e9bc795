#!/usr/bin/env python3
"""How many instructions an event takes, against the committed figures: the same on any machine, however busy.

    instructions.py BENCH [--write]     exits 1 if one is above its figure by more than the margin

Counted by callgrind while a set of few accounts goes through the library: in one batch, as lines of JSON under the reduced
policy and under the whole one, and under the whole one from structs to structs. Other compilers and libraries shift the counts a little: that is what the margin is for.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FIGURES = os.path.join(HERE, "instructions.json")


def count(bench, row, of, folder):
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + os.path.join(folder, "out"),
         "--toggle-collect=*counted*", bench, "--set=" + of, "--data=" + folder, "--benchmark_filter=^%s/G/" % row],
        capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found or int(found[1]) == 0:
        raise SystemExit("nothing was counted for %s:\n%s" % (row, done.stderr[-2000:]))
    return int(found[1])


def main():
    parser = argparse.ArgumentParser(description="Counts the instructions that an event takes.")
    parser.add_argument("bench")
    parser.add_argument("--write", action="store_true", help="make what is counted the figures")
    arguments = parser.parse_args()
    with open(FIGURES, encoding="utf-8") as file:
        figures = json.load(file)
    above = False
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([arguments.bench, "--set=" + figures["set"], "--data=" + folder, "--write-lines=G", "--write-events=G"],
                              check=True, capture_output=True, text=True)
        size = {}
        for line in done.stdout.splitlines():
            size.update(json.loads(line))
        for row, figure in sorted(figures["per_event"].items()):
            events = size["events" if row in ("contract", "engine_whole") else "lines"]
            per_event = count(arguments.bench, row, figures["set"], folder) / events
            limit = figure * (1 + figures["margin_percent"] / 100)
            above = above or per_event > limit
            print("%-14s %8.0f instructions an event; at most %.0f" % (row, per_event, limit))
            if arguments.write:
                figures["per_event"][row] = round(per_event)
    if arguments.write:
        with open(FIGURES, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1, sort_keys=True)
            file.write("\n")
    elif above:
        print("above the figure: make it faster, or say in the commit why not and run this with --write", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
