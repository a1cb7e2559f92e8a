# Two commands matter: `make run` and `make test`. Each installs what it needs into .venv, once.

.DEFAULT_GOAL := help
.PHONY: help run test test-all lint format bench bench-forecast golden screenshots lock clean

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV ?= uv
# One resolution for every platform and Python; no index is named in it.
LOCK := $(UV) pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" --quiet

help:  ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.run  ## Install, load the demo logs if the warehouse is empty, open the app on 127.0.0.1:8501
	@$(BIN)/tollbook demo --if-empty
	@$(BIN)/tollbook serve

test: $(VENV)/.dev  ## Install what the tests need and run them, on every core; prints the slowest ten
	@sh scripts/chromium --install >/dev/null || [ "$$CI" != true ]
	@$(BIN)/python -m pytest -n auto --dist loadfile

test-all: $(VENV)/.dev  ## The same with what is long: fuzzing, many kills, every journey
	@sh scripts/chromium --install >/dev/null || [ "$$CI" != true ]
	@$(BIN)/python -m pytest -m "" -n auto --dist loadfile

lint: $(VENV)/.dev  ## Check style, types and import arrows
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.dev  ## Sort imports and lay out the code
	@$(BIN)/ruff check --select I --fix
	@$(BIN)/ruff format

bench: $(VENV)/.dev  ## Measure ingest, pricing, rollups and re-rates
	@$(BIN)/python -m bench

bench-forecast: $(VENV)/.dev  ## Measure the projection on ../shared beside five libraries (in .venv-forecast)
	@BENCH_SECTIONS=forecast $(BIN)/python -m bench

golden: $(VENV)/.dev  ## Rewrite the expected outputs in tests/golden; review the diff
	@$(BIN)/python -m pytest --golden-update -m ""

screenshots: $(VENV)/.dev  ## Rewrite the pictures in docs/ from the real app on demo data
	@$(BIN)/python -m scripts.screenshots

lock:  ## Resolve the dependencies again (needs uv); UPGRADE=--upgrade takes the newest
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pipx install uv, or name it with UV=" >&2; exit 1; }
	@$(LOCK) $(UPGRADE) --group build --output-file requirements.lock
	@$(LOCK) $(UPGRADE) --group build --group test --group lint --group bench \
		--constraint requirements.lock --output-file requirements-dev.lock
	@$(LOCK:pyproject.toml=bench/forecast/requirements.in) $(UPGRADE) --python-version 3.11 \
		--output-file bench/forecast/requirements.lock
	@$(LOCK:pyproject.toml=tests/focus/requirements.in) $(UPGRADE) --python-version 3.12 \
		--output-file tests/focus/requirements.lock

clean:  ## Remove the environment and every cache; loaded data stays
	@rm -rf $(VENV) .venv-forecast .venv-focus dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis bench/scratch
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: an environment is made once, and brought up to date when a lock or pyproject.toml changed.
$(VENV)/.made:
	@python=$$(sh scripts/python $(PYTHON)) && echo "Making $(VENV) with $$python." && $$python -m venv --clear $(VENV)
	@touch $@

# The project itself is a path entry and a command: no build isolation, because that would fetch a build
# backend that no lock has hashed. hatchling is in the lock instead.
$(VENV)/.run: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing what Tollbook needs."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "Installing what the tests and checks need."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
