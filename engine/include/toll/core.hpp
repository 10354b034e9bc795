// The core: a policy as data. It is all that the engine runs and all that tools read.
//
// A front end (dsl/) builds it from declarations; every expression is typed, every name is an index,
// every node knows the clause it came from. The engine checks nothing here again.
//
// Shapes: expressions are nodes in one array, referred to by index; effects are trees. Locals live
// in numbered slots of the frame of their block, definition, event handler or timer.
// Thread-safety: a Core is immutable after load and may be shared.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "toll/value.hpp"

namespace toll {

class HookHost;

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = 0xffffffffU;
using ClauseId = std::uint32_t;
inline constexpr std::uint32_t kNone = 0xffffffffU;

/// A sentence of a rule file. `id` is made of names and survives edits elsewhere; the position does
/// not. `source` is the paragraph of the vendor's document it implements, if the file says so.
struct Clause {
  std::string id;
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string source;
  std::string heading;      ///< of the rows of a table it stands among, for people
  ClauseId parent = kNone;  ///< the declaration it stands in
};

struct Unit {
  std::string name;          ///< 0 is the empty unit
  bool currency = false;
  std::string code;          ///< ISO code of a currency
};

/// A closed set of names. Identity of names: NFKC without spaces (`folded`), unless `exact`.
struct Domain {
  struct Name {
    std::string shown;             ///< as the rule files write it
    std::string wire;              ///< as events and entries write it
    std::vector<std::string> aka;  ///< other spellings
    ClauseId clause = kNone;
  };
  std::string name;
  bool exact = false;
  std::vector<Name> names;
  std::vector<std::uint32_t> includes;  ///< domains whose names come first, with the same indexes
  ClauseId clause = kNone;
};

/// Constant rows. Lookup: exact keys, then rows in force at an instant (`dated`), then the highest
/// row whose `band` column is not above the last key. Rows with equal exact keys are sorted by
/// (since, band).
struct Table {
  struct Column {
    std::string name;
    Type type;
  };
  struct Row {
    std::vector<Value> cells;
    Value since = kAbsent;  ///< instant, inclusive; absent: always
    Value until = kAbsent;  ///< instant, exclusive; absent: for ever
    ClauseId clause = kNone;
  };
  std::string name;
  std::vector<Column> columns;
  std::vector<std::uint32_t> keys;  ///< columns matched exactly, in lookup order
  std::uint32_t band = kNone;       ///< column of lower bounds, looked up last
  std::uint32_t band_end = kNone;   ///< column of upper bounds (exclusive, absent: none), if kept
  bool dated = false;
  bool quiet = false;               ///< plumbing: not shown in explanations
  std::vector<Row> rows;
  ClauseId clause = kNone;
};

/// One value of an account.
struct Register {
  std::string name;
  Type type;
  Value initial = kAbsent;
  ClauseId clause = kNone;
};

/// Many rows of an account: `keyed` rows are found by their first `key_count` fields and made when
/// first written; serial rows are put, in order of arrival. Event families are emptied before each
/// event and timer.
struct Family {
  struct Field {
    std::string name;
    Type type;
    Value initial = kAbsent;
  };
  std::string name;
  bool keyed = false;
  bool event_scope = false;
  bool tracked = false;            ///< remembers which rows were written since `changed` visited them
  std::uint32_t key_count = 0;
  std::uint32_t index = kNone;     ///< serial: field by which rows are found fast
  std::vector<Field> fields;
  ClauseId clause = kNone;
};

/// A register whose values are states. What a move does besides is in the effects around it.
struct Machine {
  std::string name;
  std::string wire;
  std::uint32_t domain = 0;  ///< its states
  Value initial = 0;
  struct Edge {              ///< for people and checks; the effects do the moving
    std::vector<Value> from;
    Value to = 0;
    std::string how;         ///< "when", "after", "on", "by"
    ClauseId clause = kNone;
  };
  std::vector<Edge> edges;
  std::vector<Value> finals;  ///< states that are meant to be the end
  ClauseId clause = kNone;
};

enum class Op : std::uint8_t {
  constant,      // value
  local,         // a: slot
  reg,           // a: register
  state,         // a: machine -> name of its domain
  field,         // a: field of the event at hand
  row_field,     // args[0]: row; a: column or field. An absent row gives absent.
  arrival,       // args[0]: row of a serial family -> number, its place in order of arrival
  cell,          // a: keyed family, b: field, args: keys. No such row: the field's initial value.
  lookup,        // a: table, args: keys (band last), then the instant if dated -> row or absent
  now,           // time of the event or timer at hand
  clock,         // the account's clock; never before now
  add, sub, mul, // numbers (checked); add, sub also instant/date/month with span/number, see resolver
  neg,
  floor_div,     // number // number, floor; absent if the divisor is 0
  modulo,
  round_div,     // args[0] / args[1] rounded half up (away from zero) to a multiple of args[2]; all scaled by the front end
  rescale,       // args[0] * 10^a
  eq, ne, lt, le, gt, ge,
  in_set,        // args[0] in args[1]
  set_union, set_minus, set_of,  // set_of: set with the names args..; no args: the empty set
  universe,      // a: domain -> set of all its names
  logical_and, logical_or, logical_not,
  present,       // args[0] is there
  coalesce,      // first that is present
  minimum, maximum,  // of those present; absent if none is
  cases,         // args: guard, value, guard, value, ..; a guard of kNoNode is "otherwise". Clauses: case_clauses
  call,          // a: definition, args
  aggregate,     // a: index into Core::aggregates
  month_of,      // instant or date -> month
  month_start,   // month -> date
  add_months,    // instant or date, number -> same; the day is clipped to the month's last
  add_days,      // instant, number -> instant: same local time of day
  date_of,       // instant -> date
  date_start,    // date -> instant, its first
  time_of_day,   // instant -> span since local midnight
  weekday,       // instant or date -> 1 (Monday) .. 7
  year_of,       // instant or date or month -> number
  text_of,       // args: joined texts; names by wire name, months as 2025-07, numbers as digits
  day_number,    // date -> number (days since 1970-01-01)
  hook,          // a: hook, args -> what its program says; fails the event if the program fails
};

struct Node {
  Op op = Op::constant;
  Type type;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  Value value = 0;
  std::vector<NodeId> args;
  ClauseId clause = kNone;
  std::vector<ClauseId> case_clauses;  ///< cases: one for each pair
};

/// Rows to visit, in this order: a table's rows as they stand, a family's by arrival (keyed: order
/// of making), only the `changed` rows (ascending keys), or the rows of a list field.
struct Source {
  enum class Of : std::uint8_t { table, family, changed, list };
  Of of = Of::table;
  std::uint32_t index = 0;  ///< table or family
  NodeId list = kNoNode;    ///< list: its expression
  NodeId at = kNoNode;      ///< dated table: only rows in force at this instant
  std::uint32_t slot = 0;   ///< local that holds the row at hand
  NodeId where = kNoNode;
  std::vector<NodeId> by;   ///< sort keys, ascending, absent last; ties keep the order above
  std::vector<bool> descending;
};

struct Aggregate {
  enum class Fn : std::uint8_t { any, all, count, sum, min, max, first, last };
  Fn fn = Fn::any;          ///< sum of nothing is 0; a sum with an absent part is absent
  Source source;
  NodeId body = kNoNode;    ///< first, last: the row itself
};

struct Effect;
using Effects = std::vector<Effect>;

struct Rule {
  NodeId guard = kNoNode;  ///< kNoNode: otherwise
  ClauseId clause = kNone;
  Effects effects;         // NOLINT: vector of incomplete type is fine since C++17
};

struct Effect {
  enum class Do : std::uint8_t {
    let,           // a: slot := args[0]
    set_register,  // a: register := args[0]
    move,          // a: machine := args[0]
    set_cell,      // a: family, b: field := args[0]; args[1..]: keys; makes the row
    add_cell,      // the same, += args[0]
    set_row,       // a: family, b: field of row args[0] := args[1]
    put,           // a: family, fields[i] := args[i], b: slot for the new row (kNone: none)
    draw,          // source: rows; args[0]: amount; a: family, b: field drawn from; slots: took, rest
    each,          // source, effects
    choose,        // rules: the first whose guard holds
    run,           // a: block, args
    arm,           // a: timer at args[0]
    disarm,        // a: timer
    emit,          // a: entry kind, fields[i] := args[i]; row lists: a list member is an EmitRows
    clear,         // a: family
  };
  /// A member of an entry that is a list of rows: the columns' expressions over the row at hand.
  struct EmitRows {
    std::uint32_t member = 0;
    Source source;
    std::vector<NodeId> columns;
  };
  Do what = Do::let;
  ClauseId clause = kNone;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::vector<NodeId> args;
  std::vector<std::uint32_t> fields;
  std::uint32_t took_slot = kNone;  ///< draw
  std::uint32_t rest_slot = kNone;  ///< draw: what is left over, set when it ends
  Source source;
  Effects effects;
  std::vector<Rule> rules;
  std::vector<EmitRows> rows;
};

struct Definition {
  std::string name;
  std::vector<Type> parameters;  ///< slots 0..
  std::uint32_t frame = 0;       ///< slots it needs
  NodeId body = kNoNode;
  ClauseId clause = kNone;
};

/// A program of the policy's author, run where an expression asks for it. It is opaque: its answer
/// depends on its arguments and on nothing else, and that is all that can be known of it here.
struct Hook {
  struct Parameter {
    std::string name;
    Type type;
  };
  std::string name;
  std::vector<Parameter> parameters;
  Type result;
  std::string file;     ///< that holds the program
  std::string program;  ///< the file's text
  ClauseId clause = kNone;
};

struct Block {
  std::string name;
  std::vector<Type> parameters;
  std::uint32_t frame = 0;
  Effects effects;
  ClauseId clause = kNone;
};

/// At most one deadline per account; the least (deadline, rank) fires first, at its own instant.
struct Timer {
  std::string name;
  std::string wire;      ///< entries have cause "timer:WIRE"
  std::uint32_t rank = 0;
  std::uint32_t block = 0;
  ClauseId clause = kNone;
};

/// How a field of an event is read; anything else is the error the contract names.
struct FieldType {
  enum class Read : std::uint8_t {
    boolean, text, count, money, instant, date,
    name,    // unknown names are let through (kUnknownName)
    known,   // unknown names are the error `unknown_code` ("bad-event" for enumerations)
    set,     // a list of known names
    list,    // a list of records
    counts,  // an object of name: count, read as a list with columns (name, count)
    record,  // an object; its members are fields of their own, `parent` of them is this
  };
  Read read = Read::text;
  Type type;                 ///< of the value; record: boolean (present or absent)
  std::int64_t at_least = 0; ///< count
  bool empty_is_absent = false;
  std::string unknown_code;
  std::uint32_t list = kNone;  ///< list, counts: index into Core::lists
};

struct Field {
  std::string name;
  std::string wire;
  FieldType type;
  bool required = false;
  Value initial = kAbsent;       ///< when not given
  std::uint32_t parent = kNone;  ///< the record field it is a member of
  ClauseId clause = kNone;
};

/// Columns of a list field.
struct ListType {
  std::vector<Field> columns;
};

struct EventType {
  std::string name;
  std::string wire;
  std::vector<Field> fields;
  struct Refusal {
    NodeId guard = kNoNode;
    std::string code;
    ClauseId clause = kNone;
  };
  std::vector<Refusal> refusals;
  std::vector<NodeId> bounded;   ///< products that must stay within the contract's bound (10^12), else bad-event
  std::uint32_t frame = 0;       ///< slots the refusals need
  std::uint32_t block = kNone;
  ClauseId clause = kNone;
};

struct EntryKind {
  struct Member {
    std::string name;
    std::string wire;
    Type type;
    bool null_if_absent = false;  ///< an absent value is written as null rather than left out
    bool rows = false;
    std::vector<Member> columns;  ///< rows
  };
  std::string name;
  std::string wire;
  std::vector<Member> members;
  ClauseId clause = kNone;
};

/// How a table of tiers turns units into money.
struct Tariff {
  std::string name;
  std::uint32_t table = 0;
  std::uint32_t column = 0;  ///< of prices
  bool graduated = false;    ///< each unit has its own tier's price; else the tier reached prices all
  bool upto = false;         ///< bounds are written `<= N`: a row's bound is the first unit after it
  ClauseId clause = kNone;
};

/// Rows of an account that may be asked for, and what is to be known of each. Writes nothing.
struct View {
  Source source;
  std::vector<NodeId> columns;
  std::uint32_t frame = 0;  ///< slots it needs
};

/// What a customer is told of a month: which rows are buckets, which entries are invoices. Columns
/// are those of the view or members of the entry; kNone: not said.
struct Statement {
  struct Label {
    std::string name;  ///< a heading, as the rule files write it
    std::uint32_t column = 0;
    Type type;
  };
  /// Units that can be drawn: packs, free units. What left the bucket is what `draws` say.
  struct Bucket {
    std::uint32_t view = 0;
    std::vector<Label> labels;
    std::uint32_t id = kNone;        ///< text by which draws name it
    std::uint32_t count = kNone;     ///< received in all
    std::uint32_t rest = kNone;      ///< still in it
    std::uint32_t returned = kNone;  ///< given back in all
    std::uint32_t from = kNone;
    std::uint32_t until = kNone;
    std::uint32_t quiet = kNone;     ///< boolean: one sum will do while nothing is drawn from it
    Type unit;                       ///< of count, rest and returned
    ClauseId clause = kNone;
  };
  /// Units counted in a month, and the tier that they reach.
  struct Metered {
    std::uint32_t view = 0;
    std::vector<Label> labels;
    std::uint32_t month = kNone;  ///< kNone: the rows are the current month's
    std::uint32_t count = kNone;
    std::uint32_t price = kNone;
    std::uint32_t tier = kNone;  ///< where the tier reached begins; its value absent: no tier
    std::uint32_t upto = kNone;  ///< where the next tier begins
    std::uint32_t next = kNone;  ///< its price
    std::uint32_t tariff = kNone;
    Type unit;
    Type price_type;
    ClauseId clause = kNone;
  };
  /// Rows of entries that say what was drawn from which bucket.
  struct Draw {
    std::uint32_t entry = 0;
    std::uint32_t rows = kNone;  ///< the member that is a list; kNone: the entry itself
    std::vector<Label> labels;
    std::uint32_t id = kNone;
    std::uint32_t count = kNone;
    Type unit;
    ClauseId clause = kNone;
  };
  /// Entries that are invoices.
  struct Bill {
    std::uint32_t entry = 0;
    std::uint32_t month = kNone;  ///< kNone: the month it is written in
    std::uint32_t sum = kNone;
    std::uint32_t rows = kNone;   ///< the member that is a list of lines
    std::uint32_t row_month = kNone;
    std::uint32_t row_money = kNone;
    ClauseId clause = kNone;
  };
  /// How a text of an entry is told to customers.
  struct Wording {
    std::string text;
    std::string shown;
  };
  std::string name;
  std::vector<Bucket> buckets;
  std::vector<Metered> metered;
  std::vector<Draw> draws;
  std::vector<Bill> bills;
  std::vector<std::uint32_t> shows;  ///< entries listed as they are
  std::vector<Wording> wordings;
  ClauseId clause = kNone;
};

/// What the authors of a policy say will always hold of it: `toll prove` shows it, or shows when it
/// does not. The engine takes no notice.
struct Proof {
  enum class Of : std::uint8_t {
    state,      ///< `definition` holds after every event and timer
    rows,       ///< of each row of table `a`, at any time: column 0 of `view` holds
    entries,    ///< of each entry of kind `a`: `definition` holds, its parameters are the members
    falls,      ///< the bill of `tariff` never falls as the quantity grows
    unchanged,  ///< the bill of `tariff` is the one of an earlier edition
    same,       ///< all ledgers are those of an earlier edition, but for what exceptions declare
    returns,    ///< from each state of machine `a` a way leads to `state`
    timers,     ///< timers do not set each other off without end
  };
  /// Numbers from one to another, both inclusive.
  struct Range {
    Value from = 0;
    Value to = 0;
  };
  struct Name {
    std::uint32_t column = 0;  ///< of the table; without a table: the domain
    Value name = 0;
  };
  /// Where it does not hold, and why that is right: all of `names` (none: everywhere) in all of
  /// `ranges` (none: always). Of `same`: rows of `table` (none: of any), what accounts do that have
  /// `event`, or what stands in `places`; all of it from `since` on.
  struct Exception {
    std::vector<Name> names;
    std::vector<Range> ranges;
    std::uint32_t table = kNone;
    std::uint32_t event = kNone;
    std::vector<std::string> places;  ///< ids of clauses
    Value since = kAbsent;
    std::string because;
    ClauseId clause = kNone;
  };
  std::string name;
  Of of = Of::state;
  std::uint32_t a = kNone;
  std::uint32_t definition = kNone;
  std::uint32_t view = kNone;    ///< rows; falls: column 0 is the quantity that costs nothing, by row
  Tariff tariff;                 ///< falls, unchanged: one that has a name, or that of any table
  std::uint32_t ranges = kNone;  ///< rows: the column that ranges of exceptions speak of
  Value state = 0;
  std::vector<Exception> exceptions;
  ClauseId clause = kNone;
};

/// Offsets of the policy's zone: local = UTC + offset from `from` on. The first has from = min.
struct ZoneRule {
  std::int64_t from_seconds = 0;
  std::int32_t offset_seconds = 0;
};

/// What people wrote, and which kernel parts it became: "event:call", "block:...", "timer:...".
struct Declaration {
  std::string lead;
  std::string name;
  ClauseId clause = kNone;
  std::vector<std::string> parts;
};

struct Core {
  std::string name;
  std::string zone_name;
  std::vector<ZoneRule> zone;
  std::int64_t remember_seconds = -1;  ///< horizon for event ids; negative: for ever
  std::vector<std::string> texts;
  std::vector<Unit> units;
  std::vector<Domain> domains;
  std::vector<Table> tables;
  std::vector<Register> registers;
  std::vector<Family> families;
  std::vector<Machine> machines;
  std::vector<Timer> timers;
  std::vector<EventType> events;
  std::vector<ListType> lists;
  std::vector<EntryKind> entries;
  std::vector<Definition> definitions;
  std::vector<Hook> hooks;
  std::vector<Block> blocks;
  std::vector<Tariff> tariffs;
  std::vector<View> views;
  std::vector<Statement> statements;
  std::vector<Proof> proofs;
  std::vector<Aggregate> aggregates;
  std::vector<Node> nodes;
  std::vector<Clause> clauses;
  std::vector<Declaration> declarations;
  std::shared_ptr<const HookHost> hook_host;  ///< runs `hooks`; a copy of a core keeps it
};

}  // namespace toll
