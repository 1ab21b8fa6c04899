# SPDX-License-Identifier: MIT
"""Showing: traces and how they part, as text, Markdown and a report."""
