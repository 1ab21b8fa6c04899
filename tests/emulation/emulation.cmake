# The kernels for AVX-512 on any x86 processor: its instructions are emulated by SIMDe. For -DCMAKE_PROJECT_INCLUDE=…
cmake_language(DEFER CALL emulate)
function(emulate)
  set(folder ${PROJECT_SOURCE_DIR}/tests/emulation)
  set_source_files_properties(src/kernels/avx512.cpp src/kernels/avx512vnni.cpp PROPERTIES
    COMPILE_OPTIONS "-mavx2;-Wno-psabi;-isystem;${folder}" OBJECT_DEPENDS ${folder}/immintrin.h)
  # In place of the file that asks the processor.
  get_target_property(sources isopixel SOURCES)
  list(TRANSFORM sources REPLACE "^src/kernels/cpu.cpp$" "${folder}/cpu.cpp")
  set_target_properties(isopixel PROPERTIES SOURCES "${sources}")
endfunction()
