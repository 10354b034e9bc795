#!/usr/bin/env python3
"""House rules that a compiler cannot enforce, as a test (docs: the room map in CMakeLists.txt).

    tidy.py [ROOT]      prints one line per violation, `path:line: what`, and exits 1 if there is any

Each rule is a generator taking a Tree and yielding (path, line, message). A new rule is one function
with @rule above it, and one case in tidy_test.py.
"""
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

CXX = {".cpp", ".hpp", ".h", ".c"}
CODE = CXX | {".py", ".sh", ".md", ".txt", ".cmake", ".in", ".scd", ".yml", ".yaml", ""}
POLICIES = {".toll", ".lua", ".json"}  # under tests/ these are data, and may be wrong on purpose
ROOMS = {"engine", "messages", "dsl", "io", "tools", "cli"}  # C++ that must not know any vendor
MAX_CXX_LINES = 600

# C++20 headers that g++ 12 and clang 14 with libstdc++ 12 have.
STANDARD_HEADERS = set("""
    algorithm any array atomic barrier bit bitset cassert cctype cerrno cfloat charconv chrono cinttypes
    climits clocale cmath compare complex concepts condition_variable coroutine csetjmp csignal cstdarg
    cstddef cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception filesystem
    forward_list fstream functional future initializer_list iomanip ios iosfwd iostream istream iterator
    latch limits list locale map memory memory_resource mutex new numbers numeric optional ostream queue
    random ranges ratio regex scoped_allocator semaphore set shared_mutex span sstream stack stdexcept
    stop_token streambuf string string_view syncstream system_error thread tuple type_traits typeindex
    typeinfo unordered_map unordered_set utility valarray variant vector version
    stddef.h stdint.h
""".split())

# Names of one vendor's page. Policies may use them; the C++ of the rooms may not.
VENDOR_WORDS = re.compile(
    r"(?i)tencent|qcloud|(?<![a-z])ocr(?![a-z])|(?<![a-z])qps(?![a-z])|id_?card|vat_?invoice"
    r"|\b(?:FailedOperation|ResourcesSoldOut|ResourceNotFound|ResourceUnavailable|InvalidAction|UnOpenError)\b"
    r"|\bap-(?:beijing|shanghai|guangzhou|chengdu|chongqing|nanjing|singapore|hongkong)\b"
    r"|\"(?:service\.(?:opened|closed)|pack\.(?:purchased|granted)|refund\.requested|postpaid\.set"
    r"|account\.credited|violation\.(?:flagged|cleared)|contract\.priced)\"")

CJK = re.compile("[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")

LEFT_OVERS = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|[Ss]t" r"ubs?)\b")
WORKPLACE = re.compile(r"\.\./shared\b|/work/(?:main|shared)\b")

RULES = []


def rule(function):
    RULES.append(function)
    return function


class Tree:
    """The files of the repository that git tracks or would track (all files where there is no git)."""

    def __init__(self, root):
        self.root = Path(root).resolve()
        self.files = sorted(path for path in self._list() if (self.root / path).is_file())

    def _list(self):
        command = ["git", "-C", str(self.root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        top = subprocess.run(["git", "-C", str(self.root), "rev-parse", "--show-toplevel"],
                             capture_output=True, text=True, check=False)
        if top.returncode == 0 and Path(top.stdout.strip()).resolve() == self.root:
            listed = subprocess.run(command, capture_output=True, check=True).stdout
            return [Path(name) for name in listed.decode().split("\0") if name]
        return [path.relative_to(self.root) for path in self.root.rglob("*")
                if not {"build", ".git", "__pycache__"} & set(path.relative_to(self.root).parts)]

    def texts(self):
        """What people write and read; test data is not, it may break any rule on purpose."""
        return [path for path in self.files
                if path.suffix in (CODE if path.parts[0] == "tests" else CODE | POLICIES)
                and path.parts[:2] not in {("tests", "fuzz"), ("tests", "conformance")}]

    def cxx(self, rooms=None):
        return [path for path in self.files
                if path.suffix in CXX and (rooms is None or path.parts[0] in rooms)]

    @lru_cache(maxsize=None)
    def read(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    def lines(self, path):
        return enumerate(self.read(path).split("\n"), 1)


# Comments and everything that may hide a comment's opening: raw strings, strings, numbers with
# digit separators, characters.
TOKEN = re.compile(r'(?P<comment>//(?:[^\n\\]|\\.|\\\n)*|/\*.*?\*/)'
                   r'|R"(?P<tag>[^()\\\s]*)\(.*?\)(?P=tag)"|"(?:[^"\\\n]|\\.)*"'
                   r"|(?<![A-Za-z_])[0-9][0-9A-Za-z_.']*|'(?:[^'\\\n]|\\.)+'", re.DOTALL)


def without_comments(source):
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0]) if match["comment"] is not None else match[0]
    return TOKEN.sub(blank, source)


def includes(tree, path):
    for number, line in enumerate(without_comments(tree.read(path)).split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match[1], match[2]


@rule
def rooms_hold_no_words_of_a_policy(tree):
    for path in tree.cxx(ROOMS):
        for number, line in tree.lines(path):
            if CJK.search(line):
                yield path, number, "CJK text in C++: words belong in rule files and skins; a sign of the syntax is written \\u300c"
            match = VENDOR_WORDS.search(line)
            if match:
                yield path, number, f"word of one vendor in C++: {match[0]}"


@rule
def engine_has_no_floating_point(tree):
    for path in tree.cxx({"engine"}):
        for number, line in enumerate(without_comments(tree.read(path)).split("\n"), 1):
            if re.search(r"\b(?:double|float)\b", line):
                yield path, number, "floating point in engine/"


@rule
def engine_includes_only_itself_and_the_standard_library(tree):
    for path in tree.cxx({"engine"}):
        for number, bracket, name in includes(tree, path):
            if path.parts[1] == "jit" and name == "xbyak/xbyak.h":
                continue
            inside = name.startswith("toll/") if bracket == "<" else name.startswith(("engine/", "toll/"))
            if not inside and not (bracket == "<" and name in STANDARD_HEADERS):
                yield path, number, f"engine/ must not include {name}"


@rule
def rooms_include_only_downwards(tree):
    above = {"messages": ("engine/", "dsl/", "io/", "tools/", "cli/", "tests/"),
             "dsl": ("io/", "tools/", "cli/", "tests/"), "io": ("tools/", "cli/", "tests/"),
             "tools": ("cli/", "tests/"), "cli": ("tests/",)}
    for room, forbidden in above.items():
        for path in tree.cxx({room}):
            for number, _, name in includes(tree, path):
                if name.startswith(forbidden):
                    yield path, number, f"{room}/ must not include {name}"


@rule
def includes_name_their_room(tree):
    for path in tree.cxx(ROOMS | {"tests", "bench"}):
        for number, bracket, name in includes(tree, path):
            if bracket == '"' and name.startswith("."):
                yield path, number, f'write "room/file.hpp" instead of "{name}"'


@rule
def files_are_short(tree):
    for path in tree.cxx():
        count = tree.read(path).count("\n")
        if count > MAX_CXX_LINES:
            yield path, count, f"{count} lines, more than {MAX_CXX_LINES}: where does its second idea belong?"


# What a source declares for itself: between `namespace {` and its end, at the start of a line.
OWN_NAMESPACE = re.compile(r"^namespace \{\n(.*?)^\}  // namespace$", re.MULTILINE | re.DOTALL)
DECLARED = re.compile(
    r"^(?:(?:struct|class|union|enum(?: class)?) (?P<type>\w+)[^;\n]*[{:,][^\n]*$"
    r"|using (?P<alias>\w+) =(?P<meaning>[^;]*)"
    r"|(?:inline |static |constexpr |const |constinit |thread_local )+[^=({;\n]*?\b(?P<value>\w+)(?:\[[^\]]*\])* *[={]"
    r"|(?!return|using|namespace|template|extern|TEST_CASE|struct|class|enum|union)[A-Za-z_][\w:<>,&* \[\]]*?[ &*]"
    r"(?P<function>\w+)\((?P<parameters>[^;{}]*?)\)(?: const)?(?: noexcept)?(?: ->[^{]*)? \{)", re.MULTILINE)


def types_of(parameters):
    """Parameters without their names and defaults, as far as overloads are told apart by them."""
    parts, depth = [""], 0
    for char in " ".join(parameters.split()):
        depth += (char in "<([{") - (char in ">)]}")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    plain = [re.sub(r"\s*=.*$", "", part).strip() for part in parts]
    return ", ".join(part.rsplit(" ", 1)[0] for part in plain)


def declarations(tree, path):
    """(line, what is declared) for a source's own names; for a header, for all."""
    text = without_comments(tree.read(path))
    own = [(0, len(text))] if path.suffix == ".hpp" else [part.span(1) for part in OWN_NAMESPACE.finditer(tree.read(path))]
    for begin, end in own:
        for found in DECLARED.finditer(text, begin, end):
            name = found["type"] or found["value"]
            if found["alias"]:
                name = f"{found['alias']} ={' '.join(found['meaning'].split())}" if path.suffix == ".cpp" else found["alias"]
            elif found["function"] and path.suffix == ".cpp":
                name = f"{found['function']}({types_of(found['parameters'])})"
            if name:
                yield text.count("\n", 0, found.start()) + 1, name


@rule
def sources_of_a_folder_may_be_compiled_together(tree):
    first = {}
    for path in sorted(tree.cxx(ROOMS | {"tests"}), key=lambda path: (path.suffix != ".hpp", path)):
        if path.suffix not in (".hpp", ".cpp"):
            continue
        space = re.search(r"^namespace ([\w:]+) \{", tree.read(path), re.MULTILINE)
        for number, declared in declarations(tree, path):
            name = declared.partition(" =")[0]
            other, as_what = first.setdefault((path.parent, space and space[1], name), (path, declared))
            same_alias = "=" in declared and declared == as_what
            if other != path and path.suffix == ".cpp" and not same_alias:
                yield path, number, f"{name} is in {other.name} too: sources of a folder may be compiled together"


@rule
def nothing_is_left_over(tree):
    for path in tree.texts():
        for number, line in tree.lines(path):
            if LEFT_OVERS.search(line):
                yield path, number, f"left over: {LEFT_OVERS.search(line)[0]}"


@rule
def the_repository_stands_alone(tree):
    for path in tree.files:
        for number, line in tree.lines(path):
            if WORKPLACE.search(line):
                yield path, number, "refers to a folder that a clone does not have"


@rule
def lines_have_no_trailing_space(tree):
    for path in tree.texts():
        for number, line in tree.lines(path):
            if line != line.rstrip():
                yield path, number, "trailing white space"
        if not tree.read(path).endswith("\n") and tree.read(path):
            yield path, tree.read(path).count("\n") + 1, "no newline at the end of the file"


@rule
def markdown_links_resolve(tree):
    link = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)")
    for path in tree.files:
        if path.suffix != ".md":
            continue
        fenced = False
        for number, line in tree.lines(path):
            if line.lstrip().startswith("```"):
                fenced = not fenced
            if fenced:
                continue
            for match in link.finditer(re.sub(r"`[^`]*`", "", line)):
                target = (match[1] or match[2]).split("#")[0]
                if not target or re.match(r"[a-z][a-z0-9+.-]*:", target):
                    continue
                base = tree.root if target.startswith("/") else tree.root / path.parent
                if not (base / target.lstrip("/")).exists():
                    yield path, number, f"link to nothing: {target}"


@rule
def cmake_lists_match_the_disk(tree):
    """A .cpp (and a public header) is listed by the nearest CMakeLists.txt; what is listed exists."""
    scripts = [path for path in tree.files if path.name == "CMakeLists.txt"]
    listed = set()
    for script in scripts:
        for number, line in tree.lines(script):
            for name in re.findall(r"[\w./+-]+\.(?:cpp|hpp|h|c)\b", line.split("#")[0]):
                path = script.parent / name
                if not (tree.root / path).is_file():
                    yield script, number, f"lists {name}, which does not exist"
                listed.add((script, path))
    for path in tree.cxx():
        nearest = next((parent / "CMakeLists.txt" for parent in path.parents
                        if parent / "CMakeLists.txt" in scripts), None)
        public_header = "include" in path.parts
        if nearest and (path.suffix in {".cpp", ".c"} or public_header) and (nearest, path) not in listed:
            yield path, 1, f"not listed in {nearest}"


def violations(root):
    tree = Tree(root)
    return [f"{path}:{number}: {message} [{check.__name__}]"
            for check in RULES for path, number, message in check(tree)]


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    found = violations(root)
    print("\n".join(found) or "tidy")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
