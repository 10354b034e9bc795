#!/usr/bin/env python3
"""Each of the fifteen changes of the OCR policy changes what it declares, and nothing else.

    declared_changes_test.py TOLL ROOT [--all | --few | CHANGE ..]

declared.txt of a change (../policy/changes) holds the exceptions of `policy unchanged`. With all of them
it is proved; with none it is refuted by a scenario that passes after the change and not before it; without
one of several it is not proved. Without `--all` or names the last two are tried of a few changes only,
with `--few` of none.
"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "policy"))

from changes_test import CHANGES, POLICY, Wrong, apply  # noqa: E402

CLAIM = "其余不变"
FILE = "声明.toll"
FEW = ("05", "07", "13")


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, encoding="utf-8",
                          timeout=300, check=False)


def claim(exceptions):
    lines = "".join(f'  除了 {one} 因为 "就是要改"\n' for one in exceptions)
    return f"language 1 zh\n证明 {CLAIM} {{\n  政策 不变\n{lines}}}\n"


class Test:
    def __init__(self, toll, old):
        self.toll, self.old = toll, old

    def prove(self, new, exceptions, wanted):
        (new / FILE).write_text(claim(exceptions), encoding="utf-8")
        done = run(self.toll, "--json", "prove", self.old, new, "--only", CLAIM)
        if not done.stdout:
            raise Wrong(f"except {exceptions}: {done.stderr}")
        one = json.loads(done.stdout)["proofs"][0]
        if one["verdict"] not in wanted:
            raise Wrong(f"except {exceptions}: {one['verdict']}, not {wanted}\n"
                        + json.dumps(one, ensure_ascii=False, indent=2))
        if one["verdict"] == "refuted":
            self.shown(new, one.get("scenario", ""), exceptions)
        (new / FILE).unlink()
        return one["verdict"]

    def shown(self, new, scenario, exceptions):
        (new / FILE).write_text("language 1 zh\n" + scenario, encoding="utf-8")
        after = run(self.toll, "test", new, "--filter", CLAIM)
        with tempfile.TemporaryDirectory() as folder:
            old = Path(folder) / "old"
            shutil.copytree(self.old, old)
            shutil.copy(new / FILE, old)
            before = run(self.toll, "test", old, "--filter", CLAIM)
        if after.returncode != 0 or not after.stdout:
            raise Wrong(f"except {exceptions}: its scenario does not pass\n{scenario}{after.stdout}{after.stderr}")
        if before.returncode == 0:
            raise Wrong(f"except {exceptions}: its scenario passes before the change as well\n{scenario}")

    def change(self, change, folder, all_of_it):
        new = folder / change.name
        shutil.copytree(self.old, new)
        apply(change, new)
        declared = (change / "declared.txt").read_text(encoding="utf-8").splitlines()
        said = [self.prove(new, declared, ("proved",))]
        if all_of_it:
            said.append("none: " + self.prove(new, [], ("refuted",)))
            for one in declared if len(declared) > 1 else []:
                rest = [other for other in declared if other != one]
                said.append(f"without `{one}`: " + self.prove(new, rest, ("refuted", "unknown")))
        print(f"{change.name}: {'; '.join(said)}")


def main():
    toll, root, words = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3:]
    test = Test(toll, root / POLICY)
    names = [word for word in words if not word.startswith("--")]
    tried = () if "--few" in words else ("",) if names or "--all" in words else FEW
    failed = count = 0
    with tempfile.TemporaryDirectory() as folder:
        for change in sorted(path for path in CHANGES.iterdir() if path.is_dir()):
            if names and not change.name.startswith(tuple(names)):
                continue
            count += 1
            try:
                test.change(change, Path(folder), change.name.startswith(tried))
            except Wrong as wrong:
                print(f"FAILED: {change.name}: {wrong}")
                failed += 1
    print(f"{count} changes, {failed} failures")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
