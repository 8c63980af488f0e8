# Two commands are enough: `make demo` and `make test`. Each sets up what it needs.
PYTHON ?= python3
export GOODWORD_DATA ?= $(CURDIR)/.data
BIN := .venv/bin
ASSETS := src/goodword/ui/static/goodword/dist/.built

.PHONY: setup demo test test-crash test-month check format lock clean

setup: .venv/.ready $(ASSETS)

.venv/.ready: requirements/dev.lock pyproject.toml
	@echo "Installing Python packages into .venv …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Goodword needs Python 3.11 or newer; name one with: make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
	@touch $@

$(ASSETS): frontend/package-lock.json frontend/build.mjs frontend/icons.json $(shell find frontend/js frontend/css -type f 2>/dev/null)
	@echo "Building scripts and styles …"
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	@touch $@

demo: setup
	@exec $(BIN)/goodword demo

test: setup
	@$(BIN)/pytest -n 2 --dist loadgroup --ignore tests/e2e --ignore tests/crash --ignore tests/month
	@$(BIN)/pytest -n 2 --dist loadgroup tests/e2e
	@$(BIN)/pytest tests/crash tests/month
	@cd frontend && npm test --silent

# The whole of what `make test` does with fewer mails: processes killed at random while mail comes and goes.
test-crash: setup
	@$(BIN)/python -m tests.crash --mails 10000

# A month of a small house on a simulated clock, of which `make test` lives through four days.
test-month: setup
	@$(BIN)/python -m tests.month --days 31

check: setup
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/pytest tests/test_locks.py tests/test_docs.py

format: setup
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

# The lock files name no host: only versions and hashes.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra desk --group dev pyproject.toml -o requirements/dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra desk pyproject.toml -o requirements/desk.lock

clean:
	rm -rf .venv .cache frontend/node_modules src/goodword/ui/static/goodword/dist
