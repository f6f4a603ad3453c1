#!/usr/bin/env bash
# GOAMD64: what programs say of it, which files they are built from, what they need; copies of functions for wide vectors; and the programs of tests/programs at v3, where
# compiled code has wide vector registers. With --all also at v2 and v4.
set -uo pipefail
# shellcheck source=tests/lib/check.sh
source "$BURROW_ROOT/tests/lib/check.sh"
cd "$TEST_TMP" || exit 1

has() { grep -qE -- "$2" "$TEST_TMP/$1"; }
build() { timeout 600 "$BURROW" build "$@" >"$TEST_TMP/out" 2>"$TEST_TMP/err" </dev/null; }
fails() { ! "$@"; }

mkdir files
cat >files/main.go <<'END'
package main

import "math"

//go:noinline
func floor(x float64) float64 { return math.Floor(x) }

//go:noinline
func fma(x, y, z float64) float64 { return math.FMA(x, y, z) }

func main() {
	println(level, int(floor(-1.5)), fma(0.1, 10, -1) == 0x1p-54)
}
END
for level in 1 2 3 4; do
  printf '//go:build amd64.v%s && !amd64.v%s\n\npackage main\n\nconst level = %s\n' $level $((level + 1)) $level >files/v$level.go
done
printf 'module files\n' >files/go.mod
cd files || exit 1
for level in 1 2 3 4; do
  GOAMD64=v$level check "v$level builds" build -o ../v$level .
  "$BURROW" version -m ../v$level >"$TEST_TMP/out" 2>"$TEST_TMP/err"
  check "v$level: version -m" has out "^	build	GOAMD64=v$level$"
  ../v$level >"$TEST_TMP/out" 2>&1
  status=$?
  if [[ $status -eq 1 ]]; then
    check "v$level: not on this processor" has out "^This program can only be run on AMD64 processors with v$level microarchitecture support\.$"
  else
    check "v$level: its files, what it computes" has out "^$level -2 true$"
  fi
done
objdump -d --no-show-raw-insn ../v3 --disassemble=main.fma >"$TEST_TMP/out" 2>"$TEST_TMP/err"
check "v3: the instruction itself" has out 'vfmadd'
objdump -d --no-show-raw-insn ../v2 --disassemble=main.floor >"$TEST_TMP/out" 2>"$TEST_TMP/err"
check "v2: rounding is an instruction" has out 'roundsd'
GOAMD64=v7 check "v7 is refused" fails build -o ../v7 .
check "v7: what is said" has err '^burrow: invalid GOAMD64=v7: must be v1, v2, v3, v4$'
GOAMD64=v3 "$BURROW" env GOAMD64 >"$TEST_TMP/out" 2>"$TEST_TMP/err"
check "env" has out '^v3$'

# Below v3 functions with loops for wide vectors are there twice, and the processor decides.
cd "$BURROW_ROOT/tests/programs" || exit 1
check "v1: a program with copies" build -o "$TEST_TMP/wide" wide_loops.go
nm "$TEST_TMP/wide" >"$TEST_TMP/out"
check "v1: has them" has out ' main\.smallest\[int32\]·wide$'
for debug in '' cpu.avx2=off gcalways=7 gccheckmark=1,gcpoison=1 gcconservative=1; do
  GODEBUG=$debug timeout 300 "$TEST_TMP/wide" >"$TEST_TMP/out" 2>&1 </dev/null
  check "v1: copies, GODEBUG=$debug" cmp -s wide_loops.out "$TEST_TMP/out"
done
GOAMD64=v3 check "v3: the program" build -o "$TEST_TMP/wide3" wide_loops.go
nm "$TEST_TMP/wide3" >"$TEST_TMP/out"
check "v3: no copies" fails has out '·wide'
levels=3
[[ $TEST_ALL == 0 ]] || levels='2 3 4'
for level in $levels; do
  "$TEST_TMP/v$level" >/dev/null 2>&1 || { echo "NOTE: this processor cannot run v$level" && continue; }
  for program in *.go; do
    GOAMD64=v$level timeout 300 "$BURROW" run "$program" >"$TEST_TMP/out" 2>&1 </dev/null
    check "v$level: $program" cmp -s "${program%.go}.out" "$TEST_TMP/out"
  done
done
echo "counts: $passed $failed $skipped"
