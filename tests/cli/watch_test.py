#!/usr/bin/env python3
"""`toll test --watch` runs the tests again when a file is saved, and says what changed.

    watch_test.py TOLL
"""
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

TOLL = None
PATIENCE = 60  # seconds: a bound for a test that would otherwise hang, no measure of anything

RULES = """language 1
currency EUR euro
unit call
table prices {
  | price          |
  | 0.50 euro/call |
}
import "more/cards.toll"
entry used { amount: money }
event use { field calls: count call required
  emit used { amount = event.calls * either(first(p for p in prices).price, 0 euro/call) }
}
scenario "ten calls" { at 2025-07-01 use calls 10; expect used amount 5 }
"""
CARDS = """language 1
table cards by card lists card file "cards.csv"
domain card
scenario "two cards" { at 2025-07-01 use calls 2; expect that count(c for c in cards) is 2 }
"""
CSV = "card,fee\ngold,1\nsilver,2\n"


class Watch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "policy/more").mkdir(parents=True)
        self.rules = self.save("policy/rules.toll", RULES)
        self.cards = self.save("policy/more/cards.toll", CARDS)
        self.csv = self.save("policy/more/cards.csv", CSV)

    def save(self, name, text):
        """As editors do: a new file takes the place of the old."""
        path = self.folder / name
        new = path.with_name(path.name + "~")
        new.write_text(text, encoding="utf-8")
        os.replace(new, path)
        return path

    def start(self, *arguments):
        self.process = subprocess.Popen([TOLL, "test", "--watch", "--lang", "en", *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        encoding="utf-8")
        self.addCleanup(self.process.stdout.close)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        self.lines = queue.Queue()
        threading.Thread(target=lambda: [self.lines.put(line) for line in self.process.stdout],
                         daemon=True).start()

    def said(self, until="waiting for"):
        """What is printed up to the line that says it waits."""
        out = []
        while not out or until not in out[-1]:
            try:
                out.append(self.lines.get(timeout=PATIENCE))
            except queue.Empty:
                self.fail("nothing more was said after\n" + "".join(out))
        return "".join(out[:-1])

    def end(self, code):
        self.process.send_signal(signal.SIGINT)
        self.assertEqual(self.process.wait(timeout=PATIENCE), code)

    def test_saves_of_rule_files_imports_and_tables_run_the_tests_again(self):
        self.start(str(self.folder / "policy"))
        self.assertEqual(self.said(), "2 passed, 0 failed\n")
        self.save("policy/rules.toll", RULES.replace("0.50", "0.60"))
        said = self.said()
        self.assertIn("ten calls", said)
        self.assertIn("6 euro", said)
        self.assertTrue(said.endswith("1 passed, 1 failed\n"), said)

        self.save("policy/more/cards.csv", CSV + "black,3\n")
        said = self.said()
        self.assertIn("two cards", said)
        self.assertNotIn("ten calls", said)  # nothing new about it
        self.assertTrue(said.endswith("0 passed, 2 failed\n"), said)

        self.save("policy/more/cards.toll", CARDS.replace("is 2 }", "is 3 }"))
        said = self.said()
        self.assertIn("no longer fails: two cards", said)
        self.assertTrue(said.endswith("1 passed, 1 failed\n"), said)

        self.save("policy/rules.toll", RULES.replace("currency", "curency"))
        self.assertIn("error[", self.said())
        with open(self.rules, "w", encoding="utf-8") as file:  # written in place
            file.write(RULES)
        self.assertEqual(self.said(), "no longer fails: ten calls\n2 passed, 0 failed\n")

        self.save("policy/another.toll", "language 1\nscenario new { at 2025-07-01 use calls 1; expect no entry }\n")
        said = self.said()
        self.assertIn("another.toll", said)
        self.assertTrue(said.endswith("2 passed, 1 failed\n"), said)
        self.end(1)

    def test_one_file_and_json(self):
        rules = self.save("one.toll", RULES.replace('import "more/cards.toll"\n', ""))
        self.start(str(rules), "--json")
        self.assertIn('"passed":1', self.lines.get(timeout=PATIENCE))
        self.save("one.toll", rules.read_text(encoding="utf-8").replace("amount 5", "amount 4"))
        self.assertIn('"failed":1', self.lines.get(timeout=PATIENCE))
        self.end(1)


if __name__ == "__main__":
    TOLL = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
