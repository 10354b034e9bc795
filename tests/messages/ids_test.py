#!/usr/bin/env python3
"""Every message id in C++ has a text, and every text is said somewhere.

    ids_test.py ROOT

An id in C++ is a string literal that reads like one: "area.name" or "E0123.name". A text `ID.help` belongs to `ID`. Ids made at
run time are listed by their beginning in a comment `// messages: prefix.*`. Every code has a title, `code.E0123`.
"""
import re
import sys
from pathlib import Path

ID = re.compile(r'"((?:[EW]\d{4}|[a-z]+)\.[a-z0-9][a-z0-9.-]*)"')
CODE = re.compile(r"[EW]\d{4}\.")
MADE = re.compile(r"// messages: ([\w.-]+)\.\*")


def main(root):
    texts = set()
    for path in sorted((root / "messages" / "en").glob("*.msg")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and line[0] not in " \t#":
                texts.add(line.split("=", 1)[0].strip())
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
    print("\n".join(problems) or f"{len(texts)} texts, all said")
    return 1 if problems or not texts else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
