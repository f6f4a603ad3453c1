# burrow_library(NAME DEPENDS ...): the library of compiler/NAME. A folder sees its own headers, the headers of the
# layers that it names, and nothing else: each library exports an include root of its own that holds only its folder,
# so that including a higher layer does not compile.
#
# LLVM and LLD are pseudo dependencies: they add LLVM's headers and libraries to that folder alone.
find_program(BURROW_LLVM_CONFIG NAMES llvm-config-22 REQUIRED)
execute_process(COMMAND ${BURROW_LLVM_CONFIG} --includedir OUTPUT_VARIABLE BURROW_LLVM_INCLUDE
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${BURROW_LLVM_CONFIG} --libdir OUTPUT_VARIABLE BURROW_LLVM_LIBDIR
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

function(burrow_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  set(dir ${CMAKE_SOURCE_DIR}/compiler/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/*.cpp)
  # An include root with one link in it, `name`, that leads to the folder.
  set(root ${CMAKE_BINARY_DIR}/include_roots/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${dir} ${root}/${name} SYMBOLIC)
  set(llvm OFF)
  set(deps)
  foreach(dep IN LISTS ARG_DEPENDS)
    if(dep STREQUAL "LLVM" OR dep STREQUAL "LLD")
      set(llvm ON)
      if(dep STREQUAL "LLD")
        list(APPEND deps ${BURROW_LLVM_LIBDIR}/liblldELF.a ${BURROW_LLVM_LIBDIR}/liblldCommon.a
             ${BURROW_LLVM_LIBDIR}/libLLVM-22.so z zstd)
      else()
        list(APPEND deps ${BURROW_LLVM_LIBDIR}/libLLVM-22.so)
      endif()
    else()
      list(APPEND deps ${dep})
    endif()
  endforeach()
  if(sources)
    add_library(burrow_${name} STATIC ${sources})
    set(scope PUBLIC)
    target_compile_options(burrow_${name} PRIVATE -Wall -Wextra -Wno-unused-parameter -fno-exceptions -fno-rtti)
    if(llvm)
      target_include_directories(burrow_${name} SYSTEM PRIVATE ${BURROW_LLVM_INCLUDE})
    endif()
  else()
    add_library(burrow_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  # runtime/abi holds the layouts and names that compiler and runtime share; it belongs to no layer.
  set(abi ${CMAKE_BINARY_DIR}/include_roots/abi)
  file(MAKE_DIRECTORY ${abi})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/runtime/abi ${abi}/abi SYMBOLIC)
  target_include_directories(burrow_${name} ${scope} ${root} ${abi})
  target_link_libraries(burrow_${name} ${scope} ${deps})
endfunction()
