#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What tests/platforms/run.sh does, on a machine that is not Debian's: the core's output beside the reference's.
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/digest
cases=1000

cmake -S . -B $out -DCMAKE_BUILD_TYPE=Release -DISOPIXEL_TESTS=ON
cmake --build $out --config Release --parallel --target runner
runner=$(find $out/tests/platforms -type f \( -name runner -o -name runner.exe \))
python -m tests.platforms.cases write $out/cases.txt
python -m tests.platforms.cases reference $out/cases.txt $cases | tr -d '\r' >$out/reference.txt
"$runner" $out/cases.txt $cases | tr -d '\r' >$out/output.txt
cmp $out/reference.txt $out/output.txt
tail -1 $out/output.txt
