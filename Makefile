# Everything here works on a fresh machine with Python 3.11 or newer and make: the first use of a
# target sets up its own virtual environment from the lock.

PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
DEMO := $(VENV)/demo.installed
DEV := $(VENV)/dev.installed
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
ANVIL := tools/anvil/node_modules/.bin
export PATH := $(CURDIR)/$(ANVIL):$(PATH)
# one process for each core; a file's tests stay together, since some count what the others reached
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

# form, and what changes most: the protocol's numbers, its walks and its documents
QUICK := $(addprefix tests/,architecture spec differential stateful vectors docs) \
	$(wildcard tests/test_*.py)
# walks among vaults take as long as all others together
NOT_QUICK := --ignore=tests/stateful/test_side_vault.py

.PHONY: demo serve test check format gas fleet bench vectors deep readme figures mutate lock clean

demo: $(DEMO)  ## run a market's story on the embedded chain
	@$(BIN)/perpools demo $(ARGS)

serve: $(DEV)  ## a chain of its own with markets, traders and bots, in the browser
	@$(BIN)/perpools serve --demo $(ARGS)

test: $(DEV)  ## all tests
	@$(PYTEST) $(ARGS)

check: $(DEV)  ## format, lint, types, architecture and quick tests, in a minute or two
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy
	@HYPOTHESIS_PROFILE=quick $(PYTEST) --quiet $(QUICK) $(NOT_QUICK) $(ARGS)

format: $(DEV)  ## mend what a machine can mend
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet

gas: $(DEV)  ## what each operation costs, as one JSON object
	@$(BIN)/python -m tests.gas.report $(ARGS)

fleet: $(DEV)  ## ten markets, one keeper, 200 periods: how late is an event? As one JSON object
	@$(BIN)/python -m tests.fleet.report $(ARGS)

RADCAD := .build/radcad/bin/python
bench: $(DEV) $(RADCAD)  ## how fast simulation is beside C, NumPy and radCAD, as one JSON object
	@$(BIN)/python -m tests.bench.report --radcad $(RADCAD) $(ARGS)

# aside: it wants an older NumPy than ours
$(RADCAD):
	@$(PYTHON) -m venv .build/radcad
	@$(RADCAD) -m pip install --quiet --disable-pip-version-check radcad==0.14.0 typing_extensions

vectors: $(DEV)  ## write the golden vectors anew: a difference is a change of the protocol
	@$(BIN)/python -m tests.vectors.build $(ARGS)

deep: $(DEV)  ## long fuzzing
	@HYPOTHESIS_PROFILE=deep $(PYTEST) $(ARGS)

readme: $(DEV)  ## show in the README what the demo prints now
	@mkdir -p .build && $(BIN)/perpools demo > .build/demo.txt
	@$(BIN)/python -m tests.docs.demo_block .build/demo.txt --write

figures: $(DEV)  ## check what was claimed, and write docs/claims.md with its pictures
	@$(BIN)/python -m perpools.sim.claims --write docs

mutate: $(DEV)  ## does the suite notice seeded faults?
	@$(BIN)/python -m tests.mutate $(ARGS)

PIP_COMPILE := CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet --generate-hashes \
	--allow-unsafe --strip-extras --no-emit-options --all-build-deps

lock: $(DEV)  ## choose the newest versions anew
	@$(INSTALL) pip-tools
	@$(PIP_COMPILE) --upgrade --extra dev --output-file requirements/dev.txt pyproject.toml
	@$(PIP_COMPILE) --extra demo --constraint requirements/dev.txt \
		--output-file requirements/demo.txt pyproject.toml

clean:
	@rm -rf $(VENV) .build .hypothesis .mypy_cache .pytest_cache .ruff_cache dist
	@rm -rf tools/anvil/node_modules

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer, please")'
	@$(PYTHON) -m venv $(VENV)

$(DEMO): requirements/demo.txt pyproject.toml | $(BIN)/python
	@echo "setting up $(VENV), once" >&2
	@$(INSTALL) --require-hashes --requirement requirements/demo.txt
	@$(INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV): requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "setting up $(VENV) for development, once" >&2
	@$(INSTALL) --require-hashes --requirement requirements/dev.txt
	@$(INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@ $(DEMO)
