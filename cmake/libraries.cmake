# The libraries we build on (docs/dependencies.md: licence and reason of each). Linked statically where Debian
# ships an archive, so that a flow binary starts in milliseconds.
find_package(Threads REQUIRED)

function(backlot_library name archive header)
  find_library(${name}_ARCHIVE NAMES lib${archive}.a REQUIRED)
  find_path(${name}_INCLUDE ${header} REQUIRED)
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE $<BUILD_INTERFACE:${${name}_ARCHIVE}> $<INSTALL_INTERFACE:${archive}>)
endfunction()

backlot_library(lib_crypto crypto openssl/sha.h)
backlot_library(lib_zstd zstd zstd.h)
backlot_library(lib_sqlite sqlite3 sqlite3.h)
backlot_library(lib_yaml yaml-cpp yaml-cpp/yaml.h)
backlot_library(lib_zlib z zlib.h)
target_link_libraries(lib_sqlite INTERFACE Threads::Threads m ${CMAKE_DL_LIBS})

if(BACKLOT_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
