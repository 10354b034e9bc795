#include "tools/backtest/summary.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace toll::backtest {
namespace {

constexpr std::array<int, 6> kSteps = {0, 5, 10, 20, 50, 100};  // percent
constexpr Value kMillion = 1'000'000;

std::vector<Band> empty_bands() {
  std::vector<Band> bands;
  for (std::size_t i = kSteps.size(); i-- > 1;) {  // nobody pays less by more than all
    bands.push_back({Band::Of::less, kSteps[i - 1], kSteps[i], 0});
  }
  bands.push_back({Band::Of::same, 0, 0, 0});
  for (std::size_t i = 0; i < kSteps.size(); ++i) {
    bands.push_back({Band::Of::more, kSteps[i], i + 1 < kSteps.size() ? kSteps[i + 1] : 0, 0});
  }
  bands.push_back({Band::Of::from_nothing, 0, 0, 0});
  return bands;
}

bool belongs(const Band& band, const Book& book) {
  const Value change = book.change();
  const Value before = book.sum[kOld];
  if (change == 0) return band.of == Band::Of::same;
  if (before <= 0) return band.of == Band::Of::from_nothing;
  if (band.of != (change > 0 ? Band::Of::more : Band::Of::less)) return false;
  const Value hundredfold = 100 * magnitude(change);
  const bool last = band.to == 0 || (band.of == Band::Of::less && band.to == 100);
  return hundredfold > band.from * before && (last || hundredfold <= band.to * before);
}

template <class T>
void sort_by_change(std::vector<T>& all) {
  std::stable_sort(all.begin(), all.end(), [](const T& a, const T& b) {
    return magnitude(a.change()) > magnitude(b.change());
  });
}

bool unpriced_more(const Book& book) { return book.unpriced[kNew] > book.unpriced[kOld]; }

}  // namespace

Summary summary_of(const Result& result, std::size_t most) {
  Summary summary;
  summary.bands = empty_bands();
  std::map<Value, Sums> months;
  std::vector<GroupSums> groups(result.groups.size());
  for (const Part& part : result.parts) {
    for (Sums* const sums : {&months[part.month], static_cast<Sums*>(&groups[part.group])}) {
      for (const Side side : {kOld, kNew}) sums->sum[side] += part.sum[side];
    }
  }
  std::vector<std::uint32_t> changed;
  for (std::uint32_t i = 0; i < result.books.size(); ++i) {
    const Book& book = result.books[i];
    if (book.name.empty()) continue;  // lines that name no account
    ++summary.accounts;
    const Value change = book.change();
    ++(change > 0 ? summary.more : change < 0 ? summary.less : summary.same);
    if (book.affected()) ++summary.affected;
    if (book.affected() && change == 0) ++summary.other;
    for (Band& band : summary.bands) {
      if (belongs(band, book)) ++band.accounts;
    }
    if (change != 0) changed.push_back(i);
    std::map<Value, Value> by_month;
    std::map<std::uint32_t, Value> by_group;
    for (const PartLine& line : book.lines) {
      const Value difference = line.sum[kNew] - line.sum[kOld];
      by_month[result.parts[line.part].month] += difference;
      by_group[result.parts[line.part].group] += difference;
    }
    for (const auto& [month, difference] : by_month) months[month].accounts += difference != 0;
    for (const auto& [group, difference] : by_group) groups[group].accounts += difference != 0;
  }
  for (const auto& [month, sums] : months) {
    MonthSums& made = summary.months.emplace_back();
    static_cast<Sums&>(made) = sums;
    made.month = month;
  }
  for (std::uint32_t i = 0; i < groups.size(); ++i) {
    groups[i].group = i;
    if (groups[i].change() == 0 && groups[i].accounts == 0) {
      ++summary.same_groups;
    } else {
      summary.groups.push_back(groups[i]);
    }
  }
  sort_by_change(summary.groups);
  const auto greater = [&](std::uint32_t a, std::uint32_t b) {
    const Value of_a = magnitude(result.books[a].change());
    const Value of_b = magnitude(result.books[b].change());
    return of_a != of_b ? of_a > of_b : result.books[a].name < result.books[b].name;
  };
  const std::size_t kept = std::min(most, changed.size());
  std::partial_sort(changed.begin(), changed.begin() + static_cast<std::ptrdiff_t>(kept),
                    changed.end(), greater);
  changed.resize(kept);
  summary.most = std::move(changed);
  return summary;
}

bool differs(const Result& result, const Summary& summary) {
  const bool unnamed = std::any_of(result.books.begin(), result.books.end(),
                                   [](const Book& book) { return book.affected(); });
  return unnamed || summary.affected > 0 || !result.outcomes.empty() || !result.amounts.empty() ||
         !result.states.empty();
}

Value percent_of(const Both<Value>& sum) {
  const Value before = sum[kOld];
  if (before <= 0) return kAbsent;
  const Value change = sum[kNew] - before;
  const Value rounded = (20'000 * magnitude(change) + before) / (2 * before);
  return change < 0 ? -rounded : rounded;
}

Verdict judge(const Result& result, const Summary& summary, const Gate& gate) {
  Verdict verdict;
  if (gate.max_accounts && summary.affected > *gate.max_accounts) verdict.too_many = true;
  for (std::uint32_t i = 0; gate.max_increase && i < result.books.size(); ++i) {
    const Book& book = result.books[i];
    const Value change = book.change();
    const bool above =
        change > 0 &&
        (book.sum[kOld] <= 0 || 100 * kMillion * change > *gate.max_increase * book.sum[kOld]);
    if (!above && !unpriced_more(book)) continue;
    ++verdict.above;
    if (verdict.worst == kNone || change > result.books[verdict.worst].change()) verdict.worst = i;
  }
  verdict.kept = !verdict.too_many && verdict.above == 0;
  return verdict;
}

std::optional<Value> read_percent(std::string_view text) {
  if (text.ends_with('%')) text.remove_suffix(1);
  Value value = 0;
  int decimals = -1;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '.' && decimals < 0 && digits > 0) {
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9' || ++digits > 15 || decimals == 6) return std::nullopt;
    value = 10 * value + (c - '0');
    if (decimals >= 0) ++decimals;
  }
  if (digits == 0 || decimals == 0) return std::nullopt;
  for (int i = std::max(decimals, 0); i < 6; ++i) value *= 10;
  return value;
}

}  // namespace toll::backtest
