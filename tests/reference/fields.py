"""Random `data` of events, weighted towards the amounts and names at which rules change."""
import facts
from instants import DAY, add_months, midnight, parse_date, show_instant

# Spelled as the tables print them; the readers of events fold names.
INTERFACES = sorted(facts.INTERFACES)
POOLS = sorted(facts.POOLS)
ITEMS = sorted(facts.ITEMS)
DOCUMENTS = sorted(facts.DOCUMENT_POOL)
CODES = sorted(facts.CODES)
BILLABLE = ["FailedOperation.InvoiceMismatch", "ResourceNotFound.NoInvoice",
            "FailedOperation.EmptyImageError", "FailedOperation.ImageNoBusinessCard"]
UNLISTED = ["RequestLimitExceeded.IPLimitExceeded", "No.Such.Code", "failedoperation.imageblur"]
OVERSEAS = ["ap-singapore", "ap-hongkong", "na-ashburn", "AP-BEIJING", " ap-beijing", "ap-taipei"]

SMALL_BATCHES = [2, 3, 10, 50, 199, 200, 201, 250]
BATCHES = [799, 800, 801, 999, 1000, 1001, 1200, 1800, 2500]
BIG_BATCHES = [8000, 9000, 9999, 10000, 10001, 20000, 90000, 99999, 100000, 130000, 450000,
               999000, 999999, 1000000, 1300000, 5000000]


def interface_of(rng, focus):
    pick = rng.random()
    if pick < 0.88:
        return rng.choice(focus)
    return rng.choice(INTERFACES) if pick < 0.98 else rng.choice(["不存在的接口", "智能结构化识别"])


def pool_of(rng, focus):
    """A pool, mostly one that the account's calls draw on."""
    if rng.random() < 0.12:
        return rng.choice(POOLS)
    served = [pool for edition in facts.POOLS_OF for pool in
              facts.pools_of([facts.interface_name(name) for name in focus], edition)]
    return rng.choice(sorted(set(served)) or POOLS)


def item_of(rng, focus):
    pool = pool_of(rng, focus)
    items = [item for item in ITEMS
             if item == pool or item.replace("-短文本", "").replace("-长文本", "") == pool]
    return rng.choice(items or ITEMS)


def opening_fields(rng, spelling, focus):
    if rng.random() < 0.45:
        return rng.choice([None, {}, {"interfaces": None}])
    names = [name for name in focus if facts.interface_name(name) in facts.INTERFACES]
    names = [name for name in names if rng.random() < 0.8]
    names += rng.sample(INTERFACES, rng.randint(0 if names else 1, 3))
    return {"interfaces": [spelling.name(name, may_be_variant=True) for name in names]}


def call_fields(rng, spelling, focus, is_busy):
    name = interface_of(rng, focus)
    data = {"interface": spelling.name(name, may_be_variant=True)}
    pick = rng.random()
    if pick < 0.5:
        if rng.random() < 0.2:
            data["calls"] = 1
    elif pick < 0.7:
        data["calls"] = rng.choice(SMALL_BATCHES)
    elif pick < 0.93 or not is_busy:
        data["calls"] = rng.choice(BATCHES)
    else:
        data["calls"] = rng.choice(BIG_BATCHES)
    if rng.random() < 0.15:
        data["code"] = spelling.name(rng.choice(
            [rng.choice(BILLABLE), rng.choice(BILLABLE), rng.choice(CODES), rng.choice(UNLISTED)]))
    elif rng.random() < 0.05:
        data["code"] = rng.choice(["", None])
    is_mixed = facts.interface_name(name) == facts.MIXED
    if rng.random() < (0.9 if is_mixed else 0.03):
        data["documents"] = document_fields(rng, spelling)
    if rng.random() < 0.08:
        data["images"] = rng.choice([
            {"recognized": rng.randrange(8), "failed": rng.randrange(4)},
            {"recognized": rng.randrange(5)}, {"failed": 2}, {},
            {"recognized": rng.randrange(300), "failed": None}])
    is_multimodal = facts.interface_name(name) in facts.MULTIMODAL
    if rng.random() < (0.6 if is_multimodal else 0.03):
        data["mode"] = rng.choice(["adaptive", "fixed", "adaptive"])
    if rng.random() < (0.6 if is_multimodal else 0.03):
        data["text"] = rng.choice(["short", "long"])
    if rng.random() < 0.12:
        data["region"] = rng.choice([rng.choice(OVERSEAS), rng.choice(sorted(facts.MAINLAND)),
                                     rng.choice(OVERSEAS), "", None])
    if rng.random() < 0.1:
        data["uin"] = rng.choice(["sub-1", "sub-2"])
    return data


def item_without_price(data):
    """The billing item of a call that only a contract is likely to give a price, or None."""
    pools = {pool for edition in facts.POOLS_OF for pool in
             facts.pools_of([facts.interface_name(data["interface"])], edition)}
    items = pools & facts.ITEMS
    if len(items) != 1:
        return None
    (item,) = items
    is_huge = data.get("calls", 1) >= 900000
    return item if is_huge or item not in facts.TIERS else None


def document_fields(rng, spelling):
    documents = {}
    for _ in range(rng.choice([0, 1, 1, 2, 3, 4])):
        kind = rng.choice(["OFD发票", "医疗票据"]) if rng.random() < 0.1 else rng.choice(DOCUMENTS)
        documents[spelling.name(kind)] = rng.choice([0, 1, 1, 1, 2, 3, 7, 40])
    return documents


def pack_fields(rng, spelling, focus, orders):
    pool = pool_of(rng, focus)
    size = rng.choice([1000, 1000, 1000, 10000, 10000, 100000, 1000000, 10000000])
    if rng.random() < 0.1:
        size = rng.choice([1, 5, 500, 1234])      # no list price: an error unless paid
    if rng.random() < 0.02:
        pool = "没有这个包"
    if orders and rng.random() < 0.04:
        order = rng.choice(orders)
    else:
        order = "o%d" % (len(orders) + 1)
    return {"order": order, "pool": spelling.name(pool), "size": size}


def paid_fields(rng):
    amounts = ["0", "84", "3500", "12.34", "0.5", "1000.000001", None]
    parts = rng.sample(["cash", "income", "gift", "voucher"], rng.randint(0, 4))
    return {part: rng.choice(amounts) for part in parts}


def qps_fields(rng, spelling, time, earlier):
    """An add-on; later ones crowd around the earlier ones, so that caps bind on some day."""
    names = ["身份证识别"] * 6 + ["驾驶证识别"] * 3 + ["混贴票据识别"] * 2
    names += sorted(facts.ADDONS) + ["房产证识别", "不存在的接口", "护照（港澳台及境外护照）"]
    first = midnight(time) + rng.choice([-1, 0, 0, 0, 1, 2, 3, 5, 10, 31]) * DAY
    data = {"interface": rng.choice(names), "by": rng.choice(["day", "day", "month"]),
            "qps": rng.choice([0, 1, 9, 10, 24, 25, 26, 49, 50, 51, 80, 99, 100, 101])}
    if rng.random() < 0.2:
        data["uin"] = rng.choice(["sub-1", "sub-2"])
    if earlier and rng.random() < 0.75:
        other = rng.choice(earlier[-3:])
        data["interface"] = other["interface"]
        if "uin" in other and rng.random() < 0.8:
            data["uin"] = other["uin"]
        data["qps"] = rng.choice([5, 10, 12, 13, 20, 25, 30, 40, 50])
        first = max(parse_date(other["from"]) + rng.randint(-4, 6) * DAY, midnight(time))
    if data["by"] == "month":
        last = add_months(first, rng.choice([0, 1, 1, 1, 2, 12])) - DAY
        last += rng.choice([0, 0, 0, 0, 1, -1]) * DAY
    else:
        last = first + rng.choice([-1, 0, 0, 1, 1, 2, 2, 4, 4, 4, 9]) * DAY
    data["interface"] = spelling.name(data["interface"], may_be_variant=True)
    return dict(data, **{"from": show_instant(first)[:10], "to": show_instant(last)[:10]})


def contract_fields(rng, spelling, focus, starts):
    item = item_of(rng, focus) if rng.random() < 0.95 else rng.choice(ITEMS)
    if rng.random() < 0.02:
        item = "没有这一项"
    bounds = rng.sample([0, 0, 0, 1, 500, 1000, 9000, 10000, 100000, 1000000], rng.randint(1, 3))
    bounds = list(dict.fromkeys(bounds))     # two equal ones would be an error
    prices = ["0.01", "0.05", "0.123456", "0.15", "0.045", "1", "2.5", "0.333333"]
    return {"item": spelling.name(item),
            "tiers": [{"from": bound, "price": rng.choice(prices)} for bound in bounds],
            "starts": show_instant(starts + rng.choice([0, 0, 0, 0, -1, 1, 14]) * DAY)[:10]}
