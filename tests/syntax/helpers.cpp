#include "tests/syntax/helpers.hpp"

#include <algorithm>
#include <utility>

#include "dsl/syntax/parse.hpp"

namespace toll::dsl::testing {

Parsed parse_raw(std::string text) {
  Parsed parsed;
  parsed.file = parse_file(parsed.sources, "test.toll", std::move(text), parsed.diagnostics);
  return parsed;
}

Parsed parse_english(std::string_view text) {
  return parse_raw("language 1\n" + std::string(text));
}

Parsed parse_chinese(std::string_view text) {
  return parse_raw("language 1 zh\n" + std::string(text));
}

std::string shown(const std::vector<Token>& tokens) {
  std::string text;
  for (const Token& token : tokens) {
    if (!text.empty()) text += " ";
    switch (token.kind) {
      case TokenKind::word:
        text += (token.keyword ? "'" : "") + token.word;
        break;
      case TokenKind::quoted:
        text += "<" + token.raw + ">";
        break;
      case TokenKind::string:
        text += "\"" + token.raw + "\"";
        break;
      case TokenKind::number:
        text += token.raw + "n";
        break;
      case TokenKind::percent:
        text += token.raw + "%";
        break;
      case TokenKind::date:
      case TokenKind::time:
        text += "@" + token.raw;
        break;
      case TokenKind::symbol:
        text += token.word;
        break;
      case TokenKind::hole:
        text += "$" + std::to_string(token.index);
        break;
    }
  }
  return text;
}

std::string shown(const std::vector<Clause>& clauses) {
  std::string text;
  for (const Clause& clause : clauses) {
    if (!text.empty()) text += " ";
    if (clause.kind == Clause::Kind::row) {
      text += "|";
      for (const auto& cell : clause.cells) text += shown(cell) + "|";
      continue;
    }
    text += shown(clause.head);
    if (!clause.has_block) {
      text += ";";
    } else {
      text += clause.body.empty() ? " {}" : " { " + shown(clause.body) + " }";
    }
  }
  return text;
}

std::string codes(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    text += (text.empty() ? "" : " ") + diagnostic.code();
  }
  return text;
}

std::string fixed(const Parsed& parsed) {
  std::vector<Fix> fixes;
  for (const Diagnostic& diagnostic : parsed.diagnostics.sorted()) {
    fixes.insert(fixes.end(), diagnostic.fixes.begin(), diagnostic.fixes.end());
  }
  std::stable_sort(fixes.begin(), fixes.end(),
                   [](const Fix& a, const Fix& b) { return a.span.begin > b.span.begin; });
  std::string text(parsed.file.text);
  for (const Fix& fix : fixes) {
    text.replace(fix.span.begin, fix.span.end - fix.span.begin, fix.text);
  }
  return text;
}

std::string_view sample() {
  return R"(# A policy with a bit of everything.
language 1 zh

政策 文字识别 {
  币种 CNY 元
  单位 次, 张, 页   # 三种
  时区 Asia/Shanghai
}
来源 指南 = "购买指南 2025-06-23", 错误码 = "错误码说明 \"计费\""

名录 接口 {
  通用印刷体识别
  身份证识别（安全加密版）
  「行驶证/驾驶证识别」
  文档抽取（多模态版）-固定价格
  ap-beijing; half-up
}

表 资源包 自 2025-06-23 起 {
  | 接口                   | 1000次 | 1万次   | 10万次   | 说明                          |
  | 身份证识别             | 120 元 | 800 元  | 5_000 元 | FailedOperation.ImageBlur     |
  | 通用票据识别（大票）   | 280 元 | 2600 元 | 2.5万 元 |                               |
  | 「行驶证/驾驶证识别」  | 60 元  | 0.15 元 | 询价     | "a | b"                       |
}

状态机 付款 {
  状态 正常 { 遇 结算 当 余额 < 0 元 -> 宽限 }
  状态 宽限 {
    当 余额 >= 0 元 -> 正常
    满 24小时 后 -> 停服
  }
  状态 停服 { 当 余额 >= 0 元 且
    非 违禁 -> 正常 }
}

定义 单价(接口, 用量) = [
  用量 < 1万,
  用量 >= 1万 且 (用量 < 10万 或
    接口 不属于 [身份证识别, 银行卡识别]),
]

步骤 扣减(包, 数量) {
  令 剩余 := 数量 - (包.余量 +
    包.赠送) * 2 / 3 // 4 % 5
  逐个 包 自 2025-06-23 10:00 起 至 2025-07-01T00:00:00.5 止 {
    余额 += 20% * 剩余
    择一 {
      当 剩余 是 0 { 登记 完 }
      当 剩余 不是 0 且 有 包 => 运行(包, 剩余)
      否则 { 清空 包; 撤销 定时甲 }
    }
  }
}

场景 宽限期内充值 {
  于 2025-08-02 09:00 结算
  期望 付款 是 宽限; 期望 状态 不是 停服
  于 2025-08-02 20:00 充值 1 元
  { }
}
)";
}

}  // namespace toll::dsl::testing
