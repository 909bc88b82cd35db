# make demo   the stations on this computer, without any device
# make test   every check there is, as the build server runs it
# make check  the checks that run nothing
# make deb    the Debian package of what is committed, in build/
# make clean  away with everything that can be made again

WORKERS = 2
PYTHON = .venv/bin/python

.PHONY: demo test check deb clean ready-for-demo ready-for-test

demo: ready-for-demo
	.venv/bin/kiosk demo

test: check
	$(PYTHON) -m pytest -q -n $(WORKERS) --durations=25 --durations-min=4

deb: ready-for-demo
	.venv/bin/kiosk release deb build $(if $(KEY),--key $(KEY))

check: ready-for-test
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

ready-for-demo:
	@sh config/deploy/setup.sh demo

ready-for-test:
	@sh config/deploy/setup.sh test

clean:
	rm -rf .venv build *.egg-info littera-demo test-results
	rm -rf .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
