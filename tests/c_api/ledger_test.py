#!/usr/bin/env python3
"""The example in C and the one in C++ write the same ledger.

    ledger_test.py GATEWAY_C GATEWAY SMALL
"""
import subprocess
import sys
from pathlib import Path


def main():
    compared = 0
    for rules in sorted(Path(sys.argv[3]).glob("*.toll")):
        events = rules.with_suffix(".events.jsonl")
        if not events.exists():
            continue
        run = [subprocess.run([program, rules, events, "2026-01-01T00:00:00Z"], capture_output=True, check=False)
               for program in sys.argv[1:3]]
        if run[0].stdout != run[1].stdout or run[0].returncode != run[1].returncode or not run[0].stdout:
            print(f"{rules}: {run[0]}\n{run[1]}")
            return 1
        compared += 1
    print(f"{compared} ledgers are the same")
    return 0 if compared else 1


if __name__ == "__main__":
    sys.exit(main())
