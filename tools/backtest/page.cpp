// A backtest as one page that stands alone, with charts. The charts get positions and texts; no
// amount is ever a number of the page's script.
#include <algorithm>
#include <utility>

#include "tools/backtest/assets.hpp"
#include "tools/backtest/report.hpp"
#include "tools/plain_text.hpp"

namespace toll::backtest {
namespace {

using nlohmann::json;

constexpr Value kLength = 10'000;  // of an axis
constexpr std::size_t kMostBars = 15;
constexpr const char* kOldColor = "#9aa7b4";
constexpr const char* kNewColor = "#1f5fa8";
constexpr const char* kMoreColor = "#b4552d";
constexpr const char* kLessColor = "#2f7d5b";

/// Values along an axis, in round steps.
class Axis {
 public:
  explicit Axis(const std::vector<Value>& values) {
    Value most = 1;
    for (const Value value : values) {
      most = std::max(most, magnitude(value));
      negative_ = negative_ || value < 0;
    }
    for (Value ten = 1; step_ == 0; ten *= 10) {
      for (const int digit : {1, 2, 5}) {
        if (step_ == 0 && 5 * ten * digit >= most) step_ = ten * digit;
      }
    }
    end_ = (most + step_ - 1) / step_ * step_;
  }

  [[nodiscard]] std::int64_t at(Value value) const {
    return static_cast<std::int64_t>(value * kLength / end_);
  }
  [[nodiscard]] Value begin() const { return negative_ ? -end_ : 0; }
  [[nodiscard]] Value end() const { return end_; }
  [[nodiscard]] Value step() const { return step_; }

 private:
  Value step_ = 0;
  Value end_ = 1;
  bool negative_ = false;
};

struct Series {
  std::string name;
  std::vector<Value> values;
  std::vector<std::string> texts;
  std::vector<std::string> colors;

  void add(Value value, std::string text, const char* color) {
    values.push_back(value);
    texts.push_back(std::move(text));
    colors.emplace_back(color);
  }
};

struct Chart {
  std::string id;
  std::string heading;
  std::string unit;
  bool across = true;  ///< bars lie
  std::vector<std::string> labels;
  std::vector<Series> series;
};

template <class Text>
json chart_json(const Chart& chart, const Text& text_of) {
  std::vector<Value> all;
  for (const Series& series : chart.series)
    all.insert(all.end(), series.values.begin(), series.values.end());
  const Axis axis(all);
  json out = {
      {"id", chart.id},         {"unit", chart.unit},           {"across", chart.across},
      {"labels", chart.labels}, {"min", axis.at(axis.begin())}, {"max", axis.at(axis.end())}};
  json& ticks = out["ticks"] = json::array();
  for (Value tick = axis.begin(); tick <= axis.end(); tick += axis.step())
    ticks.push_back({{"at", axis.at(tick)}, {"text", text_of(tick)}});
  json& series = out["series"] = json::array();
  for (const Series& one : chart.series) {
    json at = json::array();
    for (const Value value : one.values) at.push_back(axis.at(value));
    series.push_back(
        {{"name", one.name}, {"at", std::move(at)}, {"texts", one.texts}, {"colors", one.colors}});
  }
  return out;
}

class Page {
 public:
  Page(const Told& told, const Words& words) : t_(told), w_(words) {}

  std::string run() {
    const auto amount = [this](Value value) { return w_.amount(value); };
    const auto count = [this](Value value) {
      return w_.values().number(value, Type{Kind::number});
    };
    if (t_.summary.accounts > 0) draw(bands(), count);
    if (!t_.summary.months.empty()) draw(months(), amount);
    if (!t_.summary.groups.empty()) draw(groups(), amount);
    if (!t_.most.empty()) draw(accounts(), amount);
    const std::string title = w_.say("title", {t_.policy[kOld], t_.policy[kNew]});
    std::string out = tools::html_head(title, w_.language(), tools::Scripts::own);
    tools::StatementDocument head = document_of(t_, w_);
    tools::StatementDocument details;
    details.title = w_.say("details");
    details.sections.swap(head.sections);
    out += tools::as_html(head);
    if (data_.empty()) return out + tools::html_foot();
    out += "<article class=\"charts\">\n" + canvases_ + "<p class=\"note\">" +
           tools::html_escaped(w_.say("library")) + "</p>\n</article>\n" + tools::as_html(details);
    const auto asset = [](std::string_view name) {
      for (auto& [known, text] : embedded_assets()) {
        if (known == name) return text;
      }
      return std::string();
    };
    out += "<script type=\"application/json\" id=\"chart-data\">" + data_text() + "</script>\n";
    out += "<script>\n/*\n" + asset("copyright") + "*/\n" + asset("chart.min.js") + "</script>\n";
    out += "<script>\n" + asset("charts.js") + "</script>\n";
    return out + tools::html_foot();
  }

 private:
  /// Within a script nothing may look like the end of it.
  std::string data_text() const {
    const std::string text = data_.dump(-1, ' ', false, json::error_handler_t::replace);
    std::string out;
    for (const char c : text) out += c == '<' ? "\\u003c" : std::string(1, c);
    return out;
  }

  template <class Text>
  void draw(const Chart& chart, const Text& text_of) {
    data_.push_back(chart_json(chart, text_of));
    const std::size_t rows = chart.across ? chart.labels.size() * chart.series.size() : 10;
    canvases_ += "<section>\n<h2>" + tools::html_escaped(chart.heading) + "</h2>\n" +
                 "<div style=\"position: relative; height: " + std::to_string(90 + 30 * rows) +
                 "px\"><canvas id=\"" + chart.id + "\" role=\"img\" aria-label=\"" +
                 tools::html_escaped(chart.heading) + "\"></canvas></div>\n</section>\n";
  }

  Chart bands() const {
    Chart chart = {"chart-bands", w_.say("chart-bands"), w_.say("accounts"), true, {}, {}};
    Series series;
    for (const Band& band : t_.summary.bands) {
      if (band.accounts == 0) continue;
      chart.labels.push_back(w_.band(band));
      const auto accounts = static_cast<Value>(band.accounts);
      series.add(accounts, w_.values().number(accounts, Type{Kind::number}),
                 band.of == Band::Of::same   ? kOldColor
                 : band.of == Band::Of::less ? kLessColor
                                             : kMoreColor);
    }
    chart.series.push_back(std::move(series));
    return chart;
  }

  Chart months() const {
    Chart chart = {"chart-months", w_.say("chart-months"), w_.unit(), false, {}, {}};
    Series older;
    Series newer;
    older.name = w_.say("old");
    newer.name = w_.say("new");
    const std::size_t left = t_.summary.months.size() > 24 ? t_.summary.months.size() - 24 : 0;
    for (std::size_t i = left; i < t_.summary.months.size(); ++i) {
      const MonthSums& one = t_.summary.months[i];
      chart.labels.push_back(w_.month(one.month));
      older.add(one.sum[kOld], w_.amount(one.sum[kOld]), kOldColor);
      newer.add(one.sum[kNew], w_.amount(one.sum[kNew]), kNewColor);
    }
    chart.series.push_back(std::move(older));
    chart.series.push_back(std::move(newer));
    return chart;
  }

  void add_change(Chart& chart, const std::string& label, Value change) const {
    if (chart.series.empty()) chart.series.emplace_back();
    chart.labels.push_back(label);
    chart.series.front().add(change, w_.change(change), change > 0 ? kMoreColor : kLessColor);
  }

  Chart groups() const {
    Chart chart = {"chart-groups", w_.say("chart-groups"), w_.unit(), true, {}, {}};
    for (const GroupSums& one : t_.summary.groups) {
      if (chart.labels.size() < kMostBars)
        add_change(chart, t_.result.groups[one.group], one.change());
    }
    return chart;
  }

  Chart accounts() const {
    Chart chart = {"chart-accounts", w_.say("chart-accounts"), w_.unit(), true, {}, {}};
    for (const Explained& one : t_.most) {
      const Book& book = t_.result.books[one.account];
      if (chart.labels.size() < kMostBars) add_change(chart, book.name, book.change());
    }
    return chart;
  }

  const Told& t_;
  const Words& w_;
  json data_ = json::array();
  std::string canvases_;
};

}  // namespace

std::string page_of(const Told& told, const Words& words) { return Page(told, words).run(); }

}  // namespace toll::backtest
