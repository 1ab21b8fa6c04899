# SPDX-License-Identifier: MIT
"""Pipelines that are equal, or part at a known step by a known cause: what `trace diff` and `explain` are measured by.

They are written as users write them. What is expected follows from what they do, never from what the tools print.
"""
