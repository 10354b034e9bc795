"""The state of one account, how it writes its ledger, and what several kinds of events share:
grants, the payment machine and the opening of the service."""
from collections import namedtuple

import facts
from instants import (DAY, HOUR, MINUTE, SECOND, add_years, month_of, month_start, show_instant,
                      show_month)

BILL_DAY = 3
GRACE = 24 * HOUR
WAKE_AFTER = 2 * MINUTE

# When an entry takes effect and which event or timer caused it. For a late event `time` lies
# before the account's clock: entries and validity use the event's own time, grants the clock.
Moment = namedtuple("Moment", "time cause")


class Bucket:
    def __init__(self, name, pool, kind, size, starts, ends):
        self.name = name
        self.pool = pool
        self.kind = kind          # "free" or "paid"
        self.size = size
        self.left = size
        self.starts = starts
        self.ends = ends
        self.arrival = None
        # Of packs only:
        self.is_bought = False
        self.is_refunded = False
        self.returnable = 0       # what a refund pays back: everything paid but the voucher

    def is_usable(self, instant):
        return self.left > 0 and self.starts <= instant < self.ends

    def drawing_key(self):
        return ({"free": 0, "paid": 1}[self.kind], self.starts, self.ends, self.arrival)


class ItemMonth:
    """What one billing item used in one month, and what was billed for it."""

    def __init__(self):
        self.domestic = 0              # all billable domestic units: they choose the tier
        self.postpaid = 0
        self.overseas = 0
        self.overseas_billed = 0
        self.billed = None             # amount billed so far, None if never
        self.contracts_known = None    # how many contracts the account had when first billed
        self.open_class = None         # class of the line that waits for a price, if one does


class Account:
    def __init__(self, name, ledger):
        self.name = name
        self.ledger = ledger
        self.clock = None
        self.accepted = {}             # (source, id) -> content
        # service
        self.service = "none"          # "none", "open", "closed"
        self.opened_at = None
        self.interfaces = set()
        self.postpaid_choice = None    # the customer's switch, None if never touched
        # buckets
        self.buckets = []
        self.packs = {}                # order -> Bucket
        # grants
        self.monthly_issued = set()    # (pool, month)
        self.once_issued = set()       # pool
        self.next_month = None         # instant of the next grants
        self.last_active = None        # last use or opening
        self.is_withheld = False       # this month's grants are withheld: dormant
        self.wake_at = None
        self.waiting_month = False     # this month's grants wait for the end of a stop
        self.waiting_openings = set()  # interfaces opened during a stop
        # money
        self.balance = 0
        self.payment = "good"          # "good", "arrears", "stopped"
        self.stop_at = None
        self.conduct = "clean"         # "clean", "violating"
        self.next_settlement = None
        self.item_months = {}          # (item, month) -> ItemMonth
        self.contracts = []            # in the order given
        self.addons = []

    # ---- the clock

    def start_timers(self, instant):
        """Timers run from the first opening on. Where that was late, the first deadlines have
        passed already; they fire before the next event on time, each at its own instant."""
        month = month_of(instant)
        self.next_month = month_start(month + 1)
        self.next_settlement = settlement_of(month - 1)
        if self.next_settlement <= instant:
            self.next_settlement = settlement_of(month)

    # ---- the ledger

    def write(self, moment, kind, **members):
        self.ledger.write(self.name, show_instant(moment.time), moment.cause, kind, members)

    def move(self, moment, machine, to):
        members = {"machine": machine, "from": getattr(self, machine), "to": to}
        setattr(self, machine, to)
        self.write(moment, "state", **members)

    # ---- what is so now

    def is_stopped(self):
        return self.payment == "stopped" or self.conduct == "violating"

    def is_postpaid_on(self):
        if self.postpaid_choice is not None:
            return self.postpaid_choice
        return (self.opened_at is not None
                and self.opened_at < facts.POSTPAID_ON_IF_OPENED_BEFORE)

    def usable_buckets(self, pool, instant):
        """In drawing order."""
        return sorted((bucket for bucket in self.buckets
                       if bucket.pool == pool and bucket.is_usable(instant)),
                      key=Bucket.drawing_key)

    def item_month(self, item, instant):
        return self.item_months.setdefault((item, month_of(instant)), ItemMonth())

    # ---- buckets and grants

    def add_bucket(self, bucket):
        bucket.arrival = len(self.buckets)
        self.buckets.append(bucket)

    def issue_monthly(self, interfaces):
        month = month_of(self.clock)
        for grant in self._grants_for(interfaces):
            if grant.is_monthly and (grant.pool, month) not in self.monthly_issued:
                self.monthly_issued.add((grant.pool, month))
                name = "free:%s:%s" % (grant.pool, show_month(month))
                self._issue(grant, name, month_start(month + 1))

    def issue_once(self, interfaces):
        for grant in self._grants_for(interfaces):
            if not grant.is_monthly and grant.pool not in self.once_issued:
                self.once_issued.add(grant.pool)
                # The anniversary second is still usable.
                ends = add_years(self.clock, grant.years) + SECOND
                self._issue(grant, "free:%s:once" % grant.pool, ends)

    def _grants_for(self, interfaces):
        edition = facts.edition_at(self.clock)
        pools = facts.pools_of(interfaces, edition)
        return [grant for grant in facts.GRANTS[edition] if grant.pool in pools]

    def _issue(self, grant, name, ends):
        self.add_bucket(Bucket(name, grant.pool, "free", grant.amount, self.clock, ends))

    # ---- opening, use, and the end of a stop

    def open_service(self, moment, named):
        """An opening of the named interfaces; it opens a closed service for all it has."""
        granted = named if self.service == "open" else set(self.interfaces)
        if self.service == "closed":
            self.move(moment, "service", "open")
        self.service = "open"
        self.note_activity(moment.time)
        if self.is_stopped():
            self.waiting_openings |= granted
        else:
            self.issue_monthly(granted)
            self.issue_once(granted)

    def note_activity(self, instant):
        if self.last_active is None or instant > self.last_active:
            self.last_active = instant

    def note_use(self, instant):
        self.note_activity(instant)
        if self.is_withheld:
            self.is_withheld = False
            self.wake_at = self.clock + WAKE_AFTER

    def is_dormant(self, instant):
        return self.last_active is not None and add_years(self.last_active, 1) <= instant

    def after_stop(self):
        """Issues what waited for the end of a stop, if this was the last one."""
        if self.is_stopped():
            return
        openings, self.waiting_openings = self.waiting_openings, set()
        month, self.waiting_month = self.waiting_month, False
        if self.service == "open":
            self.issue_monthly(openings)
            self.issue_once(openings)
            if month:
                self.issue_monthly(self.interfaces)

    # ---- money

    def pay(self, moment, amount):
        """Books a credit, or a debit as a negative amount."""
        self.balance += amount
        self.write(moment, "payment", amount=Money(amount), balance=Money(self.balance))
        if self.payment == "good" and self.balance < 0:
            self.move(moment, "payment", "arrears")
            self.stop_at = moment.time + GRACE
        elif self.payment != "good" and self.balance >= 0:
            was_stopped = self.payment == "stopped"
            self.move(moment, "payment", "good")
            self.stop_at = None
            if was_stopped:
                self.after_stop()


def settlement_of(month):
    """The instant at which a month is settled."""
    return month_start(month + 1) + (BILL_DAY - 1) * DAY


class Money(int):
    """Millionths of a yuan; printed as a decimal with at least two digits after the point."""

    def __str__(self):
        whole, fraction = divmod(abs(int(self)), facts.MICROS)
        digits = ("%06d" % fraction).rstrip("0").ljust(2, "0")
        return "%s%d.%s" % ("-" if self < 0 else "", whole, digits)
