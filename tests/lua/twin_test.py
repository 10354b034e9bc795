#!/usr/bin/env python3
"""The policy in Lua is the policy in the DSL: the same core, byte for byte, and so the same ledger.

    twin_test.py TOLL DSL_FOLDER LUA_FOLDER
"""
import subprocess
import sys
from pathlib import Path


def core(toll, folder):
    return subprocess.run([toll, "core", folder, "--no-positions"], capture_output=True, check=True).stdout.decode().splitlines()


def main(toll, one, other):
    left, right = core(toll, one), core(toll, other)
    if left != right:
        at = next((i for i, pair in enumerate(zip(left, right)) if pair[0] != pair[1]), min(len(left), len(right)))
        print(f"the cores differ from line {at + 1} on:")
        print("\n".join("< " + line[:200] for line in left[at:at + 5]))
        print("\n".join("> " + line[:200] for line in right[at:at + 5]))
        return 1
    if len(left) < 1000 or not list(Path(other).glob("*.lua")):
        print("there is nothing to compare")
        return 1
    tests = [subprocess.run([toll, "test", folder], capture_output=True, check=False).stdout for folder in (one, other)]
    if tests[0] != tests[1] or b" 0 failed" not in tests[0]:
        print("the scenarios differ or fail:", tests)
        return 1
    print(f"{len(left)} lines of core, the same; {tests[0].decode().strip()} on both")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
