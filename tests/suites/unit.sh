#!/usr/bin/env bash
# The unit tests of each layer (GoogleTest). Every executable writes its results as JSON; those are counted.
set -uo pipefail
passed=0 failed=0 skipped=0
for exe in "$BURROW_BUILD"/tests/unit_*; do
  [[ -x $exe ]] || continue
  name=$(basename "$exe")
  json=$TEST_TMP/$name.json
  log=$TEST_TMP/$name.log
  status=0
  timeout 300 "$exe" --gtest_output="json:$json" --gtest_color=no >"$log" 2>&1 || status=$?
  if [[ ! -s $json ]]; then
    echo "FAIL: $name ended with status $status: $(tail -n 1 "$log")"
    failed=$((failed + 1))
    continue
  fi
  read -r p f s < <(python3 -c '
import json, sys
report = json.load(open(sys.argv[1]))
cases = [case for suite in report["testsuites"] for case in suite["testsuite"]]
failed = sum("failures" in case for case in cases)
skipped = sum(case["result"] in ("SKIPPED", "SUPPRESSED") or case["status"] == "NOTRUN" for case in cases)
print(len(cases) - failed - skipped, failed, skipped)' "$json")
  grep -E '^\[  FAILED  \] .*\([0-9]+ ms\)$' "$log" | sed "s/^\[  FAILED  \]/FAIL: $name:/"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "counts: $passed $failed $skipped"
