#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the npm package from the same sources in another folder, and compares every file.
set -euo pipefail
cd "$(dirname "$0")/../.."

other=$(mktemp -d)
trap 'rm -rf "$other"' EXIT
mkdir "$other/somewhere else"
cp -r CMakeLists.txt LICENSE cmake include js pyproject.toml src "$other/somewhere else"
rm -rf "$other/somewhere else/js/dist"
CCACHE_DISABLE=1 PATH="$PWD/.venv/bin:$PATH" "$other/somewhere else/js/build.sh" >/dev/null
diff -r js/dist "$other/somewhere else/js/dist"
echo "the same bytes"
