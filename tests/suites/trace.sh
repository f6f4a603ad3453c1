#!/usr/bin/env bash
# Execution traces: gc's `go tool trace` reads what tests/trace/*.go record, with generations of a second, 20 ms and 1 ms, and finds
# in it every kind of event that the program causes.
set -uo pipefail
passed=0 failed=0
say() { if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAIL $2"; fi; }

read -r -d '' kinds <<'EOF'
NotExist->Runnable
Runnable->Running
Running->Runnable Reason="runtime.Gosched"
Running->Waiting Reason="chan receive"
Running->Waiting Reason="select"
Running->Waiting Reason="sleep"
Running->Waiting Reason="network"
Running->Waiting Reason="sync"
Waiting->Runnable
Running->Syscall
Syscall->Running
Running->NotExist
NotExist->Waiting
ProcID=[0-9]* Running->Idle
ProcID=[0-9]* Idle->Running
Name="stop-the-world (GC sweep termination)"
Name="stop-the-world (GC mark termination)"
Name="stop-the-world (GOMAXPROCS)"
Name="GC concurrent mark phase"
Name="GC mark assist"
Label="GC (\(dedicated\|idle\|fractional\))"
Name="/gc/heap/goal:bytes"
Name="/memory/classes/heap/objects:bytes"
Name="/sched/gomaxprocs:threads"
TaskBegin .*"the task"
TaskEnd
RegionBegin .*"the region"
RegionEnd
Log .*"a message"
StackSample .*
main.tree @
main.main @
EOF

reader=$("$GO" tool -n trace) || exit 1
for source in "$BURROW_ROOT"/tests/trace/*.go; do
  name=$(basename "$source" .go)
  "$BURROW" build -o "$TEST_TMP/$name" "$source" || { say no "$name: build"; continue; }
  : > "$TEST_TMP/all"
  for period in 1000000000 20000000 1000000; do
    if GODEBUG=traceadvanceperiod=$period timeout 60 "$TEST_TMP/$name" "$TEST_TMP/out" > "$TEST_TMP/log" 2>&1 &&
      timeout 60 "$reader" -d=parsed "$TEST_TMP/out" > "$TEST_TMP/text" 2> "$TEST_TMP/log"; then
      say ok
    else
      say no "$name, period $period: $(tail -n 3 "$TEST_TMP/log")"
    fi
    cat "$TEST_TMP/text" >> "$TEST_TMP/all"
  done
  while IFS= read -r kind; do
    if grep -q -e "$kind" "$TEST_TMP/all"; then say ok; else say no "$name: no event like $kind"; fi
  done <<< "$kinds"
done
echo "counts: $passed $failed 0"
