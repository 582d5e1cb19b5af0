# Everything a person does with a clone of this project. `make help` lists it.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# A file's tests share a world and build on each other: one process runs them, in their order.
TOGETHER := -n 3 --dist loadfile --no-loadscope-reorder
# The stamps live in the virtualenv, so that removing it forgets them too.
BASE := .venv/.installed-base
DEV := .venv/.installed-dev

# $(call need,PROGRAM,DEBIAN PACKAGE): installs it where we may, else says what to install.
define need
	@command -v $(1) >/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing $(2)"; apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends $(2) >/dev/null; \
	else echo "缺少 $(1)，请先安装：sudo apt-get install $(2) （$(1) is missing: install it and try again）" >&2; exit 1; fi
endef

.PHONY: help
help: ## 列出全部命令 (list the targets)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: $(BASE) ## 安装到 .venv，得到 .venv/bin/zhucun (install the program)

.PHONY: demo
demo: $(BASE) ## 试用：不需要令牌和网络；ARGS="--port 8390 --no-open" (try it: no token, no internet)
	@$(BIN)/zhucun demo $(ARGS)

.PHONY: run
run: $(BASE) ## 正式运行，先执行 .venv/bin/zhucun init (run against Telegram)
	@$(BIN)/zhucun run $(ARGS)

.PHONY: test
test: $(DEV) lint ## 全部检查与测试；ARGS 传给 pytest (all checks and tests)
	$(call need,chromium,chromium)
	@$(BIN)/mypy & types=$$!; said=0; $(BIN)/python -m pytest -q $(TOGETHER) $(ARGS) || said=$$?; \
	wait $$types || said=$$?; exit $$said

.PHONY: test-postgresql
test-postgresql: $(DEV) ## 全部测试都在真的 PostgreSQL 上跑 (every test on a real PostgreSQL server)
	$(call need,chromium,chromium)
	@$(BIN)/python -m pytest -q $(TOGETHER) --database postgresql $(ARGS)

.PHONY: simulate
simulate: $(DEV) ## 模拟一个县一年的办理和半年的周报，SEED=7 (a county's year of casework, half a year of weeks, a line a check)
	@$(BIN)/python -m tests.county_year --seed $(or $(SEED),7) $(ARGS)
	@$(BIN)/python -m tests.half_year --seed $(or $(SEED),7)

.PHONY: lint
lint: $(DEV) ## 代码规范、格式、安全 (lint, format, security; nothing is changed)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/bandit --quiet -lll --recursive bot handlers storage reports

.PHONY: types
types: $(DEV) ## 严格类型检查 (strict types)
	@$(BIN)/mypy

.PHONY: house
house: $(DEV) ## 只跑规矩测试：依赖方向、长度、文档、译文 (the house tests alone)
	@$(BIN)/python -m pytest -q tests/house $(ARGS)

.PHONY: texts
texts: $(DEV) ## 按代码更新英文译文，列出还没译的 (bring the English catalogue up to date, list what is left)
	@$(BIN)/python -m tests.texts

.PHONY: crash
crash: $(DEV) ## 断电与崩溃：KILLS=1000 次，中断后接着做 (kills at every step; goes on where it was broken off)
	@$(BIN)/python -m tests.crash $(ARGS)

.PHONY: break
break: $(DEV) ## 逐条破坏设计规矩，看测试是否发觉，ARGS="--rule 5" (breaks each rule in a copy: its test must turn red)
	@$(BIN)/python -m tests.breaking $(ARGS)

.PHONY: bench
bench: $(DEV) ## 速度：与别的写法同场比较，约 15 分钟；ARGS="--rounds 3" (speed beside peers)
	$(call need,redis-server,redis-server)
	@$(BIN)/python -m tests.benchmarks $(ARGS)

.PHONY: bench-quick
bench-quick: $(DEV) ## 速度目标，不到十五分钟：每个目标一行 (goals of speed, a line each)
	$(call need,redis-server,redis-server)
	@$(BIN)/python -m tests.benchmarks --quick $(ARGS)

.PHONY: clean
clean: ## 删除 .venv 与缓存，不动数据 (remove what was built, never data)
	@rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "需要 Python 3.11 或更新版本；可用 PYTHON=… 指定 （Python 3.11 or newer is needed: make PYTHON=… install）" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends python3-venv >/dev/null; \
	else echo "缺少 venv，请先安装：sudo apt-get install python3-venv （Python's venv is missing: install it and try again）" >&2; exit 1; fi
	@$(PYTHON) -m venv .venv

$(BASE): requirements/base.txt requirements/build.txt pyproject.toml | .venv/bin/python
	@echo "installing the program into .venv"
	@$(PIP) --require-hashes -r requirements/build.txt -r requirements/base.txt
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV): requirements/dev.txt $(BASE)
	@echo "installing what the tests need into .venv"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@
