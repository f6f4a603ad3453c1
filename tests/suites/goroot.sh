#!/usr/bin/env bash
# Go's own test suite (tests/goroot/run): the tests that are to be run and import nothing; with --all, all of it.
set -uo pipefail
cd "$BURROW_ROOT/tests/goroot" || exit 1
./selftest.py >"$TEST_TMP/selftest" 2>&1 || {
  echo "FAIL: the runner's own tests:"
  tail -n 20 "$TEST_TMP/selftest"
  echo "counts: 0 1 0"
  exit 1
}
selection=(--directive run --imports none)
[[ $TEST_ALL == 0 ]] || selection=()
exec ./run "${selection[@]}" --counts --json "$BURROW_ROOT/build/log/goroot.json"
