#!/usr/bin/env bash
# The standard library's own tests, by `burrow test -short`: tests/std/packages.txt says of which packages, and what is
# expected. STD_PACKAGES="a b" tries these instead, whatever the list says.
set -uo pipefail
passed=0 failed=0 skipped=0
here=$(cd "$(dirname "$0")/../std" && pwd)
cd "$TEST_TMP" || exit 1
export TMPDIR=$TEST_TMP

# try PACKAGE FLAG...: whether its tests pass; what was said is left in `out`.
try() { timeout 580 "$BURROW" test -short -timeout 240s "$@" >out 2>&1 </dev/null; }

while read -r -a words; do
  [[ ${#words[@]} -gt 0 && ${words[0]} != '#'* ]] || continue
  expected=pass
  if [[ ${words[0]} == FAIL ]]; then
    expected=fail
    words=("${words[1]}")
  fi
  if try "${words[@]:1}" "${words[0]}"; then
    if [[ $expected == pass ]]; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "FAIL: ${words[0]} passes now: take its mark off"
    fi
  elif [[ $expected == fail ]]; then
    skipped=$((skipped + 1))
  else
    failed=$((failed + 1))
    echo "FAIL: ${words[0]}"
    grep -v '^ok' out | head -n 8 | sed 's/^/  /'
  fi
done < <(if [[ -n ${STD_PACKAGES:-} ]]; then tr ' ' '\n' <<<"$STD_PACKAGES"; else cat "$here/packages.txt"; fi)
echo "counts: $passed $failed $skipped"
