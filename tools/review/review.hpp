// The review of a change of a policy: one page of Markdown, as a comment on a pull request.
// Questions with an answer in a sentence each; what is behind an answer is folded away.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/policy.hpp"
#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "messages/messages.hpp"
#include "tools/prove/prove.hpp"
#include "tools/statement_document.hpp"

namespace toll::review {

enum class Answer : std::uint8_t {
  good,
  look,  ///< somebody should look at it
  bad,   ///< it should not be merged so
};

struct Section {
  std::string id;  ///< a stable word for programs: check, tests, backtest, ..
  Answer answer = Answer::good;
  std::string sentence;
  std::string details;  ///< Markdown; empty: there is no more to say
};

struct Page {
  std::string before;  ///< the policies, as they were told
  std::string after;
  std::vector<Section> sections;

  [[nodiscard]] Answer worst() const;
};

std::string to_markdown(const Page& page, Language language);
nlohmann::json to_json(const Page& page);

/// A text as it stands in Markdown, in a cell too: nothing in it is markup, a mention or a link.
std::string plain(std::string_view text);
/// Text as it is, in a block of its own.
std::string fenced(std::string_view text);
/// A point for each of the first names.
std::string list_of(const std::vector<std::string>& names);
/// The tables of a document, each with its heading; of long ones the first rows.
std::string tables_of(const tools::StatementDocument& document, Language language);

/// A policy as it was loaded, with what was said about it. Borrowed.
struct Side {
  const dsl::Policy* policy = nullptr;
  const dsl::SourceSet* sources = nullptr;
  const std::vector<dsl::File>* files = nullptr;  ///< as trees
  const dsl::Diagnostics* diagnostics = nullptr;
};

/// Of what is said about the new policy: what was not said of the old one. Errors always are news.
struct News {
  dsl::Diagnostics fresh;
  std::size_t known = 0;
};
News news(const Side& before, const Side& after, Language language);

/// Errors, and the warnings that are new.
Section check_section(const Side& before, const Side& after, Language language);
/// The scenarios of the new policy, and those of the old one that it has no more.
Section tests_section(const Side& before, const Side& after, Language language);
/// What scenarios exercise, and what they leave out that was not left out before.
Section coverage_section(const Side& before, const Side& after, Language language);
/// What is odd and was not there before.
Section lint_section(const Side& before, const Side& after, Language language);
/// Whose bill can differ.
Section diff_section(const Side& before, const Side& after, Language language);
/// What the new policy says of itself, and whether it is so.
Section prove_section(const Side& before, const Side& after, Language language,
                      const tools::TryScenario& passes);

}  // namespace toll::review
