#!/usr/bin/env python3
"""toll test --coverage: what no scenario exercises, as text, data and a page.

    coverage_test.py TOLL REPO_ROOT
"""
import json
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

POLICY = """language 1
policy shop
currency CNY yuan
unit call
domain item { basic, premium }
table tiers by item band units {
  every item exactly once
  | item    | units      | price          |
  | basic   | < 100 call | 0.05 yuan/call |
  | basic   | above      | 0.03 yuan/call |
  | premium | above      | 0.50 yuan/call |
}
account { used: count call }
entry charged { units: count call; amount: money }
entry told { what: text }
machine mood {
  state calm, busy, asleep
  final asleep
  calm -> busy when used > 50 call
  busy -> asleep on rest
}
timer reminder { emit told { what = "reminder" } }
event rest {}
event use {
  field calls: count call required
  field item: known item else "unknown-item" required
  used += event.calls
  emit charged { units = event.calls; amount = either(tiers[event.item, used].price, 0 yuan/call) * event.calls }
  when event.calls > 500 call { arm reminder at now + 1 hours }
}
scenario "a hundred calls" {
  at 2025-07-01 use item basic, calls 99
  expect charged amount 4.95 yuan
  at 2025-07-01 use item basic, calls 1
  expect charged amount 0.03 yuan
}
"""
MORE = """scenario "all the rest" {
  at 2025-07-01 use item premium, calls 50
  at 2025-07-01 use item premium, calls 500
  at 2025-07-01 use item premium, calls 501
  at 2025-07-02 rest
  expect told what "reminder"
}
"""
DOCUMENT = """document "price page" {
  paragraph P1 "free of charge"
  paragraph P10 "what is told"
  paragraph 「3.1」
  paragraph P9 "how it is paid"
  except P9 because "not here"
}
on rest { source "price page, P10 and 3.12"; emit told { what = "rest" } }
"""
# Of 100 and more nobody can buy; what is left in a bucket is never below zero.
LIMITED = """language 1
policy shop
currency CNY yuan
unit call
domain item { basic }
table limits by item {
  | item  |    most |
  | basic | 50 call |
}
table tiers by item band units {
  | item  |      units |          price |
  | basic |  < 10 call | 0.05 yuan/call |
  | basic | < 100 call | 0.03 yuan/call |
  | basic |      above | 0.01 yuan/call |
}
scratch counter wanted by item: item { units: count call }
entry charged { units: count call; price: price yuan/call? }
event buy {
  field item: known item else "unknown-item" required
  field calls: count call at least 1 required
  refuse "too-many" when has limits[event.item] and event.calls > limits[event.item].most
  wanted[event.item].units += event.calls
  each w in wanted where w.units > 0 { emit charged { units = w.units; price = tiers[w.item, w.units].price } }
}
scenario "few and too many" {
  at 2025-07-01 buy basic 5
  expect charged units 5
  at 2025-07-01 buy basic 51
  expect error "too-many"
}
"""


class Balance(HTMLParser):
    """Complains of tags that are not closed, and of anything from elsewhere."""

    VOID = {"meta", "br", "hr", "link", "img"}

    def __init__(self):
        super().__init__()
        self.open, self.faults, self.classes = [], [], []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("src", "href") and not value.startswith("#"):
                self.faults.append(f"<{tag} {name}={value}>")
            if name == "class":
                self.classes.append(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


def main():
    toll, failures = sys.argv[1], []

    def check(what, holds):
        if not holds:
            failures.append(what)

    def run(*arguments):
        done = subprocess.run([toll, "test", *map(str, arguments)], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    with tempfile.TemporaryDirectory() as name:
        policy, page = Path(name) / "shop.toll", Path(name) / "page.html"
        policy.write_text(POLICY, encoding="utf-8")
        code, text = run(policy, "--coverage", "--html", page)
        check("something is not exercised: exit status 1", code == 1)
        told = {line.split("shop.toll:")[1] for line in text.splitlines() if "shop.toll:" in line}
        check(f"what is not exercised:\n{text}", told == {
            "11:3: table tiers, row premium, 0 call: no scenario reads it",
            "19:21: both sides are never equal: `used > 50 call`",
            "20:3: machine mood never goes from busy to asleep",
            "22:1: timer reminder never fires",
            "23:1: event rest never happens",
            "29:3: it never holds: `when event.calls > 500 call { arm reminder at now + 1 hours  ..`",
            "29:8: both sides are never equal: `event.calls > 500 call`"})
        code, text = run(policy, "--coverage", "--json")
        data = json.loads(text)["coverage"]
        check("the list of what is missing", len(data["missing"]) == data["total"] - data["covered"] == len(told))
        check("rows are counted", data["kinds"]["row"] == {"covered": 2, "total": 3})
        check("bounds are counted", data["kinds"]["bound"] == {"covered": 2, "total": 4})
        share = data["share"]
        check("a gate below the share", run(policy, "--coverage", "--min", "10%")[0] == 0)
        check("a gate at the share", run(policy, "--coverage", "--min", share)[0] == 0)
        check("a gate above the share", run(policy, "--coverage", "--min", "99.9%")[0] == 1)
        check("a gate that is none", run(policy, "--coverage", "--min", "most")[0] == 2)

        html = page.read_text(encoding="utf-8")
        balance = Balance()
        balance.feed(html)
        check(f"the page: {balance.faults}", not balance.faults and not balance.open)
        check("lines are coloured", {"l full", "l none", "l part"} & set(balance.classes) >= {"l full", "l none"})
        check("nothing is loaded", not re.search(r"https?://|@import|url\(", html))

        policy.write_text(POLICY + MORE, encoding="utf-8")
        code, text = run(policy, "--coverage")
        check(f"everything is exercised: exit status 0\n{text}", code == 0 and "100.0%" in text)
        code, _ = run(policy)
        check("without coverage as before", code == 0)

        policy.write_text(POLICY + MORE + DOCUMENT, encoding="utf-8")
        code, text = run(policy, "--coverage")
        told = {line.split(": ", 1)[1] for line in text.splitlines() if "shop.toll:" in line}
        check(f"paragraphs: a source, a part of another id, a reason\n{text}", code == 1 and told == {
            f"no rule and no scenario has paragraph {one} of price page as its source" for one in ("P1", "「3.1」"[1:-1])})
        policy.write_text(POLICY + MORE + DOCUMENT + 'scenario "free" "price page, P1; 3.1." {\n  at 2025-07-02 rest\n  expect told what "rest"\n}\n',
                          encoding="utf-8")
        check("scenarios have sources", run(policy, "--coverage")[0] == 0)
        for wrong, error in (('except P7 because "x"', "E0302"), ("paragraph P1", "E0301"), ("except P1", "E0201"), ("other", "E0201")):
            policy.write_text(POLICY + DOCUMENT.replace("  except P9", f"  {wrong}\n  except P9"), encoding="utf-8")
            done = subprocess.run([toll, "check", policy], capture_output=True, text=True, check=False)
            check(f"{wrong}: {done.stderr}", done.returncode == 1 and error in done.stderr)

        policy.write_text(LIMITED, encoding="utf-8")
        code, text = run(policy, "--coverage")
        told = {line.split(": ", 1)[1] for line in text.splitlines() if "shop.toll:" in line}
        check(f"what cannot be is not counted\n{text}", code == 1 and told == {
            "table tiers, row basic, 0 call: no scenario has 9 call, the last before the next row",
            "table tiers, row basic, 10 call: no scenario reads it", "table tiers, row basic, 10 call: no scenario has just 10 call",
            "both sides are never equal: `event.calls > limits[event.item].most`"})
    print("\n".join(failures) or "what scenarios do not exercise is told")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
