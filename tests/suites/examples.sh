#!/usr/bin/env bash
# Every example prints exactly what its file expected_output says, standard output and error together, and so does gc's.
set -uo pipefail
passed=0 failed=0 skipped=0

# check WHAT EXPECTED OUTPUT: compares two files.
check() {
  if diff -u "$2" "$3" >"$TEST_TMP/diff"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL: $1: $(grep -m1 -E '^[-+][^-+]' "$TEST_TMP/diff" || head -n 1 "$3")"
    head -n 20 "$TEST_TMP/diff" | sed 's/^/  /'
  fi
}

for directory in "$BURROW_ROOT"/examples/*/; do
  name=$(basename "$directory")
  expected=$directory/expected_output
  timeout 120 "$BURROW" run "$directory" >"$TEST_TMP/output" 2>&1 </dev/null ||
    echo "(exit status $?)" >>"$TEST_TMP/output"
  check "$name" "$expected" "$TEST_TMP/output"

  if [[ -z $GO ]]; then
    skipped=$((skipped + 1))
    continue
  fi
  (cd "$directory" && GOFLAGS='' GOTOOLCHAIN=local CGO_ENABLED=0 GOROOT=$BURROW_GOROOT \
    timeout 300 "$GO" run . >"$TEST_TMP/output" 2>&1 </dev/null)
  check "$name with gc" "$expected" "$TEST_TMP/output"
done
echo "counts: $passed $failed $skipped"
