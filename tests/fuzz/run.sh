#!/bin/bash
# Builds the fuzzers and runs each for so many executions (a million unless told). Inputs that matter are kept below the
# build folder; the seeds are Go's own tests, read from the distribution each time (without their comments, so that the
# fuzzer does not spend its time on licence texts).
#
# The inspector's fuzzers damage a program of ours and a snapshot of it, which $BURROW (./burrow unless set) makes.
#
# FUZZ_TIMEOUT: seconds that one input may take; more than 5 on a machine that is busy with other things.
#
# usage: tests/fuzz/run.sh BUILD_DIR GOROOT [runs [fuzzer...]]
set -euo pipefail
build=${1:?usage: run.sh BUILD_DIR GOROOT [runs [fuzzer...]]}
goroot=${2:?usage: run.sh BUILD_DIR GOROOT [runs [fuzzer...]]}
runs=${3:-1000000}
here=$(cd "$(dirname "$0")" && pwd)
max_len=4096
# Nested code under AddressSanitizer needs more stack than a release build.
ulimit -s unlimited || ulimit -s "$(ulimit -H -s)"

cmake -S "$here/../.." -B "$build" -G Ninja -DBURROW_FUZZ=ON -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22 >"$build.log" 2>&1 || { cat "$build.log"; exit 1; }
chosen=("${@:4}")
[ ${#chosen[@]} -gt 0 ] || chosen=(fuzzers)
ninja -C "$build" "${chosen[@]}" >"$build.log" 2>&1 || { tail -50 "$build.log"; exit 1; }
seeds=$build/seeds
mkdir -p "$seeds"
find -L "$goroot/test" "$goroot/src/cmd/compile/internal/syntax/testdata" "$goroot/src/internal/types/testdata" \
  -type f -name '*.go' -size -${max_len}c |
  while read -r f; do grep -v '^// ' "$f" >"$seeds/$(echo "${f#"$goroot"/}" | tr / _)" || true; done

# A program that waits, with channels, locks, maps and types to look at; stripped, since libdw is not what is tested here.
makeSnapshot() {
  local burrow=${BURROW:-$here/../../burrow} pid
  export FUZZ_EXECUTABLE=$build/fuzz-program FUZZ_SNAPSHOT=$build/fuzz-snapshot
  "$burrow" build -ldflags="-s -w" -o "$FUZZ_EXECUTABLE" "$here/program.go"
  coproc "$FUZZ_EXECUTABLE" 2>&1
  pid=$COPROC_PID
  read -r _ <&"${COPROC[0]}"
  "$burrow" inspect snapshot "$pid" -o "$FUZZ_SNAPSHOT"
  kill "$pid"
  wait "$pid" || true
}
mkdir -p "$build/layout-seeds"
cat >"$build/layout-seeds/small" <<'EOF'
 {"runtime":"burrow","pointerSize":8,"roots":[["sched","Sched"],["allgs","*G"],["x","[3]*[2]u8"]],"constants":{"pageSize":8192},"structs":{"G":{"size":600,"fields":[["goid",152,"u64"],["sched",32,"Gobuf"],["f",8,"fn"]]},"Gobuf":{"size":16,"fields":[["sp",0,"*void"],["n",8,"[2][2]i16"]]},"Sched":{"size":24,"fields":[["c",0,"char"],["b",1,"bool"],["f",8,"f64"],["s",16,"GStatus"]]}},"enums":{"GStatus":{"size":4,"values":{"Gidle":0,"Grunnable":1}}}}
EOF

status=0
for target in "$here"/*_fuzz.cpp; do
  name=$(basename "$target" .cpp)
  if [ $# -gt 3 ] && [[ " ${*:4} " != *" $name "* ]]; then continue; fi
  mkdir -p "$build/corpus/$name" "$build/crashes"
  texts=(-dict="$here/go.dict" "corpus/$name" seeds) count=$runs
  case $name in
    snapshot_fuzz)
      # Every run reads a whole program.
      makeSnapshot && texts=("corpus/$name") count=$((runs / 100)) || { status=1; continue; }
      ;;
    layout_fuzz) texts=("corpus/$name" layout-seeds) ;;
  esac
  echo "== $name: $count runs"
  (cd "$build" && "$(find . -name "$name" -type f -perm -u+x | head -1)" -runs="$count" -max_len=$max_len \
    -rss_limit_mb=1024 -malloc_limit_mb=512 -timeout="${FUZZ_TIMEOUT:-5}" -artifact_prefix="crashes/$name-" \
    -print_final_stats=1 -verbosity=0 "${texts[@]}") 2>&1 | grep -v '# Uses:\|ecommended dictionary' | tail -30 || status=1
done
exit $status
