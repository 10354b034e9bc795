#include "dsl/echoes.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace toll::dsl {
namespace {

/// So many errors that may be the fault of one declaration are told as one.
constexpr std::size_t kManyUses = 3;

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Declarations of names and shapes: after any error in one, its names may mean something else.
constexpr std::array<std::string_view, 16> kShapes = {
    "policy", "unit",    "currency", "domain", "setting", "table",   "tariff", "account",
    "list",   "counter", "scratch",  "entry",  "event",   "machine", "define", "hook"};
/// What all others stand on.
constexpr std::array<std::string_view, 3> kBasics = {"unit", "currency", "domain"};

/// Which sorts of names a declaration brings.
bool brings(std::string_view lead, std::string_view noun) {
  struct Bring {
    std::string_view lead;
    std::string_view noun;
  };
  static constexpr std::array<Bring, 32> kBrings = {{
      {"unit", "unit"},
      {"currency", "unit"},
      {"domain", "domain"},
      {"domain", "type"},
      {"domain", "name-of"},
      {"setting", "value"},
      {"account", "value"},
      {"account", "account-value"},
      {"define", "value"},
      {"define", "function"},
      {"hook", "value"},
      {"hook", "function"},
      {"machine", "machine"},
      {"machine", "value"},
      {"machine", "type"},
      {"timer", "timer"},
      {"table", "table"},
      {"table", "table-or-counter"},
      {"table", "list-counter-table"},
      {"table", "name-of"},
      {"tariff", "tariff"},
      {"counter", "list-or-counter"},
      {"counter", "table-or-counter"},
      {"counter", "list-counter-table"},
      {"list", "list"},
      {"list", "list-or-counter"},
      {"list", "table-or-counter"},
      {"list", "list-counter-table"},
      {"list", "value"},
      {"entry", "entry"},
      {"event", "event"},
      {"procedure", "procedure"},
  }};
  if (lead == "scratch") return brings("counter", noun) || brings("list", noun);
  return std::any_of(kBrings.begin(), kBrings.end(),
                     [&](const Bring& one) { return one.lead == lead && one.noun == noun; });
}

bool is_syntax(std::string_view code) { return code.starts_with("E01") || code.starts_with("E02"); }
bool is_unknown(const Diagnostic& error) {
  return error.message.id.starts_with("E0302.") && !error.message.arguments.empty();
}

/// "timer" of an error that says that no timer has this name.
std::string noun_of(const Diagnostic& error) {
  const std::vector<Message>& nested = error.message.arguments[0].nested;
  const std::string& id = nested.empty() ? error.message.id : nested[0].id;
  return id.substr(id.find('.') + 1);
}
const std::string& name_of(const Diagnostic& error) { return error.message.arguments.back().text; }

bool speaks_of(const Message& message, const std::string& name) {
  return std::any_of(message.arguments.begin(), message.arguments.end(), [&](const Argument& one) {
    return one.nested.empty() ? one.text == name : speaks_of(one.nested[0], name);
  });
}

/// An error with what has to be known of its place.
struct Told {
  Diagnostic diagnostic;
  std::string code;
  std::size_t region = 0;
  std::uint32_t line = 0;
  bool syntax = false;
  bool breaks = false;  ///< what its region declares is not as it was meant
  bool head = false;    ///< in the line in which its region begins
  bool lost = false;    ///< nobody knows what its region declares
  bool dropped = false;
};

class Echoes {
 public:
  Echoes(std::vector<Region> regions, const SourceSet& sources)
      : regions_(std::move(regions)), sources_(sources) {
    std::sort(regions_.begin(), regions_.end(), [](const Region& a, const Region& b) {
      return std::tie(a.file, a.begin) < std::tie(b.file, b.begin);
    });
    regions_.insert(regions_.begin(), Region{});  // what stands before all others
  }

  std::vector<Diagnostic> kept(const std::vector<Diagnostic>& all) {
    std::vector<Diagnostic> others;
    for (const Diagnostic& one : all) {
      if (one.severity == Severity::error) {
        told_.push_back(told(one));
      } else {
        others.push_back(one);
      }
    }
    drop_in_lines();
    drop_in_misread_blocks();
    drop_what_was_not_declared();
    drop_in_scenarios();
    drop_repeated_names();
    blame_declarations();
    for (Told& one : told_) {
      if (!one.dropped) others.push_back(std::move(one.diagnostic));
    }
    return others;
  }

 private:
  [[nodiscard]] std::size_t region_of(SourceSpan span) const {
    const auto after = std::upper_bound(
        regions_.begin() + 1, regions_.end(), span, [](SourceSpan at, const Region& region) {
          return std::tie(at.file, at.begin) < std::tie(region.file, region.begin);
        });
    const auto found = static_cast<std::size_t>(after - regions_.begin()) - 1;
    return found > 0 && regions_[found].file == span.file ? found : 0;
  }

  [[nodiscard]] std::string_view text_of(std::size_t region) const {
    if (region == 0) return {};
    const Region& own = regions_[region];
    const bool last = region + 1 == regions_.size() || regions_[region + 1].file != own.file;
    const auto end = static_cast<std::uint32_t>(last ? sources_.text(own.file).size()
                                                     : regions_[region + 1].begin);
    return sources_.slice({own.file, own.begin, end});
  }

  Told told(const Diagnostic& diagnostic) const {
    Told one;
    one.diagnostic = diagnostic;
    one.code = diagnostic.code();
    one.region = region_of(diagnostic.span);
    one.line = sources_.size() == 0 ? 0 : sources_.position(diagnostic.span).line;
    const Region& region = regions_[one.region];
    one.syntax = is_syntax(one.code);
    one.head = one.region != 0 && sources_.position_at(region.file, region.begin).line == one.line;
    one.lost = is_unknown(diagnostic) && noun_of(diagnostic) == "declaration";
    one.breaks = one.syntax || one.lost || one.code == "E0301" || one_of(region.lead, kShapes) ||
                 (is_unknown(diagnostic) && one.head);
    return one;
  }

  /// What cannot be read is not asked what it means.
  void drop_in_lines() {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> worst;  // by file and line
    for (const Told& one : told_) {
      if (!one.syntax) continue;
      std::string& rank = worst[{one.diagnostic.span.file, one.line}];
      const std::string own = one.code.substr(0, 3);
      if (rank.empty() || own < rank) rank = own;
    }
    for (Told& one : told_) {
      const auto found = worst.find({one.diagnostic.span.file, one.line});
      if (found != worst.end() && one.code.substr(0, 3) > found->second) one.dropped = true;
    }
  }

  /// Where a brace was missing or too many, the blocks are a guess.
  void drop_in_misread_blocks() {
    std::set<std::size_t> misread;
    for (const Told& one : told_) {
      const bool brace =
          one.code == "E0121" || one.code == "E0122" || one.code == "E0123" || one.code == "E0128";
      if (brace) misread.insert(one.region);
    }
    for (Told& one : told_) {
      if (misread.count(one.region) != 0 && !one.code.starts_with("E01")) one.dropped = true;
    }
  }

  [[nodiscard]] bool echoes(const Told& one, const Told& cause) const {
    const Region& broken = regions_[cause.region];
    const bool here = cause.region == one.region;
    if (here && cause.line == one.line) return false;
    const bool gone = cause.head && (cause.syntax || cause.lost || cause.code == "E0301");
    if (is_unknown(one.diagnostic)) {
      const std::string& name = name_of(one.diagnostic);
      const bool same = is_unknown(cause.diagnostic) && name_of(cause.diagnostic) == name;
      if (!same && text_of(cause.region).find(name) != std::string_view::npos) return true;
      if (gone && !here && brings(broken.lead, noun_of(one.diagnostic))) return true;
    }
    if (here) return false;
    if (gone && one_of(broken.lead, kBasics)) return true;
    return !broken.name.empty() && speaks_of(one.diagnostic.message, broken.name);
  }

  void drop_what_was_not_declared() {
    std::vector<const Told*> causes;
    for (const Told& one : told_) {
      if (one.breaks && !one.dropped) causes.push_back(&one);
    }
    std::vector<std::size_t> echoing;
    for (std::size_t i = 0; i < told_.size(); ++i) {
      Told& one = told_[i];
      if (one.dropped || one.syntax) continue;
      const bool follows = std::any_of(causes.begin(), causes.end(), [&](const Told* cause) {
        if (cause == &one) return false;
        // Of two that may follow from each other, the graver is the cause, then the first.
        if (one.breaks && !graver(*cause, one)) return false;
        return echoes(one, *cause) || blames(one, cause->region);
      });
      if (follows) echoing.push_back(i);
    }
    for (const std::size_t i : echoing) told_[i].dropped = true;
  }

  [[nodiscard]] static bool graver(const Told& a, const Told& b) {
    const auto rank = [](const Told& one) {
      const bool shape = one.code == "E0301" || one.code.starts_with("E06");
      return one.code.starts_with("E01") ? 0
             : one.syntax || one.lost    ? 1
             : shape                     ? 2
             : one.head                  ? 3
                                         : 4;
    };
    return rank(a) < rank(b);
  }

  [[nodiscard]] bool blames(const Told& one, std::size_t region) const {
    return std::any_of(
        one.diagnostic.blames.begin(), one.diagnostic.blames.end(),
        [&](SourceSpan span) { return region_of(span) == region && region != one.region; });
  }

  /// Scenarios tell what rules come to; while the rules are wrong, they tell only how they are
  /// written.
  void drop_in_scenarios() {
    const bool wrong = std::any_of(told_.begin(), told_.end(), [&](const Told& one) {
      return !one.dropped && regions_[one.region].lead != "scenario";
    });
    if (!wrong) return;
    for (Told& one : told_) {
      if (regions_[one.region].lead == "scenario" && !one.syntax) one.dropped = true;
    }
  }

  /// An unknown name is told once, and how often it stands elsewhere.
  void drop_repeated_names() {
    std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> uses;
    for (std::size_t i = 0; i < told_.size(); ++i) {
      if (told_[i].dropped || !is_unknown(told_[i].diagnostic)) continue;
      const Diagnostic& error = told_[i].diagnostic;
      const std::string of = error.message.arguments[0].text;  // whose field or column, if any
      uses[{noun_of(error) + " " + of, name_of(error)}].push_back(i);
    }
    for (const auto& [name, all] : uses) {
      if (all.size() < 2) continue;
      for (std::size_t i = 1; i < all.size(); ++i) told_[all[i]].dropped = true;
      Diagnostic more;
      more.severity = Severity::note;
      more.message = {"note.more-uses", {all.size() - 1}};
      more.span = told_[all[1]].diagnostic.span;
      told_[all[0]].diagnostic.related.push_back(std::move(more));
    }
  }

  /// Many uses that do not fit one declaration: it is the declaration that is wrong.
  void blame_declarations() {
    for (;;) {
      std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::vector<std::size_t>>
          uses;
      for (std::size_t i = 0; i < told_.size(); ++i) {
        if (told_[i].dropped) continue;
        for (const SourceSpan span : told_[i].diagnostic.blames) {
          std::vector<std::size_t>& known = uses[{span.file, span.begin, span.end}];
          if (known.empty() || known.back() != i) known.push_back(i);
        }
      }
      const auto most = std::max_element(
          uses.begin(), uses.end(),
          [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
      if (most == uses.end() || most->second.size() < kManyUses) return;
      const auto& [file, begin, end] = most->first;
      blame({file, begin, end}, most->second);
    }
  }

  void blame(SourceSpan declaration, const std::vector<std::size_t>& uses) {
    Told one;
    one.diagnostic.span = declaration;
    one.diagnostic.message = {"E0441.uses", {shortened(sources_.slice(declaration)), uses.size()}};
    for (std::size_t i = 0; i < uses.size(); ++i) {
      told_[uses[i]].dropped = true;
      if (i >= 2) continue;
      Diagnostic use = told_[uses[i]].diagnostic;
      use.severity = Severity::note;
      use.related.clear();
      use.fixes.clear();
      one.diagnostic.related.push_back(std::move(use));
    }
    told_.push_back(std::move(one));
  }

  static std::string shortened(std::string_view text) {
    constexpr std::size_t kMost = 60;
    std::size_t end = std::min(text.find('\n'), text.size());
    if (end > kMost) {
      end = kMost;
      while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
      return std::string(text.substr(0, end)) + "...";
    }
    return std::string(text.substr(0, end));
  }

  std::vector<Region> regions_;
  const SourceSet& sources_;
  std::vector<Told> told_;
};

}  // namespace

std::vector<Region> regions_of(const std::vector<Clause>& clauses) {
  std::vector<Region> regions;
  for (const Clause& clause : clauses) {
    Region region;
    region.file = clause.span.file;
    region.begin = clause.span.begin;
    if (!clause.head.empty()) region.lead = clause.head[0].word;
    if (clause.head.size() > 1) region.name = clause.head[1].raw;
    regions.push_back(std::move(region));
  }
  return regions;
}

void drop_echoes(std::vector<Region> regions, const SourceSet& sources, Diagnostics& diagnostics) {
  if (diagnostics.error_count() < 2) return;
  diagnostics.replace(Echoes(std::move(regions), sources).kept(diagnostics.sorted()));
}

}  // namespace toll::dsl
