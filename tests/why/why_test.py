#!/usr/bin/env python3
"""Explanations, compared with what they said before.

    why_test.py TOLL REPO_ROOT [--write]

`cases` lists what is asked; NAME.txt is the answer (NAME.json of data). --write takes the answers of
today as right: read the difference before you commit it.
"""
import difflib
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def untils(root):
    lines = (root / "tests/conformance/UNTIL").read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if " " in line)


def command(root, case, asked, until):
    events = root / "tests/conformance" / f"{case}.events.jsonl"
    policy = "rules/tencent-ocr"
    if not events.is_file():
        policy = f"examples/{case}"
        events = root / policy / "events.jsonl"
    with open(events, encoding="utf-8") as lines:
        account = json.loads(next(lines))["subject"]
    made = ["why", policy, "--events", str(events.relative_to(root)), "--account", account, *asked]
    return made + (["--until", until] if until else [])


def answer(toll, root, case, asked, until):
    done = subprocess.run([toll, *command(root, case, asked, until)], cwd=root, text=True,
                          encoding="utf-8", capture_output=True, check=False, timeout=120)
    if done.returncode != 0 or done.stderr:
        return f"exit {done.returncode}\n{done.stderr}"
    if "json" in asked:
        report = json.loads(done.stdout)
        return json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return done.stdout


def main():
    toll, root = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
    write = "--write" in sys.argv
    known = untils(root)
    failed, seen = 0, set()
    for line in (HERE / "cases").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, case, *asked = line.split()
        golden = HERE / (name + (".json" if "json" in asked else ".txt"))
        seen.add(golden.name)
        got = answer(toll, root, case, asked, known.get(case))
        if write:
            golden.write_text(got, encoding="utf-8")
            continue
        wanted = golden.read_text(encoding="utf-8") if golden.is_file() else ""
        if got != wanted:
            failed += 1
            print("".join(difflib.unified_diff(wanted.splitlines(True), got.splitlines(True),
                                               f"{name} as it was", f"{name} now")))
    for stray in {path.name for path in HERE.glob("*.txt")} - seen:
        failed += 1
        print(f"{stray}: no case gives it")
    print(f"{len(seen)} explanations, {failed} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
