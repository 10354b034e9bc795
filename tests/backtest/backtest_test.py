#!/usr/bin/env python3
"""Backtests: what `toll backtest` says of a change, beside what two plain runs say of it.

    backtest_test.py TOLL ROOT [unittest arguments]
"""
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

TOLL = ROOT = None
UNTIL = "2025-08-05T00:00:00+08:00"
METER = """language 1
policy meter
zone "Asia/Shanghai"
currency CNY yuan
unit litre
domain source {{ tank, tap }}
table rates band used {{
  | used          | price           |
  | < 1_000 litre | {price} yuan/litre |
  | above         | {above} |
}}
tariff list by rates.price reached
counter used by period: month tracked {{ total: count litre; payable: count litre }}
entry drink {{ source: source; litres: count litre }}
entry fee {{ amount: money }}
entry invoice {{ period: month; rows lines {{ source: source; amount: money? }}; total: money }}
machine valve {{
  state open, shut
  final shut
  open -> shut when used[month(clock)].total > {limit} litre
}}
event drink {{
  field source: source required
  field litres: count litre required
  refuse "too-much" when event.litres > {most} litre
  used[month(now)].total += event.litres
  used[month(now)].payable += event.litres
  emit drink {{ source = event.source; litres = event.litres }}
  emit fee {{ amount = {fee} yuan }}
  arm billing at start(month(clock) + 1 month)
}}
timer billing {{
  each u in changed used where u.period < month(now) and u.payable > 0 {{
    emit invoice {{
      period = u.period
      rows lines for x in used where x.period is u.period {{ source = tap; amount = round(charge(list, x.payable, x.total), 0.01 yuan) }}
      total = either(round(charge(list, u.payable, u.total), 0.01 yuan), 0 yuan)
    }}
  }}
}}
statement monthly {{
  metered u in used {{ month u.period; count u.total; tariff list }}
  bill x in invoice {{ month x.period; sum x.total; rows l in x.lines {{ money l.amount }} }}
}}
"""
PLAIN = {"price": "0.20", "above": "0.10 yuan/litre", "limit": "5_000", "most": "9_000", "fee": "1"}


def toll(*arguments, code=0, stdin="", lang="en"):
    done = subprocess.run([TOLL, *map(str, arguments)], input=stdin.encode(), capture_output=True, timeout=300,
                          env={**os.environ, "TOLL_LANG": lang}, check=False)
    assert code is None or done.returncode == code, (arguments, done.returncode, done.stderr.decode())
    return done.stdout.decode(), done.stderr.decode()


def drink(number, subject, litres, time="2025-07-02T10:00:00+08:00"):
    return json.dumps({"id": f"e-{number}", "subject": subject, "type": "drink", "time": time,
                       "data": {"source": "tap", "litres": litres}})


def percent(old, new):
    return None if old <= 0 else (new - old) * 100 / old


class Folder(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)

    def meter(self, name, **changed):
        path = self.folder / f"{name}.toll"
        path.write_text(METER.format(**{**PLAIN, **changed}), encoding="utf-8")
        return path

    def events(self, lines):
        path = self.folder / "events.jsonl"
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return path

    def backtest(self, old, new, events, *arguments, code=None):
        out, _ = toll("backtest", old, new, "--events", events, "--until", UNTIL, "--format", "json", *arguments,
                      code=code)
        return json.loads(out)

    def ocr(self, name, edits):
        """A copy of the OCR policy with lines edited."""
        path = self.folder / name
        shutil.copytree(ROOT / "rules/tencent-ocr", path)
        for file, (old, new) in edits:
            found = next(path.glob(file))
            text = found.read_text(encoding="utf-8")
            assert text.count(old) == 1, (old, text.count(old))
            found.write_text(text.replace(old, new), encoding="utf-8")
        return path


class Small(Folder):
    def both(self, lines, *arguments, code=None, **changed):
        return self.backtest(self.meter("old"), self.meter("new", **changed), self.events(lines), *arguments, code=code)

    def test_the_same_policy_changes_nothing(self):
        found = self.both([drink(1, "ada", 500), drink(2, "bob", 8_000)], code=0)
        self.assertEqual(found["accounts"], {"all": 2, "more": 0, "less": 0, "same": 2, "affected": 0})
        self.assertFalse(found["differs"])
        self.assertEqual(found["total"]["old"], "900")
        self.assertEqual([found["most"], found["outcomes"], found["states"], found["other_amounts"]], [[]] * 4)

    def test_a_price_moves_bills_and_is_named(self):
        found = self.both([drink(1, "ada", 500), drink(2, "bob", 8_000)], code=1, price="0.25")
        self.assertEqual(found["total"], {"old": "900", "new": "925", "change": "25", "change_percent": "2.78"})
        [one] = found["most"]
        self.assertEqual((one["account"], one["change_percent"]), ("ada", "25.00"))
        self.assertEqual(one["mostly"]["month"], "2025-07")
        self.assertIn("0.25", one["mostly"]["now"]["text"])
        self.assertIn("0.2", one["mostly"]["before"]["text"])
        self.assertIn("new.toll:", one["mostly"]["now"]["rule"])
        self.assertEqual({band["shown"]: band["accounts"] for band in found["distribution"] if band["accounts"]},
                         {"none": 1, "more than 20% to 50% more": 1})

    def test_where_a_band_ends(self):
        """Exactly 5 % more is up to 5 %; a hair above is not."""
        for price, shown in (("0.21", "up to 5% more"), ("0.210001", "more than 5% to 10% more")):
            both = self.backtest(self.meter("a", above="0.20 yuan/litre"), self.meter("b", above=f"{price} yuan/litre"),
                                 self.events([drink(1, "ada", 9_000), drink(2, "ada", 8_999)]), code=1)
            bands = [band["shown"] for band in both["distribution"] if band["accounts"]]
            self.assertEqual(bands, [shown])

    def test_a_gate(self):
        lines = [drink(1, "ada", 100), drink(2, "bob", 200), drink(3, "cem", 2_000)]
        arguments = dict(price="0.21")
        for limit, code in (("5%", 0), ("5", 0), ("4.999999%", 1), ("0%", 1)):
            found = self.both(lines, "--max-increase", limit, code=code, **arguments)
            self.assertEqual(found["gate"]["kept"], code == 0)
        for limit, code in ((2, 0), (1, 1)):
            found = self.both(lines, "--max-accounts", limit, code=code, **arguments)
            self.assertEqual(found["gate"]["accounts_affected"], 2)
        self.both(lines, "--max-increase", "5%", "--max-accounts", 1, code=1, **arguments)

    def test_what_has_no_price_any_more_breaks_the_gate(self):
        found = self.both([drink(1, "ada", 2_000)], "--max-increase", "50%", code=1, above="quote")
        self.assertEqual(found["unpriced"], {"old": 0, "new": 1})
        self.assertEqual(found["accounts"]["less"], 1)

    def test_new_refusals_states_and_amounts(self):
        lines = [drink(1, "ada", 6_000), drink(2, "bob", 3_000), drink(3, "cem", 10)]
        found = self.both(lines, code=1, most="5_000", limit="2_000", fee="2")
        outcomes = {one["shown"]: one for one in found["outcomes"]}
        self.assertEqual(outcomes["too-much"]["newly"], 1)
        self.assertTrue(outcomes["too-much"]["refused"])
        self.assertEqual(outcomes["too-much"]["first"]["account"], "ada")
        self.assertEqual((outcomes["invoice"]["old"], outcomes["invoice"]["no_more"]), (3, 1))
        self.assertEqual({(one["old"], one["new"], one["accounts"]) for one in found["states"]},
                         {("shut", "open", 1), ("open", "shut", 1)})
        [fee] = found["other_amounts"]
        self.assertEqual((fee["amount"], fee["accounts"]), ("fee.amount", 3))

    def test_counting_another_amount(self):
        lines = [drink(1, "ada", 100), drink(2, "ada", 100)]
        found = self.both(lines, "--count", "fee.amount,-invoice.total", code=1, fee="3")
        self.assertEqual(found["counted"]["new"], ["fee.amount", "-invoice.total"])
        self.assertEqual((found["total"]["old"], found["total"]["new"]), ("-38", "-34"))
        for wrong in ("fee.size", "fee.amount,drink.litres", ""):
            _, said = toll("backtest", self.meter("old"), self.meter("old"), "--events", self.events(lines), "--count",
                           wrong, code=0 if wrong == "" else 2)
            self.assertEqual(bool(said), wrong != "")

    def test_a_policy_without_bills_has_to_be_told_what_is_paid(self):
        credits = ROOT / "examples/prepaid-credits"
        _, said = toll("backtest", credits, credits, "--events", credits / "events.jsonl", code=2)
        self.assertIn("purchase.price", said)
        out, _ = toll("backtest", credits, credits, "--events", credits / "events.jsonl", "--count",
                      "purchase.price,-refund.amount")
        self.assertIn("Nothing changes", out)

    def test_bad_lines_stop_nothing(self):
        lines = [drink(1, "ada", 100), "{", drink(2, "ada", -5), "", drink(3, "ada", 100)]
        out, said = toll("backtest", self.meter("old"), self.meter("new"), "--events", self.events(lines), code=0)
        self.assertIn("Nothing changes: 1 account has", out)
        self.assertIn("2 ledger entries under the old policy and 2 under the new one are errors (4 events)", said)

    def test_standard_input(self):
        lines = drink(1, "ada", 100) + "\n"
        out, _ = toll("backtest", self.meter("old"), self.meter("new", price="1"), "--events", "-", "--until", UNTIL,
                      stdin=lines, code=1)
        self.assertIn("+80.00", out)

    def test_a_spreadsheet_of_all_accounts(self):
        lines = [drink(1, "=cmd", 100), drink(2, 'b, "c"', 1_000)]
        out, _ = toll("backtest", self.meter("old"), self.meter("new", price="0.30"), "--events", self.events(lines),
                      "--until", UNTIL, "--format", "csv", code=1)
        self.assertTrue(out.startswith("\ufeff"))
        rows = list(csv.DictReader(io.StringIO(out[1:])))
        self.assertEqual([(row["account"], row["old"], row["new"], row["differs"]) for row in rows],
                         [("'=cmd", "20", "30", "bill"), ('b, "c"', "100", "100", "nothing")])

    def test_what_cannot_be_done(self):
        old, events = self.meter("old"), self.events([drink(1, "ada", 1)])
        toll("backtest", old, self.folder / "none.toll", "--events", events, code=3)
        toll("backtest", old, old, "--events", self.folder / "none.jsonl", code=3)
        toll("backtest", old, old, "--events", events, "--until", "soon", code=2)
        toll("backtest", old, old, "--events", events, "--max-increase", "much", code=2)
        before = events.read_bytes()
        toll("backtest", old, old, "--events", events, "--output", events, code=3)
        self.assertEqual(events.read_bytes(), before)


class Month(Folder):
    """The example month under an edit of a price, of a tier, and of a free allowance."""

    EDITS = [("50-*.toll", ("| 车牌识别                                  |  0.15 元/次", "| 车牌识别                                  |  0.11 元/次")),
             ("50-*.toll", ("| 通用证照识别                              |  0.15 元/次", "| 通用证照识别                              |  0.18 元/次"))]

    def setUp(self):
        super().setUp()
        self.old, self.new = ROOT / "rules/tencent-ocr", self.ocr("new", self.EDITS)
        quota = next(self.new.glob("30-*.toll"))
        text = quota.read_text(encoding="utf-8")
        row = "| 银行卡识别                         | 1000 次"
        assert text.count(row) == 2
        quota.write_text(text.replace(row, row.replace("1000", " 500")), encoding="utf-8")
        self.history = ROOT / "examples/ocr-month/events.jsonl"

    def ledger(self, policy):
        out, _ = toll("run", policy, "--events", self.history, "--until", UNTIL, code=None)
        return [json.loads(line) for line in out.splitlines()]

    def test_against_two_plain_runs(self):
        found = self.backtest(self.old, self.new, self.history, "--most", 1000, code=1)
        ledgers = [self.ledger(self.old), self.ledger(self.new)]
        sums, months, items = defaultdict(lambda: [Decimal(0)] * 2), {}, {}
        outcomes = [Counter(), Counter()]
        accounts = {entry["account"] for entry in ledgers[0]}
        for side, ledger in enumerate(ledgers):
            for entry in ledger:
                if entry["kind"] == "call":
                    outcomes[side][entry["decision"], entry.get("reason")] += 1
                if entry["kind"] != "invoice":
                    continue
                sums[entry["account"]] = [*sums[entry["account"]]]
                sums[entry["account"]][side] += Decimal(entry["total"])
                for line in entry["lines"]:
                    amount = Decimal(line["amount"] or 0)
                    months.setdefault(line["period"], [Decimal(0), Decimal(0)])[side] += amount
                    items.setdefault(line["item"], [Decimal(0), Decimal(0)])[side] += amount
        changed = {account: sum_ for account, sum_ in sums.items() if sum_[0] != sum_[1]}
        self.assertGreater(len(changed), 20)
        self.assertEqual({one["account"]: [Decimal(one["old"]), Decimal(one["new"])] for one in found["most"]}, changed)
        order = [abs(Decimal(one["change"])) for one in found["most"]]
        self.assertEqual(order, sorted(order, reverse=True))
        self.assertEqual(found["accounts"]["all"], len(accounts))
        self.assertEqual(found["accounts"]["more"], sum(old < new for old, new in changed.values()))
        self.assertEqual(found["accounts"]["less"], sum(old > new for old, new in changed.values()))
        self.assertEqual([Decimal(found["total"][side]) for side in ("old", "new")],
                         [sum(sum_[side] for sum_ in sums.values()) for side in (0, 1)])
        self.assertEqual({one["month"]: [Decimal(one["old"]), Decimal(one["new"])] for one in found["months"]}, months)
        self.assertEqual({one["name"].split(",")[0] for one in found["paid_for"]},
                         {item for item, sum_ in items.items() if sum_[0] != sum_[1]})
        for band in found["distribution"]:
            low, high = band.get("over_percent"), band.get("to_percent")
            if low is None:
                inside = [one for one in changed.values() if percent(*one) is None]
            elif band["shown"] in ("none", "不变"):
                self.assertEqual(band["accounts"], len(accounts) - len(changed))
                continue
            elif low < 0 or (high or 0) < 0:
                inside = [one for one in changed.values() if percent(*one) is not None and high <= percent(*one) < low]
            else:
                inside = [one for one in changed.values() if percent(*one) is not None
                          and low < percent(*one) and (high is None or percent(*one) <= high)]
            self.assertEqual(band["accounts"], len(inside), band)
        told = {one["shown"]: (one["old"], one["new"]) for one in found["outcomes"]}
        reason = "ResourcesSoldOut.ChargeStatusException"
        self.assertEqual(told["调用结果: 拒绝, " + reason],
                         (outcomes[0]["rejected", reason], outcomes[1]["rejected", reason]))

    def test_each_change_leads_to_an_edited_line(self):
        """Every account listed is told a place that the edit touched: the price, or the allowance."""
        found = self.backtest(self.old, self.new, self.history, "--most", 1000, code=1)
        edited = set()
        for file in self.new.glob("*.toll"):
            pairs = zip((self.old / file.name).read_text(encoding="utf-8").splitlines(),
                        file.read_text(encoding="utf-8").splitlines())
            edited |= {f"{file.name}:{number}" for number, (old, new) in enumerate(pairs, 1) if old != new}
        self.assertEqual(len(edited), 4)
        places = Counter()
        for one in found["most"]:
            cause = one["mostly"]["now"] or one["mostly"]["before"]
            places[cause["rule"].rsplit("/", 1)[-1] in edited and "source" in cause] += 1
        self.assertEqual(places[False], 0, found["most"])

    def test_both_languages_say_the_same(self):
        texts = []
        for language in ("en", "zh"):
            out, _ = toll("--lang", language, "backtest", self.old, self.new, "--events", self.history, "--until", UNTIL,
                          "--most", 3, code=1)
            texts.append([word for word in out.split() if word.replace(",", "").replace(".", "").isdigit()])
        self.assertEqual(Counter(word for word in texts[0] if "." in word),
                         Counter(word for word in texts[1] if "." in word))


if __name__ == "__main__":
    TOLL, ROOT = sys.argv[1], Path(sys.argv[2]).resolve()
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
