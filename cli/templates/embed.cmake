# Writes a C++ file that holds the files of `toll init`, so that nothing is looked up at run time.
#   cmake -DOUTPUT=file.cc -DFILES="en/README.md;zh/README.md" -P embed.cmake
set(body "// Made by cli/templates/embed.cmake; edit the files beside it.\n")
string(APPEND body "#include \"cli/templates.hpp\"\n\nnamespace toll::cli {\n\n")
string(APPEND body "std::vector<Template> embedded_templates() {\n  return {\n")
foreach(path IN LISTS FILES)
  get_filename_component(name "${path}" NAME)
  get_filename_component(folder "${path}" DIRECTORY)
  get_filename_component(language "${folder}" NAME)
  file(READ "${path}" text)
  string(APPEND body "      {\"${language}\", \"${name}\", R\"__file__(${text})__file__\"},\n")
endforeach()
string(APPEND body "  };\n}\n\n}  // namespace toll::cli\n")
file(WRITE "${OUTPUT}" "${body}")
