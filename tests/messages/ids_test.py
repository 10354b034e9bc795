#!/usr/bin/env python3
"""Every message id in C++ has a text, and every text is said somewhere.

    ids_test.py ROOT [--write]      with --write, the table of docs/errors/README.md is put right

An id in C++ is a string literal that reads like one: "area.name" or "E0123.name". A text `ID.help` belongs to `ID`. Ids made at
run time are listed by their beginning in a comment `// messages: prefix.*`. Every code has a title, `code.E0123`.
"""
import re
import sys
from pathlib import Path

ID = re.compile(r'"((?:[EW]\d{4}|[a-z]+)\.[a-z0-9][a-z0-9.-]*)"')
CODE = re.compile(r"[EW]\d{4}\.")
MADE = re.compile(r"// messages: ([\w.-]+)\.\*")


BEGIN, END = "<!-- codes -->\n", "<!-- end of codes -->\n"


def texts_of(root, language):
    texts = {}
    for path in sorted((root / "messages" / language).glob("*.msg")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and line[0] not in " \t#":
                name, text = line.split("=", 1)
                texts[name.strip()] = text.strip()
    return texts


def table_of_codes(root):
    english, chinese = texts_of(root, "en"), texts_of(root, "zh")
    rows = ["| Code | What is wrong | 说的是什么 |", "|---|---|---|"]
    for name in sorted(english):
        if name.startswith("code."):
            code = name.split(".")[1]
            shown = f"[{code}]({code}.md)" if (root / f"docs/errors/{code}.md").is_file() else code
            rows.append("| " + " | ".join([shown] + [text[name].replace("|", "\\|") for text in (english, chinese)]) + " |")
    return "\n".join(rows) + "\n"


def check_readme(root, write):
    """The list of all codes that people read."""
    path = root / "docs/errors/README.md"
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    right = before + BEGIN + table_of_codes(root) + END + rest.split(END, 1)[1]
    if write:
        path.write_text(right, encoding="utf-8")
        return []
    return [] if text == right else ["docs/errors/README.md: the table of codes is old: tests/messages/ids_test.py ROOT --write"]


def main(root, write):
    texts = set(texts_of(root, "en"))
    areas = {text.split(".")[0] for text in texts}
    used, made, problems = set(), [], []
    for room in ("dsl", "io", "tools", "cli"):
        for path in sorted([*root.glob(f"{room}/**/*.?pp"), *root.glob(f"{room}/**/*.lua")]):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                made += MADE.findall(line)
                for name in ID.findall(line):
                    if name.split(".")[0] in areas and not name.endswith((".hpp", ".cpp", "-")):
                        used.add(name)
                        if name not in texts and name not in made:
                            problems.append(f"{path.relative_to(root)}:{number}: no text for {name}")
    for text in sorted(texts):
        plain = text[:-len(".help")] if text.endswith(".help") else text
        if plain not in used and text not in used and not any(text.startswith(p + ".") for p in made):
            problems.append(f"messages: nobody says {text}")
    coded = {text.split(".")[0] for text in texts if CODE.match(text)}
    titled = {text.split(".")[1] for text in texts if text.startswith("code.")}
    problems += [f"messages: {code} has no title `code.{code}`" for code in sorted(coded - titled)]
    problems += [f"messages: no message has the code {code}" for code in sorted(titled - coded)]
    problems += check_readme(root, write)
    print("\n".join(problems) or f"{len(texts)} texts, all said")
    return 1 if problems or not texts else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "--write" in sys.argv[2:]))
