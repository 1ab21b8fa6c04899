#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the npm package in js/dist: the core as WebAssembly, once with SIMD and once without, and what is around it.
# With the same compiler the result is the same bytes in every folder. It installs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH" # where `make` puts CMake

missing=
need() { command -v "$1" >/dev/null || missing="$missing $2"; }
need clang++-19 clang-19
need wasm-ld-19 lld-19
need wasm-opt binaryen
need zopfli zopfli
need node nodejs
need cmake cmake
for package in wasi-libc libc++-19-dev-wasm32 libc++abi-19-dev-wasm32 libclang-rt-19-dev-wasm32; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
test -z "$missing" || { echo "the package for JavaScript needs system packages that are missing: apt install$missing" >&2; exit 1; }

dist=js/dist
build=build/js
compiler=$(command -v clang++-19)
rm -rf $dist
mkdir -p $dist $build
for kind in scalar simd; do
    flags="-fno-exceptions -fno-rtti -ffunction-sections -fdata-sections -ffile-prefix-map=\"$PWD\"=."
    features="--enable-sign-ext --enable-mutable-globals --enable-bulk-memory --enable-nontrapping-float-to-int"
    case $kind in simd) flags="$flags -msimd128" features="$features --enable-simd" ;; esac
    # CMake forgets options where the compiler is another than before, such as one behind ccache.
    grep -qs "^CMAKE_CXX_COMPILER:.*=$compiler\$" $build/$kind/CMakeCache.txt || rm -rf ${build:?}/$kind
    cmake -S js/module -B $build/$kind -DCMAKE_BUILD_TYPE=Release -DCMAKE_SYSTEM_NAME=Generic \
        "-DCMAKE_CXX_COMPILER=$compiler" -DCMAKE_CXX_COMPILER_TARGET=wasm32-wasi \
        "-DCMAKE_CXX_FLAGS=$flags" "-DCMAKE_CXX_FLAGS_RELEASE=-Oz -DNDEBUG" >$build/log 2>&1 &&
        cmake --build $build/$kind --parallel "$(nproc)" --target pixels peers readers >>$build/log 2>&1 ||
        { tail -20 $build/log >&2 && exit 1; }
    for module in pixels peers readers; do
        # shellcheck disable=SC2086
        wasm-opt -Oz --converge $features $build/$kind/$module -o $build/$module-$kind.wasm
        zopfli $build/$module-$kind.wasm
    done
done
cp js/src/*.js js/src/*.d.ts js/README.md LICENSE $dist
node js/pack.mjs $build $dist
