# SPDX-License-Identifier: MIT
"""Imports torchvision's Python beside a torch that its compiled operators were not built for.

The index's torchvision is built with CUDA, and on a torch for the CPU alone its operators do not load. No transform
calls one of them, but importing torchvision registers things about them: they are declared here, each as it is missed.
"""

import importlib
import re
import sys

import torch

MISSING = re.compile(r"operator torchvision::(\w+) does not exist")


def import_torchvision():
    """Imports it, and declares the operators that it registers something about."""
    library = torch.library.Library("torchvision", "DEF")
    while True:
        try:
            importlib.import_module("torchvision")
            return library  # whose operators go when it does
        except RuntimeError as error:
            missing = MISSING.search(str(error))
            if missing is None:
                raise
            library.define(f"{missing[1]}(Tensor x) -> Tensor")
            for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
                del sys.modules[name]


LIBRARY = import_torchvision()
