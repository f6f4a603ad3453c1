#!/usr/bin/env bash
# Go programs about the collector (tests/gc/*.go), each plainly on one P and on two, and with the collector's checks: every
# edge of the heap looked at when marking ends, freed memory poisoned, a collection at every hundredth allocation.
# What they must print stands in their first lines, "// want: LINE" (* stands for anything).
set -uo pipefail
out=$TEST_TMP
passed=0 failed=0
checks=gcpoison=1,gccheckmark=1
for source in "$BURROW_ROOT"/tests/gc/*.go; do
  name=$(basename "$source" .go)
  if ! "$BURROW" build -o "$out/$name" "$source" >"$out/$name.log" 2>&1; then
    echo "FAIL: $name does not build: $(head -c 400 "$out/$name.log")"
    failed=$((failed + 1))
    continue
  fi
  want=$(sed -n 's|^// want: ||p' "$source")
  for environment in GOMAXPROCS=1 GOMAXPROCS=2 "GODEBUG=$checks" "GODEBUG=$checks,gcalways=100" GODEBUG=gcstoptheworld=1; do
    env "$environment" timeout 120 "$out/$name" >"$out/$name.out" 2>&1
    status=$?
    got=$(cat "$out/$name.out")
    pattern=$(printf '%s' "$want" | sed 's/[][\\?]/\\&/g')
    # shellcheck disable=SC2053
    if [[ $got == $pattern && $status -eq 0 ]]; then
      passed=$((passed + 1))
    else
      echo "FAIL: $name with $environment: status $status, printed: $(head -c 800 "$out/$name.out")"
      failed=$((failed + 1))
    fi
  done
done
echo "counts: $passed $failed 0"
