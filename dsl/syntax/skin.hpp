// A skin: the words in which the language is spelled. One grammar, one tree; a skin maps written
// words to the canonical (English) ones and back. Skins are data files in dsl/skins/, built in.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/text_index.hpp"

namespace toll::dsl {

/// The words and symbols that one written word stands for: {"not", "in"}, {"="}.
using CanonicalWords = std::vector<std::string>;

class Skin {
 public:
  /// What the tree says of a canonical word.
  struct Piece {
    bool is_word = true;   ///< else a symbol
    bool keyword = false;  ///< by itself too
  };
  struct Entry {
    CanonicalWords canonical;
    std::vector<Piece> pieces;           ///< of each of them, in a skin that is built in
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
  /// Fills in the pieces of entries, which are keywords as the English skin has them.
  void note_pieces(const Skin& english);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  /// A written word that is no name.
  struct Word {
    std::string text;
    std::size_t entry = kFiller;
  };
  static constexpr std::size_t kFiller = static_cast<std::size_t>(-1);

  Skin() = default;
  Skin(Skin&&) = default;
  Skin& operator=(Skin&&) = default;
  ~Skin() = default;
  Skin(const Skin&) = delete;
  Skin& operator=(const Skin&) = delete;

  /// Null if the word is a name.
  [[nodiscard]] const Word* word(std::string_view written) const { return words_.find(written); }
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
  struct TextOf {
    std::string_view operator()(const Word& word) const { return word.text; }
  };
  bool add_word(std::string text, std::size_t entry);
  std::deque<Word> kept_words_;
  TextIndex<const Word, TextOf> words_;
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
