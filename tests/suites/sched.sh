#!/usr/bin/env bash
# Go programs about goroutines, timers, descriptors, signals and bubbles (tests/sched/*.go), each on one P and on two.
# What they must print stands in their first lines, "// want: LINE" (* stands for anything); "// exit: STATUS" and
# "// env: NAME=VALUE ..." when they are not to end with 0 in a plain environment.
set -uo pipefail
out=$TEST_TMP
passed=0 failed=0 skipped=0
for source in "$BURROW_ROOT"/tests/sched/*.go; do
  name=$(basename "$source" .go)
  if ! "$BURROW" build -o "$out/$name" "$source" >"$out/$name.log" 2>&1; then
    echo "FAIL: $name does not build: $(head -c 400 "$out/$name.log")"
    failed=$((failed + 1))
    continue
  fi
  want=$(sed -n 's|^// want: ||p' "$source")
  wantExit=$(sed -n 's|^// exit: ||p' "$source")
  environment=$(sed -n 's|^// env: ||p' "$source")
  for procs in 1 2; do
    # shellcheck disable=SC2086
    env GOMAXPROCS=$procs $environment timeout 60 "$out/$name" >"$out/$name.out" 2>&1
    status=$?
    got=$(cat "$out/$name.out")
    pattern=$(printf '%s' "$want" | sed 's/[][\\?]/\\&/g')
    # shellcheck disable=SC2053
    if [[ $got == $pattern && $status -eq ${wantExit:-0} ]]; then
      passed=$((passed + 1))
    else
      echo "FAIL: $name with GOMAXPROCS=$procs: status $status, printed: $(head -c 800 "$out/$name.out")"
      failed=$((failed + 1))
    fi
  done
done
echo "counts: $passed $failed $skipped"
