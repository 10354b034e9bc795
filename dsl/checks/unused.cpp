// Names that nothing uses: a slip, or what is left of an earlier version.

#include <algorithm>
#include <set>

#include "dsl/checks/coverage.hpp"
#include "dsl/checks/usage.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

class Unused {
 public:
  Unused(const Subject& subject, Findings& found)
      : subject_(subject), core_(subject.core), usage_(subject.core), found_(found) {}

  void look() {
    if (core_.events.empty()) return;  // a policy in the making: nothing can happen yet
    declarations();
    shapes();
    events();
    entries();
    domains();
  }

 private:
  void say(std::string_view id, std::string_view kind, const std::string& name, SourceSpan span) {
    found_.push_back({span, Message(id, {Message(kind), name}), name, {}, {}});
  }
  /// A part of a declaration: a column, a field, a member.
  void say_part(std::string_view id, std::string_view kind, const std::string& name,
                const std::string& of, ClauseId clause) {
    found_.push_back(
        {subject_.named_in(clause, name), Message(id, {Message(kind), name, of}), name, {}, {}});
  }

  void declarations() {
    for (std::uint32_t i = 0; i < core_.definitions.size(); ++i) {
      const Definition& one = core_.definitions[i];
      const bool written = subject_.declaration("define", one.name) != nullptr;
      if (written && usage_.definitions.count(i) == 0) {
        say("W1001.unused", "check.kind.definition", one.name, subject_.span(one.clause));
      }
      const bool hook = subject_.declaration("hook", one.name) != nullptr;
      if (hook && usage_.definitions.count(i) == 0) {
        say("W1001.unused", "check.kind.hook", one.name, subject_.span(one.clause));
      }
    }
    for (std::uint32_t i = 0; i < core_.blocks.size(); ++i) {
      const Block& one = core_.blocks[i];
      const bool written = subject_.declaration("procedure", one.name) != nullptr &&
                           !subject_.is_made("procedure", one.name);
      if (written && usage_.blocks.count(i) == 0) {
        say("W1001.unused", "check.kind.procedure", one.name, subject_.span(one.clause));
      }
    }
    for (const ClauseId clause : subject_.notes.idle) {
      for (const Declaration& one : core_.declarations) {
        if (one.clause != clause) continue;
        say("W1001.unused", one.lead == "tariff" ? "check.kind.tariff" : "check.kind.setting",
            one.name, subject_.span(clause));
      }
    }
    for (std::uint32_t i = 0; i < core_.timers.size(); ++i) {
      const Timer& one = core_.timers[i];
      if (usage_.timers.count(i) != 0 || subject_.is_made("timer", one.name)) continue;
      say("W1001.unarmed", "check.kind.timer", one.name, subject_.span(one.clause));
    }
  }

  void shapes() {
    for (const Declaration& one : core_.declarations) {
      if (one.lead == "tariff") priced_.insert(one.parts.begin(), one.parts.end());
    }
    for (std::uint32_t i = 0; i < core_.tables.size(); ++i) table(i);
    for (std::uint32_t i = 0; i < core_.registers.size(); ++i) {
      const Register& one = core_.registers[i];
      if (usage_.registers.count(i) != 0 || subject_.is_made("account", one.name)) continue;
      say("W1001.unread", "check.kind.value", one.name, subject_.span(one.clause));
    }
    for (std::uint32_t i = 0; i < core_.families.size(); ++i) {
      const Family& one = core_.families[i];
      if (subject_.is_made("counter", one.name)) continue;
      const std::string_view kind = one.keyed ? "check.kind.counter" : "check.kind.list";
      if (usage_.families.count(i) == 0) {
        say("W1001.unread", kind, one.name, subject_.span(one.clause));
        continue;
      }
      for (std::uint32_t field = one.key_count; field < one.fields.size(); ++field) {
        if (field == one.index || usage_.fields.count({i, field}) != 0) continue;
        say_part("W1001.unread-part", "check.kind.field", one.fields[field].name, one.name,
                 one.clause);
      }
    }
  }

  void table(std::uint32_t index) {
    const Table& table = core_.tables[index];
    const Clause* const declaration = subject_.declaration("table", table.name);
    if (declaration == nullptr) return;  // a setting with dates
    const bool lists = std::any_of(declaration->head.begin(), declaration->head.end(),
                                   [](const Token& token) { return token.word == "lists"; });
    const bool priced = priced_.count("table:" + table.name) != 0;
    if (usage_.tables.count(index) == 0) {
      if (!lists && !priced) {
        say("W1001.unused", "check.kind.table", table.name, declaration->span);
      }
      return;
    }
    for (std::uint32_t i = 0; i < table.columns.size(); ++i) {
      const bool key = std::find(table.keys.begin(), table.keys.end(), i) != table.keys.end();
      if (key || i == table.band || i == table.band_end) continue;
      if (usage_.columns.count({index, i}) != 0) continue;
      say_part("W1001.unread-part", "check.kind.column", table.columns[i].name, table.name,
               table.clause);
    }
  }

  void events() {
    for (std::uint32_t i = 0; i < core_.events.size(); ++i) {
      const EventType& event = core_.events[i];
      for (std::uint32_t f = 0; f < event.fields.size(); ++f) {
        const Field& field = event.fields[f];
        const bool idle = usage_.event_fields.count({i, f}) == 0;
        // Of a record that nothing looks at, the record alone is named.
        const bool named =
            field.parent != kNone && usage_.event_fields.count({i, field.parent}) == 0;
        if (idle && !named) {
          found_.push_back(
              {subject_.named_in(event.clause, field.name),
               {"W1001.unread-part", {Message("check.kind.field"), field.name, event.name}},
               field.name,
               {},
               {}});
          continue;
        }
        if (field.type.list == kNone) continue;
        const auto& columns = core_.lists[field.type.list].columns;
        for (std::uint32_t c = 0; c < columns.size(); ++c) {
          if (usage_.list_columns.count({field.type.list, c}) != 0) continue;
          say_part("W1001.unread-part", "check.kind.field", columns[c].name, field.name,
                   event.clause);
        }
      }
    }
  }

  void entries() {
    for (std::uint32_t i = 0; i < core_.entries.size(); ++i) {
      const EntryKind& entry = core_.entries[i];
      if (usage_.entries.count(i) == 0) {
        say("W1001.unwritten", "check.kind.entry", entry.name, subject_.span(entry.clause));
        continue;
      }
      for (std::uint32_t m = 0; m < entry.members.size(); ++m) {
        if (usage_.members.count({i, m}) != 0) continue;
        say_part("W1001.unwritten-part", "check.kind.member", entry.members[m].name, entry.name,
                 entry.clause);
      }
    }
  }

  /// Names that a table says it has no row for are spoken of all the same.
  void excepted() {
    Findings ignored;  // check_once says what is wrong with them
    for (std::uint32_t table = 0; table < core_.tables.size(); ++table) {
      for (const Coverage& coverage : coverages_of(subject_, table, ignored)) {
        if (coverage.exceptions.empty()) continue;
        const std::uint32_t domain = core_.tables[table].columns[coverage.column].type.ref;
        const NamesWritten names(core_.domains[domain]);
        for (const Exception& one : coverage.exceptions) {
          const std::uint32_t name = names.find(one.written);
          if (name != kNone) usage_.names.emplace(domain, name);
        }
      }
    }
  }

  void domains() {
    excepted();
    std::vector<bool> included(core_.domains.size(), false);
    for (const Domain& domain : core_.domains) {
      for (const std::uint32_t other : domain.includes) included[other] = true;
    }
    for (std::uint32_t i = 0; i < core_.domains.size(); ++i) {
      const Domain& domain = core_.domains[i];
      if (subject_.declaration("domain", domain.name) == nullptr) continue;  // states
      if (usage_.domains.count(i) == 0 && !included[i]) {
        say("W1001.unused", "check.kind.domain", domain.name, subject_.span(domain.clause));
        continue;
      }
      std::size_t first = 0;
      for (const std::uint32_t other : domain.includes) first += core_.domains[other].names.size();
      for (std::size_t n = first; n < domain.names.size(); ++n) {
        if (usage_.names.count({i, static_cast<std::uint32_t>(n)}) != 0) continue;
        const Domain::Name& name = domain.names[n];
        found_.push_back({subject_.span(name.clause),
                          {"W1001.unused-name", {name.shown, domain.name}},
                          name.shown,
                          {},
                          {}});
      }
    }
  }

  const Subject& subject_;
  const Core& core_;
  Usage usage_;
  std::set<std::string> priced_;  ///< what tariffs are made of
  Findings& found_;
};

}  // namespace

void check_unused(const Subject& subject, Findings& found) { Unused(subject, found).look(); }

}  // namespace toll::dsl
