"""From the bytes of a line to an event with typed fields, or to the code of the error entry."""
import json
import re
from decimal import Decimal, InvalidOperation

import facts
from facts import fold, interface_name
from instants import parse_date, parse_instant

LINE_MAX = 2**20          # bytes, the line's end not counted
COUNT_MAX = 10**12
AMOUNT_MAX = 10**12       # yuan

_AMOUNT = re.compile(r"([0-9]+)(\.[0-9]{1,6})?")


class Unreadable(Exception):
    """Carries the code of the error entry."""


class Line:
    """What could be read of a line; `error` is its code where something could not."""

    def __init__(self, number):
        self.number = number
        self.content = None   # the JSON value in a form that compares as JSON compares
        self.id = ""
        self.source = ""
        self.account = ""
        self.time = None
        self.type = ""
        self.fields = {}
        self.error = None
        self.has_identity = False


def read_line(number, raw):
    line = Line(number)
    try:
        _read(line, _parse(raw))
    except Unreadable as unreadable:
        line.error = str(unreadable)
    except RecursionError:   # nested beyond what this program can follow
        line = Line(number)
        line.error = "bad-json"
    return line


# ---- JSON, stricter than the standard module

def _object_of_distinct_keys(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate key")
    return members


class _Real:
    """A number with a point or an exponent: no field of any event takes one."""

    def __init__(self, text):
        self.text = text


def _no_constant(name):
    raise ValueError(name + " is not JSON")


def _integer(text):
    # Digits without end would be slow to convert, and Python refuses them above 4300.
    return int(text) if len(text) <= 100 else _Real(text)


def _parse(raw):
    if len(raw) > LINE_MAX:
        raise Unreadable("bad-json")
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_object_of_distinct_keys,
                           parse_int=_integer, parse_float=_Real, parse_constant=_no_constant)
        # A lone surrogate can be escaped in JSON, but it is no text and could not be printed.
        json.dumps(value, ensure_ascii=False, default=lambda real: real.text).encode("utf-8")
    except ValueError:
        raise Unreadable("bad-json") from None
    return value


def _comparable(value):
    """Equal exactly where two JSON values are: member order aside, and true is not 1."""
    if isinstance(value, dict):
        return ("object", frozenset((key, _comparable(member)) for key, member in value.items()))
    if isinstance(value, list):
        return ("array", tuple(_comparable(member) for member in value))
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return (type(value).__name__, value)
    text = value.text if isinstance(value, _Real) else str(value)
    try:
        return ("number", Decimal(text))
    except InvalidOperation:
        return ("number", text)


# ---- the envelope

def _read(line, value):
    """Reads as much as it can before it raises, since the error entry tells what is known."""
    if not isinstance(value, dict):
        raise Unreadable("bad-event")
    line.content = _comparable(value)
    identity = True
    for member, attribute in (("id", "id"), ("subject", "account")):
        text = value.get(member)
        if isinstance(text, str) and text:
            setattr(line, attribute, text)
        else:
            identity = False
    source = value.get("source")
    if source is None:
        line.source = ""
    elif isinstance(source, str):
        line.source = source
    else:
        identity = False
    time = value.get("time")
    line.time = parse_instant(time) if isinstance(time, str) else None
    line.has_identity = identity
    if not identity or line.time is None or not isinstance(value.get("type"), str):
        raise Unreadable("bad-event")
    line.type = value["type"]
    if line.type not in READERS:
        raise Unreadable("unknown-type")
    data = value.get("data")
    data = {} if data is None else data
    if not isinstance(data, dict):
        raise Unreadable("bad-event")
    line.fields = READERS[line.type](data)


# ---- the kinds of fields; None where an optional one is absent

def _bad_unless(holds):
    if not holds:
        raise Unreadable("bad-event")


def _optional(data, name, kind, default=None):
    value = data.get(name)
    return default if value is None else kind(value)


def _required(data, name, kind):
    value = data.get(name)
    _bad_unless(value is not None)
    return kind(value)


def _text(value):
    _bad_unless(isinstance(value, str))
    return value


def _boolean(value):
    _bad_unless(isinstance(value, bool))
    return value


def _count(value):
    _bad_unless(isinstance(value, int) and not isinstance(value, bool))
    _bad_unless(0 <= value <= COUNT_MAX)
    return value


def _positive(value):
    _bad_unless(_count(value) >= 1)
    return value


def _amount(value):
    _bad_unless(isinstance(value, str) and _AMOUNT.fullmatch(value))
    amount = facts.micros(value)
    _bad_unless(amount <= AMOUNT_MAX * facts.MICROS)
    return amount


def _instant(value):
    instant = parse_instant(_text(value))
    _bad_unless(instant is not None)
    return instant


def _date(value):
    date = parse_date(_text(value))
    _bad_unless(date is not None)
    return date


def _folded(value):
    return fold(_text(value))


def _interface(value):
    return interface_name(_text(value))


def _one_of(*words):
    def kind(value):
        _bad_unless(isinstance(value, str) and value in words)
        return value
    return kind


def _object(value):
    _bad_unless(isinstance(value, dict))
    return value


def _list(value):
    _bad_unless(isinstance(value, list))
    return value


# ---- the event types: first every field's shape, then the names, so bad-event comes first

def _known(name, names, code):
    if name not in names:
        raise Unreadable(code)


def _read_opened(data):
    names = _optional(data, "interfaces", lambda value: [_interface(name) for name in _list(value)])
    for name in names or ():
        _known(name, facts.INTERFACES, "unknown-interface")
    return {"interfaces": set(names or facts.INTERFACES)}


def _read_documents(value):
    numbers = {}
    for kind, number in _object(value).items():
        if number is not None:
            numbers[fold(kind)] = numbers.get(fold(kind), 0) + _count(number)
    return numbers


def _read_images(value):
    images = _object(value)
    _optional(images, "failed", _count, 0)
    return _optional(images, "recognized", _count, 0)


def _read_call(data):
    fields = {
        "interface": _required(data, "interface", _interface),
        "code": _optional(data, "code", _folded, ""),
        "calls": _optional(data, "calls", _positive, 1),
        "images": _optional(data, "images", _read_images),   # those recognized
        "documents": _optional(data, "documents", _read_documents, {}),
        "mode": _optional(data, "mode", _one_of("adaptive", "fixed"), "adaptive"),
        "text": _optional(data, "text", _one_of("short", "long"), "short"),
        "region": _optional(data, "region", _text, ""),
    }
    _optional(data, "uin", _text)
    if fields["interface"] == facts.MIXED:
        units = sum(fields["documents"].values())
    else:
        units = 1 if fields["images"] is None else fields["images"]
    _bad_unless(fields["calls"] * units <= COUNT_MAX)
    return fields


PAID_PARTS = ("cash", "income", "gift", "voucher")


def _read_paid(value):
    parts = {part: _optional(_object(value), part, _amount) for part in PAID_PARTS}
    if all(amount is None for amount in parts.values()):
        return None
    return {part: amount or 0 for part, amount in parts.items()}


def _read_pack(data):
    return {"order": _required(data, "order", _text), "pool": _required(data, "pool", _folded),
            "size": _required(data, "size", _positive)}


def _read_purchased(data):
    fields = _read_pack(data)
    fields["paid"] = _optional(data, "paid", _read_paid)
    _optional(data, "activity", _text)
    _known(fields["pool"], facts.POOLS, "unknown-pool")
    return fields


def _read_granted(data):
    fields = _read_pack(data)
    fields["ends"] = _required(data, "ends", _instant)
    _known(fields["pool"], facts.POOLS, "unknown-pool")
    return fields


def _read_qps(data):
    return {
        "order": _required(data, "order", _text),
        "interface": _required(data, "interface", _interface),
        "qps": _required(data, "qps", _count),
        "from": _required(data, "from", _date),
        "to": _required(data, "to", _date),
        "by": _required(data, "by", _one_of("day", "month")),
        "uin": _optional(data, "uin", _text, ""),
    }


def _read_tiers(value):
    pairs = [(_required(_object(tier), "from", _count), _required(tier, "price", _amount))
             for tier in _list(value)]
    tiers = dict(pairs)
    _bad_unless(pairs and len(tiers) == len(pairs))
    return tiers


def _read_contract(data):
    fields = {"item": _required(data, "item", _folded),
              "tiers": _required(data, "tiers", _read_tiers),   # lower bound -> price
              "starts": _required(data, "starts", _date)}
    _known(fields["item"], facts.ITEMS, "unknown-item")
    return fields


READERS = {
    "service.opened": _read_opened,
    "service.closed": lambda data: {},
    "call": _read_call,
    "pack.purchased": _read_purchased,
    "pack.granted": _read_granted,
    "refund.requested": lambda data: {"order": _required(data, "order", _text),
                                      "abnormal": _optional(data, "abnormal", _boolean, False)},
    "postpaid.set": lambda data: {"enabled": _required(data, "enabled", _boolean)},
    "account.credited": lambda data: {"amount": _required(data, "amount", _amount)},
    "violation.flagged": lambda data: {},
    "violation.cleared": lambda data: {},
    "qps.purchased": _read_qps,
    "contract.priced": _read_contract,
    "clock": lambda data: {},
}
