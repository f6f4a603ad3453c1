#!/usr/bin/env bash
# The programs of tests/programs, each of which was compiled wrongly once: optimised, with -N and position-independent they print
# what gc's print.
set -uo pipefail
passed=0 failed=0
output=$TEST_TMP/output

for expected in "$BURROW_ROOT"/tests/programs/*.go "$BURROW_ROOT"/tests/programs/*.py "$BURROW_ROOT"/tests/programs/*/; do
  if [[ -d $expected ]]; then
    folder=$expected what=. expected=${expected}expected_output
  elif [[ $expected == *.py ]]; then
    folder=$TEST_TMP what=$(basename "$expected" .py).go
    python3 "$expected" >"$folder/$what"
    expected=${expected%.py}.out
  else
    folder=$BURROW_ROOT/tests/programs what=$(basename "$expected") expected=${expected%.go}.out
  fi
  cd "$folder" || exit 1
  plain=$expected
  for variant in '' -N pie; do
    flags=$variant mode=default
    if [[ $variant == pie ]]; then flags='' mode=pie; fi
    expected=$plain
    # What a program prints that looks at what optimisation does to it.
    if [[ -n $flags && -f ${plain%.out}.N.out ]]; then expected=${plain%.out}.N.out; fi
    if [[ -n ${BURROW_UPDATE:-} && -n $GO && $mode == default && ($expected != "$plain" || -z $flags) ]]; then
      GOFLAGS='' GOTOOLCHAIN=local CGO_ENABLED=0 GOROOT=$BURROW_GOROOT "$GO" run -gcflags="$flags" "$what" >"$expected" 2>&1 </dev/null
      sed -i '/^exit status [0-9]*$/d' "$expected"
    fi
    timeout 120 "$BURROW" run -buildmode=$mode -gcflags="$flags" "$what" >"$output" 2>&1 </dev/null
    if cmp -s "$expected" "$output"; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "FAIL: ${expected#"$BURROW_ROOT/tests/programs/"} ${variant:+with $variant}: $(diff "$expected" "$output" | grep -m1 '^[<>]')"
    fi
  done
done
echo "counts: $passed $failed 0"
