# SPDX-License-Identifier: MIT
"""The C interface from a C99 program, under the address and undefined-behaviour sanitizers; and the 128-bit integer."""

import subprocess

import numpy as np

import reference
from support import random_image


def test_u128(native):
    run = subprocess.run([native / "u128"], capture_output=True, text=True, check=False)
    assert run.stdout == "2000000 passed, 0 failed\n"


def resize_case(rng, most):
    h, w, out_h, out_w = (int(n) for n in rng.integers(1, most, 4))
    images, channels, antialias = int(rng.integers(1, 4)), int(rng.integers(1, 6)), int(rng.integers(2))
    batch = random_image(rng, (images, h, w, channels))
    expected = b"".join(reference.resize(i.tobytes(), i.shape, (out_h, out_w), bool(antialias)) for i in batch)
    gaps = int(rng.choice([-1, 0, 3])), int(rng.choice([0, 1, 5]))
    numbers = antialias, images, channels, h, w, out_h, out_w, *gaps, int(rng.choice([1, 2, 7, 100, 10_000]))
    return f"resize {' '.join(map(str, numbers))} {batch.tobytes().hex()} {expected.hex()}\n"


def layout_case(rng, most):
    n_bytes, out_h, out_w = int(rng.integers(1, 100 * most)), *(int(n) for n in rng.integers(1, most, 2))
    data, antialias = random_image(rng, n_bytes).tobytes(), int(rng.integers(2))
    layout = str(rng.choice(["nataraj", "fixed,width=7,rows=extra,pad=9", "hilbert,pad=3", "bigram,scale=log", "line"]))
    _, expected = reference.resized_layout(layout, data, (out_h, out_w), bool(antialias))
    numbers = antialias, n_bytes, out_h, out_w, int(rng.integers(0, 3)), int(rng.choice([1, 7, 1000, 100_000]))
    return f"layout {layout} {' '.join(map(str, numbers))} {data.hex()} {expected.hex()}\n"


def run_cases(native, cases):
    return subprocess.run([native / "cases"], input="".join(cases), capture_output=True, text=True, check=False)


def test_cases(native):
    rng = np.random.default_rng(1)
    cases = [resize_case(rng, most) for most in [12] * 1500 + [70] * 150]
    cases += [layout_case(rng, most) for most in [8] * 60 + [160] * 5]
    run = run_cases(native, cases)
    assert (run.returncode, run.stdout) == (0, f"{len(cases)} passed, 0 failed\n"), run.stdout + run.stderr


def test_a_wrong_result_is_found(native):
    case = resize_case(np.random.default_rng(2), 12)
    run = run_cases(native, [case[:-2] + ("0" if case[-2] != "0" else "1") + "\n"])
    assert (run.returncode, run.stdout) == (1, "case 1: resize\n")
