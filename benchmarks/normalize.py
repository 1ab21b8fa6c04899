# SPDX-License-Identifier: MIT
"""Times isopixel.normalize beside torch and NumPy, one thread each, in interleaved rounds; prints milliseconds.

`python -m benchmarks.normalize [seconds for each case]`. None of the others gives the exact numbers of SPEC R-30.
"""

import statistics
import sys

import numpy as np
import torch

import isopixel
from benchmarks import machine
from benchmarks.measure import Calls, interleaved

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CASES = {
    "RGB 224×224": ("HWC", (224, 224, 3)),
    "RGB 224×224, planar": ("CHW", (3, 224, 224)),
    "gray 224×224": ("HW", (224, 224)),
    "RGB 1080×1920": ("HWC", (1080, 1920, 3)),
    "32 RGB 224×224": ("NHWC", (32, 224, 224, 3)),
    "32 RGB 224×224, planar": ("NCHW", (32, 3, 224, 224)),
}


def runners(axes, image):
    """The peers by name, each with a call that makes float32 (C, H, W) or (N, C, H, W) of the image, contiguous."""
    mean, std = (MEAN, STD) if "C" in axes else (MEAN[:1], STD[:1])
    planar = image if "C" in axes else image[None]
    if axes[-1] == "C":
        planar = np.moveaxis(image, -1, -3)
    tensor = torch.from_numpy(planar)
    numpy_mean, numpy_std = (np.float32(numbers).reshape(-1, 1, 1) for numbers in (mean, std))
    torch_mean, torch_std = torch.from_numpy(numpy_mean), torch.from_numpy(numpy_std)

    def in_place():
        return tensor.contiguous().to(torch.float32).div_(255).sub_(torch_mean).div_(torch_std)

    calls = {
        "isopixel": lambda: isopixel.normalize(image, mean, std, axes=axes),
        "torch": lambda: ((tensor.to(torch.float32) / 255 - torch_mean) / torch_std).contiguous(),
        "torch, in place": in_place,
        "NumPy": lambda: np.ascontiguousarray((planar.astype(np.float32) / np.float32(255) - numpy_mean) / numpy_std),
    }
    return {name: Calls([call], np.asarray) for name, call in calls.items()}


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3
    torch.set_num_threads(1)
    print(f"{machine.cpu_model()}; torch {torch.__version__}, NumPy {np.__version__}; minimum / median (ratios)")
    for name, (axes, shape) in CASES.items():
        peers = runners(axes, np.random.default_rng(0).integers(0, 256, shape, np.uint8))
        exact = peers["isopixel"].result()
        for peer in peers.values():
            np.testing.assert_allclose(peer.result(), exact, rtol=0, atol=1e-5)
        times = interleaved(peers, 1, seconds, warm=True)
        best, median = min(times["isopixel"]), statistics.median(times["isopixel"])
        print(f"{name}, {len(times['isopixel'])} rounds")
        for peer, values in times.items():
            low, middle = min(values), statistics.median(values)
            print(f"    {peer:16} {low:8.3f} / {middle:8.3f}   ({low / best:.1f}× / {middle / median:.1f}×)")


if __name__ == "__main__":
    main()
