# SPDX-License-Identifier: MIT
"""The integer weights of an axis (SPEC R-3, R-33 to R-35) as matrices, made on the device, and bounds of their sums."""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from isopixel import _core

# Weights of bicubic filters are sums of terms below 20·m^3, which have to fit int64.
MOST_M = 2**19


def weights_of_axis(method: str, n_in: int, n_out: int, device: torch.device) -> tuple[Tensor, int]:
    """Returns the weights, int64 [n_out, n_in], row i those of result i; and a bound of the sums of their magnitudes.

    Raises:
        ValueError: the weights do not fit int64.
    """
    return _WEIGHTS[method](n_in, n_out, device)


def nearest_samples(n_in: int, n_out: int, device: torch.device) -> Tensor:
    """Returns the sample of each result (R-32), int64 [n_out]."""
    return (2 * torch.arange(n_out, device=device) + 1) * n_in // (2 * n_out)


def _bilinear(antialias: bool, n_in: int, n_out: int, device: torch.device) -> tuple[Tensor, int]:
    """R-3."""
    w, v, half_width, most = _axis(n_in, n_out, antialias)
    return (half_width - _distances(n_in, n_out, w, v, device)).clamp(min=0), most


def _area(n_in: int, n_out: int, device: torch.device) -> tuple[Tensor, int]:
    """R-33: how much of sample j lies in result i, in units in which a sample is v and a result w."""
    w, v = _reduced(n_in, n_out)
    samples = torch.arange(n_in, device=device) * v
    results = (torch.arange(n_out, device=device) * w)[:, None]
    overlap = torch.minimum(results + w, samples + v) - torch.maximum(results, samples)
    return overlap.clamp(min=0), w


def _bicubic(n_in: int, n_out: int, device: torch.device) -> tuple[Tensor, int]:
    """R-34."""
    w, v = _reduced(n_in, n_out)
    m = 2 * max(w, v)
    if m > MOST_M:
        raise ValueError(too_large(f"an axis of {n_in} samples to {n_out}"))
    d = _distances(n_in, n_out, w, v, device).clamp(max=2 * m)
    return torch.where(d < m, *_branches_of_bicubic(d, m)), _most_of_bicubic(w, v)


def _branches_of_bicubic(d: Any, m: int) -> tuple[Any, Any]:
    """Returns the weights of R-34 where d < m, and from there to 2·m, where they are 0; d is an array or a tensor."""
    return (3 * d - 5 * m) * d * d + 2 * m**3, ((5 * m - d) * d - 8 * m * m) * d + 4 * m**3


def _bicubic_four_tap(n_in: int, n_out: int, device: torch.device) -> tuple[Tensor, int]:
    """R-35."""
    w, v = _reduced(n_in, n_out)
    m = 2 * v
    if m > MOST_M:
        raise ValueError(too_large(f"an axis of {n_in} samples to {n_out}"))
    place = (2 * torch.arange(n_out, device=device) + 1) * w - v
    first = torch.div(place, m, rounding_mode="floor")
    f = place - first * m
    samples = torch.arange(n_in, device=device)
    weights = torch.zeros((n_out, n_in), dtype=torch.int64, device=device)
    for offset, d in ((-1, m + f), (0, f), (1, m - f), (2, 2 * m - f)):
        near = (5 * d - 9 * m) * d * d + 4 * m**3
        far = ((15 * m - 3 * d) * d - 24 * m * m) * d + 12 * m**3
        tap = (first + offset).clamp(0, n_in - 1)[:, None] == samples
        weights = weights + tap * torch.where(d < m, near, far)[:, None]
    return weights, 11 * m**3 // 2  # the outer taps are at least -3/32 of the sum, 4·m^3, each


def _distances(n_in: int, n_out: int, w: int, v: int, device: torch.device) -> Tensor:
    """Returns the distances of the centres of samples and results (R-2), [n_out, n_in]."""
    samples = (2 * torch.arange(n_in, device=device) + 1) * v
    results = (2 * torch.arange(n_out, device=device) + 1) * w
    return (samples - results[:, None]).abs()


def _reduced(n_in: int, n_out: int) -> tuple[int, int]:
    """Returns w and v of R-2."""
    divisor = math.gcd(n_in, n_out)
    return n_in // divisor, n_out // divisor


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
@functools.lru_cache(maxsize=256)
def _most_of_bicubic(w: int, v: int) -> int:
    """Returns the largest sum of the magnitudes of a result's weights (R-34), if no sample is beyond the edges."""
    m = 2 * max(w, v)
    phases = (v - (2 * np.arange(v, dtype=np.int64) + 1) * w) % (2 * v)
    taps = np.arange(-2 * m // (2 * v) - 1, 2 * m // (2 * v) + 2, dtype=np.int64) * (2 * v)
    d = np.minimum(np.abs(taps + phases[:, None]), 2 * m)
    return int(np.abs(np.where(d < m, *_branches_of_bicubic(d, m))).sum(1).max())


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def _axis(n_in: int, n_out: int, antialias: bool) -> tuple[int, int, int, int]:
    """Returns w, v and R of R-2 and R-3, and a bound of the sums of weights."""
    axis = _core.axis(n_in, n_out, antialias)
    if axis is None:
        raise ValueError(too_large(f"an axis of {n_in} samples to {n_out}"))
    return axis


def too_large(what: str) -> str:
    """Returns the message of a refusal."""
    return (
        f"{what} is beyond the exact sums of torch operations (int64, and float64 below 2^53): "
        "resize on the CPU, without decompose"
    )


_WEIGHTS: dict[str, Callable[[int, int, torch.device], tuple[Tensor, int]]] = {
    "bilinear": functools.partial(_bilinear, True),
    "bilinear-two-tap": functools.partial(_bilinear, False),
    "area": _area,
    "bicubic": _bicubic,
    "bicubic-four-tap": _bicubic_four_tap,
}
