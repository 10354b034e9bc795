#include "tools/why/reason.hpp"

#include <set>

namespace toll::why {
namespace {

void append(std::string& out, const Reason& reason, std::size_t depth, const std::string& before,
            const std::string& source_before) {
  out.append(2 * depth, ' ');
  if (depth > 0) out += "- ";
  out += reason.text;
  std::string origin = reason.place == before ? "" : reason.place;
  if (!reason.source.empty() && reason.source != source_before)
    origin += (origin.empty() ? "" : "; ") + reason.source;
  if (!origin.empty()) out += "  [" + origin + "]";
  out += '\n';
  for (const Reason& one : reason.inside)
    append(out, one, depth + 1, reason.place.empty() ? before : reason.place,
           reason.source.empty() ? source_before : reason.source);
}

/// All that a reason says, by which it is known again.
std::string whole(const Reason& reason) {
  std::string out = reason.text + "\n" + reason.place + "\n";
  for (const Reason& one : reason.inside) out += whole(one);
  return out + "\n";
}

void tell_once(Reason& reason, const std::string& see, std::set<std::string>& told) {
  if (!reason.inside.empty() && !told.insert(whole(reason)).second) {
    reason.inside.clear();
    reason.text += see;
    reason.fact("see", "above");
    return;
  }
  for (Reason& one : reason.inside) tell_once(one, see, told);
}

}  // namespace

void tell_once(Reason& reason, const std::string& see) {
  std::set<std::string> told;
  tell_once(reason, see, told);
}

void prune(std::vector<Reason>& reasons, std::size_t levels) {
  if (levels == 0) return reasons.clear();
  for (Reason& one : reasons) prune(one.inside, levels - 1);
}

std::string as_text(const Reason& reason) {
  std::string out;
  append(out, reason, 0, "", "");
  return out;
}

nlohmann::json as_json(const Reason& reason) {
  nlohmann::json out = {{"kind", reason.kind}, {"text", reason.text}};
  if (!reason.place.empty()) out["rule"] = reason.place;
  if (!reason.source.empty()) out["source"] = reason.source;
  for (const auto& [name, value] : reason.facts) out[name] = value;
  if (!reason.inside.empty()) {
    nlohmann::json inside = nlohmann::json::array();
    for (const Reason& one : reason.inside) inside.push_back(as_json(one));
    out["because"] = std::move(inside);
  }
  return out;
}

}  // namespace toll::why
