#include "tools/statement_words.hpp"

#include <algorithm>
#include <array>

#include "io/ledger_writer.hpp"

namespace toll::tools {
namespace {

/// ISO 4217: currencies whose smallest coin is not a hundredth.
constexpr std::array<std::string_view, 17> kNoDecimals = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                                          "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
                                                          "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::array<std::string_view, 7> kThreeDecimals = {"BHD", "IQD", "JOD", "KWD",
                                                            "LYD", "OMR", "TND"};

std::string grouped(std::string digits, unsigned decimals) {
  const std::size_t sign = !digits.empty() && digits[0] == '-' ? 1 : 0;
  std::size_t point = digits.find('.');
  if (point == std::string::npos) {
    point = digits.size();
    if (decimals > 0) digits += '.';
  }
  if (decimals > 0) {
    const std::size_t have = digits.size() - point - 1;
    if (have < decimals) digits.append(decimals - have, '0');
  }
  for (std::size_t at = point; at > sign + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

}  // namespace

std::string StatementWords::say(std::string_view id, std::vector<Argument> arguments) const {
  // messages: bill.*
  return toll::say(Message("bill." + std::string(id), std::move(arguments)), language_);
}

bool StatementWords::has_currency(const Type& type) const {
  return type.kind == Kind::number &&
         std::any_of(std::begin(type.dimension.powers), std::end(type.dimension.powers),
                     [&](const Dimension::Power& power) {
                       return power.unit != 0 && core_.units[power.unit].currency;
                     });
}

unsigned StatementWords::least_decimals(const Type& type) const {
  if (!has_currency(type)) return 0;
  for (const Dimension::Power& power : type.dimension.powers) {
    if (power.unit == 0 || !core_.units[power.unit].currency) continue;
    const std::string& code = core_.units[power.unit].code;
    if (std::find(kNoDecimals.begin(), kNoDecimals.end(), code) != kNoDecimals.end()) return 0;
    const bool three =
        std::find(kThreeDecimals.begin(), kThreeDecimals.end(), code) != kThreeDecimals.end();
    return three ? 3 : 2;
  }
  return 0;
}

std::string StatementWords::plain(Value value, const Type& type) {
  std::string out;
  if (value != kAbsent) io::append_decimal(out, value, type.scale);
  return out;
}

std::string StatementWords::number(Value value, const Type& type) const {
  return value == kAbsent ? std::string() : grouped(plain(value, type), least_decimals(type));
}

std::string StatementWords::instant(Value value) const {
  if (value == kAbsent) return {};
  std::string out;
  io::append_instant(out, value, zone_);
  out.resize(out.find_last_of("+-"));  // the statement says once which zone it is in
  out[out.find('T')] = ' ';
  if (out.size() == 19 && out.ends_with(":00")) out.resize(16);
  return out;
}

std::string StatementWords::month(Value value) const {
  std::string out;
  if (value != kAbsent) io::append_month(out, value);
  return out;
}

std::string StatementWords::unit(const Type& type) const {
  std::string above;
  std::string below;
  for (const Dimension::Power& power : type.dimension.powers) {
    if (power.unit == 0) break;
    for (int i = 0; i < std::abs(power.exponent); ++i) {
      const std::string& name = core_.units[power.unit].name;
      if (power.exponent > 0) {
        above += (above.empty() ? "" : "*") + name;
      } else {
        below += "/" + name;
      }
    }
  }
  return above + below;
}

std::string StatementWords::shown(const Datum& datum) const {
  if (datum.absent()) return {};
  std::string out;
  switch (datum.type.kind) {
    case Kind::boolean:
      return say(datum.value != 0 ? "yes" : "no");
    case Kind::number: {
      const std::string unit = this->unit(datum.type);
      return number(datum.value, datum.type) + (unit.empty() ? "" : " " + unit);
    }
    case Kind::text:
      for (const Statement::Wording& wording : statement_.wordings) {
        if (wording.text == datum.text) return wording.shown;
      }
      return datum.text;
    case Kind::set:
      return datum.text;
    case Kind::name:
      if ((datum.value & kUnknownName) != 0) return datum.text;
      return core_.domains[datum.type.ref].names[static_cast<std::size_t>(datum.value)].shown;
    case Kind::instant:
      return instant(datum.value);
    case Kind::date:
      io::append_date(out, datum.value);
      return out;
    case Kind::month:
      return month(datum.value);
    case Kind::span:
      io::append_decimal(out, datum.value, 9);
      return out + " s";
    case Kind::row:
    case Kind::list:
      break;
  }
  return out;
}

std::string StatementWords::shown_or_quote(const Datum& datum) const {
  return datum.absent() && has_currency(datum.type) ? say("quote") : shown(datum);
}

}  // namespace toll::tools
