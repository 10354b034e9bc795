#!/usr/bin/env python3
"""toll lint as scripts meet it, and what it finds in the OCR policy, which docs/lint.md shows.

    lint_test.py TOLL ROOT [--write]
"""
import json
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


class TheOcrPolicy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.found = findings(ROOT / "rules/tencent-ocr")
        cls.said = page_list()

    def of(self, code):
        return [each["message"] + each.get("help", "") for each in self.found if each["code"] == code]

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
