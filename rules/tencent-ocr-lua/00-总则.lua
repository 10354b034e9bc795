language(1, "zh")
-- 腾讯云文字识别：价目与计费规则，与 rules/tencent-ocr 说的是同一件事，用 Lua 来写。
-- 数字在 20 到 80 各表里，改表即改账单；本页是全局设定。

policy "腾讯云文字识别"
zone "Asia/Shanghai"
currency("CNY", "元")
unit("次", "张", "QPS")

-- 同一时刻到期的定时，先后如下：到期失效不需定时，其后结算、状态、发放。
timeline("结算", "欠费", "月初", "唤醒")

local yuan = of "元"
setting("最小金额", yuan "0.01")                           -- 每行四舍五入到分（A40）
setting("账单日", days(3))                                 -- 每月 1 至 3 日之间，取 3 日 00:00（D18）
setting("退费期", days(7))                                 -- 含第 7 天，第 8 天 00:00 关闭（D25）
setting("余量提醒线", pct(20))                             -- 低于此数提醒一次（R51）
setting("默认开通后付费截止", date "2021-12-14")           -- 此前开通者默认开（R43）
