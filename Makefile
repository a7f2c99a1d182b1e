# make run     the portal with demo data at http://localhost:8000 (PORT=... for another)
# make test    everything, in some 25 minutes on two cores; installs PostgreSQL, Redis, Chromium if missing;
#              EXPLORE=1 draws new examples for the tests that are made of examples
# make check   lint, types, migrations, tests that need no database, in under 2 minutes
# make storm   the long proofs, some 15 minutes; SHORT=1 for a round of at most 10 minutes
# make bench   measurements; ONLY=requests or ONLY=search for one part, SHORT=1 for a quick look
SHELL := /bin/bash
VENV ?= .venv
export VENV
PY := $(VENV)/bin/python
SERVICES := bash deploy/services.sh run
TEMPLATES = $(wildcard templates */templates innovation_voucher/*/templates)

.PHONY: run test check storm bench migrate fmt lock clean reset

run:
	@bash deploy/bootstrap.sh runtime
	@exec $(PY) manage.py serve --prepare

migrate:
	@bash deploy/bootstrap.sh runtime
	@$(PY) manage.py migrate

test:
	@bash deploy/bootstrap.sh test
	@$(SERVICES) $(MAKE) -s _test

_test:
	$(PY) -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder
	DATABASE_URL=sqlite:///$(CURDIR)/var/core.sqlite3 $(PY) -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder -m core_sqlite

check:
	@bash deploy/bootstrap.sh check
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/djlint --quiet --lint $(TEMPLATES)
	$(PY) manage.py makemigrations --check --dry-run
	@$(SERVICES) $(PY) -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder -m "not database and not storm and not browser and not slow"

storm:
	@bash deploy/bootstrap.sh test
	@$(SERVICES) $(MAKE) -s _storm

_storm:
	SHORT=$(SHORT) TEST_DB_SUFFIX=storm timeout $(if $(SHORT),900,5400) $(PY) -m pytest -m storm -q --tb=short storm

bench:
	@bash deploy/bootstrap.sh test
	@SHORT=$(SHORT) ONLY=$(ONLY) $(SERVICES) timeout 3600 $(PY) -m bench

fmt:
	$(PY) -m ruff check --fix --quiet . || true
	$(PY) -m ruff format .

# requirements.txt -> requirements.lock, needs uv.
lock:
	uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url \
	  --no-annotate --no-header requirements.txt -o requirements.lock
	uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url \
	  --no-annotate --no-header -c requirements.lock requirements-dev.txt -o requirements-dev.lock

clean:
	-@bash deploy/services.sh stop 2>/dev/null
	rm -rf .services staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# Also the demo's database, files and keys, and the virtual environment.
reset: clean
	rm -rf var $(VENV)
