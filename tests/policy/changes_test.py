#!/usr/bin/env python3
"""Fifteen changes that the OCR policy has to take as edits of its rule files, and nothing else.

    changes_test.py TOLL REPO_ROOT [--every N] [CHANGE ..]

changes/NN-name/ holds one change:
    scenarios.toll     its scenarios, all named 变更NN：..; at least one fails before the edit, none after
    edits.diff         what is edited: `--- FILE`, then hunks that start with `@@`. The lines of a hunk
                       marked ` ` and `-` stand in the file exactly once, and those marked ` ` and `+`
                       take their place
    *.toll             files that are added
    also-changes.txt   scenarios of the policy that the change makes untrue, one a line. Every other one
                       still passes
    declared.txt       what the change declares to change, an `except` of `policy unchanged` a line: nothing
                       else does (../prove/declared_changes_test.py)

A scenario also fails before the edit by naming what the policy does not have yet.
"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from sample import take_every  # noqa: E402

CHANGES = Path(__file__).resolve().parent / "changes"
POLICY = Path("rules/tencent-ocr")
SCENARIOS = "变更.toll"


class Wrong(Exception):
    """A change that is not what it says it is."""


def run_scenarios(toll, policy, name=""):
    """The scenarios that fail, each with what was expected in vain, and how many passed; or None
    for both and the diagnostics, where the policy does not load."""
    command = [toll, "--json", "test", str(policy)] + (["--filter", name] if name else [])
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300,
                          check=False)
    if done.returncode not in (0, 1, 3):
        raise Wrong(f"toll ends with {done.returncode}: {done.stderr}")
    if done.returncode == 3:
        return None, None, json.loads(done.stderr)["diagnostics"]
    if not done.stdout:
        raise Wrong(f"no scenario of that name: {name}")
    result = json.loads(done.stdout)
    failures = {}
    for failure in result["failures"]:
        failures.setdefault(failure["scenario"], failure)
    return failures, result["passed"], []


def read_edits(path):
    """The hunks of edits.diff: (file, lines before, lines after)."""
    hunks = []
    file = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("--- "):
            file = line[4:]
        elif line.startswith("@@"):
            hunks.append((file, [], []))
        elif line[:1] in (" ", "-", "+") and hunks:
            if line[0] != "+":
                hunks[-1][1].append(line[1:])
            if line[0] != "-":
                hunks[-1][2].append(line[1:])
        else:
            raise Wrong(f"{path.name}:{number}: neither a file nor a line of a hunk")
    return hunks


def edit(policy, file, before, after):
    path = policy / file
    lines = path.read_text(encoding="utf-8").splitlines()
    places = [i for i in range(len(lines) - len(before) + 1) if lines[i:i + len(before)] == before]
    if not before or len(places) != 1:
        raise Wrong(f"{file}: these lines stand in it {len(places)} times, not once:\n"
                    + "\n".join(f"      {line}" for line in before))
    lines[places[0]:places[0] + len(before)] = after
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def said(lines):
    """How many lines say something: not blank, no comment."""
    return sum(1 for line in lines if line.strip() and not line.lstrip().startswith("#"))


def apply(change, policy):
    """Edits the policy; how many lines go, come, and come with new files."""
    gone = come = added = 0
    if (change / "edits.diff").exists():
        for file, before, after in read_edits(change / "edits.diff"):
            edit(policy, file, before, after)
            gone += said(line for line in before if line not in after)
            come += said(line for line in after if line not in before)
    for path in sorted(change.glob("*.toll")):
        if path.name == "scenarios.toll":
            continue
        if (policy / path.name).exists():
            raise Wrong(f"{path.name} is in the policy already")
        shutil.copy(path, policy)
        added += said(path.read_text(encoding="utf-8").splitlines())
    return gone, come, added


def describe(failure):
    got = "".join(f"\n      got {json.dumps(entry, ensure_ascii=False)}" for entry in failure["entries"])
    return f"{failure['scenario']}: expected {failure['expected']}{got}"


def check(toll, root, change, broken):
    name = f"变更{change.name[:2]}："
    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder) / "policy"
        shutil.copytree(root / POLICY, policy)
        shutil.copy(change / "scenarios.toll", policy / SCENARIOS)
        failures, _, diagnostics = run_scenarios(toll, policy, name)
        for diagnostic in diagnostics:
            if not diagnostic["span"]["file"].endswith(SCENARIOS):
                raise Wrong(f"before the edit: {json.dumps(diagnostic, ensure_ascii=False)}")
        if failures == {}:
            raise Wrong("its scenarios pass before the edit")
        counts = apply(change, policy)
        failures, _, diagnostics = run_scenarios(toll, policy)
        if failures is None:
            raise Wrong("after the edit:\n    " + "\n    ".join(
                json.dumps(diagnostic, ensure_ascii=False) for diagnostic in diagnostics))
        listed = change / "also-changes.txt"
        also = set(listed.read_text(encoding="utf-8").splitlines()) if listed.exists() else set()
        wrong = [describe(failure) for scenario, failure in failures.items() if scenario.startswith(name)]
        wrong += [f"{scenario}: fails now, and is not in also-changes.txt" for scenario in failures
                  if not scenario.startswith(name) and scenario not in also | broken.keys()]
        wrong += [f"{scenario}: in also-changes.txt, and does not fail"
                  for scenario in sorted(also - failures.keys())]
        if wrong:
            raise Wrong("after the edit:\n    " + "\n    ".join(wrong))
        return *counts, len(also)


def main():
    sample = take_every(sys.argv)
    toll, root, names = sys.argv[1], Path(sys.argv[2]).resolve(), sys.argv[3:]
    broken, _, diagnostics = run_scenarios(toll, root / POLICY)
    if broken is None:
        print(f"the policy does not load: {json.dumps(diagnostics, ensure_ascii=False)}")
        return 1
    passed = failed = 0
    for change in sample(sorted(path for path in CHANGES.iterdir() if path.is_dir())):
        if names and not any(change.name.startswith(name) for name in names):
            continue
        try:
            gone, come, added, also = check(toll, root, change, broken)
        except Wrong as wrong:
            print(f"failed  {change.name}\n    {wrong}")
            failed += 1
        else:
            print(f"passed  {change.name}  -{gone} +{come}"
                  + (f", {added} lines of new files" if added else "")
                  + (f"; {also} other scenarios change" if also else ""))
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
