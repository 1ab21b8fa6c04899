# SPDX-License-Identifier: MIT
from typing import final, overload

import numpy as np
import numpy.typing as npt
from typing_extensions import Buffer

version: str
compiler: str
methods: tuple[str, ...]
layouts: tuple[str, ...]
