# Writes a C++ file that holds the catalogues, so that nothing is looked up at run time.
#   cmake -DOUTPUT=file.cc -DCATALOGUES="en/a.msg;zh/a.msg" -P embed.cmake
set(body "// Made by messages/embed.cmake; edit the .msg files.\n")
string(APPEND body "#include \"messages/messages.hpp\"\n\nnamespace toll {\n\n")
string(APPEND body "std::vector<EmbeddedCatalogue> embedded_catalogues() {\n  return {\n")
foreach(catalogue IN LISTS CATALOGUES)
  get_filename_component(area "${catalogue}" NAME_WE)
  get_filename_component(folder "${catalogue}" DIRECTORY)
  get_filename_component(language "${folder}" NAME)
  file(READ "${catalogue}" text)
  # Adjacent literals: no string literal may be longer than 64 KiB in a standard compiler.
  string(REPLACE "\n\n" "\n)__msg__\" R\"__msg__(\n" text "${text}")
  string(APPEND body "      {\"${language}\", \"${area}\", R\"__msg__(${text})__msg__\"},\n")
endforeach()
string(APPEND body "  };\n}\n\n}  // namespace toll\n")
file(WRITE "${OUTPUT}" "${body}")
