#!/usr/bin/env python3
"""Every word of the language can be said in Lua: the words of the English skin are in prelude.lua.

    vocabulary_test.py ROOT
"""
import re
import sys
import unittest
from pathlib import Path

ROOT = None
# Said in another way in Lua.
OTHERWISE = {
    "hour": "hours(1)", "minute": "minutes(1)",
    "returned": 'a line of a bucket: {"returned", b.returned}',
}


def words_of_the_skin(root):
    words = set()
    for line in (root / "dsl/skins/en.skin").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            words |= {word for word in line.split("=")[0].split() if re.fullmatch(r"[a-z_]+", word)}
    return words


def words_of_lua(root):
    code = re.sub(r"--.*", "", (root / "dsl/lua/prelude.lua").read_text(encoding="utf-8"))
    said = set(re.findall(r"\benv\.([a-z_]+)", code))
    for text in re.findall(r'"([^"]*)"', code):
        said |= set(re.findall(r"[a-z_]+", text))
    return said


def functions_of_lua(root):
    """Names that a rule file has, and what parts can do."""
    code = re.sub(r"--.*", "", (root / "dsl/lua/prelude.lua").read_text(encoding="utf-8"))
    names = set(re.findall(r"\b(?:env|methods)\.(\w+)(?=[^\n]*=)", code)) | set(re.findall(r"function env\.(\w+)", code))
    names |= set(re.findall(r"\b(\w+) = \{\"", code)) | set(re.findall(r"define_both\(\"(\w+)\"", code))
    for words in re.findall(r"for _, name in ipairs \{([^}]*)\}", code):
        names |= set(re.findall(r"\"(\w+)\"", words))
    return names - {"declare_table"}  # what `table` is made of


class Vocabulary(unittest.TestCase):
    def test_the_guide_shows_every_function(self):
        text = (ROOT / "docs/lua.md").read_text(encoding="utf-8")
        names = functions_of_lua(ROOT)
        self.assertGreater(len(names), 150)
        self.assertEqual(sorted(name for name in names if not re.search(rf"(?<!\w){name}(?!\w)", text)), [])

    def test_lua_has_every_word(self):
        words, said = words_of_the_skin(ROOT), words_of_lua(ROOT)
        self.assertGreater(len(words), 150)
        self.assertEqual(sorted(words - said - set(OTHERWISE)), [])

    def test_nothing_is_excused_for_nothing(self):
        self.assertLessEqual(set(OTHERWISE), words_of_the_skin(ROOT) - words_of_lua(ROOT))


if __name__ == "__main__":
    ROOT = Path(sys.argv.pop(1))
    unittest.main()
