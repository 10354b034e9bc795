language(1, "zh")
-- 账本里有哪些分录，叫什么，有哪些栏。第二个引号里是对外的名字。

domain "动作" { {"开", "open"}, {"关", "close"} }

-- 几种分录都有的栏。
local pool, bucket = {"资源包", "pool", "资源包"}, {"桶", "bucket", text}
local order = {"订单", "order", text}
local decision, reason_text = {"结果", "decision", "裁决"}, {"原因", "reason", text}
local starts, ends = {"生效", "starts", instant}, {"到期", "ends", instant}

entry("调用结果", "call") {
  {"接口", "interface", "接口"},
  {"结果", "decision", "结果"},
  reason_text,
  {"数量", "units", count "次"},
  {"未供", "refused", number},
  {"提示", "warning", text},
  rows("扣减", "draws") {
    pool,
    bucket,
    {"类别", "class", "类别"},
    {"数量", "units", count "次"},
  },
}
entry("购入", "purchase") {
  order, bucket, pool, {"规格", "size", count "次"}, starts, ends, {"价格", "price", money},
}
entry("提醒", "notice") {
  pool, {"级别", "level", text}, bucket, {"剩余", "remaining", count "次"},
}
entry("状态变化", "state") {
  {"状态机", "machine", text},
  {"从", "from", text},
  {"到", "to", text},
}
entry("账单", "invoice") {
  {"账期", "period", month},
  rows("明细", "lines") {
    {"计费项", "item", "计费项"},
    {"类别", "class", "行类别"},
    {"账期", "period", month},
    {"数量", "units", count "次"},
    {"月总量", "month_units", count "次"},
    {"单价", "price", opt(price "元/次")},
    {"金额", "amount", opt(money)},
  },
  {"合计", "total", money},
  {"状态", "status", text},
}
entry("收支", "payment") { {"数额", "amount", money}, {"余额", "balance", money} }
entry("退费", "refund") { order, decision, reason_text, {"金额", "amount", money} }
entry("服务办理", "service") { {"动作", "action", "动作"}, decision, reason_text }
entry("QPS办理", "qps") {
  order, decision, reason_text, {"价格", "price", money}, starts, ends, {"可购", "available", count "QPS"},
}
