// A skin: the words in which the language is spelled. One grammar, one tree; a skin maps written
// words to the canonical (English) ones and back. Skins are data files in dsl/skins/, built in.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace toll::dsl {

/// The words and symbols that one written word stands for: {"not", "in"}, {"="}.
using CanonicalWords = std::vector<std::string>;

class Skin {
 public:
  struct Entry {
    CanonicalWords canonical;
    std::vector<std::string> spellings;  ///< the first is printed; none: spelled canonically
    std::string filler;                  ///< printed after the operand that follows
    /// Printed instead of the first spelling behind the first word of a statement; `head`: where
    /// that is this word (none: whatever it is).
    std::string later;
    std::string head;
  };
  /// A word that multiplies the number it touches.
  struct Scale {
    std::string word;
    std::size_t zeros = 0;
  };

  /// Reads a skin file; what is wrong with it goes to `problems`, one line each.
  static Skin read(std::string name, std::string_view text, std::vector<std::string>& problems);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  /// The entry a written word belongs to, or null if the word is a name.
  [[nodiscard]] const Entry* find(std::string_view written) const;
  /// Dropped where it stands alone: it makes sentences sound right and means nothing.
  [[nodiscard]] bool is_filler(std::string_view written) const;
  /// A bare word that is not a name here.
  [[nodiscard]] bool is_reserved(std::string_view written) const;

  /// The entry for exactly these canonical words, or null.
  [[nodiscard]] const Entry* spelling_of(const CanonicalWords& canonical) const;
  /// Canonical words, in one string, as this skin spells them; words it does not know stay.
  [[nodiscard]] std::string spell(std::string_view canonical) const;
  /// How an entry is printed as the first word of a statement, or in one that begins with `head`.
  [[nodiscard]] static const std::string& printed(const Entry& entry, bool first,
                                                  std::string_view head);
  /// The greatest first; none: digits are grouped with `_`.
  [[nodiscard]] const std::vector<Scale>& scales() const { return scales_; }
  /// The most canonical words that one entry stands for.
  [[nodiscard]] std::size_t longest_entry() const { return longest_entry_; }

 private:
  void read_line(std::string_view line, std::vector<std::string>& problems);
  void read_filler(std::string_view words, std::vector<std::string>& problems);
  void read_print(std::string_view rule, std::vector<std::string>& problems);
  void read_later(std::string_view rule, std::vector<std::string>& problems);
  void read_scale(std::string_view rule, std::vector<std::string>& problems);

  std::string name_;
  std::vector<Entry> entries_;
  std::map<CanonicalWords, std::size_t> by_canonical_;
  struct Hash {
    using is_transparent = void;  // a view is looked up as it is
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_spelling_;
  std::unordered_set<std::string, Hash, std::equal_to<>> fillers_;
  std::vector<Scale> scales_;
  std::size_t longest_entry_ = 1;
};

/// A file of dsl/skins/ as it was built in.
struct EmbeddedSkin {
  std::string_view name;
  std::string_view text;
};
/// Generated at build time by embed.cmake.
std::vector<EmbeddedSkin> embedded_skins();

/// A built-in skin, or null: "en", "zh".
const Skin* find_skin(std::string_view name);
std::vector<std::string> skin_names();
const Skin& english();

}  // namespace toll::dsl
