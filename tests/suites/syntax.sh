#!/usr/bin/env bash
# Our parser's verdict on every Go file of the distribution against gofmt's (tests/syntax/verdicts.py): one test a file.
set -uo pipefail
if [[ ! -x $BURROW_GOROOT/bin/gofmt ]]; then
  echo "SKIP: the distribution has no gofmt to compare with"
  echo "counts: 0 0 1"
  exit 0
fi
tool=$(find "$BURROW_BUILD/tests" "$BURROW_BUILD/bin" -name burrow_parse -type f -perm -u+x 2>/dev/null | head -n 1)
"$BURROW_ROOT/tests/syntax/verdicts.py" "$tool" "$BURROW_GOROOT" >"$TEST_TMP/out" 2>&1
status=$?
read -r files differ < <(sed -nE 's/^([0-9]+) files, .*, ([0-9]+) verdicts differ$/\1 \2/p' "$TEST_TMP/out")
if [[ -z ${files:-} ]]; then
  echo "FAIL: verdicts.py ended with status $status: $(tail -n 1 "$TEST_TMP/out")"
  echo "counts: 0 1 0"
  exit 1
fi
# Three lines for each file that differs: its name, gofmt's verdict, ours.
grep '^/' "$TEST_TMP/out" | sed "s|^$BURROW_GOROOT/|FAIL: |"
cat "$TEST_TMP/out"
echo "counts: $((files - differ)) $differ 0"
