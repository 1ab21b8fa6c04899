# SPDX-License-Identifier: MIT
"""Which known functions turn one array into another."""

from isopixel._explain.operation import Explained, Explanation, Operation
from isopixel._explain.search import explain

__all__ = ["Explained", "Explanation", "Operation", "explain"]
