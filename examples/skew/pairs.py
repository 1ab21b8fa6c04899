# SPDX-License-Identifier: MIT
"""What the pairs of training and serving give, as numbers and as tables."""

import numpy as np


def summary(names, predictions, labels):
    """Returns the means over the seeds for each pair (trained, served), and how much trainings differ by themselves.

    Args:
        names: of the ways of making inputs.
        predictions: (seeds, trained, served, files).
        labels: (files,).
    """
    right = (predictions == labels).mean(axis=3)
    own = predictions.diagonal(axis1=1, axis2=2).transpose(0, 2, 1)
    flips = (predictions != own[:, :, None]).mean(axis=3)
    pairs = [(a, b) for a in range(len(own)) for b in range(a)]
    return {
        "ways": names,
        "accuracy": right.mean(axis=0).tolist(),
        "flips": flips.mean(axis=0).tolist(),
        "accuracy_of_each_seed": right.tolist(),
        "flips_of_each_seed": flips.tolist(),
        "flips_between_seeds": float(np.mean([own[a] != own[b] for a, b in pairs])) if pairs else None,
    }


def others(reports):
    """Returns the means over the seeds for each way that networks of the first way were also served with.

    Args:
        reports: for each seed the records of the ways, as `isopixel skew` has them.
    """
    ways = zip(*reports, strict=True)
    return {
        of_way[0]["name"]: {
            "flips": float(np.mean([way["flip_share"] for way in of_way])),
            "accuracy": float(np.mean([way["accuracy"] for way in of_way])),
            "pixels_differ": float(np.mean([way["pixels_differ"] for way in of_way])),
        }
        for of_way in ways
    }


def table(name, result):
    """Returns what was measured as Markdown."""
    names = result["ways"]
    lines = [f"### {name}: {result['train']} to train, {result['test']} to test", ""]
    for key, heading in (("accuracy", "accuracy, %"), ("flips", "predictions that flip, %")):
        lines += [
            f"| {heading}; trained with ↓, served with → | {' | '.join(names)} |",
            "|---" * (len(names) + 1) + "|",
        ]
        for trained, row in zip(names, result[key], strict=True):
            lines.append(f"| {trained} | {' | '.join(f'{100 * share:.1f}' for share in row)} |")
        lines.append("")
    lines += [
        f"| trained with {names[0]}, served with ↓ | predictions that flip, % | accuracy, % | pixels that differ, % |",
        "|---" * 4 + "|",
        f"| the same | 0.0 | {100 * result['accuracy'][0][0]:.1f} | 0.0 |",
    ]
    for way, means in result["others"].items():
        numbers = (f"{100 * means[key]:.1f}" for key in ("flips", "accuracy", "pixels_differ"))
        lines.append(f"| {way} | {' | '.join(numbers)} |")
    lines.append("")
    own = np.array(result["accuracy_of_each_seed"]).diagonal(axis1=1, axis2=2)
    spread = 100 * (own.max(axis=0) - own.min(axis=0)).max()
    text = f"Mean of {result['seeds']} trainings."
    if result["flips_between_seeds"] is not None:
        text += (
            f" If only the seed differs, the accuracy differs by up to {spread:.1f} points, and two networks "
            f"disagree in {100 * result['flips_between_seeds']:.1f} % of their predictions."
        )
    return "\n".join([*lines, text, ""])
