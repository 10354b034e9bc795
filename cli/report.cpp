#include "cli/report.hpp"

#include <cstdio>

namespace toll::cli {
namespace {

using nlohmann::json;

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

json diagnostic_json(const dsl::DiagnosticRecord& record) {
  json out = {{"severity", record.severity},
              {"message", record.message},
              {"span", place_json(record.place)}};
  if (!record.code.empty()) out["code"] = record.code;
  if (!record.help.empty()) out["help"] = record.help;
  for (const auto& fix : record.fixes)
    out["fixes"].push_back({{"span", place_json(fix.place)}, {"text", fix.text}});
  for (const auto& related : record.related) out["related"].push_back(diagnostic_json(related));
  return out;
}

}  // namespace

json place_json(const dsl::PlaceRecord& place) {
  return {
      {"file", place.path},           {"begin", place.begin},        {"end", place.end},
      {"line", place.from.line},      {"column", place.from.column}, {"end_line", place.to.line},
      {"end_column", place.to.column}};
}

json diagnostics_json(const dsl::Diagnostics& diagnostics, const dsl::SourceSet& sources,
                      Language language) {
  json list = json::array();
  for (const dsl::DiagnosticRecord& record : dsl::to_records(diagnostics, sources, language))
    list.push_back(diagnostic_json(record));
  return list;
}

void Report::error(const std::string& message) {
  if (json_) {
    object_["error"] = message;
  } else {
    print("toll: " + message + "\n");
  }
}

void Report::note(const std::string& message) {
  if (!json_) print("toll: " + message + "\n");
}

void Report::diagnostics(const dsl::Diagnostics& diagnostics, const dsl::SourceSet& sources) {
  if (!json_) return print(dsl::render(diagnostics, sources, language_, color_));
  object_["diagnostics"] = diagnostics_json(diagnostics, sources, language_);
}

void Report::finish() {
  if (!json_ || object_.empty()) return;
  object_["schema_version"] = kSchemaVersion;
  // File names need not be UTF-8; what is not is replaced rather than thrown at.
  print(object_.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  object_ = nlohmann::json::object();
}

}  // namespace toll::cli
