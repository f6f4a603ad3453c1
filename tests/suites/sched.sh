#!/usr/bin/env bash
# Go programs about goroutines, timers, descriptors, signals and bubbles (tests/sched/*.go), each on one P and on two.
set -uo pipefail
# shellcheck source=tests/lib/wanted.sh
source "$BURROW_ROOT/tests/lib/wanted.sh"
passed=0 failed=0
for source in "$BURROW_ROOT"/tests/sched/*.go; do runWanted "$source" 60 GOMAXPROCS=1 GOMAXPROCS=2; done
echo "counts: $passed $failed 0"
