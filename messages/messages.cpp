#include "messages/messages.hpp"

#include <algorithm>
#include <utility>

namespace toll {
namespace {

/// One hole as written: `{0}`, `{0|one|many}` or `{:words}`.
struct Hole {
  std::size_t argument = 0;
  std::size_t size = 0;  ///< bytes of the text; 0: this is no hole
  bool counts = false;
  std::string_view one;
  std::string_view many;
  std::string_view words;  ///< of the rule language; then there is no argument
};

Hole read_hole(std::string_view text, std::size_t at) {
  const std::size_t close = text.find('}', at);
  if (close == std::string_view::npos || close == at + 1) return {};
  const std::string_view inside = text.substr(at + 1, close - at - 1);
  Hole hole;
  if (inside[0] == ':') {
    hole.words = inside.substr(1);
    if (!hole.words.empty()) hole.size = close + 1 - at;
    return hole;
  }
  std::size_t digits = 0;
  while (digits < inside.size() && inside[digits] >= '0' && inside[digits] <= '9') {
    hole.argument = hole.argument * 10 + static_cast<std::size_t>(inside[digits++] - '0');
  }
  if (digits == 0 || digits > 2) return {};
  const std::string_view rest = inside.substr(digits);
  if (!rest.empty()) {
    const std::size_t bar = rest.find('|', 1);
    if (rest[0] != '|' || bar == std::string_view::npos) return {};
    hole.counts = true;
    hole.one = rest.substr(1, bar - 1);
    hole.many = rest.substr(bar + 1);
  }
  hole.size = close + 1 - at;
  return hole;
}

std::string spelled(std::string_view words, const Spelling& spelling) {
  return spelling ? spelling(words) : std::string(words);
}

std::string argument_text(const Argument& argument, Language language, const Spelling& spelling) {
  if (!argument.nested.empty()) return say(argument.nested.front(), language, spelling);
  return argument.keyword ? spelled(argument.text, spelling) : argument.text;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<CatalogueEntry> read_all(Language language) {
  std::vector<CatalogueEntry> all;
  std::vector<std::string> problems;  // told by the test that reads the same files
  for (const EmbeddedCatalogue& catalogue : embedded_catalogues()) {
    if (catalogue.language != to_string(language)) continue;
    for (CatalogueEntry& entry : read_catalogue(catalogue, problems)) {
      all.push_back(std::move(entry));
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const CatalogueEntry& a, const CatalogueEntry& b) { return a.id < b.id; });
  return all;
}

const std::string* find_text(std::string_view id, Language language) {
  const std::vector<CatalogueEntry>& all = entries_of(language);
  const auto found = std::lower_bound(
      all.begin(), all.end(), id,
      [](const CatalogueEntry& entry, std::string_view wanted) { return entry.id < wanted; });
  return found == all.end() || found->id != id ? nullptr : &found->text;
}

}  // namespace

Message::Message() = default;
Message::Message(std::string_view id_) : id(id_) {}
Message::Message(const char* id_) : id(id_) {}
Message::Message(std::string_view id_, std::vector<Argument> arguments_)
    : id(id_), arguments(std::move(arguments_)) {}
Message::Message(std::string_view id_, std::initializer_list<Argument> arguments_)
    : id(id_), arguments(arguments_) {}

Argument keyword(std::string_view words) {
  Argument argument(words);
  argument.keyword = true;
  return argument;
}

bool operator==(const Message& a, const Message& b) {
  const auto same = [](const Argument& x, const Argument& y) {
    return x.text == y.text && x.keyword == y.keyword && x.nested == y.nested;
  };
  return a.id == b.id && std::equal(a.arguments.begin(), a.arguments.end(), b.arguments.begin(),
                                    b.arguments.end(), same);
}

std::string_view to_string(Language language) { return language == Language::zh ? "zh" : "en"; }

std::optional<Language> read_language(std::string_view name) {
  for (const Language language : kLanguages) {
    const std::string_view tag = to_string(language);
    if (name.substr(0, tag.size()) != tag) continue;
    const std::string_view rest = name.substr(tag.size());
    if (rest.empty() || rest[0] == '-' || rest[0] == '_' || rest[0] == '.') return language;
  }
  return std::nullopt;
}

std::string say(const Message& message, Language language, const Spelling& spelling) {
  const std::string* const found = find_text(message.id, language);
  if (found == nullptr) return "[" + message.id + "]";
  const std::string_view text = *found;
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool brace = text[at] == '{' || text[at] == '}';
    if (brace && at + 1 < text.size() && text[at + 1] == text[at]) {
      out += text[at++];
      continue;
    }
    const Hole hole = text[at] == '{' ? read_hole(text, at) : Hole{};
    if (hole.size == 0) {
      out += text[at];
      continue;
    }
    at += hole.size - 1;
    if (!hole.words.empty()) {
      out += spelled(hole.words, spelling);
      continue;
    }
    if (hole.argument >= message.arguments.size()) continue;
    const std::string value = argument_text(message.arguments[hole.argument], language, spelling);
    if (!hole.counts) {
      out += value;
    } else {
      out += value == "1" ? hole.one : hole.many;
    }
  }
  return out;
}

bool has_text(std::string_view id) { return find_text(id, Language::en) != nullptr; }

std::vector<CatalogueEntry> read_catalogue(const EmbeddedCatalogue& catalogue,
                                           std::vector<std::string>& problems) {
  std::vector<CatalogueEntry> entries;
  const std::string file = std::string(catalogue.language) + "/" + std::string(catalogue.area);
  std::size_t number = 0;
  for (std::size_t at = 0; at < catalogue.text.size();) {
    const std::size_t end = std::min(catalogue.text.find('\n', at), catalogue.text.size());
    const std::string_view line = catalogue.text.substr(at, end - at);
    at = end + 1;
    ++number;
    const std::string_view content = trimmed(line);
    if (content.empty() || content[0] == '#') continue;
    const std::string place = file + ".msg:" + std::to_string(number);
    if (line[0] == ' ' || line[0] == '\t') {
      if (entries.empty()) {
        problems.push_back(place + ": nothing to go on with");
      } else {
        entries.back().text += "\n" + std::string(content);
      }
      continue;
    }
    const std::size_t equals = content.find('=');
    const std::string_view id = trimmed(content.substr(0, std::min(equals, content.size())));
    if (equals == std::string_view::npos || id.empty()) {
      problems.push_back(place + ": expected `id = text`");
      continue;
    }
    entries.push_back({std::string(id), std::string(trimmed(content.substr(equals + 1))), place});
  }
  return entries;
}

const std::vector<CatalogueEntry>& entries_of(Language language) {
  // Each is read when it is first asked for: most runs speak one language.
  if (language == Language::zh) {
    static const std::vector<CatalogueEntry> kChinese = read_all(Language::zh);
    return kChinese;
  }
  static const std::vector<CatalogueEntry> kEnglish = read_all(Language::en);
  return kEnglish;
}

std::vector<std::size_t> holes_of(std::string_view text, std::vector<std::string>& problems) {
  std::vector<std::size_t> holes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '{' && text[at] != '}') continue;
    if (at + 1 < text.size() && text[at + 1] == text[at]) {
      ++at;
      continue;
    }
    const Hole hole = text[at] == '{' ? read_hole(text, at) : Hole{};
    if (hole.size == 0) {
      problems.push_back("a brace that is no hole");
      continue;
    }
    if (hole.words.empty()) holes.push_back(hole.argument);
    at += hole.size - 1;
  }
  std::sort(holes.begin(), holes.end());
  holes.erase(std::unique(holes.begin(), holes.end()), holes.end());
  return holes;
}

}  // namespace toll
