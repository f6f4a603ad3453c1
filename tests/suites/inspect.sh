#!/usr/bin/env bash
# The inspector (`burrow inspect`, `burrow objdump`) on programs that know what their heap and goroutines are: tests/inspect.
# check.py prints `ok ...`, `FAIL ...` and `skip ...` lines.
set -uo pipefail
log=$TEST_TMP/inspect.log
timeout 1500 python3 "$BURROW_ROOT/tests/inspect/check.py" "$BURROW" "$TEST_TMP" >"$log" 2>&1 </dev/null
status=$?
sed -n 's/^FAIL /FAIL: inspect: /p' "$log"
passed=$(grep -c '^ok ' "$log") failed=$(grep -c '^FAIL ' "$log") skipped=$(grep -c '^skip ' "$log")
if [[ $status -ne 0 ]]; then
  echo "FAIL: inspect: check.py ended with status $status: $(tail -n 1 "$log")"
  failed=$((failed + 1))
fi
echo "counts: $passed $failed $skipped"
