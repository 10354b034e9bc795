#include "dsl/checks/conditions.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace toll::dsl {
namespace {

constexpr std::size_t kMaxSteps = 20'000;  // beyond that the answer is "perhaps"
constexpr std::size_t kMaxNames = 40;      // of a domain that is gone through wholly
constexpr int kMaxDepth = 200;

/// What locals mean inside an expression that stands for another: in the body of a definition its
/// parameters are arguments; in what a local was set to, the locals before it are what they were,
/// and slots from its own on belong to rows that the expression itself goes through.
struct Frame {
  const std::vector<NodeId>* arguments = nullptr;  ///< none: inside what a local was set to
  const Frame* outer = nullptr;
  std::uint32_t limit = 0;
};

/// Is an expression absent if any part of it is?
bool is_strict(Op op) {
  return op == Op::row_field || op == Op::lookup || op == Op::add || op == Op::sub ||
         op == Op::mul || op == Op::neg || op == Op::rescale || op == Op::round_div;
}

/// An unknown: an expression, and the values that make a difference.
struct Unknown {
  enum class Sort : std::uint8_t {
    truth,   // 0 no, 1 yes
    choice,  // one of `constants`, then anything else unless `complete`
    scale,   // below constants[0], equal to it, between, .. above the last
    order,   // less, equal, greater than another expression
  };
  NodeId node = kNoNode;
  Sort sort = Sort::truth;
  bool complete = false;
  bool optional = false;
  std::vector<Value> constants;
  std::vector<std::size_t> needs;  ///< unknowns that are there if this is
  bool follows = false;            ///< it is there if they are: a column that no row leaves out
  std::optional<Value> fixed;

  [[nodiscard]] std::size_t present_values() const {
    switch (sort) {
      case Sort::truth:
        return 2;
      case Sort::choice:
        return constants.size() + (complete ? 0 : 1);
      case Sort::scale:
        return 2 * constants.size() + 1;
      case Sort::order:
        return 3;
    }
    return 0;
  }
  [[nodiscard]] std::size_t values() const { return present_values() + (optional ? 1 : 0); }
  [[nodiscard]] bool is_absent(std::size_t value) const { return value >= present_values(); }
};

/// A condition over unknowns.
struct Formula {
  enum class Is : std::uint8_t { constant, all, any, negation, there, equal, compared };
  Is is = Is::constant;
  bool truth = true;
  std::size_t unknown = 0;
  Op op = Op::eq;
  Value value = 0;
  std::vector<Formula> parts;
};

enum class Truth : std::uint8_t { no, yes, open };

Truth invert(Truth truth) {
  return truth == Truth::open ? truth : truth == Truth::yes ? Truth::no : Truth::yes;
}

bool holds(Op op, int sign) {
  switch (op) {
    case Op::eq:
      return sign == 0;
    case Op::ne:
      return sign != 0;
    case Op::lt:
      return sign < 0;
    case Op::le:
      return sign <= 0;
    case Op::gt:
      return sign > 0;
    default:
      return sign >= 0;
  }
}

Op mirrored(Op op) {
  switch (op) {
    case Op::lt:
      return Op::gt;
    case Op::le:
      return Op::ge;
    case Op::gt:
      return Op::lt;
    case Op::ge:
      return Op::le;
    default:
      return op;
  }
}

bool is_comparison(Op op) {
  return op == Op::eq || op == Op::ne || op == Op::lt || op == Op::le || op == Op::gt ||
         op == Op::ge;
}

class Solver {
 public:
  Solver(const Core& core, const Question& question) : core_(core), question_(question) {
    for (const NodeId node : question.hold) wanted_.push_back(formula(node, nullptr, 0));
    for (const NodeId node : question.fail) {
      Formula fails;
      fails.is = Formula::Is::negation;
      fails.parts.push_back(formula(node, nullptr, 0));
      wanted_.push_back(std::move(fails));
    }
    for (const NodeId node : question.absent) {
      Formula there;
      there.is = Formula::Is::there;
      there.unknown = unknown(node, nullptr, Unknown::Sort::choice);
      unknowns_[there.unknown].optional = true;
      Formula fails;
      fails.is = Formula::Is::negation;
      fails.parts.push_back(std::move(there));
      wanted_.push_back(std::move(fails));
    }
    for (Unknown& one : unknowns_) settle(one);
    // Where a part may be absent, so may the whole, even if the rules around exclude it.
    for (bool more = true; more;) {
      more = false;
      for (Unknown& one : unknowns_) {
        const bool may = std::any_of(one.needs.begin(), one.needs.end(),
                                     [&](std::size_t part) { return unknowns_[part].optional; });
        more = more || (may && !one.optional);
        one.optional = one.optional || may;
      }
    }
    assigned_.assign(unknowns_.size(), kOpen);
  }

  bool possible() { return search(0) != Truth::no; }

  std::optional<Situation> solve() {
    const Truth truth = search(0);
    if (truth == Truth::no) return std::nullopt;
    return truth == Truth::yes ? situation() : Situation{};
  }

 private:
  static constexpr std::size_t kOpen = static_cast<std::size_t>(-1);

  // -- reading conditions

  Formula formula(NodeId id, const Frame* frame, int depth) {
    Formula made;
    if (id == kNoNode) return made;
    const Node& node = core_.nodes[id];
    if (depth > kMaxDepth) return truth_of(id, frame);
    switch (node.op) {
      case Op::constant:
        made.truth = node.value == 1;
        return made;
      case Op::logical_and:
      case Op::logical_or:
        made.is = node.op == Op::logical_and ? Formula::Is::all : Formula::Is::any;
        for (const NodeId arg : node.args) made.parts.push_back(formula(arg, frame, depth + 1));
        return made;
      case Op::logical_not:
        made.is = Formula::Is::negation;
        made.parts.push_back(formula(node.args[0], frame, depth + 1));
        return made;
      case Op::present:
        made.is = Formula::Is::there;
        made.unknown = unknown(node.args[0], frame, Unknown::Sort::choice);
        return made;
      case Op::local: {
        const Frame* around = frame;
        const NodeId meant = resolve(id, around);
        return meant == id ? truth_of(id, frame) : formula(meant, around, depth + 1);
      }
      case Op::call: {
        const Frame inner{&node.args, frame, 0};
        return formula(core_.definitions[node.a].body, &inner, depth + 1);
      }
      default:
        return is_comparison(node.op) ? comparison(node, frame) : truth_of(id, frame);
    }
  }

  Formula truth_of(NodeId id, const Frame* frame) {
    Formula made;
    made.is = Formula::Is::equal;
    made.value = 1;
    made.unknown = unknown(id, frame, Unknown::Sort::truth);
    return made;
  }

  Formula comparison(const Node& node, const Frame* frame) {
    NodeId left = node.args[0];
    NodeId right = node.args[1];
    Op op = node.op;
    if (core_.nodes[left].op == Op::constant) {
      std::swap(left, right);
      op = mirrored(op);
    }
    Formula made;
    made.op = op;
    const Node& constant = core_.nodes[right];
    if (constant.op != Op::constant) {
      made.is = Formula::Is::compared;
      std::string first = key(left, frame);
      std::string second = key(right, frame);
      if (second < first) {
        std::swap(first, second);
        std::swap(left, right);
        made.op = mirrored(op);
      }
      const auto [known, fresh] = by_key_.emplace(first + "?" + second, unknowns_.size());
      if (fresh) {
        Unknown one;
        one.node = kNoNode;  // two expressions: nothing to show
        one.sort = Unknown::Sort::order;
        unknowns_.push_back(one);
      }
      made.unknown = known->second;
      return made;
    }
    const Kind kind = core_.nodes[left].type.kind;
    const bool ordered = kind == Kind::number || kind == Kind::instant || kind == Kind::date ||
                         kind == Kind::month || kind == Kind::span;
    made.is = ordered ? Formula::Is::compared : Formula::Is::equal;
    made.value = constant.value;
    made.unknown = unknown(left, frame, ordered ? Unknown::Sort::scale : Unknown::Sort::choice);
    Unknown& one = unknowns_[made.unknown];
    if (std::find(one.constants.begin(), one.constants.end(), made.value) == one.constants.end()) {
      one.constants.push_back(made.value);
    }
    if (!ordered && op == Op::ne) {
      Formula fails;
      fails.is = Formula::Is::negation;
      fails.parts.push_back(std::move(made));
      return fails;
    }
    return made;
  }

  // -- unknowns

  /// What a local stands for, as far as that is known; `frame` is then that of what it stands for.
  NodeId resolve(NodeId id, const Frame*& frame) const {
    while (core_.nodes[id].op == Op::local) {
      const std::uint32_t slot = core_.nodes[id].a;
      if (frame != nullptr && frame->arguments != nullptr) {
        if (slot >= frame->arguments->size()) return id;
        id = (*frame->arguments)[slot];
        frame = frame->outer;
        continue;
      }
      if (frame != nullptr && slot >= frame->limit) return id;
      frame = nullptr;
      const auto let =
          question_.lets == nullptr ? Lets::const_iterator() : question_.lets->find(slot);
      if (question_.lets == nullptr || let == question_.lets->end()) return id;
      id = let->second;
      frame = &inside_.emplace(slot, Frame{nullptr, nullptr, slot}).first->second;
    }
    return id;
  }

  /// Texts are equal for expressions that have equal values.
  std::string key(NodeId id, const Frame* frame) const {
    if (id == kNoNode) return "-";
    id = resolve(id, frame);
    const Node& node = core_.nodes[id];
    std::string text = std::to_string(static_cast<int>(node.op)) + ":" + std::to_string(node.a) +
                       "." + std::to_string(node.b);
    if (node.op == Op::local && frame != nullptr) text += "inside";
    if (node.op == Op::constant) {
      text += "=" + std::to_string(static_cast<long long>(node.value >> 64)) + "," +
              std::to_string(static_cast<unsigned long long>(node.value));
    }
    if (node.op == Op::aggregate) text += aggregate_key(core_.aggregates[node.a], frame);
    text += "(";
    for (const NodeId arg : node.args) text += key(arg, frame) + " ";
    return text + ")";
  }

  std::string aggregate_key(const Aggregate& aggregate, const Frame* frame) const {
    const Source& source = aggregate.source;
    std::string text = "@" + std::to_string(static_cast<int>(aggregate.fn)) + "," +
                       std::to_string(static_cast<int>(source.of)) + "," +
                       std::to_string(source.index) + "," + std::to_string(source.slot) + "," +
                       key(source.list, frame) + key(source.at, frame) + key(source.where, frame) +
                       key(aggregate.body, frame);
    for (const NodeId by : source.by) text += key(by, frame);
    return text;
  }

  std::size_t unknown(NodeId id, const Frame* frame, Unknown::Sort sort) {
    id = resolve(id, frame);
    const Node& node = core_.nodes[id];
    const auto [known, fresh] = by_key_.emplace(key(id, frame), unknowns_.size());
    const std::size_t index = known->second;
    if (fresh) {
      Unknown one;
      one.node = id;
      one.sort = sort;
      one.complete = is_known_name(core_, id, question_.event);
      unknowns_.push_back(std::move(one));
      for (std::size_t i = 0; is_strict(node.op) && i < node.args.size(); ++i) {
        const std::size_t needed = unknown(node.args[i], frame, Unknown::Sort::choice);
        unknowns_[index].needs.push_back(needed);
      }
      unknowns_[index].follows =
          node.op == Op::row_field && node.b == 0 &&
          !core_.tables[core_.nodes[node.args[0]].type.ref].columns[node.a].type.optional;
    }
    Unknown& one = unknowns_[index];
    one.optional = one.optional || node.type.optional;
    if (one.sort == Unknown::Sort::choice && sort != Unknown::Sort::choice) one.sort = sort;
    return index;
  }

  void settle(Unknown& one) const {
    std::sort(one.constants.begin(), one.constants.end());
    if (one.node == kNoNode) return;
    const Node& node = core_.nodes[one.node];
    if (one.sort == Unknown::Sort::choice && one.complete) {
      const std::size_t names = core_.domains[node.type.ref].names.size();
      one.complete = names <= kMaxNames;
      if (one.complete) one.constants.clear();
      for (std::size_t i = 0; one.complete && i < names; ++i) {
        one.constants.push_back(static_cast<Value>(i));
      }
    }
    const bool given = node.op == Op::state && node.a == question_.machine;
    if (given) one.fixed = question_.state;
  }

  // -- going through situations

  Truth judge(const Formula& formula) const {
    switch (formula.is) {
      case Formula::Is::constant:
        return formula.truth ? Truth::yes : Truth::no;
      case Formula::Is::negation:
        return invert(judge(formula.parts[0]));
      case Formula::Is::all:
      case Formula::Is::any: {
        const Truth decides = formula.is == Formula::Is::all ? Truth::no : Truth::yes;
        bool open = false;
        for (const Formula& part : formula.parts) {
          const Truth truth = judge(part);
          if (truth == decides) return decides;
          open = open || truth == Truth::open;
        }
        return open ? Truth::open : invert(decides);
      }
      default:
        break;
    }
    const Unknown& one = unknowns_[formula.unknown];
    const std::size_t value = assigned_[formula.unknown];
    if (value == kOpen) return Truth::open;
    const bool there = !one.is_absent(value);
    if (formula.is == Formula::Is::there) return there ? Truth::yes : Truth::no;
    if (!there) return Truth::no;  // what is absent is neither more nor less nor equal
    const bool answer = formula.is == Formula::Is::equal
                            ? equals(one, value, formula.value)
                            : holds(formula.op, sign_of(one, value, formula.value));
    return answer ? Truth::yes : Truth::no;
  }

  static bool equals(const Unknown& one, std::size_t value, Value constant) {
    if (one.sort == Unknown::Sort::truth) return static_cast<Value>(value) == constant;
    return value < one.constants.size() && one.constants[value] == constant;
  }

  static int sign_of(const Unknown& one, std::size_t value, Value constant) {
    if (one.sort == Unknown::Sort::order) return static_cast<int>(value) - 1;
    const auto at = static_cast<std::size_t>(
        std::lower_bound(one.constants.begin(), one.constants.end(), constant) -
        one.constants.begin());
    const std::size_t equal = 2 * at + 1;
    return value < equal ? -1 : value > equal ? 1 : 0;
  }

  bool may(std::size_t index, std::size_t value) const {
    const Unknown& one = unknowns_[index];
    if (one.fixed) return value < one.constants.size() && one.constants[value] == *one.fixed;
    if (one.is_absent(value)) {
      return !one.follows || assigned_[one.needs[0]] == kOpen ||
             unknowns_[one.needs[0]].is_absent(assigned_[one.needs[0]]);
    }
    return std::none_of(one.needs.begin(), one.needs.end(), [&](std::size_t needed) {
      const std::size_t other = assigned_[needed];
      return other != kOpen && unknowns_[needed].is_absent(other);
    });
  }

  /// What is assigned later must bear with what was assigned before.
  bool coherent() const {
    for (std::size_t i = 0; i < unknowns_.size(); ++i) {
      if (assigned_[i] != kOpen && !may(i, assigned_[i])) return false;
    }
    return true;
  }

  Truth search(std::size_t index) {
    if (++steps_ > kMaxSteps) return Truth::open;
    bool open = false;
    for (const Formula& formula : wanted_) {
      const Truth truth = judge(formula);
      if (truth == Truth::no) return Truth::no;
      open = open || truth == Truth::open;
    }
    if (index == unknowns_.size()) return open ? Truth::open : Truth::yes;
    bool unsure = false;
    for (std::size_t value = 0; value < unknowns_[index].values(); ++value) {
      assigned_[index] = value;
      const Truth truth = coherent() ? search(index + 1) : Truth::no;
      if (truth == Truth::yes) return Truth::yes;
      unsure = unsure || truth == Truth::open;
      if (steps_ > kMaxSteps) break;
    }
    assigned_[index] = kOpen;
    return unsure ? Truth::open : Truth::no;
  }

  // -- saying it

  Situation situation() const {
    Situation facts;
    for (std::size_t i = 0; i < unknowns_.size(); ++i) {
      const Unknown& one = unknowns_[i];
      if (one.node == kNoNode || core_.nodes[one.node].op == Op::constant) continue;
      const auto shown = describe(core_, one.node, question_.event);
      if (!shown) continue;
      if (one.is_absent(assigned_[i])) {
        facts.push_back({"check.absent", {*shown}});
      } else if (one.sort == Unknown::Sort::truth) {
        facts.push_back({assigned_[i] == 1 ? "check.holds" : "check.fails", {*shown}});
      } else if (one.sort == Unknown::Sort::choice) {
        const Type& type = core_.nodes[one.node].type;
        if (type.kind == Kind::name && assigned_[i] < one.constants.size()) {
          const auto name = static_cast<std::size_t>(one.constants[assigned_[i]]);
          facts.push_back({"check.is", {*shown, core_.domains[type.ref].names[name].shown}});
        } else if (one.optional) {
          facts.push_back({"check.there", {*shown}});
        }
      }
    }
    return facts;
  }

  const Core& core_;
  const Question& question_;
  mutable std::map<std::uint32_t, Frame> inside_;  ///< by the local that is looked into
  std::vector<Unknown> unknowns_;
  std::map<std::string, std::size_t> by_key_;
  std::vector<Formula> wanted_;
  std::vector<std::size_t> assigned_;
  std::size_t steps_ = 0;
};

}  // namespace

std::optional<Situation> find_situation(const Core& core, const Question& question) {
  return Solver(core, question).solve();
}

bool possible(const Core& core, const Question& question) {
  return Solver(core, question).possible();
}

bool is_known_name(const Core& core, NodeId id, std::uint32_t event) {
  const Node& node = core.nodes[id];
  if (node.type.kind != Kind::name) return false;
  if (node.op == Op::state || node.op == Op::constant) return true;
  if (node.op == Op::row_field) return node.b == 0;  // a cell of a table
  if (node.op != Op::field || event == kNone) return false;
  return core.events[event].fields[node.a].type.read == FieldType::Read::known;
}

std::optional<Message> describe(const Core& core, NodeId id, std::uint32_t event) {
  const Node& node = core.nodes[id];
  const auto arguments = [&](std::size_t count) -> std::optional<Message> {
    std::optional<Message> list;
    for (std::size_t i = 0; i < count; ++i) {
      const auto one = describe(core, node.args[i], event);
      if (!one) return std::nullopt;
      list = list ? Message("check.list", {*list, *one}) : *one;
    }
    return list;
  };
  switch (node.op) {
    case Op::constant:
      if (node.type.kind != Kind::name || node.value == kAbsent) return std::nullopt;
      return Message(
          "check.name",
          {core.domains[node.type.ref].names[static_cast<std::size_t>(node.value)].shown});
    case Op::field:
      if (event == kNone) return std::nullopt;
      return Message("check.field", {core.events[event].fields[node.a].name});
    case Op::state:
      return Message("check.name", {core.machines[node.a].name});
    case Op::reg:
      return Message("check.name", {core.registers[node.a].name});
    case Op::lookup: {
      const Table& table = core.tables[node.a];
      const std::size_t keys = table.keys.size() + (table.band == kNone ? 0 : 1);
      const auto list = arguments(keys);
      if (!list) return std::nullopt;
      return Message("check.lookup", {table.name, *list});
    }
    case Op::row_field: {
      const Type& row = core.nodes[node.args[0]].type;
      const auto of = describe(core, node.args[0], event);
      if (!of || row.of == Of::list) return std::nullopt;
      return Message("check.member",
                     {*of, row.of == Of::table ? core.tables[row.ref].columns[node.a].name
                                               : core.families[row.ref].fields[node.a].name});
    }
    case Op::call: {
      const std::string& name = core.definitions[node.a].name;
      if (node.args.empty()) return Message("check.name", {name});
      const auto list = arguments(node.args.size());
      if (!list) return std::nullopt;
      return Message("check.call", {name, *list});
    }
    case Op::hook: {
      const std::string& name = core.hooks[node.a].name;
      if (node.args.empty()) return Message("check.name", {name});
      const auto list = arguments(node.args.size());
      if (!list) return std::nullopt;
      return Message("check.call", {name, *list});
    }
    default:
      return std::nullopt;
  }
}

}  // namespace toll::dsl
