#include "cli/coverage.hpp"

#include <algorithm>

namespace toll::cli {
namespace {

// messages: coverage.kind.*
std::string kind_name(tools::CoverageItem::Kind kind, const Report& report) {
  return report.text(Message("coverage.kind" + ("." + std::string(to_string(kind)))));
}

}  // namespace

std::optional<std::size_t> read_share(const std::string& text) {
  if (text.empty()) return 1000;
  const std::string number = text.back() == '%' ? text.substr(0, text.size() - 1) : text;
  const std::size_t point = number.find('.');
  const std::string whole = number.substr(0, point);
  const std::string tenth = point == std::string::npos ? "0" : number.substr(point + 1);
  const auto digits = [](const std::string& part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
  };
  if (!digits(whole) || whole.size() > 3 || !digits(tenth) || tenth.size() != 1)
    return std::nullopt;
  const auto share = static_cast<std::size_t>(std::stoul(whole) * 10 + std::stoul(tenth));
  if (share > 1000) return std::nullopt;
  return share;
}

std::string coverage_text(const tools::Coverage& coverage, const Report& report) {
  std::string out;
  for (const tools::CoverageItem& item : coverage.items) {
    if (item.covered) continue;
    out += item.place.file + ":" + std::to_string(item.place.line) + ":" +
           std::to_string(item.place.column) + ": " + report.text(item.says) + "\n    " +
           item.line + "\n";
  }
  if (!out.empty()) out += "\n";
  for (const auto& [kind, count] : coverage.by_kind()) {
    out +=
        "  " +
        report.text({"coverage.summary", {kind_name(kind, report), count.covered, count.total}}) +
        "\n";
  }
  return out +
         report.text(
             {"coverage.total", {coverage.percent(), coverage.covered(), coverage.total()}}) +
         "\n";
}

nlohmann::json coverage_json(const tools::Coverage& coverage, const Report& report) {
  nlohmann::json missing = nlohmann::json::array();
  for (const tools::CoverageItem& item : coverage.items) {
    if (item.covered) continue;
    missing.push_back({{"kind", to_string(item.kind)},
                       {"file", item.place.file},
                       {"line", item.place.line},
                       {"column", item.place.column},
                       {"says", report.text(item.says)},
                       {"text", item.line}});
  }
  nlohmann::json kinds = nlohmann::json::object();
  for (const auto& [kind, count] : coverage.by_kind())
    kinds[std::string(to_string(kind))] = {{"covered", count.covered}, {"total", count.total}};
  return {{"covered", coverage.covered()},
          {"total", coverage.total()},
          {"share", coverage.percent()},
          {"kinds", std::move(kinds)},
          {"missing", std::move(missing)}};
}

}  // namespace toll::cli
