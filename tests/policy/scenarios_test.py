#!/usr/bin/env python3
"""The policy's own scenarios pass, and checking it is silent.  scenarios_test.py TOLL POLICY"""
import json
import subprocess
import sys


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout, done.stderr


def main():
    toll, policy = sys.argv[1:]
    failures = []

    status, out, err = run(toll, "check", policy)
    print("check: exit %d, %d bytes said" % (status, len(out) + len(err)))
    if status != 0 or out or err:
        failures.append("`toll check` is not silent\n%s%s" % (out, err))

    status, out, err = run(toll, "test", policy)
    print(out, end="")
    if status != 0:
        failures.append("`toll test` exits with %d\n%s" % (status, err))

    status, out, err = run(toll, "--json", "test", policy)
    report = json.loads(out)
    if report["failed"] != len({(failure["scenario"], failure.get("row"))
                                    for failure in report["failures"]}):
        failures.append("the report's failures do not add up")
    if report["passed"] < 20:
        failures.append("only %d scenarios ran" % report["passed"])

    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
