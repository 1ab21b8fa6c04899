# SPDX-License-Identifier: MIT
"""Trains a small network once for each way of making its inputs, serves each in every way, and tells what that costs.

With resizers, on byte images of real files of this machine and on patches of photographs; and with spectrograms of
isopixel, librosa and torchaudio's formulas, on sounds that are synthesised here. Takes about an hour on one core, and
writes to build/skew: the data sets, tables.md, a heat-map of each data set, results.json, and the reports of
`isopixel skew` for the networks that are trained in the first way.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch

import isopixel
from examples.skew import files, heatmap, photographs, sounds, spectrograms
from examples.skew.network import predict, train
from examples.skew.pairs import others, summary, table
from isopixel.torch import ByteImageFolder, PictureFolder

FOLDER = Path(__file__).parents[2] / "build" / "skew"
BYTES = "isopixel 1: nataraj | {} 64,64 | normalize mean=0 std=1"
PICTURES = "isopixel 1: image rgb orientation=apply | {} short=54 | crop 48,48 round=even | normalize mean=0 std=1"
RESIZERS = {
    "bilinear": "bilinear",
    "two-tap": "bilinear-two-tap",
    "pillow-4": "pillow-4-bilinear",
    "pillow-13": "pillow-13-bilinear",
    "opencv linear": "opencv-3.4-linear",
    "torch antialias": "torch-2.0-bilinear-antialias",
}


@dataclass(frozen=True)
class Experiment:
    """A data set, and ways of making inputs of it.

    Attributes:
        collect: writes the data set to a folder.
        recipe: the first way's.
        ways: to train and to serve with; each returns the inputs of some paths, float32 (C, H, W).
        served: to serve the networks of the first way with alone.
    """

    collect: Callable
    recipe: isopixel.Recipe
    ways: dict[str, Callable]
    served: dict[str, Callable] = field(default_factory=dict)


def resizers(collect, line):
    """Returns the experiment with the resizers, in a recipe with a gap for the method."""
    recipes = {name: isopixel.Recipe.parse(line.format(method)) for name, method in RESIZERS.items()}
    return Experiment(collect, recipes["bilinear"], {name: partial(map, recipe) for name, recipe in recipes.items()})


EXPERIMENTS = {
    "files": resizers(files.collect, BYTES),
    "sounds": Experiment(sounds.collect, spectrograms.RECIPE, spectrograms.WAYS, spectrograms.SERVED),
    "photographs": resizers(photographs.collect, PICTURES),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="how many trainings of each way (default: 3)")
    seeds = range(parser.parse_args().seeds)
    if not seeds:
        parser.error("--seeds must be at least 1")
    torch.set_num_threads(1)  # the same sums on a machine of any size
    shutil.rmtree(FOLDER, ignore_errors=True)
    results = {}
    for name, experiment in EXPERIMENTS.items():
        print(f"{name}: collecting in {FOLDER / name}", flush=True)
        experiment.collect(FOLDER / name)
        results[name] = measure(name, experiment, seeds)
    tables = "\n".join(table(name, result) for name, result in results.items())
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1))
    (FOLDER / "tables.md").write_text(tables)
    print(f"\n{tables}\nwritten to {FOLDER}")


def measure(name, experiment, seeds):
    """Trains and serves on a data set; draws, reports, and returns what was measured."""
    ways = list(experiment.ways)
    train_images, train_labels, classes = load(FOLDER / name / "train", experiment.recipe, experiment.ways)
    test_images, test_labels, _ = load(FOLDER / name / "test", experiment.recipe, experiment.ways | experiment.served)
    predictions = np.empty((len(seeds), len(ways), len(ways), len(test_labels)), np.int64)
    reports = []
    begun, done = time.monotonic(), 0
    for seed in seeds:
        for i, trained in enumerate(ways):
            network = train(train_images[trained], train_labels, len(classes), seed)
            for j, served in enumerate(ways):
                predictions[seed, i, j] = predict(network, test_images[served])
            if i == 0:
                costs = [cost(network, served, test_images, trained, test_labels) for served in experiment.served]
                example = torch.zeros_like(test_images[trained][:1])
                record = report(f"{name}-{seed}", network, example, experiment.recipe, FOLDER / name / "test")
                reports.append(costs + record["against"])
            done += 1
            left = (time.monotonic() - begun) / done * (len(seeds) * len(ways) - done)
            right = (predictions[seed, i, i] == test_labels.numpy()).mean()
            print(f"{name}, seed {seed}, {trained}: accuracy {right:.1%}, {left / 60:.1f} minutes left", flush=True)
    result = summary(ways, predictions, test_labels.numpy()) | {"others": others(reports)}
    result |= {"classes": classes, "train": len(train_labels), "test": len(test_labels), "seeds": len(seeds)}
    heatmap.draw(
        FOLDER / f"{name}.png",
        f"{name}: {len(test_labels)} test files, mean of {len(seeds)} trainings, %",
        ways,
        [
            ("accuracy", np.array(result["accuracy"]), "viridis"),
            ("predictions that flip", np.array(result["flips"]), "magma_r"),
        ],
    )
    return result


def load(folder, recipe, ways):
    """Returns the images of a side by way, (files, C, H, W); the labels; and the names of the classes."""
    data = (PictureFolder if recipe.layout is None else ByteImageFolder)(folder, recipe)
    paths = [path for path, _ in data.samples]
    images = {}
    for name, way in ways.items():
        print(f"{folder}: {name}", flush=True)
        images[name] = torch.stack([torch.from_numpy(image) for image in way(paths)])
    return images, torch.tensor(data.targets), data.classes


def cost(network, served, images, trained, labels):
    """Returns what it costs to serve a network in another way, as the record of `isopixel skew` has it."""
    base, predictions = predict(network, images[trained]), predict(network, images[served])
    return {
        "name": served,
        "flip_share": (predictions != base).double().mean().item(),
        "accuracy": (predictions == labels).double().mean().item(),
        "pixels_differ": (images[served] != images[trained]).double().mean().item(),
    }


def report(name, network, example, recipe, folder):
    """Saves a network as an exported program, lets `isopixel skew` report on it, and returns its record."""
    program = torch.export.export(network, (example,))
    path = FOLDER / f"{name}.pt2"
    torch.export.save(program, path)
    command = [
        sys.executable,
        "-m",
        "isopixel",
        "skew",
        path,
        folder,
        "--trust",
        "--recipe",
        str(recipe),
        "--json",
    ]
    command += ["-o", path.with_suffix(".html")]
    one_thread = os.environ | {"OMP_NUM_THREADS": "1"}
    finished = subprocess.run(command, env=one_thread, stdout=subprocess.PIPE, check=False)
    if finished.returncode not in (0, 1):  # 1: predictions flip
        raise SystemExit(f"isopixel skew ended with {finished.returncode}")
    return json.loads(finished.stdout)


if __name__ == "__main__":
    main()
