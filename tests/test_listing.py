# SPDX-License-Identifier: MIT
"""Listings against the reference (R-17)."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spec import reference

import isopixel

TEXT = "00401000 56 8D 44 24 08 50 8B F1 E8 1C 1B 00 00 C7 06 08\r\n00401010 BB 42 00 8b c6 5e ?? ??\r\n00401018 C2\n"


TEXTS = [TEXT, TEXT.rstrip(), "", "0040abcd ??", "0040ABCD ?? 00\n"]
TEXTS += ["00401000 56\r", "00401000 56\r\n", "00401000 56\r\r\n", "\n", "00401000 56\n\n"]


@pytest.mark.parametrize("unknown", [0, 255, None])
@pytest.mark.parametrize("text", TEXTS)
def test_equals_the_reference(text, unknown, tmp_path):
    check(text, unknown, tmp_path / "a.bytes")


def check(text, unknown, path):
    path.write_text(text, newline="", encoding="utf-8")
    try:
        expected = reference.listing(text, unknown)
    except ValueError as error:
        with pytest.raises(ValueError, match=str(error).removesuffix(" is malformed")):
            isopixel.read_hex_listing(path, unknown=unknown)
    else:
        assert isopixel.read_hex_listing(path, unknown=unknown) == expected


WORDS = [
    "00401000",
    "0040100",
    "004010000",
    "56",
    "8d",
    "??",
    "?",
    "5",
    "G0",
    "5 6",
    "\t",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\x0b",
    "é",
    "٣٣",
]


@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS), max_size=22), unknown=st.sampled_from([7, None]))
def test_any_text(words, unknown, tmp_path):
    text = re.sub(r" ?(\n|\r\n) ?", r"\1", " ".join(words))
    check(text, unknown, tmp_path / "a.bytes")


@pytest.mark.parametrize(
    ("unknown", "error"), [("drop", TypeError), (True, TypeError), (256, ValueError), (-1, ValueError)]
)
def test_unknown(unknown, error, tmp_path):
    with pytest.raises(error, match="unknown must be"):
        isopixel.read_hex_listing(tmp_path / "a.bytes", unknown=unknown)


def test_the_line_is_named(tmp_path):
    (tmp_path / "a.bytes").write_text(TEXT + "0040101C zz\n")
    with pytest.raises(ValueError, match="line 4: not an address and up to 16 bytes: '0040101C zz'"):
        isopixel.read_hex_listing(tmp_path / "a.bytes", unknown=0)
    with pytest.raises(FileNotFoundError):
        isopixel.read_hex_listing(tmp_path / "missing", unknown=0)
