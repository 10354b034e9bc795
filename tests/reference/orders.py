"""Packs, refunds, QPS add-ons, and the opening and closing of the service."""
import facts
from account import Bucket, Money
from instants import DAY, MINUTE, add_months, add_years, midnight, month_of, show_instant

PACK_YEARS = 1
REFUND_DAYS = 7
ADDON_DELAY = 15 * MINUTE


# ---- the service

def on_service_opened(account, moment, fields):
    if account.opened_at is None:
        account.opened_at = moment.time
        account.start_timers(moment.time)
    account.interfaces |= fields["interfaces"]
    account.write(moment, "service", action="open", decision="approved")
    account.open_service(moment, fields["interfaces"])


def on_service_closed(account, moment, _fields):
    if any(bucket.kind == "paid" and bucket.is_usable(account.clock)
           for bucket in account.buckets):
        account.write(moment, "service", action="close", decision="denied",
                      reason="paid-pack-left")
        return
    account.write(moment, "service", action="close", decision="approved")
    if account.service == "open":
        account.move(moment, "service", "closed")


def on_postpaid_set(account, _moment, fields):
    account.postpaid_choice = fields["enabled"]


def on_violation_flagged(account, moment, _fields):
    if account.conduct == "clean":
        account.move(moment, "conduct", "violating")


def on_violation_cleared(account, moment, _fields):
    if account.conduct == "violating":
        account.move(moment, "conduct", "clean")
        account.after_stop()


# ---- packs

def refuse_pack(account, fields):
    """The code of the error that a pack event is, in view of the account, or None."""
    if fields["order"] in account.packs:
        return "duplicate-id"
    is_granted = "ends" in fields
    if not is_granted and fields["paid"] is None:
        if facts.PACK_PRICES.get((fields["pool"], fields["size"])) is None:
            return "no-list-price"
    return None


def on_pack_purchased(account, moment, fields):
    paid = fields["paid"]
    if paid is None:
        price = returnable = facts.PACK_PRICES[fields["pool"], fields["size"]]
    else:
        price = sum(paid.values())
        returnable = price - paid["voucher"]
    # The whole day of the anniversary is still valid.
    ends = add_years(midnight(moment.time), PACK_YEARS) + DAY
    pack = Bucket(fields["order"], fields["pool"], "paid", fields["size"], moment.time, ends)
    pack.is_bought = True
    pack.returnable = returnable
    add_pack(account, moment, pack, price)
    if account.service == "closed":
        account.open_service(moment, set())


def on_pack_granted(account, moment, fields):
    pack = Bucket(fields["order"], fields["pool"], "free", fields["size"], moment.time,
                  fields["ends"])
    add_pack(account, moment, pack, 0)


def add_pack(account, moment, pack, price):
    account.add_bucket(pack)
    account.packs[pack.name] = pack
    account.write(moment, "purchase", order=pack.name, bucket=pack.name, pool=pack.pool,
                  size=pack.size, starts=show_instant(pack.starts), ends=show_instant(pack.ends),
                  price=Money(price))


def refund_refusal(account, moment, pack, is_abnormal):
    if pack is None:
        return "unknown-order"
    if pack.is_refunded:
        return "already-refunded"
    if not pack.is_bought:
        return "not-purchased"
    if account.conduct == "violating":
        return "violation"
    if is_abnormal:
        return "abnormal"
    if pack.left != pack.size:
        return "used"
    if moment.time >= midnight(pack.starts) + (REFUND_DAYS + 1) * DAY:
        return "window-closed"
    return None


def on_refund_requested(account, moment, fields):
    pack = account.packs.get(fields["order"])
    reason = refund_refusal(account, moment, pack, fields["abnormal"])
    if reason:
        account.write(moment, "refund", order=fields["order"], decision="denied", reason=reason)
        return
    pack.is_refunded = True
    pack.left = 0
    account.write(moment, "refund", order=fields["order"], decision="approved",
                  amount=Money(pack.returnable))


# ---- QPS add-ons

class AddonOrder:
    def __init__(self, fields):
        self.interface = fields["interface"]
        self.uin = fields["uin"]
        self.qps = fields["qps"]
        self.first_day = fields["from"]
        self.last_day = fields["to"]

    def holds_on(self, day):
        return self.first_day <= day <= self.last_day


def whole_months(first_day, last_day):
    """The number of whole months from first to last day, both included, or None."""
    months = month_of(last_day + DAY) - month_of(first_day)
    return months if months >= 1 and add_months(first_day, months) == last_day + DAY else None


def has_entitlement(account, moment, interface):
    """A usable bucket of any of the interface's pools, or pay-as-you-go."""
    pools = facts.pools_of({interface}, facts.edition_at(moment.time))
    return account.is_postpaid_on() or any(
        bucket.pool in pools and bucket.is_usable(account.clock) for bucket in account.buckets)


def is_bad_period(moment, order, by):
    if order.first_day < midnight(moment.time) or order.last_day < order.first_day:
        return True
    if order.qps < 1:
        return True
    return by == "month" and whole_months(order.first_day, order.last_day) is None


def available_qps(account, order, cap):
    """What is still free on the fullest day; the held QPS grow only on days when orders start."""
    held = [other for other in account.addons
            if other.interface == order.interface and other.uin == order.uin]
    days = [other.first_day for other in held if order.holds_on(other.first_day)]
    days.append(order.first_day)
    return cap - max(sum(other.qps for other in held if other.holds_on(day)) for day in days)


def on_qps_purchased(account, moment, fields):
    order = AddonOrder(fields)
    addon = facts.ADDONS.get(order.interface)
    reason, available = None, None
    if addon is None:
        reason = "no-addon"
    elif not has_entitlement(account, moment, order.interface):
        reason = "no-entitlement"
    elif is_bad_period(moment, order, fields["by"]):
        reason = "bad-period"
    elif order.qps > available_qps(account, order, addon.cap):
        reason, available = "cap-exceeded", available_qps(account, order, addon.cap)
    if reason:
        account.write(moment, "qps", order=fields["order"], decision="denied", reason=reason,
                      available=available)
        return
    account.addons.append(order)
    _, day_price, month_price = addon.band(order.qps)
    if fields["by"] == "day":
        price = day_price * order.qps * ((order.last_day - order.first_day) // DAY + 1)
    else:
        price = month_price * order.qps * whole_months(order.first_day, order.last_day)
    starts_today = order.first_day == midnight(moment.time)
    account.write(
        moment, "qps", order=fields["order"], decision="approved", price=Money(price),
        starts=show_instant(moment.time + ADDON_DELAY if starts_today else order.first_day),
        ends=show_instant(order.last_day + DAY))
