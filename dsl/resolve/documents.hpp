// Documents that a policy implements, paragraph by paragraph. They change nothing that it does:
// `toll test --coverage` says which paragraphs no rule and no scenario names as its source.
//
//   document "TITLE" {
//     paragraph ID ["WHAT IT SAYS"]
//     except ID, .. because "WHY"      not for the rules to implement
//   }
#pragma once

#include "dsl/resolve/builder.hpp"

namespace toll::dsl {

class DocumentReader {
 public:
  DocumentReader(Builder& builder, const Clause& clause) : b_(builder), clause_(clause) {}
  void read(std::vector<Document>& out);

 private:
  void paragraph(const Clause& line);
  void exception(const Clause& line);

  Builder& b_;
  const Clause& clause_;
  Document made_;
  NameMap known_;  ///< ids, to places in `made_`
};

}  // namespace toll::dsl
