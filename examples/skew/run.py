# SPDX-License-Identifier: MIT
"""Trains a small network once for each resizer, serves each with every resizer, and tells what that costs.

On byte images of real files of this machine, and of sounds that are synthesised here, and on patches of photographs.
Takes about half an hour on one core, and writes to build/skew: the data sets, tables.md, a heat-map of each data set,
results.json, and the reports of `isopixel skew` for the networks that are trained with the first resizer.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch

import isopixel
from examples.skew import files, heatmap, photographs, sounds
from examples.skew.network import predict, train
from examples.skew.pairs import others, summary, table
from isopixel.torch import ByteImageFolder, PictureFolder

FOLDER = Path(__file__).parents[2] / "build" / "skew"
BYTES = "isopixel 1: nataraj | {} 64,64 | normalize mean=0 std=1"
PICTURES = "isopixel 1: image rgb orientation=apply | {} short=54 | crop 48,48 round=even | normalize mean=0 std=1"
# What writes a data set, and the recipe with a gap for the method.
DATA_SETS = {
    "files": (files.collect, BYTES),
    "sounds": (sounds.collect, BYTES),
    "photographs": (photographs.collect, PICTURES),
}
RESIZERS = {
    "bilinear": "bilinear",
    "two-tap": "bilinear-two-tap",
    "pillow-4": "pillow-4-bilinear",
    "pillow-13": "pillow-13-bilinear",
    "opencv linear": "opencv-3.4-linear",
    "torch antialias": "torch-2.0-bilinear-antialias",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="how many trainings of each resizer (default: 3)")
    seeds = range(parser.parse_args().seeds)
    if not seeds:
        parser.error("--seeds must be at least 1")
    torch.set_num_threads(1)  # the same sums on a machine of any size
    shutil.rmtree(FOLDER, ignore_errors=True)
    results = {}
    for name, (collect, line) in DATA_SETS.items():
        print(f"{name}: collecting in {FOLDER / name}", flush=True)
        collect(FOLDER / name)
        recipes = {resizer: isopixel.Recipe.parse(line.format(method)) for resizer, method in RESIZERS.items()}
        results[name] = experiment(name, recipes, seeds)
    tables = "\n".join(table(name, result) for name, result in results.items())
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1))
    (FOLDER / "tables.md").write_text(tables)
    print(f"\n{tables}\nwritten to {FOLDER}")


def experiment(name, recipes, seeds):
    """Trains and serves on a data set; draws, reports, and returns what was measured."""
    sets = {side: load(FOLDER / name / side, recipes) for side in ("train", "test")}
    (train_images, train_labels, classes), (test_images, test_labels, _) = sets["train"], sets["test"]
    predictions = np.empty((len(seeds), len(recipes), len(recipes), len(test_labels)), np.int64)
    reports = []
    begun, done = time.monotonic(), 0
    for seed in seeds:
        for i, trained in enumerate(recipes):
            network = train(train_images[trained], train_labels, len(classes), seed)
            for j, served in enumerate(recipes):
                predictions[seed, i, j] = predict(network, test_images[served])
            if i == 0:
                example = torch.zeros_like(test_images[trained][:1])
                reports.append(report(f"{name}-{seed}", network, example, recipes[trained], FOLDER / name / "test"))
            done += 1
            left = (time.monotonic() - begun) / done * (len(seeds) * len(recipes) - done)
            right = (predictions[seed, i, i] == test_labels.numpy()).mean()
            print(f"{name}, seed {seed}, {trained}: accuracy {right:.1%}, {left / 60:.1f} minutes left", flush=True)
    result = summary(list(recipes), predictions, test_labels.numpy()) | {"others": others(reports)}
    result |= {"classes": classes, "train": len(train_labels), "test": len(test_labels), "seeds": len(seeds)}
    heatmap.draw(
        FOLDER / f"{name}.png",
        f"{name}: {len(test_labels)} test files, mean of {len(seeds)} trainings, %",
        list(recipes),
        [
            ("accuracy", np.array(result["accuracy"]), "viridis"),
            ("predictions that flip", np.array(result["flips"]), "magma_r"),
        ],
    )
    return result


def load(folder, recipes):
    """Returns the images of a side by resizer, (files, C, H, W); the labels; and the names of the classes."""
    kind = PictureFolder if recipes["bilinear"].layout is None else ByteImageFolder
    data = {name: kind(folder, recipe) for name, recipe in recipes.items()}
    images = {name: torch.stack([image for image, _ in made]) for name, made in data.items()}
    first = data["bilinear"]
    return images, torch.tensor(first.targets), first.classes


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
