#!/usr/bin/env bash
# The code generator by itself: programs in Burrow IR text (tests/unit/codegen/programs), compiled at each level, linked with
# the runtime and run. What they must print and how they must end stands in their first lines:
#   // want-stderr: TEXT    with \n and \t, and * for anything
#   // want-exit: STATUS    0 when there is none
set -uo pipefail
programs=$BURROW_ROOT/tests/unit/codegen/programs
sources=$BURROW_ROOT/tests/runtime
archive=$BURROW_BUILD/lib/libburrow_rt.a
irc=$BURROW_BUILD/tests/tools/burrow_irc
out=${TEST_TMP:-$(mktemp -d)}
passed=0 failed=0 skipped=0
clang=$(command -v clang++-22) ar=$(command -v llvm-ar-22)
if [[ -z $clang || -z $ar || ! -f $archive || ! -x $irc ]]; then
  echo "FAIL: the suite needs clang++-22, llvm-ar-22, $archive and $irc"
  echo "counts: 0 1 0"
  exit 1
fi
# The part of package runtime that is Go, played by C++.
flags=(-target x86_64-unknown-linux-gnu -g -O1 -fPIE -ffreestanding -fno-exceptions -fno-rtti -fno-stack-protector
  -fsplit-stack -fno-asynchronous-unwind-tables -fno-unwind-tables -fforce-dwarf-frame -ffunction-sections -fno-threadsafe-statics
  -I "$BURROW_ROOT/runtime" -I "$sources")
if ! "$clang" -std=c++20 "${flags[@]}" -c "$sources/go_side.cpp" -o "$out/go_side.o" ||
  ! "$clang" "${flags[@]}" -Wno-unused-command-line-argument -c "$sources/thunk.S" -o "$out/thunk.o" ||
  ! "$ar" rcs "$out/support.a" "$out/go_side.o" "$out/thunk.o"; then
  echo "FAIL: the support code does not compile"
  echo "counts: 0 1 0"
  exit 1
fi

runOne() {
  local source=$1 level=$2 name want wantExit got status pattern
  name=$(basename "$source" .bir)$level
  want=$(sed -n 's|^// want-stderr: ||p' "$source")
  wantExit=$(sed -n 's|^// want-exit: ||p' "$source")
  if ! "$irc" "$source" "$level" -exe "$out/$name" -with "$out/support.a" -with "$archive" >"$out/$name.log" 2>&1; then
    echo "FAIL: $name does not build: $(head -n 1 "$out/$name.log")"
    return 1
  fi
  timeout 60 "$out/$name" >"$out/$name.out" 2>&1
  status=$?
  printf -v want '%bx' "$want"
  got=$(cat "$out/$name.out" && echo x)
  pattern=$(printf '%s' "$want" | sed 's/[][\\?]/\\&/g')
  # shellcheck disable=SC2053
  if [[ $got != $pattern || $status -ne ${wantExit:-0} ]]; then
    echo "FAIL: $name ended with status $status and printed: $(head -c 600 "$out/$name.out")"
    return 1
  fi
}

for source in "$programs"/*.bir; do
  for level in -O0 -O1 -O2; do
    if runOne "$source" "$level"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  done
done
echo "counts: $passed $failed $skipped"
