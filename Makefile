# Two commands: `make run` opens the window on the practice account, `make test` checks everything.
# Both set up what they need first, and start at once when it is there.

PYTHON ?= python3
VENV := .venv
# Where an environment has its programs: Windows has a name of its own for it.
PROGRAMS := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
BIN := $(VENV)/$(PROGRAMS)
ICONS := $(wildcard resources/icons/*.svg)
COMPILED := trackly_desktop/gui/resources_rc.py

# The promise about lost and doubled rows, broken on purpose: `make chaos` prints its seed.
.PHONY: run test bench chaos self-test resources lock package clean

run: $(VENV)/run.stamp $(COMPILED)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/python -m trackly_desktop; \
	else echo "No display: the main job is done in the real window, offscreen."; \
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m trackly_desktop self-test; fi

self-test: $(VENV)/run.stamp $(COMPILED)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m trackly_desktop self-test

test: $(VENV)/dev.stamp $(COMPILED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist loadfile

bench: $(VENV)/dev.stamp $(COMPILED)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks

chaos: $(VENV)/dev.stamp
	$(BIN)/python -m tests.chaos

resources: $(COMPILED)

# The stamps are redone when the lock file changes; nothing is asked of the network otherwise.
$(VENV)/run.stamp: requirements.lock packaging/set-up.sh
	@PYTHON="$(PYTHON)" sh packaging/set-up.sh $(VENV) requirements.lock run
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock packaging/set-up.sh
	@PYTHON="$(PYTHON)" sh packaging/set-up.sh $(VENV) requirements-dev.lock test
	@touch $@ $(VENV)/run.stamp

$(COMPILED): packaging/compile_resources.py resources/trackly.qrc $(ICONS) resources/samples/contacts.csv | $(VENV)/run.stamp
	@$(BIN)/python packaging/compile_resources.py $@

# The lock files, anew: exact versions with their hashes, for every system, without any address.
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --extra dev --extra package pyproject.toml -c requirements.lock -o requirements-dev.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --extra package pyproject.toml -c requirements.lock -o requirements-package.lock

# The program as people install it, for the system that this runs on: dist/. Built with nothing beside what is shipped.
package: build/venv/package.stamp $(COMPILED)
	build/venv/$(PROGRAMS)/python packaging/build.py

build/venv/package.stamp: requirements-package.lock packaging/set-up.sh
	@PYTHON="$(PYTHON)" sh packaging/set-up.sh build/venv requirements-package.lock package
	@touch $@

clean:
	rm -rf $(VENV) $(COMPILED) build dist *.egg-info
