#include "tools/diff/play.hpp"

#include <algorithm>
#include <utility>

namespace toll::diff {

void PlayedEvent::write() {
  line = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void Player::Writer::entry(const Account& account, const EntryView& entry) {
  EntryView told = entry;
  told.clause = kNone;
  Entry& one = entries.emplace_back();
  one.time = entry.time;
  ledger.append(one.line, "a", account, told);
}

Player::Player(std::shared_ptr<const Program> program)
    : program_(std::move(program)), reader_(core_of(*program_)), writer_(core_of(*program_)) {}

void Player::begin(Trace* trace) {
  account_ = std::make_unique<Account>(program_);
  trace_ = trace;
}

const std::vector<Player::Entry>& Player::event(const std::string& line) {
  writer_.entries.clear();
  const auto refuse = [this](std::uint32_t kind, std::string_view code, std::string_view message) {
    const io::Envelope& head = reader_.envelope();
    account_->refuse(kind, head.id, head.time, code, message, 0, writer_);
  };
  const auto unreadable = [&] {
    refuse(EntryView::kError, reader_.error().code, reader_.error().message);
  };
  if (!reader_.read_head(line)) {
    unreadable();
    return writer_.entries;
  }
  const io::Envelope& head = reader_.envelope();
  switch (account_->repeat(head.digest, head.time)) {
    case Repeat::same:
      refuse(EntryView::kDuplicate, "duplicate", "");
      break;
    case Repeat::other:
      refuse(EntryView::kError, "duplicate-id", "");
      break;
    case Repeat::fresh:
      if (reader_.read_body()) {
        account_->apply(reader_.event(), writer_, trace_);
      } else {
        unreadable();
      }
      break;
  }
  return writer_.entries;
}

const std::vector<Player::Entry>& Player::until(Value time) {
  writer_.entries.clear();
  if (time != kAbsent) account_->advance(time, writer_, trace_);
  return writer_.entries;
}

std::optional<PlayedHistory> Duel::to_the_parting(const PlayedHistory& history) {
  ++played_;
  before_.begin(nullptr);
  after_.begin(nullptr);
  for (std::size_t step = 0; step < history.events.size(); ++step) {
    before_.event(history.events[step].line);
    after_.event(history.events[step].line);
    if (!apart()) continue;
    PlayedHistory out = history;
    out.events.resize(step + 1);
    out.until = out.events.back().time;
    return out;
  }
  return std::nullopt;
}

Parting Duel::play(const PlayedHistory& history, Trace* before, Trace* after, bool to_the_end) {
  ++played_;
  before_.begin(before);
  after_.begin(after);
  Parting parting;
  for (std::size_t step = 0; step <= history.events.size(); ++step) {
    const bool last = step == history.events.size();
    const auto& a = last ? before_.until(history.until) : before_.event(history.events[step].line);
    const auto& b = last ? after_.until(history.until) : after_.event(history.events[step].line);
    const std::size_t most = parting.differs ? 0 : std::max(a.size(), b.size());
    for (std::size_t i = 0; i < most; ++i) {
      if (i < a.size() && i < b.size() && a[i].line == b[i].line) continue;
      parting.differs = true;
      parting.step = step;
      if (i < a.size()) parting.before = a[i].line;
      if (i < b.size()) parting.after = b[i].line;
      const Value was = i < a.size() ? a[i].time : kAbsent;
      const Value is = i < b.size() ? b[i].time : kAbsent;
      parting.time = was == kAbsent ? is : is == kAbsent ? was : std::min(was, is);
      if (!to_the_end) return parting;
      break;
    }
  }
  return parting;
}

}  // namespace toll::diff
