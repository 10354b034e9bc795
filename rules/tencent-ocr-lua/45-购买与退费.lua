language(1, "zh")
-- 买资源包、送资源包、退费。

local b, x = N "b", N "x"
local calls, yuan = of "次", of "元"
local paid = event["实付"]

local ordered = define("已有订单", {{"单", text}},
  any(true, over("b", "资源", where(has(b["订单"]) & b["订单"]:is "单"))))
local unpaid = define("未付款", {}, on "购买",
  no(paid["现金"]) & no(paid["收入"]) & no(paid["赠金"]) & no(paid["代金券"]))
local function list_price() return N"资源包价":of(event["资源包"], event["规格"])["价格"] end

-- 买的和送的都有的字段。
local function size() return field("规格", "size", count "次", at_least(1), required) end
local function order_id() return field("订单", "order", text, required) end
local function pool() return field("资源包", "pool", known "资源包", else_ "unknown-pool", required) end

event("购买", "pack.purchased") {
  size(),
  order_id(),
  pool(),
  field("实付", "paid", record) {
    field("现金", "cash", money),
    field("收入", "income", money),
    field("赠金", "gift", money),
    field("代金券", "voucher", money),
  },
  field("活动", "activity", text),
  refuse("duplicate-id", when(ordered(event["订单"]))),
  refuse("no-list-price", when(unpaid() & no(list_price()))),
  let("刊例", list_price()),
  put("资源", as "b") {
    {"资源包", event["资源包"]}, {"类别", "付费"}, {"途径", "购买"}, {"订单", event["订单"]}, {"活动", event["活动"]},
    {"总量", event["规格"]}, {"余量", event["规格"]},
    {"生效", now}, {"到期", (now + years(1)):to_end_of_day()},
    {"现金", cases {
      when(unpaid() & has "刊例", as "刊例价"):gives "刊例",
      otherwise(as "实付"):gives(either(paid["现金"], yuan(0))),
    }},
    {"收入", either(paid["收入"], yuan(0))},
    {"赠金", either(paid["赠金"], yuan(0))},
    {"代金券", either(paid["代金券"], yuan(0))},
  },
  run("入库", "b"),
  when(N"服务":is "已关闭") { run("进入", "已开接口") },
}
event("获赠", "pack.granted") {
  size(),
  order_id(),
  pool(),
  field("到期", "ends", instant, required),
  refuse("duplicate-id", when(ordered(event["订单"]))),
  put("资源", as "b") {
    {"资源包", event["资源包"]}, {"类别", "免费"}, {"途径", "赠送"}, {"订单", event["订单"]},
    {"总量", event["规格"]}, {"余量", event["规格"]},
    {"生效", now}, {"到期", event["到期"]},
  },
  run("入库", "b"),
}
procedure("入库", {{"b", row "资源"}}) {
  emit "购入" {
    {"订单", b["订单"]}, {"桶", b["订单"]}, {"资源包", b["资源包"]}, {"规格", b["总量"]},
    {"生效", b["生效"]}, {"到期", b["到期"]}, {"价格", b["现金"] + b["收入"] + b["赠金"] + b["代金券"]},
  },
}
event("退费申请", "refund.requested") {
  order_id(),
  field("异常", "abnormal", bool, default(false)),
}
-- 全额退费的条件，逐条看，第一条不合的即是理由（D25）。
decide "退费申请" {
  let("b", first("x", over("x", "资源", where(has(x["订单"]) & x["订单"]:is(event["订单"]))))),
  denied(emit "退费" { {"订单", event["订单"]}, {"结果", "不同意"}, {"原因", reason} }),
  deny("unknown-order", when(no "b")),
  deny("already-refunded", when(b["已退"])),
  deny("not-purchased", when(b["类别"]:ne "付费")),
  deny("violation", when(N"行为":is "违规")),
  deny("abnormal", when(event["异常"])),
  deny("used", when(b["余量"]:ne(b["总量"]))),
  deny("window-closed", when(now:ge(date(b["生效"]) + N"退费期" + days(1)))),
  approve {
    assign(b["已退"], true),
    assign(b["余量"], 0),
    emit "退费" { {"订单", event["订单"]}, {"结果", "同意"}, {"金额", b["现金"] + b["收入"] + b["赠金"]} },  -- 代金券不退（R66）
  },
}
