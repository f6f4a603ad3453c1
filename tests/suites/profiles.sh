#!/usr/bin/env bash
# Profiles: a program writes one of each kind, and gc's own pprof must find in them what the program did, under the right names.
# Besides, programs that check themselves.
set -uo pipefail
# shellcheck source=tests/lib/wanted.sh
source "$BURROW_ROOT/tests/lib/wanted.sh"
# shellcheck source=tests/lib/check.sh
source "$BURROW_ROOT/tests/lib/check.sh"

has() { grep -qE -- "$1" out; }
# The figure in front of a function's name, as pprof -top writes it: flat or cumulative, without its unit.
figure() {  # figure COLUMN FUNCTION
  awk -v column="$1" -v name="$2" 'index($0, name) && $6 == name { print $column + 0; exit }' out
}
between() {  # between LOW VALUE HIGH
  awk -v low="$1" -v value="${2:-0}" -v high="$3" 'BEGIN { exit !(value >= low && value <= high) }'
}

cd "$TEST_TMP" || exit 1
for name in exact churn leaks cut_off; do
  runWanted "$BURROW_ROOT/tests/profiles/$name.go" 120 GOMAXPROCS=1 GOMAXPROCS=4 GODEBUG=gcpoison=1,gccheckmark=1
done

if [[ -z ${GO:-} ]]; then
  echo "no gc: its pprof cannot read the profiles"
  echo "counts: $passed $failed 1"
  exit 0
fi
: >out
check "the program that writes profiles builds" "$BURROW" build -o write "$BURROW_ROOT/tests/profiles/write.go"
check "it runs" timeout 60 ./write .
top() { "$GO" tool pprof -top -unit="$1" "${@:2}" >out 2>&1; }

top ms cpu
check "cpu: nearly all is spendTime's" between 60 "$(awk '/Total samples/ { total = $6 + 0 } $6 == "main.spendTime" { print 100 * ($4 + 0) / total; exit }' out)" 100
check "cpu: several samples" between 100 "$(figure 4 main.spendTime)" 1000
check "cpu: the goroutine's begin" has 'main\.main\.func1'
"$GO" tool pprof -tags cpu >out 2>&1
check "cpu: labels" has 'expensive'
top ms cpu2
check "cpu: a second profile is its own" between 0 "$(figure 4 main.spendTime)" 0

top MB heap
# The profile samples: an object of 8 MB is left out once in nine million times, one of 1 MB once in eight.
check "heap: what is kept" between 24 "$(figure 4 main.keepMegabytes)" 24.5
check "heap: an inlined call is a frame" has 'main\.inlinedAllocation \(inline\)'
check "heap: its caller too" between 7 "$(figure 4 main.callsInlined)" 12
check "heap: what was dropped is not there" between 0 "$(figure 4 main.dropSmall)" 8
top MB allocs
# 256 MB, of which 500 objects or so are sampled: the bounds are six standard deviations away.
check "allocs: what was dropped is there" between 187 "$(figure 4 main.dropSmall)" 325
top ms -sample_index=delay block
check "block: a mutex" between 20 "$(figure 4 main.holdLock)" 400
check "block: named by what was called" has 'sync\.\(\*Mutex\)\.Lock'
check "block: a channel" between 5 "$(figure 4 main.receive)" 400
check "block: select" between 5 "$(figure 4 main.selectTwo)" 400
check "block: the runtime's function that was called" has 'runtime\.(chanrecv|selectgo)'
check "block: WaitGroup" has 'sync\.\(\*WaitGroup\)\.Wait'
top ms -sample_index=delay mutex
check "mutex: who held it" between 20 "$(figure 4 main.holdLock)" 400
check "mutex: named by what let go" has 'sync\.\(\*Mutex\)\.Unlock'
top "" goroutine
check "goroutine: three wait" between 3 "$(figure 4 main.receive)" 3
check "goroutine: one is main" between 1 "$(figure 4 main.main)" 1
for name in threadcreate goroutineleak; do
  check "$name can be read" "$GO" tool pprof -raw $name >out 2>&1
done

cp heap.1 out
check "heap, text" has '^heap profile: [0-9]+: [0-9]+ \[[0-9]+: [0-9]+\] @ heap/1048576'
check "heap, text: a stack" has '^#[[:space:]]+0x[0-9a-f]+[[:space:]]+main\.keepMegabytes\+0x[0-9a-f]+[[:space:]]+.*write\.go:[0-9]+'
cp goroutine.1 out
check "goroutine, text" has '^goroutine profile: total [0-9]+'
check "goroutine, text: three with one stack" has '^3 @'
cp goroutine.2 out
# goroutineleak was written before, and has found out about these.
check "goroutine, as a panic shows them" has '^goroutine [0-9]+ \[chan receive \(leaked\)\]:'
cp block.1 out
check "block, text" has '^--- contention:'
cp mutex.1 out
check "mutex, text" has '^sampling period=1'

echo "counts: $passed $failed $skipped"
