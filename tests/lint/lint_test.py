#!/usr/bin/env python3
"""toll lint as scripts meet it, and what it finds in the OCR policy, which docs/lint.md shows.

    lint_test.py TOLL ROOT [--write]
"""
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOLL = None
ROOT = None
PAGE = "docs/lint.md"
BEGIN = "<!-- lint: written by tests/lint/lint_test.py --write -->\n"
END = "<!-- lint end -->\n"

PRICES = """language 1
policy p
currency CNY yuan
unit call
domain plan { basic, large }
table prices by plan band calls {
  source "page"%s
  | plan  |      calls |          price |
  | basic | < 100 call | 0.15 yuan/call |
  | basic |      above | 0.10 yuan/call |
  | large | < 100 call | 0.15 yuan/call |
  | large |      above | 0.10 yuan/call |
}
tariff list by prices.price reached
%s"""


def run(*arguments):
    return subprocess.run([TOLL, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", timeout=120)


def findings(path):
    done = run("lint", "--json", "--lang", "zh", path)
    return [] if done.returncode == 0 else json.loads(done.stdout)["diagnostics"]


def page_list():
    """The findings in the OCR policy, one a line."""
    lines = []
    for each in findings(ROOT / "rules/tencent-ocr"):
        name = Path(each["span"]["file"]).name
        text = each["message"] + ("。" + each["help"] if "help" in each else "")
        lines.append(f"- {each['code']} `{name}:{each['span']['line']}` {text}\n")
    return "".join(lines)


class Lint(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "p.toll"

    def lint(self, text, code):
        self.path.write_text(text, encoding="utf-8")
        done = run("lint", self.path)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def test_a_bill_that_falls_is_told_with_its_band_and_amounts(self):
        said = self.lint(PRICES % ("", ""), 1)
        self.assertEqual(said.count("warning[W1101]"), 1)  # both plans in one
        # 66 cost 9.90, 67 cost 10.05, 100 cost 10.
        for piece in ("67 call to 99 call cost more than 100 call", "`basic`, `large`", "14.85 yuan", "10 yuan"):
            self.assertIn(piece, said)

    def test_only_a_reason_puts_a_finding_aside(self):
        self.assertEqual(self.lint(PRICES % ('\n  allow W1101 because "as printed"', ""), 0), "")
        self.assertEqual(self.lint(PRICES % ("", 'allow W1101 basic because "as printed"\n'), 0), "")
        self.lint(PRICES % ("", 'allow W1102 basic because "another"\n'), 1)
        self.lint(PRICES % ("", "allow W1101 basic\n"), 3)

    def test_what_does_not_load_is_no_answer(self):
        self.lint("language 1\npolicy\n", 3)
        self.assertEqual(run("lint").returncode, 2)
        self.assertEqual(run("lint", self.path.parent / "none").returncode, 3)

    def test_warnings_of_the_loader_are_told_too(self):
        page = (ROOT / "docs/errors/W1001.md").read_text(encoding="utf-8")
        text = page.split("```toll wrong\n")[1].split("```")[0]
        self.assertIn("W1001", self.lint(text, 1))


ASK = """language 1
policy p
currency CNY yuan
unit call
%s
domain plan { basic }
table prices by plan {
  source "page"
  | plan  |          price |
  | basic | 0.02 yuan/call |
}
entry cost { price: price yuan/call? }
event ask {
  field plan: known plan else "unknown" required%s
  emit cost { price = prices[event.plan].price }
}
"""
UNUSED = """
# Of last year.
setting old = 0.03 yuan

define twice(x: number) = x * 2
define thrice(x: number) = twice(x) + x
"""


class Fixes(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)
        self.path = self.folder / "p.toll"

    def test_what_nothing_uses_is_taken_out_with_what_only_it_uses(self):
        self.path.write_text(ASK % (UNUSED, '\n  allow W1001 basic because "left over"'), encoding="utf-8")
        before = self.path.read_text(encoding="utf-8")
        self.assertEqual(run("lint", self.path).stdout.count("warning["), 3)
        shown = run("lint", "--diff", self.path)
        self.assertEqual((shown.returncode, self.path.read_text(encoding="utf-8")), (1, before))
        self.assertIn("-setting old = 0.03 yuan\n", shown.stdout)
        done = run("lint", "--fix", self.path)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", shown.stdout))
        self.assertEqual(self.path.read_text(encoding="utf-8"), (ASK % ("", "")))
        again = run("lint", "--fix", self.path)
        self.assertEqual((again.returncode, again.stdout, again.stderr), (0, "", ""))
        self.assertEqual(run("lint", "--diff", self.path).returncode, 0)

    def test_a_file_in_the_layout_stays_in_it_and_another_is_not_laid_out(self):
        text = ASK % ("setting old = 0.03 yuan\n", "")
        self.path.write_text(text, encoding="utf-8")
        run("fmt", self.path)
        run("lint", "--fix", self.path)
        self.assertEqual(run("fmt", "--check", self.path).returncode, 0)
        self.path.write_text(text.replace("  emit", "     emit"), encoding="utf-8")
        run("lint", "--fix", self.path)
        self.assertIn("     emit", self.path.read_text(encoding="utf-8"))

    def test_what_is_allowed_what_is_imported_and_what_is_the_authors_stay(self):
        shared = self.folder / "shared"
        shared.mkdir()
        (shared / "s.toll").write_text("language 1\nsetting spare = 1 yuan\n", encoding="utf-8")
        text = ASK % ('import "shared/s.toll"\nsetting old = 0.03 yuan\nallow W1001 old because "soon"\n', "")
        text = text.replace('  source "page"\n', "")
        self.path.write_text(text, encoding="utf-8")
        done = run("lint", "--fix", self.path)
        self.assertEqual(self.path.read_text(encoding="utf-8"), text)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("W1105", done.stdout)
        self.assertIn("spare", (shared / "s.toll").read_text(encoding="utf-8"))

    def test_edits_are_in_the_data_too(self):
        self.path.write_text(ASK % ("setting old = 0.03 yuan\n", ""), encoding="utf-8")
        found = json.loads(run("lint", "--json", self.path).stdout)["diagnostics"]
        self.assertEqual([(one["code"], one["fixes"][0]["text"]) for one in found], [("W1001", "")])
        files = json.loads(run("lint", "--json", "--fix", self.path).stdout)["files"]
        self.assertIn("-setting old", files[0]["diff"])

    def test_of_two_the_one_that_is_needed_stays(self):
        self.assertEqual(run("lint", "--fix", "--diff", self.path).returncode, 2)
        self.path.write_text("language 1\npolicy\n", encoding="utf-8")
        self.assertEqual(run("lint", "--fix", self.path).returncode, 3)


class WhatNeverHappens(unittest.TestCase):
    """The pages of docs/errors show what is found; here is what is not."""

    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.path = Path(kept.name) / "p.toll"

    def lint(self, code, *edits):
        """The last wrong example of a page, with edits that take the finding away."""
        page = (ROOT / f"docs/errors/{code}.md").read_text(encoding="utf-8")
        wrong = page.split("```toll wrong\n")[1:]
        quiet = []
        for number, old, new in edits:
            text = wrong[number].split("```")[0]
            self.assertEqual(text.count(old), 1, old)
            self.path.write_text(text, encoding="utf-8")
            self.assertIn(code, run("lint", self.path).stdout)
            self.path.write_text(text.replace(old, new), encoding="utf-8")
            done = run("lint", self.path)
            quiet.append(code not in done.stdout and done.returncode != 3)
        self.assertEqual(quiet, [True] * len(edits))

    def test_a_number_written_in_between_may_be_anything(self):
        self.lint("W1107", (0, "b.left < b.size * low", "b.left <= b.size * low"),
                  (0, "put buckets { class = paid; size = event.calls; left = event.calls }",
                   "put buckets { class = paid; size = event.calls; left = event.calls - 5 call }\n"
                   "  each b in buckets { b.left := b.left - 1 call }"),
                  (1, "    when b.class is paid as paid {", "    when b.class is paid as paid {\n      b.class := free"))

    def test_a_gift_that_may_be_drawn(self):
        self.lint("W1108", (0, "take event.calls from left {}", "take event.calls from left {}\n"
                               "  draw b in buckets where b.class != paid take event.calls from left {}"),
                  (0, "  field calls: count call required\n  draw",
                   "  field calls: count call required\n  each b in buckets { b.class := paid }\n  draw"),
                  (1, "| text    | basic |", "| text    | basic |\n  | picture | image |"))

    def test_a_timer_with_a_way_out(self):
        self.lint("W1109", (0, "    arm reminder at now + 48 hours", "    arm reminder at now + 23 hours"),
                  (0, "  disarm reminder\n", "  when balance < -10 yuan as much { disarm reminder }\n"),
                  (0, "timer reminder {", "event forgive { disarm stop }\ntimer reminder {"),
                  (1, "    arm reminder at now + 1 hour\n", "    when balance < -5 yuan as more { arm reminder at now + 1 hour }\n"))

    def test_names_that_are_two_things(self):
        self.lint("W1110", (0, "| translation   | 100 call |", "| translation   | 100 call |\n  | transcription | 100 call |"),
                  (0, "domain service\n", "domain service { transcription; transciption }\n"),
                  (0, "domain service\n", "domain service { transcription aka transciption }\n"),
                  (0, "| transciption | 100 call |", "| transcription2 | 100 call |"))


class AsThePageHasIt(unittest.TestCase):
    """docs/lint.md says which of the page's own oddities are refused, and by what."""

    def said(self, command, *edits):
        with tempfile.TemporaryDirectory() as kept:
            policy = Path(kept) / "policy"
            shutil.copytree(ROOT / "rules/tencent-ocr", policy)
            for name, old, new in edits:
                text = (policy / name).read_text(encoding="utf-8")
                self.assertIn(old, text)
                (policy / name).write_text(text.replace(old, new, 1), encoding="utf-8")
            done = run(*command, policy)
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            return done.stdout + done.stderr

    def test_the_checker_refuses_them(self):
        row = "  | 图片文字识别（基础版）             |  100 元 |  800 元 |  5000 元 |  30000 元 |  100000 元 |\n"
        for code, name, old, new in (
                ("E0611", "40-预付费.toll", row, row + row.replace("100000", "200000")),
                ("E1001", "20-资源包.toll", "  | 通用证照识别                       | 网约车运输证识别",
                 "  | 通用票据识别（大票） | 港澳台通行证识别 |\n  | 通用证照识别 | 网约车运输证识别"),
                ("通用卡证鉴伪", "50-后付费.toll", "通用卡证鉴伪", "通用卡证鉴别"),
                ("多模态Pro版", "50-后付费.toll", "文档抽取（多模态Pro版）-固定价格", "文档抽取（多模式Pro版）-固定价格"),
                ("E0302", "10-名录.toll", "{ 智能结构化识别 }", "{}")):
            self.assertIn(code, self.said(["check"], (name, old, new)))

    def test_an_example_fails_that_does_not_say_what_was_paid(self):
        said = self.said(["test", "--filter", "预付费示例一"], ("场景-10-预付费.toll", ", 实付 (现金 3500)", ""))
        self.assertIn("5000", said)

    def test_what_is_one_name(self):
        core = [run("core", "--no-positions", ROOT / "rules/tencent-ocr").stdout]
        with tempfile.TemporaryDirectory() as kept:
            policy = Path(kept) / "policy"
            shutil.copytree(ROOT / "rules/tencent-ocr", policy)
            path = policy / "50-后付费.toll"
            text = path.read_text(encoding="utf-8")
            for old, new in (("车辆VIN码识别", "「车辆 VIN 码识别」"), ("行驶证/驾驶证识别", "「行驶证 / 驾驶证识别」"),
                             ("通用票据识别（小票）", "通用票据识别(小票)")):
                self.assertIn(old, text)
                text = text.replace(old, new, 1)
            path.write_text(text, encoding="utf-8")
            core.append(run("core", "--no-positions", policy).stdout)
        self.assertGreater(len(core[0]), 100_000)
        self.assertEqual(*[json.loads(one)["tables"] for one in core])


class TheOcrPolicy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.found = findings(ROOT / "rules/tencent-ocr")
        cls.said = page_list()

    def of(self, code):
        return [each["message"] + each.get("help", "") for each in self.found if each["code"] == code]

    def test_nothing_else_is_told(self):
        """What reviewers would not want to read again and again."""
        self.assertEqual({each["code"] for each in self.found}, {"W1101", "W1102", "W1103"})

    def test_check_stays_quiet(self):
        done = run("check", ROOT / "rules/tencent-ocr")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_the_bands_of_the_usual_schedule_are_exact(self):
        falls = [each for each in self.of("W1101") if "`身份证识别`" in each]
        self.assertEqual(len(falls), 2, falls)
        for pieces in (("7001 次", "9999 次", "1349.85 元", "900 元"), ("60401 次", "99999 次", "9899.9", "5940 元")):
            self.assertEqual(len([each for each in falls if all(piece in each for piece in pieces)]), 1, (pieces, falls))

    def test_ten_qps_cost_less_than_nine(self):
        self.assertTrue(any("9 QPS" in each and "135" in each and "130" in each for each in self.of("W1101")), self.of("W1101"))

    def test_two_tiers_of_qps_are_out_of_reach(self):
        self.assertEqual(len(self.of("W1103")), 2, self.of("W1103"))
        self.assertTrue(any("50 QPS" in each for each in self.of("W1103")))
        self.assertTrue(any("25 QPS" in each for each in self.of("W1103")))

    def test_the_dear_packs(self):
        dear = self.of("W1102")
        for pack, price, cost in (("中英文手写作文识别", "360 元", "240 元"), ("中英文手写作文识别", "3000 元", "2400 元"),
                                  ("文档抽取（多模态版）-固定价格", "400 元", "288 元"),
                                  ("文档抽取（多模态版）-固定价格", "3300 元", "2880 元"),
                                  ("文档抽取（多模态Pro版）-自适应价格", "430 元", "340 元"),
                                  ("文档抽取（多模态Pro版）-自适应价格", "3600 元", "3400 元"),
                                  ("文档抽取（多模态Pro版）-固定价格", "470 元", "400 元")):
            self.assertTrue(any(pack in each and price in each and cost in each for each in dear), (pack, price, dear))

    def test_the_page_shows_them(self):
        text = (ROOT / PAGE).read_text(encoding="utf-8")
        self.assertEqual(text.split(BEGIN)[1].split(END)[0], self.said)


if __name__ == "__main__":
    TOLL, ROOT = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
    if "--write" in sys.argv:
        page = ROOT / PAGE
        head, rest = page.read_text(encoding="utf-8").split(BEGIN)
        page.write_text(head + BEGIN + page_list() + END + rest.split(END)[1], encoding="utf-8")
        sys.exit()
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
