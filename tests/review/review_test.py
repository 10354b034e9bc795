#!/usr/bin/env python3
"""Reviews: what `toll review` says of edits.  review_test.py TOLL ROOT [unittest arguments]"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOLL = ROOT = None
UNTIL = "2025-08-01T00:00:00+08:00"
PLANS = """language 1
policy p
currency CNY yuan
unit call
domain plan { basic, large }
table prices by plan band calls {
  source "page"
  | plan  |      calls |          price |
  | basic | < 100 call | 0.15 yuan/call |
  | basic |      above | 0.10 yuan/call |
  | large | < 100 call | 0.15 yuan/call |
  | large |      above | 0.10 yuan/call |
}
tariff list by prices.price reached
entry cost { price: price yuan/call? }
event ask {
  field plan: known plan else "unknown" required
  field calls: count call required
  emit cost { price = price(list, event.plan, event.calls) }
}
"""


def toll(*arguments, code):
    done = subprocess.run([TOLL, *map(str, arguments)], capture_output=True, timeout=300,
                          env={**os.environ, "TOLL_LANG": "en"}, check=False)
    assert done.returncode == code, (arguments, done.returncode, done.stdout.decode(), done.stderr.decode())
    return done.stdout.decode(), done.stderr.decode()


class Review(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)
        self.old = ROOT / "examples/small/geocoding.toll"
        self.events = ROOT / "examples/small/geocoding.events.jsonl"

    def new(self, *edits, more=""):
        text = self.old.read_text(encoding="utf-8")
        for old, new in edits:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = self.folder / "new.toll"
        path.write_text(text + more, encoding="utf-8")
        return path

    def sections(self, new, *arguments, code):
        out, _ = toll("review", self.old, new, "--format", "json", *arguments, code=code)
        page = json.loads(out)
        return page["answer"], {section["id"]: section for section in page["sections"]}

    def test_no_change(self):
        answer, sections = self.sections(self.old, "--events", self.events, code=0)
        self.assertEqual(answer, "good")
        self.assertEqual({one["answer"] for one in sections.values()}, {"good"})
        self.assertTrue({"check", "tests", "backtest"} <= set(sections))

    def test_a_price_fails_a_scenario_and_moves_a_bill(self):
        new = self.new(("0.01 yuan/call", "0.015 yuan/call"))
        answer, sections = self.sections(new, "--events", self.events, "--until", UNTIL, code=1)
        self.assertEqual(answer, "bad")
        self.assertEqual((sections["check"]["answer"], sections["tests"]["answer"], sections["backtest"]["answer"]),
                         ("good", "bad", "look"))
        self.assertIn("1 scenario passes, 1 fails", sections["tests"]["sentence"])
        self.assertIn("9.00 yuan become 13.50", sections["backtest"]["sentence"])
        self.assertIn("0.015", sections["backtest"]["details"])

    def test_a_gate(self):
        new = self.new(("0.01 yuan/call", "0.0101 yuan/call"))
        for limit, answer in (("1%", "good"), ("0.9%", "bad")):
            _, sections = self.sections(new, "--events", self.events, "--until", UNTIL, "--max-increase", limit, code=1)
            self.assertEqual(sections["backtest"]["answer"], answer)

    def test_a_scenario_that_is_gone(self):
        name = re.search(r'scenario "([^"]*)"', self.old.read_text(encoding="utf-8"))[1]
        _, sections = self.sections(self.new((f'scenario "{name}"', 'scenario "another"')), code=1)
        self.assertEqual(sections["tests"]["answer"], "look")
        self.assertIn("1 is new", sections["tests"]["sentence"])
        self.assertIn("1 of the old policy is gone", sections["tests"]["sentence"])
        self.assertIn(name, sections["tests"]["details"])

    def test_a_new_warning_and_a_known_one(self):
        unused = self.new(more="\ndefine nobody_asks() = 1\n")
        _, sections = self.sections(unused, code=1)
        self.assertEqual(sections["check"]["answer"], "look")
        self.assertIn("1 new warning", sections["check"]["sentence"])
        self.assertIn("nobody_asks", sections["check"]["details"])
        moved = self.folder / "moved.toll"
        text = unused.read_text(encoding="utf-8")
        moved.write_text(text.replace("\ndefine nobody_asks", "\n# moved\n\ndefine nobody_asks"), encoding="utf-8")
        out, _ = toll("review", unused, moved, "--format", "json", code=0)
        self.assertIn("1 known warning", json.loads(out)["sections"][0]["sentence"])

    def test_a_finding_about_fewer_names_is_no_news(self):
        old = self.folder / "old.toll"
        old.write_text(PLANS, encoding="utf-8")
        new = self.folder / "new.toll"
        new.write_text(PLANS.replace("large | < 100 call | 0.15", "large | < 100 call | 0.18"), encoding="utf-8")
        for one, other, names in ((old, new, ["large"]), (new, old, ["basic", "large"])):
            out, _ = toll("review", one, other, "--format", "json", code=1)
            lint = {section["id"]: section for section in json.loads(out)["sections"]}["lint"]
            self.assertEqual((lint["answer"], lint["details"].count("W1101")), ("look", 1))
            self.assertEqual([name for name in ("basic", "large") if f"`{name}`" in lint["details"]], names)

    def test_what_does_not_load_is_told_on_the_page(self):
        out, _ = toll("review", self.old, self.new(("0.01 yuan/call", "0.01 yuan")), code=3)
        self.assertIn("the policy does not load", out)
        self.assertIn("<details>", out)
        self.assertNotIn("| tests", out)
        toll("review", self.old, self.folder / "none.toll", code=3)
        toll("review", self.old, self.old, "--until", "soon", code=2)

    def test_names_are_not_markup(self):
        lines = self.events.read_text(encoding="utf-8").replace('"ada"', '"@ops | #1 <img src=x> **b**"')
        events = self.folder / "events.jsonl"
        events.write_text(lines, encoding="utf-8")
        out, _ = toll("review", self.old, self.new(("0.01 yuan/call", "0.015 yuan/call")), "--events", events, "--until",
                      UNTIL, code=1)
        for markup in ("@ops", "<img", "**b**", " #1 "):
            self.assertNotIn(markup, out)
        table = [line for line in out.splitlines() if "ops" in line and line.startswith("| &#64;")]
        self.assertEqual(len(table), 1)
        self.assertEqual(len(re.findall(r"(?<!\\)\|", table[0])), 7)
        self.assertEqual(out.count("<details>"), out.count("</details>"))


if __name__ == "__main__":
    TOLL, ROOT = sys.argv[1], Path(sys.argv[2]).resolve()
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
