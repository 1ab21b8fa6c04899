# SPDX-License-Identifier: MIT
"""The traces of a host without Python, which writes them with examples/trace_step.h."""

import numpy as np
import pytest

import isopixel
from isopixel._trace.file import load
from tests.builds import ROOT, checked_run

PROGRAM = """
#include "trace_step.h"

int main(int count, char **arguments) {
    unsigned char image[40 * 50 * 3];
    float tensor[3 * 40 * 50];
    size_t i;
    if (count != 2) return 2;
    for (i = 0; i < sizeof image; i++) image[i] = (unsigned char)(i * i % 251);
    for (i = 0; i < sizeof image; i++) tensor[i % 3 * 2000 + i / 3] = image[i] / 255.0f;
    if (trace_step(arguments[1], 0, "decode", "|u1", "40, 50, 3", image, sizeof image)) return 1;
    if (trace_step(arguments[1], 1, "gr\\xc3\\xb6\\xc3\\x9f", "<f4", "1, 3, 40, 50", tensor, sizeof tensor)) return 1;
    if (!trace_step("nowhere/at/all", 0, "x", "|u1", "1", image, 1)) return 1;
    return 0;
}
"""


@pytest.mark.slow
@pytest.mark.native
@pytest.mark.parametrize(("compiler", "suffix"), [("cc -std=c99", "c"), ("c++ -std=c++17", "cpp")])
def test_a_host_writes_a_trace(compiler, suffix, tmp_path):
    source, folder = tmp_path / f"host.{suffix}", tmp_path / "trace"
    source.write_text(PROGRAM, encoding="ascii")
    folder.mkdir()
    options = ["-Wall", "-Wextra", "-Werror", "-pedantic", f"-I{ROOT}/examples", "-o", tmp_path / "host"]
    checked_run(*compiler.split(), *options, source)
    checked_run(tmp_path / "host", folder)
    trace = load(folder)
    image = (np.arange(6000, dtype=np.int64) ** 2 % 251).astype(np.uint8).reshape(40, 50, 3)
    tensor = np.moveaxis(image, 2, 0)[None].astype(np.float32) / np.float32(255)
    assert [step.name for step in trace.steps] == ["decode", "größ"]
    assert [value.fingerprint for value in trace.values] == [isopixel.fingerprint(a) for a in (image, tensor)]
    with isopixel.trace() as recording:
        isopixel.step("input", tensor)
    assert recording.trace.values[0].planes == trace.values[1].planes
