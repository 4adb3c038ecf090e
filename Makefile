# make run    from a clone to a running site; Ctrl-C stops everything
# make test   all tests          make check   everything else that CI asks
# Needs Python 3.11 or later with venv; the rest comes into .venv/.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := run
.PHONY: run test test-browser check bench faults lock messages format clean

PY := .venv/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check
SOURCES := config talent tests manage.py
TEMPLATES = $(shell find templates talent -name '*.html' 2>/dev/null)

run: .venv/.installed
	@exec $(PY) -m config.launch

test: .venv/.installed-dev
	@$(PY) -m pytest -n auto

test-browser: .venv/.installed-dev
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  echo "Chromium is not installed: apt-get install chromium (Debian), then again."; \
	  exit 1; }
	@$(PY) -m pytest -m browser

check: .venv/.installed-dev
	@$(PY) -m compileall -q $(SOURCES)
	@$(PY) -m ruff check --quiet $(SOURCES)
	@$(PY) -m ruff format --quiet --check --diff $(SOURCES)
	@if [ -n "$(TEMPLATES)" ]; then .venv/bin/djade --check --target-version 5.2 $(TEMPLATES); fi
	@$(PY) -m mypy --no-error-summary
	@mkdir -p var
	@.venv/bin/lint-imports --no-logo > var/imports.log 2>&1 || { cat var/imports.log; exit 1; }
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) -m config.rehearsal check --deploy --fail-level WARNING --database default

# Pages, refreshes and mails at 10,000 to 1,000,000 events, each beside a reference: about half an hour the first time,
# when the records are made. `make bench EVENTS=10000` is quick.
bench: .venv/.installed-dev
	@$(PY) -m tests.bench $(if $(EVENTS),--events $(EVENTS))

# Kills workers, restarts PostgreSQL, empties Redis, and looks what was lost: some ten minutes.
faults: .venv/.installed-dev
	@$(PY) -m tests.faults digests
	@$(PY) -m tests.faults refreshes
	@$(PY) -m tests.faults webhooks

# The pins, with hashes, for every platform and every Python from 3.11 on. Needs uv.
lock:
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header requirements.in -o requirements.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header requirements-dev.in -o requirements-dev.txt

# All texts of the project into the catalogue, and the catalogue compiled beside it. Needs gettext.
messages: .venv/.installed-dev
	@$(PY) manage.py makemessages > /dev/null
	@for po in locale/*/LC_MESSAGES/*.po; do msgfmt --check-format --statistics -o $${po%.po}.mo $$po; done

format: .venv/.installed-dev
	@$(PY) -m ruff check --quiet --fix $(SOURCES)
	@$(PY) -m ruff format --quiet $(SOURCES)
	@if [ -n "$(TEMPLATES)" ]; then .venv/bin/djade --target-version 5.2 $(TEMPLATES); fi

# Keeps var/postgres and var/secret_key: a developer's record is not rubbish.
clean:
	@rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis \
	  var/static var/tests
	@find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

# -- The virtual environment: renewed when the pins change -------------------------------

.venv/.installed: requirements.txt
	@$(PY) -c '' 2>/dev/null || { \
	  for python in python3.13 python3.12 python3.11 python3; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	    then found=$$python; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "Python 3.11 or later is needed and was not found."; exit 1; fi; \
	  if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$found lacks the venv module: apt-get install python3-venv (Debian)."; \
	    exit 1; fi; \
	  echo "Installing into .venv/ (once)."; \
	  rm -rf .venv && $$found -m venv .venv; }
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
