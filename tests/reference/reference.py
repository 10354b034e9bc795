"""The reference: reads events, prints the ledger.  reference.py EVENTS [--until TIME]

Written straight from the contract and the decisions, to be slow and obvious: its ledger is what
the engine's must equal, entry for entry. It shares no code and no structure with the engine.
"""
import argparse
import json
import sys

import billing
import calls
import orders
from account import Account, Money, Moment
from instants import parse_instant, show_instant
from reading import read_line
from timers import run_timers

HANDLERS = {
    "service.opened": orders.on_service_opened,
    "service.closed": orders.on_service_closed,
    "call": calls.on_call,
    "pack.purchased": orders.on_pack_purchased,
    "pack.granted": orders.on_pack_granted,
    "refund.requested": orders.on_refund_requested,
    "postpaid.set": orders.on_postpaid_set,
    "account.credited": billing.on_account_credited,
    "violation.flagged": orders.on_violation_flagged,
    "violation.cleared": orders.on_violation_cleared,
    "qps.purchased": orders.on_qps_purchased,
    "contract.priced": billing.on_contract_priced,
    "clock": lambda account, moment, fields: None,
}


class Ledger:
    """Numbers the entries of each account and hands them on as JSON objects."""

    def __init__(self, sink):
        self.sink = sink
        self.last_seq = {}

    def write(self, account, time, cause, kind, members):
        seq = self.last_seq[account] = self.last_seq.get(account, 0) + 1
        entry = {"seq": seq, "account": account, "time": time, "cause": cause, "kind": kind}
        entry.update((name, value) for name, value in members.items() if value is not None)
        self.sink(_printable(entry))


def _printable(value):
    if isinstance(value, dict):
        return {name: _printable(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_printable(member) for member in value]
    return str(value) if isinstance(value, Money) else value


class Reference:
    def __init__(self, sink):
        self.ledger = Ledger(sink)
        self.accounts = {}
        self.latest = None   # the greatest time read, be its event readable or not

    def read(self, number, raw):
        line = read_line(number, raw)
        if line.time is not None and (self.latest is None or line.time > self.latest):
            self.latest = line.time
        self.apply(line)

    def apply(self, line):
        """An event that is refused as an error leaves no trace but its entry."""
        account = self.accounts.get(line.account) or Account(line.account, self.ledger)
        if line.has_identity and (line.source, line.id) in account.accepted:
            is_same = account.accepted[line.source, line.id] == line.content
            self.write_error(line, "duplicate" if is_same else "duplicate-id")
            return
        error = line.error
        if error is None and line.type in ("pack.purchased", "pack.granted"):
            error = orders.refuse_pack(account, line.fields)
        if error is not None:
            self.write_error(line, error)
            return
        self.accounts[line.account] = account
        account.accepted[line.source, line.id] = line.content
        # A late event finds the account as it is: no timer fires before it.
        if account.clock is None or line.time >= account.clock:
            run_timers(account, line.time)
            account.clock = line.time
        HANDLERS[line.type](account, Moment(line.time, line.id), line.fields)

    def write_error(self, line, code):
        time = None if line.time is None else show_instant(line.time)
        self.ledger.write(line.account, time, line.id,
                          "duplicate" if code == "duplicate" else "error",
                          {"code": code, "line": line.number})

    def finish(self, until):
        until = self.latest if until is None else until
        if until is not None:
            for account in self.accounts.values():
                run_timers(account, until)


def run(lines, until=None):
    """The ledger of the lines (bytes without their ends) as a list of entries."""
    entries = []
    reference = Reference(entries.append)
    for number, raw in enumerate(lines, 1):
        if raw.strip(b" \t\r"):
            reference.read(number, raw)
    reference.finish(until)
    return entries


def lines_of(content):
    lines = content.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def main():
    parser = argparse.ArgumentParser(description="Prints the ledger of a file of events.")
    parser.add_argument("events", help="file of JSON lines, - for standard input")
    parser.add_argument("--until", help="time up to which timers fire")
    arguments = parser.parse_args()
    until = None
    if arguments.until is not None:
        until = parse_instant(arguments.until)
        if until is None:
            parser.error("--until is no time")
    if arguments.events == "-":
        content = sys.stdin.buffer.read()
    else:
        with open(arguments.events, "rb") as file:
            content = file.read()
    entries = run(lines_of(content), until)
    sys.stdout.reconfigure(encoding="utf-8")
    for entry in entries:
        print(json.dumps(entry, ensure_ascii=False))
    return 1 if any(entry["kind"] == "error" for entry in entries) else 0


if __name__ == "__main__":
    sys.exit(main())
