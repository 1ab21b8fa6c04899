# For C and C++ hosts: the shared library beside the static one, and what find_package and pkg-config need.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
set(libraries isopixel)

get_property(has_shared_libraries GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS)
if(has_shared_libraries)
  add_library(isopixel_shared SHARED $<TARGET_OBJECTS:isopixel>)
  add_library(isopixel::isopixel_shared ALIAS isopixel_shared)
  list(APPEND libraries isopixel_shared)
  target_include_directories(isopixel_shared INTERFACE $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>)
  if(Threads_FOUND)
    target_link_libraries(isopixel_shared PRIVATE Threads::Threads)
  endif()
  # SOVERSION is the number of the interface in src/isopixel.map.
  set_target_properties(isopixel_shared PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION 0)
  if(NOT MSVC)
    set_target_properties(isopixel_shared PROPERTIES OUTPUT_NAME isopixel)
  endif()

  # The functions of the interface are all that is seen.
  set(map ${PROJECT_SOURCE_DIR}/src/isopixel.map)
  set_target_properties(isopixel_shared PROPERTIES LINK_DEPENDS ${map})
  if(WIN32)
    file(STRINGS ${map} names REGEX "^ *isopixel_")
    list(TRANSFORM names REPLACE ";" "")
    list(JOIN names "\n" names)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/isopixel.def "EXPORTS\n${names}\n")
    target_sources(isopixel_shared PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/isopixel.def)
  elseif(APPLE)
    target_link_options(isopixel_shared PRIVATE "LINKER:-exported_symbol,_isopixel_*")
  else()
    target_link_options(isopixel_shared PRIVATE "LINKER:--version-script=${map}")
  endif()
endif()

install(TARGETS ${libraries} EXPORT isopixel INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES include/isopixel.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/isopixel)
install(EXPORT isopixel FILE isopixelTargets.cmake NAMESPACE isopixel:: DESTINATION ${package})
configure_package_config_file(cmake/isopixelConfig.cmake.in isopixelConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(isopixelConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/isopixelConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/isopixelConfigVersion.cmake
        DESTINATION ${package})

# From the folder of isopixel.pc to others of the installation, which may be moved.
set(pkgconfig ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH prefix ${pkgconfig} ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH includedir ${pkgconfig} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
# What a C linker has to be told of the C++ library.
set(private_libraries ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
list(FILTER private_libraries INCLUDE REGEX "^(stdc\\+\\+|c\\+\\+|c\\+\\+abi|m)$")
list(REMOVE_DUPLICATES private_libraries)
target_link_libraries(isopixel INTERFACE "$<INSTALL_INTERFACE:${private_libraries}>")
list(TRANSFORM private_libraries PREPEND "-l")
list(JOIN private_libraries " " private_libraries)
configure_file(cmake/isopixel.pc.in isopixel.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/isopixel.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
