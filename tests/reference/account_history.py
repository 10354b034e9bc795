"""A random history of one account: plausible enough to reach every rule, odd enough to reach the
instants and amounts at which rules change. To aim at those, the history is run as it grows."""
import json
import random

import facts
from account import Account, Money
from fields import (BILLABLE, call_fields, contract_fields, item_without_price, opening_fields,
                    pack_fields, paid_fields, qps_fields)
from instants import (DAY, HOUR, MINUTE, SECOND, add_months, add_years, midnight, month_of,
                      month_start, parse_instant)
from reading import read_line
from reference import Reference
from spelling import Spelling
from timers import run_timers

# Where histories begin: around every date at which the policy itself changes, and a leap day.
EPOCHS = [parse_instant(text + "T00:00:00+08:00") for text in (
    "2020-06-20", "2021-11-25", "2025-05-20", "2025-06-20", "2025-07-01", "2025-11-11",
    "2024-01-25", "2019-12-31")]
POLICY_DATES = [facts.SWITCH_TO_2025, facts.CODES_BILL_FROM, facts.POSTPAID_ON_IF_OPENED_BEFORE]

# Groups of interfaces that an account concentrates on, so that buckets run out and tiers fill.
FOCUS = [
    ["银行卡识别"], ["身份证识别", "身份证识别（安全加密版）"], ["行驶证识别", "驾驶证识别"],
    ["混贴票据识别", "火车票识别", "金融票据整单识别"], ["混贴票据识别"], ["混贴票据分类"],
    ["文档抽取（多模态版）"], ["文档抽取（多模态Pro版）"], ["条码信息查询"], ["健康码识别"],
    ["增值税发票核验", "增值税发票核验（新版）"], ["营业执照识别及核验（基础版）"],
    ["图片文字识别（基础版）", "快速文本检测", "广告文字识别"], ["商户照片分类", "试卷切题"],
    ["通用印刷体识别", "通用印刷体识别（高速版）"], ["医疗票据识别"], ["名片识别"],
    ["表格识别（V3）", "表格识别"], ["护照识别（港澳台地区及境外护照）", "户口本识别"], ["数学公式识别"],
]

WEIGHTS = {
    "call": 60, "pack.purchased": 6, "pack.granted": 3, "refund.requested": 5, "postpaid.set": 4,
    "account.credited": 7, "violation.flagged": 2, "violation.cleared": 3, "service.closed": 3,
    "service.opened": 5, "qps.purchased": 5, "contract.priced": 4, "clock": 3,
}


class AccountHistory:
    def __init__(self, rng, name, mode):
        self.rng = rng
        self.name = name
        self.mode = mode
        self.spelling = Spelling(rng)
        self.now = rng.choice(EPOCHS) + rng.randrange(20 * 24) * HOUR + rng.randrange(3600) * SECOND
        if mode != "late" and rng.random() < 0.15:
            self.now = rng.choice(POLICY_DATES) + rng.choice(self.deltas())
        self.marks = list(POLICY_DATES)   # instants at which something may change
        self.reference = Reference(lambda entry: None)
        self.orders = []
        self.addons = []                  # data of the QPS orders
        self.months = {month_of(self.now)}
        self.events = []
        self.steps_awake = 9              # steps since a long silence
        self.owes_soon = False            # a month may have been settled just now
        self.stopped_by = None            # roughly: the type of the last event that stops calls
        self.focus = self.choose_focus()
        self.is_sleepy = rng.random() < 0.2    # long silences, for dormancy
        self.is_busy = rng.random() < 0.35     # bulk records that reach the high tiers
        self.unquoted = []                     # items that may wait for a price

    def choose_focus(self):
        """One group that the edition of the beginning knows, and perhaps others that it may not."""
        known = facts.POOLS_OF[facts.edition_at(self.now)]
        usual = [group for group in FOCUS if facts.interface_name(group[0]) in known]
        groups = self.rng.sample(usual, self.rng.choice([1, 1, 2, 3]))
        if self.rng.random() < 0.2:
            groups.append(self.rng.choice(FOCUS))
        return [name for group in groups for name in group]

    def generate(self, length):
        """The events of the account as JSON-ready dicts, in the order given to the engine."""
        if self.rng.random() < 0.15:     # something before the first opening
            self.add(self.rng.choice(list(WEIGHTS)), self.now)
            self.step()
        opening = self.now
        if self.mode == "late" and self.rng.random() < 0.15:
            # Even the first opening may be older than the clock.
            self.now += self.rng.randrange(100) * DAY
            self.add("clock", self.now)
        self.add("service.opened", opening)
        if self.rng.random() < (0.2 if opening in POLICY_DATES else 0.6):
            self.add("postpaid.set", self.now)
        if self.rng.random() < 0.3:
            self.add("call", self.now)
        for _ in range(length):
            self.step()
            self.one_more()
        return self.events

    def one_more(self):
        rng = self.rng
        if self.events and rng.random() < 0.03:
            self.repeat()
            return
        kind = self.sequel()
        if kind is None:
            kind = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        time = self.now
        if self.mode == "late" and rng.random() < 0.25:
            time = self.late_instant()
        self.add(kind, time)
        if kind == "contract.priced" and time < self.now and rng.random() < 0.5:
            # The debit of a late contract is late too, and the stop that follows a day later.
            late = time + DAY + rng.choice([-SECOND, 0, SECOND, HOUR])
            self.add(rng.choice(["call", "account.credited", "clock"]), min(late, self.now))
        if kind == "qps.purchased" and rng.random() < 0.4:
            for _ in range(rng.randint(2, 5)):
                self.add(kind, time)
        # A stop or a change is only worth something with calls right behind it.
        if kind != "call" and rng.random() < 0.4:
            self.add("call", self.now)

    def sequel(self):
        """The type of event that the last one makes worth trying, or None. Most events should
        meet an account that serves calls, so what stops it must end."""
        rng = self.rng
        if self.steps_awake < 4 and rng.random() < 0.5:
            return rng.choice(["call", "call", "call", "violation.flagged", "violation.cleared",
                               "service.opened", "service.closed"])
        if self.events[-1]["type"] == "pack.purchased" and rng.random() < 0.2:
            return "refund.requested"
        if self.owes_soon and rng.random() < 0.4:
            return "account.credited"
        if self.stopped_by == "violation.flagged" and rng.random() < 0.3:
            return "violation.cleared"
        if self.stopped_by == "service.closed" and rng.random() < 0.4:
            return rng.choice(["service.opened", "pack.purchased"])
        if self.unquoted and rng.random() < 0.15:
            return "contract.priced"
        return None

    # ---- time

    def step(self):
        """Moves the history's clock; boundaries are the point, so they come often."""
        before = month_start(month_of(self.now)) + 2 * DAY
        self.move_clock()
        after = month_start(month_of(self.now)) + 2 * DAY
        self.owes_soon = before < after <= self.now or self.now - after in range(30 * HOUR)
        self.months.add(month_of(self.now))

    def move_clock(self):
        rng = self.rng
        if self.steps_awake < 4:
            # Just woken, perhaps: what happens within the two minutes until grants come?
            self.steps_awake += 1
            self.now += rng.choice([0, MINUTE, 2 * MINUTE + rng.choice(self.deltas()), HOUR])
            return
        share = {"plain": 0.2, "late": 0.2, "bad": 0.1, "edges": 0.6}[self.mode]
        if rng.random() < share:
            self.now = self.boundary()
            return
        pick = rng.random()
        if pick < 0.1:
            return                        # several events at one instant
        if pick < 0.5:
            self.now += rng.randrange(6 * 3600) * SECOND
        elif pick < 0.9:
            self.now += rng.randrange(9 * 86400) * SECOND
        elif pick < 0.96 or not self.is_sleepy:
            self.now += rng.randrange(50 * 86400) * SECOND
        else:
            self.sleep()
        if self.mode == "edges" and rng.random() < 0.3:
            self.now += rng.randrange(SECOND)

    def sleep(self):
        """About a year without events; at times exactly a year, from one 1st to another, or until
        a bucket ends."""
        rng = self.rng
        self.steps_awake = 0
        pick = rng.random()
        ends = [bucket.ends for bucket in self.account().buckets
                if bucket.left and self.now + 100 * DAY < bucket.ends < self.now + 400 * DAY]
        if pick < 0.3 and ends:
            self.now = rng.choice(ends) + rng.choice(self.deltas())
            return
        if pick < 0.7:
            self.now += rng.randrange(330 * 86400, 430 * 86400) * SECOND
            return
        self.now = month_start(month_of(self.now) + 1) + rng.choice(self.deltas())
        self.add("call", self.now)
        self.now = add_years(self.now, 1) + rng.randrange(1, 50) * HOUR

    def boundary(self):
        """An instant at, just before or just after one where timers, validity or windows turn."""
        rng = self.rng
        month = month_of(self.now)
        calendar = [month_start(month + 1), month_start(month) + 2 * DAY,
                    month_start(month + 1) + 2 * DAY, month_start(month) + 3 * DAY,
                    month_start(month + 1) + 3 * DAY, midnight(self.now) + DAY]
        if self.unquoted and rng.random() < 0.3:
            # The stop that a contract can bring falls together with a settlement or with grants.
            calendar = [month_start(month + 1) - DAY, month_start(month + 1) + DAY]
            self.now = max(self.now, rng.choice(calendar))
            self.add("contract.priced", self.now)
            self.now += rng.choice([0, DAY - SECOND, DAY, DAY, DAY + SECOND])
            return self.now
        account = self.account()
        timers = [at for at in (account.stop_at, account.wake_at) if at is not None]
        marks = [mark for mark in self.marks + timers * 5 if mark > self.now]
        near = [mark for mark in marks if mark < self.now + 40 * DAY]
        year = [mark for mark in marks if mark < self.now + 370 * DAY]
        far = rng.choice([year, year, marks]) if self.is_sleepy else near
        source = rng.choice([calendar, near, near, far])
        target = rng.choice(source or calendar) + rng.choice(self.deltas())
        return max(self.now, target)

    def deltas(self):
        if self.mode == "edges":
            return [0, 0, 0, -1, 1, -SECOND, SECOND, -MINUTE, 500_000_000]
        return [0, 0, 0, -SECOND, SECOND]

    def late_instant(self):
        """An instant before the clock, perhaps in a month settled long ago."""
        rng = self.rng
        pick = rng.random()
        if pick < 0.3:
            late = self.now - rng.randrange(1, 2 * 86400) * SECOND
        elif pick < 0.6:
            late = self.now - rng.randrange(1, 70 * 86400) * SECOND
        elif pick < 0.75:
            late = self.now - rng.randrange(1, 500 * 86400) * SECOND
        elif pick < 0.9:
            month = rng.choice(sorted(self.months))
            late = month_start(month) + rng.choice([0, -SECOND, SECOND, 2 * DAY, 3 * DAY])
        else:
            late = rng.choice(self.marks) + rng.choice([0, -SECOND, SECOND])
        return late if late < self.now else self.now - SECOND

    # ---- events

    def add(self, kind, time):
        data = getattr(self, "data_of_" + kind.replace(".", "_"))(time)
        event = {"specversion": "1.0", "id": "%s-%d" % (self.name, len(self.events) + 1),
                 "source": self.rng.choice(["gw", "gw", "console"]), "type": kind,
                 "subject": self.name, "time": self.spelling.time(time)}
        if self.rng.random() < 0.05:
            del event["source"]
        if data is not None:
            event["data"] = data
        self.append(event)
        if kind in ("violation.flagged", "service.closed"):
            self.stopped_by = kind
        elif kind in ("violation.cleared", "service.opened", "pack.purchased"):
            self.stopped_by = None

    def repeat(self):
        """The same event again, its members in another order, or another event under its id."""
        rng = self.rng
        event = dict(rng.choice(self.events[-8:]))
        if rng.random() < 0.3:
            event["type"], event["data"] = "account.credited", {"amount": "0.77"}
        self.append(self.spelling.shuffled(event))

    def append(self, event):
        self.events.append(event)
        self.reference.apply(read_line(0, json.dumps(event).encode()))

    def account(self):
        """The account as the events and timers so far have left it."""
        account = self.reference.accounts.get(self.name)
        if account is None:
            return Account(self.name, None)
        run_timers(account, self.now)
        return account

    def data_of_service_opened(self, time):
        self.marks += [add_years(time, years) + extra for years in (1, 5) for extra in (0, SECOND)]
        return opening_fields(self.rng, self.spelling, self.focus)

    def data_of_service_closed(self, time):
        return None

    def data_of_call(self, time):
        self.marks += [time + 2 * MINUTE, add_years(time, 1)]
        data = call_fields(self.rng, self.spelling, self.focus, self.is_busy)
        if self.rng.random() < 0.15:
            self.aim_at_buckets(data, time)
        elif self.rng.random() < 0.1:
            self.aim_at_tier(data, time)
        if any(abs(time - date) <= SECOND for date in POLICY_DATES):
            data["code"] = self.rng.choice(BILLABLE + [""])
        item = item_without_price(data)
        if item:
            self.unquoted.append(item)
        return data

    def aim_at_buckets(self, data, time):
        """As many calls as empty the buckets, or take the last one to a fifth, give or take one."""
        pools = facts.pools_of([facts.interface_name(data["interface"])], facts.edition_at(time))
        buckets = [bucket for pool in sorted(pools)
                   for bucket in self.account().usable_buckets(pool, time)]
        if buckets:
            left = sum(bucket.left for bucket in buckets)
            target = self.rng.choice([0, buckets[-1].size // 5, buckets[-1].left])
            data["calls"] = max(1, left - target + self.rng.choice([-1, 0, 0, 1]))

    def aim_at_tier(self, data, time):
        """As many calls as take the month's total to where a tier begins, give or take one."""
        pools = facts.pools_of([facts.interface_name(data["interface"])], facts.edition_at(time))
        use = self.account().item_months.get((min(pools, default=""), month_of(time)))
        if use:
            bound = self.rng.choice([10000, 100000, 1000000, 1000000])
            data["calls"] = max(1, bound - use.domestic + self.rng.choice([-1, 0, 0, 1]))

    def data_of_pack_purchased(self, time):
        data = pack_fields(self.rng, self.spelling, self.focus, self.orders)
        if self.rng.random() < 0.4:
            data["paid"] = paid_fields(self.rng)
        if self.rng.random() < 0.1:
            data["activity"] = self.rng.choice(["618", "新年"])
        self.marks += [add_years(midnight(time), 1) + DAY, midnight(time) + 8 * DAY]
        self.orders.append(data["order"])
        return data

    def data_of_pack_granted(self, time):
        rng = self.rng
        data = pack_fields(rng, self.spelling, self.focus, self.orders)
        ends = rng.choice([time + rng.randrange(1, 60) * DAY, add_years(time, 1), time - DAY, time,
                           month_start(month_of(time) + 1), time + SECOND])
        self.marks.append(ends)
        data["ends"] = self.spelling.time(ends)
        self.orders.append(data["order"])
        return data

    def data_of_refund_requested(self, time):
        rng = self.rng
        order = rng.choice(self.orders[-3:] or ["none"]) if rng.random() < 0.95 else "none"
        data = {"order": order}
        if rng.random() < 0.3:
            data["abnormal"] = rng.random() < 0.3
        return data

    def data_of_postpaid_set(self, time):
        return {"enabled": self.rng.random() < 0.7}

    def data_of_account_credited(self, time):
        rng = self.rng
        debt = -self.account().balance
        if debt > 0 and rng.random() < 0.5:
            return {"amount": str(Money(max(0, debt + rng.choice([0, 0, -1, 1]))))}
        return {"amount": rng.choice([
            "0", "0.01", "15", "75.00", "1200", "0.000001", "100000",
            "%d.%02d" % (rng.randrange(5000), rng.randrange(100)),
            str(rng.randrange(1000000))])}

    def data_of_violation_flagged(self, time):
        return None

    def data_of_violation_cleared(self, time):
        return self.rng.choice([None, {}])

    def data_of_qps_purchased(self, time):
        data = qps_fields(self.rng, self.spelling, time, self.addons)
        data["order"] = "q%d" % len(self.events)
        self.addons.append(data)
        return data

    def data_of_contract_priced(self, time):
        self.marks.append(time + DAY)
        starts = add_months(month_start(month_of(time)), self.rng.randint(-4, 1))
        data = contract_fields(self.rng, self.spelling, self.focus, starts)
        if self.unquoted and self.rng.random() < 0.7:
            data["item"] = self.rng.choice(self.unquoted[-3:])
        if self.mode != "late" and self.rng.random() < 0.1:
            data["tiers"][0]["price"] = self.rng.choice(["0", "0.000001"])
        return data

    def data_of_clock(self, time):
        return None


def account_history(seed, name, mode):
    rng = random.Random("%s/%s/%s" % (seed, name, mode))
    history = AccountHistory(rng, name, mode)
    return history.generate(rng.choice([12, 25, 25, 40, 60, 90]))
