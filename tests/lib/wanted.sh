# shellcheck shell=bash
# Go programs that say themselves what they print: `runWanted SOURCE SECONDS ENVIRONMENT...` builds one and runs it once in
# each environment (a string of NAME=VALUE words), counting in `passed` and `failed`. In the program's first lines stand
#   // want: LINE             a line for each that it prints; * is anything
#   // exit: STATUS           when it is not 0
#   // env: NAME=VALUE ...    besides
runWanted() {
  local source=$1 seconds=$2 name want wantExit own environment status got pattern
  shift 2
  name=$(basename "$source" .go)
  if ! "$BURROW" build -o "$TEST_TMP/$name" "$source" >"$TEST_TMP/$name.log" 2>&1; then
    echo "FAIL: $name does not build: $(head -c 400 "$TEST_TMP/$name.log")"
    failed=$((failed + 1))
    return
  fi
  want=$(sed -n 's|^// want: ||p' "$source")
  wantExit=$(sed -n 's|^// exit: ||p' "$source")
  own=$(sed -n 's|^// env: ||p' "$source")
  # Everything but * is literal.
  pattern=$(printf '%s' "$want" | sed 's/[][\\?]/\\&/g')
  for environment in "$@"; do
    status=0
    # shellcheck disable=SC2086
    env $environment $own timeout "$seconds" "$TEST_TMP/$name" >"$TEST_TMP/$name.out" 2>&1 || status=$?
    got=$(cat "$TEST_TMP/$name.out")
    # shellcheck disable=SC2053
    if [[ $got == $pattern && $status -eq ${wantExit:-0} ]]; then
      passed=$((passed + 1))
    else
      echo "FAIL: $name with $environment: status $status, printed: $(head -c 800 "$TEST_TMP/$name.out")"
      failed=$((failed + 1))
    fi
  done
}
