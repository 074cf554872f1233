# make demo · make test · make audit · make bench · make weights: each does all it needs, from nothing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
# Names the folder of MNIST and CIFAR-10 to what follows, where there is one; make TOUCHSTONE_DATA=FOLDER names another.
WITH_DATA := $(BIN)/python -m tests.real_data

.PHONY: demo test lint audit bench weights clean isolation

# Builds the assignments, grades the reference, the blank and the sample submissions, and asks stock otter the same.
demo: $(VENV)/ready isolation
	$(WITH_DATA) $(BIN)/python -m autograder build --jobs 2
	$(WITH_DATA) $(BIN)/python -m tests.demo

# Which tests stay in one process: tests/conftest.py.
test: $(VENV)/ready isolation lint
	$(BIN)/python -m pytest --numprocesses logical --dist loadgroup

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Tries the checks of every assignment with answers that are known to be right or wrong.
audit: $(VENV)/ready isolation
	mkdir -p dist
	$(WITH_DATA) $(BIN)/python -m autograder audit --jobs 2 --html dist/audit.html

bench: $(VENV)/ready isolation
	$(WITH_DATA) $(BIN)/python -m tests.bench

# Trains the reference's networks, or those in NETS: two hours on two cores for all, nearly all of it for TunedNet.
weights: $(VENV)/ready
	OMP_NUM_THREADS=$$(nproc) $(WITH_DATA) $(BIN)/python -m solutions.recipes.networks $(NETS)

clean:
	rm -rf dist results .pytest_cache .mypy_cache .ruff_cache

# torch comes first and by itself, in the version whose CPU build is at hand; torchvision then finds it there.
$(VENV)/ready: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -qq --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install -qq --disable-pip-version-check torchvision==0.28.0 -r requirements-dev.txt
	touch $@

# Student code runs under bubblewrap on a Linux machine. Root can install it here; others are told how.
isolation:
	@command -v bwrap >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq >/dev/null && apt-get install -y -qq bubblewrap >/dev/null; \
		else echo "bubblewrap is missing: install it (Debian, Ubuntu: sudo apt install bubblewrap)"; fi; }
