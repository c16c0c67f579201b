# The libraries we build on (docs/dependencies.md: licence and reason of each). Linked statically where Debian
# ships an archive, so that a flow binary starts in milliseconds. Installed beside the package's configuration, for a
# static library of ours needs them again where it is linked. A Python module links the shared ones instead (its target
# property BACKLOT_SHARED): not all of Debian's archives may become part of one.

# backlot_library(<target> <archive> <header> <Debian package>)
function(backlot_library name archive header package)
  find_library(${name}_ARCHIVE NAMES lib${archive}.a)
  find_path(${name}_INCLUDE ${header})
  if(NOT ${name}_ARCHIVE OR NOT ${name}_INCLUDE)
    message(FATAL_ERROR "backlot needs lib${archive}.a and ${header}: install the Debian package ${package}")
  endif()
  if(NOT TARGET ${name})
    add_library(${name} INTERFACE IMPORTED GLOBAL)
    target_link_libraries(${name} INTERFACE
      $<IF:$<BOOL:$<TARGET_PROPERTY:BACKLOT_SHARED>>,${archive},${${name}_ARCHIVE}>)
  endif()
endfunction()

backlot_library(lib_crypto crypto openssl/sha.h libssl-dev)
backlot_library(lib_zstd zstd zstd.h libzstd-dev)
backlot_library(lib_sqlite sqlite3 sqlite3.h libsqlite3-dev)
backlot_library(lib_yaml yaml-cpp yaml-cpp/yaml.h libyaml-cpp-dev)
backlot_library(lib_zlib z zlib.h zlib1g-dev)
backlot_library(lib_re2 re2 re2/re2.h libre2-dev)
target_link_libraries(lib_sqlite INTERFACE Threads::Threads m ${CMAKE_DL_LIBS})
