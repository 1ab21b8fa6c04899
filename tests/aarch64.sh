#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The kernels and the vectors of the specification on AArch64, with each of its instruction sets, on any Linux machine:
# builds the core and tests/native with a cross compiler, and runs them in an emulator.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH" # where `make` puts CMake

missing=
for needed in cmake:cmake aarch64-linux-gnu-g++:g++-aarch64-linux-gnu aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu \
    qemu-aarch64:qemu-user; do
    command -v "${needed%%:*}" >/dev/null || missing="$missing ${needed##*:}"
done
if [ -n "$missing" ]; then
    echo "system packages are missing: apt install$missing" >&2
    exit 1
fi

build=build/aarch64
cmake -S . -B $build -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
    -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ \
    -DCMAKE_EXE_LINKER_FLAGS=-static -DCMAKE_BUILD_TYPE=Release -DISOPIX_TESTS=ON >/dev/null
cmake --build $build --parallel
qemu-aarch64 $build/tests/native/kernels | sed -u 's/^/aarch64 /'
python3 tests/native_vectors.py --emulator qemu-aarch64 $build/tests/native/vectors | sed -u 's/^/aarch64 /'
