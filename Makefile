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

# The original project's recipe: its books, their blurbs alone, 512 tokens, first the head, then all.
AS_ORIGINAL := --seed-list --max-tokens 512 --title-share 0 --partial-origins

.DEFAULT_GOAL := run
.PHONY: run test lint serve-deps train-deps dev-deps train ablations measure clean audit

run: serve-deps
	@cd "$(ROOT)" && exec "$(VENV)/bin/gunicorn" wsgi:app

test: dev-deps lint
	@cd "$(ROOT)" && "$(PY)" -m pytest

lint: dev-deps
	@cd "$(ROOT)" && "$(PY)" -m ruff check . && "$(PY)" -m ruff format --check . && "$(PY)" -m mypy

# From the data file to the model folder; killed at any moment, the same command goes on.
train: train-deps
	@cd "$(ROOT)" && set -e; \
	test -f "$(BOOKS)" || "$(PY)" -m ml preprocess "$(DATA)/books.jsonl.gz" --out "$(RUN)/data"; \
	test -f "$(FIRST)/model.safetensors" || "$(PY)" -m ml train "$(BOOKS)" --out "$(FIRST)" --resume; \
	test -f "$(REFINED)/model.safetensors" || \
	  "$(PY)" -m ml refine "$(BOOKS)" --start "$(FIRST)" --out "$(REFINED)" --resume; \
	test -f "$(STUDENT)/model.safetensors" || \
	  "$(PY)" -m ml distil "$(BOOKS)" --start "$(REFINED)" --out "$(STUDENT)" --resume; \
	test -f "$(TAUGHT)/model.safetensors" || "$(PY)" -m ml distil "$(BOOKS)" --start "$(REFINED)" \
	  --student "$(STUDENT)" --epochs 1 --seed 4 --out "$(TAUGHT)" --resume; \
	test -f "$(RUN)/model.safetensors" || "$(PY)" -m ml adapt "$(BOOKS)" --start "$(TAUGHT)" \
	  --out "$(RUN)" --resume; \
	test -f "$(RUN)/wide.safetensors" || "$(PY)" -m ml wide "$(BOOKS)" --run "$(RUN)"; \
	"$(PY)" -m ml hues build --covers "$(DATA)/covers.jsonl.gz" --books "$(DATA)/books.jsonl.gz" --output "$(MODEL)/hues.json"; \
	"$(PY)" -m ml export "$(BOOKS)" --run "$(RUN)" --model "$(MODEL)" --version "$(VERSION)"; \
	"$(PY)" -m ml calibrate "$(BOOKS)" --model "$(MODEL)"; \
	"$(PY)" -m ml evaluate "$(BOOKS)" --model "$(MODEL)"

# Trained anew only to be compared: the original's recipe, and short runs that differ in one choice.
ablations: train-deps
	@cd "$(ROOT)" && set -e; \
	test -f "$(RECIPE)/head/model.safetensors" || "$(PY)" -m ml train "$(BOOKS)" \
	  --out "$(RECIPE)/head" $(AS_ORIGINAL) --epochs 2 --lr 0 --resume; \
	test -f "$(RECIPE)/model.safetensors" || "$(PY)" -m ml refine "$(BOOKS)" \
	  --start "$(RECIPE)/head" --out "$(RECIPE)" $(AS_ORIGINAL) --epochs 3 --start-share 0 --resume; \
	short() { test -f "$(SHORT)/$$1/model.safetensors" || "$(PY)" -m ml train "$(BOOKS)" \
	  --out "$(SHORT)/$$1" --limit 9600 --epochs 1 --resume "$${@:2}"; }; \
	short base; short unmasked --partial-origins; short titled --title-share 1; \
	short untitled --title-share 0; \
	"$(PY)" -m ml ablate "$(BOOKS)" --recipe "$(RECIPE)" --base "$(SHORT)/base" \
	  --others "$(SHORT)/unmasked" "$(SHORT)/titled" "$(SHORT)/untitled" --model "$(MODEL)"

# After `train`: what each part gained, unusual texts, figures, the card and the README's table.
measure: train-deps
	@cd "$(ROOT)" && set -e; \
	"$(PY)" -m ml leaderboard "$(BOOKS)" --run "$(RUN)" --earlier "$(FIRST)" "$(REFINED)" \
	  "$(STUDENT)" "$(TAUGHT)" --model "$(MODEL)"; \
	"$(PY)" -m ml probe "$(BOOKS)" --catalogues "$(DATA)/other_catalogues.jsonl.gz" --model "$(MODEL)"; \
	"$(PY)" -m ml figures --model "$(MODEL)"; \
	"$(PY)" -m ml card --model "$(MODEL)"

# Known vulnerabilities of what is pinned; needs the vulnerability service on the internet.
audit: dev-deps
	@cd "$(ROOT)" && "$(PY)" -m pytest tests/deploy/test_audit.py

clean:
	rm -rf "$(VENV)" "$(ROOT)/.mypy_cache" "$(ROOT)/.ruff_cache" "$(ROOT)/.pytest_cache"

serve-deps: $(VENV)/.serve
train-deps: $(VENV)/.train
dev-deps: $(VENV)/.dev

$(VENV)/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed (found $$("$(PYTHON)" --version)); set PYTHON=..." >&2; exit 2; }
	"$(PYTHON)" -m venv "$(VENV)"

$(VENV)/.serve: $(ROOT)/requirements.txt | $(VENV)/bin/python
$(VENV)/.train: $(ROOT)/requirements-train.txt $(ROOT)/requirements-scraper.txt $(VENV)/.serve
$(VENV)/.dev: $(ROOT)/requirements-dev.txt $(VENV)/.train
$(VENV)/.serve $(VENV)/.train $(VENV)/.dev:
	"$(PY)" -m pip install --quiet --disable-pip-version-check -r "$<"
	@touch "$@"
