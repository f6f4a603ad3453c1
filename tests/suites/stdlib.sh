#!/usr/bin/env bash
# The standard library by itself: each package that a program may import is compiled and linked, with all that it imports,
# into a program that does nothing but initialise it, and that program is run. One program with all packages first; only
# when that fails are they tried one by one, to name the ones at fault. tests/std/exceptions.txt holds packages that cannot
# be used, with a tab and the reason.
set -uo pipefail
if [[ $TEST_ALL != 1 ]]; then
  # Half an hour of compiling where nothing is in the cache yet.
  echo "counts: 0 0 0"
  exit 0
fi
if [[ -z $GO ]]; then
  echo "counts: 0 0 1"
  exit 0
fi
exceptions=$BURROW_ROOT/tests/std/exceptions.txt
mapfile -t packages < <(GOFLAGS='' GOTOOLCHAIN=local CGO_ENABLED=0 GOROOT=$BURROW_GOROOT "$GO" list std |
  grep -Ev '^vendor/|(^|/)internal(/|$)' | grep -vxFf <(cut -f1 "$exceptions"))
skipped=$(wc -l <"$exceptions")

# try NAME PACKAGE...: builds and runs a program that imports them.
try() {
  local name=$1 folder=$TEST_TMP/$1
  shift
  mkdir -p "$folder"
  printf 'module %s\n\ngo 1.27\n' "$name" >"$folder/go.mod"
  {
    echo 'package main'
    printf 'import _ "%s"\n' "$@"
    echo 'func main() { println("done") }'
  } >"$folder/main.go"
  (cd "$folder" && timeout 2000 "$BURROW" build -o program . && timeout 60 ./program) >"$folder/log" 2>&1 </dev/null
  [[ $(tail -n 1 "$folder/log") == done ]]
}

if try all "${packages[@]}"; then
  echo "counts: ${#packages[@]} 0 $skipped"
  exit 0
fi
passed=0 failed=0
for package in "${packages[@]}"; do
  if try one "$package"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL: $package: $(grep -v '^#' "$TEST_TMP/one/log" | head -n 1)"
  fi
done
echo "counts: $passed $failed $skipped"
