#!/usr/bin/env python3
"""The tables of the policy are the vendor's price page, cell for cell.  facts_test.py TOLL POLICY

The CSV files of tests/facts were transcribed from the page on their own; the reference says which of
their rows count. What the rule files hold beyond or short of them is a difference.
"""
import json
import os
import subprocess
import sys
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "reference"))

import facts  # noqa: E402
from facts import MICROS, fold  # noqa: E402

SWITCH = "2025-06-23T00:00:00+08:00"
CODES_FROM = "2020-07-06T00:00:00+08:00"
FAILURES = []


class Table:
    def __init__(self, core, name):
        table = core["tables"][name]
        names = [column[0] for column in table["columns"]]
        self.rows = [(dict(zip(names, row["cells"])), row.get("since"), row.get("until"))
                     for row in table["rows"]]


def micros(text):
    """A decimal of the core, exactly."""
    if text is None:
        return None
    value = Fraction(text) * MICROS
    assert value.denominator == 1, text
    return int(value)


def compare(what, expected, actual):
    """Two lists of rows; order does not matter, repeats do."""
    missing, extra = list(expected), []
    for row in actual:
        if row in missing:
            missing.remove(row)
        else:
            extra.append(row)
    print("%-44s %4d rows in the facts, %4d in the policy" % (what, len(expected), len(actual)))
    for row in missing:
        FAILURES.append("%s: the policy does not have %s" % (what, row))
    for row in extra:
        FAILURES.append("%s: only the policy has %s" % (what, row))
    if not expected:
        FAILURES.append("%s: there are no facts" % what)


def editions(since, until):
    """In which editions a row is in force."""
    if since not in (None, SWITCH) or until not in (None, SWITCH):
        FAILURES.append("a row holds from %s until %s" % (since, until))
    return [edition for edition, holds in (("older", since is None), ("2025", until is None)) if holds]


def check_membership(core):
    for edition in ("older", "2025"):
        compare("interfaces and pools, edition " + edition,
                [(name, pool) for name, pools in facts.POOLS_OF[edition].items() for pool in pools],
                [(fold(row["\u63a5\u53e3"]), fold(row["\u8d44\u6e90\u5305"]))
                 for row, since, until in Table(core, "\u5f52\u5c5e").rows
                 if edition in editions(since, until)])


def check_grants(core):
    words = {"\u6bcf\u6708": True, "\u4e00\u6b21": False}
    for edition in ("older", "2025"):
        actual = []
        for row, since, until in Table(core, "\u514d\u8d39\u989d\u5ea6").rows:
            if edition in editions(since, until):
                months = row["\u6709\u6548\u5e74\u6570"] or 0
                actual.append((fold(row["\u8d44\u6e90\u5305"]), row["\u6570\u91cf"],
                               words[row["\u53d1\u653e"]], months))
        compare("free grants, edition " + edition,
                [(grant.pool, grant.amount, grant.is_monthly, grant.years * 12)
                 for grant in facts.GRANTS[edition]], actual)


def check_pack_prices(core):
    compare("prices of packs",
            [(pool, size, price) for (pool, size), price in facts.PACK_PRICES.items()],
            [(fold(row["\u8d44\u6e90\u5305"]), row["\u89c4\u683c"], micros(row["\u4ef7\u683c"]))
             for row, _, _ in Table(core, "\u8d44\u6e90\u5305\u4ef7").rows])


def check_tiers(core):
    expected = []
    for item, tiers in facts.TIERS.items():
        bounds = sorted(tiers) + [None]
        expected += [(item, lower, upper, tiers[lower]) for lower, upper in zip(bounds, bounds[1:])]
    compare("tiers of postpaid prices", expected,
            [(fold(row["\u8ba1\u8d39\u9879"]), row["\u7528\u91cf"], row["upto"], micros(row["\u5355\u4ef7"]))
             for row, _, _ in Table(core, "\u9636\u68af\u4ef7").rows])
    # The policy says that every pool is an item. Of these, two have their prices under other items.
    unbilled = {pool for pool in facts.POOLS if pool.endswith("-" + "\u81ea\u9002\u5e94\u4ef7\u683c")}
    compare("billing items", sorted(facts.ITEMS | unbilled),
            [fold(name["wire"]) for name in core["domains"]["\u8ba1\u8d39\u9879"]["names"]])
    compare("pools", sorted(facts.POOLS),
            [fold(name["wire"]) for name in core["domains"]["\u8d44\u6e90\u5305"]["names"]])


def check_codes(core):
    expected, scoped = [], []
    for code, row in facts.CODES.items():
        scope = fold(row["scope"])
        is_scoped = scope in facts.INTERFACES
        if is_scoped:
            scoped.append((code, scope))
        if row["billable"] == "yes":
            expected.append((code, 0, is_scoped, None, CODES_FROM))
            expected.append((code, 1, is_scoped, CODES_FROM, None))
        else:
            expected.append((code, 0, is_scoped, None, None))
    compare("error codes", expected,
            [(fold(row["\u9519\u8bef\u7801"]), row["\u8ba1\u6b21"], row["\u9650\u5b9a\u63a5\u53e3"], since, until)
             for row, since, until in Table(core, "\u9519\u8bef\u7801\u8868").rows])
    compare("error codes of one interface", scoped,
            [(fold(row["\u9519\u8bef\u7801"]), fold(row["\u63a5\u53e3"]))
             for row, _, _ in Table(core, "\u9519\u8bef\u7801\u9650\u5b9a").rows])


def check_documents(core):
    compare("documents of mixed invoices", list(facts.DOCUMENT_POOL.items()),
            [(fold(row["\u5355\u636e"]), fold(row["\u8d44\u6e90\u5305"]))
             for row, _, _ in Table(core, "\u5355\u636e\u5f52\u7c7b").rows])


def check_qps(core):
    bands = {}
    for row, _, _ in Table(core, "QPS\u4ef7").rows:
        bands.setdefault(row["\u7b49\u7ea7"], []).append(
            (row["\u6570\u91cf"], micros(row["\u6309\u65e5"]), micros(row["\u6309\u6708"])))
    actual = [(fold(row["\u63a5\u53e3"]), row["\u4e0a\u9650"], sorted(bands[row["\u7b49\u7ea7"]]))
              for row, _, _ in Table(core, "QPS\u63a5\u53e3").rows]
    compare("QPS add-ons", [(name, addon.cap, sorted(addon.bands)) for name, addon in facts.ADDONS.items()],
            actual)


def main():
    toll, policy = sys.argv[1:]
    done = subprocess.run([toll, "core", policy, "--no-positions"], capture_output=True, check=False)
    if done.returncode != 0:
        print(done.stderr.decode(errors="replace"))
        return 1
    core = json.loads(done.stdout)
    for check in (check_membership, check_grants, check_pack_prices, check_tiers, check_codes,
                  check_documents, check_qps):
        check(core)
    print("\n".join(FAILURES) or "no differences")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
