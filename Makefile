# make demo    build in .venv, pack images, train on two ranks, resume, draw the curves
# make test    build in .venv and run the tests
# make lint    the checks of style and types
# make asan    build with AddressSanitizer in build/asan and run the tests of operators and images there
# make bench   measure against MXNet and PyTorch (benchmarks/README.md); bench-peers installs them
# make clean   remove everything that was built
#
# PYTHON=/path/to/python3 chooses the interpreter (>= 3.10), VENV=folder where to install.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
VENV ?= .venv
PYTHON ?=
RANKS ?= 2
BIN := $(VENV)/bin
PY := $(BIN)/python
JOBS ?= $(shell nproc)
PIP := $(PY) -m pip --disable-pip-version-check --quiet
ROOMS := paratrain ext io launch
CPP := $(shell find ext io -name '*.h' -o -name '*.cc' -o -name '*.cu' -o -name '*.cuh')
CYTHON := $(wildcard ext/*.pyx ext/*.pxi ext/*.pxd io/*.pyx io/*.pxi io/*.pxd)

.PHONY: build demo test asan lint format bench bench-peers clean
.DELETE_ON_ERROR:

$(VENV)/pyvenv.cfg:
	@command -v $${CXX:-g++} >/dev/null || { echo "paratrain: no C++ compiler; Debian: apt install g++" >&2; exit 1; }
	@python=$$(PYTHON="$(PYTHON)" .ci/find-python) && echo "$$python -m venv $(VENV)" && "$$python" -m venv $(VENV)

$(VENV)/%.installed: $(VENV)/pyvenv.cfg pyproject.toml
	$(PY) .ci/requirements.py build $* > $(VENV)/$*.txt
	$(PIP) install -r $(VENV)/$*.txt
	@touch $@

# The list of packages is part of an editable install; a change of code is not.
$(VENV)/editable: $(VENV)/test.installed setup.py pyproject.toml
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

build: $(VENV)/editable
	@$(PY) setup.py --quiet build_ext --inplace -j$(JOBS)

demo: build
	$(PY) examples/digits/make_images.py demo/images
	$(BIN)/paratrain im2rec --list --recursive demo/train demo/images/train
	$(BIN)/paratrain im2rec --list --recursive demo/test demo/images/test
	$(BIN)/paratrain im2rec demo/train demo/images/train
	$(BIN)/paratrain im2rec demo/test demo/images/test
	$(BIN)/mpirun -n $(RANKS) $(PY) examples/digits/train.py --rec demo --output demo/run --epochs 8 --min-accuracy 0.97
	$(BIN)/mpirun -n $(RANKS) $(PY) examples/digits/train.py --rec demo --output demo/run --epochs 10 --min-accuracy 0.97 --resume
	@echo "Checkpoints and curves.png are in demo/run."

test: build
	$(PY) -m pytest -q

asan: build
	.ci/asan $(PY) $(JOBS) $(ASAN_TESTS)

lint: $(VENV)/dev.installed build
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	.ci/type-check $(BIN)/mypy
	PATH="$$PWD/$(BIN):$$PATH" cython-lint $(CYTHON)
	$(BIN)/clang-format --dry-run -Werror $(CPP)

format: $(VENV)/dev.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/clang-format -i $(CPP)

bench: build
	$(PY) -m benchmarks

bench-peers:
	.ci/find-python >/dev/null
	benchmarks/install-peers

clean:
	rm -rf .venv .bench build dist demo *.egg-info .pytest_cache .mypy_cache .ruff_cache
	find $(ROOMS) -name '*.so' -delete
	find . -name __pycache__ -prune -exec rm -rf {} +
