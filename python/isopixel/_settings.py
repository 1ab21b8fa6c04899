# SPDX-License-Identifier: MIT
"""How isopixel uses the machine. The results are the same with every setting.

The environment variables ISOPIXEL_ISA and ISOPIXEL_NUM_THREADS are read at their first use, so that importing the
package cannot fail; ISOPIXEL_MAX_PIXELS whenever a picture is read.
"""

import operator
import os

import numpy as np

from isopixel import _core

MOST_PIXELS = 1 << 28  # of a picture that is read, unless a limit is given: the image of the bytes of 256 MiB


def available_isas() -> tuple[str, ...]:
    """Returns the instruction sets that this CPU and this build have, from the plainest to the best.

    Example:
        >>> import isopixel
        >>> "scalar" in isopixel.available_isas()
        True
    """
    return _core.available_isas()


def get_isa() -> str:
    """Returns the instruction set in use: the best one, unless ISOPIXEL_ISA or set_isa chose another.

    Raises:
        ValueError: ISOPIXEL_ISA names one that this CPU or this build does not have.

    Example:
        >>> import isopixel
        >>> isopixel.get_isa() in isopixel.available_isas()
        True
    """
    name = _core.get_isa()
    if name is None:
        raise ValueError(
            f"the environment variable ISOPIXEL_ISA is {os.environ.get('ISOPIXEL_ISA')!r}; "
            f"this CPU and build have {', '.join(available_isas())}"
        )
    return name


def set_isa(name: str) -> None:
    """Uses another instruction set from now on, in all threads of this process.

    Args:
        name: one of available_isas().

    Raises:
        TypeError: name is not a string.
        ValueError: this CPU or this build does not have it.

    Example:
        >>> import isopixel
        >>> best = isopixel.get_isa()
        >>> isopixel.set_isa("scalar")
        >>> isopixel.get_isa()
        'scalar'
        >>> isopixel.set_isa(best)
    """
    if not isinstance(name, str):
        raise TypeError(f"name must be a string such as 'scalar', got {name!r}")
    if name not in available_isas():
        raise ValueError(f"no instruction set {name!r}; this CPU and build have {', '.join(available_isas())}")
    _core.set_isa(name)


num_threads: int | None = None  # until the first use


def get_num_threads() -> int:
    """Returns how many threads a call uses without `threads=`: 1, unless ISOPIXEL_NUM_THREADS or the setter chose more.

    Raises:
        ValueError: ISOPIXEL_NUM_THREADS is not a number from 1 to 2147483647.

    Example:
        >>> import isopixel
        >>> isopixel.set_num_threads(1)
        >>> isopixel.get_num_threads()
        1
    """
    global num_threads
    if num_threads is None:
        num_threads = _threads_of_environment()
    return num_threads


def set_num_threads(threads: int) -> None:
    """Sets how many threads a call uses without `threads=`, in this process.

    Threads are started for one call and end with it, so that a fork between two calls is safe.

    Args:
        threads: at least 1.

    Raises:
        TypeError: threads is not a whole number.
        ValueError: threads is below 1, or beyond 32 bits.

    Example:
        >>> import isopixel
        >>> isopixel.set_num_threads(2)
        >>> isopixel.get_num_threads()
        2
        >>> isopixel.set_num_threads(1)
    """
    global num_threads
    num_threads = _whole_number(threads)


def check_threads(threads: int | None) -> int:
    """Returns the number of threads that an argument stands for, or raises TypeError or ValueError."""
    return get_num_threads() if threads is None else _whole_number(threads)


def _whole_number(threads: int) -> int:
    if isinstance(threads, (bool, np.bool_)) or not hasattr(threads, "__index__"):
        raise TypeError(f"threads must be a whole number, got {threads!r}")
    number = operator.index(threads)
    if not 1 <= number < 2**31:
        raise ValueError(f"threads must be from 1 to 2147483647, got {threads!r}")
    return number


def _threads_of_environment() -> int:
    return _number_of_environment("ISOPIXEL_NUM_THREADS", 2**31 - 1) or 1


def most_pixels(max_pixels: int | None) -> int:
    """Returns how many pixels a picture that is read may have: the argument, ISOPIXEL_MAX_PIXELS, or MOST_PIXELS.

    Raises:
        TypeError: the argument is not a whole number.
        ValueError: it is below 1; the environment variable is not a number.
    """
    if max_pixels is None:
        return _number_of_environment("ISOPIXEL_MAX_PIXELS", 2**63 - 1) or MOST_PIXELS
    if isinstance(max_pixels, (bool, np.bool_)) or not hasattr(max_pixels, "__index__"):
        raise TypeError(f"max_pixels must be a whole number, got {max_pixels!r}")
    if operator.index(max_pixels) < 1:
        raise ValueError(f"max_pixels must be at least 1, got {max_pixels!r}")
    return operator.index(max_pixels)


def _number_of_environment(name: str, most: int) -> int | None:
    """Returns the number that an environment variable is, from 1 on; None if it is not set, or empty."""
    text = os.environ.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise ValueError(f"the environment variable {name} is {text!r}: it must be a number from 1 to {most}")
    return int(text)
