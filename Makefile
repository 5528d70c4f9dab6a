# make run    sets everything up and opens the window
# make test   sets everything up and passes the tests (under 10 minutes)
SHELL := bash
PY := .venv/bin/python
# On two cores more workers only wait for each other.
PYTEST := scripts/lane.sh $(PY) -n 2 --dist worksteal
FAST := not slow and not soak and not lab and not gui_real

.PHONY: run test test-all installers prove soak demo bench format lint lock setup clean test-311

run: setup
	@.venv/bin/notesapp $(ARGS)

test: setup lint
	$(PYTEST) -m "$(FAST)"

# The rest: slow tests, real windows, network namespaces, the fast lane on the other Python, installers in clean systems.
test-all: setup test-311
	$(PYTEST) -m "slow and not lab and not gui_real and not soak and not installers" --ignore=tests/bench
	scripts/lane.sh $(PY) -m "(lab or gui_real) and not soak and not installers" --ignore=tests/bench
	@packaging/prove.sh

test-311:
	@scripts/test_other_python.sh "$(FAST)"

# Installers for Linux into dist/ (10 minutes on two cores); on Debian as root it brings its tools.
installers: setup
	@packaging/prepare.sh
	$(PY) packaging/build.py

# The same, then installs them into clean systems and uses them there.
prove: setup
	@packaging/prove.sh

# An hour or two, a process for each core, and nothing else slowed down: the counts whose figures stand in docs/figures.md.
soak: setup
	nice -n 19 $(PY) -m pytest -n auto --dist worksteal -m soak --timeout 0 --durations 0

bench: setup
	$(PY) -m tests.bench

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

format: setup
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

demo: setup
	@$(PY) -m tests.demo

# Writes requirements/*.txt anew from pyproject.toml, with hashes, for both Pythons and all systems.
lock:
	@scripts/lock.sh

setup:
	@scripts/setup.sh

clean:
	rm -rf .venv .venv-other .mypy_cache .ruff_cache .pytest_cache .hypothesis out build dist
