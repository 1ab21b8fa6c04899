# SPDX-License-Identifier: MIT
"""isopixel.torch on a CUDA device beside its peers, in one run: the time of a call, and the memory that it takes.

Prints Markdown; each number is the minimum / median of interleaved rounds. Run it as `make bench-gpu`.
"""

import argparse
import importlib
import importlib.util
import statistics
import sys
import time
from importlib.metadata import version

import torch

import isopixel
import isopixel.torch
from benchmarks.machine import cpu_model
from benchmarks.measure import Calls, interleaved

SIZE = (224, 224)
SHAPES = ((256, 256), (1080, 1920))
BATCHES = (1, 64, 256)


def normalize_on(device):
    return isopixel.torch.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)).to(device)


class DeviceCalls(Calls):
    """Calls whose work is done when the device has done it."""

    def seconds(self, copies):
        synchronize()
        begin = time.perf_counter()
        for copy in copies:
            self.calls[copy]()
        synchronize()
        return time.perf_counter() - begin


def synchronize():
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def extra_memory(call):
    """The bytes of a call's result and of all that it needs besides, as far as torch knows of them."""
    if not torch.cuda.is_available():
        return None
    synchronize()
    before = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    call()
    return torch.cuda.max_memory_allocated() - before


def images_of(batch, shape, device):
    """A batch [N, C, H, W] of noise, or for a shape of None a list of images of many sizes."""
    generator = torch.Generator().manual_seed(1)
    if shape is not None:
        return torch.randint(0, 256, (batch, 3, *shape), dtype=torch.uint8, generator=generator).to(device)
    sizes = torch.randint(200, 800, (batch, 2), generator=generator).tolist()
    return [torch.randint(0, 256, (3, *size), dtype=torch.uint8, generator=generator).to(device) for size in sizes]


def each(resize, images):
    """What a peer that knows no lists does with one."""
    return resize(images) if isinstance(images, torch.Tensor) else [resize(image[None]) for image in images]


def torch_peer(dtype):
    def peer(images):
        if dtype is torch.float32:
            images = images.to(dtype) if isinstance(images, torch.Tensor) else [image.to(dtype) for image in images]
        interpolate = torch.nn.functional.interpolate
        return lambda: each(lambda part: interpolate(part, SIZE, mode="bilinear", antialias=True), images)

    return peer


def torchvision_peer(images):
    resize = importlib.import_module("torchvision.transforms.v2.functional").resize
    return lambda: each(lambda part: resize(part, list(SIZE), antialias=True), images)


def dali_peer(images):
    dali = importlib.import_module("nvidia.dali")
    parts = [image.permute(1, 2, 0).contiguous() for image in images]
    with dali.Pipeline(batch_size=len(parts), num_threads=1, device_id=0) as pipeline:
        read = dali.fn.external_source(source=lambda: parts, device="gpu", layout="HWC", no_copy=True)
        pipeline.set_outputs(dali.fn.resize(read, size=list(SIZE), antialias=True))
    pipeline.build()
    return pipeline.run


def cvcuda_peer(images):
    cvcuda = importlib.import_module("cvcuda")
    if not isinstance(images, torch.Tensor):
        raise TypeError("not measured")
    tensor = cvcuda.as_tensor(images.permute(0, 2, 3, 1).contiguous(), "NHWC")
    return lambda: cvcuda.hq_resize(tensor, SIZE, antialias=True, interpolation=cvcuda.Interp.LINEAR)


def ours(images, **options):
    return lambda: isopixel.torch.resize_batch(images, SIZE, **options)


def channels_last(images):
    if isinstance(images, torch.Tensor):
        return images.contiguous(memory_format=torch.channels_last)
    return [image[None].contiguous(memory_format=torch.channels_last)[0] for image in images]


def peers(normalize):
    """Functions that make the call of images, by the name of a column."""
    found = {
        "isopixel": ours,
        "isopixel, channels-last": lambda images: ours(channels_last(images)),
        "isopixel, normalised": lambda images: ours(images, normalize=normalize),
        "torch, float32": torch_peer(torch.float32),
        "torch, uint8": torch_peer(torch.uint8),
    }
    others = {"torchvision": torchvision_peer, "nvidia.dali": dali_peer, "cvcuda": cvcuda_peer}
    return found | {name: peer for name, peer in others.items() if is_there(name)}


def is_there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def measured(images, columns, seconds):
    """A cell for each column."""
    calls, memory, cells = {}, {}, {}
    for name, make in columns.items():
        try:
            call = make(images)
            call()
            memory[name] = extra_memory(call)
            calls[name] = DeviceCalls([call])
        except Exception as error:  # a peer that does not do this, or has too little memory
            cells[name] = str(error).strip().splitlines()[0][:40] if str(error) else type(error).__name__
    times = interleaved(calls, 1, seconds, warm=True)
    for name, taken in times.items():
        ratio = min(taken) / min(times["isopixel"])
        cells[name] = f"{min(taken) * 1e3:.3g} / {statistics.median(taken) * 1e3:.3g} ({ratio:.2f}×)"
        if memory[name] is not None and name not in ("nvidia.dali", "cvcuda"):
            cells[name] += f", {memory[name] / 1e6:.3g} MB"
    return [cells[name] for name in columns]


def check(images):
    """Stops if the device has other bits than the core; the first, the middle and the last image are compared."""
    device = images[0].device
    made = isopixel.torch.resize_batch(images, SIZE)
    normalised = isopixel.torch.resize_batch(images, SIZE, normalize=normalize_on(device))
    for i in {0, len(images) // 2, len(images) - 1}:
        image = isopixel.torch.resize(images[i].cpu(), SIZE)
        if not (torch.equal(made[i].cpu(), image) and torch.equal(normalised[i].cpu(), normalize_on("cpu")(image))):
            sys.exit("the bits of the device are not those of the core")


def table(device, batches, shapes, seconds):
    columns = peers(normalize_on(device))
    print("| |", " | ".join(columns), "|")
    print("|---" * (len(columns) + 1) + "|", flush=True)
    for shape in (*shapes, None):
        for batch in batches:
            images = images_of(batch, shape, device)
            check(images)
            name = "images of 200 to 800 a side" if shape is None else f"{shape[0]} × {shape[1]}"
            print(f"| {batch} × {name} |", " | ".join(measured(images, columns, seconds)), "|", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3, help="of each case")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        sys.exit("there is no CUDA device here: nothing was measured")
    versions = f"isopixel {isopixel.__version__}, torch {torch.__version__}, Triton {version('triton')}"
    print(f"{torch.cuda.get_device_name()}, {cpu_model()}; {versions}\n")
    print(f"RGB to {SIZE[0]} × {SIZE[1]}, bilinear with antialias; microseconds a call, minimum / median; in brackets")
    print("the minimum divided by isopixel's; then the memory of the result and what it needs besides. torch, float32")
    print("begins with floats.\n")
    table(torch.device("cuda"), BATCHES, SHAPES, options.seconds)


if __name__ == "__main__":
    sys.exit(main())
