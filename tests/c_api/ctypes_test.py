#!/usr/bin/env python3
"""Toll from Python by way of its C interface, with nothing compiled in between: threads, and a restart.

    ctypes_test.py LIBRARY REPO_ROOT
"""
import ctypes
import json
import sys
import threading
from pathlib import Path

SINK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(ctypes.c_char), ctypes.c_size_t)


def library(path):
    toll = ctypes.CDLL(path)
    toll.toll_error.restype = toll.toll_policy_report.restype = ctypes.c_char_p
    toll.toll_policy_load.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)]
    toll.toll_policy_free.argtypes = toll.toll_runner_free.argtypes = [ctypes.c_void_p]
    toll.toll_runner_new.argtypes = [ctypes.c_void_p, SINK, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)]
    toll.toll_runner_feed.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint64]
    toll.toll_runner_advance.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    toll.toll_runner_accounts.argtypes = [ctypes.c_void_p, SINK, ctypes.c_void_p]
    toll.toll_runner_save.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, SINK, ctypes.c_void_p]
    toll.toll_runner_restore.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
    return toll


class Runner:
    def __init__(self, toll, policy):
        self.toll, self.lines, self.handle = toll, [], ctypes.c_void_p()
        self.sink = SINK(lambda context, text, size: self.lines.append(text[:size]))
        assert toll.toll_runner_new(policy, self.sink, None, ctypes.byref(self.handle)) == 0, toll.toll_error()

    def feed(self, line):
        return self.toll.toll_runner_feed(self.handle, line, len(line), 0)

    def collect(self, call, *arguments):
        kept = []
        sink = SINK(lambda context, text, size: kept.append(text[:size]))
        assert call(self.handle, *arguments, sink, None) == 0, self.toll.toll_error()
        return kept

    def states(self):
        return {name: self.collect(self.toll.toll_runner_save, name, len(name))[0]
                for name in self.collect(self.toll.toll_runner_accounts)}

    def free(self):
        self.toll.toll_runner_free(self.handle)


def main():
    toll, folder = library(sys.argv[1]), Path(sys.argv[2]) / "examples/trunk-calls"
    policy = ctypes.c_void_p()
    assert toll.toll_policy_load(str(folder).encode(), None, ctypes.byref(policy)) == 0, toll.toll_error()
    events = (folder / "events.jsonl").read_bytes().splitlines()
    until = b"2026-01-01T00:00:00Z"

    def straight(into):
        runner = Runner(toll, policy)
        for line in events:
            runner.feed(line)
        assert toll.toll_runner_advance(runner.handle, until) == 0
        runner.free()
        into.append(runner.lines)

    # One policy, four threads, a runner each.
    ledgers = []
    threads = [threading.Thread(target=straight, args=(ledgers,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledgers) == 4 and all(ledger == ledgers[0] for ledger in ledgers)
    assert any(json.loads(line).get("miles") for line in ledgers[0]), "no hook was called"

    # Stopped and started again before each event.
    states, lines = {}, []
    for line in [*events, None]:
        runner = Runner(toll, policy)
        for name, state in states.items():
            assert toll.toll_runner_restore(runner.handle, name, len(name), state, len(state)) == 0, toll.toll_error()
        if line is None:
            toll.toll_runner_advance(runner.handle, until)
        else:
            runner.feed(line)
        states = runner.states()
        lines += runner.lines
        runner.free()
    by_account = [sorted(every, key=lambda line: (json.loads(line)["account"], json.loads(line)["seq"]))
                  for every in (lines, ledgers[0])]
    assert by_account[0] == by_account[1]
    toll.toll_policy_free(policy)
    print(f"{len(events)} events, {len(lines)} entries")


if __name__ == "__main__":
    main()
