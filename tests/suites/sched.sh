#!/usr/bin/env bash
# Go programs about goroutines, timers, descriptors, signals and bubbles (tests/sched/*.go), each on one P and on two; with --all also
# the distribution's own tests of the scheduler (tests/sched/distribution/run).
set -uo pipefail
# shellcheck source=tests/lib/wanted.sh
source "$BURROW_ROOT/tests/lib/wanted.sh"
passed=0 failed=0
for source in "$BURROW_ROOT"/tests/sched/*.go; do runWanted "$source" 60 GOMAXPROCS=1 GOMAXPROCS=2; done
skipped=0
if [[ $TEST_ALL == 1 ]]; then
  "$BURROW_ROOT/tests/sched/distribution/run" >"$TEST_TMP/distribution" 2>&1
  grep -v '^counts:' "$TEST_TMP/distribution"
  read -r p f s < <(sed -n 's/^counts: //p' "$TEST_TMP/distribution")
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-1})) skipped=$((skipped + ${s:-0}))
fi
echo "counts: $passed $failed $skipped"
