"""The tables of the price page, read from the CSV files in ../facts."""
import csv
import os
import unicodedata

from instants import parse_instant

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "facts")

SWITCH_TO_2025 = parse_instant("2025-06-23T00:00:00+08:00")
CODES_BILL_FROM = parse_instant("2020-07-06T00:00:00+08:00")
POSTPAID_ON_IF_OPENED_BEFORE = parse_instant("2021-12-14T00:00:00+08:00")

MAINLAND = {"ap-beijing", "ap-shanghai", "ap-guangzhou", "ap-chengdu", "ap-chongqing", "ap-nanjing"}

MICROS = 10**6  # money and prices are whole millionths of a yuan


def fold(name):
    """Names match after NFKC and removal of spaces; NFKC makes spaces of other blanks, so first."""
    return unicodedata.normalize("NFKC", name).replace(" ", "")


MIXED = fold("混贴票据识别")
SMALL_RECEIPTS = fold("通用票据识别（小票）")
NEW_VAT_CHECK = fold("增值税发票核验（新版）")
MULTIMODAL = {fold("文档抽取（多模态版）"), fold("文档抽取（多模态Pro版）")}

# Names of one interface that the documents print in two ways.
_ALIASES = {fold(old): fold(new) for old, new in (
    ("组织机构代码识别", "组织机构代码证识别"),
    ("港澳台来往内地通行证识别类", "港澳台来往内地通行证识别"),
    ("护照（港澳台及境外护照）", "护照识别（港澳台地区及境外护照）"),
    ("通用卡证鉴别", "通用卡证鉴伪"),
    ("有效身份证件识别（鉴别版）", "有效身份证件识别（鉴伪版）"),
    ("文档抽取（Pro版）", "文档抽取（多模态Pro版）"),
    ("文档抽取（多模式Pro版）", "文档抽取（多模态Pro版）"),
)}


def interface_name(name):
    folded = fold(name)
    return _ALIASES.get(folded, folded)


def micros(decimal):
    """A decimal string with at most six decimals as millionths."""
    whole, _, fraction = decimal.partition(".")
    return int(whole) * MICROS + int(fraction.ljust(6, "0"))


def edition_at(instant):
    return "older" if instant < SWITCH_TO_2025 else "2025"


def _rows(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _price(cell):
    return None if cell == "CONTACT" else micros(cell)


class Grant:
    def __init__(self, row):
        self.pool = fold(row["pool"])
        self.amount = int(row["amount"])
        self.is_monthly = row["recurrence"] == "monthly"
        self.years = {"current_month": 0, "1y": 1, "5y": 5}[row["validity"]]


class Addon:
    """A class of QPS add-ons: its cap and its price bands."""

    def __init__(self, cap):
        self.cap = cap
        self.bands = []  # (lower bound of quantity, price per QPS and day, ... and month)

    def band(self, quantity):
        return max(band for band in self.bands if band[0] <= quantity)


# edition -> interface -> the pools that serve it
POOLS_OF = {"older": {}, "2025": {}}
for _row in _rows("interfaces.csv"):
    _pools = POOLS_OF[_row["edition"]].setdefault(interface_name(_row["interface_norm"]), set())
    _pools.add(fold(_row["pool"]))

INTERFACES = {name for edition in POOLS_OF.values() for name in edition}
POOLS = {pool for edition in POOLS_OF.values() for pools in edition.values() for pool in pools}

# edition -> grants; a pool printed on several rows still has one grant
GRANTS = {"older": [], "2025": []}
for _row in _rows("free_grants.csv"):
    if _row["status"] == "canonical":
        GRANTS[_row["edition"]].append(Grant(_row))

# (pool, size) -> list price, None where sales must be asked
PACK_PRICES = {}
for _row in _rows("pack_prices.csv"):
    if _row["status"] != "conflict":
        PACK_PRICES[fold(_row["pool"]), int(_row["size"])] = _price(_row["list_price_yuan"])

# billing item -> {lower bound: price}
TIERS = {}
_priced_pools = set()
for _row in _rows("postpaid_tiers.csv"):
    _tiers = TIERS.setdefault(fold(_row["billing_item"]), {})
    _tiers[int(_row["tier_lower_incl"])] = _price(_row["price_yuan_per_call"])
    _priced_pools.add(fold(_row["pool"]))

# A pool without printed postpaid prices is billed as an item of its own name, at no known price.
ITEMS = set(TIERS) | (POOLS - _priced_pools)

CODES = {fold(row["code"]): row for row in _rows("error_codes.csv")}
DOCUMENT_POOL = {fold(row["doc_type_norm"]): fold(row["pool"])
                 for row in _rows("mixed_invoice.csv")}

# interface -> Addon
ADDONS = {}
for _row in _rows("qps.csv"):
    _addon = ADDONS.setdefault(interface_name(_row["interface_norm"]),
                               Addon(int(_row["purchase_cap_per_account_per_interface"])))
    _addon.bands.append((int(_row["band_lower_incl"]),
                         micros(_row["price_per_qps_per_day_yuan"]),
                         micros(_row["price_per_qps_per_month_yuan"])))


def list_price(item, total):
    """The price per unit of the tier that the month's total has reached; None: ask for a quote."""
    tiers = TIERS.get(item)
    if tiers is None:
        return None
    return tiers[max(lower for lower in tiers if lower <= total)]


def pools_of(interfaces, edition):
    """The pools that serve any of these interfaces in an edition."""
    members = POOLS_OF[edition]
    return {pool for name in interfaces for pool in members.get(name, ())}
