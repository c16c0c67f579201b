# backlot_python_module(<name> <folder> <file>...): the extension module _<name> in that folder, for Debian's Python.
function(backlot_python_module name folder)
  set(Python_EXECUTABLE /usr/bin/python3 CACHE FILEPATH "The Python to build for")
  set(PYBIND11_FINDPYTHON ON)
  find_package(pybind11 2.10 REQUIRED)
  pybind11_add_module(python_${name} MODULE NO_EXTRAS ${ARGN})
  target_link_libraries(python_${name} PRIVATE backlot_options)
  target_link_options(python_${name} PRIVATE -Wl,--as-needed -Wl,--gc-sections)
  set_target_properties(python_${name} PROPERTIES
    OUTPUT_NAME _${name} LIBRARY_OUTPUT_DIRECTORY ${folder} BACKLOT_SHARED ON)
endfunction()

# backlot_copy_python(<target> <from> <to> <file>...): the target has the files, named from the folder `from`, in `to`.
function(backlot_copy_python target from to)
  foreach(file ${ARGN})
    add_custom_command(OUTPUT ${to}/${file} COMMAND ${CMAKE_COMMAND} -E copy ${from}/${file} ${to}/${file}
      DEPENDS ${from}/${file})
    list(APPEND copied ${to}/${file})
  endforeach()
  add_custom_target(${target} ALL DEPENDS ${copied})
endfunction()
