# Everything works from a fresh clone with Python 3.11 or newer, git and make: each target sets up .venv/ first.

# The first interpreter that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.PHONY: setup setup-interop demo test test-slow lint format bench bench-extraction check-extraction constraints clean

setup: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "tearsheet needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch .venv/installed

# Programs of others that can't live beside Scrapy: slow tests read collections and WACZ files with them.
setup-interop: .venv-interop/installed .replay/sw.js

.venv-interop/installed: constraints-interop.txt
	@test -n "$(PYTHON)" || { echo "the programs need Python 3.11 or newer with venv"; exit 1; }
	$(PYTHON) -m venv .venv-interop
	.venv-interop/bin/pip install --quiet --disable-pip-version-check --constraint constraints-interop.txt wacz pywb
	touch .venv-interop/installed

# replayweb.page's files, for tests in Chromium: they are skipped where npm, which Debian packs large, is not there.
.replay/sw.js: .venv/installed
	@if command -v npm >/dev/null; then TEARSHEET_REPLAY=.replay $(BIN)/tearsheet serve --get-replay; \
		else echo "npm is not there: tests of replay in Chromium are skipped"; fi

# The main job on a bundled newsroom, without the internet. What it writes lies in demo/ afterwards.
demo: setup
	rm -rf demo
	$(BIN)/tearsheet demo --into demo

test: setup
	$(BIN)/python -m pytest -m "not slow" --numprocesses auto

# Kills, load, fuzz and the programs of others: minutes rather than seconds.
test-slow: setup
	$(BIN)/python -m pytest -m slow --numprocesses auto --dist loadscope

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup
	$(BIN)/python benchmarks/writing.py
	$(BIN)/python benchmarks/capture.py
	$(BIN)/python benchmarks/memory.py

bench-extraction: setup
	$(BIN)/python benchmarks/extraction.py

# The quality part of it, held against benchmarks/floor.toml.
check-extraction: setup
	$(BIN)/python benchmarks/extraction.py --check

constraints:
	rm -rf build/constraints
	$(PYTHON) -m venv build/constraints
	build/constraints/bin/pip install --quiet --disable-pip-version-check '.[dev]'
	head -n 1 constraints.txt > build/constraints.txt
	build/constraints/bin/pip freeze --exclude tearsheet >> build/constraints.txt
	mv build/constraints.txt constraints.txt

clean:
	rm -rf .venv .venv-interop .replay build demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
