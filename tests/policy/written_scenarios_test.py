#!/usr/bin/env python3
"""Scenarios written from histories load, pass, and fail once a price is another.

    written_scenarios_test.py TOLL REPO_ROOT

Accounts of the example month and of random histories, each written by `toll scenario` and put into
a copy of the OCR policy as rule files of their own.
"""
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "reference"))
sys.dont_write_bytecode = True

from histories import histories  # noqa: E402

ACCOUNTS = 3  # of each source
PRICES = "50-后付费.toll"
FAILURES = []


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)


def accounts_of(path, rng):
    """Accounts with at least five readable events, some of them."""
    events = {}
    for line in path.read_bytes().splitlines():
        try:
            subject = json.loads(line)["subject"]
        except (ValueError, TypeError, KeyError):
            continue
        if isinstance(subject, str):
            events[subject] = events.get(subject, 0) + 1
    names = sorted(name for name, count in events.items() if name and count >= 5)
    return rng.sample(names, min(ACCOUNTS, len(names)))


def main():
    toll, root = sys.argv[1], Path(sys.argv[2])
    original = root / "rules/tencent-ocr"
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [("month", root / "examples/ocr-month/events.jsonl")]
        for mode in ("plain", "late", "edges", "bad"):
            path = folder / (mode + ".jsonl")
            path.write_bytes(b"\n".join(histories(11, 2 * ACCOUNTS, mode)) + b"\n")
            sources.append((mode, path))
        policy = folder / "policy"
        policy.mkdir()
        for path in original.iterdir():
            if not path.name.startswith("场景-"):
                shutil.copy(path, policy)
        written, months = 0, []
        for source, path in sources:
            for account in accounts_of(path, rng):
                done = run(toll, "scenario", str(original), "--events", str(path), "--account", account,
                           "--name", f"{source} {account}", "--file")
                if done.returncode != 0 or "期望" not in done.stdout:
                    FAILURES.append(f"{source} {account}: exit {done.returncode}: {done.stderr}")
                    continue
                (policy / f"场景-{source}-{account}.toll").write_text(done.stdout, encoding="utf-8")
                written += 1
        done = run(toll, "test", str(policy))
        print(done.stdout, end="")
        if done.returncode != 0 or not done.stdout.startswith(f"{written} "):
            FAILURES.append("what was written does not pass\n" + done.stdout[:2000] + done.stderr)

        # Only what a month wrote is expected, after all that came before it.
        account = accounts_of(sources[0][1], rng)[0]
        done = run(toll, "scenario", str(original), "--events", str(sources[0][1]), "--account", account,
                   "--month", "2025-07")
        expected = re.findall(r"^  于 (\d+-\d+).*\n((?:  期望.*\n)*)", done.stdout, re.MULTILINE)
        months = sorted({month for month, lines in expected if lines})
        if months != ["2025-07"]:
            FAILURES.append(f"--month expects something in {months}\n{done.stdout}{done.stderr}")

        prices = (policy / PRICES).read_text(encoding="utf-8")
        dearer = re.sub(r"\b0\.(\d+)(?= 元/次)", r"1.\1", prices)
        if dearer == prices:
            FAILURES.append(f"there are no prices to change in {PRICES}")
        (policy / PRICES).write_text(dearer, encoding="utf-8")
        done = run(toll, "--json", "test", str(policy))
        failed = json.loads(done.stdout)["failed"] if done.stdout else 0
        print(f"with other prices {failed} of {written} fail")
        if failed < written // 4:
            FAILURES.append(f"only {failed} scenarios notice other prices: {done.stderr}")
    print("\n".join(FAILURES))
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
