#!/usr/bin/env python3
"""Edits of the OCR policy that change its text and not its meaning: `toll diff` proves each equal. The same edit
with one thing changed besides is named.

    refactor_test.py TOLL REPO_ROOT
"""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

POLICY = Path("rules/tencent-ocr")

# name, edits (file, old text, new text: everywhere in the file), and one more edit that does change bills.
REFACTORINGS = [
    ("a definition and its parameter renamed",
     [("*", "可用(b", "用得上(b"),
      ("15-账户.toll", "用得上(b: 记录 资源, t: 时刻) = b.余量 > 0 且 b.生效 <= t 且 t < b.到期",
       "用得上(某包: 记录 资源, 某时: 时刻) = 某包.余量 > 0 且 某包.生效 <= 某时 且 某时 < 某包.到期")],
     ("15-账户.toll", "某包.余量 > 0", "某包.余量 > 1 次")),
    ("an amount extracted into a definition",
     [("45-购买与退费.toll", "金额 = b.现金 + b.收入 + b.赠金 }", "金额 = 应退(b) }"),
      ("45-购买与退费.toll", "过程 入库(", "定义 应退(包: 记录 资源) = 包.现金 + 包.收入 + 包.赠金\n过程 入库(")],
     ("45-购买与退费.toll", "包.现金 + 包.收入 + 包.赠金", "包.现金 + 包.收入")),
    ("steps extracted into a procedure",
     [("55-调用计费.toll", """  逐个 w 属于 需求 {
    令 末 = 末个(b 逐 b 属于 资源 其中 b.资源包 是 w.资源包 且 可用(b, 此刻))
    当 有 末 {
      末包[w.资源包].包 := 末
      末包[w.资源包].原余 := 末.余量
    }
  }
""", "  执行 记末包\n"),
      ("55-调用计费.toll", "过程 应答(", """过程 记末包() 遇 调用 {
  逐个 要 属于 需求 {
    令 尾 = 末个(x 逐 x 属于 资源 其中 x.资源包 是 要.资源包 且 可用(x, 此刻))
    当 有 尾 {
      末包[要.资源包].包 := 尾
      末包[要.资源包].原余 := 尾.余量
    }
  }
}
过程 应答(""")],
     ("55-调用计费.toll", "末包[要.资源包].原余 := 尾.余量", "末包[要.资源包].原余 := 尾.总量")),
    ("a procedure with parameters renamed",
     [("65-结算.toll", "出行(", "写一行("),
      ("65-结算.toll", "写一行(u: 记录 应付, 类: 行类别, 依据: 数?)", "写一行(u: 记录 应付, 哪类: 行类别, 依据: 数?)"),
      ("65-结算.toll", "行类别 = 类;", "行类别 = 哪类;")],
     ("65-结算.toll", "行类别 = 哪类;", "行类别 = 调整;")),
]


def change(folder, edits):
    for pattern, old, new in edits:
        found = 0
        for path in sorted(folder.glob("*.toll") if pattern == "*" else [folder / pattern]):
            text = path.read_text(encoding="utf-8")
            found += text.count(old)
            path.write_text(text.replace(old, new), encoding="utf-8")
        assert found, f"`{old}` is nowhere in {pattern}"


def main():
    toll, root = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    failures = []

    def diff(new):
        return subprocess.run([str(toll), "--lang", "en", "diff", str(root / POLICY), str(new)], capture_output=True,
                              text=True, encoding="utf-8", timeout=300, check=False)

    for name, edits, real in REFACTORINGS:
        with tempfile.TemporaryDirectory() as folder:
            new = Path(folder) / "policy"
            shutil.copytree(root / POLICY, new)
            change(new, edits)
            done = diff(new)
            if done.returncode != 0:
                failures.append(f"{name}: not proven equal\n{done.stdout}{done.stderr}")
            change(new, [real])
            done = diff(new)
            if done.returncode != 1:
                failures.append(f"{name}, and `{real[2]}`: said to change nothing\n{done.stdout}{done.stderr}")
    for failure in failures:
        print(f"failed  {failure}")
    print(f"{len(REFACTORINGS)} refactorings, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
