#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Fuzzes the C interface on each core, from the corpus and the seeds of seeds.py:
#
#     tests/fuzz/run.sh SECONDS          with the sanitizers of addresses and of undefined behaviour
#     tests/fuzz/run.sh SECONDS memory   with that of memory, which finds what is read before it is written
#     tests/fuzz/run.sh SECONDS 32       for a host of 32 bits, i686, which this machine has to be able to run
#     tests/fuzz/run.sh SECONDS merge    as the first; then adds to the corpus what reaches new code, the shortest alone
#
# What it finds it leaves in build/fuzz/found (or build/fuzz-memory, build/fuzz-32), and ends with an error;
# `build/fuzz/fuzz FILE` runs one again.
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH="$PWD/.venv/bin:$PATH" # where `make` puts CMake and Python
seconds=${1:-60} how=${2:-}
longest=1000
build=build/fuzz
options=()
needed=$(clang++-19 -print-file-name=libclang_rt.fuzzer-x86_64.a 2>/dev/null || true)
packages="clang-19 libclang-rt-19-dev"
case $how in
memory) build=build/fuzz-memory options=(-DSANITIZERS=memory) ;;
32)
    build=build/fuzz-32
    libraries=/usr/i686-linux-gnu/lib
    options=(-DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=i686 -DCMAKE_CXX_COMPILER_TARGET=i686-linux-gnu
        "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--dynamic-linker=$libraries/ld-linux.so.2,-rpath,$libraries")
    needed=$libraries/libstdc++.so.6
    packages="$packages g++-i686-linux-gnu"
    ;;
esac
test -e "$needed" || {
    echo "system packages are missing: apt install $packages" >&2
    exit 1
}
cmake -S tests/fuzz -B $build -DCMAKE_CXX_COMPILER=clang++-19 "${options[@]}" >/dev/null
cmake --build $build --parallel "$(nproc)"
mkdir -p $build/grown $build/found
python -m tests.fuzz.seeds $build/seeds $longest
# (Of itself, a fork would go on after a hang or a memory that grows, and end without an error.)
$build/fuzz -fork="$(nproc)" -ignore_crashes=0 -ignore_timeouts=0 -ignore_ooms=0 -max_total_time="$seconds" \
    -dict=tests/fuzz/dictionary.txt -max_len=$longest -len_control=0 -timeout=60 -rss_limit_mb=2048 \
    -artifact_prefix=$build/found/ $build/grown tests/fuzz/corpus $build/seeds 2>&1 |
    tee $build/log | grep -E "^#|ERROR|property|SUMMARY|Test unit" | tail -n 40
if [ "$how" = merge ]; then
    rm -rf $build/merged && mkdir $build/merged
    $build/fuzz -set_cover_merge=1 -use_counters=0 -max_len=$longest $build/merged tests/fuzz/corpus $build/grown \
        $build/seeds
    rm -f tests/fuzz/corpus/*
    cp $build/merged/* tests/fuzz/corpus/
fi
