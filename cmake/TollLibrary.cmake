# What every library of the project shares: language level, warnings, include paths, install rules.

add_library(toll_warnings INTERFACE)
# clang counts sign conversion as part of -Wconversion, g++ does not: naming it makes them agree.
target_compile_options(toll_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow)
# A local name may be that of something in a file that is compiled with its own.
if(CMAKE_UNITY_BUILD)
  target_compile_options(toll_warnings INTERFACE -Wno-shadow)
endif()

# With CMAKE_UNITY_BUILD, sources of a folder are compiled a few together: what all of them include is
# read and made into code once, which halves the time. Their own names have to differ within a folder.
function(toll_unite target)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    string(MAKE_C_IDENTIFIER "of_${folder}" folder)
    math(EXPR ${folder} "0${${folder}} + 1")
    math(EXPR batch "(${${folder}} - 1) / 8")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder}_${batch})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()

# Settings for any target built from our sources: "room/file.hpp" works inside, never outside.
function(toll_configure_target target)
  if(CMAKE_UNITY_BUILD)
    toll_unite(${target})
  endif()
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
