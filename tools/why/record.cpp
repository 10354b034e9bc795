#include "tools/why/record.hpp"

#include <algorithm>
#include <utility>

namespace toll::why {

void Recorder::line(std::string_view json) {
  const std::uint64_t seq = lines_.size() + 1;
  const auto found = entries_.find(seq);
  Line& line = lines_.emplace_back();
  line.json = json;
  line.step = found == entries_.end() ? failed_ : found->second.step;
  line.order = found == entries_.end() ? order_ : found->second.order;
  failed_ = nullptr;
}

const std::vector<Write>& Recorder::writes(const Place& place) const {
  static const std::vector<Write> kNone;
  const auto found = history_.find(place);
  return found == history_.end() ? kNone : found->second;
}

Place Recorder::current(Change::Of of, std::uint32_t index, Value row, std::uint32_t field) const {
  Place place{of, index, 0, static_cast<std::uint32_t>(row), field};
  const auto generation = generations_.find(index);
  if (of == Change::Of::field && generation != generations_.end())
    place.generation = generation->second;
  return place;
}

const Record* Recorder::entry(std::uint64_t seq) const {
  const auto found = entries_.find(seq);
  return found == entries_.end() ? nullptr : found->second.record;
}

std::vector<const Record*> Recorder::changes(const Record& before, const Place& place) const {
  std::vector<const Record*> found;
  const auto take = [&](const Place& key) {
    const auto all = changes_.find({before.step, key});
    if (all == changes_.end()) return;
    for (const Record* record : all->second)
      if (record->order < before.order) found.push_back(record);
  };
  if (place.of == Change::Of::field) {
    Place row = place;
    row.of = Change::Of::row;
    row.field = 0;
    take(row);
  }
  take(place);
  return found;
}

Step& Recorder::begin() {
  Step& step = steps_.emplace_back();
  step.number = steps_.size() - 1;
  step.detailed = wanted_.count(step.number) != 0;
  step_ = &step;
  top_ = nullptr;
  effects_.clear();
  frames_.assign(1, {});
  forget_step_rows();
  if (step.detailed) {
    Record& root = records_.emplace_back();
    root.step = step_;
    step.root = top_ = &root;
  }
  return step;
}

/// Event families are empty when a step begins.
void Recorder::forget_step_rows() { scratch_.clear(); }

void Recorder::event(const EventView& event) {
  first_pending_step_ = steps_.size();
  Step& step = begin();
  step.event = event.type;
  step.id = event.id;
  step.time = event.time;
  event_step_ = &step;
}

void Recorder::timer(std::uint32_t timer, Value deadline) {
  if (event_step_ == nullptr) first_pending_step_ = steps_.size();
  Step& step = begin();
  step.timer = timer;
  step.time = deadline;
}

void Recorder::handling(const EventView& /*event*/) {
  step_ = event_step_;
  step_->handled = true;
  top_ = const_cast<Record*>(step_->root);
  effects_.clear();
  frames_.assign(1, {});
  forget_step_rows();
}

void Recorder::ended(bool done) {
  if (done) {
    for (auto& [place, write] : pending_) history_[place].push_back(write);
  } else {
    for (std::size_t i = first_pending_step_; i < steps_.size(); ++i) steps_[i].failed = true;
    std::erase_if(entries_, [](const auto& entry) { return entry.second.step->failed; });
    failed_ = event_step_ != nullptr ? event_step_ : step_;
  }
  pending_.clear();
  event_step_ = nullptr;
}

void Recorder::rule(ClauseId clause) {
  if (top_ != nullptr) top_->rules.push_back(clause);
}

void Recorder::wrote(std::uint64_t seq) {
  const Record* record = nullptr;
  if (top_ != nullptr) {
    while (top_->what == Record::What::turn) top_ = const_cast<Record*>(top_->parent);
    Record& made = add(Record::What::wrote);
    made.value = static_cast<Value>(seq);
    record = &made;
  }
  entries_[seq] = {step_, record, ++order_};
}

Record& Recorder::add(Record::What what) {
  Record& made = records_.emplace_back();
  made.what = what;
  made.parent = top_;
  made.step = step_;
  made.order = ++order_;
  top_->inside.push_back(&made);
  return made;
}

Record& Recorder::open(Record::What what) {
  Record& made = add(what);
  top_ = &made;
  return made;
}

/// Turns have no end of their own: they last until the next one or the end of what they are in.
void Recorder::close(Record::What what) {
  while (top_->what != what) top_ = const_cast<Record*>(top_->parent);
  top_ = const_cast<Record*>(top_->parent);
}

void Recorder::set_slot(std::uint32_t slot, const Record* made_by) {
  Frame& frame = frames_.back();
  if (slot >= frame.size()) frame.resize(slot + 1);
  frame[slot] = made_by;
}

void Recorder::enter(const Effect& effect, ClauseId clause) {
  effects_.emplace_back(&effect, clause);
  if (top_ == nullptr) return;
  Record& made = open(Record::What::effect);
  made.effect = &effect;
  made.clause = clause;
}

void Recorder::leave(const Effect& effect) {
  effects_.pop_back();
  if (top_ == nullptr) return;
  close(Record::What::effect);
  const Record* const done = top_->inside.back();
  if (effect.what == Effect::Do::let && !done->inside.empty())
    set_slot(effect.a, done->inside.back());
  if (effect.what == Effect::Do::draw && effect.rest_slot != kNone)
    set_slot(effect.rest_slot, done);
  if (effect.what == Effect::Do::put && effect.b != kNone) set_slot(effect.b, done);
}

void Recorder::enter_block(std::uint32_t block) {
  if (top_ == nullptr) return;
  Frame frame;
  if (top_->what == Record::What::effect) frame.assign(top_->inside.begin(), top_->inside.end());
  open(Record::What::block).block = block;
  frames_.push_back(std::move(frame));
}

void Recorder::leave_block(std::uint32_t /*block*/) {
  if (top_ == nullptr) return;
  close(Record::What::block);
  frames_.pop_back();
}

/// Who wrote: the rule at hand, or for a machine's move what made it move.
ClauseId Recorder::writer() const {
  if (effects_.empty()) return kNone;
  if (effects_.back().first->what == Effect::Do::move) {
    for (std::size_t i = effects_.size(); i-- > 0;)
      if (effects_[i].first->what == Effect::Do::run) return effects_[i].second;
  }
  return effects_.back().second;
}

void Recorder::note(const Type& type, Value value) {
  if (value == kAbsent || account_ == nullptr) return;
  const bool text = type.kind == Kind::text || (type.kind == Kind::name && value >= kUnknownName);
  if (text && step_->texts.count(value) == 0) step_->texts[value] = account_->text(value);
  if (type.kind == Kind::set && step_->sets.count(value) == 0)
    step_->sets[value] = account_->names(value);
}

void Recorder::note_row(std::uint32_t family, const std::vector<Value>& fields) {
  const std::vector<Family::Field>& shape = core_.families[family].fields;
  for (std::size_t i = 0; i < fields.size() && i < shape.size(); ++i)
    note(shape[i].type, fields[i]);
}

std::vector<Value> Recorder::row_now(std::uint32_t family, Value row) const {
  if (row == kAbsent || row < 0) return {};
  const auto at = static_cast<std::size_t>(row);
  if (core_.families[family].event_scope) {
    const auto rows = scratch_.find(family);
    if (rows == scratch_.end() || at >= rows->second.size()) return {};
    return rows->second[at];
  }
  std::vector<Value> fields;
  for (std::uint32_t i = 0; i < core_.families[family].fields.size(); ++i)
    fields.push_back(account_->cell(family, at, i));
  return fields;
}

void Recorder::changed(const Change& change) {
  using Of = Change::Of;
  Place place{change.of, change.index, 0, 0, change.field};
  const bool of_family = change.of == Of::field || change.of == Of::row || change.of == Of::clear;
  const bool scratch = of_family && core_.families[change.index].event_scope;
  if (change.of == Of::clear) {
    ++generations_[change.index];
    if (scratch) scratch_[change.index].clear();
    return;
  }
  if (of_family) {
    place.row = static_cast<std::uint32_t>(change.row);
    if (const auto found = generations_.find(change.index); found != generations_.end())
      place.generation = found->second;
  }
  if (scratch && change.of == Of::row)
    scratch_[change.index].emplace_back(change.fields.begin(), change.fields.end());
  if (scratch && change.of == Of::field)
    scratch_[change.index][place.row][change.field] = change.value;
  const Type* type = nullptr;
  if (change.of == Of::reg) type = &core_.registers[change.index].type;
  if (change.of == Of::field) type = &core_.families[change.index].fields[change.field].type;
  if (type != nullptr) {
    note(*type, change.old);
    note(*type, change.value);
  }
  if (top_ != nullptr) {
    Record& made = add(Record::What::changed);
    made.place = place;
    made.old = change.old;
    made.value = change.value;
    made.row = change.row;
    made.effect = effects_.empty() ? nullptr : effects_.back().first;
    made.clause = writer();
    changes_[{step_, place}].push_back(&made);
    if (change.of == Of::row) {
      made.family = change.index;
      made.fields.assign(change.fields.begin(), change.fields.end());
      note_row(change.index, made.fields);
    }
  }
  if (scratch) return;
  Write write;
  write.step = step_;
  write.order = ++order_;
  write.clause = writer();
  write.effect = effects_.empty() ? nullptr : effects_.back().first;
  write.old = change.old;
  write.value = change.value;
  if (change.of != Of::row) {
    pending_.emplace_back(place, write);
    return;
  }
  write.made = true;
  place.of = Of::field;
  const std::vector<Family::Field>& fields = core_.families[change.index].fields;
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    place.field = i;
    write.value = change.fields[i];
    note(fields[i].type, write.value);
    pending_.emplace_back(place, write);
  }
}

void Recorder::took(Value row, Value left, Value took) {
  if (top_ == nullptr) return;
  const Effect& effect = *effects_.back().first;
  drawn_.insert(current(Change::Of::field, effect.a, row, effect.b));
  Record& made = add(Record::What::took);
  made.row = row;
  made.left = left;
  made.value = took;
  made.effect = &effect;
  made.family = effect.a;
  made.fields = row_now(effect.a, row);
  note_row(effect.a, made.fields);
  if (effect.took_slot != kNone) set_slot(effect.took_slot, &made);
}

bool Recorder::detail() const { return step_ != nullptr && step_->detailed; }

void Recorder::enter(NodeId node) {
  // The body of a definition has a frame of its own, with the arguments in it.
  if (top_->what == Record::What::eval && core_.nodes[top_->node].op == Op::call &&
      top_->inside.size() == core_.nodes[top_->node].args.size()) {
    frames_.emplace_back(top_->inside.begin(), top_->inside.end());
  }
  Record& made = open(Record::What::eval);
  made.node = node;
  const Node& known = core_.nodes[node];
  if (known.op == Op::local && known.a < frames_.back().size())
    made.made_by = frames_.back()[known.a];
}

void Recorder::leave(NodeId node, Value value) {
  while (top_->what != Record::What::eval) top_ = const_cast<Record*>(top_->parent);
  top_->value = value;
  const Node& known = core_.nodes[node];
  note(known.type, value);
  if (known.op == Op::call) frames_.pop_back();
  top_ = const_cast<Record*>(top_->parent);
}

void Recorder::turn(std::uint32_t slot, Value row, Turn why) {
  if (top_->what == Record::What::turn) top_ = const_cast<Record*>(top_->parent);
  std::uint32_t family = kNone;
  // Whose row it is, the traversal at hand says.
  const auto of_source = [&](const Source& source) {
    if (source.slot != slot) return;
    if (source.of == Source::Of::family || source.of == Source::Of::changed) family = source.index;
  };
  if (top_->what == Record::What::eval && core_.nodes[top_->node].op == Op::aggregate) {
    of_source(core_.aggregates[core_.nodes[top_->node].a].source);
  } else if (top_->what == Record::What::effect) {
    of_source(top_->effect->source);
    for (const Effect::EmitRows& rows : top_->effect->rows) of_source(rows.source);
  }
  Record& made = open(Record::What::turn);
  made.why = why;
  made.row = row;
  made.family = family;
  if (family != kNone) {
    made.fields = row_now(family, row);
    note_row(family, made.fields);
  }
  set_slot(slot, &made);
}

}  // namespace toll::why
