# SPDX-License-Identifier: MIT
"""What it costs to feed a model inputs that are made differently from those that it was trained on."""

from isopixel._skew.cost import Cost, Served, Skew, measure
from isopixel._skew.files import Files, find_files
from isopixel._skew.model import Model, load_model
from isopixel._skew.way import Way
from isopixel._skew.ways import missing_ways, ways_of

__all__ = [
    "Cost",
    "Files",
    "Model",
    "Served",
    "Skew",
    "Way",
    "find_files",
    "load_model",
    "measure",
    "missing_ways",
    "ways_of",
]
