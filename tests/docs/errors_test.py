#!/usr/bin/env python3
"""The pages of diagnostics, run: docs/errors/CODE.md and docs/errors/CODE.zh-CN.md.

    errors_test.py TOLL REPO_ROOT [--every N] [CODE..]      all codes, every N-th, or these

A page is

    # CODE: title                      (in Chinese: # CODE：title)
    what it means, why it is a mistake
    ## Wrong                           (## 写错的)
    ```toll wrong                      a whole policy that gives this code and no other; one or more
    ## Right                           (## 改对的)
    how to put it right
    ```toll                            the policy put right: `toll check` has nothing against it

The examples of a Chinese page start with `language 1 zh`; mistakes of Lua files have blocks of ```lua. A block ```csv NAME lies beside the
policies of its page, and so does a program of a hook, ```lua beside NAME. A code that no single policy can show has, in place of the examples, a line
`<!-- no example: why -->`. `toll explain CODE` prints the page.
"""
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from docs_test import blocks_of, take_every  # noqa: E402

FOLDER = "docs/errors"
CODE = re.compile(r"[EW]\d{4}")
# Codes whose pages are still to be written, by their beginnings.
TOLERATED = ("E00", "E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E09")
UNUSED = "W1001"
LINT = "W11"  # what `toll lint` alone says begins so
FIRST_LINE = ("E0101", "E0102")  # what is wrong is how these begin
SHAPES = {"en": (": ", "## Wrong", "## Right", "language 1\n", ".md"),
          "zh": ("：", "## 写错的", "## 改对的", "language 1 zh\n", ".zh-CN.md")}


def codes_of_the_catalogues(root):
    return {found[1] for path in root.glob("messages/*/*.msg")
            for found in re.finditer(r"^([EW]\d{4})\.", path.read_text(encoding="utf-8"), re.MULTILINE)}


class Checker:
    def __init__(self, toll, root):
        self.toll, self.root = str(toll), root
        self.passed, self.failures = 0, []

    def result(self, where, problem):
        if problem:
            self.failures.append(f"{where}: {problem}")
        else:
            self.passed += 1

    def run(self, *arguments):
        return subprocess.run([self.toll, *arguments], capture_output=True, text=True, encoding="utf-8",
                              timeout=120, check=False)

    def said(self, folder, text, language, code):
        """The codes that `toll check` gives, or `toll lint` if it is one of its own, and what it says to people."""
        path = Path(folder) / f"policy.{language}"
        path.write_text(text, encoding="utf-8")
        if code.startswith(LINT):
            report = json.loads(self.run("--json", "lint", str(path)).stdout or "{}")
            codes = {each["code"] for each in report.get("diagnostics", [])}
            return codes, self.run("lint", str(path)).stdout
        done = self.run("--json", "check", str(path))
        report = json.loads(done.stderr) if done.stderr else {}
        codes = {each["code"] for each in report.get("diagnostics", []) if "code" in each}
        return codes, self.run("check", str(path)).stderr

    def example(self, folder, block, code, begins):
        if block.language == "lua":
            begins = "language(1)\n"
        if not block.text.startswith(begins) and not ("wrong" in block.notes and code in FIRST_LINE):
            return f"does not start with {begins.strip()!r}"
        codes, report = self.said(folder, block.text, block.language, code)
        wanted = {code} if "wrong" in block.notes else set()
        # A small example need not use all that it declares.
        return "" if codes - ({UNUSED} - {code}) == wanted else f"`toll check` says\n{report}"

    def page(self, code, language):
        colon, wrong, right, begins, ending = SHAPES[language]
        path = f"{FOLDER}/{code}{ending}"
        if not (self.root / path).is_file():
            self.result(path, "is missing")
            return
        text = (self.root / path).read_text(encoding="utf-8")
        self.result(path, "" if text.startswith(f"# {code}{colon}") else f"does not start with `# {code}{colon}`")
        printed = self.run("explain", code.lower(), "--lang", language)
        self.result(path, "" if printed.returncode == 0 and printed.stdout.startswith(f"{code}{colon}")
                    else f"`toll explain` prints\n{printed.stdout}{printed.stderr}")
        if re.search(r"^<!-- no example: .+ -->$", text, re.MULTILINE):
            return
        blocks = blocks_of(self.root, path)
        beside = [block for block in blocks if block.language == "csv" or "beside" in block.notes]
        policies = [block for block in blocks if block.language in ("toll", "lua") and block not in beside]
        kinds = ["wrong" in block.notes for block in policies]
        shape = wrong in text and right in text and True in kinds and kinds == sorted(kinds, reverse=True)
        self.result(path, "" if shape and False in kinds else f"has not the parts `{wrong}` and `{right}` with examples")
        with tempfile.TemporaryDirectory() as folder:
            for block in beside:
                (Path(folder) / block.notes[-1]).write_text(block.text, encoding="utf-8")
            for block in policies:
                self.result(block, self.example(folder, block, code, begins))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sample = take_every(sys.argv)
    toll, root = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    checker = Checker(toll, root)
    written = {CODE.match(path.name)[0] for path in (root / FOLDER).glob("[EW]*.md") if CODE.match(path.name)}
    known = codes_of_the_catalogues(root)
    for code in sample(sorted(set(sys.argv[3:]) or written)):
        for language in SHAPES:
            checker.page(code, language)
    for code in sorted(known - written):
        if not code.startswith(TOLERATED):
            checker.result(code, f"has no page in {FOLDER}")
    for code in sorted(written - known):
        if not code.startswith(TOLERATED):
            checker.result(code, "has a page, but no catalogue has such a code")
    for failure in checker.failures:
        print(failure)
    print(f"{checker.passed} passed, {len(checker.failures)} failed")
    return 1 if checker.failures or not checker.passed else 0


if __name__ == "__main__":
    sys.exit(main())
