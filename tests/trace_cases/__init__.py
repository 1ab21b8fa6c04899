# SPDX-License-Identifier: MIT
"""Pipelines that are equal or part at a known step by a known cause, as users write them, to measure `trace diff` and
`explain` by. What is expected follows from what the pipelines do, never from what the tools print.
"""
