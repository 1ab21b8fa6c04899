# SPDX-License-Identifier: MIT
"""Compares the JPEG decoders of releases of other libraries with isopixel's (SPEC R-57 to R-60), bit for bit.

Each is also one of the functions that `isopixel audit` knows: releases that compute another one show that files and
comparison would find it.
"""

import hashlib
import json
import platform
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

import isopixel
from isopixel._audit_jpeg import FUNCTIONS, PICTURES, SPEC
from tests.jpeg_files import corpus, random_encoded, random_file
from tests.peers.environments import FOLDER, ROOT, NoWheelError, WorkerError, prepare_decoder
from tests.peers.releases import RELEASES

FILES = FOLDER.with_name("jpeg")
RANDOM = 300  # files of each kind
WORKERS = 2
FEWEST = 10  # decoders that compute have to have a wheel, and one that does not
IN_440, _, FAST, LIBJPEG_9 = FUNCTIONS.values()
HEADING = "## Decoders of JPEG"
MADE = "Made by `python -m tests.peers.run --only jpeg --write docs/peers.md`."
TITLES = {
    "opencv": "OpenCV (opencv-python-headless)",
    "pillow": "Pillow",
    "tensorflow": "TensorFlow (tensorflow-cpu)",
    "tensorflow, INTEGER_ACCURATE": "TensorFlow, `INTEGER_ACCURATE`",
}


@dataclass(frozen=True)
class Decoder:
    """A JPEG decoder of a release.

    Attributes:
        name: a key of jpeg_worker.DECODERS.
        package: as the package index has it, and its version.
        version: of the package.
        function: SPEC, or one of FUNCTIONS, which it is said to compute.
        python: the version of Python that its wheels are for, where they have none for the one at hand.
        numpy: the major version that its wheels were built for, or None where none is needed.
    """

    name: str
    package: str
    version: str
    function: str = SPEC
    python: str | None = None
    numpy: int | None = None

    def __str__(self):
        return f"{self.name} {self.version}"


def opencv(version, function=SPEC, python=None, numpy=1):
    return Decoder("opencv", "opencv-python-headless", version, function, python, numpy)


DECODERS = (
    opencv("3.4.3.18", IN_440, "3.6"),
    opencv("3.4.8.29", IN_440, "3.6"),
    opencv("3.4.10.37", SPEC, "3.6"),
    opencv("4.0.0.21", IN_440, "3.6"),
    opencv("4.2.0.34", IN_440, "3.8"),
    opencv("4.3.0.36", SPEC, "3.8"),
    *(opencv(release.version, numpy=release.numpy) for release in RELEASES if release.library == "opencv"),
    Decoder("pillow", "pillow", "4.2.1", LIBJPEG_9, "3.6"),
    Decoder("pillow", "pillow", "8.4.0", LIBJPEG_9, "3.10"),
    Decoder("pillow", "pillow", "9.0.0", SPEC, "3.10"),
    Decoder("pillow", "pillow", "9.1.0", SPEC, "3.10"),
    *(Decoder("pillow", "pillow", release.version) for release in RELEASES if release.library == "pillow"),
    Decoder("tensorflow", "tensorflow-cpu", "2.21.0", FAST),
    Decoder("tensorflow, INTEGER_ACCURATE", "tensorflow-cpu", "2.21.0"),
)


@dataclass(frozen=True)
class Result:
    """What a decoder came to.

    Attributes:
        decoder: it.
        differing: the names of the files that it decodes otherwise than isopixel.
        is_right: whether it computes the function that it is said to.
    """

    decoder: Decoder
    differing: list
    is_right: bool


def compare():
    """Prints a line for each decoder; returns the Results, the number of files, and lines about what was skipped."""
    environments, missing = {}, []
    for decoder in DECODERS:
        try:
            environments[decoder] = prepare_decoder(decoder)
        except NoWheelError as error:
            missing.append(f"skipped {decoder}: {error}")
            print(missing[-1], flush=True)
    expected = expectation()
    print(f"decoding {len(expected)} JPEG files", flush=True)
    with ThreadPoolExecutor(WORKERS) as pool:
        results = []
        for result in pool.map(lambda decoder: compared(decoder, environments[decoder], expected), environments):
            verdict = f"{len(result.differing)} of {len(expected)} differ" if result.differing else "equal"
            print(f"{result.decoder!s:<38} {verdict:<20} {'' if result.is_right else 'NOT '}{result.decoder.function}")
            if not result.is_right:
                print(f"    {', '.join(result.differing[:9])}", flush=True)
            results.append(result)
    return results, len(expected), missing


def too_few(results):
    """Lines about decoders that are not there, or were found wrong."""
    right = [result.decoder.function == SPEC for result in results if result.is_right]
    found = {
        f"decoders of {SPEC}": (right.count(True), FEWEST),
        "decoders of another function": (right.count(False), 1),
    }
    return [f"{n} {what}, at least {fewest} wanted" for what, (n, fewest) in found.items() if n < fewest]


def expectation():
    """Writes the files that are not there yet; returns the hashes of isopixel's pictures, by the files' names."""
    vectors = json.loads((ROOT / "spec" / "vectors.json").read_text(encoding="ascii"))["jpeg"]
    names = [vector["picture"] for vector in vectors if "rule" not in vector]
    files = {f"spec-{name}": (ROOT / "spec" / "pictures" / name).read_bytes() for name in names}
    files |= {f"{name}.jpg": data for name, data in corpus().items()}
    rng = np.random.default_rng(57)
    for n in range(RANDOM):
        files |= {f"random-{n}.jpg": random_file(rng), f"encoded-{n}.jpg": random_encoded(rng)}
    shutil.rmtree(FILES, ignore_errors=True)
    FILES.mkdir(parents=True)
    expected = {}
    for name, data in files.items():
        try:
            image = isopixel.read_picture(data, "rgb", orientation="ignore")
        except ValueError:
            assert name.startswith("random-")  # few: what libraries make of them is not promised
            continue
        (FILES / name).write_bytes(data)
        expected[name] = hashlib.sha256(f"{image.shape[0]} {image.shape[1]} ".encode() + image.tobytes()).hexdigest()
    return expected


def compared(decoder, environment, expected):
    """The Result of a decoder."""
    try:
        hashes = environment.pictures(decoder, FILES)
        differing = [name for name, digest in expected.items() if hashes[name] != digest]
        function = SPEC
        if differing:
            samples = environment.samples(decoder, [FILES / f"spec-{name}.jpg" for name in PICTURES])
            function = FUNCTIONS.get(isopixel.fingerprint(np.frombuffer(samples, np.uint8)))
    except WorkerError as error:
        return Result(decoder, [str(error)], is_right=False)
    return Result(decoder, differing, is_right=function == decoder.function)


def numbers(version):
    """The numbers of a version, by which it is sorted."""
    return [int(number) for number in version.split(".")]


def section(results, count, missing):
    """The Markdown text: by library and function, the releases."""
    lines = [
        HEADING,
        "",
        f"Each release below decoded {count} JPEG files: those of the specification's vectors, and others by an",
        "encoder or of random coefficients, baseline and progressive, gray, RGB and YCbCr, in all samplings that R-57",
        "accepts, with sides from 1 to 300. OpenCV read them with `IMREAD_IGNORE_ORIENTATION`, TensorFlow by",
        "`tf.io.decode_jpeg`, with the `dct_method` that is named or its default. The functions are those that",
        "`isopixel audit` knows.",
        "",
        f"Measured on {platform.machine().replace('_', '-')} with the wheels of the package index, those of old",
        "releases in the version of Python that they are for.",
        "",
        "| library | releases | function | files that differ from R-57 to R-60 |",
        "|---|---|---|---|",
    ]
    for name, function in dict.fromkeys((result.decoder.name, result.decoder.function) for result in results):
        of = [result for result in results if (result.decoder.name, result.decoder.function) == (name, function)]
        versions = ", ".join(sorted((result.decoder.version for result in of), key=numbers))
        counts = sorted({len(result.differing) for result in of})
        lines.append(f"| {TITLES[name]} | {versions} | {function} | {' or '.join(map(str, counts))} |")
    return "\n".join([*lines, "", *(f"{line}.\n" for line in missing), MADE, ""])
