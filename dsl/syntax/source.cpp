#include "dsl/syntax/source.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "dsl/syntax/unicode.hpp"
#include "engine/kernel/assert.hpp"

namespace toll::dsl {

std::uint32_t SourceSet::add(std::string path, std::string text) {
  return add(std::move(path), std::make_shared<const std::string>(std::move(text)));
}

std::uint32_t SourceSet::add(std::string path, std::shared_ptr<const std::string> text) {
  TOLL_ASSERT(text->size() < std::numeric_limits<std::uint32_t>::max());
  Entry entry;
  entry.path = std::move(path);
  entry.text = std::move(text);
  entry.line_starts.push_back(0);
  for (std::size_t end = entry.text->find('\n'); end != std::string::npos;
       end = entry.text->find('\n', end + 1)) {
    entry.line_starts.push_back(static_cast<std::uint32_t>(end + 1));
  }
  files_.push_back(std::move(entry));
  return static_cast<std::uint32_t>(files_.size() - 1);
}

const SourceSet::Entry& SourceSet::entry(std::uint32_t file) const {
  TOLL_ASSERT(file < files_.size());
  return files_[file];
}

const std::string& SourceSet::path(std::uint32_t file) const { return entry(file).path; }
const std::string& SourceSet::text(std::uint32_t file) const { return *entry(file).text; }
const std::string& SourceSet::skin(std::uint32_t file) const { return entry(file).skin; }

void SourceSet::set_skin(std::uint32_t file, std::string skin) {
  TOLL_ASSERT(file < files_.size());
  files_[file].skin = std::move(skin);
}

std::string_view SourceSet::slice(SourceSpan span) const {
  const std::string_view text = *entry(span.file).text;
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text.size());
  return text.substr(begin, end - begin);
}

Position SourceSet::position(SourceSpan span) const { return position_at(span.file, span.begin); }

Position SourceSet::end_position(SourceSpan span) const { return position_at(span.file, span.end); }

Position SourceSet::position_at(std::uint32_t file, std::uint32_t byte) const {
  const Entry& source = entry(file);
  byte = std::min(byte, static_cast<std::uint32_t>(source.text->size()));
  const auto after = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), byte);
  Position position;
  position.line = static_cast<std::uint32_t>(after - source.line_starts.begin());
  for (std::size_t at = *(after - 1); at < byte;) {
    at += decode_utf8(*source.text, at).size;
    ++position.column;
  }
  return position;
}

std::uint32_t SourceSet::utf16_column(std::uint32_t file, std::uint32_t byte) const {
  const std::string& source = *entry(file).text;
  std::uint32_t column = 0;
  for (std::size_t at = line_at(file, byte).begin; at < byte && at < source.size();) {
    const DecodedCharacter character = decode_utf8(source, at);
    const bool pair = character.code != kNoCharacter && character.code > 0xffff;
    column += pair ? 2U : 1U;
    at += character.size;
  }
  return column;
}

SourceSpan SourceSet::line_at(std::uint32_t file, std::uint32_t byte) const {
  const Entry& source = entry(file);
  byte = std::min(byte, static_cast<std::uint32_t>(source.text->size()));
  const auto after = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), byte);
  const std::uint32_t begin = *(after - 1);
  std::uint32_t end = after == source.line_starts.end()
                          ? static_cast<std::uint32_t>(source.text->size())
                          : *after - 1;
  if (end > begin && (*source.text)[end - 1] == '\r') --end;
  return {file, begin, end};
}

}  // namespace toll::dsl
