language(1, "zh")
-- 开通、关闭，免费资源包的发放、暂缓与补发。

local g, b = N "g", N "b"

-- 两种免费包只有到期不同。
local function give(name, ends)
  return put "资源" {
    {"资源包", g["资源包"]}, {"类别", "免费"}, {"途径", name}, {"总量", g["数量"]}, {"余量", g["数量"]},
    {"生效", clock}, {"到期", ends},
  }
end
grant("每月免费", over("g", "免费额度", where(g["发放"]:is "每月"))) {
  via(N"归属"["接口"]),
  once_per("资源包", month),
  give("每月免费", start(month(clock) + months(1))),
}
grant("一次性免费", over("g", "免费额度", where(has(g["有效年数"])))) {
  via(N"归属"["接口"]),
  once_per "资源包",
  give("一次性免费", (clock + g["有效年数"]):exactly() + seconds(1)),          -- 到期那一秒仍可用（A41、D1）
}
issue "免费包" {
  grants("每月免费", "一次性免费"),                      -- 开通即发（R20、D6）
  monthly("每月免费", by "月初"),                        -- 每月 1 日 00:00（R22）
  scope("已开接口", "接口"),
  while_(N"服务":is "已开通"),
  hold(when(call "停服中")),                             -- 停服期间不发，恢复后补当月（R31、D8）
  dormant(when(has "上次使用" & (N"上次使用" + years(1)):exactly():le(now))),  -- 一年未用（R30、D7）
  woken(clock + minutes(2), by "唤醒"),                  -- 再用之后两分钟内补发
}

event("开通", "service.opened") {
  field("接口", "interfaces", set "接口", else_ "unknown-interface"),
  -- 未点名即全部，以后版本才有的接口也算（D6）。
  let("名单", cases {
    when(has(event["接口"]) & event["接口"]:ne(set())):gives(event["接口"]),
    otherwise:gives(universe "接口"),
  }),
  assign("已开接口", N"已开接口" + N"名单"),
  when(no "开通时间") {
    assign("开通时间", now),
    begin "免费包",
    arm("结算", at(cases {
      when(call("结算日", month(now)):gt(now)):gives(call("结算日", month(now))),
      otherwise:gives(call("结算日", month(now) + months(1))),
    })),
  },
  emit "服务办理" { {"动作", "开"}, {"结果", "同意"} },
  run("进入", "名单"),
}
-- 进入服务：已关闭的重新开通，发全部；已开通的，发新点名的。
procedure("进入", {{"点名", set "接口"}}) {
  let("名单", cases { when(N"服务":ne "已开通"):gives "已开接口", otherwise:gives "点名" }),
  when(N"服务":ne "已开通") { move("服务", "已开通") },
  assign("上次使用", max("上次使用", now)),
  offer("免费包", "名单"),
}
procedure("记为已用", {}) {
  assign("上次使用", max("上次使用", now)),
  wake "免费包",
}

event("关闭", "service.closed") {}
decide "关闭" {
  denied(emit "服务办理" { {"动作", "关"}, {"结果", "不同意"}, {"原因", reason} }),
  deny("paid-pack-left", when(any(b["类别"]:is "付费" & call("可用", b, clock), over("b", "资源")))),
  approve {
    emit "服务办理" { {"动作", "关"}, {"结果", "同意"} },
    when(N"服务":is "已开通") { move("服务", "已关闭") },
  },
}
