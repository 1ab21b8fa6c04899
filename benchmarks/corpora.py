# SPDX-License-Identifier: MIT
"""isopixel.torch.Corpus beside PNG files of the same images, in one run: random items, and batches by a DataLoader.

Prints Markdown; each number is the minimum / median of interleaved rounds, with the files in the system's cache. Run it
as `make bench-torch`.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

import isopixel
import isopixel.corpus
import isopixel.torch
from benchmarks.machine import cpu_model
from benchmarks.tensors import BATCH, RECIPE, WORKERS, files_of_this_machine


class PngFolder(Dataset):
    """The images of a folder of PNG files."""

    def __init__(self, paths, read):
        self.paths = paths
        self.read = read

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return torch.from_numpy(self.read(self.paths[index]))[None]


def read_by_pillow(path):
    return np.array(Image.open(path))


def read_by_isopixel(path):
    return isopixel.load(path).copy()  # torch wants to be able to write to it


def microseconds_of_item(data, order, workers):
    """The time of an item in this order; by workers in the second pass, for which nothing is prepared."""
    if workers is None:
        begin = time.perf_counter()
        for number in order:
            data[number]
    else:
        loader = DataLoader(data, BATCH, sampler=order, num_workers=workers, persistent_workers=workers > 0)
        for _ in range(2 if workers else 1):
            begin = time.perf_counter()
            for _ in loader:
                pass
    return (time.perf_counter() - begin) / len(order) * 1e6


def data_sets(folder, most):
    """The same images as a corpus and as PNG files, by column; the PNG files are as `isopixel bytes` writes them."""
    files_of_this_machine(folder / "src", most)
    isopixel.corpus.make(folder / "src", folder / "dst", RECIPE)
    corpus = isopixel.torch.Corpus(folder / "dst")
    paths = []
    for name in corpus.paths:
        paths.append(folder / f"{len(paths)}.png")
        isopixel.save(paths[-1], isopixel.Recipe.parse(RECIPE)(folder / "src" / name))
    columns = {
        "Corpus": corpus,
        "PNG by Pillow": PngFolder(paths, read_by_pillow),
        "Corpus, verify=True": isopixel.torch.Corpus(folder / "dst", verify=True),
        "PNG by isopixel.load": PngFolder(paths, read_by_isopixel),
    }
    for images in zip(*columns.values(), strict=True):
        assert all(torch.equal(image, images[0]) for image in images)
    return columns


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--files", type=int, default=400, help="at most")
    parser.add_argument("--items", type=int, default=1000, help="of a round")
    options = parser.parse_args()
    torch.set_num_threads(1)
    ways = {None: "one by one", **{workers: f"`DataLoader`, workers: {workers}" for workers in WORKERS}}
    with tempfile.TemporaryDirectory() as name:
        columns = data_sets(Path(name), options.files)
        order = np.random.default_rng(0).integers(len(columns["Corpus"]), size=options.items).tolist()
        times = {(workers, column): [] for workers in ways for column in columns}
        for _ in range(options.rounds):
            for workers, column in times:
                times[workers, column].append(microseconds_of_item(columns[column], order, workers))
    versions = f"torch {torch.__version__}, Pillow {Image.__version__}"
    print(f"{cpu_model()}, {os.cpu_count()} CPUs, {platform.system()}; isopixel {isopixel.__version__}, {versions}\n")
    print(
        f"Executables of /usr/bin, `{RECIPE}`: {options.items} random ones of {options.files}, microseconds an image,"
    )
    print(f"minimum / median of {options.rounds} rounds; in brackets the minimum divided by the corpus's to the left\n")
    print("| |", " | ".join(columns), "|")
    print("|---" * (len(columns) + 1) + "|")
    for workers, way in ways.items():
        cells = []
        for column in columns:
            taken = times[workers, column]
            if column.startswith("Corpus"):
                corpus = min(taken)
            ratio = "" if column.startswith("Corpus") else f" ({min(taken) / corpus:.1f}×)"
            cells.append(f"{min(taken):.0f} / {statistics.median(taken):.0f}{ratio}")
        print(f"| {way} |", " | ".join(cells), "|")


if __name__ == "__main__":
    sys.exit(main())
