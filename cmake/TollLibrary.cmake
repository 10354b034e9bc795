# What every library of the project shares: language level, warnings, include paths, install rules.

add_library(toll_warnings INTERFACE)
# clang counts sign conversion as part of -Wconversion, g++ does not: naming it makes them agree.
target_compile_options(toll_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow)

# Settings for any target built from our sources: "room/file.hpp" works inside, never outside.
function(toll_configure_target target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:toll_warnings>)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
endfunction()

# toll_library(ROOM SOURCES file... [PUBLIC_HEADERS include/toll/file.hpp...])
# defines toll_ROOM, known to users as toll::ROOM.
function(toll_library room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC_HEADERS")
  set(target toll_${room})
  add_library(${target} ${arg_SOURCES})
  add_library(toll::${room} ALIAS ${target})
  toll_configure_target(${target})
  if(arg_PUBLIC_HEADERS)
    target_sources(${target} PUBLIC
      FILE_SET HEADERS BASE_DIRS include FILES ${arg_PUBLIC_HEADERS})
  endif()
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${room}
    POSITION_INDEPENDENT_CODE ON
    INSTALL_RPATH "$ORIGIN"
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
endfunction()
