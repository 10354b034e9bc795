#include "dsl/syntax/skin.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "dsl/syntax/unicode.hpp"
#include "engine/kernel/assert.hpp"

namespace toll::dsl {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    const std::string_view part = trimmed(text.substr(0, end));
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

/// `LEFT = RIGHT`; the left side may itself be `=` or `!=`, so the sign must stand between blanks.
std::pair<std::string_view, std::string_view> sides(std::string_view line) {
  const std::size_t sign = line.find(" = ");
  if (sign == std::string_view::npos) return {line, {}};
  return {trimmed(line.substr(0, sign)), trimmed(line.substr(sign + 3))};
}

std::string joined(const CanonicalWords& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

Skin Skin::read(std::string name, std::string_view text, std::vector<std::string>& problems) {
  Skin skin;
  skin.name_ = std::move(name);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("@filler ")) {
      skin.read_filler(line.substr(8), problems);
    } else if (line.starts_with("@print ")) {
      skin.read_print(line.substr(7), problems);
    } else if (line.starts_with("@later ")) {
      skin.read_later(line.substr(7), problems);
    } else if (line.starts_with("@scale ")) {
      skin.read_scale(line.substr(7), problems);
    } else {
      skin.read_line(line, problems);
    }
  }
  return skin;
}

void Skin::read_line(std::string_view line, std::vector<std::string>& problems) {
  const auto [left, right] = sides(line);
  Entry entry;
  entry.canonical = split(left, kBlanks);
  entry.spellings = split(right, ",");
  // A single word may go without a right side: it is spelled as it is.
  if (entry.spellings.empty() && entry.canonical.size() == 1 &&
      is_xid_start(decode_utf8(left, 0).code)) {
    entry.spellings = entry.canonical;
  }
  if (!by_canonical_.emplace(entry.canonical, entries_.size()).second) {
    problems.push_back("`" + std::string(left) + "` has two lines");
    return;
  }
  for (const std::string& spelling : entry.spellings) {
    if (!add_word(spelling, entries_.size())) {
      problems.push_back("`" + spelling + "` has two meanings");
    }
  }
  longest_entry_ = std::max(longest_entry_, entry.canonical.size());
  entries_.push_back(std::move(entry));
}

bool Skin::add_word(std::string text, std::size_t entry) {
  if (words_.find(text) != nullptr) return false;
  words_.add(&kept_words_.emplace_back(Word{std::move(text), entry}));
  return true;
}

void Skin::note_pieces(const Skin& english) {
  for (Entry& entry : entries_) {
    entry.pieces.clear();
    for (const std::string& canonical : entry.canonical) {
      Piece piece;
      piece.is_word = is_xid_start(decode_utf8(canonical, 0).code);
      // In a phrase such as `at least` only some words are keywords, and only by themselves.
      piece.keyword =
          piece.is_word && (entry.canonical.size() == 1 || english.find(canonical) != nullptr);
      entry.pieces.push_back(piece);
    }
  }
}

void Skin::read_filler(std::string_view words, std::vector<std::string>& problems) {
  for (std::string& word : split(words, kBlanks)) {
    if (!is_filler(word) && !add_word(word, kFiller))
      problems.push_back("`" + word + "` has two meanings");
  }
}

/// `from ... = ZI ... QI`, with the ellipsis character for the dots.
void Skin::read_print(std::string_view rule, std::vector<std::string>& problems) {
  constexpr std::string_view kOperand = "\u2026";
  const auto [left, right] = sides(rule);
  CanonicalWords canonical = split(left, kBlanks);
  const std::vector<std::string> printed = split(right, kBlanks);
  const bool shaped = canonical.size() >= 2 && canonical.back() == kOperand &&
                      printed.size() == 3 && printed[1] == kOperand;
  if (shaped) canonical.pop_back();
  const auto found = by_canonical_.find(canonical);
  if (!shaped || found == by_canonical_.end()) {
    problems.push_back("cannot read `@print " + std::string(rule) + "`");
    return;
  }
  Entry& entry = entries_[found->second];
  if (entry.spellings.empty() || entry.spellings.front() != printed[0]) {
    problems.push_back("`" + joined(canonical) + "` is not printed `" + printed[0] + "`");
  }
  if (!is_filler(printed[2])) problems.push_back("`" + printed[2] + "` is not a filler");
  entry.filler = printed[2];
}

/// `WORD = SPELLING`, or `HEAD: WORD = SPELLING`.
void Skin::read_later(std::string_view rule, std::vector<std::string>& problems) {
  auto [left, spelling] = sides(rule);
  std::string_view head;
  if (const std::size_t colon = left.find(": "); colon != std::string_view::npos) {
    head = trimmed(left.substr(0, colon));
    left = trimmed(left.substr(colon + 2));
  }
  const auto found = by_canonical_.find(split(left, kBlanks));
  const Word* const spelled = word(spelling);
  if (found == by_canonical_.end() || spelled == nullptr || spelled->entry != found->second) {
    problems.push_back("cannot read `@later " + std::string(rule) + "`");
    return;
  }
  entries_[found->second].later = spelling;
  entries_[found->second].head = head;
}

/// `WORD = ZEROS`, the greatest first.
void Skin::read_scale(std::string_view rule, std::vector<std::string>& problems) {
  const auto [word, zeros] = sides(rule);
  Scale scale = {std::string(word), 0};
  const auto read = std::from_chars(zeros.data(), zeros.data() + zeros.size(), scale.zeros);
  if (read.ptr != zeros.data() + zeros.size() || scale.zeros == 0 || word.empty()) {
    problems.push_back("cannot read `@scale " + std::string(rule) + "`");
    return;
  }
  scales_.push_back(std::move(scale));
}

const Skin::Entry* Skin::find(std::string_view written) const {
  const Word* const found = word(written);
  return found == nullptr || found->entry == kFiller ? nullptr : &entries_[found->entry];
}

bool Skin::is_filler(std::string_view written) const {
  const Word* const found = word(written);
  return found != nullptr && found->entry == kFiller;
}

bool Skin::is_reserved(std::string_view written) const { return word(written) != nullptr; }

const Skin::Entry* Skin::spelling_of(const CanonicalWords& canonical) const {
  const auto found = by_canonical_.find(canonical);
  return found == by_canonical_.end() ? nullptr : &entries_[found->second];
}

std::string Skin::spell(std::string_view canonical) const {
  const CanonicalWords words = split(canonical, kBlanks);
  const Entry* const entry = spelling_of(words);
  if (entry != nullptr && !entry->spellings.empty()) return entry->spellings.front();
  if (words.size() == 1) return words.front();
  CanonicalWords one_by_one;
  for (const std::string& word : words) one_by_one.push_back(spell(word));
  return joined(one_by_one);
}

const std::string& Skin::printed(const Entry& entry, bool first, std::string_view head) {
  const bool later = !entry.later.empty() && !first && (entry.head.empty() || entry.head == head);
  return later ? entry.later : entry.spellings.front();
}

namespace {

constexpr std::string_view kEnglishName = "en";

const std::vector<Skin>& skins() {
  static const std::vector<Skin> kSkins = [] {
    std::vector<Skin> read;
    std::vector<std::string> problems;
    for (const EmbeddedSkin& embedded : embedded_skins()) {
      read.push_back(Skin::read(std::string(embedded.name), embedded.text, problems));
    }
    TOLL_ASSERT(problems.empty());  // the skin test prints them
    for (const Skin& skin : read) {
      if (skin.name() != kEnglishName) continue;
      for (Skin& other : read) other.note_pieces(skin);
    }
    return read;
  }();
  return kSkins;
}

}  // namespace

const Skin* find_skin(std::string_view name) {
  for (const Skin& skin : skins()) {
    if (skin.name() == name) return &skin;
  }
  return nullptr;
}

std::vector<std::string> skin_names() {
  std::vector<std::string> names;
  for (const Skin& skin : skins()) names.push_back(skin.name());
  return names;
}

const Skin& english() {
  static const Skin* const kEnglish = find_skin(kEnglishName);
  TOLL_ASSERT(kEnglish != nullptr);
  return *kEnglish;
}

}  // namespace toll::dsl
