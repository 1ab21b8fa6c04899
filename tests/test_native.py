# SPDX-License-Identifier: MIT
"""The C interface from a C99 program, under the address and undefined-behaviour sanitizers; and the 128-bit integer."""

import subprocess

import numpy as np
import pytest
from spec import recipe_images, reference

from tests.support import random_image


def test_u128(native):
    run = subprocess.run([native / "u128"], capture_output=True, text=True, check=False)
    assert run.stdout == "2000000 passed, 0 failed\n"


@pytest.mark.parametrize("program", ["strides", "allocations", "idle_resizers", "sounds"])
def test_program(native, program):
    run = subprocess.run([native / program], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    assert int(run.stdout.removesuffix(" passed\n")) > 100


def resize_case(rng, most):
    h, w, out_h, out_w = (int(n) for n in rng.integers(1, most, 4))
    images, channels = int(rng.integers(1, 4)), int(rng.integers(1, 6))
    method = str(rng.choice(["bilinear", "bilinear-two-tap"]))
    batch = random_image(rng, (images, h, w, channels))
    expected = b"".join(reference.resize(i.tobytes(), i.shape, (out_h, out_w), method) for i in batch)
    gaps = int(rng.choice([-1, 0, 3])), int(rng.choice([0, 1, 5]))
    numbers = method, images, channels, h, w, out_h, out_w, *gaps, int(rng.choice([1, 2, 7, 100, 10_000]))
    return f"resize {' '.join(map(str, numbers))} {batch.tobytes().hex()} {expected.hex()}\n"


def layout_case(rng, most):
    n_bytes, out_h, out_w = int(rng.integers(1, 100 * most)), *(int(n) for n in rng.integers(1, most, 2))
    data, method = random_image(rng, n_bytes).tobytes(), str(rng.choice(["bilinear", "bilinear-two-tap"]))
    layout = str(rng.choice(["nataraj", "fixed,width=7,rows=extra,pad=9", "hilbert,pad=3", "bigram,scale=log", "line"]))
    layout += str(rng.choice(["", "", f",offset={n_bytes // 2}", f",length={n_bytes // 3 + 1}"]))
    _, expected = reference.resized_layout(layout, data, (out_h, out_w), method)
    numbers = method, n_bytes, out_h, out_w, int(rng.integers(0, 3)), int(rng.choice([1, 7, 1000, 100_000]))
    return f"layout {layout} {' '.join(map(str, numbers))} {data.hex()} {expected.hex()}\n"


def texts(rng, count, least):
    """Decimals (R-29) with commas between them."""
    return ",".join(f"{rng.integers(least, 10**6)}e{rng.integers(-9, 1)}" for _ in range(count))


def normalize_case(rng):
    images, channels, h, w = (int(n) for n in rng.integers(1, [4, 5, 9, 40]))
    mean, deviation = texts(rng, rng.choice([1, channels]), -(10**6)), texts(rng, rng.choice([1, channels]), 1)
    planar, direction = int(rng.integers(2)), int(rng.choice([-1, 1]))
    step = direction * ((1 if planar else channels) + int(rng.integers(3)))
    batch = random_image(rng, (images, h, w, channels))
    lists = mean.split(","), deviation.split(",")
    bits = [number for image in batch for number in reference.normalize(image.tobytes(), image.shape, *lists)]
    numbers = images, channels, h, w, step, int(rng.integers(3)), planar, int(rng.integers(1, 4))
    expected = " ".join(f"{number:08x}" for number in bits)
    return f"normalize {mean} {deviation} {' '.join(map(str, numbers))} {batch.tobytes().hex()} {expected}\n"


def recipe_case(rng, line):
    data = random_image(rng, int(rng.integers(1, 400))).tobytes()
    _, _, bits = recipe_images.run_bytes(line, data)
    expected = " ".join(f"{number:08x}" for number in bits)
    return f"recipe {line.replace(' ', '_')} {len(data)} {len(bits)} {data.hex()} {expected}\n"


def fingerprint_case(rng, dtype, shape):
    array = rng.integers(0, 256, (*shape, np.dtype(dtype).itemsize), np.uint8).view(dtype).reshape(shape)
    raw = array.tobytes()
    numbers = int(dtype == "float32"), len(raw), len(shape), *shape
    expected = reference.fingerprint(dtype, shape, array.astype(array.dtype.newbyteorder("<")).tobytes())
    return f"fingerprint {' '.join(map(str, numbers))} {raw.hex()} {expected}\n"


def run_cases(native, cases):
    return subprocess.run([native / "cases"], input="".join(cases), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("share", [10, pytest.param(1, marks=pytest.mark.slow)])
def test_cases(native, share):
    rng = np.random.default_rng(share)
    cases = [resize_case(rng, most) for most in [12] * (1500 // share) + [70] * (150 // share)]
    cases += [layout_case(rng, most) for most in [8] * (60 // share) + [160] * (5 // share)]
    cases += [normalize_case(rng) for _ in range(100 // share)]
    cases += [
        recipe_case(rng, line)
        for line in [
            "isopixel 1: nataraj,channels=3 | bilinear 7,9 | normalize mean=0.485,0.456,0.406 std=0.229,0.224,0.225",
            "isopixel 1: nataraj | pillow-4-bilinear 5,6 | normalize mean=0.5 std=0.25",
            "isopixel 1: line | bilinear-two-tap 4,8 | normalize mean=-1e-3 std=0.3",
            "isopixel 1: square,channels=3 | normalize mean=0.1,0.2,0.3 std=1",
            "isopixel 1: hilbert,pad=51 | normalize mean=0.2 std=0.7",
        ]
        for _ in range(1 if share > 1 else 4)
    ]
    shapes = [*((n,) for n in range(1, 260, share)), (1, 1), (17, 9, 3), (2, 3, 4, 5)]  # all lengths of a last block
    cases += [fingerprint_case(rng, dtype, shape) for dtype in ("uint8", "float32") for shape in shapes]
    run = run_cases(native, cases)
    assert (run.returncode, run.stdout) == (0, f"{len(cases)} passed, 0 failed\n"), run.stdout + run.stderr


def test_a_wrong_result_is_found(native):
    rng = np.random.default_rng(2)
    recipe = "isopixel 1: nataraj | bilinear 2,2 | normalize mean=0.5 std=0.5"
    for case in (
        resize_case(rng, 12),
        normalize_case(rng),
        recipe_case(rng, recipe),
        fingerprint_case(rng, "uint8", (3, 5)),
    ):
        run = run_cases(native, [case[:-2] + ("0" if case[-2] != "0" else "1") + "\n"])
        assert (run.returncode, run.stdout) == (1, f"case 1: {case.split(' ')[0]}\n")
