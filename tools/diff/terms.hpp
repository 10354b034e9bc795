// What two cores say, in one vocabulary: equal terms mean the same, whatever their indexes, the
// order of their files or the places they stand in.
//
// A term is a number that stands for an operator and the terms it is made of; each is made once, so
// that two are equal if and only if their numbers are. What has a name is known by its name. What
// only binds a value (a parameter, a row at hand, a `let`) is known by its part in the frame: see
// Frame.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "toll/core.hpp"

namespace toll::diff {

using Term = std::uint32_t;

/// Makes terms; shared by both cores.
class Terms {
 public:
  Term text(std::string_view text);
  Term number(Value value);
  Term make(std::string_view head, std::vector<Term> parts);
  /// What binds a slot within an expression, called by how deep the expression is.
  Term bound_within(Term term, Term slot);
  /// The term with others in the place of some.
  Term replaced(Term term, const std::map<Term, Term>& by);

 private:
  Term replaced(Term term, const std::map<Term, Term>& by, std::unordered_map<Term, Term>& done);
  Term made_again(std::vector<Term> parts);

  std::map<std::string, Term, std::less<>> texts_;
  std::map<std::vector<Term>, Term> made_;
  std::unordered_map<Term, const std::vector<Term>*> parts_;  ///< of those that were made
  std::unordered_map<Term, Value> depths_;                    ///< of those that bind slots within
  Term next_ = 1;
};

/// What the parts of a core are called. Two of one name are told apart by their number.
struct Names {
  explicit Names(const Core& core);
  std::vector<std::string> domains, tables, registers, families, machines, timers, events, entries,
      definitions, hooks, blocks;
};

/// Something that binds a slot, in the order in which the text of a frame does.
struct Binder {
  enum class By : std::uint8_t { let, row, put, took, rest };
  By by = By::let;
  Term shape = 0;  ///< what it is bound to, all slots taken for the same
};

/// Turns the parts of one core into terms.
class Coder {
 public:
  Coder(Terms& terms, const Core& core);

  // -- what does not depend on slots
  Term value(const Type& type, Value value);
  Term type(const Type& type);
  Term name(std::uint32_t domain, Value value);
  Term field(const Field& field, const std::vector<Field>& all);
  Term row(const Table& table, const Table::Row& row, const std::vector<std::uint32_t>& columns);

  // -- what does. A frame is begun, then its parts are asked for in the order of its text.
  /// Only to learn what binds slots: see binders().
  void begin_shape();
  /// For good: `symbols` has a number for each binder, equal in both cores where they mean the
  /// same.
  void begin(const std::vector<std::uint32_t>& symbols);
  [[nodiscard]] const std::vector<Binder>& binders() const { return binders_; }

  Term node(NodeId node);
  Term nodes(const std::vector<NodeId>& nodes);
  /// `ordered`: it matters which row comes first.
  Term source(const Source& source, bool ordered = true);
  Term rule(const Rule& rule);
  Term effect(const Effect& effect);
  Term effects(const Effects& effects);

  // -- of the frame that was coded last, for who looks for the place of a difference
  [[nodiscard]] Term known(NodeId node) const { return node == kNoNode ? 0 : node_terms_[node]; }
  [[nodiscard]] Term known(const Effect& effect) const { return effect_terms_.at(&effect); }

  /// The same, whatever stands around it: what binds a slot within is called by its place there.
  Term closed(NodeId node);
  Term closed(const Rule& rule);

  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] const Core& core() const { return core_; }
  /// What a `row_field` reads: a column, by its term.
  Term column_name(const Node& node) { return column(core_.nodes[node.args[0]].type, node.a); }
  /// Can the value of this go out of range, so that it matters whether it is asked for?
  [[nodiscard]] bool can_fail(NodeId node) const;
  /// Definitions and procedures that the other policy does not know by name: what they say stands
  /// for them, wherever they are used.
  void unfold(std::vector<bool> definitions, std::vector<bool> blocks) {
    unfolded_definitions_ = std::move(definitions);
    unfolded_blocks_ = std::move(blocks);
  }
  /// Whose fields `Op::field` reads in what follows; those of no event: only timers lead to it.
  void read_fields_of(std::set<std::uint32_t> events) { events_ = std::move(events); }
  [[nodiscard]] const std::set<std::uint32_t>& events() const { return events_; }
  /// A term with a text to it.
  Term with_text(Term term, std::string_view text) {
    return terms_.make("with", {term, terms_.text(text)});
  }
  Term list(std::vector<Term> parts) { return terms_.make("list", std::move(parts)); }

 private:
  using Binders = std::pair<std::size_t, std::size_t>;  ///< from and to before, in their order
  void bind(std::uint32_t slot, Binder::By by, Term shape);
  Term closed(Term term, const Binders& binders);
  Term call(const Node& node);
  void take_effects(const Effects& effects, std::vector<Term>& parts);
  Term node_here(NodeId node);
  Term text_of(const std::vector<std::string>& names, std::uint32_t index);
  Term event_field(std::uint32_t index);
  Term column(const Type& row, std::uint32_t index);
  Term symmetric(std::string_view head, const Node& node);
  Term parts_of(const Node& node, std::vector<Term> parts);
  Term aggregate(const Aggregate& aggregate);
  Term emit(const Effect& effect);
  Term constant(const Node& node);
  [[nodiscard]] unsigned bits(NodeId node) const;
  [[nodiscard]] bool can_fail(const Source& source) const;

  Terms& terms_;
  const Core& core_;
  Names names_;
  std::set<std::uint32_t> events_;
  std::vector<bool> unfolded_definitions_;
  std::vector<bool> unfolded_blocks_;
  int depth_ = 0;
  bool shape_ = false;
  std::vector<std::uint32_t> symbols_;
  std::vector<Binder> binders_;
  std::map<std::uint32_t, Term> slots_;
  std::vector<Term> node_terms_;
  std::unordered_map<const Effect*, Term> effect_terms_;
  std::unordered_map<NodeId, Binders> node_binders_;  ///< none: it binds nothing
  std::unordered_map<const Rule*, std::pair<Term, Binders>> rules_;
};

}  // namespace toll::diff
