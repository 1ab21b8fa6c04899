# SPDX-License-Identifier: MIT
"""Recording: what the libraries of a process do to images, written down."""
