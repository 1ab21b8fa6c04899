# SPDX-License-Identifier: MIT
"""The compiled module as this compiler made it: guarded, and closed to other modules. `make packages` asks wheels."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from isopixel import _core
from tests.packages import wheel

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or not shutil.which("readelf"), reason="asks the tools of Linux"
)


def test_the_module_is_hardened_and_exports_its_initialisation_alone():
    assert wheel.faults_of(Path(_core.__file__), [wheel.ROOT]) == []


def test_a_module_that_is_not_is_found_out(tmp_path):
    source = tmp_path / "module.cpp"
    source.write_text(
        '#include <vector>\nextern "C" int PyInit__core() { return 0; }\n'
        "const char *folder = __FILE__;\nint more(std::vector<int> &v) { v.push_back(1); return v[0]; }\n"
    )
    options = ["-shared", "-fPIC", "-fno-stack-protector", "-Wl,-z,norelro,-z,lazy,-z,execstack"]
    subprocess.run([shutil.which("g++") or "c++", *options, source, "-o", tmp_path / "module.so"], check=True)
    faults = wheel.faults_of(tmp_path / "module.so", [tmp_path])
    assert len(faults) == 6 and "exports more" in faults[0] and str(tmp_path) in faults[-1]
