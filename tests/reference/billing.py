"""Settlement of months, contracts and invoices."""
import facts
from account import Money
from instants import month_of, month_start, show_month

CENT = facts.MICROS // 100

CLASS_ORDER = ["postpaid", "international", "adjustment"]


class Contract:
    def __init__(self, item, starts, tiers):
        self.item = item
        self.starts = starts
        self.tiers = tiers      # lower bound -> price

    def is_in_force(self, item, month):
        return self.item == item and self.starts <= month_start(month)

    def price(self, total):
        """None below its lowest bound: there the list price holds."""
        reached = [lower for lower in self.tiers if lower <= total]
        return self.tiers[max(reached)] if reached else None


class InvoiceLine:
    def __init__(self, item, line_class, month, units, month_units, price, amount):
        self.item = item
        self.line_class = line_class
        self.month = month
        self.units = units
        self.month_units = month_units
        self.price = price
        self.amount = amount


def unit_price(contracts, item, month, total):
    """The price per unit of a month, or None; of the contracts in force the last given wins."""
    in_force = [contract for contract in contracts if contract.is_in_force(item, month)]
    agreed = in_force[-1].price(total) if in_force else None
    return facts.list_price(item, total) if agreed is None else agreed


def cost(units, price):
    """Units times price, rounded half up to 0.01."""
    return (units * price + CENT // 2) // CENT * CENT


def settle(account, moment, month):
    """Invoices the month just ended, and what changed in the months before it."""
    lines = []
    for (item, used_month), use in account.item_months.items():
        if used_month <= month:
            line_class = "postpaid" if used_month == month else "adjustment"
            lines += _postpaid_lines(account, item, used_month, use, line_class)
            lines += _overseas_lines(item, used_month, use)
    write_invoice(account, moment, month, lines)


def _postpaid_lines(account, item, month, use, line_class):
    if use.postpaid == 0 or use.open_class is not None:
        return []
    # A month stays with the contracts that it was first billed with.
    if use.contracts_known is None:
        use.contracts_known = len(account.contracts)
    known = account.contracts[:use.contracts_known]
    price = unit_price(known, item, month, use.domestic)
    if price is None:
        use.open_class = line_class
        amount = None
    else:
        amount = cost(use.postpaid, price) - (use.billed or 0)
        if use.billed is not None and amount == 0:
            return []
        use.billed = cost(use.postpaid, price)
    return [InvoiceLine(item, line_class, month, use.postpaid, use.domestic, price, amount)]


def _overseas_lines(item, month, use):
    units = use.overseas - use.overseas_billed
    if units == 0:
        return []
    use.overseas_billed = use.overseas
    return [InvoiceLine(item, "international", month, units, use.domestic, None, None)]


def on_contract_priced(account, moment, fields):
    """Keeps the contract for later settlements, and settles the open lines that it prices."""
    contract = Contract(fields["item"], fields["starts"], fields["tiers"])
    account.contracts.append(contract)
    lines = []
    for (item, month), use in account.item_months.items():
        if use.open_class is None or not contract.is_in_force(item, month):
            continue
        # Below the contract's lowest bound only the list price is left, and the line is open
        # because that is missing.
        price = contract.price(use.domestic)
        if price is None:
            continue
        amount = cost(use.postpaid, price) - (use.billed or 0)
        # A month never billed yet is billed now; what was billed before is adjusted.
        line_class = "postpaid" if use.billed is None else "adjustment"
        lines.append(InvoiceLine(item, line_class, month, use.postpaid, use.domestic, price,
                                 amount))
        use.billed = cost(use.postpaid, price)
        use.contracts_known = len(account.contracts)
        use.open_class = None
    write_invoice(account, moment, month_of(moment.time), lines)


def write_invoice(account, moment, period, lines):
    if not lines:
        return
    lines.sort(key=lambda line: (line.item, CLASS_ORDER.index(line.line_class), line.month))
    total = sum(line.amount for line in lines if line.amount is not None)
    is_final = all(line.price is not None for line in lines)
    account.write(
        moment, "invoice", period=show_month(period),
        lines=[{"item": line.item, "class": line.line_class, "period": show_month(line.month),
                "units": line.units, "month_units": line.month_units,
                "price": None if line.price is None else Money(line.price),
                "amount": None if line.amount is None else Money(line.amount)} for line in lines],
        total=Money(total), status="final" if is_final else "needs-quote")
    if total != 0:
        account.pay(moment, -total)


def on_account_credited(account, moment, fields):
    account.pay(moment, fields["amount"])
