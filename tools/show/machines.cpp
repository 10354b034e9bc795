// Machines: a picture, then each way in words.

#include <algorithm>

#include "dsl/syntax/name.hpp"
#include "tools/show/subject.hpp"

namespace toll::tools::show {

using dsl::Clause;
using dsl::Cursor;
using dsl::TokenKind;

namespace {

struct Edge {
  Diagram::Edge drawn;
  Inline from;
  Inline to;
  Inline how;
};

class MachineReader {
 public:
  MachineReader(const Subject& subject, const Clause& clause)
      : subject_(subject), clause_(clause) {}

  Blocks run() {
    introduce(subject_, clause_, blocks_);
    for (const Clause& item : clause_.body) {
      if (!item.head.empty() && item.head[0].word == "state") states(item);
    }
    for (const Clause& item : clause_.body) edge(item);
    blocks_.push_back({diagram_});
    blocks_.push_back({std::move(ways_)});
    for (const Clause& item : clause_.body) consequences(item);
    const Inline source = source_of(subject_, clause_);
    if (!source.empty()) blocks_.push_back({Paragraph{source}});
    return std::move(blocks_);
  }

 private:
  void states(const Clause& clause) {
    Cursor line = read(clause);
    line.next();
    do {
      const Tokens tokens = tokens_until(line, {",", "="});
      diagram_.states.push_back(text_of(tokens, 0, tokens.size()));
      (void)wire_name(line);
    } while (line.accept_symbol(","));
  }

  [[nodiscard]] std::size_t state(const std::string& name) const {
    const auto found =
        std::find_if(diagram_.states.begin(), diagram_.states.end(),
                     [&](const std::string& other) { return dsl::fold(other) == dsl::fold(name); });
    return static_cast<std::size_t>(found - diagram_.states.begin()) % diagram_.states.size();
  }

  /// A, B -> C when CONDITION | after SPAN | on EVENT [when CONDITION] |
  void edge(const Clause& clause) {
    const bool arrow =
        std::any_of(clause.head.begin(), clause.head.end(), [](const dsl::Token& token) {
          return token.kind == TokenKind::symbol && token.word == "->";
        });
    if (!arrow) return;
    Cursor line = read(clause);
    Diagram::Edge drawn;
    std::vector<Inline> from;
    do {
      const std::string called = line.next().raw;
      from.push_back(name(called));
      drawn.from.push_back(state(called));
    } while (line.accept_symbol(","));
    line.accept_symbol("->");
    const std::string target = line.next().raw;
    drawn.to = state(target);
    Inline label;
    Inline how;
    Scope scope;
    if (line.accept_word("after")) {
      label =
          subject_.say("show.edge.after", {subject_.phrases.expression(tokens_until(line), scope)});
      how = label;
    } else if (line.accept_word("on")) {
      const dsl::Token event = line.next();
      scope.event = subject_.phrases.event_index(event);
      label = subject_.say("show.edge.on", {subject_.words.ref("event", event)});
      how = label;
      if (line.accept_word("when")) {
        const Inline condition = subject_.phrases.condition(tokens_until(line), scope);
        how = subject_.say("show.edge.on-when", {label, condition});
        label = how;
      }
    } else if (line.accept_word("when")) {
      label = subject_.phrases.condition(tokens_until(line), scope);
      how = subject_.say("show.edge.when", {label});
    } else {
      const auto movers = subject_.movers.find(mover_key(clause_.head[1].raw, target));
      how = movers == subject_.movers.end()
                ? subject_.say("show.edge.by-rule")
                : subject_.say("show.edge.by", {subject_.words.list(movers->second)});
      label = how;
    }
    drawn.label = plain(label, subject_.words.language());
    diagram_.edges.push_back(std::move(drawn));
    const Inline said = subject_.say("show.edge", {subject_.words.list(from), name(target), how});
    ways_.ordered = true;
    ways_.items.push_back(
        remarked(subject_.words, {said, {}, false}, subject_.remarks.of(clause.span)));
  }

  /// moves { .. }, leaving CONDITION { .. }
  void consequences(const Clause& clause) {
    Cursor line = read(clause);
    Inline title;
    if (line.accept_word("moves")) {
      title = subject_.say("show.machine.moves");
    } else if (line.accept_word("leaving")) {
      title = subject_.say("show.machine.leaving",
                           {subject_.phrases.condition(tokens_until(line), {})});
    } else {
      return;
    }
    List list{subject_.steps.of(clause.body, subject_.remarks, {}), false};
    if (list.items.empty()) return;
    blocks_.push_back({Paragraph{std::move(title)}});
    blocks_.push_back({std::move(list)});
  }

  const Subject& subject_;
  const Clause& clause_;
  Blocks blocks_;
  Diagram diagram_;
  List ways_;
};

}  // namespace

std::string mover_key(const std::string& machine, const std::string& state) {
  return dsl::fold(machine) + ">" + dsl::fold(state);
}

Blocks machine(const Subject& subject, const Clause& clause) {
  return MachineReader(subject, clause).run();
}

}  // namespace toll::tools::show
