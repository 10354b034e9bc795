#!/usr/bin/env python3
"""Installs a build and builds examples/embed_cpp and examples/embed-c against it, as somebody else's project would.

    package_test.py BUILD_DIR REPO_ROOT
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

KEPT = ("CMAKE_BUILD_TYPE", "CMAKE_CXX_COMPILER", "CMAKE_CXX_FLAGS", "CMAKE_GENERATOR")


def cache(build):
    text = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^(\w+):\w+=(.*)$", text, re.MULTILINE))


def main():
    build, root = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    known = cache(build)
    with tempfile.TemporaryDirectory() as folder:
        prefix, made = Path(folder) / "prefix", Path(folder) / "build"
        settings = [f"-D{name}={known[name]}" for name in KEPT[:-1] if known.get(name)]
        steps = [
            ["cmake", "--install", build, "--prefix", prefix],
            ["cmake", "-G", known[KEPT[-1]], "-S", root / "examples/embed_cpp", "-B", made,
             f"-DCMAKE_PREFIX_PATH={prefix}", *settings],
            ["cmake", "--build", made],
            ["ctest", "--test-dir", made, "--output-on-failure", "--no-tests=error"],
        ]
        environment = dict(os.environ)
        # A program in C would need the runtime of a sanitizer that the library brings.
        if "-fsanitize=" not in known.get("CMAKE_CXX_FLAGS", ""):
            made_c = Path(folder) / "build-c"
            # Before it is installed nobody knows its folder: it is the same in every prefix.
            environment["PKG_CONFIG_PATH"] = str(prefix / known["CMAKE_INSTALL_LIBDIR"] / "pkgconfig")
            steps += [
                ["pkg-config", "--exists", "toll-c"],
                ["cmake", "-G", known[KEPT[-1]], "-S", root / "examples/embed-c", "-B", made_c],
                ["cmake", "--build", made_c],
                ["ctest", "--test-dir", made_c, "--output-on-failure", "--no-tests=error"],
            ]
        for step in steps:
            done = subprocess.run([str(word) for word in step], capture_output=True, text=True, check=False, env=environment)
            if done.returncode:
                print(" ".join(str(word) for word in step), done.stdout, done.stderr, sep="\n")
                print(f"{steps.index(step)} passed, 1 failed")
                return 1
    print(f"{len(steps)} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
