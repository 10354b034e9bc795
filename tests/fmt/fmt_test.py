#!/usr/bin/env python3
"""toll fmt as scripts meet it; the repository's own rule files are formatted.

    fmt_test.py TOLL ROOT [unittest arguments]
"""
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOLL = None
ROOT = None

POLICY = """language 1
policy p
unit call
table limits {
| plan: text | limit |
| "a"|10 call|
}
"""
NEAT = """language 1
policy p
unit call
table limits by plan {
  | plan: text |   limit |
  | "a"        | 10 call |
}
"""


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
        return path

    def toll(self, *arguments, code=0, stdin=""):
        done = subprocess.run([TOLL, *map(str, arguments)], input=stdin.encode("utf-8"), capture_output=True,
                              timeout=120, env={**os.environ, "TOLL_LANG": "en"})
        done.stdout, done.stderr = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done


class Files(Case):
    def test_a_file_is_rewritten_with_its_rights_and_named(self):
        path = self.file("p.toll", POLICY.replace("limits {", "limits by plan {"))
        path.chmod(0o640)
        done = self.toll("fmt", path)
        self.assertEqual(done.stdout, f"{path}\n")
        self.assertEqual(path.read_text(), NEAT)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)
        self.assertEqual(self.toll("fmt", path).stdout, "")
        self.assertEqual([each.name for each in self.folder.iterdir()], ["p.toll"])

    def test_a_link_stays_one(self):
        path = self.file("real/p.toll", POLICY.replace("limits {", "limits by plan {"))
        link = self.folder / "link.toll"
        link.symlink_to(path)
        self.toll("fmt", link)
        self.assertTrue(link.is_symlink())
        self.assertEqual(path.read_text(), NEAT)

    def test_check_and_diff_change_nothing(self):
        text = POLICY.replace("limits {", "limits by plan {")
        path = self.file("p.toll", text)
        self.assertEqual(self.toll("fmt", "--check", path, code=1).stdout, f"{path}\n")
        diff = self.toll("fmt", "--diff", path, code=1).stdout
        self.assertIn('-| "a"|10 call|\n', diff)
        self.assertIn('+  | "a"        | 10 call |\n', diff)
        self.assertEqual(path.read_text(), text)
        neat = self.file("neat.toll", NEAT)
        for option in ("--check", "--diff"):
            self.assertEqual(self.toll("fmt", option, neat).stdout, "")

    def test_standard_input(self):
        text = POLICY.replace("limits {", "limits by plan {")
        self.assertEqual(self.toll("fmt", "-", stdin=text).stdout, NEAT)
        self.assertEqual(self.toll("fmt", "-", "--check", stdin=text, code=1).stdout, "-\n")
        self.toll("fmt", "-", "p.toll", stdin=text, code=2)

    def test_what_does_not_parse_is_left_alone(self):
        text = "language 1\na = (\n"
        path = self.file("p.toll", text)
        done = self.toll("fmt", path, code=3)
        self.assertIn("error[E0119]", done.stderr)
        self.assertIn("left as it is", done.stderr)
        self.assertEqual(path.read_text(), text)
        self.assertEqual(self.toll("fmt", "-", stdin=text, code=3).stdout, "")
        self.toll("fmt", self.folder / "none.toll", code=3)

    def test_a_file_of_no_policy_is_laid_out_and_not_translated(self):
        path = self.file("p.toll", POLICY.replace("call\n", "call\nunheard   of\n", 1))
        self.toll("fmt", "--to", "zh", path, code=3)
        self.toll("fmt", path)
        self.assertIn("\nunheard of\n", path.read_text())

    def test_folders_are_walked_and_lua_is_skipped(self):
        text = POLICY.replace("limits {", "limits by plan {")
        self.file("one/p.toll", text)
        self.file("two/deep/p.toll", text)
        lua = self.file("two/q.lua", "-- no rule\n")
        done = self.toll("fmt", self.folder)
        self.assertEqual(len(done.stdout.splitlines()), 2)
        self.assertIn(f"`{lua}` is left as it is", done.stderr)
        done = self.toll("fmt", self.folder, "--json")
        result = json.loads(done.stdout)
        self.assertEqual(result["schema_version"], 1)
        self.assertEqual(sorted(each["outcome"] for each in result["files"]), ["same", "same", "skipped"])


class Repository(Case):
    def test_its_rule_files_are_formatted(self):
        places = ["rules", "examples", "bench/policies", "cli/templates", "tests/cli", "tests/show", "tests/statements"]
        self.toll("fmt", "--check", *(ROOT / place for place in places))

    def test_its_policies_go_to_the_other_language_and_back(self):
        for place, there, back in (("rules/tencent-ocr", "en", "zh"), ("examples/phone-plan", "zh", "en"),
                                   ("examples/api-graduated", "zh", "en"), ("examples/prepaid-credits", "zh", "en"),
                                   ("cli/templates/zh", "en", "zh")):
            copy = self.folder / Path(place).name
            shutil.copytree(ROOT / place, copy, ignore=shutil.ignore_patterns("*.md", "*.jsonl"))
            before = {path.name: path.read_bytes() for path in copy.glob("*.toll")}
            core = self.toll("core", "--no-positions", copy).stdout
            self.toll("fmt", "--to", there, copy)
            for path in copy.glob("*.toll"):
                self.assertNotEqual(path.read_bytes(), before[path.name])
            self.assertEqual(self.toll("core", "--no-positions", copy).stdout, core, place)
            self.toll("test", copy)
            self.toll("fmt", "--check", copy)
            self.toll("fmt", "--to", back, copy)
            for path in copy.glob("*.toll"):
                self.assertEqual(path.read_bytes(), before[path.name], path)


if __name__ == "__main__":
    TOLL, ROOT = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
