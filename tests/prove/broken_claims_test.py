#!/usr/bin/env python3
"""Every claim of the OCR policy has an edit that breaks it, and `toll prove` says so.

    broken_claims_test.py TOLL ROOT [--all | --few | CLAIM ..]

The edits stand in broken-claims.txt, whose head says what its lines mean; without `--all` or names the first
edit of each claim is made, with `--few` those alone that take no time. A scenario that shows a
broken claim has to pass under the edited policy, pasted beside its files, and must not under the one
that keeps the claim.
"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "policy"))

from changes_test import POLICY, Wrong, edit, read_edits  # noqa: E402

EDITS = HERE / "broken-claims.txt"
SCENARIO = "反例.toll"
HEAD = "language 1 zh\n"


def sections(folder):
    """(claim, verdict, what, slow, hunks) of each edit."""
    made = []
    for line in EDITS.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            claim, verdict, what, *slow = (part.strip() for part in line[3:].split("|"))
            made.append((claim, verdict, what, slow == ["slow"], []))
        elif made and line.strip():
            made[-1][4].append(line)
    path = folder / "hunks"
    for i, (*head, lines) in enumerate(made):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        made[i] = *head, read_edits(path)
    return made


class Test:
    def __init__(self, toll, root, folder):
        self.toll, self.old, self.folder = toll, root / POLICY, folder
        self.kept = folder / "kept"
        shutil.copytree(self.old, self.kept)

    def run(self, *words):
        return subprocess.run([self.toll, *map(str, words)], capture_output=True, text=True, encoding="utf-8",
                              timeout=300, check=False)

    def proofs(self, new, claim):
        done = self.run("--json", "prove", self.old, new, "--only", claim)
        if done.returncode == 3:
            return "rejected " + " ".join(sorted({one["code"] for one in json.loads(done.stderr)["diagnostics"]
                                                  if one["severity"] == "error"})), {}
        if not done.stdout:
            raise Wrong(f"toll ends with {done.returncode}: {done.stderr}")
        one = next(one for one in json.loads(done.stdout)["proofs"] if one["name"] == claim)
        verdict = one["verdict"]
        if verdict == "refuted" and "scenario" not in one:
            verdict = "refuted-told"
        return verdict, one

    def passes(self, policy, scenario, claim):
        path = policy / SCENARIO
        path.write_text(HEAD + scenario, encoding="utf-8")
        done = self.run("test", policy, "--filter", claim)
        path.unlink()
        return done.returncode == 0 and bool(done.stdout), done.stdout + done.stderr

    def edit(self, claim, wanted, what, hunks):
        new = self.folder / "edited"
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(self.old, new)
        for hunk in hunks:
            edit(new, *hunk)
        verdict, one = self.proofs(new, claim)
        both = wanted == "refuted-both"
        if verdict != ("refuted" if both else wanted):
            raise Wrong(f"{verdict}, not {wanted}\n{json.dumps(one, ensure_ascii=False, indent=2)}")
        if verdict.startswith("refuted") and not one.get("details"):
            raise Wrong("refuted, and does not say by what")
        if "scenario" in one:
            passed, said = self.passes(new, one["scenario"], claim)
            if not passed:
                raise Wrong(f"its scenario does not pass:\n{one['scenario']}{said}")
            passed, _ = self.passes(self.kept, one["scenario"], claim)
            if passed != both:
                raise Wrong(f"its scenario {'passes' if passed else 'fails'} without the edit:\n{one['scenario']}")


def main():
    toll, root = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    names = [word for word in sys.argv[3:] if not word.startswith("--")]
    everything, few = "--all" in sys.argv[3:], "--few" in sys.argv[3:]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        test = Test(toll, root, Path(folder))
        edits = sections(Path(folder))
        done = test.run("--json", "prove", test.old, test.old)
        proofs = json.loads(done.stdout)["proofs"]
        for one in proofs:
            if one["verdict"] != "proved":
                print(f"FAILED: {one['name']}: {one['verdict']} as it stands")
                failed += 1
        claims = {one["name"] for one in proofs}
        for name in sorted(claims - {claim for claim, *_ in edits}):
            print(f"FAILED: {name}: no edit breaks it")
            failed += 1
        count = 0
        for i, (claim, verdict, what, slow, hunks) in enumerate(edits):
            first = claim not in {one[0] for one in edits[:i]}
            if not (claim in names if names else everything or first and not (few and slow)):
                continue
            count += 1
            try:
                test.edit(claim, verdict, what, hunks)
            except Wrong as wrong:
                print(f"FAILED: {claim}: {what}: {wrong}")
                failed += 1
            else:
                print(f"{verdict}: {claim}: {what}")
    print(f"{count} of {len(edits)} edits of {len(claims)} claims; {failed} failures")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
