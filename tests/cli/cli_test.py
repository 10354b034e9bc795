#!/usr/bin/env python3
"""The command as scripts meet it: exit codes, streams, and what stands in them.

    cli_test.py TOLL [unittest arguments]
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOLL = None
HERE = Path(__file__).resolve().parent
POLICY = str(HERE / "meter.toll")


def event(number, **data):
    return json.dumps({"id": str(number), "subject": "a", "type": "use",
                       "time": "2025-07-01T10:00:00Z", "data": data})


GOOD = event(1, plan="small", calls=5)
REFUSED = event(2, plan="medium", calls=5)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def toll(self, *arguments, code=0, stdin="", env=None, **options):
        done = subprocess.run([TOLL, *arguments], input=stdin, capture_output=True, text=True,
                              encoding="utf-8", timeout=60,
                              env={**os.environ, **(env or {})}, **options)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def broken(self):
        return self.file("broken.toll", "language 1\npolicy p\nzone \"Nowhere/At_All\"\n")


class Usage(Case):
    def test_help_and_version_are_answers(self):
        for arguments in (["--version"], ["--help"], ["help"], ["help", "run"], ["run", "--help"]):
            done = self.toll(*arguments)
            self.assertIn("toll", done.stdout)
            self.assertEqual(done.stderr, "")

    def test_wrong_usage_is_2_and_speaks_on_standard_error(self):
        for arguments in ([], ["frobnicate"], ["run"], ["run", POLICY], ["check"], ["check", "a", "b"],
                          ["run", POLICY, "--events"], ["check", POLICY, "--color", "maybe"],
                          ["run", POLICY, "--events", "-", "--until", "tomorrow"],
                          ["run", POLICY, "--events", "-", "--until", "2025-07-01T00:00:00"],
                          ["help", "frobnicate"]):
            done = self.toll(*arguments, code=2)
            self.assertEqual(done.stdout, "")
            self.assertTrue(done.stderr.startswith("toll: "), done.stderr)


class Why(Case):
    def why(self, *arguments, code=0):
        events = self.file("events.jsonl", GOOD + "\n" + GOOD + "\n")
        return self.toll("why", POLICY, "--events", events, "--account", "a", *arguments, code=code)

    def test_an_entry_is_explained_with_its_rule(self):
        done = self.why("--entry", "1")
        self.assertIn("meter.toll:28", done.stdout)
        self.assertEqual(done.stderr, "")
        report = json.loads(self.why("--entry", "1", "--format", "json").stdout)
        self.assertEqual(report["schema_version"], 1)
        self.assertEqual(report["why"][0]["entry_kind"], "used")
        self.assertEqual(json.loads(self.why("--entry", "1", "--json").stdout), report)

    def test_a_repeat_says_what_it_repeats(self):
        self.assertIn("was applied", self.why("--entry", "2").stdout)

    def test_what_is_not_there_is_the_answer_no(self):
        for arguments in (["--entry", "3"], ["--invoice", "2031-01"], ["--entry", "1", "--not", "nonsense"],
                          ["--entry", "1", "--line", "7"]):
            done = self.why(*arguments, code=1)
            self.assertEqual(done.stdout, "")
            self.assertTrue(done.stderr.startswith("toll: "), done.stderr)
        self.toll("why", POLICY, "--events", self.file("e.jsonl", GOOD), "--account", "b", "--entry", "1",
                  code=1)

    def test_one_of_entry_and_invoice_is_asked_about(self):
        for arguments in ([], ["--entry", "1", "--invoice", "2025-07"]):
            self.assertIn("--entry", self.why(*arguments, code=2).stderr)


class Check(Case):
    def test_a_good_policy_passes_in_silence(self):
        done = self.toll("check", POLICY)
        self.assertEqual((done.stdout, done.stderr), ("", ""))

    def test_a_bad_policy_is_the_answer_no(self):
        done = self.toll("check", self.broken(), code=1)
        self.assertEqual(done.stdout, "")
        self.assertIn("broken.toll:3:", done.stderr)
        self.assertIn("Nowhere/At_All", done.stderr)

    def test_diagnostics_as_data(self):
        done = self.toll("--json", "check", self.broken(), code=1)
        report = json.loads(done.stderr)
        self.assertEqual(report["schema_version"], 1)
        first = report["diagnostics"][0]
        self.assertEqual(first["severity"], "error")
        self.assertEqual(first["span"]["line"], 3)
        self.assertTrue(first["code"].startswith("E"))
        self.assertEqual(json.loads(self.toll("check", POLICY, "--json").stderr)["diagnostics"], [])

    def test_what_cannot_be_read_is_3(self):
        for path in ("/no/such/file", str(self.folder / "absent.toll")):
            self.assertIn("cannot read", self.toll("check", path, code=3).stderr)
        report = json.loads(self.toll("--json", "check", "/no/such/file", code=3).stderr)
        self.assertIn("cannot read", report["error"])

    def test_color_only_where_it_is_wanted(self):
        broken = self.broken()
        self.assertNotIn("\x1b", self.toll("check", broken, code=1).stderr)
        self.assertIn("\x1b", self.toll("check", broken, "--color=always", code=1,
                                        env={"NO_COLOR": "1"}).stderr)
        self.assertNotIn("\x1b", self.toll("check", broken, "--color=never", code=1).stderr)


class Run(Case):
    def test_the_ledger_goes_to_standard_output(self):
        done = self.toll("run", POLICY, "--events", "-", stdin=GOOD + "\n")
        self.assertEqual(done.stderr, "")
        self.assertEqual(json.loads(done.stdout), {
            "seq": 1, "account": "a", "time": "2025-07-01T18:00:00+08:00", "cause": "1",
            "kind": "used", "rule": "meter.toll:28", "plan": "small", "calls": 5, "total": 5})

    def test_until_fires_timers_up_to_and_including(self):
        def kinds(until):
            done = self.toll("run", POLICY, "--events", "-", "--until", until, stdin=GOOD)
            return [json.loads(line)["kind"] for line in done.stdout.splitlines()]
        self.assertEqual(kinds("2025-07-31T23:59:59.999999999+08:00"), ["used"])
        self.assertEqual(kinds("2025-08-01T00:00:00+08:00"), ["used", "reset"])
        self.assertEqual(kinds("2025-07-31T16:00:00Z"), ["used", "reset"])

    def test_without_until_the_greatest_readable_time_counts(self):
        late = '{"time":"2025-09-01T00:00:00Z"}'
        done = self.toll("run", POLICY, "--events", "-", stdin=GOOD + "\n" + late, code=1)
        entries = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(entry["account"], entry["kind"]) for entry in entries],
                         [("a", "used"), ("", "error"), ("a", "reset")])

    def test_events_that_wrote_an_error_make_1(self):
        lines = "\n".join([GOOD, REFUSED, "{oops", GOOD, event(1, plan="large", calls=5),
                           event(3, plan="large", calls=1001)])
        done = self.toll("run", POLICY, "--events", "-", stdin=lines, code=1)
        entries = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([entry.get("code") for entry in entries],
                         [None, "unknown-plan", "bad-json", "duplicate", "duplicate-id", "too-many"])
        self.assertEqual([entry.get("line") for entry in entries], [None, 2, 3, 4, 5, 6])
        self.assertIn("4 of 6 ledger entries are errors", done.stderr)

    def test_a_repeat_is_no_error(self):
        self.toll("run", POLICY, "--events", "-", stdin=GOOD + "\n" + GOOD + "\n")

    def test_files_in_and_out(self):
        events = self.file("events.jsonl", GOOD + "\n")
        ledger = self.folder / "ledger.jsonl"
        ledger.write_text("old\n" * 1000)
        done = self.toll("run", POLICY, "--events", events, "--ledger", str(ledger))
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(ledger.read_text().splitlines()), 1)

    def test_no_events_are_no_entries(self):
        self.assertEqual(self.toll("run", POLICY, "--events", "-").stdout, "")

    def test_the_events_are_never_overwritten(self):
        events = self.file("events.jsonl", GOOD + "\n")
        self.toll("run", POLICY, "--events", events, "--ledger", events, code=3)
        self.assertEqual(Path(events).read_text(), GOOD + "\n")

    def test_what_cannot_be_read_or_written_is_3(self):
        events = self.file("events.jsonl", GOOD)
        self.toll("run", "/no/such", "--events", events, code=3)
        self.toll("run", self.broken(), "--events", events, code=3)
        self.toll("run", POLICY, "--events", "/no/such", code=3)
        self.toll("run", POLICY, "--events", str(self.folder), code=3)
        self.toll("run", POLICY, "--events", events, "--ledger", "/no/such/ledger", code=3)
        if Path("/dev/full").exists():
            self.toll("run", POLICY, "--events", events, "--ledger", "/dev/full", code=3)

    def test_a_policy_that_does_not_load_leaves_the_ledger_alone(self):
        ledger = self.file("ledger.jsonl", "old\n")
        events = self.file("events.jsonl", GOOD)
        self.toll("run", self.broken(), "--events", events, "--ledger", ledger, code=3)
        self.assertEqual(Path(ledger).read_text(), "old\n")

    def test_totals_as_data(self):
        done = self.toll("--json", "run", POLICY, "--events", "-", stdin=GOOD + "\n" + REFUSED, code=1)
        self.assertEqual(json.loads(done.stderr), {
            "schema_version": 1, "run": {"accounts": 1, "entries": 2, "errors": 1, "events": 2}})

    def test_a_closed_standard_output_is_noticed(self):
        shell = f'"{TOLL}" run "{POLICY}" --events "$1" >&-'
        events = self.file("events.jsonl", GOOD)
        done = subprocess.run(["sh", "-c", shell, "sh", events], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(Path(events).read_text(), GOOD)

    def test_a_reader_that_leaves_ends_the_command_without_noise(self):
        lines = "\n".join(event(number, plan="small", calls=1) for number in range(20000))
        shell = f'"{TOLL}" run "{POLICY}" --events "$1" | head -n 1'
        done = subprocess.run(["sh", "-c", shell, "sh", self.file("events.jsonl", lines)],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.stderr, "")
        self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_a_long_line_costs_no_memory(self):
        events = self.folder / "events.jsonl"
        with events.open("w") as out:
            out.write(GOOD + "\n")
            for _ in range(300):
                out.write("x" * 1000000)
            out.write("\n" + event(5, plan="small", calls=1) + "\n")
        shell = f'ulimit -v 400000; "{TOLL}" run "{POLICY}" --events "$1"'
        command = ["sh", "-c", shell, "sh", str(events)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if "AddressSanitizer" in done.stderr:
            self.skipTest("a sanitizer needs more address space than that")
        self.assertEqual(done.returncode, 1, done.stderr)
        entries = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([entry["kind"] for entry in entries], ["used", "error", "used"])
        self.assertEqual(entries[1]["code"], "bad-json")


class Test(Case):
    def test_scenarios_that_pass(self):
        done = self.toll("test", POLICY)
        self.assertEqual((done.stdout, done.stderr), ("1 passed, 0 failed\n", ""))

    def test_a_failure_says_what_was_expected_and_what_came(self):
        text = Path(POLICY).read_text(encoding="utf-8").replace("expect used total 12",
                                                                "expect used total 13")
        failing = self.file("failing.toll", text)
        done = self.toll("test", failing, code=1)
        line = text.splitlines().index("  expect used total 13, plan large") + 1
        self.assertIn(f"failing.toll:{line}:", done.stdout)
        self.assertIn("usage adds up", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^ +> total +13 call +12 call$")
        self.assertRegex(done.stdout, r"(?m)^ +plan +large +large$")
        self.assertIn("failing.toll:28  event use {", done.stdout)
        self.assertIn("2025-07-02 use plan large, calls 7 call", done.stdout)
        self.assertTrue(done.stdout.endswith("0 passed, 1 failed\n"))
        report = json.loads(self.toll("test", failing, "--json", code=1).stdout)
        self.assertEqual((report["schema_version"], report["passed"], report["failed"]), (1, 0, 1))
        self.assertEqual(report["failures"][0]["span"]["line"], line)
        failure = report["failures"][0]
        self.assertEqual(failure["entries"][0]["total"], 12)
        self.assertEqual([member["name"] for member in failure["members"] if member["differs"]], ["total"])
        self.assertEqual(failure["why"][-1]["rule"], "failing.toll:28")
        self.assertEqual(failure["events"][0], "2025-07-01 use plan small, calls 5 call")

    def test_a_row_of_examples_is_a_test_and_is_pointed_at(self):
        text = Path(POLICY).read_text(encoding="utf-8") + """
examples "totals" {
  at 2025-07-01 use plan small, calls
  expect used total
  expect 1 used calls
  | calls | total | because |
  | 5     | 5     | -       |
  | 7     | 8     | -       |
  | 0     | -     | "none at all" |
}
"""
        policy = self.file("examples.toll", text)
        done = self.toll("test", policy, "--filter", "totals", code=1)
        row = text.splitlines().index("  | 7     | 8     | -       |") + 1
        self.assertIn(f"examples.toll:{row}:3: totals, row 2 (7)\n    | 7 | 8 | - |\n", done.stdout)
        self.assertIn("totals, row 3 (none at all)", done.stdout)
        self.assertTrue(done.stdout.endswith("1 passed, 2 failed\n"), done.stdout)
        report = json.loads(self.toll("test", policy, "--json", code=1).stdout)
        self.assertEqual([(f["scenario"], f["row"], f["label"], f["row_span"]["line"])
                          for f in report["failures"]][0], ("totals", 2, "7", row))
        self.assertEqual(self.toll("test", policy, "--filter", "row 1").stdout, "1 passed, 0 failed\n")

    def test_examples_may_lie_in_a_spreadsheet(self):
        self.file("cases.csv", "calls,total,when,because\r\n5,5,2025-07-01 10:00,as before\r\n7,8,2025-07-02,\r\n")
        policy = self.file("sheet.toll", Path(POLICY).read_text(encoding="utf-8") + """
examples "from a sheet" file "cases.csv" {
  at when_used use plan small, calls
  expect used total
}
""".replace("when_used", "「when」"))
        done = self.toll("test", policy, "--filter", "sheet", code=1)
        self.assertIn("cases.csv:3:1: from a sheet, row 2 (7)\n    7,8,2025-07-02,\n", done.stdout)
        self.assertTrue(done.stdout.endswith("1 passed, 1 failed\n"), done.stdout)

    def test_what_failed_is_said_in_the_language_asked_for(self):
        text = Path(POLICY).read_text(encoding="utf-8").replace("expect used total 12",
                                                                "expect no used plan large")
        done = self.toll("test", self.file("failing.toll", text), "--lang", "zh", code=1)
        self.assertIn("期望没有", done.stdout)
        self.assertTrue(done.stdout.endswith("通过 0 个，失败 1 个\n"), done.stdout)

    def test_a_filter_picks_by_part_of_the_name(self):
        self.assertEqual(self.toll("test", POLICY, "--filter", "adds").stdout, "1 passed, 0 failed\n")
        self.toll("test", POLICY, "--filter", "no such name", code=1)

    def test_a_policy_that_does_not_load_is_3(self):
        self.toll("test", self.broken(), code=3)


class Scenario(Case):
    EVENTS = "\n".join([GOOD, REFUSED, event(3, plan="large", calls=7), event(3, plan="large", calls=7)])

    def test_what_is_written_passes_and_stands_alone(self):
        events = self.file("events.jsonl", self.EVENTS)
        done = self.toll("scenario", POLICY, "--events", events, "--account", "a",
                         "--until", "2025-08-01T00:00:00+08:00")
        self.assertIn("use plan small, calls 5 call", done.stdout)
        self.assertIn("expect duplicate", done.stdout)
        self.assertEqual(done.stdout.count(' id "3" '), 2)
        self.assertIn("  at 2025-08-01\n  expect reset", done.stdout)
        policy = self.file("with.toll", Path(POLICY).read_text(encoding="utf-8") + done.stdout)
        self.assertEqual(self.toll("test", policy, "--filter", "a").stdout, "2 passed, 0 failed\n")
        alone = self.toll("scenario", POLICY, "--events", events, "--account", "a", "--file", "--name", "x y")
        self.assertTrue(alone.stdout.startswith('language 1\nscenario "x y" {\n'), alone.stdout)

    def test_a_period_is_expected_and_what_came_before_is_told(self):
        events = self.file("events.jsonl", self.EVENTS)
        done = self.toll("scenario", POLICY, "--events", events, "--account", "a", "--month", "2025-08")
        self.assertIn("use plan small", done.stdout)
        self.assertNotIn("expect used", done.stdout)
        self.assertIn("expect reset", done.stdout)

    def test_what_cannot_be_done_is_said(self):
        events = self.file("events.jsonl", self.EVENTS)
        self.assertIn("`b`", self.toll("scenario", POLICY, "--events", events, "--account", "b", code=1).stderr)
        self.toll("scenario", POLICY, "--events", "/no/such/file", "--account", "a", code=3)
        self.toll("scenario", POLICY, "--events", events, "--account", "a", "--month", "July", code=2)
        self.toll("scenario", POLICY, "--events", events, "--account", "a", "--until", "soon", code=2)
        self.toll("scenario", POLICY, "--events", events, code=2)


class Init(Case):
    def test_it_passes_check_and_test_in_both_languages(self):
        for language in ("en", "zh"):
            folder = str(self.folder / language)
            done = self.toll("init", folder, "--lang", language)
            self.assertEqual(len(done.stdout.splitlines()), 4)
            self.assertEqual(self.toll("check", folder).stderr, "")
            self.assertEqual(self.toll("test", folder, "--lang", "en").stdout, "7 passed, 0 failed\n")
        readme = (self.folder / "en/README.md").read_text(encoding="utf-8")
        line = next(line.strip() for line in readme.splitlines() if line.startswith('    {"id"'))
        ledger = self.toll("run", str(self.folder / "en"), "--events", "-", "--until",
                           "2025-08-01T00:00:00+02:00", stdin=line + "\n").stdout
        self.assertEqual([json.loads(entry)["kind"] for entry in ledger.splitlines()], ["sent", "invoice"])

    def test_nothing_is_overwritten(self):
        readme = self.file("README.md", "mine")
        self.toll("init", str(self.folder), code=1)
        self.assertEqual(Path(readme).read_text(encoding="utf-8"), "mine")
        self.assertEqual(os.listdir(self.folder), ["README.md"])
        other = self.folder / "other"
        other.mkdir()
        (other / "own.toll").write_text("language 1\n", encoding="utf-8")
        self.toll("init", str(other), code=1)
        self.assertEqual(os.listdir(other), ["own.toll"])


class Table(Case):
    def table(self, text, *arguments, code=0, encoding="utf-8"):
        path = self.folder / "t.csv"
        path.write_bytes(text.encode(encoding))
        return self.toll("table", str(path), *arguments, code=code)

    def test_cells_become_literals_and_names(self):
        text = ("\ufeffplan,\"1,000 call\",10000call,lists,share,since,paid,max\r\n"
                "basic (old),¥20,\"¥1,350.50\",\"text, page\",20%,2025/7/1,TRUE,-\r\n"
                "\"media \"\"x\"\"\",0.15 yuan/call,,quote,5%,2025-07-01 09:00,true,above\r\n\r\n")
        self.assertEqual(self.table(text).stdout, (
            "  | plan            |     1_000 call |    10000 call | lists      | share |            since | paid |   max |\n"
            "  | 「basic (old)」 |        20 yuan | 1_350.50 yuan | text, page |   20% |       2025-07-01 | TRUE |     - |\n"
            "  | 「media \"x\"」   | 0.15 yuan/call |             - | quote      |    5% | 2025-07-01 09:00 | true | above |\n"))

    def test_separators_and_decimal_commas(self):
        semicolons = self.table("plan;price\nbasic;0,15 €\npro;1.350,00\n").stdout
        self.assertEqual(semicolons, "  | plan  |     price |\n  | basic | 0.15 euro |\n  | pro   |  1_350.00 |\n")
        self.assertEqual(self.table("a\tb\nx, y\t$3\n", "--currency", "USD").stdout,
                         "  | a    |     b |\n  | x, y | 3 USD |\n")

    def test_a_table_in_chinese_words(self):
        done = self.table("规格,单价,档\n1万次,￥0.15,above\n,quote,<1000 次\n", "--skin", "zh")
        self.assertEqual(done.stdout, "  |   规格 |    单价 |        档 |\n"
                                      "  | 1万 次 | 0.15 元 |      以上 |\n"
                                      "  |      - |    询价 | < 1000 次 |\n")

    def test_what_is_printed_is_a_table(self):
        rows = self.table("plan,units,price,note\nsmall,\"1,000\",$5,at once\nlarge,2000,\"$1,350.25\",\n",
                          "--currency", "USD").stdout
        policy = self.file("p.toll", "language 1\ncurrency USD USD\ndomain plan\ndomain note\n"
                           "table t by plan lists plan, note {\n" + rows + "}\nevent e {}\n"
                           "scenario s { at 2025-07-01 e; expect that sum(r.price for r in t) is 1355.25 USD }\n")
        self.assertEqual(self.toll("test", policy).stdout, "1 passed, 0 failed\n")

    def test_what_cannot_be_read_is_said_with_its_place(self):
        done = self.table("a,b\n1.2.3,x\ny,12,3\nz,\"1,35\"\n", code=1)
        self.assertEqual(done.stdout, "")
        self.assertEqual([line.split(": ", 2)[2].split(":")[0] for line in done.stderr.splitlines()],
                         ["row 2, column 1", "row 3", "row 4, column 2"])
        report = json.loads(self.table("a;b\n1,350;x\n", "--json", code=1).stderr)
        self.assertEqual([(p["row"], p["column"]) for p in report["problems"]], [(2, 1)])
        self.assertIn("UTF-8", self.table("名,价\n", code=1, encoding="gbk").stderr)
        self.table("", code=1)
        self.toll("table", "/no/such/file", code=3)


class Explain(Case):
    def test_a_code_has_a_page_in_both_languages(self):
        english = self.toll("explain", "E0611", "--lang", "en").stdout
        self.assertTrue(english.startswith("E0611: "))
        self.assertNotIn("```", english)
        self.assertIn("\n    language 1\n", english)
        chinese = self.toll("explain", "e0611", env={"LC_ALL": "zh_CN.UTF-8"}).stdout
        self.assertTrue(chinese.startswith("E0611："))
        self.assertEqual(chinese, self.toll("explain", "E0611", "--lang", "zh").stdout)
        self.assertEqual(english, self.toll("explain", "E0611", env={"LC_ALL": "C"}).stdout)

    def test_a_page_as_data(self):
        page = json.loads(self.toll("--json", "explain", "E0611", "--lang", "en").stdout)
        self.assertEqual(page["code"], "E0611")
        self.assertTrue(page["page"].startswith(f"# E0611: {page['title']}\n"))

    def test_an_unknown_code_is_wrong_usage(self):
        self.assertIn("`E1109`", self.toll("explain", "E1109x", "--lang", "en", code=2).stderr)
        self.assertNotIn("did you mean", self.toll("explain", "frob", "--lang", "en", code=2).stderr)


class Core(Case):
    def test_the_core_is_stable_json(self):
        first = self.toll("core", POLICY).stdout
        self.assertEqual(first, self.toll("core", POLICY).stdout)
        core = json.loads(first)
        self.assertEqual(core["toll_core"], 1)
        self.assertEqual(core["policy"], "meter")
        self.assertEqual(core["clauses"]["event:use"]["line"], 28)

    def test_without_positions_moved_text_changes_nothing(self):
        text = Path(POLICY).read_text(encoding="utf-8")
        moved = self.file("moved.toll", "\n# A remark.\n\n" + text.replace("\nevent use", "\n\n\nevent use"))
        self.assertEqual(self.toll("core", POLICY, "--no-positions").stdout,
                         self.toll("core", moved, "--no-positions").stdout)
        self.assertNotEqual(self.toll("core", POLICY).stdout, self.toll("core", moved).stdout)

    def test_a_policy_that_does_not_load_is_3(self):
        self.assertEqual(self.toll("core", self.broken(), code=3).stdout, "")


if __name__ == "__main__":
    TOLL = os.path.abspath(sys.argv.pop(1))
    unittest.main()
