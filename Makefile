# SPDX-License-Identifier: MIT
# Everything happens in .venv, build/, js/dist, and the node_modules of js/test and benchmarks/js; `make clean` removes them.
PYTHON ?= python3
PIP = .venv/bin/python -m pip --disable-pip-version-check
SOURCES = pyproject.toml CMakeLists.txt README.md LICENSE spec/vectors.json $(wildcard spec/pictures/* cmake/* include/* src/* src/*/* python/*.cpp python/*.h \
    python/isopixel/* python/isopixel/*/*.py python/_isopixel_pytest/*.py)

C_AND_CPP = include/*.h src/*.cpp src/*.h src/*/*.cpp src/*/*.h python/*.cpp python/*.h tests/native/*.[ch] tests/native/*.cpp \
    tests/fuzz/*.h tests/fuzz/*.cpp tests/platforms/*.h tests/platforms/*.cpp tests/emulation/*.h tests/emulation/*.cpp examples/*.[ch] examples/onnx/*.c js/module/*.h js/module/*.cpp ort/*.h ort/*.cpp

.PHONY: demo js js-page check test test-all test-js test-js-browser test-js-bytes test-js-onnx test-peers test-presets test-traces test-engines test-sounds test-threads test-torch test-ort test-system fuzz fuzz-memory fuzz-32 fuzz-coverage valgrind packages platforms lint format \
    bench bench-files bench-gpu bench-js bench-sounds bench-torch tune skew docs system python-3.11 clean

# The image of a real executable of this machine: the Python that runs it.
demo: .venv/cli
	@mkdir -p build
	@file=$$(.venv/bin/python -c 'import os, sys; print(os.path.realpath(sys.executable))') && \
	.venv/bin/isopixel bytes "$$file" --size 224,224 -o build/demo.png && \
	echo "source       $$file" && echo "picture      $(CURDIR)/build/demo.png"

# The tests but for those marked slow; minutes on two cores.
test: .venv/test
	.venv/bin/python -m pytest -q -n auto -m "not slow and not peers"

# All tests: also what is long and rarely fails, and C++ programs, which are compiled in build/tests.
test-all: .venv/test
	.venv/bin/python -m pytest -q -n auto -m "not peers"

# The npm package, in js/dist; it names the system packages that are missing.
js: .venv/pip
	js/build.sh

# The demo page with the package in it, in build/js/page/demo.html; `make docs` takes it up. Installs a bundler from npm.
js-page: js
	npm --prefix js/test ci --silent
	node js/page/build.mjs build/js/page/demo.html

# The package and the page in Chromium.
test-js-browser: .venv/test js-page
	js/test/browser.sh

# Its tests, in Node.js 18 and the current one, which npm brings, with compilers and bundlers for the tests alone.
test-js: .venv/test js
	js/test/run.sh

# Builds it in another folder too: the same bytes.
test-js-bytes: js
	js/test/same_bytes.sh

# It, as it is published, beside onnxruntime and transformers.js, by the examples of examples/onnx: the tensors and logits of
# Python. Installed in build/js/served and build/peers (800 MB); two minutes.
test-js-onnx: .venv/test js
	.venv/bin/python -m tests.peers.javascript

check: lint test

# The frozen peers, and decoders of JPEG, beside the releases that they are, installed in build/peers; ARGS=--torch=PYTHON
# saves a download, and ARGS="--only jpeg" compares the decoders alone.
test-peers: .venv/cli
	.venv/bin/python -m tests.peers.run $(ARGS)

# isopixel.torch with another torch, installed in build/torch-VERSION (5 GB); minutes. (The interpreter of Triton 3.2, torch
# 2.6's, does not run with NumPy 2.4.)
TORCH = 2.6.0
test-torch: .venv/test
	test -d build/torch-$(TORCH)/torch || $(PIP) install -q --target build/torch-$(TORCH) torch==$(TORCH) 'numpy<2.3'
	PYTHONPATH=build/torch-$(TORCH) .venv/bin/python -m pytest -q tests/test_torch*.py

# libisopixel_ort, built with the headers of ONNX Runtime, in hosts of Python and C; minutes. ONNXRUNTIME_INCLUDE_DIR=FOLDER
# if the system does not have them.
test-ort: .venv/test
	.venv/bin/python -m pytest -q tests/test_ort.py

# Recipes made of torchvision's, transformers' and timm's preprocessing beside these libraries, installed in build/peers;
# minutes. ARGS=CLIP takes the pipelines of that name.
test-presets: .venv/test
	.venv/bin/python -m tests.peers.presets $(ARGS)

# Traces of torchvision, transformers, timm, albumentations, imageio and scikit-image, and of two releases of Pillow, installed
# in build/peers; and how often the cause of a planted divergence is named. An hour.
test-traces: .venv/test
	.venv/bin/python -m tests.peers.traces $(ARGS)
	.venv/bin/python -m pytest -q -m peers

# Spectrograms beside librosa's, by the code of docs/guides/sound.md; installed in build/peers. A minute.
test-sounds: .venv/test
	.venv/bin/python -m tests.peers.sounds

# Corpora by Ray, Spark and Dask, in an S3 on loopback, and Arrow batches in five engines' pipelines; installed in build/peers
# (1.2 GB), but for Java. Minutes. ARGS="-k spark" takes some of the tests.
test-engines: .venv/test
	.venv/bin/python -m tests.peers.engines $(ARGS)

# The native tests under the thread sanitizer, but for the kernels, which know of no threads.
test-threads: .venv/test
	ISOPIXEL_TEST_SANITIZER=thread .venv/bin/python -m pytest -q -n auto tests/test_native.py tests/test_native_threads.py

# The C interface fuzzed for a minute, or for more of them: `make fuzz SECONDS=36000`.
SECONDS = 60
fuzz: .venv/test
	tests/fuzz/run.sh $(SECONDS)

# The same with the memory sanitizer, and for a host of 32 bits.
fuzz-memory: .venv/test
	tests/fuzz/run.sh $(SECONDS) memory

fuzz-32: .venv/test
	tests/fuzz/run.sh $(SECONDS) 32

# What the corpus reaches of the core; fails if that is too little. ARGS=--missed shows the rest.
fuzz-coverage: .venv/test
	.venv/bin/python tests/fuzz/coverage.py $(ARGS)

# The native vectors in Valgrind, with the scalar kernels and, as far as it knows them, those of the CPU.
valgrind: .venv/test
	tests/valgrind.sh

# The source distribution and the wheels, from a clean checkout into build/packages/dist, each tested; minutes, and
# downloads. ARGS=--python=PYTHON for one Python alone.
packages: .venv/pip
	.venv/bin/python -m tests.packages.run $(ARGS)

# One digest on every platform that can be emulated here (a quarter of an hour); NAMES="s390x wasm" takes some of them.
platforms: .venv/test
	tests/platforms/run.sh $(NAMES)

# The site, in build/docs/index.html; warnings are errors. It has the demo page if `make js-page` made that before.
docs: .venv/docs
	@test -e build/js/page/demo.html || echo "the site goes without the demo page: make js-page comes first"
	.venv/bin/python -m sphinx -b html -W --keep-going -n -q -d build/docs-trees docs build/docs

lint: .venv/test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/clang-format --dry-run --Werror $(C_AND_CPP)
	.venv/bin/mypy
	.venv/bin/python -m mypy.stubtest isopixel._core --allowlist tests/stubtest_allowlist.txt

format: .venv/test
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/clang-format -i $(C_AND_CPP)

# Measures also pillow-simd, once benchmarks/pillow_simd.py has built it, and zimg and libyuv, where they are installed.
bench: .venv/cli
	$(PIP) install --quiet -r benchmarks/requirements.txt
	.venv/bin/python -m benchmarks.bench

bench-files: .venv/cli
	$(PIP) install --quiet -r benchmarks/requirements.txt
	.venv/bin/python -m benchmarks.large_files

bench-torch: .venv/test
	.venv/bin/python -m benchmarks.tensors
	.venv/bin/python -m benchmarks.corpora

# On a CUDA device; also torchvision, DALI and CV-CUDA, if .venv has them, and the torch of .venv has to be one for CUDA.
bench-gpu: .venv/test
	.venv/bin/python -m benchmarks.gpu

bench-sounds: .venv/test
	$(PIP) install --quiet kaldi-native-fbank==1.23.0 librosa==0.11.0
	.venv/bin/python -m benchmarks.sounds

# The npm package beside sharp, pica, jSquash and a canvas, in Node.js and in Chromium; two minutes.
bench-js: js
	@command -v chromium >/dev/null || { echo "the benchmark needs system packages that are missing: apt install chromium" >&2; exit 1; }
	npm --prefix benchmarks/js ci --silent
	node benchmarks/js/bench.mjs

# Times the engines, and prints the table of costs by which one is chosen.
tune: .venv/cli
	.venv/bin/python -m benchmarks.tune

# Trains networks for an hour: what it costs to serve a model with another resizer or spectrogram; results in build/skew.
skew: .venv/cli build/librosa-0.8.1
	$(PIP) install --quiet -r examples/skew/requirements.txt
	.venv/bin/python -m examples.skew.run

# A librosa of 2021 beside the one of today.
build/librosa-0.8.1: examples/skew/librosa-0.8.1.txt | system
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info >= (3, 12))' || \
	    { echo "librosa 0.8.1 needs Python 3.10 or 3.11; name one with make PYTHON=…" >&2; exit 1; }
	$(PYTHON) -m venv --clear $@
	$@/bin/python -m pip --disable-pip-version-check install --quiet -r $<
	@touch $@

# The package as built from these sources, with the packages that the target needs.
.venv/cli: .venv/pip $(SOURCES)
	$(PIP) install --quiet '.[cli]'
	@touch $@

.venv/test: .venv/pip $(SOURCES) | test-system
	$(PIP) install --quiet '.[cli]' --group test --group lint
	@touch $@ .venv/cli

.venv/docs: .venv/cli | python-3.11
	$(PIP) install --quiet --group docs
	@touch $@

# A pip that knows dependency groups.
.venv/pip: | system
	$(PYTHON) -m venv .venv
	$(PIP) install --quiet --upgrade 'pip>=25.1'
	@touch $@

# What only the system's package manager can bring; the names are Debian's.
system:
	@missing=; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || \
	    { echo "isopixel needs Python 3.10 or newer as $(PYTHON); name another one with make PYTHON=…" >&2; exit 1; }; \
	$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	test -f "$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" || \
	    missing="$$missing python3-dev"; \
	command -v $(firstword $(CXX)) >/dev/null || missing="$$missing g++"; \
	test -z "$$missing" || { echo "isopixel needs system packages that are missing: apt install$$missing" >&2; exit 1; }

# The packages of the tests and of the site need a newer Python than isopixel does.
python-3.11:
	@$(firstword $(wildcard .venv/bin/python) $(PYTHON)) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "the tests and the site need Python 3.11 or newer; make clean, and name one with make PYTHON=…" >&2; exit 1; }

# What the tests of C hosts need besides.
test-system: python-3.11
	@missing=; \
	command -v pkg-config >/dev/null || missing="$$missing pkg-config"; \
	! echo | $(CXX) -dM -E -x c - | grep -qw __x86_64__ || \
	    echo '#include <simde/x86/avx512.h>' | $(CXX) -E -x c++ - >/dev/null 2>&1 || missing="$$missing libsimde-dev"; \
	test -z "$$missing" || { echo "the tests need system packages that are missing: apt install$$missing" >&2; exit 1; }

clean:
	rm -rf .venv build js/dist js/test/node_modules benchmarks/js/node_modules
