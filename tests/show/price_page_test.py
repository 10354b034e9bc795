#!/usr/bin/env python3
"""The OCR policy, shown, is the vendor's price page.  price_page_test.py TOLL REPO_ROOT [--write]

Every price, free quota, code and interface of tests/facts stands in the page beside its item, in both
languages; every way of every machine is drawn; in English nothing but the policy's own names and texts
is Chinese. docs/policies/tencent-ocr-page.md is the page as Markdown; --write writes it again.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

from page import read_page

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "reference"))

import facts  # noqa: E402
from facts import MICROS, fold, micros  # noqa: E402

POLICY = "rules/tencent-ocr"
PAGE = "docs/policies/tencent-ocr-page.md"
DAYS = {"2025-07-01": "2025", "2025-06-01": "older"}
QUOTE = {"zh": "询价", "en": "on request"}
LIST = {"zh": "、", "en": ", "}
SCALES = {"万": 10**4, "亿": 10**8}


def toll_show(toll, policy, *arguments):
    return subprocess.run([toll, "show", str(policy), *arguments], capture_output=True, check=True, timeout=120,
                          encoding="utf-8").stdout


def amount(cell):
    """The number that a cell begins with, or None for a price on request."""
    found = re.match(r"([\d,]+)(?:\.(\d+))?([万亿]?)", cell)
    if found is None:
        return None
    whole = int(found[1].replace(",", "")) * SCALES.get(found[3], 1)
    return whole * MICROS + (micros("0." + found[2]) if found[2] else 0)


def lower_bound(range_text):
    """Of "0 ≤ X < 10,000 U" and "X ≥ 10,000 U"."""
    number = range_text.rsplit("≥", 1)[1] if "≥" in range_text else range_text
    return amount(number.strip()) // MICROS


class Shown:
    def __init__(self, toll, root, language, day):
        self.language = language
        self.page = read_page(toll_show(toll, root / POLICY, "--lang", language, "--at", day, "--format", "html"))

    def table(self, name, nth=0):
        found = [table for table in self.page.tables if table.article == "table-" + name]
        assert found, f"no table {name} is shown"
        return found[nth]

    def rows(self, name, nth=0):
        table = self.table(name, nth)
        return [dict(zip(table.head, row)) for row in table.rows if len(row) == len(table.head)]

    def names(self, cell):
        return [fold(name) for name in cell.split(LIST[self.language])]


def compare(what, expected, shown):
    missing, extra = sorted(set(expected) - set(shown), key=str), sorted(set(shown) - set(expected), key=str)
    if not expected:
        yield f"{what}: there are no facts"
    if missing or extra:
        yield f"{what}: missing {missing[:5]}, too many {extra[:5]}"


def check_membership(shown, edition):
    pairs = [(name, fold(row["资源包"])) for row in shown.rows("归属") for name in shown.names(row["接口"])]
    expected = [(name, pool) for name, pools in facts.POOLS_OF[edition].items() for pool in pools]
    yield from compare("interfaces and pools", expected, pairs)
    grouped = [(name, fold(row["资源包"])) for row in shown.rows("归属", 1) for name in shown.names(row["接口"])]
    yield from compare("pools and their interfaces", expected, grouped)
    for table in ("资源包价", "阶梯价", "免费额度"):
        for row in shown.rows(table):
            pool = fold(row.get("资源包") or row["计费项"])
            here = {name for name, of in expected if of == pool}
            there = set(shown.names(row["接口"])) - {""}
            if here != there:
                yield f"{table}: beside {pool} stand {sorted(there)}"


def check_grants(shown, edition):
    expected = [(grant.pool, grant.amount, grant.years) for grant in facts.GRANTS[edition]]
    rows = [(fold(row["资源包"]), amount(row["数量"]) // MICROS, (amount(row["有效年数"]) or 0) // MICROS)
            for row in shown.rows("免费额度")]
    yield from compare("free quotas", expected, rows)
    monthly = {fold(row["资源包"]) for row in shown.rows("免费额度") if row["发放"] == "每月"}
    yield from compare("monthly quotas", [grant.pool for grant in facts.GRANTS[edition] if grant.is_monthly], monthly)


def check_prices(shown):
    quote = QUOTE[shown.language]
    head = shown.table("资源包价").head
    sizes = {title: amount(title) // MICROS for title in head[2:]}
    rows = [(fold(row["资源包"]), size, row[title] if row[title] == quote else amount(row[title]))
            for row in shown.rows("资源包价") for title, size in sizes.items()]
    yield from compare("prices of packs", [(pool, size, quote if price is None else price)
                                           for (pool, size), price in facts.PACK_PRICES.items()], rows)
    bounds = {title: lower_bound(title) for title in shown.table("阶梯价").head[2:]}
    rows = [(fold(row["计费项"]), lower, row[title] if row[title] == quote else amount(row[title]))
            for row in shown.rows("阶梯价") for title, lower in bounds.items()]
    expected = [(item, bound, quote if price is None else price) for item, tiers in facts.TIERS.items()
                for bound in bounds.values()
                for price in [tiers[max(lower for lower in tiers if lower <= bound)]]]
    yield from compare("tiers", expected, rows)


def check_codes(shown):
    expected = [(code, 1 if row["billable"] == "yes" else 0) for code, row in facts.CODES.items()]
    rows = [(fold(row["错误码"]), amount(row["计次"]) // MICROS) for row in shown.rows("错误码表")]
    yield from compare("error codes", expected, rows)
    rows = [(name, fold(row["资源包"])) for row in shown.rows("单据归类") for name in shown.names(row["单据"])]
    yield from compare("documents", list(facts.DOCUMENT_POOL.items()), rows)


def check_addons(shown):
    classes = {}
    for row in shown.rows("QPS价"):
        classes.setdefault(row["等级"], []).append((lower_bound(row["数量"]), amount(row["按日"]), amount(row["按月"])))
    rows = [(fold(name), amount(row["上限"]) // MICROS, tuple(sorted(classes[row["等级"]])))
            for row in shown.rows("QPS接口") for name in shown.names(row["接口"])]
    yield from compare("add-ons", [(name, addon.cap, tuple(sorted(addon.bands))) for name, addon in facts.ADDONS.items()],
                       rows)


def check_machines(toll, root, core):
    text = toll_show(toll, root / POLICY, "--lang", "zh")
    markdown = toll_show(toll, root / POLICY, "--lang", "zh", "--format", "markdown")
    diagrams = re.findall(r"```mermaid\n(.*?)```", markdown, re.S)
    if len(diagrams) != len(core["machines"]):
        yield f"{len(diagrams)} diagrams of {len(core['machines'])} machines"
    drawn = []
    for diagram in diagrams:
        states = dict(re.findall(r"(s\d+) : (.+)", diagram.split("[*]")[0]))
        drawn += [(states[a], states[b]) for a, b in re.findall(r"(s\d+) --> (s\d+)", diagram)]
    expected = []
    for name, machine in core["machines"].items():
        states = {state["wire"]: state.get("shown", state["wire"]) for state in core["domains"][machine["states"]]["names"]}
        for edge in machine["edges"]:
            way = "、".join(states[state] for state in edge["from"]) + " → " + states[edge["to"]]
            if way not in text:
                yield f"machine {name}: {way} is not said"
            expected += [(states[state], states[edge["to"]]) for state in edge["from"]]
    yield from compare("ways of machines", expected, drawn)


def own_words(core, root):
    """What the authors of the policy wrote: names, texts, comments; not the words of the language."""
    keywords = set()
    for line in (root / "dsl/skins/zh.skin").read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#@":
            keywords |= {word.strip() for word in line.partition("=")[2].split(",")}
    words = set()

    def gather(value):
        if isinstance(value, str):
            words.add(value)
        elif isinstance(value, list):
            for each in value:
                gather(each)
        elif isinstance(value, dict):
            for key, each in value.items():
                words.add(key)
                gather(each)

    gather(core)
    for path in sorted((root / POLICY).glob("*.toll")):
        words.add(path.stem)
        # Lines of one comment are shown as one.
        text = path.read_text(encoding="utf-8")
        for block in re.findall(r"(?:^[ ]*#.*\n)+", text, re.M):
            words.add("".join(re.sub(r"^\s*#\s*", "", line) for line in block.splitlines()))
        for line in text.splitlines():
            for string in re.findall(r'"([^"]*)"', line):
                words.add(string)
            code, _, comment = re.sub(r'"[^"]*"', '""', line).partition("#")
            words.add(comment.strip())
            words |= {word for word in re.findall(r"[^\W\d][\w（）-]*", code) if word not in keywords}
    return words


def check_english(toll, root, core):
    ideographs = re.compile("[\u3400-\u9fff]+")
    own = {run for words in own_words(core, root) for run in ideographs.findall(words)}
    runs = set()
    for arguments in ([], ["--at", "2025-07-01"]):
        html = toll_show(toll, root / POLICY, "--lang", "en", "--format", "html", *arguments)
        runs |= set(ideographs.findall(read_page(html).text))
    if len(runs) < 100:
        yield f"only {len(runs)} words of the policy are shown"
    if runs - own:
        yield f"in English, but not the policy's own words: {sorted(runs - own)}"


def check_page(toll, root, write):
    page = root / PAGE
    text = toll_show(toll, root / POLICY, "--at", "2025-07-01", "--format", "markdown")
    if write:
        page.write_text(text, encoding="utf-8")
    elif page.read_text(encoding="utf-8") != text:
        yield f"{PAGE} is not what `toll show` says today: run this with --write"


def main():
    toll, root = sys.argv[1], Path(sys.argv[2]).resolve()
    core = json.loads(subprocess.run([toll, "core", str(root / POLICY)], capture_output=True, check=True).stdout)
    failures = []
    for language in ("zh", "en"):
        for day, edition in DAYS.items():
            shown = Shown(toll, root, language, day)
            found = [*shown.page.problems, *check_membership(shown, edition), *check_grants(shown, edition),
                     *check_prices(shown), *check_codes(shown), *check_addons(shown)]
            failures += [f"{language}, {day}: {problem}" for problem in found]
            cells = sum(len(row) for table in shown.page.tables for row in table.rows)
            print(f"{language}, {day}: {len(shown.page.tables)} tables, {cells} cells")
    failures += [*check_machines(toll, root, core), *check_english(toll, root, core),
                 *check_page(toll, root, "--write" in sys.argv)]
    print("\n".join(failures) or "the price page is whole")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
