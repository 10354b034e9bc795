#!/usr/bin/env python3
"""Events as no one should write them: each is one `error` entry of a known code, the events around
it are applied, and no line is kept in memory for being long.

    events_test.py TOLL POLICY [--seed N] [--no-memory]
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

FAILURES = []
CODES = {"bad-json", "bad-event", "unknown-type", "unknown-pool", "unknown-item", "unknown-interface",
         "no-list-price", "duplicate-id", "overflow"}


def expect(condition, text):
    if not condition:
        FAILURES.append(text)
        print("FAIL: " + text)


def call(number, **members):
    event = {"id": "good-%d" % number, "type": "call", "subject": "a",
             "time": "2025-07-01T10:00:00+08:00", "data": {"interface": "\u94f6\u884c\u5361\u8bc6\u522b"}}
    event.update(members)
    return json.dumps(event, ensure_ascii=False).encode()


OPEN = json.dumps({"id": "open", "type": "service.opened", "subject": "a",
                   "time": "2025-07-01T00:00:00+08:00", "data": {}}).encode()


def garbage():
    """Lines that hold no event, whoever reads them."""
    good = call(0)
    yield from (b"{", b"}", b"[]", b"null", b"0", b'""', b"{}", b"[{}]", b"\x00", b"\xff\xfe", b"\xc3(",
                b"\xed\xa0\x80", b"{\"id\":\"\xff\"}", b"\xef\xbb\xbf{}", b"nul", b"{\"a\":1,}", b"{'a':1}",
                b"// no", b"\x7f" * 50, b"\xf4\x90\x80\x80", b"\xc0\xaf")
    yield good.replace("\u94f6".encode(), b"\xe9\x93")          # half a character
    yield good.replace("\u94f6".encode(), b"\\ud800")           # half a surrogate pair
    yield good.replace(b'"good-0"', b'"a\x01b"')                # a bare control character
    yield good[:-1]
    yield good + good
    yield good + b" x"
    for depth in (10, 100, 1000, 10_000, 200_000):
        for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
            deep = opening * depth + b"1" + closing * depth
            yield deep
            yield deep[:depth]
            yield good[:-1] + b',"x":' + deep[:len(deep) // 2] + b"}"
    for number in ("1e999999999", "-1e999999999", "9" * 30, "9" * 100_000, "-" + "9" * 20, "1." + "0" * 5000,
                   "0x10", "01", "+1", ".5", "1.", "NaN", "Infinity", "-", "1e", "18446744073709551616",
                   "9223372036854775808", "-9223372036854775809", "1e400", "-0"):
        yield good[:-2] + b',"calls":' + number.encode() + b"}}"
    for text in ("9" * 5000, "1e5", "0." + "0" * 5000 + "1", "-1", "NaN", "1" + "0" * 40):
        yield json.dumps({"id": "c", "type": "account.credited", "subject": "a",
                          "time": "2025-07-01T10:00:00+08:00", "data": {"amount": text}}).encode()
    for time in ("9" * 5000, "9999-12-31T23:59:59.9999999999Z", "2025-07-01T10:00:00+99:99",
                 "-001-01-01T00:00:00Z", "2025-07-01T10:00:00." + "9" * 4000 + "Z"):
        yield call(0, id="t", time=time)


def deep_but_readable():
    """Members of `data` that no one knows are ignored, so these must stay an error or a call."""
    for depth in (5, 50, 500, 5000, 100_000):
        yield call(0, id="deep-%d" % depth)[:-2] + b',"x":' + b"[" * depth + b"]" * depth + b"}}"


def mutants(rng, count):
    seeds = [call(0), OPEN, call(1, data={"interface": "\u6df7\u8d34\u7968\u636e\u8bc6\u522b", "documents":
                                         {"\u706b\u8f66\u7968": 2}, "calls": 3, "region": "ap-beijing"})]
    for number in range(count):
        line = bytearray(rng.choice(seeds).replace(b'"id": "', b'"id": "m%d-' % number, 1))
        for _ in range(rng.randrange(1, 4)):
            at = rng.randrange(len(line))
            kind = rng.randrange(4)
            if kind == 0:
                line[at] ^= 1 << rng.randrange(8)
            elif kind == 1:
                del line[at:at + rng.randrange(1, 9)]
            elif kind == 2:
                line[at:at] = rng.choice([b"\"", b"{", b"}", b"\\", b"9" * 30, b"\xff", b",", b"[", b"\\u0000"])
            else:
                other = rng.choice(seeds)
                start = rng.randrange(len(other))
                line[at:at] = other[start:start + rng.randrange(1, 40)]
            if not line:
                line = bytearray(b"x")
        yield bytes(line).replace(b"\n", b" ").replace(b"\r", b" ")


def run(toll, policy, lines):
    """The entries for these lines between two good events; those of line N have `line` N."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "events.jsonl")
        with open(path, "wb") as file:
            file.writelines(line + b"\n" for line in [OPEN, *lines, call(1)])
        done = subprocess.run([toll, "run", policy, "--events", path], capture_output=True, check=False)
    expect(done.returncode in (0, 1), "exit status %d: %s" % (
        done.returncode, done.stderr[-300:].decode(errors="replace")))
    entries = []
    for text in done.stdout.split(b"\n")[:-1]:
        try:
            entries.append(json.loads(text.decode("utf-8")))
        except ValueError as problem:
            expect(False, "a ledger line is no JSON (%s): %r" % (problem, text[:200]))
    return entries


def last_call_counts(entries, what):
    expect(any(entry["kind"] == "call" and entry["cause"] == "good-1" and entry["decision"] == "charged"
               for entry in entries), "the good event after %s is not applied" % what)


def check_garbage(toll, policy):
    lines = [line for line in garbage() if line.strip()]
    entries = run(toll, policy, lines)
    errors = {entry.get("line"): entry for entry in entries if entry["kind"] == "error"}
    for number, line in enumerate(lines, 2):
        entry = errors.get(number)
        expect(entry is not None and entry["code"] in CODES or line.endswith(b'"calls":-0}}'),
               "line %r is %s" % (line[:60], entry))
    last_call_counts(entries, "garbage")
    print("%d lines of garbage: %d errors" % (len(lines), len(errors)))

    lines = list(deep_but_readable())
    entries = run(toll, policy, lines)
    last_call_counts(entries, "deep nesting")
    told = sum(entry["kind"] in ("call", "error") for entry in entries)
    expect(told == len(lines) + 1, "%d of %d deep lines are told" % (told - 1, len(lines)))
    print("%d deep lines: %s" % (len(lines), [entry["kind"] for entry in entries]))


def check_mutants(toll, policy, seed):
    rng = random.Random(seed)
    lines = [line for line in mutants(rng, 20_000) if line.strip()]
    entries = run(toll, policy, lines)
    kinds = {}
    for entry in entries:
        kind = entry["kind"] if entry["kind"] != "error" else entry["code"]
        kinds[kind] = kinds.get(kind, 0) + 1
        expect(entry["kind"] != "error" or entry["code"] in CODES, "unknown code in %s" % entry)
    expect(sum(kinds.values()) >= len(lines), "%d entries for %d lines" % (sum(kinds.values()), len(lines)))
    last_call_counts(entries, "mutants")
    print("%d mutants: %s" % (len(lines), sorted(kinds.items())))


def feed_long(toll, policy, sizes):
    """Lines of these sizes through a pipe, between good events: the child's entries and its peak."""
    script = ("import resource, subprocess, sys\n"
              "status = subprocess.run(sys.argv[1:]).returncode\n"
              "print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)\n")
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen([sys.executable, "-c", script, toll, "run", policy, "--events", "-"],
                                 stdin=subprocess.PIPE, stdout=out, stderr=err)
        child.stdin.write(OPEN + b"\n")
        for size, shape in sizes:
            begin = {"text": call(7)[:-2] + b',"x":"', "open": b"[", "junk": b"\xff"}[shape]
            child.stdin.write(begin)
            block = {"text": b"x", "open": b"[", "junk": b"\x00\xff\xc3 "}[shape] * (1 << 16)
            left = size - len(begin)
            while left > 0:
                child.stdin.write(block[:left])
                left -= len(block[:left])
            if shape == "text":
                child.stdin.write(b'"}}')
            child.stdin.write(b"\n")
        child.stdin.write(call(1))          # no line end after the last
        child.stdin.close()
        child.wait()
        out.seek(0)
        err.seek(0)
        status, peak = err.read().split(b"\n")[-2].split()
        expect(int(status) in (0, 1), "long lines: exit status %d" % int(status))
        return [json.loads(line) for line in out.read().decode().split("\n") if line], int(peak) * 1024


def check_long_lines(toll, policy, measure):
    limit = 1 << 20
    shapes = ("text", "open", "junk")
    short, small_peak = feed_long(toll, policy, [(limit // 2, shape) for shape in shapes])
    last_call_counts(short, "lines of half a MiB")
    expect(sum(entry["kind"] == "call" for entry in short) == 2, "a line of half a MiB is an event")
    for size in (10_000_000, 100_000_000):
        entries, peak = feed_long(toll, policy, [(size, shape) for shape in shapes])
        codes = [entry["code"] for entry in entries if entry["kind"] == "error"]
        expect(codes == ["bad-json"] * 3, "lines of %d bytes: %s" % (size, codes))
        lines = [entry["line"] for entry in entries if entry["kind"] == "error"]
        expect(lines == [2, 3, 4], "they are lines %s" % lines)
        last_call_counts(entries, "a long line")
        print("3 lines of %d bytes: %s, peak %.1f MiB (%.1f with short lines)" % (
            size, codes, peak / 2**20, small_peak / 2**20))
        if measure:
            expect(peak <= small_peak + (4 << 20), "the peak grows by %d bytes" % (peak - small_peak))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("toll")
    parser.add_argument("policy")
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--no-memory", action="store_true", help="sizes are not compared (sanitizers)")
    arguments = parser.parse_args()
    check_garbage(arguments.toll, arguments.policy)
    check_mutants(arguments.toll, arguments.policy, arguments.seed)
    check_long_lines(arguments.toll, arguments.policy, not arguments.no_memory)
    print("%d failed" % len(FAILURES))
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
