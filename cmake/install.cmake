# `cmake --install <build> --prefix <where>`: headers, the rooms as static libraries with their CMake package, the
# programs `backlot`, `backlot-server` and `backlot-signals`, the console's pages, and the Python package, in a folder of its own from which
# `backlot run flow.py` takes it. The target `packaged` builds them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The server's room is a part of its program: nothing is built on it.
get_property(rooms GLOBAL PROPERTY BACKLOT_ROOMS)
list(REMOVE_ITEM rooms backlot_server)
add_custom_target(packaged DEPENDS ${rooms} backlot backlot-server backlot-signals)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/backlot)

install(TARGETS ${rooms} EXPORT backlot ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT backlot NAMESPACE backlot:: FILE backlot_rooms.cmake DESTINATION ${package_dir})
install(TARGETS backlot backlot-server backlot-signals RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY backlot DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "test_*.h" EXCLUDE PATTERN "main" EXCLUDE PATTERN "cli/signals" EXCLUDE
  PATTERN "backlot/server" EXCLUDE)
if(BACKLOT_PYTHON)
  add_dependencies(packaged python_package)
  install(DIRECTORY ${CMAKE_BINARY_DIR}/python/backlot DESTINATION lib/backlot/python PATTERN "__pycache__" EXCLUDE)
endif()
# Made by ./dev, where npm is; without them the server serves its API only.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/build/console/ DESTINATION share/backlot/console OPTIONAL)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

configure_file(cmake/backlot-config.cmake backlot-config.cmake COPYONLY)
write_basic_package_version_file(backlot-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/libraries.cmake ${CMAKE_CURRENT_BINARY_DIR}/backlot-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/backlot-config-version.cmake DESTINATION ${package_dir})
