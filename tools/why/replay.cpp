#include "tools/why/replay.hpp"

#include <utility>

#include "io/event_reader.hpp"
#include "io/time_text.hpp"
#include "toll/json.hpp"

namespace toll::why {

History history_of(const Core& core, const std::vector<std::string>& lines,
                   const std::string& account, const std::string& until) {
  History history;
  history.account = account;
  history.until = until;
  io::EventReader reader(core);
  Value latest = kAbsent;
  std::uint64_t number = 0;
  for (const std::string& line : lines) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    reader.read_head(line);
    const io::Envelope& head = reader.envelope();
    if (head.time != kAbsent && (latest == kAbsent || head.time > latest)) latest = head.time;
    if (head.subject == account) history.events.push_back({line, number});
  }
  if (history.until.empty() && latest != kAbsent)
    io::append_instant(history.until, latest, io::Zone(core.zone));
  return history;
}

std::unique_ptr<Recorder> replay(const std::shared_ptr<const Program>& program,
                                 const History& history, std::set<std::size_t> detailed) {
  auto recorder = std::make_unique<Recorder>(core_of(*program), std::move(detailed));
  JsonRunner runner(program, [&recorder](std::string_view line) { recorder->line(line); });
  runner.trace(recorder.get());
  for (const History::Event& event : history.events) runner.feed(event.json, event.line);
  if (!history.until.empty()) runner.advance(runner.parse_time(history.until));
  return recorder;
}

}  // namespace toll::why
