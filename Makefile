# Thin on purpose: README.md lists the same commands for people without make.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
SECONDS ?= 60

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python example/manage.py

.DEFAULT_GOAL := help
.PHONY: help demo test lint conformance fuzz clean

help: ## what there is to make
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

demo: $(VENV)/.demo ## the example on http://127.0.0.1:8000 (HOST= and PORT= to change)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) collectstatic --no-input
	@$(MANAGE) demo
	@exec $(MANAGE) serve --host $(HOST) --port $(PORT)

test: $(VENV)/.tox ## style, types and tests on every supported Python that is here
	@$(BIN)/tox run

lint: $(VENV)/.tox ## style and types only
	@$(BIN)/tox run -e lint

conformance: $(VENV)/.demo ## Django's own tests of static files, storages and uploads, on this package
	@$(BIN)/python -m tests.conformance.staticfiles
	@$(BIN)/python -m tests.conformance.media

fuzz: $(VENV)/.demo ## requests, uploads and forms nobody would think of, for SECONDS=60 each
	@$(BIN)/pip install --quiet hypothesis
	@for kind in requests files forms; do $(BIN)/python -m tests.fuzz $$kind --seconds $(SECONDS) || exit; done

clean: ## forget the environments, the demo's database and both its roots
	rm -rf $(VENV) .tox dist example/staticfiles example/media example/private example/db.sqlite3* example/.secret-key

# Each stamp is touched last, so an interrupted installation is done again.
$(VENV)/.demo: pyproject.toml | $(BIN)/pip
	@echo 'Installing into $(VENV), once ...'
	@$(BIN)/pip install --quiet --editable '.[serve,images]'
	@touch $@

$(VENV)/.tox: pyproject.toml | $(BIN)/pip
	@$(BIN)/pip install --quiet 'tox>=4.30'
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is missing or older than Python 3.11. Name a newer one: make PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
