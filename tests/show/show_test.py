#!/usr/bin/env python3
"""`toll show` of small policies: what it prints, that it prints it again, and that nothing slips
through.

    show_test.py TOLL REPO_ROOT [--write]
    --write    rewrites golden/ (read the difference before you keep it)
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from page import read_page

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
SUFFIX = {"text": "txt", "markdown": "md", "html": "html"}

HOSTILE = '''language 1
# <b>Danger</b> & `co` | *stars* -->: [link](javascript:x) <img src=x onerror=y>
policy 「<script>alert(1)</script>」
currency EUR 「<e>"&'」
unit 「call|<u>」
domain kind { 「</td><td>」 = "\\"><script>", 「a|b`c*_d_」, plain }
table prices by kind {
  source "</p><script>alert(2)</script>"
  heading "<h1>| `x` |"
  | kind | price | note: text |
  # <!-- a remark | with a bar -->
  | 「</td><td>」 | 1 「<e>"&'」 | "<i>&amp;</i> | ` \\\\ $x$" |
  | 「a|b`c*_d_」, plain | quote | "](x)" |
}
event look = "</title><script>" { field kind: kind = plain }
machine door = "<svg>" {
  state 「<g onload=x>」, 「#;:"」
  「<g onload=x>」 -> 「#;:"」 on look
  「#;:"」 -> 「<g onload=x>」 after 24 hours
}
timeline 「#;:"」
scenario "</li><script>" "<x>" { at 2025-01-01 look }
'''


def show(toll, *arguments):
    done = subprocess.run([toll, "show", *map(str, arguments)], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, (arguments, done.stderr.decode())
    return done.stdout.decode("utf-8")


def check_goldens(toll, write):
    GOLDEN.mkdir(exist_ok=True)
    for language in ("en", "zh"):
        for form, suffix in SUFFIX.items():
            arguments = (HERE / "print-shop.toll", "--lang", language, "--format", form)
            text = show(toll, *arguments)
            assert text == show(toll, *arguments), "two runs differ"
            golden = GOLDEN / f"print-shop.{language}.{suffix}"
            if write:
                golden.write_text(text, encoding="utf-8")
            elif not golden.exists() or golden.read_text(encoding="utf-8") != text:
                yield f"{golden.relative_to(HERE)} differs from what is shown: --write, then read the difference"


def check_dates(toll):
    """One edition at a time; a day that no edition has; what dates are read."""
    policy = HERE / "print-shop.toll"
    before, after = (show(toll, policy, "--section", "prices", "--at", day) for day in ("2025-06-30", "2025-07-01"))
    if "0.10 euro/page" not in before or "0.12" in before:
        yield "the old prices are not those in force on 30 June"
    if "0.12 euro/page" not in after or "0.10 euro/page" in after or "dearer since" not in after:
        yield "the new prices are not those in force on 1 July"
    marks = {day: show(toll, policy, "--section", "low_mark", "--at", day) for day in ("2025-12-31", "2026-01-01")}
    if "20%" not in marks["2025-12-31"] or "20%" in marks["2026-01-01"] or "10%" not in marks["2026-01-01"]:
        yield "the setting is not the one in force"
    for arguments, code in ((("--at", "soon"), 2), (("--section", "nowhere"), 1), (("--format", "pdf"), 2)):
        done = subprocess.run([toll, "show", str(policy), *arguments], capture_output=True, check=False)
        if done.returncode != code or done.stdout or not done.stderr:
            yield f"{arguments} ends with {done.returncode}, not {code}"


def check_hostile(toll):
    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder) / "hostile.toll"
        policy.write_text(HOSTILE, encoding="utf-8")
        html = show(toll, policy, "--format", "html")
        page = read_page(html)
        yield from page.problems
        if page.title != "<script>alert(1)</script>":
            yield f"the title became {page.title!r}"
        cells = {cell for table in page.tables for row in table.rows for cell in row}
        for wanted in ("</td><td>", "a|b`c*_d_, plain", "<i>&amp;</i> | ` \\ $x$", "1 <e>\"&'"):
            if wanted not in cells:
                yield f"no cell holds {wanted!r}: {sorted(cells)}"
        markdown = show(toll, policy, "--format", "markdown")
        in_code = re.sub(r"```.*?```", "", markdown, flags=re.S)
        plain = re.sub(r"``.*?``|`[^`\n]*`", "", re.sub(r"\\.", "", in_code))
        for tag in set(re.findall(r"<(/?[a-z]+)", plain)):
            if tag.strip("/") not in {"a", "sup", "br", "details", "summary"}:
                yield f"Markdown holds a tag of the policy: <{tag}"
        rows = [line for line in in_code.splitlines() if line.startswith("|")]
        bars = {len(re.findall(r"(?<!\\)\|", line)) for line in rows}
        if not rows or len(bars) > 2:
            yield f"rows of a Markdown table have {sorted(bars)} bars"
        for line in markdown.splitlines():
            if " --> s" in line and re.search(r'[";<>]', line.replace("-->", "").replace("#", "").split(":", 1)[-1].replace(";", "")):
                yield f"Mermaid would read more than a label: {line}"
        show(toll, policy)


def policies(root):
    """Folders that are one policy, files that are."""
    named = re.compile(r"^(?:policy|政策) |^policy\b.*\(?[\"']", re.M)
    for folder in sorted({path.parent for kind in ("toll", "lua") for path in root.glob(f"*/*/*.{kind}")}):
        if folder.parent.name not in ("examples", "rules"):
            continue
        files = sorted([*folder.glob("*.toll"), *folder.glob("*.lua")])
        heads = [path for path in files if named.search(path.read_text(encoding="utf-8"))]
        yield from [folder] if len(heads) == 1 else heads


def check_policies(toll, root):
    """Every policy of the repository can be shown, and its page is well made."""
    for policy in policies(root):
        for language in ("en", "zh"):
            page = read_page(show(toll, policy, "--lang", language, "--format", "html"))
            for problem in page.problems:
                yield f"{policy.relative_to(root)} ({language}): {problem}"
            text = show(toll, policy, "--lang", language)
            for bad in re.findall(r"\[show\.[^\]]*\]|[\x00-\x08\x0b-\x1f]", text + page.text):
                yield f"{policy.relative_to(root)} ({language}): {bad!r}"


def main():
    toll, root, write = sys.argv[1], Path(sys.argv[2]).resolve(), "--write" in sys.argv
    failures = [*check_goldens(toll, write), *check_dates(toll), *check_hostile(toll), *check_policies(toll, root)]
    print("\n".join(failures) or "shown as it should be")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
