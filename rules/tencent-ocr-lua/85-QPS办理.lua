language(1, "zh")
-- QPS 叠加包的办理。

local b, o, q, r, asked = N "b", N "o", N "q", N "r", event
local qps = of "QPS"
local from_day, to_day = asked["起日"], asked["止日"]
local end_month = month(to_day + days(1))
local same = o["接口"]:is(asked["接口"]) & o["子账号"]:is(asked["子账号"])

list "叠加" { {"接口", "QPS接口名"}, {"子账号", text}, {"数量", count "QPS"}, {"起日", date}, {"止日", date} }
domain "计价方式" { {"按日", "day"}, {"按月", "month"} }

event("购买QPS", "qps.purchased") {
  field("订单", "order", text, required),
  field("接口", "interface", open "QPS接口名", required),
  field("数量", "qps", count "QPS", required),
  field("起日", "from", date, required),
  field("止日", "to", date, required),
  field("方式", "by", "计价方式", required),
  field("子账号", "uin", text, default(T "")),
}
decide "购买QPS" {
  let("q", N"QPS接口":of(asked["接口"])),
  let("月数", end_month - month(from_day)),
  -- 所求各日中占得最满的一天：占用只在某一单的起日上升，看这些日子就够了。
  let("已占", either(max(call("当日已占", max(from_day, o["起日"])), over("o", "叠加",
    where(o["起日"]:le(to_day)))), qps(0))),
  denied(emit "QPS办理" { {"订单", asked["订单"]}, {"结果", "不同意"}, {"原因", reason} }),
  deny("no-addon", when(no "q")),
  deny("no-entitlement", when(~call "后付费已开" & ~any(any(call("可用", b, clock), over("b", "资源",
    where(b["资源包"]:is(r["资源包"])))), over("r", "归属", where(r["接口"]:is(asked["接口"])))))),
  deny("bad-period", when(to_day:lt(from_day) | from_day:lt(date(now)) | asked["数量"]:lt(qps(1))
    | (asked["方式"]:is "按月" & ~call "整月"))),
  deny("cap-exceeded", when(asked["数量"]:gt(q["上限"] - N"已占"))) { {"可购", q["上限"] - N"已占"} },
  approve {
    let("价", N"QPS价":of(q["等级"], asked["数量"])),
    put "叠加" {
      {"接口", asked["接口"]}, {"子账号", asked["子账号"]}, {"数量", asked["数量"]}, {"起日", from_day}, {"止日", to_day},
    },
    emit "QPS办理" {
      {"订单", asked["订单"]},
      {"结果", "同意"},
      {"价格", cases {
        when(asked["方式"]:is "按月"):gives(N"价"["按月"] * asked["数量"] * N"月数"),
        otherwise:gives(N"价"["按日"] * asked["数量"] * (to_day - from_day + days(1))),
      }},
      {"生效", cases { when(from_day:is(date(now))):gives(now + minutes(15)), otherwise:gives(from_day) }},
      {"到期", to_day + days(1)},
    },
  },
}
define("整月", {}, on "购买QPS", (from_day + (end_month - month(from_day))):is(to_day + days(1)))
define("当日已占", {{"x", date}}, on "购买QPS",
  sum(o["数量"], over("o", "叠加", where(same & o["起日"]:le "x" & N"x":le(o["止日"])))))
