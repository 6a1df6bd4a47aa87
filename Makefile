# `make demo` and `make test` are all a user needs; `make help` lists the rest.

CARGO ?= cargo
# Everything is built with the features of the whole workspace, so that polars is built once.
BUILD = $(CARGO) build --release --workspace
BIN = $(or $(CARGO_TARGET_DIR),target)/release
PYTHON ?= python3
VENV = .venv/bin
PINGYAO = examples/pingyao-2022/figures.csv

.PHONY: help demo test test-rust test-python test-long lint features deny bench bench-count bench-peers bench-python bench-sizing build wheel areas docs engines fuzz

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

build: ## build the library, the command line and the examples (the first time takes about ten minutes)
	$(BUILD)

demo: build ## the main job: the figures of the Pingyao report, then a national panel
	@printf '\n== 平遥县2022年：由报告的数字计算指标\n'
	@$(BIN)/zhibiao compute $(PINGYAO) -i projects.completion -i aid.per_recipient -i aid.loan_per_borrower -i preschool.recognition_attainment
	@printf '\n== 助学贷款人均金额是否在当年上限之内\n'
	@$(BIN)/zhibiao judge $(PINGYAO) --standard loan-cap
	@printf '\n== 县域学前教育普及普惠：三项核心指标\n'
	@$(BIN)/zhibiao judge $(PINGYAO) --standard preschool-2020 -i preschool.ger3 -i preschool.inclusive_coverage -i preschool.public_share
	@printf '\n== 全国模拟面板：县、地、省、全国四级一次算出\n'
	@$(BIN)/counties

test: test-rust test-python ## everything, of Rust and Python

test-rust: ## known answers, laws, messages, published figures, doctests
	INSTA_UPDATE=no $(CARGO) test --release --workspace

test-python: wheel engines ## the same known answers in Python, frames, errors, types, charts, notebooks, warehouses
	$(VENV)/python -m pytest

test-long: wheel engines ## the checks that take minutes, such as rounding over all ratios up to 2000
	INSTA_UPDATE=no $(CARGO) test --release --workspace -- --include-ignored
	ZHIBIAO_SLOW=1 $(VENV)/python -m pytest

wheel: $(VENV)/python ## build the Python package and install it into .venv with all that its tests need
	$(VENV)/python -m pip install --quiet '.[test]'

engines: ## install PostgreSQL and Java where they are absent; ZHIBIAO_SKIP=spark,postgres leaves engines out
	scripts/engines.sh

$(VENV)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=…")'
	$(PYTHON) -m venv .venv
	$(VENV)/python -m pip install --quiet --upgrade pip

lint: ## formatting, clippy and documentation without warnings
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --release --workspace --no-deps

# The one place where a member is built alone: a check takes a minute where a build would take ten.
features: ## the library with each set of its features
	$(CARGO) check --release --package zhibiao --no-default-features
	$(CARGO) check --release --package zhibiao --features schema

deny: ## licences, bans and sources of all dependencies (needs cargo-deny)
	$(CARGO) deny check licenses bans sources

# What libFuzzer watches is the compiler's own coverage, so that a stable one will do.
COVERAGE = -Cpasses=sancov-module -Ccodegen-units=1 $(addprefix -Cllvm-args=-sanitizer-coverage-,level=4 inline-8bit-counters pc-table trace-compares)
HOST = $(shell rustc --print host-tuple)
TARGET ?= word
RUNS ?= 100000

fuzz: ## mutate what a parser reads, guided by coverage: TARGET=formula RUNS=100000, LENGTH=200 for the longest input; fuzz/targets.rs lists the targets
	cd fuzz && mkdir -p corpus/$(TARGET) crashes/$(TARGET) && TARGET=$(TARGET) CORPUS=corpus/$(TARGET) RUSTFLAGS='$(COVERAGE)' \
		$(CARGO) run --release --target $(HOST) -- corpus/$(TARGET) -dict=corpus/$(TARGET).dict -artifact_prefix=crashes/$(TARGET)/ \
		-runs=$(RUNS) $(if $(LENGTH),-max_len=$(LENGTH)) -timeout=10 -rss_limit_mb=4096 -print_final_stats=1

bench: ## time each path with criterion: BENCH=kernel for one, ZHIBIAO_BENCH_LARGE=1 for 50 million rows too
	$(CARGO) bench --workspace $(if $(BENCH),--bench $(BENCH),--benches)

bench-count: build ## count the instructions of a fixed piece of work; UPDATE=1 writes benches/counts.toml anew
	$(PYTHON) benches/counts.py $(BIN)/counted $(if $(UPDATE),--update)

bench-peers: build wheel ## compare with other engines: QUICK=1, LARGE=1 for 50 million rows too, OUT=FILE for Markdown
	$(VENV)/python -m pip install --quiet '.[bench]'
	$(VENV)/python benches/peers $(if $(QUICK),--quick) $(if $(LARGE),--large) $(if $(OUT),--out $(OUT))

bench-python: wheel ## time the import of the package and a small question
	$(VENV)/python benches/python.py

bench-sizing: wheel engines ## what a register of 5, 15 and 45 million pupils costs by engine: QUICK=1 for 5, OUT=FILE for Markdown
	$(VENV)/python benches/sizing.py $(if $(QUICK),--quick) $(if $(OUT),--out $(OUT))

docs: wheel ## build the documentation into target/site
	$(VENV)/python scripts/catalogue_pages.py docs/catalogue
	$(VENV)/python -m zensical build --clean --strict

areas: ## make the table of area codes again from its package
	python3 scripts/areas.py > areas.tsv && mv areas.tsv crates/zhibiao/src/area/codes.tsv
	python3 scripts/area_history.py > areas.tsv && mv areas.tsv crates/zhibiao/src/area/history.tsv
