# SPDX-License-Identifier: MIT
"""The integer weights of an axis (SPEC R-2, R-3, R-32 to R-35), made on the device, and bounds of their sums.

Sizes are numbers, or symbols of a program that is traced for any size: those are not reduced to lowest terms, which
changes neither a result nor the samples that have weight, and nothing here branches on them.
"""

import functools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

# Weights of bicubic filters are sums of terms below 20·m^3, which have to fit int64.
MOST_M = 2**19


class Axis(NamedTuple):
    """The weights of an axis: int64 [n_out, taps], row i those of result i."""

    samples: Tensor  # of the image, int64 [n_out, taps], which the weights are of
    weights: Tensor
    most: int  # a bound of the sums of the magnitudes of a result's weights


class _Filter(NamedTuple):
    reach: int  # the weight is 0 at distances from there
    weight: Callable[[Tensor], Tensor]  # of the distances
    most: int
    repeats_edges: bool = False  # in place of samples beyond them; otherwise there are none


def weights_of_axis(method: str, n_in: int, n_out: int, device: torch.device) -> Axis:
    """Returns the weights of an axis of one of isopixel's own methods, different from "nearest".

    Raises:
        ValueError: the weights do not fit int64.
    """
    w, v = _reduced(n_in, n_out)
    filter_ = _FILTERS[method](w, v)
    if filter_ is None:
        raise ValueError(too_large(f"an axis of {n_in} samples to {n_out}"))
    results = (2 * torch.arange(n_out, device=device) + 1) * w
    taps = (filter_.reach + v - 1) // v
    first = (results - filter_.reach - v) // (2 * v) + 1
    if not filter_.repeats_edges:
        taps = smaller(taps, n_in)
        first = first.clamp(0, n_in - taps)
    samples = first[:, None] + torch.arange(taps, device=device)
    weights = filter_.weight(((2 * samples + 1) * v - results[:, None]).abs())
    return Axis(samples.clamp(0, n_in - 1) if filter_.repeats_edges else samples, weights, filter_.most)


def nearest_samples(n_in: int, n_out: int, device: torch.device) -> Tensor:
    """Returns the sample of each result (R-32), int64 [n_out]."""
    return (2 * torch.arange(n_out, device=device) + 1) * n_in // (2 * n_out)


def smaller(a: int, b: int) -> int:
    """Returns min(a, b), of numbers or symbols."""
    if isinstance(a, torch.SymInt) or isinstance(b, torch.SymInt):
        return torch.sym_min(a, b)
    return min(a, b)


def larger(a: int, b: int) -> int:
    """Returns max(a, b), of numbers or symbols."""
    if isinstance(a, torch.SymInt) or isinstance(b, torch.SymInt):
        return torch.sym_max(a, b)
    return max(a, b)


def _bilinear(w: int, v: int) -> _Filter:
    """R-3, antialiased."""
    return _triangle(2 * larger(w, v), v)


def _bilinear_two_tap(w: int, v: int) -> _Filter:
    """R-3."""
    return _triangle(2 * v, v)


def _triangle(reach: int, v: int) -> _Filter:
    """Samples are 2·v apart: the sum is largest if one lies in the centre, and then at most v/2 above reach^2 / (2·v).

    With reach = 2·v·k + r and 0 <= r < 2·v, it exceeds that by r - r^2 / (2·v). A reach whose square is beyond int64,
    as programs have it, gets a bound that is refused.
    """
    least = smaller(reach, 2**31 - 1)
    beyond = smaller(reach // 2**31, 1) * 2**53
    return _Filter(reach, lambda d: (reach - d).clamp(min=0), least * least // (2 * v) + v // 2 + 1 + beyond)


def _area(w: int, v: int) -> _Filter:
    """R-33: what an interval of length w and one of v have in common, if their centres are d/2 apart."""
    shorter = smaller(w, v)
    return _Filter(w + v, lambda d: ((w + v - d).clamp(min=0) // 2).clamp(max=shorter), w)


def _bicubic(w: int, v: int) -> _Filter | None:
    """R-34, of numbers."""
    m = 2 * max(w, v)
    if m > MOST_M:
        return None
    return _Filter(
        2 * m, lambda d: torch.where(d < m, *_branches_of_bicubic(d.clamp(max=2 * m), m)), _most_of_bicubic(w, v)
    )


def _branches_of_bicubic(d: Any, m: int) -> tuple[Any, Any]:
    """Returns the weights of R-34 where d < m, and from there to 2·m, where they are 0; d is an array or a tensor."""
    return (3 * d - 5 * m) * d * d + 2 * m**3, ((5 * m - d) * d - 8 * m * m) * d + 4 * m**3


def _bicubic_four_tap(w: int, v: int) -> _Filter | None:
    """R-35. The outer taps are at least -3/32 of the sum, 4·m^3, each."""
    m = 2 * v
    if isinstance(m, int) and m > MOST_M:
        return None

    def weight(d: Tensor) -> Tensor:
        near = (5 * d - 9 * m) * d * d + 4 * m**3
        far = ((15 * m - 3 * d) * d - 24 * m * m) * d + 12 * m**3
        return torch.where(d < m, near, far)

    # A symbol beyond MOST_M gets a bound that is refused.
    return _Filter(2 * m, weight, 11 * smaller(m, MOST_M + 1) ** 3 // 2, repeats_edges=True)


def _reduced(n_in: int, n_out: int) -> tuple[int, int]:
    """Returns w and v of R-2, or multiples of them."""
    divisor = math.gcd(n_in, n_out) if isinstance(n_in, int) and isinstance(n_out, int) else 1
    return n_in // divisor, n_out // divisor


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def _most_of_bicubic(w: int, v: int) -> int:
    """Returns the largest sum of the magnitudes of a result's weights (R-34), if no sample is beyond the edges."""
    return _counted_most_of_bicubic(w, v)  # torch.compile would trace what a cache holds itself


@functools.lru_cache(maxsize=256)
def _counted_most_of_bicubic(w: int, v: int) -> int:
    m = 2 * max(w, v)
    phases = (v - (2 * np.arange(v, dtype=np.int64) + 1) * w) % (2 * v)
    taps = np.arange(-2 * m // (2 * v) - 1, 2 * m // (2 * v) + 2, dtype=np.int64) * (2 * v)
    d = np.minimum(np.abs(taps + phases[:, None]), 2 * m)
    return int(np.abs(np.where(d < m, *_branches_of_bicubic(d, m))).sum(1).max())


def too_large(what: str) -> str:
    """Returns the message of a refusal."""
    return (
        f"{what} is beyond the exact sums of torch operations (int64, and float64 below 2^53): "
        "resize on the CPU, without decompose"
    )


_FILTERS: dict[str, Callable[[int, int], _Filter | None]] = {
    "bilinear": _bilinear,
    "bilinear-two-tap": _bilinear_two_tap,
    "area": _area,
    "bicubic": _bicubic,
    "bicubic-four-tap": _bicubic_four_tap,
}
