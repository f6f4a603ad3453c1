#!/usr/bin/env bash
# Dialogues with gdb on built programs (tests/debugger): each script prints `ok ...` and `FAIL ...` lines.
set -uo pipefail
here=$BURROW_ROOT/tests/debugger
export PYTHONPATH=$here  # gdb's Python finds dialogue.py
passed=0 failed=0 skipped=0
if ! command -v gdb >/dev/null; then
  echo "gdb is not installed: skipped"
  echo "counts: 0 0 1"
  exit 0
fi
# One dialogue: gdb with SCRIPT on PROGRAM. It ended early when its log has no line like LAST.
dialogue() {  # SCRIPT PROGRAM LAST
  local log=$TEST_TMP/$1.log
  timeout 120 gdb -nx -q -batch -x "$here/$1.py" --args "$2" >"$log" 2>&1 </dev/null
  count "$1"
  if ! grep -q "$3" "$log"; then
    echo "FAIL: $1: the dialogue ended early: $(tail -n 1 "$log")"
    failed=$((failed + 1))
  fi
}
count() {  # NAME: what its log says
  local log=$TEST_TMP/$1.log
  sed -n "s/^FAIL /FAIL: $1: /p" "$log"
  passed=$((passed + $(grep -c '^ok ' "$log")))
  failed=$((failed + $(grep -c '^FAIL ' "$log")))
}
program=$TEST_TMP/hello
if ! "$BURROW" build -o "$program" "$here/programs/hello.go" >"$TEST_TMP/build.log" 2>&1; then
  echo "FAIL: burrow build of hello.go: $(head -n 1 "$TEST_TMP/build.log")"
  echo "counts: 0 1 0"
  exit 0
fi
dialogue boot "$program" '^ok backtrace\|^FAIL backtrace\|FAIL running'
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
  count "$name"
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
  dialogue recover "$recover" 'returns what its deferred call set\|FAIL running'
fi
# Arguments at a function's first instruction, with and without optimisation.
for flags in "" "-N -l"; do
  if ! "$BURROW" build -gcflags="$flags" -o "$TEST_TMP/arguments" "$here/programs/arguments.go" >"$TEST_TMP/build.log" 2>&1; then
    echo "FAIL: burrow build -gcflags='$flags' of arguments.go: $(head -n 1 "$TEST_TMP/build.log")"
    failed=$((failed + 1))
  else
    dialogue arguments "$TEST_TMP/arguments" 'finish leaves the function\|FAIL running'
    timeout 120 python3 "$here/grown.py" "$TEST_TMP/arguments" >"$TEST_TMP/grown.log" 2>&1
    count grown
    grep -q "ends at the next line\|FAIL" "$TEST_TMP/grown.log" || {
      echo "FAIL: grown: the dialogue ended early: $(tail -n 1 "$TEST_TMP/grown.log")"
      failed=$((failed + 1))
    }
  fi
done
echo "counts: $passed $failed $skipped"
