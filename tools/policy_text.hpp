// A policy's events, entries and values in its own words: as a scenario would write them, in the
// vocabulary of its files. What the language cannot say comes back as nothing.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "dsl/syntax/skin.hpp"
#include "io/name_index.hpp"
#include "io/time_text.hpp"
#include "toll/core.hpp"

namespace toll::tools {

/// A name as rule files write it: bare if it can be, in corner brackets if not; nothing if neither
/// will do. A word of the language is bare where it can only be a name.
std::optional<std::string> plain_name(const std::string& name, const dsl::Skin& skin);

class PolicyText {
 public:
  using Json = nlohmann::json;
  using Said = std::optional<std::string>;

  PolicyText(const Core& core, const dsl::Skin& skin);

  /// A word of the language in the vocabulary: "expect".
  [[nodiscard]] std::string word(std::string_view canonical) const;
  /// A declared name: bare if it can be, in corner brackets if not.
  [[nodiscard]] Said name(const std::string& name) const;
  static Said quoted(std::string_view text);
  /// `2025-07-01`, `2025-07-01 09:00`, with seconds if there are any; in the policy's zone.
  [[nodiscard]] std::string time(Value instant) const;
  [[nodiscard]] Said time(const Json& instant) const;

  /// A value as the wire writes it.
  [[nodiscard]] Said value(const Json& value, const Type& type) const;
  /// `EVENT [id "x"] FIELD VALUE, ..` of an event of the wire; `id`: with its id.
  [[nodiscard]] Said event(const Json& event, bool id) const;
  /// `ENTRY MEMBER VALUE, ..`; members that are absent, or in `implied` as they are, are left out.
  [[nodiscard]] Said entry(const Json& entry, const Json& implied) const;
  /// `(COLUMN VALUE, ..), (..)`
  [[nodiscard]] Said rows(const Json& rows, const std::vector<EntryKind::Member>& columns) const;

  /// Null for `error`, `duplicate` and what is not declared.
  [[nodiscard]] const EntryKind* kind_of(const Json& entry) const;
  [[nodiscard]] const Core& core() const { return core_; }

 private:
  [[nodiscard]] Said number(const Json& value, const Type& type) const;
  [[nodiscard]] std::string unit(const Dimension& dimension) const;
  [[nodiscard]] Said field(const Json& value, const EventType& type, std::uint32_t field) const;
  [[nodiscard]] Said fields(const Json& data, const EventType& type, std::uint32_t parent) const;
  [[nodiscard]] Said list(const Json& value, const FieldType& type) const;
  [[nodiscard]] Said names(const Json& list, std::uint32_t domain) const;

  const Core& core_;
  const dsl::Skin& skin_;
  io::NameIndex index_;
  io::Zone zone_;
};

}  // namespace toll::tools
