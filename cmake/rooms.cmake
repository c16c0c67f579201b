# backlot_room(<name> [LINKS <target>...] [FOLDERS <folder>...] [OPTIMISED_TESTS <file>...]): a folder of backlot/, with
# FOLDERS below it, becomes the static library backlot::<name>. Every *.cpp in it is built; *_test.cpp become <name>_test,
# *_fuzz.cpp one fuzzer each. Unit tests are run once, with sanitizers: builds with BACKLOT_UNIT_TESTS=OFF make them only when asked for by name.
# OPTIMISED_TESTS: of code that is another one with sanitizers; they are run without, too.
add_library(backlot_options INTERFACE)
target_compile_options(backlot_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Werror -fno-omit-frame-pointer)
if(BACKLOT_SANITIZE)
  # With sanitizers g++ 12 takes its own std::regex and std::function for uninitialized.
  target_compile_options(backlot_options INTERFACE -fsanitize=${BACKLOT_SANITIZE} -fno-sanitize-recover=all
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(backlot_options INTERFACE -fsanitize=${BACKLOT_SANITIZE})
endif()
if(BACKLOT_FUZZ)
  target_compile_options(backlot_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# backlot_test(<target>): a program of GoogleTest's. Its files are compiled several at a time, for most of what they cost is
# the headers and templates they share: names in their anonymous namespaces must differ within a folder.
function(backlot_test target)
  target_link_libraries(${target} PRIVATE backlot_options GTest::gtest_main)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
endfunction()

# backlot_unit_test(<target> <room> <file>...)
function(backlot_unit_test target room)
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE backlot_${room})
  backlot_test(${target})
  target_compile_options(${target} PRIVATE -O0)  # templates instantiated for one call each: half the time to build
endfunction()

# backlot_rooms_below(<result> <room> <target>...): the room and all it is built on, through the targets it links. For
# each the target tests_of_<room> builds the unit tests of all that is built on it; their label names the rooms, with commas.
function(backlot_rooms_below result name)
  set(below ${name})
  foreach(target ${ARGN})
    get_property(more GLOBAL PROPERTY BACKLOT_BELOW_${target})
    list(APPEND below ${more})
  endforeach()
  list(REMOVE_DUPLICATES below)
  set_property(GLOBAL PROPERTY BACKLOT_BELOW_backlot_${name} ${below})
  add_custom_target(tests_of_${name})
  set(${result} ${below} PARENT_SCOPE)
endfunction()

function(backlot_room name)
  cmake_parse_arguments(ROOM "" "" "LINKS;FOLDERS;OPTIMISED_TESTS" ${ARGN})
  list(TRANSFORM ROOM_FOLDERS APPEND "/*.cpp")
  file(GLOB sources CONFIGURE_DEPENDS *.cpp ${ROOM_FOLDERS})
  set(tests ${sources})
  set(fuzzers ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")

  add_library(backlot_${name} STATIC ${sources})
  add_library(backlot::${name} ALIAS backlot_${name})
  set_target_properties(backlot_${name} PROPERTIES LINKER_LANGUAGE CXX EXPORT_NAME ${name})
  target_include_directories(backlot_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include>)
  target_compile_features(backlot_${name} PUBLIC cxx_std_20)
  if(BACKLOT_SANITIZE AND NOT BACKLOT_FUZZ)  # what they add to every header and template is half of the time to build
    set_target_properties(backlot_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
  endif()
  target_link_libraries(backlot_${name} PUBLIC ${ROOM_LINKS} PRIVATE $<BUILD_INTERFACE:backlot_options>)
  set_property(GLOBAL APPEND PROPERTY BACKLOT_ROOMS backlot_${name})

  backlot_rooms_below(below ${name} ${ROOM_LINKS})
  if(BACKLOT_TESTS AND tests)
    backlot_unit_test(${name}_test ${name} ${tests})
    if(BACKLOT_UNIT_TESTS)
      list(JOIN below "," label)
      gtest_discover_tests(${name}_test TEST_PREFIX "${name}." NO_PRETTY_VALUES
        PROPERTIES TIMEOUT 120 LABELS ",${label}," DISCOVERY_TIMEOUT 60)
      foreach(room ${below})
        add_dependencies(tests_of_${room} ${name}_test)
      endforeach()
    else()
      set_target_properties(${name}_test PROPERTIES EXCLUDE_FROM_ALL ON)
    endif()
  endif()
  if(BACKLOT_TESTS AND ROOM_OPTIMISED_TESTS AND NOT BACKLOT_SANITIZE)
    backlot_unit_test(${name}_optimised_test ${name} ${ROOM_OPTIMISED_TESTS})
    gtest_discover_tests(${name}_optimised_test TEST_PREFIX "${name}.optimised." NO_PRETTY_VALUES
      PROPERTIES TIMEOUT 120 DISCOVERY_TIMEOUT 60)
  endif()
  if(BACKLOT_FUZZ)
    foreach(file ${fuzzers})
      get_filename_component(fuzzer ${file} NAME_WE)
      add_executable(${fuzzer} ${file})
      target_link_libraries(${fuzzer} PRIVATE backlot_${name} backlot_options)
      target_link_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
    endforeach()
  endif()
endfunction()
