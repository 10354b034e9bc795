language(1, "zh")
-- 免费额度：开通即发，按资源包而不按接口，同包的接口共享（A18）。
-- 每月：每月 1 日发放，当月有效，有效年数写 -。一次：每个用户一次，自开通起若干年有效。
-- 正文按类别概述（“通用文字识别……1000 次/月”），与逐行的表不符时以表为准（A22）。

local calls = of "次"
local function monthly(pool) return {pool, calls(1000), "每月", nothing} end
local function once(pool, size, valid) return {pool, calls(size), "一次", years(valid)} end

table("免费额度", by "资源包") {
  until_(date "2025-06-23"),
  source "免费额度 (旧版)",
  {"资源包", "数量", {"发放", "发放方式"}, "有效年数"},

  heading "通用文字识别",
  monthly "通用印刷体识别",
  monthly "通用印刷体识别（高精度版）",
  monthly "通用印刷体识别（精简版）",
  monthly "通用印刷体识别（高速版）",
  monthly "通用手写体识别",
  monthly "英文识别",
  monthly "图片文字识别（基础版）",

  heading "卡证文字识别",
  monthly "身份证识别",
  monthly "银行卡识别",
  monthly "营业执照识别",
  monthly "名片识别",
  monthly "通用证照识别",

  heading "汽车场景识别",
  monthly "行驶证/驾驶证识别",
  monthly "车牌识别",
  monthly "车辆VIN码识别",

  heading "票据单据识别",
  monthly "增值税发票识别",
  monthly "运单识别",
  monthly "通用票据识别（大票）",
  monthly "通用票据识别（小票）",

  heading "行业文档识别",
  monthly "算式识别",
  monthly "表格识别",
  monthly "行业文档识别",

  heading "智能扫码",
  once("条码信息查询", 50, 5),

  heading "营业执照核验",
  once("营业执照识别及核验（基础版）", 50, 5),
  once("营业执照识别及核验（详细版）", 50, 5),

  heading "增值税发票核验",
  once("增值税发票核验", 50, 5),

  from(date "2025-06-23"),
  source "购买指南 · 免费额度 (2025-06-23)",

  heading "通用文字识别",
  monthly "通用印刷体识别",
  monthly "通用印刷体识别（高精度版）",
  monthly "通用手写体识别",
  monthly "英文识别",
  monthly "表格识别",
  monthly "图片文字识别（基础版）",
  once("商户门头照识别", 1000, 1),
  once("商户照片分类", 1000, 1),

  heading "卡证文字识别",
  once("通用卡证鉴伪", 1000, 1),
  monthly "身份证识别",
  monthly "有效身份证件识别",
  monthly "银行卡识别",
  monthly "行驶证/驾驶证识别",
  monthly "营业执照识别",
  monthly "通用证照识别",
  monthly "名片识别",

  heading "票据单据识别",
  monthly "通用票据识别（高级版）",
  -- 印作“多接口共享”；50 次、5 年与正文一致（A16）
  once("增值税发票核验", 50, 5),
  monthly "增值税发票识别",
  monthly "通用票据识别（大票）",
  monthly "通用票据识别（小票）",
  monthly "医疗票据识别",
  monthly "运单识别",
  monthly "行业文档识别",

  heading "特定场景识别",
  monthly "车牌识别",
  monthly "车辆VIN码识别",

  heading "文档智能",
  monthly "文档抽取（基础版）",
  -- 固定价格的两种资源包没有免费额度（A24）
  monthly "文档抽取（多模态版）-自适应价格",
  -- 正文误作“多模式 Pro 版”（A23）
  once("文档抽取（多模态Pro版）-自适应价格", 1000, 1),
  once("中英文手写作文识别", 1000, 1),
  once("公式识别", 1000, 1),
  once("试卷切题", 1000, 1),

  heading "文本图像增强",
  monthly "文本图像增强",

  heading "API 2022",
  monthly "通用印刷体识别（精简版）",
  monthly "通用印刷体识别（高速版）",
  monthly "算式识别",
}
