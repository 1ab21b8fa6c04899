# SPDX-License-Identifier: MIT
"""Which known functions turn one array into another."""
