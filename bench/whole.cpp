#include "bench/whole.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "bench/lines.hpp"
#include "io/event_reader.hpp"
#include "io/text_table.hpp"

namespace bench {
namespace {

/// Events with all that they refer to, in memory of their own.
class EventStore {
 public:
  void add(std::string_view subject, const toll::EventView& event) {
    Place place;
    place.event = event;
    place.subject = put(subject);
    place.id = put(event.id);
    place.fields = {fields_.size(), event.fields.size()};
    fields_.insert(fields_.end(), event.fields.begin(), event.fields.end());
    place.texts = {text_places_.size(), event.texts.size()};
    for (const std::string_view text : event.texts) text_places_.push_back(put(text));
    place.lists = {lists_.size(), event.lists.size()};
    for (const toll::ListView& list : event.lists) {
      cells_.emplace_back(list.cells.begin(), list.cells.end());
      lists_.push_back({cells_.back(), list.columns});
    }
    place.sets = {sets_.size(), event.sets.size()};
    sets_.insert(sets_.end(), event.sets.begin(), event.sets.end());
    places_.push_back(place);
  }
  /// Makes views of what was added; nothing may be added after it.
  void finish() {
    for (const Range& text : text_places_) texts_.push_back(text_at(text));
    for (Place& place : places_) {
      place.event.id = text_at(place.id);
      place.event.fields = part(fields_, place.fields);
      place.event.texts = part(texts_, place.texts);
      place.event.lists = part(lists_, place.lists);
      place.event.sets = part(sets_, place.sets);
    }
  }
  void clear() { *this = {}; }
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] const toll::EventView& event(std::size_t i) const { return places_[i].event; }
  [[nodiscard]] std::string_view subject(std::size_t i) const {
    return text_at(places_[i].subject);
  }

 private:
  struct Range {
    std::size_t first = 0;
    std::size_t count = 0;
  };
  struct Place {
    toll::EventView event;
    Range subject;
    Range id;
    Range fields;
    Range texts;
    Range lists;
    Range sets;
  };
  Range put(std::string_view text) {
    chars_ += text;
    return {chars_.size() - text.size(), text.size()};
  }
  [[nodiscard]] std::string_view text_at(Range range) const {
    return std::string_view(chars_).substr(range.first, range.count);
  }
  template <class T>
  static std::span<const T> part(const std::vector<T>& all, Range range) {
    return std::span<const T>(all).subspan(range.first, range.count);
  }

  std::vector<Place> places_;
  std::string chars_;
  std::vector<toll::Value> fields_;
  std::vector<Range> text_places_;
  std::vector<std::string_view> texts_;
  std::deque<std::vector<toll::Value>> cells_;
  std::vector<toll::ListView> lists_;
  std::vector<std::vector<std::uint32_t>> sets_;
};

class Whole final : public toll::Sink {
 public:
  Whole(const std::shared_ptr<const toll::Program>& program, const Timed& time)
      : program_(program), reader_(toll::core_of(*program)), time_(time) {}

  void line(std::string_view line) {
    if (!reader_.read_head(line) || !reader_.read_body()) {
      std::fprintf(stderr, "an event cannot be read: %.*s\n", static_cast<int>(line.size()),
                   line.data());
      std::exit(1);
    }
    const toll::io::Envelope& head = reader_.envelope();
    latest_ = latest_ == toll::kAbsent ? head.time : std::max(latest_, head.time);
    store_.add(head.subject, reader_.event());
    if (store_.size() == kBlock) flush();
  }

  WholeTotals end() {
    flush();
    time_([this] {
      for (toll::Account& account : accounts_) account.advance(latest_, *this);
    });
    return totals_;
  }

  void entry(const toll::Account& /*account*/, const toll::EntryView& entry) override {
    ++totals_.entries;
    if (entry.kind == toll::EntryView::kError) ++totals_.errors;
    for (const toll::Value value : entry.members) {
      if (value != toll::kAbsent) ++totals_.members;
    }
  }

 private:
  static constexpr std::size_t kBlock = 1 << 15;

  void flush() {
    store_.finish();
    time_([this] {
      for (std::size_t i = 0; i < store_.size(); ++i) apply(store_.subject(i), store_.event(i));
    });
    store_.clear();
  }

  void apply(std::string_view subject, const toll::EventView& event) {
    ++totals_.events;
    toll::Account& account = account_of(subject);
    if (account.repeat(event.digest, event.time) != toll::Repeat::fresh) return;
    account.apply(event, *this);
  }

  toll::Account& account_of(std::string_view subject) {
    const std::uint32_t found = by_subject_.find(subject);
    if (found != toll::io::TextTable::kMissing) return accounts_[found];
    names_.emplace_back(subject);
    by_subject_.insert(names_.back(), static_cast<std::uint32_t>(accounts_.size()));
    return accounts_.emplace_back(program_);
  }

  std::shared_ptr<const toll::Program> program_;
  toll::io::EventReader reader_;
  const Timed& time_;
  EventStore store_;
  std::deque<std::string> names_;
  std::deque<toll::Account> accounts_;
  toll::io::TextTable by_subject_;
  toll::Value latest_ = toll::kAbsent;
  WholeTotals totals_;
};

}  // namespace

WholeTotals apply_whole(const std::shared_ptr<const toll::Program>& program,
                        const Workload& workload, const Timed& time) {
  Whole whole(program, time);
  // The program holds its core.
  const std::shared_ptr<const toll::Core> core(program, &toll::core_of(*program));
  make_events(workload, core, [&whole](std::string_view line) { whole.line(line); });
  return whole.end();
}

}  // namespace bench
