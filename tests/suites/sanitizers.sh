#!/usr/bin/env bash
# The unit tests of the layers below LLVM, and of the runtime's hosted parts, under AddressSanitizer with
# UndefinedBehaviorSanitizer, and under ThreadSanitizer. A sanitizer's report fails the test it comes from. Only with --all:
# each is a whole build of its own.
set -uo pipefail
if [[ $TEST_ALL == 0 ]]; then
  echo "NOTE: the sanitizers build everything twice more: ./test --all, or TEST_ALL=1"
  echo "counts: 0 0 1"
  exit 0
fi
presets=(asan tsan)
# LLVM is not instrumented, and its headers take long to compile: the layers that use it stay out.
instrumented='unit_(source|syntax|types|ir|irgen|passes|load|runtime.*)'
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
passed=0 failed=0 skipped=0
for preset in "${presets[@]}"; do
  build=$BURROW_ROOT/build/$preset
  (cd "$BURROW_ROOT" && cmake --preset "$preset") >"$TEST_TMP/log" 2>&1 || {
    echo "FAIL: $preset: CMake: $(grep -m1 Error "$TEST_TMP/log")"
    failed=$((failed + 1))
    continue
  }
  mapfile -t targets < <(ninja -C "$build" -t targets all | sed -nE "s/^($instrumented): phony$/\1/p" | sort -u)
  if ! ninja -C "$build" "${targets[@]}" >"$TEST_TMP/log" 2>&1; then
    echo "FAIL: $preset: the build: $(grep -m1 -E 'error|FAILED' "$TEST_TMP/log")"
    failed=$((failed + 1))
    continue
  fi
  BURROW_BUILD=$build "$BURROW_ROOT/tests/suites/unit.sh" >"$TEST_TMP/log" 2>&1
  sed "s/^FAIL: /FAIL: $preset: /" "$TEST_TMP/log"
  read -r p f s < <(sed -n 's/^counts: //p' "$TEST_TMP/log")
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "counts: $passed $failed $skipped"
