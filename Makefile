# What people type. `make` alone lists it.
SHELL := /bin/bash
SCRATCH ?= .build
VENV ?= .venv-engines
PYTHON ?= python3
CALCULATORS ?=
CELLGEN := $(SCRATCH)/release/cellgen

.PHONY: help setup build demo test test-codes check lint docs bench bench-peers engines install clean

help:
	@echo "make setup    install the libraries that cellgen links (asks for nothing; says what it installs)"
	@echo "make build    build the release binary, $(CELLGEN)"
	@echo "make demo     the MgxZnMnO3 series, its hull and voltages: about a minute"
	@echo "make test     all tests"
	@echo "make test-codes  tests with real codes and a real Slurm, as root; installs them"
	@echo "make check    release build, format lint, tests, documentation: all that must pass"
	@echo "make bench    speed of the kernels beside their naive twins"
	@echo "make bench-peers  speed of reading beside ASE and pymatgen (PYTHON=... has both)"
	@echo "make engines  Python with ASE for --engine ase:…, in $(VENV); CALCULATORS=chgnet for more"
	@echo "make install  copy the binary to \$$PREFIX/bin (default /usr/local)"

setup:
	@bash Scripts/setup.sh

build: setup
	swift build -c release --scratch-path $(SCRATCH) --product cellgen

demo: build
	@bash Examples/MgxZnMnO3/run.sh $(CELLGEN) demo

# Release mode: the kernels are 60 to 150 times slower without the optimiser. In a folder of its own,
# because test builds need other flags, and sharing one would build everything anew each time.
test: setup
	swift test -c release --scratch-path $(SCRATCH)/tests --disable-xctest

# What cellgen hands off to: Quantum ESPRESSO, CP2K, ABINIT, LAMMPS and Slurm of Debian.
test-codes: setup
	@bash Scripts/setup-codes.sh
	CELLGEN_TEST_CODES=1 swift test -c release --scratch-path $(SCRATCH)/tests --disable-xctest \
	  --filter "SlurmTests|CodeTests"

lint:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests

docs: setup
	@bash Scripts/docs.sh

check: build lint test docs

bench: setup
	swift build -c release --scratch-path $(SCRATCH) --product cellgen-bench
	$(SCRATCH)/release/cellgen-bench

# Needs a Python with ASE and pymatgen; Scripts/bench-peers.py says how to get one.
PYTHON ?= python3
bench-peers: setup
	swift build -c release --scratch-path $(SCRATCH) --product cellgen-bench
	@$(PYTHON) Scripts/bench-peers.py $(SCRATCH)/release/cellgen-bench

# A virtual environment of its own, so that nothing else on the machine changes.
engines:
	@command -v $(PYTHON) >/dev/null || { echo "engines: no $(PYTHON); install Python 3, or set PYTHON" >&2; exit 1; }
	@[ -x $(VENV)/bin/python ] || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "engines: on Debian, apt install python3-venv" >&2; exit 1; }
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check ase $(CALCULATORS)
	@$(VENV)/bin/python Templates/engines/package_versions.py ase $(CALCULATORS)

PREFIX ?= /usr/local
install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install $(CELLGEN) $(DESTDIR)$(PREFIX)/bin/cellgen

clean:
	rm -rf $(SCRATCH) docs demo
