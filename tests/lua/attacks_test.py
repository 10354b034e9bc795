#!/usr/bin/env python3
"""Rule files in Lua that would hang, grow or get out: each is stopped, with an error that names what stopped it.

    attacks_test.py TOLL

tests/lua/attacks/*.lua, and a few too large to keep. The bounds of time and memory are those of a process that is killed, far from
what a file takes that meets its limit.
"""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import bounds

TOLL = None
HERE = Path(__file__).resolve().parent
STOPPED = {"E0201", "E1101", "E1102", "E1103", "E1104", "E1105", "E1107"}
# Not offered here rather than limited: what the file says it misses.
EXPECTED = {
    "endless-loop": "E1103.steps", "endless-for": "E1103.steps", "endless-tail-calls": "E1103.steps", "sort-many": "E1103.steps",
    "repeat-empty-text": "E1103", "repeat-long-text": "E1103", "growing-text": "E1103.text", "growing-table": "E1103.memory",
    "many-closures": "E1103.memory", "many-declarations": "E1103.memory", "deep-recursion": "E1103", "deep-part": "E1103",
    "doubling-part": "E1103", "part-in-itself": "E1103", "growing-arguments": "E1103", "compare-long-texts": "E1103.text",
    "endless-pcall": "E1104", "finalizer": "E1104", "coroutines": "E1104", "table-insert-length": "E1104", "load-text": "E1104",
    "read-a-file": "E1104", "exit-the-process": "E1104", "debug-registry": "E1104", "require-module": "E1104", "global-table": "E1104",
    "string-metatable": "E1104", "join-long-texts": "E1103.steps", "compare-equal-texts": "E1103.steps",
    "order-long-texts": "E1103.steps", "look-up-long-texts": "E1103.steps", "lay-out-a-full-table": "E1103.steps",
    "lay-out-a-long-list": "E1103.time", "garbage-at-the-brink": "E1103.memory",
}
# How an error names its limit.
NAMED = {"E1103.steps": " steps", "E1103.memory": " MiB of memory", "E1103.text": "a text of more than ", "E1103.time": " milliseconds"}


def check(path):
    return subprocess.run([TOLL, "--json", "check", str(path)], capture_output=True, text=True, check=False, preexec_fn=bounds.limit)


class Attacks(unittest.TestCase):
    def stopped(self, path, name):
        done = check(path)
        self.assertEqual(done.returncode, 1, f"{name}: {done.stderr[:300]}")
        found = json.loads(done.stderr)["diagnostics"]
        self.assertTrue(found, name)
        codes = {one["code"] for one in found}
        self.assertTrue(codes & STOPPED, f"{name}: {codes}")
        if name in EXPECTED:
            self.assertIn(EXPECTED[name][:5], codes, name)
            said = " ".join(one["message"] for one in found)
            # Where a sanitizer makes each step slow, the last resort may come first.
            if bounds.BYTES or " milliseconds" not in said:
                self.assertIn(NAMED.get(EXPECTED[name], ""), said, name)
        for one in found:
            self.assertEqual(Path(one["span"]["file"]).name, Path(path).name)

    def test_every_file_of_the_folder_is_stopped(self):
        files = sorted((HERE / "attacks").glob("*.lua"))
        self.assertGreater(len(files), 30)
        for path in files:
            with self.subTest(path.stem):
                self.stopped(path, path.stem)
        self.assertLessEqual(set(EXPECTED), {path.stem for path in files})

    def test_large_files_and_bytecode_are_refused(self):
        made = {
            "brackets": b"x = " + b"(" * 100_000 + b"1" + b")" * 100_000,
            "braces": b"x = " + b"{" * 100_000 + b"}" * 100_000,
            "long-source": b"local x = '" + b"a" * (2 << 20) + b"'",
            "bytecode": b"\x1bLua\x54\x00\x19\x93\r\n\x1a\n",
            "not-text": b"policy '\xff\xfe'",
        }
        with tempfile.TemporaryDirectory() as folder:
            for name, text in made.items():
                path = Path(folder) / (name + ".lua")
                path.write_bytes(text)
                with self.subTest(name):
                    self.stopped(path, name)

    def test_pairs_go_in_one_order(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "order.lua"
            path.write_text('language(1)\npolicy "p"\nlocal t = {["z"]=1, ["b"]=2, ["m"]=3, [3]=4, [1]=5, ["\u540d"]=6, ["\u5355"]=7}\n'
                            'local names = {}\nfor key in pairs(t) do table.insert(names, tostring(key)) end\n'
                            'domain "d"(names)\n', encoding="utf-8")
            prints = {subprocess.run([TOLL, "core", str(path), "--no-positions"], capture_output=True, check=True).stdout
                      for _ in range(6)}
        self.assertEqual(len(prints), 1)
        shown = [one["wire"] for one in json.loads(prints.pop())["domains"]["d"]["names"]]
        self.assertEqual(shown, ["1", "3", "b", "m", "z", "\u5355", "\u540d"])


if __name__ == "__main__":
    TOLL = bounds.take_arguments()
    unittest.main()
