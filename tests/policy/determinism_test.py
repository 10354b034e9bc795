#!/usr/bin/env python3
"""The same input gives the same bytes, wherever the rule files lie and however often it is run; and
memory does not grow with the number of events but for their ids.

    determinism_test.py TOLL POLICY [--seed N] [--no-memory]
"""
import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "reference"))

from histories import histories  # noqa: E402

SMALL, LARGE = 100_000, 1_000_000
BYTES_PER_ID = 32
# What the allocator keeps, and a set of ids that has just grown.
SLACK = 8 << 20
FAILURES = []


def expect(condition, text):
    print("%s: %s" % ("ok" if condition else "FAIL", text))
    if not condition:
        FAILURES.append(text)


def output_of(command, codes=(0, 1)):
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode not in codes:
        sys.exit("%s: exit status %d: %s" % (command, done.returncode, done.stderr.decode()))
    return done.stdout


def copy_shuffled(policy, folder, rng):
    """The same files, made in another order, so that the directory lists them in another."""
    os.mkdir(folder)
    names = sorted(os.listdir(policy))
    rng.shuffle(names)
    for name in names:
        shutil.copy(os.path.join(policy, name), os.path.join(folder, name))


def check_bytes(toll, policy, seed):
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        events = os.path.join(folder, "events.jsonl")
        with open(events, "wb") as file:
            file.writelines(line + b"\n" for line in histories(seed, 20, "edges"))
        run = [toll, "run", policy, "--events", events]
        once = output_of(run)
        expect(len(once.splitlines()) > 100, "%d entries" % len(once.splitlines()))
        expect(output_of(run) == once, "a second run writes the same bytes")
        with open(events, "rb") as file:
            piped = subprocess.run([toll, "run", policy, "--events", "-"], stdin=file,
                                   capture_output=True, check=False).stdout
        expect(piped == once, "so does a run that reads standard input")
        core = output_of([toll, "core", policy], codes=(0,))
        expect(output_of([toll, "core", policy], codes=(0,)) == core, "the core is the same")
        for number in range(3):
            copy = os.path.join(folder, "copy-%d" % number)
            copy_shuffled(policy, copy, rng)
            expect(output_of([toll, "core", copy], codes=(0,)) == core,
                   "the core is the same for files made in order %d" % number)
            moved = output_of([toll, "run", copy, "--events", events])
            expect(moved == once, "so is the ledger")


def write_calls(path, count):
    """Calls of eight accounts within one month; only ids and times differ."""
    with open(path, "w", encoding="utf-8") as file:
        for number in range(8):
            file.write(json.dumps({"id": "open", "type": "service.opened", "subject": "a%d" % number,
                                   "time": "2025-07-01T00:00:00+08:00", "data": {}}) + "\n")
        for number in range(count):
            second = number * 2_000_000 // count
            file.write('{"id":"c%d","type":"call","subject":"a%d","time":"2025-07-%02dT%02d:%02d:%02d+08:00",'
                       '"data":{"interface":"\u8eab\u4efd\u8bc1\u8bc6\u522b"}}\n' % (
                           number, number % 8, 1 + second // 86400, second // 3600 % 24,
                           second // 60 % 60, second % 60))


def peak_of(command):
    """The greatest resident size of one child, in bytes."""
    child = os.fork()
    if child == 0:
        done = subprocess.run(command, check=False)
        if done.returncode not in (0, 1):
            os._exit(1)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        with open(command[-1] + ".peak", "w", encoding="ascii") as file:
            file.write(str(peak))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status != 0:
        sys.exit("%s failed" % command)
    with open(command[-1] + ".peak", encoding="ascii") as file:
        return int(file.read())


def check_memory(toll, policy):
    with tempfile.TemporaryDirectory() as folder:
        peaks = []
        for count in (SMALL, LARGE):
            events = os.path.join(folder, "calls.jsonl")
            write_calls(events, count)
            peaks.append(peak_of([toll, "run", policy, "--ledger", "/dev/null", "--events", events]))
            print("%d calls: peak of %.1f MiB" % (count, peaks[-1] / 2**20))
        grown = peaks[1] - peaks[0]
        allowed = BYTES_PER_ID * (LARGE - SMALL) + SLACK
        expect(grown <= allowed, "%d more calls take %.1f MiB more, at most %.1f" % (
            LARGE - SMALL, grown / 2**20, allowed / 2**20))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("toll")
    parser.add_argument("policy")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--no-memory", action="store_true", help="sizes are not compared (sanitizers)")
    arguments = parser.parse_args()
    check_bytes(arguments.toll, arguments.policy, arguments.seed)
    if not arguments.no_memory:
        check_memory(arguments.toll, arguments.policy)
    print("%d failed" % len(FAILURES))
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
