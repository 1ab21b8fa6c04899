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


def pillow(version, name):
    opaque = dict.fromkeys(("L", "RGB", "CMYK"), f"{name}-bilinear")
    return Release("pillow", version, opaque | dict.fromkeys(("LA", "RGBA"), f"{name}-bilinear-alpha"))


def opencv(version, numpy):
    methods = {"INTER_LINEAR": "opencv-3.4-linear", "INTER_LINEAR_EXACT": "opencv-3.4-linear-exact"}
    return Release("opencv", version, methods, numpy)


def torch(version, two_taps=True):
    formulas = {"antialias": "torch-2.0-bilinear-antialias"}
    if two_taps:
        formulas["two taps"] = "torch-2.3-bilinear"
    forms = {f"{f}, {memory}": formulas[f] for f in formulas for memory in ("contiguous", "channels-last")}
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
    pillow("9.3.0", "pillow-4"),
    pillow("9.5.0", "pillow-4"),
    pillow("10.4.0", "pillow-4"),
    pillow("11.0.0", "pillow-4"),
    pillow("11.3.0", "pillow-4"),
    pillow("12.0.0", "pillow-4"),
    pillow("12.1.1", "pillow-4"),
    pillow("12.2.0", "pillow-12.2"),
    pillow("12.3.0", "pillow-12.2"),
    pillow("13.0.0", "pillow-13"),
    torch("2.0.0", two_taps=False),
    torch("2.0.1", two_taps=False),
    torch("2.1.2", two_taps=False),
    torch("2.2.2", two_taps=False),
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
COUNTS = {"opencv": 12000, "pillow": 12000, "torch": 12000}
