#!/usr/bin/env python3
"""How cost grows: with events, with accounts, with the size of a policy. Writes figures as JSON and a plot each (docs/*.svg).

    growth.py BENCH [--json bench/results/growth.json] [--repetitions 3] [--quick]
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DOCS = os.path.join(HERE, "..", "docs")
WORKLOAD = os.path.join(HERE, "policies", "workload.toll")
# What a copy of the workload's policy has under names of its own; the first copy keeps them.
NAMES = r"\b(row|open|buy|call|serve|month_end|used|packs|closing|pay_as_you_go|tiers|families|serves|answers|list)\b"


def label(number):
    for size, mark in ((10 ** 6, " M"), (1000, " k")):
        if number >= size:
            return "%g%s" % (number / size, mark)
    return "%g" % number


def run(bench, row, options, repetitions):
    """The median of what a row says: nanoseconds an event, or milliseconds a load."""
    values = []
    for _ in range(repetitions):
        with tempfile.NamedTemporaryFile(suffix=".json") as out:
            subprocess.run([bench, "--benchmark_filter=^%s$|^%s/iterations" % (row, row), "--benchmark_min_time=0.01", "--benchmark_out=" + out.name,
                            "--benchmark_out_format=json"] + options, check=True, capture_output=True)
            with open(out.name, encoding="utf-8") as file:
                found = json.load(file)["benchmarks"][0]
        values.append(found["real_time"] * 1e6 / found["events"] if "events" in found else found["cpu_time"])
    return round(statistics.median(values), 2)


# So many copies lie in one file: a rule file holds 4 MiB at most.
COPIES_OF_A_FILE = 100
# Fifteen copies have as many lines as the whole OCR policy, 1500 a hundred times as many.
COPIES = (1, 15, 150, 1500)


def copies(text, count):
    """The files of a policy: the workload's, and copies of its declarations, tables and rules beside it that no event asks for."""
    start = text.index("domain interface")
    head, body = text[:start], text[start:]
    shared = re.compile(r"^(domain .*|setting .*|)\n", re.M)
    body_copy = shared.sub("", body)
    timers = ["month_end"] + ["month_end_x%d" % number for number in range(2, count + 1)]
    parts = [head, body] if count == 1 else [head, "timeline " + ", ".join(timers) + "\n", body]
    files = []
    for number in range(2, count + 1):
        if number % COPIES_OF_A_FILE == 0:
            files.append("".join(parts))
            parts = ["language 1\n"]
        parts.append(copy_of(body_copy, number))
    return files + ["".join(parts)]


def copy_of(body, number):
    mark = "_x%d" % number
    lines = []
    in_table = False
    for line in body.split("\n"):
        in_table = line.startswith("table ") or (in_table and line != "}")
        if line.startswith("tariff "):
            line = re.sub(r"\b(list|tiers)\b", r"\1" + mark, line)
        elif line.startswith("table "):
            line = re.sub(r"^table (\w+)", r"table \1" + mark, line)
        elif in_table and line.startswith("  | ") and not re.match(r"  \| (interface|pool|code|family) +\|", line):
            line = re.sub(r"\b(interface-\d+|pool-\d+|FailedOperation\.Reason\d+)\b", r"\1-x%d" % number, line)
        elif not in_table:
            line = line.replace("pool-00", "pool-00-x%d" % number)
            line = re.sub(r"(?<![.\w])" + NAMES[2:], r"\1" + mark, line)
            line = re.sub(r"^list%s " % mark, "list ", line)
            line = re.sub(r"\b(field|account) (\w+)" + mark, r"\1 \2", line)
            line = re.sub(r"\bevent\.(\w+)" + mark, r"event.\1", line)
            line = re.sub(r"count call" + mark, "count call", line).replace("yuan/call" + mark, "yuan/call").replace("0 call" + mark, "0 call")
        lines.append(line)
    return "\n".join(lines)


def short(value):
    return "%.3g" % value if value < 1000 else "%.0f" % value


def svg(plot):
    """Both axes logarithmic; linear growth is a line of slope one, a cost that does not depend on size a level one."""
    import math
    width, height, left, bottom = 560, 320, 70, 50
    points = [(math.log10(p["size"]), math.log10(max(p["value"], 1e-3)), p) for p in plot["points"]]
    low_x, high_x = points[0][0], points[-1][0]
    low_y, high_y = math.floor(min(p[1] for p in points)), math.ceil(max(p[1] for p in points) + 1e-9)
    high_y = max(high_y, low_y + 1)

    def at(x, y):
        return (left + (x - low_x) / (high_x - low_x) * (width - left - 30), height - bottom - (y - low_y) / (high_y - low_y) * (height - bottom - 40))

    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">' % (width, height),
           '<rect width="100%" height="100%" fill="white"/>', '<text x="%d" y="20" font-size="14">%s</text>' % (left, plot["title"])]
    for decade in range(low_y, high_y + 1):
        _, y = at(low_x, decade)
        out.append('<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%g</text>' % (
            left, y, width - 30, y, left - 8, y + 4, 10 ** decade))
    for x, y, point in points:
        px, py = at(x, y)
        out.append('<circle cx="%.1f" cy="%.1f" r="4" fill="#1f77b4"/><text x="%.1f" y="%.1f" text-anchor="middle">%s</text>' % (px, py, px, py - 9, short(point["value"])))
        out.append('<text x="%.1f" y="%d" text-anchor="middle">%s</text>' % (px, height - bottom + 18, point["label"]))
    path = " ".join("%.1f,%.1f" % at(x, y) for x, y, _ in points)
    out.append('<polyline points="%s" fill="none" stroke="#1f77b4" stroke-width="2"/>' % path)
    out.append('<text x="%d" y="%d">%s</text>' % (left, height - 12, plot["axes"]))
    return "\n".join(out + ["</svg>", ""])


def main():
    parser = argparse.ArgumentParser(description="How cost grows.")
    parser.add_argument("bench")
    parser.add_argument("--json", default=os.path.join(HERE, "results", "growth.json"))
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="leave the largest out")
    arguments = parser.parse_args()
    again = arguments.repetitions

    def measure(name, title, axes, row, sizes, options):
        if arguments.quick:
            sizes = sizes[:-1]
        points = [{"size": size, "label": label(size), "value": run(arguments.bench, row, options(size), again)} for size in sizes]
        return {"name": name, "title": title, "axes": axes, "points": points}

    plots = [
        measure("events", "nanoseconds an event, by events", "10 000 accounts; batch, one thread", "engine_batch/G",
                [10 ** 5, 10 ** 6, 10 ** 7], lambda size: ["--set=10000,%d" % size]),
        measure("accounts", "nanoseconds an event, by accounts", "3 million events; batch, one thread", "engine_batch/G",
                [10 ** 3, 10 ** 4, 10 ** 5, 10 ** 6], lambda size: ["--set=%d,3000000" % size]),
    ]
    with open(WORKLOAD, encoding="utf-8") as file:
        text = file.read()
    with tempfile.TemporaryDirectory() as folder:
        sizes = {}
        for count in COPIES:
            path = os.path.join(folder, "copies-%d" % count)
            os.mkdir(path)
            files = copies(text, count)
            for number, content in enumerate(files):
                with open(os.path.join(path, "%04d.toll" % number), "w", encoding="utf-8") as file:
                    file.write(content)
            sizes[sum(content.count("\n") for content in files)] = path
        plots.append(measure("policy-load", "milliseconds to parse, check and plan, by lines of policy", "declarations, tables and rules",
                             "load/reduced", sorted(sizes), lambda size: ["--policy=" + sizes[size]]))
        plots.append(measure("policy-events", "nanoseconds an event, by lines of policy", "10 000 accounts, 1 million events", "engine_batch/G",
                             sorted(sizes), lambda size: ["--set=10000,1000000", "--policy=" + sizes[size]]))
    with open(arguments.json, "w", encoding="utf-8") as file:
        json.dump({"schema_version": 1, "plots": plots}, file, indent=1)
        file.write("\n")
    for plot in plots:
        with open(os.path.join(DOCS, "performance-%s.svg" % plot["name"]), "w", encoding="utf-8") as file:
            file.write(svg(plot))


if __name__ == "__main__":
    main()
