#include "messages/pages.hpp"

#include <algorithm>

#include "messages/distance.hpp"

namespace toll {
namespace {

std::string upper(std::string_view code) {
  std::string text(code);
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// `[text](address)` -> text.
std::string without_links(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::size_t middle = line[i] == '[' ? line.find("](", i) : std::string_view::npos;
    const std::size_t end =
        middle == std::string_view::npos ? std::string_view::npos : line.find(')', middle);
    if (end == std::string_view::npos) {
      out += line[i];
      continue;
    }
    out += line.substr(i + 1, middle - i - 1);
    i = end;
  }
  return out;
}

}  // namespace

const EmbeddedPage* find_page(std::string_view code, Language language) {
  const std::string wanted = upper(code);
  for (const EmbeddedPage& page : embedded_pages())
    if (page.code == wanted && page.language == to_string(language)) return &page;
  return nullptr;
}

std::string_view nearest_code(std::string_view code) {
  constexpr std::size_t kFar = 3;
  const std::string wanted = upper(code);
  std::string_view best;
  std::size_t least = kFar;
  for (const EmbeddedPage& page : embedded_pages()) {
    const std::size_t d = edit_distance(std::string_view(wanted), std::string_view(page.code));
    if (d < least) {
      least = d;
      best = page.code;
    }
  }
  return best;
}

std::string title_of(const EmbeddedPage& page) {
  const std::string_view line = page.text.substr(0, page.text.find('\n'));
  std::string_view title = line.substr(line.find(page.code) + page.code.size());
  for (const std::string_view colon : {": ", "\xef\xbc\x9a"})
    if (title.starts_with(colon)) title.remove_prefix(colon.size());
  return std::string(title);
}

std::string plain_text(const EmbeddedPage& page) {
  std::string out;
  bool code = false;
  std::size_t at = 0;
  while (at < page.text.size()) {
    const std::size_t end = std::min(page.text.find('\n', at), page.text.size());
    const std::string_view line = page.text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("```")) {
      code = !code;
    } else if (code) {
      out += (line.empty() ? "" : "    ") + std::string(line) + "\n";
    } else if (!line.starts_with("<!--")) {
      const std::size_t text = line.starts_with('#') ? line.find_first_not_of("# ") : 0;
      out += without_links(line.substr(std::min(text, line.size()))) + "\n";
    }
  }
  return out;
}

}  // namespace toll
