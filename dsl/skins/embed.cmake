# Writes a C++ file that holds the skin files, so that nothing is looked up at run time.
#   cmake -DOUTPUT=file.cpp -DSKINS="a.skin;b.skin" -P embed.cmake
set(body "// Made by dsl/skins/embed.cmake; edit the .skin files.\n")
string(APPEND body "#include \"dsl/syntax/skin.hpp\"\n\nnamespace toll::dsl {\n\n")
string(APPEND body "std::vector<EmbeddedSkin> embedded_skins() {\n  return {\n")
foreach(skin IN LISTS SKINS)
  get_filename_component(name "${skin}" NAME_WE)
  file(READ "${skin}" text)
  string(APPEND body "      {\"${name}\", R\"__skin__(${text})__skin__\"},\n")
endforeach()
string(APPEND body "  };\n}\n\n}  // namespace toll::dsl\n")
file(WRITE "${OUTPUT}" "${body}")
