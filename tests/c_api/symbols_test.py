#!/usr/bin/env python3
"""The library for C shows the functions of its header and nothing else.

    symbols_test.py NM LIBRARY REPO_ROOT
"""
import re
import subprocess
import sys


def main():
    nm, library, root = sys.argv[1:]
    with open(root + "/io/include/toll/toll.h", encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/|^#.*?$", "", file.read(), flags=re.DOTALL | re.MULTILINE)
    declared = set(re.findall(r"TOLL_API[^;(]*?(\w+)\(", text))
    listed = subprocess.run([nm, "--dynamic", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    # What sanitizers add begins with two underscores, which no name of ours does.
    shown = {name for name in (line.split()[-1].split("@")[0] for line in listed.splitlines()) if not name.startswith("__")}
    wrong = sorted(declared ^ shown)
    print(f"{len(declared)} functions, {len(shown)} symbols" + "".join(
        f"\n{name}: " + ("declared only" if name in declared else "shown only") for name in wrong))
    return 1 if wrong or len(declared) < 10 else 0


if __name__ == "__main__":
    sys.exit(main())
