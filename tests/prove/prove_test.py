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

# Editions compared as wholes: (what is declared to change, what is changed, the verdict).
DEARER = ("| text   |      above | 0.20 yuan/call |", "| text   |      above | 0.21 yuan/call |")
FULLER = ("put buckets { size = event.size; left = event.size }", "put buckets { size = event.size; left = event.size + 1 call }")
SLOWER = ("arrears -> stopped after 24 hours", "arrears -> stopped after 48 hours")
LATER = ("emit charged { amount = due; units = rest }", "emit charged { amount = (when now >= 2026-01-01 => due * 2, otherwise => due); units = rest }")
LATER_DAY = (LATER[0], LATER[1].replace("now >=", "date(now) >="))
EARLIER = (LATER[0], LATER[1].replace("2026-01-01", "2025-06-01"))
NEXT_YEAR = ("  | speech |      above | 0.40 yuan/call |\n", """  | speech |      above | 0.40 yuan/call |
  from 2026-01-01
  | text   | < 100 call | 0.50 yuan/call |
  | text   |      above | 0.30 yuan/call |
  | speech |      above | 0.40 yuan/call |
""")
UNTIL = ("  every item exactly once\n", "  every item exactly once\n  until 2026-01-01\n")
REST = "call above"
CHANGES = [
    ([], [], "proved"),
    ([], [DEARER], "refuted"),
    (["table tiers"], [DEARER], "proved"),
    (["table tiers text"], [DEARER], "proved"),
    (["table tiers text at 100 " + REST], [DEARER], "proved"),
    (["table tiers text at 101 " + REST], [DEARER], "refuted"),
    (["text"], [DEARER], "proved"),
    (["speech"], [DEARER], "refuted"),
    (["table tiers speech"], [DEARER], "refuted"),
    (["table packs", "event buy"], [DEARER], "refuted"),
    (["event buy"], [FULLER], "proved"),
    (["event pay"], [FULLER], "refuted"),
    (["event buy"], [FULLER, DEARER], "refuted"),
    (["event buy", "table tiers"], [FULLER, DEARER], "proved"),
    # What only this event leads to belongs to it; what others lead to as well does not.
    (["event call"], [DEARER], "proved"),
    (["machine standing"], [SLOWER], "proved"),
    # Nobody sees the state of this shop: no ledger differs, and no form shows it.
    (["event pay"], [SLOWER], "unknown"),
    (["from 2026-01-01"], [LATER], "proved"),
    (["from 2026-01-01"], [LATER_DAY], "proved"),
    (["from 2025-12-31"], [LATER], "proved"),
    (["from 2026-01-02"], [LATER], "unknown"),
    (["from 2026-01-01"], [EARLIER], "refuted"),
    (["from 2026-01-01"], [NEXT_YEAR, UNTIL], "proved"),
    # A table that gets its first date is asked in another way by every rule that reads it.
    (["table tiers from 2026-01-01"], [NEXT_YEAR, UNTIL], "unknown"),
    (["table tiers from 2026-01-02"], [NEXT_YEAR, UNTIL], "refuted"),
]
# Declarations that name nothing: the error says what there is.
WRONG = [("machine standin", "standing"), ("table tier", "tiers"), ("nobody", "event"), ("table tiers nobody", "looked up"),
         ("table packs text at 3 call", "leave out")]

# What is left over of a draw becomes due: shown because numbers of rows are never negative.
DUE = """language 1
policy shop
currency CNY yuan
unit call
domain item { text, speech }
account { open: bool? }
list buckets { item: item; left: count call }
scratch counter need by item: item { n: count call }
counter used by item: item { total: count call; net: count call }
counter due by item: item, paid: bool { n: count call }
event buy { field item: item required; field n: count call required; put buckets { item = event.item; left = event.n } }
event call {
  field item: item required
  field n: count call required
  field calls: number at least 1 = 1
  need[event.item].n += event.n
  let can = (when either(open, false) => event.calls, otherwise => min(event.calls, min(sum(b.left for b in buckets where b.item is w.item and b.left > 0) // w.n for w in need)))
  each w in need {
    used[w.item].total += w.n * can
    draw b in buckets where b.item is w.item and b.left > 0 by arrival(b) take w.n * can from left {}
    used[w.item].net += rest
    when rest > 0 { due[w.item, true].n += rest }
  }
}
prove a { each u in used; that u.total >= 0 }
prove b { that sum(u.net for u in used) is sum(d.n for d in due where d.paid) }
"""

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


def compared(folder, shop):
    """`policy unchanged`, but for what is declared."""
    old, new = folder / "old.toll", folder / "new.toll"
    rules = shop[:shop.index("\nprove ")] + "\n"
    old.write_text(shop, encoding="utf-8")
    for declared, edits, verdict in CHANGES:
        what = f"{declared} {[after for _, after in edits]}"
        text = rules
        for before, after in edits:
            text = edited(text, before, after)
        claim = "prove the_rest {\n  policy unchanged\n" + "".join(f'  except {one} because "it is meant"\n' for one in declared) + "}\n"
        new.write_text(text + claim, encoding="utf-8")
        done, found = proofs(old, new)
        one = found.get("the_rest", {})
        check(f"{what}: {verdict}", one.get("verdict") == verdict, json.dumps(one) + done.stderr)
        if verdict != "refuted":
            continue
        check(f"{what}: a scenario", "scenario" in one, json.dumps(one))
        for policy, passes in ((text, True), (rules, False)):
            new.write_text(policy + one.get("scenario", ""), encoding="utf-8")
            ran = toll("test", new)
            check(f"{what}: passes {passes}", (ran.returncode == 0) == passes, ran.stdout + ran.stderr)
    for declared, says in WRONG:
        new.write_text(rules + f'prove x {{ policy unchanged; except {declared} because "x" }}\n', encoding="utf-8")
        done = toll("prove", old, new)
        check(f"{declared}: does not load", done.returncode == 3 and says in done.stderr, done.stderr)


def main():
    shop = SHOP.read_text(encoding="utf-8")
    done, all_of_it = proofs(SHOP)
    check("the shop is proved", done.returncode == 0, done.stdout + done.stderr)
    bands = all_of_it["using_more_costs_more"].get("bands")
    check("the band in which using more costs less", bands == [
        {"keys": ["text"], "since": None, "free": "0", "from": "41", "to": "99", "cheaper": "100",
         "cost_from": "20.5", "cost_to": "49.5", "cost_cheaper": "20", "excepted": True}], json.dumps(bands))
    only = proofs(SHOP, "--only", "costs_more")[1]
    check("one claim alone", list(only) == ["using_more_costs_more"], str(list(only)))
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
        compared(Path(folder), shop)
        # an earlier edition
        path.write_text(edited(rules, "| text   | < 100 call | 0.50 yuan/call |", "| text   | < 100 call | 0.51 yuan/call |"), encoding="utf-8")
        done, found = proofs(SHOP, path)
        check("a price that changed is told", found["prices_stay"]["verdict"] == "refuted", done.stdout)
        check("with what it was and is", "0.5" in found["prices_stay"]["details"][0] and "0.51" in found["prices_stay"]["details"][0], done.stdout)
        done, found = proofs(SHOP, SHOP)
        check("nothing changed", done.returncode == 0 and found["prices_stay"]["verdict"] == "proved", done.stdout)
        path.write_text(DUE, encoding="utf-8")
        done, found = proofs(path)
        check("all units become due", {one["verdict"] for one in found.values()} == {"proved"}, done.stdout)
        for old, new in (("when rest > 0 {", "when rest > 1 call {"), ("event.calls, otherwise", "event.calls - 2, otherwise")):
            path.write_text(edited(DUE, old, new), encoding="utf-8")
            done, found = proofs(path, "--histories", "40")
            check(f"{new}: not proved", found["b"]["verdict"] != "proved", done.stdout)
        path.write_text("language 1\npolicy p\naccount { n: number }\nevent e {\n  choose {\n    when n > 3 { n += 1 }\n    otherwize { n += 2 }\n  }\n}\n", encoding="utf-8")
        check("a slip in a word", "did you mean `otherwise`" in toll("--lang", "en", "check", path).stderr)
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
