# find_package(backlot [COMPONENTS sdk client …]): a component is a room, and a target backlot::<room>.
include(CMakeFindDependencyMacro)

# Each program that made a run is kept with it: let it be a small one, unless another build was asked for.
get_property(backlot_builds_many_types GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(NOT CMAKE_BUILD_TYPE AND NOT backlot_builds_many_types)
  if(NOT backlot_FIND_QUIETLY)
    message(STATUS "backlot: CMAKE_BUILD_TYPE is not set, so it is Release")
  endif()
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()

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
