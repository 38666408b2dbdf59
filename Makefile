# `make run` opens the window on the practice account; `make test` checks everything, as CI does.
# Both set up what they need first.

PYTHON ?= python3
VENV := .venv
# The folder of an environment's programs has another name on Windows.
PROGRAMS := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
BIN := $(VENV)/$(PROGRAMS)
ICONS := $(wildcard resources/icons/*.svg)
COMPILED := trackly_desktop/gui/resources_rc.py

.PHONY: run check test coverage bench chaos self-test resources lock package clean

run: $(VENV)/run.stamp $(COMPILED)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/python -m trackly_desktop; \
	else echo "No display: the main job is done in the real window, offscreen."; \
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m trackly_desktop self-test; fi

self-test: $(VENV)/run.stamp $(COMPILED)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m trackly_desktop self-test

# What needs no test run; .pre-commit-config.yaml calls it too.
check: $(VENV)/dev.stamp $(COMPILED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: check
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist loadfile

# The worker's thread is Qt's: only sys.monitoring (Python 3.12 and newer) sees it.
coverage: check
	QT_QPA_PLATFORM=offscreen COVERAGE_CORE=sysmon $(BIN)/python -m pytest -n 2 --dist loadfile --cov

bench: $(VENV)/dev.stamp $(COMPILED)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks

# Kills runs at random points; prints its seed.
chaos: $(VENV)/dev.stamp
	$(BIN)/python -m tests.chaos

resources: $(COMPILED)

# The environment is updated when a lock file changes; otherwise nothing is asked of the network.
$(VENV)/run.stamp: requirements.lock packaging/set-up.sh
	@PYTHON="$(PYTHON)" sh packaging/set-up.sh $(VENV) requirements.lock run
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock packaging/set-up.sh
	@PYTHON="$(PYTHON)" sh packaging/set-up.sh $(VENV) requirements-dev.lock test
	@touch $@ $(VENV)/run.stamp

$(COMPILED): packaging/compile_resources.py resources/trackly.qrc $(ICONS) resources/samples/contacts.csv | $(VENV)/run.stamp
	@$(BIN)/python packaging/compile_resources.py $@

# Lock files: exact versions with their hashes, for every system, without addresses.
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --extra dev --extra package pyproject.toml -c requirements.lock -o requirements-dev.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --extra package pyproject.toml -c requirements.lock -o requirements-package.lock

# The packages for this system, in dist/; built in an environment that has only what is shipped.
package: build/venv/package.stamp $(COMPILED)
	build/venv/$(PROGRAMS)/python packaging/build.py

build/venv/package.stamp: requirements-package.lock packaging/set-up.sh
	@PYTHON="$(PYTHON)" sh packaging/set-up.sh build/venv requirements-package.lock package
	@touch $@

clean:
	rm -rf $(VENV) $(COMPILED) build dist *.egg-info
