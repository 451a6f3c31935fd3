# `make PYTHON=python3.12 lab` starts from another Python; `make lab OPTIONS=--port=9000` hands options on.
PYTHON ?= python3
UV ?= uv
LESSON ?=
OPTIONS ?=

LINTED = labs lessons tools tests notebooks

.PHONY: help environment lab run test test-all notebooks lint data lock benchmark clean

help:  ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

environment:  ## make .venv with every package (the other targets do it when it is needed)
	@$(PYTHON) labs/setup/environment.py

lab: environment  ## open the notebooks in JupyterLab
	@.venv/bin/python -m labs.setup.serve $(OPTIONS)

run: environment  ## run one lesson without a browser: make run LESSON=01
	@.venv/bin/python -m labs.setup.run $(LESSON)

test: environment  ## the tests of about 20 minutes
	.venv/bin/python -m pytest tests -m "not slow" -n 2 --dist worksteal $(OPTIONS)

test-all: environment  ## every test
	.venv/bin/python -m pytest tests -m "not quick" -n 2 --dist worksteal $(OPTIONS)

notebooks: environment  ## build the notebooks and the list of sentences to translate
	.venv/bin/python tools/build_notebooks.py $(OPTIONS)
	.venv/bin/python tools/build_messages.py

lint: environment  ## ruff, check and format
	.venv/bin/python -m ruff check $(LINTED)
	.venv/bin/python -m ruff format --check $(LINTED)

data: environment  ## build data/ again and prove its bytes
	.venv/bin/python tools/build_data.py $(OPTIONS)

benchmark: environment  ## measure the lessons (lessons/measured.toml)
	.venv/bin/python tools/benchmark.py $(OPTIONS)

lock:  ## write requirements.txt from pyproject.toml (needs uv); make lock OPTIONS=--upgrade for newer versions
	$(UV) --no-config pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
		--group course --group test --group author --no-annotate --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --output-file requirements.txt --quiet $(OPTIONS)

clean:  ## remove .venv, runs and caches
	rm -rf .venv runs build dist .pytest_cache .ruff_cache
	find $(LINTED) -name __pycache__ -prune -exec rm -rf {} +
