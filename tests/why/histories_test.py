#!/usr/bin/env python3
"""Explanations of random histories add up.  histories_test.py TOLL REPO_ROOT [--entries N]

Of each history some entries are explained, as data: what a draw took, row by row, and what was left
over is what was asked for; a line's units and amount are those that its explanation comes to.
"""
import json
import random
import re
import subprocess
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

POLICY = "rules/tencent-ocr"
UNTIL = "2025-10-10T00:00:00+08:00"
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def run(toll, root, *arguments):
    done = subprocess.run([toll, *arguments], cwd=root, text=True, encoding="utf-8",
                          capture_output=True, check=False, timeout=300)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{arguments}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def number(text):
    return Decimal(NUMBER.match(text).group())


def reckoned(text):
    """The value of `f(0.15 yuan/call * 500 call, 0.01 yuan) - 0 yuan`; None where that is no number."""
    plain = re.sub(r"(?<=\d) [^-+*/%\s\d(),][^\s(),]*", "", text)  # units
    plain = re.sub(r"[^-+*/%\s\d(),.]+\(", "rounded(", plain)
    plain = re.sub(r"\d+(\.\d+)?", lambda m: f"D('{m.group()}')", plain)
    if re.search(r"[^-+*/%\s\d(),.'D]", plain.replace("rounded", "")):
        return None

    def rounded(value, unit):
        return (value / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
    return eval(plain, {"D": Decimal, "rounded": rounded, "__builtins__": {}})  # pylint: disable=eval-used


def walk(reason):
    yield reason
    for one in reason.get("because", ()):
        yield from walk(one)


def check(entry, explained, counts):
    wrong = []
    for reason in walk(explained):
        inside = reason.get("because", [])
        if reason["kind"] == "draw" and inside:
            drawn = [one for one in inside if one["kind"] == "drawn"]
            for one in drawn:
                if number(one["had"]) - number(one["took"]) != number(one["left"]):
                    wrong.append(one["text"])
            taken = sum(number(one["took"]) for one in drawn)
            if taken + number(reason["left_over"]) != number(reason["asked"]):
                wrong.append(reason["text"])
            counts["draws"] += 1
        if reason.get("computed") and NUMBER.fullmatch(reason["value"].split(" ")[0]):
            value = reckoned(reason["computed"])
            if value is not None:
                counts["computed"] += 1
                if value != number(reason["value"]):
                    wrong.append(reason["text"])
        if reason["kind"] in ("column", "value", "part"):
            adds = [one for one in inside if one["kind"] in ("write", "writes")]
            if adds and len(adds) == len(inside) and NUMBER.fullmatch(reason.get("value", "x").split(" ")[0]):
                counts["added"] += 1
                if sum(number(one["value"]) for one in adds) != number(reason["value"]):
                    wrong.append(reason["text"])
    lines = [one for one in explained.get("because", ()) if one["kind"] == "line"]
    told = entry.get("lines") or entry.get("draws") or []
    if len(lines) != len(told):
        wrong.append(f"{len(lines)} lines explained of {len(told)}")
    for line, said in zip(lines, told):
        if number(line["units"]) != said["units"]:
            wrong.append(line["text"])
        if said.get("amount") is not None and number(line["amount"]) != Decimal(said["amount"]):
            wrong.append(line["text"])
        counts["lines"] += 1
    return wrong


def main():
    toll, root = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
    entries = int(sys.argv[sys.argv.index("--entries") + 1]) if "--entries" in sys.argv else 5
    counts, failed = {"draws": 0, "computed": 0, "added": 0, "lines": 0}, 0
    with tempfile.TemporaryDirectory() as folder:
        for seed, mode in ((1, "plain"), (2, "late"), (3, "edges"), (4, "bad")):
            events = Path(folder) / f"{mode}.jsonl"
            made = subprocess.run([sys.executable, root / "tests/reference/histories.py", "--seed",
                                   str(seed), "--accounts", "6", "--mode", mode],
                                  capture_output=True, check=True)
            events.write_bytes(made.stdout)
            arguments = (POLICY, "--events", str(events), "--until", UNTIL)
            ledger = [json.loads(line) for line in run(toll, root, "run", *arguments).splitlines()]
            asked = [entry for entry in ledger if entry.get("lines") or entry.get("draws")]
            random.Random(seed).shuffle(asked)
            asked.sort(key=lambda entry: entry["kind"] != "invoice")
            half = entries - entries // 2
            for entry in asked[:half] + asked[len(asked) - entries // 2:]:
                answer = run(toll, root, "why", *arguments, "--account", entry["account"],
                             "--entry", str(entry["seq"]), "--all", "--format", "json")
                for wrong in check(entry, json.loads(answer)["why"][0], counts):
                    failed += 1
                    print(f"{mode} {entry['account']} {entry['seq']}: {wrong}")
    print(", ".join(f"{count} {what}" for what, count in counts.items()) + f"; {failed} wrong")
    return 1 if failed or not all(counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
