# backlot_openapi(<target> <name> <file>...) builds documents of an API in: std::vector<std::string_view> <name>_openapi(),
# a text for each.
function(backlot_openapi target name)
  set(texts "")
  foreach(file ${ARGN})
    cmake_path(ABSOLUTE_PATH file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(REGEX REPLACE "\n *" "\n" text "${text}")  # a literal may have 64 KiB
    string(APPEND texts "R\"openapi(${text})openapi\",\n")
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}_openapi.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT "#include <string_view>
#include <vector>

namespace backlot::server {
std::vector<std::string_view> @name@_openapi();
std::vector<std::string_view> @name@_openapi() {
  return {@texts@};
}
}  // namespace backlot::server
")
  target_sources(${target} PRIVATE ${source})
endfunction()

# backlot_server_program(<target> <folder>): a server, <folder>/backlot-server. backlot_server_module(<target> <name>) adds
# the module of a domain, the library <name>_routes, to one.
function(backlot_server_program target folder)
  # The functions <name>_module() and <name>_openapi() of the target's modules, which are known when all folders have been
  # read.
  set(names $<TARGET_PROPERTY:${target},BACKLOT_MODULES>)
  set(modules ${CMAKE_CURRENT_BINARY_DIR}/${target}_modules.cpp)
  file(GENERATE OUTPUT ${modules} CONTENT "#include \"backlot/server/module.h\"\n
namespace backlot::server {
#define DECLARE(name) Module name##_module()$<SEMICOLON> std::vector<std::string_view> name##_openapi()$<SEMICOLON>
#define SOURCE(name) {#name, &name##_module, &name##_openapi}
$<$<BOOL:${names}>:DECLARE($<JOIN:${names},)\nDECLARE(>)>
std::vector<ModuleSource> domain_modules() { return {$<$<BOOL:${names}>:SOURCE($<JOIN:${names},)$<COMMA> SOURCE(>)>}$<SEMICOLON> }
}  // namespace backlot::server
")
  add_executable(${target} ${PROJECT_SOURCE_DIR}/backlot/server/main/backlot_server.cpp ${modules})
  target_link_libraries(${target} PRIVATE backlot_server backlot_options)
  target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME backlot-server RUNTIME_OUTPUT_DIRECTORY ${folder})
endfunction()

function(backlot_server_module target name)
  set_property(TARGET ${target} APPEND PROPERTY BACKLOT_MODULES ${name})
  target_link_libraries(${target} PRIVATE ${name}_routes)
endfunction()
