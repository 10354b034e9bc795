#!/usr/bin/env python3
"""Every rule of tidy.py finds the violation it is there for, and leaves good code alone."""
import tempfile
import unittest
from pathlib import Path

import tidy


def found(files):
    """Names of the rules broken by a tree of {path: text}, each with the places it names."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = Path(root) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        result = {}
        for check in tidy.RULES:
            for path, line, _ in check(tidy.Tree(root)):
                result.setdefault(check.__name__, []).append(f"{path}:{line}")
        return result


class TidyTest(unittest.TestCase):
    def assert_breaks(self, rule, places, files):
        self.assertEqual(found(files), {rule: places})

    def test_clean_tree(self):
        self.assertEqual(found({
            "engine/CMakeLists.txt": "set(SOURCES a.cpp)\n",
            "engine/a.hpp": "",
            "engine/a.cpp": '#include "engine/a.hpp"\n\n#include <toll/a.hpp>\n#include <vector>\n'
                            "// double entry\nint a = 1'000; /* float */\n",
            "dsl/b.hpp": '#include <tao/pegtl.hpp>\n#include "engine/a.hpp"\n',
            "docs/a.md": "[b](b.md#part) `[no](link)` [web](https://example.org)\n",
            "docs/b.md": "",
            "tests/golden/spaces.toll": "a \n"}), {})

    def test_words_of_a_policy(self):
        rule = "rooms_hold_no_words_of_a_policy"
        self.assert_breaks(rule, ["io/a.hpp:1"], {"io/a.hpp": "// \u5e8a\n"})
        self.assert_breaks(rule, ["cli/a.hpp:2"], {"cli/a.hpp": '\nauto s = "rules/tencent";\n'})
        self.assert_breaks(rule, ["engine/a.hpp:1"], {"engine/a.hpp": "int qps_limit;\n"})
        self.assertEqual(found({"tests/a.hpp": "// \u5e8a of qps\n", "cli/a.hpp": "int ocra;\n"}), {})

    def test_floating_point(self):
        self.assert_breaks("engine_has_no_floating_point", ["engine/a.hpp:3"],
                           {"engine/a.hpp": "/* double\n */\nauto s = \"//\"; double d;\n"})

    def test_engine_includes(self):
        rule = "engine_includes_only_itself_and_the_standard_library"
        self.assert_breaks(rule, ["engine/a.hpp:1"], {"engine/a.hpp": "#include <tao/pegtl.hpp>\n"})
        self.assert_breaks(rule, ["engine/a.hpp:1"], {"engine/a.hpp": '#include "dsl/ast.hpp"\n'})

    def test_includes_upwards(self):
        rule = "rooms_include_only_downwards"
        self.assert_breaks(rule, ["dsl/a.hpp:1"], {"dsl/a.hpp": '#include "io/reader.hpp"\n'})
        self.assert_breaks(rule, ["io/a.hpp:1"], {"io/a.hpp": '#include "cli/main.hpp"\n'})

    def test_own_names(self):
        rule = "sources_of_a_folder_may_be_compiled_together"
        def source(text, space="toll"):
            return f"namespace {space} {{\nnamespace {{\n{text}\n}}  // namespace\n}}  // namespace {space}\n"
        for one, other in (("struct Row {\n};", "class Row final {\n};"), ("constexpr int kMost = 1;", "constexpr Value kMost = 2;"),
                           ("bool is_digit(char c) { return c > 1; }", "bool is_digit(char other) {\n  return true;\n}"),
                           ("using Kind = Lexeme::Kind;", "using Kind = Token::Kind;")):
            self.assert_breaks(rule, ["io/b.cpp:3"], {"io/a.cpp": source(one), "io/b.cpp": source(other)})
            self.assertEqual(found({"io/a.cpp": source(one), "tools/b.cpp": source(other)}), {})
            self.assertEqual(found({"io/a.cpp": source(one), "io/b.cpp": source(other, "toll::io")}), {})
        self.assert_breaks(rule, ["io/b.cpp:3"], {"io/a.hpp": "namespace toll {\nstruct Row {\n};\n}\n",
                                                  "io/b.cpp": source("struct Row {\n};")})
        self.assertEqual(found({"io/a.cpp": source("using Kind = Lexeme::Kind;\nint of(int a) { return a; }"),
                                "io/b.cpp": source("using Kind = Lexeme::Kind;\nint of(char a) { return a; }")}), {})

    def test_relative_includes(self):
        self.assert_breaks("includes_name_their_room", ["dsl/a.hpp:1"],
                           {"dsl/a.hpp": '#include "../dsl/b.hpp"\n'})

    def test_long_files(self):
        self.assert_breaks("files_are_short", ["dsl/a.hpp:601"], {"dsl/a.hpp": "\n" * 601})
        self.assertEqual(found({"dsl/a.hpp": "\n" * 600}), {})

    def test_left_overs(self):
        word = "TO" + "DO"
        self.assert_breaks("nothing_is_left_over", ["dsl/a.hpp:2"], {"dsl/a.hpp": f"\n// {word}: more\n"})

    def test_foreign_folders(self):
        word = ".." + "/shared"
        self.assert_breaks("the_repository_stands_alone", ["docs/a.md:1"], {"docs/a.md": f"see {word}\n"})

    def test_trailing_space(self):
        rule = "lines_have_no_trailing_space"
        self.assert_breaks(rule, ["dsl/a.hpp:1"], {"dsl/a.hpp": "int a; \n"})
        self.assert_breaks(rule, ["dsl/a.hpp:1"], {"dsl/a.hpp": "int a;"})

    def test_links(self):
        self.assert_breaks("markdown_links_resolve", ["docs/a.md:2"], {"docs/a.md": "\n[b](b.md)\n"})

    def test_cmake_lists(self):
        rule = "cmake_lists_match_the_disk"
        self.assert_breaks(rule, ["io/CMakeLists.txt:1"], {"io/CMakeLists.txt": "set(S a.cpp)\n"})
        self.assert_breaks(rule, ["io/a.cpp:1"], {"io/CMakeLists.txt": "# a.cpp\n", "io/a.cpp": ""})
        self.assert_breaks(rule, ["io/include/toll/a.hpp:1"],
                           {"io/CMakeLists.txt": "", "io/include/toll/a.hpp": ""})


if __name__ == "__main__":
    unittest.main()
