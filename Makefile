# Two commands for a newcomer, `make serve` and `make test`; the rest is for those who work on microhttps.
# Needs GNU make 3.81 (macOS has that one) and Python 3.10 or newer. Everything it brings stays in this
# folder: .venv (Python packages) and .micropython (real MicroPythons for the tests). Delete them freely.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough; `make PYTHON=/path/to/python3.13 ...` chooses another.
PYTHON ?= $(shell tools/find-python)

# Most tests wait for programs they have started: several at a time keep two cores busy. 0: one after the other.
WORKERS ?= 3

.DEFAULT_GOAL := help
.PHONY: help serve test bench lint docs site fuzz micropython system-packages clean

help:
	@sed -n 's/^## //p' Makefile

## make serve [PORT=8443] [HOST=0.0.0.0] [APP=app.py]   serve an application over HTTPS, with a certificate made here
serve: $(VENV)/.tools
	@exec $(BIN)/microhttps serve $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)") $(or $(APP),examples/device.py)

## make test [MICROPYTHON=none] [ARGS="-k url"]          every test, on CPython and on real MicroPython
test: system-packages $(VENV)/.test micropython
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

## make bench                                            speed and memory, beside the peers, in one run
bench: system-packages $(VENV)/.bench micropython
	@$(BIN)/python -m benchmarks $(ARGS)

## make lint                                             ruff, mypy and stubtest alone (they are part of make test)
lint: $(VENV)/.test
	@$(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/python -m mypy.stubtest microhttps --concise \
		--mypy-config-file pyproject.toml --ignore-unused-allowlist --allowlist tests/stubs/interpreters_only.txt

## make docs                                             write the pages of docs that are made, the status page
docs: $(VENV)/.test
	@$(BIN)/python tools/status_page.py
	@$(BIN)/python tools/defaults_page.py
	@$(BIN)/python tools/errors_page.py
	@$(BIN)/python tools/boards_page.py
	@$(BIN)/python tools/memory_page.py
	@$(BIN)/python tools/engines_page.py
	@PYTHONPATH=tests $(BIN)/python -m badssl.page

## make site                                             the pages of docs as a site, in build/site
site: $(VENV)/.test
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet && echo "wrote build/site: open build/site/index.html"

## make fuzz                                             100 000 mutated messages through both parsers
fuzz: $(VENV)/.test micropython
	@$(BIN)/python tests/wire/fuzz.py $(ARGS)

## make clean                                            forget what make brought and made
clean:
	rm -rf $(VENV) .micropython .pytest_cache .mypy_cache .ruff_cache .hypothesis artefacts build dist

# What Python packages cannot bring: nginx, Chromium and so on. Installs where it may, says what is missing where not.
system-packages:
	@tools/system-packages

micropython: $(VENV)/.test
	@$(BIN)/python tools/micropython.py
	@$(BIN)/python tools/pico_micropython.py

# A virtual environment knows its own place: one that was moved or copied is made anew.
ifneq ($(shell cat $(VENV)/.place 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.tools $(VENV)/.test
endif

# One stamp for each set of packages, newer than pyproject.toml while the set is as it says.
$(VENV)/.tools $(VENV)/.test: pyproject.toml
	@tools/virtual-environment "$(PYTHON)" $(VENV) $(patsubst .%,%,$(@F))

$(VENV)/.bench: benchmarks/requirements.txt $(VENV)/.test
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -r benchmarks/requirements.txt && touch $@
