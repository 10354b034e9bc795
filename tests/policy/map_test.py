#!/usr/bin/env python3
"""The map of the OCR policy is true, both ways.  map_test.py TOLL REPO_ROOT

docs/policies/tencent-ocr.md has one row for each rule R, each open point A and each decision D. A row
names clauses by the ids of `toll core`, the files they stand in, and scenarios by their titles. The
numbers that a scenario's source names are the rows that have to name the scenario.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

POLICY = Path("rules/tencent-ocr")
MAP = Path("docs/policies/tencent-ocr.md")
LAST = {"R": 98, "A": 79, "D": 30}

ROW = re.compile(r"^\| (\w+) \|(.*)\|$", re.M)
SCENARIO = re.compile(r'^(?:场景|示例) "(.*?)"(?: "(.*?)")? \{$', re.M)
TITLE = re.compile(r"「(.*?)」")
CLAUSE = re.compile(r"`([a-z]+:[^`]+)`")
FILE = re.compile(r"[0-9]{2}-[^ |]+?\.toll")
NUMBER = re.compile(r"\b[RADX][0-9]+\b")


def read_clauses(toll, root):
    """The file of each clause of the policy."""
    core = subprocess.run([toll, "core", str(root / POLICY)], capture_output=True, check=True)
    return {name: place["file"] for name, place in json.loads(core.stdout)["clauses"].items()}


def read_scenarios(root):
    """The numbers that each scenario says it shows."""
    scenarios = {}
    for path in sorted((root / POLICY).glob("*.toll")):
        for title, source in SCENARIO.findall(path.read_text(encoding="utf-8")):
            scenarios[title] = set(NUMBER.findall(source))
    return scenarios


def check_numbers(rows):
    wanted = [f"{letter}{n}" for letter, last in LAST.items() for n in range(1, last + 1)]
    names = [name for name, _ in rows]
    for name in wanted:
        if names.count(name) != 1:
            yield f"{name} has {names.count(name)} rows"
    for name in names:
        if re.fullmatch("[RAD][0-9]+", name) and name not in wanted:
            yield f"{name} is no rule, open point or decision"


def check_clauses(text, rows, clauses):
    for clause in sorted(set(CLAUSE.findall(text))):
        if clause not in clauses:
            yield f"no clause is called `{clause}`"
    for name, cells in rows:
        files = {clauses[clause] for clause in CLAUSE.findall(cells) if clause in clauses}
        if files != set(FILE.findall(cells)) and CLAUSE.search(cells):
            yield f"{name}: its clauses stand in {', '.join(sorted(files))}"


def check_scenarios(text, rows, scenarios):
    named = set(TITLE.findall(text))
    for title in sorted(named - set(scenarios)):
        yield f"no scenario is called 「{title}」"
    for title in sorted(set(scenarios) - named):
        yield f"nothing names the scenario 「{title}」"
    for name, cells in rows:
        if not NUMBER.fullmatch(name):
            continue
        here = set(TITLE.findall(cells)) & set(scenarios)
        shown = {title for title, numbers in scenarios.items() if name in numbers}
        for title in sorted(shown - here):
            yield f"{name}: its row does not name 「{title}」, which says that it shows it"
        for title in sorted(here - shown):
            yield f"{name}: its row names 「{title}」, which does not say that it shows it"


def main():
    toll, root = sys.argv[1], Path(sys.argv[2])
    text = (root / MAP).read_text(encoding="utf-8")
    rows = ROW.findall(text)
    clauses = read_clauses(toll, root)
    scenarios = read_scenarios(root)

    failures = list(check_numbers(rows))
    failures += check_clauses(text, rows, clauses)
    failures += check_scenarios(text, rows, scenarios)
    print(f"{len(rows)} rows, {len(scenarios)} scenarios, {len(set(CLAUSE.findall(text)))} clauses named")
    print("\n".join(failures))
    return 1 if failures or not scenarios else 0


if __name__ == "__main__":
    sys.exit(main())
