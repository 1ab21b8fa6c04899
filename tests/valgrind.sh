#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The vectors of the specification in Valgrind's memcheck, with each instruction set
# that it knows (it has no AVX-512): reads of memory that nobody has set, which no sanitizer of GCC finds.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH" # where `make` puts CMake

command -v valgrind >/dev/null || {
    echo "system packages are missing: apt install valgrind" >&2
    exit 1
}
build=build/valgrind
cmake -S . -B $build -DCMAKE_BUILD_TYPE=RelWithDebInfo -DISOPIXEL_TESTS=ON >/dev/null
cmake --build $build --parallel "$(nproc)" --target runner
python3 -m tests.platforms.cases write $build/cases.txt
valgrind --quiet --error-exitcode=9 --leak-check=full --track-origins=yes \
    $build/tests/platforms/runner $build/cases.txt >$build/output.txt
