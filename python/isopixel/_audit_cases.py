# SPDX-License-Identifier: MIT
"""What an installed library computes, beside the frozen peers: the cases, the library's own calls, the comparison."""

import importlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from isopixel._difference import absolute_difference
from isopixel._images import UInt8Array, resize_into
from isopixel._methods import METHODS, Method, check_method, filters_of
from isopixel._verify import vector_input

MODULES = {
    "pillow": "PIL",
    "opencv": "cv2",
    "torch": "torch",
    "torchvision": "torchvision",
    "tensorflow": "tensorflow",  # whose JPEG decoder alone is compared
}
PEERS = {"torchvision": "torch"}  # by a library, the one whose frozen peers it should equal, if that is another
THREADS = (1, 4)
# OpenCV's INTER_CUBIC with Intel IPP, if the build has that; the filter "cubic" is without. No frozen peer promises it.
CUBIC_AS_IS = "cubic as it is"
NEAR_IPP = "bicubic-four-tap"
# What torchvision computes of uint8 tensors unless torch names a capability that it knows. torch's sums of floats are
# not the same on every CPU: this is compared with the torch beside it, and no frozen peer promises it.
IN_FLOAT32 = "torch in float32, rounded"

# Source and result of an axis: one sample, the same, half, up, down, by a little and by a lot, around vector widths.
AXES = ((1, 1), (1, 6), (7, 1), (12, 12), (16, 8), (2, 3), (9, 31), (33, 64), (31, 17), (65, 33), (100, 9))
# (height, width) of source and result. Pillow 12.2 and 13 run the vertical pass first on some tall images.
TALL = (
    ((120, 40), (30, 30)),
    ((90, 30), (89, 30)),
    ((150, 20), (40, 21)),
    ((97, 33), (31, 1)),
    ((420, 4), (60, 3)),
    ((301, 3), (300, 4)),
    ((250, 2), (17, 9)),
    ((640, 1), (64, 5)),
)
# Large enough for libraries to share the work among threads.
LARGE = (((300, 421), (224, 224)), ((480, 640), (240, 320)), ((270, 300), (555, 640)), ((1100, 300), (224, 300)))


@dataclass(frozen=True)
class Case:
    """An image, by a formula of the vectors (R-9), and the size of the result."""

    formula: str
    shape: tuple[int, int, int]
    size: tuple[int, int]

    def image(self) -> UInt8Array:
        """Returns the image, (H, W, C)."""
        return vector_input(self.formula, math.prod(self.shape)).reshape(self.shape)

    def __str__(self) -> str:
        """Returns the case as a text."""
        return f"{self.formula}, {self.shape} to {self.size}"


def cases(library: str, filter: str) -> Iterator[Case]:
    """Yields the cases of a filter: bilinear ones with all numbers of channels, others with one for most sizes.

    With more than 4 channels OpenCV refuses some cases of INTER_AREA, and up to 4.2.0 leaves samples of INTER_NEAREST
    as they were. INTER_CUBIC calls IPP for 1, 3 and 4 channels, and source sides of at least 4.
    """
    is_linear = "linear" in filter
    channels = [c for c in range(1, 6 if is_linear else 5) if _peers(library, filter)[0].covers(c)]
    small = [((h, w), (out_h, out_w)) for h, out_h in AXES for w, out_w in AXES]
    for i, ((height, width), size) in enumerate([*small, *TALL, *LARGE]):
        one = channels[i // 3 % len(channels)]
        for c in channels if is_linear or i >= len(small) else (one,):
            if filter == CUBIC_AS_IS and (c == 2 or min(height, width) < 4):
                continue
            kind = "extremes" if (i + c) % 3 == 0 else "noise"
            yield Case(f"{kind} {i}", (height, width, c), size)


def _peers(library: str, filter: str) -> list[Method]:
    """Returns the methods that a filter of a library may be."""
    of = PEERS.get(library, library)
    if filter == CUBIC_AS_IS:
        return [METHODS[NEAR_IPP], *_peers(library, "cubic")]
    return [method for method in METHODS.values() if (method.library, method.filter) == (of, filter)]


@dataclass(frozen=True)
class Departure:
    """Where a library departs from the function that is nearest to it.

    Attributes:
        method: the frozen peer with the fewest cases that differ; of JPEG checks, what they compare with.
        cases: how many cases differ.
        samples: how many samples differ, in all cases.
        worst: the largest difference of a sample; None if there is none to compare.
        first: the first of the cases.
        at: (row, column, channel) of the first sample there that differs; None if there is no such image.
        values: that sample, from the library and from the peer.
        error: what the library did instead of making an image of that size.
    """

    method: str
    cases: int
    samples: int
    worst: int | None
    first: str
    at: tuple[int, int, int] | None
    values: tuple[int, int] | None
    error: str | None


@dataclass(frozen=True)
class Check:
    """A filter of a library, or what its decoder of JPEG does, in all cases.

    Attributes:
        filter: its name, as `method_for` accepts it, or CUBIC_AS_IS; or a name of `_audit_jpeg`.
        threads: the number that the library was set to; None if it has no such setting, or none that counts.
        cases: how many there were.
        samples: how many samples their results have.
        equals: the frozen peer, the known decoder, or IN_FLOAT32, with the same bits in each; None if there is none.
        departure: where it departs, if it equals none; of a known decoder, where it departs from the specification.
    """

    filter: str
    threads: int | None
    cases: int
    samples: int
    equals: str | None
    departure: Departure | None

    @property
    def passed(self) -> bool:
        """Whether it equals a function that is the same on every CPU, or none promises that it does."""
        return self.equals not in (None, IN_FLOAT32) or self.filter == CUBIC_AS_IS


class Library:
    """An installed library, behind one call. Importing it is what makes one."""

    def __init__(self, name: str) -> None:
        """Imports a library, a key of MODULES."""
        self.name = name
        self._module: Any = importlib.import_module(MODULES[name])
        self.version = str(self._module.__version__)

    def set_threads(self, threads: int) -> bool:
        """Sets how many threads the library uses; returns False if it has no such setting."""
        if self.name in ("pillow", "tensorflow"):
            return False
        if self.name == "opencv":
            self._module.setNumThreads(threads)
        else:
            importlib.import_module("torch").set_num_threads(threads)
        return True

    def resize(self, filter: str, image: UInt8Array, size: tuple[int, int], number: int) -> UInt8Array:
        """Resizes an image (H, W, C); the number of the case chooses between ways that should be the same."""
        return CALLS[self.name](self._module, filter, image, size, number)


def _pillow(module: Any, filter: str, image: UInt8Array, size: tuple[int, int], number: int) -> UInt8Array:
    pil = importlib.import_module("PIL.Image")
    height, width, channels = image.shape
    name, _, alpha = filter.partition("-")
    modes = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA" if alpha else "CMYK"}
    picture = pil.frombytes(modes[channels], (width, height), image.tobytes())
    made = picture.resize((size[1], size[0]), getattr(pil, name.upper()))
    return np.frombuffer(made.tobytes(), np.uint8).reshape(made.size[1], made.size[0], channels)


def _opencv(cv2: Any, filter: str, image: UInt8Array, size: tuple[int, int], number: int) -> UInt8Array:
    name = "CUBIC" if filter == CUBIC_AS_IS else filter.upper().replace("-", "_")
    had_ipp = cv2.ipp.useIPP()
    cv2.ipp.setUseIPP(had_ipp and filter != "cubic")
    try:
        made: UInt8Array = cv2.resize(image, (size[1], size[0]), interpolation=getattr(cv2, f"INTER_{name}"))
    finally:
        cv2.ipp.setUseIPP(had_ipp)
    return made.reshape(*made.shape[:2], image.shape[2])


def _torch(torch: Any, filter: str, image: UInt8Array, size: tuple[int, int], number: int) -> UInt8Array:
    tensor = _tensor(torch, image, size, number)
    mode, _, antialias = filter.partition("-")
    made = torch.nn.functional.interpolate(tensor, size=size, mode=mode, antialias=bool(antialias))
    return np.asarray(made[0].permute(1, 2, 0).numpy())


def _torchvision(torchvision: Any, filter: str, image: UInt8Array, size: tuple[int, int], number: int) -> UInt8Array:
    tensor = _tensor(importlib.import_module("torch"), image, size, number)
    functional = importlib.import_module("torchvision.transforms.v2.functional")
    mode, _, antialias = filter.partition("-")
    interpolation = importlib.import_module("torchvision.transforms").InterpolationMode(mode)
    made = functional.resize(tensor, list(size), interpolation, antialias=bool(antialias))
    return np.asarray(made[0].permute(1, 2, 0).numpy())


def in_float32(filter: str, image: UInt8Array, size: tuple[int, int], number: int) -> UInt8Array:
    """Resizes an image as torchvision does in float32, by torch on the memory that `_torchvision` would give it."""
    torch = importlib.import_module("torch")
    tensor = _tensor(torch, image, size, number).float()
    mode, _, antialias = filter.partition("-")
    made = torch.nn.functional.interpolate(tensor, size=size, mode=mode, antialias=bool(antialias))
    return np.asarray(made.clamp(0, 255).round().to(torch.uint8)[0].permute(1, 2, 0).numpy())


def _tensor(torch: Any, image: UInt8Array, size: tuple[int, int], number: int) -> Any:
    """Returns an image as a batch of one, [1, C, H, W], whose memory the number of the case decides."""
    # channels_last: torch would misread the layout of image[None], from the stride of the new axis.
    tensor = torch.from_numpy(image.reshape(1, *image.shape)).permute(0, 3, 1, 2)
    # From contiguous planes torch 2.13.0 cannot make one pixel of 3 channels, and with more than 4 channels its result
    # differs, and is wrong, if it is one pixel wide.
    if number % 2 and size != (1, 1) and image.shape[2] <= 4:
        tensor = tensor.contiguous()
    return tensor


CALLS: dict[str, Callable[[Any, str, UInt8Array, tuple[int, int], int], UInt8Array]] = {
    "pillow": _pillow,
    "opencv": _opencv,
    "torch": _torch,
    "torchvision": _torchvision,
}


def checks(library: Library, vary_threads: bool) -> Iterator[Check]:
    """Compares each filter of a library with all frozen peers of it, on one thread and, if vary_threads, on several."""
    for threads in THREADS if vary_threads else (None,):
        is_set = threads is not None and library.set_threads(threads)
        for filter in filters(library.name):
            yield check(library, filter, threads if is_set else None)
        if threads is not None and not is_set:
            return


def filters(library: str) -> tuple[str, ...]:
    """Returns the filters of a library that are compared."""
    known = filters_of(PEERS.get(library, library))
    return (*known, CUBIC_AS_IS) if library == "opencv" else known


def check(library: Library, filter: str, threads: int | None) -> Check:
    """Compares a filter with all frozen peers of it, and torchvision's with IN_FLOAT32 if it equals none."""
    names: list[str] = [peer.name for peer in _peers(library.name, filter)]
    found = _compared(library, filter, threads, names)
    if found.equals is None and library.name == "torchvision":
        found = _compared(library, filter, threads, [*names, IN_FLOAT32])
    return found


def _compared(library: Library, filter: str, threads: int | None, names: list[str]) -> Check:
    found: dict[str, list[Departure]] = {name: [] for name in names}
    count = samples = 0
    for number, case in enumerate(cases(library.name, filter)):
        count += 1
        samples += math.prod((*case.size, case.shape[2]))
        image = case.image()
        try:
            made: UInt8Array | str = library.resize(filter, image.copy(), case.size, number)
        except Exception as error:  # whatever it is, there is no image
            made = f"{type(error).__name__}: {error}"
        for name, departures in found.items():
            departures += departure(name, str(case), made, _expected(name, filter, image, case.size, number))
    return checked(filter, threads, count, samples, found)


def _expected(name: str, filter: str, image: UInt8Array, size: tuple[int, int], number: int) -> UInt8Array:
    if name == IN_FLOAT32:
        return in_float32(filter, image, size, number)
    expected = np.empty((*size, image.shape[2]), np.uint8)
    resize_into(expected, image, "HWC", check_method(name), threads=1)
    return expected


def checked(filter: str, threads: int | None, cases: int, samples: int, found: dict[str, list[Departure]]) -> Check:
    """Returns the check of which these are the departures, by the function that a library may be."""
    nearest = min(found, key=lambda name: len(found[name]))
    departures = found[nearest]
    if not departures:
        return Check(filter, threads, cases, samples, nearest, None)
    total = replace(
        departures[0],
        cases=len(departures),
        samples=sum(d.samples for d in departures),
        worst=max((d.worst for d in departures if d.worst is not None), default=None),
    )
    return Check(filter, threads, cases, samples, None, total)


def departure(name: str, case: str, made: UInt8Array | str, expected: UInt8Array) -> list[Departure]:
    """Returns how a result, or the error instead of one, differs from that of a function; an empty list if it does not.

    Results of another shape or dtype are errors.
    """
    if not isinstance(made, str) and (made.dtype != np.uint8 or made.shape != expected.shape):
        made = f"a result of {made.shape} {made.dtype}"
    if isinstance(made, str):
        return [Departure(name, 1, 0, None, case, None, None, made)]
    if np.array_equal(made, expected):
        return []
    wrong = np.argwhere(made != expected)
    row, column, channel = (int(i) for i in wrong[0])
    at = (row, column, channel)
    worst = int(absolute_difference(made, expected).max())
    return [Departure(name, 1, len(wrong), worst, case, at, (int(made[at]), int(expected[at])), None)]
