#!/usr/bin/env python3
"""The recipe for continuous integration in docs/changing-a-policy.md, run as a runner would: its shell steps, one after the
other, in a repository with two commits.   recipe_test.py TOLL ROOT [unittest arguments]
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOLL = ROOT = None
PAGE = "docs/changing-a-policy.md"
ALWAYS = "always()"
# What the page says of the comment: `gh pr comment NUMBER --body-file FILE ..`.
GH = """#!/bin/sh
echo "$@" > "$COMMENTS"
while [ $# -gt 0 ]; do [ "$1" = --body-file ] && cat "$2" >> "$COMMENTS"; shift; done
"""


def steps_of(page):
    """(name, shell, always) of each step with a `run:`, as YAML reads `|` and `>`."""
    recipe = re.search(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)[1]
    steps = []
    for block in re.split(r"^      - ", recipe, flags=re.MULTILINE)[1:]:
        found = re.search(r"^(?:        )?run: ?(.*)\n((?:          .*\n|\n)*)", block, re.MULTILINE)
        if not found:
            continue
        lines = [line.strip() for line in found[2].splitlines()]
        shell = {"|": "\n".join(lines), ">": " ".join(lines)}.get(found[1].strip(), found[1])
        name = re.search(r"^name: (.*)$", block, re.MULTILINE)[1]
        steps.append((name, shell, ALWAYS in block))
    return steps


class Recipe(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)
        self.home = self.folder / "home" / "checkout"
        (self.home / "policy").mkdir(parents=True)
        (self.home / "history").mkdir()
        shutil.copy(ROOT / "examples/small/geocoding.toll", self.home / "policy")
        shutil.copy(ROOT / "examples/small/geocoding.events.jsonl", self.home / "history/last-month.jsonl")
        (self.home / "history/until").write_text("2025-08-05T00:00:00+08:00\n", encoding="utf-8")
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "toll").symlink_to(TOLL)
        (programs / "gh").write_text(GH, encoding="utf-8")
        (programs / "gh").chmod(0o755)
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(self.folder), "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"), "COMMENTS": str(self.folder / "comment")}
        origin = self.folder / "origin.git"
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()
        subprocess.run(["git", "init", "--quiet", "--bare", origin], check=True, env=self.environment)
        self.git("remote", "add", "origin", str(origin))
        self.git("push", "--quiet", "origin", "main")
        self.git("checkout", "--quiet", "-b", "edit")

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.home, check=True, env=self.environment)

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "policy")

    def edit(self, *edits, lay_out=True):
        path = self.home / "policy/geocoding.toll"
        text = path.read_text(encoding="utf-8")
        for old, new in edits:
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        if lay_out:
            subprocess.run([TOLL, "fmt", path], capture_output=True, check=False)
        self.commit()

    def ci(self):
        """The names of the steps that failed; a step after one runs only if it always does."""
        failed = []
        for name, shell, always in steps_of(ROOT / PAGE):
            if failed and not always:
                continue
            for hole, value in (("github.base_ref", "main"), ("github.event.number", "7")):
                shell = shell.replace("${{ %s }}" % hole, value)
            self.assertNotIn("${{", shell)
            done = subprocess.run(["bash", "-e", "-c", shell], cwd=self.home, env=self.environment,
                                  capture_output=True, text=True, timeout=120)
            self.assertNotIn(done.returncode, (2, 70, 127), (name, done.stderr))
            if done.returncode != 0:
                failed.append(name)
        return failed

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def test_the_page_has_the_steps(self):
        self.assertEqual([name for name, _, _ in steps_of(ROOT / PAGE)],
                         ["The policy as it is", "Checks", "Review", "Gate"])

    def test_nothing_that_matters(self):
        self.edit(("# each month starts with these", "# each month begins with these"))
        self.assertEqual(self.ci(), [])
        self.assertTrue(self.read("comment").startswith("pr comment 7 --body-file review.md"))
        self.assertIn("Nothing to say against it", self.read("comment"))
        self.assertEqual(self.read("comment").split("\n", 1)[1], self.read("summary"))
        self.assertIn("<html", (self.home / "backtest.html").read_text(encoding="utf-8"))

    def test_a_price_within_the_gate_is_something_to_look_at_and_no_failure(self):
        self.edit(("0.01 yuan/call", "0.0102 yuan/call"), ("price 0.01, amount 9", "price 0.0102, amount 9.18"))
        self.assertEqual(self.ci(), [])
        self.assertIn("9.18", self.read("comment"))

    def test_a_price_beyond_the_gate(self):
        self.edit(("0.01 yuan/call", "0.02 yuan/call"), ("price 0.01, amount 9", "price 0.02, amount 18"))
        self.assertEqual(self.ci(), ["Gate"])
        self.assertIn("18", self.read("summary"))

    def test_a_test_that_fails_is_reviewed_all_the_same(self):
        self.edit(("0.01 yuan/call", "0.0101 yuan/call"))
        self.assertEqual(self.ci(), ["Checks"])
        self.assertIn("fails", self.read("comment"))

    def test_a_file_out_of_the_layout(self):
        self.edit(("entry used { calls: count call;", "entry   used { calls: count call;"), lay_out=False)
        self.assertEqual(self.ci(), ["Checks"])

    def test_what_does_not_load(self):
        self.edit(("0.01 yuan/call", "0.01 yuan"))
        self.assertEqual(self.ci(), ["Checks", "Review"])
        self.assertIn("does not load", self.read("comment"))


if __name__ == "__main__":
    TOLL, ROOT = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
