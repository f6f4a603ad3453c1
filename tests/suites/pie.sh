#!/usr/bin/env bash
# Position-independent executables (-buildmode=pie): what the file is, where it lies in memory, and that what is checked of
# other executables holds for them: values, tracebacks, collection, profiles, the inspector's views, dialogues with gdb.
set -uo pipefail
# shellcheck source=tests/lib/wanted.sh
source "$BURROW_ROOT/tests/lib/wanted.sh"
# shellcheck source=tests/lib/check.sh
source "$BURROW_ROOT/tests/lib/check.sh"
here=$BURROW_ROOT/tests/pie
cd "$TEST_TMP" || exit 1

has() { grep -qE -- "$2" "$1"; }
lacks() { ! grep -qE -- "$2" "$1"; }
build() { timeout 600 "$BURROW" build "$@" >out 2>err </dev/null; }

# --- the file
check "place builds" build -buildmode=pie -o place "$here/place.go"
readelf -hlW place >out 2>err
check "its type" has out 'Type: +DYN \(Position-Independent Executable file\)'
check "no interpreter" lacks out 'INTERP'
check "relocated data that is protected" has out 'GNU_RELRO'
readelf -rdW place >out 2>err
check "nothing to relocate but what RELR says" lacks out 'R_X86_64|TEXTREL|NEEDED'
"$BURROW" version -m place >out 2>err
check "version -m" has out '^	build	-buildmode=pie$'
check "place builds at a fixed address" build -buildmode=exe -o fixed "$here/place.go"
readelf -hlW fixed >out 2>err
check "exe: its type" has out 'Type: +EXEC'
check "default is exe" build -buildmode=default -o default "$here/place.go"
check "to the byte" cmp fixed default >out 2>err
"$BURROW" version -m fixed >out 2>err
check "exe: version -m" has out '^	build	-buildmode=exe$'
check "exe: no relocation" lacks <(nm fixed) 'relocate|rt0_amd64_linux_pie'

# --- where it lies
./place >out 2>err
check "type descriptors are read-only" has out '^descriptor r--p'
check "so are itabs" has out '^itab r--p'
check "variables are not" has out '^variable rw-p'
check "code can be run" has out '^code r-xp'
grep '^base' out >first
./place | grep '^base' >second
if [[ $(cat /proc/sys/kernel/randomize_va_space) != 0 ]]; then
  check "another run lies elsewhere" lacks second "$(cat first)"
else
  skipped=$((skipped + 1))
fi
check "stripped it runs" build -buildmode=pie -ldflags='-s -w' -o stripped "$here/place.go"
./stripped >out 2>err
check "with read-only descriptors" has out '^descriptor r--p'

# --- programs
export GOFLAGS=-buildmode=pie
runWanted "$here/reflected.go" 60 GOGC=100
for name in graph let_go specials; do
  runWanted "$BURROW_ROOT/tests/gc/$name.go" 120 GODEBUG=gcpoison=1,gccheckmark=1
done
for example in tour channels; do
  check "example $example builds" build -o "$example" "$BURROW_ROOT/examples/$example"
  GODEBUG=gcpoison=1,gccheckmark=1,gcalways=50 timeout 120 "./$example" >out 2>&1
  check "example $example prints what it must" cmp out "$BURROW_ROOT/examples/$example/expected_output"
done

# Tracebacks are the same as at a fixed address, but for addresses.
masked() { "$@" 2>&1 | sed -E 's/0x[0-9a-f]+/0x/g; s/goroutine [0-9]+/goroutine N/'; }  # numbers depend on which P makes a goroutine
check "tracebacks builds" build -o tracebacks "$here/tracebacks.go"
check "tracebacks builds at a fixed address" build -buildmode=exe -o tracebacks.exe "$here/tracebacks.go"
masked ./tracebacks >out
masked ./tracebacks.exe >wanted
check "tracebacks" diff wanted out
check "tracebacks: they are there" has out '^main\.waits\('

# --- profiles
if [[ -n ${GO:-} ]]; then
  check "the program that writes profiles builds" build -o write "$BURROW_ROOT/tests/profiles/write.go"
  check "it runs" timeout 60 ./write .
  for profile in cpu heap; do
    "$GO" tool pprof -top write "$profile" >out 2>&1
    check "$profile: by name" has out 'main\.(spendTime|keepMegabytes)$'
    "$GO" tool pprof -raw write "$profile" >out 2>&1
    check "$profile: the executable is mapped first, where it lies" has out '^1: 0x[0-9a-f]{9,}/0x[0-9a-f]{9,}/0x[1-9a-f][0-9a-f]* write [0-9a-f]{32}'
  done
  # From the file: addresses must lead to the right place of it.
  "$GO" tool pprof -disasm=spendTime write cpu >out 2>&1
  check "cpu: instructions" has out ' [1-9][0-9.]*m?s .*[0-9a-f]+: [A-Z]'
else
  skipped=$((skipped + 1))
fi

# --- the inspector, and gdb: other suites with such programs
nested() {  # SUITE COMMAND...: adds what it counts
  local log=$TEST_TMP/nested-$1.log
  mkdir -p "$TEST_TMP/$1"
  TEST_TMP=$TEST_TMP/$1 timeout 1500 "${@:2}" >"$log" 2>&1 </dev/null
  sed -n "s/^FAIL:/FAIL: $1 of such a program:/p" "$log"
  read -r _ p f s < <(grep '^counts: ' "$log" || echo "counts: 0 1 0")
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}
for suite in debugger inspect; do nested $suite "$BURROW_ROOT/tests/suites/$suite.sh"; done
echo "counts: $passed $failed $skipped"
