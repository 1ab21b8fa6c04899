# SPDX-License-Identifier: MIT
"""Traces of two environments, and of a host that is not Python, compared: real releases, as peers are installed."""

import json
import sys

import numpy as np
import pytest

import isopixel
from tests.builds import ROOT, checked_run
from tests.peers.environments import FOLDER, Environment, install, install_into, prepare
from tests.peers.presets import LIBRARIES, NEEDS
from tests.peers.releases import pillow
from tests.program import run
from tests.trace_cases import pictures

Image = pytest.importorskip("PIL.Image")
pytest.importorskip("cv2")  # which writes some of the pictures

pytestmark = [pytest.mark.peers, pytest.mark.timeout(1200)]

# A host in C++: a picture is read, a pixel taken for each of the result's by whole numbers, and divided.
HOST = """
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>
#include "trace_step.h"

int main(int, char** arguments) {
    std::ifstream file(arguments[1], std::ios::binary);
    std::string magic;
    int width, height, most;
    file >> magic >> width >> height >> most;
    file.get();
    std::vector<std::uint8_t> pixels(std::size_t(width) * height * 3), small;
    file.read(reinterpret_cast<char*>(pixels.data()), std::streamsize(pixels.size()));
    const int to = 224;
    std::vector<float> input;
    for (int y = 0; y < to; ++y)
        for (int x = 0; x < to; ++x)
            for (int c = 0; c < 3; ++c) {
                small.push_back(pixels[(std::size_t(y * height / to) * width + x * width / to) * 3 + c]);
                input.push_back(small.back() / 255.0f);
            }
    const auto shape = std::to_string(height) + ", " + std::to_string(width) + ", 3";
    return trace_step(arguments[2], 0, "decode", "|u1", shape.c_str(), pixels.data(), pixels.size()) ||
           trace_step(arguments[2], 1, "resize", "|u1", "224, 224, 3", small.data(), small.size()) ||
           trace_step(arguments[2], 2, "input", "<f4", "224, 224, 3", input.data(), 4 * input.size());
}
"""


def compared(a, b):
    """The places where two traces part, as the program says."""
    result = run("trace", "diff", a, b, "--json")
    assert result.returncode == 1, result.stderr
    return json.loads(result.stdout)["partings"]


def functions(parting):
    """Of a parting, its cause and the functions of both sides."""
    return parting["causes"][0]["id"], parting["a"]["function"], parting["b"]["function"]


def test_two_releases_of_pillow(tmp_path):
    file = pictures.write(tmp_path, "png", 1)
    traces = [tmp_path / version for version in ("12.1.1", "13.0.0")]
    for trace in traces:
        release = pillow(trace.name, "")
        prepare(release, None).lines(release.version, "tests.peers.traced_pipelines", "pillow", file, trace)
    (parting,) = compared(*traces)
    size = "size=96,330"
    assert functions(parting) == (
        "pillow-release",
        f"resize pillow-4-bilinear {size}",
        f"resize pillow-13-bilinear {size}",
    )
    assert parting["a"]["name"] == parting["b"]["name"] == "pillow.resize"


def test_a_host_in_cpp(tmp_path):
    file, program, folder = tmp_path / "picture.ppm", tmp_path / "host", tmp_path / "phone"
    (tmp_path / "host.cpp").write_text(HOST)
    warnings = ("-std=c++17", "-Wall", "-Wextra", "-Werror")
    checked_run("c++", *warnings, f"-I{ROOT / 'examples'}", tmp_path / "host.cpp", "-o", program)
    Image.fromarray(pictures.photograph(2)).save(file)
    folder.mkdir()
    checked_run(program, file, folder)
    for resample, expected in ((Image.NEAREST, "nearest-rule"), (Image.BILINEAR, "filter")):
        trace = tmp_path / expected
        with isopixel.trace(trace):
            small = np.asarray(Image.open(file).resize((224, 224), resample))
            isopixel.step("input", small.astype(np.float32) / 255)
        (parting,) = compared(trace, folder)
        assert parting["causes"][0]["id"] == expected
        assert (parting["a"]["name"], parting["b"]["name"]) == ("pillow.resize", "“resize”")


def test_slow_and_fast_processors(tmp_path):
    """Of the Hugging Face: one resizes PIL images and normalises in steps, one tensors and all at once."""
    pytest.importorskip("torch")
    folders = [install(name, version, "--no-deps") for name, version in LIBRARIES.items() if name != "timm"]
    environment = Environment(sys.executable, (*folders, install_into(FOLDER / "presets-needs", *NEEDS)))
    file = pictures.write(tmp_path, "png", 2)
    traces = [tmp_path / name for name in ("slow", "fast")]
    for trace in traces:
        environment.work("tests.peers.traced_pipelines", trace.name, file, trace)
    resize, normalisation = compared(*traces)
    size = "size=224,224"
    assert functions(resize) == (
        "implementation",
        f"resize pillow-13-bilinear {size}",
        f"resize torch-2.0-bilinear-antialias {size}",
    )
    cause, slow, fast = functions(normalisation)
    assert cause == "rounding" and "normalize imagenet" in slow and "rounding=fused" in fast
