// Lays a core's expressions and effects out flat.
#include <algorithm>
#include <utility>

#include "engine/kernel/assert.hpp"
#include "engine/run/plan.hpp"
#include "engine/run/program.hpp"

namespace toll {
namespace {

class Compiler {
 public:
  explicit Compiler(Program& program) : p_(program), core_(*program.core), planner_(program) {}

  void run() {
    for (const Node& node : core_.nodes) p_.terms.push_back(term(node));
    for (const Aggregate& fold : core_.aggregates) {
      p_.folds.push_back({fold.fn, planner_.source(fold.source), fold.body});
    }
    for (const Definition& definition : core_.definitions) {
      p_.definitions.push_back({{}, definition.body, definition.frame});
    }
    for (const Block& block : core_.blocks) {
      p_.blocks.push_back({steps(block.effects), kNoNode, block.frame});
    }
    for (const View& view : core_.views) {
      p_.views.push_back({planner_.source(view.source), operands(view.columns), view.frame});
    }
  }

 private:
  Range operands(const std::vector<std::uint32_t>& nodes) {
    const Range range{static_cast<std::uint32_t>(p_.operands.size()),
                      static_cast<std::uint32_t>(nodes.size())};
    p_.operands.insert(p_.operands.end(), nodes.begin(), nodes.end());
    return range;
  }

  Term term(const Node& node) {
    Term term;
    term.op = node.op;
    term.kind = node.type.kind;
    term.scale = node.type.scale;
    term.ref = node.type.ref;
    term.a = node.a;
    term.b = node.b;
    term.operands = operands(node.args);
    if (!node.args.empty()) {
      term.x = node.args[0];
      if (term.x != kNoNode) {
        const Type& type = core_.nodes[term.x].type;
        term.arg_kind = type.kind;
        term.of = type.of;
        if (node.op == Op::row_field) term.b = type.ref;
      }
    }
    if (node.args.size() > 1) term.y = node.args[1];
    if (node.op == Op::constant) {
      term.a = static_cast<std::uint32_t>(p_.constants.size());
      p_.constants.push_back(node.type.kind == Kind::text ? p_.own_text(node.value) : node.value);
    }
    if (node.op == Op::cases) {
      term.b = static_cast<std::uint32_t>(p_.case_clauses.size());
      for (std::size_t i = 0; i < node.args.size() / 2; ++i) {
        p_.case_clauses.push_back(i < node.case_clauses.size() ? node.case_clauses[i] : kNone);
      }
    }
    return term;
  }

  /// The steps of a list stand together, those inside them after them.
  Range steps(const Effects& effects) {
    const Range range{static_cast<std::uint32_t>(p_.steps.size()),
                      static_cast<std::uint32_t>(effects.size())};
    p_.steps.resize(p_.steps.size() + effects.size());
    for (std::uint32_t i = 0; i < range.count; ++i) {
      Step made = step(effects[i]);
      p_.steps[range.first + i] = std::move(made);
    }
    return range;
  }

  Step step(const Effect& effect) {
    Step step;
    step.effect = &effect;
    step.what = effect.what;
    step.clause = effect.clause;
    step.a = effect.a;
    step.b = effect.b;
    step.took_slot = effect.took_slot;
    step.rest_slot = effect.rest_slot;
    step.args = operands(arguments(effect));
    if (effect.what == Effect::Do::draw || effect.what == Effect::Do::each) {
      step.source = std::make_unique<RowSource>(planner_.source(effect.source));
    }
    step.steps = steps(effect.effects);
    step.rules = choices(effect.rules);
    for (const Effect::EmitRows& rows : effect.rows) {
      step.rows.push_back({rows.member, planner_.source(rows.source), operands(rows.columns)});
    }
    return step;
  }

  Range choices(const std::vector<Rule>& rules) {
    const Range range{static_cast<std::uint32_t>(p_.choices.size()),
                      static_cast<std::uint32_t>(rules.size())};
    p_.choices.resize(p_.choices.size() + rules.size());
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const Choice choice{rules[i].guard, rules[i].clause, steps(rules[i].effects)};
      p_.choices[range.first + i] = choice;
    }
    return range;
  }

  /// put and emit name the fields they give; here each field has its place.
  std::vector<std::uint32_t> arguments(const Effect& effect) const {
    std::size_t places = 0;
    if (effect.what == Effect::Do::set_row) {
      TOLL_ASSERT(effect.b >= p_.families[effect.a].key_count);  // a row keeps its key
    }
    if (effect.what == Effect::Do::put) {
      TOLL_ASSERT(!core_.families[effect.a].keyed);
      places = core_.families[effect.a].fields.size();
    } else if (effect.what == Effect::Do::emit) {
      places = core_.entries[effect.a].members.size();
    } else {
      return effect.args;
    }
    std::vector<std::uint32_t> args(places, kNoNode);
    TOLL_ASSERT(effect.fields.size() == effect.args.size());
    for (std::size_t i = 0; i < effect.args.size(); ++i) args[effect.fields[i]] = effect.args[i];
    return args;
  }

  Program& p_;
  const Core& core_;
  Planner planner_;
};

}  // namespace

void compile(Program& program) {
  Compiler(program).run();
  program.slots = most_slots(program);
  program.deferrals = find_deferrals(program);
  program.owed_places.assign(program.families.size(), kNone);
  for (const Deferral& loop : program.deferrals) {
    for (const std::uint32_t family : loop.families) {
      std::uint32_t& place = program.owed_places[family];
      if (place != kNone) continue;
      place = static_cast<std::uint32_t>(program.owed_families.size());
      program.owed_families.push_back(family);
    }
  }
  program.code = make_code(program);
}

}  // namespace toll
