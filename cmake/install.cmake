# For C and C++ hosts: the shared library beside the static one, and what find_package and pkg-config need.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
set(libraries isopix)

get_property(has_shared_libraries GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS)
if(has_shared_libraries)
  add_library(isopix_shared SHARED $<TARGET_OBJECTS:isopix>)
  add_library(isopix::isopix_shared ALIAS isopix_shared)
  list(APPEND libraries isopix_shared)
  target_include_directories(isopix_shared INTERFACE $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/csrc>)
  if(Threads_FOUND)
    target_link_libraries(isopix_shared PRIVATE Threads::Threads)
  endif()
  # SOVERSION is the number of the interface in csrc/isopix.map.
  set_target_properties(isopix_shared PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION 0)
  if(NOT MSVC)
    set_target_properties(isopix_shared PROPERTIES OUTPUT_NAME isopix)
  endif()

  # The functions of the interface are all that is seen.
  set(map ${PROJECT_SOURCE_DIR}/csrc/isopix.map)
  set_target_properties(isopix_shared PROPERTIES LINK_DEPENDS ${map})
  if(WIN32)
    file(STRINGS ${map} names REGEX "^ *isopix_")
    list(TRANSFORM names REPLACE ";" "")
    list(JOIN names "\n" names)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/isopix.def "EXPORTS\n${names}\n")
    target_sources(isopix_shared PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/isopix.def)
  elseif(APPLE)
    target_link_options(isopix_shared PRIVATE "LINKER:-exported_symbol,_isopix_*")
  else()
    target_link_options(isopix_shared PRIVATE "LINKER:--version-script=${map}")
  endif()
endif()

install(TARGETS ${libraries} EXPORT isopix INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES csrc/isopix.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/isopix)
install(EXPORT isopix FILE isopixTargets.cmake NAMESPACE isopix:: DESTINATION ${package})
configure_package_config_file(cmake/isopixConfig.cmake.in isopixConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(isopixConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/isopixConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/isopixConfigVersion.cmake
        DESTINATION ${package})

# From the folder of isopix.pc to others of the installation, which may be moved.
set(pkgconfig ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH prefix ${pkgconfig} ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH includedir ${pkgconfig} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
# What a C linker has to be told of the C++ library.
set(private_libraries ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
list(FILTER private_libraries INCLUDE REGEX "^(stdc\\+\\+|c\\+\\+|c\\+\\+abi|m)$")
list(REMOVE_DUPLICATES private_libraries)
target_link_libraries(isopix INTERFACE "$<INSTALL_INTERFACE:${private_libraries}>")
list(TRANSFORM private_libraries PREPEND "-l")
list(JOIN private_libraries " " private_libraries)
configure_file(cmake/isopix.pc.in isopix.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/isopix.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
