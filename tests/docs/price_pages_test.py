#!/usr/bin/env python3
"""The price pages in examples/: each loads with nothing wrong, its scenarios pass, and what its README runs
writes its ledger.jsonl.

    price_pages_test.py TOLL REPO_ROOT [--write]
    --write    writes the ledgers anew; read the difference before you commit it
"""
import re
import shlex
import subprocess
import sys
from pathlib import Path

PAGES = ("api-graduated", "phone-plan", "prepaid-credits", "trunk-calls")


def run(toll, root, *arguments):
    return subprocess.run([str(toll), *arguments], cwd=root, capture_output=True, text=True,
                          encoding="utf-8", timeout=120, check=False)


def problems(toll, root, page, write):
    folder = root / "examples" / page
    checked = run(toll, root, "check", str(folder))
    # What a hook does is not checked, and `toll check` says so.
    if checked.returncode or re.search(r": (error|warning)\[", checked.stderr):
        return [checked.stderr or f"toll check ends with {checked.returncode}"]
    found = []
    tested = run(toll, root, "test", str(folder))
    if tested.returncode or not re.search(r"^[1-9]\d* passed, 0 failed$", tested.stdout, re.MULTILINE):
        found.append(tested.stdout + tested.stderr)
    commands = re.findall(r"^\$ toll (run .*)$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    if len(commands) != 1:
        return found + ["its README shows one command `$ toll run ..`"]
    done = run(toll, root, *shlex.split(commands[0]))
    if done.returncode or done.stderr:
        found.append(f"toll run ends with {done.returncode}\n{done.stderr}")
    ledger = folder / "ledger.jsonl"
    if write:
        ledger.write_text(done.stdout, encoding="utf-8")
    expected = ledger.read_text(encoding="utf-8").splitlines()
    entries = done.stdout.splitlines()
    for number, (entry, wanted) in enumerate(zip(entries, expected), 1):
        if entry != wanted:
            found.append(f"ledger.jsonl:{number}: expected\n  {wanted}\ngot\n  {entry}")
    if len(entries) != len(expected):
        found.append(f"ledger.jsonl has {len(expected)} entries, toll run writes {len(entries)}")
    return found


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    toll, root = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    failed = 0
    for page in PAGES:
        found = problems(toll, root, page, "--write" in sys.argv)
        failed += bool(found)
        for problem in found:
            print(f"examples/{page}: {problem}")
    print(f"{len(PAGES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
