# `make run` serves the site with the shipped model, `make test` checks everything.
# Both set up .venv beside this file, from whatever folder they are called (make -C, make -f).
SHELL := /bin/bash
ROOT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
VENV := $(ROOT)/.venv
PY := $(VENV)/bin/python
PYTHON ?= $(shell command -v python3.11 || echo python3)
export PORT ?= 8000

# The pipeline: where the data is, where a training run is kept, which model folder is written.
DATA ?= $(ROOT)/../shared/data
RUN ?= $(ROOT)/runs/model
FIRST ?= $(RUN)/first
REFINED ?= $(RUN)/refined
STUDENT ?= $(RUN)/student
TAUGHT ?= $(RUN)/taught
RECIPE ?= $(RUN)/recipe
SHORT ?= $(RUN)/short
MODEL ?= $(ROOT)/models/genre-hues
VERSION ?= $(shell date +%Y.%m.%d)
BOOKS := $(RUN)/data/books.jsonl.gz
ML := cd "$(ROOT)" && "$(PY)" -m ml

.DEFAULT_GOAL := run
.PHONY: run test lint browser train ablations measure lock test-oldest audit clean serve-deps train-deps dev-deps

run: serve-deps
	@cd "$(ROOT)" && exec "$(VENV)/bin/gunicorn" wsgi:app

test: dev-deps browser lint
	@cd "$(ROOT)" && "$(PY)" -m pytest

lint: dev-deps
	@cd "$(ROOT)" && "$(PY)" -m ruff check . && "$(PY)" -m ruff format --check . && "$(PY)" -m mypy \
	  && "$(VENV)/bin/lint-imports" --no-logo

# What the tests of the pages drive; where none can be had, they say so in the last lines.
browser: dev-deps
	@cd "$(ROOT)" && "$(PY)" -m tests.browser.obtain

# From the data file to the model folder; killed at any moment, the same command goes on. Each step
# is the file that it ends with; every setting is in ml/settings.toml.
train: $(RUN)/model.safetensors $(RUN)/wide.safetensors
	@$(ML) hues build --covers "$(DATA)/covers.jsonl.gz" --books "$(DATA)/books.jsonl.gz" --output "$(MODEL)/hues.json"
	@$(ML) export "$(BOOKS)" --run "$(RUN)" --model "$(MODEL)" --version "$(VERSION)"
	@$(ML) calibrate "$(BOOKS)" --model "$(MODEL)"
	@$(ML) evaluate "$(BOOKS)" --model "$(MODEL)"

$(BOOKS): | train-deps
	@$(ML) preprocess "$(DATA)/books.jsonl.gz" --out "$(RUN)/data"
$(FIRST)/model.safetensors: | $(BOOKS)
	@$(ML) train "$(BOOKS)" --out "$(FIRST)" --resume
$(REFINED)/model.safetensors: | $(FIRST)/model.safetensors
	@$(ML) refine "$(BOOKS)" --start "$(FIRST)" --out "$(REFINED)" --resume
$(STUDENT)/model.safetensors: | $(REFINED)/model.safetensors
	@$(ML) distil "$(BOOKS)" --start "$(REFINED)" --out "$(STUDENT)" --resume
$(TAUGHT)/model.safetensors: | $(STUDENT)/model.safetensors
	@$(ML) distil "$(BOOKS)" --start "$(REFINED)" --student "$(STUDENT)" --out "$(TAUGHT)" --resume
$(RUN)/model.safetensors: | $(TAUGHT)/model.safetensors
	@$(ML) adapt "$(BOOKS)" --start "$(TAUGHT)" --out "$(RUN)" --resume
$(RUN)/wide.safetensors: | $(RUN)/model.safetensors
	@$(ML) wide "$(BOOKS)" --run "$(RUN)"

# Trained anew only to be compared: the original project's recipe (its books, their blurbs alone,
# 512 tokens, first the head, then all), and short runs that differ in one choice.
AS_ORIGINAL := --seed-list --max-tokens 512 --title-share 0 --partial-origins
SHORT_RUNS := base unmasked titled untitled
unmasked := --partial-origins
titled := --title-share 1
untitled := --title-share 0

ablations: $(RECIPE)/model.safetensors $(SHORT_RUNS:%=$(SHORT)/%/model.safetensors)
	@$(ML) ablate "$(BOOKS)" --recipe "$(RECIPE)" --base "$(SHORT)/base" \
	  --others "$(SHORT)/unmasked" "$(SHORT)/titled" "$(SHORT)/untitled" --model "$(MODEL)"

$(RECIPE)/head/model.safetensors: | $(BOOKS)
	@$(ML) train "$(BOOKS)" --out "$(RECIPE)/head" $(AS_ORIGINAL) --epochs 2 --lr 0 --resume
$(RECIPE)/model.safetensors: | $(RECIPE)/head/model.safetensors
	@$(ML) refine "$(BOOKS)" --start "$(RECIPE)/head" --out "$(RECIPE)" $(AS_ORIGINAL) --epochs 3 \
	  --start-share 0 --resume
$(SHORT)/%/model.safetensors: | $(BOOKS)
	@$(ML) train "$(BOOKS)" --out "$(SHORT)/$*" --limit 9600 --epochs 1 --resume $($*)

# After `train`: what each part gained, unusual texts, figures, the card and the README's table.
measure: train-deps
	@$(ML) leaderboard "$(BOOKS)" --run "$(RUN)" --earlier "$(FIRST)" "$(REFINED)" \
	  "$(STUDENT)" "$(TAUGHT)" --model "$(MODEL)"
	@$(ML) probe "$(BOOKS)" --catalogues "$(DATA)/other_catalogues.jsonl.gz" --model "$(MODEL)"
	@$(ML) fresh --model "$(MODEL)"
	@$(ML) figures --model "$(MODEL)"
	@$(ML) card --model "$(MODEL)"

# Versions and hashes of everything that is installed, from the tables of pyproject.toml.
LOCK := "$(VENV)/bin/uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 \
  --generate-hashes --no-annotate --no-emit-package torch --custom-compile-command "make lock" $(UPGRADE)
lock: dev-deps
	@cd "$(ROOT)" && $(LOCK) --extra batch -o requirements.txt \
	  && $(LOCK) --extra scrape -c requirements.txt -o requirements-scraper.txt \
	  && $(LOCK) --extra train -c requirements.txt -o requirements-train.txt \
	  && $(LOCK) --extra dev -c requirements-train.txt -o requirements-dev.txt

# The tests of serving on the least versions that pyproject.toml allows; those that train are left out.
OLDEST := $(ROOT)/.venv-oldest
test-oldest:
	"$(PYTHON)" -m venv "$(OLDEST)"
	"$(OLDEST)/bin/python" -m pip install --quiet uv==$(shell sed -n 's/.*"uv==\([^"]*\)".*/\1/p' "$(ROOT)/pyproject.toml")
	cd "$(ROOT)" && "$(OLDEST)/bin/uv" pip install --quiet --python "$(OLDEST)/bin/python" \
	  --resolution lowest-direct -r pyproject.toml "pytest>=9.0" "beautifulsoup4>=4.14" "hypothesis>=6.140" \
	  "psutil>=7.0" "pyyaml>=6.0.3" "schemathesis>=4.4" "jsonschema-rs>=0.60" "scikit-image>=0.26"
	cd "$(ROOT)" && "$(OLDEST)/bin/python" -m pytest tests/webapp tests/ml/serving tests/ml/hues \
	  tests/ml/test_predictor.py --ignore tests/ml/serving/test_short_texts.py \
	  -k "not (calibration_writes or own_words or without_vectors or rare_pieces)"

# Known vulnerabilities of what is pinned; needs the vulnerability service on the internet.
audit: dev-deps
	@cd "$(ROOT)" && "$(PY)" -m pytest tests/deploy/test_audit.py

clean:
	rm -rf "$(VENV)" "$(OLDEST)" "$(ROOT)/.mypy_cache" "$(ROOT)/.ruff_cache" "$(ROOT)/.pytest_cache"

serve-deps: $(VENV)/.serve
train-deps: $(VENV)/.train
dev-deps: $(VENV)/.dev

$(VENV)/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed (found $$("$(PYTHON)" --version)); set PYTHON=..." >&2; exit 2; }
	"$(PYTHON)" -m venv "$(VENV)"

# torch comes without a hash: its builds for CPU and GPU are different files of one version.
TORCH := $(shell sed -n 's/.*"\(torch==[^"]*\)".*/\1/p' "$(ROOT)/pyproject.toml")
PIP := "$(PY)" -m pip install --quiet --disable-pip-version-check
$(VENV)/.serve: $(ROOT)/requirements.txt | $(VENV)/bin/python
	$(PIP) -r "$<"
	@touch "$@"
$(VENV)/.train: $(ROOT)/requirements-train.txt | $(VENV)/bin/python
$(VENV)/.dev: $(ROOT)/requirements-dev.txt | $(VENV)/bin/python
$(VENV)/.train $(VENV)/.dev:
	$(PIP) $(TORCH)
	$(PIP) --no-deps -r "$<"
	@touch "$@"
