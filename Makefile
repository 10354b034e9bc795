# The short way in: every target calls the presets of CMakePresets.json.
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
ifeq ($(origin CMAKE_GENERATOR),undefined)
export CMAKE_GENERATOR := $(if $(shell command -v ninja),Ninja,Unix Makefiles)
endif

# $(call build,PRESET)
build = cmake --preset $(1) && cmake --build --preset $(1) --parallel $(JOBS)

.PHONY: all deps demo test asan clang format clean

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

format:
	@git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp' '*.h' \
	  | xargs --no-run-if-empty clang-format -i

clean:
	@rm -rf build
