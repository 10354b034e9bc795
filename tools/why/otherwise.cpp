#include "tools/why/otherwise.hpp"

#include <algorithm>

#include "io/name_index.hpp"

namespace toll::why {

Meant meant_by(const Core& core, const std::string& word) {
  Meant meant;
  const io::NameIndex index(core);
  for (std::uint32_t domain = 0; domain < core.domains.size(); ++domain) {
    const auto name = index.find(domain, word);
    if (!name) continue;
    meant.names.emplace_back(domain, *name);
    meant.spellings.push_back(core.domains[domain].names[*name].wire);
  }
  if (std::find(core.texts.begin(), core.texts.end(), word) != core.texts.end()) {
    meant.text = word;
    meant.spellings.push_back(word);
  }
  return meant;
}

Reason Otherwise::answer(std::uint64_t seq, const std::string& word, const Meant& meant) {
  Reason reason;
  reason.kind = "otherwise";
  reason.text = words_.say({"why.not", {word}});
  reason.fact("word", word);
  const Step* const step = recorder_.lines()[seq - 1].step;
  if (step == nullptr || step->root == nullptr) {
    reason.text = words_.say({"why.not-unread", {word}});
    return reason;
  }
  rows_of_class(*step, meant, reason.inside);
  if (reason.inside.empty()) ways(*step, meant, reason.inside);
  if (reason.inside.empty()) {
    Reason none;
    none.kind = "nowhere";
    none.text = words_.say({"why.not-here", {unfold_.cause(*step), word}});
    reason.inside.push_back(std::move(none));
  }
  reruns(seq, *step, word, meant, reason.inside);
  return reason;
}

/// By how much a comparison failed; empty where that is no matter of how much.
std::string Otherwise::gap(const Record& comparison) const {
  const Node& node = core_.nodes[comparison.node];
  const bool sized =
      node.op == Op::lt || node.op == Op::le || node.op == Op::gt || node.op == Op::ge;
  if (!sized || comparison.inside.size() != 2) return {};
  const Value left = comparison.inside[0]->value;
  const Value right = comparison.inside[1]->value;
  if (left == kAbsent || right == kAbsent) return {};
  const bool wants_less = node.op == Op::lt || node.op == Op::le;
  Value by = wants_less ? left - right : right - left;
  const Type& type = core_.nodes[comparison.inside[0]->node].type;
  if (type.kind == Kind::number) {
    // Of what is counted in whole units, one more than the bound is enough.
    const bool strict = node.op == Op::lt || node.op == Op::gt;
    if (strict && type.scale == 0) by += 1;
    return words_.say(
        {wants_less ? "why.gap-less" : "why.gap-more", {words_.show(type, by, *comparison.step)}});
  }
  if (type.kind == Kind::instant || type.kind == Kind::span)
    return words_.say({"why.gap-time", {words_.span(by)}});
  return {};
}

/// The part of a condition that failed, and by how much.
Reason Otherwise::missing(const Record& failed) {
  const Record& part = Unfolder::failing(failed, core_);
  failed_.push_back(&part);
  Reason reason = unfold_.condition(part);
  reason.kind = "missing";
  const std::string by = gap(part);
  if (!by.empty()) {
    reason.text += by;
    reason.fact("gap", by);
  }
  return reason;
}

/// One row that a draw looked at: how much it gave, or what spoke against it.
Reason Otherwise::row_of_class(const Record& draw, const Record& turn) {
  const Effect& effect = *draw.effect;
  const Type& type = core_.families[effect.a].fields[effect.b].type;
  Reason one;
  one.kind = "row-of-class";
  const std::string row = words_.row(turn.family, turn.fields, *turn.step);
  one.fact("row", row);
  const Record* const asked = Unfolder::condition_of(turn, effect);
  if (asked != nullptr && asked->value != 1) {
    one.text = row;
    one.inside.push_back(missing(*asked));
    return one;
  }
  Value amount = kAbsent;
  Value before = 0;
  for (const Record* part : draw.inside) {
    if (part->what == Record::What::eval && amount == kAbsent) amount = part->value;
    if (part->what != Record::What::turn || part->why != Trace::Turn::visit) continue;
    for (const Record* take : part->inside) {
      if (take->what != Record::What::took) continue;
      if (take->row == turn.row) {
        const std::string took = words_.show(type, take->value, *turn.step);
        one.fact("took", took);
        const Value short_of = amount == kAbsent ? 0 : amount - before - take->value;
        if (short_of > 0) {
          const std::string more = words_.show(type, short_of, *turn.step);
          one.text = words_.say({"why.class-short", {row, took, more}});
          one.fact("gap", more);
        } else {
          one.text = words_.say({"why.class-gave", {row, took}});
        }
        return one;
      }
      before += take->value;
    }
  }
  one.text = words_.say({"why.not-needed", {row}});
  return one;
}

void Otherwise::rows_of_class(const Step& step, const Meant& meant, std::vector<Reason>& out) {
  const auto visit = [&](const auto& self, const Record& at) -> void {
    for (const Record* one : at.inside) {
      self(self, *one);
      if (one->what != Record::What::effect || one->effect->what != Effect::Do::draw) continue;
      const Family& family = core_.families[one->effect->a];
      for (std::uint32_t field = 0; field < family.fields.size(); ++field) {
        const Type& type = family.fields[field].type;
        if (type.kind != Kind::name) continue;
        for (const auto& [domain, name] : meant.names) {
          if (domain != type.ref) continue;
          std::size_t others = 0;
          std::vector<Reason> rows;
          for (const Record* turn : one->inside) {
            const bool of_class = turn->what == Record::What::turn &&
                                  turn->why == Trace::Turn::weigh && field < turn->fields.size() &&
                                  turn->fields[field] == static_cast<Value>(name);
            if (!of_class) continue;
            const Record* const asked = Unfolder::condition_of(*turn, *one->effect);
            const bool other_kind = asked != nullptr && asked->value != 1 &&
                                    core_.nodes[Unfolder::failing(*asked, core_).node].op == Op::eq;
            if (other_kind) {
              ++others;
            } else {
              rows.push_back(row_of_class(*one, *turn));
            }
          }
          Reason reason;
          reason.kind = "class";
          const std::string shown = core_.domains[domain].names[name].shown;
          reason.text = words_.say({rows.empty() ? "why.class-none" : "why.class",
                                    {family.name, shown, std::to_string(others)}});
          reason.fact("class", shown).fact("others", std::to_string(others));
          reason.place = words_.place_of(one->clause);
          reason.inside = std::move(rows);
          out.push_back(std::move(reason));
        }
      }
    }
  };
  visit(visit, *step.root);
}

bool Otherwise::value_says(NodeId id, const Meant& meant) const {
  if (id == kNoNode) return false;
  const Node& node = core_.nodes[id];
  if (node.op == Op::constant && node.type.kind == Kind::name)
    return std::any_of(meant.names.begin(), meant.names.end(), [&](const auto& name) {
      return name.first == node.type.ref && static_cast<Value>(name.second) == node.value;
    });
  if (node.op == Op::constant && node.type.kind == Kind::text && !meant.text.empty())
    return core_.texts[static_cast<std::uint32_t>(node.value)] == meant.text;
  if (node.op == Op::cases) {
    for (std::size_t i = 1; i < node.args.size(); i += 2)
      if (value_says(node.args[i], meant)) return true;
  }
  return false;
}

/// Does an effect write the word into the ledger, name it as its reason, or draw from rows of it?
bool Otherwise::says(const Effect& effect, const Meant& meant) const {
  if (effect.what == Effect::Do::emit || effect.what == Effect::Do::let)
    return std::any_of(effect.args.begin(), effect.args.end(),
                       [&](NodeId id) { return value_says(id, meant); });
  if (effect.what != Effect::Do::draw) return false;
  const Family& family = core_.families[effect.a];
  return std::any_of(family.fields.begin(), family.fields.end(), [&](const Family::Field& field) {
    return field.type.kind == Kind::name &&
           std::any_of(meant.names.begin(), meant.names.end(),
                       [&](const auto& name) { return name.first == field.type.ref; });
  });
}

void Otherwise::find_paths(const Effects& effects, const Meant& meant, Path& path,
                           std::vector<std::uint32_t>& blocks, std::vector<Path>& found) const {
  for (const Effect& effect : effects) {
    if (says(effect, meant)) found.push_back(path);
    find_paths(effect.effects, meant, path, blocks, found);
    for (std::size_t i = 0; i < effect.rules.size(); ++i) {
      path.emplace_back(&effect, i);
      find_paths(effect.rules[i].effects, meant, path, blocks, found);
      path.pop_back();
    }
    const bool again = std::find(blocks.begin(), blocks.end(), effect.a) != blocks.end();
    if (effect.what == Effect::Do::run && !again) {
      blocks.push_back(effect.a);
      find_paths(core_.blocks[effect.a].effects, meant, path, blocks, found);
      blocks.pop_back();
    }
  }
}

/// Where what happened left a path, and what would have kept it there. `depth`: how far it came.
std::vector<Reason> Otherwise::divergence(const Step& step, const Path& path, std::size_t& depth) {
  const auto find = [&](const auto& self, const Record& at, const Effect* effect) -> const Record* {
    for (const Record* one : at.inside) {
      if (one->what == Record::What::effect && one->effect == effect) return one;
      if (const Record* const deeper = self(self, *one, effect)) return deeper;
    }
    return nullptr;
  };
  depth = 0;
  for (const auto& [choose, wanted] : path) {
    const Record* const record = find(find, *step.root, choose);
    if (record == nullptr) return {};
    std::vector<const Record*> guards;
    for (const Record* one : record->inside)
      if (one->what == Record::What::eval) guards.push_back(one);
    std::vector<Reason> reasons;
    std::size_t at = 0;
    for (std::size_t i = 0; i < choose->rules.size() && at < guards.size(); ++i) {
      if (choose->rules[i].guard == kNoNode) break;
      const Record& guard = *guards[at++];
      const std::string label = words_.label(choose->rules[i].clause);
      Reason one;
      if (i == wanted && guard.value != 1) {
        one = missing(guard);
        one.text = words_.say({"why.had-to-hold", {one.text}});
      } else if (i < wanted && guard.value == 1) {
        one = unfold_.condition(guard);
        one.kind = "in-the-way";
        one.text = words_.say({"why.had-not-to-hold", {one.text}});
        failed_.push_back(&Unfolder::failing(guard, core_));
      } else {
        continue;
      }
      if (!label.empty()) one.text = words_.say({"why.rule", {label, one.text}});
      one.place = words_.place_of(choose->rules[i].clause);
      one.source = words_.source_of(choose->rules[i].clause);
      reasons.push_back(std::move(one));
      if (guard.value == 1) break;
    }
    if (!reasons.empty()) return reasons;
    ++depth;
  }
  return {};
}

/// The ways on which the policy says the word, and where what happened turned off: of those that
/// the least would have to change for.
void Otherwise::ways(const Step& step, const Meant& meant, std::vector<Reason>& out) {
  const std::uint32_t block =
      step.timer != kNone ? core_.timers[step.timer].block : core_.events[step.event].block;
  if (block == kNone) return;
  std::vector<Path> paths;
  Path path;
  std::vector<std::uint32_t> blocks = {block};
  find_paths(core_.blocks[block].effects, meant, path, blocks, paths);
  std::size_t least = paths.empty() ? 0 : kNone;
  std::vector<std::pair<std::size_t, std::vector<Reason>>> found;
  for (const Path& one : paths) {
    std::size_t depth = 0;
    std::vector<Reason> reasons = divergence(step, one, depth);
    if (reasons.empty()) continue;
    // What has to change here, and the choices beyond, of which nothing is known.
    const std::size_t cost = reasons.size() + one.size() - depth - 1;
    least = std::min(least, cost);
    found.emplace_back(cost, std::move(reasons));
  }
  for (auto& [cost, reasons] : found) {
    if (cost != least) continue;
    for (Reason& one : reasons) {
      const bool told = std::any_of(out.begin(), out.end(),
                                    [&](const Reason& other) { return other.text == one.text; });
      if (!told) out.push_back(std::move(one));
    }
  }
}

}  // namespace toll::why
