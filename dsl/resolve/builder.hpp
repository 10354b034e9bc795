// From clauses to a core: names become indexes, every expression gets a type.
//
// The builder holds the core under construction and the names declared so far. Declarations are
// made in passes (see build.cpp); bodies are resolved when everything has a name. A clause that is
// wrong is reported and left out; nothing is reported twice.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "dsl/checks/notes.hpp"
#include "dsl/files.hpp"
#include "dsl/notions/notions.hpp"
#include "dsl/policy.hpp"
#include "dsl/read/expr.hpp"
#include "dsl/resolve/name_map.hpp"
#include "dsl/syntax/clause.hpp"
#include "engine/kernel/calendar.hpp"
#include "toll/core.hpp"

namespace toll::dsl {

/// An expression with its type; `node` is kNoNode after an error, which was reported.
struct Typed {
  NodeId node = kNoNode;
  Type type;
  [[nodiscard]] bool ok() const { return node != kNoNode; }
};

/// Where an expression or effect stands: what it can see and whom it belongs to.
struct Context {
  struct Local {
    std::string name;  ///< folded
    std::uint32_t slot = 0;
    Type type;
    bool poisoned = false;  ///< its value was wrong, and that was reported
  };
  std::uint32_t event = kNone;  ///< event type whose fields are visible
  std::vector<Local> locals;
  std::uint32_t slots = 0;        ///< in use
  std::uint32_t frame = 0;        ///< most ever in use
  std::set<std::string> present;  ///< keys of expressions known to be there
  std::set<std::string> lost;     ///< of them, those forgotten since the block at hand began
  std::map<std::string, SourceSpan> forgotten;  ///< what made each of them forgotten
  SourceSpan here;                              ///< the head of the effect at hand
  ClauseId clause = kNone;

  std::uint32_t take_slot() {
    const std::uint32_t slot = slots++;
    if (slots > frame) frame = slots;
    return slot;
  }
};

class Builder {
 public:
  /// `root`: the folder of the policy; clauses name their files without it.
  Builder(SourceSet& sources, Diagnostics& diagnostics, std::string root);
  /// Builds from the clauses of all files, declarations expanded. Null after errors.
  Policy build(const std::vector<Clause>& clauses, const std::vector<NotionUse>& uses);
  /// What reads tables and programs beside rule files, if not the disk; what calls may use.
  void read_with(FileReader reader, const HookLimits& hooks) {
    read_ = std::move(reader);
    hook_limits_ = hooks;
  }
  /// The paths of the files that the clauses are from: no program lies in one of them.
  void note_rule_files(std::set<std::string> paths) { rule_files_ = std::move(paths); }
  /// What was built, for checks: after build().
  [[nodiscard]] BuildNotes notes() const;

 private:
  friend class TableReader;
  friend class ScenarioReader;
  friend class StatementReader;
  friend class ProofReader;
  friend class DocumentReader;

  /// What has fields, members or columns.
  enum class Owner : std::uint8_t { family, event, entry, table };

  // -- passes (build.cpp)
  void declare_basics(const Clause& clause);
  void declare_names(const Clause& clause);
  void declare_shapes(const Clause& clause);
  void declare_bodies(const Clause& clause);
  void resolve_body(const Clause& clause);
  void finish_timeline();
  void include_names();
  void check_recursion();
  void note_sources(const std::vector<Clause>& clauses);
  void check_leads(const std::vector<Clause>& clauses);
  void step_machines();

  // -- declarations
  void policy_statement(Cursor& head);
  void zone_statement(Cursor& head, SourceSpan span);
  void unit_statement(Cursor& head);
  void currency_statement(Cursor& head);
  void domain_declaration(const Clause& clause);
  void domain_name(Domain& domain, const Clause& clause);
  void setting_declaration(const Clause& clause);
  void tariff_declaration(const Clause& clause);
  void account_declaration(const Clause& clause);
  void family_declaration(const Clause& clause);
  void entry_declaration(const Clause& clause);
  void entry_member(EntryKind::Member& member, const Clause& clause);
  void event_declaration(const Clause& clause);
  void event_field(std::uint32_t event, const Clause& clause, std::uint32_t parent);
  bool list_columns(const Clause& clause, ListType& list);
  bool field_type(Cursor& head, FieldType& type, std::string& shape);
  void machine_declaration(const Clause& clause);
  void machine_finals(std::uint32_t machine, const Clause& clause);
  void machine_edge(std::uint32_t machine, const Clause& clause);
  void timer_declaration(const Clause& clause);
  void definition_declaration(const Clause& clause);
  void hook_declaration(const Clause& clause);
  bool hook_parameters(Cursor& head, Context& context, Hook& hook);
  /// A file of programs, read and checked once.
  struct HookProgram {
    std::uint32_t file = 0;
    bool fine = false;
    std::vector<std::string> functions;
  };
  const HookProgram* hook_program(const Clause& declaration, const Token& file, const Token& name);
  void procedure_declaration(const Clause& clause);
  void resolve_definition(std::uint32_t index);
  void resolve_procedure(const Clause& clause);
  void resolve_event(const Clause& clause);
  void resolve_handler(const Clause& clause);
  void resolve_timer(const Clause& clause);
  void resolve_machine(const Clause& clause);
  struct MachineBody;
  void machine_watch(const Clause& item, MachineBody& body);
  void machine_leaving(const Clause* clause, std::uint32_t slot, const Expr& condition,
                       MachineBody& body);
  void machine_line(const Clause& item, MachineBody& body);
  void machine_when(const Machine::Edge& edge, Cursor& line, const MachineBody& body);
  void machine_after(const Machine::Edge& edge, Cursor& line, MachineBody& body);
  void machine_on(const Machine::Edge& edge, Cursor& line, const MachineBody& body);
  Effect machine_go(const Machine::Edge& edge, const MachineBody& body);
  Rule machine_rule(const Machine::Edge& edge, Typed also, const MachineBody& body);
  Typed state_is(Typed value, const Type& state, const std::vector<Value>& states);
  bool parameters(Cursor& head, Context& context, std::vector<Type>& types);

  // -- types (types.cpp)
  std::optional<Type> read_type(Cursor& head);
  std::optional<Dimension> read_dimension(const std::vector<Token>& unit, bool quiet = false);
  std::optional<std::uint32_t> unit_index(const Token& token);
  Message show(const Type& type) const;
  std::string show(const Dimension& dimension) const;
  void widen(Type& type, const Type& other) const;
  bool name_fits(std::uint32_t from, std::uint32_t to) const;
  /// `what` is the part the value plays: "role.condition".
  Typed convert(Typed value, const Type& wanted, SourceSpan span, const Message& what);

  // -- expressions (typing.cpp, operators.cpp, functions.cpp, lookups.cpp)
  Typed expression(const Expr& expr, Context& context, const Type* expected = nullptr);
  Typed expression_(const Expr& expr, Context& context, const Type* expected);
  Typed wanted(const Expr& expr, Context& context, const Type& type, const Message& what);
  Typed guard(const Expr& expr, Context& context);
  Typed literal(const Expr& expr, const Type* expected);
  Typed name(const Expr& expr, Context& context, const Type* expected);
  Typed name_of_domain(const Token& token, std::uint32_t domain);
  Typed member(const Expr& expr, Context& context);
  Typed event_member(const Expr& expr, Context& context);
  Typed index(const Expr& expr, Context& context);
  Typed lookup(const Expr& expr, std::uint32_t table, Context& context);
  Typed unary(const Expr& expr, Context& context);
  Typed binary(const Expr& expr, Context& context);
  Typed logical(const Expr& expr, Context& context);
  Typed comparison(const Expr& expr, Context& context);
  Typed membership(const Expr& expr, Context& context);
  Typed sum(const Expr& expr, Context& context);
  Typed product(const Expr& expr, Context& context);
  Typed calendar_sum(const Expr& expr, Typed left, Typed right, bool minus);
  Typed cases(const Expr& expr, Context& context, const Type* expected);
  Typed aggregate(const Expr& expr, Context& context);
  Typed call(const Expr& expr, Context& context, const Type* expected);
  Typed call_definition(const Expr& expr, std::uint32_t index, Context& context);
  Typed function(const Expr& expr, Context& context, const Type* expected);
  Typed rounded(const Expr& expr, Context& context);
  Typed tariff_price(const Expr& expr, Context& context);
  Typed tariff_charge(const Expr& expr, Context& context);
  Typed tariff_lookup(const Tariff& tariff, const std::vector<NodeId>& keys, NodeId total,
                      NodeId at);
  Typed graduated_charge(const Tariff& tariff, const std::vector<NodeId>& keys, Typed units,
                         Typed total, NodeId at, Context& context);
  bool tariff_arguments(const Expr& expr, Context& context, std::size_t counts, Tariff& tariff,
                        std::vector<NodeId>& keys, std::vector<Typed>& numbers, NodeId& at);
  bool source(const Traversal& over, Context& context, Source& out);
  bool default_order(std::uint32_t family, const Type& row, Context& context, Source& out);
  bool same_scale(Typed& left, Typed& right);
  Typed times(Typed left, Typed right);
  Typed as_instant(Typed value);

  // -- nodes
  NodeId add_node(Node node);
  void note_span(NodeId node, const Expr& expr);
  Typed make(Op op, Type type, std::vector<NodeId> args, std::uint32_t a = 0, std::uint32_t b = 0);
  Typed constant(Type type, Value value);
  Typed text_constant(const std::string& text);
  NodeId constant_node(Type type, Value value);
  Typed scaled(Typed value, int by);
  std::optional<Value> constant_value(NodeId node) const;

  // -- what is known to be there (facts.cpp)
  struct Scope {
    std::set<std::string> present;
    std::set<std::string> lost;
  };
  std::string key(NodeId node);
  std::string aggregate_key(NodeId id);
  void reads_of(NodeId node, std::set<std::string>& out);
  void facts(NodeId guard, bool holds, std::set<std::string>& out);
  Scope enter(Context& context) const;
  void leave(Context& context, Scope scope) const;
  void forget(Context& context, const std::vector<std::string>& read) const;
  void forget_rows(Context& context, std::uint32_t family) const;
  void forget_state(Context& context) const;
  Effects loop(const std::vector<Clause>& body, Context& context);
  void find_cleared(const Clause& clause);
  void absent(SourceSpan span, Message message, Message help, NodeId node, const Context& context);

  // -- effects (effects.cpp)
  Effects effects(const std::vector<Clause>& body, Context& context, std::size_t first = 0);
  void effect(const Clause& clause, Context& context, Effects& out);
  void let_effect(Cursor& head, Context& context, Effects& out);
  void assignment(Cursor& head, Context& context, Effects& out);
  void put_effect(const Clause& clause, Cursor& head, Context& context, Effects& out);
  void draw_effect(const Clause& clause, Cursor& head, Context& context, Effects& out);
  void each_effect(const Clause& clause, Cursor& head, Context& context, Effects& out);
  void choose_effect(const Clause& clause, Context& context, Effects& out);
  void rule(const Clause& clause, Context& context, Effect& choose);
  void run_effect(Cursor& head, Context& context, Effects& out);
  void notion_effect(Cursor& head, Context& context, Effects& out);
  void emit_effect(const Clause& clause, Cursor& head, Context& context, Effects& out);
  void emit_rows(const Clause& clause, Context& context, const EntryKind& kind, Effect& emit);
  Effect start(Effect::Do what, const Context& context) const;

  // -- names and clauses
  std::optional<std::uint32_t> find(const NameMap& names, const Token& token) const;
  /// `what` is the sort of thing: "noun.timer".
  bool declare(NameMap& names, const Token& token, std::uint32_t index, Message what);
  /// `what`: the sort of thing, "noun.timer", or a text that lacks the name, {"E0302.field-of",
  /// {X}}.
  void unknown(const Token& token, const NameMap& names, Message what);
  [[nodiscard]] std::string spelling(const NameMap& names, const std::string& folded) const;
  [[nodiscard]] std::vector<std::string> spellings(const NameMap& names) const;
  ClauseId clause(const std::string& id, SourceSpan span, ClauseId parent = kNone);
  SourceSpan clause_span(ClauseId clause) const;
  Cursor cursor(const Clause& clause);
  std::string cell_text(const std::vector<Token>& tokens, std::size_t first,
                        std::size_t last) const;
  void error(SourceSpan span, Message message, Message help = {});
  /// The same of values that do not fit: what declares them may be what is wrong.
  void misfit(SourceSpan span, Message message, std::initializer_list<NodeId> values,
              Message help = {});
  void origins_of(NodeId node, std::vector<SourceSpan>& out) const;
  Typed declared_at(Typed value, const NameMap& names, const std::string& name);
  Typed declared_at(Typed value, Owner owner, std::uint32_t index, std::uint32_t part);
  /// While one lives, values are read for something that was declared there.
  class Expecting {
   public:
    Expecting(Builder& builder, const SourceSpan* declared);
    Expecting(Builder& builder, Owner owner, std::uint32_t index, std::uint32_t part);
    Expecting(const Expecting&) = delete;
    Expecting& operator=(const Expecting&) = delete;
    ~Expecting() { builder_.faults_.resize(before_); }

   private:
    Builder& builder_;
    std::size_t before_;
  };
  std::string wire(Cursor& head, const std::string& name);
  std::optional<std::filesystem::path> beside(const Clause& declaration, const Token& name,
                                              const char* outside);
  bool csv_rows(const Clause& declaration, const Token& name, std::vector<Clause>& rows);
  void part(ClauseId declaration, const std::string& part);

  SourceSet& sources_;
  Diagnostics& diagnostics_;
  Core core_;
  NameMap units_, domains_, tables_, registers_, families_, machines_, settings_, definitions_,
      procedures_, events_, entries_, timers_;
  std::vector<NameMap> domain_names_;  ///< by domain: every spelling, folded -> index
  std::map<std::pair<const NameMap*, std::string>, SourceSpan> declared_;  ///< where a name was
  /// Where a field, member or column was declared: by owner, its index, the part's.
  std::map<std::tuple<Owner, std::uint32_t, std::uint32_t>, SourceSpan> parts_;
  std::map<NodeId, SourceSpan> origins_;  ///< where what a node reads was declared
  std::vector<SourceSpan> faults_;        ///< declarations that wait for the value being read
  std::unordered_map<std::string, int> clause_ids_;  ///< how many clauses have an id
  std::vector<int*> clause_counts_;                  ///< by clause: its place there
  std::vector<SourceSpan> clause_spans_;             ///< by clause
  std::vector<SourceSpan> node_spans_;               ///< by node, see Policy
  std::map<NodeId, std::string> node_texts_;
  struct Setting {
    Typed value;                  ///< constant, or
    std::uint32_t table = kNone;  ///< a keyless dated table
    ClauseId clause = kNone;
    bool used = false;
  };
  std::vector<Setting> setting_values_;
  struct PendingDefinition {
    const Clause* clause = nullptr;
    std::size_t body = 0;  ///< token index where its expression starts
    Context context;
    enum class State { waiting, busy, done } state = State::waiting;
    Type result;
    bool ok = false;
  };
  std::vector<PendingDefinition> pending_;
  std::vector<std::uint32_t> procedure_events_;
  std::vector<Token> timeline_;
  std::vector<std::uint32_t> step_blocks_;  ///< by machine: its level-triggered moves, or kNone
  std::map<std::uint32_t, std::uint32_t> otherwise_rows_;  ///< by table: the row for all other keys
  /// How the bounds of a table with bands are written: `< N`, `<= N`, or both kinds.
  enum class Bounds : std::uint8_t { below, upto, mixed };
  std::map<std::uint32_t, Bounds> bounds_;            ///< by table; those below are not kept
  std::map<std::string, HookProgram> hook_programs_;  ///< by path
  std::set<std::string> rule_files_;
  NameMap tariffs_, statements_, proofs_;
  std::vector<bool> tariff_used_;  ///< by tariff
  /// Lists with an order of their own: its keys, and the name of the row in them.
  struct Order {
    Token row;
    Tokens keys;
  };
  std::map<std::uint32_t, std::string> definition_reads_;  ///< what a definition reads, as in keys
  std::set<std::uint32_t> cleared_;  ///< lists and counters that something clears
  std::map<std::uint32_t, Order> orders_;
  std::set<std::uint32_t> untotal_;       ///< lists whose order leaves ties
  std::vector<std::uint32_t> go_blocks_;  ///< by machine: the block that moves it
  std::map<std::string, std::uint32_t> text_index_;
  std::unique_ptr<const Calendar> calendar_;  ///< of the zone
  std::string root_;                          ///< prefix of paths that clauses leave out
  FileReader read_ = read_from_disk;
  HookLimits hook_limits_;
};

}  // namespace toll::dsl
