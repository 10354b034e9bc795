language(1, "zh")
-- 给客户看的对账单：哪些行是额度，扣减写在哪种分录里，哪种分录是账单，还列出哪些事。
-- 这里不改任何账，只说怎么摆。

local b, u, d, x, l = N "b", N "u", N "d", N "x", N "l"
local contract = call("在用合同", u["计费项"], u["月"], none)

statement "月结单" {
  bucket("b", "资源") {
    {"id", call("桶名", b)},
    {"by", b["资源包"], b["途径"]},
    {"count", b["总量"]},
    {"rest", b["余量"]},
    {"returned", cases { when(b["已退"]):gives(b["总量"]), otherwise:gives(of "次"(0)) }},
    {"from", b["生效"]},
    {"until", b["到期"]},
    {"quiet", when(b["类别"]:is "免费")},
  },
  metered("u", "用量") {
    {"by", u["计费项"]},
    {"month", u["月"]},
    {"count", call("阶梯量", u["计费项"], u["月"])},
    {"tariff", "刊例", where(no(contract))},
    {"price", call("计价", u["计费项"], u["月"], none)},
  },
  draws("d", N"调用结果"["扣减"]) { {"id", d["桶"]}, {"by", d["资源包"], d["类别"]}, {"count", d["数量"]} },
  bill("x", "账单") {
    {"month", x["账期"]},
    {"sum", x["合计"]},
    lines("l", x["明细"]) { {"month", l["账期"]}, {"money", l["金额"]} },
  },
  shows("购入", "退费", "收支", "提醒", "状态变化", "服务办理", "QPS办理"),

  wording("low", "余量不足"),
  wording("empty", "已用尽"),
  wording("payment", "付款"),
  wording("conduct", "行为"),
  wording("service", "服务"),
  wording("good", "正常"),
  wording("arrears", "欠费"),
  wording("stopped", "停服"),
  wording("clean", "守规"),
  wording("violating", "违规"),
  wording("open", "已开通"),
  wording("closed", "已关闭"),
  wording("final", "已定"),
  wording("needs-quote", "有待报价的行"),
  wording("paid-pack-left", "付费资源包还有余量"),
  wording("unknown-order", "没有这张订单"),
  wording("already-refunded", "已经退过"),
  wording("not-purchased", "不是买来的"),
  wording("violation", "违规期间不退"),
  wording("abnormal", "异常订单"),
  wording("used", "已经用过"),
  wording("window-closed", "已过退费期"),
  wording("no-addon", "这个接口没有叠加包"),
  wording("no-entitlement", "没有可用的资源包，也没有开后付费"),
  wording("bad-period", "日期不对"),
  wording("cap-exceeded", "超过上限"),
}
