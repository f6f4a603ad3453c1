#!/usr/bin/env bash
# Go's own test suite (tests/goroot/run): the tests that are to be run and import nothing, optimised
# and with -N; with --all, all of it, and all that is run with -N.
set -uo pipefail
cd "$BURROW_ROOT/tests/goroot" || exit 1
./selftest.py >"$TEST_TMP/selftest" 2>&1 || {
  echo "FAIL: the runner's own tests:"
  tail -n 20 "$TEST_TMP/selftest"
  echo "counts: 0 1 0"
  exit 1
}
selection=(--directive run --imports none)
unoptimised=("${selection[@]}")
if [[ $TEST_ALL == 1 ]]; then
  selection=()
  unoptimised=(--directive run,rundir,runoutput,buildrun,buildrundir,runindir)
fi
./run "${selection[@]}" --counts --json "$BURROW_ROOT/build/log/goroot.json" | tee "$TEST_TMP/optimised"
echo "with -gcflags=-N:"
./run "${unoptimised[@]}" --gcflags=-N --counts --json "$BURROW_ROOT/build/log/goroot-N.json" | tee "$TEST_TMP/unoptimised"
sed -n 's/^counts: //p' "$TEST_TMP/optimised" "$TEST_TMP/unoptimised" |
  awk '{ p += $1; f += $2; s += $3; n++ } END { if (n == 2) print "counts:", p, f, s; else exit 1 }'
