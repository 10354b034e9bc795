"""Runs published cases.  check_conformance.py DIR [--program "CMD with {events} and {until}"]

DIR holds NAME.events.jsonl, NAME.ledger.jsonl and UNTIL, a file of lines `NAME TIME`. Without
--program the reference is run; with it, the command, whose standard output is the ledger.
"""
import argparse
import json
import os
import shlex
import subprocess
import sys

import compare
import reference
from instants import parse_instant


def cases(folder):
    untils = {}
    path = os.path.join(folder, "UNTIL")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            untils = dict(line.split() for line in file if line.strip())
    ending = ".events.jsonl"
    for name in sorted(os.listdir(folder)):
        if name.endswith(ending):
            case = name[:-len(ending)]
            yield case, os.path.join(folder, name), untils.get(case)


def run_reference(events, until):
    with open(events, "rb") as file:
        lines = reference.lines_of(file.read())
    entries = reference.run(lines, until and parse_instant(until))
    return json.loads(json.dumps(entries))


def run_program(template, events, until):
    """The ledger that a command prints, or the text of its failure."""
    if until is None:
        template = template.replace("--until {until}", "")
    words = [word.replace("{events}", events).replace("{until}", until or "")
             for word in shlex.split(template)]
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        return "exit status %d: %s" % (done.returncode, done.stderr.decode(errors="replace"))
    try:
        return [json.loads(line) for line in done.stdout.decode().split("\n") if line.strip()]
    except ValueError as problem:
        return "its output is no ledger: %s" % problem


def main():
    parser = argparse.ArgumentParser(description="Checks published cases.")
    parser.add_argument("folder")
    parser.add_argument("--program", help="command with {events} and {until}")
    arguments = parser.parse_args()
    passed = failed = 0
    for name, events, until in cases(arguments.folder):
        expected = compare.load(os.path.join(arguments.folder, name + ".ledger.jsonl"))
        if arguments.program:
            actual = run_program(arguments.program, events, until)
        else:
            actual = run_reference(events, until)
        found = [actual] if isinstance(actual, str) else compare.compare(expected, actual)
        passed, failed = passed + (not found), failed + bool(found)
        if found:
            print("FAIL %s\n%s" % (name, "\n".join(found)))
    print("%d cases pass, %d fail" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
