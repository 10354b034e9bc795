#!/usr/bin/env python3
"""Programs of hooks that would hang, grow or get out while a bill is made: the call fails, its event changes nothing, the next goes on.

    hook_attacks_test.py TOLL [--no-memory]

The bounds of time and memory are those of a process that is killed, far from what a call takes that meets its limit.
"""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import bounds

TOLL = None
RULES = """language 1
policy attacked
hook f(n: number) -> number file "programs/f.lua"
account { total: number }
entry seen { total: number }
event tick { field n: number required; total += f(event.n); emit seen { total = total } }
"""
# What the program does when n is 1, and what the ledger says of it.
ATTACKS = {
    "endless loop": ("while true do end", "steps"),
    "counting": ("for i = 1, 1 << 60 do end", "steps"),
    "tail calls": ("local function g(x) return g(x) end return g(1)", "steps"),
    "recursion": ("local function g(x) return 1 + g(x) end return g(1)", ""),
    "growing arguments": ("local t = {} for i = 1, 200 do t[i] = i end local function g(...) return g(1, ...) end return g(table.unpack(t))", ""),
    "growing table": ("local t = {} while true do t[#t + 1] = {} end", "KiB of memory"),
    "growing text": ("local s = 'x' while true do s = s .. s end", "KiB"),
    "garbage": ("while true do local t = {1, 2, 3} end", "KiB of memory"),
    "repeated text": ("return #(('x'):rep(1 << 40))", "steps"),
    "repeated nothing": ("return #((''):rep(1 << 60))", "steps"),
    "joined text": ("local s = ('x'):rep(30000) while true do local t = s .. 'y' end", "KiB of memory"),
    "compared texts": ("local s = ('x'):rep(32000) local t = s:sub(2) .. 'x' while true do local b = s == t end", "steps"),
    "ordered texts": ("local s = ('x'):rep(32000) local t = s:sub(2) .. 'x' while true do local b = s < t end", "steps"),
    "looked up texts": ("local s = ('x'):rep(32000) local t = s:sub(2) .. 'x' local m = {[s] = 1} while true do local b = m[t] end", "steps"),
    "table laid out anew": ("local t = {} for i = 1, 20000 do t[i] = i end t.a = 1 t.b = 1 t.c = 1 t.d = 1 "
                            "local i = 0 while true do i = i + 1 t['z' .. i] = 1 t['z' .. (i - 1)] = nil end", ""),
    "sorting": ("local t = {} for i = 1, 3000 do t[i] = i % 7 end table.sort(t, function(a, b) while true do end end)", "steps"),
    "moving": ("table.move({}, 1, 300000000, 2)", "table.move"),
    "inserting": ("local t = {} for i = 1, 3000 do table.insert(t, 1, i) end", "steps"),
    "catching": ("while true do pcall(function() while true do end end) end", "pcall"),
    "coroutines": ("return coroutine.wrap(f)()", "coroutine"),
    "metatable": ("return setmetatable({}, {__gc = function() while true do end end})", "setmetatable"),
    "of texts": ("return getmetatable('').__index", "getmetatable"),
    "pattern": ("return ('a'):rep(300):find((('.-'):rep(4) .. 'b'))", "string.find"),
    "bytecode": ("return #string.dump(f)", "string.dump"),
    "loading": ("return load('return 1')()", "load"),
    "system": ("return os.time()", "os"),
    "files": ("return io.open('/etc/passwd')", "io"),
    "debugger": ("return debug.getregistry()", "debug"),
    "modules": ("return require('x')", "require"),
    "environment": ("_ENV.tostring = nil return 1", "not local"),
}


def run(body):
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "programs").mkdir()
        (place / "rules.toll").write_text(RULES, encoding="utf-8")
        (place / "programs/f.lua").write_text(
            f"local function f(n)\n  if n == 1 then\n    {body}\n  end\n  return n\nend\nreturn {{ f = f }}\n", encoding="utf-8")
        lines = "".join(json.dumps({"id": str(at), "type": "tick", "subject": "a", "time": "2025-07-01T00:00:00Z", "data": {"n": n}}) + "\n"
                        for at, n in enumerate((5, 1, 7)))
        done = subprocess.run([TOLL, "run", str(place), "--events", "-"], input=lines, capture_output=True, text=True, check=False,
                              preexec_fn=bounds.limit)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


class HookAttacks(unittest.TestCase):
    def test_each_fails_its_event_and_no_other(self):
        for name, (body, word) in ATTACKS.items():
            with self.subTest(name):
                code, ledger, said = run(body)
                self.assertEqual(code, 1, said[:300])
                self.assertEqual([one["kind"] for one in ledger], ["seen", "error", "seen"])
                self.assertEqual([one.get("total") for one in ledger], [5, None, 12])
                self.assertEqual(ledger[1]["code"], "hook-failed")
                self.assertTrue(ledger[1]["message"].startswith("hook f failed: "))
                self.assertIn(word, ledger[1]["message"])
                self.assertLess(len(ledger[1]["message"]), 250)

    def test_two_runs_say_the_same(self):
        for name in ("growing table", "recursion", "compared texts"):
            with self.subTest(name):
                self.assertEqual(run(ATTACKS[name][0]), run(ATTACKS[name][0]))


if __name__ == "__main__":
    TOLL = bounds.take_arguments()
    unittest.main()
