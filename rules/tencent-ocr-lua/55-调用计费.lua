language(1, "zh")
-- 一次调用：能不能服务，计多少，从哪个包扣，扣完提醒谁。

local b, d, l, r, w = N "b", N "d", N "l", N "r", N "w"
local calls, per_document, documents = of "次", of "次/张", of "张"
local period = month(now)

scratch_counter("需求", by({"资源包", "资源包"}, {"计费项", "计费项"})) { {"量", count "次"} }
scratch_counter("扣减", by({"资源包", "资源包"}, {"桶", text}, {"类别", "类别"})) { {"量", count "次"} }
scratch_counter("末包", by {"资源包", "资源包"}) { {"包", opt(row "资源")}, {"原余", count "次"} }

event("调用", "call") {
  field("接口", "interface", open "接口", required),
  field("错误码", "code", open "错误码", blank),
  field("次数", "calls", number, at_least(1), default(1)),
  field("图片", "images", record) {
    field("成功", "recognized", count "张", default(0)),
    field("失败", "failed", count "张", default(0)),
  },
  field("单据", "documents", counts("单据", "种类", "张数", "张")),
  field("模式", "mode", "模式", default "自适应"),
  field("文本", "text", "文本长度", default "短文本"),
  field("地域", "region", open "地域", blank),
  field("子账号", "uin", text),
  allow("W1001", "失败", "子账号", because "识别失败的图片不计费；主账号与子账号一同计费"),

  bounded(event["次数"] * sum(d["张数"], over("d", event["单据"]))),
  bounded(event["次数"] * either(event["图片"]["成功"], documents(0))),
}

local api, code, images = event["接口"], event["错误码"], event["图片"]
local used = N"用量":of(w["计费项"], period)
local function owed(class) return N"应付":of(w["计费项"], period, class) end
local function drawn(bucket, class) return N"扣减":of(w["资源包"], bucket, class)["量"] end
local function outcome(result, ...)
  return emit "调用结果" { {"接口", api}, {"结果", result}, ... }
end

-- 能不能服务，逐条看（D11）。
decide "调用" {
  denied(outcome("拒绝", {"原因", reason}, {"数量", calls(0)}, {"未供", event["次数"]})),
  deny("FailedOperation.UnOpenError", when(N"服务":ne "已开通")),
  deny("InvalidAction", when(no(call("主包", api)))),
  deny("FailedOperation.UnOpenError", when(api:outside "已开接口")),
  deny("ResourceUnavailable", when(N"行为":is "违规")),
  deny("ResourcesSoldOut.ChargeStatusException", when(N"付款":is "停服")),
  approve {
    measure "调用",
    choose {
      when(~any(true, over("w", "需求")), as "不计费") {
        run "记为已用",
        outcome("不计费", {"数量", calls(0)}, {"提示", call "提示"}),
      },
      when(call "境外调用", as "境外") { run "境外供给" },
      otherwise(as "境内") { run "供给" },
    },
  },
}

-- 一次调用计多少，记在哪种资源包、哪个计费项下：第一行合的算数。
local mixed = api:is "混贴票据识别"
local row_of_code = N"错误码表":of(code)
measure("调用", into(N"需求"["量"])) {
  to(call "所属包", call "所属项"),
  when(has(code) & no(row_of_code), as "未列错误码"):gives(none),
  when(mixed & has(code), as "混贴失败"):gives(none),
  when(mixed, as "混贴"):gives(d["张数"] * per_document(1),
    to(call("单据去向", d["种类"]), call("单据去向", d["种类"])), over("d", event["单据"])),
  when(no(code) & has(images), as "多图"):gives(images["成功"] * per_document(1)),
  when(no(code), as "成功"):gives(calls(1)),
  when(call "错误码限他处", as "错误码限他处"):gives(none),
  when(has(images), as "多图失败"):gives(none),
  when(has(row_of_code), as "计费错误码"):gives(row_of_code["计次"]),
}
-- 混贴票据识别与多模态接口各属几种资源包，另由单据、模式定夺；其余接口只有一种。
define("主包", {{"i", "接口"}}, first("r", over("r", "归属", where(r["接口"]:is "i"))))
define("变体", {}, on "调用", N"多模态":of(api, event["模式"], event["文本"]))
define("所属包", {}, on "调用", call("否则归小票", either(call "变体"["资源包"], call("主包", api)["资源包"])))
define("所属项", {}, on "调用", either(call "变体"["计费项"], call "所属包"))
define("单据去向", {{"d", "单据"}}, call("否则归小票", N"单据归类":of(d)["资源包"]))
define("否则归小票", {{"p", opt "资源包"}}, either("p", "通用票据识别（小票）"))  -- 未列的单据归小票，并提示（A11）
define("境外调用", {}, on "调用", has(event["地域"]) & event["地域"]:outside(universe "地域"))
define("提示", {}, on "调用", cases {
  when(has(code) & no(row_of_code), as "未列错误码"):gives(T "unlisted-code"),
  when(mixed & no(code) & any(d["张数"]:gt(0) & no(N"单据归类":of(d["种类"])), over("d", event["单据"])), as "未列单据")
    :gives(T "unknown-document"),
  when(api:ne "混贴票据识别" & call "错误码限他处", as "错误码限他处"):gives(T "code-out-of-scope"),
  otherwise:gives(none),
})
define("错误码限他处", {}, on "调用", has(row_of_code) & row_of_code["限定接口"] & no(N"错误码限定":of(code, api)))

procedure("境外供给", {}, on "调用") {
  each("w", "需求", where(w["量"]:gt(0))) {
    add(used["总量"], 0),
    add(drawn(T "international", "境外"), w["量"] * event["次数"]),
    add(owed "境外"["数量"], w["量"] * event["次数"]),
  },
  run "记为已用",
  run("应答", event["次数"]),
}
local mine = where(b["资源包"]:is(w["资源包"]) & call("可用", b, now))
procedure("供给", {}, on "调用") {
  let("可供", cases {
    when(call "后付费已开"):gives(event["次数"]),
    otherwise:gives(min(event["次数"],
      min(sum(b["余量"], over("b", "资源", mine)) // w["量"], over("w", "需求")))),
  }),
  each("w", "需求") {
    let("末", last("b", over("b", "资源", mine))),
    when(has "末") {
      assign(N"末包":of(w["资源包"])["包"], "末"),
      assign(N"末包":of(w["资源包"])["原余"], N"末"["余量"]),
    },
  },
  each("w", "需求") {
    add(used["总量"], w["量"] * N"可供"),
    draw("b", "资源", mine, take(w["量"] * N"可供"), from "余量") {
      add(drawn(call("桶名", b), b["类别"]), took),
    },
    add(used["净量"], rest),
    when(rest:gt(0)) {
      add(drawn(T "postpaid", "后付费"), rest),
      add(owed "后付费"["数量"], rest),
    },
  },
  run "记为已用",
  choose {
    when(N"可供":is(0), as "余量不足") {
      outcome("拒绝", {"原因", T "ResourcesSoldOut.ChargeStatusException"}, {"数量", calls(0)}, {"未供", event["次数"]}),
    },
    otherwise {
      run("应答", "可供"),
      each("l", "末包") {
        when(has(l["包"])) {
          let("b", l["包"]),
          when(l["原余"]:ge(b["总量"] * N"余量提醒线") & b["余量"]:lt(b["总量"] * N"余量提醒线"), as "不足") {
            emit "提醒" { {"资源包", l["资源包"]}, {"级别", T "low"}, {"桶", call("桶名", b)}, {"剩余", b["余量"]} },
          },
          when(b["余量"]:is(0), as "用尽") {
            emit "提醒" { {"资源包", l["资源包"]}, {"级别", T "empty"}, {"桶", call("桶名", b)}, {"剩余", b["余量"]} },
          },
        },
      },
    },
  },
}
procedure("应答", {{"可供", number}}, on "调用") {
  outcome("计费",
    {"数量", sum(d["量"], over("d", "扣减"))},
    {"未供", cases {
      when(N"可供":lt(event["次数"])):gives(event["次数"] - N"可供"),
      otherwise:gives(none),
    }},
    {"提示", call "提示"},
    rows("扣减", over("d", "扣减")) { {"资源包", d["资源包"]}, {"桶", d["桶"]}, {"类别", d["类别"]}, {"数量", d["量"]} }),
}
