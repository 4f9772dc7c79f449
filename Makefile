# The two commands of the README are `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: demo test test-15 lint format bench-pages bench-core bench-tables bench-import bench-audit bench-access bench-doors bench-plans bench-town messages vendor lock browser

# The environment of the main job: locked versions with hashes.
$(VENV)/installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/installed
	@$(BIN)/fugong demo --data .fugong/demo --port $(PORT)

test: $(VENV)/installed-dev browser
	$(BIN)/python -m pytest -n 2 --dist worksteal

# What touches the database in ways of its own, on PostgreSQL 15: FUGONG_TEST_DATABASE_URL if it is reachable, else a server
# started for it. Pages and the browser ask it nothing that these don't.
ON_15 := audit/test_entries.py audit/test_sealing.py audit/test_tampering.py clearance doors/test_checks.py doors/test_intake.py doors/test_misfits.py doors/test_parallel_checks.py doors/test_presence.py doors/test_short_way.py doors/test_snapshot.py journeys/test_trips.py journeys/test_arrival.py journeys/test_last_seat.py ledger/test_append.py ledger/test_extremes.py observation/test_at_once.py observation/test_stays.py observation/test_plan.py operations/test_backup.py::test_a_town_comes_back_in_an_embedded_server_and_from_there_on_a_server power/test_waits.py power/test_measured.py registry walls/test_rows.py walls/test_walls.py walls/test_writes.py sampling/test_at_once.py sampling/test_results.py sampling/test_slots.py tracing/test_cases.py premises/test_at_once.py
test-15: $(VENV)/installed-dev
	@tools/with-postgres-15 $(BIN)/python -m pytest -n 2 --dist worksteal $(addprefix tests/,$(ON_15))

browser:
	@tools/install-browser

lint: $(VENV)/installed-dev
	$(BIN)/ruff check src tests tools
	$(BIN)/ruff format --check src tests tools
	$(BIN)/lint-imports
	FUGONG_MASTER_KEY=$$(printf '5e%.0s' $$(seq 32)) $(BIN)/mypy

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix src tests tools
	$(BIN)/ruff format src tests tools

messages: $(VENV)/installed-dev
	$(BIN)/python tools/messages.py

bench-pages bench-core bench-tables bench-import bench-audit bench-access bench-doors bench-plans bench-town: $(VENV)/installed-dev
	$(BIN)/python tools/$(subst -,_,$@).py

vendor: $(VENV)/installed-dev
	$(BIN)/python tools/vendor.py

# New versions: needs uv.
lock:
	uv pip compile pyproject.toml --extra build --extra plans --universal --generate-hashes --no-header --upgrade -q -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra plans --extra dev --universal --generate-hashes --no-header --upgrade -c requirements.lock -q -o requirements-dev.lock
