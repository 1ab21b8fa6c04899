# SPDX-License-Identifier: MIT
"""The table of docs/peers.md."""

import platform
from dataclasses import dataclass

import isopixel

NAMES = {"opencv": "OpenCV (opencv-python-headless)", "pillow": "Pillow", "torch": "torch"}


@dataclass(frozen=True)
class Row:
    """What one release and one method came to."""

    release: object
    method: str
    cases: int
    equal: bool


def table(rows, missing):
    """The Markdown text: by method, the releases that are equal to it.

    Args:
        rows: a list of Rows, all equal.
        missing: lines about releases that were skipped.
    """
    lines = [
        "# Which releases the frozen peers are",
        "",
        "Each release below made the same samples as the frozen peer, in every bit, in this many random cases:",
        "sides from 1 to 5000, up, down, equal and half, noise and extreme values; OpenCV and torch with 1 to 5",
        "channels, torch contiguous and channels-last, Pillow in the modes L, RGB and CMYK, LA and RGBA for the",
        "`-alpha` methods, and all five for NEAREST. OpenCV's INTER_CUBIC was measured without Intel's IPP, as",
        "`OPENCV_IPP=disabled` has it, and the others with it.",
        "",
        "| library | releases | method | cases for each |",
        "|---|---|---|---|",
    ]
    for method in dict.fromkeys(row.method for row in rows):
        of_method = [row for row in rows if row.method == method]
        versions = ", ".join(row.release.version for row in of_method)
        library = NAMES[of_method[0].release.library]
        lines.append(f"| {library} | {versions} | `{method}` | {of_method[0].cases} |")
    isas = ", ".join(isa for isa in isopixel.available_isas() if isa not in ("plain", "scalar"))
    lines += [
        "",
        f"Measured on {platform.machine().replace('_', '-')} ({isas}) with Python "
        f"{platform.python_version()} and the wheels of the package index.",
        "Wheels for other processors have other kernels and may make different samples: OpenCV's for ARM are said to.",
        "",
        "torch was measured with its kernels for AVX2; 2.13.0 on a processor with AVX-512 too. Without antialias its",
        "releases before 2.3 depart from `torch-2.3-bilinear` on sides of thousands of pixels, rarely on shorter ones,",
        "and from `torch-2.3-bicubic` on most. With antialias 2.0 computes bilinear where bicubic is asked for.",
        "",
        "Left out of torch's bilinear and bicubic are the contiguous tensors for which it departs from its formula (a",
        "result one column wide, more than 4 channels) or raises an error (a result of 1 × 1, 3 channels). On a",
        "processor without AVX2 it departs from it with any number of channels if a result is one column wide, and is",
        "then found different. Left out of INTER_AREA are fractions of blocks of 5 channels, which OpenCV refuses.",
        "",
        *(f"{line}.\n" for line in missing),
        "Made by `python -m tests.peers.run --write docs/peers.md`.",
        "",
    ]
    return "\n".join(lines)
