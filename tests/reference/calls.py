"""What a call costs and what it draws on."""
import facts


def refusal(account, moment, interface):
    """The first reason for which the account as it is now may not make the call."""
    if account.service != "open":
        return "FailedOperation.UnOpenError"
    if interface not in facts.POOLS_OF[facts.edition_at(moment.time)]:
        return "InvalidAction"
    if interface not in account.interfaces:
        return "FailedOperation.UnOpenError"
    if account.conduct == "violating":
        return "ResourceUnavailable"
    if account.payment == "stopped":
        return "ResourcesSoldOut.ChargeStatusException"
    return None


def measure(moment, fields):
    """What one such call wants, as {(pool, billing item): units}, and its warning."""
    interface, code = fields["interface"], fields["code"]
    if code and code not in facts.CODES:
        return {}, "unlisted-code"
    if interface == facts.MIXED:
        return ({}, None) if code else measure_documents(fields["documents"])
    units, warning = 1, None
    if code:
        units, warning = measure_failure(moment, interface, code)
    if fields["images"] is not None:
        units = 0 if code else fields["images"]
    pool, item = pool_and_item(moment, fields)
    return ({(pool, item): units} if units else {}), warning


def measure_failure(moment, interface, code):
    """Units of a failed call with a listed code, and its warning."""
    row = facts.CODES[code]
    if row["billable"] != "yes":
        return 0, None
    is_vat_code = row["scope"].startswith("增值税发票核验")
    if is_vat_code and interface != facts.NEW_VAT_CHECK:
        return 0, "code-out-of-scope"
    return (1 if moment.time >= facts.CODES_BILL_FROM else 0), None


def measure_documents(documents):
    wants, warning = {}, None
    for kind, number in documents.items():
        if number == 0:
            continue
        if kind not in facts.DOCUMENT_POOL:
            warning = "unknown-document"
        pool = facts.DOCUMENT_POOL.get(kind, facts.SMALL_RECEIPTS)
        wants[pool, pool] = wants.get((pool, pool), 0) + number
    return wants, warning


def pool_and_item(moment, fields):
    """Only the two multimodal interfaces have several pools, and items that are not pools."""
    interface = fields["interface"]
    if interface in facts.MULTIMODAL:
        if fields["mode"] == "fixed":
            return interface + "-固定价格", interface + "-固定价格"
        length = "-短文本" if fields["text"] == "short" else "-长文本"
        return interface + "-自适应价格", interface + length + "-自适应价格"
    (pool,) = facts.POOLS_OF[facts.edition_at(moment.time)][interface]
    return pool, pool


def on_call(account, moment, fields):
    interface, calls = fields["interface"], fields["calls"]
    reason = refusal(account, moment, interface)
    if reason:
        write_rejected(account, moment, fields, reason)
        return
    wants, warning = measure(moment, fields)
    if not wants:
        account.note_use(moment.time)
        account.write(moment, "call", interface=interface, decision="uncharged", units=0,
                      warning=warning, draws=[])
    elif fields["region"] and fields["region"] not in facts.MAINLAND:
        serve_overseas(account, moment, fields, wants, warning)
    else:
        serve(account, moment, fields, wants, warning)


def write_rejected(account, moment, fields, reason):
    account.write(moment, "call", interface=fields["interface"], decision="rejected",
                  reason=reason, units=0, refused=fields["calls"], draws=[])


def write_charged(account, moment, fields, warning, draws, refused):
    account.write(moment, "call", interface=fields["interface"], decision="charged",
                  units=sum(draw["units"] for draw in draws), refused=refused or None,
                  warning=warning, draws=draws)


def serve_overseas(account, moment, fields, wants, warning):
    draws = []
    for (pool, item), each in wants.items():
        units = each * fields["calls"]
        account.item_month(item, moment.time).overseas += units
        draws.append({"pool": pool, "bucket": "international", "class": "international",
                      "units": units})
    account.note_use(moment.time)
    write_charged(account, moment, fields, warning, draws, 0)


def serve(account, moment, fields, wants, warning):
    usable = {pool: account.usable_buckets(pool, moment.time) for pool, _ in wants}
    served = fields["calls"]
    if not account.is_postpaid_on():
        # A single call is served whole or not at all, so every pool limits the number of calls.
        for (pool, _), each in wants.items():
            covered = sum(bucket.left for bucket in usable[pool])
            served = min(served, covered // each)
    account.note_use(moment.time)
    if served == 0:
        write_rejected(account, moment, fields, "ResourcesSoldOut.ChargeStatusException")
        return
    last = {pool: (buckets[-1], buckets[-1].left) for pool, buckets in usable.items() if buckets}
    draws = []
    for (pool, item), each in wants.items():
        draws += draw(account, moment, pool, item, usable[pool], each * served)
    write_charged(account, moment, fields, warning, draws, fields["calls"] - served)
    for pool, (bucket, before) in last.items():
        write_notices(account, moment, pool, bucket, before)


def draw(account, moment, pool, item, buckets, units):
    draws = []
    use = account.item_month(item, moment.time)
    use.domestic += units
    for bucket in buckets:
        taken = min(units, bucket.left)
        if taken:
            bucket.left -= taken
            units -= taken
            draws.append({"pool": pool, "bucket": bucket.name, "class": bucket.kind,
                          "units": taken})
    if units:
        use.postpaid += units
        draws.append({"pool": pool, "bucket": "postpaid", "class": "postpaid", "units": units})
    return draws


def write_notices(account, moment, pool, bucket, before):
    """Of the last bucket alone, when a call takes it below a fifth of its size, or empties it."""
    if before * 5 >= bucket.size > bucket.left * 5:
        account.write(moment, "notice", pool=pool, level="low", bucket=bucket.name,
                      remaining=bucket.left)
    if bucket.left == 0:
        account.write(moment, "notice", pool=pool, level="empty", bucket=bucket.name,
                      remaining=0)
