language(1, "zh")
-- 一个账户有什么：开通了什么、手里有哪些资源包、用了多少、欠了多少。

domain "类别" { {"免费", "free"}, {"付费", "paid"}, {"后付费", "postpaid"}, {"境外", "international"} }
domain "行类别" { {"后付费", "postpaid"}, {"境外", "international"}, {"调整", "adjustment"} }
domain "途径" { "每月免费", "一次性免费", "购买", "赠送" }
domain "结果" { {"计费", "charged"}, {"不计费", "uncharged"}, {"拒绝", "rejected"} }
domain "裁决" { {"同意", "approved"}, {"不同意", "denied"} }

account {
  {"开通时间", opt(instant)},
  {"已开接口", set "接口"},
  {"上次使用", opt(instant)},
  {"后付费开关", opt(bool)},
  {"余额", money},
  {"合同数", number},
}

-- 每个资源包，免费的、买的、送的，一行一个。
-- 扣减先后：先免费后付费，同类按生效、到期、到手先后（R16、R17、D9）。
local b = N "b"
list("资源", index "资源包", order("b", by(b["类别"], b["生效"], b["到期"], arrival(b)))) {
  {"资源包", "资源包"},
  {"类别", "类别"},
  {"途径", "途径"},
  {"总量", count "次"},
  {"余量", count "次"},
  {"生效", instant},
  {"到期", instant},
  {"订单", opt(text)},
  {"已退", bool, false},
  {"现金", money, 0},
  {"收入", money, 0},
  {"赠金", money, 0},
  {"代金券", money, 0},
  {"活动", opt(text)},
  allow("W1001", "活动", because "留作对账，不影响计费"),
}

counter("用量", by({"计费项", "计费项"}, {"月", month}), tracked) {
  {"总量", count "次"},
  {"净量", count "次"},
}
counter("应付", by({"计费项", "计费项"}, {"月", month}, {"类别", "类别"})) {
  {"数量", count "次"},
  {"已结", count "次"},
  {"已出", opt(money)},
  {"依据", opt(number)},
  {"待询", bool},
}

define("可用", {{"b", row "资源"}, {"t", instant}},
  b["余量"]:gt(0) & b["生效"]:le(N"t") & N"t":lt(b["到期"]))
local stopped = define("停服中", {}, N"付款":is "停服" | N"行为":is "违规")
define("后付费已开", {}, either("后付费开关", has "开通时间" & N"开通时间":lt "默认开通后付费截止"))
define("桶名", {{"b", row "资源"}}, either(b["订单"], cases {
  when(b["途径"]:is "每月免费", as "每月"):gives(text("free:", b["资源包"], ":", month(b["生效"]))),
  otherwise(as "一次性"):gives(text("free:", b["资源包"], ":once")),
}))

-- 状态一变就记一笔；停服结束，补发暂缓的免费包。
local function changed_state(name)
  return emit "状态变化" { {"状态机", T(name)}, {"从", before}, {"到", after} }
end
local function catch_up() return leaving(stopped()) { resume "免费包" } end

machine("付款", "payment") {
  state({"正常", "good"}, {"欠费", "arrears"}, {"停服", "stopped"}),
  edge("正常", "欠费", when(N"余额":lt(0))),
  edge("欠费", "停服", after(hours(24))),
  edge({"欠费", "停服"}, "正常", when(N"余额":ge(0))),
  moves { changed_state "payment" },
  catch_up(),
}
machine("行为", "conduct") {
  state({"守规", "clean"}, {"违规", "violating"}),
  edge("守规", "违规", on "违规认定"),
  edge("违规", "守规", on "违规解除"),
  moves { changed_state "conduct" },
  catch_up(),
}
machine("服务", "service") {
  state({"未开通", "none"}, {"已开通", "open"}, {"已关闭", "closed"}),
  edge({"未开通", "已关闭"}, "已开通"),
  edge("已开通", "已关闭"),
  moves { when(before:ne "未开通") { changed_state "service" } },
}

event("违规认定", "violation.flagged") {}
event("违规解除", "violation.cleared") {}
event("时间", "clock") {}
event("后付费设置", "postpaid.set") {
  field("开启", "enabled", bool, required),
  assign("后付费开关", event["开启"]),
}
event("充值", "account.credited") {
  field("金额", "amount", money, required),
  run("入账", event["金额"]),
}
procedure("入账", {{"数额", money}}) {
  add("余额", N"数额"),
  emit "收支" { {"数额", N"数额"}, {"余额", N"余额"} },
}
