#!/usr/bin/env python3
"""What `toll diff` says of the fifteen changes of the OCR policy, word for word, and that its
examples are true.

    changes_test.py TOLL REPO_ROOT [--write] [--every N] [--all | CHANGE ..]

golden/NN-name.txt is what it says of tests/policy/changes/NN-name; without `--all` or names, those
that have one are tried. Blocks of docs/diff*.md that begin with ```text NN-name are the same.
`--write` brings both up to date.

Each example is written as a scenario (`--witness`), which has to pass under the new policy and fail
under the old one. A policy compared with itself, and with a copy whose files and comments stand
elsewhere, is equal.
"""
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "policy"))

from changes_test import CHANGES, POLICY, apply, take_every  # noqa: E402

GOLDEN = HERE / "golden"
PAGES = (Path("docs/diff.md"), Path("docs/diff.zh-CN.md"))
BLOCK = r"(```text {name}\n)(.*?)(```\n)"


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, encoding="utf-8",
                          timeout=300, check=False)


class Test:
    def __init__(self, toll, root, write):
        self.toll, self.root, self.write = toll, root, write
        self.failures = []
        self.pages = {page: (root / page).read_text(encoding="utf-8") for page in PAGES}

    def expect(self, holds, what):
        if not holds:
            self.failures.append(what)

    def change(self, change, folder):
        new = folder / change.name
        shutil.copytree(self.root / POLICY, new)
        apply(change, new)
        done = run(self.toll, "--lang", "zh", "diff", self.root / POLICY, new, "--witness",
                   folder / "witness")
        name = change.name
        self.expect(done.returncode == 1, f"{name}: exit status {done.returncode}\n{done.stderr}")
        self.expect("没有找到例子" not in done.stdout, f"{name}: a difference without an example\n{done.stdout}")
        golden = GOLDEN / f"{name}.txt"
        if self.write:
            GOLDEN.mkdir(exist_ok=True)
            golden.write_text(done.stdout, encoding="utf-8")
            for page, text in self.pages.items():
                self.pages[page] = re.sub(BLOCK.format(name=name), lambda found: found[1] + done.stdout + found[3],
                                          text, flags=re.DOTALL)
        if golden.is_file():
            self.expect(done.stdout == golden.read_text(encoding="utf-8"), f"{name}: says\n{done.stdout}")
        for page, text in self.pages.items():
            for block in re.findall(BLOCK.format(name=name), text, flags=re.DOTALL):
                self.expect(block[1] == done.stdout, f"{page} shows something else of {name}: --write")
        self.scenarios(name, folder / "witness", new)

    def scenarios(self, name, folder, new):
        """What was written as scenarios: true of the new policy, untrue of the old one."""
        written = sorted(folder.glob("*.toll"))
        self.expect(written, f"{name}: no example was written as a scenario")
        for path in written[:1]:
            scenario = path.read_text(encoding="utf-8").splitlines(True)[1].split('"')[1]
            for policy, passes in ((new, True), (self.root / POLICY, False)):
                with tempfile.TemporaryDirectory() as temporary:
                    copy = Path(temporary) / "policy"
                    shutil.copytree(policy, copy)
                    shutil.copy(path, copy / "zz-example.toll")
                    done = run(self.toll, "test", copy, "--filter", scenario)
                    self.expect((done.returncode == 0) == passes,
                                f"{name}: {path.name} {'fails under the new' if passes else 'passes under the old'}"
                                f" policy\n{done.stdout}{done.stderr}")

    def equal(self, folder):
        same = run(self.toll, "diff", self.root / POLICY, self.root / POLICY)
        self.expect(same.returncode == 0, f"a policy differs from itself\n{same.stdout}")
        copy = folder / "copy"
        shutil.copytree(self.root / POLICY, copy)
        for path in copy.glob("*.toll"):
            text = path.read_text(encoding="utf-8")
            first, _, rest = text.partition("\n")
            path.write_text(first + "\n\n# 挪了位置\n" + rest, encoding="utf-8")
        scenarios = copy / "场景-10-预付费.toll"
        scenarios.unlink()
        moved = run(self.toll, "diff", self.root / POLICY, copy)
        self.expect(moved.returncode == 0, f"places count\n{moved.stdout}")
        twin = self.root / "rules" / "tencent-ocr-lua"
        lua = run(self.toll, "--json", "diff", self.root / POLICY, twin)
        self.expect(lua.returncode == 0, f"the policy in Lua differs\n{lua.stdout}")
        self.expect(json.loads(lua.stdout)["equal"] is True, "equal, but not as data")

    def exits(self, folder):
        self.expect(run(self.toll, "diff", self.root / POLICY).returncode == 2, "one policy is no usage")
        broken = folder / "broken.toll"
        broken.write_text("language 1\npolicy\n", encoding="utf-8")
        self.expect(run(self.toll, "diff", broken, self.root / POLICY).returncode == 3, "a broken policy loads")
        self.expect(run(self.toll, "diff", self.root / POLICY, folder / "none").returncode == 3, "none loads")


def main():
    sample = take_every(sys.argv)
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    toll, root, names = words[0], Path(words[1]).resolve(), words[2:]
    test = Test(toll, root, "--write" in sys.argv)
    count = 0
    wanted = [change for change in sorted(CHANGES.iterdir()) if change.is_dir()
              and (any(change.name.startswith(name) for name in names) if names else (
                  "--all" in sys.argv or (GOLDEN / f"{change.name}.txt").is_file()))]
    for change in sample(wanted):
        with tempfile.TemporaryDirectory() as folder:
            test.change(change, Path(folder))
        count += 1
    with tempfile.TemporaryDirectory() as folder:
        test.equal(Path(folder))
        test.exits(Path(folder))
    if test.write:
        for page, text in test.pages.items():
            (root / page).write_text(text, encoding="utf-8")
    for failure in test.failures:
        print(f"failed  {failure}")
    print(f"{count} changes, {len(test.failures)} failures")
    return 1 if test.failures or not count else 0


if __name__ == "__main__":
    sys.exit(main())
