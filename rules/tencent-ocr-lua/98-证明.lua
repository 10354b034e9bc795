language(1)
-- 这份规则保证什么。`toll prove` 逐条证明，证不出来就给出反例；改价目、改规则之后再证一遍。
-- 例外写明哪里不成立、为什么可以：分毫不差，多一次少一次都算没有证成。

local calls, qps = of "次", of "QPS"
local yuan = of "元"
local t, g, m, p, r, s, d, e, b, u, n, x =
  N"t", N"g", N"m", N"p", N"r", N"s", N"d", N"e", N"b", N"u", N"n", N"x"
local printed = "整月按所达一档计价，档界前后照印（R45、A36）"
local tiers_page = "购买指南 · 计费概述 · 后付费 (2025-06-23)"
local qps_page = "购买指南 · 计费概述 · QPS 叠加包 (2025-06-23)"
local packs_page = "购买指南 · 计费概述 · 预付费、后付费 (2025-06-23)"

prove "多用不便宜" {
  source(tiers_page),
  each("t", "阶梯价"),
  -- 每月免费额度不计费，但计入阶梯（A32）。
  never_falls("刊例", beyond(either(first("g", over("g", "免费额度", where(g["发放"]:is "每月" &
    (g["资源包"]:is(t["计费项"]) | any(m["资源包"]:is(g["资源包"]) & m["计费项"]:is(t["计费项"]), over("m", "多模态"))))))["数量"], calls(0)))),
  except("通用印刷体识别", "表格识别", "通用证照识别", "身份证识别", "银行卡识别", "行驶证/驾驶证识别", "营业执照识别", "名片识别", "增值税发票识别", "通用票据识别（大票）", "运单识别", "行业文档识别", "车牌识别", "车辆VIN码识别", "通用手写体识别", "英文识别", "算式识别", at(calls(7001), to(calls(9999)), calls(60401), to(calls(99999))), because(printed)),
  except("通用印刷体识别（高精度版）", "通用票据识别（小票）", "通用印刷体识别（高速版）", at(calls(7301), to(calls(9999)), calls(57572), to(calls(99999))), because(printed)),
  except("商户门头照识别", at(calls(7201), to(calls(9999)), calls(88889), to(calls(99999))), because(printed)),
  except("商户照片分类", at(calls(7001), to(calls(9999)), calls(78572), to(calls(99999))), because(printed)),
  except("有效身份证件识别", at(calls(7501), to(calls(9999)), calls(66667), to(calls(99999))), because(printed)),
  except("增值税发票核验", at(calls(9334), to(calls(9999)), calls(89286), to(calls(99999))), because(printed)),
  except("文档抽取（基础版）", at(calls(7001), to(calls(9999)), calls(71429), to(calls(99999))), because(printed)),
  except("文档抽取（多模态版）-短文本-自适应价格", at(calls(7084), to(calls(9999)), calls(70589), to(calls(99999))), because(printed)),
  except("图片文字识别（基础版）", at(calls(7751), to(calls(9999)), calls(67001), to(calls(99999)), calls(500501), to(calls(999999))), because(printed)),
  except("通用印刷体识别（精简版）", at(calls(6626), to(calls(9999)), calls(60401), to(calls(99999))), because(printed)),
}
prove "QPS按日不倒挂" {
  source(qps_page),
  never_falls(N"QPS价"["按日"], reached),
  except("A", at(qps(9), qps(93), to(qps(99))), because "按所购数量那一档整单计价，照印（A66）"),
  except("B", at(qps(89), to(qps(99))), because "第三档到不了，照印（A66）"),
  except("C", at(qps(88), to(qps(99))), because "第三档到不了，照印（A66）"),
}
prove "QPS按月不倒挂" {
  source(qps_page),
  never_falls(N"QPS价"["按月"], reached),
  except("A", at(qps(86), to(qps(99))), because "按所购数量那一档整单计价，照印（A66）"),
  except("B", "C", at(qps(86), to(qps(99))), because "第三档到不了，照印（A66）"),
}
local function billed(item) return charge("刊例", item, p["规格"], p["规格"]) end
prove "买包不比后付费贵" {
  source(packs_page),
  each("p", "资源包价", where(has(p["价格"]) & has(billed(p["资源包"])))),
  that(p["价格"]:le(billed(p["资源包"]))),
  except("文档抽取（多模态版）-固定价格", "中英文手写作文识别", at(calls(1000), calls(10000)), because "高于后付费，照印（A31）"),
  except("文档抽取（多模态Pro版）-固定价格", at(calls(1000)), because "高于后付费，照印（A31）"),
}
prove "自适应包不比后付费贵" {
  source(packs_page),
  each("m", "多模态", where(m["模式"]:is "自适应")),
  that(all(no(billed(m["计费项"])) | p["价格"]:le(billed(m["计费项"])),
    over("p", "资源包价", where(p["资源包"]:is(m["资源包"]) & has(p["价格"]))))),
  except("文档抽取（多模态Pro版）", because "1000 次、1万 次两档高于短文本后付费的 0.34 元，照印（A31）"),
}
prove "价格不为负" {
  source(tiers_page),
  each("t", "阶梯价", where(has(t["单价"]))),
  that(t["单价"]:gt(0)),
}
prove "一个接口一种资源包" {
  source "购买指南 · 免费额度、计费概述 (2025-06-23)；共享资源包说明 (2024-11-14)",
  each("r", "归属"),
  that(count(s, over("s", "归属", where(s["接口"]:is(r["接口"])))):is(1)),
  except("混贴票据识别", because "识别出的每张单据各归大票或小票（A9）"),
  except("文档抽取（多模态版）", "文档抽取（多模态Pro版）", because "自适应、固定各有一种资源包，按调用的模式取（A25）"),
}
prove "单据归大票或小票" {
  source "购买指南 · 混贴票据计费说明 (2024-08-23)",
  each("d", "单据归类"),
  that(d["资源包"]:is "通用票据识别（大票）" | d["资源包"]:is "通用票据识别（小票）"),
}
prove "错误码至多计一次" {
  source "购买指南 · 错误码计费说明 (2025-04-10)",
  each("e", "错误码表"),
  that(e["计次"]:ge(0) & e["计次"]:le(calls(1))),
}

prove "资源包余量在零与总量之间" {
  each("b", "资源"),
  that(b["余量"]:ge(0) & b["余量"]:le(b["总量"])),
}
prove "退过的资源包没有余量" {
  source "购买指南 · 退费说明；R66 R72",
  each("b", "资源"),
  that(~b["已退"] | b["余量"]:is(0)),
}
prove "免费的不退" {
  source "购买指南 · 退费说明；R72 R76",
  each("b", "资源"),
  that(~b["已退"] | b["类别"]:is "付费"),
}
prove "扣减不多不少" {
  -- 计入用量的次数，不是从资源包里扣的，就是后付费的。
  that(sum(u["总量"] - u["净量"], over("u", "用量")):is(
    sum(b["总量"] - b["余量"], over("b", "资源", where(~b["已退"]))))),
}
prove "结的不多于用的" {
  each("u", "应付"),
  that(u["已结"]:ge(0) & u["已结"]:le(u["数量"])),
}
prove "不欠费不停服" {
  source "购买指南 · 欠费说明；R54",
  that(N"付款":is "正常" | N"余额":lt(0)),
}
prove "停服之前先欠费" {
  source "购买指南 · 欠费说明；R54",
  each("s", "状态变化", where(has(s["状态机"]) & has(s["从"]) & has(s["到"]))),
  that(s["状态机"]:ne(T"payment") | s["到"]:ne(T"stopped") | s["从"]:is(T"arrears")),
}
local ordered = first("b", over("b", "资源", where(has(b["订单"]) & b["订单"]:is(r["订单"]))))
prove "退费不多于实付" {
  source "购买指南 · 退费说明；R66",
  each("r", "退费", where(has(r["订单"]) & has(r["金额"]))),
  that(r["金额"]:le(either(ordered["现金"], yuan(0)) + either(ordered["收入"], yuan(0)) + either(ordered["赠金"], yuan(0)))),
}
prove "欠费能恢复" { returns_to("付款", "正常") }
prove "违规能解除" { returns_to("行为", "守规") }
prove "关闭能重开" { returns_to("服务", "已开通") }
prove "定时会停下来" { never_loops() }
prove "刊例价没有变" {
  source(tiers_page),
  unchanged("刊例"),
}
