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
TEXTS += [
    TEXT.replace("\n", " \t \n").replace("\r", ""),
    "\ufeff" + TEXT,
    "\ufeff",
    "\ufeff\n",
    "\ufeff\ufeff00401000 56",
]
TEXTS += [
    "00401000 56\n\n",
    "00401000 56\n\r\n",
    "00401000 56\n \t\r\n",
    "00401000 56\n \t",
    "00401000 56\n\n\n",
    "\n\n",
]
TEXTS += ["\n00401000 56\n", "00401000 56\n\n00401000 56\n", "00401000\t56\n", " 00401000 56\n", "00401000 56  57\n"]
TEXTS += [f"{'0' * n} 56\n" for n in (7, 8, 9, 15, 16, 17)] + [
    "0040100G 56\n",
    "0x401000 56\n",
    "00401000\n",
    "00401000 \n",
]
TEXTS += ["00401000" + " 5A" * n + end for n in (15, 16, 17, 31, 32, 33) for end in ("\r\n", " \n", "")]
TEXTS += ["00401000 56" + " " * n + "\n" for n in (988, 989, 5000)] + ["00401000 56" + " " * n for n in (989, 990, 999)]
TEXTS += ["00401000 56\n" + "\t" * n + end for n in (998, 999, 1000, 1001) for end in ("\n", "\r\n", "")]
TEXTS += ["00401000 56 \r", "00401000 56\r \n", "00401000 56\n\ufeff", "0040\ufeff1000 56\n", "00401000 56\x0c\n"]
TEXTS += ["00401000 56\r", "00401000 56\r\n", "00401000 56\r\r\n", "\n", "00401000 56\n\n"]


@pytest.mark.parametrize("unknown", [0, 255, None])
@pytest.mark.parametrize("text", TEXTS)
def test_equals_the_reference(text, unknown, tmp_path):
    check(text, unknown, tmp_path / "a.bytes")


def check(text, unknown, path):
    path.write_text(text, newline="", encoding="utf-8")
    try:
        expected = reference.listing(text.encode(), unknown)
    except ValueError as error:
        with pytest.raises(ValueError, match=str(error).removesuffix(" is malformed (R-17)") + ":"):
            isopixel.read_hex_listing(path, unknown=unknown)
    else:
        assert isopixel.read_hex_listing(path, unknown=unknown) == expected


WORDS = [
    "00401000",
    "0040100",
    "004010000",
    "0000000000401000",
    "00000000000401000",
    "\ufeff",
    " \t",
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
    with pytest.raises(ValueError, match="line 4: not an address and up to 32 bytes: '0040101C zz'"):
        isopixel.read_hex_listing(tmp_path / "a.bytes", unknown=0)
    with pytest.raises(FileNotFoundError):
        isopixel.read_hex_listing(tmp_path / "missing", unknown=0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ufeff00401000 4D 5A\n", b"MZ"),
        ("00401000 4D \t\n00401001 5A \n\n", b"MZ"),
        ("0000000140001000 4D\r\n0000000140001001 5A\r\n\r\n", b"MZ"),
        ("00401000" + " 41" * 32, b"A" * 32),
        ("00401000 4D 5A" + " " * 986, b"MZ"),
        ("", b""),
        ("\n", b""),
    ],
)
def test_what_other_programs_write(text, expected, tmp_path):
    (tmp_path / "a.bytes").write_text(text, newline="", encoding="utf-8")
    assert isopixel.read_hex_listing(tmp_path / "a.bytes", unknown=0) == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [("00401000 56\n\n\n", 2), ("\n00401000 56\n", 1), ("00401000" + " 41" * 33, 1), ("00401000 56\n" + " " * 1001, 2)],
)
def test_the_line_that_is_none(text, line, tmp_path):
    (tmp_path / "a.bytes").write_text(text)
    with pytest.raises(ValueError, match=f": line {line}: not an address and up to 32 bytes"):
        isopixel.read_hex_listing(tmp_path / "a.bytes", unknown=0)
