# Everything a person or CI runs. `make run` and `make test` need nothing but Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install pins run test test-slow drill fuzz bench graph check format lint types clean
.DEFAULT_GOAL := check

install: .venv/.installed

# Wheels alone, each with a hash that is known. PyTorch's is not: one version of it comes in several
# builds, with and without CUDA, of which an index serves what suits it.
PIP := $(BIN)/python -m pip install --quiet --only-binary :all:

.venv/.installed: setup.cfg pyproject.toml constraints.txt requirements.txt requirements-pip.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes --no-deps -r requirements-pip.txt
	$(PIP) --require-hashes --no-deps -r requirements.txt
	$(PIP) -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation \
		--config-settings editable_mode=compat --editable .
	touch $@

# After a change of constraints.txt: the hashes of all wheels of those versions.
HASH = .venv-pins/bin/uv pip compile --quiet --no-deps --generate-hashes --universal \
	--python-version 3.11 --only-binary :all: --no-annotate --custom-compile-command 'make pins'

pins:
	$(PYTHON) -m venv .venv-pins
	.venv-pins/bin/python -m pip install --quiet uv==0.13.9
	grep -E '^(pip|setuptools)==' constraints.txt | $(HASH) - -o requirements-pip.txt
	grep -E '^[A-Za-z]' constraints.txt | grep -vE '^(pip|setuptools|torch)==' | \
		$(HASH) - -o requirements.txt

run: install
	$(BIN)/run_supplementary --set A

# Bytecode is kept whatever the shell says: dozens of processes import the same modules.
test: install
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q --numprocesses 3 --dist worksteal

test-slow: install
	$(BIN)/python -m pytest -q -m slow

# Faults at random moments of real batches: DRILL_ROUNDS=30 for a shorter one.
DRILL_ROUNDS ?= 300
drill: install
	$(BIN)/python -m tests.drill.drill --rounds $(DRILL_ROUNDS)

# 10,000 cases for every reader of files.
fuzz: install
	HYPOTHESIS_PROFILE=slow $(BIN)/python -m pytest -q -o timeout=0 -m "not gpu" -k hold

# Every benchmark, one after another: some sixty to seventy minutes on a machine with nothing else to do.
bench: install
	$(BIN)/python -m benchmarks.throughput
	$(BIN)/python -m benchmarks.operations
	$(BIN)/python -m benchmarks.queue_overhead
	$(BIN)/python -m benchmarks.command_overhead
	$(BIN)/python -m benchmarks.start_up
	$(BIN)/python -m benchmarks.batch_wall_time
	$(BIN)/python -m benchmarks.analysis_scale
	$(BIN)/python -m benchmarks.search_overhead
	$(BIN)/python -m benchmarks.strategies
	$(BIN)/python -m benchmarks.plan_scale
	$(BIN)/python -m benchmarks.claims_scale
	$(BIN)/python -m benchmarks.faults_against_peers
	$(BIN)/python -m benchmarks.shared_folder

# Which room of the packages uses which.
graph: install
	$(BIN)/python -m tests.import_graph

check: lint types test

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

clean:
	rm -rf .venv .venv-pins .mypy_cache .ruff_cache .pytest_cache *.egg-info
