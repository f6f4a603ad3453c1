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

# What is let go of does not depend on how much LLVM does, though what lies where does.
for level in -N -d=level=1; do
  for source in "$BURROW_ROOT"/tests/gc/let_go*.go; do GOFLAGS=-gcflags=$level runWanted "$source" 120 GOMAXPROCS=2; done
done

for source in "$BURROW_ROOT"/tests/gc/every/*.go; do runWanted "$source" 120 GODEBUG=gcalways=1 $checks,gcalways=1; done

# Heaps that are too large for a collection at every hundredth allocation.
for source in "$BURROW_ROOT"/tests/gc/large/*.go; do runWanted "$source" 120 GOMAXPROCS=1 GOMAXPROCS=2 $checks GODEBUG=disablethp=1; done

# Less and less address space: the program ends, with gc's words, and never by a signal. (The shell's own tools need some.)
if "$BURROW" build -o "$TEST_TMP/grow" "$BURROW_ROOT/tests/gc/limits/grow.go" >"$TEST_TMP/grow.log" 2>&1; then
  for kilobytes in 4000 20000 70000 75000 131072 135000 200000 300000 400000 700000; do
    status=0
    (ulimit -v "$kilobytes" && exec timeout 60 "$TEST_TMP/grow") >"$TEST_TMP/grow.out" 2>&1 || status=$?
    if [[ $status -eq 2 ]] && grep -qE '^fatal error: (runtime: )?out of memory|^fatal error: (runtime: cannot allocate|out of memory)|^runtime: failed to create new OS thread' "$TEST_TMP/grow.out"; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "FAIL: grow with $kilobytes KB of address space: status $status: $(head -c 400 "$TEST_TMP/grow.out")"
    fi
  done
else
  failed=$((failed + 1))
  echo "FAIL: grow does not build: $(head -c 400 "$TEST_TMP/grow.log")"
fi
# GODEBUG's reports: the same kinds of lines, with the same fields, as gc's.
shapes() { # EXECUTABLE: each kind of line that it reports, numbers and names taken out
  GODEBUG=gctrace=1,gcpacertrace=1,inittrace=1 timeout 60 "$1" 2>&1 |
    sed -E 's/[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?/#/g; s/-#/#/g; s/^init [^ ]+/init NAME/' | sort -u
}
reports=$BURROW_ROOT/tests/gc/reports/reports.go
if "$BURROW" build -o "$TEST_TMP/reports" "$reports" >"$TEST_TMP/reports.log" 2>&1 &&
  (cd "$TEST_TMP" && GO111MODULE=off CGO_ENABLED=0 "$GO" build -o reports.gc "$reports") >"$TEST_TMP/reports.log" 2>&1; then
  shapes "$TEST_TMP/reports" >"$TEST_TMP/ours"
  shapes "$TEST_TMP/reports.gc" >"$TEST_TMP/theirs"
  if [[ $(wc -l <"$TEST_TMP/ours") -eq 6 ]] && cmp -s "$TEST_TMP/ours" "$TEST_TMP/theirs"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL: what GODEBUG reports differs from gc: $(diff "$TEST_TMP/ours" "$TEST_TMP/theirs" | head -c 600)"
  fi
else
  failed=$((failed + 1))
  echo "FAIL: the program of reports does not build: $(head -c 400 "$TEST_TMP/reports.log")"
fi
echo "counts: $passed $failed 0"
