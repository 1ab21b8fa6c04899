# SPDX-License-Identifier: MIT
"""Runs the tests of corpora beside Ray, Spark, Daft, datasets, Dask, and the S3 of moto, installed in build/peers."""

import re
import shutil
import subprocess
import sys

from tests.peers.environments import FOLDER, Environment, install_into

JAVA = 17  # the oldest that Spark runs on
PACKAGES = (
    "ray[data]==2.60.0",
    "pyspark==4.3.0",
    "daft==0.7.26",
    "datasets==5.2.0",
    "dask==2026.8.0",
    "distributed==2026.8.0",
    "pyarrow==25.0.1",  # the newest that Daft takes
    "moto[s3]==5.2.5",
    "flask==3.1.3",  # these two for moto's server
    "flask-cors==6.0.5",
)
TESTS = ("test_arrow_engines", "test_corpus_clusters", "test_corpus_s3")


def java():
    """The version of the Java on the path, such as 17; 0 if there is none."""
    if not shutil.which("java"):
        return 0
    text = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(match[1]) if match else 0


def main():
    if (found := java()) < JAVA:
        has = f"that on the path is {found}" if found else "there is none on the path"
        sys.exit(f"Spark needs Java {JAVA} or newer, and {has}: apt install openjdk-{JAVA}-jre-headless")
    print("installing, or taking from build/peers", flush=True)
    folder = install_into(FOLDER / "engines", "--no-binary=pyspark", *PACKAGES)
    tests = (f"tests/{name}.py" for name in TESTS)
    return Environment(sys.executable, (folder,)).run("tests.peers.no_skips", *tests, *sys.argv[1:]).returncode


if __name__ == "__main__":
    sys.exit(main())
