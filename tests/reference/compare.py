"""Compares two ledgers as the contract says.  compare.py EXPECTED.jsonl ACTUAL.jsonl

Exit status 0 where they are equal, 1 where not; then the first differences are printed.
Only the fields that the contract names count. Entries are compared account by account, in order.
"""
import argparse
import json
import re
import sys
import unicodedata
from decimal import Decimal, InvalidOperation

# kind -> fields of the contract; `message` and `rule` may say what they like
FIELDS = {
    "call": ["interface", "decision", "reason", "units", "refused", "warning", "draws"],
    "purchase": ["order", "bucket", "pool", "size", "starts", "ends", "price"],
    "notice": ["pool", "level", "bucket", "remaining"],
    "state": ["machine", "from", "to"],
    "invoice": ["period", "lines", "total", "status"],
    "payment": ["amount", "balance"],
    "refund": ["order", "decision", "reason", "amount"],
    "service": ["decision", "reason", "action"],
    "qps": ["order", "decision", "reason", "price", "starts", "ends", "available"],
    "duplicate": ["code"],
    "error": ["code"],
}
HEAD = ["account", "time", "cause", "kind"]
DRAW = ["pool", "bucket", "class", "units"]
LINE = ["item", "class", "period", "units", "month_units", "price", "amount"]

MONEY = {"price", "total", "amount", "balance"}
TIMES = {"time", "starts", "ends"}
NAMES = {"interface", "pool", "item"}


def fold(name):
    return unicodedata.normalize("NFKC", name).replace(" ", "")


def normal_value(field, value):
    """A value in a form in which equal ones are equal; a value of a wrong kind stays as it is."""
    if field in MONEY and isinstance(value, str):
        try:
            return ("money", Decimal(value))
        except InvalidOperation:
            return value
    if not isinstance(value, str):
        # 1 == 1.0 == True in Python, and none of them is another in a ledger
        return (type(value).__name__, value) if isinstance(value, (bool, float)) else value
    if field in TIMES:
        return re.sub(r"\.0+(?=[+-])", "", re.sub(r"(\.[0-9]*?)0+(?=[+-])", r"\1", value))
    if field in NAMES or (field == "bucket" and value.startswith("free:")):
        return fold(value)
    return value


def normal_fields(source, fields):
    """The fields that are there; null counts as absent."""
    return {field: normal_value(field, source[field]) for field in fields
            if source.get(field) is not None}


def normal_draws(draws):
    """Draws by pool: order counts within a pool only."""
    if not isinstance(draws, list):
        return draws
    by_pool = {}
    for draw in draws:
        normal = normal_fields(draw, DRAW)
        by_pool.setdefault(normal.get("pool"), []).append(normal)
    return by_pool


def normal_entry(entry):
    normal = normal_fields(entry, HEAD + FIELDS.get(entry.get("kind"), []))
    if "draws" in normal:
        normal["draws"] = normal_draws(entry["draws"])
    if isinstance(normal.get("lines"), list):
        normal["lines"] = [normal_fields(line, LINE) for line in entry["lines"]]
    return normal


def by_account(entries):
    accounts = {}
    for entry in entries:
        accounts.setdefault(entry.get("account"), []).append(entry)
    return accounts


def sort_notices(entries):
    """Notices of one event in the order of their pools; those of one pool keep theirs."""
    ordered, start = [], 0
    while start < len(entries):
        end = start
        while (end < len(entries) and entries[end].get("kind") == "notice"
               and entries[end].get("cause") == entries[start].get("cause")):
            end += 1
        if end > start:
            ordered += sorted(entries[start:end], key=lambda entry: fold(str(entry.get("pool"))))
            start = end
        else:
            ordered.append(entries[start])
            start += 1
    return ordered


def difference(expected, actual):
    """What differs between two entries, as text, or None. `line` counts where it is expected."""
    left, right = normal_entry(expected), normal_entry(actual)
    if "line" in expected:
        left["line"], right["line"] = expected["line"], actual.get("line")
    if left == right:
        return None
    fields = [field for field in left.keys() | right.keys()
              if left.get(field) != right.get(field)]
    return "differs in " + ", ".join(sorted(fields))


def compare_account(account, expected, actual):
    """The differences of one account, at most one: what follows the first is mostly its echo."""
    for side, entries in (("expected", expected), ("actual", actual)):
        numbers = [entry.get("seq") for entry in entries]
        if numbers != list(range(1, len(entries) + 1)):
            return ["account %r: `seq` of the %s ledger does not count from 1" % (account, side)]
    pairs = zip(sort_notices(expected), sort_notices(actual))
    for position, (left, right) in enumerate(pairs, 1):
        why = difference(left, right)
        if why:
            return ["account %r, entry %d %s\n  expected %s\n  actual   %s" % (
                account, position, why, show(left), show(right))]
    if len(expected) != len(actual):
        longer, side = (expected, "actual") if len(expected) > len(actual) else (actual, "expected")
        first = longer[min(len(expected), len(actual))]
        return ["account %r: the %s ledger ends early, before\n  %s" % (account, side, show(first))]
    return []


def show(entry):
    return json.dumps({key: value for key, value in entry.items() if key != "rule"},
                      ensure_ascii=False)


def compare(expected, actual):
    """All differences between two lists of entries, the first one of each account."""
    left, right = by_account(expected), by_account(actual)
    found = []
    for account in list(left) + [account for account in right if account not in left]:
        found += compare_account(account, left.get(account, []), right.get(account, []))
    return found


def load(path):
    entries = []
    with open(path, encoding="utf-8", newline="\n") as file:
        for number, text in enumerate(file, 1):
            if not text.strip():
                continue
            entry = json.loads(text)
            if not isinstance(entry, dict):
                raise ValueError("%s:%d: no object" % (path, number))
            entries.append(entry)
    return entries


def main():
    parser = argparse.ArgumentParser(description="Compares two ledgers.")
    parser.add_argument("expected")
    parser.add_argument("actual")
    parser.add_argument("--show", type=int, default=5, help="how many differences to print")
    arguments = parser.parse_args()
    try:
        expected, actual = load(arguments.expected), load(arguments.actual)
    except (OSError, ValueError) as problem:
        print(problem)
        return 1
    found = compare(expected, actual)
    for text in found[:arguments.show]:
        print(text)
    if len(found) > arguments.show:
        print("and %d more accounts differ" % (len(found) - arguments.show))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
