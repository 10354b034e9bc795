#!/usr/bin/env python3
"""`toll prove`: verdicts, and edits that break what was proved.

    prove_test.py TOLL ROOT

Every edit of examples/small/proofs.toll below breaks one claim: it is refuted, and the scenario that
shows it passes when it is pasted into the edited file.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

TOLL, ROOT = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
SHOP = ROOT / "examples/small/proofs.toll"

# (what stands there, what is put in its place, the claim that it breaks, with a scenario?)
EDITS = [
    ("| text   |      above | 0.20 yuan/call |", "| text   |      above | 0.19 yuan/call |", "using_more_costs_more", True),
    ("| text   |      above | 0.20 yuan/call |", "| text   |      above | 0.21 yuan/call |", "using_more_costs_more", True),
    ("| text   | < 100 call |", "| text   | < 101 call |", "using_more_costs_more", True),
    ("at 41 call to 99 call", "at 40 call to 99 call", "using_more_costs_more", True),
    ("at 41 call to 99 call", "at 41 call to 98 call", "using_more_costs_more", True),
    ("tiers.price reached", "tiers.price graduated", "using_more_costs_more", True),
    ("| text |   100 call |  15 yuan |", "| text |   100 call |  25 yuan |", "packs_pay_off", True),
    ("| text | 1_000 call | 210 yuan |", "| text | 1_000 call | 199 yuan |", "packs_pay_off", False),
    ("| text |   100 call |  15 yuan |", "| text |   100 call |   0 yuan |", "packs_are_never_negative", True),
    ("arrears, stopped -> good when balance >= 0", "arrears -> good when balance >= 0\n  stopped -> good on buy", "stopped_owes", True),
    ("put buckets { size = event.size; left = event.size }", "put buckets { size = event.size; left = event.size + 1 call }", "buckets_are_sound", True),
    ("used += event.calls - rest", "used += event.calls", "units_are_not_lost", True),
    ("used += event.calls - rest", "when rest > 0 { used += event.calls - rest }", "units_are_not_lost", True),
    ("charge(list, event.item, rest, rest), 0 yuan)", "charge(list, event.item, rest, rest), 0 yuan) - 1 yuan", "nothing_is_paid_back", True),
    ("arrears, stopped -> good when balance >= 0", "arrears -> good when balance >= 0\n  final stopped", "nobody_is_trapped", False),
]

failures = []


def check(what, holds, more=""):
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}\n{more}")


def toll(*arguments):
    return subprocess.run([TOLL, *map(str, arguments)], capture_output=True, text=True, check=False)


def proofs(*arguments):
    done = toll("--json", "prove", *arguments)
    return done, {one["name"]: one for one in json.loads(done.stdout)["proofs"]} if done.stdout else {}


def edited(text, old, new):
    assert text.count(old) == 1, f"`{old}` stands there {text.count(old)} times"
    return text.replace(old, new)


def main():
    shop = SHOP.read_text(encoding="utf-8")
    done, all_of_it = proofs(SHOP)
    check("the shop is proved", done.returncode == 0, done.stdout + done.stderr)
    verdicts = {one["verdict"] for one in all_of_it.values()}
    check("nothing is open", verdicts == {"proved", "not-asked"}, str(verdicts))
    again = toll("--json", "prove", SHOP)
    check("twice the same", again.stdout == done.stdout)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "edited.toll"
        rules = shop[:shop.index("\nscenario ")] + "\n"
        for old, new, claim, shown in EDITS:
            what = f"`{old}` -> `{new}`"
            path.write_text(edited(rules, old, new), encoding="utf-8")
            done, found = proofs(path)
            check(f"{what}: exit 1", done.returncode == 1, done.stdout + done.stderr)
            one = found.get(claim, {})
            check(f"{what}: refuted", one.get("verdict") == "refuted", json.dumps(one))
            check(f"{what}: says why", bool(one.get("details")), json.dumps(one))
            scenario = one.get("scenario", "")
            check(f"{what}: a scenario", bool(scenario) == shown, json.dumps(one))
            if scenario:
                path.write_text(edited(rules, old, new) + "\n" + scenario, encoding="utf-8")
                ran = toll("test", path)
                check(f"{what}: it passes", ran.returncode == 0 and ran.stdout.startswith("1 passed"), ran.stdout + ran.stderr)
                path.write_text(rules + "\n" + scenario, encoding="utf-8")
                ran = toll("test", path)
                check(f"{what}: it fails without the edit", ran.returncode != 0 or "call to" in old,
                      ran.stdout + scenario)
        # an earlier edition
        path.write_text(edited(rules, "| text   | < 100 call | 0.50 yuan/call |", "| text   | < 100 call | 0.51 yuan/call |"), encoding="utf-8")
        done, found = proofs(SHOP, path)
        check("a price that changed is told", found["prices_stay"]["verdict"] == "refuted", done.stdout)
        check("with what it was and is", "0.5" in found["prices_stay"]["details"][0] and "0.51" in found["prices_stay"]["details"][0], done.stdout)
        done, found = proofs(SHOP, SHOP)
        check("nothing changed", done.returncode == 0 and found["prices_stay"]["verdict"] == "proved", done.stdout)
        path.write_text("language 1\npolicy none\nevent look {}\n", encoding="utf-8")
        check("no claims, nothing to say", toll("prove", path).returncode == 0)
        path.write_text("language 1\nprove x { that y }\n", encoding="utf-8")
        check("does not load", toll("prove", path).returncode == 3)
        check("wrong usage", toll("prove").returncode == 2)
    chinese = toll("--lang", "zh", "prove", SHOP).stdout
    check("in Chinese", "已证明：using_more_costs_more" in chinese, chinese)
    print(f"{len(EDITS)} edits, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
