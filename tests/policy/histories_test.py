#!/usr/bin/env python3
"""Random histories: the command's ledger is the reference's, entry for entry.

    histories_test.py TOLL POLICY [--seeds FIRST-LAST] [--accounts N] [--modes MODE,..] [--keep DIR]
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "reference"))

import compare  # noqa: E402
import reference  # noqa: E402
from histories import histories  # noqa: E402

MODES = ("plain", "late", "edges", "bad")


def run_toll(toll, policy, events):
    done = subprocess.run([toll, "run", policy, "--events", events], capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit("exit status %d: %s" % (done.returncode, done.stderr.decode(errors="replace")))
    entries = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    return done.returncode, entries


def main():
    parser = argparse.ArgumentParser(description="Compares the command with the reference.")
    parser.add_argument("toll")
    parser.add_argument("policy")
    parser.add_argument("--seeds", default="1-3", help="FIRST-LAST, both included")
    parser.add_argument("--accounts", type=int, default=60)
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--keep", help="folder for the events of histories that differ")
    arguments = parser.parse_args()
    first, _, last = arguments.seeds.partition("-")

    kinds = {}
    events = total = differing = 0
    for mode in arguments.modes.split(","):
        for seed in range(int(first), int(last or first) + 1):
            lines = list(histories(seed, arguments.accounts, mode))
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "events.jsonl")
                with open(path, "wb") as file:
                    file.writelines(line + b"\n" for line in lines)
                status, actual = run_toll(arguments.toll, arguments.policy, path)
            expected = json.loads(json.dumps(reference.run(lines)))
            found = compare.compare(expected, actual)
            has_errors = any(entry["kind"] == "error" for entry in expected)
            if status != int(has_errors):
                found.append("exit status %d" % status)
            events, total = events + len(lines), total + len(expected)
            for entry in expected:
                kinds[entry["kind"]] = kinds.get(entry["kind"], 0) + 1
            if found:
                differing += 1
                print("DIFFER: mode %s, seed %d: %d accounts\n%s" % (
                    mode, seed, len(found), "\n".join(found[:3])))
                if arguments.keep:
                    os.makedirs(arguments.keep, exist_ok=True)
                    with open(os.path.join(arguments.keep, "%s.%d.jsonl" % (mode, seed)), "wb") as file:
                        file.writelines(line + b"\n" for line in lines)
    print("%d events, %d entries, %d histories differ" % (events, total, differing))
    print(", ".join("%s %d" % item for item in sorted(kinds.items())))
    if not total:
        print("nothing was compared")
    return 1 if differing or not total else 0


if __name__ == "__main__":
    sys.exit(main())
