# SPDX-License-Identifier: MIT
"""What is timed beside isopixel, each with one thread, and how each is called at its best.

Sources are made beforehand, in the form that the peer takes without a copy. isopixel, OpenCV, fast_image_resize, zimg
and libyuv write into a result that is given to them (isopixel and OpenCV not where the call itself is timed); torch and
Pillow make a new one at each call.
"""

import functools
import importlib.metadata
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import isopixel
from benchmarks import native_peers, pillow_simd
from benchmarks.measure import Calls

OPENCV = "opencv-python-headless"
TRIANGLES = ("triangle", "overhead", "mixed")
ALL_KINDS = (*TRIANGLES, "two taps", "up")


@dataclass(frozen=True)
class Peer:
    """One column of the tables.

    Attributes:
        name: its title.
        version: of the package or library, empty where it has none.
        make: of a case and the copies of its source, what is to be timed.
        kinds: the kinds of case that it is given.
        counts: whether it competes; the others are for information.
        suits: what else a case must be like.
    """

    name: str
    version: str
    make: Callable
    kinds: tuple[str, ...] = ALL_KINDS
    counts: bool = True
    suits: Callable = lambda case: True

    def takes(self, case):
        return case.kind in self.kinds and self.suits(case)


def empty_result(case):
    return np.empty((*case.size, *case.shape[2:]), np.uint8)


def given_result(case):
    """An array for the result, or None where the call is timed as it is mostly written."""
    return None if case.kind == "overhead" else empty_result(case)


def isopixel_calls(case, images, threads=1):
    out = given_result(case)
    resize = functools.partial(isopixel.resize, size=case.size, antialias=case.antialias, out=out, threads=threads)
    return Calls([functools.partial(resize, image) for image in images])


def reading_calls(case, images):
    """The source summed as 64-bit integers by NumPy, the fastest plain read that NumPy has."""
    words = [image.reshape(-1)[: case.nbytes // 8 * 8].view(np.uint64) for image in images]
    return Calls([source.sum for source in words])


def fast_image_resize_calls(case, images, filter="bilinear"):
    """Convolution; for two taps the crate's "interpolation", for which the package has no method."""
    import cykooz_resizer as fir
    from cykooz_resizer.structs import Algorithm

    kind = fir.PixelType.U8 if len(case.shape) == 2 else fir.PixelType.U8x3
    sources = [fir.ImageData(case.shape[1], case.shape[0], kind, image.tobytes()) for image in images]
    result = fir.ImageData(case.size[1], case.size[0], kind)
    options = fir.ResizeOptions(resize_alg=fir.ResizeAlg.convolution(fir.FilterType[filter]), use_alpha=False)
    if not case.antialias:
        bilinear, no_multiplicity = fir.FilterType.bilinear.value, 2
        options.rust_options = options.rust_options.set_resize_alg(
            Algorithm.interpolation.value, bilinear, no_multiplicity
        )
    resizer = fir.Resizer()  # has chosen the CPU's widest extension
    return Calls(
        [functools.partial(resizer.resize, source, result, options) for source in sources],
        lambda _: np.frombuffer(result.get_buffer(), np.uint8).reshape(empty_result(case).shape),
    )


def torch_calls(case, images, mode="bilinear", antialias=None):
    """Tensors are channels-last views of the arrays; without antialias the case tells it."""
    import torch

    torch.set_num_threads(1)
    resize = functools.partial(
        torch.nn.functional.interpolate,
        size=case.size,
        mode=mode,
        antialias=case.antialias if antialias is None else antialias,
    )
    tensors = [torch.from_numpy(image.reshape(1, *case.shape[:2], -1)).permute(0, 3, 1, 2) for image in images]
    return Calls(
        [functools.partial(resize, tensor) for tensor in tensors],
        lambda tensor: tensor.permute(0, 2, 3, 1).numpy().reshape(empty_result(case).shape),
    )


def pillow_calls(case, images, filter="BILINEAR"):
    pixels = images[0].tobytes()
    return Calls(pillow_simd.pillow_calls(case.shape, pixels, len(images), case.size, filter), np.asarray)


def pillow_simd_calls(worker, case, images):
    worker.load(case.shape, images[0].tobytes(), len(images), case.size)
    return worker


def opencv_calls(method, case, images):
    import cv2

    cv2.setNumThreads(1)
    resize = functools.partial(
        cv2.resize, dsize=case.size[::-1], dst=given_result(case), interpolation=getattr(cv2, method)
    )
    return Calls([functools.partial(resize, image) for image in images])


class WithoutIpp:
    """Calls of OpenCV by its own code, where its wheel would call Intel's."""

    def __init__(self, calls):
        self.calls = calls

    def without(self, call, *arguments):
        import cv2

        chosen = cv2.ipp.useIPP()
        cv2.ipp.setUseIPP(False)
        try:
            return call(*arguments)
        finally:
            cv2.ipp.setUseIPP(chosen)

    def seconds(self, copies):
        return self.without(self.calls.seconds, copies)

    def result(self):
        return self.without(self.calls.result)


def opencv_calls_without_ipp(method, case, images):
    return WithoutIpp(opencv_calls(method, case, images))


# name, package, what makes its calls, kinds of case
PACKAGES = (
    ("isopixel", "isopixel", isopixel_calls, ALL_KINDS),
    ("fast_image_resize", "cykooz.resizer", fast_image_resize_calls, ALL_KINDS),
    ("torch", "torch", torch_calls, ALL_KINDS),
    ("OpenCV AREA", OPENCV, functools.partial(opencv_calls, "INTER_AREA"), ("triangle", "overhead")),
    ("OpenCV LINEAR", OPENCV, functools.partial(opencv_calls, "INTER_LINEAR"), ("overhead", "two taps", "up")),
    ("OpenCV EXACT", OPENCV, functools.partial(opencv_calls, "INTER_LINEAR_EXACT"), ("two taps", "up")),
    ("Pillow", "pillow", pillow_calls, (*TRIANGLES, "up")),
)


def packages():
    """The package itself and the peers that are Python packages, in the order of the tables."""
    for name, package, make, kinds in PACKAGES:
        try:
            yield Peer(name, importlib.metadata.version(package), make, kinds)
        except importlib.metadata.PackageNotFoundError:
            skipped(name, "pip install -r benchmarks/requirements.txt")


def others():
    """pillow-simd, and the system's libraries, which are there for information."""
    if pillow_simd.is_built():
        worker = pillow_simd.Worker()
        make = functools.partial(pillow_simd_calls, worker)
        yield Peer("pillow-simd", worker.version, make, (*TRIANGLES, "up"))
    else:
        skipped("pillow-simd", "python -m benchmarks.bench --pillow-simd")
    if zimg := native_peers.load("libzimg.so.2"):
        make = functools.partial(native_peers.zimg_calls, zimg)
        yield Peer("zimg", native_peers.zimg_version(zimg), make, ("triangle", "overhead", "up"), False, is_gray)
    else:
        skipped("zimg", "apt install libzimg2")
    if libyuv := native_peers.load("libyuv.so.0"):
        make = functools.partial(native_peers.libyuv_calls, libyuv)
        yield Peer("libyuv", "", make, ("triangle", "two taps", "up"), False, native_peers.libyuv_suits)
    else:
        skipped("libyuv", "apt install libyuv0")


def is_gray(case):
    return len(case.shape) == 2


def skipped(name, command):
    print(f"{name} is left out; to have it: {command}", file=sys.stderr)
