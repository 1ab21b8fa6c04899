# SPDX-License-Identifier: MIT
"""Includes run downwards only: no file reaches one of a room above its own, by the compiler's own account."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# A room is python/, a folder of src/, or a file beside these, without its suffix. From the top to the bottom.
ROOMS = (
    "python",
    "src/api",
    "src/api_fingerprint",
    "src/api_jpeg",
    "src/api_recipe",
    "src/recipe",
    "src/bytes",
    "src/sound",
    "src/pictures",
    "src/batch",
    "src/idle_resizers",
    "src/plan",
    "src/normalization",
    "src/bilinear",
    "src/windowed",
    "src/frozen",
    "src/resizer",
    "src/kernels",
    "src/base",
    "include/isopixel",
)


def room(file):
    """The number of the room of a file, whose path is relative to the root."""
    name = "/".join(file.with_suffix("").parts[: 1 if file.parts[0] == "python" else 2])
    assert name in ROOMS, f"{file} is in no known room; there are {', '.join(ROOMS)}"
    return ROOMS.index(name)


def sources(root):
    """The files of C++ in the rooms, relative to the root."""
    folders = [root / name for name in ("include", "src", "python")]
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in {".cpp", ".h"}]
    return sorted(file.relative_to(root) for file in files)


def reached(root, files):
    """What each file includes, itself or through others: a dict of sets of paths relative to the root."""
    # Without the system's headers, which would cost seconds: a header that is not found (-MG) is not the project's.
    command = ["c++", "-std=c++17", "-MM", "-MG", "-nostdinc", "-I", "src", "-I", "include", *files]
    rules = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    lines = rules.replace("\\\n", " ").splitlines()
    found = {}
    for line in lines:
        first, *others = (Path(name) for name in line.partition(": ")[2].split())
        found[first] = {other for other in others if (root / other).exists()}
    return found


def arrows_upwards(root):
    """Pairs of a file and one of a higher room that it reaches."""
    files = sources(root)
    found = reached(root, files)
    assert set(found) == set(files)
    return [(file, other) for file in files for other in sorted(found[file]) if room(other) < room(file)]


@pytest.mark.slow
def test_no_arrow_points_upwards():
    assert arrows_upwards(ROOT) == []


def test_the_arrows_are_found():
    """The files that the compiler names are those of the project, through other headers too."""
    found = reached(ROOT, [Path("src/plan.cpp")])[Path("src/plan.cpp")]
    assert found >= {Path("src/plan.h"), Path("src/resizer/resizer.h"), Path("src/base/u128.h")}


@pytest.fixture
def house(tmp_path):
    """A function that makes a file with an include, in a small tree of which no arrow points upwards."""

    def include(name, other):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f'#include "{other}"\n' if other else "", encoding="utf-8")
        return tmp_path

    include("src/base/text.h", None)
    include("src/kernels/kernels.h", "base/text.h")
    include("src/plan.cpp", "kernels/kernels.h")
    include("src/plan.h", None)
    return include


def test_a_house_in_order(house):
    root = house("src/api.cpp", "plan.h")
    assert len(sources(root)) == 5
    assert arrows_upwards(root) == []


def test_an_arrow_upwards_is_found(house):
    """That of the file, and those of whoever reaches it."""
    root = house("src/base/text.h", "plan.h")
    files = Path("src/base/text.h"), Path("src/kernels/kernels.h")
    assert arrows_upwards(root) == [(file, Path("src/plan.h")) for file in files]


def test_a_file_of_no_known_room_is_found(house):
    with pytest.raises(AssertionError, match=r"src/attic/old.h is in no known room"):
        arrows_upwards(house("src/attic/old.h", "plan.h"))
