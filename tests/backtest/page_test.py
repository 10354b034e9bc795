#!/usr/bin/env python3
"""The page of a backtest stands alone, and a browser draws its charts.

    page_test.py TOLL ROOT [--keep FOLDER]      with --keep, page and screenshot stay there

Without a browser (the Debian package chromium; CHROMIUM names another command) only the page is looked at.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
UNTIL = "2025-08-05T00:00:00+08:00"
EDITS = (("| 车牌识别                                  |  0.15 元/次", "| 车牌识别                                  |  0.11 元/次"),
         ("| 银行卡识别                                |  0.15 元/次", "| 银行卡识别                                |  0.18 元/次"))
PROBE = """<script>
window.addEventListener("load", () => setTimeout(() => {
  const told = [...document.querySelectorAll("canvas")].map((canvas) => {
    const chart = Chart.getChart(canvas);
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const colors = {};
    for (let i = 0; i < pixels.length; i += 4) {
      if (pixels[i + 3] !== 255) continue;
      const color = "#" + [0, 1, 2].map((k) => pixels[i + k].toString(16).padStart(2, "0")).join("");
      colors[color] = (colors[color] || 0) + 1;
    }
    const across = chart.options.indexAxis === "y";
    const area = chart.chartArea;
    const lengths = chart.data.datasets.map((_, series) => chart.getDatasetMeta(series).data.map(
      (bar) => across ? bar.x - bar.base : bar.base - bar.y));
    return { id: canvas.id, colors, lengths, room: across ? area.right - area.left : area.bottom - area.top };
  });
  const out = document.createElement("pre");
  out.id = "probe";
  out.textContent = JSON.stringify(told);
  document.body.append(out);
}, 200));
</script>
"""


class Reader(HTMLParser):
    """The scripts and canvases of a page, and whatever it would load from elsewhere."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.scripts, self.outside, self.open, self.canvases = [], [], [], []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "script":
            self.scripts.append([given, ""])
        if tag == "canvas":
            self.canvases.append(given["id"])
        self.outside += [(tag, name) for name in given if name in ("src", "href", "srcset", "action") or name[:2] == "on"]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open[-1:] == ["script"]:
            self.scripts[-1][1] += data
        elif self.open[-1:] != ["style"]:
            self.text += data


def make_page(toll, root, folder, language, *arguments, events=None):
    policy = folder / "new"
    if not policy.is_dir():
        shutil.copytree(root / "rules/tencent-ocr", policy)
        prices = next(policy.glob("50-*.toll"))
        text = prices.read_text(encoding="utf-8")
        for old, new in EDITS:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        prices.write_text(text, encoding="utf-8")
    page = folder / f"page-{language}.html"
    command = [toll, "--lang", language, "backtest", str(root / "rules/tencent-ocr"), str(policy), "--events",
               str(events or root / "examples/ocr-month/events.jsonl"), "--until", UNTIL, "--format", "html", "--output",
               str(page), *arguments]
    status = subprocess.run(command, check=False, timeout=300).returncode
    assert status == 1, status
    return page


def check_page(text):
    page = Reader(text)
    assert page.open == [], page.open
    assert page.outside == [], page.outside
    assert "default-src 'none'" in text and "url(" not in text.split("<script", 1)[0]
    assert len(page.scripts) == 3
    charts = json.loads(page.scripts[0][1])
    assert [chart["id"] for chart in charts] == page.canvases and len(charts) >= 1
    assert "Chart.js" in page.scripts[1][1] and "Permission is hereby granted, free of charge" in page.scripts[1][1]

    def numbers(value):
        if isinstance(value, dict):
            for each in value.values():
                yield from numbers(each)
        elif isinstance(value, list):
            for each in value:
                yield from numbers(each)
        elif not isinstance(value, (str, bool)):
            yield value

    wrong = [number for number in numbers(charts) if not isinstance(number, int) or abs(number) > 10_000]
    assert not wrong, f"amounts as numbers of the script: {wrong}"
    return page, charts


def browse(page, folder, screenshot):
    """What the probe told, and what the console said."""
    probed = folder / "probed.html"
    text = page.read_text(encoding="utf-8")
    probed.write_text(text.replace("</main>", PROBE + "</main>"), encoding="utf-8")
    common = [BROWSER, "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--hide-scrollbars",
              f"--user-data-dir={folder / 'profile'}", "--window-size=1200,2600", "--virtual-time-budget=8000",
              "--enable-logging=stderr", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        common.append("--no-sandbox")
    done = subprocess.run([*common, "--dump-dom", probed.as_uri()], capture_output=True, text=True, encoding="utf-8",
                          timeout=240, check=True)
    console = [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
    found = re.search(r'<pre id="probe">(.*?)</pre>', done.stdout, re.S)
    assert found, "the page's scripts did not run: " + "\n".join(console)
    assert f'data-charts="' in done.stdout
    if screenshot:
        subprocess.run([*common, f"--screenshot={screenshot}", page.as_uri()], capture_output=True, timeout=240, check=True)
    return json.loads(found[1].replace("&quot;", '"')), console


def check_drawn(charts, told, console):
    assert console == [], console
    assert [one["id"] for one in told] == [chart["id"] for chart in charts]
    for chart, drawn in zip(charts, told):
        room = drawn["room"]
        length = chart["max"] - chart["min"]
        for series, bars in zip(chart["series"], drawn["lengths"]):
            for at, bar in zip(series["at"], bars):
                assert abs(bar - at * room / length) < 1, (chart["id"], at, bar)
            for at, color in zip(series["at"], series["colors"]):
                if abs(at) > 500:
                    assert drawn["colors"].get(color, 0) > 50, (chart["id"], color)


def main():
    toll, root = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
    kept = Path(sys.argv[sys.argv.index("--keep") + 1]).resolve() if "--keep" in sys.argv else None
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        pages = [make_page(toll, root, folder, "en"), make_page(toll, root, folder, "zh", "--max-increase", "5%")]
        hostile = folder / "hostile.jsonl"
        lines = (root / "examples/ocr-month/events.jsonl").read_text(encoding="utf-8")
        hostile.write_text(lines.replace('"acct-arrears"', '"</script><script>alert(1)</script>"'), encoding="utf-8")
        looked = [check_page(page.read_text(encoding="utf-8")) for page in pages]
        assert [len(charts) for _, charts in looked] == [4, 4]
        assert "未通过" in looked[1][0].text
        folder_of_hostile = folder / "hostile"
        folder_of_hostile.mkdir()
        page, charts = check_page(make_page(toll, root, folder_of_hostile, "en", events=hostile).read_text(encoding="utf-8"))
        assert any("<script>" in label for label in charts[3]["labels"]), charts[3]["labels"]
        if BROWSER is None:
            print("not looked at in a browser: install chromium (scripts/deps --browser)")
            return 0
        for page, (_, charts) in zip(pages, looked):
            screenshot = kept / (page.stem + ".png") if kept else None
            check_drawn(charts, *browse(page, folder, screenshot))
            if kept:
                shutil.copy(page, kept)
        print(f"{len(pages)} pages drawn by {BROWSER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
