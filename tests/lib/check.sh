# For suites that run commands whose output they leave in $TEST_TMP/out and $TEST_TMP/err: counters, and one check.
# Sourced; the suite prints `counts: $passed $failed $skipped` at its end.
# shellcheck disable=SC2034
passed=0 failed=0 skipped=0

# check WHAT COMMAND...: the command must succeed.
check() {
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL: $what"
    head -n 12 "$TEST_TMP/out" "$TEST_TMP/err" 2>/dev/null | sed 's/^/  /'
  fi
}
