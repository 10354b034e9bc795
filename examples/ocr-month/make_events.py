#!/usr/bin/env python3
"""Writes events.jsonl: July 2025 as 200 customers of an OCR service might have lived it.

    make_events.py            rewrites events.jsonl beside this file
    make_events.py --check    exits 1 if events.jsonl is not what this program writes

Nothing is random from run to run: the generator is seeded, and only random() is drawn from, whose
sequence Python promises to keep. 186 accounts are background traffic (usage by Zipf's law, office
hours, a few per cent of failures); 14 named ones each live through something (see README.md).
"""
import json
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "events.jsonl"

# Interface, the pool its packs belong to, and how popular it is.
INTERFACES = [
    ("身份证识别", "身份证识别", 20), ("通用印刷体识别", "通用印刷体识别", 16),
    ("银行卡识别", "银行卡识别", 9), ("营业执照识别", "营业执照识别", 8),
    ("增值税发票识别", "增值税发票识别", 7), ("通用印刷体识别（高精度版）", "通用印刷体识别（高精度版）", 7),
    ("行驶证识别", "行驶证/驾驶证识别", 5), ("驾驶证识别", "行驶证/驾驶证识别", 4),
    ("车牌识别", "车牌识别", 5), ("名片识别", "名片识别", 4), ("表格识别（V3）", "表格识别", 4),
    ("增值税发票核验（新版）", "增值税发票核验", 3), ("二维码和条形码识别", "图片文字识别（基础版）", 3),
    ("通用手写体识别", "通用手写体识别", 2), ("火车票识别", "通用票据识别（小票）", 2),
    ("护照识别（中国大陆地区护照）", "通用证照识别", 2), ("出租车发票识别", "通用票据识别（小票）", 1),
    ("户口本识别", "通用证照识别", 1), ("房产证识别", "通用证照识别", 1), ("印章识别", "行业文档识别", 1),
    ("车辆 VIN 码识别", "车辆VIN码识别", 1), ("英文识别", "英文识别", 1), ("医疗票据识别", "医疗票据识别", 1),
    ("公式识别", "公式识别", 1), ("商户门头照识别", "商户门头照识别", 1), ("试卷切题", "试卷切题", 1),
]
POOL = {interface: pool for interface, pool, _ in INTERFACES}

# Failures customers really see: those of an interface, of which some are billed, and those of all.
CODES = {
    "名片识别": ["FailedOperation.ImageNoBusinessCard", "FailedOperation.MultiCardError"],
    "增值税发票核验（新版）": ["ResourceNotFound.NoInvoice", "FailedOperation.InvoiceMismatch"],
    "身份证识别": ["FailedOperation.ImageNoIdCard", "FailedOperation.ImageBlur",
                   "FailedOperation.IdCardInfoIllegal"],
}
COMMON_CODES = ["FailedOperation.ImageDecodeFailed", "FailedOperation.OcrFailed", "FailedOperation.ImageNoText",
                "FailedOperation.DownLoadError", "FailedOperation.EngineRecognizeTimeout",
                "LimitExceeded.TooLargeFileError", "FailedOperation.EmptyImageError", "RequestLimitExceeded"]

# Share of an hour in a working day's traffic, 00 to 23.
HOURS = [1, 1, 1, 1, 1, 1, 2, 4, 8, 14, 16, 14, 9, 11, 15, 15, 14, 11, 7, 5, 4, 3, 2, 1]
JULY = datetime(2025, 7, 1)


def at(text):
    """Beijing time; every written time carries its offset."""
    return datetime.fromisoformat(text)


class Month:
    """Collects events; what arrives late keeps its own time but stands where it arrived."""

    def __init__(self):
        self.rows = []  # (arrival, order of making, source, event or the row to repeat)

    def add(self, source, subject, time, event_type, data=None, arrives=None, utc=False):
        event = {"type": event_type, "subject": subject,
                 "time": f"{time - timedelta(hours=8):%Y-%m-%dT%H:%M:%SZ}" if utc
                         else f"{time:%Y-%m-%dT%H:%M:%S+08:00}"}
        if data is not None:
            event["data"] = data
        self.rows.append((arrives or time, len(self.rows), source, event))
        return event

    def repeat(self, event, arrives):
        """The gateway sends the same event, with the same id, once more."""
        self.rows.append((arrives, len(self.rows), None, event))

    def lines(self):
        for number, (_, _, source, event) in enumerate(sorted(self.rows, key=lambda row: row[:2]), 1):
            if source is not None:
                head = {"specversion": "1.0", "id": f"{source}-{number:05d}", "source": source}
                body = dict(event)
                event.clear()  # so that a repeat, which shares this object, finds the id
                event.update(head | body)
            yield json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n"


class Account:
    """Short names for what one customer does."""

    def __init__(self, month, name):
        self.month, self.name, self.orders = month, name, 0

    def open(self, time, interfaces=None):
        self.month.add("console", self.name, time, "service.opened", interfaces and {"interfaces": interfaces})

    def postpaid(self, time, enabled=True):
        self.month.add("console", self.name, time, "postpaid.set", {"enabled": enabled})

    def credit(self, time, amount):
        self.month.add("pay", self.name, time, "account.credited", {"amount": amount})

    def call(self, time, interface, calls=1, arrives=None, utc=False, **data):
        count = {"calls": calls} if calls != 1 else {}
        return self.month.add("gw", self.name, time, "call", {"interface": interface} | count | data, arrives, utc)

    def order(self):
        self.orders += 1
        return f"{self.name}-o{self.orders}"

    def pack(self, time, pool, size, **data):
        order = self.order()
        self.month.add("shop", self.name, time, "pack.purchased", {"order": order, "pool": pool, "size": size} | data)
        return order

    def qps(self, time, interface, qps, first, last, by, **data):
        self.month.add("shop", self.name, time, "qps.purchased",
                       {"order": self.order(), "interface": interface, "qps": qps, "from": first, "to": last,
                        "by": by} | data)

    def event(self, time, event_type, data=None):
        self.month.add("console", self.name, time, event_type, data)


class Dice:
    def __init__(self, seed):
        self.random = random.Random(seed).random

    def below(self, count):
        return int(self.random() * count)

    def chance(self, share):
        return self.random() < share

    def pick(self, items):
        return items[self.below(len(items))]

    def weighted(self, items, weights):
        left = self.random() * sum(weights)
        for item, weight in zip(items, weights):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def july(self, not_before):
        """A time in July: office hours and working days weigh more."""
        while True:
            day = JULY + timedelta(days=self.below(31))
            if day.weekday() >= 5 and self.chance(0.6):
                continue
            time = day + timedelta(hours=self.weighted(range(24), HOURS), seconds=self.below(3600))
            if time > not_before:
                return time


def background(month, dice, count):
    for rank in range(1, count + 1):
        # The busiest accounts are not the first in the alphabet.
        account = Account(month, f"acct-{(rank * 89) % (count + 1):03d}")
        volume = int(900_000 / rank ** 1.3 * (0.8 + 0.4 * dice.random()))
        opened = (at("2025-06-18T09:00:00") + timedelta(minutes=dice.below(19 * 24 * 60)) if dice.chance(0.85)
                  else at("2025-02-01T09:00:00") + timedelta(minutes=dice.below(130 * 24 * 60)))
        if rank in (9, 60, 120):  # opened before the day from which pay-as-you-go must be switched on
            opened = at("2021-10-11T10:00:00") + timedelta(days=20 * dice.below(3))

        kinds = min(len(INTERFACES), 1 + dice.below(3) + (volume > 10_000))
        used = []
        while len(used) < kinds:
            interface = dice.weighted(INTERFACES, [weight for _, _, weight in INTERFACES])[0]
            if interface not in used:
                used.append(interface)
        account.open(opened, used if dice.chance(0.3) else None)

        if volume > 20_000 or dice.chance(0.75):
            account.postpaid(opened + timedelta(minutes=3 + dice.below(120)))
            account.credit(opened + timedelta(hours=3, minutes=dice.below(600)),
                           str(100 * (1 + int(volume * 0.13 // 100))))
        if volume > 3_000 and dice.chance(0.45):
            size = 100_000 if volume > 60_000 else 10_000 if volume > 9_000 else 1_000
            extra = {}
            if size == 10_000 and dice.chance(0.3):
                extra = {"paid": {"cash": "600", "voucher": "100"}, "activity": "618"}
            account.pack(dice.july(opened), POOL[used[0]], size, **extra)

        records = max(5, round(0.72 * volume ** 0.4))
        times = sorted(dice.july(opened) for _ in range(records))
        shares = [0.4 + dice.random() for _ in times]
        for time, share in zip(times, shares):
            interface = used[0] if dice.chance(0.6) else dice.pick(used)
            calls = max(1, round(volume * share / sum(shares)))
            account.call(time, interface, calls)
            if dice.chance(0.05):
                codes = CODES.get(interface, []) + COMMON_CODES
                account.call(time + timedelta(seconds=1), interface, 1 + dice.below(1 + calls // 40),
                             code=dice.pick(codes[:4] if dice.chance(0.5) else codes))


def spread(account, dice, first, days, interface, records, calls, **data):
    """Regular traffic: `records` records over `days` days, about `calls` calls each."""
    for number in range(records):
        time = first + timedelta(days=days) * number / records + timedelta(seconds=dice.below(3000))
        account.call(time.replace(microsecond=0), interface, max(1, round(calls * (0.7 + 0.6 * dice.random()))),
                     **data)


def stories(month, dice):
    # Pays late: June's bill takes the balance below zero, the service stops, two credits bring it back.
    late_payer = Account(month, "acct-arrears")
    late_payer.open(at("2025-06-20T10:00:00"))
    late_payer.postpaid(at("2025-06-20T10:05:00"))
    late_payer.credit(at("2025-06-20T11:00:00"), "50")
    spread(late_payer, dice, at("2025-06-23T09:00:00"), 7, "银行卡识别", 14, 215)
    spread(late_payer, dice, at("2025-07-01T09:00:00"), 8, "银行卡识别", 32, 60)
    late_payer.credit(at("2025-07-05T09:30:00"), "100")
    late_payer.credit(at("2025-07-07T14:00:00"), "500.50")
    spread(late_payer, dice, at("2025-07-10T09:00:00"), 20, "银行卡识别", 40, 70)
    late_payer.credit(at("2025-07-28T14:00:00"), "800")

    # Has a negotiated price, and a volume for which the list names none.
    contract = Account(month, "acct-contract")
    contract.open(at("2025-04-02T10:00:00"))
    contract.postpaid(at("2025-04-02T10:05:00"))
    contract.event(at("2025-06-25T16:00:00"), "contract.priced",
                   {"item": "通用印刷体识别", "starts": "2025-07-01",
                    "tiers": [{"from": 0, "price": "0.08"}, {"from": 1_000_000, "price": "0.045"}]})
    contract.credit(at("2025-06-30T10:00:00"), "80000")
    spread(contract, dice, at("2025-07-01T00:10:00"), 30.8, "通用印刷体识别", 240, 5200)
    contract.qps(at("2025-06-30T11:00:00"), "通用印刷体识别", 60, "2025-07-01", "2025-07-31", "month")

    # Asks for its money back: once in time, once after use, once too late, once for a gift.
    refund = Account(month, "acct-refund")
    refund.open(at("2025-06-28T10:00:00"), ["身份证识别", "银行卡识别", "名片识别"])
    unused = refund.pack(at("2025-07-01T15:00:00"), "身份证识别", 10_000,
                         paid={"cash": "500", "gift": "100", "voucher": "50"})
    used = refund.pack(at("2025-07-02T10:00:00"), "银行卡识别", 1_000)
    forgotten = refund.pack(at("2025-07-02T10:01:00"), "名片识别", 1_000)
    gift = refund.order()
    refund.event(at("2025-07-02T12:00:00"), "pack.granted",
                 {"order": gift, "pool": "身份证识别", "size": 500, "ends": "2025-10-01T00:00:00+08:00"})
    spread(refund, dice, at("2025-07-03T09:00:00"), 4, "银行卡识别", 8, 170)
    refund.event(at("2025-07-08T23:59:59"), "refund.requested", {"order": unused})
    refund.event(at("2025-07-09T09:00:00"), "refund.requested", {"order": used})
    refund.event(at("2025-07-10T00:00:00"), "refund.requested", {"order": forgotten})
    refund.event(at("2025-07-10T00:01:00"), "refund.requested", {"order": gift})

    # Buys throughput on top of calls, until the cap stops it.
    burst = Account(month, "acct-qps")
    burst.open(at("2025-06-26T10:00:00"))
    burst.postpaid(at("2025-06-26T10:05:00"))
    burst.credit(at("2025-06-26T11:00:00"), "3000")
    burst.qps(at("2025-06-30T10:00:00"), "身份证识别", 80, "2025-07-01", "2025-07-05", "day")
    burst.qps(at("2025-07-02T10:00:00"), "身份证识别", 30, "2025-07-04", "2025-07-06", "day")
    burst.qps(at("2025-07-02T10:05:00"), "身份证识别", 20, "2025-07-04", "2025-07-06", "day")
    burst.qps(at("2025-07-07T10:00:00"), "营业执照识别", 10, "2025-07-07", "2025-08-06", "month")
    spread(burst, dice, at("2025-07-01T08:00:00"), 6, "身份证识别", 60, 240)
    spread(burst, dice, at("2025-07-07T11:00:00"), 20, "营业执照识别", 20, 90)

    # Photographs expense reports: every recognised document counts in the pool of its type.
    mixed = Account(month, "acct-mixed")
    mixed.open(at("2025-06-27T10:00:00"))
    mixed.postpaid(at("2025-06-27T10:05:00"))
    mixed.credit(at("2025-06-27T11:00:00"), "1000")
    mixed.pack(at("2025-07-02T10:00:00"), "通用票据识别（大票）", 1_000)
    mixed.pack(at("2025-07-02T10:00:30"), "通用票据识别（小票）", 1_000)
    types = ["增值税发票", "火车票", "出租车发票", "机票行程单", "定额发票", "过路费发票", "购车发票", "全电发票"]
    for number in range(60):
        documents = {}
        for _ in range(1 + dice.below(4)):
            documents[dice.weighted(types, [8, 6, 5, 3, 2, 2, 1, 3])] = 1 + dice.below(3)
        time = at("2025-07-01T18:00:00") + timedelta(hours=12 * number, seconds=dice.below(3600))
        mixed.call(time, "混贴票据识别", 8 + dice.below(20), documents=documents)
    mixed.call(at("2025-07-16T12:00:00"), "混贴票据识别", 3, documents={"网约车行程单": 1})
    mixed.call(at("2025-07-16T12:00:01"), "混贴票据识别", 2, code="FailedOperation.EmptyImageError")
    mixed.call(at("2025-07-16T12:01:00"), "增值税发票识别", 12)

    # Half of its traffic runs abroad, and its gateways there write UTC.
    overseas = Account(month, "acct-overseas")
    overseas.open(at("2025-06-29T10:00:00"))
    overseas.pack(at("2025-07-01T10:00:00"), "通用证照识别", 1_000)
    spread(overseas, dice, at("2025-07-01T11:00:00"), 28, "护照识别（中国大陆地区护照）", 28, 40,
           region="ap-singapore", utc=True)
    spread(overseas, dice, at("2025-07-01T12:00:00"), 28, "护照识别（中国大陆地区护照）", 28, 60, region="ap-guangzhou")
    spread(overseas, dice, at("2025-07-04T12:00:00"), 20, "通用印刷体识别", 6, 25, region="ap-hongkong", utc=True)

    # Stopped for prohibited content for four days, and refused a refund meanwhile.
    violation = Account(month, "acct-violation")
    violation.open(at("2025-06-30T10:00:00"))
    order = violation.pack(at("2025-07-08T10:00:00"), "通用印刷体识别", 1_000)
    spread(violation, dice, at("2025-07-01T09:00:00"), 28, "通用印刷体识别", 28, 30)
    violation.event(at("2025-07-10T16:20:00"), "violation.flagged")
    violation.event(at("2025-07-11T09:00:00"), "refund.requested", {"order": order})
    violation.event(at("2025-07-14T10:00:00"), "violation.cleared")

    # Closes the service (refused while a pack has units), calls in vain, comes back by buying.
    leaver = Account(month, "acct-closing")
    leaver.open(at("2025-07-01T10:00:00"), ["车牌识别"])
    leaver.pack(at("2025-07-02T10:00:00"), "车牌识别", 1_000)
    leaver.call(at("2025-07-03T10:00:00"), "车牌识别", 1_400)
    leaver.event(at("2025-07-04T10:00:00"), "service.closed")
    leaver.call(at("2025-07-05T10:00:00"), "车牌识别", 700)
    leaver.event(at("2025-07-06T10:00:00"), "service.closed")
    leaver.call(at("2025-07-07T10:00:00"), "车牌识别", 3)
    leaver.pack(at("2025-07-21T10:00:00"), "车牌识别", 1_000)
    spread(leaver, dice, at("2025-07-21T11:00:00"), 9, "车牌识别", 9, 30)

    # Its gateway was offline: June's calls arrive after June was billed, and some records come twice.
    offline = Account(month, "acct-late")
    offline.open(at("2025-06-19T10:00:00"))
    offline.postpaid(at("2025-06-19T10:05:00"))
    offline.credit(at("2025-06-19T11:00:00"), "5000")
    spread(offline, dice, at("2025-06-24T09:00:00"), 6, "驾驶证识别", 12, 790)
    spread(offline, dice, at("2025-07-01T09:00:00"), 30, "驾驶证识别", 30, 95)
    for day in (26, 27, 28):
        offline.call(at(f"2025-06-{day}T20:00:00"), "行驶证识别", 400, arrives=at("2025-07-09T08:00:00"))
    twice = offline.call(at("2025-07-15T08:00:00"), "驾驶证识别", 20)
    offline.month.repeat(twice, at("2025-07-15T08:00:30"))
    offline.month.repeat(twice, at("2025-07-16T08:00:00"))

    # Silent for a year: this month's free units wait for the first call, and come two minutes after it.
    dormant = Account(month, "acct-dormant")
    dormant.open(at("2022-03-01T10:00:00"))
    dormant.postpaid(at("2022-03-01T10:01:00"))
    dormant.credit(at("2022-03-01T11:00:00"), "20")
    dormant.call(at("2024-06-10T10:00:00"), "名片识别", 12)
    dormant.call(at("2025-07-08T10:00:00"), "名片识别", 5)
    dormant.call(at("2025-07-08T10:01:59"), "名片识别", 5)
    spread(dormant, dice, at("2025-07-08T10:02:00"), 20, "名片识别", 20, 12)

    # Old client: several images a call, of which only the recognised ones count.
    images = Account(month, "acct-images")
    images.open(at("2025-07-01T10:00:00"), ["通用印刷体识别"])
    for number in range(20):
        failed = dice.below(3)
        images.call(at("2025-07-01T12:00:00") + timedelta(days=number, hours=number % 7), "通用印刷体识别",
                    10 + dice.below(6), images={"recognized": 5 - failed, "failed": failed})

    # One main account, three branches that call.
    branches = Account(month, "acct-branches")
    branches.open(at("2025-06-25T10:00:00"))
    branches.postpaid(at("2025-06-25T10:05:00"))
    branches.credit(at("2025-06-25T11:00:00"), "2000")
    for number, uin in enumerate(["200000000001", "200000000002", "200000000003"]):
        spread(branches, dice, at("2025-07-01T09:00:00") + timedelta(minutes=20 * number), 30, "营业执照识别", 30,
               60 * (number + 2), uin=uin)

    # Extracts fields from documents: two ways to be charged, two lengths of text.
    documents = Account(month, "acct-documents")
    documents.open(at("2025-07-01T10:00:00"))
    documents.postpaid(at("2025-07-01T10:05:00"))
    documents.credit(at("2025-07-01T11:00:00"), "1500")
    for mode, text in (("adaptive", "short"), ("adaptive", "long"), ("fixed", "short")):
        spread(documents, dice, at("2025-07-01T12:00:00"), 30, "文档抽取（多模态版）", 12, 90, mode=mode, text=text)

    # Calls without ever paying: what the free units do not cover is refused. One code is in no list.
    frugal = Account(month, "acct-frugal")
    frugal.open(at("2025-07-01T10:00:00"))
    spread(frugal, dice, at("2025-07-01T12:00:00"), 29, "通用印刷体识别（高精度版）", 29, 45)
    frugal.call(at("2025-07-02T12:00:00"), "通用印刷体识别（高精度版）", 2, code="RequestLimitExceeded.UinLimitExceeded")


def text():
    month = Month()
    stories(month, Dice(1))
    background(month, Dice(2025), 186)
    return "".join(month.lines())


def main():
    if sys.argv[1:] == ["--check"]:
        if OUTPUT.read_text(encoding="utf-8") != text():
            print(f"{OUTPUT.name} is not what {Path(__file__).name} writes: run it")
            return 1
        return 0
    if sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 2
    OUTPUT.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
