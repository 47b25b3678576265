# Needs Python 3.11 or newer and make. Every target sets up .venv first; a second run installs nothing.
# Another Python: make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
TESTS ?= tests
TRACES ?= tests/traces/recordings
WORKERS ?= auto

.PHONY: setup run test traces interop check floors coverage bench docs clean

setup: $(INSTALLED)

$(INSTALLED): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("pfemu needs Python 3.11 or newer, this is " + sys.version)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(INSTALLED)

run: setup
	cat sample_functions/data/*.txt | $(BIN)/pfemu run sample_functions/word_count.py --state

test: setup
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) $(TESTS)

traces: setup
	$(BIN)/python -m tests.traces $(TRACES)

# The real pulsar-admin of the distribution at PULSAR_HOME, against the emulator; with PULSAR_URL a running Pulsar does the same beside it.
interop: setup
	$(BIN)/python -m tests.interop $(if $(PULSAR_URL),--against $(PULSAR_URL))

check: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The tests with the oldest versions that the dependencies in pyproject.toml allow.
floors: FLOORS = $(shell sed -n '/^dependencies/,/^]/s/.*"\(.*\)>=\(.*\)".*/\1==\2/p' pyproject.toml)
floors:
	test -x .venv-floors/bin/python || $(PYTHON) -m venv .venv-floors
	.venv-floors/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' $(FLOORS)
	.venv-floors/bin/python -m pytest --numprocesses=$(WORKERS) $(TESTS)

coverage: setup
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(TESTS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/coverage report --include='pfemu/model/*,pfemu/broker/*' --fail-under=100

bench: setup
	$(BIN)/python -m benchmarks

docs: setup
	$(BIN)/python docs/make_parity.py

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist
	find . -name __pycache__ -prune -exec rm -rf {} +
