# SPDX-License-Identifier: MIT
"""Resizes the cases with the library that this interpreter imports, and prints a hash of each result.

python -m tests.peers.worker LIBRARY COUNT    the version and file of the library, then the SHA-256 of each result
python -m tests.peers.worker LIBRARY INDEX --sample    the samples of one result

Imports nothing but the library, what that needs, and peer_cases.py, to run beside any release.
"""

import ctypes
import hashlib
import sys

from tests.peers.peer_cases import make_case, make_cases


class Pillow:
    """Image.resize, by filter and mode."""

    def __init__(self):
        import PIL
        from PIL import Image

        self.module = PIL
        self.image = Image

    def resize(self, case):
        name, mode = case.form.split(", ")
        height, width, _ = case.shape
        image = self.image.frombytes(mode, (width, height), case.image())
        return image.resize(case.size[::-1], self.image.Resampling[name]).tobytes()


class OpenCV:
    """cv2.resize, by interpolation; INTER_CUBIC without Intel's IPP, as with OPENCV_IPP=disabled."""

    def __init__(self):
        import cv2
        import numpy as np

        self.module = cv2
        self.numpy = np

    def resize(self, case):
        image = self.numpy.frombuffer(case.image(), self.numpy.uint8).reshape(case.shape)
        self.module.ipp.setUseIPP(case.form != "INTER_CUBIC")
        return self.module.resize(image, case.size[::-1], interpolation=getattr(self.module, case.form)).tobytes()


class Torch:
    """torch.nn.functional.interpolate of uint8, by mode, with and without antialias, in both orders of memory."""

    def __init__(self):
        import torch

        self.module = torch
        self.interpolate = torch.nn.functional.interpolate

    def resize(self, case):
        name, memory = case.form.split(", ")
        mode, _, antialias = name.partition("-")
        image = self.module.frombuffer(bytearray(case.image()), dtype=self.module.uint8).view(1, *case.shape)
        image = image.permute(0, 3, 1, 2)
        image = image.contiguous() if memory == "contiguous" else image
        result = self.interpolate(image, case.size, mode=mode, antialias=bool(antialias))
        result = result.permute(0, 2, 3, 1).contiguous()
        return ctypes.string_at(result.data_ptr(), result.numel())  # some of its wheels want an older NumPy


LIBRARIES = {"pillow": Pillow, "opencv": OpenCV, "torch": Torch}


def main(name, number, *options):
    library = LIBRARIES[name]()
    if options == ("--sample",):
        sys.stdout.buffer.write(library.resize(make_case(name, int(number))))
        return
    print(library.module.__version__)
    print(library.module.__file__)
    for case in make_cases(name, int(number)):
        try:
            print(hashlib.sha256(library.resize(case)).hexdigest())
        except Exception as error:  # also a difference
            print("raised", type(error).__name__)


if __name__ == "__main__":
    main(*sys.argv[1:])
