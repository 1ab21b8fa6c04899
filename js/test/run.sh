#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The tests of the npm package that js/build.sh built, in two Node.js, which npm brings (package.json beside this).
set -euo pipefail
cd "$(dirname "$0")/../.."

command -v npm >/dev/null || { echo "the tests need system packages that are missing: apt install npm" >&2; exit 1; }
npm --prefix js/test ci --silent
PYTHONPATH=. .venv/bin/python js/test/cases.py build/js
for version in node-18 node-current; do
    node=js/test/node_modules/$version/bin/node
    echo "Node.js $($node --version)"
    # The scalar module first, whose only tests are the vectors.
    ISOPIXEL_JS=scalar "$node" --test js/test/vectors.test.mjs >build/js/tests.txt &&
        "$node" --test js/test/*.test.mjs >>build/js/tests.txt ||
        { grep -vE '^ *(---|\.\.\.)|duration_ms' build/js/tests.txt >&2 && exit 1; }
    grep -E 'sha256:| bytes$' build/js/tests.txt
    grep -E '^(#|ℹ) (pass|skipped)' build/js/tests.txt
done
