# SPDX-License-Identifier: MIT
"""Sounds in what is made of recipes: skew, compare, batches of Arrow and corpora, where a bad WAV file is a row."""

import sys

import numpy as np
import pytest
from PIL import Image
from spec.sound_cases import form, head

import isopixel
from isopixel import Recipe
from isopixel._difference import difference_picture
from isopixel._skew import find_files, load_model, measure, ways_of
from tests import program
from tests.test_compare import places_of
from tests.test_sound import expected_image, wav

LAYOUT = "logmel,rate=8000,window=32,hop=10,bands=6"
LINE = f"isopixel 1: {LAYOUT} | bilinear 5,7"
NORMALIZED = f"{LINE} | normalize mean=0.5 std=0.25"


@pytest.fixture
def folder(tmp_path):
    """Four sounds, as different as tones and noise are, in a folder."""
    t, rng = np.arange(500), np.random.default_rng(1)
    (tmp_path / "sounds").mkdir()
    for i in range(4):
        tone = 9000 * np.sin(0.4 * (i + 1) * t) + 40 * (i + 1) * rng.standard_normal(500)
        (tmp_path / "sounds" / f"{i}.wav").write_bytes(wav(np.rint(tone).astype(np.int16)))
    return tmp_path / "sounds"


def bad_files(folder):
    """Writes WAV files that are refused; returns by name what is said of each."""
    data = wav(np.arange(500, dtype=np.int16))
    files = {
        "adpcm.wav": (head(1000, form(tag=2, bits=4, block=256)) + bytes(1000), "ADPCM"),
        "rate.wav": (wav(np.arange(500, dtype=np.int16), rate=9000), "rate is 9000 Hz"),
        "truncated.wav": (data[:-10], "is cut off"),
        "text.wav": (b"no sound", "WAV"),
        "empty.wav": (b"", "is empty"),
    }
    said = {}
    for name, (content, words) in files.items():
        (folder / name).write_bytes(content)
        with pytest.raises(ValueError) as refused:
            isopixel.from_file(folder / name, LAYOUT)
        said[name] = str(refused.value).removeprefix(repr(str(folder / name))).removeprefix(":").lstrip()
        assert words in said[name]
    return said


def test_compare(folder, tmp_path):
    """The results of methods, from the samples, and their differences."""
    sound, out = folder / "1.wav", tmp_path / "out.png"
    names = ("bilinear", "pillow-13-bilinear", "opencv-3.4-linear")
    methods = [word for name in names for word in ("--method", name)]
    result = program.run("compare", sound, "--size", "5,7", "--bytes", LAYOUT, *methods, "-o", out)
    assert (result.returncode, result.stderr) == (0, "")
    page = np.asarray(Image.open(out))
    images = [expected_image(LAYOUT, sound.read_bytes(), (5, 7))]
    images += [isopixel.resize(expected_image(LAYOUT, sound.read_bytes()), (5, 7), method=name) for name in names[1:]]
    pictures = [np.repeat(image[:, :, None], 3, axis=2) for image in images]
    pictures += [difference_picture(images[0], image) for image in images[1:]]
    for picture in pictures:
        assert len(places_of(picture.repeat(36, axis=0).repeat(36, axis=1), page)) == 1


def test_skew(folder, tmp_path, monkeypatch):
    """What flips when a sound's spectrogram is resized in another way, by a model of its sum; and the command runs."""
    paths = sorted(folder.iterdir())
    images = [
        [expected_image(LAYOUT, path.read_bytes(), (5, 7), method) for path in paths]
        for method in ("bilinear", "bilinear-two-tap")
    ]
    before, after = ([int(image.sum(dtype=int)) for image in of] for of in images)
    half = (before[1] + after[1]) / 2  # between the two sums of one of them
    text = f"""import torch
def model(x):
    total = x.to(torch.float64).sum(dim=(1, 2, 3))
    return torch.stack([{half} - total, total - {half}], 1)
"""
    (tmp_path / "sound_models.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    recipe = Recipe.parse(LINE)
    ways = ways_of(recipe, ["bilinear-two-tap"])
    found = measure(load_model("sound_models:model"), recipe, ways, find_files([folder], recipe))
    (served,) = found.served
    flips = [(a > half) != (b > half) for a, b in zip(before, after, strict=True)]
    assert flips[1] and found.flips(served).tolist() == flips
    assert served.changes.tolist() == [abs(a - b) for a, b in zip(before, after, strict=True)]
    assert served.pixels.tolist() == [(a != b).mean() for a, b in zip(*images, strict=True)]
    result = program.run("skew", "sound_models:model", folder, "--recipe", LINE, "--against", "bilinear-two-tap")
    assert (result.returncode, result.stderr) == (1, "")
    sys.modules.pop("sound_models")


def test_rows_of_arrow(folder):
    pa = pytest.importorskip("pyarrow")
    from isopixel.arrow import transform

    said = bad_files(folder)
    names = sorted(path.name for path in folder.iterdir())
    check_rows(transform(pa.record_batch({"path": names}), NORMALIZED, root=folder).to_pylist(), folder, said)


def check_rows(rows, folder, said):
    """Those of sounds are the reference's images, normalised; those of bad files say what from_file says."""
    assert len(rows) == 4 + len(said)
    for row in rows:
        if (name := row["path"]) in said:
            assert (row["image"], row["error_kind"], row["error"]) == (None, "input", said[name])
            continue
        image = expected_image(LAYOUT, (folder / name).read_bytes(), (5, 7))
        expected = isopixel.normalize(image, mean=0.5, std=0.25)
        assert row["error"] is None and row["image"] == expected.astype("<f4").tobytes()


def test_a_corpus(folder, tmp_path):
    """Is made, has a row for each file, and is verified; a sound that changed since is found."""
    pq = pytest.importorskip("pyarrow.parquet")
    from concurrent.futures import ThreadPoolExecutor

    from isopixel import corpus

    said = bad_files(folder)
    with ThreadPoolExecutor(1) as threads:
        corpus.make(folder, tmp_path / "corpus", NORMALIZED, executor=threads)
    rows = [
        row for path in sorted((tmp_path / "corpus" / "data").glob("part-*")) for row in pq.read_table(path).to_pylist()
    ]
    check_rows(rows, folder, said)
    assert corpus.verify(tmp_path / "corpus", sample=99, workers=1) == []
    (folder / "1.wav").write_bytes((folder / "2.wav").read_bytes())
    assert len(corpus.verify(tmp_path / "corpus", sample=99, workers=1)) == 1
