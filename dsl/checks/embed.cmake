# Writes a C++ file that holds the letters that look alike, so that nothing is looked up at run time.
#   cmake -DOUTPUT=file.cc -DLETTERS=lookalikes.txt -P embed.cmake
file(READ "${LETTERS}" text)
file(WRITE "${OUTPUT}" "// Made by dsl/checks/embed.cmake; edit scripts/lookalikes.
#include \"dsl/checks/lookalikes.hpp\"

namespace toll::dsl {

std::string_view embedded_lookalikes() {
  return R\"__letters__(${text})__letters__\";
}

}  // namespace toll::dsl
")
