// What Toll says to people, in their language. C++ holds ids; the texts are catalogues, one file an
// area and language (messages/en/bill.msg, messages/zh/bill.msg), built in.
//
// A catalogue line is `id = text`; indented lines go on with it, `#` starts a comment. In a text
// `{0}` is the first argument, and `{0|mistake|mistakes}` the first word if argument 0 is 1, else
// the second. `{:at least}` are words of the rule language: they are said as the rule file at hand
// spells them. Every id is in every language, with the same holes: a test sees to it.
// Thread-safety: catalogues are immutable after the first use; everything here may be shared.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace toll {

enum class Language : std::uint8_t { en, zh };
inline constexpr std::array<Language, 2> kLanguages = {Language::en, Language::zh};

std::string_view to_string(Language language);
/// "en", "zh", "zh-CN", "zh_CN.UTF-8" -> a language; anything else: none.
std::optional<Language> read_language(std::string_view name);

struct Argument;

/// A text yet to be said: an id of the catalogues and what fills its holes.
struct Message {
  Message();
  Message(std::string_view id_);  // NOLINT(google-explicit-constructor)
  Message(const char* id_);       // NOLINT(google-explicit-constructor)
  Message(std::string_view id_, std::vector<Argument> arguments_);
  Message(std::string_view id_, std::initializer_list<Argument> arguments_);

  [[nodiscard]] bool empty() const { return id.empty(); }

  std::string id;  ///< "E0502.no-effect"
  std::vector<Argument> arguments;
};

/// What fills a hole: a text as it is (names, numbers, the author's own words), or another message.
struct Argument {
  Argument(std::string text_) : text(std::move(text_)) {}  // NOLINT(google-explicit-constructor)
  Argument(std::string_view text_) : text(text_) {}        // NOLINT(google-explicit-constructor)
  Argument(const char* text_) : text(text_) {}             // NOLINT(google-explicit-constructor)
  Argument(std::size_t number)
      : text(std::to_string(number)) {}                      // NOLINT(google-explicit-constructor)
  Argument(Message message) : nested{std::move(message)} {}  // NOLINT(google-explicit-constructor)

  std::string text;
  std::vector<Message> nested;  ///< none or one
  bool keyword = false;         ///< `text` is a word of the rule language
};

/// Words of the rule language, in their canonical spelling.
Argument keyword(std::string_view words);

/// The same messages, word for word, whatever they are said in.
bool operator==(const Message& a, const Message& b);

/// How words of the rule language are spelled where the reader met them.
using Spelling = std::function<std::string(std::string_view words)>;

/// The text of a message, holes filled. An id that no catalogue has comes back in brackets. Without
/// a spelling, words of the rule language are said canonically.
std::string say(const Message& message, Language language, const Spelling& spelling = {});
/// Is there a text of this id?
bool has_text(std::string_view id);

/// A file of messages/ as it was built in.
struct EmbeddedCatalogue {
  std::string_view language;  ///< "en"
  std::string_view area;      ///< "bill"
  std::string_view text;
};
/// Generated at build time by embed.cmake.
std::vector<EmbeddedCatalogue> embedded_catalogues();

struct CatalogueEntry {
  std::string id;
  std::string text;
  std::string place;  ///< "en/bill.msg:12"
};
/// Reads a catalogue; what is wrong with it goes to `problems`, one line each.
std::vector<CatalogueEntry> read_catalogue(const EmbeddedCatalogue& catalogue,
                                           std::vector<std::string>& problems);
/// All entries of a language, by id. The first of two with one id counts.
const std::vector<CatalogueEntry>& entries_of(Language language);
/// The holes of a text, each once, ascending. A brace that is no hole is written `{{` or `}}`.
std::vector<std::size_t> holes_of(std::string_view text, std::vector<std::string>& problems);

}  // namespace toll
