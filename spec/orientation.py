# SPDX-License-Identifier: MIT
"""The orientation of a JPEG file (SPEC.md, R-51): what its Exif and XMP segments say."""

import re

from spec import jpeg

EXIF, XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
TAG, SHORT, LONG = 0x0112, 3, 4
AMBIGUOUS = -1


def orientation(data):
    """R-51: 1 … 8, or AMBIGUOUS if programs tell it in different ways. The markers up to the first scan count."""
    told, exif = set(), []
    for marker, content, *_ in jpeg.segments(data):
        if marker == jpeg.SOS:
            break
        if marker == jpeg.APPS[1] and content.startswith(EXIF):
            exif.append(orientation_of_exif(content[len(EXIF) :]))
        elif marker == jpeg.APPS[1] and content.startswith(XMP):
            told |= {known(int(digit)) for digit in re.findall(rb'tiff:Orientation(?:="|>)([0-9])', content)}
    told |= set(exif or [1])
    return told.pop() if len(told) == 1 else AMBIGUOUS


def known(value):
    """An orientation: other values are 1."""
    return value if 2 <= value <= 8 else 1


def orientation_of_exif(tiff):
    """That of Exif data, which is a TIFF file; 1 without one."""
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return AMBIGUOUS

    def number(at, n):
        return int.from_bytes(tiff[at : at + n], order)

    directory = number(4, 4)
    for i in range(number(directory, 2)):
        entry = directory + 2 + 12 * i
        if entry + 12 > len(tiff):
            break
        if number(entry, 2) == TAG:
            kind, count = number(entry + 2, 2), number(entry + 4, 4)
            if kind not in (SHORT, LONG) or count != 1:
                return AMBIGUOUS
            return known(number(entry + 8, 2 if kind == SHORT else 4))
    return 1
