#!/usr/bin/env bash
# Dialogues with gdb on built programs (tests/debugger): each script prints `ok ...` and `FAIL ...` lines.
set -uo pipefail
here=$BURROW_ROOT/tests/debugger
passed=0 failed=0 skipped=0
if ! command -v gdb >/dev/null; then
  echo "gdb is not installed: skipped"
  echo "counts: 0 0 1"
  exit 0
fi
program=$TEST_TMP/hello
if ! "$BURROW" build -o "$program" "$here/programs/hello.go" >"$TEST_TMP/build.log" 2>&1; then
  echo "FAIL: burrow build of hello.go: $(head -n 1 "$TEST_TMP/build.log")"
  echo "counts: 0 1 0"
  exit 0
fi
log=$TEST_TMP/boot.log
timeout 120 gdb -nx -q -batch -x "$here/boot.py" --args "$program" >"$log" 2>&1 </dev/null
sed -n 's/^FAIL /FAIL: boot: /p' "$log"
passed=$((passed + $(grep -c '^ok ' "$log")))
failed=$((failed + $(grep -c '^FAIL ' "$log")))
if ! grep -q '^ok backtrace\|^FAIL backtrace\|FAIL running' "$log"; then
  echo "FAIL: boot: the dialogue ended early: $(tail -n 1 "$log")"
  failed=$((failed + 1))
fi
# The tools' answers about one program, and gdb's.
objects=$TEST_TMP/objects
if ! "$BURROW" build -o "$objects" "$here/programs/objects.go" >"$TEST_TMP/build.log" 2>&1; then
  echo "FAIL: burrow build of objects.go: $(head -n 1 "$TEST_TMP/build.log")"
  echo "counts: $passed $((failed + 1)) $skipped"
  exit 0
fi
timeout 120 gdb -nx -q -batch -iex "set auto-load safe-path /" -x "$here/newobject.py" --args "$objects" >"$TEST_TMP/newobject.log" 2>&1 </dev/null
timeout 120 python3 "$here/tools.py" "$BURROW" "$objects" >"$TEST_TMP/tools.log" 2>&1 <"$TEST_TMP/newobject.log"
for name in newobject tools; do
  log=$TEST_TMP/$name.log
  sed -n "s/^FAIL /FAIL: $name: /p" "$log"
  passed=$((passed + $(grep -c '^ok ' "$log")))
  failed=$((failed + $(grep -c '^FAIL ' "$log")))
done
if ! grep -q 'goroutine 1 backtrace' "$TEST_TMP/newobject.log" || ! grep -q 'inspect what' "$TEST_TMP/tools.log"; then
  echo "FAIL: the dialogues ended early: $(tail -qn 1 "$TEST_TMP/newobject.log" "$TEST_TMP/tools.log" | tr '\n' ' ')"
  failed=$((failed + 1))
fi
# A recovered panic, instruction by instruction.
recover=$TEST_TMP/recover
if ! "$BURROW" build -o "$recover" "$here/programs/recover.go" >"$TEST_TMP/build.log" 2>&1; then
  echo "FAIL: burrow build of recover.go: $(head -n 1 "$TEST_TMP/build.log")"
  failed=$((failed + 1))
else
  log=$TEST_TMP/recover.log
  timeout 120 gdb -nx -q -batch -x "$here/recover.py" --args "$recover" >"$log" 2>&1 </dev/null
  sed -n 's/^FAIL /FAIL: recover: /p' "$log"
  passed=$((passed + $(grep -c '^ok ' "$log")))
  failed=$((failed + $(grep -c '^FAIL ' "$log")))
  if ! grep -q 'returns what its deferred call set\|FAIL running' "$log"; then
    echo "FAIL: recover: the dialogue ended early: $(tail -n 1 "$log")"
    failed=$((failed + 1))
  fi
fi
echo "counts: $passed $failed $skipped"
