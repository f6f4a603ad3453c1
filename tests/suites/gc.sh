#!/usr/bin/env bash
# Go programs about the collector (tests/gc/*.go), each plainly on one P and on two, and with the collector's checks: every
# edge of the heap looked at when marking ends, freed memory poisoned, a collection at every hundredth allocation.
set -uo pipefail
# shellcheck source=tests/lib/wanted.sh
source "$BURROW_ROOT/tests/lib/wanted.sh"
passed=0 failed=0
checks=GODEBUG=gcpoison=1,gccheckmark=1
for source in "$BURROW_ROOT"/tests/gc/*.go; do
  runWanted "$source" 120 GOMAXPROCS=1 GOMAXPROCS=2 $checks $checks,gcalways=100 GODEBUG=gcstoptheworld=1
done
echo "counts: $passed $failed 0"
