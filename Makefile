# `make help` lists the targets. Everything of ours lands in .tools/, .venv/, ics/node_modules/
# and var/; `make clean` removes it all.
.DEFAULT_GOAL := help
.PHONY: help preflight demo dev test test-stores lint eval contract bench clean

PYTHON ?= python3
VENV := .venv/bin/python
VAR ?= var/dev

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

preflight: ## look at the prerequisites and install what is ours
	@command -v $(PYTHON) >/dev/null || \
	  { echo "No $(PYTHON) here. Install Python 3.11 or newer, then run this again."; exit 1; }
	@$(PYTHON) -m cli.preflight

demo: preflight ## one sentence, settled on a real chain, from an empty var/demo
	@$(VENV) -m cli.main demo

dev: preflight ## chain, ICS, Temporal with its Web UI, API and worker; VAR=var/demo serves the demo's state
	@$(VENV) -m cli.main dev --var $(VAR)

test: preflight ## everything that must hold: lint, contract, ICS, Python, end to end
	@$(VENV) -m cli.gate

test-stores: preflight ## what make test runs on one kind of store, on each: some twenty minutes
	@$(VENV) -m pytest -q --store sqlite tests/e2e
	@$(VENV) -m pytest -q --store postgresql tests/activities tests/api tests/cli tests/hostile tests/workflows tests/e2e

lint: preflight ## ruff, mypy, import-linter, tsc
	@$(VENV) -m cli.gate lint

eval: preflight ## how well the planner understands: dev and own sentences through the real route
	@$(VENV) -m tests.eval

contract: preflight ## write config/ics.contract.json anew from ics/src/schema.ts
	@cd ics && npm run --silent contract

bench: preflight ## the figures that the README quotes
	@$(VENV) -m bench

chaos: preflight ## kill -9 of every part while money moves, five rounds, about six minutes
	@$(VENV) -m tests.chaos

clean: ## remove all that was made here, the state in var/ included
	rm -rf var .tools .venv ics/node_modules ics/artifacts ics/dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
