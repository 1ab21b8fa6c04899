# SPDX-License-Identifier: MIT
"""Comparing: where two traces part, and why."""
