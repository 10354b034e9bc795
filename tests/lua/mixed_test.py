#!/usr/bin/env python3
"""Rule files of both kinds in one policy: each imports the other, and says what is wrong where it stands.

    mixed_test.py TOLL
"""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOLL = None
BASE_TOLL = """language 1
policy mixed
currency EUR euro
unit call
domain kind { basic, media }
"""
BASE_LUA = """language(1)
policy "mixed"
currency("EUR", "euro")
unit "call"
domain "kind" { "basic", "media" }
"""
PRICES_TOLL = """language 1
table prices by kind { | kind | price | ; | basic | 0.10 euro/call | ; | media | 0.20 euro/call | }
hook extra(n: number) -> number file "programs/extra.lua"
""".replace(" ; ", "\n")
PRICES_LUA = """language(1)
local price = of "euro/call"
table("prices", by "kind") {
  {"kind", "price"},
  {"basic", price "0.10"},
  {"media", price "0.20"},
}
hook("extra", {{"n", number}}, number, file "programs/extra.lua")
"""
USE_TOLL = """language 1
account { spent: money }
entry used { amount: money }
event call {
  field kind: kind required
  field calls: count call required
  let row = prices[event.kind]
  when has row {
    let amount = event.calls * row.price * extra(2)
    spent += amount
    emit used { amount = amount }
  }
}
scenario "a call" {
  at 2025-07-01 call kind media, calls 3
  expect used amount 1.8
}
"""
USE_LUA = """language(1)
account { {"spent", money} }
entry "used" { {"amount", money} }
local row = N "row"
event "call" {
  field("kind", "kind", required),
  field("calls", count "call", required),
  let("row", N"prices":of(event.kind)),
  when(has(row)) {
    let("amount", event.calls * row.price * call("extra", 2)),
    add("spent", "amount"),
    emit "used" { {"amount", "amount"} },
  },
}
scenario "a call" {
  step(date "2025-07-01", "call", {{"kind", "media"}, {"calls", 3}}),
  expect("used", {{"amount", number_of "1.8"}}),
}
"""
PROGRAM = "return { extra = function(n) return n + 1 end }\n"


class Folder:
    def __init__(self, files):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        (self.path / "programs").mkdir()
        (self.path / "programs/extra.lua").write_text(PROGRAM, encoding="utf-8")
        for name, text in files.items():
            (self.path / name).write_text(text, encoding="utf-8")

    def run(self, command, *more):
        return subprocess.run([TOLL, *command.split(), str(self.path / more[0]) if more else str(self.path), *more[1:]],
                              capture_output=True, text=True, encoding="utf-8", check=False)

    def found(self, name):
        done = self.run("--json check", name)
        return [(one["code"], Path(one["span"]["file"]).name, one["span"]["line"])
                for one in json.loads(done.stderr)["diagnostics"] if "code" in one]


class Mixed(unittest.TestCase):
    def core(self, folder, *name):
        tested = folder.run("test", *name)
        self.assertEqual(tested.returncode, 0, tested.stdout + tested.stderr)
        self.assertIn("1 passed, 0 failed", tested.stdout)
        return folder.run("core --no-positions", *name).stdout

    def test_a_folder_of_both_means_the_same(self):
        both = {"10-base": (BASE_TOLL, BASE_LUA), "20-prices": (PRICES_TOLL, PRICES_LUA), "30-use": (USE_TOLL, USE_LUA)}
        cores = set()
        for kinds in ("ttt", "lll", "tlt", "ltl"):
            files = {name + (".lua" if kind == "l" else ".toll"): texts[kind == "l"] for kind, (name, texts) in zip(kinds, both.items())}
            cores.add(self.core(Folder(files)))
        self.assertEqual(len(cores), 1)

    def test_either_imports_the_other(self):
        files = {"base.toll": BASE_TOLL, "base.lua": BASE_LUA, "prices.toll": PRICES_TOLL, "prices.lua": PRICES_LUA,
                 "main.toll": 'language 1\nimport "base.lua"\nimport "prices.lua"\n' + USE_TOLL.split("\n", 1)[1],
                 "main.lua": 'language(1)\nimport "base.toll"\nimport "prices.toll"\n' + USE_LUA.split("\n", 1)[1]}
        folder = Folder(files)
        self.assertEqual(self.core(folder, "main.toll"), self.core(folder, "main.lua"))

    def test_a_mistake_in_a_table_is_told_at_its_row(self):
        wrong = PRICES_LUA.replace('{"media", price "0.20"}', '{"medai", price "0.20"}')
        folder = Folder({"base.toll": BASE_TOLL, "prices.lua": wrong, "main.toll": 'language 1\nimport "base.toll"\nimport "prices.lua"\n'})
        self.assertEqual([one[1:] for one in folder.found("main.toll") if one[0].startswith("E")], [("prices.lua", 6)])
        made = wrong.replace('{"medai", price "0.20"}', 'last').replace("table(", 'local last = {"media",\n  of "euro" "0.20"}\ntable(')
        folder = Folder({"base.toll": BASE_TOLL, "prices.lua": made, "main.toll": 'language 1\nimport "base.toll"\nimport "prices.lua"\n'})
        self.assertEqual([one[1:] for one in folder.found("main.toll") if one[0].startswith("E")], [("prices.lua", 4)])

    def test_words_that_are_parts_of_their_own_take_no_place(self):
        folder = Folder({"main.lua": 'language(1)\npolicy "p"\n\ndomain("region", exact) { "north" }\n'
                                     'define("far", {{"n", number}}, N"n" + 1)\nevent "tick" {}\n'})
        self.assertEqual([one for one in folder.found("main.lua") if one[0] == "W1001"], [("W1001", "main.lua", 4), ("W1001", "main.lua", 5)])

    def test_a_name_of_the_dsl_that_lua_misspells(self):
        wrong = USE_LUA.replace('N"prices"', 'N"price"')
        folder = Folder({"base.toll": BASE_TOLL, "prices.toll": PRICES_TOLL,
                         "main.lua": 'language(1)\nimport "base.toll"\nimport "prices.toll"\n' + wrong.split("\n", 1)[1]})
        found = [one for one in folder.found("main.lua") if one[0].startswith("E")]
        self.assertEqual(found, [("E0302", "main.lua", 10)])


if __name__ == "__main__":
    TOLL = sys.argv.pop(1)
    unittest.main()
