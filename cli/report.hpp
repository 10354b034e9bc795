// What the command says on standard error: text for people, or one JSON object for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"
#include "messages/messages.hpp"

namespace toll::cli {

/// Of every JSON object the command prints; counts up when a reader would have to change.
inline constexpr int kSchemaVersion = 1;

nlohmann::json place_json(const dsl::PlaceRecord& place);
nlohmann::json diagnostics_json(const dsl::Diagnostics& diagnostics, const dsl::SourceSet& sources,
                                Language language);

/// Text is printed at once, JSON when the report is finished.
class Report {
 public:
  explicit Report(Language language = Language::en) : language_(language) {}
  void use_json(bool json) { json_ = json; }
  void use_color(bool color) { color_ = color; }
  [[nodiscard]] bool json() const { return json_; }
  [[nodiscard]] bool color() const { return color_; }

  /// The language of errors and reports.
  [[nodiscard]] Language language() const { return language_; }
  /// What a command prints about a policy is in the policy's own language, unless `--lang` chose.
  void choose_language(Language language) { chosen_ = language_ = language; }
  [[nodiscard]] std::optional<Language> chosen_language() const { return chosen_; }
  [[nodiscard]] std::string text(const Message& message) const { return say(message, language_); }

  /// `toll: message`.
  void error(const std::string& message);
  void error(const Message& message) { error(text(message)); }
  /// The same for what is no failure of the command.
  void note(const std::string& message);
  void note(const Message& message) { note(text(message)); }
  void diagnostics(const dsl::Diagnostics& diagnostics, const dsl::SourceSet& sources);
  /// A member of the JSON object; text mode ignores it.
  void member(const std::string& key, nlohmann::json value) { object_[key] = std::move(value); }

  /// Prints the JSON object, if there is anything in it, and starts another.
  void finish();

 private:
  bool json_ = false;
  bool color_ = false;
  Language language_;
  std::optional<Language> chosen_;
  nlohmann::json object_ = nlohmann::json::object();
};

}  // namespace toll::cli
