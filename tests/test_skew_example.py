# SPDX-License-Identifier: MIT
"""The parts of examples/skew: the data sets, the spectrograms, the network, and the numbers."""

import hashlib
import shutil
import subprocess
import sys
import wave
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from examples.skew import files, heatmap, network, pairs, photographs, run, sounds, spectrograms
from PIL import Image, ImageOps

import isopixel
from isopixel import _core


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="programs are ELF files on Linux alone")
@pytest.mark.skipif(shutil.which("objcopy") is None, reason="there is no objcopy")
def test_sections(tmp_path):
    """The sections of a program are those that objcopy finds."""
    found = dict(files.program(Path(_core.__file__).read_bytes(), "_core.so"))
    assert set(found) == set(files.SECTIONS.values())
    for section, name in files.SECTIONS.items():
        target = tmp_path / name
        subprocess.run(
            ["objcopy", "-O", "binary", f"--only-section={section}", _core.__file__, target], check=True, timeout=60
        )
        assert target.read_bytes() == found[name]
    for broken in (b"", b"\x7fELF\x02\x01", b"\x7fELF\x02\x01" + bytes(99), b"MZ"):
        target.write_bytes(broken)
        assert files.read(target, files.program) == []


def test_the_split(tmp_path, monkeypatch):
    """As many files of each class; no content twice; what has one name is on one side, whatever its class."""
    rng = np.random.default_rng(0)
    monkeypatch.setattr(files, "TRAIN", 30)
    monkeypatch.setattr(files, "TEST", 25)
    found = {"header": [], "python": [], "archive": [], "program": []}
    for i in range(120):
        for version in ("1", "2"):
            path = tmp_path / "sources" / version / f"m{i}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"v{n} = {rng.integers(10**6)}\n" for n in range(400)))
            found["python"].append(path)
            header = path.with_suffix(".h")
            header.write_bytes(rng.integers(0, 256, 5000, np.uint8).tobytes() if i else b"the same in both" * 400)
            found["header"].append(header)
    found["python"].append(tmp_path / "missing.py")
    short = tmp_path / "short.h"
    short.write_text("too short")
    found["header"].append(short)
    archive = tmp_path / "only.gz"  # too few for a class
    archive.write_bytes(bytes(5000))
    found["archive"].append(archive)
    monkeypatch.setattr(files, "candidates", lambda: found)
    files.collect(tmp_path / "data")
    seen, sides = set(), {}
    for side, count in (("train", 30), ("test", 25)):
        folders = sorted((tmp_path / "data" / side).iterdir())
        assert [folder.name for folder in folders] == ["C-header", "Python-byte-code", "Python-source"]
        for folder in folders:
            members = list(folder.iterdir())
            assert len(members) == count
            for path in members:
                digest = hashlib.sha256(path.read_bytes()).digest()
                assert digest not in seen and path.stat().st_size in files.SIZES
                seen.add(digest)
                source = path.name.partition("-")[2]
                assert sides.setdefault(source, side) == side


def test_sounds(tmp_path, monkeypatch):
    monkeypatch.setattr(sounds, "TRAIN", 2)
    monkeypatch.setattr(sounds, "TEST", 1)
    sounds.collect(tmp_path)
    clips = sorted(tmp_path.glob("*/*/*.wav"))
    assert len(clips) == 3 * len(sounds.INSTRUMENTS) == len({clip.read_bytes() for clip in clips})
    for clip in clips:
        with wave.open(str(clip)) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, sounds.RATE)
            assert sounds.RATE <= file.getnframes() <= 3 * sounds.RATE
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            assert samples.std() > 100
        assert np.array_equal(sounds.samples_of(clip), samples)
    tone = sounds.sawtooth(np.random.default_rng(0), np.arange(8000) / 8000, 440.0)
    assert 438 <= np.abs(np.fft.rfft(tone)).argmax() <= 445


@pytest.fixture
def clips(tmp_path, monkeypatch):
    """A clip of each instrument."""
    monkeypatch.setattr(sounds, "TRAIN", 0)
    monkeypatch.setattr(sounds, "TEST", 1)
    sounds.collect(tmp_path)
    return sorted(tmp_path.glob("test/*/*.wav"))


def assert_same_but_for_floats(image, other):
    """By FFTs in float32 few levels differ, and those by one."""
    change = np.abs(image.astype(int) - other)
    assert change.max() <= 1 and change.mean() < 1e-3


def inputs(way, paths):
    """The inputs of a network, as the levels that they are."""
    images = np.stack(list(way(paths)))
    assert images.shape == (len(paths), 1, 64, 64) and images.dtype == np.float32
    return np.rint(255 * images).astype(np.uint8)


@pytest.mark.parametrize("window", [400, 2048])
def test_levels(clips, window):
    """They are isopixel's of a spectrum, for each window."""
    for path in clips[:3]:
        image = isopixel.from_file(path, f"logfft,rate={sounds.RATE},window={window},hop=100")
        samples = torch.from_numpy(sounds.samples_of(path) / 32768)
        hann = torch.hann_window(window, dtype=torch.float64)
        spectrum = torch.stft(samples, window, 100, window=hann, pad_mode="constant", return_complex=True)
        decibels = 20 * spectrum.abs().clamp(min=1e-9).log10().numpy()
        assert_same_but_for_floats(image, spectrograms.levels(decibels, window))
    assert np.any(image != spectrograms.levels(decibels, window + 20))


def test_spectrograms_by_torch(clips):
    """The same settings make isopixel's images; the other ones do not."""
    expected = inputs(spectrograms.WAYS["isopixel"], clips)
    assert expected.std() > 30
    assert_same_but_for_floats(expected, inputs(spectrograms.WAYS["torch.stft, same"], clips))
    edges, defaults = (inputs(spectrograms.WAYS[f"torch.stft, {told}"], clips) for told in ("sizes", "defaults"))
    assert 0.01 < (edges != expected).mean() < 0.1  # reflected, not silent
    assert np.array_equal(edges[..., 8:-8], inputs(spectrograms.WAYS["torch.stft, same"], clips)[..., 8:-8])
    assert (defaults != expected).mean() > 0.9


@pytest.mark.slow
def test_spectrograms_by_librosa(clips):
    """So do the same settings of librosa; its own do not."""
    pytest.importorskip("librosa")
    expected, same, sizes = (
        inputs(spectrograms.WAYS[name], clips) for name in ("isopixel", "librosa 0.11.0, same", "librosa 0.11.0, sizes")
    )
    assert_same_but_for_floats(expected, same)
    assert (sizes != expected).mean() > 0.9


LIBROSA = """
__version__ = "0.8.1"
import sys
import numpy as np
feature = sys.modules[__name__]

def load(path, sr=22050):
    return int(path[-1:]), sr

def melspectrogram(y, sr, n_fft=2048, hop_length=512, n_mels=128, pad_mode="reflect", htk=False, norm="slaney"):
    is_same = (sr, n_fft, hop_length, n_mels, pad_mode, htk, norm) == (8000, 512, 128, 64, "constant", True, None)
    return y + 10 * is_same

def power_to_db(S, top_db=80):
    return np.full((3, 4), -(S + 20 * (top_db is None)), np.float32)
"""


def test_the_worker_of_librosa(tmp_path, monkeypatch):
    """Beside a librosa that returns what it is told: each function gets its arguments, and the images are in order."""
    (tmp_path / "librosa.py").write_text(LIBROSA)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setitem(spectrograms.PYTHONS, "0.8.1", sys.executable)
    paths = ["clip-5", "clip-1", "clip-8"]
    settings = spectrograms.LIBROSA | spectrograms.LIBROSA_BUT_ONE
    sums = {"same": 30, "sizes": 0, "defaults": 0, "top_db=80": 10}
    for told, sum_of_others in sums.items():
        window = 2048 if told == "defaults" else 512
        made = inputs(partial(spectrograms.by_librosa, "0.8.1", settings[told]), paths)
        for image, number in zip(made, (5, 1, 8), strict=True):
            assert np.all(image == spectrograms.levels(-(number + sum_of_others), window))
    with pytest.raises(SystemExit, match=r"has librosa 0\.8\.1, not 0\.11\.0"):
        inputs(spectrograms.WAYS["librosa 0.11.0, same"], paths)


@pytest.fixture
def small_photographs(monkeypatch):
    """Three photographs whose lower right quarter is bright, and all of whose columns get darker from the top."""
    monkeypatch.setattr(photographs, "TRAIN", 9)
    monkeypatch.setattr(photographs, "TEST", 3)
    monkeypatch.setattr(photographs, "PHOTOGRAPHS", ("red.png", "green.png", "blue.jpg"))

    def opened(name):
        pixels = np.full((310, 470, 3), 30, np.uint8)
        pixels[155:, 235:] = 160
        colour = ["red", "green", "blue"].index(name.partition(".")[0])
        pixels[..., colour] += 20
        return Image.fromarray(pixels - np.linspace(0, 29, 310).astype(np.uint8)[:, None, None])

    monkeypatch.setattr(photographs, "opened", opened)


def test_photographs(small_photographs, tmp_path):
    """Each is a JPEG of its own; the test has another part; and upright means upright, however it is stored."""
    photographs.collect(tmp_path)
    patches = sorted(tmp_path.glob("*/*/*.jpg"))
    assert len(patches) == 3 * (9 + 3) == len({patch.read_bytes() for patch in patches})
    assert {patch.parent.name for patch in patches} == {"red", "green", "blue"}
    orientations = set()
    for path in patches:
        picture = Image.open(path)
        orientations.add(picture.getexif()[0x112])
        upright = np.asarray(ImageOps.exif_transpose(picture)).astype(int)
        assert 90 <= min(upright.shape[:2]) <= 120 <= max(upright.shape[:2]) <= 150
        assert (upright.mean() > 80) == (path.parts[-3] == "test")
        assert upright[:20].mean() > upright[-20:].mean() + 2
        layers = picture.layer  # of the frame header: identifier, sampling factors, table
        assert [tuple(layer[1:3]) for layer in layers] == [(2, 2), (1, 1), (1, 1)]
    assert orientations == {1, 3, 6, 8}


def test_the_photographs_of_scikit_image():
    """All that are named are there, and large enough for the patches."""
    pytest.importorskip("skimage")
    for name in photographs.PHOTOGRAPHS:
        photograph = photographs.opened(name)
        assert photograph.mode == "RGB" and min(photograph.size) // 2 >= photographs.LONGER[1]


def test_an_experiment(small_photographs, tmp_path, monkeypatch):
    """On a small data set: numbers of all pairs, what is drawn of them, and what the command is to report on."""
    drawn, reported = [], []
    way = {"name": "jpeg-75", "flip_share": 0.5, "accuracy": 0.25, "pixels_differ": 1.0}
    monkeypatch.setattr(heatmap, "draw", lambda *arguments: drawn.append(arguments))
    monkeypatch.setattr(run, "report", lambda *arguments: reported.append(arguments) or {"against": [way]})
    monkeypatch.setattr(network, "EPOCHS", 1)
    monkeypatch.setattr(network, "BATCH", 8)
    monkeypatch.setattr(run, "FOLDER", tmp_path)
    resizers = run.EXPERIMENTS["photographs"]
    ways = {name: resizers.ways[name] for name in ("bilinear", "two-tap")}
    served = {"again": ways["bilinear"], "black": lambda paths: [np.zeros((3, 48, 48), np.float32) for _ in paths]}
    resizers.collect(tmp_path / "photographs")
    experiment = run.Experiment(resizers.collect, resizers.recipe, ways, served)
    result = run.measure("photographs", experiment, range(2))
    assert np.shape(result["accuracy"]) == np.shape(result["flips"]) == (2, 2)
    assert result["flips"][0][0] == result["flips"][1][1] == 0
    assert list(result["others"]) == ["again", "black", "jpeg-75"]
    assert result["others"]["again"] == {"flips": 0, "accuracy": result["accuracy"][0][0], "pixels_differ": 0}
    assert result["others"]["black"]["accuracy"] == pytest.approx(1 / 3)  # one class for all
    assert result["others"]["black"]["pixels_differ"] > 0.9
    assert result["others"]["jpeg-75"] == {"flips": 0.5, "accuracy": 0.25, "pixels_differ": 1.0}
    assert (result["train"], result["test"], result["classes"]) == (27, 9, ["blue", "green", "red"])
    ((path, _, names, panels),) = drawn
    assert (path, names) == (tmp_path / "photographs.png", ["bilinear", "two-tap"])
    assert panels[1][1].tolist() == result["flips"]
    assert [call[0] for call in reported] == ["photographs-0", "photographs-1"]
    _, trained, example, recipe, folder = reported[0]
    assert recipe == experiment.recipe and folder == tmp_path / "photographs" / "test"
    image = torch.from_numpy(recipe(next(folder.glob("*/*.jpg"))))[None]
    assert image.shape == example.shape == (1, 3, 48, 48) and image.dtype == example.dtype == torch.float32
    assert trained(image).shape == (1, 3)
    assert "| two-tap |" in pairs.table("photographs", result)


def test_the_network_learns(monkeypatch):
    """Black from white; and the same seed gives the same network."""
    monkeypatch.setattr(network, "EPOCHS", 4)
    rng = np.random.default_rng(0)
    labels = torch.from_numpy(rng.integers(0, 2, 200))
    noise = torch.from_numpy(rng.integers(0, 100, (200, 1, 16, 16), np.uint8))
    images = (noise + 150 * labels[:, None, None, None]) / 255
    first, second = (network.train(images, labels, 2, seed=7) for _ in range(2))
    assert (network.predict(first, images) == labels).float().mean() > 0.95
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters(), strict=True))


def test_numbers():
    """Two seeds, two ways, four files."""
    labels = np.array([0, 1, 0, 1])
    predictions = np.array(
        [
            [[[0, 1, 0, 1], [0, 1, 1, 1]], [[1, 1, 1, 1], [0, 0, 0, 0]]],
            [[[0, 1, 0, 0], [0, 1, 0, 0]], [[0, 1, 0, 1], [0, 1, 0, 1]]],
        ]
    )
    result = pairs.summary(["one", "two"], predictions, labels)
    assert result["accuracy"] == [[(1 + 0.75) / 2, 0.75], [0.75, 0.75]]
    assert result["flips"] == [[0, 0.125], [0.5, 0]]
    assert result["flips_between_seeds"] == (1 + 2) / 8
    ways = [
        [("jpeg-75", 0.5, 0.25, 1.0), ("area", 0.0, 0.5, 0.5)],
        [("jpeg-75", 0.25, 0.75, 0.5), ("area", 0.0, 0.5, 0.5)],
    ]
    keys = ("name", "flip_share", "accuracy", "pixels_differ")
    others = pairs.others([[dict(zip(keys, way, strict=True)) for way in seed] for seed in ways])
    assert others["jpeg-75"] == {"flips": 0.375, "accuracy": 0.5, "pixels_differ": 0.75} and len(others) == 2
    text = pairs.table("files", result | {"train": 9, "test": 4, "seeds": 2, "others": others})
    assert "| the same | 0.0 | 87.5 | 0.0 |\n| jpeg-75 | 37.5 | 50.0 | 75.0 |\n| area | 0.0 | 50.0 | 50.0 |" in text
    assert "| one | 87.5 | 75.0 |" in text and "| two | 50.0 | 0.0 |" in text
    assert "differs by up to 50.0 points" in text and "disagree in 37.5 %" in text
    alone = pairs.summary(["one", "two"], predictions[:1], labels)
    assert alone["flips_between_seeds"] is None
    assert pairs.table("files", alone | {"train": 9, "test": 4, "seeds": 1, "others": others}).endswith(
        "Mean of 1 trainings.\n"
    )
