// Names that cannot be told apart by eye: letters of two scripts in one word, and two names that
// are drawn alike although they are not one.

#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "dsl/checks/checks.hpp"
#include "dsl/checks/lookalikes.hpp"
#include "dsl/syntax/folded.hpp"
#include "dsl/syntax/name.hpp"
#include "dsl/syntax/unicode.hpp"

namespace toll::dsl {
namespace {

class Names {
 public:
  Names(const Subject& subject, Findings& found) : subject_(subject), found_(found) {}

  void look() {
    const Core& core = subject_.core;
    for (const Domain& domain : core.domains) {
      add(domain.name, domain.clause);
      for (const Domain::Name& name : domain.names) {
        add(name.shown, name.clause);
        for (const std::string& other : name.aka) add(other, name.clause);
      }
    }
    for (const Declaration& one : core.declarations) add(one.name, one.clause);
    for (const Table& table : core.tables) {
      add(table.name, table.clause);
      for (const Table::Column& column : table.columns) add(column.name, table.clause);
    }
    for (const Family& family : core.families) {
      for (const Family::Field& field : family.fields) add(field.name, family.clause);
    }
    for (const EventType& event : core.events) {
      add(event.name, event.clause);
      for (const Field& field : event.fields) add(field.name, field.clause);
    }
    for (const EntryKind& entry : core.entries) {
      for (const EntryKind::Member& member : entry.members) {
        add(member.name, entry.clause);
        for (const EntryKind::Member& column : member.columns) add(column.name, entry.clause);
      }
    }
    for (const Timer& timer : core.timers) add(timer.name, timer.clause);
    for (const Definition& one : core.definitions) add(one.name, one.clause);
    for (const Block& block : core.blocks) {
      if (block.name.find(' ') == std::string::npos) add(block.name, block.clause);
    }
  }

 private:
  /// Views of the core, or of what was folded.
  struct Known {
    std::string_view folded;
    const std::string* name = nullptr;
    ClauseId clause = kNone;
  };

  /// `name` is one of the core's.
  void add(const std::string& name, ClauseId clause) {
    const std::string_view folded = is_folded(name) ? name : folded_.emplace_back(fold(name));
    if (!seen_.insert(folded).second) return;
    if (const MixedLetters mixed = mixed_letters(folded); mixed.found()) {
      found_.push_back({place(name, clause),
                        {"E1013.mixed", {name, shown(mixed.first), shown(mixed.second)}},
                        name,
                        {},
                        {}});
    }
    const auto [known, fresh] = by_drawing_.emplace(drawn(folded), Known{folded, &name, clause});
    if (fresh || known->second.folded == folded) return;
    const auto [a, b] = difference(known->second.folded, folded);
    found_.push_back(
        {place(name, clause),
         {"E1012.alike", {name, *known->second.name}},
         name,
         {{place(*known->second.name, known->second.clause), {"check.other-name", {shown(a)}}}},
         {"E1012.alike.help", {shown(b), shown(a)}}});
  }

  /// The first letters in which two names differ.
  static std::pair<char32_t, char32_t> difference(std::string_view one, std::string_view other) {
    std::size_t i = 0;
    std::size_t j = 0;
    for (;;) {
      const DecodedCharacter a = decode_utf8(one, i);
      const DecodedCharacter b = decode_utf8(other, j);
      if (a.code != b.code || a.size == 0) return {a.code, b.code};
      i += a.size;
      j += b.size;
    }
  }

  /// A letter and its number, since its looks do not tell: "U+0430".
  static std::string shown(char32_t letter) {
    if (letter == kNoCharacter) return "-";
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string number;
    for (int shift = letter > 0xffff ? 20 : 12; shift >= 0; shift -= 4) {
      number += kDigits[(letter >> static_cast<unsigned>(shift)) & 0xfU];
    }
    std::string text;
    append_utf8(text, letter);
    return text + " (U+" + number + ")";
  }

  SourceSpan place(const std::string& name, ClauseId clause) const {
    return subject_.named_in(clause, name);
  }

  const Subject& subject_;
  Findings& found_;
  std::deque<std::string> folded_;
  std::unordered_set<std::string_view> seen_;
  std::unordered_map<std::string, Known> by_drawing_;
};

}  // namespace

void check_names(const Subject& subject, Findings& found) { Names(subject, found).look(); }

}  // namespace toll::dsl
