#!/usr/bin/env python3
"""docs/lua.md: the blocks of the DSL are one policy, those of Lua the same, and wrong ones are refused with the code they name.

    lua_test.py TOLL ROOT
"""
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BLOCK = re.compile(r"^```(toll|lua) (pair|wrong (?:E\d{4}))\n(.*?)^```$", re.M | re.S)
PROGRAM = re.compile(r"^```lua program (\S+)\n(.*?)^```$", re.M | re.S)


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def main(toll, root):
    text = (Path(root) / "docs" / "lua.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    pairs = {kind: "\n".join(body for language, use, body in blocks if language == kind and use == "pair") for kind in ("toll", "lua")}
    problems, wrong = [], [(use.split()[1], body) for _, use, body in blocks if use != "pair"]
    programs = PROGRAM.findall(text)
    with tempfile.TemporaryDirectory() as folder:
        for name, body in programs:
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(body, encoding="utf-8")
        cores = []
        for kind, body in pairs.items():
            path = Path(folder) / f"policy.{kind}"
            path.write_text(body, encoding="utf-8")
            checked, tested = run(toll, "check", str(path)), run(toll, "test", str(path))
            if checked.returncode or tested.returncode:
                problems.append(f"the blocks in {kind}: {checked.stderr}{tested.stdout}{tested.stderr}"[:3000])
            cores.append(run(toll, "core", str(path), "--no-positions").stdout.splitlines())
        if cores[0] != cores[1]:
            differ = [pair for pair in zip(*cores) if pair[0] != pair[1]][:6]
            problems.append("the two policies differ:\n" + "\n".join(f"< {a}\n> {b}" for a, b in differ))
        for code, body in wrong:
            path = Path(folder) / "wrong.lua"
            path.write_text(body, encoding="utf-8")
            done = run(toll, "--json", "check", str(path))
            codes = [one["code"] for one in json.loads(done.stderr or "{}").get("diagnostics", [])]
            if codes != [code]:
                problems.append(f"expected {code}, got {codes}:\n{body}")
    print("\n".join(problems) or f"{len(blocks)} blocks, {len(wrong)} of them wrong on purpose; {len(cores[0])} lines of core, the same")
    return 1 if problems or len(blocks) < 10 or len(wrong) < 2 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
