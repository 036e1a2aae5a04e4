# The commands of the project. `make help` lists them.
# Everything is put into .venv and var/; no service, no root rights.

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: help demo test check clean

help:
	@echo "make demo    set up and serve the site with its real content on http://127.0.0.1:$(PORT)"
	@echo "make test    set up and run the tests"
	@echo "make check   tests, style, migrations, deployment settings, translations"
	@echo "make clean   remove .venv and var/ (database, uploads and mail of the demonstration included)"

$(VENV)/.ready: requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or later is missing. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; $(PYTHON) is `$(PYTHON) --version`. Set PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing the requirements into $(VENV) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements.txt || { echo "The requirements could not be installed: is the package index reachable?"; exit 1; }
	@touch $@

var/static/.ready: $(VENV)/.ready $(shell find static -type f 2>/dev/null)
	@DEBUG=false DEMONSTRATION=true $(RUN) manage.py collectstatic --noinput --clear -v 0
	@touch $@

demo: $(VENV)/.ready var/static/.ready
	@DEBUG=true DEMONSTRATION=true $(RUN) manage.py migrate -v 0
	@DEBUG=true DEMONSTRATION=true $(RUN) manage.py seed --samples --staff
	@DEBUG=false DEMONSTRATION=true PORT=$(PORT) exec $(RUN) manage.py serve

test: $(VENV)/.ready
	@$(RUN) -m pytest -m "not e2e"

check: test
	@bash .ci/checks

clean:
	rm -rf $(VENV) var
