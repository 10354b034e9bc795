#!/usr/bin/env python3
"""Edits of the OCR policy, always the same ones: its scenarios notice each that can change a bill.

    sample_test.py TOLL REPO_ROOT

All of them: toll mutate rules/tencent-ocr --no-scenarios
"""
import json
import subprocess
import sys
from pathlib import Path

SAMPLE, SEED = 40, 11
# Without it every payable of the month is settled once more, to the same amounts: settling twice
# changes nothing. It is there so that settling does not take the square of the time.
HARMLESS = {"part:procedure:结清:1"}


def main():
    toll, root = sys.argv[1], Path(sys.argv[2])
    done = subprocess.run(
        [toll, "mutate", root / "rules/tencent-ocr", "--no-scenarios", "--json",
         "--sample", str(SAMPLE), "--seed", str(SEED), "--jobs", "2"],
        capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        print(done.stderr)
        return 1
    mutants = json.loads(done.stdout)["mutants"]
    missed = [m for m in mutants if m["verdict"] == "survived" and m["id"] not in HARMLESS]
    for mutant in missed:
        print(f"{mutant['file']}:{mutant['line']}: {mutant['says']}: no scenario notices")
    if len(mutants) != SAMPLE:
        print(f"{len(mutants)} edits were tried, not {SAMPLE}")
    killed = sum(m["verdict"] == "killed" for m in mutants)
    print(f"{len(mutants)} edits: {killed} noticed, {len(missed)} missed")
    return 1 if missed or len(mutants) != SAMPLE or killed < SAMPLE // 2 else 0


if __name__ == "__main__":
    sys.exit(main())
