"""Lines that cannot be read, of every kind that the contract names, mixed into a history; and odd
lines that can be read all the same."""
import json

TOO_MANY = 10**12 + 1


class Raw(str):
    """JSON text to be put into a line as it stands, such as 1e3 or NaN."""


BAD_TIMES = [
    "2025-07-01T10:00:00", "2025-07-01", "", "yesterday", "2025-02-29T10:00:00+08:00",
    "2025-13-01T10:00:00+08:00", "2025-07-00T10:00:00+08:00", "2025-07-01T24:00:00+08:00",
    "2025-07-01T10:60:00+08:00", "2025-07-01T10:00:60+08:00", "2025-07-01T10:00:00.1234567890Z",
    "2025-07-01T10:00:00+08", "2025-07-01T10:00:00+0800", "2025-07-01T10:00+08:00",
    "2025-07-01T10:00:00+24:00", "2025-07-01T10:00:00+08:60", "2025-07-01T10:00:00,5+08:00",
    "2025-07-01T10:00:00.+08:00", "0000-01-01T00:00:00+08:00", "10000-01-01T00:00:00+08:00",
    "2025-7-1T10:00:00+08:00", "2025-07-01T10:00:00+08:00 ", "２０２５-07-01T10:00:00+08:00",
]
BAD_DATES = ["", "2025-02-30", "2025-7-1", "20250701", "2025-07-01T00:00:00+08:00", "tomorrow",
             20250701]
BAD_COUNTS = [-1, "5", True, Raw("1.0"), Raw("1e3"), Raw("1E0"), 1.5, TOO_MANY, 10**25, [1], {}]
BAD_SIZES = BAD_COUNTS + [0]
BAD_AMOUNTS = ["-1", "", "abc", "1,000", "+1", "1e3", "0x10", "1.0000000", "0.0000001", "１２",
               "1 000", "1000000000000.000001", "99999999999999999999", 84, 84.5, True, ["1"], {}]
BAD_TEXTS = [5, True, ["x"], {}, 1.5]

CALL = {"interface": "银行卡识别"}
PACK = {"order": "bad-1", "pool": "银行卡识别", "size": 1000}
GRANT = dict(PACK, ends="2026-01-01T00:00:00+08:00")
QPS = {"order": "bad-2", "interface": "身份证识别", "qps": 10, "from": "2025-07-01",
       "to": "2025-07-05", "by": "day"}
CONTRACT = {"item": "银行卡识别", "tiers": [{"from": 0, "price": "0.1"}], "starts": "2025-07-01"}

# type, good data, member, values that make it bad; a member that must be there may also be missing
BAD_MEMBERS = [
    ("call", CALL, "interface", BAD_TEXTS + [None]),
    ("call", CALL, "calls", BAD_SIZES),
    ("call", CALL, "code", BAD_TEXTS), ("call", CALL, "region", BAD_TEXTS),
    ("call", CALL, "uin", BAD_TEXTS),
    ("call", CALL, "mode", ["auto", "", "Fixed", 1, ["fixed"]]),
    ("call", CALL, "text", ["medium", "", "SHORT", 1, {}]),
    ("call", CALL, "images", [[], "4", 4, True] + [{"recognized": bad} for bad in BAD_COUNTS]
     + [{"recognized": 1, "failed": bad} for bad in BAD_COUNTS]),
    ("call", {"interface": "混贴票据识别"}, "documents",
     [[], "火车票", 3] + [{"火车票": bad} for bad in BAD_COUNTS]),
    ("call", dict(CALL, images={"recognized": 2}), "calls", [10**12, 600000000000]),
    ("call", {"interface": "混贴票据识别", "documents": {"火车票": 6, "机票行程单": 5}}, "calls",
     [10**11, 10**12]),
    ("pack.purchased", PACK, "order", BAD_TEXTS + [None]),
    ("pack.purchased", PACK, "pool", BAD_TEXTS + [None]),
    ("pack.purchased", PACK, "size", BAD_SIZES + [None]),
    ("pack.purchased", PACK, "activity", BAD_TEXTS),
    ("pack.purchased", PACK, "paid", ["84", 84, [], True]
     + [{part: bad} for part in ("cash", "income", "gift", "voucher") for bad in BAD_AMOUNTS]),
    ("pack.granted", GRANT, "order", BAD_TEXTS + [None]),
    ("pack.granted", GRANT, "size", BAD_SIZES + [None]),
    ("pack.granted", GRANT, "ends", BAD_TIMES + BAD_TEXTS + [None]),
    ("refund.requested", {"order": "o1"}, "order", BAD_TEXTS + [None]),
    ("refund.requested", {"order": "o1"}, "abnormal", ["yes", "true", 1, 0, [], ""]),
    ("postpaid.set", {"enabled": True}, "enabled", ["true", 1, 0, "", [], None]),
    ("account.credited", {"amount": "5"}, "amount", BAD_AMOUNTS + [None]),
    ("qps.purchased", QPS, "order", BAD_TEXTS + [None]),
    ("qps.purchased", QPS, "interface", BAD_TEXTS + [None]),
    ("qps.purchased", QPS, "qps", BAD_COUNTS + [None]),
    ("qps.purchased", QPS, "from", BAD_DATES + [None]),
    ("qps.purchased", QPS, "to", BAD_DATES + [None]),
    ("qps.purchased", QPS, "by", ["week", "", "Day", 1, None]),
    ("qps.purchased", QPS, "uin", BAD_TEXTS),
    ("contract.priced", CONTRACT, "item", BAD_TEXTS + [None]),
    ("contract.priced", CONTRACT, "starts", BAD_DATES + [None]),
    ("contract.priced", CONTRACT, "tiers",
     [None, [], {}, "0.1", [5], [{"from": 0}], [{"price": "0.1"}], [None],
      [{"from": 0, "price": "0.1"}, {"from": 0, "price": "0.2"}],
      [{"from": 0, "price": "0.1"}, {"from": 1000, "price": None}]]
     + [[{"from": bad, "price": "0.1"}] for bad in BAD_COUNTS]
     + [[{"from": 0, "price": bad}] for bad in BAD_AMOUNTS]),
    ("service.opened", {}, "interfaces", ["银行卡识别", {}, 1, True, [1], ["银行卡识别", None], [[]]]),
]

UNKNOWN_NAMES = [
    ("service.opened", {"interfaces": ["银行卡识别", "没有这个接口"]}),
    ("service.opened", {"interfaces": ["智能结构化识别"]}), ("service.opened", {"interfaces": [""]}),
    ("pack.purchased", dict(PACK, pool="没有这个包")), ("pack.granted", dict(GRANT, pool="没有这个包")),
    ("pack.purchased", dict(PACK, pool="银行卡识别", size=1001)),
    ("pack.purchased", dict(PACK, pool="通用卡证鉴伪", size=100000)),
    ("pack.purchased", dict(PACK, pool="条码信息查询")),
    ("contract.priced", dict(CONTRACT, item="没有这一项")),
    ("contract.priced", dict(CONTRACT, item="文档抽取（多模态版）-自适应价格")),
    ("service.closing", {}), ("Call", CALL), ("", {}), ("call ", CALL),
]


def encode(value):
    """A JSON text as bytes; unlike in json.dumps, Raw text stands as it is."""
    if isinstance(value, Raw):
        return value.encode()
    if isinstance(value, dict):
        return b"{" + b", ".join(encode(key) + b": " + encode(member)
                                 for key, member in value.items()) + b"}"
    if isinstance(value, list):
        return b"[" + b", ".join(encode(member) for member in value) + b"]"
    return json.dumps(value, ensure_ascii=False).encode()


# ---- each takes a random generator and a readable event, and gives the line to write instead

def bad_member(rng, event):
    kind, data, member, values = rng.choice(BAD_MEMBERS)
    data = dict(data)
    data[member] = rng.choice(values)
    if data[member] is None and rng.random() < 0.5:
        del data[member]
    return encode(dict(event, type=kind, data=data))


def unknown_name(rng, event):
    kind, data = rng.choice(UNKNOWN_NAMES)
    return encode(dict(event, type=kind, data=data))


def bad_time(rng, event):
    return encode(dict(event, time=rng.choice(BAD_TIMES + [None, 1751335200, True, ["x"], {}])))


def missing_head(rng, event):
    gone = rng.choice(["id", "subject", "type", "time"])
    return encode({key: value for key, value in event.items() if key != gone})


def bad_head(rng, event):
    member = rng.choice(["id", "subject", "type", "source"])
    bad = BAD_TEXTS if member == "source" else BAD_TEXTS + [None]
    return encode(dict(event, **{member: rng.choice(bad)}))


def bad_data(rng, event):
    return encode(dict(event, data=rng.choice([[], "x", 5, True, Raw("1e1")])))


def no_object(rng, event):
    return rng.choice([b"[]", b"42", b'"event"', b"null", b"true", b"[%s]" % encode(event)])


def broken_text(rng, event):
    line = encode(event)
    return rng.choice([
        line[:-1], line[:len(line) // 2], line + b"}", line + b" " + line, line + b",",
        line[:-1] + b",}", line.replace(b'"', b"'"), b"{" + line, b"event", b"{id: 1}",
        b"// " + line,
        line[:-1] + b', "x": NaN}', line[:-1] + b', "x": -Infinity}', line[:-1] + b', "x": 01}',
        line[:-1] + b', "x": +1}', line[:-1] + b', "x": .5}', line[:-1] + b', "x": 0x1F}',
        line[:-1] + b', "x": "\x01"}', line[:-1] + b', "x": "a\tb"}', line[:-1] + b', "x": "\\q"}',
        line[:-1] + b', "x": "\\ud800"}', line[:-1] + b', "x": "\\udc00\\ud800"}',
        line[:-1] + b', "x": True}', line[:-1] + b', "x": "open'])


def duplicate_key(rng, event):
    line = encode(event)
    return rng.choice([
        line[:-1] + b', "id": "other"}', line[:-1] + b', "x": 1, "x": 1}',
        line[:-1] + b', "x": {"y": [{"z": 1, "z": 2}]}}', line[:-1] + b', "\\u0069d": "other"}',
        encode(dict(event, data=Raw('{"interface": "身份证识别", "calls": 1, "calls": 1}')))])


def broken_utf8(rng, event):
    broken = rng.choice([b"\xff", b"\xc3", b"\xe9\x93", b"\xc0\xaf", b"\xed\xa0\x80",
                         b"\xf5\x80\x80\x80", b"\xe0\x80\xaf", b"\x80"])
    return encode(event)[:-1] + b', "x": "' + broken + b'"}'


def padded(event, size):
    line = encode(event)[:-1] + b', "x": "'
    return line + b"x" * (size - len(line) - 2) + b'"}'


def too_long(rng, event):
    return padded(event, 2**20 + rng.choice([1, 2, 1000]))


def odd_but_readable(rng, event):
    """An event with members that nobody asks for, or none, or null ones: the same event still."""
    return encode(rng.choice([
        dict(event, specversion=7), dict(event, x={"y": None}, traceparent="00-1"),
        dict(event, data=dict(event.get("data") or {}, note="x", labels=[1, Raw("2.5"), None])),
        dict(event, dataschema=None, datacontenttype="application/json")]))


KINDS = [bad_member] * 12 + [unknown_name] * 3 + [bad_time] * 2 + [
    missing_head, bad_head, bad_data, no_object, broken_text, broken_text, duplicate_key,
    broken_utf8]


def with_bad_lines(rng, events):
    """The lines of a history; a bad line may carry the id of the readable event behind it."""
    lines = []
    accepted = set()
    for event in events:
        identity = (event.get("source", ""), event["id"])
        while rng.random() < 0.35:
            kind = too_long if rng.random() < 0.001 else rng.choice(KINDS)
            # Where an id was accepted before, two errors would compete: not for random lines.
            if identity in accepted or rng.random() < 0.5:
                used = dict(event, id="bad-%d" % len(lines), source="bad")
            else:
                used = event
            lines.append(kind(rng, used))
        is_repeat = identity in accepted
        accepted.add(identity)
        if is_repeat or rng.random() < 0.9:
            lines.append(encode(event))
        elif rng.random() < 0.01:
            lines.append(padded(event, 2**20))
        else:
            lines.append(odd_but_readable(rng, event))
    return lines
