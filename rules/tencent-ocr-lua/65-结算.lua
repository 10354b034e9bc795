language(1, "zh")
-- 月结：上月用量按所达阶梯计价，开账单；迟到的用量出调整行；合同价。

local k, l, t, u, v, x = N "k", N "l", N "t", N "u", N "v", N "x"
local m, item, contract, quantity = N "m", N "项", N "依据", N "数量"
local yuan = of "元"

list "合同" { {"号", number}, {"计费项", "计费项"}, {"起日", date}, {"下限", count "次"}, {"单价", price "元/次"} }
scratch_list "账单行" {
  {"计费项", "计费项"},
  {"行类别", "行类别"},
  {"账期", month},
  {"数量", count "次"},
  {"月总量", count "次"},
  {"单价", opt(price "元/次")},
  {"金额", opt(money)},
}

local of_item = {{"项", "计费项"}, {"m", month}, {"依据", opt(number)}}
local day_of_bill = define("结算日", {{"m", month}}, start(m) + N"账单日" - days(1))
local in_force = define("在用合同", of_item,
  max(k["号"], over("k", "合同",
    where(k["计费项"]:is "项" & k["起日"]:le(start(m)) & (no(contract) | k["号"]:lt(contract))))))
local contract_tier = define("合同档", {{"号", opt(number)}, {"量", count "次"}},
  last("k", over("k", "合同", where(has "号" & k["号"]:is "号" & k["下限"]:le "量"), by(k["下限"]))))
-- 按当月总量所达的阶梯，整月一个价（R45）；改为 graduated 即逐档计价。
tariff("刊例", by(N"阶梯价"["单价"]), reached)
-- 阶梯看哪个量：总量含免费与资源包抵扣的，净量只算后付费的（A32）。
local graded = define("阶梯量", {{"项", "计费项"}, {"m", month}}, N"用量":of(item, m)["总量"])
local agreed = contract_tier(in_force(item, m, contract), graded(item, m))
define("计价", of_item, cases {
  when(has(agreed), as "合同价"):gives(agreed["单价"]),
  otherwise(as "刊例价"):gives(price("刊例", item, graded(item, m))),
})
local due = define("应收", {{"项", "计费项"}, {"m", month}, {"数量", count "次"}, {"依据", opt(number)}}, cases {
  when(has(agreed), as "合同价"):gives(agreed["单价"] * quantity),
  otherwise(as "刊例价"):gives(charge("刊例", item, quantity, graded(item, m))),
})

timer("结算", "settlement") {
  arm("结算", at(day_of_bill(month(now) + months(1)))),
  run("结清", month(now) - months(1)),
}
procedure("结清", {{"m", month}}) {
  each("x", changed "用量", where(x["月"]:le(m))) {
    each("u", "应付", where(u["计费项"]:is(x["计费项"]) & u["月"]:is(x["月"]))) {
      choose {
        when(u["类别"]:is "后付费", as "后付费") {
          when(~u["待询"]) {
            run("出行", u, cases { when(u["月"]:is(m)):gives "后付费", otherwise:gives "调整" }, u["依据"]),
          },
        },
        when(u["数量"]:gt(u["已结"]), as "境外") {
          put "账单行" {
            {"计费项", u["计费项"]}, {"行类别", "境外"}, {"账期", u["月"]}, {"数量", u["数量"] - u["已结"]},
            {"月总量", graded(x["计费项"], x["月"])}, {"单价", none}, {"金额", none},
          },
          assign(u["已结"], u["数量"]),
        },
      },
    },
  },
  run("开账单", m),
}
procedure("出行", {{"u", row "应付"}, {"类", "行类别"}, {"依据", opt(number)}}) {
  let("p", call("计价", u["计费项"], u["月"], contract)),
  let("a", round(due(u["计费项"], u["月"], u["数量"], contract), "最小金额") - either(u["已出"], yuan(0))),
  when(u["待询"] | no "a" | no(u["已出"]) | N"a":ne(0)) {
    put "账单行" {
      {"计费项", u["计费项"]}, {"行类别", "类"}, {"账期", u["月"]}, {"数量", u["数量"]},
      {"月总量", graded(u["计费项"], u["月"])}, {"单价", "p"}, {"金额", "a"},
    },
    assign(u["待询"], no "a"),
    assign(u["依据"], either(contract, "合同数")),
    when(has "a") { assign(u["已出"], either(u["已出"], yuan(0)) + N"a") },
  },
}
procedure("开账单", {{"m", month}}) {
  when(any(true, over("l", "账单行"))) {
    let("总额", sum(either(l["金额"], yuan(0)), over("l", "账单行"))),
    emit "账单" {
      {"账期", m},
      {"合计", "总额"},
      {"状态", cases {
        when(any(no(l["金额"]), over("l", "账单行"))):gives(T "needs-quote"),
        otherwise:gives(T "final"),
      }},
      rows("明细", over("l", "账单行", by(text(l["计费项"]), l["行类别"], l["账期"]))) {
        {"计费项", l["计费项"]}, {"类别", l["行类别"]}, {"账期", l["账期"]}, {"数量", l["数量"]},
        {"月总量", l["月总量"]}, {"单价", l["单价"]}, {"金额", l["金额"]},
      },
    },
    when(N"总额":ne(0)) { run("入账", -N"总额") },
  },
}
event("合同定价", "contract.priced") {
  field("计费项", "item", known "计费项", else_ "unknown-item", required),
  field("起日", "starts", date, required),
  field("档", "tiers", list_of) {
    field("下限", "from", count "次", required),
    field("单价", "price", price "元/次", required),
  },
  -- 分短文本、长文本计价的资源包自己不是计费项，不能订合同价。
  refuse("unknown-item", when(any(true, over("v", "多模态",
    where(v["资源包"]:is(event["计费项"]) & v["计费项"]:ne(event["计费项"])))))),
  refuse("bad-event", when(count("t", over("t", event["档"])):is(0))),
  refuse("bad-event", when(any(count("x", over("x", event["档"], where(x["下限"]:is(t["下限"])))):gt(1),
    over("t", event["档"])))),
  each("t", event["档"]) {
    put "合同" {
      {"号", "合同数"}, {"计费项", event["计费项"]}, {"起日", event["起日"]}, {"下限", t["下限"]}, {"单价", t["单价"]},
    },
  },
  add("合同数", 1),
  each("u", "应付", where(u["计费项"]:is(event["计费项"]) & u["待询"]
      & event["起日"]:le(start(u["月"])) & has(contract_tier(N"合同数" - 1, graded(u["计费项"], u["月"]))))) {
    run("出行", u, cases { when(no(u["已出"])):gives "后付费", otherwise:gives "调整" }, none),
  },
  run("开账单", month(now)),
}
