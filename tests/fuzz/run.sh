#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Fuzzes the C interface for some seconds (60, or as many as are given) on each core, from the corpus. What it finds it
# leaves in build/fuzz/found, and ends with an error; `build/fuzz/fuzz FILE` runs one again.
# `run.sh SECONDS merge` then adds to the corpus what reaches new code, the shortest inputs alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH="$PWD/.venv/bin:$PATH" # where `make` puts CMake
seconds=${1:-60}

command -v clang++-19 >/dev/null && test -e "$(clang++-19 -print-file-name=libclang_rt.fuzzer-x86_64.a)" || {
    echo "system packages are missing: apt install clang-19 libclang-rt-19-dev" >&2
    exit 1
}
build=build/fuzz
cmake -S tests/fuzz -B $build -DCMAKE_CXX_COMPILER=clang++-19 >/dev/null
cmake --build $build --parallel "$(nproc)"
mkdir -p $build/grown $build/found
# (Of itself, a fork would go on after a hang or a memory that grows, and end without an error.)
$build/fuzz -fork="$(nproc)" -ignore_crashes=0 -ignore_timeouts=0 -ignore_ooms=0 -max_total_time="$seconds" \
    -dict=tests/fuzz/dictionary.txt -max_len=500 -len_control=0 -timeout=60 -rss_limit_mb=2048 \
    -artifact_prefix=$build/found/ $build/grown tests/fuzz/corpus 2>&1 |
    tee $build/log | grep -E "^#|ERROR|property|SUMMARY|Test unit" | tail -n 40
if [ "${2:-}" = merge ]; then
    rm -rf $build/merged && mkdir $build/merged
    $build/fuzz -set_cover_merge=1 -use_counters=0 -max_len=500 $build/merged tests/fuzz/corpus $build/grown
    rm -f tests/fuzz/corpus/*
    cp $build/merged/* tests/fuzz/corpus/
fi
