#include "tools/statement_books.hpp"

#include <algorithm>
#include <set>

namespace toll::tools {
namespace {

void append_number(std::string& out, Value value) {
  // Any spelling that tells values apart will do.
  out += std::to_string(static_cast<long long>(value >> 64)) + "." +
         std::to_string(static_cast<unsigned long long>(value));
}

bool expired(const BucketState& state, Value at) {
  return state.until != kAbsent && state.until <= at;
}

/// A line before it is known what was drawn.
struct Draft {
  std::size_t part = 0;
  BucketLine line;
  Value taken = 0;  ///< by how much the bucket went down, other than by what the line says
};

Draft draft(std::size_t part, const BucketState* before, Value then, const BucketState* after,
            Value now) {
  Draft made;
  made.part = part;
  BucketLine& line = made.line;
  const BucketState& known = after != nullptr ? *after : *before;
  line.id = known.id;
  line.labels = known.labels;
  line.from = known.from;
  line.until = known.until;
  line.quiet = known.quiet;
  const Value rest_before = before != nullptr ? before->rest : 0;
  const Value lost_before = before != nullptr && expired(*before, then) ? rest_before : 0;
  line.opening = rest_before - lost_before;
  if (after == nullptr) {  // its row is gone, and with it whatever had expired
    line.expired = expired(*before, now) ? line.opening : 0;
    return made;
  }
  const Value lost = expired(*after, now) ? after->rest : 0;
  line.received = after->count - (before != nullptr ? before->count : 0);
  line.returned = after->returned - (before != nullptr ? before->returned : 0);
  line.expired = lost - lost_before;
  line.closing = after->rest - lost;
  made.taken = rest_before + line.received - line.returned - after->rest;
  return made;
}

std::vector<Draft> drafts(const Snapshot& opening, const Snapshot& closing) {
  std::vector<Draft> all;
  for (std::size_t part = 0; part < closing.buckets.size(); ++part) {
    std::map<Value, const BucketState*> before;
    if (part < opening.buckets.size()) {
      for (const Snapshot::Row& row : opening.buckets[part]) before.emplace(row.row, &row.state);
    }
    for (const Snapshot::Row& row : closing.buckets[part]) {
      const auto found = before.find(row.row);
      const BucketState* old = nullptr;
      // A list that was cleared begins anew: the same place may hold another bucket.
      if (found != before.end() && found->second->id == row.state.id) {
        old = found->second;
        before.erase(found);
      }
      all.push_back(draft(part, old, opening.at, &row.state, closing.at));
    }
    for (const auto& gone : before) {
      all.push_back(draft(part, gone.second, opening.at, nullptr, closing.at));
    }
  }
  return all;
}

bool says_something(const BucketLine& line) {
  return line.opening != 0 || line.received != 0 || line.drawn != 0 || line.expired != 0 ||
         line.returned != 0 || line.difference != 0 || line.closing != 0;
}

}  // namespace

std::string identity(const Datum& datum) {
  std::string out = datum.text;
  out += '\x1f';
  const bool text = datum.type.kind == Kind::text || datum.type.kind == Kind::set;
  append_number(out, datum.text.empty() && !text ? datum.value : 0);
  return out;
}

Value StatementReading::month_of(Value instant) const {
  return toll::month_of_day(calendar_.local(instant).day);
}

Value StatementReading::start_of(Value month) const {
  return calendar_.instant({toll::month_start(static_cast<std::int64_t>(month)), 0});
}

Datum StatementReading::datum(const Account& account, const Type& type, Value value) const {
  Datum made;
  made.type = type;
  made.value = value;
  if (value == kAbsent) return made;
  const bool unknown = type.kind == Kind::name && (value & kUnknownName) != 0;
  if (type.kind == Kind::text || unknown) made.text = account.text(value);
  if (type.kind == Kind::set) {
    for (const std::uint32_t name : account.names(value)) {
      if (!made.text.empty()) made.text += ", ";
      made.text += core_.domains[type.ref].names[name].shown;
    }
  }
  return made;
}

Snapshot StatementReading::snapshot(const Account& account, Value at) const {
  Snapshot made;
  made.at = at;
  for (const Statement::Bucket& bucket : statement_.buckets) {
    auto& rows = made.buckets.emplace_back();
    const bool fine = account.view(bucket.view, at, [&](Value row, std::span<const Value> values) {
      const auto value = [&](std::uint32_t column) {
        return column == kNone ? kAbsent : values[column];
      };
      const auto number = [&](std::uint32_t column) {
        return value(column) == kAbsent ? Value{0} : value(column);
      };
      Snapshot::Row& made_row = rows.emplace_back();
      made_row.row = row;
      BucketState& state = made_row.state;
      state.id = account.text(value(bucket.id));
      for (const Statement::Label& label : bucket.labels) {
        state.labels.push_back(datum(account, label.type, values[label.column]));
      }
      state.count = number(bucket.count);
      state.rest = number(bucket.rest);
      state.returned = number(bucket.returned);
      state.from = value(bucket.from);
      state.until = value(bucket.until);
      state.quiet = number(bucket.quiet) == 1;
    });
    made.sound = made.sound && fine;
  }
  return made;
}

bool StatementReading::metered(const Account& account, Value month, Value now,
                               std::vector<Metered>& out) const {
  bool sound = true;
  for (std::size_t part = 0; part < statement_.metered.size(); ++part) {
    const Statement::Metered& metered = statement_.metered[part];
    const bool fine =
        account.view(metered.view, now, [&](Value row, std::span<const Value> values) {
          const auto value = [&](std::uint32_t column) {
            return column == kNone ? kAbsent : values[column];
          };
          if (metered.month != kNone && values[metered.month] != month) return;
          Metered& made = out.emplace_back();
          made.part = part;
          made.row = row;
          for (const Statement::Label& label : metered.labels) {
            made.line.labels.push_back(datum(account, label.type, values[label.column]));
          }
          made.line.count = value(metered.count) == kAbsent ? Value{0} : value(metered.count);
          made.line.price = value(metered.price);
          made.line.tier = value(metered.tier);
          made.line.upto = value(metered.upto);
          made.line.next = value(metered.next);
        });
    sound = sound && fine;
  }
  return sound;
}

EntryCopy StatementReading::copy(const Account& account, const EntryView& entry) const {
  EntryCopy made;
  made.kind = entry.kind;
  made.seq = entry.seq;
  made.time = entry.time;
  const std::vector<EntryKind::Member>& members = core_.entries[entry.kind].members;
  made.rows.resize(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Value value = entry.members[i];
    if (!members[i].rows) {
      made.members.push_back(datum(account, members[i].type, value));
      continue;
    }
    made.members.emplace_back();
    if (value == kAbsent) continue;
    const ListView& list = entry.rows[static_cast<std::size_t>(value)];
    for (std::size_t first = 0; first < list.cells.size(); first += list.columns) {
      auto& row = made.rows[i].emplace_back();
      for (std::size_t c = 0; c < list.columns; ++c) {
        row.push_back(datum(account, members[i].columns[c].type, list.cells[first + c]));
      }
    }
  }
  return made;
}

void settle_buckets(const Statement& statement, const Snapshot& opening, const Snapshot& closing,
                    const std::vector<DrawnSum>& drawn, MonthStatement& out) {
  out.buckets.assign(statement.buckets.size(), {});
  out.beyond.assign(statement.draws.size(), {});
  out.sound = out.sound && opening.sound && closing.sound;
  std::vector<Draft> all = drafts(opening, closing);
  // Draws and buckets meet by id and unit.
  const auto unit = [&](std::size_t part) -> const Dimension& {
    return statement.buckets[part].unit.dimension;
  };
  const auto told = [&](std::size_t part) {
    return std::any_of(statement.draws.begin(), statement.draws.end(),
                       [&](const auto& draw) { return draw.unit.dimension == unit(part); });
  };
  std::multimap<std::string, std::size_t> by_id;
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].line.drawn = all[i].taken;
    if (told(all[i].part)) by_id.emplace(all[i].line.id, i);
  }
  std::map<std::size_t, Value> said;  // by draft: what entries say was drawn, of the last of an id
  std::set<std::string> ids;
  for (const auto& [id, index] : by_id) ids.insert(id);
  const auto last_of = [&](const std::string& id, const Dimension& wanted) {
    std::size_t last = all.size();
    const auto range = by_id.equal_range(id);
    for (auto at = range.first; at != range.second; ++at) {
      if (unit(all[at->second].part) == wanted) last = at->second;
    }
    return last;
  };
  for (const DrawnSum& sum : drawn) {
    const std::size_t last = last_of(sum.id, statement.draws[sum.draw].unit.dimension);
    if (last < all.size()) {
      said[last] += sum.count;
    } else if (sum.count != 0) {
      out.beyond[sum.draw].push_back({sum.id, sum.labels, sum.count});
    }
  }
  for (const std::string& id : ids) {
    const auto range = by_id.equal_range(id);
    std::map<std::size_t, Value> taken;  // by the last draft of each unit
    for (auto at = range.first; at != range.second; ++at) {
      taken[last_of(id, unit(all[at->second].part))] += all[at->second].taken;
    }
    for (const auto& [last, sum] : taken) {
      const auto found = said.find(last);
      all[last].line.drawn += (found == said.end() ? Value{0} : found->second) - sum;
    }
  }
  for (Draft& one : all) {
    BucketLine& line = one.line;
    line.difference =
        line.closing - (line.opening + line.received - line.drawn - line.expired - line.returned);
    line.quiet = line.quiet && line.drawn == 0 && line.returned == 0 && line.difference == 0;
    if (says_something(line)) out.buckets[one.part].push_back(std::move(line));
  }
}

}  // namespace toll::tools
