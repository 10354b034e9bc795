language(1, "zh")
-- 名录：价目里有哪些名称。资源包、接口、错误码、单据由列出它们的表带来，这里只写又名与表外的名称。
-- 名称按 Unicode NFKC 归一、去空格后比较：括号全角半角、夹不夹空格，都是同一个名称（A8）。

domain "资源包"

-- 同一接口在各表的不同印法（A7、A8、A70）。
domain "接口" {
  {"组织机构代码证识别", aka = {"组织机构代码识别"}},
  {"港澳台来往内地通行证识别", aka = {"港澳台来往内地通行证识别类"}},
  {"护照识别（港澳台地区及境外护照）", aka = {"护照（港澳台及境外护照）"}},
  {"通用卡证鉴伪", aka = {"通用卡证鉴别"}},
  {"有效身份证件识别（鉴伪版）", aka = {"有效身份证件识别（鉴别版）"}},
  {"文档抽取（多模态Pro版）", aka = {"文档抽取（Pro版）", "文档抽取（多模式Pro版）"}},
}

-- 每种资源包都是一个计费项；多模态的自适应价格另按文本长短分两项（A25）。
local items = {}
for _, edition in ipairs {"多模态版", "多模态Pro版"} do
  for _, size in ipairs {"短文本", "长文本"} do
    table.insert(items, ("文档抽取（%s）-%s-自适应价格"):format(edition, size))
  end
end
domain("计费项", includes "资源包")(items)

domain "模式" { {"自适应", "adaptive"}, {"固定", "fixed"} }
domain "文本长度" { {"短文本", "short"}, {"长文本", "long"} }
domain "发放方式" { "每月", "一次" }

domain "错误码"
domain "单据"

-- 中国大陆地域：北京、上海、广州、成都、重庆、南京。
-- 未写地域视为境内，其余一律为境外，按国际站计费（R12、A54、D12）。
domain("地域", exact) { "ap-beijing", "ap-shanghai", "ap-guangzhou", "ap-chengdu", "ap-chongqing", "ap-nanjing" }

domain "QPS等级" { "A", "B", "C" }
-- QPS 叠加包表另列了一个不在任何资源包的接口：能买叠加包，调用则按未知接口处理（A17、A70）。
domain("QPS接口名", includes "接口") { "智能结构化识别" }
