# SPDX-License-Identifier: MIT
"""method_for: from a library's release, and its own name or number of a filter, to the method."""

import enum
import re
import subprocess
import sys

import cv2
import numpy as np
import PIL.Image
import pytest

import isopixel


@pytest.mark.parametrize(
    ("library", "version", "name"),
    [
        ("pillow", "4.2.1", "pillow-4-bilinear"),
        ("pillow", "9.5.0", "pillow-4-bilinear"),
        ("pillow", "10.0", "pillow-4-bilinear"),
        ("pillow", "12", "pillow-4-bilinear"),
        ("pillow", "12.1.1", "pillow-4-bilinear"),
        ("pillow", "12.2.0", "pillow-12.2-bilinear"),
        ("pillow", "12.2", "pillow-12.2-bilinear"),
        ("pillow", "12.3.0", "pillow-12.2-bilinear"),
        ("pillow", "13.0.0", "pillow-13-bilinear"),
        ("opencv", "3.4.0", "opencv-3.4-linear"),
        ("opencv", "3.4.0.14", "opencv-3.4-linear"),
        ("opencv", "4.10.0", "opencv-3.4-linear"),
        ("opencv", "4.10.0.84", "opencv-3.4-linear"),
        ("opencv", "5.0.0", "opencv-3.4-linear"),
        ("opencv", "5.0.0.93", "opencv-3.4-linear"),
        ("torch", "2.3.0", "torch-2.3-bilinear"),
        ("torch", "2.14.1", "torch-2.3-bilinear"),
        ("torch", "2.13.0", "torch-2.3-bilinear"),
        ("torch", "2.13.0+cpu", "torch-2.3-bilinear"),
        ("torch", "2.13.0+cu130", "torch-2.3-bilinear"),
    ],
)
def test_method_for(library, version, name):
    filter = name.rpartition("-")[2]
    assert isopixel.method_for(library, version, filter) == name
    other = {"pillow": "bilinear-alpha", "opencv": "linear-exact", "torch": "bilinear-antialias"}[library]
    other_name = "torch-2.0-bilinear-antialias" if library == "torch" else name.removesuffix(filter) + other
    assert isopixel.method_for(library, version, other) == other_name


def test_antialias_of_torch_is_older():
    """Without antialias, torch before 2.3 departs on long sides."""
    for version in ("2.0.0", "2.1.2", "2.2"):
        assert isopixel.method_for("torch", version, "bilinear-antialias") == "torch-2.0-bilinear-antialias"
        with pytest.raises(ValueError, match=r"were measured \(2\.3\.0 … 2\.14\.1\)"):
            isopixel.method_for("torch", version, "bilinear")


def test_torchvision_is_torch_or_pillow():
    with pytest.raises(ValueError, match=r"torchvision resizes tensors by torch's interpolate.*'torch'.*'pillow'"):
        isopixel.method_for("torchvision", "0.29.1", "bilinear")


@pytest.mark.parametrize(
    ("library", "version"),
    [
        ("pillow", "4.2.0"),
        ("pillow", "12.1.2"),
        ("pillow", "12.1.1.post0"),
        ("pillow", "9.5.0.post2"),
        ("pillow", "9.5.0.1"),
        ("pillow", "12.3.1"),
        ("pillow", "13.0.0rc1"),
        ("pillow", "13.0.0.dev0"),
        ("pillow", "13.0.1"),
        ("opencv", "3.4.0.12"),
        ("opencv", "3.3.1"),
        ("opencv", "4.5.5-dev"),
        ("opencv", "5.0.0.94"),
        ("opencv", "5.0.1"),
        ("torch", "2.14.2"),
        ("torch", "2.2.2"),
        ("torch", "2.13.0a0+git1234567"),
        ("torch", ""),
        ("torch", "2.13.0+"),
        ("torch", "２.13.0"),
    ],
)
def test_releases_that_nobody_measured(library, version):
    measured = {
        "pillow": "4.2.1 … 12.1.1, 12.2.0 … 12.3.0, 13.0.0",
        "opencv": "3.4.0.14 … 5.0.0.93",
        "torch": "2.3.0 … 2.14.1",
    }
    message = re.escape(f"{library} {version!r} is not one of the releases that were measured ({measured[library]})")
    with pytest.raises(ValueError, match=f"{message}.*isopixel audit"):
        isopixel.method_for(library, version, "linear" if library == "opencv" else "bilinear")


def test_bad_arguments_of_method_for():
    with pytest.raises(ValueError, match="unknown library 'cv2'; known: pillow, opencv, torch"):
        isopixel.method_for("cv2", "5.0.0", "linear")
    with pytest.raises(ValueError, match="unknown filter 'bicubik' of pillow; did you mean 'bicubic'"):
        isopixel.method_for("pillow", "13.0.0", "bicubik")
    with pytest.raises(TypeError, match=r"version must be a text, got 13\.0"):
        isopixel.method_for("pillow", 13.0, "bilinear")


class InterpolationMode(enum.Enum):
    """torchvision's, by the names that it has."""

    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"


FILTERS_OF_PILLOW = ("nearest", "lanczos", "bilinear", "bicubic", "box", "hamming")


def of_pillow(filter):
    return "pillow-4-nearest" if filter == "nearest" else f"pillow-13-{filter}"


@pytest.mark.parametrize("filter", FILTERS_OF_PILLOW)
def test_every_name_that_pillow_has(filter):
    name = filter.upper()
    member = PIL.Image.Resampling[name]
    names = (filter, name, member, int(member), np.int64(member), getattr(PIL.Image, name), f"Resampling.{name}")
    names += (f"Image.{name}", f"PIL.Image.Resampling.{name}")
    for given in (*names, InterpolationMode[name], str(InterpolationMode[name])):
        assert isopixel.method_for("pillow", "13.0.0", given) == of_pillow(filter), given
    alpha = of_pillow(filter) + ("-alpha" if filter != "nearest" else "")
    for given in (f"{filter}-alpha", f"{name}-alpha", f"Resampling.{name}-alpha"):
        assert isopixel.method_for("pillow", "13.0.0", given) == alpha


def test_antialias_is_lanczos():
    """Which older releases of Pillow called it."""
    assert isopixel.method_for("pillow", "9.5.0", "ANTIALIAS") == "pillow-4-lanczos"
    assert isopixel.method_for("pillow", "9.5.0", "antialias-alpha") == "pillow-4-lanczos-alpha"


@pytest.mark.parametrize("filter", ["nearest", "linear", "area", "lanczos4", "linear-exact"])
def test_every_name_that_opencv_has(filter):
    name = "INTER_" + filter.upper().replace("-", "_")
    number = getattr(cv2, name)
    for given in (filter, filter.upper(), name, name.lower(), f"cv2.{name}", number, np.int32(number)):
        assert isopixel.method_for("opencv", "4.10.0", given) == f"opencv-3.4-{filter}", given


def test_a_number_means_what_it_means_in_the_library():
    assert PIL.Image.BICUBIC == cv2.INTER_AREA == 3
    assert isopixel.method_for("pillow", "13.0.0", 3) == "pillow-13-bicubic"
    assert isopixel.method_for("opencv", "5.0.0", 3) == "opencv-3.4-area"
    with pytest.raises(TypeError, match="torch has no numbers of filters, got 3"):
        isopixel.method_for("torch", "2.13.0", 3)
    for library, number, most in (("pillow", 6, 5), ("pillow", -1, 5), ("opencv", 7, 6)):
        with pytest.raises(ValueError, match=f"{library} has no filter {number}: its numbers are 0 to {most}"):
            isopixel.method_for(library, "5.0.0", number)


@pytest.mark.parametrize("filter", [PIL.Image.Resampling.BICUBIC, "Resampling.BICUBIC", InterpolationMode.BICUBIC])
def test_the_members_of_another_library_are_refused(filter):
    """Pillow's are integers, and would otherwise be numbers of OpenCV."""
    with pytest.raises(ValueError, match=r"BICUBIC is not a filter of opencv: .*\(linear, .*cubic, lanczos4\)"):
        isopixel.method_for("opencv", "4.10.0", filter)
    if filter is not InterpolationMode.BICUBIC:
        with pytest.raises(ValueError, match=r"Resampling\.BICUBIC is not a filter of torch"):
            isopixel.method_for("torch", "2.13.0", filter)
    with pytest.raises(ValueError, match=r"Color\.NEAREST is not a filter of pillow"):
        isopixel.method_for("pillow", "13.0.0", enum.Enum("Color", ["NEAREST"]).NEAREST)


@pytest.mark.parametrize("filter", [True, False, None, 3.0, b"bicubic", ["bicubic"]])
def test_what_is_not_a_filter(filter):
    for library in ("pillow", "opencv", "torch"):
        with pytest.raises(TypeError, match="filter must be a name, a number or a member"):
            isopixel.method_for(library, "5.0.0", filter)


def test_the_modes_of_torch():
    for filter in ("bicubic-antialias", "bicubic", "nearest", "BICUBIC"):
        assert isopixel.method_for("torch", "2.13.0", filter).endswith(f"-{filter.lower()}")
    nearest = isopixel.method_for("torch", "2.13.0", "nearest")
    for given in (InterpolationMode.NEAREST, "InterpolationMode.NEAREST"):
        assert isopixel.method_for("torch", "2.13.0", given) == nearest


@pytest.mark.parametrize("filter", ["bicubic", "bilinear"])
def test_torchvision_has_antialias_by_default_and_torch_has_not(filter):
    """So its enumeration does not say which of the two is meant."""
    member = InterpolationMode[filter.upper()]
    for given in (member, str(member)):
        with pytest.raises(ValueError, match=f"'{filter}-antialias' is the default of torchvision's, and '{filter}'"):
            isopixel.method_for("torch", "2.13.0", given)


@pytest.mark.parametrize("version", ["3.4.8", "3.4.8.29", "4.0.0", "4.2.0", "4.2.0.34"])
def test_cubic_of_opencv_before_ipp(version):
    for filter in ("cubic", "INTER_CUBIC", cv2.INTER_CUBIC):
        assert isopixel.method_for("opencv", version, filter) == "opencv-3.4-cubic"


@pytest.mark.parametrize(
    ("library", "versions", "filters", "words"),
    [
        (
            "opencv",
            (
                "3.4.14",
                "3.4.15",
                "3.4.15.54",
                "3.4.18",
                "3.4.18.65",
                "3.4.20",
                "4.3.0",
                "4.3.0.35",
                "4.10.0.84",
                "5.0.0",
            ),
            ("cubic", "INTER_CUBIC", 2),
            r"through Intel IPP, .*'bicubic-four-tap' equals it in all but 0\.002 %.*'opencv-3\.4-cubic'.*IPP=disabled",
        ),
        (
            "opencv",
            ("4.5.1", "5.0.0"),
            ("nearest-exact", "INTER_NEAREST_EXACT", 6),
            "'pillow-4-nearest', and the exact",
        ),
        ("pillow", ("4.2.1", "6.2.2"), ("box", "BOX-alpha", 4), "'pillow-7-box' differs from it"),
        ("pillow", ("4.2.1", "8.1.2"), ("nearest-alpha",), r"before 8\.2\.0 NEAREST multiplied"),
        ("torch", ("2.13.0",), ("nearest-exact", InterpolationMode.NEAREST_EXACT), "the exact 'nearest' equals it"),
        ("torch", ("2.13.0",), ("area",), "does not accept uint8: the exact 'area'"),
    ],
)
def test_what_is_not_one_function(library, versions, filters, words):
    for version in versions:
        for filter in filters:
            with pytest.raises(ValueError, match=f"of {library} {re.escape(version)} is not frozen: .*{words}"):
                isopixel.method_for(library, version, filter)


def test_what_refusals_name_exists():
    """The methods that they recommend."""
    names = {method.name for method in isopixel.methods()}
    refusals = sys.modules["isopixel._method_for"].REFUSALS
    for refusal in refusals:
        recommended = re.findall(r"'([a-z0-9.-]+)'", refusal.why)
        assert recommended and set(recommended) <= names, refusal
        assert refusal.why.isascii() and not refusal.why.endswith(".")


def test_no_library_is_imported():
    """An enumeration is known by its name alone."""
    code = (
        "import enum, sys, isopixel\n"
        "Resampling = enum.IntEnum('Resampling', {'BICUBIC': 3})\n"
        "print(isopixel.method_for('pillow', '13.0.0', Resampling.BICUBIC))\n"
        "print(sorted({'PIL', 'cv2', 'torch', 'torchvision'} & set(sys.modules)))\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "pillow-13-bicubic\n[]\n"
