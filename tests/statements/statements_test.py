#!/usr/bin/env python3
"""Statements: what they look like, and that they add up.

    statements_test.py TOLL ROOT [--write] [unittest arguments]
    --write    rewrites the goldens in tests/statements/golden from what is printed now
"""
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "reference"))
from histories import histories  # noqa: E402

TOLL = ROOT = None
WRITE = False
METER = str(HERE / "meter.toll")
EVENTS = str(HERE / "meter.events.jsonl")
UNTIL = "2025-10-05T00:00:00+08:00"
FIGURES = ("opening", "received", "drawn", "expired", "returned", "difference", "closing")


def toll(*arguments, code=0, stdin=""):
    done = subprocess.run([TOLL, *arguments], input=stdin.encode(), capture_output=True, timeout=300,
                          env={**os.environ, "TOLL_LANG": "en"}, check=False)
    assert code is None or done.returncode == code, (arguments, done.returncode, done.stderr.decode())
    return done.stdout.decode(), done.stderr.decode()


def event(number, time, kind, subject="ada", **data):
    return json.dumps({"id": f"e-{number}", "subject": subject, "type": kind, "time": time + "+08:00", "data": data})


def statements(policy, lines, *arguments, until=UNTIL, code=None):
    out, _ = toll("bill", policy, "--events", "-", "--until", until, "--format", "json", *arguments,
                  stdin="\n".join(lines) + "\n", code=code)
    return json.loads(out)["statements"]


def buckets(statement):
    return [line for part in statement["balances"] for line in part["lines"]]


def figures(line):
    return {key: Decimal(line[key]) for key in FIGURES}


def adds_up(line):
    one = figures(line)
    return one["opening"] + one["received"] - one["drawn"] - one["expired"] - one["returned"] \
        + one["difference"] == one["closing"]


class Goldens(unittest.TestCase):
    """One policy, every format."""

    def golden(self, name, *arguments, code=1):  # 1: an event of another account is refused
        out, _ = toll("bill", METER, "--events", EVENTS, "--until", UNTIL, *arguments, code=code)
        path = HERE / "golden" / name
        if WRITE:
            path.write_bytes(out.encode())
        self.assertTrue(path.is_file(), f"{name} is missing: run with --write")
        self.assertEqual(path.read_bytes().decode(), out)
        return out

    def test_text(self):
        self.golden("meter.txt")

    def test_text_in_chinese(self):
        self.golden("meter.zh.txt", "--lang", "zh", "--account", "ada", code=0)

    def test_csv_is_one_table_that_spreadsheets_open(self):
        out = self.golden("meter.csv", "--format", "csv")
        self.assertTrue(out.startswith("\ufeff"))
        self.assertEqual(out.count("\n"), out.count("\r\n"))
        rows = list(csv.DictReader(io.StringIO(out[1:], newline="")))
        self.assertTrue(all(len(row) == 23 and None not in row for row in rows))
        lines = [Decimal(row["amount"]) for row in rows
                 if row["account"] == "ada" and row["section"] == "invoice line" and row["amount"] != "to be quoted"]
        totals = [Decimal(row["amount"]) for row in rows if row["account"] == "ada" and row["section"] == "invoice"]
        self.assertEqual(sum(lines), sum(totals))
        empty = [(row["account"], row["month"]) for row in rows if row["section"] == "month"]
        self.assertEqual(empty, [("ada", "2025-10"), ("bob", "2025-09"), ("bob", "2025-10")])

    def test_json(self):
        out = self.golden("meter.json", "--format", "json", "--account", "ada", code=0)
        told = json.loads(out)
        self.assertEqual(told["schema_version"], 1)
        self.assertEqual(list(told), sorted(told))

    def test_html_stands_alone(self):
        out = self.golden("meter.html", "--format", "html", "--account", "ada", "--month", "2025-07", code=0)
        self.assertNotRegex(out, r"<script|<link|<img|https?://|url\(")
        self.assertEqual(out.count("<table>"), out.count("</table>"))


class Months(unittest.TestCase):
    def test_a_month_without_events_is_a_month_all_the_same(self):
        told = statements(METER, [event(1, "2025-06-10T09:00:00", "fill", order="o1", litres=100),
                                  event(2, "2025-08-20T09:00:00", "drink", plan="home", litres=1)])
        self.assertEqual([one["month"] for one in told], ["2025-06", "2025-07", "2025-08", "2025-09", "2025-10"])
        july = told[1]
        self.assertEqual(figures(buckets(july)[0])["opening"], 100)
        self.assertEqual(figures(buckets(july)[0])["closing"], 100)
        self.assertEqual((july["entries"], july["invoices"], july["closed"]), ([], [], True))
        self.assertFalse(told[-1]["closed"])

    def test_a_month_that_has_only_begun_is_none(self):
        lines = [event(1, "2025-06-10T09:00:00", "fill", order="o1", litres=100)]
        told = statements(METER, lines, until="2025-07-01T00:00:00+08:00")
        self.assertEqual([one["month"] for one in told], ["2025-06"])

    def test_an_account_that_never_came_to_anything(self):
        lines = [event(1, "2025-06-10T09:00:00", "drink", plan="moon", litres=100)]
        self.assertEqual(statements(METER, lines, code=1), [])
        _, said = toll("bill", METER, "--events", "-", "--account", "ada", stdin=lines[0] + "\n", code=1)
        self.assertIn("no event that was applied is about account `ada`", said)
        _, said = toll("bill", METER, "--events", EVENTS, "--account", "nobody", code=1)
        self.assertIn("`nobody`", said)
        _, said = toll("bill", METER, "--events", EVENTS, "--account", "ada", "--month", "2019-01", code=1)
        self.assertIn("2019-01", said)

    def test_one_account_and_one_month_are_those_of_all(self):
        everything, _ = toll("bill", METER, "--events", EVENTS, "--until", UNTIL, "--format", "json", code=1)
        for whole in json.loads(everything)["statements"]:
            out, _ = toll("bill", METER, "--events", EVENTS, "--until", UNTIL, "--format", "json",
                          "--account", whole["account"], "--month", whole["month"])
            self.assertEqual(json.loads(out)["statements"], [whole])

    def test_a_late_event_adjusts_a_settled_month(self):
        out, _ = toll("bill", METER, "--events", EVENTS, "--until", UNTIL, "--format", "json", "--account", "ada")
        told = {one["month"]: one for one in json.loads(out)["statements"]}
        july = told["2025-07"]
        self.assertEqual([one["total"] for one in july["invoices"]], ["150"])
        self.assertEqual([one["invoice_month"] for one in july["adjustments"]], ["2025-08"])
        usage = july["usage"][0]["lines"][0]
        self.assertEqual((usage["quantity"], usage["late"]), ("1100", "200"))
        self.assertEqual([one["total"] for one in told["2025-08"]["invoices"]], ["-25"])

    def test_what_has_no_price_is_to_be_quoted_and_never_nothing(self):
        out, _ = toll("bill", METER, "--events", EVENTS, "--until", UNTIL, "--format", "json",
                      "--account", "ada", "--month", "2025-08")
        august = json.loads(out)["statements"][0]
        self.assertEqual(august["invoices"][0]["unpriced"], 1)
        self.assertIsNone(august["usage"][0]["lines"][0]["price"])
        amounts = [{part["wire"]: part for part in line}["amount"] for line in august["invoices"][0]["lines"]]
        self.assertEqual([(part["value"], part["shown"]) for part in amounts],
                         [("-25", "-25.00 yuan"), (None, "to be quoted")])

    def test_what_an_event_does_at_the_first_instant_is_of_the_new_month(self):
        lines = [event(1, "2025-06-10T09:00:00", "fill", order="o1", litres=100),
                 event(2, "2025-07-01T00:00:00", "drink", plan="home", litres=30)]
        june, july = statements(METER, lines, until="2025-07-02T00:00:00+08:00")
        self.assertEqual([figures(buckets(one)[0])["drawn"] for one in (june, july)], [0, 30])

    def test_an_event_that_is_refused_passes_no_month(self):
        lines = [event(1, "2025-06-10T09:00:00", "fill", order="o1", litres=100),
                 event(2, "2025-06-11T09:00:00", "drink", plan="home", litres=300),
                 event(3, "2025-07-20T09:00:00", "drink", plan="moon", litres=1),
                 event(4, "2025-06-30T09:00:00", "drink", plan="home", litres=5)]
        without, told = ([{**one, "entries": [], "invoices": [invoice["total"] for invoice in one["invoices"]]}
                          for one in statements(METER, some, until="2025-08-05T00:00:00+08:00")]
                         for some in (lines[:2] + lines[3:], lines))
        self.assertEqual(told, without)
        self.assertEqual(without[0]["usage"][0]["lines"][0]["quantity"], "305")


class Difference(unittest.TestCase):
    """What does not add up is told."""

    def test_what_no_entry_explains(self):
        lines = [event(1, "2025-06-10T09:00:00", "fill", order="o1", litres=100),
                 event(2, "2025-06-11T09:00:00", "drink", plan="home", litres=30),
                 event(3, "2025-06-12T09:00:00", "leak", order="o1", litres=7)]
        line = buckets(statements(METER, lines)[0])[0]
        self.assertEqual(figures(line)["difference"], -7)
        self.assertTrue(adds_up(line))
        out, _ = toll("bill", METER, "--events", "-", "--month", "2025-06", stdin="\n".join(lines) + "\n")
        self.assertIn("! o1: -7 units of the difference between opening and closing are explained by no entry.", out)
        self.assertIn("Unexplained", out)

    def test_a_list_that_was_cleared(self):
        lines = [event(1, "2025-06-10T09:00:00", "fill", order="o1", litres=100),
                 event(2, "2025-07-12T09:00:00", "drain"),
                 event(3, "2025-07-13T09:00:00", "fill", order="o2", litres=40)]
        july = statements(METER, lines)[1]
        by_id = {line["id"]: figures(line) for line in buckets(july)}
        self.assertEqual((by_id["o1"]["opening"], by_id["o1"]["difference"], by_id["o1"]["closing"]), (100, -100, 0))
        self.assertEqual((by_id["o2"]["opening"], by_id["o2"]["received"], by_id["o2"]["closing"]), (0, 40, 40))
        self.assertTrue(all(map(adds_up, buckets(july))))

    def test_buckets_of_one_name_share_what_was_drawn_under_it(self):
        lines = [event(1, "2025-06-10T09:00:00", "fill", order="o1", litres=10),
                 event(2, "2025-06-10T09:00:00", "fill", order="o1", litres=100),
                 event(3, "2025-06-11T09:00:00", "drink", plan="home", litres=30)]
        june = statements(METER, lines)[0]
        self.assertEqual([(figures(line)["drawn"], figures(line)["difference"]) for line in buckets(june)],
                         [(10, 0), (20, 0)])


class Strangers(unittest.TestCase):
    """Names that events bring are data, in every format."""
    NAMES = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "<script>alert(1)</script>", "\"><img src=x>",
             "a,b\"c", "\u001b[31mred", "line\nbreak", "\u202eevil", "\uff1d1+1", "\t=1", "x'y & z"]

    def setUp(self):
        self.lines = [event(i, "2025-06-10T09:00:00", "fill", subject=name, order=name, litres=10)
                      for i, name in enumerate(self.NAMES)]

    def bill(self, form):
        out, _ = toll("bill", METER, "--events", "-", "--format", form, stdin="\n".join(self.lines) + "\n")
        return out

    def test_csv_holds_no_formula(self):
        out = self.bill("csv")
        rows = list(csv.reader(io.StringIO(out[1:], newline="")))
        self.assertEqual(len({row[1] for row in rows[1:]}), len(self.NAMES))
        for row in rows:
            for cell in row:
                number = re.fullmatch(r"-?[0-9.]+", cell)
                self.assertTrue(number or cell[:1] not in tuple("=+-@\t\r\uff1d"), cell)
                self.assertNotRegex(cell, "[\x00-\x1f]")

    def test_html_holds_no_markup_of_theirs(self):
        out = self.bill("html")
        self.assertNotRegex(out, r"<script|<img")
        self.assertIn("&lt;script&gt;", out)
        self.assertIn("x&#39;y &amp; z", out)
        self.assertNotRegex(out, "[\x00-\x09\x0b-\x1f\u202e]")

    def test_text_moves_no_cursor(self):
        out = self.bill("text")
        self.assertNotRegex(out, "[\x00-\x09\x0b-\x1f\x7f\u202e]")
        self.assertNotIn("\nbreak", out)

    def test_json_says_them_as_they_are(self):
        told = json.loads(self.bill("json"))["statements"]
        self.assertEqual([one["account"] for one in told], self.NAMES)


class Histories(unittest.TestCase):
    """Random histories of a whole price page: statements against the ledger of the same run."""
    END = "2026-04-01T00:00:00+08:00"

    def check(self, seed, mode, accounts=12):
        policy = str(ROOT / "rules" / "tencent-ocr")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.jsonl"
            path.write_bytes(b"\n".join(histories(seed, accounts, mode)) + b"\n")
            arguments = ["--events", str(path)]
            ledger = [json.loads(line) for line in toll("run", policy, *arguments, code=None)[0].splitlines()]
            out, _ = toll("bill", policy, *arguments, "--format", "json", code=None)
        told = defaultdict(list)
        for one in json.loads(out)["statements"]:
            told[one["account"]].append(one)
        booked = defaultdict(list)
        for entry in ledger:
            booked[entry["account"]].append(entry)
        self.assertGreater(len(told), accounts // 2)
        everything = [one for months in told.values() for one in months]
        for account, months in told.items():
            with self.subTest(seed=seed, mode=mode, account=account):
                self.continuous(months)
                self.draws(months, booked[account])
                self.invoices(months, booked[account])
                self.listed(months, booked[account])
                self.packs(months, booked[account])
        self.assertTrue({entry["account"] for entry in ledger if entry["kind"] in ("call", "invoice")} <= set(told))
        return everything

    def continuous(self, months):
        """Each month begins where the one before ended, and adds up."""
        stamps = [datetime.strptime(one["month"], "%Y-%m") for one in months]
        for one, other in zip(stamps, stamps[1:]):
            self.assertEqual((other.year - one.year) * 12 + other.month - one.month, 1)
        before = None
        for one in months:
            self.assertTrue(one["sound"])
            for line in buckets(one):
                self.assertTrue(adds_up(line), line)
                self.assertEqual(figures(line)["difference"], 0, line)
                self.assertGreaterEqual(figures(line)["closing"], 0)
            opening = {line["id"]: line["opening"] for line in buckets(one) if line["opening"] != "0"}
            if before is not None:
                self.assertEqual(opening, before)
            else:
                self.assertEqual(opening, {})
            before = {line["id"]: line["closing"] for line in buckets(one) if line["closing"] != "0"}

    def draws(self, months, ledger):
        """What statements say was drawn is what the ledger says, bucket by bucket."""
        said, wanted = Counter(), Counter()
        for one in months:
            for line in buckets(one):
                said[line["id"]] += Decimal(line["drawn"])
            for part in one["beyond"]:
                for line in part["lines"]:
                    pool = {label["name"]: label["value"] for label in line["labels"]}["资源包"]
                    said[line["id"], pool] += Decimal(line["quantity"])
        for entry in ledger:
            for draw in entry.get("draws", []):
                beyond = draw["class"] in ("postpaid", "international")
                wanted[(draw["bucket"], draw["pool"]) if beyond else draw["bucket"]] += draw["units"]
        self.assertEqual(+said, +wanted)

    def invoices(self, months, ledger):
        said = sorted((one["month"], invoice["seq"], Decimal(invoice["total"]), len(invoice["lines"]))
                      for one in months for invoice in one["invoices"])
        wanted = sorted((entry["period"], entry["seq"], Decimal(entry["total"]), len(entry["lines"]))
                        for entry in ledger if entry["kind"] == "invoice")
        self.assertEqual(said, wanted)
        for one in months:
            for invoice in one["invoices"]:
                self.assertEqual(invoice["difference"], "0")
        adjusted = Counter((entry["period"], line["period"]) for entry in ledger if entry["kind"] == "invoice"
                           for line in entry["lines"] if line["period"] != entry["period"])
        self.assertEqual(Counter((line["invoice_month"], one["month"])
                                 for one in months for line in one["adjustments"]), adjusted)

    def listed(self, months, ledger):
        kinds = ("purchase", "refund", "payment", "notice", "state", "service", "qps")
        said = [entry["seq"] for one in months for entry in one["entries"]]
        self.assertEqual(said, [entry["seq"] for entry in ledger if entry["kind"] in kinds])

    def packs(self, months, ledger):
        """Every pack that came in is received once, in full, and what was refunded goes back in full."""
        received, returned = Counter(), Counter()
        for one in months:
            for line in buckets(one):
                received[line["id"]] += int(line["received"])
                returned[line["id"]] += int(line["returned"])
        for entry in ledger:
            if entry["kind"] == "purchase":
                self.assertEqual(received[entry["bucket"]], entry["size"])
        refunded = {entry["order"] for entry in ledger if entry["kind"] == "refund" and entry["decision"] == "approved"}
        self.assertEqual({order for order, units in returned.items() if units}, refunded)

    def test_in_order(self):
        months = self.check(1, "plain")
        self.assertTrue(any(one["invoices"] for one in months))
        self.assertTrue(any(line["returned"] != "0" for one in months for line in buckets(one)))

    def test_late(self):
        months = self.check(2, "late", accounts=20)
        self.assertTrue(any(one["adjustments"] for one in months))
        self.assertTrue(any(line["late"] != "0" for one in months for part in one["usage"] for line in part["lines"]))
        self.assertTrue(any(Decimal(line["expired"]) < 0 for one in months for line in buckets(one)))

    def test_at_the_edges(self):
        self.check(3, "edges")

    def test_bad_lines(self):
        self.check(4, "bad", accounts=8)


class Usage(unittest.TestCase):
    def test_what_cannot_be_asked(self):
        for arguments in (["--month", "2025-13"], ["--month", "July"], ["--until", "tomorrow"], ["--format", "pdf"]):
            _, said = toll("bill", METER, "--events", EVENTS, *arguments, code=2)
            self.assertTrue(said.startswith("toll: "), said)
        toll("bill", METER, code=2)
        toll("bill", METER, "--events", "/nowhere", code=3)

    def test_which_statement(self):
        out, _ = toll("bill", METER, "--events", EVENTS, "--statement", "monthly", "--account", "bob")
        self.assertIn("bob", out)
        _, said = toll("bill", METER, "--events", EVENTS, "--statement", "weekly", code=1)
        self.assertIn("`weekly`", said)
        _, said = toll("bill", str(ROOT / "tests/cli/meter.toll"), "--events", "-", code=1)
        self.assertIn("declares no `statement`", said)

    def test_a_file_holds_what_is_printed(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bill.txt"
            out, _ = toll("bill", METER, "--events", EVENTS, "--account", "ada", "--output", str(path))
            self.assertEqual(out, "")
            self.assertIn("ada", path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    TOLL, ROOT = sys.argv.pop(1), Path(sys.argv.pop(1)).resolve()
    WRITE = "--write" in sys.argv
    if WRITE:
        sys.argv.remove("--write")
    unittest.main()
