# backlot_server_program(<target> <folder>): a server, <folder>/backlot-server. backlot_server_module(<target> <name>) adds
# the module of a domain, the library <name>_routes, to one.
function(backlot_server_program target folder)
  # The functions <name>_module() of the target's modules, which are known when all folders have been read.
  set(names $<TARGET_PROPERTY:${target},BACKLOT_MODULES>)
  set(modules ${CMAKE_CURRENT_BINARY_DIR}/${target}_modules.cpp)
  file(GENERATE OUTPUT ${modules} CONTENT "#include \"backlot/server/module.h\"\n
namespace backlot::server {
$<$<BOOL:${names}>:Module $<JOIN:${names},_module()$<SEMICOLON>\nModule >_module()$<SEMICOLON>>
std::vector<Module> domain_modules() { return {$<$<BOOL:${names}>:$<JOIN:${names},_module()$<COMMA> >_module()>}$<SEMICOLON> }
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
