"""Random event histories as JSON lines, the same for the same arguments.

histories.py --seed N --accounts N [--mode plain|late|bad|edges]

plain  events in the order of their times
late   also events of every type that are older than the account's clock
edges  mostly instants at which something changes, and one second or one nanosecond beside them
bad    also lines that cannot be read, of every kind that the contract names
"""
import argparse
import json
import random
import sys

from account_history import account_history
from bad_lines import with_bad_lines


def histories(seed, accounts, mode):
    """The lines, as bytes: the accounts' histories, each in its order, mixed with each other."""
    rng = random.Random("%s/%s" % (seed, mode))
    waiting = []
    for number in range(accounts):
        events = account_history(seed, "acct-%d" % (number + 1), mode)
        if mode == "bad":
            lines = with_bad_lines(rng, events)
        else:
            lines = [json.dumps(event, ensure_ascii=False).encode() for event in events]
        waiting.append(iter(lines))
    while waiting:
        # Only some accounts take turns at a time, as in a real stream.
        turn = rng.randrange(min(len(waiting), 5))
        line = next(waiting[turn], None)
        if line is None:
            waiting.pop(turn)
        else:
            yield line


def main():
    parser = argparse.ArgumentParser(description="Prints random event histories.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--accounts", type=int, required=True)
    parser.add_argument("--mode", choices=["plain", "late", "bad", "edges"], default="plain")
    arguments = parser.parse_args()
    for line in histories(arguments.seed, arguments.accounts, arguments.mode):
        sys.stdout.buffer.write(line + b"\n")


if __name__ == "__main__":
    main()
