# SPDX-License-Identifier: MIT
"""isopixel.torch beside its peers, in one run: a call, resize and normalisation of tensors, and data loading.

Prints Markdown; each number is the minimum / median of interleaved rounds. Run it as `make bench-torch`.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

import isopixel
import isopixel.torch
from benchmarks.machine import cpu_model
from benchmarks.measure import Calls, interleaved

RECIPE = "isopixel 1: nataraj | bilinear 224,224"
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
WORKERS = (0, 1, 2)
BATCH = 16


class PeerFolder(Dataset):
    """The usual pipeline: the bytes by NumPy, a row width by the table of nataraj, and a resize of another library."""

    LIMITS = np.array([10, 30, 60, 100, 200, 500, 1000]) * 1024
    WIDTHS = (32, 64, 128, 256, 384, 512, 768, 1024)

    def __init__(self, samples, resize):
        self.samples = samples
        self.resize = resize

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        path, target = self.samples[index]
        data = np.fromfile(path, np.uint8)
        width = self.WIDTHS[np.searchsorted(self.LIMITS, len(data), "right")]
        data = np.pad(data, (0, -len(data) % width))
        return torch.from_numpy(self.resize(data.reshape(-1, width)))[None], target


def resize_by_pillow(image):
    return np.array(Image.fromarray(image).resize((224, 224), Image.BILINEAR))


def resize_by_opencv(image):
    """The usual call, which looks at four samples for each result; INTER_AREA averages all of them."""
    cv2.setNumThreads(1)
    return cv2.resize(image, (224, 224), interpolation=cv2.INTER_LINEAR)


def resize_by_opencv_area(image):
    cv2.setNumThreads(1)
    return cv2.resize(image, (224, 224), interpolation=cv2.INTER_AREA)


def files_of_this_machine(folder, most):
    """Links to executables of this machine, as two classes; returns their lengths."""
    lengths = []
    for path in sorted(Path("/usr/bin").iterdir()):
        if path.is_symlink() or not path.is_file() or path.stat().st_size < 4096 or not os.access(path, os.R_OK):
            continue
        link = folder / ("a to m" if path.name.lower() < "n" else "n to z") / path.name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path)
        lengths.append(path.stat().st_size)
        if len(lengths) == most:
            break
    return lengths


def seconds_of_sample(data, workers):
    """The time of a sample in the second pass over the data: the workers run, and have nothing prepared."""
    loader = DataLoader(data, batch_size=BATCH, num_workers=workers, persistent_workers=workers > 0)
    for _ in range(2):
        begin = time.perf_counter()
        n = sum(len(targets) for _, targets in loader)
    return (time.perf_counter() - begin) / n


def measure_loading(rounds, most):
    with tempfile.TemporaryDirectory() as name:
        lengths = files_of_this_machine(Path(name), most)
        ours = isopixel.torch.ByteImageFolder(name, RECIPE)
        columns = {
            "isopixel": ours,
            "Pillow BILINEAR": PeerFolder(ours.samples, resize_by_pillow),
            "OpenCV LINEAR": PeerFolder(ours.samples, resize_by_opencv),
            "OpenCV AREA": PeerFolder(ours.samples, resize_by_opencv_area),
        }
        times = {(workers, column): [] for workers in WORKERS for column in columns}
        for _ in range(rounds):
            for workers, column in times:
                times[workers, column].append(seconds_of_sample(columns[column], workers))
    median = f"{statistics.median(lengths) / 1024:.0f} KiB"
    print(f"\n`ByteImageFolder`: {len(lengths)} executables of /usr/bin (median {median}), `{RECIPE}`,")
    print(f"samples per second, best / median of {rounds} rounds; in brackets isopixel's best divided by the peer's\n")
    print("| workers |", " | ".join(columns), "|")
    print("|---" * (len(columns) + 1) + "|")
    for workers in WORKERS:
        cells = []
        for column in columns:
            taken = times[workers, column]
            ratio = min(taken) / min(times[workers, "isopixel"])
            cell = f"{1 / min(taken):.0f} / {1 / statistics.median(taken):.0f}"
            cells.append(cell if column == "isopixel" else f"{cell} ({ratio:.2f}×)")
        print(f"| {workers} |", " | ".join(cells), "|")


def cases():
    """Name, isopixel's call, and the peers' calls by name."""
    interpolate = torch.nn.functional.interpolate
    for shape, size in (((3, 4, 4), (2, 2)), ((3, 256, 256), (224, 224)), ((16, 3, 480, 640), (224, 224))):
        tensor = torch.randint(0, 256, shape, dtype=torch.uint8)
        array, batch = tensor.numpy(), tensor if len(shape) == 4 else tensor[None]
        axes = "NCHW" if len(shape) == 4 else "CHW"
        decomposed = isopixel.torch.Resize(size, decompose=True)
        yield (
            f"resize {list(shape)} → {list(size)}",
            {
                "isopixel.torch": lambda t=tensor, s=size: isopixel.torch.resize(t, s),
                "core": lambda a=array, s=size, x=axes: isopixel.resize(a, s, axes=x),
                "decompose": lambda t=tensor, d=decomposed: d(t),
                "torch": lambda b=batch, s=size: interpolate(b, s, mode="bilinear", antialias=True),
            },
        )
    mean, std = (torch.tensor(numbers)[:, None, None] for numbers in (MEAN, STD))
    for shape in ((3, 224, 224), (16, 3, 224, 224)):
        tensor = torch.randint(0, 256, shape, dtype=torch.uint8)
        normalize, decomposed = (isopixel.torch.Normalize(MEAN, STD, decompose=d) for d in (False, True))
        array, axes = tensor.numpy(), "NCHW" if len(shape) == 4 else "CHW"
        yield (
            f"normalise {list(shape)}",
            {
                "isopixel.torch": lambda t=tensor, n=normalize: n(t),
                "core": lambda a=array, x=axes: isopixel.normalize(a, MEAN, STD, axes=x),
                "decompose": lambda t=tensor, n=decomposed: n(t),
                "torch": lambda t=tensor, m=mean, s=std: (t.to(torch.float32) / 255 - m) / s,
            },
        )


def measure_calls(seconds):
    print("One thread; microseconds, minimum / median; in brackets the minimum divided by isopixel.torch's\n")
    print("| | isopixel.torch | core on arrays | decompose=True | torch |\n|---|---|---|---|---|")
    for name, calls in cases():
        times = interleaved({key: Calls([call]) for key, call in calls.items()}, 1, seconds, warm=True)
        ours = min(times["isopixel.torch"])
        cells = [
            f"{min(t) * 1e3:.3g} / {statistics.median(t) * 1e3:.3g} ({min(t) / ours:.2f}×)" for t in times.values()
        ]
        print(f"| {name} |", " | ".join(cells), "|")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3, help="of each case of calls")
    parser.add_argument("--rounds", type=int, default=5, help="of data loading")
    parser.add_argument("--files", type=int, default=400, help="of data loading, at most")
    options = parser.parse_args()
    torch.set_num_threads(1)
    versions = f"torch {torch.__version__}, Pillow {Image.__version__}, OpenCV {cv2.__version__}"
    print(f"{cpu_model()}, {os.cpu_count()} CPUs, {platform.system()}; isopixel {isopixel.__version__}, {versions}\n")
    measure_calls(options.seconds)
    measure_loading(options.rounds, options.files)


if __name__ == "__main__":
    sys.exit(main())
