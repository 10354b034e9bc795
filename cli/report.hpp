// What the command says on standard error: text for people, or one JSON object for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::cli {

/// Of every JSON object the command prints; counts up when a reader would have to change.
inline constexpr int kSchemaVersion = 1;

nlohmann::json place_json(const dsl::PlaceRecord& place);

/// Text is printed at once, JSON when the report is finished.
class Report {
 public:
  void use_json(bool json) { json_ = json; }
  void use_color(bool color) { color_ = color; }
  [[nodiscard]] bool json() const { return json_; }
  [[nodiscard]] bool color() const { return color_; }

  /// `toll: message`.
  void error(const std::string& message);
  /// The same for what is no failure of the command.
  void note(const std::string& message);
  void diagnostics(const dsl::Diagnostics& diagnostics, const dsl::SourceSet& sources);
  /// A member of the JSON object; text mode ignores it.
  void member(const std::string& key, nlohmann::json value) { object_[key] = std::move(value); }

  /// Prints the JSON object, if there is anything in it.
  void finish();

 private:
  bool json_ = false;
  bool color_ = false;
  nlohmann::json object_ = nlohmann::json::object();
};

}  // namespace toll::cli
