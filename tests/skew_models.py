# SPDX-License-Identifier: MIT
"""Models whose scores are whole numbers, files for them, and what isopixel skew has to find, computed by hand."""

import io
import re
import sys

import numpy as np
import torch
from PIL import Image

import isopixel
from tests import program
from tests.support import reference_resize

SIDE, SIZE = 32, 8
RECIPE = f"isopixel 1: fixed,width={SIDE} | bilinear {SIZE},{SIZE}"
HALF = 127 * SIZE * SIZE + SIZE * SIZE // 2  # the sum of an image of mean 127.5
TWO_TAPS = "bilinear-two-tap"

# In a module of its own, as a user's: two scores, how far the sum of the pixels is from a threshold.
MODULE = f"""
import torch

class Sum(torch.nn.Module):
    def forward(self, x):
        total = x.to(torch.float64).sum(dim=(1, 2, 3))
        return torch.stack([{HALF} - total, total - {HALF}], dim=1)

model = Sum()

def function(x):
    return model(x)

def pixel(x):
    value = x[:, 0, 0, 0].to(torch.float64)
    return torch.stack([value, value * 0 + 100, 99 - value], dim=1)

def tuple_of_scores(x):
    return model(x), x

parameter = torch.nn.Parameter(torch.tensor([[1.0, 2.0]]))

def constant(x):
    return parameter

class Dropped(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.dropout, self.sum = torch.nn.Dropout(0.5), Sum()

    def forward(self, x):
        return self.sum(self.dropout(x.to(torch.float64)))

dropped = Dropped()

def one_score(x):
    return model(x)[:, :1]

def not_a_number(x):
    return model(x) * float("nan")

def picky(x):
    raise RuntimeError("expected 3 channels,\\nbut got 1")

def noisy(x):
    return model(x) + torch.rand(1)

def floats(x):
    assert x.dtype == torch.float32 and x.shape[1:] == (3, 4, 5)
    total = x.to(torch.float64).sum(dim=(1, 2, 3))
    return torch.stack([total, -total], dim=1)

word = "no function"
"""


def working_folder(tmp_path, monkeypatch):
    """A generator for a fixture: the working folder, with the module."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "user_models.py").write_text(MODULE)
    sys.modules.pop("user_models", None)
    yield tmp_path
    sys.modules.pop("user_models", None)


def write_files(folder, count, seed=0):
    """Files of noise whose images have a mean near the threshold."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    paths = [folder / f"file-{i:02}" for i in range(count)]
    for path in paths:
        path.write_bytes(rng.integers(0, 256, SIDE * SIDE, np.uint8).tobytes())
    return paths


def saved(kind):
    """The model in each of the forms that it may have; what the command takes."""
    if kind in ("model", "function"):
        return f"user_models:{kind}"
    sys.path.insert(0, ".")
    try:
        from user_models import Sum
    finally:
        sys.path.pop(0)
    if kind == "script":
        torch.jit.script(Sum()).save("model.pt")
        return "model.pt"
    example = torch.zeros(2, 1, SIZE, SIZE, dtype=torch.uint8)
    if kind == "exported":
        program = torch.export.export(Sum(), (example[:1],))
    else:
        program = torch.export.export(Sum(), (example,), dynamic_shapes=({0: torch.export.Dim("batch")},))
    torch.export.save(program, "model.pt2")
    return "model.pt2"


def run(*arguments):
    """Runs the command in this process; returns the exit code, and what it printed."""
    ended = program.run("skew", *arguments)
    return ended.returncode, ended.stdout, ended.stderr


def image_of(path):
    return np.frombuffer(path.read_bytes(), np.uint8).reshape(SIDE, SIDE)


def expected_image(path, way):
    """The image of a file under a way, without isopixel._skew."""
    image = image_of(path)
    exact = reference_resize(image, (SIZE, SIZE))
    if way == "bilinear":
        return exact
    if way == TWO_TAPS:
        return reference_resize(image, (SIZE, SIZE), antialias=False)
    if match := re.fullmatch(r"jpeg-(\d+)", way):
        file = io.BytesIO()
        Image.fromarray(exact).save(file, format="JPEG", quality=int(match[1]))
        return np.asarray(Image.open(file))
    if way.startswith("torch-float32"):
        tensor = torch.from_numpy(image.astype(np.float32))[None, None]
        resized = torch.nn.functional.interpolate(tensor, (SIZE, SIZE), mode="bilinear", antialias="antialias" in way)
        return np.rint(resized[0, 0].numpy()).astype(np.uint8)
    return isopixel.resize(image, (SIZE, SIZE), method=way)


def expected_costs(paths, way):
    """What the model of the sum does: the flips, the changes of the top score, and the share of pixels that differ."""
    flips, changes, pixels = [], [], []
    for path in paths:
        images = [expected_image(path, "bilinear"), expected_image(path, way)]
        was, now = (int(image.sum(dtype=np.int64)) for image in images)
        # argmax of (HALF - sum, sum - HALF), the first of equal ones
        flips.append((was > HALF) != (now > HALF))
        changes.append(abs(was - now))
        pixels.append(np.count_nonzero(images[0] != images[1]) / SIZE**2)
    return np.array(flips), np.array(changes, np.float64), np.array(pixels)
