// The only test that includes the grammar: it takes its time to compile.
#include "dsl/syntax/grammar.hpp"

#include <doctest/doctest.h>

#include <tao/pegtl/contrib/analyze.hpp>

TEST_CASE("the grammar has no left recursion and no loop that goes nowhere") {
  CHECK(tao::pegtl::analyze<toll::dsl::grammar::file>() == 0);
  CHECK(tao::pegtl::analyze<toll::dsl::grammar::template_file>() == 0);
  CHECK(tao::pegtl::analyze<toll::dsl::grammar::bracket_file>() == 0);
}
