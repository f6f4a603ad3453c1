#!/usr/bin/env bash
# Link-time optimisation (-lto): what is inlined across packages, what must not be, tracebacks through it, builds after edits; and
# tests/programs and the examples print what they always print.
set -uo pipefail
# shellcheck source=tests/lib/check.sh
source "$BURROW_ROOT/tests/lib/check.sh"

has() { grep -qE -- "$2" "$1"; }
lacks() { ! grep -qE -- "$2" "$1"; }
build() { timeout 600 "$BURROW" build "$@" >"$TEST_TMP/out" 2>"$TEST_TMP/err" </dev/null; }
# symbols EXECUTABLE: the names of its functions, into the file symbols.
symbols() { nm "$1" 2>/dev/null | sed -n 's/^[0-9a-f]* [Tt] //p' >"$TEST_TMP/symbols"; }

# --- across packages
cp -r "$BURROW_ROOT/tests/lto" "$TEST_TMP/module"
cd "$TEST_TMP/module" || exit 1
check "the module builds" build -o plain .
check "the module builds with -lto" build -lto -o lto .
timeout 20 ./plain >"$TEST_TMP/plain.out" 2>&1
timeout 20 ./lto >"$TEST_TMP/lto.out" 2>&1
check "it prints the same" cmp "$TEST_TMP/plain.out" "$TEST_TMP/lto.out"
check "what it should" cmp expected "$TEST_TMP/lto.out"
build -gcflags=-m=2 ./dep
check "gc's budget refuses dep.Mix" has "$TEST_TMP/err" 'cannot inline Mix: function too complex: cost [0-9]+ exceeds budget 80'
symbols plain
check "without -lto it is called" has "$TEST_TMP/symbols" '^example\.test/dep\.Mix$'
symbols lto
check "with -lto it is inlined" lacks "$TEST_TMP/symbols" '^example\.test/dep\.Mix$'
check "so is what calls a function that only its package knows" lacks "$TEST_TMP/symbols" '^example\.test/dep\.Twice$'
check "go:noinline stays" has "$TEST_TMP/symbols" '^example\.test/dep\.Kept$'

# --- tracebacks
for mode in trace callers recover goexit; do
  for variant in plain lto; do
    timeout 20 "./$variant" $mode >"$TEST_TMP/$variant.out" 2>&1
    # Which frames there are, where; not their addresses and arguments.
    sed -i -E 's/ \+0x[0-9a-f]+$//; s/\([^()]*\)$/(...)/; s/0x[0-9a-f]+/HEX/g' "$TEST_TMP/$variant.out"
  done
  check "$mode: the same frames and lines" diff "$TEST_TMP/plain.out" "$TEST_TMP/lto.out" >"$TEST_TMP/out"
done
timeout 20 ./lto trace >"$TEST_TMP/out" 2>&1
check "the traceback names the inlined function" has "$TEST_TMP/out" '^example\.test/dep\.At\(\.\.\.\)$'
check "and its line" has "$TEST_TMP/out" 'dep/dep\.go:[0-9]+'

# --- edits
sed -i 's/x \* 31/x * 37/' dep/dep.go
check "builds after an edit of the dependency" build -lto -o lto .
check "builds after an edit without -lto" build -o plain .
timeout 20 ./plain >"$TEST_TMP/plain.out" 2>&1
timeout 20 ./lto >"$TEST_TMP/lto.out" 2>&1
check "the new body is inlined" cmp "$TEST_TMP/plain.out" "$TEST_TMP/lto.out"
check "which differs from the old one" test "$(cmp -s expected "$TEST_TMP/lto.out" || echo differs)" = differs
sed -i 's/x \* 37/x * 31/' dep/dep.go
check "builds after going back" build -lto -o lto .
timeout 20 ./lto >"$TEST_TMP/lto.out" 2>&1
check "the old body is back" cmp expected "$TEST_TMP/lto.out"
cp lto first
# Where everything is made anew the executable is the same.
check "builds with an empty cache" env BURROW_CACHE="$TEST_TMP/cache" "$BURROW" build -lto -o again .
check "to the same executable" cmp first again

# --- flags
"$BURROW" version -m lto >"$TEST_TMP/out"
check "version -m" has "$TEST_TMP/out" '^	build	-lto=true$'
check "GOFLAGS" env GOFLAGS=-lto "$BURROW" build -o other .
check "GOFLAGS: the same executable" cmp lto other
check "-lto=false wins over GOFLAGS" env GOFLAGS=-lto "$BURROW" build -lto=false -o other .
check "builds without" build -o plain .
check "-lto=false: the executable of without" cmp plain other
"$BURROW" version -m other >"$TEST_TMP/out"
check "-lto=false: version -m" lacks "$TEST_TMP/out" 'lto'
build -lto=perhaps -o other .
check "a value that is none" test $? -eq 2
check "says so" has "$TEST_TMP/err" '^invalid boolean value "perhaps" for -lto: parse error$'
check "with -N" build -lto -gcflags=all=-N -o other .
symbols other
check "-N wins" has "$TEST_TMP/symbols" '^example\.test/dep\.Mix$'
check "with -N for the dependency only" build -lto -gcflags=example.test/dep=-N -o other .
symbols other
check "nothing is inlined that is compiled with -N" has "$TEST_TMP/symbols" '^example\.test/dep\.Mix$'
check "with -l" build -lto -gcflags=all=-l -o other .
symbols other
check "-l wins" has "$TEST_TMP/symbols" '^example\.test/dep\.Mix$'
timeout 20 ./other >"$TEST_TMP/lto.out" 2>&1
check "-l: it prints the same" cmp expected "$TEST_TMP/lto.out"
check "position-independent" build -lto -buildmode=pie -o other .
timeout 20 ./other >"$TEST_TMP/lto.out" 2>&1
check "position-independent: it prints the same" cmp expected "$TEST_TMP/lto.out"
"$BURROW" test -lto ./dep >"$TEST_TMP/out" 2>"$TEST_TMP/err"
check "burrow test" test $? -eq 0
check "burrow test: of the package that is named" has "$TEST_TMP/out" '^ok  	example\.test/dep'
check "burrow test -c" "$BURROW" test -lto -c -o dep.test ./dep
"$BURROW" version -m dep.test >"$TEST_TMP/out"
check "burrow test: version -m" has "$TEST_TMP/out" '^	build	-lto=true$'
GOBIN=$TEST_TMP/bin "$BURROW" install -lto . >"$TEST_TMP/out" 2>"$TEST_TMP/err"
check "burrow install" cmp lto "$TEST_TMP/bin/example.test"
"$BURROW" run -lto . >"$TEST_TMP/lto.out" 2>&1
check "burrow run" cmp expected "$TEST_TMP/lto.out"

# --- a part with very much data is left as it is: as bitcode it would take gigabytes
mkdir -p "$TEST_TMP/much"
printf 'package main\n\nvar data = [100 << 20]byte{42}\n\nfunc main() { println(len(data), data[0]) }\n' >"$TEST_TMP/much/main.go"
check "much data" bash -c 'ulimit -d 4194304 && exec "$@"' _ timeout 600 "$BURROW" build -lto -o "$TEST_TMP/much/out" "$TEST_TMP/much/main.go"
"$TEST_TMP/much/out" >"$TEST_TMP/out" 2>&1
check "much data: it runs" has "$TEST_TMP/out" '^104857600 42$'
rm -rf "$TEST_TMP/much"

# --- programs: everything that was compiled wrongly once, and the examples
for source in "$BURROW_ROOT"/tests/programs/*.go "$BURROW_ROOT"/tests/programs/*.py "$BURROW_ROOT"/tests/programs/*/ "$BURROW_ROOT"/examples/*/; do
  expected=${source}expected_output what=.
  if [[ $source == *.py ]]; then
    what=$TEST_TMP/$(basename "$source" .py).go expected=${source%.py}.out
    python3 "$source" >"$what"
    cd "$TEST_TMP" || exit 1
  elif [[ $source == *.go ]]; then
    what=$(basename "$source") expected=${source%.go}.out
    cd "$BURROW_ROOT/tests/programs" || exit 1
  else
    cd "$source" || exit 1
  fi
  timeout 900 "$BURROW" run -lto "$what" >"$TEST_TMP/output" 2>&1 </dev/null || {
    status=$?
    # As the goldens of both folders have it.
    [[ $source != */examples/* ]] || echo "(exit status $status)" >>"$TEST_TMP/output"
  }
  diff "$expected" "$TEST_TMP/output" >"$TEST_TMP/out"
  check "${source#"$BURROW_ROOT/"} with -lto" test $? -eq 0
done
echo "counts: $passed $failed $skipped"
