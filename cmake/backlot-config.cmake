# find_package(backlot [COMPONENTS sdk client …]): a component is a room, and a target backlot::<room>.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/libraries.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/backlot_rooms.cmake)

foreach(room ${backlot_FIND_COMPONENTS})
  if(TARGET backlot::${room})
    set(backlot_${room}_FOUND TRUE)
  elseif(backlot_FIND_REQUIRED_${room})
    set(backlot_FOUND FALSE)
    set(backlot_NOT_FOUND_MESSAGE "backlot has no room \"${room}\"")
  endif()
endforeach()
