# Morgue. `make build` and `make test` set up all that they need; everything they install lies in .venv/ and .tools/,
# but for what Debian's packages alone can give (the browser, Java, jing, newsboat), where apt and root are there.

PYTHON ?= python3
BIN := .venv/bin
NODE_BIN := .tools/node_modules/.bin
CONTENT := content
# The versions of all libraries that the tests ran with; `make CONSTRAINTS= test` takes the newest within the bounds.
CONSTRAINTS ?= --constraint constraints.txt
# Two processes; the tests of one file stay together, as they share what the file makes. The longest files begin (tests/slow.txt).
PYTEST = $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder
COVERAGE =
# Chromium without windows takes a third of the time of the whole one.
BROWSER = chromium-headless-shell/chromium/chromium-browser/google-chrome:chromium-headless-shell
PROOF ?= --stories 250 --edits 60 --rounds 6 --kills 10
INSTALL = $(BIN)/python -m pip install --quiet $(CONSTRAINTS)

# Python writes its bytecode: reading the tests anew takes longer than running the quick ones.
export PYTHONDONTWRITEBYTECODE =

.PHONY: build quick slow test prove serve lint validate bench constraints clean

build: .venv/run.stamp
	$(BIN)/morgue build

serve: .venv/run.stamp
	$(BIN)/morgue serve

# What each of these proves, and how long it takes: tests/README.md.
quick: .venv/test.stamp
	$(PYTEST) -m "not slow and not browser and not dask" $(COVERAGE) $(TESTS)

# Measures anew which tests are slow: tests/slow.txt.
slow: .venv/test.stamp
	$(PYTEST) --write-slow $(TESTS)

test: .venv/test.stamp
	sh tests/install_debian.sh $(BROWSER) node:nodejs nginx:nginx-light
	$(PYTEST) $(COVERAGE) $(TESTS)

prove: .venv/test.stamp
	sh tests/install_debian.sh $(BROWSER)
	MORGUE_PROVE=1 $(PYTEST) -m proof $(TESTS)
	$(BIN)/python -m tests.proof $(PROOF)

lint: .venv/lint.stamp .tools/node_modules/stamp
	$(BIN)/ruff check builder tests
	$(BIN)/ruff format --check builder tests
	$(BIN)/mypy -p builder -p tests
	$(NODE_BIN)/prettier --config tests/validators/package.json --no-editorconfig --check 'static/**/*.{js,css}' 'tests/static/*.{mjs,ts,json}'
	$(NODE_BIN)/tsc --project tests/static

validate: .venv/test.stamp .tools/node_modules/stamp
	sh tests/install_debian.sh $(BROWSER) java:openjdk-17-jre-headless jing:jing+java-wrappers newsboat:newsboat xmllint:libxml2-utils
	$(BIN)/morgue build --quiet
	$(BIN)/python -m tests.validators.run public

bench: .venv/test.stamp
	$(INSTALL) --editable '.[test,bench]'
	$(BIN)/python -m tests.bench $(BENCH)

# Newest versions within the bounds of pyproject.toml, in an environment of their own.
constraints: .venv/made.stamp
	rm -rf .tools/constraints
	$(PYTHON) -m venv --without-pip .tools/constraints
	$(BIN)/python -m pip --python .tools/constraints/bin/python install --quiet '.[test,lint,bench]'
	{ echo '# Made by `make constraints`: the versions that the tests ran with.'; \
		$(BIN)/python -m pip --python .tools/constraints/bin/python freeze --exclude morgue; } >constraints.new
	mv constraints.new constraints.txt

clean:
	rm -rf public .morgue .venv .tools

# Debian without python3-venv makes environments that lack pip: then the system's pip fills them from outside.
.venv/made.stamp:
	$(PYTHON) -c 'import sys; sys.exit("Morgue needs Python 3.11 or later") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv --upgrade-deps .venv 2>/dev/null \
		|| { rm -rf .venv && $(PYTHON) -m venv --without-pip .venv && $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }
	touch $@

.venv/run.stamp: pyproject.toml constraints.txt .venv/made.stamp
	$(INSTALL) --editable .
	touch $@

.venv/test.stamp: .venv/run.stamp
	$(INSTALL) --editable '.[test]'
	touch $@

.venv/lint.stamp: .venv/run.stamp
	$(INSTALL) --editable '.[test,lint]'
	touch $@

.tools/node_modules/stamp: tests/validators/package.json
	sh tests/install_debian.sh npm:nodejs+npm
	mkdir -p .tools
	cp tests/validators/package.json .tools/package.json
	cd .tools && npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
	touch $@
