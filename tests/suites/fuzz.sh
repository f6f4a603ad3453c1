#!/usr/bin/env bash
# The fuzzers (tests/fuzz): a short run of each, to see that they build and find nothing at once; with --all, a million.
set -uo pipefail
runs=20000
[[ $TEST_ALL == 0 ]] || runs=1000000
passed=0 failed=0
for source in "$BURROW_ROOT"/tests/fuzz/*_fuzz.cpp; do
  name=$(basename "$source" .cpp)
  # The deeper layers' fuzzers take long to build.
  [[ $TEST_ALL == 1 || $name == scanner_fuzz || $name == parser_fuzz ]] || continue
  if "$BURROW_ROOT/tests/fuzz/run.sh" "$BURROW_ROOT/build/fuzz" "$BURROW_GOROOT" "$runs" "$name" >"$TEST_TMP/out" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL: $name: $(grep -m1 -E 'ERROR|SUMMARY|error:' "$TEST_TMP/out" || tail -n 1 "$TEST_TMP/out")"
  fi
  cat "$TEST_TMP/out"
done
echo "counts: $passed $failed 0"
