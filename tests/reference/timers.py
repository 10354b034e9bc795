"""The timers of an account and the order in which they fire."""
import billing
from account import Moment, settlement_of
from instants import month_of, month_start


def on_settlement(account, at):
    month = month_of(at) - 1
    account.next_settlement = settlement_of(month + 1)
    billing.settle(account, Moment(at, "timer:settlement"), month)


def on_end_of_grace(account, at):
    account.stop_at = None
    account.move(Moment(at, "timer:arrears"), "payment", "stopped")


def on_month_start(account, at):
    """Grants of a new month; those of the old one no longer wait for anything."""
    account.next_month = month_start(month_of(at) + 1)
    account.is_withheld = False
    account.waiting_month = False
    if account.service != "open":
        return
    if account.is_dormant(at):
        account.is_withheld = True
    elif account.is_stopped():
        account.waiting_month = True
    else:
        account.issue_monthly(account.interfaces)


def on_wake(account, at):
    account.wake_at = None
    # A new month may have begun since the use that woke the account, and be withheld itself
    # where that use was a late one.
    if account.service != "open" or account.is_withheld:
        return
    if account.is_stopped():
        account.waiting_month = True
    else:
        account.issue_monthly(account.interfaces)


def run_timers(account, until):
    """Fires all that is due up to and including `until`: by time, then in the order listed here.
    Expiry comes before them all and needs no timer, as validity ends before its last instant."""
    while True:
        due = [(at, rank, timer) for rank, (at, timer) in enumerate((
            (account.next_settlement, on_settlement),
            (account.stop_at, on_end_of_grace),
            (account.next_month, on_month_start),
            (account.wake_at, on_wake),
        )) if at is not None and at <= until]
        if not due:
            return
        at, _, timer = min(due, key=lambda entry: entry[:2])
        account.clock = at
        timer(account, at)
