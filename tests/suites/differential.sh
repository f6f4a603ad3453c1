#!/usr/bin/env bash
# Random programs behave the same under Burrow and under gc (tests/differential): one test a program.
set -uo pipefail
count=100
[[ $TEST_ALL == 0 ]] || count=2000
if [[ -z $GO ]]; then
  echo "SKIP: there is no gc to compare with"
  echo "counts: 0 0 $count"
  exit 0
fi
"$BURROW_ROOT/tests/differential/run.py" --count "$count" --jobs "$JOBS" >"$TEST_TMP/out" 2>&1
sed 's/^seed /FAIL: seed /' "$TEST_TMP/out"
read -r p f < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$TEST_TMP/out") || {
  echo "FAIL: run.py ended early: $(tail -n 1 "$TEST_TMP/out")"
  p=0 f=1
}
echo "counts: $p $f 0"
