#!/usr/bin/env python3
"""Writes the corpus that scripts/fuzz-replay feeds to the command: policies/* and events/*.

    make_corpus.py [--seed N]

The same seed gives the same files. Whoever finds an input that crashes adds it by hand.
"""
import argparse
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "robust"))

import events_test  # noqa: E402

SEED_POLICY = HERE.parent / "cli" / "meter.toll"
PIECES = [b"{", b"}", b"(", b")", b"[", b"|", b";", b"\n", b'"', b"\\", b"#", b",", b".", b":=", b"=", b"- ",
          b"1_", b"9" * 40, b"0.0000001", b"2025-02-30", b"\xff", b"\xe3\x80\x8c", b"\xe3\x80\x8d", b"\x00",
          b"\xef\xbb\xbf", b"when", b"none", b"table t by plan {", b"event e {", b"from", b"language 1 zh\n"]


def mutated(rng, text):
    data = bytearray(text)
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            data[at:at] = rng.choice(PIECES)
        elif kind == 1:
            del data[at:at + rng.randrange(1, 30)]
        elif kind == 2 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        else:
            other = rng.randrange(len(data) + 1)
            data[at:at] = data[other:other + rng.randrange(1, 60)]
    return bytes(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    rng = random.Random(parser.parse_args().seed)
    (HERE / "policies").mkdir(exist_ok=True)
    (HERE / "events").mkdir(exist_ok=True)

    policy = SEED_POLICY.read_bytes()
    for number in range(40):
        (HERE / "policies" / ("mutant-%02d.toll" % number)).write_bytes(mutated(rng, policy))
    first = b"language 1\n"
    shapes = {"empty": b"", "only-a-line": first, "blocks": first + b"a {\n" * 3000,
              "brackets": first + b"define d() = " + b"(" * 5000, "negations": first + b"define d() = " + b"-" * 5000 + b"1",
              "sums": first + b"define d() = " + b"1 + " * 5000 + b"1 > 0", "cut": policy[:len(policy) // 2],
              "nots": first + b"define d() = " + b"not " * 5000 + b"true",
              "members": first + b"define d() = a" + b".a" * 5000, "indexes": first + b"define d() = a" + b"[a" * 5000,
              "cases": first + b"define d() = " + b"(when true => " * 2000,
              "imports-itself": first + b'import "imports-itself.toll"\n' + policy[len(first):]}
    for name, text in shapes.items():
        (HERE / "policies" / (name + ".toll")).write_bytes(text)

    short = [line for line in events_test.garbage() if line.strip() and len(line) < 20_000]
    (HERE / "events" / "garbage.jsonl").write_bytes(b"\n".join([events_test.OPEN, *short]))
    lines = [line for line in events_test.mutants(rng, 600) if line.strip()]
    (HERE / "events" / "mutants.jsonl").write_bytes(b"\n".join([events_test.OPEN, *lines]) + b"\n")
    (HERE / "events" / "no-events.jsonl").write_bytes(b"\n\r\n \t\n")
    print("%d policies, %d events files" % (len(list((HERE / "policies").iterdir())),
                                            len(list((HERE / "events").iterdir()))))


if __name__ == "__main__":
    sys.exit(main())
