#!/usr/bin/env python3
"""The tables and plots of docs/performance.md, from what bench/measure.py and bench/growth.py measured.

    table.py [--json bench/results/bench.json] [--write]     --write: into docs/performance.md, else to standard output
"""
import argparse
import json
import os
import statistics

HERE = os.path.dirname(os.path.abspath(__file__))
DOCUMENT = os.path.join(HERE, "..", "docs", "performance.md")
RESULTS = os.path.join(HERE, "results")

# What is compared: the words, the row of ours, the row it is compared with, and the limits on A and B. "ratio" divides our
# time by theirs and is to be at most the limit; "times" divides theirs by ours and is to be at least the limit.
COMPARISONS = (
    ("batch, one thread, to the kernel written by hand", ("engine_batch",), ("cpp-pf", "kernel_ahead"), "ratio", 2.0, 1.6),
    ("one event at a time, to the kernel written by hand", ("engine_single",), ("cpp-plain", "kernel_plain"), "ratio", 2.5, 2.5),
    ("a decision record of each event, to our own time without", ("engine_record",), ("engine_batch",), "ratio", 1.15, 1.15),
    ("two threads, to our one", ("engine_two_threads",), ("engine_batch",), "times", 1.7, 1.7),
    ("the whole OCR policy, entries as structs, to the kernel", ("engine_whole",), ("cpp-pf", "kernel_ahead"), "ratio", 4.0, 3.0),
    ("short JSON lines in, reduced policy, to simdjson and the kernel", ("engine_lines",), ("jsonl-ondemand",), "ratio", 1.0, 1.0),
    ("`toll run`: JSON in, the whole policy, ledger JSON out, to simdjson and the kernel", ("toll_run", "contract"), ("jsonl-ondemand",),
     "ratio", 3.0, 3.0),
    ("LuaJIT, a call an event", ("engine_batch",), ("luajit-call",), "times", 4, 10),
    ("LuaJIT, tuned by hand over FFI", ("engine_batch",), ("luajit-ffi",), "times", 1.3, 3.5),
    ("Lua 5.4, a call an event", ("engine_batch",), ("lua54-call",), "times", 6, 17),
    ("DuckDB's best SQL, two threads, to our two", ("engine_two_threads",), ("duckdb-segment-t2",), "times", 5, 7),
)

# One decision by an engine for Node, against one complete event of ours on set A.
DECISIONS = (("Zen, code, pool and price, 64 at a time", "zen-full-conc64", 800), ("json-rules-engine, one rule", "json-rules-engine-code", 180),
             ("Cedar wasm, one policy", "cedar-small-preparsed", 700), ("cel-js, code and price", "cel-marcbachmann-price", 10))

# What everybody took, in nanoseconds an event.
TIMES = (
    ("by hand, memory fetched ahead", "kernel_ahead"), ("by hand, one at a time", "kernel_plain"),
    ("by hand, with a record of each decision", "kernel_record"), ("by hand, two threads (the slower)", "kernel_two_threads"),
    ("rule file, batch", "engine_batch"), ("rule file, one event at a time", "engine_single"),
    ("rule file, with a record of each decision", "engine_record"), ("rule file, two threads (the slower)", "engine_two_threads"),
    ("rule file, short JSON lines in", "engine_lines"), ("whole OCR policy, structs in and out", "engine_whole"),
    ("whole OCR policy, contract's JSON in and out, in the library", "contract"), ("`toll run`, the whole process", "toll_run"), ("the same with the policy in Lua", "toll_run_lua"),
    ("peer: `cpp-pf`", "cpp-pf"), ("peer: `cpp-plain`", "cpp-plain"), ("peer: `cpp-emit`", "cpp-emit"), ("peer: `cpp-mt2`", "cpp-mt2"),
    ("peer: `vm-pf`, a register machine", "vm-pf"), ("peer: `jsonl-fixed`, nothing checked", "jsonl-fixed"),
    ("peer: `jsonl-ondemand`", "jsonl-ondemand"), ("peer: `jsonl-simdjson`", "jsonl-simdjson"),
    ("peer: `luajit-ffi`", "luajit-ffi"), ("peer: `luajit-call`", "luajit-call"), ("peer: `lua54-call`", "lua54-call"),
    ("peer: `duckdb-segment-t2`", "duckdb-segment-t2"),
)


def times(ratio, met):
    return ("**%.2gx**" if ratio < 100 else "**%.0fx**") % ratio + ("" if met else " (missed)")


class Table:
    def __init__(self, document):
        self.document = document
        self.sets = sorted(document["sets"])

    def runs(self, row, name):
        return self.document["times"].get("%s/%s" % (row, name), [])

    def median(self, row, name):
        return statistics.median(self.runs(row, name)) if self.runs(row, name) else None

    def quotient(self, above, below, name):
        """The median of the quotients, repetition by repetition: what disturbed one disturbed the other."""
        pairs = list(zip(self.runs(above, name), self.runs(below, name)))
        return statistics.median(a / b for a, b in pairs) if pairs else None

    def comparison(self, words, rows, theirs, kind, *limits):
        cells = []
        for name in self.sets:
            limit = limits[1 if name == "B" else 0]
            reference = next((row for row in theirs if self.runs(row, name)), None)
            ours = next((row for row in rows if self.runs(row, name)), None)
            if reference is None or ours is None:
                cells += ["-", "-"]
                continue
            ratio = self.quotient(ours, reference, name) if kind == "ratio" else self.quotient(reference, ours, name)
            met = ratio <= limit if kind == "ratio" else ratio >= limit
            cells += ["%s %gx" % ("at most" if kind == "ratio" else "at least", limit), times(ratio, met)]
        return "| %s | %s |" % (words, " | ".join(cells))

    def comparisons(self):
        lines = ["| what |" + "".join(" %s: target | %s: measured |" % (name, name) for name in self.sets),
                 "| --- |" + " --- | --- |" * len(self.sets)]
        return lines + [self.comparison(*row) for row in COMPARISONS]

    def decisions(self):
        ours = self.median("engine_batch", "S")
        lines = []
        for words, row, limit in DECISIONS:
            found = [values for name, values in self.document["times"].items() if name.startswith(row + "/")]
            if found and ours:
                ratio = statistics.median(found[0]) / ours
                lines.append("| %s | at least %gx | %s |" % (words, limit, times(ratio, ratio >= limit)))
        if lines:
            lines = ["", "| one decision in Node, against one whole event of ours (S) | target | measured |", "| --- | --- | --- |"] + lines
        return lines

    def nanoseconds(self):
        lines = ["| nanoseconds an event, medians [least..most] | %s |" % " | ".join(self.sets), "| --- |" + " --- |" * len(self.sets)]
        for words, row in TIMES:
            cells = []
            for name in self.sets:
                runs = self.runs(row, name)
                cells.append("%.1f [%.1f..%.1f]" % (statistics.median(runs), min(runs), max(runs)) if runs else "-")
            if any(cell != "-" for cell in cells):
                lines.append("| %s | %s |" % (words, " | ".join(cells)))
        return lines

    def loads(self):
        lines = []
        for row, words, limit in (("load/reduced", "the reduced policy (315 lines)", 1), ("load/whole", "the whole OCR policy", 10)):
            runs = self.document["times"].get(row)
            if runs:
                median = statistics.median(runs)
                lines.append("| %s | at most %d ms | **%.2f ms**%s |" % (words, limit, median, "" if median <= limit else " (missed)"))
        return ["| parse, check and plan | target | measured |", "| --- | --- | --- |"] + lines if lines else []

    def memory(self):
        lines = []
        memory = self.document["memory"]
        for name in self.sets:
            held, states = memory.get("bytes/engine_batch/" + name), memory.get("states/kernel_ahead/" + name)
            if held and states:
                lines.append("| %s | accounts and index, a pool that an account has used | at most 160 B | **%.0f B** |" % (name, held / states))
            ours, theirs = memory.get("rss/engine_batch/" + name), memory.get("rss/kernel_ahead/" + name)
            if ours and theirs:
                lines.append("| %s | growth of the process, to the kernel's | at most 1.3x | **%.2gx** (%d MiB, %d MiB) |" % (
                    name, ours / theirs, ours // 2 ** 20, theirs // 2 ** 20))
            if "rss/toll_run/" + name in memory:
                lines.append("| %s | `toll run`, the whole process | | %d MiB |" % (name, memory["rss/toll_run/" + name] // 2 ** 20))
        return ["| set | memory | target | measured |", "| --- | --- | --- | --- |"] + lines if lines else []

    def machine(self):
        machine = self.document["machine"]
        scale = "" if self.document["scale"] == 1 else ", events of A and B divided by %d" % self.document["scale"]
        runs = max(len(runs) for runs in self.document["times"].values())
        lines = ["Measured on %s: %s, %d cores, %s; load of the machine while it ran %g to %g; %d repetitions%s." % (
            self.document["date"], machine["cpu"].strip(), machine["cores"], machine["compiler"], min(machine["loads"]), max(machine["loads"]),
            runs, scale)]
        for name, size in sorted(self.document["sets"].items()):
            lines.append("Set %s: %.2g million calls, as structs and as short lines of %.0f bytes." % (name, size["lines"] / 1e6, size["line_bytes"] / size["lines"]))
            if "events" in size:
                written = self.document["memory"].get("ledger_bytes/contract/" + name, 0) / size["events"]
                lines.append("Set %s as events of the contract: %.2g million of %.0f bytes in, %.0f bytes of ledger out for each." % (
                    name, size["events"] / 1e6, size["event_bytes"] / size["events"], written))
        return lines


def section(name, lines, text):
    """Puts lines between the comments that name a section."""
    start, end = "<!-- %s -->\n" % name, "<!-- end of %s -->" % name
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    return before + start + "\n".join(lines) + "\n" + end + after


def growth_lines(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        growth = json.load(file)
    lines = ["| what grows | from | to | nanoseconds an event (milliseconds a load), from small to large |", "| --- | --- | --- | --- |"]
    for plot in growth["plots"]:
        values = ", ".join("%.3g" % point["value"] for point in plot["points"])
        lines.append("| [%s](performance-%s.svg) | %s | %s | %s |" % (plot["title"], plot["name"], plot["points"][0]["label"],
                                                                       plot["points"][-1]["label"], values))
    return lines


def main():
    parser = argparse.ArgumentParser(description="Prints the tables of docs/performance.md.")
    parser.add_argument("--json", default=os.path.join(RESULTS, "bench.json"))
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    with open(arguments.json, encoding="utf-8") as file:
        table = Table(json.load(file))
    sections = {"targets": table.comparisons() + table.decisions(), "times": table.nanoseconds(), "load": table.loads(),
                "memory": table.memory(), "machine": table.machine(), "growth": growth_lines(os.path.join(RESULTS, "growth.json"))}
    if not arguments.write:
        print("\n\n".join("\n".join(lines) for lines in sections.values() if lines))
        return
    with open(DOCUMENT, encoding="utf-8") as file:
        text = file.read()
    for name, lines in sections.items():
        text = section(name, lines, text)
    with open(DOCUMENT, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
