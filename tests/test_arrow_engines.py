# SPDX-License-Identifier: MIT
"""The examples of docs/guides/engines.md, each as it stands, beside the engine that it is for."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from isopixel import Recipe
from tests.test_docs import DOCS, blocks

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
from pyarrow import dataset  # noqa: E402

MODULES = {
    "Ray": "ray",
    "Spark": "pyspark",
    "Daft": "daft",
    "Hugging Face datasets": "datasets",
    "Dask": "distributed",
}
# Everything stays on this machine: servers listen on loopback, and nothing is reported.
LOCAL = {
    "DAFT_ANALYTICS_ENABLED": "0",
    "HF_HUB_OFFLINE": "1",
    "PYSPARK_PYTHON": sys.executable,
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # where Ray uses 127.0.0.1
    "RAY_USAGE_STATS_ENABLED": "0",
    "SPARK_LOCAL_IP": "127.0.0.1",
}
N = 150  # files: more than two batches

pytestmark = pytest.mark.timeout(300)


def examples():
    """What all examples begin with, and the example of each engine, by the heading above it."""
    page = (DOCS / "guides" / "engines.md").read_text(encoding="utf-8")
    first, *sections = re.split("^## ", page, flags=re.MULTILINE)
    ((_, _, beginning),) = blocks(first)
    found = {section.partition("\n")[0]: blocks(section) for section in sections}
    return beginning, {heading: parts[0][2] for heading, parts in found.items() if parts}


def test_each_engine_has_an_example():
    assert examples()[1].keys() == MODULES.keys()


@pytest.fixture
def contents(tmp_path, monkeypatch):
    """The files of the list, by their paths; the working folder has them."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(1)
    made = {f"d{i % 3}/f{i}": rng.bytes(int(rng.integers(1, 5000))) for i in range(N)}
    for path, content in made.items():
        (tmp_path / "samples" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "samples" / path).write_bytes(content)
    pq.write_table(pa.table({"path": [*made, "nowhere"], "label": list(range(N + 1))}), "samples.parquet")
    return made


@pytest.mark.parametrize("engine", MODULES)
def test_example(engine, contents, tmp_path):
    pytest.importorskip(MODULES[engine])
    beginning, codes = examples()
    Path("example.py").write_text(beginning + codes[engine], encoding="utf-8")
    environment = LOCAL | {"HF_HOME": str(tmp_path / "cache")}
    run = subprocess.run(
        [sys.executable, "example.py"], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    rows = dataset.dataset([str(path) for path in tmp_path.glob("images*") for path in files(path)]).to_table()
    recipe = Recipe.parse(re.search('recipe = "(.*)"', beginning)[1])
    rows = sorted(rows.to_pylist(), key=lambda row: row["label"])
    assert [(row["label"], row["path"]) for row in rows] == list(enumerate([*contents, "nowhere"]))
    for row, content in zip(rows[:-1], contents.values(), strict=True):
        assert (row["image"], row["shape"]) == (recipe(content).tobytes(), [224, 224])
        assert (row["error"], row["error_kind"]) == (None, None)
    assert (rows[-1]["image"], rows[-1]["error_kind"]) == (None, "io")


def files(path):
    return path.glob("*.parquet") if path.is_dir() else [path]
