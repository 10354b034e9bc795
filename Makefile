# The short way in: every target calls the presets of CMakePresets.json.
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
ifeq ($(origin CMAKE_GENERATOR),undefined)
export CMAKE_GENERATOR := $(if $(shell command -v ninja),Ninja,Unix Makefiles)
endif

# $(call build,PRESET)
build = cmake --preset $(1) && cmake --build --preset $(1) --parallel $(JOBS)

.PHONY: all deps demo test asan clang bench bench-all bench-instructions format clean

all:
	@$(call build,default)

deps:
	@scripts/deps

demo: deps all
	@scripts/demo

test: deps all
	@ctest --preset default --parallel $(JOBS)

asan clang: deps
	@$(call build,$@)
	@ctest --preset $@ --parallel $(JOBS)

# How fast it is (docs/performance.md). PEERS=DIR: a folder of other programs to run beside it.
build_bench = cmake --preset default -DTOLL_BUILD_BENCH=ON && cmake --build --preset default --parallel $(JOBS) --target
measure = python3 bench/measure.py build/bench/toll_bench build/toll --work build/bench/work $(BENCH_OPTIONS)

bench: deps
	@$(build_bench) toll_bench toll_own_time toll_cli
	@$(measure) --json bench/results/bench.json
	@python3 bench/table.py --write

bench-all: deps
	@$(build_bench) toll_bench toll_own_time toll_cli
	@$(measure) --kinds cpp,lua,duckdb,node --json bench/results/bench.json
	@python3 bench/growth.py build/bench/toll_bench --json bench/results/growth.json
	@python3 bench/table.py --write

bench-instructions: deps
	@$(build_bench) toll_bench
	@python3 bench/instructions.py build/bench/toll_bench

format:
	@git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp' '*.h' \
	  | xargs --no-run-if-empty clang-format -i

clean:
	@rm -rf build
