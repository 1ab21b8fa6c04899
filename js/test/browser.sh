#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The tests of the npm package and of its page in Chromium, without a window.
set -euo pipefail
cd "$(dirname "$0")/../.."

command -v chromium >/dev/null || { echo "the tests need system packages that are missing: apt install chromium" >&2; exit 1; }
PYTHONPATH=. .venv/bin/python js/test/cases.py build/js
chromium --version 2>/dev/null
js/test/node_modules/node-current/bin/node --test js/test/browser/*.test.mjs >build/js/browser.txt ||
    { grep -vE '^ *(---|\.\.\.)|duration_ms' build/js/browser.txt >&2 && exit 1; }
grep -E 'sha256:' build/js/browser.txt
grep -E '^(#|ℹ) (pass|skipped)' build/js/browser.txt
