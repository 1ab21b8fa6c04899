# SPDX-License-Identifier: MIT
"""zimg and libyuv through ctypes, for information: they resize planes, here gray ones, and are made for video.

They are the system's libraries (Debian: apt install libzimg2 libyuv0); the constants are those of zimg.h (API 2.4) and
libyuv/scale.h.
"""

import ctypes
from ctypes import POINTER, Structure, byref, c_char, c_double, c_int, c_size_t, c_ssize_t, c_uint, c_void_p
from functools import partial

import numpy as np

from benchmarks.measure import Calls

ALIGNMENT = 64  # bytes, of zimg's rows and memory
API_VERSION = 2 << 8 | 4
RESIZE_BILINEAR = 1
PIXEL_BYTE = 0
RANGE_FULL = 1
CPU_AUTO_64B = 2
NO_MASK = 2**32 - 1
FILTER_BILINEAR = 2
FILTER_BOX = 3
LIBYUV_SIDE = 2**15  # its positions are 16.16 fixed point


class ImageFormat(Structure):
    _fields_ = (
        *[(name, c_uint) for name in ("version", "width", "height")],
        *[(name, c_int) for name in ("pixel_type", "subsample_w", "subsample_h", "color_family")],
        *[(name, c_int) for name in ("matrix", "transfer", "primaries", "depth", "pixel_range")],
        *[(name, c_int) for name in ("field_parity", "chroma_location")],
        ("active_region", c_double * 4),
        ("alpha", c_int),
    )


class GraphParams(Structure):
    _fields_ = (
        ("version", c_uint),
        ("resample_filter", c_int),
        ("filter_params", c_double * 2),
        ("resample_filter_uv", c_int),
        ("filter_params_uv", c_double * 2),
        ("dither_type", c_int),
        ("cpu_type", c_int),
        ("nominal_peak_luminance", c_double),
        ("allow_approximate_gamma", c_char),
    )


class Plane(Structure):
    _fields_ = (("data", c_void_p), ("stride", c_ssize_t), ("mask", c_uint))


class ImageBuffer(Structure):
    _fields_ = (("version", c_uint), ("plane", Plane * 4))


def load(name):
    """A system library, or None."""
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def zimg_version(zimg):
    numbers = [c_uint() for _ in range(3)]
    zimg.zimg_get_version_info(*map(byref, numbers))
    return ".".join(str(number.value) for number in numbers)


def aligned(height, width):
    """An uninitialised uint8 (height, width) whose rows begin at multiples of ALIGNMENT."""
    stride = -(-width // ALIGNMENT) * ALIGNMENT
    memory = np.empty(height * stride + ALIGNMENT, np.uint8)
    offset = -memory.ctypes.data % ALIGNMENT
    return memory[offset : offset + height * stride].reshape(height, stride)[:, :width]


def image_format(zimg, height, width):
    """A gray image of 8 bits and full range; the colour's default is gray."""
    result = ImageFormat()
    zimg.zimg_image_format_default(byref(result), API_VERSION)
    result.height, result.width = height, width
    result.pixel_type, result.pixel_range = PIXEL_BYTE, RANGE_FULL
    return result


def image_buffer(array):
    """A buffer that holds the whole image."""
    result = ImageBuffer(version=API_VERSION)
    result.plane[0] = Plane(array.ctypes.data, array.strides[0], NO_MASK)
    result.array = array  # keeps the memory alive
    return result


def zimg_calls(zimg, case, images):
    """Calls of a filter graph with the bilinear filter, which antialiases; the graph is built beforehand."""
    zimg.zimg_filter_graph_build.restype = c_void_p
    params = GraphParams()
    zimg.zimg_graph_builder_params_default(byref(params), API_VERSION)
    params.resample_filter, params.cpu_type = RESIZE_BILINEAR, CPU_AUTO_64B
    formats = image_format(zimg, *case.shape), image_format(zimg, *case.size)
    graph = c_void_p(zimg.zimg_filter_graph_build(*map(byref, formats), byref(params)))
    scratch_size = c_size_t()
    zimg.zimg_filter_graph_get_tmp_size(graph, byref(scratch_size))
    scratch = aligned(1, scratch_size.value)
    sources = [aligned(*case.shape) for _ in images]
    for source, image in zip(sources, images, strict=True):
        source[:] = image
    out = aligned(*case.size)
    result = image_buffer(out)

    def call(buffer):
        zimg.zimg_filter_graph_process(
            graph, byref(buffer), byref(result), c_void_p(scratch.ctypes.data), None, None, None, None
        )
        return out

    return Calls([partial(call, image_buffer(source)) for source in sources])


def libyuv_suits(case):
    return len(case.shape) == 2 and max(case.shape) < LIBYUV_SIDE


def libyuv_calls(libyuv, case, images):
    """Calls of ScalePlane: the box filter for an antialiased shrink, else bilinear."""
    method = FILTER_BOX if case.kind == "triangle" else FILTER_BILINEAR
    out = np.empty(case.size, np.uint8)
    pointer = POINTER(ctypes.c_uint8)

    def plane(array):
        return array.ctypes.data_as(pointer), array.strides[0], array.shape[1], array.shape[0]

    def call(*arguments):
        libyuv.ScalePlane(*arguments)
        return out

    return Calls([partial(call, *plane(image), *plane(out), method) for image in images])
