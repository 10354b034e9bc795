#!/usr/bin/env python3
"""toll mutate: what a weak scenario misses is told, and the scenario it writes would notice.

    mutate_test.py TOLL REPO_ROOT
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

POLICY = """language 1
policy shop
currency CNY yuan
unit call
domain item { basic, premium }
table tiers by item band units {
  every item exactly once
  | item    | units      | price          |
  | basic   | < 100 call | 0.05 yuan/call |
  | basic   | above      | 0.03 yuan/call |
  | premium | < 100 call | 0.50 yuan/call |
  | premium | above      | 0.50 yuan/call |
}
account { used: count call }
entry charged { units: count call; amount: money }
event use {
  field calls: count call required
  field item: known item else "unknown-item" required
  refuse "too-many" when event.calls > 1000 call
  used += event.calls
  when used > 10 call {
    emit charged { units = event.calls; amount = either(tiers[event.item, used].price, 0 yuan/call) * event.calls }
  }
}
scenario "twenty calls" {
  at 2025-07-01 use item basic, calls 20
  expect charged units 20, amount 1 yuan
}
"""

# Turned round, the condition makes the timer go off every second for a month.
ENDLESS = """language 1
policy ticking
account { calm: bool = true }
entry ticked { calm: bool }
timer tick {
  emit ticked { calm = calm }
  arm tick at (when calm => now + 480 hours, otherwise => now + 1 seconds)
}
event begin { arm tick at now + 480 hours }
scenario "a month" {
  at 2025-07-01 begin
  at 2025-07-31
  expect ticked
}
"""


class Test:
    def __init__(self, toll, root):
        self.toll, self.root, self.failures = toll, root, []

    def check(self, what, holds):
        if not holds:
            self.failures.append(what)

    def run(self, *arguments, status=None):
        done = subprocess.run([self.toll, *map(str, arguments)], capture_output=True, text=True, check=False)
        if status is not None:
            self.check(f"{' '.join(map(str, arguments))}: exit status {done.returncode}, not {status}: {done.stderr}", done.returncode == status)
        return done.stdout

    def mutate(self, policy, *options, status=None):
        return json.loads(self.run("mutate", policy, "--json", *options, status=status))

    def weak_scenario(self, folder):
        policy = folder / "shop.toll"
        policy.write_text(POLICY, encoding="utf-8")
        before = self.mutate(policy, status=1)
        by_says = {one["says"]: one for one in before["mutants"]}
        survivors = {one["id"]: one for one in before["mutants"] if one["verdict"] == "survived"}
        for says in ("table tiers, row basic, 0 call: it ends at 101 call instead of 100 call",
                     "table tiers, row basic, 100 call: price is 0.04 yuan/call instead of 0.03 yuan/call",
                     "`event.calls > 1000 call`: `>=` instead of `>`", "9 call instead of 10 call"):
            self.check(f"`{says}` should survive", by_says[says]["verdict"] == "survived")
            self.check(f"`{says}` should have a scenario", "scenario" in by_says[says])
        for says in ("table tiers, row basic, 0 call: price is 0.06 yuan/call instead of 0.05 yuan/call",
                     "a value is forgotten: `used += event.calls`"):
            self.check(f"`{says}` should be noticed", by_says[says].get("killed_by") == "twenty calls")
        same = by_says["table tiers, row premium, 0 call: it ends at 101 call instead of 100 call"]
        self.check("bands of one price are the same wherever they meet", same["verdict"] == "equivalent" and same["because"])

        written = [one["scenario"] for one in survivors.values() if "scenario" in one]
        policy.write_text(POLICY + "".join(dict.fromkeys(written)), encoding="utf-8")
        self.run("test", policy, status=0)
        for one in self.mutate(policy, "--no-scenarios")["mutants"]:
            if "scenario" in survivors.get(one["id"], {}):
                self.check(f"`{one['says']}` should be noticed by the scenario written for it", one["verdict"] == "killed")

    def endless(self, folder):
        policy = folder / "ticking.toll"
        policy.write_text(ENDLESS, encoding="utf-8")
        kinds = {one["says"]: one["verdict"] for one in self.mutate(policy, "--no-scenarios")["mutants"]}
        self.check(f"timers without an end: {kinds}", "endless" in kinds.values())

    def samples(self, policy):
        options = ["--sample", "12", "--seed", "5", "--no-scenarios"]
        one, two = (self.run("mutate", policy, *options, "--jobs", jobs) for jobs in ("1", "3"))
        self.check("a sample depends on the number of processes", one == two and one)
        other = self.run("mutate", policy, "--sample", "12", "--seed", "6", "--list")
        listed = self.mutate(policy, "--list")["mutations"]
        self.check("the list is too short", len(listed) > 30 and len(other.splitlines()) == len(listed))
        only = self.mutate(policy, "--only", "bound", "--no-scenarios")["mutants"]
        self.check("`--only bound` runs others", only and {one["kind"] for one in only} == {"bound"})


def main():
    test = Test(sys.argv[1], Path(sys.argv[2]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        test.weak_scenario(folder)
        test.endless(folder)
        test.samples(folder / "shop.toll")
    print("\n".join(test.failures) or "what scenarios miss is told, and written")
    return 1 if test.failures else 0


if __name__ == "__main__":
    sys.exit(main())
