#!/usr/bin/env python3
"""Random policies written in both languages are one: each pair has the same core.

    generated_test.py TOLL [--count N]
"""
import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import generate  # noqa: E402


def core(toll, path):
    return subprocess.run([toll, "core", str(path), "--no-positions"], capture_output=True, check=False)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("toll")
    arguments.add_argument("--count", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    loaded, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.count):
            done = []
            for text, suffix in zip(generate.policy(seed), (".toll", ".lua")):
                path = Path(folder) / ("policy" + suffix)
                path.write_text(text, encoding="utf-8")
                done.append(core(options.toll, path))
            same = done[0].returncode == done[1].returncode and done[0].stdout == done[1].stdout
            loaded += done[0].returncode == 0
            if not same:
                failed += 1
                print(f"seed {seed}: exit {done[0].returncode} and {done[1].returncode}")
                print((done[0].stderr + done[1].stderr).decode()[:600])
    print(f"{options.count} policies, {loaded} load, {failed} differ")
    return 1 if failed or loaded < options.count * 95 // 100 else 0


if __name__ == "__main__":
    sys.exit(main())
