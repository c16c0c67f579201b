# `cmake --install <build> --prefix <where>`: headers, the rooms as static libraries with their CMake package, the
# program `backlot`, those that it becomes in a folder of their own, the console's pages, and the Python package, from
# whose folder `backlot run flow.py` takes it. The target `packaged` builds them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The server's room is a part of its program: nothing is built on it.
get_property(rooms GLOBAL PROPERTY BACKLOT_ROOMS)
list(REMOVE_ITEM rooms backlot_server)
get_property(domains GLOBAL PROPERTY BACKLOT_DOMAINS)
list(TRANSFORM domains PREPEND backlot-)
add_custom_target(packaged DEPENDS ${rooms} backlot backlot-server ${domains})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/backlot)

install(TARGETS ${rooms} EXPORT backlot ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT backlot NAMESPACE backlot:: FILE backlot_rooms.cmake DESTINATION ${package_dir})
install(TARGETS backlot RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
set(libexec libexec/backlot)  # known to cli/installed_programs.cpp
# A flow's program lies anywhere: it is told where to find them.
target_compile_definitions(backlot_sdk INTERFACE "$<INSTALL_INTERFACE:BACKLOT_LIBEXEC=\"$<INSTALL_PREFIX>/${libexec}\">")
install(TARGETS backlot-server ${domains} RUNTIME DESTINATION ${libexec})
foreach(domain ${domains})
  install(FILES $<TARGET_FILE:${domain}>.json DESTINATION ${libexec})
endforeach()
install(DIRECTORY backlot DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "test_*.h" EXCLUDE PATTERN "main" EXCLUDE PATTERN "backlot/server" EXCLUDE)
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
