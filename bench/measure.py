#!/usr/bin/env python3
"""Measures Toll beside the same policy written by hand, and beside other engines where their programs are given.

    measure.py BENCH TOLL --work DIR [--sets S,A,B] [--repetitions 5] [--scale 1] [--peers DIR] [--kinds cpp,lua,duckdb,node] [--json FILE]

Every repetition runs every program once, so that what else the machine does meets all alike. Times are the own (CPU) time
of the thread that works, or of the process where it is a command; Node's engines use several threads and are timed by the
clock on the wall. --peers: a folder with a Makefile and the programs bin/gen, bin/kernel, bin/vm, bin/jsonl (cpp), bin/lua54 and bin/luajit (lua),
node/duck.mjs (duckdb), node/engines.mjs (node). What is made, data above all (6 GB for all sets), is kept in the folder DIR.

Contract's events: on the first set only, whose events are not divided. The whole policy on set B: once.
"""
import argparse
import datetime
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
SIZES = {"S": (1000, 300000, 42), "A": (10000, 10000000, 42), "B": (1000000, 10000000, 43)}
POLICY = os.path.join(ROOT, "rules", "tencent-ocr")
CPP = ["bin/gen", "bin/kernel", "bin/vm", "bin/jsonl"]
LUA = ["bin/lua54", "bin/luajit"]


def log(text):
    print(text, file=sys.stderr, flush=True)


def scale_of(arguments, name):
    return 1 if name == arguments.sets[0] else arguments.scale


class Results:
    def __init__(self):
        self.times = {}
        self.memory = {}

    def add(self, name, value):
        self.times.setdefault(name, []).append(round(value, 3))


def write_sets(arguments):
    """The sets as lines of JSON, unless they are there; returns events and bytes of each."""
    sets = {}
    for name in arguments.sets:
        sets[name] = {}
        for kind in ("lines", "events") if name == arguments.sets[0] else ("lines",):
            scale = scale_of(arguments, name)
            known = os.path.join(arguments.data, "%s.%s.json" % (name, kind))
            if not os.path.exists(known):
                log("writing %s of set %s" % (kind, name))
                done = subprocess.run([arguments.bench, "--scale=%d" % scale, "--data=" + arguments.data, "--write-%s=%s" % (kind, name)],
                                      check=True, capture_output=True, text=True)
                with open(known, "w", encoding="utf-8") as file:
                    file.write(done.stdout)
            with open(known, encoding="utf-8") as file:
                sets[name].update(json.load(file))
    return sets


def prepare_peers(arguments):
    """A copy of the peers' folder, built, with the sets; null if there is none."""
    if not arguments.peers:
        return None
    folder = os.path.join(arguments.work, "peers" if arguments.scale == 1 else "peers-%d" % arguments.scale)
    if not os.path.exists(folder):
        shutil.copytree(arguments.peers, folder)
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)
    os.makedirs(os.path.join(folder, "bin"), exist_ok=True)
    os.makedirs(os.path.join(folder, "data"), exist_ok=True)
    os.makedirs(os.path.join(folder, "out"), exist_ok=True)
    subprocess.run(["make", "-s", "-C", folder] + CPP, check=True)
    if "lua" in arguments.kinds:
        subprocess.run(["make", "-s", "-C", folder] + LUA, check=True)
    if "node" in arguments.kinds or "duckdb" in arguments.kinds:
        if not os.path.exists(os.path.join(folder, "node", "node_modules")):
            subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=os.path.join(folder, "node"), check=True)
    for name in arguments.sets:
        if not os.path.exists(os.path.join(folder, "data", name, "events.jsonl")):
            log("the peers' set " + name)
            accounts, events, seed = SIZES[name]
            subprocess.run(["bin/gen", "data/" + name, str(accounts), str(events // scale_of(arguments, name)), str(seed), "j"], cwd=folder,
                           check=True, stdout=subprocess.DEVNULL)
    return folder


def run_bench(arguments, results, name, repetition):
    rows = "^(kernel|engine).*/%s/" % name
    if name == "B" and repetition > 0:  # a million accounts under the whole policy take half a minute, and 4 GB
        rows = "^(kernel.*|engine_(batch|record|single|two_threads|lines))/B/"
    if name == arguments.sets[0]:
        rows += "|^load|^contract/%s/" % name
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [arguments.bench, "--scale=%d" % scale_of(arguments, name), "--data=" + arguments.data,
                   "--benchmark_filter=" + rows, "--benchmark_min_time=0.05",
                   "--benchmark_out=" + out.name, "--benchmark_out_format=json"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(out.name, encoding="utf-8") as file:
            runs = json.load(file)["benchmarks"]
    for run in runs:
        row = "/".join(run["name"].split("/")[:2])
        if "events" in run:
            results.add(row, run["real_time"] * 1e6 / run["events"])
        else:
            results.add(row, run["cpu_time"])
        for counter in ("bytes", "states", "rss", "ledger_bytes"):
            if counter in run:
                results.memory["%s/%s" % (counter, row)] = run[counter]


def run_toll(arguments, results, row, policy, name, events):
    """The command, wholly: lines in, a ledger out, loading included."""
    if not os.path.exists(arguments.toll):
        return
    command = [arguments.toll, "run", policy, "--events", os.path.join(arguments.data, name + ".events.jsonl"),
               "--ledger", "/dev/null"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit("toll run: status %d on set %s" % (status, name))
    results.add("%s/%s" % (row, name), (usage.ru_utime + usage.ru_stime) * 1e9 / events)
    results.memory["rss/%s/%s" % (row, name)] = usage.ru_maxrss * 1024


def run_peer(results, folder, command, preload):
    """A peer's own report, a line of JSON for each thing that it timed."""
    environment = dict(os.environ, LD_PRELOAD=preload) if preload else None
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            run = json.loads(line)
            results.add("%s/%s" % (run["impl"], run.get("set", "-")), run["ns"])
            if "rss_less_events_mb" in run:
                results.memory["rss/%s/%s" % (run["impl"], run["set"])] = round(run["rss_less_events_mb"] * 2 ** 20)
                results.memory["charge/%s/%s" % (run["impl"], run["set"])] = run["charge"]
    if done.returncode != 0:
        log("failed: %s: %s" % (" ".join(command), done.stderr.strip()[-300:]))


def run_peers(arguments, results, folder, preload, name):
    data = "data/" + name
    if "cpp" in arguments.kinds:
        for mode in ("pf", "plain", "emit", "mt2"):
            run_peer(results, folder, ["bin/kernel", data, mode], preload)
        run_peer(results, folder, ["bin/vm", data, "pf"], preload)
        for mode in ("ondemand", "simdjson", "fixed"):
            run_peer(results, folder, ["bin/jsonl", data, mode], preload)
    if "lua" in arguments.kinds:
        run_peer(results, folder, ["bin/luajit", data, "ffi", "lua/policy_ffi.lua"], preload)
        run_peer(results, folder, ["bin/luajit", data, "call", "lua/policy.lua"], preload)
        run_peer(results, folder, ["bin/lua54", data, "call", "lua/policy.lua"], preload)
    if "duckdb" in arguments.kinds:
        run_peer(results, folder, ["node", "node/duck.mjs", name, "segment", "2"], None)
    if "node" in arguments.kinds and name == "S":
        run_peer(results, folder + "/node", ["node", "engines.mjs", "1"], None)


def cpu_name():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return re.search(r"model name\s*: (.*)", file.read())[1]
    except (OSError, TypeError):
        return platform.processor()


def first_line(command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\n")[0]


def save(arguments, sets, results, loads):
    document = {
        "schema_version": 1,
        "date": datetime.date.today().isoformat(),
        "machine": {"cpu": cpu_name(), "cores": os.cpu_count(), "loads": loads, "system": platform.platform(),
                    "compiler": first_line(["c++", "--version"])},
        "scale": arguments.scale,
        "sets": sets,
        "times": results.times,
        "memory": results.memory,
    }
    text = json.dumps(document, indent=1, sort_keys=True)
    text = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: "[" + re.sub(r"\s+", " ", found[1]) + "]", text)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    elif len(loads) == arguments.repetitions:
        print(text)


def main():
    parser = argparse.ArgumentParser(description="Measures Toll beside others.")
    parser.add_argument("bench")
    parser.add_argument("toll")
    parser.add_argument("--work", required=True, help="folder for data and the peers' programs")
    parser.add_argument("--sets", default="S,A,B")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--scale", type=int, default=1, help="divides the number of events, but of the first set")
    parser.add_argument("--peers", default=os.environ.get("PEERS"))
    parser.add_argument("--kinds", default="cpp", help="of peers: cpp, lua, duckdb, node")
    parser.add_argument("--json", help="file for what was measured")
    arguments = parser.parse_args()
    arguments.sets = arguments.sets.split(",")
    arguments.bench, arguments.toll = os.path.abspath(arguments.bench), os.path.abspath(arguments.toll)
    arguments.work = os.path.abspath(arguments.work)
    arguments.data = os.path.join(arguments.work, "data-%d" % arguments.scale)
    arguments.kinds = arguments.kinds.split(",")
    os.makedirs(arguments.data, exist_ok=True)

    results = Results()
    sets = write_sets(arguments)
    folder = prepare_peers(arguments)
    preload = os.path.join(os.path.dirname(arguments.bench), "libtoll_own_time.so")
    loads = []
    for repetition in range(arguments.repetitions):
        log("repetition %d of %d" % (repetition + 1, arguments.repetitions))
        loads.append(round(os.getloadavg()[0], 1))
        for name in arguments.sets:
            run_bench(arguments, results, name, repetition)
            if folder:
                run_peers(arguments, results, folder, preload, name)
        first = arguments.sets[0]
        run_toll(arguments, results, "toll_run", POLICY, first, sets[first]["events"])
        run_toll(arguments, results, "toll_run_lua", POLICY + "-lua", first, sets[first]["events"])
        save(arguments, sets, results, loads)  # a run that is broken off keeps what it has


if __name__ == "__main__":
    main()
