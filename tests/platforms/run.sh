#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# One digest on every platform: builds runner.cpp and the core for each, with Debian's compilers, runs it, in an emulator
# where this machine is another one, and compares its output with the reference's (cases.py).
#
#     tests/platforms/run.sh [NAME…]    some platforms, or all (then the table of docs/platforms.md is written anew)
#
# What a platform needs is installed (as root, on Debian), and what cannot be had is a failure. It exits with 1 where any
# platform fails. On a Debian machine of x86-64.
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH="$PWD/.venv/bin:$PATH" # where `make` puts CMake

random_cases=1000
here=tests/platforms
out=build/platforms
all="gcc-O0 gcc-O2 gcc-O3-native gcc-Ofast clang-O0 clang-O2 clang-O3-native clang-Ofast westmere-O0 westmere-O2 haswell
    i686 aarch64 cortex-a53 armhf s390x ppc64le riscv64 powerpc windows wasm wasm-node wasm-simd wasm-simd-node"

# The instruction sets of this CPU that there are kernels for.
native_isas() {
    local flag isas="plain scalar"
    grep -qw avx2 /proc/cpuinfo && isas="$isas avx2"
    for flag in avx2 avx512f avx512bw avx512dq avx512vl; do
        grep -qw $flag /proc/cpuinfo || { echo "$isas" && return; }
    done
    isas="$isas avx512"
    for flag in avx512vbmi avx512_vnni; do
        grep -qw $flag /proc/cpuinfo || { echo "$isas" && return; }
    done
    echo "$isas avx512vnni"
}

# Says what a platform is, in these variables.
describe() {
    build=$1            # the folder in $out where it is built
    packages=           # Debian's
    prefix= cxx=        # of the cross compiler; the C++ compiler
    flags=-O2           # the optimisation
    options=()          # of CMake
    launch=             # what runs the program
    ran="this CPU"      # that, in words
    isas="plain scalar" # the sets that have to be in use
    programs=runner
    case $1 in
    gcc-* | clang-*)
        flags=-${1#*-}
        flags=${flags/-native/ -march=native}
        isas=$(native_isas)
        case $1 in
        gcc-*) cxx=g++ packages=g++ ;;
        clang-*) cxx=clang++-19 packages="clang-19 g++" ;;
        esac
        ;;
    westmere-* | haswell)
        describe gcc-O2
        case $1 in
        westmere-O0) describe gcc-O0 ;;
        esac
        packages="$packages qemu-user"
        case $1 in
        westmere-*) launch="qemu-x86_64 -cpu Westmere" ran="QEMU's Westmere: without AVX2" isas="plain scalar" ;;
        haswell) launch="qemu-x86_64 -cpu Haswell" ran="QEMU's Haswell: AVX2" isas="plain scalar avx2" ;;
        esac
        ;;
    i686) prefix=i686-linux-gnu packages=g++-i686-linux-gnu isas=$(native_isas) programs="address_space runner" ;;
    aarch64)
        prefix=aarch64-linux-gnu launch="qemu-aarch64 -cpu max" isas="plain scalar neon neondot"
        programs="kernels engines windowed runner"
        ;;
    cortex-a53)
        describe aarch64
        launch="qemu-aarch64 -cpu cortex-a53" ran="QEMU's Cortex-A53: without dot products" isas="plain scalar neon"
        ;;
    armhf) prefix=arm-linux-gnueabihf launch=qemu-arm ;;
    s390x) prefix=s390x-linux-gnu launch=qemu-s390x programs="kernels engines windowed runner" ;;
    ppc64le) prefix=powerpc64le-linux-gnu launch=qemu-ppc64le ;;
    riscv64) prefix=riscv64-linux-gnu launch=qemu-riscv64 ;;
    powerpc) prefix=powerpc-linux-gnu launch=qemu-ppc ;;
    windows)
        cxx=x86_64-w64-mingw32-g++-posix
        packages="g++-mingw-w64-x86-64-posix wine wine64"
        options=(-DCMAKE_SYSTEM_NAME=Windows -DCMAKE_SYSTEM_PROCESSOR=x86_64)
        launch="env WINEDEBUG=-all WINEPREFIX=$PWD/$out/wine wine" ran="Wine, this CPU"
        isas=$(native_isas)
        ;;
    wasm*)
        build=${1%-node}
        cxx=clang++-19
        packages="clang-19 lld-19 wasi-libc libc++-19-dev-wasm32 libc++abi-19-dev-wasm32 libclang-rt-19-dev-wasm32"
        flags="-O2 -fno-exceptions"
        options=(-DCMAKE_SYSTEM_NAME=Generic -DCMAKE_CXX_COMPILER_TARGET=wasm32-wasi
            -DCMAKE_C_COMPILER_TARGET=wasm32-wasi -DCMAKE_EXECUTABLE_SUFFIX=.wasm)
        case $1 in *simd*)
            flags="$flags -msimd128" isas="plain scalar simd128" programs="kernels engines windowed runner"
            ;;
        esac
        case $1 in
        *-node) launch="node --no-warnings $here/wasi.mjs" ran="Node.js" packages="$packages nodejs" ;;
        *) launch="$out/wasmtime/bin/python $here/wasi.py" ran="Wasmtime" ;;
        esac
        ;;
    *)
        echo "run.sh: no platform $1; there are" $all >&2
        exit 2
        ;;
    esac
    if [ -n "$prefix" ]; then
        cxx=$prefix-g++
        packages=g++-$prefix
        options=(-DCMAKE_SYSTEM_NAME=Linux "-DCMAKE_SYSTEM_PROCESSOR=${prefix%%-*}")
        if [ -n "$launch" ]; then
            packages="$packages qemu-user"
            ran=${ran/this CPU/QEMU}
        fi
    fi
}

install_packages() {
    local name missing=
    for name in "$@"; do
        describe "$name"
        for package in $packages cmake; do
            dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
        done
    done
    command -v cmake >/dev/null && missing=${missing// cmake/}
    if [ -n "$missing" ]; then
        echo "installs$missing" | tr ' ' '\n' | sort -u | tr '\n' ' ' >&2
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    fi
    case " $* " in
    *" wasm "* | *" wasm-simd "*)
        [ -d $out/wasmtime ] || python3 -m venv $out/wasmtime
        $out/wasmtime/bin/pip install --quiet --disable-pip-version-check wasmtime
        ;;
    esac
}

# Builds a platform's programs in $out/$build.
compile() {
    local log=$out/results/$1/build.log
    describe "$1"
    mkdir -p "$out/results/$1"
    rm -f "$out/results/$1/row.md"
    if ! compile_in_build >"$log" 2>&1; then
        tail -20 "$log" >&2
        echo "$1: cannot be built; see $log" >&2
        return 1
    fi
}

compile_in_build() {
    # CMake forgets options where the compiler is another than before, such as one behind ccache.
    grep -qs "^CMAKE_CXX_COMPILER:.*=$(command -v "$cxx")\$" "$out/$build/CMakeCache.txt" || rm -rf "${out:?}/$build"
    cmake -S . -B "$out/$build" "${options[@]}" -DCMAKE_BUILD_TYPE=Release -DISOPIXEL_TESTS=ON \
        "-DCMAKE_CXX_COMPILER=$cxx" "-DCMAKE_C_COMPILER=$(sed 's/clang++/clang/; s/g++/gcc/' <<<"$cxx")" \
        "-DCMAKE_CXX_FLAGS_RELEASE=$flags" -DCMAKE_EXE_LINKER_FLAGS=-static &&
        # shellcheck disable=SC2086
        cmake --build "$out/$build" --parallel "$(nproc)" --target $programs
}

# Runs one platform; writes its row of the table, if it is as it has to be.
run() {
    local name=$1 program said digest seconds=$SECONDS
    local folder=$out/results/$name
    describe "$name"
    for program in ${programs%runner}; do
        if ! $launch "$out/$build/tests/native/$program" >"$folder/$program.txt"; then
            tail -5 "$folder/$program.txt" >&2
            echo "$name: the $program differ" >&2
            return 1
        fi
    done
    program=$(ls "$out/$build/tests/platforms/"runner{,.exe,.wasm} 2>/dev/null)
    if ! env -u ISOPIXEL_ISA $launch "$program" $out/cases.txt $random_cases 2>"$folder/said.txt" |
        tr -d '\r' >"$folder/output.txt"; then
        cat "$folder/said.txt" >&2
        echo "$name: failed" >&2
        return 1
    fi
    if ! cmp -s $out/reference.txt "$folder/output.txt"; then
        diff $out/reference.txt "$folder/output.txt" | head -3 >&2 || true
        echo "$name: differs from the reference" >&2
        return 1
    fi
    said=$(tail -1 "$folder/said.txt" | tr -d '\r')
    if [ "${said%% passed*}" != "$isas" ]; then
        echo "$name: the instruction sets are ${said%% passed*}, not $isas" >&2
        return 1
    fi
    digest=$(tail -1 "$folder/output.txt")
    echo "| $name | ${said##*built by }, \`$flags\` | $ran | ${isas// /, } | \`${digest:14:16}\` |" >"$folder/row.md"
    echo "$name: ${digest#digest } ($isas; $((SECONDS - seconds)) s)"
}

mkdir -p $out
names=("$@")
[ $# -gt 0 ] || read -ra names <<<"${all//$'\n'/ }"
install_packages "${names[@]}"
python3 -m tests.platforms.cases write $out/cases.txt
python3 -m tests.platforms.cases reference $out/cases.txt $random_cases >$out/reference.txt &
reference=$!
built=
for name in "${names[@]}"; do
    compile "$name" && built="$built $name"
done
wait $reference
echo "reference: $(tail -1 $out/reference.txt | cut -d ' ' -f 2)"
# An emulator uses one core: as many at a time as there are.
for name in $built; do
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
        wait -n || true
    done
    run "$name" || true & # (a row that is missing is the failure)
done
wait
cat >$out/table.md <<'END'
| platform | compiler | run by | instruction sets | digest begins |
|---|---|---|---|---|
END
failed=
for name in "${names[@]}"; do
    cat "$out/results/$name/row.md" >>$out/table.md 2>/dev/null || failed="$failed $name"
done
if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
if [ $# -eq 0 ]; then
    python3 - $out/table.md docs/platforms.md <<'END'
import re, sys
from pathlib import Path
table, page = map(Path, sys.argv[1:])
text = page.read_text(encoding="utf-8")
page.write_text(re.sub(r"(?s)(?<=<!-- table -->\n).*(?=<!-- end -->)", lambda _: table.read_text(), text), encoding="utf-8")
END
fi
echo "one digest on ${#names[@]} platforms"
