# Two commands: `make dashboard` shows the page, `make test` runs every check. Both set up
# everything they need in .venv first.
PYTHON ?= python3
PORT ?= 8501
PYTHON_VERSION ?= 3.12
HOST ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help dashboard test test-thorough test-deploy test-spark test-bundle bundle lint catalogues check bench scale load lock sbom clean
help:  ## Show these targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/page: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/checks: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/page

dashboard: $(VENV)/page  ## Show the page on http://localhost:8501 (PORT=…, DATA=folder, HOST=0.0.0.0 for other machines too)
	$(BIN)/python -m armsflow show --host $(HOST) --port $(PORT)$(if $(DATA), --data '$(DATA)')

test: $(VENV)/checks  ## Run every check: lint, types, data, unit, page and a real browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m armsflow check data
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder

test-thorough: $(VENV)/checks  ## Run every check, those that repeat on all their inputs
	ARMSFLOW_TEST_THOROUGH=1 $(MAKE) test

test-deploy: $(VENV)/checks  ## Run two copies of the page behind a real nginx
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx || (apt-get update -qq && apt-get install -y -qq nginx)
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m pytest tests/browser/test_deploy.py

test-spark: $(VENV)/checks  ## Compare pandas, DuckDB and a Spark cluster on this machine (needs Java)
	@command -v java >/dev/null || { echo "Java is missing. Fix: install a Java runtime, version 17 or later."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-spark.txt
	ARMSFLOW_TEST_SPARK=1 $(BIN)/python -m pytest tests/spark

lint: $(VENV)/checks  ## Fix what the linter can fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

catalogues: $(VENV)/checks  ## Bring the sentences of the code into armsflow/locale, for translators
	$(BIN)/pybabel -q extract --no-default-keywords -k _ -k _n:1,2 -k _p:1c,2 -k N_:1,1t -k N_:1,2,2t \
		-F armsflow/locale/babel.cfg --no-location --omit-header -o $(VENV)/armsflow.pot armsflow
	$(BIN)/pybabel -q update --no-fuzzy-matching -D armsflow -i $(VENV)/armsflow.pot -d armsflow/locale

check: $(VENV)/page  ## Hold the data package against every rule
	$(BIN)/python -m armsflow check data

bench: $(VENV)/checks  ## Measure speed against the usual ways, side by side
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m bench.clicks

scale: $(VENV)/checks  ## Measure cost against size, up to a million items
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m bench.scale

load: $(VENV)/checks  ## Measure many readers at once
	$(BIN)/python -m bench.load

lock: $(VENV)/checks  ## Write requirements.lock anew from requirements.txt
	$(BIN)/uv pip compile requirements.txt --output-file requirements.lock --universal \
		--python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" --quiet

bundle: $(VENV)/page  ## Pack the page for machines without network: dist/armsflow-linux.zip and -windows.zip (PYTHON_VERSION=3.12)
	$(BIN)/python deploy/bundle.py linux $(PYTHON_VERSION) dist/armsflow-linux.zip
	$(BIN)/python deploy/bundle.py windows $(PYTHON_VERSION) dist/armsflow-windows.zip

test-bundle: $(VENV)/checks  ## Pack the page, unpack it elsewhere and start it without any network
	ARMSFLOW_TEST_BUNDLE=1 $(BIN)/python -m pytest tests/test_bundle.py

sbom: $(VENV)/checks  ## Write sbom.cdx.json, the list of all parts, from requirements.lock
	rm -rf $(VENV)/locked
	$(PYTHON) -m venv --without-pip $(VENV)/locked
	$(BIN)/python -m pip --python $(VENV)/locked/bin/python install --quiet \
		--disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python deploy/sbom.py $(VENV)/locked/bin/python sbom.cdx.json

clean:  ## Remove what the other targets made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
