# SPDX-License-Identifier: MIT
"""What the numbers were measured on."""

import datetime
import os
import platform
import re
from pathlib import Path

import numpy as np

import isopixel
from isopixel import _core

USUAL_CACHE = 32 << 20  # where the system does not tell


def cache_bytes():
    """The size of the last-level cache."""
    sizes = [path.read_text().strip() for path in Path("/sys/devices/system/cpu/cpu0/cache").glob("index*/size")]
    return max((int(size.removesuffix("K")) << 10 for size in sizes), default=USUAL_CACHE)


def cpu_model():
    """The processor's name as the system has it."""
    try:
        names = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


def describe():
    """All that a reader of the results has to know of the machine and the build, for results.json."""
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "cpu": cpu_model(),
        "cpus": os.cpu_count(),
        "cache_bytes": cache_bytes(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "compiler": _core.compiler,
        "isa": isopixel.get_isa(),
        "threads": 1,
    }
