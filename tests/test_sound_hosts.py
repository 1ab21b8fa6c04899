# SPDX-License-Identifier: MIT
"""Sounds where layouts are: recipes, golden files, manifests, the command line, folders for torch; and memory."""

import subprocess
import sys

import numpy as np
import pytest
from spec.sound_cases import form, head

import isopixel
from tests.program import run
from tests.support import assert_same
from tests.test_memory import PEAK
from tests.test_sound import SPEECH, expected_image, wav

LINE = f"isopixel 1: {SPEECH} | bilinear 40,64 | normalize mean=0.5 std=0.25"


@pytest.fixture
def file(tmp_path):
    """A WAV file with noise."""
    path = tmp_path / "sounds" / "a" / "noise.wav"
    path.parent.mkdir(parents=True)
    path.write_bytes(wav(np.random.default_rng(1).integers(-9000, 9000, 3000).astype(np.int16), 16000))
    return path


def test_a_recipe(file):
    """Of a file and of its bytes; what it knows of the shapes of arrays."""
    recipe = isopixel.Recipe.parse(LINE)
    assert str(recipe) == LINE and recipe.layout == SPEECH
    expected = isopixel.normalize(expected_image(SPEECH, file.read_bytes(), (40, 64))[..., None], 0.5, 0.25)
    assert_same(recipe(file), expected, LINE)
    assert_same(recipe(file.read_bytes()), expected, LINE)
    assert recipe._shape(None) == (1, 40, 64)
    assert isopixel.Recipe(SPEECH)._shape(99) == (None, None)
    assert recipe._check_file(file) == len(file.read_bytes())
    file.write_bytes(b"RIFX" + file.read_bytes()[4:])
    with pytest.raises(ValueError, match=r"noise\.wav.*no WAV file"):
        recipe._check_file(file)


def test_a_manifest(file, tmp_path):
    recipe = isopixel.Recipe.parse(LINE)
    array, source = recipe.read(file)
    isopixel.save(tmp_path / "array.npy", array, recipe=recipe, source=source)
    assert_same(isopixel.load(tmp_path / "array.npy"), array, LINE)
    assert isopixel.read_manifest(tmp_path / "array.npy").recipe == LINE


def test_golden_files(file, tmp_path):
    golden = tmp_path / "sounds" / "golden.json"
    made = run("golden", "record", file, "--recipe", LINE, "-o", golden)
    assert made.returncode == 0, made.stderr
    assert run("golden", "check", golden).returncode == 0
    data = bytearray(file.read_bytes())
    data[2000] ^= 64
    file.write_bytes(data)
    assert run("golden", "check", golden).returncode == 1


def test_the_command_line(file, tmp_path):
    image = isopixel.from_file(file, SPEECH)
    made = run("bytes", file, "--layout", SPEECH, "-o", tmp_path / "x.png")
    assert made.stdout.splitlines() == [
        f"shape        {image.shape}",
        f"fingerprint  {isopixel.fingerprint(image)}",
    ]
    refused = run("bytes", file, "--layout", SPEECH.replace("16000", "8000"))
    assert refused.returncode == 2
    assert "its rate is 16000 Hz, and the layout has rate=8000: resample it" in refused.stderr


def test_a_folder_for_torch(file):
    torch = pytest.importorskip("isopixel.torch")
    recipe = isopixel.Recipe.parse(LINE)
    images = torch.ByteImageFolder(file.parents[1], recipe)
    assert_same(images[0][0].numpy(), recipe(file), LINE)


HOUR = f"""{PEAK}
import sys
import numpy as np
import isopixel
layout, path, size = sys.argv[1], sys.argv[2], eval(sys.argv[3])
isopixel.from_samples(np.zeros(50_000, np.int16), layout.replace(",hop=160", ",hop=161"), size)
before = peak()
image = isopixel.from_file(path, layout, size)
print(peak() - before - image.nbytes)
"""


def streamed(path, size):
    """The bytes that are taken beside the result."""
    command = [sys.executable, "-c", HOUR, SPEECH, path, str(size)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("size", [None, (80, 3000)])
def test_an_hour_is_streamed(size, tmp_path):
    """Less than 16 MiB beside the result, of a file of 115 MB."""
    path = tmp_path / "hour.wav"
    n = 2 * 16000 * 3600
    with path.open("wb") as file:
        file.write(head(2**32 - 1, form(rate=16000)))
        file.truncate(n + 44)
    assert streamed(path, size) < 16 << 20


def test_a_chunk_before_the_samples_is_not_kept(tmp_path):
    """Less than 16 MiB, of a file with 256 MiB that are skipped."""
    path = tmp_path / "junk.wav"
    most = 2**28
    with path.open("wb") as file:
        file.write(b"RIFF\0\0\0\0WAVEJUNK" + most.to_bytes(4, "little"))
        file.seek(most, 1)
        file.write(form(rate=16000) + b"data" + (8000).to_bytes(4, "little") + bytes(8000))
    assert streamed(path, None) < 16 << 20
