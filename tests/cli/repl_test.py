#!/usr/bin/env python3
"""`toll repl`: a session from a pipe, and one at a terminal with completion and history.

    repl_test.py TOLL ROOT
"""
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

TOLL = ROOT = None


class Piped(unittest.TestCase):
    def say(self, *lines, policy="examples/small/lingua.toll", code=0, **options):
        done = subprocess.run([TOLL, "repl", str(ROOT / policy)], input="\n".join(lines) + "\n", capture_output=True, text=True,
                              timeout=120, check=False, env={**os.environ, "LC_ALL": "C.UTF-8", "TOLL_LANG": "en"}, **options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def test_events_time_and_questions(self):
        out = self.say("at 2025-07-01 09:00 open", "call text 40", "at 2025-07-02 10:00 call text 2000",
                       'expect used decision "charged"', "expect that balance is 0 yuan", "expect that balance is 1 yuan", code=1)
        self.assertIn('2025-07-01 09:00  used service text, decision "charged"', out)
        self.assertIn("(class free, units 960 call), (class payg, units 1040 call)".replace("(class", "(pool basic, class"), out)
        self.assertEqual(out.splitlines()[-3:], ["yes", "yes", "no"])

    def test_undo_takes_a_step_back(self):
        out = self.say("at 2025-07-01 open", "call text 900", "undo", "call text 900", "ledger?")
        self.assertEqual(out.count("units 900 call"), 2 * 2 + 2)  # twice said, once kept; with its draw

    def test_why_unfolds_the_last_entry(self):
        out = self.say("at 2025-07-01 open", "call text 1200", "why?", "why? not free")
        self.assertIn("not free", out)
        self.assertRegex(out, r"draws.*basic, payg")

    def test_bill_is_the_statement_of_a_month(self):
        out = self.say("at 2025-07-01 open", "at 2025-07-15 call text 1200", "at 2025-08-03", "bill? 2025-07", "bill? 2025-13", code=1)
        self.assertIn("monthly 2025-07", out)
        self.assertRegex(out, r"basic +200 +0\.05 +10\.00")
        self.assertIn("2025-13", out)

    def test_accounts_are_apart(self):
        out = self.say("at 2025-07-01 open", "call text 1000", "account b", "at 2025-07-01 open", "call text 5", "state?")
        state = out[out.index("standing = "):]
        self.assertIn("left 995 call", state)

    def test_mistakes_are_told_and_change_nothing(self):
        out = self.say("call text 5", "at 2025-07-01 open", "cal text 5", "call text text", "state?", code=1)
        self.assertIn("say when", out)
        self.assertIn("E0302", out)
        self.assertIn("did you mean `call`", out)
        self.assertIn("left 1000 call", out)

    def test_a_saved_story_passes(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("lingua.toll", "surcharges.csv"):
                (Path(folder) / name).write_text((ROOT / "examples" / "small" / name).read_text(encoding="utf-8"), encoding="utf-8")
            self.say("at 2025-07-01 open", "call text 1200", "at 2025-08-04", f"save {folder}/zz-story.toll", policy=f"{folder}/lingua.toll")
            self.assertIn("expect invoice", (Path(folder) / "zz-story.toll").read_text(encoding="utf-8"))
            done = subprocess.run([TOLL, "test", folder, "--filter", "session"], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (0, "1 passed, 0 failed\n"), done.stderr)

    def test_an_edit_counts_from_the_next_line_on(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "p.toll"
            text = ('language 1\npolicy p\ncurrency CNY yuan\nunit call\nentry seen { fee: money }\n'
                    'event use { field n: count call = 1 call; emit seen { fee = event.n * 2 yuan/call } }\n')
            path.write_text(text, encoding="utf-8")
            with subprocess.Popen([TOLL, "repl", str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as session:
                session.stdin.write("at 2025-07-01 use 3\n")
                session.stdin.flush()
                self.assertIn("fee 6 yuan", session.stdout.readline())
                path.write_text(text.replace("2 yuan/call", "5 yuan/call"), encoding="utf-8")
                session.stdin.write("ledger?\n")
                session.stdin.flush()
                first = session.stdout.readline()
                self.assertIn("fee 15 yuan", first)
                session.stdin.close()

    def test_the_chinese_policy_takes_both_languages(self):
        out = self.say("于 2025-07-01 开通", "at 2025-07-15 call 银行卡识别 2500", "状态？", policy="rules/tencent-ocr")
        self.assertIn("未供 1500", out)
        self.assertIn("付款 = 正常", out)


class Terminal(unittest.TestCase):
    """A session at a pseudo terminal."""

    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.home = home.name

    def start(self):
        child, self.master = pty.fork()
        if child == 0:
            os.environ.update(TERM="xterm", LC_ALL="C.UTF-8", TOLL_LANG="en", XDG_STATE_HOME=self.home)
            os.execv(TOLL, [TOLL, "repl", str(ROOT / "examples/small/lingua.toll")])
        self.child, self.seen = child, ""

    def until(self, text):
        end = time.monotonic() + 60
        while text not in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.seen):
            self.assertLess(time.monotonic(), end, f"never saw {text!r} in {self.seen!r}")
            if select.select([self.master], [], [], 1)[0]:
                try:
                    self.seen += os.read(self.master, 4096).decode(errors="replace")
                except OSError:
                    self.fail(f"ended before {text!r}: {self.seen!r}")

    def type(self, text):
        self.seen = ""
        os.write(self.master, text.encode())

    def finish(self):
        self.type("quit\n")
        _, status = os.waitpid(self.child, 0)
        os.close(self.master)
        self.assertEqual(status, 0)

    def test_completion_and_history(self):
        self.start()
        self.until("a> ")
        self.type("at 2025-07-01 op\t\n")
        self.until("2025-07-01> ")
        self.type("call text 7\n")
        self.until("units 7 call")
        self.finish()
        self.start()
        self.until("a> ")
        self.type("\x1b[A\x1b[A\x1b[A\n")  # three lines back: opening
        self.until("2025-07-01> ")
        self.finish()


if __name__ == "__main__":
    TOLL, ROOT = str(Path(sys.argv.pop(1)).resolve()), Path(sys.argv.pop(1)).resolve()
    unittest.main()
