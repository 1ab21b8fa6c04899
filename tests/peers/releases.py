# SPDX-License-Identifier: MIT
"""The releases that are compared, and the frozen peer that each is said to compute."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Release:
    """One release of one library.

    Attributes:
        library: its name, a key of peer_cases.FORMS.
        version: as the package index has it.
        methods: by the form of a case, the name of the frozen peer; forms without one are not compared.
        numpy: the major version that its wheels were built for, or None where none is needed.
    """

    library: str
    version: str
    methods: dict = field(hash=False)
    numpy: int | None = None

    @property
    def package(self):
        return {"opencv": "opencv-python-headless"}.get(self.library, self.library)

    def __str__(self):
        return f"{self.library} {self.version}"


def pillow(version, era):
    """The eras of NEAREST and BOX are others: NEAREST has one, and the first of BOX is from 7.0 on."""
    names = {name: f"pillow-{era}-{name.lower()}" for name in ("BILINEAR", "HAMMING", "BICUBIC", "LANCZOS")}
    names["BOX"] = f"pillow-{'7' if era == '4' else era}-box"
    methods = dict.fromkeys((f"NEAREST, {mode}" for mode in ("L", "RGB", "CMYK", "LA", "RGBA")), "pillow-4-nearest")
    for name, method in names.items():
        methods |= dict.fromkeys((f"{name}, {mode}" for mode in ("L", "RGB", "CMYK")), method)
        methods |= dict.fromkeys((f"{name}, {mode}" for mode in ("LA", "RGBA")), f"{method}-alpha")
    return Release("pillow", version, methods)


def opencv(version, numpy):
    names = ("NEAREST", "LINEAR", "LINEAR_EXACT", "AREA", "CUBIC", "LANCZOS4")
    methods = {f"INTER_{name}": f"opencv-3.4-{name.lower().replace('_', '-')}" for name in names}
    return Release("opencv", version, methods, numpy)


TORCH_2_0 = {"nearest": "torch-2.0-nearest", "bilinear-antialias": "torch-2.0-bilinear-antialias"}
TORCH_2_1 = TORCH_2_0 | {"bicubic-antialias": "torch-2.1-bicubic-antialias"}
TORCH_2_3 = TORCH_2_1 | {"bilinear": "torch-2.3-bilinear", "bicubic": "torch-2.3-bicubic"}


def torch(version, names=TORCH_2_3):
    forms = {f"{n}, {memory}": method for n, method in names.items() for memory in ("contiguous", "channels-last")}
    return Release("torch", version, forms)


RELEASES = (
    opencv("3.4.17.63", numpy=1),
    opencv("3.4.18.65", numpy=1),
    opencv("4.5.5.64", numpy=1),
    opencv("4.8.1.78", numpy=1),
    opencv("4.10.0.84", numpy=2),
    opencv("4.12.0.88", numpy=2),
    opencv("4.14.0.94", numpy=2),
    opencv("5.0.0.93", numpy=2),
    pillow("9.3.0", "4"),
    pillow("9.5.0", "4"),
    pillow("10.4.0", "4"),
    pillow("11.0.0", "4"),
    pillow("11.3.0", "4"),
    pillow("12.0.0", "4"),
    pillow("12.1.1", "4"),
    pillow("12.2.0", "12.2"),
    pillow("12.3.0", "12.2"),
    pillow("13.0.0", "13"),
    torch("2.0.0", TORCH_2_0),
    torch("2.0.1", TORCH_2_0),
    torch("2.1.0", TORCH_2_1),
    torch("2.1.2", TORCH_2_1),
    torch("2.2.2", TORCH_2_1),
    torch("2.3.0"),
    torch("2.3.1"),
    torch("2.4.1"),
    torch("2.5.1"),
    torch("2.6.0"),
    torch("2.7.1"),
    torch("2.8.0"),
    torch("2.9.1"),
    torch("2.10.0"),
    torch("2.11.0"),
    torch("2.12.1"),
    torch("2.13.0"),
    torch("2.14.1"),
)
# So many releases of a library have to have a wheel for the Python at hand.
FEWEST = {"opencv": 4, "pillow": 6, "torch": 1}
# Cases of a library: some thousands for each method.
COUNTS = {"opencv": 36000, "pillow": 36000, "torch": 30000}
