# SPDX-License-Identifier: MIT
"""The cases of runner.cpp, and what the reference makes of them: nothing here uses isopixel.

`python -m tests.platforms.cases write FILE` writes the cases whose results are known: the vectors of the specification,
and the golden files beside this one. `… reference FILE COUNT` prints what `runner FILE COUNT` has to print (in some
minutes).
"""

import argparse
import hashlib
import json
import multiprocessing
from math import prod
from pathlib import Path

from spec import recipe_images, reference

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SPEC = ROOT / "spec"

EXACT = ["bilinear", "bilinear-two-tap", "nearest", "area", "bicubic", "bicubic-four-tap"]
FROZEN = [
    "pillow-4-bilinear", "pillow-12.2-bilinear", "pillow-13-bilinear", "opencv-3.4-linear",
    "opencv-3.4-linear-exact", "torch-2.0-bilinear-antialias", "torch-2.3-bilinear", "pillow-4-bicubic",
    "pillow-12.2-bicubic", "pillow-13-bicubic", "pillow-4-lanczos", "pillow-12.2-lanczos", "pillow-13-lanczos",
    "pillow-4-hamming", "pillow-12.2-hamming", "pillow-13-hamming", "pillow-7-box", "pillow-12.2-box",
    "pillow-13-box", "pillow-4-nearest", "opencv-3.4-nearest", "opencv-3.4-area", "opencv-3.4-cubic",
    "opencv-3.4-lanczos4", "torch-2.1-bicubic-antialias", "torch-2.3-bicubic", "torch-2.0-nearest",
]  # fmt: skip
ALPHA = [
    "pillow-4-bilinear-alpha", "pillow-12.2-bilinear-alpha", "pillow-13-bilinear-alpha", "pillow-4-bicubic-alpha",
    "pillow-12.2-bicubic-alpha", "pillow-13-bicubic-alpha", "pillow-4-lanczos-alpha", "pillow-12.2-lanczos-alpha",
    "pillow-13-lanczos-alpha", "pillow-4-hamming-alpha", "pillow-12.2-hamming-alpha", "pillow-13-hamming-alpha",
    "pillow-7-box-alpha", "pillow-12.2-box-alpha", "pillow-13-box-alpha",
]  # fmt: skip
FORMULAS = ["noise", "noise", "extremes", "extremes", "ramp", "constant"]
LAYOUTS = [
    "nataraj", "nataraj,unit=1000,edge=le,rows=extra,pad=255", "nataraj,rows=floor", "wide,channels=3",
    "fixed,width=7", "fixed,width=40,rows=floor,channels=3", "fixed,width=100,pad=9", "square",
    "square,rows=extra,channels=3", "hilbert", "hilbert,pad=3", "bigram", "bigram,scale=log", "line",
]  # fmt: skip
MODES = ["rgb", "bgr", "gray", "rgba"]
SIZES = ["short=9", "short=20", "fit=24,30", "fit=17,9 round=down", "12,31"]
CROPS = ["square", "square round=even", "5,4", "8,7 round=even"]
PADS = ["square", "square value=114", "60,50 at=corner", "70,64 value=9"]
ENDS = ["", " rounding=steps", " rounding=fused", " rounding=reciprocal", " range=255"]

KINDS = [
    "resize", "frozen", "layout", "pow2", "part", "part_line", "fingerprint", "recipe", "normalize", "refused", "jpeg",
    "image_line", "image_refused", "sizes", "picture", "image", "sound", "sound_line",
]  # fmt: skip


class Random:
    """SplitMix64, as in random_cases.h."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        """A number from 0 to n - 1."""
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        return (z ^ z >> 31) % n

    def one_of(self, words):
        """One of some words."""
        return words[self.below(len(words))]


def random_case(number):
    """Case number `number`, as random_cases.h makes it."""
    random = Random(number)
    kind = random.below(6)
    return random_resize(random) if kind < 3 else random_bytes(random) if kind < 4 else random_image(random)


def random_formula(random):
    name = random.one_of(FORMULAS)
    return f"{name} {random.below(256)}"


def random_side(random):
    return 1 + random.below(random.one_of([8, 40, 40, 160]))


def random_resize(random):
    kind = random.below(8)
    method = random.one_of(EXACT if kind < 4 else FROZEN if kind < 7 else ALPHA)
    channels = "12345"
    if method.startswith("pillow"):
        channels = "24" if method.endswith("alpha") else "134"
    elif method == "opencv-3.4-area":
        channels = "1234"  # more are not covered where its axes shrink
    channel = random.one_of(channels)
    height, width, out_height, out_width = [random_side(random) for _ in range(4)]
    special = random.below(12)
    if special == 0:
        height, width = 1 + random.below(20000), 1 + random.below(3)
    elif special == 1:
        height, width = 1 + random.below(3), 1 + random.below(20000)
    elif special == 2:
        out_height = height
    elif special == 3:
        out_width = width
    elif special == 4:
        height, width = 2 * out_height, 2 * out_width
    return f"resize {method} {height}x{width}x{channel} {out_height}x{out_width} {random_formula(random)}"


def random_decimals(random, count, most):
    return ",".join(f"{random.below(most)}.{1 + random.below(999)}" for _ in range(count))


def random_bytes(random):
    most = 3000 if random.below(2) else 200
    length = 120 + random.below(most)
    formula = random_formula(random)
    layout = random.one_of(LAYOUTS)
    recipe = f"isopixel 1: {layout}"
    kind = random.below(5)
    if kind > 0:
        method = random.one_of(EXACT if kind < 3 else FROZEN)
        height = 1 + random.below(40)
        recipe += f" | {method} {height},{1 + random.below(40)}"
    normalized = random.below(4)
    if normalized < 2:
        count = 3 if normalized == 1 and "channels=3" in layout else 1
        mean = random_decimals(random, count, 4)
        recipe += f" | normalize mean={mean} std={random_decimals(random, count, 3)}"
    return f"bytes {length} {formula} {recipe}"


def random_image(random):
    mode = random.one_of(MODES)
    height, width = [random_side(random) for _ in range(2)]
    orientation = 1 + random.below(8)
    formula = random_formula(random)
    recipe = f"isopixel 1: image {mode} orientation=apply"
    for _ in range(random.below(4)):
        kind = random.below(6)
        if kind == 0:
            recipe += f" | crop {random.one_of(CROPS)}"
        elif kind == 1:
            recipe += f" | pad {random.one_of(PADS)}"
        else:
            method = random.one_of(EXACT if kind < 4 else ALPHA if mode == "rgba" else FROZEN)
            recipe += f" | {method} {random.one_of(SIZES)}"
    if random.below(2):
        mean = random_decimals(random, 1, 4)
        recipe += f" | normalize mean={mean} std={random_decimals(random, 1, 3)}{random.one_of(ENDS)}"
    return f"image {height}x{width}x{1 if mode == 'gray' else len(mode)} {orientation} {formula} {recipe}"


def reference_result(case):
    """What the reference makes of a random case."""
    kind, *words = case.split(" ")
    if kind == "resize":
        method, shape, size = words[0], dimensions(words[1]), dimensions(words[2])
        samples = reference.vector_input(" ".join(words[3:]), prod(shape))
        out = reference.resize(samples, shape, size, method)
        return reference.fingerprint("uint8", (*size, shape[2]), out)
    if kind == "image":
        shape = dimensions(words[0])
        samples = reference.vector_input(" ".join(words[2:4]), prod(shape))
        return image_result(" ".join(words[4:]), shape, samples, int(words[1]))
    assert kind == "bytes"
    data = reference.vector_input(" ".join(words[1:3]), int(words[0]))
    return recipe_result(" ".join(words[3:]), data)


def recipe_result(line, data):
    """The fingerprint of what a recipe makes of some bytes."""
    return array_fingerprint(*recipe_images.run_bytes(line, data))


def image_result(line, shape, samples, orientation):
    """The fingerprint of what a recipe makes of an image, or "refused"."""
    try:
        made = recipe_images.run(line, shape, samples, orientation)
    except ValueError:
        return "refused"
    return array_fingerprint(*made)


def array_fingerprint(dtype, shape, numbers):
    raw = numbers if dtype == "uint8" else b"".join(bits.to_bytes(4, "little") for bits in numbers)
    return reference.fingerprint(dtype, shape, raw)


def dimensions(text):
    return tuple(int(n) for n in text.split("x"))


def joined(shape):
    return "x".join(map(str, shape))


def known_lines():
    """The lines "case = result" of the vectors and of the golden files."""
    vectors = json.loads((SPEC / "vectors.json").read_text(encoding="ascii"))
    for kind in KINDS:
        for vector in vectors[kind]:
            yield vector_line(kind, vector)
    for path in sorted(HERE.glob("golden/*.json")):
        golden = json.loads(path.read_text(encoding="utf-8"))
        for file in golden["files"]:
            name = (path.parent / file["name"]).relative_to(ROOT).as_posix()
            yield f"file {name} {golden['recipe']} = {file['fingerprint']}"


def vector_line(kind, vector):
    if kind == "fingerprint":
        return f"fingerprint {vector['dtype']} {joined(vector['shape'])} {vector['input']} = {vector['fingerprint']}"
    if kind in ("recipe", "image_line", "refused", "image_refused", "part_line", "sound_line"):
        return f"recipe {vector['line'].encode('ascii').hex()} = {vector.get('canonical', 'refused')}"
    if kind == "jpeg" and "rule" in vector:
        return f"jpeg {vector['picture']} = refused"
    if kind in ("sizes", "picture", "image"):
        return image_vector_line(kind, vector)
    if kind == "normalize":
        case = f"normalize {vector['mean']} {vector['std']} {joined(vector['shape'])} {vector['input']}"
        if "samples" not in vector:
            return f"{case} = {vector['fingerprint']}"
        height, width, channels = vector["shape"]
        return f"{case} = {reference.fingerprint('float32', (channels, height, width), numbers(vector['samples']))}"
    if kind in ("layout", "pow2", "part", "sound"):
        resize = f" | {vector['method']} {vector['size'][0]},{vector['size'][1]}" if "size" in vector else ""
        line = f"isopixel 1: {vector['layout']}{resize}"
        is_data = kind in ("part", "sound")
        given = f"data {data_of(vector)}" if is_data else f"bytes {vector['length']} {vector['input']}"
        case = f"{given} {line}"
        if "rule" in vector:
            return f"{case} = refused"
        shape = vector["shape"]
    elif kind == "jpeg":
        case = f"jpeg {vector['picture']}"
        shape = vector["shape"]
    else:
        case = f"resize {vector['method']} {joined(vector['shape'])} {joined(vector['size'])} {vector['input']}"
        shape = [*vector["size"], vector["shape"][2]]
    if "samples" in vector:
        return f"{case} = {reference.fingerprint('uint8', shape, bytes.fromhex(vector['samples']))}"
    return f"{case} = {vector['fingerprint']}"


def data_of(vector):
    """The bytes of a vector, or its text, as hexadecimal digits."""
    if "text" in vector:
        return vector["text"].encode("utf-8").hex()
    return vector.get("head", "") + reference.vector_input(vector["input"], vector["length"]).hex()


def image_vector_line(kind, vector):
    """The line of a vector of recipes of images."""
    orientation, line = vector["orientation"], vector["line"]
    if kind == "sizes":
        case = f"sizes {joined(vector['size'])} {orientation} {line}"
        return f"{case} = {'refused' if 'rule' in vector else ' '.join(map(joined, vector['sizes'][1:]))}"
    case = f"{kind} {joined(vector['shape'])} {orientation} {vector['input']} {line}"
    if "rule" in vector:
        return f"{case} = refused"
    if "samples" not in vector:
        return f"{case} = {vector['fingerprint']}"
    is_float = "| normalize " in line
    raw = numbers(vector["samples"]) if is_float else bytes.fromhex(vector["samples"])
    return f"{case} = {reference.fingerprint('float32' if is_float else 'uint8', vector['array'], raw)}"


def numbers(text):
    """The bytes, in the order of R-8, of numbers of which a vector has the bits, the highest first."""
    big = bytes.fromhex(text)
    return b"".join(big[i : i + 4][::-1] for i in range(0, len(big), 4))


def random_line(number):
    case = random_case(number)
    return f"{case} = {reference_result(case)}"


def expected_output(known, count):
    """What the runner prints, given the text of the known cases."""
    with multiprocessing.Pool() as pool:
        lines = known + "".join(f"{line}\n" for line in pool.imap(random_line, range(count), 8))
    return f"{lines}digest sha256:{hashlib.sha256(lines.encode('ascii')).hexdigest()}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    write = commands.add_parser("write", help="write the cases whose results are known")
    printed = commands.add_parser("reference", help="print what the runner has to print")
    for command in (write, printed):
        command.add_argument("file", type=Path)
    printed.add_argument("count", type=int)
    arguments = parser.parse_args()
    if arguments.command == "write":
        text = "".join(f"{line}\n" for line in known_lines())
        arguments.file.write_text(text, encoding="ascii", newline="\n")
    else:
        print(expected_output(arguments.file.read_text(encoding="ascii"), arguments.count), end="")


if __name__ == "__main__":
    main()
