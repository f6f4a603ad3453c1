#!/usr/bin/env bash
# The runtime by itself: programs in C++ that play a Go program's main package (tests/runtime/programs), linked with the
# runtime's archive and run. What they must print and how they must end stands in their first lines:
#   // want-stderr: TEXT    with \n and \t, and * for anything
#   // want-exit: STATUS
#   // env: NAME=VALUE ...
set -uo pipefail
sources=$BURROW_ROOT/tests/runtime
archive=$BURROW_BUILD/lib/libburrow_rt.a
out=${TEST_TMP:-$(mktemp -d)}
passed=0 failed=0 skipped=0
clang=$(command -v clang++-22) lld=$(command -v ld.lld-22)
if [[ -z $clang || -z $lld || ! -f $archive ]]; then
  echo "FAIL: the suite needs clang++-22, ld.lld-22 and $archive"
  echo "counts: 0 1 0"
  exit 1
fi
flags=(-target x86_64-unknown-linux-gnu -g -fPIE -ffreestanding -fno-exceptions -fno-rtti -fno-stack-protector
  -fsplit-stack -fno-asynchronous-unwind-tables -fno-unwind-tables -fforce-dwarf-frame -ffunction-sections -fno-threadsafe-statics -Wall
  -I "$BURROW_ROOT/runtime" -I "$sources")
compile() { "$clang" -std=c++20 -O1 "${flags[@]}" -fno-omit-frame-pointer -c "$1" -o "$2"; }
if ! compile "$sources/go_side.cpp" "$out/go_side.o" ||
  ! "$clang" "${flags[@]}" -c "$sources/thunk.S" -o "$out/thunk.o" 2>/dev/null; then
  echo "FAIL: the support code does not compile"
  echo "counts: 0 1 0"
  exit 1
fi

runOne() {
  local source=$1 name want wantExit env status got
  name=$(basename "$source" .cpp)
  want=$(sed -n 's|^// want-stderr: ||p' "$source")
  wantExit=$(sed -n 's|^// want-exit: ||p' "$source")
  env=$(sed -n 's|^// env: ||p' "$source")
  if ! compile "$source" "$out/$name.o" >"$out/$name.log" 2>&1 ||
    ! "$lld" -static -e _rt0_amd64_linux --gc-sections -o "$out/$name" "$out/$name.o" "$out/go_side.o" "$out/thunk.o" \
      "$archive" >>"$out/$name.log" 2>&1; then
    echo "FAIL: $name does not build: $(grep -m1 error "$out/$name.log")"
    return 1
  fi
  # shellcheck disable=SC2086
  env $env timeout 60 "$out/$name" >"$out/$name.out" 2>&1
  status=$?
  # printf %b turns the escapes into characters; a trailing newline is kept by the x.
  printf -v want '%bx' "$want"
  got=$(cat "$out/$name.out" && echo x)
  # Everything but * is literal.
  local pattern
  pattern=$(printf '%s' "$want" | sed 's/[][\\?]/\\&/g')
  # shellcheck disable=SC2053
  if [[ $got != $pattern ]]; then
    echo "FAIL: $name printed: $(head -c 600 "$out/$name.out")"
    return 1
  fi
  if [[ $status -ne $wantExit ]]; then
    echo "FAIL: $name ended with status $status, wanted $wantExit"
    return 1
  fi
}

# lld must not take the runtime for code with split stacks that calls code without (runtime/CMakeLists.txt).
if grep -aq '\.note\.GNU-split-stack' "$archive"; then
  echo "FAIL: objects of $archive carry the note of split stacks"
  failed=$((failed + 1))
else
  passed=$((passed + 1))
fi
for source in "$sources"/programs/*.cpp; do
  if runOne "$source"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done

# Every function that compiled code calls (runtime/abi/functions.def), and every body-less function of std/runtime, must be
# there: in the archive, or with a body in std/runtime.
nm=$(command -v llvm-nm-22 || command -v nm)
"$nm" --defined-only "$archive" 2>/dev/null | awk '{print $3}' | sort -u >"$out/symbols"
sed -n 's/^func \([A-Za-z0-9_]*\)(.*{.*/runtime.\1/p' "$BURROW_ROOT"/std/runtime/*.go | sort -u >"$out/bodies"
{
  sed -n 's/^RUNTIME_FN([A-Za-z0-9]*, "\([^"]*\)".*/\1/p' "$BURROW_ROOT/runtime/abi/functions.def"
  awk '/^\/\/go:linkname [A-Za-z0-9_]+ / { named[$2] = $3 }
       /^func [A-Za-z0-9_]+\(/ && !/{/ { sub(/\(.*/, "", $2); print $2 in named ? named[$2] : "runtime." $2 }' "$BURROW_ROOT"/std/runtime/*.go
} | sort -u >"$out/wanted"
missing=$(comm -23 "$out/wanted" <(sort -u "$out/symbols" "$out/bodies"))
if [[ -n $missing ]]; then
  for symbol in $missing; do echo "FAIL: $symbol is declared and nowhere defined"; failed=$((failed + 1)); done
fi
passed=$((passed + $(wc -l <"$out/wanted") - $(wc -w <<<"$missing")))

# Nobody runs constructors before a program: what is global must be initialised at compile time.
constructors=$("$nm" "$archive" 2>/dev/null | grep -c '_GLOBAL__sub_I_')
if [[ $constructors -eq 0 ]]; then
  passed=$((passed + 1))
else
  echo "FAIL: $constructors members of the archive have static constructors"
  failed=$((failed + 1))
fi
echo "counts: $passed $failed $skipped"
