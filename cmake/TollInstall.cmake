# Installs the libraries, their headers, the command, a CMake package and a pkg-config file.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/toll)

install(TARGETS toll toll_engine toll_messages toll_dsl toll_io EXPORT tollTargets FILE_SET HEADERS)
if(TOLL_BUILD_C)
  install(TARGETS toll_c EXPORT tollTargets FILE_SET HEADERS)
endif()
install(EXPORT tollTargets NAMESPACE toll:: DESTINATION ${package_dir})
if(TOLL_BUILD_CLI)
  install(TARGETS toll_cli RUNTIME)
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/tollConfig.cmake.in
  ${PROJECT_BINARY_DIR}/tollConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tollConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/tollConfig.cmake ${PROJECT_BINARY_DIR}/tollConfigVersion.cmake
  DESTINATION ${package_dir})

# Users of static archives link what the archives need; users of shared libraries do not.
set(TOLL_PC_LINKED "libutf8proc libxxhash lua5.4-c++ simdjson")
if(BUILD_SHARED_LIBS)
  set(TOLL_PC_REQUIRES "Requires.private: ${TOLL_PC_LINKED}")
else()
  set(TOLL_PC_REQUIRES "Requires: ${TOLL_PC_LINKED}")
endif()
file(RELATIVE_PATH TOLL_PC_PREFIX
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${CMAKE_CURRENT_LIST_DIR}/toll.pc.in ${PROJECT_BINARY_DIR}/toll.pc @ONLY)
set(TOLL_PC_FILES ${PROJECT_BINARY_DIR}/toll.pc)
if(TOLL_BUILD_C)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/toll-c.pc.in ${PROJECT_BINARY_DIR}/toll-c.pc @ONLY)
  list(APPEND TOLL_PC_FILES ${PROJECT_BINARY_DIR}/toll-c.pc)
endif()
install(FILES ${TOLL_PC_FILES} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
