#!/usr/bin/env python3
"""The examples of README*.md, docs/*.md and examples/*/README.md, run.

    docs_test.py TOLL REPO_ROOT [--write] [--every N]
    --write    rewrites what is generated: the table of words in docs/language.md and
               examples/small/lingua.toll, the guide's policy in one piece
    --every    runs the examples of every N-th page only

The words after the language of a fenced block say what is done with it:

    toll               a policy, if it starts with `language`: it loads, and its scenarios pass;
                       else the next piece of the guide: with all pieces so far, it loads
    toll guide         the first piece of the guide
    toll same          in place of the piece before it, it becomes the same core
    toll wrong CODE..  as the next piece, it is refused with these codes (and not kept)
    toll pair          one side of a comparison with Lua: lua_test.py runs it
    text report        what `toll check` says to the wrong piece before, without the places
    LANGUAGE PATH      for any language: the block stands so in the file; a table in CSV then lies
                       beside the policies here too
    LANGUAGE into FILE for any language: the block is added to the end of a file of the page's own
                       folder, which is empty at first
    diff in FILE       lines marked ` ` and `-` that stand in such a file once; those marked ` ` and
                       `+` take their place
    console            commands `$ toll ..`, run in the page's own folder if it has one, else in the
                       repository; lines below that begin with `> ` are typed to it, the others are
                       what it prints, `...` standing for any lines. `$ cp [-r] FROM TO` copies into the
                       page's own folder, which then sees rules/ and examples/ as the repository does
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from sample import take_every  # noqa: E402

GUIDE = "docs/language.md"
GUIDE_FILE = "examples/small/lingua.toll"
SKINS = "dsl/skins"
TWINS = ("examples/small/geocoding.toll", "examples/small/地理编码.toll",
         "--events", "examples/small/geocoding.events.jsonl", "--until", "2025-08-01T00:00:00+08:00")
WORDS = ("<!-- words: written by tests/docs/docs_test.py --write -->\n", "<!-- words end -->")
HEADLINE = "# The examples of docs/language.md, chapters 2 to 4, in one piece; written by docs_test.py --write.\n"


class Block:
    def __init__(self, path, line, info, text):
        self.path, self.line, self.text = path, line, text
        self.language, *self.notes = info.split() or [""]

    def __str__(self):
        return f"{self.path}:{self.line}"

    @property
    def is_policy(self):
        return self.text.startswith("language ")


def blocks_of(root, path):
    """The fenced blocks of a page, in order."""
    found, fence, info, begin, body = [], None, "", 0, []
    for number, line in enumerate((root / path).read_text(encoding="utf-8").splitlines(True), 1):
        opening = re.match(r"(```+)(.*)", line)
        if fence is None and opening:
            fence, info, begin, body = opening[1], opening[2].strip(), number, []
        elif fence is not None and line.rstrip() == fence:
            found.append(Block(path, begin, info, "".join(body)))
            fence = None
        elif fence is not None:
            body.append(line)
    return found


class Checker:
    def __init__(self, toll, root):
        self.toll, self.root = str(toll), root
        self.folder = tempfile.TemporaryDirectory()
        self.passed, self.failures = 0, []
        self.pieces, self.broken = [], None  # of the guide
        self.report = ""  # on the last wrong piece
        self.own, self.tongue = None, "en"  # of the page at hand: its folder and language

    # ---- running

    def run(self, *arguments, typed=""):
        return subprocess.run([self.toll, *arguments], cwd=self.own or self.root, capture_output=True, text=True,
                              env={**os.environ, "TOLL_LANG": self.tongue}, encoding="utf-8", timeout=120,
                              input=typed, check=False)

    def policy(self, text):
        path = Path(self.folder.name) / "policy.toll"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def result(self, where, problem):
        if problem:
            self.failures.append(f"{where}: {problem}")
        else:
            self.passed += 1

    # ---- what is wrong with a block; empty: nothing

    def loads(self, path, unfinished=False):
        """Loads, and the checker has nothing to say; what an unfinished policy does not use yet does not count."""
        done = self.run("check", path)
        said = [line for line in done.stderr.splitlines() if re.search(r": (error|warning)\[", line)]
        silent = all(unfinished and "[W1001]" in line for line in said)
        return "" if done.returncode == 0 and silent else "does not load\n" + done.stderr

    def works(self, path, unfinished=False):
        """Loads, and its scenarios pass if it has any."""
        problem = self.loads(path, unfinished)
        if problem or "scenario" not in Path(path).read_text(encoding="utf-8").replace("场景", "scenario"):
            return problem
        done = self.run("test", path)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def codes(self, text):
        done = self.run("--json", "check", self.policy(text))
        report = json.loads(done.stderr) if done.stderr else {}
        return sorted({each["code"] for each in report.get("diagnostics", []) if "code" in each})

    def core(self, text):
        done = self.run("core", "--no-positions", self.policy(text))
        if done.returncode:
            return done.stderr
        core = json.loads(done.stdout)
        for what_people_wrote in ("clauses", "declarations"):  # it differs
            del core[what_people_wrote]
        return core

    def toll_block(self, block):
        if block.is_policy and "guide" not in block.notes:
            return self.works(self.policy(block.text))
        if "pair" in block.notes:
            return ""  # lua_test.py compares these with what stands beside them
        if block.path != GUIDE:
            return "a piece of a policy: say in which file it stands, or write all of it"
        if self.broken:
            return f"not run, because {self.broken} is wrong"
        before = "\n".join(self.pieces) or "language 1\n"
        if "wrong" in block.notes:
            wanted = sorted(block.notes[block.notes.index("wrong") + 1:])
            found = self.codes(before + "\n" + block.text)
            self.report = re.sub(r"^\S+?:\d+:\d+: ", "", self.run("check", self.policy(
                before + "\n" + block.text)).stderr, flags=re.MULTILINE)
            return "" if found == wanted else f"is refused with {found}"
        if "same" in block.notes:
            rules = "\n".join(self.pieces[:-1] + [block.text])
            one, other = self.core(before), self.core(rules)
            return "" if one == other else difference(one, other)
        self.pieces = [block.text] if "guide" in block.notes else self.pieces + [block.text]
        problem = self.works(self.policy("\n".join(self.pieces)), unfinished=True)
        self.broken = block if problem else None
        return problem

    def console_block(self, block):
        steps = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
        if not steps:
            return "no command `$ toll ..` in it"
        for step in steps:
            command, _, shown = step.partition("\n")
            words = shlex.split(command)
            if words[0] == "cp":
                self.copy(words[-2], words[-1])
                continue
            if words[0] != "toll":
                return f"only `toll` is run here, not `{words[0]}`: use ```sh"
            lines = shown.splitlines(True)
            done = self.run(*words[1:], typed="".join(line[2:] for line in lines if line.startswith("> ")))
            pattern = "".join(r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line)
                              for line in lines if not line.startswith("> "))
            printed = done.stdout + done.stderr
            if not re.fullmatch(pattern, printed):
                return f"$ {command}\nprints\n{printed}"
        return ""

    def copy(self, source, target):
        self.make_own()
        for name in ("rules", "examples"):
            if not (self.own / name).exists():
                (self.own / name).symlink_to(self.root / name)
        one = self.own / source
        (shutil.copytree if one.is_dir() else shutil.copy)(one, self.own / target)

    def make_own(self):
        if self.own is None:
            self.own = Path(tempfile.mkdtemp(dir=self.folder.name))

    def own_file(self, block):
        self.make_own()
        path = self.own / block.notes[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        if block.notes[0] == "into":
            path.write_text(before + block.text, encoding="utf-8")
            return ""
        lines = block.text.splitlines(True)
        old, new = ("".join(line[1:] for line in lines if line[0] in marks) for marks in (" -", " +"))
        if before.count(old) != 1:
            return f"what it changes stands {before.count(old)} times in {block.notes[1]}"
        path.write_text(before.replace(old, new), encoding="utf-8")
        return ""

    def excerpt(self, block, path):
        if not (self.root / path).is_file():
            return f"there is no {path}"
        text = (self.root / path).read_text(encoding="utf-8")
        if block.language == "csv":
            (Path(self.folder.name) / Path(path).name).write_text(text, encoding="utf-8")
        return "" if block.text in text else f"does not stand so in {path}"

    def twins(self, one, other, *arguments):
        """Two policies have the same ledger but for the places in their files."""
        ledgers = []
        for path in (one, other):
            entries = [json.loads(line) for line in self.run("run", path, *arguments).stdout.splitlines()]
            ledgers.append([{key: value for key, value in entry.items() if key != "rule"} for entry in entries])
        self.result(other, "" if ledgers[0] and ledgers[0] == ledgers[1] else f"has another ledger than {one}")

    # ---- pages

    def page(self, path):
        self.own, self.tongue = None, "zh" if ".zh" in path else "en"
        for block in blocks_of(self.root, path):
            if block.notes[:1] in (["into"], ["in"]):
                self.result(block, self.own_file(block))
                continue
            files = [note for note in block.notes if "/" in note]
            for name in files:
                self.result(block, self.excerpt(block, name))
            if block.language == "toll" and not files and "pair" not in block.notes:
                self.result(block, self.toll_block(block))
            elif block.language == "console":
                self.result(block, self.console_block(block))
            elif "report" in block.notes:
                self.result(block, "" if block.text == self.report else f"`toll check` says\n{self.report}")

    def generated(self, path, wanted):
        text = (self.root / path).read_text(encoding="utf-8") if (self.root / path).is_file() else ""
        self.result(path, "" if text == wanted else "is not up to date: run docs_test.py --write")

    def commands(self, path):
        """A page that lists the commands lists all of them."""
        listed = set(re.findall(r"^\| `toll (\w+)", (self.root / path).read_text(encoding="utf-8"), re.MULTILINE))
        said = set(re.findall(r"^  (\w+)  ", self.run("help").stdout.partition("Subcommands:")[2], re.MULTILINE))
        self.result(path, "" if listed == said else f"lists {sorted(listed)}, `toll help` {sorted(said)}")


def difference(one, other):
    if isinstance(one, str) or isinstance(other, str):
        return "does not load: " + (one if isinstance(one, str) else other)
    lines = []
    for part in one:
        if one[part] != other.get(part):
            lines.append(f"becomes another core: {part}")
            if isinstance(one[part], dict):
                lines += [f"  {name}" for name in sorted(set(one[part]) | set(other[part]))
                          if one[part].get(name) != other[part].get(name)]
    return "\n".join(lines)


# ---- what is generated

def skin(root, name):
    """(canonical words, spellings) in the order of the file; the fillers."""
    entries, fillers = [], []
    for line in (root / SKINS / f"{name}.skin").read_text(encoding="utf-8").splitlines():
        if line.startswith("@filler "):
            fillers += line.split()[1:]
        elif line.strip() and not line.startswith(("#", "@")):
            left, _, right = line.partition(" = ")
            spellings = [each.strip() for each in right.split(",") if each.strip()]
            entries.append((" ".join(left.split()), spellings))
    return entries, fillers


def words(root):
    english, chinese = (dict(skin(root, name)[0]) for name in ("en", "zh"))
    lines = ["| English | 中文 | English | 中文 | English | 中文 |", "| --- | --- | --- | --- | --- | --- |"]
    cells = []
    for word, spellings in english.items():
        plain = re.match(r"\w", word) is not None
        left = ", ".join(f"`{each}`" for each in ([] if plain and spellings == [word] else [word]) + (spellings or [word]))
        right = ", ".join(f"`{each}`" for each in chinese.get(word, [])) or "="
        cells.append((", ".join(dict.fromkeys(left.split(", "))), right))
    height = -(-len(cells) // 3)
    columns = [cells[i * height:(i + 1) * height] for i in range(3)]
    for row in range(height):
        parts = [columns[i][row] if row < len(columns[i]) else ("", "") for i in range(3)]
        lines.append("| " + " | ".join(cell for part in parts for cell in part) + " |")
    return "\n".join(lines) + "\n"


def with_words(root):
    text = (root / GUIDE).read_text(encoding="utf-8")
    head, _, rest = text.partition(WORDS[0])
    return head + WORDS[0] + words(root) + WORDS[1] + rest.partition(WORDS[1])[2]


def guide_in_one_piece(root):
    pieces = []
    for block in blocks_of(root, GUIDE):
        kept = block.language == "toll" and not {"same", "wrong"} & set(block.notes)
        elsewhere = any("/" in note for note in block.notes)
        if kept and not elsewhere and ("guide" in block.notes or not block.is_policy):
            pieces.append(block.text)
    first, _, rest = pieces[0].partition("\n")
    return "\n".join([first + "\n" + HEADLINE + rest] + pieces[1:])


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sample = take_every(sys.argv)
    toll, root = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    generated = [(GUIDE, with_words), (GUIDE_FILE, guide_in_one_piece)]
    if "--write" in sys.argv:
        for path, make in generated:
            (root / path).write_text(make(root), encoding="utf-8")
    checker = Checker(toll, root)
    pages = [page for pattern in ("README*.md", "docs/*.md", "examples/*/README.md")
             for page in sorted(root.glob(pattern))]
    for page in sample(pages):
        checker.page(str(page.relative_to(root)))
    checker.own, checker.tongue = None, "en"
    for path in sorted((root / "examples/small").glob("*.toll")):
        checker.result(path.relative_to(root), checker.works(str(path)))
    checker.twins(*TWINS)
    for path, make in generated:
        checker.generated(path, make(root))
    for page in sorted(root.glob("README*.md")):
        checker.commands(str(page.relative_to(root)))
    for failure in checker.failures:
        print(failure)
    print(f"{checker.passed} passed, {len(checker.failures)} failed")
    return 1 if checker.failures else 0


if __name__ == "__main__":
    sys.exit(main())
