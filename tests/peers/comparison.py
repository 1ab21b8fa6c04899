# SPDX-License-Identifier: MIT
"""The frozen peers' results, and their comparison with those of a release."""

import hashlib
from dataclasses import dataclass

import numpy as np

import isopixel
from tests.peers.environments import WorkerError

SHOWN = 3  # differences of a release and method whose samples are looked at


@dataclass(frozen=True)
class Difference:
    """A case in which a release is not its frozen peer, and a text about the first sample that shows it."""

    method: str
    release: object
    case: object
    text: str

    def __str__(self):
        return f"{self.method} is not {self.release}: {self.case}: {self.text}"


class Expectation:
    """The hashes of what the frozen peers make of the cases of a library, each computed once."""

    def __init__(self, cases):
        self.cases = cases
        self.hashes = {}

    def prepare(self, methods):
        """Computes what methods, a dictionary from forms to names, say of each case."""
        for case in self.cases:
            key = methods.get(case.form), case.index
            if key[0] and key not in self.hashes:
                self.hashes[key] = hashlib.sha256(frozen(key[0], case)).hexdigest()

    def counts(self, methods):
        """The number of cases by method."""
        names = [methods[case.form] for case in self.cases if case.form in methods]
        return {name: names.count(name) for name in dict.fromkeys(names)}


def frozen(method, case):
    """The result of isopixel: an array of shape (height, width, channels)."""
    image = np.frombuffer(case.image(), np.uint8).reshape(case.shape)
    channels = "CMYK" if case.form.endswith("CMYK") else None
    return isopixel.resize(image, case.size, method=method, axes="HWC", channels=channels)


def compare(release, environment, expectation):
    """Compares a release with its frozen peers, case by case and bit by bit.

    Args:
        release: a Release.
        environment: the Environment with it.
        expectation: the Expectation of its cases, prepared for its methods.

    Returns:
        By method, a list of the Differences; the first SHOWN have a text about their samples.
    """
    hashes = environment.hashes(release, len(expectation.cases))
    differences = {method: [] for method in expectation.counts(release.methods)}
    for case, actual in zip(expectation.cases, hashes, strict=True):
        method = release.methods.get(case.form)
        if method and actual != expectation.hashes[method, case.index]:
            found = differences[method]
            text = first_difference(method, environment, case) if len(found) < SHOWN else ""
            found.append(Difference(method, release, case, text))
    return differences


def first_difference(method, environment, case):
    """Says what the release and the frozen peer have where they first differ."""
    expected = frozen(method, case)
    try:
        samples = environment.sample(case)
    except WorkerError as error:
        return f"no result: {str(error).splitlines()[-1]}"
    if len(samples) != expected.size:
        return f"{len(samples)} samples, not {expected.size}"
    actual = np.frombuffer(samples, np.uint8).reshape(expected.shape)
    wrong = np.argwhere(actual != expected)
    if not len(wrong):
        return "the hashes differ, the samples of another call do not"
    first = tuple(map(int, wrong[0]))
    return f"{len(wrong)} of {actual.size} samples, first {first}: {actual[first]}, isopixel {expected[first]}"
