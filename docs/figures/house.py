# SPDX-License-Identifier: MIT
"""The rooms of src/, and which includes which, from the sources."""

import re
from functools import cache
from pathlib import Path

from figures.svg import Drawing

SOURCE = Path(__file__).parents[2] / "src"


def room_of(path):
    """The room of a file under src/: its folder, or at the top its own name."""
    return path.parts[0] if len(path.parts) > 1 else path.stem


@cache
def includes():
    """For each room, the rooms that its files include."""
    rooms = {}
    for file in sorted(SOURCE.rglob("*")):
        if file.suffix not in (".h", ".cpp"):
            continue
        room = rooms.setdefault(room_of(file.relative_to(SOURCE)), set())
        for name in re.findall(r'^#include "(.+)"', file.read_text(encoding="utf-8"), re.MULTILINE):
            other = room_of(Path(name))
            if (SOURCE / name).exists() and other != room_of(file.relative_to(SOURCE)):
                room.add(other)
    return rooms


def levels():
    """The rooms by level: each above all that it includes."""
    rooms = includes()

    @cache
    def level(room):
        return 1 + max(map(level, rooms[room]), default=-1)  # endless if a file included upwards

    top = max(map(level, rooms))
    return [[room for room in sorted(rooms) if level(room) == n] for n in range(top, -1, -1)]


def reachable(room):
    """The rooms that a room includes, itself or by way of others."""
    others = includes()[room]
    return others.union(*map(reachable, others))


def direct(room):
    """The rooms that a room includes, but for those that it has by way of others."""
    others = includes()[room]
    return sorted(others.difference(*map(reachable, others)))


def draw():
    """Boxes from the top to the bottom, and a line from each room to those that it includes directly."""
    rows = levels()
    step, box, width = 78, (104, 34), 400
    drawing = Drawing(width, step * len(rows) - 20, "The rooms of src/, and which includes which")
    place = {}
    for y, row in enumerate(rows):
        for x, room in enumerate(row):
            place[room] = ((x + 1) * width / (len(row) + 1), 10 + y * step)
    for room in place:
        for other in direct(room):
            (x1, y1), (x2, y2) = place[room], place[other]
            y1 += box[1]
            middle = (y1 + y2) / 2
            d = f"M{x1:.0f} {y1} C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2}"
            drawing.add("path", d=d, class_="include")
    for room, (x, y) in place.items():
        drawing.rect(x - box[0] / 2, y, box[0], box[1], "room")
        drawing.text(x, y + 22, f"{room}/" if (SOURCE / room).is_dir() else room, kind="label strong")
    return drawing
